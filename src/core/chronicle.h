/*
 * chronicle: the last elections as this node saw them.
 *
 * Not needed to elect anybody: it is what a person is shown of it (the
 * election's timeline in the health panel).  Who stood is whoever's probes
 * came by, so two nodes rarely tell quite the same story.  An election that
 * begins anew before it has ended (a timeout, another view) is one with the
 * cause it began with.
 */
#ifndef DCHAT_CORE_CHRONICLE_H
#define DCHAT_CORE_CHRONICLE_H

#include "core/frame.h"
#include "dchat.h"

enum {
	CHRONICLE_ELECTIONS = 16,	/* kept */
	CHRONICLE_STOOD = 8,		/* candidates of one; more: not kept */
};

/* A candidate whose probes were seen. */
struct chronicle_stand {
	struct id id;
	unsigned phase;		/* the highest */
	instant_ms at;		/* first seen */
};

struct chronicle_entry {
	uint64_t term;		/* the highest so far */
	enum cause cause;
	enum election_end end;
	instant_ms began, ended;
	struct id winner;	/* none while it runs */
	struct chronicle_stand stood[CHRONICLE_STOOD];
	size_t stood_count;
	uint64_t messages;	/* probes and replies sent by this node */
};

struct chronicle {
	struct chronicle_entry *entries;	/* oldest first */
	size_t count, cap;
	bool open;		/* the last one runs */
	uint64_t sent;		/* messages before it */
};

void chronicle_free(struct chronicle *c);

/* An election begins, unless one runs already; sent: probes and replies of
 * this node so far. */
void chronicle_begin(struct chronicle *c, instant_ms now, enum cause cause,
    uint64_t term, uint64_t sent);

/* A candidate's probe of this phase was sent, or came by; while one runs. */
void chronicle_stood(struct chronicle *c, instant_ms now,
    const struct id *candidate, unsigned phase, uint64_t term);

/* It is over; nothing while none runs. */
void chronicle_end(struct chronicle *c, instant_ms now,
    enum election_end end, const struct id *winner, uint64_t term,
    uint64_t sent);

/* A leader changed without an election: MERGED or RAISED. */
void chronicle_note(struct chronicle *c, instant_ms now,
    enum election_end end, const struct id *winner, uint64_t term);

#endif
