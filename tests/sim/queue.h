/*
 * queue: what will happen in the simulated world, by time.
 *
 * A binary heap; of two happenings at one time the one queued first happens
 * first, so nothing depends on memory.
 */
#ifndef DCHAT_SIM_QUEUE_H
#define DCHAT_SIM_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "core/effect.h"
#include "core/item.h"
#include "core/frame.h"

typedef int64_t moment_us;

struct sim;
struct connection;

/* A frame on its way, shared by all who will get it. */
struct parcel {
	unsigned references;
	struct arena arena;
	struct frame frame;
	size_t size; /* bytes on the wire */
	uint64_t *clock; /* of its sender, for shiviz; NULL: none */
};

void parcel_release(struct parcel *parcel);

/* Of a room's history, for somebody who asked. */
struct page {
	struct id to, room;
	struct dependency *bases;
	size_t base_count;
	struct bundle **bundles;
	size_t count;
};

void page_free(struct page *page);

enum happening_type {
	/* To the process `node` in its run `run`: */
	HAPPENS_DEADLINE,
	HAPPENS_FRAME,
	HAPPENS_LINK_UP,
	HAPPENS_LINK_DOWN,
	HAPPENS_DIAL_FAILED,
	HAPPENS_BEACON,
	HAPPENS_SEALED,
	HAPPENS_INTENT_SEALED,
	HAPPENS_DISK, /* a request is done, or refused */
	HAPPENS_LEAVE,
	/* To the world: */
	HAPPENS_DIAL,      /* a call arrives at a host */
	HAPPENS_HANDSHAKE, /* and is complete */
	HAPPENS_SILENCE,   /* a kernel gives up a connection */
	HAPPENS_CALL,      /* a script goes on */
};

struct happening {
	moment_us at;
	uint64_t order;
	enum happening_type type;
	unsigned node;
	uint64_t run;
	union {
		uint64_t deadline; /* which; older ones are void */
		struct {
			struct connection *over;
			struct parcel *parcel;
		} frame;
		struct {
			struct connection *over;
			enum reason why;
			moment_us since; /* SILENCE */
		} link;
		struct { /* DIAL, HANDSHAKE, DIAL_FAILED */
			struct id expected;
			struct id via; /* who is to carry it; or none */
			struct address address;
			unsigned target;
			uint64_t target_run;
			enum reason why;
		} dial;
		struct {
			struct id peer;
			uint64_t nonce, view;
			enum beacon_kind kind;
			struct address from, reply_to;
		} beacon;
		struct record *record;
		struct intent *intent;
		struct {
			void (*call)(struct sim *sim, void *argument);
			void *argument;
		} call;
	};
};

/* Frees what it carries. */
void happening_free(struct happening *happening);

struct queue {
	struct happening *items;
	size_t count, cap;
	uint64_t next_order;
};

void queue_init(struct queue *queue);
void queue_free(struct queue *queue);
/* Takes what the happening carries; its order is set. */
void queue_put(struct queue *queue, const struct happening *happening);
/* The earliest; the queue must not be empty. */
struct happening queue_take(struct queue *queue);

#endif
