/*
 * urls: addresses in what people say, on a real terminal: where each cell
 * leads, after all that curses does and leaves undone; what is opened, and
 * what is copied.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/home.h"
#include "tests/support/pty.h"

#define PATIENCE_MS 30000.0

#define SHORT "https://example.org/a?b=c&d"
#define OTHER "http://example.net/(x)"
#define LONG                                                                   \
	"https://example.com/a/very/long/path/that/goes/on/and/on/"            \
	"until/no/row/of/this/terminal/has/any/room/for/it/whatever/it/does"

static struct pty pty;

static void
shows(const char *text)
{
	struct bytes seen;

	if (pty_await_text(&pty, text, PATIENCE_MS))
		return;
	bytes_init(&seen);
	terminal_text(&pty.screen, &seen);
	ck_abort_msg("\"%s\" is not shown:\n%.*s", text, (int)seen.size,
	    (const char *)seen.data);
}

static void
types(const char *keys)
{
	pty_type(&pty, keys);
}

static void
stand_up(void)
{
	const char *const argv[] = { pty_dchat(), "--ephemeral", "--nick",
		"zoe", "--network", home.network, "--interface", "lo",
		"--discovery-port", home.port, NULL };
	struct pty_program program = { .argv = argv,
		.rows = 24,
		.columns = 120 };

	pty_start(&pty, &program);
	shows("zoe (you) leads");
}

static void
sit_down(void)
{
	ck_assert_msg(pty.screen.strange == 0, "%zu strange, first: %s",
	    pty.screen.strange, pty.screen.first_strange);
	pty_end(&pty);
}

static void
hyperlinks_on(void)
{
	types("/set hyperlinks on\r");
	shows("hyperlinks = on");
	types("/clear\r");
}

/* -- where the cells lead -------------------------------------------------- */

/* All cells that lead there, from left to right and from row to row. */
static void
cells_of(const struct terminal *screen, uint32_t lead, struct bytes *out)
{
	for (int i = 0; i < screen->rows * screen->columns; i++) {
		const struct terminal_cell *cell = &screen->cells[i];
		char c = (char)cell->points[0];

		if (cell->lead == lead && cell->count == 1)
			bytes_append(out, &c, 1);
	}
}

struct places {
	const char *url;
	size_t times;
};

/* The address is there so often, each time whole, and leads there. */
static bool
leads(const struct pty *any, const void *argument)
{
	const struct places *places = argument;
	size_t size = strlen(places->url);
	struct bytes cells;
	bool good;

	bytes_init(&cells);
	cells_of(&any->screen, terminal_lead(places->url, size), &cells);
	good = cells.size == places->times * size;
	for (size_t i = 0; good && i < places->times; i++)
		good = memcmp(cells.data + i * size, places->url, size) == 0;
	bytes_free(&cells);
	return good;
}

static void
leads_times(const char *url, size_t times)
{
	struct places places = { url, times };

	ck_assert_msg(pty_await(&pty, PATIENCE_MS, leads, &places),
	    "%s does not lead there %zu times", url, times);
}

/* Of all others none leads anywhere. */
static void
nothing_else_leads(void)
{
	static const char *const urls[] = { SHORT, OTHER, LONG };

	for (int i = 0; i < pty.screen.rows * pty.screen.columns; i++) {
		uint32_t lead = pty.screen.cells[i].lead;
		bool known = lead == 0;

		for (size_t k = 0; k < 3; k++)
			known |=
			    lead == terminal_lead(urls[k], strlen(urls[k]));
		ck_assert_msg(known, "cell %d leads somewhere", i);
	}
}

START_TEST(an_address_leads_there_wherever_it_goes)
{
	hyperlinks_on();
	types("look (" SHORT "), or " OTHER ".\r");
	shows("look (");
	leads_times(SHORT, 1);
	leads_times(OTHER, 1);
	/* it moves up, and the same letters stand where it was */
	types("look (" SHORT "), or not\r");
	leads_times(SHORT, 2);
	leads_times(OTHER, 1);
	types("look (ittps://example.org/a?b=c&d), or not\r");
	shows("(ittps");
	leads_times(SHORT, 2);
	leads_times(OTHER, 1);
	nothing_else_leads();
	/* a panel covers it */
	types("\033OP");
	shows("scroll up a page");
	leads_times(SHORT, 0);
	leads_times(OTHER, 0);
	types("\033");
	leads_times(SHORT, 2);
	leads_times(OTHER, 1);
	/* painted anew */
	types("\014");
	leads_times(SHORT, 2);
	pty_resize(&pty, 30, 110);
	leads_times(SHORT, 2);
	leads_times(OTHER, 1);
	types("/set hyperlinks off\r");
	leads_times(SHORT, 0);
	nothing_else_leads();
}
END_TEST

START_TEST(what_is_wrapped_is_one)
{
	struct bytes strings;
	const char *last = NULL, *before = NULL;

	hyperlinks_on();
	types("all of " LONG " is one\r");
	shows("zoe all of");
	leads_times(LONG, 1);
	shows("\xe2\x9c\x93\xe2\x9c\x93");
	nothing_else_leads();
	bytes_init(&strings);
	bytes_append(&strings, pty.screen.strings.data,
	    pty.screen.strings.size);
	bytes_append(&strings, "", 1);
	/* once it is safe: its last two parts */
	for (const char *at = (const char *)strings.data;
	     (at = strstr(at, "8;id=")) != NULL; at++) {
		before = last;
		last = at;
	}
	ck_assert_ptr_nonnull(before);
	ck_assert_mem_eq(before, last, strcspn(last, "\n"));
	bytes_free(&strings);
}
END_TEST

START_TEST(a_terminal_that_is_not_known_gets_none)
{
	types("look " SHORT "\r");
	shows("zoe look");
	leads_times(SHORT, 0);
	nothing_else_leads();
}
END_TEST

/* -- what is done with them -------------------------------------------------- */

static bool
file_is_there(const struct pty *any, const void *path)
{
	(void)any;
	return access(path, R_OK) == 0;
}

START_TEST(it_is_opened_without_a_shell)
{
	char path[HOME_FOLDER + 16], line[256] = "";
	FILE *file;

	types("see " SHORT " and http://example.net/$(id);'x\xc3\xa9\r");
	shows("zoe see");
	types("/url\r");
	shows("1  " SHORT);
	shows("2  http://example.net/$(id);'x\xc3\xa9");
	types("/open 2\r");
	snprintf(path, sizeof path, "%s/opened", home.folder);
	ck_assert(pty_await(&pty, PATIENCE_MS, file_is_there, path));
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
	ck_assert_str_eq(line, "--new http://example.net/$(id);'x%C3%A9 2\n");
	fclose(file);
	types("/open 3\r");
	shows("There are 2 addresses here");
}
END_TEST

static bool
copied(const struct pty *any, const void *text)
{
	const struct bytes *strings = &any->screen.strings;
	size_t size = strlen(text);

	for (size_t i = 0; i + size <= strings->size; i++)
		if (memcmp(strings->data + i, text, size) == 0)
			return true;
	return false;
}

START_TEST(what_is_copied_is_what_is_read)
{
	types("h\xc3\xa9 \xf0\x9f\x91\x8d " SHORT "\r");
	shows("\xe2\x9c\x93\xe2\x9c\x93");
	/* Alt+S goes there; "hé 👍 https://..." */
	types("\033sc");
	ck_assert(pty_await(&pty, PATIENCE_MS, copied,
	    "52;c;aMOpIPCfkY0gaHR0cHM6Ly9leGFtcGxlLm9yZy9hP2I9YyZk\n"));
	shows("copied");
	types("\033");
	ck_assert(pty_await_no_text(&pty, "copied", PATIENCE_MS));
	types("/edit nothing\r");
	shows("(edited)");
	types("\033sc");
	/* "nothing" */
	ck_assert(pty_await(&pty, PATIENCE_MS, copied, "52;c;bm90aGluZw==\n"));
	ck_assert(pty_await_text(&pty, "copied", PATIENCE_MS));
	types("/edit " SHORT "\r");
	shows("zoe " SHORT);
	types("/copy 1\r");
	ck_assert(pty_await(&pty, PATIENCE_MS, copied,
	    "52;c;aHR0cHM6Ly9leGFtcGxlLm9yZy9hP2I9YyZk\n"));
}
END_TEST

/* -- the frame ------------------------------------------------------------- */

static void
make_browser(void)
{
	char path[HOME_FOLDER + 32];
	FILE *file;

	snprintf(path, sizeof path, "%s/browser", home.folder);
	file = fopen(path, "w");
	if (file == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	fprintf(file,
	    "#!/bin/sh\nprintf '%%s %%s %%d\\n' \"$@\" $# >'%s/part'\n"
	    "mv '%s/part' '%s/opened'\n",
	    home.folder, home.folder, home.folder);
	fclose(file);
	chmod(path, 0700);
	strcat(path, " --new %s:other");
	setenv("BROWSER", path, 1);
}

int
main(void)
{
	Suite *suite = suite_create("urls");
	TCase *test = tcase_create("urls");
	SRunner *runner = srunner_create(suite);
	int failed;

	setlocale(LC_ALL, "C.UTF-8");
	home_enter("urls");
	make_browser();
	tcase_set_timeout(test, 120);
	tcase_add_checked_fixture(test, stand_up, sit_down);
	tcase_add_test(test, an_address_leads_there_wherever_it_goes);
	tcase_add_test(test, what_is_wrapped_is_one);
	tcase_add_test(test, a_terminal_that_is_not_known_gets_none);
	tcase_add_test(test, it_is_opened_without_a_shell);
	tcase_add_test(test, what_is_copied_is_what_is_read);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	home_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
