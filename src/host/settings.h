/*
 * settings: what a person asked for, completed by defaults and checked.
 *
 * Names are brought to their normal form here, once; behind this nobody
 * doubts them.  A wrong one is a sentence for the person who typed it.
 */
#ifndef DCHAT_HOST_SETTINGS_H
#define DCHAT_HOST_SETTINGS_H

#include <stdbool.h>

#include "core/past.h"
#include "crypto/names.h"
#include "dchat.h"

struct settings {
	char *nick, *network;
	uint8_t tag[NETWORK_TAG_BYTES]; /* of the network */
	struct room_name *rooms;        /* each once, ascending; names owned */
	size_t room_count, room_cap;
};

/* False with a sentence: the person is to be told, exit status 2. */
bool settings_init(struct settings *settings,
    const struct dchat_options *options, char problem[static 256]);
void settings_free(struct settings *settings);

/*
 * Completes them by what was before: the rooms that were joined when the
 * last run ended (instead of #lobby when none was asked for), and the nick
 * of that run (NULL: one was asked for, or there is none).
 */
void settings_restore(struct settings *settings, const struct node_past *past,
    bool rooms_given, const char *nick);

/*
 * The normal form of a room's name and its id; NULL with a sentence.  To
 * be freed.
 */
char *settings_room(const struct settings *settings, const char *name,
    struct id *id, char problem[static 256]);

#endif
