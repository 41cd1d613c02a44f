/*
 * membership_moves: what the two halves of core/membership share.
 *
 * membership.c takes and gives the news, membership_suspicion.c makes a
 * suspect a dead one.  Every change of state goes through
 * membership_enter(), which tells the person of it.
 */
#ifndef DCHAT_CORE_MEMBERSHIP_MOVES_H
#define DCHAT_CORE_MEMBERSHIP_MOVES_H

#include "core/membership.h"

static inline bool
membership_is_self(const struct membership *m, const struct member *member)
{
	return id_equal(&member->id, &m->self);
}

/* What I believe of it, to be told. */
struct frame membership_news(const struct member *member);
void membership_broadcast(struct membership *m, const struct frame *frame,
    struct effects *fx);

void membership_enter(struct membership *m, instant_ms now,
    struct member *member, enum member_state state, enum reason reason,
    struct effects *fx);
/* A dead verdict closes the link: if it errs, a new one makes up for it. */
void membership_part_if_dead(const struct member *member, struct effects *fx);

/* True when the accuser is new or says more than before. */
bool member_add_accuser(struct member *member, const struct id *id,
    bool refused);

/*
 * Refused by two, or by me when nobody else could confirm it, is dead at
 * once.  Looked at again whenever a belief changed, because the last witness
 * may just have become a suspect itself.
 */
void membership_bury_refused(struct membership *m, instant_ms now,
    struct effects *fx);

#endif
