/*
 * typing: who is writing something in a room, just now.
 *
 * Nothing of it is kept or sent again: a lost one is a lost one.  At most
 * one a room and TYPING_SAY_MS leaves, and at most one of each peer, room
 * and TYPING_HEAR_MS is told.
 */
#ifndef DCHAT_CORE_TYPING_H
#define DCHAT_CORE_TYPING_H

#include "core/effect.h"
#include "core/room.h"
#include "core/verdict.h"

enum {
	TYPING_SAY_MS = 3000,
	TYPING_HEAR_MS = 1000,
	TYPING_MAX = 256,	/* heard of within that; then others wait */
};

struct typing_heard;

struct typing {
	struct typing_heard *items;
	size_t count, cap;
};

void typing_init(struct typing *typing);
void typing_free(struct typing *typing);

/* This person is typing in a joined room. */
void typing_say(struct typing *typing, instant_ms now, struct room *room,
    struct effects *fx);

/* A TYPING frame; room is the one it names, or NULL. */
enum verdict typing_recv(struct typing *typing, instant_ms now,
    const struct id *from, const struct room *room, struct effects *fx);

#endif
