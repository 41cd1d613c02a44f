/*
 * store: the bundles that a node keeps, and the history that they are.
 *
 * Nothing is answered at once: a request is queued, the front is woken, and
 * store_run() performs what is queued, in its order, and calls back.  So a
 * burst of bundles becomes one group, and whoever asks never waits.  For
 * now the bundles are in memory and are gone with the process.
 *
 * Per room two indices: by place on the screen (bundle_compare_display, a
 * linear extension of causality) and per stream by sequence number.  What
 * arrives is nearly always newer than all before, so inserting is cheap.
 * At most LIMIT_HISTORY_ROOM messages of a room are kept; the oldest go, and
 * are then just not served any more.
 */
#ifndef DCHAT_STORE_STORE_H
#define DCHAT_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/frame.h"

enum {
	STORE_PAGE_BUNDLES = 64,       /* one answer to store_range(); */
	STORE_PAGE_BYTES = 64 * 1024,  /* of bodies; at least one bundle */
	STORE_TAIL_BYTES = 512 * 1024, /* one answer to store_tail() */
};

/* Bundles for somebody who asked; all borrowed for the call. */
struct store_page {
	struct id to, room;             /* of the request */
	const struct dependency *bases; /* nothing at or below these is here */
	size_t base_count;
	const struct bundle *const *bundles; /* in display order */
	size_t count;
};

struct store_line {
	const struct bundle *bundle;
	size_t index; /* which of its messages */
};

struct store_lines {
	uint64_t token;                 /* of the request */
	enum error error;               /* BAD_ARGUMENT: no such `before` */
	const struct store_line *lines; /* oldest first, display order */
	size_t count;
};

struct store_front {
	void (*wake)(void *self); /* store_run() has something to do */
	/* The bundle is as safe as it gets. */
	void (*kept)(void *self, const struct bundle *bundle);
	void (*page)(void *self, const struct store_page *page);
	void (*lines)(void *self, const struct store_lines *lines);
	void *self;
};

struct store;

/* The front is copied. */
struct store *store_new(const struct store_front *front);
void store_destroy(struct store *store); /* NULL is fine */

/* Performs the requests made so far; those made meanwhile wake again. */
void store_run(struct store *store);

/* A sealed bundle, copied.  One held already is answered all the same. */
void store_put(struct store *store, const struct bundle *bundle);

/* One page of what is held of these ranges, the causes first. */
void store_range(struct store *store, const struct id *to,
    const struct id *room, const struct stream_range *ranges, size_t count);

/*
 * The last so many messages of a room.  The bases stand right below them,
 * stream by stream; what of them exceeds one page is found missing by the
 * next comparison of clocks.
 */
void store_tail(struct store *store, const struct id *to, const struct id *room,
    unsigned messages);

/* The last `limit` messages of a room, or those above one of them (NULL). */
void store_history(struct store *store, uint64_t token, const struct id *room,
    const char *before, size_t limit);

/* True while requests wait for store_run(). */
bool store_busy(const struct store *store);

/* Messages held of a room. */
size_t store_messages(const struct store *store, const struct id *room);

#endif
