#include "tui/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "tui/text.h"

static int
compare_spoken(const void *a, const void *b)
{
	const struct window_member *x = *(const struct window_member *const *)a;
	const struct window_member *y = *(const struct window_member *const *)b;

	if (x->spoke != y->spoke)
		return x->spoke > y->spoke ? -1 : 1;
	return window_compare_members(x, y);
}

static bool
is_gone(const struct group *group, const struct id *id)
{
	return group_state_of(group, id) >= MEMBER_DEAD;
}

/* Those who are here, or those who are gone. */
static size_t
add_nicks(const struct windows *windows,
    const struct window_member *const *order, bool gone, const char **nicks,
    size_t count, size_t cap)
{
	const struct window *window = windows_current(windows);
	const struct group *group = &windows->group;

	for (; *order != NULL && count < cap; order++)
		if (is_gone(group, &(*order)->id) == gone)
			nicks[count++] = (*order)->nick;
	for (size_t i = 0; i < group->peer_count && count < cap; i++) {
		const struct group_peer *peer = &group->peers[i];

		if (is_gone(group, &peer->id) == gone &&
		    !window_member(window, &peer->id))
			nicks[count++] = peer->nick;
	}
	return count;
}

size_t
people_nicks(const struct windows *windows, const char **nicks, size_t cap,
    size_t *here)
{
	const struct window *window = windows_current(windows);
	const struct window_member **order =
	    mem_zero(window->member_count + 1, sizeof(void *));
	size_t count = 0, i;

	for (i = 0; i < window->member_count; i++)
		if (!window->members[i].self)
			order[count++] = &window->members[i];
	qsort(order, count, sizeof(void *), compare_spoken);
	*here = add_nicks(windows, order, false, nicks, 0, cap);
	count = add_nicks(windows, order, true, nicks, *here, cap);
	free(order);
	return count;
}

struct search {
	const char *nick;
	struct id found;
	size_t exact, near;	/* so many have this nick; but for its case */
};

static void
search_try(struct search *search, const struct id *id, const char *nick)
{
	if (strcasecmp(nick, search->nick) != 0 ||
	    (search->exact + search->near > 0 && id_equal(id, &search->found)))
		return;
	if (strcmp(nick, search->nick) == 0) {
		search->exact++;
		search->found = *id;
		return;
	}
	if (search->exact == 0)
		search->found = *id;
	search->near++;
}

static void
search_all(const struct windows *windows, struct search *search)
{
	const struct group *group = &windows->group;
	size_t i, j;

	for (i = 0; i < group->peer_count; i++)
		search_try(search, &group->peers[i].id, group->peers[i].nick);
	for (i = 0; i < windows->count; i++)
		for (j = 0; j < windows->items[i]->member_count; j++) {
			const struct window_member *member =
			    &windows->items[i]->members[j];

			if (!member->self && !group_peer(group, &member->id))
				search_try(search, &member->id, member->nick);
		}
}

bool
people_find(const struct windows *windows, const char *name, struct id *id,
    char problem[static 256])
{
	const struct group *group = &windows->group;
	char *nick = text_clean_copy(name, windows->flags);
	struct search search = { .nick = nick };
	bool parsed = id_parse(name, id);
	size_t count;

	if (parsed ? id_equal(id, &group->self)
		   : strcasecmp(nick, group->nick) == 0) {
		snprintf(problem, 256, "That is you.");
		free(nick);
		return false;
	}
	if (!parsed)
		search_all(windows, &search);
	count = search.exact > 0 ? search.exact : search.near;
	if (count == 0)
		snprintf(problem, 256,
		    "Nobody here has the nick %.64s; /who lists everybody.",
		    nick);
	else if (count > 1)
		snprintf(problem, 256,
		    "Several people have the nick %.64s; name one by the id.",
		    nick);
	else
		*id = search.found;
	free(nick);
	return parsed || count == 1;
}
