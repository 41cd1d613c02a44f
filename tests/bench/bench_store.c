/*
 * bench_store: how long the disk takes.  A database of so many messages is
 * written (as others' bundles come, then as one's own go out one by one),
 * opened again, read in pages and searched.  Prints "name value unit" lines;
 * judges nothing.
 *
 *   bench_store [MESSAGES [FOLDER]]     (default 100000, /tmp)
 *
 * The texts are of eight words of a vocabulary of 20,000 in which the nth
 * word is n times rarer than the first (Zipf 1935), as in what people write.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "store/store.h"

enum {
	PATH_SIZE = 256,
	BODY = 512,
	OWN = 1000,
	PAGES = 200,
	PAGE = 100,
	VOCABULARY = 20000,
	WORDS = 8,
	SEARCHES = 20,
};

static struct store *store;
static const struct id room = { { 7 } }, self = { { 200 } };
static unsigned kept, answered;
static size_t lines;
static char before[MSG_TEXT];
static uint64_t behind;
static struct rng rng;
static double *rarity; /* sums of 1/n */

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
	behind = answer->behind;
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
		.room_messages = UINT64_MAX / 2,
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
prepare_words(void)
{
	double sum = 0;

	rng = rng_seeded(1);
	rarity = mem_zero(VOCABULARY, sizeof *rarity);
	for (unsigned i = 0; i < VOCABULARY; i++)
		rarity[i] = sum += 1.0 / (i + 1);
}

static unsigned
draw_word(void)
{
	double at = rng_fraction(&rng) * rarity[VOCABULARY - 1];
	unsigned low = 0, high = VOCABULARY;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (rarity[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A word of letters alone, the same for the same number. */
static void
spell(unsigned number, char word[static 8])
{
	size_t size = 0;

	do
		word[size++] = (char)('a' + number % 26);
	while ((number /= 26) > 0);
	word[size++] = 'e';
	word[size++] = 'n';
	word[size] = '\0';
}

/* As the protocol has it. */
static size_t
write_body(char body[static BODY])
{
	char word[8];
	size_t size = (size_t)snprintf(body, BODY,
	    "{\"d\":\"dchat bundle\",\"n\":\"5acc8d0cd987398d\","
	    "\"r\":\"gotdkzalj2edz4535orbcxnsta\","
	    "\"a\":\"ag4nt4qk73nohgbt4njlyshtwi\","
	    "\"e\":\"10ed98365c1eddfc\",\"s\":1,"
	    "\"i\":\"7bbd1534f006dfb2\",\"c\":\"01a213ee78700000\","
	    "\"m\":[[\"text\",\"");

	for (int i = 0; i < WORDS; i++) {
		spell(draw_word(), word);
		size += (size_t)snprintf(body + size, BODY - size, "%s%s",
		    i > 0 ? " " : "", word);
	}
	return size +
	    (size_t)snprintf(body + size, BODY - size, "\"]]}");
}

static void
put(const struct id *author, uint64_t seq, uint64_t number)
{
	static uint64_t today;
	char body[BODY];
	const struct message said = { KIND_TEXT, "", "" };
	struct bundle bundle = {
		.room = room,
		.stream = { *author, 1 },
		.seq = seq,
		.nonce = 1,
		.messages = &said,
		.message_count = 1,
		.sealed = { .body = (const uint8_t *)body },
	};

	if (today == 0)
		today = (uint64_t)time(NULL) * 1000 << 16;
	bundle.sealed.size = write_body(body);
	/* One every other millisecond, up to now. */
	bundle.hlc = today + (number << 15);
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
		    before[0] == '\0' ? NULL : before, STORE_ABOVE, PAGE);
		while (answered < wanted)
			hear();
		ms[count++] = now_ms() - from_ms;
		if (lines < PAGE)
			break;
	}
	print("store_page_of_100", ms, count);
}

/* Until the index has caught up; as a searcher sees it. */
static void
index_all(void)
{
	double from_ms = now_ms();
	uint64_t first;

	store_search(store, 1, &room, "x", 1);
	answered = 0;
	while (answered == 0)
		hear();
	first = behind;
	while (behind > 0) {
		answered = 0;
		store_search(store, 1, &room, "x", 1);
		while (answered == 0)
			hear();
	}
	printf("store_index_left %llu bundles\nstore_index_left_took %.0f ms\n",
	    (unsigned long long)first, now_ms() - from_ms);
}

/* name: what is printed; format takes two words, of these numbers by rarity
 * (0 the commonest). */
static void
search_for(const char *name, const struct id *where, const char *format,
    unsigned first, unsigned second)
{
	double ms[SEARCHES];
	char text[64], one[8], other[8];

	for (unsigned i = 0; i < SEARCHES; i++) {
		double from_ms = now_ms();
		unsigned wanted = answered + 1;

		spell(first + i, one);
		spell(second + i, other);
		snprintf(text, sizeof text, format, one, other);
		store_search(store, 1, where, text, PAGE);
		while (answered < wanted)
			hear();
		ms[i] = now_ms() - from_ms;
	}
	print(name, ms, SEARCHES);
}

static void
search_all(void)
{
	index_all();
	search_for("store_search_common", &room, "%s%.0s", 0, 0);
	search_for("store_search_rare", &room, "%s%.0s", 15000, 0);
	search_for("store_search_common_pair", &room, "%s %s", 0, 20);
	search_for("store_search_rare_pair", &room, "%s %s", 1000, 15000);
	search_for("store_search_everywhere", NULL, "%s %s", 100, 200);
	search_for("store_search_beginning", NULL, "%.3s*%.0s", 15000, 0);
	search_for("store_search_nothing", &room, "%sq%.0s", 15000, 0);
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
	prepare_words();
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
	search_all();
	getrusage(RUSAGE_SELF, &usage);
	printf("store_rss_peak %ld KiB\n", usage.ru_maxrss);
	store_close(store);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
