#include "core/room.h"

#include <stdlib.h>
#include <string.h>

void
rooms_init(struct rooms *rooms)
{
	*rooms = (struct rooms){ 0 };
}

void
rooms_free(struct rooms *rooms)
{
	for (size_t i = 0; i < rooms->count; i++) {
		struct room *room = rooms->items[i];

		vclock_free(&room->delivered);
		vclock_free(&room->accepted);
		free(room->audience);
		free(room->name);
		free(room);
	}
	free(rooms->items);
	rooms_init(rooms);
}

static size_t
place(const struct rooms *rooms, const struct id *id, bool *found)
{
	size_t low = 0, high = rooms->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&rooms->items[middle]->id, id);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

struct room *
rooms_find(const struct rooms *rooms, const struct id *id)
{
	bool found;
	size_t at = place(rooms, id, &found);

	return found ? rooms->items[at] : NULL;
}

struct room *
rooms_find_name(const struct rooms *rooms, const char *name)
{
	for (size_t i = 0; i < rooms->count; i++)
		if (strcmp(rooms->items[i]->name, name) == 0)
			return rooms->items[i];
	return NULL;
}

static size_t
direct_count(const struct rooms *rooms)
{
	size_t count = 0;

	for (size_t i = 0; i < rooms->count; i++)
		count += rooms->items[i]->direct;
	return count;
}

/* What two say to each other has no beginning that one could miss. */
static void
make_direct(struct room *room, const struct id *other)
{
	room->direct = true;
	room->other = *other;
	room->joined = true;
	room->past = PAST_BEGUN;
}

struct room *
rooms_add(struct rooms *rooms, const struct id *id, const char *name)
{
	bool found;
	size_t at = place(rooms, id, &found);
	struct room *room;
	struct id other;
	bool direct;

	if (found)
		return rooms->items[at];
	direct = name[0] == '@' && id_parse(name + 1, &other);
	if (rooms->count >= LIMIT_ROOMS ||
	    (direct && direct_count(rooms) >= LIMIT_ROOMS_DIRECT))
		return NULL;
	room = mem_zero(1, sizeof *room);
	room->id = *id;
	room->name = mem_text(name);
	if (direct)
		make_direct(room, &other);
	vclock_init(&room->delivered);
	vclock_init(&room->accepted);
	MEM_INSERT(rooms->items, rooms->count, rooms->cap, at);
	rooms->items[at] = room;
	return room;
}

bool
room_has_audience(const struct room *room, const struct id *id)
{
	bool found;

	id_search(room->audience, room->audience_count, id, &found);
	return found;
}

void
room_note_given_up(struct room *room, const struct stream *stream,
    struct range hole)
{
	size_t kept = 0;

	for (size_t i = 0; i < room->given_up_count; i++) {
		struct stream_range *noted = &room->given_up[i];
		bool same = stream_compare(&noted->stream, stream) == 0;

		/* What was accepted meanwhile, or is shown again, goes. */
		if (noted->range.last > vclock_top(&room->accepted,
					    &noted->stream) &&
		    !(same && noted->range.first == hole.first))
			room->given_up[kept++] = *noted;
	}
	room->given_up_count = kept;
	if (kept < ROOM_GIVEN_UP &&
	    hole.last > vclock_top(&room->accepted, stream))
		room->given_up[room->given_up_count++] =
		    (struct stream_range){ *stream, hole };
}

uint64_t
room_given_up(const struct room *room, const struct stream *stream,
    uint64_t seq)
{
	for (size_t i = 0; i < room->given_up_count; i++) {
		const struct stream_range *noted = &room->given_up[i];

		if (stream_compare(&noted->stream, stream) == 0 &&
		    noted->range.first <= seq && seq <= noted->range.last)
			return noted->range.last;
	}
	return 0;
}
