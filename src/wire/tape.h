/*
 * tape: what a node is made of and what goes into it, as bytes, so that a
 * run of it can be played again (host/trace records, dchat-sim --replay
 * plays).
 *
 * One function describes each struct for both directions.  Frames are as on
 * the wire, the rest field by field.  It is no format to be kept: recorder
 * and player come from one build.
 */
#ifndef DCHAT_WIRE_TAPE_H
#define DCHAT_WIRE_TAPE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "core/node.h"

struct tape {
	struct bytes *out;	/* recording; NULL: playing */
	const uint8_t *at, *end;	/* what is left to be played */
	struct arena *arena;	/* playing: all that is pointed to */
	uint8_t tag[8];		/* of the network, for bodies in frames */
	bool bad;		/* it is not what it should be */
};

/* tape->tag must be set. */
void tape_record(struct tape *tape, struct bytes *out);
void tape_play(struct tape *tape, const uint8_t *bytes, size_t size,
    struct arena *arena);

/*
 * Each records or plays one; what is recorded is not changed.  Look at
 * tape->bad afterwards.  Of the options nick_key is left out, and they set
 * tape->tag when played.
 */
void tape_options(struct tape *tape, struct node_options *options);
void tape_input(struct tape *tape, struct input *input);

#endif
