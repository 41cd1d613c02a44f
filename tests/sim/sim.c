#include "tests/sim/sim.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "tests/sim/checkers.h"
#include "tests/sim/world.h"
#include "wire/digest.h"

enum {
	LEAVE_WITHIN_MS = 5000,
	SPINS = 1000, /* deadlines of one node at one moment */
};

const struct weather fair_weather = {
	.delay_min_us = 100,
	.delay_mean_us = 200,
	.disk_min_us = 200,
	.disk_mean_us = 800,
};

const struct weather still_weather = {
	.delay_min_us = 1000,
	.disk_min_us = 1000,
};

static const char *const names[] = {
	"ana",
	"bob",
	"cem",
	"dan",
	"eva",
	"fay",
	"gil",
	"hal",
	"ida",
	"jan",
	"kim",
	"leo",
	"mia",
	"ned",
	"ola",
	"pia",
	"qin",
	"ron",
	"sue",
	"tom",
	"uma",
	"vic",
	"wim",
	"xia",
	"yan",
	"zoe",
};

enum { NAMES = sizeof names / sizeof names[0] };

/* -- the making of a world --------------------------------------------- */

/* Ids ascend with the index, and the short text begins with the name. */
static struct id
id_of(struct sim *sim, unsigned index)
{
	char text[ID_TEXT];
	struct id id = { 0 };

	if (!sim->options.shuffled && index < NAMES) {
		snprintf(text, sizeof text, "%saaaaaaaaaaaaaaaaaaaaaaa",
		    names[index]);
		if (id_parse(text, &id))
			return id;
	}
	bytes_put_u64(id.bytes, rng_next(&sim->rng));
	bytes_put_u64(id.bytes + 8, rng_next(&sim->rng));
	if (!sim->options.shuffled) /* 0xff..: above those with names */
		bytes_put_u32(id.bytes, 0xff000000 + index);
	return id;
}

static void
init_node(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];

	node->index = index;
	if (index < NAMES)
		snprintf(node->name, sizeof node->name, "%s", names[index]);
	else
		snprintf(node->name, sizeof node->name, "n%u", index);
	node->id = id_of(sim, index);
	node->priority = 100;
	/* Each its own clock, so that nobody's zero can be taken for ours. */
	node->boot = 1000000 + 77777 * (instant_ms)index;
	node->deadline_at = -1;
	disk_init(&node->disk);
	disk_init(&node->copy);
}

static void
init_order(struct sim *sim)
{
	sim->order = mem_zero(sim->count, sizeof *sim->order);
	for (unsigned i = 0; i < sim->count; i++) {
		unsigned at = i;

		for (; at > 0 &&
		     id_compare(&sim->nodes[sim->order[at - 1]].id,
			 &sim->nodes[i].id) > 0;
		     at--)
			sim->order[at] = sim->order[at - 1];
		sim->order[at] = i;
	}
}

struct sim *
sim_new(const struct sim_options *options)
{
	struct sim *sim = mem_zero(1, sizeof *sim);

	sim->options = *options;
	sim->weather =
	    options->weather != NULL ? *options->weather : fair_weather;
	sim->rng = rng_seeded(options->seed);
	sim->count = options->nodes;
	sim->nodes = mem_zero(sim->count, sizeof *sim->nodes);
	sim->blocked = mem_zero(sim->count, sim->count);
	sim->slow_us =
	    mem_zero((size_t)sim->count * sim->count, sizeof *sim->slow_us);
	sim->links =
	    mem_zero((size_t)sim->count * sim->count, sizeof *sim->links);
	sim->hash = HASH_START;
	sim->next_token = 1;
	queue_init(&sim->queue);
	effects_init(&sim->fx);
	sim->fx.tracing = options->tracing || options->shiviz;
	bytes_init(&sim->timeline);
	shiviz_init(sim);
	for (unsigned i = 0; i < sim->count; i++)
		init_node(sim, i);
	init_order(sim);
	sim->checkers = checkers_new(sim);
	return sim;
}

static void
forget_deferred(struct sim_node *node)
{
	for (size_t i = 0; i < node->deferred_count; i++)
		happening_free(&node->deferred[i]);
	node->deferred_count = 0;
}

static void
free_connection(struct connection *c)
{
	for (size_t i = 0; i < c->waiting_count; i++)
		happening_free(&c->waiting[i]);
	free(c->waiting);
	free(c);
}

void
sim_destroy(struct sim *sim)
{
	if (sim == NULL)
		return;
	for (unsigned i = 0; i < sim->count; i++) {
		node_destroy(sim->nodes[i].node);
		disk_free(&sim->nodes[i].disk);
		disk_free(&sim->nodes[i].copy);
		storage_forget(&sim->nodes[i]);
		forget_deferred(&sim->nodes[i]);
		free(sim->nodes[i].deferred);
	}
	for (size_t i = 0; i < sim->connection_count; i++)
		free_connection(sim->connections[i]);
	checkers_destroy(sim->checkers);
	free(sim->connections);
	free(sim->links);
	free(sim->blocked);
	free(sim->slow_us);
	free(sim->nodes);
	free(sim->order);
	queue_free(&sim->queue);
	effects_free(&sim->fx);
	bytes_free(&sim->timeline);
	shiviz_free(sim);
	free(sim);
}

/* -- chance ------------------------------------------------------------ */

/* Exponential with mean 1, by comparisons alone (von Neumann 1951): the
 * same on every machine, which logarithms are not. */
static double
draw_exponential(struct rng *rng)
{
	for (double whole = 0;; whole++) {
		double first = rng_fraction(rng), last = first, next;
		unsigned run = 1;

		while ((next = rng_fraction(rng)) <= last) {
			last = next;
			run++;
		}
		if (run % 2 == 1)
			return whole + first;
	}
}

moment_us
world_delay(struct sim *sim, unsigned min_us, unsigned mean_us)
{
	return min_us + (moment_us)(mean_us * draw_exponential(&sim->rng));
}

bool
world_chance(struct sim *sim, double probability)
{
	return probability > 0 && rng_fraction(&sim->rng) < probability;
}

/* -- a step ------------------------------------------------------------ */

void
world_put(struct sim *sim, const struct sim_node *node, moment_us at,
    struct happening *happening)
{
	happening->node = node->index;
	happening->run = node->run;
	happening->at = at;
	queue_put(&sim->queue, happening);
}

static void
seal(struct sim *sim, struct sim_node *node, const struct record *record)
{
	struct happening happening = { .type = HAPPENS_SEALED };

	happening.record = sign_record(record);
	if (happening.record == NULL)
		checkers_fail(sim, node, "seals what nobody can encode");
	else
		world_put(sim, node, sim->now, &happening);
}

static void
seal_intent(struct sim *sim, struct sim_node *node,
    const struct intent *intent)
{
	struct happening happening = { .type = HAPPENS_INTENT_SEALED };

	happening.intent = sign_intent(intent);
	if (happening.intent == NULL)
		checkers_fail(sim, node, "wishes what nobody can encode");
	else
		world_put(sim, node, sim->now, &happening);
}

/* The next run begins under the nick it has. */
static void
note_nick(struct sim_node *node, const struct dchat_event *event)
{
	if (event->type == DCHAT_EVENT_NICK && event->nick.self &&
	    (strcmp(event->nick.reason, "claimed") == 0 ||
		strcmp(event->nick.reason, "pending") == 0))
		snprintf(node->disk.nick, sizeof node->disk.nick, "%s",
		    event->nick.nick);
}

static void
perform(struct sim *sim, struct sim_node *node, const struct effect *effect)
{
	switch (effect->type) {
	case EFFECT_SEND:
	case EFFECT_SEND_MANY: network_send(sim, node, effect); break;
	case EFFECT_DIAL: network_dial(sim, node, effect); break;
	case EFFECT_HANGUP:
		network_hangup(sim, node, &effect->hangup.peer,
		    effect->hangup.why);
		break;
	case EFFECT_BEACON:
		network_beacon(sim, node, effect);
		break;
	case EFFECT_SEAL:
		seal(sim, node, effect->seal);
		break;
	case EFFECT_PUBLISH:
	case EFFECT_STORE:
	case EFFECT_KEEP:
	case EFFECT_FETCH: storage_ask(sim, node, effect); break;
	case EFFECT_OLDER:
		node->older_answers++;
		node->older_more = effect->older.more;
		node->older_lost =
		    effect->older.lost ? effect->older.left : 0;
		break;
	case EFFECT_SEAL_INTENT:
		seal_intent(sim, node, effect->intent);
		break;
	case EFFECT_NOTIFY:
		note_nick(node, effect->event);
		timeline_event(sim, node, effect->event);
		checkers_event(sim, node, effect->event);
		if (sim->shown != NULL &&
		    effect->event->type == DCHAT_EVENT_MESSAGE)
			sim->shown(sim->shown_self, node->index,
			    &effect->event->message);
		break;
	case EFFECT_TRACE: timeline_trace(sim, node, effect->trace); break;
	}
}

void
world_ask_deadline(struct sim *sim, struct sim_node *node)
{
	instant_ms deadline = node_deadline(node->node);
	struct happening happening = { .type = HAPPENS_DEADLINE };
	moment_us at;

	if (deadline == NEVER) {
		node->deadline++;
		node->deadline_at = -1;
		return;
	}
	at = clock_moment(node, deadline);
	if (at < sim->now)
		at = sim->now;
	if (at == node->deadline_at)
		return;
	node->deadline_at = at;
	happening.deadline = ++node->deadline;
	world_put(sim, node, at, &happening);
}

/* What a hostile one said others may have passed on, or believe. */
unsigned
sim_hostile(const struct sim *sim)
{
	unsigned count = 0;

	for (unsigned i = 0; i < sim->count; i++)
		count += sim->nodes[i].hostile;
	return count;
}

void
world_step(struct sim *sim, struct sim_node *node, struct input *input)
{
	struct effects *fx = &sim->fx;
	enum verdict verdict;

	input->now = clock_instant(sim, node);
	input->wall = clock_wall_of(sim, node);
	sim->hash = hash_number(sim->hash, (uint64_t)sim->now);
	sim->hash = hash_number(sim->hash, node->index);
	sim->hash = digest_input(sim->hash, input);
	effects_clear(fx);
	verdict = node_step(node->node, input, fx);
	sim->counters.steps++;
	sim->counters.verdicts[verdict]++;
	if (verdict == VERDICT_MALFORMED && sim_hostile(sim) == 0)
		checkers_fail(sim, node, "finds a %s of an honest node wrong",
		    input->type == INPUT_RECEIVE
			? frame_type_name(input->receive.frame->type)
			: "thing");
	sim->hash = hash_number(sim->hash, verdict);
	for (size_t i = 0; i < fx->count; i++) {
		sim->hash = digest_effect(sim->hash, &fx->items[i]);
		perform(sim, node, &fx->items[i]);
	}
	world_ask_deadline(sim, node);
	checkers_stepped(sim, node);
}

/* -- what happens ------------------------------------------------------ */

/* A deadline that is due again at once, and again, is a loop. */
static void
count_spins(struct sim *sim, struct sim_node *node)
{
	if (node->woken_at != sim->now)
		node->spins = 0;
	node->woken_at = sim->now;
	if (++node->spins == SPINS)
		checkers_fail(sim, node, "sets its alarm to now, for ever");
	if (node->spins >= SPINS)
		node->process = PROCESS_OFF;
}

static void
deadline_comes(struct sim *sim, struct sim_node *node, uint64_t deadline)
{
	struct input input = { .type = INPUT_DEADLINE };

	if (deadline != node->deadline)
		return;
	node->deadline_at = -1;
	world_step(sim, node, &input);
	count_spins(sim, node);
}

static void
dial_failed(struct sim *sim, struct sim_node *node, const struct happening *h)
{
	struct input input = { .type = INPUT_FAILED };

	input.failed.what = EFFECT_DIAL;
	input.failed.peer = h->dial.expected;
	input.failed.address = h->dial.address;
	input.failed.via = h->dial.via;
	input.failed.why = h->dial.why;
	world_step(sim, node, &input);
}

static void
beacon_comes(struct sim *sim, struct sim_node *node, const struct happening *h)
{
	struct input input = { .type = INPUT_HEARD };

	input.heard.peer = h->beacon.peer;
	input.heard.nonce = h->beacon.nonce;
	input.heard.view = h->beacon.view;
	input.heard.goodbye = h->beacon.kind == BEACON_GOODBYE;
	input.heard.wants_reply = h->beacon.kind == BEACON_ANNOUNCE;
	input.heard.from = h->beacon.from;
	input.heard.reply_to = h->beacon.reply_to;
	world_step(sim, node, &input);
}

static void
process_ends(struct sim *sim, struct sim_node *node, enum reason why)
{
	network_process_gone(sim, node, why);
	checkers_ended(sim, node);
	node->process = PROCESS_OFF;
	node_destroy(node->node);
	node->node = NULL;
	node->deadline_at = -1;
	node->leaving = false;
	forget_deferred(node);
	storage_process_gone(sim, node);
}

static void
try_to_leave(struct sim *sim, struct sim_node *node, moment_us since)
{
	struct happening again = { .type = HAPPENS_LEAVE };
	struct input input = { .type = INPUT_LEAVE };

	if (!node->leaving)
		return;
	if (!node_quiet(node->node) &&
	    sim->now - since < LEAVE_WITHIN_MS * 1000) {
		again.link.since = since;
		world_put(sim, node, sim->now + 10 * 1000, &again);
		return;
	}
	world_step(sim, node, &input);
	timeline_note(sim, node, "left");
	process_ends(sim, node, REASON_GOODBYE);
}

static void
happens_to_node(struct sim *sim, struct sim_node *node, struct happening *h)
{
	struct input input = { .type = INPUT_SEALED };

	switch (h->type) {
	case HAPPENS_DEADLINE: deadline_comes(sim, node, h->deadline); break;
	case HAPPENS_FRAME:
	case HAPPENS_LINK_UP:
	case HAPPENS_LINK_DOWN:
	case HAPPENS_SILENCE: network_happens(sim, h); break;
	case HAPPENS_DIAL_FAILED: dial_failed(sim, node, h); break;
	case HAPPENS_BEACON: beacon_comes(sim, node, h); break;
	case HAPPENS_SEALED:
		input.sealed = h->record;
		world_step(sim, node, &input);
		break;
	case HAPPENS_INTENT_SEALED:
		input.type = INPUT_INTENT_SEALED;
		input.intent = h->intent;
		world_step(sim, node, &input);
		break;
	case HAPPENS_DISK: storage_happens(sim, node); break;
	case HAPPENS_LEAVE: try_to_leave(sim, node, h->link.since); break;
	case HAPPENS_DIAL:
	case HAPPENS_HANDSHAKE:
	case HAPPENS_CALL: assert(!"this happens to the world");
	}
}

static void
happens(struct sim *sim, struct happening *h)
{
	struct sim_node *node = &sim->nodes[h->node];

	if (h->type == HAPPENS_CALL)
		h->call.call(sim, h->call.argument);
	else if (h->type == HAPPENS_DIAL || h->type == HAPPENS_HANDSHAKE)
		network_happens(sim, h);
	else if (h->run != node->run || node->process == PROCESS_OFF) {
		if (h->type == HAPPENS_FRAME)
			network_happens(sim, h); /* is refused there */
	} else if (node->process == PROCESS_PAUSED) {
		MEM_GROW(node->deferred, node->deferred_count,
		    node->deferred_cap);
		node->deferred[node->deferred_count++] = *h;
		return; /* still owned */
	} else
		happens_to_node(sim, node, h);
	happening_free(h);
}

/* -- time -------------------------------------------------------------- */

instant_ms
sim_now(const struct sim *sim)
{
	return sim->now / 1000;
}

static bool
ends_millisecond(const struct sim *sim)
{
	return sim->queue.count == 0 ||
	    sim->queue.items[0].at / 1000 != sim->now / 1000;
}

static bool
run_until(struct sim *sim, bool (*condition)(const struct sim *sim),
    moment_us end)
{
	while (sim->queue.count > 0 && sim->queue.items[0].at <= end) {
		struct happening next = queue_take(&sim->queue);

		assert(next.at >= sim->now);
		sim->now = next.at;
		happens(sim, &next);
		/* Once a millisecond at most: it may be dear. */
		if (condition != NULL && ends_millisecond(sim) &&
		    condition(sim))
			return true;
	}
	sim->now = end;
	return condition != NULL && condition(sim);
}

void
sim_run(struct sim *sim, instant_ms ms)
{
	run_until(sim, NULL, sim->now + ms * 1000);
}

bool
sim_run_until(struct sim *sim, bool (*condition)(const struct sim *sim),
    instant_ms limit_ms)
{
	return run_until(sim, condition, sim->now + limit_ms * 1000);
}

void
sim_call_at(struct sim *sim, moment_us at,
    void (*call)(struct sim *sim, void *argument), void *argument)
{
	struct happening happening = { .type = HAPPENS_CALL };

	happening.at = at < sim->now ? sim->now : at;
	happening.call.call = call;
	happening.call.argument = argument;
	queue_put(&sim->queue, &happening);
}

/* -- processes --------------------------------------------------------- */

/* Those it was in, or the lobby; in the arena. */
static void
take_rooms(const struct sim_node *node, struct node_options *options,
    struct arena *arena)
{
	const struct disk *disk = &node->disk;
	struct room_name *rooms =
	    arena_alloc(arena, (disk->shelf_count + 1) * sizeof *rooms);

	for (size_t i = 0; i < disk->shelf_count; i++)
		if (disk->shelves[i]->joined &&
		    disk->shelves[i]->name[0] == '#')
			rooms[options->room_count++] =
			    (struct room_name){ disk->shelves[i]->room,
				    disk->shelves[i]->name };
	if (options->room_count == 0)
		rooms[options->room_count++] =
		    (struct room_name){ sim_room_id("#lobby"), "#lobby" };
	options->rooms = rooms;
}

static void
make_node(struct sim *sim, struct sim_node *node)
{
	struct node_options options = {
		.self = node->id,
		.priority = node->priority,
		.nick = node->name,
		.nick_key = sim_nick_key,
		.network = "sim",
		.start = node->run,
		.nonce = node->nonce,
		.mesh_limit = sim->options.mesh_limit,
		.hashed_ring = sim->options.hashed_ring,
	};
	struct node_past past = { 0 };
	struct arena arena;

	arena_init(&arena);
	options.seed = rng_next(&sim->rng);
	options.spare_epoch = rng_next(&sim->rng);
	if (options.mesh_limit == 0)
		options.mesh_limit = LIMIT_MESH;
	if (!sim->options.keeps_disk) {
		disk_free(&node->disk);
		checkers_disk_changed(sim, node);
	}
	past.epoch_restored =
	    disk_begin(&node->disk, node->run, options.spare_epoch);
	options.epoch = node->disk.epoch;
	disk_past(&node->disk, &arena, &past);
	options.past = &past;
	if (node->disk.nick[0] != '\0')
		options.nick = node->disk.nick;
	take_rooms(node, &options, &arena);
	sim_key(&node->id, options.key);
	node->node = node_new(&options);
	arena_free(&arena);
}

void
sim_start(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];
	struct input input = { .type = INPUT_START };

	if (node->process != PROCESS_OFF)
		return;
	node->run++;
	node->nonce = rng_next(&sim->rng);
	make_node(sim, node);
	node->process = PROCESS_RUNNING;
	timeline_note(sim, node, "started");
	checkers_started(sim, node);
	world_step(sim, node, &input);
}

void
sim_start_all(struct sim *sim)
{
	for (unsigned i = 0; i < sim->count; i++)
		sim_start(sim, i);
}

void
sim_kill(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];

	if (node->process == PROCESS_OFF)
		return;
	timeline_note(sim, node, "killed");
	process_ends(sim, node, REASON_LOST);
}

void
sim_leave(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];

	if (node->process != PROCESS_RUNNING || node->leaving)
		return;
	node->leaving = true;
	try_to_leave(sim, node, sim->now);
}

void
sim_stay(struct sim *sim, unsigned node)
{
	sim->nodes[node].leaving = false;
}

bool
sim_in_core(const struct sim *sim, unsigned node)
{
	return sim_running(sim, node) && !sim->nodes[node].outside;
}

bool
sim_running(const struct sim *sim, unsigned node)
{
	return sim->nodes[node].process == PROCESS_RUNNING;
}

/* -- the network ------------------------------------------------------- */

void
sim_pull(struct sim *sim, unsigned node)
{
	timeline_note(sim, &sim->nodes[node], "cable pulled");
	sim->nodes[node].pulled = true;
}

void
sim_plug(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];
	struct input input = { .type = INPUT_INTERFACES };

	if (!node->pulled)
		return;
	timeline_note(sim, node, "cable plugged in");
	node->pulled = false;
	network_healed(sim);
	if (node->process == PROCESS_RUNNING)
		world_step(sim, node, &input);
}

static bool
is_named(const char *side, const char *name)
{
	size_t size = strlen(name);

	for (const char *at = side; (at = strstr(at, name)) != NULL; at++)
		if ((at == side || at[-1] == ' ') &&
		    (at[size] == ' ' || at[size] == '\0'))
			return true;
	return false;
}

void
sim_partition(struct sim *sim, const char *side)
{
	for (unsigned i = 0; i < sim->count; i++)
		for (unsigned j = 0; j < sim->count; j++)
			if (is_named(side, sim->nodes[i].name) !=
			    is_named(side, sim->nodes[j].name))
				sim_block(sim, i, j, true);
}

void
sim_slow(struct sim *sim, unsigned from, unsigned to, unsigned ms)
{
	sim->slow_us[from * sim->count + to] = ms * 1000;
}

void
sim_block(struct sim *sim, unsigned from, unsigned to, bool blocked)
{
	bool was = sim->blocked[from * sim->count + to];

	sim->blocked[from * sim->count + to] = blocked;
	if (was && !blocked)
		network_healed(sim);
}

void
sim_heal(struct sim *sim)
{
	memset(sim->blocked, 0, (size_t)sim->count * sim->count);
	network_healed(sim);
	for (unsigned i = 0; i < sim->count; i++)
		sim_plug(sim, i);
}
