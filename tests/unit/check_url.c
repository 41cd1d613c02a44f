/* url: addresses in texts; launch: other programs, without a shell. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tui/launch.h"
#include "tui/url.h"

/* A text, and the addresses in it, separated by blanks. */
static const struct {
	const char *text, *urls;
} texts[] = {
	{ "", "" },
	{ "nothing here: http:// or https://.", "" },
	{ "see https://example.org/a.", "https://example.org/a" },
	{ "HTTPS://EXAMPLE.ORG", "HTTPS://EXAMPLE.ORG" },
	{ "(https://example.org/a_(b))", "https://example.org/a_(b)" },
	{ "<https://example.org/a>, \"http://b.example\"",
	    "https://example.org/a http://b.example" },
	{ "xhttp://example.org http://b.example/?q=1&r=2!",
	    "http://b.example/?q=1&r=2" },
	{ "http://a.example\nhttp://b.example",
	    "http://a.example "
	    "http://b.example" },
	{ "mailto:ana@example.org, mailto:", "mailto:ana@example.org" },
	{ "javascript:alert(1) file:///etc/passwd data:text/html,x", "" },
	{ "http://\xd7\xa9\xd7\x9c.example/\xc3\xa9\xcc\x81 x",
	    "http://\xd7\xa9\xd7\x9c.example/\xc3\xa9\xcc\x81" },
	{ "http://a.example/\x1b]8;;x", "http://a.example/" },
	{ "http://[2001:db8::1]:80/x]", "http://[2001:db8::1]:80/x" },
};

START_TEST(addresses_end_where_people_mean)
{
	const char *text = texts[_i].text;
	size_t at = 0, start, end;
	char found[256] = "";

	while (url_next(text, strlen(text), at, &start, &end)) {
		ck_assert_uint_ge(start, at);
		ck_assert_uint_gt(end, start);
		snprintf(found + strlen(found), sizeof found - strlen(found),
		    "%s%.*s", found[0] != '\0' ? " " : "", (int)(end - start),
		    text + start);
		at = end;
	}
	ck_assert_str_eq(found, texts[_i].urls);
}
END_TEST

START_TEST(what_goes_out_is_printable)
{
	char all[256];
	struct bytes out;

	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (char)i;
	bytes_init(&out);
	url_encode(&out, all, sizeof all);
	for (size_t i = 0; i < out.size; i++)
		ck_assert(out.data[i] > ' ' && out.data[i] < 0x7f);
	ck_assert_ptr_nonnull(memmem(out.data, out.size, "%00%01", 6));
	ck_assert_ptr_nonnull(memmem(out.data, out.size, "%1B", 3));
	ck_assert_ptr_nonnull(memmem(out.data, out.size, "%9C", 3));
	bytes_free(&out);
}
END_TEST

/* -- terminals --------------------------------------------------------------- */

static const char *world[8][2];

static char *
get(const char *name)
{
	for (size_t i = 0; world[i][0] != NULL; i++)
		if (strcmp(world[i][0], name) == 0)
			return (char *)(uintptr_t)world[i][1];
	return NULL;
}

static bool
known(const char *name, const char *value, const char *name2,
    const char *value2)
{
	world[0][0] = name;
	world[0][1] = value;
	world[1][0] = name2;
	world[1][1] = value2;
	world[2][0] = NULL;
	return url_hyperlinks_known(get);
}

START_TEST(terminals_are_known_by_what_they_say)
{
	ck_assert(!known("TERM", "xterm-256color", "X", ""));
	ck_assert(known("TERM", "xterm-kitty", "X", ""));
	ck_assert(known("TERM", "xterm-256color", "VTE_VERSION", "7200"));
	ck_assert(!known("TERM", "xterm-256color", "VTE_VERSION", "4602"));
	ck_assert(!known("VTE_VERSION", "7200", "TMUX", "/tmp/x"));
	ck_assert(!known("VTE_VERSION", "7200", "STY", "1.pts"));
	world[3][0] = NULL;
	world[0][0] = "TMUX";
	world[0][1] = "/tmp/x";
	world[1][0] = "TERM_PROGRAM";
	world[1][1] = "tmux";
	world[2][0] = "TERM_PROGRAM_VERSION";
	world[2][1] = "3.4";
	ck_assert(url_hyperlinks_known(get));
	world[2][1] = "3.3a";
	ck_assert(!url_hyperlinks_known(get));
	world[2][1] = "next-3.6";
	ck_assert(!url_hyperlinks_known(get));
}
END_TEST

/* -- programs ---------------------------------------------------------------- */

START_TEST(a_command_is_words_and_nothing_else)
{
	const char *command = " say  \"two words\" $HOME `x` a\"b c\"d ";
	const char *words[LAUNCH_WORDS + 1];
	char copy[128];

	ck_assert_uint_eq(launch_split(command, copy, words), 5);
	ck_assert_str_eq(words[0], "say");
	ck_assert_str_eq(words[1], "two words");
	ck_assert_str_eq(words[2], "$HOME");
	ck_assert_str_eq(words[3], "`x`");
	ck_assert_str_eq(words[4], "ab cd");
	ck_assert_ptr_null(words[5]);
	ck_assert_uint_eq(launch_split("", copy, words), 0);
	ck_assert_uint_eq(launch_split("a a a a a a a a a a a a a a a a a",
			      copy, words),
	    0);
}
END_TEST

START_TEST(what_ends_is_no_zombie_and_what_hangs_is_ended)
{
	const char *const quick[] = { "true", NULL };
	const char *const slow[] = { "sleep", "1000", NULL };
	const char *const none[] = { "/nonexistent/program", NULL };
	struct launch launch = { .count = 0 };
	char problem[256] = "";

	ck_assert(!launch_start(&launch, none, NULL, 0, problem));
	ck_assert_ptr_nonnull(strstr(problem, "cannot be started"));
	ck_assert_uint_eq(launch.count, 0);
	ck_assert(launch_start(&launch, quick, NULL, 0, problem));
	while (launch.count > 0)
		launch_reap(&launch, 0, 0);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	for (int i = 0; i < LAUNCH_MOST; i++)
		ck_assert(launch_start(&launch, slow, NULL, 0, problem));
	ck_assert(!launch_start(&launch, slow, NULL, 0, problem));
	ck_assert_ptr_nonnull(strstr(problem, "run still"));
	launch_reap(&launch, 1000, 1000);
	ck_assert_uint_eq(launch.count, LAUNCH_MOST);
	while (launch.count > 0)
		launch_reap(&launch, 1001, 1000);
}
END_TEST

START_TEST(others_text_reaches_it_in_its_environment)
{
	char path[] = "/tmp/dchat-launch-XXXXXX", line[64] = "";
	const char *script = "printf %s \"$WORDS\" >\"$FILE\"";
	const char *const argv[] = { "sh", "-c", script, NULL };
	char file[64];
	const char *const more[] = { "WORDS=a;`id` $(id) 'b'", file, NULL };
	struct launch launch = { .count = 0 };
	int fd = mkstemp(path);
	char problem[256];

	ck_assert_int_ge(fd, 0);
	/* what was there under that name is not */
	setenv("WORDS", "of another time", 1);
	snprintf(file, sizeof file, "FILE=%s", path);
	ck_assert(launch_start(&launch, argv, more, 0, problem));
	while (launch.count > 0)
		launch_reap(&launch, 0, 0);
	ck_assert_int_gt(read(fd, line, sizeof line - 1), 0);
	ck_assert_str_eq(line, "a;`id` $(id) 'b'");
	close(fd);
	unlink(path);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("url");
	TCase *test = tcase_create("url");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(test, addresses_end_where_people_mean, 0,
	    sizeof texts / sizeof *texts);
	tcase_add_test(test, what_goes_out_is_printable);
	tcase_add_test(test, terminals_are_known_by_what_they_say);
	tcase_add_test(test, a_command_is_words_and_nothing_else);
	tcase_add_test(test, what_ends_is_no_zombie_and_what_hangs_is_ended);
	tcase_add_test(test, others_text_reaches_it_in_its_environment);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
