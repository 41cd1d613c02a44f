#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/advice.h"
#include "tui/app_state.h"

enum {
	HINT_MS = 3000,		/* so long "Ctrl+C again quits" holds */
	STATUS_MS = 1000,	/* messages alone ask for it so often */
	BARE_HINT_FROM_COLUMNS = 40,
	READ_MS = 5000,		/* so often the node is told what is read */
};

/* -- the door ---------------------------------------------------------- */

uint64_t
app_submit(struct app *app, struct dchat_command command)
{
	command.token = ++app->token;
	dchat_submit(app->dchat, &command);
	return command.token;
}

/* A command of the person's, whose answer is to be read. */
void
app_ask(struct app *app, struct dchat_command command)
{
	windows_asked(&app->windows, app->token + 1, command.verb,
	    command.room);
	app_submit(app, command);
}

void
app_notice(struct app *app, enum line_kind kind, const char *text)
{
	windows_notice(&app->windows, kind, text, app->setup.wall());
}

void
app_hint(struct app *app, const char *text)
{
	if (app_is_plain(app))
		app_plain_hint(app, text);
	snprintf(app->hint, sizeof app->hint, "%s", text);
	app->hint_until = app->setup.wall() + HINT_MS;
	app->dirty = true;
}

void
app_hint_on(struct app *app, const char *text)
{
	app_hint(app, text);
	app->hint_until = NEVER;
}

/* Whoever asks for the history of a room has read it: that is how the node
 * knows where to begin the unread ones after a restart. */
static void
app_mark_read(struct app *app, struct window *window)
{
	if (!window->read_more || app->windows.away)
		return;
	window->read_more = false;
	app->read_at = app->setup.wall();
	app_submit(app,
	    (struct dchat_command){ .verb = DCHAT_HISTORY,
		.room = window->room, .limit = 1 });
}

void
app_quit(struct app *app, const char *reason)
{
	app_mark_read(app, windows_current(&app->windows));
	app_keep_now(app);
	dchat_quit(app->dchat, reason);
}

/* -- the draft follows the window --------------------------------------- */

static bool
window_is_open(const struct app *app, const struct window *window)
{
	for (size_t i = 0; i < app->windows.count; i++)
		if (app->windows.items[i] == window)
			return true;
	return false;
}

void
app_follow(struct app *app)
{
	struct window *now = windows_current(&app->windows);
	const char *draft;
	size_t point = 0;

	/* While words are typed the draft waits (app_search.c). */
	if (now == app->shown || app_searching(app))
		return;
	if (window_is_open(app, app->shown)) {
		recall_leave(app->shown->recall, input_text(app->input),
		    input_point(app->input));
		app_mark_read(app, app->shown);
	}
	app_line_leave(app);
	draft = recall_enter(now->recall, &point);
	input_put(app->input, draft, point);
	app->shown = now;
	app->dirty = true;
}

/* -- the history -------------------------------------------------------- */

/* A page that ends before a message; NULL: the newest one. */
void
app_fetch(struct app *app, struct window *window, size_t limit,
    const char *before, bool told)
{
	windows_fetching(&app->windows, window, app->token + 1, limit, told);
	app_submit(app,
	    (struct dchat_command){ .verb = DCHAT_HISTORY,
		.room = window->room,
		.limit = limit,
		.before = before });
}

/* To be asked before the history is: that counts as reading it. */
static void
app_ask_rooms(struct app *app)
{
	if (!app->recalled)
		return;
	if (app->rooms_wanted)
		app_submit(app,
		    (struct dchat_command){ .verb = DCHAT_ROOMS });
	app->rooms_wanted = false;
}

/* What an earlier run left unread may be more than the newest page. */
static void
app_fetch_unread(struct app *app, struct window *window)
{
	if (window->unread_before > 0 && window->counted &&
	    scrollback_has_older(window->scrollback))
		app_fetch(app, window, APP_PAGE,
		    scrollback_oldest(window->scrollback), false);
}

/* A room's newest page is fetched when the person first looks at it. */
void
app_fetch_shown(struct app *app)
{
	struct window *window = windows_current(&app->windows);

	/* the last run may have been in another room */
	if (!app->recalled || window->fetch_token != 0)
		return;
	if (!window->unfetched) {
		app_fetch_unread(app, window);
		return;
	}
	app_ask_rooms(app);
	app_fetch(app, window,
	    (size_t)setting_number(app->setup.settings,
		SETTING_ID_HISTORY_LINES),
	    NULL, false);
}


/* -- what the node tells ------------------------------------------------ */

/* Who is new and has no room for a hint line is told this once. */
static void
app_welcome(struct app *app)
{
	app->status_wanted = true;
	if (app_is_plain(app))
		return;
	app_arrange(app);
	if (advice_wanted(&app->scene) && app->scene.hints.rows == 0)
		app_notice(app, LINE_NOTICE,
		    "Alt+1, Alt+2 change rooms, PgUp scrolls, F1 or /help "
		    "tells all keys and commands, /quit leaves.");
}

static void
app_answered(struct app *app, uint64_t token)
{
	if (token == app->status_token)
		app->status_token = 0;
	app->recalled |= token == app->recall_token;
}

static void
app_know_rooms(struct app *app, const struct dchat_event *event)
{
	if (event->ok.verb == DCHAT_ROOMS)
		for (size_t i = 0; i < event->ok.count; i++)
			app_know_room(app, event->ok.rooms[i].name);
}

static void
app_bye(struct app *app, const struct dchat_event *event)
{
	app->ended = true;
	app->status = event->bye.status;
	free(app->reason);
	app->reason = mem_text(event->bye.reason);
}

void
app_event(void *self, const struct dchat_event *event)
{
	struct app *app = self;

	if (event->type == DCHAT_EVENT_PEER)
		app_plain_peer(app, event);
	windows_event(&app->windows, event, app->setup.wall());
	app_plain_event(app, event);
	switch (event->type) {
	case DCHAT_EVENT_READY:
		app_welcome(app);
		app_keep_ask(app);
		break;
	case DCHAT_EVENT_OK:
		if (event->ok.verb == DCHAT_RECALL)
			app_keep_told(app, event);
		app_answered(app, event->ok.token);
		app_know_rooms(app, event);
		app_search_answered(app, event);
		break;
	case DCHAT_EVENT_ERROR:
		app_answered(app, event->error.token);
		app_search_answered(app, event);
		break;
	case DCHAT_EVENT_JOINED:
		app->rooms_wanted |= event->membership.self;
		if (event->membership.self)
			app_keep_opened(app,
			    windows_find(&app->windows,
				event->membership.room));
		break;
	case DCHAT_EVENT_PEER:
		/* since when it is silent, only PEERS tells */
		app->peers_wanted = event->peer.state == MEMBER_SUSPECT;
		app->status_wanted = true;
		break;
	case DCHAT_EVENT_LEADER:
	case DCHAT_EVENT_PARTITION:
	case DCHAT_EVENT_WARNING: app->status_wanted = true; break;
	case DCHAT_EVENT_MESSAGE: app->messages_came = true; break;
	case DCHAT_EVENT_ROOM: app_know_room(app, event->room.room); break;
	case DCHAT_EVENT_BYE: app_bye(app, event); break;
	case DCHAT_EVENT_ELECTION:
		app->status_wanted |= panel_looks(&app->scene) > 0;
		break;
	case DCHAT_EVENT_PARTED:
	case DCHAT_EVENT_NICK:
	case DCHAT_EVENT_AWAY:
	case DCHAT_EVENT_HELD:
	case DCHAT_EVENT_TYPING:
	case DCHAT_EVENT_FETCHING:
	case DCHAT_EVENT_DELIVERED: break;
	}
	app_fetch_shown(app);
	app_follow(app);
	if (app->windows.count != app->kept_count)
		app_keep_soon(app);
	app->kept_count = app->windows.count;
}

/* All of it is told while somebody looks at a panel that shows it. */
static void
app_ask_status(struct app *app)
{
	bool look = panel_looks(&app->scene) > 0;

	app->status_wanted = app->messages_came = false;
	app->status_at = app->setup.wall();
	if (look)
		app->looked_at = app->status_at;
	app->status_token = app_submit(app,
	    (struct dchat_command){ .verb = DCHAT_STATUS, .look = look });
}

void
app_look(struct app *app)
{
	if (app->status_token == 0 && !app->ended)
		app_ask_status(app);
	else
		app->status_wanted = true;
}

/* The open panel shows what is not older than it says. */
static void
app_look_again(struct app *app)
{
	wall_ms every = panel_looks(&app->scene);
	wall_ms since = app->scene.now - app->looked_at;

	if (every > 0 && (since >= every || since < 0))
		app_look(app);
}

void
app_turn(struct app *app)
{
	wall_ms now = app->setup.wall();
	bool stale = app->messages_came &&
	    (now - app->status_at >= STATUS_MS || now < app->status_at);

	if (app->ended)
		return;
	app_call_reap(app);
	if (app_is_plain(app)) {
		app_plain_follow(app);
		windows_tell_comings(&app->windows);
	}
	if (app->peers_wanted)
		app_submit(app,
		    (struct dchat_command){ .verb = DCHAT_PEERS });
	app->peers_wanted = false;
	app_ask_rooms(app);
	if (now - app->read_at >= READ_MS || now < app->read_at)
		app_mark_read(app, windows_current(&app->windows));
	if (app->status_token != 0 || (!app->status_wanted && !stale))
		return;
	app_ask_status(app);
}

void
app_attach(struct app *app, struct dchat *dchat)
{
	app->dchat = dchat;
}

/* -- the picture -------------------------------------------------------- */

bool
app_dirty(const struct app *app)
{
	if (app->bare.open)
		return app->bare_stale || app->windows.call.pending;
	return app->dirty || app->windows.changed;
}

void
app_touch(struct app *app)
{
	app->dirty = app->bare_stale = true;
}

/* The text alone, and not again while somebody selects from it. */
static void
app_paint_bare(struct app *app)
{
	int rows, columns;
	struct bytes text;

	app->bare_stale = false;
	bytes_init(&text);
	screen_size(app->scene.screen, &rows, &columns);
	bare_text(&app->bare, (size_t)rows - 1, (size_t)columns, &text);
	bytes_append_text(&text, "\n-- Esc leaves");
	if (columns >= BARE_HINT_FROM_COLUMNS)
		bytes_append_text(&text, ", PgUp PgDn scroll");
	screen_plain(app->scene.screen, (const char *)text.data, text.size);
	bytes_free(&text);
}

static void
app_entitle(struct app *app)
{
	char title[TITLE];

	if (!setting_on(app->setup.settings, SETTING_ID_TITLE)) {
		screen_untitle(app->scene.screen);
		return;
	}
	title_text(&app->windows, title);
	screen_title(app->scene.screen, title);
}

void
app_paint(struct app *app)
{
	struct scene *scene = &app->scene;

	if (app->bare.open) {
		app_call(app);
		if (app->bare_stale)
			app_paint_bare(app);
		return;
	}
	scene->now = app->setup.wall();
	if (app->keep_at != 0 && scene->now >= app->keep_at)
		app_keep_now(app);
	if (app->hint[0] != '\0' && scene->now >= app->hint_until)
		app->hint[0] = '\0';
	app_line_show(app);
	if (scene->panel != PANEL_NONE)
		panel_scroll(scene, 0, 0);
	app_call(app);
	if (app_searching(app))
		panel_reveal(scene, view_search_row(&app->search));
	scene_paint(scene);
	/* behind the first frame: the terminal's own screen comes first */
	app_entitle(app);
	app->windows.changed = app->dirty = false;
	app_look_again(app);
}

wall_ms
app_deadline(const struct app *app)
{
	wall_ms deadline;

	if (app_is_plain(app))
		return app_plain_deadline(app);
	if (app->bare.open)
		return NEVER;
	/* as of the picture: what ended since then is still in it */
	deadline = scene_deadline(&app->scene, app->scene.now);
	if (app->keep_at != 0 && app->keep_at < deadline)
		deadline = app->keep_at;
	if (app->hint[0] != '\0' && app->hint_until < deadline)
		deadline = app->hint_until;
	return deadline;
}

bool
app_ended(const struct app *app)
{
	return app->ended;
}

int
app_status(const struct app *app)
{
	return app->status;
}

const char *
app_reason(const struct app *app)
{
	return app->reason != NULL ? app->reason : "";
}

/* -- life ---------------------------------------------------------------- */

struct app *
app_new(const struct app_setup *setup)
{
	struct app *app = mem_zero(1, sizeof *app);
	struct input_front front = { .entered = app_entered, .wish = app_wish,
		.self = app };

	app->setup = *setup;
	app->key_at = setup->wall();
	windows_init(&app->windows, setup->text_flags);
	keys_init(&app->keys);
	complete_init(&app->complete);
	app->input = input_open(&front, setup->inputrc);
	app->shown = windows_current(&app->windows);
	app_keep_open(app);
	app->scene = (struct scene){
		.windows = &app->windows,
		.settings = setup->settings,
		.search = &app->search,
		.hint = app->hint,
		.text = "",
		.question = "",
	};
	app_plain_open(app);
	return app;
}

void
app_show(struct app *app, struct screen *screen)
{
	app->scene.screen = screen;
	app->scene.theme = screen_theme(screen);
	app_settings_apply(app, SETTING_ID_THEME);
	app_settings_apply(app, SETTING_ID_FILTER);
	app_settings_apply(app, SETTING_ID_FILTER_MINUTES);
	app_settings_apply(app, SETTING_ID_BIND);
	app_settings_apply(app, SETTING_ID_HYPERLINKS);
	app_settings_apply(app, SETTING_ID_MOUSE);
	app->dirty = true;
}

void
app_ask_background(struct app *app)
{
	app->asking = screen_ask_background(app->scene.screen);
	if (app->asking)
		keys_expect(&app->keys);
}

bool
app_asking(const struct app *app)
{
	return app->asking;
}

void
app_destroy(struct app *app)
{
	if (app == NULL)
		return;
	bare_close(&app->bare);
	app_keep_close(app);
	app_plain_close(app);
	app_urls_forget(app);
	app_line_leave(app);
	for (size_t i = 0; i < app->room_count; i++)
		free(app->rooms[i]);
	free(app->rooms);
	input_close(app->input);
	complete_free(&app->complete);
	keymap_free(&app->keymap);
	keys_free(&app->keys);
	windows_free(&app->windows);
	search_free(&app->search);
	free(app->reason);
	free(app);
}

