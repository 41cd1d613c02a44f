/*
 * past: what a node remembers of its earlier runs.
 *
 * The host loads it before the first step (store_past, host/remember) and
 * lends it to node_new(), which copies what it needs.  All of it is what
 * was safe on disk when the last run ended, however it ended: a clock here
 * counts stored bundles only, so accepted, delivered and stored are the
 * same at a start.
 */
#ifndef DCHAT_CORE_PAST_H
#define DCHAT_CORE_PAST_H

#include "core/frame.h"

struct past_room {
	struct id id;
	const char *name;
	bool joined;		/* when the last run ended */
	size_t unread;		/* from others, above the read position */
	/* What is held, ascending by stream; what of it nothing depends on. */
	const struct vector_entry *entries;
	size_t entry_count;
	const struct dependency *heads;
	size_t head_count;
	/* The bundle lowest on the screen: only hlc, stream, seq, hash. */
	bool shown;
	struct bundle shown_last;
};

struct past_contact {
	struct id peer;
	struct address address;
};

struct past_item {
	const struct item *item;
	wall_ms seen;		/* the owner of a nick, as far as is known */
};

/* Who gave a number twice, as it was proved. */
struct past_fork {
	struct id room, author;
	bool copied;
};

struct node_past {
	const struct past_room *rooms;	/* ascending by id */
	size_t room_count;
	/* Of absent members, verified when they came; ascending by id. */
	const struct record *const *records;
	size_t record_count;
	const struct past_contact *contacts;	/* newest first */
	size_t contact_count;
	/* Of own bundles that not all have yet. */
	const struct receipt *receipts;
	size_t receipt_count;
	/* Of core/metadata; items ascending by key. */
	const struct past_item *items;
	size_t item_count;
	struct fence fence;
	const struct intent *const *intents;	/* pending, oldest first */
	size_t intent_count;
	const struct past_fork *forks;
	size_t fork_count;
	uint64_t hlc;		/* the highest key of all rooms */
	/* The epoch is one of an earlier run: there are numbers of it that
	 * I may have forgotten, if this disk is an old copy. */
	bool epoch_restored;
};

#endif
