#include "tui/windows.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "tui/answer.h"
#include "tui/text.h"

static const char HOME[] = "dchat";

enum { COMINGS_MOST = 512 }; /* bytes of one line about comings */

/* -- windows ----------------------------------------------------------- */

static struct window *
window_new(const struct windows *windows)
{
	struct window *window = mem_zero(1, sizeof *window);

	window->name = mem_text(HOME);
	window->topic = mem_text("");
	window->scrollback = scrollback_new(windows->flags);
	window->recall = recall_new();
	return window;
}

static void
members_clear(struct window *window)
{
	size_t i;

	for (i = 0; i < window->member_count; i++)
		free(window->members[i].nick);
	window->member_count = 0;
}

static void
window_destroy(struct window *window)
{
	members_clear(window);
	free(window->members);
	scrollback_destroy(window->scrollback);
	recall_destroy(window->recall);
	free(window->comings_text);
	free(window->room);
	free(window->name);
	free(window->topic);
	free(window);
}

/* NULL: home */
static void
window_set_room(struct window *window, const char *room, unsigned flags)
{
	free(window->room);
	free(window->name);
	window->room = mem_text(room);
	window->name = room ? text_clean_copy(room, flags) : mem_text(HOME);
}

static void
add_window(struct windows *windows, struct window *window)
{
	MEM_GROW(windows->items, windows->count, windows->cap);
	windows->items[windows->count++] = window;
}

void
windows_init(struct windows *windows, unsigned flags)
{
	*windows = (struct windows){ .flags = flags };
	group_init(&windows->group, flags);
	add_window(windows, window_new(windows));
}

void
windows_free(struct windows *windows)
{
	size_t i;

	for (i = 0; i < windows->count; i++)
		window_destroy(windows->items[i]);
	free(windows->items);
	group_free(&windows->group);
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
	scrollback_unmark(window->scrollback);
	window->activity = ACTIVITY_NONE;
	window->unread = 0;
	window->mentions = 0;
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

bool
windows_next_active(struct windows *windows)
{
	enum activity best = ACTIVITY_NONE;
	size_t index = 0, i;

	for (i = 1; i < windows->count; i++) {
		size_t at = (windows->current + i) % windows->count;

		if (windows->items[at]->activity > best) {
			best = windows->items[at]->activity;
			index = at;
		}
	}
	return best > ACTIVITY_NONE && windows_select(windows, index + 1);
}

/* -- lines ------------------------------------------------------------- */

static void
note_activity(struct windows *windows, struct window *window,
    enum activity activity)
{
	windows->changed = true;
	if (window != windows_current(windows) && activity > window->activity)
		window->activity = activity;
}

static void
put_line(struct windows *windows, struct window *window, enum line_kind kind,
    const char *text, wall_ms now)
{
	scrollback_event(window->scrollback, kind, text, now);
	note_activity(windows, window, ACTIVITY_JOIN);
}

static void put_format(struct windows *windows, struct window *window,
    enum line_kind kind, wall_ms now, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static void
put_format(struct windows *windows, struct window *window, enum line_kind kind,
    wall_ms now, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	put_line(windows, window, kind, text, now);
}

void
windows_notice(struct windows *windows, enum line_kind kind, const char *text,
    wall_ms now)
{
	put_line(windows, windows_current(windows), kind, text, now);
}

static const char *
comings_verb(enum dchat_event_type type)
{
	return type == DCHAT_EVENT_JOINED ? "joined" : "left";
}

/* "ana joined", and then "ana, bob joined" in the same line. */
static void
put_coming(struct windows *windows, struct window *window,
    enum dchat_event_type type, const char *nick, wall_ms now)
{
	const char *verb = comings_verb(type);
	char text[COMINGS_MOST + LIMIT_NICK * 3 + 16];
	size_t names = 0;

	if (window->comings_text && window->comings_type == type) {
		names = strlen(window->comings_text) - strlen(verb) - 1;
		snprintf(text, sizeof text, "%.*s, %s %s", (int)names,
		    window->comings_text, nick, verb);
	}
	if (names == 0 || names > COMINGS_MOST ||
	    !scrollback_amend(window->scrollback, window->comings,
		window->comings_text, text)) {
		snprintf(text, sizeof text, "%s %s", nick, verb);
		window->comings =
		    scrollback_event(window->scrollback, LINE_JOIN, text, now);
	}
	free(window->comings_text);
	window->comings_text = mem_text(window->comings->text);
	window->comings_type = type;
	note_activity(windows, window, ACTIVITY_JOIN);
}

/* -- members ----------------------------------------------------------- */

static struct window_member *
find_member(const struct window *window, const struct id *id)
{
	size_t i;

	for (i = 0; i < window->member_count; i++)
		if (id_equal(&window->members[i].id, id))
			return &window->members[i];
	return NULL;
}

static int
compare_members(const struct window_member *a, const struct window_member *b)
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

		if (compare_members(&window->members[middle], &member) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	MEM_INSERT(window->members, window->member_count, window->member_cap,
	    low);
	window->members[low] = member;
}

static bool
add_member(struct windows *windows, struct window *window, const struct id *id,
    const char *nick, bool self)
{
	if (find_member(window, id) || window->member_count >= LIMIT_MEMBERS)
		return false;
	insert_member(window,
	    (struct window_member){
		.id = *id,
		.nick = group_name(nick, id, windows->flags),
		.self = self,
	    });
	windows->changed = true;
	return true;
}

static void
remove_member(struct windows *windows, struct window *window,
    struct window_member *member)
{
	free(member->nick);
	MEM_REMOVE(window->members, window->member_count,
	    (size_t)(member - window->members));
	windows->changed = true;
}

static void
rename_member(struct windows *windows, struct window *window,
    struct window_member *member, const char *nick)
{
	struct window_member renamed = *member;

	if (strcmp(member->nick, nick) == 0)
		return;
	renamed.nick = mem_text(nick);
	remove_member(windows, window, member);
	insert_member(window, renamed);
}

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

static int
compare_spoken(const void *a, const void *b)
{
	const struct window_member *x = *(const struct window_member *const *)a;
	const struct window_member *y = *(const struct window_member *const *)b;

	if (x->spoke != y->spoke)
		return x->spoke > y->spoke ? -1 : 1;
	return compare_members(x, y);
}

size_t
windows_nicks(const struct window *window, const char **nicks, size_t cap)
{
	const struct window_member **order =
	    mem_zero(window->member_count + 1, sizeof(void *));
	size_t count = 0, i;

	for (i = 0; i < window->member_count; i++)
		if (!window->members[i].self)
			order[count++] = &window->members[i];
	qsort(order, count, sizeof(void *), compare_spoken);
	if (count > cap)
		count = cap;
	for (i = 0; i < count; i++)
		nicks[i] = order[i]->nick;
	free(order);
	return count;
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

static void
show_if_wanted(struct windows *windows, struct window *window)
{
	if (strcmp(windows->wanted, window->room) != 0)
		return;
	windows->wanted[0] = '\0';
	windows_select(windows, windows_number(windows, window));
}

static struct window *
open_window(struct windows *windows, const char *room)
{
	struct window *window = windows_find(windows, room);

	if (window)
		return window;
	window = windows_current(windows);
	if (window->room) {
		window = window_new(windows);
		scrollback_mark(window->scrollback);
		add_window(windows, window);
	}
	window_set_room(window, room, windows->flags);
	windows->changed = true;
	return window;
}

static void
close_window(struct windows *windows, struct window *window)
{
	size_t index = windows_number(windows, window) - 1;
	struct window *current = windows_current(windows);

	windows->changed = true;
	if (windows->count == 1) {
		members_clear(window);
		window_set_room(window, NULL, windows->flags);
		window->topic[0] = '\0';
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

static void
joined_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const char *nick = event->membership.nick;
	const struct window_member *member;
	struct window *window;

	window = event->membership.self
	    ? open_window(windows, event->membership.room)
	    : windows_find(windows, event->membership.room);
	if (!window)
		return;
	if (!add_member(windows, window, &event->membership.id, nick,
		event->membership.self))
		return;
	if (event->membership.self) {
		show_if_wanted(windows, window);
		return;
	}
	member = find_member(window, &event->membership.id);
	put_coming(windows, window, DCHAT_EVENT_JOINED, member->nick, now);
}

static void
parted_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	struct window *window = windows_find(windows, event->membership.room);
	struct window_member *member;

	if (!window)
		return;
	if (event->membership.self) {
		close_window(windows, window);
		return;
	}
	member = find_member(window, &event->membership.id);
	if (!member)
		return;
	put_coming(windows, window, DCHAT_EVENT_PARTED, member->nick, now);
	remove_member(windows, window, member);
}

/* -- the group --------------------------------------------------------- */

/* What is said in one room about a peer whose state has changed. */
static void
peer_in_window(struct windows *windows, struct window *window,
    const struct group_peer *peer, enum member_state was, const char *reason,
    wall_ms now)
{
	struct window_member *member = find_member(window, &peer->id);

	if (!member)
		return;
	rename_member(windows, window, member, peer->nick);
	member = find_member(window, &peer->id);
	if (peer->state == was)
		return;
	switch (peer->state) {
	case MEMBER_LEFT:
		put_coming(windows, window, DCHAT_EVENT_PARTED, peer->nick,
		    now);
		remove_member(windows, window, member);
		break;
	case MEMBER_DEAD:
		put_format(windows, window, LINE_EVENT, now,
		    "%s is out of reach%s%.200s%s", peer->nick,
		    reason[0] ? " (" : "", reason, reason[0] ? ")" : "");
		break;
	case MEMBER_ALIVE:
		if (was == MEMBER_DEAD)
			put_format(windows, window, LINE_EVENT, now,
			    "%s is back", peer->nick);
		break;
	case MEMBER_SUSPECT: break;
	}
}

static void
peer_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const char *reason = event->peer.reason ? event->peer.reason : "";
	enum member_state was =
	    group_state_of(&windows->group, &event->peer.id);
	const struct group_peer *peer;
	size_t i;

	group_event(&windows->group, event, now);
	peer = group_peer(&windows->group, &event->peer.id);
	windows->changed = true;
	if (!peer)
		return;
	for (i = 0; i < windows->count; i++)
		peer_in_window(windows, windows->items[i], peer, was, reason,
		    now);
}

static void
leader_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const struct group *group = &windows->group;
	struct window *window = windows_current(windows);
	struct id was = group->leader;
	bool was_provisional = group->provisional;
	char took[64] = "";

	group_event(&windows->group, event, now);
	windows->changed = true;
	if (group->provisional || id_is_none(&group->leader) ||
	    (id_equal(&was, &group->leader) && !was_provisional))
		return;
	if (event->leader.took_ms >= 0)
		snprintf(took, sizeof took, "elected in %lld ms, ",
		    (long long)event->leader.took_ms);
	put_format(windows, window, LINE_EVENT, now, "%s%s now (%sterm %llu)",
	    group->leader_nick, group->leader_self ? " (you) leads" : " leads",
	    took, (unsigned long long)group->term);
}

/* -- messages ---------------------------------------------------------- */

static void
message_event(struct windows *windows, const struct dchat_message *message,
    bool history, wall_ms now)
{
	const struct group *group = &windows->group;
	struct window *window = windows_find(windows, message->room);
	bool self = group->ready && id_equal(&message->author, &group->self);
	struct window_member *member;
	const struct line *line;
	bool mention;

	if (!window)
		return;
	mention = !self && group->nick[0] != '\0' &&
	    text_has_word(message->text, group->nick);
	line =
	    scrollback_message(window->scrollback, message, self, mention, now);
	windows->changed = true;
	if (!line || self || history)
		return;
	member = find_member(window, &message->author);
	if (member)
		member->spoke = ++windows->spoken;
	if (mention && message->live)
		windows->bell = true;
	note_activity(windows, window,
	    mention ? ACTIVITY_MENTION : ACTIVITY_MESSAGE);
	if (window != windows_current(windows)) {
		window->unread++;
		window->mentions += mention;
	}
}

void
windows_said(struct windows *windows, const struct window *window,
    uint64_t token, enum message_kind kind, const char *text, wall_ms now)
{
	const struct group *group = &windows->group;

	scrollback_pending(window->scrollback, token, kind, &group->self,
	    group->nick, text, now);
	windows->changed = true;
}

/* -- answers ----------------------------------------------------------- */

void
windows_asked(struct windows *windows, uint64_t token, enum dchat_verb verb,
    const char *room)
{
	const struct window *from = windows_current(windows);
	struct window_asked *asked;

	if (windows->asked_count == WINDOWS_ASKED)
		MEM_REMOVE(windows->asked, windows->asked_count, 0);
	asked = &windows->asked[windows->asked_count++];
	*asked = (struct window_asked){ .token = token, .verb = verb };
	snprintf(asked->room, sizeof asked->room, "%s", room ? room : "");
	snprintf(asked->from, sizeof asked->from, "%s",
	    from->room ? from->room : "");
	if (verb == DCHAT_JOIN)
		snprintf(windows->wanted, sizeof windows->wanted, "%s",
		    asked->room);
}

static bool
take_asked(struct windows *windows, uint64_t token, struct window_asked *asked)
{
	size_t i;

	for (i = 0; i < windows->asked_count; i++) {
		if (windows->asked[i].token != token)
			continue;
		*asked = windows->asked[i];
		MEM_REMOVE(windows->asked, windows->asked_count, i);
		return true;
	}
	return false;
}

/* Where it was asked, if that room is still open. */
static struct window *
answer_window(const struct windows *windows, const struct window_asked *asked)
{
	struct window *window = windows_find(windows, asked->from);

	return window ? window : windows_current(windows);
}

static void
take_topics(struct windows *windows, const struct dchat_event *event)
{
	size_t i;

	for (i = 0; i < event->ok.count; i++) {
		const struct dchat_room *room = &event->ok.rooms[i];
		struct window *window = windows_find(windows, room->name);

		if (!window)
			continue;
		free(window->topic);
		window->topic = text_clean_copy(room->topic ? room->topic : "",
		    windows->flags);
		windows->changed = true;
	}
}

static void
ok_event(struct windows *windows, const struct dchat_event *event, wall_ms now)
{
	struct window_asked asked;
	struct window *window;
	char *text;
	size_t i;

	group_event(&windows->group, event, now);
	if (event->ok.verb == DCHAT_ROOMS)
		take_topics(windows, event);
	if (event->ok.verb == DCHAT_HISTORY)
		for (i = 0; i < event->ok.count; i++)
			message_event(windows, &event->ok.messages[i], true,
			    now);
	if (event->ok.verb == DCHAT_STATUS || event->ok.verb == DCHAT_PEERS)
		windows->changed = true;
	if (!take_asked(windows, event->ok.token, &asked))
		return;
	window = windows_find(windows, asked.room);
	if (asked.verb == DCHAT_JOIN && window)
		show_if_wanted(windows, window);
	text = answer_text(&windows->group, event, asked.room);
	if (text)
		put_line(windows, answer_window(windows, &asked), LINE_NOTICE,
		    text, now);
	free(text);
}

static void
error_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const char *text = event->error.text
	    ? event->error.text
	    : error_sentence(event->error.code);
	struct window_asked asked;
	size_t i;

	windows->changed = true;
	for (i = 0; i < windows->count; i++)
		if (event->error.token != 0 &&
		    scrollback_refuse(windows->items[i]->scrollback,
			event->error.token, text, now))
			return;
	if (!take_asked(windows, event->error.token, &asked))
		return;
	if (asked.verb == DCHAT_JOIN)
		windows->wanted[0] = '\0';
	put_line(windows, answer_window(windows, &asked), LINE_ERROR, text,
	    now);
}

void
windows_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	switch (event->type) {
	case DCHAT_EVENT_READY:
	case DCHAT_EVENT_ELECTION:
		group_event(&windows->group, event, now);
		windows->changed = true;
		break;
	case DCHAT_EVENT_OK: ok_event(windows, event, now); break;
	case DCHAT_EVENT_ERROR: error_event(windows, event, now); break;
	case DCHAT_EVENT_PEER: peer_event(windows, event, now); break;
	case DCHAT_EVENT_LEADER: leader_event(windows, event, now); break;
	case DCHAT_EVENT_JOINED: joined_event(windows, event, now); break;
	case DCHAT_EVENT_PARTED: parted_event(windows, event, now); break;
	case DCHAT_EVENT_MESSAGE:
		message_event(windows, &event->message, false, now);
		break;
	case DCHAT_EVENT_WARNING:
		put_line(windows, windows_current(windows), LINE_NOTICE,
		    event->warning.text, now);
		break;
	case DCHAT_EVENT_BYE: break;
	}
}
