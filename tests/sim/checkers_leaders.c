#include "tests/sim/checkers_inner.h"

enum { RAISES = 10 }; /* of a leader's term in a second */

void
checkers_leader_told(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	struct observer *o = observer_of(sim, node);

	sim->checkers->figures.leader_events++;
	if (o->led && id_equal(&o->leader, &event->leader.id) &&
	    o->term == event->leader.term &&
	    o->provisional == event->leader.provisional)
		checkers_fail(sim, node, "tells of the same leader twice");
	if (event->leader.self != id_equal(&event->leader.id, &node->id))
		checkers_fail(sim, node, "does not know itself as leader");
	o->led = true;
	o->leader = event->leader.id;
	o->term = event->leader.term;
	o->provisional = event->leader.provisional;
}

/*
 * Elections alone are unique: of two leaders who meet both may for a moment
 * open the same next term, which their ids then decide.
 */
static void
begin_reign(struct sim *sim, const struct sim_node *node, uint64_t term,
    uint64_t view)
{
	struct checkers *c = sim->checkers;

	for (size_t i = 0; i < c->reign_count; i++)
		if (c->reigns[i].term == term && c->reigns[i].view == view &&
		    !id_equal(&c->reigns[i].leader, &node->id))
			checkers_fail(sim, node,
			    "leads in term %llu and view %016llx, as %s did",
			    (unsigned long long)term, (unsigned long long)view,
			    sim->nodes[sim_index_of(sim, &c->reigns[i].leader)]
				.name);
	MEM_GROW(c->reigns, c->reign_count, c->reign_cap);
	c->reigns[c->reign_count++] = (struct reign){ term, view, node->id };
	c->figures.elected++;
}

static void
count_leaderless(struct checkers *c, struct observer *o, instant_ms now,
    bool wanting)
{
	if (!wanting) {
		o->leaderless_since = NEVER;
		return;
	}
	if (o->leaderless_since == NEVER)
		o->leaderless_since = now;
	if (now - o->leaderless_since > c->figures.leaderless_ms)
		c->figures.leaderless_ms = now - o->leaderless_since;
}

/* Meeting another leader opens a new term, but not one after the other. */
static void
count_raises(struct sim *sim, const struct sim_node *node, uint64_t term)
{
	struct observer *o = observer_of(sim, node);

	if (sim_now(sim) - o->raises_since >= 1000) {
		o->raises_since = sim_now(sim);
		o->raises = 0;
	}
	if (term > o->reign && ++o->raises == RAISES)
		checkers_fail(sim, node, "raises its term for ever");
}

void
checkers_stepped(struct sim *sim, const struct sim_node *node)
{
	struct checkers *c = sim->checkers;
	struct observer *o = observer_of(sim, node);
	struct leadership known = node_leadership(node->node);
	size_t view;

	checkers_led(sim, node, &known);
	node_view(node->node, &view);
	count_leaderless(c, o, sim_now(sim), !known.established && view > 1);
	if (!known.established || !id_equal(&known.leader, &node->id)) {
		o->leads = false;
		return;
	}
	if (known.term > c->figures.highest_term)
		c->figures.highest_term = known.term;
	if (!o->leads)
		begin_reign(sim, node, known.term, node_view_hash(node->node));
	else
		count_raises(sim, node, known.term);
	o->leads = true;
	o->reign = known.term;
}
