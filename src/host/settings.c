#include "host/settings.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { PROBLEM = 256 };

/* What a person typed, in normal form, if it is a good name; else NULL. */
static char *
good_name(const char *typed, bool (*check)(const char *, char *),
    char problem[static PROBLEM])
{
	char *name = names_normalize(typed);

	if (name == NULL) {
		snprintf(problem, PROBLEM, "A name must be valid UTF-8.");
		return NULL;
	}
	if (check(name, problem))
		return name;
	free(name);
	return NULL;
}

/* A login name need not be a nick: "DOMAIN\ana maria" becomes one. */
static char *
default_nick(void)
{
	const struct passwd *person = getpwuid(getuid());
	const char *login = person != NULL ? person->pw_name : NULL;
	char problem[PROBLEM];
	char plain[LIMIT_NICK_POINTS + 1];
	size_t count = 0;
	char *nick;

	if (login == NULL || *login == '\0')
		login = getenv("LOGNAME");
	if (login == NULL)
		login = "";
	nick = good_name(login, names_check_nick, problem);
	if (nick != NULL)
		return nick;
	for (const char *c = login; *c != '\0' && count < sizeof plain - 1; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		    (*c >= '0' && *c <= '9') || *c == '-' || *c == '_')
			plain[count++] = *c;
	plain[count] = '\0';
	nick = good_name(plain, names_check_nick, problem);
	return nick != NULL ? nick : mem_text("someone");
}

char *
settings_room(const struct settings *settings, const char *name, struct id *id,
    char problem[static PROBLEM])
{
	char *normal = good_name(name, names_check_room, problem);

	if (normal != NULL)
		names_room_id(settings->tag, normal, id);
	return normal;
}

static bool
add_room(struct settings *settings, const char *name,
    char problem[static PROBLEM])
{
	struct room_name room;
	char *normal = settings_room(settings, name, &room.id, problem);
	size_t index = 0;

	if (normal == NULL)
		return false;
	room.name = normal;
	while (index < settings->room_count &&
	    id_compare(&settings->rooms[index].id, &room.id) < 0)
		index++;
	if (index < settings->room_count &&
	    id_equal(&settings->rooms[index].id, &room.id)) {
		free(normal);
		return true;
	}
	if (settings->room_count == LIMIT_ROOMS_JOINED) {
		snprintf(problem, PROBLEM,
		    "One can be in at most %d rooms at "
		    "once.",
		    LIMIT_ROOMS_JOINED);
		free(normal);
		return false;
	}
	MEM_INSERT(settings->rooms, settings->room_count, settings->room_cap,
	    index);
	settings->rooms[index] = room;
	return true;
}

bool
settings_init(struct settings *settings, const struct dchat_options *options,
    char problem[static PROBLEM])
{
	const char *network = options->network;
	bool good;

	*settings = (struct settings){ 0 };
	settings->network = good_name(network == NULL ? "lan" : network,
	    names_check_network, problem);
	if (settings->network == NULL)
		return false;
	names_network_tag(settings->network, settings->tag);
	settings->nick = options->nick == NULL
	    ? default_nick()
	    : good_name(options->nick, names_check_nick, problem);
	good = settings->nick != NULL;
	for (size_t i = 0; good && i < options->room_count; i++)
		good = add_room(settings, options->rooms[i], problem);
	if (good && options->room_count == 0)
		good = add_room(settings, "#lobby", problem);
	if (!good)
		settings_free(settings);
	return good;
}

static bool
was_in_rooms(const struct node_past *past)
{
	for (size_t i = 0; i < past->room_count; i++)
		if (past->rooms[i].joined && past->rooms[i].name[0] == '#')
			return true;
	return false;
}

static void
free_rooms(struct settings *settings)
{
	for (size_t i = 0; i < settings->room_count; i++)
		free((char *)settings->rooms[i].name);
	settings->room_count = 0;
}

void
settings_restore(struct settings *settings, const struct node_past *past,
    bool rooms_given, const char *nick)
{
	char problem[PROBLEM];

	if (!rooms_given && was_in_rooms(past))
		free_rooms(settings);
	/* Too many, or no name any more: then without. */
	for (size_t i = 0; i < past->room_count; i++)
		if (past->rooms[i].joined && past->rooms[i].name[0] == '#')
			add_room(settings, past->rooms[i].name, problem);
	if (nick == NULL || !names_check_nick(nick, problem))
		return;
	free(settings->nick);
	settings->nick = mem_text(nick);
}

void
settings_free(struct settings *settings)
{
	free_rooms(settings);
	free(settings->rooms);
	free(settings->nick);
	free(settings->network);
	*settings = (struct settings){ 0 };
}
