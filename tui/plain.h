/*
 * plain: what the screen shows, as lines of text to be heard, or felt in
 * braille: from left to right all that matters, and nothing that only makes
 * sense by where it stands.
 *
 * Each function appends to out, one line or more with newlines between them,
 * without a NUL.  Foreign text in it is in display form but for that of
 * events, so whoever prints it cleans it once more (tui/text).
 */
#ifndef DCHAT_TUI_PLAIN_H
#define DCHAT_TUI_PLAIN_H

#include "base/bytes.h"
#include "dchat.h"
#include "tui/group.h"
#include "tui/guide.h"
#include "tui/search.h"
#include "tui/setting.h"
#include "tui/view.h"
#include "tui/windows.h"

/*
 * "12:01 #ops, ana: shall we?": a line of a window, on one line.  The room
 * is told when it is not the one in view.  old: it is told later than it was
 * said, so it has its day and time in any case.
 */
void plain_line(struct bytes *out, const struct windows *windows,
    const struct setting_values *settings, const struct window *window,
    const struct line *line, bool old, wall_ms now);

/* Something that changes a line of the window: an edit, a reaction, a
 * delete.  Nothing when that line is not here. */
void plain_amended(struct bytes *out, const struct windows *windows,
    const struct window *window, const struct dchat_message *message);

/* Any other text about a room. */
void plain_text(struct bytes *out, const struct windows *windows,
    const struct window *window, const char *text);

/* Where the person is now. */
void plain_place(struct bytes *out, const struct windows *windows);

/* All commands, or all settings; GUIDE_KEYS: what keys there are. */
void plain_help(struct bytes *out, enum guide_topic topic);

/* A section of the health panel, or all of it (-1). */
void plain_health(struct bytes *out, const struct health *health,
    const struct group *group, int section);

void plain_net(struct bytes *out, const struct doctor_lines *lines);

/* The newest of what was found, oldest of them first. */
void plain_search(struct bytes *out, const struct windows *windows,
    const struct search *search);

#endif
