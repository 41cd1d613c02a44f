/*
 * bench_talk: ten people on one LAN talk: how long a message takes when a
 * hundred are said a second, and how many one of them can say in a second.
 *
 * Ten real processes, each on a host of its own (network namespaces on one
 * bridge), with TLS, signatures and a disk.  Prints "name value unit"
 * lines; judges nothing.
 *
 *   bench_talk [PEOPLE [MESSAGES]]     (default 10, 20000)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/reader.h"
#include "tests/support/lan.h"

enum { PEOPLE_MAX = 32, PATH_SIZE = 256 };
enum { EACH_MS = 10, SECONDS = 5, SAID = SECONDS * 1000 / EACH_MS };
static const double PATIENCE_MS = 120000;

static struct crowd crowd;
static struct reader readers[PEOPLE_MAX];
static size_t people = 10;
static double said_ms[SAID], *took_ms;
static size_t heard;

static void
fail(const char *what)
{
	fprintf(stderr, "bench_talk: this did not happen: %s\n", what);
	crowd_end(&crowd);
	exit(EXIT_FAILURE);
}

static void
start(size_t who)
{
	char profile[32];
	const char *arguments[] = { "--profile", profile, "--nick", profile,
		NULL };

	snprintf(profile, sizeof profile, "h%zu", who + 1);
	reader_init(&readers[who],
	    peer_start(&crowd, lan_host((int)who + 1), arguments));
}

static void
pump_for(double ms)
{
	double until_ms = peer_now_ms() + ms;

	while (peer_now_ms() < until_ms)
		readers_pump(readers, people, 10);
}

static void
await_messages(size_t count, const char *what)
{
	double until_ms = peer_now_ms() + PATIENCE_MS;

	for (size_t i = 0; i < people; i++)
		while (readers[i].messages < count) {
			if (peer_now_ms() > until_ms)
				fail(what);
			readers_pump(readers, people, 100);
		}
}

static void
on_message(struct reader *reader, const char *line, double at_ms)
{
	const char *at = strstr(line, reader->wanted);
	size_t number = (size_t)atoi(at + strlen(reader->wanted));

	/* Who said it does not count: it was said, not heard. */
	if (number < SAID && &readers[number % people] != reader)
		took_ms[heard++] = at_ms - said_ms[number];
}

static int
compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

/* They take turns. */
static void
measure_latency(void)
{
	size_t before = readers[0].messages;
	double next_ms = peer_now_ms();
	char line[128];

	took_ms = calloc(SAID * people, sizeof *took_ms);
	for (size_t i = 0; i < people; i++) {
		readers[i].wanted = "turn-";
		readers[i].found = on_message;
	}
	for (size_t i = 0; i < SAID; i++, next_ms += EACH_MS) {
		while (peer_now_ms() < next_ms)
			readers_pump(readers, people, 1);
		snprintf(line, sizeof line,
		    "{\"cmd\":\"say\",\"room\":\"#lobby\","
		    "\"text\":\"turn-%zu.\"}\n",
		    i);
		said_ms[i] = peer_now_ms();
		peer_send_line(readers[i % people].peer, line);
	}
	await_messages(before + SAID, "all heard all turns");
	qsort(took_ms, heard, sizeof *took_ms, compare);
	printf("talk.latency_p50 %.2f ms\n", took_ms[heard / 2]);
	printf("talk.latency_p99 %.2f ms\n", took_ms[heard * 99 / 100]);
	fflush(stdout);
	for (size_t i = 0; i < people; i++)
		readers[i].wanted = NULL;
	free(took_ms);
}

static void
measure_rate(size_t count)
{
	size_t before = readers[0].messages;
	char text[101];
	double from_ms = peer_now_ms(), took;

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	reader_say(&readers[0], "#lobby", text, count);
	await_messages(before + count, "all heard all of one");
	took = peer_now_ms() - from_ms;
	printf("talk.one_sender %.0f messages/s\n",
	    (double)count * 1000 / took);
	printf("talk.one_sender_to_all %.0f deliveries/s\n",
	    (double)count * (double)people * 1000 / took);
}

int
main(int argc, char **argv)
{
	char folder[] = "/tmp/bench_talk.XXXXXX", remove[PATH_SIZE];
	size_t count = argc > 2 ? (size_t)atoi(argv[2]) : 20000;
	double from_ms;

	if (argc > 1)
		people = (size_t)atoi(argv[1]);
	if (people < 2 || people > PEOPLE_MAX || count < 1) {
		fprintf(stderr, "bench_talk: PEOPLE are 2 to %d.\n",
		    PEOPLE_MAX);
		return 2;
	}
	lan_enter(argv);
	lan_build((int)people);
	if (mkdtemp(folder) == NULL)
		return EXIT_FAILURE;
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("XDG_CONFIG_HOME", folder, 1);
	for (size_t i = 0; i < people; i++)
		start(i);
	pump_for(3000);
	from_ms = peer_now_ms();
	peer_send_line(readers[0].peer,
	    "{\"cmd\":\"say\",\"room\":\"#lobby\",\"text\":\"begin\"}\n");
	await_messages(1, "all heard the first one");
	printf("talk.first %.2f ms\n", peer_now_ms() - from_ms);
	measure_latency();
	measure_rate(count);
	for (size_t i = 0; i < people; i++)
		reader_free(&readers[i]);
	crowd_end(&crowd);
	lan_remove((int)people);
	snprintf(remove, sizeof remove, "rm -rf %s", folder);
	return system(remove) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
