#include "tui/windows.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "tui/answer.h"
#include "tui/tell.h"
#include "tui/text.h"

/* Who is heard of so soon after I joined a room was there before me. */
enum { HERE_MS = 3000 };

/* -- windows ----------------------------------------------------------- */

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
	add_window(windows, window_new(windows->flags));
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

void
windows_notice(struct windows *windows, enum line_kind kind, const char *text,
    wall_ms now)
{
	tell_line(windows, windows_current(windows), kind, text, now);
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

static void
show_if_wanted(struct windows *windows, struct window *window)
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

static struct window *
open_window(struct windows *windows, const char *room)
{
	struct window *window = windows_find(windows, room);

	if (window)
		return window;
	window = windows_current(windows);
	if (window->room)
		window = new_window(windows);
	window_set_room(window, room, windows->flags);
	window->unfetched = true;
	windows->changed = true;
	return window;
}

/* room is "@" and an id; nick NULL: as the group knows them. */
static struct window *
open_direct(struct windows *windows, const char *room, const char *nick)
{
	const struct group *group = &windows->group;
	struct window *window = windows_find(windows, room);
	const struct group_peer *peer;
	char *name;

	if (!window) {
		window = new_window(windows);
		window_set_room(window, room, windows->flags);
		window->unfetched = window->counted = true;
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
	return window ? window : open_direct(windows, room, NULL);
}

static void
close_window(struct windows *windows, struct window *window)
{
	size_t index = windows_number(windows, window) - 1;
	struct window *current = windows_current(windows);

	windows->changed = true;
	if (windows->count == 1) {
		window_remove_all(window);
		window_set_room(window, NULL, windows->flags);
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
	close_window(windows, window);
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
	if (!window_add(window, &event->membership.id, nick,
		event->membership.self, windows->flags))
		return;
	windows->changed = true;
	if (event->membership.self) {
		window->joined_at = now;
		window->here_told = false;
		show_if_wanted(windows, window);
		return;
	}
	member = window_member(window, &event->membership.id);
	tell_coming(windows, window,
	    now - window->joined_at < HERE_MS ? COMING_HERE : COMING_JOINED,
	    member->nick, now);
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
	member = window_member(window, &event->membership.id);
	if (!member)
		return;
	tell_coming(windows, window, COMING_LEFT, member->nick, now);
	window_remove(window, member);
}

/* -- the group --------------------------------------------------------- */

/* What is said to them waits for them. */
static void
peer_in_direct(struct windows *windows, struct window *window,
    const struct group_peer *peer, enum member_state was, wall_ms now)
{
	switch (peer->state) {
	case MEMBER_LEFT:
	case MEMBER_DEAD:
		tell_format(windows, window, LINE_EVENT, now,
		    "%s is gone; what you say waits for them", peer->nick);
		break;
	case MEMBER_ALIVE:
		if (was != MEMBER_SUSPECT)
			tell_format(windows, window, LINE_EVENT, now,
			    "%s is here", peer->nick);
		break;
	case MEMBER_SUSPECT: break;
	}
}

/* What is said in one room about a peer whose state has changed. */
static void
peer_in_window(struct windows *windows, struct window *window,
    const struct group_peer *peer, enum member_state was, const char *reason,
    wall_ms now)
{
	struct window_member *member = window_member(window, &peer->id);
	char text[256];

	if (!member)
		return;
	window_rename(window, member, peer->nick);
	member = window_member(window, &peer->id);
	if (window->direct)
		window_set_peer(window, peer->nick);
	if (peer->state == was)
		return;
	if (window->direct) {
		peer_in_direct(windows, window, peer, was, now);
		return;
	}
	switch (peer->state) {
	case MEMBER_LEFT:
		tell_coming(windows, window, COMING_LEFT, peer->nick, now);
		window_remove(window, member);
		break;
	case MEMBER_DEAD:
		group_gone(peer->nick, reason, text);
		tell_line(windows, window, LINE_EVENT, text, now);
		break;
	case MEMBER_ALIVE:
		if (was == MEMBER_DEAD)
			tell_format(windows, window, LINE_EVENT, now,
			    "%s is back", peer->nick);
		break;
	case MEMBER_SUSPECT: break;
	}
}

static void
peer_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const char *reason = event->peer.reason;
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
	struct id led_last = group->led_last;
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
	tell_format(windows, window, LINE_EVENT, now, "%s%s leads %s (%sterm %llu)",
	    group->leader_nick, group->leader_self ? " (you)" : "",
	    id_equal(&led_last, &group->leader) ? "again" : "now",
	    took, (unsigned long long)group->term);
}

/* -- names and topics -------------------------------------------------- */

static void
own_nick(struct windows *windows, const char *old, const char *nick,
    const char *reason, wall_ms now)
{
	if (strcmp(reason, "taken") == 0)
		tell_format(windows, windows_current(windows), LINE_EVENT, now,
		    "Somebody else has the nick %s: you are shown as %s; "
		    "/nick asks for another one", old, nick);
	else
		tell_format(windows, windows_current(windows), LINE_EVENT, now,
		    "You are known as %s now", nick);
}

static void
nick_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const char *reason = event->nick.reason ? event->nick.reason : "";
	const struct id *id = &event->nick.id;
	char *old = group_name(event->nick.old, id, windows->flags);
	char *nick = group_name(event->nick.nick, id, windows->flags);
	size_t i;

	group_event(&windows->group, event, now);
	for (i = 0; i < windows->count; i++) {
		struct window *window = windows->items[i];
		struct window_member *member = window_member(window, id);

		if (!member)
			continue;
		window_rename(window, member, nick);
		if (event->nick.self)
			continue;
		if (window->direct)
			window_set_peer(window, nick);
		if (strcmp(old, nick) == 0)
			continue;
		tell_format(windows, window, LINE_EVENT, now,
		    "%s is known as %s now%s", old, nick,
		    strcmp(reason, "taken") == 0
			? "; somebody else has that nick"
			: "");
	}
	if (event->nick.self && strcmp(old, nick) != 0)
		own_nick(windows, old, nick, reason, now);
	windows->changed = true;
	free(old);
	free(nick);
}

/* True: it had another. */
static bool
set_topic(struct windows *windows, struct window *window, const char *topic)
{
	char *clean = text_clean_copy(topic ? topic : "", windows->flags);

	if (strcmp(clean, window->topic) == 0) {
		free(clean);
		return false;
	}
	free(window->topic);
	window->topic = clean;
	windows->changed = true;
	return true;
}

static void
room_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	struct window *window = windows_find(windows, event->room.room);
	char *by;

	if (!window || !set_topic(windows, window, event->room.topic))
		return;
	if (id_is_none(&event->room.by)) {
		tell_format(windows, window, LINE_EVENT, now, "The topic is: %s",
		    window->topic);
		return;
	}
	by = group_name(event->room.by_nick, &event->room.by, windows->flags);
	if (window->topic[0] != '\0')
		tell_format(windows, window, LINE_EVENT, now,
		    "%s set the topic: %s", by, window->topic);
	else
		tell_format(windows, window, LINE_EVENT, now,
		    "%s removed the topic", by);
	free(by);
}

/* -- messages ---------------------------------------------------------- */

static struct window *
message_window(struct windows *windows, const struct dchat_message *message,
    bool self, bool history)
{
	/* the history knows nobody's nick of today, and opens nothing */
	if (message->room[0] != '@' || history)
		return windows_find(windows, message->room);
	return open_direct(windows, message->room,
	    self ? NULL : message->nick);
}

static void
count_unread(struct windows *windows, struct window *window, bool mention)
{
	tell_activity(windows, window,
	    mention || window->direct ? ACTIVITY_MENTION : ACTIVITY_MESSAGE);
	if (window == windows_current(windows)) {
		window->read_more = true;
		return;
	}
	window->unread++;
	window->mentions += mention;
	if (window->unread_before > 0)
		window->unread_before++;
}

static void
message_event(struct windows *windows, const struct dchat_message *message,
    bool history, wall_ms now)
{
	struct group *group = &windows->group;
	bool self = group->ready && id_equal(&message->author, &group->self);
	struct window *window =
	    message_window(windows, message, self, history);
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
	if (self && message->token != 0)
		group_stored(group);
	if (!line || self || history)
		return;
	member = window_member(window, &message->author);
	if (member)
		member->spoke = ++windows->spoken;
	if ((mention || window->direct) && message->live)
		windows->bell = true;
	count_unread(windows, window, mention);
}

static void
delivered_event(struct windows *windows, const struct dchat_event *event)
{
	size_t i = 0;

	while (i < windows->count &&
	    !scrollback_delivered(windows->items[i]->scrollback,
		event->delivered.msg, event->delivered.have,
		event->delivered.of, event->delivered.stable))
		i++;
	windows->changed = true;
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

/* -- the history ------------------------------------------------------- */

void
windows_fetching(struct windows *windows, struct window *window,
    uint64_t token, size_t limit, bool told)
{
	window->unfetched = false;
	window->fetch_token = token;
	window->fetch_limit = limit;
	window->fetch_told = told;
	scrollback_fetching(window->scrollback,
	    scrollback_has_older(window->scrollback));
	windows->changed = true;
}

static struct window *
take_fetch(const struct windows *windows, uint64_t token)
{
	size_t i;

	for (i = 0; i < windows->count; i++) {
		struct window *window = windows->items[i];

		if (token == 0 || window->fetch_token != token)
			continue;
		window->fetch_token = 0;
		return window;
	}
	return NULL;
}

/* The unread line of an earlier run, as soon as there is all it needs. */
static void
place_unread(struct window *window)
{
	if (window->unread_before == 0 || window->unfetched ||
	    window->fetch_token != 0)
		return;
	scrollback_mark_last(window->scrollback, window->unread_before);
	window->unread_before = 0;
}

static void
history_answer(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	struct window *window = take_fetch(windows, event->ok.token);
	const struct dchat_message *messages = event->ok.messages;
	size_t count = event->ok.count, i;

	if (window)
		scrollback_page_begin(window->scrollback,
		    count > 0 ? &messages[0] : NULL,
		    count >= window->fetch_limit);
	for (i = 0; i < count; i++)
		message_event(windows, &messages[i], true, now);
	windows->changed = true;
	if (!window)
		return;
	scrollback_page_end(window->scrollback, now);
	place_unread(window);
	if (window->fetch_told && count > 0)
		tell_format(windows, window, LINE_NOTICE, now,
		    "%zu older message%s above; PgUp shows them.", count,
		    count == 1 ? " is" : "s are");
	else if (window->fetch_told)
		tell_line(windows, window, LINE_NOTICE,
		    "There is nothing older.", now);
}

/* True: it was about a page. */
static bool
history_error(struct windows *windows, const struct dchat_event *event,
    const char *text, wall_ms now)
{
	struct window *window = take_fetch(windows, event->error.token);

	if (!window)
		return false;
	scrollback_fetching(window->scrollback, false);
	/* a talk that has not begun has no history */
	if (!window->direct || event->error.code != ERROR_NO_SUCH_ROOM)
		tell_line(windows, window, LINE_ERROR, text, now);
	place_unread(window);
	return true;
}

static void
take_room(struct windows *windows, const struct dchat_room *room)
{
	struct window *window = windows_find(windows, room->name);

	if (!window && room->name[0] == '@' && room->unread > 0) {
		window = open_direct(windows, room->name, NULL);
		window->counted = false;
	}
	if (!window)
		return;
	set_topic(windows, window, room->topic);
	if (window->counted)
		return;
	window->counted = true;
	window->unread_before = room->unread;
	place_unread(window);
	if (window == windows_current(windows) || room->unread <= window->unread)
		return;
	window->unread = room->unread;
	tell_activity(windows, window,
	    window->direct ? ACTIVITY_MENTION : ACTIVITY_MESSAGE);
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
		for (i = 0; i < event->ok.count; i++)
			take_room(windows, &event->ok.rooms[i]);
	if (event->ok.verb == DCHAT_HISTORY)
		history_answer(windows, event, now);
	if (event->ok.verb == DCHAT_STATUS || event->ok.verb == DCHAT_PEERS)
		windows->changed = true;
	if (!take_asked(windows, event->ok.token, &asked))
		return;
	window = windows_find(windows, asked.room);
	if (asked.verb == DCHAT_JOIN && window)
		show_if_wanted(windows, window);
	text = answer_text(&windows->group, event, asked.room);
	if (text)
		tell_line(windows, answer_window(windows, &asked), LINE_NOTICE,
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
	group_event(&windows->group, event, now);
	if (history_error(windows, event, text, now))
		return;
	for (i = 0; i < windows->count; i++)
		if (event->error.token != 0 &&
		    scrollback_refuse(windows->items[i]->scrollback,
			event->error.token, text, now))
			return;
	if (!take_asked(windows, event->error.token, &asked))
		return;
	if (asked.verb == DCHAT_JOIN)
		windows->wanted[0] = '\0';
	if (event->error.code == ERROR_NO_SUCH_ROOM && asked.room[0] != '\0')
		tell_format(windows, answer_window(windows, &asked), LINE_ERROR,
		    now, "There is no room %s.", asked.room);
	else
		tell_line(windows, answer_window(windows, &asked), LINE_ERROR,
		    text, now);
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
	case DCHAT_EVENT_ROOM: room_event(windows, event, now); break;
	case DCHAT_EVENT_NICK: nick_event(windows, event, now); break;
	case DCHAT_EVENT_DELIVERED: delivered_event(windows, event); break;
	case DCHAT_EVENT_WARNING:
		group_event(&windows->group, event, now);
		tell_line(windows, windows_current(windows), LINE_NOTICE,
		    event->warning.text, now);
		break;
	case DCHAT_EVENT_BYE: break;
	}
}
