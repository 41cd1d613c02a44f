#include "tests/support/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"

/* Modes that dchat or curses may set; see ctlseqs, DECSET. */
static const unsigned modes_meant[] = {
	1,			/* cursor keys */
	7,			/* wraparound */
	12, 25,			/* cursor: blinking, shown */
	1000, 1006,		/* mouse buttons, in decimal */
	1004,			/* focus reports */
	1049,			/* alternate screen */
	2004,			/* bracketed paste */
	2026,			/* synchronized update */
};

/* -- what is strange ---------------------------------------------------- */

static void
strange(struct terminal *terminal, const char *what, const char *bytes,
    size_t size)
{
	char *at = terminal->first_strange;
	size_t room = TERMINAL_STRING;
	int used;

	if (terminal->strange++ > 0)
		return;
	used = snprintf(at, room, "%s", what);
	for (size_t i = 0; i < size && (size_t)used + 5 < room; i++)
		used += snprintf(at + used, room - (size_t)used, " %02x",
		    (unsigned char)bytes[i]);
}

static void
strange_sequence(struct terminal *terminal, const char *what)
{
	strange(terminal, what, terminal->sequence, terminal->used);
}

/* -- the grid ----------------------------------------------------------- */

static struct terminal_cell *
cell_at(const struct terminal *terminal, int row, int column)
{
	return &terminal->cells[(size_t)row * (size_t)terminal->columns +
	    (size_t)column];
}

static void
erase(struct terminal *terminal, int row, int from, int to)
{
	if (to > terminal->columns)
		to = terminal->columns;
	for (int column = from; column < to; column++)
		*cell_at(terminal, row, column) =
		    (struct terminal_cell){ .points = { ' ' }, .count = 1,
			.ink = -1 };
}

static struct terminal_cell *
grid_new(int rows, int columns)
{
	size_t count = (size_t)rows * (size_t)columns;
	struct terminal_cell *cells = mem_zero(count, sizeof *cells);

	for (size_t i = 0; i < count; i++)
		cells[i] = (struct terminal_cell){ { ' ' }, 1, -1, 0 };
	return cells;
}

static void
move_row(struct terminal *terminal, int to, int from)
{
	memmove(cell_at(terminal, to, 0), cell_at(terminal, from, 0),
	    (size_t)terminal->columns * sizeof *terminal->cells);
}

/* Rows from `top` on move so many up (or down, when negative). */
static void
scroll(struct terminal *terminal, int top, int by)
{
	int bottom = terminal->bottom, height = bottom - top + 1;
	int count = abs(by) < height ? abs(by) : height;

	if (by > 0) {
		for (int row = top; row + count <= bottom; row++)
			move_row(terminal, row, row + count);
		for (int row = bottom - count + 1; row <= bottom; row++)
			erase(terminal, row, 0, terminal->columns);
		return;
	}
	for (int row = bottom; row - count >= top; row--)
		move_row(terminal, row, row - count);
	for (int row = top; row < top + count; row++)
		erase(terminal, row, 0, terminal->columns);
}

static void
go(struct terminal *terminal, int row, int column)
{
	terminal->wrapping = false;
	terminal->row = row < 0 ? 0
	    : row >= terminal->rows ? terminal->rows - 1
				    : row;
	terminal->column = column < 0 ? 0
	    : column >= terminal->columns ? terminal->columns - 1
					  : column;
}

static void
line_feed(struct terminal *terminal)
{
	if (terminal->row == terminal->bottom)
		scroll(terminal, terminal->top, 1);
	else
		go(terminal, terminal->row + 1, terminal->column);
}

static void
put(struct terminal *terminal, const struct terminal_cell *cell, int cells)
{
	if (terminal->wrapping ||
	    terminal->column + cells > terminal->columns) {
		go(terminal, terminal->row, 0);
		line_feed(terminal);
	}
	*cell_at(terminal, terminal->row, terminal->column) = *cell;
	if (cells == 2)
		*cell_at(terminal, terminal->row, terminal->column + 1) =
		    (struct terminal_cell){ .count = 0 };
	terminal->last = *cell;
	terminal->column += cells;
	if (terminal->column >= terminal->columns) {
		terminal->column = terminal->columns - 1;
		terminal->wrapping = true;
	}
}

/* The cell that was written last: where a mark goes. */
static struct terminal_cell *
cell_before(struct terminal *terminal)
{
	int column = terminal->column - !terminal->wrapping;

	while (column > 0 &&
	    cell_at(terminal, terminal->row, column)->count == 0)
		column--;
	return column < 0 ? NULL : cell_at(terminal, terminal->row, column);
}

static void
put_point(struct terminal *terminal, uint32_t point, const char *bytes,
    size_t size)
{
	struct terminal_cell one = { .points = { point }, .count = 1,
		.ink = terminal->ink, .lead = terminal->lead };
	struct terminal_cell *base;
	int cells = wcwidth((wchar_t)point);

	if (cells > 0) {
		put(terminal, &one, cells);
		return;
	}
	base = cell_before(terminal);
	/* a mark, not an instruction that nobody sees (format characters) */
	if (cells < 0 || base == NULL || base->count == TERMINAL_POINT ||
	    point < 0x300 || (point >= 0x200b && point <= 0x200f) ||
	    (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2060 && point <= 0x206f) ||
	    (point >= 0xfe00 && point <= 0xfe0f) || point == 0xfeff ||
	    (point >= 0xfff9 && point <= 0xfffb) || point >= 0xe0000) {
		strange(terminal, "character", bytes, size);
		return;
	}
	base->points[base->count++] = point;
}

/* -- sequences ----------------------------------------------------------- */

static void
set_mode(struct terminal *terminal, unsigned number, bool on)
{
	struct terminal_mode *mode = NULL;
	bool meant = false;

	for (size_t i = 0; i < sizeof modes_meant / sizeof *modes_meant; i++)
		meant |= modes_meant[i] == number;
	if (!meant) {
		strange_sequence(terminal, "mode");
		return;
	}
	for (size_t i = 0; i < terminal->mode_count; i++)
		if (terminal->modes[i].number == number)
			mode = &terminal->modes[i];
	if (mode == NULL) {
		mode = &terminal->modes[terminal->mode_count++];
		*mode = (struct terminal_mode){ .number = number };
	}
	if (number == 1049 && mode->on != on) {
		struct terminal_cell *behind = terminal->primary;

		terminal->primary = terminal->cells;
		terminal->cells = behind;
		if (on)
			for (int row = 0; row < terminal->rows; row++)
				erase(terminal, row, 0, terminal->columns);
	}
	if (number == 2026 && mode->on && !on)
		terminal->frames++;
	mode->on = on;
	mode->times_on += on;
	mode->times_off += !on;
}

static void
erase_display(struct terminal *terminal, int what)
{
	int from = what == 0 ? terminal->row + 1 : 0;
	int to = what == 1 ? terminal->row : terminal->rows;

	terminal->clears += what == 2 ||
	    (what == 0 && terminal->row == 0 && terminal->column == 0);
	for (int row = from; row < to; row++)
		erase(terminal, row, 0, terminal->columns);
	if (what == 0)
		erase(terminal, terminal->row, terminal->column,
		    terminal->columns);
	else if (what == 1)
		erase(terminal, terminal->row, 0, terminal->column + 1);
}

static void
erase_line(struct terminal *terminal, int what)
{
	erase(terminal, terminal->row, what == 0 ? terminal->column : 0,
	    what == 1 ? terminal->column + 1 : terminal->columns);
}

/* Cells behind the cursor move right (or left) by so many. */
static void
shift(struct terminal *terminal, int by)
{
	int left = terminal->columns - terminal->column;
	int count = abs(by) < left ? abs(by) : left;
	struct terminal_cell *at =
	    cell_at(terminal, terminal->row, terminal->column);
	size_t size = (size_t)(left - count) * sizeof *at;

	if (by > 0) {
		memmove(at + count, at, size);
		erase(terminal, terminal->row, terminal->column,
		    terminal->column + count);
	} else {
		memmove(at, at + count, size);
		erase(terminal, terminal->row, terminal->columns - count,
		    terminal->columns);
	}
}

static void
repeat(struct terminal *terminal, int times)
{
	struct terminal_cell cell = terminal->last;

	if (cell.count == 0) {
		strange_sequence(terminal, "repetition of nothing");
		return;
	}
	while (times-- > 0)
		put(terminal, &cell, wcwidth((wchar_t)cell.points[0]));
}

static void
margins(struct terminal *terminal, int top, int bottom)
{
	if (bottom == 0 || bottom > terminal->rows)
		bottom = terminal->rows;
	terminal->top = top > 0 ? top - 1 : 0;
	terminal->bottom = bottom - 1;
	go(terminal, 0, 0);
}

/* The colour of what is written from now on. */
static void
rendition(struct terminal *terminal, const int *n, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (n[i] == 0 || n[i] == 39)
			terminal->ink = -1;
		else if (n[i] >= 30 && n[i] <= 37)
			terminal->ink = n[i] - 30;
		else if (n[i] >= 90 && n[i] <= 97)
			terminal->ink = n[i] - 90 + 8;
		else if (n[i] == 38 && i + 2 < count && n[i + 1] == 5) {
			terminal->ink = n[i + 2];
			i += 2;
		} else if (n[i] == 38 && i + 4 < count && n[i + 1] == 2) {
			terminal->ink = 0x1000000 | n[i + 2] << 16 |
			    n[i + 3] << 8 | n[i + 4];
			i += 4;
		}
	}
}

/* Parameters; 0 where there is none.  False: this is no list of numbers. */
static bool
parse(const char *text, size_t size, int numbers[static TERMINAL_PARAMETERS],
    size_t *count)
{
	memset(numbers, 0, TERMINAL_PARAMETERS * sizeof *numbers);
	*count = 1;
	for (size_t i = 0; i < size; i++) {
		if (text[i] == ';' && *count < TERMINAL_PARAMETERS)
			++*count;
		else if (text[i] >= '0' && text[i] <= '9' &&
		    numbers[*count - 1] < 100000)
			numbers[*count - 1] =
			    numbers[*count - 1] * 10 + text[i] - '0';
		else
			return false;
	}
	return true;
}

static void
control_private(struct terminal *terminal, const int *numbers, size_t count,
    char final)
{
	if (final == 'c')	/* the Linux console's cursor */
		return;
	if (final != 'h' && final != 'l') {
		strange_sequence(terminal, "sequence");
		return;
	}
	for (size_t i = 0; i < count; i++)
		set_mode(terminal, (unsigned)numbers[i], final == 'h');
}

static void
control(struct terminal *terminal)
{
	const char *text = terminal->sequence;
	size_t size = terminal->used - 1, count;
	char final = text[size];
	int n[TERMINAL_PARAMETERS], one;
	bool private = size > 0 && text[0] == '?';

	if (!parse(text + private, size - private, n, &count)) {
		strange_sequence(terminal, "sequence");
		return;
	}
	if (private) {
		control_private(terminal, n, count, final);
		return;
	}
	one = n[0] > 0 ? n[0] : 1;
	switch (final) {
	case 'A': go(terminal, terminal->row - one, terminal->column); break;
	case 'B': go(terminal, terminal->row + one, terminal->column); break;
	case 'C': go(terminal, terminal->row, terminal->column + one); break;
	case 'D': go(terminal, terminal->row, terminal->column - one); break;
	case 'G': go(terminal, terminal->row, one - 1); break;
	case 'H': go(terminal, one - 1, (n[1] > 0 ? n[1] : 1) - 1); break;
	case 'd': go(terminal, one - 1, terminal->column); break;
	case 'J': erase_display(terminal, n[0]); break;
	case 'K': erase_line(terminal, n[0]); break;
	case 'X':
		erase(terminal, terminal->row, terminal->column,
		    terminal->column + one);
		break;
	case 'L': scroll(terminal, terminal->row, -one); break;
	case 'M': scroll(terminal, terminal->row, one); break;
	case 'S': scroll(terminal, terminal->top, one); break;
	case 'T': scroll(terminal, terminal->top, -one); break;
	case '@': shift(terminal, one); break;
	case 'P': shift(terminal, -one); break;
	case 'b': repeat(terminal, one); break;
	case 'r': margins(terminal, n[0], n[1]); break;
	case 'm': rendition(terminal, n, count); break;
	case 'h':
	case 'l':		/* tmux, screen: how the cursor looks */
		if (n[0] != 34 && !(n[0] == 4 && final == 'l'))
			strange_sequence(terminal, "mode");
		break;
	case 'n':		/* is all read? */
		if (n[0] == 5)
			terminal->questions++;
		else
			strange_sequence(terminal, "sequence");
		break;
	case 't':		/* the title is saved, restored */
		if (n[0] != 22 && n[0] != 23)
			strange_sequence(terminal, "sequence");
		else if (n[0] == 22)
			terminal->titles++;
		else if (terminal->titles > 0)
			terminal->titles--;
		else
			strange_sequence(terminal, "title");
		break;
	default: strange_sequence(terminal, "sequence"); break;
	}
}

static void
escape(struct terminal *terminal, char byte)
{
	terminal->state = TERMINAL_GROUND;
	switch (byte) {
	case '[': terminal->state = TERMINAL_CSI; break;
	case ']': terminal->state = TERMINAL_OSC; break;
	case '(':
	case ')': terminal->state = TERMINAL_CHARSET; break;
	case '7':
		terminal->saved_row = terminal->row;
		terminal->saved_column = terminal->column;
		break;
	case '8':
		go(terminal, terminal->saved_row, terminal->saved_column);
		break;
	case 'D': line_feed(terminal); break;
	case 'M':
		if (terminal->row == terminal->top)
			scroll(terminal, terminal->top, -1);
		else
			go(terminal, terminal->row - 1, terminal->column);
		break;
	case '=':
	case '>': break;
	default: strange(terminal, "escape", &byte, 1); break;
	}
}

uint32_t
terminal_lead(const char *url, size_t size)
{
	uint32_t sum = 2166136261U; /* Fowler, Noll, Vo */

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ (unsigned char)url[i]) * 16777619U;
	return size == 0 ? 0 : sum | 1;
}

/* "8;id=...;URL": what comes now leads there; each part has the same id. */
static void
hyperlink(struct terminal *terminal, size_t used)
{
	const char *text = terminal->sequence;
	const char *url = used > 2 ? memchr(text + 2, ';', used - 2) : NULL;

	if (url == NULL) {
		strange_sequence(terminal, "hyperlink");
		return;
	}
	url++;
	terminal->lead =
	    terminal_lead(url, used - (size_t)(url - text));
}

static void
string(struct terminal *terminal, char byte)
{
	size_t used = terminal->used;

	if (byte == '\a' ||
	    (byte == '\\' && used > 0 &&
		terminal->sequence[used - 1] == '\033')) {
		used -= byte == '\\';
		if (used > 1 && strncmp(terminal->sequence, "8;", 2) == 0)
			hyperlink(terminal, used);
		bytes_append(&terminal->strings, terminal->sequence, used);
		bytes_append(&terminal->strings, "\n", 1);
		terminal->state = TERMINAL_GROUND;
		return;
	}
	if (used == TERMINAL_STRING ||
	    ((unsigned char)byte < ' ' && byte != '\033')) {
		strange_sequence(terminal, "string");
		terminal->state = TERMINAL_GROUND;
		return;
	}
	terminal->sequence[terminal->used++] = byte;
}

/* -- bytes --------------------------------------------------------------- */

static void
control_character(struct terminal *terminal, char byte)
{
	terminal->controls +=
	    byte != '\a' && byte != '\n' && byte != '\r';
	switch (byte) {
	case '\a': terminal->bells++; break;
	case '\b': go(terminal, terminal->row, terminal->column - 1); break;
	case '\t':
		go(terminal, terminal->row, (terminal->column / 8 + 1) * 8);
		break;
	case '\n': line_feed(terminal); break;
	case '\r': go(terminal, terminal->row, 0); break;
	case '\016':
	case '\017': break;	/* another set of characters, and back */
	case '\033':
		terminal->state = TERMINAL_ESCAPE;
		terminal->used = 0;
		break;
	default: strange(terminal, "control", &byte, 1); break;
	}
}

/* A byte of a character, which may have come in pieces. */
static void
ground(struct terminal *terminal, char byte)
{
	char *bytes = terminal->bytes_of_point;
	size_t wanted, size;
	uint32_t point;

	if ((unsigned char)byte < ' ') {
		if (terminal->point_used > 0)
			strange(terminal, "half", bytes, terminal->point_used);
		terminal->point_used = 0;
		control_character(terminal, byte);
		return;
	}
	bytes[terminal->point_used++] = byte;
	wanted = (unsigned char)bytes[0] >= 0xf0 ? 4
	    : (unsigned char)bytes[0] >= 0xe0    ? 3
	    : (unsigned char)bytes[0] >= 0xc0    ? 2
						 : 1;
	if (terminal->point_used < wanted)
		return;
	size = utf8_decode(bytes, wanted, &point);
	terminal->point_used = 0;
	if (size != wanted)
		strange(terminal, "no UTF-8", bytes, wanted);
	else if (point == 0x7f || (point >= 0x80 && point < 0xa0))
		strange(terminal, "control", bytes, wanted);
	else
		put_point(terminal, point, bytes, wanted);
}

static void
feed(struct terminal *terminal, char byte)
{
	switch (terminal->state) {
	case TERMINAL_GROUND: ground(terminal, byte); return;
	case TERMINAL_ESCAPE: escape(terminal, byte); return;
	case TERMINAL_OSC: string(terminal, byte); return;
	case TERMINAL_CHARSET:
		if (strchr("B0", byte) == NULL)
			strange(terminal, "charset", &byte, 1);
		terminal->state = TERMINAL_GROUND;
		return;
	case TERMINAL_CSI:
		if (terminal->used == TERMINAL_STRING || byte < ' ') {
			strange_sequence(terminal, "sequence");
			terminal->state = TERMINAL_GROUND;
			return;
		}
		terminal->sequence[terminal->used++] = byte;
		if (byte >= '@') {
			terminal->state = TERMINAL_GROUND;
			control(terminal);
		}
		return;
	}
}

void
terminal_feed(struct terminal *terminal, const void *bytes, size_t size)
{
	const char *at = bytes;

	terminal->bytes += size;
	for (size_t i = 0; i < size; i++)
		feed(terminal, at[i]);
}

/* -- life, and reading --------------------------------------------------- */

void
terminal_init(struct terminal *terminal, int rows, int columns)
{
	*terminal = (struct terminal){
		.rows = rows,
		.columns = columns,
		.bottom = rows - 1,
		.ink = -1,
		.cells = grid_new(rows, columns),
		.primary = grid_new(rows, columns),
	};
	bytes_init(&terminal->strings);
}

void
terminal_free(struct terminal *terminal)
{
	free(terminal->cells);
	free(terminal->primary);
	bytes_free(&terminal->strings);
}

static struct terminal_cell *
grid_resized(const struct terminal *terminal, struct terminal_cell *old,
    int rows, int columns)
{
	struct terminal_cell *fresh = grid_new(rows, columns);

	for (int row = 0; row < rows && row < terminal->rows; row++)
		for (int column = 0;
		     column < columns && column < terminal->columns; column++)
			fresh[row * columns + column] =
			    old[row * terminal->columns + column];
	free(old);
	return fresh;
}

void
terminal_resize(struct terminal *terminal, int rows, int columns)
{
	terminal->cells =
	    grid_resized(terminal, terminal->cells, rows, columns);
	terminal->primary =
	    grid_resized(terminal, terminal->primary, rows, columns);
	terminal->rows = rows;
	terminal->columns = columns;
	terminal->top = 0;
	terminal->bottom = rows - 1;
	go(terminal, terminal->row, terminal->column);
}

const struct terminal_mode *
terminal_mode(const struct terminal *terminal, unsigned number)
{
	for (size_t i = 0; i < terminal->mode_count; i++)
		if (terminal->modes[i].number == number)
			return &terminal->modes[i];
	return NULL;
}

bool
terminal_mode_is_on(const struct terminal *terminal, unsigned number)
{
	const struct terminal_mode *mode = terminal_mode(terminal, number);

	return mode != NULL && mode->on;
}

static size_t
encode(uint32_t point, char bytes[static 4])
{
	static const uint32_t limits[] = { 0x80, 0x800, 0x10000, 0x110000 };
	static const unsigned char leads[] = { 0, 0xc0, 0xe0, 0xf0 };
	size_t size = 1;

	while (point >= limits[size - 1])
		size++;
	for (size_t i = size - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	bytes[0] = (char)(leads[size - 1] | point);
	return size;
}

static void
append_row(const struct terminal *terminal, int row, struct bytes *out)
{
	size_t start = out->size;

	for (int column = 0; column < terminal->columns; column++) {
		const struct terminal_cell *cell =
		    cell_at(terminal, row, column);

		for (size_t i = 0; i < cell->count; i++) {
			char bytes[4];

			bytes_append(out, bytes,
			    encode(cell->points[i], bytes));
		}
	}
	while (out->size > start && out->data[out->size - 1] == ' ')
		out->size--;
}

void
terminal_text(const struct terminal *terminal, struct bytes *out)
{
	for (int row = 0; row < terminal->rows; row++) {
		append_row(terminal, row, out);
		bytes_append(out, "\n", 1);
	}
}

bool
terminal_row_shows(const struct terminal *terminal, int row, const char *text)
{
	struct bytes line;
	bool found;

	bytes_init(&line);
	append_row(terminal, row, &line);
	found = line.size > 0 &&
	    memmem(line.data, line.size, text, strlen(text)) != NULL;
	bytes_free(&line);
	return found;
}

bool
terminal_shows(const struct terminal *terminal, const char *text)
{
	for (int row = 0; row < terminal->rows; row++)
		if (terminal_row_shows(terminal, row, text))
			return true;
	return false;
}
