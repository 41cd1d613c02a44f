/* check_gauge: round trips and traffic, as people look at them. */
#include <check.h>
#include <stdlib.h>

#include "host/gauge.h"

START_TEST(a_round_trip_is_from_a_ping_to_its_own_pong)
{
	struct gauge_trips trips = { .count = 0 };
	double series[GAUGE_TRIPS];

	ck_assert_double_lt(gauge_rtt_ms(&trips), 0);
	gauge_pong(&trips, 0, 5);
	gauge_ping(&trips, 1, 1000);
	gauge_pong(&trips, 2, 1100);
	ck_assert_uint_eq(gauge_series(&trips, series), 0);
	gauge_pong(&trips, 1, 1400);
	gauge_pong(&trips, 1, 9000);
	ck_assert_uint_eq(gauge_series(&trips, series), 1);
	ck_assert_double_eq_tol(series[0], 0.4, 1e-9);
	ck_assert_double_eq_tol(gauge_rtt_ms(&trips), 0.4, 1e-9);
}
END_TEST

START_TEST(the_series_ends_with_the_newest_and_rtt_follows_slowly)
{
	struct gauge_trips trips = { .count = 0 };
	double series[GAUGE_TRIPS];

	for (int i = 0; i < GAUGE_TRIPS + 3; i++) {
		gauge_ping(&trips, (uint64_t)i + 1, 0);
		gauge_pong(&trips, (uint64_t)i + 1, (i + 1) * 1000);
	}
	ck_assert_uint_eq(gauge_series(&trips, series), GAUGE_TRIPS);
	for (int i = 0; i < GAUGE_TRIPS; i++)
		ck_assert_double_eq_tol(series[i], i + 4, 1e-9);
	ck_assert_double_lt(gauge_rtt_ms(&trips), series[GAUGE_TRIPS - 1]);
	ck_assert_double_gt(gauge_rtt_ms(&trips), series[0]);
}
END_TEST

/* -- traffic ------------------------------------------------------------ */

static struct gauge_traffic traffic;
static uint64_t totals[FLOW_COUNT];

/* So much more of each flow, some time in this second. */
static void
pass(instant_ms now, uint64_t amount)
{
	if (gauge_due(&traffic, now))
		gauge_sample(&traffic, now, totals);
	for (int i = 0; i < FLOW_COUNT; i++)
		totals[i] += amount * (uint64_t)(i + 1);
}

/* The second that ended so many before `now`. */
static uint64_t
amount_of(instant_ms now, enum dchat_flow flow, int back)
{
	uint64_t amounts[GAUGE_SECONDS];

	if (gauge_due(&traffic, now))
		gauge_sample(&traffic, now, totals);
	gauge_flow(&traffic, now, flow, amounts);
	return amounts[GAUGE_SECONDS - 1 - back];
}

START_TEST(each_second_has_what_passed_in_it)
{
	pass(700100, 5);
	pass(700900, 5);
	pass(701000, 1);
	pass(703500, 7);
	ck_assert_uint_eq(amount_of(703600, FLOW_BYTES_IN, 0), 0);
	ck_assert_uint_eq(amount_of(703600, FLOW_BYTES_IN, 1), 1);
	ck_assert_uint_eq(amount_of(703600, FLOW_BYTES_IN, 2), 10);
	ck_assert_uint_eq(amount_of(704000, FLOW_BYTES_IN, 0), 7);
	ck_assert_uint_eq(amount_of(704000, FLOW_BYTES_OUT, 0), 14);
	ck_assert_uint_eq(amount_of(704000, FLOW_BYTES_IN, 31), 0);
}
END_TEST

START_TEST(what_is_long_ago_is_forgotten)
{
	instant_ms later = 700000 + GAUGE_SECONDS * 1000;

	pass(700000, 5);
	ck_assert_uint_eq(amount_of(later, FLOW_BYTES_IN, GAUGE_SECONDS - 1),
	    5);
	ck_assert_uint_eq(amount_of(later + 1000, FLOW_BYTES_IN,
	    GAUGE_SECONDS - 1), 0);
	pass(later + 900 * 1000, 3);
	for (int i = 0; i < GAUGE_SECONDS; i++)
		ck_assert_uint_eq(amount_of(later + 900 * 1000, FLOW_BYTES_IN,
		    i), 0);
	ck_assert_uint_eq(amount_of(later + 901 * 1000, FLOW_BYTES_IN, 0), 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("gauge");
	TCase *all = tcase_create("gauge");
	SRunner *runner;
	int failed;

	tcase_add_test(all, a_round_trip_is_from_a_ping_to_its_own_pong);
	tcase_add_test(all,
	    the_series_ends_with_the_newest_and_rtt_follows_slowly);
	tcase_add_test(all, each_second_has_what_passed_in_it);
	tcase_add_test(all, what_is_long_ago_is_forgotten);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
