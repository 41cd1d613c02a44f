#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/command.h"
#include "tui/complete.h"
#include "tui/input.h"
#include "tui/keymap.h"
#include "tui/keys.h"
#include "tui/people.h"
#include "tui/view.h"
#include "tui/windows.h"

enum {
	HINT_MS = 3000,		/* so long "Ctrl+C again quits" holds */
	STATUS_MS = 1000,	/* messages alone ask for it so often */
	READ_MS = 5000,		/* so often the node is told what is read */
	PAGE = 200,		/* messages fetched at once of a room, */
	PAGE_ASKED = 100,	/* by who does not say how many; and */
	PAGE_MOST = 2000,	/* at most: what is in view must stay */
	WORDS = 1024,		/* most nicks or rooms to complete from */
};

struct app {
	struct app_setup setup;
	struct dchat *dchat;
	struct windows windows;
	struct input *input;
	struct keys keys;
	struct complete complete;
	struct scene scene;
	struct window *shown;	/* whose draft is in the input */
	bool dirty;

	uint64_t token;			/* of the last command */
	uint64_t status_token;		/* of the STATUS on its way; or 0 */
	bool status_wanted, peers_wanted, rooms_wanted, messages_came;
	wall_ms status_at, read_at;

	char hint[128];
	wall_ms hint_until;
	bool interrupted;		/* Ctrl+C once */

	bool ended;
	int status;
	char *reason;
};

/* -- the door ---------------------------------------------------------- */

static uint64_t
app_submit(struct app *app, struct dchat_command command)
{
	command.token = ++app->token;
	dchat_submit(app->dchat, &command);
	return command.token;
}

/* A command of the person's, whose answer is to be read. */
static void
app_ask(struct app *app, struct dchat_command command)
{
	windows_asked(&app->windows, app->token + 1, command.verb,
	    command.room);
	app_submit(app, command);
}

static void
app_notice(struct app *app, enum line_kind kind, const char *text)
{
	windows_notice(&app->windows, kind, text, app->setup.wall());
}

static void
app_hint(struct app *app, const char *text)
{
	snprintf(app->hint, sizeof app->hint, "%s", text);
	app->hint_until = app->setup.wall() + HINT_MS;
	app->dirty = true;
}

/* Whoever asks for the history of a room has read it: that is how the node
 * knows where to begin the unread ones after a restart. */
static void
app_mark_read(struct app *app, struct window *window)
{
	if (!window->read_more)
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

static void
app_follow(struct app *app)
{
	struct window *now = windows_current(&app->windows);
	const char *draft;
	size_t point = 0;

	if (now == app->shown)
		return;
	if (window_is_open(app, app->shown)) {
		recall_leave(app->shown->recall, input_text(app->input),
		    input_point(app->input));
		app_mark_read(app, app->shown);
	}
	draft = recall_enter(now->recall, &point);
	input_put(app->input, draft, point);
	app->shown = now;
	app->dirty = true;
}

/* -- what a person enters ----------------------------------------------- */

static const char NO_ROOM[] = "This is no room; enter one with /join #NAME.";

static void
app_say_in(struct app *app, struct window *window, enum message_kind kind,
    const char *text)
{
	char to[ID_TEXT];

	windows_said(&app->windows, window, app->token + 1, kind, text,
	    app->setup.wall());
	if (window->direct)
		app_submit(app,
		    (struct dchat_command){ .verb = DCHAT_DM,
			.to = id_format(&window->peer, to),
			.kind = kind,
			.text = text });
	else
		app_submit(app,
		    (struct dchat_command){ .verb = DCHAT_SAY,
			.room = window->room,
			.kind = kind,
			.text = text });
}

static void
app_say(struct app *app, enum message_kind kind, const char *text)
{
	struct window *window = windows_current(&app->windows);

	if (window->room == NULL) {
		app_notice(app, LINE_ERROR, NO_ROOM);
		return;
	}
	windows_live(&app->windows);
	app_say_in(app, window, kind, text);
}

/* The talk with somebody, or NULL when it is not clear who that is. */
static struct window *
app_direct(struct app *app, const char *name)
{
	char problem[256];
	struct id id;

	if (people_find(&app->windows, name, &id, problem))
		return windows_direct(&app->windows, &id);
	app_notice(app, LINE_ERROR, problem);
	return NULL;
}

static void
app_message(struct app *app, const char *to, const char *text)
{
	struct window *window = app_direct(app, to);
	char hint[128];

	if (window == NULL)
		return;
	app_say_in(app, window, KIND_TEXT, text);
	if (window == windows_current(&app->windows))
		return;
	snprintf(hint, sizeof hint, "said to %.64s alone, in room %zu",
	    window->name + 1, windows_number(&app->windows, window));
	app_hint(app, hint);
}

static void
app_query(struct app *app, const char *to, const char *text)
{
	struct window *window = app_direct(app, to);

	if (window == NULL)
		return;
	windows_select(&app->windows,
	    windows_number(&app->windows, window));
	if (text != NULL)
		app_say(app, KIND_TEXT, text);
}

static void
app_join(struct app *app, const char *room)
{
	const struct window *window = windows_find(&app->windows, room);

	if (room[0] == '@')
		app_query(app, room + 1, NULL);
	else if (window != NULL)
		windows_select(&app->windows,
		    windows_number(&app->windows, window));
	else
		app_ask(app,
		    (struct dchat_command){ .verb = DCHAT_JOIN,
			.room = room });
}

/* The room named as it is shown, or the one before the person. */
static struct window *
app_room(const struct app *app, const char *name)
{
	if (name[0] == '\0')
		return windows_current(&app->windows);
	for (size_t i = 0; i < app->windows.count; i++)
		if (app->windows.items[i]->room != NULL &&
		    strcmp(app->windows.items[i]->name, name) == 0)
			return app->windows.items[i];
	return NULL;
}

static void
app_not_in(struct app *app, const char *room)
{
	char text[LIMIT_ROOM_NAME + 32];

	snprintf(text, sizeof text, "You are not in %s.", room);
	app_notice(app, LINE_ERROR, text);
}

static void
app_elect(struct app *app)
{
	if (group_alive(&app->windows.group) == 0)
		app_notice(app, LINE_NOTICE,
		    "You are alone; there is nobody to elect.");
	else
		app_ask(app, (struct dchat_command){ .verb = DCHAT_ELECT });
}

/* A command about the room named, or about the one before the person. */
static void
app_ask_room(struct app *app, enum dchat_verb verb, const char *room)
{
	struct window *window = app_room(app, room);

	if (window != NULL && window->direct && verb == DCHAT_PART)
		windows_close(&app->windows, window);
	else if (room[0] == '@' || (window != NULL && window->direct))
		app_notice(app, LINE_NOTICE,
		    "In a talk of two there are you and the other alone.");
	else if (room[0] == '\0' && window->room == NULL)
		app_notice(app, LINE_ERROR,
		    "This is no room; name one: #NAME.");
	else if (window == NULL && verb == DCHAT_PART)
		app_not_in(app, room);
	else
		app_ask(app,
		    (struct dchat_command){ .verb = verb,
			.room = room[0] != '\0' ? room : window->room });
}

/* Topics and nicks are the leader's to decide; it may take a while. */
static void
app_ask_leader(struct app *app, struct dchat_command command)
{
	if (id_is_none(&app->windows.group.leader))
		app_notice(app, LINE_NOTICE,
		    "There is no leader at the moment; it is asked as soon "
		    "as there is one.");
	app_ask(app, command);
}

static void
app_topic(struct app *app, const char *text)
{
	const struct window *window = windows_current(&app->windows);
	char *told;

	if (window->room == NULL) {
		app_notice(app, LINE_ERROR, NO_ROOM);
	} else if (window->direct) {
		app_notice(app, LINE_ERROR, "A talk of two has no topic.");
	} else if (text != NULL) {
		app_ask_leader(app,
		    (struct dchat_command){ .verb = DCHAT_TOPIC,
			.room = window->room,
			.text = strcmp(text, "-") == 0 ? "" : text });
	} else if (asprintf(&told, "%s%s%s", window->name,
		       window->topic[0] != '\0' ? ": " : " has no topic.",
		       window->topic) >= 0) {
		app_notice(app, LINE_NOTICE, told);
		free(told);
	}
}

/* -- the history -------------------------------------------------------- */

/* A page that ends before a message; NULL: the newest one. */
static void
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
	if (app->rooms_wanted)
		app_submit(app,
		    (struct dchat_command){ .verb = DCHAT_ROOMS });
	app->rooms_wanted = false;
}

/* A room's newest page is fetched when the person first looks at it. */
static void
app_fetch_shown(struct app *app)
{
	struct window *window = windows_current(&app->windows);

	if (!window->unfetched || window->fetch_token != 0)
		return;
	app_ask_rooms(app);
	app_fetch(app, window, PAGE, NULL, false);
}

static void
app_history(struct app *app, size_t number)
{
	struct window *window = windows_current(&app->windows);

	if (number == 0)
		number = PAGE_ASKED;
	if (window->room == NULL)
		app_notice(app, LINE_ERROR, NO_ROOM);
	else if (!scrollback_has_older(window->scrollback))
		app_notice(app, LINE_NOTICE, "There is nothing older.");
	else if (window->fetch_token == 0)
		app_fetch(app, window, number < PAGE_MOST ? number : PAGE_MOST,
		    scrollback_oldest(window->scrollback), true);
}

static void
app_who_has(struct app *app)
{
	const struct line *line =
	    scrollback_own(windows_current(&app->windows)->scrollback);

	if (line != NULL)
		app_ask(app,
		    (struct dchat_command){ .verb = DCHAT_WHO_HAS,
			.msg = line->msg });
	else
		app_notice(app, LINE_NOTICE, "You have said nothing here.");
}

static void
app_help(struct app *app, const char *name)
{
	const struct command_spec *spec;
	char text[512];

	if (name == NULL) {
		app->scene.help = true;
		app->scene.help_top = 0;
		return;
	}
	spec = command_find(name, text);
	if (spec != NULL)
		snprintf(text, sizeof text, "/%s%s%s: %s", spec->name,
		    spec->arguments[0] != '\0' ? " " : "", spec->arguments,
		    spec->help);
	app_notice(app, spec != NULL ? LINE_NOTICE : LINE_ERROR, text);
}

static void
app_command(struct app *app, const struct command *command)
{
	switch (command->id) {
	case COMMAND_NONE: break;
	case COMMAND_WRONG:
		app_notice(app, LINE_ERROR, command->problem);
		break;
	case COMMAND_SAY: app_say(app, KIND_TEXT, command->text); break;
	case COMMAND_ME: app_say(app, KIND_ACTION, command->text); break;
	case COMMAND_JOIN: app_join(app, command->room); break;
	case COMMAND_PART:
		app_ask_room(app, DCHAT_PART, command->room);
		break;
	case COMMAND_MSG: app_message(app, command->to, command->text); break;
	case COMMAND_QUERY: app_query(app, command->to, command->text); break;
	case COMMAND_TOPIC: app_topic(app, command->text); break;
	case COMMAND_NICK:
		app_ask_leader(app,
		    (struct dchat_command){ .verb = DCHAT_NICK,
			.nick = command->text });
		break;
	case COMMAND_WHO_HAS: app_who_has(app); break;
	case COMMAND_LIST:
		app_ask(app, (struct dchat_command){ .verb = DCHAT_ROOMS });
		break;
	case COMMAND_HISTORY: app_history(app, command->number); break;
	case COMMAND_CLEAR:
		scrollback_clear(windows_current(&app->windows)->scrollback);
		break;
	case COMMAND_NAMES:
		app_ask_room(app, DCHAT_MEMBERS, command->room);
		break;
	case COMMAND_WHO:
		app_ask(app, (struct dchat_command){ .verb = DCHAT_PEERS });
		break;
	case COMMAND_LEADER:
		app_ask(app, (struct dchat_command){ .verb = DCHAT_STATUS });
		break;
	case COMMAND_ELECT: app_elect(app); break;
	case COMMAND_CONNECT:
		app_ask(app,
		    (struct dchat_command){ .verb = DCHAT_CONNECT,
			.address = command->text });
		break;
	case COMMAND_HELP: app_help(app, command->text); break;
	case COMMAND_QUIT:
		app_quit(app, "quit");
		break;
	}
}

static void
on_entered(void *self, const char *text)
{
	struct app *app = self;
	struct command command;

	command_parse(&command, text);
	if (command.too_long)
		input_put(app->input, text, strlen(text));
	else
		recall_add(windows_current(&app->windows)->recall, text);
	app_command(app, &command);
	command_free(&command);
	app_fetch_shown(app);
	app_follow(app);
}

/* -- what a person does by key ------------------------------------------ */

static void
app_recall(struct app *app, bool older)
{
	struct recall *recall = windows_current(&app->windows)->recall;
	size_t point = input_point(app->input);
	const char *text = older
	    ? recall_older(recall, input_text(app->input), &point)
	    : recall_newer(recall, input_text(app->input), &point);

	if (text != NULL)
		input_put(app->input, text, point);
}

static void
app_complete(struct app *app, int direction)
{
	const char *nicks[WORDS], *rooms[WORDS];
	struct complete_words words = { .rooms = rooms, .nicks = nicks };

	words.nick_count = people_nicks(&app->windows, nicks, WORDS);
	words.room_count = windows_rooms(&app->windows, rooms, WORDS);
	if (complete_next(&app->complete, input_text(app->input),
		input_point(app->input), direction, &words))
		input_put(app->input, app->complete.line, app->complete.point);
}

static void
on_wish(void *self, enum input_wish wish)
{
	struct app *app = self;

	switch (wish) {
	case WISH_OLDER: app_recall(app, true); break;
	case WISH_NEWER: app_recall(app, false); break;
	case WISH_COMPLETE: app_complete(app, 1); break;
	case WISH_COMPLETE_BACK: app_complete(app, -1); break;
	case WISH_REPAINT: screen_forget(app->scene.screen); break;
	}
}

/*
 * Scrolls by pages (all but one row, to keep one's place) or by rows; near
 * the oldest line here, older ones are fetched.
 */
static void
app_scroll(struct app *app, long pages, long rows)
{
	struct window *window = windows_current(&app->windows);
	struct layout_columns columns;
	long height;

	scene_arrange(&app->scene);
	height = app->scene.panes.chat.rows;
	if (app->scene.panes.too_small || height <= 0)
		return;
	view_chat_columns(&app->scene, &columns);
	rows += pages * (height > 1 ? height - 1 : 1);
	scrollback_scroll(window->scrollback, (size_t)columns.text,
	    (size_t)height, rows);
	if (rows < 0 && window->fetch_token == 0 &&
	    scrollback_wants_older(window->scrollback, (size_t)columns.text,
		(size_t)height))
		app_fetch(app, window, PAGE,
		    scrollback_oldest(window->scrollback), false);
	else if (rows > 0 && scrollback_is_cut(window->scrollback))
		app_hint(app, "Ctrl+End goes to the newest lines");
}

static void
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

static void
help_scroll(struct app *app, long rows)
{
	size_t all, height;
	long top, last;

	scene_arrange(&app->scene);
	all = view_help_rows(&app->scene);
	height = view_help_height(&app->scene);
	last = all > height ? (long)(all - height) : 0;
	top = (long)app->scene.help_top + rows;
	app->scene.help_top = (size_t)(top < 0 ? 0 : top > last ? last : top);
}

/* True: the key was for the help. */
static bool
help_key(struct app *app, enum action action)
{
	long page;

	scene_arrange(&app->scene);
	page = (long)view_help_height(&app->scene);
	switch (action) {
	case ACTION_PAGE_UP: help_scroll(app, -page); return true;
	case ACTION_PAGE_DOWN: help_scroll(app, page); return true;
	case ACTION_LINE_UP:
	case ACTION_OLDER: help_scroll(app, -1); return true;
	case ACTION_LINE_DOWN:
	case ACTION_NEWER: help_scroll(app, 1); return true;
	case ACTION_HELP:
	case ACTION_CLOSE: app->scene.help = false; return true;
	case ACTION_REPAINT:
	case ACTION_SUSPEND: return false;
	default:
		/* whoever goes on working wants to see the room */
		app->scene.help = false;
		return false;
	}
}

static void
app_action(struct app *app, enum action action, size_t which,
    const struct key *key)
{
	struct windows *windows = &app->windows;

	switch (action) {
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
	case ACTION_OLDER: app_recall(app, true); break;
	case ACTION_NEWER: app_recall(app, false); break;
	case ACTION_COMPLETE: app_complete(app, 1); break;
	case ACTION_COMPLETE_BACK: app_complete(app, -1); break;
	case ACTION_NEWLINE: input_insert(app->input, "\n"); break;
	case ACTION_HELP: app_help(app, NULL); break;
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

	app->dirty = true;
	if (key->code == KEYS_FOCUS_IN || key->code == KEYS_FOCUS_OUT)
		return;
	action = keymap_find(key, &which);
	if (action != ACTION_INTERRUPT) {
		app->interrupted = false;
		app->hint[0] = '\0';
	}
	if (app->scene.help && help_key(app, action))
		return;
	if (key->code == KEYS_PASTE) {
		input_insert(app->input, key->paste);
		if (key->paste_cut)
			app_hint(app, "the paste was too long and was cut");
		return;
	}
	app_action(app, action, which, key);
	app_fetch_shown(app);
	app_follow(app);
}

static void
app_keys(struct app *app)
{
	struct key key;

	while (!app->ended && keys_next(&app->keys, &key))
		app_key(app, &key);
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

/* -- what the node tells ------------------------------------------------ */

static void
app_welcome(struct app *app)
{
	app_notice(app, LINE_NOTICE,
	    "Alt+1, Alt+2 change rooms, PgUp scrolls, F1 or /help tells all "
	    "keys and commands, /quit leaves.");
	app->status_wanted = true;
}

static void
app_answered(struct app *app, uint64_t token)
{
	if (token == app->status_token)
		app->status_token = 0;
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

	windows_event(&app->windows, event, app->setup.wall());
	switch (event->type) {
	case DCHAT_EVENT_READY: app_welcome(app); break;
	case DCHAT_EVENT_OK: app_answered(app, event->ok.token); break;
	case DCHAT_EVENT_ERROR: app_answered(app, event->error.token); break;
	case DCHAT_EVENT_JOINED:
		app->rooms_wanted |= event->membership.self;
		break;
	case DCHAT_EVENT_PEER:
		/* since when it is silent, only PEERS tells */
		app->peers_wanted = event->peer.state == MEMBER_SUSPECT;
		app->status_wanted = true;
		break;
	case DCHAT_EVENT_LEADER:
	case DCHAT_EVENT_WARNING: app->status_wanted = true; break;
	case DCHAT_EVENT_MESSAGE: app->messages_came = true; break;
	case DCHAT_EVENT_BYE: app_bye(app, event); break;
	case DCHAT_EVENT_ELECTION:
	case DCHAT_EVENT_PARTED:
	case DCHAT_EVENT_ROOM:
	case DCHAT_EVENT_NICK:
	case DCHAT_EVENT_DELIVERED: break;
	}
	app_fetch_shown(app);
	app_follow(app);
}

void
app_turn(struct app *app)
{
	wall_ms now = app->setup.wall();
	bool stale = app->messages_came &&
	    (now - app->status_at >= STATUS_MS || now < app->status_at);

	if (app->ended)
		return;
	if (app->peers_wanted)
		app_submit(app,
		    (struct dchat_command){ .verb = DCHAT_PEERS });
	app->peers_wanted = false;
	app_ask_rooms(app);
	if (now - app->read_at >= READ_MS || now < app->read_at)
		app_mark_read(app, windows_current(&app->windows));
	if (app->status_token != 0 || (!app->status_wanted && !stale))
		return;
	app->status_wanted = app->messages_came = false;
	app->status_at = now;
	app->status_token = app->token + 1;
	app_submit(app, (struct dchat_command){ .verb = DCHAT_STATUS });
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
	return app->dirty || app->windows.changed;
}

void
app_touch(struct app *app)
{
	app->dirty = true;
}

void
app_paint(struct app *app)
{
	struct scene *scene = &app->scene;

	scene->now = app->setup.wall();
	if (app->hint[0] != '\0' && scene->now >= app->hint_until)
		app->hint[0] = '\0';
	scene->text = input_text(app->input);
	scene->point = input_point(app->input);
	scene->question = input_question(app->input);
	if (scene->help)
		help_scroll(app, 0);
	if (app->windows.bell)
		screen_bell(app->scene.screen);
	scene_paint(scene);
	app->windows.bell = app->windows.changed = app->dirty = false;
}

wall_ms
app_deadline(const struct app *app)
{
	wall_ms deadline = scene_deadline(&app->scene, app->setup.wall());

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
	struct input_front front = { .entered = on_entered, .wish = on_wish,
		.self = app };

	app->setup = *setup;
	windows_init(&app->windows, setup->text_flags);
	keys_init(&app->keys);
	complete_init(&app->complete);
	app->input = input_open(&front, setup->inputrc);
	app->shown = windows_current(&app->windows);
	app->scene = (struct scene){
		.windows = &app->windows,
		.hint = app->hint,
		.text = "",
		.question = "",
	};
	return app;
}

void
app_show(struct app *app, struct screen *screen)
{
	app->scene.screen = screen;
	app->scene.theme = screen_theme(screen);
	app->dirty = true;
}

void
app_destroy(struct app *app)
{
	if (app == NULL)
		return;
	input_close(app->input);
	complete_free(&app->complete);
	keys_free(&app->keys);
	windows_free(&app->windows);
	free(app->reason);
	free(app);
}
