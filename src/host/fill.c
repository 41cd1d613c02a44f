/*
 * fill: the whole history of the rooms is fetched from whoever has it, for
 * those who want to keep more than what they look at.
 *
 * Page by page, the newest first, as for a person who scrolls up, until
 * there is no more to be had, or the store would not keep it: it is asked
 * before each page.  Rooms are looked at again from time to time, for
 * somebody may have come who has more.
 */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "host/host.h"

enum {
	LOOK_S = 2,
	TELL_MS = 500,
	ROOMS_AT_ONCE = 2, /* a link's queue holds no more pages */
};

static struct pending_fill *
find(struct dchat *dchat, const struct id *room)
{
	for (size_t i = 0; i < dchat->fill_count; i++)
		if (id_equal(&dchat->fills[i].room, room))
			return &dchat->fills[i];
	return NULL;
}

static void
ask_store(struct dchat *dchat, struct pending_fill *fill)
{
	fill->number = dchat->next_number++;
	store_history(dchat->store, fill->number, &fill->room, NULL,
	    STORE_ABOVE, 0);
}

/* The next rooms, until so many are being fetched. */
static void
look(struct dchat *dchat)
{
	struct id room;

	if (!dchat->started || dchat->leaving != LEAVE_NOT)
		return;
	while (dchat->fill_count < ROOMS_AT_ONCE &&
	    node_joined_room(dchat->node, dchat->fill_next, &room)) {
		dchat->fill_next++;
		if (find(dchat, &room) != NULL)
			continue;
		MEM_GROW(dchat->fills, dchat->fill_count, dchat->fill_cap);
		dchat->fills[dchat->fill_count] =
		    (struct pending_fill){ .room = room };
		ask_store(dchat, &dchat->fills[dchat->fill_count++]);
	}
}

/* All have been looked at: from the first one again. */
static void
on_look(evutil_socket_t unused, short what, void *context)
{
	struct dchat *dchat = context;

	(void)unused, (void)what;
	if (dchat->fill_count == 0)
		dchat->fill_next = 0;
	look(dchat);
}

static void
tell(struct dchat *dchat, struct pending_fill *fill, uint64_t left)
{
	struct dchat_event event = { .type = DCHAT_EVENT_FETCHING };
	instant_ms now = clock_now();

	if (fill->done == 0 || (left > 0 && now < fill->told_at + TELL_MS))
		return;
	fill->told_at = now;
	event.fetching.room = node_room_name(dchat->node, &fill->room);
	event.fetching.done = fill->done;
	event.fetching.left = left;
	if (event.fetching.room != NULL)
		events_notify(dchat, &event);
}

static void
drop(struct dchat *dchat, struct pending_fill *fill)
{
	size_t at = (size_t)(fill - dchat->fills);

	tell(dchat, fill, 0);
	MEM_REMOVE(dchat->fills, dchat->fill_count, at);
	look(dchat);
}

bool
fill_lines(struct dchat *dchat, const struct store_lines *lines)
{
	struct input input = { .type = INPUT_OLDER };
	size_t i = 0;

	while (i < dchat->fill_count &&
	    dchat->fills[i].number != lines->token)
		i++;
	if (i == dchat->fill_count)
		return false;
	if (lines->full || lines->error != ERROR_NONE) {
		drop(dchat, &dchat->fills[i]);
		return true;
	}
	dchat->fills[i].awaited = true;
	input.older.room = dchat->fills[i].room;
	input.older.messages = LIMIT_PAGE_MESSAGES;
	host_input(dchat, &input);
	return true;
}

void
fill_older(struct dchat *dchat, const struct id *room, bool more,
    unsigned came, uint64_t left)
{
	struct pending_fill *fill = find(dchat, room);

	if (fill == NULL || !fill->awaited)
		return;
	fill->awaited = false;
	fill->done += came;
	if (!more) {
		drop(dchat, fill);
		return;
	}
	tell(dchat, fill, left);
	ask_store(dchat, fill);
}

void
fill_init(struct dchat *dchat)
{
	const struct timeval each = { LOOK_S, 0 };

	dchat->fill_timer = event_new(dchat->loop, -1, EV_PERSIST, on_look,
	    dchat);
	event_add(dchat->fill_timer, &each);
}

void
fill_free(struct dchat *dchat)
{
	free(dchat->fills);
	if (dchat->fill_timer != NULL)
		event_free(dchat->fill_timer);
}
