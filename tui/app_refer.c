/*
 * What a person does with one message: walk to it, answer it, react to it,
 * change or delete it.
 *
 * The message meant is the one in focus (Alt+S walks there), or else the
 * last one that makes sense: for answers and reactions what others said, for
 * changes what one said oneself.
 */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct scrollback *
app_lines(const struct app *app)
{
	return windows_current(&app->windows)->scrollback;
}

static const char SELECT_HINT[] =
    "r reply  + react  e edit  d delete  c copy  o open  "
    "Enter answered  Esc ends";

/* The line in focus comes into view. */
static void
app_focus(struct app *app, const struct line *line)
{
	size_t width, height;

	scrollback_focus(app_lines(app), line);
	if (!app_is_plain(app) && app_chat_size(app, &width, &height))
		scrollback_reveal(app_lines(app), width, height, line);
}

void
app_select(struct app *app)
{
	const struct line *line = scrollback_message_near(app_lines(app), true);

	if (line == NULL) {
		app_hint(app, "there is no message here");
		return;
	}
	app->selecting = true;
	app_focus(app, line);
	app_hint_on(app, SELECT_HINT);
}

void
app_select_end(struct app *app)
{
	app->selecting = false;
	app->hint[0] = '\0';
}

/* The line stays in focus: what is typed now is about it. */
static void
begin_command(struct app *app, const char *command, const char *text)
{
	char *line;

	app_select_end(app);
	if (asprintf(&line, "%s%s", command, text) < 0)
		return;
	input_put(app->input, line, strlen(line));
	free(line);
}

char *
app_said(const struct app *app, const struct line *line)
{
	const struct amend *edits;
	size_t count = amends_edits(scrollback_amends(app_lines(app)),
	    line->msg, &line->author, &edits);

	if (count > 0)
		return mem_text(edits[count - 1].text);
	return mem_text(line->said != NULL ? line->said : line->text);
}

static void
begin_edit(struct app *app, const struct line *line)
{
	char *text;

	if (!line->self) {
		app_hint_on(app, "only what you said yourself can be changed");
		return;
	}
	text = app_said(app, line);
	if (app_is_plain(app)) {
		app_tell(app, "/edit TEXT changes what you said:");
		app_tell(app, text);
	} else {
		begin_command(app, "/edit ", text);
	}
	free(text);
}

static void
show_answered(struct app *app, const struct line *line)
{
	const struct line *other = line->ref[0] != '\0'
	    ? scrollback_find(app_lines(app), line->ref)
	    : NULL;

	if (line->ref[0] == '\0')
		app_hint_on(app, "this answers nothing");
	else if (other == NULL)
		app_visit(app, windows_current(&app->windows), line->ref);
	else
		app_focus(app, other);
}

static void
select_letter(struct app *app, const struct line *line, const struct key *key)
{
	if (key->size != 1)
		return;
	switch (key->bytes[0]) {
	case 'r': begin_command(app, "/reply ", ""); break;
	case '+': begin_command(app, "/react ", ""); break;
	case 'e': begin_edit(app, line); break;
	case 'd':
		if (line->self)
			begin_command(app, "/delete", "");
		else
			app_hint_on(app,
			    "only what you said yourself can be deleted");
		break;
	case '/': begin_command(app, "/", ""); break;
	case 'o': app_open(app, 0); break;
	case 'c': app_copy(app, 0); break;
	case '\r':
	case '\n': show_answered(app, line); break;
	default: break;
	}
}

bool
app_select_key(struct app *app, enum action action, const struct key *key)
{
	const struct line *line = scrollback_focused(app_lines(app));
	bool up = action == ACTION_OLDER || action == ACTION_LINE_UP ||
	    action == ACTION_MENTION_UP;
	bool down = action == ACTION_NEWER || action == ACTION_LINE_DOWN ||
	    action == ACTION_MENTION_DOWN;

	if (line == NULL || (action != ACTION_NONE && !up && !down)) {
		scrollback_focus(app_lines(app), NULL);
		app_select_end(app);
		return action == ACTION_CLOSE || action == ACTION_SELECT ||
		    action == ACTION_INTERRUPT;
	}
	if (!up && !down) {
		select_letter(app, line, key);
		return true;
	}
	line = scrollback_message_near(app_lines(app), up);
	if (line != NULL)
		app_focus(app, line);
	app_hint_on(app, SELECT_HINT);
	return true;
}

/* -- commands ------------------------------------------------------------ */

/* Not so many messages are here. */
static void
tell_too_few(struct app *app, size_t count)
{
	char problem[128];

	if (count == 0)
		snprintf(problem, sizeof problem, "There is no message here.");
	else
		snprintf(problem, sizeof problem,
		    "There %s %zu message%s here; /history fetches older "
		    "ones.",
		    count == 1 ? "is" : "are", count, count == 1 ? "" : "s");
	app_notice(app, LINE_ERROR, problem);
}

void
app_focus_on(struct app *app, size_t number)
{
	const struct line *line = NULL, *above;
	size_t count = 0;

	windows_live(&app->windows);
	for (; count < (number > 0 ? number : 1); count++) {
		above = scrollback_message_near(app_lines(app), true);
		if (above == NULL)
			break;
		line = above;
		scrollback_focus(app_lines(app), line);
	}
	if (line == NULL || count < number) {
		scrollback_focus(app_lines(app), NULL);
		tell_too_few(app, count);
		return;
	}
	if (app_is_plain(app)) {
		app_plain_focus(app, line);
		return;
	}
	app->selecting = true;
	app_focus(app, line);
	app_hint_on(app, SELECT_HINT);
}

/* The message that a command is about; NULL: the person was told. */
static const struct line *
app_target(struct app *app, bool own)
{
	const struct line *line = scrollback_focused(app_lines(app));

	if (line == NULL || line->msg[0] == '\0')
		line = own ? scrollback_own(app_lines(app))
			   : scrollback_other(app_lines(app));
	if (line == NULL)
		app_notice(app, LINE_ERROR,
		    own ? "You have said nothing here."
			: "Nobody else has said anything here.");
	else if (line->deleted)
		app_notice(app, LINE_ERROR,
		    "That message was deleted; say something new.");
	else if (own && !line->self)
		app_notice(app, LINE_ERROR,
		    "Only what you said yourself can be changed or deleted.");
	else
		return line;
	return NULL;
}

static struct dchat_command
referring(const struct app *app, enum message_kind kind,
    const struct line *line, const char *text)
{
	return (struct dchat_command){ .verb = DCHAT_SAY,
		.room = windows_current(&app->windows)->room,
		.kind = kind,
		.ref = line->msg,
		.text = text };
}

void
app_reply(struct app *app, const char *text)
{
	struct window *window = windows_current(&app->windows);
	const struct line *line = app_target(app, false);
	struct dchat_command command;
	char ref[MSG_TEXT];

	if (line == NULL)
		return;
	/* the line of the pending message may push this one out */
	command = referring(app, KIND_REPLY, line, text);
	snprintf(ref, sizeof ref, "%s", line->msg);
	command.ref = ref;
	windows_live(&app->windows);
	scrollback_focus(window->scrollback, NULL);
	windows_said(&app->windows, window, app->token + 1, KIND_REPLY, text,
	    app->setup.wall());
	app_submit(app, command);
}

void
app_react(struct app *app, const char *text)
{
	const struct line *line = app_target(app, false);

	if (line == NULL)
		return;
	app_ask(app,
	    referring(app, KIND_REACTION, line, text != NULL ? text : ""));
	scrollback_focus(app_lines(app), NULL);
}

void
app_edit(struct app *app, const char *text)
{
	const struct line *line = app_target(app, true);

	if (line == NULL)
		return;
	if (text == NULL) {
		app_focus(app, line);
		begin_edit(app, line);
		return;
	}
	app_ask(app, referring(app, KIND_EDIT, line, text));
	scrollback_focus(app_lines(app), NULL);
}

void
app_delete(struct app *app)
{
	const struct line *line = app_target(app, true);

	if (line == NULL)
		return;
	app_ask(app, referring(app, KIND_DELETE, line, ""));
	scrollback_focus(app_lines(app), NULL);
}
