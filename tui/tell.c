#include "tui/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { COMINGS_MOST = 512 }; /* bytes of one line about comings */

void
tell_activity(struct windows *windows, struct window *window,
    enum activity activity)
{
	windows->changed = true;
	if (window != windows_current(windows) && activity > window->activity)
		window->activity = activity;
}

void
tell_line(struct windows *windows, struct window *window, enum line_kind kind,
    const char *text, wall_ms now)
{
	scrollback_event(window->scrollback, kind, text, now);
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

/* What stands before and behind the names. */
static const char *
comings_before(struct window *window, enum coming type)
{
	bool told = window->here_told;

	if (type != COMING_HERE)
		return "";
	window->here_told = true;
	return told ? "also here: " : "you joined; here: ";
}

static const char *
comings_behind(enum coming type)
{
	return type == COMING_HERE ? ""
	    : type == COMING_JOINED ? " joined"
				    : " left";
}

void
tell_coming(struct windows *windows, struct window *window,
    enum coming type, const char *nick, wall_ms now)
{
	const char *behind = comings_behind(type);
	char text[COMINGS_MOST + LIMIT_NICK * 3 + 32];
	size_t names = 0;

	if (window->comings_text && window->comings_type == type) {
		names = strlen(window->comings_text) - strlen(behind);
		snprintf(text, sizeof text, "%.*s, %s%s", (int)names,
		    window->comings_text, nick, behind);
	}
	if (names == 0 || names > COMINGS_MOST ||
	    !scrollback_amend(window->scrollback, window->comings,
		window->comings_text, text)) {
		snprintf(text, sizeof text, "%s%s%s",
		    comings_before(window, type), nick, behind);
		window->comings =
		    scrollback_event(window->scrollback, LINE_JOIN, text, now);
	}
	free(window->comings_text);
	window->comings_text = mem_text(window->comings->text);
	window->comings_type = type;
	tell_activity(windows, window, ACTIVITY_JOIN);
}
