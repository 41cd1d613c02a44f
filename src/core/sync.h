/*
 * sync: anti-entropy, so that members of a room converge whatever was lost.
 *
 * Digests of rooms are compared at link-up, in pings, and every 5 s per
 * room with the two neighbours on the ring of the room's audience and one
 * random member (Demers et al. 1987).  Where they differ the vectors are
 * exchanged (paged); each side then asks for the ranges it lacks.  The one
 * asked answers a page of bundles; the one who asks asks again until it has
 * all, so a server of history keeps no state.  A pair whose exchange
 * brought nothing is not exchanged again until one side's digest changes.
 *
 * On joining a room that is new to it a node asks one donor for the TAIL:
 * bases, then the last LIMIT_TAIL messages; and again 2 s later by
 * comparing digests, for whoever had not yet heard of the joining.  What is
 * older than that is fetched when somebody wants to see it.  Of many rooms
 * that were joined at once one is asked for while another one's tail comes
 * in, first joined first: what is said meanwhile waits behind two at most.
 */
#ifndef DCHAT_CORE_SYNC_H
#define DCHAT_CORE_SYNC_H

#include "base/rng.h"
#include "core/effect.h"
#include "core/room.h"
#include "core/verdict.h"

struct sync_room;	/* exchanges under way in one room */
struct sync_fetch;	/* a FETCH not yet answered */

struct sync {
	struct id self;
	struct rooms *rooms;	/* the node's */
	struct rng *rng;	/* the node's */
	struct sync_room **items;	/* ascending by room id */
	size_t count, cap;
	struct sync_fetch *fetches;	/* oldest first */
	size_t fetch_count, fetch_cap;
	uint64_t turns;		/* rooms so far */
	struct id tail_room;	/* whose bases are awaited, and others' */
	instant_ms tail_free;	/* tails not asked for until they come, or now */
};

void sync_init(struct sync *sync, const struct id *self, struct rooms *rooms,
    struct rng *rng);
void sync_free(struct sync *sync);

/* Joined (its audience is already set): ask a donor. */
void sync_joined(struct sync *sync, instant_ms now, struct room *room,
    struct effects *fx);
void sync_parted(struct sync *sync, const struct room *room,
    struct effects *fx);

/* A member is in a room's audience now and linked: compare with it. */
void sync_met(struct sync *sync, instant_ms now, struct room *room,
    const struct id *peer, struct effects *fx);
/* It cannot be asked any more: what it owed is asked of others. */
void sync_lost(struct sync *sync, instant_ms now, const struct id *peer,
    struct effects *fx);

/* The last digest heard of a peer is that of the room here. */
bool sync_same(const struct sync *sync, const struct room *room,
    const struct id *peer);

/* Digests of the joined rooms shared with a peer, for a ping to it; in the
 * arena of fx.  Returns how many, at most LIMIT_DIGESTS. */
size_t sync_digests(struct sync *sync, const struct id *peer,
    const struct room_digest **out, struct effects *fx);
/* Digests that came in a ping. */
void sync_compare(struct sync *sync, instant_ms now, const struct id *peer,
    const struct room_digest *digests, size_t count, struct effects *fx);

/* A BASE frame with so many bases came. */
void sync_based(struct sync *sync, instant_ms now, struct room *room,
    const struct id *from, size_t bases, struct effects *fx);
/* DIGEST, VECTOR, WANT, TAIL. */
enum verdict sync_recv(struct sync *sync, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx);

/*
 * Somebody here wants about so many messages (LIMIT_PAGE_MESSAGES at most)
 * that are older than what is held of a room.  They are fetched from peers,
 * as far as one page goes, and handed to the store; answered once by
 * EFFECT_OLDER, which stands for all wishes that came meanwhile.
 */
void sync_older(struct sync *sync, instant_ms now, const struct id *room,
    unsigned messages, struct effects *fx);
/* One of them came; or the end of the page, or (as BASE) that there are
 * none. */
void sync_older_came(struct sync *sync, instant_ms now,
    const struct room *room);
void sync_older_ended(struct sync *sync, instant_ms now,
    const struct room *room, const struct id *from, struct effects *fx);

/*
 * History came from the store: sends it on (of a tail BASE first, then
 * BUNDLEs).  Each FETCH is answered once; those of one peer and room in
 * their order.
 */
void sync_fetched(struct sync *sync, instant_ms now, const struct id *to,
    const struct id *room, const struct dependency *bases, size_t base_count,
    const struct bundle *const *bundles, size_t count, struct effects *fx);

/* The last bundle of a page that was asked for came (and was received). */
void sync_page_ended(struct sync *sync, instant_ms now, struct room *room,
    const struct id *from, struct effects *fx);

/* A bundle of the room was delivered: an exchange may go on. */
void sync_delivered(struct sync *sync, instant_ms now, struct room *room,
    const struct bundle *bundle, struct effects *fx);

void sync_expire(struct sync *sync, instant_ms now, struct effects *fx);
instant_ms sync_deadline(const struct sync *sync);

#endif
