/*
 * layout: how a text becomes rows, and how a terminal becomes panes.
 *
 * Rows: UAX 14 says where a line may break (libunistring's
 * u8_possible_linebreaks), UAX 29 where a word that is too long is cut.  An
 * URL is kept whole as long as it fits on a row of its own, and the slash of
 * "/quit" stays with its word.  No cluster is ever split, no row is wider
 * than asked for (unless a single cluster is).
 *
 * Panes: product.md's order of sacrifice.  When it is narrow the members go
 * first, then the rooms (their content moves to the status line), then the
 * title, then the status; the input and the last messages always win.
 */
#ifndef DCHAT_TUI_LAYOUT_H
#define DCHAT_TUI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

/* -- rows of a text ---------------------------------------------------- */

/* Part of the text on one row; the spaces and the newline it broke at are
 * in no row. */
struct layout_row {
	size_t offset, size;	/* bytes */
	size_t cells;
};

/* Zero it first, free it at last; wrapping again keeps the memory. */
struct layout_rows {
	struct layout_row *items;
	size_t count, cap;
};

/*
 * Where a row may start: for each byte of a text in display form one of
 * libunistring's UC_BREAK_POSSIBLE, UC_BREAK_PROHIBITED, UC_BREAK_MANDATORY
 * (behind a newline).
 */
void layout_breaks(const char *text, size_t size, char *breaks);

/*
 * Rows of a text in display form for a width of at least one cell.  There
 * is always one row at least, though it may be empty.
 */
void layout_wrap(struct layout_rows *rows, const char *text, size_t size,
    size_t width);
void layout_rows_free(struct layout_rows *rows);

/* -- panes of a terminal ----------------------------------------------- */

enum {
	LAYOUT_MIN_COLS = 20,
	LAYOUT_MIN_ROWS = 5,
};

struct layout_rect {
	int row, col, rows, cols;
};

/*
 * The panes; one that is not there has no rows and no columns.  They do not
 * overlap and together cover the terminal:
 *
 *	rooms_title | | title            | | members_title
 *	rooms       | | chat             | | members
 *	status
 *	input
 *
 * The one-column bars between them run through title and pane.
 */
struct layout_panes {
	bool too_small;		/* all panes are empty: say so and wait */
	struct layout_rect rooms_title, rooms, rooms_bar;
	struct layout_rect title, chat;
	struct layout_rect members_bar, members_title, members;
	struct layout_rect status, input;
};

/*
 * input_rows is what the input would like (1 at least); it gets as many
 * up to a third of the screen, and two in any case.  members: they are to
 * be there if there is room.
 */
void layout_panes(struct layout_panes *panes, int rows, int cols,
    int input_rows, bool members);

/* -- columns of the chat ----------------------------------------------- */

/*
 * "12:01 " · "     nick " · text · "  4/5"; a column that is not there has no
 * cells.  They add up to cols.  Time and nick include the space behind them,
 * mark the one before it.
 */
struct layout_columns {
	int time, nick, text, mark;
};

/* time_cells: of the time, without the space, or 0.  nick_cells, mark_cells:
 * the widest nick and mark to be shown; they may get less. */
void layout_columns(struct layout_columns *columns, int cols, int time_cells,
    int nick_cells, int mark_cells);

#endif
