/*
 * Fuzzes the command line: words, a line each.  They are options, and what
 * the node is told of them is all there, or a sentence says what is wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/fuzz/fuzz.h"
#include "tui/options.h"

enum { MOST = 24 };

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
check_node(const struct options *options)
{
	struct dchat_options node;

	options_node(options, &node);
	must(node.nick == NULL || node.nick[0] != '\0');
	must(node.network != NULL && node.network[0] != '\0');
	for (size_t i = 0; i < node.room_count; i++)
		must(node.rooms[i][0] == '#');
	for (size_t i = 0; i < node.peer_count; i++)
		must(node.peers[i][0] != '\0');
	must(node.verbosity >= 0 && node.verbosity <= 2);
	must(!options->linear || !options->headless);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_span(size > 0 ? (const char *)data : "", size);
	char name[] = "dchat", *words[MOST + 2] = { name };
	char *rest = text, problem[256] = "";
	struct options options;
	int count = 1;

	while (count <= MOST && rest != NULL)
		words[count++] = strsep(&rest, "\n");
	if (options_read(&options, count, words, problem) == OPTIONS_WRONG)
		must(problem[strlen(problem) - 1] == '.');
	else
		check_node(&options);
	options_free(&options);
	free(text);
	return 0;
}
