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

size_t
view_help(struct scene *scene, const struct layout_rect *at, size_t top)
{
	struct help help;
	size_t count;

	help_make(&help, at->cols);
	count = help.count;
	for (size_t i = 0; i < (size_t)at->rows && top + i < count; i++)
		paint_help_row(scene, &help, &help.items[top + i],
		    at->row + (int)i, at->col);
	help_free(&help);
	return count;
}
