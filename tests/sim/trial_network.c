/*
 * What goes wrong between hosts in a random run: weather for all of it, and
 * cuts of all forms.
 */
#include <stdlib.h>

#include "tests/sim/trial_inner.h"

enum { CLOG_MS = 2000, PERCENT = 100 };

void
trial_network_begin(struct trial *t)
{
	struct weather *weather = &t->sim->weather;

	if (trial_has(t, FAULT_LOSS))
		weather->loss = (1 + trial_draw(t, 30)) / (double)PERCENT;
	if (trial_has(t, FAULT_DUP))
		weather->duplication =
		    (1 + trial_draw(t, 20)) / (double)PERCENT;
	if (trial_has(t, FAULT_REORDER))
		weather->reordering =
		    (1 + trial_draw(t, 20)) / (double)PERCENT;
}

/* -- cuts -------------------------------------------------------------- */

static void
heal(struct trial *t, unsigned a, unsigned b)
{
	(void)a;
	(void)b;
	sim_heal(t->sim);
}

/* Both ways, or just one of them. */
static void
cut(struct trial *t, unsigned a, unsigned b, unsigned ways)
{
	if (a == b)
		return;
	if (ways != 1)
		sim_block(t->sim, a, b, true);
	if (ways != 2)
		sim_block(t->sim, b, a, true);
}

static unsigned
draw_ways(struct trial *t)
{
	return trial_has(t, FAULT_ONEWAY) ? trial_draw(t, 3) : 0;
}

static void
begin_partition(struct trial *t)
{
	unsigned n = t->sim->count, ways = draw_ways(t);
	bool *side = mem_zero(n, sizeof *side);

	for (unsigned i = 0; i < n; i++)
		side[i] = trial_draw(t, 2);
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < n; j++)
			if (side[i] && !side[j])
				cut(t, i, j, ways);
	free(side);
	trial_later(t, trial_how_long(t), heal, 0, 0);
}

static void
open_all_ways(struct trial *t, unsigned node, unsigned b)
{
	(void)b;
	for (unsigned i = 0; i < t->sim->count; i++) {
		sim_block(t->sim, i, node, false);
		sim_block(t->sim, node, i, false);
	}
}

static void
cut_off(struct trial *t, unsigned node, unsigned ways)
{
	for (unsigned i = 0; i < t->sim->count; i++)
		cut(t, node, i, ways);
}

static void
begin_isolation(struct trial *t)
{
	unsigned node = trial_draw_node(t);

	cut_off(t, node, draw_ways(t));
	trial_later(t, trial_how_long(t), open_all_ways, node, 0);
}

static void
begin_tatter(struct trial *t)
{
	unsigned chance = 1 + trial_draw(t, 7);

	for (unsigned i = 0; i < t->sim->count; i++)
		for (unsigned j = 0; j < i; j++)
			if (trial_draw(t, 8) < chance)
				cut(t, i, j, draw_ways(t));
	trial_later(t, trial_how_long(t), heal, 0, 0);
}

/* One after the other; each comes back when it is its turn. */
static void
begin_swizzle(struct trial *t)
{
	unsigned ways = draw_ways(t);

	for (unsigned i = 0; i < t->sim->count; i++) {
		if (trial_draw(t, 2) == 0)
			continue;
		trial_later(t, trial_about(t, 4000), cut_off, i, ways);
		trial_later(t, 8000 + trial_about(t, 4000), open_all_ways, i,
		    0);
	}
}

static void
open_way(struct trial *t, unsigned a, unsigned b)
{
	sim_block(t->sim, a, b, false);
}

static void
begin_oneway(struct trial *t)
{
	for (unsigned i = 0; i < t->sim->count; i++) {
		unsigned a = trial_draw_node(t), b = trial_draw_node(t);

		sim_block(t->sim, a, b, true);
		trial_later(t, trial_how_long(t), open_way, a, b);
	}
}

static void
unclog(struct trial *t, unsigned a, unsigned b)
{
	sim_slow(t->sim, a, b, 0);
}

static void
begin_clog(struct trial *t, unsigned a, unsigned b)
{
	sim_slow(t->sim, a, b, trial_draw(t, CLOG_MS));
	trial_later(t, trial_how_long(t), unclog, a, b);
}

static void
plug(struct trial *t, unsigned a, unsigned b)
{
	(void)b;
	sim_plug(t->sim, a);
}

static void
change_delay(struct trial *t)
{
	t->sim->weather.delay_mean_us =
	    trial_draw(t, 2) ? 500 : trial_draw(t, 20) * 10000;
}

void
trial_network_fault(struct trial *t, enum fault fault)
{
	unsigned node = trial_draw_node(t);

	switch (fault) {
	case FAULT_PARTITION: begin_partition(t); break;
	case FAULT_ISOLATE: begin_isolation(t); break;
	case FAULT_TATTER: begin_tatter(t); break;
	case FAULT_SWIZZLE: begin_swizzle(t); break;
	case FAULT_ONEWAY: begin_oneway(t); break;
	case FAULT_CLOG: begin_clog(t, node, trial_draw_node(t)); break;
	case FAULT_CABLE:
		sim_pull(t->sim, node);
		trial_later(t, trial_how_long(t), plug, node, 0);
		break;
	case FAULT_RESET:
		sim_reset(t->sim, node, trial_draw_node(t));
		break;
	case FAULT_DELAY: change_delay(t); break;
	default: break; /* weather, or not of the network */
	}
}

/* -- for ever ---------------------------------------------------------- */

/* From everybody: through a third one it would still be half here. */
void
trial_cut_off(struct trial *t, unsigned node)
{
	cut_off(t, node, 0);
}

void
trial_half_deaf(struct trial *t, unsigned node)
{
	cut_off(t, node, 1 + trial_draw(t, 2));
}
