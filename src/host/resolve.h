/*
 * resolve: what a person types as an address, to addresses.
 *
 *   HOST  HOST:PORT  192.0.2.7:40123  fe80::1%eth0  [fe80::1%eth0]:40123
 *
 * Numbers are read at once.  Names are asked for in a thread of their own,
 * so that every source the system knows works (hosts file, multicast DNS,
 * DNS) and none can stop the loop.
 */
#ifndef DCHAT_HOST_RESOLVE_H
#define DCHAT_HOST_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/limits.h"

enum { RESOLVE_HOST = 256 };

struct event_base;
struct resolver;

struct resolved {
	uint64_t token;
	size_t count; /* 0: not found */
	struct address addresses[LIMIT_ADDRESSES];
	char why[128]; /* when not found: the system's words */
};

typedef void resolve_callback(void *self, const struct resolved *resolved);

/*
 * Takes a text apart; port 0: none was given.  False with a sentence when
 * it has none of the forms above.
 */
bool resolve_split(const char *text, char host[static RESOLVE_HOST],
    uint16_t *port, char problem[static 256]);

/* The host is a number: no need to ask. */
bool resolve_number(const char *host, uint16_t port, struct address *address);

struct resolver *resolver_open(struct event_base *loop, resolve_callback *done,
    void *self);
/* Answers under way are lost.  NULL is fine. */
void resolver_close(struct resolver *resolver);

/* Answered by done() with the token, from the loop. */
void resolver_ask(struct resolver *resolver, uint64_t token, const char *host,
    uint16_t port);

#endif
