/*
 * title: what the terminal's window is called while dchat has it.
 *
 *	#lobby - dchat
 *	2 for you - #lobby - dchat
 *	5 new - #lobby - dchat
 *
 * "For you" are mentions and what is said to one person alone, in all rooms
 * together.  Set by OSC 2, in terminals that are known to take it; the name
 * before is put away and brought back by the terminal ("XTerm Control
 * Sequences", window manipulation 22 and 23).
 */
#ifndef DCHAT_TUI_TITLE_H
#define DCHAT_TUI_TITLE_H

#include <stdbool.h>
#include <stddef.h>

struct windows;

enum { TITLE = 120 };	/* bytes */

#define TITLE_SAVE "\033[22;2t"
#define TITLE_RESTORE "\033[23;2t"

/* Of a value of TERM. */
bool title_known(const char *terminal);

/* In display form: no control can be in it. */
void title_text(const struct windows *windows, char title[static TITLE]);

#endif
