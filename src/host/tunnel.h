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
 * nobody, ends the tunnel, and to its link the connection is lost.
 *
 * Callbacks come from the loop and from tunnels_take().
 */
#ifndef DCHAT_HOST_TUNNEL_H
#define DCHAT_HOST_TUNNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/frame.h"

enum { TUNNEL_WINDOW = 64 * 1024 };

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
