/* custom: what a person makes of dchat: themes. */
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
	setenv("XDG_CONFIG_HOME", folder, 1);
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

/* -- themes ------------------------------------------------------------------ */

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
	ck_assert_uint_eq(seen_times("amber        Amber on black"), 1);
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
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
