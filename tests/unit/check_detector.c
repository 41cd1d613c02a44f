/* check_detector: pings, silence, self-suspicion. */
#include <check.h>
#include <stdlib.h>

#include "core/detector.h"

static struct detector d;
static struct effects fx;

static struct id
id_of(unsigned n)
{
	struct id id = { { 0 } };

	id.bytes[0] = (uint8_t)n;
	return id;
}

/* Oneself is 5; 1..4 and 6..9 are others. */
static void
setup(void)
{
	struct id self = id_of(5);

	detector_init(&d, &self);
	effects_init(&fx);
}

static void
teardown(void)
{
	detector_free(&d);
	effects_free(&fx);
}

static void
watch(instant_ms now, unsigned first, unsigned last)
{
	struct id ids[8];
	size_t count = 0;

	for (unsigned n = first; n <= last; n++) {
		ids[count++] = id_of(n);
		detector_link_up(&d, now, &ids[count - 1]);
	}
	detector_watch(&d, now, ids, count);
}

/* Lets time pass to `until`, with a pong or any frame from some peers each
 * time something is due; returns when the first silence was reported. */
static instant_ms
run(instant_ms until, const unsigned *heard, size_t count, int *pings)
{
	instant_ms first = NEVER, now;

	while ((now = detector_deadline(&d)) <= until) {
		struct detector_due due = detector_expire(&d, now, &fx);

		*pings += (int)due.ping_count;
		if (due.silent_count > 0 && first == NEVER)
			first = now;
		for (size_t i = 0; i < due.ping_count; i++)
			for (size_t k = 0; k < count; k++) {
				struct id id = id_of(heard[k]);

				if (!id_equal(&id, &due.ping[i]))
					continue;
				detector_heard(&d, now + 1, &id);
				detector_pong(&d, now + 1, &id,
				    due.numbers[i]);
			}
	}
	return first;
}

START_TEST(the_lower_id_pings_each_second)
{
	unsigned answers[] = { 6 };
	int pings = 0;

	watch(0, 6, 6);
	ck_assert_int_eq(run(10000, answers, 1, &pings), NEVER);
	ck_assert_int_eq(pings, 11);
}
END_TEST

START_TEST(the_higher_id_pings_only_when_it_hears_nothing)
{
	struct id four = id_of(4);
	unsigned answers[] = { 4 };
	int pings = 0;

	watch(0, 4, 4);
	run(0, answers, 1, &pings);
	ck_assert_int_eq(pings, 1);
	for (instant_ms now = 1000; now <= 10000; now += 1000) {
		detector_heard(&d, now, &four);
		run(now + 999, NULL, 0, &pings);
	}
	ck_assert_int_eq(pings, 1);
	run(12000, NULL, 0, &pings);
	ck_assert_int_gt(pings, 1);
}
END_TEST

START_TEST(three_seconds_of_silence_are_reported_once)
{
	unsigned answers[] = { 6, 7, 8 };
	int pings = 0;
	struct detector_due due;

	watch(0, 6, 9);
	ck_assert_int_eq(run(3000, answers, 3, &pings), 3000);
	ck_assert_uint_eq(detector_find(&d, &(struct id){ { 9 } })->reported,
	    true);
	due = detector_expire(&d, 3001, &fx);
	ck_assert_uint_eq(due.silent_count, 0);
}
END_TEST

START_TEST(when_most_fall_silent_i_look_at_myself_first)
{
	unsigned answers[] = { 6 };
	int pings = 0;
	instant_ms reported;

	watch(0, 6, 8);
	reported = run(20000, answers, 1, &pings);
	ck_assert_int_ge(reported, 2000 + SELF_SUSPICION_HOLD_MS);
	ck_assert_int_lt(reported, 14000);
}
END_TEST

START_TEST(two_silent_neighbours_make_me_look_round)
{
	unsigned answers[] = { 3, 4, 8 };
	struct id eight = id_of(8), nine = id_of(9);
	struct id beside[] = { id_of(3), id_of(4), id_of(6), id_of(7) };
	int pings = 0;

	/* Six and seven fell silent, and so did nine, whom nobody asks. */
	for (size_t i = 0; i < 4; i++)
		detector_link_up(&d, 0, &beside[i]);
	detector_link_up(&d, 0, &eight);
	detector_link_up(&d, 0, &nine);
	detector_watch(&d, 0, beside, 4);
	ck_assert_int_eq(run(5999, answers, 3, &pings), 3000);
	ck_assert(detector_find(&d, &nine)->reported);
	ck_assert(!detector_find(&d, &eight)->reported);
	/* Once those are gone there is nothing to look for any more. */
	detector_watch(&d, 6000, beside, 2);
	run(6000, answers, 3, &pings);
	pings = 0;
	detector_link_down(&d, &nine);
	run(10000, (unsigned[]){ 3, 4 }, 2, &pings);
	ck_assert_int_eq(pings, 2 * 3);
	ck_assert(!detector_find(&d, &eight)->reported);
}
END_TEST

START_TEST(between_two_silence_is_not_my_fault)
{
	int pings = 0;

	watch(0, 6, 6);
	ck_assert_int_eq(run(20000, NULL, 0, &pings), SILENCE_MS);
}
END_TEST

START_TEST(who_was_wrongly_accused_is_more_patient)
{
	int pings = 0;

	detector_refuted(&d);
	detector_refuted(&d);
	watch(0, 6, 6);
	ck_assert_int_eq(run(20000, NULL, 0, &pings),
	    SILENCE_MS + 2 * HEALTH_MS);
}
END_TEST

START_TEST(after_a_resume_nobody_was_silent)
{
	unsigned answers[] = { 6, 7, 8 };
	int pings = 0;
	struct detector_due due;

	watch(0, 6, 8);
	run(1000, answers, 3, &pings);
	detector_resumed(&d, 100000);
	due = detector_expire(&d, 100000, &fx);
	ck_assert_uint_eq(due.silent_count, 0);
	ck_assert_uint_eq(due.ping_count, 3);
}
END_TEST

START_TEST(only_the_number_of_my_last_ping_counts_as_its_pong)
{
	struct id six = id_of(6);
	struct detector_due due;

	watch(0, 6, 6);
	due = detector_expire(&d, 0, &fx);
	ck_assert_uint_eq(due.ping_count, 1);
	ck_assert(!detector_pong(&d, 3, &six, due.numbers[0] + 1));
	ck_assert(!detector_pong(&d, 3, &six, 0));
	ck_assert(detector_pong(&d, 3, &six, due.numbers[0]));
	ck_assert(!detector_pong(&d, 3, &six, due.numbers[0]));
	ck_assert_double_eq(detector_find(&d, &six)->rtt_ms, 3.0);
}
END_TEST

START_TEST(who_is_neither_linked_nor_beside_me_is_forgotten)
{
	struct id six = id_of(6);

	watch(0, 6, 6);
	detector_watch(&d, 1, NULL, 0);
	ck_assert_ptr_nonnull(detector_find(&d, &six));
	detector_link_down(&d, &six);
	ck_assert_ptr_null(detector_find(&d, &six));
	ck_assert_int_eq(detector_deadline(&d), NEVER);
}
END_TEST

START_TEST(a_link_is_measured_whenever_somebody_looks)
{
	struct id six = id_of(6), four = id_of(4);
	struct detector_due due;

	/* Four is lower and would ping me; six is only linked. */
	watch(0, 4, 4);
	detector_link_up(&d, 0, &six);
	due = detector_expire(&d, 0, &fx);
	ck_assert_uint_eq(due.ping_count, 2);
	detector_pong(&d, 1, &four, due.numbers[0]);
	detector_pong(&d, 1, &six, due.numbers[1]);
	for (instant_ms now = 500; now <= 4000; now += 500)
		detector_heard(&d, now, &four);
	ck_assert_uint_eq(detector_expire(&d, 4000, &fx).ping_count, 0);
	detector_look(&d);
	ck_assert_int_le(detector_deadline(&d), 4000);
	due = detector_expire(&d, 4000, &fx);
	ck_assert_uint_eq(due.ping_count, 2);
	ck_assert(id_equal(&due.ping[1], &six));
	/* Once a look, once a second. */
	ck_assert_uint_eq(detector_expire(&d, 5400, &fx).ping_count, 0);
	detector_look(&d);
	detector_expire(&d, 5400, &fx);
	detector_look(&d);
	ck_assert_uint_eq(detector_expire(&d, 6399, &fx).ping_count, 0);
	ck_assert_uint_eq(detector_expire(&d, 6400, &fx).ping_count, 2);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("detector");
	TCase *all = tcase_create("detector");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(all, the_lower_id_pings_each_second);
	tcase_add_test(all, the_higher_id_pings_only_when_it_hears_nothing);
	tcase_add_test(all, three_seconds_of_silence_are_reported_once);
	tcase_add_test(all, when_most_fall_silent_i_look_at_myself_first);
	tcase_add_test(all, two_silent_neighbours_make_me_look_round);
	tcase_add_test(all, between_two_silence_is_not_my_fault);
	tcase_add_test(all, who_was_wrongly_accused_is_more_patient);
	tcase_add_test(all, after_a_resume_nobody_was_silent);
	tcase_add_test(all,
	    only_the_number_of_my_last_ping_counts_as_its_pong);
	tcase_add_test(all,
	    who_is_neither_linked_nor_beside_me_is_forgotten);
	tcase_add_test(all, a_link_is_measured_whenever_somebody_looks);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
