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
 *   direct room  first 16 bytes of SHA-256("dchat dm" tag lower-id higher-id)
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

/* Of the room of two people alone; the same at both. */
void names_direct_id(const uint8_t tag[static NETWORK_TAG_BYTES],
    const struct id *one, const struct id *other, struct id *id);

/*
 * Of a nick that names_check_nick() accepts: nicks that a person takes for
 * the same have the same key.  First 16 bytes of SHA-256("dchat nick"
 * skeleton), where the skeleton is casefold(NFKC(nick)) with letters that
 * look like a Latin one replaced by it: a selection from confusables.txt
 * of Unicode Technical Standard 39 (revision 15.1, section 4), those that
 * a keyboard gives.
 */
void names_nick_key(const char *nick, struct id *key);

/*
 * Is this a name?  If not, says in a sentence what is wrong with it;
 * problem may be NULL when nobody would read it.  Rooms begin with '#',
 * nicks neither with '#' nor '@'; none holds white space, control or
 * invisible characters, rooms no comma, nicks no '~'.  A nick is more than
 * punctuation, for one person; of a peer that is not asked, for there may be
 * such nicks already.
 */
bool names_check_network(const char *name, char problem[256]);
bool names_check_room(const char *name, char problem[256]);
bool names_check_nick(const char *nick, char problem[256]);
bool names_check_peer_nick(const char *nick, char problem[256]);

/*
 * The same name in NFC and without invisible characters (a keyboard puts
 * variation selectors and joiners into emoji), to be freed; NULL if it is
 * not valid UTF-8.  Check the result, not what went in.
 */
char *names_normalize(const char *name);

#endif
