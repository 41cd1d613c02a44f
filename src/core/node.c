#include "core/node.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/node_state.h"

enum { NEIGHBOURS_EACH_SIDE = 2 };

static void
restore_room(struct node *node, const struct past_room *past)
{
	struct room *room = rooms_add(&node->rooms, &past->id, past->name);

	if (room != NULL)
		multicast_restore_room(&node->multicast, room, past);
}

static void
restore(struct node *node, const struct node_past *past, uint64_t spare_epoch)
{
	multicast_restore(&node->multicast, past, spare_epoch);
	metadata_restore(&node->metadata, past);
	/* The term of the fence was led: whoever stands stands above it. */
	election_remember(&node->election, past->fence.term);
	for (size_t i = 0; i < past->room_count; i++)
		restore_room(node, &past->rooms[i]);
	for (size_t i = 0; i < past->fork_count; i++)
		multicast_restore_fork(&node->multicast, &past->forks[i]);
	for (size_t i = 0; i < past->receipt_count; i++)
		receipts_restore(&node->receipts, &past->receipts[i]);
	node->records =
	    mem_zero(past->record_count + 1, sizeof(struct record *));
	for (size_t i = 0; i < past->record_count; i++)
		node->records[node->record_count++] =
		    record_clone(past->records[i]);
	node->contact_count = past->contact_count;
	node->contacts_known = mem_copy(past->contacts,
	    past->contact_count * sizeof *past->contacts);
}

struct node *
node_new(const struct node_options *options)
{
	struct node *node = mem_zero(1, sizeof *node);
	struct record record = {
		.id = options->self,
		.start = options->start,
		.priority = options->priority,
		.nick = options->nick,
		.rooms = options->rooms,
		.room_count = options->room_count,
	};

	memcpy(record.sealed.key, options->key, KEY_BYTES);
	node->self = options->self;
	node->network = mem_text(options->network);
	node->rng = rng_seeded(options->seed);
	node->first_record = record_clone(&record);
	node->peer_count = options->peer_count;
	node->peers = mem_copy(options->peers,
	    options->peer_count * sizeof *options->peers);
	detector_init(&node->detector, &node->self);
	contacts_init(&node->contacts, &node->self, &node->rng);
	ring_init(&node->ring);
	election_init(&node->election, &node->self, options->priority,
	    &node->rng);
	node->election.hashed_ring = options->hashed_ring;
	rooms_init(&node->rooms);
	multicast_init(&node->multicast, &node->self, options->epoch,
	    options->nonce, &node->rooms);
	sync_init(&node->sync, &node->self, &node->rooms, &node->rng);
	receipts_init(&node->receipts, &node->self, &node->rooms);
	witness_init(&node->witness);
	typing_init(&node->typing);
	directs_init(&node->directs);
	metadata_init(&node->metadata, &node->self, &node->rooms, &node->rng);
	nicks_init(&node->nicks, options->nick_key);
	partition_init(&node->partition);
	if (options->past != NULL)
		restore(node, options->past, options->spare_epoch);
	return node;
}

void
node_destroy(struct node *node)
{
	if (node == NULL)
		return;
	partition_free(&node->partition);
	nicks_free(&node->nicks);
	metadata_free(&node->metadata);
	directs_free(&node->directs);
	typing_free(&node->typing);
	witness_free(&node->witness);
	receipts_free(&node->receipts);
	sync_free(&node->sync);
	multicast_free(&node->multicast);
	rooms_free(&node->rooms);
	election_free(&node->election);
	ring_free(&node->ring);
	contacts_free(&node->contacts);
	detector_free(&node->detector);
	membership_free(&node->membership);
	record_free(node->first_record);
	for (size_t i = 0; i < node->record_count; i++)
		record_free(node->records[i]);
	free(node->records);
	free(node->contacts_known);
	free(node->peers);
	free(node->network);
	free(node);
}

/* -- what one core has to tell another ---------------------------------- */

/* A peer is linked and of the room's audience. */
static void
meet(struct node *node, instant_ms now, struct room *room,
    const struct id *peer, struct effects *fx)
{
	sync_met(&node->sync, now, room, peer, fx);
	receipts_met(&node->receipts, now, room, peer, fx);
}

static bool
in_audience(const struct room *room, const struct member *member)
{
	if (!member_present(member))
		return false;
	return room->direct ? id_equal(&member->id, &room->other)
			    : member_in_room(member, &room->id);
}

void
node_update_audience(struct node *node, instant_ms now, struct room *room,
    struct effects *fx)
{
	const struct membership *m = &node->membership;
	struct id *old = effects_alloc(fx,
	    room->audience_count * sizeof *old);
	size_t old_count = room->audience_count;
	bool found;

	if (old_count > 0)
		memcpy(old, room->audience, old_count * sizeof *old);
	room->audience_count = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct member *member = &m->items[i];

		if (id_equal(&member->id, &node->self) ||
		    !in_audience(room, member))
			continue;
		MEM_GROW(room->audience, room->audience_count,
		    room->audience_cap);
		room->audience[room->audience_count++] = member->id;
	}
	for (size_t i = 0; i < room->audience_count; i++) {
		const struct id *peer = &room->audience[i];

		id_search(old, old_count, peer, &found);
		if (!found)
			witness_met(&node->witness, &room->id, peer,
			    node->multicast.hlc.last);
		if (!found && membership_find(m, peer)->linked)
			meet(node, now, room, peer, fx);
	}
}

static void
settle_view(struct node *node, instant_ms now, struct effects *fx)
{
	const struct leadership *known = &node->election.known;
	const struct member *leader =
	    membership_find(&node->membership, &known->leader);
	struct id neighbours[2 * NEIGHBOURS_EACH_SIDE];
	const struct id *view;
	size_t count = membership_view(&node->membership, &view, fx);

	ring_set(&node->ring, view, count);
	count = ring_neighbours(&node->ring, &node->self,
	    NEIGHBOURS_EACH_SIDE, neighbours);
	detector_watch(&node->detector, now, neighbours, count);
	election_view_changed(&node->election, now, &node->ring,
	    leader != NULL && leader->state == MEMBER_LEFT, fx);
}

static void
settle_beliefs(struct node *node, instant_ms now, struct effects *fx)
{
	const struct id *leader_id = &node->election.known.leader;
	const struct member *leader;

	for (size_t i = 0; i < node->rooms.count; i++)
		if (node->rooms.items[i]->joined)
			node_update_audience(node, now,
			    node->rooms.items[i], fx);
	leader = membership_find(&node->membership, leader_id);
	if (leader != NULL)
		election_suspected(&node->election, leader_id,
		    leader->state == MEMBER_SUSPECT);
}

static void
settle_link(struct node *node, instant_ms now)
{
	const struct member *leader = membership_find(&node->membership,
	    &node->election.known.leader);

	if (leader != NULL)
		election_linked(&node->election, now, leader->linked);
}

/* Of the rooms we share.  Only a link shows it. */
static bool
holds_the_same(const struct node *node, const struct member *member)
{
	if (!member->linked)
		return false;
	for (size_t i = 0; i < node->rooms.count; i++) {
		const struct room *room = node->rooms.items[i];

		if (room->joined && room->delivered.count > 0 &&
		    in_audience(room, member) &&
		    !sync_same(&node->sync, room, &member->id))
			return false;
	}
	return true;
}

static void
settle_returns(struct node *node)
{
	struct partition *p = &node->partition;

	for (size_t i = 0; i < p->count; i++) {
		const struct stray *stray = &p->items[i];

		if (stray->back && !stray->same &&
		    holds_the_same(node,
			membership_find(&node->membership, &stray->id)))
			partition_same(p, &stray->id);
	}
}

/* After every step: the membership may have changed under the others. */
static void
settle(struct node *node, instant_ms now, struct effects *fx)
{
	struct membership *m = &node->membership;

	for (size_t i = 0; i < m->restarted_count; i++)
		election_restarted(&node->election, now, &m->restarted[i],
		    fx);
	m->restarted_count = 0;
	if (m->refuted)
		detector_refuted(&node->detector);
	m->refuted = false;
	if (node->seen_version != m->version) {
		node->seen_version = m->version;
		settle_view(node, now, fx);
	}
	if (node->seen_changes != m->changes) {
		node->seen_changes = m->changes;
		settle_beliefs(node, now, fx);
		partition_update(&node->partition, now, m);
	}
	settle_returns(node);
	settle_link(node, now);
	node_agree(node, now, fx);
}

/* -- inputs ------------------------------------------------------------ */

static enum verdict
start(struct node *node, const struct input *input, struct effects *fx)
{
	struct record *record = node->first_record;
	struct record bare = *record;

	/* The rooms are joined one by one below, so that each is told. */
	bare.room_count = 0;
	membership_init(&node->membership, input->now, &bare);
	node->first_record = NULL;
	receipts_start(&node->receipts, fx);
	for (size_t i = 0; i < record->room_count; i++) {
		struct room *room = rooms_add(&node->rooms,
		    &record->rooms[i].id, record->rooms[i].name);

		if (room == NULL)
			continue;
		room->joined = true;
		node_keep_room(room, fx);
		/* In a person's order, which the list of all has not. */
		sync_joined(&node->sync, input->now, room, fx);
	}
	record_free(record);
	node_announce_rooms(node, fx);
	for (size_t i = 0; i < node->rooms.count; i++)
		if (node->rooms.items[i]->joined)
			sync_joined(&node->sync, input->now,
			    node->rooms.items[i], fx);
	for (size_t i = 0; i < node->peer_count; i++)
		contacts_add(&node->contacts, input->now, NULL,
		    &node->peers[i]);
	for (size_t i = 0; i < node->contact_count; i++)
		contacts_add(&node->contacts, input->now,
		    &node->contacts_known[i].peer,
		    &node->contacts_known[i].address);
	contacts_burst(&node->contacts, input->now);
	return VERDICT_ACCEPTED;
}

static void
send_ping(struct node *node, const struct id *to, enum frame_type type,
    uint64_t number, wall_ms wall, struct effects *fx)
{
	struct frame frame = { .type = type };

	frame.ping.number = number;
	frame.ping.leadership = node->election.known;
	frame.ping.view = node->ring.hash;
	frame.ping.beliefs = membership_beliefs(&node->membership);
	frame.ping.wall = wall < 0 ? 0 : (uint64_t)wall;
	if (type == FRAME_PING)
		frame.ping.digest_count = sync_digests(&node->sync, to,
		    &frame.ping.digests, fx);
	effects_send(fx, to, &frame);
}

static enum verdict
receive_heartbeat(struct node *node, const struct input *input,
    struct effects *fx)
{
	const struct frame *frame = input->receive.frame;
	const struct id *from = &input->receive.from;

	if (frame->type == FRAME_PING)
		send_ping(node, from, FRAME_PONG, frame->ping.number,
		    input->wall, fx);
	else
		detector_pong(&node->detector, input->now, from,
		    frame->ping.number);
	node_note_clock(node, input, fx);
	election_learn(&node->election, input->now, from,
	    &frame->ping.leadership, fx);
	membership_compare(&node->membership, input->now, from,
	    frame->ping.beliefs, fx);
	sync_compare(&node->sync, input->now, from, frame->ping.digests,
	    frame->ping.digest_count, fx);
	return VERDICT_ACCEPTED;
}

static enum verdict
receive_news(struct node *node, const struct input *input,
    struct effects *fx)
{
	const struct member_news *news = &input->receive.frame->member;
	bool known = news->record == NULL ||
	    node_knows_record(node, news->record);
	const struct member *member =
	    membership_find(&node->membership, &news->id);
	bool was_gone = member == NULL || !member_present(member);
	bool was_suspect = member != NULL && member->state == MEMBER_SUSPECT;
	bool was_refused = member != NULL && member_was_refused(member);
	enum verdict verdict = membership_recv(&node->membership, input->now,
	    &input->receive.from, news, fx);
	struct keep keep = { .kind = KEEP_RECORD, .record = news->record };

	if (!known && node_knows_record(node, news->record))
		effects_keep(fx, &keep);

	member = membership_find(&node->membership, &news->id);
	if (was_suspect && member->state == MEMBER_ALIVE)
		detector_vouched(&node->detector, input->now, &news->id);
	/* Whoever is here and not linked is worth a dial. */
	if (member == NULL || member->linked || !member_present(member))
		return verdict;
	contacts_add(&node->contacts, input->now, &news->id, &news->address);
	/* Others met it, or met it again; or were refused, and it takes two to
	 * be sure. */
	if (was_gone || (!was_refused && member_was_refused(member)))
		contacts_sighted(&node->contacts, input->now, &news->id);
	return verdict;
}

/* From before what is here, as a page of older ones is and no other answer. */
static bool
is_older(const struct room *room, const struct bundle *bundle)
{
	const struct vclock_entry *entry = room == NULL
	    ? NULL
	    : vclock_find(&room->accepted, &bundle->stream);

	return entry != NULL && bundle->seq <= entry->base;
}

/* A piece of history came. */
static void
go_on(struct node *node, instant_ms now, struct room *room,
    const struct id *from, bool older, bool end, struct effects *fx)
{
	if (older && end)
		sync_older_ended(&node->sync, now, room, from, fx);
	else if (end)
		sync_page_ended(&node->sync, now, room, from, fx);
	/* A page waits behind what was asked for before it. */
	if (id_equal(&room->older_from, from))
		sync_older_came(&node->sync, now, room);
}

static enum verdict
receive_bundle(struct node *node, const struct input *input,
    struct effects *fx)
{
	const struct frame *frame = input->receive.frame;
	const struct bundle *bundle = &frame->bundle.bundle;
	const struct id *from = &input->receive.from;
	struct room *room = rooms_find(&node->rooms, &bundle->room);
	bool older = is_older(room, bundle);
	enum verdict verdict = multicast_recv(&node->multicast, input->now,
	    from, bundle, frame->bundle.backlog, fx);

	node_tell_forks(node, fx);
	room = rooms_find(&node->rooms, &bundle->room);
	if (room != NULL && room->joined && frame->bundle.backlog)
		go_on(node, input->now, room, from, older, frame->bundle.end,
		    fx);
	return verdict;
}

static enum verdict
receive_bases(struct node *node, const struct input *input,
    struct effects *fx)
{
	const struct frame *frame = input->receive.frame;
	struct room *room = rooms_find(&node->rooms, &frame->base.room);

	if (room == NULL || !room->joined)
		return VERDICT_STALE;
	multicast_bases(&node->multicast, input->now, room,
	    frame->base.bases, frame->base.count, fx);
	sync_based(&node->sync, input->now, room, &input->receive.from,
	    frame->base.count, fx);
	return VERDICT_ACCEPTED;
}

static enum verdict
receive_vector(struct node *node, const struct input *input,
    struct effects *fx)
{
	const struct frame *frame = input->receive.frame;
	const struct id *from = &input->receive.from;
	enum verdict verdict =
	    sync_recv(&node->sync, input->now, from, frame, fx);

	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	multicast_compare(&node->multicast, input->now, &frame->vector.room,
	    frame->vector.entries, frame->vector.count, fx);
	receipts_vector(&node->receipts, input->now, from, frame, fx);
	witness_vector(&node->witness, from, frame);
	return verdict;
}

static enum verdict
receive_ack(struct node *node, const struct input *input, struct effects *fx)
{
	const struct frame *frame = input->receive.frame;
	const struct id *from = &input->receive.from;
	enum verdict verdict = receipts_recv(&node->receipts, input->now,
	    from, frame, fx);

	if (verdict == VERDICT_ACCEPTED &&
	    rooms_find(&node->rooms, &frame->ack.room) != NULL)
		witness_ack(&node->witness, &node->self, from, frame);
	return verdict;
}

static enum verdict
receive(struct node *node, const struct input *input, struct effects *fx)
{
	const struct frame *frame = input->receive.frame;
	const struct id *from = &input->receive.from;
	const struct member *sender =
	    membership_find(&node->membership, from);

	if (sender == NULL || !sender->linked)
		return VERDICT_UNKNOWN_SENDER;
	membership_heard(&node->membership, input->now, from);
	detector_heard(&node->detector, input->now, from);
	election_heard(&node->election, input->now, from);
	if (!node_admits(node, input->now, from, frame, fx))
		return VERDICT_STALE;
	switch (frame->type) {
	case FRAME_PING:
	case FRAME_PONG:
		return receive_heartbeat(node, input, fx);
	case FRAME_MEMBER:
		return receive_news(node, input, fx);
	case FRAME_GOODBYE:
		membership_left(&node->membership, input->now, from, fx);
		return VERDICT_ACCEPTED;
	case FRAME_PROBE:
	case FRAME_REPLY:
	case FRAME_ELECTED:
	case FRAME_LEADER:
	case FRAME_ASK:
	case FRAME_ANSWER:
		return election_recv(&node->election, input->now, from, frame,
		    fx);
	case FRAME_BUNDLE:
		return receive_bundle(node, input, fx);
	case FRAME_VECTOR:
		return receive_vector(node, input, fx);
	case FRAME_ACK:
		return receive_ack(node, input, fx);
	case FRAME_TYPING:
		return typing_recv(&node->typing, input->now, from,
		    rooms_find(&node->rooms, &frame->typing.room), fx);
	case FRAME_DIGEST:
	case FRAME_WANT:
	case FRAME_TAIL:
		return sync_recv(&node->sync, input->now, from, frame, fx);
	case FRAME_BASE:
		return receive_bases(node, input, fx);
	case FRAME_INTENT:
	case FRAME_DECIDED:
	case FRAME_COMMIT:
	case FRAME_ITEM:
	case FRAME_ROOT:
	case FRAME_SUMS:
		return metadata_recv(&node->metadata, input->now, from, frame,
		    fx);
	case FRAME_HELLO:
	case FRAME_SUPERSEDED:
	case FRAME_TWICE:
	case FRAME_RELAY:
	case FRAME_TYPES:
		break;
	}
	return VERDICT_MALFORMED;
}

/* A link over a third says nothing of the direct way. */
static void
note_way(struct node *node, const struct input *input, struct effects *fx)
{
	const struct id *peer = &input->link_up.peer;
	const struct keep keep = {
		.kind = KEEP_ADDRESS,
		.peer = *peer,
		.address = input->link_up.address,
	};

	if (!id_is_none(&input->link_up.via)) {
		contacts_detoured(&node->contacts, input->now, peer);
		return;
	}
	contacts_link_up(&node->contacts, input->now, peer, &keep.address);
	effects_keep(fx, &keep);
}

static enum verdict
link_up(struct node *node, const struct input *input, struct effects *fx)
{
	const struct id *peer = &input->link_up.peer;

	membership_link_up(&node->membership, input->now, peer,
	    input->link_up.start, &input->link_up.address,
	    &input->link_up.via, fx);
	detector_link_up(&node->detector, input->now, peer);
	note_way(node, input, fx);
	directs_learn(&node->directs, &input->link_up.direct, peer);
	settle(node, input->now, fx);
	election_met(&node->election, peer, fx);
	metadata_link_up(&node->metadata, input->now, peer, fx);
	for (size_t i = 0; i < node->rooms.count; i++) {
		struct room *room = node->rooms.items[i];

		if (room->joined && room_has_audience(room, peer))
			meet(node, input->now, room, peer, fx);
	}
	return VERDICT_ACCEPTED;
}

static enum verdict
link_down(struct node *node, const struct input *input, struct effects *fx)
{
	const struct id *peer = &input->link_down.peer;
	const struct member *member =
	    membership_find(&node->membership, peer);

	if (member != NULL && !id_is_none(&member->via))
		contacts_sighted(&node->contacts, input->now, peer);
	else
		contacts_link_down(&node->contacts, input->now, peer,
		    member != NULL && member->state == MEMBER_LEFT);
	membership_link_down(&node->membership, peer);
	detector_link_down(&node->detector, peer);
	sync_lost(&node->sync, input->now, peer, fx);
	metadata_link_down(&node->metadata, input->now, peer, fx);
	return VERDICT_ACCEPTED;
}

/*
 * Its host answers and it does not: the process is gone.  That is sure where
 * it was linked before, for another's address may mean another host here; or
 * where somebody who was linked to it has been refused already, so that a
 * newcomer is as good a witness as anybody.
 */
static void
consider_refusal(struct node *node, const struct input *input,
    struct effects *fx)
{
	struct membership *m = &node->membership;
	const struct id *peer = &input->failed.peer;
	const struct member *member = membership_find(m, peer);

	if (input->failed.why != REASON_REFUSED || member == NULL ||
	    member->linked ||
	    !address_equal(&member->address, &input->failed.address))
		return;
	if (member->heard != NEVER || member_was_refused(member))
		membership_accuse(m, input->now, peer, REASON_REFUSED, fx);
	else
		membership_doubt(m, input->now, peer, REASON_REFUSED, fx);
}

static enum verdict
failed(struct node *node, const struct input *input, struct effects *fx)
{
	if (input->failed.what == EFFECT_PUBLISH) {
		receipts_failed(&node->receipts, &input->failed.room, fx);
		multicast_publish_failed(&node->multicast, input->now,
		    input->wall, &input->failed.room, input->failed.error,
		    fx);
		return VERDICT_ACCEPTED;
	}
	assert(input->failed.what == EFFECT_DIAL);
	if (!id_is_none(&input->failed.via))
		return VERDICT_ACCEPTED; /* the next is asked in its turn */
	contacts_failed(&node->contacts, input->now, &input->failed.peer,
	    &input->failed.address, input->failed.why == REASON_REFUSED);
	consider_refusal(node, input, fx);
	return VERDICT_ACCEPTED;
}

static enum verdict
expire(struct node *node, const struct input *input, struct effects *fx)
{
	struct detector_due due;
	struct id peer;

	contacts_expire(&node->contacts, input->now, node->ring.hash, fx);
	while (contacts_in_vain(&node->contacts, input->now, &peer))
		node_dial_over_third(node, &peer, fx);
	due = detector_expire(&node->detector, input->now, fx);
	for (size_t i = 0; i < due.silent_count; i++)
		membership_accuse(&node->membership, input->now,
		    &due.silent[i], REASON_SILENT, fx);
	for (size_t i = 0; i < due.ping_count; i++)
		send_ping(node, &due.ping[i], FRAME_PING, due.numbers[i],
		    input->wall, fx);
	membership_expire(&node->membership, input->now, fx);
	settle(node, input->now, fx);
	election_expire(&node->election, input->now, fx);
	multicast_expire(&node->multicast, input->now, fx);
	sync_expire(&node->sync, input->now, fx);
	metadata_expire(&node->metadata, input->now, fx);
	receipts_expire(&node->receipts, input->now, fx);
	partition_expire(&node->partition, input->now, fx);
	return VERDICT_ACCEPTED;
}

static enum verdict
leave(struct node *node, struct effects *fx)
{
	const struct membership *m = &node->membership;
	struct frame frame = { .type = FRAME_GOODBYE };
	struct id *to = effects_alloc(fx, m->count * sizeof *to);
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].linked)
			to[count++] = m->items[i].id;
	effects_send_many(fx, to, count, &frame);
	effects_beacon(fx, BEACON_GOODBYE, NULL, node->ring.hash);
	return VERDICT_ACCEPTED;
}

static enum verdict
stored(struct node *node, const struct input *input, struct effects *fx)
{
	const struct bundle *bundle = input->bundle;
	struct room *room = rooms_find(&node->rooms, &bundle->room);

	if (input->type == INPUT_PUBLISHED) {
		receipts_published(&node->receipts, input->now, bundle, fx);
		multicast_published(&node->multicast, input->now, input->wall,
		    bundle, fx);
	} else {
		multicast_stored(&node->multicast, input->now, bundle, fx);
		receipts_delivered(&node->receipts, input->now, bundle);
	}
	if (room != NULL)
		sync_delivered(&node->sync, input->now, room, bundle, fx);
	return VERDICT_ACCEPTED;
}

/* History for a peer; or for myself, who wonders whether it is the same. */
static enum verdict
fetched(struct node *node, const struct input *input, struct effects *fx)
{
	if (id_equal(&input->fetched.to, &node->self)) {
		multicast_looked_up(&node->multicast, input->now,
		    &input->fetched.room, input->fetched.bundles,
		    input->fetched.count, fx);
		node_tell_forks(node, fx);
	} else {
		sync_fetched(&node->sync, input->now, &input->fetched.to,
		    &input->fetched.room, input->fetched.bases,
		    input->fetched.base_count, input->fetched.bundles,
		    input->fetched.count, fx);
	}
	return VERDICT_ACCEPTED;
}

static enum verdict
route(struct node *node, const struct input *input, struct effects *fx)
{
	switch (input->type) {
	case INPUT_START:
		return start(node, input, fx);
	case INPUT_RECEIVE:
		return receive(node, input, fx);
	case INPUT_LINK_UP:
		return link_up(node, input, fx);
	case INPUT_LINK_DOWN:
		return link_down(node, input, fx);
	case INPUT_HEARD:
		if (!input->heard.goodbye)
			contacts_heard(&node->contacts, input->now,
			    &input->heard.peer, input->heard.nonce,
			    input->heard.wants_reply, &input->heard.from,
			    &input->heard.reply_to, node->ring.hash, fx);
		return VERDICT_ACCEPTED;
	case INPUT_DEADLINE:
		return expire(node, input, fx);
	case INPUT_COMMAND:
		return node_command(node, input, fx);
	case INPUT_SEALED:
		membership_sealed(&node->membership, input->sealed, fx);
		return VERDICT_ACCEPTED;
	case INPUT_INTENT_SEALED:
		metadata_sealed(&node->metadata, input->now, input->intent,
		    fx);
		return VERDICT_ACCEPTED;
	case INPUT_KEPT:
		metadata_kept(&node->metadata, input->now, input->kept, fx);
		return VERDICT_ACCEPTED;
	case INPUT_PUBLISHED:
	case INPUT_STORED:
		return stored(node, input, fx);
	case INPUT_FETCHED: return fetched(node, input, fx);
	case INPUT_FAILED:
		return failed(node, input, fx);
	case INPUT_RESUMED:
		detector_resumed(&node->detector, input->now);
		election_step_down(&node->election, input->now, fx);
		contacts_burst(&node->contacts, input->now);
		return VERDICT_ACCEPTED;
	case INPUT_INTERFACES:
		contacts_burst(&node->contacts, input->now);
		return VERDICT_ACCEPTED;
	case INPUT_LEAVE:
		return leave(node, fx);
	case INPUT_OLDER:
		sync_older(&node->sync, input->now, &input->older.room,
		    input->older.messages, fx);
		return VERDICT_ACCEPTED;
	}
	assert(!"an input of no known type");
	return VERDICT_MALFORMED;
}

/* Who is to get a bundle is safe on disk before the bundle is. */
static void
keep_receipts(struct node *node, struct effects *fx, size_t from)
{
	for (size_t i = from; i < fx->count; i++) {
		const struct receipt *receipt;
		struct effect keep;

		if (fx->items[i].type != EFFECT_PUBLISH)
			continue;
		receipt = receipts_publishing(&node->receipts,
		    fx->items[i].bundle);
		if (receipt == NULL)
			continue;
		effects_keep_receipt(fx, receipt);
		keep = fx->items[--fx->count];
		MEM_INSERT(fx->items, fx->count, fx->cap, i);
		fx->items[i++] = keep;
	}
}

enum verdict
node_step(struct node *node, const struct input *input, struct effects *fx)
{
	size_t from = fx->count;
	enum verdict verdict;

	metadata_tick(&node->metadata, input->wall);
	verdict = route(node, input, fx);
	settle(node, input->now, fx);
	keep_receipts(node, fx, from);
	node_complete_events(node, input->now, fx, from);
	return verdict;
}

instant_ms
node_deadline(const struct node *node)
{
	instant_ms deadline = contacts_deadline(&node->contacts);

	deadline = instant_earlier(deadline,
	    detector_deadline(&node->detector));
	deadline = instant_earlier(deadline,
	    membership_deadline(&node->membership));
	deadline = instant_earlier(deadline,
	    election_deadline(&node->election));
	deadline = instant_earlier(deadline,
	    multicast_deadline(&node->multicast));
	deadline = instant_earlier(deadline,
	    receipts_deadline(&node->receipts));
	deadline = instant_earlier(deadline,
	    metadata_deadline(&node->metadata));
	deadline = instant_earlier(deadline,
	    partition_deadline(&node->partition));
	return instant_earlier(deadline, sync_deadline(&node->sync));
}
