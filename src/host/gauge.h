/*
 * gauge: what is measured for people to look at: the round trips of a link,
 * and what went over all of them in each second.
 *
 * No clock in here: who measures says what time it is.  A round trip is from
 * a ping to its pong, our own queue and the other end's loop included: that
 * is how fast the peer is for us, which TCP's own figure is not.
 */
#ifndef DCHAT_HOST_GAUGE_H
#define DCHAT_HOST_GAUGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/instant.h"
#include "dchat.h"

enum {
	GAUGE_TRIPS = 16,	/* of a link that are kept */
	GAUGE_SECONDS = 32,	/* of traffic that are told, and the one */
	GAUGE_RING = GAUGE_SECONDS + 1,		/* that is not over */
};

/* Zeroed: nothing measured yet. */
struct gauge_trips {
	double last_ms[GAUGE_TRIPS];	/* a ring; */
	size_t count, next;		/* this many, the next goes here */
	double smooth_ms;
	uint64_t number;		/* of the ping that is under way */
	int64_t pinged_us;
	bool waiting;
};

/* A ping goes out; at a time in microseconds. */
void gauge_ping(struct gauge_trips *trips, uint64_t number, int64_t now_us);
/* A pong came: what it measures, if it answers that ping. */
void gauge_pong(struct gauge_trips *trips, uint64_t number, int64_t now_us);
/* Smoothed by an eighth (RFC 6298, section 2); < 0: nothing measured. */
double gauge_rtt_ms(const struct gauge_trips *trips);
/* The last ones, oldest first; how many. */
size_t gauge_series(const struct gauge_trips *trips,
    double series[static GAUGE_TRIPS]);

/* Zeroed: nothing was counted yet. */
struct gauge_traffic {
	instant_ms began;	/* the second of the last sample; 0: none */
	uint64_t totals[FLOW_COUNT];		/* as of that sample */
	uint64_t seconds[FLOW_COUNT][GAUGE_RING];	/* by second */
};

/* Whether a new second has begun, so that a sample is due. */
bool gauge_due(const struct gauge_traffic *traffic, instant_ms now);
/* Totals that only grow; what was added belongs to the second of the sample
 * before, for nothing happens without a sample being due. */
void gauge_sample(struct gauge_traffic *traffic, instant_ms now,
    const uint64_t totals[static FLOW_COUNT]);
/* The whole seconds before this one, oldest first. */
void gauge_flow(const struct gauge_traffic *traffic, instant_ms now,
    enum dchat_flow flow, uint64_t amounts[static GAUGE_SECONDS]);

#endif
