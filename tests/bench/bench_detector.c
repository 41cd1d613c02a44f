/*
 * bench_detector: how soon a silent member is found, and who is buried by
 * mistake, in virtual time.
 *
 *   found       from the last sign of life to the first verdict anywhere
 *   everywhere  and to the last one
 *   false       verdicts on members that were well all the time, while some
 *               others are stopped for up to eight seconds again and again
 *               (the load of Dadgar et al., "Lifeguard", 2018, section V)
 *
 * Lines are "name value unit"; times are medians and worst of all runs.
 *
 *   bench_detector [NODES [RUNS]]    one size; all of a minute otherwise
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/sim/sim.h"

enum { SECOND = 1000, RUNS = 15, NODES_MAX = 512, LOAD_SECONDS = 60, STOPPED = 8 };

static struct sim *
gather(unsigned nodes, uint64_t seed)
{
	struct sim *sim = sim_new(&(struct sim_options){
	    .nodes = nodes,
	    .seed = seed,
	    .shuffled = true,
	    .plain = true,
	    .tracing = true,
	});

	sim_start_all(sim);
	if (!sim_run_until(sim, sim_one_view, 20 * SECOND)) {
		fprintf(stderr, "bench_detector: %u do not gather\n", nodes);
		exit(1);
	}
	sim_run(sim, 5 * SECOND);
	sim_clear_timeline(sim);
	return sim;
}

/* Calls for each "peer: NAME dead" of the timeline; frees it. */
static void
each_death(struct sim *sim, void (*call)(void *self, unsigned whom,
    instant_ms at), void *self)
{
	char *timeline = sim_timeline(sim, "peer:");

	for (char *line = strtok(timeline, "\n"); line != NULL;
	    line = strtok(NULL, "\n")) {
		char who[32], state[16];
		long long at;

		if (sscanf(line, "[%lld] %*[^:]: peer: %31s %15s", &at, who,
			state) != 3 || strcmp(state, "dead") != 0)
			continue;
		for (unsigned i = 0; i < sim->count; i++)
			if (strcmp(sim->nodes[i].name, who) == 0)
				call(self, i, (instant_ms)at);
	}
	free(timeline);
}

/* -- silence ------------------------------------------------------------- */

struct finding {
	unsigned victim;
	instant_ms first, last;
	size_t count;
};

static void
note_finding(void *self, unsigned whom, instant_ms at)
{
	struct finding *finding = self;

	if (whom != finding->victim)
		return;
	if (finding->count++ == 0)
		finding->first = at;
	finding->last = at;
}

static int
compare(const void *a, const void *b)
{
	instant_ms one = *(const instant_ms *)a, other = *(const instant_ms *)b;

	return one < other ? -1 : one > other;
}

static void
print(unsigned nodes, const char *what, instant_ms *times, unsigned runs)
{
	qsort(times, runs, sizeof *times, compare);
	printf("silence_%u_%s_median %lld ms\n", nodes, what,
	    (long long)times[runs / 2]);
	printf("silence_%u_%s_worst %lld ms\n", nodes, what,
	    (long long)times[runs - 1]);
	fflush(stdout);
}

static void
measure_silence(unsigned nodes, unsigned runs)
{
	instant_ms first[RUNS], last[RUNS];

	for (unsigned run = 0; run < runs; run++) {
		struct sim *sim = gather(nodes, run + 1);
		struct finding finding = { .victim = run * 7 % nodes };
		instant_ms began;

		sim_run(sim, run * 83);
		began = sim_now(sim);
		sim_pause(sim, finding.victim);
		sim_run(sim, 15 * SECOND);
		each_death(sim, note_finding, &finding);
		if (finding.count != nodes - 1)
			printf("silence_%u_missing %zu members\n", nodes,
			    nodes - 1 - finding.count);
		first[run] = finding.first - began;
		last[run] = finding.last - began;
		sim_destroy(sim);
	}
	print(nodes, "found", first, runs);
	print(nodes, "everywhere", last, runs);
}

/* -- load ---------------------------------------------------------------- */

struct mistakes {
	size_t healthy, stopped;
};

static void
note_mistake(void *self, unsigned whom, instant_ms at)
{
	struct mistakes *mistakes = self;

	(void)at;
	if (whom < STOPPED)
		mistakes->stopped++;
	else
		mistakes->healthy++;
}

/* The first ones stop and go on, each by chance. */
static void
measure_load(unsigned nodes)
{
	struct sim *sim = gather(nodes, 1);
	struct rng rng = rng_seeded(1);
	instant_ms until[STOPPED] = { 0 };
	bool stopped[STOPPED] = { false };
	struct mistakes mistakes = { 0, 0 };

	for (int tick = 0; tick < LOAD_SECONDS * 10; tick++) {
		for (unsigned i = 0; i < STOPPED; i++) {
			if (sim_now(sim) < until[i])
				continue;
			if (stopped[i])
				sim_resume(sim, i);
			else
				sim_pause(sim, i);
			stopped[i] = !stopped[i];
			until[i] = sim_now(sim) + 100 +
			    (instant_ms)rng_below(&rng,
				stopped[i] ? 8 * SECOND : 2 * SECOND);
		}
		sim_run(sim, 100);
	}
	each_death(sim, note_mistake, &mistakes);
	printf("load_%u_false_deaths_of_healthy %zu verdicts\n", nodes,
	    mistakes.healthy);
	printf("load_%u_deaths_of_stopped %zu verdicts\n", nodes,
	    mistakes.stopped);
	sim_destroy(sim);
}

int
main(int argc, char **argv)
{
	static const unsigned sizes[] = { 2, 3, 5, 10, 16 };
	int nodes = argc > 1 ? atoi(argv[1]) : 0;
	int runs = argc > 2 ? atoi(argv[2]) : RUNS;

	if (argc > 1 && (nodes < 2 || nodes > NODES_MAX || runs < 1 ||
			    runs > RUNS)) {
		fprintf(stderr,
		    "bench_detector: NODES is a number from 2 to %d, RUNS "
		    "one from 1 to %d.\n", NODES_MAX, RUNS);
		return 2;
	}
	if (nodes > 0) {
		measure_silence((unsigned)nodes, (unsigned)runs);
		if (nodes > STOPPED)
			measure_load((unsigned)nodes);
		return 0;
	}
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		measure_silence(sizes[i], RUNS);
	measure_load(16);
	return 0;
}
