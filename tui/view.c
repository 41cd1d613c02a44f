#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "tui/advice.h"
#include "tui/panel.h"

enum {
	SILENCE_SHOWN_MS = 500,	/* how long one is silent counts on so often */
	FRAME_FROM_ROWS = 14, /* below, two rows more are worth more */
	HINTS_FROM_ROWS = 16, /* and one here */
	HINTS_FROM_COLUMNS = 40,
	TYPING_FROM_COLUMNS = 34,	/* of the chat */
};

/* Which view paints which pane. */
static const struct {
	void (*paint)(struct scene *scene, const struct layout_rect *at);
	size_t pane;		/* in struct layout_panes */
} views[] = {
	{ view_rooms_title, offsetof(struct layout_panes, rooms_title) },
	{ view_rooms, offsetof(struct layout_panes, rooms) },
	{ view_chat_title, offsetof(struct layout_panes, title) },
	{ view_chat, offsetof(struct layout_panes, chat) },
	{ view_members_title, offsetof(struct layout_panes, members_title) },
	{ view_members, offsetof(struct layout_panes, members) },
	{ view_status, offsetof(struct layout_panes, status) },
	{ view_input, offsetof(struct layout_panes, input) },
};

static const struct layout_rect *
pane_at(const struct scene *scene, size_t pane)
{
	return (const void *)((const char *)&scene->panes + pane);
}

static void
rect_shift(struct layout_rect *rect, int row, int column)
{
	if (rect->rows == 0)
		return;
	rect->row += row;
	rect->col += column;
}

/* Moves all panes into the outer frame; status and input stay outside. */
static void
panes_frame(struct layout_panes *panes, int columns)
{
	rect_shift(&panes->rooms_title, 0, 1);
	rect_shift(&panes->rooms, 0, 1);
	rect_shift(&panes->rooms_bar, 0, 1);
	rect_shift(&panes->title, 0, 1);
	rect_shift(&panes->chat, 0, 1);
	rect_shift(&panes->members_bar, 0, 1);
	rect_shift(&panes->members_title, 0, 1);
	rect_shift(&panes->members, 0, 1);
	rect_shift(&panes->status, 1, 0);
	rect_shift(&panes->input, 1, 0);
	panes->status.cols = columns;
	panes->input.cols = columns;
}

/* A row for the hints, between status and input: these move down. */
static void
panes_hints(struct scene *scene)
{
	struct layout_rect *input = &scene->panes.input;

	scene->hints = (struct layout_rect){ input->row, 0, 1, scene->columns };
	input->row++;
}

void
scene_arrange(struct scene *scene)
{
	bool members = setting_on(scene->settings, SETTING_ID_MEMBER_PANE);
	bool hints;
	int wish, rows;

	screen_size(scene->screen, &scene->rows, &scene->columns);
	wish = view_input_rows(scene, scene->columns - 1);
	hints = scene->rows >= HINTS_FROM_ROWS &&
	    scene->columns >= HINTS_FROM_COLUMNS && advice_wanted(scene);
	rows = scene->rows - hints;
	scene->hints = (struct layout_rect){ 0 };
	scene->framed = false;
	if (rows >= FRAME_FROM_ROWS) {
		layout_panes(&scene->panes, rows - 1, scene->columns - 2, wish,
		    members);
		scene->framed = scene->panes.rooms.cols > 0;
	}
	if (scene->framed)
		panes_frame(&scene->panes, scene->columns);
	else
		layout_panes(&scene->panes, rows, scene->columns, wish,
		    members);
	if (hints)
		panes_hints(scene);
}

/* One row of the outer frame, with the corners and tees of its ends. */
static void
paint_edge(struct scene *scene, int row, const char *left, const char *tee,
    const char *right)
{
	const struct layout_panes *panes = &scene->panes;
	int bars[] = { panes->rooms_bar.col, panes->members_bar.col };
	bool there[] = { panes->rooms_bar.rows > 0,
		panes->members_bar.rows > 0 };
	struct pen pen = pen_at(scene->screen, row, 0, scene->columns);

	pen_fill(&pen, STYLE_BORDER, scene->theme->marks.horizontal,
	    scene->columns);
	for (size_t i = 0; i < 2; i++)
		if (there[i]) {
			pen = pen_at(scene->screen, row, bars[i], 1);
			pen_fill(&pen, STYLE_BORDER, tee, 1);
		}
	if (!scene->framed)
		return;
	pen = pen_at(scene->screen, row, 0, 1);
	pen_fill(&pen, STYLE_BORDER, left, 1);
	pen = pen_at(scene->screen, row, scene->columns - 1, 1);
	pen_fill(&pen, STYLE_BORDER, right, 1);
}

static void
paint_bar(struct scene *scene, int column, int row, int rows)
{
	for (int i = 0; i < rows; i++) {
		struct pen pen = pen_at(scene->screen, row + i, column, 1);

		pen_fill(&pen, STYLE_BORDER, scene->theme->marks.vertical, 1);
	}
}

/* "12 new" where the eye looks for more: at the end of the chat. */
static void
paint_new(struct scene *scene)
{
	const struct layout_rect *chat = &scene->panes.chat;
	const struct scrollback *lines =
	    windows_current(scene->windows)->scrollback;
	struct pen pen;
	char text[64];
	size_t count;

	if (scrollback_is_live(lines) || scene->panel != PANEL_NONE)
		return;
	count = scrollback_new_lines(lines);
	if (count > 0)
		snprintf(text, sizeof text, " %zu new %s ", count,
		    scene->theme->marks.more);
	else
		snprintf(text, sizeof text, " more %s ",
		    scene->theme->marks.more);
	pen = pen_at(scene->screen,
	    chat->row + chat->rows - (scene->framed ? 0 : 1),
	    chat->col + chat->cols - (count > 0 ? 14 : 10), 14);
	pen_text(&pen, STYLE_MENTION, text);
}

/* Who writes, in the border below: nothing moves when somebody begins. */
static void
paint_typing(struct scene *scene)
{
	const struct layout_rect *chat = &scene->panes.chat;
	const struct window *window = windows_current(scene->windows);
	bool live = scrollback_is_live(window->scrollback);
	char text[TYPISTS_TEXT];
	struct pen pen;

	if (!scene->framed || chat->cols < TYPING_FROM_COLUMNS ||
	    !typists_line(&window->typists, scene->now, text))
		return;
	/* the other end is for what is new */
	pen = pen_at(scene->screen, chat->row + chat->rows, chat->col + 1,
	    chat->cols - (live ? 2 : 17));
	pen_text(&pen, STYLE_DIM, " ");
	pen_cut(&pen, STYLE_DIM, text, pen_left(&pen) - 1);
	pen_text(&pen, STYLE_DIM, " ");
}

static void
paint_borders(struct scene *scene)
{
	const struct marks *marks = &scene->theme->marks;
	const struct layout_panes *panes = &scene->panes;
	int top = panes->chat.row, rows = panes->chat.rows;

	if (panes->title.rows > 0)
		paint_edge(scene, 0, marks->top_left, marks->tee_down,
		    marks->top_right);
	if (panes->rooms_bar.rows > 0)
		paint_bar(scene, panes->rooms_bar.col, top, rows);
	if (panes->members_bar.rows > 0)
		paint_bar(scene, panes->members_bar.col, top, rows);
	if (!scene->framed)
		return;
	paint_bar(scene, 0, top, rows);
	paint_bar(scene, scene->columns - 1, top, rows);
	paint_edge(scene, top + rows, marks->bottom_left, marks->tee_up,
	    marks->bottom_right);
}

/* In fewer words where there is not even room for that. */
static const char *const too_small[] = { "dchat needs 20x5.", "20x5" };

static void
paint_too_small(struct scene *scene)
{
	struct layout_rows rows = { 0 };
	const char *text = too_small[0];
	int first;

	layout_wrap(&rows, text, strlen(text), (size_t)scene->columns);
	if (rows.count > (size_t)scene->rows ||
	    scene->columns < (int)strlen("needs")) {
		text = too_small[1];
		layout_wrap(&rows, text, strlen(text),
		    (size_t)scene->columns);
	}
	first = (scene->rows - (int)rows.count + 1) / 2;
	for (size_t i = 0; i < rows.count; i++) {
		struct pen pen = pen_at(scene->screen, first + (int)i, 0,
		    scene->columns);

		pen_bytes(&pen, STYLE_PLAIN, text + rows.items[i].offset,
		    rows.items[i].size);
	}
	layout_rows_free(&rows);
	scene->cursor_row = -1;
}

/* Where there is no hint line, the choice of Tab covers the status. */
static void
paint_hints(struct scene *scene)
{
	const struct layout_rect *status = &scene->panes.status;

	if (scene->hints.rows > 0) {
		view_hints(scene, &scene->hints);
	} else if (scene->complete != NULL && status->rows > 0) {
		struct pen pen = pen_at(scene->screen, status->row, status->col,
		    status->cols);

		pen_end(&pen, STYLE_PLAIN);
		view_candidates(scene, status);
	}
}

void
scene_paint(struct scene *scene)
{
	screen_begin(scene->screen);
	scene_arrange(scene);
	if (scene->panes.too_small) {
		paint_too_small(scene);
	} else if (scene->panel != PANEL_NONE) {
		panel_paint(scene);
		view_status(scene, &scene->panes.status);
		view_input(scene, &scene->panes.input);
	} else {
		paint_borders(scene);
		for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
			const struct layout_rect *at =
			    pane_at(scene, views[i].pane);

			if (at->rows > 0 && at->cols > 0)
				views[i].paint(scene, at);
		}
		paint_typing(scene);
		paint_new(scene);
	}
	if (!scene->panes.too_small)
		paint_hints(scene);
	screen_end(scene->screen, scene->cursor_row, scene->cursor_column);
}

void
view_duration(instant_ms duration, char text[static 16])
{
	if (duration < 0)
		duration = 0;
	if (duration < 100 * 1000)
		snprintf(text, 16, "%d s", (int)(duration / 1000));
	else if (duration < 100 * 60 * 1000)
		snprintf(text, 16, "%d min", (int)(duration / 60000));
	else
		snprintf(text, 16, "%d h", (int)(duration / 3600000 % 1000000));
}

/* The next of two that is still to come. */
static wall_ms
sooner(wall_ms deadline, wall_ms now, wall_ms other)
{
	return other > now && other < deadline ? other : deadline;
}

wall_ms
scene_deadline(const struct scene *scene, wall_ms now)
{
	const struct group *group = &scene->windows->group;
	wall_ms deadline = panel_deadline(scene, now);
	size_t suspects;

	if (group_suspect(group, &suspects) != NULL)
		deadline = sooner(deadline, now, now + SILENCE_SHOWN_MS);
	deadline = sooner(deadline, now, group->news_at + VIEW_NEWS_MS);
	deadline = sooner(deadline, now, group->led_at + VIEW_NEWS_MS);
	if (group->alarm[0] != '\0')
		deadline = sooner(deadline, now, view_alarm_end(group));
	for (size_t i = 0; i < group->peer_count; i++)
		if (group->peers[i].state == MEMBER_DEAD)
			deadline = sooner(deadline, now,
			    group->peers[i].since + VIEW_GONE_MS);
	deadline = sooner(deadline, now,
	    typists_deadline(&windows_current(scene->windows)->typists, now));
	return sooner(deadline, now,
	    waiting_deadline(&windows_current(scene->windows)->waiting, now));
}
