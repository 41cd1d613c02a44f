/* What is said in the room, and its name and topic above it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/mem.h"
#include "tui/moment.h"
#include "tui/text.h"
#include "tui/url.h"
#include "tui/view.h"

enum {
	NICK_LINES = 200,	/* whose widest nick makes the column */
	GREETING_ROWS = 4,	/* where there is nothing to read yet */
	MARGIN_FROM_COLS = 40,
	BANNER_FROM_ROWS = 4,	/* fewer are for the messages alone */
	STATE_TEXT = 32,
};

static const char GO_ON[] = "; both sides go on";

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

/* "": none. */
static const char *
time_format(const struct scene *scene)
{
	switch ((enum setting_times)setting_number(scene->settings,
	    SETTING_ID_TIMESTAMPS)) {
	case TIMES_MINUTES:
		return scene->settings->items[SETTING_ID_CLOCK_FORMAT].text;
	case TIMES_SECONDS: return "%H:%M:%S";
	default: return "";
	}
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
	layout_columns(columns, at->cols,
	    moment_cells(time_format(scene)),
	    (int)(nick < most ? nick : most),
	    snprintf(NULL, 0, "%zu/%zu", window->member_count,
		window->member_count));
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
paint_time(struct pen *pen, const struct line *line, const char *format,
    int cells)
{
	char text[MOMENT_TEXT];

	moment_write(format, line->time != 0 ? line->time : line->arrived,
	    text);
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
	case LINE_COMING: break;
	case LINE_EVENT:
	case LINE_NOTICE:
		text = marks->notice;
		style = STYLE_NOTICE;
		break;
	case LINE_ERROR:
		text = "!";
		style = STYLE_ERROR;
		break;
	case LINE_MERGED: break;
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
	case LINE_COMING: return STYLE_DIM;
	case LINE_EVENT: return STYLE_NOTICE;
	case LINE_ERROR: return STYLE_ERROR;
	case LINE_ACTION: return STYLE_ACTION;
	case LINE_NOTICE:
	case LINE_MERGED:
	case LINE_TEXT: break;
	}
	return STYLE_PLAIN;
}

/* What a reply answers and who reacts is not what is said here. */
static int
part_style(const struct scrollback_row *row)
{
	const struct line *line = row->line;

	if (line->deleted || row->offset < line->body ||
	    (line->tail > 0 && row->offset >= line->tail))
		return STYLE_DIM;
	return text_style(line);
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

/* Where the addresses in a line are looked for: not in what it only quotes,
 * which may be cut. */
static size_t
said_end(const struct line *line)
{
	return line->tail > 0 ? line->tail - 1 : strlen(line->text);
}

/* The next one of the line that has a part in the row. */
static bool
next_url(const struct scrollback_row *row, size_t *at, size_t *start,
    size_t *end)
{
	const struct line *line = row->line;

	while (url_next(line->text, said_end(line), *at, start, end)) {
		*at = *end;
		if (*end - *start > URL_MOST)
			continue;
		if (*start >= row->offset + row->size)
			return false;
		if (*end > row->offset)
			return true;
	}
	return false;
}

/* A part of an address that was just painted. */
static void
lead(struct scene *scene, const struct pen *from, const struct pen *to,
    const struct line *line, size_t start, size_t end)
{
	uint64_t id = hash_number(hash_bytes(HASH_START, line->msg,
	    sizeof line->msg), start);
	struct bytes url;

	bytes_init(&url);
	url_encode(&url, line->text + start, end - start);
	bytes_append(&url, "", 1);
	screen_url(scene->screen, from->row, from->column,
	    to->column - from->column, (const char *)url.data,
	    (unsigned)hash_finish(id));
	bytes_free(&url);
}

/* The text of a row, and where the addresses in it lead. */
static void
paint_text(struct scene *scene, struct pen *pen,
    const struct scrollback_row *row)
{
	const struct line *line = row->line;
	int style = row->focused ? STYLE_CURRENT : part_style(row);
	size_t at = row->offset, row_end = row->offset + row->size;
	size_t look = line->body, start, end;

	while (next_url(row, &look, &start, &end)) {
		size_t from = start > at ? start : at;
		size_t to = end < row_end ? end : row_end;
		struct pen before;

		pen_bytes(pen, style, line->text + at, from - at);
		before = *pen;
		pen_bytes(pen, style, line->text + from, to - from);
		lead(scene, &before, pen, line, start, end);
		at = to;
	}
	pen_bytes(pen, style, line->text + at, row_end - at);
}

static void
paint_line(struct scene *scene, struct pen *pen,
    const struct scrollback_row *row, const struct layout_columns *columns)
{
	const struct line *line = row->line;
	struct pen text;

	if (row->part == 0) {
		if (columns->time > 0)
			paint_time(pen, line, time_format(scene),
			    columns->time);
		paint_nick(scene, pen, line, columns->nick);
	} else
		pen_fill(pen, STYLE_PLAIN, " ", columns->time + columns->nick);
	text = *pen;
	text.end = pen->column + columns->text;
	paint_text(scene, &text, row);
	pen->column += columns->text;
	if (columns->mark > 0 && row->part == 0)
		paint_mark(scene, pen, line);
}

static void
paint_merged(struct scene *scene, struct pen *pen,
    const struct scrollback_row *row)
{
	char text[256];

	snprintf(text, sizeof text, "%.*s",
	    (int)(row->size < sizeof text ? row->size : sizeof text - 1),
	    row->line->text + row->offset);
	paint_rule(scene, pen, STYLE_UNREAD, text);
}

/* What is above the oldest line. */
static void
paint_begin(struct scene *scene, struct pen *pen,
    const struct layout_columns *columns)
{
	const struct window *window = windows_current(scene->windows);
	uint64_t lost = scrollback_lost(window->scrollback);
	char text[96];

	if (lost == 0)
		snprintf(text, sizeof text, "nothing older is known here");
	else
		snprintf(text, sizeof text,
		    "about %llu older message%s held by no one here",
		    (unsigned long long)lost, lost == 1 ? " is" : "s are");
	pen_cut(pen, STYLE_DIM, text, columns->text + columns->mark);
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
	case ROW_BEGIN:
		pen_fill(pen, STYLE_PLAIN, " ",
		    columns->time + columns->nick);
		paint_begin(scene, pen, columns);
		break;
	case ROW_FETCHING:
		pen_fill(pen, STYLE_PLAIN, " ",
		    columns->time + columns->nick);
		pen_cut(pen, STYLE_DIM, "fetching older lines ...",
		    columns->text + columns->mark);
		break;
	case ROW_LINE:
		if (row->line->kind == LINE_MERGED)
			paint_merged(scene, pen, row);
		else
			paint_line(scene, pen, row, columns);
		break;
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

/* -- where there is nothing to read yet ---------------------------------- */

struct greeting {
	int styles[GREETING_ROWS];
	char rows[GREETING_ROWS][256];
	int count;
};

static void greet(struct greeting *greeting, int style, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

static void
greet(struct greeting *greeting, int style, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(greeting->rows[greeting->count],
	    sizeof greeting->rows[0], format, arguments);
	va_end(arguments);
	greeting->styles[greeting->count++] = style;
}

/* That it works, and what else could be done. */
static void
greet_alone(struct greeting *greeting, const struct group *group)
{
	greet(greeting, STYLE_ACTIVE, "nobody else here yet");
	if (group->interfaces != NULL && group->interfaces[0] != '\0')
		greet(greeting, STYLE_PLAIN, "looking on %s for \"%s\"",
		    group->interfaces, group->network);
	greet(greeting, STYLE_DIM,
	    "others on this network appear by themselves");
	greet(greeting, STYLE_DIM,
	    "elsewhere: /connect HOST, or dchat --peer HOST");
}

static void
greet_direct(struct greeting *greeting, const struct group *group,
    const struct window *window)
{
	const char *nick = window->name + 1;

	greet(greeting, STYLE_ACTIVE, "nothing said to %s yet", nick);
	greet(greeting, STYLE_PLAIN, "only the two of you see what is said");
	if (group_state_of(group, &window->peer) >= MEMBER_DEAD)
		greet(greeting, STYLE_DIM,
		    "%s is away; it waits for them to come back", nick);
	greet(greeting, STYLE_DIM, "/part closes this room");
}

static void
greet_room(struct greeting *greeting, const struct window *window)
{
	greet(greeting, STYLE_ACTIVE, "nothing said in %s yet", window->name);
	greet(greeting, STYLE_PLAIN, "type, and Enter says it to all in here");
	greet(greeting, STYLE_DIM, "/topic TEXT tells what it is about");
}

static void
greet_home(struct greeting *greeting)
{
	greet(greeting, STYLE_ACTIVE, "you are in no room");
	greet(greeting, STYLE_PLAIN, "/list tells which rooms there are");
	greet(greeting, STYLE_PLAIN, "/join #NAME enters one, or makes it");
}

/* Never where it would hide a line. */
static void
paint_greeting(struct scene *scene, const struct layout_rect *at, int space)
{
	const struct group *group = &scene->windows->group;
	const struct window *window = windows_current(scene->windows);
	struct greeting greeting = { .count = 0 };
	int row;

	if (!group->ready)
		return;
	if (window->room == NULL)
		greet_home(&greeting);
	else if (window->direct && scrollback_is_whole(window->scrollback) &&
	    scrollback_is_silent(window->scrollback))
		greet_direct(&greeting, group, window);
	else if (group->peer_count == 0 && group->status_known)
		greet_alone(&greeting, group);
	else if (group->peer_count > 0 &&
	    scrollback_is_whole(window->scrollback) &&
	    scrollback_is_silent(window->scrollback))
		greet_room(&greeting, window);
	if (greeting.count == 0 || space < greeting.count + 2)
		return;
	row = at->row + (space - greeting.count) / 2;
	for (int i = 0; i < greeting.count; i++)
		paint_centred(scene, at, row + i, greeting.styles[i],
		    greeting.rows[i]);
}

static bool
is_led_to(const struct scrollback_row *row)
{
	return row->focused && row->kind == ROW_LINE && row->part == 0;
}

/* Above the messages while somebody is out of reach: whom they do not get to
 * now.  Returns the rows it takes. */
static int
paint_banner(struct scene *scene, const struct layout_rect *at)
{
	const struct group *group = &scene->windows->group;
	time_t seconds = (time_t)(group->cut_at / 1000);
	struct tm local;
	char since[16] = "", text[512];
	struct pen pen;

	if (at->rows < BANNER_FROM_ROWS || !group_cut(group, scene->now))
		return 0;
	if (localtime_r(&seconds, &local) != NULL)
		strftime(since, sizeof since, "%H:%M", &local);
	snprintf(text, sizeof text, "! out of reach since %s: %s", since,
	    group->lost);
	pen = pen_at(scene->screen, at->row, at->col, at->cols);
	pen_fill(&pen, STYLE_BAD, " ", chat_margin(at));
	pen_cut(&pen, STYLE_BAD, text, pen_left(&pen));
	if (pen_left(&pen) > (int)strlen(GO_ON))
		pen_text(&pen, STYLE_BAD, GO_ON);
	pen_fill(&pen, STYLE_BAD, " ", pen_left(&pen));
	return 1;
}

/* What else has come, and why it is not among the messages. */
static bool
waiting_text(const struct scene *scene, const struct layout_rect *at,
    char text[static WAITING_TEXT])
{
	const struct window *window = windows_current(scene->windows);

	return at->rows >= BANNER_FROM_ROWS &&
	    waiting_line(&window->waiting, scene->now,
		(size_t)(at->cols - chat_margin(at)), text);
}

/* Below the messages.  Returns the rows it takes. */
static int
paint_waiting(struct scene *scene, const struct layout_rect *at)
{
	char text[WAITING_TEXT];
	struct pen pen;

	if (!waiting_text(scene, at, text))
		return 0;
	pen = pen_at(scene->screen, at->row + at->rows - 1, at->col,
	    at->cols);
	pen_fill(&pen, STYLE_DIM, " ", chat_margin(at));
	pen_cut(&pen, STYLE_DIM, text, pen_left(&pen));
	pen_fill(&pen, STYLE_DIM, " ", pen_left(&pen));
	return 1;
}

void
view_chat(struct scene *scene, const struct layout_rect *at)
{
	const struct window *window = windows_current(scene->windows);
	int below = paint_waiting(scene, at);
	int space = at->rows - paint_banner(scene, at) - below;
	struct scrollback_row *rows = mem_zero((size_t)space, sizeof *rows);
	struct layout_columns columns;
	size_t count;

	view_chat_columns(scene, &columns);
	count = scrollback_rows(window->scrollback, (size_t)columns.text,
	    (size_t)space, rows);
	for (size_t i = 0; i < count; i++) {
		struct pen pen = pen_at(scene->screen,
		    at->row + at->rows - below - (int)count + (int)i,
		    at->col, at->cols);

		/* the line that the person was led to */
		if (chat_margin(at))
			pen_text(&pen, STYLE_MENTION,
			    is_led_to(&rows[i]) ? scene->theme->marks.notice
						: " ");
		paint_row(scene, &pen, &rows[i], &columns);
	}
	paint_greeting(scene, at, space - (int)count);
	free(rows);
}

const char *
view_chat_nick_at(struct scene *scene, int row, int column)
{
	const struct window *window = windows_current(scene->windows);
	const struct layout_rect *at = &scene->panes.chat;
	char waiting[WAITING_TEXT];
	int below = waiting_text(scene, at, waiting);
	size_t space = (size_t)(at->rows - below);
	struct scrollback_row *rows = mem_zero(space, sizeof *rows);
	struct layout_columns columns;
	const char *nick = NULL;
	size_t count;
	int index, place = column - at->col - chat_margin(at);

	view_chat_columns(scene, &columns);
	count = scrollback_rows(window->scrollback, (size_t)columns.text,
	    space, rows);
	/* counted from below: a banner covers rows above */
	index = (int)count - (at->row + at->rows - below - row);
	if (index >= 0 && index < (int)count && rows[index].kind == ROW_LINE &&
	    rows[index].part == 0 && place >= columns.time &&
	    place < columns.time + columns.nick)
		nick = rows[index].line->nick;
	free(rows);
	return nick;
}
