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
	SECONDS = 40, /* when SEEDS does not say */
	TIMEOUT_SECONDS = 24 * 3600,
};

enum { AMENDS = 1, SCROLLS = 2, HASHED_RING = 4 };

/* Runs that failed once, and what they broke. */
static const struct {
	uint64_t seed;
	unsigned nodes;
	const char *faults;
	instant_ms safety_ms, talk_ms;
	unsigned more; /* what people do besides talking, and the ring */
} kept[] = {
	/* Two leaders met, and each raised its term over the other's word
	 * for ever. */
	{ 12, 6, "partition,oneway,cable", 120000, 5000, 0 },
	/* Who had lost the leader and the link to it stood in vain: those
	 * between did not tell the leader of the higher term. */
	{ 1635, 5, "loss,oneway,skew,disk", 107636, 1793, 0 },
	/* Two took each other for dead over a link that was not, and no
	 * heartbeat and no dial told them better. */
	{ 5931, 2, "loss,dup,reorder,cable", 50013, 333, 0 },
	/* A lie that the leader's term was the last of all: it did not go
	 * there, and nobody could follow it any more. */
	{ 535, 5, "reorder,delay,clog,tatter,reset,skew,hostile", 117852,
	    1964, 0 },
	/* A lie that somebody led in the last term: those who had it denied
	 * told it to each other again, for ever. */
	{ 2024, 8, "dup,clog,isolate,leave,skew,disk,hostile", 72951, 1945, 0 },
	/* Who had refuted an accusation, and the word got lost, let it stand
	 * when it came again: two were dead to each other for ever. */
	{ 501508, 2, "loss,dup,partition,disk", 42449, 282, 0 },
	/* One that a third had vouched for was never asked after again, and
	 * when the third was gone nobody noticed that it was, too. */
	{ 2001036, 3, "dup,delay,oneway,cable,olddisk", 73841, 738, 0 },
	/* Each lost cause was waited for from when the one before it had been
	 * given up: half a minute each, one after the other. */
	{ 5002632, 3, "oneway,reset,leave,skew,nodisk", 27894, 278, 0 },
	/* A hostile member tells a newcomer that the past begins late. */
	{ 5001742, 5, "loss,swizzle,crash,nodisk,hostile", 69927, 1165, 0 },
	/* At the end of the terms half of them followed one who did not lead
	 * and never asked it. */
	{ 5008100, 16, "reorder,swizzle,cable,olddisk,hostile", 80933,
	    4316, 0 },
	/* A leader told a wrong priority, and then its true one: whoever was
	 * elected after it was taken for one below it, by the checker. */
	{ 12008222, 3, "isolate,tatter,skew,hostile", 42038, 420, AMENDS },
	/* Two holders answered who came; of what the first had never heard of
	 * the past began where the second one's did, without its causes. */
	{ 12001072, 8,
	    "partition,isolate,swizzle,cable,crash,leave,skew,nodisk", 66306,
	    1768, AMENDS | SCROLLS | HASHED_RING },
	/* One told one other alone of a run that never was, and died: what
	 * all others said of its death was old to that one. */
	{ 8000512, 16, "dup,isolate,cable,reset,nodisk,hostile", 45456, 2424,
	    AMENDS },
	/* The last acknowledgement was lost, and nobody asked for it. */
	{ 5221, 2, "loss,crash", 74780, 498, AMENDS },
	{ 5282, 2, "loss,skew", 40062, 267, AMENDS },
	/* Killed between a bundle and the note of its hash, its author never
	 * learnt who has it. */
	{ 20107, 2, "clog,crash", 89009, 593, AMENDS },
	/* Killed before a bundle and after the note of who is to have it: what
	 * the next run said under that number, alone, took the note over. */
	{ 9303866, 2, "cable,reset,crash,disk", 74508, 496, AMENDS },
	/* Called by one who was stopped for ever just then, who was alone took
	 * it for a member and stood: the checker called that a term for
	 * nothing. */
	{ 9304102, 3,
	    "loss,dup,delay,oneway,cable,crash,leave,pause,disk,diskfull,forever",
	    59671, 596, AMENDS },
	/* The last one of what it had missed ended a page of older ones that
	 * had not begun: nobody had more, it said. */
	{ 9404104, 5, "loss,dup,reset,crash,diskfull", 58476, 974,
	    AMENDS | SCROLLS },
	/* One gave up what nobody had just as the others were looked at, who
	 * were to learn of it what lies behind. */
	{ 9402090, 3, "loss,dup,partition,tatter,oneway,leave,hostile", 34190,
	    341, AMENDS | SCROLLS },
	{ 9404443, 3, "loss,delay,olddisk,hostile", 52967, 529,
	    AMENDS | SCROLLS },
	/* Nor had it been acknowledged yet. */
	{ 9433445, 2, "crash,pause,skew,disk,diskfull,olddisk", 96629, 644,
	    AMENDS | SCROLLS },
	/* A tail left out what came after the little that was here already:
	 * its effects were shown before it, and no gap was told. */
	{ 9413094, 3, "tatter,cable,leave,pause,hostile", 82905, 829,
	    AMENDS | SCROLLS },
	{ 9415183, 2, "cable,olddisk", 54523, 363, AMENDS | SCROLLS },
	/* And what came after one that was held back. */
	{ 9440279, 5, "loss,delay,clog,swizzle,crash,leave,disk,hostile", 47169,
	    786, AMENDS },
	/* Four leaders met: each remembered one of the others, and opened a
	 * new term for every word that they had said before. */
	{ 9426237, 8, "reorder,partition", 88156, 2350, AMENDS | SCROLLS },
};

static uint64_t
setting(const char *name)
{
	const char *text = getenv(name);

	return text == NULL ? 0 : strtoull(text, NULL, 0);
}

/* Returns how many messages were shown. */
static uint64_t
run(const struct trial_options *options)
{
	struct trial_result result = trial_run(options);
	char faults[FAULTS_TEXT];

	ck_assert_msg(result.failures == NULL,
	    "SEED=%" PRIu64 ", %u nodes, %lld ms of %s:\n%s"
	    "(see it by dchat-sim --drawn --seed %" PRIu64 " --trace)",
	    options->seed, options->nodes, (long long)options->safety_ms,
	    faults_format(options->faults, faults), result.failures,
	    options->seed);
	free(result.failures);
	return result.figures.delivered;
}

static uint64_t
run_seed(uint64_t seed)
{
	struct trial_options options =
	    trial_of_seed(seed, (unsigned)setting("NODES"));

	return run(&options);
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
	uint64_t wanted = setting("SEEDS"), done = 0, shown = 0;
	struct timespec began;

	if (getenv("SEED") != NULL) {
		run_seed(setting("SEED"));
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &began);
	while (wanted > 0 ? done < wanted : !time_is_up(&began))
		shown += run_seed(++done);
	printf("%" PRIu64 " seeds, messages shown %" PRIu64 " times\n", done,
	    shown);
}
END_TEST

START_TEST(runs_that_failed_once_pass)
{
	struct trial_options options = {
		.seed = kept[_i].seed,
		.nodes = kept[_i].nodes,
		.safety_ms = kept[_i].safety_ms,
		.talk_ms = kept[_i].talk_ms,
		.amends = kept[_i].more & AMENDS,
		.scrolls = kept[_i].more & SCROLLS,
		.hashed_ring = kept[_i].more & HASHED_RING,
	};

	ck_assert(faults_parse(kept[_i].faults, &options.faults));
	run(&options);
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
	tcase_add_loop_test(tcase, runs_that_failed_once_pass, 0,
	    sizeof kept / sizeof kept[0]);
	tcase_add_test(tcase, whatever_happens_the_rules_hold_and_all_heals);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
