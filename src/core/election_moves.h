/*
 * election_moves: the arrows of core/election's diagram, shared by
 * election.c (verbs and timers) and election_recv.c (frames).
 *
 * Every change of state goes through election_enter(), which asserts that
 * the arrow is in the diagram and tells what happened.
 */
#ifndef DCHAT_CORE_ELECTION_MOVES_H
#define DCHAT_CORE_ELECTION_MOVES_H

#include "core/election.h"

void election_enter(struct election *e, enum election_state state,
    const char *why, struct effects *fx);

/* The LEADER event of what is known; took_ms < 0: not elected just now. */
void election_notify_leader(const struct election *e, instant_ms took_ms,
    struct effects *fx);

/* -- moves ------------------------------------------------------------- */

/* No other member: leads itself, provisionally. */
void election_alone(struct election *e, instant_ms now,
    struct effects *fx);

/* The known leader is no more; a term above its own is open. */
void election_lose_leader(struct election *e, instant_ms now,
    struct effects *fx);

/* Stands after quiet_ms, counted anew at each call but 1 s in all. */
void election_wait(struct election *e, instant_ms now, enum cause cause,
    instant_ms quiet_ms, struct effects *fx);

/* The term to stand in: the highest seen, or one above the last spent. */
uint64_t election_open_term(const struct election *e);
/* Somebody else takes part in this term: whoever tries again needs another. */
void election_spend(struct election *e);

void election_stand(struct election *e, instant_ms now, uint64_t term,
    enum cause cause, struct effects *fx);
void election_next_phase(struct election *e, instant_ms now,
    struct effects *fx);
void election_defeat(struct election *e, instant_ms now, uint64_t term,
    enum cause cause, struct effects *fx);
void election_win(struct election *e, instant_ms now, struct effects *fx);

/* from: whose word it is. */
void election_follow(struct election *e, instant_ms now,
    const struct id *from, const struct leadership *told,
    instant_ms took_ms, struct effects *fx);

/* ASKING: nobody vetoed; stands, unless the leader was heard meanwhile. */
void election_not_vetoed(struct election *e, instant_ms now,
    struct effects *fx);

/* The next term.  At the end of the terms, where only somebody who lies
 * about them can bring us, it is the same one again. */
static inline uint64_t
election_term_above(uint64_t term)
{
	return term + 1 < ELECTION_TERM_LIMIT ? term + 1
					      : ELECTION_TERM_LIMIT - 1;
}

/* LEADER: leads on in a term above this one and its own. */
void election_raise(struct election *e, instant_ms now, uint64_t above,
    struct effects *fx);

/* -- sending ----------------------------------------------------------- */

static inline enum direction
direction_back(enum direction direction)
{
	return direction == CLOCKWISE ? ANTICLOCKWISE : CLOCKWISE;
}

/* My neighbour in the ring of a term. */
const struct id *election_beside(struct election *e, uint64_t term,
    enum direction direction);

/* LEADER to one, with what is known or with what is given. */
void election_tell(const struct election *e, const struct id *to,
    struct effects *fx);
void election_tell_this(const struct election *e, const struct id *to,
    const struct leadership *leadership, struct effects *fx);

/* Looks at a frame again when the view changes, if that is soon. */
enum verdict election_keep(struct election *e, instant_ms now,
    const struct id *from, const struct frame *frame);

/* To all other members of the view. */
void election_send_all(const struct election *e, const struct frame *frame,
    struct effects *fx);

void election_send_probe(struct election *e, const struct probe *probe,
    struct effects *fx);

/* How long a candidate or a defeated one waits before it gives up. */
void election_be_patient(struct election *e, instant_ms now);

#endif
