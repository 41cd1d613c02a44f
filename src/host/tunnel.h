/*
 * tunnel: links over a third.
 *
 *   net/link == socket pair == tunnel -- RELAY --> third -- RELAY --> tunnel
 *
 * A link that has no way of its own speaks TLS into a local socket; what comes
 * out there travels in RELAY frames over the link to a third, who passes it
 * on, knows neither what it is nor keeps anything of it.  No more than
 * TUNNEL_WINDOW bytes are under way in a direction, so that a slow end slows
 * down the other and not the third.  A piece that is missing, or that finds
 * nobody, ends the tunnel, and so does one of which nothing was used up for
 * TUNNEL_STUCK_MS, for the third may keep it; to its link the connection is
 * lost, and another third may do better.
 *
 * Callbacks come from the loop and from tunnels_take().
 */
#ifndef DCHAT_HOST_TUNNEL_H
#define DCHAT_HOST_TUNNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/frame.h"

enum {
	TUNNEL_WINDOW = 64 * 1024,
	TUNNEL_STUCK_MS = 10000,	/* as TCP's user timeout of a link */
	TUNNEL_TICK_MS = 1000,		/* what was used up is told then */
};

struct event_base;
struct tunnels;

struct tunnel_events {
	/* Over the link to the third; false: it takes nothing more. */
	bool (*send)(void *self, const struct id *via,
	    const struct frame *frame);
	/* Somebody dials over a third: a descriptor for link_accept(). */
	void (*dialled)(void *self, const struct id *peer,
	    const struct id *via, int descriptor);
	void *self;
	int stuck_ms;			/* 0: TUNNEL_STUCK_MS */
	int tick_ms;			/* 0: TUNNEL_TICK_MS */
};

struct tunnels *tunnels_new(struct event_base *loop,
    const struct tunnel_events *events);
/* Their links find the connection lost.  NULL is fine. */
void tunnels_destroy(struct tunnels *tunnels);

/* A descriptor for link_dial_on(); < 0: there are LIMIT_TUNNELS. */
int tunnels_dial(struct tunnels *tunnels, const struct id *peer,
    const struct id *via);

/* A piece for this node, that came from its origin over the third. */
void tunnels_take(struct tunnels *tunnels, const struct id *via,
    const struct relay *relay);

/* The link to the third is gone, and what it carried. */
void tunnels_lost(struct tunnels *tunnels, const struct id *via);

#endif
