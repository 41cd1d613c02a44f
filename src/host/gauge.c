#include "host/gauge.h"

#include <string.h>

/* -- round trips -------------------------------------------------------- */

void
gauge_ping(struct gauge_trips *trips, uint64_t number, int64_t now_us)
{
	trips->number = number;
	trips->pinged_us = now_us;
	trips->waiting = true;
}

void
gauge_pong(struct gauge_trips *trips, uint64_t number, int64_t now_us)
{
	double rtt_ms = (double)(now_us - trips->pinged_us) / 1000;

	if (!trips->waiting || number != trips->number || rtt_ms < 0)
		return;
	trips->waiting = false;
	trips->smooth_ms = trips->count == 0
	    ? rtt_ms
	    : trips->smooth_ms + (rtt_ms - trips->smooth_ms) / 8;
	trips->last_ms[trips->next] = rtt_ms;
	trips->next = (trips->next + 1) % GAUGE_TRIPS;
	if (trips->count < GAUGE_TRIPS)
		trips->count++;
}

double
gauge_rtt_ms(const struct gauge_trips *trips)
{
	return trips->count == 0 ? -1 : trips->smooth_ms;
}

size_t
gauge_series(const struct gauge_trips *trips,
    double series[static GAUGE_TRIPS])
{
	size_t first = trips->next + GAUGE_TRIPS - trips->count;

	for (size_t i = 0; i < trips->count; i++)
		series[i] = trips->last_ms[(first + i) % GAUGE_TRIPS];
	return trips->count;
}

/* -- traffic ------------------------------------------------------------ */

enum { SECOND_MS = 1000 };

bool
gauge_due(const struct gauge_traffic *traffic, instant_ms now)
{
	return now / SECOND_MS != traffic->began;
}

/* Seconds of which nothing is known: nothing happened, or long ago. */
static void
clear(struct gauge_traffic *traffic, instant_ms from, instant_ms to)
{
	if (to - from > GAUGE_RING)
		from = to - GAUGE_RING;
	for (instant_ms second = from; second < to; second++)
		for (int flow = 0; flow < FLOW_COUNT; flow++)
			traffic->seconds[flow][second % GAUGE_RING] = 0;
}

void
gauge_sample(struct gauge_traffic *traffic, instant_ms now,
    const uint64_t totals[static FLOW_COUNT])
{
	instant_ms second = now / SECOND_MS;

	if (traffic->began == 0)
		traffic->began = second;
	for (int flow = 0; flow < FLOW_COUNT; flow++)
		traffic->seconds[flow][traffic->began % GAUGE_RING] +=
		    totals[flow] - traffic->totals[flow];
	if (second > traffic->began)
		clear(traffic, traffic->began + 1, second + 1);
	traffic->began = second;
	memcpy(traffic->totals, totals, sizeof traffic->totals);
}

void
gauge_flow(const struct gauge_traffic *traffic, instant_ms now,
    enum dchat_flow flow, uint64_t amounts[static GAUGE_SECONDS])
{
	instant_ms second = now / SECOND_MS;

	for (int i = 0; i < GAUGE_SECONDS; i++) {
		instant_ms at = second - GAUGE_SECONDS + i;
		bool kept = at >= 0 && at <= traffic->began &&
		    at > traffic->began - GAUGE_RING;

		amounts[i] = kept
		    ? traffic->seconds[flow][at % GAUGE_RING] : 0;
	}
}
