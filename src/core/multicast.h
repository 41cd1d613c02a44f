/*
 * multicast: causal multicast of signed bundles.
 *
 * Say: messages of a room wait in its outbox while one bundle is being
 * published; the next bundle takes all of them (group commit without a
 * timer).  A bundle names its direct dependencies, the heads of what its
 * author had delivered.  Receive: a bundle is held back until the previous
 * one of its stream and all its dependencies are satisfied, then handed to
 * the store, and delivered when the store has it.  In runs without gaps
 * this is the vector rule of Birman, Schiper and Stephenson (1991, section
 * 5), with a mean of two entries instead of a vector.
 *
 * What is missing is asked for from whoever sent the orphan, then from the
 * others of the room's audience, 200 ms to 5 s apart; when nobody alive
 * could give it for 30 s (2 s when a member shows the hole already, who has
 * waited before me) it becomes a hole, the next message carries `gap`, and
 * delivery goes on.  A hole filled later
 * slides into its place.
 *
 *   publish:  say -> PUBLISH -> published -> deliver to oneself, SEND_MANY
 *   receive:  recv -> held -> STORE -> stored -> NOTIFY message
 */
#ifndef DCHAT_CORE_MULTICAST_H
#define DCHAT_CORE_MULTICAST_H

#include "core/effect.h"
#include "core/hlc.h"
#include "core/past.h"
#include "core/room.h"
#include "core/verdict.h"

struct multicast_room;	/* outbox, held back, heads of one room */

struct multicast_name;	/* of a bundle of this run, with its hash */
struct multicast_doubt; /* is one that came the one that the store has? */

/* Somebody gave one number twice; copied: in two runs, by no fault. */
struct multicast_fork {
	struct id room, author;
	bool copied;
	bool told;		/* to people, by the node */
};

struct multicast {
	struct id self;
	uint64_t epoch, nonce;
	/* The epoch is one of an earlier run, and there may be numbers of
	 * it that were forgotten: then this one is next. */
	bool epoch_restored;
	uint64_t spare_epoch;
	wall_ms wall;		/* when something was last said */
	struct rooms *rooms;	/* the node's */
	struct hlc hlc;
	struct multicast_room **items;	/* ascending by room id */
	size_t count, cap;
	uint64_t delivered;	/* messages, for the counters */
	uint64_t bundles_received;
	uint64_t duplicates;
	struct multicast_name *names;	/* the last ones */
	struct multicast_fork *forks;	/* as they were found */
	size_t fork_count, fork_cap;
	struct multicast_doubt *doubts; /* in the order asked */
	size_t doubt_count, doubt_cap;
};

/* rooms must outlive it; epoch and nonce are drawn for this run. */
void multicast_init(struct multicast *mc, const struct id *self,
    uint64_t epoch, uint64_t nonce, struct rooms *rooms);
void multicast_free(struct multicast *mc);

/* The clock of earlier runs, and that the epoch is theirs; spare is drawn
 * for the case that somebody knows more of my streams than I do. */
void multicast_restore(struct multicast *mc, const struct node_past *past,
    uint64_t spare_epoch);
/* A proof that an earlier run kept. */
void multicast_restore_fork(struct multicast *mc,
    const struct past_fork *fork);
/* What earlier runs delivered in a room; nothing was in this one. */
void multicast_restore_room(struct multicast *mc, struct room *room,
    const struct past_room *past);

/*
 * A peer's vector came.  Where it shows more of my stream than I know,
 * nothing is said in the room until what it shows has come (and its
 * signature is the proof on which a new epoch begins) or did not for a while.
 */
void multicast_compare(struct multicast *mc, instant_ms now,
    const struct id *room, const struct vector_entry *entries, size_t count,
    struct effects *fx);

/*
 * Says a message in a joined room.  The verb (SAY, DM) and the token come
 * back in the OK of the bundle's PUBLISHED, or in an ERROR.  The message is
 * copied.  An error means that nothing was queued: NOT_JOINED, what
 * message_check() found, BUSY (LIMIT_OUTBOX); the caller answers it.
 */
enum error multicast_say(struct multicast *mc, instant_ms now, wall_ms wall,
    struct room *room, enum dchat_verb verb, uint64_t token,
    const struct message *message, struct effects *fx);

/*
 * My own bundle is signed and safe: answers OK for each message (with msg),
 * delivers to myself (NOTIFY message, live, token), sends it to the
 * audience, and publishes what was said meanwhile.
 */
void multicast_published(struct multicast *mc, instant_ms now, wall_ms wall,
    const struct bundle *bundle, struct effects *fx);
/* It could not be signed or stored: ERROR for each of its messages. */
void multicast_publish_failed(struct multicast *mc, instant_ms now,
    wall_ms wall, const struct id *room, enum error error,
    struct effects *fx);

/* True while something said is not yet published. */
bool multicast_pending(const struct multicast *mc);

/* True when one of this name is delivered, in the store's hands or held
 * back. */
bool multicast_knows(const struct multicast *mc, const struct id *room,
    const struct stream *stream, uint64_t seq);

/* Another one of this name, with another hash, is known. */
bool multicast_differs(const struct multicast *mc,
    const struct bundle *bundle);
/* It is known, and this very one: the host need not verify it. */
bool multicast_recognizes(const struct multicast *mc,
    const struct bundle *bundle);
/* The answer to a FETCH for myself: whether one that came, of an old number,
 * is the one that the store has. */
void multicast_looked_up(struct multicast *mc, instant_ms now,
    const struct id *room, const struct bundle *const *bundles, size_t count,
    struct effects *fx);
/* The author was seen to say two things under one number. */
bool multicast_forked(const struct multicast *mc, const struct id *author);

/* A verified bundle.  backlog: it was asked for (live:false). */
enum verdict multicast_recv(struct multicast *mc, instant_ms now,
    const struct id *from, const struct bundle *bundle, bool backlog,
    struct effects *fx);

/* The store has it: deliver. */
void multicast_stored(struct multicast *mc, instant_ms now,
    const struct bundle *bundle, struct effects *fx);

/* A BASE frame: a holder has nothing at or below these.  Raises mine only
 * below what I hold or have, and only where nothing at all is HERE yet; where
 * something is, and less, the next message tells a gap. */
void multicast_bases(struct multicast *mc, instant_ms now, struct room *room,
    const struct dependency *bases, size_t count, struct effects *fx);

/* The room was left: outbox answered with NOT_JOINED, held back dropped.
 * Clocks stay, so that coming back fetches only what was missed. */
void multicast_parted(struct multicast *mc, instant_ms now,
    struct room *room, struct effects *fx);

size_t multicast_held(const struct multicast *mc, const struct id *room);
/* Whose messages of a room wait and for whose; in the arena of fx, nicks
 * left out.  Returns how many authors. */
size_t multicast_holdings(const struct multicast *mc, instant_ms now,
    const struct id *room, const struct dchat_holding **out,
    struct effects *fx);

void multicast_expire(struct multicast *mc, instant_ms now,
    struct effects *fx);
instant_ms multicast_deadline(const struct multicast *mc);

#endif
