/*
 * The past in a random run: somebody says more at once than a late joiner is
 * given, people scroll up while faults happen, and at the end, when all can
 * reach all, everybody scrolls up to the first word that anybody still has.
 *
 * All of it is drawn from a generator of its own: whatever changes here, a
 * run in which nobody scrolls is what it was.
 */
#include <stdio.h>

#include "tests/sim/trial_inner.h"

enum {
	FLOOD_WITHIN_MS = 15000,
	FLOOD_MORE = 300, /* messages beyond those of a tail */
	SCROLL_MS = 3000, /* from one who scrolls to the next */
	ANSWER_WITHIN_MS = 10000,
	PAGES_MAX = 500,
	/* Who was silent in the storm is asked again after half a minute. */
	TRIES = 3,
	TRY_AGAIN_MS = 31000,
	/* A gap is told when nobody had what is missing for half a minute;
	 * then the others learn what lies behind it. */
	WHOLE_WITHIN_MS = 60 * 1000,
	LOOK_EACH_MS = 100,
	/* What came last is acknowledged, with others at once. */
	ACKS_MS = 1000,
};

static const char *const rooms[] = { "#lobby", "#dev" };

static unsigned
draw(struct trial *t, unsigned below)
{
	return (unsigned)rng_below(&t->past, below);
}

/* How many messages one wants to see. */
static unsigned
draw_page(struct trial *t)
{
	static const unsigned pages[] = { 1, 40, 300, LIMIT_PAGE_MESSAGES };

	return pages[draw(t, sizeof pages / sizeof *pages)];
}

static bool
is_in(const struct trial *t, unsigned node, unsigned room)
{
	struct id id = sim_room_id(rooms[room]);

	return sim_running(t->sim, node) &&
	    node_joined(t->sim->nodes[node].node, &id);
}

static void
flood(struct trial *t, unsigned node, unsigned room)
{
	unsigned count = LIMIT_TAIL + 1 + draw(t, FLOOD_MORE);

	for (unsigned i = 0; i < count; i++)
		people_say(t, node, room);
}

static void
begin_flood(struct trial *t, unsigned node, unsigned room)
{
	if (!is_in(t, node, room))
		sim_join(t->sim, node, rooms[room]);
	trial_later(t, 1000, flood, node, room);
}

static void
scroll(struct trial *t, unsigned a, unsigned b)
{
	unsigned node = draw(t, t->sim->count);

	(void)a;
	(void)b;
	if (sim_running(t->sim, node))
		sim_older(t->sim, node, rooms[draw(t, 2)], draw_page(t));
	trial_later(t, 1 + draw(t, 2 * SCROLL_MS), scroll, 0, 0);
}

void
past_begin(struct trial *t)
{
	if (!t->options->scrolls)
		return;
	trial_later(t, draw(t, FLOOD_WITHIN_MS), begin_flood,
	    draw(t, t->sim->count), draw(t, 2));
	trial_later(t, draw(t, SCROLL_MS), scroll, 0, 0);
}

/* -- the end ----------------------------------------------------------- */

static const struct vclock *
clock_of(const struct sim_node *node, const struct id *room)
{
	for (size_t i = 0; i < node->disk.shelf_count; i++)
		if (id_equal(&node->disk.shelves[i]->room, room))
			return &node->disk.shelves[i]->clock;
	return NULL;
}

/* It says that nobody has what is before its past: does anybody? */
static void
check_lost(struct trial *t, unsigned node, unsigned room)
{
	struct id id = sim_room_id(rooms[room]);
	const struct vclock *mine = clock_of(&t->sim->nodes[node], &id);

	for (unsigned other = 0; mine != NULL && other < t->sim->count;
	     other++) {
		const struct disk *disk = &t->sim->nodes[other].disk;

		if (!sim_in_core(t->sim, other) || !is_in(t, other, room))
			continue;
		for (size_t i = 0; i < disk->count; i++) {
			const struct bundle *bundle = disk->items[i];
			const struct vclock_entry *entry =
			    vclock_find(mine, &bundle->stream);

			if (!id_equal(&bundle->room, &id) || entry == NULL ||
			    bundle->seq > entry->base)
				continue;
			checkers_fail(t->sim, &t->sim->nodes[node],
			    "says that nobody has more of %s, and %s has",
			    rooms[room], t->sim->nodes[other].name);
			return;
		}
	}
}

/* One page; false: there are no more. */
static bool
scroll_up(struct trial *t, unsigned node, unsigned room, unsigned messages,
    uint64_t *lost)
{
	bool more;
	unsigned before = sim_older_of(t->sim, node, &more, lost);
	instant_ms waited = 0;

	sim_older(t->sim, node, rooms[room], messages);
	while (sim_older_of(t->sim, node, &more, lost) == before &&
	    waited++ < ANSWER_WITHIN_MS)
		sim_run(t->sim, 1);
	if (waited > ANSWER_WITHIN_MS) {
		checkers_fail(t->sim, &t->sim->nodes[node],
		    "waits for older ones of %s for ever", rooms[room]);
		return false;
	}
	/* What came is on the disk a moment later. */
	sim_run(t->sim, 200);
	return more;
}

static bool
is_at_top(const struct trial *t, unsigned node, unsigned room)
{
	struct id id = sim_room_id(rooms[room]);
	const struct vclock *clock = clock_of(&t->sim->nodes[node], &id);

	for (size_t i = 0; clock != NULL && i < clock->count; i++)
		if (clock->entries[i].base > 0)
			return false;
	return true;
}

static void
scroll_to_top(struct trial *t, unsigned node, unsigned room)
{
	for (unsigned try = 0; try < TRIES; try++) {
		unsigned pages = 0, messages = draw_page(t);
		uint64_t lost = 0;

		while (scroll_up(t, node, room, messages, &lost) &&
		    pages < PAGES_MAX)
			pages++;
		if (lost > 0)
			check_lost(t, node, room);
		if (lost > 0 || is_at_top(t, node, room))
			return;
		sim_run(t->sim, TRY_AGAIN_MS);
	}
	checkers_fail(t->sim, &t->sim->nodes[node],
	    "does not get to the beginning of %s", rooms[room]);
}

void
past_finish(struct trial *t)
{
	instant_ms waited = 0;

	if (!t->options->scrolls || t->soft)
		return;
	for (unsigned room = 0; room < 2; room++)
		for (unsigned i = 0; i < t->sim->count; i++)
			if (sim_in_core(t->sim, i) && is_in(t, i, room))
				scroll_to_top(t, i, room);
	while (!checkers_are_whole(t->sim) && waited < WHOLE_WITHIN_MS) {
		sim_run(t->sim, LOOK_EACH_MS);
		waited += LOOK_EACH_MS;
	}
	checkers_whole(t->sim);
	sim_run(t->sim, ACKS_MS);
}
