/*
 * trial: one random run.
 *
 * People come, talk, answer and go while faults of the chosen kinds happen
 * (safety: the checkers watch).  Then the faults end, and within bounds all
 * who are still there have to have one view, one leader and the same
 * messages, and to hear each other (liveness).
 */
#ifndef DCHAT_SIM_TRIAL_H
#define DCHAT_SIM_TRIAL_H

#include "tests/sim/checkers.h"
#include "tests/sim/sim.h"

/* constant, name, what it is */
#define FAULTS(X)                                                              \
	X(LOSS, "loss", "frames and datagrams get lost, up to 30 %")           \
	X(DUP, "dup", "frames arrive twice")                                   \
	X(REORDER, "reorder", "frames overtake each other")                    \
	X(DELAY, "delay", "everything takes long, now and then very long")     \
	X(CLOG, "clog", "some links take up to two seconds longer")            \
	X(PARTITION, "partition", "two groups do not hear each other")         \
	X(ONEWAY, "oneway", "some do not hear some others")                    \
	X(CABLE, "cable", "the cable of a host is pulled")                     \
	X(RESET, "reset", "links break")                                       \
	X(CRASH, "crash", "processes are killed, and most come back")          \
	X(LEAVE, "leave", "people leave, and most come back")                  \
	X(PAUSE, "pause", "processes are stopped for a while")                 \
	X(SKEW, "skew", "clocks of people are wrong, up to an hour")           \
	X(DISK, "disk", "disks are slow")

enum fault {
#define X(fault, name, what) FAULT_##fault,
	FAULTS(X)
#undef X
	    FAULT_COUNT
};

/* A set of faults is a bit each. */
unsigned faults_draw(struct rng *rng);
/* "none", "all" or names with commas; false when one is unknown. */
bool faults_parse(const char *text, unsigned *set);
/* The same form; at most FAULTS_TEXT bytes with the NUL. */
enum { FAULTS_TEXT = 128 };
char *faults_format(unsigned set, char text[static FAULTS_TEXT]);
const char *fault_name(enum fault fault);
const char *fault_sentence(enum fault fault);

struct trial_options {
	uint64_t seed;
	unsigned nodes;
	unsigned faults;
	instant_ms safety_ms; /* how long the faults go on */
	instant_ms talk_ms;   /* a message each, in the mean */
	bool tracing;
	bool frames; /* in the timeline, too */
	bool hashed_ring;
	bool plain; /* without the codec: faster */
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
	char *failures; /* NULL: none; freed by the caller */
};

struct trial_result trial_run(const struct trial_options *options);

#endif
