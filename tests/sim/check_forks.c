/*
 * Stories of one number given to two bundles: who says different things to
 * different people is found out, however long ago the first one came, and
 * all are told.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/story.h"
#include "tests/sim/world.h"

static void
begin(void)
{
	story_gather(&(struct sim_options){
	    .nodes = 4,
	    .seed = 1,
	    .tracing = true,
	    .weather = &fair_weather,
	    .keeps_disk = true,
	});
	sim->nodes[DAN].hostile = true;
}

/* Without a message, so that the checkers need not know of it; what makes
 * two of one number different is their clock. */
static void
say(unsigned to, uint64_t seq, uint64_t version)
{
	const struct bundle bundle = {
		.room = sim_room_id("#lobby"),
		.stream = { sim->nodes[DAN].id, 77 },
		.seq = seq,
		.nonce = 99,
		.hlc = ((uint64_t)clock_wall_of(sim, &sim->nodes[DAN]) << 16) +
		    version,
	};
	struct bundle *sealed = sign_bundle(&bundle);
	struct frame frame = { .type = FRAME_BUNDLE };
	struct input input = { .type = INPUT_RECEIVE };

	frame.bundle.bundle = *sealed;
	input.receive.from = sim->nodes[DAN].id;
	input.receive.frame = &frame;
	world_step(sim, &sim->nodes[to], &input);
	bundle_free(sealed);
}

static bool
found_out(unsigned node)
{
	char line[64], *timeline = sim_timeline(sim, "has two bundles");
	bool found;

	snprintf(line, sizeof line, " %s: has two bundles",
	    sim->nodes[node].name);
	found = strstr(timeline, line) != NULL;
	free(timeline);
	return found;
}

static void
say_to_all(uint64_t seq)
{
	for (unsigned i = 0; i < DAN; i++)
		say(i, seq, 1);
}

/* Of the first number; so all find out. */
static void
say_another_to_bob(void)
{
	say(BOB, 1, 2);
	sim_run(sim, SECOND);
	for (unsigned i = 0; i < DAN; i++)
		ck_assert(found_out(i));
	story_end();
}

static void
restart(unsigned node)
{
	sim_kill(sim, node);
	sim_run(sim, SECOND);
	sim_start(sim, node);
	ck_assert(sim_run_until(sim, sim_all_linked, 10 * SECOND));
	sim_run(sim, 3 * SECOND);
}

START_TEST(two_of_one_number_at_one_node_are_told_to_all)
{
	begin();
	say_to_all(1);
	sim_run(sim, SECOND);
	say_another_to_bob();
}
END_TEST

START_TEST(of_two_one_may_be_of_an_earlier_run)
{
	begin();
	say_to_all(1);
	sim_run(sim, SECOND);
	for (unsigned i = 0; i < DAN; i++)
		restart(i);
	say_another_to_bob();
}
END_TEST

START_TEST(or_so_long_ago_that_it_is_on_the_disk_alone)
{
	enum { MANY = 5000 };

	begin();
	for (uint64_t seq = 1; seq <= MANY; seq++) {
		say_to_all(seq);
		if (seq % 100 == 0)
			sim_run(sim, SECOND);
	}
	say_another_to_bob();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("forks");
	TCase *tcase = tcase_create("forks");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, two_of_one_number_at_one_node_are_told_to_all);
	tcase_add_test(tcase, of_two_one_may_be_of_an_earlier_run);
	tcase_add_test(tcase, or_so_long_ago_that_it_is_on_the_disk_alone);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
