/*
 * reader: the output of real processes, a million lines of it.
 *
 * tests/support/peer keeps and parses every event; here lines are counted,
 * looked at as text and thrown away, so that what is measured is the node
 * and not the one who measures.
 */
#ifndef DCHAT_BENCH_READER_H
#define DCHAT_BENCH_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/support/peer.h"

struct reader {
	struct peer *peer;
	char *buffer;		/* a line not yet complete */
	size_t used, cap;
	size_t messages, oks;	/* lines of these kinds so far */
	double message_ms;	/* when the last one came */
	/* When a fetching last came to its end; how often one did, and of how
	 * many bundles they were together. */
	double fetched_ms;
	size_t fetched, fetched_bundles;
	/* Each message with this in it is told, with its line. */
	const char *wanted;
	void (*found)(struct reader *reader, const char *line, double at_ms);
	/* Lines to be said, as fast as they are taken. */
	const char *text;	/* of each of them; NULL: nothing to say */
	const char *room;
	size_t to_say, said;	/* in all, and written so far */
	char *waiting;		/* bytes the pipe did not take */
	size_t waiting_size;
};

void reader_init(struct reader *reader, struct peer *peer);
void reader_free(struct reader *reader);

/* Says so many in a room from now on, besides what reader_pump() reads. */
void reader_say(struct reader *reader, const char *room, const char *text,
    size_t count);

/* Reads and writes what can be at any of them; waits at most so long. */
void readers_pump(struct reader *readers, size_t count, double timeout_ms);

/* The kind of event the line is of. */
bool line_is(const char *line, const char *event);

#endif
