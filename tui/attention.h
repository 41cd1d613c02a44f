/*
 * attention: whom a person does not want to hear, which rooms shall be
 * quiet, or loud, and which words, besides the own nick, are a mention.
 *
 * People are known by their ids, so that another nick changes nothing.  A
 * pure model; words and nicks are in display form, rooms as the node knows
 * them.  Bounded: ATTENTION_MOST of each.
 */
#ifndef DCHAT_TUI_ATTENTION_H
#define DCHAT_TUI_ATTENTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/id.h"

enum {
	ATTENTION_MOST = 64,	/* all of one kind fit into one note */
	ATTENTION_WORD = 128,	/* bytes */
};

enum attention_kind {
	ATTENTION_IGNORED,
	ATTENTION_MUTED,
	ATTENTION_LOUD,
	ATTENTION_WORDS,
	ATTENTION_KINDS,
};

struct attention_person {
	struct id id;
	char *nick;		/* as last known */
};

struct attention_list {
	char **items;
	size_t count, cap;
};

struct attention {
	struct attention_person *ignored;
	size_t ignored_count, ignored_cap;
	struct attention_list muted, loud, words;
};

/* Zero it first. */
void attention_free(struct attention *attention);

bool attention_ignores(const struct attention *attention,
    const struct id *id);
bool attention_mutes(const struct attention *attention, const char *room);

/* The person wants to be called for all that is said there. */
bool attention_is_loud(const struct attention *attention, const char *room);

/* Whether a text by somebody else names the person of this nick. */
bool attention_mentions(const struct attention *attention, const char *nick,
    const char *text);

/* Each returns false when nothing has changed: it was so before, it is too
 * long, or there are ATTENTION_MOST. */
bool attention_ignore(struct attention *attention, const struct id *id,
    const char *nick);
bool attention_hear(struct attention *attention, const struct id *id);
bool attention_mute(struct attention *attention, const char *room, bool mute);
bool attention_loud(struct attention *attention, const char *room, bool loud);
bool attention_highlight(struct attention *attention, const char *word,
    bool highlight);

/* All of a kind as lines, for another run, and back: "ID NICK", "#ROOM",
 * "WORD".  What cannot be read is left out. */
void attention_write(const struct attention *attention,
    enum attention_kind kind, struct bytes *out);
void attention_read(struct attention *attention, enum attention_kind kind,
    const char *text);

#endif
