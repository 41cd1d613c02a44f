#include "tui/setting.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/die.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/alias.h"
#include "tui/keymap.h"
#include "tui/moment.h"
#include "tui/near.h"
#include "tui/notify.h"
#include "tui/theme_file.h"

enum {
	PROBLEM = 256,
	QUOTED = 60, /* bytes of a wrong value in a sentence */
};

const struct setting_spec setting_table[SETTINGS_COUNT] = {
#define X(constant, name, initial, type, least, most, words, live, help)       \
	{ name, initial, SETTING_##type, least, most, words, live, help },
	SETTINGS(X)
#undef X
};

static const char BLANKS[] = " \t";
static const char SEPARATORS[] = " \t,";

static const char *const switch_words[] = { "off", "on", "no", "yes", "false",
	"true" };

/* -- what is allowed ---------------------------------------------------- */

bool
setting_is_list(enum setting_id id)
{
	return setting_table[id].type >= SETTING_ROOMS;
}

bool
setting_is_lines(enum setting_id id)
{
	return setting_table[id].type >= SETTING_BINDS;
}

/* "auto, dark, light or none" */
static void
list_choices(const char *words, char text[static 128])
{
	size_t used = 0;

	while (*words != '\0' && used < 100) {
		size_t size = strcspn(words, " ");
		const char *rest = words + size + (words[size] == ' ');

		used += (size_t)snprintf(text + used, 128 - used, "%.*s%s",
		    (int)size, words,
		    *rest == '\0'                   ? ""
			: strchr(rest, ' ') != NULL ? ", "
						    : " or ");
		words = rest;
	}
}

void
setting_allowed(enum setting_id id, char text[static 128])
{
	const struct setting_spec *spec = &setting_table[id];

	switch (spec->type) {
	case SETTING_SWITCH: snprintf(text, 128, "on or off"); break;
	case SETTING_NUMBER:
		snprintf(text, 128, "a whole number from %ld to %ld",
		    spec->least, spec->most);
		break;
	case SETTING_CHOICE: list_choices(spec->words, text); break;
	case SETTING_TEXT: snprintf(text, 128, "a text"); break;
	case SETTING_HOURS:
		snprintf(text, 128, "hours like 22:00-07:00");
		break;
	case SETTING_NICK: snprintf(text, 128, "a nick"); break;
	case SETTING_NETWORK: snprintf(text, 128, "a name"); break;
	case SETTING_THEME:
		list_choices(spec->words, text);
		strcat(text, ", or a theme that /theme lists");
		break;
	case SETTING_CLOCK:
		snprintf(text, 128,
		    "a time like %%H:%%M or %%a %%k.%%M, of at most %d columns",
		    MOMENT_CELLS);
		break;
	case SETTING_ROOMS: snprintf(text, 128, "rooms like #lobby"); break;
	case SETTING_ADDRESSES:
		snprintf(text, 128, "addresses like HOST:PORT");
		break;
	case SETTING_WORDS: snprintf(text, 128, "words"); break;
	case SETTING_BINDS:
		snprintf(text, 128, "a key and an action, like F5 next-room");
		break;
	case SETTING_ALIASES:
		snprintf(text, 128, "a name and a text, like hi /me waves");
		break;
	}
}

static bool
not_allowed(enum setting_id id, const char *text, const char *name,
    char problem[static PROBLEM])
{
	char allowed[128];

	setting_allowed(id, allowed);
	snprintf(problem, PROBLEM, "%s wants %s, not \"%.*s\".", name, allowed,
	    (int)utf8_cut(text, QUOTED), text);
	return false;
}

/* The file could not hold it: there such a line ends, or a comment begins. */
static bool
can_be_written(const char *text, const char *name, char problem[static PROBLEM])
{
	const char *why = NULL;

	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' && *c != '\t')
			why = "no control characters";
	if (text[0] == ';' || strstr(text, " ;") != NULL ||
	    strstr(text, "\t;") != NULL)
		why = "no semicolon at the start of a word";
	if (!utf8_valid(text, strlen(text)))
		why = "valid UTF-8";
	if (why != NULL)
		snprintf(problem, PROBLEM, "%s wants %s.", name, why);
	return why == NULL;
}

/* A sentence of the node's own, behind what the person calls it. */
static bool
check_name(enum dchat_name what, const char *text, const char *name,
    char problem[static PROBLEM])
{
	char sentence[PROBLEM];

	if (dchat_check(what, text, sentence))
		return true;
	snprintf(problem, PROBLEM, "%s: %.*s", name,
	    (int)utf8_cut(sentence, PROBLEM - strlen(name) - 3), sentence);
	return false;
}

/* -- values ------------------------------------------------------------- */

static void
words_clear(struct setting_value *value)
{
	for (size_t i = 0; i < value->word_count; i++)
		free(value->words[i]);
	value->word_count = 0;
}

static void
words_add(struct setting_value *value, const char *word)
{
	for (size_t i = 0; i < value->word_count; i++)
		if (strcmp(value->words[i], word) == 0)
			return;
	MEM_GROW(value->words, value->word_count, value->word_cap);
	value->words[value->word_count++] = mem_text(word);
}

/* Where the line with that first word is; the end: there is none. */
static size_t
lines_find(const struct setting_value *value, const char *word, size_t size)
{
	size_t i;

	for (i = 0; i < value->word_count; i++)
		if (strcspn(value->words[i], " ") == size &&
		    strncasecmp(value->words[i], word, size) == 0)
			break;
	return i;
}

static void
lines_add_take(struct setting_value *value, char *line)
{
	size_t at = lines_find(value, line, strcspn(line, " "));

	if (at < value->word_count) {
		free(value->words[at]);
		value->words[at] = line;
		return;
	}
	MEM_GROW(value->words, value->word_count, value->word_cap);
	value->words[value->word_count++] = line;
}

static void
value_put(struct setting_value *value, const char *text, long number)
{
	char *copy = mem_text(text);

	free(value->text);
	value->text = copy;
	value->number = number;
}

static bool
take_number(const struct setting_spec *spec, const char *text, long *number)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*number = strtol(text, &end, 10);
	return *end == '\0' && errno == 0 && *number >= spec->least &&
	    *number <= spec->most;
}

static bool
take_switch(const char *text, long *number)
{
	for (size_t i = 0; i < sizeof switch_words / sizeof *switch_words; i++)
		if (strcmp(text, switch_words[i]) == 0) {
			*number = (long)(i % 2);
			return true;
		}
	return false;
}

static bool
take_choice(const struct setting_spec *spec, const char *text, long *number)
{
	const char *words = spec->words;

	for (*number = 0; *words != '\0'; ++*number) {
		size_t size = strcspn(words, " ");

		if (strlen(text) == size && strncmp(text, words, size) == 0)
			return true;
		words += size;
		words += *words == ' ';
	}
	return false;
}

static bool
take_single(struct setting_value *value, enum setting_id id, const char *text,
    const char *name, char problem[static PROBLEM])
{
	const struct setting_spec *spec = &setting_table[id];
	long number = 0;
	bool good = true;

	switch (spec->type) {
	case SETTING_SWITCH:
		good = take_switch(text, &number);
		if (good)
			text = switch_words[number];
		break;
	case SETTING_NUMBER: good = take_number(spec, text, &number); break;
	case SETTING_CHOICE: good = take_choice(spec, text, &number); break;
	case SETTING_CLOCK: good = moment_format_good(text); break;
	case SETTING_THEME:
		good = take_choice(spec, text, &number) ||
		    theme_name_good(text);
		break;
	case SETTING_HOURS: good = notify_hours(text, NULL, NULL); break;
	case SETTING_NICK:
		if (!check_name(DCHAT_NAME_NICK, text, name, problem))
			return false;
		break;
	case SETTING_NETWORK:
		if (!check_name(DCHAT_NAME_NETWORK, text, name, problem))
			return false;
		break;
	default: good = text[0] != '\0'; break;
	}
	if (good)
		value_put(value, text, number);
	return good || not_allowed(id, text, name, problem);
}

static bool
word_is_good(enum setting_id id, const char *word, const char *name,
    char problem[static PROBLEM])
{
	switch (setting_table[id].type) {
	case SETTING_ROOMS:
		return check_name(DCHAT_NAME_ROOM, word, name, problem);
	case SETTING_ADDRESSES:
		return check_name(DCHAT_NAME_ADDRESS, word, name, problem);
	default: return word[0] != '\0' || not_allowed(id, word, name, problem);
	}
}

/* As it shall be kept, a room with its sign, which need not be given (nor to
 * /join); NULL with a sentence. */
static char *
word_check(enum setting_id id, const char *word, const char *name,
    char problem[static PROBLEM])
{
	bool bare = setting_table[id].type == SETTING_ROOMS &&
	    word[0] != '\0' && word[0] != '#' && word[0] != '@';
	char *kept;

	if (asprintf(&kept, "%s%s", bare ? "#" : "", word) < 0)
		die("There is no memory left.");
	if (word_is_good(id, kept, name, problem) &&
	    can_be_written(kept, name, problem))
		return kept;
	free(kept);
	return NULL;
}

static bool
take_list(struct setting_value *value, enum setting_id id, const char *text,
    const char *name, char problem[static PROBLEM])
{
	struct setting_value fresh = { 0 };
	char *copy = mem_text(text), *rest = NULL;
	bool good = true;

	for (char *word = strtok_r(copy, SEPARATORS, &rest);
	     good && word != NULL; word = strtok_r(NULL, SEPARATORS, &rest)) {
		char *kept = word_check(id, word, name, problem);

		good = kept != NULL;
		if (good)
			words_add(&fresh, kept);
		free(kept);
	}
	free(copy);
	if (good && fresh.word_count == 0)
		good = not_allowed(id, text, name, problem);
	words_clear(good ? value : &fresh);
	if (!good) {
		free(fresh.words);
		return false;
	}
	free(value->words);
	value->words = fresh.words;
	value->word_count = fresh.word_count;
	value->word_cap = fresh.word_cap;
	return true;
}

/* As it shall be kept among those lines; NULL with a sentence, in which a name
 * of "" is left out. */
static char *
line_check(enum setting_id id, const struct setting_value *among,
    const char *text, const char *name, char problem[static PROBLEM])
{
	char sentence[PROBLEM], *line;

	if (!can_be_written(text, name[0] != '\0' ? name : "The file",
		problem))
		return NULL;
	line = setting_table[id].type == SETTING_BINDS
	    ? keymap_line(text, sentence)
	    : alias_line(text, sentence);
	if (line != NULL && setting_table[id].type == SETTING_ALIASES &&
	    !alias_leads_on(among->words, among->word_count, line,
		sentence)) {
		free(line);
		line = NULL;
	}
	if (line == NULL)
		snprintf(problem, PROBLEM, "%s%s%.*s", name,
		    name[0] != '\0' ? ": " : "",
		    (int)utf8_cut(sentence, PROBLEM - strlen(name) - 3),
		    sentence);
	return line;
}

static bool
take_lines(struct setting_value *value, enum setting_id id, const char *text,
    const char *name, char problem[static PROBLEM])
{
	const struct setting_value none = { 0 };
	char *line = line_check(id, &none, text, name, problem);

	if (line == NULL)
		return false;
	words_clear(value);
	lines_add_take(value, line);
	return true;
}

bool
setting_set(struct setting_values *values, enum setting_id id, const char *text,
    enum setting_origin origin, const char *name, char problem[static PROBLEM])
{
	struct setting_value *value = &values->items[id];
	size_t size;
	char *trimmed;
	bool good;

	text += strspn(text, BLANKS);
	trimmed = mem_text(text);
	size = strlen(trimmed);
	while (size > 0 && strchr(BLANKS, trimmed[size - 1]) != NULL)
		trimmed[--size] = '\0';
	good = can_be_written(trimmed, name, problem) &&
	    (setting_is_lines(id)
		    ? take_lines(value, id, trimmed, name, problem)
		    : setting_is_list(id)
		    ? take_list(value, id, trimmed, name, problem)
		    : take_single(value, id, trimmed, name, problem));
	if (good)
		value->origin = origin;
	value->unsaved |= good && origin == SETTING_BY_PERSON;
	free(trimmed);
	return good;
}

/* The word at a place of a choice, or the first one behind its last. */
static char *
word_at(const char *words, long place)
{
	const char *word = words;

	for (; place > 0 && *word != '\0'; place--) {
		word += strcspn(word, " ");
		word += *word == ' ';
	}
	if (*word == '\0')
		word = words;
	return strndup(word, strcspn(word, " "));
}

void
setting_turn(struct setting_values *values, enum setting_id id)
{
	const struct setting_spec *spec = &setting_table[id];
	char *word = word_at(spec->type == SETTING_CHOICE ? spec->words
							  : "off on",
	    values->items[id].number + 1);
	char problem[PROBLEM];

	if (word != NULL)
		setting_set(values, id, word, SETTING_BY_PERSON, spec->name,
		    problem);
	free(word);
}

bool
setting_add(struct setting_values *values, enum setting_id id, const char *word,
    enum setting_origin origin, const char *name, char problem[static PROBLEM])
{
	struct setting_value *value = &values->items[id];
	bool lines = setting_is_lines(id);
	const struct setting_value none = { 0 };
	char *kept = lines ? line_check(id,
				 value->origin == origin ? value : &none,
				 word, name, problem)
			   : word_check(id, word, name, problem);

	if (kept == NULL)
		return false;
	if (value->origin != origin)
		words_clear(value);
	if (lines && value->word_count == SETTING_LINES_MOST &&
	    lines_find(value, kept, strcspn(kept, " ")) ==
		value->word_count) {
		snprintf(problem, PROBLEM,
		    "There are %d of them already; take one away first.",
		    SETTING_LINES_MOST);
		free(kept);
		return false;
	}
	if (lines) {
		lines_add_take(value, kept);
	} else {
		words_add(value, kept);
		free(kept);
	}
	value->origin = origin;
	return true;
}

bool
setting_put_line(struct setting_values *values, enum setting_id id,
    const char *text, char problem[static PROBLEM])
{
	struct setting_value *value = &values->items[id];
	enum setting_origin before = value->origin;

	/* what is there stays, wherever it comes from */
	value->origin = SETTING_BY_PERSON;
	if (!setting_add(values, id, text, SETTING_BY_PERSON, "", problem)) {
		value->origin = before;
		return false;
	}
	value->unsaved = true;
	return true;
}

bool
setting_drop_line(struct setting_values *values, enum setting_id id,
    const char *word)
{
	struct setting_value *value = &values->items[id];
	size_t at = lines_find(value, word, strlen(word));

	if (at == value->word_count)
		return false;
	free(value->words[at]);
	value->word_count--;
	memmove(value->words + at, value->words + at + 1,
	    (value->word_count - at) * sizeof *value->words);
	value->origin = SETTING_BY_PERSON;
	value->unsaved = true;
	return true;
}

const char *
setting_line(const struct setting_values *values, enum setting_id id,
    const char *word, size_t size)
{
	const struct setting_value *value = &values->items[id];
	size_t at = lines_find(value, word, size);

	return at < value->word_count ? value->words[at] : NULL;
}

void
setting_reset(struct setting_values *values, enum setting_id id)
{
	const struct setting_spec *spec = &setting_table[id];
	struct setting_value *value = &values->items[id];
	char problem[PROBLEM];

	words_clear(value);
	value_put(value, "", 0);
	if (spec->initial[0] != '\0')
		setting_set(values, id, spec->initial, SETTING_BY_TABLE,
		    spec->name, problem);
	value->origin = SETTING_BY_TABLE;
	value->unsaved = true;
}

void
setting_values_init(struct setting_values *values)
{
	*values = (struct setting_values){ 0 };
	for (int id = 0; id < SETTINGS_COUNT; id++) {
		setting_reset(values, (enum setting_id)id);
		values->items[id].unsaved = false;
	}
}

void
setting_values_free(struct setting_values *values)
{
	for (int id = 0; id < SETTINGS_COUNT; id++) {
		words_clear(&values->items[id]);
		free(values->items[id].words);
		free(values->items[id].text);
	}
	*values = (struct setting_values){ 0 };
}

bool
setting_on(const struct setting_values *values, enum setting_id id)
{
	return values->items[id].number != 0;
}

long
setting_number(const struct setting_values *values, enum setting_id id)
{
	return values->items[id].number;
}

char *
setting_written(const struct setting_values *values, enum setting_id id)
{
	const struct setting_value *value = &values->items[id];
	struct bytes text;

	if (!setting_is_list(id))
		return mem_text(value->text);
	bytes_init(&text);
	for (size_t i = 0; i < value->word_count; i++) {
		if (i > 0)
			bytes_append_text(&text,
			    setting_is_lines(id) ? ", " : " ");
		bytes_append_text(&text, value->words[i]);
	}
	bytes_append(&text, "", 1);
	return (char *)text.data;
}

/* -- names -------------------------------------------------------------- */

static const char *
name_at(size_t index)
{
	return setting_table[index].name;
}

bool
setting_named(const char *name, enum setting_id *id)
{
	for (int i = 0; i < SETTINGS_COUNT; i++)
		if (strcmp(setting_table[i].name, name) == 0) {
			*id = (enum setting_id)i;
			return true;
		}
	return false;
}

bool
setting_find(const char *name, enum setting_id *id,
    char problem[static PROBLEM])
{
	size_t length = strlen(name), matches = 0;
	const char *near;

	if (setting_named(name, id))
		return true;
	for (int i = 0; i < SETTINGS_COUNT; i++) {
		if (strncmp(setting_table[i].name, name, length) != 0)
			continue;
		*id = (enum setting_id)i;
		matches++;
	}
	if (matches == 1)
		return true;
	near = near_word(name, name_at, SETTINGS_COUNT);
	if (matches > 1)
		snprintf(problem, PROBLEM,
		    "Several settings begin with \"%.*s\"; Tab shows them.",
		    (int)utf8_cut(name, QUOTED), name);
	else if (near != NULL)
		snprintf(problem, PROBLEM,
		    "There is no setting %.*s; did you mean %s?",
		    (int)utf8_cut(name, QUOTED), name, near);
	else
		snprintf(problem, PROBLEM,
		    "There is no setting %.*s; /set lists them.",
		    (int)utf8_cut(name, QUOTED), name);
	return false;
}
