#include "tui/layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>

#include "base/mem.h"
#include "tui/text.h"

/* -- rows of a text ---------------------------------------------------- */

struct wrap {
	struct layout_rows *rows;
	const char *text;
	size_t width;
	struct text_clusters clusters;
	char *breaks; /* by byte: may a row start here? */
};

static void
add_row(struct wrap *wrap, size_t start, size_t end)
{
	struct layout_rows *rows = wrap->rows;

	while (end > start && wrap->text[end - 1] == ' ')
		end--;
	MEM_GROW(rows->items, rows->count, rows->cap);
	rows->items[rows->count++] = (struct layout_row){
		.offset = start,
		.size = end - start,
		.cells = text_width(wrap->text + start, end - start),
	};
}

static bool
is_scheme_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* Where an URL starts in a word, or its end when it is none. */
static size_t
url_start(const char *text, size_t start, size_t end)
{
	const char *colon = memmem(text + start, end - start, "://", 3);
	const char *www = memmem(text + start, end - start, "www.", 4);
	size_t at;

	if (colon) {
		at = (size_t)(colon - text);
		while (at > start && is_scheme_character(text[at - 1]))
			at--;
		return at;
	}
	return www ? (size_t)(www - text) : end;
}

/* No break inside an URL; too long a one is cut like any long word. */
static void
keep_urls_whole(struct wrap *wrap, size_t size)
{
	size_t start, end;

	for (start = 0; start < size; start = end + 1) {
		size_t at;

		for (end = start; end < size; end++)
			if (wrap->text[end] == ' ' || wrap->text[end] == '\n')
				break;
		at = url_start(wrap->text, start, end);
		while (++at < end)
			wrap->breaks[at] = UC_BREAK_PROHIBITED;
	}
}

/*
 * UAX 14 breaks behind a slash and never before one, which is right for
 * "and/or"; but "/quit" is one word.
 */
static void
keep_leading_slashes(struct wrap *wrap, size_t size)
{
	bool leading = true;
	size_t i;

	for (i = 0; i + 1 < size; i++) {
		char c = wrap->text[i];

		if (c != '/' || !leading) {
			leading = c == ' ' || c == '\n';
			continue;
		}
		if (i > 0 && wrap->text[i - 1] == ' ')
			wrap->breaks[i] = UC_BREAK_POSSIBLE;
		if (wrap->breaks[i + 1] == UC_BREAK_POSSIBLE)
			wrap->breaks[i + 1] = UC_BREAK_PROHIBITED;
	}
}

static void
wrap_clusters(struct wrap *wrap, size_t size)
{
	size_t start = 0; /* of the row, in bytes */
	size_t cells = 0; /* of the row so far */
	size_t best = 0;  /* cluster that may start the next row */
	size_t i;

	for (i = 0; i < wrap->clusters.count; i++) {
		const struct text_cluster *at = &wrap->clusters.items[i];
		char c = wrap->text[at->offset];

		if (c == '\n') {
			add_row(wrap, start, at->offset);
			start = at->offset + 1;
			cells = 0;
			best = i + 1;
			continue;
		}
		if (at->offset > start &&
		    wrap->breaks[at->offset] == UC_BREAK_POSSIBLE)
			best = i;
		if (c != ' ' && cells > 0 && cells + at->cells > wrap->width) {
			if (wrap->clusters.items[best].offset <= start)
				best = i;
			i = best;
			add_row(wrap, start, wrap->clusters.items[i].offset);
			start = wrap->clusters.items[i].offset;
			cells = 0;
		}
		cells += wrap->clusters.items[i].cells;
	}
	add_row(wrap, start, size);
}

void
layout_breaks(const char *text, size_t size, char *breaks)
{
	struct wrap wrap = { .text = text, .breaks = breaks };

	u8_possible_linebreaks((const uint8_t *)text, size, "UTF-8", breaks);
	keep_urls_whole(&wrap, size);
	keep_leading_slashes(&wrap, size);
}

void
layout_wrap(struct layout_rows *rows, const char *text, size_t size,
    size_t width)
{
	struct wrap wrap = { .rows = rows, .text = text, .width = width };

	assert(width > 0);
	rows->count = 0;
	if (!memchr(text, '\n', size) && text_width(text, size) <= width) {
		add_row(&wrap, 0, size);
		return;
	}
	wrap.breaks = mem_alloc(size);
	layout_breaks(text, size, wrap.breaks);
	text_clusters_split(&wrap.clusters, text, size);
	wrap_clusters(&wrap, size);
	text_clusters_free(&wrap.clusters);
	free(wrap.breaks);
}

void
layout_rows_free(struct layout_rows *rows)
{
	free(rows->items);
	*rows = (struct layout_rows){ 0 };
}

/* -- panes of a terminal ----------------------------------------------- */

enum {
	ROOMS_FROM_COLS = 56, /* leaves the chat forty */
	MEMBERS_FROM_COLS = 72,
	TITLE_FROM_ROWS = 8,
	CHAT_BEFORE_STATUS = 3,
};

static int
side_cols(int cols)
{
	return cols >= 160 ? 24 : cols >= 100 ? 18 : 14;
}

static int
at_most(int value, int most)
{
	return value < most ? value : most;
}

static int
at_least(int value, int least)
{
	return value > least ? value : least;
}

void
layout_panes(struct layout_panes *panes, int rows, int cols, int input_rows,
    bool members)
{
	int side = side_cols(cols), left = 0, right = cols;
	int title, input, status, body;

	*panes = (struct layout_panes){ 0 };
	if (rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS) {
		panes->too_small = true;
		return;
	}
	input = at_least(at_most(input_rows, at_least(rows / 3, 2)), 1);
	title = rows >= TITLE_FROM_ROWS;
	status = rows - title - input - 1 >= CHAT_BEFORE_STATUS;
	body = rows - input - status;

	panes->input = (struct layout_rect){ rows - input, 0, input, cols };
	if (status)
		panes->status = (struct layout_rect){ body, 0, 1, cols };
	if (cols >= ROOMS_FROM_COLS) {
		panes->rooms =
		    (struct layout_rect){ title, 0, body - title, side };
		panes->rooms_bar = (struct layout_rect){ 0, side, body, 1 };
		left = side + 1;
		if (title)
			panes->rooms_title =
			    (struct layout_rect){ 0, 0, 1, side };
	}
	if (members && cols >= MEMBERS_FROM_COLS) {
		right = cols - side - 1;
		panes->members_bar = (struct layout_rect){ 0, right, body, 1 };
		panes->members = (struct layout_rect){ title, right + 1,
			body - title, side };
		if (title)
			panes->members_title =
			    (struct layout_rect){ 0, right + 1, 1, side };
	}
	panes->chat =
	    (struct layout_rect){ title, left, body - title, right - left };
	if (title)
		panes->title = (struct layout_rect){ 0, left, 1, right - left };
}

/* -- columns of the chat ----------------------------------------------- */

enum {
	TIME_FROM_COLS = 40,
	MARK_FROM_COLS = 43,
};

void
layout_columns(struct layout_columns *columns, int cols, int time_cells,
    int nick_cells, int mark_cells)
{
	int nick = at_most(nick_cells, cols / 4);

	columns->time = 0;
	if (time_cells > 0 && cols >= TIME_FROM_COLS)
		columns->time = time_cells + 1;
	columns->mark = 0;
	if (cols >= MARK_FROM_COLS)
		columns->mark = at_most(mark_cells, cols / 12) + 1;
	columns->nick = at_least(nick, 3) + 1;
	columns->text = cols - columns->time - columns->nick - columns->mark;
}
