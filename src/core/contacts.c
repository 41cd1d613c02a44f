#include "core/contacts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	LATER_DIAL_MS = 150, /* the higher id waits so long */
	BACKOFF_MIN_MS = 1000,
	BACKOFF_MAX_MS = 30000,
	REPLY_EACH_MS = 1000,  /* to one peer */
	REPLIES_A_SECOND = 20, /* to all */
	BEACON_MINUTE_MS = 5000,
	BEACON_SLOW_MS = 15000,
	MINUTE_MS = 60000,
	SLOW_DIAL_MS = 500,  /* then another way is looked for, too */
	HEARD_DIAL_MS = 250, /* between two dials, however loud it is */
	STRANGER_MS = 50,    /* of the budget, for one dial */
	STRANGER_BURST = 64,
	FLAP_MS = 5000, /* links so brief, lost so close to each other, and */
	FLAPS = 3,      /* so many of them, are no accident */
};

void
contacts_init(struct contacts *c, const struct id *self, struct rng *rng)
{
	*c = (struct contacts){
		.self = *self,
		.rng = rng,
		.beacon_at = NEVER,
		.reply_second = -1000,
	};
}

void
contacts_free(struct contacts *c)
{
	free(c->items);
	*c = (struct contacts){ 0 };
}

static instant_ms
later(instant_ms a, instant_ms b)
{
	return a > b ? a : b;
}

/* -- contacts ---------------------------------------------------------- */

static struct contact *
find_peer(const struct contacts *c, const struct id *peer)
{
	for (size_t i = 0; i < c->count; i++)
		if (id_equal(&c->items[i].peer, peer))
			return &c->items[i];
	return NULL;
}

static bool
has_address(const struct contact *contact, const struct address *address)
{
	for (size_t i = 0; i < contact->address_count; i++)
		if (address_equal(&contact->addresses[i], address))
			return true;
	return false;
}

/* Best first; the oldest falls off the end. */
static void
prefer_address(struct contact *contact, const struct address *address)
{
	size_t i;

	if (address->family == ADDRESS_NONE)
		return;
	for (i = 0; i < contact->address_count; i++)
		if (address_equal(&contact->addresses[i], address))
			break;
	if (i == contact->address_count) {
		if (i < LIMIT_ADDRESSES)
			contact->address_count++;
		else
			i--;
	}
	memmove(&contact->addresses[1], &contact->addresses[0],
	    i * sizeof contact->addresses[0]);
	contact->addresses[0] = *address;
	contact->next_address = 0;
}

static bool
is_stranger(const struct contact *contact)
{
	return !contact->met && !id_is_none(&contact->peer);
}

/* The stranger that failed most goes; of several, nobody can say which. */
static bool
make_room(struct contacts *c)
{
	size_t strangers = 0, start = 0;
	struct contact *worst = NULL;

	if (c->count > 0)
		start = (size_t)rng_below(c->rng, c->count);
	for (size_t i = 0; i < c->count; i++) {
		struct contact *contact = &c->items[(start + i) % c->count];

		if (!is_stranger(contact))
			continue;
		strangers++;
		if (!contact->dialling &&
		    (worst == NULL || contact->backoff_ms > worst->backoff_ms))
			worst = contact;
	}
	if (strangers < LIMIT_STRANGERS)
		return true;
	if (worst == NULL)
		return false;
	MEM_REMOVE(c->items, c->count, (size_t)(worst - c->items));
	return true;
}

static struct contact *
add(struct contacts *c, const struct id *peer)
{
	if (c->count >= LIMIT_MEMBERS ||
	    (c->count >= LIMIT_STRANGERS && peer != NULL && !make_room(c)))
		return NULL;
	MEM_GROW(c->items, c->count, c->cap);
	c->items[c->count] = (struct contact){
		.dial_at = NEVER,
		.backoff_ms = BACKOFF_MIN_MS,
		.replied = NEVER,
		.dialled_at = NEVER,
		.lost_at = NEVER,
		.in_vain_at = NEVER,
	};
	if (peer != NULL)
		c->items[c->count].peer = *peer;
	return &c->items[c->count++];
}

static struct contact *
find_or_add(struct contacts *c, const struct id *peer)
{
	struct contact *contact = find_peer(c, peer);

	return contact != NULL ? contact : add(c, peer);
}

/* A contact known only by address: what a person typed. */
static struct contact *
find_named(const struct contacts *c, const struct address *address)
{
	for (size_t i = 0; i < c->count; i++)
		if (id_is_none(&c->items[i].peer) &&
		    has_address(&c->items[i], address))
			return &c->items[i];
	return NULL;
}

static bool
somebody_linked_at(const struct contacts *c, const struct address *address)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->items[i].linked && has_address(&c->items[i], address))
			return true;
	return false;
}

static void
dial_by(struct contact *contact, instant_ms at)
{
	if (!contact->linked && !contact->dialling)
		contact->dial_at = instant_earlier(contact->dial_at, at);
}

struct address
contacts_address(const struct contacts *c, const struct id *peer)
{
	const struct contact *contact = find_peer(c, peer);

	if (contact == NULL || contact->address_count == 0)
		return (struct address){ 0 };
	return contact->addresses[0];
}

void
contacts_add(struct contacts *c, instant_ms now, const struct id *peer,
    const struct address *address)
{
	struct contact *contact;

	if (address->family == ADDRESS_NONE || address->port == 0 ||
	    (peer != NULL && id_equal(peer, &c->self)))
		return;
	if (peer != NULL)
		contact = find_or_add(c, peer);
	else if ((contact = find_named(c, address)) == NULL)
		contact = add(c, NULL);
	if (contact == NULL)
		return;
	if (peer != NULL && has_address(contact, address))
		return;
	prefer_address(contact, address);
	contact->backoff_ms = BACKOFF_MIN_MS;
	dial_by(contact, now);
}

/* Whoever shouts is not dialled the more often for it. */
static instant_ms
not_before(const struct contact *contact)
{
	instant_ms at = 0;

	if (contact->dialled_at != NEVER)
		at = contact->dialled_at + HEARD_DIAL_MS;
	if (contact->lost_at != NEVER)
		at = later(at, contact->lost_at + contact->pause_ms);
	return at;
}

void
contacts_sighted(struct contacts *c, instant_ms now, const struct id *peer)
{
	struct contact *contact = find_peer(c, peer);
	bool first = id_compare(&c->self, peer) < 0;

	if (contact == NULL || contact->linked)
		return;
	contact->backoff_ms = BACKOFF_MIN_MS;
	dial_by(contact, later(not_before(contact),
	    first ? now : now + LATER_DIAL_MS));
}

/* -- links ------------------------------------------------------------- */

/* Before it is met: then it is no stranger any more. */
static void
stop_dialling(struct contacts *c, struct contact *contact)
{
	if (contact->dialling && is_stranger(contact))
		c->dialling--;
	contact->dialling = false;
}

void
contacts_link_up(struct contacts *c, instant_ms now, const struct id *peer,
    const struct address *address)
{
	struct contact *contact = find_or_add(c, peer);

	if (contact == NULL)
		return;
	prefer_address(contact, address);
	stop_dialling(c, contact);
	if (!contact->linked)
		contact->linked_at = now;
	contact->linked = contact->met = true;
	contact->in_vain_at = NEVER;
	contact->dial_at = NEVER;
	contact->backoff_ms = BACKOFF_MIN_MS;
}

/*
 * A link was lost: how long to wait before the next one.  One that held for a
 * while is dialled at once, whatever was before: a pause now would keep me
 * from finding out that its process has died.
 */
static instant_ms
pause_after_loss(struct contact *contact, instant_ms now)
{
	bool soon = contact->lost_at != NEVER &&
	    now - contact->linked_at < FLAP_MS &&
	    now - contact->lost_at < FLAP_MS + contact->pause_ms;
	instant_ms pause = 0;

	contact->losses = soon ? contact->losses + 1 : 0;
	if (contact->losses >= FLAPS)
		pause = contact->pause_ms == 0 ? BACKOFF_MIN_MS
					       : contact->pause_ms * 2;
	contact->lost_at = now;
	contact->pause_ms = pause < BACKOFF_MAX_MS ? pause : BACKOFF_MAX_MS;
	return contact->pause_ms;
}

void
contacts_link_down(struct contacts *c, instant_ms now, const struct id *peer,
    bool goodbye)
{
	struct contact *contact = find_peer(c, peer);

	if (contact == NULL)
		return;
	contact->linked = false;
	contact->next_address = 0;
	/* Somebody else may answer now at an address that a person named. */
	for (size_t i = 0; i < contact->address_count; i++) {
		struct contact *named = find_named(c, &contact->addresses[i]);

		if (named != NULL) {
			named->dialling = false;
			dial_by(named, now + BACKOFF_MIN_MS);
		}
	}
	/* Who said goodbye will shout when it is back. */
	contact->dial_at =
	    goodbye ? NEVER : now + pause_after_loss(contact, now);
}

void
contacts_detoured(struct contacts *c, instant_ms now, const struct id *peer)
{
	const struct contact *contact = find_peer(c, peer);

	if (contact != NULL && contact->linked)
		contacts_link_down(c, now, peer, false);
}

bool
contacts_in_vain(struct contacts *c, instant_ms now, struct id *peer)
{
	for (size_t i = 0; i < c->count; i++) {
		if (now < c->items[i].in_vain_at)
			continue;
		c->items[i].in_vain_at = NEVER;
		*peer = c->items[i].peer;
		return true;
	}
	return false;
}

void
contacts_failed(struct contacts *c, instant_ms now, const struct id *peer,
    const struct address *address, bool refused)
{
	struct contact *contact =
	    id_is_none(peer) ? find_named(c, address) : find_peer(c, peer);
	instant_ms wait_ms;

	if (contact == NULL)
		return;
	stop_dialling(c, contact);
	if (contact->linked)
		return;
	if (++contact->next_address < contact->address_count) {
		contact->dial_at = now;
		return;
	}
	contact->next_address = 0;
	wait_ms = contact->backoff_ms;
	contact->in_vain_at =
	    !refused || wait_ms > BACKOFF_MIN_MS ? now : NEVER;
	contact->dial_at = now + wait_ms +
	    (instant_ms)rng_below(c->rng, (uint64_t)wait_ms / 4 + 1);
	contact->backoff_ms =
	    wait_ms * 2 < BACKOFF_MAX_MS ? wait_ms * 2 : BACKOFF_MAX_MS;
}

/* -- beacons ----------------------------------------------------------- */

void
contacts_burst(struct contacts *c, instant_ms now)
{
	c->began = now;
	c->beacons = 0;
	c->beacon_at = now;
	for (size_t i = 0; i < c->count; i++) {
		struct contact *contact = &c->items[i];

		contact->backoff_ms = BACKOFF_MIN_MS;
		if (contact->dial_at != NEVER)
			contact->dial_at = now;
	}
}

static void
reply(struct contacts *c, instant_ms now, struct contact *contact,
    const struct address *to, uint64_t view, struct effects *fx)
{
	if (contact->replied != NEVER && now - contact->replied < REPLY_EACH_MS)
		return;
	if (now - c->reply_second >= 1000) {
		c->reply_second = now;
		c->replies = 0;
	}
	if (c->replies >= REPLIES_A_SECOND)
		return;
	c->replies++;
	contact->replied = now;
	effects_beacon(fx, BEACON_REPLY, to, view);
}

void
contacts_heard(struct contacts *c, instant_ms now, const struct id *peer,
    uint64_t nonce, bool wants_reply, const struct address *from,
    const struct address *reply_to, uint64_t view, struct effects *fx)
{
	struct contact *contact;
	bool first = id_compare(&c->self, peer) < 0;

	if (id_equal(peer, &c->self) ||
	    (contact = find_or_add(c, peer)) == NULL)
		return;
	if (contact->nonce != nonce) {
		/* A run not heard before: old addresses are no use to it,
		 * and it is answered at once. */
		contact->nonce = nonce;
		contact->replied = NEVER;
		contact->backoff_ms = BACKOFF_MIN_MS;
		if (!contact->linked)
			contact->address_count = 0;
	}
	if (!contact->linked) {
		prefer_address(contact, from);
		dial_by(contact,
		    later(not_before(contact),
			first ? now : now + LATER_DIAL_MS));
	}
	if (wants_reply)
		reply(c, now, contact, reply_to, view, fx);
}

/* 0, 0.25, 0.5, 1 s, then 5 s apart for a minute, then 15 s +- 20 %. */
static instant_ms
next_beacon(struct contacts *c, instant_ms now)
{
	static const instant_ms burst[] = { 0, 250, 500, 1000 };

	if (c->beacons < sizeof burst / sizeof burst[0])
		return c->began + burst[c->beacons];
	if (now - c->began < MINUTE_MS)
		return now + BEACON_MINUTE_MS;
	return now + BEACON_SLOW_MS * 4 / 5 +
	    (instant_ms)rng_below(c->rng, BEACON_SLOW_MS * 2 / 5);
}

static void
dial(struct contacts *c, instant_ms now, struct contact *contact,
    struct effects *fx)
{
	const struct address *address =
	    &contact->addresses[contact->next_address];
	bool named = id_is_none(&contact->peer);

	if (named && somebody_linked_at(c, address)) {
		contact->dial_at = now + BACKOFF_MAX_MS;
		return;
	}
	contact->dial_at = NEVER;
	if (contact->address_count == 0)
		return;
	contact->dialling = true;
	contact->dialled_at = now;
	if (!named)
		contact->in_vain_at = instant_earlier(contact->in_vain_at,
		    now + SLOW_DIAL_MS);
	if (is_stranger(contact)) {
		c->dialling++;
		c->paid_until = later(c->paid_until, now) + STRANGER_MS;
	}
	effects_dial(fx, named ? NULL : &contact->peer, address);
}

/* When it may be dialled, as far as it is due. */
static instant_ms
due(const struct contacts *c, const struct contact *contact)
{
	if (contact->dial_at == NEVER || !is_stranger(contact))
		return contact->dial_at;
	if (c->dialling >= LIMIT_DIALS)
		return NEVER;
	return later(contact->dial_at,
	    c->paid_until - (STRANGER_BURST - 1) * STRANGER_MS);
}

void
contacts_expire(struct contacts *c, instant_ms now, uint64_t view,
    struct effects *fx)
{
	if (now >= c->beacon_at) {
		effects_beacon(fx, BEACON_ANNOUNCE, NULL, view);
		c->beacons++;
		c->beacon_at = next_beacon(c, now);
	}
	for (size_t i = 0; i < c->count; i++)
		if (now >= due(c, &c->items[i]))
			dial(c, now, &c->items[i], fx);
}

instant_ms
contacts_deadline(const struct contacts *c)
{
	instant_ms deadline = c->beacon_at;

	for (size_t i = 0; i < c->count; i++)
		deadline = instant_earlier(deadline,
		    instant_earlier(due(c, &c->items[i]),
			c->items[i].in_vain_at));
	return deadline;
}
