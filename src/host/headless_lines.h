/*
 * headless_lines: a descriptor to lines, as fast as they are wanted.
 *
 * A pipe, a socket or a terminal is read when there is something; a file or
 * the null device, which the loop cannot wait for, a piece at each turn.
 */
#ifndef DCHAT_HOST_HEADLESS_LINES_H
#define DCHAT_HOST_HEADLESS_LINES_H

#include <stdbool.h>

#include "base/bytes.h"

struct event;
struct event_base;

struct lines {
	struct bytes bytes;
	size_t taken;  /* bytes of lines given out */
	size_t looked; /* no newline up to here */
	int descriptor;
	bool waits;    /* the loop can wait for it */
	bool ended;    /* nothing more comes */
	bool skipping; /* the rest of a line that was too long */
	struct event *readable;
	void (*arrived)(void *self); /* from the loop: lines, or the end */
	void *self;
};

enum lines_outcome {
	LINES_LINE,     /* *text, *size: without its newline */
	LINES_TOO_LONG, /* over LIMIT_INPUT_LINE; it is skipped */
	LINES_NOTHING,  /* no whole line yet; look at `ended` */
};

void lines_open(struct lines *lines, struct event_base *loop, int descriptor,
    void (*arrived)(void *self), void *self);
void lines_close(struct lines *lines);

/* Begins and goes on reading; stops reading. */
void lines_resume(struct lines *lines);
void lines_pause(struct lines *lines);

/* The next line; borrowed until the next call.  The last one of all needs
 * no newline. */
enum lines_outcome lines_next(struct lines *lines, const char **text,
    size_t *size);

#endif
