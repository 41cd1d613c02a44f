/* All without a screen: what it would show is told in lines. */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/plain.h"
#include "tui/text.h"

enum {
	LINES_READ = 20,	/* of the history, at once */
	ALONE_MS = 3000,	/* then it is worth telling */
};

bool
app_is_plain(const struct app *app)
{
	return app->setup.tell != NULL;
}

/* -- telling ----------------------------------------------------------- */

/* The one way out: nothing but characters and newlines passes. */
static void
tell_bytes(struct app *app, struct bytes *text)
{
	struct bytes clean;

	bytes_init(&clean);
	text_clean(&clean, (const char *)text->data, text->size,
	    app->setup.text_flags | TEXT_LINES);
	bytes_append(&clean, "", 1);
	if (clean.size > 1)
		app->setup.tell(app->setup.self, (const char *)clean.data);
	bytes_free(&clean);
	bytes_free(text);
}

void
app_tell(struct app *app, const char *text)
{
	struct bytes copy;

	bytes_init(&copy);
	bytes_append_text(&copy, text);
	tell_bytes(app, &copy);
}

void
app_plain_hint(struct app *app, const char *text)
{
	struct bytes sentence;

	bytes_init(&sentence);
	bytes_append_text(&sentence, text);
	if (sentence.size > 0 && text[0] >= 'a' && text[0] <= 'z')
		sentence.data[0] = (uint8_t)(text[0] - 'a' + 'A');
	bytes_append_text(&sentence, ".");
	tell_bytes(app, &sentence);
}

static void
on_line(void *self, const struct window *window, const struct line *line,
    bool old)
{
	struct app *app = self;
	struct bytes text;

	if (line->self && !old && app->setup.echoed)
		return;
	bytes_init(&text);
	plain_line(&text, &app->windows, app->setup.settings, window, line, old,
	    app->setup.wall());
	tell_bytes(app, &text);
}

void
app_plain_focus(struct app *app, const struct line *line)
{
	struct bytes text;

	bytes_init(&text);
	plain_line(&text, &app->windows, app->setup.settings,
	    windows_current(&app->windows), line, true, app->setup.wall());
	tell_bytes(app, &text);
}

static void
on_amended(void *self, const struct window *window,
    const struct dchat_message *message)
{
	struct app *app = self;
	struct bytes text;

	bytes_init(&text);
	plain_amended(&text, &app->windows, window, message);
	tell_bytes(app, &text);
}

static void
on_text(void *self, const struct window *window, const char *words)
{
	struct app *app = self;
	struct bytes text;

	bytes_init(&text);
	plain_text(&text, &app->windows, window, words);
	tell_bytes(app, &text);
}

void
app_plain_open(struct app *app)
{
	if (!app_is_plain(app))
		return;
	app->windows.teller = (struct windows_teller){ .line = on_line,
		.amended = on_amended,
		.text = on_text,
		.self = app };
	app_settings_apply(app, SETTING_ID_FILTER);
	app_settings_apply(app, SETTING_ID_FILTER_MINUTES);
	app_settings_apply(app, SETTING_ID_FILTER_MINUTES);
	app_settings_apply(app, SETTING_ID_BIND);
}

void
app_plain_close(struct app *app)
{
	free(app->place);
}

void
app_plain_follow(struct app *app)
{
	const struct window *window = windows_current(&app->windows);
	struct bytes text;

	if (!app_is_plain(app) || !app->recalled || app->ended ||
	    (app->place != NULL && strcmp(app->place, window->name) == 0))
		return;
	free(app->place);
	app->place = mem_text(window->name);
	bytes_init(&text);
	plain_place(&text, &app->windows);
	tell_bytes(app, &text);
}

/* -- what the node tells ------------------------------------------------- */

static void
welcome(struct app *app)
{
	const struct group *group = &app->windows.group;
	char text[512];

	snprintf(text, sizeof text,
	    "This is dchat %.32s; you are %.128s in the network \"%.64s\". "
	    "/help lists the commands, /quit leaves.",
	    group->version, group->nick, group->network);
	app_tell(app, text);
	app->alone_at = app->setup.wall() + ALONE_MS;
}

/* Others mostly appear at once. */
static void
tell_alone(struct app *app)
{
	const struct group *group = &app->windows.group;
	char text[512];

	app->alone_at = 0;
	if (group->peer_count > 0)
		return;
	snprintf(text, sizeof text,
	    "Nobody else is here yet%s%.200s. Others on this network appear "
	    "by themselves; /net tells what may keep them away.",
	    group->interfaces != NULL && group->interfaces[0] != '\0'
		? "; looking on "
		: "",
	    group->interfaces != NULL ? group->interfaces : "");
	app_tell(app, text);
}

/* Of somebody, in two parts. */
static void
tell_of(struct app *app, const char *first, const char *rest)
{
	struct bytes text;

	bytes_init(&text);
	bytes_append_text(&text, first);
	bytes_append_text(&text, rest);
	tell_bytes(app, &text);
}

/* An election has begun; its end is told as who leads. */
static void
tell_election(struct app *app)
{
	const struct group *group = &app->windows.group;
	char text[96];

	if (group->electing && !app->told_electing && group_alive(group) > 0) {
		snprintf(text, sizeof text,
		    "An election has begun, for term %llu.",
		    (unsigned long long)group->election_term);
		app_tell(app, text);
	}
	app->told_electing = group->electing;
}

/* Before the rest has the event: what was believed so far counts. */
void
app_plain_peer(struct app *app, const struct dchat_event *event)
{
	enum member_state was =
	    group_state_of(&app->windows.group, &event->peer.id);
	bool again = was == MEMBER_SUSPECT && event->peer.state == MEMBER_ALIVE;
	char *nick;

	/* the screen shows it in the status */
	if (!app_is_plain(app) ||
	    (!again &&
		(event->peer.state != MEMBER_SUSPECT || was == MEMBER_SUSPECT)))
		return;
	nick =
	    group_name(event->peer.nick, &event->peer.id, app->windows.flags);
	tell_of(app, nick,
	    again ? " is heard again." : " is silent; perhaps gone.");
	free(nick);
}

static void
tell_cut(struct app *app, const struct dchat_event *event)
{
	char *lost;

	if (event->partition.lost_count == 0)
		return;
	lost = group_names(&app->windows.group, event->partition.lost,
	    event->partition.lost_count);
	tell_of(app, "Out of reach, while both sides go on: ", lost);
	free(lost);
}

static void
tell_answer(struct app *app)
{
	const struct windows *windows = &app->windows;
	struct bytes text;

	bytes_init(&text);
	if (app->told_panel == PANEL_NET)
		plain_net(&text, &windows->doctor);
	else
		plain_health(&text, &windows->health, &windows->group,
		    app->told_section);
	tell_bytes(app, &text);
	app->told_token = 0;
}

void
app_plain_event(struct app *app, const struct dchat_event *event)
{
	if (!app_is_plain(app))
		return;
	switch (event->type) {
	case DCHAT_EVENT_READY: welcome(app); break;
	case DCHAT_EVENT_OK:
		if (app->told_token != 0 && event->ok.token == app->told_token)
			tell_answer(app);
		break;
	case DCHAT_EVENT_ERROR:
		if (event->error.token == app->told_token)
			app->told_token = 0;
		break;
	case DCHAT_EVENT_ELECTION:
	case DCHAT_EVENT_LEADER: tell_election(app); break;
	case DCHAT_EVENT_PARTITION: tell_cut(app, event); break;
	case DCHAT_EVENT_PARTED:
		if (event->membership.self)
			tell_of(app, "You have left ", event->membership.room);
		break;
	default: break;
	}
}

/* -- what the person does ------------------------------------------------ */

void
app_take_line(struct app *app, const char *bytes, size_t size)
{
	struct keys keys;
	struct key key;
	struct bytes line;

	/* arrows and what else a terminal sends is no text */
	bytes_init(&line);
	keys_init(&keys);
	keys_feed(&keys, bytes, size);
	keys_flush(&keys);
	while (keys_next(&keys, &key))
		if (key.code == KEYS_TAB)
			bytes_append_text(&line, " ");
		else if (key.code >= ' ' && key.code < KEYS_FIRST &&
		    key.code != 0x7f && key.modifiers == 0)
			bytes_append(&line, key.bytes, key.size);
	keys_free(&keys);
	bytes_append(&line, "", 1);
	app->key_at = app->setup.wall();
	app->windows.arrived = true;
	app->interrupted = false;
	app_entered(app, (const char *)line.data);
	app_plain_follow(app);
	app_keep_soon(app);
	bytes_free(&line);
}

bool
app_started(const struct app *app)
{
	return app->recalled && !app->ended;
}

bool
app_busy(const struct app *app)
{
	const struct windows *windows = &app->windows;

	if (!app->recalled || windows->asked_count > 0 ||
	    app->told_token != 0 || app->search.token != 0)
		return true;
	for (size_t i = 0; i < windows->count; i++)
		if (windows->items[i]->fetch_token != 0 ||
		    scrollback_is_pending(windows->items[i]->scrollback))
			return true;
	return false;
}

void
app_tick(struct app *app)
{
	wall_ms now = app->setup.wall();

	if (app->keep_at != 0 && now >= app->keep_at)
		app_keep_now(app);
	if (app->alone_at != 0 && now >= app->alone_at)
		tell_alone(app);
}

wall_ms
app_plain_deadline(const struct app *app)
{
	wall_ms deadline = app->keep_at != 0 ? app->keep_at : NEVER;

	return app->alone_at != 0 && app->alone_at < deadline ? app->alone_at
							      : deadline;
}

void
app_plain_panel(struct app *app, enum panel_id panel, int section)
{
	app->told_panel = panel;
	app->told_section = section;
	app->told_token = app_submit(app,
	    (struct dchat_command){ .verb = DCHAT_STATUS, .look = true });
}

void
app_plain_help(struct app *app, enum guide_topic topic)
{
	struct bytes text;

	bytes_init(&text);
	plain_help(&text, topic);
	tell_bytes(app, &text);
}

void
app_plain_found(struct app *app)
{
	struct bytes text;

	bytes_init(&text);
	plain_search(&text, &app->windows, &app->search);
	tell_bytes(app, &text);
}

void
app_plain_history(struct app *app, size_t number)
{
	struct window *window = windows_current(&app->windows);
	size_t here = scrollback_count(window->scrollback);

	if (number == 0)
		number = LINES_READ;
	if (scrollback_is_silent(window->scrollback) &&
	    !scrollback_has_older(window->scrollback))
		app_notice(app, LINE_NOTICE, "Nothing has been said here yet.");
	else if (here >= number || !scrollback_has_older(window->scrollback))
		windows_tell_last(&app->windows, window, number);
	else if (window->fetch_token == 0)
		app_fetch(app, window,
		    number < APP_PAGE_MOST ? number : APP_PAGE_MOST,
		    scrollback_oldest(window->scrollback), true);
}
