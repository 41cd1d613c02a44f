/*
 * notify: the hours in which nobody is called, and the escape sequence by
 * which a terminal shows a notification on the desktop.
 *
 *	OSC 9	; text ST		iTerm2, and who does it like that
 *	OSC 777	; notify; title; text ST	rxvt-unicode, and who does
 *
 * There is no way to ask a terminal whether it knows one of them, so only
 * those get one that say who they are in the environment; others have the
 * bell.  A multiplexer between the two passes neither on.
 */
#ifndef DCHAT_TUI_NOTIFY_H
#define DCHAT_TUI_NOTIFY_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/instant.h"

/* "22:00-07:00", in minutes of the day (NULL: not wanted); false: it is no
 * such text. */
bool notify_hours(const char *text, int *from, int *to);

/* It is such an hour, in local time; equal ones are the whole day, and "" is
 * never. */
bool notify_is_quiet(const char *hours, wall_ms now);

enum notify_kind {
	NOTIFY_NONE,
	NOTIFY_OSC_9,
	NOTIFY_OSC_777,
};

/* get: as getenv(3). */
enum notify_kind notify_kind(char *(*get)(const char *name));

/*
 * Appends the sequence; nothing for NOTIFY_NONE.  Title and text may be
 * anything: they are cleaned and cut here, and cannot end the sequence.
 */
void notify_append(struct bytes *out, enum notify_kind kind,
    const char *title, const char *text, unsigned text_flags);

#endif
