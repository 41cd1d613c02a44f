/*
 * announce: the beacons of this node, and the interfaces they go out on.
 *
 * A layer over net/discovery and net/interfaces that follows the interfaces
 * as they come and go.  When to shout, whom to answer and what to believe
 * of what is heard, the node decides (core/discovery).
 */
#ifndef DCHAT_HOST_ANNOUNCE_H
#define DCHAT_HOST_ANNOUNCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/channel.h"
#include "base/id.h"

struct event_base;
struct announce;

struct announce_heard {
	struct id peer;
	uint64_t nonce, view;
	bool goodbye, wants_reply;
	struct address from;     /* where it listens (TCP) */
	struct address reply_to; /* UDP */
	unsigned interface;      /* index: where it came in */
	enum channel channel;
};

struct announce_options {
	struct event_base *loop;
	struct id id;                  /* of this node */
	uint8_t tag[8];                /* of the network */
	uint64_t nonce;                /* of this run */
	uint16_t port;                 /* where this node listens */
	uint16_t discovery_port;       /* 0: the default */
	const char *const *interfaces; /* copied; none: all usable ones */
	size_t interface_count;
	void (*heard)(void *self, const struct announce_heard *heard);
	/* Other interfaces than before; perhaps none any more. */
	void (*changed)(void *self);
	void *self;
};

struct announce_counters {
	uint64_t sent, send_errors, heard, foreign;
};

/* What went through an interface; name and address until the next change. */
struct announce_path {
	uint64_t sent, failed, heard;
};
struct announce_interface {
	const char *name;
	unsigned index;
	bool loopback, point_to_point;
	struct address address; /* the first IPv4 one; none */
	struct announce_path paths[CHANNEL_COUNT];
};

/*
 * NULL with a sentence and the exit status when an interface is unknown (2)
 * or the discovery port is taken (1).  No usable interface is no failure:
 * announce_interfaces() is empty then, and one may come.
 */
struct announce *announce_open(const struct announce_options *options,
    char problem[static 256], int *status);
void announce_close(struct announce *announce); /* NULL is fine */

/* On all interfaces: here I am and who is there, or goodbye. */
void announce_all(struct announce *announce, uint64_t view, bool goodbye);
/* To one UDP address. */
void announce_to(struct announce *announce, uint64_t view, bool wants_reply,
    const struct address *to);

/* Names of the interfaces in use, *count of them; until the next change. */
const char *const *announce_interfaces(const struct announce *announce,
    size_t *count);
/* The same with their figures; at is below the count. */
struct announce_interface announce_interface(const struct announce *announce,
    size_t at);
/* An IPv4 address in the network of one of them, or an IPv6 one. */
bool announce_reaches(const struct announce *announce,
    const struct address *address);
uint16_t announce_port(const struct announce *announce);
struct announce_counters announce_counters(const struct announce *announce);

#endif
