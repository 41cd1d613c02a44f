/*
 * Fuzzes the search for addresses: what is found is inside, in order and not
 * empty, and nothing but printable ASCII goes out; and commands, which are
 * split into words that are all there.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/launch.h"
#include "tui/url.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
check_encoded(const char *url, size_t size)
{
	struct bytes out;

	bytes_init(&out);
	url_encode(&out, url, size);
	must(out.size >= size && out.size <= 3 * size);
	for (size_t i = 0; i < out.size; i++)
		must(out.data[i] > ' ' && out.data[i] < 0x7f);
	bytes_free(&out);
}

static void
check_words(const char *text, size_t size)
{
	const char *words[LAUNCH_WORDS + 1];
	char *command = malloc(size + 1), *copy = malloc(size + 1);
	size_t count, used = 0;

	must(command != NULL && copy != NULL);
	memcpy(command, text, size);
	command[size] = '\0';
	count = launch_split(command, copy, words);
	must(count <= LAUNCH_WORDS);
	for (size_t i = 0; i < count; i++)
		used += strlen(words[i]) + 1;
	must(used <= strlen(command) + 1);
	must(count == 0 || words[count] == NULL);
	free(command);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t at = 0, start, end;

	if (size > 4096)
		return 0;
	while (url_next(text, size, at, &start, &end)) {
		must(start >= at && end > start && end <= size);
		check_encoded(text + start, end - start);
		at = end;
	}
	check_words(text, size);
	return 0;
}
