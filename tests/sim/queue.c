#include "tests/sim/queue.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

void
parcel_release(struct parcel *parcel)
{
	if (--parcel->references > 0)
		return;
	arena_free(&parcel->arena);
	free(parcel->clock);
	free(parcel);
}

void
page_free(struct page *page)
{
	for (size_t i = 0; i < page->count; i++)
		bundle_free(page->bundles[i]);
	free(page->bundles);
	free(page->bases);
	free(page);
}

void
happening_free(struct happening *happening)
{
	switch (happening->type) {
	case HAPPENS_FRAME:
		parcel_release(happening->frame.parcel);
		break;
	case HAPPENS_SEALED:
		record_free(happening->record);
		break;
	case HAPPENS_INTENT_SEALED:
		intent_free(happening->intent);
		break;
	case HAPPENS_CALL:
		free(happening->call.argument);
		break;
	case HAPPENS_DISK:
	case HAPPENS_DEADLINE:
	case HAPPENS_LINK_UP:
	case HAPPENS_LINK_DOWN:
	case HAPPENS_DIAL_FAILED:
	case HAPPENS_BEACON:
	case HAPPENS_LEAVE:
	case HAPPENS_DIAL:
	case HAPPENS_HANDSHAKE:
	case HAPPENS_SILENCE: break;
	}
}

void
queue_init(struct queue *queue)
{
	*queue = (struct queue){ 0 };
}

void
queue_free(struct queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		happening_free(&queue->items[i]);
	free(queue->items);
	queue_init(queue);
}

static bool
earlier(const struct happening *a, const struct happening *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void
swap(struct happening *a, struct happening *b)
{
	struct happening other = *a;

	*a = *b;
	*b = other;
}

void
queue_put(struct queue *queue, const struct happening *happening)
{
	size_t at = queue->count;

	MEM_GROW(queue->items, queue->count, queue->cap);
	queue->items[queue->count] = *happening;
	queue->items[queue->count++].order = queue->next_order++;
	while (
	    at > 0 && earlier(&queue->items[at], &queue->items[(at - 1) / 2])) {
		swap(&queue->items[at], &queue->items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

struct happening
queue_take(struct queue *queue)
{
	struct happening first;
	size_t at = 0, child;

	assert(queue->count > 0);
	first = queue->items[0];
	queue->items[0] = queue->items[--queue->count];
	while ((child = 2 * at + 1) < queue->count) {
		if (child + 1 < queue->count &&
		    earlier(&queue->items[child + 1], &queue->items[child]))
			child++;
		if (!earlier(&queue->items[child], &queue->items[at]))
			break;
		swap(&queue->items[child], &queue->items[at]);
		at = child;
	}
	return first;
}
