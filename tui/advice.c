#include "tui/advice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/command.h"
#include "tui/panel.h"

/* So long a profile is young, and the hint line is of use. */
#define DAYS_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

enum { HINT_AUTO, HINT_ON, HINT_OFF }; /* words of the setting */

bool
advice_wanted(const struct scene *scene)
{
	const struct group *group = &scene->windows->group;
	long choice = setting_number(scene->settings, SETTING_ID_HINT_LINE);

	if (choice != HINT_AUTO)
		return choice == HINT_ON;
	return group->ready && scene->now - group->since < DAYS_MS;
}

static void say(struct advice *advice, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
say(struct advice *advice, const char *key, const char *format, ...)
{
	struct advice_part *part;
	va_list arguments;

	if (advice->count == ADVICE_PARTS)
		return;
	part = &advice->parts[advice->count++];
	part->key = key;
	va_start(arguments, format);
	vsnprintf(part->words, sizeof part->words, format, arguments);
	va_end(arguments);
}

/* What the line is for just now; false: for nothing special. */
static bool
for_the_mode(const struct scene *scene, struct advice *advice)
{
	switch (scene->mode) {
	case LINE_PLAIN: return false;
	case LINE_SEARCH:
		say(advice, "Ctrl+R", "older");
		say(advice, "Down", "newer");
		say(advice, "Enter", "takes it, to be changed or sent");
		say(advice, "Esc", "leaves");
		return true;
	case LINE_PASTE:
		say(advice, "Enter", "says it");
		say(advice, "e", "puts it into the line");
		say(advice, "Esc", "forgets it");
		return true;
	}
	return false;
}

/* Behind /set: what the setting is for, and what it takes. */
static bool
for_a_setting(const char *rest, struct advice *advice)
{
	char name[32], problem[256], allowed[128];
	size_t size = strcspn(rest, " ");
	enum setting_id id;

	if (size == 0 || size >= sizeof name || rest[size] == '\0')
		return false;
	memcpy(name, rest, size);
	name[size] = '\0';
	if (!setting_find(name, &id, problem)) {
		say(advice, "", "there is no such setting");
		return true;
	}
	setting_allowed(id, allowed);
	say(advice, "", "%s (%s)", setting_table[id].help, allowed);
	return true;
}

/* A command that is being typed: how it goes on. */
static bool
for_a_command(const char *text, struct advice *advice)
{
	char name[32], problem[512];
	size_t size = strcspn(text, " ");
	const struct command_spec *spec;

	if (text[0] != '/' || text[1] == '/' || text[1] == '\0' ||
	    size >= sizeof name)
		return false;
	memcpy(name, text, size);
	name[size] = '\0';
	spec = command_find(name, problem);
	if (spec == NULL) {
		say(advice, "Tab", "shows the commands that begin so");
		say(advice, "F1", "all of them");
		return true;
	}
	text += size;
	text += strspn(text, " ");
	if (spec->id == COMMAND_SET && for_a_setting(text, advice))
		return true;
	say(advice, "", "/%s%s%s: %s", spec->name,
	    spec->arguments[0] != '\0' ? " " : "", spec->arguments, spec->help);
	return true;
}

static bool
for_the_text(const struct scene *scene, struct advice *advice)
{
	const char *text = scene->text;

	if (strcmp(text, "/") == 0) {
		say(advice, "Tab", "shows the commands");
		say(advice, "F1", "explains them");
		return true;
	}
	if (for_a_command(text, advice))
		return true;
	if (strchr(text, '\n') == NULL)
		return false;
	say(advice, "Enter", "says all lines as one message");
	say(advice, "Alt+Enter", "another line");
	return true;
}

static bool
for_who_reads(const struct scene *scene, struct advice *advice)
{
	const struct scrollback *lines =
	    windows_current(scene->windows)->scrollback;

	if (scene->panel != PANEL_NONE) {
		say(advice, "Esc", "back to the room");
		say(advice, "PgUp", "and PgDn scroll");
		return true;
	}
	if (scrollback_is_live(lines))
		return false;
	say(advice, "Ctrl+End", "to the newest line");
	say(advice, "PgUp", "and PgDn scroll");
	return true;
}

static bool
for_who_is_alone(const struct scene *scene, struct advice *advice)
{
	const struct group *group = &scene->windows->group;

	if (!group->ready || group->peer_count > 0)
		return false;
	say(advice, "", "start dchat on another machine");
	say(advice, "F3", "what the network does");
	say(advice, "F1", "help");
	return true;
}

static bool
for_who_has_no_room(const struct scene *scene, struct advice *advice)
{
	if (windows_current(scene->windows)->room != NULL)
		return false;
	say(advice, "", "/join #NAME enters a room");
	say(advice, "", "/list shows them all");
	say(advice, "F1", "help");
	return true;
}

/* Something to read elsewhere: the room that Alt+A would go to. */
static void
tell_unread(const struct scene *scene, struct advice *advice)
{
	const struct window *best = windows_most_active(scene->windows);

	if (best != NULL && best->unread > 0)
		say(advice, "Alt+A", "%s: %zu to read", best->name,
		    best->unread);
}

void
advice_make(const struct scene *scene, struct advice *advice)
{
	const struct window *window = windows_current(scene->windows);

	advice->count = 0;
	if (for_the_mode(scene, advice) || for_the_text(scene, advice) ||
	    for_who_reads(scene, advice) ||
	    for_who_has_no_room(scene, advice) ||
	    for_who_is_alone(scene, advice))
		return;
	tell_unread(scene, advice);
	if (!scene->said) {
		say(advice, "Enter", "says what you write, to all in %s",
		    window->name);
		say(advice, "Tab", "completes nicks");
	} else {
		say(advice, "PgUp", "reads back");
		say(advice, "Up", "what you wrote");
	}
	if (scene->windows->count > 1)
		say(advice, "Alt+1", "Alt+2 ... rooms");
	say(advice, "F1", "help");
}
