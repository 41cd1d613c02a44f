/*
 * verify: is what a peer sent really its author's?
 *
 * A key belongs to an id when it hashes to it, so nobody has to be trusted
 * for it: it comes with the link (the author is the peer itself), with the
 * frame, or is known from the member's record.  What the node knows already
 * is not looked at twice; signatures are the most expensive thing here.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/names.h"
#include "crypto/seal.h"
#include "host/host.h"

static bool
is_zero(const uint8_t key[static KEY_BYTES])
{
	static const uint8_t zero[KEY_BYTES];

	return memcmp(key, zero, KEY_BYTES) == 0;
}

/* Finds the author's key and puts it where others will look for it. */
static bool
find_key(struct dchat *dchat, const struct id *author, const struct id *peer,
    const uint8_t *peer_key, struct sealed *sealed)
{
	const uint8_t *known;
	struct id id;

	if (id_equal(author, peer)) {
		memcpy(sealed->key, peer_key, KEY_BYTES);
		return true;
	}
	if (!is_zero(sealed->key)) {
		identity_id_of_key(sealed->key, &id);
		return id_equal(&id, author);
	}
	known = node_key(dchat->node, author);
	if (known != NULL)
		memcpy(sealed->key, known, KEY_BYTES);
	return known != NULL;
}

static bool
verify_sealed(struct dchat *dchat, const struct sealed *sealed)
{
	dchat->counters.verified++;
	return seal_verify(sealed->key, sealed->body, sealed->size,
	    sealed->signature);
}

static const char *
check_bundle(struct dchat *dchat, const struct id *peer, const uint8_t *key,
    struct bundle *bundle)
{
	seal_hash(bundle->sealed.body, bundle->sealed.size, &bundle->hash);
	if (node_knows_bundle(dchat->node, bundle))
		return NULL;
	if (!find_key(dchat, &bundle->stream.author, peer, key,
		&bundle->sealed))
		return "a bundle comes without its author's key";
	if (!verify_sealed(dchat, &bundle->sealed))
		return "a bundle's signature is not its author's";
	return NULL;
}

static const char *
check_record(struct dchat *dchat, const struct id *peer, const uint8_t *key,
    struct record *record)
{
	struct id id;

	if (node_knows_record(dchat->node, record))
		return NULL;
	if (!find_key(dchat, &record->id, peer, key, &record->sealed))
		return "a record comes without its owner's key";
	if (!verify_sealed(dchat, &record->sealed))
		return "a record's signature is not its owner's";
	if (!names_check_peer_nick(record->nick, NULL))
		return "a record's nick is none";
	for (size_t i = 0; i < record->room_count; i++) {
		const struct room_name *room = &record->rooms[i];

		if (!names_check_room(room->name, NULL))
			return "a record names a room that cannot be";
		names_room_id(dchat->settings.tag, room->name, &id);
		if (!id_equal(&id, &room->id))
			return "a record's room has another name's id";
	}
	return NULL;
}

/* Names and their keys must belong together, as a room's id does. */
static const char *
check_wish(struct dchat *dchat, const struct intent *intent)
{
	struct id key;

	if (intent->kind == INTENT_NICK) {
		if (!names_check_peer_nick(intent->name, NULL))
			return "an intent wishes a nick that cannot be";
		names_nick_key(intent->name, &key);
	} else {
		if (!names_check_room(intent->name, NULL))
			return "an intent names a room that cannot be";
		names_room_id(dchat->settings.tag, intent->name, &key);
	}
	return id_equal(&key, &intent->key)
	    ? NULL
	    : "an intent has another name's key";
}

static const char *
check_intent(struct dchat *dchat, const struct id *peer, const uint8_t *key,
    struct intent *intent)
{
	if (node_knows_intent(dchat->node, intent))
		return NULL;
	if (!find_key(dchat, &intent->author, peer, key, &intent->sealed))
		return "an intent comes without its author's key";
	if (!verify_sealed(dchat, &intent->sealed))
		return "an intent's signature is not its author's";
	return check_wish(dchat, intent);
}

enum verdict
host_verify(struct dchat *dchat, const struct id *peer,
    const uint8_t key[static KEY_BYTES], struct frame *frame,
    char why[static 128])
{
	const char *wrong = NULL;

	switch (frame->type) {
	case FRAME_BUNDLE:
		wrong = check_bundle(dchat, peer, key, &frame->bundle.bundle);
		break;
	case FRAME_MEMBER:
		/* The codec made it: nobody else looks at it meanwhile. */
		if (frame->member.record != NULL)
			wrong = check_record(dchat, peer, key,
			    (struct record *)frame->member.record);
		break;
	case FRAME_INTENT:
		wrong = check_intent(dchat, peer, key, &frame->intent);
		break;
	case FRAME_COMMIT:
	case FRAME_ITEM:
		wrong = check_intent(dchat, peer, key,
		    &frame->commit.item.intent);
		break;
	default: break;
	}
	if (wrong == NULL)
		return VERDICT_ACCEPTED;
	snprintf(why, 128, "%s", wrong);
	return VERDICT_MALFORMED;
}
