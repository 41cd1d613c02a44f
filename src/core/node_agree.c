/*
 * node_agree: what the node does about metadata.
 *
 * Metadata hears who leads; the election hears of a fence above it; the
 * nicks follow both the claims and the members' records.  And what nobody
 * has to ask for is wished here: that the rooms I am in exist, and that the
 * nick of my record is mine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "core/node_state.h"

enum { SEEN_AGAIN_MS = 60 * 1000 };

/* Owners of claims who are here. */
static void
note_owners(struct node *node, instant_ms now, struct effects *fx)
{
	struct ledger *ledger = &node->metadata.ledger;

	if (now < node->owners_at)
		return;
	node->owners_at = now + SEEN_AGAIN_MS;
	for (size_t i = 0; i < ledger->count; i++) {
		const struct item *item = ledger->items[i].item;
		const struct member *owner;

		if (!item_claims(item))
			continue;
		owner = membership_find(&node->membership,
		    &item->intent.author);
		if (owner != NULL && member_present(owner))
			metadata_seen(&node->metadata, &item->key, fx);
	}
}

/* The key of a nick that I have and would give back for another. */
static struct id
key_to_release(const struct node *node, const struct id *wished)
{
	const struct ledger *ledger = &node->metadata.ledger;

	for (size_t i = 0; i < ledger->count; i++) {
		const struct item *item = ledger->items[i].item;

		if (item_claims(item) &&
		    id_equal(&item->intent.author, &node->self) &&
		    !id_equal(&item->key, wished))
			return item->key;
	}
	return (struct id){ 0 };
}

static bool
is_anothers(const struct node *node, const struct id *key)
{
	const struct item *item = metadata_find(&node->metadata, key);

	return item != NULL && item_claims(item) &&
	    !id_equal(&item->intent.author, &node->self);
}

static enum error
wish_nick(struct node *node, instant_ms now, const char *nick,
    const struct id *key, const struct dchat_command *command,
    struct effects *fx)
{
	struct intent intent = {
		.kind = INTENT_NICK,
		.key = *key,
		.name = nick,
		.released = key_to_release(node, key),
	};

	return metadata_wish(&node->metadata, now, &intent, command, fx);
}

/* Once in a term, and again when something about the nick has changed. */
static void
wish_own_nick(struct node *node, instant_ms now, struct effects *fx)
{
	const struct naming *own = nicks_find(&node->nicks, &node->self);
	uint64_t term = node->metadata.led.term;
	const struct item *item;
	uint64_t version;

	if (own == NULL ||
	    metadata_wishes(&node->metadata, INTENT_NICK, NULL))
		return;
	item = metadata_find(&node->metadata, &own->key);
	version = item == NULL ? 0 : item->version;
	if (item != NULL && item_claims(item) &&
	    (id_equal(&item->intent.author, &node->self) ||
		!node->metadata.led.established))
		return;
	if (node->wished_nick.made && node->wished_nick.term == term &&
	    node->wished_nick.version == version &&
	    id_equal(&node->wished_nick.key, &own->key))
		return;
	node->wished_nick.made = true;
	node->wished_nick.term = term;
	node->wished_nick.version = version;
	node->wished_nick.key = own->key;
	wish_nick(node, now, own->wished, &own->key, NULL, fx);
}

static void
wish_rooms(struct node *node, instant_ms now, struct effects *fx)
{
	uint64_t term = node->metadata.led.term;

	for (size_t i = 0; i < node->rooms.count; i++) {
		struct room *room = node->rooms.items[i];
		const struct intent intent = {
			.kind = INTENT_ROOM,
			.key = room->id,
			.name = room->name,
		};

		if (!room->joined || room->direct ||
		    room->wished_term == term + 1 ||
		    metadata_find(&node->metadata, &room->id) != NULL ||
		    metadata_wishes(&node->metadata, INTENT_ROOM, &room->id))
			continue;
		if (metadata_wish(&node->metadata, now, &intent, NULL, fx) ==
		    ERROR_NONE)
			room->wished_term = term + 1;
	}
}

static void
take_grant(struct node *node, struct effects *fx)
{
	struct metadata *m = &node->metadata;

	if (m->granted == NULL)
		return;
	if (strcmp(membership_self(&node->membership)->record->nick,
		m->granted) != 0)
		membership_set_nick(&node->membership, m->granted, fx);
	free(m->granted);
	m->granted = NULL;
}

/* Both sides of a cut had set a topic, and mine lost: I am told. */
static void
tell_outdone(struct node *node, struct effects *fx)
{
	struct metadata *m = &node->metadata;
	char text[2 * LIMIT_TOPIC + 512];

	for (size_t i = 0; i < m->outdone_count; i++) {
		const struct outdone *outdone = &m->outdone[i];
		const char *room = node_room_name(node, &outdone->room);
		struct dchat_event event = { .type = DCHAT_EVENT_WARNING };

		if (room == NULL)
			continue;
		snprintf(text, sizeof text,
		    "Your topic of %s, \"%s\", gave way to \"%s\": %s set it "
		    "while you were out of each other's reach.", room,
		    outdone->topic, outdone->other,
		    node_nick(node, &outdone->by));
		event.warning.code = "topic_conflict";
		event.warning.text = effects_text(fx, text);
		effects_notify(fx, &event);
	}
	metadata_forget_outdone(m);
}

void
node_agree(struct node *node, instant_ms now, struct effects *fx)
{
	struct metadata *m = &node->metadata;
	uint64_t stand;

	metadata_led(m, now, &node->election.known, fx);
	if (m->raise_above > 0) {
		election_lead_above(&node->election, now, m->raise_above,
		    fx);
		m->raise_above = 0;
		metadata_led(m, now, &node->election.known, fx);
	}
	take_grant(node, fx);
	tell_outdone(node, fx);
	stand = hash_number(HASH_START, m->ledger.changes);
	stand = hash_number(stand, m->shows);
	stand = hash_number(stand, node->membership.changes);
	stand = hash_number(stand, m->led.term);
	stand = hash_number(stand, metadata_ready(m));
	if (node->seen_stand == stand)
		return;
	node->seen_stand = stand;
	nicks_update(&node->nicks, &node->membership, m, fx);
	note_owners(node, now, fx);
	if (metadata_ready(m)) {
		wish_rooms(node, now, fx);
		wish_own_nick(node, now, fx);
	}
}

/* -- commands ----------------------------------------------------------- */

enum error
node_set_topic(struct node *node, const struct input *input, struct effects *fx)
{
	const struct dchat_command *command = input->command.command;
	const struct room *room =
	    rooms_find(&node->rooms, &input->command.room);
	struct intent intent = {
		.kind = INTENT_TOPIC,
		.key = input->command.room,
		.text = command->text,
	};

	if (room == NULL || !room->joined || room->direct)
		return ERROR_NOT_JOINED;
	if (strlen(command->text) > LIMIT_TOPIC)
		return ERROR_TOO_LONG;
	intent.name = room->name;
	return metadata_wish(&node->metadata, input->now, &intent, command,
	    fx);
}

enum error
node_change_nick(struct node *node, const struct input *input,
    struct effects *fx)
{
	const struct dchat_command *command = input->command.command;
	struct id key;

	node->nicks.key_of(command->nick, &key);
	if (is_anothers(node, &key) && !node->metadata.led.established &&
	    metadata_ready(&node->metadata))
		return ERROR_NICK_TAKEN;
	return wish_nick(node, input->now, command->nick, &key, command, fx);
}

/* -- questions ---------------------------------------------------------- */

const char *
node_topic(const struct node *node, const struct id *room)
{
	return metadata_topic(&node->metadata, room);
}

uint64_t
node_metadata(const struct node *node)
{
	return ledger_root(&node->metadata.ledger);
}

bool
node_knows_intent(const struct node *node, struct intent *intent)
{
	const struct item *item =
	    metadata_find(&node->metadata, &intent->key);
	const struct sealed *held;

	if (item == NULL)
		return false;
	held = &item->intent.sealed;
	if (held->size != intent->sealed.size ||
	    memcmp(held->body, intent->sealed.body, held->size) != 0 ||
	    memcmp(held->signature, intent->sealed.signature,
		SIGNATURE_BYTES) != 0)
		return false;
	memcpy(intent->sealed.key, held->key, KEY_BYTES);
	return true;
}
