#include "tests/sim/trial.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world.h"

enum {
	/* What is demanded once the faults are over. */
	VIEW_WITHIN_MS = 20 * 1000,     /* beacons are 18 s apart at most */
	LEADER_WITHIN_MS = 10 * 1000,   /* once all can reach all */
	MESSAGES_WITHIN_MS = 60 * 1000, /* a hole is given up after 30 s */
	METADATA_WITHIN_MS = 30 * 1000,
	QUIET_MS = 20 * 1000,           /* and then it stays so */
	LOOK_EACH_MS = 100,

	CLOG_MS = 2000,
	EPISODE_MS = 20 * 1000, /* from one fault of a kind to the next */
	ARRIVE_WITHIN_MS = 2000,
	PERCENT = 100,
};

static const struct {
	const char *name, *sentence;
} faults[] = {
#define X(fault, name, what) { name, what },
	FAULTS(X)
#undef X
};

const char *
fault_name(enum fault fault)
{
	return faults[fault].name;
}

const char *
fault_sentence(enum fault fault)
{
	return faults[fault].sentence;
}

unsigned
faults_draw(struct rng *rng)
{
	/* Of two sets drawn what both have: few faults at once. */
	return (unsigned)(rng_next(rng) & rng_next(rng)) &
	    ((1U << FAULT_COUNT) - 1);
}

bool
faults_parse(const char *text, unsigned *set)
{
	*set = 0;
	if (strcmp(text, "none") == 0)
		return true;
	if (strcmp(text, "all") == 0) {
		*set = (1U << FAULT_COUNT) - 1;
		return true;
	}
	for (;;) {
		size_t size = strcspn(text, ",");
		unsigned i = 0;

		while (i < FAULT_COUNT &&
		    (strlen(faults[i].name) != size ||
			strncmp(faults[i].name, text, size) != 0))
			i++;
		if (i == FAULT_COUNT)
			return false;
		*set |= 1U << i;
		if (text[size] == '\0')
			return true;
		text += size + 1;
	}
}

char *
faults_format(unsigned set, char text[static FAULTS_TEXT])
{
	size_t size = 0;

	snprintf(text, FAULTS_TEXT, "none");
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (set & 1U << i)
			size +=
			    (size_t)snprintf(text + size, FAULTS_TEXT - size,
				"%s%s", size > 0 ? "," : "", faults[i].name);
	return text;
}

struct trial_options
trial_of_seed(uint64_t seed, unsigned nodes)
{
	struct rng rng = rng_seeded(seed);
	struct trial_options options = { .seed = seed };

	options.faults = faults_draw(&rng);
	options.nodes = nodes > 0 ? nodes : 2 + (unsigned)rng_below(&rng, 7);
	options.hashed_ring = rng_below(&rng, 8) == 0;
	options.safety_ms = 20000 + (instant_ms)rng_below(&rng, 100000);
	options.talk_ms = options.safety_ms * options.nodes / 300;
	return options;
}

/* -- a run under way --------------------------------------------------- */

struct trial {
	struct sim *sim;
	const struct trial_options *options;
	struct rng rng; /* the script's, apart from the world's */
	bool over;      /* no faults and no talk any more */
	unsigned said;
};

struct turn {
	struct trial *trial;
	void (*call)(struct trial *trial, unsigned a, unsigned b);
	unsigned a, b;
};

static void
take_turn(struct sim *sim, void *argument)
{
	struct turn *turn = argument;

	(void)sim;
	if (!turn->trial->over)
		turn->call(turn->trial, turn->a, turn->b);
}

static void
later(struct trial *t, instant_ms ms,
    void (*call)(struct trial *trial, unsigned a, unsigned b), unsigned a,
    unsigned b)
{
	struct turn turn = { t, call, a, b };

	sim_call_at(t->sim, t->sim->now + ms * 1000, take_turn,
	    mem_copy(&turn, sizeof turn));
}

static bool
has(const struct trial *t, enum fault fault)
{
	return t->options->faults & 1U << fault;
}

static unsigned
draw(struct trial *t, unsigned below)
{
	return (unsigned)rng_below(&t->rng, below);
}

static unsigned
draw_node(struct trial *t)
{
	return draw(t, t->sim->count);
}

/* Between none and twice the mean. */
static instant_ms
about(struct trial *t, instant_ms mean_ms)
{
	return (instant_ms)rng_below(&t->rng, 2 * (uint64_t)mean_ms + 1);
}

/* Mostly seconds, sometimes a blink, sometimes minutes. */
static instant_ms
how_long(struct trial *t)
{
	static const instant_ms means[] = { 300, 4000, 4000, 12000, 60000 };

	return about(t, means[draw(t, sizeof means / sizeof means[0])]);
}

/* -- people ------------------------------------------------------------ */

static void
say_something(struct trial *t, unsigned node, unsigned room)
{
	static const char *const rooms[] = { "#lobby", "#dev" };
	struct id id = sim_room_id(rooms[room]);
	char text[64];

	if (!sim_running(t->sim, node) ||
	    !node_joined(t->sim->nodes[node].node, &id))
		return;
	snprintf(text, sizeof text, "%s-%u", t->sim->nodes[node].name,
	    ++t->said);
	sim_say(t->sim, node, rooms[room], text);
}

/* Now and then somebody changes a topic or a nick; few of these, so that
 * two often want the same. */
static void
change_something(struct trial *t, unsigned node)
{
	static const char *const topics[] = { "tea", "work", "", "rain" };
	static const char *const nicks[] = { "max", "Max", "moritz", "eva" };

	if (draw(t, 2) == 0)
		sim_topic(t->sim, node, "#lobby", topics[draw(t, 4)]);
	else
		sim_nick(t->sim, node, nicks[draw(t, 4)]);
}

static void
talk(struct trial *t, unsigned a, unsigned b)
{
	unsigned room = draw(t, 4) == 0;

	(void)a;
	(void)b;
	say_something(t, draw_node(t), room);
	if (draw(t, 8) == 0)
		change_something(t, draw_node(t));
	for (unsigned answers = draw(t, 4); answers > 1; answers--)
		later(t, about(t, 3), say_something, draw_node(t), room);
	later(t, about(t, t->options->talk_ms * 2 / (1 + t->sim->count)) + 1,
	    talk, 0, 0);
}

static void
wander(struct trial *t, unsigned node, unsigned joined)
{
	if (joined)
		sim_part(t->sim, node, "#dev");
	else
		sim_join(t->sim, node, "#dev");
	later(t, about(t, joined ? 5000 : 30000), wander, node, !joined);
}

static void
arrive(struct trial *t, unsigned node, unsigned b)
{
	(void)b;
	sim_start(t->sim, node);
}

static void
begin_talk(struct trial *t)
{
	for (unsigned i = 0; i < t->sim->count; i++) {
		bool late = draw(t, 5) == 0;

		later(t,
		    late ? about(t, t->options->safety_ms / 3)
			 : about(t, ARRIVE_WITHIN_MS / 2),
		    arrive, i, 0);
		if (draw(t, 2) == 0)
			later(t, about(t, 5000), wander, i, false);
	}
	later(t, 1000, talk, 0, 0);
}

/* -- faults ------------------------------------------------------------ */

static void
heal(struct trial *t, unsigned a, unsigned b)
{
	(void)a;
	(void)b;
	sim_heal(t->sim);
}

static void
begin_partition(struct trial *t)
{
	unsigned n = t->sim->count;
	bool *side = mem_zero(n, sizeof *side);

	for (unsigned i = 0; i < n; i++)
		side[i] = draw(t, 2);
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < n; j++)
			if (side[i] != side[j])
				sim_block(t->sim, i, j, true);
	free(side);
	later(t, how_long(t), heal, 0, 0);
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
		unsigned a = draw_node(t), b = draw_node(t);

		sim_block(t->sim, a, b, true);
		later(t, how_long(t), open_way, a, b);
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
	sim_slow(t->sim, a, b, draw(t, CLOG_MS));
	later(t, how_long(t), unclog, a, b);
}

static void
plug(struct trial *t, unsigned a, unsigned b)
{
	(void)b;
	sim_plug(t->sim, a);
}

static void
resume(struct trial *t, unsigned a, unsigned b)
{
	(void)b;
	sim_resume(t->sim, a);
}

static void
come_back(struct trial *t, unsigned node)
{
	if (draw(t, 4) != 0)
		later(t, how_long(t), arrive, node, 0);
}

static void
slow_down(struct trial *t, enum fault fault)
{
	struct weather *weather = &t->sim->weather;

	if (fault == FAULT_DELAY)
		weather->delay_mean_us = draw(t, 2) ? 500 : draw(t, 20) * 10000;
	else
		weather->disk_mean_us = draw(t, 2) ? 1000 : draw(t, 20) * 10000;
}

static void
begin_fault(struct trial *t, enum fault fault)
{
	unsigned node = draw_node(t);

	switch (fault) {
	case FAULT_PARTITION: begin_partition(t); break;
	case FAULT_ONEWAY: begin_oneway(t); break;
	case FAULT_CLOG: begin_clog(t, node, draw_node(t)); break;
	case FAULT_CABLE:
		sim_pull(t->sim, node);
		later(t, how_long(t), plug, node, 0);
		break;
	case FAULT_RESET: sim_reset(t->sim, node, draw_node(t)); break;
	case FAULT_CRASH:
		sim_kill(t->sim, node);
		come_back(t, node);
		break;
	case FAULT_LEAVE:
		sim_leave(t->sim, node);
		come_back(t, node);
		break;
	case FAULT_PAUSE:
		sim_pause(t->sim, node);
		later(t, how_long(t), resume, node, 0);
		break;
	case FAULT_SKEW:
		t->sim->nodes[node].skew = (wall_ms)draw(t, 7200000) - 3600000;
		break;
	case FAULT_DELAY:
	case FAULT_DISK: slow_down(t, fault); break;
	case FAULT_LOSS:
	case FAULT_DUP:
	case FAULT_REORDER:
	case FAULT_COUNT: break; /* weather, always there */
	}
}

static void
episode(struct trial *t, unsigned fault, unsigned b)
{
	(void)b;
	begin_fault(t, fault);
	later(t, about(t, EPISODE_MS), episode, fault, 0);
}

static void
begin_faults(struct trial *t)
{
	struct weather *weather = &t->sim->weather;

	if (has(t, FAULT_LOSS))
		weather->loss = (1 + draw(t, 30)) / (double)PERCENT;
	if (has(t, FAULT_DUP))
		weather->duplication = (1 + draw(t, 20)) / (double)PERCENT;
	if (has(t, FAULT_REORDER))
		weather->reordering = (1 + draw(t, 20)) / (double)PERCENT;
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (has(t, i))
			later(t, about(t, EPISODE_MS / 2), episode, i, 0);
}

static void
end_faults(struct trial *t)
{
	bool anybody = false;

	t->over = true;
	t->sim->weather = fair_weather;
	sim_heal(t->sim);
	for (unsigned i = 0; i < t->sim->count; i++) {
		for (unsigned j = 0; j < t->sim->count; j++)
			sim_slow(t->sim, i, j, 0);
		sim_resume(t->sim, i);
		sim_stay(t->sim, i);
		anybody |= sim_running(t->sim, i);
	}
	for (unsigned i = 0; i < t->sim->count; i++)
		if (draw(t, 4) != 0 || !anybody)
			sim_start(t->sim, i);
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
		say_something(t, i, 0);
}

static void
demand_all(struct trial *t, struct trial_result *result)
{
	result->view_ms = demand(t, sim_all_linked, VIEW_WITHIN_MS,
	    "not all are in one view and linked");
	result->leader_ms = demand(t, sim_one_leader, LEADER_WITHIN_MS,
	    "there is not one leader");
	if (result->leader_ms >= 0)
		result->leader_ms += result->view_ms;
	speak_last(t);
	sim_run(t->sim, LOOK_EACH_MS); /* to be published */
	result->messages_ms = demand(t, sim_same_messages, MESSAGES_WITHIN_MS,
	    "messages are missing");
	demand(t, sim_same_metadata, METADATA_WITHIN_MS,
	    "not all agree on rooms, topics and nicks");
	sim_run(t->sim, QUIET_MS);
	if (!sim_one_view(t->sim) || !sim_one_leader(t->sim))
		checkers_fail(t->sim, NULL, "the quiet did not last");
	checkers_finish(t->sim);
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
		.hashed_ring = options->hashed_ring,
		.plain = options->plain,
	};
	struct trial t = {
		.sim = sim_new(&world),
		.options = options,
		.rng = rng_seeded(options->seed ^ 0x5eed),
	};
	struct trial_result result = { 0 };

	begin_talk(&t);
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
	if (sim_failures(t.sim) != NULL)
		result.failures = mem_text(sim_failures(t.sim));
	sim_destroy(t.sim);
	return result;
}
