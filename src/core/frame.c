#include "core/frame.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "core/item.h"

static const struct {
	const char *name;
	bool bulk;
} types[] = {
#define X(type, name, bulk) [FRAME_##type] = { name, bulk },
	FRAMES(X)
#undef X
};

static const char *const reasons[] = {
#define X(reason, name) [REASON_##reason] = name,
	REASONS(X)
#undef X
};

static const char *const causes[] = {
#define X(cause, name) [CAUSE_##cause] = name,
	CAUSES(X)
#undef X
};

static const char *const intents[] = {
#define X(kind, name) [INTENT_##kind] = name,
	INTENTS(X)
#undef X
};

static const char *const decisions[] = {
#define X(decision, name) [DECISION_##decision] = name,
	DECISIONS(X)
#undef X
};

const char *
frame_type_name(enum frame_type type)
{
	assert(type < FRAME_TYPES);
	return types[type].name;
}

bool
frame_type_bulk(enum frame_type type)
{
	assert(type < FRAME_TYPES);
	return types[type].bulk;
}

const char *
reason_name(enum reason reason)
{
	assert(reason < REASON_COUNT);
	return reasons[reason];
}

const char *
cause_name(enum cause cause)
{
	assert(cause < CAUSE_COUNT);
	return causes[cause];
}

const char *
intent_kind_name(enum intent_kind kind)
{
	assert(kind < INTENT_KINDS);
	return intents[kind];
}

const char *
decision_name(enum decision decision)
{
	assert(decision < DECISION_COUNT);
	return decisions[decision];
}

int
stream_compare(const struct stream *a, const struct stream *b)
{
	int order = id_compare(&a->author, &b->author);

	if (order != 0)
		return order;
	return a->epoch < b->epoch ? -1 : a->epoch > b->epoch;
}

/* -- copies ------------------------------------------------------------ */

static const void *
copy_array(struct arena *arena, const void *items, size_t count, size_t size)
{
	return count == 0 ? NULL : arena_copy(arena, items, count * size);
}

static void
copy_sealed(struct arena *arena, struct sealed *sealed)
{
	if (sealed->body != NULL)
		sealed->body = arena_copy(arena, sealed->body, sealed->size);
}

static void
copy_bundle_parts(struct arena *arena, struct bundle *bundle)
{
	struct message *messages;

	bundle->dependencies = copy_array(arena, bundle->dependencies,
	    bundle->dependency_count, sizeof *bundle->dependencies);
	copy_sealed(arena, &bundle->sealed);
	if (bundle->message_count == 0) {
		bundle->messages = NULL;
		return;
	}
	messages = arena_copy(arena, bundle->messages,
	    bundle->message_count * sizeof *messages);
	for (size_t i = 0; i < bundle->message_count; i++)
		messages[i].text = arena_text(arena, messages[i].text);
	bundle->messages = messages;
}

const struct bundle *
bundle_copy(struct arena *arena, const struct bundle *bundle)
{
	struct bundle *copy = arena_copy(arena, bundle, sizeof *bundle);

	copy_bundle_parts(arena, copy);
	return copy;
}

static void
copy_record_parts(struct arena *arena, struct record *record)
{
	struct room_name *rooms;

	record->nick = arena_text(arena, record->nick);
	record->away = arena_text(arena, record->away);
	copy_sealed(arena, &record->sealed);
	if (record->room_count == 0) {
		record->rooms = NULL;
		return;
	}
	rooms = arena_copy(arena, record->rooms,
	    record->room_count * sizeof *rooms);
	for (size_t i = 0; i < record->room_count; i++)
		rooms[i].name = arena_text(arena, rooms[i].name);
	record->rooms = rooms;
}

const struct record *
record_copy(struct arena *arena, const struct record *record)
{
	struct record *copy = arena_copy(arena, record, sizeof *record);

	copy_record_parts(arena, copy);
	return copy;
}

static void
copy_vector(struct arena *arena, struct frame *frame)
{
	struct vector_entry *entries;

	if (frame->vector.count == 0) {
		frame->vector.entries = NULL;
		return;
	}
	entries = arena_copy(arena, frame->vector.entries,
	    frame->vector.count * sizeof *entries);
	for (size_t i = 0; i < frame->vector.count; i++)
		entries[i].holes = copy_array(arena, entries[i].holes,
		    entries[i].hole_count, sizeof *entries[i].holes);
	frame->vector.entries = entries;
}

const struct frame *
frame_copy(struct arena *arena, const struct frame *frame)
{
	struct frame *copy = arena_copy(arena, frame, sizeof *frame);

	switch (copy->type) {
	case FRAME_PING:
	case FRAME_PONG:
		copy->ping.digests = copy_array(arena, copy->ping.digests,
		    copy->ping.digest_count, sizeof *copy->ping.digests);
		break;
	case FRAME_MEMBER:
		if (copy->member.record != NULL)
			copy->member.record =
			    record_copy(arena, copy->member.record);
		break;
	case FRAME_BUNDLE:
		copy_bundle_parts(arena, &copy->bundle.bundle);
		break;
	case FRAME_DIGEST:
		copy->digest.digests = copy_array(arena, copy->digest.digests,
		    copy->digest.count, sizeof *copy->digest.digests);
		break;
	case FRAME_VECTOR:
		copy_vector(arena, copy);
		break;
	case FRAME_WANT:
		copy->want.ranges = copy_array(arena, copy->want.ranges,
		    copy->want.count, sizeof *copy->want.ranges);
		break;
	case FRAME_BASE:
		copy->base.bases = copy_array(arena, copy->base.bases,
		    copy->base.count, sizeof *copy->base.bases);
		break;
	case FRAME_INTENT:
		intent_copy_parts(arena, &copy->intent);
		break;
	case FRAME_COMMIT:
	case FRAME_ITEM:
		item_copy_parts(arena, &copy->commit.item);
		break;
	case FRAME_SUMS:
		copy->sums.sums = copy_array(arena, copy->sums.sums,
		    copy->sums.count, sizeof *copy->sums.sums);
		break;
	case FRAME_RELAY:
		copy->relay.bytes = copy_array(arena, copy->relay.bytes,
		    copy->relay.size, 1);
		break;
	case FRAME_DECIDED:
	case FRAME_ROOT:
	case FRAME_HELLO:
	case FRAME_SUPERSEDED:
	case FRAME_TWICE:
	case FRAME_GOODBYE:
	case FRAME_PROBE:
	case FRAME_REPLY:
	case FRAME_ELECTED:
	case FRAME_LEADER:
	case FRAME_ASK:
	case FRAME_ANSWER:
	case FRAME_TAIL:
	case FRAME_ACK:
	case FRAME_TYPING:
	case FRAME_TYPES:
		break;
	}
	return copy;
}

/*
 * On the heap a clone is one block: an arena of just the right size whose
 * first allocation is the struct itself, with the arena behind it.
 */
struct cloned_bundle {
	struct bundle bundle;
	struct arena arena;
};

struct cloned_record {
	struct record record;
	struct arena arena;
};

size_t
bundle_memory(const struct bundle *bundle)
{
	size_t size = arena_room(sizeof(struct cloned_bundle)) +
	    arena_room(bundle->sealed.size) +
	    arena_room(bundle->dependency_count *
		sizeof *bundle->dependencies) +
	    arena_room(bundle->message_count * sizeof *bundle->messages);

	for (size_t i = 0; i < bundle->message_count; i++)
		size += arena_room(strlen(bundle->messages[i].text) + 1);
	return size;
}

struct bundle *
bundle_clone(const struct bundle *bundle)
{
	struct arena arena;
	struct cloned_bundle *clone;

	arena_init_sized(&arena, bundle_memory(bundle));
	clone = arena_alloc(&arena, sizeof *clone);
	clone->bundle = *bundle;
	copy_bundle_parts(&arena, &clone->bundle);
	clone->arena = arena;
	return &clone->bundle;
}

void
bundle_free(struct bundle *bundle)
{
	if (bundle != NULL) {
		struct arena arena = ((struct cloned_bundle *)bundle)->arena;

		arena_free(&arena);
	}
}

static size_t
record_memory(const struct record *record)
{
	size_t size = arena_room(sizeof(struct cloned_record)) +
	    arena_room(record->sealed.size) +
	    arena_room(record->room_count * sizeof *record->rooms);

	if (record->nick != NULL)
		size += arena_room(strlen(record->nick) + 1);
	if (record->away != NULL)
		size += arena_room(strlen(record->away) + 1);
	for (size_t i = 0; i < record->room_count; i++)
		size += arena_room(strlen(record->rooms[i].name) + 1);
	return size;
}

struct record *
record_clone(const struct record *record)
{
	struct arena arena;
	struct cloned_record *clone;

	arena_init_sized(&arena, record_memory(record));
	clone = arena_alloc(&arena, sizeof *clone);
	clone->record = *record;
	copy_record_parts(&arena, &clone->record);
	clone->arena = arena;
	return &clone->record;
}

void
record_free(struct record *record)
{
	if (record != NULL) {
		struct arena arena = ((struct cloned_record *)record)->arena;

		arena_free(&arena);
	}
}

/* -- names and order --------------------------------------------------- */

int
bundle_compare_display(const struct bundle *a, const struct bundle *b)
{
	int order;

	if (a->hlc != b->hlc)
		return a->hlc < b->hlc ? -1 : 1;
	order = id_compare(&a->stream.author, &b->stream.author);
	if (order != 0)
		return order;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return id_compare(&a->hash, &b->hash);
}

char *
message_name(const struct bundle *bundle, size_t index,
    char text[static MSG_TEXT])
{
	assert(index < LIMIT_BUNDLE_MESSAGES);
	id_format(&bundle->hash, text);
	snprintf(text + ID_TEXT - 1, MSG_TEXT - ID_TEXT + 1, ".%u",
	    (unsigned)index);
	return text;
}

/* As message_name() writes it: no sign, no leading zero. */
static bool
parse_index(const char *text, size_t *index)
{
	size_t value = 0;

	if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (size_t)(*text - '0');
	}
	*index = value;
	return value < LIMIT_BUNDLE_MESSAGES;
}

bool
message_parse(const char *text, struct id *hash, size_t *index)
{
	char name[ID_TEXT];
	const char *dot = text + ID_TEXT - 1;

	if (strlen(text) < ID_TEXT + 1 || strlen(text) >= MSG_TEXT ||
	    *dot != '.')
		return false;
	memcpy(name, text, ID_TEXT - 1);
	name[ID_TEXT - 1] = '\0';
	return parse_index(dot + 1, index) && id_parse(name, hash);
}

bool
message_set_ref(struct message *message, const char *ref)
{
	struct id hash;
	size_t index;

	if (!message_parse(ref, &hash, &index))
		return false;
	memcpy(message->ref, ref, strlen(ref) + 1);
	return true;
}

enum error
message_check(const struct message *message)
{
	size_t size = strlen(message->text), index;
	bool refers = message_kind_refers(message->kind);
	struct id hash;

	if ((unsigned)message->kind >= MESSAGE_KIND_COUNT ||
	    refers != (message->ref[0] != '\0') ||
	    (refers && !message_parse(message->ref, &hash, &index)) ||
	    (message->kind == KIND_DELETE && size > 0))
		return ERROR_BAD_ARGUMENT;
	if (size == 0 && message->kind != KIND_DELETE &&
	    message->kind != KIND_REACTION)
		return ERROR_EMPTY_TEXT;
	if (size >
	    (message->kind == KIND_REACTION ? LIMIT_REACTION : LIMIT_TEXT))
		return ERROR_TOO_LONG;
	return utf8_valid(message->text, size) ? ERROR_NONE : ERROR_BAD_TEXT;
}
