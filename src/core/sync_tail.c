/*
 * sync_tail: the end of a room that is new here, asked of one donor, and of
 * the next one when it does not answer.
 *
 * A donor sends the bases first and the bundles behind them, and each link
 * keeps its order: when the bases of a room are here its bundles are on
 * their way, and the next room is asked for.  So there are bundles of two
 * rooms at most between a donor and a node that has joined many at once, and
 * a live message waits behind no more than these.
 */
#include "core/sync_room.h"

enum {
	TAIL_MS = 1000,		/* patience with a donor; */
	OTHERS_MS = 250,	/* that of other rooms with it */
	BASES_MS = 10000,	/* its bases count for so long */
};

static void
send_tail(struct sync *sync, struct sync_room *sr, instant_ms now,
    struct effects *fx)
{
	struct frame frame = { .type = FRAME_TAIL };
	char text[ID_SHORT_TEXT];

	sync->tail_room = sr->room->id;
	sync->tail_free = now + OTHERS_MS;
	sr->tail_until = now + TAIL_MS;
	sr->again_at = now + SYNC_AGAIN_MS;
	sr->room->bases_until = now + BASES_MS;
	frame.tail.room = sr->room->id;
	frame.tail.messages = LIMIT_TAIL;
	effects_send(fx, &sr->tail_from, &frame);
	effects_trace(fx, "asks %s for the tail of %s",
	    id_format_short(&sr->tail_from, text), sr->room->name);
}

static struct sync_room *
first_due(const struct sync *sync)
{
	struct sync_room *first = NULL;

	for (size_t i = 0; i < sync->count; i++) {
		struct sync_room *sr = sync->items[i];

		if (sr->tail_due && (first == NULL || sr->turn < first->turn))
			first = sr;
	}
	return first;
}

void
tail_ask_next(struct sync *sync, instant_ms now, struct effects *fx)
{
	struct sync_room *sr;

	while (now >= sync->tail_free && (sr = first_due(sync)) != NULL) {
		sr->tail_due = false;
		/* It has begun meanwhile, and leaves nothing out. */
		if (sr->room->past != PAST_BEGUN)
			send_tail(sync, sr, now, fx);
	}
}

void
tail_ask(struct sync *sync, struct sync_room *sr, instant_ms now,
    const struct id *donor, bool sure, struct effects *fx)
{
	if (sr->tail_due || sr->tail_until != NEVER) {
		if (id_equal(&sr->tail_from, donor))
			sr->tail_sure = sr->tail_sure || sure;
		if (sr->tail_sure || !sure)
			return;
	}
	sr->tail_from = *donor;
	sr->tail_sure = sure;
	sr->tail_until = NEVER;
	sr->tail_due = true;
	/* It is asked for already, of somebody else. */
	if (id_equal(&sync->tail_room, &sr->room->id))
		sync->tail_free = now;
	tail_ask_next(sync, now, fx);
}

void
tail_ask_other(struct sync *sync, struct sync_room *sr, instant_ms now,
    struct effects *fx)
{
	const struct room *room = sr->room;
	bool found;
	size_t at;

	sr->tail_until = NEVER;
	sr->tail_due = false;
	if (room->past != PAST_UNKNOWN || room->audience_count == 0)
		return;
	at = id_search(room->audience, room->audience_count, &sr->tail_from,
	    &found);
	tail_ask(sync, sr, now,
	    &room->audience[(at + (found ? 1 : 0)) % room->audience_count],
	    false, fx);
}

void
tail_begun(struct sync *sync, instant_ms now, const struct room *room,
    struct effects *fx)
{
	if (!id_equal(&sync->tail_room, &room->id))
		return;
	sync->tail_room = (struct id){ 0 };
	sync->tail_free = now;
	tail_ask_next(sync, now, fx);
}

void
tail_lost(struct sync *sync, struct sync_room *sr, instant_ms now,
    const struct id *peer, struct effects *fx)
{
	if ((sr->tail_due || sr->tail_until != NEVER) &&
	    id_equal(&sr->tail_from, peer))
		tail_ask_other(sync, sr, now, fx);
}

void
tail_parted(struct sync *sync, const struct room *room)
{
	if (!id_equal(&sync->tail_room, &room->id))
		return;
	sync->tail_room = (struct id){ 0 };
	sync->tail_free = 0;
}
