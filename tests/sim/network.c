/*
 * network: links and beacons between simulated hosts.
 *
 * Modelled on TCP.  What is sent over a link arrives in order; where the
 * way is shut it waits, and is sent again when the way opens, unless the
 * sender's kernel has given up by then.  A process that dies has its
 * connections reset, which the others hear only if the way is open.  The
 * two ends of a connection may disagree for a while.  One that a third
 * carries is cut with either of the links it goes over.  The faults of the
 * weather (loss, duplication, reordering of frames) go beyond TCP on
 * purpose: what survives them survives a dropped queue too.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers.h"
#include "tests/sim/world.h"

enum {
	GIVE_UP_US = 10 * 1000 * 1000,  /* a kernel, resending in vain */
	NO_ROUTE_US = 3 * 1000 * 1000,  /* until a dial fails for that */
	NO_ANSWER_US = 5 * 1000 * 1000, /* in a handshake */
	HANDSHAKE_US = 1000,            /* of computing */
	RESEND_US = 1000 * 1000,        /* at most, once the way is open */
	LATE_US = 20 * 1000,            /* mean of a reordered frame */
	PORTS = 20000,
};

static const double HOSTILE_CHANCE = 0.25; /* of a frame to be changed */

bool
network_open(const struct sim *sim, unsigned from, unsigned to)
{
	return !sim->nodes[from].pulled && !sim->nodes[to].pulled &&
	    !sim->blocked[from * sim->count + to];
}

static bool
open_both(const struct sim *sim, unsigned a, unsigned b)
{
	return network_open(sim, a, b) && network_open(sim, b, a);
}

static moment_us
delay(struct sim *sim, unsigned from, unsigned to)
{
	return sim->slow_us[from * sim->count + to] +
	    world_delay(sim, sim->weather.delay_min_us,
		sim->weather.delay_mean_us);
}

static struct connection **
link_of(const struct sim *sim, unsigned from, unsigned to)
{
	return &sim->links[from * sim->count + to];
}

/* -- the way of a connection --------------------------------------------- */

static bool
is_carried(const struct connection *c)
{
	return c->via >= 0;
}

/* Towards one end. */
static bool
way_open(const struct sim *sim, const struct connection *c, unsigned to)
{
	unsigned here = c->end[!to], there = c->end[to];
	unsigned third = (unsigned)c->via;

	return is_carried(c)
	    ? network_open(sim, here, third) && network_open(sim, third, there)
	    : network_open(sim, here, there);
}

static moment_us
way_delay(struct sim *sim, const struct connection *c, unsigned to)
{
	unsigned here = c->end[!to], there = c->end[to];
	unsigned third = (unsigned)c->via;

	return is_carried(c)
	    ? delay(sim, here, third) + delay(sim, third, there)
	    : delay(sim, here, there);
}

/* Both links are up that a third would carry a connection over. */
static bool
may_carry(const struct sim *sim, unsigned third, unsigned a, unsigned b)
{
	const struct connection *one = *link_of(sim, third, a);
	const struct connection *other = *link_of(sim, third, b);

	return one != NULL && other != NULL && !is_carried(one) &&
	    !is_carried(other);
}

/* -- addresses --------------------------------------------------------- */

static struct address
address_of(const struct sim_node *node, unsigned first_port)
{
	struct address address = { .family = ADDRESS_IPV4 };

	address.ip[0] = 10;
	address.ip[2] = (uint8_t)(node->index >> 8);
	address.ip[3] = (uint8_t)node->index;
	address.port = (uint16_t)(first_port + node->run % PORTS);
	return address;
}

/* Where it accepts links, and where its datagrams come from. */
static struct address
listening(const struct sim_node *node)
{
	return address_of(node, 20000);
}

static struct address
shouting(const struct sim_node *node)
{
	return address_of(node, 40000);
}

static struct sim_node *
host_at(struct sim *sim, const struct address *address)
{
	unsigned index = (unsigned)address->ip[2] << 8 | address->ip[3];

	if (address->family != ADDRESS_IPV4 || address->ip[0] != 10 ||
	    index >= sim->count)
		return NULL;
	return &sim->nodes[index];
}

/* -- connections ------------------------------------------------------- */

static unsigned
end_at(const struct connection *c, unsigned node)
{
	assert(c->end[0] == node || c->end[1] == node);
	return c->end[1] == node;
}

static void
put(struct sim *sim, struct connection *c, unsigned end, moment_us at,
    struct happening *happening)
{
	happening->node = c->end[end];
	happening->run = c->run[end];
	happening->at = at;
	queue_put(&sim->queue, happening);
}

/* Behind all that was sent to this end before. */
static moment_us
in_order(struct connection *c, unsigned end, moment_us at)
{
	if (at <= c->arrival[end])
		at = c->arrival[end] + 1;
	return c->arrival[end] = at;
}

static void
put_link(struct sim *sim, struct connection *c, unsigned end, moment_us at,
    enum happening_type type, enum reason why)
{
	struct happening happening = { .type = type };

	happening.link.over = c;
	happening.link.why = why;
	put(sim, c, end, at, &happening);
}

static void
drop_waiting(struct connection *c, unsigned to)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->waiting_count; i++)
		if (c->waiting[i].node == c->end[to])
			happening_free(&c->waiting[i]);
		else
			c->waiting[kept++] = c->waiting[i];
	c->waiting_count = kept;
}

/*
 * One of the links that a third carries connections over was closed: its own
 * end sees to it that the far ends hear of it, the other end finds its own.
 */
static void
drop_carried(struct sim *sim, unsigned here, unsigned there)
{
	for (size_t i = 0; i < sim->connection_count; i++) {
		struct connection *c = sim->connections[i];

		for (unsigned end = 0; is_carried(c) && end < 2; end++) {
			unsigned third = (unsigned)c->via;
			bool mine = third == there && c->end[end] == here;
			bool far = third == here && c->end[!end] == there;

			if (!c->closed[end] && (mine || far))
				put_link(sim, c, end,
				    in_order(c, end, sim->now + (far ?
					delay(sim, here, c->end[end]) : 0)),
				    HAPPENS_LINK_DOWN, REASON_LOST);
		}
	}
}

/* This end knows no more of it; what it had not got out is gone. */
static void
close_end(struct sim *sim, struct connection *c, unsigned end)
{
	struct connection **link = link_of(sim, c->end[end], c->end[!end]);

	c->closed[end] = true;
	c->up[end] = false;
	if (*link == c) {
		*link = NULL;
		if (!is_carried(c))
			drop_carried(sim, c->end[end], c->end[!end]);
	}
	drop_waiting(c, !end);
}

/* The other end is told, if anything reaches it. */
static void
tell_closed(struct sim *sim, struct connection *c, unsigned end,
    enum reason why)
{
	if (!c->closed[!end] && way_open(sim, c, !end))
		put_link(sim, c, !end,
		    in_order(c, !end, sim->now + way_delay(sim, c, !end)),
		    HAPPENS_LINK_DOWN, why);
}

static void
begin_silence(struct sim *sim, struct connection *c, unsigned end)
{
	struct happening happening = { .type = HAPPENS_SILENCE };

	if (c->silent_since[end] >= 0)
		return;
	c->silent_since[end] = sim->now;
	happening.link.over = c;
	happening.link.since = sim->now;
	put(sim, c, end, sim->now + GIVE_UP_US, &happening);
}

static void
put_frame(struct sim *sim, struct connection *c, unsigned to, moment_us at,
    struct parcel *parcel)
{
	struct happening happening = { .type = HAPPENS_FRAME };

	parcel->references++;
	happening.frame.over = c;
	happening.frame.parcel = parcel;
	put(sim, c, to, at, &happening);
}

static void
keep_waiting(struct connection *c, unsigned to, struct parcel *parcel)
{
	struct happening *happening;

	MEM_GROW(c->waiting, c->waiting_count, c->waiting_cap);
	happening = &c->waiting[c->waiting_count++];
	parcel->references++;
	*happening = (struct happening){ .type = HAPPENS_FRAME };
	happening->node = c->end[to];
	happening->frame.parcel = parcel;
}

static void
carry(struct sim *sim, struct connection *c, unsigned to, struct parcel *parcel)
{
	unsigned from = !to;
	moment_us at;
	const struct weather *weather = &sim->weather;

	if (!way_open(sim, c, from) || !way_open(sim, c, to))
		begin_silence(sim, c, from); /* no acknowledgement */
	if (!way_open(sim, c, to)) {
		keep_waiting(c, to, parcel);
		return;
	}
	if (world_chance(sim, weather->loss)) {
		sim->counters.lost++;
		return;
	}
	at = sim->now + way_delay(sim, c, to);
	if (world_chance(sim, weather->duplication))
		put_frame(sim, c, to, at + world_delay(sim, 0, LATE_US),
		    parcel);
	if (world_chance(sim, weather->reordering))
		put_frame(sim, c, to, at + world_delay(sim, 0, LATE_US),
		    parcel);
	else
		put_frame(sim, c, to, in_order(c, to, at), parcel);
}

static struct connection *
way_to(struct sim *sim, const struct sim_node *from, const struct id *peer)
{
	int to = sim_index_of(sim, peer);

	return to < 0 ? NULL : *link_of(sim, from->index, (unsigned)to);
}

static void
send_to(struct sim *sim, struct sim_node *from, struct connection *c,
    struct parcel *parcel)
{
	sim->counters.frames++;
	sim->counters.bytes += parcel->size;
	sim->counters.sent[parcel->frame.type]++;
	carry(sim, c, !end_at(c, from->index), parcel);
}

/* To each something else, once more, or nothing. */
static void
send_hostile(struct sim *sim, struct sim_node *from,
    const struct effect *effect)
{
	for (size_t i = 0; i < effect->send.count; i++) {
		struct connection *c = way_to(sim, from, &effect->send.to[i]);
		uint64_t copies = rng_below(&sim->rng, 8) == 0 ? 2 : 1;

		for (; c != NULL && copies > 0; copies--) {
			struct parcel *parcel =
			    hostile_pack(sim, effect->send.frame);

			if (parcel == NULL)
				break;
			shiviz_sends(sim, from, parcel);
			send_to(sim, from, c, parcel);
			parcel_release(parcel);
		}
	}
}

void
network_send(struct sim *sim, struct sim_node *from,
    const struct effect *effect)
{
	char why[128];
	struct parcel *parcel;

	if (from->hostile && world_chance(sim, HOSTILE_CHANCE)) {
		send_hostile(sim, from, effect);
		return;
	}
	parcel = parcel_pack(effect->send.frame, sim->options.plain, why);
	if (parcel == NULL) {
		checkers_fail(sim, from, "sends a %s that cannot travel: %s",
		    frame_type_name(effect->send.frame->type), why);
		return;
	}
	shiviz_sends(sim, from, parcel);
	for (size_t i = 0; i < effect->send.count; i++) {
		struct connection *c = way_to(sim, from, &effect->send.to[i]);

		if (c != NULL)
			send_to(sim, from, c, parcel);
	}
	parcel_release(parcel);
}

void
network_hangup(struct sim *sim, struct sim_node *from, const struct id *peer,
    enum reason why)
{
	int to = sim_index_of(sim, peer);
	struct connection *c =
	    to < 0 ? NULL : *link_of(sim, from->index, (unsigned)to);
	unsigned end;

	if (c == NULL)
		return;
	end = end_at(c, from->index);
	put_link(sim, c, end, sim->now, HAPPENS_LINK_DOWN, why);
	tell_closed(sim, c, end,
	    why == REASON_GOODBYE ? REASON_GOODBYE : REASON_LOST);
}

void
network_process_gone(struct sim *sim, struct sim_node *node, enum reason why)
{
	for (size_t i = 0; i < sim->connection_count; i++) {
		struct connection *c = sim->connections[i];
		unsigned end;

		if (c->end[0] != node->index && c->end[1] != node->index)
			continue;
		end = end_at(c, node->index);
		if (c->run[end] != node->run || c->closed[end])
			continue;
		tell_closed(sim, c, end, why);
		close_end(sim, c, end);
	}
}

static void
resend(struct sim *sim, struct connection *c)
{
	size_t kept = 0;
	moment_us at = sim->now + (moment_us)rng_below(&sim->rng, RESEND_US);

	for (size_t i = 0; i < c->waiting_count; i++) {
		struct happening *h = &c->waiting[i];
		unsigned to = end_at(c, h->node);

		if (!way_open(sim, c, to)) {
			c->waiting[kept++] = *h;
			continue;
		}
		put_frame(sim, c, to, in_order(c, to, at), h->frame.parcel);
		happening_free(h);
	}
	c->waiting_count = kept;
}

void
network_healed(struct sim *sim)
{
	for (size_t i = 0; i < sim->connection_count; i++) {
		struct connection *c = sim->connections[i];

		if (way_open(sim, c, 0) && way_open(sim, c, 1))
			c->silent_since[0] = c->silent_since[1] = -1;
		if (c->waiting_count > 0)
			resend(sim, c);
	}
}

/* -- dialling ---------------------------------------------------------- */

static void
fail_dial(struct sim *sim, const struct happening *dial, moment_us at,
    enum reason why)
{
	struct happening failed = *dial;

	failed.type = HAPPENS_DIAL_FAILED;
	failed.at = at;
	failed.dial.why = why;
	queue_put(&sim->queue, &failed);
}

/* A handshake takes three ways, and over a third each is two. */
static void
dial_over(struct sim *sim, const struct sim_node *from, struct happening *dial)
{
	int third = sim_index_of(sim, &dial->dial.via);
	int to = sim_index_of(sim, &dial->dial.expected);
	moment_us there = delay(sim, from->index, (unsigned)third);

	if (to < 0 ||
	    !may_carry(sim, (unsigned)third, from->index, (unsigned)to)) {
		fail_dial(sim, dial, sim->now + 2 * there,
		    REASON_UNREACHABLE);
		return;
	}
	dial->type = HAPPENS_HANDSHAKE;
	dial->dial.target = (unsigned)to;
	dial->dial.target_run = sim->nodes[to].run;
	dial->at = sim->now + HANDSHAKE_US +
	    3 * (there + delay(sim, (unsigned)third, (unsigned)to));
	queue_put(&sim->queue, dial);
}

void
network_dial(struct sim *sim, struct sim_node *from,
    const struct effect *effect)
{
	struct sim_node *host = host_at(sim, &effect->dial.address);
	struct happening dial = { .type = HAPPENS_DIAL };

	sim->counters.dials++;
	dial.node = from->index;
	dial.run = from->run;
	dial.dial.expected = effect->dial.peer;
	dial.dial.address = effect->dial.address;
	dial.dial.via = effect->dial.via;
	if (!id_is_none(&dial.dial.via)) {
		dial_over(sim, from, &dial);
		return;
	}
	if (host == NULL || !open_both(sim, from->index, host->index)) {
		fail_dial(sim, &dial, sim->now + NO_ROUTE_US,
		    REASON_UNREACHABLE);
		return;
	}
	dial.dial.target = host->index;
	dial.at = sim->now + delay(sim, from->index, host->index);
	queue_put(&sim->queue, &dial);
}

static void
dial_arrives(struct sim *sim, struct happening *dial)
{
	struct sim_node *host = &sim->nodes[dial->dial.target];
	struct address address = listening(host);

	if (!open_both(sim, dial->node, host->index))
		fail_dial(sim, dial, sim->now + NO_ROUTE_US,
		    REASON_UNREACHABLE);
	else if (host->process == PROCESS_OFF ||
	    !address_equal(&address, &dial->dial.address))
		fail_dial(sim, dial,
		    sim->now + delay(sim, host->index, dial->node),
		    REASON_REFUSED);
	else if (host->process == PROCESS_PAUSED)
		fail_dial(sim, dial, sim->now + NO_ANSWER_US, REASON_SILENT);
	else {
		struct happening handshake = *dial;

		handshake.type = HAPPENS_HANDSHAKE;
		handshake.dial.target_run = host->run;
		handshake.at = sim->now + HANDSHAKE_US +
		    delay(sim, host->index, dial->node) +
		    delay(sim, dial->node, host->index) +
		    delay(sim, host->index, dial->node);
		queue_put(&sim->queue, &handshake);
	}
}

/*
 * The latest connection of these two runs that both ends still hold; one that
 * is carried keeps no direct one away.
 */
static bool
connected(const struct sim *sim, const struct sim_node *a,
    const struct sim_node *b, bool directly)
{
	for (size_t i = sim->connection_count; i-- > 0;) {
		const struct connection *c = sim->connections[i];
		unsigned end;

		if ((c->end[0] != a->index && c->end[1] != a->index) ||
		    (c->end[0] != b->index && c->end[1] != b->index))
			continue;
		end = end_at(c, a->index);
		return c->run[end] == a->run && c->run[!end] == b->run &&
		    !c->closed[0] && !c->closed[1] &&
		    !(directly && is_carried(c));
	}
	return false;
}

static struct connection *
connect_nodes(struct sim *sim, const struct sim_node *a,
    const struct sim_node *b, int via)
{
	struct connection *c = mem_zero(1, sizeof *c);

	c->via = via;
	c->end[0] = a->index;
	c->end[1] = b->index;
	c->run[0] = a->run;
	c->run[1] = b->run;
	c->silent_since[0] = c->silent_since[1] = -1;
	MEM_GROW(sim->connections, sim->connection_count, sim->connection_cap);
	sim->connections[sim->connection_count++] = c;
	sim->counters.links++;
	return c;
}

static void
handshake_ends(struct sim *sim, struct happening *h)
{
	struct sim_node *dialler = &sim->nodes[h->node];
	struct sim_node *target = &sim->nodes[h->dial.target];
	int via = id_is_none(&h->dial.via)
	    ? -1
	    : sim_index_of(sim, &h->dial.via);
	struct connection *c;

	if (dialler->run != h->run || dialler->process == PROCESS_OFF)
		return;
	if (dialler == target ||
	    (!id_is_none(&h->dial.expected) &&
		!id_equal(&h->dial.expected, &target->id)))
		fail_dial(sim, h, sim->now, REASON_PROTOCOL);
	else if (via >= 0 &&
	    !may_carry(sim, (unsigned)via, dialler->index, target->index))
		fail_dial(sim, h, sim->now, REASON_LOST);
	else if ((via < 0 &&
		     !open_both(sim, dialler->index, target->index)) ||
	    target->process == PROCESS_PAUSED)
		fail_dial(sim, h, sim->now + NO_ANSWER_US, REASON_SILENT);
	else if (target->run != h->dial.target_run ||
	    target->process == PROCESS_OFF)
		fail_dial(sim, h,
		    sim->now + delay(sim, target->index, dialler->index),
		    REASON_LOST);
	else if (!connected(sim, dialler, target, via < 0)) {
		/* Otherwise the other call was faster: one link a pair. */
		c = connect_nodes(sim, dialler, target, via);
		put_link(sim, c, 1, in_order(c, 1, sim->now), HAPPENS_LINK_UP,
		    REASON_NONE);
		put_link(sim, c, 0,
		    in_order(c, 0, sim->now + way_delay(sim, c, 0)),
		    HAPPENS_LINK_UP, REASON_NONE);
	}
}

/* -- what a node hears of its links ------------------------------------ */

static void
link_goes_down(struct sim *sim, struct connection *c, unsigned end,
    enum reason why)
{
	struct input input = { .type = INPUT_LINK_DOWN };
	struct sim_node *node = &sim->nodes[c->end[end]];
	bool last = *link_of(sim, c->end[end], c->end[!end]) == c;

	if (c->closed[end])
		return;
	close_end(sim, c, end);
	if (!last)
		return;
	input.link_down.peer = sim->nodes[c->end[!end]].id;
	input.link_down.why = why;
	world_step(sim, node, &input);
}

static void
link_comes_up(struct sim *sim, struct connection *c, unsigned end)
{
	struct input input = { .type = INPUT_LINK_UP };
	char direct[DIRECT_NAME];
	struct sim_node *node = &sim->nodes[c->end[end]];
	const struct sim_node *peer = &sim->nodes[c->end[!end]];
	struct connection **link = link_of(sim, node->index, peer->index);
	struct connection *old = *link;

	if (c->closed[end])
		return;
	c->up[end] = true;
	if (old != NULL && old->run[end_at(old, peer->index)] == c->run[!end]) {
		/* Never without a link: the node need not know, but that it
		 * is carried now, or is no more. */
		*link = c;
		close_end(sim, old, end_at(old, node->index));
		if (is_carried(old) == is_carried(c))
			return;
	} else if (old != NULL)
		link_goes_down(sim, old, end_at(old, node->index), REASON_LOST);
	*link = c;
	input.link_up.peer = peer->id;
	input.link_up.start = c->run[!end];
	if (is_carried(c))
		input.link_up.via = sim->nodes[c->via].id;
	else
		input.link_up.address = listening(peer);
	input.link_up.direct =
	    sim_room_id(sim_direct_name(&node->id, &peer->id, direct));
	world_step(sim, node, &input);
}

static void
frame_comes(struct sim *sim, struct happening *h)
{
	struct connection *c = h->frame.over;
	unsigned end = end_at(c, h->node);
	struct input input = { .type = INPUT_RECEIVE };

	if (c->closed[end]) {
		tell_closed(sim, c, end, REASON_LOST); /* a reset */
		return;
	}
	if (!c->up[end])
		return; /* overtook the handshake */
	input.receive.from = sim->nodes[c->end[!end]].id;
	input.receive.frame = &h->frame.parcel->frame;
	shiviz_receives(sim, &sim->nodes[h->node], &sim->nodes[c->end[!end]],
	    h->frame.parcel);
	timeline_frame(sim, &sim->nodes[h->node], &sim->nodes[c->end[!end]],
	    input.receive.frame);
	/* As the host does: what is not its author's never gets in. */
	if (sim->nodes[c->end[!end]].hostile &&
	    !verify_frame(input.receive.frame)) {
		network_hangup(sim, &sim->nodes[h->node],
		    &input.receive.from, REASON_PROTOCOL);
		return;
	}
	checkers_arrives(sim, &sim->nodes[h->node], &sim->nodes[c->end[!end]],
	    input.receive.frame);
	world_step(sim, &sim->nodes[h->node], &input);
}

void
network_happens(struct sim *sim, struct happening *h)
{
	struct connection *c = h->link.over;

	switch (h->type) {
	case HAPPENS_FRAME: frame_comes(sim, h); break;
	case HAPPENS_LINK_UP: link_comes_up(sim, c, end_at(c, h->node)); break;
	case HAPPENS_LINK_DOWN:
		link_goes_down(sim, c, end_at(c, h->node), h->link.why);
		break;
	case HAPPENS_SILENCE:
		if (c->silent_since[end_at(c, h->node)] == h->link.since)
			link_goes_down(sim, c, end_at(c, h->node),
			    REASON_UNREACHABLE);
		break;
	case HAPPENS_DIAL: dial_arrives(sim, h); break;
	case HAPPENS_HANDSHAKE: handshake_ends(sim, h); break;
	default: assert(!"this does not happen to the network");
	}
}

void
sim_reset(struct sim *sim, unsigned a, unsigned b)
{
	struct connection *c = *link_of(sim, a, b);

	if (c == NULL)
		return;
	put_link(sim, c, 0, sim->now, HAPPENS_LINK_DOWN, REASON_LOST);
	put_link(sim, c, 1, sim->now, HAPPENS_LINK_DOWN, REASON_LOST);
}

/* -- beacons ----------------------------------------------------------- */

static void
shout(struct sim *sim, const struct sim_node *from, const struct sim_node *to,
    const struct effect *effect)
{
	struct happening happening = { .type = HAPPENS_BEACON };

	if (to->process == PROCESS_OFF ||
	    !network_open(sim, from->index, to->index) ||
	    world_chance(sim, sim->weather.loss))
		return;
	happening.beacon.peer = from->id;
	happening.beacon.nonce = from->nonce;
	happening.beacon.view = effect->beacon.view;
	happening.beacon.kind = effect->beacon.kind;
	happening.beacon.from = listening(from);
	happening.beacon.reply_to = shouting(from);
	world_put(sim, to, sim->now + delay(sim, from->index, to->index),
	    &happening);
}

void
network_beacon(struct sim *sim, struct sim_node *from,
    const struct effect *effect)
{
	struct sim_node *host;
	struct address address;

	sim->counters.beacons++;
	if (effect->beacon.kind != BEACON_REPLY) {
		for (unsigned i = 0; i < sim->count; i++)
			if (i != from->index)
				shout(sim, from, &sim->nodes[i], effect);
		return;
	}
	host = host_at(sim, &effect->beacon.to);
	if (host == NULL)
		return;
	address = shouting(host);
	if (address_equal(&address, &effect->beacon.to))
		shout(sim, from, host, effect);
}
