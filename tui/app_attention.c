/* Whom and what a person wants to hear: /ignore, /mute, /highlight. */
#include "tui/app_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
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
	say(app, LINE_ERROR, "There are %d of these already.", ATTENTION_MOST);
}

/* "BEFORE ana, bob; BEHIND", or what there is to say without any. */
static void
say_list(struct app *app, struct bytes *list, const char *before,
    const char *behind, const char *none)
{
	if (list->size == 0)
		say(app, LINE_NOTICE, "%s", none);
	else
		say(app, LINE_NOTICE, "%s %.*s; %s", before, (int)list->size,
		    (const char *)list->data, behind);
	bytes_free(list);
}

static void
list_add(struct bytes *list, const char *name)
{
	bytes_append_text(list, list->size > 0 ? ", " : "");
	bytes_append_text(list, name);
}

/* -- /ignore ------------------------------------------------------------- */

/* Of today, or as last known; the caller frees it. */
static char *
person_name(const struct app *app, const struct attention_person *person)
{
	const struct group *group = &app->windows.group;
	const struct group_peer *peer = group_peer(group, &person->id);

	return group_name(peer != NULL ? peer->nick : person->nick,
	    &person->id, group->flags);
}

static void
list_ignored(struct app *app)
{
	const struct attention *attention = &app->windows.attention;
	struct bytes list;

	bytes_init(&list);
	for (size_t i = 0; i < attention->ignored_count; i++) {
		char *name = person_name(app, &attention->ignored[i]);

		list_add(&list, name);
		free(name);
	}
	say_list(app, &list, "You hear nothing of", "/ignore -NICK undoes it.",
	    "You hear everybody; /ignore NICK hides what somebody says.");
}

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
		list_ignored(app);
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

/* How a room is shown, open or not; the caller frees it. */
static char *
room_name(const struct app *app, const char *room)
{
	const struct windows *windows = &app->windows;
	const struct window *window = windows_find(windows, room);
	const struct group_peer *peer;
	char *nick, *name = NULL;
	struct id id;

	if (window != NULL)
		return strdup(window->name);
	if (room[0] != '@' || !id_parse(room + 1, &id))
		return text_clean_copy(room, windows->flags);
	peer = group_peer(&windows->group, &id);
	nick = group_name(peer != NULL ? peer->nick : "", &id, windows->flags);
	if (asprintf(&name, "@%s", nick) < 0)
		name = NULL;
	free(nick);
	return name;
}

static void
list_muted(struct app *app)
{
	const struct attention_list *muted = &app->windows.attention.muted;
	struct bytes list;

	bytes_init(&list);
	for (size_t i = 0; i < muted->count; i++) {
		char *name = room_name(app, muted->items[i]);

		if (name != NULL)
			list_add(&list, name);
		free(name);
	}
	say_list(app, &list, "Quiet rooms:", "/mute -#ROOM undoes it.",
	    "No room is quiet; /mute #ROOM makes one so.");
}

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

		if (shown != NULL && strcmp(shown, name) == 0)
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
		list_muted(app);
		return;
	}
	undo = name[0] == '-';
	find_room(app, name + undo, room);
	shown = room_name(app, room);
	if (shown == NULL)
		return;
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

/* -- /highlight -------------------------------------------------------------- */

static void
list_words(struct app *app)
{
	const struct attention_list *words = &app->windows.attention.words;
	struct bytes list;

	bytes_init(&list);
	for (size_t i = 0; i < words->count; i++)
		list_add(&list, words->items[i]);
	say_list(app, &list, "Mentions besides your nick:",
	    "/highlight -WORD undoes it.",
	    "Only your nick is a mention; /highlight WORD adds a word, "
	    "/highlight WORD* all that begin so.");
}

void
app_highlight(struct app *app, const char *text)
{
	struct windows *windows = &app->windows;
	char *word;
	bool undo;

	if (text == NULL) {
		list_words(app);
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
		say(app, LINE_ERROR, "A word has at most %d bytes.",
		    ATTENTION_WORD);
	else if (windows->attention.words.count == ATTENTION_MOST)
		say_full(app);
	else
		say(app, LINE_NOTICE, "%s is a mention already.", word);
	free(word);
}
