/*
 * Fuzzes completion: any line with the cursor anywhere, Tab again and again.
 * What comes before the word and behind the cursor stays, and going round
 * comes back to where it began.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tui/complete.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
go_round(struct complete *complete, const char *line, size_t point,
    const struct complete_words *words)
{
	size_t size = strlen(line), head = point;
	char *first, *now;
	size_t at;

	while (head > 0 && line[head - 1] != ' ' && line[head - 1] != '\n')
		head--;
	first = strdup(complete->line);
	for (size_t i = 0; i < complete->count; i++) {
		size_t now_size = strlen(complete->line);

		must(strncmp(complete->line, line, head) == 0);
		must(complete->point <= now_size);
		must(strcmp(complete->line + complete->point, line + point) ==
		    0);
		must(now_size >= head + size - point);
		now = strdup(complete->line);
		at = complete->point;
		must(complete_is_choice(complete, now, at) ==
		    (complete->count > 1));
		must(complete_next(complete, now, at, 1, words));
		free(now);
	}
	must(strcmp(complete->line, first) == 0);
	free(first);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const rooms[] = { "#lobby", "#ops", "#op" };
	static const char *const nicks[] = { "bob", "Ana", "Éve", "@x", "" };
	const struct complete_words words = {
		.rooms = rooms, .room_count = 3, .nicks = nicks, .nick_count = 5, .nick_here = 3,
	};
	struct complete complete;
	size_t point;
	char *line;

	if (size < 1 || size > 512)
		return 0;
	line = malloc(size);
	if (line == NULL)
		return 0;
	memcpy(line, data + 1, size - 1);
	line[size - 1] = '\0';
	point = data[0] % (strlen(line) + 1);
	if (utf8_valid(line, strlen(line)))
		point = utf8_cut(line, point);
	complete_init(&complete);
	if (complete_next(&complete, line, point, data[0] & 1 ? 1 : -1,
		&words))
		go_round(&complete, line, point, &words);
	complete_forget(&complete);
	complete_free(&complete);
	free(line);
	return 0;
}
