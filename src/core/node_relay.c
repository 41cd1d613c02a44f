/*
 * node_relay: elections where two members have no link.
 *
 * Every other pair may hear each other while these two do not; a probe that
 * has to pass between them would end there, and nobody would ever be elected;
 * and who does not hear that somebody was would stand again.  So it goes over
 * a third, once: the first hop says whom it is for, the second who sent it,
 * and nobody passes on what was passed on.
 */
#include "core/node_state.h"

/* NULL: a frame of this kind takes no detours. */
static const struct detour *
detour_of(const struct frame *frame)
{
	switch (frame->type) {
	case FRAME_PROBE:
		return &frame->probe.detour;
	case FRAME_REPLY:
		return &frame->reply.detour;
	case FRAME_ELECTED:
		return &frame->elected.detour;
	default:
		return NULL;
	}
}

static struct frame
with_detour(const struct frame *frame, struct detour detour)
{
	struct frame copy = *frame;

	if (frame->type == FRAME_PROBE)
		copy.probe.detour = detour;
	else if (frame->type == FRAME_REPLY)
		copy.reply.detour = detour;
	else
		copy.elected.detour = detour;
	return copy;
}

/* The way it goes on the ring; a reply goes against its probe's. */
static enum direction
way_of(const struct frame *frame)
{
	enum direction way = CLOCKWISE;

	if (frame->type == FRAME_PROBE)
		way = frame->probe.direction;
	else if (frame->type == FRAME_REPLY &&
	    frame->reply.direction == CLOCKWISE)
		way = ANTICLOCKWISE;
	return way;
}

static bool
is_present(const struct node *node, const struct id *id)
{
	const struct member *member = membership_find(&node->membership, id);

	return member != NULL && member_present(member);
}

static bool
is_linked(const struct node *node, const struct id *id)
{
	const struct member *member = membership_find(&node->membership, id);

	return member != NULL && member->linked;
}

/* -- sending ------------------------------------------------------------ */

/* The nearest one beyond the target that is linked here; NULL: nobody. */
static const struct id *
find_relay(const struct node *node, const struct id *target,
    enum direction way)
{
	const struct id *at = target;

	for (size_t i = 1; i < node->ring.count; i++) {
		at = ring_next(&node->ring, at, way);
		if (is_linked(node, at))
			return at;
	}
	return NULL;
}

/* False: it has a link, is not here, or nobody could pass it on. */
static bool
needs_relay(const struct node *node, const struct id *target,
    const struct frame *frame, const struct id **relay)
{
	if (id_equal(target, &node->self) || is_linked(node, target) ||
	    !ring_has(&node->ring, target))
		return false;
	*relay = find_relay(node, target, way_of(frame));
	return *relay != NULL;
}

void
node_relay(const struct node *node, struct effects *fx, size_t from)
{
	size_t end = fx->count;

	for (size_t i = from; i < end; i++) {
		const struct effect effect = fx->items[i];
		const struct id *relay;

		if ((effect.type != EFFECT_SEND &&
			effect.type != EFFECT_SEND_MANY) ||
		    detour_of(effect.send.frame) == NULL)
			continue;
		for (size_t j = 0; j < effect.send.count; j++) {
			const struct id *target = &effect.send.to[j];
			struct frame frame = with_detour(effect.send.frame,
			    (struct detour){ .to = *target });

			if (needs_relay(node, target, effect.send.frame,
				&relay))
				effects_send(fx, relay, &frame);
		}
	}
}

/* -- receiving ---------------------------------------------------------- */

static enum verdict
pass_on(const struct node *node, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	const struct id *to = &detour_of(frame)->to;
	struct frame next =
	    with_detour(frame, (struct detour){ .origin = *from });

	if (id_equal(to, &node->self) || id_equal(to, from))
		return VERDICT_MALFORMED;
	if (!is_linked(node, to))
		return VERDICT_STALE;
	effects_send(fx, to, &next);
	return VERDICT_ACCEPTED;
}

enum verdict
node_receive_election(struct node *node, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx)
{
	const struct detour *detour = detour_of(frame);
	bool passed_on = !id_is_none(&detour->origin);
	struct frame plain =
	    with_detour(frame, (struct detour){ .to = { { 0 } } });

	if (!id_is_none(&detour->to))
		return passed_on ? VERDICT_MALFORMED
				 : pass_on(node, from, frame, fx);
	if (!passed_on)
		return election_recv(&node->election, now, from, frame, fx);
	if (id_equal(&detour->origin, from))
		return VERDICT_MALFORMED;
	if (id_equal(&detour->origin, &node->self) ||
	    !is_present(node, &detour->origin))
		return VERDICT_UNKNOWN_SENDER;
	return election_recv(&node->election, now, &detour->origin, &plain,
	    fx);
}
