/*
 * What people do in a random run: they come one by one, talk and answer, edit,
 * wander between rooms, and want topics, nicks and elections.
 */
#include <stdio.h>

#include "tests/sim/trial_inner.h"

enum { ARRIVE_WITHIN_MS = 2000 };

static const char *const rooms[] = { "#lobby", "#dev" };

void
people_say(struct trial *t, unsigned node, unsigned room)
{
	struct id id = sim_room_id(rooms[room]);
	char text[64];

	if (!sim_running(t->sim, node) ||
	    !node_joined(t->sim->nodes[node].node, &id))
		return;
	snprintf(text, sizeof text, "%s-%u", t->sim->nodes[node].name,
	    ++t->said);
	sim_say(t->sim, node, rooms[room], text);
}

/*
 * Somebody answers, reacts to, edits or takes back what was said; now and
 * then what is somebody else's, which changes nothing.
 */
static void
amend(struct trial *t, unsigned node, unsigned room)
{
	static const enum message_kind kinds[] = { KIND_REPLY, KIND_REACTION,
		KIND_REACTION, KIND_EDIT, KIND_EDIT, KIND_DELETE };
	static const char *const smiles[] = { "+1", "ha", "" };
	enum message_kind kind = kinds[trial_draw(t, 6)];
	bool own = kind >= KIND_EDIT && trial_draw(t, 8) != 0;
	struct id id = sim_room_id(rooms[room]);
	const char *ref;
	char text[64];

	if (!sim_running(t->sim, node) ||
	    !node_joined(t->sim->nodes[node].node, &id))
		return;
	ref = checkers_some(t->sim, node, rooms[room], trial_draw(t, 1 << 20),
	    own);
	if (ref == NULL)
		return;
	snprintf(text, sizeof text, "%s-%u-again", t->sim->nodes[node].name,
	    ++t->said);
	sim_refer(t->sim, node, rooms[room], kind, ref,
	    kind == KIND_REACTION ? smiles[trial_draw(t, 3)]
		: kind == KIND_DELETE ? "" : text);
}

/* Now and then somebody changes a topic or a nick; few of these, so that
 * two often want the same. */
static void
change_something(struct trial *t, unsigned node)
{
	static const char *const topics[] = { "tea", "work", "", "rain" };
	static const char *const nicks[] = { "max", "Max", "moritz", "eva" };

	if (trial_draw(t, 2) == 0)
		sim_topic(t->sim, node, "#lobby", topics[trial_draw(t, 4)]);
	else if (trial_draw(t, 8) == 0)
		sim_elect(t->sim, node);
	else
		sim_nick(t->sim, node, nicks[trial_draw(t, 4)]);
}

static void
whisper(struct trial *t, unsigned node)
{
	unsigned to = trial_draw_node(t);
	char text[64];

	if (to == node || !sim_running(t->sim, node))
		return;
	snprintf(text, sizeof text, "%s-%u-aside", t->sim->nodes[node].name,
	    ++t->said);
	sim_dm(t->sim, node, to, text);
}

static void
talk(struct trial *t, unsigned a, unsigned b)
{
	unsigned room = trial_draw(t, 4) == 0;

	(void)a;
	(void)b;
	people_say(t, trial_draw_node(t), room);
	if (t->options->amends && trial_draw(t, 3) == 0)
		amend(t, trial_draw_node(t), room);
	if (trial_draw(t, 8) == 0)
		change_something(t, trial_draw_node(t));
	if (trial_draw(t, 8) == 0)
		whisper(t, trial_draw_node(t));
	for (unsigned answers = trial_draw(t, 4); answers > 1; answers--)
		trial_later(t, trial_about(t, 3), people_say,
		    trial_draw_node(t), room);
	trial_later(t,
	    trial_about(t,
		t->options->talk_ms * 2 / (1 + t->sim->count)) +
		1,
	    talk, 0, 0);
}

static void
wander(struct trial *t, unsigned node, unsigned joined)
{
	if (joined)
		sim_part(t->sim, node, "#dev");
	else
		sim_join(t->sim, node, "#dev");
	trial_later(t, trial_about(t, joined ? 5000 : 30000), wander, node,
	    !joined);
}

void
people_arrive(struct trial *t, unsigned node, unsigned b)
{
	(void)b;
	sim_start(t->sim, node);
}

void
people_begin(struct trial *t)
{
	for (unsigned i = 0; i < t->sim->count; i++) {
		bool late = trial_draw(t, 5) == 0;

		trial_later(t,
		    late ? trial_about(t, t->options->safety_ms / 3)
			 : trial_about(t, ARRIVE_WITHIN_MS / 2),
		    people_arrive, i, 0);
		if (trial_draw(t, 2) == 0)
			trial_later(t, trial_about(t, 5000), wander, i,
			    false);
	}
	trial_later(t, 1000, talk, 0, 0);
}
