/*
 * check_waiting: what waits is a sentence, once it waits long enough.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tui/waiting.h"

static struct waiting waiting;
static char text[WAITING_TEXT];

static void
setup(void)
{
	waiting = (struct waiting){ .count = 0 };
}

static void
teardown(void)
{
	waiting_free(&waiting);
}

/* So many of an author wait for those of another. */
static void
tell(uint8_t author, const char *nick, size_t count, const char *cause,
    instant_ms waited, wall_ms now)
{
	const struct id eve = { { 9 } };
	const struct dchat_holding holding = {
		.room = "#lobby",
		.author = { { author } },
		.nick = nick,
		.waiting_for = &eve,
		.waiting_nicks = &cause,
		.waiting_count = 1,
		.count = count,
		.waited_ms = waited,
	};

	waiting_event(&waiting, &holding, 0, now);
}

START_TEST(what_waits_a_moment_is_not_shown)
{
	tell(1, "bob", 1, "eve", 0, 1000);
	ck_assert(!waiting_line(&waiting, 1299, 80, text));
	ck_assert_int_eq(waiting_deadline(&waiting, 1100), 1300);
	ck_assert(waiting_line(&waiting, 2200, 80, text));
	ck_assert_str_eq(text,
	    "1 message from bob is waiting for one from eve (1.2 s)");
	ck_assert_int_eq(waiting_deadline(&waiting, 2200), 2700);
}
END_TEST

START_TEST(more_of_one_and_of_others_are_counted)
{
	tell(1, "bob", 1, "eve", 0, 1000);
	tell(1, "bob", 12, "eve", 1000, 2000);
	ck_assert(waiting_line(&waiting, 4500, 80, text));
	ck_assert_str_eq(text,
	    "12 messages from bob are waiting for one from eve (3.5 s)");
	tell(2, "zoe", 1, "zoe", 0, 4000);
	ck_assert(waiting_line(&waiting, 4500, 80, text));
	ck_assert_ptr_nonnull(strstr(text, "(3.5 s), and of 1 more"));
}
END_TEST

START_TEST(in_few_columns_it_is_short)
{
	tell(1, "bob", 2, "eve", 0, 1000);
	ck_assert(waiting_line(&waiting, 2200, 46, text));
	ck_assert_str_eq(text, "bob: 2 wait for eve (1.2 s)");
}
END_TEST

START_TEST(how_far_the_past_has_come_is_told_until_it_is_here)
{
	waiting_fetching(&waiting, 250, 750);
	ck_assert(waiting_line(&waiting, 1000, 80, text));
	ck_assert_str_eq(text, "what was said meanwhile is coming: 25 %");
	waiting_fetching(&waiting, 1000, 0);
	ck_assert(!waiting_line(&waiting, 1000, 80, text));
}
END_TEST

START_TEST(when_it_is_over_nothing_is_left)
{
	tell(1, "bob", 1, "eve", 0, 1000);
	tell(1, "bob", 0, "eve", 0, 2000);
	ck_assert(!waiting_line(&waiting, 9000, 80, text));
	ck_assert_int_eq(waiting_deadline(&waiting, 9000), NEVER);
	/* What was never told is no loss. */
	tell(1, "bob", 0, "eve", 0, 2000);
	ck_assert_uint_eq(waiting.count, 0);
}
END_TEST

START_TEST(nicks_are_harmless_here_too)
{
	tell(1, "bo\033[31mb", 1, "e\nve", 0, 1000);
	ck_assert(waiting_line(&waiting, 2000, 80, text));
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_ptr_null(strchr(text, '\n'));
}
END_TEST

START_TEST(who_asks_why_is_told_all_of_it)
{
	char *why = waiting_why(&waiting, 1000);

	ck_assert_ptr_nonnull(strstr(why, "Nothing waits"));
	free(why);
	tell(1, "bob", 1, "eve", 0, 1000);
	tell(2, "zoe", 2, "zoe", 0, 1000);
	why = waiting_why(&waiting, 2000);
	ck_assert_ptr_nonnull(
	    strstr(why, "1 message from bob is waiting for one from eve"));
	ck_assert_ptr_nonnull(strstr(why,
	    "2 messages from zoe are waiting for an earlier one from zoe"));
	ck_assert_ptr_nonnull(strstr(why, "30 s"));
	free(why);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("waiting");
	TCase *tc = tcase_create("waiting");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_waits_a_moment_is_not_shown);
	tcase_add_test(tc, more_of_one_and_of_others_are_counted);
	tcase_add_test(tc, in_few_columns_it_is_short);
	tcase_add_test(tc,
	    how_far_the_past_has_come_is_told_until_it_is_here);
	tcase_add_test(tc, when_it_is_over_nothing_is_left);
	tcase_add_test(tc, nicks_are_harmless_here_too);
	tcase_add_test(tc, who_asks_why_is_told_all_of_it);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
