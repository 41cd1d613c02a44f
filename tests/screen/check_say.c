/*
 * say: what is said of messages, and how a person is called for them: who
 * writes, who reacts, what was changed, the program of the person's own.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/screen/stage.h"

#define THUMB "\xf0\x9f\x91\x8d"

static void
play_group(void)
{
	fake_ready(stage.dchat);
	fake_leader(stage.dchat, ZOE, 0, -1);
	fake_join(stage.dchat, "#lobby", ZOE);
	for (int who = ANA; who <= MEI; who++) {
		if (who == ZOE)
			continue;
		fake_peer(stage.dchat, (enum fake_person)who, MEMBER_ALIVE,
		    "joined");
		fake_join(stage.dchat, "#lobby", (enum fake_person)who);
	}
	fake_leader(stage.dchat, EVE, 3, 4);
	stage.now += 5 * MINUTE;
}

/* -- who writes ------------------------------------------------------------- */

START_TEST(who_writes_stands_in_the_border)
{
	play_group();
	fake_typing(stage.dchat, "#lobby", MEI);
	looks_like("typing-one");
	fake_typing(stage.dchat, "#lobby", ANA);
	ck_assert_uint_eq(seen_times("and ana are typing"), 1);
	fake_typing(stage.dchat, "#lobby", BOB);
	fake_typing(stage.dchat, "#lobby", EVE);
	looks_like("typing-four");
	/* it is said */
	fake_say(stage.dchat, "#lobby", MEI, "here I am", stage.now);
	ck_assert_uint_eq(seen_times("ana, bob and 1 more are typing"), 1);
	resize(10, 40);
	looks_like("typing-40x10");
	resize(24, 80);
	stage.now += 5000;
	ck_assert_uint_eq(seen_times("typing"), 0);
}
END_TEST

START_TEST(it_ends_by_itself)
{
	play_group();
	fake_typing(stage.dchat, "#lobby", ANA);
	app_paint(stage.app);
	ck_assert_int_le(app_deadline(stage.app), stage.now + 5000);
	/* elsewhere, and whom one does not hear, is nobody's business */
	stage.now += 5000;
	fake_typing(stage.dchat, "#ops", ANA);
	enter("/ignore bob\r");
	fake_typing(stage.dchat, "#lobby", BOB);
	ck_assert_uint_eq(seen_times("typing"), 0);
}
END_TEST

START_TEST(the_others_hear_that_one_writes)
{
	const struct fake_heard *heard = fake_heard(stage.dchat);

	play_group();
	keys("h");
	ck_assert_uint_eq(heard->typings, 1);
	ck_assert_str_eq(heard->typed, "#lobby");
	keys("ello, all of you");
	ck_assert_uint_eq(heard->typings, 1);
	stage.now += 3000;
	keys("!");
	ck_assert_uint_eq(heard->typings, 2);
	stage.now += 3000;
	/* not that the cursor moves, nor what is a command */
	keys("\033[D\033[D");
	keys("\003/topic what");
	keys("\003");
	ck_assert_uint_eq(heard->typings, 2);
	keys("//x");
	ck_assert_uint_eq(heard->typings, 3);
	stage.now += 3000;
	keys("\003/set typing off\r");
	keys("hello");
	ck_assert_uint_eq(heard->typings, 3);
}
END_TEST

/* -- what is said of a message ------------------------------------------------- */

START_TEST(who_reacts_is_named_when_one_looks)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "shall we strat?", NOON);
	fake_refer(stage.dchat, "#lobby", BOB, KIND_REACTION, 1, THUMB, NOON);
	fake_refer(stage.dchat, "#lobby", MEI, KIND_REACTION, 2, THUMB, NOON);
	fake_refer(stage.dchat, "#lobby", EVE, KIND_REACTION, 3,
	    "\xd7\x9b\xd7\x9f", NOON);
	fake_refer(stage.dchat, "#lobby", ANA, KIND_EDIT, 4,
	    "shall we start at 2?", NOON + MINUTE);
	fake_refer(stage.dchat, "#lobby", ANA, KIND_EDIT, 5,
	    "shall we start at 3?", NOON + 2 * MINUTE);
	looks_like("refer-tallies");
	enter("/focus\r");
	looks_like("refer-named");
	/* it comes while one looks */
	fake_refer(stage.dchat, "#lobby", ANA, KIND_REACTION, 6, "e\xcc\x81",
	    NOON);
	ck_assert_uint_eq(seen_times("e\xcc\x81 ana"), 1);
	keys("\033[B\033[27u");
	keys("\033");
	app_read_timeout(stage.app);
	ck_assert_uint_eq(seen_times(THUMB " 2"), 1);
	ck_assert_uint_eq(seen_times("it was"), 0);
}
END_TEST

START_TEST(a_slash_begins_a_command_about_the_one_in_focus)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "first", NOON);
	fake_say(stage.dchat, "#lobby", BOB, "second", NOON);
	keys("\033s\033[A");
	keys("/reply to the first\r");
	fake_turn(stage.dchat);
	ck_assert_uint_eq(seen_times("> ana: first"), 1);
}
END_TEST

START_TEST(what_is_deleted_is_not_talked_to)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "never mind", NOON);
	fake_refer(stage.dchat, "#lobby", BOB, KIND_REPLY, 1, "why not?", NOON);
	fake_refer(stage.dchat, "#lobby", ANA, KIND_DELETE, 2, "", NOON);
	ck_assert_uint_eq(seen_times("> ana: (deleted)"), 1);
	keys("\033s\033[A");
	keys("rwhat was it?\r");
	fake_turn(stage.dchat);
	ck_assert_uint_eq(seen_times("That message was deleted"), 1);
}
END_TEST

START_TEST(what_is_answered_is_fetched_when_it_is_further_back)
{
	char line[32];

	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "a question of long ago", NOON);
	for (int i = 0; i < 250; i++) {
		snprintf(line, sizeof line, "filler %d", i);
		fake_say(stage.dchat, "#lobby", BOB, line, NOON);
	}
	fake_refer(stage.dchat, "#lobby", EVE, KIND_REPLY, 251,
	    "an answer at last", NOON);
	enter("/clear\r");
	fake_say(stage.dchat, "#lobby", BOB, "so it is", NOON);
	fake_refer(stage.dchat, "#lobby", EVE, KIND_REPLY, 253,
	    "a second answer", NOON);
	ck_assert_uint_eq(seen_times("> an older message"), 1);
	ck_assert_uint_eq(seen_times("a question of long ago"), 0);
	keys("\033s\r");
	fake_turn(stage.dchat);
	fake_turn(stage.dchat);
	ck_assert_uint_eq(seen_times("ana a question of long ago"), 1);
}
END_TEST

/* -- any script in any field ------------------------------------------------------ */

#define HEBREW "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"
#define FAMILY                                                                 \
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xe2\x80\x8d"           \
	"\xf0\x9f\x91\xa6"
#define MARKS "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86"

START_TEST(any_script_stands_in_any_field)
{
	play_group();
	fake_rename(stage.dchat, ANA, HEBREW, "claimed");
	fake_rename(stage.dchat, BOB, "b" MARKS "b", "claimed");
	fake_rename(stage.dchat, EVE, FAMILY, "claimed");
	fake_join(stage.dchat, "#" HEBREW, ZOE);
	fake_join(stage.dchat, "#" HEBREW, ANA);
	enter("/join #" HEBREW "\r");
	fake_set_topic(stage.dchat, "#" HEBREW, ANA,
	    FAMILY " \xe2\x80\xae" HEBREW " " MARKS);
	fake_say(stage.dchat, "#" HEBREW, ANA,
	    HEBREW " https://" HEBREW ".example/" MARKS " " FAMILY, NOON);
	fake_refer(stage.dchat, "#" HEBREW, MEI, KIND_REPLY, 1, MARKS, NOON);
	fake_refer(stage.dchat, "#" HEBREW, BOB, KIND_REACTION, 2, FAMILY,
	    NOON);
	fake_refer(stage.dchat, "#" HEBREW, EVE, KIND_REACTION, 3, HEBREW,
	    NOON);
	fake_act(stage.dchat, "#" HEBREW, EVE, MARKS HEBREW, NOON);
	fake_whisper(stage.dchat, EVE, FAMILY, NOON);
	fake_typing(stage.dchat, "#" HEBREW, ANA);
	fake_typing(stage.dchat, "#" HEBREW, EVE);
	keys("\033s\033[A\033[A");
	looks_like("scripts");
	keys("\033");
	app_read_timeout(stage.app);
	enter("/url\r/highlight " HEBREW "\r/ignore b" MARKS "b\r");
	keys(HEBREW " " FAMILY MARKS);
	looks_like("scripts-written");
	resize(12, 40);
	looks_like("scripts-40x12");
}
END_TEST

/* -- being called ---------------------------------------------------------------- */

static char folder[] = "/tmp/dchat-say-XXXXXX";

/* The program writes what it is told into a file of its own number. */
static void
hook_on(void)
{
	char path[64], command[128];
	FILE *file;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/hook", folder);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file,
	    "printf '%%s|%%s|%%s|%%s|%%s\\n' \"$DCHAT_KIND\" "
	    "\"$DCHAT_ROOM\" \"$DCHAT_NICK\" \"$DCHAT_TEXT\" "
	    "\"$DCHAT_SKIPPED\" >\"$1/part\"\nmv \"$1/part\" \"$1/told\"\n");
	fclose(file);
	snprintf(command, sizeof command,
	    "/set notify-command sh \"%s/hook\" %s\r", folder, folder);
	enter(command);
}

static const char *
hook_told(void)
{
	static char line[256];
	char path[64];
	FILE *file = NULL;

	snprintf(path, sizeof path, "%s/told", folder);
	/* Check ends what never comes */
	while ((file = fopen(path, "r")) == NULL)
		ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
	fclose(file);
	unlink(path);
	return line;
}

static void
hook_off(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(a_program_of_ones_own_is_told)
{
	play_group();
	hook_on();
	keys("\033[O");
	fake_say(stage.dchat, "#lobby", BOB, "zoe: `id`; $(id) \"x\" 'y'",
	    stage.now);
	app_paint(stage.app);
	ck_assert_str_eq(hook_told(),
	    "mention|#lobby|bob|zoe: `id`; $(id) \"x\" 'y'|0\n");
	/* however many call, there are not many programs */
	for (int i = 0; i < 5; i++) {
		fake_say(stage.dchat, "#lobby", BOB, "zoe?", stage.now);
		app_paint(stage.app);
	}
	stage.now += 1000;
	fake_whisper(stage.dchat, ANA, "are you there?", stage.now);
	app_paint(stage.app);
	ck_assert_str_eq(hook_told(), "direct|@ana|ana|are you there?|5\n");
	hook_off();
}
END_TEST

START_TEST(the_level_of_a_room_says_what_for)
{
	play_group();
	hook_on();
	enter("/notify\r");
	ck_assert_uint_eq(seen_times("You are called for mentions"), 1);
	enter("/notify all\r");
	enter("/notify #lobby\r");
	ck_assert_uint_eq(seen_times("In #lobby you are called for all"), 2);
	keys("\033[O");
	fake_say(stage.dchat, "#lobby", BOB, "good morning", stage.now);
	app_paint(stage.app);
	ck_assert_str_eq(hook_told(), "message|#lobby|bob|good morning|0\n");
	enter("/notify #lobby mentions\r");
	keys("\033[O");
	stage.now += 1000;
	fake_say(stage.dchat, "#lobby", BOB, "nobody is called", stage.now);
	app_paint(stage.app);
	enter("/notify none\r");
	keys("\033[O");
	fake_say(stage.dchat, "#lobby", BOB, "zoe is not called", stage.now);
	app_paint(stage.app);
	enter("/notify #lobby all\r");
	keys("\033[O");
	fake_say(stage.dchat, "#lobby", BOB, "and now", stage.now);
	app_paint(stage.app);
	ck_assert_str_eq(hook_told(), "message|#lobby|bob|and now|0\n");
	enter("/notify #lobby loudly\r/notify frob\r");
	ck_assert_uint_eq(seen_times("It is /notify #ROOM all"), 2);
	hook_off();
}
END_TEST

START_TEST(in_quiet_hours_nobody_calls)
{
	resize(24, 160);
	play_group();
	hook_on();
	/* it is 12:10 */
	enter("/set quiet-hours 12:00-13:00\r");
	keys("\033[O");
	fake_say(stage.dchat, "#lobby", BOB, "zoe, not now", stage.now);
	app_paint(stage.app);
	enter("/set quiet-hours 13:00-12:00\r");
	keys("\033[O");
	fake_say(stage.dchat, "#lobby", BOB, "zoe, now", stage.now);
	app_paint(stage.app);
	ck_assert_str_eq(hook_told(), "mention|#lobby|bob|zoe, now|0\n");
	enter("/set quiet-hours 25:00-7\r");
	ck_assert_uint_eq(seen_times("hours like 22:00-07:00"), 1);
	hook_off();
}
END_TEST

START_TEST(a_program_that_is_not_there_is_told_once)
{
	resize(24, 160);
	play_group();
	enter("/set notify-command /nonexistent/program\r");
	for (int i = 0; i < 3; i++) {
		keys("\033[O");
		stage.now += 2000;
		fake_say(stage.dchat, "#lobby", BOB, "zoe?", stage.now);
		app_paint(stage.app);
	}
	ck_assert_uint_eq(seen_times("cannot be started"), 1);
}
END_TEST

/* -- the mouse ----------------------------------------------------------------- */

/* Left button, wheel up and down, at a place of the screen. */
static void
mouse(int button, int row, int column)
{
	char report[32];

	snprintf(report, sizeof report, "\033[<%d;%d;%dM\033[<%d;%d;%dm",
	    button, column + 1, row + 1, button, column + 1, row + 1);
	keys(report);
	fake_turn(stage.dchat);
}

START_TEST(a_click_goes_to_a_room_or_takes_a_nick)
{
	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	fake_join(stage.dchat, "#ops", ANA);
	fake_say(stage.dchat, "#lobby", MEI, "a click here", NOON);
	app_paint(stage.app);
	mouse(0, 2, 4);
	ck_assert_uint_eq(seen_times("[#ops]"), 0);
	enter("/set mouse on\r");
	mouse(0, 2, 4);
	ck_assert_uint_eq(seen_times("[#ops] >"), 1);
	mouse(0, 1, 4);
	ck_assert_uint_eq(seen_times("[#lobby] >"), 1);
	/* in the pane of members, and before what is said */
	mouse(0, 2, 69);
	ck_assert_uint_eq(seen_times("[#lobby] > bob:"), 1);
	keys("and ");
	mouse(0, 20, 24);
	looks_like("mouse-nick");
	/* where nothing is */
	mouse(0, 10, 4);
	mouse(0, 12, 69);
	mouse(0, 1, 30);
	mouse(0, 23, 0);
	mouse(0, 500, 500);
	looks_like("mouse-nick");
}
END_TEST

START_TEST(the_wheel_scrolls_whatever_is_there)
{
	char line[32];

	play_group();
	enter("/set mouse on\r");
	for (int i = 0; i < 60; i++) {
		snprintf(line, sizeof line, "line %d.", i);
		fake_say(stage.dchat, "#lobby", BOB, line, NOON);
	}
	ck_assert_uint_eq(seen_times("line 59."), 1);
	mouse(64, 10, 40);
	ck_assert_uint_eq(seen_times("line 59."), 0);
	ck_assert_uint_eq(seen_times("line 56."), 1);
	mouse(65, 10, 40);
	ck_assert_uint_eq(seen_times("line 59."), 1);
	keys("\033OP");
	ck_assert_uint_eq(seen_times("Everybody in the room reads it"), 1);
	mouse(65, 10, 40);
	ck_assert_uint_eq(seen_times("Everybody in the room reads it"), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("say");
	TCase *test = tcase_create("say");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(test, stage_open, stage_close);
	tcase_set_timeout(test, 30);
	tcase_add_test(test, who_writes_stands_in_the_border);
	tcase_add_test(test, it_ends_by_itself);
	tcase_add_test(test, the_others_hear_that_one_writes);
	tcase_add_test(test, who_reacts_is_named_when_one_looks);
	tcase_add_test(test, a_slash_begins_a_command_about_the_one_in_focus);
	tcase_add_test(test, what_is_deleted_is_not_talked_to);
	tcase_add_test(test,
	    what_is_answered_is_fetched_when_it_is_further_back);
	tcase_add_test(test, any_script_stands_in_any_field);
	tcase_add_test(test, a_program_of_ones_own_is_told);
	tcase_add_test(test, the_level_of_a_room_says_what_for);
	tcase_add_test(test, in_quiet_hours_nobody_calls);
	tcase_add_test(test, a_program_that_is_not_there_is_told_once);
	tcase_add_test(test, a_click_goes_to_a_room_or_takes_a_nick);
	tcase_add_test(test, the_wheel_scrolls_whatever_is_there);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
