/*
 * Stories: what a group goes through, told with a timeline.
 *
 * Where a story asserts its timeline, everything takes just one millisecond
 * (still_weather), so the text is the sequence diagram.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers.h"
#include "tests/sim/story.h"
#include "tests/sim/world.h"

static void
begin(unsigned nodes, const struct weather *weather)
{
	sim = sim_new(&(struct sim_options){
	    .nodes = nodes,
	    .seed = 1,
	    .tracing = true,
	    .weather = weather,
	});
}

static void
expect(bool (*condition)(const struct sim *sim), instant_ms within_ms,
    const char *what)
{
	story_expect(condition, within_ms, what,
	    "leader: peer: started killed");
}

static void
expect_timeline(const char *words, const char *expected)
{
	char *timeline = sim_timeline(sim, words);

	ck_assert_msg(strcmp(timeline, expected) == 0,
	    "the timeline is\n%swhere it should be\n%s", timeline, expected);
	free(timeline);
}

/* All but the last of n are here and are led. */
static void
gather(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		sim_start(sim, i);
	expect(sim_one_view, 2 * SECOND, "all see all");
	expect(sim_one_leader, 2 * SECOND, "one leads");
}

static bool
led_by(unsigned leader)
{
	for (unsigned i = 0; i < sim->count; i++)
		if (sim_running(sim, i) && sim_leader_of(sim, i) != (int)leader)
			return false;
	return true;
}

static uint64_t
election_frames(void)
{
	return sim->counters.sent[FRAME_PROBE] +
	    sim->counters.sent[FRAME_REPLY] + sim->counters.sent[FRAME_ELECTED];
}

static void
say_many(unsigned node, unsigned count, const char *room)
{
	char text[64];

	for (unsigned i = 0; i < count; i++) {
		snprintf(text, sizeof text, "%s %u", sim->nodes[node].name,
		    i + 1);
		sim_say(sim, node, room, text);
	}
}

/* -- elections --------------------------------------------------------- */

START_TEST(ten_nodes_that_start_at_once_elect_one_leader)
{
	begin(10, &fair_weather);
	sim_start_all(sim);
	expect(sim_one_leader, SECOND, "one leads");
	expect(sim_one_view, SECOND, "all see all");
	ck_assert(led_by(JAN));
	ck_assert_uint_eq(checkers_figures(sim).elected, 1);
	/* 8n(1 + log n) + n, Hirschberg and Sinclair */
	ck_assert_uint_le(election_frames(), 8 * 10 * (1 + 4) + 10);
	sim_run(sim, MINUTE);
	ck_assert(led_by(JAN));
	ck_assert_uint_eq(sim_term_of(sim, ANA), 1);
	story_end();
}
END_TEST

START_TEST(two_nodes_elect_one_leader)
{
	begin(2, &still_weather);
	sim_start_all(sim);
	expect(sim_one_leader, SECOND, "one leads");
	expect_timeline("started leader: election:",
	    "[    0] ana: started\n"
	    "[    0] ana: leader: ana, term 0, provisional\n"
	    "[    0] bob: started\n"
	    "[    0] bob: leader: bob, term 0, provisional\n"
	    "[    6] bob: leader: nobody, term 0\n"
	    "[    6] bob: election: waiting, term 0, phase 0 (start)\n"
	    "[    7] ana: leader: nobody, term 0\n"
	    "[    7] ana: election: waiting, term 0, phase 0 (start)\n"
	    "[  106] bob: election: candidate, term 1, phase 0 (start)\n"
	    "[  107] ana: election: candidate, term 1, phase 0 (start)\n"
	    "[  107] ana: election: defeated, term 1, phase 0 (start)\n"
	    "[  108] bob: election: candidate, term 1, phase 1 (both replied)\n"
	    "[  110] bob: election: leader, term 1, phase 1 (own probe home)\n"
	    "[  110] bob: leader: bob, term 1\n"
	    "[  111] ana: election: follower, term 1, phase 0 (a leader is known)\n"
	    "[  111] ana: leader: bob, term 1\n");
	story_end();
}
END_TEST

START_TEST(when_the_leader_dies_mid_election_the_next_is_elected)
{
	begin(4, &still_weather);
	gather(4);
	sim_clear_timeline(sim);
	sim_kill(sim, DAN);
	sim_run(sim, 56);
	sim_kill(sim, CEM);
	expect(sim_one_leader, 2 * SECOND, "one leads");
	expect_timeline("killed leader: election:",
	    "[  117] dan: killed\n"
	    "[  121] bob: leader: nobody, term 2\n"
	    "[  121] bob: election: waiting, term 2, phase 0 (dead)\n"
	    "[  121] cem: leader: nobody, term 2\n"
	    "[  121] cem: election: waiting, term 2, phase 0 (dead)\n"
	    "[  121] ana: leader: nobody, term 2\n"
	    "[  121] ana: election: waiting, term 2, phase 0 (dead)\n"
	    "[  171] bob: election: candidate, term 2, phase 0 (dead)\n"
	    "[  171] cem: election: candidate, term 2, phase 0 (dead)\n"
	    "[  171] ana: election: candidate, term 2, phase 0 (dead)\n"
	    "[  172] ana: election: defeated, term 2, phase 0 (dead)\n"
	    "[  172] bob: election: defeated, term 2, phase 0 (dead)\n"
	    "[  173] cem: election: candidate, term 2, phase 1 (both replied)\n"
	    "[  173] cem: killed\n"
	    "[  177] bob: election: waiting, term 2, phase 0 (view)\n"
	    "[  177] ana: election: waiting, term 2, phase 0 (view)\n"
	    "[  227] bob: election: candidate, term 3, phase 0 (view)\n"
	    "[  227] ana: election: candidate, term 3, phase 0 (view)\n"
	    "[  228] ana: election: defeated, term 3, phase 0 (view)\n"
	    "[  229] bob: election: candidate, term 3, phase 1 (both replied)\n"
	    "[  231] bob: election: leader, term 3, phase 1 (own probe home)\n"
	    "[  231] bob: leader: bob, term 3\n"
	    "[  232] ana: election: follower, term 3, phase 0 (a leader is known)\n"
	    "[  232] ana: leader: bob, term 3\n");
	story_end();
}
END_TEST

START_TEST(a_higher_id_joins_and_nothing_happens)
{
	uint64_t frames;

	begin(4, &still_weather);
	gather(3);
	ck_assert(led_by(CEM));
	sim_run(sim, 5 * SECOND);
	frames = election_frames();
	sim_clear_timeline(sim);
	sim_start(sim, DAN);
	sim_run(sim, MINUTE);
	ck_assert(sim_one_view(sim));
	ck_assert(led_by(CEM));
	ck_assert_uint_eq(sim_term_of(sim, DAN), 1);
	ck_assert_uint_eq(election_frames(), frames);
	expect_timeline("started leader: election:",
	    "[ 5116] dan: started\n"
	    "[ 5116] dan: leader: dan, term 0, provisional\n"
	    "[ 5122] dan: leader: nobody, term 0\n"
	    "[ 5122] dan: election: waiting, term 0, phase 0 (start)\n"
	    "[ 5124] dan: election: follower, term 1, phase 0 (a leader is known)\n"
	    "[ 5124] dan: leader: cem, term 1\n");
	story_end();
}
END_TEST

START_TEST(a_lonely_node_that_comes_back_deposes_nobody)
{
	uint64_t probes, elected;

	begin(5, &fair_weather);
	gather(4);
	sim_start(sim, EVA);
	sim_run(sim, 5 * SECOND);
	ck_assert(led_by(DAN));
	sim_pull(sim, EVA);
	sim_run(sim, 10 * MINUTE);
	ck_assert_int_eq(sim_leader_of(sim, ANA), DAN);
	ck_assert_int_ne(sim_leader_of(sim, EVA), DAN);
	probes = sim->counters.sent[FRAME_PROBE];
	elected = checkers_figures(sim).elected;
	sim_plug(sim, EVA);
	sim_run(sim, MINUTE);
	ck_assert(sim_one_view(sim));
	ck_assert(led_by(DAN));
	ck_assert_uint_eq(sim->counters.sent[FRAME_PROBE], probes);
	ck_assert_uint_eq(checkers_figures(sim).elected, elected);
	story_end();
}
END_TEST

START_TEST(the_leader_is_killed_and_all_have_a_new_one_within_300_ms)
{
	for (unsigned n = 2; n <= 10; n++) {
		begin(n, &fair_weather);
		gather(n);
		sim_run(sim, 3 * SECOND);
		sim_kill(sim, n - 1);
		expect(sim_one_leader, n == 2 ? SECOND : 300, "one leads");
		story_end();
	}
}
END_TEST

static bool
all_but_eva_follow_dan(const struct sim *s)
{
	for (unsigned i = ANA; i <= DAN; i++)
		if (sim_leader_of(s, i) != DAN)
			return false;
	return true;
}

/* A newcomer has heard of it, but never met it. */
START_TEST(who_dies_while_others_start_is_gone_at_once)
{
	begin(3, &fair_weather);
	sim_start(sim, ANA);
	sim_start(sim, CEM);
	expect(sim_one_leader, 2 * SECOND, "one leads");
	sim_slow(sim, BOB, CEM, 50);
	sim_slow(sim, CEM, BOB, 50);
	sim_start(sim, BOB);
	sim_run(sim, 20);
	sim_kill(sim, CEM);
	expect(sim_one_view, SECOND, "cem is gone everywhere");
	expect(sim_one_leader, SECOND, "one leads");
	story_end();
}
END_TEST

/* Nobody who met the leader is left when the others hear of it. */
START_TEST(a_leader_whom_nobody_here_has_met_is_gone_at_once)
{
	begin(4, &fair_weather);
	sim_start(sim, ANA);
	sim_start(sim, CEM);
	expect(sim_one_leader, 2 * SECOND, "one leads");
	ck_assert(led_by(CEM));
	sim_slow(sim, BOB, CEM, 50);
	sim_slow(sim, CEM, BOB, 50);
	sim_slow(sim, DAN, CEM, 50);
	sim_slow(sim, CEM, DAN, 50);
	sim_start(sim, BOB);
	sim_start(sim, DAN);
	sim_run(sim, 20);
	sim_kill(sim, CEM);
	sim_leave(sim, ANA);
	expect(sim_one_view, 2 * SECOND, "cem is gone everywhere");
	expect(sim_one_leader, SECOND, "one leads");
	story_end();
}
END_TEST

START_TEST(the_leaders_cable_is_pulled_and_all_have_a_new_one_within_6_s)
{
	for (unsigned seconds = 3; seconds < 10; seconds++) {
		begin(5, &fair_weather);
		gather(5);
		sim_run(sim, seconds * SECOND + 100 * seconds);
		sim_pull(sim, EVA);
		/* Silence for 3 s, suspicion for 2 s, and an election. */
		expect(all_but_eva_follow_dan, 6 * SECOND, "dan leads");
		sim_plug(sim, EVA);
		expect(sim_one_view, 20 * SECOND, "all see all");
		expect(sim_one_leader, 10 * SECOND, "one leads");
		story_end();
	}
}
END_TEST

START_TEST(the_leader_says_goodbye_and_nobody_thinks_it_died)
{
	char *peers;

	begin(3, &fair_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_clear_timeline(sim);
	sim_say(sim, CEM, "#lobby", "good night");
	sim_leave(sim, CEM);
	sim_run(sim, 50); /* what was said is published first */
	ck_assert(!sim_running(sim, CEM));
	expect(sim_one_leader, 250, "one leads");
	ck_assert(led_by(BOB));
	ck_assert(sim_shows(sim, ANA, "good night"));
	sim_run(sim, MINUTE);
	peers = sim_timeline(sim, "peer:");
	ck_assert_ptr_null(strstr(peers, "dead"));
	ck_assert_ptr_null(strstr(peers, "suspect"));
	free(peers);
	story_end();
}
END_TEST

START_TEST(a_stopped_leader_comes_back_and_follows)
{
	begin(4, &fair_weather);
	gather(4);
	sim_run(sim, 3 * SECOND);
	sim_pause(sim, DAN);
	sim_run(sim, 30 * SECOND);
	for (unsigned i = ANA; i <= CEM; i++)
		ck_assert_int_eq(sim_leader_of(sim, i), CEM);
	sim_resume(sim, DAN);
	sim_run(sim, 10 * SECOND);
	ck_assert(sim_one_view(sim));
	ck_assert(led_by(CEM));
	story_end();
}
END_TEST

START_TEST(a_leader_that_starts_again_at_once_leads_no_more)
{
	begin(3, &fair_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_kill(sim, CEM);
	sim_start(sim, CEM);
	expect(sim_one_view, 2 * SECOND, "all see all");
	expect(sim_one_leader, 2 * SECOND, "one leads");
	ck_assert_uint_gt(sim_term_of(sim, ANA), 1);
	story_end();
}
END_TEST

static void
block_both_ways(unsigned a, unsigned b)
{
	sim_block(sim, a, b, true);
	sim_block(sim, b, a, true);
}

/* Of n; a and a + 1 never hear each other, only of each other. */
static void
elect_around_a_gap(unsigned n, unsigned a)
{
	unsigned b = (a + 1) % n, leader;

	begin(n, &fair_weather);
	block_both_ways(a, b);
	sim_start_all(sim);
	expect(sim_one_leader, 10 * SECOND, "one leads");
	expect(sim_one_view, 10 * SECOND, "all see all");
	leader = (unsigned)sim_leader_of(sim, a);
	sim_run(sim, MINUTE);
	ck_assert(led_by(leader));
	for (unsigned i = 0; i < n; i++)
		ck_assert_uint_le(sim_term_of(sim, i), 4);
	/* One of three is all that joins the two. */
	if (n == 3 && leader != a && leader != b) {
		story_end();
		return;
	}
	sim_kill(sim, leader);
	expect(sim_one_leader, 10 * SECOND, "another leads");
	sim_run(sim, MINUTE);
	ck_assert(sim_one_leader(sim));
	for (unsigned i = 0; i < n; i++)
		if (sim_running(sim, i))
			ck_assert_uint_le(sim_term_of(sim, i), 6);
	story_end();
}

START_TEST(two_neighbours_that_never_meet_have_a_leader_like_all)
{
	for (unsigned n = 3; n <= 5; n++)
		for (unsigned a = 0; a < n; a++)
			elect_around_a_gap(n, a);
}
END_TEST

static bool
dan_has_heard(const struct sim *s)
{
	return sim_shows(s, DAN, "psst");
}

static bool
all_have_heard(const struct sim *s)
{
	unsigned have, of;

	return sim_reach(s, "hello", &have, &of) && have == of;
}

/* Ana and the leader never hear each other: a third carries their link. */
START_TEST(where_two_have_no_way_to_each_other_all_works_over_a_third)
{
	char *suspected;

	begin(4, &fair_weather);
	block_both_ways(ANA, DAN);
	sim_start_all(sim);
	expect(sim_one_leader, 10 * SECOND, "one leads");
	ck_assert_int_eq(sim_leader_of(sim, ANA), DAN);
	expect(sim_all_linked, 5 * SECOND, "all are linked");
	sim_run(sim, 3 * SECOND);
	sim_clear_timeline(sim);
	sim_topic(sim, ANA, "#lobby", "by ana");
	sim_run(sim, 50);
	for (unsigned i = ANA; i <= DAN; i++)
		ck_assert_str_eq(sim_topic_at(sim, i, "#lobby"), "by ana");
	sim_say(sim, ANA, "#lobby", "hello");
	expect(all_have_heard, SECOND, "ana knows that all have it");
	sim_dm(sim, ANA, DAN, "psst");
	expect(dan_has_heard, SECOND, "dan has it");
	sim_run(sim, MINUTE);
	suspected = sim_timeline(sim, "suspect");
	ck_assert_str_eq(suspected, "");
	free(suspected);
	/* Whoever carries it goes, and another one does. */
	sim_kill(sim, BOB);
	sim_run(sim, 5 * SECOND);
	ck_assert(sim_all_linked(sim));
	sim_kill(sim, CEM);
	sim_heal(sim);
	expect(sim_all_linked, 40 * SECOND, "the direct way takes over");
	story_end();
}
END_TEST

static bool
ana_alone(const struct sim *s)
{
	return sim_running(s, ANA) && sim_one_view(s);
}

START_TEST(one_vouched_for_is_missed_when_the_voucher_goes_too)
{
	begin(3, &fair_weather);
	block_both_ways(ANA, CEM);
	sim_start_all(sim);
	expect(sim_one_view, 10 * SECOND, "all see all");
	sim_run(sim, MINUTE);
	sim_kill(sim, BOB);
	sim_kill(sim, CEM);
	expect(ana_alone, 15 * SECOND, "ana knows that she is alone");
	story_end();
}
END_TEST

/* -- messages ---------------------------------------------------------- */

static bool
bob_was_asked(const struct sim *s)
{
	return sim_shows(s, BOB, "why?");
}

START_TEST(a_reply_never_overtakes_its_question)
{
	begin(3, &still_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_slow(sim, ANA, CEM, 100);
	sim_clear_timeline(sim);
	sim_say(sim, ANA, "#lobby", "why?");
	expect(bob_was_asked, SECOND, "bob is asked");
	sim_say(sim, BOB, "#lobby", "because.");
	sim_run(sim, SECOND);
	expect_timeline("message: holds",
	    "[ 3117] ana: message: <ana> why?\n"
	    "[ 3119] bob: message: <ana> why?\n"
	    "[ 3120] bob: message: <bob> because.\n"
	    "[ 3121] cem: holds bob:1 back for ana:1\n"
	    "[ 3122] ana: message: <bob> because.\n"
	    "[ 3219] cem: message: <ana> why?\n"
	    "[ 3220] cem: message: <bob> because.\n");
	story_end();
}
END_TEST

START_TEST(what_waits_is_told_until_it_does_no_more)
{
	begin(3, &still_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_slow(sim, ANA, CEM, 100);
	sim_clear_timeline(sim);
	sim_say(sim, ANA, "#lobby", "why?");
	expect(bob_was_asked, SECOND, "bob is asked");
	sim_say(sim, BOB, "#lobby", "because.");
	sim_run(sim, SECOND);
	expect_timeline("held:",
	    "[ 3121] cem: held: 1 of bob\n"
	    "[ 3218] cem: held: 0 of bob\n");
	story_end();
}
END_TEST

/* -- clocks ------------------------------------------------------------ */

START_TEST(whose_clock_is_hours_off_is_told_and_changes_nothing)
{
	begin(3, &fair_weather);
	sim->nodes[BOB].skew = 5 * 60 * MINUTE;
	sim->nodes[CEM].skew = -3 * 60 * MINUTE;
	gather(3);
	sim_clear_timeline(sim);
	sim_run(sim, 3 * SECOND);
	for (int i = 0; i < 20; i++) {
		sim_say(sim, (unsigned)i % 3, "#lobby", "tick");
		sim_run(sim, 300);
		/* It jumps, too. */
		sim->nodes[BOB].skew -= 7 * MINUTE;
	}
	expect(sim_same_messages, 5 * SECOND, "all have all");
	story_end();
}
END_TEST

START_TEST(who_was_stopped_takes_no_clock_for_wrong)
{
	char *timeline;

	begin(3, &still_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_clear_timeline(sim);
	for (unsigned node = 0; node < 3; node++) {
		sim_pause(sim, node);
		sim_run(sim, 8 * SECOND);
		sim_resume(sim, node);
		sim_run(sim, 10 * SECOND);
	}
	timeline = sim_timeline(sim, "warning:");
	ck_assert_str_eq(timeline, "");
	free(timeline);
	story_end();
}
END_TEST

START_TEST(a_clock_that_goes_wrong_is_told_once_by_each_neighbour)
{
	size_t told = 0;
	char *timeline;

	begin(3, &still_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_clear_timeline(sim);
	sim->nodes[BOB].skew = 60 * MINUTE;
	sim_run(sim, 10 * SECOND);
	timeline = sim_timeline(sim, "warning:");
	ck_assert_ptr_nonnull(strstr(timeline, "ana: warning: clock_skew"));
	ck_assert_ptr_nonnull(strstr(timeline, "cem: warning: clock_skew"));
	for (const char *at = timeline; (at = strchr(at, '\n')) != NULL; at++)
		told++;
	/* bob tells of both others, they of bob alone. */
	ck_assert_uint_eq(told, 4);
	free(timeline);
	story_end();
}
END_TEST

START_TEST(a_partition_heals_and_everybody_has_everything)
{
	begin(6, &fair_weather);
	gather(6);
	sim_run(sim, 3 * SECOND);
	say_many(ANA, 5, "#lobby");
	sim_run(sim, SECOND);
	sim_partition(sim, "ana bob cem");
	sim_run(sim, 30 * SECOND);
	/* Each side has its own leader and goes on. */
	for (unsigned i = ANA; i <= CEM; i++)
		ck_assert_int_eq(sim_leader_of(sim, i), CEM);
	for (unsigned i = DAN; i <= FAY; i++)
		ck_assert_int_eq(sim_leader_of(sim, i), FAY);
	say_many(BOB, 20, "#lobby");
	say_many(EVA, 20, "#lobby");
	sim_run(sim, 5 * SECOND);
	ck_assert_uint_eq(sim_messages(sim, CEM, "#lobby"), 25);
	sim_heal(sim);
	expect(sim_one_view, 20 * SECOND, "all see all");
	expect(sim_one_leader, 10 * SECOND, "one leads");
	expect(sim_same_messages, 30 * SECOND, "all have all");
	ck_assert_uint_eq(sim_messages(sim, ANA, "#lobby"), 45);
	story_end();
}
END_TEST

START_TEST(a_late_joiner_is_given_the_last_messages)
{
	begin(4, &fair_weather);
	gather(3);
	for (unsigned i = 0; i < 8; i++) {
		say_many(i % 3, 100, "#lobby");
		sim_run(sim, 2 * SECOND);
	}
	sim_start(sim, DAN);
	expect(sim_same_messages, 10 * SECOND, "dan has enough");
	sim_run(sim, MINUTE);
	ck_assert_uint_ge(sim_messages(sim, DAN, "#lobby"), LIMIT_TAIL);
	sim_say(sim, DAN, "#lobby", "hello");
	sim_say(sim, ANA, "#lobby", "welcome");
	sim_run(sim, SECOND);
	ck_assert(sim_shows(sim, ANA, "hello"));
	ck_assert(sim_shows(sim, DAN, "welcome"));
	story_end();
}
END_TEST

START_TEST(the_author_is_gone_and_a_third_hands_its_words_over)
{
	begin(3, &fair_weather);
	gather(2);
	say_many(ANA, 10, "#lobby");
	sim_run(sim, SECOND);
	sim_kill(sim, ANA);
	sim_run(sim, SECOND);
	sim_start(sim, CEM);
	sim_run(sim, 10 * SECOND);
	ck_assert(sim_shows(sim, CEM, "ana 1"));
	ck_assert_uint_eq(sim_messages(sim, CEM, "#lobby"), 10);
	story_end();
}
END_TEST

START_TEST(who_parts_hears_no_more_and_catches_up_on_coming_back)
{
	begin(3, &fair_weather);
	gather(3);
	for (unsigned i = 0; i < 3; i++)
		sim_join(sim, i, "#dev");
	sim_run(sim, SECOND);
	say_many(ANA, 3, "#dev");
	sim_run(sim, SECOND);
	sim_part(sim, CEM, "#dev");
	sim_run(sim, SECOND);
	say_many(BOB, 3, "#dev");
	sim_run(sim, 10 * SECOND);
	ck_assert_uint_eq(sim_messages(sim, CEM, "#dev"), 3);
	sim_join(sim, CEM, "#dev");
	sim_run(sim, SECOND);
	ck_assert_uint_eq(sim_messages(sim, CEM, "#dev"), 6);
	story_end();
}
END_TEST

START_TEST(a_thousand_messages_at_three_nodes_at_once_survive_losses)
{
	struct weather rough = fair_weather;

	rough.loss = rough.duplication = rough.reordering = 0.05;
	begin(3, &fair_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim->weather = rough;
	for (unsigned i = 0; i < 3; i++)
		say_many(i, 1000, "#lobby");
	sim_run(sim, SECOND);
	expect(sim_same_messages, 2 * MINUTE, "all have all");
	ck_assert_uint_eq(sim_messages(sim, BOB, "#lobby"), 3000);
	story_end();
}
END_TEST

/* -- who has it -------------------------------------------------------- */

static void
expect_reach(const char *text, unsigned have, unsigned of)
{
	unsigned got = 0, among = 0;

	ck_assert_msg(sim_reach(sim, text, &got, &among),
	    "\"%s\" was not said", text);
	ck_assert_msg(got == have && among == of,
	    "\"%s\" is at %u of %u, not %u of %u", text, got, among, have, of);
}

START_TEST(an_author_is_told_who_has_it_as_it_spreads)
{
	begin(3, &still_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_slow(sim, ANA, CEM, 50);
	sim_clear_timeline(sim);
	sim_say(sim, ANA, "#lobby", "hello");
	sim_run(sim, SECOND);
	expect_timeline("message: delivered:",
	    "[ 3117] ana: message: <ana> hello\n"
	    "[ 3119] bob: message: <ana> hello\n"
	    "[ 3120] ana: delivered: 2/3\n"
	    "[ 3169] cem: message: <ana> hello\n"
	    "[ 3170] ana: delivered: 3/3\n");
	story_end();
}
END_TEST

START_TEST(who_is_out_of_reach_counts_and_is_counted_when_it_returns)
{
	begin(3, &fair_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_pull(sim, CEM);
	sim_say(sim, ANA, "#lobby", "where are you?");
	sim_run(sim, 30 * SECOND);
	expect_reach("where are you?", 2, 3);
	/* Nobody believes any more that cem is there. */
	sim_say(sim, ANA, "#lobby", "gone");
	sim_run(sim, SECOND);
	expect_reach("gone", 2, 2);
	sim_plug(sim, CEM);
	sim_run(sim, 40 * SECOND);
	ck_assert(sim_shows(sim, CEM, "gone"));
	expect_reach("where are you?", 3, 3);
	expect_reach("gone", 2, 2);
	story_end();
}
END_TEST

START_TEST(what_a_third_handed_over_is_counted_too)
{
	begin(3, &fair_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	/* Nothing goes from ana to cem; cem's words reach ana. */
	sim_block(sim, ANA, CEM, true);
	say_many(ANA, 20, "#lobby");
	sim_run(sim, 20 * SECOND);
	sim_heal(sim);
	sim_run(sim, 30 * SECOND);
	ck_assert(sim_shows(sim, CEM, "ana 20"));
	expect_reach("ana 1", 3, 3);
	expect_reach("ana 20", 3, 3);
	story_end();
}
END_TEST

/* -- to one alone ------------------------------------------------------ */

static bool
bob_has_the_secret(const struct sim *s)
{
	return sim_shows(s, BOB, "secret");
}

START_TEST(what_is_said_to_one_alone_reaches_nobody_else)
{
	begin(4, &fair_weather);
	gather(4);
	sim_run(sim, 3 * SECOND);
	sim_dm(sim, ANA, BOB, "secret");
	expect(bob_has_the_secret, SECOND, "bob is told");
	sim_dm(sim, BOB, ANA, "I keep it");
	sim_run(sim, MINUTE);
	ck_assert(sim_shows(sim, ANA, "I keep it"));
	expect_reach("secret", 2, 2);
	expect_reach("I keep it", 2, 2);
	ck_assert_uint_eq(sim->nodes[CEM].disk.count, 0);
	ck_assert_uint_eq(sim->nodes[DAN].disk.count, 0);
	story_end();
}
END_TEST

START_TEST(what_is_said_to_one_who_is_away_waits_and_arrives)
{
	begin(3, &fair_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_pull(sim, BOB);
	sim_run(sim, 30 * SECOND);
	sim_dm(sim, ANA, BOB, "secret");
	sim_run(sim, MINUTE);
	expect_reach("secret", 1, 2);
	sim_plug(sim, BOB);
	expect(bob_has_the_secret, MINUTE, "bob is told");
	sim_run(sim, 10 * SECOND);
	expect_reach("secret", 2, 2);
	ck_assert_uint_eq(sim->nodes[CEM].disk.count, 0);
	story_end();
}
END_TEST

START_TEST(six_hundred_words_to_one_who_is_away_all_arrive)
{
	char text[32];

	begin(2, &fair_weather);
	gather(2);
	sim_run(sim, 3 * SECOND);
	sim_pull(sim, BOB);
	sim_run(sim, 30 * SECOND);
	for (unsigned i = 0; i < 600; i++) {
		snprintf(text, sizeof text, "word %u", i);
		sim_dm(sim, ANA, BOB, text);
		sim_run(sim, 20);
	}
	sim_plug(sim, BOB);
	sim_run(sim, 2 * MINUTE);
	ck_assert(sim_shows(sim, BOB, "word 0"));
	ck_assert(sim_shows(sim, BOB, "word 599"));
	expect_reach("word 0", 2, 2);
	expect_reach("word 300", 2, 2);
	story_end();
}
END_TEST

/* What cem gets out of ana by asking for the direct room of ana and bob. */
static uint64_t
pry(struct frame *frame)
{
	struct input input = { .type = INPUT_RECEIVE };
	uint64_t before = sim->counters.verdicts[VERDICT_STALE];

	input.receive.from = sim->nodes[CEM].id;
	input.receive.frame = frame;
	world_step(sim, &sim->nodes[ANA], &input);
	for (size_t i = 0; i < sim->fx.count; i++)
		ck_assert_int_ne(sim->fx.items[i].type, EFFECT_FETCH);
	return sim->counters.verdicts[VERDICT_STALE] - before;
}

START_TEST(a_third_cannot_fetch_what_two_say_to_each_other)
{
	char name[DIRECT_NAME];
	struct id room;
	struct stream_range all;
	struct frame want = { .type = FRAME_WANT };
	struct frame tail = { .type = FRAME_TAIL };
	struct frame vector = { .type = FRAME_VECTOR };
	struct frame digest = { .type = FRAME_DIGEST };
	struct frame ack = { .type = FRAME_ACK };
	struct room_digest other;

	begin(3, &fair_weather);
	gather(3);
	sim_run(sim, 3 * SECOND);
	sim_dm(sim, ANA, BOB, "secret");
	expect(bob_has_the_secret, SECOND, "bob is told");
	room = sim_room_id(sim_direct_name(&sim->nodes[ANA].id,
	    &sim->nodes[BOB].id, name));
	all = (struct stream_range){
		sim->nodes[ANA].disk.items[0]->stream, { 1, 10 } };
	want.want.room = tail.tail.room = vector.vector.room = room;
	want.want.ranges = &all;
	want.want.count = 1;
	tail.tail.messages = LIMIT_TAIL;
	vector.vector.reply = true;
	ck_assert_uint_eq(pry(&want), 1);
	ck_assert_uint_eq(pry(&tail), 1);
	ck_assert_uint_eq(pry(&vector), 1);
	ack.ack.room = room;
	ack.ack.epoch = all.stream.epoch;
	ack.ack.first = ack.ack.last = 1;
	ck_assert_uint_eq(pry(&ack), 1);
	other = (struct room_digest){ room, 1 };
	digest.digest.digests = &other;
	digest.digest.count = 1;
	pry(&digest);
	/* No vector came back either. */
	for (size_t i = 0; i < sim->fx.count; i++)
		ck_assert_int_ne(sim->fx.items[i].type, EFFECT_SEND);
	story_end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("stories");
	TCase *elections = tcase_create("elections");
	TCase *messages = tcase_create("messages");
	TCase *talk = tcase_create("who has it, and to one alone");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(elections, 60);
	tcase_set_timeout(messages, 120);
	tcase_add_test(elections,
	    ten_nodes_that_start_at_once_elect_one_leader);
	tcase_add_test(elections, two_nodes_elect_one_leader);
	tcase_add_test(elections,
	    when_the_leader_dies_mid_election_the_next_is_elected);
	tcase_add_test(elections, a_higher_id_joins_and_nothing_happens);
	tcase_add_test(elections, a_lonely_node_that_comes_back_deposes_nobody);
	tcase_add_test(elections,
	    the_leader_is_killed_and_all_have_a_new_one_within_300_ms);
	tcase_add_test(elections,
	    who_dies_while_others_start_is_gone_at_once);
	tcase_add_test(elections,
	    a_leader_whom_nobody_here_has_met_is_gone_at_once);
	tcase_add_test(elections,
	    the_leaders_cable_is_pulled_and_all_have_a_new_one_within_6_s);
	tcase_add_test(elections,
	    the_leader_says_goodbye_and_nobody_thinks_it_died);
	tcase_add_test(elections, a_stopped_leader_comes_back_and_follows);
	tcase_add_test(elections,
	    a_leader_that_starts_again_at_once_leads_no_more);
	tcase_add_test(elections,
	    two_neighbours_that_never_meet_have_a_leader_like_all);
	tcase_add_test(elections,
	    where_two_have_no_way_to_each_other_all_works_over_a_third);
	tcase_add_test(elections,
	    one_vouched_for_is_missed_when_the_voucher_goes_too);
	tcase_add_test(messages, a_reply_never_overtakes_its_question);
	tcase_add_test(messages, what_waits_is_told_until_it_does_no_more);
	tcase_add_test(messages,
	    whose_clock_is_hours_off_is_told_and_changes_nothing);
	tcase_add_test(messages,
	    a_clock_that_goes_wrong_is_told_once_by_each_neighbour);
	tcase_add_test(messages, who_was_stopped_takes_no_clock_for_wrong);
	tcase_add_test(messages,
	    a_partition_heals_and_everybody_has_everything);
	tcase_add_test(messages, a_late_joiner_is_given_the_last_messages);
	tcase_add_test(messages,
	    the_author_is_gone_and_a_third_hands_its_words_over);
	tcase_add_test(messages,
	    who_parts_hears_no_more_and_catches_up_on_coming_back);
	tcase_add_test(messages,
	    a_thousand_messages_at_three_nodes_at_once_survive_losses);
	suite_add_tcase(suite, elections);
	tcase_set_timeout(talk, 60);
	tcase_add_test(talk, an_author_is_told_who_has_it_as_it_spreads);
	tcase_add_test(talk,
	    who_is_out_of_reach_counts_and_is_counted_when_it_returns);
	tcase_add_test(talk, what_a_third_handed_over_is_counted_too);
	tcase_add_test(talk, what_is_said_to_one_alone_reaches_nobody_else);
	tcase_add_test(talk, what_is_said_to_one_who_is_away_waits_and_arrives);
	tcase_add_test(talk, six_hundred_words_to_one_who_is_away_all_arrive);
	tcase_add_test(talk, a_third_cannot_fetch_what_two_say_to_each_other);
	suite_add_tcase(suite, messages);
	suite_add_tcase(suite, talk);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
