/*
 * writer: bytes on their way to a descriptor, for which nobody waits.
 *
 * A terminal that is stopped, a pipe whose reader sleeps, or the far end of a
 * dead ssh take nothing, and would stop the node with them.  So what is to be
 * written is kept here first, and the other end is given what it takes.  How
 * much may be kept is for whoever writes.
 */
#ifndef DCHAT_TUI_WRITER_H
#define DCHAT_TUI_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

struct writer {
	int descriptor;
	bool own;
	struct bytes bytes;	/* to be appended to */
	size_t gone;		/* of these so many are written */
};

/*
 * own: opened for this alone, without waiting (O_NONBLOCK), and to be closed
 * with it; else it is shared with others, who may want to wait on it, and is
 * asked each time whether it takes a little more.
 */
void writer_init(struct writer *writer, int descriptor, bool own);
void writer_free(struct writer *writer);

/* Not written yet. */
size_t writer_left(const struct writer *writer);

/* As much as goes now.  False: nobody is at the other end any more, and what
 * was left is forgotten. */
bool writer_push(struct writer *writer);
/* Until all is written or nobody is there, but not for longer than that. */
void writer_drain(struct writer *writer, int patience_ms);

#endif
