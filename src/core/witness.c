#include "core/witness.h"

#include <stdlib.h>
#include <string.h>

#include "core/hlc.h"

struct witness_pair {
	struct id room, peer;
	uint64_t met;		/* the latest key when it came; 0: not seen */
	struct stream_range *ranges;	/* ascending, disjoint */
	size_t count, cap;
};

void
witness_init(struct witness *witness)
{
	*witness = (struct witness){ 0 };
}

void
witness_free(struct witness *witness)
{
	for (size_t i = 0; i < witness->count; i++)
		free(witness->items[i].ranges);
	free(witness->items);
	witness_init(witness);
}

static size_t
place(const struct witness *witness, const struct id *room,
    const struct id *peer, bool *found)
{
	size_t low = 0, high = witness->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&witness->items[middle].room, room);

		if (order == 0)
			order = id_compare(&witness->items[middle].peer, peer);
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

static struct witness_pair *
obtain(struct witness *witness, const struct id *room, const struct id *peer)
{
	bool found;
	size_t at = place(witness, room, peer, &found);

	if (!found) {
		if (witness->count >= WITNESS_PAIRS)
			return NULL;
		MEM_INSERT(witness->items, witness->count, witness->cap, at);
		witness->items[at] = (struct witness_pair){ .room = *room,
			.peer = *peer };
	}
	return &witness->items[at];
}

void
witness_met(struct witness *witness, const struct id *room,
    const struct id *peer, uint64_t hlc)
{
	struct witness_pair *pair = obtain(witness, room, peer);

	if (pair != NULL)
		pair->met = hlc == 0 ? 1 : hlc;
}

/* Forgets what it showed of one stream. */
static void
clear_stream(struct witness_pair *pair, const struct stream *stream)
{
	size_t kept = 0;

	for (size_t i = 0; i < pair->count; i++)
		if (stream_compare(&pair->ranges[i].stream, stream) != 0)
			pair->ranges[kept++] = pair->ranges[i];
	pair->count = kept;
}

static void
add_range(struct witness_pair *pair, const struct stream *stream,
    struct range range)
{
	size_t at = pair->count;

	if (range.first > range.last || pair->count >= WITNESS_RANGES)
		return;
	while (at > 0 &&
	    stream_compare(&pair->ranges[at - 1].stream, stream) > 0)
		at--;
	MEM_INSERT(pair->ranges, pair->count, pair->cap, at);
	pair->ranges[at] = (struct stream_range){ *stream, range };
}

void
witness_vector(struct witness *witness, const struct id *from,
    const struct frame *frame)
{
	struct witness_pair *pair =
	    obtain(witness, &frame->vector.room, from);

	if (pair == NULL)
		return;
	for (size_t i = 0; i < frame->vector.count; i++) {
		const struct vector_entry *entry = &frame->vector.entries[i];
		uint64_t first = entry->base + 1;

		clear_stream(pair, &entry->stream);
		for (size_t k = 0; k < entry->hole_count; k++) {
			add_range(pair, &entry->stream,
			    (struct range){ first,
				entry->holes[k].first - 1 });
			first = entry->holes[k].last + 1;
		}
		add_range(pair, &entry->stream,
		    (struct range){ first, entry->top });
	}
}

void
witness_ack(struct witness *witness, const struct id *self,
    const struct id *from, const struct frame *frame)
{
	struct witness_pair *pair = obtain(witness, &frame->ack.room, from);
	struct stream stream = { *self, frame->ack.epoch };
	struct range range = { frame->ack.first, frame->ack.last };
	size_t kept = 0;

	if (pair == NULL)
		return;
	/* One range with those that it meets. */
	for (size_t i = 0; i < pair->count; i++) {
		const struct stream_range *old = &pair->ranges[i];

		if (stream_compare(&old->stream, &stream) != 0 ||
		    old->range.last < range.first - 1 ||
		    range.last < old->range.first - 1) {
			pair->ranges[kept++] = *old;
			continue;
		}
		if (old->range.first < range.first)
			range.first = old->range.first;
		if (old->range.last > range.last)
			range.last = old->range.last;
	}
	pair->count = kept;
	add_range(pair, &stream, range);
}

bool
witness_holds(const struct witness *witness, const struct id *peer,
    const struct bundle *bundle, bool same)
{
	bool found;
	size_t at = place(witness, &bundle->room, peer, &found);
	const struct witness_pair *pair;

	if (id_equal(&bundle->stream.author, peer))
		return true;
	if (!found)
		return false;
	pair = &witness->items[at];
	/* Its past begins before this, so nothing of it is below a base. */
	if (same && pair->met != 0 &&
	    hlc_wall(bundle->hlc) > hlc_wall(pair->met) + WITNESS_SETTLED_MS)
		return true;
	for (size_t i = 0; i < pair->count; i++)
		if (stream_compare(&pair->ranges[i].stream,
			&bundle->stream) == 0 &&
		    pair->ranges[i].range.first <= bundle->seq &&
		    bundle->seq <= pair->ranges[i].range.last)
			return true;
	return false;
}
