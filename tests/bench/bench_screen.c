/*
 * bench_screen: what a person feels.  On a pseudo-terminal each: dchat, and
 * the other chat clients that are installed here (irssi, WeeChat), in the
 * same run.  Figures of a client NAME:
 *
 *   NAME_first_frame     from its start until its prompt is on the screen
 *   NAME_echo_idle       from a key until it stands in the input line
 *   NAME_echo_flood      the same while so many lines come as fast as can be
 *   NAME_lines           lines a second, from the first shown to the last
 *   NAME_redraws         a second, meanwhile (of dchat, which tells)
 *   NAME_rss_before      resident memory, before and after the flood
 *   NAME_rss_after
 *
 * Lines come to dchat from another dchat, through the whole node with its
 * links, signatures and disk, to others from a server that
 * only writes.  Who floods would have a machine of its own and has the
 * lowest priority on this one, so that a figure tells of the client and not
 * of whom the kernel lets run.  Judges nothing.
 *
 *   bench_screen [LINES [NAME]]     (default 50000, all)
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/irc_flood.h"
#include "tests/support/home.h"
#include "tests/support/pty.h"

enum {
	STARTS = 15,
	KEYS = 200,		/* idle */
	ROW_KEYS = 30,		/* then the input is cleared */
	KEY_EVERY_MS = 30,	/* as a key repeats that is held down */
};
#define PATIENCE_MS 20000.0
#define FLOOD_PATIENCE_MS 180000.0
#define FORMAT "flood %u, and some words more, so that it is a line of " \
	"a hundred bytes as people write them"

static unsigned lines = 50000;

/* -- figures -------------------------------------------------------------- */

struct spread {
	double ms[4096];
	size_t count;
};

static int
compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static void
print_spread(const char *client, const char *figure, struct spread *spread)
{
	size_t count = spread->count;

	if (count == 0)
		return;
	qsort(spread->ms, count, sizeof *spread->ms, compare);
	printf("%s_%s_p50 %.2f ms\n%s_%s_p99 %.2f ms\n", client, figure,
	    spread->ms[count / 2], client, figure,
	    spread->ms[count * 99 / 100]);
	fflush(stdout);
}

static void
note(struct spread *spread, double ms)
{
	if (spread->count < sizeof spread->ms / sizeof *spread->ms)
		spread->ms[spread->count++] = ms;
}

static double
rss_kib(pid_t pid)
{
	char path[64];
	unsigned long size, resident = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
	file = fopen(path, "r");
	if (file == NULL || fscanf(file, "%lu %lu", &size, &resident) != 2)
		resident = 0;
	if (file != NULL)
		fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1024;
}

/* -- clients ------------------------------------------------------------- */

struct client {
	const char *name, *program;	/* NULL: dchat */
	const char *const *argv;
	const char *prompt;		/* when this is shown, it is there */
	const char *online;		/* shown when it has its server */
	const char *join;		/* to be typed then; or NULL */
	const char *joined;		/* shown when it can be flooded */
};

static char irssi_home[HOME_FOLDER + 16], weechat_home[HOME_FOLDER + 16];
static char irc_port[8], irc_url[64];


static const char *const dchat_argv[] = { "", "--nick", "zoe", "--network",
	home.network, "--interface", "lo", "--discovery-port", home.port,
	NULL };
static const char *const flood_argv[] = { "", "--headless", "--ephemeral",
	"--nick", "flood", "--network", home.network, "--interface", "lo",
	"--discovery-port", home.port, NULL };
static const char *const irssi_argv[] = { "irssi", irssi_home, "-c",
	"127.0.0.1", "-p", irc_port, "-n", "zoe", NULL };
static const char *const weechat_argv[] = { "weechat", "-d", weechat_home,
	irc_url, NULL };

static const struct client clients[] = {
	{ "dchat", NULL, dchat_argv, "] >", "] >", NULL, "flood" },
	{ "irssi", "irssi", irssi_argv, "[(status)]", "message of the day",
	    "/join #lobby\r",
	    "[#lobby]" },
	{ "weechat", "weechat", weechat_argv, "weechat", "has joined", NULL,
	    "has joined" },
};

static void
client_start(const struct client *client, struct pty *pty)
{
	const char *argv[16];
	struct pty_program program = { .argv = argv };
	size_t count = 0;

	for (; client->argv[count] != NULL; count++)
		argv[count] = client->argv[count];
	argv[count] = NULL;
	if (client->program == NULL)
		argv[0] = pty_dchat();
	pty_start(pty, &program);
}

static bool
installed(const char *program)
{
	char command[64];

	snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1",
	    program);
	return system(command) == 0;
}

/* -- who floods dchat ----------------------------------------------------- */

struct source {
	pid_t node, feeder;
	int start;
	struct irc_flood irc;
};

static _Noreturn void
feed(int start, int to)
{
	FILE *out = fdopen(to, "w");
	char byte;

	if (out == NULL || read(start, &byte, 1) != 1)
		_exit(1);
	for (unsigned i = 1; i <= lines; i++)
		fprintf(out, "{\"cmd\":\"say\",\"room\":\"#lobby\",\"text\":\""
		    FORMAT "\"}\n", i);
	fflush(out);
	pause();		/* the end of its input would end the node */
	_exit(0);
}

static void
source_open_dchat(struct source *source)
{
	int command[2], start[2];
	const char *argv[16];

	if (pipe(command) != 0 || pipe(start) != 0)
		exit(EXIT_FAILURE);
	memcpy(argv, flood_argv, sizeof flood_argv);
	argv[0] = pty_dchat();
	fflush(NULL);
	source->node = fork();
	if (source->node == 0) {
		irc_flood_yield();
		dup2(command[0], STDIN_FILENO);
		close(command[1]);
		if (freopen("/dev/null", "w", stdout) == NULL)
			_exit(1);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	source->feeder = fork();
	if (source->feeder == 0) {
		irc_flood_yield();
		close(start[1]);
		close(command[0]);
		feed(start[0], command[1]);
	}
	close(command[0]);
	close(command[1]);
	close(start[0]);
	source->start = start[1];
}

static void
source_open(struct source *source, const struct client *client)
{
	*source = (struct source){ .start = -1 };
	if (client->program == NULL) {
		source_open_dchat(source);
		return;
	}
	irc_flood_open(&source->irc, lines, FORMAT);
	snprintf(irc_port, sizeof irc_port, "%d", source->irc.port);
	snprintf(irc_url, sizeof irc_url, "irc://zoe@127.0.0.1:%d/#lobby",
	    source->irc.port);
}

static void
source_start(struct source *source)
{
	if (source->start < 0)
		irc_flood_start(&source->irc);
	else if (write(source->start, "!", 1) != 1)
		perror("bench_screen");
}

static void
source_close(struct source *source)
{
	if (source->start < 0) {
		irc_flood_close(&source->irc);
		return;
	}
	kill(source->feeder, SIGKILL);
	kill(source->node, SIGKILL);
	waitpid(source->feeder, NULL, 0);
	waitpid(source->node, NULL, 0);
	close(source->start);
}

/* -- giving up ------------------------------------------------------------- */

/* Nothing of it stays, neither in the folder nor in memory. */
static _Noreturn void
give_up(struct pty *pty, struct source *source, const char *what)
{
	struct bytes text;

	bytes_init(&text);
	terminal_text(&pty->screen, &text);
	fprintf(stderr, "bench_screen: this did not happen: %s\n%.*s", what,
	    (int)text.size, (const char *)text.data);
	source_close(source);
	pty_end(pty);
	home_leave();
	exit(EXIT_FAILURE);
}

/* -- keys ----------------------------------------------------------------- */

/* The key before the cursor, which has moved on. */
struct echo {
	int column;
	char key;
};

static bool
echoed(const struct pty *pty, const void *argument)
{
	const struct terminal *screen = &pty->screen;
	const struct echo *echo = argument;
	const struct terminal_cell *cell;

	if (screen->column != echo->column || screen->column == 0)
		return false;
	cell = &screen->cells[screen->row * screen->columns +
	    screen->column - 1];
	return cell->points[0] == (uint32_t)echo->key;
}

struct typist {
	struct pty *pty;
	struct spread *spread;
	struct echo waiting;
	double pressed_ms;	/* 0: no key is on its way */
	unsigned typed;
	int start;		/* column of the first key */
};

static void
typist_press(struct typist *typist)
{
	unsigned place = typist->typed % ROW_KEYS;
	char key[] = { (char)('a' + typist->typed % 26), '\0' };

	if (place == 0 && typist->typed > 0)
		pty_type(typist->pty, "\025");	/* Ctrl+U */
	typist->waiting = (struct echo){ typist->start + (int)place + 1,
		key[0] };
	typist->typed++;
	typist->pressed_ms = pty_now_ms();
	pty_type(typist->pty, key);
}

static void
typist_look(struct typist *typist)
{
	if (typist->pressed_ms == 0 ||
	    !echoed(typist->pty, &typist->waiting))
		return;
	note(typist->spread, typist->pty->read_ms - typist->pressed_ms);
	typist->pressed_ms = 0;
}

/* -- measuring ------------------------------------------------------------ */

static void
measure_start(const struct client *client, struct source *source)
{
	struct spread spread = { .count = 0 };

	for (int i = 0; i < STARTS; i++) {
		struct pty pty;

		client_start(client, &pty);
		if (!pty_await_text(&pty, client->prompt, PATIENCE_MS))
			give_up(&pty, source, client->prompt);
		note(&spread, pty.read_ms - pty.started_ms);
		pty_end(&pty);
	}
	print_spread(client->name, "first_frame", &spread);
}

static void
measure_idle(const struct client *client, struct pty *pty,
    struct source *source)
{
	struct spread spread = { .count = 0 };
	struct typist typist = { .pty = pty, .spread = &spread,
		.start = pty->screen.column };

	while (typist.typed < KEYS) {
		double until_ms;

		typist_press(&typist);
		until_ms = typist.pressed_ms + KEY_EVERY_MS;
		while (typist.pressed_ms != 0) {
			if (pty_now_ms() > until_ms + PATIENCE_MS)
				give_up(pty, source,
				    "a key that is echoed");
			pty_pump(1);
			typist_look(&typist);
		}
		while (pty_now_ms() < until_ms)
			pty_pump(until_ms - pty_now_ms());
	}
	print_spread(client->name, "echo_idle", &spread);
	pty_type(pty, "\025");
}

static bool
back(const struct pty *pty, const void *column)
{
	return pty->screen.column == *(const int *)column;
}

static void
measure_flood(const struct client *client, struct pty *pty,
    struct source *source)
{
	struct spread spread = { .count = 0 };
	struct typist typist = { .pty = pty, .spread = &spread,
		.start = pty->screen.column };
	double start_ms, first_ms = 0, next_ms = 0, end_ms;
	size_t frames = pty->screen.frames, bytes = pty->screen.bytes;
	char last[64];

	snprintf(last, sizeof last, "flood %u,", lines);
	source_start(source);
	start_ms = pty_now_ms();
	while (!terminal_shows(&pty->screen, last)) {
		double now_ms = pty_now_ms();

		if (now_ms > start_ms + FLOOD_PATIENCE_MS)
			give_up(pty, source, last);
		if (first_ms == 0 && terminal_shows(&pty->screen, "flood "))
			first_ms = now_ms;
		if (first_ms != 0 && typist.pressed_ms == 0 &&
		    now_ms >= next_ms) {
			typist_press(&typist);
			next_ms = now_ms + KEY_EVERY_MS;
		}
		pty_pump(1);
		typist_look(&typist);
	}
	end_ms = pty_now_ms();
	if (first_ms == 0)
		first_ms = start_ms;
	print_spread(client->name, "echo_flood", &spread);
	printf("%s_flood_keys %zu keys\n", client->name, spread.count);
	printf("%s_lines %.0f lines/s\n", client->name,
	    lines / (end_ms - first_ms) * 1000);
	frames = pty->screen.frames - frames;
	if (frames > 0)
		printf("%s_redraws %.1f frames/s\n", client->name,
		    (double)frames / (end_ms - first_ms) * 1000);
	printf("%s_terminal %.0f KiB/s\n", client->name,
	    (double)(pty->screen.bytes - bytes) / 1024 /
		(end_ms - first_ms) * 1000);
}

static void
measure(const struct client *client)
{
	struct source source;
	struct pty pty;
	int column;

	source_open(&source, client);
	measure_start(client, &source);
	client_start(client, &pty);
	if (!pty_await_text(&pty, client->prompt, PATIENCE_MS))
		give_up(&pty, &source, client->prompt);
	if (!pty_await_text(&pty, client->online, PATIENCE_MS))
		give_up(&pty, &source, client->online);
	if (client->join != NULL)
		pty_type(&pty, client->join);
	if (!pty_await_text(&pty, client->joined, PATIENCE_MS))
		give_up(&pty, &source, client->joined);
	for (double until_ms = pty_now_ms() + 500; pty_now_ms() < until_ms;)
		pty_pump(10);
	column = pty.screen.column;
	measure_idle(client, &pty, &source);
	pty_await(&pty, PATIENCE_MS, back, &column);
	printf("%s_rss_before %.0f KiB\n", client->name, rss_kib(pty.pid));
	measure_flood(client, &pty, &source);
	printf("%s_rss_after %.0f KiB\n", client->name, rss_kib(pty.pid));
	fflush(stdout);
	pty_end(&pty);
	source_close(&source);
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		lines = (unsigned)strtoul(argv[1], NULL, 10);
	if (lines == 0) {
		fprintf(stderr, "bench_screen: [LINES [NAME]]\n");
		return 2;
	}
	setlocale(LC_ALL, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	home_enter("bench");
	snprintf(irssi_home, sizeof irssi_home, "--home=%s/irssi", home.folder);
	snprintf(weechat_home, sizeof weechat_home, "%s/weechat", home.folder);
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
		if (argc > 2 && strcmp(argv[2], clients[i].name) != 0)
			continue;
		else if (clients[i].program == NULL ||
		    installed(clients[i].program))
			measure(&clients[i]);
		else
			printf("# %s is not installed here\n",
			    clients[i].program);
	home_leave();
	return EXIT_SUCCESS;
}
