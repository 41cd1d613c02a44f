/*
 * holdback: bundles of one room that wait for their causes.
 *
 * Each is filed twice: by its name (stream, seq), and under the first cause
 * it lacks, so that a step forward of one stream looks only at what waited
 * for it.  Once that cause is there the next one it lacks takes its place.
 */
#ifndef DCHAT_CORE_HOLDBACK_H
#define DCHAT_CORE_HOLDBACK_H

#include "core/vclock.h"

struct held {
	struct bundle *bundle;	/* own copy */
	struct id from;
	instant_ms since;
	/* Somebody else has it, as what they said since shows: from then on;
	 * NEVER: nobody is known to. */
	instant_ms vouched_at;
	size_t bytes;
	bool backlog;
	bool gap;		/* something before it was given up */
	bool waiting;		/* filed under lacks */
	struct dependency lacks;	/* the first cause that is not there */
	bool *waived;		/* dependencies given up; NULL: none */
};

struct holdback {
	struct held **items;	/* ascending by stream, seq */
	size_t count, cap;
	size_t bytes;
	struct held **waiting;	/* ascending by lacks, then name */
	size_t waiting_count, waiting_cap;
};

void holdback_init(struct holdback *holdback);
void holdback_free(struct holdback *holdback);
void holdback_clear(struct holdback *holdback);

struct held *holdback_find(const struct holdback *holdback,
    const struct stream *stream, uint64_t seq);

/* The lowest one of a stream above a number; NULL when there is none. */
struct held *holdback_above(const struct holdback *holdback,
    const struct stream *stream, uint64_t seq);

/* Where the first one of an author stands in items, or would. */
size_t holdback_of_author(const struct holdback *holdback,
    const struct id *author);

/*
 * The first cause of a bundle that the clock does not satisfy; false when
 * there is none.  waived may be NULL.
 */
bool holdback_lacks(const struct bundle *bundle, const bool *waived,
    const struct vclock *accepted, struct dependency *lacks);

/*
 * Keeps a copy of a bundle that is not there yet.  Where a bound of
 * base/limits.h is passed, the newest of the heaviest author is dropped;
 * false when that was this one.
 */
bool holdback_add(struct holdback *holdback, instant_ms now,
    const struct id *from, const struct bundle *bundle, bool backlog,
    const struct dependency *lacks);

/* Files one that is not waiting under what it lacks. */
void holdback_wait(struct holdback *holdback, struct held *held,
    const struct dependency *lacks);

/* Takes one out of the waiting; it stays known by its name. */
void holdback_rouse(struct holdback *holdback, struct held *held);

/* The number-th of those that wait for this very one; NULL: there are no
 * more. */
const struct held *holdback_waiter(const struct holdback *holdback,
    const struct held *held, size_t number);

/* Rouses and returns one that waited for a number of the stream up to top;
 * NULL when none is left. */
struct held *holdback_release(struct holdback *holdback,
    const struct stream *stream, uint64_t top);

/* What one really waits for: what it lacks may be held back itself.  NULL
 * when that leads nowhere. */
const struct dependency *holdback_root(const struct holdback *holdback,
    const struct held *held);

/*
 * Somebody else was seen to have this cause of theirs, if it is held here,
 * and so all before it in its stream: they are vouched for.  Returns the
 * lowest of these; NULL when it is not held, or was vouched for before.
 */
struct held *holdback_vouch(struct holdback *holdback,
    const struct dependency *cause, instant_ms at);

/* It waits no longer for this one of its dependencies; to be roused and
 * looked at again. */
void holdback_waive(struct held *held, size_t dependency);

/* Takes it out altogether and frees it. */
void holdback_drop(struct holdback *holdback, struct held *held);

/*
 * The causes, neither satisfied nor held, of those that one peer sent, and
 * what these really wait for; ascending.  Where they are too many, each author has its share of them.
 * Returns how many ranges were written, at most max; *any: it sent some.
 */
size_t holdback_missing(const struct holdback *holdback,
    const struct vclock *accepted, const struct id *sender,
    struct stream_range *out, size_t max, bool *any);

#endif
