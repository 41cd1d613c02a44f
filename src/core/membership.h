/*
 * membership: who is here.
 *
 * Beliefs about members spread as in SWIM (Das, Gupta, Motivala 2002) with
 * the suspicion timing of Lifeguard (Dadgar et al. 2018).  (start,
 * incarnation) orders the news about one member; only the member raises its
 * incarnation, to refute; start counts the runs of its profile, so that a
 * restarted one is never taken for its dead self.
 *
 *        link up, told            accused            time, 2 x refused
 *   (new) ---------> ALIVE <------------> SUSPECT ------------> DEAD
 *                      ^  \    refuted                           |
 *                      |   \ goodbye                             |
 *                      |    v                                    |
 *                      |   LEFT                                  |
 *                      '----- link up and its refutation, or a --'
 *                             later start
 *
 * News about one member are totally ordered by (start, incarnation, state),
 * the states in the order alive, suspect, dead, left; what is larger wins, so
 * that all who heard the same news believe the same.  Dead is a verdict,
 * never a tombstone.  A dead verdict from elsewhere about
 * a peer that I hear is not believed but handed to the accused, who refutes.
 */
#ifndef DCHAT_CORE_MEMBERSHIP_H
#define DCHAT_CORE_MEMBERSHIP_H

#include "core/effect.h"
#include "core/verdict.h"

enum {
	SUSPICION_MAX_MS = 8000,	/* one accuser */
	SUSPICION_MIN_MS = 2000,	/* K accusers */
	SUSPICION_ACCUSERS = 3,		/* K, at most */
	DOUBT_MS = 1000,
	RECENTLY_MS = 3000,		/* "I hear it" */
	HEARSAY_MS = 5000,		/* unheard, it may be dead as told */
	TELL_AGAIN_MS = 1000,
	ACCUSE_AGAIN_MS = 2000,		/* a linked one that I hold for dead */
	INCARNATION_JUMP = 1 << 20,	/* more at once is a lie */
};

/* Who found a member so; refused: its host answered, it did not. */
struct accuser {
	struct id id;
	bool refused;
};

struct member {
	struct id id;
	uint64_t start, incarnation;
	enum member_state state;
	enum reason reason;
	instant_ms since;		/* of the state */
	bool announced;			/* the front end knows of it */
	bool linked;
	struct id via;			/* who carries the link; none: nobody */
	struct id asked;		/* to carry one, last; or none */
	instant_ms told;		/* all my beliefs, last; NEVER: never */
	instant_ms heard;		/* any frame from itself; NEVER: none */
	struct address address;
	struct record *record;		/* NULL until it came */
	struct accuser accusers[SUSPICION_ACCUSERS];
	size_t accuser_count;
	instant_ms doubted;		/* by me, who does not hear it; NEVER */
	enum reason doubt;		/* what it is dead for, if it is */
	bool vindicated;		/* it was there after all, this run */
};

struct membership {
	struct member *items;		/* ascending by id, self included */
	size_t count, cap;
	struct id self;
	uint64_t version;		/* counts changes of the view */
	uint64_t changes;		/* counts changes of any belief */
	/* For the node to look at after each call, and to reset: */
	bool refuted;			/* I was accused, and answered */
	struct id *restarted;		/* these appeared in a later run */
	size_t restarted_count, restarted_cap;
};

/* record: my own, not yet sealed; copied. */
void membership_init(struct membership *m, instant_ms now,
    const struct record *record);
void membership_free(struct membership *m);

/* NULL when unknown.  Pointers live until the next change. */
struct member *membership_find(const struct membership *m,
    const struct id *id);
struct member *membership_self(const struct membership *m);

/* Alive or suspect: part of the view. */
static inline bool
member_present(const struct member *member)
{
	return member->state == MEMBER_ALIVE ||
	    member->state == MEMBER_SUSPECT;
}

/* Suspect, and somebody who was linked to it found its port closed. */
bool member_was_refused(const struct member *member);

/* When a suspect will be dead, unless it refutes; NEVER: it is none. */
instant_ms member_dead_at(const struct membership *m,
    const struct member *member);

/* Its record says that it is in the room. */
bool member_in_room(const struct member *member, const struct id *room);

/* Seals my record as it is now (EFFECT_SEAL). */
void membership_seal(struct membership *m, struct effects *fx);
/* My rooms changed (ascending by id): tells it here (JOINED, PARTED), seals
 * the next version of my record. */
void membership_set_rooms(struct membership *m,
    const struct room_name *rooms, size_t count, struct effects *fx);
/* I am called this now: seals the next version of my record. */
void membership_set_nick(struct membership *m, const char *nick,
    struct effects *fx);
/* My person is away, for this reason; NULL: is back. */
void membership_set_away(struct membership *m, const char *why,
    struct effects *fx);
/* My record is sealed: tell all. */
void membership_sealed(struct membership *m, const struct record *record,
    struct effects *fx);

/* A link is up: it lives; tell it all I believe.  Over a third the address
 * is none. */
void membership_link_up(struct membership *m, instant_ms now,
    const struct id *peer, uint64_t start, const struct address *address,
    const struct id *via, struct effects *fx);
void membership_link_down(struct membership *m, const struct id *peer);
void membership_heard(struct membership *m, instant_ms now,
    const struct id *peer);

/* News of a member; its record, if carried, is verified. */
enum verdict membership_recv(struct membership *m, instant_ms now,
    const struct id *from, const struct member_news *news,
    struct effects *fx);

/* It said goodbye, over its link or by beacon. */
void membership_left(struct membership *m, instant_ms now,
    const struct id *peer, struct effects *fx);

/* I find it silent or refused: suspect it and say so. */
void membership_accuse(struct membership *m, instant_ms now,
    const struct id *peer, enum reason reason, struct effects *fx);

/*
 * I do not hear it, and what speaks for its death is too weak to accuse it:
 * refused, where its address may mean another host here, for I was told of it
 * and never met it.  So it is only asked about: who hears it hands the
 * suspicion on, and it refutes; but if nobody does within DOUBT_MS, whoever
 * told me of it may have left, too, and it is dead.  Once in a run of it.
 *
 * membership_recv() doubts who is dead by hearsay that is old here: what
 * speaks against that may be the lie of one who told me alone.
 */
void membership_doubt(struct membership *m, instant_ms now,
    const struct id *peer, enum reason reason, struct effects *fx);

/* Tell a peer all I believe (link-up, and when our beliefs differ). */
void membership_tell_all(struct membership *m, instant_ms now,
    const struct id *peer, struct effects *fx);
/* A heartbeat carried this hash of all it believes: where it differs from
 * mine, tell it all, at most once a second. */
void membership_compare(struct membership *m, instant_ms now,
    const struct id *peer, uint64_t beliefs, struct effects *fx);

/* Hash of all (id, start, incarnation, state, record version). */
uint64_t membership_beliefs(const struct membership *m);

/* Ids of the view, ascending, in the arena of fx. */
size_t membership_view(const struct membership *m, const struct id **out,
    struct effects *fx);

void membership_expire(struct membership *m, instant_ms now,
    struct effects *fx);
instant_ms membership_deadline(const struct membership *m);

#endif
