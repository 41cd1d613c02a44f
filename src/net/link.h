/*
 * link: one TLS connection to another node, and frames on it.
 *
 * A frame is a 4-byte big-endian length and that many bytes, 1 to
 * LIMIT_FRAME (LIMIT_FRAME_STRANGER until link_trust()).  What is in them,
 * whether the peer may speak at all (HELLO, PROOF) and which link of a pair
 * stays is the caller's business: net moves bytes and never sees a message.
 *
 *   link_dial, listener --> handshake --up--> stranger --link_trust--> open
 *        |                      |              |                        |
 *        +----------------------+---- down ----+------------------------+
 *
 * The whole way from the first packet to link_trust() has one deadline
 * (handshake_ms); in TLS 1.3 the dialler sees "up" before the other end has
 * judged it, so only a frame of the peer shows that the link works.
 *
 * Rules for callers:
 *  - No callback is ever called from inside a function of this header; all
 *    come from the loop.
 *  - Every link ends once: by down(), after which it frees itself, or by
 *    link_close(), after which nothing is called any more.  Either way the
 *    pointer is dead (inside a callback of that link: when it returns).
 *  - link_close() is allowed in every callback, down() excepted.
 */
#ifndef DCHAT_NET_LINK_H
#define DCHAT_NET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/limits.h"

enum {
	LINK_KEY_BYTES = 32,
	LINK_EXPORTER_BYTES = 32,
	LINK_HANDSHAKE_MS = 5000,
	LINK_PIECE = 16 * 1024,		/* handed to TLS at once */
};

struct link;
struct tls;
struct event_base;

/*
 * How a link ends: constant, name for logs and tests.
 *   flushed      our link_flush_and_close() is done
 *   clean        the peer closed it in order
 *   lost         a reset, or its end without goodbye
 *   refused      nobody listens there
 *   unreachable  there is no way there
 *   timeout      not trusted in time; later: the cable is gone
 *   tls          not TLS 1.3 with an Ed25519 key and our ALPN
 *   wrong_id     another node than the expected one
 *   protocol     a frame empty or too long
 *   overflow     not even control frames leave
 */
#define LINK_ENDS(X)                                                          \
	X(LINK_FLUSHED, "flushed")                                            \
	X(LINK_CLEAN, "clean")                                                \
	X(LINK_LOST, "lost")                                                  \
	X(LINK_REFUSED, "refused")                                            \
	X(LINK_UNREACHABLE, "unreachable")                                    \
	X(LINK_TIMEOUT, "timeout")                                            \
	X(LINK_TLS, "tls")                                                    \
	X(LINK_WRONG_ID, "wrong_id")                                          \
	X(LINK_PROTOCOL, "protocol")                                          \
	X(LINK_OVERFLOW, "overflow")

enum link_end {
#define X(constant, name) constant,
	LINK_ENDS(X)
#undef X
};

const char *link_end_name(enum link_end end);

/* Control frames overtake bulk ones; each kind stays in its order. */
enum link_class {
	LINK_CONTROL,
	LINK_BULK,
};

/* All must be set but drained.  `owner` is what link_set_owner() said last. */
struct link_events {
	/* The handshake is over; peer id and key are known. */
	void (*up)(struct link *link, void *owner);
	/* One frame; the bytes are borrowed for the call. */
	void (*frame)(struct link *link, void *owner, const uint8_t *bytes,
	    size_t size);
	/* The queues and the output are empty again; may be NULL. */
	void (*drained)(struct link *link, void *owner);
	/* The end, also of a link that never came up; text is a sentence. */
	void (*down)(struct link *link, void *owner, enum link_end end,
	    const char *text);
};

/* What all links of a node have in common; must outlive them. */
struct link_context {
	struct event_base *loop;
	const struct tls *tls;
	struct link_events events;
	int handshake_ms;		/* 0: LINK_HANDSHAKE_MS */
};

/*
 * Dials; whatever goes wrong is told by down().  With an expected id any
 * other node is hung up on (LINK_WRONG_ID) before up().
 */
struct link *link_dial(const struct link_context *context,
    const struct address *to, const struct id *expected, void *owner);

/*
 * The same at an end of a local stream socket whose other end somebody
 * carries to the peer (host/tunnel); takes over the descriptor.
 */
struct link *link_dial_on(const struct link_context *context, int descriptor,
    const struct id *expected, void *owner);

void link_set_owner(struct link *link, void *owner);

/* The peer showed that it belongs here: long frames, no deadline. */
void link_trust(struct link *link);

/*
 * Takes a copy.  Frames sent in one turn of the loop leave together.  False
 * when it was not taken: the link is not up or about to end, or it is bulk
 * and LIMIT_LINK_QUEUE bytes are waiting (counted; the link needs a sync
 * when drained).  Control beyond the bound ends the link (LINK_OVERFLOW).
 */
bool link_send(struct link *link, const void *bytes, size_t size,
    enum link_class class);

/*
 * Nothing is read while paused, not even the peer's end; TCP slows the peer
 * down.  A frame already in memory may wait, none is lost.
 */
void link_pause_reading(struct link *link);
void link_resume_reading(struct link *link);

/*
 * Sends what is queued, then closes in order: the peer's down() says
 * LINK_CLEAN, ours LINK_FLUSHED (at once for a link not up).  Frames still
 * arrive until then; link_send() takes no more.  What the peer has queued
 * and not sent when our end reaches it is lost, so whoever must not lose
 * anything says goodbye in a frame first.  A peer that does not read can
 * hold it up until TCP gives up: set a deadline, then link_close().
 */
void link_flush_and_close(struct link *link);

/* At once, what is queued is lost; to the peer it looks as if we died. */
void link_close(struct link *link);

bool link_is_up(const struct link *link);
bool link_is_trusted(const struct link *link);
bool link_dialled(const struct link *link);	/* by this end */
/* Where the other end is; the port is a listening one only if dialled. */
const struct address *link_address(const struct link *link);
/* From up() on. */
const struct id *link_peer_id(const struct link *link);
const uint8_t *link_peer_key(const struct link *link);
/*
 * A value both ends can compute for a label and nobody else (RFC 8446,
 * section 7.5), for a proof bound to this connection.
 */
void link_exporter(const struct link *link, const char *label,
    uint8_t value[static LINK_EXPORTER_BYTES]);

/* The shortest round trip that TCP saw lately; < 0: none yet. */
double link_rtt_ms(const struct link *link);

size_t link_queued_bytes(const struct link *link);	/* not yet TCP's */

/*
 * A quarter of LIMIT_LINK_QUEUE waits and shrinks: whoever can wait had
 * better, for bulk will be dropped.  Not so when nothing moves for
 * LINK_STUCK_MS: a peer that takes nothing holds nobody up.
 */
enum { LINK_STUCK_MS = 1000 };
bool link_crowded(struct link *link, instant_ms now);

uint64_t link_sent_bytes(const struct link *link);	/* frames, framing */
uint64_t link_received_bytes(const struct link *link);	/* included */
uint64_t link_dropped_bulk(const struct link *link);	/* frames so far */

/*
 * Takes over an accepted descriptor.  settled(), unless NULL, is called once,
 * when the link is trusted or ended, whichever comes first.
 */
struct link *link_accept(const struct link_context *context, int descriptor,
    const struct address *from, void *owner,
    void (*settled)(void *self, struct link *link), void *self);

/*
 * The listener goes away: settled() is not called any more, and if up() was
 * not called either, nobody knows the link and it is closed.
 */
void link_forget_listener(struct link *link);

#endif
