/*
 * catchup: what one room still lacks, and of whom it is asked.
 *
 * Vectors of several peers show what they have and I lack; mostly the same.
 * One peer at a time is asked for a page of bundles (spread over
 * the streams in proportion, which comes near to causal order), then for
 * the next one, until nothing is left.  A peer that gives nothing for a
 * while is passed over.
 */
#ifndef DCHAT_CORE_CATCHUP_H
#define DCHAT_CORE_CATCHUP_H

#include "core/vclock.h"

enum { CATCHUP_SOURCES = 8 };	/* peers remembered */

struct catchup_source {
	struct id peer;
	struct stream_range *ranges;	/* ascending, disjoint */
	size_t count, cap;
};

struct catchup {
	struct catchup_source sources[CATCHUP_SOURCES];	/* first is asked */
	size_t count;
	struct stream_range asked[LIMIT_PAGE_BUNDLES];	/* of the first */
	size_t asked_count;
	uint64_t left;		/* numbers of it that did not come yet */
	bool fruitful;		/* some did */
	instant_ms until;	/* patience with it; NEVER: nothing asked */
};

void catchup_init(struct catchup *catchup);
void catchup_free(struct catchup *catchup);

/* A peer has these and I lack them. */
void catchup_offer(struct catchup *catchup, const struct id *peer,
    const struct stream *stream, struct range range);

/* The peer is gone. */
void catchup_lost(struct catchup *catchup, const struct id *peer);

/*
 * The peer has sent the last of the page that it was asked for, or of an
 * earlier one.  True when something of it came: next.  Else it is waited
 * for as before, in case it is not the end after all.
 */
bool catchup_ended(struct catchup *catchup, const struct id *peer,
    const struct vclock *accepted);

/* This was delivered.  True when it was the last of a page: next. */
bool catchup_delivered(struct catchup *catchup, instant_ms now,
    const struct stream *stream, uint64_t seq);

/*
 * What to ask for now, and of whom: asked and sources[0].peer.  False when
 * a page is still coming in, or when nothing is lacking.
 */
bool catchup_next(struct catchup *catchup, instant_ms now,
    const struct vclock *accepted);

/* Something is lacking, and nobody was asked for it yet. */
bool catchup_idle(const struct catchup *catchup);
/* How many numbers are known to be lacking; of those that several have, what
 * came of one of them is lacking no more. */
uint64_t catchup_lacking(const struct catchup *catchup,
    const struct vclock *accepted);

/*
 * To be called at `until`, then catchup_next().  True when the peer gave
 * nothing and was passed over; it is written to *peer.
 */
bool catchup_expire(struct catchup *catchup, struct id *peer);

#endif
