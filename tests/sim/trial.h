/*
 * trial: one random run.
 *
 * People come, talk, answer and go while faults of the chosen kinds happen
 * (safety: the checkers watch).  Then the faults end for a core of the
 * group, mostly all of it; the rest may go on as it is for ever.  Within
 * bounds the core has to have one view, one leader, the same messages and
 * the same metadata, to hear each other, and to get something decided; and
 * when all is quiet nothing moves any more (liveness).
 */
#ifndef DCHAT_SIM_TRIAL_H
#define DCHAT_SIM_TRIAL_H

#include "tests/sim/checkers.h"
#include "tests/sim/fault.h"
#include "tests/sim/sim.h"

struct trial_options {
	uint64_t seed;
	unsigned nodes;
	unsigned faults;
	instant_ms safety_ms; /* how long the faults go on */
	instant_ms talk_ms;   /* a message each, in the mean */
	bool tracing;
	bool frames; /* in the timeline, too */
	bool shiviz; /* a log for ShiViz */
	bool hashed_ring;
	bool plain; /* without the codec: faster */
	bool amends; /* people react, edit and delete, too */
	bool scrolls; /* and some want to see what was before they came */
};

/* The options that check_seeds gives to a seed. */
struct trial_options trial_of_seed(uint64_t seed, unsigned nodes);

struct trial_result {
	struct checkers_figures figures;
	struct sim_counters counters;
	uint64_t hash;
	instant_ms virtual_ms;
	/* After the last fault; -1: never. */
	instant_ms view_ms, leader_ms, messages_ms;
	char *timeline; /* when tracing; freed by the caller */
	char *shiviz;   /* when asked for; the same */
	char *failures; /* NULL: none; freed by the caller */
};

struct trial_result trial_run(const struct trial_options *options);

#endif
