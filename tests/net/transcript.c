/*
 * transcript: takes a transcript through real nodes with faults, and compares
 * what they have in the end.
 *
 *   transcript [OPTION]... TRANSCRIPT
 *     -n NODES    hosts on one wire, a node each           (default 3)
 *     -l PERCENT  of all packets are lost, till the end    (default 0)
 *     -k KILLS    with -9, at random lines                 (default 0)
 *     -c CUTS     cables pulled for a tenth of the lines   (default 0)
 *     -r TIMES    the transcript is read                   (default 1)
 *     -s SEED     where the faults fall                    (default 1)
 *     -w SECONDS  patience at the end                      (default 120)
 *
 * A transcript is text: lines "NICK<TAB>TEXT".  Each nick speaks at a node of
 * its own as long as there are nodes, then they share.  All who speak have
 * heard each other before the first line; nothing else waits: whoever is
 * killed starts again when it is to speak next, or at the end.
 *
 * Exit status 0: all nodes have the same messages in the same order, and
 * each that was answered is there once; 1: not; 77: no namespaces here.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "tests/support/lan.h"
#include "tests/support/peer.h"

enum {
	NODES_MAX = 16,
	SPEAKERS_MAX = 256,
	PAGE = 10000,
	LOOK_AGAIN_MS = 250,
};
static const double SOON_MS = 30000;

struct line {
	int node;
	const char *text;
};

struct lines {
	struct line *items;
	size_t count, cap;
};

struct names {
	char **items;
	size_t count, cap;
};

struct fault {
	size_t from, to;	/* lines; of a kill the same */
	int node;
	bool cut;
};

static struct options {
	int nodes, loss, kills, cuts, times;
	uint64_t seed;
	double patience_ms;
} options = { 3, 0, 0, 0, 1, 1, 120000 };

static struct crowd crowd;
static struct peer *peers[NODES_MAX];	/* NULL: killed */
static struct names answered;		/* ids of messages */
static char state[64];
static double looked_ms;

static void
expect(bool happened, const char *what)
{
	if (happened)
		return;
	fprintf(stderr, "transcript: this did not happen: %s\n", what);
	crowd_end(&crowd);
	exit(EXIT_FAILURE);
}

/* -- the transcript ----------------------------------------------------- */

static int
node_of(const char *nick, size_t size)
{
	static char *nicks[SPEAKERS_MAX];
	static int count;

	for (int i = 0; i < count; i++)
		if (strlen(nicks[i]) == size &&
		    memcmp(nicks[i], nick, size) == 0)
			return i % options.nodes;
	if (count == SPEAKERS_MAX)
		return 0;
	nicks[count] = strndup(nick, size);
	return count++ % options.nodes;
}

static void
read_transcript(const char *path, struct lines *lines)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t size;

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	while ((size = getline(&line, &cap, file)) > 0) {
		char *tab = strchr(line, '\t');

		if (line[size - 1] == '\n')
			line[--size] = '\0';
		if (tab == NULL || tab[1] == '\0')
			continue;
		MEM_GROW(lines->items, lines->count, lines->cap);
		lines->items[lines->count++] = (struct line){
			node_of(line, (size_t)(tab - line)),
			strdup(tab + 1)
		};
	}
	free(line);
	fclose(file);
}

/* -- nodes -------------------------------------------------------------- */

static void
start(int node)
{
	char name[16];
	const char *arguments[] = { "--profile", name, "--nick", name, NULL };

	snprintf(name, sizeof name, "node%d", node);
	peers[node] = peer_start(&crowd, lan_host(node + 1), arguments);
	expect(peer_await(&crowd, peers[node], "ready", NULL, NULL, SOON_MS) !=
		NULL,
	    "a node starts");
}

static void
add_answer(const json_t *answer)
{
	MEM_GROW(answered.items, answered.count, answered.cap);
	answered.items[answered.count++] =
	    strdup(event_text(answer, "msg"));
}

static void
say(int node, const char *text)
{
	json_t *answer;

	if (peers[node] == NULL)
		start(node);
	answer = peer_ask(&crowd, peers[node], SOON_MS, "{s:s, s:s, s:s}",
	    "cmd", "say", "room", "#lobby", "text", text);
	expect(answer != NULL && event_is(answer, "ok"),
	    "what is said is answered");
	add_answer(answer);
}

/* Says without waiting, and is killed: whether it was kept nobody knows. */
static void
kill_while_it_speaks(int node)
{
	struct peer *peer = peers[node];

	if (peer == NULL)
		return;
	peer_send(peer, "{s:s, s:s, s:s, s:s}", "cmd", "say", "room",
	    "#lobby", "text", "(cut off)", "tag", "last");
	peer_kill(peer, SIGKILL);
	expect(peer_await_end(&crowd, peer, SOON_MS), "a killed node ends");
	for (size_t i = peer->count; i-- > 0;) {
		const char *tag = event_text(peer->events[i].event, "tag");

		if (tag != NULL && strcmp(tag, "last") == 0 &&
		    event_is(peer->events[i].event, "ok"))
			add_answer(peer->events[i].event);
	}
	peers[node] = NULL;
}

static bool
all_heard_all(struct crowd *all, void *unused)
{
	char text[24];

	(void)all, (void)unused;
	for (int node = 0; node < options.nodes; node++) {
		snprintf(text, sizeof text, "hello %d", node);
		for (int other = 0; other < options.nodes; other++)
			if (peer_count_text(peers[other], text) == 0)
				return false;
	}
	return true;
}

static void
start_all(void)
{
	char text[24];

	for (int node = 0; node < options.nodes; node++)
		start(node);
	for (int node = 0; node < options.nodes; node++) {
		snprintf(text, sizeof text, "hello %d", node);
		say(node, text);
	}
	expect(crowd_await(&crowd, SOON_MS, all_heard_all, NULL),
	    "all hear each other");
}

/* -- faults ------------------------------------------------------------- */

static struct fault *
draw_faults(size_t lines, size_t *count)
{
	struct rng rng = rng_seeded(options.seed);
	struct fault *faults;

	*count = (size_t)(options.kills + options.cuts);
	faults = mem_zero(*count + 1, sizeof *faults);
	for (size_t i = 0; i < *count; i++) {
		struct fault *fault = &faults[i];

		fault->cut = i >= (size_t)options.kills;
		fault->from = (size_t)rng_below(&rng, lines);
		fault->to = fault->from + (fault->cut ? lines / 10 + 1 : 0);
		fault->node =
		    (int)rng_below(&rng, (uint64_t)options.nodes);
	}
	return faults;
}

static bool
is_cut(const struct fault *faults, size_t count, int node, size_t line)
{
	for (size_t i = 0; i < count; i++)
		if (faults[i].cut && faults[i].node == node &&
		    line >= faults[i].from && line < faults[i].to)
			return true;
	return false;
}

/* What begins and ends before this line. */
static void
do_faults(const struct fault *faults, size_t count, size_t line)
{
	static bool cut[NODES_MAX];

	for (int node = 0; node < options.nodes; node++) {
		bool now = is_cut(faults, count, node, line);

		if (now && !cut[node])
			lan_cut(node + 1);
		else if (!now && cut[node])
			lan_mend(node + 1);
		cut[node] = now;
	}
	for (size_t i = 0; i < count; i++)
		if (!faults[i].cut && faults[i].from == line)
			kill_while_it_speaks(faults[i].node);
}

/* -- comparing ---------------------------------------------------------- */

static void
free_names(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){ 0 };
}

/* Adds a page of the history above what is there, newest first. */
static size_t
add_page(struct peer *peer, struct names *names)
{
	json_t *command = json_pack("{s:s, s:s, s:i}", "cmd", "history",
	    "room", "#lobby", "limit", PAGE);
	const json_t *messages;
	size_t count;

	if (names->count > 0)
		json_object_set_new(command, "before",
		    json_string(names->items[names->count - 1]));
	messages = json_object_get(
	    peer_ask(&crowd, peer, SOON_MS, "O", command), "messages");
	json_decref(command);
	count = json_array_size(messages);
	for (size_t i = count; i-- > 0;) {
		MEM_GROW(names->items, names->count, names->cap);
		names->items[names->count++] = strdup(
		    event_text(json_array_get(messages, i), "msg"));
	}
	return count;
}

static struct names
history_of(struct peer *peer)
{
	struct names names = { 0 };

	while (add_page(peer, &names) == PAGE)
		;
	return names;
}

static bool
same(const struct names *one, const struct names *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (strcmp(one->items[i], other->items[i]) != 0)
			return false;
	return true;
}

static bool
all_the_same(struct crowd *all, void *argument)
{
	struct names *first = argument;
	bool equal = true;

	(void)all;
	if (peer_now_ms() < looked_ms + LOOK_AGAIN_MS)
		return false;
	free_names(first);
	*first = history_of(peers[0]);
	equal = first->count >= answered.count;
	for (int node = 1; node < options.nodes && equal; node++) {
		struct names names = history_of(peers[node]);

		equal = same(first, &names);
		free_names(&names);
	}
	looked_ms = peer_now_ms();
	return equal;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each once, and every answered one among them. */
static bool
complete(struct names *history)
{
	size_t at = 0;
	bool good = true;

	qsort(history->items, history->count, sizeof *history->items,
	    compare_names);
	qsort(answered.items, answered.count, sizeof *answered.items,
	    compare_names);
	for (size_t i = 1; i < history->count; i++)
		good = good &&
		    strcmp(history->items[i - 1], history->items[i]) != 0;
	for (size_t i = 0; i < answered.count; i++) {
		while (at < history->count &&
		    strcmp(history->items[at], answered.items[i]) < 0)
			at++;
		if (at < history->count &&
		    strcmp(history->items[at], answered.items[i]) == 0)
			continue;
		fprintf(stderr, "transcript: %s was answered and is lost\n",
		    answered.items[i]);
		good = false;
	}
	return good;
}

static long
sum_of(const char *counter)
{
	long sum = 0;

	for (int node = 0; node < options.nodes; node++)
		sum += (long)json_integer_value(json_object_get(
		    json_object_get(peer_ask(&crowd, peers[node], SOON_MS,
					"{s:s}", "cmd", "status"),
			"counters"),
		    counter));
	return sum;
}

static void
print_counts(const struct names *history, size_t lines, double said_ms,
    double equal_ms)
{
	printf("transcript: seed %llu, %d nodes, %d %% loss, %d kills, %d cuts\n",
	    (unsigned long long)options.seed, options.nodes, options.loss,
	    options.kills, options.cuts);
	printf("transcript: %zu lines said in %.1f s, the same everywhere %.1f s "
	       "later\n",
	    lines, said_ms / 1000, equal_ms / 1000);
	printf("transcript: %zu answered, %zu messages at each node in one order, "
	       "none twice\n",
	    answered.count, history->count);
	printf("transcript: since the last starts %ld bundles received, %ld of "
	       "them twice, %ld bytes sent, %ld rejected\n",
	    sum_of("bundles_received"), sum_of("duplicates"),
	    sum_of("bytes_sent"), sum_of("rejected"));
}

/* -- all of it ---------------------------------------------------------- */

static void
play(const struct lines *lines)
{
	size_t count = lines->count * (size_t)options.times, fault_count;
	struct fault *faults = draw_faults(count, &fault_count);
	struct names history = { 0 };
	double from_ms = peer_now_ms(), said_ms;

	for (size_t i = 0; i < count; i++) {
		const struct line *line = &lines->items[i % lines->count];

		do_faults(faults, fault_count, i);
		say(line->node, line->text);
	}
	do_faults(faults, 0, count);
	for (int node = 0; node < options.nodes; node++)
		if (peers[node] == NULL)
			start(node);
	said_ms = peer_now_ms() - from_ms;
	from_ms = peer_now_ms();
	expect(crowd_await(&crowd, options.patience_ms, all_the_same,
		   &history),
	    "all have the same messages in the same order");
	print_counts(&history, count, said_ms, peer_now_ms() - from_ms);
	expect(complete(&history), "each answered message is there once");
	free_names(&history);
	free(faults);
}

static void
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "n:l:k:c:r:s:w:")) != -1)
		switch (option) {
		case 'n': options.nodes = atoi(optarg); break;
		case 'l': options.loss = atoi(optarg); break;
		case 'k': options.kills = atoi(optarg); break;
		case 'c': options.cuts = atoi(optarg); break;
		case 'r': options.times = atoi(optarg); break;
		case 's': options.seed = strtoull(optarg, NULL, 10); break;
		case 'w': options.patience_ms = atof(optarg) * 1000; break;
		default: optind = argc + 1;
		}
	if (optind == argc - 1 && options.nodes >= 2 &&
	    options.nodes <= NODES_MAX && options.kills >= 0 &&
	    options.cuts >= 0 && options.times >= 1 &&
	    options.kills < CROWD_MAX - NODES_MAX)
		return;
	fprintf(stderr, "transcript: [-n NODES] [-l LOSS] [-k KILLS] [-c CUTS] "
			"[-r TIMES] [-s SEED] [-w SECONDS] TRANSCRIPT\n");
	exit(2);
}

static void
remove_state(void)
{
	char command[sizeof state + 16];

	snprintf(command, sizeof command, "rm -rf %s", state);
	if (system(command) != 0)
		fprintf(stderr, "transcript: %s is left over\n", state);
}

int
main(int argc, char **argv)
{
	struct lines lines = { 0 };

	take_options(argc, argv);
	lan_enter(argv);
	read_transcript(argv[optind], &lines);
	if (lines.count == 0) {
		fprintf(stderr, "transcript: no line is \"NICK<TAB>TEXT\"\n");
		return 2;
	}
	snprintf(state, sizeof state, "/tmp/dchat-transcript-XXXXXX");
	if (mkdtemp(state) == NULL)
		return EXIT_FAILURE;
	atexit(remove_state);
	setenv("XDG_STATE_HOME", state, 1);
	lan_build(options.nodes);
	start_all();
	for (int host = 1; host <= options.nodes && options.loss > 0; host++)
		lan_loss(host, options.loss);
	play(&lines);
	for (size_t i = 0; i < lines.count; i++)
		free((char *)lines.items[i].text);
	free(lines.items);
	free_names(&answered);
	crowd_end(&crowd);
	lan_remove(options.nodes);
	return EXIT_SUCCESS;
}
