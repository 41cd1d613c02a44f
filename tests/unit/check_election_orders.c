/* core/election: Hirschberg and Sinclair in all orders and any storm. */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "election_net.h"

static void
gather_and_settle(struct net *net, size_t count, uint64_t seed)
{
	net_gather(net, count, seed);
	ck_assert(net_settle(net, 2000));
	net_run(net, 20);	/* what is still under way */
}

/* -- the paper ----------------------------------------------------------- */

static uint64_t
hops_of_order(const uint8_t *priorities, size_t count)
{
	struct net net;
	uint64_t hops;
	size_t largest = 0;

	net_init(&net, count, 1);
	net.meeting = false;
	for (size_t i = 0; i < count; i++) {
		net.stations[i].priority = priorities[i];
		if (priorities[i] > priorities[largest])
			largest = i;
		net_start(&net, i);
	}
	net_view_all(&net);
	ck_assert(net_settle(&net, 1000));
	net_run(&net, 20);
	ck_assert_uint_eq(net_leader(&net), largest);
	hops = net_hops(&net);
	net_free(&net);
	return hops;
}

/* The largest stands at 0: turning the ring changes no count. */
static uint64_t
most_hops(uint8_t *priorities, size_t fixed, size_t count)
{
	uint64_t most = 0;

	if (fixed == count)
		return hops_of_order(priorities, count);
	for (size_t i = fixed; i < count; i++) {
		uint8_t swapped = priorities[fixed];
		uint64_t hops;

		priorities[fixed] = priorities[i];
		priorities[i] = swapped;
		hops = most_hops(priorities, fixed + 1, count);
		if (hops > most)
			most = hops;
		priorities[i] = priorities[fixed];
		priorities[fixed] = swapped;
	}
	return most;
}

START_TEST(the_most_hops_over_all_orders_are_those_of_the_design)
{
	static const uint64_t expected[] = { 10, 23, 32, 55, 68, 78, 89 };
	size_t count = (size_t)_i;
	uint8_t priorities[8];

	for (size_t i = 0; i < count; i++)
		priorities[i] = (uint8_t)(count - i);
	ck_assert_uint_eq(most_hops(priorities, 1, count),
	    expected[count - 2]);
}
END_TEST

static void
check_bound(size_t count, bool hashed)
{
	struct net net;
	uint64_t phases = 0, hops;

	while ((UINT64_C(1) << phases) < count)
		phases++;
	net_init(&net, count, 7);
	net.meeting = false;
	for (size_t i = 0; i < count; i++) {
		net_start(&net, i);
		net_at(&net, i)->hashed_ring = hashed;
	}
	net_view_all(&net);
	ck_assert(net_settle(&net, 20000));
	net_run(&net, (instant_ms)count + 10);
	hops = net_hops(&net);
	ck_assert_uint_eq(net_leader(&net), count - 1);
	ck_assert_uint_eq(net_term(&net), 1);
	ck_assert_uint_le(hops, 8 * count * (1 + phases) + count);
	if (hashed && count >= 64)
		ck_assert_uint_gt(hops, 8 * count);
	net_free(&net);
}

START_TEST(hops_stay_within_the_bound_up_to_1024_members)
{
	for (size_t count = 2; count <= 256; count *= 2) {
		check_bound(count, false);
		check_bound(count, true);
		check_bound(count + 1, true);
		check_bound(2 * count - 1, false);
	}
	check_bound(1024, false);
	check_bound(1024, true);
}
END_TEST

START_TEST(any_that_stand_elect_the_largest_in_any_order)
{
	struct rng rng = rng_seeded((uint64_t)_i);
	size_t count = 2 + (size_t)rng_below(&rng, 20), largest = 0;
	struct net net;

	net_init(&net, count, (uint64_t)_i);
	for (size_t i = 0; i < count; i++) {
		net.stations[i].priority = (uint8_t)rng_below(&rng, 8);
		if (net.stations[i].priority >=
		    net.stations[largest].priority)
			largest = i;
		net_start(&net, i);
	}
	net_view_all(&net);
	net_run(&net, 10);
	net_elect_later(&net, 1, (size_t)rng_below(&rng, count));
	for (size_t i = 0; i < count; i++)
		if (rng_below(&rng, 3) == 0)
			net_elect_later(&net, (instant_ms)rng_below(&rng, 3),
			    i);
	ck_assert(net_settle(&net, 500));
	net_run(&net, 500);
	ck_assert_uint_eq(net_leader(&net), largest);
	ck_assert_uint_eq(net.win_count, 1);
	net_free(&net);
}
END_TEST

/* -- a ring that changes ------------------------------------------------ */

START_TEST(terms_do_not_run_away_with_the_view)
{
	struct net net;
	bool members[8];

	gather_and_settle(&net, 8, 3);
	net.delay_max = 5;
	net_heartbeats(&net);
	net_stop(&net, 7);
	for (unsigned change = 0; change < 100; change++) {
		for (size_t i = 0; i < 8; i++)
			members[i] = i != 7 && (i != 6 || change % 2 == 0);
		for (size_t i = 0; i < 6; i++)
			net_view_later(&net,
			    (instant_ms)rng_below(&net.rng, 40), i, members);
		net_run(&net, 100);
	}
	ck_assert_uint_le(net_term(&net), 110);
	net_free(&net);
}
END_TEST

struct storm {
	struct net net;
	struct rng rng;
	size_t count;
	unsigned changes;
};

/* Each learns within a while what happened, in the order it did. */
static void
spread(struct storm *storm, const bool *members, instant_ms within)
{
	for (size_t i = 0; i < storm->count; i++)
		if (storm->net.stations[i].up && members[i])
			net_view_later(&storm->net,
			    (instant_ms)rng_below(&storm->rng,
				(uint64_t)within), i, members);
}

static void
who_is_up(const struct storm *storm, bool *members)
{
	for (size_t i = 0; i < storm->count; i++)
		members[i] = storm->net.stations[i].up;
}

static void
kill_or_start(struct storm *storm)
{
	size_t i = (size_t)rng_below(&storm->rng, storm->count);
	struct station *s = &storm->net.stations[i];
	bool members[16];

	if (!s->up) {
		net_start(&storm->net, i);
		for (size_t k = 0; k < storm->count; k++)
			if (k != i && storm->net.stations[k].up)
				election_restarted(net_at(&storm->net, k),
				    storm->net.now, &s->id, &storm->net.fx);
		effects_clear(&storm->net.fx);
	} else {
		net_stop(&storm->net, i);
	}
	who_is_up(storm, members);
	spread(storm, members, 150);
}

static void
part_and_heal(struct storm *storm)
{
	size_t middle = 1 + (size_t)rng_below(&storm->rng, storm->count - 1);
	bool members[16], side[16];

	net_split(&storm->net, middle, true);
	who_is_up(storm, members);
	for (size_t i = 0; i < storm->count; i++)
		side[i] = i < middle && members[i];
	spread(storm, side, 150);
	for (size_t i = 0; i < storm->count; i++)
		side[i] = members[i] && i >= middle;
	spread(storm, side, 150);
	net_run(&storm->net, (instant_ms)rng_below(&storm->rng, 3000));
	net_split(&storm->net, middle, false);
	spread(storm, members, 150);
}

static void
disturb(struct storm *storm)
{
	size_t who = (size_t)rng_below(&storm->rng, storm->count);

	storm->changes++;
	switch (rng_below(&storm->rng, 8)) {
	case 0:
		net_elect_later(&storm->net, 0, who);
		break;
	case 1:
		net_resume_later(&storm->net, 0, who);
		break;
	case 2:
		part_and_heal(storm);
		break;
	default:
		kill_or_start(storm);
		break;
	}
	net_run(&storm->net, (instant_ms)rng_below(&storm->rng, 400));
}

static void
storm_init(struct storm *storm, uint64_t seed)
{
	bool members[16] = { false };
	struct net *net = &storm->net;

	*storm = (struct storm){ .rng = rng_seeded(seed) };
	storm->count = 2 + (size_t)rng_below(&storm->rng, 15);
	net_init(net, storm->count, seed);
	net->delay_max = 1 + (instant_ms)rng_below(&storm->rng, 30);
	if (rng_below(&storm->rng, 2) == 0) {
		net->loss_percent = (unsigned)rng_below(&storm->rng, 20);
		net->twice_percent = (unsigned)rng_below(&storm->rng, 20);
	}
	for (size_t i = 0; i < storm->count * storm->count; i++)
		net->pair_delay[i] =
		    (instant_ms)rng_below(&storm->rng, 20);
	for (size_t i = 0; i < storm->count; i++) {
		net->stations[i].priority =
		    rng_below(&storm->rng, 4) == 0 ? 200 : 100;
		net_start(net, i);
		members[i] = true;
	}
	net_heartbeats(net);
	spread(storm, members, 300);
}

START_TEST(after_any_storm_one_leads_everywhere)
{
	struct storm storm;
	bool members[16];
	unsigned disturbances, up = 0;

	storm_init(&storm, (uint64_t)_i);
	disturbances = (unsigned)rng_below(&storm.rng, 12);
	while (storm.changes < disturbances)
		disturb(&storm);
	who_is_up(&storm, members);
	for (size_t i = 0; i < storm.count; i++)
		up += members[i];
	net_run(&storm.net, 200);
	storm.net.loss_percent = 0;
	for (size_t i = 0; i < storm.count; i++)
		if (members[i])
			net_view_later(&storm.net, 0, i, members);
	net_run(&storm.net, 10000);
	if (up >= 2)
		ck_assert_msg(net_leader(&storm.net) < storm.count,
		    "seed %d: no single leader", _i);
	ck_assert_msg(storm.net.double_wins == 0,
	    "seed %d: two elected in one term and view", _i);
	ck_assert_msg(net_term(&storm.net) <= 10 + 8 * (uint64_t)storm.changes,
	    "seed %d: term %" PRIu64 " after %u changes", _i,
	    net_term(&storm.net), storm.changes);
	net_free(&storm.net);
}
END_TEST

/* ---------------------------------------------------------------------- */

static TCase *
paper(void)
{
	TCase *tests = tcase_create("the paper");

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests,
	    the_most_hops_over_all_orders_are_those_of_the_design, 2, 9);
	tcase_add_test(tests, hops_stay_within_the_bound_up_to_1024_members);
	tcase_add_loop_test(tests,
	    any_that_stand_elect_the_largest_in_any_order, 0, 100);
	return tests;
}

static TCase *
changing_ring(void)
{
	TCase *tests = tcase_create("a changing ring");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, terms_do_not_run_away_with_the_view);
	tcase_add_loop_test(tests, after_any_storm_one_leads_everywhere, 1,
	    501);
	return tests;
}

int
main(void)
{
	Suite *suite = suite_create("election in any order");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, paper());
	suite_add_tcase(suite, changing_ring());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
