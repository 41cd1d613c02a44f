/*
 * multicast_forked: two bundles under one number.
 *
 * An author gives each number of a stream once.  Two bundles, both signed,
 * of one number and of one run of its author are a lie that proves itself;
 * of two runs they come from a profile that was copied, and nobody lied.
 * Whoever sees both keeps the second as proof beside the first, tells
 * people, marks the author, and shows both to the room once.  Of the two
 * the one with the lower hash is shown, at every node; but never one whose
 * causes are not here in place of one whose causes are, or the author could
 * keep waiting whoever depends on it.
 *
 * The hashes of the last bundles of this run (MEMORY of them) stay here when
 * they have gone to the store.  Another one of an older number waits until
 * the store has told which it has.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "core/multicast_room.h"

enum {
	MEMORY = 2048,   /* names remembered, a power of two */
	FORKS_MAX = 256, /* authors of rooms that were told of */
	DOUBTS_MAX = 16, /* the store is asked about at once */
};

struct multicast_name {
	struct id room;
	struct stream stream;
	uint64_t seq, nonce;
	struct id hash;
};

struct multicast_doubt {
	struct id from;
	struct bundle *bundle; /* ours */
};

static size_t
slot(const struct id *room, const struct stream *stream, uint64_t seq)
{
	uint64_t hash = hash_bytes(HASH_START, room->bytes, ID_BYTES);

	hash = hash_bytes(hash, stream->author.bytes, ID_BYTES);
	hash = hash_number(hash_number(hash, stream->epoch), seq);
	return (size_t)(hash_finish(hash) % MEMORY);
}

void
multicast_remember_name(struct multicast *mc, const struct bundle *bundle)
{
	if (mc->names == NULL)
		mc->names = mem_zero(MEMORY, sizeof *mc->names);
	mc->names[slot(&bundle->room, &bundle->stream, bundle->seq)] =
	    (struct multicast_name){ bundle->room, bundle->stream,
		    bundle->seq, bundle->nonce, bundle->hash };
}

static const struct multicast_name *
recall(const struct multicast *mc, const struct id *room,
    const struct stream *stream, uint64_t seq)
{
	const struct multicast_name *name;

	if (mc->names == NULL)
		return NULL;
	name = &mc->names[slot(room, stream, seq)];
	return name->seq == seq && id_equal(&name->room, room) &&
		stream_compare(&name->stream, stream) == 0
	    ? name
	    : NULL;
}

/* Of the one of this number that is held or was here; NULL: not remembered. */
static const struct id *
known_hash(const struct multicast *mc, const struct bundle *bundle)
{
	const struct multicast_room *mr =
	    multicast_find_room(mc, &bundle->room);
	const struct held *held = mr == NULL
	    ? NULL
	    : holdback_find(&mr->held, &bundle->stream, bundle->seq);
	const struct multicast_name *name;

	if (held != NULL)
		return &held->bundle->hash;
	name = recall(mc, &bundle->room, &bundle->stream, bundle->seq);
	return name == NULL ? NULL : &name->hash;
}

bool
multicast_differs(const struct multicast *mc, const struct bundle *bundle)
{
	const struct id *known = known_hash(mc, bundle);

	return known != NULL && !id_equal(known, &bundle->hash);
}

bool
multicast_recognizes(const struct multicast *mc, const struct bundle *bundle)
{
	const struct id *known = known_hash(mc, bundle);

	return known != NULL && id_equal(known, &bundle->hash);
}

void
multicast_look_up(struct multicast *mc, const struct id *from,
    const struct bundle *bundle, struct effects *fx)
{
	const struct stream_range range = { bundle->stream,
		{ bundle->seq, bundle->seq } };

	if (mc->doubt_count >= DOUBTS_MAX)
		return;
	for (size_t i = 0; i < mc->doubt_count; i++)
		if (id_equal(&mc->doubts[i].bundle->hash, &bundle->hash))
			return;
	MEM_GROW(mc->doubts, mc->doubt_count, mc->doubt_cap);
	mc->doubts[mc->doubt_count++] =
	    (struct multicast_doubt){ *from, bundle_clone(bundle) };
	effects_fetch_ranges(fx, &mc->self, &bundle->room, &range, 1);
}

void
multicast_looked_up(struct multicast *mc, instant_ms now,
    const struct id *room_id, const struct bundle *const *bundles, size_t count,
    struct effects *fx)
{
	const struct room *room = rooms_find(mc->rooms, room_id);
	struct multicast_doubt doubt;
	size_t at = 0;

	while (at < mc->doubt_count &&
	    !id_equal(&mc->doubts[at].bundle->room, room_id))
		at++;
	if (at == mc->doubt_count)
		return;
	doubt = mc->doubts[at];
	MEM_REMOVE(mc->doubts, mc->doubt_count, at);
	for (size_t i = 0; i < count; i++)
		multicast_remember_name(mc, bundles[i]);
	if (room != NULL && room->joined && count > 0 &&
	    multicast_differs(mc, doubt.bundle))
		multicast_recv_other(mc, now, &doubt.from, doubt.bundle, true,
		    fx);
	bundle_free(doubt.bundle);
}

void
multicast_free_doubts(struct multicast *mc)
{
	while (mc->doubt_count > 0)
		bundle_free(mc->doubts[--mc->doubt_count].bundle);
	free(mc->doubts);
	mc->doubts = NULL;
	mc->doubt_cap = 0;
}

bool
multicast_forked(const struct multicast *mc, const struct id *author)
{
	for (size_t i = 0; i < mc->fork_count; i++)
		if (id_equal(&mc->forks[i].author, author) &&
		    !mc->forks[i].copied)
			return true;
	return false;
}

/* Told of once; false when it was, or when there are too many. */
static bool
note(struct multicast *mc, const struct id *room, const struct id *author,
    bool copied)
{
	for (size_t i = 0; i < mc->fork_count; i++)
		if (id_equal(&mc->forks[i].author, author) &&
		    id_equal(&mc->forks[i].room, room) &&
		    mc->forks[i].copied == copied)
			return false;
	if (mc->fork_count >= FORKS_MAX)
		return false;
	MEM_GROW(mc->forks, mc->fork_count, mc->fork_cap);
	mc->forks[mc->fork_count++] =
	    (struct multicast_fork){ *room, *author, copied, false };
	return true;
}

/* Both to the room, so that everybody can see it with their own eyes: the
 * one that came now from here, the other as well when it was held, or else
 * from the store. */
static void
spread(const struct multicast_room *mr, const struct id *from,
    const struct bundle *bundle, const struct held *held, struct effects *fx)
{
	const struct room *room = mr->room;
	const struct stream_range range = { bundle->stream,
		{ bundle->seq, bundle->seq } };
	struct frame frame = { .type = FRAME_BUNDLE };
	struct frame other = { .type = FRAME_BUNDLE };

	frame.bundle.bundle = *bundle;
	frame.bundle.backlog = true;
	if (held != NULL)
		other.bundle.bundle = *held->bundle;
	other.bundle.backlog = true;
	for (size_t i = 0; i < room->audience_count; i++) {
		const struct id *to = &room->audience[i];

		if (!id_equal(to, from))
			effects_send(fx, to, &frame);
		if (held != NULL)
			effects_send(fx, to, &other);
		else
			effects_fetch_ranges(fx, to, &room->id, &range, 1);
	}
}

static void
keep_proof(struct multicast_room *mr, const struct bundle *bundle,
    bool copied, struct effects *fx)
{
	const struct keep proof = {
		.kind = KEEP_PROOF,
		.bundle = bundle,
		.copied = copied,
	};
	char author[ID_SHORT_TEXT];

	effects_keep(fx, &proof);
	effects_trace(fx, "has two bundles %s:%llu of %s",
	    id_format_short(&bundle->stream.author, author),
	    (unsigned long long)bundle->seq, mr->room->name);
}

enum verdict
multicast_recv_other(struct multicast *mc, instant_ms now,
    const struct id *from, const struct bundle *bundle, bool backlog,
    struct effects *fx)
{
	struct multicast_room *mr = multicast_find_room(mc, &bundle->room);
	struct held *held =
	    holdback_find(&mr->held, &bundle->stream, bundle->seq);
	const struct multicast_name *name =
	    recall(mc, &bundle->room, &bundle->stream, bundle->seq);
	struct stream own = multicast_own_stream(mc);
	uint64_t nonce = held != NULL ? held->bundle->nonce : name->nonce;
	struct id hash = held != NULL ? held->bundle->hash : name->hash;
	bool copied = nonce != bundle->nonce;
	struct dependency lacks;
	bool waits =
	    holdback_lacks(bundle, NULL, &mr->room->accepted, &lacks);
	bool lower = id_compare(&bundle->hash, &hash) < 0;
	bool taken = held == NULL ? lower && !waits : lower || !waits;

	if (note(mc, &bundle->room, &bundle->stream.author, copied)) {
		keep_proof(mr,
		    held != NULL && taken ? held->bundle : bundle, copied, fx);
		spread(mr, from, bundle, held, fx);
	}
	/* A copy of my profile gives the same numbers: mine are others from
	 * now on (when nothing is in the store's hands; it comes again). */
	if (stream_compare(&bundle->stream, &own) == 0)
		multicast_leave_epoch(mc, fx);
	if (!taken)
		return VERDICT_DUPLICATE;
	if (held == NULL) {
		multicast_swap(mc, mr, bundle, fx);
		return VERDICT_ACCEPTED;
	}
	holdback_drop(&mr->held, held);
	return multicast_take(mc, mr, now, from, bundle, backlog, fx);
}

void
multicast_restore_fork(struct multicast *mc, const struct past_fork *fork)
{
	if (note(mc, &fork->room, &fork->author, fork->copied))
		mc->forks[mc->fork_count - 1].told = true;
}
