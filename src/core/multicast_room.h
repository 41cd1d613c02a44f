/*
 * multicast_room: the inside of multicast, shared by its files.
 *
 * multicast.c receives and delivers, multicast_say.c publishes what a
 * person says, multicast_missing.c fetches causes or gives them up,
 * multicast_epoch.c knows whether my numbers are still mine to give.
 */
#ifndef DCHAT_CORE_MULTICAST_ROOM_H
#define DCHAT_CORE_MULTICAST_ROOM_H

#include "core/frontier.h"
#include "core/holdback.h"
#include "core/multicast.h"

enum {
	ASK_FIRST_MS = 200,
	ASK_AGAIN_MS = 1000, /* a new orphan hurries the next question */
	GIVE_UP_AFTER_OTHERS_MS = 2000,
};

struct said {
	enum dchat_verb verb;
	uint64_t token;
	struct message message; /* its text is ours */
};

/* In the store's hands. */
struct handed {
	struct stream stream;
	uint64_t seq;
	bool live, gap;
	bool older; /* of below the base */
};

/* What people were told of an author whose messages wait. */
struct waiting {
	struct id author;
	instant_ms told_at;
	size_t count; /* of messages, as of then */
};

/* What is asked for those that one peer sent and that wait; each peer has
 * patience and questions of its own, so that none uses up another's. */
struct asking {
	struct id sender;
	instant_ms ask_at, asked_at, pause_ms;
	instant_ms latest_at; /* ask_at is put off till then at most */
	size_t turn;
	struct id asked; /* the last one; none: nobody yet */
};

struct multicast_room {
	struct room *room;

	struct said *outbox; /* the first `publishing` are in a bundle */
	size_t outbox_count, outbox_cap;
	bool outstanding; /* a PUBLISH is, of 0 or more messages */
	size_t publishing;

	struct frontier frontier;
	struct holdback held;
	struct held **ready; /* last one first on the screen */
	size_t ready_count, ready_cap;
	struct handed *handed; /* ascending by name */
	size_t handed_count, handed_cap;

	instant_ms doubt_until; /* nothing is published; NEVER: no doubt */

	struct asking *askings; /* ascending by sender */
	size_t asking_count, asking_cap;
	instant_ms asked_at; /* the last question of all */
	instant_ms
	    progress_at; /* the past comes in, in pages: the last of it */
	instant_ms give_up_at;  /* not later than the first who may */
	bool gap;               /* the next one comes after a hole */

	struct waiting *waiting; /* ascending by author */
	size_t waiting_count, waiting_cap;
	instant_ms tell_at;

	bool shown; /* something was; the last one on the screen: */
	struct dchat_place lowest;
};

/* NULL when nothing was said or heard in it. */
struct multicast_room *multicast_find_room(const struct multicast *mc,
    const struct id *id);
struct multicast_room *multicast_obtain_room(struct multicast *mc,
    struct room *room);
struct stream multicast_own_stream(const struct multicast *mc);

/* False when the room, or the author in it, has as many streams as it may;
 * one place is always kept for my own. */
bool multicast_admits(const struct multicast *mc, const struct room *room,
    const struct stream *stream);

/*
 * Stored: it becomes part of what is here.  `said` is the outbox when it is
 * my own of this run, NULL otherwise.
 */
void multicast_deliver(struct multicast *mc, struct multicast_room *mr,
    const struct bundle *bundle, bool live, bool gap, const struct said *said,
    struct effects *fx);

/* A bundle that is new here: kept back, or to the store with it. */
enum verdict multicast_take(struct multicast *mc, struct multicast_room *mr,
    instant_ms now, const struct id *from, const struct bundle *bundle,
    bool backlog, struct effects *fx);
/* Its hash stays here, to be compared with others of its name. */
void multicast_remember_name(struct multicast *mc,
    const struct bundle *bundle);
/* One of a name that is known, with another hash. */
enum verdict multicast_recv_other(struct multicast *mc, instant_ms now,
    const struct id *from, const struct bundle *bundle, bool backlog,
    struct effects *fx);
/* One of a number that is here, and which hash that had is not remembered:
 * the store is asked. */
void multicast_look_up(struct multicast *mc, const struct id *from,
    const struct bundle *bundle, struct effects *fx);
void multicast_free_doubts(struct multicast *mc);
/* It is shown instead of the one of its name that was. */
void multicast_swap(struct multicast *mc, struct multicast_room *mr,
    const struct bundle *bundle, struct effects *fx);

/* One that waited (or all that waited for a stream) may be ready now. */
void multicast_look_again(struct multicast_room *mr, struct held *held);
void multicast_look_after(struct multicast_room *mr,
    const struct stream *stream);
/* Hands on all that is ready, and what that makes ready. */
void multicast_flow(struct multicast *mc, struct multicast_room *mr,
    instant_ms now, struct effects *fx);

/* The first ones of the outbox are dealt with. */
void multicast_drop_said(struct multicast_room *mr, size_t count);
void multicast_answer_ok(const struct said *said, const struct bundle *bundle,
    size_t index, struct effects *fx);
void multicast_answer_error(const struct said *said, enum error error,
    struct effects *fx);
/* Publishes the next bundle when there is something to say and nothing
 * outstanding. */
void multicast_publish_next(struct multicast *mc, struct multicast_room *mr,
    wall_ms wall, struct effects *fx);

/* One of the author is held back: tells people of it. */
void multicast_tell_held(struct multicast_room *mr, instant_ms now,
    const struct id *author, struct effects *fx);
/* Less may be held back than they were told, or it is time to tell them. */
void multicast_tell_flowed(struct multicast_room *mr, instant_ms now,
    struct effects *fx);

/* One that this peer sent is held back: its causes are asked for soon. */
void multicast_ask_soon(struct multicast_room *mr, instant_ms now,
    const struct id *sender);
/* This peer gave something that was asked for: it may give more. */
void multicast_ask_on(struct multicast_room *mr, instant_ms now,
    const struct id *giver);
/* Asks for what is missing, where it is time to. */
void multicast_ask(struct multicast_room *mr, instant_ms now,
    struct effects *fx);
instant_ms multicast_ask_at(const struct multicast_room *mr);
/* Who was asked last for the causes of one; none: nobody yet. */
struct id multicast_asked_for(const struct multicast_room *mr,
    const struct held *held);
/* Gives up what was waited for long enough. */
void multicast_give_up(struct multicast *mc, struct multicast_room *mr,
    instant_ms now, struct effects *fx);

/* I signed it, it is of my stream, and I do not know it. */
bool multicast_forgot(const struct multicast *mc, const struct room *room,
    const struct bundle *bundle);
/*
 * What I remember of the epoch is not all of it: what I say goes on in
 * another one, and the old one is filled up like anybody's.  False while
 * the store still has something of the old one in its hands.
 */
bool multicast_leave_epoch(struct multicast *mc, struct effects *fx);

#endif
