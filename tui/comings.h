/*
 * comings: who came and who went, as one line of a room.
 *
 *	you joined; here: ana, bob
 *	ana, bob joined; eve left; mei was gone and is back
 *
 * Of everybody only the sum is told: who comes and goes all night does not
 * fill the screen.  A pure model; nicks are in display form.
 */
#ifndef DCHAT_TUI_COMINGS_H
#define DCHAT_TUI_COMINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"
#include "base/instant.h"

enum {
	COMINGS_PEOPLE = 64,	/* that one line is about; and */
	COMINGS_BYTES = 1024,	/* so long it may get */
};

enum coming_kind {
	COMING_HERE,		/* there already when I joined */
	COMING_JOINED,
	COMING_LEFT,
	COMING_GONE,		/* without a word */
	COMING_BACK,		/* after that */
};

struct coming {
	enum coming_kind kind;
	struct id id;
	const char *nick;
	const char *reason;	/* GONE: as PEER gives it, or NULL */
};

struct line;

struct comings {
	const struct line *line;	/* the owner's: where it stands, */
	wall_ms since;			/* and since when */
	char *text;			/* what it says; NULL: nothing yet */
	/* its own */
	struct comings_person {
		struct id id;
		char *nick, *reason;
		enum coming_kind first, last;
	} *people;
	size_t count, cap;
	bool also;
};

/* Zero it first. */
void comings_free(struct comings *comings);

/* A new line with this one; also: of those who are here some were told. */
void comings_begin(struct comings *comings, const struct coming *coming,
    bool also);

/* It is told in the same line.  False: that is full, or says something
 * else; begin another. */
bool comings_add(struct comings *comings, const struct coming *coming);

#endif
