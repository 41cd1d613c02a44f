#include "tui/screen.h"

#include <curses.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/notify.h"
#include "tui/outlet.h"
#include "tui/rescue.h"
#include "tui/screen_urls.h"
#include "tui/text.h"
#include "tui/url.h"

#undef columns			/* term.h takes the word */

/* Modes that no terminfo entry knows: bracketed paste, focus reports. */
#define MODES_ON "\033[?2004h\033[?1004h"
#define MODES_OFF "\033[?1004l\033[?2004l"

/* Buttons and wheel, told in decimal; only if the person wants that, for the
 * terminal then selects no text by itself. */
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* A frame is shown when it is whole (contour-terminal.org/vt-extensions/
 * synchronized-output); terminals that do not know it show it piece by
 * piece, as ever. */
#define FRAME_BEGIN "\033[?2026h"
#define FRAME_END "\033[?2026l"

/* The cursor there or not, and nothing else about it: "cnorm" of terminfo
 * would change its shape or have it blink. */
#define CURSOR_ON "\033[?25h"
#define CURSOR_OFF "\033[?25l"

enum { LEAVE_MS = 1000 };	/* for the terminal to take what it is told last */

struct screen {
	SCREEN *curses;
	struct outlet *outlet;
	FILE *out;		/* its file */
	int in;
	bool has_modes;		/* and these are the shell's: */
	struct termios modes;
	unsigned text_flags;
	size_t weight;		/* of the last frame */
	bool slow;
	bool left;		/* the terminal is the shell's at present */
	bool cursor;		/* is to be seen; and by which means: */
	bool cursor_by_mode;
	bool titled;		/* it takes a title, and has this one: */
	char title[TITLE];
	bool mouse;		/* it tells of the mouse */
	struct theme theme;
	enum theme_choice choice;
	enum theme_ground ground;
	struct theme_design designs[2];
	/* pen's workspace: display form and its clusters */
	struct bytes clean;
	struct text_clusters clusters;
	struct screen_urls urls;
};

/* -- open and close ---------------------------------------------------- */

/* Goes out with what follows. */
static void
modes_add(struct screen *screen, const char *modes)
{
	fputs(modes, screen->out);
	fflush(screen->out);
}

static void
modes_write(struct screen *screen, const char *modes)
{
	modes_add(screen, modes);
	outlet_push(screen->outlet);
}

static void
bytes_write(struct screen *screen, const struct bytes *bytes)
{
	fwrite(bytes->data, 1, bytes->size, screen->out);
	fflush(screen->out);
	outlet_push(screen->outlet);
}

/* Whether that alone is what the terminal hides its cursor by. */
static bool
cursor_has_mode(void)
{
	const char *hide = tigetstr("civis");

	return hide != NULL && hide != (const char *)-1 &&
	    strncmp(hide, CURSOR_OFF, sizeof CURSOR_OFF - 1) == 0;
}

static void
cursor_show(struct screen *screen, bool shown)
{
	if (shown == screen->cursor)
		return;
	screen->cursor = shown;
	if (screen->cursor_by_mode)
		modes_add(screen, shown ? CURSOR_ON : CURSOR_OFF);
	else
		curs_set(shown);
}

static bool
capability_missing(const char *name)
{
	const char *value = tigetstr(name);

	return value == NULL || value == (const char *)-1;
}

/* What brings the terminal back, as it is now. */
static void
rescue_prepare(const struct screen *screen)
{
	rescue_arm(false);
	rescue_forget();
	rescue_add(FRAME_END MOUSE_OFF MODES_OFF);
	rescue_add(screen->title[0] != '\0' ? TITLE_RESTORE : "");
	rescue_add(tigetstr("sgr0"));
	rescue_add(screen->cursor_by_mode ? CURSOR_ON : tigetstr("cnorm"));
	rescue_add(tigetstr("rmcup"));
	rescue_arm(true);
}

/* Asked first, because newterm(3) loses memory when it fails. */
static bool
terminal_known(const char *name, FILE *out)
{
	int result;

	if (name == NULL || *name == '\0' ||
	    setupterm(name, fileno(out), &result) == ERR)
		return false;
	del_curterm(cur_term);
	return true;
}

/* Curses, which does not write to the terminal itself, cannot do that. */
static void
keyboard_take(const struct screen *screen)
{
	struct termios raw = screen->modes;

	if (!screen->has_modes)
		return;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | ISIG | IEXTEN);
	/* Enter is CR, and Ctrl+J another key */
	raw.c_iflag &= ~(tcflag_t)(BRKINT | PARMRK | IXON | ICRNL | INLCR |
	    IGNCR);
	raw.c_oflag &= ~(tcflag_t)ONLCR;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(screen->in, TCSADRAIN, &raw);
}

/* Without waiting for a terminal that takes nothing. */
static void
keyboard_return(const struct screen *screen)
{
	if (screen->has_modes)
		tcsetattr(screen->in,
		    outlet_is_empty(screen->outlet) ? TCSADRAIN : TCSANOW,
		    &screen->modes);
}

static void
curses_prepare(void)
{
	noecho();
	nonl();
	typeahead(-1);		/* never looks at the keyboard */
	scrollok(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	start_color();
}

struct screen *
screen_open(const char *terminal, FILE *out, FILE *in, bool ascii,
    unsigned text_flags, char problem[static 256])
{
	const char *name = terminal != NULL ? terminal : getenv("TERM");
	struct outlet *outlet = outlet_open(out);
	struct screen *screen;
	SCREEN *curses;

	if (outlet == NULL) {
		snprintf(problem, 256, "There is no memory for a frame: %s.",
		    strerror(errno));
		return NULL;
	}
	rescue_open(outlet_descriptor(outlet), fileno(in));
	curses = terminal_known(name, out)
	    ? newterm(name, outlet_file(outlet), in)
	    : NULL;
	if (curses == NULL || capability_missing("cup")) {
		if (curses != NULL) {
			endwin();
			delscreen(curses);
		}
		rescue_close();
		outlet_close(outlet);
		snprintf(problem, 256,
		    "The terminal type \"%.64s\" (TERM) %s; try "
		    "TERM=xterm-256color, or --linear for plain lines.",
		    name != NULL ? name : "",
		    curses == NULL ? "is not known here"
				   : "cannot place its cursor");
		return NULL;
	}
	screen = mem_zero(1, sizeof *screen);
	screen->curses = curses;
	screen->outlet = outlet;
	screen->out = outlet_file(outlet);
	screen->in = fileno(in);
	screen->has_modes = tcgetattr(screen->in, &screen->modes) == 0;
	screen->text_flags = text_flags;
	bytes_init(&screen->clean);
	screen_urls_init(&screen->urls);
	screen->titled = title_known(name);
	screen->cursor_by_mode = cursor_has_mode();
	screen->cursor = true;
	keyboard_take(screen);
	curses_prepare();
	screen_resized(screen);
	theme_init(&screen->theme, ascii, THEME_AUTO, NULL,
	    GROUND_UNKNOWN);
	rescue_prepare(screen);
	modes_write(screen, MODES_ON);
	return screen;
}

void
screen_close(struct screen *screen)
{
	if (screen == NULL)
		return;
	if (!screen->left)
		screen_leave(screen);
	rescue_close();
	delscreen(screen->curses);
	outlet_close(screen->outlet);
	bytes_free(&screen->clean);
	text_clusters_free(&screen->clusters);
	screen_urls_free(&screen->urls);
	free(screen);
}

const struct theme *
screen_theme(const struct screen *screen)
{
	return &screen->theme;
}

static void
screen_paint_theme(struct screen *screen)
{
	theme_init(&screen->theme, screen->theme.ascii, screen->choice,
	    screen->designs, screen->ground);
	screen_forget(screen);
}

void
screen_set_theme(struct screen *screen, enum theme_choice choice,
    const struct theme_design designs[2])
{
	screen->choice = choice;
	if (choice == THEME_FILE)
		memcpy(screen->designs, designs, sizeof screen->designs);
	screen_paint_theme(screen);
}

bool
screen_ask_background(struct screen *screen)
{
	/* the console of Linux has no answers, and shows some questions */
	if ((screen->choice != THEME_AUTO && screen->choice != THEME_FILE) ||
	    COLORS < 8 ||
	    screen->theme.looks[STYLE_DIM].pair == 0 ||
	    strncmp(termname(), "linux", 5) == 0)
		return false;
	modes_write(screen, "\033]11;?\033\\");
	return true;
}

void
screen_set_background(struct screen *screen, uint32_t colour)
{
	enum theme_ground ground = theme_ground_of(colour);

	if (ground == screen->ground)
		return;
	screen->ground = ground;
	screen_paint_theme(screen);
}

void
screen_size(const struct screen *screen, int *rows, int *columns)
{
	(void)screen;
	*rows = getmaxy(stdscr);
	*columns = getmaxx(stdscr);
}

void
screen_resized(struct screen *screen)
{
	struct winsize size;

	if (ioctl(outlet_descriptor(screen->outlet), TIOCGWINSZ, &size) == 0 &&
	    size.ws_row > 0 && size.ws_col > 0)
		screen_resize(screen, size.ws_row, size.ws_col);
}

void
screen_resize(struct screen *screen, int rows, int columns)
{
	resizeterm(rows, columns);
	screen_forget(screen);
}

void
screen_leave(struct screen *screen)
{
	if (screen->left)
		return;
	screen->left = true;
	rescue_arm(false);
	cursor_show(screen, true);
	if (screen->title[0] != '\0')
		modes_add(screen, TITLE_RESTORE);
	screen->title[0] = '\0';
	if (screen->mouse)
		modes_add(screen, MOUSE_OFF);
	modes_add(screen, MODES_OFF);
	endwin();
	outlet_drain(screen->outlet, LEAVE_MS);
	keyboard_return(screen);
}

void
screen_return(struct screen *screen)
{
	if (!screen->left)
		return;
	screen->left = false;
	keyboard_take(screen);
	screen_urls_forget(&screen->urls);
	screen_resized(screen);
	screen_forget(screen);
	refresh();
	rescue_prepare(screen);
	modes_write(screen, MODES_ON);
	if (screen->mouse)
		modes_write(screen, MOUSE_ON);
}

void
screen_set_mouse(struct screen *screen, bool on)
{
	if (on != screen->mouse && !screen->left)
		modes_write(screen, on ? MOUSE_ON : MOUSE_OFF);
	screen->mouse = on;
}

void
screen_forget(struct screen *screen)
{
	(void)screen;
	clearok(curscr, TRUE);
}

void
screen_begin(struct screen *screen)
{
	screen_urls_begin(&screen->urls);
	erase();
}

/* A row that has changed has hardly changed all over. */
static size_t
frame_weight(void)
{
	size_t rows = 0;

	if (is_cleared(curscr))
		return (size_t)getmaxy(newscr) * (size_t)getmaxx(newscr);
	for (int row = 0; row < getmaxy(newscr); row++)
		rows += is_linetouched(newscr, row);
	return rows * (size_t)getmaxx(newscr) / 2;
}

void
screen_hurry(struct screen *screen, bool slow)
{
	screen->slow = slow;
}

/* The row in which something is written, in a frame of its own. */
static void
row_first(struct screen *screen, int row, int column)
{
	WINDOW *line = derwin(stdscr, 1, getmaxx(stdscr), row, 0);

	if (line == NULL)
		return;
	touchwin(line);
	wmove(line, 0, column);
	wnoutrefresh(line);
	if (is_wintouched(newscr)) {
		modes_write(screen, FRAME_BEGIN);
		doupdate();
		modes_write(screen, FRAME_END);
	}
	delwin(line);
}

size_t
screen_weight(const struct screen *screen)
{
	return screen->weight;
}

void
screen_ask_ready(struct screen *screen)
{
	if (!screen->left)
		modes_write(screen, "\033[5n");
}

void
screen_end(struct screen *screen, int row, int column)
{
	bool changed, urls;

	if (screen->left)
		return;
	screen_urls_prepare(&screen->urls);
	if (row >= 0)
		move(row, column);
	if (screen->slow && row >= 0 && !is_cleared(curscr))
		row_first(screen, row, column);
	wnoutrefresh(stdscr);
	urls = screen_urls_pending(&screen->urls);
	/* a cursor that moves is no frame yet */
	changed = urls || is_wintouched(newscr) || is_wintouched(curscr) ||
	    is_cleared(curscr);
	screen->weight = frame_weight();
	if (changed)
		modes_add(screen, FRAME_BEGIN);
	cursor_show(screen, row >= 0);
	doupdate();
	if (urls)
		screen_urls_write(&screen->urls, screen->out);
	if (changed)
		modes_add(screen, FRAME_END);
	outlet_push(screen->outlet);
}

bool
screen_waits(const struct screen *screen)
{
	return !outlet_is_empty(screen->outlet);
}

int
screen_descriptor(const struct screen *screen)
{
	return outlet_descriptor(screen->outlet);
}

void
screen_push(struct screen *screen)
{
	outlet_push(screen->outlet);
}

void
screen_plain(struct screen *screen, const char *text, size_t size)
{
	const char *end = text + size, *line;

	if (screen->left)
		return;
	screen_urls_forget(&screen->urls);
	screen->weight = size;
	/* an empty screen in the terminal's own colours */
	erase();
	clearok(curscr, TRUE);
	cursor_show(screen, true);
	move(0, 0);
	refresh();
	while (text < end) {
		line = memchr(text, '\n', (size_t)(end - text));
		if (line == NULL)
			line = end;
		fwrite(text, 1, (size_t)(line - text), screen->out);
		if (line < end)
			fputs("\r\n", screen->out);
		text = line + 1;
	}
	modes_write(screen, "");
}

void
screen_title(struct screen *screen, const char *title)
{
	if (screen->left || !screen->titled ||
	    strcmp(screen->title, title) == 0)
		return;
	if (screen->title[0] == '\0')
		modes_add(screen, TITLE_SAVE);
	snprintf(screen->title, sizeof screen->title, "%s", title);
	rescue_prepare(screen);
	fprintf(screen->out, "\033]2;%s\033\\", screen->title);
	modes_write(screen, "");
}

void
screen_untitle(struct screen *screen)
{
	if (screen->left || screen->title[0] == '\0')
		return;
	modes_write(screen, TITLE_RESTORE);
	screen->title[0] = '\0';
	rescue_prepare(screen);
}

void
screen_bell(struct screen *screen)
{
	if (screen->left)
		return;
	beep();
	outlet_push(screen->outlet);
}

void
screen_notify(struct screen *screen, const char *title, const char *text)
{
	struct bytes sequence;

	if (screen->left)
		return;
	bytes_init(&sequence);
	notify_append(&sequence, notify_kind(getenv), title, text,
	    screen->text_flags);
	/* not every terminal has one */
	if (sequence.size > 0)
		bytes_write(screen, &sequence);
	bytes_free(&sequence);
}

void
screen_set_hyperlinks(struct screen *screen, enum screen_hyperlinks choice)
{
	screen->urls.on = choice == HYPERLINKS_ON ||
	    (choice == HYPERLINKS_AUTO && url_hyperlinks_known(getenv));
	screen_forget(screen);
}

void
screen_url(struct screen *screen, int row, int column, int cells,
    const char *url, unsigned id)
{
	screen_urls_add(&screen->urls, row, column, cells, url, id);
}

bool
screen_copy(struct screen *screen, const char *text)
{
	struct bytes sequence;

	if (screen->left || strlen(text) > LIMIT_TEXT)
		return false;
	bytes_init(&sequence);
	url_copy(&sequence, text, strlen(text));
	bytes_write(screen, &sequence);
	bytes_free(&sequence);
	return true;
}

/* -- the pen ----------------------------------------------------------- */

struct pen
pen_at(struct screen *screen, int row, int column, int cells)
{
	struct pen pen = { .screen = screen, .row = row, .column = column,
		.end = column + cells };

	if (row < 0 || row >= getmaxy(stdscr) || column < 0)
		pen.end = pen.column;
	else if (pen.end > getmaxx(stdscr))
		pen.end = getmaxx(stdscr);
	return pen;
}

int
pen_left(const struct pen *pen)
{
	return pen->end > pen->column ? pen->end - pen->column : 0;
}

static attr_t
look_attributes(const struct look *look)
{
	attr_t attributes = A_NORMAL;

	if (look->bold)
		attributes |= A_BOLD;
	if (look->dim)
		attributes |= A_DIM;
	if (look->reverse)
		attributes |= A_REVERSE;
	if (look->italic)
		attributes |= A_ITALIC;
	if (look->underline)
		attributes |= A_UNDERLINE;
	return attributes;
}

/* One cluster of display form into one place. */
static void
pen_cluster(struct pen *pen, const struct look *look, const char *bytes,
    const struct text_cluster *cluster)
{
	wchar_t points[2 + TEXT_MARKS];
	size_t at = 0, count = 0;
	int pair = look->pair;
	cchar_t cell;

	while (at < cluster->size && count < 1 + TEXT_MARKS) {
		uint32_t point;
		size_t size = utf8_decode(bytes + at, cluster->size - at,
		    &point);

		if (size == 0)
			break;
		points[count++] = (wchar_t)point;
		at += size;
	}
	points[count] = L'\0';
	if (setcchar(&cell, points, look_attributes(look), (short)pair,
		&pair) == OK)
		mvadd_wch(pen->row, pen->column, &cell);
	pen->column += (int)cluster->cells;
}

/*
 * The one way onto the screen.  A cluster of several spacing characters (a
 * family of emoji, a Hangul syllable in pieces) takes a cell for each of
 * them: a cell of curses holds but one.
 */
static void
pen_points(struct pen *pen, const struct look *look, const char *bytes,
    const struct text_cluster *cluster)
{
	size_t at = 0;

	while (at < cluster->size) {
		struct text_cluster piece = { .offset = at };
		bool first = true;

		while (at < cluster->size) {
			uint32_t point;
			size_t size = utf8_decode(bytes + at,
			    cluster->size - at, &point);
			int cells = size == 0 ? 0 : wcwidth((wchar_t)point);

			if (size == 0 || (cells > 0 && !first))
				break;
			first = false;
			piece.size += size;
			piece.cells += cells > 0 ? (unsigned)cells : 0;
			at += size;
		}
		if (piece.size == 0)
			return;
		pen_cluster(pen, look, bytes + piece.offset, &piece);
	}
}

void
pen_bytes(struct pen *pen, int style, const char *text, size_t size)
{
	struct screen *screen = pen->screen;
	const struct look *look = &screen->theme.looks[style];
	const char *clean;

	bytes_clear(&screen->clean);
	text_clean(&screen->clean, text, size, screen->text_flags);
	clean = (const char *)screen->clean.data;
	text_clusters_split(&screen->clusters, clean, screen->clean.size);
	for (size_t i = 0; i < screen->clusters.count; i++) {
		const struct text_cluster *cluster =
		    &screen->clusters.items[i];

		if (cluster->cells == 0)
			continue;
		if ((int)cluster->cells > pen_left(pen)) {
			/* half a character is none: the edge stays blank */
			pen->end = pen->column;
			return;
		}
		pen_points(pen, look, clean + cluster->offset, cluster);
	}
}

void
pen_text(struct pen *pen, int style, const char *text)
{
	pen_bytes(pen, style, text, strlen(text));
}

void
pen_format(struct pen *pen, int style, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	/* a cut may have left half a character */
	pen_bytes(pen, style, text, utf8_cut(text, sizeof text - 4));
}

void
pen_cut(struct pen *pen, int style, const char *text, int cells)
{
	unsigned flags = pen->screen->theme.ascii ? TEXT_ASCII : 0;
	struct bytes clean, cut;

	if (cells > pen_left(pen))
		cells = pen_left(pen);
	if (cells <= 0)
		return;
	bytes_init(&clean);
	bytes_init(&cut);
	text_clean(&clean, text, strlen(text), pen->screen->text_flags);
	text_cut(&cut, (const char *)clean.data, clean.size, (size_t)cells,
	    flags);
	pen_bytes(pen, style, (const char *)cut.data, cut.size);
	bytes_free(&clean);
	bytes_free(&cut);
}

/* Cells the text takes once it is in display form. */
static int
text_cells(const struct screen *screen, const char *text)
{
	struct bytes clean;
	size_t cells;

	bytes_init(&clean);
	text_clean(&clean, text, strlen(text), screen->text_flags);
	cells = text_width((const char *)clean.data, clean.size);
	bytes_free(&clean);
	return cells < INT_MAX ? (int)cells : INT_MAX;
}

void
pen_field(struct pen *pen, int style, const char *text, int cells, bool right)
{
	struct pen field = *pen;
	int spare;

	if (cells > pen_left(pen))
		cells = pen_left(pen);
	field.end = field.column + cells;
	spare = cells - text_cells(pen->screen, text);
	if (right && spare > 0)
		pen_fill(&field, style, " ", spare);
	pen_cut(&field, style, text, pen_left(&field));
	pen->column += cells;
	field.end = pen->column;
	pen_end(&field, style);
}

void
pen_fill(struct pen *pen, int style, const char *mark, int cells)
{
	const struct look *look = &pen->screen->theme.looks[style];
	struct text_cluster one = { .size = strlen(mark), .cells = 1 };

	if (cells > pen_left(pen))
		cells = pen_left(pen);
	while (cells-- > 0)
		pen_cluster(pen, look, mark, &one);
}

void
pen_end(struct pen *pen, int style)
{
	pen_fill(pen, style, " ", pen_left(pen));
}
