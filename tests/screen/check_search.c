/* search: how a person finds what was said, and goes there. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/stage.h"
#include "tui/search.h"

#define CTRL_F "\006"
#define DOWN "\033[B"
#define UP "\033[A"
#define ESC_ALONE "\033"

static void
play_start(void)
{
	fake_past(stage.dchat, "#lobby", 2000, NOON - 24 * 60 * MINUTE);
	fake_ready(stage.dchat);
	fake_leader(stage.dchat, ZOE, 0, -1);
	fake_join(stage.dchat, "#lobby", ZOE);
	fake_join(stage.dchat, "#lobby", ANA);
	fake_join(stage.dchat, "#ops", ZOE);
	fake_say(stage.dchat, "#lobby", ANA, "shall we deploy at noon?", NOON);
	fake_say(stage.dchat, "#ops", ANA, "who will deploy this?", NOON);
	fake_say(stage.dchat, "#lobby", ANA, "Deploying now", NOON + MINUTE);
	stage.now = NOON + 5 * MINUTE;
	keys("\0331");
	fake_turn(stage.dchat);
}

static void
escape(void)
{
	keys(ESC_ALONE);
	app_read_timeout(stage.app);
}

START_TEST(words_are_typed_and_the_newest_is_on_top)
{
	play_start();
	enter("half a line" CTRL_F);
	looks_like("search-empty");
	enter("deploy\r");
	looks_like("search-room");
	ck_assert_int_eq(fake_heard(stage.dchat)->verb, DCHAT_SEARCH);
	ck_assert_str_eq(fake_heard(stage.dchat)->room, "#lobby");
	enter(CTRL_F);
	looks_like("search-everywhere");
	ck_assert_str_eq(fake_heard(stage.dchat)->room, "");
	/* The line that was being written is there again. */
	escape();
	ck_assert_uint_eq(seen_times("half a line"), 1);
}
END_TEST

START_TEST(enter_goes_to_the_message_in_its_room)
{
	play_start();
	enter(CTRL_F "deploy\r");
	enter(CTRL_F);
	enter(DOWN "\r");
	ck_assert_uint_eq(seen_times("#ops"), 3);
	looks_like("search-gone-there");
}
END_TEST

START_TEST(what_is_far_up_is_fetched_and_its_neighbours_with_it)
{
	play_start();
	enter("/search 700\r");
	enter(DOWN "\r");
	fake_turn(stage.dchat);
	looks_like("search-far");
	ck_assert_str_eq(fake_heard(stage.dchat)->before, "p700");
	/* Around it one goes on as ever, and back to the newest. */
	ck_assert_uint_eq(seen_times(" 699 of yesterday"), 1);
	ck_assert_uint_eq(seen_times(" 701 of yesterday"), 1);
	for (int i = 0; i < 20; i++)
		enter("\033[5~");
	ck_assert_uint_eq(seen_times(" 700 of yesterday"), 0);
	ck_assert_uint_ge(seen_times(" of yesterday"), 10);
	enter("\033[1;5F");
	ck_assert_uint_eq(seen_times("Deploying now"), 1);
}
END_TEST

START_TEST(nothing_found_and_what_went_wrong_are_told)
{
	play_start();
	enter("/search xylophone\r");
	looks_like("search-nothing");
	enter("\r");
	escape();
	enter("/search\r");
	ck_assert_uint_ge(seen_times("/search TEXT"), 1);
}
END_TEST

START_TEST(any_size_is_painted)
{
	static const int sizes[][2] = { { 5, 20 }, { 10, 40 }, { 24, 49 },
		{ 24, 80 }, { 50, 160 } };

	play_start();
	enter("/search yesterday\r");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		resize(sizes[i][0], sizes[i][1]);
		app_paint(stage.app);
		for (int k = 0; k < 30; k++)
			keys(DOWN);
		app_paint(stage.app);
	}
	resize(10, 40);
	looks_like("search-40x10");
}
END_TEST

START_TEST(words_are_marked_where_a_word_begins_with_them)
{
	static const char text[] = "undeploy Deploying, deploy!";
	size_t start, end;

	ck_assert(search_mark("x deploy*", text, 0, &start, &end));
	ck_assert_uint_eq(start, 9);
	ck_assert_uint_eq(end, 18);
	ck_assert(search_mark("x deploy*", text, end, &start, &end));
	ck_assert_uint_eq(start, 20);
	ck_assert_uint_eq(end, 26);
	ck_assert(!search_mark("x deploy*", text, end, &start, &end));
	ck_assert(!search_mark(" * ", text, 0, &start, &end));
	ck_assert(!search_mark("", text, 0, &start, &end));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("search");
	TCase *tests = tcase_create("search");
	SRunner *runner;
	int failed;

	setenv("TZ", "UTC", 1);
	tcase_add_checked_fixture(tests, stage_open, stage_close);
	tcase_add_test(tests, words_are_typed_and_the_newest_is_on_top);
	tcase_add_test(tests, enter_goes_to_the_message_in_its_room);
	tcase_add_test(tests,
	    what_is_far_up_is_fetched_and_its_neighbours_with_it);
	tcase_add_test(tests, nothing_found_and_what_went_wrong_are_told);
	tcase_add_test(tests, any_size_is_painted);
	tcase_add_test(tests,
	    words_are_marked_where_a_word_begins_with_them);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
