/*
 * room: what a node knows of each conversation.
 *
 * Shared by multicast (which fills the clocks) and sync (which compares
 * them); the node keeps the audience up to date from the members' records.
 * A room is here from the first time anybody is known to be in it; only a
 * joined one has a clock that moves.
 */
#ifndef DCHAT_CORE_ROOM_H
#define DCHAT_CORE_ROOM_H

#include "core/frame.h"
#include "core/vclock.h"

/* How far the past of a joined room is known here. */
enum room_past {
	PAST_UNKNOWN,	/* no holder has answered yet */
	PAST_EMPTY,	/* one answered; nothing was delivered since */
	PAST_BEGUN,	/* something was: from here on nothing is left out */
};

/* Numbers of others that members were seen to have given up. */
enum { ROOM_GIVEN_UP = 64 };

struct room {
	struct id id;
	char *name;
	bool joined;
	/* Of two people alone: named "@" and the other's id, always joined,
	 * in no record. */
	bool direct;
	struct id other;
	enum room_past past;
	/* A holder was asked for the tail: its bases count until then. */
	instant_ms bases_until;
	/* Who was asked for older ones: so many bundles from below the bases
	 * are taken from it yet, and were. */
	struct id older_from;
	unsigned older_left, older_taken;
	uint64_t wished_term;	/* + 1: its item was wished for in this term */
	instant_ms typing_until;	/* nothing is sent of it before */
	size_t unread;		/* from others, since it was last looked at */
	/* Delivered: stored, shown, acknowledged.  What is said next depends
	 * on this. */
	struct vclock delivered;
	/* Delivered or handed to the store: what causality may build on. */
	struct vclock accepted;
	/* How many bundles of it are known to be missing: what a peer showed
	 * to have when vectors were last compared. */
	uint64_t lacking;
	size_t in_hand;		/* bundles of others the store has to keep */
	/* Not accepted here, a hole in the clock of somebody else. */
	struct stream_range given_up[ROOM_GIVEN_UP];
	size_t given_up_count;
	/* Live members who joined it, without oneself, ascending. */
	struct id *audience;
	size_t audience_count, audience_cap;
};

struct rooms {
	struct room **items;	/* ascending by id; a room never moves */
	size_t count, cap;
};

void rooms_init(struct rooms *rooms);
void rooms_free(struct rooms *rooms);

/* NULL when unknown. */
struct room *rooms_find(const struct rooms *rooms, const struct id *id);
struct room *rooms_find_name(const struct rooms *rooms, const char *name);

/* Finds or makes it; NULL when LIMIT_ROOMS are there already, of direct
 * ones LIMIT_ROOMS_DIRECT. */
struct room *rooms_add(struct rooms *rooms, const struct id *id,
    const char *name);

/* May this peer hear of the room at all? */
static inline bool
room_open_to(const struct room *room, const struct id *peer)
{
	return !room->direct || id_equal(&room->other, peer);
}

bool room_has_audience(const struct room *room, const struct id *id);

/* A member showed this hole; noted while it is above what is accepted. */
void room_note_given_up(struct room *room, const struct stream *stream,
    struct range hole);
/* The end of the hole that a number lies in; 0 when it lies in none. */
uint64_t room_given_up(const struct room *room, const struct stream *stream,
    uint64_t seq);

#endif
