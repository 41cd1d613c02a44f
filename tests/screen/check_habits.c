/*
 * habits: what people do all day, on real terminals with real peers.
 *
 * Each person sits at a pseudo-terminal, on which dchat runs by itself, in
 * tmux or in GNU screen (where they are installed), so that keys and frames
 * pass through what people really have between dchat and their eyes.
 */
#include <check.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/home.h"
#include "tests/support/pty.h"

#define PATIENCE_MS 30000.0
enum { SEATS = 3, ARGUMENTS = 32, TEXT = 160 };

enum place {
	BARE,
	TMUX,
	SCREEN,
	SHELL,		/* to be started from a prompt */
	PLACES,
};

static const char *const place_names[] = { "bare", "tmux", "screen", "shell" };
static const char *const place_programs[] = { "true", "tmux", "screen", "sh" };

static char screenrc[HOME_FOLDER + 16];

/* -- seats -------------------------------------------------------------- */

struct seat {
	struct pty pty;
	const char *nick;
	char name[64];		/* of its tmux or screen */
};

static struct seat seats[SEATS];
static size_t seat_count;

static size_t
put(const char **argv, size_t count, const char *const *more)
{
	for (; *more != NULL; more++)
		argv[count++] = *more;
	argv[count] = NULL;
	return count;
}

static _Noreturn void
miss(const struct seat *seat, const char *what, const char *text)
{
	struct bytes seen;

	bytes_init(&seen);
	terminal_text(&seat->pty.screen, &seen);
	ck_abort_msg("%s %s \"%s\":\n%.*s", seat->nick, what, text,
	    (int)seen.size, (const char *)seen.data);
	abort();
}

static void
sees(size_t who, const char *text)
{
	if (!pty_await_text(&seats[who].pty, text, PATIENCE_MS))
		miss(&seats[who], "does not see", text);
}

static void
sees_no_more(size_t who, const char *text)
{
	if (!pty_await_no_text(&seats[who].pty, text, PATIENCE_MS))
		miss(&seats[who], "still sees", text);
}

static bool
last_row_shows(const struct pty *pty, const void *text)
{
	return terminal_row_shows(&pty->screen, pty->screen.rows - 1, text);
}

static void
sees_at_the_bottom(size_t who, const char *text)
{
	if (!pty_await(&seats[who].pty, PATIENCE_MS, last_row_shows, text))
		miss(&seats[who], "does not see at the bottom", text);
}

static bool
status_shows(const struct pty *pty, const void *text)
{
	const struct terminal *screen = &pty->screen;

	/* a hint may stand between it and the input */
	return terminal_row_shows(screen, screen->rows - 2, text) ||
	    terminal_row_shows(screen, screen->rows - 3, text);
}

static void
sees_in_the_status(size_t who, const char *text)
{
	if (!pty_await(&seats[who].pty, PATIENCE_MS, status_shows, text))
		miss(&seats[who], "does not see in the status bar", text);
}

static bool
prompts(const struct pty *pty, const void *prompt)
{
	return terminal_row_shows(&pty->screen, pty->screen.row, prompt) &&
	    pty->screen.column == (int)strlen(prompt) + 1;
}

/* The shell has its terminal back. */
static void
sees_the_prompt(size_t who)
{
	if (!pty_await(&seats[who].pty, PATIENCE_MS, prompts, "what now?"))
		miss(&seats[who], "does not see the prompt", "");
}

static void
types(size_t who, const char *keys)
{
	pty_type(&seats[who].pty, keys);
}

/* What dchat runs in, then dchat itself. */
static void
sit(enum place place, const char *nick, const char *priority)
{
	struct seat *seat = &seats[seat_count++];
	const char *const tmux[] = { "tmux", "-L", seat->name, "-f",
		"/dev/null", "-u", "new-session", NULL };
	const char *const tmux_more[] = { ";", "set-option", "-g", "status",
		"off", ";", "set-option", "-s", "escape-time", "0", ";",
		"set-option", "-g", "destroy-unattached", "on", NULL };
	const char *const screen[] = { "screen", "-U", "-m", "-c", screenrc,
		"-S", seat->name, NULL };
	const char *const dchat[] = { pty_dchat(), "--ephemeral", "--nick",
		nick, "--network", home.network, "--interface", "lo",
		"--discovery-port", home.port, "--priority", priority, NULL };
	const char *argv[ARGUMENTS];
	struct pty_program program = { .argv = argv };
	char command[1024] = "";
	size_t count = 0;

	seat->nick = nick;
	snprintf(seat->name, sizeof seat->name, "%s-%s", home.network,
	    nick);
	if (place == TMUX) {
		/* tmux takes one argument for a shell's line */
		for (size_t i = 0; dchat[i] != NULL; i++) {
			strcat(command, i == 0 ? "exec '" : " '");
			strcat(strcat(command, dchat[i]), "'");
		}
		count = put(argv, put(argv, 0, tmux),
		    (const char *const[]){ command, NULL });
		put(argv, count, tmux_more);
	} else if (place == SHELL) {
		put(argv, 0, (const char *const[]){ "sh", "-i", NULL });
	} else {
		if (place == SCREEN)
			count = put(argv, 0, screen);
		put(argv, count, dchat);
	}
	pty_start(&seat->pty, &program);
	if (place != SHELL)
		return;
	sees_the_prompt(seat_count - 1);
	for (size_t i = 0; dchat[i] != NULL; i++) {
		pty_type(&seat->pty, dchat[i]);
		pty_type(&seat->pty, dchat[i + 1] != NULL ? " " : "\n");
	}
}

/* Two people in one place of a kind, who see each other. */
enum { ANA, BOB, EVE };

static bool
two_sit(enum place place)
{
	char command[64];

	snprintf(command, sizeof command, "command -v %s >/dev/null",
	    place_programs[place]);
	if (system(command) != 0)
		return false;
	sit(place, "ana", "100");
	sit(place, "bob", "100");
	/* both in the pane of members, and one of them leads */
	sees(ANA, "members 2");
	sees(BOB, "members 2");
	sees(ANA, "leads");
	sees(BOB, "leads");
	return true;
}

/* -- what they do ---------------------------------------------------------- */

START_TEST(two_people_talk)
{
	if (!two_sit((enum place)_i))
		return;
	types(ANA, "good morning\r");
	sees(ANA, "ana good morning");
	sees(BOB, "ana good morning");
	/* a nick, completed where a line begins */
	types(BOB, "an\t");
	sees_at_the_bottom(BOB, "> ana:");
	types(BOB, "shall we start?\r");
	sees(ANA, "bob ana: shall we start?");
	/* several lines in one message */
	types(ANA, "first one thing\033\rthen another");
	sees_at_the_bottom(ANA, "then another");
	types(ANA, "\r");
	sees(BOB, "ana first one thing");
	sees(BOB, "then another");
	types(BOB, "/me nods\r");
	sees(ANA, "bob nods");
	types(BOB, "/quit\r");
	ck_assert(pty_await_end(&seats[BOB].pty, PATIENCE_MS));
	sees(ANA, "members 1");
}
END_TEST

START_TEST(they_change_rooms)
{
	if (!two_sit((enum place)_i))
		return;
	types(ANA, "/join #ops\r");
	sees_at_the_bottom(ANA, "[#ops] >");
	types(BOB, "/join #ops\r");
	sees_at_the_bottom(BOB, "[#ops] >");
	sees(BOB, "members 2");
	types(BOB, "the pump is on\r");
	sees(ANA, "bob the pump is on");
	/* Alt+1, and back by Ctrl+N */
	types(ANA, "\0331");
	sees_at_the_bottom(ANA, "[#lobby] >");
	types(ANA, "half a thought");
	types(BOB, "and off again\r");
	sees(ANA, "2 #ops     1");
	types(ANA, "\016");
	sees(ANA, "bob and off again");
	sees_no_more(ANA, "half a thought");
	types(ANA, "\0331");
	sees_at_the_bottom(ANA, "[#lobby] > half a thought");
}
END_TEST

START_TEST(they_write_answer_and_look)
{
	if (!two_sit((enum place)_i))
		return;
	types(ANA, "what a mornin");
	sees(BOB, "ana is typing");
	types(ANA, "g\r");
	sees(BOB, "ana what a morning");
	sees_no_more(BOB, "ana is typing");
	types(BOB, "/react wow\r");
	sees(ANA, "wow 1");
	types(ANA, "/edit what an evening\r");
	sees(BOB, "what an evening (edited)");
	/* Alt+S, and all that is known of it */
	types(BOB, "\033s");
	sees(BOB, "wow bob");
	sees(BOB, "it was: what a morning");
	types(BOB, "rso it is\r");
	sees(ANA, "bob > ana: what an evening");
	sees_no_more(BOB, "it was: what a morning");
	types(ANA, "/delete\r");
	sees(BOB, "> ana: (deleted)");
}
END_TEST

START_TEST(they_read_back)
{
	char line[TEXT];

	if (!two_sit((enum place)_i))
		return;
	for (int i = 1; i <= 60; i++) {
		snprintf(line, sizeof line, "line number %d\r", i);
		types(ANA, line);
	}
	sees(BOB, "ana line number 60");
	types(BOB, "\033[5~");
	sees_no_more(BOB, "line number 60");
	types(ANA, "this one is below\r");
	sees(BOB, "1 new");
	ck_assert(!terminal_shows(&seats[BOB].pty.screen, "is below"));
	types(BOB, "\033[1;5F");
	sees(BOB, "ana this one is below");
	sees_no_more(BOB, "1 new");
}
END_TEST

START_TEST(they_resize_and_open_panels)
{
	if (!two_sit((enum place)_i))
		return;
	types(BOB, "in the middle of");
	sees_at_the_bottom(BOB, "> in the middle of");
	pty_resize(&seats[BOB].pty, 40, 120);
	sees_at_the_bottom(BOB, "> in the middle of");
	sees(BOB, "members 2");
	pty_resize(&seats[BOB].pty, 10, 40);
	sees_at_the_bottom(BOB, "> in the middle of");
	sees_no_more(BOB, "members 2");
	pty_resize(&seats[BOB].pty, 4, 18);
	sees(BOB, "dchat needs 20x5");
	pty_resize(&seats[BOB].pty, 24, 80);
	sees_at_the_bottom(BOB, "> in the middle of");
	sees(BOB, "members 2");
	types(BOB, "\033OP");
	sees(BOB, "scroll up a page");
	types(BOB, "\033");
	sees_no_more(BOB, "scroll up a page");
	sees(BOB, "members 2");
	types(BOB, "\033OQ");
	sees(BOB, "Ring  2 here");
	types(BOB, "\033");
	sees_no_more(BOB, "Ring  2 here");
	sees(BOB, "members 2");
}
END_TEST

START_TEST(the_leader_is_killed_before_their_eyes)
{
	if (_i == SCREEN)
		return;
	sit(BARE, "eve", "200");
	sit((enum place)_i, "ana", "150");
	sit((enum place)_i, "bob", "100");
	for (size_t who = 0; who < 3; who++)
		sees(who, "members 3");
	for (size_t who = 1; who < 3; who++)
		sees_in_the_status(who, "eve leads");
	pty_signal(&seats[0].pty, SIGKILL);
	/* what happened, then how things are */
	for (size_t who = 1; who < 3; who++)
		sees_in_the_status(who, "elected in");
	for (size_t who = 1; who < 3; who++) {
		ck_assert(status_shows(&seats[who].pty, "eve is gone"));
		sees(who, "members 2/3");
	}
	sees_in_the_status(1, "ana (you) leads");
	sees_in_the_status(2, "ana leads");
	types(2, "long live ana\r");
	sees(1, "bob long live ana");
}
END_TEST

START_TEST(one_leaves_it_for_the_shell_and_comes_back)
{
	sit(SHELL, "ana", "100");
	sees(0, "ana (you) leads");
	types(0, "half a sen");
	sees_at_the_bottom(0, "> half a sen");
	types(0, "\032");
	sees(0, "topped");	/* as shells differ in case */
	sees_the_prompt(0);
	types(0, "echo in the $((20 + 3))rd row\n");
	sees(0, "in the 23rd row");
	sees_the_prompt(0);
	types(0, "fg\n");
	sees_at_the_bottom(0, "> half a sen");
	types(0, "\025/quit\r");
	sees_the_prompt(0);
	types(0, "echo after $((40 + 2))\n");
	sees(0, "after 42");
	sees_the_prompt(0);
	types(0, "exit\n");
	ck_assert(pty_await_end(&seats[0].pty, PATIENCE_MS));
}
END_TEST

/* -- all of it --------------------------------------------------------------- */

static void
stand_up(void)
{
	for (size_t i = 0; i < seat_count; i++)
		pty_end(&seats[i].pty);
	seat_count = 0;
}

static void
make_screenrc(void)
{
	FILE *file;

	snprintf(screenrc, sizeof screenrc, "%s/screenrc", home.folder);
	file = fopen(screenrc, "w");
	if (file == NULL) {
		perror(screenrc);
		exit(EXIT_FAILURE);
	}
	fputs("startup_message off\nautodetach off\nmaptimeout 10\n", file);
	fclose(file);
}

static TCase *
add_case(Suite *suite, const char *name)
{
	TCase *test = tcase_create(name);

	tcase_set_timeout(test, 120);
	tcase_add_checked_fixture(test, NULL, stand_up);
	suite_add_tcase(suite, test);
	return test;
}

int
main(void)
{
	Suite *suite = suite_create("habits");
	TCase *test = add_case(suite, "everywhere");
	TCase *shell = add_case(suite, place_names[SHELL]);
	SRunner *runner = srunner_create(suite);
	int failed;

	setlocale(LC_ALL, "C.UTF-8");
	home_enter("habits");
	setenv("PS1", "what now? ", 1);
	make_screenrc();
	tcase_add_loop_test(test, two_people_talk, 0, SHELL);
	tcase_add_loop_test(test, they_change_rooms, 0, SHELL);
	tcase_add_loop_test(test, they_write_answer_and_look, 0, SHELL);
	tcase_add_loop_test(test, they_read_back, 0, SHELL);
	tcase_add_loop_test(test, they_resize_and_open_panels, 0, SHELL);
	tcase_add_loop_test(test, the_leader_is_killed_before_their_eyes, 0,
	    SHELL);
	tcase_add_test(shell, one_leaves_it_for_the_shell_and_comes_back);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	home_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
