/* What a person enters: lines to say, and commands. */
#include "tui/app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/alias.h"
#include "tui/guide.h"
#include "tui/export.h"
#include "tui/near.h"
#include "tui/people.h"

static const char NO_ROOM[] = "This is not a room; /join #NAME enters one.";

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

/* Who writes to one person alone is told that they are away. */
static void
app_tell_away(struct app *app, const struct window *window)
{
	const char *why = window->direct
	    ? group_away(&app->windows.group, &window->peer)
	    : NULL;
	char hint[LIMIT_AWAY + 128];

	if (why == NULL)
		return;
	snprintf(hint, sizeof hint, "%.64s is away%s%s", window->name + 1,
	    why[0] != '\0' ? ": " : "", why);
	app_hint(app, hint);
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
	app->scene.said = true;
	app_say_in(app, window, kind, text);
	app_tell_away(app, window);
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
	app_tell_away(app, window);
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
struct window *
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

	snprintf(text, sizeof text, "You are not in %s; /join enters it.", room);
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
		    "Only the two of you are in here.");
	else if (room[0] == '\0' && window->room == NULL)
		app_notice(app, LINE_ERROR,
		    "This is not a room; name one, like #ops.");
	else if (window == NULL && verb == DCHAT_PART)
		app_not_in(app, room);
	else
		app_ask(app,
		    (struct dchat_command){ .verb = verb,
			.room = room[0] != '\0' ? room : window->room });
}

/* Topics and nicks are the leader's to decide; it may take a while. */
void
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

static void
app_history(struct app *app, size_t number)
{
	struct window *window = windows_current(&app->windows);

	if (number == 0 && !app_is_plain(app))
		number = APP_PAGE_ASKED;
	if (window->room == NULL)
		app_notice(app, LINE_ERROR, NO_ROOM);
	else if (app_is_plain(app))
		app_plain_history(app, number);
	else if (!scrollback_has_older(window->scrollback) &&
	    scrollback_lost(window->scrollback) == 0)
		app_notice(app, LINE_NOTICE, "There is nothing older.");
	else if (window->fetch_token == 0)
		app_fetch(app, window, number < APP_PAGE_MOST ? number : APP_PAGE_MOST,
		    scrollback_oldest(window->scrollback), true);
}

static void
app_whois(struct app *app, const char *name)
{
	char room[1 + ID_TEXT] = "@", problem[256];
	struct id id;

	if (!people_find(&app->windows, name, &id, problem)) {
		app_notice(app, LINE_ERROR, problem);
		return;
	}
	id_format(&id, room + 1);
	windows_asked(&app->windows, app->token + 1, DCHAT_PEERS, room);
	app_submit(app, (struct dchat_command){ .verb = DCHAT_PEERS });
}

/* "FILE", "FILE jsonl", "jsonl" or nothing; the rest is chosen. */
static void
app_export(struct app *app, const char *text)
{
	const struct window *window = windows_current(&app->windows);
	struct export_wish wish;
	char told[EXPORT_FILE + 64], problem[256];

	if (window->room == NULL) {
		app_notice(app, LINE_ERROR, NO_ROOM);
		return;
	}
	if (!export_wish(&wish, text, window->name, app->setup.wall(),
		problem)) {
		app_notice(app, LINE_ERROR, problem);
		return;
	}
	snprintf(told, sizeof told, "writing to %s", wish.file);
	app_hint(app, told);
	app_ask(app,
	    (struct dchat_command){ .verb = DCHAT_EXPORT,
		.room = window->room,
		.name = wish.file,
		.json = wish.json });
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
app_why(struct app *app)
{
	char *text = waiting_why(&windows_current(&app->windows)->waiting,
	    app->setup.wall());

	app_notice(app, LINE_NOTICE, text);
	free(text);
}

static void
app_help(struct app *app, const char *name)
{
	enum guide_topic topic = name != NULL ? guide_topic(name) : GUIDE_NONE;
	char problem[512], *text;

	if (app_is_plain(app) && (name == NULL || topic != GUIDE_NONE)) {
		app_plain_help(app, topic);
		return;
	}
	if (name == NULL || topic != GUIDE_NONE) {
		panel_open(&app->scene, PANEL_HELP);
		app_arrange(app);
		panel_scroll(&app->scene, 0,
		    (long)view_help_row(&app->scene, topic,
			panel_columns(&app->scene)));
		return;
	}
	text = guide_text(name, app->setup.settings, problem);
	app_notice(app, text != NULL ? LINE_NOTICE : LINE_ERROR,
	    text != NULL ? text : problem);
	free(text);
}

static void
app_partition(struct app *app)
{
	const struct group *group = &app->windows.group;
	time_t seconds = (time_t)(group->cut_at / 1000);
	struct tm local;
	char since[32] = "", *text;

	if (group->lost[0] == '\0') {
		app_notice(app, LINE_NOTICE, "Nobody is out of reach.");
		return;
	}
	if (group->cut_at != 0 && localtime_r(&seconds, &local) != NULL)
		strftime(since, sizeof since, " since %H:%M", &local);
	if (asprintf(&text,
		"Out of reach%s: %s. Both sides go on, each with a leader of "
		"its own; what is said meets again when they are back.",
		since, group->lost) < 0)
		return;
	app_notice(app, LINE_NOTICE, text);
	free(text);
}

static void
app_show_net(struct app *app)
{
	if (app_is_plain(app)) {
		app_plain_panel(app, PANEL_NET, -1);
		return;
	}
	panel_open(&app->scene, PANEL_NET);
	app_look(app);
}

static void
app_show_health(struct app *app, int section)
{
	if (app_is_plain(app)) {
		app_plain_panel(app, PANEL_HEALTH, section);
		return;
	}
	panel_open_at(&app->scene, PANEL_HEALTH, section);
	app_look(app);
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
	case COMMAND_FOCUS: app_focus_on(app, command->number); break;
	case COMMAND_REPLY: app_reply(app, command->text); break;
	case COMMAND_REACT: app_react(app, command->text); break;
	case COMMAND_EDIT: app_edit(app, command->text); break;
	case COMMAND_DELETE: app_delete(app); break;
	case COMMAND_URL: app_url(app); break;
	case COMMAND_OPEN: app_open(app, command->number); break;
	case COMMAND_COPY: app_copy(app, command->number); break;
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
	case COMMAND_AWAY:
		app_ask(app,
		    (struct dchat_command){ .verb = DCHAT_AWAY,
			.text = command->text });
		break;
	case COMMAND_BACK:
		app_ask(app, (struct dchat_command){ .verb = DCHAT_BACK });
		break;
	case COMMAND_WHO_HAS: app_who_has(app); break;
	case COMMAND_WHY: app_why(app); break;
	case COMMAND_LIST:
		app_ask(app, (struct dchat_command){ .verb = DCHAT_ROOMS });
		break;
	case COMMAND_HISTORY: app_history(app, command->number); break;
	case COMMAND_EXPORT: app_export(app, command->text); break;
	case COMMAND_SEARCH: app_search(app, command->text); break;
	case COMMAND_CLEAR:
		if (app_is_plain(app))
			app_tell(app, "There is no screen to clear.");
		else
			scrollback_clear(
			    windows_current(&app->windows)->scrollback);
		break;
	case COMMAND_IGNORE: app_ignore(app, command->text); break;
	case COMMAND_MUTE: app_mute(app, command->text); break;
	case COMMAND_NOTIFY: app_notify(app, command->text); break;
	case COMMAND_HIGHLIGHT: app_highlight(app, command->text); break;
	case COMMAND_FILTER: app_filter(app); break;
	case COMMAND_NAMES:
		app_ask_room(app, DCHAT_MEMBERS, command->room);
		break;
	case COMMAND_WHO:
		app_ask(app, (struct dchat_command){ .verb = DCHAT_PEERS });
		break;
	case COMMAND_WHOIS: app_whois(app, command->text); break;
	case COMMAND_LEADER:
		app_ask(app, (struct dchat_command){ .verb = DCHAT_STATUS });
		break;
	case COMMAND_HEALTH: app_show_health(app, -1); break;
	case COMMAND_NET:
	case COMMAND_DOCTOR: app_show_net(app); break;
	case COMMAND_PARTITION: app_partition(app); break;
	case COMMAND_RING: app_show_health(app, HEALTH_RING); break;
	case COMMAND_PEERS: app_show_health(app, HEALTH_PEERS); break;
	case COMMAND_CLOCK: app_show_health(app, HEALTH_CLOCKS); break;
	case COMMAND_ELECT: app_elect(app); break;
	case COMMAND_CONNECT:
		app_ask(app,
		    (struct dchat_command){ .verb = DCHAT_CONNECT,
			.address = command->text });
		break;
	case COMMAND_SET: app_set(app, command->text); break;
	case COMMAND_THEME: app_theme(app, command->text); break;
	case COMMAND_BIND: app_bind(app, command->text); break;
	case COMMAND_UNBIND: app_unbind(app, command->text); break;
	case COMMAND_ALIAS: app_alias(app, command->text); break;
	case COMMAND_UNALIAS: app_unalias(app, command->text); break;
	case COMMAND_SAVE: app_save(app); break;
	case COMMAND_HELP: app_help(app, command->text); break;
	case COMMAND_QUIT:
		app_quit(app, "quit");
		break;
	}
}

/* One of the person's own commands may be meant by a name that is none. */
static void
app_suggest(struct command *command, const struct setting_value *aliases,
    const char *text)
{
	char *names[SETTING_LINES_MOST], problem[512];
	char *typed = mem_span(text + 1, strcspn(text + 1, " \t\n"));
	const char *near = NULL;
	size_t count = 0;

	if (command_find(typed, problem) == NULL) {
		for (; count < aliases->word_count; count++)
			names[count] = mem_span(aliases->words[count],
			    strcspn(aliases->words[count], " "));
		near = near_of(typed, names, count);
	}
	if (near != NULL)
		snprintf(command->problem, sizeof command->problem,
		    "There is no command /%.*s; did you mean /%s?",
		    (int)utf8_cut(typed, 64), typed, near);
	while (count > 0)
		free(names[--count]);
	free(typed);
}

/* With the commands of the person's own. */
static void
app_parse(const struct app *app, struct command *command, const char *text)
{
	const struct setting_value *aliases =
	    &app->setup.settings->items[SETTING_ID_ALIAS];
	char problem[256], *line = alias_expand(aliases->words,
	    aliases->word_count, text, problem);

	if (problem[0] != '\0') {
		*command = (struct command){ .id = COMMAND_WRONG };
		snprintf(command->problem, sizeof command->problem, "%s",
		    problem);
		return;
	}
	command_parse(command, line != NULL ? line : text);
	if (command->id == COMMAND_WRONG && line == NULL)
		app_suggest(command, aliases, text);
	free(line);
}

void
app_entered(void *self, const char *text)
{
	struct app *app = self;
	struct command command;

	if (app_searching(app)) {
		app_search_entered(app, text);
		app_fetch_shown(app);
		app_follow(app);
		return;
	}
	app_parse(app, &command, text);
	if (command.too_long && !app_is_plain(app))
		input_put(app->input, text, strlen(text));
	else
		recall_add(windows_current(&app->windows)->recall, text);
	app_command(app, &command);
	command_free(&command);
	app_fetch_shown(app);
	app_follow(app);
}

void
app_run(struct app *app, const char *line)
{
	struct command command;

	app_parse(app, &command, line);
	app_command(app, &command);
	command_free(&command);
}

