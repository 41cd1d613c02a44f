/*
 * dchat: THE DOOR.  All that a front end may know of the node behind it.
 *
 * A front end (the curses interface in tui/, the JSON lines in
 * host/headless) opens a node, hands it commands and is called with
 * events.  Nothing else crosses: no front end sees a frame, a link or a
 * database, and nothing behind the door knows how a person sees things.
 * The commands and events are those of the headless contract, one to one.
 *
 * One thread, one loop (libevent's).  Events are delivered between turns of
 * the node, never from inside dchat_submit(); pointers in an event live
 * until the callback returns.  All text is valid UTF-8, but otherwise just
 * as its author wrote it: whoever shows it to a terminal cleans it first
 * (tui/text).
 */
#ifndef DCHAT_H
#define DCHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/channel.h"
#include "base/error.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/limits.h"

/* -- commands ---------------------------------------------------------- */

/* verb, its name in the headless contract */
#define DCHAT_VERBS(X)                                                        \
	X(SAY, "say")                                                         \
	X(DM, "dm")                                                           \
	X(JOIN, "join")                                                       \
	X(PART, "part")                                                       \
	X(TOPIC, "topic")                                                     \
	X(NICK, "nick")                                                       \
	X(AWAY, "away")                                                       \
	X(BACK, "back")                                                       \
	X(ROOMS, "rooms")                                                     \
	X(MEMBERS, "members")                                                 \
	X(PEERS, "peers")                                                     \
	X(HISTORY, "history")                                                 \
	X(SEARCH, "search")                                                   \
	X(WHO_HAS, "who_has")                                                 \
	X(TYPING, "typing")                                                   \
	X(STATUS, "status")                                                   \
	X(CONNECT, "connect")                                                 \
	X(NET, "net")                                                         \
	X(ELECT, "elect")                                                     \
	X(QUIT, "quit")

/* What only a front end in this process may ask; in no contract. */
#define DCHAT_INNER_VERBS(X)                                                  \
	X(EXPORT, "export")                                                   \
	X(REMEMBER, "remember")                                               \
	X(RECALL, "recall")

enum dchat_verb {
#define X(verb, name) DCHAT_##verb,
	DCHAT_VERBS(X)
	DCHAT_INNER_VERBS(X)
#undef X
};

/* Longest text of a message's id, with its NUL. */
enum { MSG_TEXT = 32 };

/*
 * kind, its name.  From REPLY on a message refers to another one (`ref`) of
 * its room.  What becomes of the other is for whoever shows it, and depends
 * on nothing but the messages, so that it is the same everywhere: of several
 * edits of one message the last in display order holds, a delete holds
 * against all of them, and both only from its author; of one person's
 * reactions to a message the last one holds, and an empty one takes it back.
 */
#define MESSAGE_KINDS(X)                                                      \
	X(TEXT, "text")                                                       \
	X(ACTION, "action")	/* "/me waves" */                             \
	X(REPLY, "reply")                                                     \
	X(REACTION, "reaction")	/* text: an emoji or a short word, or none */ \
	X(EDIT, "edit")		/* text: the new one */                       \
	X(DELETE, "delete")	/* text: none */

enum message_kind {
#define X(kind, name) KIND_##kind,
	MESSAGE_KINDS(X)
#undef X
	MESSAGE_KIND_COUNT
};

/* It refers to another one. */
static inline bool
message_kind_refers(enum message_kind kind)
{
	return kind >= KIND_REPLY;
}

/* Borrowed for the call of dchat_submit(); unused members are zero. */
struct dchat_command {
	enum dchat_verb verb;
	uint64_t token;		/* chosen by the front end, back in the answer */
	/* Name with '#': JOIN PART TOPIC MEMBERS; also "@ID" of a direct room:
	 * SAY HISTORY TYPING; and NULL, all rooms: SEARCH. */
	const char *room;
	/* SAY DM; TOPIC: may be empty, which clears it; AWAY: why, or NULL;
	 * SEARCH: words, all of which must be there (one with a star may go
	 * on), no syntax else. */
	const char *text;
	enum message_kind kind;	/* SAY DM */
	const char *ref;	/* SAY DM, of a kind that refers: a msg */
	const char *to;		/* DM: a nick or an id */
	const char *nick;	/* NICK */
	const char *msg;	/* WHO_HAS */
	const char *address;	/* CONNECT: HOST[:PORT] */
	/*
	 * REMEMBER: a name of the front end's choice, under which `text` is
	 * kept for its next run ("": forgotten), of this profile and network.
	 * A power cut may take the last second of it.  RECALL gives all.
	 * EXPORT: a file, which must not be there yet.
	 */
	const char *name;
	/* HISTORY SEARCH; 0: 100.  Who asks has read the room; and what is not
	 * here of its history is fetched from peers, if that takes no long. */
	size_t limit;
	const char *before;	/* HISTORY: a msg, or NULL */
	bool around;		/* it is to be in the middle of the page */
	bool json;		/* EXPORT: JSON lines, else text */
	/* STATUS: somebody looks, so tell all of it (peers, elections, too),
	 * and measure all links once more. */
	bool look;
};

/* -- events ------------------------------------------------------------ */

/* event, its name in the headless contract */
#define DCHAT_EVENTS(X)                                                       \
	X(READY, "ready")                                                     \
	X(OK, "ok")                                                           \
	X(ERROR, "error")                                                     \
	X(PEER, "peer")                                                       \
	X(LEADER, "leader")                                                   \
	X(ELECTION, "election")                                               \
	X(JOINED, "joined")                                                   \
	X(PARTED, "parted")                                                   \
	X(ROOM, "room")                                                       \
	X(NICK, "nick")                                                       \
	X(AWAY, "away")                                                       \
	X(MESSAGE, "message")                                                 \
	X(DELIVERED, "delivered")                                             \
	X(PARTITION, "partition")                                             \
	X(HELD, "held")                                                       \
	X(TYPING, "typing")                                                   \
	X(FETCHING, "fetching")                                               \
	X(WARNING, "warning")                                                 \
	X(BYE, "bye")

enum dchat_event_type {
#define X(event, name) DCHAT_EVENT_##event,
	DCHAT_EVENTS(X)
#undef X
};

/* What this node believes of another; as text: member_state_name(). */
enum member_state {
	MEMBER_ALIVE,
	MEMBER_SUSPECT,
	MEMBER_DEAD,
	MEMBER_LEFT,
};

/* What a node is doing about a leader; the `state` of status. */
enum group_state {
	GROUP_ALONE,
	GROUP_ELECTING,
	GROUP_STEADY,
	GROUP_PARTITIONED,	/* some out of reach, for an hour at most */
};

/* How an election ended at this node; end, its name in the headless
 * contract. */
#define ELECTION_ENDS(X)                                                      \
	X(RUNNING, "running")	/* not yet */                                 \
	X(ELECTED, "elected")	/* the winner, by it */                       \
	X(FOUND, "found")	/* the winner led already */                  \
	X(MERGED, "merged")	/* two leaders met, and the winner stays */   \
	X(RAISED, "raised")	/* the leader leads on in a higher term */    \
	X(ALONE, "alone")	/* nobody else is here any more */

enum election_end {
#define X(end, name) ELECTION_##end,
	ELECTION_ENDS(X)
#undef X
};

/* What passes over the links, each counted for every second. */
#define DCHAT_FLOWS(X)                                                        \
	X(BYTES_IN, "bytes_in")                                               \
	X(BYTES_OUT, "bytes_out")                                             \
	X(FRAMES_IN, "frames_in")                                             \
	X(FRAMES_OUT, "frames_out")                                           \
	X(MESSAGES_IN, "messages_in")                                         \
	X(MESSAGES_OUT, "messages_out")

enum dchat_flow {
#define X(flow, name) FLOW_##flow,
	DCHAT_FLOWS(X)
#undef X
	FLOW_COUNT
};

/* A place in the display order, the same at every node. */
struct dchat_place {
	uint64_t hlc;
	struct id author;
	uint64_t seq;
	unsigned index;
};

/* By hlc, then author, then seq, then index; < 0: a is above b. */
int dchat_place_compare(const struct dchat_place *a,
    const struct dchat_place *b);

struct dchat_message {
	char msg[MSG_TEXT];	/* opaque, the same at every node */
	const char *room;	/* name; of a direct one "@" and the other's id */
	struct id to;		/* direct: to whom it goes; else none */
	struct id author;
	const char *nick;
	enum message_kind kind;
	char ref[MSG_TEXT];	/* to which it refers; or "" */
	const char *text;
	wall_ms time;		/* the author's clock */
	/* With its author its place, see dchat_message_place(). */
	uint64_t hlc;
	uint64_t seq;
	unsigned index;
	bool live;		/* false: history or sync */
	bool late;		/* its place is above one emitted before */
	bool gap;		/* something before it is missing for good */
	uint64_t token;		/* of the SAY or DM, when own; else 0 */
	/* Own ones: how many of the room's members at the time have it,
	 * oneself included; of == 0: not known (others' messages). */
	unsigned have, of;
	bool stable;		/* have == of */
};

static inline struct dchat_place
dchat_message_place(const struct dchat_message *message)
{
	return (struct dchat_place){ message->hlc, message->author,
		message->seq, message->index };
}

struct dchat_room {
	const char *name;
	const char *topic;
	size_t members;
	bool joined;
	size_t unread;
};

/* What a front end had remembered. */
struct dchat_note {
	const char *name, *text;
};

struct dchat_member {
	struct id id;
	const char *nick;	/* as shown: nick~ab12 while not granted */
	const char *away;	/* why the person is, or ""; NULL: here */
	enum member_state state;
	bool leader;
	bool self;
	bool forked;		/* has said two things as one, provably */
};

struct dchat_peer {
	struct id id;
	const char *nick;
	const char *away;	/* as a member's */
	enum member_state state;
	double rtt_ms;		/* < 0: not measured */
	char address[ADDRESS_TEXT];	/* empty: unknown */
	bool linked;
	struct id over;		/* who carries the link; none: it is direct */
	const char *over_nick;
	bool leader;
	bool self;
	instant_ms silent_ms;	/* since its last frame; < 0: not watched */
	/* Its link: the last round trips, oldest first, and what waits to be
	 * sent on it. */
	const double *rtts_ms;
	size_t rtt_count;
	size_t queue_bytes;
	/* Of a suspect: who accuses it, and when that makes it dead. */
	const struct id *accusers;
	size_t accuser_count;
	instant_ms dead_in_ms;	/* < 0: it is not suspected */
	bool skew_known;
	int64_t skew_ms;	/* its clock is ahead of this one by so much */
};

/*
 * Messages of one author that wait because some that came before them are
 * not here yet.
 */
struct dchat_holding {
	const char *room;
	struct id author;
	const char *nick;
	/* Who said what is missing, and their nicks. */
	const struct id *waiting_for;
	const char *const *waiting_nicks;
	size_t waiting_count;
	size_t count;		/* messages of the author that wait */
	instant_ms waited_ms;	/* the first of them */
	struct id asked;	/* for what is missing, last; or none */
};

/* One component of a room's vector clock. */
struct dchat_clock_entry {
	struct id author;
	uint64_t epoch;
	uint64_t top;		/* delivered up to here */
};

struct dchat_room_clock {
	const char *room;
	const struct dchat_clock_entry *entries;
	size_t count;
	size_t held;
};

/* A candidate, as far as its probes were seen here. */
struct dchat_stand {
	struct id id;
	const char *nick;
	unsigned phase, reach;	/* the highest phase, and how far it probes */
	instant_ms at_ms;	/* after the election began */
};

/* An election as this node saw it. */
struct dchat_election {
	uint64_t term;
	const char *cause;	/* "start", "dead", "left", "lease", ... */
	enum election_end end;
	instant_ms ago_ms;	/* it began so long ago, and took: */
	instant_ms took_ms;	/* RUNNING: until now */
	struct id winner;	/* none while it runs */
	const char *winner_nick;
	const struct dchat_stand *stood;	/* as they were seen */
	size_t stood_count;
	uint64_t messages;	/* probes and replies sent by this node */
};

struct dchat_counter {
	const char *name;
	uint64_t value;
};

/* What came into a room from the other side of a cut. */
struct dchat_merged {
	const char *room;
	size_t count;
};

struct dchat_network;

struct dchat_status {
	struct id self;
	const char *nick;
	const char *network;
	struct id leader;	/* none while there is none */
	const char *leader_nick;
	bool provisional;
	uint64_t term;
	enum group_state state;
	unsigned phase, reach;	/* while electing */
	const struct id *ring;	/* the view, ascending */
	size_t ring_count;
	const struct dchat_counter *counters;
	size_t counter_count;
	const struct dchat_room_clock *clocks;
	size_t clock_count;
	size_t held;		/* messages held back, all rooms; of whom: */
	const struct dchat_holding *holdings;
	size_t holding_count;
	double rtt_ms;		/* median over live links; < 0: unknown */
	const struct id *lost;	/* out of reach, for three days at most */
	size_t lost_count;
	const char *const *interfaces;	/* discovery looks there */
	size_t interface_count;
	/* Points of the local-health multiplier: 0 is well, with more this
	 * node is perhaps slow itself and more patient with others. */
	unsigned local_health;
	bool self_suspicion;	/* most fell silent at once: it may be me */
	/* Only when somebody looks: */
	const struct dchat_peer *peers;		/* as of PEERS */
	size_t peer_count;
	const struct dchat_election *elections;	/* oldest first */
	size_t election_count;
	const struct dchat_network *net;	/* as of NET; or NULL */
	/* Amounts in each of the last whole seconds, oldest first. */
	const uint64_t *traffic[FLOW_COUNT];
	size_t traffic_seconds;
};

/* -- the network doctor ------------------------------------------------- */

/* One channel of one interface: beacons sent, refused by the kernel, heard. */
struct dchat_path {
	uint64_t sent, failed, heard;
};

struct dchat_interface {
	const char *name;
	char address[ADDRESS_TEXT];	/* its first IPv4 one, or empty */
	bool loopback, point_to_point;
	struct dchat_path paths[CHANNEL_COUNT];
};

/* A peer was heard there. */
struct dchat_sighting {
	struct id peer;
	const char *interface;		/* its name, "" when it is gone */
	enum channel channel;
	uint64_t count;
	instant_ms ago_ms;
};

/* What came of dialling an address, last. */
struct dchat_dial {
	struct id peer;			/* none: whoever is there */
	char address[ADDRESS_TEXT];
	const char *reason;		/* "refused", "unreachable", ... */
	bool reachable;			/* in a network of an interface */
	instant_ms ago_ms;
};

enum finding_grade {
	GRADE_GOOD,
	GRADE_NOTE,
	GRADE_BAD,
};

/* A verdict in words, and what to do about it ("": nothing). */
struct dchat_finding {
	const char *code;
	enum finding_grade grade;
	char text[256], next[256];
};

struct dchat_network {
	instant_ms up_ms;		/* looking for others for so long */
	uint16_t port;			/* where links are accepted (TCP) */
	uint16_t discovery_port;	/* (UDP) */
	const struct dchat_interface *interfaces;
	size_t interface_count;
	const struct dchat_sighting *sightings;	/* ascending by peer */
	size_t sighting_count;
	const struct dchat_dial *dials;
	size_t dial_count;
	const struct dchat_peer *peers;	/* as of PEERS */
	size_t peer_count;
	uint64_t foreign;		/* beacons of other networks */
	bool twice;			/* this identity was seen elsewhere */
	const struct dchat_finding *findings;	/* the worst first */
	size_t finding_count;
};

const char *channel_name(enum channel channel);
const char *channel_label(enum channel channel);
const char *finding_grade_name(enum finding_grade grade);

struct dchat_event {
	enum dchat_event_type type;
	union {
		struct {
			struct id id;
			const char *nick, *network, *version, *profile;
			uint16_t port;
			wall_ms since;	/* the profile's first start */
		} ready;
		struct {	/* OK; exactly one answer per command */
			enum dchat_verb verb;
			uint64_t token;
			const char *msg;			/* SAY */
			const struct dchat_room *rooms;		/* ROOMS */
			const struct dchat_member *members;	/* MEMBERS */
			const struct dchat_peer *peers;		/* PEERS */
			/* HISTORY SEARCH: the newest, oldest first. */
			const struct dchat_message *messages;
			size_t behind;	/* SEARCH: bundles not looked at yet */
			bool newer;	/* HISTORY around one: there are more below */
			/* HISTORY that ends at the top: so many bundles (of
			 * one to 64 messages) are older, and nobody here
			 * has them any more. */
			uint64_t lost;
			const char *file;	/* EXPORT: written, count messages */
			const struct dchat_note *notes;	/* RECALL; by name */
			size_t count;		/* of the array above */
			const struct dchat_status *status;	/* STATUS */
			const struct dchat_network *network;	/* NET */
			const struct id *have, *missing;	/* WHO_HAS */
			size_t have_count, missing_count;
			bool stable;
		} ok;
		struct {
			enum dchat_verb verb;
			uint64_t token;
			enum error code;
			const char *text;	/* a sentence */
		} error;
		struct {
			struct id id;
			const char *nick;
			enum member_state state;
			double rtt_ms;
			const char *reason;
		} peer;
		struct {
			struct id id;		/* none: no leader */
			const char *nick;
			uint64_t term;
			bool self, provisional;
			instant_ms took_ms;	/* < 0: not by an election seen here */
		} leader;
		struct {
			uint64_t term;
			unsigned phase, reach;
			const char *role;	/* "candidate", "defeated", ... */
		} election;
		struct {		/* JOINED, PARTED */
			const char *room;
			struct id id;
			const char *nick;
			bool self;
		} membership;
		struct {		/* ROOM: created, or its topic changed */
			const char *room, *topic;
			struct id by;
			const char *by_nick;
			bool exists;
		} room;
		struct {		/* NICK: somebody is shown by another */
			struct id id;
			const char *old, *nick;
			const char *reason;	/* "claimed", "taken", ... */
			bool self;
		} nick;
		struct {	/* AWAY: a person went for a while, or is back */
			struct id id;
			const char *nick;
			const char *text;	/* why, or ""; NULL: back */
			bool self;
		} away;
		struct dchat_message message;
		struct {		/* DELIVERED: of an own message */
			char msg[MSG_TEXT];
			unsigned have, of;
			bool stable;
		} delivered;
		struct {	/* PARTITION: either lost or healed */
			const struct id *lost;	/* all out of reach now */
			size_t lost_count;
			const struct id *healed; /* back since the last one */
			size_t healed_count;
			size_t merged;		/* messages, in all rooms */
			const struct dchat_merged *rooms;
			size_t room_count;
		} partition;
		/* HELD: at once, then once a second while it changes; with a
		 * count of 0 when nothing of the author waits any more. */
		struct dchat_holding held;
		struct {		/* TYPING: somebody is, just now */
			const char *room;
			struct id id;
			const char *nick;
		} typing;
		/* FETCHING: much of what was said in a room is on its way, in
		 * bundles of one to 64 messages; left: 0 when all is here. */
		struct {
			const char *room;
			uint64_t done, left;
		} fetching;
		struct {
			const char *code, *text;
		} warning;
		struct {
			const char *reason;
			int status;		/* the exit status to come */
		} bye;
	};
};

const char *dchat_verb_name(enum dchat_verb verb);
const char *dchat_event_name(enum dchat_event_type type);
const char *member_state_name(enum member_state state);
const char *group_state_name(enum group_state state);
const char *election_end_name(enum election_end end);
const char *dchat_flow_name(enum dchat_flow flow);
const char *message_kind_name(enum message_kind kind);

/* -- a node ------------------------------------------------------------ */

struct event_base;
struct dchat;

/* What a person may set; strings are borrowed until dchat_open() returns. */
struct dchat_options {
	const char *nick;		/* NULL: the login name */
	const char *network;		/* NULL: "lan" */
	const char *profile;		/* NULL: "default" */
	const char *const *rooms;	/* names with '#'; none: #lobby */
	size_t room_count;
	const char *const *peers;	/* HOST[:PORT] */
	size_t peer_count;
	const char *const *interfaces;	/* none: all usable ones */
	size_t interface_count;
	uint16_t port;			/* 0: any free one */
	uint16_t discovery_port;	/* 0: 7711 */
	uint8_t priority;		/* who should lead; the default is 100 */
	bool ephemeral;
	/* Kept of a room, and for so many days (0: LIMIT_HISTORY_ROOM,
	 * LIMIT_HISTORY_DAYS); all: what others have of it is fetched though
	 * nobody looks at it. */
	uint64_t history_messages;
	unsigned history_days;
	bool history_all;
	const char *log_file;		/* NULL: no log but warnings */
	int verbosity;			/* -v given so often */
};

/* What a text may have to be a good one of. */
enum dchat_name {
	DCHAT_NAME_NICK,
	DCHAT_NAME_ROOM,
	DCHAT_NAME_NETWORK,
	DCHAT_NAME_ADDRESS,	/* HOST[:PORT] */
};

/*
 * Whether a node would take it, for who wants to tell a person at once;
 * needs no node.  False with a sentence.
 */
bool dchat_check(enum dchat_name what, const char *text,
    char problem[static 256]);

struct dchat_front {
	void (*event)(void *self, const struct dchat_event *event);
	/* After the last event of a turn of the loop; NULL: not wanted. */
	void (*turn)(void *self);
	void *self;
};

/*
 * Makes a node in a loop that the caller owns and runs.  On failure returns
 * NULL with a sentence in problem and the exit status to end with in
 * *status (2: what the person asked for is wrong; 1: the machine).
 * READY is the first event, in the first turn of the loop.
 */
struct dchat *dchat_open(struct event_base *loop,
    const struct dchat_options *options, const struct dchat_front *front,
    char problem[static 256], int *status);

/* Takes the command; it is answered by one OK or ERROR event with its token. */
void dchat_submit(struct dchat *dchat, const struct dchat_command *command);

/*
 * Leaves the group: what was said before is answered and written out (5 s
 * at most), peers are told, then BYE is the last event and the loop is
 * stopped.  Calling it again changes nothing.
 */
void dchat_quit(struct dchat *dchat, const char *reason);

/* Frees everything; without a BYE before, as if the process had died. */
void dchat_close(struct dchat *dchat);

#endif
