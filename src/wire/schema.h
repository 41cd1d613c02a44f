/*
 * schema: tables that say how a struct stands in JSON, read in both
 * directions, so that what is written and what is understood cannot differ.
 *
 * A table is an array of struct field that ends with FIELD_END.  Used on an
 * object each field is a member of that name, in any order among others
 * that are skipped; used on a row of a list each is the element at its
 * place, and there are no others.  Writing checks all that reading checks:
 * what schema_put() accepts, schema_take() accepts.
 */
#ifndef DCHAT_WIRE_SCHEMA_H
#define DCHAT_WIRE_SCHEMA_H

#include "wire/json.h"

/* The largest number: fits JSON readers that have signed 64-bit ones. */
#define SCHEMA_COUNTER_MAX (UINT64_C(1) << 62)

/* In an object some may be left out; in a row only a MSG at its end. */
enum field_kind {
	FIELD_END,
	FIELD_ID,		/* 26 characters; never none */
	FIELD_ID_OR_NONE,	/* left out: none; not in rows */
	FIELD_HEX,		/* uint64_t as 16 digits */
	FIELD_TAG,		/* 8 bytes as 16 digits */
	FIELD_INTEGER,		/* unsigned of `size` bytes, min..max */
	FIELD_INTEGER_OR_NONE,	/* the same; left out: 0; not in rows */
	FIELD_FLAG,		/* bool; left out: false; not in rows */
	FIELD_NAME,		/* an enum: names[0] to names[max] */
	FIELD_ADDRESS,		/* left out: none; not in rows */
	FIELD_TEXT,		/* char *, min..max bytes */
	FIELD_TEXT_OR_NONE,	/* the same; left out: NULL; not in rows */
	FIELD_MSG,		/* char[MSG_TEXT]: a message's name;
				 * left out: "" */
	FIELD_LIST,		/* pointer and size_t; left out: empty */
};

/* What one element of a list is. */
struct row {
	const struct field *fields;
	size_t size;		/* of the struct */
	/* True when b may follow a; NULL: any order. */
	bool (*follows)(const void *a, const void *b);
	/* What the fields alone do not tell; NULL: nothing. */
	bool (*sound)(const void *element);
};

struct field {
	enum field_kind kind;
	const char *name;
	size_t offset, size;
	uint64_t min, max;
	const char *const *names;
	const struct row *row;		/* LIST; at most max of them */
	size_t count_offset;		/* LIST */
};

#define SCHEMA_FIELD(field_kind, type, text, member)                          \
	.kind = field_kind, .name = text, .offset = offsetof(type, member),   \
	.size = sizeof(((type *)NULL)->member)
#define SCHEMA_INTEGER(type, text, member, least, most)                       \
	{ SCHEMA_FIELD(FIELD_INTEGER, type, text, member), .min = least,      \
	    .max = most }
#define SCHEMA_COUNTER(type, text, member)                                    \
	SCHEMA_INTEGER(type, text, member, 0, SCHEMA_COUNTER_MAX)
#define SCHEMA_SIMPLE(field_kind, type, text, member)                         \
	{ SCHEMA_FIELD(field_kind, type, text, member) }
#define SCHEMA_NAME(type, text, member, table)                                \
	{ SCHEMA_FIELD(FIELD_NAME, type, text, member), .names = table,       \
	    .max = sizeof table / sizeof *table - 1 }
#define SCHEMA_TEXT(type, text, member, most)                                 \
	{ SCHEMA_FIELD(FIELD_TEXT, type, text, member), .min = 1, .max = most }
#define SCHEMA_LIST(type, text, member, count, most, element)                 \
	{ SCHEMA_FIELD(FIELD_LIST, type, text, member), .max = most,          \
	    .row = &(element), .count_offset = offsetof(type, count) }
#define SCHEMA_END { .kind = FIELD_END }

/*
 * Appends ,"NAME":VALUE for each field.  False when a value is beyond its
 * bounds; out is longer then by something useless.
 */
bool schema_put(const struct field *fields, const void *from,
    struct bytes *out);

/* Reads each field; false: the reader has failed.  Members without a field
 * in the table keep their value. */
bool schema_take(const struct field *fields, const json_t *object, void *to,
    struct reader *reader);

#endif
