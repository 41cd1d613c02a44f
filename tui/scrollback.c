#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "tui/scrollback_lines.h"
#include "tui/text.h"

/* Where a full scrollback is trimmed to: often enough to stay bounded, but
 * not for every line of a flood. */
enum {
	TRIM_LINES = SCROLLBACK_LINES - SCROLLBACK_LINES / 16,
	TRIM_BYTES = SCROLLBACK_BYTES - SCROLLBACK_BYTES / 16,
	TRIM_NEAR = 100, /* lines below the view that stay in any case */
};

struct scrollback *
scrollback_new(unsigned flags)
{
	struct scrollback *scrollback = mem_zero(1, sizeof *scrollback);

	scrollback->flags = flags;
	return scrollback;
}

static void
line_free(struct line *line)
{
	free(line->nick);
	free(line->text);
	free(line->said);
	free(line);
}

void
scrollback_destroy(struct scrollback *scrollback)
{
	size_t i;

	if (!scrollback)
		return;
	for (i = 0; i < scrollback->count; i++)
		line_free(scrollback->lines[i]);
	free(scrollback->lines);
	layout_rows_free(&scrollback->rows);
	amends_free(&scrollback->amends);
	free(scrollback);
}

size_t
scrollback_count(const struct scrollback *scrollback)
{
	return scrollback->count;
}

const struct line *
scrollback_line(const struct scrollback *scrollback, size_t index)
{
	assert(index < scrollback->count);
	return scrollback->lines[index];
}

size_t
scrollback_nick_width(const struct scrollback *scrollback, size_t lines)
{
	size_t widest = 0, i = scrollback->count;

	for (; i > 0 && lines > 0; i--, lines--) {
		const char *nick = scrollback->lines[i - 1]->nick;
		size_t width = nick ? text_width(nick, strlen(nick)) : 0;

		if (width > widest)
			widest = width;
	}
	return widest;
}

/* -- what is hidden ---------------------------------------------------- */

bool
scrollback_shows(const struct scrollback *scrollback, const struct line *line)
{
	return !line->ignored &&
	    !(line->quiet && scrollback->filter != FILTER_NONE) &&
	    !(line->kind == LINE_COMING &&
		scrollback->filter == FILTER_COMINGS);
}

void
scrollback_filter(struct scrollback *scrollback, enum scrollback_filter filter)
{
	scrollback->filter = filter;
}

void
scrollback_ignore(struct scrollback *scrollback, const struct id *author,
    bool ignored)
{
	size_t i;

	for (i = 0; i < scrollback->count; i++) {
		struct line *line = scrollback->lines[i];

		if (line_is_message(line) && id_equal(&line->author, author))
			line->ignored = ignored;
	}
}

bool
scrollback_spoke(const struct scrollback *scrollback, const struct id *author,
    wall_ms since, size_t messages)
{
	size_t i = scrollback->count;

	while (i-- > 0 && messages > 0) {
		const struct line *line = scrollback->lines[i];

		if (!line_is_message(line))
			continue;
		if (line->time >= since && id_equal(&line->author, author))
			return true;
		messages--;
	}
	return false;
}

/* -- lines come and go ------------------------------------------------- */

static int
day_of(wall_ms time)
{
	time_t seconds = (time_t)(time / 1000);
	struct tm tm;

	if (!localtime_r(&seconds, &tm))
		return 0;
	return tm.tm_year * 366 + tm.tm_yday;
}

static void
line_set_text(struct line *line, const char *text, unsigned flags)
{
	size_t length;

	free(line->text);
	line->text = text_clean_copy(text, flags | TEXT_LINES);
	length = strlen(line->text);
	while (length > 0 && line->text[length - 1] == '\n')
		line->text[--length] = '\0';
	line->wrap_width = 0;
}

static struct line *
line_new(const struct scrollback *scrollback, enum line_kind kind,
    const char *nick, const char *text, wall_ms time, wall_ms now)
{
	struct line *line = mem_zero(1, sizeof *line);

	line->kind = kind;
	if (nick)
		line->nick = text_clean_copy(nick, scrollback->flags);
	line_set_text(line, text, scrollback->flags);
	line->time = time;
	line->arrived = now;
	line->day = day_of(time);
	return line;
}

size_t
scrollback_index(const struct scrollback *scrollback, const struct line *line)
{
	size_t i = scrollback->count;

	do {
		assert(i > 0);
		i--;
	} while (scrollback->lines[i] != line);
	return i;
}

static struct dchat_place
line_place_of(const struct line *line)
{
	return (struct dchat_place){ line->hlc, line->author, line->seq,
		line->index };
}

/* Of the lines that stay, how many are too many? */
static size_t
count_excess(const struct scrollback *scrollback, bool newest)
{
	size_t settled = scrollback->count - scrollback->pending;
	size_t bytes = scrollback->bytes, drop = 0;

	if (scrollback->count < SCROLLBACK_LINES && bytes < SCROLLBACK_BYTES)
		return 0;
	while (drop < settled &&
	    (scrollback->count - drop > TRIM_LINES || bytes > TRIM_BYTES)) {
		drop++;
		bytes -= strlen(scrollback
				    ->lines[newest ? settled - drop : drop - 1]
				    ->text);
	}
	return drop;
}

/* Frees so many lines from one on; neither view nor order cares. */
static void
drop_lines(struct scrollback *scrollback, size_t from, size_t count)
{
	size_t i;

	if (count == 0)
		return;
	for (i = from; i < from + count; i++) {
		struct line *line = scrollback->lines[i];

		if (scrollback->unread == line)
			scrollback->unread = NULL;
		if (scrollback->anchor == line)
			scrollback->anchor = NULL;
		if (scrollback->focus == line)
			scrollback->focus = NULL;
		scrollback->bytes -= strlen(line->text);
		line_free(line);
	}
	scrollback->count -= count;
	memmove(scrollback->lines + from, scrollback->lines + from + count,
	    (scrollback->count - from) * sizeof(struct line *));
}

/* The floor rises above the newest message among so many oldest lines. */
static void
raise_floor(struct scrollback *scrollback, size_t drop)
{
	while (drop > 0 && !line_is_message(scrollback->lines[drop - 1]))
		drop--;
	if (drop == 0)
		return;
	scrollback->has_floor = true;
	scrollback->whole = false;
	scrollback->floor = line_place_of(scrollback->lines[drop - 1]);
	scrollback->floor.index++;
}

static void
trim_oldest(struct scrollback *scrollback)
{
	size_t drop = count_excess(scrollback, false);
	const struct line *unread = scrollback->unread;
	const struct line *anchor = scrollback->anchor;
	const struct line *next;

	if (drop == 0)
		return;
	raise_floor(scrollback, drop);
	next = drop < scrollback->count ? scrollback->lines[drop] : NULL;
	drop_lines(scrollback, 0, drop);
	if (unread && !scrollback->unread)
		scrollback->unread = next;
	if (anchor && !scrollback->anchor) {
		scrollback->anchor = next;
		scrollback->above_end = 0;
	}
}

/* Not what is in view or near it. */
static void
trim_newest(struct scrollback *scrollback, wall_ms now)
{
	size_t drop = count_excess(scrollback, true);
	size_t settled = scrollback->count - scrollback->pending;
	size_t keep = scrollback_index(scrollback, scrollback->anchor) + TRIM_NEAR;

	if (keep > settled)
		keep = settled;
	if (drop > settled - keep)
		drop = settled - keep;
	if (drop == 0)
		return;
	drop_lines(scrollback, settled - drop, drop);
	scrollback->cut = true;
	scrollback->cut_at = now;
}

/* Whoever reads in the older half keeps that. */
static bool
reads_old_lines(const struct scrollback *scrollback)
{
	const struct line *anchor = scrollback->anchor;

	return anchor &&
	    scrollback_index(scrollback, anchor) < scrollback->count / 2;
}

/* Before a line comes, so that it is never the one to go. */
static void
trim(struct scrollback *scrollback, wall_ms now)
{
	if (reads_old_lines(scrollback))
		trim_newest(scrollback, now);
	else
		trim_oldest(scrollback);
}

static bool
is_below_view(const struct scrollback *scrollback, size_t index)
{
	return scrollback->anchor &&
	    index > scrollback_index(scrollback, scrollback->anchor);
}

static void
insert(struct scrollback *scrollback, size_t index, struct line *line)
{
	if (scrollback_shows(scrollback, line) &&
	    is_below_view(scrollback, index))
		scrollback->fresh++;
	MEM_INSERT(scrollback->lines, scrollback->count, scrollback->cap,
	    index);
	scrollback->lines[index] = line;
	scrollback->bytes += strlen(line->text);
}

/* Takes a line out; the view stays at its neighbour. */
static struct line *
take_out(struct scrollback *scrollback, size_t index)
{
	struct line *line = scrollback->lines[index];
	const struct line *neighbour = NULL;

	if (is_below_view(scrollback, index) && scrollback->fresh > 0)
		scrollback->fresh--;
	MEM_REMOVE(scrollback->lines, scrollback->count, index);
	scrollback->bytes -= strlen(line->text);
	if (scrollback->count > 0)
		neighbour = scrollback->lines[index > 0 ? index - 1 : 0];
	if (scrollback->unread == line)
		scrollback->unread = NULL;
	if (scrollback->focus == line)
		scrollback->focus = NULL;
	if (scrollback->anchor == line) {
		scrollback->anchor = neighbour;
		scrollback->above_end = 0;
	}
	return line;
}

static bool
find_pending(const struct scrollback *scrollback, uint64_t token, size_t *index)
{
	size_t i;

	for (i = scrollback->count - scrollback->pending; i < scrollback->count;
	     i++)
		if (scrollback->lines[i]->token == token) {
			*index = i;
			return true;
		}
	return false;
}

/*
 * Where the message belongs: before the first message that is greater,
 * behind whatever else stands at the end, but what is not new goes before
 * younger events.  Most come at the end, so it is looked for from there.
 * False: there already, or only the history has lines there.
 */
static bool
find_place(const struct scrollback *scrollback,
    const struct dchat_message *message, size_t *place, bool *last)
{
	size_t i = scrollback->count - scrollback->pending;
	struct dchat_place at = dchat_message_place(message);

	*place = i;
	*last = true;
	if (scrollback->has_floor && dchat_place_compare(&at, &scrollback->floor) < 0)
		return false;
	while (i-- > 0) {
		const struct line *line = scrollback->lines[i];
		struct dchat_place other;
		int order;

		if (!line_is_message(line)) {
			if (!message->live && line->time > message->time)
				*place = i;
			continue;
		}
		other = line_place_of(line);
		order = dchat_place_compare(&at, &other);
		if (order == 0)
			return false;
		if (order > 0)
			break;
		*place = i;
		*last = false;
	}
	return !(scrollback->cut && *last);
}

/*
 * What comes from others to the very top is the end of a longer history: who
 * is new to a room is given only that.
 */
static void
note_top(struct scrollback *scrollback, const struct dchat_message *message,
    size_t place)
{
	if (scrollback->paging || message->live || !scrollback->whole)
		return;
	while (place > 0)
		if (line_is_message(scrollback->lines[--place]))
			return;
	scrollback->whole = false;
	scrollback->has_floor = true;
	scrollback->floor = dchat_message_place(message);
}

const struct line *
scrollback_message(struct scrollback *scrollback,
    const struct dchat_message *message, unsigned flags, wall_ms now)
{
	size_t place, settled, index;
	struct line *line;
	bool last;

	if (message->token != 0 &&
	    find_pending(scrollback, message->token, &index)) {
		line_free(take_out(scrollback, index));
		scrollback->pending--;
	}
	if (!scrollback->paging)
		trim(scrollback, now);
	if (!find_place(scrollback, message, &place, &last)) {
		if (scrollback->cut && last && message->live)
			scrollback->fresh++;
		return NULL;
	}
	line = line_new(scrollback,
	    message->kind == KIND_ACTION ? LINE_ACTION : LINE_TEXT,
	    message->nick, message->text, message->time, now);
	snprintf(line->msg, sizeof line->msg, "%s", message->msg);
	line->author = message->author;
	line->self = (flags & LINE_OWN) != 0;
	line->mention = (flags & LINE_MENTION) != 0;
	line->ignored = (flags & LINE_IGNORED) != 0;
	line->gap = message->gap;
	line->have = message->have;
	line->of = message->of;
	line->stable = message->stable;
	line->hlc = message->hlc;
	line->seq = message->seq;
	line->index = message->index;
	snprintf(line->ref, sizeof line->ref, "%s", message->ref);
	settled = scrollback->count - scrollback->pending;
	line->late = message->late || (message->live && place < settled);
	note_top(scrollback, message, place);
	insert(scrollback, place, line);
	scrollback_compose_new(scrollback, line, last && !scrollback->paging);
	if (scrollback->marked && last && !line->self && !line->ignored &&
	    !(flags & LINE_PAST) && !scrollback->paging) {
		scrollback->unread = line;
		scrollback->marked = false;
	}
	return line;
}

static const struct line *
append(struct scrollback *scrollback, enum line_kind kind, bool quiet,
    const char *text, wall_ms now)
{
	struct line *line;

	trim(scrollback, now);
	line = line_new(scrollback, kind, NULL, text, now, now);
	line->quiet = quiet;
	insert(scrollback, scrollback->count - scrollback->pending, line);
	return line;
}

const struct line *
scrollback_event(struct scrollback *scrollback, enum line_kind kind,
    const char *text, wall_ms now)
{
	assert(kind != LINE_TEXT && kind != LINE_ACTION);
	return append(scrollback, kind, false, text, now);
}

const struct line *
scrollback_answer(struct scrollback *scrollback, enum line_kind kind,
    const char *text, wall_ms now)
{
	size_t last;

	scrollback_event(scrollback, kind, text, now);
	last = scrollback->count - scrollback->pending - 1;
	scrollback->lines[last]->answer = true;
	return scrollback->lines[last];
}

void
scrollback_drop_answers(struct scrollback *scrollback)
{
	for (size_t i = scrollback->count; i-- > 0;)
		if (scrollback->lines[i]->answer)
			line_free(take_out(scrollback, i));
}

const struct line *
scrollback_coming(struct scrollback *scrollback, bool quiet, const char *text,
    wall_ms now)
{
	return append(scrollback, LINE_COMING, quiet, text, now);
}

bool
scrollback_amend(struct scrollback *scrollback, const struct line *line,
    const char *was, const char *text)
{
	size_t i = scrollback->count - scrollback->pending;

	while (i-- > 0 && scrollback->lines[i]->kind == LINE_COMING) {
		struct line *found = scrollback->lines[i];

		if (found != line || strcmp(found->text, was) != 0)
			continue;
		scrollback->bytes -= strlen(found->text);
		line_set_text(found, text, scrollback->flags);
		scrollback->bytes += strlen(found->text);
		return true;
	}
	return false;
}

const struct line *
scrollback_pending(struct scrollback *scrollback, uint64_t token,
    enum message_kind kind, const struct id *author, const char *nick,
    const char *text, wall_ms now)
{
	struct line *line;

	trim(scrollback, now);
	line =
	    line_new(scrollback, kind == KIND_ACTION ? LINE_ACTION : LINE_TEXT,
		nick, text, now, now);
	line->pending = true;
	line->token = token;
	line->self = true;
	line->author = *author;
	insert(scrollback, scrollback->count, line);
	scrollback->pending++;
	return line;
}

const struct line *
scrollback_refuse(struct scrollback *scrollback, uint64_t token,
    const char *problem, wall_ms now)
{
	const struct line *refused = NULL;
	struct line *line;
	size_t index;
	char *text;

	if (!find_pending(scrollback, token, &index))
		return NULL;
	line = take_out(scrollback, index);
	scrollback->pending--;
	if (asprintf(&text, "not sent: %s (%s)", line->text, problem) >= 0) {
		refused = scrollback_event(scrollback, LINE_ERROR, text, now);
		free(text);
	}
	line_free(line);
	return refused;
}

void
scrollback_mark(struct scrollback *scrollback)
{
	scrollback_focus(scrollback, NULL);
	scrollback->unread = NULL;
	scrollback->marked = true;
}

void
scrollback_watch(struct scrollback *scrollback)
{
	scrollback->marked = true;
}

void
scrollback_unmark(struct scrollback *scrollback)
{
	scrollback->marked = false;
}

size_t
scrollback_mark_last(struct scrollback *scrollback, size_t unread)
{
	size_t i = scrollback->count - scrollback->pending;

	while (unread > 0 && i-- > 0) {
		const struct line *line = scrollback->lines[i];

		if (!line_is_message(line) || line->self || line->ignored)
			continue;
		scrollback->unread = line;
		scrollback->marked = false;
		unread--;
	}
	return unread;
}

const struct line *
scrollback_unread(const struct scrollback *scrollback)
{
	return scrollback->unread;
}

size_t
scrollback_unread_messages(const struct scrollback *scrollback)
{
	size_t count = 0, i = scrollback->count - scrollback->pending;

	if (!scrollback->unread)
		return 0;
	while (i-- > 0) {
		count += line_is_message(scrollback->lines[i]);
		if (scrollback->lines[i] == scrollback->unread)
			break;
	}
	return count;
}

bool
scrollback_delivered(struct scrollback *scrollback, const char *msg,
    unsigned have, unsigned of, bool stable)
{
	size_t i = scrollback->count - scrollback->pending;

	while (i-- > 0) {
		struct line *line = scrollback->lines[i];

		if (!line->self || strcmp(line->msg, msg) != 0)
			continue;
		line->have = have;
		line->of = of;
		line->stable = stable;
		return true;
	}
	return false;
}

bool
scrollback_is_pending(const struct scrollback *scrollback)
{
	return scrollback->pending > 0;
}

bool
scrollback_is_silent(const struct scrollback *scrollback)
{
	size_t i = scrollback->count;

	while (i > 0 && !line_is_message(scrollback->lines[i - 1]))
		i--;
	return i == 0;
}

static const struct line *
newest_message(const struct scrollback *scrollback, bool self)
{
	size_t i = scrollback->count - scrollback->pending;

	while (i-- > 0)
		if (scrollback->lines[i]->self == self &&
		    scrollback->lines[i]->msg[0] != '\0' &&
		    !scrollback->lines[i]->deleted &&
		    !scrollback->lines[i]->ignored)
			return scrollback->lines[i];
	return NULL;
}

const struct line *
scrollback_own(const struct scrollback *scrollback)
{
	return newest_message(scrollback, true);
}

const struct line *
scrollback_other(const struct scrollback *scrollback)
{
	return newest_message(scrollback, false);
}

/* -- the history ------------------------------------------------------- */

bool
scrollback_has_older(const struct scrollback *scrollback)
{
	return scrollback->has_floor;
}

bool
scrollback_is_whole(const struct scrollback *scrollback)
{
	return scrollback->whole;
}

void
scrollback_note_lost(struct scrollback *scrollback, uint64_t lost)
{
	scrollback->lost = lost;
}

uint64_t
scrollback_lost(const struct scrollback *scrollback)
{
	return scrollback->lost;
}

const char *
scrollback_oldest(const struct scrollback *scrollback)
{
	size_t settled = scrollback->count - scrollback->pending, i;

	for (i = 0; i < settled; i++)
		if (scrollback->lines[i]->msg[0] != '\0')
			return scrollback->lines[i]->msg;
	return NULL;
}

void
scrollback_fetching(struct scrollback *scrollback, bool fetching)
{
	scrollback->fetching = fetching;
}

void
scrollback_page_begin(struct scrollback *scrollback,
    const struct dchat_message *first, bool more)
{
	scrollback->paging = true;
	scrollback->fetching = false;
	scrollback->has_floor = more && first;
	scrollback->whole = !scrollback->has_floor;
	if (scrollback->has_floor)
		scrollback->floor = dchat_message_place(first);
}

void
scrollback_page_end(struct scrollback *scrollback, wall_ms now)
{
	scrollback->paging = false;
	trim(scrollback, now);
}

void
scrollback_clear(struct scrollback *scrollback)
{
	size_t settled = scrollback->count - scrollback->pending;

	raise_floor(scrollback, settled);
	drop_lines(scrollback, 0, settled);
	scrollback_live(scrollback);
}

bool
scrollback_is_cut(const struct scrollback *scrollback)
{
	return scrollback->cut;
}

void
scrollback_reload(struct scrollback *scrollback)
{
	size_t i = scrollback->count - scrollback->pending;

	scrollback_live(scrollback);
	while (i-- > 0) {
		const struct line *line = scrollback->lines[i];

		if (line_is_message(line) || line->arrived < scrollback->cut_at)
			drop_lines(scrollback, i, 1);
	}
	scrollback->cut = scrollback->has_floor = scrollback->whole = false;
}

void
scrollback_visit(struct scrollback *scrollback)
{
	drop_lines(scrollback, 0, scrollback->count - scrollback->pending);
	scrollback_live(scrollback);
	scrollback->cut = scrollback->has_floor = scrollback->whole = false;
}

void
scrollback_cut_below(struct scrollback *scrollback, wall_ms now)
{
	scrollback->cut = true;
	scrollback->cut_at = now;
}
