/*
 * leave: quitting in order.
 *
 *   ANSWERING  until everything said before is answered      \
 *   FLUSHING   goodbye is said; until the links are closed   / 5 s at most
 *   DONE       BYE was told, the loop is stopped
 */
#include <event2/event.h>
#include <stdlib.h>

#include "base/mem.h"
#include "host/host.h"

static void
done(struct dchat *dchat)
{
	struct dchat_event event = { .type = DCHAT_EVENT_BYE };

	if (dchat->leaving == LEAVE_DONE)
		return;
	dchat->leaving = LEAVE_DONE;
	event.bye.reason = dchat->reason;
	event.bye.status = dchat->status;
	dchat->front.event(dchat->front.self, &event);
	if (dchat->front.turn != NULL)
		dchat->front.turn(dchat->front.self);
	event_base_loopbreak(dchat->loop);
}

static void
wait_at_most(struct dchat *dchat, instant_ms ms)
{
	instant_ms left = dchat->leave_by - clock_now();
	struct timeval after = { 0, 0 };

	if (ms > left)
		ms = left;
	if (ms > 0) {
		after.tv_sec = ms / 1000;
		after.tv_usec = ms % 1000 * 1000;
	}
	event_add(dchat->leave_timer, &after);
}

static void
answer_quits(struct dchat *dchat)
{
	for (size_t i = 0; i < dchat->quit_count; i++) {
		struct dchat_event event = { .type = DCHAT_EVENT_OK };

		event.ok.verb = DCHAT_QUIT;
		event.ok.token = dchat->quits[i];
		events_notify(dchat, &event);
	}
	dchat->quit_count = 0;
}

static void
say_goodbye(struct dchat *dchat)
{
	struct input input = { .type = INPUT_LEAVE };

	dchat->leaving = LEAVE_FLUSHING;
	answer_quits(dchat);
	if (dchat->started)
		host_input(dchat, &input);
	wait_at_most(dchat, LEAVE_FLUSH_MS);
	mesh_leave(dchat->mesh);
}

static void
on_leave_timer(evutil_socket_t unused, short what, void *context)
{
	struct dchat *dchat = context;

	(void)unused, (void)what;
	if (dchat->leaving != LEAVE_ANSWERING)
		done(dchat);
	else if (commands_waiting(dchat) && clock_now() < dchat->answer_by)
		wait_at_most(dchat, dchat->answer_by - clock_now());
	else
		say_goodbye(dchat);
}

void
leave_proceed(struct dchat *dchat)
{
	/* By the timer: the step that got us here has not ended yet. */
	if (dchat->leaving == LEAVE_ANSWERING && !commands_waiting(dchat))
		wait_at_most(dchat, 0);
}

void
leave_gone(struct dchat *dchat)
{
	if (dchat->leaving == LEAVE_FLUSHING)
		wait_at_most(dchat, 0);
}

void
leave_begin(struct dchat *dchat, const char *reason, int status)
{
	if (dchat->leaving != LEAVE_NOT)
		return;
	dchat->leaving = LEAVE_ANSWERING;
	dchat->reason = mem_text(reason);
	dchat->status = status;
	dchat->leave_by = clock_now() + LEAVE_MS;
	dchat->leave_timer =
	    event_new(dchat->loop, -1, 0, on_leave_timer, dchat);
	dchat->answer_by = dchat->leave_by - LEAVE_FLUSH_MS;
	wait_at_most(dchat, LEAVE_MS - LEAVE_FLUSH_MS);
	leave_proceed(dchat);
}

void
dchat_quit(struct dchat *dchat, const char *reason)
{
	leave_begin(dchat, reason, 0);
}

void
leave_free(struct dchat *dchat)
{
	if (dchat->leave_timer != NULL)
		event_free(dchat->leave_timer);
	free(dchat->reason);
	free(dchat->quits);
}
