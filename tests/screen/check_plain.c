/*
 * plain: what is told without a screen, as golden texts: the same scenes as
 * on the screen, with the fake node behind them.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/screen/fake_health.h"
#include "tests/screen/stage.h"

static struct bytes told;

static wall_ms
wall(void)
{
	return stage.now;
}

static void
on_tell(void *unused, const char *text)
{
	(void)unused;
	bytes_append_text(&told, text);
	bytes_append_text(&told, "\n");
}

static void
on_event(void *unused, const struct dchat_event *event)
{
	(void)unused;
	app_event(stage.app, event);
}

static void
on_turn(void *unused)
{
	(void)unused;
	app_turn(stage.app);
}

/* An app with the settings as they are, and the node's notes. */
static void
begin(void)
{
	struct app_setup setup = { .wall = wall,
		.tell = on_tell,
		.settings = &stage.settings };
	struct dchat_front front = { .event = on_event, .turn = on_turn };
	char problem[256];
	int status;

	bytes_clear(&told);
	stage.app = app_new(&setup);
	stage.dchat = dchat_open(NULL, NULL, &front, problem, &status);
	app_attach(stage.app, stage.dchat);
}

static void
end(void)
{
	dchat_close(stage.dchat);
	app_destroy(stage.app);
}

static void
open_plain(void)
{
	char problem[256];

	setenv("TZ", "UTC", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_ALL, "");
	fake_forget();
	bytes_init(&told);
	setting_values_init(&stage.settings);
	ck_assert(setting_set(&stage.settings, SETTING_ID_TIMESTAMPS, "off",
	    SETTING_BY_TABLE, "it", problem));
	stage.now = NOON;
	begin();
}

static void
close_plain(void)
{
	end();
	setting_values_free(&stage.settings);
	bytes_free(&told);
}

/* A line is entered, and answered. */
static void
line(const char *text)
{
	app_take_line(stage.app, text, strlen(text));
	fake_turn(stage.dchat);
}

static size_t
told_times(const char *text)
{
	return times_in(&told, text);
}

static void
play_group(void)
{
	fake_ready(stage.dchat);
	fake_leader(stage.dchat, ZOE, 0, -1);
	fake_join(stage.dchat, "#lobby", ZOE);
	fake_peer(stage.dchat, ANA, MEMBER_ALIVE, "joined");
	fake_peer(stage.dchat, MEI, MEMBER_ALIVE, "joined");
	fake_join(stage.dchat, "#lobby", ANA);
	fake_join(stage.dchat, "#lobby", MEI);
	fake_leader(stage.dchat, MEI, 3, 4);
	stage.now += 5 * MINUTE;
}

START_TEST(a_day_in_lines)
{
	play_group();
	fake_set_topic(stage.dchat, "#lobby", ANA, "tea \xf0\x9f\x8d\xb5");
	fake_say(stage.dchat, "#lobby", ANA, "shall we\nstart?", NOON);
	fake_refer(stage.dchat, "#lobby", MEI, KIND_REPLY, 1,
	    "yes, \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", NOON);
	fake_act(stage.dchat, "#lobby", MEI, "nods", NOON);
	fake_refer(stage.dchat, "#lobby", MEI, KIND_REACTION, 3,
	    "\xf0\x9f\x91\x8d", NOON);
	fake_refer(stage.dchat, "#lobby", ANA, KIND_EDIT, 4, "shall we go?",
	    NOON);
	fake_refer(stage.dchat, "#lobby", ANA, KIND_DELETE, 5, "", NOON);
	line("good morning");
	line("/join #ops");
	fake_say(stage.dchat, "#lobby", ANA, "zoe: where are you?", NOON);
	fake_whisper(stage.dchat, ANA, "psst", NOON);
	fake_peer(stage.dchat, ANA, MEMBER_SUSPECT, "silent");
	fake_peer(stage.dchat, ANA, MEMBER_ALIVE, "refuted");
	fake_electing(stage.dchat, 4, 2, 4, "candidate");
	fake_leader(stage.dchat, ZOE, 4, 12);
	fake_lost(stage.dchat, MEI);
	fake_peer(stage.dchat, MEI, MEMBER_DEAD, "timeout");
	line("/part #lobby");
	looks_like_text("plain-day", &told);
}
END_TEST

START_TEST(what_is_evil_is_one_line)
{
	play_group();
	bytes_clear(&told);
	fake_say(stage.dchat, "#lobby", ANA,
	    "x\nmei: I said this\r\033[2Jy\a\xc2\x9bz\xe2\x80\xaeq", NOON);
	looks_like_text("plain-evil", &told);
	for (size_t i = 0; i < told.size; i++)
		ck_assert(told.data[i] >= ' ' || told.data[i] == '\n');
}
END_TEST

START_TEST(panels_are_read_out)
{
	static const struct fake_crowd five = { 5, 0, 3, 4, false, false };

	play_group();
	fake_crowd(stage.dchat, &five);
	bytes_clear(&told);
	line("/health");
	looks_like_text("plain-health", &told);
	bytes_clear(&told);
	line("/net");
	looks_like_text("plain-net", &told);
	bytes_clear(&told);
	line("/help keys");
	line("/help reply");
	line("/help nosuch");
	looks_like_text("plain-help", &told);
}
END_TEST

START_TEST(the_past_is_read_on_request_and_as_old)
{
	fake_past(stage.dchat, "#lobby", 30, NOON - INT64_C(24) * 60 * MINUTE);
	play_group();
	ck_assert_uint_eq(told_times("of yesterday"), 0);
	line("/history 2");
	ck_assert_uint_eq(told_times("22 November 12:"), 2);
	ck_assert_uint_eq(told_times("of yesterday"), 2);
	bytes_clear(&told);
	line("/history");
	ck_assert_uint_eq(told_times("of yesterday"), 20);
}
END_TEST

START_TEST(what_came_while_nobody_was_here_is_told_at_start)
{
	fake_was_in("#lobby\n");
	fake_past(stage.dchat, "#lobby", 5, NOON - 60 * MINUTE);
	fake_room(stage.dchat, "#lobby", "", 3);
	play_group();
	fake_turn(stage.dchat);
	ck_assert_uint_eq(told_times("3 unread:"), 1);
	ck_assert_uint_eq(told_times("of yesterday"), 3);
}
END_TEST

START_TEST(who_is_alone_is_told_so_after_a_while)
{
	fake_ready(stage.dchat);
	fake_leader(stage.dchat, ZOE, 0, -1);
	fake_join(stage.dchat, "#lobby", ZOE);
	app_tick(stage.app);
	ck_assert_uint_eq(told_times("Nobody else is here yet"), 0);
	ck_assert_int_le(app_deadline(stage.app), stage.now + 3000);
	stage.now += 3000;
	app_tick(stage.app);
	app_tick(stage.app);
	ck_assert_uint_eq(told_times("Nobody else is here yet"), 1);
}
END_TEST

START_TEST(what_needs_a_screen_says_so)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "see http://a.example", NOON);
	line("mine");
	bytes_clear(&told);
	line("/copy");
	line("/url");
	line("/edit");
	line("/set theme dark");
	line("/set mouse on");
	line("/set hyperlinks on");
	line("/clear");
	looks_like_text("plain-screenless", &told);
}
END_TEST

START_TEST(one_message_is_taken_for_what_is_next)
{
	play_group();
	line("/focus");
	fake_say(stage.dchat, "#lobby", ANA, "shall we strat?", NOON);
	fake_refer(stage.dchat, "#lobby", MEI, KIND_REACTION, 1, "+1", NOON);
	fake_refer(stage.dchat, "#lobby", ANA, KIND_EDIT, 2,
	    "shall we start?", NOON);
	fake_say(stage.dchat, "#lobby", MEI, "I will be late", NOON);
	bytes_clear(&told);
	line("/focus 3");
	line("/focus");
	line("/focus 2");
	line("/reply yes");
	line("/reply no matter");
	looks_like_text("plain-focus", &told);
}
END_TEST

START_TEST(a_bell_rings_when_nobody_has_typed_for_a_while)
{
	play_group();
	line("hello");
	fake_say(stage.dchat, "#lobby", ANA, "zoe: are you there?", NOON);
	ck_assert(!app_rings(stage.app));
	stage.now += MINUTE;
	fake_say(stage.dchat, "#lobby", ANA, "nobody?", NOON);
	ck_assert(!app_rings(stage.app));
	fake_say(stage.dchat, "#lobby", ANA, "zoe?", NOON);
	ck_assert(app_rings(stage.app));
	ck_assert(!app_rings(stage.app));
	line("/set bell off");
	stage.now += MINUTE;
	fake_say(stage.dchat, "#lobby", ANA, "zoe?", NOON);
	ck_assert(!app_rings(stage.app));
}
END_TEST

START_TEST(lines_are_cleaned_of_what_is_no_text)
{
	play_group();
	line("a\033[Cb\tc\033OAd\xff\x01"
	     "e\xc3\xa9");
	ck_assert_str_eq(fake_heard(stage.dchat)->text, "ab cde\xc3\xa9");
	line("\033[A");
	line("");
	ck_assert_str_eq(fake_heard(stage.dchat)->text, "ab cde\xc3\xa9");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("plain");
	TCase *test = tcase_create("plain");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(test, open_plain, close_plain);
	tcase_add_test(test, a_day_in_lines);
	tcase_add_test(test, what_is_evil_is_one_line);
	tcase_add_test(test, panels_are_read_out);
	tcase_add_test(test, the_past_is_read_on_request_and_as_old);
	tcase_add_test(test, what_came_while_nobody_was_here_is_told_at_start);
	tcase_add_test(test, who_is_alone_is_told_so_after_a_while);
	tcase_add_test(test, what_needs_a_screen_says_so);
	tcase_add_test(test, one_message_is_taken_for_what_is_next);
	tcase_add_test(test,
	    a_bell_rings_when_nobody_has_typed_for_a_while);
	tcase_add_test(test, lines_are_cleaned_of_what_is_no_text);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
