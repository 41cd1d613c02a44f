/*
 * node_state: the inside of a node, shared by node.c (inputs are routed to
 * the cores), node_command.c and node_talk.c (what a person asks is
 * answered), node_agree.c (metadata, election and nicks meet), node_events.c
 * (what is told is completed), node_health.c (how the group is),
 * node_relay.c (who may carry a link) and node_questions.c
 * (of the host).
 */
#ifndef DCHAT_CORE_NODE_STATE_H
#define DCHAT_CORE_NODE_STATE_H

#include "core/detector.h"
#include "core/contacts.h"
#include "core/direct.h"
#include "core/election.h"
#include "core/membership.h"
#include "core/metadata.h"
#include "core/multicast.h"
#include "core/nicks.h"
#include "core/node.h"
#include "core/partition.h"
#include "core/ring.h"
#include "core/room.h"
#include "core/sync.h"
#include "core/typing.h"
#include "core/witness.h"

struct node {
	struct id self;
	char *network;
	struct rng rng;
	struct record *first_record;	/* until START */
	struct address *peers;		/* until START */
	size_t peer_count;
	struct past_contact *contacts_known;	/* of the past, until START */
	size_t contact_count;

	/* Of members of earlier runs, ascending by id: the names of authors
	 * who are not here. */
	struct record **records;
	size_t record_count;

	struct membership membership;
	struct detector detector;
	struct contacts contacts;
	struct ring ring;
	struct election election;
	struct rooms rooms;
	struct multicast multicast;
	struct sync sync;
	struct receipts receipts;
	struct witness witness;
	struct typing typing;
	struct directs directs;
	struct metadata metadata;
	struct nicks nicks;
	struct partition partition;

	/* What the cores were last told of the membership. */
	uint64_t seen_version, seen_changes;

	uint64_t seen_stand;	/* of metadata and membership */
	instant_ms owners_at;	/* owners of nicks are looked for again */
	/* The nick of my record was wished in this term, when its item had
	 * this version. */
	struct {
		bool made;
		struct id key;
		uint64_t term, version;
	} wished_nick;

	char stranger[NICK_SHOWN];	/* node_nick() of one who is not here */
};

/* The room's audience follows the members' records; who is new in it and
 * linked is met by sync. */
void node_update_audience(struct node *node, instant_ms now,
    struct room *room, struct effects *fx);

/* Whether it is joined is worth remembering. */
void node_keep_room(const struct room *room, struct effects *fx);

/* The rooms that are joined now go into my record. */
void node_announce_rooms(struct node *node, struct effects *fx);

/* The direct room with a peer, made if it is not there; NULL: too many. */
struct room *node_open_direct(struct node *node, instant_ms now,
    const struct id *id, const struct id *other, struct effects *fx);
/* Whether the sender may speak of the room that a frame is about; opens the
 * direct room of its two ends when something of it comes. */
bool node_admits(struct node *node, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx);

/* Commands of node_talk.c, answered like those of node_command.c. */
enum error node_say(struct node *node, const struct input *input,
    struct effects *fx);
enum error node_who_has(struct node *node, const struct input *input,
    struct effects *fx);

/* Metadata, election and nicks after a step (node_agree.c). */
void node_agree(struct node *node, instant_ms now, struct effects *fx);
enum error node_set_topic(struct node *node, const struct input *input,
    struct effects *fx);
enum error node_change_nick(struct node *node, const struct input *input,
    struct effects *fx);

/* Who was found to have given one number twice. */
void node_tell_forks(struct node *node, struct effects *fx);

/* All direct ways to a member failed: asks the next one that could carry a
 * link to it (node_relay.c). */
void node_dial_over_third(struct node *node, const struct id *peer,
    struct effects *fx);

/* What a PING or PONG tells of its sender's clock (node_clock.c). */
void node_note_clock(struct node *node, const struct input *input,
    struct effects *fx);
enum error node_typing(struct node *node, const struct input *input,
    struct effects *fx);

void node_complete_holding(struct node *node, struct dchat_holding *holding,
    struct effects *fx);

/* Nicks and the like for the events from an index of fx on. */
void node_complete_events(struct node *node, instant_ms now,
    struct effects *fx, size_t from);

/* All members, as PEERS tells them; how many. */
size_t node_list_peers(struct node *node, instant_ms now,
    const struct dchat_peer **peers, struct effects *fx);
/* What STATUS tells besides, when somebody looks (node_health.c). */
void node_describe_health(struct node *node, instant_ms now,
    struct dchat_status *status, struct effects *fx);

/* Answers or begins what a person asked; everything but QUIT. */
enum verdict node_command(struct node *node, const struct input *input,
    struct effects *fx);

#endif
