/*
 * ring: the view as a circle, and who stands beside whom.
 *
 * The view is the set of members believed alive or suspected.  All nodes
 * with the same view derive the same ring; nothing is negotiated.  Sorted
 * by id; as an experiment (Hirschberg and Sinclair's n log n case) by
 * hash(id, term), where neighbours are unrelated to ids.
 */
#ifndef DCHAT_CORE_RING_H
#define DCHAT_CORE_RING_H

#include "base/id.h"
#include "core/frame.h"

struct ring {
	struct id *ids;		/* ascending, oneself included */
	size_t count;
	uint64_t hash;		/* of the set; equal views, equal hashes */
};

void ring_init(struct ring *ring);	/* empty */
void ring_free(struct ring *ring);

/* ids ascending, without duplicates; copied. */
void ring_set(struct ring *ring, const struct id *ids, size_t count);
void ring_copy(struct ring *ring, const struct ring *from);
bool ring_has(const struct ring *ring, const struct id *id);

/*
 * The neighbour of a member in a direction; itself when alone.  id must be
 * in the ring.
 */
const struct id *ring_next(const struct ring *ring, const struct id *id,
    enum direction direction);

/* The same in the ring ordered by hash(id, term) when hashed is true. */
const struct id *ring_next_in_term(const struct ring *ring,
    const struct id *id, enum direction direction, bool hashed,
    uint64_t term);

/*
 * Steps from one member to another in a direction: 0 .. count - 1.  Both
 * must be in the ring.
 */
size_t ring_distance(const struct ring *ring, const struct id *from,
    const struct id *to, enum direction direction);

/*
 * Up to each neighbours on either side, each once, ascending by id, without
 * oneself; returns how many were written (at most 2 * each).
 */
size_t ring_neighbours(const struct ring *ring, const struct id *id,
    size_t each, struct id *out);

#endif
