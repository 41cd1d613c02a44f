/*
 * database: the file, its tables, its statements.
 *
 * Everything that SQLite says is said here first: opening, migrations (each
 * a number in user_version, applied in order, never changed once released),
 * one transaction at a time.  Functions of an `int` return an extended result
 * code of SQLite; who gets one that is not SQLITE_OK or SQLITE_ROW rolls back.
 * Used by one thread at a time.
 */
#ifndef DCHAT_STORE_DATABASE_H
#define DCHAT_STORE_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "core/frame.h"

/* name, text: prepared once, at the opening */
#define STATEMENTS(X)                                                         \
	X(BEGIN, "BEGIN IMMEDIATE")                                           \
	X(COMMIT, "COMMIT")                                                   \
	X(ROLLBACK, "ROLLBACK")                                               \
	X(GET_META, "SELECT value FROM meta WHERE name = ?")                  \
	X(SET_META, "INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)")  \
	X(ROOMS,                                                              \
	    "SELECT key, id, name, joined, read, messages, heads FROM room"   \
	    " WHERE network = ? ORDER BY id")                                 \
	X(ADD_ROOM,                                                           \
	    "INSERT INTO room(network, id, name, joined, read, messages,"     \
	    " heads) VALUES(?, ?, '', 0, 0, 0, x'')")                         \
	X(NAME_ROOM, "UPDATE room SET name = ?, joined = ? WHERE key = ?")    \
	X(READ_ROOM,                                                          \
	    "UPDATE room SET read = (SELECT ifnull(max(hlc), 0) FROM bundle"  \
	    " WHERE room = ?1) WHERE key = ?1")                               \
	X(SET_ROOM, "UPDATE room SET messages = ?, heads = ? WHERE key = ?")  \
	X(UNREAD,                                                             \
	    "SELECT ifnull(sum(messages), 0) FROM (SELECT messages"           \
	    " FROM bundle WHERE room = ? AND hlc > ? AND author <> ?"         \
	    " LIMIT ?)")                                                      \
	X(LOWEST,                                                             \
	    "SELECT hlc, author, epoch, seq, hash FROM bundle"                \
	    " WHERE room = ? ORDER BY hlc DESC, author DESC, seq DESC,"       \
	    " hash DESC LIMIT 1")                                             \
	X(STREAMS,                                                            \
	    "SELECT author, epoch, base, top, holes FROM stream"              \
	    " WHERE room = ?")                                                \
	X(SET_STREAM,                                                         \
	    "INSERT OR REPLACE INTO stream(room, author, epoch, base, top,"   \
	    " holes) VALUES(?, ?, ?, ?, ?, ?)")                               \
	X(ADD_BUNDLE,                                                         \
	    "INSERT OR IGNORE INTO bundle(room, author, epoch, seq, nonce,"   \
	    " hlc, hash, messages, signature, signer, body)"                  \
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                       \
	X(HASH_OF,                                                            \
	    "SELECT hash FROM bundle WHERE room = ? AND author = ?"           \
	    " AND epoch = ? AND seq = ?")                                     \
	X(KEY_OF,                                                             \
	    "SELECT key, messages, hlc FROM bundle WHERE room = ?"            \
	    " AND author = ? AND epoch = ? AND seq = ?")                      \
	X(OLDEST,                                                             \
	    "SELECT key, author, epoch, seq, messages, hlc FROM bundle"       \
	    " WHERE room = ? AND hlc < ?"                                     \
	    " ORDER BY hlc, author, seq, hash LIMIT ?")                       \
	X(DROP_BUNDLE, "DELETE FROM bundle WHERE key = ?")                    \
	X(SET_FACT,                                                           \
	    "INSERT OR REPLACE INTO fact(network, kind, key, value, at)"      \
	    " VALUES(?, ?, ?, ?, CAST(strftime('%s', 'now') AS INTEGER))")    \
	X(DROP_FACT,                                                          \
	    "DELETE FROM fact WHERE network = ? AND kind = ? AND key = ?")    \
	X(FACTS,                                                              \
	    "SELECT kind, key, value FROM fact WHERE network = ?"             \
	    " ORDER BY kind, key")                                            \
	X(IN_RANGE,                                                           \
	    "SELECT key, hlc, author, seq, hash, length(body) FROM bundle"    \
	    " WHERE room = ? AND author = ? AND epoch = ?"                    \
	    " AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?")                  \
	X(NEWEST_BELOW,                                                       \
	    "SELECT key, hlc, author, seq, hash, length(body), messages"      \
	    " FROM bundle WHERE room = ? AND author = ? AND epoch = ?"        \
	    " AND seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT 1")             \
	X(BUNDLE,                                                             \
	    "SELECT author, epoch, seq, nonce, hlc, hash, messages,"          \
	    " signature, signer, body FROM bundle WHERE key = ?")             \
	X(PLACE_OF,                                                           \
	    "SELECT hlc, author, seq, hash, messages FROM bundle"             \
	    " INDEXED BY bundle_hash WHERE hash = ? AND room = ?")                                   \
	X(LAST,                                                               \
	    "SELECT author, epoch, seq, nonce, hlc, hash, messages,"          \
	    " signature, signer, body FROM bundle WHERE room = ?"             \
	    " ORDER BY hlc DESC, author DESC, seq DESC, hash DESC")           \
	X(FIND,                                                               \
	    "SELECT author, epoch, seq, nonce, hlc, hash, messages,"          \
	    " signature, signer, body, room FROM bundle WHERE hash = ?")      \
	X(LAST_BEFORE,                                                        \
	    "SELECT author, epoch, seq, nonce, hlc, hash, messages,"          \
	    " signature, signer, body FROM bundle WHERE room = ?"             \
	    " AND (hlc, author, seq, hash) <= (?, ?, ?, ?)"                   \
	    " ORDER BY hlc DESC, author DESC, seq DESC, hash DESC")           \
	X(FROM,                                                               \
	    "SELECT author, epoch, seq, nonce, hlc, hash, messages,"          \
	    " signature, signer, body FROM bundle WHERE room = ?"             \
	    " AND (hlc, author, seq, hash) >= (?, ?, ?, ?)"                   \
	    " ORDER BY hlc, author, seq, hash")                               \
	X(NEXT_PLACES,                                                        \
	    "SELECT hlc, author, seq, hash, messages FROM bundle"             \
	    " WHERE room = ? AND (hlc, author, seq, hash) > (?, ?, ?, ?)"     \
	    " ORDER BY hlc, author, seq, hash")                               \
	X(NEWEST_KEY, "SELECT ifnull(max(key), 0) FROM bundle")               \
	X(NEXT_BUNDLES,                                                       \
	    "SELECT bundle.key, hlc, 'r' || room.key || ' n' || hex(network)" \
	    " FROM bundle CROSS JOIN room ON room.key = bundle.room"          \
	    " WHERE bundle.key > ? ORDER BY bundle.key LIMIT ?")              \
	X(TEXTS,                                                              \
	    "SELECT item.key, json_extract(item.value, '$[1]'),"              \
	    " json_extract(item.value, '$[0]') = 'delete',"                   \
	    " json_extract(item.value, '$[2]'), author,"                      \
	    " json_extract(item.value, '$[0]') = 'edit', hash"                \
	    " FROM bundle, json_each(CAST(body AS TEXT), '$.m') AS item"      \
	    " WHERE bundle.key = ?"                                           \
	    " AND json_extract(item.value, '$[0]') <> 'reaction'")            \
	X(PLACE_OF_ITEM,                                                      \
	    "SELECT place FROM bundle CROSS JOIN message"                     \
	    " ON bundle = key AND place >> 20 = hlc >> 16"                    \
	    " WHERE hash = ? AND author = ? AND item = ?")                    \
	X(FOREIGN,                                                            \
	    "SELECT 1 FROM bundle WHERE hash = ? AND author <> ?")            \
	X(AMENDED,                                                            \
	    "SELECT place FROM amended"                                       \
	    " WHERE hash = ? AND item = ? AND author = ?")                    \
	X(SET_AMENDED,                                                        \
	    "INSERT OR REPLACE INTO amended(hash, item, author, place)"       \
	    " VALUES(?, ?, ?, ?)")                                            \
	X(DROP_AMENDED,                                                       \
	    "DELETE FROM amended"                                             \
	    " WHERE hash = (SELECT hash FROM bundle WHERE key = ?)")          \
	X(DROP_ALL_AMENDED, "DELETE FROM amended")                            \
	X(LAST_PLACE,                                                         \
	    "SELECT max(place) FROM message WHERE place BETWEEN ? AND ?")     \
	X(ADD_MESSAGE,                                                        \
	    "INSERT INTO message(place, bundle, item) VALUES(?, ?, ?)")       \
	X(ADD_WORDS,                                                          \
	    "INSERT INTO search(rowid, text, room) VALUES(?, ?, ?)")          \
	X(PLACES,                                                             \
	    "SELECT place FROM message WHERE place BETWEEN ? AND ?"           \
	    " AND bundle = ?")                                                \
	X(WORDS_AT, "SELECT text, room FROM message_text WHERE place = ?")    \
	X(DROP_WORDS,                                                         \
	    "INSERT INTO search(search, rowid, text, room)"                   \
	    " VALUES('delete', ?, ?, ?)")                                     \
	X(DROP_MESSAGE, "DELETE FROM message WHERE place = ?")                \
	X(DROP_ALL_WORDS,                                                     \
	    "INSERT INTO search(search) VALUES('delete-all')")                \
	X(DROP_MESSAGES, "DELETE FROM message")                               \
	X(MATCH,                                                              \
	    "SELECT author, epoch, seq, nonce, hlc, hash, messages,"          \
	    " signature, signer, body, bundle.room, item"                     \
	    " FROM search CROSS JOIN message ON place = search.rowid"         \
	    " CROSS JOIN bundle ON bundle.key = message.bundle"               \
	    " WHERE search MATCH ? ORDER BY search.rowid DESC LIMIT ?")

enum statement {
#define X(name, text) STATEMENT_##name,
	STATEMENTS(X)
#undef X
	STATEMENT_COUNT
};

struct database {
	sqlite3 *sql;
	sqlite3_stmt *statements[STATEMENT_COUNT];
	char *path;     /* NULL: in memory */
	bool writing;   /* a transaction is open */
	bool synced;    /* as `synchronous` stands */
	int wal_pages;  /* not yet checkpointed */
};

/*
 * Opens or creates it; path NULL: in memory.  Where a damaged one was set
 * aside, its new name is written to `aside` (else "").  False with a
 * sentence; nothing is left open then.
 */
bool database_open(struct database *db, const char *path,
    char aside[static 256], char problem[static 256]);
void database_close(struct database *db);

/* At the next opening it is set aside. */
void database_mark_damaged(struct database *db);

/* Begins a transaction; synced: it is on the disk when it is committed. */
int database_begin(struct database *db, bool synced);
int database_commit(struct database *db);
void database_rollback(struct database *db);
/* Moves what it can from the log into the database; waits for nobody. */
void database_checkpoint(struct database *db);

/* A number kept by name; 0 when there is none. */
uint64_t database_get_meta(struct database *db, const char *name);
int database_put_meta(struct database *db, const char *name, uint64_t value);

/*
 * Statements: reset, then bind columns from 1, then step.  A statement that
 * gave rows is reset when they are read.
 */
sqlite3_stmt *database_use(struct database *db, enum statement which);
void statement_put_number(sqlite3_stmt *s, int column, uint64_t value);
void statement_put_id(sqlite3_stmt *s, int column, const struct id *id);
void statement_put_bytes(sqlite3_stmt *s, int column, const void *bytes,
    size_t size); /* borrowed until the reset */
uint64_t statement_number(sqlite3_stmt *s, int column);
struct id statement_id(sqlite3_stmt *s, int column);
const uint8_t *statement_bytes(sqlite3_stmt *s, int column, size_t *size);
/* Steps a statement that has no rows. */
int statement_run(sqlite3_stmt *s);

/* A clone of header and seal, from the columns of BUNDLE and LAST. */
struct bundle *statement_bundle(sqlite3_stmt *s, const struct id *room);

#endif
