/*
 * theme: what is said in colour can be read, and is said in a word as well.
 *
 * Contrast is that of the Web Content Accessibility Guidelines 2.2 (W3C
 * 2023, "relative luminance", "contrast ratio"), computed here from what
 * curses was told, and at least 4.5 (level AA) for all that is text.
 */
#include <check.h>
#include <curses.h>
#include <dirent.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/screen.h"
#include "tui/theme.h"
#include "tui/theme_file.h"

/* A black terminal and one that is only dark; the same in light. */
static const int dark[][3] = { { 0, 0, 0 }, { 0x1c, 0x1c, 0x1c } };
static const int light[][3] = { { 255, 255, 255 }, { 0xf5, 0xf5, 0xf5 } };

static FILE *null_device;
static struct screen *screen;

static const struct theme *
theme_of(const char *terminal, const char *colorfgbg)
{
	char problem[256];

	setlocale(LC_ALL, "C.UTF-8");
	unsetenv("NO_COLOR");
	setenv("COLORFGBG", colorfgbg, 1);
	null_device = fopen("/dev/null", "r+");
	screen = screen_open(terminal, null_device, null_device, false, 0,
	    problem);
	return screen == NULL ? NULL : screen_theme(screen);
}

static void
close_theme(void)
{
	screen_close(screen);
	screen = NULL;
	if (null_device != NULL)
		fclose(null_device);
}

/* -- contrast ------------------------------------------------------------- */

static double
channel(int value)
{
	double v = value / 255.0;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double
luminance(const int rgb[3])
{
	return 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) +
	    0.0722 * channel(rgb[2]);
}

static double
contrast(const int one[3], const int other[3])
{
	double a = luminance(one) + 0.05, b = luminance(other) + 0.05;

	return a > b ? a / b : b / a;
}

/* Of xterm's palette, above the sixteen that a person may have changed. */
static void
colour_of(int number, int rgb[3])
{
	static const int steps[] = { 0, 95, 135, 175, 215, 255 };

	/* as xterm has them, if the person did not change them */
	static const int basic[] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
		0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
		0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };

	if (COLORS <= 16) {
		rgb[0] = basic[number] >> 16;
		rgb[1] = basic[number] >> 8 & 255;
		rgb[2] = basic[number] & 255;
	} else if (COLORS > 256 && number >= 8) {
		rgb[0] = number >> 16;
		rgb[1] = number >> 8 & 255;
		rgb[2] = number & 255;
	} else if (number >= 232) {
		rgb[0] = rgb[1] = rgb[2] = 8 + (number - 232) * 10;
	} else {
		ck_assert_int_ge(number, 16);
		rgb[0] = steps[(number - 16) / 36];
		rgb[1] = steps[(number - 16) / 6 % 6];
		rgb[2] = steps[(number - 16) % 6];
	}
}

/* The least contrast of a style with either ground, or with its own. */
static double
style_contrast(const struct look *look, const int grounds[2][3])
{
	int ink, paper, rgb[3], behind[3];
	double one, other;

	ck_assert_int_eq(extended_pair_content(look->pair, &ink, &paper), OK);
	/* reversed, the terminal's own ground is the text */
	if (ink == -1)
		return 21;
	colour_of(ink, rgb);
	if (paper != -1) {
		colour_of(paper, behind);
		return contrast(rgb, behind);
	}
	one = contrast(rgb, grounds[0]);
	other = contrast(rgb, grounds[1]);
	return one < other ? one : other;
}

static void
can_be_read(const char *name, const struct theme *theme,
    const int grounds[2][3], double wanted)
{
	double least = 21;

	for (int style = 0; style < STYLE_NICK + (int)theme->nicks; style++) {
		const struct look *look = &theme->looks[style];
		double own;

		/* a line that frames is no text */
		if (look->pair == 0 || style == STYLE_BORDER)
			continue;
		own = style_contrast(look, grounds);
		ck_assert_msg(own >= wanted, "%s, style %d: contrast %.2f",
		    name, style, own);
		least = own < least ? own : least;
	}
	printf("%-12s on %-5s of %8d colours: contrast at least %5.2f:1\n",
	    name, grounds[0][0] < 128 ? "dark" : "light", COLORS, least);
}

static const char *const terminals[] = { "xterm-256color", "xterm-direct" };

START_TEST(all_text_can_be_read_on_a_dark_background)
{
	const struct theme *theme = theme_of(terminals[_i], "15;0");

	if (theme != NULL)
		can_be_read("dark", theme, dark, 4.5);
}
END_TEST

START_TEST(all_text_can_be_read_on_a_light_background)
{
	const struct theme *theme = theme_of(terminals[_i], "0;15");

	if (theme != NULL)
		can_be_read("light", theme, light, 4.5);
}
END_TEST

/* The few colours of a terminal are not ours to choose: as xterm has them, on
 * black and on white, they are readable as large text is (3:1, level AA). */
START_TEST(few_colours_can_be_read_too)
{
	static const int grounds[2][2][3] = {
		{ { 0, 0, 0 }, { 0, 0, 0 } },
		{ { 255, 255, 255 }, { 255, 255, 255 } },
	};
	static const char *const few[] = { "xterm", "xterm-16color" };
	const struct theme *theme =
	    theme_of(few[_i / 2], _i % 2 == 0 ? "15;0" : "0;15");

	if (theme != NULL)
		can_be_read(_i % 2 == 0 ? "dark" : "light", theme,
		    grounds[_i % 2], 3);
}
END_TEST

/* -- those that are installed --------------------------------------------- */

enum { THEMES = 32 };

static char installed[THEMES][THEME_NAME + 1];
static int installed_count;

static const char *
themes_folder(void)
{
	static char path[512];
	const char *top = getenv("top_srcdir");

	snprintf(path, sizeof path, "%s/themes", top != NULL ? top : ".");
	return path;
}

/* All there are: who adds one has it tested. */
static void
find_installed(void)
{
	DIR *folder = opendir(themes_folder());
	const struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		const char *ending = strstr(entry->d_name, ".theme");

		if (ending == NULL || ending[6] != '\0' ||
		    installed_count == THEMES)
			continue;
		snprintf(installed[installed_count++], THEME_NAME + 1, "%.*s",
		    (int)(ending - entry->d_name), entry->d_name);
	}
	if (folder != NULL)
		closedir(folder);
}

/* "contrast" promises the most (level AAA). */
static double
promised(const char *name)
{
	return strcmp(name, "contrast") == 0 ? 7 : 4.5;
}

static void
read_installed(const char *name, struct theme_file *file)
{
	char path[600], problem[SHEET_PROBLEM] = "";
	struct bytes text;

	ck_assert(theme_name_good(name));
	snprintf(path, sizeof path, "%s/%s.theme", themes_folder(), name);
	bytes_init(&text);
	ck_assert_msg(sheet_load(path, &text, problem), "%s: %s", path,
	    problem);
	ck_assert_msg(theme_file_parse(file, (const char *)text.data,
			  text.size, path, problem), "%s", problem);
	ck_assert_str_ne(file->about, "");
	bytes_free(&text);
}

START_TEST(all_text_of_installed_themes_can_be_read)
{
	const char *terminal = terminals[_i / 2 % 2], *name = installed[_i / 4];
	bool is_light = _i % 2;
	struct theme_file file;

	read_installed(name, &file);
	if (theme_of(terminal, is_light ? "0;15" : "15;0") == NULL)
		return;
	screen_set_theme(screen, THEME_FILE, file.designs);
	can_be_read(name, screen_theme(screen), is_light ? light : dark,
	    promised(name));
}
END_TEST

/* With fewer colours nothing disappears: text and ground stay two. */
START_TEST(installed_themes_show_everything_with_few_colours)
{
	static const char *const few[] = { "xterm", "xterm-16color", "vt100" };
	const struct theme *theme = theme_of(few[_i % 3], "");
	struct theme_file file;

	if (theme == NULL)
		return;
	read_installed(installed[_i / 3], &file);
	screen_set_theme(screen, THEME_FILE, file.designs);
	for (int style = 0; style < STYLE_NICK + (int)theme->nicks; style++) {
		int ink, paper;

		if (theme->looks[style].pair == 0)
			continue;
		extended_pair_content(theme->looks[style].pair, &ink, &paper);
		ck_assert_int_ne(ink, paper);
		ck_assert_int_lt(ink, COLORS);
		ck_assert_int_lt(paper, COLORS);
	}
}
END_TEST

/* -- nicks ---------------------------------------------------------------- */

START_TEST(nicks_have_many_colours_and_no_two_the_same)
{
	const struct theme *theme =
	    theme_of("xterm-256color", _i == 0 ? "15;0" : "0;15");

	ck_assert_uint_ge(theme->nicks, 16);
	for (unsigned i = 0; i < theme->nicks; i++)
		for (unsigned j = 0; j < i; j++) {
			int one, other, ground;

			extended_pair_content(
			    theme->looks[STYLE_NICK + i].pair, &one, &ground);
			extended_pair_content(
			    theme->looks[STYLE_NICK + j].pair, &other,
			    &ground);
			ck_assert_int_ne(one, other);
		}
}
END_TEST

START_TEST(a_nick_has_its_colour_from_the_key_alone)
{
	const struct theme *theme = theme_of("xterm-256color", "");
	unsigned used[THEME_NICKS] = { 0 }, different = 0;

	for (unsigned i = 0; i < 256; i++) {
		struct id id = { { (uint8_t)i, (uint8_t)(i * 31) } };
		int style = theme_nick_style(theme, &id);

		ck_assert_int_eq(style, theme_nick_style(theme, &id));
		ck_assert_int_ge(style, STYLE_NICK);
		ck_assert_int_lt(style, STYLE_NICK + (int)theme->nicks);
		different += used[style - STYLE_NICK]++ == 0;
	}
	ck_assert_uint_ge(different, theme->nicks * 9 / 10);
}
END_TEST

/* -- fewer colours, and none ---------------------------------------------- */

static const struct {
	const char *terminal;
	int colours;
} depths[] = {
	{ "vt100", 0 },
	{ "xterm", 8 },
	{ "xterm-16color", 16 },
	{ "xterm-256color", 256 },
};

/* Nothing is asked of a terminal that it has not. */
START_TEST(each_depth_keeps_to_its_colours)
{
	const struct theme *theme = theme_of(depths[_i].terminal, "");

	if (theme == NULL)	/* its description is not installed */
		return;
	ck_assert_uint_ge(theme->nicks, 1);
	for (int style = 0; style < STYLE_NICK + (int)theme->nicks; style++) {
		int ink = -1, ground = -1;

		if (theme->looks[style].pair == 0)
			continue;
		ck_assert_int_gt(depths[_i].colours, 0);
		extended_pair_content(theme->looks[style].pair, &ink,
		    &ground);
		ck_assert_int_lt(ink, depths[_i].colours);
	}
}
END_TEST

START_TEST(no_color_leaves_attributes_only)
{
	const struct theme *theme;
	char problem[256];

	setlocale(LC_ALL, "C.UTF-8");
	setenv("NO_COLOR", "1", 1);
	null_device = fopen("/dev/null", "r+");
	screen = screen_open("xterm-256color", null_device, null_device, false,
	    0, problem);
	theme = screen_theme(screen);
	for (int style = 0; style < STYLE_NICK + (int)theme->nicks; style++)
		ck_assert_int_eq(theme->looks[style].pair, 0);
	ck_assert(theme->looks[STYLE_CURRENT].reverse);
	ck_assert(theme->looks[STYLE_MENTION].bold);
	ck_assert(theme->looks[STYLE_ERROR].bold);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("theme");
	TCase *test = tcase_create("theme");
	SRunner *runner = srunner_create(suite);
	int failed;

	find_installed();
	tcase_add_checked_fixture(test, NULL, close_theme);
	tcase_add_loop_test(test, all_text_can_be_read_on_a_dark_background,
	    0, 2);
	tcase_add_loop_test(test, all_text_can_be_read_on_a_light_background,
	    0, 2);
	tcase_add_loop_test(test, few_colours_can_be_read_too, 0, 4);
	tcase_add_loop_test(test, all_text_of_installed_themes_can_be_read, 0,
	    4 * installed_count);
	tcase_add_loop_test(test,
	    installed_themes_show_everything_with_few_colours, 0,
	    3 * installed_count);
	tcase_add_loop_test(test, nicks_have_many_colours_and_no_two_the_same,
	    0, 2);
	tcase_add_test(test, a_nick_has_its_colour_from_the_key_alone);
	tcase_add_loop_test(test, each_depth_keeps_to_its_colours, 0, 4);
	tcase_add_test(test, no_color_leaves_attributes_only);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
