/*
 * election: one leader on the ring of live members.
 *
 * Hirschberg and Sinclair, "Decentralized extrema-finding in circular
 * configurations of processors", CACM 23(11), 1980, on a ring that changes.
 * A candidate of phase p probes 2^p members both ways; a larger one swallows
 * the probe and stands itself, a smaller one forwards it, the last one
 * replies against the direction of arrival; both replies open phase p + 1;
 * the own probe coming home from either side ends it: elected.  Compared by
 * (priority, id).
 *
 * What the paper does not need and a chat does: a term per election, the
 * hash of the view in every frame, an established leader who is not deposed
 * by a larger newcomer, a provisional one for whoever is alone, a pre-check
 * before a healthy leader is replaced on suspicion alone (Ongaro 2014,
 * section 9.6), and a rule for two leaders that meet.
 *
 *   from          to          when
 *   PROVISIONAL   WAITING     a second member (100 ms of quiet, then stands)
 *   WAITING       CANDIDATE   it was quiet, or a smaller one's probe came
 *                 DEFEATED    a larger one's probe came
 *   CANDIDATE     LEADER      the own probe came home: the only way there
 *                 DEFEATED    a larger one's probe came
 *   CANDIDATE,    CANDIDATE   timeout, or a smaller one's probe of a new term
 *   DEFEATED      WAITING     the view changed, or a higher term is heard of
 *                 ASKING      timeout, after a lost lease
 *   ASKING        CANDIDATE   nobody vetoed
 *                 FOLLOWER    vetoed, and the leader is still known
 *                 WAITING     vetoed, and it is not; the leader is gone
 *   FOLLOWER      ASKING      the lease is lost
 *                 WAITING     the leader died, left, denies, restarted
 *   LEADER        WAITING     back from suspend
 *   FOLLOWER,     CANDIDATE   /elect, here or by a smaller one's probe
 *   LEADER,       DEFEATED    /elect, by a larger one's probe
 *   ASKING
 *   all but       FOLLOWER    ELECTED or LEADER seen; of two leaders that
 *   PROVISIONAL               meet the lower one
 *   all           PROVISIONAL nobody else is in the view; a LEADER stays one
 *                             unless it comes back from suspend
 *
 * Terms never go back at a node.  A term above a lost leader's is open at
 * once, and whoever stands takes the highest open term it knows of; a new
 * one only where another took part in it, too.  So those who miss a leader
 * at slightly different times meet in one term, and whoever stands alone for
 * hours comes back with no higher term than it left with.  A leader who hears
 * of a higher term where nobody leads does not yield: it announces itself in
 * a term above it.
 *
 * Within one view and term at most one wins, because a probe comes home
 * only through all members, each of whom swallows what is smaller.  (Two
 * leaders that have not met may raise their terms to the same one; then the
 * priority and the id decide between them.)
 */
#ifndef DCHAT_CORE_ELECTION_H
#define DCHAT_CORE_ELECTION_H

#include "base/rng.h"
#include "core/chronicle.h"
#include "core/effect.h"
#include "core/ring.h"
#include "core/verdict.h"

enum election_state {
	ELECTION_PROVISIONAL,	/* alone and never elected: leads itself */
	ELECTION_WAITING,	/* for quiet, then stands */
	ELECTION_CANDIDATE,
	ELECTION_DEFEATED,	/* somebody larger stands; waits for the end */
	ELECTION_ASKING,	/* pre-check */
	ELECTION_FOLLOWER,
	ELECTION_LEADER,	/* established */
};

const char *election_state_name(enum election_state state);

enum {
	ELECTION_START_QUIET_MS = 100,
	ELECTION_QUIET_MS = 50,		/* after a view change */
	ELECTION_WAIT_MS = 1000,	/* for quiet, at most */
	ELECTION_LEASE_MS = 4000,	/* without a frame from the leader */
	ELECTION_RECENT_MS = 3000,	/* "I heard it lately" */
	ELECTION_ASK_MS = 300,
	ELECTION_VETO_MS = 500,
	ELECTION_KEEP_MS = 300,
	ELECTION_MERGE_MS = 2000,	/* one new term for one rival */
	ELECTION_RIVALS = 8,		/* leaders that meet at once */
	ELECTION_KEPT = 64,		/* frames of other views */
	ELECTION_ASKED = 4,		/* ring neighbours and two others */
};

struct kept_frame {
	struct id from;
	instant_ms until;
	struct frame frame;	/* of a kind without pointers */
};

/* Another leader that I met, and led on in a term above its. */
struct rival {
	struct leadership was;
	instant_ms met_at;
};

struct election {
	struct candidate self;
	struct rng *rng;
	struct ring view;
	bool hashed_ring;	/* experiment: order by hash(id, term) */
	enum election_state state;
	struct leadership known;	/* term: the highest seen */
	uint64_t spent;		/* the highest term others took part in with me */
	bool leader_suspected;	/* by the membership */
	bool leader_unlinked;	/* others hold its lease */
	instant_ms leader_heard;	/* a frame from itself; NEVER: none */
	instant_ms beside_since;	/* the lease counts from here */
	struct rival rivals[ELECTION_RIVALS];
	size_t rival_count;
	/* While electing: */
	enum cause cause;
	unsigned phase;
	bool replied[2];	/* per direction, in this phase */
	unsigned attempts;	/* timeouts in a row: patience grows */
	instant_ms began;	/* for took_ms */
	instant_ms stand_at;	/* WAITING */
	instant_ms wait_ends;	/* at most 1 s of waiting for quiet */
	instant_ms timeout_at;
	/* ASKING: */
	struct id doubted;	/* the leader whose lease was lost, or none */
	instant_ms veto_until;
	uint64_t question;
	struct id asked[ELECTION_ASKED];
	bool answered[ELECTION_ASKED];
	size_t asked_count;
	/* My neighbours in the ring of a term, by direction. */
	struct {
		bool valid;
		uint64_t term;
		struct id ids[2];
	} beside;
	/* Probes and replies sent, for the tests of the bound. */
	uint64_t probes_sent, replies_sent;
	struct chronicle chronicle;	/* for people */
	/* Frames of another view, looked at again when mine changes. */
	struct kept_frame *kept;
	size_t kept_count;
};

/* By priority, then id; as memcmp(3). */
int candidate_compare(const struct candidate *a, const struct candidate *b);

/* rng must outlive it.  No leader, no term, an empty view. */
void election_init(struct election *e, const struct id *self,
    uint8_t priority, struct rng *rng);
void election_free(struct election *e);
/* Before the first step: this term was led in an earlier run. */
void election_remember(struct election *e, uint64_t term);

/* The view is this now (oneself included).  A leader that is no longer in
 * it is gone; `left` tells that it said goodbye. */
void election_view_changed(struct election *e, instant_ms now,
    const struct ring *view, bool left, struct effects *fx);

/* A member restarted: if it led, its leadership is void. */
void election_restarted(struct election *e, instant_ms now,
    const struct id *member, struct effects *fx);

/* A link came up: tell it what I know of leadership (LEADER frame). */
void election_met(struct election *e, const struct id *peer,
    struct effects *fx);

/* PROBE, REPLY, ELECTED, LEADER, ASK, ANSWER. */
enum verdict election_recv(struct election *e, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx);

/* Leadership told in a heartbeat. */
void election_learn(struct election *e, instant_ms now,
    const struct id *from, const struct leadership *told,
    struct effects *fx);

/* Any frame from this peer (the lease of a leader beside me). */
void election_heard(struct election *e, instant_ms now,
    const struct id *peer);
/* Whether the leader has a link here: without one its silence means
 * nothing, and its lease is held by others. */
void election_linked(struct election *e, instant_ms now, bool linked);
void election_suspected(struct election *e, const struct id *member,
    bool suspected);

/* Somebody asked for an election (/elect). */
void election_elect(struct election *e, instant_ms now, struct effects *fx);

/* Members cannot follow me in this term: if I lead, I lead on above it. */
void election_lead_above(struct election *e, instant_ms now, uint64_t term,
    struct effects *fx);

/* Back from suspend or stop: lead nobody, learn anew. */
void election_step_down(struct election *e, instant_ms now,
    struct effects *fx);

void election_expire(struct election *e, instant_ms now,
    struct effects *fx);
instant_ms election_deadline(const struct election *e);

/* "electing" for the status: WAITING, CANDIDATE, DEFEATED, ASKING with no
 * established leader. */
bool election_running(const struct election *e);

/* How far a probe of the current phase travels, 0 when not a candidate. */
unsigned election_reach(const struct election *e);

#endif
