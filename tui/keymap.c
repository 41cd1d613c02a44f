#include "tui/keymap.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/near.h"

enum {
	PROBLEM = 256,
	ROOMS = 10,	/* that have a key */
	QUOTED = 40,	/* bytes of a wrong word in a sentence */
	COMMAND_MOST = 120, /* bytes: the line must fit in the file */
};

const struct keymap_row keymap_table[] = {
#define X(constant, name, keys, label, help)                                   \
	{ ACTION_##constant, name, keys, label, help },
	KEYMAP(X)
#undef X
};

const size_t keymap_count = sizeof keymap_table / sizeof keymap_table[0];

static const char BLANKS[] = " \t";

const struct keymap_row *
keymap_row(enum action action)
{
	for (size_t i = 0; i < keymap_count; i++)
		if (keymap_table[i].action == action)
			return &keymap_table[i];
	return NULL;
}

/* -- the table ------------------------------------------------------------ */

static bool
row_has(const struct keymap_row *row, uint32_t wanted, unsigned with,
    size_t *which)
{
	const char *name = row->keys;
	size_t place = 0;

	while (*name != '\0') {
		size_t size = strcspn(name, " ");
		unsigned modifiers;
		uint32_t code;
		bool known = key_parse(name, size, &code, &modifiers);

		assert(known);
		if (code == wanted && modifiers == with) {
			*which = place;
			return true;
		}
		place++;
		name += size;
		name += strspn(name, " ");
	}
	return false;
}

static enum action
table_find(uint32_t code, unsigned modifiers, size_t *which)
{
	for (size_t i = 0; i < keymap_count; i++)
		if (row_has(&keymap_table[i], code, modifiers, which))
			return keymap_table[i].action;
	return ACTION_NONE;
}

/* -- the person's --------------------------------------------------------- */

static const struct keymap_change *
find_change(const struct keymap *keymap, uint32_t code, unsigned modifiers)
{
	for (size_t i = 0; i < keymap->count; i++)
		if (keymap->items[i].code == code &&
		    keymap->items[i].modifiers == modifiers)
			return &keymap->items[i];
	return NULL;
}

enum action
keymap_find(const struct keymap *keymap, const struct key *key, size_t *which)
{
	const struct keymap_change *change =
	    find_change(keymap, key->code, key->modifiers);
	size_t place = 0;
	enum action action;

	if (change != NULL) {
		action = change->action;
		place = change->which;
	} else {
		action = table_find(key->code, key->modifiers, &place);
	}
	if (which != NULL && action != ACTION_NONE)
		*which = place;
	return action;
}

const char *
keymap_command(const struct keymap *keymap, const struct key *key)
{
	const struct keymap_change *change =
	    find_change(keymap, key->code, key->modifiers);

	return change != NULL ? change->line : NULL;
}

/* "room-3" */
static bool
parse_room(const char *word, size_t *which)
{
	char *end;
	long number;

	if (strncmp(word, "room-", 5) != 0 || word[5] < '1' || word[5] > '9')
		return false;
	number = strtol(word + 5, &end, 10);
	*which = (size_t)number - 1;
	return *end == '\0' && number <= ROOMS;
}

static bool
parse_action(const char *word, struct keymap_change *change)
{
	if (word[0] == '/') {
		change->action = ACTION_LINE;
		return true;
	}
	if (parse_room(word, &change->which)) {
		change->action = ACTION_ROOM;
		return true;
	}
	if (strcmp(word, "none") == 0) {
		change->action = ACTION_NONE;
		return true;
	}
	for (size_t i = 1; i < keymap_count; i++)
		if (strcmp(word, keymap_table[i].name) == 0) {
			change->action = keymap_table[i].action;
			return true;
		}
	return false;
}

/* -- lines ---------------------------------------------------------------- */

/* Why a key cannot be had; NULL: it can. */
static const char *
key_reserved(uint32_t code, unsigned modifiers)
{
	bool ctrl = (modifiers & KEYS_CTRL) != 0;

	if (code == KEYS_ENTER && modifiers == 0)
		return "Enter sends what is written; add Alt or take another "
		       "key.";
	if (code == KEYS_ESCAPE || (ctrl && code == 'c'))
		return "Esc and Ctrl+C stay as they are, so that there is "
		       "always a way out; take another key.";
	if (ctrl && code < 0x80 && strchr("hijm[", (int)code) != NULL)
		return "To a terminal that is Backspace, Tab, Enter or Esc; "
		       "take another key.";
	if (ctrl && (code == 's' || code == 'q'))
		return "Ctrl+S and Ctrl+Q belong to the terminal; take another "
		       "key.";
	if (code == KEYS_BACKSPACE ||
	    (code < KEYS_FIRST && (modifiers & (KEYS_CTRL | KEYS_ALT)) == 0))
		return "That key is for writing; add Ctrl or Alt, or take one "
		       "of F1 to F12.";
	return NULL;
}

static bool
parse_key(const char *word, size_t size, struct keymap_change *change,
    char problem[static PROBLEM])
{
	const char *reserved;

	if (!key_parse(word, size, &change->code, &change->modifiers)) {
		snprintf(problem, PROBLEM,
		    "There is no key %.*s; keys are called like F5, Alt+X, "
		    "Ctrl+End or Shift+Up.",
		    (int)(size < QUOTED ? size : utf8_cut(word, QUOTED)),
		    word);
		return false;
	}
	reserved = key_reserved(change->code, change->modifiers);
	if (reserved != NULL)
		snprintf(problem, PROBLEM, "%s", reserved);
	return reserved == NULL;
}

static const char *
name_at(size_t index)
{
	return keymap_table[index].name;
}

static void
explain_unknown(const char *word, char problem[static PROBLEM])
{
	const char *near = near_word(word, name_at, keymap_count);
	int size = (int)utf8_cut(word, QUOTED);

	if (near != NULL)
		snprintf(problem, PROBLEM,
		    "There is no action %.*s; did you mean %s?", size, word,
		    strcmp(near, keymap_table[0].name) == 0 ? "room-1" : near);
	else
		snprintf(problem, PROBLEM,
		    "There is no action %.*s; /bind lists them, and a command "
		    "begins with a slash.",
		    size, word);
}

char *
keymap_line(const char *text, char problem[static 256])
{
	struct keymap_change change = { .action = ACTION_NONE };
	char key[KEY_TEXT], *line = NULL;
	size_t size = strcspn(text, BLANKS);
	const char *action = text + size + strspn(text + size, BLANKS);

	if (size == 0 || *action == '\0') {
		snprintf(problem, PROBLEM,
		    "A key and an action are wanted, like F5 next-room.");
		return NULL;
	}
	if (!parse_key(text, size, &change, problem))
		return NULL;
	if (!parse_action(action, &change)) {
		explain_unknown(action, problem);
		return NULL;
	}
	if (strlen(action) > COMMAND_MOST) {
		snprintf(problem, PROBLEM,
		    "A key stands for at most %d bytes; an alias may do the "
		    "rest.",
		    COMMAND_MOST);
		return NULL;
	}
	key_format(change.code, change.modifiers, key);
	return asprintf(&line, "%s %s", key, action) < 0 ? NULL : line;
}

void
keymap_free(struct keymap *keymap)
{
	for (size_t i = 0; i < keymap->count; i++)
		free(keymap->items[i].line);
	free(keymap->items);
	*keymap = (struct keymap){ 0 };
}

void
keymap_take(struct keymap *keymap, char *const *lines, size_t count)
{
	keymap_free(keymap);
	for (size_t i = 0; i < count; i++) {
		struct keymap_change change = { .line = NULL };
		size_t size = strcspn(lines[i], " ");
		const char *action = lines[i] + size + 1;
		bool known = key_parse(lines[i], size, &change.code,
				 &change.modifiers) &&
		    parse_action(action, &change);

		assert(known);
		if (change.action == ACTION_LINE)
			change.line = mem_text(action);
		MEM_GROW(keymap->items, keymap->count, keymap->cap);
		keymap->items[keymap->count++] = change;
	}
}

/* -- for people ----------------------------------------------------------- */

void
keymap_name(enum action action, size_t which, char name[static 32])
{
	const struct keymap_row *row = keymap_row(action);

	if (action == ACTION_ROOM)
		snprintf(name, 32, "room-%zu", which + 1);
	else
		snprintf(name, 32, "%s", row != NULL ? row->name : "none");
}

static void
label_add(char label[static KEYMAP_LABEL], const char *key, size_t size)
{
	size_t used = strlen(label);

	if (used + size + 3 < KEYMAP_LABEL)
		snprintf(label + used, KEYMAP_LABEL - used, "%s%.*s",
		    used > 0 ? ", " : "", (int)size, key);
}

/* Whether the table's keys of the row are all still its own. */
static bool
row_is_whole(const struct keymap *keymap, const struct keymap_row *row)
{
	size_t place;

	for (size_t i = 0; i < keymap->count; i++)
		if (row_has(row, keymap->items[i].code,
			keymap->items[i].modifiers, &place))
			return false;
	return true;
}

void
keymap_label(const struct keymap *keymap, const struct keymap_row *row,
    char label[static KEYMAP_LABEL])
{
	const char *name = row->keys;
	char key[KEY_TEXT];

	label[0] = '\0';
	if (row->label != NULL && row_is_whole(keymap, row)) {
		label_add(label, row->label, strlen(row->label));
		name = "";
	}
	while (*name != '\0') {
		size_t size = strcspn(name, " ");
		unsigned modifiers;
		uint32_t code;

		if (key_parse(name, size, &code, &modifiers) &&
		    find_change(keymap, code, modifiers) == NULL)
			label_add(label, name, size);
		name += size;
		name += strspn(name, " ");
	}
	for (size_t i = 0; i < keymap->count; i++) {
		const struct keymap_change *change = &keymap->items[i];

		if (change->action != row->action)
			continue;
		key_format(change->code, change->modifiers, key);
		label_add(label, key, strlen(key));
	}
}
