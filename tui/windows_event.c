/* What the node tells, as a person sees it in their rooms. */
#include "tui/windows_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/tell.h"
#include "tui/text.h"

enum {
	/* Who is heard of so soon after I joined a room was there before
	 * me. */
	HERE_MS = 3000,
	/* Who has said something lately, and not so much has been said
	 * since, is part of what goes on in the room. */
	SPOKE_MESSAGES = 200,
};

/*
 * The comings of people who have said nothing lately are of interest to few;
 * but who leads, and who ends or begins one's being alone, is told in any
 * case, and so is the return of whom the last word was that they are gone.
 */
static void
tell_person(struct windows *windows, struct window *window,
    const struct coming *coming, wall_ms now)
{
	struct window_member *person = window_member(window, &coming->id);
	bool alone = true, quiet;
	size_t i;

	for (i = 0; i < window->member_count && alone; i++) {
		const struct window_member *member = &window->members[i];

		alone = member->self || id_equal(&member->id, &coming->id) ||
		    group_state_of(&windows->group, &member->id) >=
			MEMBER_DEAD;
	}
	quiet = attention_ignores(&windows->attention, &coming->id) ||
	    (!alone && coming->kind != COMING_HERE &&
		!id_equal(&windows->group.led_last, &coming->id) &&
		!(coming->kind == COMING_BACK && person->missed) &&
		!scrollback_spoke(window->scrollback, &coming->id,
		    now - windows->spoke_ms, SPOKE_MESSAGES));
	person->missed = coming->kind == COMING_GONE && !quiet;
	tell_coming(windows, window, coming, quiet, now);
}

static void
joined_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const char *nick = event->membership.nick;
	const struct window_member *member;
	struct window *window;

	window = event->membership.self
	    ? windows_open_room(windows, event->membership.room)
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
		windows_show_if_wanted(windows, window);
		return;
	}
	member = window_member(window, &event->membership.id);
	tell_person(windows, window,
	    &(struct coming){
		.kind = now - window->joined_at < HERE_MS ? COMING_HERE
							  : COMING_JOINED,
		.id = member->id,
		.nick = member->nick },
	    now);
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
		windows_close_room(windows, window);
		return;
	}
	member = window_member(window, &event->membership.id);
	if (!member)
		return;
	tell_person(windows, window,
	    &(struct coming){ .kind = COMING_LEFT,
		.id = member->id,
		.nick = member->nick },
	    now);
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
	struct coming coming = { .id = peer->id,
		.nick = peer->nick,
		.reason = reason };

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
		coming.kind = COMING_LEFT;
		tell_person(windows, window, &coming, now);
		window_remove(window, member);
		break;
	case MEMBER_DEAD:
		coming.kind = COMING_GONE;
		tell_person(windows, window, &coming, now);
		break;
	case MEMBER_ALIVE:
		coming.kind = COMING_BACK;
		if (was == MEMBER_DEAD)
			tell_person(windows, window, &coming, now);
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
bool
windows_set_topic(struct windows *windows, struct window *window,
    const char *topic)
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

	if (!window || !windows_set_topic(windows, window, event->room.topic))
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

/* -- cuts --------------------------------------------------------------- */

/* Where the other side's messages came in, a rule says so. */
static void
tell_merged(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const struct group *group = &windows->group;
	char *side = group_names(group, event->partition.healed, 1);

	for (size_t i = 0; i < event->partition.room_count; i++) {
		const struct dchat_merged *merged =
		    &event->partition.rooms[i];
		struct window *window = windows_find(windows, merged->room);

		if (window != NULL)
			tell_format(windows, window, LINE_MERGED, now,
			    "merged %zu message%s from %s's side",
			    merged->count, merged->count == 1 ? "" : "s",
			    side);
	}
	free(side);
}

static void
partition_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	group_event(&windows->group, event, now);
	windows->changed = true;
	if (event->partition.healed_count > 0)
		tell_merged(windows, event, now);
}

/* -- messages ---------------------------------------------------------- */

static struct window *
message_window(struct windows *windows, const struct dchat_message *message,
    bool self, bool history)
{
	/* the history knows nobody's nick of today, and opens nothing;
	 * neither does who is not listened to */
	if (message->room[0] != '@' || history ||
	    attention_ignores(&windows->attention, &message->author))
		return windows_find(windows, message->room);
	return windows_open_direct(windows, message->room,
	    self ? NULL : message->nick);
}

static void
count_unread(struct windows *windows, struct window *window, bool mention)
{
	tell_activity(windows, window,
	    mention || window->direct ? ACTIVITY_MENTION : ACTIVITY_MESSAGE);
	if (window->unread_before > 0)
		window->unread_before++;
	if (window == windows_current(windows)) {
		window->read_more = true;
		return;
	}
	window->unread++;
	window->mentions += mention;
}

static bool
answers_me(const struct window *window, const struct dchat_message *message)
{
	const struct line *line = message->ref[0] != '\0'
	    ? scrollback_find(window->scrollback, message->ref)
	    : NULL;

	return line != NULL && line->self;
}

static void
put_cut(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%.*s", (int)utf8_cut(text, size - 1), text);
}

/* The last one is told; that there were more, the rooms tell. */
static void
call_person(struct windows *windows, const struct window *window,
    const struct line *line)
{
	struct windows_call *call = &windows->call;

	call->pending = true;
	snprintf(call->title, sizeof call->title, "%s%s%s", line->nick,
	    window->direct ? "" : " in ", window->direct ? "" : window->name);
	put_cut(call->nick, sizeof call->nick, line->nick);
	put_cut(call->room, sizeof call->room, window->name);
	snprintf(call->msg, sizeof call->msg, "%s", line->msg);
	call->kind = window->direct ? "direct"
	    : line->mention	    ? "mention"
				    : "message";
	call->time = line->time;
	put_cut(call->text, sizeof call->text, line->text + line->body);
}

/* The person wants to be called for it. */
static bool
calls(const struct windows *windows, const struct window *window,
    bool mention)
{
	return !window->muted &&
	    (mention || window->direct ||
		attention_is_loud(&windows->attention, window->room));
}

/* Said while nobody was here: unread, though it comes into the room that is
 * before the person. */
static bool
came_before(const struct windows *windows, const struct window *window,
    const struct dchat_message *message)
{
	return !windows->arrived && !message->live &&
	    window == windows_current(windows) &&
	    scrollback_unread(window->scrollback) == NULL;
}

/* It is of the past of a room that the person has only just come to. */
static bool
is_handed_over(const struct windows *windows, const struct window *window,
    const struct dchat_message *message)
{
	return !message->live && message->time < window->joined_at &&
	    windows_is_new(windows, window);
}

/* A reaction, an edit, a delete. */
static void
refer(struct windows *windows, struct window *window,
    const struct dchat_message *message, bool history)
{
	const struct windows_teller *teller = &windows->teller;

	if (!scrollback_refer(window->scrollback, message))
		return;
	windows->changed = true;
	if (teller->line && !history)
		teller->amended(teller->self, window, message);
}

void
windows_message(struct windows *windows, const struct dchat_message *message,
    bool history, wall_ms now)
{
	struct group *group = &windows->group;
	bool self = group->ready && id_equal(&message->author, &group->self);
	struct window *window =
	    message_window(windows, message, self, history);
	struct window_member *member;
	const struct line *line;
	bool before, mention, ignored, past;

	if (!window)
		return;
	if (self && message->token != 0)
		group_stored(group);
	ignored = attention_ignores(&windows->attention, &message->author);
	if (message_kind_refers(message->kind) &&
	    message->kind != KIND_REPLY) {
		if (!ignored || message->kind != KIND_REACTION)
			refer(windows, window, message, history);
		return;
	}
	mention = !self && !ignored &&
	    (attention_mentions(&windows->attention, group->nick,
		 message->text) ||
		answers_me(window, message));
	past = !history && is_handed_over(windows, window, message);
	before = !self && !ignored && !history && !past &&
	    came_before(windows, window, message);
	if (before)
		scrollback_watch(window->scrollback);
	line = scrollback_message(window->scrollback, message,
	    (self ? LINE_OWN : 0) | (mention ? LINE_MENTION : 0) |
		(ignored ? LINE_IGNORED : 0) | (past ? LINE_PAST : 0),
	    now);
	if (before)
		scrollback_unmark(window->scrollback);
	windows->changed = true;
	if (line && !history && !ignored)
		tell_teller(windows, window, line, !message->live);
	if (!history)
		typists_done(&window->typists, &message->author);
	if (!line || self || history || ignored)
		return;
	member = window_member(window, &message->author);
	if (member)
		member->spoke = ++windows->spoken;
	if (message->live && calls(windows, window, mention))
		call_person(windows, window, line);
	if (!past)
		count_unread(windows, window, mention);
	else if (window == windows_current(windows))
		window->read_more = true;
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

static void
held_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	struct window *window = windows_find(windows, event->held.room);

	if (window == NULL)
		return;
	waiting_event(&window->waiting, &event->held, windows->flags, now);
	windows->changed = true;
}

static void
typing_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const struct id *id = &event->typing.id;
	const struct group_peer *peer = group_peer(&windows->group, id);
	struct window *window = windows_find(windows, event->typing.room);
	char *nick;

	if (window == NULL || attention_ignores(&windows->attention, id))
		return;
	nick = group_name(peer != NULL ? peer->nick : event->typing.nick, id,
	    windows->flags);
	typists_heard(&window->typists, id, nick, now);
	windows->changed = true;
	free(nick);
}

static void
fetching_event(struct windows *windows, const struct dchat_event *event)
{
	struct window *window = windows_find(windows, event->fetching.room);

	if (window == NULL)
		return;
	waiting_fetching(&window->waiting, event->fetching.done,
	    event->fetching.left);
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
	case DCHAT_EVENT_OK: windows_ok(windows, event, now); break;
	case DCHAT_EVENT_ERROR: windows_error(windows, event, now); break;
	case DCHAT_EVENT_PEER: peer_event(windows, event, now); break;
	case DCHAT_EVENT_LEADER: leader_event(windows, event, now); break;
	case DCHAT_EVENT_JOINED: joined_event(windows, event, now); break;
	case DCHAT_EVENT_PARTED: parted_event(windows, event, now); break;
	case DCHAT_EVENT_MESSAGE:
		windows_message(windows, &event->message, false, now);
		break;
	case DCHAT_EVENT_ROOM: room_event(windows, event, now); break;
	case DCHAT_EVENT_NICK: nick_event(windows, event, now); break;
	case DCHAT_EVENT_AWAY:
		group_event(&windows->group, event, now);
		windows->changed = true;
		break;
	case DCHAT_EVENT_DELIVERED: delivered_event(windows, event); break;
	case DCHAT_EVENT_WARNING:
		group_event(&windows->group, event, now);
		tell_line(windows, windows_current(windows), LINE_NOTICE,
		    event->warning.text, now);
		break;
	case DCHAT_EVENT_PARTITION:
		partition_event(windows, event, now);
		break;
	case DCHAT_EVENT_HELD: held_event(windows, event, now); break;
	case DCHAT_EVENT_FETCHING: fetching_event(windows, event); break;
	case DCHAT_EVENT_TYPING: typing_event(windows, event, now); break;
	case DCHAT_EVENT_BYE: break;
	}
}
