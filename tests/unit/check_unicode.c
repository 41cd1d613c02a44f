/*
 * unicode: the consortium's own tests of what we use for text.
 *
 * GraphemeBreakTest.txt (UAX 29) against tui/text, LineBreakTest.txt (UAX
 * 14) against tui/layout; Debian has them in the package unicode-data, and
 * without it they are skipped.  What is known to differ is listed here with
 * its reason; anything else that differs fails, and so does a reason that
 * explains nothing any more.
 */
#include <check.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>

#include "tui/layout.h"
#include "tui/text.h"

#define FOLDER "/usr/share/unicode/auxiliary/"
enum { LINE = 4096, POINTS = 64, SKIPPED = 77 };

/* A line of the file: "÷ 0020 × 0308 ÷" and a comment. */
struct sample {
	uint32_t points[POINTS];
	size_t offsets[POINTS + 1];	/* of them in the text */
	bool breaks[POINTS + 1];	/* before the point of this number */
	size_t count;
	char text[POINTS * 4];
	size_t size;
	unsigned line;
};

static size_t
put_point(char *at, uint32_t point)
{
	if (point < 0x80) {
		at[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		at[0] = (char)(0xc0 | point >> 6);
		at[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		at[0] = (char)(0xe0 | point >> 12);
		at[1] = (char)(0x80 | (point >> 6 & 0x3f));
		at[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	at[0] = (char)(0xf0 | point >> 18);
	at[1] = (char)(0x80 | (point >> 12 & 0x3f));
	at[2] = (char)(0x80 | (point >> 6 & 0x3f));
	at[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

/* False: no sample is in this line, or one with half a surrogate, which no
 * UTF-8 can hold. */
static bool
parse(char *line, struct sample *sample)
{
	char *word, *rest = line;

	sample->count = sample->size = 0;
	memset(sample->breaks, 0, sizeof sample->breaks);
	line[strcspn(line, "#\n")] = '\0';
	while ((word = strtok_r(rest, " \t", &rest)) != NULL) {
		uint32_t point;

		if (strcmp(word, "\u00d7") == 0)
			continue;
		if (strcmp(word, "\u00f7") == 0) {
			sample->breaks[sample->count] = true;
			continue;
		}
		point = (uint32_t)strtoul(word, NULL, 16);
		if (sample->count == POINTS ||
		    (point >= 0xd800 && point < 0xe000))
			return false;
		sample->offsets[sample->count] = sample->size;
		sample->points[sample->count++] = point;
		sample->size += put_point(sample->text + sample->size, point);
	}
	sample->offsets[sample->count] = sample->size;
	return sample->count > 0;
}

static FILE *
open_samples(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, FOLDER "%s", name);
	return fopen(path, "r");
}

static bool
next_sample(FILE *file, struct sample *sample)
{
	char line[LINE];

	while (fgets(line, sizeof line, file) != NULL) {
		sample->line++;
		if (parse(line, sample))
			return true;
	}
	return false;
}

/* -- UAX 29 ----------------------------------------------------------------- */

START_TEST(a_cluster_ends_where_unicode_says)
{
	FILE *file = open_samples("GraphemeBreakTest.txt");
	struct sample sample = { .line = 0 };
	size_t samples = 0;

	for (; next_sample(file, &sample); samples++) {
		size_t start = 0;

		for (size_t i = 1; i <= sample.count; i++) {
			if (!sample.breaks[i])
				continue;
			ck_assert_msg(text_next(sample.text, sample.size,
					  start) == sample.offsets[i],
			    "line %u: forwards from byte %zu", sample.line,
			    start);
			ck_assert_msg(text_previous(sample.text, sample.size,
					  sample.offsets[i]) == start,
			    "line %u: backwards to byte %zu", sample.line,
			    start);
			start = sample.offsets[i];
		}
		ck_assert_uint_eq(start, sample.size);
	}
	ck_assert_uint_gt(samples, 500);
	fclose(file);
}
END_TEST

/* -- UAX 14 ----------------------------------------------------------------- */

static bool
has(const struct sample *sample, uint32_t point)
{
	for (size_t i = 0; i < sample->count; i++)
		if (sample->points[i] == point)
			return true;
	return false;
}

/* CR, LF, VT, FF, NEL, and the separators of lines and paragraphs. */
static bool
has_line_end(const struct sample *sample, size_t at)
{
	(void)at;
	return has(sample, '\r') || has(sample, '\n') ||
	    has(sample, '\v') || has(sample, '\f') || has(sample, 0x85) ||
	    has(sample, 0x2028) || has(sample, 0x2029);
}

static bool
has_object(const struct sample *sample, size_t at)
{
	(void)at;
	return has(sample, 0xfffc);
}

/* The point before `at`, marks on it aside. */
static uint32_t
base_before(const struct sample *sample, size_t at)
{
	for (size_t i = at; i-- > 0;)
		if (sample->points[i] != 0x308 && sample->points[i] != 0x200d)
			return sample->points[i];
	return sample->points[0];
}

static bool
is_slash(const struct sample *sample, size_t at)
{
	return sample->points[at] == '/' || has(sample, '/') ||
	    base_before(sample, at) == '/';
}

static bool
starts_with_space(const struct sample *sample, size_t at)
{
	(void)at;
	return sample->points[0] == ' ';
}

static bool
follows_comma(const struct sample *sample, size_t at)
{
	uint32_t before = base_before(sample, at);

	return before == ',' || before == '.' || before == ':';
}

static bool
is_around_a_price(const struct sample *sample, size_t at)
{
	uint32_t before = base_before(sample, at), next = sample->points[at];

	return before == '%' || before == '$' || before == '\\' ||
	    next == '%' || next == '$';
}

static bool
is_mark_behind_bracket(const struct sample *sample, size_t at)
{
	return sample->points[at - 1] == ' ' &&
	    (sample->points[at] == 1 || sample->points[at] == 0x200d ||
		sample->points[at] == 0x308);
}

static bool
is_nonstarter_behind_space(const struct sample *sample, size_t at)
{
	uint32_t next = sample->points[at];

	return sample->points[at - 1] == ' ' &&
	    (next == 0x3041 || next == 0x17d6 || next == 0x301c);
}

static bool
is_flag_behind_mark(const struct sample *sample, size_t at)
{
	return sample->points[at] == 0x1f1e6 && has(sample, 0x308);
}

static struct {
	bool (*explains)(const struct sample *sample, size_t at);
	const char *reason;
	size_t samples;
} reasons[] = {
	{ has_line_end, "text in display form has no line ends but LF, and "
			"those tui/layout takes itself", 0 },
	{ is_slash, "the slash of \"/quit\" stays with its word", 0 },
	{ has_object, "libunistring takes U+FFFC for one of class AI", 0 },
	{ starts_with_space, "libunistring breaks no row behind the spaces "
			     "that a text starts with", 0 },
	{ is_around_a_price, "the samples have numbers tailored (UAX 14, 8.2, "
			     "example 7), libunistring has not", 0 },
	{ follows_comma, "the same, for \"1,234.56\"", 0 },
	{ is_mark_behind_bracket, "libunistring lets a control or a mark "
				  "behind \"( \" begin a row (LB14)", 0 },
	{ is_nonstarter_behind_space, "libunistring parts \") \" and a "
				      "nonstarter (LB16)", 0 },
	{ is_flag_behind_mark, "libunistring counts no flags across a mark "
			       "(LB30a)", 0 },
};

enum { REASONS = sizeof reasons / sizeof *reasons };

static void
explain(const struct sample *sample, size_t at)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].explains(sample, at)) {
			reasons[i].samples++;
			return;
		}
	ck_abort_msg("line %u of LineBreakTest.txt: U+%04X %s U+%04X",
	    sample->line, sample->points[at - 1],
	    sample->breaks[at] ? "may be parted from"
			       : "may not be parted from",
	    sample->points[at]);
}

/* The first place that differs; 0: none does. */
static size_t
difference(const struct sample *sample)
{
	char breaks[POINTS * 4];

	layout_breaks(sample->text, sample->size, breaks);
	for (size_t i = 1; i < sample->count; i++) {
		char found = breaks[sample->offsets[i]];

		if ((found == UC_BREAK_POSSIBLE ||
			found == UC_BREAK_MANDATORY) != sample->breaks[i])
			return i;
	}
	return 0;
}

START_TEST(a_row_breaks_where_unicode_says)
{
	FILE *file = open_samples("LineBreakTest.txt");
	struct sample sample = { .line = 0 };
	size_t samples = 0, same = 0;

	for (; next_sample(file, &sample); samples++) {
		size_t at = difference(&sample);

		if (at == 0)
			same++;
		else
			explain(&sample, at);
	}
	fclose(file);
	ck_assert_uint_gt(samples, 7000);
	for (size_t i = 0; i < REASONS; i++)
		ck_assert_msg(reasons[i].samples > 0,
		    "no sample needs it any more: %s", reasons[i].reason);
	/* 16 of 17 with a line end differ, of the others one in 28 */
	ck_assert_uint_ge(same * 100, samples * 79);
}
END_TEST

/* The reasons above are for the samples of Unicode 15.0. */
static bool
is_there(const char *name)
{
	FILE *file = open_samples(name);
	char line[LINE] = "";
	bool good;

	if (file == NULL)
		return false;
	good = fgets(line, sizeof line, file) != NULL &&
	    strstr(line, "-15.0.0") != NULL;
	fclose(file);
	return good;
}

int
main(void)
{
	Suite *suite = suite_create("unicode");
	TCase *test = tcase_create("samples");
	SRunner *runner = srunner_create(suite);
	int failed;

	if (!is_there("GraphemeBreakTest.txt") ||
	    !is_there("LineBreakTest.txt")) {
		printf("skipped: the samples of Unicode 15.0 are not in %s "
		       "(Debian 12: the package unicode-data)\n", FOLDER);
		return SKIPPED;
	}
	setlocale(LC_ALL, "C.UTF-8");
	tcase_add_test(test, a_cluster_ends_where_unicode_says);
	tcase_add_test(test, a_row_breaks_where_unicode_says);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
