/*
 * Fuzzes the headless interface: any bytes as a line.  It is a command or
 * an error with a code and a sentence.
 */
#include <stdlib.h>

#include "host/headless_json.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct headless_line line;

	headless_parse(&line, (const char *)data, size);
	if (line.error != ERROR_NONE &&
	    (line.problem[0] == '\0' || error_name(line.error) == NULL))
		abort();
	headless_line_free(&line);
	return 0;
}
