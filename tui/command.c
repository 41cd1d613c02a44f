#include "tui/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/near.h"

const struct command_spec command_table[] = {
#define X(constant, name, takes, arguments, help)                              \
	{ COMMAND_##constant, name, takes, arguments, help },
	COMMANDS(X)
#undef X
};

const size_t command_count = sizeof command_table / sizeof command_table[0];

enum {
	PROBLEM = 512,
};

/* -- names ------------------------------------------------------------- */

static const char *
name_at(size_t index)
{
	return command_table[index].name;
}

static void
explain_ambiguous(const char *name, char problem[static PROBLEM])
{
	const char *sep = "";
	struct bytes list;
	size_t i;

	bytes_init(&list);
	for (i = 0; i < command_count; i++) {
		if (strncmp(name, command_table[i].name, strlen(name)) != 0)
			continue;
		bytes_append_text(&list, sep);
		bytes_append_text(&list, "/");
		bytes_append_text(&list, command_table[i].name);
		sep = ", ";
	}
	snprintf(problem, PROBLEM, "/%s could be any of %.*s.", name,
	    (int)list.size, (const char *)list.data);
	bytes_free(&list);
}

static void
explain_unknown(const char *name, char problem[static PROBLEM])
{
	const char *near = near_word(name, name_at, command_count);

	if (near)
		snprintf(problem, PROBLEM,
		    "There is no command /%.*s; did you mean /%s?",
		    (int)utf8_cut(name, 64), name, near);
	else
		snprintf(problem, PROBLEM,
		    "There is no command /%.*s; /help lists them, and "
		    "//%.*s says it.",
		    (int)utf8_cut(name, 64), name, (int)utf8_cut(name, 64),
		    name);
}

static const struct command_spec *
find(const char *name, char problem[static PROBLEM])
{
	const struct command_spec *found = NULL;
	size_t length = strlen(name), matches = 0, i;

	if (length == 0) {
		snprintf(problem, PROBLEM,
		    "A command's name goes after the slash; /help lists "
		    "them.");
		return NULL;
	}
	for (i = 0; i < command_count; i++) {
		if (strncmp(name, command_table[i].name, length) != 0)
			continue;
		if (command_table[i].name[length] == '\0')
			return &command_table[i];
		found = &command_table[i];
		matches++;
	}
	if (matches == 1)
		return found;
	if (matches > 1)
		explain_ambiguous(name, problem);
	else
		explain_unknown(name, problem);
	return NULL;
}

static void
lower_ascii(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

const struct command_spec *
command_find(const char *name, char problem[static 512])
{
	const struct command_spec *spec;
	char *lower = mem_text(name[0] == '/' ? name + 1 : name);

	lower_ascii(lower);
	spec = find(lower, problem);
	free(lower);
	return spec;
}

/* -- lines ------------------------------------------------------------- */

static const char BLANKS[] = " \t\n";

static void
wrong(struct command *command, const char *problem)
{
	command->id = COMMAND_WRONG;
	snprintf(command->problem, sizeof command->problem, "%s", problem);
}

static void
wrong_usage(struct command *command, const struct command_spec *spec,
    const char *what)
{
	command->id = COMMAND_WRONG;
	snprintf(command->problem, sizeof command->problem, "/%s %s: /%s%s%s",
	    spec->name, what, spec->name, spec->arguments[0] ? " " : "",
	    spec->arguments);
}

static void
parse_room(struct command *command, const struct command_spec *spec,
    const char *word, size_t size)
{
	bool bare = word[0] != '#' && word[0] != '@';

	if (size + bare >= sizeof command->room) {
		wrong(command, "A room's name has at most 64 bytes; take a shorter one.");
		return;
	}
	if (size + bare < 2) {
		wrong_usage(command, spec, "wants a name after the sign");
		return;
	}
	snprintf(command->room, sizeof command->room, "%s%.*s", bare ? "#" : "",
	    (int)size, word);
}

static void
parse_number(struct command *command, const struct command_spec *spec,
    const char *word, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		if (word[i] < '0' || word[i] > '9')
			break;
		command->number =
		    command->number * 10 + (size_t)(word[i] - '0');
		if (command->number > LIMIT_HISTORY_ANSWER)
			break;
	}
	if (i == size && command->number > 0)
		return;
	command->id = COMMAND_WRONG;
	snprintf(command->problem, sizeof command->problem,
	    "/%s wants a number from 1 to %d.", spec->name,
	    LIMIT_HISTORY_ANSWER);
}

/* "bob", "@bob" or an id; the text behind it. */
static void
parse_person(struct command *command, const struct command_spec *spec,
    const char *rest, size_t size)
{
	size_t word = strcspn(rest, BLANKS), gap;

	if (word > size)
		word = size;
	gap = strspn(rest + word, BLANKS);
	if (word + gap < size)
		command->text =
		    mem_span(rest + word + gap, size - word - gap);
	if (rest[0] == '@') {
		rest++;
		word--;
	}
	if (word == 0)
		wrong_usage(command, spec, "wants a nick");
	else if (!command->text && spec->takes == TAKES_PERSON_AND_TEXT)
		wrong_usage(command, spec, "wants something to say");
	else
		command->to = mem_span(rest, word);
}

/* rest: without blanks at its ends, size bytes. */
static void
parse_arguments(struct command *command, const struct command_spec *spec,
    const char *rest, size_t size)
{
	bool one_word = strcspn(rest, BLANKS) >= size;

	switch (spec->takes) {
	case TAKES_NOTHING:
		if (size > 0)
			wrong_usage(command, spec, "stands alone");
		return;
	case TAKES_ROOM:
	case TAKES_TEXT:
	case TAKES_WORD:
	case TAKES_PERSON:
	case TAKES_PERSON_AND_TEXT:
		if (size == 0) {
			wrong_usage(command, spec, "wants more");
			return;
		}
		break;
	case TAKES_ROOM_OR_NOTHING:
	case TAKES_TEXT_OR_NOTHING:
	case TAKES_WORD_OR_NOTHING:
	case TAKES_NUMBER_OR_NOTHING:
		if (size == 0)
			return;
		break;
	}
	if (spec->takes == TAKES_PERSON ||
	    spec->takes == TAKES_PERSON_AND_TEXT)
		parse_person(command, spec, rest, size);
	else if (spec->takes == TAKES_TEXT || spec->takes == TAKES_TEXT_OR_NOTHING)
		command->text = mem_span(rest, size);
	else if (!one_word)
		wrong_usage(command, spec, "takes one word");
	else if (spec->takes == TAKES_ROOM ||
	    spec->takes == TAKES_ROOM_OR_NOTHING)
		parse_room(command, spec, rest, size);
	else if (spec->takes == TAKES_NUMBER_OR_NOTHING)
		parse_number(command, spec, rest, size);
	else
		command->text = mem_span(rest, size);
}

/* What is said must fit into a message. */
static void
check_length(struct command *command)
{
	size_t size = command->text != NULL ? strlen(command->text) : 0;

	if (size <= LIMIT_TEXT ||
	    (command->id != COMMAND_SAY && command->id != COMMAND_ME &&
		command->id != COMMAND_MSG && command->id != COMMAND_QUERY))
		return;
	command->id = COMMAND_WRONG;
	command->too_long = true;
	snprintf(command->problem, sizeof command->problem,
	    "This is %zu bytes; a message holds at most %d.", size,
	    LIMIT_TEXT);
}

void
command_parse(struct command *command, const char *line)
{
	const struct command_spec *spec;
	const char *rest;
	size_t size;
	char *name;

	*command = (struct command){ .id = COMMAND_NONE };
	if (line[strspn(line, BLANKS)] == '\0')
		return;
	if (line[0] != '/' || line[1] == '/') {
		command->id = COMMAND_SAY;
		command->text = mem_text(line[0] == '/' ? line + 1 : line);
		check_length(command);
		return;
	}
	name = mem_span(line + 1, strcspn(line + 1, BLANKS));
	rest = line + 1 + strlen(name);
	spec = command_find(name, command->problem);
	free(name);
	if (!spec) {
		command->id = COMMAND_WRONG;
		return;
	}
	command->id = spec->id;
	rest += strspn(rest, BLANKS);
	size = strlen(rest);
	while (size > 0 && strchr(BLANKS, rest[size - 1]))
		size--;
	parse_arguments(command, spec, rest, size);
	check_length(command);
}

void
command_free(struct command *command)
{
	free(command->to);
	free(command->text);
	command->to = command->text = NULL;
}
