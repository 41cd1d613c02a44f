#include "tests/unit/room_net.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { WALL_START = 1700000000 };

enum item_kind { ITEM_FRAME, ITEM_PUBLISHED, ITEM_STORED, ITEM_FETCHED };

struct room_item {
	instant_ms at;
	uint64_t number;
	enum item_kind kind;
	size_t from, to;
	struct arena arena;
	const struct frame *frame;
	struct bundle *bundle;
	struct id asker;
	struct dependency *bases;
	size_t base_count;
	const struct bundle **bundles;
	size_t bundle_count;
};

static const struct id room_id = { { 0x77 } };

struct id
talker_id(size_t talker)
{
	struct id id = { { 0 } };

	id.bytes[0] = (uint8_t)(talker + 1);
	id.bytes[15] = (uint8_t)(0xa0 + talker);
	return id;
}

struct stream
talker_stream(size_t talker)
{
	return (struct stream){ talker_id(talker), 1 };
}

static size_t
index_of(const struct id *id)
{
	return (size_t)id->bytes[0] - 1;
}

static void
seal(struct bundle *bundle)
{
	uint64_t hash = hash_number(HASH_START, bundle->seq);

	hash = hash_bytes(hash, &bundle->stream.author, ID_BYTES);
	hash = hash_number(hash, bundle->stream.epoch);
	memcpy(bundle->hash.bytes, &hash, sizeof hash);
}

struct bundle
room_bundle(const struct id *room, size_t author, uint64_t seq, uint64_t hlc,
    const struct dependency *dependencies, size_t dependency_count,
    const struct message *message)
{
	struct bundle bundle = {
		.room = *room,
		.stream = talker_stream(author),
		.seq = seq,
		.hlc = hlc,
		.dependencies = dependencies,
		.dependency_count = dependency_count,
		.messages = message,
		.message_count = message == NULL ? 0 : 1,
	};

	seal(&bundle);
	return bundle;
}

void
room_net_init(struct room_net *net, size_t count, uint64_t seed)
{
	memset(net, 0, sizeof *net);
	net->count = count;
	net->rng = rng_seeded(seed);
	net->now = 1000;
	net->delay_ms = 2;
	net->publish_ms = 1;
	effects_init(&net->fx);
	for (size_t i = 0; i < count; i++) {
		struct talker *t = &net->talkers[i];

		t->id = talker_id(i);
		t->rng = rng_seeded(seed * 31 + i);
		rooms_init(&t->rooms);
		t->room = rooms_add(&t->rooms, &room_id, "#lobby");
		multicast_init(&t->mc, &t->id, 1, 7, &t->rooms);
		sync_init(&t->sync, &t->id, &t->rooms, &t->rng);
	}
}

static void
item_free(struct room_item *item)
{
	arena_free(&item->arena);
	bundle_free(item->bundle);
	free(item->bases);
	free(item->bundles);
	free(item);
}

void
room_net_free(struct room_net *net)
{
	for (size_t i = 0; i < net->count; i++) {
		struct talker *t = &net->talkers[i];

		multicast_free(&t->mc);
		sync_free(&t->sync);
		rooms_free(&t->rooms);
		for (size_t k = 0; k < t->disk_count; k++)
			bundle_free(t->disk[k]);
		free(t->disk);
		free(t->shown);
		free(t->oks);
	}
	for (size_t i = 0; i < net->item_count; i++)
		item_free(net->items[i]);
	free(net->items);
	effects_free(&net->fx);
}

/* -- the queue ----------------------------------------------------------- */

static bool
before(const struct room_item *a, const struct room_item *b)
{
	return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void
swap(struct room_net *net, size_t a, size_t b)
{
	struct room_item *item = net->items[a];

	net->items[a] = net->items[b];
	net->items[b] = item;
}

static struct room_item *
push(struct room_net *net, instant_ms at, enum item_kind kind, size_t to)
{
	struct room_item *item = mem_zero(1, sizeof *item);
	size_t i = net->item_count;

	item->at = at;
	item->number = net->numbers++;
	item->kind = kind;
	item->to = to;
	arena_init(&item->arena);
	MEM_GROW(net->items, net->item_count, net->item_cap);
	net->items[net->item_count++] = item;
	while (i > 0 && before(net->items[i], net->items[(i - 1) / 2])) {
		swap(net, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
	return item;
}

static struct room_item *
pop(struct room_net *net)
{
	struct room_item *item = net->items[0];
	size_t i = 0, child;

	net->items[0] = net->items[--net->item_count];
	while ((child = 2 * i + 1) < net->item_count) {
		if (child + 1 < net->item_count &&
		    before(net->items[child + 1], net->items[child]))
			child++;
		if (!before(net->items[child], net->items[i]))
			break;
		swap(net, i, child);
		i = child;
	}
	return item;
}

/* -- the disk ------------------------------------------------------------ */

static void
store(struct talker *t, const struct bundle *bundle)
{
	MEM_GROW(t->disk, t->disk_count, t->disk_cap);
	t->disk[t->disk_count++] = bundle_clone(bundle);
}

static int
by_display(const void *a, const void *b)
{
	return bundle_compare_display(*(const struct bundle *const *)a,
	    *(const struct bundle *const *)b);
}

static bool
asked_for(const struct effect *fetch, const struct bundle *bundle)
{
	for (size_t i = 0; i < fetch->fetch.count; i++) {
		const struct stream_range *r = &fetch->fetch.ranges[i];

		if (stream_compare(&r->stream, &bundle->stream) == 0 &&
		    r->range.first <= bundle->seq &&
		    bundle->seq <= r->range.last)
			return true;
	}
	return false;
}

static void
fetch(struct room_net *net, size_t who, const struct effect *effect)
{
	struct talker *t = &net->talkers[who];
	struct room_item *item =
	    push(net, net->now + 1, ITEM_FETCHED, who);
	bool tail = effect->fetch.kind == FETCH_TAIL;
	size_t first = 0;

	item->asker = effect->fetch.to;
	item->bundles = mem_zero(t->disk_count, sizeof *item->bundles);
	for (size_t i = 0; i < t->disk_count; i++)
		if (tail || asked_for(effect, t->disk[i]))
			item->bundles[item->bundle_count++] = t->disk[i];
	qsort(item->bundles, item->bundle_count, sizeof *item->bundles,
	    by_display);
	if (!tail) {
		if (item->bundle_count > LIMIT_PAGE_BUNDLES)
			item->bundle_count = LIMIT_PAGE_BUNDLES;
		if (net->page_most > 0 && item->bundle_count > net->page_most)
			item->bundle_count = net->page_most;
		return;
	}
	if (item->bundle_count > effect->fetch.messages)
		first = item->bundle_count - effect->fetch.messages;
	item->bases = mem_zero(first, sizeof *item->bases);
	for (size_t i = 0; i < first; i++) {
		const struct bundle *below = item->bundles[i];
		size_t k = 0;

		while (k < item->base_count &&
		    stream_compare(&item->bases[k].stream,
			&below->stream) != 0)
			k++;
		if (k == item->base_count)
			item->base_count++;
		item->bases[k] =
		    (struct dependency){ below->stream, below->seq };
	}
	item->bundle_count -= first;
	memmove(item->bundles, item->bundles + first,
	    item->bundle_count * sizeof *item->bundles);
}

/* -- effects ------------------------------------------------------------- */

static void
send(struct room_net *net, size_t from, size_t to, const struct frame *frame)
{
	bool twice = rng_fraction(&net->rng) < net->doubling;

	if (net->cut[from][to] ||
	    (net->lose != NULL && net->lose(net, from, to, frame)))
		return;
	for (int i = 0; i < (twice ? 2 : 1); i++) {
		instant_ms at = net->now + net->delay_ms;
		struct room_item *item;

		if (net->jitter_ms > 0)
			at += (instant_ms)rng_below(&net->rng,
			    (uint64_t)net->jitter_ms);
		if (rng_fraction(&net->rng) < net->loss)
			continue;
		item = push(net, at, ITEM_FRAME, to);
		item->from = from;
		item->frame = frame_copy(&item->arena, frame);
	}
}

static void
check_causes(const struct room_net *net, const struct talker *t,
    const struct bundle *bundle)
{
	struct dependency cause = { bundle->stream, bundle->seq - 1 };

	if (net->gaps_expected)
		return;
	for (size_t i = 0; i <= bundle->dependency_count; i++) {
		const struct vclock_entry *entry =
		    vclock_find(&t->room->delivered, &cause.stream);

		assert(cause.seq == 0 ||
		    (entry != NULL &&
			(cause.seq <= entry->base ||
			    vclock_here(&t->room->delivered, &cause.stream,
				cause.seq))));
		if (i < bundle->dependency_count)
			cause = bundle->dependencies[i];
	}
}

static void
note(struct talker *t, const struct dchat_event *event)
{
	const struct dchat_message *m = &event->message;

	switch (event->type) {
	case DCHAT_EVENT_OK:
		MEM_GROW(t->oks, t->ok_count, t->ok_cap);
		t->oks[t->ok_count++] = event->ok.token;
		break;
	case DCHAT_EVENT_ERROR:
		t->errors++;
		break;
	case DCHAT_EVENT_MESSAGE:
		assert(talker_shown(t, index_of(&m->author), m->seq) == 0 ||
		    m->index > 0);
		MEM_GROW(t->shown, t->shown_count, t->shown_cap);
		t->shown[t->shown_count++] = (struct shown){
			.author = index_of(&m->author),
			.seq = m->seq,
			.index = m->index,
			.live = m->live,
			.late = m->late,
			.gap = m->gap,
			.token = m->token,
			.hlc = m->hlc,
		};
		break;
	default:
		break;
	}
}

static void
count_frame(struct talker *t, const struct frame *frame)
{
	t->wants += frame->type == FRAME_WANT;
	t->vectors += frame->type == FRAME_VECTOR;
	t->tails += frame->type == FRAME_TAIL;
}

static void
perform(struct room_net *net, size_t who)
{
	struct talker *t = &net->talkers[who];

	for (size_t i = 0; i < net->fx.count; i++) {
		const struct effect *e = &net->fx.items[i];
		struct room_item *item;

		switch (e->type) {
		case EFFECT_SEND:
		case EFFECT_SEND_MANY:
			count_frame(t, e->send.frame);
			for (size_t k = 0; k < e->send.count; k++)
				send(net, who, index_of(&e->send.to[k]),
				    e->send.frame);
			break;
		case EFFECT_PUBLISH:
			item = push(net, net->now + net->publish_ms,
			    ITEM_PUBLISHED, who);
			item->bundle = bundle_clone(e->bundle);
			seal(item->bundle);
			store(t, item->bundle);
			t->published++;
			break;
		case EFFECT_STORE:
			item = push(net, net->now + 1, ITEM_STORED, who);
			item->bundle = bundle_clone(e->bundle);
			store(t, e->bundle);
			break;
		case EFFECT_FETCH:
			fetch(net, who, e);
			break;
		case EFFECT_KEEP:
			break;
		case EFFECT_NOTIFY:
			note(t, e->event);
			break;
		case EFFECT_TRACE:
			printf("[%6lld] %zu %s\n", (long long)net->now, who,
			    e->trace);
			break;
		default:
			assert(!"an effect of rooms");
		}
	}
	effects_clear(&net->fx);
}

/* -- time ---------------------------------------------------------------- */

static void
deliver_frame(struct room_net *net, struct room_item *item)
{
	struct talker *t = &net->talkers[item->to];
	struct id from = talker_id(item->from);
	const struct frame *frame = item->frame;

	if (net->cut[item->from][item->to])
		return;
	if (frame->type == FRAME_BUNDLE) {
		multicast_recv(&t->mc, net->now, &from,
		    &frame->bundle.bundle, frame->bundle.backlog, &net->fx);
		if (frame->bundle.end && t->joined)
			sync_page_ended(&t->sync, net->now, t->room, &from,
			    &net->fx);
	} else if (frame->type == FRAME_BASE) {
		multicast_bases(&t->mc, net->now, t->room, frame->base.bases,
		    frame->base.count, &net->fx);
		sync_based(&t->sync, net->now, t->room, &from,
		    frame->base.count, &net->fx);
	} else {
		sync_recv(&t->sync, net->now, &from, frame, &net->fx);
	}
}

static void
happen(struct room_net *net, struct room_item *item)
{
	struct talker *t = &net->talkers[item->to];

	switch (item->kind) {
	case ITEM_FRAME:
		deliver_frame(net, item);
		break;
	case ITEM_PUBLISHED:
		check_causes(net, t, item->bundle);
		multicast_published(&t->mc, net->now,
		    WALL_START * 1000LL + net->now, item->bundle, &net->fx);
		sync_delivered(&t->sync, net->now, t->room, item->bundle,
		    &net->fx);
		break;
	case ITEM_STORED:
		check_causes(net, t, item->bundle);
		multicast_stored(&t->mc, net->now, item->bundle, &net->fx);
		sync_delivered(&t->sync, net->now, t->room, item->bundle,
		    &net->fx);
		break;
	case ITEM_FETCHED:
		sync_fetched(&t->sync, net->now, &item->asker, &room_id,
		    item->bases, item->base_count, item->bundles,
		    item->bundle_count, &net->fx);
		break;
	}
	perform(net, item->to);
}

static instant_ms
deadline_of(const struct talker *t)
{
	return instant_earlier(multicast_deadline(&t->mc),
	    sync_deadline(&t->sync));
}

/* One thing happens, if any does until then. */
static bool
step(struct room_net *net, instant_ms until)
{
	instant_ms next = NEVER;
	struct room_item *item;
	size_t who = 0;

	for (size_t i = 0; i < net->count; i++) {
		instant_ms at = deadline_of(&net->talkers[i]);

		if (at < next) {
			next = at;
			who = i;
		}
	}
	if (net->item_count > 0 && net->items[0]->at <= next) {
		if (net->items[0]->at > until)
			return false;
		item = pop(net);
		net->now = item->at > net->now ? item->at : net->now;
		happen(net, item);
		item_free(item);
		return true;
	}
	if (next > until)
		return false;
	net->now = next > net->now ? next : net->now;
	multicast_expire(&net->talkers[who].mc, net->now, &net->fx);
	sync_expire(&net->talkers[who].sync, net->now, &net->fx);
	assert(deadline_of(&net->talkers[who]) > net->now);
	perform(net, who);
	return true;
}

void
room_net_run(struct room_net *net, instant_ms until)
{
	while (step(net, until))
		continue;
	net->now = until;
}

bool
room_net_until(struct room_net *net, instant_ms until,
    bool (*condition)(const struct room_net *net))
{
	while (!condition(net))
		if (!step(net, until))
			return false;
	return true;
}

/* -- what happens to talkers --------------------------------------------- */

static void
update_audience(struct room_net *net, size_t who)
{
	struct room *room = net->talkers[who].room;

	room->audience_count = 0;
	for (size_t i = 0; i < net->count; i++) {
		if (i == who || !net->talkers[i].joined || net->cut[who][i])
			continue;
		MEM_GROW(room->audience, room->audience_count,
		    room->audience_cap);
		room->audience[room->audience_count++] = talker_id(i);
	}
}

static void
meet(struct room_net *net, size_t who, size_t other)
{
	struct talker *t = &net->talkers[who];
	struct id peer = talker_id(other);

	update_audience(net, who);
	if (!t->joined || !room_has_audience(t->room, &peer))
		return;
	sync_met(&t->sync, net->now, t->room, &peer, &net->fx);
	perform(net, who);
}

void
room_net_join(struct room_net *net, size_t who)
{
	struct talker *t = &net->talkers[who];

	t->joined = t->room->joined = true;
	update_audience(net, who);
	sync_joined(&t->sync, net->now, t->room, &net->fx);
	perform(net, who);
	for (size_t i = 0; i < net->count; i++)
		if (i != who && net->talkers[i].joined)
			meet(net, i, who);
}

void
room_net_join_all(struct room_net *net)
{
	for (size_t i = 0; i < net->count; i++)
		room_net_join(net, i);
}

void
room_net_part(struct room_net *net, size_t who)
{
	struct talker *t = &net->talkers[who];

	t->joined = t->room->joined = false;
	sync_parted(&t->sync, t->room, &net->fx);
	multicast_parted(&t->mc, net->now, t->room, &net->fx);
	perform(net, who);
	for (size_t i = 0; i < net->count; i++)
		update_audience(net, i);
}

void
room_net_cut(struct room_net *net, size_t a, size_t b)
{
	size_t ends[2] = { a, b };

	net->cut[a][b] = net->cut[b][a] = true;
	for (size_t i = 0; i < 2; i++) {
		struct id peer = talker_id(ends[1 - i]);

		update_audience(net, ends[i]);
		sync_lost(&net->talkers[ends[i]].sync, net->now, &peer,
		    &net->fx);
		perform(net, ends[i]);
	}
}

void
room_net_heal(struct room_net *net, size_t a, size_t b)
{
	net->cut[a][b] = net->cut[b][a] = false;
	meet(net, a, b);
	meet(net, b, a);
}

enum error
room_net_say(struct room_net *net, size_t who, uint64_t token)
{
	struct talker *t = &net->talkers[who];
	char text[32];
	enum error error;

	snprintf(text, sizeof text, "%llu", (unsigned long long)token);
	error = multicast_say(&t->mc, net->now,
	    WALL_START * 1000LL + net->now, t->room, DCHAT_SAY, token,
	    &(struct message){ KIND_TEXT, text, "" }, &net->fx);
	perform(net, who);
	return error;
}

/* -- questions ----------------------------------------------------------- */

uint64_t
talker_digest(const struct talker *talker)
{
	return vclock_digest(&talker->room->delivered);
}

bool
room_net_converged(const struct room_net *net)
{
	const struct talker *first = NULL;

	for (size_t i = 0; i < net->count; i++) {
		const struct talker *t = &net->talkers[i];

		if (!t->joined)
			continue;
		if (first == NULL)
			first = t;
		if (talker_digest(t) != talker_digest(first) ||
		    multicast_pending(&t->mc) ||
		    multicast_held(&t->mc, &room_id) > 0)
			return false;
	}
	return true;
}

size_t
talker_shown(const struct talker *talker, size_t author, uint64_t seq)
{
	size_t count = 0;

	for (size_t i = 0; i < talker->shown_count; i++)
		count += talker->shown[i].author == author &&
		    talker->shown[i].seq == seq;
	return count;
}
