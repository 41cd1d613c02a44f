#include "core/sync.h"

#include <stdlib.h>
#include <string.h>

#include "core/judge.h"
#include "core/sync_room.h"

enum {
	ROUND_MS = 5000,	/* digests to some of the audience */
	EXCHANGE_MS = 1000,	/* between two exchanges of one pair */
	BUSY_MS = 500,		/* a room that moved so lately differs anyway */
	FRUITLESS_MS = 5000,	/* pause after a peer gave nothing */
	PAGES_PEER = 2,		/* at once: a link's queue holds no more */
	TELL_MS = 500,		/* between two tidings of how far it is */
	TELL_LEAST = 256,	/* bundles; less is there before one looks */

	/* Bytes of a VECTOR on the wire, generously. */
	VECTOR_BODY = LIMIT_FRAME - 4096,
	VECTOR_ENTRY = 140,
	VECTOR_HOLE = 44,
};

void
sync_init(struct sync *sync, const struct id *self, struct rooms *rooms,
    struct rng *rng)
{
	*sync = (struct sync){ .self = *self, .rooms = rooms, .rng = rng };
}

static void
sync_room_free(struct sync_room *sr)
{
	catchup_free(&sr->catchup);
	older_free(&sr->older);
	free(sr->pairs);
	free(sr);
}

void
sync_free(struct sync *sync)
{
	for (size_t i = 0; i < sync->count; i++)
		sync_room_free(sync->items[i]);
	free(sync->items);
	free(sync->fetches);
	*sync = (struct sync){ 0 };
}

static size_t
place(const struct sync *sync, const struct id *room, bool *found)
{
	size_t low = 0, high = sync->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order =
		    id_compare(&sync->items[middle]->room->id, room);

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

struct sync_room *
sync_find_room(const struct sync *sync, const struct id *id)
{
	bool found;
	size_t at = place(sync, id, &found);

	return found ? sync->items[at] : NULL;
}

static struct sync_room *
obtain(struct sync *sync, instant_ms now, struct room *room)
{
	bool found;
	size_t at = place(sync, &room->id, &found);
	struct sync_room *sr;

	if (found)
		return sync->items[at];
	sr = mem_zero(1, sizeof *sr);
	sr->room = room;
	sr->turn = sync->turns++;
	catchup_init(&sr->catchup);
	sr->tail_until = sr->again_at = sr->older.until = NEVER;
	/* Not all rooms of all nodes in the same instant. */
	sr->round_at = now + ROUND_MS / 2 +
	    (instant_ms)rng_below(sync->rng, ROUND_MS / 2);
	MEM_INSERT(sync->items, sync->count, sync->cap, at);
	sync->items[at] = sr;
	return sr;
}

static size_t
pair_at(const struct sync_room *sr, const struct id *peer, bool *found)
{
	return ID_SEARCH(sr->pairs, sr->pair_count, peer, peer, found);
}

static struct pair *
pair_obtain(struct sync_room *sr, const struct id *peer)
{
	bool found;
	size_t at = pair_at(sr, peer, &found);

	if (!found) {
		MEM_INSERT(sr->pairs, sr->pair_count, sr->pair_cap, at);
		sr->pairs[at] = (struct pair){ .peer = *peer };
	}
	return &sr->pairs[at];
}

/* -- saying what I have, asking for what I lack -------------------------- */

static void
send_digest(const struct sync_room *sr, const struct id *to, size_t count,
    struct effects *fx)
{
	struct room_digest digest = {
		.room = sr->room->id,
		.digest = vclock_digest(&sr->room->delivered),
	};
	struct frame frame = { .type = FRAME_DIGEST };

	frame.digest.digests = &digest;
	frame.digest.count = 1;
	effects_send_many(fx, to, count, &frame);
}

/* All pages of my vector; the last one may ask for the other's. */
static void
send_vector(struct sync_room *sr, instant_ms now, struct pair *pair,
    bool reply, struct effects *fx)
{
	const struct vclock *clock = &sr->room->delivered;
	struct vector_entry page[LIMIT_VECTOR_PAGE];
	struct frame frame = { .type = FRAME_VECTOR };
	size_t at = 0;

	frame.vector.room = sr->room->id;
	frame.vector.entries = page;
	do {
		size_t count = 0, size = 0;

		while (at < clock->count && count < LIMIT_VECTOR_PAGE) {
			size += VECTOR_ENTRY +
			    VECTOR_HOLE * clock->entries[at].hole_count;
			if (size > VECTOR_BODY)
				break;
			page[count++] =
			    vclock_entry_view(&clock->entries[at++]);
		}
		frame.vector.count = count;
		frame.vector.reply = reply && at == clock->count;
		effects_send(fx, &pair->peer, &frame);
	} while (at < clock->count);
	pair->told = true;
	pair->told_at = now;
	pair->told_mine = vclock_digest(clock);
}

/* Does it know already what I have? */
static bool
told_lately(const struct sync_room *sr, instant_ms now,
    const struct pair *pair)
{
	return pair->told && now < pair->told_at + EXCHANGE_MS &&
	    pair->told_mine == vclock_digest(&sr->room->delivered);
}

/* How far the past has come, when there is much of it; its end as well, but
 * no beginning sooner than anything else. */
static void
tell_progress(struct sync_room *sr, instant_ms now, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_FETCHING };
	uint64_t left = catchup_lacking(&sr->catchup,
	    &sr->room->accepted);

	sr->room->lacking = left;
	if (left == 0 ? !sr->told
		      : sr->fetched + left < TELL_LEAST ||
		    (sr->told_at != 0 && now < sr->told_at + TELL_MS))
		return;
	event.fetching.room = sr->room->name;
	event.fetching.done = sr->fetched;
	event.fetching.left = left;
	effects_notify(fx, &event);
	sr->told = left > 0;
	sr->told_at = now;
}

/* How many pages, of all rooms, a peer is sending. */
static size_t
pages_of(const struct sync *sync, const struct id *peer)
{
	size_t count = 0;

	for (size_t i = 0; i < sync->count; i++) {
		const struct catchup *catchup = &sync->items[i]->catchup;

		count += catchup->count > 0 && catchup->until != NEVER &&
		    id_equal(&catchup->sources[0].peer, peer);
	}
	return count;
}

static void
ask_missing(struct sync *sync, struct sync_room *sr, instant_ms now,
    struct effects *fx)
{
	struct catchup *catchup = &sr->catchup;
	struct frame frame = { .type = FRAME_WANT };
	char text[ID_SHORT_TEXT];
	bool next;

	/* Most of it comes with the tail, which is on its way. */
	if (sr->tail_until != NEVER)
		return;
	/* The disk comes first: what it has not kept yet fills memory. */
	if (sr->room->in_hand > SYNC_IN_HAND_MAX)
		return;
	if (catchup_idle(catchup) &&
	    pages_of(sync, &catchup->sources[0].peer) >= PAGES_PEER)
		return;
	next = catchup_next(catchup, now, &sr->room->accepted);
	tell_progress(sr, now, fx);
	if (catchup->count == 0)
		sr->fetched = 0;
	if (!next)
		return;
	frame.want.room = sr->room->id;
	frame.want.ranges = catchup->asked;
	frame.want.count = catchup->asked_count;
	effects_send(fx, &catchup->sources[0].peer, &frame);
	effects_trace(fx, "wants %llu bundles of %s from %s",
	    (unsigned long long)catchup->left, sr->room->name,
	    id_format_short(&catchup->sources[0].peer, text));
}

/* A page has ended: rooms that waited for that may be next. */
static void
ask_waiting(struct sync *sync, instant_ms now, struct effects *fx)
{
	size_t asked = 0;

	for (size_t i = 0; i < sync->count && asked < PAGES_PEER; i++) {
		struct sync_room *sr = sync->items[i];

		if (!catchup_idle(&sr->catchup))
			continue;
		ask_missing(sync, sr, now, fx);
		asked += !catchup_idle(&sr->catchup);
	}
}

/* -- comparing ----------------------------------------------------------- */

/* A digest of the peer came.  casual: in a ping, which comes anyway. */
static void
compare(struct sync *sync, struct sync_room *sr, instant_ms now, const struct id *peer,
    uint64_t theirs, bool casual, struct effects *fx)
{
	struct room *room = sr->room;
	struct pair *pair = pair_obtain(sr, peer);
	uint64_t mine = vclock_digest(&room->delivered);
	bool just_now = pair->begun && now < pair->begun_at + EXCHANGE_MS;

	pair->theirs = theirs;
	if (mine == theirs)
		return;
	if (room->past != PAST_BEGUN &&
	    !(room->past == PAST_EMPTY && pair->whole)) {
		tail_ask(sync, sr, now, peer, true, fx);
		if (room->delivered.count > 0 && !told_lately(sr, now, pair))
			send_vector(sr, now, pair, false, fx);
		return;
	}
	if (pair->quiet && pair->quiet_mine == mine &&
	    pair->quiet_theirs == theirs)
		return;
	if (now < pair->not_before ||
	    (just_now &&
		(casual ||
		    (pair->begun_mine == mine &&
			pair->begun_theirs == theirs))))
		return;
	/* While people talk, digests differ by what is on its way. */
	if (casual && now < sr->moved_at + BUSY_MS && pair->begun &&
	    now < pair->begun_at + ROUND_MS)
		return;
	pair->begun = true;
	pair->begun_at = now;
	pair->begun_mine = mine;
	pair->begun_theirs = theirs;
	pair->found = false;
	send_vector(sr, now, pair, true, fx);
}

struct sync_room *
sync_joined_room(struct sync *sync, instant_ms now, const struct id *id,
    const struct id *peer)
{
	struct room *room = rooms_find(sync->rooms, id);

	return room == NULL || !room->joined || !room_open_to(room, peer)
	    ? NULL
	    : obtain(sync, now, room);
}

void
sync_compare(struct sync *sync, instant_ms now, const struct id *peer,
    const struct room_digest *digests, size_t count, struct effects *fx)
{
	for (size_t i = 0; i < count; i++) {
		struct sync_room *sr =
		    sync_joined_room(sync, now, &digests[i].room, peer);

		if (sr != NULL)
			compare(sync, sr, now, peer, digests[i].digest, true, fx);
	}
}

size_t
sync_digests(struct sync *sync, const struct id *peer,
    const struct room_digest **out, struct effects *fx)
{
	struct room_digest *digests =
	    effects_alloc(fx, LIMIT_DIGESTS * sizeof *digests);
	size_t count = 0;

	for (size_t i = 0; i < sync->rooms->count && count < LIMIT_DIGESTS;
	     i++) {
		const struct room *room = sync->rooms->items[i];

		if (room->joined && room_has_audience(room, peer))
			digests[count++] = (struct room_digest){ room->id,
				vclock_digest(&room->delivered) };
	}
	*out = digests;
	return count;
}

bool
sync_same(const struct sync *sync, const struct room *room,
    const struct id *peer)
{
	bool found;
	size_t at = place(sync, &room->id, &found);
	const struct sync_room *sr = found ? sync->items[at] : NULL;

	if (sr == NULL)
		return false;
	at = pair_at(sr, peer, &found);
	return found &&
	    sr->pairs[at].theirs == vclock_digest(&room->delivered);
}

/* The two beside me on the ring of the audience, and one at random. */
static size_t
partners(struct sync *sync, const struct room *room, struct id out[3])
{
	size_t n = room->audience_count, count = 0, at;
	size_t chosen[3];
	bool found;

	if (n == 0)
		return 0;
	at = id_search(room->audience, n, &sync->self, &found);
	chosen[0] = at % n;
	chosen[1] = (at + n - 1) % n;
	chosen[2] = (size_t)rng_below(sync->rng, n);
	for (size_t i = 0; i < 3; i++) {
		bool twice = false;

		for (size_t k = 0; k < i; k++)
			twice = twice || chosen[k] == chosen[i];
		if (!twice)
			out[count++] = room->audience[chosen[i]];
	}
	return count;
}

static void
greet(struct sync *sync, struct sync_room *sr, struct effects *fx)
{
	struct id to[3];
	size_t count = partners(sync, sr->room, to);

	send_digest(sr, to, count, fx);
}

void
sync_joined(struct sync *sync, instant_ms now, struct room *room,
    struct effects *fx)
{
	struct sync_room *sr = obtain(sync, now, room);

	if (room->audience_count == 0)
		return;
	if (room->past == PAST_BEGUN) {
		greet(sync, sr, fx);
		sr->again_at = now + SYNC_AGAIN_MS;
	} else {
		tail_ask(sync, sr, now,
		    &room->audience[rng_below(sync->rng,
			room->audience_count)],
		    false, fx);
	}
}

void
sync_parted(struct sync *sync, const struct room *room, struct effects *fx)
{
	bool found;
	size_t at = place(sync, &room->id, &found);

	if (!found)
		return;
	older_parted(sync->items[at], fx);
	tail_parted(sync, room);
	sync->items[at]->room->lacking = 0;
	sync_room_free(sync->items[at]);
	MEM_REMOVE(sync->items, sync->count, at);
}

void
sync_met(struct sync *sync, instant_ms now, struct room *room,
    const struct id *peer, struct effects *fx)
{
	struct sync_room *sr;

	if (!room->joined)
		return;
	sr = obtain(sync, now, room);
	older_met(sr, peer);
	if (room->past == PAST_UNKNOWN)
		tail_ask(sync, sr, now, peer, false, fx);
	if (room->delivered.count > 0)
		send_digest(sr, peer, 1, fx);
}

void
sync_lost(struct sync *sync, instant_ms now, const struct id *peer,
    struct effects *fx)
{
	for (size_t i = 0; i < sync->count; i++) {
		struct sync_room *sr = sync->items[i];
		bool found;
		size_t at = pair_at(sr, peer, &found);

		if (found && sr->room->past == PAST_EMPTY &&
		    sr->pairs[at].whole)
			sr->pairs[at] =
			    (struct pair){ .peer = *peer, .whole = true };
		else if (found)
			MEM_REMOVE(sr->pairs, sr->pair_count, at);
		catchup_lost(&sr->catchup, peer);
		tail_lost(sync, sr, now, peer, fx);
		ask_missing(sync, sr, now, fx);
		older_lost(sync, sr, now, peer, fx);
	}
}

/* -- frames -------------------------------------------------------------- */

static enum verdict
recv_digest(struct sync *sync, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	if (frame->digest.count > LIMIT_DIGESTS)
		return VERDICT_OVER_LIMIT;
	for (size_t i = 0; i < frame->digest.count; i++) {
		const struct room_digest *digest = &frame->digest.digests[i];
		struct sync_room *sr = sync_joined_room(sync, now, &digest->room,
		    from);

		if (sr != NULL)
			compare(sync, sr, now, from, digest->digest, false, fx);
	}
	return VERDICT_ACCEPTED;
}

static enum verdict
judge_vector(const struct frame *frame)
{
	const struct vector_entry *entries = frame->vector.entries;

	if (frame->vector.count > LIMIT_VECTOR_PAGE)
		return VERDICT_OVER_LIMIT;
	for (size_t i = 0; i < frame->vector.count; i++) {
		enum verdict verdict = judge_vector_entry(&entries[i]);

		if (verdict != VERDICT_ACCEPTED)
			return verdict;
		if (i > 0 &&
		    stream_compare(&entries[i - 1].stream,
			&entries[i].stream) >= 0)
			return VERDICT_MALFORMED;
	}
	return VERDICT_ACCEPTED;
}

/* Takes down what the peer has and I lack; false when there is nothing. */
static bool
learn_vector(struct sync_room *sr, const struct id *from,
    const struct frame *frame)
{
	struct range lack[2 * LIMIT_HOLES + 1];
	bool found = false;

	for (size_t i = 0; i < frame->vector.count; i++) {
		const struct vector_entry *theirs = &frame->vector.entries[i];
		size_t count = vclock_missing(
		    vclock_find(&sr->room->accepted, &theirs->stream), theirs,
		    lack, 2 * LIMIT_HOLES + 1);

		for (size_t k = 0; k < count; k++)
			catchup_offer(&sr->catchup, from, &theirs->stream,
			    lack[k]);
		found = found || count > 0;
		/* What it let go, or never had, is as good as a hole. */
		if (theirs->base > 0)
			room_note_given_up(sr->room, &theirs->stream,
			    (struct range){ 1, theirs->base });
		for (size_t k = 0; k < theirs->hole_count; k++)
			room_note_given_up(sr->room, &theirs->stream,
			    theirs->holes[k]);
	}
	return found;
}

/* There is nothing that it left out. */
static bool
is_whole(const struct frame *frame)
{
	for (size_t i = 0; i < frame->vector.count; i++)
		if (frame->vector.entries[i].base > 0)
			return false;
	return true;
}

void
sync_based(struct sync *sync, instant_ms now, struct room *room,
    const struct id *from, size_t bases, struct effects *fx)
{
	struct sync_room *sr = obtain(sync, now, room);

	if (bases == 0 && room->past == PAST_EMPTY)
		pair_obtain(sr, from)->whole = true;
	tail_begun(sync, now, room, fx);
	sync_older_ended(sync, now, room, from, fx);
}

static enum verdict
recv_vector(struct sync *sync, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	struct sync_room *sr = sync_joined_room(sync, now, &frame->vector.room,
	    from);
	enum verdict verdict = judge_vector(frame);
	struct pair *pair;

	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	if (sr == NULL)
		return VERDICT_STALE;
	pair = pair_obtain(sr, from);
	if (sr->room->past == PAST_EMPTY && pair->whole &&
	    frame->vector.count > 0 && is_whole(frame))
		sr->room->past = PAST_BEGUN;
	if (sr->room->past != PAST_BEGUN) {
		if (frame->vector.count > 0)
			tail_ask(sync, sr, now, from, true, fx);
	} else if (learn_vector(sr, from, frame)) {
		pair->found = true;
		pair->quiet = false;
		ask_missing(sync, sr, now, fx);
	} else if (!pair->found) {
		pair->quiet = true;
		pair->quiet_mine = vclock_digest(&sr->room->delivered);
		pair->quiet_theirs = pair->theirs;
	}
	if (frame->vector.reply && !told_lately(sr, now, pair))
		send_vector(sr, now, pair, false, fx);
	return VERDICT_ACCEPTED;
}

enum verdict
sync_recv(struct sync *sync, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	switch (frame->type) {
	case FRAME_DIGEST:
		return recv_digest(sync, now, from, frame, fx);
	case FRAME_VECTOR:
		return recv_vector(sync, now, from, frame, fx);
	case FRAME_WANT:
		return sync_recv_want(sync, now, from, frame, fx);
	case FRAME_TAIL:
		return sync_recv_tail(sync, now, from, frame, fx);
	default:
		return VERDICT_MALFORMED;
	}
}

void
sync_page_ended(struct sync *sync, instant_ms now, struct room *room,
    const struct id *from, struct effects *fx)
{
	bool found;
	size_t at = place(sync, &room->id, &found);

	if (found && catchup_ended(&sync->items[at]->catchup, from,
			 &room->accepted)) {
		ask_missing(sync, sync->items[at], now, fx);
		ask_waiting(sync, now, fx);
	}
}

void
sync_delivered(struct sync *sync, instant_ms now, struct room *room,
    const struct bundle *bundle, struct effects *fx)
{
	struct sync_room *sr;

	if (!room->joined)
		return;
	sr = obtain(sync, now, room);
	sr->moved_at = now;
	if (sr->catchup.count > 0)
		sr->fetched++;
	if (catchup_delivered(&sr->catchup, now, &bundle->stream,
		bundle->seq)) {
		ask_missing(sync, sr, now, fx);
		ask_waiting(sync, now, fx);
	} else if (catchup_idle(&sr->catchup)) {
		ask_missing(sync, sr, now, fx);
	}
	if (sr->older.wanted && sr->older.until == NEVER)
		older_look(sync, sr, now, fx);
}

/* -- time ---------------------------------------------------------------- */

static void
expire_room(struct sync *sync, struct sync_room *sr, instant_ms now,
    struct effects *fx)
{
	bool company = sr->room->audience_count > 0;
	struct id peer;

	if (now >= sr->catchup.until) {
		if (catchup_expire(&sr->catchup, &peer))
			pair_obtain(sr, &peer)->not_before =
			    now + FRUITLESS_MS;
		ask_missing(sync, sr, now, fx);
		ask_waiting(sync, now, fx);
	}
	if (now >= sr->older.until)
		older_look(sync, sr, now, fx);
	if (now >= sr->tail_until) {
		tail_ask_other(sync, sr, now, fx);
		ask_missing(sync, sr, now, fx);
	}
	if (company && now >= sr->again_at) {
		sr->again_at = NEVER;
		greet(sync, sr, fx);
	}
	if (company && now >= sr->round_at) {
		sr->round_at = now + ROUND_MS;
		greet(sync, sr, fx);
		if (sr->room->past == PAST_UNKNOWN)
			tail_ask(sync, sr, now,
			    &sr->room->audience[rng_below(sync->rng,
				sr->room->audience_count)],
			    false, fx);
	}
}

void
sync_expire(struct sync *sync, instant_ms now, struct effects *fx)
{
	for (size_t i = 0; i < sync->count; i++)
		expire_room(sync, sync->items[i], now, fx);
	tail_ask_next(sync, now, fx);
}

instant_ms
sync_deadline(const struct sync *sync)
{
	instant_ms deadline = NEVER;

	for (size_t i = 0; i < sync->count; i++) {
		const struct sync_room *sr = sync->items[i];

		deadline = instant_earlier(deadline, sr->catchup.until);
		deadline = instant_earlier(deadline, sr->older.until);
		deadline = instant_earlier(deadline, sr->tail_until);
		if (sr->tail_due)
			deadline = instant_earlier(deadline, sync->tail_free);
		if (sr->room->audience_count == 0)
			continue;
		deadline = instant_earlier(deadline, sr->again_at);
		deadline = instant_earlier(deadline, sr->round_at);
	}
	return deadline;
}
