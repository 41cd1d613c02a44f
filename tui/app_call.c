/*
 * Somebody wants the person, who looks elsewhere: a bell, a notification of
 * the desktop, a program of the person's own.
 */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/notify.h"

enum {
	WATCHED_MS = 60 * 1000, /* so long a key says that somebody is there */
	HOOK_MS = 1000,         /* at most one program in that time; and */
	HOOK_PATIENCE_MS = 30 * 1000, /* so long one may run */
	PROBLEM_MS = 60 * 1000, /* what is wrong with it is told so often */
	VARIABLES = 8,
};

/* Where the terminal does not tell, who has pressed no key for a while does
 * not see what comes. */
static bool
app_is_watched(const struct app *app)
{
	if (app->focus_known)
		return !app->windows.away;
	return app->setup.wall() - app->key_at < WATCHED_MS;
}

/* -- the person's program ---------------------------------------------------- */

static void
put_variable(char **variables, const char *name, const char *value)
{
	while (*variables != NULL)
		variables++;
	if (asprintf(variables, "DCHAT_%s=%s", name, value) < 0)
		*variables = NULL;
}

static void
put_variables(const struct app *app, char **variables)
{
	const struct windows_call *call = &app->windows.call;
	time_t seconds = (time_t)(call->time / 1000);
	char text[32] = "";
	struct tm utc;

	put_variable(variables, "ROOM", call->room);
	put_variable(variables, "NICK", call->nick);
	put_variable(variables, "TEXT", call->text);
	put_variable(variables, "KIND", call->kind);
	put_variable(variables, "MSG", call->msg);
	if (gmtime_r(&seconds, &utc) != NULL)
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
	put_variable(variables, "TIME", text);
	snprintf(text, sizeof text, "%zu", app->hook_skipped);
	put_variable(variables, "SKIPPED", text);
}

static void
tell_problem(struct app *app, const char *problem)
{
	wall_ms now = app->setup.wall();

	if (app->hook_problem_at != 0 &&
	    now - app->hook_problem_at < PROBLEM_MS)
		return;
	app->hook_problem_at = now;
	app_notice(app, LINE_ERROR, problem);
}

static void
start_hook(struct app *app, const char *const words[])
{
	char *variables[VARIABLES + 1] = { NULL }, problem[256];

	put_variables(app, variables);
	if (launch_start(&app->hooks, words, (const char *const *)variables,
		app->setup.wall(), problem))
		app->hook_skipped = 0;
	else
		tell_problem(app, problem);
	for (size_t i = 0; variables[i] != NULL; i++)
		free(variables[i]);
}

/* However many call, there are not many programs: the next one is told how
 * many had none. */
static void
run_hook(struct app *app)
{
	const char *command =
	    app->setup.settings->items[SETTING_ID_NOTIFY_COMMAND].text;
	wall_ms now = app->setup.wall();
	const char *words[LAUNCH_WORDS + 1];
	char *copy;

	if (command[0] == '\0')
		return;
	if (now - app->hook_at < HOOK_MS && now >= app->hook_at) {
		app->hook_skipped++;
		return;
	}
	app->hook_at = now;
	copy = mem_alloc(strlen(command) + 1);
	if (launch_split(command, copy, words) == 0)
		tell_problem(app,
		    "notify-command has too many words; let it name a "
		    "script.");
	else
		start_hook(app, words);
	free(copy);
}

/* -- being called -------------------------------------------------------------- */

/* Not while it is seen, and not in quiet hours. */
static bool
take_call(struct app *app)
{
	const struct setting_values *settings = app->setup.settings;
	bool pending = app->windows.call.pending;

	app->windows.call.pending = false;
	if (!pending || app_is_watched(app) ||
	    notify_is_quiet(settings->items[SETTING_ID_QUIET_HOURS].text,
		app->setup.wall()))
		return false;
	run_hook(app);
	return true;
}

bool
app_rings(struct app *app)
{
	return take_call(app) &&
	    setting_on(app->setup.settings, SETTING_ID_BELL);
}

void
app_call(struct app *app)
{
	const struct setting_values *settings = app->setup.settings;
	const struct windows_call *call = &app->windows.call;

	if (!take_call(app))
		return;
	if (setting_on(settings, SETTING_ID_BELL))
		screen_bell(app->scene.screen);
	if (setting_on(settings, SETTING_ID_NOTIFY))
		screen_notify(app->scene.screen, call->title, call->text);
}

void
app_call_reap(struct app *app)
{
	wall_ms now = app->setup.wall();

	launch_reap(&app->hooks, now, HOOK_PATIENCE_MS);
	launch_reap(&app->browsers, now, 0);
}
