/*
 * Fuzzes the record of a run, as dchat-sim --replay reads it from a log: any
 * bytes as what a node is made of, and as what goes into it.  What is played
 * is recorded again, and that is played and the same.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/tape.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

/* What of the bytes is options or, the first byte says so, an input; false:
 * nothing. */
static bool
play(const uint8_t *data, size_t size, bool options, struct bytes *out)
{
	struct node_options made;
	struct input input;
	struct arena arena;
	struct tape tape;
	bool good;

	arena_init(&arena);
	memset(tape.tag, 7, sizeof tape.tag);
	tape_play(&tape, data, size, &arena);
	if (options)
		tape_options(&tape, &made);
	else
		tape_input(&tape, &input);
	good = !tape.bad;
	if (good) {
		tape_record(&tape, out);
		if (options)
			tape_options(&tape, &made);
		else
			tape_input(&tape, &input);
		good = !tape.bad;
	}
	arena_free(&arena);
	return good;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes once, twice;
	bool options;

	if (size < 1)
		return 0;
	options = data[0] % 2 == 0;
	bytes_init(&once);
	bytes_init(&twice);
	if (play(data + 1, size - 1, options, &once)) {
		must(play(once.data, once.size, options, &twice));
		must(once.size == twice.size &&
		    memcmp(once.data, twice.data, once.size) == 0);
	}
	bytes_free(&once);
	bytes_free(&twice);
	return 0;
}
