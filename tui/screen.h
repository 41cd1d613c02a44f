/*
 * screen: the terminal as a grid of cells, and the pen that writes on it.
 *
 * Curses only paints: it never reads a key, handles a signal or decides
 * what is shown.  Whatever gets onto the screen goes through pen_text(),
 * which cleans it (tui/text): no byte of a stranger reaches the terminal
 * as anything but a character, and no wide character is ever cut in half.
 *
 * Curses and the terminal are one for the process, so at most one screen
 * is open.  When the program dies (die(), a failed assert, a bad address)
 * the terminal is restored before the last word.
 */
#ifndef DCHAT_TUI_SCREEN_H
#define DCHAT_TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "tui/theme.h"
#include "tui/title.h"

struct screen;

/*
 * terminal: NULL for what TERM says.  ascii: marks and borders in ASCII;
 * text_flags: TEXT_ASCII or 0.  NULL with a sentence in problem when the
 * terminal is unknown or cannot be drawn upon.
 */
struct screen *screen_open(const char *terminal, FILE *out, FILE *in,
    bool ascii, unsigned text_flags, char problem[static 256]);
void screen_close(struct screen *screen);

const struct theme *screen_theme(const struct screen *screen);
/* designs: of a file, for a dark and a light ground; copied. */
void screen_set_theme(struct screen *screen, enum theme_choice choice,
    const struct theme_design designs[2]);

/*
 * Asks the terminal for its background, where that may help; false: it was
 * not asked.  The answer comes in its own time by the keyboard (tui/keys)
 * and is handed back here as a colour 0xRRGGBB.
 */
bool screen_ask_background(struct screen *screen);
void screen_set_background(struct screen *screen, uint32_t colour);

void screen_size(const struct screen *screen, int *rows, int *columns);

/* The terminal may have another size now: asks it / is told. */
void screen_resized(struct screen *screen);
void screen_resize(struct screen *screen, int rows, int columns);

/* Gives the terminal back for a while (Ctrl+Z), and takes it again. */
void screen_leave(struct screen *screen);
void screen_return(struct screen *screen);

/* The next frame is painted from nothing (Ctrl+L). */
void screen_forget(struct screen *screen);

/* A frame: begin, any number of pens, end with the cursor's place (row < 0:
 * no cursor). */
void screen_begin(struct screen *screen);
void screen_end(struct screen *screen, int row, int column);

/* The line to the terminal is slow: the cursor's row goes out before all
 * else of a frame. */
void screen_hurry(struct screen *screen, bool slow);

/* What the last frame was in bytes, roughly. */
size_t screen_weight(const struct screen *screen);

/* Asks the terminal to say when it has read all of it; KEYS_READY. */
void screen_ask_ready(struct screen *screen);

/*
 * The terminal has not taken all of it: paint nothing more, and push again
 * when the descriptor is writable.  Nothing here waits for the terminal, but
 * for a second when it is given back.
 */
bool screen_waits(const struct screen *screen);
int screen_descriptor(const struct screen *screen);
void screen_push(struct screen *screen);

/*
 * In place of a frame: text in display form with newlines, size bytes of
 * it, that the terminal wraps itself.  Forget the screen before the next
 * frame.
 */
void screen_plain(struct screen *screen, const char *text, size_t size);

/* What the setting hyperlinks chooses, in the order of its words. */
enum screen_hyperlinks {
	HYPERLINKS_AUTO,	/* where the terminal is known to have them */
	HYPERLINKS_ON,
	HYPERLINKS_OFF,
};

void screen_set_hyperlinks(struct screen *screen,
    enum screen_hyperlinks choice);

/* What was painted there in this frame leads to the address, which is
 * url_encode()d; id: the same for all parts of one. */
void screen_url(struct screen *screen, int row, int column, int cells,
    const char *url, unsigned id);

/* Asks the terminal to put the text into the clipboard, which it may or may
 * not do; false: it is too long for that. */
bool screen_copy(struct screen *screen, const char *text);

/*
 * Names the terminal's window (tui/title), where it has one / gives it back
 * the name that it had, as screen_leave() and the end do.
 */
void screen_title(struct screen *screen, const char *title);
void screen_untitle(struct screen *screen);

/* The terminal tells of the mouse (tui/keys), and selects no text by itself
 * meanwhile. */
void screen_set_mouse(struct screen *screen, bool on);

void screen_bell(struct screen *screen);

/* A notification of the desktop, if the terminal is known to have them
 * (tui/notify). */
void screen_notify(struct screen *screen, const char *title,
    const char *text);

/*
 * A pen writes from left to right in a part of one row; what does not fit
 * is not written.  All columns are cells.
 */
struct pen {
	struct screen *screen;
	int row, column, end;
};

/* Clipped to the screen. */
struct pen pen_at(struct screen *screen, int row, int column, int cells);
int pen_left(const struct pen *pen);

/* Any text in, display form out; a newline is shown as a picture. */
void pen_text(struct pen *pen, int style, const char *text);
void pen_bytes(struct pen *pen, int style, const char *text, size_t size);
void pen_format(struct pen *pen, int style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Text in at most so many cells, cut with an ellipsis. */
void pen_cut(struct pen *pen, int style, const char *text, int cells);

/* In exactly so many: filled with blanks, at the right end if right. */
void pen_field(struct pen *pen, int style, const char *text, int cells,
    bool right);

/* The mark again and again over so many cells, or what is left of them. */
void pen_fill(struct pen *pen, int style, const char *mark, int cells);

/* Blanks to the end. */
void pen_end(struct pen *pen, int style);

#endif
