/*
 * names: what people may call networks, rooms and themselves, and the tags
 * and ids that follow from a name.
 *
 * One name is one room on every node: compatibility forms and case do not
 * count (NFKC and full case folding, Unicode Standard Annex 15 and section
 * 3.13).  Names are checked and brought to NFC once, where a person enters
 * them; names of peers are only checked.
 *
 *   network tag  first 8 bytes of SHA-256("dchat net" name)
 *   room id      first 16 bytes of SHA-256("dchat room" tag folded-name)
 */
#ifndef DCHAT_CRYPTO_NAMES_H
#define DCHAT_CRYPTO_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

enum { NETWORK_TAG_BYTES = 8 };

void names_network_tag(const char *network,
    uint8_t tag[static NETWORK_TAG_BYTES]);

/* For a name that names_check_room() accepts. */
void names_room_id(const uint8_t tag[static NETWORK_TAG_BYTES],
    const char *room, struct id *id);

/*
 * Is this a name?  If not, says in a sentence what is wrong with it;
 * problem may be NULL when nobody would read it.  Rooms begin with '#',
 * nicks neither with '#' nor '@'; none holds white space, control or
 * invisible characters, rooms no comma.
 */
bool names_check_network(const char *name, char problem[256]);
bool names_check_room(const char *name, char problem[256]);
bool names_check_nick(const char *nick, char problem[256]);

/*
 * The same name in NFC and without invisible characters (a keyboard puts
 * variation selectors and joiners into emoji), to be freed; NULL if it is
 * not valid UTF-8.  Check the result, not what went in.
 */
char *names_normalize(const char *name);

#endif
