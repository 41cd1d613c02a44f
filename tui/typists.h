/*
 * typists: who is writing something in a room, just now.
 *
 * Whoever writes says so every three seconds (core/typing); nobody says that
 * they have stopped.  A pure model; nicks are in display form.
 */
#ifndef DCHAT_TUI_TYPISTS_H
#define DCHAT_TUI_TYPISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"
#include "base/instant.h"

enum {
	TYPISTS_MOST = 8,
	TYPISTS_MS = 5000,	/* so long after the last word of it */
	TYPISTS_TEXT = 320,
};

/* Zero it first. */
struct typists {
	struct typist {
		struct id id;
		char *nick;
		wall_ms until;
	} items[TYPISTS_MOST];
	size_t count;
};

void typists_free(struct typists *typists);

/* Somebody writes; of more than TYPISTS_MOST the oldest is forgotten. */
void typists_heard(struct typists *typists, const struct id *id,
    const char *nick, wall_ms now);

/* It is said, or they are gone. */
void typists_done(struct typists *typists, const struct id *id);

/* "ana is typing", "ana and bob are typing", "ana, bob and 2 more are
 * typing"; false: nobody is. */
bool typists_line(const struct typists *typists, wall_ms now,
    char text[static TYPISTS_TEXT]);

/* When the line says something else; NEVER. */
wall_ms typists_deadline(const struct typists *typists, wall_ms now);

#endif
