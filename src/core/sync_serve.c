/*
 * sync_serve: handing history on to who asks for it; nothing is kept of it
 * but which answers of the store are awaited.
 */
#include <stdlib.h>
#include <string.h>

#include "core/judge.h"
#include "core/sync_room.h"

enum {
	FETCHES_MAX = 256,	/* history being fetched for others; */
	FETCHES_PEER = 16,	/* and for one of them */
};

/* Notes a FETCH; false when there are too many. */
static bool
begin_fetch(struct sync *sync, const struct id *to, const struct id *room,
    enum fetch_kind kind)
{
	size_t mine = 0;

	for (size_t i = 0; i < sync->fetch_count; i++)
		mine += id_equal(&sync->fetches[i].to, to);
	if (sync->fetch_count >= FETCHES_MAX || mine >= FETCHES_PEER)
		return false;
	MEM_GROW(sync->fetches, sync->fetch_count, sync->fetch_cap);
	sync->fetches[sync->fetch_count++] =
	    (struct sync_fetch){ *to, *room, kind };
	return true;
}

/* One is answered; tells of what kind it was. */
static enum fetch_kind
end_fetch(struct sync *sync, const struct id *to, const struct id *room)
{
	for (size_t i = 0; i < sync->fetch_count; i++) {
		struct sync_fetch fetch = sync->fetches[i];

		if (!id_equal(&fetch.to, to) || !id_equal(&fetch.room, room))
			continue;
		MEM_REMOVE(sync->fetches, sync->fetch_count, i);
		return fetch.kind;
	}
	return FETCH_RANGES;
}

static enum verdict
judge_want(const struct frame *frame)
{
	if (frame->want.count > LIMIT_VECTOR_PAGE)
		return VERDICT_OVER_LIMIT;
	for (size_t i = 0; i < frame->want.count; i++) {
		const struct range *range = &frame->want.ranges[i].range;

		if (range->first == 0 || range->last < range->first ||
		    range->last > SEQ_MAX)
			return VERDICT_MALFORMED;
	}
	return VERDICT_ACCEPTED;
}

/* Of what is asked for, what is here; the store need not look in vain. */
static size_t
cut_want(const struct sync_room *sr, const struct frame *frame,
    struct stream_range *out)
{
	size_t count = 0;

	for (size_t i = 0; i < frame->want.count; i++) {
		struct stream_range want = frame->want.ranges[i];
		const struct vclock_entry *entry =
		    vclock_find(&sr->room->delivered, &want.stream);

		if (entry == NULL || want.range.first > entry->top ||
		    want.range.last <= entry->base)
			continue;
		if (want.range.first <= entry->base)
			want.range.first = entry->base + 1;
		if (want.range.last > entry->top)
			want.range.last = entry->top;
		out[count++] = want;
	}
	return count;
}

/* There is none of the older ones that were asked for. */
static void
send_own_bases(const struct sync_room *sr, const struct id *to,
    const struct stream_range *ranges, size_t count, struct effects *fx)
{
	struct dependency bases[LIMIT_VECTOR_PAGE];
	struct frame frame = { .type = FRAME_BASE };

	frame.base.room = sr->room->id;
	frame.base.bases = bases;
	for (size_t i = 0; i < count; i++) {
		const struct vclock_entry *entry =
		    vclock_find(&sr->room->delivered, &ranges[i].stream);

		if (entry != NULL && entry->base > 0)
			bases[frame.base.count++] =
			    (struct dependency){ entry->stream, entry->base };
	}
	effects_send(fx, to, &frame);
}

enum verdict
sync_recv_want(struct sync *sync, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	struct sync_room *sr =
	    sync_joined_room(sync, now, &frame->want.room, from);
	enum fetch_kind kind =
	    frame->want.newest > 0 ? FETCH_NEWEST : FETCH_RANGES;
	enum verdict verdict = judge_want(frame);
	struct stream_range *out;
	size_t count;

	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	if (sr == NULL)
		return VERDICT_STALE;
	out = effects_alloc(fx, frame->want.count * sizeof *out);
	count = cut_want(sr, frame, out);
	if (count == 0) {
		if (kind == FETCH_NEWEST)
			send_own_bases(sr, from, frame->want.ranges,
			    frame->want.count, fx);
		return VERDICT_ACCEPTED;
	}
	if (!begin_fetch(sync, from, &sr->room->id, kind))
		return VERDICT_OVER_LIMIT;
	if (kind == FETCH_NEWEST)
		effects_fetch_newest(fx, from, &sr->room->id, out, count,
		    frame->want.newest);
	else
		effects_fetch_ranges(fx, from, &sr->room->id, out, count);
	return VERDICT_ACCEPTED;
}

enum verdict
sync_recv_tail(struct sync *sync, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	struct sync_room *sr =
	    sync_joined_room(sync, now, &frame->tail.room, from);
	unsigned messages = frame->tail.messages;

	if (messages == 0)
		return VERDICT_MALFORMED;
	if (sr == NULL)
		return VERDICT_STALE;
	if (!begin_fetch(sync, from, &sr->room->id, FETCH_TAIL))
		return VERDICT_OVER_LIMIT;
	effects_fetch_tail(fx, from, &sr->room->id,
	    messages < LIMIT_TAIL ? messages : LIMIT_TAIL);
	return VERDICT_ACCEPTED;
}

/* -- handing on history -------------------------------------------------- */

/* Below which number of a stream the tail gives nothing; 0: unknown. */
static uint64_t
base_of(const struct vclock_entry *entry, const struct dependency *bases,
    size_t base_count, const struct bundle *const *bundles, size_t count)
{
	uint64_t lowest = 0;

	for (size_t i = 0; i < count; i++)
		if (stream_compare(&bundles[i]->stream, &entry->stream) ==
			0 &&
		    (lowest == 0 || bundles[i]->seq < lowest))
			lowest = bundles[i]->seq;
	/* Holes below are no base: others may have what is missing here. */
	for (size_t i = entry->hole_count; lowest > 0 && i-- > 0;)
		if (entry->holes[i].last == lowest - 1)
			lowest = entry->holes[i].first;
	if (lowest > 0)
		return lowest - 1;
	for (size_t i = 0; i < base_count; i++)
		if (stream_compare(&bases[i].stream, &entry->stream) == 0)
			return bases[i].seq;
	/* What came after the store looked is not left out. */
	return entry->base == entry->top ? entry->base : 0;
}

/*
 * The store knows where its own bundles begin; what I never had is below
 * the tail as well.
 */
static void
send_bases(const struct sync_room *sr, const struct id *to,
    const struct dependency *bases, size_t base_count,
    const struct bundle *const *bundles, size_t bundle_count,
    struct effects *fx)
{
	const struct vclock *clock = &sr->room->delivered;
	struct dependency *all =
	    effects_alloc(fx, (clock->count + 1) * sizeof *all);
	struct frame frame = { .type = FRAME_BASE };
	size_t count = 0, at = 0;

	for (size_t i = 0; i < clock->count; i++) {
		uint64_t base = base_of(&clock->entries[i], bases,
		    base_count, bundles, bundle_count);

		if (base > 0)
			all[count++] = (struct dependency){
				clock->entries[i].stream, base };
	}
	frame.base.room = sr->room->id;
	do {
		size_t page = count - at < LIMIT_VECTOR_PAGE
		    ? count - at
		    : LIMIT_VECTOR_PAGE;

		frame.base.bases = all + at;
		frame.base.count = page;
		effects_send(fx, to, &frame);
		at += page;
	} while (at < count);
}

void
sync_fetched(struct sync *sync, instant_ms now, const struct id *to,
    const struct id *room, const struct dependency *bases, size_t base_count,
    const struct bundle *const *bundles, size_t count, struct effects *fx)
{
	struct sync_room *sr = sync_joined_room(sync, now, room, to);
	struct frame frame = { .type = FRAME_BUNDLE };
	enum fetch_kind kind = end_fetch(sync, to, room);

	if (sr == NULL)
		return;
	if (kind == FETCH_TAIL)
		send_bases(sr, to, bases, base_count, bundles, count, fx);
	/* What the store has let go meanwhile. */
	if (kind == FETCH_NEWEST && count == 0)
		send_own_bases(sr, to, NULL, 0, fx);
	frame.bundle.backlog = true;
	for (size_t i = 0; i < count; i++) {
		frame.bundle.bundle = *bundles[i];
		frame.bundle.end = kind != FETCH_TAIL && i + 1 == count;
		effects_send(fx, to, &frame);
	}
}
