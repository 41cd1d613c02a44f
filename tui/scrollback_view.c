/* What of a scrollback is on the screen. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "tui/scrollback_lines.h"

/* A row of the view, counted from the end of its line upwards. */
struct place {
	size_t index, above_end;
};

enum { HEADS = 4 };

/* One more is the first line. */
#define NOWHERE SIZE_MAX

/* -- hidden lines take no rows ----------------------------------------- */

static size_t
shown_above(const struct scrollback *scrollback, size_t index)
{
	while (index-- > 0)
		if (scrollback_shows(scrollback, scrollback->lines[index]))
			return index;
	return NOWHERE;
}

static size_t
shown_below(const struct scrollback *scrollback, size_t index)
{
	while (++index < scrollback->count)
		if (scrollback_shows(scrollback, scrollback->lines[index]))
			return index;
	return NOWHERE;
}

static size_t
shown_last(const struct scrollback *scrollback)
{
	return shown_above(scrollback, scrollback->count);
}

/* The line itself, or else its neighbour; some line must be shown. */
static size_t
shown_near(const struct scrollback *scrollback, size_t index)
{
	size_t above;

	if (scrollback_shows(scrollback, scrollback->lines[index]))
		return index;
	above = shown_above(scrollback, index);
	return above != NOWHERE ? above
					: shown_below(scrollback, index);
}

static bool
is_empty(const struct scrollback *scrollback)
{
	return shown_last(scrollback) == NOWHERE;
}

/* -- rows of a line ---------------------------------------------------- */

/* What stands above a line, from below; returns how much it is.  What
 * belongs to the hidden lines above it stands here too. */
static size_t
find_heads(const struct scrollback *scrollback, size_t index,
    enum scrollback_row_kind heads[HEADS])
{
	size_t from = shown_above(scrollback, index) + 1, count = 0, i;
	bool unread = false, gap = false;

	for (i = from; i <= index; i++) {
		unread |= scrollback->lines[i] == scrollback->unread;
		gap |= scrollback->lines[i]->gap;
	}
	if (unread)
		heads[count++] = ROW_UNREAD;
	if (gap)
		heads[count++] = ROW_GAP;
	if (from == 0 ||
	    scrollback->lines[index]->day != scrollback->lines[from - 1]->day)
		heads[count++] = ROW_DAY;
	if (from == 0 && scrollback->fetching)
		heads[count++] = ROW_FETCHING;
	else if (from == 0 && scrollback->whole)
		heads[count++] = ROW_BEGIN;
	return count;
}

static const struct layout_rows *
wrap(struct scrollback *scrollback, struct line *line, size_t width)
{
	/* a rule is one row, from border to border */
	layout_wrap(&scrollback->rows, line->text, strlen(line->text),
	    line->kind == LINE_MERGED ? SCROLLBACK_BYTES : width);
	line->wrap_width = (unsigned)width;
	line->wrap_rows = (unsigned)scrollback->rows.count;
	return &scrollback->rows;
}

/* All rows of a line: day, unread, text. */
static size_t
line_rows(struct scrollback *scrollback, size_t index, size_t width)
{
	struct line *line = scrollback->lines[index];
	enum scrollback_row_kind heads[HEADS];

	if (line->wrap_width != width)
		wrap(scrollback, line, width);
	return find_heads(scrollback, index, heads) + line->wrap_rows;
}

static struct place
place_now(struct scrollback *scrollback, size_t width)
{
	struct place place = { .index = shown_last(scrollback) };
	size_t rows, anchor;

	if (!scrollback->anchor)
		return place;
	anchor = scrollback_index(scrollback, scrollback->anchor);
	place.index = shown_near(scrollback, anchor);
	if (place.index != anchor)
		return place;
	rows = line_rows(scrollback, place.index, width);
	place.above_end =
	    scrollback->above_end < rows ? scrollback->above_end : rows - 1;
	return place;
}

static void
come_alive(struct scrollback *scrollback)
{
	scrollback->anchor = NULL;
	scrollback->above_end = 0;
	scrollback->fresh = 0;
}

static void
place_set(struct scrollback *scrollback, struct place place)
{
	size_t below = scrollback->count - 1 - place.index;

	if (place.index == shown_last(scrollback) && place.above_end == 0 &&
	    !scrollback->cut) {
		come_alive(scrollback);
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
		size_t next = shown_above(scrollback, place.index);

		if (rows <= here || next == NOWHERE) {
			place.above_end += rows < here ? rows : here;
			return place;
		}
		rows -= here + 1;
		place.index = next;
		place.above_end = 0;
	}
}

static struct place
place_down(struct scrollback *scrollback, size_t width, struct place place,
    size_t rows)
{
	for (;;) {
		size_t next = shown_below(scrollback, place.index);

		if (rows <= place.above_end) {
			place.above_end -= rows;
			return place;
		}
		if (next == NOWHERE) {
			place.above_end = 0;
			return place;
		}
		rows -= place.above_end + 1;
		place.index = next;
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

	while (rows < enough) {
		place.index = shown_above(scrollback, place.index);
		if (place.index == NOWHERE)
			break;
		rows += line_rows(scrollback, place.index, width);
	}
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

	if (is_empty(scrollback))
		return;
	place = place_now(scrollback, width);
	if (rows < 0)
		place = place_up(scrollback, width, place, (size_t)-rows);
	else
		place = place_down(scrollback, width, place, (size_t)rows);
	place_set(scrollback, place_fill(scrollback, width, height, place));
}

bool
scrollback_wants_older(struct scrollback *scrollback, size_t width,
    size_t height)
{
	size_t near = 2 * height;

	if (!scrollback->has_floor || scrollback->fetching)
		return false;
	return is_empty(scrollback) ||
	    rows_above(scrollback, width, place_now(scrollback, width), near) <
	    near;
}

void
scrollback_live(struct scrollback *scrollback)
{
	come_alive(scrollback);
	scrollback_focus(scrollback, NULL);
}

bool
scrollback_is_live(const struct scrollback *scrollback)
{
	return !scrollback->anchor;
}

const struct line *
scrollback_bottom(const struct scrollback *scrollback)
{
	return scrollback->anchor;
}

size_t
scrollback_new_lines(const struct scrollback *scrollback)
{
	return scrollback->anchor ? scrollback->fresh : 0;
}

/* -- being led somewhere ----------------------------------------------- */

void
scrollback_show(struct scrollback *scrollback, size_t width, size_t height,
    const struct line *line, size_t above)
{
	struct place place = { .index = scrollback_index(scrollback, line) };

	if (!scrollback_shows(scrollback, line))
		return;
	place.above_end = line_rows(scrollback, place.index, width) - 1;
	if (above + 1 < height)
		place = place_down(scrollback, width, place,
		    height - 1 - above);
	place_set(scrollback, place_fill(scrollback, width, height, place));
}

void
scrollback_focus(struct scrollback *scrollback, const struct line *line)
{
	const struct line *before = scrollback->focus;

	scrollback->focus = line;
	if (before != line)
		scrollback_compose_focus(scrollback, before);
	scrollback_compose_focus(scrollback, line);
}

const struct line *
scrollback_focused(const struct scrollback *scrollback)
{
	return scrollback->focus;
}

/* Nothing below what is in view is looked at first. */
static const struct line *
nearest(const struct scrollback *scrollback, bool above,
    bool (*wanted)(const struct line *line))
{
	const struct line *from = scrollback->focus ? scrollback->focus
						    : scrollback->anchor;
	size_t i = scrollback->count;

	if (from)
		i = scrollback_index(scrollback, from) +
		    (above && !scrollback->focus);
	while (above ? i-- > 0 : ++i < scrollback->count) {
		const struct line *line = scrollback->lines[i];

		if (wanted(line) && scrollback_shows(scrollback, line))
			return line;
	}
	return NULL;
}

static bool
has_mention(const struct line *line)
{
	return line->mention;
}

static bool
has_name(const struct line *line)
{
	return line->msg[0] != '\0';
}

const struct line *
scrollback_mention(const struct scrollback *scrollback, bool above)
{
	return nearest(scrollback, above, has_mention);
}

const struct line *
scrollback_message_near(const struct scrollback *scrollback, bool above)
{
	return nearest(scrollback, above, has_name);
}

void
scrollback_reveal(struct scrollback *scrollback, size_t width, size_t height,
    const struct line *line)
{
	struct scrollback_row *rows = mem_zero(height, sizeof *rows);
	size_t count = scrollback_rows(scrollback, width, height, rows);
	size_t whole = 0, i;

	for (i = 0; i < count; i++)
		whole += rows[i].kind == ROW_LINE && rows[i].line == line;
	if (whole < line->wrap_rows || whole == 0)
		scrollback_show(scrollback, width, height, line, height / 3);
	free(rows);
}

/* -- what is in view --------------------------------------------------- */

/* The row of a line that is so many rows above its last one. */
static struct scrollback_row
make_row(struct scrollback *scrollback, size_t index, size_t above_end)
{
	const struct layout_rows *wrapped = &scrollback->rows;
	struct scrollback_row row = { .line = scrollback->lines[index],
		.focused = scrollback->lines[index] == scrollback->focus };
	enum scrollback_row_kind heads[HEADS];
	size_t part;

	if (above_end < wrapped->count) {
		part = wrapped->count - 1 - above_end;
		row.kind = ROW_LINE;
		row.part = part;
		row.offset = wrapped->items[part].offset;
		row.size = wrapped->items[part].size;
		row.cells = wrapped->items[part].cells;
	} else {
		find_heads(scrollback, index, heads);
		row.kind = heads[above_end - wrapped->count];
	}
	return row;
}

size_t
scrollback_rows(struct scrollback *scrollback, size_t width, size_t height,
    struct scrollback_row rows[])
{
	struct place place;
	size_t total, left;

	if (is_empty(scrollback) || height == 0)
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
			place.index = shown_above(scrollback, place.index);
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
