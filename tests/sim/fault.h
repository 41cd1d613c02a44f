/*
 * fault: what can go wrong in a random run, and sets of it.
 *
 * Each run draws a set (swarm testing: Groce et al., ISSTA 2012), so that
 * faults that hide one another get their turn alone.
 */
#ifndef DCHAT_SIM_FAULT_H
#define DCHAT_SIM_FAULT_H

#include <stdbool.h>

#include "base/rng.h"

/* constant, name, what it is */
#define FAULTS(X)                                                              \
	/* the network */                                                      \
	X(LOSS, "loss", "frames and datagrams get lost, up to 30 %")           \
	X(DUP, "dup", "frames arrive twice")                                   \
	X(REORDER, "reorder", "frames overtake each other")                    \
	X(DELAY, "delay", "everything takes long, now and then very long")     \
	X(CLOG, "clog", "some links take up to two seconds longer")            \
	X(PARTITION, "partition", "two groups do not hear each other")         \
	X(ISOLATE, "isolate", "one is cut off from all others")                \
	X(TATTER, "tatter", "any two may be cut off from each other")          \
	X(SWIZZLE, "swizzle", "some are cut off one by one, and come back "    \
			      "in another order")                              \
	X(ONEWAY, "oneway", "some do not hear some others; cuts may be "       \
			    "open one way")                                    \
	X(CABLE, "cable", "the cable of a host is pulled")                     \
	X(RESET, "reset", "links break")                                       \
	/* processes and clocks */                                             \
	X(CRASH, "crash", "processes are killed, and most come back")          \
	X(LEAVE, "leave", "people leave, and most come back")                  \
	X(PAUSE, "pause", "processes are stopped for a while")                 \
	X(SKEW, "skew", "clocks of people are wrong, and jump")                \
	/* disks */                                                            \
	X(DISK, "disk", "disks are slow")                                      \
	X(DISKFULL, "diskfull", "disks take nothing for a while")              \
	X(OLDDISK, "olddisk", "who comes back may have an older disk")         \
	X(NODISK, "nodisk", "who comes back may have lost its disk")           \
	/* people */                                                           \
	X(HOSTILE, "hostile", "a member changes what it sends")                \
	X(FOREVER, "forever", "some never recover")

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
enum { FAULTS_TEXT = 256 };
char *faults_format(unsigned set, char text[static FAULTS_TEXT]);
const char *fault_name(enum fault fault);
const char *fault_sentence(enum fault fault);

#endif
