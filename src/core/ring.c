#include "core/ring.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

void
ring_init(struct ring *ring)
{
	*ring = (struct ring){ 0 };
}

void
ring_free(struct ring *ring)
{
	free(ring->ids);
	ring_init(ring);
}

void
ring_set(struct ring *ring, const struct id *ids, size_t count)
{
	struct id *copy = NULL;
	uint64_t hash = HASH_START;

	for (size_t i = 0; i < count; i++) {
		assert(i == 0 || id_compare(&ids[i - 1], &ids[i]) < 0);
		hash = hash_bytes(hash, ids[i].bytes, ID_BYTES);
	}
	if (count > 0)
		copy = mem_copy(ids, count * sizeof *ids);
	free(ring->ids);
	ring->ids = copy;
	ring->count = count;
	ring->hash = hash_finish(hash);
}

void
ring_copy(struct ring *ring, const struct ring *from)
{
	if (ring != from)
		ring_set(ring, from->ids, from->count);
}

static size_t
place(const struct ring *ring, const struct id *id)
{
	bool found;
	size_t index = id_search(ring->ids, ring->count, id, &found);

	assert(found);
	return index;
}

bool
ring_has(const struct ring *ring, const struct id *id)
{
	bool found;

	id_search(ring->ids, ring->count, id, &found);
	return found;
}

const struct id *
ring_next(const struct ring *ring, const struct id *id,
    enum direction direction)
{
	size_t step = direction == CLOCKWISE ? 1 : ring->count - 1;

	return &ring->ids[(place(ring, id) + step) % ring->count];
}

size_t
ring_distance(const struct ring *ring, const struct id *from,
    const struct id *to, enum direction direction)
{
	size_t a = place(ring, from), b = place(ring, to);

	if (direction == CLOCKWISE)
		return (b + ring->count - a) % ring->count;
	return (a + ring->count - b) % ring->count;
}

/* -- the ring ordered by hash(id, term) --------------------------------- */

struct spot {
	uint64_t hash;
	const struct id *id;
};

static struct spot
spot_of(const struct id *id, uint64_t term)
{
	uint64_t hash = hash_bytes(HASH_START, id->bytes, ID_BYTES);

	return (struct spot){ hash_finish(hash_number(hash, term)), id };
}

/* Equal hashes would make two members one: the id decides then. */
static bool
before(const struct spot *a, const struct spot *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash;
	return id_compare(a->id, b->id) < 0;
}

/* The nearest one after me, or the very first when I am the last. */
static const struct id *
after(const struct ring *ring, const struct id *id, bool reverse,
    uint64_t term)
{
	struct spot mine = spot_of(id, term), first = { 0 }, next = { 0 };

	for (size_t i = 0; i < ring->count; i++) {
		struct spot other = spot_of(&ring->ids[i], term);
		bool later = reverse ? before(&other, &mine)
				     : before(&mine, &other);

		if (first.id == NULL ||
		    before(&other, &first) != reverse)
			first = other;
		if (later &&
		    (next.id == NULL || before(&other, &next) != reverse))
			next = other;
	}
	return next.id != NULL ? next.id : first.id;
}

const struct id *
ring_next_in_term(const struct ring *ring, const struct id *id,
    enum direction direction, bool hashed, uint64_t term)
{
	if (!hashed)
		return ring_next(ring, id, direction);
	assert(ring_has(ring, id));
	return after(ring, id, direction == ANTICLOCKWISE, term);
}

/* ---------------------------------------------------------------------- */

size_t
ring_neighbours(const struct ring *ring, const struct id *id, size_t each,
    struct id *out)
{
	size_t mine = place(ring, id), others = ring->count - 1;
	size_t count = 0;

	if (2 * each > others) {
		for (size_t i = 0; i < ring->count; i++)
			if (i != mine)
				out[count++] = ring->ids[i];
		return count;
	}
	for (size_t i = 1; i <= each; i++) {
		out[count++] = ring->ids[(mine + i) % ring->count];
		out[count++] =
		    ring->ids[(mine + ring->count - i) % ring->count];
	}
	qsort(out, count, sizeof *out, id_compare_void);
	return count;
}
