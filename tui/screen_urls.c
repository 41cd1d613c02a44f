#include "tui/screen_urls.h"

#include <curses.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <wchar.h>

#include "base/mem.h"
#include "tui/url.h"

/* One of curses' functions wants a function that knows where to write. */
static struct bytes *sink;

void
screen_urls_init(struct screen_urls *urls)
{
	*urls = (struct screen_urls){ .on = false };
	for (int i = 0; i < 2; i++)
		bytes_init(&urls->frames[i].texts);
	bytes_init(&urls->out);
}

void
screen_urls_free(struct screen_urls *urls)
{
	for (int i = 0; i < 2; i++) {
		free(urls->frames[i].items);
		bytes_free(&urls->frames[i].texts);
	}
	bytes_free(&urls->out);
}

static void
frame_clear(struct screen_urls *urls, int which)
{
	urls->frames[which].count = 0;
	bytes_clear(&urls->frames[which].texts);
}

void
screen_urls_begin(struct screen_urls *urls)
{
	urls->now = !urls->now;
	frame_clear(urls, urls->now);
}

void
screen_urls_forget(struct screen_urls *urls)
{
	frame_clear(urls, 0);
	frame_clear(urls, 1);
}

void
screen_urls_add(struct screen_urls *urls, int row, int column, int cells,
    const char *url, unsigned id)
{
	struct bytes *texts = &urls->frames[urls->now].texts;
	struct screen_url *added;

	if (!urls->on || cells <= 0 || row < 0 || row >= getmaxy(stdscr))
		return;
	MEM_GROW(urls->frames[urls->now].items, urls->frames[urls->now].count,
	    urls->frames[urls->now].cap);
	added = &urls->frames[urls->now].items[urls->frames[urls->now].count++];
	*added = (struct screen_url){ .row = row,
		.column = column,
		.cells = cells,
		.id = id,
		.url = texts->size };
	bytes_append(texts, url, strlen(url) + 1);
}

static const char *
url_of(const struct screen_urls *urls, int which, size_t index)
{
	return (const char *)urls->frames[which].texts.data +
	    urls->frames[which].items[index].url;
}

/* It is in the other frame too. */
static bool
is_in(const struct screen_urls *urls, int which, size_t index)
{
	const struct screen_url *one = &urls->frames[which].items[index];

	for (size_t i = 0; i < urls->frames[!which].count; i++) {
		const struct screen_url *other = &urls->frames[!which].items[i];

		if (other->row == one->row && other->column == one->column &&
		    other->cells == one->cells && other->id == one->id &&
		    strcmp(url_of(urls, which, index),
			url_of(urls, !which, i)) == 0)
			return true;
	}
	return false;
}

void
screen_urls_prepare(struct screen_urls *urls)
{
	for (int which = 0; which < 2; which++)
		for (size_t i = 0; i < urls->frames[which].count; i++) {
			int row = urls->frames[which].items[i].row;

			if (row < getmaxy(stdscr) && !is_in(urls, which, i))
				wredrawln(stdscr, row, 1);
		}
}

/* -- writing ----------------------------------------------------------------- */

static int
put_byte(int byte)
{
	char c = (char)byte;

	bytes_append(sink, &c, 1);
	return byte;
}

static void
put_cursor(int row, int column)
{
	const char *place = tparm(tigetstr("cup"), (long)row, (long)column, 0L,
	    0L, 0L, 0L, 0L, 0L, 0L);

	if (place != NULL)
		tputs(place, 1, put_byte);
}

/* One cell as it is painted; returns how many it takes. */
static int
put_cell(int row, int column)
{
	wchar_t points[CCHARW_MAX + 1] = L"";
	char bytes[MB_LEN_MAX];
	attr_t attributes;
	short pair;
	cchar_t cell;
	int extended;

	mvin_wch(row, column, &cell);
	if (getcchar(&cell, points, &attributes, &pair, &extended) != OK)
		return 1;
	vid_puts(attributes, pair, &extended, put_byte);
	for (size_t i = 0; points[i] != L'\0'; i++) {
		mbstate_t state = { 0 };
		size_t size = wcrtomb(bytes, points[i], &state);

		if (size != (size_t)-1)
			bytes_append(sink, bytes, size);
	}
	return wcwidth(points[0]) == 2 ? 2 : 1;
}

static void
put_url(const struct screen_urls *urls, size_t index)
{
	const struct screen_url *one = &urls->frames[urls->now].items[index];
	int column = one->column;

	put_cursor(one->row, column);
	url_hyperlink(sink, url_of(urls, urls->now, index), one->id);
	while (column < one->column + one->cells)
		column += put_cell(one->row, column);
	vid_puts(A_NORMAL, 0, NULL, put_byte);
	url_hyperlink(sink, "", 0);
}

bool
screen_urls_pending(struct screen_urls *urls)
{
	bool all = is_cleared(curscr);
	int row, column;

	bytes_clear(&urls->out);
	sink = &urls->out;
	for (size_t i = 0; i < urls->frames[urls->now].count; i++) {
		int at = urls->frames[urls->now].items[i].row;

		if (all || is_linetouched(newscr, at) ||
		    is_linetouched(curscr, at))
			put_url(urls, i);
	}
	if (urls->out.size == 0)
		return false;
	/* back to where curses leaves it */
	getyx(newscr, row, column);
	put_cursor(row, column);
	return true;
}

void
screen_urls_write(struct screen_urls *urls, FILE *out)
{
	fwrite(urls->out.data, 1, urls->out.size, out);
	fflush(out);
}
