/*
 * room_net: one room and nothing but multicast and sync, in virtual time.
 *
 * Talkers say, store, send, lose and find again.  What is sent takes a
 * while; it may be lost, doubled or overtaken.  Each delivery is checked:
 * no message before one of its causes, none twice.
 */
#ifndef DCHAT_TESTS_ROOM_NET_H
#define DCHAT_TESTS_ROOM_NET_H

#include "core/multicast.h"
#include "core/sync.h"

enum { TALKERS_MAX = 8 };

/* One message that a talker was shown. */
struct shown {
	size_t author;		/* index of a talker */
	uint64_t seq;
	unsigned index;
	bool live, late, gap;
	uint64_t token, hlc;
};

struct talker {
	struct id id;
	bool joined;
	struct rooms rooms;
	struct room *room;
	struct rng rng;
	struct multicast mc;
	struct sync sync;
	struct bundle **disk;
	size_t disk_count, disk_cap;
	struct shown *shown;
	size_t shown_count, shown_cap;
	uint64_t *oks;		/* tokens, in order */
	size_t ok_count, ok_cap;
	size_t errors;
	size_t published;	/* bundles */
	size_t wants, vectors, tails;	/* frames it sent */
};

struct room_item;

struct room_net {
	struct talker talkers[TALKERS_MAX];
	size_t count;
	bool cut[TALKERS_MAX][TALKERS_MAX];
	struct rng rng;
	instant_ms now;
	instant_ms delay_ms, jitter_ms;	/* jitter: overtaking */
	instant_ms publish_ms;
	double loss, doubling;		/* 0 to 1 */
	bool gaps_expected;		/* causes may be missing */
	size_t page_most;	/* bundles of a page; 0: as many as asked for */
	/* Frames for which this is true are lost. */
	bool (*lose)(const struct room_net *net, size_t from, size_t to,
	    const struct frame *frame);
	struct room_item **items;	/* a heap by (time, number) */
	size_t item_count, item_cap;
	uint64_t numbers;
	struct effects fx;
};

/* Nobody has joined and all are linked. */
void room_net_init(struct room_net *net, size_t count, uint64_t seed);
void room_net_free(struct room_net *net);

void room_net_join(struct room_net *net, size_t talker);
/* Joins all of them at once. */
void room_net_join_all(struct room_net *net);
void room_net_part(struct room_net *net, size_t talker);

/* Cuts or heals the link of two. */
void room_net_cut(struct room_net *net, size_t a, size_t b);
void room_net_heal(struct room_net *net, size_t a, size_t b);

/* Says the token as a text. */
enum error room_net_say(struct room_net *net, size_t talker, uint64_t token);

/* Runs to an instant, or until the condition holds; tells whether it did. */
void room_net_run(struct room_net *net, instant_ms until);
bool room_net_until(struct room_net *net, instant_ms until,
    bool (*condition)(const struct room_net *net));

/* All talkers who joined have delivered the same. */
bool room_net_converged(const struct room_net *net);

/* How often a talker was shown a message. */
size_t talker_shown(const struct talker *talker, size_t author,
    uint64_t seq);
uint64_t talker_digest(const struct talker *talker);

/* A bundle as if it came from its author; dependencies borrowed. */
struct bundle room_bundle(const struct id *room, size_t author,
    uint64_t seq, uint64_t hlc, const struct dependency *dependencies,
    size_t dependency_count, const struct message *message);
struct id talker_id(size_t talker);
struct stream talker_stream(size_t talker);

#endif
