/*
 * windows_parts: what the parts of windows share; nobody else includes it.
 *
 *	windows.c		which rooms are open, which is in view
 *	windows_event.c		what the node tells
 *	windows_answer.c	what it answers
 */
#ifndef DCHAT_TUI_WINDOWS_PARTS_H
#define DCHAT_TUI_WINDOWS_PARTS_H

#include "tui/windows.h"

/* -- windows.c --------------------------------------------------------- */

/* The room's window, opened if it is not. */
struct window *windows_open_room(struct windows *windows, const char *room);

/* room is "@" and an id; nick NULL: as the group knows them. */
struct window *windows_open_direct(struct windows *windows, const char *room,
    const char *nick);

/* The last one becomes home. */
void windows_close_room(struct windows *windows, struct window *window);

/* The person was not in it in an earlier run: what was said before they came
 * is handed over, and not unread. */
bool windows_is_new(const struct windows *windows,
    const struct window *window);

/* The room that the person has asked for comes before them. */
void windows_show_if_wanted(struct windows *windows, struct window *window);

/* To what the person asked; it is seen, wherever they read. */
void windows_answer(struct windows *windows, struct window *window,
    enum line_kind kind, const char *text, wall_ms now);

/* -- windows_event.c --------------------------------------------------- */

void windows_message(struct windows *windows,
    const struct dchat_message *message, bool history, wall_ms now);

/* True: it had another. */
bool windows_set_topic(struct windows *windows, struct window *window,
    const char *topic);

/* -- windows_answer.c -------------------------------------------------- */

void windows_ok(struct windows *windows, const struct dchat_event *event,
    wall_ms now);
void windows_error(struct windows *windows, const struct dchat_event *event,
    wall_ms now);

#endif
