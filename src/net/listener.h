/*
 * listener: accepts links, and bounds what strangers can make us hold.
 *
 * Half-open is a link from accept(2) until link_trust() or its end.  At
 * most LIMIT_HALF_OPEN at once (more wait in the kernel's backlog), and
 * LIMIT_HALF_OPEN_ADDRESS from one address (more are hung up on and
 * counted), where this very host counts for the first bound only: several
 * nodes may start here together.
 */
#ifndef DCHAT_NET_LISTENER_H
#define DCHAT_NET_LISTENER_H

#include <stdint.h>

#include "net/link.h"

struct listener;

/*
 * Listens on IPv4 and, where there is one, IPv6, on the same port; 0: any
 * free one.  Accepted links begin with this owner; up() is the first their
 * owner hears of them.  NULL with a sentence when the port is taken or
 * forbidden.  The context must outlive the listener.
 */
struct listener *listener_open(const struct link_context *context,
    uint16_t port, void *owner, char problem[static 256]);

/* Also closes the links that are not up yet; the others stay the owner's. */
void listener_close(struct listener *listener);		/* NULL is fine */

uint16_t listener_port(const struct listener *listener);
unsigned listener_half_open(const struct listener *listener);
uint64_t listener_refused(const struct listener *listener);

#endif
