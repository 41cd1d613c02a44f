/*
 * tell: how dchat itself writes into a window, and how the person notices.
 * A part of tui/windows, which says what is told when.
 */
#ifndef DCHAT_TUI_TELL_H
#define DCHAT_TUI_TELL_H

#include "tui/windows.h"

/* The window wants to be looked at, unless it is. */
void tell_activity(struct windows *windows, struct window *window,
    enum activity activity);

/* The teller is told of a line / of the comings not told yet. */
void tell_teller(struct windows *windows, struct window *window,
    const struct line *line, bool old);
void tell_comings(struct windows *windows, struct window *window);

void tell_line(struct windows *windows, struct window *window,
    enum line_kind kind, const char *text, wall_ms now);
/* What a person has asked for: gone when they have left the room. */
void tell_answer(struct windows *windows, struct window *window,
    enum line_kind kind, const char *text, wall_ms now);
void tell_format(struct windows *windows, struct window *window,
    enum line_kind kind, wall_ms now, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Somebody came or went.  reason, for COMING_GONE: as PEER gives it.  quiet:
 * it is of interest to few. */
void tell_coming(struct windows *windows, struct window *window,
    const struct coming *coming, bool quiet, wall_ms now);

#endif
