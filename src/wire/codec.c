#include "wire/codec.h"

#include <assert.h>
#include <string.h>

#include "base/base64.h"
#include "wire/body.h"
#include "wire/schema.h"

/* -- names ------------------------------------------------------------- */

static const char *const types[] = {
#define X(type, name, bulk) [FRAME_##type] = name,
	FRAMES(X)
#undef X
};

static const char *const states[] = {
	[MEMBER_ALIVE] = "alive",
	[MEMBER_SUSPECT] = "suspect",
	[MEMBER_DEAD] = "dead",
	[MEMBER_LEFT] = "left",
};

static const char *const reasons[] = {
#define X(reason, name) [REASON_##reason] = name,
	REASONS(X)
#undef X
};

static const char *const directions[] = {
	[CLOCKWISE] = "clockwise",
	[ANTICLOCKWISE] = "anticlockwise",
};

static const char *const causes[] = {
#define X(cause, name) [CAUSE_##cause] = name,
	CAUSES(X)
#undef X
};

static const char *const decisions[] = {
#define X(decision, name) [DECISION_##decision] = name,
	DECISIONS(X)
#undef X
};

/* -- rows of lists ----------------------------------------------------- */

static bool
digest_follows(const void *a, const void *b)
{
	const struct room_digest *before = a, *after = b;

	return id_compare(&before->room, &after->room) < 0;
}

static const struct field digest_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct room_digest, "room", room),
	SCHEMA_SIMPLE(FIELD_HEX, struct room_digest, "digest", digest),
	SCHEMA_END,
};
static const struct row digest_row = { digest_fields,
	sizeof(struct room_digest), digest_follows, NULL };

static bool
hole_follows(const void *a, const void *b)
{
	const struct range *before = a, *after = b;

	return before->last < after->first;
}

static bool
range_is_sound(const void *element)
{
	const struct range *range = element;

	return range->first <= range->last;
}

static const struct field range_fields[] = {
	SCHEMA_INTEGER(struct range, "first", first, 1, SCHEMA_COUNTER_MAX),
	SCHEMA_INTEGER(struct range, "last", last, 1, SCHEMA_COUNTER_MAX),
	SCHEMA_END,
};
static const struct row hole_row = { range_fields, sizeof(struct range),
	hole_follows, range_is_sound };

static bool
vector_follows(const void *a, const void *b)
{
	const struct vector_entry *before = a, *after = b;

	return stream_compare(&before->stream, &after->stream) < 0;
}

static bool
vector_is_sound(const void *element)
{
	const struct vector_entry *entry = element;

	/* the holes are ascending already */
	return entry->base <= entry->top &&
	    (entry->hole_count == 0 ||
		(entry->holes[0].first > entry->base &&
		    entry->holes[entry->hole_count - 1].last <= entry->top));
}

static const struct field vector_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct vector_entry, "author", stream.author),
	SCHEMA_SIMPLE(FIELD_HEX, struct vector_entry, "epoch", stream.epoch),
	SCHEMA_COUNTER(struct vector_entry, "base", base),
	SCHEMA_COUNTER(struct vector_entry, "top", top),
	SCHEMA_LIST(struct vector_entry, "holes", holes, hole_count,
	    LIMIT_HOLES, hole_row),
	SCHEMA_END,
};
static const struct row vector_row = { vector_fields,
	sizeof(struct vector_entry), vector_follows, vector_is_sound };

static bool
want_is_sound(const void *element)
{
	const struct stream_range *wanted = element;

	return range_is_sound(&wanted->range);
}

static const struct field want_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct stream_range, "author", stream.author),
	SCHEMA_SIMPLE(FIELD_HEX, struct stream_range, "epoch", stream.epoch),
	SCHEMA_INTEGER(struct stream_range, "first", range.first, 1,
	    SCHEMA_COUNTER_MAX),
	SCHEMA_INTEGER(struct stream_range, "last", range.last, 1,
	    SCHEMA_COUNTER_MAX),
	SCHEMA_END,
};
static const struct row want_row = { want_fields, sizeof(struct stream_range),
	NULL, want_is_sound };

static const struct field base_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct dependency, "author", stream.author),
	SCHEMA_SIMPLE(FIELD_HEX, struct dependency, "epoch", stream.epoch),
	SCHEMA_COUNTER(struct dependency, "base", seq),
	SCHEMA_END,
};
static const struct row base_row = { base_fields, sizeof(struct dependency),
	NULL, NULL };

static const struct field recent_fields[] = {
	SCHEMA_SIMPLE(FIELD_ID, struct recent_intent, "intent", id),
	SCHEMA_END,
};
static const struct row recent_row = { recent_fields,
	sizeof(struct recent_intent), NULL, NULL };

static const struct field sum_fields[] = {
	SCHEMA_SIMPLE(FIELD_HEX, struct metadata_sum, "sum", sum),
	SCHEMA_END,
};
static const struct row sum_row = { sum_fields, sizeof(struct metadata_sum),
	NULL, NULL };

/* -- headers, one table a frame ---------------------------------------- */

#define SIMPLE(kind, name, member)                                             \
	SCHEMA_SIMPLE(kind, struct frame, name, member)
#define COUNTER(name, member) SCHEMA_COUNTER(struct frame, name, member)
#define INTEGER(name, member, least, most)                                     \
	SCHEMA_INTEGER(struct frame, name, member, least, most)
#define NAME(name, member, table) SCHEMA_NAME(struct frame, name, member, table)
#define LIST(name, member, count, most, row)                                   \
	SCHEMA_LIST(struct frame, name, member, count, most, row)

#define LEADERSHIP(member)                                                     \
	COUNTER("term", member.term),                                          \
	    SIMPLE(FIELD_ID_OR_NONE, "leader", member.leader),                 \
	    INTEGER("priority", member.priority, 0, UINT8_MAX),                \
	    SIMPLE(FIELD_FLAG, "established", member.established)

static const struct field header_HELLO[] = {
	INTEGER("version", hello.version, 0, UINT16_MAX),
	SIMPLE(FIELD_TAG, "tag", hello.tag),
	SIMPLE(FIELD_HEX, "nonce", hello.nonce),
	COUNTER("start", hello.start),
	INTEGER("port", hello.port, 1, UINT16_MAX),
	SCHEMA_END,
};

static const struct field header_SUPERSEDED[] = { SCHEMA_END };
static const struct field header_TWICE[] = {
	SIMPLE(FIELD_ADDRESS, "address", twice.address),
	SCHEMA_END,
};
static const struct field header_RELAY[] = {
	SIMPLE(FIELD_ID_OR_NONE, "to", relay.to),
	SIMPLE(FIELD_ID_OR_NONE, "origin", relay.origin),
	SIMPLE(FIELD_HEX, "channel", relay.channel),
	COUNTER("at", relay.at),
	COUNTER("taken", relay.taken),
	SIMPLE(FIELD_FLAG, "end", relay.end),
	INTEGER("size", relay.size, 0, RELAY_PIECE),
	SCHEMA_END,
};
static const struct field header_GOODBYE[] = { SCHEMA_END };

static const struct field header_PING[] = {
	SIMPLE(FIELD_HEX, "number", ping.number),
	LEADERSHIP(ping.leadership),
	SIMPLE(FIELD_HEX, "view", ping.view),
	SIMPLE(FIELD_HEX, "beliefs", ping.beliefs),
	COUNTER("wall", ping.wall),
	LIST("digests", ping.digests, ping.digest_count, LIMIT_DIGESTS,
	    digest_row),
	SCHEMA_END,
};

/* The same, and no digests. */
static const struct field header_PONG[] = {
	SIMPLE(FIELD_HEX, "number", ping.number),
	LEADERSHIP(ping.leadership),
	SIMPLE(FIELD_HEX, "view", ping.view),
	SIMPLE(FIELD_HEX, "beliefs", ping.beliefs),
	COUNTER("wall", ping.wall),
	SCHEMA_END,
};

static const struct field header_MEMBER[] = {
	SIMPLE(FIELD_ID, "id", member.id),
	COUNTER("start", member.start),
	COUNTER("incarnation", member.incarnation),
	NAME("state", member.state, states),
	NAME("reason", member.reason, reasons),
	SIMPLE(FIELD_ID_OR_NONE, "accuser", member.accuser),
	SIMPLE(FIELD_ADDRESS, "address", member.address),
	SCHEMA_END,
};

static const struct field header_PROBE[] = {
	COUNTER("term", probe.term),
	SIMPLE(FIELD_HEX, "view", probe.view),
	INTEGER("phase", probe.phase, 0, CODEC_PHASE_MAX),
	INTEGER("hop", probe.hop, 1, 1 << CODEC_PHASE_MAX),
	NAME("direction", probe.direction, directions),
	INTEGER("priority", probe.candidate.priority, 0, UINT8_MAX),
	SIMPLE(FIELD_ID, "candidate", probe.candidate.id),
	NAME("cause", probe.cause, causes),
	SCHEMA_END,
};

static const struct field header_REPLY[] = {
	COUNTER("term", reply.term),
	SIMPLE(FIELD_HEX, "view", reply.view),
	INTEGER("phase", reply.phase, 0, CODEC_PHASE_MAX),
	NAME("direction", reply.direction, directions),
	INTEGER("priority", reply.candidate.priority, 0, UINT8_MAX),
	SIMPLE(FIELD_ID, "candidate", reply.candidate.id),
	SCHEMA_END,
};

static const struct field header_ELECTED[] = {
	COUNTER("term", elected.term),
	SIMPLE(FIELD_HEX, "view", elected.view),
	INTEGER("priority", elected.leader.priority, 0, UINT8_MAX),
	SIMPLE(FIELD_ID, "leader", elected.leader.id),
	SCHEMA_END,
};

static const struct field header_LEADER[] = {
	LEADERSHIP(leader),
	SCHEMA_END,
};

static const struct field header_ASK[] = {
	SIMPLE(FIELD_HEX, "number", ask.number),
	COUNTER("term", ask.term),
	SIMPLE(FIELD_ID_OR_NONE, "leader", ask.leader),
	SCHEMA_END,
};

static const struct field header_ANSWER[] = {
	SIMPLE(FIELD_HEX, "number", answer.number),
	SIMPLE(FIELD_FLAG, "alive", answer.alive),
	SCHEMA_END,
};

static const struct field header_BUNDLE[] = {
	SIMPLE(FIELD_FLAG, "backlog", bundle.backlog),
	SIMPLE(FIELD_FLAG, "end", bundle.end),
	SCHEMA_END,
};

static const struct field header_DIGEST[] = {
	LIST("digests", digest.digests, digest.count, LIMIT_DIGESTS,
	    digest_row),
	SCHEMA_END,
};

static const struct field header_VECTOR[] = {
	SIMPLE(FIELD_ID, "room", vector.room),
	SIMPLE(FIELD_FLAG, "reply", vector.reply),
	LIST("streams", vector.entries, vector.count, LIMIT_VECTOR_PAGE,
	    vector_row),
	SCHEMA_END,
};

static const struct field header_WANT[] = {
	SIMPLE(FIELD_ID, "room", want.room),
	LIST("ranges", want.ranges, want.count, LIMIT_VECTOR_PAGE, want_row),
	{ SCHEMA_FIELD(FIELD_INTEGER_OR_NONE, struct frame, "newest",
	      want.newest),
	    .max = LIMIT_PAGE_MESSAGES },
	SCHEMA_END,
};

static const struct field header_TAIL[] = {
	SIMPLE(FIELD_ID, "room", tail.room),
	INTEGER("messages", tail.messages, 1, LIMIT_TAIL),
	SCHEMA_END,
};

static const struct field header_BASE[] = {
	SIMPLE(FIELD_ID, "room", base.room),
	LIST("bases", base.bases, base.count, LIMIT_VECTOR_PAGE, base_row),
	SCHEMA_END,
};

static const struct field header_ACK[] = {
	SIMPLE(FIELD_ID, "room", ack.room),
	SIMPLE(FIELD_HEX, "epoch", ack.epoch),
	INTEGER("first", ack.first, 1, SCHEMA_COUNTER_MAX),
	INTEGER("last", ack.last, 1, SCHEMA_COUNTER_MAX),
	SIMPLE(FIELD_FLAG, "ask", ack.ask),
	SCHEMA_END,
};

static const struct field header_TYPING[] = {
	SIMPLE(FIELD_ID, "room", typing.room),
	SCHEMA_END,
};

static const struct field header_INTENT[] = { SCHEMA_END };

static const struct field header_DECIDED[] = {
	SIMPLE(FIELD_ID, "intent", decided.intent),
	NAME("decision", decided.decision, decisions),
	SCHEMA_END,
};

#define ITEM_FIELDS                                                            \
	SIMPLE(FIELD_ID, "item", commit.item.key),                             \
	    INTEGER("version", commit.item.version, 1, SCHEMA_COUNTER_MAX),    \
	    COUNTER("decided", commit.item.term),                              \
	    SIMPLE(FIELD_ID, "by", commit.item.leader),                        \
	    COUNTER("generation", commit.item.generation),                     \
	    SIMPLE(FIELD_ID, "creator", commit.item.creator),                  \
	    LIST("recent", commit.item.recent, commit.item.recent_count,       \
		ITEM_RECENT, recent_row)

static const struct field header_COMMIT[] = {
	COUNTER("term", commit.term),
	INTEGER("index", commit.index, 1, SCHEMA_COUNTER_MAX),
	INTEGER("priority", commit.priority, 0, UINT8_MAX),
	ITEM_FIELDS,
	SCHEMA_END,
};

static const struct field header_ITEM[] = { ITEM_FIELDS, SCHEMA_END };

static const struct field header_ROOT[] = {
	COUNTER("term", root.fence.term),
	INTEGER("priority", root.fence.priority, 0, UINT8_MAX),
	SIMPLE(FIELD_ID_OR_NONE, "leader", root.fence.leader),
	COUNTER("index", root.index),
	SIMPLE(FIELD_HEX, "root", root.root),
	SIMPLE(FIELD_FLAG, "ask", root.ask),
	SIMPLE(FIELD_FLAG, "done", root.done),
	SCHEMA_END,
};

static const struct field header_SUMS[] = {
	LIST("sums", sums.sums, sums.count, METADATA_SUMS, sum_row),
	SIMPLE(FIELD_FLAG, "reply", sums.reply),
	SCHEMA_END,
};

/* A row of the catalogue without its table does not compile. */
static const struct field *const headers[] = {
#define X(type, name, bulk) [FRAME_##type] = header_##type,
	FRAMES(X)
#undef X
};

/* What the fields alone do not tell of a frame's header. */
static bool
header_is_sound(const struct frame *frame)
{
	const struct leadership *told = &frame->leader;

	switch (frame->type) {
	case FRAME_PING:
	case FRAME_PONG:
		told = &frame->ping.leadership;
		/* fall through */
	case FRAME_LEADER:
		return !told->established || !id_is_none(&told->leader);
	case FRAME_RELAY:
		return id_is_none(&frame->relay.to) !=
		    id_is_none(&frame->relay.origin);
	case FRAME_ACK: return frame->ack.first <= frame->ack.last;
	case FRAME_PROBE: return frame->probe.hop <= 1U << frame->probe.phase;
	case FRAME_SUMS: return frame->sums.count == METADATA_SUMS;
	default: return true;
	}
}

/* -- writing ----------------------------------------------------------- */

static const struct sealed *
carried(const struct frame *frame)
{
	if (frame->type == FRAME_BUNDLE)
		return &frame->bundle.bundle.sealed;
	if (frame->type == FRAME_MEMBER && frame->member.record != NULL)
		return &frame->member.record->sealed;
	if (frame->type == FRAME_INTENT)
		return &frame->intent.sealed;
	if (frame->type == FRAME_COMMIT || frame->type == FRAME_ITEM)
		return &frame->commit.item.intent.sealed;
	return NULL;
}

static void
put_bytes(const char *name, const uint8_t *value, size_t size,
    struct bytes *out)
{
	bytes_append_text(out, ",\"");
	bytes_append_text(out, name);
	bytes_append_text(out, "\":\"");
	base64_put(out, value, size);
	bytes_append_text(out, "\"");
}

bool
codec_encode(const struct frame *frame, bool with_key, struct bytes *out)
{
	const struct sealed *sealed = carried(frame);
	size_t before = out->size;
	bool good;

	assert(frame->type < FRAME_TYPES);
	bytes_append_text(out, "{\"t\":");
	json_put_text(out, types[frame->type]);
	good = schema_put(headers[frame->type], frame, out) &&
	    header_is_sound(frame) && (sealed == NULL || sealed->body != NULL);
	if (good && sealed != NULL) {
		put_bytes("sig", sealed->signature, SIGNATURE_BYTES, out);
		if (with_key)
			put_bytes("key", sealed->key, KEY_BYTES, out);
	}
	bytes_append_text(out, "}");
	if (good && sealed != NULL) {
		bytes_append_text(out, "\n");
		bytes_append(out, sealed->body, sealed->size);
	}
	if (good && frame->type == FRAME_RELAY && frame->relay.size > 0) {
		bytes_append_text(out, "\n");
		bytes_append(out, frame->relay.bytes, frame->relay.size);
	}
	if (good && out->size - before <= LIMIT_FRAME)
		return true;
	out->size = before;
	return false;
}

/* -- reading ----------------------------------------------------------- */

/* A frame as it came: its header, and its body if there is one. */
struct received {
	const json_t *header;
	const uint8_t *body; /* NULL: none */
	size_t size;
	const uint8_t *tag;
};

static bool
take_type(const json_t *header, enum frame_type *type, struct reader *reader)
{
	const char *name = json_string_value(json_object_get(header, "t"));

	if (name != NULL)
		for (size_t i = 0; i < FRAME_TYPES; i++)
			if (strcmp(name, types[i]) == 0) {
				*type = (enum frame_type)i;
				return true;
			}
	return reader_fail(reader, VERDICT_MALFORMED, "no frame of this type");
}

static bool
take_bytes(const json_t *header, const char *name, uint8_t *value, size_t size,
    struct reader *reader)
{
	const json_t *text = json_object_get(header, name);

	if (json_is_string(text) &&
	    base64_get(json_string_value(text), json_string_length(text), value,
		size))
		return true;
	return reader_fail(reader, VERDICT_MALFORMED,
	    "\"%s\" is not %zu bytes in base64", name, size);
}

static bool
take_seal(const struct received *in, struct sealed *sealed,
    struct reader *reader)
{
	return take_bytes(in->header, "sig", sealed->signature, SIGNATURE_BYTES,
		   reader) &&
	    (json_object_get(in->header, "key") == NULL ||
		take_bytes(in->header, "key", sealed->key, KEY_BYTES, reader));
}

static bool
take_bundle(const struct received *in, struct bundle *bundle,
    struct reader *reader)
{
	if (in->body == NULL)
		return reader_fail(reader, VERDICT_MALFORMED,
		    "a bundle without a body");
	reader->verdict =
	    body_decode_bundle(arena_copy(reader->arena, in->body, in->size),
		in->size, in->tag, reader->arena, bundle, reader->why);
	return reader->verdict == VERDICT_ACCEPTED &&
	    take_seal(in, &bundle->sealed, reader);
}

static bool
take_record(const struct received *in, struct member_news *news,
    struct reader *reader)
{
	struct record *record;

	/* a signature of nothing is a frame that lost its end */
	if (in->body == NULL && json_object_get(in->header, "sig") != NULL)
		return reader_fail(reader, VERDICT_MALFORMED,
		    "a signature without a body");
	if (in->body == NULL)
		return true;
	record = arena_alloc(reader->arena, sizeof *record);
	news->record = record;
	reader->verdict =
	    body_decode_record(arena_copy(reader->arena, in->body, in->size),
		in->size, in->tag, reader->arena, record, reader->why);
	if (reader->verdict != VERDICT_ACCEPTED)
		return false;
	if (!id_equal(&record->id, &news->id))
		return reader_fail(reader, VERDICT_MALFORMED,
		    "news with the record of another member");
	return take_seal(in, &record->sealed, reader);
}

static bool
take_intent(const struct received *in, struct intent *intent,
    struct reader *reader)
{
	if (in->body == NULL)
		return reader_fail(reader, VERDICT_MALFORMED,
		    "an intent without a body");
	reader->verdict =
	    body_decode_intent(arena_copy(reader->arena, in->body, in->size),
		in->size, in->tag, reader->arena, intent, reader->why);
	return reader->verdict == VERDICT_ACCEPTED &&
	    take_seal(in, &intent->sealed, reader);
}

/* The stamp of the leader goes with what was signed. */
static bool
take_item(const struct received *in, struct item *item,
    struct reader *reader)
{
	const struct intent *intent = &item->intent;

	if (!take_intent(in, &item->intent, reader))
		return false;
	if (id_equal(&item->key, &intent->key) ||
	    (intent->kind == INTENT_NICK &&
		id_equal(&item->key, &intent->released)))
		return true;
	return reader_fail(reader, VERDICT_MALFORMED,
	    "an item with an intent about another");
}

/* Bytes that mean nothing here. */
static bool
take_piece(const struct received *in, struct relay *relay,
    struct reader *reader)
{
	if (in->size != relay->size)
		return reader_fail(reader, VERDICT_MALFORMED,
		    "a piece of %zu bytes instead of %zu", in->size,
		    relay->size);
	if (in->size > 0)
		relay->bytes = arena_copy(reader->arena, in->body, in->size);
	return true;
}

static bool
take_frame(const struct received *in, struct frame *frame,
    struct reader *reader)
{
	if (!take_type(in->header, &frame->type, reader) ||
	    !schema_take(headers[frame->type], in->header, frame, reader))
		return false;
	if (!header_is_sound(frame))
		return reader_fail(reader, VERDICT_MALFORMED,
		    "a %s that makes no sense", types[frame->type]);
	if (frame->type == FRAME_BUNDLE)
		return take_bundle(in, &frame->bundle.bundle, reader);
	if (frame->type == FRAME_INTENT)
		return take_intent(in, &frame->intent, reader);
	if (frame->type == FRAME_COMMIT || frame->type == FRAME_ITEM)
		return take_item(in, &frame->commit.item, reader);
	if (frame->type == FRAME_MEMBER)
		return take_record(in, &frame->member, reader);
	if (frame->type == FRAME_RELAY)
		return take_piece(in, &frame->relay, reader);
	if (in->body != NULL)
		return reader_fail(reader, VERDICT_MALFORMED,
		    "a %s with a body", types[frame->type]);
	return true;
}

enum verdict
codec_decode(const uint8_t tag[8], const uint8_t *bytes, size_t size,
    struct arena *arena, struct frame *out, char why[static 128])
{
	struct reader reader = { arena, VERDICT_ACCEPTED, why };
	struct received in = { .tag = tag };
	const uint8_t *newline;
	json_t *header;

	*out = (struct frame){ 0 };
	if (size > LIMIT_FRAME) {
		reader_fail(&reader, VERDICT_OVER_LIMIT,
		    "a frame is longer than %d bytes", LIMIT_FRAME);
		return reader.verdict;
	}
	newline = size > 0 ? memchr(bytes, '\n', size) : NULL;
	if (newline != NULL) {
		in.body = newline + 1;
		in.size = size - (size_t)(in.body - bytes);
		size = (size_t)(newline - bytes);
	}
	header = json_read_object(&reader, bytes, size);
	if (header == NULL)
		return reader.verdict;
	in.header = header;
	take_frame(&in, out, &reader);
	json_decref(header);
	return reader.verdict;
}
