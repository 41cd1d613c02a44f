/*
 * metadata: rooms, topics and nicks, agreed on through the leader.
 *
 * Whoever wants something signs an intent and sends it to the leader.  The
 * leader gives it the next version of its key and a place (term, index) in
 * the order, and sends the COMMIT to all.  A node that misses a place takes
 * the whole state from the leader (SUMS, ITEM ..., ROOT done), compared in
 * 256 parts.  An intent is answered when its author has stored the commit.
 *
 * State is a join-semilattice (core/item): it may arrive in any order and
 * as often as it likes.  The places only show what is missing.
 *
 *   leader                     member
 *   ROOT ask           ->                  a term opens
 *                      <-  ROOT            "the same"
 *                      <-  SUMS reply      "something else": both send what
 *   SUMS, ITEM ..., ROOT done  ->          lies in the parts that differ
 *                      <-  SUMS/ITEM ..., ROOT done
 *   ROOT               ->                  open: all answered, or 300 ms
 *   COMMIT             ->                  intents are decided
 *
 * So what any live member has seen committed survives its leader.  Whoever
 * comes later is told the ROOT at link-up, and all every 5 s, which repairs
 * what a lost frame broke.
 *
 * Fence: the highest established (term, priority, leader), stored; nothing
 * below it is followed.  A term above it is opened by whoever led in vain.
 *
 * What must hold:
 *   - an intent is applied at most once: the leader looks for its id at its
 *     key, which tells of the last ITEM_RECENT;
 *   - it is answered exactly once;
 *   - items of nodes that exchanged all they have are the same.
 *
 * Alone and never elected: intents apply as pending, shown here only, are
 * stored, and go with their ids to the first established leader.
 */
#ifndef DCHAT_CORE_METADATA_H
#define DCHAT_CORE_METADATA_H

#include "base/rng.h"
#include "core/effect.h"
#include "core/ledger.h"
#include "core/past.h"
#include "core/room.h"
#include "core/verdict.h"

enum {
	METADATA_OPEN_MS = 300,		/* to gather what members know */
	METADATA_ROOT_MS = 5000,	/* the leader tells its root */
	METADATA_AGAIN_MS = 5000,	/* an intent is sent again */
	METADATA_ASK_MS = 2000,		/* a question is asked again */
	METADATA_PATIENCE_MS = 60000,	/* for an intent */
	METADATA_RAISE_MS = 1000,	/* one new term for others' fences */
};

/* A nick whose owner was away so long may be claimed by others. */
#define METADATA_UNSEEN_MS (INT64_C(30) * 24 * 3600 * 1000)

/* An own intent that is not settled. */
struct wish {
	struct intent *intent;
	enum dchat_verb verb;
	uint64_t token;
	bool asked;		/* somebody waits for the answer */
	bool sealed;
	bool pending;		/* shown and kept though nobody decided */
	/* Of the KEEP that makes it pending, that settles it; 0: none yet. */
	uint64_t pending_number, settling_number;
	instant_ms give_up_at, again_at;
};

/* What was told of a room last. */
struct told_room {
	struct id key;
	char *topic;
};

/* Of another, while the term is opening. */
struct suit {
	struct id from;
	struct intent *intent;
};

/* A topic of mine that another took the place of without knowing it. */
struct outdone {
	struct id room, by;
	char *topic, *other;
};

struct metadata {
	struct id self;
	struct rng *rng;
	const struct rooms *rooms;	/* for their names */
	struct ledger ledger;
	uint64_t shows;		/* counts changes of what is pending */
	struct fence fence;
	struct leadership told;	/* by the election, last */
	struct leadership led;	/* the same, or nobody: the fence forbids */
	uint64_t index;
	bool synced;		/* all up to the index is here */
	instant_ms ask_at;	/* may ask the leader again */
	bool leading, open;
	instant_ms open_at, root_at;
	struct id *gathering;	/* have not answered yet */
	size_t gathering_count, gathering_cap;
	struct id *links;	/* ascending */
	size_t link_count, link_cap;
	struct wish *wishes;	/* in the order wished */
	size_t wish_count, wish_cap;
	struct suit *suits;
	size_t suit_count, suit_cap;
	struct told_room *rooms_told;
	size_t told_count, told_cap;
	uint64_t next_number;	/* of a KEEP */
	wall_ms wall;		/* of the last step */
	/* For the node to look at and to reset: */
	char *granted;		/* I have this nick now; owned */
	struct outdone *outdone;
	size_t outdone_count, outdone_cap;
	uint64_t raise_above;	/* lead on above this term; 0: no */
	instant_ms raise_at;	/* others' fences may raise it again */
	uint64_t commits, refused;	/* counters */
};

void metadata_init(struct metadata *m, const struct id *self,
    const struct rooms *rooms, struct rng *rng);
void metadata_free(struct metadata *m);
/* All of outdone was told. */
void metadata_forget_outdone(struct metadata *m);

/* Before the first step: what the last run had kept. */
void metadata_restore(struct metadata *m, const struct node_past *past);

/* NULL when nothing was agreed on about the key. */
const struct item *metadata_find(const struct metadata *m,
    const struct id *key);
/* "" when there is none; with what is pending. */
const char *metadata_topic(const struct metadata *m, const struct id *room);
/* The nick I wish and show while nobody can decide; NULL: none. */
const char *metadata_pending_nick(const struct metadata *m);

/* Items and wishes may be asked about: a leader is followed, or nobody
 * else is here. */
bool metadata_ready(const struct metadata *m);

/*
 * I want this.  id, author and seal of the intent are set here.  With a
 * command it is answered later (OK, or ERROR: nick_taken, no_leader,
 * timeout); BUSY at once when 64 wait.
 */
enum error metadata_wish(struct metadata *m, instant_ms now,
    const struct intent *intent, const struct dchat_command *command,
    struct effects *fx);
/* Such a wish is under way; key NULL: of any key. */
bool metadata_wishes(const struct metadata *m, enum intent_kind kind,
    const struct id *key);

/* A command waits for its answer. */
bool metadata_asked(const struct metadata *m);

/* Leadership is this now; calling it with the same again changes nothing. */
void metadata_led(struct metadata *m, instant_ms now,
    const struct leadership *led, struct effects *fx);
void metadata_link_up(struct metadata *m, instant_ms now,
    const struct id *peer, struct effects *fx);
void metadata_link_down(struct metadata *m, instant_ms now,
    const struct id *peer, struct effects *fx);
/* The owner of this claim is here. */
void metadata_seen(struct metadata *m, const struct id *key,
    struct effects *fx);
/* The person's clock, before anything else in a step. */
static inline void
metadata_tick(struct metadata *m, wall_ms wall)
{
	m->wall = wall;
}

/* INTENT, DECIDED, COMMIT, ITEM, ROOT, SUMS; bodies verified. */
enum verdict metadata_recv(struct metadata *m, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx);

/* My intent is signed; what had this number is stored. */
void metadata_sealed(struct metadata *m, instant_ms now,
    const struct intent *intent, struct effects *fx);
void metadata_kept(struct metadata *m, instant_ms now, uint64_t number,
    struct effects *fx);

void metadata_expire(struct metadata *m, instant_ms now, struct effects *fx);
instant_ms metadata_deadline(const struct metadata *m);

#endif
