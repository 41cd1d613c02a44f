#include "tui/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "tui/text.h"

static const char HOME[] = "dchat";

struct window *
window_new(unsigned flags)
{
	struct window *window = mem_zero(1, sizeof *window);

	window->name = mem_text(HOME);
	window->topic = mem_text("");
	window->scrollback = scrollback_new(flags);
	window->recall = recall_new();
	return window;
}

void
window_remove_all(struct window *window)
{
	size_t i;

	for (i = 0; i < window->member_count; i++)
		free(window->members[i].nick);
	window->member_count = 0;
}

void
window_destroy(struct window *window)
{
	window_remove_all(window);
	free(window->members);
	scrollback_destroy(window->scrollback);
	recall_destroy(window->recall);
	waiting_free(&window->waiting);
	comings_free(&window->comings[false]);
	comings_free(&window->comings[true]);
	comings_free(&window->untold);
	typists_free(&window->typists);
	free(window->room);
	free(window->name);
	free(window->topic);
	free(window);
}

void
window_set_room(struct window *window, const char *room, unsigned flags)
{
	free(window->room);
	free(window->name);
	window->room = mem_text(room);
	window->name = room ? text_clean_copy(room, flags) : mem_text(HOME);
	window->direct =
	    room && room[0] == '@' && id_parse(room + 1, &window->peer);
}

bool
window_set_peer(struct window *window, const char *nick)
{
	char *name;

	if (asprintf(&name, "@%s", nick) < 0)
		return false;
	if (strcmp(name, window->name) == 0) {
		free(name);
		return false;
	}
	free(window->name);
	window->name = name;
	return true;
}

/* -- members ----------------------------------------------------------- */

struct window_member *
window_member(const struct window *window, const struct id *id)
{
	size_t i;

	for (i = 0; i < window->member_count; i++)
		if (id_equal(&window->members[i].id, id))
			return &window->members[i];
	return NULL;
}

int
window_compare_members(const struct window_member *a,
    const struct window_member *b)
{
	int order = strcasecmp(a->nick, b->nick);

	return order != 0 ? order : id_compare(&a->id, &b->id);
}

static void
insert_member(struct window *window, struct window_member member)
{
	size_t low = 0, high = window->member_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (window_compare_members(&window->members[middle],
			&member) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	MEM_INSERT(window->members, window->member_count, window->member_cap,
	    low);
	window->members[low] = member;
}

bool
window_add(struct window *window, const struct id *id, const char *nick,
    bool self, unsigned flags)
{
	if (window_member(window, id) || window->member_count >= LIMIT_MEMBERS)
		return false;
	insert_member(window,
	    (struct window_member){
		.id = *id,
		.nick = group_name(nick, id, flags),
		.self = self,
	    });
	return true;
}

void
window_remove(struct window *window, struct window_member *member)
{
	free(member->nick);
	MEM_REMOVE(window->members, window->member_count,
	    (size_t)(member - window->members));
}

void
window_rename(struct window *window, struct window_member *member,
    const char *nick)
{
	struct window_member renamed = *member;

	if (strcmp(member->nick, nick) == 0)
		return;
	renamed.nick = mem_text(nick);
	window_remove(window, member);
	insert_member(window, renamed);
}
