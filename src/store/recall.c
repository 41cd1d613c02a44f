#include "store/recall.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"

/* Bundles that are looked at to tell how much is unread: nobody reads all
 * of more, and a start should not count it. */
enum { UNREAD_MAX = LIMIT_HISTORY_ANSWER };

void
recall_init(struct recall *recall, struct shelves *shelves,
    const struct id *self)
{
	*recall = (struct recall){ .shelves = shelves, .self = *self };
	arena_init(&recall->arena);
}

void
recall_free(struct recall *recall)
{
	arena_free(&recall->arena);
}

static void
recall_unread(struct recall *recall, const struct shelf *shelf,
    struct past_room *room)
{
	sqlite3_stmt *s = database_use(recall->shelves->db, STATEMENT_UNREAD);

	statement_put_number(s, 1, shelf->key);
	statement_put_number(s, 2, shelf->read);
	statement_put_id(s, 3, &recall->self);
	statement_put_number(s, 4, UNREAD_MAX);
	if (sqlite3_step(s) == SQLITE_ROW)
		room->unread = (size_t)statement_number(s, 0);
	sqlite3_reset(s);
	s = database_use(recall->shelves->db, STATEMENT_LOWEST);
	statement_put_number(s, 1, shelf->key);
	if (sqlite3_step(s) == SQLITE_ROW) {
		room->shown = true;
		room->shown_last.room = shelf->room;
		room->shown_last.hlc = statement_number(s, 0);
		room->shown_last.stream = (struct stream){ statement_id(s, 1),
			statement_number(s, 2) };
		room->shown_last.seq = statement_number(s, 3);
		room->shown_last.hash = statement_id(s, 4);
	}
	sqlite3_reset(s);
}

/* A copy of what is in memory of a shelf: the thread goes on with it. */
static void
recall_room(struct recall *recall, const struct shelf *shelf,
    struct past_room *room)
{
	struct arena *arena = &recall->arena;
	const struct vclock *clock = &shelf->clock;
	struct vector_entry *entries =
	    arena_alloc(arena, (clock->count + 1) * sizeof *entries);

	for (size_t i = 0; i < clock->count; i++) {
		entries[i] = vclock_entry_view(&clock->entries[i]);
		if (entries[i].hole_count > 0)
			entries[i].holes = arena_copy(arena, entries[i].holes,
			    entries[i].hole_count * sizeof(struct range));
	}
	room->id = shelf->room;
	room->name = arena_text(arena, shelf->name);
	room->joined = shelf->joined;
	room->entries = entries;
	room->entry_count = clock->count;
	room->head_count = shelf->heads.count;
	if (room->head_count > 0)
		room->heads = arena_copy(arena, shelf->heads.heads,
		    room->head_count * sizeof *room->heads);
	recall_unread(recall, shelf, room);
}

static void
recall_rooms(struct recall *recall)
{
	const struct shelves *shelves = recall->shelves;
	struct node_past *past = &recall->past.node;
	struct past_room *rooms =
	    arena_alloc(&recall->arena, (shelves->count + 1) * sizeof *rooms);

	for (size_t i = 0; i < shelves->count; i++) {
		rooms[i] = (struct past_room){ .unread = 0 };
		recall_room(recall, shelves->items[i], &rooms[i]);
		if (rooms[i].shown && rooms[i].shown_last.hlc > past->hlc)
			past->hlc = rooms[i].shown_last.hlc;
	}
	past->rooms = rooms;
	past->room_count = shelves->count;
}

enum { RECEIPT_KEY = ID_BYTES + 8 + 8 };

/* The run before may have ended between a bundle and the note of its hash. */
static int
recall_hash(struct recall *recall, struct store_fact *fact)
{
	const uint8_t *key = fact->key;
	sqlite3_stmt *s = database_use(recall->shelves->db, STATEMENT_HASH_OF);
	const struct shelf *shelf;
	struct id room, hash;
	int code;

	if (fact->key_size != RECEIPT_KEY || fact->value_size < ID_BYTES)
		return SQLITE_OK;
	memcpy(room.bytes, key, ID_BYTES);
	memcpy(hash.bytes, fact->value, ID_BYTES);
	shelf = shelves_find(recall->shelves, &room);
	if (shelf == NULL || !id_is_none(&hash))
		return SQLITE_OK;
	statement_put_number(s, 1, shelf->key);
	statement_put_id(s, 2, &recall->self);
	statement_put_number(s, 3, bytes_get_u64(key + ID_BYTES));
	statement_put_number(s, 4, bytes_get_u64(key + ID_BYTES + 8));
	code = sqlite3_step(s);
	if (code == SQLITE_ROW)
		fact->hash = statement_id(s, 0);
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
recall_facts(struct recall *recall)
{
	sqlite3_stmt *s = database_use(recall->shelves->db, STATEMENT_FACTS);
	struct store_fact *facts = NULL;
	size_t count = 0, cap = 0;
	int code;

	statement_put_bytes(s, 1, recall->shelves->network,
	    sizeof recall->shelves->network);
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		struct store_fact fact = { .key = NULL };

		fact.kind = (enum fact_kind)statement_number(s, 0);
		fact.key = statement_bytes(s, 1, &fact.key_size);
		if (fact.key_size > 0)
			fact.key = arena_copy(&recall->arena, fact.key,
			    fact.key_size);
		fact.value = statement_bytes(s, 2, &fact.value_size);
		if (fact.value_size > 0)
			fact.value = arena_copy(&recall->arena, fact.value,
			    fact.value_size);
		MEM_GROW(facts, count, cap);
		facts[count++] = fact;
	}
	sqlite3_reset(s);
	code = code == SQLITE_DONE ? SQLITE_OK : code;
	for (size_t i = 0; i < count && code == SQLITE_OK; i++)
		if (facts[i].kind == FACT_RECEIPT)
			code = recall_hash(recall, &facts[i]);
	recall->past.fact_count = count;
	if (count > 0)
		recall->past.facts = arena_copy(&recall->arena, facts,
		    count * sizeof *facts);
	free(facts);
	return code;
}

/*
 * The epoch goes on only when this run follows the one that wrote the
 * database: else there are numbers that it does not know of.
 */
int
recall_begin(struct recall *recall, const struct store_options *options)
{
	struct database *db = recall->shelves->db;
	uint64_t start = database_get_meta(db, "start");
	uint64_t epoch = database_get_meta(db, "epoch");
	bool follows = start > 0 && start + 1 == options->start && epoch > 0;
	int code;

	recall->past.epoch = follows ? epoch : options->epoch;
	recall->past.node.epoch_restored = follows;
	code = database_begin(db, true);
	if (code == SQLITE_OK)
		code = database_put_meta(db, "start", options->start);
	if (code == SQLITE_OK)
		code = database_put_meta(db, "epoch", recall->past.epoch);
	if (code == SQLITE_OK)
		code = database_commit(db);
	if (code == SQLITE_OK)
		code = shelves_load(recall->shelves);
	if (code == SQLITE_OK)
		code = recall_facts(recall);
	if (code == SQLITE_OK)
		recall_rooms(recall);
	return code;
}
