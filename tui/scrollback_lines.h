/*
 * scrollback_lines: what scrollback.c (the lines) and scrollback_view.c
 * (which of them are on the screen) share; nobody else includes it.
 */
#ifndef DCHAT_TUI_SCROLLBACK_LINES_H
#define DCHAT_TUI_SCROLLBACK_LINES_H

#include "tui/layout.h"
#include "tui/scrollback.h"

struct scrollback {
	struct line **lines;
	size_t count, cap;
	size_t pending; /* of them, at the end */
	size_t bytes;   /* of their texts */
	unsigned flags;

	/* Older messages than the floor are in the history alone. */
	bool has_floor;
	struct dchat_place floor;
	bool fetching;
	bool whole; /* what is above the oldest line is known: nothing */
	uint64_t lost; /* it was more once, and nobody has it: so many */
	enum scrollback_filter filter;
	bool paging; /* a page is being put in */
	bool cut; /* the newest lines went, at */
	wall_ms cut_at;

	const struct line *unread; /* the first unread one, or NULL */
	bool marked;               /* the next message will be it */

	/* The last row in view: of the line anchor (NULL: live, the very
	 * last), so many rows above the last row of that line. */
	const struct line *anchor;
	size_t above_end;
	const struct line *focus; /* or NULL */
	size_t fresh; /* lines that came below since then */

	struct amends amends; /* what refers to lines, here or not */
	struct layout_rows rows; /* to wrap into */
};

/* Where the line is; it must be there. */
size_t scrollback_index(const struct scrollback *scrollback,
    const struct line *line);

/* Makes the text of a line from what was said and what refers to it / the
 * same for one just put in; newest: nothing stands below it. */
void scrollback_compose(struct scrollback *scrollback, struct line *line);
/* Of the line in focus more is told: it is that now, or no more. */
void scrollback_compose_focus(struct scrollback *scrollback,
    const struct line *line);
void scrollback_compose_new(struct scrollback *scrollback, struct line *line,
    bool newest);

/* Somebody says or does something. */
static inline bool
line_is_message(const struct line *line)
{
	return line->kind == LINE_TEXT || line->kind == LINE_ACTION;
}

#endif
