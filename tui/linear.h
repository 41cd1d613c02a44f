/*
 * linear: the loop without a screen: lines in, lines out.
 *
 * For screen readers, braille displays and terminals that can do nothing
 * else.  The terminal keeps its line editor; what is written to it is text
 * and ends of lines, and a bell if the person wants one: no escape sequence,
 * no cursor that moves.  Input may be a pipe too: then a line is taken when
 * the one before it is answered, and its end is the end.
 *
 * The output is never waited for (Ctrl+S, a pipe nobody reads): the node has
 * to answer others meanwhile.
 */
#ifndef DCHAT_TUI_LINEAR_H
#define DCHAT_TUI_LINEAR_H

#include "dchat.h"
#include "tui/setting.h"

/* Runs until the end; returns the exit status.  As loop_run(). */
int linear_run(const struct dchat_options *options,
    struct setting_values *settings, const char *config);

#endif
