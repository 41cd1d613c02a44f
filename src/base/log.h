/*
 * log: what the program tells its operator, one line each.
 *
 * Lines go to a file (or standard error when headless), with a time stamp.
 * Levels: warnings always; LOG_INFO with -v, LOG_TRACE (every input and
 * effect of the node) with -vv.  Text of strangers is escaped.
 */
#ifndef DCHAT_BASE_LOG_H
#define DCHAT_BASE_LOG_H

#include <stdbool.h>
#include <stdio.h>

#include "base/instant.h"

enum log_level {
	LOG_WARNING,
	LOG_INFO,
	LOG_TRACE,
};

struct log {
	FILE *file;		/* NULL: nothing is written */
	enum log_level level;
	wall_ms (*wall)(void);	/* the clock of the stamps */
	bool waits;		/* for its reader, if it were let */
	bool cut;		/* the last line is not whole */
	unsigned lost;		/* lines, since one was written */
};

/* Where its lines go from now on.  Whoever reads them through a pipe, or
 * does not, never stops the program: what finds no room is left out, and the
 * next line that does tells how many were. */
void log_to(struct log *log, FILE *file);

static inline bool
log_wants(const struct log *log, enum log_level level)
{
	return log->file != NULL && level <= log->level;
}

void log_line(struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a line that may be long; the text is printable. */
void log_data(struct log *log, enum log_level level, const char *head,
    const char *text);

/*
 * A budget for lines that a stranger can cause: so many a minute, and the
 * next line let through tells how many were not.
 */
struct log_budget {
	instant_ms minute;	/* when the current minute began */
	unsigned used, suppressed;
};

void log_limited(struct log *log, struct log_budget *budget, instant_ms now,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
