/*
 * What the next run is to know, in notes that the node keeps: the rooms in
 * their order ("rooms": a line each, "#NAME" or "@ID NICK"), the one in view
 * ("current"), what stood in the input of each ("draft ROOM") and was written
 * before ("said ROOM"), whom and what
 * the person hears ("ignored", "muted", "loud", "words"), and what was switched by
 * key ("switched").  How far rooms are read the node knows itself.
 */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

enum {
	KEEP_MS = 1000,		/* so long what is new may wait */
	ROOMS_MOST = 128,	/* lines of rooms: so they fit in a note */
	NOTE_NAME = 8 + LIMIT_ROOM_NAME,
};

static const char *const attention_notes[ATTENTION_KINDS] = {
	[ATTENTION_IGNORED] = "ignored",
	[ATTENTION_MUTED] = "muted",
	[ATTENTION_LOUD] = "loud",
	[ATTENTION_WORDS] = "words",
};

/* Settings that have a key. */
static const enum setting_id switched[APP_SWITCHED] = {
	SETTING_ID_TIMESTAMPS,
	SETTING_ID_MEMBER_PANE,
	SETTING_ID_FILTER,
};

bool
app_is_switched(enum setting_id id)
{
	for (size_t i = 0; i < APP_SWITCHED; i++)
		if (switched[i] == id)
			return true;
	return false;
}

static void
put_bytes(struct app *app, const char *name, struct bytes *text)
{
	bytes_append(text, "", 1);
	if (text->size <= LIMIT_NOTE)
		keep_put(&app->keep, name, (const char *)text->data);
	bytes_free(text);
}

/* -- rooms and drafts ------------------------------------------------------ */

static void
put_rooms(struct app *app)
{
	const struct windows *windows = &app->windows;
	struct bytes text;

	bytes_init(&text);
	for (size_t i = 0; i < windows->count && i < ROOMS_MOST; i++) {
		const struct window *window = windows->items[i];

		if (window->room == NULL)
			continue;
		bytes_append_text(&text, window->room);
		if (window->direct) {
			bytes_append_text(&text, " ");
			bytes_append_text(&text, window->name + 1);
		}
		bytes_append_text(&text, "\n");
	}
	put_bytes(app, "rooms", &text);
	keep_put(&app->keep, "current",
	    windows_current(windows)->room != NULL
		? windows_current(windows)->room
		: "");
}

static void
note_name(const struct window *window, const char *what,
    char name[static NOTE_NAME])
{
	snprintf(name, NOTE_NAME, "%s %s", what, window->room);
}

static void
put_said(struct app *app, const struct window *window)
{
	char name[NOTE_NAME];
	struct bytes text;

	bytes_init(&text);
	recall_write(window->recall, LIMIT_NOTE - 1, &text);
	note_name(window, "said", name);
	put_bytes(app, name, &text);
}

static void
put_drafts(struct app *app)
{
	for (size_t i = 0; i < app->windows.count; i++) {
		const struct window *window = app->windows.items[i];
		char name[NOTE_NAME];
		const char *draft;
		size_t point;

		if (window->room == NULL)
			continue;
		draft = window == app->shown
		    ? app_draft(app)
		    : recall_enter(window->recall, &point);
		note_name(window, "draft", name);
		if (strlen(draft) < LIMIT_NOTE)
			keep_put(&app->keep, name, draft);
		put_said(app, window);
	}
}

void
app_keep_opened(struct app *app, struct window *window)
{
	char name[NOTE_NAME];
	const char *draft;

	if (window == NULL || window->room == NULL)
		return;
	note_name(window, "said", name);
	recall_read(window->recall, keep_get(&app->keep, name));
	note_name(window, "draft", name);
	draft = keep_get(&app->keep, name);
	if (draft[0] == '\0')
		return;
	if (window != app->shown)
		recall_leave(window->recall, draft, strlen(draft));
	else if (!app_searching(app) && input_text(app->input)[0] == '\0')
		input_put(app->input, draft, strlen(draft));
}

/* "#NAME", or "@ID NICK", which is opened. */
static const char *
take_room(struct app *app, char *line)
{
	char *nick = strchr(line, ' ');
	struct id id;

	if (nick != NULL)
		*nick++ = '\0';
	if (line[0] == '@' && id_parse(line + 1, &id))
		windows_talk(&app->windows, line, nick);
	return line;
}

static void
take_rooms(struct app *app)
{
	char *copy = mem_text(keep_get(&app->keep, "rooms")), *rest = NULL;
	const char *rooms[ROOMS_MOST], *current;
	size_t count = 0;

	for (char *line = strtok_r(copy, "\n", &rest);
	     line != NULL && count < ROOMS_MOST;
	     line = strtok_r(NULL, "\n", &rest))
		rooms[count++] = take_room(app, line);
	windows_order(&app->windows, rooms, count);
	for (size_t i = 0; i < app->windows.count; i++)
		app_keep_opened(app, app->windows.items[i]);
	current = keep_get(&app->keep, "current");
	if (current[0] != '\0')
		windows_want(&app->windows, current);
	free(copy);
}

/* -- attention and settings ------------------------------------------------ */

static void
put_attention(struct app *app)
{
	for (int kind = 0; kind < ATTENTION_KINDS; kind++) {
		struct bytes text;

		bytes_init(&text);
		attention_write(&app->windows.attention,
		    (enum attention_kind)kind, &text);
		put_bytes(app, attention_notes[kind], &text);
	}
}

static void
take_attention(struct app *app)
{
	for (int kind = 0; kind < ATTENTION_KINDS; kind++)
		attention_read(&app->windows.attention,
		    (enum attention_kind)kind,
		    keep_get(&app->keep, attention_notes[kind]));
	windows_heed(&app->windows);
}

/* What is configured by now is told too: who configures something else
 * later means that. */
static void
put_switched(struct app *app)
{
	struct bytes text;

	bytes_init(&text);
	for (size_t i = 0; i < APP_SWITCHED; i++) {
		char *value =
		    setting_written(app->setup.settings, switched[i]);

		if (strcmp(value, app->configured[i]) != 0) {
			bytes_append_text(&text,
			    setting_table[switched[i]].name);
			bytes_append_text(&text, " ");
			bytes_append_text(&text, app->configured[i]);
			bytes_append_text(&text, " ");
			bytes_append_text(&text, value);
			bytes_append_text(&text, "\n");
		}
		free(value);
	}
	put_bytes(app, "switched", &text);
}

static void
take_switch(struct app *app, const char *name, const char *configured,
    const char *value)
{
	char problem[256];

	for (size_t i = 0; i < APP_SWITCHED; i++) {
		enum setting_id id = switched[i];

		if (strcmp(setting_table[id].name, name) == 0 &&
		    strcmp(app->configured[i], configured) == 0 &&
		    setting_set(app->setup.settings, id, value,
			SETTING_BY_PERSON, name, problem))
			app_settings_apply(app, id);
	}
}

static void
take_switched(struct app *app)
{
	const char *text = keep_get(&app->keep, "switched");
	char name[32], configured[32], value[32];
	int size = 0;

	while (sscanf(text, "%31s %31s %31s%n", name, configured, value,
		   &size) == 3) {
		take_switch(app, name, configured, value);
		text += size;
	}
}

/* -- both ways ------------------------------------------------------------- */

void
app_keep_open(struct app *app)
{
	for (size_t i = 0; i < APP_SWITCHED; i++)
		app->configured[i] =
		    setting_written(app->setup.settings, switched[i]);
}

void
app_keep_close(struct app *app)
{
	for (size_t i = 0; i < APP_SWITCHED; i++)
		free(app->configured[i]);
	keep_free(&app->keep);
}

void
app_keep_ask(struct app *app)
{
	app->recall_token = app_submit(app,
	    (struct dchat_command){ .verb = DCHAT_RECALL });
}

void
app_keep_told(struct app *app, const struct dchat_event *event)
{
	for (size_t i = 0; i < event->ok.count; i++)
		keep_load(&app->keep, event->ok.notes[i].name,
		    event->ok.notes[i].text);
	take_attention(app);
	take_switched(app);
	take_rooms(app);
	app->recalled = true;
	app->kept_count = app->windows.count;
	app->dirty = true;
}

void
app_keep_soon(struct app *app)
{
	if (app->recalled && app->keep_at == 0)
		app->keep_at = app->setup.wall() + KEEP_MS;
}

void
app_keep_now(struct app *app)
{
	const char *name, *text;

	app->keep_at = 0;
	if (!app->recalled || app->ended)
		return;
	put_rooms(app);
	put_drafts(app);
	put_attention(app);
	put_switched(app);
	while (keep_next(&app->keep, &name, &text))
		app_submit(app,
		    (struct dchat_command){ .verb = DCHAT_REMEMBER,
			.name = name,
			.text = text });
}
