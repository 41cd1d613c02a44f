/*
 * node_state: the inside of a node, shared by node.c (inputs are routed to
 * the cores) and node_command.c (what a person asks is answered).
 */
#ifndef DCHAT_CORE_NODE_STATE_H
#define DCHAT_CORE_NODE_STATE_H

#include "core/detector.h"
#include "core/contacts.h"
#include "core/election.h"
#include "core/membership.h"
#include "core/multicast.h"
#include "core/node.h"
#include "core/ring.h"
#include "core/room.h"
#include "core/sync.h"

struct node {
	struct id self;
	char *network;
	struct rng rng;
	struct record *first_record;	/* until START */
	struct address *peers;		/* until START */
	size_t peer_count;

	struct membership membership;
	struct detector detector;
	struct contacts contacts;
	struct ring ring;
	struct election election;
	struct rooms rooms;
	struct multicast multicast;
	struct sync sync;

	/* What the cores were last told of the membership. */
	uint64_t seen_version, seen_changes;

	char stranger[ID_SHORT_TEXT];	/* node_nick() of an unknown */
};

/* The room's audience follows the members' records; who is new in it and
 * linked is met by sync. */
void node_update_audience(struct node *node, instant_ms now,
    struct room *room, struct effects *fx);

/* The rooms that are joined now go into my record. */
void node_announce_rooms(struct node *node, struct effects *fx);

/* Answers or begins what a person asked; everything but QUIT. */
enum verdict node_command(struct node *node, const struct input *input,
    struct effects *fx);

#endif
