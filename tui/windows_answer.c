/* Answers to what the person, or the app for them, has asked. */
#include "tui/windows_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/answer.h"
#include "tui/tell.h"

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

void
windows_visiting(struct windows *windows, struct window *window,
    uint64_t token, size_t limit)
{
	windows_fetching(windows, window, token, limit, false);
	window->visiting = true;
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
	size_t left;

	if (window->unread_before == 0 || window->unfetched ||
	    window->fetch_token != 0)
		return;
	left = scrollback_mark_last(window->scrollback, window->unread_before);
	/* the rest is further up: the app fetches it, unless it is too much */
	if (left == 0 || !scrollback_has_older(window->scrollback) ||
	    window->unread_before > SCROLLBACK_LINES / 2)
		window->unread_before = 0;
}

/* What was asked for; or what came while nobody was here. */
static void
tell_page(struct windows *windows, struct window *window, size_t unread,
    wall_ms now)
{
	if (window->fetch_told) {
		windows_tell_last(windows, window, window->fetch_limit);
	} else if (unread > 0 && window->unread_before == 0) {
		tell_format(windows, window, LINE_NOTICE, now,
		    "%zu unread:", unread);
		windows_tell_last(windows, window,
		    scrollback_unread_messages(window->scrollback));
	}
}

static void
history_answer(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	struct window *window = take_fetch(windows, event->ok.token);
	const struct dchat_message *messages = event->ok.messages;
	size_t count = event->ok.count, unread, i;

	if (window && window->visiting)
		scrollback_visit(window->scrollback);
	if (window)
		scrollback_page_begin(window->scrollback,
		    count > 0 ? &messages[0] : NULL,
		    count >= window->fetch_limit);
	if (window)
		scrollback_note_lost(window->scrollback, event->ok.lost);
	for (i = 0; i < count; i++)
		windows_message(windows, &messages[i], true, now);
	windows->changed = true;
	if (!window)
		return;
	if (window->visiting && event->ok.newer)
		scrollback_cut_below(window->scrollback, now);
	scrollback_page_end(window->scrollback, now);
	window->visited = window->visiting;
	window->visiting = false;
	unread = window->unread_before;
	place_unread(window);
	if (windows->teller.line)
		tell_page(windows, window, unread, now);
	else if (window->fetch_told && count > 0)
		tell_format(windows, window, LINE_NOTICE, now,
		    "%zu older message%s above; PgUp shows them.", count,
		    count == 1 ? " is" : "s are");
	else if (window->fetch_told && event->ok.lost > 0)
		tell_format(windows, window, LINE_NOTICE, now,
		    event->ok.lost == 1
			? "About one older message is held by no one here."
			: "About %llu older messages are held by no one "
			  "here.",
		    (unsigned long long)event->ok.lost);
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
	window->visited = window->visiting;
	window->visiting = false;
	/* a talk that has not begun has no history */
	if (window->direct && event->error.code == ERROR_NO_SUCH_ROOM) {
		scrollback_page_begin(window->scrollback, NULL, false);
		scrollback_page_end(window->scrollback, now);
	} else
		tell_line(windows, window, LINE_ERROR, text, now);
	place_unread(window);
	window->unread_before = 0;
	return true;
}

/* The other one of a direct room. */
static bool
is_ignored(const struct windows *windows, const char *room)
{
	struct id id;

	return id_parse(room + 1, &id) &&
	    attention_ignores(&windows->attention, &id);
}

static void
take_room(struct windows *windows, const struct dchat_room *room)
{
	struct window *window = windows_find(windows, room->name);

	if (!window && room->name[0] == '@' && room->unread > 0 &&
	    !is_ignored(windows, room->name)) {
		window = windows_open_direct(windows, room->name, NULL);
		window->counted = false;
	}
	if (!window)
		return;
	windows_set_topic(windows, window, room->topic);
	if (window->counted)
		return;
	window->counted = true;
	if (windows_is_new(windows, window))
		return;
	window->unread_before = room->unread;
	place_unread(window);
	if (window == windows_current(windows) || room->unread <= window->unread)
		return;
	window->unread = room->unread;
	tell_activity(windows, window,
	    window->direct ? ACTIVITY_MENTION : ACTIVITY_MESSAGE);
}

/* What was asked of "@" and an id: /whois. */
static char *
whois_text(const struct windows *windows, const struct dchat_event *event,
    const char *room)
{
	struct bytes rooms;
	struct id id;
	char *text;
	size_t i;

	if (!id_parse(room + 1, &id))
		return NULL;
	bytes_init(&rooms);
	for (i = 0; i < windows->count; i++) {
		const struct window *window = windows->items[i];

		if (!window->room || window->direct ||
		    !window_member(window, &id))
			continue;
		bytes_append_text(&rooms, rooms.size > 0 ? ", " : "");
		bytes_append_text(&rooms, window->name);
	}
	bytes_append(&rooms, "", 1);
	text = answer_whois(&windows->group, event, &id,
	    (const char *)rooms.data,
	    attention_ignores(&windows->attention, &id));
	bytes_free(&rooms);
	return text;
}

void
windows_ok(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
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
	if (event->ok.verb == DCHAT_STATUS && event->ok.status != NULL)
		health_take(&windows->health, event->ok.status,
		    windows->flags);
	if (event->ok.verb == DCHAT_STATUS && event->ok.status != NULL &&
	    event->ok.status->net != NULL)
		doctor_take(&windows->doctor, event->ok.status->net,
		    windows->flags);
	if (event->ok.verb == DCHAT_STATUS || event->ok.verb == DCHAT_PEERS)
		windows->changed = true;
	if (!take_asked(windows, event->ok.token, &asked))
		return;
	window = windows_find(windows, asked.room);
	if (asked.verb == DCHAT_JOIN && window)
		windows_show_if_wanted(windows, window);
	text = asked.verb == DCHAT_PEERS && asked.room[0] == '@'
	    ? whois_text(windows, event, asked.room)
	    : answer_text(&windows->group, event, asked.room);
	if (text)
		windows_answer(windows, answer_window(windows, &asked),
		    LINE_NOTICE, text, now);
	free(text);
}

/* True: it was something said, which is told now as not sent. */
static bool
refused(struct windows *windows, uint64_t token, const char *problem,
    wall_ms now)
{
	size_t i;

	for (i = 0; i < windows->count && token != 0; i++) {
		struct window *window = windows->items[i];
		const struct line *line = scrollback_refuse(window->scrollback,
		    token, problem, now);

		if (line)
			tell_teller(windows, window, line, false);
		if (line)
			return true;
	}
	return false;
}

void
windows_error(struct windows *windows, const struct dchat_event *event,
    wall_ms now)
{
	const char *text = event->error.text
	    ? event->error.text
	    : error_sentence(event->error.code);
	struct window_asked asked;
	char no_room[LIMIT_ROOM_NAME + 64];

	windows->changed = true;
	group_event(&windows->group, event, now);
	if (history_error(windows, event, text, now))
		return;
	if (refused(windows, event->error.token, text, now))
		return;
	if (!take_asked(windows, event->error.token, &asked))
		return;
	if (asked.verb == DCHAT_JOIN)
		windows->wanted[0] = '\0';
	if (event->error.code == ERROR_NO_SUCH_ROOM && asked.room[0] != '\0') {
		snprintf(no_room, sizeof no_room,
		    "There is no room %.64s; /list tells which there are.",
		    asked.room);
		text = no_room;
	}
	windows_answer(windows, answer_window(windows, &asked), LINE_ERROR,
	    text, now);
}
