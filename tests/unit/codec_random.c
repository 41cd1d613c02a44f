#include <check.h>
#include <string.h>

#include "base/limits.h"
#include "tests/unit/codec_fixture.h"
#include "wire/body.h"
#include "wire/codec.h"

static uint64_t
random_counter(struct rng *rng)
{
	switch (rng_below(rng, 4)) {
	case 0: return rng_below(rng, 3);
	case 1: return COUNTER_MAX - rng_below(rng, 3);
	default: return rng_next(rng) >> (2 + rng_below(rng, 60));
	}
}

static struct id
random_id(struct rng *rng)
{
	struct id id;

	for (size_t i = 0; i < ID_BYTES; i++)
		id.bytes[i] = (uint8_t)rng_next(rng);
	id.bytes[15] |= 1;
	return id;
}

static struct id
random_id_or_none(struct rng *rng)
{
	return rng_below(rng, 2) ? random_id(rng) : (struct id){ { 0 } };
}

/* Ascending ones share all bytes but the first two, which count. */
struct stream
random_stream(struct rng *rng, size_t place)
{
	struct stream stream = { random_id(rng), rng_next(rng) };

	stream.author.bytes[0] = (uint8_t)(place >> 8);
	stream.author.bytes[1] = (uint8_t)place;
	return stream;
}

/* Mostly few, now and then as many as may be. */
static size_t
random_count(struct rng *rng, size_t most)
{
	if (rng_below(rng, 20) == 0)
		return most;
	return rng_below(rng, most < 6 ? most : 6);
}

static char *
random_text(struct rng *rng, size_t most)
{
	static const char *const pieces[] = { "a", "Z", " ", "\"", "\\", "\n",
		"\1", "\x1f", "\x7f", "/", "\xc3\xa9", "\xe2\x82\xac",
		"\xf0\x9f\x98\x80", "\xef\xbf\xbf", "{", "]" };
	size_t length = 1 + rng_below(rng, most), size = 0;
	char *text = arena_alloc(&arena, length + 1);

	for (;;) {
		const char *piece = pieces[rng_below(rng, 16)];

		if (size + strlen(piece) > length)
			break;
		memcpy(text + size, piece, strlen(piece));
		size += strlen(piece);
	}
	if (size == 0)
		text[size++] = 'x';
	text[size] = '\0';
	return text;
}

static struct leadership
random_leadership(struct rng *rng)
{
	struct leadership told = { random_counter(rng), random_id_or_none(rng),
		(uint8_t)rng_next(rng), false };

	told.established = !id_is_none(&told.leader) && rng_below(rng, 2);
	return told;
}

static const struct room_digest *
random_digests(struct rng *rng, size_t *count)
{
	struct room_digest *made;

	*count = random_count(rng, LIMIT_DIGESTS);
	made = arena_alloc(&arena, *count * sizeof *made);
	for (size_t i = 0; i < *count; i++) {
		made[i].room = random_stream(rng, i).author;
		made[i].digest = rng_next(rng);
	}
	return made;
}

static const struct dependency *
random_dependencies(struct rng *rng, size_t *count, size_t most)
{
	struct dependency *made;

	*count = random_count(rng, most);
	made = arena_alloc(&arena, *count * sizeof *made);
	for (size_t i = 0; i < *count; i++) {
		made[i].stream = random_stream(rng, i);
		made[i].seq = 1 + rng_below(rng, 1000000);
	}
	return made;
}

static const struct vector_entry *
random_entries(struct rng *rng, size_t *count)
{
	struct vector_entry *made;
	struct range *range;

	*count = random_count(rng, LIMIT_VECTOR_PAGE);
	made = arena_alloc(&arena, *count * sizeof *made);
	for (size_t i = 0; i < *count; i++) {
		uint64_t at = rng_below(rng, 1000);

		made[i].stream = random_stream(rng, i);
		made[i].base = at;
		made[i].hole_count =
		    random_count(rng, *count > 6 ? 4 : LIMIT_HOLES);
		range = arena_alloc(&arena, made[i].hole_count * sizeof *range);
		for (size_t h = 0; h < made[i].hole_count; h++) {
			range[h].first = at + 1 + rng_below(rng, 3);
			at = range[h].first + rng_below(rng, 3);
			range[h].last = at;
		}
		made[i].holes = range;
		made[i].top = at + rng_below(rng, 2);
	}
	return made;
}

static const struct stream_range *
random_ranges(struct rng *rng, size_t *count)
{
	struct stream_range *made;

	*count = random_count(rng, LIMIT_VECTOR_PAGE);
	made = arena_alloc(&arena, *count * sizeof *made);
	for (size_t i = 0; i < *count; i++) {
		made[i].stream = random_stream(rng, rng_below(rng, 65536));
		made[i].range.first = 1 + rng_below(rng, 1000);
		made[i].range.last = made[i].range.first + rng_below(rng, 1000);
	}
	return made;
}

static void
seal_randomly(struct rng *rng, struct sealed *sealed, const struct bytes *body)
{
	sealed->body = arena_copy(&arena, body->data, body->size);
	sealed->size = body->size;
	for (size_t i = 0; i < SIGNATURE_BYTES; i++)
		sealed->signature[i] = (uint8_t)rng_next(rng);
	for (size_t i = 0; i < KEY_BYTES; i++)
		sealed->key[i] = (uint8_t)rng_next(rng);
}

static void
random_message(struct rng *rng, struct message *message, size_t size)
{
	struct bundle of = { .hash = random_id(rng) };

	*message = (struct message){
		.kind = (enum message_kind)rng_below(rng, MESSAGE_KIND_COUNT),
		.text = "",
	};
	if (message_kind_refers(message->kind))
		message_name(&of, rng_below(rng, LIMIT_BUNDLE_MESSAGES),
		    message->ref);
	if (message->kind == KIND_REACTION)
		message->text = random_text(rng, LIMIT_REACTION);
	else if (message->kind != KIND_DELETE)
		message->text = random_text(rng, size);
}

static struct bundle
random_bundle(struct rng *rng)
{
	struct bundle b = { .room = random_id(rng),
		.stream = random_stream(rng, rng_below(rng, 65536)),
		.seq = 1 + rng_below(rng, COUNTER_MAX),
		.nonce = rng_next(rng),
		.hlc = rng_below(rng, HLC_MAX),
		.wall = rng_below(rng, 2) * rng_below(rng, HLC_MAX >> 16) };
	struct message *messages;
	struct bytes body;

	b.dependencies =
	    random_dependencies(rng, &b.dependency_count, LIMIT_DEPENDENCIES);
	b.message_count = random_count(rng, LIMIT_BUNDLE_MESSAGES);
	messages = arena_alloc(&arena, b.message_count * sizeof *messages);
	for (size_t i = 0; i < b.message_count; i++) {
		random_message(rng, &messages[i],
		    b.message_count > 2 ? 100 : LIMIT_TEXT);
	}
	b.messages = messages;
	bytes_init(&body);
	ck_assert(body_encode_bundle(&b, tag, &body));
	seal_randomly(rng, &b.sealed, &body);
	bytes_free(&body);
	return b;
}

static const struct record *
random_record(struct rng *rng, const struct id *id)
{
	struct record r = { .id = *id,
		.start = random_counter(rng),
		.version = random_counter(rng),
		.priority = (uint8_t)rng_next(rng),
		.nick = random_text(rng, LIMIT_NICK),
		.away = rng_below(rng, 2) == 0
		    ? NULL
		    : random_text(rng, LIMIT_AWAY) };
	struct room_name *rooms;
	struct bytes body;

	r.room_count = random_count(rng, LIMIT_ROOMS_JOINED);
	rooms = arena_alloc(&arena, r.room_count * sizeof *rooms);
	for (size_t i = 0; i < r.room_count; i++) {
		rooms[i].id = random_stream(rng, i).author;
		rooms[i].name = random_text(rng, LIMIT_ROOM_NAME);
	}
	r.rooms = rooms;
	bytes_init(&body);
	ck_assert(body_encode_record(&r, tag, &body));
	seal_randomly(rng, &r.sealed, &body);
	bytes_free(&body);
	return arena_copy(&arena, &r, sizeof r);
}

static struct address
random_address(struct rng *rng)
{
	struct address address = { 0 };

	switch (rng_below(rng, 3)) {
	case 0: return address;
	case 1: address.family = ADDRESS_IPV4; break;
	default: address.family = ADDRESS_IPV6; break;
	}
	for (size_t i = 0; i < (address.family == ADDRESS_IPV4 ? 4 : 16); i++)
		address.ip[i] = (uint8_t)rng_next(rng);
	address.port = (uint16_t)(1 + rng_below(rng, UINT16_MAX));
	return address;
}

static struct member_news
random_news(struct rng *rng)
{
	struct member_news news = { .id = random_id(rng),
		.start = random_counter(rng),
		.incarnation = random_counter(rng),
		.state = (enum member_state)rng_below(rng, 4),
		.reason = (enum reason)rng_below(rng, REASON_COUNT),
		.accuser = random_id_or_none(rng),
		.address = random_address(rng) };

	if (rng_below(rng, 2))
		news.record = random_record(rng, &news.id);
	return news;
}

static struct intent
random_intent(struct rng *rng)
{
	struct intent intent = { .id = random_id(rng),
		.author = random_id(rng),
		.kind = (enum intent_kind)rng_below(rng, INTENT_KINDS),
		.key = random_id(rng),
		.name = random_text(rng, LIMIT_INTENT_NAME),
		.text = "" };
	struct bytes body;

	if (intent.kind == INTENT_TOPIC && rng_below(rng, 4) > 0)
		intent.text = random_text(rng, LIMIT_TOPIC);
	if (intent.kind == INTENT_NICK)
		intent.released = random_id_or_none(rng);
	bytes_init(&body);
	ck_assert(body_encode_intent(&intent, tag, &body));
	seal_randomly(rng, &intent.sealed, &body);
	bytes_free(&body);
	return intent;
}

static struct item
random_item(struct rng *rng)
{
	struct intent intent = random_intent(rng);
	struct recent_intent *recent =
	    arena_alloc(&arena, ITEM_RECENT * sizeof *recent);
	struct item item = { .key = intent.key,
		.version = 1 + rng_below(rng, 1000),
		.term = random_counter(rng),
		.leader = random_id(rng),
		.generation = random_counter(rng),
		.creator = random_id(rng),
		.recent = recent,
		.recent_count = rng_below(rng, ITEM_RECENT + 1),
		.intent = intent };

	for (size_t i = 0; i < item.recent_count; i++)
		recent[i].id = random_id(rng);
	if (intent.kind == INTENT_NICK && !id_is_none(&intent.released) &&
	    rng_below(rng, 2))
		item.key = intent.released;
	return item;
}

static void
fill_metadata(struct rng *rng, struct frame *f)
{
	struct metadata_sum *sums;

	switch (f->type) {
	case FRAME_INTENT: f->intent = random_intent(rng); break;
	case FRAME_DECIDED:
		f->decided.intent = random_id(rng);
		f->decided.decision =
		    (enum decision)rng_below(rng, DECISION_COUNT);
		break;
	case FRAME_COMMIT:
		f->commit.term = random_counter(rng);
		f->commit.index = 1 + rng_below(rng, 1000000);
		f->commit.priority = (uint8_t)rng_next(rng);
		/* fall through */
	case FRAME_ITEM: f->commit.item = random_item(rng); break;
	case FRAME_ROOT:
		f->root.fence = (struct fence){ random_counter(rng),
			(uint8_t)rng_next(rng), random_id_or_none(rng) };
		f->root.index = random_counter(rng);
		f->root.root = rng_next(rng);
		f->root.ask = rng_below(rng, 2);
		f->root.done = rng_below(rng, 2);
		break;
	default:
		sums = arena_alloc(&arena, METADATA_SUMS * sizeof *sums);
		for (size_t i = 0; i < METADATA_SUMS; i++)
			sums[i].sum = rng_next(rng);
		f->sums.sums = sums;
		f->sums.count = METADATA_SUMS;
		f->sums.reply = rng_below(rng, 2);
	}
}

static struct relay
random_relay(struct rng *rng)
{
	size_t size = (size_t)rng_below(rng, RELAY_PIECE + 1);
	uint8_t *bytes = arena_alloc(&arena, size);
	struct relay relay = {
		.channel = rng_next(rng),
		.at = random_counter(rng),
		.taken = random_counter(rng),
		.end = rng_below(rng, 2),
		.bytes = size > 0 ? bytes : NULL,
		.size = size,
	};

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)rng_next(rng);
	if (rng_below(rng, 2) == 0)
		relay.to = random_id(rng);
	else
		relay.origin = random_id(rng);
	return relay;
}

static void
fill_election(struct rng *rng, struct frame *f)
{
	struct candidate candidate = { (uint8_t)rng_next(rng), random_id(rng) };
	unsigned phase = (unsigned)rng_below(rng, CODEC_PHASE_MAX + 1);
	enum direction direction =
	    rng_below(rng, 2) ? CLOCKWISE : ANTICLOCKWISE;

	switch (f->type) {
	case FRAME_PROBE:
		f->probe = (struct probe){ random_counter(rng), rng_next(rng),
			phase, 1 + (unsigned)rng_below(rng, 1U << phase),
			direction, candidate,
			(enum cause)rng_below(rng, CAUSE_COUNT) };
		break;
	case FRAME_REPLY:
		f->reply = (struct reply){ random_counter(rng), rng_next(rng),
			phase, direction, candidate };
		break;
	case FRAME_ELECTED:
		f->elected = (struct elected){ random_counter(rng),
			rng_next(rng), candidate };
		break;
	case FRAME_LEADER: f->leader = random_leadership(rng); break;
	case FRAME_ASK:
		f->ask = (struct ask){ rng_next(rng), random_counter(rng),
			random_id_or_none(rng) };
		break;
	default:
		f->answer = (struct answer){ rng_next(rng), rng_below(rng, 2) };
	}
}

static void
fill_history(struct rng *rng, struct frame *f)
{
	switch (f->type) {
	case FRAME_BUNDLE:
		f->bundle.bundle = random_bundle(rng);
		f->bundle.backlog = rng_below(rng, 2);
		break;
	case FRAME_DIGEST:
		f->digest.digests = random_digests(rng, &f->digest.count);
		break;
	case FRAME_VECTOR:
		f->vector.room = random_id(rng);
		f->vector.entries = random_entries(rng, &f->vector.count);
		f->vector.reply = rng_below(rng, 2);
		break;
	case FRAME_WANT:
		f->want.room = random_id(rng);
		f->want.ranges = random_ranges(rng, &f->want.count);
		break;
	case FRAME_TAIL:
		f->tail.room = random_id(rng);
		f->tail.messages = 1 + (unsigned)rng_below(rng, LIMIT_TAIL);
		break;
	case FRAME_ACK:
		f->ack.room = random_id(rng);
		f->ack.epoch = rng_next(rng);
		f->ack.first = 1 + rng_below(rng, 1000);
		f->ack.last = f->ack.first + rng_below(rng, 1000);
		break;
	case FRAME_TYPING: f->typing.room = random_id(rng); break;
	default:
		f->base.room = random_id(rng);
		f->base.bases =
		    random_dependencies(rng, &f->base.count, LIMIT_VECTOR_PAGE);
	}
}

struct frame
random_frame(struct rng *rng, enum frame_type type)
{
	struct frame f = { .type = type };

	switch (type) {
	case FRAME_HELLO:
		f.hello.version = (unsigned)rng_below(rng, UINT16_MAX + 1);
		for (size_t i = 0; i < sizeof f.hello.tag; i++)
			f.hello.tag[i] = (uint8_t)rng_next(rng);
		f.hello.nonce = rng_next(rng);
		f.hello.start = random_counter(rng);
		f.hello.port = (uint16_t)(1 + rng_below(rng, UINT16_MAX));
		break;
	case FRAME_PING:
		f.ping.digests = random_digests(rng, &f.ping.digest_count);
		/* fall through */
	case FRAME_PONG:
		f.ping.number = rng_next(rng);
		f.ping.leadership = random_leadership(rng);
		f.ping.view = rng_next(rng);
		f.ping.beliefs = rng_next(rng);
		f.ping.wall = random_counter(rng);
		break;
	case FRAME_MEMBER: f.member = random_news(rng); break;
	case FRAME_RELAY: f.relay = random_relay(rng); break;
	case FRAME_TWICE: f.twice.address = random_address(rng); break;
	case FRAME_SUPERSEDED:
	case FRAME_GOODBYE: break;
	case FRAME_PROBE:
	case FRAME_REPLY:
	case FRAME_ELECTED:
	case FRAME_LEADER:
	case FRAME_ASK:
	case FRAME_ANSWER: fill_election(rng, &f); break;
	case FRAME_INTENT:
	case FRAME_DECIDED:
	case FRAME_COMMIT:
	case FRAME_ITEM:
	case FRAME_ROOT:
	case FRAME_SUMS: fill_metadata(rng, &f); break;
	default: fill_history(rng, &f);
	}
	return f;
}
