/* What was found in the history: one row a message, the newest on top. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tui/search.h"
#include "tui/text.h"
#include "tui/view.h"

enum {
	TIME_CELLS = 16,	/* "2026-11-25 12:01" */
	TIME_FROM_COLS = 50,	/* else the time of the day alone */
	NICK_CELLS = 12,
	ROOM_CELLS = 14,
	WIDE_FROM_COLS = 56,	/* for all the words of the head */
	BEFORE_CELLS = 12,	/* of text before the first mark, when cut */
	HEAD_ROWS = 2,
};

static const char *
name_of_room(const struct scene *scene, const char *room)
{
	const struct window *window = windows_find(scene->windows, room);

	return window != NULL ? window->name : room;
}

static void
paint_head(struct scene *scene, struct pen *pen)
{
	const struct search *search = scene->search;

	if (search->words[0] == '\0') {
		pen_text(pen, STYLE_NOTICE,
		    pen_left(pen) < WIDE_FROM_COLS
			? "Words, then Enter; word*: a beginning"
			: "Type words and press Enter; word* finds what "
			  "begins so.");
		return;
	}
	if (search->problem != NULL) {
		pen_text(pen, STYLE_ERROR, search->problem);
		return;
	}
	if (search->token != 0)
		pen_text(pen, STYLE_BUSY, "looking for ");
	else if (search->count == 0)
		pen_text(pen, STYLE_NOTICE, "nothing is found of ");
	else
		pen_format(pen, STYLE_NOTICE, "%s%zu of %zu with ",
		    search->count == SEARCH_HITS ? "the newest: " : "",
		    search->chosen + 1, search->count);
	pen_text(pen, STYLE_MENTION, search->words);
	pen_text(pen, STYLE_NOTICE, " in ");
	pen_text(pen, STYLE_NOTICE,
	    search->everywhere ? "all rooms" : search->name);
	if (search->behind > 0)
		pen_format(pen, STYLE_BUSY,
		    " (%zu part%s of the history %s not indexed yet)",
		    search->behind, search->behind == 1 ? "" : "s",
		    search->behind == 1 ? "is" : "are");
}

static void
paint_keys(struct scene *scene, struct pen *pen)
{
	const struct search *search = scene->search;

	pen_text(pen, STYLE_DIM,
	    search->count == 0			? ""
		: pen_left(pen) < WIDE_FROM_COLS ? "Enter goes there"
						 : "Enter goes there, Up Down "
						   "choose");
	if (search->room == NULL)
		return;
	pen_text(pen, STYLE_DIM, search->count > 0 ? ", " : "");
	pen_text(pen, STYLE_DIM,
	    search->everywhere ? "Ctrl+F: this room"
			       : "Ctrl+F: all rooms");
}

/* As wide as the widest of them, but not more than that or a quarter of the
 * row, so that the text has room. */
struct hit_columns {
	int room, nick;
};

static int
wider(int cells, const char *text, int most)
{
	int width = (int)text_width(text, strlen(text));

	return width <= cells ? cells : width < most ? width : most;
}

static struct hit_columns
columns_of(const struct scene *scene, int cols)
{
	const struct search *search = scene->search;
	int room = ROOM_CELLS < cols / 4 ? ROOM_CELLS : cols / 4;
	int nick = NICK_CELLS < cols / 4 ? NICK_CELLS : cols / 4;
	struct hit_columns columns = { 0, 0 };

	for (size_t i = 0; i < search->count; i++) {
		const struct search_hit *hit = &search->hits[i];

		columns.nick = wider(columns.nick, hit->nick, nick);
		if (search->everywhere)
			columns.room = wider(columns.room,
			    name_of_room(scene, hit->room), room);
	}
	return columns;
}

/* The text with its marks; cut at the front when the first is far away. */
static void
paint_marked(struct pen *pen, const char *words, const char *text, int plain)
{
	size_t at = 0, start, end;

	if (search_mark(words, text, 0, &start, &end) &&
	    text_width(text, end) > (size_t)pen_left(pen)) {
		size_t cells = 0;

		at = start;
		while (at > 0 && cells < BEFORE_CELLS) {
			at = text_previous(text, start, at);
			cells = text_width(text + at, start - at);
		}
		if (at > 0)
			pen_text(pen, STYLE_DIM, "..");
	}
	while (search_mark(words, text, at, &start, &end)) {
		pen_bytes(pen, plain, text + at, start - at);
		pen_bytes(pen, STYLE_MENTION, text + start, end - start);
		at = end;
	}
	pen_cut(pen, plain, text + at, pen_left(pen));
}

static void
paint_hit(struct scene *scene, struct pen *pen, const struct search_hit *hit,
    const struct hit_columns *columns, bool chosen)
{
	const struct search *search = scene->search;
	time_t seconds = (time_t)(hit->time / 1000);
	bool wide = pen_left(pen) >= TIME_FROM_COLS;
	char text[32] = "";
	struct tm local;

	if (localtime_r(&seconds, &local) != NULL)
		strftime(text, sizeof text, wide ? "%Y-%m-%d %H:%M" : "%H:%M",
		    &local);
	pen_text(pen, STYLE_MENTION,
	    chosen ? scene->theme->marks.notice : " ");
	pen_text(pen, STYLE_PLAIN, " ");
	pen_field(pen, STYLE_DIM, text, wide ? TIME_CELLS : 5, false);
	pen_text(pen, STYLE_PLAIN, " ");
	if (search->everywhere) {
		pen_field(pen, STYLE_ACTIVE, name_of_room(scene, hit->room),
		    columns->room, false);
		pen_text(pen, STYLE_PLAIN, " ");
	}
	pen_field(pen, theme_nick_style(scene->theme, &hit->author), hit->nick,
	    columns->nick, true);
	pen_text(pen, STYLE_PLAIN, " ");
	paint_marked(pen, search->words, hit->text,
	    chosen ? STYLE_CURRENT : STYLE_PLAIN);
}

size_t
view_search(struct scene *scene, const struct layout_rect *at, size_t top)
{
	const struct search *search = scene->search;
	struct hit_columns columns = columns_of(scene, at->cols);
	size_t rows = HEAD_ROWS + search->count;

	for (size_t i = 0; i < (size_t)at->rows && top + i < rows; i++) {
		struct pen pen = pen_at(scene->screen, at->row + (int)i,
		    at->col, at->cols);

		if (top + i == 0)
			paint_head(scene, &pen);
		else if (top + i == 1)
			paint_keys(scene, &pen);
		else
			paint_hit(scene, &pen,
			    &search->hits[top + i - HEAD_ROWS], &columns,
			    top + i - HEAD_ROWS == search->chosen);
	}
	return rows;
}

size_t
view_search_row(const struct search *search)
{
	return search->chosen == 0 ? 0 : HEAD_ROWS + search->chosen;
}
