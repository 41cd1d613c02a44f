#include "tui/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* A line tells of no more than this. */
enum { COMINGS_MS = 10 * 60 * 1000 };

void
tell_activity(struct windows *windows, struct window *window,
    enum activity activity)
{
	windows->changed = true;
	if (window->muted && activity > ACTIVITY_JOIN)
		activity = ACTIVITY_JOIN;
	if (window != windows_current(windows) && activity > window->activity)
		window->activity = activity;
}

void
tell_teller(struct windows *windows, struct window *window,
    const struct line *line, bool old)
{
	const struct windows_teller *teller = &windows->teller;

	if (!teller->line)
		return;
	/* who came is told before what they say */
	tell_comings(windows, window);
	teller->line(teller->self, window, line, old);
}

void
tell_comings(struct windows *windows, struct window *window)
{
	const struct windows_teller *teller = &windows->teller;
	struct comings comings = window->untold;

	window->untold = (struct comings){ 0 };
	if (comings.text)
		teller->text(teller->self, window, comings.text);
	comings_free(&comings);
}

void
tell_line(struct windows *windows, struct window *window, enum line_kind kind,
    const char *text, wall_ms now)
{
	const struct line *line =
	    scrollback_event(window->scrollback, kind, text, now);

	tell_teller(windows, window, line, false);
	tell_activity(windows, window, ACTIVITY_JOIN);
}

void
tell_answer(struct windows *windows, struct window *window,
    enum line_kind kind, const char *text, wall_ms now)
{
	const struct line *line =
	    scrollback_answer(window->scrollback, kind, text, now);

	tell_teller(windows, window, line, false);
	tell_activity(windows, window, ACTIVITY_JOIN);
}

void
tell_format(struct windows *windows, struct window *window, enum line_kind kind,
    wall_ms now, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	tell_line(windows, window, kind, text, now);
}

/* Several of one moment are told together. */
static void
tell_later(struct windows *windows, struct window *window,
    const struct coming *coming)
{
	if (window->untold.text && comings_add(&window->untold, coming))
		return;
	tell_comings(windows, window);
	comings_begin(&window->untold, coming, window->here_told);
}

void
tell_coming(struct windows *windows, struct window *window,
    const struct coming *coming, bool quiet, wall_ms now)
{
	struct comings *comings = &window->comings[quiet];
	struct scrollback *scrollback = window->scrollback;
	char *was = mem_text(comings->text);

	if (windows->teller.line && windows->filter != FILTER_COMINGS &&
	    !(quiet && windows->filter != FILTER_NONE))
		tell_later(windows, window, coming);
	if (!was || now - comings->since >= COMINGS_MS ||
	    !comings_add(comings, coming) ||
	    !scrollback_amend(scrollback, comings->line, was, comings->text)) {
		comings_begin(comings, coming, window->here_told);
		comings->line = scrollback_coming(scrollback, quiet,
		    comings->text, now);
		comings->since = now;
	}
	window->here_told |= coming->kind == COMING_HERE;
	free(was);
	windows->changed = true;
	if (scrollback_shows(scrollback, comings->line))
		tell_activity(windows, window, ACTIVITY_JOIN);
}
