/*
 * dchat-sim: one random run of a group of nodes in virtual time.
 *
 * Prints what happened, the seed and the event hash; exit status 0 when all
 * checkers are content, 1 when one is not, 2 when it was called wrongly.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/sim/replay.h"
#include "tests/sim/trial.h"

enum { NODES = 5, NODES_MAX = 1000, MINUTES_MAX = 10000 };

static void
print_help(void)
{
	puts(
	    "Usage: dchat-sim [OPTION]...\n"
	    "Runs a group of dchat nodes on a simulated network in virtual "
	    "time.\n"
	    "\n"
	    "      --nodes N      so many nodes (5)\n"
	    "      --seed S       all chance comes from it (1)\n"
	    "      --minutes M    the faults go on for so long (2)\n"
	    "      --faults LIST  kinds with commas, \"none\" or \"all\" "
	    "(none)\n"
	    "      --drawn        the run that check_seeds makes of the seed\n"
	    "      --seeds N      so many of these, from the seed on; those "
	    "that fail are told\n"
	    "      --hashed-ring  the ring is not in order of the ids\n"
	    "      --plain        frames skip the codec: faster\n"
	    "      --trace        print the timeline too\n"
	    "      --frames       and in it all frames that arrive\n"
	    "      --shiviz FILE  write a log that ShiViz draws, two lines an "
	    "event; its regular\n"
	    "                     expression is the default one,\n"
	    "                     (?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)"
	    "\n"
	    "      --replay LOG   play a run of a real dchat again, from the log "
	    "it wrote with\n"
	    "                     -vv --log LOG; the effects must be the same; "
	    "with --trace\n"
	    "                     what the node tells of itself, too\n"
	    "      --help         print this\n"
	    "\n"
	    "Faults:");
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		printf("  %-10s %s\n", fault_name(i), fault_sentence(i));
	puts("\nThe same options give the same event hash.  Exit status: 0 "
	     "when all went as it\n"
	     "must, 1 when not, 2 when called wrongly.");
}

static _Noreturn void
complain(const char *what, const char *argument)
{
	fprintf(stderr, "dchat-sim: %s: %s; see dchat-sim --help\n", argument,
	    what);
	exit(2);
}

static uint64_t
number(const char *text, uint64_t min, uint64_t max, const char *what)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0);

	if (*text < '0' || *text > '9' || *end != '\0' || value < min ||
	    value > max)
		complain(what, text);
	return value;
}

static struct trial_options
draw_options(const struct trial_options *given)
{
	struct trial_options options = trial_of_seed(given->seed, given->nodes);

	options.tracing = given->tracing;
	options.frames = given->frames;
	options.shiviz = given->shiviz;
	options.hashed_ring |= given->hashed_ring;
	options.plain |= given->plain;
	return options;
}

/* What is asked for beside one run. */
struct asked {
	uint64_t seeds; /* 0: just the run */
	const char *shiviz;
	const char *replay;
};

static struct trial_options
parse(int argc, char **argv, struct asked *asked)
{
	static const struct option table[] = {
		{ "nodes", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' },
		{ "minutes", required_argument, NULL, 'm' },
		{ "faults", required_argument, NULL, 'f' },
		{ "drawn", no_argument, NULL, 'd' },
		{ "seeds", required_argument, NULL, 'N' },
		{ "hashed-ring", no_argument, NULL, 'r' },
		{ "plain", no_argument, NULL, 'p' },
		{ "trace", no_argument, NULL, 't' },
		{ "frames", no_argument, NULL, 'F' },
		{ "shiviz", required_argument, NULL, 'z' },
		{ "replay", required_argument, NULL, 'R' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct trial_options options = {
		.seed = 1,
		.safety_ms = 2 * 60 * 1000,
		.talk_ms = 5000,
	};
	bool drawn = false;
	int c;

	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1)
		switch (c) {
		case 'n':
			options.nodes = (unsigned)number(optarg, 1, NODES_MAX,
			    "the number of nodes is 1 to 1000");
			break;
		case 's':
			options.seed =
			    number(optarg, 0, UINT64_MAX, "a seed is a number");
			break;
		case 'm':
			options.safety_ms = 60000 *
			    (instant_ms)number(optarg, 1, MINUTES_MAX,
				"the minutes are 1 to 10000");
			break;
		case 'f':
			if (!faults_parse(optarg, &options.faults))
				complain("there is no such fault", optarg);
			break;
		case 'd': drawn = true; break;
		case 'N':
			asked->seeds = number(optarg, 1, UINT64_MAX,
			    "a number of seeds is at least 1");
			drawn = true;
			break;
		case 'r': options.hashed_ring = true; break;
		case 'p': options.plain = true; break;
		case 'F': options.frames = options.tracing = true; break;
		case 't': options.tracing = true; break;
		case 'R': asked->replay = optarg; break;
		case 'z':
			asked->shiviz = optarg;
			options.shiviz = true;
			break;
		case 'h': print_help(); exit(0);
		default:
			/* getopt_long has said what is wrong. */
			fputs("dchat-sim: see dchat-sim --help\n", stderr);
			exit(2);
		}
	if (optind < argc)
		complain("this takes no arguments but options", argv[optind]);
	if (drawn)
		return draw_options(&options);
	if (options.nodes == 0)
		options.nodes = NODES;
	return options;
}

static void
print_took(const char *what, instant_ms ms)
{
	if (ms < 0)
		printf("%-24s never\n", what);
	else
		printf("%-24s %.1f s after the last fault\n", what,
		    (double)ms / 1000);
}

static void
print_result(const struct trial_options *options,
    const struct trial_result *result, double wall_s)
{
	const struct checkers_figures *figures = &result->figures;
	char faults[FAULTS_TEXT];

	printf("%-24s %u\n", "nodes", options->nodes);
	printf("%-24s %s\n", "faults", faults_format(options->faults, faults));
	printf("%-24s %" PRIu64 ", %" PRIu64 " shown\n", "messages said",
	    figures->said, figures->delivered);
	printf("%-24s %" PRIu64 ", highest term %" PRIu64 "\n",
	    "leaders elected", figures->elected, figures->highest_term);
	printf("%-24s %" PRIu64 ", all nodes together\n", "leaders told",
	    figures->leader_events);
	printf("%-24s %.1f s, the worst of one with peers\n",
	    "without a leader", (double)figures->leaderless_ms / 1000);
	print_took("one view", result->view_ms);
	print_took("one leader", result->leader_ms);
	printf("%-24s %" PRIu64 ", %" PRIu64 " lost, %" PRIu64 " bytes\n",
	    "frames", result->counters.frames, result->counters.lost,
	    result->counters.bytes);
	printf("%-24s %" PRIu64 " probes, %" PRIu64 " replies\n",
	    "of elections", result->counters.sent[FRAME_PROBE],
	    result->counters.sent[FRAME_REPLY]);
	printf("%-24s %.1f s virtual, %.2f s real\n", "time",
	    (double)result->virtual_ms / 1000, wall_s);
	printf("%-24s %lld ms of faults, a message in %lld ms%s%s%s\n",
	    "drawn as", (long long)options->safety_ms,
	    (long long)options->talk_ms, options->amends ? ", amends" : "",
	    options->scrolls ? ", scrolls" : "",
	    options->hashed_ring ? ", hashed ring" : "");
	printf("%-24s %" PRIu64 "\n", "seed", options->seed);
	printf("%-24s %016" PRIx64 "\n", "event hash", result->hash);
}

static bool
write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	bool good = file != NULL && fputs(text, file) != EOF;

	good = file != NULL && fclose(file) == 0 && good;
	if (!good)
		fprintf(stderr, "dchat-sim: %s cannot be written\n", path);
	return good;
}

/* Only printed: nothing in the run depends on it. */
static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of many runs: what happened, and the longest it took after the last fault
 * in those that passed. */
struct sums {
	uint64_t said, shown, gaps_filled, older, amended, receipts, failed;
	instant_ms view_ms, leader_ms, messages_ms;
};

static void
sum_up(struct sums *sums, const struct trial_result *result)
{
	sums->said += result->figures.said;
	sums->shown += result->figures.delivered;
	sums->gaps_filled += result->figures.gaps_filled;
	sums->older += result->figures.older;
	sums->amended += result->figures.amended;
	sums->receipts += result->figures.receipts;
	sums->failed += result->failures != NULL;
}

static void
note_longest(struct sums *longest, const struct trial_result *result)
{
	if (result->view_ms > longest->view_ms)
		longest->view_ms = result->view_ms;
	if (result->leader_ms > longest->leader_ms)
		longest->leader_ms = result->leader_ms;
	if (result->messages_ms > longest->messages_ms)
		longest->messages_ms = result->messages_ms;
}

/* False when one of them failed. */
static bool
run_seeds(const struct trial_options *first, uint64_t count)
{
	struct trial_options given = *first;
	uint64_t seed = first->seed;
	struct sums sums = { 0 };
	char faults[FAULTS_TEXT];

	given.nodes = 0;
	for (uint64_t i = 0; i < count; i++, given.seed++) {
		struct trial_options options = draw_options(&given);
		struct trial_result result = trial_run(&options);

		sum_up(&sums, &result);
		if (result.failures != NULL) {
			printf("seed %" PRIu64 ", %u nodes, %s, hash %016"
			    PRIx64 ":\n%s", given.seed, options.nodes,
			    faults_format(options.faults, faults),
			    result.hash, result.failures);
			fflush(stdout);
		} else {
			note_longest(&sums, &result);
		}
		free(result.timeline);
		free(result.shiviz);
		free(result.failures);
	}
	printf("%" PRIu64 " seeds from %" PRIu64 ", %" PRIu64 " failed; "
	       "at the longest %.1f s to one view, %.1f to one leader, %.1f "
	       "to all messages\n",
	    count, seed, sums.failed, (double)sums.view_ms / 1000,
	    (double)sums.leader_ms / 1000, (double)sums.messages_ms / 1000);
	printf("%" PRIu64 " messages said, shown %" PRIu64
	       " times, of them %" PRIu64 " into a gap told before; %" PRIu64
	       " came for one who scrolled up; %" PRIu64
	       " times what became of one was compared; %" PRIu64
	       " receipts were to be complete\n",
	    sums.said, sums.shown, sums.gaps_filled, sums.older, sums.amended,
	    sums.receipts);
	return sums.failed == 0;
}

int
main(int argc, char **argv)
{
	struct asked asked = { 0 };
	struct trial_options options = parse(argc, argv, &asked);
	double began = seconds();
	struct trial_result result;
	bool content, written;

	if (asked.replay != NULL)
		return replay_log(asked.replay, options.tracing) ? 0 : 1;
	if (asked.seeds > 0)
		return run_seeds(&options, asked.seeds) ? 0 : 1;
	result = trial_run(&options);
	content = result.failures == NULL;
	if (result.timeline != NULL)
		fputs(result.timeline, stdout);
	written = asked.shiviz == NULL ||
	    write_text(asked.shiviz, result.shiviz);
	print_result(&options, &result, seconds() - began);
	if (!content)
		printf("\nWhat must hold did not:\n%s", result.failures);
	free(result.timeline);
	free(result.shiviz);
	free(result.failures);
	return !written ? 2 : content ? 0 : 1;
}
