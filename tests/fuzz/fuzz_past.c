/*
 * Fuzzes what a start finds in its database: any rows that SQLite takes for
 * whole, as a disk or another version of dchat may have left them.  The node
 * starts with what of them can be read, and people and peers are served from
 * the rest.
 *
 * An input is rows: a byte that chooses the table, then column after column.
 * An id is one byte; a number is one, or from 250 on the eight behind it;
 * bytes are their count in one and themselves.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/node.h"
#include "crypto/names.h"
#include "host/remember.h"
#include "store/history.h"
#include "store/recall.h"
#include "store/words.h"
#include "tests/fuzz/fuzz.h"

enum { ROWS_MAX = 64, LONG_NUMBER = 250 };

static const uint8_t tag[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

struct input_bytes {
	const uint8_t *at;
	size_t left;
};

static const struct table {
	const char *insert, *columns; /* i: id, n: number, b: bytes, t: text */
} tables[] = {
	{ "INSERT OR IGNORE INTO room(network, id, name, joined, read,"
	  " messages, heads) VALUES(x'0102030405060708', ?, ?, ?, ?, ?, ?)",
	    "itnnnb" },
	{ "INSERT OR IGNORE INTO stream(room, author, epoch, base, top, holes)"
	  " VALUES(?, ?, ?, ?, ?, ?)",
	    "ninnnb" },
	{ "INSERT OR IGNORE INTO bundle(room, author, epoch, seq, nonce, hlc,"
	  " hash, messages, signature, signer, body)"
	  " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "ninnnninbbb" },
	{ "INSERT OR IGNORE INTO fact(network, kind, key, value, at)"
	  " VALUES(x'0102030405060708', ?, ?, ?, 0)",
	    "nbb" },
	{ "INSERT OR IGNORE INTO fact(network, kind, key, value, at)"
	  " VALUES(x'0102030405060708', ?, ?, ?, 0)",
	    "nib" },
};

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static uint8_t
next_byte(struct input_bytes *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

static uint64_t
next_number(struct input_bytes *in)
{
	uint64_t number = next_byte(in);

	if (number < LONG_NUMBER)
		return number;
	number = 0;
	for (int i = 0; i < 8; i++)
		number = number << 8 | next_byte(in);
	return number;
}

static const uint8_t *
next_bytes(struct input_bytes *in, size_t *size)
{
	const uint8_t *bytes = in->at;

	*size = next_byte(in);
	bytes = in->at;
	if (*size > in->left)
		*size = in->left;
	in->at += *size;
	in->left -= *size;
	return bytes;
}

static void
put_column(sqlite3_stmt *s, int column, char type, struct input_bytes *in)
{
	struct id id = { { 0 } };
	const uint8_t *bytes;
	size_t size;

	switch (type) {
	case 'i':
		id.bytes[0] = next_byte(in);
		sqlite3_bind_blob(s, column, id.bytes, ID_BYTES,
		    SQLITE_TRANSIENT);
		break;
	case 'n':
		sqlite3_bind_int64(s, column, (int64_t)next_number(in));
		break;
	case 'b':
		bytes = next_bytes(in, &size);
		sqlite3_bind_blob(s, column, size > 0 ? bytes : tag, (int)size,
		    SQLITE_TRANSIENT);
		break;
	default:
		bytes = next_bytes(in, &size);
		sqlite3_bind_text(s, column,
		    size > 0 ? (const char *)bytes : "", (int)size,
		    SQLITE_TRANSIENT);
	}
}

static void
put_row(struct database *db, struct input_bytes *in)
{
	const struct table *table =
	    &tables[next_byte(in) % (sizeof tables / sizeof *tables)];
	sqlite3_stmt *s;

	must(sqlite3_prepare_v2(db->sql, table->insert, -1, &s, NULL) ==
	    SQLITE_OK);
	for (int i = 0; table->columns[i] != '\0'; i++)
		put_column(s, i + 1, table->columns[i], in);
	sqlite3_step(s);
	sqlite3_finalize(s);
}

static void
start(const struct remembered *remembered, const struct store_past *past)
{
	const struct node_options options = {
		.self = { { 1 } },
		.nick = remembered->nick != NULL ? remembered->nick : "ana",
		.network = "lan",
		.start = 2,
		.nonce = 3,
		.epoch = past->epoch,
		.spare_epoch = 9,
		.nick_key = names_nick_key,
		.past = &remembered->past,
		.seed = 1,
		.mesh_limit = LIMIT_MESH,
	};
	struct node *node = node_new(&options);
	struct input input = { .type = INPUT_START, .now = 1000, .wall = 1 };
	struct effects fx;

	effects_init(&fx);
	node_step(node, &input, &fx);
	for (int i = 0; i < 3; i++) {
		effects_clear(&fx);
		input.type = INPUT_DEADLINE;
		input.now += 1000;
		node_step(node, &input, &fx);
	}
	effects_free(&fx);
	node_destroy(node);
}

static void
serve(struct shelves *shelves, const struct shelf *shelf)
{
	const struct stream_range range = { { { { 2 } }, 1 },
		{ 1, UINT64_MAX } };
	struct found found = { 0 };

	history_range(shelves, &shelf->room, &range, 1, &found);
	found_free(&found);
	history_newest(shelves, &shelf->room, &range, 1, 10, &found);
	found_free(&found);
	history_tail(shelves, &shelf->room, 10, &found);
	found_free(&found);
	history_lines(shelves, &shelf->room, "", STORE_ABOVE, 10, &found);
	found_free(&found);
	history_lines(shelves, &shelf->room, "", STORE_BELOW, 10, &found);
	found_free(&found);
	history_search(shelves, &shelf->room, "a*", 10, &found);
	found_free(&found);
}

/* As the store does when it is idle. */
static void
tidy(struct shelves *shelves)
{
	bool more;

	must(database_begin(shelves->db, false) == SQLITE_OK);
	words_index(shelves->db, ROWS_MAX);
	shelves_drop_surplus(shelves, &more);
	shelves_drop_older(shelves, 100, &more);
	shelves_save(shelves);
	must(database_commit(shelves->db) == SQLITE_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct store_options options = { .self = { { 1 } },
		.nonce = 3,
		.start = 2,
		.epoch = 4 };
	struct input_bytes in = { data, size };
	char problem[256], aside[256];
	struct remembered remembered;
	struct database db;
	struct shelves shelves = { .db = &db, .room_messages = 5 };
	struct recall recall;

	memcpy(shelves.network, tag, sizeof tag);
	must(database_open(&db, NULL, aside, problem));
	for (int i = 0; i < ROWS_MAX && in.left > 0; i++)
		put_row(&db, &in);
	recall_init(&recall, &shelves, &options.self);
	if (recall_begin(&recall, &options) == SQLITE_OK) {
		remember_recall(&remembered, &recall.past, tag);
		start(&remembered, &recall.past);
		remember_free(&remembered);
		for (size_t i = 0; i < shelves.count; i++)
			serve(&shelves, shelves.items[i]);
		tidy(&shelves);
		for (size_t i = 0; i < shelves.count; i++)
			serve(&shelves, shelves.items[i]);
	}
	recall_free(&recall);
	shelves_free(&shelves);
	database_close(&db);
	return 0;
}
