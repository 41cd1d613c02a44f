/*
 * Agreement: rooms, topics and nicks in a group whose leaders come and go.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers.h"
#include "tests/sim/story.h"
#include "tests/sim/world.h"

static void
begin_with(const struct sim_options *options)
{
	sim = sim_new(options);
}

static void
begin(unsigned nodes)
{
	begin_with(&(struct sim_options){
	    .nodes = nodes,
	    .seed = 1,
	    .tracing = true,
	});
}

static void
end(void)
{
	sim_run(sim, SECOND); /* the disks follow */
	checkers_agree(sim);
	story_end();
}

static void
expect(bool (*condition)(const struct sim *sim), instant_ms within_ms,
    const char *what)
{
	story_expect(condition, within_ms, what,
	    "leader: room: nick: metadata: error:");
}

static void
gather(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		sim_start(sim, i);
	expect(sim_one_view, 2 * SECOND, "all see all");
	expect(sim_one_leader, 2 * SECOND, "one leads");
	sim_run(sim, SECOND);
	expect(sim_same_metadata, SECOND, "all agree");
}

static void
expect_topic(const char *topic)
{
	for (unsigned i = 0; i < sim->count; i++)
		if (sim_running(sim, i))
			ck_assert_str_eq(sim_topic_at(sim, i, "#lobby"),
			    topic);
}

static void
expect_nick(unsigned whom, const char *nick)
{
	for (unsigned i = 0; i < sim->count; i++)
		if (sim_running(sim, i))
			ck_assert_str_eq(sim_nick_at(sim, i, whom), nick);
}

static size_t
told(const char *words)
{
	char *timeline = sim_timeline(sim, words);
	size_t count = 0;

	for (const char *at = timeline; *at != '\0'; at++)
		count += *at == '\n';
	free(timeline);
	return count;
}

START_TEST(a_topic_is_the_same_at_all_and_told_once)
{
	begin(5);
	gather(5);
	sim_clear_timeline(sim);
	sim_topic(sim, BOB, "#lobby", "tea at five");
	sim_run(sim, SECOND);
	expect_topic("tea at five");
	ck_assert_uint_eq(told("room:"), 5);
	sim_topic(sim, CEM, "#lobby", "");
	sim_run(sim, SECOND);
	expect_topic("");
	end();
}
END_TEST

START_TEST(a_group_at_rest_agrees_on_its_rooms_and_all_nicks)
{
	begin(5);
	gather(5);
	expect_nick(ANA, "ana");
	expect_nick(EVA, "eva");
	/* Five claims and a room, each decided once. */
	ck_assert_uint_eq(sim->counters.sent[FRAME_COMMIT], 4 * 6);
	ck_assert_uint_eq(told("nick:"), 0);
	end();
}
END_TEST

START_TEST(a_nick_is_free_for_others_once_it_is_given_up)
{
	begin(4);
	gather(4);
	sim_nick(sim, ANA, "Anastasia");
	sim_run(sim, SECOND);
	expect_nick(ANA, "Anastasia");
	sim_nick(sim, BOB, "ANASTASIA");
	sim_run(sim, SECOND);
	ck_assert_uint_eq(told("error: nick_taken"), 1);
	expect_nick(BOB, "bob");
	sim_nick(sim, BOB, "Ana");
	sim_run(sim, SECOND);
	expect_nick(BOB, "Ana");
	ck_assert_uint_eq(told("error:"), 1);
	end();
}
END_TEST

/* The leader is cut off from all but one in the very moment it decides. */
START_TEST(what_one_alone_saw_committed_survives_its_leader)
{
	begin(5);
	gather(5);
	ck_assert_int_eq(sim_leader_of(sim, ANA), EVA);
	for (unsigned i = BOB; i <= DAN; i++)
		sim_block(sim, EVA, i, true);
	sim_topic(sim, EVA, "#lobby", "my last word");
	sim_run(sim, 20);
	ck_assert_str_eq(sim_topic_at(sim, ANA, "#lobby"), "my last word");
	ck_assert_str_eq(sim_topic_at(sim, CEM, "#lobby"), "");
	sim_kill(sim, EVA);
	expect(sim_one_leader, MINUTE, "one leads");
	expect(sim_same_metadata, 2 * SECOND, "all agree");
	expect_topic("my last word");
	end();
}
END_TEST

START_TEST(an_intent_whose_leader_died_goes_to_the_next_and_applies_once)
{
	begin(4);
	gather(4);
	sim_block(sim, DAN, ANA, true);
	sim_topic(sim, ANA, "#lobby", "from ana");
	sim_run(sim, 20);
	/* Decided, and its author has not heard of it. */
	ck_assert_str_eq(sim_topic_at(sim, BOB, "#lobby"), "from ana");
	ck_assert_str_eq(sim_topic_at(sim, ANA, "#lobby"), "");
	sim_topic(sim, BOB, "#lobby", "from bob");
	sim_run(sim, 20);
	sim_kill(sim, DAN);
	expect(sim_one_leader, MINUTE, "one leads");
	sim_run(sim, 20 * SECOND);
	expect_topic("from bob");
	end();
}
END_TEST

static bool
two_leaders(const struct sim *s)
{
	return sim_leader_of(s, ANA) == BOB && sim_leader_of(s, EVA) == EVA;
}

START_TEST(two_halves_that_set_a_topic_join_to_one)
{
	begin(5);
	gather(5);
	sim_partition(sim, "ana bob");
	expect(two_leaders, MINUTE, "two lead");
	sim_run(sim, SECOND);
	sim_topic(sim, ANA, "#lobby", "left");
	sim_topic(sim, CEM, "#lobby", "right");
	sim_run(sim, SECOND);
	/* It was changed more often here. */
	sim_topic(sim, BOB, "#lobby", "left again");
	sim_run(sim, SECOND);
	ck_assert_str_eq(sim_topic_at(sim, EVA, "#lobby"), "right");
	sim_heal(sim);
	expect(sim_one_leader, MINUTE, "one leads");
	expect(sim_same_metadata, 10 * SECOND, "all agree");
	expect_topic("left again");
	end();
}
END_TEST

START_TEST(a_nick_claimed_in_both_halves_belongs_to_the_lower_id)
{
	begin(5);
	gather(5);
	sim_partition(sim, "ana bob");
	expect(two_leaders, MINUTE, "two lead");
	sim_run(sim, SECOND);
	sim_nick(sim, ANA, "Max");
	sim_nick(sim, DAN, "max");
	sim_run(sim, SECOND);
	ck_assert_str_eq(sim_nick_at(sim, BOB, ANA), "Max");
	ck_assert_str_eq(sim_nick_at(sim, EVA, DAN), "max");
	sim_clear_timeline(sim);
	sim_heal(sim);
	expect(sim_one_leader, MINUTE, "one leads");
	expect(sim_same_metadata, 10 * SECOND, "all agree");
	sim_run(sim, 2 * SECOND);
	expect_nick(ANA, "Max");
	expect_nick(DAN, "max~dana");
	/* It knows, and takes another one. */
	sim_nick(sim, DAN, "moritz");
	sim_run(sim, SECOND);
	expect_nick(DAN, "moritz");
	end();
}
END_TEST

START_TEST(what_is_wished_alone_is_shown_at_once_and_goes_to_the_group)
{
	begin(3);
	sim_start(sim, ANA);
	sim_run(sim, SECOND);
	sim_topic(sim, ANA, "#lobby", "alone");
	sim_nick(sim, ANA, "anna");
	sim_run(sim, SECOND);
	expect_topic("alone");
	expect_nick(ANA, "anna");
	ck_assert_uint_eq(told("error:"), 0);
	sim_start(sim, BOB);
	sim_start(sim, CEM);
	expect(sim_one_leader, 2 * SECOND, "one leads");
	sim_run(sim, 2 * SECOND);
	expect_topic("alone");
	expect_nick(ANA, "anna");
	end();
}
END_TEST

START_TEST(a_wish_that_no_leader_can_hear_is_given_up_after_a_minute)
{
	begin(3);
	gather(3);
	ck_assert_int_eq(sim_leader_of(sim, ANA), CEM);
	/* It leads and is not heard by the leader; the leader is heard. */
	sim_block(sim, ANA, CEM, true);
	sim_clear_timeline(sim);
	sim_topic(sim, ANA, "#lobby", "unheard");
	for (int i = 0; i < 80 && told("error: timeout") == 0 &&
	     told("error: no_leader") == 0 &&
	     strcmp(sim_topic_at(sim, ANA, "#lobby"), "unheard") != 0; i++)
		sim_run(sim, SECOND);
	sim_heal(sim);
	sim_run(sim, 30 * SECOND);
	ck_assert(sim_same_metadata(sim));
	end();
}
END_TEST

START_TEST(all_that_was_agreed_on_is_there_after_all_were_away)
{
	begin_with(&(struct sim_options){
	    .nodes = 3,
	    .seed = 1,
	    .tracing = true,
	    .keeps_disk = true,
	});
	gather(3);
	sim_topic(sim, ANA, "#lobby", "kept");
	sim_nick(sim, BOB, "bobby");
	sim_run(sim, SECOND);
	for (unsigned i = 0; i < 3; i++)
		sim_kill(sim, i);
	sim_run(sim, SECOND);
	gather(3);
	expect_topic("kept");
	expect_nick(BOB, "bobby");
	ck_assert_uint_ge(sim_term_of(sim, ANA), 2);
	end();
}
END_TEST

/* With what it remembers of leaders. */
START_TEST(one_that_comes_and_goes_moves_no_leader_and_no_term)
{
	begin_with(&(struct sim_options){
	    .nodes = 4,
	    .seed = 1,
	    .tracing = true,
	    .keeps_disk = true,
	});
	gather(3);
	sim_start(sim, DAN);
	sim_run(sim, 2 * SECOND);
	ck_assert_int_eq(sim_leader_of(sim, DAN), CEM);
	for (unsigned i = 0; i < 10; i++) {
		sim_kill(sim, DAN);
		sim_run(sim, i * 300);
		sim_start(sim, DAN);
		sim_run(sim, SECOND);
	}
	for (unsigned i = 0; i < 4; i++) {
		ck_assert_int_eq(sim_leader_of(sim, i), CEM);
		ck_assert_uint_eq(sim_term_of(sim, i), 1);
	}
	end();
}
END_TEST

/* Its author does not hear that it was decided, and many come after it. */
START_TEST(an_intent_that_ten_others_followed_applies_once)
{
	char topic[16];

	begin(5);
	gather(5);
	sim_topic(sim, ANA, "#lobby", "first");
	for (unsigned i = BOB; i <= EVA; i++)
		sim_block(sim, i, ANA, true);
	for (unsigned i = 0; i < 10; i++) {
		sim_run(sim, 100);
		snprintf(topic, sizeof topic, "topic %u", i);
		sim_topic(sim, BOB, "#lobby", topic);
	}
	sim_run(sim, 100);
	/* It hears the leader's root before the others' commits, and asks. */
	sim_reset(sim, EVA, ANA);
	sim_heal(sim);
	sim_run(sim, 20 * SECOND);
	expect_topic("topic 9");
	ck_assert_uint_eq(told("error:"), 0);
	end();
}
END_TEST

/*
 * Killed when it had noted who is to get a bundle, and not the bundle yet:
 * the number is used for another one, with fewer messages.
 */
START_TEST(a_number_that_was_not_used_is_no_promise)
{
	static const struct weather slow = {
		.delay_min_us = 1000,
		.disk_min_us = 1000 * 1000,
	};

	begin_with(&(struct sim_options){
	    .nodes = 2,
	    .seed = 7,
	    .tracing = true,
	    .weather = &slow,
	    .keeps_disk = true,
	});
	sim_start_all(sim);
	expect(sim_one_leader, 10 * SECOND, "one leads");
	sim_run(sim, 20 * SECOND);
	sim_say(sim, ANA, "#lobby", "one");
	sim_say(sim, ANA, "#lobby", "two");
	sim_say(sim, ANA, "#lobby", "three");
	sim_run(sim, SECOND + 100);
	sim_kill(sim, ANA);
	sim_start(sim, ANA);
	sim_run(sim, 20 * SECOND);
	ck_assert(sim_shows(sim, BOB, "one"));
	ck_assert(!sim_shows(sim, BOB, "two"));
	sim_say(sim, ANA, "#lobby", "four");
	sim_run(sim, 5 * SECOND);
	ck_assert(sim_shows(sim, BOB, "four"));
	end();
}
END_TEST

START_TEST(a_late_joiner_is_given_everything)
{
	char room[32], topic[32];

	begin(4);
	gather(3);
	for (unsigned i = 0; i < 60; i++) {
		snprintf(room, sizeof room, "#room%u", i);
		snprintf(topic, sizeof topic, "topic %u", i);
		sim_join(sim, ANA, room);
		sim_topic(sim, ANA, room, topic);
		sim_run(sim, 50);
	}
	sim_start(sim, DAN);
	expect(sim_one_view, 2 * SECOND, "all see all");
	expect(sim_same_metadata, 2 * SECOND, "all agree");
	ck_assert_str_eq(sim_topic_at(sim, DAN, "#room0"), "topic 0");
	ck_assert_str_eq(sim_topic_at(sim, DAN, "#room59"), "topic 59");
	end();
}
END_TEST

/* Frames are lost, doubled and reordered, members come and go. */
START_TEST(whatever_happens_they_agree_in_the_end)
{
	const struct weather storm = {
		.delay_min_us = 100,
		.delay_mean_us = 3000,
		.disk_min_us = 200,
		.disk_mean_us = 800,
		.loss = 0.02,
		.duplication = 0.02,
		.reordering = 0.02,
	};
	char text[32], nick[128];
	struct rng rng = rng_seeded((uint64_t)_i);

	begin_with(&(struct sim_options){
	    .nodes = 6,
	    .seed = (uint64_t)_i,
	    .tracing = true,
	    .weather = &storm,
	});
	sim_start_all(sim);
	sim_run(sim, 2 * SECOND);
	for (unsigned i = 0; i < 60; i++) {
		unsigned who = (unsigned)rng_below(&rng, 6);

		snprintf(text, sizeof text, "%c%u",
		    'a' + (int)rng_below(&rng, 3), i % 7);
		switch (rng_below(&rng, 6)) {
		case 0: sim_nick(sim, who, text); break;
		case 1: sim_kill(sim, who); break;
		case 2: sim_start(sim, who); break;
		case 3: sim_elect(sim, who); break;
		default: sim_topic(sim, who, "#lobby", text); break;
		}
		if (i == 20)
			sim_partition(sim, "ana bob cem");
		if (i == 45)
			sim_heal(sim);
		sim_run(sim, (instant_ms)rng_below(&rng, 3000));
	}
	sim_heal(sim);
	sim->weather = fair_weather;
	sim_start_all(sim);
	expect(sim_one_leader, 2 * MINUTE, "one leads");
	sim_run(sim, 70 * SECOND);
	expect(sim_same_metadata, 10 * SECOND, "all agree");
	for (unsigned i = 0; i < 6; i++) {
		expect_topic(sim_topic_at(sim, ANA, "#lobby"));
		expect_nick(i, strcpy(nick, sim_nick_at(sim, ANA, i)));
	}
	end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("agreement");
	TCase *tcase = tcase_create("metadata");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase,
	    a_group_at_rest_agrees_on_its_rooms_and_all_nicks);
	tcase_add_test(tcase, a_topic_is_the_same_at_all_and_told_once);
	tcase_add_test(tcase, a_nick_is_free_for_others_once_it_is_given_up);
	tcase_add_test(tcase,
	    what_one_alone_saw_committed_survives_its_leader);
	tcase_add_test(tcase,
	    an_intent_whose_leader_died_goes_to_the_next_and_applies_once);
	tcase_add_test(tcase, two_halves_that_set_a_topic_join_to_one);
	tcase_add_test(tcase,
	    a_nick_claimed_in_both_halves_belongs_to_the_lower_id);
	tcase_add_test(tcase,
	    what_is_wished_alone_is_shown_at_once_and_goes_to_the_group);
	tcase_add_test(tcase,
	    a_wish_that_no_leader_can_hear_is_given_up_after_a_minute);
	tcase_add_test(tcase,
	    all_that_was_agreed_on_is_there_after_all_were_away);
	tcase_add_test(tcase,
	    one_that_comes_and_goes_moves_no_leader_and_no_term);
	tcase_add_test(tcase,
	    an_intent_that_ten_others_followed_applies_once);
	tcase_add_test(tcase, a_number_that_was_not_used_is_no_promise);
	tcase_add_test(tcase, a_late_joiner_is_given_everything);
	tcase_add_loop_test(tcase, whatever_happens_they_agree_in_the_end, 1,
	    9);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
