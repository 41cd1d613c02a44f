/*
 * loop: the curses front end at work, from start to exit.
 *
 * Owns the libevent loop, the terminal's descriptors, signals and timers.
 * Paints at most sixty times a second, at once after a key, and not at all
 * while nothing changes: an idle dchat is never woken by its screen.
 */
#ifndef DCHAT_TUI_LOOP_H
#define DCHAT_TUI_LOOP_H

#include "dchat.h"
#include "tui/setting.h"

/*
 * Standard input and output must be a terminal.  config: the file that the
 * settings are written to; NULL: there is none.  Returns the exit status;
 * what went wrong is said on standard error.
 */
int loop_run(const struct dchat_options *options,
    struct setting_values *settings, const char *config);

/*
 * What comes from the person's locale is only whether the terminal shows
 * UTF-8 (else *ascii is true); text is UTF-8 in here in any case.  Returns
 * the flags of text.  To be called once.
 */
unsigned loop_locale(bool *ascii);

#endif
