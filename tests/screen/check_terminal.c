/*
 * terminal: dchat on a pseudo-terminal, byte by byte.
 *
 * Whatever happens to it, the terminal is given back as it was, each mode
 * that was set is reset, and nothing a stranger writes gets out as anything
 * but a character.  The program calls itself for what the real dchat cannot
 * be made to do from outside:
 *
 *   check_terminal hostile    the interface with evil texts in every place
 *   check_terminal die        a screen, then die()
 *   check_terminal overrun    a screen, then no end of calls
 *   check_terminal job ARG... as a shell runs a job: prints "stopped 1" when
 *                             it is, and continues it at the next line
 */
#include <check.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/die.h"
#include "tests/screen/fake_dchat.h"
#include "tests/support/home.h"
#include "tests/support/peer.h"
#include "tests/support/pty.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/setting.h"

#define PATIENCE_MS 20000.0

/* Modes that a program has to reset, however often it set them. */
static const unsigned modes[] = { 1000, 1004, 1006, 1049, 2004, 2026 };

static const char *self;
static const char *const dchat_argv[] = { "", "--ephemeral", "--nick", "zoe",
	"--network", home.network, "--interface", "lo", "--discovery-port",
	home.port, NULL };

/* -- dchat at work ------------------------------------------------------- */

static struct pty pty;

static void
start(const char *terminal)
{
	const char *argv[16];
	struct pty_program program = { .argv = argv, .terminal = terminal };

	memcpy(argv, dchat_argv, sizeof dchat_argv);
	argv[0] = pty_dchat();
	pty_start(&pty, &program);
}

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
start_and_settle(void)
{
	start(NULL);
	shows("zoe (you) leads");
}

static void
nothing_strange(void)
{
	ck_assert_msg(pty.screen.strange == 0, "%zu strange, first: %s",
	    pty.screen.strange, pty.screen.first_strange);
}

static void
attributes_are_back(void)
{
	struct termios now;

	pty_attributes(&pty, &now);
	ck_assert_uint_eq(now.c_iflag, pty.before.c_iflag);
	ck_assert_uint_eq(now.c_oflag, pty.before.c_oflag);
	ck_assert_uint_eq(now.c_cflag, pty.before.c_cflag);
	ck_assert_uint_eq(now.c_lflag, pty.before.c_lflag);
	ck_assert_mem_eq(now.c_cc, pty.before.c_cc, sizeof now.c_cc);
}

static void
terminal_is_back(void)
{
	const struct terminal_mode *cursor = terminal_mode(&pty.screen, 25);

	attributes_are_back();
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		ck_assert_msg(!terminal_mode_is_on(&pty.screen, modes[i]),
		    "mode %u is left on", modes[i]);
	ck_assert(cursor == NULL || cursor->on);
	nothing_strange();
}

/* Each was set as often as it was reset. */
static void
modes_are_balanced(void)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		const struct terminal_mode *mode =
		    terminal_mode(&pty.screen, modes[i]);

		if (mode != NULL)
			ck_assert_msg(mode->times_on == mode->times_off,
			    "mode %u: %zu times on, %zu times off", modes[i],
			    mode->times_on, mode->times_off);
	}
}

static void
ends(void)
{
	ck_assert_msg(pty_await_end(&pty, PATIENCE_MS), "it does not end");
}

static void
exits_with(int status)
{
	ends();
	ck_assert(WIFEXITED(pty.status));
	ck_assert_int_eq(WEXITSTATUS(pty.status), status);
}

/* -- after any end ------------------------------------------------------- */

START_TEST(leaving_gives_the_terminal_back)
{
	start_and_settle();
	ck_assert(terminal_mode_is_on(&pty.screen, 1049));
	ck_assert(terminal_mode_is_on(&pty.screen, 2004));
	pty_type(&pty, "/quit\r");
	exits_with(0);
	terminal_is_back();
	modes_are_balanced();
}
END_TEST

START_TEST(what_was_set_and_not_saved_is_told_at_the_end)
{
	start_and_settle();
	pty_type(&pty, "/set bell off\r/alias hi /me waves\r\033t");
	shows("/hi = /me waves");
	pty_type(&pty, "/quit\r");
	exits_with(0);
	terminal_is_back();
	ck_assert(terminal_shows(&pty.screen,
	    "dchat: bell and alias were set for this run alone; /save"));
}
END_TEST

START_TEST(where_nothing_is_lost_nothing_is_told_at_the_end)
{
	start_and_settle();
	/* what has a key is found again */
	pty_type(&pty, "\033t/quit\r");
	exits_with(0);
	ck_assert(!terminal_shows(&pty.screen, "dchat:"));
}
END_TEST

static bool
is_called(const struct pty *any, const void *title)
{
	const struct bytes *strings = &any->screen.strings;
	size_t size = strlen(title);

	return strings->size > size + 3 &&
	    memcmp(strings->data + strings->size - size - 3, "2;", 2) == 0 &&
	    memcmp(strings->data + strings->size - size - 1, title, size) == 0;
}

static bool
has_titles(const struct pty *any, const void *count)
{
	return any->screen.titles == *(const size_t *)count;
}

START_TEST(the_window_is_named_after_the_room)
{
	start_and_settle();
	ck_assert(pty_await(&pty, PATIENCE_MS, is_called, "#lobby - dchat"));
	pty_type(&pty, "/join #ops\r");
	ck_assert(pty_await(&pty, PATIENCE_MS, is_called, "#ops - dchat"));
	ck_assert_uint_eq(pty.screen.titles, 2);
	pty_type(&pty, "/set title off\r");
	ck_assert(pty_await(&pty, PATIENCE_MS, has_titles, &(size_t){ 1 }));
	pty_type(&pty, "/set title on\r");
	ck_assert(pty_await(&pty, PATIENCE_MS, has_titles, &(size_t){ 2 }));
	pty_type(&pty, "/quit\r");
	exits_with(0);
	terminal_is_back();
	ck_assert_uint_eq(pty.screen.titles, 0);
}
END_TEST

/* Terminals without a window would show it. */
START_TEST(a_console_is_given_no_name)
{
	start("linux");
	if (!pty_await_text(&pty, "zoe (you) leads", PATIENCE_MS))
		return;
	ck_assert_uint_eq(pty.screen.strings.size, 0);
	ck_assert_uint_eq(pty.screen.titles, 0);
}
END_TEST

/* Its shape, and whether it blinks, are the person's. */
START_TEST(the_cursor_is_left_as_it_is)
{
	start_and_settle();
	pty_type(&pty, "\033OP");
	shows("Keys: rooms");
	pty_type(&pty, "\033");
	pty_await_no_text(&pty, "Keys: rooms", PATIENCE_MS);
	pty_type(&pty, "/quit\r");
	exits_with(0);
	ck_assert_ptr_null(terminal_mode(&pty.screen, 12));
}
END_TEST

START_TEST(the_mouse_is_the_terminals_unless_asked_for)
{
	start_and_settle();
	ck_assert_ptr_null(terminal_mode(&pty.screen, 1000));
	pty_type(&pty, "/set mouse on\r");
	shows("mouse = on");
	ck_assert(terminal_mode_is_on(&pty.screen, 1000));
	ck_assert(terminal_mode_is_on(&pty.screen, 1006));
	pty_type(&pty, "/quit\r");
	exits_with(0);
	terminal_is_back();
	modes_are_balanced();
}
END_TEST

static const int endings[] = { SIGTERM, SIGHUP, SIGINT };

START_TEST(a_signal_that_ends_it_gives_the_terminal_back)
{
	start_and_settle();
	pty_signal(&pty, endings[_i]);
	exits_with(0);
	terminal_is_back();
	modes_are_balanced();
}
END_TEST

/* In a build with sanitizers, these leave the signals to the program. */
static const char SIGNALS_ARE_OURS[] = "handle_segv=0:handle_sigbus=0:"
    "handle_sigfpe=0:handle_sigill=0:handle_abort=0";

static const int crashes[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };

START_TEST(a_crash_gives_the_terminal_back)
{
	setenv("ASAN_OPTIONS", SIGNALS_ARE_OURS, 1);
	start_and_settle();
	pty_signal(&pty, crashes[_i]);
	ends();
	ck_assert(WIFSIGNALED(pty.status));
	ck_assert_int_eq(WTERMSIG(pty.status), crashes[_i]);
	terminal_is_back();
}
END_TEST

START_TEST(to_die_gives_the_terminal_back_before_the_last_word)
{
	const char *argv[] = { self, "die", NULL };
	struct pty_program program = { .argv = argv };

	pty_start(&pty, &program);
	exits_with(1);
	terminal_is_back();
	ck_assert(terminal_shows(&pty.screen, "dchat: The last word."));
}
END_TEST

START_TEST(a_stack_that_runs_over_gives_the_terminal_back)
{
	const char *argv[] = { self, "overrun", NULL };
	struct pty_program program = { .argv = argv };

	setenv("ASAN_OPTIONS", SIGNALS_ARE_OURS, 1);
	pty_start(&pty, &program);
	ends();
	ck_assert(WIFSIGNALED(pty.status));
	ck_assert_int_eq(WTERMSIG(pty.status), SIGSEGV);
	terminal_is_back();
}
END_TEST

/* What goes wrong behind the first frame is said on the terminal one had. */
START_TEST(a_start_that_fails_gives_the_terminal_back_and_says_why)
{
	static const struct {
		const char *option, *value, *sentence;
		int status;
	} starts[] = {
		{ "--profile", ".hidden", "A profile's name is", 2 },
		{ "--interface", "nosuch0", "nosuch0", 2 },
		{ "--log", "/dev/null/log", "cannot be written", 2 },
	};

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		const char *argv[] = { pty_dchat(), "--network",
			home.network,
			"--ephemeral", starts[i].option, starts[i].value, NULL };
		struct pty_program program = { .argv = argv };

		pty_start(&pty, &program);
		exits_with(starts[i].status);
		terminal_is_back();
		modes_are_balanced();
		ck_assert_msg(
		    terminal_shows(&pty.screen, starts[i].sentence),
		    "%s %s", starts[i].option, starts[i].value);
		pty_end(&pty);
	}
	start_and_settle();
}
END_TEST

START_TEST(when_the_terminal_goes_it_goes_too)
{
	start_and_settle();
	close(pty.master);
	close(pty.slave);
	pty.master = pty.slave = -1;
	ck_assert(pty_await_end(&pty, PATIENCE_MS));
}
END_TEST

/* -- a terminal that cannot ---------------------------------------------- */

START_TEST(a_terminal_that_cannot_be_painted_on_is_told_so)
{
	static const char *const terminals[] = { "dumb", "nosuchterminal" };

	for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
		start(terminals[i]);
		exits_with(2);
		attributes_are_back();
		ck_assert(terminal_shows(&pty.screen, terminals[i]));
		ck_assert_uint_eq(pty.screen.mode_count, 0);
		nothing_strange();
		pty_end(&pty);
	}
	start_and_settle();
}
END_TEST

/* -- that takes nothing ----------------------------------------------------- */

static struct crowd crowd;

/* ana says it, and zoe, whose terminal shows nothing, has it. */
static void
say_and_reach(struct peer *ana, unsigned number, char text[static 16])
{
	char filling[1500];
	json_t *answer;
	const char *msg;

	snprintf(text, 16, "number %u", number);
	memset(filling, 'a' + (char)(number % 26), sizeof filling - 1);
	filling[sizeof filling - 1] = '\0';
	answer = peer_ask(&crowd, ana, PATIENCE_MS, "{s:s, s:s, s:s++}",
	    "cmd", "say", "room", "#lobby", "text", filling, " ", text);
	ck_assert(answer != NULL && event_is(answer, "ok"));
	msg = event_text(answer, "msg");
	ck_assert_msg(peer_await(&crowd, ana, "delivered", "msg", msg,
	    PATIENCE_MS) != NULL, "%s does not reach zoe", text);
}

/* It is stopped (Ctrl+S), or nobody reads what is written to it. */
START_TEST(a_terminal_that_takes_nothing_holds_nobody_up)
{
	const char *const arguments[] = { "--ephemeral", "--nick", "ana",
		"--network", home.network, "--interface", "lo",
		"--discovery-port", home.port, NULL };
	bool stopped = _i == 0;
	struct peer *ana;
	char text[16];

	start_and_settle();
	ana = peer_start(&crowd, NULL, arguments);
	ck_assert(peer_await(&crowd, ana, "peer", "nick", "zoe",
	    PATIENCE_MS) != NULL);
	shows("ana");
	if (stopped)
		ck_assert_int_eq(tcflow(pty.slave, TCOOFF), 0);
	/* unread, it takes some 64 KiB all the same */
	for (unsigned i = 0; i < (stopped ? 5 : 100); i++)
		say_and_reach(ana, i, text);
	if (stopped)
		ck_assert_int_eq(tcflow(pty.slave, TCOON), 0);
	shows(text);
	pty_type(&pty, "still here\r");
	shows("zoe still here");
	pty_type(&pty, "/quit\r");
	exits_with(0);
	terminal_is_back();
	crowd_end(&crowd);
}
END_TEST

/* One leaves it alone then, and does not wait for it for ever. */
START_TEST(a_terminal_that_takes_nothing_can_be_left)
{
	start_and_settle();
	ck_assert_int_eq(tcflow(pty.slave, TCOOFF), 0);
	pty_type(&pty, "/quit\r");
	ends();
	attributes_are_back();
}
END_TEST

static const char *const kinds[] = { "xterm-256color", "xterm", "linux",
	"screen", "screen-256color", "tmux-256color", "vt100", "vt220",
	"rxvt-unicode-256color" };

START_TEST(each_kind_of_terminal_is_painted_and_given_back)
{
	start(kinds[_i]);
	if (!pty_await_text(&pty, "zoe (you) leads", PATIENCE_MS)) {
		/* its description may not be installed */
		exits_with(2);
		ck_assert(terminal_shows(&pty.screen, "is not known here"));
		return;
	}
	pty_type(&pty, "hello\r");
	shows("zoe hello");
	pty_type(&pty, "/quit\r");
	exits_with(0);
	terminal_is_back();
	modes_are_balanced();
}
END_TEST

/* -- its background -------------------------------------------------------- */

static bool
asked(const struct pty *any, const void *unused)
{
	const struct bytes *strings = &any->screen.strings;

	(void)unused;
	return strings->size > 0 &&
	    memmem(strings->data, strings->size, "11;?\n", 5) != NULL;
}

static int
ink_of_border(const struct pty *any)
{
	return any->screen.cells[0].ink;
}

static bool
border_differs(const struct pty *any, const void *ink)
{
	return ink_of_border(any) != *(const int *)ink;
}

static void
ask_and_settle(void)
{
	start(NULL);
	ck_assert(pty_await(&pty, PATIENCE_MS, asked, NULL));
	shows("zoe (you) leads");
}

START_TEST(the_terminal_is_asked_whether_it_is_light)
{
	int ink;

	ask_and_settle();
	ink = ink_of_border(&pty);
	pty_type(&pty, "hel\033]11;rgb:ffff/ffff/eeee\033\\lo");
	shows("> hello");
	ck_assert(pty_await(&pty, PATIENCE_MS, border_differs, &ink));
	ck_assert(!terminal_shows(&pty.screen, "rgb"));
}
END_TEST

START_TEST(a_dark_one_stays_as_it_is)
{
	int ink;

	ask_and_settle();
	ink = ink_of_border(&pty);
	pty_type(&pty, "\033]11;rgb:1e1e/1e1e/2e2e\007hello");
	shows("> hello");
	ck_assert_int_eq(ink_of_border(&pty), ink);
}
END_TEST

/* A slow line brings it byte by byte, each after the patience with ESC. */
START_TEST(an_answer_in_pieces_is_not_typed)
{
	static const char answer[] = "]11;rgb:0000/0000/0000\033\\";

	ask_and_settle();
	pty_type(&pty, "\033]");
	for (size_t i = 1; i < sizeof answer - 1; i++) {
		char piece[] = { answer[i], '\0' };
		double until_ms = pty_now_ms() + 40;

		while (pty_now_ms() < until_ms)
			pty_pump(until_ms - pty_now_ms());
		pty_type(&pty, piece);
	}
	pty_type(&pty, "hello");
	shows("> hello");
}
END_TEST

/* Whoever leaves at once leaves no answer to the shell. */
START_TEST(an_answer_after_the_end_is_not_left_behind)
{
	struct termios raw;
	int left = -1;

	start(NULL);
	ck_assert(pty_await(&pty, PATIENCE_MS, asked, NULL));
	pty_type(&pty, "/quit\r\033]11;rgb:0000/0000/0000\033\\");
	exits_with(0);
	terminal_is_back();
	raw = pty.before;
	raw.c_lflag &= ~(tcflag_t)ICANON;
	tcsetattr(pty.slave, TCSANOW, &raw);
	ck_assert_int_eq(ioctl(pty.slave, FIONREAD, &left), 0);
	ck_assert_int_eq(left, 0);
}
END_TEST

/* -- sizes --------------------------------------------------------------- */

static void
read_all(struct bytes *out)
{
	bytes_init(out);
	terminal_text(&pty.screen, out);
}

/* From nothing, and to the end. */
static bool
painted_anew(const struct pty *any, const void *clears)
{
	return any->screen.clears > *(const size_t *)clears &&
	    !terminal_mode_is_on(&any->screen, 2026);
}

/* No frame is under way, and all rows down to the input are there. */
static bool
whole_with(const struct pty *any, const void *input)
{
	const struct terminal *screen = &any->screen;

	return !terminal_mode_is_on(screen, 2026) &&
	    terminal_row_shows(screen, screen->rows - 1, input) &&
	    terminal_shows(screen, "zoe (you) leads") &&
	    terminal_row_shows(screen, 0, "members 1");
}

START_TEST(a_storm_of_sizes_leaves_a_whole_picture)
{
	struct bytes left, anew;
	size_t clears, frames;
	double start_ms;

	start_and_settle();
	pty_type(&pty, "in the storm");
	shows("in the storm");
	frames = pty.screen.frames;
	start_ms = pty_now_ms();
	for (unsigned i = 0; i < 300; i++)
		pty_resize(&pty, 1 + (int)(i * 7919 % 60),
		    1 + (int)(i * 104729 % 200));
	pty_resize(&pty, 30, 100);
	pty_type(&pty, "!");
	ck_assert(pty_await(&pty, PATIENCE_MS, whole_with, "in the storm!"));
	/* many sizes are one frame */
	ck_assert_uint_le(pty.screen.frames - frames,
	    5 + (size_t)(pty_now_ms() - start_ms) / 50);
	/* to paint it from nothing must change nothing */
	read_all(&left);
	clears = pty.screen.clears;
	pty_type(&pty, "\014");
	ck_assert(pty_await(&pty, PATIENCE_MS, painted_anew, &clears));
	read_all(&anew);
	ck_assert_uint_eq(left.size, anew.size);
	ck_assert_mem_eq(left.data, anew.data, left.size);
	bytes_free(&left);
	bytes_free(&anew);
	nothing_strange();
	pty_type(&pty, "\025/quit\r");
	exits_with(0);
	terminal_is_back();
}
END_TEST

/* 9600 baud.  What was painted before is not waited for by what one types:
 * a kernel alone would hold twenty kilobytes of it. */
START_TEST(a_slow_line_is_not_filled_with_old_frames)
{
	const char *argv[16];
	struct pty_program program = { .argv = argv, .rate = 960,
		.answers = true };
	size_t before;
	int left = -1;

	memcpy(argv, dchat_argv, sizeof dchat_argv);
	argv[0] = pty_dchat();
	pty_start(&pty, &program);
	shows("zoe (you) leads");
	for (int i = 0; i < 150; i++) {
		pty_type(&pty, "\033m");
		pty_pump(10);
	}
	before = pty.screen.bytes;
	pty_type(&pty, "now");
	shows("> now");
	ck_assert_uint_le(pty.screen.bytes - before, 4096);
	ck_assert_uint_ge(pty.screen.questions, 2);
	nothing_strange();
	pty_type(&pty, "\025/quit\r");
	exits_with(0);
	terminal_is_back();
	ck_assert_int_eq(ioctl(pty.slave, FIONREAD, &left), 0);
	ck_assert_int_eq(left, 0);
}
END_TEST

/* Who does not answer is not waited for. */
START_TEST(a_terminal_that_does_not_answer_is_painted_on_all_the_same)
{
	start_and_settle();
	for (int i = 0; i < 50; i++) {
		pty_type(&pty, "\033m");
		pty_pump(10);
	}
	pty_type(&pty, "now");
	shows("> now");
	ck_assert_uint_eq(pty.screen.questions, 1);
}
END_TEST

START_TEST(no_load_makes_more_than_sixty_frames_a_second)
{
	double start_ms, seconds;
	size_t frames;

	start_and_settle();
	frames = pty.screen.frames;
	start_ms = pty_now_ms();
	for (int i = 0; pty_now_ms() < start_ms + 2000; i++) {
		pty_resize(&pty, 24, 80 + i % 2);
		pty_type(&pty, i % 60 < 30 ? "x" : "\177");
		pty_pump(1);
	}
	seconds = (pty_now_ms() - start_ms) / 1000;
	/* the first twenty may come at once, as keys do */
	ck_assert_uint_le(pty.screen.frames - frames,
	    (size_t)(60 * seconds) + 20);
	ck_assert_uint_ge(pty.screen.frames - frames, 10);
}
END_TEST

/* -- stopping ------------------------------------------------------------ */

/* It has its modes and its picture. */
static bool
is_back_at_work(const struct pty *any, const void *input)
{
	const struct terminal *screen = &any->screen;

	return terminal_mode_is_on(screen, 1049) &&
	    terminal_mode_is_on(screen, 2004) &&
	    terminal_row_shows(screen, screen->rows - 1, input);
}

static void
start_job(void)
{
	const char *argv[16] = { self, "job" };
	struct pty_program program = { .argv = argv };

	memcpy(argv + 2, dchat_argv, sizeof dchat_argv);
	argv[2] = pty_dchat();
	pty_start(&pty, &program);
	shows("zoe (you) leads");
}

START_TEST(stopped_it_gives_the_terminal_back_and_takes_it_again)
{
	char told[16];

	start_job();
	pty_type(&pty, "half a sen");
	shows("half a sen");
	for (int times = 0; times < 3; times++) {
		pty_type(&pty, "\032");
		snprintf(told, sizeof told, "stopped %d", times + 1);
		shows(told);
		terminal_is_back();
		modes_are_balanced();
		pty_resize(&pty, 20 + times, 90);
		pty_type(&pty, "\n");
		ck_assert(pty_await(&pty, PATIENCE_MS, is_back_at_work,
		    "> half a sen"));
	}
	pty_type(&pty, "\025/quit\r");
	shows("exit 0");
	ends();
	terminal_is_back();
}
END_TEST

/* -- strangers ----------------------------------------------------------- */

static const char *const hostile_kinds[] = { "xterm-256color", "linux",
	"vt100", "tmux-256color" };

/* Each string is a title that dchat made. */
static void
only_titles(const struct bytes *strings)
{
	const char *at = (const char *)strings->data;
	const char *end = at + strings->size;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		ck_assert_ptr_nonnull(stop);
		ck_assert_msg(stop - at >= 7 && memcmp(at, "2;", 2) == 0 &&
			memcmp(stop - 5, "dchat", 5) == 0,
		    "\"%.*s\" is no title", (int)(stop - at), at);
		at = stop + 1;
	}
}

START_TEST(nothing_a_stranger_writes_is_obeyed)
{
	const char *argv[] = { self, "hostile", NULL };
	struct pty_program program = { .argv = argv,
		.terminal = hostile_kinds[_i] };

	pty_start(&pty, &program);
	pty_await_end(&pty, PATIENCE_MS);
	exits_with(0);
	terminal_is_back();
	only_titles(&pty.screen.strings);
}
END_TEST

/* -- what the program is when it calls itself ------------------------------ */

static struct app *app;
static struct dchat *dchat;
static struct screen *screen;
static struct setting_values settings;

static wall_ms
wall(void)
{
	return INT64_C(1795435500000);
}

static void
on_event(void *unused, const struct dchat_event *event)
{
	(void)unused;
	app_event(app, event);
}

static void
on_turn(void *unused)
{
	(void)unused;
	app_turn(app);
	app_paint(app);
}

static void
suspend(void *unused)
{
	(void)unused;
}

static void
open_screen(void)
{
	char problem[256];

	screen = screen_open(NULL, stdout, stdin, false, 0, problem);
	if (screen == NULL) {
		fprintf(stderr, "%s\n", problem);
		exit(3);
	}
}

/* The same evil in every place where a stranger's text is shown. */
static void
attack(const char *text)
{
	char room[80], line[512];

	snprintf(room, sizeof room, "#%.60s", text);
	snprintf(line, sizeof line, "before %s after", text);
	fake_rename(dchat, MALLORY, text, "claimed");
	fake_say(dchat, "#lobby", MALLORY, line, wall());
	fake_act(dchat, "#lobby", MALLORY, line, wall());
	fake_set_topic(dchat, "#lobby", MALLORY, line);
	fake_whisper(dchat, MALLORY, line, wall());
	fake_join(dchat, room, ZOE);
	fake_join(dchat, room, MALLORY);
	fake_say(dchat, room, MALLORY, line, wall());
	fake_leader(dchat, MALLORY, 7, 3);
	fake_warning(dchat, line);
	app_read(app, "/who\r/leader\r/names\r", 20);
	app_read(app, line, strlen(line));
	app_paint(app);
	app_read(app, "\025", 1);
	app_read(app, "/part\r", 6);
	fake_part(dchat, room, ZOE);
	app_paint(app);
}

static void
attack_with_point(uint32_t point)
{
	char text[64];
	size_t size = 0;

	if (point < 0x80)
		text[size++] = (char)point;
	else if (point < 0x800) {
		text[size++] = (char)(0xc0 | point >> 6);
		text[size++] = (char)(0x80 | (point & 0x3f));
	} else if (point < 0x10000) {
		text[size++] = (char)(0xe0 | point >> 12);
		text[size++] = (char)(0x80 | (point >> 6 & 0x3f));
		text[size++] = (char)(0x80 | (point & 0x3f));
	} else {
		text[size++] = (char)(0xf0 | point >> 18);
		text[size++] = (char)(0x80 | (point >> 12 & 0x3f));
		text[size++] = (char)(0x80 | (point >> 6 & 0x3f));
		text[size++] = (char)(0x80 | (point & 0x3f));
	}
	snprintf(text + size, sizeof text - size, "[31mab]0;x");
	attack(text);
}

static int
hostile(void)
{
	static const char *const texts[] = {
		"\033[2J\033[H", "\033]0;owned\007", "\033]52;c;cHdu\033\\",
		"\033P+q544e\033\\", "\033_apc\033\\", "\033^pm\033\\",
		"\033Xsos\033\\", "\033c", "\033[?1049l", "\033[?2004l",
		"\033[6n", "\033[c", "\033]11;?\007", "\033]8;;http://x\007y",
		"\033[201~/quit\r", "\xc2\x9b" "2J", "\xc2\x9d" "0;x\xc2\x9c",
		"\xc2\x90q\xc2\x9c", "\x9b" "2J", "\x9d" "0;x\x9c", "\xff\xfe",
		"\xe2\x80", "\xc0\x9b" "2J", "\xed\xa0\x80", "\xf4\x90\x80\x80",
		"a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308",
		"\u0300", "\u202egnp.exe\u202c", "\u2066x\u2069", "\u200b\u200d",
		"\ufeff", "\U000e0001\U000e0041", "\u2028\u2029", "\u115f",
		"\U0001F468\u200D\U0001F469\u200D\U0001F467",
	};
	/* format characters and their like, from and to */
	static const uint32_t ranges[][2] = {
		{ 0x01, 0x1f }, { 0x7f, 0xa0 }, { 0xad, 0xad },
		{ 0x34f, 0x34f }, { 0x600, 0x605 }, { 0x61c, 0x61c },
		{ 0x6dd, 0x6dd }, { 0x70f, 0x70f }, { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x2000, 0x200f },
		{ 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x3164, 0x3164 },
		{ 0xd7ff, 0xd7ff }, { 0xe000, 0xe000 }, { 0xfdd0, 0xfdd1 },
		{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xffff }, { 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0007 },
		{ 0xe0020, 0xe0027 }, { 0xe0100, 0xe0103 },
		{ 0xf0000, 0xf0001 }, { 0x10fffe, 0x10ffff },
	};
	struct app_setup setup = { .wall = wall, .suspend = suspend,
		.settings = &settings };
	struct dchat_front front = { .event = on_event, .turn = on_turn };
	char problem[256];
	int status;

	setting_values_init(&settings);
	app = app_new(&setup);
	open_screen();
	app_show(app, screen);
	dchat = dchat_open(NULL, NULL, &front, problem, &status);
	app_attach(app, dchat);
	fake_ready(dchat);
	fake_join(dchat, "#lobby", ZOE);
	fake_peer(dchat, MALLORY, MEMBER_ALIVE, "joined");
	fake_join(dchat, "#lobby", MALLORY);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		attack(texts[i]);
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		for (uint32_t point = ranges[i][0]; point <= ranges[i][1];
		     point++)
			attack_with_point(point);
	dchat_close(dchat);
	app_destroy(app);
	screen_close(screen);
	return 0;
}

static int
last_word(void)
{
	open_screen();
	screen_begin(screen);
	screen_end(screen, 0, 0);
	die("The last word.");
}

static int
deeper(volatile const char *before)
{
	volatile char here[4096];

	here[0] = before != NULL ? before[0] : 1;
	/* always, but the compiler does not know */
	return here[0] != 0 ? deeper(here) + here[0] : 0;
}

static int
overrun(void)
{
	open_screen();
	screen_begin(screen);
	screen_end(screen, 0, 0);
	return deeper(NULL);
}

static int
job(char **argv)
{
	int status = 0, times = 0;
	char byte;
	pid_t pid;

	signal(SIGTTOU, SIG_IGN);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		execv(argv[0], argv);
		_exit(127);
	}
	setpgid(pid, pid);
	while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		printf("stopped %d\n", ++times);
		fflush(stdout);
		while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
			;
		tcsetpgrp(STDIN_FILENO, pid);
		kill(-pid, SIGCONT);
	}
	tcsetpgrp(STDIN_FILENO, getpgrp());
	printf("exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return 0;
}

/* -- all of it ------------------------------------------------------------- */

static void
end_pty(void)
{
	pty_end(&pty);
}

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static Suite *
terminal_suite(void)
{
	Suite *suite = suite_create("terminal");
	TCase *test = tcase_create("pty");

	tcase_set_timeout(test, 60);
	tcase_add_checked_fixture(test, NULL, end_pty);
	tcase_add_test(test, leaving_gives_the_terminal_back);
	tcase_add_test(test, what_was_set_and_not_saved_is_told_at_the_end);
	tcase_add_test(test, where_nothing_is_lost_nothing_is_told_at_the_end);
	tcase_add_test(test, the_mouse_is_the_terminals_unless_asked_for);
	tcase_add_loop_test(test,
	    a_signal_that_ends_it_gives_the_terminal_back, 0, COUNT(endings));
	tcase_add_loop_test(test, a_crash_gives_the_terminal_back, 0,
	    COUNT(crashes));
	tcase_add_test(test,
	    to_die_gives_the_terminal_back_before_the_last_word);
	tcase_add_test(test, a_stack_that_runs_over_gives_the_terminal_back);
	tcase_add_test(test, the_window_is_named_after_the_room);
	tcase_add_test(test, a_console_is_given_no_name);
	tcase_add_test(test, the_cursor_is_left_as_it_is);
	tcase_add_test(test,
	    a_start_that_fails_gives_the_terminal_back_and_says_why);
	tcase_add_test(test, when_the_terminal_goes_it_goes_too);
	tcase_add_test(test, a_terminal_that_cannot_be_painted_on_is_told_so);
	tcase_add_loop_test(test,
	    each_kind_of_terminal_is_painted_and_given_back, 0, COUNT(kinds));
	tcase_add_loop_test(test,
	    a_terminal_that_takes_nothing_holds_nobody_up, 0, 2);
	tcase_add_test(test, a_terminal_that_takes_nothing_can_be_left);
	tcase_add_test(test, the_terminal_is_asked_whether_it_is_light);
	tcase_add_test(test, a_dark_one_stays_as_it_is);
	tcase_add_test(test, an_answer_in_pieces_is_not_typed);
	tcase_add_test(test, an_answer_after_the_end_is_not_left_behind);
	tcase_add_test(test, a_storm_of_sizes_leaves_a_whole_picture);
	tcase_add_test(test, a_slow_line_is_not_filled_with_old_frames);
	tcase_add_test(test,
	    a_terminal_that_does_not_answer_is_painted_on_all_the_same);
	tcase_add_test(test, no_load_makes_more_than_sixty_frames_a_second);
	tcase_add_test(test,
	    stopped_it_gives_the_terminal_back_and_takes_it_again);
	tcase_add_loop_test(test, nothing_a_stranger_writes_is_obeyed, 0,
	    COUNT(hostile_kinds));
	suite_add_tcase(suite, test);
	return suite;
}

int
main(int argc, char **argv)
{
	SRunner *runner;
	int failed;

	setlocale(LC_ALL, "");
	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc > 1 && strcmp(argv[1], "hostile") == 0)
		return hostile();
	if (argc > 1 && strcmp(argv[1], "die") == 0)
		return last_word();
	if (argc > 1 && strcmp(argv[1], "overrun") == 0)
		return overrun();
	if (argc > 2 && strcmp(argv[1], "job") == 0)
		return job(argv + 2);
	self = argv[0];
	home_enter("terminal");
	runner = srunner_create(terminal_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	home_leave();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
