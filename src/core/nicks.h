/*
 * nicks: how each member is shown.
 *
 *   its claim was granted              nick
 *   somebody else has what it wishes   nick~ab12, the first 4 of its id
 *   two wish it, nobody has it         both nick~ab12
 *   nobody else wishes it              nick
 *
 * Wishes stand in the members' records, claims in the metadata.  Nicks with
 * the same key look the same to people and count as one.
 */
#ifndef DCHAT_CORE_NICKS_H
#define DCHAT_CORE_NICKS_H

#include "core/effect.h"
#include "core/membership.h"
#include "core/metadata.h"

enum { NICK_SHOWN = LIMIT_NICK + 6 };

typedef void nick_key_function(const char *nick, struct id *key);

struct naming {
	struct id id;
	char *wished;		/* as its record says */
	struct id key;		/* of that */
	bool pending;		/* shown only because nobody can decide */
	char shown[NICK_SHOWN];
};

struct nicks {
	nick_key_function *key_of;
	struct naming *items;	/* ascending by id */
	size_t count, cap;
};

void nicks_init(struct nicks *nicks, nick_key_function *key_of);
void nicks_free(struct nicks *nicks);

/* NULL when it was not here since the start. */
const struct naming *nicks_find(const struct nicks *nicks,
    const struct id *id);

/* Records, claims or what is pending may have changed: NICK events for
 * those who are shown by another nick now. */
void nicks_update(struct nicks *nicks, const struct membership *membership,
    const struct metadata *metadata, struct effects *fx);

/* How somebody who was not here since the start would be shown. */
void nicks_absent(const struct nicks *nicks, const struct metadata *metadata,
    const struct id *id, const char *wished, char shown[static NICK_SHOWN]);

#endif
