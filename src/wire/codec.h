/*
 * codec: frames to the bytes of a link and back.
 *
 * What is between two length prefixes (net/link): one line of JSON, the
 * header; a bundle, or news of a member that carries its record, goes on
 * with a newline and the body exactly as it was signed (wire/body); a relayed
 * piece of another link in the same way with the piece.  One
 * table per frame says what its header holds, for both directions;
 * dchat-protocol(7) says what it means.
 *
 * Members that a header holds beyond the table are skipped, so that later
 * versions can add some; whatever else is unexpected is MALFORMED.
 */
#ifndef DCHAT_WIRE_CODEC_H
#define DCHAT_WIRE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "core/frame.h"
#include "core/verdict.h"

/* A probe of a later phase would reach more than LIMIT_MEMBERS. */
enum { CODEC_PHASE_MAX = 16 };

/*
 * Appends the frame.  with_key: a carried body brings its author's key
 * along, for a receiver who may not know it; not needed on the author's own
 * link.  False, and nothing is appended, when the frame breaks a bound
 * (LIMIT_FRAME among them) or carries a body that is not sealed.
 */
bool codec_encode(const struct frame *frame, bool with_key,
    struct bytes *out);

/*
 * Any bytes at all; the tag of the network is for the bodies.  ACCEPTED:
 * *out is set and lies in the arena with all it points to, a copy of the
 * body included.  The signature is not verified, bundle.hash is zero, and
 * so is sealed.key when the frame did not bring one.  Otherwise MALFORMED
 * or OVER_LIMIT, and why says why in words of ours.
 */
enum verdict codec_decode(const uint8_t tag[8], const uint8_t *bytes,
    size_t size, struct arena *arena, struct frame *out,
    char why[static 128]);

#endif
