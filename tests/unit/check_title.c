/* title: what the terminal's window is called. */
#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tui/title.h"
#include "tui/windows_parts.h"

static struct windows windows;
static char title[TITLE];

static void
setup(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	windows_init(&windows, 0);
}

static void
teardown(void)
{
	windows_free(&windows);
}

static const char *
name(void)
{
	title_text(&windows, title);
	return title;
}

START_TEST(it_is_the_room_and_what_is_new)
{
	struct window *ops;

	ck_assert_str_eq(name(), "dchat");
	windows_open_room(&windows, "#lobby");
	ck_assert_str_eq(name(), "#lobby - dchat");
	ops = windows_open_room(&windows, "#ops");
	ops->unread = 5;
	ck_assert_str_eq(name(), "5 new - #lobby - dchat");
	ops->mentions = 2;
	ck_assert_str_eq(name(), "2 for you - #lobby - dchat");
	ops->muted = true;
	ck_assert_str_eq(name(), "#lobby - dchat");
}
END_TEST

START_TEST(what_is_said_to_me_alone_is_for_me)
{
	struct id bob = { { 1, 2, 3 } };
	struct window *talk;

	windows_open_room(&windows, "#lobby");
	talk = windows_direct(&windows, &bob);
	talk->unread = 3;
	ck_assert_str_eq(name(), "3 for you - #lobby - dchat");
}
END_TEST

START_TEST(no_control_gets_into_it)
{
	windows_open_room(&windows, "#a\033]0;x\007b");
	name();
	for (const char *c = title; *c != '\0'; c++)
		ck_assert((unsigned char)*c >= ' ' && *c != 0x7f);
}
END_TEST

/* Any script; what would turn the rest of the line round does not. */
START_TEST(a_name_in_any_script_stays_itself)
{
	windows_open_room(&windows, "#\u05e9\u05dc\u05d5\u05dd\U0001F30A");
	ck_assert_str_eq(name(),
	    "#\u05e9\u05dc\u05d5\u05dd\U0001F30A - dchat");
	teardown();
	windows_init(&windows, 0);
	windows_open_room(&windows, "#a\u202eb");
	ck_assert_ptr_null(strstr(name(), "\u202e"));
}
END_TEST

START_TEST(only_a_terminal_with_a_window_is_given_one)
{
	ck_assert(title_known("xterm-256color"));
	ck_assert(title_known("tmux-256color"));
	ck_assert(!title_known("linux"));
	ck_assert(!title_known("vt100"));
	ck_assert(!title_known(NULL));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("title");
	TCase *tcase = tcase_create("title");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, it_is_the_room_and_what_is_new);
	tcase_add_test(tcase, what_is_said_to_me_alone_is_for_me);
	tcase_add_test(tcase, no_control_gets_into_it);
	tcase_add_test(tcase, a_name_in_any_script_stays_itself);
	tcase_add_test(tcase, only_a_terminal_with_a_window_is_given_one);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
