/*
 * view: what is on the screen, painted from the model.
 *
 * A view is a function that paints one pane of the scene; it reads the
 * model, changes nothing that a person could notice, and reaches the
 * terminal only by the pen (tui/screen).  A scene is painted whole each
 * time; curses finds out what has changed.  A new view is a row of the
 * table in view.c.
 *
 *	+ rooms ---+ #ops -- topic -----------+ members -+
 *	| 1 #lobby | 12:01 ana  shall we?     | * ana    |
 *	+----------+--------------------------+----------+
 *	 * ana leads - term 3 - 5 peers ...       2:#ops!3
 *	 [#ops] > _
 *
 * The outer frame is there when there is room for it.
 */
#ifndef DCHAT_TUI_VIEW_H
#define DCHAT_TUI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/instant.h"
#include "tui/complete.h"
#include "tui/guide.h"
#include "tui/layout.h"
#include "tui/screen.h"
#include "tui/search.h"
#include "tui/setting.h"
#include "tui/windows.h"

/* So long the status bar tells what happened, and that the disk is full or
 * broken; and the members of a room who are gone are listed. */
enum {
	VIEW_NEWS_MS = 10 * 1000,
	VIEW_ALARM_MS = 60 * 1000,
	VIEW_GONE_MS = 60 * 1000,
};

/* Sections of the health panel, in their order. */
enum health_section {
	HEALTH_RING,
	HEALTH_PEERS,
	HEALTH_ELECTIONS,
	HEALTH_CLOCKS,
	HEALTH_TRAFFIC,
	PANEL_SECTIONS,		/* of any panel, at most */
};

/* What the input line is for at the moment. */
enum line_mode {
	LINE_PLAIN,
	LINE_SEARCH,		/* for a line written before */
	LINE_PASTE,		/* a question about what was pasted */
};

/* Everything a view may look at. */
struct scene {
	struct screen *screen;
	const struct theme *theme;
	struct windows *windows;
	const struct search *search;	/* while its panel is open */
	const struct setting_values *settings;
	wall_ms now;

	/* for the person alone, in place of the status; or "" */
	const char *hint;

	/* the input line: as typed, the cursor in bytes, and what is asked
	 * meanwhile; what could stand at the cursor, or NULL */
	const char *text, *question;
	size_t point;
	enum line_mode mode;
	const struct complete *complete;

	bool said;		/* the person has said something */

	/* covers the panes (enum panel_id, tui/panel); from this row of it
	 * on */
	int panel;
	size_t panel_top;
	/* where its sections begin, as its view found; that which is kept on
	 * top until the person scrolls, or -1 */
	size_t panel_starts[PANEL_SECTIONS], panel_start_count;
	int panel_section;

	/* set by scene_arrange() */
	struct layout_panes panes;
	struct layout_rect hints;	/* no rows: not there */
	bool framed;
	int rows, columns;
	int cursor_row, cursor_column;	/* by the input's view */
};

/* Finds out where everything goes; the model may ask for the sizes then. */
void scene_arrange(struct scene *scene);

/* Arranges and paints a whole frame. */
void scene_paint(struct scene *scene);

/* When it looks different though nothing happens; NEVER: it does not. */
wall_ms scene_deadline(const struct scene *scene, wall_ms now);

/* Rows the input would like to have. */
int view_input_rows(struct scene *scene, int columns);

/* The columns of the chat as it is arranged. */
void view_chat_columns(const struct scene *scene,
    struct layout_columns *columns);

/* "2 s", "45 s", "3 min" */
void view_duration(instant_ms duration, char text[static 16]);

/* The views themselves, each in its file. */
void view_rooms(struct scene *scene, const struct layout_rect *at);
void view_chat(struct scene *scene, const struct layout_rect *at);
void view_members(struct scene *scene, const struct layout_rect *at);
void view_status(struct scene *scene, const struct layout_rect *at);
void view_input(struct scene *scene, const struct layout_rect *at);

/* What Tab has to choose from, in the hint line or over the status. */
void view_hints(struct scene *scene, const struct layout_rect *at);
void view_candidates(struct scene *scene, const struct layout_rect *at);

/* Those of panels paint the rows from `top` on, as many as there is room for
 * (none, if that is beyond all), and return how many they have there. */
size_t view_health(struct scene *scene, const struct layout_rect *at,
    size_t top);
size_t view_help(struct scene *scene, const struct layout_rect *at,
    size_t top);
size_t view_net(struct scene *scene, const struct layout_rect *at,
    size_t top);
/* The row of it where something begins; GUIDE_NONE: the first. */
size_t view_help_row(const struct scene *scene, enum guide_topic topic,
    int cells);
size_t view_search(struct scene *scene, const struct layout_rect *at,
    size_t top);

/* The row of the hit that is chosen; of the first: the top. */
size_t view_search_row(const struct search *search);

/* What is painted at a row of the screen, which is in that pane: the index of
 * a room, a member, who speaks there; or SIZE_MAX, NULL: nothing. */
size_t view_rooms_at(const struct scene *scene, int row);
const struct window_member *view_members_at(const struct scene *scene,
    int row);
/* column: of the screen too; nothing but the nick's counts. */
const char *view_chat_nick_at(struct scene *scene, int row, int column);

/* When what is wrong makes room for who leads: a disk is of concern for longer
 * than a warning, which is a line of the room too. */
wall_ms view_alarm_end(const struct group *group);

/* Their names in the border. */
void view_rooms_title(struct scene *scene, const struct layout_rect *at);
void view_chat_title(struct scene *scene, const struct layout_rect *at);
void view_members_title(struct scene *scene, const struct layout_rect *at);

#endif
