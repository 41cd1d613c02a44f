/* health: what somebody sees who looks at the group. */
#include <check.h>
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
	tcase_add_test(looks, tab_goes_from_part_to_part);
	tcase_add_test(looks, commands_open_it_at_a_part);
	tcase_add_test(looks, it_is_live_while_it_is_open);
	tcase_add_test(looks, what_happens_meanwhile_is_asked_for_at_once);
	tcase_add_test(ascii, it_can_be_read_without_utf8);
	tcase_add_test(looks, any_size_and_any_number_is_painted);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
