/* What is said in the room, and its name and topic above it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "tui/text.h"
#include "tui/view.h"

enum {
	NICK_LINES = 200,	/* whose widest nick makes the column */
	ALONE_ROWS = 4,		/* of the sentences for who is alone */
	MARGIN_FROM_COLS = 40,
	STATE_TEXT = 32,
};

/* A blank column between the border and the text, where there is room. */
static int
chat_margin(const struct layout_rect *at)
{
	return at->cols >= MARGIN_FROM_COLS;
}

void
view_chat_title(struct scene *scene, const struct layout_rect *at)
{
	const struct window *window = windows_current(scene->windows);
	struct pen pen = pen_at(scene->screen, at->row, at->col, at->cols - 1);

	if (!scene->framed && scene->panes.rooms.rows == 0)
		pen_fill(&pen, STYLE_BORDER, scene->theme->marks.horizontal,
		    1);
	pen_text(&pen, STYLE_TITLE, " ");
	pen_cut(&pen, STYLE_TITLE, window->name, pen_left(&pen) - 1);
	pen_text(&pen, STYLE_TITLE, " ");
	if (window->topic[0] == '\0')
		return;
	pen_text(&pen, STYLE_BORDER, scene->theme->marks.dash);
	pen_text(&pen, STYLE_TOPIC, " ");
	pen_cut(&pen, STYLE_TOPIC, window->topic, pen_left(&pen) - 1);
	pen_text(&pen, STYLE_TOPIC, " ");
}

void
view_chat_columns(const struct scene *scene, struct layout_columns *columns)
{
	const struct window *window = windows_current(scene->windows);
	const struct layout_rect *at = &scene->panes.chat;
	/* one cell more for the mark of "*ana waves" */
	long nick =
	    1 + (long)scrollback_nick_width(window->scrollback, NICK_LINES);
	long most = setting_number(scene->settings, SETTING_ID_NICK_WIDTH);

	/* "4/5" at the end */
	layout_columns(columns, at->cols, (int)(nick < most ? nick : most),
	    snprintf(NULL, 0, "%zu/%zu", window->member_count,
		window->member_count),
	    setting_on(scene->settings, SETTING_ID_TIMESTAMPS));
	columns->text -= chat_margin(at);
}

/* A text in the middle of a rule: the day, the unread line. */
static void
paint_rule(struct scene *scene, struct pen *pen, int style, const char *text)
{
	const char *rule = scene->theme->marks.horizontal;
	int width = (int)text_width(text, strlen(text));
	int left;

	/* as far from the border as at its other end */
	pen->end -= chat_margin(&scene->panes.chat);
	left = (pen_left(pen) - width - 2) / 2;
	pen_fill(pen, style, rule, left > 0 ? left : 0);
	pen_text(pen, style, " ");
	pen_text(pen, style, text);
	pen_text(pen, style, " ");
	pen_fill(pen, style, rule, pen_left(pen));
}

static void
paint_time(struct pen *pen, const struct line *line, int cells)
{
	time_t seconds = (time_t)((line->time != 0 ? line->time
						    : line->arrived) /
	    1000);
	struct tm local;
	char text[16] = "";

	if (localtime_r(&seconds, &local) != NULL)
		strftime(text, sizeof text, "%H:%M", &local);
	pen_field(pen, STYLE_DIM, text, cells, false);
}

/* Who speaks, or what kind of line it is. */
static void
paint_nick(struct scene *scene, struct pen *pen, const struct line *line,
    int cells)
{
	const struct marks *marks = &scene->theme->marks;
	const char *text = "";
	char action[4 * LIMIT_NICK];
	int style = STYLE_DIM;

	switch (line->kind) {
	case LINE_TEXT:
		text = line->nick;
		style = theme_nick_style(scene->theme, &line->author);
		break;
	case LINE_ACTION:
		snprintf(action, sizeof action, "%s%s", marks->action,
		    line->nick);
		text = action;
		style = theme_nick_style(scene->theme, &line->author);
		break;
	case LINE_JOIN: break;
	case LINE_EVENT:
	case LINE_NOTICE:
		text = marks->notice;
		style = STYLE_NOTICE;
		break;
	case LINE_ERROR:
		text = "!";
		style = STYLE_ERROR;
		break;
	}
	if (line->pending)
		style = STYLE_DIM;
	pen_field(pen, style, text, cells - 1, true);
	pen_text(pen, STYLE_PLAIN, " ");
}

static int
text_style(const struct line *line)
{
	if (line->pending)
		return STYLE_DIM;
	if (line->mention)
		return STYLE_MENTION;
	switch (line->kind) {
	case LINE_JOIN: return STYLE_DIM;
	case LINE_EVENT: return STYLE_NOTICE;
	case LINE_ERROR: return STYLE_ERROR;
	case LINE_ACTION: return STYLE_ACTION;
	case LINE_NOTICE:
	case LINE_TEXT: break;
	}
	return STYLE_PLAIN;
}

/* How far an own message has come: the mark, or how many have it. */
static int
state_format(const struct marks *marks, const struct line *line, int cells,
    char text[static STATE_TEXT])
{
	if (line->stable) {
		snprintf(text, STATE_TEXT, "%s", marks->everybody);
		return STYLE_GOOD;
	}
	if (line->pending || line->have <= 1) {
		snprintf(text, STATE_TEXT, "%s",
		    line->pending ? marks->pending : marks->sent);
		return STYLE_DIM;
	}
	if (snprintf(text, STATE_TEXT, "%u/%u", line->have, line->of) > cells)
		snprintf(text, STATE_TEXT, "%u%%",
		    (unsigned)((uint64_t)line->have * 100 / line->of));
	return STYLE_PLAIN;
}

/* At the right edge: how far it has come, or that it came late. */
static void
paint_mark(struct scene *scene, struct pen *pen, const struct line *line)
{
	const struct marks *marks = &scene->theme->marks;
	char state[STATE_TEXT];
	int style;

	if (line->self) {
		style = state_format(marks, line, pen_left(pen) - 1, state);
		pen_field(pen, style, state, pen_left(pen), true);
	} else if (line->late) {
		pen_field(pen, STYLE_DIM, marks->late, pen_left(pen), true);
	}
}

static void
paint_line(struct scene *scene, struct pen *pen,
    const struct scrollback_row *row, const struct layout_columns *columns)
{
	const struct line *line = row->line;
	struct pen text;

	if (row->part == 0) {
		if (columns->time > 0)
			paint_time(pen, line, columns->time);
		paint_nick(scene, pen, line, columns->nick);
	} else
		pen_fill(pen, STYLE_PLAIN, " ", columns->time + columns->nick);
	text = *pen;
	text.end = pen->column + columns->text;
	pen_bytes(&text, text_style(line), line->text + row->offset,
	    row->size);
	pen->column += columns->text;
	if (columns->mark > 0 && row->part == 0)
		paint_mark(scene, pen, line);
}

static void
paint_row(struct scene *scene, struct pen *pen,
    const struct scrollback_row *row, const struct layout_columns *columns)
{
	char day[64];

	switch (row->kind) {
	case ROW_DAY:
		scrollback_day_text(row->line, day);
		paint_rule(scene, pen, STYLE_DIM, day);
		break;
	case ROW_UNREAD: paint_rule(scene, pen, STYLE_UNREAD, "unread"); break;
	case ROW_GAP:
		paint_rule(scene, pen, STYLE_SUSPECT,
		    "something before this is missing");
		break;
	case ROW_FETCHING:
		pen_fill(pen, STYLE_PLAIN, " ",
		    columns->time + columns->nick);
		pen_cut(pen, STYLE_DIM, "fetching older lines ...",
		    columns->text);
		break;
	case ROW_LINE: paint_line(scene, pen, row, columns); break;
	}
}

static void
paint_centred(struct scene *scene, const struct layout_rect *at, int row,
    int style, const char *text)
{
	int width = (int)text_width(text, strlen(text));
	int shift = width < at->cols ? (at->cols - width) / 2 : 0;
	struct pen pen = pen_at(scene->screen, row, at->col + shift,
	    at->cols - shift);

	pen_cut(&pen, style, text, pen_left(&pen));
}

/* For who is alone: that it works, and what else could be done. */
static void
paint_alone(struct scene *scene, const struct layout_rect *at, int space)
{
	const struct group *group = &scene->windows->group;
	int row = at->row + (space - ALONE_ROWS) / 2;
	char looking[256];

	if (space < ALONE_ROWS + 2 || !group->ready ||
	    group->peer_count > 0 || !group->status_known)
		return;
	paint_centred(scene, at, row, STYLE_ACTIVE, "nobody else here yet");
	if (group->interfaces != NULL && group->interfaces[0] != '\0') {
		snprintf(looking, sizeof looking, "looking on %s",
		    group->interfaces);
		paint_centred(scene, at, row + 1, STYLE_PLAIN, looking);
	}
	paint_centred(scene, at, row + 2, STYLE_DIM,
	    "others on this network appear by themselves");
	paint_centred(scene, at, row + 3, STYLE_DIM,
	    "in another network: /connect HOST");
}

void
view_chat(struct scene *scene, const struct layout_rect *at)
{
	const struct window *window = windows_current(scene->windows);
	struct scrollback_row *rows = mem_zero((size_t)at->rows, sizeof *rows);
	struct layout_columns columns;
	size_t count;

	view_chat_columns(scene, &columns);
	count = scrollback_rows(window->scrollback, (size_t)columns.text,
	    (size_t)at->rows, rows);
	for (size_t i = 0; i < count; i++) {
		struct pen pen = pen_at(scene->screen,
		    at->row + at->rows - (int)count + (int)i,
		    at->col + chat_margin(at), at->cols - chat_margin(at));

		paint_row(scene, &pen, &rows[i], &columns);
	}
	paint_alone(scene, at, at->rows - (int)count);
	free(rows);
}
