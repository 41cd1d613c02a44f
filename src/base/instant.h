/*
 * instant: points in time as numbers.
 *
 * Every algorithm takes the time as an argument; only the host reads a
 * clock (host/clock).  Two kinds exist and are never mixed:
 *
 *   instant_ms  milliseconds on a clock that never goes back and keeps
 *               counting during suspend; its zero means nothing.
 *   wall_ms     milliseconds since 1970-01-01 UTC on the person's clock,
 *               which may jump; shown to people, never used for a timer.
 */
#ifndef DCHAT_BASE_INSTANT_H
#define DCHAT_BASE_INSTANT_H

#include <stdint.h>

typedef int64_t instant_ms;
typedef int64_t wall_ms;

/* A deadline that never comes. */
#define NEVER INT64_MAX

static inline instant_ms
instant_earlier(instant_ms a, instant_ms b)
{
	return a < b ? a : b;
}

#endif
