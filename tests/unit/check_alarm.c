/*
 * alarm: no deadline is lost, however the loop's clock goes.
 */
#include <check.h>
#include <stdlib.h>

#include "host/alarm.h"

/* A node of which the test says what it wants, and when it thinks it is. */
static struct event_base *loop;
static struct alarm bell;
static instant_ms now, deadline;
static int rung;

static void
ring(void *context)
{
	ck_assert_ptr_eq(context, &rung);
	rung++;
	now++;
	if (deadline <= now)
		deadline = NEVER;
	alarm_set(&bell, now, deadline);
}

static void
begin(void)
{
	loop = event_base_new();
	alarm_open(&bell, loop, ring, &rung);
	now = 1000;
	deadline = NEVER;
	rung = 0;
}

static void
end(void)
{
	alarm_close(&bell);
	event_base_free(loop);
}

/* Ends when nothing is waited for any more: what is lost ends it, too. */
static void
wait_for_all(void)
{
	event_base_dispatch(loop);
}

START_TEST(one_that_rings_early_rings_again)
{
	deadline = now + 3;
	alarm_set(&bell, now, deadline);
	wait_for_all();
	ck_assert_int_eq(rung, 3);
	ck_assert_int_eq(bell.at, NEVER);
}
END_TEST

START_TEST(what_is_due_rings_at_once)
{
	deadline = now - 50;
	alarm_set(&bell, now, deadline);
	ck_assert_int_eq(bell.at, now);
	wait_for_all();
	ck_assert_int_eq(rung, 1);
}
END_TEST

START_TEST(one_put_off_rings_once_at_the_later_time)
{
	deadline = now + 1;
	alarm_set(&bell, now, now);
	alarm_set(&bell, now, deadline);
	wait_for_all();
	ck_assert_int_eq(rung, 1);
}
END_TEST

START_TEST(one_called_off_does_not_ring_and_can_be_set_again)
{
	alarm_set(&bell, now, now + 1);
	alarm_set(&bell, now, NEVER);
	wait_for_all();
	ck_assert_int_eq(rung, 0);
	deadline = now + 1;
	alarm_set(&bell, now, deadline);
	wait_for_all();
	ck_assert_int_eq(rung, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("alarm");
	TCase *test = tcase_create("alarm");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(test, begin, end);
	tcase_add_test(test, one_that_rings_early_rings_again);
	tcase_add_test(test, what_is_due_rings_at_once);
	tcase_add_test(test, one_put_off_rings_once_at_the_later_time);
	tcase_add_test(test,
	    one_called_off_does_not_ring_and_can_be_set_again);
	suite_add_tcase(suite, test);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
