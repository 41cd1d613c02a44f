/* core/election: Hirschberg and Sinclair on a ring that changes. */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "election_net.h"

/* count stations that all see each other; they will stand together. */
static void
gather(struct net *net, size_t count, uint64_t seed)
{
	net_init(net, count, seed);
	for (size_t i = 0; i < count; i++)
		net_start(net, i);
	net_view_all(net);
}

static void
gather_and_settle(struct net *net, size_t count, uint64_t seed)
{
	gather(net, count, seed);
	ck_assert(net_settle(net, 2000));
	net_run(net, 20);	/* what is still under way */
}

static struct election *
at(struct net *net, size_t station)
{
	return &net->stations[station].election;
}

/* The members of a set of stations see these and nobody else. */
static void
view_of(struct net *net, size_t first, size_t count)
{
	bool *members = mem_zero(net->count, sizeof *members);

	for (size_t i = first; i < first + count; i++)
		members[i] = net->stations[i].up;
	for (size_t i = first; i < first + count; i++)
		if (members[i])
			net_view(net, i, members);
	free(members);
}

static void
cut(struct net *net, size_t a, size_t b, bool is_cut)
{
	net->cut[a * net->count + b] = is_cut;
	net->cut[b * net->count + a] = is_cut;
}

/* Nothing passes between those below middle and the others. */
static void
split(struct net *net, size_t middle, bool is_cut)
{
	for (size_t a = 0; a < middle; a++)
		for (size_t b = middle; b < net->count; b++)
			cut(net, a, b, is_cut);
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
		at(&net, i)->hashed_ring = hashed;
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

/* -- a leader stays, goes, comes ------------------------------------------ */

START_TEST(alone_a_node_leads_itself_provisionally)
{
	struct net net;
	struct station *s;

	net_init(&net, 1, 1);
	net_start(&net, 0);
	net_run(&net, 60000);
	s = &net.stations[0];
	ck_assert_int_eq(s->election.state, ELECTION_PROVISIONAL);
	ck_assert_uint_eq(s->leader_events, 1);
	ck_assert(s->leader.leader.provisional);
	ck_assert(s->leader.leader.self);
	ck_assert_uint_eq(s->leader.leader.term, 0);
	ck_assert(!election_running(&s->election));
	net_free(&net);
}
END_TEST

START_TEST(the_first_election_waits_for_quiet_and_is_told_by_steps)
{
	struct net net;
	struct station *last;

	gather(&net, 4, 1);
	last = &net.stations[3];
	ck_assert_str_eq(last->step.election.role, "waiting");
	net_run(&net, 99);
	ck_assert_int_eq(last->election.state, ELECTION_WAITING);
	ck_assert(election_running(&last->election));
	ck_assert(id_is_none(&last->leader.leader.id));
	net_run(&net, 1);
	ck_assert_str_eq(last->step.election.role, "candidate");
	ck_assert_uint_eq(last->step.election.reach, 1);
	net_run(&net, 2);
	ck_assert_uint_eq(last->step.election.phase, 1);
	ck_assert_uint_eq(last->step.election.reach, 2);
	ck_assert_str_eq(net.stations[0].step.election.role, "defeated");
	ck_assert(net_settle(&net, 100));
	for (size_t i = 0; i < 4; i++) {
		ck_assert(id_equal(&net.stations[i].leader.leader.id,
		    &last->id));
		ck_assert_uint_eq(net.stations[i].leader.leader.term, 1);
		ck_assert_int_ge(net.stations[i].leader.leader.took_ms, 100);
		ck_assert(!net.stations[i].leader.leader.provisional);
		ck_assert(!election_running(at(&net, i)));
	}
	net_free(&net);
}
END_TEST

START_TEST(members_that_keep_coming_delay_the_start_by_one_second_at_most)
{
	struct net net;

	net_init(&net, 40, 1);
	net_start(&net, 0);
	for (size_t i = 1; i < 40; i++) {
		net_start(&net, i);
		view_of(&net, 0, i + 1);
		net_run(&net, 50);
		if (i < 20)
			ck_assert_uint_eq(net_hops(&net), 0);
	}
	ck_assert_uint_gt(net_hops(&net), 0);
	ck_assert(net_settle(&net, 2000));
	net_free(&net);
}
END_TEST

START_TEST(a_joiner_with_a_higher_id_starts_nothing)
{
	struct net net;
	uint64_t hops;

	net_init(&net, 6, 1);
	for (size_t i = 0; i < 5; i++)
		net_start(&net, i);
	net_view_all(&net);
	ck_assert(net_settle(&net, 1000));
	hops = net_hops(&net);
	net_start(&net, 5);
	net_view_all(&net);
	ck_assert(net_settle(&net, 10));
	net_heartbeats(&net);
	net_run(&net, 20000);
	ck_assert_uint_eq(net_leader(&net), 4);
	ck_assert_uint_eq(net_term(&net), 1);
	ck_assert_uint_eq(net_hops(&net), hops);
	ck_assert_int_eq(net.stations[5].leader.leader.took_ms, -1);
	net_free(&net);
}
END_TEST

START_TEST(a_joiner_waits_for_a_leader_it_only_heard_of)
{
	struct net net;
	uint64_t hops;

	net_init(&net, 4, 1);
	for (size_t i = 0; i < 3; i++)
		net_start(&net, i);
	net_view_all(&net);
	ck_assert(net_settle(&net, 1000));
	hops = net_hops(&net);
	net_start(&net, 3);
	net_view(&net, 0, (bool[]){ true, true, true, true });
	net_view(&net, 3, (bool[]){ true, false, false, true });
	net_run(&net, 900);
	ck_assert_int_eq(at(&net, 3)->state, ELECTION_WAITING);
	net_view_all(&net);
	ck_assert(net_settle(&net, 10));
	ck_assert_uint_eq(net_leader(&net), 2);
	ck_assert_uint_eq(net_hops(&net), hops);
	net_free(&net);
}
END_TEST

START_TEST(provisional_yields_to_established_whatever_the_ids)
{
	struct net net;

	net_init(&net, 3, 1);
	net.stations[2].priority = 255;
	for (size_t i = 0; i < 3; i++)
		net_start(&net, i);
	split(&net, 2, true);
	view_of(&net, 0, 2);
	net_run(&net, 5000);
	ck_assert_int_eq(at(&net, 1)->state, ELECTION_LEADER);
	ck_assert_int_eq(at(&net, 2)->state, ELECTION_PROVISIONAL);
	split(&net, 2, false);
	net_view_all(&net);
	ck_assert(net_settle(&net, 10));
	ck_assert_uint_eq(net_leader(&net), 1);
	net_free(&net);
}
END_TEST

START_TEST(a_dead_leader_is_followed_by_another_in_the_next_term)
{
	struct net net;
	instant_ms died;

	gather_and_settle(&net, 7, 1);
	died = net.now;
	net_stop(&net, 6);
	net_view_all(&net);
	ck_assert(id_is_none(&net.stations[0].leader.leader.id));
	ck_assert(net_settle(&net, 1000));
	ck_assert_int_le(net.now - died, 100);
	ck_assert_uint_eq(net_leader(&net), 5);
	ck_assert_uint_eq(net_term(&net), 2);
	ck_assert_int_eq(net.stations[5].leader.leader.took_ms,
	    net.now - died - 1);	/* it knew first */
	net_free(&net);
}
END_TEST

START_TEST(those_who_miss_the_leader_one_by_one_meet_in_one_term)
{
	struct net net;
	bool members[9];

	for (uint64_t seed = 1; seed <= 50; seed++) {
		gather_and_settle(&net, 9, seed);
		net_stop(&net, 8);
		for (size_t i = 0; i < 9; i++)
			members[i] = i != 8;
		for (size_t i = 0; i < 8; i++)
			net_view_later(&net,
			    (instant_ms)rng_below(&net.rng, 250), i, members);
		ck_assert(net_settle(&net, 1000));
		net_run(&net, 300);
		ck_assert_uint_eq(net_leader(&net), 7);
		ck_assert_uint_eq(net_term(&net), 2);
		net_free(&net);
	}
}
END_TEST

START_TEST(a_candidate_that_dies_in_the_middle_leaves_one_leader)
{
	for (instant_ms when = 100; when < 125; when++) {
		struct net net;

		gather(&net, 8, 1);
		net_run(&net, when);
		net_stop(&net, 7);
		net_run(&net, 10);
		net_view_all(&net);
		ck_assert(net_settle(&net, 2000));
		net_run(&net, 100);
		ck_assert_uint_eq(net_leader(&net), 6);
		ck_assert_uint_le(net_term(&net), 2);
		net_free(&net);
	}
}
END_TEST

START_TEST(a_lost_election_is_held_again_after_a_while)
{
	struct net net;

	gather(&net, 5, 1);
	net_run(&net, 100);
	split(&net, 4, true);	/* the links to the largest hang */
	net_run(&net, 450);
	ck_assert_uint_eq(net_term(&net), 1);
	split(&net, 4, false);
	ck_assert(net_settle(&net, 2000));
	ck_assert_uint_eq(net_leader(&net), 4);
	ck_assert_uint_le(net_term(&net), 3);
	net_free(&net);
}
END_TEST

START_TEST(a_restarted_leader_leads_no_more)
{
	struct net net;

	gather_and_settle(&net, 3, 1);
	net_stop(&net, 2);
	net_start(&net, 2);
	for (size_t i = 0; i < 2; i++)
		election_restarted(at(&net, i), net.now,
		    &net.stations[2].id, &net.fx);
	effects_clear(&net.fx);
	ck_assert(id_is_none(&at(&net, 0)->known.leader));
	net_view_all(&net);
	ck_assert(net_settle(&net, 1000));
	ck_assert_uint_eq(net_term(&net), 2);
	net_free(&net);
}
END_TEST

START_TEST(a_leader_that_restarted_unseen_says_so)
{
	struct net net;

	gather_and_settle(&net, 3, 1);
	net_stop(&net, 2);
	net_start(&net, 2);
	net_view_all(&net);
	net_heartbeats(&net);
	ck_assert(net_settle(&net, 3000));
	ck_assert_uint_gt(net_term(&net), 1);
	net_free(&net);
}
END_TEST

START_TEST(a_resumed_leader_steps_down_and_learns_anew)
{
	struct net net;

	gather_and_settle(&net, 4, 1);
	net_resume_later(&net, 0, 3);
	net_run(&net, 1);
	ck_assert_int_eq(at(&net, 3)->state, ELECTION_WAITING);
	net_run(&net, 2);
	ck_assert(!at(&net, 0)->known.established);
	ck_assert(net_settle(&net, 1000));
	ck_assert_uint_eq(net_term(&net), 2);
	net_free(&net);
}
END_TEST

START_TEST(an_elected_leader_left_alone_stays)
{
	struct net net;
	bool alone[2] = { false, true };

	gather_and_settle(&net, 2, 1);
	net_stop(&net, 0);
	net_view(&net, 1, alone);
	net_run(&net, 10000);
	ck_assert_int_eq(at(&net, 1)->state, ELECTION_LEADER);
	ck_assert_uint_eq(net_term(&net), 1);
	net_start(&net, 0);
	net_view_all(&net);
	ck_assert(net_settle(&net, 10));
	ck_assert_uint_eq(net_term(&net), 1);
	net_free(&net);
}
END_TEST

/* -- two leaders ----------------------------------------------------------- */

/* 0 1 2 and 3 4, each with its leader, whom they told each other. */
static void
two_groups(struct net *net, unsigned more_elections_below)
{
	net_init(net, 5, 1);
	for (size_t i = 0; i < 5; i++)
		net_start(net, i);
	split(net, 3, true);
	view_of(net, 0, 3);
	view_of(net, 3, 2);
	net_run(net, 500);
	for (unsigned i = 0; i < more_elections_below; i++) {
		net_elect_later(net, 0, 0);
		net_run(net, 500);
	}
	ck_assert_int_eq(at(net, 2)->state, ELECTION_LEADER);
	ck_assert_int_eq(at(net, 4)->state, ELECTION_LEADER);
}

START_TEST(of_two_leaders_the_higher_stays_in_a_term_above_both)
{
	struct net net;

	two_groups(&net, 0);
	split(&net, 3, false);
	net_view_all(&net);
	ck_assert(net_settle(&net, 20));
	net_run(&net, 1000);
	ck_assert_uint_eq(net_leader(&net), 4);
	ck_assert_uint_eq(net_term(&net), 2);
	net_free(&net);
}
END_TEST

START_TEST(of_two_leaders_the_term_counts_before_the_id)
{
	struct net net;
	uint64_t hops;

	two_groups(&net, 2);
	hops = net_hops(&net);
	split(&net, 3, false);
	net_view_all(&net);
	ck_assert(net_settle(&net, 20));
	net_run(&net, 1000);
	ck_assert_uint_eq(net_leader(&net), 2);
	ck_assert_uint_eq(net_term(&net), 4);
	ck_assert_uint_eq(net_hops(&net), hops);
	net_free(&net);
}
END_TEST

START_TEST(who_hears_of_two_leaders_tells_the_lower_one)
{
	struct net net;

	two_groups(&net, 0);
	split(&net, 3, false);
	cut(&net, 2, 4, true);	/* the leaders have no link yet */
	net.meeting = false;
	net_view_all(&net);
	election_met(at(&net, 3), &net.stations[0].id, &net.fx);
	effects_clear(&net.fx);
	/* 3 tells 0 of the higher one; 0 turns to it and tells its own. */
	net_forge(&net, 3, 0,
	    &(struct frame){ .type = FRAME_LEADER,
		.leader = at(&net, 3)->known });
	net_run(&net, 5);
	ck_assert(id_equal(&at(&net, 0)->known.leader, &net.stations[4].id));
	ck_assert_int_eq(at(&net, 2)->state, ELECTION_FOLLOWER);
	ck_assert(id_equal(&at(&net, 2)->known.leader, &net.stations[4].id));
	net_free(&net);
}
END_TEST

START_TEST(a_higher_term_of_who_comes_back_deposes_nobody)
{
	struct net net;
	uint64_t hops;

	net_init(&net, 4, 1);
	for (size_t i = 0; i < 4; i++)
		net_start(&net, i);
	split(&net, 3, true);
	view_of(&net, 0, 3);
	net_run(&net, 500);
	hops = net_hops(&net);
	at(&net, 3)->known.term = 500;
	split(&net, 3, false);
	net_view_all(&net);
	ck_assert(net_settle(&net, 20));
	net_run(&net, 1000);
	ck_assert_uint_eq(net_leader(&net), 2);
	ck_assert_uint_eq(net_term(&net), 501);
	ck_assert_uint_eq(net_hops(&net), hops);
	net_free(&net);
}
END_TEST

/* -- /elect ------------------------------------------------------------- */

START_TEST(an_election_asked_for_is_held_with_a_leader_there)
{
	struct net net;

	gather_and_settle(&net, 5, 1);
	net_elect_later(&net, 0, 1);
	net_run(&net, 100);
	ck_assert_uint_eq(net_leader(&net), 4);
	ck_assert_uint_eq(net_term(&net), 2);
	ck_assert_uint_eq(net.win_count, 2);
	net_free(&net);
}
END_TEST

START_TEST(elections_asked_for_everywhere_at_once_are_one)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct net net;

		gather_and_settle(&net, 8, seed);
		for (size_t i = 0; i < 8; i++)
			net_elect_later(&net, 0, i);
		net_run(&net, 500);
		ck_assert_uint_eq(net_leader(&net), 7);
		ck_assert_uint_eq(net_term(&net), 2);
		ck_assert_uint_eq(net.win_count, 2);
		net_free(&net);
	}
}
END_TEST

/* -- the lease and the pre-check ------------------------------------------- */

START_TEST(a_lone_accuser_is_vetoed)
{
	struct net net;

	gather_and_settle(&net, 5, 1);
	net_heartbeats(&net);
	net.cut[4 * 5 + 3] = true;	/* 3 hears nothing from 4 */
	net_run(&net, 60000);
	ck_assert_uint_gt(net.sent[FRAME_ASK], 10);
	ck_assert_uint_eq(net_leader(&net), 4);
	ck_assert_uint_eq(net_term(&net), 1);
	ck_assert_uint_eq(net.win_count, 1);
	net_free(&net);
}
END_TEST

START_TEST(nobody_asks_while_the_leader_is_heard)
{
	struct net net;

	gather_and_settle(&net, 6, 1);
	net_heartbeats(&net);
	net_run(&net, 120000);
	ck_assert_uint_eq(net.sent[FRAME_ASK], 0);
	ck_assert_uint_eq(net_term(&net), 1);
	net_free(&net);
}
END_TEST

START_TEST(only_who_stands_beside_the_leader_holds_the_lease)
{
	struct net net;

	gather_and_settle(&net, 6, 1);
	for (size_t i = 0; i < 5; i++) {
		instant_ms deadline = election_deadline(at(&net, i));

		ck_assert((i == 0 || i == 4) == (deadline != NEVER));
	}
	net_free(&net);
}
END_TEST

START_TEST(a_lost_lease_that_nobody_vetoes_ends_in_a_candidate)
{
	struct net net;

	gather_and_settle(&net, 5, 1);
	net_heartbeats(&net);
	split(&net, 4, true);	/* it hangs, and no verdict yet */
	net_run(&net, 4600);
	ck_assert_uint_gt(net.sent[FRAME_ASK], 0);
	ck_assert(at(&net, 0)->cause == CAUSE_LEASE ||
	    at(&net, 3)->cause == CAUSE_LEASE);
	ck_assert_uint_gt(net_term(&net), 1);
	net_stop(&net, 4);	/* the verdict comes */
	net_view_all(&net);
	ck_assert(net_settle(&net, 1000));
	ck_assert_uint_eq(net_leader(&net), 3);
	net_free(&net);
}
END_TEST

START_TEST(a_wrong_accuser_does_not_change_the_leader)
{
	struct net net;

	gather_and_settle(&net, 5, 1);
	net_heartbeats(&net);
	/* 3 is cut off for a while, and no verdict falls. */
	for (size_t i = 0; i < 5; i++)
		if (i != 3)
			cut(&net, 3, i, true);
	net_run(&net, 6000);
	ck_assert_uint_gt(at(&net, 3)->known.term, 1);
	for (size_t i = 0; i < 5; i++)
		if (i != 3)
			cut(&net, 3, i, false);
	net_run(&net, 5000);
	ck_assert_uint_eq(net_leader(&net), 4);
	ck_assert_uint_eq(net.win_count, 1);
	net_free(&net);
}
END_TEST

START_TEST(asking_changes_nothing_at_the_asked)
{
	struct net net;
	struct frame ask = { .type = FRAME_ASK };
	struct election before;

	gather_and_settle(&net, 4, 1);
	ask.ask.number = 77;
	ask.ask.term = 1;
	ask.ask.leader = net.stations[3].id;
	for (size_t i = 1; i < 4; i++) {
		before = *at(&net, i);
		ck_assert_int_eq(net_forge(&net, 0, i, &ask),
		    VERDICT_ACCEPTED);
		ck_assert_mem_eq(&before, at(&net, i), sizeof before);
	}
	ck_assert_uint_eq(net.sent[FRAME_ANSWER], 3);
	net_free(&net);
}
END_TEST

/* -- frames that must not count --------------------------------------------- */

static struct frame
probe_from(struct net *net, size_t from, uint64_t term)
{
	struct frame frame = { .type = FRAME_PROBE };

	frame.probe = (struct probe){
		.term = term,
		.view = at(net, from)->view.hash,
		.phase = 0,
		.hop = 1,
		.direction = CLOCKWISE,
		.candidate = at(net, from)->self,
		.cause = CAUSE_START,
	};
	return frame;
}

static void
check_unchanged(struct net *net, size_t from, size_t to,
    const struct frame *frame, enum verdict expected)
{
	struct election before = *at(net, to);

	ck_assert_int_eq(net_forge(net, from, to, frame), expected);
	ck_assert_mem_eq(&before, at(net, to), sizeof before);
}

static void
check_bad_probes(struct net *net, size_t to)
{
	uint64_t term = at(net, to)->known.term + 1;
	size_t from = to - 1;
	struct frame good = probe_from(net, from, term), bad;
	struct id stranger = { { 0xee } };

	good.probe.cause = CAUSE_COMMAND;
	bad = good, bad.probe.hop = 2;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.hop = 0;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.phase = 6;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.phase = 77;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.phase = 3, bad.probe.hop = 6;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.phase = 2, bad.probe.hop = 2;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.direction = ANTICLOCKWISE;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.direction = (enum direction)7;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.cause = (enum cause)99;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.term = 0;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.term = ELECTION_TERM_LIMIT;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad = good, bad.probe.candidate.id = stranger;
	check_unchanged(net, from, to, &bad, VERDICT_UNKNOWN_SENDER);
	bad = good, bad.probe.candidate.id = (struct id){ 0 };
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	/* My own, home after too few hops, or with a priority I never had. */
	bad = good, bad.probe.candidate = at(net, to)->self;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad.probe.phase = 3, bad.probe.hop = 5;
	bad.probe.candidate.priority++;
	check_unchanged(net, from, to, &bad, VERDICT_MALFORMED);
	bad.probe.candidate.priority--;
	check_unchanged(net, from, to, &bad, VERDICT_STALE);
	/* Sent by another than the neighbour, or by no member. */
	check_unchanged(net, to >= 2 ? to - 2 : 3, to, &good,
	    VERDICT_MALFORMED);
	check_unchanged(net, 5, to, &good, VERDICT_UNKNOWN_SENDER);
}

/* Five with a leader (4), and one that is in no view (5). */
static void
five_and_a_stranger(struct net *net)
{
	net_init(net, 6, 1);
	for (size_t i = 0; i < 6; i++)
		net_start(net, i);
	view_of(net, 0, 5);
	net_run(net, 300);
	ck_assert_int_eq(at(net, 4)->state, ELECTION_LEADER);
}

START_TEST(forged_probes_change_nothing)
{
	struct net net;

	five_and_a_stranger(&net);
	check_bad_probes(&net, 1);	/* a follower */
	check_bad_probes(&net, 4);	/* the leader */
	net_free(&net);

	gather(&net, 5, 1);
	net_run(&net, 102);
	ck_assert_int_eq(at(&net, 4)->state, ELECTION_CANDIDATE);
	ck_assert_int_eq(at(&net, 1)->state, ELECTION_DEFEATED);
	ck_assert_uint_eq(at(&net, 4)->phase, 1);
	net_free(&net);
}
END_TEST

START_TEST(a_stale_probe_is_answered_and_changes_nothing)
{
	struct net net;
	struct frame frame;

	five_and_a_stranger(&net);
	net_elect_later(&net, 0, 0);
	net_run(&net, 300);
	ck_assert_uint_eq(at(&net, 1)->known.term, 2);
	frame = probe_from(&net, 0, 1);
	net.sent[FRAME_LEADER] = 0;
	check_unchanged(&net, 0, 1, &frame, VERDICT_STALE);
	ck_assert_uint_eq(net.sent[FRAME_LEADER], 1);
	net_free(&net);
}
END_TEST

START_TEST(a_future_probe_deposes_no_live_leader)
{
	static const enum cause causes[] = { CAUSE_START, CAUSE_DEAD,
		CAUSE_LEFT, CAUSE_LEASE, CAUSE_TIMEOUT, CAUSE_VIEW };
	struct net net;

	five_and_a_stranger(&net);
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		struct frame frame = probe_from(&net, 0, 900);

		frame.probe.cause = causes[i];
		net.sent[FRAME_LEADER] = 0;
		check_unchanged(&net, 0, 1, &frame, VERDICT_STALE);
		/* One to who stands, one to the leader: do you still? */
		ck_assert_uint_eq(net.sent[FRAME_LEADER], 2);
		frame = probe_from(&net, 3, 900);
		frame.probe.cause = causes[i];
		check_unchanged(&net, 3, 4, &frame, VERDICT_STALE);
	}
	net_free(&net);
}
END_TEST

START_TEST(a_probe_of_another_view_waits_for_that_view)
{
	struct net net;
	struct frame frame;
	bool four[] = { true, true, true, true, false, false };

	five_and_a_stranger(&net);
	net_view(&net, 0, four);	/* 0 misses the leader first */
	frame = probe_from(&net, 0, 2);
	ck_assert_int_eq(net_forge(&net, 0, 1, &frame), VERDICT_ACCEPTED);
	ck_assert_int_eq(at(&net, 1)->state, ELECTION_FOLLOWER);
	ck_assert_uint_eq(at(&net, 1)->known.term, 1);
	ck_assert_uint_eq(at(&net, 1)->kept_count, 1);
	net_forge(&net, 0, 1, &frame);
	ck_assert_uint_eq(at(&net, 1)->kept_count, 1);
	net_view(&net, 1, four);
	/* No quiet to wait for: somebody smaller stands already. */
	ck_assert_int_eq(at(&net, 1)->state, ELECTION_CANDIDATE);
	ck_assert_uint_eq(at(&net, 1)->known.term, 2);
	ck_assert_uint_eq(at(&net, 1)->kept_count, 0);
	net_free(&net);
}
END_TEST

START_TEST(a_kept_probe_is_forgotten_in_time)
{
	struct net net;
	struct frame frame;
	bool four[] = { true, true, true, true, false, false };

	five_and_a_stranger(&net);
	net_stop(&net, 4);
	net_view(&net, 0, four);
	split(&net, 1, true);
	frame = probe_from(&net, 0, 2);
	net_forge(&net, 0, 1, &frame);
	net_run(&net, 301);
	net_view(&net, 1, four);
	ck_assert_int_eq(at(&net, 1)->state, ELECTION_WAITING);
	net_free(&net);
}
END_TEST

START_TEST(what_is_kept_is_bounded)
{
	struct net net;
	struct frame frame = { .type = FRAME_PROBE };
	enum verdict verdict = VERDICT_ACCEPTED;

	gather_and_settle(&net, 100, 1);
	for (size_t i = 0; i < 99; i++) {
		frame = probe_from(&net, i, 900);
		frame.probe.view = 12345;
		verdict = net_forge(&net, i, 99, &frame);
	}
	ck_assert_int_eq(verdict, VERDICT_OVER_LIMIT);
	ck_assert_uint_eq(at(&net, 99)->kept_count, ELECTION_KEPT);
	ck_assert_uint_eq(net_leader(&net), 99);
	net_free(&net);
}
END_TEST

static struct frame
reply_to(struct net *net, size_t candidate)
{
	const struct election *e = at(net, candidate);
	struct frame frame = { .type = FRAME_REPLY };

	frame.reply = (struct reply){
		.term = e->known.term,
		.view = e->view.hash,
		.phase = e->phase,
		.direction = CLOCKWISE,
		.candidate = e->self,
	};
	return frame;
}

START_TEST(replies_out_of_place_change_nothing)
{
	struct net net;
	struct frame good, bad;

	gather(&net, 6, 1);
	net_run(&net, 100);	/* all stand, nothing arrived */
	good = reply_to(&net, 3);
	bad = good, bad.reply.phase = 1;
	check_unchanged(&net, 4, 3, &bad, VERDICT_STALE);
	bad = good, bad.reply.phase = 3;
	check_unchanged(&net, 4, 3, &bad, VERDICT_MALFORMED);
	bad = good, bad.reply.term++;
	check_unchanged(&net, 4, 3, &bad, VERDICT_STALE);
	bad = good, bad.reply.view++;
	check_unchanged(&net, 4, 3, &bad, VERDICT_STALE);
	bad = good, bad.reply.direction = ANTICLOCKWISE;
	check_unchanged(&net, 4, 3, &bad, VERDICT_MALFORMED);
	bad = good, bad.reply.candidate = at(&net, 1)->self;
	check_unchanged(&net, 4, 3, &bad, VERDICT_STALE);
	ck_assert_int_eq(net_forge(&net, 4, 3, &good), VERDICT_ACCEPTED);
	check_unchanged(&net, 4, 3, &good, VERDICT_DUPLICATE);
	ck_assert_uint_eq(at(&net, 3)->phase, 0);
	net_free(&net);

	gather_and_settle(&net, 6, 1);
	good = reply_to(&net, 5);
	check_unchanged(&net, 0, 5, &good, VERDICT_STALE);
	net_free(&net);
}
END_TEST

START_TEST(false_words_of_leadership_change_nothing)
{
	struct net net;
	struct frame frame = { .type = FRAME_ELECTED };

	five_and_a_stranger(&net);
	frame.elected.term = 9;
	frame.elected.leader = at(&net, 2)->self;
	check_unchanged(&net, 0, 1, &frame, VERDICT_MALFORMED);
	frame.elected.term = ELECTION_TERM_LIMIT;
	check_unchanged(&net, 2, 1, &frame, VERDICT_MALFORMED);
	frame = (struct frame){ .type = FRAME_LEADER };
	frame.leader.term = 9;
	frame.leader.established = true;
	check_unchanged(&net, 0, 1, &frame, VERDICT_MALFORMED);
	frame.leader.leader = net.stations[5].id;
	frame.leader.established = false;
	check_unchanged(&net, 5, 1, &frame, VERDICT_UNKNOWN_SENDER);
	/* Somebody saw a higher term: that alone unseats nobody. */
	check_unchanged(&net, 0, 1, &frame, VERDICT_ACCEPTED);
	frame = (struct frame){ .type = FRAME_ANSWER };
	check_unchanged(&net, 0, 1, &frame, VERDICT_STALE);
	frame = (struct frame){ .type = FRAME_ASK };
	frame.ask.leader = net.stations[4].id;
	check_unchanged(&net, 5, 1, &frame, VERDICT_UNKNOWN_SENDER);
	frame = (struct frame){ .type = FRAME_PING };
	check_unchanged(&net, 0, 1, &frame, VERDICT_MALFORMED);
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
				election_restarted(at(&storm->net, k),
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

	split(&storm->net, middle, true);
	who_is_up(storm, members);
	for (size_t i = 0; i < storm->count; i++)
		side[i] = members[i] && i < middle;
	spread(storm, side, 150);
	for (size_t i = 0; i < storm->count; i++)
		side[i] = members[i] && i >= middle;
	spread(storm, side, 150);
	net_run(&storm->net, (instant_ms)rng_below(&storm->rng, 3000));
	split(&storm->net, middle, false);
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
	for (size_t i = 0; i < storm.count; i++)
		if (members[i])
			net_view_later(&storm.net, 0, i, members);
	net_run(&storm.net, 10000);
	if (up >= 2)
		ck_assert_msg(net_leader(&storm.net) < storm.count,
		    "seed %d: no single leader", _i);
	ck_assert_msg(storm.net.double_wins == 0,
	    "seed %d: two elected in one term and view", _i);
	ck_assert_msg(net_term(&storm.net) <= 4 + 6 * (uint64_t)storm.changes,
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
leader(void)
{
	TCase *tests = tcase_create("a leader");

	tcase_add_test(tests, alone_a_node_leads_itself_provisionally);
	tcase_add_test(tests,
	    the_first_election_waits_for_quiet_and_is_told_by_steps);
	tcase_add_test(tests,
	    members_that_keep_coming_delay_the_start_by_one_second_at_most);
	tcase_add_test(tests, a_joiner_with_a_higher_id_starts_nothing);
	tcase_add_test(tests, a_joiner_waits_for_a_leader_it_only_heard_of);
	tcase_add_test(tests,
	    provisional_yields_to_established_whatever_the_ids);
	tcase_add_test(tests,
	    a_dead_leader_is_followed_by_another_in_the_next_term);
	tcase_add_test(tests,
	    those_who_miss_the_leader_one_by_one_meet_in_one_term);
	tcase_add_test(tests,
	    a_candidate_that_dies_in_the_middle_leaves_one_leader);
	tcase_add_test(tests, a_lost_election_is_held_again_after_a_while);
	tcase_add_test(tests, a_restarted_leader_leads_no_more);
	tcase_add_test(tests, a_leader_that_restarted_unseen_says_so);
	tcase_add_test(tests, a_resumed_leader_steps_down_and_learns_anew);
	tcase_add_test(tests, an_elected_leader_left_alone_stays);
	tcase_add_test(tests,
	    of_two_leaders_the_higher_stays_in_a_term_above_both);
	tcase_add_test(tests, of_two_leaders_the_term_counts_before_the_id);
	tcase_add_test(tests, who_hears_of_two_leaders_tells_the_lower_one);
	tcase_add_test(tests, a_higher_term_of_who_comes_back_deposes_nobody);
	tcase_add_test(tests,
	    an_election_asked_for_is_held_with_a_leader_there);
	tcase_add_test(tests, elections_asked_for_everywhere_at_once_are_one);
	return tests;
}

static TCase *
lease(void)
{
	TCase *tests = tcase_create("the lease");

	tcase_add_test(tests, a_lone_accuser_is_vetoed);
	tcase_add_test(tests, nobody_asks_while_the_leader_is_heard);
	tcase_add_test(tests,
	    only_who_stands_beside_the_leader_holds_the_lease);
	tcase_add_test(tests,
	    a_lost_lease_that_nobody_vetoes_ends_in_a_candidate);
	tcase_add_test(tests, a_wrong_accuser_does_not_change_the_leader);
	tcase_add_test(tests, asking_changes_nothing_at_the_asked);
	return tests;
}

static TCase *
bad_frames(void)
{
	TCase *tests = tcase_create("bad frames");

	tcase_add_test(tests, forged_probes_change_nothing);
	tcase_add_test(tests, a_stale_probe_is_answered_and_changes_nothing);
	tcase_add_test(tests, a_future_probe_deposes_no_live_leader);
	tcase_add_test(tests, a_probe_of_another_view_waits_for_that_view);
	tcase_add_test(tests, a_kept_probe_is_forgotten_in_time);
	tcase_add_test(tests, what_is_kept_is_bounded);
	tcase_add_test(tests, replies_out_of_place_change_nothing);
	tcase_add_test(tests, false_words_of_leadership_change_nothing);
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
	Suite *suite = suite_create("election");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, paper());
	suite_add_tcase(suite, leader());
	suite_add_tcase(suite, lease());
	suite_add_tcase(suite, bad_frames());
	suite_add_tcase(suite, changing_ring());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
