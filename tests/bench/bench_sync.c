/*
 * bench_sync: how fast one who was away gets what was said meanwhile.
 *
 * Three real processes on this host.  One is away while another says so
 * many messages to the third; then it comes back and copies them, while the
 * two go on talking.  Then somebody new comes and gets the last 500; and at
 * last one who wants all of the history, while the two go on talking.
 * Prints "name value unit" lines; judges nothing.
 *
 *   bench_sync [MESSAGES [BYTES [ROOMS]]]     (default 200000 of 100 bytes)
 *
 * What is said as fast as it can be travels in bundles of up to 64 messages,
 * signed once.  With ROOMS each is said alone, signed alone, by turns in so
 * many rooms: as people do, who wait between two of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/reader.h"

enum { PATH_SIZE = 256, LIVE_EACH_MS = 20, LIVE_MAX = 100000 };
enum { TAIL = 500, BUNDLE = 64 };	/* messages, at most */
enum { TALKER, AWAY, LISTENER, NEW, FRESH, PEOPLE };
static const double PATIENCE_MS = 280000;

static struct crowd crowd;
static struct reader readers[PEOPLE];
static size_t running;
static char state[PATH_SIZE], network[64];

static double said_ms[LIVE_MAX], took_ms[LIVE_MAX];
static size_t live_said, live_heard;

static void
fail(const char *what)
{
	fprintf(stderr, "bench_sync: this did not happen: %s\n", what);
	crowd_end(&crowd);
	exit(EXIT_FAILURE);
}

static void
start(int who, const char *profile)
{
	const char *arguments[] = { "--profile", profile, "--nick", profile,
		"--network", network, NULL };

	reader_free(&readers[who]);
	reader_init(&readers[who], peer_start(&crowd, NULL, arguments));
	if (running < (size_t)who + 1)
		running = (size_t)who + 1;
}

static void
command(int who, const char *line)
{
	peer_send_line(readers[who].peer, line);
}

/* Until everybody's count stands there. */
static void
await_messages(int who, size_t count, const char *what)
{
	double until_ms = peer_now_ms() + PATIENCE_MS;

	while (readers[who].messages < count) {
		if (peer_now_ms() > until_ms)
			fail(what);
		readers_pump(readers, running, 100);
	}
}

static void
on_live(struct reader *reader, const char *line, double at_ms)
{
	const char *at = strstr(line, reader->wanted);
	size_t number = (size_t)atoi(at + strlen(reader->wanted));

	if (number >= live_said)
		return;
	took_ms[live_heard++] = at_ms - said_ms[number];
}

static int
compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static void
print_live(const char *when)
{
	if (live_heard == 0)
		return;
	qsort(took_ms, live_heard, sizeof *took_ms, compare);
	printf("sync.live_p50%s %.2f ms\n", when, took_ms[live_heard / 2]);
	printf("sync.live_p99%s %.2f ms\n", when,
	    took_ms[live_heard * 99 / 100]);
	fflush(stdout);
	live_heard = 0;
}

/* The talker goes on, one message after the other. */
static void
say_live(double *next_ms)
{
	double now_ms = peer_now_ms();
	char line[128];

	if (now_ms < *next_ms || live_said == LIVE_MAX)
		return;
	snprintf(line, sizeof line,
	    "{\"cmd\":\"say\",\"room\":\"#lobby\",\"text\":\"live-%zu.\"}\n",
	    live_said);
	said_ms[live_said++] = now_ms;
	command(TALKER, line);
	*next_ms = now_ms + LIVE_EACH_MS;
}

/* Talks until somebody has so many messages beside the live ones. */
static void
talk_until(int who, size_t count)
{
	double until_ms = peer_now_ms() + PATIENCE_MS, next_ms = 0;

	while (readers[who].messages < count) {
		if (peer_now_ms() > until_ms)
			fail("somebody has all");
		say_live(&next_ms);
		readers_pump(readers, running, LIVE_EACH_MS / 4);
	}
}

static void
talk_for(double ms)
{
	double until_ms = peer_now_ms() + ms, next_ms = 0;

	while (peer_now_ms() < until_ms) {
		say_live(&next_ms);
		readers_pump(readers, running, LIVE_EACH_MS / 4);
	}
}

static void
say_all(size_t count, size_t bytes)
{
	char *text = malloc(bytes + 1);
	double from_ms = peer_now_ms();

	memset(text, 'x', bytes);
	text[bytes] = '\0';
	reader_say(&readers[TALKER], "#lobby", text, count);
	await_messages(LISTENER, count + 1, "all is said and heard");
	printf("sync.said_and_heard %.0f messages/s\n",
	    (double)count * 1000 / (peer_now_ms() - from_ms));
	fflush(stdout);
	free(text);
}

static void
name_room(size_t index, char name[static 16])
{
	snprintf(name, 16, index == 0 ? "#lobby" : "#r%zu", index);
}

/* Who was there when something was said lacks all that comes after. */
static void
begin_rooms(size_t rooms)
{
	char line[128], room[16];

	for (size_t i = 0; i < rooms; i++) {
		name_room(i, room);
		snprintf(line, sizeof line, "{\"cmd\":\"say\",\"room\":\"%s\","
		    "\"text\":\"begin\"}\n", room);
		command(TALKER, line);
	}
	await_messages(AWAY, rooms, "the first messages are heard");
	await_messages(LISTENER, rooms, "the first messages are heard");
}

/* One in each room, and the next one when all are answered. */
static void
say_apart(size_t count, size_t bytes, size_t rooms)
{
	char *line = malloc(bytes + 128), room[16];
	double from_ms = peer_now_ms(), until_ms = from_ms + PATIENCE_MS;
	size_t oks = readers[TALKER].oks;

	for (size_t said = 0; said < count; said += rooms) {
		for (size_t i = 0; i < rooms; i++) {
			name_room(i, room);
			snprintf(line, bytes + 128,
			    "{\"cmd\":\"say\",\"room\":\"%s\",\"text\":\""
			    "%0*zu\"}\n", room, (int)bytes, said + i);
			command(TALKER, line);
		}
		oks += rooms;
		while (readers[TALKER].oks < oks) {
			if (peer_now_ms() > until_ms)
				fail("all is said");
			readers_pump(readers, running, 10);
		}
	}
	free(line);
	await_messages(LISTENER, count + rooms, "all is heard");
	printf("sync.said_apart_and_heard %.0f messages/s\n",
	    (double)count * 1000 / (peer_now_ms() - from_ms));
	fflush(stdout);
}

static void
copy_all(size_t count, size_t bytes)
{
	double from_ms, took;

	readers[LISTENER].wanted = "live-";
	readers[LISTENER].found = on_live;
	talk_for(2000);
	print_live("_before");
	from_ms = peer_now_ms();
	start(AWAY, "away");
	talk_until(AWAY, 1);
	printf("sync.first_message %.0f ms\n", peer_now_ms() - from_ms);
	from_ms = peer_now_ms();
	talk_until(AWAY, count);
	took = peer_now_ms() - from_ms;
	printf("sync.copied %.0f messages/s\n", (double)count * 1000 / took);
	printf("sync.copied_text %.1f MB/s\n",
	    (double)count * (double)bytes / 1000 / took);
	print_live("_while_copied");
}

static void
join_late(void)
{
	double from_ms = peer_now_ms();

	start(NEW, "new");
	await_messages(NEW, 1, "the new one hears something");
	printf("sync.late_first %.0f ms\n", peer_now_ms() - from_ms);
	await_messages(NEW, 500, "the new one has the last 500");
	printf("sync.late_500 %.0f ms\n", peer_now_ms() - from_ms);
}

/* By settings: all is kept, and fetched by who says so. */
static void
configure(size_t rooms)
{
	char path[PATH_SIZE + 16], room[16];
	FILE *file;

	snprintf(path, sizeof path, "%s/dchat", state);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/dchat/config", state);
	file = fopen(path, "w");
	if (file == NULL)
		fail("the settings can be written");
	fputs("history-messages = 100000000\n", file);
	for (size_t i = 0; i < (rooms > 0 ? rooms : 1); i++) {
		name_room(i, room);
		fprintf(file, "rooms = %s\n", room);
	}
	fputs("[fresh]\nhistory-fetch = all\n", file);
	fclose(file);
}

/*
 * All that is below the tails: what was said in between can be a fetching of
 * its own, which ends before.
 */
static bool
has_all(const struct reader *reader, size_t bundles, size_t rooms)
{
	return reader->fetched >= rooms &&
	    reader->fetched_bundles + rooms * TAIL >= bundles;
}

static void
copy_fresh(size_t count, size_t rooms, size_t bundles)
{
	double from_ms = peer_now_ms(), until_ms = from_ms + PATIENCE_MS;
	double next_ms = 0, took;

	start(FRESH, "fresh");
	while (!has_all(&readers[FRESH], bundles, rooms)) {
		if (peer_now_ms() > until_ms)
			fail("the fresh one has all of the history");
		say_live(&next_ms);
		readers_pump(readers, running, LIVE_EACH_MS / 4);
	}
	took = readers[FRESH].fetched_ms - from_ms;
	printf("sync.fresh_copied %.0f messages/s\n",
	    (double)(count - readers[FRESH].messages) * 1000 / took);
	print_live("_while_fresh_copied");
}

int
main(int argc, char **argv)
{
	size_t count = argc > 1 ? (size_t)atoi(argv[1]) : 200000;
	size_t bytes = argc > 2 ? (size_t)atoi(argv[2]) : 100;
	size_t rooms = argc > 3 ? (size_t)atoi(argv[3]) : 0;
	char folder[] = "/tmp/bench_sync.XXXXXX", remove[PATH_SIZE];

	if (count < 1000 || bytes < 1 || bytes > 4096 || rooms > 100) {
		fprintf(stderr, "bench_sync: MESSAGES is at least 1000, "
		    "BYTES from 1 to 4096, ROOMS at most 100.\n");
		return 2;
	}
	if (mkdtemp(folder) == NULL)
		return EXIT_FAILURE;
	snprintf(state, sizeof state, "%s", folder);
	setenv("XDG_STATE_HOME", state, 1);
	setenv("XDG_CONFIG_HOME", state, 1);
	snprintf(network, sizeof network, "bench%ld", (long)getpid());
	configure(rooms);
	start(TALKER, "talker");
	start(AWAY, "away");
	start(LISTENER, "listener");
	/* What is said before they met is not live, and goes the other way. */
	for (double until_ms = peer_now_ms() + 1500;
	     peer_now_ms() < until_ms;)
		readers_pump(readers, running, 100);
	begin_rooms(rooms > 0 ? rooms : 1);
	command(AWAY, "{\"cmd\":\"quit\"}\n");
	while (!readers[AWAY].peer->closed)
		readers_pump(readers, running, 100);
	if (rooms > 0)
		say_apart(count, bytes, rooms);
	else
		say_all(count, bytes);
	copy_all(count, bytes);
	join_late();
	command(NEW, "{\"cmd\":\"quit\"}\n");
	command(AWAY, "{\"cmd\":\"quit\"}\n");
	while (!readers[NEW].peer->closed || !readers[AWAY].peer->closed)
		readers_pump(readers, running, 100);
	if (rooms > 0)
		copy_fresh(count, rooms, count);
	else
		copy_fresh(count, 1, count / BUNDLE);
	for (size_t i = 0; i < running; i++)
		reader_free(&readers[i]);
	crowd_end(&crowd);
	snprintf(remove, sizeof remove, "rm -rf %s", folder);
	return system(remove) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
