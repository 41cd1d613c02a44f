/*
 * Fuzzes a theme: it is taken, with colours that there are, or a sentence
 * says what is wrong in which line.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/theme_file.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
must_be_colour(int ink)
{
	must(ink == INK_OWN || (ink >= 0 && ink <= 255) ||
	    (ink >= INK_EXACT && ink <= (INK_EXACT | 0xffffff)));
}

static void
check(const struct theme_design *design)
{
	for (int style = 0; style < STYLE_NICK; style++) {
		must_be_colour(design->styles[style].ink);
		must_be_colour(design->styles[style].paper);
	}
	must(design->nick_count <= THEME_NICKS);
	for (unsigned i = 0; i < design->nick_count; i++)
		must_be_colour(design->nicks[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char problem[SHEET_PROBLEM] = "";
	struct theme_file file;

	if (size > SHEET_BYTES_MAX)
		return 0;
	if (theme_file_parse(&file, size > 0 ? (const char *)data : "", size,
		"t", problem)) {
		check(&file.designs[0]);
		check(&file.designs[1]);
	} else {
		must(strncmp(problem, "t:", 2) == 0);
		must(problem[strlen(problem) - 1] == '.');
	}
	return 0;
}
