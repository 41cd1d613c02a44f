#include "host/alarm.h"

#include "base/die.h"

static void
on_timer(evutil_socket_t unused, short what, void *self)
{
	struct alarm *alarm = self;

	(void)unused, (void)what;
	alarm->set = false;
	alarm->ringing = true;
	alarm->ring(alarm->context);
	alarm->ringing = false;
}

void
alarm_open(struct alarm *alarm, struct event_base *loop,
    void (*ring)(void *context), void *context)
{
	*alarm = (struct alarm){ .at = NEVER, .ring = ring,
		.context = context };
	alarm->timer = evtimer_new(loop, on_timer, alarm);
	if (alarm->timer == NULL)
		die("libevent has no room for an event.");
}

void
alarm_close(struct alarm *alarm)
{
	if (alarm->timer != NULL)
		event_free(alarm->timer);
	alarm->timer = NULL;
}

void
alarm_set(struct alarm *alarm, instant_ms now, instant_ms deadline)
{
	struct timeval after;
	instant_ms wait_ms;

	if (deadline == NEVER) {
		event_del(alarm->timer);
		alarm->at = NEVER;
		alarm->set = false;
		return;
	}
	if (alarm->set && deadline == alarm->at && deadline > now)
		return;
	/* what has been due for long is only late since it is known */
	alarm->at = deadline < now ? now : deadline;
	wait_ms = alarm->at - now;
	if (wait_ms == 0 && alarm->ringing)
		wait_ms = 1;
	after.tv_sec = wait_ms / 1000;
	after.tv_usec = wait_ms % 1000 * 1000;
	event_add(alarm->timer, &after);
	alarm->set = true;
}
