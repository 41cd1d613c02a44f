/*
 * receipt: who has what I said, and telling others what I have of theirs.
 *
 * Whoever delivers a bundle says so to its author by an ACK: the whole run
 * of numbers around it that is HERE (core/vclock), so that a later ACK
 * stands for earlier ones, coalesced for at most 200 ms.  On meeting again
 * both say all they have of each other's streams, and vectors count as
 * ACKs; what lies at or below a base or in a hole is not had.  An ACK that
 * was lost (with the connection that carried it, while another one was up)
 * is asked for by the author, as long as the member is here: an ACK with
 * `ask`, after 5 s, then after twice the time before.
 *
 * The members that are to have a bundle are those of its room when it is
 * published, the author included; a direct room has two, whoever is here.
 * Neither they nor the set of those who have it ever shrink.  A bundle that
 * all have is stable, and its receipt is forgotten here and on disk: of a
 * stream whose epoch is the present one, what has no receipt is stable.
 * (Beyond LIMIT_RECEIPTS the oldest stay on disk alone, and then a missing
 * one says nothing.)
 *
 *   publishing -> published -> (ack, vector)* -> stable
 */
#ifndef DCHAT_CORE_RECEIPT_H
#define DCHAT_CORE_RECEIPT_H

#include "core/effect.h"
#include "core/room.h"
#include "core/verdict.h"

enum {
	ACK_MS = 200,
	RECEIPT_KEEP_MS = 500,
	RECEIPT_ASK_MS = 5000,
	RECEIPT_ASK_MOST_MS = 320 * 1000,
};

struct receipt_entry;
struct ack_owed;

struct receipts {
	struct id self;
	struct rooms *rooms;	/* the node's; read only */
	struct receipt_entry **items;	/* ascending by room, epoch, seq */
	size_t count, cap;
	struct ack_owed *owed;	/* ascending by room, author, epoch */
	size_t owed_count, owed_cap;
	bool full;		/* some are on disk alone */
	instant_ms acked_at;	/* last */
	instant_ms ack_at, keep_at;	/* NEVER: nothing to be done */
	instant_ms ask_at, ask_pause_ms;
};

/* How far a message has come; of == 0: not known. */
struct reach {
	size_t have, of;
	bool stable;
};

void receipts_init(struct receipts *r, const struct id *self,
    struct rooms *rooms);
void receipts_free(struct receipts *r);

/* Before the first step: one that the last run kept; copied.  It has no hash
 * when its bundle never came to be. */
void receipts_restore(struct receipts *r, const struct receipt *receipt);
/* In the first step: such a one is forgotten, for its number goes to the
 * next bundle, which others may be to have. */
void receipts_start(struct receipts *r, struct effects *fx);

/*
 * A bundle of mine is about to be published: takes down who is to get it.
 * Returns what is to be kept before it, borrowed until the next change;
 * NULL when nobody else is to get it.
 */
const struct receipt *receipts_publishing(struct receipts *r,
    const struct bundle *bundle);
/* It is safe and on its way; or it came to nothing (any of the room). */
void receipts_published(struct receipts *r, instant_ms now,
    const struct bundle *bundle, struct effects *fx);
void receipts_failed(struct receipts *r, const struct id *room,
    struct effects *fx);

/* A bundle of another was delivered: its author is owed an ACK. */
void receipts_delivered(struct receipts *r, instant_ms now,
    const struct bundle *bundle);
/* A peer is linked and in the room: say what is here of its streams. */
void receipts_met(struct receipts *r, instant_ms now,
    const struct room *room, const struct id *peer, struct effects *fx);

/* An ACK, or the question for one. */
enum verdict receipts_recv(struct receipts *r, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx);
/* A VECTOR, already judged. */
void receipts_vector(struct receipts *r, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx);

/* Of an own bundle; epoch is the present one of my streams. */
struct reach receipts_reach(const struct receipts *r, const struct id *room,
    uint64_t present_epoch, uint64_t epoch, uint64_t seq);
/* The members of an own bundle that is not stable; NULL when there is no
 * receipt.  Borrowed until the next change. */
const struct receipt *receipts_find(const struct receipts *r,
    const struct id *room, uint64_t epoch, uint64_t seq);
void receipts_expire(struct receipts *r, instant_ms now, struct effects *fx);
instant_ms receipts_deadline(const struct receipts *r);

#endif
