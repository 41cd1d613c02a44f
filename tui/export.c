#include "tui/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"

enum {
	ROOM_PART = 64,
	TIME_PART = 32,
	PROBLEM = 256,
	QUOTED = 40,		/* bytes of a word in a sentence */
};

static bool
ends_with(const char *text, const char *end)
{
	size_t size = strlen(text), part = strlen(end);

	return size >= part && strcmp(text + size - part, end) == 0;
}

/* Takes the form off the end; false: there is none. */
static bool
take_form(char *text, const char *form)
{
	size_t size = strlen(text), part = strlen(form);

	if (!ends_with(text, form) ||
	    (size > part && text[size - part - 1] != ' '))
		return false;
	size -= part;
	while (size > 0 && text[size - 1] == ' ')
		size--;
	text[size] = '\0';
	return true;
}

static void
make_name(struct export_wish *wish, const char *room, wall_ms now)
{
	time_t seconds = (time_t)(now / 1000);
	char part[ROOM_PART], time[TIME_PART] = "";
	struct tm local;
	size_t size = 0;

	for (room += *room == '#' || *room == '@';
	     *room != '\0' && size < sizeof part - 1; room++)
		part[size++] = (*room >= 'a' && *room <= 'z') ||
			(*room >= 'A' && *room <= 'Z') ||
			(*room >= '0' && *room <= '9') || *room == '-'
		    ? *room
		    : '_';
	part[size] = '\0';
	if (localtime_r(&seconds, &local) != NULL)
		strftime(time, sizeof time, "%Y%m%d-%H%M", &local);
	snprintf(wish->file, sizeof wish->file, "dchat-%s-%s.%s", part, time,
	    wish->json ? "jsonl" : "txt");
}

/* The last of several words, if it looks like a form; or NULL. */
static const char *
form_meant(const char *name)
{
	const char *last = strrchr(name, ' ');

	return last != NULL && strpbrk(last, "./") == NULL ? last + 1 : NULL;
}

static bool
too_long(char problem[static PROBLEM])
{
	snprintf(problem, PROBLEM,
	    "The name of the file is too long; take a shorter one.");
	return false;
}

bool
export_wish(struct export_wish *wish, const char *text, const char *room,
    wall_ms now, char problem[static PROBLEM])
{
	char name[EXPORT_FILE];
	const char *home = getenv("HOME"), *unknown;
	bool form;

	if (text != NULL && strlen(text) >= sizeof name)
		return too_long(problem);
	snprintf(name, sizeof name, "%s", text == NULL ? "" : text);
	wish->json = take_form(name, "jsonl");
	form = wish->json || take_form(name, "text");
	if (name[0] == '\0') {
		make_name(wish, room, now);
		return true;
	}
	unknown = form ? NULL : form_meant(name);
	if (unknown != NULL) {
		snprintf(problem, PROBLEM,
		    "There is no form \"%.*s\", only text and jsonl; a file's "
		    "name of several words has one of them behind it.",
		    (int)utf8_cut(unknown, QUOTED), unknown);
		return false;
	}
	if (!form)
		wish->json = ends_with(name, ".jsonl");
	home = strncmp(name, "~/", 2) == 0 ? home : NULL;
	if ((size_t)snprintf(wish->file, sizeof wish->file, "%s%s",
		home != NULL ? home : "", home != NULL ? name + 1 : name) >=
	    sizeof wish->file)
		return too_long(problem);
	return true;
}
