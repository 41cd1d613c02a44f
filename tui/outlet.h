/*
 * outlet: the way to the terminal, on which nobody waits.
 *
 * Curses writes where it is told to and waits until all of it is taken.  A
 * terminal that takes nothing would stop the node with it: its pings would
 * cease, and the others hold it for dead.  So what is written lands in memory
 * first, and the terminal is given what it takes (tui/writer).  Whoever paints
 * stops while anything is left; then no more than a frame is ever held here.
 *
 * The descriptor of the terminal is opened anew for that, for the one that
 * is inherited is shared with the shell, which would get its own writes
 * refused.  Where that is not allowed (su(1)) a frame can wait as ever.
 */
#ifndef DCHAT_TUI_OUTLET_H
#define DCHAT_TUI_OUTLET_H

#include <stdbool.h>
#include <stdio.h>

struct outlet;

/* `out` is borrowed.  NULL: there is no file in memory to be had. */
struct outlet *outlet_open(FILE *out);
/* NULL is fine. */
void outlet_close(struct outlet *outlet);

/* To be written to, and flushed; newterm(3) writes to its descriptor. */
FILE *outlet_file(const struct outlet *outlet);

/* Gives the terminal what was written, as far as it takes it. */
void outlet_push(struct outlet *outlet);
bool outlet_is_empty(const struct outlet *outlet);
/* Pushes until it is empty, but not for longer than that. */
void outlet_drain(struct outlet *outlet, int patience_ms);

/* Of the terminal: writable when there is reason to push again. */
int outlet_descriptor(const struct outlet *outlet);

#endif
