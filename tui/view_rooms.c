/* The rooms one is in: number, name, what is unread. */
#include <stdio.h>
#include <string.h>

#include "tui/text.h"
#include "tui/view.h"

void
view_rooms_title(struct scene *scene, const struct layout_rect *at)
{
	struct pen pen = pen_at(scene->screen, at->row, at->col, at->cols);
	size_t count = scene->windows->count;

	pen_text(&pen, STYLE_TITLE, " rooms ");
	/* some are above or below those that are shown */
	if (count > (size_t)scene->panes.rooms.rows)
		pen_format(&pen, STYLE_PLAIN, "%zu ", count);
}

/* "!3": three unread, one of them names you; "3"; a dot: something else
 * happened there; "" */
static void
badge_format(const struct scene *scene, const struct window *window,
    char badge[static 24])
{
	badge[0] = '\0';
	if (window->unread > 0)
		snprintf(badge, 24, "%s%zu",
		    window->mentions > 0 ? scene->theme->marks.activity : "",
		    window->unread < 999 ? window->unread : 999);
	else if (window->activity > ACTIVITY_NONE)
		snprintf(badge, 24, "%s", scene->theme->marks.dot);
}

static int
room_style(const struct window *window, bool current)
{
	if (current)
		return STYLE_CURRENT;
	switch (window->activity) {
	case ACTIVITY_MENTION: return STYLE_MENTION;
	case ACTIVITY_MESSAGE: return STYLE_ACTIVE;
	case ACTIVITY_JOIN:
	case ACTIVITY_NONE: break;
	}
	return window->muted ? STYLE_DIM : STYLE_PLAIN;
}

static void
paint_room(struct scene *scene, const struct layout_rect *at, int row,
    size_t index)
{
	const struct window *window = scene->windows->items[index];
	bool current = index == scene->windows->current;
	int style = room_style(window, current);
	struct pen pen = pen_at(scene->screen, row, at->col, at->cols);
	int width = scene->windows->count > 9 ? 2 : 1;
	char badge[24], number[24];
	int points;

	badge_format(scene, window, badge);
	points = (int)text_width(badge, strlen(badge));
	snprintf(number, sizeof number, " %*zu ", width, index + 1);
	pen_text(&pen, current ? style : STYLE_DIM, number);
	pen_field(&pen, style, window->name,
	    pen_left(&pen) - points - 1 - (points > 0), false);
	if (points > 0) {
		pen_text(&pen, style, " ");
		pen_text(&pen, style, badge);
	}
	pen_end(&pen, style);
}

/* The first that is shown: the current one is always to be seen. */
static size_t
first_room(const struct scene *scene, size_t rows)
{
	size_t current = scene->windows->current;

	return current >= rows ? current - rows + 1 : 0;
}

size_t
view_rooms_at(const struct scene *scene, int row)
{
	const struct layout_rect *at = &scene->panes.rooms;
	size_t index = first_room(scene, (size_t)at->rows) +
	    (size_t)(row - at->row);

	return index < scene->windows->count ? index : SIZE_MAX;
}

void
view_rooms(struct scene *scene, const struct layout_rect *at)
{
	size_t rows = (size_t)at->rows, first = first_room(scene, rows);

	for (size_t i = 0; i < rows && first + i < scene->windows->count; i++)
		paint_room(scene, at, at->row + (int)i, first + i);
}
