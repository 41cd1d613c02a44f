#include "tui/title.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/windows.h"

enum { ROOM = 64 };	/* bytes of its name */

/* Beginnings of TERM.  The consoles of Linux and the BSDs would show it. */
static const char *const terminals[] = { "xterm", "rxvt", "tmux", "screen",
	"alacritty", "foot", "kitty", "st-", "wezterm", "konsole", "gnome",
	"vte", "mlterm", "contour", "ghostty" };

bool
title_known(const char *terminal)
{
	if (terminal == NULL)
		return false;
	for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++)
		if (strncmp(terminal, terminals[i], strlen(terminals[i])) == 0)
			return true;
	return false;
}

void
title_text(const struct windows *windows, char title[static TITLE])
{
	const struct window *current = windows_current(windows);
	size_t unread = 0, for_you = 0;
	char count[32] = "";

	for (size_t i = 0; i < windows->count; i++) {
		const struct window *window = windows->items[i];

		if (window->muted)
			continue;
		unread += window->unread;
		for_you += window->direct ? window->unread : window->mentions;
	}
	if (for_you > 0)
		snprintf(count, sizeof count, "%zu for you - ", for_you);
	else if (unread > 0)
		snprintf(count, sizeof count, "%zu new - ", unread);
	if (current->room == NULL)
		snprintf(title, TITLE, "%sdchat", count);
	else
		snprintf(title, TITLE, "%s%.*s - dchat", count,
		    (int)utf8_cut(current->name, ROOM), current->name);
}
