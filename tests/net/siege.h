/*
 * siege: three honest peers who share lo with a foe.
 *
 * After each attack siege_check_health() says whether the node attacked
 * (ana) still answers, all three still talk and its memory is bounded; at
 * the end they leave in peace: a report of a sanitizer would have killed
 * them, a leak shows in their exit status.  All functions fail the test
 * with a sentence.
 */
#ifndef TESTS_NET_SIEGE_H
#define TESTS_NET_SIEGE_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/support/foe.h"
#include "tests/support/peer.h"

enum { HONEST = 3 };

#define SOON_MS 10000.0
#define PATIENCE_MS 45000.0

struct siege {
	struct crowd crowd;
	struct peer *ana, *bob, *eve;
	uint16_t port; /* ana's */
	struct foe foe;
	struct arena arena; /* for what the foe seals */
};

extern struct siege siege;

/* Runs the tests of a case, each with honest peers of its own. */
int siege_run(char **argv, const char *name, void (*add)(TCase *tests));

struct peer *siege_start(const char *nick);
uint16_t siege_port(struct peer *peer);
json_t *siege_status(struct peer *peer);
json_int_t siege_counter(struct peer *peer, const char *name);

/* So many in everybody's ring, and one leader; ana has rejected so much. */
void siege_await_ring(size_t count);
void siege_await_rejected(json_int_t least);

/* A condition for crowd_await(): the three show this text. */
bool siege_is_shown(struct crowd *crowd, void *text);
void siege_talk(void);
void siege_check_health(void);

/* The foe becomes a peer of ana. */
void siege_join(struct foe_link *link);
/* One message in #lobby, not signed yet; and signed by the foe and sent. */
struct bundle siege_bundle(struct id author, uint64_t epoch, uint64_t seq,
    const char *text);
void siege_send_bundle(struct foe_link *link, struct bundle *bundle);

#endif
