/* The help: keys, commands and settings, from the tables themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/command.h"
#include "tui/guide.h"
#include "tui/keymap.h"
#include "tui/text.h"
#include "tui/view.h"

enum {
	LABEL_MOST = 24,	/* cells of the left column */
	LABEL_TEXT = 64,
};

/* From its first row in the table to the first of the next group. */
static const struct {
	enum action first;
	const char *heading;
} key_groups[] = {
	{ ACTION_ROOM, "Keys: rooms" },
	{ ACTION_UNREAD, "Keys: reading" },
	{ ACTION_OLDER, "Keys: writing" },
	{ ACTION_MEMBERS, "Keys: what is shown" },
	{ ACTION_HELP, "Keys: panels and the program" },
};

static const struct {
	enum command_id first;
	const char *heading;
} command_groups[] = {
	{ COMMAND_JOIN, "Commands: talking (unique beginnings will do)" },
	{ COMMAND_NAMES, "Commands: who and what is there" },
	{ COMMAND_HISTORY, "Commands: reading" },
	{ COMMAND_LEADER, "Commands: the group" },
	{ COMMAND_SET, "Commands: dchat itself" },
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
	size_t topics[GUIDE_SETTINGS + 1]; /* rows where they begin */
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

/* The keys that a person lets stand for a command. */
static void
help_own_keys(struct help *help, const struct setting_value *binds)
{
	char label[LABEL_TEXT];

	for (size_t i = 0; i < binds->word_count; i++) {
		const char *line = binds->words[i];
		size_t size = strcspn(line, " ");

		if (line[size] == '\0' || line[size + 1] != '/')
			continue;
		snprintf(label, sizeof label, "%.*s", (int)size, line);
		help_entry(help, label, line + size + 1);
	}
}

static void
help_keys(struct help *help, const struct setting_values *settings)
{
	const struct setting_value *binds = &settings->items[SETTING_ID_BIND];
	struct keymap keymap = { 0 };
	char label[LABEL_TEXT];

	keymap_take(&keymap, binds->words, binds->word_count);

	for (size_t i = 0; i < keymap_count; i++) {
		for (size_t g = 0; g < sizeof key_groups / sizeof *key_groups;
		     g++)
			if (key_groups[g].first == keymap_table[i].action)
				help_heading(help, key_groups[g].heading);
		keymap_label(&keymap, &keymap_table[i], label);
		help_entry(help, label[0] != '\0' ? label : "-",
		    keymap_table[i].help);
	}
	keymap_free(&keymap);
	help_own_keys(help, binds);
	help_entry(help, "all other keys",
	    "GNU readline's: Emacs keys, or what your ~/.inputrc says");
}

/* What a person has made of commands. */
static void
help_own_commands(struct help *help, const struct setting_value *aliases)
{
	char label[LABEL_TEXT];

	for (size_t i = 0; i < aliases->word_count; i++) {
		const char *line = aliases->words[i];
		size_t size = strcspn(line, " ");

		snprintf(label, sizeof label, "/%.*s", (int)size, line);
		help_entry(help, label, line + size + 1);
	}
}

static void
help_commands(struct help *help, const struct setting_values *settings)
{
	char label[LABEL_TEXT];

	for (size_t i = 0; i < command_count; i++) {
		for (size_t g = 0;
		     g < sizeof command_groups / sizeof *command_groups; g++)
			if (command_groups[g].first == command_table[i].id)
				help_heading(help, command_groups[g].heading);
		command_label(&command_table[i], label);
		help_entry(help, label, command_table[i].help);
	}
	help_own_commands(help, &settings->items[SETTING_ID_ALIAS]);
	help_entry(help, "//TEXT", "Say /TEXT.");
}

static void
help_settings(struct help *help)
{
	help_heading(help, "Settings: /set NAME VALUE, kept by /save");
	for (int id = 0; id < SETTINGS_COUNT; id++)
		help_entry(help, setting_table[id].name,
		    setting_table[id].help);
}

static void
help_make(struct help *help, const struct setting_values *settings, int cells)
{
	*help = (struct help){ .label_cells = cells / 3 };
	if (help->label_cells > LABEL_MOST)
		help->label_cells = LABEL_MOST;
	help->text_cells = cells - help->label_cells - 1;
	if (help->text_cells < 1)
		help->text_cells = 1;
	help_entry(help, "TEXT, Enter", "Everybody in the room reads it.");
	help_entry(help, "/COMMAND, Enter",
	    "A command, from the list below; /help NAME tells more of one.");
	help->topics[GUIDE_KEYS] = help->count + 1;
	help_keys(help, settings);
	help->topics[GUIDE_COMMANDS] = help->count + 1;
	help_commands(help, settings);
	help->topics[GUIDE_SETTINGS] = help->count + 1;
	help_settings(help);
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

	help_make(&help, scene->settings, at->cols);
	count = help.count;
	for (size_t i = 0; i < (size_t)at->rows && top + i < count; i++)
		paint_help_row(scene, &help, &help.items[top + i],
		    at->row + (int)i, at->col);
	help_free(&help);
	return count;
}

size_t
view_help_row(const struct scene *scene, enum guide_topic topic, int cells)
{
	struct help help;
	size_t row;

	help_make(&help, scene->settings, cells);
	row = help.topics[topic];
	help_free(&help);
	return row;
}
