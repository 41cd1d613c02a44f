#include "core/hlc.h"

enum { COUNTER_BITS = 16 };

/* 2200-01-01T00:00:00Z in milliseconds. */
#define WALL_END INT64_C(7258118400000)

uint64_t
hlc_tick(struct hlc *hlc, wall_ms wall)
{
	uint64_t now;

	/* A person's clock may stand before 1970; it never drags others. */
	if (wall < 0)
		wall = 0;
	if (wall >= WALL_END)
		wall = WALL_END - 1;
	now = (uint64_t)wall << COUNTER_BITS;
	/* Dragged to the end of time, keys stop growing: what is said is still
	 * accepted by all, only the order among these is the authors'. */
	if (now > hlc->last)
		hlc->last = now;
	else if (hlc_valid(hlc->last + 1))
		hlc->last++;
	return hlc->last;
}

void
hlc_merge(struct hlc *hlc, uint64_t key)
{
	if (key > hlc->last)
		hlc->last = key;
}

wall_ms
hlc_wall(uint64_t key)
{
	return (wall_ms)(key >> COUNTER_BITS);
}

bool
hlc_valid(uint64_t key)
{
	return hlc_wall(key) < WALL_END;
}

bool
hlc_wall_valid(uint64_t wall)
{
	return wall < (uint64_t)WALL_END;
}

wall_ms
hlc_time(uint64_t key, uint64_t wall)
{
	return wall == 0 ? hlc_wall(key) : (wall_ms)wall;
}
