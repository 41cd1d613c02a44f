/* Addresses of the web in what was said, and the clipboard: /url, /open,
 * /copy. */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/launch.h"
#include "tui/text.h"
#include "tui/url.h"

static struct scrollback *
app_lines(const struct app *app)
{
	return windows_current(&app->windows)->scrollback;
}

/* -- those of a room ------------------------------------------------------- */

void
app_urls_forget(struct app *app)
{
	for (size_t i = 0; i < app->url_count; i++)
		free(app->urls[i]);
	app->url_count = 0;
	free(app->urls_of);
	app->urls_of = NULL;
}

static bool
is_known(const struct app *app, const char *url, size_t size)
{
	for (size_t i = 0; i < app->url_count; i++)
		if (strlen(app->urls[i]) == size &&
		    memcmp(app->urls[i], url, size) == 0)
			return true;
	return false;
}

/* What its author says there, without what it quotes. */
static const char *
said(const struct line *line, size_t *size)
{
	size_t end = line->tail > 0 ? line->tail - 1 : strlen(line->text);

	*size = end - line->body;
	return line->text + line->body;
}

static void
take_urls(struct app *app, const struct line *line)
{
	size_t size, at = 0, start, end;
	const char *text = said(line, &size);

	while (app->url_count < APP_URLS &&
	    url_next(text, size, at, &start, &end)) {
		at = end;
		if (!is_known(app, text + start, end - start))
			app->urls[app->url_count++] =
			    strndup(text + start, end - start);
	}
}

/*
 * Numbers stay what they were when they were told last, as long as the
 * person is in that room; the newest is the first.
 */
static void
find_urls(struct app *app, bool anew)
{
	const struct window *window = windows_current(&app->windows);
	const struct scrollback *lines = window->scrollback;

	if (!anew && app->urls_of != NULL &&
	    strcmp(app->urls_of, window->name) == 0)
		return;
	app_urls_forget(app);
	app->urls_of = mem_text(window->name);
	for (size_t i = scrollback_count(lines); i-- > 0;) {
		const struct line *line = scrollback_line(lines, i);

		if (line->nick != NULL && !line->deleted &&
		    scrollback_shows(lines, line))
			take_urls(app, line);
	}
}

void
app_url(struct app *app)
{
	struct bytes text;
	char number[32];

	find_urls(app, true);
	if (app->url_count == 0) {
		app_notice(app, LINE_NOTICE,
		    "Nobody has named an address here; /history fetches "
		    "older lines.");
		return;
	}
	bytes_init(&text);
	bytes_append_text(&text,
	    "Addresses, the newest first; /open NUMBER opens one, /copy "
	    "NUMBER copies it:");
	for (size_t i = 0; i < app->url_count; i++) {
		snprintf(number, sizeof number, "\n%zu  ", i + 1);
		bytes_append_text(&text, number);
		bytes_append_text(&text, app->urls[i]);
	}
	bytes_append(&text, "", 1);
	app_notice(app, LINE_NOTICE, (const char *)text.data);
	bytes_free(&text);
}

/* NULL: there is none, which was told. */
static const char *
url_number(struct app *app, size_t number)
{
	char problem[96];

	find_urls(app, false);
	if (number >= 1 && number <= app->url_count)
		return app->urls[number - 1];
	if (app->url_count == 0)
		snprintf(problem, sizeof problem,
		    "Nobody has named an address here.");
	else
		snprintf(problem, sizeof problem,
		    app->url_count == 1
			? "There is one address here; /url shows it."
			: "There are %zu addresses here; /url lists them.",
		    app->url_count);
	app_notice(app, LINE_ERROR, problem);
	return NULL;
}

/* -- opening --------------------------------------------------------------- */

/*
 * $BROWSER is a list of commands separated by colons, of which the first
 * counts; "%s" in it is the address, which else stands behind it.
 */
static void
open_url(struct app *app, const char *url)
{
	const char *browser = getenv("BROWSER");
	const char *words[LAUNCH_WORDS + 2];
	char *copy, *command, problem[256], hint[128];
	size_t count, used = 0;
	struct bytes address;

	if (browser == NULL || browser[0] == '\0' || browser[0] == ':')
		browser = "xdg-open";
	command = strndup(browser, strcspn(browser, ":"));
	copy = mem_alloc(strlen(browser) + 2);
	count = launch_split(command, copy, words);
	bytes_init(&address);
	url_encode(&address, url, strlen(url));
	bytes_append(&address, "", 1);
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], "%s") == 0) {
			words[i] = (const char *)address.data;
			used++;
		}
	if (used == 0)
		words[count++] = (const char *)address.data;
	words[count] = NULL;
	if (count < 2)
		app_notice(app, LINE_ERROR,
		    "$BROWSER names no program; set it to one, like "
		    "\"firefox\".");
	else if (launch_start(&app->browsers, words, NULL, app->setup.wall(),
		     problem)) {
		snprintf(hint, sizeof hint, "opening it with %.64s", words[0]);
		app_hint(app, hint);
	} else {
		app_notice(app, LINE_ERROR, problem);
		if (getenv("BROWSER") == NULL)
			app_notice(app, LINE_ERROR,
			    "Set $BROWSER to a program that opens addresses, "
			    "before dchat is started.");
	}
	bytes_free(&address);
	free(copy);
	free(command);
}

/* The first one of the message in focus. */
static char *
focused_url(struct app *app)
{
	const struct line *line = scrollback_focused(app_lines(app));
	size_t size, start, end;
	const char *text;

	if (line == NULL)
		return NULL;
	text = said(line, &size);
	if (!url_next(text, size, 0, &start, &end))
		return NULL;
	return strndup(text + start, end - start);
}

void
app_open(struct app *app, size_t number)
{
	char *focused = number == 0 ? focused_url(app) : NULL;
	const char *url;

	if (number == 0)
		find_urls(app, true);
	url = focused != NULL ? focused
			      : url_number(app, number == 0 ? 1 : number);
	if (url != NULL)
		open_url(app, url);
	free(focused);
}

/* -- copying --------------------------------------------------------------- */

static void
copy(struct app *app, const char *text)
{
	if (app_is_plain(app))
		app_notice(app, LINE_ERROR,
		    "Without a screen dchat does not reach the clipboard.");
	else if (screen_copy(app->scene.screen, text))
		app_hint(app,
		    "copied, if the terminal lets programs copy (OSC 52)");
	else
		app_notice(app, LINE_ERROR,
		    "This is too long for the clipboard.");
}

void
app_copy(struct app *app, size_t number)
{
	const struct line *line = scrollback_focused(app_lines(app));
	const char *url;
	char *said, *clean;

	if (number > 0) {
		url = url_number(app, number);
		if (url != NULL)
			copy(app, url);
		return;
	}
	if (line == NULL)
		line = scrollback_other(app_lines(app));
	if (line == NULL) {
		app_notice(app, LINE_ERROR,
		    "Nobody else has said anything here; Alt+S goes to a "
		    "message of yours.");
		return;
	}
	/* what is pasted into a shell should be what was read */
	said = app_said(app, line);
	clean = text_clean_copy(said, app->setup.text_flags | TEXT_LINES);
	copy(app, clean);
	free(said);
	free(clean);
}
