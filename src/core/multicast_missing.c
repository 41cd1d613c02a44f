/*
 * multicast_missing: causes that are not here: of whom they are asked, and
 * when they are given up.
 */
#include <stdlib.h>

#include "core/multicast_room.h"

enum { ASK_LAST_MS = 5000, GIVE_UP_MS = 30000 };

/* Whom to ask: who sent the oldest orphan, then around the audience. */
static struct id
whom_to_ask(const struct multicast_room *mr)
{
	const struct room *room = mr->room;
	const struct held *oldest = mr->held.items[0];
	bool found;
	size_t at;

	for (size_t i = 1; i < mr->held.count; i++)
		if (mr->held.items[i]->since < oldest->since)
			oldest = mr->held.items[i];
	at = id_search(room->audience, room->audience_count, &oldest->from,
	    &found);
	if (room->audience_count == 0 || (found && mr->ask_turn == 0))
		return oldest->from;
	return room->audience[(at + mr->ask_turn) % room->audience_count];
}

void
multicast_ask(struct multicast_room *mr, instant_ms now, struct effects *fx)
{
	struct stream_range ranges[LIMIT_VECTOR_PAGE];
	struct frame frame = { .type = FRAME_WANT };
	char text[ID_SHORT_TEXT];
	struct id peer;
	size_t count;

	mr->ask_at = now + mr->ask_pause_ms;
	/* The donor of a room's past says first where it begins. */
	if (mr->room->past == PAST_UNKNOWN)
		return;
	count = holdback_missing(&mr->held, &mr->room->accepted, ranges,
	    LIMIT_VECTOR_PAGE);
	if (count == 0)
		return;
	peer = whom_to_ask(mr);
	mr->ask_turn++;
	mr->asked = peer;
	mr->asked_at = now;
	mr->ask_pause_ms = 2 * mr->ask_pause_ms < ASK_LAST_MS
	    ? 2 * mr->ask_pause_ms
	    : ASK_LAST_MS;
	frame.want.room = mr->room->id;
	frame.want.ranges = ranges;
	frame.want.count = count;
	effects_send(fx, &peer, &frame);
	effects_trace(fx, "asks %s for %zu missing ranges",
	    id_format_short(&peer, text), count);
}

/*
 * Gives up the cause that one lacks.  A hole is recorded only where the
 * author of the stream itself has shown, by a later bundle, that the
 * numbers exist; what only somebody else claims to depend on is waived for
 * that one, or a liar could make holes in anybody's stream.  False when the
 * cause is here and itself waiting.
 */
static bool
give_up(struct multicast *mc, struct multicast_room *mr, struct held *held,
    struct effects *fx)
{
	struct dependency lacks = held->lacks;
	uint64_t top = vclock_top(&mr->room->accepted, &lacks.stream);
	struct held *above = holdback_above(&mr->held, &lacks.stream, top);
	uint64_t others = room_given_up(mr->room, &lacks.stream, top + 1);
	char author[ID_SHORT_TEXT];

	if (above != NULL && above->bundle->seq == top + 1)
		return false;
	effects_trace(fx, "gives up %s:%llu",
	    id_format_short(&lacks.stream.author, author),
	    (unsigned long long)lacks.seq);
	if (above != NULL) {
		uint64_t last = above->bundle->seq - 1;

		if (last > lacks.seq)
			last = lacks.seq;
		/* Before its time: no more than others have given up. */
		if (others > 0 && last > others)
			last = others;
		mr->gap = true;
		/* With no place for the stream the author has to wait. */
		if (!multicast_admits(mc, mr->room, &lacks.stream) ||
		    !vclock_add_hole(&mr->room->accepted, &lacks.stream,
			last)) {
			holdback_drop(&mr->held, held);
			return true;
		}
		multicast_look_after(mr, &lacks.stream);
		return true;
	}
	held->gap = true;
	if (held->waived == NULL)
		held->waived = mem_zero(held->bundle->dependency_count,
		    sizeof *held->waived);
	for (size_t i = 0; i < held->bundle->dependency_count; i++)
		if (stream_compare(&held->bundle->dependencies[i].stream,
			&lacks.stream) == 0)
			held->waived[i] = true;
	holdback_rouse(&mr->held, held);
	multicast_look_again(mr, held);
	return true;
}

/*
 * When the cause of one may be given up: as long as the past comes in,
 * nothing is; and sooner when a member has waited for it before me.
 */
static instant_ms
patience(const struct multicast_room *mr, const struct held *held)
{
	const struct stream *stream = &held->lacks.stream;
	uint64_t next = vclock_top(&mr->room->accepted, stream) + 1;
	instant_ms since =
	    held->since > mr->progress_at ? held->since : mr->progress_at;

	return room_given_up(mr->room, stream, next) > 0
	    ? since + GIVE_UP_AFTER_OTHERS_MS
	    : since + GIVE_UP_MS;
}

void
multicast_give_up(struct multicast *mc, struct multicast_room *mr,
    instant_ms now, struct effects *fx)
{
	for (size_t i = 0; i < mr->held.count;) {
		struct held *held = mr->held.items[i];

		if (now >= patience(mr, held) && give_up(mc, mr, held, fx)) {
			multicast_flow(mc, mr, now, fx);
			i = 0;
		} else {
			i++;
		}
	}
	mr->give_up_at = NEVER;
	for (size_t i = 0; i < mr->held.count; i++) {
		instant_ms at = patience(mr, mr->held.items[i]);

		/* One that waits for another is looked at with it. */
		if (at > now)
			mr->give_up_at = instant_earlier(mr->give_up_at, at);
	}
	if (mr->held.count > 0 && mr->give_up_at == NEVER)
		mr->give_up_at = now + GIVE_UP_MS;
}
