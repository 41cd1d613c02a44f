/*
 * sizes: the views at a small, a usual, a large and a very large terminal,
 * as golden texts.  The room itself and the health panel have their own, in
 * check_screen and check_health.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/screen/stage.h"

static const struct {
	int rows, columns;
} sizes[] = {
	{ 10, 40 },
	{ 24, 80 },
	{ 40, 120 },
	{ 50, 160 },
};

static void
play_alone(void)
{
	fake_ready(stage.dchat);
	fake_leader(stage.dchat, ZOE, 0, -1);
	fake_join(stage.dchat, "#lobby", ZOE);
}

static void
play_group(void)
{
	play_alone();
	for (enum fake_person who = ANA; who <= EVE; who++) {
		fake_peer(stage.dchat, who, MEMBER_ALIVE, "joined");
		fake_join(stage.dchat, "#lobby", who);
	}
	fake_leader(stage.dchat, EVE, 3, 4);
	stage.now += 5 * MINUTE;
}

/* The leader was killed, and a new one is elected. */
static void
play_failure(void)
{
	play_group();
	fake_say(stage.dchat, "#lobby", EVE, "back in a minute", NOON);
	fake_peer(stage.dchat, EVE, MEMBER_DEAD, "refused");
	fake_leader(stage.dchat, NOBODY, 3, -1);
	fake_electing(stage.dchat, 4, 1, 2, "candidate");
	fake_leader(stage.dchat, ANA, 4, 6);
}

/* One is silent, and the rest look for a leader. */
static void
play_election(void)
{
	play_group();
	fake_peer(stage.dchat, EVE, MEMBER_SUSPECT, "silent");
	stage.now += 2400;
	fake_leader(stage.dchat, NOBODY, 3, -1);
	fake_electing(stage.dchat, 4, 2, 4, "candidate");
}

/* A room of two, with its news in the one beside it. */
static void
play_direct(void)
{
	play_group();
	fake_whisper(stage.dchat, BOB, "are you there?", NOON + 5 * MINUTE);
	fake_say(stage.dchat, "#lobby", ANA, "zoe: the floor is yours",
	    NOON + 5 * MINUTE);
	keys("\0332in a minute; first I have to see what the pump says, for "
	     "it was loud all night\r");
	fake_turn(stage.dchat);
}

/* Bob's host and eve's are out of reach. */
static void
play_cut(void)
{
	play_group();
	fake_say(stage.dchat, "#lobby", EVE, "back in a minute", NOON);
	for (enum fake_person who = BOB; who <= EVE; who++) {
		fake_peer(stage.dchat, who, MEMBER_DEAD, "silent");
		fake_lost(stage.dchat, who);
	}
	fake_leader(stage.dchat, ANA, 4, 6);
}

static void
play_paste(void)
{
	play_group();
	keys("look: \033[200~1 one\n2 two\n3 three\n4 four\n5 five\n6 six\n"
	     "7 seven\n\033[201~");
}

/* Ctrl+F, and what is looked for. */
static void
play_search(void)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "shall we deploy at noon?", NOON);
	fake_say(stage.dchat, "#lobby", BOB,
	    "the deploy of yesterday took until midnight, and nobody could "
	    "say why, so let us look at the notes first", NOON + MINUTE);
	keys("\006deploy\r");
	fake_turn(stage.dchat);
}

static void
play_answers(void)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "shall we start?", NOON);
	fake_refer(stage.dchat, "#lobby", BOB, KIND_REPLY, 1,
	    "yes, as soon as eve is back from the pump", NOON);
	fake_refer(stage.dchat, "#lobby", EVE, KIND_REACTION, 2, "+1", NOON);
	keys("\033s");
}

static void
play_help(void)
{
	play_group();
	keys("\033OP");
}

static const struct {
	const char *name;
	void (*play)(void);
} views[] = {
	{ "first", play_alone },
	{ "failure", play_failure },
	{ "election", play_election },
	{ "direct", play_direct },
	{ "cut", play_cut },
	{ "paste", play_paste },
	{ "search", play_search },
	{ "answers", play_answers },
	{ "help", play_help },
};

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

START_TEST(each_view_at_each_size)
{
	int size = _i % COUNT(sizes), view = _i / COUNT(sizes);
	char name[64];

	resize(sizes[size].rows, sizes[size].columns);
	views[view].play();
	snprintf(name, sizeof name, "size-%s-%dx%d", views[view].name,
	    sizes[size].columns, sizes[size].rows);
	looks_like(name);
}
END_TEST

static const struct {
	int rows, columns;
	const char *seen;
} small[] = {
	{ 4, 80, "dchat needs 20x5.\n" },
	{ 4, 15, "dchat needs\n20x5.\n" },
	{ 3, 10, "dchat\nneeds\n20x5.\n" },
	{ 3, 5, "dchat\nneeds\n20x5.\n" },
	{ 2, 10, "20x5\n" },
	{ 1, 4, "20x5\n" },
};

START_TEST(too_small_a_terminal_is_told_in_what_room_there_is)
{
	play_alone();
	resize(small[_i].rows, small[_i].columns);
	ck_assert_uint_eq(seen_times(small[_i].seen), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sizes");
	TCase *test = tcase_create("views");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(test, stage_open, stage_close);
	tcase_add_loop_test(test,
	    too_small_a_terminal_is_told_in_what_room_there_is, 0,
	    sizeof small / sizeof *small);
	tcase_add_loop_test(test, each_view_at_each_size, 0,
	    COUNT(views) * COUNT(sizes));
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
