/*
 * Fuzzes a node by what a peer says: any frames, one behind the other, each
 * after its length in two bytes, from a member of its group.  Whatever comes
 * changes a counter; it never reaches an assert, and what the others are
 * told and the node itself shows stays as the checkers demand.  (Seals are
 * not looked at: a member may seal what it likes.  In its own name, that is;
 * what is said in the name of others the host turns away.)
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/sim/checkers.h"
#include "tests/sim/sim.h"
#include "tests/sim/world.h"

enum { FRAMES_MAX = 64, BEGUN_MS = 1500, AFTER_MS = 3000 };

/* A frame that carries what somebody sealed: is that the sender? */
static bool
is_own(const struct frame *frame, const struct id *from)
{
	switch (frame->type) {
	case FRAME_BUNDLE:
		return id_equal(&frame->bundle.bundle.stream.author, from);
	case FRAME_MEMBER:
		return frame->member.record == NULL ||
		    id_equal(&frame->member.record->id, from);
	case FRAME_INTENT: return id_equal(&frame->intent.author, from);
	case FRAME_COMMIT:
	case FRAME_ITEM:
		return id_equal(&frame->commit.item.intent.author, from);
	/* These end at the link. */
	case FRAME_HELLO:
	case FRAME_SUPERSEDED:
	case FRAME_TWICE:
	case FRAME_RELAY: return false;
	default: return true;
	}
}

/*
 * What one of them is said to have said in the run that goes on here: it
 * would be told of words that it never said.  Nobody else has its key, and
 * the sender is a node of this world, too.
 */
static bool
is_of_this_run(const struct sim *sim, const struct frame *frame)
{
	for (unsigned i = 0;
	     frame->type == FRAME_BUNDLE && i < sim->count; i++)
		if (id_equal(&frame->bundle.bundle.stream.author,
			&sim->nodes[i].id) &&
		    frame->bundle.bundle.nonce == sim->nodes[i].nonce)
			return true;
	return false;
}

static void
say_to(struct sim *sim, struct sim_node *node, struct sim_node *from,
    const uint8_t *bytes, size_t size)
{
	char why[128];
	struct parcel *parcel = parcel_of_bytes(bytes, size, why);
	struct input input = { .type = INPUT_RECEIVE };

	if (parcel == NULL)
		return;
	input.receive.from = from->id;
	input.receive.frame = &parcel->frame;
	if (!is_of_this_run(sim, &parcel->frame) &&
	    (is_own(&parcel->frame, &from->id) ||
		verify_frame(&parcel->frame)))
		world_step(sim, node, &input);
	parcel_release(parcel);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim *sim = sim_new(&(struct sim_options){
	    .nodes = 3,
	    .seed = 1,
	    .plain = true,
	    .keeps_disk = true,
	    .weather = &still_weather,
	});

	sim_start_all(sim);
	sim_run(sim, BEGUN_MS);
	for (unsigned i = 0; i < 3; i++)
		sim_say(sim, i, "#lobby", "well");
	sim_run(sim, BEGUN_MS);
	sim->nodes[CEM].hostile = true;
	for (unsigned i = 0; i < FRAMES_MAX && size >= 2; i++) {
		size_t part = (size_t)data[0] << 8 | data[1];

		data += 2;
		size -= 2;
		if (part > size)
			part = size;
		say_to(sim, &sim->nodes[ANA], &sim->nodes[CEM], data, part);
		data += part;
		size -= part;
		sim_run(sim, 20);
	}
	sim_run(sim, AFTER_MS);
	sim_destroy(sim);
	return 0;
}
