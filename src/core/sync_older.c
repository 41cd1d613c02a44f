/*
 * sync_older: what was said before the tail that a late joiner was given.
 *
 * Somebody here wants it: a page is asked for, of one who is in the room
 * and then of the next, the newest of what lies below the bases first, so
 * that the history is filled downward and without a gap.  (One of a page
 * that got lost leaves a hole, which is filled like any other: it is shown
 * when it comes.)  Who has none of it says so by its bases (and is not asked
 * again for a while); when nobody has, what is missing is lost, and it is
 * known how many that are.
 *
 * More streams than fit a frame are asked for one window after the other.
 */
#include <stdlib.h>
#include <string.h>

#include "core/sync_room.h"

enum {
	SILENT_MS = 1000,	/* patience with one who gives nothing, */
	PAUSE_MS = 500,		/* and in the midst of a page */
	PEERS_MAX = 3,		/* asked for one page, when they say nothing */
	EMPTIED_MS = 30000,	/* then they may have some after all */
};

void
older_free(struct older *older)
{
	free(older->emptied);
}

static void
ask_nobody(struct sync_room *sr)
{
	sr->room->older_from = (struct id){ 0 };
	sr->room->older_left = 0;
	sr->older.until = NEVER;
}

/* How many bundles are known of that are not here. */
static uint64_t
below_bases(const struct room *room)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < room->accepted.count; i++)
		sum += room->accepted.entries[i].base;
	return sum;
}

static void
answer(struct sync_room *sr, bool more, bool lost, struct effects *fx)
{
	uint64_t left = below_bases(sr->room);

	ask_nobody(sr);
	sr->older.wanted = false;
	sr->older.window = 0;
	effects_older(fx, &sr->room->id, more, sr->room->older_taken, left,
	    lost && left > 0 && !sr->older.unsure);
}

static bool
is_emptied(const struct older *older, const struct id *peer)
{
	bool found;

	id_search(older->emptied, older->emptied_count, peer, &found);
	return found;
}

static void
note_emptied(struct older *older, instant_ms now, const struct id *peer)
{
	bool found;
	size_t at =
	    id_search(older->emptied, older->emptied_count, peer, &found);

	if (found)
		return;
	if (older->emptied_count == 0)
		older->emptied_at = now;
	MEM_INSERT(older->emptied, older->emptied_count, older->emptied_cap,
	    at);
	older->emptied[at] = *peer;
}

/* One of the room that is not known to have none; false: there is none. */
static bool
whom_to_ask(struct sync *sync, const struct sync_room *sr, struct id *peer)
{
	const struct room *room = sr->room;
	size_t n = room->audience_count;
	size_t from = n == 0 ? 0 : (size_t)rng_below(sync->rng, n);

	for (size_t i = 0; i < n; i++) {
		*peer = room->audience[(from + i) % n];
		if (!is_emptied(&sr->older, peer))
			return true;
	}
	return false;
}

/* The streams with a base, from the window on; how many are in it. */
static size_t
choose_ranges(const struct sync_room *sr,
    struct stream_range out[static LIMIT_VECTOR_PAGE])
{
	const struct vclock *clock = &sr->room->accepted;
	size_t skip = sr->older.window, count = 0;

	for (size_t i = 0; i < clock->count && count < LIMIT_VECTOR_PAGE;
	     i++) {
		const struct vclock_entry *entry = &clock->entries[i];

		if (entry->base == 0)
			continue;
		if (skip > 0)
			skip--;
		else
			out[count++] = (struct stream_range){ entry->stream,
				{ 1, entry->base } };
	}
	return count;
}

static void
ask(struct sync_room *sr, instant_ms now, const struct id *peer,
    const struct stream_range *ranges, size_t count, struct effects *fx)
{
	struct frame frame = { .type = FRAME_WANT };
	char text[ID_SHORT_TEXT];

	sr->room->older_from = *peer;
	sr->room->older_left = LIMIT_PAGE_BUNDLES;
	sr->room->older_taken = 0;
	sr->older.until = now + SILENT_MS;
	frame.want.room = sr->room->id;
	frame.want.ranges = ranges;
	frame.want.count = count;
	frame.want.newest = sr->older.messages;
	effects_send(fx, peer, &frame);
	effects_trace(fx, "asks %s for older ones of %s",
	    id_format_short(peer, text), sr->room->name);
}

static void
ask_next(struct sync *sync, struct sync_room *sr, instant_ms now,
    struct effects *fx)
{
	struct stream_range ranges[LIMIT_VECTOR_PAGE];
	struct id peer;
	size_t count;

	ask_nobody(sr);
	if (!whom_to_ask(sync, sr, &peer)) {
		answer(sr, false, true, fx);
		return;
	}
	count = choose_ranges(sr, ranges);
	if (count == 0) {
		sr->older.window = 0;
		count = choose_ranges(sr, ranges);
	}
	if (count == 0 || sr->older.asked >= PEERS_MAX)
		answer(sr, count > 0, false, fx);
	else
		ask(sr, now, &peer, ranges, count, fx);
}

void
sync_older(struct sync *sync, instant_ms now, const struct id *room,
    unsigned messages, struct effects *fx)
{
	struct sync_room *sr = sync_find_room(sync, room);
	struct older *older;

	if (sr == NULL || !sr->room->joined || sr->room->past != PAST_BEGUN ||
	    below_bases(sr->room) == 0) {
		effects_older(fx, room, false, 0, 0, false);
		return;
	}
	older = &sr->older;
	if (older->wanted)
		return;
	if (now >= older->emptied_at + EMPTIED_MS) {
		older->emptied_count = 0;
		older->unsure = false;
	}
	older->wanted = true;
	older->messages =
	    messages < LIMIT_PAGE_MESSAGES ? messages : LIMIT_PAGE_MESSAGES;
	older->asked = 0;
	sr->room->older_taken = 0;
	older_look(sync, sr, now, fx);
}

/* The one who is asked gives no more: on with the next, or done. */
static void
page_over(struct sync *sync, struct sync_room *sr, instant_ms now, bool said,
    struct effects *fx)
{
	struct older *older = &sr->older;
	struct stream_range ranges[LIMIT_VECTOR_PAGE];
	size_t count;

	if (sr->room->older_taken > 0) {
		answer(sr, below_bases(sr->room) > 0, false, fx);
		return;
	}
	older->window += LIMIT_VECTOR_PAGE;
	count = said ? choose_ranges(sr, ranges) : 0;
	if (count > 0) {
		struct id peer = sr->room->older_from;

		ask(sr, now, &peer, ranges, count, fx);
		return;
	}
	older->window = 0;
	note_emptied(older, now, &sr->room->older_from);
	older->asked += !said;
	older->unsure |= !said;
	ask_next(sync, sr, now, fx);
}

void
sync_older_ended(struct sync *sync, instant_ms now, const struct room *room,
    const struct id *from, struct effects *fx)
{
	struct sync_room *sr = sync_find_room(sync, &room->id);

	if (sr != NULL && sr->older.until != NEVER &&
	    id_equal(&room->older_from, from))
		page_over(sync, sr, now, true, fx);
}

void
older_parted(struct sync_room *sr, struct effects *fx)
{
	if (sr->older.wanted)
		answer(sr, false, false, fx);
}

void
older_met(struct sync_room *sr, const struct id *peer)
{
	struct older *older = &sr->older;
	bool found;
	size_t at =
	    id_search(older->emptied, older->emptied_count, peer, &found);

	if (found)
		MEM_REMOVE(older->emptied, older->emptied_count, at);
}

void
older_lost(struct sync *sync, struct sync_room *sr, instant_ms now,
    const struct id *peer, struct effects *fx)
{
	if (sr->older.until != NEVER &&
	    id_equal(&sr->room->older_from, peer))
		page_over(sync, sr, now, false, fx);
	older_met(sr, peer);
}

void
older_look(struct sync *sync, struct sync_room *sr, instant_ms now,
    struct effects *fx)
{
	struct older *older = &sr->older;

	if (older->wanted && older->until == NEVER) {
		if (sr->room->in_hand <= SYNC_IN_HAND_MAX)
			ask_next(sync, sr, now, fx);
	} else if (now >= older->until) {
		page_over(sync, sr, now, false, fx);
	}
}

void
sync_older_came(struct sync *sync, instant_ms now, const struct room *room)
{
	struct sync_room *sr = sync_find_room(sync, &room->id);

	if (sr != NULL && sr->older.until < now + PAUSE_MS)
		sr->older.until = now + PAUSE_MS;
}
