#include "core/receipt.h"

#include <stdlib.h>
#include <string.h>

struct receipt_entry {
	struct receipt receipt;	/* its arrays are owned */
	bool *had;		/* the receipt's, to be written */
	size_t have;
	bool dirty;		/* the disk knows less */
};

/* Numbers of a stream that were delivered since its author was told. */
struct ack_owed {
	struct id room;
	struct stream stream;
	struct range range;
};

void
receipts_init(struct receipts *r, const struct id *self, struct rooms *rooms)
{
	*r = (struct receipts){
		.self = *self,
		.rooms = rooms,
		.acked_at = -ACK_MS,
		.ack_at = NEVER,
		.keep_at = NEVER,
		.ask_at = NEVER,
	};
}

static void
entry_free(struct receipt_entry *entry)
{
	free((void *)entry->receipt.members);
	free(entry->had);
	free(entry);
}

void
receipts_free(struct receipts *r)
{
	for (size_t i = 0; i < r->count; i++)
		entry_free(r->items[i]);
	free(r->items);
	free(r->owed);
	r->items = NULL;
	r->owed = NULL;
	r->count = r->cap = r->owed_count = r->owed_cap = 0;
}

/* -- who is to have what ------------------------------------------------- */

/* Where a name stands or would stand. */
static size_t
place(const struct receipts *r, const struct id *room, uint64_t epoch,
    uint64_t seq)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct receipt *receipt = &r->items[middle]->receipt;
		int order = id_compare(&receipt->room, room);

		if (order == 0 && receipt->epoch != epoch)
			order = receipt->epoch < epoch ? -1 : 1;
		if (order < 0 || (order == 0 && receipt->seq < seq))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_of(const struct receipts *r, size_t at, const struct id *room,
    uint64_t epoch)
{
	return at < r->count && r->items[at]->receipt.epoch == epoch &&
	    id_equal(&r->items[at]->receipt.room, room);
}

static struct receipt_entry *
find(const struct receipts *r, const struct id *room, uint64_t epoch,
    uint64_t seq)
{
	size_t at = place(r, room, epoch, seq);

	return is_of(r, at, room, epoch) &&
		r->items[at]->receipt.seq == seq
	    ? r->items[at]
	    : NULL;
}

static void
drop(struct receipts *r, size_t at)
{
	entry_free(r->items[at]);
	MEM_REMOVE(r->items, r->count, at);
}

/* The oldest one of the room, or of any. */
static void
make_place(struct receipts *r, const struct id *room)
{
	size_t at = place(r, room, 0, 0);

	if (at == r->count || !id_equal(&r->items[at]->receipt.room, room))
		at = 0;
	drop(r, at);
	r->full = true;
}

/* Copies it; NULL when it is there already. */
static struct receipt_entry *
add(struct receipts *r, const struct receipt *receipt)
{
	size_t at = place(r, &receipt->room, receipt->epoch, receipt->seq);
	struct receipt_entry *entry;

	if (is_of(r, at, &receipt->room, receipt->epoch) &&
	    r->items[at]->receipt.seq == receipt->seq)
		return NULL;
	if (r->count >= LIMIT_RECEIPTS) {
		make_place(r, &receipt->room);
		at = place(r, &receipt->room, receipt->epoch, receipt->seq);
	}
	entry = mem_zero(1, sizeof *entry);
	entry->receipt = *receipt;
	entry->receipt.members = mem_copy(receipt->members,
	    receipt->count * sizeof *receipt->members);
	entry->had = mem_copy(receipt->had,
	    receipt->count * sizeof *receipt->had);
	entry->receipt.had = entry->had;
	for (size_t i = 0; i < receipt->count; i++)
		entry->have += receipt->had[i];
	MEM_INSERT(r->items, r->count, r->cap, at);
	r->items[at] = entry;
	return entry;
}

void
receipts_restore(struct receipts *r, const struct receipt *receipt)
{
	if (receipt->count > 0)
		add(r, receipt);
}

static void
forget(const struct receipt *receipt, struct effects *fx)
{
	struct receipt gone = {
		.room = receipt->room,
		.epoch = receipt->epoch,
		.seq = receipt->seq,
	};

	effects_keep_receipt(fx, &gone);
}

void
receipts_start(struct receipts *r, struct effects *fx)
{
	for (size_t at = 0; at < r->count;) {
		const struct receipt *receipt = &r->items[at]->receipt;

		if (id_is_none(&receipt->hash)) {
			forget(receipt, fx);
			drop(r, at);
		} else {
			at++;
		}
	}
}

/* A direct room has its two members, whoever is here. */
static size_t
members_of(const struct receipts *r, const struct room *room, struct id **out)
{
	const struct id *others = room->direct ? &room->other
					       : room->audience;
	size_t count = room->direct ? 1 : room->audience_count;
	struct id *members = mem_zero(count + 1, sizeof *members);
	bool found;
	size_t at = id_search(others, count, &r->self, &found);

	for (size_t i = 0; i < count; i++)
		members[i < at ? i : i + 1] = others[i];
	members[at] = r->self;
	*out = members;
	return count + 1;
}

const struct receipt *
receipts_publishing(struct receipts *r, const struct bundle *bundle)
{
	const struct room *room = rooms_find(r->rooms, &bundle->room);
	struct receipt receipt = {
		.room = bundle->room,
		.epoch = bundle->stream.epoch,
		.seq = bundle->seq,
		.messages = bundle->message_count,
	};
	struct receipt_entry *entry = NULL;
	struct id *members;
	bool *had;

	if (room == NULL || bundle->message_count == 0)
		return NULL;
	receipt.count = members_of(r, room, &members);
	had = mem_zero(receipt.count, sizeof *had);
	for (size_t i = 0; i < receipt.count; i++)
		had[i] = id_equal(&members[i], &r->self);
	receipt.members = members;
	receipt.had = had;
	if (receipt.count > 1)
		entry = add(r, &receipt);
	free(members);
	free(had);
	return entry == NULL ? NULL : &entry->receipt;
}

static void
to_keep(struct receipts *r, instant_ms now, struct receipt_entry *entry)
{
	entry->dirty = true;
	r->keep_at = instant_earlier(r->keep_at, now + RECEIPT_KEEP_MS);
}

/* If nobody has said so by then, who is here is asked. */
static void
ask_soon(struct receipts *r, instant_ms now)
{
	r->ask_pause_ms = RECEIPT_ASK_MS;
	r->ask_at = instant_earlier(r->ask_at, now + RECEIPT_ASK_MS);
}

void
receipts_published(struct receipts *r, instant_ms now,
    const struct bundle *bundle, struct effects *fx)
{
	struct receipt_entry *entry = find(r, &bundle->room,
	    bundle->stream.epoch, bundle->seq);

	(void)fx;
	if (entry == NULL)
		return;
	entry->receipt.hash = bundle->hash;
	to_keep(r, now, entry);
	ask_soon(r, now);
}

void
receipts_failed(struct receipts *r, const struct id *room, struct effects *fx)
{
	size_t at = place(r, room, 0, 0);

	while (at < r->count && id_equal(&r->items[at]->receipt.room, room)) {
		if (id_is_none(&r->items[at]->receipt.hash)) {
			forget(&r->items[at]->receipt, fx);
			drop(r, at);
		} else {
			at++;
		}
	}
}

/* -- it was received ------------------------------------------------------ */

static void
tell(const struct receipt_entry *entry, struct effects *fx)
{
	struct bundle named = { .hash = entry->receipt.hash };
	struct dchat_event event = { .type = DCHAT_EVENT_DELIVERED };

	event.delivered.have = (unsigned)entry->have;
	event.delivered.of = (unsigned)entry->receipt.count;
	event.delivered.stable = entry->have == entry->receipt.count;
	for (size_t i = 0; i < entry->receipt.messages; i++) {
		message_name(&named, i, event.delivered.msg);
		effects_notify(fx, &event);
	}
}

/* A member holds these numbers of my stream. */
static void
note_had(struct receipts *r, instant_ms now, const struct id *member,
    const struct id *room, uint64_t epoch, struct range range,
    struct effects *fx)
{
	size_t at = place(r, room, epoch, range.first);

	while (is_of(r, at, room, epoch) &&
	    r->items[at]->receipt.seq <= range.last) {
		struct receipt_entry *entry = r->items[at++];
		const struct receipt *receipt = &entry->receipt;
		bool found;
		size_t who = id_search(receipt->members, receipt->count,
		    member, &found);

		/* Nobody has what is not published yet. */
		if (!found || entry->had[who] || id_is_none(&receipt->hash))
			continue;
		entry->had[who] = true;
		entry->have++;
		tell(entry, fx);
		if (entry->have == receipt->count) {
			forget(receipt, fx);
			drop(r, --at);
		} else {
			to_keep(r, now, entry);
		}
	}
}

/* Whole runs of what is here, those that touch the range. */
static void
send_acks(const struct room *room, const struct vclock_entry *entry,
    struct range range, struct effects *fx)
{
	struct frame frame = { .type = FRAME_ACK };
	uint64_t first = entry->base + 1;

	frame.ack.room = room->id;
	frame.ack.epoch = entry->stream.epoch;
	for (size_t i = 0; i <= entry->hole_count; i++) {
		frame.ack.first = first;
		frame.ack.last = entry->top;
		if (i < entry->hole_count) {
			frame.ack.last = entry->holes[i].first - 1;
			first = entry->holes[i].last + 1;
		}
		if (frame.ack.first <= frame.ack.last &&
		    frame.ack.first <= range.last &&
		    range.first <= frame.ack.last)
			effects_send(fx, &entry->stream.author, &frame);
	}
}

/* The author is not sure whether I hold these. */
static enum verdict
answer(const struct receipts *r, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	const struct room *room = rooms_find(r->rooms, &frame->ack.room);
	struct stream stream = { *from, frame->ack.epoch };
	const struct vclock_entry *entry;

	if (room == NULL || !room->joined || !room_open_to(room, from))
		return VERDICT_STALE;
	entry = vclock_find(&room->delivered, &stream);
	if (entry != NULL)
		send_acks(room, entry,
		    (struct range){ frame->ack.first, frame->ack.last }, fx);
	return VERDICT_ACCEPTED;
}

enum verdict
receipts_recv(struct receipts *r, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	struct range range = { frame->ack.first, frame->ack.last };

	if (range.first == 0 || range.last < range.first)
		return VERDICT_MALFORMED;
	if (frame->ack.ask)
		return answer(r, from, frame, fx);
	note_had(r, now, from, &frame->ack.room, frame->ack.epoch, range, fx);
	return VERDICT_ACCEPTED;
}

/* All of base+1..top but the holes. */
void
receipts_vector(struct receipts *r, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	for (size_t i = 0; i < frame->vector.count; i++) {
		const struct vector_entry *entry = &frame->vector.entries[i];
		uint64_t first = entry->base + 1;

		if (!id_equal(&entry->stream.author, &r->self))
			continue;
		for (size_t k = 0; k <= entry->hole_count; k++) {
			struct range run = { first, entry->top };

			if (k < entry->hole_count) {
				run.last = entry->holes[k].first - 1;
				first = entry->holes[k].last + 1;
			}
			if (run.first <= run.last)
				note_had(r, now, from, &frame->vector.room,
				    entry->stream.epoch, run, fx);
		}
	}
}

struct reach
receipts_reach(const struct receipts *r, const struct id *room,
    uint64_t present_epoch, uint64_t epoch, uint64_t seq)
{
	const struct receipt_entry *entry = find(r, room, epoch, seq);

	if (entry != NULL)
		return (struct reach){ entry->have, entry->receipt.count,
			false };
	return (struct reach){ .stable = epoch == present_epoch && !r->full };
}

const struct receipt *
receipts_find(const struct receipts *r, const struct id *room, uint64_t epoch,
    uint64_t seq)
{
	const struct receipt_entry *entry = find(r, room, epoch, seq);

	return entry == NULL ? NULL : &entry->receipt;
}

/* -- telling authors ------------------------------------------------------ */

static size_t
owed_place(const struct receipts *r, const struct id *room,
    const struct stream *stream, bool *found)
{
	size_t low = 0, high = r->owed_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&r->owed[middle].room, room);

		if (order == 0)
			order =
			    stream_compare(&r->owed[middle].stream, stream);
		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

void
receipts_delivered(struct receipts *r, instant_ms now,
    const struct bundle *bundle)
{
	uint64_t seq = bundle->seq;
	struct ack_owed *owed;
	bool found;
	size_t at;

	if (id_equal(&bundle->stream.author, &r->self))
		return;
	at = owed_place(r, &bundle->room, &bundle->stream, &found);
	if (!found) {
		MEM_INSERT(r->owed, r->owed_count, r->owed_cap, at);
		r->owed[at] = (struct ack_owed){ bundle->room,
			bundle->stream, { seq, seq } };
	}
	owed = &r->owed[at];
	if (seq < owed->range.first)
		owed->range.first = seq;
	if (seq > owed->range.last)
		owed->range.last = seq;
	if (r->ack_at == NEVER)
		r->ack_at = r->acked_at + ACK_MS > now ? r->acked_at + ACK_MS
						       : now;
}

void
receipts_met(struct receipts *r, instant_ms now, const struct room *room,
    const struct id *peer, struct effects *fx)
{
	struct range all = { 1, UINT64_MAX };

	if (r->count > 0)
		ask_soon(r, now);
	for (size_t i = 0; i < room->delivered.count; i++)
		if (id_equal(&room->delivered.entries[i].stream.author, peer))
			send_acks(room, &room->delivered.entries[i], all, fx);
}

static void
pay(struct receipts *r, struct effects *fx)
{
	for (size_t i = 0; i < r->owed_count; i++) {
		const struct ack_owed *owed = &r->owed[i];
		const struct room *room = rooms_find(r->rooms, &owed->room);
		const struct vclock_entry *entry = room == NULL
		    ? NULL
		    : vclock_find(&room->delivered, &owed->stream);

		if (entry != NULL)
			send_acks(room, entry, owed->range, fx);
	}
	r->owed_count = 0;
}

/* Of one who is here, what it was not heard to have; false: nothing. */
static bool
ask_member(const struct receipts *r, const struct room *room, size_t at,
    size_t end, const struct id *member, struct effects *fx)
{
	struct frame frame = { .type = FRAME_ACK };

	for (; at < end; at++) {
		const struct receipt_entry *entry = r->items[at];
		const struct receipt *receipt = &entry->receipt;
		struct stream own = { r->self, receipt->epoch };
		bool found;
		size_t who = id_search(receipt->members, receipt->count,
		    member, &found);

		if (!found || entry->had[who] || id_is_none(&receipt->hash))
			continue;
		frame.ack.room = room->id;
		frame.ack.epoch = receipt->epoch;
		frame.ack.first = receipt->seq;
		frame.ack.last = vclock_top(&room->delivered, &own);
		frame.ack.ask = true;
		if (frame.ack.last < receipt->seq)
			return false;
		effects_send(fx, member, &frame);
		return true;
	}
	return false;
}

/* Only the oldest ones of each room are looked at. */
static void
ask_rest(struct receipts *r, instant_ms now, struct effects *fx)
{
	enum { OLDEST = 256 };
	bool asked = false;

	for (size_t at = 0, end; at < r->count; at = end) {
		const struct id *id = &r->items[at]->receipt.room;
		const struct room *room = rooms_find(r->rooms, id);
		size_t most;

		for (end = at; end < r->count &&
		     id_equal(&r->items[end]->receipt.room, id);
		     end++)
			;
		most = end < at + OLDEST ? end : at + OLDEST;
		for (size_t i = 0; room != NULL && room->joined &&
		     i < room->audience_count;
		     i++)
			asked |= ask_member(r, room, at, most,
			    &room->audience[i], fx);
	}
	if (!asked)
		return;
	r->ask_at = now + r->ask_pause_ms;
	if (r->ask_pause_ms < RECEIPT_ASK_MOST_MS)
		r->ask_pause_ms *= 2;
}

static void
keep(struct receipts *r, struct effects *fx)
{
	for (size_t i = 0; i < r->count; i++) {
		if (!r->items[i]->dirty)
			continue;
		r->items[i]->dirty = false;
		effects_keep_receipt(fx, &r->items[i]->receipt);
	}
}

void
receipts_expire(struct receipts *r, instant_ms now, struct effects *fx)
{
	if (now >= r->ack_at) {
		r->ack_at = NEVER;
		r->acked_at = now;
		pay(r, fx);
	}
	if (now >= r->keep_at) {
		r->keep_at = NEVER;
		keep(r, fx);
	}
	if (now >= r->ask_at) {
		r->ask_at = NEVER;
		ask_rest(r, now, fx);
	}
}

instant_ms
receipts_deadline(const struct receipts *r)
{
	return instant_earlier(r->ask_at,
	    instant_earlier(r->ack_at, r->keep_at));
}
