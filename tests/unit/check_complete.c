/*
 * tui/complete: what Tab makes of the word before the cursor.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tui/complete.h"

static const char *const rooms[] = { "#lobby", "#ops", "#oper" };
static const char *const nicks[] = { "bob", "Ana", "anders", "Éve", "anton",
	"gone" };
static const struct complete_words words = {
	.rooms = rooms,
	.room_count = 3,
	.nicks = nicks,
	.nick_count = 6,
	.nick_here = 4,
};

static struct complete complete;

static void
setup(void)
{
	complete_init(&complete);
}

static void
teardown(void)
{
	complete_free(&complete);
}

/* The cursor is where '|' is. */
static void
assert_completes(const char *before, int direction, const char *after)
{
	char line[256], got[256];
	size_t point = strcspn(before, "|");

	strcpy(line, before);
	memmove(line + point, line + point + 1, strlen(line + point));
	ck_assert_msg(complete_next(&complete, line, point, direction, &words),
	    "%s completes to nothing", before);
	memcpy(got, complete.line, complete.point);
	got[complete.point] = '|';
	strcpy(got + complete.point + 1, complete.line + complete.point);
	ck_assert_str_eq(got, after);
}

static void
assert_nothing(const char *line)
{
	ck_assert(!complete_next(&complete, line, strlen(line), 1, &words));
}

START_TEST(who_is_gone_is_offered_when_nobody_here_fits)
{
	assert_completes("an|", 1, "Ana: |");
	assert_completes("Ana: |", 1, "anders: |");
	assert_completes("anders: |", 1, "Ana: |");
	assert_completes("g|", 1, "gone: |");
	assert_completes("/query anto|", 1, "/query anton |");
	assert_completes("@anto|", 1, "@anton |");
}
END_TEST

START_TEST(commands_are_completed_at_the_start)
{
	assert_completes("/jo|", 1, "/join |");
	assert_completes("/EL|", 1, "/elect |");
	assert_nothing("/xyz");
	assert_nothing("say /jo");
}
END_TEST

START_TEST(help_is_followed_by_commands)
{
	assert_completes("/help jo|", 1, "/help join |");
	assert_completes("/help /jo|", 1, "/help /join |");
	assert_completes("/hel lea|", 1, "/hel leader |");
}
END_TEST

START_TEST(help_is_followed_by_settings_and_topics_too)
{
	assert_completes("/help nick-|", 1, "/help nick-width |");
	assert_completes("/help sett|", 1, "/help settings |");
}
END_TEST

START_TEST(settings_and_their_values_are_completed)
{
	assert_completes("/set the|", 1, "/set theme |");
	assert_completes("/set theme l|", 1, "/set theme light |");
	assert_completes("/set bell |", 1, "/set bell on |");
	assert_completes("/set bell of|", 1, "/set bell off |");
	assert_completes("/set rooms #lobby o|", 1, "/set rooms #lobby #ops |");
	assert_nothing("/set port ");
	assert_nothing("/set nosuch x");
}
END_TEST

START_TEST(nobody_is_offered_where_nobody_can_be_named)
{
	static const char *const lines[] = { "/list ", "/nick ", "/focus ",
		"/connect ", "/react ", "/quit b", "/nick b", "/whois bob " };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_nothing(lines[i]);
	assert_completes("/topic ask bo|", 1, "/topic ask bob |");
	assert_completes("/me hugs bo|", 1, "/me hugs bob |");
	assert_completes("/msg Ana ask bo|", 1, "/msg Ana ask bob |");
}
END_TEST

START_TEST(where_a_command_takes_a_room_its_sign_may_be_left_out)
{
	assert_completes("/join lo|", 1, "/join #lobby |");
	assert_completes("/part OP|", 1, "/part #ops |");
	assert_completes("/join @bo|", 1, "/join @bob |");
	assert_nothing("/join bob");
}
END_TEST

START_TEST(files_are_completed_where_a_command_takes_one)
{
	char folder[] = "/tmp/check_complete.XXXXXX", name[128], line[256],
	    want[256];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(setenv("HOME", folder, 1), 0);
	for (int i = 0; i < 4; i++) {
		static const char *const names[] = { "ops.txt", "ops two",
			".hidden", "lobby.jsonl" };
		FILE *file;

		snprintf(name, sizeof name, "%s/%s", folder, names[i]);
		file = fopen(name, "w");
		ck_assert_ptr_nonnull(file);
		fclose(file);
	}
	snprintf(name, sizeof name, "%s/Notes", folder);
	ck_assert_int_eq(mkdir(name, 0700), 0);
	assert_completes("/export ~/o|", 1, "/export ~/ops.txt |");
	assert_completes("/export ~/N|", 1, "/export ~/Notes/|");
	assert_completes("/export ~/.|", 1, "/export ~/.hidden |");
	snprintf(line, sizeof line, "/export %s/l|", folder);
	snprintf(want, sizeof want, "/export %s/lobby.jsonl |", folder);
	assert_completes(line, 1, want);
	assert_nothing("/export ~/x");
	assert_nothing("/export /nowhere/at/all/x");
	assert_completes("/export ~/ops.txt j|", 1,
	    "/export ~/ops.txt jsonl |");
	snprintf(line, sizeof line, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(line), 0);
}
END_TEST

START_TEST(a_choice_lasts_until_the_line_is_another)
{
	assert_completes("an|", 1, "Ana: |");
	ck_assert(complete_is_choice(&complete, "Ana: ", 5));
	ck_assert(!complete_is_choice(&complete, "Ana: ", 4));
	ck_assert(!complete_is_choice(&complete, "Ana: x", 6));
	complete_forget(&complete);
	ck_assert(!complete_is_choice(&complete, "Ana: ", 5));
	assert_completes("bo|", 1, "bob: |");
	ck_assert(!complete_is_choice(&complete, "bob: ", 5));
}
END_TEST

START_TEST(rooms_are_completed_anywhere)
{
	assert_completes("/join #l|", 1, "/join #lobby |");
	assert_completes("#O|", 1, "#ops |");
}
END_TEST

START_TEST(people_are_completed_behind_their_sign)
{
	assert_completes("/query @bo|", 1, "/query @bob |");
	assert_completes("/msg @an|", 1, "/msg @Ana |");
	assert_completes("/msg bo|", 1, "/msg bob |");
	assert_nothing("@x|");
}
END_TEST

START_TEST(nicks_get_a_colon_at_the_start_of_the_line)
{
	assert_completes("bo|", 1, "bob: |");
	assert_completes("ask bo|", 1, "ask bob |");
	assert_completes("éV|", 1, "Éve: |");
	assert_completes("one\nbo|", 1, "one\nbob |");
}
END_TEST

START_TEST(what_is_behind_the_cursor_stays_and_is_not_doubled)
{
	assert_completes("bo| hello", 1, "bob: | hello");
	assert_completes("ask bo| now", 1, "ask bob| now");
	assert_completes("bo|: now", 1, "bob|: now");
}
END_TEST

START_TEST(tab_again_goes_round)
{
	assert_completes("an|", 1, "Ana: |");
	assert_completes("Ana: |", 1, "anders: |");
	assert_completes("anders: |", 1, "Ana: |");
	assert_completes("Ana: |", -1, "anders: |");
}
END_TEST

START_TEST(shift_tab_starts_at_the_end)
{
	assert_completes("an|", -1, "anders: |");
	assert_completes("anders: |", -1, "Ana: |");
}
END_TEST

START_TEST(typing_between_starts_anew)
{
	assert_completes("an|", 1, "Ana: |");
	assert_completes("Ana: bo|", 1, "Ana: bob |");
	assert_completes("Ana: bob #l|", 1, "Ana: bob #lobby |");
}
END_TEST

START_TEST(an_empty_word_offers_everybody)
{
	assert_completes("|", 1, "bob: |");
	assert_completes("bob: |", 1, "Ana: |");
}
END_TEST

START_TEST(nothing_to_offer_is_nothing)
{
	static const struct complete_words none = { 0 };

	ck_assert(!complete_next(&complete, "", 0, 1, &none));
	ck_assert(!complete_next(&complete, "a", 1, -1, &none));
	assert_nothing("zzz");
	assert_nothing("\xff\xfe");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("complete");
	TCase *tcase = tcase_create("complete");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase,
	    who_is_gone_is_offered_when_nobody_here_fits);
	tcase_add_test(tcase, nobody_is_offered_where_nobody_can_be_named);
	tcase_add_test(tcase, commands_are_completed_at_the_start);
	tcase_add_test(tcase, help_is_followed_by_commands);
	tcase_add_test(tcase, help_is_followed_by_settings_and_topics_too);
	tcase_add_test(tcase, settings_and_their_values_are_completed);
	tcase_add_test(tcase,
	    where_a_command_takes_a_room_its_sign_may_be_left_out);
	tcase_add_test(tcase,
	    files_are_completed_where_a_command_takes_one);
	tcase_add_test(tcase, a_choice_lasts_until_the_line_is_another);
	tcase_add_test(tcase, rooms_are_completed_anywhere);
	tcase_add_test(tcase, people_are_completed_behind_their_sign);
	tcase_add_test(tcase, nicks_get_a_colon_at_the_start_of_the_line);
	tcase_add_test(tcase,
	    what_is_behind_the_cursor_stays_and_is_not_doubled);
	tcase_add_test(tcase, tab_again_goes_round);
	tcase_add_test(tcase, shift_tab_starts_at_the_end);
	tcase_add_test(tcase, typing_between_starts_anew);
	tcase_add_test(tcase, an_empty_word_offers_everybody);
	tcase_add_test(tcase, nothing_to_offer_is_nothing);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
