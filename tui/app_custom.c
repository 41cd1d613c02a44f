/* Keys and commands of the person's own: /bind and /alias. */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "tui/near.h"

static const char BLANKS[] = " \t\n";

enum {
	SHOWN = 64,	/* bytes of what is wrong, in a sentence */
	NAME_CELLS = 18, /* of the left column */
};

static void
tell(struct app *app, enum line_kind kind, struct bytes *text)
{
	bytes_append(text, "", 1);
	app_notice(app, kind, (const char *)text->data);
	bytes_free(text);
}

/* "\nnext-room          Ctrl+N, Alt+Down" */
static void
put_row(struct bytes *text, const char *left, const char *right)
{
	char cell[64];

	snprintf(cell, sizeof cell, "\n%-*s ", NAME_CELLS, left);
	bytes_append_text(text, cell);
	bytes_append_text(text, right);
}

/* What stands behind the first word. */
static const char *
behind_word(const char *text)
{
	text += strcspn(text, BLANKS);
	return text + strspn(text, BLANKS);
}

/* -- keys ----------------------------------------------------------------- */

static void
list_keys(struct app *app)
{
	const struct keymap *keymap = &app->keymap;
	char label[KEYMAP_LABEL], key[KEY_TEXT];
	struct bytes text;

	bytes_init(&text);
	bytes_append_text(&text,
	    "/bind KEY ACTION lets a key do one of these, or a command with "
	    "its slash; /save keeps it:");
	for (size_t i = 0; i < keymap_count; i++) {
		keymap_label(keymap, &keymap_table[i], label);
		put_row(&text, keymap_table[i].name,
		    label[0] != '\0' ? label : "-");
	}
	for (size_t i = 0; i < keymap->count; i++) {
		const struct keymap_change *change = &keymap->items[i];

		key_format(change->code, change->modifiers, key);
		if (change->action == ACTION_NONE)
			put_row(&text, "none", key);
		else if (change->action == ACTION_LINE)
			put_row(&text, change->line, key);
	}
	tell(app, LINE_NOTICE, &text);
}

/* "F5 = next-room: next room" */
static void
put_key(struct bytes *text, const struct app *app, const struct key *key)
{
	size_t which = 0;
	enum action action = keymap_find(&app->keymap, key, &which);
	const struct keymap_row *row = keymap_row(action);
	char name[32], label[KEY_TEXT];

	key_format(key->code, key->modifiers, label);
	keymap_name(action, which, name);
	bytes_append_text(text, label);
	bytes_append_text(text, " = ");
	bytes_append_text(text,
	    action == ACTION_LINE ? keymap_command(&app->keymap, key) : name);
	if (row != NULL && action != ACTION_ROOM) {
		bytes_append_text(text, ": ");
		bytes_append_text(text, row->help);
	} else if (action == ACTION_NONE) {
		bytes_append_text(text, ": it is the input line's");
	}
}

/* The key is named; false: the person was told that there is none. */
static bool
read_key(struct app *app, const char *text, struct key *key)
{
	size_t size = strcspn(text, BLANKS);
	struct bytes told;

	*key = (struct key){ .code = 0 };
	if (key_parse(text, size, &key->code, &key->modifiers))
		return true;
	bytes_init(&told);
	bytes_append_text(&told, "There is no key ");
	bytes_append(&told, text, size < SHOWN ? size : utf8_cut(text, SHOWN));
	bytes_append_text(&told,
	    "; keys are called like F5, Alt+X, Ctrl+End or Shift+Up.");
	tell(app, LINE_ERROR, &told);
	return false;
}

/* As the table has it, whatever was made of it. */
static void
key_reset(struct app *app, const struct key *key)
{
	char label[KEY_TEXT];

	key_format(key->code, key->modifiers, label);
	setting_drop_line(app->setup.settings, SETTING_ID_BIND, label);
	app_settings_apply(app, SETTING_ID_BIND);
}

/* "; active-room has no key now", if that is so. */
static void
put_lost(struct bytes *text, const struct app *app, enum action before,
    enum action now)
{
	const struct keymap_row *row = keymap_row(before);
	char label[KEYMAP_LABEL];

	if (row == NULL || before == now)
		return;
	keymap_label(&app->keymap, row, label);
	bytes_append_text(text, label[0] == '\0' ? "; no key is left for "
						 : "; no longer ");
	bytes_append_text(text, row->name);
}

static void
key_bind(struct app *app, const struct key *key, const char *text)
{
	enum action before = keymap_find(&app->keymap, key, NULL);
	const char *action = behind_word(text);
	char problem[256];
	struct bytes told;

	if (strcmp(action, "-") == 0) {
		key_reset(app, key);
	} else if (!setting_put_line(app->setup.settings, SETTING_ID_BIND,
		       text, problem)) {
		app_notice(app, LINE_ERROR, problem);
		return;
	}
	app_settings_apply(app, SETTING_ID_BIND);
	bytes_init(&told);
	put_key(&told, app, key);
	put_lost(&told, app, before, keymap_find(&app->keymap, key, NULL));
	bytes_append_text(&told, ". /save keeps it.");
	tell(app, LINE_NOTICE, &told);
}

/* True: there is no screen, and the person was told what that means. */
static bool
keys_are_the_terminals(struct app *app)
{
	if (app_is_plain(app))
		app_notice(app, LINE_NOTICE,
		    "Without a screen the keys are the terminal's; /alias "
		    "makes commands of your own.");
	return app_is_plain(app);
}

void
app_bind(struct app *app, const char *text)
{
	struct bytes told;
	struct key key;

	if (keys_are_the_terminals(app))
		return;
	if (text == NULL) {
		list_keys(app);
	} else if (read_key(app, text, &key)) {
		if (*behind_word(text) != '\0') {
			key_bind(app, &key, text);
			return;
		}
		bytes_init(&told);
		put_key(&told, app, &key);
		bytes_append_text(&told, ".");
		tell(app, LINE_NOTICE, &told);
	}
}

void
app_unbind(struct app *app, const char *word)
{
	struct key key;
	char *line;

	if (keys_are_the_terminals(app) || !read_key(app, word, &key))
		return;
	if (keymap_find(&app->keymap, &key, NULL) == ACTION_NONE)
		app_bind(app, word);
	else if (asprintf(&line, "%s none", word) >= 0) {
		key_bind(app, &key, line);
		free(line);
	}
}

/* -- commands ------------------------------------------------------------- */

static void
put_alias(struct bytes *text, const char *line)
{
	bytes_append_text(text, "/");
	bytes_append(text, line, strcspn(line, " "));
	bytes_append_text(text, " = ");
	bytes_append_text(text, behind_word(line));
}

static void
list_aliases(struct app *app)
{
	const struct setting_value *value =
	    &app->setup.settings->items[SETTING_ID_ALIAS];
	struct bytes text;

	bytes_init(&text);
	bytes_append_text(&text,
	    value->word_count > 0
		? "Your own commands; /unalias NAME forgets one, /save keeps "
		  "them:"
		: "You have no commands of your own; /alias hi /me waves at "
		  "$1 makes /hi.");
	for (size_t i = 0; i < value->word_count; i++) {
		bytes_append_text(&text, "\n");
		put_alias(&text, value->words[i]);
	}
	tell(app, LINE_NOTICE, &text);
}

/* The alias of that name, or NULL; then the person is told. */
static const char *
find_alias(struct app *app, const char *word)
{
	const struct setting_value *value =
	    &app->setup.settings->items[SETTING_ID_ALIAS];
	const char *name = word[0] == '/' ? word + 1 : word;
	const char *line = setting_line(app->setup.settings, SETTING_ID_ALIAS,
	    name, strlen(name));
	struct bytes told;

	if (line != NULL)
		return line;
	bytes_init(&told);
	bytes_append_text(&told, "You have no command /");
	bytes_append(&told, name, utf8_cut(name, SHOWN));
	bytes_append_text(&told,
	    value->word_count > 0 ? " of your own; /alias lists them."
				  : " of your own; /alias NAME TEXT makes "
				    "one.");
	tell(app, LINE_ERROR, &told);
	return NULL;
}

static void
tell_alias(struct app *app, const char *line, const char *end)
{
	struct bytes told;

	bytes_init(&told);
	put_alias(&told, line);
	bytes_append_text(&told, end);
	tell(app, LINE_NOTICE, &told);
}

void
app_alias(struct app *app, const char *text)
{
	struct setting_values *settings = app->setup.settings;
	const char *line, *name;
	char problem[256];

	if (text == NULL) {
		list_aliases(app);
		return;
	}
	name = text[0] == '/' ? text + 1 : text;
	if (*behind_word(text) == '\0') {
		line = find_alias(app, name);
		if (line != NULL)
			tell_alias(app, line, "");
	} else if (!setting_put_line(settings, SETTING_ID_ALIAS, text,
		       problem)) {
		app_notice(app, LINE_ERROR, problem);
	} else {
		line = setting_line(settings, SETTING_ID_ALIAS, name,
		    strcspn(name, BLANKS));
		tell_alias(app, line, "  (/save keeps it)");
	}
}

void
app_unalias(struct app *app, const char *word)
{
	const char *name = word[0] == '/' ? word + 1 : word;
	struct bytes told;

	if (find_alias(app, word) == NULL)
		return;
	setting_drop_line(app->setup.settings, SETTING_ID_ALIAS, name);
	bytes_init(&told);
	bytes_append_text(&told, "/");
	bytes_append_text(&told, name);
	bytes_append_text(&told, " is forgotten. /save keeps it so.");
	tell(app, LINE_NOTICE, &told);
}
