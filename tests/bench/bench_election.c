/*
 * bench_election: what an election costs, in messages and in virtual time
 * (each frame takes a millisecond).
 *
 *   worst   over all orders of the ring, up to eight members: the exact
 *           maxima of the paper's algorithm
 *   sorted  the ring in order of the ids, as dchat has it: the cheap case
 *   hashed  neighbours unrelated to ids: the n log n case
 *
 * Messages are hops of probes and replies; the announcement is n - 1 more.
 * Bound: 8n(1 + log2 n) + n (Hirschberg and Sinclair 1980).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/election_net.h"

struct figure {
	uint64_t hops;
	instant_ms took_ms;
};

static uint64_t
bound(size_t count)
{
	uint64_t phases = 0;

	while ((UINT64_C(1) << phases) < count)
		phases++;
	return 8 * count * (1 + phases) + count;
}

/* priorities NULL: all the same, the ids decide. */
static struct figure
elect(const uint8_t *priorities, size_t count, bool hashed)
{
	struct net net;
	struct figure figure;

	net_init(&net, count, 7);
	net.meeting = false;
	for (size_t i = 0; i < count; i++) {
		if (priorities != NULL)
			net.stations[i].priority = priorities[i];
		net_start(&net, i);
		net_at(&net, i)->hashed_ring = hashed;
	}
	net_view_all(&net);
	if (!net_settle(&net, 60000)) {
		fprintf(stderr, "bench_election: %zu elect nobody\n", count);
		exit(1);
	}
	/* without the quiet before it */
	figure.took_ms = net.now - ELECTION_START_QUIET_MS;
	net_run(&net, (instant_ms)count + 10);
	figure.hops = net_hops(&net);
	net_free(&net);
	return figure;
}

/* The largest stands at 0: turning the ring changes no count. */
static void
try_orders(uint8_t *priorities, size_t fixed, size_t count,
    struct figure *worst)
{
	struct figure figure;

	if (fixed == count) {
		figure = elect(priorities, count, false);
		if (figure.hops > worst->hops)
			worst->hops = figure.hops;
		if (figure.took_ms > worst->took_ms)
			worst->took_ms = figure.took_ms;
		return;
	}
	for (size_t i = fixed; i < count; i++) {
		uint8_t swapped = priorities[fixed];

		priorities[fixed] = priorities[i];
		priorities[i] = swapped;
		try_orders(priorities, fixed + 1, count, worst);
		priorities[i] = priorities[fixed];
		priorities[fixed] = swapped;
	}
}

static void
print(size_t count, const char *order, const struct figure *figure)
{
	printf("%6zu  %-7s %9" PRIu64 " %9" PRIu64 " %8lld\n", count, order,
	    figure->hops, bound(count), (long long)figure->took_ms);
	fflush(stdout);
}

int
main(void)
{
	struct figure figure;

	printf("%6s  %-7s %9s %9s %8s\n", "n", "order", "messages", "bound",
	    "time/ms");
	for (size_t count = 2; count <= 8; count++) {
		uint8_t priorities[8];
		struct figure worst = { 0, 0 };

		for (size_t i = 0; i < count; i++)
			priorities[i] = (uint8_t)(count - i);
		try_orders(priorities, 1, count, &worst);
		print(count, "worst", &worst);
	}
	for (size_t count = 2; count <= 1024; count *= 2) {
		figure = elect(NULL, count, false);
		print(count, "sorted", &figure);
		figure = elect(NULL, count, true);
		print(count, "hashed", &figure);
	}
	return 0;
}
