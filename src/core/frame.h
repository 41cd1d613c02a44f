/*
 * frame: everything two nodes say to each other, as plain data.
 *
 * The catalogue: one row a kind of frame, one struct each.  wire/codec turns
 * them to bytes and back; man/dchat-protocol.7 describes each member.  A
 * frame borrows what its pointers show; frame_copy() makes a deep copy in an
 * arena.  HELLO, SUPERSEDED, TWICE and RELAY are the links' own business
 * and never reach the node (host/mesh).
 */
#ifndef DCHAT_CORE_FRAME_H
#define DCHAT_CORE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/error.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/limits.h"
#include "base/mem.h"
#include "dchat.h"

/* constant, name on the wire, true: bulk (waits behind all control frames) */
#define FRAMES(X)                                                             \
	X(HELLO, "hello", false)                                              \
	X(SUPERSEDED, "superseded", false)                                    \
	X(TWICE, "twice", false)                                              \
	X(RELAY, "relay", true)                                               \
	X(PING, "ping", false)                                                \
	X(PONG, "pong", false)                                                \
	X(MEMBER, "member", false)                                            \
	X(GOODBYE, "goodbye", false)                                          \
	X(PROBE, "probe", false)                                              \
	X(REPLY, "reply", false)                                              \
	X(ELECTED, "elected", false)                                          \
	X(LEADER, "leader", false)                                            \
	X(ASK, "ask", false)                                                  \
	X(ANSWER, "answer", false)                                            \
	X(BUNDLE, "bundle", true)                                             \
	X(DIGEST, "digest", false)                                            \
	X(VECTOR, "vector", false)                                            \
	X(WANT, "want", false)                                                \
	X(TAIL, "tail", false)                                                \
	X(BASE, "base", true)                                                 \
	X(ACK, "ack", false)                                                  \
	X(TYPING, "typing", false)                                            \
	X(INTENT, "intent", false)                                            \
	X(DECIDED, "decided", false)                                          \
	X(COMMIT, "commit", false)                                            \
	X(ITEM, "item", false)                                                \
	X(ROOT, "root", false)                                                \
	X(SUMS, "sums", false)

enum frame_type {
#define X(type, name, bulk) FRAME_##type,
	FRAMES(X)
#undef X
	FRAME_TYPES
};

const char *frame_type_name(enum frame_type type);
bool frame_type_bulk(enum frame_type type);

/* Why a node believes what it believes of another; travels by name. */
#define REASONS(X)                                                            \
	X(NONE, "none")                                                       \
	X(LINKED, "linked")		/* a link to it came up */            \
	X(TOLD, "told")			/* another member says so */          \
	X(REFUTED, "refuted")		/* it said itself that it lives */    \
	X(SILENT, "silent")		/* nothing heard for too long */      \
	X(REFUSED, "refused")		/* its host answers, it does not */   \
	X(LOST, "lost")			/* the link broke without goodbye */  \
	X(UNREACHABLE, "unreachable")	/* no way to its host */              \
	X(GOODBYE, "goodbye")		/* it left on purpose */              \
	X(RESTARTED, "restarted")	/* a later run of it appeared */      \
	X(PROTOCOL, "protocol")		/* it broke the protocol */           \
	X(TWICE, "twice")		/* its identity runs twice */

enum reason {
#define X(reason, name) REASON_##reason,
	REASONS(X)
#undef X
	REASON_COUNT
};

const char *reason_name(enum reason reason);

/* A body exactly as its author signed it (Ed25519). */
enum { KEY_BYTES = 32, SIGNATURE_BYTES = 64 };

struct sealed {
	const uint8_t *body;	/* NULL: not sealed yet */
	size_t size;
	uint8_t signature[SIGNATURE_BYTES];
	uint8_t key[KEY_BYTES];	/* the author's public key */
};

/* -- membership -------------------------------------------------------- */

struct room_name {
	struct id id;
	const char *name;
};

/* What a member says of itself; signed by it, newest (start, version) wins. */
struct record {
	struct id id;
	uint64_t start;		/* which run of the profile, counted */
	uint64_t version;	/* of the record, within the run */
	uint8_t priority;	/* who should lead, higher first */
	const char *nick;
	const char *away;	/* why its person is, or ""; NULL: here */
	const struct room_name *rooms;	/* joined, ascending by id */
	size_t room_count;
	struct sealed sealed;
};

/* A belief about a member: news, accusation, refutation, all in one form. */
struct member_news {
	struct id id;
	uint64_t start;
	uint64_t incarnation;	/* within the run; raised only by itself */
	enum member_state state;
	enum reason reason;
	struct id accuser;	/* of SUSPECT and DEAD: who found it so */
	struct address address;	/* where it listens; none: unknown */
	const struct record *record;	/* NULL: not carried */
};

/* -- links over a third -------------------------------------------------- */

/*
 * A piece of a link between two that have no way to each other, carried by a
 * third: first it is `to` one, then of an `origin`, never both.
 */
enum { RELAY_PIECE = 16 * 1024 };

struct relay {
	struct id to;		/* for whom it is; none: the receiver */
	struct id origin;	/* who sent it; none: the sender */
	uint64_t channel;	/* which link of the two */
	uint64_t at;		/* where in its stream the bytes belong */
	uint64_t taken;		/* so many of the other's were used up */
	bool end;
	const uint8_t *bytes;
	size_t size;
};

/* -- election ---------------------------------------------------------- */

/* Terms are below it; a frame with a higher one is malformed. */
#define ELECTION_TERM_LIMIT (UINT64_C(1) << 62)

struct leadership {
	uint64_t term;		/* highest seen */
	struct id leader;	/* none: none known */
	uint8_t priority;	/* the leader's */
	bool established;	/* elected; false: provisional or none */
};

/* Compared by priority, then id: the larger wins. */
struct candidate {
	uint8_t priority;
	struct id id;
};

enum direction { CLOCKWISE, ANTICLOCKWISE };	/* to higher, to lower ids */

/* Why somebody stands. */
#define CAUSES(X)                                                             \
	X(START, "start")	/* nobody leads yet */                        \
	X(DEAD, "dead")		/* the leader died */                         \
	X(LEFT, "left")		/* the leader said goodbye */                 \
	X(LEASE, "lease")	/* the leader was not heard of for too long */ \
	X(TIMEOUT, "timeout")	/* an election did not end */                 \
	X(VIEW, "view")		/* the ring changed while electing */         \
	X(COMMAND, "command")	/* somebody asked for it */

enum cause {
#define X(cause, name) CAUSE_##cause,
	CAUSES(X)
#undef X
	CAUSE_COUNT
};

const char *cause_name(enum cause cause);

struct probe {
	uint64_t term, view;
	unsigned phase;
	unsigned hop;		/* 1 at the first receiver */
	enum direction direction;	/* it travels in */
	struct candidate candidate;
	enum cause cause;
};

struct reply {
	uint64_t term, view;
	unsigned phase;
	enum direction direction;	/* the probe travelled in */
	struct candidate candidate;	/* whom it goes back to */
};

struct elected {
	uint64_t term, view;
	struct candidate leader;
};

/* Pre-check: "would you agree that this leader is gone?" */
struct ask {
	uint64_t number;	/* names the question in its answer */
	uint64_t term;
	struct id leader;
};

struct answer {
	uint64_t number;
	bool alive;		/* I do not suspect it and heard it lately */
};

/* -- causal multicast and sync ------------------------------------------ */

/* A stream is what one author said in one room in one epoch. */
struct stream {
	struct id author;
	uint64_t epoch;
};

int stream_compare(const struct stream *a, const struct stream *b);

/* One bundle of a room, by name. */
struct dependency {
	struct stream stream;
	uint64_t seq;
};

struct message {
	enum message_kind kind;
	const char *text;
	char ref[MSG_TEXT];	/* name of the message it refers to; or "" */
};

struct bundle {
	struct id room;
	struct stream stream;
	uint64_t seq;		/* contiguous from 1 */
	uint64_t nonce;		/* of the author's run */
	uint64_t hlc;		/* hybrid logical clock, core/hlc */
	uint64_t wall;		/* the author's own, ms; 0: that of hlc */
	const struct dependency *dependencies;	/* ascending */
	size_t dependency_count;
	const struct message *messages;
	size_t message_count;
	/* Known once sealed: */
	struct id hash;		/* of the body; names the messages */
	struct sealed sealed;
};

struct room_digest {
	struct id room;
	uint64_t digest;
};

/* Sequence numbers from first to last, both included. */
struct range {
	uint64_t first, last;
};

struct vector_entry {
	struct stream stream;
	uint64_t base;		/* nothing at or below it is held here */
	uint64_t top;		/* all of base+1..top is held but the holes */
	const struct range *holes;	/* ascending, disjoint */
	size_t hole_count;
};

struct stream_range {
	struct stream stream;
	struct range range;
};

/*
 * Of an own bundle: who was to get it and who shows to have it.  Kept until
 * all do.
 */
struct receipt {
	struct id room;
	uint64_t epoch, seq;
	struct id hash;		/* none until it is published */
	size_t messages;
	const struct id *members;	/* ascending, oneself included */
	const bool *had;	/* by each of them */
	size_t count;		/* of members; 0: forget the receipt */
};

/* -- metadata ---------------------------------------------------------- */

/* What somebody wants the group to agree on. */
#define INTENTS(X)                                                            \
	X(ROOM, "room")		/* the room exists */                         \
	X(TOPIC, "topic")	/* and is about this */                       \
	X(NICK, "nick")		/* the nick is mine, and no other */

enum intent_kind {
#define X(kind, name) INTENT_##kind,
	INTENTS(X)
#undef X
	INTENT_KINDS
};

const char *intent_kind_name(enum intent_kind kind);

/* Signed by its author; applied at most once under its id. */
struct intent {
	struct id id;		/* random */
	struct id author;
	enum intent_kind kind;
	struct id key;		/* the room's id; of a nick: its key (names) */
	const char *name;	/* of the room; the nick as it is shown */
	const char *text;	/* TOPIC; may be empty.  Else empty */
	struct id released;	/* NICK: key of the nick given back, or none */
	struct sealed sealed;
};

/* Intents applied to a key before, that it still tells of. */
enum { ITEM_RECENT = 32 };

struct recent_intent {
	struct id id;
};

/*
 * What the group agreed on about one key: an intent and what its leader
 * stamped on it.  An item whose intent releases its key is a tombstone.
 */
struct item {
	struct id key;
	uint64_t version;	/* of the key, from 1 */
	uint64_t term;		/* in which it was decided */
	struct id leader;	/* who decided */
	uint64_t generation;	/* NICK: how often it was free before */
	struct id creator;	/* of the room, or who claims the nick */
	const struct recent_intent *recent;	/* newest first */
	size_t recent_count;
	struct intent intent;
};

/* Why an intent came to nothing, or needed nothing. */
#define DECISIONS(X)                                                          \
	X(NEEDLESS, "needless")		/* it is so already */                \
	X(TAKEN, "taken")		/* the nick is somebody else's */     \
	X(FULL, "full")			/* there are too many of them */

enum decision {
#define X(decision, name) DECISION_##decision,
	DECISIONS(X)
#undef X
	DECISION_COUNT
};

const char *decision_name(enum decision decision);

/* Where a leadership stands; commits from a lower one are refused. */
struct fence {
	uint64_t term;
	uint8_t priority;
	struct id leader;	/* none: nobody has led yet */
};

/* Items are compared in so many parts, by the first byte of their keys. */
enum { METADATA_SUMS = 256 };

struct metadata_sum {
	uint64_t sum;
};

/* -- a frame ----------------------------------------------------------- */

struct frame {
	enum frame_type type;
	union {
		struct {
			unsigned version;	/* of the protocol */
			uint8_t tag[8];		/* of the network */
			uint64_t nonce;		/* of this run */
			uint64_t start;		/* runs of this profile */
			uint16_t port;		/* where it listens */
		} hello;
		struct {
			struct address address;	/* the other run's */
		} twice;
		struct relay relay;
		struct {		/* PING, PONG */
			uint64_t number;	/* a pong repeats its ping's */
			struct leadership leadership;
			uint64_t view;		/* hash of the sender's view */
			uint64_t beliefs;	/* hash of all it believes */
			uint64_t wall;		/* its clock, ms since 1970 */
			const struct room_digest *digests;	/* PING */
			size_t digest_count;
		} ping;
		struct member_news member;
		struct probe probe;
		struct reply reply;
		struct elected elected;
		struct leadership leader;
		struct ask ask;
		struct answer answer;
		struct {
			struct bundle bundle;
			bool backlog;	/* sent because it was asked for */
			bool end;	/* of the page that was asked for */
		} bundle;
		struct {
			const struct room_digest *digests;
			size_t count;
		} digest;
		struct {
			struct id room;
			const struct vector_entry *entries;
			size_t count;
			bool reply;	/* yours, please */
		} vector;
		struct {
			struct id room;
			const struct stream_range *ranges;
			size_t count;
			unsigned newest;	/* only so many messages, the
						 * newest first; 0: all */
		} want;
		struct {
			struct id room;
			unsigned messages;	/* the last so many */
		} tail;
		struct {	/* "I hold nothing at or below these" */
			struct id room;
			const struct dependency *bases;
			size_t count;
		} base;
		struct {	/* to the author: "I hold first..last" */
			struct id room;
			uint64_t epoch;
			uint64_t first, last;
			bool ask;	/* by the author: do you? */
		} ack;
		struct {	/* somebody is, in this room, just now */
			struct id room;
		} typing;
		struct intent intent;	/* to the leader */
		struct {		/* to the author */
			struct id intent;
			enum decision decision;
		} decided;
		struct {		/* COMMIT; ITEM has the item alone */
			uint64_t term, index;	/* its place in the order */
			uint8_t priority;	/* the leader's */
			struct item item;
		} commit;
		struct {
			struct fence fence;	/* the highest known */
			uint64_t index;	/* of the last commit seen in it */
			uint64_t root;	/* hash of all items */
			bool ask;	/* and yours? */
			bool done;	/* all you lack was sent before this */
		} root;
		struct {
			const struct metadata_sum *sums;
			size_t count;	/* METADATA_SUMS */
			bool reply;	/* yours, please */
		} sums;
	};
};

/*
 * Deep copies into an arena; the copy lives as long as the arena.
 */
const struct frame *frame_copy(struct arena *arena, const struct frame *frame);
const struct bundle *bundle_copy(struct arena *arena,
    const struct bundle *bundle);
const struct record *record_copy(struct arena *arena,
    const struct record *record);

/* Deep copies on the heap, freed by their twin; NULL is fine to free. */
struct bundle *bundle_clone(const struct bundle *bundle);
void bundle_free(struct bundle *bundle);
struct record *record_clone(const struct record *record);
void record_free(struct record *record);

/* Bytes a bundle occupies in memory, for bounds. */
size_t bundle_memory(const struct bundle *bundle);

/* Total order of the screen: hlc, then author, then seq (then hash). */
int bundle_compare_display(const struct bundle *a, const struct bundle *b);

/* The id of one message of a sealed bundle: "HASH.INDEX". */
char *message_name(const struct bundle *bundle, size_t index,
    char text[static MSG_TEXT]);
/* And back; false when it is not of this (its one) form. */
bool message_parse(const char *text, struct id *hash, size_t *index);

/* False: this is no name of a message. */
bool message_set_ref(struct message *message, const char *ref);

/*
 * Whether it makes sense by itself: it refers to another one if it is of a
 * kind that does, and has a text if it is of a kind that needs one.
 * ERROR_NONE, EMPTY_TEXT, TOO_LONG, BAD_TEXT or BAD_ARGUMENT (the ref).
 */
enum error message_check(const struct message *message);

#endif
