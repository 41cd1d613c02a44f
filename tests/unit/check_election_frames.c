/* core/election: frames that are stale, forged or of another view. */
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

static struct frame
probe_from(struct net *net, size_t from, uint64_t term)
{
	struct frame frame = { .type = FRAME_PROBE };

	frame.probe = (struct probe){
		.term = term,
		.view = net_at(net, from)->view.hash,
		.phase = 0,
		.hop = 1,
		.direction = CLOCKWISE,
		.candidate = net_at(net, from)->self,
		.cause = CAUSE_START,
	};
	return frame;
}

static void
check_unchanged(struct net *net, size_t from, size_t to,
    const struct frame *frame, enum verdict expected)
{
	struct election before = *net_at(net, to);

	ck_assert_int_eq(net_forge(net, from, to, frame), expected);
	ck_assert_mem_eq(&before, net_at(net, to), sizeof before);
}

static void
check_bad_probes(struct net *net, size_t to)
{
	uint64_t term = net_at(net, to)->known.term + 1;
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
	bad = good, bad.probe.candidate = net_at(net, to)->self;
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
	net_view_of(net, 0, 5);
	net_run(net, 300);
	ck_assert_int_eq(net_at(net, 4)->state, ELECTION_LEADER);
}

START_TEST(forged_probes_change_nothing)
{
	struct net net;

	five_and_a_stranger(&net);
	check_bad_probes(&net, 1);	/* a follower */
	check_bad_probes(&net, 4);	/* the leader */
	net_free(&net);

	net_init(&net, 6, 1);
	for (size_t i = 0; i < 6; i++)
		net_start(&net, i);
	net_view_of(&net, 0, 5);
	net_run(&net, 102);
	ck_assert_int_eq(net_at(&net, 1)->state, ELECTION_DEFEATED);
	ck_assert_int_eq(net_at(&net, 4)->state, ELECTION_CANDIDATE);
	check_bad_probes(&net, 1);
	check_bad_probes(&net, 4);
	net_run(&net, 100);
	ck_assert_int_eq(net_at(&net, 4)->state, ELECTION_LEADER);
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
	ck_assert_uint_eq(net_at(&net, 1)->known.term, 2);
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
		/* One to who stands, two to the leader: do you still?
		 * Then lead on above this term. */
		ck_assert_uint_eq(net.sent[FRAME_LEADER], 3);
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
	ck_assert_int_eq(net_at(&net, 1)->state, ELECTION_FOLLOWER);
	ck_assert_uint_eq(net_at(&net, 1)->known.term, 1);
	ck_assert_uint_eq(net_at(&net, 1)->kept_count, 1);
	net_forge(&net, 0, 1, &frame);
	ck_assert_uint_eq(net_at(&net, 1)->kept_count, 1);
	net_view(&net, 1, four);
	/* No quiet to wait for: somebody smaller stands already. */
	ck_assert_int_eq(net_at(&net, 1)->state, ELECTION_CANDIDATE);
	ck_assert_uint_eq(net_at(&net, 1)->known.term, 2);
	ck_assert_uint_eq(net_at(&net, 1)->kept_count, 0);
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
	net_split(&net, 1, true);
	frame = probe_from(&net, 0, 2);
	net_forge(&net, 0, 1, &frame);
	net_run(&net, 301);
	net_view(&net, 1, four);
	ck_assert_int_eq(net_at(&net, 1)->state, ELECTION_WAITING);
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
	ck_assert_uint_eq(net_at(&net, 99)->kept_count, ELECTION_KEPT);
	ck_assert_uint_eq(net_leader(&net), 99);
	net_free(&net);
}
END_TEST

static struct frame
reply_to(struct net *net, size_t candidate)
{
	const struct election *e = net_at(net, candidate);
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

START_TEST(what_comes_twice_counts_once)
{
	struct net net;
	struct frame frame;
	const struct election *e;
	uint64_t replies;

	/* A larger one's probe: its reply may have been lost, so it is given
	 * again, and that is all. */
	net_gather(&net, 6, 1);
	net_run(&net, 100);
	e = net_at(&net, 0);
	frame = probe_from(&net, 5, e->known.term);
	ck_assert_int_eq(net_forge(&net, 5, 0, &frame), VERDICT_ACCEPTED);
	ck_assert_int_eq(e->state, ELECTION_DEFEATED);
	replies = e->replies_sent;
	for (unsigned i = 1; i <= 3; i++) {
		ck_assert_int_eq(net_forge(&net, 5, 0, &frame),
		    VERDICT_ACCEPTED);
		ck_assert_int_eq(e->state, ELECTION_DEFEATED);
		ck_assert_uint_eq(e->known.term, frame.probe.term);
		ck_assert_uint_eq(e->replies_sent, replies + i);
	}
	ck_assert(net_settle(&net, 1000));
	ck_assert_uint_eq(net_leader(&net), 5);
	ck_assert_uint_eq(net.double_wins, 0);
	net_free(&net);

	/* The own probe, home for the second time. */
	five_and_a_stranger(&net);
	frame = probe_from(&net, 4, 1);
	frame.probe.phase = 3;
	frame.probe.hop = 5;
	check_unchanged(&net, 3, 4, &frame, VERDICT_DUPLICATE);
	/* And one that has gone round more often than there are members. */
	frame.probe.hop = 8;
	check_unchanged(&net, 3, 4, &frame, VERDICT_MALFORMED);
	net_free(&net);
}
END_TEST

START_TEST(replies_out_of_place_change_nothing)
{
	struct net net;
	struct frame good, bad;

	net_gather(&net, 6, 1);
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
	bad = good, bad.reply.candidate = net_at(&net, 1)->self;
	check_unchanged(&net, 4, 3, &bad, VERDICT_STALE);
	ck_assert_int_eq(net_forge(&net, 4, 3, &good), VERDICT_ACCEPTED);
	check_unchanged(&net, 4, 3, &good, VERDICT_DUPLICATE);
	ck_assert_uint_eq(net_at(&net, 3)->phase, 0);
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
	frame.elected.leader = net_at(&net, 2)->self;
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
	/* What priority the leader has is not for others to say. */
	frame.leader = net_at(&net, 1)->known;
	frame.leader.priority++;
	check_unchanged(&net, 0, 1, &frame, VERDICT_DUPLICATE);
	ck_assert_uint_eq(net_at(&net, 1)->known.priority,
	    net_at(&net, 4)->self.priority);
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

/* ---------------------------------------------------------------------- */

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
	tcase_add_test(tests, what_comes_twice_counts_once);
	tcase_add_test(tests, replies_out_of_place_change_nothing);
	tcase_add_test(tests, false_words_of_leadership_change_nothing);
	return tests;
}

int
main(void)
{
	Suite *suite = suite_create("frames of an election");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, bad_frames());
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
