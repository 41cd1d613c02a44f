/*
 * mesh: the links of this node, one a peer.
 *
 * A link counts once HELLO went both ways: same version, same network,
 * another node.  Two nodes may dial each other at once, or one may have
 * noticed a loss that the other has not; then there are two links for a
 * while, and both ends find the same one to be too many:
 *
 *   same run (nonce) at both:  the one silent for over a second goes; of two
 *       dialled by one end the older; otherwise the one dialled by the
 *       higher id.  Each end says SUPERSEDED on it as its last frame, and
 *       when both did, the dialler closes it: nothing is lost on the way.
 *   another run:  the old link is pinged.  No answer in 500 ms: it is
 *       replaced.  An answer: this identity runs twice, and the newcomer
 *       is told where the other run is.  It dials that, because anybody can
 *       say so and only the key proves it, and of the two the later one is
 *       the newcomer.
 *
 * A third may carry the link of two that have no way to each other
 * (host/tunnel).  A direct one takes its place as soon as there is one, and
 * it that of a direct one silent for over a second; both are told as up()
 * again.
 *
 * Callbacks come from the loop and from mesh_hangup(); they may call any
 * function here.
 */
#ifndef DCHAT_HOST_MESH_H
#define DCHAT_HOST_MESH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/log.h"
#include "core/frame.h"
#include "crypto/identity.h"
#include "host/gauge.h"

enum {
	MESH_VERSION = 1, /* of the protocol, in HELLO */
	MESH_SILENT_MS = 1000,
	MESH_TRIAL_MS = 500,
	MESH_ASIDE_MS = 2000, /* a superseded link is closed then */
	MESH_TWICE_MS = 1000,		/* between two looks for a twin */
};

struct event_base;
struct mesh;

struct mesh_events {
	/* via: who carries it, and no address; NULL: it is direct. */
	void (*up)(void *self, const struct id *peer, uint64_t start,
	    const struct address *address, const struct id *via);
	void (*down)(void *self, const struct id *peer, enum reason why);
	/* A dial came to nothing; peer none: whoever would have answered. */
	void (*failed)(void *self, const struct id *peer,
	    const struct address *address, const struct id *via,
	    enum reason why);
	/* Well-formed, not yet verified; borrowed.  Not of the types that
	 * belong to the two ends of a link. */
	void (*frame)(void *self, const struct id *peer,
	    const uint8_t key[static KEY_BYTES], const struct frame *frame);
	/* The peer broke the protocol; it is hung up on right after. */
	void (*broken)(void *self, const struct id *peer, const char *why);
	/* An identity runs twice: mine, or a peer's. */
	void (*twice)(void *self, const struct id *who, bool i_am_newcomer);
	/* After mesh_leave(): the last link is closed. */
	void (*gone)(void *self);
	void *self;
};

struct mesh_options {
	struct event_base *loop;
	const struct identity *identity; /* outlives the mesh */
	struct log *log;                 /* the same */
	uint8_t tag[8];                  /* of the network */
	uint64_t nonce, start;           /* of this run */
	uint16_t port;                   /* 0: any free one */
};

struct mesh_counters {
	uint64_t frames_sent, frames_received;
	uint64_t bytes_sent, bytes_received;  /* of frames, before TLS */
	uint64_t bundles_sent, election_sent; /* frames of these kinds */
	uint64_t dropped;        /* bulk frames, for a full queue */
	uint64_t dials, refused; /* refused: too many half-open links */
};

/* Listens from then on.  NULL with a sentence when the port is taken. */
struct mesh *mesh_open(const struct mesh_options *options,
    const struct mesh_events *events, char problem[static 256]);
/* All links at once, as if the process had died.  NULL is fine. */
void mesh_close(struct mesh *mesh);

uint16_t mesh_port(const struct mesh *mesh);

/* Answered by up() or failed(), or not at all when the peer is linked. */
void mesh_dial(struct mesh *mesh, const struct id *peer,
    const struct address *address); /* peer NULL: whoever answers */

/* The same over a third that both are linked to. */
void mesh_dial_over(struct mesh *mesh, const struct id *peer,
    const struct id *via);

/* down() is called for it when it was up. */
void mesh_hangup(struct mesh *mesh, const struct id *peer, enum reason why);

/* Encoded once; peers without a link are skipped. */
void mesh_send(struct mesh *mesh, const struct id *to, size_t count,
    const struct frame *frame);

/* Sends what is queued, then closes all in order: gone(). */
void mesh_leave(struct mesh *mesh);

/* Round trip of the link to a peer: of its pings, or as long as none came
 * back as TCP sees it; < 0: not linked or not known. */
double mesh_rtt_ms(const struct mesh *mesh, const struct id *peer);
/* The last round trips to it, and what waits to be sent; not linked: 0. */
size_t mesh_trips(const struct mesh *mesh, const struct id *peer,
    double series[static GAUGE_TRIPS]);
size_t mesh_queued(const struct mesh *mesh, const struct id *peer);
/* Some link has its hands full: link_crowded(). */
bool mesh_crowded(struct mesh *mesh, instant_ms now);

struct mesh_counters mesh_counters(const struct mesh *mesh);

#endif
