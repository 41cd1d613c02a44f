/*
 * screen_urls: hyperlinks on the screen, which curses knows nothing of.
 *
 * Where a frame has addresses is noted while it is painted.  When curses has
 * brought the terminal up to date, those that are new, and those in rows in
 * which it wrote, are written once more over themselves, as hyperlinks; and
 * rows in which there were others before are first given to curses as lost,
 * so that it writes them anew: it would leave a cell alone that looks the
 * same, and with it where that leads.
 *
 * A part of tui/screen; curses must be open.
 */
#ifndef DCHAT_TUI_SCREEN_URLS_H
#define DCHAT_TUI_SCREEN_URLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/bytes.h"

struct screen_url {
	int row, column, cells;
	unsigned id;
	size_t url;		/* where it is in the texts, with a NUL */
};

struct screen_urls {
	bool on;
	struct {
		struct screen_url *items;
		size_t count, cap;
		struct bytes texts;
	} frames[2];		/* the one being painted is `now` */
	int now;
	struct bytes out;
};

void screen_urls_init(struct screen_urls *urls);
void screen_urls_free(struct screen_urls *urls);

/* A frame begins. */
void screen_urls_begin(struct screen_urls *urls);

/* Cells of it lead to this address (url_encode()d); id: the same for all
 * parts of one. */
void screen_urls_add(struct screen_urls *urls, int row, int column, int cells,
    const char *url, unsigned id);

/* The terminal shows something else than the last frame. */
void screen_urls_forget(struct screen_urls *urls);

/* Before the frame is handed to curses / once that has been done, and curses
 * has not written yet: whether anything is to be written afterwards / and
 * afterwards. */
void screen_urls_prepare(struct screen_urls *urls);
bool screen_urls_pending(struct screen_urls *urls);
void screen_urls_write(struct screen_urls *urls, FILE *out);

#endif
