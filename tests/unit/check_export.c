/*
 * tui/export: which file /export means.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tui/export.h"

/* Wednesday 25 November 2026, 12:01 UTC */
#define NOON INT64_C(1795608060000)

static struct export_wish wish;
static char problem[256];

static void
is_wished(const char *text, const char *file, bool json)
{
	ck_assert(export_wish(&wish, text, "#ops", NOON, problem));
	ck_assert_str_eq(wish.file, file);
	ck_assert_int_eq(wish.json, json);
}

START_TEST(without_a_name_one_is_made_of_room_and_time)
{
	is_wished(NULL, "dchat-ops-20261125-1201.txt", false);
	is_wished("text", "dchat-ops-20261125-1201.txt", false);
	is_wished("jsonl", "dchat-ops-20261125-1201.jsonl", true);
}
END_TEST

START_TEST(no_letter_of_a_room_means_anything_to_a_shell)
{
	ck_assert(export_wish(&wish, NULL, "#../$x;`a b", NOON, problem));
	ck_assert_str_eq(wish.file,
	    "dchat-____x__a_b-20261125-1201.txt");
	ck_assert(export_wish(&wish, NULL, "@\xc3\xa9ve", NOON, problem));
	ck_assert_str_eq(wish.file, "dchat-__ve-20261125-1201.txt");
}
END_TEST

START_TEST(the_form_is_told_or_follows_from_the_name)
{
	is_wished("a.txt", "a.txt", false);
	is_wished("a.jsonl", "a.jsonl", true);
	is_wished("a.jsonl text", "a.jsonl", false);
	is_wished("my notes  jsonl", "my notes", true);
	is_wished("context", "context", false);
	is_wished("/tmp/x jsonl", "/tmp/x", true);
}
END_TEST

START_TEST(a_form_that_there_is_not_is_no_part_of_the_name)
{
	ck_assert(!export_wish(&wish, "ops.txt csv", "#ops", NOON, problem));
	ck_assert_ptr_nonnull(
	    strstr(problem, "no form \"csv\", only text and jsonl"));
	ck_assert(!export_wish(&wish, "my notes", "#ops", NOON, problem));
	is_wished("my notes.txt", "my notes.txt", false);
	is_wished("My Files/ops", "My Files/ops", false);
	is_wished("my notes text", "my notes", false);
}
END_TEST

START_TEST(home_is_meant_by_a_tilde)
{
	setenv("HOME", "/home/zoe", 1);
	is_wished("~/ops.txt", "/home/zoe/ops.txt", false);
	is_wished("~ops", "~ops", false);
}
END_TEST

START_TEST(a_name_without_end_is_refused)
{
	char *name = calloc(1, EXPORT_FILE + 1);

	memset(name, 'x', EXPORT_FILE);
	ck_assert(!export_wish(&wish, name, "#ops", NOON, problem));
	ck_assert_ptr_nonnull(strstr(problem, "too long"));
	setenv("HOME", name + 1, 1);
	ck_assert(!export_wish(&wish, "~/x", "#ops", NOON, problem));
	free(name);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("export");
	TCase *tests = tcase_create("export");
	SRunner *runner = srunner_create(suite);
	int failed;

	setenv("TZ", "UTC", 1);
	tcase_add_test(tests, without_a_name_one_is_made_of_room_and_time);
	tcase_add_test(tests, no_letter_of_a_room_means_anything_to_a_shell);
	tcase_add_test(tests, the_form_is_told_or_follows_from_the_name);
	tcase_add_test(tests,
	    a_form_that_there_is_not_is_no_part_of_the_name);
	tcase_add_test(tests, home_is_meant_by_a_tilde);
	tcase_add_test(tests, a_name_without_end_is_refused);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
