#include "tui/complete.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/command.h"
#include "tui/guide.h"
#include "tui/keymap.h"
#include "tui/paths.h"
#include "tui/setting.h"
#include "tui/theme_file.h"

void
complete_init(struct complete *complete)
{
	*complete = (struct complete){ 0 };
}

void
complete_forget(struct complete *complete)
{
	size_t i;

	for (i = 0; i < complete->count; i++)
		free(complete->found[i]);
	complete->count = 0;
	free(complete->head);
	free(complete->word);
	free(complete->tail);
	complete->head = complete->word = complete->tail = NULL;
}

void
complete_free(struct complete *complete)
{
	complete_forget(complete);
	free(complete->found);
	free(complete->line);
	complete_init(complete);
}

static char *
fold_case(const char *text)
{
	size_t size;
	char *copy;
	uint8_t *folded;

	folded = u8_casefold((const uint8_t *)text, strlen(text) + 1, NULL,
	    NULL, NULL, &size);
	if (!folded) /* not UTF-8: as it is */
		return mem_text(text);
	copy = mem_copy(folded, size);
	free(folded);
	return copy;
}

static bool
starts_so(const char *word, const char *start)
{
	char *folded_word = fold_case(word), *folded_start = fold_case(start);
	bool so = strncmp(folded_word, folded_start, strlen(folded_start)) == 0;

	free(folded_word);
	free(folded_start);
	return so;
}

static void
offer(struct complete *complete, const char *word, const char *behind)
{
	struct bytes text;

	bytes_init(&text);
	bytes_append_text(&text, word);
	/* What stands there already is not put there again. */
	if (strncmp(complete->tail, behind, strlen(behind)) != 0)
		bytes_append_text(&text, behind);
	bytes_append(&text, "", 1);
	MEM_GROW(complete->found, complete->count, complete->cap);
	complete->found[complete->count++] = (char *)text.data;
}

static void
offer_commands(struct complete *complete, const char *slash)
{
	size_t i;

	for (i = 0; i < command_count; i++) {
		char name[32];

		snprintf(name, sizeof name, "%s%s", slash,
		    command_table[i].name);
		if (starts_so(name, complete->word))
			offer(complete, name, " ");
	}
}

/* The first words of lines, behind a slash or not. */
static void
offer_first_words(struct complete *complete, const struct setting_value *lines,
    const char *slash)
{
	for (size_t i = 0; lines != NULL && i < lines->word_count; i++) {
		char *name;

		if (asprintf(&name, "%s%.*s", slash,
			(int)strcspn(lines->words[i], " "),
			lines->words[i]) < 0)
			continue;
		if (starts_so(name, complete->word))
			offer(complete, name, " ");
		free(name);
	}
}

static void
offer_words(struct complete *complete, const char *const *words, size_t count,
    const char *behind)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (starts_so(words[i], complete->word))
			offer(complete, words[i], behind);
}

static void
offer_nicks(struct complete *complete, const struct complete_words *words,
    const char *behind)
{
	size_t here = words->nick_here, before = complete->count;

	offer_words(complete, words->nicks, here, behind);
	if (complete->count == before)
		offer_words(complete, words->nicks + here,
		    words->nick_count - here, behind);
}

/* "@bob", as rooms of two are named; who is gone can be written to. */
static void
offer_people(struct complete *complete, const struct complete_words *words)
{
	size_t i;

	for (i = 0; i < words->nick_count; i++) {
		char *name;

		if (asprintf(&name, "@%s", words->nicks[i]) < 0)
			continue;
		offer_words(complete, (const char *const *)&name, 1, " ");
		free(name);
	}
}

/* All keys that do something. */
static void
offer_keys(struct complete *complete, const struct complete_words *words)
{
	for (size_t i = 0; i < keymap_count; i++) {
		char *copy = mem_text(keymap_table[i].keys), *rest = NULL;

		for (char *key = strtok_r(copy, " ", &rest); key != NULL;
		     key = strtok_r(NULL, " ", &rest))
			if (starts_so(key, complete->word))
				offer(complete, key, " ");
		free(copy);
	}
	offer_first_words(complete, words->binds, "");
}

/* What a key can do; or a command. */
static void
offer_actions(struct complete *complete, const struct complete_words *words)
{
	char name[32];

	if (complete->word[0] == '/') {
		offer_commands(complete, "/");
		offer_first_words(complete, words->aliases, "/");
		return;
	}
	for (size_t i = 1; i < keymap_count; i++)
		if (starts_so(keymap_table[i].name, complete->word))
			offer(complete, keymap_table[i].name, " ");
	for (size_t i = 0; i < 10; i++) {
		keymap_name(ACTION_ROOM, i, name);
		if (starts_so(name, complete->word))
			offer(complete, name, " ");
	}
}

/* -- what commands take --------------------------------------------------- */

/* "op" is "#ops" too, where nothing but a room can stand. */
static void
offer_rooms(struct complete *complete, const struct complete_words *words)
{
	const char *typed = complete->word;
	bool bare = typed[0] != '#';

	for (size_t i = 0; i < words->room_count; i++) {
		const char *room = words->rooms[i];

		if (starts_so(bare && room[0] == '#' ? room + 1 : room, typed))
			offer(complete, room, " ");
	}
}

static void
offer_settings(struct complete *complete)
{
	for (int id = 0; id < SETTINGS_COUNT; id++)
		if (starts_so(setting_table[id].name, complete->word))
			offer(complete, setting_table[id].name, " ");
}

/* The words of a text, separated by blanks. */
static void
offer_list(struct complete *complete, const char *list)
{
	char *copy = mem_text(list), *rest = NULL;

	for (char *word = strtok_r(copy, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		if (starts_so(word, complete->word))
			offer(complete, word, " ");
	free(copy);
}

static void
offer_themes(struct complete *complete)
{
	char *names[THEMES_MOST];
	size_t count = theme_file_names(names);

	offer_words(complete, (const char *const *)names, count, " ");
	for (size_t i = 0; i < count; i++)
		free(names[i]);
}

/* name: the setting's, with blanks behind it. */
static void
offer_values(struct complete *complete, const char *name,
    const struct complete_words *words)
{
	char *copy = mem_text(name), problem[256];
	enum setting_id id;

	copy[strcspn(copy, " ")] = '\0';
	if (setting_find(copy, &id, problem)) {
		offer_list(complete, setting_table[id].words);
		if (setting_table[id].type == SETTING_SWITCH)
			offer_list(complete, "on off");
		else if (setting_table[id].type == SETTING_ROOMS)
			offer_rooms(complete, words);
		else if (setting_table[id].type == SETTING_THEME)
			offer_themes(complete);
	}
	free(copy);
}

/* The argument of that number, from 0, as the table names it: "NICK". */
static size_t
argument_name(const struct command_spec *spec, size_t number, const char **name)
{
	const char *at = spec->arguments;

	for (;; number--) {
		at += strspn(at, "[] ");
		*name = at;
		at += strcspn(at, "[] ");
		if (number == 0 || *at == '\0')
			return number == 0 ? (size_t)(at - *name) : 0;
	}
}

/* A folder is gone into, a file is the end of the word. */
static void
offer_path(void *self, const char *path)
{
	offer(self, path, path[strlen(path) - 1] == '/' ? "" : " ");
}

/* "text|jsonl" */
static void
offer_either(struct complete *complete, const char *name, size_t size)
{
	char *copy = mem_span(name, size);

	for (char *at = copy; *at != '\0'; at++)
		if (*at == '|')
			*at = ' ';
	offer_list(complete, copy);
	free(copy);
}

static bool
is_named(const char *name, size_t size, const char *as)
{
	return strlen(as) == size && strncmp(name, as, size) == 0;
}

/* "-bob", of those who are on a list. */
static void
offer_undo(struct complete *complete, enum attention_kind kind,
    const struct complete_words *words)
{
	for (size_t i = 0; i < words->heard_counts[kind]; i++) {
		char *name;

		if (asprintf(&name, "-%s", words->heard[kind][i]) < 0)
			continue;
		offer_words(complete, (const char *const *)&name, 1, " ");
		free(name);
	}
}

/* True: that command undoes things so. */
static bool
offer_undone(struct complete *complete, const struct command_spec *spec,
    const struct complete_words *words)
{
	switch (spec->id) {
	case COMMAND_IGNORE:
		offer_undo(complete, ATTENTION_IGNORED, words);
		return true;
	case COMMAND_MUTE:
		offer_undo(complete, ATTENTION_MUTED, words);
		return true;
	case COMMAND_HIGHLIGHT:
		offer_undo(complete, ATTENTION_WORDS, words);
		return true;
	default: return false;
	}
}

/* It ends in what a person says, where anybody may be named. */
static bool
takes_text(const struct command_spec *spec)
{
	return spec->takes == TAKES_TEXT ||
	    spec->takes == TAKES_TEXT_OR_NOTHING ||
	    spec->takes == TAKES_PERSON ||
	    spec->takes == TAKES_PERSON_AND_TEXT;
}

/* False: it is like any other text. */
static bool
offer_argument(struct complete *complete, const struct command_spec *spec,
    size_t number, const char *before, const struct complete_words *words)
{
	const char *name;
	size_t size = argument_name(spec, number, &name);
	bool at = complete->word[0] == '@';

	if (complete->word[0] == '-' && offer_undone(complete, spec, words))
		return true;
	if (spec->id == COMMAND_SET && number > 0)
		offer_values(complete, before, words);
	else if (spec->id == COMMAND_SET)
		offer_settings(complete);
	else if (is_named(name, size, "WHAT")) {
		offer_commands(complete, complete->word[0] == '/' ? "/" : "");
		offer_settings(complete);
		offer_list(complete, GUIDE_TOPICS);
	} else if (is_named(name, size, "FILE"))
		paths_find(complete->word, offer_path, complete);
	else if (memchr(name, '|', size) != NULL)
		offer_either(complete, name, size);
	else if (is_named(name, size, "KEY"))
		offer_keys(complete, words);
	else if (is_named(name, size, "ACTION"))
		offer_actions(complete, words);
	else if (is_named(name, size, "ALIAS"))
		offer_first_words(complete, words->aliases,
		    complete->word[0] == '/' ? "/" : "");
	else if (is_named(name, size, "THEME"))
		offer_values(complete, "theme", words);
	else if (spec->id == COMMAND_NICK)
		return true;	/* those that there are cannot be had */
	else if (!at && is_named(name, size, "#ROOM"))
		offer_rooms(complete, words);
	else if (!at && is_named(name, size, "NICK"))
		offer_nicks(complete, words, " ");
	else	/* "@NICK" is offered wherever it stands */
		return !at && !takes_text(spec);
	return true;
}

/*
 * Within a command: which of its arguments is being typed?  False: it is
 * none, or nothing is known of it.
 */
static bool
look_for_arguments(struct complete *complete,
    const struct complete_words *words)
{
	const char *head = complete->head, *first;
	size_t length = strcspn(head, " "), number = 0;
	char name[32], problem[512];
	const struct command_spec *spec;

	if (head[0] != '/' || head[1] == '/' || length >= sizeof name ||
	    head[length] == '\0')
		return false;
	memcpy(name, head, length);
	name[length] = '\0';
	spec = command_find(name, problem);
	if (spec == NULL)
		return false;
	first = head + length + strspn(head + length, " ");
	for (const char *at = first; *at != '\0'; number++) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	return offer_argument(complete, spec, number, first, words);
}

static void
look_for_words(struct complete *complete, const struct complete_words *words)
{
	bool at_start = complete->head[0] == '\0';

	if (at_start && complete->word[0] == '/') {
		offer_commands(complete, "/");
		offer_first_words(complete, words->aliases, "/");
	} else if (look_for_arguments(complete, words))
		return;
	else if (complete->word[0] == '#')
		offer_words(complete, words->rooms, words->room_count, " ");
	else if (complete->word[0] == '@')
		offer_people(complete, words);
	else
		offer_nicks(complete, words, at_start ? ": " : " ");
}

static void
start(struct complete *complete, const char *line, size_t point, int direction,
    const struct complete_words *words)
{
	size_t from = point;

	complete_forget(complete);
	while (from > 0 && line[from - 1] != ' ' && line[from - 1] != '\n')
		from--;
	complete->head = mem_span(line, from);
	complete->word = mem_span(line + from, point - from);
	complete->tail = mem_text(line + point);
	look_for_words(complete, words);
	complete->chosen =
	    direction > 0 || complete->count == 0 ? 0 : complete->count - 1;
}

static bool
goes_on(const struct complete *complete, const char *line, size_t point)
{
	return complete->count > 0 && complete->line &&
	    complete->point == point && strcmp(complete->line, line) == 0;
}

bool
complete_is_choice(const struct complete *complete, const char *line,
    size_t point)
{
	return complete->count > 1 && goes_on(complete, line, point);
}

bool
complete_next(struct complete *complete, const char *line, size_t point,
    int direction, const struct complete_words *words)
{
	struct bytes text;

	assert(direction == 1 || direction == -1);
	if (goes_on(complete, line, point)) {
		size_t count = complete->count;

		complete->chosen = (complete->chosen + count +
				       (direction > 0 ? 1 : count - 1)) %
		    count;
	} else {
		start(complete, line, point, direction, words);
	}
	if (complete->count == 0)
		return false;
	bytes_init(&text);
	bytes_append_text(&text, complete->head);
	bytes_append_text(&text, complete->found[complete->chosen]);
	complete->point = text.size;
	bytes_append_text(&text, complete->tail);
	bytes_append(&text, "", 1);
	free(complete->line);
	complete->line = (char *)text.data;
	return true;
}
