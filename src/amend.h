/*
 * amend: what becomes of a message by those that refer to it.
 *
 * A part of the door: the rule for edits, deletes and reactions that
 * dchat.h states, for whoever shows messages.  It is a pure function of the
 * set of messages taken in, whatever the order (a last-writer-wins register
 * for each author's reaction and for the edits, a flag that only rises for
 * the delete; Shapiro et al. 2011, "Conflict-free replicated data types"),
 * and needs no message that is referred to, so pages of the history can
 * come in any order.
 *
 * One for each room.  Bounded: the newest LIMIT_AMENDS of a room, the newest
 * LIMIT_AMENDS_EDITS edits by one author of one message.
 */
#ifndef DCHAT_AMEND_H
#define DCHAT_AMEND_H

#include <stdbool.h>
#include <stddef.h>

#include "dchat.h"

/* One that refers to another one and counts. */
struct amend {
	char ref[MSG_TEXT];
	enum message_kind kind;	/* REACTION, EDIT or DELETE */
	struct id author;
	uint64_t hlc, seq;	/* its place */
	unsigned index;
	wall_ms time;		/* the author's clock */
	char *text;		/* as its author wrote it; owned */
	char *nick;		/* the author's when it came; owned */
};

/* Zero it first, free it at last. */
struct amends {
	struct amend *items;	/* by ref, kind, author, place */
	size_t count, cap;
};

void amends_free(struct amends *amends);

/*
 * Takes in a message of any kind.  True: it may have changed what the
 * message `ref` looks like.
 */
bool amends_take(struct amends *amends, const struct dchat_message *message);

/* Its author deleted it. */
bool amends_deleted(const struct amends *amends, const char *msg,
    const struct id *author);

/*
 * Its author's edits, oldest first: *first points to so many (valid until
 * the next change).  The last one's text holds.
 */
size_t amends_edits(const struct amends *amends, const char *msg,
    const struct id *author, const struct amend **first);

/* Who reacts to it: *first points to so many, by author, of which those
 * without a text were taken back. */
size_t amends_reactions(const struct amends *amends, const char *msg,
    const struct amend **first);

#endif
