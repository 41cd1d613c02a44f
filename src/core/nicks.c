#include "core/nicks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
nicks_init(struct nicks *nicks, nick_key_function *key_of)
{
	*nicks = (struct nicks){ .key_of = key_of };
}

void
nicks_free(struct nicks *nicks)
{
	for (size_t i = 0; i < nicks->count; i++)
		free(nicks->items[i].wished);
	free(nicks->items);
	*nicks = (struct nicks){ 0 };
}

static size_t
place(const struct nicks *nicks, const struct id *id, bool *found)
{
	return ID_SEARCH(nicks->items, nicks->count, id, id, found);
}

const struct naming *
nicks_find(const struct nicks *nicks, const struct id *id)
{
	bool found;
	size_t at = place(nicks, id, &found);

	return found ? &nicks->items[at] : NULL;
}

static void
show_short(const struct id *id, const char *nick,
    char shown[static NICK_SHOWN])
{
	char text[ID_TEXT];

	snprintf(shown, NICK_SHOWN, "%.*s~%.4s", LIMIT_NICK, nick,
	    id_format(id, text));
}

void
nicks_absent(const struct nicks *nicks, const struct metadata *metadata,
    const struct id *id, const char *wished, char shown[static NICK_SHOWN])
{
	const struct item *item;
	struct id key;

	nicks->key_of(wished, &key);
	item = metadata_find(metadata, &key);
	if (item == NULL || !item_claims(item) ||
	    id_equal(&item->intent.author, id))
		snprintf(shown, NICK_SHOWN, "%s", wished);
	else
		show_short(id, wished, shown);
}

/* -- one update -------------------------------------------------------- */

/* A member while nicks are given out. */
struct seat {
	struct naming *naming;
	const struct item *claim;	/* the best of its own; NULL: none */
	bool present;
};

/* Wishes are as the records say. */
static void
follow_records(struct nicks *nicks, const struct membership *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct member *member = &m->items[i];
		struct naming *naming;
		bool found;
		size_t at;

		if (member->record == NULL)
			continue;
		at = place(nicks, &member->id, &found);
		if (!found) {
			MEM_INSERT(nicks->items, nicks->count, nicks->cap, at);
			nicks->items[at] = (struct naming){ .id = member->id };
		}
		naming = &nicks->items[at];
		if (found &&
		    strcmp(naming->wished, member->record->nick) == 0)
			continue;
		free(naming->wished);
		naming->wished = mem_text(member->record->nick);
		nicks->key_of(naming->wished, &naming->key);
	}
}

/* Of several claims the one that its record wishes, else the newest. */
static bool
is_better(const struct seat *seat, const struct item *item)
{
	const struct item *best = seat->claim;

	if (best == NULL)
		return true;
	if (id_equal(&best->key, &seat->naming->key) ||
	    id_equal(&item->key, &seat->naming->key))
		return id_equal(&item->key, &seat->naming->key);
	return item->term > best->term ||
	    (item->term == best->term && item->version > best->version);
}

static void
find_claims(struct nicks *nicks, const struct metadata *metadata,
    struct seat *seats)
{
	const struct ledger *ledger = &metadata->ledger;

	for (size_t i = 0; i < ledger->count; i++) {
		const struct item *item = ledger->items[i].item;
		bool found;
		size_t at;

		if (!item_claims(item))
			continue;
		at = place(nicks, &item->intent.author, &found);
		if (found && is_better(&seats[at], item))
			seats[at].claim = item;
	}
}

static bool
is_wished_twice(const struct seat *seats, size_t count, size_t which)
{
	for (size_t i = 0; i < count; i++)
		if (i != which && seats[i].present && seats[i].claim == NULL &&
		    id_equal(&seats[i].naming->key,
			&seats[which].naming->key))
			return true;
	return false;
}

static const char *
decide(const struct seat *seats, size_t count, size_t which,
    const struct metadata *metadata, char shown[static NICK_SHOWN])
{
	const struct seat *seat = &seats[which];
	const struct naming *naming = seat->naming;
	const struct item *item = metadata_find(metadata, &naming->key);
	const char *pending = metadata_pending_nick(metadata);

	if (pending != NULL && id_equal(&naming->id, &metadata->self)) {
		snprintf(shown, NICK_SHOWN, "%s", pending);
		return "pending";
	}
	if (seat->claim != NULL) {
		snprintf(shown, NICK_SHOWN, "%s", seat->claim->intent.name);
		return "claimed";
	}
	if (item != NULL && item_claims(item)) {
		show_short(&naming->id, naming->wished, shown);
		return "taken";
	}
	if (is_wished_twice(seats, count, which)) {
		show_short(&naming->id, naming->wished, shown);
		return "undecided";
	}
	snprintf(shown, NICK_SHOWN, "%s", naming->wished);
	return "undecided";
}

static void
show(struct naming *naming, const char shown[static NICK_SHOWN],
    const char *reason, bool self, struct effects *fx)
{
	bool was_pending = naming->pending;

	naming->pending = strcmp(reason, "pending") == 0;
	if (strcmp(naming->shown, shown) == 0)
		return;
	/* Back to what it has: it did not get what it wished. */
	if (was_pending && !naming->pending)
		reason = "taken";
	if (naming->shown[0] != '\0')
		effects_notify(fx,
		    &(struct dchat_event){
			.type = DCHAT_EVENT_NICK,
			.nick = {
			    .id = naming->id,
			    .old = effects_text(fx, naming->shown),
			    .nick = effects_text(fx, shown),
			    .reason = reason,
			    .self = self,
			},
		    });
	snprintf(naming->shown, NICK_SHOWN, "%s", shown);
}

void
nicks_update(struct nicks *nicks, const struct membership *membership,
    const struct metadata *metadata, struct effects *fx)
{
	struct seat *seats;

	follow_records(nicks, membership);
	seats = mem_zero(nicks->count + 1, sizeof *seats);
	for (size_t i = 0; i < nicks->count; i++) {
		seats[i].naming = &nicks->items[i];
		seats[i].present = member_present(
		    membership_find(membership, &nicks->items[i].id));
	}
	find_claims(nicks, metadata, seats);
	for (size_t i = 0; i < nicks->count; i++) {
		char shown[NICK_SHOWN];
		const char *reason =
		    decide(seats, nicks->count, i, metadata, shown);

		show(&nicks->items[i], shown, reason,
		    id_equal(&nicks->items[i].id, &metadata->self), fx);
	}
	free(seats);
}
