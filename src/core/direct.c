#include "core/direct.h"

#include <stdlib.h>
#include <string.h>

struct direct {
	struct id room, peer;
};

void
directs_init(struct directs *directs)
{
	*directs = (struct directs){ 0 };
}

void
directs_free(struct directs *directs)
{
	free(directs->items);
	directs_init(directs);
}

static size_t
place(const struct directs *directs, const struct id *room, bool *found)
{
	return ID_SEARCH(directs->items, directs->count, room, room, found);
}

void
directs_learn(struct directs *directs, const struct id *room,
    const struct id *peer)
{
	bool found;
	size_t at = place(directs, room, &found);

	if (found || directs->count >= LIMIT_MEMBERS)
		return;
	MEM_INSERT(directs->items, directs->count, directs->cap, at);
	directs->items[at] = (struct direct){ *room, *peer };
}

const struct id *
directs_peer(const struct directs *directs, const struct id *room)
{
	bool found;
	size_t at = place(directs, room, &found);

	return found ? &directs->items[at].peer : NULL;
}
