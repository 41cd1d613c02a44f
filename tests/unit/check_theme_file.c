/* theme_file: a theme that a person wrote. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tui/theme_file.h"

static struct theme_file file;
static char problem[SHEET_PROBLEM];

static bool
parse(const char *text)
{
	problem[0] = '\0';
	return theme_file_parse(&file, text, strlen(text), "t", problem);
}

START_TEST(a_line_says_colours_and_attributes)
{
	const struct design *design = file.designs[0].styles;

	ck_assert_msg(parse("about = Mine\n"
			    "# a comment\n"
			    "plain = 222\n"
			    "mention = black on #ffBF00 bold ; urgent\n"
			    "error = bright-red underline italic\n"
			    "dim = dim\n"
			    "current = reverse on default\n"),
	    "%s", problem);
	ck_assert_str_eq(file.about, "Mine");
	ck_assert_int_eq(design[STYLE_PLAIN].ink, 222);
	ck_assert_int_eq(design[STYLE_PLAIN].paper, INK_OWN);
	ck_assert_int_eq(design[STYLE_MENTION].ink, 0);
	ck_assert_int_eq(design[STYLE_MENTION].paper, INK_EXACT | 0xffbf00);
	ck_assert(design[STYLE_MENTION].look.bold);
	ck_assert_int_eq(design[STYLE_ERROR].ink, 9);
	ck_assert(design[STYLE_ERROR].look.underline);
	ck_assert(design[STYLE_ERROR].look.italic);
	ck_assert(!design[STYLE_ERROR].look.bold);
	ck_assert_int_eq(design[STYLE_DIM].ink, INK_OWN);
	ck_assert(design[STYLE_DIM].look.dim);
	ck_assert(design[STYLE_CURRENT].look.reverse);
}
END_TEST

START_TEST(a_heading_is_for_one_background)
{
	ck_assert_msg(parse("key = 1\n[dark]\nkey = 2\nnicks = 3 4\n"
			    "nicks = 5\n[light]\nnotice = 6\n"),
	    "%s", problem);
	ck_assert_int_eq(file.designs[0].styles[STYLE_KEY].ink, 2);
	ck_assert_int_eq(file.designs[1].styles[STYLE_KEY].ink, 1);
	ck_assert_int_eq(file.designs[1].styles[STYLE_NOTICE].ink, 6);
	ck_assert_int_ne(file.designs[0].styles[STYLE_NOTICE].ink, 6);
	ck_assert_uint_eq(file.designs[0].nick_count, 3);
	ck_assert_int_eq(file.designs[0].nicks[2], 5);
	ck_assert_uint_eq(file.designs[1].nick_count, 0);
}
END_TEST

START_TEST(what_is_not_said_is_as_built_in)
{
	struct theme_design built_in;

	ck_assert(parse(""));
	for (int light = 0; light < 2; light++) {
		theme_design_init(&built_in, light);
		ck_assert_int_eq(memcmp(&built_in, &file.designs[light],
				     sizeof built_in),
		    0);
	}
}
END_TEST

static const struct {
	const char *text, *says;
} bad[] = {
	{ "\nplain = yelow\n",
	    "t:2: \"yelow\" is no colour and no attribute; perhaps yellow is "
	    "meant." },
	{ "plain = bald", "perhaps bold is meant" },
	{ "plain = 256", "a number from 0 to 255" },
	{ "plain = -1", "no colour" },
	{ "plain = #12345", "#rrggbb" },
	{ "plain = #12345g", "#rrggbb" },
	{ "plain = red blue", "t:1: \"blue\" is a second colour" },
	{ "plain = red on", "a colour is missing behind \"on\"" },
	{ "plain = red on bold", "\"bold\" is no colour" },
	{ "plain = on on red", "no colour" },
	{ "plane = red", "nothing is called \"plane\"; perhaps plain" },
	{ "wallpaper = red", "dchat-theme(5) lists" },
	{ "plain = 1\nplain = 2\n", "t:2: plain stands here a second time." },
	{ "[dim]\n", "t:1: there is no heading [dim]; write [dark] or" },
	{ "plain\n", "t:1: this is no part of a theme; write NAME = COLOUR" },
	{ "nicks = red nosuchthing\n", "\"nosuchthing\" is no colour" },
	{ "plain = \xff\n", "not UTF-8" },
};

START_TEST(what_is_wrong_is_a_sentence_with_the_line)
{
	ck_assert_msg(!parse(bad[_i].text), "%s", bad[_i].text);
	ck_assert_msg(strstr(problem, bad[_i].says) != NULL, "%s: %s",
	    bad[_i].text, problem);
}
END_TEST

START_TEST(nicks_have_so_many_colours_and_no_more)
{
	char text[400] = "nicks =";

	for (int i = 0; i < THEME_NICKS / 2; i++)
		strcat(text, " 7");
	strcat(text, "\nnicks =");
	for (int i = 0; i < THEME_NICKS / 2; i++)
		strcat(text, " 8");
	ck_assert_msg(parse(text), "%s", problem);
	strcat(text, " 9");
	ck_assert(!parse(text));
	ck_assert_ptr_nonnull(strstr(problem, "at most 64 colours"));
}
END_TEST

START_TEST(a_name_is_no_path)
{
	ck_assert(theme_name_good("high-contrast_2"));
	ck_assert(!theme_name_good(""));
	ck_assert(!theme_name_good("../passwd"));
	ck_assert(!theme_name_good("Dark"));
	ck_assert(!theme_name_good("a23456789012345678901234567890123"));
	ck_assert(!theme_file_load(&file, "../passwd", problem));
	ck_assert_ptr_nonnull(strstr(problem, "There is no theme"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("theme_file");
	TCase *tcase = tcase_create("theme_file");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, a_line_says_colours_and_attributes);
	tcase_add_test(tcase, a_heading_is_for_one_background);
	tcase_add_test(tcase, what_is_not_said_is_as_built_in);
	tcase_add_loop_test(tcase, what_is_wrong_is_a_sentence_with_the_line,
	    0, (int)(sizeof bad / sizeof *bad));
	tcase_add_test(tcase, nicks_have_so_many_colours_and_no_more);
	tcase_add_test(tcase, a_name_is_no_path);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
