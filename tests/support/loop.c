#include "tests/support/loop.h"

#include <assert.h>
#include <event2/event.h>
#include <time.h>

static void
on_tick(evutil_socket_t descriptor, short what, void *self)
{
	(void)descriptor, (void)what, (void)self;
}

int64_t
loop_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void
loop_init(struct loop *loop)
{
	static const struct timeval period = { 0, 5000 };

	loop->base = event_base_new();
	assert(loop->base != NULL);
	loop->tick = event_new(loop->base, -1, EV_PERSIST, on_tick, NULL);
	event_add(loop->tick, &period);
	loop_begin(loop);
}

void
loop_free(struct loop *loop)
{
	/* libevent closes a freed connection in a later turn */
	event_base_loop(loop->base, EVLOOP_NONBLOCK);
	event_free(loop->tick);
	event_base_free(loop->base);
}

void
loop_begin(struct loop *loop)
{
	loop->began_ms = loop_now_ms();
}

bool
loop_turn(struct loop *loop)
{
	event_base_loop(loop->base, EVLOOP_ONCE);
	return loop_now_ms() - loop->began_ms < LOOP_PATIENCE_MS;
}
