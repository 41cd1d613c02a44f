/*
 * node_relay: links over a third.
 *
 * Two members may have no way to each other and both have one to a third: an
 * access point that isolates its guests, a firewall on one side.  When all
 * direct dials came to nothing and others still vouch for the member, one
 * after the other round the ring is asked to carry a link between the two.
 * They speak TLS through it (host/tunnel), so that it can break the link and
 * nothing else; to all other cores it is a link like any other.  The direct
 * way is dialled on all the while, and a link over it takes its place.
 */
#include "core/node_state.h"

/* What is carried is not carried again. */
static bool
may_carry(const struct node *node, const struct id *id)
{
	const struct member *member = membership_find(&node->membership, id);

	return member != NULL && member->linked && id_is_none(&member->via);
}

void
node_dial_over_third(struct node *node, const struct id *peer,
    struct effects *fx)
{
	struct member *member = membership_find(&node->membership, peer);
	const struct id *third;

	if (member == NULL || member->linked || !member_present(member) ||
	    !ring_has(&node->ring, peer))
		return;
	third = ring_has(&node->ring, &member->asked) ? &member->asked : peer;
	for (size_t i = 0; i < node->ring.count; i++) {
		third = ring_next(&node->ring, third, CLOCKWISE);
		if (!may_carry(node, third))
			continue;
		member->asked = *third;
		effects_dial_over(fx, peer, third);
		return;
	}
}
