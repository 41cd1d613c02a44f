/*
 * discovery: sends and hears beacons on every interface, loopback included.
 *
 * Two kinds of sockets.  The shared ones are bound to the discovery port
 * with SO_REUSEADDR: broadcast and multicast reach every one on the host,
 * so several nodes can listen.  The own one has a port of its own: beacons
 * leave from it and replies come back to it, because unicast to a shared
 * port reaches only the last one bound.
 *
 * Sent per interface, named by IP_PKTINFO, so that no route is needed:
 * IPv4 directed broadcast, IPv4 multicast 239.255.77.11 (TTL 1), IPv6
 * link-local multicast ff02::7711.  A send that fails is counted, never
 * fatal.  Part of net: moves bytes, never sees a message, includes only
 * base and libevent.  How often to send and to reply is the caller's
 * matter, also how much to believe.
 */
#ifndef DCHAT_NET_DISCOVERY_H
#define DCHAT_NET_DISCOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/channel.h"
#include "net/beacon.h"
#include "net/interfaces.h"

enum { DISCOVERY_PORT = 7711 };

struct discovery;

struct discovery_heard {
	const struct beacon *beacon;
	struct address from;		/* where its node accepts links (TCP) */
	struct address reply_to;	/* where a reply goes (UDP) */
	unsigned interface;		/* index; it arrived there */
	enum channel channel;
};

/* Called for beacons of our network and of another instance; see nonce. */
typedef void discovery_callback(void *self,
    const struct discovery_heard *heard);

struct discovery_options {
	struct event_base *loop;
	uint16_t port;			/* 0: DISCOVERY_PORT */
	uint8_t tag[BEACON_TAG_BYTES];	/* beacons of others are counted only */
	uint64_t nonce;			/* our own beacons are ignored */
	discovery_callback *heard;
	void *self;
};

struct discovery_counters {
	uint64_t sent, send_errors;	/* datagrams */
	uint64_t heard;			/* and passed on */
	uint64_t own, other_network, other_version, malformed;
	uint64_t elsewhere;		/* on an interface not of the list */
};

/* One channel of one interface: beacons of our network, and sends that the
 * kernel refused. */
struct discovery_path {
	uint64_t sent, failed, heard;
};

/*
 * Opens the sockets; the list is copied.  NULL with a sentence when the
 * port is taken by a program that does not share it.  A host without IPv6
 * is fine.
 */
struct discovery *discovery_open(const struct discovery_options *options,
    const struct interface_list *interfaces, char problem[static 256]);
void discovery_close(struct discovery *discovery);	/* NULL is fine */

/* After a change: leaves and joins the multicast groups; the list is copied. */
void discovery_set_interfaces(struct discovery *discovery,
    const struct interface_list *interfaces);

/* On every interface in every way; returns how many datagrams went out. */
size_t discovery_send_all(struct discovery *discovery,
    const struct beacon *beacon);

/* One datagram to reply_to (or any UDP address); false: it did not go out. */
bool discovery_send_to(struct discovery *discovery,
    const struct beacon *beacon, const struct address *to);

const struct discovery_counters *
discovery_counters(const struct discovery *discovery);

/* Since the start, also when it went and came back. */
struct discovery_path discovery_path(const struct discovery *discovery,
    unsigned interface, enum channel channel);

#endif
