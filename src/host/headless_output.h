/*
 * headless_output: lines to a descriptor, never waiting for its reader.
 *
 * Standard output is shared with others (a terminal, a log), so it is not
 * made non-blocking for them too: a pipe or terminal is opened a second
 * time, a socket is written with MSG_DONTWAIT, a file never waits.
 */
#ifndef DCHAT_HOST_HEADLESS_OUTPUT_H
#define DCHAT_HOST_HEADLESS_OUTPUT_H

#include <stdbool.h>

#include "base/bytes.h"

struct event;
struct event_base;

struct output {
	struct bytes bytes; /* append whole lines here */
	size_t written;     /* of them */
	int descriptor;
	bool own; /* the descriptor is a second opening */
	enum { OUTPUT_FILE, OUTPUT_STREAM, OUTPUT_SHARED, OUTPUT_SOCKET } kind;
	bool closed; /* nobody reads any more: all is dropped */
	struct event *writable, *hung_up;
	void (*on_closed)(void *self); /* from the loop */
	void *self;
};

void output_open(struct output *output, struct event_base *loop, int descriptor,
    void (*on_closed)(void *self), void *self);
void output_close(struct output *output);

/* Writes what goes without waiting; the rest follows by itself. */
void output_flush(struct output *output);
/* Writes all, waiting for the reader at most so long. */
void output_drain(struct output *output, int wait_ms);

/* Bytes that nobody has read yet. */
size_t output_waiting(const struct output *output);

#endif
