/*
 * json: JSON (RFC 8259) as the protocol wants it.
 *
 * Reading is strict and bounded: an object, no name twice in one object,
 * valid UTF-8, no U+0000, nothing after it, depth at most LIMIT_JSON_DEPTH
 * (looked at before anything is parsed).  Writing appends to a buffer
 * without building a tree first.
 */
#ifndef DCHAT_WIRE_JSON_H
#define DCHAT_WIRE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "core/verdict.h"

enum { WIRE_WHY = 128 };

/* One attempt to read something of a stranger. */
struct reader {
	struct arena *arena;	/* for what is read */
	enum verdict verdict;	/* ACCEPTED until something is wrong */
	char *why;		/* WIRE_WHY bytes; what is wrong */
};

/* Notes what is wrong and returns false. */
bool reader_fail(struct reader *reader, enum verdict verdict,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* NULL: failed; else the caller ends it with json_decref(). */
json_t *json_read_object(struct reader *reader, const uint8_t *bytes,
    size_t size);

/* Valid UTF-8, NUL-terminated, in quotes and escaped. */
void json_put_text(struct bytes *out, const char *text);
void json_put_number(struct bytes *out, uint64_t number);
/* 16 lower-case hexadecimal digits in quotes. */
void json_put_hex(struct bytes *out, uint64_t number);
/* False when the text is not of that form. */
bool json_get_hex(const char *text, size_t length, uint64_t *number);

#endif
