#include "store/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"

/* An array that loses its first elements without moving the others. */
struct shelf {
	struct bundle **items;
	size_t first, count, cap;
};

struct kept_stream {
	struct stream stream;
	uint64_t base;      /* highest number dropped */
	struct shelf shelf; /* ascending by number; not owned */
};

struct kept_room {
	struct id id;
	struct shelf shelf; /* in display order; owns the bundles */
	size_t messages;
	struct kept_stream *streams; /* ascending */
	size_t stream_count, stream_cap;
};

enum job_type { JOB_PUT, JOB_RANGE, JOB_TAIL, JOB_HISTORY };

struct job {
	enum job_type type;
	struct id to, room;
	struct bundle *bundle;       /* PUT; owned */
	struct stream_range *ranges; /* RANGE; owned */
	size_t count;                /* ranges, messages or limit */
	uint64_t token;
	char before[MSG_TEXT];
};

struct store {
	struct store_front front;
	struct kept_room **rooms; /* ascending */
	size_t room_count, room_cap;
	struct job *jobs;
	size_t job_count, job_cap;
	bool woken;
};

/* -- shelves ----------------------------------------------------------- */

static struct bundle *
shelf_at(const struct shelf *shelf, size_t index)
{
	assert(index < shelf->count);
	return shelf->items[shelf->first + index];
}

static void
shelf_insert(struct shelf *shelf, size_t index, struct bundle *bundle)
{
	struct bundle **at;

	if (shelf->first + shelf->count == shelf->cap) {
		if (shelf->first > shelf->cap / 2) {
			memmove(shelf->items, shelf->items + shelf->first,
			    shelf->count * sizeof *shelf->items);
			shelf->first = 0;
		} else {
			shelf->cap = shelf->cap == 0 ? 8 : shelf->cap * 2;
			shelf->items = mem_resize(shelf->items, shelf->cap,
			    sizeof *shelf->items);
		}
	}
	at = shelf->items + shelf->first + index;
	memmove(at + 1, at, (shelf->count - index) * sizeof *at);
	*at = bundle;
	shelf->count++;
}

static void
shelf_remove(struct shelf *shelf, size_t index)
{
	struct bundle **at = shelf->items + shelf->first + index;

	shelf->count--;
	if (index == 0)
		shelf->first++;
	else
		memmove(at, at + 1, (shelf->count - index) * sizeof *at);
}

/* Where the bundle stands or belongs on the screen. */
static size_t
display_index(const struct shelf *shelf, const struct bundle *bundle)
{
	size_t low = 0, high = shelf->count;

	if (high > 0 &&
	    bundle_compare_display(shelf_at(shelf, high - 1), bundle) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bundle_compare_display(shelf_at(shelf, middle), bundle) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first of a stream's shelf with this number or a higher one. */
static size_t
seq_index(const struct shelf *shelf, uint64_t seq)
{
	size_t low = 0, high = shelf->count;

	if (high > 0 && shelf_at(shelf, high - 1)->seq < seq)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (shelf_at(shelf, middle)->seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* -- rooms and streams ------------------------------------------------- */

static size_t
room_index(const struct store *store, const struct id *id, bool *found)
{
	size_t low = 0, high = store->room_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&store->rooms[middle]->id, id);

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

static struct kept_room *
find_room(const struct store *store, const struct id *id)
{
	bool found;
	size_t index = room_index(store, id, &found);

	return found ? store->rooms[index] : NULL;
}

static struct kept_room *
need_room(struct store *store, const struct id *id)
{
	bool found;
	size_t index = room_index(store, id, &found);

	if (!found) {
		struct kept_room *room = mem_zero(1, sizeof *room);

		room->id = *id;
		MEM_INSERT(store->rooms, store->room_count, store->room_cap,
		    index);
		store->rooms[index] = room;
	}
	return store->rooms[index];
}

static size_t
stream_index(const struct kept_room *room, const struct stream *stream,
    bool *found)
{
	size_t low = 0, high = room->stream_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order =
		    stream_compare(&room->streams[middle].stream, stream);

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

static struct kept_stream *
find_stream(const struct kept_room *room, const struct stream *stream)
{
	bool found;
	size_t index = stream_index(room, stream, &found);

	return found ? &room->streams[index] : NULL;
}

static struct kept_stream *
need_stream(struct kept_room *room, const struct stream *stream)
{
	bool found;
	size_t index = stream_index(room, stream, &found);

	if (!found) {
		MEM_INSERT(room->streams, room->stream_count, room->stream_cap,
		    index);
		room->streams[index] =
		    (struct kept_stream){ .stream = *stream };
	}
	return &room->streams[index];
}

/* An empty bundle takes memory too. */
static size_t
weight(const struct bundle *bundle)
{
	return bundle->message_count > 0 ? bundle->message_count : 1;
}

static void
drop_oldest(struct kept_room *room)
{
	struct bundle *bundle = shelf_at(&room->shelf, 0);
	struct kept_stream *stream = find_stream(room, &bundle->stream);
	size_t index = seq_index(&stream->shelf, bundle->seq);

	assert(shelf_at(&stream->shelf, index) == bundle);
	shelf_remove(&stream->shelf, index);
	if (stream->base < bundle->seq)
		stream->base = bundle->seq;
	shelf_remove(&room->shelf, 0);
	room->messages -= weight(bundle);
	bundle_free(bundle);
}

/* Takes the bundle; false when this number is held already. */
static bool
keep(struct store *store, struct bundle *bundle)
{
	struct kept_room *room = need_room(store, &bundle->room);
	struct kept_stream *stream = need_stream(room, &bundle->stream);
	size_t index = seq_index(&stream->shelf, bundle->seq);

	if (index < stream->shelf.count &&
	    shelf_at(&stream->shelf, index)->seq == bundle->seq)
		return false;
	shelf_insert(&stream->shelf, index, bundle);
	shelf_insert(&room->shelf, display_index(&room->shelf, bundle), bundle);
	room->messages += weight(bundle);
	return true;
}

static void
trim(struct store *store, const struct id *id)
{
	struct kept_room *room = find_room(store, id);

	while (room->messages > LIMIT_HISTORY_ROOM && room->shelf.count > 1)
		drop_oldest(room);
}

/* -- performing requests ------------------------------------------------ */

static void
perform_put(struct store *store, struct job *job)
{
	bool taken = keep(store, job->bundle);

	store->front.kept(store->front.self, job->bundle);
	if (taken)
		trim(store, &job->bundle->room);
	else
		bundle_free(job->bundle);
}

/* A range that is being read. */
struct cursor {
	const struct kept_stream *stream;
	size_t index;
	uint64_t last;
};

static const struct bundle *
cursor_bundle(const struct cursor *cursor)
{
	const struct bundle *bundle;

	if (cursor->index >= cursor->stream->shelf.count)
		return NULL;
	bundle = shelf_at(&cursor->stream->shelf, cursor->index);
	return bundle->seq <= cursor->last ? bundle : NULL;
}

/* The cursor whose bundle comes first on the screen; NULL at the end. */
static struct cursor *
earliest(struct cursor *cursors, size_t count)
{
	struct cursor *best = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct bundle *bundle = cursor_bundle(&cursors[i]);

		if (bundle != NULL &&
		    (best == NULL ||
			bundle_compare_display(bundle, cursor_bundle(best)) <
			    0))
			best = &cursors[i];
	}
	return best;
}

static void
perform_range(struct store *store, struct job *job)
{
	const struct kept_room *room = find_room(store, &job->room);
	struct cursor *cursors = mem_zero(job->count + 1, sizeof *cursors);
	struct dependency *bases = mem_zero(job->count + 1, sizeof *bases);
	const struct bundle *bundles[STORE_PAGE_BUNDLES];
	struct store_page page = {
		.to = job->to,
		.room = job->room,
		.bases = bases,
		.bundles = bundles,
	};
	size_t count = 0, bytes = 0;
	struct cursor *next;

	for (size_t i = 0; room != NULL && i < job->count; i++) {
		const struct stream_range *range = &job->ranges[i];
		const struct kept_stream *stream =
		    find_stream(room, &range->stream);

		if (stream == NULL)
			continue;
		if (range->range.first <= stream->base)
			bases[page.base_count++] =
			    (struct dependency){ stream->stream, stream->base };
		cursors[count++] = (struct cursor){ stream,
			seq_index(&stream->shelf, range->range.first),
			range->range.last };
	}
	while (page.count < STORE_PAGE_BUNDLES && bytes < STORE_PAGE_BYTES &&
	    (next = earliest(cursors, count)) != NULL) {
		bundles[page.count] = cursor_bundle(next);
		bytes += bundles[page.count++]->sealed.size;
		next->index++;
	}
	store->front.page(store->front.self, &page);
	free(bases);
	free(cursors);
}

/* Right below the tail that begins at this index of the screen. */
static size_t
tail_bases(const struct kept_room *room, size_t start, struct dependency *bases)
{
	size_t count = 0;

	for (size_t i = 0; i < room->stream_count; i++) {
		const struct kept_stream *stream = &room->streams[i];
		size_t held = stream->shelf.count;

		bases[i].stream = stream->stream;
		bases[i].seq = held == 0
		    ? stream->base
		    : shelf_at(&stream->shelf, held - 1)->seq;
	}
	for (size_t i = start; i < room->shelf.count; i++) {
		const struct bundle *bundle = shelf_at(&room->shelf, i);
		bool found;
		size_t index = stream_index(room, &bundle->stream, &found);

		assert(found);
		if (bases[index].seq >= bundle->seq)
			bases[index].seq = bundle->seq - 1;
	}
	for (size_t i = 0; i < room->stream_count; i++)
		if (bases[i].seq > 0)
			bases[count++] = bases[i];
	return count;
}

static void
perform_tail(struct store *store, struct job *job)
{
	const struct kept_room *room = find_room(store, &job->room);
	struct store_page page = { .to = job->to, .room = job->room };
	struct dependency *bases = NULL;
	const struct bundle **bundles = NULL;
	size_t start, messages = 0, bytes = 0;

	if (room != NULL) {
		start = room->shelf.count;
		while (start > 0 && messages < job->count)
			messages += weight(shelf_at(&room->shelf, --start));
		bases = mem_zero(room->stream_count + 1, sizeof *bases);
		bundles =
		    mem_zero(room->shelf.count - start + 1, sizeof *bundles);
		page.base_count = tail_bases(room, start, bases);
		while (start < room->shelf.count && bytes < STORE_TAIL_BYTES) {
			bundles[page.count] = shelf_at(&room->shelf, start++);
			bytes += bundles[page.count++]->sealed.size;
		}
	}
	page.bases = bases;
	page.bundles = bundles;
	store->front.page(store->front.self, &page);
	free(bundles);
	free(bases);
}

/* The bundle of this hash; its index, or the count when it is not here. */
static size_t
find_hash(const struct shelf *shelf, const struct id *hash)
{
	for (size_t i = shelf->count; i > 0; i--)
		if (id_equal(&shelf_at(shelf, i - 1)->hash, hash))
			return i - 1;
	return shelf->count;
}

static void
perform_history(struct store *store, struct job *job)
{
	const struct kept_room *room = find_room(store, &job->room);
	struct store_lines answer = { .token = job->token };
	struct store_line *lines;
	size_t bundle = room == NULL ? 0 : room->shelf.count;
	size_t wanted, at = 0; /* messages of the bundle below it */
	struct id hash;

	if (job->before[0] != '\0') {
		if (room != NULL && message_parse(job->before, &hash, &at))
			bundle = find_hash(&room->shelf, &hash);
		if (room == NULL || bundle == room->shelf.count ||
		    at >= shelf_at(&room->shelf, bundle)->message_count) {
			answer.error = ERROR_BAD_ARGUMENT;
			store->front.lines(store->front.self, &answer);
			return;
		}
	}
	wanted = job->count;
	if (room == NULL)
		wanted = 0;
	else if (wanted > room->messages)
		wanted = room->messages;
	lines = mem_zero(wanted + 1, sizeof *lines);
	while (answer.count < wanted && (at > 0 || bundle > 0)) {
		if (at == 0) {
			bundle--;
			at = shelf_at(&room->shelf, bundle)->message_count;
			continue;
		}
		answer.count++;
		lines[wanted - answer.count] =
		    (struct store_line){ shelf_at(&room->shelf, bundle), --at };
	}
	answer.lines = lines + (wanted - answer.count);
	store->front.lines(store->front.self, &answer);
	free(lines);
}

void
store_run(struct store *store)
{
	struct job *jobs = store->jobs;
	size_t count = store->job_count;

	store->jobs = NULL;
	store->job_count = store->job_cap = 0;
	store->woken = false;
	for (size_t i = 0; i < count; i++) {
		switch (jobs[i].type) {
		case JOB_PUT: perform_put(store, &jobs[i]); break;
		case JOB_RANGE: perform_range(store, &jobs[i]); break;
		case JOB_TAIL: perform_tail(store, &jobs[i]); break;
		case JOB_HISTORY: perform_history(store, &jobs[i]); break;
		}
		free(jobs[i].ranges);
	}
	free(jobs);
}

/* -- requests ---------------------------------------------------------- */

static void
queue(struct store *store, const struct job *job)
{
	MEM_GROW(store->jobs, store->job_count, store->job_cap);
	store->jobs[store->job_count++] = *job;
	if (!store->woken) {
		store->woken = true;
		store->front.wake(store->front.self);
	}
}

void
store_put(struct store *store, const struct bundle *bundle)
{
	assert(bundle->sealed.body != NULL && bundle->seq > 0);
	queue(store,
	    &(struct job){ .type = JOB_PUT, .bundle = bundle_clone(bundle) });
}

void
store_range(struct store *store, const struct id *to, const struct id *room,
    const struct stream_range *ranges, size_t count)
{
	queue(store,
	    &(struct job){ .type = JOB_RANGE,
		.to = *to,
		.room = *room,
		.count = count,
		.ranges = count == 0
		    ? NULL
		    : mem_copy(ranges, count * sizeof *ranges) });
}

void
store_tail(struct store *store, const struct id *to, const struct id *room,
    unsigned messages)
{
	queue(store,
	    &(struct job){ .type = JOB_TAIL,
		.to = *to,
		.room = *room,
		.count = messages });
}

void
store_history(struct store *store, uint64_t token, const struct id *room,
    const char *before, size_t limit)
{
	struct job job = { .type = JOB_HISTORY,
		.room = *room,
		.count = limit,
		.token = token };

	/* Too long for a name: kept wrong, so that it is found nowhere. */
	if (before != NULL)
		memcpy(job.before, *before == '\0' ? "?" : before,
		    strnlen(*before == '\0' ? "?" : before, MSG_TEXT - 1));
	queue(store, &job);
}

bool
store_busy(const struct store *store)
{
	return store->job_count > 0;
}

size_t
store_messages(const struct store *store, const struct id *room)
{
	const struct kept_room *kept = find_room(store, room);

	return kept == NULL ? 0 : kept->messages;
}

/* -- life -------------------------------------------------------------- */

struct store *
store_new(const struct store_front *front)
{
	struct store *store = mem_zero(1, sizeof *store);

	store->front = *front;
	return store;
}

static void
free_room(struct kept_room *room)
{
	for (size_t i = 0; i < room->shelf.count; i++)
		bundle_free(shelf_at(&room->shelf, i));
	for (size_t i = 0; i < room->stream_count; i++)
		free(room->streams[i].shelf.items);
	free(room->shelf.items);
	free(room->streams);
	free(room);
}

void
store_destroy(struct store *store)
{
	if (store == NULL)
		return;
	for (size_t i = 0; i < store->job_count; i++) {
		bundle_free(store->jobs[i].bundle);
		free(store->jobs[i].ranges);
	}
	for (size_t i = 0; i < store->room_count; i++)
		free_room(store->rooms[i]);
	free(store->jobs);
	free(store->rooms);
	free(store);
}
