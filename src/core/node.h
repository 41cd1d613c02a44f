/*
 * node: all cores as ONE machine.
 *
 * The step contract:
 *
 *   enum verdict node_step(struct node *, const struct input *,
 *       struct effects *);
 *   instant_ms   node_deadline(const struct node *);
 *
 * 1. A step reads no clock, socket, file, environment or global; `now` is
 *    in the input and never goes back.
 * 2. It runs to completion and is never re-entered; effects are performed
 *    in order afterwards.  What depends on the disk waits for an input:
 *    PUBLISH -> PUBLISHED, STORE -> STORED, FETCH -> FETCHED, SEAL -> SEALED.
 *    A received bundle or record is verified by the host before RECEIVE.
 * 3. Inputs are borrowed for the call; effects live until effects_clear().
 * 4. One timer: after each step the host asks node_deadline().  Early is
 *    harmless, late is only late.
 * 5. Same options (seed included) and same inputs: same effects, byte for
 *    byte.  Sorted arrays, no hash order, no pointer in a trace.
 * 6. Hostile and stale frames change nothing but a counter; the verdict
 *    says why.  Everything is bounded by base/limits.h.
 * 7. Every core has the same face: x_init, x_recv(now, from, ...), x_expire,
 *    x_deadline, x_free, and its domain verbs.  Siblings do not know each
 *    other: what one has to tell another passes through here.
 */
#ifndef DCHAT_CORE_NODE_H
#define DCHAT_CORE_NODE_H

#include "base/rng.h"
#include "core/effect.h"
#include "core/past.h"
#include "core/receipt.h"
#include "core/verdict.h"

enum input_type {
	INPUT_START,		/* once, first */
	INPUT_RECEIVE,		/* a frame over a link; bodies verified */
	INPUT_LINK_UP,		/* after HELLO both ways */
	INPUT_LINK_DOWN,	/* the peer's last link is gone */
	INPUT_HEARD,		/* a beacon of our network */
	INPUT_DEADLINE,		/* node_deadline() has come */
	INPUT_COMMAND,		/* QUIT is the host's; HISTORY is answered by
				 * it, but passes here: the room is read */
	INPUT_SEALED,		/* of EFFECT_SEAL */
	INPUT_INTENT_SEALED,	/* of EFFECT_SEAL_INTENT */
	INPUT_KEPT,		/* of a numbered EFFECT_KEEP */
	INPUT_PUBLISHED,	/* of EFFECT_PUBLISH: hash and seal set */
	INPUT_STORED,		/* of EFFECT_STORE */
	INPUT_FETCHED,		/* of EFFECT_FETCH */
	INPUT_FAILED,		/* of EFFECT_DIAL or EFFECT_PUBLISH */
	INPUT_RESUMED,		/* was suspended or stopped */
	INPUT_INTERFACES,	/* the interfaces changed */
	INPUT_LEAVE,		/* goodbye to all */
	INPUT_OLDER,		/* more of a room's past is wanted than is
				 * here; answered by EFFECT_OLDER */
};

struct input {
	enum input_type type;
	instant_ms now;
	wall_ms wall;
	union {
		struct {
			struct id from;
			const struct frame *frame;
		} receive;
		struct {
			struct id peer;
			uint64_t start;		/* of its HELLO */
			struct address address;	/* where it listens */
			struct id via;		/* who carries it; or none */
			struct id direct;	/* our direct room */
		} link_up;
		struct {
			struct id peer;
			enum reason why;	/* GOODBYE when it was clean */
		} link_down;
		struct {
			struct id peer;
			uint64_t nonce, view;
			bool goodbye, wants_reply;
			struct address from;	/* its IP, its TCP port */
			struct address reply_to;
		} heard;
		struct {
			const struct dchat_command *command;
			struct id room;		/* hashed from its name */
			struct id to;		/* of a direct room: the other */
			const struct bundle *subject;	/* WHO_HAS: header */
			struct address address;	/* CONNECT, parsed */
		} command;
		const struct record *sealed;
		const struct intent *intent;	/* INTENT_SEALED */
		uint64_t kept;			/* KEPT: the number */
		const struct bundle *bundle;	/* PUBLISHED, STORED */
		struct {
			struct id to, room;
			const struct dependency *bases;	/* TAIL */
			size_t base_count;
			const struct bundle *const *bundles;
			size_t count;
		} fetched;
		struct {
			struct id room;
			unsigned messages;	/* about */
		} older;
		struct {
			enum effect_type what;
			struct id peer;		/* DIAL: expected, or none */
			struct address address;
			struct id via;		/* who was to carry it */
			enum reason why;
			struct id room;		/* PUBLISH */
			enum error error;
		} failed;
	};
};

struct node_options {
	struct id self;
	uint8_t key[KEY_BYTES];
	uint8_t priority;
	const char *nick, *network;
	/* Nicks with the same key look the same (crypto/names); pure. */
	void (*nick_key)(const char *nick, struct id *key);
	uint64_t start;		/* runs of this profile */
	uint64_t nonce;		/* of this run */
	uint64_t epoch;		/* of the streams of this run */
	uint64_t seed;
	unsigned mesh_limit;
	bool hashed_ring;	/* experiment, see core/ring */
	const struct room_name *rooms;	/* joined at start */
	size_t room_count;
	/* Of earlier runs; NULL: this is the first.  What is joined at start
	 * is in rooms all the same. */
	const struct node_past *past;
	uint64_t spare_epoch;	/* should `epoch` prove to be used up */
	const struct address *peers;	/* --peer, resolved */
	size_t peer_count;
};

struct node;

/* Options are copied. */
struct node *node_new(const struct node_options *options);
void node_destroy(struct node *node);

enum verdict node_step(struct node *node, const struct input *input,
    struct effects *fx);
instant_ms node_deadline(const struct node *node);

/* -- questions of the host; they change nothing ------------------------ */

/* Need not be verified again: this very one (its hash is known) is held
 * back, or is one of the last that went to the store. */
bool node_knows_bundle(const struct node *node, const struct bundle *bundle);
/* The same for a record: this (start, version) or a newer one is known. */
bool node_knows_record(const struct node *node, const struct record *record);
/* It is held, signature and all; its seal is completed then. */
bool node_knows_intent(const struct node *node, struct intent *intent);
/* The public key of a member whose record is known; NULL otherwise. */
const uint8_t *node_key(const struct node *node, const struct id *member);
/* Its nick, or its short id when unknown; lives until the next step. */
const char *node_nick(struct node *node, const struct id *member);
/* The newest record of a member of this run or an earlier one, or NULL. */
const struct record *node_record(const struct node *node,
    const struct id *member);
/* NULL when not known. */
const char *node_room_name(const struct node *node, const struct id *room);
bool node_joined(const struct node *node, const struct id *room);
/* Those that are joined, one after the other; false: there are no more. */
bool node_joined_room(const struct node *node, size_t index,
    struct id *room);
/* Members shown under this nick, those who are here before all others:
 * writes at most two ids, returns how many there are. */
size_t node_find_nick(struct node *node, const char *nick,
    struct id out[static 2]);
/* How far an own bundle has come; header as for WHO_HAS. */
struct reach node_reach(const struct node *node, const struct bundle *bundle);
/* "" when it has none. */
const char *node_topic(const struct node *node, const struct id *room);
/* Hash of all metadata; the same at nodes that agree. */
uint64_t node_metadata(const struct node *node);
/* Nothing said waits for the disk, no wish for its answer. */
bool node_quiet(const struct node *node);
/* The ids of the view, ascending; *count of them. */
const struct id *node_view(const struct node *node, size_t *count);
uint64_t node_view_hash(const struct node *node);
struct leadership node_leadership(const struct node *node);

#endif
