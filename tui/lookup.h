/*
 * lookup: searching what was written before while one types what to search
 * for (Ctrl+R), as readline's incremental search does.
 *
 * It only knows which line is found; who has the input shows that, and puts
 * it there in the end.
 */
#ifndef DCHAT_TUI_LOOKUP_H
#define DCHAT_TUI_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/recall.h"

enum { LOOKUP_TEXT = 128 };

/* Zero it first. */
struct lookup {
	bool on;
	bool failed;		/* there is no such line that way */
	bool found;		/* at and offset are of one */
	char text[LOOKUP_TEXT];	/* searched for */
	char last[LOOKUP_TEXT];	/* by the search before this one */
	size_t at, offset;
};

void lookup_start(struct lookup *lookup);
void lookup_stop(struct lookup *lookup);

/* A character more to search for; or the last one taken back: false when
 * there is none. */
void lookup_add(struct lookup *lookup, const struct recall *recall,
    const char *bytes, size_t size);
bool lookup_rub(struct lookup *lookup, const struct recall *recall);

/* The next line that way.  Without a text the last search's is used. */
void lookup_step(struct lookup *lookup, const struct recall *recall,
    bool older);

/* "(search) 'abc': " */
void lookup_prompt(const struct lookup *lookup, char prompt[static 192]);

#endif
