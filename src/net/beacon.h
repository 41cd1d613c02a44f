/*
 * beacon: the one datagram of discovery, as bytes.
 *
 * "Here I am, dial me": a hint and never an authority.  Where the peer is,
 * the datagram's source address says, not the beacon.  Pure functions; the
 * sockets are in net/discovery.  Big-endian, 48 bytes in version 1:
 *
 *   0 magic "dCHt"   4 version 1   5 flags   6 TCP port (2)
 *   8 network tag (8)   16 id (16)   32 instance nonce (8)   40 view hash (8)
 */
#ifndef DCHAT_NET_BEACON_H
#define DCHAT_NET_BEACON_H

#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/limits.h"

enum {
	BEACON_VERSION = 1,
	BEACON_TAG_BYTES = 8,
	BEACON_BYTES = 48,

	BEACON_GOODBYE = 1 << 0,	/* flags */
	BEACON_WANTS_REPLY = 1 << 1,
	BEACON_FLAGS = BEACON_GOODBYE | BEACON_WANTS_REPLY,
};

struct beacon {
	uint8_t tag[BEACON_TAG_BYTES];
	struct id id;
	uint64_t nonce;			/* of this start of the node; never 0 */
	uint64_t view_hash;
	uint16_t port;			/* TCP, host byte order; never 0 */
	uint8_t flags;
};

enum beacon_verdict {
	BEACON_OK,
	BEACON_FOREIGN,			/* not of dchat */
	BEACON_OTHER_VERSION,
	BEACON_MALFORMED,
};

/* Writes BEACON_BYTES and returns their number. */
size_t beacon_encode(const struct beacon *beacon,
    uint8_t bytes[static BEACON_BYTES]);

/* Any bytes at all; *beacon is only set with BEACON_OK. */
enum beacon_verdict beacon_decode(const uint8_t *bytes, size_t size,
    struct beacon *beacon);

#endif
