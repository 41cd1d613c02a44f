#include "core/effect.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/item.h"

void
effects_init(struct effects *fx)
{
	*fx = (struct effects){ 0 };
	arena_init(&fx->arena);
}

void
effects_free(struct effects *fx)
{
	free(fx->items);
	arena_free(&fx->arena);
	*fx = (struct effects){ 0 };
}

void
effects_clear(struct effects *fx)
{
	fx->count = 0;
	arena_clear(&fx->arena);
}

void *
effects_alloc(struct effects *fx, size_t size)
{
	return arena_alloc(&fx->arena, size);
}

const char *
effects_text(struct effects *fx, const char *text)
{
	return arena_text(&fx->arena, text);
}

static struct effect *
append(struct effects *fx, enum effect_type type)
{
	struct effect *effect;

	MEM_GROW(fx->items, fx->count, fx->cap);
	effect = &fx->items[fx->count++];
	*effect = (struct effect){ .type = type };
	return effect;
}

void
effects_send(struct effects *fx, const struct id *to,
    const struct frame *frame)
{
	struct effect *effect = append(fx, EFFECT_SEND);

	effect->send.to = arena_copy(&fx->arena, to, sizeof *to);
	effect->send.count = 1;
	effect->send.frame = frame_copy(&fx->arena, frame);
}

void
effects_send_many(struct effects *fx, const struct id *to, size_t count,
    const struct frame *frame)
{
	struct effect *effect;

	if (count == 0)
		return;
	effect = append(fx, EFFECT_SEND_MANY);
	effect->send.to = arena_copy(&fx->arena, to, count * sizeof *to);
	effect->send.count = count;
	effect->send.frame = frame_copy(&fx->arena, frame);
}

void
effects_dial(struct effects *fx, const struct id *peer,
    const struct address *address)
{
	struct effect *effect = append(fx, EFFECT_DIAL);

	if (peer != NULL)
		effect->dial.peer = *peer;
	effect->dial.address = *address;
}

void
effects_dial_over(struct effects *fx, const struct id *peer,
    const struct id *via)
{
	struct effect *effect = append(fx, EFFECT_DIAL);

	effect->dial.peer = *peer;
	effect->dial.via = *via;
}

void
effects_hangup(struct effects *fx, const struct id *peer, enum reason why)
{
	struct effect *effect = append(fx, EFFECT_HANGUP);

	effect->hangup.peer = *peer;
	effect->hangup.why = why;
}

void
effects_beacon(struct effects *fx, enum beacon_kind kind,
    const struct address *to, uint64_t view)
{
	struct effect *effect = append(fx, EFFECT_BEACON);

	effect->beacon.kind = kind;
	if (to != NULL)
		effect->beacon.to = *to;
	effect->beacon.view = view;
}

void
effects_seal(struct effects *fx, const struct record *record)
{
	append(fx, EFFECT_SEAL)->seal = record_copy(&fx->arena, record);
}

void
effects_publish(struct effects *fx, const struct bundle *bundle)
{
	append(fx, EFFECT_PUBLISH)->bundle =
	    bundle_copy(&fx->arena, bundle);
}

void
effects_store(struct effects *fx, const struct bundle *bundle)
{
	append(fx, EFFECT_STORE)->bundle = bundle_copy(&fx->arena, bundle);
}

static const struct receipt *
copy_receipt(struct arena *arena, const struct receipt *receipt)
{
	struct receipt *copy = arena_copy(arena, receipt, sizeof *receipt);

	if (receipt->count > 0) {
		copy->members = arena_copy(arena, receipt->members,
		    receipt->count * sizeof *receipt->members);
		copy->had = arena_copy(arena, receipt->had,
		    receipt->count * sizeof *receipt->had);
	}
	return copy;
}

void
effects_keep(struct effects *fx, const struct keep *keep)
{
	struct keep *copy = arena_copy(&fx->arena, keep, sizeof *keep);

	copy->name = arena_text(&fx->arena, keep->name);
	if (keep->base_count > 0)
		copy->bases = arena_copy(&fx->arena, keep->bases,
		    keep->base_count * sizeof *keep->bases);
	if (keep->record != NULL)
		copy->record = record_copy(&fx->arena, keep->record);
	if (keep->receipt != NULL)
		copy->receipt = copy_receipt(&fx->arena, keep->receipt);
	if (keep->item != NULL)
		copy->item = item_copy(&fx->arena, keep->item);
	if (keep->bundle != NULL)
		copy->bundle = bundle_copy(&fx->arena, keep->bundle);
	if (keep->intent != NULL)
		copy->intent = intent_copy(&fx->arena, keep->intent);
	append(fx, EFFECT_KEEP)->keep = copy;
}

void
effects_keep_receipt(struct effects *fx, const struct receipt *receipt)
{
	const struct keep keep = { .kind = KEEP_RECEIPT, .receipt = receipt };

	effects_keep(fx, &keep);
}

void
effects_fetch_ranges(struct effects *fx, const struct id *to,
    const struct id *room, const struct stream_range *ranges, size_t count)
{
	struct effect *effect = append(fx, EFFECT_FETCH);

	effect->fetch.to = *to;
	effect->fetch.room = *room;
	effect->fetch.kind = FETCH_RANGES;
	effect->fetch.ranges =
	    arena_copy(&fx->arena, ranges, count * sizeof *ranges);
	effect->fetch.count = count;
}

void
effects_fetch_tail(struct effects *fx, const struct id *to,
    const struct id *room, unsigned messages)
{
	struct effect *effect = append(fx, EFFECT_FETCH);

	effect->fetch.to = *to;
	effect->fetch.room = *room;
	effect->fetch.kind = FETCH_TAIL;
	effect->fetch.messages = messages;
}

void
effects_fetch_newest(struct effects *fx, const struct id *to,
    const struct id *room, const struct stream_range *ranges, size_t count,
    unsigned messages)
{
	struct effect *effect;

	effects_fetch_ranges(fx, to, room, ranges, count);
	effect = &fx->items[fx->count - 1];
	effect->fetch.kind = FETCH_NEWEST;
	effect->fetch.messages = messages;
}

void
effects_older(struct effects *fx, const struct id *room, bool more,
    unsigned came, uint64_t left, bool lost)
{
	struct effect *effect = append(fx, EFFECT_OLDER);

	effect->older.room = *room;
	effect->older.more = more;
	effect->older.came = came;
	effect->older.left = left;
	effect->older.lost = lost;
}

void
effects_seal_intent(struct effects *fx, const struct intent *intent)
{
	append(fx, EFFECT_SEAL_INTENT)->intent =
	    intent_copy(&fx->arena, intent);
}

void
effects_notify(struct effects *fx, const struct dchat_event *event)
{
	append(fx, EFFECT_NOTIFY)->event =
	    arena_copy(&fx->arena, event, sizeof *event);
}

void
effects_trace(struct effects *fx, const char *format, ...)
{
	char line[512];
	va_list arguments;

	if (!fx->tracing)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	append(fx, EFFECT_TRACE)->trace = arena_text(&fx->arena, line);
}
