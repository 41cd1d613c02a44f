/*
 * disk: what a simulated node has stored, and how it signs.
 *
 * Bodies are the real ones (wire/body); their hash is base/hash instead of
 * SHA-256 and the signature a hash over body and key, so that a run is the
 * same everywhere and still nobody can change a body unnoticed.
 */
#ifndef DCHAT_SIM_DISK_H
#define DCHAT_SIM_DISK_H

#include <stdbool.h>

#include "core/ledger.h"
#include "core/past.h"
#include "core/effect.h"
#include "tests/sim/queue.h"

enum { DISK_PAGE_BUNDLES = 64 };

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

/*
 * Over the wire and back: encoded by wire/codec and decoded into the
 * parcel.  NULL: the frame broke a bound or did not come back, and why
 * says which.  With `plain` the codec is left out.
 */
struct parcel *parcel_pack(const struct frame *frame, bool plain,
    char why[static 128]);

struct disk {
	struct bundle **items; /* ascending by room, stream, seq */
	size_t count, cap;
	/* Metadata; it outlives the process. */
	struct ledger ledger;
	struct fence fence;
	struct intent **intents;
	size_t intent_count, intent_cap;
};

void disk_init(struct disk *disk);
void disk_free(struct disk *disk);

/* Remembers or forgets a piece of metadata; all else is left out. */
void disk_keep(struct disk *disk, const struct keep *keep);
/* What a start finds of that; lives in the arena, borrows the disk. */
void disk_past(const struct disk *disk, struct arena *arena,
    struct node_past *past);
void disk_forget(struct disk *disk);

/* Keeps a clone; false when it is there already. */
bool disk_put(struct disk *disk, const struct bundle *bundle);

/* What is held of the ranges, the first page of it, causes first. */
struct page *disk_ranges(const struct disk *disk, const struct id *room,
    const struct stream_range *ranges, size_t count);

/* The last so many messages of a room and what lies right below them. */
struct page *disk_tail(const struct disk *disk, const struct id *room,
    unsigned messages);

#endif
