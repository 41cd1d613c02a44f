/*
 * disk: what a simulated node has stored, as src/store keeps it.
 *
 * Per room a clock of what is held and its heads, beside the bundles; and
 * the small facts.  It outlives the process, can be copied, put back as an
 * older copy, or be lost.
 */
#ifndef DCHAT_SIM_DISK_H
#define DCHAT_SIM_DISK_H

#include <stdbool.h>

#include "core/effect.h"
#include "core/frontier.h"
#include "core/ledger.h"
#include "core/past.h"
#include "tests/sim/queue.h"
#include "tests/sim/seal.h"

/* Rows that are looked at for one page, as in store/history. */
enum { DISK_PAGE_BUNDLES = 64, DISK_ROWS = 4 * DISK_PAGE_BUNDLES };

struct shelf {
	struct id room;
	char *name;
	bool joined;
	struct vclock clock;
	struct frontier heads;
	uint64_t sum; /* of the hashes of its bundles */
};

struct disk {
	struct bundle **items; /* ascending by room, stream, seq */
	size_t count, cap;
	struct shelf **shelves; /* ascending by room */
	size_t shelf_count, shelf_cap;
	struct record **records; /* ascending by id */
	size_t record_count, record_cap;
	struct past_contact *contacts; /* ascending by peer */
	size_t contact_count, contact_cap;
	struct receipt *receipts; /* in the order first kept */
	size_t receipt_count, receipt_cap;
	struct ledger ledger;
	struct fence fence;
	struct intent **intents;
	size_t intent_count, intent_cap;
	char nick[LIMIT_NICK + 1]; /* last granted; empty: none */
	uint64_t start, epoch;	   /* of the run that wrote it last */
};

void disk_init(struct disk *disk);
void disk_free(struct disk *disk);
/* The copy owns all it has; `to` need not be initialised. */
void disk_copy(const struct disk *disk, struct disk *to);

/*
 * A run begins: says which epoch its streams have.  True when that is the
 * one of the run before, false when it is the fresh one.
 */
bool disk_begin(struct disk *disk, uint64_t start, uint64_t fresh_epoch);

/* Remembers or forgets a fact. */
void disk_keep(struct disk *disk, const struct keep *keep);
/* What a start finds; lives in the arena, borrows the disk. */
void disk_past(const struct disk *disk, struct arena *arena,
    struct node_past *past);

/* Keeps a clone; one held already is kept as it is.  False when it has the
 * name of another one. */
bool disk_put(struct disk *disk, const struct bundle *bundle);
/* The same for the same bundles of the room. */
uint64_t disk_sum(const struct disk *disk, const struct id *room);

/* What is held of the ranges, the first page of it, causes first. */
struct page *disk_ranges(const struct disk *disk, const struct id *room,
    const struct stream_range *ranges, size_t count);

/* The last so many messages of the ranges, the first page of them, newest
 * first. */
struct page *disk_newest(const struct disk *disk, const struct id *room,
    const struct stream_range *ranges, size_t count, unsigned messages);
/* Nothing of its stream is here at or below this number. */
uint64_t disk_base(const struct disk *disk, const struct bundle *bundle);

/* The last so many messages of a room and what lies right below them. */
struct page *disk_tail(const struct disk *disk, const struct id *room,
    unsigned messages);

#endif
