/*
 * conditions: what a story waits for and asks; they change nothing.
 */
#include "base/hash.h"
#include "tests/sim/checkers.h"
#include "tests/sim/sim.h"

int
sim_index_of(const struct sim *sim, const struct id *id)
{
	size_t low = 0, high = sim->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		unsigned index = sim->order[middle];
		int order = id_compare(&sim->nodes[index].id, id);

		if (order == 0)
			return (int)index;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

int
sim_leader_of(const struct sim *sim, unsigned index)
{
	const struct sim_node *node = &sim->nodes[index];
	struct leadership known;

	if (node->process == PROCESS_OFF)
		return -1;
	known = node_leadership(node->node);
	return known.established ? sim_index_of(sim, &known.leader) : -1;
}

uint64_t
sim_term_of(const struct sim *sim, unsigned node)
{
	return sim->nodes[node].process == PROCESS_OFF
	    ? 0
	    : node_leadership(sim->nodes[node].node).term;
}

static size_t
running(const struct sim *sim)
{
	size_t count = 0;

	for (unsigned i = 0; i < sim->count; i++)
		count += sim_in_core(sim, i);
	return count;
}

bool
sim_one_leader(const struct sim *sim)
{
	bool alone = running(sim) == 1;
	int leader = -1;

	for (unsigned i = 0; i < sim->count; i++) {
		struct leadership known;
		int mine;

		if (!sim_in_core(sim, i))
			continue;
		known = node_leadership(sim->nodes[i].node);
		mine = sim_index_of(sim, &known.leader);
		if (mine < 0 || !sim_running(sim, (unsigned)mine) ||
		    (!known.established && !alone) ||
		    (leader >= 0 && mine != leader))
			return false;
		leader = mine;
	}
	return leader >= 0;
}

bool
sim_one_view(const struct sim *sim)
{
	size_t all = running(sim), count;

	for (unsigned i = 0; i < sim->count; i++) {
		const struct id *view;

		if (!sim_in_core(sim, i))
			continue;
		view = node_view(sim->nodes[i].node, &count);
		if (count != all)
			return false;
		for (size_t j = 0; j < count; j++) {
			int index = sim_index_of(sim, &view[j]);

			if (index < 0 || !sim_in_core(sim, (unsigned)index))
				return false;
		}
	}
	return true;
}

bool
sim_all_linked(const struct sim *sim)
{
	if (!sim_one_view(sim))
		return false;
	for (unsigned i = 0; i < sim->count; i++)
		for (unsigned j = 0; j < sim->count; j++)
			if (i != j && sim_in_core(sim, i) &&
			    sim_in_core(sim, j) &&
			    sim->links[i * sim->count + j] == NULL)
				return false;
	return true;
}

/* One of the core has, or is about to get, a link to one outside. */
static bool
comes_in(const struct sim *sim, const struct happening *h)
{
	unsigned a = h->node, b;

	if (h->type == HAPPENS_DIAL || h->type == HAPPENS_HANDSHAKE)
		b = h->dial.target;
	else if (h->type == HAPPENS_LINK_UP)
		b = h->link.over->end[h->link.over->end[0] == a];
	else
		return false;
	if (h->type == HAPPENS_DIAL && sim_in_core(sim, a))
		return false; /* nobody is there to answer it */
	return sim_in_core(sim, a) != sim_in_core(sim, b);
}

bool
sim_to_itself(const struct sim *sim)
{
	for (size_t i = 0; i < sim->queue.count; i++)
		if (comes_in(sim, &sim->queue.items[i]))
			return false;
	for (unsigned i = 0; i < sim->count; i++)
		for (unsigned j = 0; j < sim->count; j++)
			if (sim_in_core(sim, i) && !sim_in_core(sim, j) &&
			    sim->links[i * sim->count + j] != NULL)
				return false;
	return true;
}

static bool
sees(const struct sim *sim, unsigned node, unsigned other)
{
	size_t count;
	const struct id *view = node_view(sim->nodes[node].node, &count);

	for (size_t i = 0; i < count; i++)
		if (id_equal(&view[i], &sim->nodes[other].id))
			return true;
	return false;
}

bool
sim_core_linked(const struct sim *sim)
{
	for (unsigned i = 0; i < sim->count; i++)
		for (unsigned j = 0; j < sim->count; j++)
			if (i != j && sim_in_core(sim, i) &&
			    sim_in_core(sim, j) &&
			    (!sees(sim, i, j) ||
				sim->links[i * sim->count + j] == NULL))
				return false;
	return true;
}

bool
sim_led(const struct sim *sim)
{
	bool any = false;
	int leader = -1;

	for (unsigned i = 0; i < sim->count; i++) {
		struct leadership known;
		int mine;

		if (!sim_in_core(sim, i))
			continue;
		known = node_leadership(sim->nodes[i].node);
		mine = sim_index_of(sim, &known.leader);
		if (mine < 0 || (any && mine != leader))
			return false;
		leader = mine;
		any = true;
	}
	return any;
}

bool
sim_same_messages(const struct sim *sim)
{
	return checkers_same_messages(sim);
}

bool
sim_shows(const struct sim *sim, unsigned node, const char *text)
{
	return checkers_shows(sim, node, text);
}

size_t
sim_messages(const struct sim *sim, unsigned node, const char *room)
{
	return checkers_messages(sim, node, room);
}

uint64_t
sim_hash(const struct sim *sim)
{
	return hash_finish(sim->hash);
}

const char *
sim_failures(const struct sim *sim)
{
	return checkers_failures(sim);
}

bool
sim_answered(const struct sim *sim)
{
	return checkers_answered(sim);
}

bool
sim_same_metadata(const struct sim *sim)
{
	const struct node *first = NULL;

	for (unsigned i = 0; i < sim->count; i++) {
		const struct node *node = sim->nodes[i].node;

		if (!sim_in_core(sim, i))
			continue;
		if (first != NULL &&
		    node_metadata(first) != node_metadata(node))
			return false;
		first = node;
	}
	return true;
}

const char *
sim_topic_at(const struct sim *sim, unsigned node, const char *room)
{
	struct id id = sim_room_id(room);

	return node_topic(sim->nodes[node].node, &id);
}

const char *
sim_nick_at(const struct sim *sim, unsigned node, unsigned whom)
{
	return node_nick(sim->nodes[node].node, &sim->nodes[whom].id);
}

bool
sim_reach(const struct sim *sim, const char *text, unsigned *have,
    unsigned *of)
{
	return checkers_reach(sim, text, have, of);
}
