/*
 * Stories of what was said before: who came late, what a room's past is, and
 * how more of it is fetched.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers.h"
#include "tests/sim/sim.h"
#include "tests/sim/world.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static struct sim *sim;

static void
begin(unsigned nodes)
{
	sim = sim_new(&(struct sim_options){
	    .nodes = nodes,
	    .seed = 1,
	    .weather = &fair_weather,
	    .keeps_disk = true,
	});
}

static void
end(void)
{
	checkers_finish(sim);
	ck_assert_msg(sim_failures(sim) == NULL, "%s", sim_failures(sim));
	sim_destroy(sim);
	sim = NULL;
}

static void
expect(bool (*condition)(const struct sim *sim), instant_ms within_ms,
    const char *what)
{
	if (!sim_run_until(sim, condition, within_ms))
		ck_abort_msg("%s, not within %lld ms", what,
		    (long long)within_ms);
}

static void
gather(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		sim_start(sim, i);
	expect(sim_one_view, 2 * SECOND, "all see all");
	expect(sim_one_leader, 2 * SECOND, "one leads");
	sim_run(sim, 3 * SECOND);
}

static void
say_many(unsigned node, unsigned count)
{
	char text[64];

	for (unsigned i = 0; i < count; i++) {
		snprintf(text, sizeof text, "%s %u", sim->nodes[node].name,
		    i + 1);
		sim_say(sim, node, "#lobby", text);
	}
	expect(sim_answered, 30 * SECOND, "all is said");
}

/* Two say so much, by turns, that it is many pages. */
static size_t
talk(unsigned rounds)
{
	for (unsigned i = 0; i < rounds; i++) {
		say_many(ANA, 70);
		say_many(BOB, 3);
		sim_run(sim, 50);
	}
	expect(sim_same_messages, 30 * SECOND, "both have all");
	return rounds * 73;
}

static bool
one_more_answer(const struct sim *s)
{
	static unsigned before[32];
	bool more;
	uint64_t lost;
	unsigned answers = sim_older_of(s, CEM, &more, &lost);
	bool answered = answers > before[CEM];

	before[CEM] = answers;
	return answered;
}

/* Of CEM, who asks for one page. */
static bool
scroll_up(uint64_t *lost)
{
	bool more;

	one_more_answer(sim);
	sim_older(sim, CEM, "#lobby", 300);
	sim_older_of(sim, CEM, &more, lost);
	if (!more && *lost == 0)
		expect(one_more_answer, 5 * SECOND, "older ones come");
	else
		sim_run_until(sim, one_more_answer, 5 * SECOND);
	/* What came is on the disk a moment later. */
	sim_run(sim, SECOND);
	sim_older_of(sim, CEM, &more, lost);
	return more;
}

static void
join_late(unsigned node)
{
	sim_start(sim, node);
	expect(sim_one_view, 2 * SECOND, "the late one is seen");
	sim_run(sim, 5 * SECOND);
	ck_assert_uint_ge(sim_held(sim, node, "#lobby"), LIMIT_TAIL);
}

START_TEST(who_came_late_scrolls_up_to_the_first_word)
{
	size_t all, held;
	uint64_t lost;
	bool more = true;

	begin(3);
	gather(2);
	all = talk(20);
	join_late(CEM);
	held = sim_held(sim, CEM, "#lobby");
	ck_assert_uint_lt(held, all);
	for (unsigned pages = 0; more && pages < 20; pages++) {
		size_t now_held;

		more = scroll_up(&lost);
		now_held = sim_held(sim, CEM, "#lobby");
		ck_assert_uint_gt(now_held, held);
		held = now_held;
	}
	ck_assert_uint_eq(held, all);
	ck_assert_uint_eq(lost, 0);
	/* The same set everywhere, whatever became of the clocks. */
	expect(sim_same_messages, SECOND, "all have the same");
	say_many(CEM, 3);
	expect(sim_same_messages, 10 * SECOND, "and talk on");
	ck_assert_uint_eq(sim_held(sim, ANA, "#lobby"), all + 3);
	end();
}
END_TEST

START_TEST(what_was_fetched_is_there_after_a_restart)
{
	size_t all, held;
	uint64_t lost;

	begin(3);
	gather(2);
	all = talk(20);
	join_late(CEM);
	ck_assert(scroll_up(&lost));
	held = sim_held(sim, CEM, "#lobby");
	sim_kill(sim, CEM);
	sim_start(sim, CEM);
	expect(sim_one_view, 10 * SECOND, "it is back");
	sim_run(sim, 10 * SECOND);
	/* Nothing was fetched that nobody asked for. */
	ck_assert_uint_eq(sim_held(sim, CEM, "#lobby"), held);
	while (scroll_up(&lost))
		;
	ck_assert_uint_eq(sim_held(sim, CEM, "#lobby"), all);
	end();
}
END_TEST

START_TEST(who_has_no_more_either_is_passed_over)
{
	size_t all;
	uint64_t lost;

	begin(4);
	gather(2);
	all = talk(20);
	join_late(DAN);
	join_late(CEM);
	while (scroll_up(&lost))
		;
	ck_assert_uint_eq(sim_held(sim, CEM, "#lobby"), all);
	ck_assert_uint_lt(sim_held(sim, DAN, "#lobby"), all);
	ck_assert_uint_eq(lost, 0);
	end();
}
END_TEST

START_TEST(what_nobody_has_any_more_is_counted)
{
	const struct vclock *clock;
	uint64_t lost, below = 0;
	size_t held;

	begin(4);
	gather(2);
	talk(20);
	join_late(DAN);
	sim_kill(sim, ANA);
	sim_kill(sim, BOB);
	sim_run(sim, 30 * SECOND);
	join_late(CEM);
	held = sim_held(sim, CEM, "#lobby");
	ck_assert(!scroll_up(&lost));
	ck_assert_uint_eq(sim_held(sim, CEM, "#lobby"), held);
	clock = &sim->nodes[DAN].disk.shelves[0]->clock;
	for (size_t i = 0; i < clock->count; i++)
		below += clock->entries[i].base;
	ck_assert_uint_gt(below, 0);
	ck_assert_uint_eq(lost, below);
	end();
}
END_TEST

START_TEST(who_is_asked_dies_and_the_other_gives_the_rest)
{
	size_t all;
	uint64_t lost;

	begin(3);
	gather(2);
	all = talk(20);
	join_late(CEM);
	for (unsigned round = 0; round < 3; round++) {
		unsigned dies = round % 2 == 0 ? ANA : BOB;

		sim_older(sim, CEM, "#lobby", 300);
		sim_run(sim, 1);
		sim_kill(sim, dies);
		sim_run(sim, 5 * SECOND);
		scroll_up(&lost);
		sim_start(sim, dies);
		sim_run(sim, 10 * SECOND);
	}
	while (scroll_up(&lost))
		;
	ck_assert_uint_eq(sim_held(sim, CEM, "#lobby"), all);
	end();
}
END_TEST

START_TEST(older_ones_that_nobody_asked_for_change_nothing)
{
	struct frame frame = { .type = FRAME_BUNDLE };
	struct input input = { .type = INPUT_RECEIVE };
	uint64_t stale;
	size_t held;

	begin(3);
	gather(2);
	talk(20);
	join_late(CEM);
	held = sim_held(sim, CEM, "#lobby");
	stale = sim->counters.verdicts[VERDICT_STALE];
	frame.bundle.bundle = *sim->nodes[ANA].disk.items[0];
	frame.bundle.backlog = frame.bundle.end = true;
	input.receive.from = sim->nodes[ANA].id;
	input.receive.frame = &frame;
	ck_assert_uint_eq(frame.bundle.bundle.seq, 1);
	world_step(sim, &sim->nodes[CEM], &input);
	ck_assert_uint_eq(sim->counters.verdicts[VERDICT_STALE], stale + 1);
	sim_run(sim, 5 * SECOND);
	ck_assert_uint_eq(sim_held(sim, CEM, "#lobby"), held);
	end();
}
END_TEST

/* The last one of an answer to a WANT of what CEM had missed. */
static void
end_an_answer(unsigned from)
{
	const struct disk *disk = &sim->nodes[from].disk;
	struct frame frame = { .type = FRAME_BUNDLE };
	struct input input = { .type = INPUT_RECEIVE };

	frame.bundle.bundle = *disk->items[disk->count - 1];
	frame.bundle.backlog = frame.bundle.end = true;
	input.receive.from = sim->nodes[from].id;
	input.receive.frame = &frame;
	world_step(sim, &sim->nodes[CEM], &input);
}

START_TEST(the_end_of_another_answer_does_not_end_a_page_of_older_ones)
{
	size_t held;
	uint64_t lost;
	bool more;

	begin(3);
	gather(2);
	talk(20);
	join_late(CEM);
	held = sim_held(sim, CEM, "#lobby");
	one_more_answer(sim);
	sim_older(sim, CEM, "#lobby", 300);
	/* One of them was asked, and then the other one. */
	for (unsigned round = 0; round < 2; round++) {
		end_an_answer(ANA);
		end_an_answer(BOB);
	}
	expect(one_more_answer, 5 * SECOND, "older ones come");
	sim_run(sim, SECOND);
	sim_older_of(sim, CEM, &more, &lost);
	ck_assert(more);
	ck_assert_uint_eq(lost, 0);
	ck_assert_uint_gt(sim_held(sim, CEM, "#lobby"), held);
	end();
}
END_TEST

START_TEST(who_was_there_when_all_began_lacks_nothing)
{
	unsigned have, of;

	begin(2);
	gather(2);
	/* Nothing was said yet when the cable is pulled, and bob counts. */
	sim_pull(sim, BOB);
	say_many(ANA, 600);
	sim_run(sim, 30 * SECOND);
	sim_plug(sim, BOB);
	expect(sim_one_view, 30 * SECOND, "both see both");
	sim_run(sim, MINUTE);
	ck_assert(sim_shows(sim, BOB, "ana 1"));
	ck_assert(sim_shows(sim, BOB, "ana 600"));
	ck_assert(sim_reach(sim, "ana 1", &have, &of));
	ck_assert_uint_eq(of, 2);
	ck_assert_uint_eq(have, 2);
	end();
}
END_TEST

START_TEST(an_acknowledgement_that_is_lost_is_asked_for)
{
	unsigned have, of;

	begin(2);
	gather(2);
	sim_say(sim, ANA, "#lobby", "first");
	sim_run(sim, 10 * SECOND);
	sim_say(sim, ANA, "#lobby", "second");
	/* It is on the way then. */
	while (!sim_shows(sim, ANA, "second"))
		sim_run(sim, 1);
	sim->weather.loss = 1;
	sim_run(sim, 300);
	sim->weather.loss = 0;
	ck_assert(sim_shows(sim, BOB, "second"));
	ck_assert(sim_reach(sim, "second", &have, &of));
	ck_assert_uint_eq(of, 2);
	ck_assert_uint_eq(have, 1);
	sim_run(sim, 10 * SECOND);
	ck_assert(sim_reach(sim, "second", &have, &of));
	ck_assert_uint_eq(have, 2);
	end();
}
END_TEST

static bool
ana_is_gone(const struct sim *s)
{
	size_t count;

	node_view(s->nodes[BOB].node, &count);
	return count == 1;
}

START_TEST(a_number_that_was_not_used_takes_no_receipt_with_it)
{
	unsigned have, of;

	begin(2);
	gather(2);
	/* Who is to have it is on the disk, and then nothing more is. */
	sim_say(sim, ANA, "#lobby", "never");
	sim_run(sim, 0);
	sim_fail_disk(sim, ANA, true);
	sim_kill(sim, ANA);
	sim_fail_disk(sim, ANA, false);
	expect(ana_is_gone, 10 * SECOND, "bob sees it gone");
	sim_pull(sim, BOB);
	/* Alone it says something else. */
	sim_start(sim, ANA);
	sim_say(sim, ANA, "#lobby", "alone");
	expect(sim_answered, SECOND, "it is said");
	sim_run(sim, SECOND);
	sim_kill(sim, ANA);
	sim_start(sim, ANA);
	sim_plug(sim, BOB);
	expect(sim_all_linked, 20 * SECOND, "both are back");
	expect(sim_same_messages, 10 * SECOND, "both have it");
	sim_run(sim, 10 * SECOND);
	ck_assert(sim_shows(sim, BOB, "alone"));
	ck_assert(!sim_shows(sim, BOB, "never"));
	ck_assert(sim_reach(sim, "alone", &have, &of));
	ck_assert_uint_eq(of, 1);
	ck_assert_uint_eq(have, 1);
	end();
}
END_TEST

/* In each of so many rooms, one after the other. */
static void
say_everywhere(unsigned rooms, const char *text)
{
	char room[16];

	for (unsigned i = 0; i < rooms; i++) {
		snprintf(room, sizeof room, "#r%u", i);
		sim_say(sim, ANA, room, text);
	}
	expect(sim_answered, 30 * SECOND, "all is said");
}

START_TEST(many_rooms_are_caught_up_with_one_after_the_other)
{
	enum { ROOMS = 12, WORDS = 150 };
	char room[16];

	begin(2);
	gather(2);
	for (unsigned i = 0; i < ROOMS; i++) {
		snprintf(room, sizeof room, "#r%u", i);
		sim_join(sim, ANA, room);
		sim_join(sim, BOB, room);
	}
	sim_run(sim, 5 * SECOND);
	say_everywhere(ROOMS, "begin");
	expect(sim_same_messages, 10 * SECOND, "both have begun");
	sim_kill(sim, BOB);
	for (unsigned i = 0; i < WORDS; i++)
		say_everywhere(ROOMS, "more");
	sim_start(sim, BOB);
	expect(sim_one_view, 20 * SECOND, "it is back");
	expect(sim_same_messages, 30 * SECOND, "and has all of all rooms");
	for (unsigned i = 0; i < ROOMS; i++) {
		snprintf(room, sizeof room, "#r%u", i);
		ck_assert_uint_eq(sim_held(sim, BOB, room), WORDS + 1);
	}
	end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("past");
	TCase *tcase = tcase_create("past");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, who_came_late_scrolls_up_to_the_first_word);
	tcase_add_test(tcase, what_was_fetched_is_there_after_a_restart);
	tcase_add_test(tcase, who_has_no_more_either_is_passed_over);
	tcase_add_test(tcase, what_nobody_has_any_more_is_counted);
	tcase_add_test(tcase, who_is_asked_dies_and_the_other_gives_the_rest);
	tcase_add_test(tcase, older_ones_that_nobody_asked_for_change_nothing);
	tcase_add_test(tcase,
	    the_end_of_another_answer_does_not_end_a_page_of_older_ones);
	tcase_add_test(tcase, who_was_there_when_all_began_lacks_nothing);
	tcase_add_test(tcase, an_acknowledgement_that_is_lost_is_asked_for);
	tcase_add_test(tcase,
	    a_number_that_was_not_used_takes_no_receipt_with_it);
	tcase_add_test(tcase,
	    many_rooms_are_caught_up_with_one_after_the_other);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
