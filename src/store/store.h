/*
 * store: what a node keeps on disk, and the history that it is.
 *
 * SQLite in WAL mode, in ONE thread of its own.  A request is queued and
 * returns at once; its answer waits until store_run() is called in the
 * loop's thread, for which store_descriptor() becomes readable.  Requests
 * are performed in their order, but that pages for peers, and swaps, which
 * must not overtake them, wait, one at a time, for all the others; what is
 * queued meanwhile goes into one transaction (group commit).  A group that holds something of one's own is
 * synced to the disk (synchronous=FULL) before it is answered; others'
 * bundles are in the log of the database (NORMAL): a power cut may take the
 * last of them, and sync brings them back.
 *
 * What cannot be written: one's own is answered with an error, and nothing
 * of it is kept; others' bundles and facts wait here and are tried again,
 * each second and before whatever is said next.
 *
 * Per room a clock (core/vclock) of what is held and its heads
 * (core/frontier) are kept beside the bundles, in the same transactions, so
 * that a start reads a few rows and no history.  So many messages of a room
 * (a few more until the store is idle) are kept for so many days; the oldest
 * go, a few at a time, and are then just not served any
 * more.  What can be searched (store/words) is indexed when the store is
 * idle, or before it is searched.
 *
 * One database serves all networks of a profile; what one run sees is that
 * of its network.
 */
#ifndef DCHAT_STORE_STORE_H
#define DCHAT_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/past.h"

enum {
	/* One answer to store_range(); at least one bundle. */
	STORE_PAGE_BUNDLES = LIMIT_PAGE_BUNDLES,
	STORE_PAGE_BYTES = LIMIT_PAGE_BYTES,
	STORE_TAIL_BYTES = 512 * 1024, /* one answer to store_tail() */
};

/*
 * Bundles for somebody who asked; all borrowed for the call.  Of each only
 * the header is set (room, stream, seq, nonce, hlc, hash) and what is
 * sealed: to see messages and dependencies decode the body.
 */
struct store_page {
	struct id to, room;             /* of the request */
	const struct dependency *bases; /* nothing at or below these is here */
	size_t base_count;
	const struct bundle *const *bundles; /* in display order; of store_newest() turned around */
	size_t count;
};

struct store_line {
	const struct bundle *bundle; /* header and sealed, as in a page */
	size_t index;                /* which of its messages */
};

struct store_lines {
	uint64_t token;                 /* of the request */
	enum error error;               /* BAD_ARGUMENT: no such `before` */
	const struct store_line *lines; /* oldest first, display order */
	size_t count;
	uint64_t behind; /* of a search: bundles it did not look at yet */
	bool newer;      /* around one: there are more below */
	bool full;       /* more would not be kept */
};

/* Small things worth remembering, by kind and key; one table on disk. */
enum fact_kind {
	FACT_RECORD = 1,  /* key: a member's id */
	FACT_ADDRESS = 2, /* key: a member's id */
	FACT_ITEM = 3,    /* core/metadata */
	FACT_FENCE = 4,   /* core/metadata; no key */
	/* core/receipt; key: room, epoch and number of an own bundle; the
	 * value begins with its hash, or none (see store_past) */
	FACT_RECEIPT = 5,
	FACT_NICK = 6,    /* no key: as last granted to me */
	FACT_INTENT = 7,  /* core/metadata: pending; key: its id */
	FACT_NOTE = 8,    /* host/notes; key: its name */
	FACT_PROOF = 9,   /* of a number given twice; host/remember */
};

struct store_fact {
	enum fact_kind kind;
	const void *key;
	size_t key_size; /* may be 0 */
	const void *value;
	size_t value_size; /* 0: forget it */
	/* At a start, of a RECEIPT without a hash: that of the bundle, which
	 * was kept and then not noted; none: it was not kept. */
	struct id hash;
};

struct store_front {
	/* The bundle is safe; the very one that was put. */
	void (*kept)(void *self, const struct bundle *bundle);
	/* One's own could not be kept: DISK_FULL or DISK. */
	void (*refused)(void *self, const struct bundle *bundle,
	    enum error error);
	/* The facts of a store_keep() with a token are safe. */
	void (*facts_kept)(void *self, uint64_t token);
	void (*page)(void *self, const struct store_page *page);
	void (*lines)(void *self, const struct store_lines *lines);
	void (*written)(void *self, uint64_t token, int error);
	/* Of store_find(); NULL: it is not here. */
	void (*sought)(void *self, uint64_t token, const struct bundle *bundle);
	/* Something a person should know: a code, a sentence. */
	void (*trouble)(void *self, const char *code, const char *text);
	void *self;
};

struct store_options {
	const char *path;    /* of the database; NULL: in memory */
	uint8_t network[8];  /* tag */
	struct id self;      /* whose bundles of this run are synced to */
	uint64_t nonce;      /* the disk; it tells this run from all others */
	uint64_t start;      /* this run's number (host/profile) */
	uint64_t epoch;      /* freshly drawn, for the case it is needed */
	uint64_t room_messages; /* kept of a room; 0: LIMIT_HISTORY_ROOM */
	unsigned days;          /* and for so long; 0: LIMIT_HISTORY_DAYS */
	struct store_front front; /* copied */
};

/* What a start finds; lives as long as the store. */
struct store_past {
	/*
	 * Of the streams of this run: that of the run before, or the fresh
	 * one where the database is new or its count of starts is not that
	 * of the profile (it was copied back).
	 */
	uint64_t epoch;
	/* rooms, hlc and epoch_restored are set; the rest is in facts. */
	struct node_past node;
	const struct store_fact *facts; /* ascending by kind, key */
	size_t fact_count;
};

struct store;

/*
 * Opens or creates the database and reads the past; waits for the disk.  A
 * damaged one is set aside as PATH.corrupt-N, which front.trouble is told
 * in the first store_run().  NULL with a sentence: it is from a newer
 * dchat, of another program, or cannot be opened or written.
 */
struct store *store_open(const struct store_options *options,
    char problem[static 256]);
/* Writes what is queued and waits for that; NULL is fine. */
void store_close(struct store *store);

const struct store_past *store_past(const struct store *store);

/* Readable: there are answers for store_run(). */
int store_descriptor(const struct store *store);
/*
 * Calls the front with the answers that are there, in their order; with
 * some of them where there are many, so that the loop can look up: then it
 * stays readable.
 */
void store_run(struct store *store);

/* A sealed bundle, copied.  One held already is answered all the same. */
void store_put(struct store *store, const struct bundle *bundle);

/* A sealed bundle, copied, in place of the one of its name; unanswered. */
void store_swap(struct store *store, const struct bundle *bundle);

/* One page of what is held of these ranges, the causes first. */
void store_range(struct store *store, const struct id *to,
    const struct id *room, const struct stream_range *ranges, size_t count);

/* The last so many messages of these ranges, as far as one page goes; the
 * newest first. */
void store_newest(struct store *store, const struct id *to,
    const struct id *room, const struct stream_range *ranges, size_t count,
    unsigned messages);

/*
 * The last so many messages of a room.  The bases stand right below them,
 * stream by stream; what of them exceeds one page is found missing by the
 * next comparison of clocks.
 */
void store_tail(struct store *store, const struct id *to, const struct id *room,
    unsigned messages);

enum store_side {
	STORE_ABOVE,  /* a message; NULL: the last ones */
	STORE_AROUND, /* itself included */
	STORE_BELOW,  /* NULL: the first ones */
};

/* `limit` messages of a room on that side of one of them. */
void store_history(struct store *store, uint64_t token, const struct id *room,
    const char *msg, enum store_side side, size_t limit);

/*
 * Writes the bytes to a file that the caller has opened, copied; the last:
 * and syncs it.  Answered by `written`, with an errno or 0; the descriptor
 * stays the caller's, who closes it after the answer.
 */
void store_write(struct store *store, uint64_t token, int descriptor,
    const void *bytes, size_t size, bool last);

/*
 * The last `limit` messages with all of these words, of a room or (NULL) of
 * all; answered as lines.  Reactions and deletions have no words.
 */
void store_search(struct store *store, uint64_t token, const struct id *room,
    const char *text, size_t limit);

/* The bundle of this hash, in whatever room: header and sealed. */
void store_find(struct store *store, uint64_t token, const struct id *hash);

/* All in one transaction, copied.  token 0: nobody waits for it; else they
 * are synced to the disk and answered by facts_kept. */
void store_keep(struct store *store, const struct store_fact *facts,
    size_t count, uint64_t token);

/* The room is known, joined or left. */
void store_keep_room(struct store *store, const struct id *room,
    const char *name, bool joined);
/* All that is held of the room by now was looked at. */
void store_keep_read(struct store *store, const struct id *room);
/* Nothing at or below these will ever be held. */
void store_keep_bases(struct store *store, const struct id *room,
    const struct dependency *bases, size_t count);
/* The epoch of what is said from now on. */
void store_keep_epoch(struct store *store, uint64_t epoch);

#endif
