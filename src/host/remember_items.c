/*
 * Metadata on disk: each piece as the frame that would carry it, so that
 * one codec knows its form.  An item has before it the time its owner was
 * seen last.
 */
#include <string.h>

#include "host/remember_items.h"
#include "wire/codec.h"

enum { SEEN_BYTES = 8 };

static bool
recall_frame(struct remembered *remembered, const uint8_t *bytes, size_t size,
    const uint8_t tag[8], enum frame_type type, struct frame *frame)
{
	char why[128];

	return codec_decode(tag, bytes, size, &remembered->arena, frame,
		   why) == VERDICT_ACCEPTED &&
	    frame->type == type;
}

bool
recall_item(struct remembered *remembered, const struct store_fact *fact,
    const uint8_t tag[8], struct past_item *item)
{
	const uint8_t *bytes = fact->value;
	struct frame frame;

	if (fact->value_size <= SEEN_BYTES ||
	    !recall_frame(remembered, bytes + SEEN_BYTES,
		fact->value_size - SEEN_BYTES, tag, FRAME_ITEM, &frame))
		return false;
	item->seen = (wall_ms)bytes_get_u64(bytes);
	item->item = arena_copy(&remembered->arena, &frame.commit.item,
	    sizeof frame.commit.item);
	return true;
}

const struct intent *
recall_intent(struct remembered *remembered, const struct store_fact *fact,
    const uint8_t tag[8])
{
	struct frame frame;

	if (!recall_frame(remembered, fact->value, fact->value_size, tag,
		FRAME_INTENT, &frame))
		return NULL;
	return arena_copy(&remembered->arena, &frame.intent,
	    sizeof frame.intent);
}

void
recall_fence(struct remembered *remembered, const struct store_fact *fact,
    const uint8_t tag[8])
{
	struct frame frame;

	if (recall_frame(remembered, fact->value, fact->value_size, tag,
		FRAME_ROOT, &frame))
		remembered->past.fence = frame.root.fence;
}

static void
keep_frame(struct store *store, struct store_fact *fact, struct bytes *value,
    const struct frame *frame, uint64_t number)
{
	if (!codec_encode(frame, true, value))
		value->size = 0;
	fact->value = value->data;
	fact->value_size = value->size;
	store_keep(store, fact, 1, number);
	bytes_free(value);
}

void
remember_item(struct store *store, const struct keep *keep)
{
	struct store_fact fact = {
		.kind = FACT_ITEM,
		.key = keep->item->key.bytes,
		.key_size = ID_BYTES,
	};
	struct frame frame = { .type = FRAME_ITEM };
	struct bytes value;

	frame.commit.item = *keep->item;
	bytes_init(&value);
	bytes_put_u64(bytes_reserve(&value, SEEN_BYTES),
	    (uint64_t)keep->seen);
	value.size += SEEN_BYTES;
	keep_frame(store, &fact, &value, &frame, keep->number);
}

void
remember_fence(struct store *store, const struct keep *keep)
{
	struct store_fact fact = { .kind = FACT_FENCE };
	struct frame frame = { .type = FRAME_ROOT };
	struct bytes value;

	frame.root.fence = keep->fence;
	bytes_init(&value);
	keep_frame(store, &fact, &value, &frame, keep->number);
}

void
remember_intent(struct store *store, const struct keep *keep)
{
	struct store_fact fact = {
		.kind = FACT_INTENT,
		.key = keep->intent->id.bytes,
		.key_size = ID_BYTES,
	};
	struct frame frame = { .type = FRAME_INTENT };
	struct bytes value;

	if (!keep->joined) {
		store_keep(store, &fact, 1, keep->number);
		return;
	}
	frame.intent = *keep->intent;
	bytes_init(&value);
	keep_frame(store, &fact, &value, &frame, keep->number);
}
