#include "tui/windows_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "tui/tell.h"
#include "tui/text.h"

enum { SPOKE_MS = 15 * 60 * 1000 };	/* as the setting is at first */

/* -- windows ----------------------------------------------------------- */

static void
add_window(struct windows *windows, struct window *window)
{
	scrollback_filter(window->scrollback, windows->filter);
	MEM_GROW(windows->items, windows->count, windows->cap);
	windows->items[windows->count++] = window;
}

void
windows_init(struct windows *windows, unsigned flags)
{
	*windows = (struct windows){ .flags = flags,
		.filter = FILTER_QUIET,
		.spoke_ms = SPOKE_MS };
	group_init(&windows->group, flags);
	health_init(&windows->health);
	add_window(windows, window_new(windows->flags));
}

static void
forget_order(struct windows *windows)
{
	size_t i;

	for (i = 0; i < windows->order_count; i++)
		free(windows->order[i]);
	free(windows->order);
	windows->order = NULL;
	windows->order_count = 0;
}

void
windows_free(struct windows *windows)
{
	size_t i;

	for (i = 0; i < windows->count; i++)
		window_destroy(windows->items[i]);
	free(windows->items);
	attention_free(&windows->attention);
	forget_order(windows);
	group_free(&windows->group);
	health_free(&windows->health);
	doctor_lines_free(&windows->doctor);
}

struct window *
windows_current(const struct windows *windows)
{
	return windows->items[windows->current];
}

struct window *
windows_find(const struct windows *windows, const char *room)
{
	size_t i;

	for (i = 0; i < windows->count; i++) {
		struct window *window = windows->items[i];

		if (window->room && strcmp(window->room, room) == 0)
			return window;
	}
	return NULL;
}

size_t
windows_number(const struct windows *windows, const struct window *window)
{
	size_t i = 0;

	while (windows->items[i] != window) {
		i++;
		assert(i < windows->count);
	}
	return i + 1;
}

/* -- which window ------------------------------------------------------ */

static void
look_at(struct windows *windows, size_t index)
{
	struct window *window;

	windows->current = index;
	window = windows_current(windows);
	if (!windows->away)
		scrollback_unmark(window->scrollback);
	window->activity = ACTIVITY_NONE;
	window->unread = 0;
	window->mentions = 0;
	windows->changed = true;
}

/* The newest lines are in view, fetched anew if they went. */
static void
bring_live(struct window *window)
{
	if (!scrollback_is_cut(window->scrollback)) {
		scrollback_live(window->scrollback);
		return;
	}
	scrollback_reload(window->scrollback);
	window->unfetched = true;
}

void
windows_live(struct windows *windows)
{
	bring_live(windows_current(windows));
	windows->changed = true;
}

bool
windows_select(struct windows *windows, size_t number)
{
	struct window *from = windows_current(windows);

	if (number < 1 || number > windows->count ||
	    number - 1 == windows->current)
		return false;
	scrollback_mark(from->scrollback);
	scrollback_drop_answers(from->scrollback);
	if (scrollback_is_cut(from->scrollback))
		bring_live(from);
	windows->last = from;
	look_at(windows, number - 1);
	return true;
}

bool
windows_next(struct windows *windows)
{
	return windows_select(windows,
	    (windows->current + 1) % windows->count + 1);
}

bool
windows_previous(struct windows *windows)
{
	return windows_select(windows,
	    (windows->current + windows->count - 1) % windows->count + 1);
}

bool
windows_back(struct windows *windows)
{
	return windows->last &&
	    windows_select(windows, windows_number(windows, windows->last));
}

struct window *
windows_most_active(const struct windows *windows)
{
	struct window *best = NULL;
	size_t i;

	for (i = 1; i < windows->count; i++) {
		size_t at = (windows->current + i) % windows->count;
		struct window *window = windows->items[at];

		if (window->activity > ACTIVITY_NONE &&
		    (!best || window->activity > best->activity))
			best = window;
	}
	return best;
}

bool
windows_next_active(struct windows *windows)
{
	const struct window *window = windows_most_active(windows);

	return window &&
	    windows_select(windows, windows_number(windows, window));
}

/* -- lines ------------------------------------------------------------- */

void
windows_filter(struct windows *windows, enum scrollback_filter filter)
{
	size_t i;

	windows->filter = filter;
	for (i = 0; i < windows->count; i++)
		scrollback_filter(windows->items[i]->scrollback, filter);
	windows->changed = true;
}

void
windows_attend(struct windows *windows, bool attend)
{
	struct scrollback *scrollback = windows_current(windows)->scrollback;

	windows->away = !attend;
	if (attend)
		scrollback_unmark(scrollback);
	else
		scrollback_watch(scrollback);
}

/* -- whom and what one hears ------------------------------------------- */

bool
windows_ignore(struct windows *windows, const struct id *id, bool ignore)
{
	struct attention *attention = &windows->attention;
	const struct group_peer *peer = group_peer(&windows->group, id);
	size_t i;

	if (ignore ? !attention_ignore(attention, id, peer ? peer->nick : "")
		   : !attention_hear(attention, id))
		return false;
	for (i = 0; i < windows->count; i++)
		scrollback_ignore(windows->items[i]->scrollback, id, ignore);
	windows->changed = true;
	return true;
}

/* What is unread there asks for as much as if it came now. */
static void
set_muted(struct window *window, bool muted)
{
	window->muted = muted;
	if (window->activity == ACTIVITY_NONE || window->unread == 0)
		return;
	window->activity = muted ? ACTIVITY_JOIN
	    : window->direct || window->mentions > 0 ? ACTIVITY_MENTION
						     : ACTIVITY_MESSAGE;
}

bool
windows_mute(struct windows *windows, const char *room, bool mute)
{
	struct window *window = windows_find(windows, room);

	if (!attention_mute(&windows->attention, room, mute))
		return false;
	if (window)
		set_muted(window, mute);
	windows->changed = true;
	return true;
}

bool
windows_loud(struct windows *windows, const char *room, bool loud)
{
	return attention_loud(&windows->attention, room, loud);
}

bool
windows_highlight(struct windows *windows, const char *word, bool highlight)
{
	return attention_highlight(&windows->attention, word, highlight);
}

void
windows_heed(struct windows *windows)
{
	const struct attention *attention = &windows->attention;
	size_t i, j;

	for (i = 0; i < windows->count; i++) {
		struct window *window = windows->items[i];

		set_muted(window,
		    window->room && attention_mutes(attention, window->room));
		for (j = 0; j < attention->ignored_count; j++)
			scrollback_ignore(window->scrollback,
			    &attention->ignored[j].id, true);
	}
	windows->changed = true;
}

/* A message that is shown, and safe. */
static bool
is_told(const struct scrollback *scrollback, const struct line *line)
{
	return line->msg[0] != '\0' && scrollback_shows(scrollback, line);
}

void
windows_tell_comings(struct windows *windows)
{
	size_t i;

	for (i = 0; i < windows->count; i++)
		tell_comings(windows, windows->items[i]);
}

void
windows_tell_last(struct windows *windows, const struct window *window,
    size_t messages)
{
	const struct windows_teller *teller = &windows->teller;
	const struct scrollback *scrollback = window->scrollback;
	size_t count = scrollback_count(scrollback), i = count;

	while (i > 0 && messages > 0)
		messages -= is_told(scrollback, scrollback_line(scrollback, --i));
	for (; i < count; i++) {
		const struct line *line = scrollback_line(scrollback, i);

		if (is_told(scrollback, line))
			teller->line(teller->self, window, line, true);
	}
}

void
windows_notice(struct windows *windows, enum line_kind kind, const char *text,
    wall_ms now)
{
	windows_answer(windows, windows_current(windows), kind, text, now);
}

/* Who reads back and asks wants to see the answer. */
void
windows_answer(struct windows *windows, struct window *window,
    enum line_kind kind, const char *text, wall_ms now)
{
	tell_answer(windows, window, kind, text, now);
	if (window == windows_current(windows))
		windows_live(windows);
}

/* -- members ----------------------------------------------------------- */

size_t
windows_present(const struct windows *windows, const struct window *window)
{
	size_t present = 0, i;

	for (i = 0; i < window->member_count; i++) {
		enum member_state state =
		    group_state_of(&windows->group, &window->members[i].id);

		present += state == MEMBER_ALIVE || state == MEMBER_SUSPECT;
	}
	return present;
}

size_t
windows_rooms(const struct windows *windows, const char **rooms, size_t cap)
{
	size_t count = 0, i;

	for (i = 0; i < windows->count && count < cap; i++)
		if (windows->items[i]->room)
			rooms[count++] = windows->items[i]->name;
	return count;
}

/* -- rooms open and close ---------------------------------------------- */

/* Its place among those of an earlier run. */
static size_t
rank_of(const struct windows *windows, const struct window *window)
{
	size_t i = 0;

	if (!window->room)
		return windows->order_count;
	while (i < windows->order_count &&
	    strcmp(windows->order[i], window->room) != 0)
		i++;
	return i;
}

bool
windows_is_new(const struct windows *windows, const struct window *window)
{
	return !window->direct &&
	    rank_of(windows, window) == windows->order_count;
}

/* An insertion sort: stable, and they mostly are in order. */
static void
arrange(struct windows *windows)
{
	struct window *current = windows_current(windows);
	size_t i, j;

	for (i = 1; i < windows->count; i++) {
		struct window *window = windows->items[i];
		size_t rank = rank_of(windows, window);

		for (j = i; j > 0 &&
		     rank_of(windows, windows->items[j - 1]) > rank;
		     j--)
			windows->items[j] = windows->items[j - 1];
		windows->items[j] = window;
	}
	windows->current = windows_number(windows, current) - 1;
	windows->changed = true;
}

void
windows_order(struct windows *windows, const char *const *rooms, size_t count)
{
	size_t i;

	forget_order(windows);
	windows->order = mem_zero(count + 1, sizeof *windows->order);
	for (i = 0; i < count; i++)
		windows->order[windows->order_count++] = mem_text(rooms[i]);
	arrange(windows);
}

void
windows_want(struct windows *windows, const char *room)
{
	struct window *window = windows_find(windows, room);

	if (window)
		windows_select(windows, windows_number(windows, window));
	else
		snprintf(windows->wanted, sizeof windows->wanted, "%s", room);
}

void
windows_talk(struct windows *windows, const char *room, const char *nick)
{
	windows_open_direct(windows, room, nick);
}

void
windows_show_if_wanted(struct windows *windows, struct window *window)
{
	if (strcmp(windows->wanted, window->room) != 0)
		return;
	windows->wanted[0] = '\0';
	windows_select(windows, windows_number(windows, window));
}

static struct window *
new_window(struct windows *windows)
{
	struct window *window = window_new(windows->flags);

	scrollback_mark(window->scrollback);
	add_window(windows, window);
	return window;
}

static void
set_room(struct windows *windows, struct window *window, const char *room)
{
	window_set_room(window, room, windows->flags);
	window->muted = room && attention_mutes(&windows->attention, room);
}

struct window *
windows_open_room(struct windows *windows, const char *room)
{
	struct window *window = windows_find(windows, room);

	if (window)
		return window;
	window = windows_current(windows);
	if (window->room)
		window = new_window(windows);
	set_room(windows, window, room);
	window->unfetched = true;
	arrange(windows);
	windows->changed = true;
	return window;
}

/* room is "@" and an id; nick NULL: as the group knows them. */
struct window *
windows_open_direct(struct windows *windows, const char *room, const char *nick)
{
	const struct group *group = &windows->group;
	struct window *window = windows_find(windows, room);
	const struct group_peer *peer;
	char *name;

	if (!window) {
		window = new_window(windows);
		set_room(windows, window, room);
		window->unfetched = window->counted = true;
		arrange(windows);
		window_add(window, &group->self, group->nick, true,
		    windows->flags);
	}
	peer = group_peer(group, &window->peer);
	name = group_name(nick     ? nick
		    : peer != NULL ? peer->nick
				   : "",
	    &window->peer, windows->flags);
	if (!window_add(window, &window->peer, name, false, windows->flags))
		window_rename(window, window_member(window, &window->peer),
		    name);
	window_set_peer(window, name);
	free(name);
	windows->changed = true;
	return window;
}

struct window *
windows_direct(struct windows *windows, const struct id *id)
{
	char room[1 + ID_TEXT] = "@";
	struct window *window;

	id_format(id, room + 1);
	window = windows_find(windows, room);
	return window ? window : windows_open_direct(windows, room, NULL);
}

void
windows_close_room(struct windows *windows, struct window *window)
{
	size_t index = windows_number(windows, window) - 1;
	struct window *current = windows_current(windows);

	windows->changed = true;
	if (windows->count == 1) {
		window_remove_all(window);
		set_room(windows, window, NULL);
		window->topic[0] = '\0';
		window->unfetched = window->read_more = false;
		window->fetch_token = 0;
		return;
	}
	MEM_REMOVE(windows->items, windows->count, index);
	if (windows->last == window)
		windows->last = NULL;
	window_destroy(window);
	if (current != window) {
		windows->current = windows_number(windows, current) - 1;
		return;
	}
	if (windows->last)
		index = windows_number(windows, windows->last) - 1;
	else if (index > 0)
		index--;
	windows->last = NULL;
	look_at(windows, index);
}

void
windows_close(struct windows *windows, struct window *window)
{
	assert(window->direct);
	windows_close_room(windows, window);
}
