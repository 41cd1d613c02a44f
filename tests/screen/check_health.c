/* health: what somebody sees who looks at the group. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/fake_health.h"
#include "tests/screen/stage.h"

static void
play_start(void)
{
	fake_ready(stage.dchat);
	fake_leader(stage.dchat, ZOE, 0, -1);
	fake_join(stage.dchat, "#lobby", ZOE);
	stage.now += 5 * MINUTE;
}

static void
look(const struct fake_crowd *crowd)
{
	fake_crowd(stage.dchat, crowd);
	keys("\033OQ");
	fake_turn(stage.dchat);
}

static const struct {
	const char *name;
	int rows, columns;
	struct fake_crowd crowd;
} scenes[] = {
	{ "health-1-80x24", 24, 80, { 1, 1, -1, -1, false, false } },
	{ "health-2-80x24", 24, 80, { 2, 0, -1, -1, false, false } },
	{ "health-2-40x10", 10, 40, { 2, 0, -1, -1, false, false } },
	{ "health-5-80x24", 24, 80, { 5, 0, 3, 4, false, false } },
	{ "health-5-40x10", 10, 40, { 5, 0, 3, 4, false, false } },
	{ "health-5-120x40", 40, 120, { 5, 0, 3, 4, false, false } },
	{ "health-5-160x50", 50, 160, { 5, 0, 3, 4, false, true } },
	{ "health-12-80x24", 24, 80, { 12, 7, 3, -1, false, false } },
	{ "health-12-40x10", 10, 40, { 12, 7, 3, -1, false, false } },
	{ "health-33-80x24", 24, 80, { 33, 20, 9, 30, false, false } },
	{ "health-33-120x40", 40, 120, { 33, 20, 9, 30, false, false } },
	{ "health-64-80x24", 24, 80, { 64, 1, 9, 40, false, false } },
	{ "health-64-160x50", 50, 160, { 64, 60, 9, 40, false, false } },
	{ "health-64-40x10", 10, 40, { 64, 60, 9, 40, false, false } },
	{ "health-electing-80x24", 24, 80, { 5, -1, -1, 0, true, false } },
};

START_TEST(the_network_doctor_says_who_is_heard_where_and_what_to_do)
{
	resize(24, 80);
	play_start();
	keys("\033OR");
	fake_turn(stage.dchat);
	looks_like("net-80x24");
	keys("\033OR");
	resize(10, 40);
	keys("/doctor\r");
	fake_turn(stage.dchat);
	looks_like("net-40x10");
}
END_TEST

START_TEST(the_ring_is_drawn_at_any_size)
{
	resize(scenes[_i].rows, scenes[_i].columns);
	play_start();
	look(&scenes[_i].crowd);
	looks_like(scenes[_i].name);
}
END_TEST

static const struct fake_crowd five = { 5, 0, 3, 4, false, false };

START_TEST(tab_goes_from_part_to_part)
{
	static const char *const parts[] = { "health-peers", "health-elections",
		"health-clocks", "health-traffic" };

	play_start();
	look(&five);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		keys("\t");
		looks_like(parts[i]);
	}
	keys("\t");
	looks_like("health-5-80x24");
	keys("\033[Z");
	looks_like("health-traffic");
}
END_TEST

START_TEST(commands_open_it_at_a_part)
{
	play_start();
	fake_crowd(stage.dchat, &five);
	keys("/peers\r");
	fake_turn(stage.dchat);
	looks_like("health-peers");
	keys("\033OQ");
	keys("/clock\r");
	fake_turn(stage.dchat);
	looks_like("health-clocks");
	keys("\033OQ");
	keys("/ring\r");
	fake_turn(stage.dchat);
	looks_like("health-5-80x24");
}
END_TEST

START_TEST(it_is_live_while_it_is_open)
{
	static const struct fake_crowd two = { 2, 0, -1, -1, false, false };
	size_t looks;

	play_start();
	look(&five);
	looks_like("health-5-80x24");
	ck_assert_uint_eq(fake_heard(stage.dchat)->looks, 1);
	ck_assert_int_le(app_deadline(stage.app), stage.now + 1000);
	fake_crowd(stage.dchat, &two);
	stage.now += 1000;
	app_paint(stage.app);
	fake_turn(stage.dchat);
	looks_like("health-live");
	looks = fake_heard(stage.dchat)->looks;
	ck_assert_uint_eq(looks, 2);
	/* Painting for other reasons asks no more often. */
	stage.now += 500;
	app_paint(stage.app);
	fake_turn(stage.dchat);
	ck_assert_uint_eq(fake_heard(stage.dchat)->looks, looks);
	keys("\033OQ");
	stage.now += 5000;
	app_paint(stage.app);
	fake_turn(stage.dchat);
	ck_assert_uint_eq(fake_heard(stage.dchat)->looks, looks);
}
END_TEST

START_TEST(what_happens_meanwhile_is_asked_for_at_once)
{
	play_start();
	look(&five);
	fake_electing(stage.dchat, 5, 0, 1, "candidate");
	ck_assert_uint_eq(fake_heard(stage.dchat)->looks, 2);
}
END_TEST

START_TEST(it_can_be_read_without_utf8)
{
	play_start();
	look(&five);
	looks_like("health-ascii");
	keys("\t\t");
	looks_like("health-ascii-elections");
}
END_TEST

/* -- the status bar -------------------------------------------------------- */

/* The last row but one, at a width. */
static void
bar_is(int columns, const char *expected)
{
	struct bytes seen;
	const char *row, *end;
	char text[512];

	resize(columns == 40 ? 10 : 24, columns);
	app_paint(stage.app);
	bytes_init(&seen);
	read_screen(&seen);
	bytes_append(&seen, "", 1);
	end = strstr((char *)seen.data, "\n-- ");
	while (*--end != '\n')
		;
	for (row = end; row[-1] != '\n'; row--)
		;
	snprintf(text, sizeof text, "%.*s", (int)(end - row), row);
	ck_assert_str_eq(text, expected);
	bytes_free(&seen);
}

static void
play_four(void)
{
	play_start();
	fake_peer(stage.dchat, ANA, MEMBER_ALIVE, "joined");
	fake_peer(stage.dchat, BOB, MEMBER_ALIVE, "joined");
	fake_peer(stage.dchat, EVE, MEMBER_ALIVE, "joined");
	fake_leader(stage.dchat, EVE, 3, 4);
	stage.now += MINUTE;
}

START_TEST(the_bar_tells_a_failure_and_the_election_after_it)
{
	play_four();
	bar_is(80, " \u2605 eve leads · term 3 · 4 peers · 0 held · 0.4 ms · "
	    "\u25cf steady");
	bar_is(40, " \u2605 eve leads · term 3 · \u25cf steady");
	fake_peer(stage.dchat, EVE, MEMBER_SUSPECT, "silent");
	stage.now += 1200;
	bar_is(80, " \u2605 eve leads · term 3 · eve silent 2.4 s · 4 peers · "
	    "0 held · 0.4 ms");
	bar_is(40, " \u2605 eve leads · eve silent 2.4 s");
	fake_peer(stage.dchat, EVE, MEMBER_DEAD, "silent");
	fake_leader(stage.dchat, NOBODY, 4, -1);
	fake_electing(stage.dchat, 4, 0, 0, "waiting");
	bar_is(80, " eve silent 2.4 s · electing · waiting for quiet · term 4 "
	    "· 3 peers · 0.4 ms");
	fake_electing(stage.dchat, 4, 2, 4, "candidate");
	bar_is(80, " eve silent 2.4 s · electing · phase 2 · reach 4 · term 4 "
	    "· 3 peers · 0.4 ms");
	bar_is(40, " electing · phase 2 · reach 4 · term 4");
	fake_electing(stage.dchat, 4, 0, 0, "defeated");
	bar_is(40, " electing · a larger one stands");
	fake_leader(stage.dchat, ANA, 4, 6);
	bar_is(120, " eve silent 2.4 s · \u2605 ana elected in 6 ms · term 4 · "
	    "3 peers · 0 held · 0.4 ms · \u25cf steady");
	bar_is(80, " eve silent 2.4 s · \u2605 ana elected in 6 ms · term 4 · "
	    "3 peers · \u25cf steady");
	bar_is(40, " \u2605 ana elected in 6 ms · term 4");
	stage.now += 10 * 1000;
	bar_is(80, " \u2605 ana leads · term 4 · 3 peers · 0 held · 0.4 ms · "
	    "\u25cf steady");
}
END_TEST

START_TEST(the_bar_tells_what_else_happens)
{
	play_four();
	fake_peer(stage.dchat, BOB, MEMBER_DEAD, "refused");
	bar_is(80, " \u2605 eve leads · term 3 · bob is gone · 3 peers · 0 held · "
	    "0.4 ms · \u25cf steady");
	fake_peer(stage.dchat, BOB, MEMBER_ALIVE, "back");
	bar_is(40, " \u2605 eve leads · term 3 · bob is back");
	fake_peer(stage.dchat, BOB, MEMBER_SUSPECT, "silent");
	fake_peer(stage.dchat, ANA, MEMBER_SUSPECT, "silent");
	bar_is(80, " \u2605 eve leads · term 3 · ana and 1 more silent 1.2 s · "
	    "4 peers · 0 held · 0.4 ms");
	fake_lost(stage.dchat, BOB);
	fake_lost(stage.dchat, ANA);
	fake_peer(stage.dchat, BOB, MEMBER_DEAD, "silent");
	fake_peer(stage.dchat, ANA, MEMBER_DEAD, "silent");
	stage.now += 10 * 1000;
	bar_is(80, " \u2605 eve leads · term 3 · out of reach: bob, ana · 2 peers "
	    "· \u25cf partitioned");
	bar_is(40, " \u2605 eve leads · out of reach: bob, ana");
}
END_TEST

START_TEST(the_bar_has_the_rooms_and_first_of_all_without_their_pane)
{
	play_four();
	fake_join(stage.dchat, "#lab", ZOE);
	fake_join(stage.dchat, "#ops", ZOE);
	fake_say(stage.dchat, "#lab", ANA, "all quiet", NOON);
	fake_say(stage.dchat, "#ops", ANA, "zoe: the pump", NOON);
	fake_say(stage.dchat, "#ops", ANA, "please", NOON);
	/* with the pane: in what is left, whole or not at all */
	bar_is(80, " \u2605 eve leads · term 3 · 4 peers · 0 held · 0.4 ms · "
	    "\u25cf steady    3:#ops\u25cf2 2:#lab");
	bar_is(72, " \u2605 eve leads · term 3 · 4 peers · 0 held · 0.4 ms · "
	    "\u25cf steady   3:#ops\u25cf2");
	bar_is(40, " \u2605 eve leads · term 3   3:#ops\u25cf2 2:#lab");
	/* A panel covers it, too. */
	keys("\033OP");
	bar_is(80, " \u2605 eve leads · term 3 · 4 peers · 0 held · 0.4 ms · "
	    "\u25cf steady    3:#ops\u25cf2 2:#lab");
}
END_TEST

START_TEST(any_size_and_any_number_is_painted)
{
	struct fake_crowd crowd = { 1, 0, -1, -1, false, true };

	play_start();
	look(&crowd);
	for (crowd.count = 1; crowd.count <= 66; crowd.count += 5)
		for (int rows = 1; rows < 60; rows += 9)
			for (int columns = 1; columns < 200; columns += 11) {
				resize(rows, columns);
				stage.now += 1000;
				app_paint(stage.app);
				fake_turn(stage.dchat);
				keys("\033[6~");
				app_paint(stage.app);
				keys("\t");
			}
}
END_TEST

static TCase *
case_new(Suite *suite, const char *name, void (*open)(void))
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, open, stage_close);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return tcase;
}

int
main(void)
{
	Suite *suite = suite_create("health");
	TCase *looks = case_new(suite, "looks", stage_open);
	TCase *ascii = case_new(suite, "ascii", stage_open_ascii);
	SRunner *runner;
	int failed;

	tcase_add_loop_test(looks, the_ring_is_drawn_at_any_size, 0,
	    (int)(sizeof scenes / sizeof *scenes));
	tcase_add_test(looks,
	    the_network_doctor_says_who_is_heard_where_and_what_to_do);
	tcase_add_test(looks, tab_goes_from_part_to_part);
	tcase_add_test(looks, commands_open_it_at_a_part);
	tcase_add_test(looks, it_is_live_while_it_is_open);
	tcase_add_test(looks, what_happens_meanwhile_is_asked_for_at_once);
	tcase_add_test(ascii, it_can_be_read_without_utf8);
	tcase_add_test(looks,
	    the_bar_tells_a_failure_and_the_election_after_it);
	tcase_add_test(looks, the_bar_tells_what_else_happens);
	tcase_add_test(looks,
	    the_bar_has_the_rooms_and_first_of_all_without_their_pane);
	tcase_add_test(looks, any_size_and_any_number_is_painted);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
