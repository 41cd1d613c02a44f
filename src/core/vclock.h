/*
 * vclock: the vector clock of one room, what of it is here.
 *
 * Per stream (author, epoch): base, top and the holes between.  Number s of
 * a stream is HERE when base < s <= top and s is in no hole; it counts as
 * SATISFIED for causality also when s <= base (given up for good) or in a
 * hole (given up for now).  Streams ascending; at most LIMIT_STREAMS, with
 * at most LIMIT_HOLES holes each.  Vector clocks: Fidge 1988, Mattern 1989.
 */
#ifndef DCHAT_CORE_VCLOCK_H
#define DCHAT_CORE_VCLOCK_H

#include <stdbool.h>

#include "core/frame.h"

struct vclock_entry {
	struct stream stream;
	uint64_t base, top;	/* base <= top */
	struct range *holes;	/* ascending, disjoint, within base+1..top */
	size_t hole_count, hole_cap;
};

struct vclock {
	struct vclock_entry *entries;	/* ascending by stream */
	size_t count, cap;
};

void vclock_init(struct vclock *clock);
void vclock_free(struct vclock *clock);

/* NULL when nothing of the stream is known. */
const struct vclock_entry *vclock_find(const struct vclock *clock,
    const struct stream *stream);
uint64_t vclock_top(const struct vclock *clock, const struct stream *stream);

bool vclock_here(const struct vclock *clock, const struct stream *stream,
    uint64_t seq);
bool vclock_satisfied(const struct vclock *clock,
    const struct stream *stream, uint64_t seq);

/*
 * Number seq is here now: top + 1 (extends) or in a hole (fills).  False
 * when it would leave a gap, is here already, or a bound is reached.
 */
bool vclock_add(struct vclock *clock, const struct stream *stream,
    uint64_t seq);

/*
 * Gives up top+1..last for now: a hole at the top.  Where that would be one
 * hole too many the oldest is given up for good.  False when there are too
 * many streams.
 */
bool vclock_add_hole(struct vclock *clock, const struct stream *stream,
    uint64_t last);

/* Gives up all at or below base for good; never lowers anything.  False
 * when there are too many streams. */
bool vclock_raise_base(struct vclock *clock, const struct stream *stream,
    uint64_t base);

/*
 * Number seq, at or below the base, is here after all: the base is right
 * below it now, and what lies between is a hole.  False when it is above the
 * base, or that would be one hole too many.
 */
bool vclock_lower(struct vclock *clock, const struct stream *stream,
    uint64_t seq);

/* An entry of an earlier run, just as vclock_entry_view() gave it; nothing
 * is known of its stream yet.  False when there are too many streams. */
bool vclock_restore(struct vclock *clock, const struct vector_entry *entry);

/* 64-bit hash over (stream, top, holes): equal sets, equal digests.  Bases
 * are left out: who came late has the same digest as who was there. */
uint64_t vclock_digest(const struct vclock *clock);

/* The same as entries for a VECTOR frame, borrowed from the clock. */
struct vector_entry vclock_entry_view(const struct vclock_entry *entry);

/*
 * What the other has and I lack in one stream: ranges of numbers that are
 * HERE for `theirs` and neither HERE nor at or below my base in `mine` (may
 * be NULL: I know nothing).  Returns how many were written, at most max.
 */
size_t vclock_missing(const struct vclock_entry *mine,
    const struct vector_entry *theirs, struct range *out, size_t max);

#endif
