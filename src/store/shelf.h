/*
 * shelf: what is held of each room, in memory and in the database alike.
 *
 * Beside its bundles a room has a clock (what of each stream is held), its
 * heads (what nothing held depends on) and a count of messages.  They are
 * brought up to date in memory with each bundle and written once a
 * transaction; after one that failed they are read again.
 */
#ifndef DCHAT_STORE_SHELF_H
#define DCHAT_STORE_SHELF_H

#include "core/frontier.h"
#include "core/vclock.h"
#include "store/database.h"

struct shelf {
	struct id room;
	uint64_t key; /* in the database */
	char *name;   /* empty: never told */
	bool joined;
	uint64_t read; /* highest hlc that was looked at */
	uint64_t messages;
	struct vclock clock;
	struct frontier heads;
	bool dropped; /* something was, in this run: the base is not as the
			 core has it */
	bool changed;
	struct stream *changed_streams;
	size_t changed_count, changed_cap;
};

struct shelves {
	struct database *db;
	uint8_t network[8];
	uint64_t room_messages; /* kept of each */
	struct shelf **items; /* ascending by room */
	size_t count, cap;
};

/* All functions of an int: as in database.h. */

int shelves_load(struct shelves *shelves);
void shelves_free(struct shelves *shelves);

/* NULL when nothing is known of the room. */
struct shelf *shelves_find(const struct shelves *shelves,
    const struct id *room);

/* Of what is older no more would be kept for long. */
bool shelves_full(const struct shelves *shelves, const struct shelf *shelf);

/* Inside a transaction: */

/* One that is held already is fine; conflict: with another content. */
int shelves_put(struct shelves *shelves, const struct bundle *bundle,
    bool *conflict);
/* It takes the place of the one of its name that is held, if one is. */
int shelves_swap(struct shelves *shelves, const struct bundle *bundle);
int shelves_keep_room(struct shelves *shelves, const struct id *room,
    const char *name, bool joined);
int shelves_keep_read(struct shelves *shelves, const struct id *room);
int shelves_keep_bases(struct shelves *shelves, const struct id *room,
    const struct dependency *bases, size_t count);
/* Drops what is older than this key, a little at a time. */
int shelves_drop_older(struct shelves *shelves, uint64_t hlc, bool *more);
/* Drops what a room holds too much, a little at a time. */
int shelves_drop_surplus(struct shelves *shelves, bool *more);
/* Before the commit: writes what changed; where nobody is ever idle some of
 * what is far too much is dropped here. */
int shelves_save(struct shelves *shelves);

#endif
