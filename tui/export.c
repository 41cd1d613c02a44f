#include "tui/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROOM_PART = 64, TIME_PART = 32 };

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

bool
export_wish(struct export_wish *wish, const char *text, const char *room,
    wall_ms now)
{
	char name[EXPORT_FILE];
	const char *home = getenv("HOME");
	bool form;

	if (text != NULL && strlen(text) >= sizeof name)
		return false;
	snprintf(name, sizeof name, "%s", text == NULL ? "" : text);
	wish->json = take_form(name, "jsonl");
	form = wish->json || take_form(name, "text");
	if (name[0] == '\0') {
		make_name(wish, room, now);
		return true;
	}
	if (!form)
		wish->json = ends_with(name, ".jsonl");
	if (strncmp(name, "~/", 2) == 0 && home != NULL)
		return (size_t)snprintf(wish->file, sizeof wish->file, "%s%s",
			   home, name + 1) < sizeof wish->file;
	snprintf(wish->file, sizeof wish->file, "%s", name);
	return true;
}
