/* Whom and what a person wants to hear: /ignore, /mute, /notify,
 * /highlight. */
#include "tui/app_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/people.h"
#include "tui/text.h"

static void say(struct app *app, enum line_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
say(struct app *app, enum line_kind kind, const char *format, ...)
{
	char *text;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0) {
		app_notice(app, kind, text);
		free(text);
	}
	va_end(arguments);
}

static void
say_full(struct app *app)
{
	say(app, LINE_ERROR, "There are %d of these already; undo one first.", ATTENTION_MOST);
}

/* -- what there is of it --------------------------------------------------- */

/* Of today, or as last known. */
static char *
person_name(const struct app *app, const struct attention_person *person)
{
	const struct group *group = &app->windows.group;
	const struct group_peer *peer = group_peer(group, &person->id);

	return group_name(peer != NULL ? peer->nick : person->nick,
	    &person->id, group->flags);
}

/* How a room is shown, open or not. */
static char *
room_name(const struct app *app, const char *room)
{
	const struct windows *windows = &app->windows;
	const struct window *window = windows_find(windows, room);
	const struct group_peer *peer;
	char *nick, *name;
	struct id id;

	if (window != NULL)
		return mem_text(window->name);
	if (room[0] != '@' || !id_parse(room + 1, &id))
		return text_clean_copy(room, windows->flags);
	peer = group_peer(&windows->group, &id);
	nick = group_name(peer != NULL ? peer->nick : "", &id, windows->flags);
	if (asprintf(&name, "@%s", nick) < 0)
		name = mem_text(room);
	free(nick);
	return name;
}

size_t
app_heard(const struct app *app, enum attention_kind kind,
    char *names[static ATTENTION_MOST])
{
	const struct attention *attention = &app->windows.attention;
	size_t count = 0;

	switch (kind) {
	case ATTENTION_IGNORED:
		for (; count < attention->ignored_count; count++)
			names[count] =
			    person_name(app, &attention->ignored[count]);
		break;
	case ATTENTION_MUTED:
		for (; count < attention->muted.count; count++)
			names[count] =
			    room_name(app, attention->muted.items[count]);
		break;
	case ATTENTION_LOUD:
		for (; count < attention->loud.count; count++)
			names[count] =
			    room_name(app, attention->loud.items[count]);
		break;
	case ATTENTION_WORDS:
		for (; count < attention->words.count; count++)
			names[count] = mem_text(attention->words.items[count]);
		break;
	case ATTENTION_KINDS: break;
	}
	return count;
}

static void
say_list(struct app *app, enum attention_kind kind)
{
	static const struct {
		const char *before, *behind, *none;
	} texts[ATTENTION_KINDS] = {
		[ATTENTION_IGNORED] = { "You hear nothing of",
		    "/ignore -NICK undoes it.",
		    "You hear everybody; /ignore NICK hides what somebody "
		    "says." },
		[ATTENTION_MUTED] = { "Quiet rooms:",
		    "/mute -#ROOM undoes it.",
		    "No room is quiet; /mute #ROOM makes one so." },
		[ATTENTION_LOUD] = { "You are called for all that is said in",
		    "/notify #ROOM mentions undoes it.",
		    "You are called for mentions of you, and for what is "
		    "said to you alone; /notify #ROOM all, or none, says "
		    "otherwise." },
		[ATTENTION_WORDS] = { "Mentions besides your nick:",
		    "/highlight -WORD undoes it.",
		    "Only your nick is a mention; /highlight WORD adds a "
		    "word, /highlight WORD* all that begin so." },
	};
	char *names[ATTENTION_MOST];
	size_t count = app_heard(app, kind, names);
	struct bytes list;

	bytes_init(&list);
	for (size_t i = 0; i < count; i++) {
		bytes_append_text(&list, i > 0 ? ", " : "");
		bytes_append_text(&list, names[i]);
		free(names[i]);
	}
	if (count == 0)
		say(app, LINE_NOTICE, "%s", texts[kind].none);
	else
		say(app, LINE_NOTICE, "%s %.*s; %s", texts[kind].before,
		    (int)list.size, (const char *)list.data,
		    texts[kind].behind);
	bytes_free(&list);
}

/* -- /ignore ------------------------------------------------------------- */

static bool
find_ignored(const struct app *app, const char *name, struct id *id)
{
	const struct attention *attention = &app->windows.attention;
	bool found = false;

	for (size_t i = 0; i < attention->ignored_count && !found; i++) {
		const struct attention_person *person = &attention->ignored[i];
		char text[ID_TEXT], *nick = person_name(app, person);

		found = strcasecmp(nick, name) == 0 ||
		    strcmp(id_format(&person->id, text), name) == 0;
		if (found)
			*id = person->id;
		free(nick);
	}
	return found;
}

static void
undo_ignore(struct app *app, const char *name)
{
	char *shown = text_clean_copy(name, app->windows.flags);
	struct id id;

	if (find_ignored(app, shown, &id)) {
		windows_ignore(&app->windows, &id, false);
		say(app, LINE_NOTICE, "You hear %s again.", shown);
	} else {
		say(app, LINE_ERROR,
		    "You do not ignore %s; /ignore lists whom you do.", shown);
	}
	free(shown);
}

void
app_ignore(struct app *app, const char *who)
{
	const struct group_peer *peer;
	char problem[256], text[ID_TEXT];
	struct id id;
	bool known;

	if (who == NULL) {
		say_list(app, ATTENTION_IGNORED);
		return;
	}
	/* a nick may begin with a minus */
	known = people_find(&app->windows, who, &id, problem);
	if (!known && who[0] == '-') {
		undo_ignore(app, who + 1);
		return;
	}
	if (!known) {
		app_notice(app, LINE_ERROR, problem);
		return;
	}
	peer = group_peer(&app->windows.group, &id);
	who = peer != NULL ? peer->nick : id_format(&id, text);
	if (windows_ignore(&app->windows, &id, true))
		say(app, LINE_NOTICE,
		    "You hear nothing more of %s; /ignore -%s undoes it.",
		    who, who);
	else if (attention_ignores(&app->windows.attention, &id))
		say(app, LINE_NOTICE, "You ignore %s already.", who);
	else
		say_full(app);
}

/* -- /mute ----------------------------------------------------------------- */

/* By its name as the node knows it; "" when there is none. */
static void
find_room(const struct app *app, const char *name,
    char room[static LIMIT_ROOM_NAME + 2])
{
	const struct attention_list *muted = &app->windows.attention.muted;
	const struct window *window = app_room(app, name);

	snprintf(room, LIMIT_ROOM_NAME + 2, "%s%s",
	    name[0] == '#' || name[0] == '@' ? "" : "#", name);
	if (window != NULL && window->room != NULL) {
		snprintf(room, LIMIT_ROOM_NAME + 2, "%s", window->room);
		return;
	}
	for (size_t i = 0; name[0] == '@' && i < muted->count; i++) {
		char *shown = room_name(app, muted->items[i]);

		if (strcmp(shown, name) == 0)
			snprintf(room, LIMIT_ROOM_NAME + 2, "%s",
			    muted->items[i]);
		free(shown);
	}
}

void
app_mute(struct app *app, const char *name)
{
	char room[LIMIT_ROOM_NAME + 2];
	bool undo;
	char *shown;

	if (name == NULL) {
		say_list(app, ATTENTION_MUTED);
		return;
	}
	undo = name[0] == '-';
	find_room(app, name + undo, room);
	shown = room_name(app, room);
	if (windows_mute(&app->windows, room, !undo))
		say(app, LINE_NOTICE,
		    undo ? "%s is heard again."
			 : "%s is quiet: no sound, and last in Alt+A.",
		    shown);
	else if (attention_mutes(&app->windows.attention, room) != undo)
		say(app, LINE_NOTICE,
		    undo ? "%s is not quiet." : "%s is quiet already.", shown);
	else
		say_full(app);
	free(shown);
}

/* -- /notify --------------------------------------------------------------- */

enum level {
	LEVEL_ALL,
	LEVEL_MENTIONS,
	LEVEL_NONE,
	LEVELS,
};

static const struct {
	const char *word, *told;
} levels[LEVELS] = {
	[LEVEL_ALL] = { "all", "you are called for all that is said there" },
	[LEVEL_MENTIONS] = { "mentions",
	    "you are called when somebody names you" },
	[LEVEL_NONE] = { "none", "you are called for nothing" },
};

static enum level
level_of(const char *word)
{
	int level = 0;

	while (level < LEVELS && strcasecmp(word, levels[level].word) != 0)
		level++;
	return (enum level)level;
}

static enum level
level_now(const struct app *app, const char *room)
{
	const struct attention *attention = &app->windows.attention;

	/* all of it is to the person */
	bool loud = room[0] == '@' || attention_is_loud(attention, room);

	return attention_mutes(attention, room) ? LEVEL_NONE
	    : loud				? LEVEL_ALL
						: LEVEL_MENTIONS;
}

static void
set_level(struct app *app, const char *room, enum level level)
{
	char *shown = room_name(app, room);

	if (room[0] == '@' && level == LEVEL_MENTIONS)
		level = LEVEL_ALL;
	windows_mute(&app->windows, room, level == LEVEL_NONE);
	windows_loud(&app->windows, room,
	    level == LEVEL_ALL && room[0] != '@');
	if (level_now(app, room) != level)
		say_full(app);
	else
		say(app, LINE_NOTICE, "In %s %s.", shown, levels[level].told);
	free(shown);
}

void
app_notify(struct app *app, const char *text)
{
	const struct window *window = windows_current(&app->windows);
	char room[LIMIT_ROOM_NAME + 2], *copy, *word, *rest = NULL;
	enum level level = LEVELS;

	if (text == NULL) {
		say_list(app, ATTENTION_LOUD);
		return;
	}
	copy = mem_text(text);
	word = strtok_r(copy, " \t\n", &rest);
	snprintf(room, sizeof room, "%s",
	    window->room != NULL ? window->room : "");
	if (level_of(word) == LEVELS && strchr("#@", word[0]) != NULL) {
		find_room(app, word, room);
		word = strtok_r(NULL, " \t\n", &rest);
	}
	if (word != NULL)
		level = level_of(word);
	if (room[0] == '\0' || (word != NULL && level == LEVELS) ||
	    strtok_r(NULL, " \t\n", &rest) != NULL) {
		say(app, LINE_ERROR,
		    "It is /notify #ROOM all, mentions or none.");
	} else if (word == NULL) {
		char *shown = room_name(app, room);

		say(app, LINE_NOTICE, "In %s %s.", shown,
		    levels[level_now(app, room)].told);
		free(shown);
	} else {
		set_level(app, room, level);
	}
	free(copy);
}

/* -- /highlight -------------------------------------------------------------- */

void
app_highlight(struct app *app, const char *text)
{
	struct windows *windows = &app->windows;
	char *word;
	bool undo;

	if (text == NULL) {
		say_list(app, ATTENTION_WORDS);
		return;
	}
	undo = text[0] == '-';
	word = text_clean_copy(text + undo, windows->flags);
	if (windows_highlight(windows, word, !undo))
		say(app, LINE_NOTICE,
		    undo ? "%s is no mention any more."
			 : "%s is a mention from now on.",
		    word);
	else if (undo)
		say(app, LINE_ERROR,
		    "%s is none of the words; /highlight lists them.", word);
	else if (strlen(word) > ATTENTION_WORD)
		say(app, LINE_ERROR, "A word has at most %d bytes; take a shorter one.",
		    ATTENTION_WORD);
	else if (windows->attention.words.count == ATTENTION_MOST)
		say_full(app);
	else
		say(app, LINE_NOTICE, "%s is a mention already.", word);
	free(word);
}
