#include "tests/sim/trial_inner.h"

#include <stdlib.h>

enum {
	/* What is demanded once the faults are over. */
	VIEW_WITHIN_MS = 20 * 1000,     /* beacons are 18 s apart at most */
	LEADER_WITHIN_MS = 10 * 1000,   /* once all can reach all; and */
	SOFT_LEADER_MS = 60 * 1000,     /* while others come and go */
	MESSAGES_WITHIN_MS = 60 * 1000, /* a hole is given up after 30 s */
	METADATA_WITHIN_MS = 30 * 1000,
	ANSWERED_WITHIN_MS = 70 * 1000, /* nobody to decide: after 60 s */
	ABSENT_WITHIN_MS = 40 * 1000,   /* who calls as the faults end */
	QUIET_MS = 20 * 1000,           /* and then it stays so */
	LOOK_EACH_MS = 100,

	EPISODE_MS = 20 * 1000, /* from one fault of a kind to the next */
	LARGE = 16,             /* so many nodes talk less long */

	PAST_SEED = 0x01de5,
};

struct trial_options
trial_of_seed(uint64_t seed, unsigned nodes)
{
	/* One in so many runs is large: they take long. */
	static const uint8_t sizes[] = { 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3,
		3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 8, 8, 8, 8, 8, 8, 16 };
	struct rng rng = rng_seeded(seed);
	struct trial_options options = { .seed = seed };
	uint64_t large = rng_below(&rng, 1024);

	options.faults = faults_draw(&rng);
	options.nodes = sizes[rng_below(&rng, sizeof sizes)];
	if (large < 4)
		options.nodes = large == 0 ? 64 : 33;
	if (nodes > 0)
		options.nodes = nodes;
	options.hashed_ring = rng_below(&rng, 8) == 0;
	options.safety_ms = 20000 + (instant_ms)rng_below(&rng, 100000);
	/* The codec takes longer than all the rest; it is tested anyway. */
	options.plain = rng_below(&rng, 4) != 0;
	options.amends = true;
	/* Drawn apart, so that the others are what they were before there was
	 * this. */
	rng = rng_seeded(seed ^ PAST_SEED);
	options.scrolls = options.nodes < LARGE && rng_below(&rng, 4) == 0;
	if (options.nodes > LARGE)
		options.safety_ms /= 4;
	options.talk_ms = options.safety_ms *
	    (options.nodes < LARGE ? options.nodes : LARGE) / 300;
	return options;
}

/* -- a run under way --------------------------------------------------- */

struct a_turn {
	struct trial *trial;
	turn *call;
	unsigned a, b;
	bool ever;
};

static void
take_turn(struct sim *sim, void *argument)
{
	struct a_turn *now = argument;

	(void)sim;
	if (now->ever || !now->trial->over)
		now->call(now->trial, now->a, now->b);
}

static void
put_turn(struct trial *t, instant_ms ms, const struct a_turn *next)
{
	sim_call_at(t->sim, t->sim->now + ms * 1000, take_turn,
	    mem_copy(next, sizeof *next));
}

void
trial_later(struct trial *t, instant_ms ms, turn *call, unsigned a, unsigned b)
{
	put_turn(t, ms, &(struct a_turn){ t, call, a, b, false });
}

void
trial_later_ever(struct trial *t, instant_ms ms, turn *call, unsigned a,
    unsigned b)
{
	put_turn(t, ms, &(struct a_turn){ t, call, a, b, true });
}

bool
trial_has(const struct trial *t, enum fault fault)
{
	return t->options->faults & 1U << fault;
}

unsigned
trial_draw(struct trial *t, unsigned below)
{
	return (unsigned)rng_below(&t->rng, below);
}

unsigned
trial_draw_node(struct trial *t)
{
	return trial_draw(t, t->sim->count);
}

instant_ms
trial_about(struct trial *t, instant_ms mean_ms)
{
	return (instant_ms)rng_below(&t->rng, 2 * (uint64_t)mean_ms + 1);
}

instant_ms
trial_how_long(struct trial *t)
{
	static const instant_ms means[] = { 300, 4000, 4000, 12000, 60000 };

	return trial_about(t,
	    means[trial_draw(t, sizeof means / sizeof means[0])]);
}

/* -- faults ------------------------------------------------------------ */

static void
episode(struct trial *t, unsigned fault, unsigned b)
{
	(void)b;
	trial_network_fault(t, fault);
	trial_hosts_fault(t, fault);
	trial_later(t, trial_about(t, EPISODE_MS), episode, fault, 0);
}

static void
begin_faults(struct trial *t)
{
	trial_network_begin(t);
	if (trial_has(t, FAULT_HOSTILE) && t->sim->count > 1)
		t->sim->nodes[trial_draw_node(t)].hostile = true;
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (trial_has(t, i))
			trial_later(t, trial_about(t, EPISODE_MS / 2), episode,
			    i, 0);
}

/* -- the faults end ---------------------------------------------------- */

static void
heal_all(struct trial *t)
{
	t->sim->weather = fair_weather;
	sim_heal(t->sim);
	for (unsigned i = 0; i < t->sim->count; i++) {
		for (unsigned j = 0; j < t->sim->count; j++)
			sim_slow(t->sim, i, j, 0);
		t->sim->nodes[i].disk_slow_us = 0;
		sim_fail_disk(t->sim, i, false);
		sim_resume(t->sim, i);
		sim_stay(t->sim, i);
	}
}

/* Nothing is demanded of it; what becomes of it? */
static void
put_outside(struct trial *t, unsigned node)
{
	timeline_note(t->sim, &t->sim->nodes[node], "is outside");
	switch (trial_draw(t, 5)) {
	case 0: sim_kill(t->sim, node); break;
	case 1: sim_pause(t->sim, node); break;
	case 2: trial_cut_off(t, node); break;
	case 3:
		t->soft = true;
		trial_half_deaf(t, node);
		break;
	default:
		t->soft = true;
		trial_flap(t, node, 0);
	}
}

/* Who is hostile is sent away, for it may have become leader. */
static void
choose_core(struct trial *t)
{
	struct sim *sim = t->sim;

	bool anybody = false;

	for (unsigned i = 0; i < sim->count; i++) {
		if (sim->nodes[i].hostile)
			sim_kill(sim, i);
		sim->nodes[i].outside = sim->nodes[i].hostile ||
		    (trial_has(t, FAULT_FOREVER) && anybody &&
			trial_draw(t, 3) == 0);
		anybody |= !sim->nodes[i].outside;
	}
	for (unsigned i = 0; i < sim->count; i++)
		if (sim->nodes[i].outside && !sim->nodes[i].hostile)
			put_outside(t, i);
}

static void
end_faults(struct trial *t)
{
	bool anybody = false;

	t->over = true;
	heal_all(t);
	choose_core(t);
	for (unsigned i = 0; i < t->sim->count; i++)
		anybody |= sim_in_core(t->sim, i);
	for (unsigned i = 0; i < t->sim->count; i++)
		if (!t->sim->nodes[i].outside &&
		    (trial_draw(t, 4) != 0 || !anybody))
			trial_come_back(t, i, 0);
}

/* -- liveness ---------------------------------------------------------- */

/* How long it took, -1 and a failure when it took too long. */
static instant_ms
demand(struct trial *t, bool (*condition)(const struct sim *sim),
    instant_ms within_ms, const char *what)
{
	instant_ms waited = 0;

	for (; waited <= within_ms; waited += LOOK_EACH_MS) {
		if (condition(t->sim))
			return waited;
		sim_run(t->sim, LOOK_EACH_MS);
	}
	checkers_fail(t->sim, NULL, "%lld ms after the last fault %s",
	    (long long)waited, what);
	return -1;
}

static void
speak_last(struct trial *t)
{
	for (unsigned i = 0; i < t->sim->count; i++)
		if (sim_in_core(t->sim, i))
			people_say(t, i, 0);
}

static unsigned
first_of_core(const struct trial *t)
{
	unsigned node = 0;

	while (node + 1 < t->sim->count && !sim_in_core(t->sim, node))
		node++;
	return node;
}

/* Somebody of the core wants something; it is decided. */
static void
demand_decision(struct trial *t)
{
	sim_topic(t->sim, first_of_core(t), "#lobby", "at last");
}

/*
 * Who went outside with a call on its way is met like anybody: for a moment
 * it is a member, and who was alone stands with it.  It is found dead first.
 */
static void
demand_absence(struct trial *t)
{
	demand(t, sim_to_itself, ABSENT_WITHIN_MS,
	    "one who is outside has a link");
	demand(t, sim_all_linked, VIEW_WITHIN_MS,
	    "one who is outside is still in a view");
	demand(t, sim_one_leader, LEADER_WITHIN_MS,
	    "there is not one leader again");
}

static void
demand_quiet(struct trial *t)
{
	unsigned node = first_of_core(t);
	uint64_t term;

	if (!t->soft && !sim_to_itself(t->sim))
		demand_absence(t);
	term = sim_term_of(t->sim, node);
	sim_run(t->sim, QUIET_MS);
	if (t->soft)
		return;
	if (!sim_one_view(t->sim) || !sim_one_leader(t->sim))
		checkers_fail(t->sim, NULL, "the quiet did not last");
	if (sim_term_of(t->sim, node) != term)
		checkers_fail(t->sim, NULL, "a term rose for nothing");
}

/*
 * Hosts that did not hear each other have to find each other first; and who
 * is left alone looks at itself for a while before it gives up the others;
 * and a hostile one may have sent all to false addresses.
 */
static bool
may_take_long(const struct trial *t)
{
	return trial_has(t, FAULT_PARTITION) || trial_has(t, FAULT_ISOLATE) ||
	    trial_has(t, FAULT_TATTER) || trial_has(t, FAULT_SWIZZLE) ||
	    trial_has(t, FAULT_ONEWAY) || trial_has(t, FAULT_CABLE) ||
	    trial_has(t, FAULT_FOREVER) || trial_has(t, FAULT_HOSTILE);
}

static void
demand_leader(struct trial *t, struct trial_result *result)
{
	instant_ms within_ms = LEADER_WITHIN_MS;

	if (t->soft)
		within_ms = SOFT_LEADER_MS;
	else if (!may_take_long(t) && result->view_ms > 0)
		within_ms -= result->view_ms; /* 10 s from the last fault */
	result->leader_ms = demand(t, t->soft ? sim_led : sim_one_leader,
	    within_ms, "there is not one leader");
	if (result->leader_ms >= 0)
		result->leader_ms += result->view_ms;
}

static void
demand_all(struct trial *t, struct trial_result *result)
{
	result->view_ms = demand(t,
	    t->soft ? sim_core_linked : sim_all_linked, VIEW_WITHIN_MS,
	    "not all are in one view and linked");
	demand_leader(t, result);
	speak_last(t);
	demand_decision(t);
	sim_run(t->sim, LOOK_EACH_MS); /* to be published */
	result->messages_ms = demand(t, sim_same_messages, MESSAGES_WITHIN_MS,
	    "messages are missing");
	demand(t, sim_same_metadata, METADATA_WITHIN_MS,
	    "not all agree on rooms, topics and nicks");
	demand(t, sim_answered, ANSWERED_WITHIN_MS,
	    "commands are not answered");
	demand_quiet(t);
	/* What was held back until a cause was given up came meanwhile. */
	demand(t, sim_same_messages, MESSAGES_WITHIN_MS,
	    "messages that were held back are missing");
	past_finish(t);
	checkers_finish(t->sim);
	if (t->soft)
		return;
	checkers_agree(t->sim);
	checkers_counted(t->sim);
}

struct trial_result
trial_run(const struct trial_options *options)
{
	struct sim_options world = {
		.nodes = options->nodes,
		.seed = options->seed,
		.shuffled = true,
		.tracing = options->tracing,
		.frames = options->frames,
		.shiviz = options->shiviz,
		.hashed_ring = options->hashed_ring,
		.plain = options->plain,
		.keeps_disk = true,
		.mesh_limit = options->nodes,
	};
	struct trial t = {
		.sim = sim_new(&world),
		.options = options,
		.rng = rng_seeded(options->seed ^ 0x5eed),
		.past = rng_seeded(options->seed ^ PAST_SEED),
	};
	struct trial_result result = { 0 };

	people_begin(&t);
	past_begin(&t);
	begin_faults(&t);
	sim_run(t.sim, options->safety_ms);
	end_faults(&t);
	demand_all(&t, &result);
	result.figures = checkers_figures(t.sim);
	result.counters = t.sim->counters;
	result.hash = sim_hash(t.sim);
	result.virtual_ms = sim_now(t.sim);
	if (options->tracing)
		result.timeline = sim_timeline(t.sim, NULL);
	if (options->shiviz)
		result.shiviz = sim_shiviz(t.sim);
	if (sim_failures(t.sim) != NULL)
		result.failures = mem_text(sim_failures(t.sim));
	sim_destroy(t.sim);
	return result;
}
