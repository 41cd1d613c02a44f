/*
 * base64: keys and signatures as text (RFC 4648, section 4, no padding).
 *
 * Strict: one text a value.  No white space, no padding, and the bits that
 * a text carries beyond its bytes are 0.
 */
#ifndef DCHAT_BASE_BASE64_H
#define DCHAT_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

void base64_put(struct bytes *out, const uint8_t *bytes, size_t size);

/* False when the text does not stand for exactly size bytes. */
bool base64_get(const char *text, size_t length, uint8_t *bytes, size_t size);

#endif
