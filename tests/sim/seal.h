/*
 * seal: how simulated nodes sign, name things, and travel over the wire.
 *
 * Bodies are the real ones (wire/body); their hash is base/hash instead of
 * SHA-256 and the signature a hash over body and key, so that a run is the
 * same everywhere and still nobody can change a body unnoticed.
 */
#ifndef DCHAT_SIM_SEAL_H
#define DCHAT_SIM_SEAL_H

#include <stdbool.h>

#include "core/item.h"
#include "tests/sim/queue.h"

extern const uint8_t sim_tag[8];

/* The key of a simulated node, and ids of rooms. */
void sim_key(const struct id *node, uint8_t key[static KEY_BYTES]);
struct id sim_room_id(const char *name);
/* Capitals do not count. */
void sim_nick_key(const char *nick, struct id *key);
/* The direct room of two has a name for its id that is the same at both. */
enum { DIRECT_NAME = 1 + 2 * ID_TEXT };
char *sim_direct_name(const struct id *one, const struct id *other,
    char name[static DIRECT_NAME]);

/* A sealed clone; NULL when the body breaks a bound. */
struct bundle *sign_bundle(const struct bundle *bundle);
struct record *sign_record(const struct record *record);
struct intent *sign_intent(const struct intent *intent);

/* Is it what its author signed? */
bool verify_bundle(const struct bundle *bundle);
bool verify_record(const struct record *record);
bool verify_intent(const struct intent *intent);
/* All that it carries. */
bool verify_frame(const struct frame *frame);

/*
 * Over the wire and back: encoded by wire/codec and decoded into the
 * parcel.  NULL: the frame broke a bound or did not come back, and why
 * says which.  With `plain` the codec is left out.
 */
struct parcel *parcel_pack(const struct frame *frame, bool plain,
    char why[static 128]);
/* What came; NULL: it is no frame. */
struct parcel *parcel_of_bytes(const uint8_t *bytes, size_t size,
    char why[static 128]);

#endif
