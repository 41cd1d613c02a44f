#include "election_net.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum item_type { ITEM_FRAME, ITEM_BEAT, ITEM_VIEW, ITEM_ELECT, ITEM_RESUME };

struct net_item {
	instant_ms at;
	uint64_t number;
	enum item_type type;
	size_t from, to;
	struct frame *frame;
	struct leadership told;		/* BEAT */
	bool *members;			/* VIEW */
};

/* -- the heap ----------------------------------------------------------- */

static bool
earlier(const struct net_item *a, const struct net_item *b)
{
	return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void
push(struct net *net, struct net_item item)
{
	size_t i;

	item.number = net->numbers++;
	MEM_GROW(net->items, net->item_count, net->item_cap);
	i = net->item_count++;
	while (i > 0 && earlier(&item, &net->items[(i - 1) / 2])) {
		net->items[i] = net->items[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	net->items[i] = item;
}

static struct net_item
pop(struct net *net)
{
	struct net_item first = net->items[0];
	struct net_item last = net->items[--net->item_count];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < net->item_count) {
		if (child + 1 < net->item_count &&
		    earlier(&net->items[child + 1], &net->items[child]))
			child++;
		if (!earlier(&net->items[child], &last))
			break;
		net->items[i] = net->items[child];
		i = child;
	}
	if (net->item_count > 0)
		net->items[i] = last;
	return first;
}

static void
drop(struct net_item *item)
{
	free(item->frame);
	free(item->members);
}

/* -- what elections do -------------------------------------------------- */

static size_t
find(const struct net *net, const struct id *id)
{
	size_t low = 0, high = net->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = id_compare(&net->stations[middle].id, id);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return net->count;
}

static instant_ms
arrival(struct net *net, size_t from, size_t to)
{
	size_t pair = from * net->count + to;
	instant_ms at = net->now + 1;

	if (net->delay_max > 0) {
		at += net->pair_delay[pair] +
		    (instant_ms)rng_below(&net->rng,
			(uint64_t)net->delay_max);
		if (at < net->pair_last[pair])
			at = net->pair_last[pair];
		net->pair_last[pair] = at;
	}
	return at;
}

static bool
chance(struct net *net, unsigned percent)
{
	return percent > 0 && rng_below(&net->rng, 100) < percent;
}

static void
post_one(struct net *net, size_t from, size_t to, const struct frame *frame)
{
	assert(to < net->count && to != from);
	net->sent[frame->type]++;
	if (net->cut[from * net->count + to] ||
	    chance(net, net->loss_percent))
		return;
	do
		push(net, (struct net_item){
		    .at = arrival(net, from, to),
		    .type = ITEM_FRAME,
		    .from = from,
		    .to = to,
		    .frame = mem_copy(frame, sizeof *frame) });
	while (chance(net, net->twice_percent));
}

static void
post(struct net *net, size_t from, const struct effect *effect)
{
	for (size_t i = 0; i < effect->send.count; i++)
		post_one(net, from, find(net, &effect->send.to[i]),
		    effect->send.frame);
}

static void
note_event(struct station *station, const struct dchat_event *event)
{
	if (event->type == DCHAT_EVENT_LEADER) {
		station->leader = *event;
		station->leader_events++;
	} else if (event->type == DCHAT_EVENT_ELECTION) {
		station->step = *event;
		station->steps++;
	}
}

static void
note_win(struct net *net, const struct election *e)
{
	struct net_win win = { e->known.term, e->view.hash, e->self.id };

	for (size_t i = 0; i < net->win_count; i++)
		if (net->wins[i].term == win.term &&
		    net->wins[i].view == win.view &&
		    !id_equal(&net->wins[i].leader, &win.leader))
			net->double_wins++;
	MEM_GROW(net->wins, net->win_count, net->win_cap);
	net->wins[net->win_count++] = win;
}

static void
perform(struct net *net, size_t from)
{
	struct station *station = &net->stations[from];

	for (size_t i = 0; i < net->fx.count; i++) {
		const struct effect *effect = &net->fx.items[i];

		switch (effect->type) {
		case EFFECT_SEND:
		case EFFECT_SEND_MANY:
			post(net, from, effect);
			break;
		case EFFECT_NOTIFY:
			note_event(station, effect->event);
			break;
		case EFFECT_TRACE:
			printf("[%6" PRId64 "] %zu > %s\n", net->now, from,
			    effect->trace);
			break;
		default:
			assert(!"an election does this");
		}
	}
	effects_clear(&net->fx);
}

/* -- stations ----------------------------------------------------------- */

void
net_init(struct net *net, size_t count, uint64_t seed)
{
	*net = (struct net){
		.count = count,
		.stations = mem_zero(count, sizeof *net->stations),
		.pair_delay = mem_zero(count * count, sizeof(instant_ms)),
		.pair_last = mem_zero(count * count, sizeof(instant_ms)),
		.cut = mem_zero(count * count, sizeof(bool)),
		.rng = rng_seeded(seed),
		.meeting = true,
		.trace = getenv("TRACE") != NULL,
	};
	effects_init(&net->fx);
	net->fx.tracing = net->trace;
	for (size_t i = 0; i < count; i++) {
		struct id *id = &net->stations[i].id;

		id->bytes[0] = (uint8_t)((i + 1) >> 8);
		id->bytes[1] = (uint8_t)(i + 1);
		for (size_t k = 2; k < ID_BYTES; k++)
			id->bytes[k] = (uint8_t)rng_below(&net->rng, 256);
		net->stations[i].priority = 100;
	}
}

void
net_free(struct net *net)
{
	for (size_t i = 0; i < net->count; i++)
		net_stop(net, i);
	for (size_t i = 0; i < net->item_count; i++)
		drop(&net->items[i]);
	free(net->items);
	free(net->stations);
	free(net->pair_delay);
	free(net->pair_last);
	free(net->cut);
	free(net->wins);
	effects_free(&net->fx);
}

void
net_start(struct net *net, size_t station)
{
	struct station *s = &net->stations[station];
	bool *members = mem_zero(net->count, sizeof *members);

	assert(!s->up);
	s->up = true;
	s->rng = rng_seeded(rng_next(&net->rng));
	s->leader_events = s->steps = 0;
	election_init(&s->election, &s->id, s->priority, &s->rng);
	members[station] = true;
	net_view(net, station, members);
	free(members);
}

void
net_stop(struct net *net, size_t station)
{
	struct station *s = &net->stations[station];

	if (s->up)
		election_free(&s->election);
	s->up = false;
}

void
net_view(struct net *net, size_t station, const bool *members)
{
	struct station *s = &net->stations[station];
	struct election *e = &s->election;
	struct id *ids = mem_zero(net->count, sizeof *ids);
	bool *known = mem_zero(net->count, sizeof *known);
	struct ring ring;
	size_t count = 0;

	for (size_t i = 0; i < net->count; i++)
		if (members[i] || i == station) {
			known[i] = ring_has(&e->view, &net->stations[i].id);
			ids[count++] = net->stations[i].id;
		}
	ring_init(&ring);
	ring_set(&ring, ids, count);
	election_view_changed(e, net->now, &ring, false, &net->fx);
	for (size_t i = 0; i < net->count; i++)
		if (net->meeting && members[i] && i != station && !known[i])
			election_met(e, &net->stations[i].id, &net->fx);
	perform(net, station);
	ring_free(&ring);
	free(ids);
	free(known);
}

void
net_view_later(struct net *net, instant_ms in, size_t station,
    const bool *members)
{
	struct station *s = &net->stations[station];

	if (s->view_at < net->now + in)
		s->view_at = net->now + in;
	push(net, (struct net_item){
	    .at = s->view_at,
	    .type = ITEM_VIEW,
	    .to = station,
	    .members = mem_copy(members, net->count * sizeof *members) });
}

void
net_elect_later(struct net *net, instant_ms in, size_t station)
{
	push(net, (struct net_item){
	    .at = net->now + in, .type = ITEM_ELECT, .to = station });
}

void
net_resume_later(struct net *net, instant_ms in, size_t station)
{
	push(net, (struct net_item){
	    .at = net->now + in, .type = ITEM_RESUME, .to = station });
}

void
net_view_all(struct net *net)
{
	bool *members = mem_zero(net->count, sizeof *members);

	for (size_t i = 0; i < net->count; i++)
		members[i] = net->stations[i].up;
	for (size_t i = 0; i < net->count; i++)
		if (members[i])
			net_view(net, i, members);
	free(members);
}

/* -- groups ------------------------------------------------------------- */

void
net_gather(struct net *net, size_t count, uint64_t seed)
{
	net_init(net, count, seed);
	for (size_t i = 0; i < count; i++)
		net_start(net, i);
	net_view_all(net);
}

struct election *
net_at(struct net *net, size_t station)
{
	return &net->stations[station].election;
}

void
net_view_of(struct net *net, size_t first, size_t count)
{
	bool *members = mem_zero(net->count, sizeof *members);

	for (size_t i = first; i < first + count; i++)
		members[i] = net->stations[i].up;
	for (size_t i = first; i < first + count; i++)
		if (members[i])
			net_view(net, i, members);
	free(members);
}

void
net_cut(struct net *net, size_t a, size_t b, bool is_cut)
{
	net->cut[a * net->count + b] = is_cut;
	net->cut[b * net->count + a] = is_cut;
}

void
net_split(struct net *net, size_t middle, bool is_cut)
{
	for (size_t a = 0; a < middle; a++)
		for (size_t b = middle; b < net->count; b++)
			net_cut(net, a, b, is_cut);
}

/* -- time --------------------------------------------------------------- */

void
net_heartbeats(struct net *net)
{
	for (size_t i = 0; i < net->count; i++) {
		net->stations[i].beating = true;
		net->stations[i].beat_at = net->now + 1 +
		    (instant_ms)rng_below(&net->rng, 1000);
	}
}

static void
beat(struct net *net, size_t from)
{
	struct station *s = &net->stations[from];
	struct id neighbours[4];
	size_t count = ring_neighbours(&s->election.view, &s->id, 2,
	    neighbours);

	s->beat_at = net->now + 1000;
	for (size_t i = 0; i < count; i++) {
		size_t to = find(net, &neighbours[i]);

		if (net->cut[from * net->count + to])
			continue;
		push(net, (struct net_item){
		    .at = arrival(net, from, to),
		    .type = ITEM_BEAT,
		    .from = from,
		    .to = to,
		    .told = s->election.known });
	}
}

enum verdict
net_forge(struct net *net, size_t from, size_t to, const struct frame *frame)
{
	enum verdict verdict = election_recv(&net->stations[to].election,
	    net->now, &net->stations[from].id, frame, &net->fx);

	perform(net, to);
	return verdict;
}

static void
handle(struct net *net, const struct net_item *item)
{
	struct election *e = &net->stations[item->to].election;
	const struct id *from = &net->stations[item->from].id;
	bool led;

	if (!net->stations[item->to].up)
		return;
	led = e->state == ELECTION_LEADER;
	switch (item->type) {
	case ITEM_FRAME:
		if (net->cut[item->from * net->count + item->to])
			return;
		election_heard(e, net->now, from);
		net->verdict = election_recv(e, net->now, from, item->frame,
		    &net->fx);
		if (!led && e->state == ELECTION_LEADER)
			note_win(net, e);
		break;
	case ITEM_BEAT:
		if (net->cut[item->from * net->count + item->to])
			return;
		election_heard(e, net->now, from);
		election_learn(e, net->now, from, &item->told, &net->fx);
		break;
	case ITEM_VIEW:
		net_view(net, item->to, item->members);
		break;
	case ITEM_ELECT:
		election_elect(e, net->now, &net->fx);
		break;
	case ITEM_RESUME:
		election_step_down(e, net->now, &net->fx);
		break;
	}
	perform(net, item->to);
}

static instant_ms
next_moment(const struct net *net)
{
	instant_ms next = net->item_count > 0 ? net->items[0].at : NEVER;

	for (size_t i = 0; i < net->count; i++) {
		const struct station *s = &net->stations[i];

		if (!s->up)
			continue;
		next = instant_earlier(next, election_deadline(&s->election));
		if (s->beating)
			next = instant_earlier(next, s->beat_at);
	}
	return next;
}

static void
do_moment(struct net *net)
{
	while (net->item_count > 0 && net->items[0].at <= net->now) {
		struct net_item item = pop(net);

		handle(net, &item);
		drop(&item);
	}
	for (size_t i = 0; i < net->count; i++) {
		struct station *s = &net->stations[i];

		if (!s->up)
			continue;
		if (s->beating && s->beat_at <= net->now)
			beat(net, i);
		election_expire(&s->election, net->now, &net->fx);
		perform(net, i);
	}
}

void
net_run(struct net *net, instant_ms ms)
{
	instant_ms end = net->now + ms, next;

	while ((next = next_moment(net)) <= end) {
		if (next > net->now)
			net->now = next;
		do_moment(net);
	}
	net->now = end;
}

bool
net_settle(struct net *net, instant_ms ms)
{
	instant_ms end = net->now + ms, next;

	while (net_leader(net) == net->count) {
		next = next_moment(net);
		if (next > end)
			return false;
		if (next > net->now)
			net->now = next;
		do_moment(net);
	}
	return true;
}

/* -- questions ---------------------------------------------------------- */

size_t
net_leader(const struct net *net)
{
	size_t leader = net->count;

	for (size_t i = 0; i < net->count; i++)
		if (net->stations[i].up &&
		    net->stations[i].election.state == ELECTION_LEADER) {
			if (leader < net->count)
				return net->count;
			leader = i;
		}
	if (leader == net->count)
		return leader;
	for (size_t i = 0; i < net->count; i++) {
		const struct leadership *theirs =
		    &net->stations[i].election.known;
		const struct leadership *its =
		    &net->stations[leader].election.known;

		if (net->stations[i].up &&
		    (!theirs->established || theirs->term != its->term ||
			!id_equal(&theirs->leader, &its->leader)))
			return net->count;
	}
	return leader;
}

uint64_t
net_term(const struct net *net)
{
	uint64_t term = 0;

	for (size_t i = 0; i < net->count; i++)
		if (net->stations[i].up &&
		    net->stations[i].election.known.term > term)
			term = net->stations[i].election.known.term;
	return term;
}

uint64_t
net_hops(const struct net *net)
{
	uint64_t hops = 0;

	for (size_t i = 0; i < net->count; i++)
		if (net->stations[i].up)
			hops += net->stations[i].election.probes_sent +
			    net->stations[i].election.replies_sent;
	return hops;
}
