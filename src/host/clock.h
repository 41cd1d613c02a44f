/*
 * clock: the only place where the program reads the time.
 *
 * instant_ms is CLOCK_BOOTTIME: it never goes back and counts on while the
 * machine sleeps.  A node that slept or was stopped must not take its own
 * absence for the silence of the others, so struct clock_watch notices it.
 */
#ifndef DCHAT_HOST_CLOCK_H
#define DCHAT_HOST_CLOCK_H

#include <stdbool.h>

#include "base/instant.h"

enum {
	CLOCK_LATE_MS =
	    1000, /* a step so long after its deadline was stopped */
	CLOCK_SLEPT_MS = 500, /* BOOTTIME ran ahead of MONOTONIC by so much */
};

instant_ms clock_now(void);
/* For short spans: microseconds since some time. */
int64_t clock_micros(void);
wall_ms clock_wall(void);

struct clock_watch {
	instant_ms asleep; /* BOOTTIME - MONOTONIC when last looked */
};

void clock_watch_init(struct clock_watch *watch);

/* Was the machine asleep, or this process stopped, since the last call?
 * deadline is when it was to be called at the latest. */
bool clock_watch_resumed(struct clock_watch *watch, instant_ms deadline);

#endif
