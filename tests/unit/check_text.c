/*
 * tui/text: whatever comes in, only what we mean to paint comes out.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <wchar.h>

#include "base/rng.h"
#include "base/utf8.h"
#include "tui/text.h"

static void
setup(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	ck_assert(text_locale_is_utf8());
}

static size_t
encode(uint32_t point, char text[static 5])
{
	size_t n = 0;

	if (point < 0x80) {
		text[n++] = (char)point;
	} else if (point < 0x800) {
		text[n++] = (char)(0xc0 | point >> 6);
		text[n++] = (char)(0x80 | (point & 0x3f));
	} else if (point < 0x10000) {
		text[n++] = (char)(0xe0 | point >> 12);
		text[n++] = (char)(0x80 | (point >> 6 & 0x3f));
		text[n++] = (char)(0x80 | (point & 0x3f));
	} else {
		text[n++] = (char)(0xf0 | point >> 18);
		text[n++] = (char)(0x80 | (point >> 12 & 0x3f));
		text[n++] = (char)(0x80 | (point >> 6 & 0x3f));
		text[n++] = (char)(0x80 | (point & 0x3f));
	}
	text[n] = '\0';
	return n;
}

static void
assert_cleaned(const char *from, size_t size, unsigned flags, const char *to)
{
	struct bytes out;

	bytes_init(&out);
	text_clean(&out, from, size, flags);
	bytes_append(&out, "", 1);
	ck_assert_str_eq((const char *)out.data, to);
	ck_assert_uint_eq(out.size, strlen(to) + 1);
	bytes_free(&out);
}

static void
assert_clean(const char *from, const char *to)
{
	assert_cleaned(from, strlen(from), 0, to);
}

/* What must hold of every display form.  (An assertion of Check costs a
 * system call, so there is none for each of a million points.) */
static bool
is_display_form(const char *text, size_t size, unsigned flags)
{
	size_t at, n, marks = TEXT_MARKS;
	uint32_t point;

	for (at = 0; at < size; at += n) {
		int width;

		n = utf8_decode(text + at, size - at, &point);
		if (n == 0)
			return false;
		if (point == '\n' && (flags & TEXT_LINES)) {
			marks = TEXT_MARKS;
			continue;
		}
		width = wcwidth((wchar_t)point);
		if (point < 0x20 || (point >= 0x7f && point <= 0x9f) ||
		    (point >= 0x80 && (flags & TEXT_ASCII)) || width < 0 ||
		    uc_is_property_default_ignorable_code_point(point))
			return false;
		if (width > 0)
			marks = 0;
		else if (uc_is_general_category(point, UC_CATEGORY_Cf) ||
		    ++marks > TEXT_MARKS)
			return false;
	}
	return true;
}

START_TEST(plain_text_is_left_alone)
{
	assert_clean("", "");
	assert_clean("shall we start?", "shall we start?");
	assert_clean("Größe 日本語 €", "Größe 日本語 €");
	assert_clean("e\xcc\x81", "e\xcc\x81");
	assert_clean("👍", "👍");
	assert_clean("🇫🇷", "🇫🇷");
}
END_TEST

START_TEST(every_c0_control_becomes_its_picture)
{
	char to[8];
	char c;

	for (c = 0; c < 0x20; c++) {
		encode(0x2400 + (uint32_t)c, to);
		assert_cleaned(&c, 1, 0, to);
		assert_cleaned(&c, 1, TEXT_ASCII, "?");
	}
	assert_clean("\x7f", "␡");
	assert_clean("\033[31mred\a", "␛[31mred␇");
}
END_TEST

START_TEST(every_c1_control_becomes_a_replacement_character)
{
	uint32_t point;
	char from[5];

	for (point = 0x80; point < 0xa0; point++) {
		encode(point, from);
		assert_clean(from, "\xef\xbf\xbd");
	}
}
END_TEST

START_TEST(every_byte_that_is_not_utf8_becomes_a_replacement_character)
{
	char from[2] = "";
	int byte;

	for (byte = 0x80; byte < 0x100; byte++) {
		from[0] = (char)byte;
		assert_clean(from, "\xef\xbf\xbd");
	}
	assert_clean("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_clean("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
	assert_clean("a\xe2\x82", "a\xef\xbf\xbd\xef\xbf\xbd");
}
END_TEST

START_TEST(bidi_and_zero_width_controls_disappear)
{
	static const uint32_t points[] = { 0xad, 0x34f, 0x61c, 0x180e, 0x200b,
		0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d,
		0x202e, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2066, 0x2067,
		0x2068, 0x2069, 0x206a, 0x206f, 0xfe0e, 0xfe0f, 0xfeff, 0xfff9,
		0xfffa, 0xfffb, 0x1f3fb, 0x1f3ff, 0xe0001, 0xe0020, 0xe007f,
		0xe0100, 0xe01ef };
	size_t i;

	for (i = 0; i < sizeof points / sizeof points[0]; i++) {
		char from[16] = "a", point[5];

		encode(points[i], point);
		strcat(from, point);
		strcat(from, "b");
		assert_clean(from, "ab");
		assert_cleaned(from, strlen(from), TEXT_ASCII, "ab");
	}
}
END_TEST

START_TEST(an_emoji_family_becomes_its_members)
{
	assert_clean("👨\u200d👩\u200d👧", "👨👩👧");
	assert_clean("👍🏽", "👍");
	assert_clean("❤\ufe0f", "❤");
}
END_TEST

START_TEST(marks_are_capped_at_four_and_need_a_base)
{
	assert_clean("e\u0301\u0302\u0303\u0304\u0305\u0306x",
	    "e\u0301\u0302\u0303\u0304x");
	assert_clean("\u0301", "\u25cc\u0301");
	assert_cleaned("a\n\u0301", 4, TEXT_LINES, "a\n\u25cc\u0301");
	/* what is dropped between does not give room for more */
	assert_clean("e\u0301\u0302\u200d\u0303\u0304\u200d\u0305",
	    "e\u0301\u0302\u0303\u0304");
}
END_TEST

START_TEST(newlines_stay_only_where_they_are_wanted)
{
	assert_clean("a\nb", "a␊b");
	assert_clean("a\r\nb", "a␍␊b");
	assert_cleaned("a\nb\r\nc\rd", 8, TEXT_LINES, "a\nb\nc␍d");
}
END_TEST

START_TEST(nothing_but_ascii_comes_out_where_nothing_else_is_to_be_had)
{
	assert_cleaned("é日\u0301x", strlen("é日\u0301x"), TEXT_ASCII, "??x");
	assert_cleaned("a\nb", 3, TEXT_ASCII | TEXT_LINES, "a\nb");
}
END_TEST

START_TEST(every_code_point_gives_display_form_that_stays_as_it_is)
{
	struct bytes once, twice;
	uint32_t point;
	char from[5];

	bytes_init(&once);
	bytes_init(&twice);
	for (point = 0; point <= 0x10ffff; point++) {
		size_t size;

		if (point >= 0xd800 && point <= 0xdfff)
			continue;
		size = encode(point, from);
		bytes_clear(&once);
		bytes_clear(&twice);
		text_clean(&once, from, size, 0);
		if (once.size == 0)
			continue;
		text_clean(&twice, (char *)once.data, once.size, 0);
		if (!is_display_form((char *)once.data, once.size, 0) ||
		    once.size != twice.size ||
		    memcmp(once.data, twice.data, once.size) != 0)
			ck_abort_msg("U+%04X", point);
	}
	bytes_free(&once);
	bytes_free(&twice);
}
END_TEST

static void
random_text(struct rng *rng, char *text, size_t size)
{
	static const char *const pieces[] = { "a", " ", "\n", "\033", "\x9b",
		"\u202e", "\u200d", "\u0301", "日", "👍", "🏽", "🇫", "\ufe0f",
		"\xff", "각", "ᄀ", "ᅡ", "ก", "ำ", "\u0600" };
	size_t i;

	for (i = 0; i < size; i++) {
		if (rng_below(rng, 3) == 0)
			text[i] = (char)rng_below(rng, 256);
		else {
			const char *piece = pieces[rng_below(rng,
			    sizeof pieces / sizeof pieces[0])];
			size_t n = strlen(piece);

			if (n > size - i)
				n = size - i;
			memcpy(text + i, piece, n);
			i += n - 1;
		}
	}
}

static bool
clusters_add_up(const char *text, size_t size)
{
	struct text_clusters clusters = { 0 };
	size_t cells = 0, end = 0, i;
	bool good = true;

	text_clusters_split(&clusters, text, size);
	for (i = 0; good && i < clusters.count; i++) {
		size_t start = end;

		good = clusters.items[i].offset == start;
		end += clusters.items[i].size;
		cells += clusters.items[i].cells;
		good = good && text_next(text, size, start) == end &&
		    text_previous(text, size, end) == start;
	}
	text_clusters_free(&clusters);
	return good && end == size && cells == text_width(text, size);
}

START_TEST(random_bytes_give_display_form_and_clusters_that_add_up)
{
	static const unsigned flags[] = { 0, TEXT_LINES, TEXT_ASCII,
		TEXT_LINES | TEXT_ASCII };
	struct rng rng = rng_seeded(7);
	struct bytes out;
	int round;

	bytes_init(&out);
	for (round = 0; round < 4000; round++) {
		char text[64];
		size_t size = rng_below(&rng, sizeof text);

		random_text(&rng, text, size);
		bytes_clear(&out);
		text_clean(&out, text, size, flags[round % 4]);
		if (!is_display_form((char *)out.data, out.size,
			flags[round % 4]) ||
		    !clusters_add_up((char *)out.data, out.size))
			ck_abort_msg("round %d", round);
	}
	bytes_free(&out);
}
END_TEST

START_TEST(a_cluster_longer_than_any_piece_is_one)
{
	char text[1001] = "a";
	size_t i;

	for (i = 1; i + 2 <= 1000; i += 2)
		memcpy(text + i, "\u0301", 2);
	ck_assert_uint_eq(text_next(text, i, 0), i);
	ck_assert_uint_eq(text_previous(text, i, i), 0);
}
END_TEST

START_TEST(cells_are_those_of_wcwidth)
{
	ck_assert_uint_eq(text_width("abc", 3), 3);
	ck_assert_uint_eq(text_width("日本", 6), 4);
	ck_assert_uint_eq(text_width("e\u0301", 3), 1);
	ck_assert_uint_eq(text_width("🇫🇷", 8), 2);
	ck_assert_uint_eq(text_width("a\nb", 3), 2);
}
END_TEST

static void
assert_cut(const char *text, size_t cells, const char *expected, size_t taken)
{
	struct bytes out;

	bytes_init(&out);
	ck_assert_uint_eq(text_cut(&out, text, strlen(text), cells, 0), taken);
	bytes_append(&out, "", 1);
	ck_assert_str_eq((char *)out.data, expected);
	bytes_free(&out);
}

START_TEST(a_cut_is_at_the_end_of_a_cluster_with_an_ellipsis)
{
	assert_cut("abcdef", 6, "abcdef", 6);
	assert_cut("abcdef", 5, "abcd…", 5);
	assert_cut("abcdef", 1, "…", 1);
	assert_cut("abcdef", 0, "", 0);
	assert_cut("日本語", 6, "日本語", 6);
	assert_cut("日本語", 5, "日本…", 5);
	assert_cut("日本語", 4, "日…", 3);
	assert_cut("e\u0301e\u0301e\u0301", 2, "e\u0301…", 2);
	assert_cut("🇫🇷🇩🇪", 3, "🇫🇷…", 3);
}
END_TEST

START_TEST(padding_fills_exactly_what_was_asked_for)
{
	static const char *const texts[] = { "", "ana", "日本語", "abcdefgh" };
	struct bytes out;
	size_t i, cells;

	bytes_init(&out);
	for (i = 0; i < 4; i++) {
		for (cells = 0; cells < 10; cells++) {
			bytes_clear(&out);
			text_pad(&out, texts[i], strlen(texts[i]), cells, 0);
			ck_assert_uint_eq(text_width((char *)out.data,
					      out.size),
			    cells);
		}
	}
	bytes_free(&out);
}
END_TEST

START_TEST(a_wide_character_does_not_stand_on_the_edge)
{
	size_t taken;

	ck_assert_uint_eq(text_fit("a日本", 7, 4, &taken), 4);
	ck_assert_uint_eq(taken, 3);
}
END_TEST

START_TEST(a_word_is_found_as_a_whole_and_in_any_case)
{
	ck_assert(text_has_word("hello ana", "ana"));
	ck_assert(text_has_word("Ana: hi", "ana"));
	ck_assert(text_has_word("banana, ana!", "ana"));
	ck_assert(text_has_word("ÉVE?", "éve"));
	ck_assert(!text_has_word("banana", "ana"));
	ck_assert(!text_has_word("ana_2", "ana"));
	ck_assert(!text_has_word("anaé", "ana"));
	ck_assert(!text_has_word("éana", "ana"));
	ck_assert(!text_has_word("anything", ""));
	ck_assert(!text_has_word("", "ana"));
	ck_assert(text_has_pattern("hello Ana", "ana"));
	ck_assert(!text_has_pattern("bananas", "ana"));
	ck_assert(text_has_pattern("anatomy", "ana*"));
	ck_assert(!text_has_pattern("banana", "ana*"));
	ck_assert(text_has_pattern("banana", "*ana"));
	ck_assert(text_has_pattern("bananas", "*ana*"));
	ck_assert(!text_has_pattern("anything", "*"));
	ck_assert(!text_has_pattern("anything", "**"));
}
END_TEST

/* "÷ 0020 × 0308 ÷": where clusters end, of Unicode's own test file. */
static bool
clusters_agree(char *line)
{
	struct text_clusters clusters = { 0 };
	size_t ends[64], count = 0, size = 0, i;
	char text[256], *word, *save;
	bool agree;

	for (word = strtok_r(line, " \t\n", &save); word && word[0] != '#';
	     word = strtok_r(NULL, " \t\n", &save)) {
		if (strcmp(word, "÷") == 0) {
			if (size > 0)
				ends[count++] = size;
		} else if (strcmp(word, "×") != 0) {
			size += encode((uint32_t)strtoul(word, NULL, 16),
			    text + size);
		}
	}
	text_clusters_split(&clusters, text, size);
	agree = clusters.count == count;
	for (i = 0; agree && i < count; i++)
		agree = clusters.items[i].offset + clusters.items[i].size ==
		    ends[i];
	text_clusters_free(&clusters);
	return agree;
}

START_TEST(clusters_are_those_of_unicodes_own_tests)
{
	FILE *file =
	    fopen("/usr/share/unicode/auxiliary/GraphemeBreakTest.txt", "r");
	size_t cap = 0, good = 0, all = 0;
	char *line = NULL;

	if (!file)
		return; /* Debian's unicode-data is not here */
	while (getline(&line, &cap, file) > 0) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		/* Controls do not pass the gate, ASCII is split plainly. */
		if (strstr(line, "000D"))
			continue;
		all++;
		good += clusters_agree(line);
	}
	free(line);
	fclose(file);
	ck_assert_uint_gt(all, 500);
	ck_assert_uint_eq(good, all);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("text");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, plain_text_is_left_alone);
	tcase_add_test(tcase, every_c0_control_becomes_its_picture);
	tcase_add_test(tcase, every_c1_control_becomes_a_replacement_character);
	tcase_add_test(tcase,
	    every_byte_that_is_not_utf8_becomes_a_replacement_character);
	tcase_add_test(tcase, bidi_and_zero_width_controls_disappear);
	tcase_add_test(tcase, an_emoji_family_becomes_its_members);
	tcase_add_test(tcase, marks_are_capped_at_four_and_need_a_base);
	tcase_add_test(tcase, newlines_stay_only_where_they_are_wanted);
	tcase_add_test(tcase,
	    nothing_but_ascii_comes_out_where_nothing_else_is_to_be_had);
	tcase_add_test(tcase,
	    every_code_point_gives_display_form_that_stays_as_it_is);
	tcase_add_test(tcase,
	    random_bytes_give_display_form_and_clusters_that_add_up);
	tcase_add_test(tcase, a_cluster_longer_than_any_piece_is_one);
	tcase_add_test(tcase, cells_are_those_of_wcwidth);
	tcase_add_test(tcase,
	    a_cut_is_at_the_end_of_a_cluster_with_an_ellipsis);
	tcase_add_test(tcase, padding_fills_exactly_what_was_asked_for);
	tcase_add_test(tcase, a_wide_character_does_not_stand_on_the_edge);
	tcase_add_test(tcase, a_word_is_found_as_a_whole_and_in_any_case);
	tcase_add_test(tcase, clusters_are_those_of_unicodes_own_tests);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
