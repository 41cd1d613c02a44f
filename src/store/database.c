#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mem.h"

enum {
	PROBLEM = 256,
	APPLICATION_ID = 0x64636874, /* "dcht" */
	BUSY_MS = 1000,
	CACHE_KIB = 2048,
	ASIDE_MAX = 1000,
	OPEN_TRIES = 3,
};

/* Each step from one version to the next; never changed once released. */
static const char *const migrations[] = {
	"CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE room(key INTEGER PRIMARY KEY, network BLOB NOT NULL,"
	" id BLOB NOT NULL, name TEXT NOT NULL, joined INTEGER NOT NULL,"
	" read INTEGER NOT NULL, messages INTEGER NOT NULL,"
	" heads BLOB NOT NULL, UNIQUE(network, id));"
	"CREATE TABLE stream(room INTEGER NOT NULL, author BLOB NOT NULL,"
	" epoch INTEGER NOT NULL, base INTEGER NOT NULL, top INTEGER NOT NULL,"
	" holes BLOB NOT NULL, PRIMARY KEY(room, author, epoch))"
	" WITHOUT ROWID;"
	"CREATE TABLE bundle(key INTEGER PRIMARY KEY, room INTEGER NOT NULL,"
	" author BLOB NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" nonce INTEGER NOT NULL, hlc INTEGER NOT NULL, hash BLOB NOT NULL,"
	" messages INTEGER NOT NULL, signature BLOB NOT NULL,"
	" signer BLOB NOT NULL, body BLOB NOT NULL);"
	"CREATE UNIQUE INDEX bundle_name ON bundle(room, author, epoch, seq);"
	"CREATE INDEX bundle_place ON bundle(room, hlc, author, seq, hash,"
	" messages);"
	"CREATE INDEX bundle_hash ON bundle(hash);"
	"CREATE TABLE fact(network BLOB NOT NULL, kind INTEGER NOT NULL,"
	" key BLOB NOT NULL, value BLOB NOT NULL, at INTEGER NOT NULL,"
	" PRIMARY KEY(network, kind, key)) WITHOUT ROWID;",

	/* Of words (store/words): the texts stay in the bodies, where a
	 * message is the array of its kind, its text and more. */
	"CREATE TABLE message(place INTEGER PRIMARY KEY,"
	" bundle INTEGER NOT NULL, item INTEGER NOT NULL);"
	"CREATE VIEW message_text(place, text, room) AS SELECT place,"
	" json_extract(CAST(body AS TEXT), '$.m[' || item || '][1]'),"
	" 'r' || room.key || ' n' || hex(network) FROM message"
	" JOIN bundle ON bundle.key = message.bundle"
	" JOIN room ON room.key = bundle.room;"
	"CREATE VIRTUAL TABLE search USING fts5(text, room,"
	" content='message_text', content_rowid='place',"
	" tokenize='unicode61 remove_diacritics 2');",

	/* Of messages that their authors have edited or taken back: where
	 * the words stand that hold.  All is indexed again. */
	"CREATE TABLE amended(hash BLOB NOT NULL, item INTEGER NOT NULL,"
	" author BLOB NOT NULL, place INTEGER NOT NULL,"
	" PRIMARY KEY(hash, item, author)) WITHOUT ROWID;"
	"INSERT INTO search(search) VALUES('delete-all');"
	"DELETE FROM message;"
	"DELETE FROM meta WHERE name = 'indexed';",
};

enum { NEWEST = sizeof migrations / sizeof migrations[0] };

static const char *const texts[] = {
#define X(name, text) [STATEMENT_##name] = text,
	STATEMENTS(X)
#undef X
};

/* What came of looking at a file. */
enum finding { FINDING_GOOD, FINDING_DAMAGED, FINDING_REFUSED };

/* -- statements -------------------------------------------------------- */

sqlite3_stmt *
database_use(struct database *db, enum statement which)
{
	sqlite3_stmt *s = db->statements[which];

	sqlite3_reset(s);
	return s;
}

/* SQLite knows signed numbers; the bits are the same. */
void
statement_put_number(sqlite3_stmt *s, int column, uint64_t value)
{
	sqlite3_bind_int64(s, column, (sqlite3_int64)value);
}

void
statement_put_bytes(sqlite3_stmt *s, int column, const void *bytes, size_t size)
{
	/* A NULL pointer would bind NULL. */
	sqlite3_bind_blob(s, column, size == 0 ? "" : bytes, (int)size,
	    SQLITE_STATIC);
}

void
statement_put_id(sqlite3_stmt *s, int column, const struct id *id)
{
	statement_put_bytes(s, column, id->bytes, ID_BYTES);
}

uint64_t
statement_number(sqlite3_stmt *s, int column)
{
	return (uint64_t)sqlite3_column_int64(s, column);
}

const uint8_t *
statement_bytes(sqlite3_stmt *s, int column, size_t *size)
{
	const uint8_t *bytes = sqlite3_column_blob(s, column);

	*size = (size_t)sqlite3_column_bytes(s, column);
	return bytes;
}

struct id
statement_id(sqlite3_stmt *s, int column)
{
	struct id id = { { 0 } };
	size_t size;
	const uint8_t *bytes = statement_bytes(s, column, &size);

	if (size == ID_BYTES)
		memcpy(id.bytes, bytes, ID_BYTES);
	return id;
}

int
statement_run(sqlite3_stmt *s)
{
	int code = sqlite3_step(s);

	sqlite3_reset(s);
	if (code == SQLITE_NOMEM)
		die("There is no memory left.");
	return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

static void
take_fixed(sqlite3_stmt *s, int column, uint8_t *out, size_t wanted)
{
	size_t size;
	const uint8_t *bytes = statement_bytes(s, column, &size);

	if (size == wanted)
		memcpy(out, bytes, wanted);
}

struct bundle *
statement_bundle(sqlite3_stmt *s, const struct id *room)
{
	struct bundle bundle = {
		.room = *room,
		.stream = { statement_id(s, 0), statement_number(s, 1) },
		.seq = statement_number(s, 2),
		.nonce = statement_number(s, 3),
		.hlc = statement_number(s, 4),
		.hash = statement_id(s, 5),
	};

	take_fixed(s, 7, bundle.sealed.signature, SIGNATURE_BYTES);
	take_fixed(s, 8, bundle.sealed.key, KEY_BYTES);
	bundle.sealed.body = statement_bytes(s, 9, &bundle.sealed.size);
	return bundle_clone(&bundle);
}

/* -- transactions ------------------------------------------------------ */

static int
run_text(struct database *db, const char *text)
{
	return sqlite3_exec(db->sql, text, NULL, NULL, NULL);
}

int
database_begin(struct database *db, bool synced)
{
	int code;

	if (synced != db->synced) {
		code = run_text(db, synced ? "PRAGMA synchronous = FULL"
					   : "PRAGMA synchronous = NORMAL");
		if (code != SQLITE_OK)
			return code;
		db->synced = synced;
	}
	code = statement_run(database_use(db, STATEMENT_BEGIN));
	db->writing = code == SQLITE_OK;
	return code;
}

int
database_commit(struct database *db)
{
	int code = statement_run(database_use(db, STATEMENT_COMMIT));

	if (code == SQLITE_OK)
		db->writing = false;
	return code;
}

void
database_rollback(struct database *db)
{
	if (db->writing && !sqlite3_get_autocommit(db->sql))
		statement_run(database_use(db, STATEMENT_ROLLBACK));
	db->writing = false;
}

void
database_checkpoint(struct database *db)
{
	int in_log = 0, moved = 0;

	if (sqlite3_wal_checkpoint_v2(db->sql, NULL, SQLITE_CHECKPOINT_PASSIVE,
		&in_log, &moved) == SQLITE_OK &&
	    moved >= in_log)
		db->wal_pages = 0;
}

static int
on_wal(void *context, sqlite3 *sql, const char *name, int pages)
{
	struct database *db = context;

	(void)sql, (void)name;
	db->wal_pages = pages;
	return SQLITE_OK;
}

/* -- numbers by name --------------------------------------------------- */

uint64_t
database_get_meta(struct database *db, const char *name)
{
	sqlite3_stmt *s = database_use(db, STATEMENT_GET_META);
	uint64_t value = 0;

	sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(s) == SQLITE_ROW)
		value = statement_number(s, 0);
	sqlite3_reset(s);
	return value;
}

int
database_put_meta(struct database *db, const char *name, uint64_t value)
{
	sqlite3_stmt *s = database_use(db, STATEMENT_SET_META);

	sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	statement_put_number(s, 2, value);
	return statement_run(s);
}

/* -- opening ----------------------------------------------------------- */

static bool
is_damage(int code)
{
	code &= 0xff;
	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

static enum finding
judge(const struct database *db, int code, char problem[static PROBLEM])
{
	if (code == SQLITE_OK)
		return FINDING_GOOD;
	if (is_damage(code))
		return FINDING_DAMAGED;
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		snprintf(problem, PROBLEM,
		    "The history %.150s is locked by another program.",
		    db->path);
		break;
	case SQLITE_READONLY:
		snprintf(problem, PROBLEM,
		    "The history %.150s cannot be written: it is read-only.",
		    db->path);
		break;
	case SQLITE_FULL:
		snprintf(problem, PROBLEM,
		    "The history %.150s cannot be written: the disk is full.",
		    db->path);
		break;
	default:
		snprintf(problem, PROBLEM,
		    "The history %.150s cannot be opened: %.60s.",
		    db->path == NULL ? "in memory" : db->path,
		    db->sql == NULL ? sqlite3_errstr(code)
				    : sqlite3_errmsg(db->sql));
	}
	return FINDING_REFUSED;
}

/* The one number that a question yields. */
static int
ask_number(struct database *db, const char *text, int64_t *number)
{
	sqlite3_stmt *s;
	int code = sqlite3_prepare_v2(db->sql, text, -1, &s, NULL);

	*number = 0;
	if (code != SQLITE_OK)
		return code;
	code = sqlite3_step(s);
	if (code == SQLITE_ROW)
		*number = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Is it ours, and of a version that we know? */
static enum finding
look(struct database *db, int64_t *version, char problem[static PROBLEM])
{
	int64_t application = 0, tables = 0;
	int code = ask_number(db, "PRAGMA application_id", &application);

	if (code == SQLITE_OK)
		code = ask_number(db, "PRAGMA user_version", version);
	if (code == SQLITE_OK)
		code = ask_number(db, "SELECT count(*) FROM sqlite_master",
		    &tables);
	if (code != SQLITE_OK)
		return judge(db, code, problem);
	if (application != APPLICATION_ID &&
	    (application != 0 || *version != 0 || tables != 0)) {
		snprintf(problem, PROBLEM,
		    "The file %.150s is the database of another program; "
		    "move it away.",
		    db->path);
		return FINDING_REFUSED;
	}
	if (*version > NEWEST) {
		snprintf(problem, PROBLEM,
		    "The history %.120s was written by a newer dchat; use "
		    "that one, or another profile.",
		    db->path);
		return FINDING_REFUSED;
	}
	return FINDING_GOOD;
}

static int
migrate(struct database *db, int64_t version)
{
	char text[64];
	int code = SQLITE_OK;

	for (; version < NEWEST && code == SQLITE_OK; version++) {
		code = run_text(db, "BEGIN IMMEDIATE");
		if (code == SQLITE_OK)
			code = run_text(db, migrations[version]);
		snprintf(text, sizeof text, "PRAGMA application_id = %d",
		    APPLICATION_ID);
		if (code == SQLITE_OK)
			code = run_text(db, text);
		snprintf(text, sizeof text, "PRAGMA user_version = %d",
		    (int)version + 1);
		if (code == SQLITE_OK)
			code = run_text(db, text);
		if (code == SQLITE_OK)
			code = run_text(db, "COMMIT");
	}
	return code;
}

static int
prepare(struct database *db)
{
	int code = SQLITE_OK;

	for (int i = 0; i < STATEMENT_COUNT && code == SQLITE_OK; i++)
		code = sqlite3_prepare_v3(db->sql, texts[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &db->statements[i], NULL);
	return code;
}

static int
configure(struct database *db)
{
	char text[64];
	int64_t unused;
	int code;

	snprintf(text, sizeof text, "PRAGMA cache_size = -%d", CACHE_KIB);
	code = run_text(db, text);
	if (code == SQLITE_OK)
		code = ask_number(db, "PRAGMA journal_mode = WAL", &unused);
	if (code == SQLITE_OK)
		code = run_text(db,
		    "PRAGMA synchronous = FULL;"
		    "PRAGMA wal_autocheckpoint = 0;"
		    "PRAGMA journal_size_limit = 4194304;"
		    "PRAGMA temp_store = MEMORY");
	db->synced = true;
	return code;
}

/* The logs beside it get the same mode. */
static void
make_private(const char *path)
{
	int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (descriptor >= 0)
		close(descriptor);
}

static char *
beside(const char *path, const char *suffix)
{
	size_t size = strlen(path) + strlen(suffix) + 1;
	char *joined = mem_alloc(size);

	snprintf(joined, size, "%s%s", path, suffix);
	return joined;
}

static bool
marked_damaged(const char *path)
{
	char *mark = beside(path, ".damaged");
	bool there = access(mark, F_OK) == 0;

	free(mark);
	return there;
}

static enum finding
try_open(struct database *db, char problem[static PROBLEM])
{
	const char *path = db->path == NULL ? ":memory:" : db->path;
	enum finding finding;
	int64_t version = 0;
	int code;

	if (db->path != NULL && marked_damaged(db->path))
		return FINDING_DAMAGED;
	if (db->path != NULL)
		make_private(db->path);
	code = sqlite3_open_v2(path, &db->sql,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
	    NULL);
	if (code != SQLITE_OK)
		return judge(db, code, problem);
	sqlite3_extended_result_codes(db->sql, 1);
	sqlite3_busy_timeout(db->sql, BUSY_MS);
	finding = look(db, &version, problem);
	if (finding != FINDING_GOOD)
		return finding;
	code = configure(db);
	if (code == SQLITE_OK)
		code = migrate(db, version);
	if (code == SQLITE_OK)
		code = prepare(db);
	/* A new one is told from a damaged one: its tables are there. */
	if ((code & 0xff) == SQLITE_ERROR && version > 0)
		code = SQLITE_CORRUPT;
	sqlite3_wal_hook(db->sql, on_wal, db);
	return judge(db, code, problem);
}

static void
close_file(struct database *db)
{
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		sqlite3_finalize(db->statements[i]);
		db->statements[i] = NULL;
	}
	sqlite3_close(db->sql);
	db->sql = NULL;
	db->writing = false;
}

/* With its log, which may hold what can be saved by hand. */
static bool
set_aside(struct database *db, char aside[static PROBLEM],
    char problem[static PROBLEM])
{
	char *from[] = { beside(db->path, "-wal"), beside(db->path, "-shm"),
		beside(db->path, ".damaged") };
	char *to = NULL;
	char suffix[32];
	bool good;

	for (int i = 1; i <= ASIDE_MAX; i++) {
		snprintf(suffix, sizeof suffix, ".corrupt-%d", i);
		free(to);
		to = beside(db->path, suffix);
		if (access(to, F_OK) != 0)
			break;
	}
	good = rename(db->path, to) == 0 || errno == ENOENT;
	if (good) {
		char *log = beside(to, "-wal");

		rename(from[0], log);
		unlink(from[1]);
		unlink(from[2]);
		free(log);
		snprintf(aside, PROBLEM, "%s", to);
	} else {
		snprintf(problem, PROBLEM,
		    "The history %.150s is damaged and cannot be set aside: "
		    "%s.",
		    db->path, strerror(errno));
	}
	free(to);
	for (size_t i = 0; i < sizeof from / sizeof from[0]; i++)
		free(from[i]);
	return good;
}

bool
database_open(struct database *db, const char *path, char aside[static PROBLEM],
    char problem[static PROBLEM])
{
	*db = (struct database){ .path = mem_text(path) };
	aside[0] = '\0';
	for (int i = 0; i < OPEN_TRIES; i++) {
		enum finding finding = try_open(db, problem);

		if (finding == FINDING_GOOD)
			return true;
		close_file(db);
		if (finding == FINDING_REFUSED || path == NULL ||
		    !set_aside(db, aside, problem))
			break;
		snprintf(problem, PROBLEM,
		    "The history %.150s is damaged again and again.", path);
	}
	database_close(db);
	return false;
}

void
database_close(struct database *db)
{
	close_file(db);
	free(db->path);
	db->path = NULL;
}

void
database_mark_damaged(struct database *db)
{
	char *mark;
	int descriptor;

	if (db->path == NULL)
		return;
	mark = beside(db->path, ".damaged");
	descriptor = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (descriptor >= 0)
		close(descriptor);
	free(mark);
}
