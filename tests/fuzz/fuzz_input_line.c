/*
 * Fuzzes what a person types: any line.  It is text, a command of the table
 * or a sentence that says what is wrong with it.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/command.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1);
	struct command command;

	if (line == NULL)
		return 0;
	if (size > 0)
		memcpy(line, data, size);
	line[size] = '\0';
	command_parse(&command, line);
	must(command.id != COMMAND_WRONG || command.problem[0] != '\0');
	must(command.id != COMMAND_SAY ||
	    (command.text != NULL && command.text[0] != '\0'));
	must(strnlen(command.room, sizeof command.room) <= LIMIT_ROOM_NAME);
	must(command.room[0] == '\0' || command.room[0] == '#' ||
	    command.room[0] == '@');
	command_free(&command);
	free(line);
	return 0;
}
