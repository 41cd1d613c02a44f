/* The help: every key and every command, from the tables themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/command.h"
#include "tui/keymap.h"
#include "tui/text.h"
#include "tui/view.h"

enum {
	LABEL_MOST = 24,	/* cells of the left column */
	LABEL_TEXT = 64,
};

/* One row: a heading, or a label and (part of) what it means. */
struct help_row {
	bool heading;
	char label[LABEL_TEXT];
	const char *text;
	size_t size;
};

struct help {
	struct help_row *items;
	size_t count, cap;
	int label_cells, text_cells;
	struct layout_rows wrapped;
};

static struct help_row *
help_add(struct help *help)
{
	MEM_GROW(help->items, help->count, help->cap);
	help->items[help->count] = (struct help_row){ .text = "" };
	return &help->items[help->count++];
}

static void
help_heading(struct help *help, const char *text)
{
	struct help_row *row;

	if (help->count > 0)
		help_add(help);
	row = help_add(help);
	row->heading = true;
	row->text = text;
	row->size = strlen(text);
}

static void
help_entry(struct help *help, const char *label, const char *text)
{
	layout_wrap(&help->wrapped, text, strlen(text),
	    (size_t)help->text_cells);
	for (size_t i = 0; i < help->wrapped.count; i++) {
		const struct layout_row *part = &help->wrapped.items[i];
		struct help_row *row = help_add(help);

		if (i == 0)
			snprintf(row->label, sizeof row->label, "%s", label);
		row->text = text + part->offset;
		row->size = part->size;
	}
}

static void
command_label(const struct command_spec *spec, char label[static LABEL_TEXT])
{
	snprintf(label, LABEL_TEXT, "/%s%s%s", spec->name,
	    spec->arguments[0] != '\0' ? " " : "", spec->arguments);
}

static void
help_make(struct help *help, int cells)
{
	char label[LABEL_TEXT];

	*help = (struct help){ .label_cells = cells / 3 };
	if (help->label_cells > LABEL_MOST)
		help->label_cells = LABEL_MOST;
	help->text_cells = cells - help->label_cells - 1;
	if (help->text_cells < 1)
		help->text_cells = 1;
	help_heading(help, "Keys");
	for (size_t i = 0; i < keymap_count; i++) {
		keymap_label(&keymap_table[i], label);
		help_entry(help, label, keymap_table[i].help);
	}
	help_heading(help, "Commands (unique beginnings will do)");
	for (size_t i = 0; i < command_count; i++) {
		command_label(&command_table[i], label);
		help_entry(help, label, command_table[i].help);
	}
	help_entry(help, "//TEXT", "Say /TEXT.");
	help_heading(help, "Editing");
	help_entry(help, "all other keys",
	    "GNU readline's: Emacs keys, or what your ~/.inputrc says.");
}

static void
help_free(struct help *help)
{
	free(help->items);
	layout_rows_free(&help->wrapped);
}

/* Inside its border; two blanks at the left. */
static int
help_cells(const struct scene *scene)
{
	int cells = scene_help_rect(scene).cols - 4;

	return cells > 1 ? cells : 1;
}

size_t
view_help_rows(const struct scene *scene)
{
	struct help help;
	size_t count;

	help_make(&help, help_cells(scene));
	count = help.count;
	help_free(&help);
	return count;
}

size_t
view_help_height(const struct scene *scene)
{
	int rows = scene_help_rect(scene).rows - 2;

	return rows > 1 ? (size_t)rows : 1;
}

static void
paint_box(struct scene *scene, const struct layout_rect *at)
{
	const struct marks *marks = &scene->theme->marks;
	int bottom = at->row + at->rows - 1, right = at->col + at->cols - 1;
	struct pen pen;

	for (int row = at->row; row <= bottom; row += at->rows - 1) {
		pen = pen_at(scene->screen, row, at->col, at->cols);
		pen_fill(&pen, STYLE_BORDER,
		    row == at->row ? marks->top_left : marks->bottom_left, 1);
		pen_fill(&pen, STYLE_BORDER, marks->horizontal,
		    pen_left(&pen) - 1);
		pen_fill(&pen, STYLE_BORDER,
		    row == at->row ? marks->top_right : marks->bottom_right,
		    1);
		if (at->rows < 2)
			return;
	}
	for (int row = at->row + 1; row < bottom; row++) {
		pen = pen_at(scene->screen, row, at->col, 1);
		pen_fill(&pen, STYLE_BORDER, marks->vertical, 1);
		pen = pen_at(scene->screen, row, right, 1);
		pen_fill(&pen, STYLE_BORDER, marks->vertical, 1);
	}
	pen = pen_at(scene->screen, at->row, at->col + 1, at->cols - 2);
	pen_text(&pen, STYLE_TITLE, " help ");
	pen = pen_at(scene->screen, bottom, at->col + 1, at->cols - 2);
	pen_cut(&pen, STYLE_DIM, " Esc closes, PgUp PgDn scroll ",
	    at->cols - 12);
}

static void
paint_help_row(struct scene *scene, const struct help *help,
    const struct help_row *row, int at_row, int at_column)
{
	struct pen pen = pen_at(scene->screen, at_row, at_column,
	    help->label_cells + 1 + help->text_cells);

	if (row->heading) {
		pen_bytes(&pen, STYLE_TITLE, row->text, row->size);
		return;
	}
	pen_field(&pen, STYLE_KEY, row->label, help->label_cells, false);
	pen_text(&pen, STYLE_PLAIN, " ");
	pen_bytes(&pen, STYLE_PLAIN, row->text, row->size);
}

void
view_help(struct scene *scene, const struct layout_rect *at)
{
	size_t height = view_help_height(scene);
	struct help help;

	help_make(&help, help_cells(scene));
	paint_box(scene, at);
	for (size_t i = 0; i < height && scene->help_top + i < help.count; i++)
		paint_help_row(scene, &help, &help.items[scene->help_top + i],
		    at->row + 1 + (int)i, at->col + 2);
	if (scene->help_top + height < help.count) {
		struct pen pen = pen_at(scene->screen, at->row + at->rows - 1,
		    at->col + at->cols - 10, 8);

		pen_format(&pen, STYLE_MENTION, " more %s ",
		    scene->theme->marks.more);
	}
	help_free(&help);
}
