/*
 * bench_store: how long the disk takes.  A database of so many messages is
 * written (as others' bundles come, then as one's own go out one by one),
 * opened again, and read in pages.  Prints "name value unit" lines; judges
 * nothing.
 *
 *   bench_store [MESSAGES [FOLDER]]     (default 100000, /tmp)
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"

enum { PATH_SIZE = 256, BODY = 250, OWN = 1000, PAGES = 200, PAGE = 100 };

static struct store *store;
static const struct id room = { { 7 } }, self = { { 200 } };
static unsigned kept, answered;
static size_t lines;
static char before[MSG_TEXT];

static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1000000;
}

static void
on_kept(void *unused, const struct bundle *bundle)
{
	(void)unused, (void)bundle;
	kept++;
}

static void
on_refused(void *unused, const struct bundle *bundle, enum error error)
{
	(void)unused, (void)bundle;
	fprintf(stderr, "bench_store: refused: %s\n", error_sentence(error));
	exit(EXIT_FAILURE);
}

static void
on_facts_kept(void *unused, uint64_t token)
{
	(void)unused, (void)token;
}

static void
on_page(void *unused, const struct store_page *page)
{
	(void)unused, (void)page;
}

static void
on_lines(void *unused, const struct store_lines *answer)
{
	(void)unused;
	answered++;
	lines = answer->count;
	if (lines > 0)
		message_name(answer->lines[0].bundle, answer->lines[0].index,
		    before);
}

static void
on_trouble(void *unused, const char *code, const char *text)
{
	(void)unused, (void)code;
	fprintf(stderr, "bench_store: %s\n", text);
}

static void
hear(void)
{
	struct pollfd ready = { .fd = store_descriptor(store),
		.events = POLLIN };

	poll(&ready, 1, -1);
	store_run(store);
}

static void
open_store(const char *path, uint64_t start)
{
	const struct store_options options = {
		.path = path,
		.network = { 'b' },
		.self = self,
		.nonce = 1,
		.start = start,
		.epoch = 1,
		.front = {
			.kept = on_kept,
			.refused = on_refused,
			.facts_kept = on_facts_kept,
			.page = on_page,
			.lines = on_lines,
			.trouble = on_trouble,
		},
	};
	char problem[256];

	store = store_open(&options, problem);
	if (store == NULL) {
		fprintf(stderr, "bench_store: %s\n", problem);
		exit(EXIT_FAILURE);
	}
}

static void
put(const struct id *author, uint64_t seq, uint64_t number)
{
	static uint64_t today;
	static uint8_t body[BODY];
	const struct message said = { KIND_TEXT, "" };
	struct bundle bundle = {
		.room = room,
		.stream = { *author, 1 },
		.seq = seq,
		.nonce = 1,
		.messages = &said,
		.message_count = 1,
		.sealed = { .body = body, .size = sizeof body },
	};

	if (today == 0)
		today = (uint64_t)time(NULL) * 1000 << 16;
	bundle.hlc = today + number;
	memcpy(bundle.hash.bytes, &number, sizeof number);
	bundle.hash.bytes[15] = author->bytes[0];
	store_put(store, &bundle);
}

static int
compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static void
print(const char *name, double *ms, size_t count)
{
	qsort(ms, count, sizeof *ms, compare);
	printf("%s_p50 %.2f ms\n%s_p99 %.2f ms\n%s_max %.2f ms\n", name,
	    ms[count / 2], name, ms[count * 99 / 100], name, ms[count - 1]);
	fflush(stdout);
}

static void
fill(unsigned messages)
{
	double from_ms = now_ms();

	for (unsigned i = 1; i <= messages; i++) {
		struct id author = { { (uint8_t)(i % 10 + 1) } };

		put(&author, (i - i % 10) / 10 + 1, i);
		/* As a loop would: what came in one turn. */
		if (i % 64 == 0)
			while (kept + 512 < i)
				hear();
	}
	while (kept < messages)
		hear();
	printf("store_kept_of_others %.0f bundles/s\n",
	    messages / (now_ms() - from_ms) * 1000);
}

static void
talk(unsigned messages)
{
	double ms[OWN];

	for (unsigned i = 0; i < OWN; i++) {
		double from_ms = now_ms();
		unsigned wanted = kept + 1;

		put(&self, i + 1, messages + i + 1);
		while (kept < wanted)
			hear();
		ms[i] = now_ms() - from_ms;
	}
	print("store_own_kept", ms, OWN);
}

static void
page_up(void)
{
	double ms[PAGES];
	size_t count = 0;

	before[0] = '\0';
	while (count < PAGES) {
		double from_ms = now_ms();
		unsigned wanted = answered + 1;

		store_history(store, 1, &room,
		    before[0] == '\0' ? NULL : before, PAGE);
		while (answered < wanted)
			hear();
		ms[count++] = now_ms() - from_ms;
		if (lines < PAGE)
			break;
	}
	print("store_page_of_100", ms, count);
}

int
main(int argc, char **argv)
{
	enum { OPENINGS = 20 };
	unsigned messages =
	    argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100000;
	char folder[PATH_SIZE], path[PATH_SIZE + 16], command[PATH_SIZE + 16];
	double ms[OPENINGS];
	struct rusage usage;

	snprintf(folder, sizeof folder, "%s/dchat-bench-XXXXXX",
	    argc > 2 ? argv[2] : "/tmp");
	if (messages == 0 || mkdtemp(folder) == NULL) {
		fprintf(stderr, "bench_store: [MESSAGES [FOLDER]]\n");
		return 2;
	}
	snprintf(path, sizeof path, "%s/history.db", folder);
	open_store(path, 1);
	fill(messages);
	talk(messages);
	store_close(store);
	for (uint64_t i = 0; i < OPENINGS; i++) {
		double from_ms = now_ms();

		open_store(path, i + 2);
		ms[i] = now_ms() - from_ms;
		if (i + 1 < OPENINGS)
			store_close(store);
	}
	print("store_open", ms, OPENINGS);
	page_up();
	getrusage(RUSAGE_SELF, &usage);
	printf("store_rss_peak %ld KiB\n", usage.ru_maxrss);
	store_close(store);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
