/* config: the file of settings, read and written. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/config.h"

static struct setting_values values;
static char problem[CONFIG_PROBLEM];
static char folder[64];

static void
setup(void)
{
	setting_values_init(&values);
	strcpy(folder, "/tmp/check_config.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
teardown(void)
{
	char command[128];

	setting_values_free(&values);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static bool
parse_as(const char *text, const char *profile)
{
	problem[0] = '\0';
	return config_parse(&values, text, strlen(text), "conf", profile,
	    problem);
}

static bool
parse(const char *text)
{
	return parse_as(text, NULL);
}

static void
is_set(enum setting_id id, const char *expected)
{
	char *text = setting_written(&values, id);

	ck_assert_str_eq(text, expected);
	free(text);
}

START_TEST(settings_are_taken_from_it)
{
	ck_assert_msg(parse("# a comment\n"
			    "; another\n"
			    "\n"
			    "nick = ana\n"
			    "  bell=off   ; too loud\n"
			    "theme : light\r\n"
			    "rooms = #lobby #ops\n"
			    "rooms = #lab\n"
			    "nick-width = 20"),
	    "%s", problem);
	is_set(SETTING_ID_NICK, "ana");
	is_set(SETTING_ID_BELL, "off");
	is_set(SETTING_ID_THEME, "light");
	is_set(SETTING_ID_ROOMS, "#lobby #ops #lab");
	is_set(SETTING_ID_NICK_WIDTH, "20");
	ck_assert_int_eq(values.items[SETTING_ID_NICK].origin, SETTING_BY_FILE);
	ck_assert(!values.items[SETTING_ID_NICK].unsaved);
}
END_TEST

START_TEST(nothing_in_it_changes_nothing)
{
	ck_assert(parse(""));
	ck_assert(parse("\n\n# only this\n"));
	ck_assert(parse("\xef\xbb\xbfnick = ana\n"));
	is_set(SETTING_ID_NICK, "ana");
}
END_TEST

START_TEST(a_section_is_for_its_profile_alone)
{
	static const char text[] = "network = lan2\nrooms = #a\n"
				   "[lab]\nnetwork = lab\nrooms = #b\n"
				   "[other]\nnetwork = other\n";

	ck_assert_msg(parse(text), "%s", problem);
	is_set(SETTING_ID_NETWORK, "lan2");
	is_set(SETTING_ID_ROOMS, "#a");
	ck_assert_msg(parse_as(text, "lab"), "%s", problem);
	is_set(SETTING_ID_NETWORK, "lab");
	is_set(SETTING_ID_ROOMS, "#b");
}
END_TEST

START_TEST(the_command_line_wins)
{
	ck_assert(setting_set(&values, SETTING_ID_NICK, "bob",
	    SETTING_BY_OPTION, "--nick", problem));
	ck_assert(setting_add(&values, SETTING_ID_ROOMS, "#x",
	    SETTING_BY_OPTION, "--room", problem));
	ck_assert(parse("nick = ana\nrooms = #a\nrooms = #b\nport = 4000\n"));
	is_set(SETTING_ID_NICK, "bob");
	is_set(SETTING_ID_ROOMS, "#x");
	is_set(SETTING_ID_PORT, "4000");
	/* and yet what is wrong there is told */
	ck_assert(!parse("nick = a b\n"));
}
END_TEST

static const struct {
	const char *text, *says;
} bad[] = {
	{ "nick = -\n", "punctuation" },
	{ "bell = maybe\n", "conf:1: bell wants on or off, not \"maybe\"." },
	{ "\n\nport = 70000", "conf:3: port wants a whole number from 0 to" },
	{ "nik = ana\n",
	    "conf:1: there is no setting \"nik\"; perhaps "
	    "nick is meant." },
	{ "frobnicate = 1\n", "conf:1: there is no setting \"frobnicate\"" },
	{ "nick-w = 9\n", "there is no setting" },
	{ "nick = ana\nnick = bob\n", "conf:2: nick is set in line 1 already" },
	{ "bind = F99 help\n", "conf:1: bind: There is no key F99" },
	{ "bind = F5 frobnicate\n", "conf:1: bind: There is no action frob" },
	{ "alias = a /b\nalias = b /a\n",
	    "conf:2: alias: /b would come back to itself by /a;" },
	{ "alias = join /part\n", "conf:1: alias: /join is a command" },
	{ "nick\n", "conf:1: this is no setting" },
	{ "# fine\n[lab\n", "conf:2: this is no setting" },
	{ "nick = ana\nwhat is this\nbell = 7\n", "conf:2: this is no" },
	{ "bell = 7\nwhat is this\n", "conf:1: bell wants" },
	{ "rooms = @lobby\n", "conf:1: rooms: " },
	{ "[other]\nbell = 7\n", "conf:2: bell wants" },
	{ "nick = \xff\n", "conf:1: this line is not UTF-8" },
	{ "log =\n", "conf:1: log wants a text" },
};

START_TEST(what_is_wrong_is_told_with_its_line)
{
	ck_assert(!parse(bad[_i].text));
	ck_assert_msg(strncmp(problem, "conf:", 5) == 0 &&
		strstr(problem, bad[_i].says) != NULL,
	    "%s", problem);
	ck_assert_int_eq(strpbrk(problem, "\n") == NULL, 1);
	ck_assert_int_eq(problem[strlen(problem) - 1], '.');
}
END_TEST

START_TEST(a_line_too_long_is_told_instead_of_cut)
{
	char text[400];

	strcpy(text, "interfaces = ");
	memset(text + strlen(text), 'x', 300);
	strcpy(text + 313, "\n");
	ck_assert(!parse(text));
	ck_assert_ptr_nonnull(strstr(problem, "conf:1: this line is longer"));
}
END_TEST

START_TEST(a_nul_is_told)
{
	static const char text[] = "nick = a\0b\n";

	ck_assert(!config_parse(&values, text, sizeof text - 1, "conf", NULL,
	    problem));
	ck_assert_ptr_nonnull(strstr(problem, "conf:1: this line is not"));
}
END_TEST

/* -- writing ----------------------------------------------------------- */

static void
set(enum setting_id id, const char *text)
{
	ck_assert_msg(setting_set(&values, id, text, SETTING_BY_PERSON,
			  setting_table[id].name, problem),
	    "%s", problem);
}

static void
edits_to(const char *text, const char *profile, const char *expected)
{
	char *edited =
	    config_edit(&values, text, strlen(text), profile, problem);

	ck_assert_msg(edited != NULL, "%s", problem);
	ck_assert_str_eq(edited, expected);
	free(edited);
}

START_TEST(what_is_set_is_changed_in_its_place_and_comments_stay)
{
	set(SETTING_ID_BELL, "off");
	set(SETTING_ID_THEME, "dark");
	edits_to("# mine\n\n  bell = on  ; loud\nnick = ana\n\n# end\n", NULL,
	    "# mine\n\nbell = off  ; loud\nnick = ana\n\n# end\n"
	    "theme = dark\n");
}
END_TEST

START_TEST(what_is_reset_goes_and_what_is_not_touched_stays)
{
	ck_assert(parse("nick = ana\nbell = off\nrooms = #a\nrooms = #b\n"));
	setting_reset(&values, SETTING_ID_BELL);
	set(SETTING_ID_ROOMS, "#c #d");
	edits_to("nick = ana\nbell = off\nrooms = #a\nrooms = #b\n", NULL,
	    "nick = ana\nrooms = #c #d\n");
}
END_TEST

START_TEST(a_profile_has_its_own_section)
{
	set(SETTING_ID_BELL, "off");
	edits_to("bell = on\n[x]\nbell = on\n", "lab",
	    "bell = on\n[x]\nbell = on\n\n[lab]\nbell = off\n");
	edits_to("bell = on\n[lab]\nnick = a\n\n[x]\nbell = on\n", "lab",
	    "bell = on\n[lab]\nnick = a\nbell = off\n\n[x]\nbell = on\n");
	edits_to("nick = a\n[x]\nbell = on\n", "default",
	    "nick = a\nbell = off\n[x]\nbell = on\n");
	edits_to("", "default",
	    "# Settings of dchat; dchat.conf(5) tells what they mean.\n"
	    "bell = off\n");
}
END_TEST

START_TEST(a_long_list_is_written_in_several_lines)
{
	char text[1024] = "", expected[1024], *edited;

	for (int i = 0; i < 60; i++)
		sprintf(text + strlen(text), "#room%d ", 100 + i);
	set(SETTING_ID_ROOMS, text);
	edited = config_edit(&values, "", 0, NULL, problem);
	ck_assert_ptr_nonnull(edited);
	strcpy(expected, text);
	expected[strlen(expected) - 1] = '\0';
	setting_reset(&values, SETTING_ID_ROOMS);
	ck_assert_msg(parse(edited), "%s", problem);
	is_set(SETTING_ID_ROOMS, expected);
	free(edited);
}
END_TEST

START_TEST(keys_and_aliases_are_lines_of_their_own)
{
	static const char text[] = "# mine\n"
				   "bind = F5 next-room ; as ever\n"
				   "alias = hi /me waves at $1\n"
				   "bind = alt+x page-up\n"
				   "bind = F6 /topic\n"
				   "# end\n";

	ck_assert_msg(parse(text), "%s", problem);
	is_set(SETTING_ID_BIND,
	    "F5 next-room, Alt+X page-up, F6 /topic");
	is_set(SETTING_ID_ALIAS, "hi /me waves at $1");
	ck_assert(setting_put_line(&values, SETTING_ID_BIND, "F5 room-2",
	    problem));
	ck_assert(setting_put_line(&values, SETTING_ID_BIND, "F7 none",
	    problem));
	ck_assert(setting_drop_line(&values, SETTING_ID_BIND, "F6"));
	ck_assert(!setting_drop_line(&values, SETTING_ID_BIND, "F6"));
	edits_to(text, NULL,
	    "# mine\n"
	    "bind = F5 room-2 ; as ever\n"
	    "alias = hi /me waves at $1\n"
	    "bind = Alt+X page-up\n"
	    "# end\n"
	    "bind = F7 none\n");
	ck_assert(setting_drop_line(&values, SETTING_ID_ALIAS, "hi"));
	edits_to("alias = hi /me waves\n[lab]\nbind = F5 help\n", "lab",
	    "alias = hi /me waves\n[lab]\nbind = F5 room-2\n"
	    "bind = Alt+X page-up\nbind = F7 none\n");
	edits_to("alias = hi /me waves\nbell = off\n", NULL,
	    "bell = off\nbind = F5 room-2\nbind = Alt+X page-up\n"
	    "bind = F7 none\n");
}
END_TEST

START_TEST(there_are_only_so_many_of_them)
{
	char line[32];

	for (int i = 0; i < SETTING_LINES_MOST; i++) {
		snprintf(line, sizeof line, "a%d x", i);
		ck_assert(setting_put_line(&values, SETTING_ID_ALIAS, line,
		    problem));
	}
	ck_assert(!setting_put_line(&values, SETTING_ID_ALIAS, "b x",
	    problem));
	ck_assert_ptr_nonnull(strstr(problem, "100 of them already"));
	ck_assert(setting_put_line(&values, SETTING_ID_ALIAS, "a7 y",
	    problem));
}
END_TEST

START_TEST(a_file_is_made_with_its_folders_for_its_owner_alone)
{
	char path[128];
	struct stat about;

	snprintf(path, sizeof path, "%s/a/b/config", folder);
	set(SETTING_ID_BELL, "off");
	ck_assert_msg(config_save(&values, path, NULL, problem), "%s", problem);
	ck_assert(!values.items[SETTING_ID_BELL].unsaved);
	ck_assert_int_eq(stat(path, &about), 0);
	ck_assert_int_eq(about.st_mode & 0777, 0600);
	setting_reset(&values, SETTING_ID_BELL);
	ck_assert_msg(config_read(&values, path, true, NULL, problem), "%s",
	    problem);
	is_set(SETTING_ID_BELL, "off");
}
END_TEST

START_TEST(a_link_stays_a_link_and_the_mode_stays)
{
	char path[128], real[128];
	struct stat about;
	FILE *file;

	snprintf(path, sizeof path, "%s/config", folder);
	snprintf(real, sizeof real, "%s/real", folder);
	file = fopen(real, "w");
	fputs("# kept\n", file);
	fclose(file);
	ck_assert_int_eq(chmod(real, 0640), 0);
	ck_assert_int_eq(symlink("real", path), 0);
	set(SETTING_ID_BELL, "off");
	ck_assert_msg(config_save(&values, path, NULL, problem), "%s", problem);
	ck_assert_int_eq(lstat(path, &about), 0);
	ck_assert(S_ISLNK(about.st_mode));
	ck_assert_int_eq(stat(real, &about), 0);
	ck_assert_int_eq(about.st_mode & 0777, 0640);
}
END_TEST

START_TEST(where_nothing_can_be_written_or_read_a_sentence_says_so)
{
	char path[128];

	snprintf(path, sizeof path, "%s/none", folder);
	ck_assert(config_read(&values, path, false, NULL, problem));
	ck_assert(!config_read(&values, path, true, NULL, problem));
	ck_assert_ptr_nonnull(strstr(problem, path));
	ck_assert(!config_read(&values, folder, false, NULL, problem));
	ck_assert_ptr_nonnull(strstr(problem, "cannot be read"));
	set(SETTING_ID_BELL, "off");
	ck_assert(!config_save(&values, "/proc/none/config", NULL, problem));
	ck_assert_ptr_nonnull(strstr(problem, "cannot be written"));
	ck_assert(values.items[SETTING_ID_BELL].unsaved);
}
END_TEST

START_TEST(the_usual_place_follows_the_environment)
{
	char *path;

	setenv("HOME", "/home/ana", 1);
	unsetenv("XDG_CONFIG_HOME");
	path = config_path();
	ck_assert_str_eq(path, "/home/ana/.config/dchat/config");
	free(path);
	setenv("XDG_CONFIG_HOME", "not/absolute", 1);
	path = config_path();
	ck_assert_str_eq(path, "/home/ana/.config/dchat/config");
	free(path);
	setenv("XDG_CONFIG_HOME", "/etc/ana", 1);
	path = config_path();
	ck_assert_str_eq(path, "/etc/ana/dchat/config");
	free(path);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("config");
	TCase *tcase = tcase_create("config");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, settings_are_taken_from_it);
	tcase_add_test(tcase, nothing_in_it_changes_nothing);
	tcase_add_test(tcase, a_section_is_for_its_profile_alone);
	tcase_add_test(tcase, the_command_line_wins);
	tcase_add_loop_test(tcase, what_is_wrong_is_told_with_its_line, 0,
	    (int)(sizeof bad / sizeof *bad));
	tcase_add_test(tcase, a_line_too_long_is_told_instead_of_cut);
	tcase_add_test(tcase, a_nul_is_told);
	tcase_add_test(tcase,
	    what_is_set_is_changed_in_its_place_and_comments_stay);
	tcase_add_test(tcase, what_is_reset_goes_and_what_is_not_touched_stays);
	tcase_add_test(tcase, a_profile_has_its_own_section);
	tcase_add_test(tcase, a_long_list_is_written_in_several_lines);
	tcase_add_test(tcase, keys_and_aliases_are_lines_of_their_own);
	tcase_add_test(tcase, there_are_only_so_many_of_them);
	tcase_add_test(tcase,
	    a_file_is_made_with_its_folders_for_its_owner_alone);
	tcase_add_test(tcase, a_link_stays_a_link_and_the_mode_stays);
	tcase_add_test(tcase,
	    where_nothing_can_be_written_or_read_a_sentence_says_so);
	tcase_add_test(tcase, the_usual_place_follows_the_environment);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
