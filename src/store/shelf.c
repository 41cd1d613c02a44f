#include "store/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "store/words.h"

enum {
	DROP_AT_ONCE = 256, /* messages, in one transaction */
	/* A room may hold this part more until the store is idle. */
	SURPLUS_PART = 16,
	HEAD_BYTES = ID_BYTES + 16,
	HOLE_BYTES = 16,
};

static size_t
place(const struct shelves *shelves, const struct id *room, bool *found)
{
	size_t low = 0, high = shelves->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&shelves->items[middle]->room, room);

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

struct shelf *
shelves_find(const struct shelves *shelves, const struct id *room)
{
	bool found;
	size_t at = place(shelves, room, &found);

	return found ? shelves->items[at] : NULL;
}

bool
shelves_full(const struct shelves *shelves, const struct shelf *shelf)
{
	return shelf->dropped || shelf->messages >= shelves->room_messages;
}

static struct shelf *
insert(struct shelves *shelves, const struct id *room)
{
	struct shelf *shelf = mem_zero(1, sizeof *shelf);
	bool found;
	size_t at = place(shelves, room, &found);

	shelf->room = *room;
	shelf->name = mem_text("");
	vclock_init(&shelf->clock);
	frontier_init(&shelf->heads);
	MEM_INSERT(shelves->items, shelves->count, shelves->cap, at);
	shelves->items[at] = shelf;
	return shelf;
}

void
shelves_free(struct shelves *shelves)
{
	for (size_t i = 0; i < shelves->count; i++) {
		struct shelf *shelf = shelves->items[i];

		vclock_free(&shelf->clock);
		frontier_free(&shelf->heads);
		free(shelf->changed_streams);
		free(shelf->name);
		free(shelf);
	}
	free(shelves->items);
	shelves->items = NULL;
	shelves->count = shelves->cap = 0;
}

/* -- rows -------------------------------------------------------------- */

static void
take_heads(struct shelf *shelf, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i + HEAD_BYTES <= size; i += HEAD_BYTES) {
		struct dependency head;

		memcpy(head.stream.author.bytes, bytes + i, ID_BYTES);
		head.stream.epoch = bytes_get_u64(bytes + i + ID_BYTES);
		head.seq = bytes_get_u64(bytes + i + ID_BYTES + 8);
		frontier_restore(&shelf->heads, &head, 1);
	}
}

static void
put_heads(const struct shelf *shelf, struct bytes *out)
{
	for (size_t i = 0; i < shelf->heads.count; i++) {
		const struct dependency *head = &shelf->heads.heads[i];
		uint8_t *at = bytes_reserve(out, HEAD_BYTES);

		memcpy(at, head->stream.author.bytes, ID_BYTES);
		bytes_put_u64(at + ID_BYTES, head->stream.epoch);
		bytes_put_u64(at + ID_BYTES + 8, head->seq);
		out->size += HEAD_BYTES;
	}
}

static void
take_stream(struct shelf *shelf, sqlite3_stmt *s)
{
	struct range holes[LIMIT_HOLES];
	struct vector_entry entry = {
		.stream = { statement_id(s, 0), statement_number(s, 1) },
		.base = statement_number(s, 2),
		.top = statement_number(s, 3),
		.holes = holes,
	};
	size_t size;
	const uint8_t *bytes = statement_bytes(s, 4, &size);

	for (size_t i = 0;
	     i + HOLE_BYTES <= size && entry.hole_count < LIMIT_HOLES;
	     i += HOLE_BYTES)
		holes[entry.hole_count++] =
		    (struct range){ bytes_get_u64(bytes + i),
			    bytes_get_u64(bytes + i + 8) };
	vclock_restore(&shelf->clock, &entry);
}

static int
load_streams(struct shelves *shelves, struct shelf *shelf)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_STREAMS);
	int code;

	statement_put_number(s, 1, shelf->key);
	while ((code = sqlite3_step(s)) == SQLITE_ROW)
		take_stream(shelf, s);
	sqlite3_reset(s);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

int
shelves_load(struct shelves *shelves)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_ROOMS);
	int code;

	shelves_free(shelves);
	statement_put_bytes(s, 1, shelves->network, sizeof shelves->network);
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		struct id id = statement_id(s, 1);
		struct shelf *shelf = insert(shelves, &id);
		const uint8_t *heads;
		size_t size;

		shelf->key = statement_number(s, 0);
		free(shelf->name);
		shelf->name =
		    mem_text((const char *)sqlite3_column_text(s, 2));
		shelf->joined = statement_number(s, 3) != 0;
		shelf->read = statement_number(s, 4);
		shelf->messages = statement_number(s, 5);
		heads = statement_bytes(s, 6, &size);
		take_heads(shelf, heads, size);
	}
	sqlite3_reset(s);
	code = code == SQLITE_DONE ? SQLITE_OK : code;
	for (size_t i = 0; i < shelves->count && code == SQLITE_OK; i++)
		code = load_streams(shelves, shelves->items[i]);
	return code;
}

/* NULL with a code when the database does not take the room. */
static struct shelf *
need(struct shelves *shelves, const struct id *room, int *code)
{
	struct shelf *shelf = shelves_find(shelves, room);
	sqlite3_stmt *s;

	*code = SQLITE_OK;
	if (shelf != NULL)
		return shelf;
	s = database_use(shelves->db, STATEMENT_ADD_ROOM);
	statement_put_bytes(s, 1, shelves->network, sizeof shelves->network);
	statement_put_id(s, 2, room);
	*code = statement_run(s);
	if (*code != SQLITE_OK)
		return NULL;
	shelf = insert(shelves, room);
	shelf->key = (uint64_t)sqlite3_last_insert_rowid(shelves->db->sql);
	return shelf;
}

static void
touch(struct shelf *shelf, const struct stream *stream)
{
	shelf->changed = true;
	for (size_t i = shelf->changed_count; i-- > 0;)
		if (stream_compare(&shelf->changed_streams[i], stream) == 0)
			return;
	MEM_GROW(shelf->changed_streams, shelf->changed_count,
	    shelf->changed_cap);
	shelf->changed_streams[shelf->changed_count++] = *stream;
}

/* -- bundles ----------------------------------------------------------- */

/* An empty bundle takes room too. */
static uint64_t
weight(uint64_t messages)
{
	return messages > 0 ? messages : 1;
}

static int
compare_held(struct shelves *shelves, const struct shelf *shelf,
    const struct bundle *bundle, bool *conflict)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_HASH_OF);
	struct id hash;
	int code;

	statement_put_number(s, 1, shelf->key);
	statement_put_id(s, 2, &bundle->stream.author);
	statement_put_number(s, 3, bundle->stream.epoch);
	statement_put_number(s, 4, bundle->seq);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW) {
		hash = statement_id(s, 0);
		*conflict = !id_equal(&hash, &bundle->hash);
	}
	sqlite3_reset(s);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

/* As the core does on delivery, so that both know the same. */
static void
advance(struct shelf *shelf, const struct bundle *bundle)
{
	const struct stream *stream = &bundle->stream;
	const struct vclock_entry *entry = vclock_find(&shelf->clock, stream);

	shelf->messages += weight(bundle->message_count);
	touch(shelf, stream);
	/* An older one, fetched because somebody wanted to see it. */
	if (entry != NULL && bundle->seq <= entry->base) {
		if (!shelf->dropped)
			vclock_lower(&shelf->clock, stream, bundle->seq);
		return;
	}
	if (bundle->seq > vclock_top(&shelf->clock, stream) + 1)
		vclock_add_hole(&shelf->clock, stream, bundle->seq - 1);
	vclock_add(&shelf->clock, stream, bundle->seq);
	frontier_advance(&shelf->heads, bundle, &shelf->clock);
}

static int
insert_bundle(struct shelves *shelves, const struct shelf *shelf,
    const struct bundle *bundle)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_ADD_BUNDLE);

	statement_put_number(s, 1, shelf->key);
	statement_put_id(s, 2, &bundle->stream.author);
	statement_put_number(s, 3, bundle->stream.epoch);
	statement_put_number(s, 4, bundle->seq);
	statement_put_number(s, 5, bundle->nonce);
	statement_put_number(s, 6, bundle->hlc);
	statement_put_id(s, 7, &bundle->hash);
	statement_put_number(s, 8, bundle->message_count);
	statement_put_bytes(s, 9, bundle->sealed.signature, SIGNATURE_BYTES);
	statement_put_bytes(s, 10, bundle->sealed.key, KEY_BYTES);
	statement_put_bytes(s, 11, bundle->sealed.body, bundle->sealed.size);
	return statement_run(s);
}

int
shelves_put(struct shelves *shelves, const struct bundle *bundle,
    bool *conflict)
{
	struct shelf *shelf;
	int code;

	*conflict = false;
	shelf = need(shelves, &bundle->room, &code);
	if (shelf == NULL)
		return code;
	code = insert_bundle(shelves, shelf, bundle);
	if (code != SQLITE_OK)
		return code;
	if (sqlite3_changes(shelves->db->sql) == 0)
		return compare_held(shelves, shelf, bundle, conflict);
	advance(shelf, bundle);
	return SQLITE_OK;
}

int
shelves_swap(struct shelves *shelves, const struct bundle *bundle)
{
	struct shelf *shelf = shelves_find(shelves, &bundle->room);
	sqlite3_stmt *s, *drop;
	uint64_t key = 0, messages = 0, hlc = 0;
	int code;

	if (shelf == NULL)
		return SQLITE_OK;
	s = database_use(shelves->db, STATEMENT_KEY_OF);
	statement_put_number(s, 1, shelf->key);
	statement_put_id(s, 2, &bundle->stream.author);
	statement_put_number(s, 3, bundle->stream.epoch);
	statement_put_number(s, 4, bundle->seq);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW) {
		key = statement_number(s, 0);
		messages = statement_number(s, 1);
		hlc = statement_number(s, 2);
	}
	sqlite3_reset(s);
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE ? SQLITE_OK : code;
	code = words_forget(shelves->db, key, hlc);
	if (code != SQLITE_OK)
		return code;
	drop = database_use(shelves->db, STATEMENT_DROP_BUNDLE);
	statement_put_number(drop, 1, key);
	code = statement_run(drop);
	if (code == SQLITE_OK)
		code = words_dropped(shelves->db);
	if (code != SQLITE_OK)
		return code;
	shelf->messages += weight(bundle->message_count);
	shelf->messages -= weight(messages);
	return insert_bundle(shelves, shelf, bundle);
}

static int
drop_bundle(struct shelves *shelves, struct shelf *shelf, sqlite3_stmt *s)
{
	struct stream stream = { statement_id(s, 1), statement_number(s, 2) };
	sqlite3_stmt *drop;
	int code = words_forget(shelves->db, statement_number(s, 0),
	    statement_number(s, 5));

	if (code != SQLITE_OK)
		return code;
	drop = database_use(shelves->db, STATEMENT_DROP_BUNDLE);
	statement_put_number(drop, 1, statement_number(s, 0));
	shelf->dropped = true;
	vclock_raise_base(&shelf->clock, &stream, statement_number(s, 3));
	touch(shelf, &stream);
	return statement_run(drop);
}

/*
 * Drops the oldest bundles below this key, of so many messages at most;
 * more: there may be others.
 */
static int
drop_oldest(struct shelves *shelves, struct shelf *shelf, uint64_t below,
    uint64_t messages, bool *more)
{
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_OLDEST);
	uint64_t gone = 0;
	int code = SQLITE_OK, stepped = SQLITE_DONE;

	*more = messages > DROP_AT_ONCE;
	if (*more)
		messages = DROP_AT_ONCE;
	statement_put_number(s, 1, shelf->key);
	statement_put_number(s, 2, below);
	statement_put_number(s, 3, DROP_AT_ONCE);
	while (gone < messages && code == SQLITE_OK &&
	    (stepped = sqlite3_step(s)) == SQLITE_ROW) {
		gone += weight(statement_number(s, 4));
		code = drop_bundle(shelves, shelf, s);
	}
	sqlite3_reset(s);
	*more = *more && stepped != SQLITE_DONE;
	if (gone > 0 && code == SQLITE_OK)
		code = words_dropped(shelves->db);
	shelf->messages -= gone < shelf->messages ? gone : shelf->messages;
	if (code == SQLITE_OK && stepped != SQLITE_DONE &&
	    stepped != SQLITE_ROW)
		code = stepped;
	return code;
}

int
shelves_drop_older(struct shelves *shelves, uint64_t hlc, bool *more)
{
	int code = SQLITE_OK;

	*more = false;
	for (size_t i = 0; i < shelves->count && code == SQLITE_OK && !*more;
	     i++)
		code = drop_oldest(shelves, shelves->items[i], hlc, UINT64_MAX,
		    more);
	return code;
}

int
shelves_drop_surplus(struct shelves *shelves, bool *more)
{
	int code = SQLITE_OK;

	*more = false;
	for (size_t i = 0; i < shelves->count && code == SQLITE_OK && !*more;
	     i++) {
		struct shelf *shelf = shelves->items[i];

		if (shelf->messages > shelves->room_messages)
			code = drop_oldest(shelves, shelf, INT64_MAX,
			    shelf->messages - shelves->room_messages, more);
	}
	return code;
}

/* -- rooms ------------------------------------------------------------- */

int
shelves_keep_room(struct shelves *shelves, const struct id *room,
    const char *name, bool joined)
{
	int code;
	struct shelf *shelf = need(shelves, room, &code);
	sqlite3_stmt *s;

	if (shelf == NULL)
		return code;
	s = database_use(shelves->db, STATEMENT_NAME_ROOM);
	sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	statement_put_number(s, 2, joined);
	statement_put_number(s, 3, shelf->key);
	return statement_run(s);
}

int
shelves_keep_read(struct shelves *shelves, const struct id *room)
{
	struct shelf *shelf = shelves_find(shelves, room);
	sqlite3_stmt *s;

	if (shelf == NULL)
		return SQLITE_OK;
	s = database_use(shelves->db, STATEMENT_READ_ROOM);
	statement_put_number(s, 1, shelf->key);
	return statement_run(s);
}

int
shelves_keep_bases(struct shelves *shelves, const struct id *room,
    const struct dependency *bases, size_t count)
{
	int code;
	struct shelf *shelf = need(shelves, room, &code);

	for (size_t i = 0; shelf != NULL && i < count; i++) {
		vclock_raise_base(&shelf->clock, &bases[i].stream,
		    bases[i].seq);
		touch(shelf, &bases[i].stream);
	}
	return code;
}

/* -- writing what changed ---------------------------------------------- */

static int
save_stream(struct shelves *shelves, const struct shelf *shelf,
    const struct stream *stream)
{
	const struct vclock_entry *entry = vclock_find(&shelf->clock, stream);
	sqlite3_stmt *s = database_use(shelves->db, STATEMENT_SET_STREAM);
	uint8_t holes[LIMIT_HOLES * HOLE_BYTES];

	if (entry == NULL)
		return SQLITE_OK;
	for (size_t i = 0; i < entry->hole_count; i++) {
		bytes_put_u64(holes + i * HOLE_BYTES, entry->holes[i].first);
		bytes_put_u64(holes + i * HOLE_BYTES + 8,
		    entry->holes[i].last);
	}
	statement_put_number(s, 1, shelf->key);
	statement_put_id(s, 2, &stream->author);
	statement_put_number(s, 3, stream->epoch);
	statement_put_number(s, 4, entry->base);
	statement_put_number(s, 5, entry->top);
	statement_put_bytes(s, 6, holes, entry->hole_count * HOLE_BYTES);
	return statement_run(s);
}

static int
save(struct shelves *shelves, struct shelf *shelf)
{
	sqlite3_stmt *s;
	struct bytes heads;
	uint64_t most =
	    shelves->room_messages + shelves->room_messages / SURPLUS_PART;
	bool more = true;
	int code = SQLITE_OK;

	while (shelf->messages > most && code == SQLITE_OK && more)
		code = drop_oldest(shelves, shelf, INT64_MAX,
		    shelf->messages - shelves->room_messages, &more);
	for (size_t i = 0; i < shelf->changed_count && code == SQLITE_OK; i++)
		code = save_stream(shelves, shelf, &shelf->changed_streams[i]);
	if (code != SQLITE_OK)
		return code;
	bytes_init(&heads);
	put_heads(shelf, &heads);
	s = database_use(shelves->db, STATEMENT_SET_ROOM);
	statement_put_number(s, 1, shelf->messages);
	statement_put_bytes(s, 2, heads.data, heads.size);
	statement_put_number(s, 3, shelf->key);
	code = statement_run(s);
	bytes_free(&heads);
	return code;
}

int
shelves_save(struct shelves *shelves)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < shelves->count && code == SQLITE_OK; i++) {
		struct shelf *shelf = shelves->items[i];

		if (!shelf->changed)
			continue;
		code = save(shelves, shelf);
		shelf->changed = false;
		shelf->changed_count = 0;
	}
	return code;
}
