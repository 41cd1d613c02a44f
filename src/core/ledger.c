#include "core/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

void
ledger_init(struct ledger *ledger)
{
	*ledger = (struct ledger){ 0 };
}

void
ledger_free(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++)
		item_free(ledger->items[i].item);
	free(ledger->items);
	ledger_init(ledger);
}

static size_t
place(const struct ledger *ledger, const struct id *key, bool *found)
{
	size_t low = 0, high = ledger->count;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&ledger->items[middle].item->key, key);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct held_item *
ledger_find(const struct ledger *ledger, const struct id *key)
{
	bool found;
	size_t at = place(ledger, key, &found);

	return found ? &ledger->items[at] : NULL;
}

static bool
full(const struct ledger *ledger, const struct item *item)
{
	if (item->intent.kind == INTENT_NICK)
		return ledger->nick_count >= LIMIT_NICKS;
	return ledger->count - ledger->nick_count >= LIMIT_ROOMS;
}

enum joined
ledger_join(struct ledger *ledger, const struct item *item, wall_ms seen)
{
	uint64_t *sum = &ledger->sums[ledger_part(&item->key)];
	uint64_t hash = item_hash(item);
	struct held_item *held;
	bool found;
	size_t at = place(ledger, &item->key, &found);

	if (found && item_compare(item, ledger->items[at].item) <= 0)
		return JOINED_NOTHING;
	if (!found && full(ledger, item))
		return JOINED_FULL;
	if (!found) {
		MEM_INSERT(ledger->items, ledger->count, ledger->cap, at);
		ledger->items[at] = (struct held_item){ 0 };
	}
	held = &ledger->items[at];
	if (held->item != NULL)
		ledger->nick_count -= held->item->intent.kind == INTENT_NICK;
	ledger->nick_count += item->intent.kind == INTENT_NICK;
	*sum ^= held->hash ^ hash;
	item_free(held->item);
	held->item = item_clone(item);
	held->hash = hash;
	held->seen = seen;
	ledger->changes++;
	return JOINED_CHANGED;
}

uint64_t
ledger_root(const struct ledger *ledger)
{
	uint64_t hash = HASH_START;

	for (size_t i = 0; i < METADATA_SUMS; i++)
		hash = hash_number(hash, ledger->sums[i]);
	return hash_finish(hash);
}
