/*
 * loop: the curses front end at work, from start to exit.
 *
 * Owns the libevent loop, the terminal's descriptors, signals and timers.
 * Paints at most sixty times a second, at once after a key, and not at all
 * while nothing changes: an idle dchat is never woken by its screen.
 */
#ifndef DCHAT_TUI_LOOP_H
#define DCHAT_TUI_LOOP_H

#include "base/instant.h"
#include "dchat.h"
#include "tui/setting.h"

struct app;
struct event;
struct event_base;

/*
 * Standard input and output must be a terminal.  config: the file that the
 * settings are written to; NULL: there is none.  Returns the exit status;
 * what went wrong is said on standard error.
 */
int loop_run(const struct dchat_options *options,
    struct setting_values *settings, const char *config);

/* -- what tui/linear does in the same way --------------------------------- */

/*
 * What comes from the person's locale is only whether the terminal shows
 * UTF-8 (else *ascii is true); text is UTF-8 in here in any case.  Returns
 * the flags of text.  To be called once.
 */
unsigned loop_locale(bool *ascii);

wall_ms loop_wall(void);
/* At once when the delay is over already. */
void loop_timer_start(struct event *timer, int64_t delay_ms);

/* Quits for this reason; who is asked a second time (*leaving) does not want
 * to wait. */
void loop_leave(struct event_base *base, struct app *app, bool *leaving,
    const char *reason);

/* Works until all has ended.  Returns the exit status; what went wrong, or
 * is to be told at the end, is written to problem. */
int loop_dispatch(struct event_base *base, const struct app *app,
    char problem[static 256]);

#endif
