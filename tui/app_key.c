/* What a person does by key. */
#include "tui/app_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/keymap.h"

enum { TYPING_MS = 3000 };	/* the others are told so often at most */

bool
app_chat_size(struct app *app, size_t *width, size_t *height)
{
	struct layout_columns columns;

	app_arrange(app);
	if (app->scene.panes.too_small || app->scene.panes.chat.rows <= 0)
		return false;
	view_chat_columns(&app->scene, &columns);
	*width = (size_t)columns.text;
	*height = (size_t)app->scene.panes.chat.rows;
	return true;
}

/*
 * Scrolls by pages (all but one row, to keep one's place) or by rows; near
 * the oldest line here, older ones are fetched.
 */
void
app_scroll(struct app *app, long pages, long rows)
{
	struct window *window = windows_current(&app->windows);
	size_t width, height;

	if (!app_chat_size(app, &width, &height))
		return;
	rows += pages * (height > 1 ? (long)height - 1 : 1);
	scrollback_scroll(window->scrollback, width, height, rows);
	if (rows < 0 && window->fetch_token == 0 &&
	    scrollback_wants_older(window->scrollback, width, height))
		app_fetch(app, window, APP_PAGE,
		    scrollback_oldest(window->scrollback), false);
	else if (rows > 0 && scrollback_is_cut(window->scrollback))
		app_hint(app, "Ctrl+End goes to the newest lines");
}

static void
app_unread(struct app *app)
{
	struct scrollback *scrollback =
	    windows_current(&app->windows)->scrollback;
	const struct line *line = scrollback_unread(scrollback);
	size_t width, height;

	if (line == NULL)
		app_hint(app, "nothing is unread here");
	else if (app_chat_size(app, &width, &height))
		/* one line that is known already, and the divider */
		scrollback_show(scrollback, width, height, line, 1);
}

bool
app_lead_to(struct app *app, struct window *window, const struct line *line)
{
	size_t width, height;

	if (window != windows_current(&app->windows) ||
	    !app_chat_size(app, &width, &height))
		return false;
	scrollback_focus(window->scrollback, line);
	scrollback_show(window->scrollback, width, height, line, height / 3);
	return true;
}

static void
app_mention(struct app *app, bool above)
{
	struct window *window = windows_current(&app->windows);
	struct scrollback *scrollback = window->scrollback;
	const struct line *line = scrollback_mention(scrollback, above);

	if (line != NULL && app_lead_to(app, window, line))
		return;
	if (!above || !scrollback_has_older(scrollback)) {
		app_hint(app, above ? "no mention of you above"
				    : "no mention of you below");
		return;
	}
	app_hint(app, "looking further back; Alt+P again goes on");
	if (window->fetch_token == 0)
		app_fetch(app, window, APP_PAGE,
		    scrollback_oldest(scrollback), false);
}

static void
app_times(struct app *app)
{
	static const char *const hints[] = {
		[TIMES_MINUTES] = "times to the minute; Alt+T goes on",
		[TIMES_SECONDS] = "times to the second; Alt+T goes on",
		[TIMES_NONE] = "no times; Alt+T goes on",
	};
	struct setting_values *settings = app->setup.settings;

	setting_turn(settings, SETTING_ID_TIMESTAMPS);
	app_hint(app, hints[setting_number(settings, SETTING_ID_TIMESTAMPS)]);
}

static void
app_members(struct app *app)
{
	struct scene *scene = &app->scene;

	setting_turn(app->setup.settings, SETTING_ID_MEMBER_PANE);
	scene_arrange(scene);
	if (setting_on(app->setup.settings, SETTING_ID_MEMBER_PANE) &&
	    scene->panes.members.rows == 0)
		app_hint(app, "too narrow for the members; /names lists them");
}

void
app_filter(struct app *app)
{
	struct setting_values *settings = app->setup.settings;
	bool off = setting_number(settings, SETTING_ID_FILTER) == FILTER_NONE;
	char problem[256];

	setting_set(settings, SETTING_ID_FILTER, off ? "on" : "off",
	    SETTING_BY_PERSON, "filter", problem);
	app_settings_apply(app, SETTING_ID_FILTER);
	app_hint(app, off
		? "who comes and goes without a word is hidden"
		: "all who come and go are shown");
}

/* -- the bare view ------------------------------------------------------- */

static void
app_bare(struct app *app)
{
	bare_open(&app->bare, windows_current(&app->windows)->scrollback);
	app->bare_stale = true;
}

static void
bare_leave(struct app *app)
{
	bare_close(&app->bare);
	screen_forget(app->scene.screen);
	app->dirty = true;
}

/* True: the key was for the bare view; any other key ends it. */
static bool
bare_key(struct app *app, enum action action)
{
	long pages = (action == ACTION_PAGE_DOWN) - (action == ACTION_PAGE_UP);
	long lines = (action == ACTION_LINE_DOWN || action == ACTION_NEWER) -
	    (action == ACTION_LINE_UP || action == ACTION_OLDER);
	int rows, columns;

	if (pages != 0 || lines != 0) {
		screen_size(app->scene.screen, &rows, &columns);
		bare_scroll(&app->bare, (size_t)rows - 1, (size_t)columns, pages,
		    lines);
	} else if (action != ACTION_REPAINT) {
		bare_leave(app);
		return action == ACTION_BARE || action == ACTION_CLOSE;
	}
	app->bare_stale = true;
	return true;
}

void
app_interrupt(struct app *app)
{
	bool again = app->interrupted && app->setup.wall() < app->hint_until;

	app->interrupted = false;
	if (input_text(app->input)[0] != '\0') {
		input_put(app->input, "", 0);
	} else if (again) {
		app_quit(app, "quit");
	} else {
		app_hint(app, "Ctrl+C again quits");
		app->interrupted = true;
	}
}

/* True: the key was for the open panel. */
static bool
panel_key(struct app *app, enum action action)
{
	struct scene *scene = &app->scene;
	bool own;

	switch (action) {
	case ACTION_PAGE_UP: panel_scroll(scene, -1, 0); return true;
	case ACTION_PAGE_DOWN: panel_scroll(scene, 1, 0); return true;
	case ACTION_LINE_UP:
	case ACTION_OLDER: panel_scroll(scene, 0, -1); return true;
	case ACTION_LINE_DOWN:
	case ACTION_NEWER: panel_scroll(scene, 0, 1); return true;
	case ACTION_CLOSE: panel_open(scene, PANEL_NONE); return true;
	case ACTION_COMPLETE:
		if (panel_step(scene, 1))
			return true;
		break;
	case ACTION_COMPLETE_BACK:
		if (panel_step(scene, -1))
			return true;
		break;
	case ACTION_REPAINT:
	case ACTION_SUSPEND: return false;
	default: break;
	}
	/* its own key closes it; whoever goes on working wants to see the
	 * room */
	own = panel_of(action) == (enum panel_id)scene->panel;
	panel_open(scene, PANEL_NONE);
	return own;
}

static void
app_action(struct app *app, enum action action, size_t which,
    const struct key *key)
{
	struct windows *windows = &app->windows;

	switch (action) {
	case ACTION_LINE:
		app_run(app, keymap_command(&app->keymap, key));
		break;
	case ACTION_NONE: input_key(app->input, key->bytes, key->size); break;
	case ACTION_ROOM: windows_select(windows, which + 1); break;
	case ACTION_NEXT: windows_next(windows); break;
	case ACTION_PREVIOUS: windows_previous(windows); break;
	case ACTION_ACTIVE: windows_next_active(windows); break;
	case ACTION_BACK: windows_back(windows); break;
	case ACTION_PAGE_UP: app_scroll(app, -1, 0); break;
	case ACTION_PAGE_DOWN: app_scroll(app, 1, 0); break;
	case ACTION_LINE_UP: app_scroll(app, 0, -1); break;
	case ACTION_LINE_DOWN: app_scroll(app, 0, 1); break;
	case ACTION_LIVE: windows_live(windows); break;
	case ACTION_UNREAD: app_unread(app); break;
	case ACTION_MENTION_UP: app_mention(app, true); break;
	case ACTION_MENTION_DOWN: app_mention(app, false); break;
	case ACTION_MEMBERS: app_members(app); break;
	case ACTION_TIMES: app_times(app); break;
	case ACTION_FILTER: app_filter(app); break;
	case ACTION_BARE: app_bare(app); break;
	case ACTION_SELECT: app_select(app); break;
	case ACTION_OLDER: app_recall(app, true); break;
	case ACTION_NEWER: app_recall(app, false); break;
	case ACTION_SEARCH_LINES: app_lookup(app); break;
	case ACTION_COMPLETE: app_complete(app, 1); break;
	case ACTION_COMPLETE_BACK: app_complete(app, -1); break;
	case ACTION_NEWLINE: input_insert(app->input, "\n"); break;
	case ACTION_SEARCH: app_search(app, NULL); break;
	case ACTION_HELP:
	case ACTION_HEALTH:
	case ACTION_NET:
		panel_open(&app->scene, panel_of(action));
		if (panel_looks(&app->scene) > 0)
			app_look(app);
		break;
	case ACTION_CLOSE:
		if (input_is_vi(app->input))
			input_key(app->input, key->bytes, key->size);
		break;
	case ACTION_REPAINT: screen_forget(app->scene.screen); break;
	case ACTION_SUSPEND: app->setup.suspend(app->setup.self); break;
	case ACTION_INTERRUPT: app_interrupt(app); break;
	}
}

static void
app_key(struct app *app, const struct key *key)
{
	size_t which = 0;
	enum action action;

	if (key->code == KEYS_READY) {
		if (app->setup.answered != NULL)
			app->setup.answered(app->setup.self);
		return;
	}
	app->dirty = true;
	if (key->code == KEYS_BACKGROUND) {
		app->asking = false;
		screen_set_background(app->scene.screen, key->colour);
		return;
	}
	if (key->code == KEYS_FOCUS_IN || key->code == KEYS_FOCUS_OUT) {
		app->focus_known = true;
		windows_attend(&app->windows, key->code == KEYS_FOCUS_IN);
		return;
	}
	app->key_at = app->setup.wall();
	app->windows.arrived = true;
	/* who types is there, whatever the terminal says */
	if (app->windows.away)
		windows_attend(&app->windows, true);
	if (key->code == KEYS_MOUSE) {
		app_mouse(app, key);
		return;
	}
	action = keymap_find(&app->keymap, key, &which);
	if (action != ACTION_INTERRUPT) {
		app->interrupted = false;
		app->hint[0] = '\0';
	}
	if (app->bare.open && bare_key(app, action))
		return;
	app_line_show(app);
	if (app_searching(app)) {
		if (app_search_key(app, action, key))
			return;
	} else if (app->scene.panel != PANEL_NONE && panel_key(app, action)) {
		return;
	}
	if (app->selecting && app_select_key(app, action, key))
		return;
	if (!app_line_key(app, action, key)) {
		if (key->code == KEYS_PASTE) {
			app_paste(app, key);
			return;
		}
		app_action(app, action, which, key);
	}
	app_fetch_shown(app);
	app_follow(app);
	app_keep_soon(app);
}

/* The others may see that something is being written here; a command is not
 * for them. */
static void
app_typing(struct app *app)
{
	const struct window *window = windows_current(&app->windows);
	const char *text = input_text(app->input);
	wall_ms now = app->setup.wall();

	if (text[0] == '\0' || (text[0] == '/' && text[1] != '/') ||
	    window->room == NULL || window->member_count < 2 ||
	    app_searching(app) || app->lookup.on || app->ended ||
	    (now - app->typing_at < TYPING_MS && now >= app->typing_at) ||
	    !setting_on(app->setup.settings, SETTING_ID_TYPING))
		return;
	app->typing_at = now;
	app_submit(app,
	    (struct dchat_command){ .verb = DCHAT_TYPING,
		.room = window->room });
}

/* The line is another one than it was. */
static void
app_key_and_typing(struct app *app, const struct key *key)
{
	char *before = mem_text(input_text(app->input));

	app_key(app, key);
	if (strcmp(before, input_text(app->input)) != 0 &&
	    key->code >= ' ' && key->code < KEYS_FIRST)
		app_typing(app);
	free(before);
}

static void
app_keys(struct app *app)
{
	struct key key;

	while (!app->ended && keys_next(&app->keys, &key))
		app_key_and_typing(app, &key);
}

void
app_read(struct app *app, const char *bytes, size_t size)
{
	keys_feed(&app->keys, bytes, size);
	app_keys(app);
}

bool
app_waiting(const struct app *app)
{
	return keys_waiting(&app->keys);
}

void
app_read_timeout(struct app *app)
{
	keys_flush(&app->keys);
	app_keys(app);
}

