/*
 * export: which file a person means by /export.
 */
#ifndef DCHAT_TUI_EXPORT_H
#define DCHAT_TUI_EXPORT_H

#include <stdbool.h>

#include "base/instant.h"

enum { EXPORT_FILE = 4096 };

struct export_wish {
	char file[EXPORT_FILE];	/* a leading "~/" is replaced */
	bool json;
};

/*
 * The last word is the form ("text", "jsonl"), or the name is one word or
 * ends in one with a dot or a slash, and its ending tells the form.  Without a name (text NULL, or the form alone) it is
 * made of the room's name and the time, in letters that no shell minds:
 * "dchat-ops-20261125-1201.txt".  False with a sentence: the name is too long,
 * or there is no such form.
 */
bool export_wish(struct export_wish *wish, const char *text,
    const char *room, wall_ms now, char problem[static 256]);

#endif
