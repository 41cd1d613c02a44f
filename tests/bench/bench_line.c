/*
 * bench_line: dchat where the line to the terminal is the trouble.  In the
 * order of what is printed:
 *
 *   line_key_bytes        what a key that is typed costs on the line
 *   line_message_bytes    what a message of others costs, 80x24
 *   line_9600_echo_quiet  from a key until it is shown at 9600 baud (960
 *                         bytes a second), while nobody says anything
 *   line_9600_echo_busy   the same while four messages come each second,
 *                         which is more than the line can carry
 *   line_storm_echo       from a key until it is shown at 500x200, while
 *                         the size changes 200 times a second
 *   line_storm_frames     painted a second meanwhile
 *
 * Times have their median and the worst.  Judges nothing.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/home.h"
#include "tests/support/pty.h"

enum { KEYS = 24, BUSY_MS = 250, STORM_MS = 5 };
#define PATIENCE_MS 30000.0

static struct pty screen, talker;

/* -- two of them ---------------------------------------------------------- */

static void
start(struct pty *pty, const char *nick, const struct pty_program *how,
    const char *kind)
{
	const char *argv[] = { pty_dchat(), "--ephemeral", "--nick", nick,
		"--network", home.network, "--interface", "lo",
		"--discovery-port", home.port, kind, NULL };
	struct pty_program program = *how;

	program.argv = argv;
	pty_start(pty, &program);
}

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench_line: %s\n", what);
	home_leave();
	exit(EXIT_FAILURE);
}

/* Both, and each has seen the other. */
static void
start_both(int rows, int columns, double rate)
{
	const struct pty_program plain = { .rows = 50, .columns = 200 };
	const struct pty_program slow = { .rows = rows,
		.columns = columns,
		.rate = rate,
		.answers = true };

	start(&talker, "ana", &plain, "--linear");
	start(&screen, "zoe", &slow, NULL);
	must(pty_await_text(&screen, "ana", PATIENCE_MS), "ana is not there");
	must(pty_await_text(&talker, "zoe", PATIENCE_MS), "zoe is not there");
}

static void
end_both(void)
{
	pty_end(&screen);
	pty_end(&talker);
}

static void
say(unsigned number)
{
	char text[96];

	snprintf(text, sizeof text,
	    "message %u, of words such as people write to each other\r",
	    number);
	pty_type(&talker, text);
}

/* -- figures -------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static void
print_times(const char *name, double times[static KEYS])
{
	qsort(times, KEYS, sizeof *times, compare);
	printf("%s_p50 %.1f ms\n%s_worst %.1f ms\n", name, times[KEYS / 2],
	    name, times[KEYS - 1]);
	fflush(stdout);
}

/* What happens while keys are typed, each millisecond or so. */
static unsigned said, sizes;
static double said_ms, sized_ms;

static void
nothing(void)
{
}

static void
busy(void)
{
	if (pty_now_ms() < said_ms + BUSY_MS)
		return;
	said_ms = pty_now_ms();
	say(said++);
}

static void
storm(void)
{
	if (pty_now_ms() < sized_ms + STORM_MS)
		return;
	sized_ms = pty_now_ms();
	sizes++;
	pty_resize(&screen, 200 - (int)(sizes % 7) * 3,
	    500 - (int)(sizes % 11) * 5);
}

static void
go_on(double for_ms, void (*meanwhile)(void))
{
	double end_ms = pty_now_ms() + for_ms;

	while (pty_now_ms() < end_ms) {
		meanwhile();
		pty_pump(1);
	}
}

static void
type_keys(double times[static KEYS], double every_ms, void (*meanwhile)(void))
{
	char line[KEYS + 3] = "> ";

	for (int i = 0; i < KEYS; i++) {
		const char key[2] = { (char)('a' + i), '\0' };
		double start_ms = pty_now_ms();

		strcat(line, key);
		pty_type(&screen, key);
		while (!terminal_shows(&screen.screen, line)) {
			must(pty_now_ms() < start_ms + PATIENCE_MS,
			    "a key is not shown");
			meanwhile();
			pty_pump(1);
		}
		times[i] = pty_now_ms() - start_ms;
		go_on(every_ms, meanwhile);
	}
}

static void
measure_bytes(void)
{
	double times[KEYS];
	size_t before;

	start_both(24, 80, 0);
	for (unsigned i = 0; i < 30; i++) {
		say(i);
		go_on(50, nothing);
	}
	must(pty_await_text(&screen, "message 29,", PATIENCE_MS),
	    "messages do not come");
	go_on(2000, nothing);
	before = screen.screen.bytes;
	type_keys(times, 50, nothing);
	printf("line_key_bytes %.1f B\n",
	    (double)(screen.screen.bytes - before) / KEYS);
	go_on(2000, nothing);
	before = screen.screen.bytes;
	for (unsigned i = 30; i < 40; i++) {
		say(i);
		go_on(300, nothing);
	}
	printf("line_message_bytes %.1f B\n",
	    (double)(screen.screen.bytes - before) / 10);
	fflush(stdout);
	end_both();
}

static void
measure_9600(void)
{
	double times[KEYS];

	start_both(24, 80, 960);
	go_on(5000, nothing);
	type_keys(times, 100, nothing);
	print_times("line_9600_echo_quiet", times);
	pty_type(&screen, "\025");
	go_on(10000, busy);
	type_keys(times, 100, busy);
	print_times("line_9600_echo_busy", times);
	end_both();
}

static void
measure_storm(void)
{
	double times[KEYS], start_ms;
	size_t frames;

	start_both(200, 500, 0);
	go_on(1000, nothing);
	frames = screen.screen.frames;
	start_ms = pty_now_ms();
	type_keys(times, 100, storm);
	print_times("line_storm_echo", times);
	printf("line_storm_frames %.1f 1/s\n",
	    (double)(screen.screen.frames - frames) * 1000 /
		(pty_now_ms() - start_ms));
	end_both();
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	setenv("LC_ALL", "C.UTF-8", 1);
	signal(SIGPIPE, SIG_IGN);
	home_enter("line");
	measure_bytes();
	measure_9600();
	measure_storm();
	home_leave();
	return EXIT_SUCCESS;
}
