#include "tests/unit/codec_fixture.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/body.h"
#include "wire/codec.h"

const uint8_t tag[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

struct arena arena;
struct bytes out;
char why[128];

void
set_up(void)
{
	arena_init(&arena);
	bytes_init(&out);
}

void
tear_down(void)
{
	arena_free(&arena);
	bytes_free(&out);
}

/* From memory of exactly that size, for the sanitizers to guard. */
enum verdict
decode(const void *bytes, size_t size, struct frame *frame)
{
	uint8_t *exact = mem_copy(bytes, size);
	enum verdict verdict =
	    codec_decode(tag, exact, size, &arena, frame, why);

	free(exact);
	if (verdict != VERDICT_ACCEPTED)
		ck_assert_uint_gt(strlen(why), 0);
	return verdict;
}

enum verdict
decode_text(const char *text)
{
	struct frame frame;

	return decode(text, strlen(text), &frame);
}

enum verdict
decode_bundle(const char *text)
{
	struct bundle bundle;

	return body_decode_bundle((const uint8_t *)text, strlen(text), tag,
	    &arena, &bundle, why);
}

enum verdict
decode_record(const char *text)
{
	struct record record;

	return body_decode_record((const uint8_t *)text, strlen(text), tag,
	    &arena, &record, why);
}

char *
text_of(const char *format, ...)
{
	va_list arguments;
	char *made, *kept;

	va_start(arguments, format);
	ck_assert_int_ge(vasprintf(&made, format, arguments), 0);
	va_end(arguments);
	kept = arena_text(&arena, made);
	free(made);
	return kept;
}

/* "X,X,X" */
char *
repeated(const char *item, size_t count, const char *between)
{
	struct bytes text;
	char *kept;

	bytes_init(&text);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			bytes_append_text(&text, between);
		bytes_append_text(&text, item);
	}
	bytes_append(&text, "", 1);
	kept = arena_text(&arena, (char *)text.data);
	bytes_free(&text);
	return kept;
}

/* -- every frame once, as it stands in dchat-protocol(7) ---------------- */

static const struct room_digest digests[] = {
	{ ELEVENS, 0xd1 },
	{ TWENTY_TWOS, 0xd2 },
};
static const struct range holes[] = { { 5, 5 }, { 7, 9 } };
static const struct vector_entry entries[] = {
	{ { ELEVENS, 1 }, 4, 9, holes, 2 },
	{ { TWENTY_TWOS, 2 }, 0, 12, NULL, 0 },
};
static const struct stream_range wanted[] = {
	{ { TWENTY_TWOS, 2 }, { 3, 8 } },
};
static const struct dependency bases[] = {
	{ { TWENTY_TWOS, 2 }, 40 },
};

static const struct metadata_sum sums[METADATA_SUMS];

#define ZERO "[\"0000000000000000\"]"
#define ZERO4 ZERO "," ZERO "," ZERO "," ZERO
#define ZERO16 ZERO4 "," ZERO4 "," ZERO4 "," ZERO4
#define ZERO64 ZERO16 "," ZERO16 "," ZERO16 "," ZERO16
#define ZERO256 ZERO64 "," ZERO64 "," ZERO64 "," ZERO64

/* Without signed bodies: those have to be encoded first. */
const struct plain plain[PLAIN] = {
	{ { FRAME_HELLO,
	      { .hello = { 1, { 1, 2, 3, 4, 5, 6, 7, 8 }, 0xab, 3, 40123 } } },
	    "{\"t\":\"hello\",\"version\":1,\"tag\":\"0102030405060708\","
	    "\"nonce\":\"00000000000000ab\",\"start\":3,\"port\":40123}" },
	{ { FRAME_SUPERSEDED, { { 0 } } }, "{\"t\":\"superseded\"}" },
	{ { FRAME_TWICE, { { 0 } } }, "{\"t\":\"twice\"}" },
	{ { FRAME_PING,
	      { .ping = { 0x2a, { 4, ELEVENS, 100, true }, 0xf0, 0xbe,
		    1700000000123, digests, 2 } } },
	    "{\"t\":\"ping\",\"number\":\"000000000000002a\",\"term\":4,"
	    "\"leader\":\"" A "\",\"priority\":100,\"established\":true,"
	    "\"view\":\"00000000000000f0\",\"beliefs\":\"00000000000000be\","
	    "\"wall\":1700000000123,"
	    "\"digests\":[[\"" A "\",\"00000000000000d1\"],"
	    "[\"" B "\",\"00000000000000d2\"]]}" },
	{ { FRAME_PONG,
	      { .ping = { 0x2a, { 0, { { 0 } }, 0, false }, 0xf0, 0xbe,
		    1700000000123, NULL, 0 } } },
	    "{\"t\":\"pong\",\"number\":\"000000000000002a\",\"term\":0,"
	    "\"priority\":0,\"view\":\"00000000000000f0\","
	    "\"beliefs\":\"00000000000000be\","
	    "\"wall\":1700000000123}" },
	{ { FRAME_MEMBER,
	      { .member = { ELEVENS, 3, 1, MEMBER_SUSPECT, REASON_SILENT,
		    TWENTY_TWOS, { ADDRESS_IPV4, { 192, 0, 2, 7 }, 40123, 0 },
		    NULL } } },
	    "{\"t\":\"member\",\"id\":\"" A "\",\"start\":3,"
	    "\"incarnation\":1,\"state\":\"suspect\",\"reason\":\"silent\","
	    "\"accuser\":\"" B "\",\"address\":\"192.0.2.7:40123\"}" },
	{ { FRAME_GOODBYE, { { 0 } } }, "{\"t\":\"goodbye\"}" },
	{ { FRAME_PROBE,
	      { .probe = { 5, 0xf0, 2, 3, ANTICLOCKWISE, { 100, ELEVENS },
		    CAUSE_DEAD } } },
	    "{\"t\":\"probe\",\"term\":5,\"view\":\"00000000000000f0\","
	    "\"phase\":2,\"hop\":3,\"direction\":\"anticlockwise\","
	    "\"priority\":100,\"candidate\":\"" A "\",\"cause\":\"dead\"}" },
	{ { FRAME_REPLY,
	      { .reply = { 5, 0xf0, 2, CLOCKWISE, { 100, ELEVENS } } } },
	    "{\"t\":\"reply\",\"term\":5,\"view\":\"00000000000000f0\","
	    "\"phase\":2,\"direction\":\"clockwise\",\"priority\":100,"
	    "\"candidate\":\"" A "\"}" },
	{ { FRAME_ELECTED, { .elected = { 5, 0xf0, { 100, ELEVENS } } } },
	    "{\"t\":\"elected\",\"term\":5,\"view\":\"00000000000000f0\","
	    "\"priority\":100,\"leader\":\"" A "\"}" },
	{ { FRAME_LEADER, { .leader = { 5, ELEVENS, 100, true } } },
	    "{\"t\":\"leader\",\"term\":5,\"leader\":\"" A "\","
	    "\"priority\":100,\"established\":true}" },
	{ { FRAME_ASK, { .ask = { 0x2a, 5, ELEVENS } } },
	    "{\"t\":\"ask\",\"number\":\"000000000000002a\",\"term\":5,"
	    "\"leader\":\"" A "\"}" },
	{ { FRAME_ANSWER, { .answer = { 0x2a, true } } },
	    "{\"t\":\"answer\",\"number\":\"000000000000002a\","
	    "\"alive\":true}" },
	{ { FRAME_DIGEST, { .digest = { digests, 2 } } },
	    "{\"t\":\"digest\",\"digests\":[[\"" A "\","
	    "\"00000000000000d1\"],[\"" B "\",\"00000000000000d2\"]]}" },
	{ { FRAME_VECTOR, { .vector = { ELEVENS, entries, 2, true } } },
	    "{\"t\":\"vector\",\"room\":\"" A "\",\"reply\":true,"
	    "\"streams\":[[\"" A "\",\"0000000000000001\",4,9,"
	    "[[5,5],[7,9]]],[\"" B "\",\"0000000000000002\",0,12,[]]]}" },
	{ { FRAME_WANT, { .want = { ELEVENS, wanted, 1 } } },
	    "{\"t\":\"want\",\"room\":\"" A "\",\"ranges\":[[\"" B "\","
	    "\"0000000000000002\",3,8]]}" },
	{ { FRAME_TAIL, { .tail = { ELEVENS, 500 } } },
	    "{\"t\":\"tail\",\"room\":\"" A "\",\"messages\":500}" },
	{ { FRAME_BASE, { .base = { ELEVENS, bases, 1 } } },
	    "{\"t\":\"base\",\"room\":\"" A "\",\"bases\":[[\"" B "\","
	    "\"0000000000000002\",40]]}" },
	{ { FRAME_ACK, { .ack = { ELEVENS, 0xee, 3, 8 } } },
	    "{\"t\":\"ack\",\"room\":\"" A "\",\"epoch\":"
	    "\"00000000000000ee\",\"first\":3,\"last\":8}" },
	{ { FRAME_TYPING, { .typing = { ELEVENS } } },
	    "{\"t\":\"typing\",\"room\":\"" A "\"}" },
	{ { FRAME_DECIDED, { .decided = { ELEVENS, DECISION_TAKEN } } },
	    "{\"t\":\"decided\",\"intent\":\"" A "\","
	    "\"decision\":\"taken\"}" },
	{ { FRAME_ROOT,
	      { .root = { { 5, 100, ELEVENS }, 7, 0xf0, true, true } } },
	    "{\"t\":\"root\",\"term\":5,\"priority\":100,"
	    "\"leader\":\"" A "\",\"index\":7,"
	    "\"root\":\"00000000000000f0\",\"ask\":true,\"done\":true}" },
	{ { FRAME_SUMS, { .sums = { sums, METADATA_SUMS, true } } },
	    "{\"t\":\"sums\",\"sums\":[" ZERO256 "],\"reply\":true}" },
	{ { FRAME_RELAY,
	      { .relay = { .to = ELEVENS,
		    .channel = 0x2a,
		    .at = 16384,
		    .taken = 7,
		    .bytes = (const uint8_t *)"\n{",
		    .size = 2 } } },
	    "{\"t\":\"relay\",\"to\":\"" A "\","
	    "\"channel\":\"000000000000002a\",\"at\":16384,"
	    "\"taken\":7,\"size\":2}\n\n{" },
};

const char bundle_text[] = BUNDLE_HEADER "," KEY "}\n" BUNDLE_BODY;
const char record_text[] = MEMBER_HEADER "," KEY "}\n" RECORD_BODY;

const char intent_text[] = "{\"t\":\"intent\"," SIG "," KEY "}\n" INTENT_BODY;
const char commit_text[] =
    "{\"t\":\"commit\",\"term\":5,\"index\":7,\"priority\":100,"
    ITEM_HEADER "," KEY "}\n" INTENT_BODY;
const char item_text[] =
    "{\"t\":\"item\"," ITEM_HEADER "," KEY "}\n" INTENT_BODY;

static const struct dependency bundle_dependencies[] = {
	{ { THIRTY_THREES, 0xff }, 3 },
};
static const struct message bundle_messages[] = {
	{ KIND_TEXT, "h\1\n\"\\\xc3\xa9", "" },
	{ KIND_ACTION, "waves", "" },
};
const struct bundle example_bundle = {
	.room = ELEVENS,
	.stream = { TWENTY_TWOS, 0xee },
	.seq = 7,
	.nonce = 0xaa,
	.hlc = 0x10002,
	.dependencies = bundle_dependencies,
	.dependency_count = 1,
	.messages = bundle_messages,
	.message_count = 2,
};
static const struct room_name record_rooms[] = {
	{ TWENTY_TWOS, "#lobby" },
	{ THIRTY_THREES, "#b\xc3\xbc" },
};
const struct record example_record = {
	.id = ELEVENS,
	.start = 3,
	.version = 9,
	.priority = 100,
	.nick = "ann",
	.rooms = record_rooms,
	.room_count = 2,
};

const struct intent example_intent = {
	.id = THIRTY_THREES,
	.author = TWENTY_TWOS,
	.kind = INTENT_NICK,
	.key = ELEVENS,
	.name = "ann",
	.text = "",
	.released = TWENTY_TWOS,
};

static struct sealed
example_seal(const char *body)
{
	struct sealed sealed = { (const uint8_t *)body, strlen(body), { 0 },
		{ 0 } };

	memset(sealed.signature, 0x11, sizeof sealed.signature);
	memset(sealed.key, 0x22, sizeof sealed.key);
	return sealed;
}

struct frame
example_bundle_frame(void)
{
	struct frame frame = { .type = FRAME_BUNDLE };

	frame.bundle.bundle = example_bundle;
	frame.bundle.bundle.sealed = example_seal(BUNDLE_BODY);
	frame.bundle.backlog = true;
	return frame;
}

struct frame
example_record_frame(void)
{
	struct frame frame = { .type = FRAME_MEMBER };
	struct record *record =
	    arena_copy(&arena, &example_record, sizeof example_record);

	record->sealed = example_seal(RECORD_BODY);
	frame.member.id = record->id;
	frame.member.start = 3;
	frame.member.reason = REASON_LINKED;
	frame.member.record = record;
	return frame;
}

struct frame
example_intent_frame(enum frame_type type)
{
	static const struct recent_intent recent[] = { { TWENTY_TWOS } };
	struct frame frame = { .type = type };
	struct intent intent = example_intent;

	intent.sealed = example_seal(INTENT_BODY);
	if (type == FRAME_INTENT) {
		frame.intent = intent;
		return frame;
	}
	frame.commit.item = (struct item){ ELEVENS, 3, 5, THIRTY_THREES, 2,
		TWENTY_TWOS, recent, 1, intent };
	if (type == FRAME_COMMIT) {
		frame.commit.term = 5;
		frame.commit.index = 7;
		frame.commit.priority = 100;
	}
	return frame;
}

void
assert_out(const char *text)
{
	bytes_append(&out, "", 1);
	ck_assert_str_eq((char *)out.data, text);
	bytes_clear(&out);
}

/* Reads the text and writes it again. */
void
assert_round_trip(const char *text)
{
	struct frame frame;

	ck_assert_msg(decode(text, strlen(text), &frame) == VERDICT_ACCEPTED,
	    "%s: %s", why, text);
	ck_assert(codec_encode(&frame, true, &out));
	assert_out(text);
}
