/*
 * waiting: whose messages of a room wait because some that came before them
 * are not here yet: what the node tells (HELD), as sentences.
 *
 * Nothing is shown of what waits for less than WAITING_SHOWN_MS: on a LAN
 * most of it is over before anybody could read it.
 */
#ifndef DCHAT_TUI_WAITING_H
#define DCHAT_TUI_WAITING_H

#include "dchat.h"

enum { WAITING_SHOWN_MS = 300, WAITING_MAX = 16, WAITING_TEXT = 512 };

struct waiting_author {
	struct id author;
	char *nick, *causes;	/* display form; causes: "eve, zoe" */
	size_t count;
	wall_ms since;
};

struct waiting {
	struct waiting_author items[WAITING_MAX];
	size_t count;
	uint64_t fetched, to_fetch;	/* much of the past is on its way */
};

void waiting_free(struct waiting *waiting);

/* A HELD event of the room; flags: TEXT_ASCII or 0. */
void waiting_event(struct waiting *waiting,
    const struct dchat_holding *holding, unsigned flags, wall_ms now);

/* A FETCHING event of the room. */
void waiting_fetching(struct waiting *waiting, uint64_t done, uint64_t left);

/*
 * "1 message from bob is waiting for one from eve (1.2 s)", and in fewer
 * columns "bob: 1 waits for eve (1.2 s)"; or how far the past has come.
 * False: nothing waits that long, and nothing comes.
 */
bool waiting_line(const struct waiting *waiting, wall_ms now, size_t columns,
    char text[static WAITING_TEXT]);

/* When the line says something else. */
wall_ms waiting_deadline(const struct waiting *waiting, wall_ms now);

/* For /why: all of it, and what becomes of it.  To be freed. */
char *waiting_why(const struct waiting *waiting, wall_ms now);

#endif
