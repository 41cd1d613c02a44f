#include "host/mesh_strands.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/clock.h"
#include "net/listener.h"
#include "net/tls.h"
#include "wire/codec.h"

enum {
	MINE_MAX = 32,
	DIAL_TRIES = 3,
	DIAL_AGAIN_MS = 10,
	STRAND_NAME = 160,
};

/* -- strands ------------------------------------------------------------- */

static size_t
peer_index(const struct mesh *mesh, const struct id *peer, bool *found)
{
	size_t low = 0, high = mesh->peer_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&mesh->peers[middle]->peer, peer);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

struct strand *
strand_current(const struct mesh *mesh, const struct id *peer)
{
	bool found;
	size_t index = peer_index(mesh, peer, &found);

	return found ? mesh->peers[index] : NULL;
}

/* There is nothing to dial for. */
static bool
has_direct(const struct mesh *mesh, const struct id *peer)
{
	const struct strand *strand = strand_current(mesh, peer);

	return strand != NULL && !strand_is_carried(strand);
}

struct strand *
strand_trial_of(const struct mesh *mesh, const struct id *peer)
{
	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->strands[i]->state == STRAND_TRIAL &&
		    id_equal(&mesh->strands[i]->peer, peer))
			return mesh->strands[i];
	return NULL;
}

struct strand *
strand_add(struct mesh *mesh, struct link *link)
{
	struct strand *strand = mem_zero(1, sizeof *strand);

	strand->owner = OWNER_STRAND;
	strand->mesh = mesh;
	strand->link = link;
	strand->heard = clock_now();
	MEM_GROW(mesh->strands, mesh->count, mesh->cap);
	mesh->strands[mesh->count++] = strand;
	return strand;
}

void
strand_set_current(struct strand *strand)
{
	struct mesh *mesh = strand->mesh;
	bool found;
	size_t index = peer_index(mesh, &strand->peer, &found);

	strand->state = STRAND_CURRENT;
	if (found) {
		mesh->peers[index] = strand;
		return;
	}
	MEM_INSERT(mesh->peers, mesh->peer_count, mesh->peer_cap, index);
	mesh->peers[index] = strand;
}

static void
unset_current(struct strand *strand)
{
	struct mesh *mesh = strand->mesh;
	bool found;
	size_t index = peer_index(mesh, &strand->peer, &found);

	if (found && mesh->peers[index] == strand)
		MEM_REMOVE(mesh->peers, mesh->peer_count, index);
}

static void
count_link(struct mesh_counters *counters, const struct link *link)
{
	counters->bytes_sent += link_sent_bytes(link);
	counters->bytes_received += link_received_bytes(link);
	counters->dropped += link_dropped_bulk(link);
}

void
strand_drop(struct strand *strand, bool ended)
{
	struct mesh *mesh = strand->mesh;
	size_t i = 0;

	if (strand->state == STRAND_CURRENT) {
		unset_current(strand);
		tunnels_lost(mesh->tunnels, &strand->peer);
	}
	if (strand->link != NULL)
		count_link(&mesh->counters, strand->link);
	if (strand->link != NULL && !ended)
		link_close(strand->link);
	if (strand->timer != NULL)
		event_free(strand->timer);
	while (mesh->strands[i] != strand)
		i++;
	mesh->strands[i] = mesh->strands[--mesh->count];
	free(strand);
}

void
strand_start_timer(struct strand *strand, event_callback_fn fired, int ms)
{
	struct timeval after = { ms / 1000, ms % 1000 * 1000 };

	if (strand->timer != NULL)
		event_free(strand->timer);
	strand->timer = evtimer_new(strand->mesh->options.loop, fired, strand);
	assert(strand->timer != NULL);
	event_add(strand->timer, &after);
}

void
strand_stop_timer(struct strand *strand)
{
	if (strand->timer != NULL)
		event_free(strand->timer);
	strand->timer = NULL;
}

/* For the log: who, and where or over whom. */
static const char *
strand_name(const struct strand *strand, char name[static STRAND_NAME])
{
	char id[ID_SHORT_TEXT], via[ID_SHORT_TEXT], address[ADDRESS_TEXT];

	snprintf(name, STRAND_NAME, "%s %s %s",
	    id_is_none(&strand->peer) ? "somebody"
				      : id_format_short(&strand->peer, id),
	    strand_is_carried(strand) ? "over" : "at",
	    strand_is_carried(strand) ? id_format_short(&strand->via, via)
			       : address_format(&strand->address, address));
	return name;
}

/* -- sending ----------------------------------------------------------- */

/* An author's own link proves its key; others have to be given it. */
static bool
needs_key(const struct mesh *mesh, const struct frame *frame)
{
	if (frame->type == FRAME_BUNDLE)
		return !id_equal(&frame->bundle.bundle.stream.author,
		    &mesh->self);
	if (frame->type == FRAME_COMMIT || frame->type == FRAME_ITEM)
		return !id_equal(&frame->commit.item.intent.author,
		    &mesh->self);
	return frame->type == FRAME_MEMBER &&
	    !id_equal(&frame->member.id, &mesh->self);
}

bool
mesh_encode(struct mesh *mesh, const struct frame *frame)
{
	bytes_clear(&mesh->encoded);
	if (codec_encode(frame, needs_key(mesh, frame), &mesh->encoded))
		return true;
	log_line(mesh->options.log, LOG_WARNING,
	    "A %s frame breaks a bound and was not sent.",
	    frame_type_name(frame->type));
	return false;
}

bool
strand_send_encoded(struct strand *strand, const struct frame *frame)
{
	struct mesh *mesh = strand->mesh;

	if (!link_send(strand->link, mesh->encoded.data, mesh->encoded.size,
		frame_type_bulk(frame->type) ? LINK_BULK : LINK_CONTROL))
		return false;
	mesh->counters.frames_sent++;
	switch (frame->type) {
	case FRAME_BUNDLE: mesh->counters.bundles_sent++; break;
	case FRAME_PING:
		gauge_ping(&strand->trips, frame->ping.number,
		    clock_micros());
		break;
	case FRAME_PROBE:
	case FRAME_REPLY:
	case FRAME_ELECTED: mesh->counters.election_sent++; break;
	default: break;
	}
	return true;
}

void
strand_send(struct strand *strand, const struct frame *frame)
{
	if (mesh_encode(strand->mesh, frame))
		strand_send_encoded(strand, frame);
}

void
mesh_send(struct mesh *mesh, const struct id *to, size_t count,
    const struct frame *frame)
{
	bool encoded = false;

	for (size_t i = 0; i < count; i++) {
		struct strand *strand = strand_current(mesh, &to[i]);

		if (strand == NULL)
			continue;
		if (!encoded && !mesh_encode(mesh, frame))
			return;
		encoded = true;
		strand_send_encoded(strand, frame);
	}
}

static void
send_hello(struct strand *strand)
{
	struct mesh *mesh = strand->mesh;
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.version = MESH_VERSION;
	memcpy(frame.hello.tag, mesh->options.tag, sizeof frame.hello.tag);
	frame.hello.nonce = mesh->options.nonce;
	frame.hello.start = mesh->options.start;
	frame.hello.port = listener_port(mesh->listener);
	strand_send(strand, &frame);
}

void
strand_announce_up(struct strand *strand)
{
	struct mesh *mesh = strand->mesh;
	struct id peer = strand->peer;
	struct address address = strand->address;
	struct id via = strand->via;
	char name[STRAND_NAME];

	log_line(mesh->options.log, LOG_INFO, "%s linked",
	    strand_name(strand, name));
	mesh->events.up(mesh->events.self, &peer, strand->start, &address,
	    strand_is_carried(strand) ? &via : NULL);
}

/* -- HELLO ------------------------------------------------------------- */

static void
remember_mine(struct mesh *mesh, const struct address *address)
{
	if (mesh->mine_count == MINE_MAX)
		return;
	MEM_GROW(mesh->mine, mesh->mine_count, mesh->mine_cap);
	mesh->mine[mesh->mine_count++] = *address;
}

/* The dial did not lead to a link; the strand is gone afterwards. */
static void
dial_failed(struct strand *strand, enum reason why, bool ended)
{
	struct mesh *mesh = strand->mesh;
	struct id peer = strand->peer;
	struct address address = strand->address;
	struct id via = strand->via;
	bool dialled = strand->dialled;

	strand_drop(strand, ended);
	if (dialled && (id_is_none(&peer) || !has_direct(mesh, &peer)))
		mesh->events.failed(mesh->events.self, &peer, &address,
		    id_is_none(&via) ? NULL : &via, why);
}

/* Another run with my own key. */
static void
met_my_twin(struct strand *strand)
{
	struct mesh *mesh = strand->mesh;
	bool newcomer = mesh->options.start != strand->start
	    ? mesh->options.start > strand->start
	    : mesh->options.nonce > strand->nonce;

	dial_failed(strand, REASON_TWICE, false);
	mesh->events.twice(mesh->events.self, &mesh->self, newcomer);
}

static void
take_hello(struct strand *strand, const struct frame *frame)
{
	struct mesh *mesh = strand->mesh;
	struct id dialled = strand->peer;

	strand->peer = *link_peer_id(strand->link);
	strand->nonce = frame->hello.nonce;
	strand->start = frame->hello.start;
	if (frame->hello.version != MESH_VERSION ||
	    memcmp(frame->hello.tag, mesh->options.tag,
		sizeof frame->hello.tag) != 0) {
		char text[ADDRESS_TEXT];

		log_limited(mesh->options.log, &mesh->strangers, clock_now(),
		    "The node at %s is of another network or version.",
		    address_format(link_address(strand->link), text));
		strand->peer = dialled;
		dial_failed(strand, REASON_PROTOCOL, false);
		return;
	}
	if (id_equal(&strand->peer, &mesh->self)) {
		strand->peer = dialled;
		if (strand->nonce != mesh->options.nonce) {
			met_my_twin(strand);
			return;
		}
		if (strand->dialled)
			remember_mine(mesh, &strand->address);
		dial_failed(strand, REASON_NONE, false);
		return;
	}
	if (!strand->dialled && !strand_is_carried(strand)) {
		strand->address = *link_address(strand->link);
		strand->address.port = frame->hello.port;
	}
	strand_accept(strand);
}

/* -- what links tell --------------------------------------------------- */

static void
on_up(struct link *link, void *owner)
{
	struct strand *strand = owner;

	if (*(const enum owner *)owner == OWNER_MESH) {
		strand = strand_add(owner, link);
		link_set_owner(link, strand);
	}
	send_hello(strand);
}

static void
on_broken(struct strand *strand, const char *why)
{
	struct mesh *mesh = strand->mesh;
	struct id peer = strand->peer;

	mesh->events.broken(mesh->events.self, link_peer_id(strand->link), why);
	if (strand->state == STRAND_CURRENT)
		mesh_hangup(mesh, &peer, REASON_PROTOCOL);
	else
		dial_failed(strand, REASON_PROTOCOL, false);
}

/* A peer says that my identity runs twice; only the other run proves it. */
static void
seek_twin(struct mesh *mesh, const struct address *where)
{
	instant_ms now = clock_now();

	if (where->family == ADDRESS_NONE || now < mesh->seek_at)
		return;
	mesh->seek_at = now + MESH_TWICE_MS;
	mesh_dial(mesh, &mesh->self, where);
}

static void
take_frame(struct strand *strand, const struct frame *frame)
{
	struct mesh *mesh = strand->mesh;
	struct strand *trial;
	struct id peer = strand->peer;

	switch (frame->type) {
	case FRAME_HELLO: on_broken(strand, "says hello twice"); return;
	case FRAME_SUPERSEDED:
		strand->was_told = true;
		strand_close_if_settled(strand);
		return;
	case FRAME_TWICE: seek_twin(mesh, &frame->twice.address); return;
	case FRAME_RELAY: strand_take_relay(strand, &frame->relay); return;
	case FRAME_PONG:
		gauge_pong(&strand->trips, frame->ping.number, clock_micros());
		trial = strand_trial_of(mesh, &peer);
		if (trial != NULL && strand->state == STRAND_CURRENT &&
		    frame->ping.number == trial->question) {
			strand_runs_twice(strand, trial);
			return;
		}
		break;
	case FRAME_GOODBYE: strand->goodbye = true; break;
	default: break;
	}
	mesh->events.frame(mesh->events.self, &peer,
	    link_peer_key(strand->link), frame);
}

static void
on_frame(struct link *link, void *owner, const uint8_t *bytes, size_t size)
{
	struct strand *strand = owner;
	struct mesh *mesh = strand->mesh;
	struct frame frame;
	char why[128];

	(void)link;
	strand->heard = clock_now();
	mesh->counters.frames_received++;
	arena_clear(&mesh->arena);
	if (codec_decode(mesh->options.tag, bytes, size, &mesh->arena, &frame,
		why) != VERDICT_ACCEPTED)
		on_broken(strand, why);
	else if (strand->state != STRAND_SHAKING)
		take_frame(strand, &frame);
	else if (frame.type == FRAME_HELLO)
		take_hello(strand, &frame);
	else
		on_broken(strand, "does not say hello first");
}

static enum reason
reason_of(const struct strand *strand, enum link_end end)
{
	switch (end) {
	case LINK_CLEAN: return strand->goodbye ? REASON_GOODBYE : REASON_LOST;
	case LINK_REFUSED:
	case LINK_WRONG_ID: /* its host answers, it does not */
		return REASON_REFUSED;
	case LINK_UNREACHABLE: return REASON_UNREACHABLE;
	case LINK_TIMEOUT:
	case LINK_OVERFLOW: return REASON_SILENT;
	case LINK_TLS:
	case LINK_PROTOCOL: return REASON_PROTOCOL;
	case LINK_LOST:
	case LINK_FLUSHED: break;
	}
	return strand->goodbye ? REASON_GOODBYE : REASON_LOST;
}

static void
dial_strand(struct strand *strand)
{
	struct mesh *mesh = strand->mesh;

	mesh->counters.dials++;
	strand->link = link_dial(&mesh->context, &strand->address,
	    id_is_none(&strand->peer) ? NULL : &strand->peer, strand);
}

static void
dial_again(evutil_socket_t unused, short what, void *context)
{
	struct strand *strand = context;

	(void)unused, (void)what;
	/* It may have dialled us meanwhile, and be well. */
	if (has_direct(strand->mesh, &strand->peer))
		strand_drop(strand, true);
	else
		dial_strand(strand);
}

/*
 * A process that dies hangs up before it stops listening, so a redial at
 * once may still reach its socket and break off in the handshake.  A moment
 * later it is refused, and that is news.
 */
static bool
may_be_dying(const struct strand *strand, enum link_end end)
{
	return strand->state == STRAND_SHAKING && strand->dialled &&
	    !strand_is_carried(strand) &&
	    !id_is_none(&strand->peer) && strand->tries < DIAL_TRIES &&
	    (end == LINK_LOST || end == LINK_TLS) && !strand->mesh->leaving;
}

/* The link of a peer is gone; a run at the door may come in. */
static void
current_down(struct strand *strand, enum reason why)
{
	struct mesh *mesh = strand->mesh;
	struct id peer = strand->peer;
	struct strand *trial = strand_trial_of(mesh, &peer);

	strand_drop(strand, true);
	if (trial != NULL)
		strand_promote(trial, NULL);
	else
		mesh->events.down(mesh->events.self, &peer, why);
}

/* Only when nothing is carried any more: goodbye goes over all of them. */
static void
flush_direct(struct mesh *mesh)
{
	for (size_t i = 0; i < mesh->count; i++)
		if (strand_is_carried(mesh->strands[i]))
			return;
	for (size_t i = 0; i < mesh->count; i++)
		link_flush_and_close(mesh->strands[i]->link);
}

static void
on_down(struct link *link, void *owner, enum link_end end, const char *text)
{
	struct strand *strand = owner;
	struct mesh *mesh;
	enum reason why;
	char name[STRAND_NAME];

	(void)link;
	if (*(const enum owner *)owner == OWNER_MESH) {
		mesh = owner;
		log_limited(mesh->options.log, &mesh->strangers, clock_now(),
		    "Somebody who dialled did not come in: %s", text);
		return;
	}
	mesh = strand->mesh;
	why = reason_of(strand, end);
	log_line(mesh->options.log, LOG_INFO, "%s %s: %s",
	    strand_name(strand, name),
	    strand->state == STRAND_SHAKING ? "not linked" : "link ended",
	    text);
	if (may_be_dying(strand, end)) {
		strand->tries++;
		strand->link = NULL;
		strand_start_timer(strand, dial_again, DIAL_AGAIN_MS);
	} else if (strand->state == STRAND_SHAKING) {
		dial_failed(strand, why, true);
	} else if (strand->state == STRAND_CURRENT) {
		current_down(strand, why);
	} else {
		strand_drop(strand, true);
	}
	if (!mesh->leaving)
		return;
	flush_direct(mesh);
	if (mesh->count == 0)
		mesh->events.gone(mesh->events.self);
}

/* -- dialling, closing -------------------------------------------------- */

void
mesh_dial(struct mesh *mesh, const struct id *peer,
    const struct address *address)
{
	struct id expected = { { 0 } };
	struct strand *strand;

	if (peer != NULL)
		expected = *peer;
	if (mesh->leaving || (peer != NULL && has_direct(mesh, peer)))
		return;
	for (size_t i = 0; i < mesh->mine_count; i++)
		if (address_equal(&mesh->mine[i], address)) {
			mesh->events.failed(mesh->events.self, &expected,
			    address, NULL, REASON_NONE);
			return;
		}
	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->strands[i]->state == STRAND_SHAKING &&
		    mesh->strands[i]->dialled &&
		    id_equal(&mesh->strands[i]->peer, &expected) &&
		    !strand_is_carried(mesh->strands[i]) &&
		    address_equal(&mesh->strands[i]->address, address))
			return;
	strand = strand_add(mesh, NULL);
	strand->dialled = true;
	strand->peer = expected;
	strand->address = *address;
	dial_strand(strand);
}

void
mesh_hangup(struct mesh *mesh, const struct id *peer, enum reason why)
{
	struct id gone = *peer; /* may lie in what goes */
	bool was_up = strand_current(mesh, &gone) != NULL;

	for (size_t i = mesh->count; i > 0; i--) {
		struct strand *strand = mesh->strands[i - 1];

		if (strand->state != STRAND_SHAKING &&
		    id_equal(&strand->peer, &gone))
			strand_drop(strand, false);
	}
	if (was_up)
		mesh->events.down(mesh->events.self, &gone, why);
}

void
mesh_leave(struct mesh *mesh)
{
	mesh->leaving = true;
	listener_close(mesh->listener);
	mesh->listener = NULL;
	for (size_t i = mesh->count; i > 0; i--) {
		struct strand *strand = mesh->strands[i - 1];

		if (strand->state == STRAND_SHAKING)
			strand_drop(strand, false);
		else if (strand_is_carried(strand))
			link_flush_and_close(strand->link);
	}
	flush_direct(mesh);
	if (mesh->count == 0)
		mesh->events.gone(mesh->events.self);
}

double
mesh_rtt_ms(const struct mesh *mesh, const struct id *peer)
{
	const struct strand *strand = strand_current(mesh, peer);
	double rtt_ms;

	if (strand == NULL || strand->link == NULL)
		return -1;
	rtt_ms = gauge_rtt_ms(&strand->trips);
	return rtt_ms < 0 ? link_rtt_ms(strand->link) : rtt_ms;
}

size_t
mesh_trips(const struct mesh *mesh, const struct id *peer,
    double series[static GAUGE_TRIPS])
{
	const struct strand *strand = strand_current(mesh, peer);

	return strand == NULL ? 0 : gauge_series(&strand->trips, series);
}

size_t
mesh_queued(const struct mesh *mesh, const struct id *peer)
{
	const struct strand *strand = strand_current(mesh, peer);

	return strand == NULL || strand->link == NULL
	    ? 0
	    : link_queued_bytes(strand->link);
}

bool
mesh_crowded(struct mesh *mesh, instant_ms now)
{
	for (size_t i = 0; i < mesh->peer_count; i++)
		if (mesh->peers[i]->link != NULL &&
		    link_crowded(mesh->peers[i]->link, now))
			return true;
	return false;
}

struct mesh_counters
mesh_counters(const struct mesh *mesh)
{
	struct mesh_counters counters = mesh->counters;

	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->strands[i]->link != NULL)
			count_link(&counters, mesh->strands[i]->link);
	if (mesh->listener != NULL)
		counters.refused = listener_refused(mesh->listener);
	return counters;
}

uint16_t
mesh_port(const struct mesh *mesh)
{
	return listener_port(mesh->listener);
}

struct mesh *
mesh_open(const struct mesh_options *options, const struct mesh_events *events,
    char problem[static 256])
{
	struct mesh *mesh = mem_zero(1, sizeof *mesh);

	mesh->options = *options;
	mesh->events = *events;
	mesh->self = *identity_id(options->identity);
	arena_init(&mesh->arena);
	bytes_init(&mesh->encoded);
	mesh->tls = tls_new(identity_certificate(options->identity),
	    identity_key(options->identity), identity_id_of_key);
	mesh->context = (struct link_context){
		.loop = options->loop,
		.tls = mesh->tls,
		.events = { .up = on_up, .frame = on_frame, .down = on_down },
	};
	mesh->tunnels = mesh_open_tunnels(mesh);
	mesh->listener =
	    listener_open(&mesh->context, options->port, mesh, problem);
	if (mesh->listener == NULL) {
		mesh_close(mesh);
		return NULL;
	}
	return mesh;
}

void
mesh_close(struct mesh *mesh)
{
	if (mesh == NULL)
		return;
	while (mesh->count > 0)
		strand_drop(mesh->strands[mesh->count - 1], false);
	listener_close(mesh->listener);
	tunnels_destroy(mesh->tunnels);
	tls_destroy(mesh->tls);
	arena_free(&mesh->arena);
	bytes_free(&mesh->encoded);
	free(mesh->strands);
	free(mesh->peers);
	free(mesh->mine);
	free(mesh);
}
