/*
 * foe: a hostile peer, for tests against real processes.
 *
 * It holds a key and can be let in like anybody, and then says whatever the
 * test wants it to say: any frame (wire/codec), any bytes, or nothing.  Its
 * sockets block for a while at most; foe_pump() throws away what the node
 * said, so that the node is never kept waiting by accident.
 */
#ifndef TESTS_SUPPORT_FOE_H
#define TESTS_SUPPORT_FOE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/frame.h"

struct identity;
struct ssl_st;

struct foe {
	struct identity *identity;
	uint8_t tag[8]; /* of the network */
	uint64_t start; /* which run it says this is */
	uint64_t nonce;
	uint16_t port; /* where it says it listens */
};

/* What is wrong with its TLS; all zero: nothing. */
struct foe_tls {
	bool old;         /* 1.2 at most */
	bool anonymous;   /* no certificate */
	bool rsa;         /* a key of the wrong kind */
	const char *alpn; /* NULL: the right one, "": none */
};

struct foe_link {
	struct foe *foe;
	int descriptor;
	struct ssl_st *session;
	bool closed;    /* by the node, or never opened */
	unsigned heard; /* bytes of the node thrown away */
};

void foe_init(struct foe *foe, const char *network);
void foe_free(struct foe *foe);

/* A TCP connection to a port of this host; -1: it was not to be had. */
int foe_connect(uint16_t port);
/* A socket that listens on any free port; *port is set. */
int foe_listen(uint16_t *port);

/* Shakes hands; false when the node would not.  In TLS 1.3 a client learns
 * only with the first bytes read what the server thinks of it. */
bool foe_dial(struct foe *foe, struct foe_link *link, uint16_t port,
    const struct foe_tls *tls);
/* The same as a server, with a connection that came. */
bool foe_accept(struct foe *foe, struct foe_link *link, int descriptor);
void foe_close(struct foe_link *link); /* with close_notify */
void foe_reset(struct foe_link *link); /* without a word */

/* Bytes under TLS, bytes as a frame, a frame as the codec makes it. */
void foe_send_bytes(struct foe_link *link, const void *bytes, size_t size);
void foe_send_text(struct foe_link *link, const char *header);
void foe_send(struct foe_link *link, const struct frame *frame);

void foe_say_hello(struct foe_link *link);
/* Signs; the body lives until the arena is cleared. */
void foe_seal_record(struct foe *foe, struct record *record,
    struct arena *arena);
void foe_seal_intent(struct foe *foe, struct intent *intent,
    struct arena *arena);
void foe_seal_bundle(struct foe *foe, struct bundle *bundle,
    struct arena *arena);
/* The same with one byte more at the end of its last text. */
void foe_seal_longer(struct foe *foe, struct bundle *bundle,
    struct arena *arena);
/* Dials, says hello and tells of itself: a member of #lobby. */
bool foe_join(struct foe *foe, struct foe_link *link, uint16_t port);

/* Reads and forgets what is there. */
void foe_pump(struct foe_link *link);
/* Until the node hangs up; false at the deadline. */
bool foe_await_end(struct foe_link *link, double timeout_ms);

/* One beacon as if of this id, to the discovery port of lo. */
void foe_beacon(int udp, const struct foe *foe, const struct id *id,
    uint64_t nonce, uint16_t port, bool wants_reply);

#endif
