/*
 * words: which message holds which word (SQLite's FTS5).
 *
 * The index lags behind: bundles are kept first, and their messages are
 * indexed in the order of arrival when the store is idle, at the latest
 * before somebody searches.  So neither what is said nor a large import
 * waits for it, and a database from before there was an index fills one
 * without a pause.
 *
 * An indexed message has a place: the milliseconds of its bundle's clock,
 * then a number among those of the same millisecond.  Ascending places are
 * the display order but for that, so that the newest matches are found
 * first and the others need not be looked at.  The text stays in the
 * bundle's body alone; the index reads it there by a view.
 *
 * Functions of an int: as in database.h; those that change something are
 * called inside a transaction.
 */
#ifndef DCHAT_STORE_WORDS_H
#define DCHAT_STORE_WORDS_H

#include "base/bytes.h"
#include "store/database.h"

/*
 * Of a message that its author has edited the words of the last edit are
 * found, at the edit's place; of one that was taken back none are; in
 * whatever order these came.
 */

/* Bundles kept and not indexed yet, about. */
uint64_t words_behind(struct database *db);
/* Indexes the next bundles, until there are so many messages of them. */
int words_index(struct database *db, uint64_t messages);

/* Before a bundle is dropped, and after some were. */
int words_forget(struct database *db, uint64_t key, uint64_t hlc);
int words_dropped(struct database *db);

/* Nothing is indexed any more; all is then indexed again. */
int words_reset(struct database *db);

/*
 * What a person typed, as a question to FTS5: each word by itself, and
 * whatever it is, it is never syntax.  `beginnings`: all words may go on;
 * a word that ends in a star may anyway.  `where` names the room or the
 * network (words_room, words_network).  False: there is no word in it.
 */
bool words_query(const char *text, bool beginnings, const char *where,
    struct bytes *out);

enum { WORDS_WHERE = 32 };
const char *words_room(uint64_t key, char where[static WORDS_WHERE]);
const char *words_network(const uint8_t network[static 8],
    char where[static WORDS_WHERE]);

#endif
