/*
 * Cuts: a network in two pieces, and what is said and settled when it is
 * one again (protocol.md's partition, sections 5 and 6).
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers.h"
#include "tests/sim/story.h"

static void
begin(unsigned nodes, const struct weather *weather)
{
	sim = sim_new(&(struct sim_options){
	    .nodes = nodes,
	    .seed = 1,
	    .tracing = true,
	    .weather = weather,
	});
	sim_start_all(sim);
}

static void
expect(bool (*condition)(const struct sim *sim), instant_ms within_ms,
    const char *what)
{
	story_expect(condition, within_ms, what,
	    "leader: partition: room: nick: killed");
}

static void
settle(void)
{
	expect(sim_one_view, 2 * SECOND, "all see all");
	expect(sim_one_leader, 2 * SECOND, "one leads");
	sim_run(sim, 3 * SECOND);
	expect(sim_same_metadata, SECOND, "all agree");
}

/* Without their times: "ana: partition: lost bob\n". */
static char *
lines_of(const char *words)
{
	char *timeline = sim_timeline(sim, words);
	char *to = timeline;

	for (const char *from = timeline; *from != '\0';) {
		const char *line = strstr(from, "] ") + 2;
		size_t size = strcspn(line, "\n") + 1;

		memmove(to, line, size);
		to += size;
		from = line + size;
	}
	*to = '\0';
	return timeline;
}

static void
expect_line(const char *line)
{
	char *lines = lines_of("partition: warning: nick:");

	ck_assert_msg(strstr(lines, line) != NULL, "no \"%s\" in\n%s", line,
	    lines);
	free(lines);
}

static size_t
count_lines(const char *words)
{
	char *lines = lines_of(words);
	size_t count = 0;

	for (const char *at = lines; *at != '\0'; at++)
		count += *at == '\n';
	free(lines);
	return count;
}

static void
say_many(unsigned node, unsigned count, const char *room)
{
	char text[64];

	for (unsigned i = 0; i < count; i++) {
		snprintf(text, sizeof text, "%s %u", sim->nodes[node].name,
		    i + 1);
		sim_say(sim, node, room, text);
		sim_run(sim, 20);
	}
}

/* Ana and bob are on one side, the rest on the other. */
static bool
each_side_is_led(const struct sim *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (sim_leader_of(s, i) !=
		    (int)(i <= BOB ? BOB : s->count - 1))
			return false;
	return true;
}

/* -- what people are told ----------------------------------------------- */

START_TEST(each_side_is_told_whom_it_cannot_reach_and_what_came_back)
{
	begin(5, &fair_weather);
	settle();
	sim_partition(sim, "ana bob");
	expect(each_side_is_led, 20 * SECOND, "two lead");
	sim_run(sim, 10 * SECOND);
	for (unsigned i = ANA; i <= BOB; i++)
		say_many(i, 3, "#lobby");
	say_many(DAN, 12, "#lobby");
	sim_run(sim, SECOND);
	expect_line("ana: partition: lost cem dan eva\n");
	expect_line("bob: partition: lost cem dan eva\n");
	expect_line("cem: partition: lost ana bob\n");
	expect_line("dan: partition: lost ana bob\n");
	expect_line("eva: partition: lost ana bob\n");
	sim_heal(sim);
	expect(sim_one_view, 20 * SECOND, "all see all");
	expect(sim_same_messages, 30 * SECOND, "all have all");
	sim_run(sim, 3 * SECOND);
	/* What one said oneself, or heard on one's own side, is not merged. */
	expect_line("ana: partition: healed cem dan eva, merged 12\n");
	expect_line("bob: partition: healed cem dan eva, merged 12\n");
	expect_line("cem: partition: healed ana bob, merged 6\n");
	expect_line("eva: partition: healed ana bob, merged 6\n");
	story_end();
}
END_TEST

START_TEST(who_is_alone_behind_a_cut_is_told_that_all_others_are_out_of_reach)
{
	begin(4, &fair_weather);
	settle();
	sim_pull(sim, CEM);
	sim_run(sim, MINUTE);
	expect_line("cem: partition: lost ana bob dan\n");
	expect_line("ana: partition: lost cem\n");
	sim_plug(sim, CEM);
	expect(sim_one_view, 20 * SECOND, "all see all");
	sim_run(sim, 3 * SECOND);
	expect_line("cem: partition: healed ana bob dan, merged 0\n");
	expect_line("dan: partition: healed cem, merged 0\n");
	story_end();
}
END_TEST

/* Ana hears of cem by bob alone, and what cem said takes its time. */
/*
 * However the pieces lie on the ring, and however many are out of reach:
 * nobody waits for one verdict to watch the next one.
 */
static const struct uneven_cut {
	unsigned nodes;
	const char *inside;
} uneven_cuts[] = {
	{ 16, "ana" },
	{ 16, "pia" },
	{ 8, "ana eva" },
	{ 16, "ana bob" },
	{ 16, "ana cem eva gil ida kim mia ola" },
	{ 16, "ana bob cem dan eva fay gil hal" },
	{ 33, "ana bob cem" },
};
static const struct uneven_cut *cut;

static bool
is_inside(const struct sim *s, unsigned node)
{
	return strstr(cut->inside, s->nodes[node].name) != NULL;
}

static bool
each_side_sees_itself_alone(const struct sim *s)
{
	for (unsigned i = 0; i < s->count; i++) {
		size_t count, here = 0;
		const struct id *view = node_view(s->nodes[i].node, &count);

		for (unsigned j = 0; j < s->count; j++)
			here += is_inside(s, i) == is_inside(s, j);
		if (count != here)
			return false;
		for (size_t j = 0; j < count; j++)
			if (is_inside(s, i) !=
			    is_inside(s, (unsigned)sim_index_of(s, &view[j])))
				return false;
	}
	return true;
}

START_TEST(a_cut_is_found_at_once_and_not_neighbour_by_neighbour)
{
	cut = &uneven_cuts[_i];
	begin(cut->nodes, &fair_weather);
	expect(sim_one_view, 5 * SECOND, "all see all");
	expect(sim_one_leader, 5 * SECOND, "one leads");
	sim_run(sim, 3 * SECOND);
	sim_partition(sim, cut->inside);
	/* 2 s of silence, 8 of doubt in oneself, 8 for a lone accuser. */
	expect(each_side_sees_itself_alone, 19 * SECOND,
	    "each side sees itself");
	sim_heal(sim);
	expect(sim_one_view, 20 * SECOND, "all see all again");
	expect(sim_one_leader, 10 * SECOND, "one leads again");
	story_end();
}
END_TEST

START_TEST(a_return_known_by_hearsay_is_told_with_what_came_after_it)
{
	begin(3, &fair_weather);
	settle();
	sim_pull(sim, CEM);
	sim_run(sim, 20 * SECOND);
	say_many(CEM, 3, "#lobby");
	expect_line("ana: partition: lost cem\n");
	sim_block(sim, ANA, CEM, true);
	sim_block(sim, CEM, ANA, true);
	sim_slow(sim, BOB, ANA, 2000);
	sim_plug(sim, CEM);
	sim_run(sim, MINUTE);
	expect_line("ana: partition: healed cem, merged 3\n");
	story_end();
}
END_TEST

START_TEST(a_second_without_a_network_is_no_partition)
{
	begin(5, &fair_weather);
	settle();
	sim_partition(sim, "ana bob");
	sim_run(sim, SECOND);
	sim_heal(sim);
	sim_run(sim, MINUTE);
	ck_assert_uint_eq(count_lines("partition:"), 0);
	ck_assert(sim_one_view(sim));
	story_end();
}
END_TEST

START_TEST(who_is_killed_or_leaves_is_not_out_of_reach)
{
	begin(5, &fair_weather);
	settle();
	sim_kill(sim, BOB);
	sim_leave(sim, DAN);
	sim_run(sim, MINUTE);
	sim_start(sim, BOB);
	sim_run(sim, MINUTE);
	ck_assert_uint_eq(count_lines("partition:"), 0);
	story_end();
}
END_TEST

/* -- what is settled ------------------------------------------------------ */

static const instant_ms lengths[] = {
	SECOND,
	MINUTE,
	10 * MINUTE,
	(instant_ms)48 * HOUR,
};

START_TEST(after_any_time_apart_all_is_one_again_within_20_seconds)
{
	instant_ms healed;
	uint64_t left, right;

	/* Two days of heartbeats are many: three will do. */
	begin(lengths[_i] > HOUR ? 3 : 5, &fair_weather);
	settle();
	sim_partition(sim, "ana bob");
	say_many(ANA, 20, "#lobby");
	say_many(CEM, 20, "#lobby");
	sim_topic(sim, BOB, "#lobby", "left");
	sim_topic(sim, CEM, "#lobby", "right");
	sim_run(sim, lengths[_i]);
	if (lengths[_i] > SECOND)
		ck_assert(each_side_is_led(sim));
	left = sim_term_of(sim, BOB);
	right = sim_term_of(sim, CEM);
	sim_heal(sim);
	healed = sim_now(sim);
	expect(sim_one_view, 20 * SECOND, "one view");
	expect(sim_one_leader, 20 * SECOND - (sim_now(sim) - healed),
	    "one leads");
	expect(sim_same_messages, 30 * SECOND - (sim_now(sim) - healed),
	    "all have all");
	expect(sim_same_metadata, 10 * SECOND, "all agree");
	ck_assert_uint_eq(sim_messages(sim, ANA, "#lobby"), 40);
	/* Neither side elected often; meeting, both leaders may raise their
	 * terms over each other before one has heard of the other. */
	ck_assert_uint_le(left, 3);
	ck_assert_uint_le(right, 3);
	ck_assert_uint_le(sim_term_of(sim, ANA),
	    (left > right ? left : right) + 4);
	sim_run(sim, MINUTE);
	ck_assert(sim_one_leader(sim));
	ck_assert(sim_one_view(sim));
	story_end();
}
END_TEST

static bool
bob_follows_eva(const struct sim *s)
{
	return sim_leader_of(s, BOB) == EVA && sim_leader_of(s, ANA) == EVA;
}

START_TEST(of_two_leaders_that_meet_the_lower_one_steps_down)
{
	uint64_t elected;

	begin(5, &fair_weather);
	settle();
	sim_partition(sim, "ana bob");
	expect(each_side_is_led, 20 * SECOND, "two lead");
	/* The right half raises its term until both are in the same one. */
	while (sim_term_of(sim, EVA) < sim_term_of(sim, BOB)) {
		sim_elect(sim, EVA);
		sim_run(sim, SECOND);
	}
	sim_run(sim, 10 * SECOND);
	ck_assert_uint_eq(sim_term_of(sim, EVA), sim_term_of(sim, BOB));
	elected = checkers_figures(sim).elected;
	sim_heal(sim);
	expect(bob_follows_eva, 20 * SECOND, "bob steps down");
	expect(sim_one_leader, 5 * SECOND, "one leads");
	/* By rule, not by another election. */
	ck_assert_uint_eq(checkers_figures(sim).elected, elected);
	ck_assert_uint_gt(sim_term_of(sim, EVA), 1);
	story_end();
}
END_TEST

START_TEST(who_set_the_topic_that_lost_is_told_and_nobody_else)
{
	begin(5, &fair_weather);
	settle();
	sim_topic(sim, ANA, "#lobby", "before");
	sim_run(sim, SECOND);
	sim_partition(sim, "ana bob");
	expect(each_side_is_led, 20 * SECOND, "two lead");
	sim_run(sim, SECOND);
	sim_topic(sim, ANA, "#lobby", "left");
	sim_topic(sim, CEM, "#lobby", "right");
	sim_run(sim, SECOND);
	sim_topic(sim, DAN, "#lobby", "right again");
	sim_run(sim, SECOND);
	sim_heal(sim);
	expect(sim_one_leader, 20 * SECOND, "one leads");
	expect(sim_same_metadata, 10 * SECOND, "all agree");
	ck_assert_str_eq(sim_topic_at(sim, ANA, "#lobby"), "right again");
	expect_line("ana: warning: topic_conflict\n");
	ck_assert_uint_eq(count_lines("warning:"), 1);
	story_end();
}
END_TEST

START_TEST(a_topic_that_was_changed_in_order_is_no_conflict)
{
	begin(4, &fair_weather);
	settle();
	for (unsigned i = 0; i < 12; i++) {
		sim_topic(sim, i % 4, "#lobby", i % 2 ? "tea" : "coffee");
		sim_run(sim, SECOND);
	}
	/* Its own is three changes old when it comes back. */
	sim_topic(sim, CEM, "#lobby", "mine");
	sim_run(sim, SECOND);
	sim_pull(sim, CEM);
	sim_run(sim, 20 * SECOND);
	for (unsigned i = 0; i < 3; i++) {
		sim_topic(sim, ANA, "#lobby", i % 2 ? "tea" : "coffee");
		sim_run(sim, SECOND);
	}
	sim_plug(sim, CEM);
	expect(sim_one_view, 20 * SECOND, "all see all");
	sim_run(sim, 10 * SECOND);
	ck_assert_str_eq(sim_topic_at(sim, CEM, "#lobby"), "coffee");
	ck_assert_uint_eq(count_lines("warning:"), 0);
	story_end();
}
END_TEST

START_TEST(who_loses_its_nick_to_the_other_side_is_told)
{
	begin(5, &fair_weather);
	settle();
	sim_partition(sim, "ana bob");
	expect(each_side_is_led, 20 * SECOND, "two lead");
	sim_run(sim, SECOND);
	sim_nick(sim, ANA, "Max");
	sim_nick(sim, DAN, "max");
	sim_run(sim, SECOND);
	sim_heal(sim);
	expect(sim_one_leader, 20 * SECOND, "one leads");
	expect(sim_same_metadata, 10 * SECOND, "all agree");
	sim_run(sim, 2 * SECOND);
	expect_line("dan: nick: max is max~dana (taken)\n");
	story_end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cuts");
	TCase *told = tcase_create("what people are told");
	TCase *settled = tcase_create("what is settled");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(told, 60);
	tcase_add_test(told,
	    each_side_is_told_whom_it_cannot_reach_and_what_came_back);
	tcase_add_test(told,
	    who_is_alone_behind_a_cut_is_told_that_all_others_are_out_of_reach);
	tcase_add_test(told,
	    a_return_known_by_hearsay_is_told_with_what_came_after_it);
	tcase_add_test(told, a_second_without_a_network_is_no_partition);
	tcase_add_test(told, who_is_killed_or_leaves_is_not_out_of_reach);
	tcase_add_loop_test(told,
	    a_cut_is_found_at_once_and_not_neighbour_by_neighbour, 0,
	    (int)(sizeof uneven_cuts / sizeof uneven_cuts[0]));
	suite_add_tcase(suite, told);
	tcase_set_timeout(settled, 120);
	tcase_add_loop_test(settled,
	    after_any_time_apart_all_is_one_again_within_20_seconds, 0,
	    (int)(sizeof lengths / sizeof lengths[0]));
	tcase_add_test(settled,
	    of_two_leaders_that_meet_the_lower_one_steps_down);
	tcase_add_test(settled,
	    who_set_the_topic_that_lost_is_told_and_nobody_else);
	tcase_add_test(settled,
	    a_topic_that_was_changed_in_order_is_no_conflict);
	tcase_add_test(settled, who_loses_its_nick_to_the_other_side_is_told);
	suite_add_tcase(suite, settled);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
