/*
 * bare: the lines of a room as nothing but text, to be copied.
 *
 * No panes, no times, no columns, and no line is broken here: the terminal
 * wraps them itself, so that it knows what belongs together when a person
 * selects an address or a paragraph.  What is shown is what was there when
 * it was opened; a selection does not run away.  A pure model; the texts
 * are in display form.
 */
#ifndef DCHAT_TUI_BARE_H
#define DCHAT_TUI_BARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "tui/scrollback.h"

/* Zero it first: it is closed then. */
struct bare {
	bool open;
	char **lines;
	size_t count, cap;
	size_t end;		/* the last line in view, and one */
};

/* The lines that are shown, the last one in view at the bottom. */
void bare_open(struct bare *bare, const struct scrollback *scrollback);
void bare_close(struct bare *bare);

/* By pages and lines, up when negative, within what there is. */
void bare_scroll(struct bare *bare, size_t rows, size_t columns, long pages,
    long lines);

/* Appends what fits into so many rows, with newlines between the lines. */
void bare_text(const struct bare *bare, size_t rows, size_t columns,
    struct bytes *out);

#endif
