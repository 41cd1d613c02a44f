#include "core/typing.h"

#include <stdlib.h>

struct typing_heard {
	struct id room, peer;
	instant_ms at;
};

void
typing_init(struct typing *typing)
{
	*typing = (struct typing){ 0 };
}

void
typing_free(struct typing *typing)
{
	free(typing->items);
	typing_init(typing);
}

void
typing_say(struct typing *typing, instant_ms now, struct room *room,
    struct effects *fx)
{
	struct frame frame = { .type = FRAME_TYPING };

	(void)typing;
	if (now < room->typing_until)
		return;
	room->typing_until = now + TYPING_SAY_MS;
	frame.typing.room = room->id;
	effects_send_many(fx, room->audience, room->audience_count, &frame);
}

/* Heard of lately; what is older goes. */
static bool
heard_lately(struct typing *typing, instant_ms now, const struct id *room,
    const struct id *peer)
{
	size_t kept = 0;
	bool found = false;

	for (size_t i = 0; i < typing->count; i++) {
		struct typing_heard *heard = &typing->items[i];

		if (now >= heard->at + TYPING_HEAR_MS)
			continue;
		found = found ||
		    (id_equal(&heard->room, room) &&
			id_equal(&heard->peer, peer));
		typing->items[kept++] = *heard;
	}
	typing->count = kept;
	return found;
}

enum verdict
typing_recv(struct typing *typing, instant_ms now, const struct id *from,
    const struct room *room, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_TYPING };

	if (room == NULL || !room->joined || !room_has_audience(room, from))
		return VERDICT_STALE;
	if (heard_lately(typing, now, &room->id, from) ||
	    typing->count >= TYPING_MAX)
		return VERDICT_OVER_LIMIT;
	MEM_GROW(typing->items, typing->count, typing->cap);
	typing->items[typing->count++] =
	    (struct typing_heard){ room->id, *from, now };
	event.typing.room = room->name;
	event.typing.id = *from;
	effects_notify(fx, &event);
	return VERDICT_ACCEPTED;
}
