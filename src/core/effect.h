/*
 * effect: what the host must do after a step, in this order.
 *
 * A core never acts: it appends here.  Whatever an effect points to lies in
 * the list's arena and lives until effects_clear().  The order of the list
 * is part of the protocol (what is published before a goodbye leaves before
 * it), so the host performs it front to back.
 */
#ifndef DCHAT_CORE_EFFECT_H
#define DCHAT_CORE_EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "core/frame.h"
#include "dchat.h"

enum effect_type {
	EFFECT_SEND,		/* frame to one linked peer, or dropped */
	EFFECT_SEND_MANY,	/* the same frame to several */
	EFFECT_DIAL,		/* answered by LINK_UP or FAILED */
	EFFECT_HANGUP,		/* close the link to a peer */
	EFFECT_BEACON,		/* UDP */
	EFFECT_SEAL,		/* sign my record; answered by SEALED */
	EFFECT_PUBLISH,		/* sign, store; answered by PUBLISHED */
	EFFECT_STORE,		/* keep a received bundle; answered by STORED */
	EFFECT_KEEP,		/* remember for the next run; KEPT if numbered */
	EFFECT_SEAL_INTENT,	/* sign my intent; answered by INTENT_SEALED */
	EFFECT_FETCH,		/* read history; answered by FETCHED */
	EFFECT_OLDER,		/* the answer to INPUT_OLDER */
	EFFECT_NOTIFY,		/* an event for the front end */
	EFFECT_TRACE,		/* narration, only when asked for */
};

enum beacon_kind {
	BEACON_ANNOUNCE,	/* everywhere: here I am, please reply */
	BEACON_REPLY,		/* to one address: here I am */
	BEACON_GOODBYE,		/* everywhere: gone */
};

enum fetch_kind {
	FETCH_RANGES,		/* these ranges, as far as one page goes */
	FETCH_TAIL,		/* the last messages of a room, with bases */
	FETCH_NEWEST,		/* the last of these ranges, newest first */
};

/* What is worth remembering beside bundles. */
enum keep_kind {
	KEEP_ROOM,		/* room, name, joined: known, joined or left */
	KEEP_READ,		/* room: all that is stored of it was read */
	KEEP_BASES,		/* room, bases: nothing below will come */
	KEEP_EPOCH,		/* epoch: of my streams from now on */
	KEEP_RECORD,		/* record: of a member, sealed and verified */
	KEEP_ADDRESS,		/* peer, address: where it listens */
	KEEP_RECEIPT,		/* receipt: who has what I said */
	KEEP_ITEM,		/* item, seen */
	KEEP_FENCE,		/* fence */
	KEEP_PROOF,		/* bundle, copied: of a number given twice */
	KEEP_SWAP,		/* bundle: in place of the one of its name */
	KEEP_INTENT,		/* intent: pending; `joined` false: forget it */
};

struct keep {
	enum keep_kind kind;
	struct id room, peer;
	const char *name;
	bool joined;
	const struct dependency *bases;
	size_t base_count;
	uint64_t epoch;
	const struct record *record;
	struct address address;
	const struct receipt *receipt;	/* its count 0: forget it */
	const struct item *item;
	wall_ms seen;		/* the owner of a nick, last */
	struct fence fence;
	const struct intent *intent;
	const struct bundle *bundle;
	bool copied;
	uint64_t number;	/* comes back in KEPT when safe; 0: nothing does */
};

struct effect {
	enum effect_type type;
	union {
		struct {		/* SEND, SEND_MANY */
			const struct id *to;
			size_t count;
			const struct frame *frame;
		} send;
		struct {
			struct id peer;		/* none: whoever answers */
			struct address address;
			struct id via;	/* who carries it; none: directly */
		} dial;
		struct {
			struct id peer;
			enum reason why;
		} hangup;
		struct {
			enum beacon_kind kind;
			struct address to;	/* REPLY: UDP source */
			uint64_t view;
		} beacon;
		const struct record *seal;
		const struct bundle *bundle;	/* PUBLISH, STORE */
		const struct keep *keep;
		const struct intent *intent;	/* SEAL_INTENT */
		struct {
			struct id to;		/* for whom: comes back */
			struct id room;
			enum fetch_kind kind;
			const struct stream_range *ranges;	/* not TAIL */
			size_t count;
			unsigned messages;	/* not RANGES: so many */
		} fetch;
		struct {
			struct id room;
			/* What came is in the store's hands; somebody may
			 * have more of it. */
			bool more;
			unsigned came;	/* bundles */
			uint64_t left;	/* known of that are older still */
			bool lost;	/* and nobody here has any of them */
		} older;
		struct dchat_event *event;	/* the node completes it */
		const char *trace;
	};
};

struct effects {
	struct effect *items;
	size_t count, cap;
	struct arena arena;
	bool tracing;		/* effects_trace() writes */
};

void effects_init(struct effects *fx);
void effects_free(struct effects *fx);
void effects_clear(struct effects *fx);

/* Memory that lives as long as the list. */
void *effects_alloc(struct effects *fx, size_t size);
const char *effects_text(struct effects *fx, const char *text);

/* Each makes deep copies of what it is given. */
void effects_send(struct effects *fx, const struct id *to,
    const struct frame *frame);
void effects_send_many(struct effects *fx, const struct id *to, size_t count,
    const struct frame *frame);	/* nothing when count is 0 */
void effects_dial(struct effects *fx, const struct id *peer,
    const struct address *address);	/* peer NULL: whoever answers */
/* Not to an address: a linked third is to carry the link. */
void effects_dial_over(struct effects *fx, const struct id *peer,
    const struct id *via);
void effects_hangup(struct effects *fx, const struct id *peer,
    enum reason why);
void effects_beacon(struct effects *fx, enum beacon_kind kind,
    const struct address *to, uint64_t view);	/* to NULL: everywhere */
void effects_seal(struct effects *fx, const struct record *record);
void effects_publish(struct effects *fx, const struct bundle *bundle);
void effects_store(struct effects *fx, const struct bundle *bundle);
void effects_keep_receipt(struct effects *fx, const struct receipt *receipt);
void effects_keep(struct effects *fx, const struct keep *keep);
void effects_seal_intent(struct effects *fx, const struct intent *intent);
void effects_fetch_ranges(struct effects *fx, const struct id *to,
    const struct id *room, const struct stream_range *ranges, size_t count);
void effects_fetch_tail(struct effects *fx, const struct id *to,
    const struct id *room, unsigned messages);
void effects_fetch_newest(struct effects *fx, const struct id *to,
    const struct id *room, const struct stream_range *ranges, size_t count,
    unsigned messages);
void effects_older(struct effects *fx, const struct id *room, bool more,
    unsigned came, uint64_t left, bool lost);

/*
 * Copies the event itself, not what it points to: its texts and arrays come
 * from effects_text() and effects_alloc(), or outlive the list.  Cores below
 * the node leave nicks NULL; the node fills them in.
 */
void effects_notify(struct effects *fx, const struct dchat_event *event);

/* One line, "who does what": shown in logs and in the tests' timelines. */
void effects_trace(struct effects *fx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
