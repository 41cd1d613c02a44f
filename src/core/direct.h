/*
 * direct: which room is that of the two ends of a link.
 *
 * Its id is a hash that the host makes (crypto/names) and tells with each
 * link, so that a frame about a room nobody knows yet can be told from one
 * that is nobody's business here: a direct room is opened for the other of
 * its two alone.
 */
#ifndef DCHAT_CORE_DIRECT_H
#define DCHAT_CORE_DIRECT_H

#include "core/frame.h"

struct direct;

struct directs {
	struct direct *items;	/* ascending by room */
	size_t count, cap;
};

void directs_init(struct directs *directs);
void directs_free(struct directs *directs);

/* Beyond LIMIT_MEMBERS the others stay unknown. */
void directs_learn(struct directs *directs, const struct id *room,
    const struct id *peer);

/* Whose direct room with me it is; NULL: nobody's that I know. */
const struct id *directs_peer(const struct directs *directs,
    const struct id *room);

#endif
