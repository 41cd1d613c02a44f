/* What a person does by mouse, who has asked for that (setting mouse). */
#include "tui/app_state.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHEEL_ROWS = 3 };

static bool
is_in(const struct layout_rect *at, const struct key *key)
{
	int row = key->mouse.row - at->row,
	    column = key->mouse.column - at->col;

	return row >= 0 && row < at->rows && column >= 0 && column < at->cols;
}

static void
wheel(struct app *app, long rows)
{
	int height, width;

	if (app->bare.open) {
		screen_size(app->scene.screen, &height, &width);
		bare_scroll(&app->bare, (size_t)height, (size_t)width, 0, rows);
		app->bare_stale = true;
	} else if (app->scene.panel != PANEL_NONE) {
		panel_scroll(&app->scene, 0, rows);
	} else {
		app_scroll(app, 0, rows);
	}
}

/* "ana: " where a line begins, "ana " in it. */
static void
put_nick(struct app *app, const char *nick)
{
	char *text;

	if (asprintf(&text, "%s%s ", nick,
		input_text(app->input)[0] == '\0' ? ":" : "") < 0)
		return;
	input_insert(app->input, text);
	free(text);
}

static void
click(struct app *app, const struct key *key)
{
	struct scene *scene = &app->scene;
	const struct window_member *member;
	const char *nick = NULL;
	size_t room;

	/* what else is open has the line for itself */
	if (app->bare.open || scene->panel != PANEL_NONE ||
	    app->paste != NULL || app->lookup.on)
		return;
	app_arrange(app);
	if (is_in(&scene->panes.rooms, key)) {
		room = view_rooms_at(scene, key->mouse.row);
		if (room != SIZE_MAX)
			windows_select(&app->windows, room + 1);
	} else if (is_in(&scene->panes.members, key)) {
		member = view_members_at(scene, key->mouse.row);
		nick = member != NULL ? member->nick : NULL;
	} else if (is_in(&scene->panes.chat, key)) {
		nick =
		    view_chat_nick_at(scene, key->mouse.row, key->mouse.column);
	}
	if (nick != NULL)
		put_nick(app, nick);
	app_fetch_shown(app);
	app_follow(app);
}

void
app_mouse(struct app *app, const struct key *key)
{
	/* an older report may still be on its way */
	if (!setting_on(app->setup.settings, SETTING_ID_MOUSE))
		return;
	app_select_end(app);
	switch (key->mouse.button) {
	case MOUSE_UP: wheel(app, -WHEEL_ROWS); break;
	case MOUSE_DOWN: wheel(app, WHEEL_ROWS); break;
	case MOUSE_LEFT: click(app, key); break;
	}
}
