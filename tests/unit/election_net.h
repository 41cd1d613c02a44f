/*
 * election_net: a ring of nothing but elections, in virtual time.
 *
 * Stations are elections; what they send arrives in order over each pair
 * after a delay.  Views are handed to each station when the test says so,
 * as its membership would.  TRACE=1 in the environment prints who does what.
 */
#ifndef DCHAT_TESTS_ELECTION_NET_H
#define DCHAT_TESTS_ELECTION_NET_H

#include "core/election.h"

struct station {
	struct id id;
	uint8_t priority;
	struct rng rng;
	struct election election;
	bool up;
	bool beating;			/* heartbeats to its neighbours */
	instant_ms beat_at;
	instant_ms view_at;		/* views come in their order */
	unsigned leader_events;
	struct dchat_event leader;	/* the last one */
	struct dchat_event step;	/* the last ELECTION event */
	unsigned steps;
};

struct net_item;

/* Who was elected, by own probe, in which term and view. */
struct net_win {
	uint64_t term, view;
	struct id leader;
};

struct net {
	struct station *stations;	/* ascending by id */
	size_t count;
	instant_ms now;
	struct rng rng;
	instant_ms delay_max;		/* 0: each frame takes 1 ms */
	unsigned loss_percent, twice_percent;
	instant_ms *pair_delay;		/* delay of a pair, count * count */
	instant_ms *pair_last;		/* keeps the order of a pair */
	bool *cut;			/* nothing passes, count * count */
	struct net_item *items;		/* a heap by (time, number) */
	size_t item_count, item_cap;
	uint64_t numbers;
	struct effects fx;
	struct net_win *wins;
	size_t win_count, win_cap;
	unsigned double_wins;		/* two in one term and view */
	unsigned sent[FRAME_TYPES];
	bool meeting;	/* who is new in a view is told of the leader */
	bool trace;
	enum verdict verdict;		/* of the last frame received */
};

/* Ids are 1, 2, ... count at random distances; priorities are 100. */
void net_init(struct net *net, size_t count, uint64_t seed);
void net_free(struct net *net);

/* Fresh: a new run of this node. */
void net_start(struct net *net, size_t station);
void net_stop(struct net *net, size_t station);

/* The members that are true, now or after a while; views keep their order. */
void net_view(struct net *net, size_t station, const bool *members);
void net_view_later(struct net *net, instant_ms in, size_t station,
    const bool *members);
/* All that are up see all that are up, and have links. */
void net_view_all(struct net *net);
/* count in a row see these and nobody else. */
void net_view_of(struct net *net, size_t first, size_t count);
/* Inits; count stations that all see each other and will stand together. */
void net_gather(struct net *net, size_t count, uint64_t seed);

/* Nothing passes between the two, or passes again. */
void net_cut(struct net *net, size_t a, size_t b, bool is_cut);
/* The same between those below middle and the others. */
void net_split(struct net *net, size_t middle, bool is_cut);

void net_elect_later(struct net *net, instant_ms in, size_t station);
void net_resume_later(struct net *net, instant_ms in, size_t station);

void net_heartbeats(struct net *net);

/* A frame out of nowhere, at once; its verdict. */
enum verdict net_forge(struct net *net, size_t from, size_t to,
    const struct frame *frame);

/* Virtual time goes on by so much. */
void net_run(struct net *net, instant_ms ms);
/* Until all that are up follow one leader among them, at most so long. */
bool net_settle(struct net *net, instant_ms ms);

struct election *net_at(struct net *net, size_t station);

/* The only established leader that all follow; count when there is none. */
size_t net_leader(const struct net *net);
uint64_t net_term(const struct net *net);	/* the highest */
uint64_t net_hops(const struct net *net);	/* probes and replies sent */

#endif
