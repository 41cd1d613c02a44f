/*
 * The line that is being written: what was written before, completion, the
 * search (Ctrl+R), and the question before a long paste.
 */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/people.h"
#include "tui/text.h"

enum {
	PASTE_LINES = 5, /* more are asked about; or more than */
	PASTE_BYTES = 2048,
	ABORT = 0x07, /* Ctrl+G */
};

static struct recall *
recall_here(const struct app *app)
{
	return windows_current(&app->windows)->recall;
}

/* -- what was written before -------------------------------------------- */

void
app_recall(struct app *app, bool older)
{
	size_t point = input_point(app->input);
	const char *text = older
	    ? recall_older(recall_here(app), input_text(app->input), &point)
	    : recall_newer(recall_here(app), input_text(app->input), &point);

	if (text != NULL)
		input_put(app->input, text, point);
}

void
app_lookup(struct app *app)
{
	lookup_start(&app->lookup);
	complete_forget(&app->complete);
}

/* The line found comes into the input, where it can be changed and sent. */
static void
lookup_take(struct app *app)
{
	const struct lookup *lookup = &app->lookup;

	if (lookup->found) {
		recall_go(recall_here(app), lookup->at, input_text(app->input),
		    input_point(app->input));
		input_put(app->input, recall_line(recall_here(app), lookup->at),
		    lookup->offset);
	}
	lookup_stop(&app->lookup);
}

static bool
is_character(const struct key *key)
{
	return key->code >= ' ' && key->code != 0x7f &&
	    key->code < KEYS_FIRST && key->modifiers == 0;
}

static bool
is_control(const struct key *key, char letter)
{
	return key->code == (uint32_t)letter && key->modifiers == KEYS_CTRL;
}

/* True: the key was for the search; others end it first. */
static bool
lookup_key(struct app *app, enum action action, const struct key *key)
{
	const struct recall *recall = recall_here(app);
	struct lookup *lookup = &app->lookup;
	bool rubbed = key->code == KEYS_BACKSPACE || is_control(key, 'h');

	switch (action) {
	case ACTION_SEARCH_LINES:
	case ACTION_OLDER: lookup_step(lookup, recall, true); return true;
	case ACTION_NEWER: lookup_step(lookup, recall, false); return true;
	case ACTION_CLOSE:
	case ACTION_INTERRUPT: lookup_stop(lookup); return true;
	case ACTION_REPAINT:
	case ACTION_SUSPEND: return false;
	default: break;
	}
	if (is_control(key, 'g') || (rubbed && !lookup_rub(lookup, recall)))
		lookup_stop(lookup);
	else if (is_character(key))
		lookup_add(lookup, recall, key->bytes, key->size);
	else if (!rubbed) {
		lookup_take(app);
		return key->code == KEYS_ENTER;
	}
	return true;
}

/* -- completion ----------------------------------------------------------- */

void
app_complete(struct app *app, int direction)
{
	const char *nicks[APP_WORDS], *rooms[APP_WORDS];
	char *heard[ATTENTION_KINDS][ATTENTION_MOST];
	const struct setting_value *settings = app->setup.settings->items;
	struct complete_words words = { .rooms = rooms, .nicks = nicks,
		.aliases = &settings[SETTING_ID_ALIAS],
		.binds = &settings[SETTING_ID_BIND] };

	words.nick_count = people_nicks(&app->windows, nicks, APP_WORDS,
	    &words.nick_here);
	words.room_count = windows_rooms(&app->windows, rooms, APP_WORDS);
	for (size_t i = 0; i < app->room_count && words.room_count < APP_WORDS;
	     i++)
		if (windows_find(&app->windows, app->rooms[i]) == NULL)
			rooms[words.room_count++] = app->rooms[i];
	for (int kind = 0; kind < ATTENTION_KINDS; kind++) {
		words.heard[kind] = heard[kind];
		words.heard_counts[kind] =
		    app_heard(app, (enum attention_kind)kind, heard[kind]);
	}
	if (complete_next(&app->complete, input_text(app->input),
		input_point(app->input), direction, &words))
		input_put(app->input, app->complete.line, app->complete.point);
	for (int kind = 0; kind < ATTENTION_KINDS; kind++)
		while (words.heard_counts[kind] > 0)
			free(heard[kind][--words.heard_counts[kind]]);
}

void
app_know_room(struct app *app, const char *room)
{
	if (room[0] != '#' || app->room_count == APP_WORDS)
		return;
	for (size_t i = 0; i < app->room_count; i++)
		if (strcmp(app->rooms[i], room) == 0)
			return;
	MEM_GROW(app->rooms, app->room_count, app->room_cap);
	app->rooms[app->room_count++] = mem_text(room);
}

void
app_wish(void *self, enum input_wish wish)
{
	struct app *app = self;

	switch (wish) {
	case WISH_OLDER: app_recall(app, true); break;
	case WISH_NEWER: app_recall(app, false); break;
	case WISH_SEARCH: app_lookup(app); break;
	case WISH_COMPLETE: app_complete(app, 1); break;
	case WISH_COMPLETE_BACK: app_complete(app, -1); break;
	case WISH_REPAINT: screen_forget(app->scene.screen); break;
	}
}

/* -- pasting -------------------------------------------------------------- */

static size_t
count_lines(const char *text)
{
	size_t count = 1;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

/* Whoever copies a line copies its end too. */
static char *
without_last_newline(const char *text)
{
	char *copy = mem_text(text);
	size_t size = strlen(copy);

	if (size > 0 && copy[size - 1] == '\n')
		copy[size - 1] = '\0';
	return copy;
}

void
app_paste(struct app *app, const struct key *key)
{
	char *text = without_last_newline(key->paste);

	if (key->paste_cut)
		app_hint(app, "the paste was too long and was cut");
	if (!setting_on(app->setup.settings, SETTING_ID_PASTE_QUESTION) ||
	    (count_lines(text) <= PASTE_LINES && strlen(text) <= PASTE_BYTES)) {
		input_insert(app->input, text);
		free(text);
		return;
	}
	free(app->paste);
	app->paste = text;
}

static void
paste_forget(struct app *app)
{
	free(app->paste);
	app->paste = NULL;
}

static bool
paste_fits(const struct app *app)
{
	return strlen(input_text(app->input)) + strlen(app->paste) <=
	    LIMIT_TEXT;
}

/* One message, with what was written already. */
static void
paste_send(struct app *app)
{
	char *text;

	/* several lines that begin with a slash are no command */
	if (input_text(app->input)[0] == '\0' && app->paste[0] == '/')
		input_insert(app->input, "/");
	input_insert(app->input, app->paste);
	text = mem_text(input_text(app->input));
	input_put(app->input, "", 0);
	paste_forget(app);
	app_entered(app, text);
	free(text);
}

/* True: the key was an answer, or none that could be understood. */
static bool
paste_key(struct app *app, enum action action, const struct key *key)
{
	bool yes = key->code == KEYS_ENTER && key->modifiers == 0;
	bool no = key->code == 'n' || action == ACTION_CLOSE ||
	    action == ACTION_INTERRUPT || is_control(key, 'g');

	if (action == ACTION_REPAINT || action == ACTION_SUSPEND)
		return false;
	if ((yes || key->code == 'y') && paste_fits(app)) {
		paste_send(app);
	} else if (key->code == 'e') {
		input_insert(app->input, app->paste);
		paste_forget(app);
	} else if (no) {
		paste_forget(app);
	}
	return true;
}

static void
paste_question(const struct app *app, char question[static APP_QUESTION])
{
	double kib = (double)strlen(app->paste) / 1024;
	size_t lines = count_lines(app->paste);

	if (!paste_fits(app))
		snprintf(question, APP_QUESTION,
		    "%zu line%s, %.1f KiB: too long for one message (%d KiB); "
		    "e edit, Esc no",
		    lines, lines == 1 ? "" : "s", kib, LIMIT_TEXT / 1024);
	else if (lines > 1)
		snprintf(question, APP_QUESTION,
		    "paste %zu lines as one message? Enter yes, Esc no, "
		    "e edit",
		    lines);
	else
		snprintf(question, APP_QUESTION,
		    "paste %.1f KiB as one message? Enter yes, Esc no, e edit",
		    kib);
}

/* -- what stands there ------------------------------------------------------ */

bool
app_line_key(struct app *app, enum action action, const struct key *key)
{
	if (app->paste != NULL)
		return paste_key(app, action, key);
	return app->lookup.on && key->code != KEYS_PASTE &&
	    lookup_key(app, action, key);
}

void
app_line_leave(struct app *app)
{
	paste_forget(app);
	lookup_stop(&app->lookup);
	complete_forget(&app->complete);
}

void
app_line_show(struct app *app)
{
	struct scene *scene = &app->scene;
	struct lookup *lookup = &app->lookup;
	char prompt[192], *clean;

	scene->now = app->setup.wall();
	scene->mode = LINE_PLAIN;
	scene->text = input_text(app->input);
	scene->point = input_point(app->input);
	scene->question = input_question(app->input);
	scene->complete =
	    complete_is_choice(&app->complete, scene->text, scene->point)
	    ? &app->complete
	    : NULL;
	if (app->paste != NULL) {
		/* in place of the text, to be wrapped as that is */
		scene->mode = LINE_PASTE;
		paste_question(app, app->question);
		scene->text = app->question;
		scene->point = strlen(app->question);
		scene->question = "";
	} else if (lookup->on) {
		scene->mode = LINE_SEARCH;
		if (lookup->found) {
			scene->text = recall_line(recall_here(app), lookup->at);
			scene->point = lookup->offset;
		}
		lookup_prompt(lookup, prompt);
		clean = text_clean_copy(prompt, app->windows.flags);
		snprintf(app->question, sizeof app->question, "%s", clean);
		free(clean);
		scene->question = app->question;
	}
}

void
app_arrange(struct app *app)
{
	app_line_show(app);
	scene_arrange(&app->scene);
}
