/*
 * panel: what covers the panes for a while: help, and the like.
 *
 * A panel is a row of the table below: the key that opens and closes it,
 * how many rows it has, and how some of them are painted.  The frame around
 * it, scrolling and closing are the same for all.  Like the views, panels
 * read the model and change nothing.
 */
#ifndef DCHAT_TUI_PANEL_H
#define DCHAT_TUI_PANEL_H

#include <stddef.h>

#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/view.h"

/* constant, key's action, title in the frame, view, every so many ms the node
 * is asked for what it shows (0: it shows nothing of the node) */
#define PANELS(X)                                                             \
	X(HELP, ACTION_HELP, "help", view_help, 0)                            \
	X(HEALTH, ACTION_HEALTH, "health", view_health, 1000)                 \
	X(NET, ACTION_NET, "network", view_net, 1000)                         \
	X(SEARCH, ACTION_SEARCH, "search", view_search, 0)

enum panel_id {
	PANEL_NONE,
#define X(constant, action, title, view, refresh_ms) PANEL_##constant,
	PANELS(X)
#undef X
};

/* The panel that a key opens and closes, or PANEL_NONE. */
enum panel_id panel_of(enum action action);

/* Opens it at its top, in place of the one that is open; PANEL_NONE closes. */
void panel_open(struct scene *scene, enum panel_id id);
/* The same with one of its sections on top. */
void panel_open_at(struct scene *scene, enum panel_id id, int section);

/* The columns it has inside its frame. */
int panel_columns(const struct scene *scene);

/* Scrolls by pages and rows, up when negative, within what there is. */
void panel_scroll(struct scene *scene, long pages, long rows);

/* Scrolls as little as it can for this row to be seen. */
void panel_reveal(struct scene *scene, size_t row);

/* To the next section of the open one, or the one before (-1); false: it has
 * none. */
bool panel_step(struct scene *scene, int direction);

/* How often the node is asked for the open one; 0: not at all. */
wall_ms panel_looks(const struct scene *scene);

/* Paints the open one in all but the status and the input. */
void panel_paint(struct scene *scene);

/* When the open one is to be painted again; NEVER. */
wall_ms panel_deadline(const struct scene *scene, wall_ms now);

#endif
