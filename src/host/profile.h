/*
 * profile: who this node is from one start to the next.
 *
 * The folder $XDG_STATE_HOME/dchat/NAME/ (or ~/.local/state/dchat/NAME/),
 * mode 0700, with files of mode 0600:
 *
 *   lock     held while a dchat runs on it (flock(2)): one at a time
 *   key.pem  the identity (crypto/identity)
 *   starts   how often it was started; raised and synced at each start, so
 *            that peers can tell a later run from an earlier one
 *
 *   history.db  the store's database, with what SQLite puts beside it
 *
 * An ephemeral profile has none of this: a new key, first start.
 */
#ifndef DCHAT_HOST_PROFILE_H
#define DCHAT_HOST_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"
#include "crypto/identity.h"

struct profile {
	char *name;
	char *folder; /* NULL: ephemeral */
	int lock;     /* descriptor; -1: none */
	struct identity *identity;
	uint64_t start; /* this one's number, from 1 */
	wall_ms since;  /* when the first was: the key is as old */
	/* Drawn for this run, from 1 to INT64_MAX: */
	uint64_t nonce; /* tells this run from all others */
	uint64_t epoch; /* of its streams, where none goes on */
};

/*
 * name NULL: "default".  On failure false, with a sentence and the status to
 * exit with (2: no name for a profile; 1: in use, or the disk says no).
 */
bool profile_open(struct profile *profile, const char *name, bool ephemeral,
    char problem[static 256], int *status);

/* A file of the profile, to be freed; NULL: it is ephemeral. */
char *profile_path(const struct profile *profile, const char *name);

/* Gives the lock back. */
void profile_close(struct profile *profile);

#endif
