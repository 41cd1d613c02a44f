/*
 * id: 128-bit identifiers, of nodes, rooms and bundles alike.
 *
 * A node's id is the first 128 bits of SHA-256 over the
 * SubjectPublicKeyInfo of its Ed25519 key; a room's and a bundle's are
 * hashes too (crypto/).  Compared as unsigned big-endian numbers, which is
 * also the order of the ring.  As text: 26 lower-case characters of base32
 * (RFC 4648, section 6, alphabet a-z2-7, without padding); for people the
 * first 6 of them.
 */
#ifndef DCHAT_BASE_ID_H
#define DCHAT_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ID_BYTES = 16,
	ID_TEXT = 27,		/* room for the text and its NUL */
	ID_SHORT_TEXT = 7,
};

struct id {
	uint8_t bytes[ID_BYTES];
};

/* Less than, equal to or greater than 0, as memcmp(3). */
int id_compare(const struct id *a, const struct id *b);

/* The same for qsort(3) and bsearch(3) on arrays of struct id. */
int id_compare_void(const void *a, const void *b);

static inline bool
id_equal(const struct id *a, const struct id *b)
{
	return id_compare(a, b) == 0;
}

/* All bytes zero: "none". */
bool id_is_none(const struct id *id);

/* Writes the text and returns it. */
char *id_format(const struct id *id, char text[static ID_TEXT]);
char *id_format_short(const struct id *id, char text[static ID_SHORT_TEXT]);

/* Parses exactly 26 characters; false when the text is not an id. */
bool id_parse(const char *text, struct id *id);

/*
 * Where the id stands in a sorted array; *found tells whether it is there
 * (otherwise the index is where it would be inserted).
 */
size_t id_search(const struct id *sorted, size_t count, const struct id *id,
    bool *found);

/*
 * The same in an array of structs, ascending by one of their members:
 * ID_SEARCH(m->items, m->count, id, &wanted, &found).
 */
#define ID_SEARCH(items, count, member, id, found)                            \
	id_search_at((items) == NULL ? NULL : &(items)->member, count,        \
	    sizeof *(items), id, found)

/* first: the id in the first struct; size: from one to the next. */
size_t id_search_at(const struct id *first, size_t count, size_t size,
    const struct id *id, bool *found);

#endif
