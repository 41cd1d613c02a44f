/*
 * multicast_missing: causes that are not here: of whom they are asked, and
 * when they are given up.
 */
#include <stdlib.h>
#include <string.h>

#include "core/multicast_room.h"

enum {
	ASK_LAST_MS = 5000,
	GIVE_UP_MS = 30000,
	GIVE_UP_VOUCHED_MS = 5000,
	/* What comes in of the past keeps one waiting for so long at most. */
	PAST_MOST_MS = 60 * 1000,
};

/* -- asking ---------------------------------------------------------------- */

static size_t
asking_of(const struct multicast_room *mr, const struct id *sender, bool *found)
{
	return ID_SEARCH(mr->askings, mr->asking_count, sender, sender, found);
}

/* Not before the disk and the others had time, and not for ever later. */
static void
ask_at(struct asking *asking, instant_ms at)
{
	asking->ask_at = at;
	asking->latest_at = at + ASK_AGAIN_MS;
}

void
multicast_ask_soon(struct multicast_room *mr, instant_ms now,
    const struct id *sender)
{
	instant_ms at = now + ASK_FIRST_MS;
	struct asking *asking;
	bool found;
	size_t index = asking_of(mr, sender, &found);

	if (!found) {
		MEM_INSERT(mr->askings, mr->asking_count, mr->asking_cap,
		    index);
		mr->askings[index] = (struct asking){
			.sender = *sender,
			.ask_at = NEVER,
			.pause_ms = ASK_FIRST_MS,
		};
	}
	asking = &mr->askings[index];
	if (asking->asked_at != 0 && at < asking->asked_at + ASK_AGAIN_MS)
		at = asking->asked_at + ASK_AGAIN_MS;
	if (at < asking->ask_at)
		ask_at(asking, at);
}

void
multicast_ask_on(struct multicast_room *mr, instant_ms now,
    const struct id *giver)
{
	for (size_t i = 0; i < mr->asking_count; i++) {
		struct asking *asking = &mr->askings[i];

		if (id_equal(&asking->sender, giver) ||
		    id_equal(&asking->asked, giver)) {
			asking->pause_ms = ASK_FIRST_MS;
			asking->turn = 0;
			asking->ask_at = now;
		}
		/* It may give what the others want, too. */
		if (asking->ask_at < now + ASK_FIRST_MS)
			asking->ask_at = instant_earlier(now + ASK_FIRST_MS,
			    asking->latest_at);
	}
}

instant_ms
multicast_ask_at(const struct multicast_room *mr)
{
	instant_ms at = NEVER;

	for (size_t i = 0; i < mr->asking_count; i++)
		at = instant_earlier(at, mr->askings[i].ask_at);
	return at < mr->asked_at + ASK_FIRST_MS ? mr->asked_at + ASK_FIRST_MS
						: at;
}

struct id
multicast_asked_for(const struct multicast_room *mr, const struct held *held)
{
	bool found;
	size_t at = asking_of(mr, &held->from, &found);

	return found ? mr->askings[at].asked : (struct id){ { 0 } };
}

/* Who sent the orphans, then around the audience. */
static struct id
whom_to_ask(const struct room *room, const struct asking *asking)
{
	bool found;
	size_t at = id_search(room->audience, room->audience_count,
	    &asking->sender, &found);

	if (room->audience_count == 0 || (found && asking->turn == 0))
		return asking->sender;
	return room->audience[(at + asking->turn) % room->audience_count];
}

/* False: nothing waits that this peer sent. */
static bool
ask(struct multicast_room *mr, instant_ms now, struct asking *asking,
    struct effects *fx)
{
	struct stream_range ranges[LIMIT_VECTOR_PAGE];
	struct frame frame = { .type = FRAME_WANT };
	char text[ID_SHORT_TEXT];
	bool any;

	ask_at(asking, now + asking->pause_ms);
	/* The donor of a room's past says first where it begins. */
	if (mr->room->past == PAST_UNKNOWN)
		return true;
	frame.want.room = mr->room->id;
	frame.want.ranges = ranges;
	frame.want.count = holdback_missing(&mr->held, &mr->room->accepted,
	    &asking->sender, ranges, LIMIT_VECTOR_PAGE, &any);
	if (frame.want.count == 0)
		return any;
	asking->asked = whom_to_ask(mr->room, asking);
	asking->turn++;
	mr->asked_at = asking->asked_at = now;
	asking->pause_ms = 2 * asking->pause_ms < ASK_LAST_MS
	    ? 2 * asking->pause_ms
	    : ASK_LAST_MS;
	effects_send(fx, &asking->asked, &frame);
	effects_trace(fx, "asks %s for %zu missing ranges",
	    id_format_short(&asking->asked, text), frame.want.count);
	return true;
}

/* Whose turn it is: who was not asked for the longest. */
static struct asking *
next_asking(struct multicast_room *mr, instant_ms now)
{
	struct asking *next = NULL;

	for (size_t i = 0; i < mr->asking_count; i++) {
		struct asking *asking = &mr->askings[i];

		if (now >= asking->ask_at &&
		    (next == NULL || asking->asked_at < next->asked_at))
			next = asking;
	}
	return next;
}

void
multicast_ask(struct multicast_room *mr, instant_ms now, struct effects *fx)
{
	struct asking *asking;

	while (now >= mr->asked_at + ASK_FIRST_MS &&
	    (asking = next_asking(mr, now)) != NULL)
		if (!ask(mr, now, asking, fx))
			MEM_REMOVE(mr->askings, mr->asking_count,
			    (size_t)(asking - mr->askings));
}

/* -- giving up ------------------------------------------------------------- */

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
	for (size_t i = 0; i < held->bundle->dependency_count; i++)
		if (stream_compare(&held->bundle->dependencies[i].stream,
			&lacks.stream) == 0)
			holdback_waive(held, i);
	holdback_rouse(&mr->held, held);
	multicast_look_again(mr, held);
	return true;
}

/*
 * When the cause of one may be given up: as long as the past comes in page by
 * page, nothing is; and sooner when a member has waited for it before me, or
 * has the one that waits: who sent me that was asked, and gave no cause.
 */
static instant_ms
patience(const struct multicast_room *mr, const struct held *held)
{
	const struct stream *stream = &held->lacks.stream;
	uint64_t next = vclock_top(&mr->room->accepted, stream) + 1;
	instant_ms past =
	    instant_earlier(mr->progress_at, held->since + PAST_MOST_MS);
	instant_ms since = held->since > past ? held->since : past;
	instant_ms at = since + GIVE_UP_MS;

	if (room_given_up(mr->room, stream, next) > 0)
		at = since + GIVE_UP_AFTER_OTHERS_MS;
	if (held->vouched_at != NEVER)
		at = instant_earlier(at,
		    (held->vouched_at > past ? held->vouched_at : past) +
			GIVE_UP_VOUCHED_MS);
	return at;
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
