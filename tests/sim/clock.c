/*
 * clock: what time it is for a simulated node, and when it runs at all.
 *
 * Each has an instant of its own that never goes back, and its person's
 * clock, which may stand anywhere and jump.  A stopped process (SIGSTOP, a
 * suspended host) hears nothing; what came meanwhile waits in its sockets.
 */
#include "tests/sim/world.h"

enum { RESUMED_AFTER_US = 1000 * 1000 };

static const wall_ms birthday = INT64_C(1767225600000); /* 2026-01-01 */

instant_ms
clock_instant(const struct sim *sim, const struct sim_node *node)
{
	return sim_now(sim) + node->boot;
}

wall_ms
clock_wall_of(const struct sim *sim, const struct sim_node *node)
{
	return birthday + sim_now(sim) + node->skew;
}

moment_us
clock_moment(const struct sim_node *node, instant_ms instant)
{
	return (instant - node->boot) * 1000;
}

void
sim_skew(struct sim *sim, unsigned index, wall_ms skew)
{
	struct sim_node *node = &sim->nodes[index];

	timeline_note(sim, node, "clock goes wrong by %lld ms",
	    (long long)skew);
	node->skew = skew;
}

void
sim_pause(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];

	if (node->process != PROCESS_RUNNING)
		return;
	timeline_note(sim, node, "paused");
	node->process = PROCESS_PAUSED;
	node->paused_at = sim->now;
}

void
sim_resume(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];
	struct input input = { .type = INPUT_RESUMED };

	if (node->process != PROCESS_PAUSED)
		return;
	timeline_note(sim, node, "resumed");
	node->process = PROCESS_RUNNING;
	/* What waited in its sockets is read before it judges anybody. */
	for (size_t i = 0; i < node->deferred_count; i++) {
		node->deferred[i].at = sim->now;
		queue_put(&sim->queue, &node->deferred[i]);
	}
	node->deferred_count = 0;
	node->deadline_at = -1;
	if (sim->now - node->paused_at > RESUMED_AFTER_US)
		world_step(sim, node, &input);
	else
		world_ask_deadline(sim, node);
}
