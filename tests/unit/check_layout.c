/*
 * tui/layout: rows of a text and panes of a terminal.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "tui/layout.h"
#include "tui/text.h"

static void
setup(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
}

/* Wraps, and compares the rows, written with '|' between them. */
static void
assert_rows(const char *text, size_t width, const char *expected)
{
	struct layout_rows rows = { 0 };
	char got[1024] = "";
	size_t i;

	layout_wrap(&rows, text, strlen(text), width);
	for (i = 0; i < rows.count; i++) {
		if (i > 0)
			strcat(got, "|");
		strncat(got, text + rows.items[i].offset, rows.items[i].size);
	}
	ck_assert_str_eq(got, expected);
	layout_rows_free(&rows);
}

START_TEST(a_text_that_fits_is_one_row)
{
	assert_rows("", 5, "");
	assert_rows("hello", 5, "hello");
	assert_rows("日本", 4, "日本");
}
END_TEST

START_TEST(lines_break_between_words)
{
	assert_rows("shall we start now", 10, "shall we|start now");
	assert_rows("shall we start now", 8, "shall we|start|now");
	assert_rows("one  two", 5, "one|two");
	assert_rows("日本語です", 4, "日本|語で|す");
	assert_rows("日本語です", 5, "日本|語で|す");
}
END_TEST

START_TEST(newlines_start_rows_and_empty_lines_stay)
{
	assert_rows("a\nb", 10, "a|b");
	assert_rows("a\n\nb", 10, "a||b");
	assert_rows("one two\nthree", 5, "one|two|three");
}
END_TEST

START_TEST(long_words_are_cut_at_clusters)
{
	assert_rows("abcdefgh", 3, "abc|def|gh");
	assert_rows("ab cdefgh", 4, "ab|cdef|gh");
	assert_rows("e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301");
	assert_rows("a🇫🇷🇩🇪", 3, "a🇫🇷|🇩🇪");
}
END_TEST

START_TEST(a_cluster_wider_than_the_row_still_stands_somewhere)
{
	assert_rows("日本", 1, "日|本");
	assert_rows("a日", 1, "a|日");
}
END_TEST

START_TEST(an_url_is_kept_whole_if_it_fits_on_a_row)
{
	assert_rows("see http://a.example.org/x-y?z now", 26,
	    "see|http://a.example.org/x-y?z|now");
	assert_rows("see http://a.example.org/x-y now", 24,
	    "see|http://a.example.org/x-y|now");
	assert_rows("http://abcdef", 5, "http:|//abc|def");
}
END_TEST

START_TEST(the_slash_of_a_command_stays_with_its_word)
{
	assert_rows("say /quit now", 6, "say|/quit|now");
	assert_rows("/quit", 4, "/qui|t");
	assert_rows("say //quit", 7, "say|//quit");
	assert_rows("and/or", 4, "and/|or");
	assert_rows("one\n/two three", 6, "one|/two|three");
}
END_TEST

static bool
rows_hold(const char *text, size_t size, size_t width)
{
	struct layout_rows rows = { 0 };
	size_t end = 0, i, at;
	bool good = true;

	layout_wrap(&rows, text, size, width);
	good = rows.count > 0;
	for (i = 0; good && i < rows.count; i++) {
		const struct layout_row *row = &rows.items[i];

		/* What is between two rows is blank, and none is too wide. */
		for (at = end; at < row->offset; at++)
			good = good && (text[at] == ' ' || text[at] == '\n');
		end = row->offset + row->size;
		good = good && end <= size &&
		    row->cells == text_width(text + row->offset, row->size) &&
		    (row->cells <= width || width < 2);
	}
	for (at = end; at < size; at++)
		good = good && (text[at] == ' ' || text[at] == '\n');
	layout_rows_free(&rows);
	return good;
}

START_TEST(rows_are_never_too_wide_and_lose_nothing_but_blanks)
{
	static const char *const pieces[] = { "a", "bc", " ", "  ", "\n",
		"日本", "e\u0301", "-", ".", "http://x.y/z", "/", "🇫🇷", "👍", "\"",
		")", "%", "\u00a0", "\u3000" };
	struct rng rng = rng_seeded(11);
	int round;

	for (round = 0; round < 5000; round++) {
		char text[512] = "";
		size_t width = 1 + rng_below(&rng, 30);
		size_t n = rng_below(&rng, 40);

		while (n-- > 0)
			strcat(text,
			    pieces[rng_below(&rng,
				sizeof pieces / sizeof pieces[0])]);
		if (!rows_hold(text, strlen(text), width))
			ck_abort_msg("round %d, width %zu: \"%s\"", round,
			    width, text);
	}
}
END_TEST

static void
encode(uint32_t point, char *text, size_t *size)
{
	unsigned char *at = (unsigned char *)text + *size;

	if (point < 0x80) {
		at[0] = (unsigned char)point;
		*size += 1;
	} else if (point < 0x800) {
		at[0] = (unsigned char)(0xc0 | point >> 6);
		at[1] = (unsigned char)(0x80 | (point & 0x3f));
		*size += 2;
	} else if (point < 0x10000) {
		at[0] = (unsigned char)(0xe0 | point >> 12);
		at[1] = (unsigned char)(0x80 | (point >> 6 & 0x3f));
		at[2] = (unsigned char)(0x80 | (point & 0x3f));
		*size += 3;
	} else {
		at[0] = (unsigned char)(0xf0 | point >> 18);
		at[1] = (unsigned char)(0x80 | (point >> 12 & 0x3f));
		at[2] = (unsigned char)(0x80 | (point >> 6 & 0x3f));
		at[3] = (unsigned char)(0x80 | (point & 0x3f));
		*size += 4;
	}
}

/* "× 0020 × 0028 ÷ 0041 ÷": wrapped as narrowly as can be, no row starts
 * where Unicode's own test forbids a break, unless it had to be cut. */
static bool
breaks_agree(char *line)
{
	bool may[256] = { false };
	struct layout_rows rows = { 0 };
	size_t size = 0, width, i;
	char text[256], *word, *save;
	bool agree = true;

	for (word = strtok_r(line, " \t\n", &save); word && word[0] != '#';
	     word = strtok_r(NULL, " \t\n", &save)) {
		if (strcmp(word, "÷") == 0)
			may[size] = true;
		else if (strcmp(word, "×") != 0)
			encode((uint32_t)strtoul(word, NULL, 16), text, &size);
	}
	text[size] = '\0';
	width = text_width(text, size);
	if (width < 2)
		return true;
	layout_wrap(&rows, text, size, width - 1);
	for (i = 1; i < rows.count && size > 0; i++) {
		size_t start = rows.items[i].offset, at;
		bool had_choice = false;

		for (at = rows.items[i - 1].offset + 1; at < start; at++)
			had_choice = had_choice || may[at];
		agree = agree && (may[start] || !had_choice);
	}
	layout_rows_free(&rows);
	return agree;
}

START_TEST(rows_start_where_unicodes_own_tests_allow_it)
{
	FILE *file =
	    fopen("/usr/share/unicode/auxiliary/LineBreakTest.txt", "r");
	size_t cap = 0, good = 0, all = 0;
	char *line = NULL;

	if (!file)
		return; /* Debian's unicode-data is not here */
	while (getline(&line, &cap, file) > 0) {
		/* Controls and ZWJ do not pass the gate. */
		if (line[0] == '#' || line[0] == '\n' || strstr(line, "000A") ||
		    strstr(line, "000B") || strstr(line, "000C") ||
		    strstr(line, "000D") || strstr(line, "0085") ||
		    strstr(line, "200B") || strstr(line, "200D") ||
		    strstr(line, "2028"))
			continue;
		all++;
		good += breaks_agree(line);
	}
	free(line);
	fclose(file);
	ck_assert_uint_gt(all, 1000);
	/* libunistring 1.0 is a version of Unicode behind. */
	ck_assert_uint_ge(good * 100, all * 95);
}
END_TEST

/* -- panes ------------------------------------------------------------- */

enum { SCREEN = 501 };

static void
cover(const struct layout_rect *rect, unsigned char *cells, int rows, int cols)
{
	int row, col;

	if (rect->rows == 0 || rect->cols == 0) {
		ck_assert_int_eq(rect->rows, 0);
		ck_assert_int_eq(rect->cols, 0);
		return;
	}
	ck_assert_int_ge(rect->row, 0);
	ck_assert_int_ge(rect->col, 0);
	ck_assert_int_le(rect->row + rect->rows, rows);
	ck_assert_int_le(rect->col + rect->cols, cols);
	for (row = rect->row; row < rect->row + rect->rows; row++)
		for (col = rect->col; col < rect->col + rect->cols; col++)
			cells[row * SCREEN + col]++;
}

static void
assert_covered(const struct layout_panes *panes, int rows, int cols)
{
	static unsigned char cells[SCREEN * SCREEN];
	int row, col;

	memset(cells, 0, sizeof cells);
	cover(&panes->rooms_title, cells, rows, cols);
	cover(&panes->rooms, cells, rows, cols);
	cover(&panes->rooms_bar, cells, rows, cols);
	cover(&panes->title, cells, rows, cols);
	cover(&panes->chat, cells, rows, cols);
	cover(&panes->members_bar, cells, rows, cols);
	cover(&panes->members_title, cells, rows, cols);
	cover(&panes->members, cells, rows, cols);
	cover(&panes->status, cells, rows, cols);
	cover(&panes->input, cells, rows, cols);
	for (row = 0; row < rows; row++)
		for (col = 0; col < cols; col++)
			if (cells[row * SCREEN + col] != 1)
				ck_abort_msg("%dx%d: %d panes at %d,%d", cols,
				    rows, cells[row * SCREEN + col], row, col);
}

START_TEST(panes_cover_the_terminal_at_every_size)
{
	static const int sizes[][2] = { { 5, 20 }, { 6, 20 }, { 7, 30 },
		{ 8, 40 }, { 10, 40 }, { 24, 55 }, { 24, 56 }, { 24, 71 },
		{ 24, 72 }, { 24, 80 }, { 40, 120 }, { 50, 160 }, { 200, 500 },
		{ 5, 500 }, { 200, 20 } };
	struct layout_panes panes;
	size_t i;
	int input;

	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		for (input = 0; input < 12; input++) {
			layout_panes(&panes, sizes[i][0], sizes[i][1], input,
			    true);
			ck_assert(!panes.too_small);
			assert_covered(&panes, sizes[i][0], sizes[i][1]);
			ck_assert_int_ge(panes.input.rows, 1);
			ck_assert_int_ge(panes.chat.rows, 2);
			ck_assert_int_ge(panes.chat.cols, 20);
		}
	}
}
END_TEST

START_TEST(below_twenty_by_five_it_is_too_small)
{
	struct layout_panes panes;

	layout_panes(&panes, 4, 19, 1, true);
	ck_assert(panes.too_small);
	layout_panes(&panes, 4, 200, 1, true);
	ck_assert(panes.too_small);
	layout_panes(&panes, 100, 19, 1, true);
	ck_assert(panes.too_small);
	ck_assert_int_eq(panes.chat.rows, 0);
	layout_panes(&panes, 0, 0, 1, true);
	ck_assert(panes.too_small);
	layout_panes(&panes, 5, 20, 1, true);
	ck_assert(!panes.too_small);
}
END_TEST

START_TEST(eighty_by_twentyfour_has_all_panes)
{
	struct layout_panes panes;

	layout_panes(&panes, 24, 80, 1, true);
	ck_assert_int_eq(panes.rooms.cols, 14);
	ck_assert_int_eq(panes.members.cols, 14);
	ck_assert_int_eq(panes.chat.cols, 50);
	ck_assert_int_eq(panes.chat.rows, 21);
	ck_assert_int_eq(panes.title.row, 0);
	ck_assert_int_eq(panes.status.row, 22);
	ck_assert_int_eq(panes.input.row, 23);
}
END_TEST

START_TEST(members_go_first_then_rooms_then_the_title_then_the_status)
{
	struct layout_panes panes;

	layout_panes(&panes, 24, 71, 1, true);
	ck_assert_int_eq(panes.members.cols, 0);
	ck_assert_int_gt(panes.rooms.cols, 0);
	layout_panes(&panes, 10, 40, 1, true);
	ck_assert_int_eq(panes.members.cols, 0);
	ck_assert_int_eq(panes.rooms.cols, 0);
	ck_assert_int_eq(panes.title.rows, 1);
	ck_assert_int_eq(panes.status.rows, 1);
	layout_panes(&panes, 7, 40, 1, true);
	ck_assert_int_eq(panes.title.rows, 0);
	ck_assert_int_eq(panes.status.rows, 1);
	layout_panes(&panes, 5, 40, 2, true);
	ck_assert_int_eq(panes.status.rows, 0);
	ck_assert_int_eq(panes.chat.rows, 3);
	ck_assert_int_eq(panes.input.rows, 2);
}
END_TEST

START_TEST(the_input_grows_to_a_third_of_the_screen)
{
	struct layout_panes panes;

	layout_panes(&panes, 24, 80, 5, true);
	ck_assert_int_eq(panes.input.rows, 5);
	layout_panes(&panes, 24, 80, 100, true);
	ck_assert_int_eq(panes.input.rows, 8);
	layout_panes(&panes, 24, 80, 0, true);
	ck_assert_int_eq(panes.input.rows, 1);
}
END_TEST

START_TEST(columns_of_the_chat_add_up_and_leave_the_text_room)
{
	struct layout_columns columns;
	int cols, nick;

	for (cols = 20; cols <= 500; cols++) {
		for (nick = 0; nick < 64; nick += 7) {
			layout_columns(&columns, cols, 5, nick, 3);
			if (columns.time + columns.nick + columns.text +
				    columns.mark !=
				cols ||
			    columns.text * 2 < cols)
				ck_abort_msg("%d columns, nick %d", cols, nick);
		}
	}
	layout_columns(&columns, 50, 5, 5, 3);
	ck_assert_int_eq(columns.time, 6);
	ck_assert_int_eq(columns.nick, 6);
	ck_assert_int_eq(columns.mark, 4);
	layout_columns(&columns, 20, 5, 5, 3);
	ck_assert_int_eq(columns.time, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("layout");
	TCase *tcase = tcase_create("layout");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_text_that_fits_is_one_row);
	tcase_add_test(tcase, lines_break_between_words);
	tcase_add_test(tcase, newlines_start_rows_and_empty_lines_stay);
	tcase_add_test(tcase, long_words_are_cut_at_clusters);
	tcase_add_test(tcase,
	    a_cluster_wider_than_the_row_still_stands_somewhere);
	tcase_add_test(tcase, the_slash_of_a_command_stays_with_its_word);
	tcase_add_test(tcase, an_url_is_kept_whole_if_it_fits_on_a_row);
	tcase_add_test(tcase,
	    rows_are_never_too_wide_and_lose_nothing_but_blanks);
	tcase_add_test(tcase, rows_start_where_unicodes_own_tests_allow_it);
	tcase_add_test(tcase, panes_cover_the_terminal_at_every_size);
	tcase_add_test(tcase, below_twenty_by_five_it_is_too_small);
	tcase_add_test(tcase, eighty_by_twentyfour_has_all_panes);
	tcase_add_test(tcase,
	    members_go_first_then_rooms_then_the_title_then_the_status);
	tcase_add_test(tcase, the_input_grows_to_a_third_of_the_screen);
	tcase_add_test(tcase,
	    columns_of_the_chat_add_up_and_leave_the_text_room);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
