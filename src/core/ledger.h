/*
 * ledger: the items a node holds, and sums of them for comparison.
 *
 * Ascending by key.  An item is only ever replaced by a larger one
 * (core/item), so a ledger grows in one lattice whatever is joined to it.
 * The sum of a part is the exclusive or of its items' hashes.
 */
#ifndef DCHAT_CORE_LEDGER_H
#define DCHAT_CORE_LEDGER_H

#include "core/item.h"

struct held_item {
	struct item *item;
	uint64_t hash;
	wall_ms seen;		/* NICK: its owner was here, last */
};

struct ledger {
	struct held_item *items;
	size_t count, cap;
	size_t nick_count;	/* the rest are rooms */
	uint64_t sums[METADATA_SUMS];
	uint64_t changes;	/* counted */
};

enum joined {
	JOINED_NOTHING,		/* the one held is as large */
	JOINED_CHANGED,
	JOINED_FULL,		/* there are too many of them */
};

void ledger_init(struct ledger *ledger);
void ledger_free(struct ledger *ledger);

/* NULL when there is none; until the next join. */
struct held_item *ledger_find(const struct ledger *ledger,
    const struct id *key);

/* Takes a clone when it is larger than what is held. */
enum joined ledger_join(struct ledger *ledger, const struct item *item,
    wall_ms seen);

/* Of all items. */
uint64_t ledger_root(const struct ledger *ledger);

/* Which of the sums a key counts for. */
static inline size_t
ledger_part(const struct id *key)
{
	return key->bytes[0];
}

#endif
