/*
 * linear: dchat in plain lines, on terminals that keep their own line editor
 * and behind pipes, with real peers; held against a strict terminal, which
 * counts every byte that is more than text.
 */
#include <check.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/home.h"
#include "tests/support/pty.h"

#define PATIENCE_MS 30000.0
enum { SEATS = 2 };
enum { ANA, BOB };

static struct pty seats[SEATS];
static size_t seat_count;

/* -- seats -------------------------------------------------------------- */

static _Noreturn void
miss(size_t who, const char *what, const char *text)
{
	struct bytes seen;

	bytes_init(&seen);
	terminal_text(&seats[who].screen, &seen);
	ck_abort_msg("%zu %s \"%s\":\n%.*s", who, what, text, (int)seen.size,
	    (const char *)seen.data);
	abort();
}

static void
hears(size_t who, const char *text)
{
	if (!pty_await_text(&seats[who], text, PATIENCE_MS))
		miss(who, "does not hear", text);
}

static void
types(size_t who, const char *keys)
{
	pty_type(&seats[who], keys);
}

static void
start(const char *const argv[], const char *terminal)
{
	struct pty_program program = { .argv = argv,
		.terminal = terminal,
		.rows = 60,
		.columns = 160 };

	pty_start(&seats[seat_count++], &program);
}

static void
sit(const char *nick, const char *terminal)
{
	const char *const argv[] = { pty_dchat(), "--linear", "--ephemeral",
		"--nick", nick, "--network", home.network, "--interface", "lo",
		"--discovery-port", home.port, NULL };

	start(argv, terminal);
}

/* Two people who know of each other. */
static void
two_sit(void)
{
	sit("ana", "dumb");
	sit("bob", NULL);
	hears(ANA, "here: bob");
	hears(BOB, "here: ana");
}

/* Nothing but text, and ends of lines, has come. */
static void
is_plain(size_t who)
{
	const struct terminal *screen = &seats[who].screen;

	ck_assert_uint_eq(screen->controls, 0);
	ck_assert_uint_eq(screen->strange, 0);
	ck_assert_uint_eq(screen->bells, 0);
	ck_assert_uint_eq(screen->mode_count, 0);
	ck_assert_uint_eq(screen->strings.size, 0);
}

static void
ends(size_t who, int status)
{
	ck_assert(pty_await_end(&seats[who], PATIENCE_MS));
	ck_assert(WIFEXITED(seats[who].status));
	ck_assert_int_eq(WEXITSTATUS(seats[who].status), status);
}

/* -- what they do ---------------------------------------------------------- */

START_TEST(two_people_talk)
{
	two_sit();
	types(ANA, "good morning\n");
	hears(BOB, "ana: good morning");
	types(BOB, "/reply shall we start?\n");
	hears(ANA, "bob answers \"ana: good morning\": shall we start?");
	types(ANA, "/react \xf0\x9f\x91\x8d\n");
	hears(BOB,
	    "ana reacts with \xf0\x9f\x91\x8d to bob: \"shall we start?\"");
	types(BOB, "/edit shall we go?\n");
	hears(ANA, "bob changes \"shall we start?\" to: shall we go?");
	types(BOB, "/me nods\n");
	hears(ANA, "* bob nods");
	types(BOB, "/delete\n");
	hears(ANA, "bob deletes what they said at ");
	types(ANA, "/join #ops\n");
	hears(ANA, "You are in #ops now.");
	types(BOB, "still in the lobby\n");
	hears(ANA, "#lobby, bob: still in the lobby");
	types(BOB, "/msg ana between us\n");
	hears(ANA, "@bob, bob: between us");
	types(BOB, "/topic tea at four\n");
	hears(ANA, "#lobby, bob set the topic: tea at four");
	is_plain(ANA);
	is_plain(BOB);
	types(BOB, "/quit\n");
	ends(BOB, 0);
	hears(ANA, "bob left");
}
END_TEST

START_TEST(foreign_text_is_only_text)
{
	two_sit();
	/* arrows and Alt+X, a family, Hebrew between, marks on marks */
	types(ANA,
	    "a\033[Ab\033xc \xf0\x9f\x91\xa9\xe2\x80\x8d"
	    "\xf0\x9f\x91\xa7 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d "
	    "\xe2\x80\xae"
	    "e\xcc\x81\xcc\x81 end\n");
	hears(BOB,
	    "ana: abc \xf0\x9f\x91\xa9\xf0\x9f\x91\xa7 "
	    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d "
	    "e\xcc\x81\xcc\x81 end");
	is_plain(BOB);
}
END_TEST

START_TEST(whatever_a_panel_shows_is_told)
{
	two_sit();
	types(ANA, "what stands here\n");
	hears(BOB, "ana: what stands here");
	types(BOB, "/ring\n");
	hears(BOB, "Ring of 2: ");
	types(BOB, "/clock\n");
	hears(BOB, "Clock of #lobby: ana 1; 0 held back");
	types(BOB, "/net\n");
	hears(BOB, "Links (this node listens on TCP");
	types(BOB, "/search stands\n");
	hears(BOB, "1 message with \"stands\" in #lobby:");
	types(BOB, "/search stands\n");
	hears(BOB, "1 message with \"stands\" in all rooms:");
	types(BOB, "/help react\n");
	hears(BOB, "/react [EMOJI]");
	types(BOB, "/help\n");
	hears(BOB, "/quit: Tell the others and leave dchat.");
	types(BOB, "/set bell\n");
	hears(BOB, "bell = on");
	types(BOB, "/filtre\n");
	hears(BOB, "did you mean /filter?");
	types(BOB, "/bind F5 help\n");
	hears(BOB, "the keys are the terminal's");
	types(BOB, "/theme\n");
	hears(BOB, "no colours to choose");
	types(BOB, "/alias hey /me waves at $1\n");
	hears(BOB, "/hey = /me waves at $1");
	types(BOB, "/hey ana\n");
	hears(ANA, "bob waves at ana");
	is_plain(BOB);
}
END_TEST

START_TEST(a_pipe_is_read_to_its_end)
{
	char command[1024];
	const char *const argv[] = { "sh", "-c", command, NULL };

	sit("bob", NULL);
	hears(0, "You are in #lobby now.");
	snprintf(command, sizeof command,
	    "printf '%%s\\n' one /join\\ #ops two /join\\ #lobby three | "
	    "'%s' --linear --ephemeral --nick pipe --network %s "
	    "--interface lo --discovery-port %s; echo ended with $?",
	    pty_dchat(), home.network, home.port);
	start(argv, NULL);
	hears(1, "pipe (you): one");
	hears(1, "You are in #ops now.");
	hears(1, "pipe (you): two");
	hears(1, "pipe (you): three");
	hears(1, "ended with 0");
	is_plain(1);
}
END_TEST

START_TEST(it_ends_as_it_is_asked_to)
{
	static const int numbers[] = { SIGTERM, SIGHUP };

	for (size_t i = 0; i < 2; i++) {
		sit("ana", NULL);
		hears(seat_count - 1, "You are in #lobby now.");
		pty_signal(&seats[seat_count - 1], numbers[i]);
		ends(seat_count - 1, 0);
	}
}
END_TEST

START_TEST(ctrl_d_and_ctrl_c_leave)
{
	sit("ana", NULL);
	hears(0, "You are in #lobby now.");
	types(0, "\004");
	ends(0, 0);
	sit("ana", NULL);
	hears(1, "You are in #lobby now.");
	types(1, "half a thought\003");
	hears(1, "Ctrl+C again quits");
	types(1, "\003");
	ends(1, 0);
}
END_TEST

/* -- the frame ------------------------------------------------------------- */

static void
stand_up(void)
{
	for (size_t i = 0; i < seat_count; i++)
		pty_end(&seats[i]);
	seat_count = 0;
}

int
main(void)
{
	Suite *suite = suite_create("linear");
	TCase *test = tcase_create("lines");
	SRunner *runner = srunner_create(suite);
	int failed;

	setlocale(LC_ALL, "C.UTF-8");
	home_enter("linear");
	tcase_set_timeout(test, 120);
	tcase_add_checked_fixture(test, NULL, stand_up);
	tcase_add_test(test, two_people_talk);
	tcase_add_test(test, foreign_text_is_only_text);
	tcase_add_test(test, whatever_a_panel_shows_is_told);
	tcase_add_test(test, a_pipe_is_read_to_its_end);
	tcase_add_test(test, it_ends_as_it_is_asked_to);
	tcase_add_test(test, ctrl_d_and_ctrl_c_leave);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	home_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
