#include "core/holdback.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* Causes looked at for one question; a hostile crowd of bundles could
	 * name a million. */
	NEEDS_MAX = 16384,
	CHAIN_MAX = 64, /* one waits for one that waits ... */
};

void
holdback_init(struct holdback *holdback)
{
	*holdback = (struct holdback){ 0 };
}

static void
held_free(struct held *held)
{
	bundle_free(held->bundle);
	free(held->waived);
	free(held);
}

void
holdback_clear(struct holdback *holdback)
{
	for (size_t i = 0; i < holdback->count; i++)
		held_free(holdback->items[i]);
	holdback->count = 0;
	holdback->waiting_count = 0;
	holdback->bytes = 0;
}

void
holdback_free(struct holdback *holdback)
{
	holdback_clear(holdback);
	free(holdback->items);
	free(holdback->waiting);
	holdback_init(holdback);
}

static int
name_compare(const struct stream *a, uint64_t a_seq, const struct stream *b,
    uint64_t b_seq)
{
	int order = stream_compare(a, b);

	return order != 0 ? order : (a_seq > b_seq) - (a_seq < b_seq);
}

static int
dependency_compare(const void *a, const void *b)
{
	const struct dependency *x = a, *y = b;

	return name_compare(&x->stream, x->seq, &y->stream, y->seq);
}

/* The index of the first one named (stream, seq) or later. */
static size_t
item_at(const struct holdback *holdback, const struct stream *stream,
    uint64_t seq)
{
	size_t low = 0, high = holdback->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct bundle *bundle = holdback->items[middle]->bundle;

		if (name_compare(&bundle->stream, bundle->seq, stream, seq) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_stream(const struct holdback *holdback, size_t at,
    const struct stream *stream)
{
	return at < holdback->count &&
	    stream_compare(&holdback->items[at]->bundle->stream, stream) == 0;
}

struct held *
holdback_find(const struct holdback *holdback, const struct stream *stream,
    uint64_t seq)
{
	size_t at = item_at(holdback, stream, seq);

	return is_stream(holdback, at, stream) &&
		holdback->items[at]->bundle->seq == seq
	    ? holdback->items[at]
	    : NULL;
}

struct held *
holdback_above(const struct holdback *holdback, const struct stream *stream,
    uint64_t seq)
{
	size_t at = item_at(holdback, stream, seq + 1);

	return is_stream(holdback, at, stream) ? holdback->items[at] : NULL;
}

size_t
holdback_of_author(const struct holdback *holdback, const struct id *author)
{
	const struct stream first = { *author, 0 };

	return item_at(holdback, &first, 0);
}

bool
holdback_lacks(const struct bundle *bundle, const bool *waived,
    const struct vclock *accepted, struct dependency *lacks)
{
	*lacks = (struct dependency){ bundle->stream, bundle->seq - 1 };
	if (!vclock_satisfied(accepted, &lacks->stream, lacks->seq))
		return true;
	for (size_t i = 0; i < bundle->dependency_count; i++) {
		*lacks = bundle->dependencies[i];
		if ((waived == NULL || !waived[i]) &&
		    !vclock_satisfied(accepted, &lacks->stream, lacks->seq))
			return true;
	}
	return false;
}

/* Where one stands, or would stand, among the waiting. */
static size_t
waiting_at(const struct holdback *holdback, const struct dependency *lacks,
    const struct stream *stream, uint64_t seq)
{
	size_t low = 0, high = holdback->waiting_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct held *held = holdback->waiting[middle];
		int order = dependency_compare(&held->lacks, lacks);

		if (order == 0)
			order = name_compare(&held->bundle->stream,
			    held->bundle->seq, stream, seq);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
holdback_wait(struct holdback *holdback, struct held *held,
    const struct dependency *lacks)
{
	size_t at = waiting_at(holdback, lacks, &held->bundle->stream,
	    held->bundle->seq);

	held->lacks = *lacks;
	held->waiting = true;
	MEM_INSERT(holdback->waiting, holdback->waiting_count,
	    holdback->waiting_cap, at);
	holdback->waiting[at] = held;
}

void
holdback_rouse(struct holdback *holdback, struct held *held)
{
	size_t at;

	if (!held->waiting)
		return;
	at = waiting_at(holdback, &held->lacks, &held->bundle->stream,
	    held->bundle->seq);
	MEM_REMOVE(holdback->waiting, holdback->waiting_count, at);
	held->waiting = false;
}

const struct held *
holdback_waiter(const struct holdback *holdback, const struct held *held,
    size_t number)
{
	const struct dependency cause = { held->bundle->stream,
		held->bundle->seq };
	const struct stream lowest = { 0 };
	size_t at = waiting_at(holdback, &cause, &lowest, 0) + number;

	return at < holdback->waiting_count &&
		dependency_compare(&holdback->waiting[at]->lacks, &cause) == 0
	    ? holdback->waiting[at]
	    : NULL;
}

struct held *
holdback_release(struct holdback *holdback, const struct stream *stream,
    uint64_t top)
{
	struct dependency from = { *stream, 0 };
	struct stream lowest = { 0 };
	size_t at = waiting_at(holdback, &from, &lowest, 0);
	struct held *held;

	if (at == holdback->waiting_count)
		return NULL;
	held = holdback->waiting[at];
	if (stream_compare(&held->lacks.stream, stream) != 0 ||
	    held->lacks.seq > top)
		return NULL;
	MEM_REMOVE(holdback->waiting, holdback->waiting_count, at);
	held->waiting = false;
	return held;
}

const struct dependency *
holdback_root(const struct holdback *holdback, const struct held *held)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct dependency *lacks = &held->lacks;

		if (holdback_find(holdback, &lacks->stream, lacks->seq) == NULL)
			return lacks;
		/* All of its stream wait for the lowest. */
		held = holdback_above(holdback, &lacks->stream, 0);
	}
	return NULL;
}

struct held *
holdback_vouch(struct holdback *holdback, const struct dependency *cause,
    instant_ms at)
{
	size_t i = item_at(holdback, &cause->stream, cause->seq);
	struct held *lowest = NULL;

	if (!is_stream(holdback, i, &cause->stream) ||
	    holdback->items[i]->bundle->seq != cause->seq)
		return NULL;
	for (; is_stream(holdback, i, &cause->stream) &&
	     holdback->items[i]->vouched_at == NEVER;
	     i--) {
		lowest = holdback->items[i];
		lowest->vouched_at = at;
		if (i == 0)
			break;
	}
	return lowest;
}

void
holdback_drop(struct holdback *holdback, struct held *held)
{
	size_t at =
	    item_at(holdback, &held->bundle->stream, held->bundle->seq);

	holdback_rouse(holdback, held);
	MEM_REMOVE(holdback->items, holdback->count, at);
	holdback->bytes -= held->bytes;
	held_free(held);
}

void
holdback_waive(struct held *held, size_t dependency)
{
	if (held->waived == NULL)
		held->waived = mem_zero(held->bundle->dependency_count,
		    sizeof *held->waived);
	held->waived[dependency] = true;
	held->gap = true;
}

/* Number and bytes of one stream; *end is the index behind its last. */
static size_t
weigh(const struct holdback *holdback, size_t from, size_t *end)
{
	const struct stream *stream = &holdback->items[from]->bundle->stream;
	size_t bytes = 0, at = from;

	while (is_stream(holdback, at, stream))
		bytes += holdback->items[at++]->bytes;
	*end = at;
	return bytes;
}

/*
 * The newest of the heaviest stream of the author who holds the most bytes:
 * who takes much room takes it from itself, in however many epochs it speaks.
 */
static struct held *
newest_of_heaviest(const struct holdback *holdback)
{
	struct held *newest = NULL;
	size_t most = 0;

	for (size_t i = 0, end; i < holdback->count;) {
		const struct id *author =
		    &holdback->items[i]->bundle->stream.author;
		struct held *last = NULL;
		size_t all = 0, heaviest = 0;

		for (; i < holdback->count &&
		     id_equal(&holdback->items[i]->bundle->stream.author,
			 author);
		     i = end) {
			size_t bytes = weigh(holdback, i, &end);

			all += bytes;
			if (bytes > heaviest) {
				heaviest = bytes;
				last = holdback->items[end - 1];
			}
		}
		if (all > most) {
			most = all;
			newest = last;
		}
	}
	return newest;
}

bool
holdback_add(struct holdback *holdback, instant_ms now,
    const struct id *from, const struct bundle *bundle, bool backlog,
    const struct dependency *lacks)
{
	struct held *held = mem_zero(1, sizeof *held), *loser;
	size_t at = item_at(holdback, &bundle->stream, bundle->seq);
	size_t first = item_at(holdback, &bundle->stream, 0), end;
	bool stays = true;

	held->bundle = bundle_clone(bundle);
	held->from = *from;
	held->since = now;
	held->vouched_at = NEVER;
	held->backlog = backlog;
	held->bytes = bundle_memory(held->bundle);
	MEM_INSERT(holdback->items, holdback->count, holdback->cap, at);
	holdback->items[at] = held;
	holdback->bytes += held->bytes;
	holdback_wait(holdback, held, lacks);

	while (stays && (weigh(holdback, first, &end) >
			     LIMIT_HELD_STREAM_BYTES ||
			 end - first > LIMIT_HELD_STREAM)) {
		loser = holdback->items[end - 1];
		stays = loser != held;
		holdback_drop(holdback, loser);
	}
	while (stays && (holdback->count > LIMIT_HELD_ROOM ||
			 holdback->bytes > LIMIT_HELD_ROOM_BYTES)) {
		loser = newest_of_heaviest(holdback);
		stays = loser != held;
		holdback_drop(holdback, loser);
	}
	return stays;
}

struct needs {
	struct dependency *items;
	size_t count, cap;
};

static void
need(struct needs *needs, const struct vclock *accepted,
    struct dependency cause)
{
	if (needs->count >= NEEDS_MAX ||
	    vclock_satisfied(accepted, &cause.stream, cause.seq))
		return;
	MEM_GROW(needs->items, needs->count, needs->cap);
	needs->items[needs->count++] = cause;
}

/* What of one stream up to a number is neither satisfied nor held. */
static size_t
gaps(const struct holdback *holdback, const struct vclock *accepted,
    const struct dependency *cause, struct stream_range *out, size_t max)
{
	uint64_t next = vclock_top(accepted, &cause->stream) + 1;
	size_t at = item_at(holdback, &cause->stream, next), count = 0;

	for (; is_stream(holdback, at, &cause->stream) && count < max; at++) {
		uint64_t seq = holdback->items[at]->bundle->seq;

		if (seq > cause->seq)
			break;
		if (seq > next)
			out[count++] = (struct stream_range){ cause->stream,
				{ next, seq - 1 } };
		next = seq + 1;
	}
	if (next <= cause->seq && count < max)
		out[count++] = (struct stream_range){ cause->stream,
			{ next, cause->seq } };
	return count;
}

/* What the bundles of one author that a peer sent need; *end is behind the
 * last of the author, and *any is set when there are such. */
static void
needs_of_author(const struct holdback *holdback, size_t from,
    const struct vclock *accepted, const struct id *sender, struct needs *needs,
    size_t *end, bool *any)
{
	const struct id *author = &holdback->items[from]->bundle->stream.author;
	size_t at = from;

	for (; at < holdback->count; at++) {
		const struct held *held = holdback->items[at];
		const struct bundle *bundle = held->bundle;
		const struct dependency *root;

		if (!id_equal(&bundle->stream.author, author))
			break;
		if (!id_equal(&held->from, sender))
			continue;
		*any = true;
		root = holdback_root(holdback, held);
		if (root != NULL)
			need(needs, accepted, *root);
		need(needs, accepted,
		    (struct dependency){ bundle->stream, bundle->seq - 1 });
		for (size_t k = 0; k < bundle->dependency_count; k++)
			if (held->waived == NULL || !held->waived[k])
				need(needs, accepted, bundle->dependencies[k]);
	}
	*end = at;
}

/* Sorted, and of each stream the highest alone: it covers the others. */
static void
needs_unite(struct needs *needs)
{
	size_t kept = 0;

	if (needs->count > 0)
		qsort(needs->items, needs->count, sizeof *needs->items,
		    dependency_compare);
	for (size_t i = 0; i < needs->count; i++)
		if (i + 1 == needs->count ||
		    stream_compare(&needs->items[i].stream,
			&needs->items[i + 1].stream) != 0)
			needs->items[kept++] = needs->items[i];
	needs->count = kept;
}

/* How many authors there are of what a peer sent. */
static size_t
authors_from(const struct holdback *holdback, const struct id *sender)
{
	const struct id *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < holdback->count; i++) {
		const struct held *held = holdback->items[i];
		const struct id *author = &held->bundle->stream.author;

		if (!id_equal(&held->from, sender) ||
		    (last != NULL && id_equal(last, author)))
			continue;
		last = author;
		count++;
	}
	return count;
}

size_t
holdback_missing(const struct holdback *holdback, const struct vclock *accepted,
    const struct id *sender, struct stream_range *out, size_t max, bool *any)
{
	struct needs all = { 0 }, needs = { 0 };
	size_t authors = authors_from(holdback, sender);
	size_t share = authors == 0 || authors > max ? 1 : max / authors;
	size_t count = 0;

	*any = false;
	for (size_t i = 0, end; i < holdback->count; i = end) {
		needs.count = 0;
		needs_of_author(holdback, i, accepted, sender, &needs, &end,
		    any);
		needs_unite(&needs);
		for (size_t k = 0; k < needs.count && k < share; k++)
			need(&all, accepted, needs.items[k]);
	}
	needs_unite(&all);
	for (size_t i = 0; i < all.count; i++)
		count += gaps(holdback, accepted, &all.items[i], out + count,
		    max - count);
	/* Not more than a page: of the beginning of each. */
	for (size_t i = 0; i < count; i++) {
		uint64_t last =
		    out[i].range.first + LIMIT_PAGE_BUNDLES / count - 1;

		if (out[i].range.last > last)
			out[i].range.last = last;
	}
	free(needs.items);
	free(all.items);
	return count;
}
