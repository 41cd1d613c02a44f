#include "core/vclock.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

void
vclock_init(struct vclock *clock)
{
	*clock = (struct vclock){ 0 };
}

void
vclock_free(struct vclock *clock)
{
	for (size_t i = 0; i < clock->count; i++)
		free(clock->entries[i].holes);
	free(clock->entries);
	vclock_init(clock);
}

static size_t
place(const struct vclock *clock, const struct stream *stream, bool *found)
{
	size_t low = 0, high = clock->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = stream_compare(
		    &clock->entries[middle].stream, stream);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

/* The entry, made when there is none; NULL at the bound. */
static struct vclock_entry *
obtain(struct vclock *clock, const struct stream *stream)
{
	bool found;
	size_t at = place(clock, stream, &found);

	if (found)
		return &clock->entries[at];
	if (clock->count >= LIMIT_STREAMS)
		return NULL;
	MEM_INSERT(clock->entries, clock->count, clock->cap, at);
	clock->entries[at] = (struct vclock_entry){ .stream = *stream };
	return &clock->entries[at];
}

const struct vclock_entry *
vclock_find(const struct vclock *clock, const struct stream *stream)
{
	bool found;
	size_t at = place(clock, stream, &found);

	return found ? &clock->entries[at] : NULL;
}

uint64_t
vclock_top(const struct vclock *clock, const struct stream *stream)
{
	const struct vclock_entry *entry = vclock_find(clock, stream);

	return entry == NULL ? 0 : entry->top;
}

/* The first hole that ends at or behind seq. */
static size_t
hole_at(const struct vclock_entry *entry, uint64_t seq)
{
	size_t low = 0, high = entry->hole_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (entry->holes[middle].last < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
in_hole(const struct vclock_entry *entry, uint64_t seq)
{
	size_t at = hole_at(entry, seq);

	return at < entry->hole_count && entry->holes[at].first <= seq;
}

bool
vclock_here(const struct vclock *clock, const struct stream *stream,
    uint64_t seq)
{
	const struct vclock_entry *entry = vclock_find(clock, stream);

	return entry != NULL && entry->base < seq && seq <= entry->top &&
	    !in_hole(entry, seq);
}

bool
vclock_satisfied(const struct vclock *clock, const struct stream *stream,
    uint64_t seq)
{
	return seq <= vclock_top(clock, stream);
}

/* Number seq, which lies in a hole, is there now. */
static bool
fill(struct vclock_entry *entry, uint64_t seq)
{
	size_t at = hole_at(entry, seq);
	struct range hole = entry->holes[at];

	if (hole.first == hole.last) {
		MEM_REMOVE(entry->holes, entry->hole_count, at);
	} else if (seq == hole.first) {
		entry->holes[at].first++;
	} else if (seq == hole.last) {
		entry->holes[at].last--;
	} else {
		if (entry->hole_count >= LIMIT_HOLES)
			return false;
		MEM_INSERT(entry->holes, entry->hole_count, entry->hole_cap,
		    at);
		entry->holes[at].last = seq - 1;
		entry->holes[at + 1].first = seq + 1;
	}
	return true;
}

bool
vclock_add(struct vclock *clock, const struct stream *stream, uint64_t seq)
{
	const struct vclock_entry *known = vclock_find(clock, stream);
	struct vclock_entry *entry;

	if (seq == 0 || seq > (known == NULL ? 0 : known->top) + 1)
		return false;
	if (known != NULL && seq <= known->top && !in_hole(known, seq))
		return false;
	entry = obtain(clock, stream);
	if (entry == NULL)
		return false;
	if (seq <= entry->top)
		return fill(entry, seq);
	entry->top = seq;
	return true;
}

static void
raise_base(struct vclock_entry *entry, uint64_t base)
{
	size_t gone;

	if (base <= entry->base)
		return;
	gone = hole_at(entry, base + 1);
	if (gone > 0)
		memmove(entry->holes, entry->holes + gone,
		    (entry->hole_count - gone) * sizeof *entry->holes);
	entry->hole_count -= gone;
	if (entry->hole_count > 0 && entry->holes[0].first <= base)
		entry->holes[0].first = base + 1;
	entry->base = base;
	if (entry->top < base)
		entry->top = base;
}

bool
vclock_add_hole(struct vclock *clock, const struct stream *stream,
    uint64_t last)
{
	struct vclock_entry *entry;

	if (last <= vclock_top(clock, stream))
		return true;
	entry = obtain(clock, stream);
	if (entry == NULL)
		return false;
	if (entry->hole_count > 0 &&
	    entry->holes[entry->hole_count - 1].last == entry->top) {
		entry->holes[entry->hole_count - 1].last = last;
	} else {
		if (entry->hole_count >= LIMIT_HOLES)
			raise_base(entry, entry->holes[0].last);
		MEM_GROW(entry->holes, entry->hole_count, entry->hole_cap);
		entry->holes[entry->hole_count++] =
		    (struct range){ entry->top + 1, last };
	}
	entry->top = last;
	return true;
}

bool
vclock_raise_base(struct vclock *clock, const struct stream *stream,
    uint64_t base)
{
	struct vclock_entry *entry;

	if (base == 0)
		return true;
	entry = obtain(clock, stream);
	if (entry == NULL)
		return false;
	raise_base(entry, base);
	return true;
}

bool
vclock_lower(struct vclock *clock, const struct stream *stream, uint64_t seq)
{
	bool found;
	size_t at = place(clock, stream, &found);
	struct vclock_entry *entry = found ? &clock->entries[at] : NULL;

	if (entry == NULL || seq == 0 || seq > entry->base)
		return false;
	if (seq < entry->base) {
		if (entry->hole_count > 0 &&
		    entry->holes[0].first == entry->base + 1) {
			entry->holes[0].first = seq + 1;
		} else {
			if (entry->hole_count >= LIMIT_HOLES)
				return false;
			MEM_INSERT(entry->holes, entry->hole_count,
			    entry->hole_cap, 0);
			entry->holes[0] =
			    (struct range){ seq + 1, entry->base };
		}
	}
	entry->base = seq - 1;
	return true;
}

bool
vclock_restore(struct vclock *clock, const struct vector_entry *from)
{
	struct vclock_entry *entry = obtain(clock, &from->stream);

	if (entry == NULL)
		return false;
	entry->base = from->base;
	entry->top = from->top;
	for (size_t i = 0; i < from->hole_count; i++) {
		MEM_GROW(entry->holes, entry->hole_count, entry->hole_cap);
		entry->holes[entry->hole_count++] = from->holes[i];
	}
	return true;
}

uint64_t
vclock_digest(const struct vclock *clock)
{
	uint64_t hash = HASH_START;

	for (size_t i = 0; i < clock->count; i++) {
		const struct vclock_entry *entry = &clock->entries[i];

		if (entry->top == 0)
			continue;
		hash = hash_bytes(hash, entry->stream.author.bytes, ID_BYTES);
		hash = hash_number(hash, entry->stream.epoch);
		hash = hash_number(hash, entry->top);
		hash = hash_number(hash, entry->hole_count);
		for (size_t k = 0; k < entry->hole_count; k++) {
			hash = hash_number(hash, entry->holes[k].first);
			hash = hash_number(hash, entry->holes[k].last);
		}
	}
	return hash_finish(hash);
}

struct vector_entry
vclock_entry_view(const struct vclock_entry *entry)
{
	return (struct vector_entry){
		.stream = entry->stream,
		.base = entry->base,
		.top = entry->top,
		.holes = entry->holes,
		.hole_count = entry->hole_count,
	};
}

/*
 * Cuts what lies HERE for `theirs` out of one range that I lack; returns
 * how many ranges were written.
 */
static size_t
cut(const struct vector_entry *theirs, struct range lack, struct range *out,
    size_t max)
{
	uint64_t next = lack.first > theirs->base ? lack.first
						  : theirs->base + 1;
	uint64_t last = lack.last < theirs->top ? lack.last : theirs->top;
	size_t count = 0;

	for (size_t i = 0; i < theirs->hole_count && next <= last; i++) {
		struct range hole = theirs->holes[i];

		if (hole.last < next)
			continue;
		if (hole.first > last)
			break;
		if (hole.first > next && count < max)
			out[count++] =
			    (struct range){ next, hole.first - 1 };
		next = hole.last + 1;
	}
	if (next <= last && count < max)
		out[count++] = (struct range){ next, last };
	return count;
}

size_t
vclock_missing(const struct vclock_entry *mine,
    const struct vector_entry *theirs, struct range *out, size_t max)
{
	uint64_t top = mine == NULL ? 0 : mine->top;
	size_t count = 0;

	for (size_t i = 0; mine != NULL && i < mine->hole_count; i++)
		count += cut(theirs, mine->holes[i], out + count, max - count);
	if (theirs->top > top)
		count += cut(theirs, (struct range){ top + 1, theirs->top },
		    out + count, max - count);
	return count;
}
