/*
 * check_hostile: what others on the LAN may do to a node without harming
 * it.  Three honest peers share lo with a foe; after each attack the node
 * attacked still answers, all three still talk, its memory is bounded and
 * no sanitizer had to say anything.
 */
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "crypto/entropy.h"
#include "crypto/identity.h"
#include "crypto/names.h"
#include "tests/support/foe.h"
#include "tests/support/lan.h"
#include "tests/support/peer.h"

#if defined(__SANITIZE_ADDRESS__)
enum { RSS_MIB = 400 };		/* shadow and quarantine included */
#else
enum { RSS_MIB = 64 };
#endif

static const double SOON_MS = 10000;
static const double PATIENCE_MS = 60000;

static struct crowd crowd;
static struct peer *ana, *bob, *eve;	/* ana is the one attacked */
static struct foe foe;
static struct arena arena;
static struct id lobby;

/* -- the honest ---------------------------------------------------------- */

static struct peer *
start(const char *nick)
{
	const char *arguments[] = { "--ephemeral", "--nick", nick, NULL };

	return peer_start(&crowd, NULL, arguments);
}

static uint16_t
port_of(struct peer *peer)
{
	json_int_t port;

	ck_assert(crowd_await(&crowd, SOON_MS,
	    (bool (*)(struct crowd *, void *))peer_last, peer) ||
	    peer_last(peer, "ready") != NULL);
	port = json_integer_value(json_object_get(
	    peer_last(peer, "ready")->event, "port"));
	return (uint16_t)port;
}
