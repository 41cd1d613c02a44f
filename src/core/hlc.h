/*
 * hlc: hybrid logical clock, the key of the display order.
 *
 * Kulkarni, Demirbas et al. 2014: 48 bits of milliseconds since 1970, 16
 * bits of counter.  Larger than the key of everything its author had seen
 * and close to the wall clock; a clock that runs ahead only drags the keys.
 */
#ifndef DCHAT_CORE_HLC_H
#define DCHAT_CORE_HLC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"

struct hlc {
	uint64_t last;
};

/* A key for something new; larger than any before and any merged (but for
 * the very last valid key, which is given again and again). */
uint64_t hlc_tick(struct hlc *hlc, wall_ms wall);

/* Something with this key was seen. */
void hlc_merge(struct hlc *hlc, uint64_t key);

/* The milliseconds of a key. */
wall_ms hlc_wall(uint64_t key);

/* False for keys past the year 2200: malformed, they would drag all. */
bool hlc_valid(uint64_t key);

/* The same for the clock of an author, and what it showed: 0 stands for
 * that of the key, where nobody else's clock is ahead. */
bool hlc_wall_valid(uint64_t wall);
wall_ms hlc_time(uint64_t key, uint64_t wall);

#endif
