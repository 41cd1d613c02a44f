/* custom: what a person makes of dchat: themes, keys, commands. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/screen/stage.h"

static char folder[64];

static void
play_group(void)
{
	fake_ready(stage.dchat);
	fake_leader(stage.dchat, ZOE, 0, -1);
	fake_join(stage.dchat, "#lobby", ZOE);
	fake_peer(stage.dchat, ANA, MEMBER_ALIVE, "joined");
	fake_join(stage.dchat, "#lobby", ANA);
	stage.now += 5 * MINUTE;
	resize(24, 100);
}

/* A file of the person's own, below the folder for it. */
static void
write_file(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof path, "%s/dchat/%s", folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void
open_home(void)
{
	char path[256];

	strcpy(folder, "/tmp/check_custom.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	stage.home = folder;
	snprintf(path, sizeof path, "%s/dchat", folder);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/dchat/themes", folder);
	mkdir(path, 0700);
	stage_open();
}

static void
close_home(void)
{
	char command[128];

	stage_close();
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

/* -- themes --------------------------------------------------------------- */

static const char amber[] = "about = Amber on black\n"
			    "bad = #ffaf00 bold underline\n";

START_TEST(a_theme_of_ones_own_is_a_file)
{
	const struct theme *theme = screen_theme(stage.screen);

	write_file("themes/amber.theme", amber);
	write_file("themes/broken.theme", "# mine\nmention = yelow bold\n");
	write_file("themes/notes~", "no theme\n");
	play_group();
	enter("/theme\r");
	ck_assert_uint_eq(seen_times("* auto "), 1);
	ck_assert_uint_eq(seen_times("amber       Amber on black"), 1);
	ck_assert_uint_eq(seen_times("  broken "), 1);
	ck_assert_uint_eq(seen_times("notes"), 0);
	ck_assert(!theme->looks[STYLE_BAD].underline);
	enter("/clear\r/theme amber\r");
	ck_assert(theme->looks[STYLE_BAD].underline);
	ck_assert_uint_eq(seen_times("theme = amber; /save keeps it."), 1);
	enter("/theme ambre\r/theme ligth\r/theme broken\r/theme ../x\r");
	ck_assert_uint_eq(seen_times("theme ambre; did you mean amber?"), 1);
	ck_assert_uint_eq(seen_times("theme ligth; did you mean light?"), 1);
	ck_assert_uint_eq(seen_times("\"yelow\" is no colour"), 1);
	ck_assert_uint_eq(seen_times("There is no theme ../x"), 1);
	ck_assert(theme->looks[STYLE_BAD].underline);
	enter("/theme -\r");
	ck_assert(!theme->looks[STYLE_BAD].underline);
	keys("/theme am\t");
	ck_assert_uint_eq(seen_times("/theme amber"), 1);
}
END_TEST

/* A file that is gone is no reason not to start. */
START_TEST(a_theme_that_is_not_there_is_told_of_at_the_start)
{
	char problem[256];

	stage_close();
	stage_open_configured(SETTING_ID_THEME, "gone-with-the-wind", problem);
	resize(24, 100);
	ck_assert_uint_eq(seen_times("There is no theme gone-with-"), 1);
}
END_TEST

/* -- keys ----------------------------------------------------------------- */

#define F5 "\033[15~"
#define F6 "\033[17~"

START_TEST(a_key_does_what_it_was_bound_to)
{
	play_group();
	fake_join(stage.dchat, "#ops", ZOE);
	enter("\0332/clear\r/bind f5 room-1\r/bind F6 /me waves\r"
	      "/bind Alt+A page-up\r/unbind Ctrl+P\r/bind F5\r"
	      "/bind F5 nxt-room\r/bind x help\r/bind Ctrl+M help\r"
	      "/bind F13 help\r/unbind F9\r");
	looks_like("bind");
	enter(F6);
	ck_assert_int_eq(fake_heard(stage.dchat)->verb, DCHAT_SAY);
	ck_assert_str_eq(fake_heard(stage.dchat)->text, "waves");
	ck_assert_uint_eq(seen_times("[#ops]"), 1);
	enter(F5);
	ck_assert_uint_eq(seen_times("[#lobby]"), 1);
	/* readline's from now on: the line before */
	enter("\020");
	ck_assert_uint_eq(seen_times("[#lobby]"), 1);
	enter("\003/clear\r/bind F5 -\r/bind Alt+A -\r" F5);
	ck_assert_uint_eq(seen_times("F5 = none"), 1);
	ck_assert_uint_eq(seen_times("Alt+A = active-room"), 1);
}
END_TEST

START_TEST(help_and_list_tell_the_keys_of_today)
{
	play_group();
	enter("/bind F5 next-room\r/bind Alt+A none\r/bind F6 /topic -\r"
	      "/bind F7 room-1\r/clear\r");
	resize(50, 100);
	enter("/bind\r");
	looks_like("bind-list");
	enter("/clear\r/help F6\r/help f7\r");
	ck_assert_uint_eq(seen_times("F6: /topic -"), 1);
	ck_assert_uint_eq(
	    seen_times("F7: room 1 to 10; /bind calls it room-1."), 1);
	enter("/help keys\r");
	looks_like("bind-help");
	enter("/help keys\r/alias greet /me waves\r/help settings\r");
	for (int i = 0; i < 6; i++)
		keys("\033[5;3~");
	ck_assert_uint_eq(seen_times("/greet                   /me waves"), 1);
}
END_TEST

/* -- commands ------------------------------------------------------------- */

START_TEST(a_command_of_ones_own_stands_for_another)
{
	play_group();
	enter("/clear\r/alias\r/alias hi /me waves at $1\r/hi bob\r");
	ck_assert_int_eq(fake_heard(stage.dchat)->verb, DCHAT_SAY);
	ck_assert_str_eq(fake_heard(stage.dchat)->text, "waves at bob");
	enter("/hi\r/alias it /it\r/alias loop /it\r/alias it /loop\r"
	      "/alias join /part\r/alias Hi x\r/alias hi\r/alias\r"
	      "/unalias loop\r/unalias loop\r/loop\r");
	looks_like("alias");
	enter("/clear\r/hii\r/help hi\r");
	ck_assert_uint_eq(seen_times("/hii; did you mean /hi?"), 1);
	ck_assert_uint_eq(
	    seen_times("/hi is a command of your own, for /me waves at $1"), 1);
	/* the line as it was typed is what comes back */
	keys("/clear\r/hi eve\r\033[A");
	ck_assert_uint_eq(seen_times("> /hi eve"), 1);
}
END_TEST

START_TEST(what_is_ones_own_may_be_in_any_script)
{
	play_group();
	enter("/clear\r/alias wave /me \u05e9\u05dc\u05d5\u05dd $1 "
	      "\U0001F469\u200d\U0001F52C e\u0301\r/wave \u4e16\u754c\r"
	      "/bind Alt+\u00e9 /me \U0001F30A\r/alias\r"
	      "/set clock-format %H\u6642%M\r/alias \u4e16 x\r");
	looks_like("custom-scripts");
	keys("\033\xc3\xa9");
	ck_assert_str_eq(fake_heard(stage.dchat)->text, "\U0001F30A");
}
END_TEST

START_TEST(keys_actions_and_commands_of_ones_own_are_completed)
{
	play_group();
	enter("/alias greet /me waves\r/bind F5 next-room\r");
	keys("/gre\t");
	ck_assert_uint_eq(seen_times("> /greet"), 1);
	keys("\003/unalias gr\t");
	ck_assert_uint_eq(seen_times("> /unalias greet"), 1);
	keys("\003/bind F6 next-m\t");
	ck_assert_uint_eq(seen_times("> /bind F6 next-mention"), 1);
	keys("\003/bind F6 /gre\t");
	ck_assert_uint_eq(seen_times("> /bind F6 /greet"), 1);
	keys("\003/unbind F5\t");
	ck_assert_uint_eq(seen_times("> /unbind F5"), 1);
}
END_TEST

/* -- what comes and when -------------------------------------------------- */

START_TEST(times_look_as_one_likes)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "shall we start?", NOON);
	enter("/clear\r/set clock-format %a %k.%M h\rnow\r"
	      "/set clock-format %c\r/set clock-format %A %d %B %Y %H:%M\r");
	looks_like("clock-format");
	keys("\033t");
	ck_assert_uint_eq(seen_times("12:05:00"), 1);
	enter("/set clock-format -\r/set timestamps on\r");
	ck_assert_uint_eq(seen_times("12:05 "), 1);
}
END_TEST

START_TEST(nobody_is_told_of_who_comes_and_goes)
{
	play_group();
	fake_say(stage.dchat, "#lobby", ANA, "back in a minute", NOON);
	fake_part(stage.dchat, "#lobby", ANA);
	ck_assert_uint_eq(seen_times("ana left"), 1);
	enter("/set filter all\r");
	ck_assert_uint_eq(seen_times("ana left"), 0);
	enter("/set filter off\r");
	ck_assert_uint_eq(seen_times("ana left"), 1);
	enter("/filter\r");
	ck_assert_uint_eq(seen_times("ana left"), 1);
}
END_TEST

START_TEST(how_long_one_is_no_stranger_can_be_said)
{
	play_group();
	fake_peer(stage.dchat, BOB, MEMBER_ALIVE, "joined");
	fake_join(stage.dchat, "#lobby", BOB);
	fake_say(stage.dchat, "#lobby", ANA, "off for lunch", stage.now);
	stage.now += 20 * MINUTE;
	enter("/set filter-minutes 30\r");
	fake_part(stage.dchat, "#lobby", ANA);
	ck_assert_uint_eq(seen_times("ana left"), 1);
	fake_join(stage.dchat, "#lobby", ANA);
	stage.now += 20 * MINUTE;
	fake_part(stage.dchat, "#lobby", ANA);
	ck_assert_uint_eq(seen_times("ana left"), 1);
}
END_TEST

/* They go into the file, and the next run has them. */
START_TEST(what_was_made_is_saved)
{
	char path[128], text[512] = "";
	FILE *file;

	write_file("config", "# mine\nbind = F5 help ; why not\n");
	snprintf(path, sizeof path, "%s/dchat/config", folder);
	stage_close();
	stage_open_saved(path);
	play_group();
	enter("/bind F5 next-room\r/alias hi /me waves\r/save\r");
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
	fclose(file);
	ck_assert_str_eq(text,
	    "# mine\nbind = F5 next-room ; why not\nalias = hi /me waves\n");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("custom");
	TCase *tcase = tcase_create("custom");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, open_home, close_home);
	tcase_add_test(tcase, a_theme_of_ones_own_is_a_file);
	tcase_add_test(tcase,
	    a_theme_that_is_not_there_is_told_of_at_the_start);
	tcase_add_test(tcase, a_key_does_what_it_was_bound_to);
	tcase_add_test(tcase, help_and_list_tell_the_keys_of_today);
	tcase_add_test(tcase, a_command_of_ones_own_stands_for_another);
	tcase_add_test(tcase, what_is_ones_own_may_be_in_any_script);
	tcase_add_test(tcase,
	    keys_actions_and_commands_of_ones_own_are_completed);
	tcase_add_test(tcase, times_look_as_one_likes);
	tcase_add_test(tcase, nobody_is_told_of_who_comes_and_goes);
	tcase_add_test(tcase, how_long_one_is_no_stranger_can_be_said);
	tcase_add_test(tcase, what_was_made_is_saved);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
