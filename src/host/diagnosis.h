/*
 * diagnosis: what the figures of the network mean, in words.
 *
 * A table of verdicts.  Each looks at the figures alone, so the same ones
 * always give the same words, and says what a person can do next.
 */
#ifndef DCHAT_HOST_DIAGNOSIS_H
#define DCHAT_HOST_DIAGNOSIS_H

#include "dchat.h"

enum {
	DIAGNOSIS_MAX = 32,	/* findings; the rest is not said */
	DIAGNOSIS_PATIENCE_MS = 15 * 1000,	/* silence means little before */
	DIAGNOSIS_FRESH_MS = 90 * 1000,	/* two rounds of slow beacons */
	DIAGNOSIS_SKEW_MS = 60 * 1000,	/* of a clock that is worth a word */
};

/* Fills `out`, the worst first; returns how many.  Findings of the network
 * itself are not looked at. */
size_t diagnose(const struct dchat_network *network,
    struct dchat_finding out[static DIAGNOSIS_MAX]);

#endif
