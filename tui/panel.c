#include "tui/panel.h"

#include <stdint.h>
#include <stdio.h>

static const struct panel {
	enum action action;
	const char *title;
	size_t (*view)(struct scene *scene, const struct layout_rect *at,
	    size_t top);
	wall_ms refresh_ms;
} panels[] = {
	[PANEL_NONE] = { .action = ACTION_NONE },
#define X(constant, action, title, view, refresh_ms)                          \
	[PANEL_##constant] = { action, title, view, refresh_ms },
	PANELS(X)
#undef X
};

enum { PANEL_COUNT = sizeof panels / sizeof *panels };

enum panel_id
panel_of(enum action action)
{
	for (int id = PANEL_NONE + 1; id < PANEL_COUNT; id++)
		if (panels[id].action == action)
			return (enum panel_id)id;
	return PANEL_NONE;
}

void
panel_open(struct scene *scene, enum panel_id id)
{
	panel_open_at(scene, id, -1);
}

void
panel_open_at(struct scene *scene, enum panel_id id, int section)
{
	scene->panel = id;
	scene->panel_top = 0;
	scene->panel_section = section;
	scene->panel_start_count = 0;
}

/* The part of the screen it covers. */
static struct layout_rect
panel_rect(const struct scene *scene)
{
	const struct layout_panes *panes = &scene->panes;

	return (struct layout_rect){ 0, 0,
		panes->status.rows > 0 ? panes->status.row : panes->input.row,
		scene->columns };
}

/* Inside its frame; a blank at either side. */
static struct layout_rect
panel_inside(const struct scene *scene)
{
	struct layout_rect at = panel_rect(scene);

	return (struct layout_rect){ at.row + 1, at.col + 2,
		at.rows > 3 ? at.rows - 2 : 1, at.cols > 5 ? at.cols - 4 : 1 };
}

int
panel_columns(const struct scene *scene)
{
	return panel_inside(scene).cols;
}

/* Beyond all rows: the view only counts them. */
enum { BEYOND = INT32_MAX };

void
panel_scroll(struct scene *scene, long pages, long rows)
{
	struct layout_rect at;
	long top, last;
	size_t section;

	scene_arrange(scene);
	if (scene->panes.too_small)
		return;
	at = panel_inside(scene);
	last = (long)panels[scene->panel].view(scene, &at, BEYOND) - at.rows;
	if (pages != 0 || rows != 0)
		scene->panel_section = -1;
	section = (size_t)scene->panel_section;
	if (section < scene->panel_start_count)
		scene->panel_top = scene->panel_starts[section];
	top = (long)scene->panel_top + pages * at.rows + rows;
	if (top > last)
		top = last;
	scene->panel_top = (size_t)(top < 0 ? 0 : top);
}

void
panel_reveal(struct scene *scene, size_t row)
{
	struct layout_rect at;

	scene_arrange(scene);
	at = panel_inside(scene);
	if (row < scene->panel_top)
		scene->panel_top = row;
	else if (row >= scene->panel_top + (size_t)at.rows)
		scene->panel_top = row + 1 - (size_t)at.rows;
}

bool
panel_step(struct scene *scene, int direction)
{
	int count, section = 0;

	panel_scroll(scene, 0, 0);
	count = (int)scene->panel_start_count;
	if (count == 0)
		return false;
	while (section + 1 < count &&
	    scene->panel_starts[section + 1] <= scene->panel_top)
		section++;
	/* those at the end may never get to the top */
	if (scene->panel_section > section)
		section = scene->panel_section;
	scene->panel_section = (section + direction + count) % count;
	return true;
}

wall_ms
panel_looks(const struct scene *scene)
{
	return panels[scene->panel].refresh_ms;
}

static void
paint_frame(struct scene *scene, const struct layout_rect *at,
    const char *title)
{
	const struct marks *marks = &scene->theme->marks;
	int bottom = at->row + at->rows - 1, right = at->col + at->cols - 1;
	struct pen pen;

	for (int row = at->row; row <= bottom; row += at->rows - 1) {
		pen = pen_at(scene->screen, row, at->col, at->cols);
		pen_fill(&pen, STYLE_BORDER,
		    row == at->row ? marks->top_left : marks->bottom_left, 1);
		pen_fill(&pen, STYLE_BORDER, marks->horizontal,
		    pen_left(&pen) - 1);
		pen_fill(&pen, STYLE_BORDER,
		    row == at->row ? marks->top_right : marks->bottom_right,
		    1);
		if (at->rows < 2)
			return;
	}
	for (int row = at->row + 1; row < bottom; row++) {
		pen = pen_at(scene->screen, row, at->col, 1);
		pen_fill(&pen, STYLE_BORDER, marks->vertical, 1);
		pen = pen_at(scene->screen, row, right, 1);
		pen_fill(&pen, STYLE_BORDER, marks->vertical, 1);
	}
	pen = pen_at(scene->screen, at->row, at->col + 1, at->cols - 2);
	pen_format(&pen, STYLE_TITLE, " %s ", title);
	pen = pen_at(scene->screen, bottom, at->col + 1, at->cols - 2);
	pen_cut(&pen, STYLE_DIM,
	    scene->panel_start_count > 0
		? " Esc closes, PgUp PgDn scroll, Tab next part "
		: " Esc closes, PgUp PgDn scroll ",
	    at->cols - 12);
}

void
panel_paint(struct scene *scene)
{
	const struct panel *panel = &panels[scene->panel];
	struct layout_rect at = panel_rect(scene);
	struct layout_rect inside = panel_inside(scene);
	size_t rows;
	struct pen pen;

	paint_frame(scene, &at, panel->title);
	rows = panel->view(scene, &inside, scene->panel_top);
	if (scene->panel_top + (size_t)inside.rows >= rows)
		return;
	pen = pen_at(scene->screen, at.row + at.rows - 1,
	    at.col + at.cols - 10, 8);
	pen_format(&pen, STYLE_MENTION, " more %s ",
	    scene->theme->marks.more);
}

wall_ms
panel_deadline(const struct scene *scene, wall_ms now)
{
	wall_ms refresh_ms = panel_looks(scene);

	return refresh_ms > 0 ? now + refresh_ms : NEVER;
}
