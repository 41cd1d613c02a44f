/*
 * shiviz: what happened as a log for ShiViz (bestchai.github.io/shiviz),
 * which draws it as a diagram of hosts and arrows.
 *
 * Two lines an event: host and vector clock, then what happened.  The
 * clocks are the simulator's own (Fidge 1988, Mattern 1989): each event of
 * a host counts, and a frame brings the clock of its sender along.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world.h"

static uint64_t *
clock_of(struct sim *sim, const struct sim_node *node)
{
	return &sim->clocks[(size_t)node->index * sim->count];
}

void
shiviz_init(struct sim *sim)
{
	bytes_init(&sim->shiviz);
	if (sim->options.shiviz)
		sim->clocks = mem_zero((size_t)sim->count * sim->count,
		    sizeof *sim->clocks);
}

void
shiviz_free(struct sim *sim)
{
	bytes_free(&sim->shiviz);
	free(sim->clocks);
}

static void
put_clock(struct sim *sim, const uint64_t *clock)
{
	const char *before = "{";
	char entry[64];

	for (unsigned i = 0; i < sim->count; i++) {
		if (clock[i] == 0)
			continue;
		snprintf(entry, sizeof entry, "%s\"%s\":%" PRIu64, before,
		    sim->nodes[i].name, clock[i]);
		bytes_append_text(&sim->shiviz, entry);
		before = ",";
	}
	bytes_append_text(&sim->shiviz, "}\n");
}

void
shiviz_event(struct sim *sim, const struct sim_node *node, const char *text)
{
	char time[32];

	if (sim->clocks == NULL)
		return;
	clock_of(sim, node)[node->index]++;
	bytes_append_text(&sim->shiviz, node->name);
	bytes_append_text(&sim->shiviz, " ");
	put_clock(sim, clock_of(sim, node));
	snprintf(time, sizeof time, "[%lld] ", (long long)sim_now(sim));
	bytes_append_text(&sim->shiviz, time);
	for (const char *at = text; *at != '\0'; at++)
		bytes_append(&sim->shiviz, *at == '\n' ? " " : at, 1);
	bytes_append_text(&sim->shiviz, "\n");
}

void
shiviz_sends(struct sim *sim, const struct sim_node *node,
    struct parcel *parcel)
{
	char text[64];

	if (sim->clocks == NULL)
		return;
	snprintf(text, sizeof text, "sends %s",
	    frame_type_name(parcel->frame.type));
	shiviz_event(sim, node, text);
	parcel->clock = mem_copy(clock_of(sim, node),
	    sim->count * sizeof *parcel->clock);
}

void
shiviz_receives(struct sim *sim, const struct sim_node *node,
    const struct sim_node *from, const struct parcel *parcel)
{
	uint64_t *clock;
	char text[96];

	if (sim->clocks == NULL || parcel->clock == NULL)
		return;
	clock = clock_of(sim, node);
	for (unsigned i = 0; i < sim->count; i++)
		if (clock[i] < parcel->clock[i])
			clock[i] = parcel->clock[i];
	snprintf(text, sizeof text, "receives %s from %s",
	    frame_type_name(parcel->frame.type), from->name);
	shiviz_event(sim, node, text);
}
