/*
 * The input line: the room, what readline asks, the text and the cursor.
 * A long line goes on in the next row, and so does one with newlines in
 * it; the row with the cursor is always to be seen.  Near the bound of a
 * message its length stands at the right.
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "tui/command.h"
#include "tui/text.h"
#include "tui/view.h"

enum {
	PROMPT_FROM_COLUMNS = 40,
	PROMPT_NAME = 20,                 /* cells of the room's name in it */
	LENGTH_FROM = LIMIT_TEXT * 4 / 5, /* bytes; then it is shown */
	LENGTH_FROM_COLUMNS = 40,
};

/* Where in the input's rows the walk is. */
struct place {
	int row, column;
};

struct walk {
	struct scene *scene;
	const struct layout_rect *at;	/* NULL: only measured */
	int first;			/* row of the text at its top */
	int indent, columns;
	struct place here, cursor;
};

static void
prompt_text(const struct scene *scene, int columns, char prompt[static 512])
{
	const struct window *window = windows_current(scene->windows);
	struct bytes name;

	if (columns < PROMPT_FROM_COLUMNS) {
		snprintf(prompt, 512, "> ");
		return;
	}
	bytes_init(&name);
	text_cut(&name, window->name, strlen(window->name), PROMPT_NAME,
	    scene->theme->ascii ? TEXT_ASCII : 0);
	snprintf(prompt, 512, "[%.*s] > ", (int)name.size, name.data);
	bytes_free(&name);
}

static void
walk_break(struct walk *walk)
{
	walk->here.row++;
	walk->here.column = walk->indent;
}

static void
walk_cluster(struct walk *walk, const char *bytes, size_t size, int cells)
{
	struct pen pen;
	int row;

	if (walk->here.column + cells > walk->columns)
		walk_break(walk);
	row = walk->here.row - walk->first;
	if (walk->at != NULL && row >= 0 && row < walk->at->rows) {
		pen = pen_at(walk->scene->screen, walk->at->row + row,
		    walk->at->col + walk->here.column, cells);
		pen_bytes(&pen,
		    walk->scene->mode == LINE_PASTE ? STYLE_BUSY : STYLE_PLAIN,
		    bytes, size);
	}
	walk->here.column += cells;
}

static void
walk_cursor(struct walk *walk)
{
	/* it needs a cell of its own */
	if (walk->here.column >= walk->columns)
		walk_break(walk);
	walk->cursor = walk->here;
}

static bool
is_plain(char c)
{
	return c >= ' ' && c <= '~';
}

static void
walk_text(struct walk *walk, const char *text, size_t point)
{
	size_t size = strlen(text), at = 0, next;
	struct bytes clean;

	bytes_init(&clean);
	for (; at < size; at = next) {
		/* most are one byte, and that is quickly seen */
		bool plain = is_plain(text[at]) &&
		    (at + 1 == size || is_plain(text[at + 1]));

		next = plain ? at + 1 : text_next(text, size, at);
		if (point >= at && point < next)
			walk_cursor(walk);
		if (text[at] == '\n') {
			walk_break(walk);
			continue;
		}
		bytes_clear(&clean);
		if (!plain)
			text_clean(&clean, text + at, next - at, 0);
		walk_cluster(walk, text + at, next - at,
		    plain ? 1
			  : (int)text_width((const char *)clean.data,
				clean.size));
	}
	if (point >= size)
		walk_cursor(walk);
	bytes_free(&clean);
}

/* Paints the row of the prompt, or measures it only. */
static void
walk_prompt(struct walk *walk, const char *prompt)
{
	struct pen pen;
	int width = (int)text_width(prompt, strlen(prompt));

	if (walk->at != NULL && walk->first == 0) {
		pen = pen_at(walk->scene->screen, walk->at->row, walk->at->col,
		    walk->columns);
		pen_text(&pen, STYLE_PROMPT, prompt);
		pen_text(&pen, STYLE_BUSY, walk->scene->question);
	}
	walk->indent = width < walk->columns / 2 ? width : 0;
	walk->here.column = width +
	    (int)text_width(walk->scene->question,
		strlen(walk->scene->question));
	if (walk->here.column >= walk->columns)
		walk_break(walk);
}

/* Bytes of what would be said, once it comes near the bound; else 0. */
static size_t
said_size(const struct scene *scene)
{
	struct command command;
	size_t size = 0;

	if (strlen(scene->text) < LENGTH_FROM || scene->mode != LINE_PLAIN)
		return 0;
	command_parse(&command, scene->text);
	if (command.text != NULL)
		size = strlen(command.text);
	command_free(&command);
	return size >= LENGTH_FROM ? size : 0;
}

static int
length_text(const struct scene *scene, int columns, char text[static 32])
{
	size_t size = columns >= LENGTH_FROM_COLUMNS ? said_size(scene) : 0;

	text[0] = '\0';
	return size > 0 ? snprintf(text, 32, " %zu/%d", size, LIMIT_TEXT) : 0;
}

static void
paint_length(struct scene *scene, const struct layout_rect *at)
{
	char text[32];
	int cells = length_text(scene, at->cols, text);
	bool over = said_size(scene) > LIMIT_TEXT;
	struct pen pen =
	    pen_at(scene->screen, at->row, at->col + at->cols - cells, cells);

	pen_text(&pen, over ? STYLE_BAD : STYLE_DIM, text);
	if (over) {
		/* not by colour alone */
		pen = pen_at(scene->screen, at->row, at->col + at->cols - cells,
		    1);
		pen_text(&pen, STYLE_BAD, "!");
	}
}

static struct walk
walk_input(struct scene *scene, const struct layout_rect *at, int columns,
    int first)
{
	char prompt[512], length[32];
	struct walk walk = { .scene = scene,
		.at = at,
		.first = first,
		.columns = columns - length_text(scene, columns + 1, length) };

	prompt_text(scene, columns, prompt);
	walk_prompt(&walk, prompt);
	walk_text(&walk, scene->text, scene->point);
	return walk;
}

int
view_input_rows(struct scene *scene, int columns)
{
	struct walk walk = walk_input(scene, NULL, columns, 0);

	return walk.here.row + 1;
}

void
view_input(struct scene *scene, const struct layout_rect *at)
{
	struct walk walk = walk_input(scene, NULL, at->cols - 1, 0);
	int first = walk.cursor.row >= at->rows
	    ? walk.cursor.row - at->rows + 1
	    : 0;

	walk_input(scene, at, at->cols - 1, first);
	paint_length(scene, at);
	scene->cursor_row = at->row + walk.cursor.row - first;
	scene->cursor_column = at->col + walk.cursor.column;
}
