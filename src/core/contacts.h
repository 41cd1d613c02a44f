/*
 * contacts: when to shout and whom to dial.
 *
 * A beacon is a hint to dial, never an authority.  At start, resume and
 * interface change beacons go out at 0, 0.25, 0.5 and 1 s, then every 5 s
 * for a minute, then every 15 s +- 20 %.  Of two who hear each other the
 * lower id dials at once and the other 150 ms later if no link came.  Known
 * addresses without a link are dialled again for ever, 1 to 30 s apart:
 * systems that forget never heal after a long partition.
 *
 * Anybody can send beacons of peers that do not exist.  So of those never
 * met only LIMIT_STRANGERS are kept (the ones that failed most go first) and
 * they are dialled 20 a second after a first 64, LIMIT_DIALS at once.  Whose
 * link breaks again and again within seconds is dialled ever more rarely.
 */
#ifndef DCHAT_CORE_CONTACTS_H
#define DCHAT_CORE_CONTACTS_H

#include "base/address.h"
#include "base/rng.h"
#include "core/effect.h"

struct contact {
	struct id peer;			/* none: a named address */
	uint64_t nonce;			/* of the run last heard */
	struct address addresses[LIMIT_ADDRESSES];	/* best first */
	size_t address_count;
	size_t next_address;
	bool linked, dialling;
	bool met;			/* was linked once */
	instant_ms dialled_at;		/* last; NEVER: not yet */
	instant_ms linked_at;		/* since when it is, or was last */
	instant_ms lost_at;		/* its last link; NEVER: none */
	unsigned losses;		/* of brief links, soon after another */
	instant_ms pause_ms;		/* after the last one */
	instant_ms dial_at;		/* NEVER: not now */
	instant_ms backoff_ms;
	instant_ms in_vain_at;		/* then another way; NEVER: not now */
	instant_ms replied;		/* last beacon reply, NEVER: none */
};

struct contacts {
	struct id self;
	struct rng *rng;
	struct contact *items;
	size_t count, cap;
	instant_ms began;	/* of the current burst */
	unsigned beacons;	/* sent since */
	instant_ms beacon_at;
	instant_ms reply_second;	/* budget of replies: 20 a second */
	unsigned replies;
	size_t dialling;	/* strangers */
	instant_ms paid_until;	/* budget of dials to strangers */
};

void contacts_init(struct contacts *c, const struct id *self,
    struct rng *rng);
void contacts_free(struct contacts *c);

/* Start, resume, interface change: a burst of beacons, dial all now. */
void contacts_burst(struct contacts *c, instant_ms now);

/* A beacon of another: from is where it listens, reply_to its UDP source. */
void contacts_heard(struct contacts *c, instant_ms now,
    const struct id *peer, uint64_t nonce, bool wants_reply,
    const struct address *from, const struct address *reply_to,
    uint64_t view, struct effects *fx);

/* An address that a person gave or a member told; peer NULL: unknown. */
void contacts_add(struct contacts *c, instant_ms now,
    const struct id *peer, const struct address *address);

/* Others reach a peer that was out of reach: now is the time to dial. */
void contacts_sighted(struct contacts *c, instant_ms now,
    const struct id *peer);

void contacts_link_up(struct contacts *c, instant_ms now,
    const struct id *peer, const struct address *address);
/* Redials at once when the link was lost without goodbye. */
void contacts_link_down(struct contacts *c, instant_ms now,
    const struct id *peer, bool goodbye);
/* It has a link over a third, for want of a direct one. */
void contacts_detoured(struct contacts *c, instant_ms now,
    const struct id *peer);
/* A dial came to nothing; refused: its host answered. */
void contacts_failed(struct contacts *c, instant_ms now,
    const struct id *peer, const struct address *address, bool refused);

/*
 * Whom to look for another way to: a dial has taken long, or all its
 * addresses failed; if refused, a second time, for a process that has died
 * takes no other way either.  False: nobody now.
 */
bool contacts_in_vain(struct contacts *c, instant_ms now, struct id *peer);

/* Where the peer was last known to listen; family 0 when unknown. */
struct address contacts_address(const struct contacts *c,
    const struct id *peer);

void contacts_expire(struct contacts *c, instant_ms now, uint64_t view,
    struct effects *fx);
instant_ms contacts_deadline(const struct contacts *c);

#endif
