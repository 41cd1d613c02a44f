#include "host/mesh_strands.h"

static bool
send_relay(void *self, const struct id *via, const struct frame *frame)
{
	struct mesh *mesh = self;
	struct strand *strand = strand_current(mesh, via);

	return strand != NULL && !strand_is_carried(strand) &&
	    mesh_encode(mesh, frame) && strand_send_encoded(strand, frame);
}

/* Between two others; where it cannot go on, its sender is told so. */
static void
pass_on(struct mesh *mesh, const struct id *from, const struct relay *relay)
{
	struct frame on = { .type = FRAME_RELAY, .relay = *relay };
	struct frame back = {
		.type = FRAME_RELAY,
		.relay = { .origin = relay->to,
		    .channel = relay->channel,
		    .end = true },
	};

	on.relay.to = (struct id){ 0 };
	on.relay.origin = *from;
	if (!send_relay(mesh, &relay->to, &on) && !relay->end)
		send_relay(mesh, from, &back);
}

void
strand_take_relay(struct strand *strand, const struct relay *relay)
{
	struct mesh *mesh = strand->mesh;

	/* What is carried carries nothing itself. */
	if (strand_is_carried(strand) || mesh->leaving)
		return;
	if (!id_is_none(&relay->to))
		pass_on(mesh, &strand->peer, relay);
	else if (!id_equal(&relay->origin, &mesh->self))
		tunnels_take(mesh->tunnels, &strand->peer, relay);
}

static struct strand *
add_carried(struct mesh *mesh, const struct id *peer, const struct id *via)
{
	struct strand *strand = strand_add(mesh, NULL);

	strand->peer = *peer;
	strand->via = *via;
	return strand;
}

static void
on_dialled_over(void *self, const struct id *peer, const struct id *via,
    int descriptor)
{
	struct mesh *mesh = self;
	struct strand *strand = add_carried(mesh, peer, via);

	strand->link = link_accept(&mesh->context, descriptor,
	    &(struct address){ 0 }, strand, NULL, NULL);
}

void
mesh_dial_over(struct mesh *mesh, const struct id *peer, const struct id *via)
{
	struct strand *strand;
	int descriptor;

	if (mesh->leaving || strand_current(mesh, peer) != NULL)
		return;
	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->strands[i]->state == STRAND_SHAKING &&
		    strand_is_carried(mesh->strands[i]) &&
		    id_equal(&mesh->strands[i]->peer, peer))
			return;
	descriptor = tunnels_dial(mesh->tunnels, peer, via);
	if (descriptor < 0)
		return;
	mesh->counters.dials++;
	strand = add_carried(mesh, peer, via);
	strand->dialled = true;
	strand->link = link_dial_on(&mesh->context, descriptor, peer, strand);
}

struct tunnels *
mesh_open_tunnels(struct mesh *mesh)
{
	const struct tunnel_events events = {
		.send = send_relay,
		.dialled = on_dialled_over,
		.self = mesh,
	};

	return tunnels_new(mesh->options.loop, &events);
}
