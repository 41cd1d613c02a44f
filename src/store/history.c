#include "store/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "store/words.h"

enum { SEARCH_BYTES = 16 << 20 }; /* of bodies in one answer */

enum { ROWS_MAX = 4 * STORE_PAGE_BUNDLES };	/* looked at for one page */

void
found_free(struct found *found)
{
	for (size_t i = 0; i < found->count; i++)
		bundle_free(found->bundles[i]);
	free(found->bundles);
	free(found->bases);
	free(found->lines);
	*found = (struct found){ 0 };
}

static void
add(struct found *found, struct bundle *bundle)
{
	MEM_GROW(found->bundles, found->count, found->cap);
	found->bundles[found->count++] = bundle;
}

/* Read last one first, shown first one first. */
static void
turn_around(struct found *found)
{
	for (size_t i = 0; i < found->count / 2; i++) {
		struct bundle *last = found->bundles[found->count - 1 - i];

		found->bundles[found->count - 1 - i] = found->bundles[i];
		found->bundles[i] = last;
	}
}

/* NULL: of another network. */
static const struct shelf *
shelf_of(const struct shelves *shelves, uint64_t key)
{
	for (size_t i = 0; i < shelves->count; i++)
		if (shelves->items[i]->key == key)
			return shelves->items[i];
	return NULL;
}

/* -- ranges ------------------------------------------------------------ */

/* One that might go into the page. */
struct candidate_row {
	uint64_t key;
	struct bundle place; /* for its place alone */
	size_t size;
};

struct candidate_rows {
	struct candidate_row *items;
	size_t count, cap;
};

static int
compare_rows(const void *a, const void *b)
{
	const struct candidate_row *one = a, *other = b;

	return bundle_compare_display(&one->place, &other->place);
}

static int
look_at_range(struct shelves *shelves, const struct shelf *shelf,
    const struct stream_range *range, struct candidate_rows *rows)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_IN_RANGE);
	int code;

	statement_put_number(s, 1, shelf->key);
	statement_put_id(s, 2, &range->stream.author);
	statement_put_number(s, 3, range->stream.epoch);
	statement_put_number(s, 4, range->range.first);
	statement_put_number(s, 5, range->range.last);
	statement_put_number(s, 6, STORE_PAGE_BUNDLES);
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		struct candidate_row row = {
			.key = statement_number(s, 0),
			.place.hlc = statement_number(s, 1),
			.place.stream.author = statement_id(s, 2),
			.place.seq = statement_number(s, 3),
			.place.hash = statement_id(s, 4),
			.size = (size_t)statement_number(s, 5),
		};

		MEM_GROW(rows->items, rows->count, rows->cap);
		rows->items[rows->count++] = row;
	}
	sqlite3_reset(s);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
fetch(struct shelves *shelves, const struct id *room, uint64_t key,
    struct found *found)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_BUNDLE);
	int code;

	statement_put_number(s, 1, key);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW)
		add(found, statement_bundle(s, room));
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static void
add_base(struct found *found, const struct shelf *shelf,
    const struct stream_range *range)
{
	const struct vclock_entry *entry =
	    vclock_find(&shelf->clock, &range->stream);

	if (entry != NULL && range->range.first <= entry->base)
		found->bases[found->base_count++] =
		    (struct dependency){ range->stream, entry->base };
}

int
history_range(struct shelves *shelves, const struct id *room,
    const struct stream_range *ranges, size_t count, struct found *found)
{
	const struct shelf *shelf = shelves_find(shelves, room);
	struct candidate_rows rows = { 0 };
	size_t bytes = 0;
	int code = SQLITE_OK;

	if (shelf == NULL)
		return SQLITE_OK;
	found->bases = mem_zero(count + 1, sizeof *found->bases);
	/* Who asks for more than a page does not get more read. */
	for (size_t i = 0; i < count && rows.count < ROWS_MAX &&
	     code == SQLITE_OK;
	     i++) {
		add_base(found, shelf, &ranges[i]);
		code = look_at_range(shelves, shelf, &ranges[i], &rows);
	}
	if (rows.count > 0)
		qsort(rows.items, rows.count, sizeof *rows.items, compare_rows);
	for (size_t i = 0; i < rows.count && found->count < STORE_PAGE_BUNDLES &&
	     bytes < STORE_PAGE_BYTES && code == SQLITE_OK;
	     i++) {
		code = fetch(shelves, room, rows.items[i].key, found);
		bytes += rows.items[i].size;
	}
	free(rows.items);
	return code;
}

/* -- the newest of ranges ---------------------------------------------- */

/* The next one of a stream, downwards. */
struct front_row {
	struct stream_range rest; /* from here on down */
	struct candidate_row row;
	uint64_t messages;
	bool over; /* there is none */
};

static int
go_on(struct shelves *shelves, const struct shelf *shelf,
    struct front_row *front)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_NEWEST_BELOW);
	int code;

	statement_put_number(s, 1, shelf->key);
	statement_put_id(s, 2, &front->rest.stream.author);
	statement_put_number(s, 3, front->rest.stream.epoch);
	statement_put_number(s, 4, front->rest.range.first);
	statement_put_number(s, 5, front->rest.range.last);
	code = sqlite3_step(s);
	front->over = code != SQLITE_ROW;
	if (code == SQLITE_ROW) {
		front->row = (struct candidate_row){
			.key = statement_number(s, 0),
			.place.hlc = statement_number(s, 1),
			.place.stream.author = statement_id(s, 2),
			.place.seq = statement_number(s, 3),
			.place.hash = statement_id(s, 4),
			.size = (size_t)statement_number(s, 5),
		};
		front->messages = statement_number(s, 6);
		front->rest.range.last = front->row.place.seq - 1;
	}
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static struct front_row *
newest_front(struct front_row *fronts, size_t count)
{
	struct front_row *newest = NULL;

	for (size_t i = 0; i < count; i++)
		if (!fronts[i].over &&
		    (newest == NULL ||
			compare_rows(&fronts[i].row, &newest->row) > 0))
			newest = &fronts[i];
	return newest;
}

/* A merge of the streams, each of which is in display order by itself. */
int
history_newest(struct shelves *shelves, const struct id *room,
    const struct stream_range *ranges, size_t count, size_t messages,
    struct found *found)
{
	const struct shelf *shelf = shelves_find(shelves, room);
	struct front_row *fronts, *next;
	size_t bytes = 0, seen = 0;
	int code = SQLITE_OK;

	if (shelf == NULL || count == 0)
		return SQLITE_OK;
	fronts = mem_zero(count, sizeof *fronts);
	for (size_t i = 0; i < count && code == SQLITE_OK; i++) {
		fronts[i].rest = ranges[i];
		code = go_on(shelves, shelf, &fronts[i]);
	}
	while (seen < messages && found->count < STORE_PAGE_BUNDLES &&
	    bytes < STORE_PAGE_BYTES && code == SQLITE_OK &&
	    (next = newest_front(fronts, count)) != NULL) {
		seen += next->messages > 0 ? (size_t)next->messages : 1;
		bytes += next->row.size;
		code = fetch(shelves, room, next->row.key, found);
		if (code == SQLITE_OK)
			code = go_on(shelves, shelf, next);
	}
	free(fronts);
	return code;
}

/* -- the tail ---------------------------------------------------------- */

/* Right below the tail: the tops of the clock, lowered by what is in it. */
static void
add_tail_bases(struct found *found, const struct shelf *shelf)
{
	const struct vclock *clock = &shelf->clock;
	struct dependency *bases =
	    mem_zero(clock->count + 1, sizeof *found->bases);
	size_t kept = 0;

	for (size_t i = 0; i < clock->count; i++)
		bases[i] = (struct dependency){ clock->entries[i].stream,
			clock->entries[i].top };
	for (size_t i = 0; i < found->count; i++) {
		const struct bundle *bundle = found->bundles[i];
		const struct vclock_entry *entry =
		    vclock_find(clock, &bundle->stream);
		struct dependency *base;

		if (entry == NULL)
			continue;
		base = &bases[entry - clock->entries];
		if (base->seq >= bundle->seq)
			base->seq = bundle->seq - 1;
	}
	for (size_t i = 0; i < clock->count; i++)
		if (bases[i].seq > 0)
			bases[kept++] = bases[i];
	found->bases = bases;
	found->base_count = kept;
}

/* What of it is too much comes by itself: the end goes, not the start. */
static void
cut_tail(struct found *found)
{
	size_t bytes = 0, kept = 0;

	while (kept < found->count && bytes < STORE_TAIL_BYTES)
		bytes += found->bundles[kept++]->sealed.size;
	while (found->count > kept)
		bundle_free(found->bundles[--found->count]);
}

int
history_tail(struct shelves *shelves, const struct id *room, size_t messages,
    struct found *found)
{
	const struct shelf *shelf = shelves_find(shelves, room);
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_LAST);
	uint64_t seen = 0;
	int code = SQLITE_DONE;

	if (shelf == NULL)
		return SQLITE_OK;
	statement_put_number(s, 1, shelf->key);
	while (seen < messages && (code = sqlite3_step(s)) == SQLITE_ROW) {
		uint64_t here = statement_number(s, 6);

		seen += here > 0 ? here : 1;
		add(found, statement_bundle(s, room));
	}
	sqlite3_reset(s);
	turn_around(found);
	add_tail_bases(found, shelf);
	cut_tail(found);
	return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

/* -- lines ------------------------------------------------------------- */

/* Returns how many messages it has. */
static uint64_t
take_place(sqlite3_stmt *s, struct bundle *place)
{
	place->hlc = statement_number(s, 0);
	place->stream.author = statement_id(s, 1);
	place->seq = statement_number(s, 2);
	place->hash = statement_id(s, 3);
	return statement_number(s, 4);
}

static void
bind_place(sqlite3_stmt *s, const struct shelf *shelf,
    const struct bundle *place)
{
	statement_put_number(s, 1, shelf->key);
	statement_put_number(s, 2, place->hlc);
	statement_put_id(s, 3, &place->stream.author);
	statement_put_number(s, 4, place->seq);
	statement_put_id(s, 5, &place->hash);
}

/* The place of the bundle of this name, and how many messages it has. */
static int
find_place(struct shelves *shelves, const struct shelf *shelf,
    const struct id *hash, struct bundle *place, uint64_t *messages)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_PLACE_OF);
	int code;

	*messages = 0;
	statement_put_id(s, 1, hash);
	statement_put_number(s, 2, shelf->key);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW)
		*messages = take_place(s, place);
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/*
 * Reads upward until there are enough.  `below`: so many messages of the
 * first bundle lie above the place asked for; UINT64_MAX: all.
 */
static int
read_up(sqlite3_stmt *s, const struct id *room, uint64_t below, size_t limit,
    struct found *found)
{
	int code = SQLITE_DONE;

	found->lines = mem_zero(limit + 1, sizeof *found->lines);
	while (found->line_count < limit &&
	    (code = sqlite3_step(s)) == SQLITE_ROW) {
		uint64_t messages = statement_number(s, 6);
		struct bundle *bundle;

		if (messages > below)
			messages = below;
		below = UINT64_MAX;
		if (messages == 0)
			continue;
		bundle = statement_bundle(s, room);
		add(found, bundle);
		while (messages > 0 && found->line_count < limit) {
			size_t at = limit - ++found->line_count;

			found->lines[at] =
			    (struct store_line){ bundle, --messages };
		}
	}
	memmove(found->lines, found->lines + (limit - found->line_count),
	    found->line_count * sizeof *found->lines);
	sqlite3_reset(s);
	return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

/*
 * From a message (index in a bundle at *place) down so many; they are moved
 * to where that ends.  False in *more: the room ends before.
 */
static int
go_down(struct shelves *shelves, const struct shelf *shelf,
    struct bundle *place, uint64_t messages, size_t *index, uint64_t count,
    bool *more)
{
	struct bundle from = *place;
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_NEXT_PLACES);
	int code = SQLITE_ROW;

	count += *index;
	bind_place(s, shelf, &from);
	while (count >= messages && (code = sqlite3_step(s)) == SQLITE_ROW) {
		count -= messages;
		messages = take_place(s, place);
	}
	sqlite3_reset(s);
	*index = (size_t)count;
	*more = code == SQLITE_ROW;
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* From the message at this index of the first bundle on. */
static int
read_down(sqlite3_stmt *s, const struct id *room, uint64_t index,
    size_t limit, struct found *found)
{
	int code = SQLITE_DONE;

	found->lines = mem_zero(limit + 1, sizeof *found->lines);
	while (found->line_count < limit &&
	    (code = sqlite3_step(s)) == SQLITE_ROW) {
		uint64_t messages = statement_number(s, 6);
		struct bundle *bundle;

		if (index < messages) {
			bundle = statement_bundle(s, room);
			add(found, bundle);
			while (index < messages && found->line_count < limit)
				found->lines[found->line_count++] =
				    (struct store_line){ bundle,
					    (size_t)index++ };
		}
		index = 0;
	}
	sqlite3_reset(s);
	return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

/* A place of the room, which a message's name gave; or an end of it. */
struct spot {
	struct bundle place;
	uint64_t messages; /* of that bundle */
	size_t index;
	bool given;
};

static int
find_spot(struct shelves *shelves, const struct shelf *shelf,
    const char *msg, struct spot *spot, enum error *error)
{
	struct id hash;
	int code = SQLITE_OK;

	*spot = (struct spot){ .given = msg[0] != '\0' };
	if (!spot->given)
		return SQLITE_OK;
	if (shelf != NULL && message_parse(msg, &hash, &spot->index))
		code = find_place(shelves, shelf, &hash, &spot->place,
		    &spot->messages);
	if (spot->index >= spot->messages)
		*error = ERROR_BAD_ARGUMENT;
	return code;
}

int
history_lines(struct shelves *shelves, const struct id *room, const char *msg,
    enum store_side side, size_t limit, struct found *found)
{
	const struct shelf *shelf = shelves_find(shelves, room);
	struct spot spot;
	sqlite3_stmt *s;
	int code = find_spot(shelves, shelf, msg, &spot, &found->error);

	if (code != SQLITE_OK || found->error != ERROR_NONE || shelf == NULL)
		return code;
	found->full = shelves_full(shelves, shelf);
	if (spot.given && side == STORE_AROUND) {
		code = go_down(shelves, shelf, &spot.place, spot.messages,
		    &spot.index, limit / 2 + 1, &found->newer);
		spot.given = found->newer;
	}
	if (code != SQLITE_OK)
		return code;
	if (limit > shelf->messages)
		limit = (size_t)shelf->messages;
	if (side == STORE_BELOW) {
		s = database_use(shelves->db, STATEMENT_FROM);
		bind_place(s, shelf, &spot.place);
		return read_down(s, room, spot.given ? spot.index + 1 : 0,
		    limit, found);
	}
	if (!spot.given) {
		s = database_use(shelves->db, STATEMENT_LAST);
		statement_put_number(s, 1, shelf->key);
		return read_up(s, room, UINT64_MAX, limit, found);
	}
	s = database_use(shelves->db, STATEMENT_LAST_BEFORE);
	bind_place(s, shelf, &spot.place);
	return read_up(s, room, spot.index, limit, found);
}

/* -- words ------------------------------------------------------------- */

static int
compare_lines(const void *a, const void *b)
{
	const struct store_line *one = a, *other = b;
	int order = bundle_compare_display(one->bundle, other->bundle);

	return order != 0 ? order
			  : (one->index > other->index) -
		(one->index < other->index);
}

/* Of one bundle many messages may match, one behind the other. */
static struct bundle *
take_match(struct found *found, const struct shelf *shelf, sqlite3_stmt *s)
{
	struct bundle *bundle = statement_bundle(s, &shelf->room);
	struct bundle *last =
	    found->count > 0 ? found->bundles[found->count - 1] : NULL;

	if (last != NULL && id_equal(&last->hash, &bundle->hash)) {
		bundle_free(bundle);
		return last;
	}
	add(found, bundle);
	return bundle;
}

static int
read_matches(struct shelves *shelves, const char *query, size_t limit,
    struct found *found)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_MATCH);
	size_t bytes = 0, cap = 0;
	int code = SQLITE_DONE;

	sqlite3_bind_text(s, 1, query, -1, SQLITE_STATIC);
	statement_put_number(s, 2, limit);
	while (bytes < SEARCH_BYTES && (code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct shelf *shelf =
		    shelf_of(shelves, statement_number(s, 10));
		struct bundle *bundle;

		if (shelf == NULL)
			continue;
		bundle = take_match(found, shelf, s);
		bytes += bundle->sealed.size;
		MEM_GROW(found->lines, found->line_count, cap);
		found->lines[found->line_count++] = (struct store_line){
			bundle, (size_t)statement_number(s, 11)
		};
	}
	sqlite3_reset(s);
	sqlite3_bind_null(s, 1);
	if (found->line_count > 0)
		qsort(found->lines, found->line_count, sizeof *found->lines,
		    compare_lines);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int
history_search(struct shelves *shelves, const struct id *room,
    const char *text, size_t limit, struct found *found)
{
	const struct shelf *shelf =
	    room == NULL ? NULL : shelves_find(shelves, room);
	char where[WORDS_WHERE];
	int code = SQLITE_OK;

	found->behind = words_behind(shelves->db);
	if (room != NULL && shelf == NULL)
		return SQLITE_OK;
	if (room != NULL)
		words_room(shelf->key, where);
	else
		words_network(shelves->network, where);
	for (int beginnings = 0;
	     beginnings <= 1 && found->line_count == 0 && code == SQLITE_OK;
	     beginnings++) {
		struct bytes query;

		bytes_init(&query);
		if (words_query(text, beginnings == 1, where, &query))
			code = read_matches(shelves, (const char *)query.data,
			    limit, found);
		bytes_free(&query);
	}
	return code;
}

/* -- one --------------------------------------------------------------- */

int
history_find(struct shelves *shelves, const struct id *hash,
    struct found *found)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_FIND);
	int code;

	statement_put_id(s, 1, hash);
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		const struct shelf *shelf =
		    shelf_of(shelves, statement_number(s, 10));

		if (shelf != NULL && found->count == 0)
			add(found, statement_bundle(s, &shelf->room));
	}
	sqlite3_reset(s);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}
