/*
 * multicast_epoch: what is left of earlier runs, and whether the numbers of
 * my streams are still mine to give.
 */
#include "core/multicast_room.h"

enum { DOUBT_MS = 3000 }; /* whether my numbers are still free */

void
multicast_restore(struct multicast *mc, const struct node_past *past,
    uint64_t spare_epoch)
{
	hlc_merge(&mc->hlc, past->hlc);
	mc->epoch_restored = past->epoch_restored;
	mc->spare_epoch = spare_epoch;
}

void
multicast_restore_room(struct multicast *mc, struct room *room,
    const struct past_room *past)
{
	struct multicast_room *mr = multicast_obtain_room(mc, room);

	for (size_t i = 0; i < past->entry_count; i++) {
		const struct vector_entry *entry = &past->entries[i];

		vclock_restore(&room->delivered, entry);
		vclock_restore(&room->accepted, entry);
		/* What only I have said leaves open what was before. */
		if (!id_equal(&entry->stream.author, &mc->self))
			room->past = PAST_BEGUN;
	}
	room->unread = past->unread;
	frontier_restore(&mr->frontier, past->heads, past->head_count);
	mr->shown = past->shown;
	mr->lowest = (struct dchat_place){
		.hlc = past->shown_last.hlc,
		.author = past->shown_last.stream.author,
		.seq = past->shown_last.seq,
		.index = LIMIT_BUNDLE_MESSAGES,
	};
}

void
multicast_compare(struct multicast *mc, instant_ms now,
    const struct id *room_id, const struct vector_entry *entries, size_t count,
    struct effects *fx)
{
	struct room *room = rooms_find(mc->rooms, room_id);
	struct stream own = multicast_own_stream(mc);
	struct multicast_room *mr;

	if (!mc->epoch_restored || room == NULL || !room->joined)
		return;
	for (size_t i = 0; i < count; i++) {
		if (stream_compare(&entries[i].stream, &own) != 0 ||
		    entries[i].top <= vclock_top(&room->accepted, &own))
			continue;
		mr = multicast_obtain_room(mc, room);
		if (mr->doubt_until == NEVER && !mr->outstanding)
			mr->doubt_until = now + DOUBT_MS;
		effects_trace(fx, "hears of %llu of its own that it forgot",
		    (unsigned long long)(entries[i].top -
			vclock_top(&room->accepted, &own)));
	}
}

bool
multicast_forgot(const struct multicast *mc, const struct room *room,
    const struct bundle *bundle)
{
	struct stream own = multicast_own_stream(mc);

	return mc->epoch_restored && room != NULL && room->joined &&
	    stream_compare(&bundle->stream, &own) == 0 &&
	    bundle->nonce != mc->nonce &&
	    bundle->seq > vclock_top(&room->accepted, &own);
}

static bool
publishing(const struct multicast *mc)
{
	for (size_t i = 0; i < mc->count; i++)
		if (mc->items[i]->outstanding)
			return true;
	return false;
}

bool
multicast_leave_epoch(struct multicast *mc, struct effects *fx)
{
	const struct keep keep = {
		.kind = KEEP_EPOCH,
		.epoch = mc->spare_epoch,
	};

	if (publishing(mc))
		return false;
	mc->epoch = mc->spare_epoch;
	mc->epoch_restored = false;
	effects_keep(fx, &keep);
	effects_trace(fx, "begins a new epoch: others know more of the old");
	for (size_t i = 0; i < mc->count; i++) {
		mc->items[i]->doubt_until = NEVER;
		multicast_publish_next(mc, mc->items[i], mc->wall, fx);
	}
	return true;
}
