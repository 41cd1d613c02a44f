/*
 * tui/recall: what was written before, and the draft; and tui/lookup, the
 * search in it.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/lookup.h"
#include "tui/recall.h"

static struct recall *recall;

static void
setup(void)
{
	recall = recall_new();
}

static void
teardown(void)
{
	recall_destroy(recall);
}

START_TEST(an_empty_recall_has_nothing_either_way)
{
	size_t point = 0;

	ck_assert_ptr_null(recall_older(recall, "draft", &point));
	ck_assert_ptr_null(recall_newer(recall, "draft", &point));
}
END_TEST

START_TEST(up_goes_back_and_down_comes_to_the_draft_again)
{
	size_t point = 2;

	recall_add(recall, "one");
	recall_add(recall, "two");
	ck_assert_str_eq(recall_older(recall, "draft", &point), "two");
	ck_assert_uint_eq(point, 3);
	ck_assert_str_eq(recall_older(recall, "two", &point), "one");
	ck_assert_ptr_null(recall_older(recall, "one", &point));
	ck_assert_str_eq(recall_newer(recall, "one", &point), "two");
	ck_assert_str_eq(recall_newer(recall, "two", &point), "draft");
	ck_assert_uint_eq(point, 2);
	ck_assert_ptr_null(recall_newer(recall, "draft", &point));
}
END_TEST

START_TEST(entering_a_line_ends_the_looking_and_the_draft)
{
	size_t point = 5;

	recall_add(recall, "one");
	recall_older(recall, "draft", &point);
	recall_add(recall, "one more");
	point = 0;
	ck_assert_ptr_null(recall_newer(recall, "", &point));
	ck_assert_str_eq(recall_older(recall, "", &point), "one more");
	ck_assert_str_eq(recall_newer(recall, "one more", &point), "");
}
END_TEST

START_TEST(the_same_line_twice_and_the_empty_one_are_not_kept)
{
	size_t point = 0;

	recall_add(recall, "one");
	recall_add(recall, "one");
	recall_add(recall, "");
	ck_assert_str_eq(recall_older(recall, "", &point), "one");
	ck_assert_ptr_null(recall_older(recall, "one", &point));
}
END_TEST

START_TEST(leaving_a_room_keeps_what_was_in_its_input)
{
	size_t point = 3;

	recall_add(recall, "one");
	recall_older(recall, "draft", &point);
	recall_leave(recall, "one", 1);
	point = 99;
	ck_assert_str_eq(recall_enter(recall, &point), "one");
	ck_assert_uint_eq(point, 1);
	ck_assert_str_eq(recall_newer(recall, "one", &point), "draft");
	ck_assert_uint_eq(point, 3);
}
END_TEST

START_TEST(it_is_bounded_and_the_oldest_go)
{
	const char *text = "", *last = "";
	size_t point = 0, count = 0;
	char line[32];
	int i;

	for (i = 0; i < RECALL_LINES + 50; i++) {
		snprintf(line, sizeof line, "line %d", i);
		recall_add(recall, line);
	}
	while ((text = recall_older(recall, text, &point))) {
		last = text;
		count++;
	}
	ck_assert_uint_eq(count, RECALL_LINES);
	ck_assert_str_eq(last, "line 50");
}
END_TEST

static struct lookup lookup;

static void
search(const char *text)
{
	for (; *text != '\0'; text++)
		lookup_add(&lookup, recall, text, 1);
}

static void
finds(const char *line, const char *from)
{
	ck_assert(lookup.found && !lookup.failed);
	ck_assert_str_eq(recall_line(recall, lookup.at), line);
	ck_assert_str_eq(line + lookup.offset, from);
}

static void
fill(void)
{
	recall_add(recall, "the pump");
	recall_add(recall, "a valve");
	recall_add(recall, "two PUMPS");
	memset(&lookup, 0, sizeof lookup);
	lookup_start(&lookup);
}

START_TEST(the_search_finds_the_newest_and_then_older_ones)
{
	fill();
	search("pum");
	finds("two PUMPS", "PUMPS");
	lookup_step(&lookup, recall, true);
	finds("the pump", "pump");
	lookup_step(&lookup, recall, true);
	ck_assert(lookup.failed && lookup.found);
	ck_assert_str_eq(recall_line(recall, lookup.at), "the pump");
	lookup_step(&lookup, recall, false);
	finds("two PUMPS", "PUMPS");
	lookup_step(&lookup, recall, false);
	ck_assert(lookup.failed);
}
END_TEST

START_TEST(more_text_goes_on_from_the_line_found)
{
	fill();
	search("p");
	finds("two PUMPS", "PUMPS");
	search("ump");
	finds("two PUMPS", "PUMPS");
	search("x");
	ck_assert(lookup.failed && lookup.found);
	ck_assert(lookup_rub(&lookup, recall));
	finds("two PUMPS", "PUMPS");
}
END_TEST

START_TEST(a_character_is_taken_back_whole)
{
	fill();
	lookup_add(&lookup, recall, "e\u0301", 3);
	ck_assert(!lookup.found);
	ck_assert(lookup_rub(&lookup, recall));
	ck_assert_str_eq(lookup.text, "");
	ck_assert(!lookup_rub(&lookup, recall));
}
END_TEST

START_TEST(the_text_of_the_last_search_serves_again)
{
	fill();
	search("valve");
	lookup_stop(&lookup);
	ck_assert(!lookup.on);
	lookup_start(&lookup);
	ck_assert(!lookup.found);
	lookup_step(&lookup, recall, true);
	finds("a valve", "valve");
}
END_TEST

START_TEST(nothing_written_is_nothing_found)
{
	memset(&lookup, 0, sizeof lookup);
	lookup_start(&lookup);
	lookup_step(&lookup, recall, true);
	search("x");
	ck_assert(lookup.failed && !lookup.found);
	lookup_step(&lookup, recall, true);
	lookup_step(&lookup, recall, false);
	for (int i = 0; i < 1000; i++)
		search("x");
	ck_assert_uint_lt(strlen(lookup.text), LOOKUP_TEXT);
}
END_TEST

START_TEST(what_was_found_is_where_up_and_down_go_on)
{
	size_t point = 3;

	fill();
	search("valve");
	recall_go(recall, lookup.at, "draft", 3);
	ck_assert_str_eq(recall_older(recall, "a valve", &point), "the pump");
	ck_assert_str_eq(recall_newer(recall, "the pump", &point), "a valve");
	ck_assert_str_eq(recall_newer(recall, "a valve", &point), "two PUMPS");
	ck_assert_str_eq(recall_newer(recall, "two PUMPS", &point), "draft");
}
END_TEST

START_TEST(the_next_run_finds_what_was_written)
{
	struct recall *next = recall_new();
	struct bytes text;
	size_t point = 0;

	recall_add(recall, "one");
	recall_add(recall, "two\\ lines,\nor three");
	bytes_init(&text);
	recall_write(recall, 1000, &text);
	bytes_append(&text, "", 1);
	recall_add(next, "new");
	recall_read(next, (const char *)text.data);
	ck_assert_uint_eq(recall_count(next), 3);
	ck_assert_str_eq(recall_older(next, "", &point), "new");
	ck_assert_str_eq(recall_older(next, "new", &point),
	    "two\\ lines,\nor three");
	ck_assert_str_eq(recall_older(next, "", &point), "one");
	bytes_free(&text);
	recall_destroy(next);
}
END_TEST

START_TEST(what_is_kept_for_the_next_run_is_bounded)
{
	char line[32];
	struct bytes text;

	for (unsigned i = 0; i < RECALL_LINES; i++) {
		snprintf(line, sizeof line, "line %03u", i);
		recall_add(recall, line);
	}
	bytes_init(&text);
	recall_write(recall, 20, &text);
	ck_assert_uint_eq(text.size, 18);
	ck_assert_mem_eq(text.data, "line 198\nline 199\n", 18);
	bytes_clear(&text);
	recall_write(recall, 10000, &text);
	bytes_append(&text, "", 1);
	recall_read(recall, (const char *)text.data);
	ck_assert_uint_eq(recall_count(recall), RECALL_LINES);
	bytes_free(&text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("recall");
	TCase *tcase = tcase_create("recall");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, an_empty_recall_has_nothing_either_way);
	tcase_add_test(tcase, up_goes_back_and_down_comes_to_the_draft_again);
	tcase_add_test(tcase, entering_a_line_ends_the_looking_and_the_draft);
	tcase_add_test(tcase,
	    the_same_line_twice_and_the_empty_one_are_not_kept);
	tcase_add_test(tcase, leaving_a_room_keeps_what_was_in_its_input);
	tcase_add_test(tcase, it_is_bounded_and_the_oldest_go);
	tcase_add_test(tcase, the_search_finds_the_newest_and_then_older_ones);
	tcase_add_test(tcase, more_text_goes_on_from_the_line_found);
	tcase_add_test(tcase, a_character_is_taken_back_whole);
	tcase_add_test(tcase, the_text_of_the_last_search_serves_again);
	tcase_add_test(tcase, nothing_written_is_nothing_found);
	tcase_add_test(tcase, what_was_found_is_where_up_and_down_go_on);
	tcase_add_test(tcase, the_next_run_finds_what_was_written);
	tcase_add_test(tcase, what_is_kept_for_the_next_run_is_bounded);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
