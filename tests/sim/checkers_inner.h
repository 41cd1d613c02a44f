/*
 * checkers_inner: what the checkers keep, shared by their files.
 *
 *   checkers.c           runs, commands and their answers, what is told
 *   checkers_messages.c  what happened before what; who has what
 *   checkers_amends.c    what became of messages
 *   checkers_leaders.c   reigns and terms
 *   checkers_metadata.c  commits, fences, intents
 */
#ifndef DCHAT_SIM_CHECKERS_INNER_H
#define DCHAT_SIM_CHECKERS_INNER_H

#include "amend.h"
#include "tests/sim/checkers.h"

/* Where a message stands on the screen. */
struct place {
	uint64_t hlc;
	struct id author;
	uint64_t seq;
	unsigned index;
};

/* A message that is or was on its author's disk. */
struct said {
	char msg[MSG_TEXT];
	enum message_kind kind;
	char ref[MSG_TEXT];
	char *text;
	struct place made; /* by its author, */
	uint64_t epoch;    /* in this epoch */
	size_t observer; /* who said it, in which run */
	size_t room;
	size_t causes;   /* so many its author had been shown there */
	size_t previous; /* by the same author there, plus 1; 0: none */
	bool answered;   /* with ok */
	bool placed;
	struct place place;
	bool *had; /* per node: it was on its disk once */
	unsigned had_count;
	/* As its author was last told, in the run of this observer. */
	size_t told_in;
	unsigned have, of;
};

/* A command not yet answered. */
struct waiting {
	uint64_t token;
	enum dchat_verb verb;
	size_t room;
	size_t causes;
	char *text;
	size_t said; /* it is this message now, plus 1 */
};

/* One room as one run of a node was shown it. */
struct shown {
	size_t *items; /* into said, in the order shown */
	size_t count, cap;
	uint8_t *marks; /* per said: SHOWN, MISSED, READ, SKIPPED */
	size_t mark_count;
	size_t *checked; /* per observer: causes looked at */
	size_t checked_count;
	struct place last; /* the highest place shown */
	struct amends amends; /* what became of them, as shown */
	bool gap;          /* one was told */
	size_t own;        /* last said here by itself, plus 1 */
	uint64_t epoch, seq; /* last published */
	bool *joined;        /* per node: told */
	bool left;           /* it was left once */
};

/* READ: in the history alone; SKIPPED: missing in what came of it, so that
 * it may come late. */
enum { SHOWN = 1, MISSED = 2, READ = 3, SKIPPED = 4 };

/* One run of a node, as the person before it sees it. */
struct observer {
	unsigned node;
	bool over;
	instant_ms began;
	size_t said_before; /* so much had been said by then */
	struct shown *rooms; /* by index of room */
	size_t room_count;
	struct waiting *waiting;
	size_t waiting_count, waiting_cap;
	int *peer_states; /* per node: last told, -1: nothing */
	const char **peer_reasons;
	bool led;
	struct id leader;
	uint64_t term;
	bool provisional;
	bool leads;
	uint64_t reign;  /* the term it leads in */
	unsigned raises; /* of it, in the second that began here: */
	instant_ms raises_since;
	instant_ms leaderless_since; /* NEVER: has one, or is alone */
};

struct reign {
	uint64_t term, view;
	struct id leader;
};

/* What a leader decided on a key, after something that it held of it. */
struct decided {
	struct id key, intent, leader;
	uint64_t term, version;
	size_t after; /* plus 1; 0: nothing */
};

/* What a node holds of a key: a decision, plus 1. */
struct holding {
	struct id key;
	size_t decided;
};

/* The newest that a disk held of a key. */
struct kept_version {
	struct id key;
	uint64_t version;
	/* Of nicks, and they come before the version; the lower id wins. */
	uint64_t generation;
	struct id author;
};

/* Of one node, as long as its disk is not put back or lost. */
struct agreed {
	bool disk_changed; /* once, in the whole run */
	struct kept_version *versions;
	size_t count, cap;
	struct holding *holdings;
	size_t holding_count, holding_cap;
	struct fence fence; /* the highest it followed */
	/* A COMMIT from below it is being looked at. */
	bool fenced;
	struct id key;
	uint64_t version;
};

struct checkers {
	unsigned nodes;
	struct observer *observers;
	size_t observer_count, observer_cap;
	size_t *current; /* observer per node */
	struct said *said;
	size_t said_count, said_cap;
	size_t *table; /* said by msg, plus 1; open addressing */
	size_t table_size;
	char **rooms;
	struct id *room_ids;
	size_t room_count, room_cap, room_id_cap;
	struct reign *reigns;
	size_t reign_count, reign_cap;
	struct decided *decided;
	size_t decided_count, decided_cap;
	struct agreed *agreed; /* per node */
	struct bytes failures;
	unsigned failed;
	struct checkers_figures figures;
};

struct observer *observer_of(const struct sim *sim,
    const struct sim_node *node);
size_t room_index(struct checkers *c, const char *name);
/* A direct room is named after the other one at each of its two. */
const char *common_name(const struct sim_node *node, const char *room,
    char name[static DIRECT_NAME]);
struct shown *shown_in(struct checkers *c, struct observer *o, size_t room);
bool says(enum dchat_verb verb);

/* -- checkers_messages.c ----------------------------------------------- */

/* A run begins with what is on its disk. */
void heard_started(struct sim *sim, const struct sim_node *node);
void heard_said(struct sim *sim, const struct sim_node *node,
    const struct waiting *waiting, const char *msg);
void heard_shown(struct sim *sim, const struct sim_node *node,
    const struct dchat_message *message);
void heard_delivered(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event);
/* All is quiet: fails for whatever is not everywhere. */
void heard_finish(struct sim *sim);

/* -- checkers_amends.c ------------------------------------------------- */

/* One of the said is in its history, though it was not shown in this run. */
void amends_known(const struct sim *sim, struct shown *shown, size_t index);
/* All is quiet, and these are on the disks of a room: it sees what must have
 * become of them. */
void amends_finish(struct sim *sim, const struct sim_node *node,
    const struct shown *shown, const uint8_t *marks);

/* -- checkers_leaders.c ------------------------------------------------ */

void checkers_leader_told(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event);

/* -- checkers_metadata.c ----------------------------------------------- */

void checkers_commit(struct sim *sim, const struct sim_node *node,
    const struct sim_node *from, const struct frame *frame);
/* A run begins with what is on its disk. */
void checkers_recall(struct sim *sim, const struct sim_node *node);
/* After each step: whom it follows. */
void checkers_led(struct sim *sim, const struct sim_node *node,
    const struct leadership *known);

#endif
