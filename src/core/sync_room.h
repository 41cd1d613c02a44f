/*
 * sync_room: the inside of sync, shared by its files.
 *
 * sync.c compares and catches up, sync_serve.c hands history on to who asks
 * for it, sync_tail.c asks for the end of a room that is new here,
 * sync_older.c for what lies below the bases.
 */
#ifndef DCHAT_CORE_SYNC_ROOM_H
#define DCHAT_CORE_SYNC_ROOM_H

#include "core/catchup.h"
#include "core/sync.h"

/* After a join digests are compared once more. */
enum { SYNC_AGAIN_MS = 2000 };

/* Bundles in the store's hands; with more the disk is waited for. */
enum { SYNC_IN_HAND_MAX = LIMIT_PAGE_BUNDLES };

/* Older messages, as somebody here wants them; from whom is in the room. */
struct older {
	bool wanted;		/* and was not answered yet */
	unsigned messages;	/* of one page, about */
	size_t window;		/* of the streams with a base: from this one */
	instant_ms until;	/* patience; NEVER: nobody is asked */
	struct id *emptied;	/* they have none; ascending */
	size_t emptied_count, emptied_cap;
	instant_ms emptied_at;	/* the first of them */
	bool unsure;		/* of one of them: it said nothing */
	unsigned asked;		/* peers, for this page */
};

/* What one peer and I have compared of a room. */
struct pair {
	struct id peer;
	uint64_t theirs;	/* digest last heard */
	/* Nothing was left out of its past when that was asked for and nobody
	 * had said anything: what it has now was said since. */
	bool whole;
	bool found;		/* its vector shows something I lack */
	/* Compared with nothing found; not again while both stay. */
	bool quiet;
	uint64_t quiet_mine, quiet_theirs;
	bool begun;		/* an exchange was, last at begun_at */
	instant_ms begun_at;
	uint64_t begun_mine, begun_theirs;
	bool told;		/* it has my vector, as of told_at */
	instant_ms told_at;
	uint64_t told_mine;
	instant_ms not_before;	/* it gave nothing */
};

struct sync_room {
	struct room *room;
	struct pair *pairs;	/* ascending by peer */
	size_t pair_count, pair_cap;
	struct catchup catchup;
	struct older older;
	uint64_t turn;		/* in the order of joining */
	struct id tail_from;
	bool tail_sure;		/* it surely has something */
	bool tail_due;		/* it will be asked when others are served */
	instant_ms tail_until;	/* NEVER: no donor was asked */
	/* While much is fetched: bundles so far, and when that was told. */
	uint64_t fetched;
	instant_ms told_at;
	bool told;
	instant_ms round_at, again_at;
	instant_ms moved_at;	/* last delivery */
};


struct sync_fetch {
	struct id to, room;
	enum fetch_kind kind;
};

/* NULL as well when the peer has no business in it. */
struct sync_room *sync_joined_room(struct sync *sync, instant_ms now,
    const struct id *id, const struct id *peer);
/* NULL when nothing was compared in it yet. */
struct sync_room *sync_find_room(const struct sync *sync,
    const struct id *id);

/* -- sync_serve.c: WANT and TAIL ---------------------------------------- */

enum verdict sync_recv_want(struct sync *sync, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx);
enum verdict sync_recv_tail(struct sync *sync, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx);

/* -- sync_tail.c -------------------------------------------------------- */

/* The tail is wanted of this donor, at once or in turn.  sure: it has shown
 * that it holds something. */
void tail_ask(struct sync *sync, struct sync_room *sr, instant_ms now,
    const struct id *donor, bool sure, struct effects *fx);
/* The one asked did not answer: the next one behind it. */
void tail_ask_other(struct sync *sync, struct sync_room *sr, instant_ms now,
    struct effects *fx);
/* The first of the rooms that wait for their turn, if it is time. */
void tail_ask_next(struct sync *sync, instant_ms now, struct effects *fx);
/* Its bases came, and its bundles are behind them. */
void tail_begun(struct sync *sync, instant_ms now, const struct room *room,
    struct effects *fx);
/* The peer is gone; the room was left. */
void tail_lost(struct sync *sync, struct sync_room *sr, instant_ms now,
    const struct id *peer, struct effects *fx);
void tail_parted(struct sync *sync, const struct room *room);

/* -- sync_older.c ------------------------------------------------------- */

void older_free(struct older *older);
/* The room is left: there will be none. */
void older_parted(struct sync_room *sr, struct effects *fx);
/* A peer may have what it had not before. */
void older_met(struct sync_room *sr, const struct id *peer);
/* It is gone: another one is asked. */
void older_lost(struct sync *sync, struct sync_room *sr, instant_ms now,
    const struct id *peer, struct effects *fx);
/* The disk has caught up, or it is `until`. */
void older_look(struct sync *sync, struct sync_room *sr, instant_ms now,
    struct effects *fx);

#endif
