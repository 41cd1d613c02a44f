#include "core/catchup.h"

#include <stdlib.h>
#include <string.h>

enum {
	SILENT_MS = 1000,	/* patience with one who gave nothing yet */
	PAUSE_MS = 100,		/* and between two bundles of a page */
	RANGES_MAX = 8192,	/* of one source; the rest is found later */
};

/* A range counts at most so much when pages are made. */
#define LENGTH_MAX (UINT64_C(1) << 32)

void
catchup_init(struct catchup *catchup)
{
	*catchup = (struct catchup){ .until = NEVER };
}

void
catchup_free(struct catchup *catchup)
{
	for (size_t i = 0; i < catchup->count; i++)
		free(catchup->sources[i].ranges);
	catchup_init(catchup);
}

static void
pass_over(struct catchup *catchup, size_t index)
{
	free(catchup->sources[index].ranges);
	MEM_REMOVE(catchup->sources, catchup->count, index);
	if (index == 0) {
		catchup->asked_count = 0;
		catchup->until = NEVER;
	}
}

static size_t
source_of(const struct catchup *catchup, const struct id *peer)
{
	size_t at = 0;

	while (at < catchup->count &&
	    !id_equal(&catchup->sources[at].peer, peer))
		at++;
	return at;
}

void
catchup_lost(struct catchup *catchup, const struct id *peer)
{
	size_t at = source_of(catchup, peer);

	if (at < catchup->count)
		pass_over(catchup, at);
}

/* The first range that ends at or behind (stream, seq). */
static size_t
range_at(const struct stream_range *ranges, size_t count,
    const struct stream *stream, uint64_t seq)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = stream_compare(&ranges[middle].stream, stream);

		if (order < 0 ||
		    (order == 0 && ranges[middle].range.last < seq))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Adds a range and melts it with those it touches. */
static void
range_add(struct catchup_source *source, const struct stream *stream,
    struct range range)
{
	size_t at = range_at(source->ranges, source->count, stream,
	    range.first - 1);
	size_t end = at;

	while (end < source->count &&
	    stream_compare(&source->ranges[end].stream, stream) == 0 &&
	    source->ranges[end].range.first <= range.last + 1) {
		struct range other = source->ranges[end++].range;

		if (other.first < range.first)
			range.first = other.first;
		if (other.last > range.last)
			range.last = other.last;
	}
	if (end == at) {
		if (source->count >= RANGES_MAX)
			return;
		MEM_INSERT(source->ranges, source->count, source->cap, at);
	} else {
		memmove(&source->ranges[at + 1], &source->ranges[end],
		    (source->count - end) * sizeof *source->ranges);
		source->count -= end - at - 1;
	}
	source->ranges[at] = (struct stream_range){ *stream, range };
}

void
catchup_offer(struct catchup *catchup, const struct id *peer,
    const struct stream *stream, struct range range)
{
	size_t at = source_of(catchup, peer);

	if (at == CATCHUP_SOURCES)
		return;
	if (at == catchup->count)
		catchup->sources[catchup->count++] =
		    (struct catchup_source){ .peer = *peer };
	range_add(&catchup->sources[at], stream, range);
}

bool
catchup_delivered(struct catchup *catchup, instant_ms now,
    const struct stream *stream, uint64_t seq)
{
	size_t at = range_at(catchup->asked, catchup->asked_count, stream,
	    seq);

	if (at == catchup->asked_count ||
	    stream_compare(&catchup->asked[at].stream, stream) != 0 ||
	    seq < catchup->asked[at].range.first)
		return false;
	catchup->fruitful = true;
	catchup->until = now + PAUSE_MS;
	catchup->left--;
	return catchup->left == 0;
}

static uint64_t
length(const struct range *range)
{
	uint64_t all = range->last - range->first + 1;

	return all < LENGTH_MAX ? all : LENGTH_MAX;
}

/* How many numbers of a range are not here. */
static uint64_t
lacking(const struct stream_range *range, const struct vclock *accepted)
{
	struct range lack[LIMIT_HOLES + 1];
	struct vector_entry offer = {
		.stream = range->stream,
		.base = range->range.first - 1,
		.top = range->range.last,
	};
	size_t count = vclock_missing(vclock_find(accepted, &range->stream),
	    &offer, lack, LIMIT_HOLES + 1);
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += length(&lack[i]);
	return sum;
}

bool
catchup_ended(struct catchup *catchup, const struct id *peer,
    const struct vclock *accepted)
{
	if (catchup->asked_count == 0 ||
	    !id_equal(&catchup->sources[0].peer, peer))
		return false;
	for (size_t i = 0; i < catchup->asked_count; i++)
		if (lacking(&catchup->asked[i], accepted) <
		    length(&catchup->asked[i].range)) {
			catchup->asked_count = 0;
			catchup->left = 0;
			catchup->until = NEVER;
			return true;
		}
	return false;
}

bool
catchup_idle(const struct catchup *catchup)
{
	return catchup->count > 0 && catchup->asked_count == 0;
}

uint64_t
catchup_lacking(const struct catchup *catchup, const struct vclock *accepted)
{
	uint64_t most = 0;

	for (size_t i = 0; i < catchup->count; i++) {
		const struct catchup_source *source = &catchup->sources[i];
		uint64_t sum = 0;

		for (size_t k = 0; k < source->count; k++)
			sum += lacking(&source->ranges[k], accepted);
		if (sum > most)
			most = sum;
	}
	return most;
}

/* Takes out of an offer what came meanwhile. */
static void
prune(struct catchup_source *source, const struct vclock *accepted)
{
	struct catchup_source rest = { .peer = source->peer };

	for (size_t i = 0; i < source->count; i++) {
		const struct stream_range *old = &source->ranges[i];
		struct range lack[LIMIT_HOLES + 1];
		struct vector_entry offer = {
			.stream = old->stream,
			.base = old->range.first - 1,
			.top = old->range.last,
		};
		size_t count = vclock_missing(
		    vclock_find(accepted, &old->stream), &offer, lack,
		    LIMIT_HOLES + 1);

		for (size_t k = 0; k < count; k++) {
			MEM_GROW(rest.ranges, rest.count, rest.cap);
			rest.ranges[rest.count++] =
			    (struct stream_range){ old->stream, lack[k] };
		}
	}
	free(source->ranges);
	*source = rest;
}

static void
choose_page(struct catchup *catchup)
{
	const struct catchup_source *source = &catchup->sources[0];
	uint64_t total = 0;

	for (size_t i = 0; i < source->count; i++)
		total += length(&source->ranges[i].range);
	catchup->asked_count = 0;
	catchup->left = 0;
	for (size_t i = 0; i < source->count; i++) {
		struct stream_range part = source->ranges[i];
		uint64_t share = length(&part.range);

		if (total > LIMIT_PAGE_BUNDLES)
			share = share * LIMIT_PAGE_BUNDLES / total;
		if (share == 0)
			share = 1;
		if (catchup->left + share > LIMIT_PAGE_BUNDLES)
			break;
		part.range.last = part.range.first + share - 1;
		catchup->asked[catchup->asked_count++] = part;
		catchup->left += share;
	}
}

bool
catchup_next(struct catchup *catchup, instant_ms now,
    const struct vclock *accepted)
{
	if (catchup->asked_count > 0 && catchup->left > 0)
		return false;
	while (catchup->count > 0) {
		prune(&catchup->sources[0], accepted);
		if (catchup->sources[0].count > 0) {
			choose_page(catchup);
			catchup->fruitful = false;
			catchup->until = now + SILENT_MS;
			return true;
		}
		pass_over(catchup, 0);
	}
	return false;
}

bool
catchup_expire(struct catchup *catchup, struct id *peer)
{
	bool fruitless = !catchup->fruitful;

	*peer = catchup->sources[0].peer;
	catchup->asked_count = 0;
	catchup->until = NEVER;
	if (fruitless)
		pass_over(catchup, 0);
	return fruitless;
}
