/* alias: commands that a person has made. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tui/alias.h"

static const char *const aliases[] = {
	"hi /me waves at $1",
	"j /join",
	"both /msg $1 $2-",
	"say $* $* costs $$1 or $",
	"plain good morning",
	"outer /inner $1 x",
	"inner /me $2 $1",
	"round /round",
	"ping /pong",
	"pong /ping",
	"greet /waves twice",
	"twice /thrice $* $*",
	"thrice /four $* $*",
	"four /five $* $*",
	"five $* $* $* $*",
};

static const struct {
	const char *line, *result;
} good[] = {
	{ "/hi bob", "/me waves at bob" },
	{ "/HI bob and eve", "/me waves at bob" },
	{ "/j #ops", "/join #ops" },
	{ "/j", "/join" },
	{ "/both bob  are you there?  ", "/msg bob are you there?" },
	{ "/both bob", "/msg bob " },
	{ "/say a  b", "a  b a  b costs $1 or $" },
	{ "/plain", "good morning" },
	{ "/plain you", "good morning you" },
	{ "/outer y", "/me x y" },
	/* what is no alias stays as it is */
	{ "hi bob", NULL },
	{ "//hi bob", NULL },
	{ "/h bob", NULL },
	{ "/join #ops", NULL },
	{ "/", NULL },
	{ "", NULL },
};

static char problem[256];

static char *
expand(const char *line)
{
	enum { COUNT = sizeof aliases / sizeof *aliases };
	char *copies[COUNT], *result;

	for (int i = 0; i < COUNT; i++)
		copies[i] = strdup(aliases[i]);
	strcpy(problem, "?");
	result = alias_expand(copies, COUNT, line, problem);
	for (int i = 0; i < COUNT; i++)
		free(copies[i]);
	return result;
}

START_TEST(a_line_becomes_what_its_alias_stands_for)
{
	char *result = expand(good[_i].line);

	ck_assert_str_eq(problem, "");
	if (good[_i].result == NULL)
		ck_assert_ptr_null(result);
	else
		ck_assert_str_eq(result, good[_i].result);
	free(result);
}
END_TEST

START_TEST(a_word_that_is_missing_is_asked_for)
{
	ck_assert_ptr_null(expand("/hi"));
	ck_assert_str_eq(problem,
	    "/hi wants 1 word behind it: it stands for /me waves at $1");
	ck_assert_ptr_null(expand("/inner a"));
	ck_assert_ptr_nonnull(strstr(problem, "/inner wants 2 words"));
}
END_TEST

START_TEST(a_circle_ends_with_a_sentence)
{
	ck_assert_ptr_null(expand("/round"));
	ck_assert_str_eq(problem,
	    "/round goes round in a circle; /alias lists what stands for "
	    "what.");
	ck_assert_ptr_null(expand("/ping"));
	ck_assert_ptr_nonnull(strstr(problem, "/ping goes round"));
}
END_TEST

static bool
leads_on(const char *line)
{
	return alias_leads_on((char *const *)aliases, sizeof aliases / sizeof *aliases,
	    line, problem);
}

START_TEST(a_circle_is_seen_when_it_is_made)
{
	ck_assert(!leads_on("x /x"));
	ck_assert_str_eq(problem,
	    "/x would come back to itself; let it stand for something else.");
	ck_assert(!leads_on("x /X again"));
	ck_assert(!leads_on("waves /greet you"));
	ck_assert_ptr_nonnull(strstr(problem, "to itself by /greet;"));
	/* a part of a name, a text, and an end */
	ck_assert(leads_on("x /xy"));
	ck_assert(leads_on("x x"));
	ck_assert(leads_on("x //x"));
	ck_assert(leads_on("x /me /x"));
	/* what it replaces counts no more, and others' circles are theirs */
	ck_assert(leads_on("round /me turns"));
	ck_assert(leads_on("x /ping"));
}
END_TEST

START_TEST(what_grows_and_grows_ends_too)
{
	char line[LIMIT_TEXT] = "/twice ";

	memset(line + 7, 'x', 1000);
	ck_assert_ptr_null(expand(line));
	ck_assert_ptr_nonnull(strstr(problem, "at most 8192 can be taken"));
}
END_TEST

static const struct {
	const char *text, *kept, *says;
} lines[] = {
	{ "hi /me waves", "hi /me waves", NULL },
	{ "/hi  /me waves  at  $1", "hi /me waves  at  $1", NULL },
	{ "Hi /me waves", NULL, "\"Hi\" is no name for a command" },
	{ "a/b /me", NULL, "is no name for a command" },
	{ "a234567890123456789012345678901234 x", NULL, "up to 32" },
	{ "join /part", NULL, "/join is a command already" },
	{ "hi", NULL, "/hi wants a text to stand for" },
	{ "hi  ", NULL, "/hi wants a text to stand for" },
	{ "hi /me a\nb", NULL, "a single line" },
};

START_TEST(a_definition_is_checked)
{
	char *kept = alias_line(lines[_i].text, problem);

	if (lines[_i].kept != NULL) {
		ck_assert_str_eq(kept, lines[_i].kept);
	} else {
		ck_assert_ptr_null(kept);
		ck_assert_msg(strstr(problem, lines[_i].says) != NULL, "%s",
		    problem);
	}
	free(kept);
}
END_TEST

START_TEST(a_definition_fits_in_a_line_of_the_file)
{
	char text[ALIAS_LINE + 2] = "hi ";

	memset(text + 3, 'x', sizeof text - 4);
	ck_assert_ptr_null(alias_line(text, problem));
	ck_assert_ptr_nonnull(strstr(problem, "at most 140 bytes"));
	text[ALIAS_LINE] = '\0';
	free(alias_line(text, problem));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("alias");
	TCase *tcase = tcase_create("alias");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, a_line_becomes_what_its_alias_stands_for, 0,
	    (int)(sizeof good / sizeof *good));
	tcase_add_test(tcase, a_word_that_is_missing_is_asked_for);
	tcase_add_test(tcase, a_circle_ends_with_a_sentence);
	tcase_add_test(tcase, a_circle_is_seen_when_it_is_made);
	tcase_add_test(tcase, what_grows_and_grows_ends_too);
	tcase_add_loop_test(tcase, a_definition_is_checked, 0,
	    (int)(sizeof lines / sizeof *lines));
	tcase_add_test(tcase, a_definition_fits_in_a_line_of_the_file);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
