/* core/election: who leads, and what does not change it. */
#include <check.h>
#include <stdlib.h>

#include "election_net.h"

static void
gather_and_settle(struct net *net, size_t count, uint64_t seed)
{
	net_gather(net, count, seed);
	ck_assert(net_settle(net, 2000));
	net_run(net, 20);	/* what is still under way */
}

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

	net_gather(&net, 4, 1);
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
		ck_assert(!election_running(net_at(&net, i)));
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
		net_view_of(&net, 0, i + 1);
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
	ck_assert_int_eq(net_at(&net, 3)->state, ELECTION_WAITING);
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
	net_split(&net, 2, true);
	net_view_of(&net, 0, 2);
	net_run(&net, 5000);
	ck_assert_int_eq(net_at(&net, 1)->state, ELECTION_LEADER);
	ck_assert_int_eq(net_at(&net, 2)->state, ELECTION_PROVISIONAL);
	net_split(&net, 2, false);
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

		net_gather(&net, 8, 1);
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

	net_gather(&net, 5, 1);
	net_run(&net, 100);
	net_split(&net, 4, true);	/* the links to the largest hang */
	net_run(&net, 450);
	ck_assert_uint_eq(net_term(&net), 1);
	net_split(&net, 4, false);
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
		election_restarted(net_at(&net, i), net.now,
		    &net.stations[2].id, &net.fx);
	effects_clear(&net.fx);
	ck_assert(id_is_none(&net_at(&net, 0)->known.leader));
	net_view_all(&net);
	ck_assert(net_settle(&net, 1000));
	ck_assert_uint_eq(net_term(&net), 2);
	net_free(&net);
}
END_TEST

START_TEST(who_knows_of_the_restart_believes_no_word_from_before)
{
	struct net net;

	gather_and_settle(&net, 4, 1);
	election_restarted(net_at(&net, 0), net.now, &net.stations[3].id,
	    &net.fx);
	effects_clear(&net.fx);
	net_forge(&net, 1, 0,
	    &(struct frame){ .type = FRAME_LEADER,
		.leader = net_at(&net, 1)->known });
	ck_assert_int_eq(net_at(&net, 0)->state, ELECTION_WAITING);
	net_free(&net);
}
END_TEST

START_TEST(who_heard_of_a_term_stands_in_it)
{
	struct net net;

	net_gather(&net, 3, 1);
	net_forge(&net, 1, 0,
	    &(struct frame){ .type = FRAME_LEADER, .leader.term = 7 });
	net_run(&net, 100);
	ck_assert_int_eq(net_at(&net, 0)->state, ELECTION_CANDIDATE);
	ck_assert_uint_eq(net_at(&net, 0)->known.term, 7);
	ck_assert(net_settle(&net, 1000));
	ck_assert_uint_eq(net_term(&net), 7);
	net_free(&net);
}
END_TEST

START_TEST(patience_grows_while_nobody_can_win)
{
	struct net net;

	net_gather(&net, 3, 1);
	net_run(&net, 50);
	net_split(&net, 1, true);
	net_run(&net, 20000);
	ck_assert_uint_ge(net_term(&net), 4);
	ck_assert_uint_le(net_term(&net), 16);
	net_free(&net);
}
END_TEST

/* It asks in vain for hours and raises nothing: nobody took part. */
START_TEST(who_stands_where_nobody_answers_keeps_its_term)
{
	struct net net;

	net_gather(&net, 3, 1);
	net_run(&net, 50);
	for (size_t i = 1; i < 3; i++)
		net_cut(&net, 0, i, true);
	net_run(&net, 3600 * 1000);
	ck_assert_int_eq(net_at(&net, 0)->state, ELECTION_CANDIDATE);
	ck_assert_uint_eq(net_at(&net, 0)->known.term, 1);
	net_free(&net);
}
END_TEST

START_TEST(a_leader_tells_whoever_is_new_in_its_view)
{
	struct net net;

	net_init(&net, 3, 1);
	net.meeting = false;
	for (size_t i = 0; i < 3; i++)
		net_start(&net, i);
	net_view_of(&net, 0, 2);
	net_run(&net, 500);
	net_view_all(&net);
	ck_assert(net_settle(&net, 2));
	ck_assert_uint_eq(net_leader(&net), 1);
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
	ck_assert_int_eq(net_at(&net, 3)->state, ELECTION_WAITING);
	net_run(&net, 2);
	ck_assert(!net_at(&net, 0)->known.established);
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
	ck_assert_int_eq(net_at(&net, 1)->state, ELECTION_LEADER);
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
	net_split(net, 3, true);
	net_view_of(net, 0, 3);
	net_view_of(net, 3, 2);
	net_run(net, 500);
	for (unsigned i = 0; i < more_elections_below; i++) {
		net_elect_later(net, 0, 0);
		net_run(net, 500);
	}
	ck_assert_int_eq(net_at(net, 2)->state, ELECTION_LEADER);
	ck_assert_int_eq(net_at(net, 4)->state, ELECTION_LEADER);
}

START_TEST(of_two_leaders_the_higher_stays_in_a_term_above_both)
{
	struct net net;

	two_groups(&net, 0);
	net_split(&net, 3, false);
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
	net_split(&net, 3, false);
	net_view_all(&net);
	ck_assert(net_settle(&net, 20));
	net_run(&net, 1000);
	ck_assert_uint_eq(net_leader(&net), 2);
	ck_assert_uint_eq(net_term(&net), 4);
	ck_assert_uint_eq(net_hops(&net), hops);
	net_free(&net);
}
END_TEST

START_TEST(of_two_leaders_one_opens_one_term_for_the_other)
{
	struct net net;
	struct frame frame = { .type = FRAME_LEADER };

	two_groups(&net, 4);
	ck_assert_uint_eq(net_at(&net, 2)->known.term, 5);
	net_view_all(&net);
	frame.leader = net_at(&net, 4)->known;
	/* Words of the other that were under way cross with mine. */
	for (uint64_t term = 1; term <= 5; term++) {
		frame.leader.term = term;
		frame.leader.priority = 1;
		net_forge(&net, 4, 2, &frame);
		ck_assert_uint_eq(net_at(&net, 2)->known.term, 6);
	}
	ck_assert_int_eq(net_at(&net, 2)->state, ELECTION_LEADER);
	net_free(&net);
}
END_TEST

START_TEST(of_several_leaders_each_is_given_one_term)
{
	struct net net;
	struct frame frame = { .type = FRAME_LEADER };

	two_groups(&net, 4);
	ck_assert_uint_eq(net_at(&net, 2)->known.term, 5);
	net_view_all(&net);
	/* Three cuts heal at once, and the words of all cross with mine. */
	for (uint64_t term = 1; term <= 5; term++)
		for (size_t rival = 3; rival <= 4; rival++) {
			frame.leader = (struct leadership){
				.term = term,
				.priority = 1,
				.leader = net.stations[rival].id,
				.established = true,
			};
			net_forge(&net, rival, 2, &frame);
		}
	ck_assert_uint_eq(net_at(&net, 2)->known.term, 7);
	ck_assert_int_eq(net_at(&net, 2)->state, ELECTION_LEADER);
	net_free(&net);
}
END_TEST

START_TEST(who_hears_of_two_leaders_tells_the_lower_one)
{
	struct net net;

	two_groups(&net, 0);
	net_split(&net, 3, false);
	net_cut(&net, 2, 4, true);	/* the leaders have no link yet */
	net.meeting = false;
	net_view_all(&net);
	election_met(net_at(&net, 3), &net.stations[0].id, &net.fx);
	effects_clear(&net.fx);
	/* 3 tells 0 of the higher one; 0 turns to it and tells its own. */
	net_forge(&net, 3, 0,
	    &(struct frame){ .type = FRAME_LEADER,
		.leader = net_at(&net, 3)->known });
	net_run(&net, 5);
	ck_assert(id_equal(&net_at(&net, 0)->known.leader, &net.stations[4].id));
	ck_assert_int_eq(net_at(&net, 2)->state, ELECTION_FOLLOWER);
	ck_assert(id_equal(&net_at(&net, 2)->known.leader, &net.stations[4].id));
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
	net_split(&net, 3, true);
	net_view_of(&net, 0, 3);
	net_run(&net, 500);
	hops = net_hops(&net);
	net_at(&net, 3)->known.term = 500;
	net_split(&net, 3, false);
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
		instant_ms deadline = election_deadline(net_at(&net, i));

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
	net_split(&net, 4, true);	/* it hangs, and no verdict yet */
	net_run(&net, 4600);
	ck_assert_uint_gt(net.sent[FRAME_ASK], 0);
	ck_assert(net_at(&net, 0)->cause == CAUSE_LEASE ||
	    net_at(&net, 3)->cause == CAUSE_LEASE);
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
			net_cut(&net, 3, i, true);
	net_run(&net, 6000);
	ck_assert_uint_gt(net_at(&net, 3)->known.term, 1);
	for (size_t i = 0; i < 5; i++)
		if (i != 3)
			net_cut(&net, 3, i, false);
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
		before = *net_at(&net, i);
		ck_assert_int_eq(net_forge(&net, 0, i, &ask),
		    VERDICT_ACCEPTED);
		ck_assert_mem_eq(&before, net_at(&net, i), sizeof before);
	}
	ck_assert_uint_eq(net.sent[FRAME_ANSWER], 3);
	net_free(&net);
}
END_TEST

/* ---------------------------------------------------------------------- */

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
	tcase_add_test(tests,
	    who_knows_of_the_restart_believes_no_word_from_before);
	tcase_add_test(tests, who_heard_of_a_term_stands_in_it);
	tcase_add_test(tests, patience_grows_while_nobody_can_win);
	tcase_add_test(tests, who_stands_where_nobody_answers_keeps_its_term);
	tcase_add_test(tests, a_leader_tells_whoever_is_new_in_its_view);
	tcase_add_test(tests, a_resumed_leader_steps_down_and_learns_anew);
	tcase_add_test(tests, an_elected_leader_left_alone_stays);
	tcase_add_test(tests,
	    of_two_leaders_the_higher_stays_in_a_term_above_both);
	tcase_add_test(tests, of_two_leaders_the_term_counts_before_the_id);
	tcase_add_test(tests,
	    of_two_leaders_one_opens_one_term_for_the_other);
	tcase_add_test(tests, of_several_leaders_each_is_given_one_term);
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

int
main(void)
{
	Suite *suite = suite_create("election");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, leader());
	suite_add_tcase(suite, lease());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
