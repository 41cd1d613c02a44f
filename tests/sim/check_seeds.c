/*
 * Random runs with random faults: as many seeds as fit the time.
 *
 *   SEEDS=n  just so many      SEED=s  just this one      NODES=n  so large
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/sim/trial.h"

enum {
	SECONDS = 20,		/* when SEEDS does not say */
	TIMEOUT_SECONDS = 24 * 3600,
};

/* Seeds that failed once, and what they broke. */
static const uint64_t kept[] = {
	1,
};

static uint64_t
setting(const char *name)
{
	const char *text = getenv(name);

	return text == NULL ? 0 : strtoull(text, NULL, 0);
}

static void
run_seed(uint64_t seed)
{
	struct trial_options options =
	    trial_of_seed(seed, (unsigned)setting("NODES"));
	struct trial_result result = trial_run(&options);
	char faults[FAULTS_TEXT];

	ck_assert_msg(result.failures == NULL,
	    "SEED=%" PRIu64 ", %u nodes, faults %s:\n%s"
	    "(dchat-sim --drawn --seed %" PRIu64 " --trace)",
	    seed, options.nodes, faults_format(options.faults, faults),
	    result.failures, seed);
	free(result.failures);
}

static bool
time_is_up(const struct timespec *began)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - began->tv_sec >= SECONDS;
}

START_TEST(whatever_happens_the_rules_hold_and_all_heals)
{
	uint64_t wanted = setting("SEEDS"), done = 0;
	struct timespec began;

	if (getenv("SEED") != NULL) {
		run_seed(setting("SEED"));
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &began);
	while (wanted > 0 ? done < wanted : !time_is_up(&began))
		run_seed(++done);
	printf("%" PRIu64 " seeds\n", done);
}
END_TEST

START_TEST(seeds_that_failed_once_pass)
{
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		run_seed(kept[i]);
}
END_TEST

START_TEST(the_same_seed_gives_the_same_event_hash)
{
	struct trial_options options = trial_of_seed(4711, 5);
	struct trial_result first, second, traced;

	options.faults = (1U << FAULT_COUNT) - 1;
	first = trial_run(&options);
	second = trial_run(&options);
	options.tracing = true;
	traced = trial_run(&options);
	ck_assert_uint_eq(first.hash, second.hash);
	ck_assert_uint_eq(first.hash, traced.hash);
	options.tracing = false;
	options.seed++;
	free(second.failures);
	second = trial_run(&options);
	ck_assert_uint_ne(first.hash, second.hash);
	free(first.failures);
	free(second.failures);
	free(traced.failures);
	free(traced.timeline);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("seeds");
	TCase *tcase = tcase_create("seeds");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, TIMEOUT_SECONDS);
	tcase_add_test(tcase, the_same_seed_gives_the_same_event_hash);
	tcase_add_test(tcase, seeds_that_failed_once_pass);
	tcase_add_test(tcase, whatever_happens_the_rules_hold_and_all_heals);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
