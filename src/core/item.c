#include "core/item.h"

#include <string.h>

#include "base/hash.h"

/* -- order ------------------------------------------------------------- */

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
compare_bodies(const struct sealed *a, const struct sealed *b)
{
	size_t common = a->size < b->size ? a->size : b->size;
	int order = common == 0 ? 0 : memcmp(a->body, b->body, common);

	if (order == 0)
		order = compare_numbers(a->size, b->size);
	if (order == 0)
		order = memcmp(a->signature, b->signature, SIGNATURE_BYTES);
	return order;
}

static int
compare_recent(const struct item *a, const struct item *b)
{
	int order = compare_numbers(a->recent_count, b->recent_count);

	for (size_t i = 0; order == 0 && i < a->recent_count; i++)
		order = id_compare(&a->recent[i].id, &b->recent[i].id);
	return order;
}

/*
 * Behind the signed bytes nothing differs among honest nodes: one leader
 * decided this version in this term, once.  It is compared all the same,
 * so that the order is total whatever comes.
 */
static int
compare_stamps(const struct item *a, const struct item *b)
{
	int order = id_compare(&a->leader, &b->leader);

	if (order == 0)
		order = id_compare(&a->creator, &b->creator);
	if (order == 0)
		order = compare_numbers(a->generation, b->generation);
	return order == 0 ? compare_recent(a, b) : order;
}

int
item_compare(const struct item *a, const struct item *b)
{
	bool nick = a->intent.kind == INTENT_NICK;
	int order = (int)nick - (int)(b->intent.kind == INTENT_NICK);

	if (order == 0 && nick)
		order = compare_numbers(a->generation, b->generation);
	if (order == 0 && nick)		/* the lower id has it */
		order = id_compare(&b->intent.author, &a->intent.author);
	if (order == 0)
		order = compare_numbers(a->version, b->version);
	if (order == 0)
		order = compare_numbers(a->term, b->term);
	if (order == 0)
		order = id_compare(&a->intent.author, &b->intent.author);
	if (order == 0)
		order = compare_bodies(&a->intent.sealed, &b->intent.sealed);
	return order == 0 ? compare_stamps(a, b) : order;
}

bool
item_released(const struct item *item)
{
	return item->intent.kind == INTENT_NICK &&
	    !id_equal(&item->key, &item->intent.key);
}

bool
item_applied(const struct item *item, const struct id *intent)
{
	if (id_equal(&item->intent.id, intent))
		return true;
	for (size_t i = 0; i < item->recent_count; i++)
		if (id_equal(&item->recent[i].id, intent))
			return true;
	return false;
}

uint64_t
item_hash(const struct item *item)
{
	uint64_t hash = hash_bytes(HASH_START, item->key.bytes, ID_BYTES);

	hash = hash_number(hash, item->version);
	hash = hash_number(hash, item->term);
	hash = hash_bytes(hash, item->leader.bytes, ID_BYTES);
	hash = hash_number(hash, item->generation);
	hash = hash_bytes(hash, item->creator.bytes, ID_BYTES);
	hash = hash_bytes(hash, item->recent,
	    item->recent_count * sizeof *item->recent);
	hash = hash_bytes(hash, item->intent.sealed.body,
	    item->intent.sealed.size);
	return hash_finish(hash);
}

/* -- copies ------------------------------------------------------------ */

void
intent_copy_parts(struct arena *arena, struct intent *intent)
{
	intent->name = arena_text(arena, intent->name);
	intent->text = arena_text(arena, intent->text);
	if (intent->sealed.body != NULL)
		intent->sealed.body = arena_copy(arena, intent->sealed.body,
		    intent->sealed.size);
}

void
item_copy_parts(struct arena *arena, struct item *item)
{
	item->recent = item->recent_count == 0
	    ? NULL
	    : arena_copy(arena, item->recent,
		  item->recent_count * sizeof *item->recent);
	intent_copy_parts(arena, &item->intent);
}

const struct intent *
intent_copy(struct arena *arena, const struct intent *intent)
{
	struct intent *copy = arena_copy(arena, intent, sizeof *intent);

	intent_copy_parts(arena, copy);
	return copy;
}

const struct item *
item_copy(struct arena *arena, const struct item *item)
{
	struct item *copy = arena_copy(arena, item, sizeof *item);

	item_copy_parts(arena, copy);
	return copy;
}

/* On the heap, as in core/frame: one block with the arena in it. */
struct cloned_item {
	struct item item;
	struct arena arena;
};

struct cloned_intent {
	struct intent intent;
	struct arena arena;
};

static size_t
intent_memory(const struct intent *intent)
{
	return arena_room(strlen(intent->name) + 1) +
	    arena_room(strlen(intent->text) + 1) +
	    arena_room(intent->sealed.size);
}

struct item *
item_clone(const struct item *item)
{
	struct arena arena;
	struct cloned_item *clone;

	arena_init_sized(&arena,
	    arena_room(sizeof *clone) + intent_memory(&item->intent) +
		arena_room(item->recent_count * sizeof *item->recent));
	clone = arena_alloc(&arena, sizeof *clone);
	clone->item = *item;
	item_copy_parts(&arena, &clone->item);
	clone->arena = arena;
	return &clone->item;
}

void
item_free(struct item *item)
{
	if (item != NULL) {
		struct arena arena = ((struct cloned_item *)item)->arena;

		arena_free(&arena);
	}
}

struct intent *
intent_clone(const struct intent *intent)
{
	struct arena arena;
	struct cloned_intent *clone;

	arena_init_sized(&arena,
	    arena_room(sizeof *clone) + intent_memory(intent));
	clone = arena_alloc(&arena, sizeof *clone);
	clone->intent = *intent;
	intent_copy_parts(&arena, &clone->intent);
	clone->arena = arena;
	return &clone->intent;
}

void
intent_free(struct intent *intent)
{
	if (intent != NULL) {
		struct arena arena = ((struct cloned_intent *)intent)->arena;

		arena_free(&arena);
	}
}
