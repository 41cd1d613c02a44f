#include "tui/guide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "tui/command.h"
#include "tui/keymap.h"
#include "tui/near.h"

/* Lines of examples, and names of related commands. */
static const struct {
	enum command_id id;
	const char *examples, *related;
} rows[] = {
	{ COMMAND_JOIN, "/join #ops\n/join @bob", "part list names query" },
	{ COMMAND_PART, "/part\n/part #ops", "join quit" },
	{ COMMAND_MSG, "/msg bob are you there?", "query who-has" },
	{ COMMAND_QUERY, "/query bob", "msg part" },
	{ COMMAND_ME, "/me waves", "msg" },
	{ COMMAND_FOCUS, "/focus\n/focus 3", "reply react edit" },
	{ COMMAND_REPLY, "/reply yes, at noon", "react edit" },
	{ COMMAND_REACT, "/react \U0001F44D", "reply" },
	{ COMMAND_EDIT, "/edit\n/edit I mean tomorrow", "delete reply" },
	{ COMMAND_DELETE, NULL, "edit" },
	{ COMMAND_URL, NULL, "open copy" },
	{ COMMAND_OPEN, "/open\n/open 3", "url copy" },
	{ COMMAND_COPY, "/copy\n/copy 3", "url open" },
	{ COMMAND_TOPIC, "/topic deploy at noon\n/topic -", "list leader" },
	{ COMMAND_NICK, "/nick ana", "who set" },
	{ COMMAND_AWAY, "/away\n/away lunch, until one", "back who" },
	{ COMMAND_BACK, NULL, "away" },
	{ COMMAND_NAMES, "/names #ops", "who list" },
	{ COMMAND_WHO, NULL, "whois names leader" },
	{ COMMAND_WHOIS, "/whois bob", "who msg ignore" },
	{ COMMAND_WHO_HAS, NULL, "why who" },
	{ COMMAND_WHY, NULL, "who-has clock" },
	{ COMMAND_LIST, NULL, "join topic" },
	{ COMMAND_HISTORY, "/history 500", "clear search" },
	{ COMMAND_SEARCH, "/search deploy noon\n/search deploy*", "history" },
	{ COMMAND_EXPORT, "/export\n/export ~/ops.txt\n/export ops jsonl",
	    "search history" },
	{ COMMAND_CLEAR, NULL, "history" },
	{ COMMAND_IGNORE, "/ignore\n/ignore mallory", "mute whois" },
	{ COMMAND_MUTE, "/mute\n/mute #ops", "ignore highlight" },
	{ COMMAND_NOTIFY, "/notify\n/notify #ops all\n/notify none",
	    "mute highlight" },
	{ COMMAND_HIGHLIGHT, "/highlight\n/highlight deploy", "mute ignore" },
	{ COMMAND_FILTER, NULL, "mute set" },
	{ COMMAND_LEADER, NULL, "elect health" },
	{ COMMAND_ELECT, NULL, "leader ring" },
	{ COMMAND_HEALTH, NULL, "ring peers clock net" },
	{ COMMAND_NET, NULL, "doctor health connect" },
	{ COMMAND_DOCTOR, NULL, "net connect" },
	{ COMMAND_PARTITION, NULL, "net ring" },
	{ COMMAND_RING, NULL, "health peers" },
	{ COMMAND_PEERS, NULL, "health who" },
	{ COMMAND_CLOCK, NULL, "health why" },
	{ COMMAND_CONNECT, "/connect 192.0.2.7:40123\n/connect harbour",
	    "net who" },
	{ COMMAND_SET,
	    "/set\n/set theme light\n/set rooms #lobby #ops\n/set theme -",
	    "save help" },
	{ COMMAND_THEME, "/theme\n/theme contrast\n/theme auto", "set save" },
	{ COMMAND_BIND,
	    "/bind\n/bind F5 active-room\n/bind F6 /topic\n/bind F6 -",
	    "unbind help save" },
	{ COMMAND_UNBIND, "/unbind Ctrl+P", "bind save" },
	{ COMMAND_ALIAS,
	    "/alias hi /me waves at $1\n/alias j /join\n/alias hi",
	    "unalias bind save" },
	{ COMMAND_UNALIAS, "/unalias hi", "alias save" },
	{ COMMAND_SAVE, NULL, "set" },
	{ COMMAND_HELP, "/help join\n/help theme\n/help Alt+A\n/help keys",
	    "set" },
	{ COMMAND_QUIT, NULL, "part" },
};

enum guide_topic
guide_topic(const char *name)
{
	return strcasecmp(name, "keys") == 0    ? GUIDE_KEYS
	    : strcasecmp(name, "commands") == 0 ? GUIDE_COMMANDS
	    : strcasecmp(name, "settings") == 0 ? GUIDE_SETTINGS
						: GUIDE_NONE;
}

/* "\nFor example: /part · /part #ops" */
static void
put_examples(struct bytes *text, const char *examples)
{
	const char *lead = "\nFor example: ";

	while (*examples != '\0') {
		size_t size = strcspn(examples, "\n");

		bytes_append_text(text, lead);
		bytes_append(text, examples, size);
		lead = " · ";
		examples += size + (examples[size] == '\n');
	}
}

static void
put_related(struct bytes *text, const char *related)
{
	const char *lead = "\nSee also: /";

	while (*related != '\0') {
		size_t size = strcspn(related, " ");

		bytes_append_text(text, lead);
		bytes_append(text, related, size);
		lead = ", /";
		related += size + (related[size] == ' ');
	}
}

static char *
finish(struct bytes *text)
{
	bytes_append(text, "", 1);
	return (char *)text->data;
}

static char *
command_text(const struct command_spec *spec)
{
	enum setting_id id;
	struct bytes text;

	bytes_init(&text);
	bytes_append_text(&text, "/");
	bytes_append_text(&text, spec->name);
	bytes_append_text(&text, spec->arguments[0] != '\0' ? " " : "");
	bytes_append_text(&text, spec->arguments);
	bytes_append_text(&text, "\n");
	bytes_append_text(&text, spec->help);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].id != spec->id)
			continue;
		if (rows[i].examples != NULL)
			put_examples(&text, rows[i].examples);
		put_related(&text, rows[i].related);
	}
	if (setting_named(spec->name, &id)) {
		bytes_append_text(&text,
		    "\nThere is a setting of that name "
		    "too: /set ");
		bytes_append_text(&text, spec->name);
	}
	return finish(&text);
}

char *
guide_setting(enum setting_id id, const struct setting_values *settings)
{
	const struct setting_spec *spec = &setting_table[id];
	char *written = setting_written(settings, id);
	char allowed[128];
	struct bytes text;

	bytes_init(&text);
	bytes_append_text(&text, spec->name);
	bytes_append_text(&text, " = ");
	bytes_append_text(&text, written[0] != '\0' ? written : "-");
	bytes_append_text(&text, ": ");
	bytes_append_text(&text, spec->help);
	bytes_append_text(&text, ". It takes ");
	setting_allowed(id, allowed);
	bytes_append_text(&text, allowed);
	if (spec->initial[0] != '\0') {
		bytes_append_text(&text, "; without being set it is ");
		bytes_append_text(&text, spec->initial);
	}
	bytes_append_text(&text,
	    spec->live ? "." : ". It holds from the next start on.");
	free(written);
	return finish(&text);
}

/* "Alt+A: next room with activity, mentions first (active-room)." */
static char *
key_text(const char *name, const struct setting_values *settings)
{
	const struct setting_value *binds = &settings->items[SETTING_ID_BIND];
	struct keymap keymap = { 0 };
	const struct keymap_row *row;
	char label[KEY_TEXT], action_name[32], *text = NULL;
	const char *command;
	struct key key = { 0 };
	enum action action;
	size_t which = 0;
	int done = 0;

	if (!key_parse(name, strlen(name), &key.code, &key.modifiers))
		return NULL;
	keymap_take(&keymap, binds->words, binds->word_count);
	action = keymap_find(&keymap, &key, &which);
	command = keymap_command(&keymap, &key);
	row = keymap_row(action);
	key_format(key.code, key.modifiers, label);
	keymap_name(action, which, action_name);
	if (row != NULL)
		done = asprintf(&text, "%s: %s; /bind calls it %s.", label,
		    row->help, action_name);
	else if (command != NULL)
		done = asprintf(&text, "%s: %s", label, command);
	keymap_free(&keymap);
	return done < 0 ? NULL : text;
}

/* "/hi = /me waves at $1", of a person's own. */
static char *
alias_text(const char *name, const struct setting_values *settings)
{
	const char *line = setting_line(settings, SETTING_ID_ALIAS, name,
	    strlen(name));
	char *text;

	if (line == NULL ||
	    asprintf(&text,
		"/%s is a command of your own, for %s\n/alias %s TEXT makes "
		"it another, /unalias %s forgets it.",
		name, line + strlen(name) + 1, name, name) < 0)
		return NULL;
	return text;
}

static const char *
name_at(size_t index)
{
	return index < command_count
	    ? command_table[index].name
	    : setting_table[index - command_count].name;
}

static void
explain_unknown(const char *name, char problem[static 512])
{
	const char *near =
	    near_word(name, name_at, command_count + SETTINGS_COUNT);
	int size = (int)utf8_cut(name, 64);

	if (near != NULL)
		snprintf(problem, 512,
		    "There is no help on %.*s; try /help %s.", size, name,
		    near);
	else
		snprintf(problem, 512,
		    "There is no help on %.*s, for it is no command, setting "
		    "or key; /help lists them all.",
		    size, name);
}

/* Several begin so: that sentence stays. */
static bool
is_beginning(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strncasecmp(command_table[i].name, name, strlen(name)) == 0)
			return true;
	return false;
}

char *
guide_text(const char *name, const struct setting_values *settings,
    char problem[static 512])
{
	const char *bare = name[0] == '/' ? name + 1 : name;
	const struct command_spec *spec = command_find(name, problem);
	char *text = key_text(name, settings), sentence[256];
	enum setting_id id;

	if (text == NULL)
		text = alias_text(bare, settings);
	if (text != NULL)
		return text;
	if (spec != NULL && strcmp(spec->name, bare) == 0)
		return command_text(spec);
	if (setting_named(bare, &id) ||
	    (spec == NULL && !is_beginning(bare) &&
		setting_find(bare, &id, sentence)))
		return guide_setting(id, settings);
	if (spec != NULL)
		return command_text(spec);
	if (!is_beginning(bare))
		explain_unknown(bare, problem);
	return NULL;
}
