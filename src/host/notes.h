/*
 * notes: small texts by name, which a front end wants back in its next run
 * (drafts, reading positions, the order of its rooms).
 *
 * All are in memory; each change goes to the store as a fact that nobody
 * waits for.  They are of one profile and one network.
 */
#ifndef DCHAT_HOST_NOTES_H
#define DCHAT_HOST_NOTES_H

#include "dchat.h"
#include "store/store.h"

struct notes {
	struct dchat_note *items; /* ascending by name; texts owned */
	size_t count, cap;
};

/* What the last run left; what is over a limit is left out. */
void notes_load(struct notes *notes, const struct store_past *past);
void notes_free(struct notes *notes);

/* An empty text forgets.  BAD_ARGUMENT, TOO_LONG, TOO_MANY: nothing is
 * changed. */
enum error notes_set(struct notes *notes, const char *name, const char *text);

#endif
