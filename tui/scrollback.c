#include "tui/scrollback.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "tui/layout.h"
#include "tui/text.h"

/* Where a full scrollback is trimmed to: often enough to stay bounded, but
 * not for every line of a flood. */
enum {
	TRIM_LINES = SCROLLBACK_LINES - SCROLLBACK_LINES / 16,
	TRIM_BYTES = SCROLLBACK_BYTES - SCROLLBACK_BYTES / 16,
};

struct scrollback {
	struct line **lines;
	size_t count, cap;
	size_t pending; /* of them, at the end */
	size_t bytes;   /* of their texts */
	bool trimmed;   /* something older was here once */
	unsigned flags;

	const struct line *unread; /* the first unread one, or NULL */
	bool marked;               /* the next message will be it */

	/* The last row in view: of the line anchor (NULL: live, the very
	 * last), so many rows above the last row of that line. */
	const struct line *anchor;
	size_t above_end;
	size_t fresh; /* lines that came below since then */

	struct layout_rows rows; /* to wrap into */
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

static size_t
index_of(const struct scrollback *scrollback, const struct line *line)
{
	size_t i = scrollback->count;

	do {
		assert(i > 0);
		i--;
	} while (scrollback->lines[i] != line);
	return i;
}

/* How many of the oldest must go; pending lines stay in any case. */
static size_t
trim_count(const struct scrollback *scrollback)
{
	size_t settled = scrollback->count - scrollback->pending;
	size_t bytes = scrollback->bytes, drop = 0;

	if (scrollback->count < SCROLLBACK_LINES && bytes < SCROLLBACK_BYTES)
		return 0;
	while (drop < settled &&
	    (scrollback->count - drop > TRIM_LINES || bytes > TRIM_BYTES))
		bytes -= strlen(scrollback->lines[drop++]->text);
	return drop;
}

/* Before a line comes, so that it is never the one to go. */
static void
trim(struct scrollback *scrollback)
{
	size_t drop = trim_count(scrollback), i;
	const struct line *next;

	if (drop == 0)
		return;
	next = drop < scrollback->count ? scrollback->lines[drop] : NULL;
	for (i = 0; i < drop; i++) {
		struct line *line = scrollback->lines[i];

		if (scrollback->unread == line)
			scrollback->unread = next;
		if (scrollback->anchor == line) {
			scrollback->anchor = next;
			scrollback->above_end = 0;
		}
		scrollback->bytes -= strlen(line->text);
		line_free(line);
	}
	scrollback->count -= drop;
	memmove(scrollback->lines, scrollback->lines + drop,
	    scrollback->count * sizeof(struct line *));
	scrollback->trimmed = true;
}

static bool
is_below_view(const struct scrollback *scrollback, size_t index)
{
	return scrollback->anchor &&
	    index > index_of(scrollback, scrollback->anchor);
}

static void
insert(struct scrollback *scrollback, size_t index, struct line *line)
{
	if (is_below_view(scrollback, index))
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

static bool
is_message(const struct line *line)
{
	return line->kind == LINE_TEXT || line->kind == LINE_ACTION;
}

static int
compare_place(const struct dchat_message *message, const struct line *line)
{
	int order;

	if (message->hlc != line->hlc)
		return message->hlc < line->hlc ? -1 : 1;
	order = id_compare(&message->author, &line->author);
	if (order != 0)
		return order;
	if (message->seq != line->seq)
		return message->seq < line->seq ? -1 : 1;
	if (message->index != line->index)
		return message->index < line->index ? -1 : 1;
	return 0;
}

/*
 * Where the message belongs: before the first message that is greater,
 * behind whatever else stands at the end.  Most come at the end, so it is
 * looked for from there.  False: there already, or long gone.
 */
static bool
find_place(const struct scrollback *scrollback,
    const struct dchat_message *message, size_t *place)
{
	size_t i = scrollback->count - scrollback->pending;

	*place = i;
	while (i-- > 0) {
		int order;

		if (!is_message(scrollback->lines[i]))
			continue;
		order = compare_place(message, scrollback->lines[i]);
		if (order == 0)
			return false;
		if (order > 0)
			return true;
		*place = i;
	}
	return !scrollback->trimmed;
}

const struct line *
scrollback_message(struct scrollback *scrollback,
    const struct dchat_message *message, bool self, bool mention, wall_ms now)
{
	size_t place, settled, index;
	struct line *line;

	if (message->token != 0 &&
	    find_pending(scrollback, message->token, &index)) {
		line_free(take_out(scrollback, index));
		scrollback->pending--;
	}
	trim(scrollback);
	if (!find_place(scrollback, message, &place))
		return NULL;
	line = line_new(scrollback,
	    message->kind == KIND_ACTION ? LINE_ACTION : LINE_TEXT,
	    message->nick, message->text, message->time, now);
	snprintf(line->msg, sizeof line->msg, "%s", message->msg);
	line->author = message->author;
	line->self = self;
	line->mention = mention;
	line->gap = message->gap;
	line->hlc = message->hlc;
	line->seq = message->seq;
	line->index = message->index;
	settled = scrollback->count - scrollback->pending;
	line->late = message->late || (message->live && place < settled);
	insert(scrollback, place, line);
	if (scrollback->marked && place == settled && !self) {
		scrollback->unread = line;
		scrollback->marked = false;
	}
	return line;
}

const struct line *
scrollback_event(struct scrollback *scrollback, enum line_kind kind,
    const char *text, wall_ms now)
{
	struct line *line;

	assert(kind != LINE_TEXT && kind != LINE_ACTION);
	trim(scrollback);
	line = line_new(scrollback, kind, NULL, text, now, now);
	insert(scrollback, scrollback->count - scrollback->pending, line);
	return line;
}

bool
scrollback_amend(struct scrollback *scrollback, const struct line *line,
    const char *was, const char *text)
{
	size_t settled = scrollback->count - scrollback->pending;
	struct line *last;

	if (settled == 0)
		return false;
	last = scrollback->lines[settled - 1];
	if (last != line || strcmp(last->text, was) != 0)
		return false;
	scrollback->bytes -= strlen(last->text);
	line_set_text(last, text, scrollback->flags);
	scrollback->bytes += strlen(last->text);
	return true;
}

const struct line *
scrollback_pending(struct scrollback *scrollback, uint64_t token,
    enum message_kind kind, const struct id *author, const char *nick,
    const char *text, wall_ms now)
{
	struct line *line;

	trim(scrollback);
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

bool
scrollback_refuse(struct scrollback *scrollback, uint64_t token,
    const char *problem, wall_ms now)
{
	struct line *line;
	size_t index;
	char *text;

	if (!find_pending(scrollback, token, &index))
		return false;
	line = take_out(scrollback, index);
	scrollback->pending--;
	if (asprintf(&text, "not sent: %s (%s)", line->text, problem) >= 0) {
		scrollback_event(scrollback, LINE_ERROR, text, now);
		free(text);
	}
	line_free(line);
	return true;
}

void
scrollback_mark(struct scrollback *scrollback)
{
	scrollback->unread = NULL;
	scrollback->marked = true;
}

void
scrollback_unmark(struct scrollback *scrollback)
{
	scrollback->marked = false;
}

/* -- the view ---------------------------------------------------------- */

/* A row of the view, counted from the end of its line upwards. */
struct place {
	size_t index, above_end;
};

static bool
has_day_row(const struct scrollback *scrollback, size_t index)
{
	return index == 0 ||
	    scrollback->lines[index]->day != scrollback->lines[index - 1]->day;
}

static size_t
head_rows(const struct scrollback *scrollback, size_t index)
{
	return (size_t)has_day_row(scrollback, index) +
	    (scrollback->lines[index] == scrollback->unread);
}

static const struct layout_rows *
wrap(struct scrollback *scrollback, struct line *line, size_t width)
{
	layout_wrap(&scrollback->rows, line->text, strlen(line->text), width);
	line->wrap_width = (unsigned)width;
	line->wrap_rows = (unsigned)scrollback->rows.count;
	return &scrollback->rows;
}

/* All rows of a line: day, unread, text. */
static size_t
line_rows(struct scrollback *scrollback, size_t index, size_t width)
{
	struct line *line = scrollback->lines[index];

	if (line->wrap_width != width)
		wrap(scrollback, line, width);
	return head_rows(scrollback, index) + line->wrap_rows;
}

static struct place
place_now(struct scrollback *scrollback, size_t width)
{
	struct place place = { .index = scrollback->count - 1 };
	size_t rows;

	if (!scrollback->anchor)
		return place;
	place.index = index_of(scrollback, scrollback->anchor);
	rows = line_rows(scrollback, place.index, width);
	place.above_end =
	    scrollback->above_end < rows ? scrollback->above_end : rows - 1;
	return place;
}

static void
place_set(struct scrollback *scrollback, struct place place)
{
	size_t below = scrollback->count - 1 - place.index;

	if (below == 0 && place.above_end == 0) {
		scrollback_live(scrollback);
		return;
	}
	if (!scrollback->anchor)
		scrollback->fresh = 0;
	else if (scrollback->fresh > below)
		scrollback->fresh = below;
	scrollback->anchor = scrollback->lines[place.index];
	scrollback->above_end = place.above_end;
}

static struct place
place_up(struct scrollback *scrollback, size_t width, struct place place,
    size_t rows)
{
	for (;;) {
		size_t here = line_rows(scrollback, place.index, width) - 1 -
		    place.above_end;

		if (rows <= here || place.index == 0) {
			place.above_end += rows < here ? rows : here;
			return place;
		}
		rows -= here + 1;
		place.index--;
		place.above_end = 0;
	}
}

static struct place
place_down(struct scrollback *scrollback, size_t width, struct place place,
    size_t rows)
{
	for (;;) {
		if (rows <= place.above_end) {
			place.above_end -= rows;
			return place;
		}
		if (place.index + 1 == scrollback->count) {
			place.above_end = 0;
			return place;
		}
		rows -= place.above_end + 1;
		place.index++;
		place.above_end = line_rows(scrollback, place.index, width) - 1;
	}
}

/* Rows from the top down to this place, but not more than enough. */
static size_t
rows_above(struct scrollback *scrollback, size_t width, struct place place,
    size_t enough)
{
	size_t rows =
	    line_rows(scrollback, place.index, width) - place.above_end;

	while (rows < enough && place.index > 0)
		rows += line_rows(scrollback, --place.index, width);
	return rows < enough ? rows : enough;
}

/* No empty rows above the oldest line while there are lines below. */
static struct place
place_fill(struct scrollback *scrollback, size_t width, size_t height,
    struct place place)
{
	size_t rows = rows_above(scrollback, width, place, height);

	return place_down(scrollback, width, place, height - rows);
}

void
scrollback_scroll(struct scrollback *scrollback, size_t width, size_t height,
    long rows)
{
	struct place place;

	if (scrollback->count == 0)
		return;
	place = place_now(scrollback, width);
	if (rows < 0)
		place = place_up(scrollback, width, place, (size_t)-rows);
	else
		place = place_down(scrollback, width, place, (size_t)rows);
	place_set(scrollback, place_fill(scrollback, width, height, place));
}

void
scrollback_live(struct scrollback *scrollback)
{
	scrollback->anchor = NULL;
	scrollback->above_end = 0;
	scrollback->fresh = 0;
}

bool
scrollback_is_live(const struct scrollback *scrollback)
{
	return !scrollback->anchor;
}

size_t
scrollback_new_lines(const struct scrollback *scrollback)
{
	return scrollback->anchor ? scrollback->fresh : 0;
}

/* The row of a line that is so many rows above its last one. */
static struct scrollback_row
make_row(struct scrollback *scrollback, size_t index, size_t above_end)
{
	const struct layout_rows *wrapped = &scrollback->rows;
	struct scrollback_row row = { .line = scrollback->lines[index] };
	size_t part;

	if (above_end < wrapped->count) {
		part = wrapped->count - 1 - above_end;
		row.kind = ROW_LINE;
		row.part = part;
		row.offset = wrapped->items[part].offset;
		row.size = wrapped->items[part].size;
		row.cells = wrapped->items[part].cells;
	} else if (above_end == wrapped->count &&
	    row.line == scrollback->unread) {
		row.kind = ROW_UNREAD;
	} else {
		row.kind = ROW_DAY;
	}
	return row;
}

size_t
scrollback_rows(struct scrollback *scrollback, size_t width, size_t height,
    struct scrollback_row rows[])
{
	struct place place;
	size_t total, left;

	if (scrollback->count == 0 || height == 0)
		return 0;
	place = place_now(scrollback, width);
	if (scrollback->anchor) {
		place = place_fill(scrollback, width, height, place);
		place_set(scrollback, place);
	}
	total = left = rows_above(scrollback, width, place, height);
	while (left > 0) {
		size_t all = line_rows(scrollback, place.index, width);

		wrap(scrollback, scrollback->lines[place.index], width);
		while (left > 0 && place.above_end < all)
			rows[--left] = make_row(scrollback, place.index,
			    place.above_end++);
		if (left > 0) {
			place.index--;
			place.above_end = 0;
		}
	}
	return total;
}

void
scrollback_day_text(const struct line *line, char text[static 64])
{
	time_t seconds = (time_t)(line->time / 1000);
	struct tm tm;

	text[0] = '\0';
	if (localtime_r(&seconds, &tm) &&
	    strftime(text, 64, "%A %-d %B %Y", &tm) == 0)
		text[0] = '\0';
}
