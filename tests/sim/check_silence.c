/*
 * Silence: who stops, dies or sleeps, how soon all know, and that nobody
 * else is buried with them (protocol.md, section 4).
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/story.h"
#include "tests/sim/world.h"

static unsigned victim;

static const unsigned sizes[] = { 2, 3, 5, 10 };
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void
begin(unsigned nodes, uint64_t seed)
{
	sim = sim_new(&(struct sim_options){
	    .nodes = nodes,
	    .seed = seed,
	    .shuffled = true,
	    .tracing = true,
	});
	sim_start_all(sim);
	ck_assert(sim_run_until(sim, sim_one_view, 5 * SECOND));
	ck_assert(sim_run_until(sim, sim_one_leader, 5 * SECOND));
	sim_run(sim, 3 * SECOND + (instant_ms)seed * 137);
	sim_clear_timeline(sim);
}

/* How often somebody was told that another is in a state. */
static size_t
told(unsigned whom, const char *state)
{
	char *timeline = sim_timeline(sim, "peer:");
	char words[64];
	size_t count = 0;

	snprintf(words, sizeof words, "peer: %s %s", sim->nodes[whom].name,
	    state);
	for (const char *at = timeline; (at = strstr(at, words)) != NULL; at++)
		count++;
	free(timeline);
	return count;
}

static void
nobody_else_died(void)
{
	for (unsigned i = 0; i < sim->count; i++)
		if (i != victim)
			ck_assert_msg(told(i, "dead") == 0, "%s was buried",
			    sim->nodes[i].name);
}

static bool
gone_everywhere(const struct sim *s)
{
	(void)s;
	return told(victim, "dead") >= sim->count - 1;
}

START_TEST(a_killed_process_is_gone_everywhere_within_50_ms)
{
	for (uint64_t seed = 1; seed <= 10; seed++) {
		begin(sizes[_i], seed);
		victim = (unsigned)seed % sim->count;
		sim_kill(sim, victim);
		ck_assert(sim_run_until(sim, gone_everywhere, 50));
		sim_run(sim, 20 * SECOND);
		nobody_else_died();
		story_end();
	}
}
END_TEST

/* Its kernel goes on to acknowledge, but nothing is heard from it. */
START_TEST(a_silent_one_is_dead_everywhere_within_6_seconds)
{
	for (uint64_t seed = 1; seed <= 10; seed++) {
		begin(sizes[_i], seed);
		victim = (unsigned)seed % sim->count;
		sim_pause(sim, victim);
		ck_assert(sim_run_until(sim, gone_everywhere, 6 * SECOND));
		sim_run(sim, 20 * SECOND);
		nobody_else_died();
		sim_resume(sim, victim);
		ck_assert(sim_run_until(sim, sim_one_view, 20 * SECOND));
		ck_assert(sim_run_until(sim, sim_one_leader, 10 * SECOND));
		story_end();
	}
}
END_TEST

START_TEST(who_was_stopped_buries_nobody_when_it_goes_on)
{
	static const instant_ms lengths[] = { 500, 2 * SECOND, 4 * SECOND,
		30 * SECOND, 42 * MINUTE };

	for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
		begin(sizes[_i], k + 1);
		victim = (unsigned)k % sim->count;
		sim_pause(sim, victim);
		sim_run(sim, lengths[k]);
		sim_resume(sim, victim);
		sim_run(sim, MINUTE);
		nobody_else_died();
		ck_assert(sim_one_view(sim));
		ck_assert(sim_one_leader(sim));
		story_end();
	}
}
END_TEST

/* A pause that is over before the silence is too long changes nothing. */
START_TEST(a_short_stop_is_no_death)
{
	begin(sizes[_i], 3);
	victim = 0;
	for (unsigned i = 0; i < 20; i++) {
		sim_pause(sim, victim);
		sim_run(sim, 900);
		sim_resume(sim, victim);
		sim_run(sim, 2 * SECOND);
	}
	ck_assert_uint_eq(told(victim, "dead"), 0);
	nobody_else_died();
	story_end();
}
END_TEST

/*
 * Of frames that TCP carries so many never get lost, but each day somebody
 * pulls at a cable while looking for the other end of it.
 */
START_TEST(under_a_loss_of_thirty_percent_all_find_together_again)
{
	struct weather rough = fair_weather;

	rough.loss = 0.3;
	begin(sizes[_i], 5);
	sim->weather = rough;
	sim_run(sim, 2 * MINUTE);
	sim->weather = fair_weather;
	ck_assert(sim_run_until(sim, sim_one_view, 20 * SECOND));
	ck_assert(sim_run_until(sim, sim_one_leader, 10 * SECOND));
	story_end();
}
END_TEST

/* Most of what it watches falls silent at once: then it is itself. */
START_TEST(who_is_cut_off_doubts_itself_before_it_buries_the_others)
{
	char *timeline;

	begin(5, 2);
	victim = 1;
	sim_pull(sim, victim);
	sim_run(sim, 7 * SECOND);
	timeline = sim_timeline(sim, "peer:");
	for (char *at = timeline; at != NULL && *at != '\0';) {
		char *next = strchr(at, '\n');
		char who[32];

		snprintf(who, sizeof who, "] %s: peer: ",
		    sim->nodes[victim].name);
		if (next != NULL)
			*next++ = '\0';
		ck_assert_msg(strstr(at, who) == NULL, "%s", at);
		at = next;
	}
	free(timeline);
	ck_assert_uint_eq(told(victim, "dead"), 4);
	sim_plug(sim, victim);
	ck_assert(sim_run_until(sim, sim_one_view, 20 * SECOND));
	nobody_else_died();
	story_end();
}
END_TEST

/* An accuser that never tires is refuted each time, and believed never. */
START_TEST(a_member_accused_over_and_over_stays_alive)
{
	begin(4, 7);
	victim = 2;
	for (unsigned i = 0; i < 300; i++) {
		const struct sim_node *slanderer = &sim->nodes[1];
		const struct sim_node *accused = &sim->nodes[victim];
		struct frame frame = { .type = FRAME_MEMBER };
		struct input input = { .type = INPUT_RECEIVE };

		frame.member.id = accused->id;
		frame.member.start = accused->run;
		frame.member.incarnation = i;
		frame.member.state =
		    i % 2 ? MEMBER_SUSPECT : MEMBER_DEAD;
		frame.member.reason = REASON_REFUSED;
		frame.member.accuser = slanderer->id;
		input.receive.from = slanderer->id;
		input.receive.frame = &frame;
		for (unsigned k = 0; k < sim->count; k++)
			if (k != 1 && k != victim)
				world_step(sim, &sim->nodes[k], &input);
		sim_run(sim, 100);
	}
	sim_run(sim, 10 * SECOND);
	ck_assert_uint_eq(told(victim, "dead"), 0);
	nobody_else_died();
	ck_assert(sim_one_view(sim));
	ck_assert(sim_one_leader(sim));
	story_end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("silence");
	TCase *tcase = tcase_create("who is gone, and who is not");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase,
	    a_killed_process_is_gone_everywhere_within_50_ms, 0, SIZES);
	tcase_add_loop_test(tcase,
	    a_silent_one_is_dead_everywhere_within_6_seconds, 0, SIZES);
	tcase_add_loop_test(tcase,
	    who_was_stopped_buries_nobody_when_it_goes_on, 0, SIZES);
	tcase_add_loop_test(tcase, a_short_stop_is_no_death, 0, SIZES);
	tcase_add_loop_test(tcase,
	    under_a_loss_of_thirty_percent_all_find_together_again, 0, SIZES);
	tcase_add_test(tcase,
	    who_is_cut_off_doubts_itself_before_it_buries_the_others);
	tcase_add_test(tcase, a_member_accused_over_and_over_stays_alive);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
