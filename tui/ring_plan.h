/*
 * ring_plan: where the members of a ring stand in a picture of cells.
 *
 * Pure geometry, no terminal and no model.  The first one stands on top (or
 * comes first), the others follow clockwise, each with a label beside its
 * mark.  Three shapes, the first that has room for all labels:
 *
 *   an ellipse        few members; labels outside, room within for chords
 *   a rectangle       many; one a row at its sides, short labels above and
 *                     below, all within its border
 *   a band            more than that: from left to right and back again
 *
 *        . * ana .            +-* ana--o bob--+        * ana  o bob  ? eve
 *     . '         '           o kim       zoe @                        |
 *   dan o          ? eve      |               |        @ zoe  o kim  o lea
 *     .   .     . '           +-o max--? eve--+        |
 */
#ifndef DCHAT_TUI_RING_PLAN_H
#define DCHAT_TUI_RING_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RING_LABEL_LEAST = 3,	/* cells; with fewer it is no name */
	RING_LABEL_MOST = 14,
};

enum ring_shape {
	RING_ELLIPSE,
	RING_RECTANGLE,
	RING_BAND,
};

/* What a cell is, under the marks and labels. */
enum ring_cell {
	RING_BLANK,
	RING_CURVE,		/* of the ellipse */
	RING_CHORD,
	RING_HORIZONTAL,
	RING_VERTICAL,
	RING_TOP_LEFT,
	RING_TOP_RIGHT,
	RING_BOTTOM_LEFT,
	RING_BOTTOM_RIGHT,
};

struct ring_spot {
	int row, column;	/* of the mark: one cell */
	int label, label_cells;	/* in the same row; a blank between */
	bool before;		/* the label is left of the mark: it ends there */
};

struct ring_plan {
	enum ring_shape shape;
	int rows, columns;
	struct ring_spot *spots;
	size_t count;
	uint8_t *cells;		/* enum ring_cell, rows * columns */
};

/*
 * labels: how many cells each would like (up to RING_LABEL_MOST; it may get
 * less).  A band takes as many rows as it needs, the others at most so many.
 * Free it at last.
 */
void ring_plan_make(struct ring_plan *plan, const int *labels, size_t count,
    int rows, int columns);
void ring_plan_free(struct ring_plan *plan);

/* A line between two, through what is still blank; only in an ellipse. */
void ring_plan_chord(struct ring_plan *plan, size_t from, size_t to);

static inline enum ring_cell
ring_plan_cell(const struct ring_plan *plan, int row, int column)
{
	return (enum ring_cell)plan->cells[row * plan->columns + column];
}

#endif
