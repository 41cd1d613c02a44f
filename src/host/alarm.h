/*
 * alarm: the node's deadline on the event loop.
 *
 * The loop's clock is another than the node's, and a coarse one: an alarm may
 * ring some milliseconds early, and then nothing was due.  So who is rung at
 * sets it anew, to the same deadline if need be.
 */
#ifndef DCHAT_HOST_ALARM_H
#define DCHAT_HOST_ALARM_H

#include <event2/event.h>
#include <stdbool.h>

#include "base/instant.h"

struct alarm {
	struct event *timer;
	instant_ms at;		/* NEVER: it stands nowhere */
	bool set, ringing;
	void (*ring)(void *context);
	void *context;
};

/* Must stay where it is until it is closed. */
void alarm_open(struct alarm *alarm, struct event_base *loop,
    void (*ring)(void *context), void *context);
void alarm_close(struct alarm *alarm);

/* Ring at the deadline; NEVER: not at all.  One that has passed rings in the
 * next turn, or a millisecond later when it is asked for while ringing: a
 * core that asks for what has just come must not stop the loop. */
void alarm_set(struct alarm *alarm, instant_ms now, instant_ms deadline);

#endif
