#include "store/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/hlc.h"

enum {
	PLACE_BITS = 20,	/* of the number in a millisecond */
	WORDS_MAX = 64,		/* of a question; the others are not looked for */
	BEGINNING_MIN = 3,	/* bytes; shorter ones begin half of all words */
};

struct span {
	uint64_t first, last;
};

/* Where the messages of a bundle with this key lie. */
static struct span
span_of(uint64_t hlc)
{
	uint64_t first = (uint64_t)hlc_wall(hlc) << PLACE_BITS;

	return (struct span){ first,
		first | ((UINT64_C(1) << PLACE_BITS) - 1) };
}

static int
ask_number(struct database *db, enum statement which, uint64_t *number)
{
	sqlite3_stmt *s = database_use(db, which);
	int code = sqlite3_step(s);

	*number = code == SQLITE_ROW ? statement_number(s, 0) : 0;
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

uint64_t
words_behind(struct database *db)
{
	uint64_t indexed = database_get_meta(db, "indexed"), newest;

	ask_number(db, STATEMENT_NEWEST_KEY, &newest);
	return newest > indexed ? newest - indexed : 0;
}

/* -- indexing ---------------------------------------------------------- */

/* 0: there are too many of this millisecond, and it is not to be found. */
static int
next_place(struct database *db, struct span span, uint64_t *place)
{
	sqlite3_stmt *s = database_use(db, STATEMENT_LAST_PLACE);
	int code;

	*place = span.first;
	statement_put_number(s, 1, span.first);
	statement_put_number(s, 2, span.last);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW &&
	    sqlite3_column_type(s, 0) != SQLITE_NULL) {
		uint64_t last = statement_number(s, 0);

		*place = last < span.last ? last + 1 : 0;
	}
	sqlite3_reset(s);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

/*
 * Adds or drops.  Always by VALUES: at an INSERT of a SELECT there is a
 * savepoint, at which FTS5 writes out what it has gathered.
 */
static int
change_words(struct database *db, enum statement which, uint64_t place,
    const char *text, const char *room)
{
	sqlite3_stmt *s = database_use(db, which);
	int code;

	statement_put_number(s, 1, place);
	sqlite3_bind_text(s, 2, text, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, room, -1, SQLITE_STATIC);
	code = statement_run(s);
	sqlite3_clear_bindings(s);
	return code;
}

static int
add_message(struct database *db, uint64_t place, uint64_t key,
    const char *room, uint64_t item, const char *text)
{
	sqlite3_stmt *s = database_use(db, STATEMENT_ADD_MESSAGE);
	int code;

	statement_put_number(s, 1, place);
	statement_put_number(s, 2, key);
	statement_put_number(s, 3, item);
	code = statement_run(s);
	if (code != SQLITE_OK)
		return code;
	return change_words(db, STATEMENT_ADD_WORDS, place, text, room);
}

static int
forget_message(struct database *db, uint64_t place)
{
	sqlite3_stmt *s = database_use(db, STATEMENT_WORDS_AT);
	int code;

	statement_put_number(s, 1, place);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW)
		code = change_words(db, STATEMENT_DROP_WORDS, place,
		    (const char *)sqlite3_column_text(s, 0),
		    (const char *)sqlite3_column_text(s, 1));
	sqlite3_reset(s);
	if (code != SQLITE_OK)
		return code;
	s = database_use(db, STATEMENT_DROP_MESSAGE);
	statement_put_number(s, 1, place);
	return statement_run(s);
}

/* -- edits and deletions ------------------------------------------------ */

/* What was taken back stands nowhere: above all places. */
#define TAKEN_BACK INT64_MAX

/* A message, by its name and who says to have written it. */
struct named {
	struct id hash, author;
	size_t item;
};

static int
ask_of(struct database *db, enum statement which, const struct named *named,
    uint64_t *place)
{
	bool by_item = which == STATEMENT_AMENDED;
	sqlite3_stmt *s = database_use(db, which);
	int code;

	statement_put_id(s, 1, &named->hash);
	statement_put_id(s, by_item ? 3 : 2, &named->author);
	statement_put_number(s, by_item ? 2 : 3, named->item);
	code = sqlite3_step(s);
	*place = code == SQLITE_ROW ? statement_number(s, 0) : 0;
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
is_foreign(struct database *db, const struct named *named, bool *foreign)
{
	sqlite3_stmt *s = database_use(db, STATEMENT_FOREIGN);
	int code;

	statement_put_id(s, 1, &named->hash);
	statement_put_id(s, 2, &named->author);
	code = sqlite3_step(s);
	*foreign = code == SQLITE_ROW;
	sqlite3_reset(s);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/*
 * Its words are at this place from now on (or TAKEN_BACK), and those that it
 * had are not found any more.  holds: false where it has later ones already,
 * or is somebody else's.
 */
static int
amend(struct database *db, const char *ref, const struct id *author,
    uint64_t place, bool *holds)
{
	struct named named = { .author = *author };
	uint64_t first = 0, last = 0;
	bool foreign = false;
	sqlite3_stmt *s;
	int code;

	*holds = false;
	if (ref == NULL || !message_parse(ref, &named.hash, &named.item))
		return SQLITE_OK;
	code = is_foreign(db, &named, &foreign);
	if (code == SQLITE_OK)
		code = ask_of(db, STATEMENT_AMENDED, &named, &last);
	if (code != SQLITE_OK || foreign || last >= place)
		return code;
	code = ask_of(db, STATEMENT_PLACE_OF_ITEM, &named, &first);
	if (code == SQLITE_OK && first != 0)
		code = forget_message(db, first);
	if (code == SQLITE_OK && last != 0)
		code = forget_message(db, last);
	if (code != SQLITE_OK)
		return code;
	*holds = true;
	s = database_use(db, STATEMENT_SET_AMENDED);
	statement_put_id(s, 1, &named.hash);
	statement_put_number(s, 2, named.item);
	statement_put_id(s, 3, author);
	statement_put_number(s, 4, place);
	return statement_run(s);
}

/* It may have come after what amends it. */
static int
is_amended(struct database *db, sqlite3_stmt *s, bool *amended)
{
	struct named named = {
		.hash = statement_id(s, 6),
		.author = statement_id(s, 4),
		.item = (size_t)statement_number(s, 0),
	};
	uint64_t place;
	int code = ask_of(db, STATEMENT_AMENDED, &named, &place);

	*amended = place != 0;
	return code;
}

static int
index_item(struct database *db, sqlite3_stmt *s, uint64_t key,
    const char *room, uint64_t hlc)
{
	const char *text = (const char *)sqlite3_column_text(s, 1);
	const char *ref = (const char *)sqlite3_column_text(s, 3);
	struct id author = statement_id(s, 4);
	bool is_delete = statement_number(s, 2) != 0;
	bool is_edit = statement_number(s, 5) != 0;
	bool holds = true, amended = false;
	uint64_t place = 0;
	int code;

	if (is_delete)
		return amend(db, ref, &author, TAKEN_BACK, &holds);
	if (text == NULL || text[0] == '\0')
		return SQLITE_OK;
	code = next_place(db, span_of(hlc), &place);
	if (code != SQLITE_OK || place == 0)
		return code;
	code = is_edit ? amend(db, ref, &author, place, &holds)
		       : is_amended(db, s, &amended);
	if (code != SQLITE_OK || !holds || amended)
		return code;
	return add_message(db, place, key, room, statement_number(s, 0), text);
}

/* A body that is no JSON has no words; the store does not judge bodies. */
static int
index_bundle(struct database *db, uint64_t key, const char *room,
    uint64_t hlc, uint64_t *items)
{
	sqlite3_stmt *s = database_use(db, STATEMENT_TEXTS);
	int code = SQLITE_OK, stepped;

	statement_put_number(s, 1, key);
	while (code == SQLITE_OK &&
	    (stepped = sqlite3_step(s)) == SQLITE_ROW) {
		code = index_item(db, s, key, room, hlc);
		++*items;
	}
	sqlite3_reset(s);
	if (code == SQLITE_OK && stepped != SQLITE_DONE &&
	    (stepped & 0xff) != SQLITE_ERROR)
		code = stepped;
	return code;
}

int
words_index(struct database *db, uint64_t messages)
{
	sqlite3_stmt *s = database_use(db, STATEMENT_NEXT_BUNDLES);
	uint64_t indexed = database_get_meta(db, "indexed");
	uint64_t last = indexed, bundles = 0, items = 0;
	int code = SQLITE_OK, stepped = SQLITE_DONE;

	statement_put_number(s, 1, indexed);
	statement_put_number(s, 2, messages);
	/* an empty bundle takes time too */
	while (code == SQLITE_OK && bundles++ + items < messages &&
	    (stepped = sqlite3_step(s)) == SQLITE_ROW) {
		last = statement_number(s, 0);
		code = index_bundle(db, last,
		    (const char *)sqlite3_column_text(s, 2),
		    statement_number(s, 1), &items);
	}
	sqlite3_reset(s);
	if (code == SQLITE_OK && stepped != SQLITE_DONE &&
	    stepped != SQLITE_ROW)
		code = stepped;
	if (code == SQLITE_OK && last > indexed)
		code = database_put_meta(db, "indexed", last);
	return code;
}

/* -- forgetting -------------------------------------------------------- */

int
words_forget(struct database *db, uint64_t key, uint64_t hlc)
{
	enum { AT_ONCE = 64 };
	struct span span = span_of(hlc);
	uint64_t places[AT_ONCE];
	size_t count;
	int code;

	do {
		sqlite3_stmt *s = database_use(db, STATEMENT_PLACES);

		count = 0;
		statement_put_number(s, 1, span.first);
		statement_put_number(s, 2, span.last);
		statement_put_number(s, 3, key);
		while (count < AT_ONCE && (code = sqlite3_step(s)) == SQLITE_ROW)
			places[count++] = statement_number(s, 0);
		sqlite3_reset(s);
		code = code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK
								 : code;
		for (size_t i = 0; i < count && code == SQLITE_OK; i++)
			code = forget_message(db, places[i]);
	} while (count == AT_ONCE && code == SQLITE_OK);
	if (code == SQLITE_OK) {
		sqlite3_stmt *s = database_use(db, STATEMENT_DROP_AMENDED);

		statement_put_number(s, 1, key);
		code = statement_run(s);
	}
	return code;
}

/* A key that was dropped at the end is given again. */
int
words_dropped(struct database *db)
{
	uint64_t indexed = database_get_meta(db, "indexed"), newest;
	int code = ask_number(db, STATEMENT_NEWEST_KEY, &newest);

	if (code == SQLITE_OK && newest < indexed)
		code = database_put_meta(db, "indexed", newest);
	return code;
}

int
words_reset(struct database *db)
{
	int code = statement_run(database_use(db, STATEMENT_DROP_ALL_WORDS));

	if (code == SQLITE_OK)
		code =
		    statement_run(database_use(db, STATEMENT_DROP_MESSAGES));
	if (code == SQLITE_OK)
		code =
		    statement_run(database_use(db, STATEMENT_DROP_ALL_AMENDED));
	if (code == SQLITE_OK)
		code = database_put_meta(db, "indexed", 0);
	return code;
}

/* -- asking ------------------------------------------------------------ */

const char *
words_room(uint64_t key, char where[static WORDS_WHERE])
{
	snprintf(where, WORDS_WHERE, "r%" PRIu64, key);
	return where;
}

const char *
words_network(const uint8_t network[static 8], char where[static WORDS_WHERE])
{
	snprintf(where, WORDS_WHERE, "n%016" PRIx64, bytes_get_u64(network));
	return where;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A string of FTS5: what is in it is text, and tokenised as such. */
static void
put_word(const char *word, size_t size, bool beginning, struct bytes *out)
{
	bytes_append_text(out, " \"");
	for (size_t i = 0; i < size; i++) {
		if (word[i] == '"')
			bytes_append_text(out, "\"");
		bytes_append(out, &word[i], 1);
	}
	bytes_append_text(out, beginning ? "\"*" : "\"");
}

bool
words_query(const char *text, bool beginnings, const char *where,
    struct bytes *out)
{
	unsigned count = 0;

	bytes_append_text(out, "room : ");
	bytes_append_text(out, where);
	bytes_append_text(out, " AND text : (");
	while (count < WORDS_MAX) {
		size_t size = 0;
		bool star;

		while (is_space(*text))
			text++;
		while (text[size] != '\0' && !is_space(text[size]))
			size++;
		if (size == 0)
			break;
		star = size > 1 && text[size - 1] == '*';
		put_word(text, star ? size - 1 : size,
		    star || (beginnings && size >= BEGINNING_MIN), out);
		text += size;
		count++;
	}
	bytes_append_text(out, ")");
	bytes_append(out, "", 1);
	return count > 0;
}
