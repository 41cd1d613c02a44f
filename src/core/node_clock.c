/*
 * node_clock: how far the clocks of others are from mine.
 *
 * Pings and pongs carry their sender's clock.  Nothing is set by it; what a
 * person reads beside a message is its author's clock, so they should know
 * when it is wrong.  What lay unread while this process was stopped looks
 * like a clock that is behind, until it has all been read: what is told is
 * what stays so.
 */
#include <stdio.h>

#include "core/node_state.h"

enum {
	SKEW_TOLD_MS = 5000,	/* worth a warning; once, until it is */
	SKEW_FINE_MS = 1000,	/* no more than this again */
	SKEW_STAYS_MS = 2000,	/* two heartbeats, and what is between */
	SKEW_TEXT = 256,
	MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR,
};

/* The two largest units are enough for anybody. */
static void
describe(int64_t seconds, char text[static SKEW_TEXT])
{
	long long s = (long long)seconds;

	if (s < MINUTE)
		snprintf(text, SKEW_TEXT, "%lld s", s);
	else if (s < HOUR)
		snprintf(text, SKEW_TEXT, "%lld min %lld s", s / MINUTE,
		    s % MINUTE);
	else if (s < DAY)
		snprintf(text, SKEW_TEXT, "%lld h %lld min", s / HOUR,
		    s % HOUR / MINUTE);
	else
		snprintf(text, SKEW_TEXT, "%lld days %lld h", s / DAY,
		    s % DAY / HOUR);
}

static void
warn(struct node *node, const struct watch *watch, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_WARNING };
	bool ahead = watch->skew_ms > 0;
	char by[SKEW_TEXT], text[2 * SKEW_TEXT];

	describe((ahead ? watch->skew_ms : -watch->skew_ms) / 1000, by);
	snprintf(text, sizeof text,
	    "The clock of %s is %s %s yours: the times beside its messages "
	    "are its own.",
	    node_nick(node, &watch->peer), by, ahead ? "ahead of" : "behind");
	event.warning.code = "clock_skew";
	event.warning.text = effects_text(fx, text);
	effects_notify(fx, &event);
}

void
node_note_clock(struct node *node, const struct input *input,
    struct effects *fx)
{
	const struct id *from = &input->receive.from;
	struct watch *watch = detector_clock(&node->detector, from,
	    (int64_t)input->receive.frame->ping.wall - input->wall);
	int64_t off;

	if (watch == NULL)
		return;
	off = watch->skew_ms < 0 ? -watch->skew_ms : watch->skew_ms;
	if (off < SKEW_FINE_MS)
		watch->skew_told = false;
	if (off <= SKEW_TOLD_MS || watch->skew_told) {
		watch->skew_doubted = false;
	} else if (!watch->skew_doubted) {
		watch->skew_doubted = true;
		watch->skew_since = input->now;
	} else if (input->now - watch->skew_since >= SKEW_STAYS_MS) {
		watch->skew_told = true;
		warn(node, watch, fx);
	}
}
