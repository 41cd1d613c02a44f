/*
 * notify: the escape sequence by which a terminal shows a notification on
 * the desktop.
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

#include "base/bytes.h"

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
