/*
 * terminal: a strict terminal in memory, to read what a program painted.
 *
 * Knows just what curses sends for xterm, linux, screen, tmux and vt100,
 * and the modes that dchat sets by hand.  Whatever else comes (another
 * sequence, a control character, a byte that is no UTF-8, a character that
 * nobody sees) is strange: it is counted and the first of it kept, so that
 * a test can say that no byte went out that was not meant.
 *
 * Sources: ECMA-48, "XTerm Control Sequences" (Moy, Dickey).  Characters
 * are as wide as wcwidth(3) says, so LC_CTYPE must be a UTF-8 locale.
 */
#ifndef TESTS_SUPPORT_TERMINAL_H
#define TESTS_SUPPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum {
	TERMINAL_POINT = 5,	/* a character and four marks */
	TERMINAL_MODES = 16,
	TERMINAL_STRING = 2048,
	TERMINAL_PARAMETERS = 16,
};

struct terminal_cell {
	uint32_t points[TERMINAL_POINT];	/* none: right half of the left */
	size_t count;
	int ink;		/* of the palette; 0x1000000 | RGB; -1: own */
	uint32_t lead;		/* a sum of where it leads (OSC 8); 0: nowhere */
};

/* A private mode, CSI ? number h or l. */
struct terminal_mode {
	unsigned number;
	bool on;
	size_t times_on, times_off;
};

struct terminal {
	int rows, columns;
	int row, column;
	int ink;
	uint32_t lead;
	bool wrapping;		/* the next character starts a row */
	int top, bottom;	/* of what scrolls */
	int saved_row, saved_column;
	struct terminal_cell *cells, *primary;	/* the one behind */
	struct terminal_mode modes[TERMINAL_MODES];
	size_t mode_count;

	size_t bytes, bells;
	size_t controls;	/* characters but CR, LF and BEL; ESC too */
	size_t frames;		/* synchronized updates that are complete */
	size_t clears;		/* of the whole display */
	size_t questions;	/* whether all is read: CSI 5 n */
	size_t titles;		/* put away and not brought back yet */
	size_t strange;
	char first_strange[TERMINAL_STRING];
	struct bytes strings;	/* OSC, each with a newline behind it */

	/* the parser */
	enum {
		TERMINAL_GROUND,
		TERMINAL_ESCAPE,
		TERMINAL_CSI,
		TERMINAL_OSC,
		TERMINAL_CHARSET,
	} state;
	char sequence[TERMINAL_STRING];
	size_t used;
	char bytes_of_point[4];
	size_t point_used;
	struct terminal_cell last;	/* for REP */
};

/* What a cell that leads to this address has as its lead. */
uint32_t terminal_lead(const char *url, size_t size);

void terminal_init(struct terminal *terminal, int rows, int columns);
void terminal_free(struct terminal *terminal);

/* Keeps what is in both sizes, at the same place. */
void terminal_resize(struct terminal *terminal, int rows, int columns);

void terminal_feed(struct terminal *terminal, const void *bytes,
    size_t size);

/* NULL: it was never set nor reset. */
const struct terminal_mode *terminal_mode(const struct terminal *terminal,
    unsigned number);
bool terminal_mode_is_on(const struct terminal *terminal, unsigned number);

/* Rows as text with blanks cut off at the end, each with a newline. */
void terminal_text(const struct terminal *terminal, struct bytes *out);

/* Whether the text stands in one of the rows. */
bool terminal_shows(const struct terminal *terminal, const char *text);
bool terminal_row_shows(const struct terminal *terminal, int row,
    const char *text);

#endif
