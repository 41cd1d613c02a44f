/* pace: how much may be on its way to the terminal. */
#include <check.h>
#include <stdlib.h>

#include "tui/pace.h"

static struct pace pace;

static void
setup(void)
{
	pace_init(&pace);
}

/* A line of so many bytes a second, a first frame of 2,000 bytes, and from the
 * third second on one of 1,000 each 20 ms: how many bytes are in the queue
 * when it is longest, after that first one? */
static size_t
longest_queue(size_t rate, bool answers)
{
	size_t queue = 0, longest = 0, question = 0, carried = 0;

	setup();
	for (instant_ms now = 0; now < 10000; now++) {
		carried += rate;
		while (carried >= 1000 && queue > 0) {
			carried -= 1000;
			queue--;
			if (question > 0 && --question == 0 && answers)
				pace_answered(&pace, now);
		}
		if (queue == 0)
			carried = 0;
		if (now == 0 ||
		    (now >= 3000 && now % 20 == 0 &&
			pace_wait(&pace, now) == 0)) {
			size_t size = now == 0 ? 2000 : 1000;

			queue += size;
			if (pace_wrote(&pace, size, now))
				question = queue;
		}
		if (now >= 3000 && queue > longest)
			longest = queue;
	}
	return longest;
}

START_TEST(a_slow_line_holds_a_frame_or_two)
{
	ck_assert_uint_le(longest_queue(960, true), 2500);
	ck_assert(pace_slow(&pace));
	ck_assert_int_gt(pace_calm(&pace), 500);
	ck_assert_uint_le(longest_queue(5000, true), 4000);
}
END_TEST

START_TEST(a_fast_one_is_never_waited_for)
{
	longest_queue(10 * 1000 * 1000, true);
	ck_assert(!pace_slow(&pace));
	ck_assert_int_eq(pace_calm(&pace), 0);
	ck_assert_uint_eq(pace.window, PACE_MOST);
}
END_TEST

START_TEST(who_never_answers_is_not_waited_for)
{
	ck_assert_uint_gt(longest_queue(960, false), 300 * 1000);
	ck_assert(!pace_slow(&pace));
}
END_TEST

START_TEST(who_ceases_to_answer_is_not_waited_for_for_ever)
{
	instant_ms wait;

	ck_assert(pace_wrote(&pace, 2000, 0));
	pace_answered(&pace, 10);
	ck_assert(pace_wrote(&pace, 5000, 20));
	wait = pace_wait(&pace, 30);
	ck_assert_int_eq(wait, 20 + 2000 + 25000 - 30);
	ck_assert_int_eq(pace_wait(&pace, 30 + wait), 0);
	/* no question is asked twice */
	ck_assert(!pace_wrote(&pace, 5000, 30000));
	ck_assert_int_eq(pace_wait(&pace, 30001), 0);
	/* and is believed again when it does */
	pace_answered(&pace, 40000);
	ck_assert(pace.answers);
}
END_TEST

START_TEST(an_answer_that_nobody_asked_for_changes_nothing)
{
	const struct pace before = pace;

	pace_answered(&pace, 5);
	ck_assert_mem_eq(&pace, &before, sizeof pace);
}
END_TEST

/* Typing alone is asked about now and then. */
START_TEST(small_frames_are_not_waited_for)
{
	size_t questions = 0;

	for (instant_ms now = 0; now < 1000; now += 50) {
		ck_assert_int_eq(pace_wait(&pace, now), 0);
		if (pace_wrote(&pace, 40, now)) {
			questions++;
			pace_answered(&pace, now + 1);
		}
	}
	ck_assert_uint_le(questions, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pace");
	TCase *tcase = tcase_create("pace");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, a_slow_line_holds_a_frame_or_two);
	tcase_add_test(tcase, a_fast_one_is_never_waited_for);
	tcase_add_test(tcase, who_never_answers_is_not_waited_for);
	tcase_add_test(tcase, who_ceases_to_answer_is_not_waited_for_for_ever);
	tcase_add_test(tcase,
	    an_answer_that_nobody_asked_for_changes_nothing);
	tcase_add_test(tcase, small_frames_are_not_waited_for);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
