/*
 * pace: how much may be on its way to the terminal.
 *
 * What is written waits in a queue, in the kernel, in ssh, before a modem;
 * at 9600 baud it holds many seconds, and what a key does is seen behind all
 * of it.  So now and then the terminal is asked for its state (DSR, CSI 5 n,
 * ECMA-48 8.3.35): its answer says that all before it was read.  While more
 * than a window is not answered for, no frame is painted; what happens
 * meanwhile is in the next one.
 *
 * The window opens where answers come soon and closes where they come late.
 * A terminal that has never answered is not waited for.  A pure model:
 * instants and weights (bytes, roughly) come from outside.
 */
#ifndef DCHAT_TUI_PACE_H
#define DCHAT_TUI_PACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/instant.h"

enum {
	PACE_LEAST = 600,	/* of a window; 0.6 s at 9600 baud */
	PACE_FIRST = 2 * 1024,
	PACE_MOST = 16 * 1024,
	PACE_SOON_MS = 250,	/* so soon an answer opens the window, */
	PACE_LATE_MS = 700,	/* and so late it closes it */
	/* Who does not answer in so long, and as long as a line of 200 bytes
	 * a second takes, will not. */
	PACE_PATIENCE_MS = 2000,
	PACE_SLOWEST = 200,
};

struct pace {
	bool answers;		/* it has, and did not cease to */
	bool asked;		/* and has not answered yet: */
	instant_ms asked_at;
	size_t asked_weight;	/* what was under way then */
	size_t weight;		/* under way by now */
	size_t window;
	instant_ms took;	/* the last answer */
};

void pace_init(struct pace *pace);

/* A frame was written.  True: ask the terminal now. */
bool pace_wrote(struct pace *pace, size_t weight, instant_ms now);

/* The terminal has answered. */
void pace_answered(struct pace *pace, instant_ms now);

/* The line is slow: what a key did goes first, and news leave half of the
 * time to the keys. */
bool pace_slow(const struct pace *pace);
/* So long after a frame no news are painted, in ms. */
instant_ms pace_calm(const struct pace *pace);

/* How long the next frame has to wait at most, in ms; 0: not at all. */
instant_ms pace_wait(struct pace *pace, instant_ms now);

#endif
