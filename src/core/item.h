/*
 * item: one thing the group agreed on, as a value.
 *
 * Items of one key are totally ordered, and the join of two is the larger:
 * so joining is commutative, associative and idempotent, and nodes that
 * were given the same items in any order hold the same ones.
 *
 *   room   version, then term, then author, then the signed bytes
 *   nick   generation, then the LOWER author, then as for a room
 *
 * So two halves of a partition end with the topic that was changed most
 * often, and a nick claimed in both belongs to the lower id; a generation
 * rises only when a nick that was given back is claimed.
 */
#ifndef DCHAT_CORE_ITEM_H
#define DCHAT_CORE_ITEM_H

#include "core/frame.h"

/* As memcmp(3); both must have the same key. */
int item_compare(const struct item *a, const struct item *b);

/* Gives its key back: nobody has the nick. */
bool item_released(const struct item *item);

/* A nick that somebody has. */
static inline bool
item_claims(const struct item *item)
{
	return item->intent.kind == INTENT_NICK && !item_released(item);
}

/* The intent was applied to this key, last or a little before. */
bool item_applied(const struct item *item, const struct id *intent);

/* The same at every node that holds it; for sums, exclusive or. */
uint64_t item_hash(const struct item *item);

/* Deep copies into an arena; the second pair of what the struct itself,
 * copied already, points to. */
const struct item *item_copy(struct arena *arena, const struct item *item);
const struct intent *intent_copy(struct arena *arena,
    const struct intent *intent);
void item_copy_parts(struct arena *arena, struct item *item);
void intent_copy_parts(struct arena *arena, struct intent *intent);

/* Deep copies on the heap, freed by their twin; NULL is fine to free. */
struct item *item_clone(const struct item *item);
void item_free(struct item *item);
struct intent *intent_clone(const struct intent *intent);
void intent_free(struct intent *intent);

#endif
