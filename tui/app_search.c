/* Looking for words in the history, and going to what was found. */
#include "tui/app_state.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_HITS = 10 };

bool
app_searching(const struct app *app)
{
	return app->scene.panel == PANEL_SEARCH;
}

const char *
app_draft(const struct app *app)
{
	return app_searching(app) ? app->search.draft
				  : input_text(app->input);
}

static void
ask(struct app *app, const char *words)
{
	struct search *search = &app->search;

	search_asked(search, words, app->token + 1);
	app_submit(app,
	    (struct dchat_command){ .verb = DCHAT_SEARCH,
		.room = search->everywhere ? NULL : search->room,
		.text = search->words,
		.limit = SEARCH_HITS });
	if (!app_is_plain(app))
		panel_reveal(&app->scene, 0);
}

/* The same once more looks in all rooms. */
static void
search_plainly(struct app *app, const struct window *window, const char *words)
{
	struct search *search = &app->search;
	bool wider = search->words != NULL && search->room != NULL &&
	    window->room != NULL && !search->everywhere &&
	    strcmp(search->words, words) == 0 &&
	    strcmp(search->room, window->room) == 0;

	search_begin(search, window->room, window->name, "", 0);
	search->everywhere |= wider;
	ask(app, words);
}

void
app_search(struct app *app, const char *words)
{
	const struct window *window = windows_current(&app->windows);

	if (app_is_plain(app)) {
		search_plainly(app, window, words);
		return;
	}

	/* What is being written waits; the line is for words now. */
	search_begin(&app->search, window->room, window->name,
	    words == NULL ? input_text(app->input) : "",
	    words == NULL ? input_point(app->input) : 0);
	panel_open(&app->scene, PANEL_SEARCH);
	input_put(app->input, words == NULL ? "" : words,
	    words == NULL ? 0 : strlen(words));
	if (words != NULL)
		ask(app, words);
}

static void
leave(struct app *app)
{
	panel_open(&app->scene, PANEL_NONE);
	input_put(app->input, app->search.draft, app->search.draft_point);
}

static void
widen(struct app *app)
{
	struct search *search = &app->search;

	if (search->room == NULL)
		return;
	search->everywhere = !search->everywhere;
	if (search->words[0] != '\0')
		ask(app, search->words);
}

static void
move(struct app *app, long hits)
{
	search_move(&app->search, hits);
	panel_reveal(&app->scene, view_search_row(&app->search));
}

bool
app_search_key(struct app *app, enum action action, const struct key *key)
{
	switch (action) {
	case ACTION_NONE:
		if (key->code == KEYS_PASTE)
			input_insert(app->input, key->paste);
		else
			input_key(app->input, key->bytes, key->size);
		return true;
	case ACTION_SEARCH: widen(app); return true;
	case ACTION_OLDER:
	case ACTION_LINE_UP: move(app, -1); return true;
	case ACTION_NEWER:
	case ACTION_LINE_DOWN: move(app, 1); return true;
	case ACTION_PAGE_UP: move(app, -PAGE_HITS); return true;
	case ACTION_PAGE_DOWN: move(app, PAGE_HITS); return true;
	case ACTION_INTERRUPT:
	case ACTION_CLOSE: leave(app); return true;
	case ACTION_COMPLETE:
	case ACTION_COMPLETE_BACK: return true;
	case ACTION_REPAINT:
	case ACTION_SUSPEND: return false;
	default: leave(app); return false;
	}
}

/* -- going there --------------------------------------------------------- */

/* The window's line, if it is there; else the page around it is fetched. */
static void
visit(struct app *app, struct window *window)
{
	const struct line *line =
	    scrollback_find(window->scrollback, window->visit);

	/* The person went elsewhere meanwhile. */
	if (window != windows_current(&app->windows)) {
		window->visit[0] = '\0';
		return;
	}
	if (line != NULL && app_lead_to(app, window, line)) {
		window->visit[0] = '\0';
	} else if (line == NULL && window->fetch_token == 0) {
		windows_visiting(&app->windows, window, app->token + 1,
		    APP_PAGE);
		app_submit(app,
		    (struct dchat_command){ .verb = DCHAT_HISTORY,
			.room = window->room,
			.limit = APP_PAGE,
			.before = window->visit,
			.around = true });
	}
}

void
app_visit(struct app *app, struct window *window, const char *msg)
{
	snprintf(window->visit, sizeof window->visit, "%s", msg);
	window->visited = false;
	visit(app, window);
}

static void
go(struct app *app, const struct search_hit *hit)
{
	struct window *window = windows_find(&app->windows, hit->room);
	char text[LIMIT_ROOM_NAME + 64];
	struct id peer;

	if (window == NULL && hit->room[0] == '@' &&
	    id_parse(hit->room + 1, &peer))
		window = windows_direct(&app->windows, &peer);
	if (window == NULL) {
		snprintf(text, sizeof text,
		    "you are not in %.*s; /join it to read there",
		    LIMIT_ROOM_NAME, hit->room);
		app_hint(app, text);
		return;
	}
	leave(app);
	windows_select(&app->windows, windows_number(&app->windows, window));
	app_visit(app, window, hit->msg);
}

void
app_search_entered(struct app *app, const char *text)
{
	const struct search_hit *hit = search_chosen(&app->search);

	input_put(app->input, text, strlen(text));
	if (text[strspn(text, " \t")] == '\0')
		return;
	if (strcmp(text, app->search.words) != 0)
		ask(app, text);
	else if (hit != NULL)
		go(app, hit);
}

static void
gone(struct app *app, struct window *window)
{
	window->visit[0] = '\0';
	if (window == windows_current(&app->windows))
		app_hint(app, "that message is not in the history here");
}

void
app_search_answered(struct app *app, const struct dchat_event *event)
{
	if (search_answered(&app->search, event, app->setup.text_flags)) {
		app->dirty = true;
		if (app_is_plain(app))
			app_plain_found(app);
		return;
	}
	for (size_t i = 0; i < app->windows.count; i++) {
		struct window *window = app->windows.items[i];

		if (window->visit[0] == '\0' || window->fetch_token != 0)
			continue;
		/* Asked for and not here: it is gone from the history. */
		if (window->visited &&
		    scrollback_find(window->scrollback, window->visit) == NULL)
			gone(app, window);
		else
			visit(app, window);
	}
}
