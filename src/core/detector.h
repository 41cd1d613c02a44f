/*
 * detector: when silence becomes suspicion.
 *
 * Heartbeats flow between ring neighbours, two on each side.  The lower id
 * of a pair pings each second; any frame counts as a sign of life and a ping
 * is answered by a pong; the higher one pings only when it hears nothing.
 * 3 s of silence is reported to the membership, a second more for each
 * point of the local-health multiplier (Dadgar et al., "Lifeguard", 2018):
 * who was accused wrongly is perhaps slow itself.  (Unanswered pings do not
 * count here: with one or two neighbours they would double the time to find
 * a silent one.)  In a group of three or more, when more than half of the
 * watched fall silent within 2 s, the fault is here (self-suspicion):
 * reports wait for 8 s.
 *
 * Two neighbours with a link that are silent for 2 s are perhaps the edge of
 * a cut.  Then I look round: everybody linked is pinged each second, and
 * reported like a neighbour.  Else a cut would be found neighbour by
 * neighbour, each only after the verdict on the one before.
 *
 * One without a link here may be heard by others, who see to it that it
 * refutes.  Then it is asked after again, for they may go as well: after 6 s,
 * and every 12 s from there on.
 */
#ifndef DCHAT_CORE_DETECTOR_H
#define DCHAT_CORE_DETECTOR_H

#include "base/id.h"
#include "base/instant.h"
#include "core/effect.h"

enum {
	HEARTBEAT_MS = 1000,
	HEARTBEAT_OVERDUE_MS = 1500,	/* then the higher id pings too */
	SILENCE_MS = 3000,
	HEALTH_MS = 1000,		/* of patience a point */
	VOUCHED_MAX = 2,		/* silence is 4 times as long, at most */
	SELF_SUSPICION_MS = 2000,
	EDGE_OF_CUT = 2,		/* so many silent at once */
	SELF_SUSPICION_HOLD_MS = 8000,
	HEALTH_MAX = 8,
};

struct watch {
	struct id peer;
	bool neighbour;		/* watched; else only RTT and last heard */
	bool linked;
	instant_ms heard;	/* last frame from it */
	instant_ms pinged;	/* last ping to it */
	uint64_t number;	/* of that ping; 0: none, or answered */
	bool reported;		/* its silence; until it is heard or vouched for */
	unsigned vouched;	/* so often by others since it was heard */
	double rtt_ms;		/* smoothed; < 0: not measured */
	bool looked;		/* to be measured: somebody looks */
	bool skew_known, skew_told;
	bool skew_doubted;	/* too far off, but perhaps just delayed */
	instant_ms skew_since;	/* doubted since then */
	int64_t skew_ms;	/* its clock is ahead of mine by so much */
};

struct detector {
	struct id self;
	struct watch *items;	/* ascending by peer */
	size_t count, cap;
	unsigned health;	/* local-health multiplier, 0 is well */
	instant_ms hold_until;	/* self-suspicion */
	bool held;		/* once per spell of silence */
	instant_ms round_since;	/* looking round; NEVER: not */
	uint64_t next_number;
};

void detector_init(struct detector *d, const struct id *self);
void detector_free(struct detector *d);

/* The neighbours to watch (ascending); others are watched no more. */
void detector_watch(struct detector *d, instant_ms now,
    const struct id *neighbours, size_t count);
void detector_link_up(struct detector *d, instant_ms now,
    const struct id *peer);
void detector_link_down(struct detector *d, const struct id *peer);
void detector_heard(struct detector *d, instant_ms now,
    const struct id *peer);
/* What I reported silent refuted it. */
void detector_vouched(struct detector *d, instant_ms now,
    const struct id *peer);
/* A pong with this number; returns whether it answers a ping of ours. */
bool detector_pong(struct detector *d, instant_ms now,
    const struct id *peer, uint64_t number);
/*
 * Its clock was ahead of mine by so much when its frame came; half a round
 * trip before that it was sent.  NULL when the peer is not watched.
 */
struct watch *detector_clock(struct detector *d, const struct id *peer,
    int64_t ahead_ms);
/* I was accused and had to refute: perhaps it is me who is slow. */
void detector_refuted(struct detector *d);
/* Somebody looks at the links: each is pinged once, unless it was within
 * the last second. */
void detector_look(struct detector *d);
/* Back from suspend or stop: nobody was silent, it was me. */
void detector_resumed(struct detector *d, instant_ms now);

/*
 * Whom to ping now and who is silent, ascending; the node sends the pings
 * (they carry more than the detector knows) and accuses the silent.  Arrays
 * in the arena of fx.
 */
struct detector_due {
	const struct id *ping, *silent;
	const uint64_t *numbers;	/* of the pings */
	size_t ping_count, silent_count;
};
struct detector_due detector_expire(struct detector *d, instant_ms now,
    struct effects *fx);
instant_ms detector_deadline(const struct detector *d);

/* NULL when the peer was never linked or watched. */
const struct watch *detector_find(const struct detector *d,
    const struct id *peer);

#endif
