/*
 * host: the node in the real world; the inside of `struct dchat`.
 *
 * The loop (libevent's) brings inputs: frames, beacons, commands, answers
 * of the store, the one timer.  Each is one step of the core, whose effects
 * are performed in order; inputs that arise meanwhile wait their turn.
 *
 *   host.c      opening, the loop, performing effects
 *   verify.c    is what a peer sent really its author's?
 *   commands.c  what a person asks, as far as it is not the node's
 *   agree.c     topics and nicks, which the group decides
 *   talk.c      to one person alone; who has it
 *   events.c    what a person is told
 *   publish.c   what is said is sealed, as fast as the links take it
 *   remember.c  what is kept for the next run
 *   fill.c      all of the history of others, not only what is looked at
 *   export.c    the history of a room into a file
 *   notes.c     what a front end wants kept for its next run
 *   leave.c     quitting in order
 *   trace.c     inputs and effects as lines of the log
 */
#ifndef DCHAT_HOST_HOST_H
#define DCHAT_HOST_HOST_H

#include "amend.h"
#include "base/bytes.h"
#include "base/log.h"
#include "core/node.h"
#include "dchat.h"
#include "host/alarm.h"
#include "host/announce.h"
#include "host/doctor.h"
#include "host/clock.h"
#include "host/mesh.h"
#include "host/notes.h"
#include "host/profile.h"
#include "host/remember.h"
#include "host/resolve.h"
#include "host/settings.h"
#include "store/store.h"

enum {
	LEAVE_MS = 5000,       /* all of leaving; of that */
	LEAVE_FLUSH_MS = 1000, /* at most this for the last frames */
};

/* Commands of the host's own carry it; their answers are not shown. */
#define TOKEN_OWN UINT64_MAX

/* A command as it waits: its texts are owned. */
struct pending_command {
	struct dchat_command command;
	char *room, *text, *ref, *address, *before, *to, *msg, *nick, *name;
	bool late; /* asked when it was leaving already */
};

/* Said, not answered yet. */
struct pending_say {
	uint64_t token;
	struct id room;
};

/*
 * A SAY or DM whose message is looked up that it refers to; or that was said
 * after one, in the same room.
 */
struct pending_refer {
	bool sought;	 /* in the store, by a request of this number */
	uint64_t number;
	struct pending_command pending;
	struct id room, to;
};

/* A bundle of one's own that waits for the links. */
struct pending_publish {
	struct bundle *bundle; /* owned */
	instant_ms by;         /* not longer than this */
};

/* A HISTORY or SEARCH that is under way, in the order asked. */
struct pending_history {
	enum dchat_verb verb;
	uint64_t number; /* of the request to the store */
	uint64_t token;
	struct id room;
	char *text;  /* SEARCH: the words; owned */
	bool everywhere;
	size_t says; /* of the room (everywhere: of all) to be answered before */
	bool asked;  /* the store was */
	size_t limit;
	char before[MSG_TEXT]; /* empty: none */
	bool around;
	/* Older ones are asked of peers, until then at most. */
	bool awaited;
	instant_ms older_by; /* 0: they were not asked for yet */
	bool complete;       /* there are no more of them to be had */
	uint64_t lost;       /* so many bundles nobody has */
};

/* A history that is being written to a file, page by page. */
struct pending_export {
	uint64_t number, token;
	struct id room;
	char *name, *file; /* of the room; both owned */
	int descriptor;
	bool json;
	char after[MSG_TEXT]; /* read up to here */
	/* As text: read once before, for what became of the messages. */
	bool gathering;
	struct amends amends;
	size_t count;
	bool last; /* its last page is being written */
};

/* A room whose whole history is being fetched. */
struct pending_fill {
	uint64_t number; /* of the question whether there is place for it */
	struct id room;
	bool awaited; /* a page is */
	uint64_t done; /* bundles */
	instant_ms told_at;
};

/* A WHO_HAS whose message is looked up in the store. */
struct pending_find {
	uint64_t number, token;
};

/* A name being looked up for CONNECT or --peer. */
struct pending_lookup {
	uint64_t number, token;
	char host[RESOLVE_HOST];
};

/* An input that waits for the current step to end. */
struct pending_input {
	struct input input;
	struct record *record; /* SEALED; owned */
	struct intent *intent; /* INTENT_SEALED; owned */
};

enum leave_stage {
	LEAVE_NOT,
	LEAVE_ANSWERING, /* until all said before is answered */
	LEAVE_FLUSHING,  /* goodbye was said; links are closing */
	LEAVE_DONE,      /* BYE was told */
};

struct host_counters {
	uint64_t steps;
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t rejected; /* by the host: malformed, forged */
	uint64_t verified; /* signatures looked at */
	uint64_t published, publish_failed;
};

/* A host that a person named, asked for a beacon. */
struct asked_host {
	struct address address;
	instant_ms patient_until; /* then it is told; NEVER: it need not be */
};

struct dchat {
	struct event_base *loop;
	struct dchat_front front;

	struct log log;
	struct log_budget strangers;
	struct profile profile;
	struct settings settings;
	struct mesh *mesh;
	struct announce *announce;
	struct doctor doctor;
	struct resolver *resolver;
	struct store *store;
	struct remembered remembered; /* until the node is made */
	struct notes notes;
	struct node *node;

	/* The step. */
	struct effects fx;
	bool started, stepping;
	instant_ms now;      /* never goes back */
	struct alarm alarm;  /* for its deadline */
	struct clock_watch watch;
	struct pending_input *inputs;
	size_t input_count, input_cap;
	struct bytes body; /* scratch: what is being signed */

	struct event *start, *stored, *command_turn, *front_turn;

	struct pending_command *commands;
	size_t command_count, command_cap;
	struct pending_say *says;
	size_t say_count, say_cap;
	struct pending_refer *refers; /* in the order said */
	size_t refer_count, refer_cap;
	struct pending_publish *publishes;
	size_t publish_count, publish_cap;
	struct event *publish_timer;
	struct pending_history *histories;
	size_t history_count, history_cap;
	struct pending_export *exports;
	size_t export_count, export_cap;
	struct pending_fill *fills;
	size_t fill_count, fill_cap;
	size_t fill_next; /* of the joined rooms */
	struct event *fill_timer;
	struct pending_find *finds;
	size_t find_count, find_cap;
	struct pending_lookup *lookups;
	size_t lookup_count, lookup_cap;
	uint64_t next_number;
	/* Hosts named without a port: asked whenever a beacon goes out. */
	struct asked_host *asked;
	size_t asked_count, asked_cap;
	/* Addresses of CONNECT that nothing came of yet. */
	struct address *tried;
	size_t tried_count, tried_cap;

	char **peers; /* --peer, until the start */
	size_t peer_count;

	enum leave_stage leaving;
	char *reason; /* of leaving */
	int status;
	uint64_t *quits; /* tokens of QUIT commands */
	size_t quit_count, quit_cap;
	struct event *leave_timer;
	instant_ms answer_by, leave_by;

	struct host_counters counters;
	struct gauge_traffic traffic;
	uint64_t messages_in, messages_out; /* told: others', own */
};

/* host.c: one input to the node, now or after the current step. */
enum verdict host_input(struct dchat *dchat, struct input *input);

/* verify.c: ACCEPTED, and the frame may go to the node; otherwise why says
 * why not.  Sets bundle.hash and sealed.key. */
enum verdict host_verify(struct dchat *dchat, const struct id *peer,
    const uint8_t key[static KEY_BYTES], struct frame *frame,
    char why[static 128]);

/* commands.c */
void commands_init(struct dchat *dchat);
void commands_free(struct dchat *dchat);
/* --peer and the like: as CONNECT, without an answer. */
void commands_connect(struct dchat *dchat, const char *address);
/* Asks for a beacon of each host that was named without a port. */
void commands_ask_hosts(struct dchat *dchat, uint64_t view);
/* A beacon came from this UDP address. */
void commands_heard(struct dchat *dchat, const struct address *from);
/* A dial of an address that a person gave came to this, or a link is up. */
void commands_dial_failed(struct dchat *dchat, const struct address *address,
    enum reason why);
void commands_linked(struct dchat *dchat, const struct address *address);
/* A SAY was answered. */
void commands_said(struct dchat *dchat, uint64_t token);
/* Older ones of a room came from peers, or will not. */
void commands_older(struct dchat *dchat, const struct id *room, bool more,
    uint64_t lost);
/* From the store, the resolver. */
void commands_lines(void *self, const struct store_lines *lines);
void commands_resolved(void *self, const struct resolved *resolved);
/* A SAY or DM is ripe: to the node with it. */
void commands_say(struct dchat *dchat, struct input *input);
void pending_command_free(struct pending_command *pending);
/* Something said or asked is not answered yet. */
bool commands_waiting(const struct dchat *dchat);

/* agree.c */
void agree_topic(struct dchat *dchat, struct input *input);
void agree_nick(struct dchat *dchat, struct pending_command *pending,
    struct input *input);
void agree_seal(struct dchat *dchat, const struct intent *intent);
/* From the store: a numbered KEEP is safe. */
void agree_kept(void *self, uint64_t number);

/* refer.c */
/* Takes over a SAY or DM that has to wait; false: it has not. */
bool refer_take(struct dchat *dchat, struct pending_command *pending,
    const struct input *input);
/* From the store; false: nothing of these was looked for. */
bool refer_sought(struct dchat *dchat, uint64_t number,
    const struct bundle *bundle);
void refer_free(struct dchat *dchat);

/* talk.c */
/* Puts the direct room with somebody into the input; false when the person
 * was told why not. */
bool talk_take_direct(struct dchat *dchat, struct pending_command *pending,
    const char *whom, struct input *input);
void talk_who_has(struct dchat *dchat, const struct dchat_command *command);
/* From the store; NULL: no such message. */
void talk_sought(void *self, uint64_t number, const struct bundle *bundle);

/* fill.c */
void fill_init(struct dchat *dchat);
void fill_free(struct dchat *dchat);
/* A page of older ones came, or will not. */
void fill_older(struct dchat *dchat, const struct id *room, bool more,
    unsigned came, uint64_t left);
/* From the store; false: the lines are not for this. */
bool fill_lines(struct dchat *dchat, const struct store_lines *lines);

/* export.c */
void export_begin(struct dchat *dchat, const struct input *input);
/* From the store; false: the lines are not of an export. */
bool export_lines(struct dchat *dchat, const struct store_lines *lines);
void export_written(void *self, uint64_t number, int error);
/* What is not finished is removed. */
void export_free(struct dchat *dchat);

/* commands.c: what lines of the store say; returns how many. */
size_t commands_describe(struct dchat *dchat, const struct store_lines *lines,
    struct dchat_message *messages);

/* notes.c: REMEMBER, RECALL */
void notes_remember(struct dchat *dchat, const struct dchat_command *command);
void notes_recall(struct dchat *dchat, const struct dchat_command *command);

/* events.c */
void events_notify(struct dchat *dchat, const struct dchat_event *event);
void events_ready(struct dchat *dchat);
void events_error(struct dchat *dchat, enum dchat_verb verb, uint64_t token,
    enum error code, const char *text); /* text NULL: the code's sentence */
void events_warning(struct dchat *dchat, const char *code, const char *text);
void events_interfaces(struct dchat *dchat);
/* Before each step: what went over the links, once a second. */
void events_gauge(struct dchat *dchat);

/* publish.c */
void publish_init(struct dchat *dchat);
void publish_free(struct dchat *dchat);
void publish_bundle(struct dchat *dchat, const struct bundle *bundle);

/* leave.c */
void leave_begin(struct dchat *dchat, const char *reason, int status);
/* Something was answered: perhaps it is time for goodbye. */
void leave_proceed(struct dchat *dchat);
/* The last link is closed. */
void leave_gone(struct dchat *dchat);
void leave_free(struct dchat *dchat);

/* trace.c: lines of the log, when it wants them. */
void trace_options(struct dchat *dchat, const struct node_options *options);
void trace_input(struct dchat *dchat, const struct input *input);
/* Of the whole step, before they are performed. */
void trace_effects(struct dchat *dchat);
void trace_effect(struct dchat *dchat, const struct effect *effect);

#endif
