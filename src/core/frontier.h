/*
 * frontier: the heads of what was delivered in a room, which are the direct
 * dependencies of whatever is said next.
 *
 * A bundle is a head until something that depends on it is delivered.  At
 * most one head a stream, for each bundle depends on the one before it.
 */
#ifndef DCHAT_CORE_FRONTIER_H
#define DCHAT_CORE_FRONTIER_H

#include "core/vclock.h"

struct frontier {
	struct dependency *heads;	/* ascending by stream */
	size_t count, cap;
};

void frontier_init(struct frontier *frontier);
void frontier_free(struct frontier *frontier);

/* The bundle was delivered just now and stands in the clock. */
void frontier_advance(struct frontier *frontier, const struct bundle *bundle,
    const struct vclock *delivered);

/* The heads of an earlier run, ascending by stream; there are none yet. */
void frontier_restore(struct frontier *frontier,
    const struct dependency *heads, size_t count);

/*
 * The heads but that of one's own stream, which each bundle implies: writes
 * the first LIMIT_DEPENDENCIES of them, returns how many there are.
 */
size_t frontier_causes(const struct frontier *frontier,
    const struct stream *own,
    struct dependency out[static LIMIT_DEPENDENCIES]);

#endif
