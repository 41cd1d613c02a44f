#include "tui/ring_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	ROWS_LEAST = 5,		/* of an ellipse or a rectangle */
	ROWS_FEW = 7,		/* an ellipse of a few has these, and */
	ROWS_MUCH = 13,		/* not more than these for its beauty */
	LABEL_GOOD = 7,		/* a rectangle grows until labels have that */
	STRETCH = 3,		/* columns of an ellipse to one of its rows */
};

/* -- cells --------------------------------------------------------------- */

static void
put(struct ring_plan *plan, int row, int column, enum ring_cell cell)
{
	if (row >= 0 && row < plan->rows && column >= 0 &&
	    column < plan->columns)
		plan->cells[row * plan->columns + column] = (uint8_t)cell;
}

static void
set_size(struct ring_plan *plan, enum ring_shape shape, int rows,
    int columns)
{
	free(plan->cells);
	plan->shape = shape;
	plan->rows = rows;
	plan->columns = columns;
	plan->cells = mem_zero((size_t)rows * (size_t)columns + 1, 1);
}

/* A mark, and beside it a label of at most so many cells. */
static void
place(struct ring_plan *plan, size_t i, int row, int column, bool before,
    int label_cells)
{
	if (label_cells > RING_LABEL_MOST)
		label_cells = RING_LABEL_MOST;
	plan->spots[i] = (struct ring_spot){
		.row = row,
		.column = column,
		.label = before ? column - 1 - label_cells : column + 2,
		.label_cells = label_cells,
		.before = before,
	};
}

/* -- ellipse ------------------------------------------------------------- */

/*
 * The sine of an angle in degrees, from 0 to 360, to 0.2 %: Bhaskara I,
 * Mahabhaskariya, about 629.  Cells are coarser than that.
 */
static double
sine(double degrees)
{
	double half = degrees > 180 ? degrees - 180 : degrees;
	double product = half * (180 - half);
	double value = 4 * product / (40500 - product);

	return degrees > 180 ? -value : value;
}

static double
cosine(double degrees)
{
	return sine(degrees < 270 ? degrees + 90 : degrees - 270);
}

static int
rounded(double value)
{
	return (int)(value + 0.5);
}

struct ellipse {
	double row, column;	/* its centre */
	double tall, wide;	/* its half axes */
};

static void
ellipse_at(const struct ellipse *ellipse, double degrees, int *row,
    int *column)
{
	*row = rounded(ellipse->row - ellipse->tall * cosine(degrees));
	*column = rounded(ellipse->column + ellipse->wide * sine(degrees));
}

/* Labels of one row must not touch each other or a mark. */
static bool
spots_fit(const struct ring_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct ring_spot *a = &plan->spots[i];
		int left = a->before ? a->label : a->column;
		int right = a->before ? a->column : a->label + a->label_cells;

		if (left < 0 || right >= plan->columns + !a->before)
			return false;
		for (size_t k = 0; k < i; k++) {
			const struct ring_spot *b = &plan->spots[k];
			int from = b->before ? b->label : b->column;
			int to = b->before ? b->column
					   : b->label + b->label_cells;

			if (a->row == b->row && left <= to + 1 &&
			    from <= right + 1)
				return false;
		}
	}
	return true;
}

static bool
make_ellipse(struct ring_plan *plan, const int *labels, int rows,
    int columns)
{
	struct ellipse ellipse = {
		.row = (rows - 1) / 2.0,
		.column = (columns - 1) / 2.0,
		.tall = (rows - 1) / 2.0,
	};
	int widest = 0, row, column;

	/* one on either side of each row, at most */
	if (plan->count > 2 * (size_t)rows)
		return false;
	for (size_t i = 0; i < plan->count; i++)
		if (labels[i] > widest)
			widest = labels[i];
	if (widest > RING_LABEL_MOST)
		widest = RING_LABEL_MOST;
	ellipse.wide = ellipse.column - widest - 2;
	if (ellipse.wide > ellipse.tall * STRETCH)
		ellipse.wide = ellipse.tall * STRETCH;
	if (ellipse.wide < ellipse.tall || columns < 1)
		return false;
	set_size(plan, RING_ELLIPSE, rows, columns);
	for (int degree = 0; degree < 360; degree++) {
		ellipse_at(&ellipse, degree, &row, &column);
		put(plan, row, column, RING_CURVE);
	}
	for (size_t i = 0; i < plan->count; i++) {
		double degrees = 360.0 * (double)i / (double)plan->count;

		ellipse_at(&ellipse, degrees, &row, &column);
		place(plan, i, row, column, degrees > 180, labels[i]);
	}
	return spots_fit(plan);
}

/* -- rectangle ------------------------------------------------------------ */

/* So many above; as many or one less below; the others at the sides. */
struct sides {
	int above, right, below, left;
};

static struct sides
share_out(int count, int rows)
{
	struct sides sides = { .right = rows - 2, .left = rows - 2 };
	int rest = count - sides.right - sides.left;

	if (rest < 2) {
		sides.right = (count - 1) / 2;
		sides.left = (count - 2) / 2;
		rest = count - sides.right - sides.left;
	}
	sides.above = (rest + 1) / 2;
	sides.below = rest / 2;
	return sides;
}

/* Cells for each of those above, mark and blanks included. */
static int
share_of(const struct sides *sides, int columns)
{
	return (columns - 2) / sides->above;
}

static void
put_border(struct ring_plan *plan)
{
	int bottom = plan->rows - 1, right = plan->columns - 1;

	for (int column = 1; column < right; column++) {
		put(plan, 0, column, RING_HORIZONTAL);
		put(plan, bottom, column, RING_HORIZONTAL);
	}
	for (int row = 1; row < bottom; row++) {
		put(plan, row, 0, RING_VERTICAL);
		put(plan, row, right, RING_VERTICAL);
	}
	put(plan, 0, 0, RING_TOP_LEFT);
	put(plan, 0, right, RING_TOP_RIGHT);
	put(plan, bottom, 0, RING_BOTTOM_LEFT);
	put(plan, bottom, right, RING_BOTTOM_RIGHT);
}

static int
smaller(int a, int b)
{
	return a < b ? a : b;
}

/* The row of the ith of count at a side, top first. */
static int
side_row(int i, int count, int rows)
{
	return 1 + (2 * i + 1) * (rows - 2) / (2 * count);
}

static bool
make_rectangle(struct ring_plan *plan, const int *labels, int rows,
    int columns)
{
	struct sides sides = share_out((int)plan->count, rows);
	int share = share_of(&sides, columns), side = columns / 2 - 4;
	int bottom = rows - 1, i;
	size_t at = 0;

	if (share - 3 < RING_LABEL_LEAST || side < RING_LABEL_LEAST)
		return false;
	set_size(plan, RING_RECTANGLE, rows, columns);
	put_border(plan);
	for (i = 0; i < sides.above; i++, at++)
		place(plan, at, 0, 2 + i * share, false,
		    smaller(labels[at], share - 3));
	for (i = 0; i < sides.right; i++, at++)
		place(plan, at, side_row(i, sides.right, rows), columns - 1,
		    true, smaller(labels[at], side));
	for (i = sides.below; i-- > 0; at++)
		place(plan, at, bottom, 2 + i * share, false,
		    smaller(labels[at], share - 3));
	for (i = sides.left; i-- > 0; at++)
		place(plan, at, side_row(i, sides.left, rows), 0, false,
		    smaller(labels[at], side));
	return true;
}

/* -- band ----------------------------------------------------------------- */

enum { MARGIN = 2 };	/* at the left, where it turns */

/* How the band goes on from the end of a row to the next one. */
static void
put_turn(struct ring_plan *plan, int row, int last)
{
	int right = plan->columns - 1;

	if (row % 2 == 0) {
		for (int column = last + 1; column < right; column++) {
			put(plan, row, column, RING_HORIZONTAL);
			put(plan, row + 1, column, RING_HORIZONTAL);
		}
		put(plan, row, right, RING_TOP_RIGHT);
		put(plan, row + 1, right, RING_BOTTOM_RIGHT);
	} else {
		put(plan, row, 0, RING_TOP_LEFT);
		put(plan, row, 1, RING_HORIZONTAL);
		put(plan, row + 1, 0, RING_BOTTOM_LEFT);
		put(plan, row + 1, 1, RING_HORIZONTAL);
	}
}

static void
make_band(struct ring_plan *plan, const int *labels, int columns)
{
	int count = (int)plan->count, widest = RING_LABEL_LEAST;
	int margin = columns > 4 * MARGIN ? MARGIN : 0;
	int room = columns - 2 * margin, share, row_of;

	for (int i = 0; i < count; i++)
		if (labels[i] > widest)
			widest = labels[i];
	share = smaller(widest, RING_LABEL_MOST) + 4;
	row_of = room / share > 0 ? room / share : 1;
	share = room / row_of;
	set_size(plan, RING_BAND, (count + row_of - 1) / row_of, columns);
	for (int i = 0; i < count; i++) {
		int row = i / row_of, nth = i % row_of;
		int left = row % 2 == 0 ? nth : row_of - 1 - nth;
		int column = margin + left * share;

		/* from the one on its left, or to it */
		for (int k = 1; k < share && left > 0; k++)
			if (nth > 0 || i + 1 < count)
				put(plan, row, column - k, RING_HORIZONTAL);
		place(plan, (size_t)i, row, column, false,
		    smaller(labels[i], share > 4 ? share - 3 : 1));
		if (nth == row_of - 1 && i + 1 < count && margin > 0)
			put_turn(plan, row, margin + (row_of - 1) * share);
	}
}

/* -- the first that fits --------------------------------------------------- */

/* A third of what there is will do, if neighbours have rows of their own. */
static int
ellipse_rows(size_t count, int most)
{
	int rows = (int)(count < 200 ? count : 200) + 1;
	int third = smaller(most / 3, ROWS_MUCH);

	if (rows < third)
		rows = third;
	if (rows < ROWS_FEW)
		rows = ROWS_FEW;
	return smaller(rows, most);
}

static bool
make_some_rectangle(struct ring_plan *plan, const int *labels, int rows,
    int columns)
{
	for (int fewer = ROWS_LEAST; fewer < rows; fewer++) {
		struct sides sides = share_out((int)plan->count, fewer);

		if (share_of(&sides, columns) - 3 >= LABEL_GOOD)
			return make_rectangle(plan, labels, fewer, columns);
	}
	return make_rectangle(plan, labels, rows, columns);
}

void
ring_plan_make(struct ring_plan *plan, const int *labels, size_t count,
    int rows, int columns)
{
	*plan = (struct ring_plan){
		.spots = mem_zero(count + 1, sizeof *plan->spots),
		.count = count,
	};
	if (count == 0 || columns < 1)
		set_size(plan, RING_BAND, 0, columns < 0 ? 0 : columns);
	else if (rows < ROWS_LEAST ||
	    (!make_ellipse(plan, labels, ellipse_rows(count, rows), columns) &&
		(count < 4 || count > 1000 ||
		    !make_some_rectangle(plan, labels, rows, columns))))
		make_band(plan, labels, columns);
}

void
ring_plan_free(struct ring_plan *plan)
{
	free(plan->spots);
	free(plan->cells);
	*plan = (struct ring_plan){ 0 };
}

/* Bresenham's line (1965), in blank cells only: what is there stays. */
void
ring_plan_chord(struct ring_plan *plan, size_t from, size_t to)
{
	int row = plan->spots[from].row, column = plan->spots[from].column;
	int end_row = plan->spots[to].row;
	int end_column = plan->spots[to].column;
	int rows = abs(end_row - row), columns = abs(end_column - column);
	int down = row < end_row ? 1 : -1, right = column < end_column ? 1 : -1;
	int error = columns - rows;

	if (plan->shape != RING_ELLIPSE)
		return;
	while (row != end_row || column != end_column) {
		int twice = 2 * error;

		if (ring_plan_cell(plan, row, column) == RING_BLANK)
			put(plan, row, column, RING_CHORD);
		if (twice > -rows) {
			error -= rows;
			column += right;
		}
		if (twice < columns) {
			error += columns;
			row += down;
		}
	}
}
