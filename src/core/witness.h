/*
 * witness: what peers have shown to hold of what others said.
 *
 * Only what is sure: the ranges of a vector that a peer sent, what it
 * acknowledged of mine, and that a peer was in a room before something was
 * said there.  Whoever is asked "who has it?" about a message that has no
 * receipt, another's or a stable one, answers from this.
 */
#ifndef DCHAT_CORE_WITNESS_H
#define DCHAT_CORE_WITNESS_H

#include "core/frame.h"

enum {
	WITNESS_PAIRS = 1024,	/* of room and peer; then the others are */
	WITNESS_RANGES = 1024,	/* not known, as are more of one pair */
	WITNESS_SETTLED_MS = 10000,	/* one's past may begin so late */
};

struct witness_pair;

struct witness {
	struct witness_pair *items;	/* ascending by room, peer */
	size_t count, cap;
};

void witness_init(struct witness *witness);
void witness_free(struct witness *witness);

/* The peer is seen in the room; hlc: the latest key here. */
void witness_met(struct witness *witness, const struct id *room,
    const struct id *peer, uint64_t hlc);
/* A VECTOR, already judged. */
void witness_vector(struct witness *witness, const struct id *from,
    const struct frame *frame);

/* An ACK, already judged, of a stream of mine. */
void witness_ack(struct witness *witness, const struct id *self,
    const struct id *from, const struct frame *frame);

/*
 * Does the peer hold the bundle (its header will do)?  same: its clock of
 * the room has the digest of mine, and the bundle is here.
 */
bool witness_holds(const struct witness *witness, const struct id *peer,
    const struct bundle *bundle, bool same);

#endif
