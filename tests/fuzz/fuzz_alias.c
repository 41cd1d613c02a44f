/*
 * Fuzzes commands of a person's own: lines, of which the last is entered and
 * the others are definitions.  It always ends, with a line or a sentence.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/fuzz/fuzz.h"
#include "tui/alias.h"

enum { MOST = 32 };

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_span(size > 0 ? (const char *)data : "", size);
	char *lines[MOST], *line = text, problem[256], *result;
	size_t count = 0;

	for (char *end = strchr(line, '\n'); end != NULL && count < MOST;
	     end = strchr(line, '\n')) {
		*end = '\0';
		problem[0] = '\0';
		lines[count] = alias_line(line, problem);
		must((lines[count] == NULL) == (problem[0] != '\0'));
		count += lines[count] != NULL;
		line = end + 1;
	}
	result = alias_expand(lines, count, line, problem);
	must(result == NULL || problem[0] == '\0');
	free(result);
	while (count > 0)
		free(lines[--count]);
	free(text);
	return 0;
}
