/*
 * store/words: which messages a person finds.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/store_fixture.h"

enum { ALL = 100 };

static const struct id other_room = { { 8 } };

static void
set_up(void)
{
	fixture_make_folder();
	ck_assert(fixture_open(fixture_path(), 1, 1));
}

static void
tear_down(void)
{
	fixture_close();
	fixture_remove_folder();
}

/* All that are found, in their order. */
static const char *
found(const struct id *room, const char *text, size_t limit)
{
	static char texts[SEEN_MAX * FIXTURE_TEXT];

	texts[0] = '\0';
	fixture_search(room, text, limit);
	ck_assert_int_eq(answers.line_error, ERROR_NONE);
	for (size_t i = 0; i < answers.line_count && i < SEEN_MAX; i++) {
		strcat(texts, i > 0 ? " " : "");
		strcat(texts, answers.texts[i]);
	}
	return texts;
}

static const char *
here(const char *text)
{
	return found(&fixture_room, text, ALL);
}

static void
change(const char *text)
{
	sqlite3 *sql;
	char *problem = NULL;

	ck_assert_int_eq(sqlite3_open(fixture_path(), &sql), SQLITE_OK);
	sqlite3_exec(sql, text, NULL, NULL, &problem);
	ck_assert_msg(problem == NULL, "%s", problem);
	sqlite3_close(sql);
}

START_TEST(all_words_must_be_there_in_whatever_order_and_case)
{
	fixture_say(1, 1, 1, "shall we deploy at noon?");
	fixture_say(2, 1, 2, "Noon. DEPLOY then");
	fixture_say(1, 2, 3, "a quiet noon");
	ck_assert_str_eq(here("deploy noon"), "1/1.0 2/1.0");
	ck_assert_str_eq(here("  noon \t deploy\n"), "1/1.0 2/1.0");
	ck_assert_str_eq(here("noon"), "1/1.0 2/1.0 1/2.0");
	ck_assert_str_eq(here("deploy midnight"), "");
	ck_assert_uint_eq(answers.behind, 0);
}
END_TEST

START_TEST(accents_do_not_matter)
{
	fixture_say(1, 1, 1, "un caf\u00e9 \u00e0 No\u00ebl");
	ck_assert_str_eq(here("CAFE noel"), "1/1.0");
	ck_assert_str_eq(here("Caf\u00c9"), "1/1.0");
}
END_TEST

START_TEST(the_newest_are_found_first_and_shown_in_display_order)
{
	fixture_say(1, 1, 50, "tea five");
	fixture_say(2, 1, 20, "tea two");
	fixture_say(3, 1, 40, "tea four");
	fixture_say(4, 1, 10, "tea one");
	fixture_say(5, 1, 30, "tea three");
	ck_assert_str_eq(here("tea"), "4/1.0 2/1.0 5/1.0 3/1.0 1/1.0");
}
END_TEST

START_TEST(of_too_many_the_newest_are_given_whatever_came_last)
{
	/* Keys of different milliseconds; the oldest comes last. */
	for (unsigned i = 1; i <= 5; i++)
		fixture_say(i, 1, (uint64_t)(6 - i) << 16, "tea");
	ck_assert_str_eq(found(&fixture_room, "tea", 2), "2/1.0 1/1.0");
	ck_assert_str_eq(found(NULL, "tea", 2), "2/1.0 1/1.0");
}
END_TEST

START_TEST(a_room_is_searched_alone_or_all_of_them)
{
	fixture_say(1, 1, 1, "tea here");
	fixture_say_in(&other_room, 2, 1, 2, "text", "tea there");
	ck_assert_str_eq(here("tea"), "1/1.0");
	ck_assert_str_eq(found(&other_room, "tea", ALL), "2/1.0");
	ck_assert_str_eq(found(NULL, "tea", ALL), "1/1.0 2/1.0");
	ck_assert_str_eq(found(&fixture_asker, "tea", ALL), "");
	/* That of its name in the index is no word of anybody. */
	ck_assert_str_eq(found(NULL, "r1", ALL), "");
}
END_TEST

START_TEST(words_are_whole_unless_that_finds_nothing_or_a_star_is_typed)
{
	fixture_say(1, 1, 1, "deployment");
	ck_assert_str_eq(here("deploy"), "1/1.0");
	fixture_say(1, 2, 2, "deploy");
	ck_assert_str_eq(here("deploy"), "1/2.0");
	ck_assert_str_eq(here("deploy*"), "1/1.0 1/2.0");
	ck_assert_str_eq(here("dep*"), "1/1.0 1/2.0");
	/* So short a beginning only with a star. */
	ck_assert_str_eq(here("de"), "");
	ck_assert_str_eq(here("de*"), "1/1.0 1/2.0");
}
END_TEST

START_TEST(nothing_that_is_typed_is_syntax)
{
	static const char *const typed[] = { "\"", "\"\"\"", "*", "**", "a*b*",
		"-x", "text:x", "room:r1", "(", ")", "^", "x AND", "AND", "OR",
		"NOT", "NEAR(a b, 3)", "NEAR(", "{a b} : c", "\"x", "x\"",
		"'; DROP TABLE bundle; --", "+", ":", "x + y", "\\", "%", "_",
		"\xf0\x9f\x98\x80", "\xe2\x80\x8b", "", " ", "\x01" };
	char long_text[LIMIT_TEXT + 1];

	fixture_say(1, 1, 1, "this AND that, NOT those");
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
		found(i % 2 == 0 ? NULL : &fixture_room, typed[i], ALL);
	memset(long_text, 'x', LIMIT_TEXT);
	for (size_t i = 1; i < LIMIT_TEXT; i += 2)
		long_text[i] = ' ';
	long_text[LIMIT_TEXT] = '\0';
	here(long_text);
	ck_assert_uint_eq(answers.troubles, 0);
	ck_assert_str_eq(here("AND"), "1/1.0");
	ck_assert_str_eq(here("not AND"), "1/1.0");
	ck_assert_str_eq(here("\"that\" (those)"), "1/1.0");
	ck_assert_str_eq(here("OR"), "");
	/* Signs alone are no words; beside some they change nothing. */
	ck_assert_str_eq(here("?!"), "");
	ck_assert_str_eq(here("that ?!"), "1/1.0");
}
END_TEST

START_TEST(reactions_and_deletions_have_no_words_but_edits_have)
{
	fixture_say_in(&fixture_room, 1, 1, 1, "reaction", "tea");
	fixture_say_in(&fixture_room, 1, 2, 2, "delete", "tea");
	fixture_amend("edit", 1, 3, 3, 1, 9, "tea");
	fixture_say_in(&fixture_room, 1, 4, 4, "action", "tea");
	ck_assert_str_eq(here("tea"), "1/3.0 1/4.0");
}
END_TEST

START_TEST(of_what_was_edited_only_the_last_text_is_found)
{
	fixture_say(1, 1, 1, "tea");
	fixture_say(2, 1, 2, "milk");
	ck_assert_str_eq(here("tea"), "1/1.0");
	fixture_amend("edit", 1, 2, 3, 1, 1, "coffee");
	ck_assert_str_eq(here("tea"), "");
	ck_assert_str_eq(here("coffee"), "1/2.0");
	fixture_amend("edit", 1, 3, 100000000, 1, 1, "cocoa");
	ck_assert_str_eq(here("coffee"), "");
	ck_assert_str_eq(here("cocoa"), "1/3.0");
	/* Nobody else can do that. */
	fixture_amend("edit", 1, 4, 100000001, 2, 1, "water");
	ck_assert_str_eq(here("water"), "");
	ck_assert_str_eq(here("milk"), "2/1.0");
	fixture_take_back(1, 5, 200000000, 1, 1);
	ck_assert_str_eq(here("cocoa"), "");
	fixture_close();
	ck_assert(fixture_open(fixture_path(), 2, 1));
	ck_assert_str_eq(here("tea"), "");
	ck_assert_str_eq(here("milk"), "2/1.0");
}
END_TEST

START_TEST(an_edit_that_is_here_before_what_it_edits_holds_all_the_same)
{
	fixture_amend("edit", 1, 3, 200000000, 1, 1, "cocoa");
	fixture_amend("edit", 1, 2, 100000000, 1, 1, "coffee");
	ck_assert_str_eq(here("cocoa"), "1/3.0");
	ck_assert_str_eq(here("coffee"), "");
	fixture_say(1, 1, 1, "tea");
	ck_assert_str_eq(here("tea"), "");
	ck_assert_str_eq(here("cocoa"), "1/3.0");
	fixture_take_back(2, 3, 300000000, 2, 1);
	fixture_say(2, 1, 2, "milk");
	ck_assert_str_eq(here("milk"), "");
}
END_TEST

START_TEST(what_its_author_has_taken_back_is_not_found)
{
	fixture_say(1, 1, 1, "tea");
	fixture_say(2, 1, 2, "tea");
	ck_assert_str_eq(here("tea"), "1/1.0 2/1.0");
	fixture_take_back(1, 2, 3, 1, 1);
	/* Nobody else can do that. */
	fixture_take_back(3, 1, 4, 2, 1);
	ck_assert_str_eq(here("tea"), "2/1.0");
	fixture_close();
	ck_assert(fixture_open(fixture_path(), 2, 1));
	ck_assert_str_eq(here("tea"), "2/1.0");
}
END_TEST

START_TEST(what_is_dropped_is_not_found)
{
	char text[32];

	tear_down();
	fixture_room_messages = 100;
	set_up();
	for (unsigned i = 1; i <= 150; i++) {
		snprintf(text, sizeof text, "tea %s", i % 2 ? "odd" : "even");
		fixture_say(1, i, (uint64_t)i << 16, text);
	}
	do
		found(NULL, "tea", SEEN_MAX);
	while (answers.line_count > 100);
	ck_assert_uint_eq(answers.line_count, 100);
	ck_assert_str_eq(answers.texts[0], "1/51.0");
	found(NULL, "odd", SEEN_MAX);
	ck_assert_uint_eq(answers.line_count, 50);
	/* A key of the table that is given again is indexed again. */
	fixture_say(2, 1, UINT64_C(1) << 16, "too old to stay");
	do
		fixture_history(NULL, 150);
	while (answers.line_count > 100);
	fixture_say(2, 2, UINT64_C(200) << 16, "new for all that");
	ck_assert_str_eq(here("new that"), "2/2.0");
	ck_assert_str_eq(here("old"), "");
}
END_TEST

START_TEST(what_was_not_indexed_before_the_end_is_found_in_the_next_run)
{
	for (unsigned i = 1; i <= 100; i++)
		fixture_say(1, i, i, "tea");
	fixture_close();
	ck_assert(fixture_open(fixture_path(), 2, 1));
	found(NULL, "tea", SEEN_MAX);
	ck_assert_uint_eq(answers.line_count, 100);
}
END_TEST

START_TEST(a_history_from_before_there_was_an_index_gets_one)
{
	fixture_say(1, 1, 1, "old tea");
	fixture_close();
	change("DROP TABLE search; DROP VIEW message_text; DROP TABLE message;"
	       "DROP TABLE amended;"
	       "DELETE FROM meta WHERE name = 'indexed';"
	       "PRAGMA user_version = 1");
	ck_assert(fixture_open(fixture_path(), 2, 1));
	ck_assert_str_eq(here("tea"), "1/1.0");
	ck_assert_uint_eq(answers.troubles, 0);
}
END_TEST

START_TEST(an_index_that_knew_of_no_edits_is_made_again)
{
	fixture_say(1, 1, 1, "tea");
	fixture_amend("edit", 1, 2, 2, 1, 1, "milk");
	fixture_say(2, 1, 3, "water");
	ck_assert_str_eq(here("water"), "2/1.0");
	fixture_close();
	change("DROP TABLE amended; PRAGMA user_version = 2");
	ck_assert(fixture_open(fixture_path(), 2, 1));
	ck_assert_str_eq(here("water"), "2/1.0");
	ck_assert_str_eq(here("tea"), "");
	ck_assert_str_eq(here("milk"), "1/2.0");
	ck_assert_uint_eq(answers.troubles, 0);
}
END_TEST

START_TEST(a_damaged_index_is_made_again_and_the_history_stays)
{
	fixture_say(1, 1, 1, "some tea");
	ck_assert_str_eq(here("tea"), "1/1.0");
	fixture_close();
	change("UPDATE search_data SET block = x'ffffff' WHERE id > 10");
	ck_assert(fixture_open(fixture_path(), 2, 1));
	do
		here("tea");
	while (answers.line_count == 0);
	ck_assert_uint_eq(answers.line_count, 1);
	ck_assert_uint_eq(answers.troubles, 0);
	fixture_history(NULL, 10);
	ck_assert_uint_eq(answers.line_count, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("words");
	TCase *tests = tcase_create("words");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests,
	    all_words_must_be_there_in_whatever_order_and_case);
	tcase_add_test(tests, accents_do_not_matter);
	tcase_add_test(tests,
	    the_newest_are_found_first_and_shown_in_display_order);
	tcase_add_test(tests,
	    of_too_many_the_newest_are_given_whatever_came_last);
	tcase_add_test(tests, a_room_is_searched_alone_or_all_of_them);
	tcase_add_test(tests,
	    words_are_whole_unless_that_finds_nothing_or_a_star_is_typed);
	tcase_add_test(tests, nothing_that_is_typed_is_syntax);
	tcase_add_test(tests,
	    reactions_and_deletions_have_no_words_but_edits_have);
	tcase_add_test(tests,
	    of_what_was_edited_only_the_last_text_is_found);
	tcase_add_test(tests,
	    an_edit_that_is_here_before_what_it_edits_holds_all_the_same);
	tcase_add_test(tests, what_its_author_has_taken_back_is_not_found);
	tcase_add_test(tests, what_is_dropped_is_not_found);
	tcase_add_test(tests,
	    what_was_not_indexed_before_the_end_is_found_in_the_next_run);
	tcase_add_test(tests,
	    a_history_from_before_there_was_an_index_gets_one);
	tcase_add_test(tests,
	    an_index_that_knew_of_no_edits_is_made_again);
	tcase_add_test(tests,
	    a_damaged_index_is_made_again_and_the_history_stays);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
