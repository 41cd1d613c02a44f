#include "host/clock.h"

#include <time.h>

static int64_t
read_ms(clockid_t id)
{
	struct timespec time;

	clock_gettime(id, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

instant_ms
clock_now(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

int64_t
clock_micros(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

wall_ms
clock_wall(void)
{
	return read_ms(CLOCK_REALTIME);
}

void
clock_watch_init(struct clock_watch *watch)
{
	watch->asleep = read_ms(CLOCK_BOOTTIME) - read_ms(CLOCK_MONOTONIC);
}

bool
clock_watch_resumed(struct clock_watch *watch, instant_ms deadline)
{
	instant_ms now = read_ms(CLOCK_BOOTTIME);
	instant_ms asleep = now - read_ms(CLOCK_MONOTONIC);
	bool slept = asleep - watch->asleep > CLOCK_SLEPT_MS;

	watch->asleep = asleep;
	return slept || (deadline != NEVER && now - deadline > CLOCK_LATE_MS);
}
