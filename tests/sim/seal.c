#include "tests/sim/seal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "wire/body.h"
#include "wire/codec.h"

const uint8_t sim_tag[8] = { 's', 'i', 'm', 'u', 'l', 'a', 't', 'e' };

static struct id
fingerprint(const void *bytes, size_t size, uint64_t salt)
{
	uint64_t hash = hash_bytes(hash_number(HASH_START, salt), bytes, size);
	struct id id = { 0 };

	bytes_put_u64(id.bytes, hash_finish(hash));
	bytes_put_u64(id.bytes + 8, hash_finish(hash_number(hash, 1)));
	return id;
}

void
sim_key(const struct id *node, uint8_t key[static KEY_BYTES])
{
	for (size_t i = 0; i < KEY_BYTES; i += ID_BYTES)
		memcpy(key + i, node->bytes, ID_BYTES);
}

struct id
sim_room_id(const char *name)
{
	return fingerprint(name, strlen(name), 1);
}

char *
sim_direct_name(const struct id *one, const struct id *other,
    char name[static DIRECT_NAME])
{
	bool ascending = id_compare(one, other) < 0;

	name[0] = '@';
	id_format(ascending ? one : other, name + 1);
	id_format(ascending ? other : one, name + ID_TEXT);
	return name;
}

void
sim_nick_key(const char *nick, struct id *key)
{
	char lower[LIMIT_NICK + 1];
	size_t size = strlen(nick);

	for (size_t i = 0; i < size; i++)
		lower[i] = (char)tolower((unsigned char)nick[i]);
	*key = fingerprint(lower, size, 3);
}

/* -- signing ----------------------------------------------------------- */

static void
signature_of(const struct sealed *sealed,
    uint8_t signature[static SIGNATURE_BYTES])
{
	uint64_t hash = hash_bytes(HASH_START, sealed->body, sealed->size);

	hash = hash_bytes(hash, sealed->key, KEY_BYTES);
	for (unsigned i = 0; i < SIGNATURE_BYTES / 8; i++)
		bytes_put_u64(signature + 8 * i,
		    hash_finish(hash_number(hash, i)));
}

static void
seal(struct sealed *sealed, const struct bytes *body, const struct id *author)
{
	sealed->body = body->data;
	sealed->size = body->size;
	sim_key(author, sealed->key);
	signature_of(sealed, sealed->signature);
}

static bool
verify(const struct sealed *sealed, const struct id *author)
{
	uint8_t key[KEY_BYTES], signature[SIGNATURE_BYTES];

	if (sealed->body == NULL)
		return false;
	sim_key(author, key);
	signature_of(sealed, signature);
	return memcmp(key, sealed->key, sizeof key) == 0 &&
	    memcmp(signature, sealed->signature, sizeof signature) == 0;
}

struct bundle *
sign_bundle(const struct bundle *bundle)
{
	struct bundle sealed = *bundle, *clone = NULL;
	struct bytes body;

	bytes_init(&body);
	if (body_encode_bundle(bundle, sim_tag, &body)) {
		seal(&sealed.sealed, &body, &bundle->stream.author);
		sealed.hash = fingerprint(body.data, body.size, 2);
		clone = bundle_clone(&sealed);
	}
	bytes_free(&body);
	return clone;
}

struct record *
sign_record(const struct record *record)
{
	struct record sealed = *record, *clone = NULL;
	struct bytes body;

	bytes_init(&body);
	if (body_encode_record(record, sim_tag, &body)) {
		seal(&sealed.sealed, &body, &record->id);
		clone = record_clone(&sealed);
	}
	bytes_free(&body);
	return clone;
}

struct intent *
sign_intent(const struct intent *intent)
{
	struct intent sealed = *intent, *clone = NULL;
	struct bytes body;

	bytes_init(&body);
	if (body_encode_intent(intent, sim_tag, &body)) {
		seal(&sealed.sealed, &body, &intent->author);
		clone = intent_clone(&sealed);
	}
	bytes_free(&body);
	return clone;
}

bool
verify_bundle(const struct bundle *bundle)
{
	struct id hash =
	    fingerprint(bundle->sealed.body, bundle->sealed.size, 2);

	return verify(&bundle->sealed, &bundle->stream.author) &&
	    id_equal(&hash, &bundle->hash);
}

bool
verify_record(const struct record *record)
{
	return verify(&record->sealed, &record->id);
}

bool
verify_intent(const struct intent *intent)
{
	return verify(&intent->sealed, &intent->author);
}

bool
verify_frame(const struct frame *frame)
{
	switch (frame->type) {
	case FRAME_BUNDLE: return verify_bundle(&frame->bundle.bundle);
	case FRAME_MEMBER:
		return frame->member.record == NULL ||
		    verify_record(frame->member.record);
	case FRAME_INTENT: return verify_intent(&frame->intent);
	case FRAME_COMMIT:
	case FRAME_ITEM: return verify_intent(&frame->commit.item.intent);
	default: return true;
	}
}

/* -- the wire ---------------------------------------------------------- */

static struct parcel *
parcel_new(void)
{
	struct parcel *parcel = mem_zero(1, sizeof *parcel);

	parcel->references = 1;
	arena_init(&parcel->arena);
	return parcel;
}

struct parcel *
parcel_of_bytes(const uint8_t *bytes, size_t size, char why[static 128])
{
	struct parcel *parcel = parcel_new();
	struct frame *out = &parcel->frame;

	if (codec_decode(sim_tag, bytes, size, &parcel->arena, out, why) !=
	    VERDICT_ACCEPTED) {
		parcel_release(parcel);
		return NULL;
	}
	if (out->type == FRAME_BUNDLE)
		out->bundle.bundle.hash =
		    fingerprint(out->bundle.bundle.sealed.body,
			out->bundle.bundle.sealed.size, 2);
	parcel->size = size + 4;
	return parcel;
}

struct parcel *
parcel_pack(const struct frame *frame, bool plain, char why[static 128])
{
	struct parcel *parcel = NULL;
	struct bytes bytes;

	why[0] = '\0';
	if (plain) {
		parcel = parcel_new();
		parcel->frame = *frame_copy(&parcel->arena, frame);
		return parcel;
	}
	bytes_init(&bytes);
	if (!codec_encode(frame, true, &bytes))
		snprintf(why, 128, "it breaks a bound of the codec");
	else
		parcel = parcel_of_bytes(bytes.data, bytes.size, why);
	bytes_free(&bytes);
	return parcel;
}
