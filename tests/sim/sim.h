/*
 * sim: the other host of the node core, a world in virtual time.
 *
 * One seed decides everything: ids (when shuffled), delays, losses, what
 * the nodes draw.  Nothing here reads a clock, so the same seed and the
 * same script give the same inputs and effects, byte for byte, and the
 * event hash proves it.
 *
 *   struct sim *sim = sim_new(&(struct sim_options){ .nodes = 3 });
 *   sim_start_all(sim);
 *   sim_run_until(sim, sim_one_leader, 2000);
 *   sim_kill(sim, BOB);
 *
 * Nodes are called by their index; ids ascend in the order of the names
 * unless shuffled.  Times are virtual milliseconds.
 */
#ifndef DCHAT_SIM_H
#define DCHAT_SIM_H

#include <stdbool.h>

#include "base/bytes.h"
#include "core/node.h"
#include "tests/sim/disk.h"
#include "tests/sim/queue.h"

enum {
	ANA,
	BOB,
	CEM,
	DAN,
	EVA,
	FAY,
	GIL,
	HAL,
	IDA,
	JAN,
	KIM,
	LEO,
	MIA,
	NED,
	OLA,
	PIA,
	QIN,
	RON,
	SUE,
	TOM,
	UMA,
	VIC,
	WIM,
	XIA,
	YAN,
	ZOE,
};

/* How the network and the disks are. */
struct weather {
	unsigned delay_min_us;  /* of a datagram or frame */
	unsigned delay_mean_us; /* beyond that, exponential */
	unsigned disk_min_us, disk_mean_us;
	/* Chances, per frame and per datagram. */
	double loss, duplication, reordering;
};

extern const struct weather fair_weather;
/* Everything takes just one millisecond: for timelines to be compared. */
extern const struct weather still_weather;

struct sim_options {
	unsigned nodes;
	uint64_t seed;
	bool shuffled; /* ids are drawn, not in order of the names */
	bool plain;    /* frames are copied, not encoded */
	bool tracing;  /* keep a timeline */
	bool frames;   /* each frame received is in it, too */
	bool shiviz;   /* keep a log for ShiViz */
	bool hashed_ring;
	bool keeps_disk;     /* over restarts */
	unsigned mesh_limit; /* 0: LIMIT_MESH */
	const struct weather *weather;	/* NULL: fair */
};

/* First in, first out (storage.c). */
struct requests {
	struct request *first, *last;
	size_t count;
};

enum process {
	PROCESS_OFF,
	PROCESS_RUNNING,
	PROCESS_PAUSED,
};

struct sim_node {
	unsigned index;
	char name[16];
	struct id id;
	uint8_t priority;
	enum process process;
	uint64_t run; /* how often it was started */
	uint64_t nonce;
	struct node *node;
	bool leaving;          /* as soon as what it said is published */
	bool pulled;           /* the cable of its host */
	bool outside;          /* not of the core: nothing is demanded */
	bool hostile;          /* what it sends is mutated */
	instant_ms boot;       /* its clock minus the world's */
	wall_ms skew;          /* its person's clock minus the right one */
	uint64_t deadline;     /* counts the deadlines asked for */
	moment_us deadline_at; /* the last of them; -1: none */
	unsigned spins;        /* deadlines without time going on */
	moment_us woken_at;
	struct happening *deferred; /* while paused */
	size_t deferred_count, deferred_cap;
	moment_us paused_at;
	struct disk disk, copy;	/* the copy: as it was once */
	struct requests requests; /* of the disk, not done yet */
	/* Answers to INPUT_OLDER, and the last of them. */
	unsigned older_answers;
	bool older_more;
	uint64_t older_lost;
	struct requests stalled;  /* done as soon as it works again */
	unsigned disk_slow_us;	  /* more than the others' */
	bool disk_fails;
};

/*
 * A connection between two runs.  Each end has its own opinion, as in TCP:
 * `up` is what the node there was told.
 */
struct connection {
	unsigned end[2];
	uint64_t run[2];
	int via;		/* who carries it; -1: it is direct */
	bool up[2], closed[2];
	moment_us arrival[2];      /* of what was last sent to that end */
	moment_us silent_since[2]; /* that end sends in vain; -1: no */
	struct happening *waiting; /* sent, and the way was shut */
	size_t waiting_count, waiting_cap;
};

struct sim_counters {
	uint64_t steps, frames, bytes, lost, dials, links, beacons;
	uint64_t sent[FRAME_TYPES];
	uint64_t verdicts[VERDICT_COUNT];
};

struct checkers;

struct sim {
	struct sim_options options;
	struct weather weather;
	struct rng rng;
	moment_us now;
	struct queue queue;
	struct sim_node *nodes;
	unsigned count;
	unsigned *order; /* their indices, ascending by id */
	/* All count * count, row: from, column: to. */
	uint8_t *blocked;
	unsigned *slow_us;
	struct connection **links; /* as the row's node was told */
	struct connection **connections;
	size_t connection_count, connection_cap;
	struct effects fx;
	uint64_t hash;
	uint64_t next_token;
	struct sim_counters counters;
	struct bytes timeline;
	struct bytes shiviz;
	uint64_t *clocks; /* for it: count * count, a row a node */
	struct checkers *checkers;
	/* Whatever a person is shown; NULL: nobody looks. */
	void (*shown)(void *self, unsigned node,
	    const struct dchat_message *message);
	void *shown_self;
};

struct sim *sim_new(const struct sim_options *options);
void sim_destroy(struct sim *sim);

/* -- time -------------------------------------------------------------- */

instant_ms sim_now(const struct sim *sim);
void sim_run(struct sim *sim, instant_ms ms);
/* False when the condition did not come true within the limit. */
bool sim_run_until(struct sim *sim, bool (*condition)(const struct sim *sim),
    instant_ms limit_ms);
/* The argument is freed with free(3) after the call. */
void sim_call_at(struct sim *sim, moment_us at,
    void (*call)(struct sim *sim, void *argument), void *argument);

/* -- processes --------------------------------------------------------- */

void sim_start(struct sim *sim, unsigned node); /* also again */
void sim_start_all(struct sim *sim);
void sim_kill(struct sim *sim, unsigned node);  /* -9 */
void sim_leave(struct sim *sim, unsigned node); /* with goodbye */
void sim_stay(struct sim *sim, unsigned node);  /* after all, if still here */
void sim_pause(struct sim *sim, unsigned node); /* -STOP */
void sim_resume(struct sim *sim, unsigned node);
/* Its person's clock minus the right one, from now on. */
void sim_skew(struct sim *sim, unsigned node, wall_ms skew);
bool sim_running(const struct sim *sim, unsigned node);
/* How many of them change what they send. */
unsigned sim_hostile(const struct sim *sim);
/* Running, and not put outside. */
bool sim_in_core(const struct sim *sim, unsigned node);

/* The disk stops or begins to take anything. */
void sim_fail_disk(struct sim *sim, unsigned node, bool fails);
/* A copy is made, now; and put back, or all is lost, while it is off. */
void sim_copy_disk(struct sim *sim, unsigned node);
void sim_restore_disk(struct sim *sim, unsigned node);
void sim_lose_disk(struct sim *sim, unsigned node);

/* -- people ------------------------------------------------------------ */

/* Each returns the token of the command, 0 when the process is not there. */
uint64_t sim_say(struct sim *sim, unsigned node, const char *room,
    const char *text);
/* Something of a kind that refers to the message of this name. */
uint64_t sim_refer(struct sim *sim, unsigned node, const char *room,
    enum message_kind kind, const char *ref, const char *text);
uint64_t sim_dm(struct sim *sim, unsigned node, unsigned to,
    const char *text);
uint64_t sim_join(struct sim *sim, unsigned node, const char *room);
uint64_t sim_part(struct sim *sim, unsigned node, const char *room);
uint64_t sim_elect(struct sim *sim, unsigned node);
uint64_t sim_topic(struct sim *sim, unsigned node, const char *room,
    const char *topic);
uint64_t sim_nick(struct sim *sim, unsigned node, const char *nick);
/* Wants about so many older messages; sim_older_of() tells what came of it. */
void sim_older(struct sim *sim, unsigned node, const char *room,
    unsigned messages);
/* The last answer to that: how many there were, whether there are more, and
 * how many bundles nobody has. */
unsigned sim_older_of(const struct sim *sim, unsigned node, bool *more,
    uint64_t *lost);
/* Messages of a room on its disk. */
size_t sim_held(const struct sim *sim, unsigned node, const char *room);

/* -- the network ------------------------------------------------------- */

void sim_pull(struct sim *sim, unsigned node); /* its cable */
void sim_plug(struct sim *sim, unsigned node);
/* Those named ("ana bob cem") and all others do not hear each other. */
void sim_partition(struct sim *sim, const char *names);
/* What one sends to the other takes so much longer. */
void sim_slow(struct sim *sim, unsigned from, unsigned to, unsigned ms);
/* Nothing gets from one to the other; the way back stays open. */
void sim_block(struct sim *sim, unsigned from, unsigned to, bool blocked);
/* All cables in, nothing blocked. */
void sim_heal(struct sim *sim);
/* The connection between the two breaks, as by a reset. */
void sim_reset(struct sim *sim, unsigned a, unsigned b);

/* -- conditions; of the running nodes of the core ---------------------------------- */

/* One established leader, the same at all, itself among them; for one who
 * is alone a provisional one will do. */
bool sim_one_leader(const struct sim *sim);
/* Each has all running nodes in its view and nobody else. */
bool sim_one_view(const struct sim *sim);
/* And a link to each of them. */
bool sim_all_linked(const struct sim *sim);
/* Nobody from outside has a link to one of them, or is about to get one. */
bool sim_to_itself(const struct sim *sim);
/* All linked, but others may come and go, and lead. */
bool sim_core_linked(const struct sim *sim);
bool sim_led(const struct sim *sim);
/* All messages that anybody has are at everybody who is in their room. */
bool sim_same_messages(const struct sim *sim);
/* No command waits for its answer. */
bool sim_answered(const struct sim *sim);
/* All agree on rooms, topics and nicks. */
bool sim_same_metadata(const struct sim *sim);

/* The node shows a message with this text. */
bool sim_shows(const struct sim *sim, unsigned node, const char *text);
/* As the author was last told of its message with this text; false: it was
 * not said. */
bool sim_reach(const struct sim *sim, const char *text, unsigned *have,
    unsigned *of);
size_t sim_messages(const struct sim *sim, unsigned node, const char *room);

/* As the node shows them. */
const char *sim_topic_at(const struct sim *sim, unsigned node,
    const char *room);
const char *sim_nick_at(const struct sim *sim, unsigned node, unsigned whom);

/* The established leader that a node knows, -1: none. */
int sim_leader_of(const struct sim *sim, unsigned node);
uint64_t sim_term_of(const struct sim *sim, unsigned node);
/* -1 when no node has this id. */
int sim_index_of(const struct sim *sim, const struct id *id);

/* -- what happened ----------------------------------------------------- */

uint64_t sim_hash(const struct sim *sim);
/*
 * The lines of the timeline whose text begins with one of the words
 * ("election: leader:"); NULL: all.  The caller frees it.  Lines are
 * "[  110] ana: text".
 */
char *sim_timeline(const struct sim *sim, const char *words);
/* With options.shiviz; the caller frees it. */
char *sim_shiviz(const struct sim *sim);
void sim_clear_timeline(struct sim *sim);
/* What the checkers found, a line each; NULL: nothing. */
const char *sim_failures(const struct sim *sim);

#endif
