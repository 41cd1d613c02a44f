/*
 * body: what an author signs, a bundle, a record or an intent, as bytes.
 *
 * A JSON text.  It opens with a domain string and the tag of the network,
 * so that no signature serves for anything else or anywhere else.  Whoever
 * passes a body on passes these very bytes; they are never made again from
 * what was read.  The exact form is in dchat-protocol(7).
 *
 * Signatures are made and verified by the host, which also sets
 * bundle.hash and checks what needs cryptography or Unicode: that room ids
 * belong to the names and names are well-formed.
 */
#ifndef DCHAT_WIRE_BODY_H
#define DCHAT_WIRE_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "core/frame.h"
#include "core/verdict.h"

/*
 * Append the body; hash and sealed are not looked at.  False, and nothing
 * is appended, when a bound is exceeded.  A bundle of one message always
 * fits LIMIT_BUNDLE_BODY; in larger ones control characters can grow to six
 * bytes each, which whoever packs bundles has to count.
 */
bool body_encode_bundle(const struct bundle *bundle, const uint8_t tag[8],
    struct bytes *out);
bool body_encode_record(const struct record *record, const uint8_t tag[8],
    struct bytes *out);

bool body_encode_intent(const struct intent *intent, const uint8_t tag[8],
    struct bytes *out);

/*
 * Any bytes at all.  ACCEPTED: *out is set, its arrays and texts lie in the
 * arena; sealed.body borrows the bytes, signature, key and hash are zero.
 * Otherwise MALFORMED or OVER_LIMIT, and why says why in words of ours.
 */
enum verdict body_decode_bundle(const uint8_t *bytes, size_t size,
    const uint8_t tag[8], struct arena *arena, struct bundle *out,
    char why[static 128]);
enum verdict body_decode_record(const uint8_t *bytes, size_t size,
    const uint8_t tag[8], struct arena *arena, struct record *out,
    char why[static 128]);
enum verdict body_decode_intent(const uint8_t *bytes, size_t size,
    const uint8_t tag[8], struct arena *arena, struct intent *out,
    char why[static 128]);

#endif
