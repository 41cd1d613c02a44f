#include "wire/body.h"

#include <string.h>

#include "core/hlc.h"
#include "wire/schema.h"

/* Names of one or two letters: a bundle of one short message is mostly
 * what stands around the message. */
static const char *const kinds[] = {
#define X(kind, name) [KIND_##kind] = name,
	MESSAGE_KINDS(X)
#undef X
};

static bool
dependency_follows(const void *a, const void *b)
{
	const struct dependency *before = a, *after = b;

	return stream_compare(&before->stream, &after->stream) < 0;
}

static bool
room_name_follows(const void *a, const void *b)
{
	const struct room_name *before = a, *after = b;

	return id_compare(&before->id, &after->id) < 0;
}

static bool
message_is_sound(const void *message)
{
	return message_check(message) == ERROR_NONE;
}

static const struct field dependency_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct dependency, "author", stream.author),
	SCHEMA_SIMPLE(FIELD_HEX, struct dependency, "epoch", stream.epoch),
	SCHEMA_INTEGER(struct dependency, "seq", seq, 1, SCHEMA_COUNTER_MAX),
	SCHEMA_END,
};
static const struct row dependency_row = { dependency_fields,
	sizeof(struct dependency), dependency_follows, NULL };

static const struct field message_fields[] = {
	SCHEMA_NAME(struct message, "kind", kind, kinds),
	{ SCHEMA_FIELD(FIELD_TEXT, struct message, "text", text),
	    .max = LIMIT_TEXT },
	SCHEMA_SIMPLE(FIELD_MSG, struct message, "ref", ref),
	SCHEMA_END,
};
static const struct row message_row = { message_fields, sizeof(struct message),
	NULL, message_is_sound };

static const struct field bundle_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct bundle, "r", room),
	SCHEMA_SIMPLE(FIELD_ID, struct bundle, "a", stream.author),
	SCHEMA_SIMPLE(FIELD_HEX, struct bundle, "e", stream.epoch),
	SCHEMA_INTEGER(struct bundle, "s", seq, 1, SCHEMA_COUNTER_MAX),
	SCHEMA_SIMPLE(FIELD_HEX, struct bundle, "i", nonce),
	SCHEMA_SIMPLE(FIELD_HEX, struct bundle, "c", hlc),
	{ SCHEMA_FIELD(FIELD_INTEGER_OR_NONE, struct bundle, "w", wall),
	    .min = 1, .max = SCHEMA_COUNTER_MAX },
	SCHEMA_LIST(struct bundle, "p", dependencies, dependency_count,
	    LIMIT_DEPENDENCIES, dependency_row),
	SCHEMA_LIST(struct bundle, "m", messages, message_count,
	    LIMIT_BUNDLE_MESSAGES, message_row),
	SCHEMA_END,
};

static const struct field room_name_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct room_name, "room", id),
	SCHEMA_TEXT(struct room_name, "name", name, LIMIT_ROOM_NAME),
	SCHEMA_END,
};
static const struct row room_name_row = { room_name_fields,
	sizeof(struct room_name), room_name_follows, NULL };

static const struct field record_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct record, "id", id),
	SCHEMA_COUNTER(struct record, "start", start),
	SCHEMA_COUNTER(struct record, "version", version),
	SCHEMA_INTEGER(struct record, "priority", priority, 0, UINT8_MAX),
	SCHEMA_TEXT(struct record, "nick", nick, LIMIT_NICK),
	{ SCHEMA_FIELD(FIELD_TEXT_OR_NONE, struct record, "away", away),
	    .max = LIMIT_AWAY },
	SCHEMA_LIST(struct record, "rooms", rooms, room_count,
	    LIMIT_ROOMS_JOINED, room_name_row),
	SCHEMA_END,
};

static const char *const intents[] = {
#define X(kind, name) [INTENT_##kind] = name,
	INTENTS(X)
#undef X
};

static const struct field intent_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct intent, "id", id),
	SCHEMA_SIMPLE(FIELD_ID, struct intent, "author", author),
	SCHEMA_NAME(struct intent, "kind", kind, intents),
	SCHEMA_SIMPLE(FIELD_ID, struct intent, "key", key),
	SCHEMA_TEXT(struct intent, "name", name, LIMIT_INTENT_NAME),
	{ SCHEMA_FIELD(FIELD_TEXT, struct intent, "text", text),
	    .max = LIMIT_TOPIC },
	SCHEMA_SIMPLE(FIELD_ID_OR_NONE, struct intent, "released", released),
	SCHEMA_END,
};

static const char bundle_domain[] = "dchat bundle";
static const char record_domain[] = "dchat record";
static const char intent_domain[] = "dchat intent";

/* What the fields alone do not tell of a bundle. */
static bool
bundle_is_sound(const struct bundle *bundle, struct reader *reader)
{
	size_t text = 0;

	for (size_t i = 0; i < bundle->message_count; i++)
		text += strlen(bundle->messages[i].text);
	if (text > LIMIT_BUNDLE_TEXT)
		return reader_fail(reader, VERDICT_OVER_LIMIT,
		    "the texts of a bundle are longer than %d bytes",
		    LIMIT_BUNDLE_TEXT);
	if (!hlc_valid(bundle->hlc) || !hlc_wall_valid(bundle->wall))
		return reader_fail(reader, VERDICT_MALFORMED,
		    "a clock beyond the year 2200");
	return true;
}

/* Only topics have a text, only nicks give others back. */
static bool
intent_is_sound(const struct intent *intent)
{
	return (intent->text[0] == '\0' || intent->kind == INTENT_TOPIC) &&
	    (id_is_none(&intent->released) ||
		(intent->kind == INTENT_NICK &&
		    !id_equal(&intent->released, &intent->key)));
}

static void
open_body(const char *domain, const uint8_t tag[8], struct bytes *out)
{
	bytes_append_text(out, "{\"d\":");
	json_put_text(out, domain);
	bytes_append_text(out, ",\"n\":");
	json_put_hex(out, bytes_get_u64(tag));
}

/* Takes back what was appended when it came to nothing. */
static bool
close_body(bool good, size_t before, struct bytes *out)
{
	bytes_append_text(out, "}");
	if (good && out->size - before <= LIMIT_BUNDLE_BODY)
		return true;
	out->size = before;
	return false;
}

bool
body_encode_bundle(const struct bundle *bundle, const uint8_t tag[8],
    struct bytes *out)
{
	char why[WIRE_WHY];
	struct reader unread = { .why = why };
	size_t before = out->size;
	bool good;

	open_body(bundle_domain, tag, out);
	good = schema_put(bundle_fields, bundle, out) &&
	    bundle_is_sound(bundle, &unread);
	return close_body(good, before, out);
}

bool
body_encode_record(const struct record *record, const uint8_t tag[8],
    struct bytes *out)
{
	size_t before = out->size;

	open_body(record_domain, tag, out);
	return close_body(schema_put(record_fields, record, out), before, out);
}

bool
body_encode_intent(const struct intent *intent, const uint8_t tag[8],
    struct bytes *out)
{
	size_t before = out->size;
	bool good;

	open_body(intent_domain, tag, out);
	good = schema_put(intent_fields, intent, out) &&
	    intent_is_sound(intent);
	return close_body(good, before, out);
}

/* The object of a body of this domain and network; NULL: failed. */
static json_t *
read_body(const uint8_t *bytes, size_t size, const char *domain,
    const uint8_t tag[8], struct reader *reader)
{
	json_t *object, *d, *n;
	uint64_t given;

	if (size > LIMIT_BUNDLE_BODY) {
		reader_fail(reader, VERDICT_OVER_LIMIT,
		    "a body is longer than %d bytes", LIMIT_BUNDLE_BODY);
		return NULL;
	}
	object = json_read_object(reader, bytes, size);
	if (object == NULL)
		return NULL;
	d = json_object_get(object, "d");
	n = json_object_get(object, "n");
	if (!json_is_string(d) || strcmp(json_string_value(d), domain) != 0)
		reader_fail(reader, VERDICT_MALFORMED, "not a \"%s\"", domain);
	else if (!json_is_string(n) ||
	    !json_get_hex(json_string_value(n), json_string_length(n),
		&given) ||
	    given != bytes_get_u64(tag))
		reader_fail(reader, VERDICT_MALFORMED,
		    "signed for another network");
	if (reader->verdict == VERDICT_ACCEPTED)
		return object;
	json_decref(object);
	return NULL;
}

enum verdict
body_decode_bundle(const uint8_t *bytes, size_t size, const uint8_t tag[8],
    struct arena *arena, struct bundle *out, char why[static 128])
{
	struct reader reader = { arena, VERDICT_ACCEPTED, why };
	json_t *object;

	*out = (struct bundle){ 0 };
	object = read_body(bytes, size, bundle_domain, tag, &reader);
	if (object == NULL)
		return reader.verdict;
	if (schema_take(bundle_fields, object, out, &reader))
		bundle_is_sound(out, &reader);
	json_decref(object);
	out->sealed.body = bytes;
	out->sealed.size = size;
	return reader.verdict;
}

enum verdict
body_decode_record(const uint8_t *bytes, size_t size, const uint8_t tag[8],
    struct arena *arena, struct record *out, char why[static 128])
{
	struct reader reader = { arena, VERDICT_ACCEPTED, why };
	json_t *object;

	*out = (struct record){ 0 };
	object = read_body(bytes, size, record_domain, tag, &reader);
	if (object == NULL)
		return reader.verdict;
	schema_take(record_fields, object, out, &reader);
	json_decref(object);
	out->sealed.body = bytes;
	out->sealed.size = size;
	return reader.verdict;
}

enum verdict
body_decode_intent(const uint8_t *bytes, size_t size, const uint8_t tag[8],
    struct arena *arena, struct intent *out, char why[static 128])
{
	struct reader reader = { arena, VERDICT_ACCEPTED, why };
	json_t *object;

	*out = (struct intent){ 0 };
	object = read_body(bytes, size, intent_domain, tag, &reader);
	if (object == NULL)
		return reader.verdict;
	if (schema_take(intent_fields, object, out, &reader) &&
	    !intent_is_sound(out))
		reader_fail(&reader, VERDICT_MALFORMED,
		    "an intent that makes no sense");
	json_decref(object);
	out->sealed.body = bytes;
	out->sealed.size = size;
	return reader.verdict;
}
