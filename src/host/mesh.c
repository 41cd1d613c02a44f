#include "host/mesh.h"

#include <assert.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "crypto/entropy.h"
#include "host/clock.h"
#include "net/link.h"
#include "net/listener.h"
#include "net/tls.h"
#include "wire/codec.h"

/*
 *   SHAKING ──HELLO──> CURRENT ──────────┐
 *      │  └──────────> TRIAL ──> CURRENT │ another link is better
 *      └─────────────> ASIDE <───────────┘
 */
enum strand_state {
	STRAND_SHAKING, /* until HELLO came */
	STRAND_CURRENT, /* the link of its peer */
	STRAND_TRIAL,   /* of another run; the old one is asked */
	STRAND_ASIDE,   /* superseded; what is under way still comes */
};

/* An accepted link is owned by the mesh until it is up: first member. */
enum owner { OWNER_MESH, OWNER_STRAND };

/* A link and what the mesh knows of it. */
struct strand {
	enum owner owner;
	struct mesh *mesh;
	struct link *link; /* NULL: waits to dial once more */
	enum strand_state state;
	bool dialled;
	struct id peer;         /* expected, then proven; none: unknown */
	struct address address; /* dialled; then where the peer listens */
	uint64_t nonce, start;  /* of its HELLO */
	instant_ms heard;
	bool told, was_told; /* SUPERSEDED sent, received */
	bool goodbye;        /* it said GOODBYE */
	uint64_t question;   /* TRIAL: number of the ping on the old one */
	unsigned tries;      /* SHAKING: dialled so often again */
	struct gauge_trips trips;
	struct event *timer; /* SHAKING, TRIAL, ASIDE */
};

struct mesh {
	enum owner owner;
	struct mesh_options options;
	struct mesh_events events;
	struct id self;
	struct tls *tls;
	struct link_context context;
	struct listener *listener;
	struct strand **strands; /* all, in no order */
	size_t count, cap;
	struct strand **peers; /* CURRENT, ascending by peer */
	size_t peer_count, peer_cap;
	struct address *mine; /* addresses found to be this node's own */
	size_t mine_count, mine_cap;
	struct mesh_counters counters;
	struct arena arena; /* of the frame being handled */
	struct bytes encoded;
	struct log_budget strangers;
	instant_ms seek_at;	/* not before: for a twin of mine */
	bool leaving;
};

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

static struct strand *
current(const struct mesh *mesh, const struct id *peer)
{
	bool found;
	size_t index = peer_index(mesh, peer, &found);

	return found ? mesh->peers[index] : NULL;
}

static struct strand *
trial_of(const struct mesh *mesh, const struct id *peer)
{
	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->strands[i]->state == STRAND_TRIAL &&
		    id_equal(&mesh->strands[i]->peer, peer))
			return mesh->strands[i];
	return NULL;
}

static struct strand *
add_strand(struct mesh *mesh, struct link *link)
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

static void
set_current(struct strand *strand)
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

/* Forgets the strand; its link is ended already or ends here. */
static void
drop_strand(struct strand *strand, bool ended)
{
	struct mesh *mesh = strand->mesh;
	size_t i = 0;

	if (strand->state == STRAND_CURRENT)
		unset_current(strand);
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

static void
start_timer(struct strand *strand, event_callback_fn fired, int ms)
{
	struct timeval after = { ms / 1000, ms % 1000 * 1000 };

	if (strand->timer != NULL)
		event_free(strand->timer);
	strand->timer = evtimer_new(strand->mesh->options.loop, fired, strand);
	assert(strand->timer != NULL);
	event_add(strand->timer, &after);
}

static void
stop_timer(struct strand *strand)
{
	if (strand->timer != NULL)
		event_free(strand->timer);
	strand->timer = NULL;
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

static bool
encode(struct mesh *mesh, const struct frame *frame)
{
	bytes_clear(&mesh->encoded);
	if (codec_encode(frame, needs_key(mesh, frame), &mesh->encoded))
		return true;
	log_line(mesh->options.log, LOG_WARNING,
	    "A %s frame breaks a bound and was not sent.",
	    frame_type_name(frame->type));
	return false;
}

static void
send_encoded(struct strand *strand, const struct frame *frame)
{
	struct mesh *mesh = strand->mesh;

	if (!link_send(strand->link, mesh->encoded.data, mesh->encoded.size,
		frame_type_bulk(frame->type) ? LINK_BULK : LINK_CONTROL))
		return;
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
}

static void
send_on(struct strand *strand, const struct frame *frame)
{
	if (encode(strand->mesh, frame))
		send_encoded(strand, frame);
}

void
mesh_send(struct mesh *mesh, const struct id *to, size_t count,
    const struct frame *frame)
{
	bool encoded = false;

	for (size_t i = 0; i < count; i++) {
		struct strand *strand = current(mesh, &to[i]);

		if (strand == NULL)
			continue;
		if (!encoded && !encode(mesh, frame))
			return;
		encoded = true;
		send_encoded(strand, frame);
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
	send_on(strand, &frame);
}

/* -- two links to one peer --------------------------------------------- */

static void
aside_over(evutil_socket_t unused, short what, void *context)
{
	(void)unused, (void)what;
	drop_strand(context, false);
}

/* Said and told on both sides: nothing is under way any more. */
static void
close_if_settled(struct strand *strand)
{
	if (strand->told && strand->was_told && strand->dialled)
		link_flush_and_close(strand->link);
}

static void
set_aside(struct strand *strand)
{
	struct frame frame = { .type = FRAME_SUPERSEDED };

	strand->state = STRAND_ASIDE;
	send_on(strand, &frame);
	strand->told = true;
	start_timer(strand, aside_over, MESH_ASIDE_MS);
	close_if_settled(strand);
}

static bool
newer_is_better(const struct strand *old, const struct strand *new)
{
	bool mine_is_lower = id_compare(&old->mesh->self, &old->peer) < 0;

	if (old->was_told)
		return true; /* the peer has chosen already */
	if (clock_now() - old->heard > MESH_SILENT_MS)
		return true;
	if (old->dialled == new->dialled)
		return true;
	return new->dialled == mine_is_lower;
}

static void
announce_up(struct strand *strand)
{
	struct mesh *mesh = strand->mesh;
	struct id peer = strand->peer;
	struct address address = strand->address;
	char text[ADDRESS_TEXT], name[ID_SHORT_TEXT];

	log_line(mesh->options.log, LOG_INFO, "%s at %s linked",
	    id_format_short(&peer, name), address_format(&address, text));
	mesh->events.up(mesh->events.self, &peer, strand->start, &address);
}

/* The old run does not answer: its link goes, the new one takes its place. */
static void
promote(struct strand *trial, struct strand *old)
{
	struct mesh *mesh = trial->mesh;
	struct id peer = trial->peer;

	stop_timer(trial);
	if (old != NULL)
		drop_strand(old, false);
	set_current(trial);
	mesh->events.down(mesh->events.self, &peer, REASON_RESTARTED);
	/* Whoever was called may have hung up. */
	if (current(mesh, &peer) == trial) {
		link_resume_reading(trial->link);
		announce_up(trial);
	}
}

static void
trial_over(evutil_socket_t unused, short what, void *context)
{
	struct strand *trial = context;

	(void)unused, (void)what;
	promote(trial, current(trial->mesh, &trial->peer));
}

static void
begin_trial(struct strand *strand, struct strand *old)
{
	struct frame frame = { .type = FRAME_PING };

	if (trial_of(strand->mesh, &strand->peer) != NULL) {
		drop_strand(strand, false);
		return;
	}
	strand->state = STRAND_TRIAL;
	strand->question = crypto_random_number() & INT64_MAX;
	link_pause_reading(strand->link);
	frame.ping.number = strand->question;
	send_on(old, &frame);
	start_timer(strand, trial_over, MESH_TRIAL_MS);
}

/* The old run answered while a new one is at the door. */
static void
runs_twice(struct strand *old, struct strand *trial)
{
	struct mesh *mesh = old->mesh;
	struct frame frame = { .type = FRAME_TWICE };
	struct id peer = old->peer;

	frame.twice.address = old->address;
	send_on(trial, &frame);
	stop_timer(trial);
	trial->state = STRAND_ASIDE;
	start_timer(trial, aside_over, MESH_ASIDE_MS);
	link_resume_reading(trial->link);
	link_flush_and_close(trial->link);
	mesh->events.twice(mesh->events.self, &peer, false);
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
	bool dialled = strand->dialled;

	drop_strand(strand, ended);
	if (dialled && (id_is_none(&peer) || current(mesh, &peer) == NULL))
		mesh->events.failed(mesh->events.self, &peer, &address, why);
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
accept_strand(struct strand *strand)
{
	struct strand *old = current(strand->mesh, &strand->peer);

	stop_timer(strand);
	link_trust(strand->link);
	if (old == NULL) {
		set_current(strand);
		announce_up(strand);
	} else if (old->nonce != strand->nonce) {
		begin_trial(strand, old);
	} else if (newer_is_better(old, strand)) {
		set_current(strand);
		set_aside(old);
	} else {
		set_aside(strand);
	}
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
	if (!strand->dialled) {
		strand->address = *link_address(strand->link);
		strand->address.port = frame->hello.port;
	}
	accept_strand(strand);
}

/* -- what links tell --------------------------------------------------- */

static void
on_up(struct link *link, void *owner)
{
	struct strand *strand = owner;

	if (*(const enum owner *)owner == OWNER_MESH) {
		strand = add_strand(owner, link);
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
		close_if_settled(strand);
		return;
	case FRAME_TWICE: seek_twin(mesh, &frame->twice.address); return;
	case FRAME_PONG:
		gauge_pong(&strand->trips, frame->ping.number, clock_micros());
		trial = trial_of(mesh, &peer);
		if (trial != NULL && strand->state == STRAND_CURRENT &&
		    frame->ping.number == trial->question) {
			runs_twice(strand, trial);
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
	if (current(strand->mesh, &strand->peer) != NULL)
		drop_strand(strand, true);
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
	    !id_is_none(&strand->peer) && strand->tries < DIAL_TRIES &&
	    (end == LINK_LOST || end == LINK_TLS) && !strand->mesh->leaving;
}

/* The link of a peer is gone; a run at the door may come in. */
static void
current_down(struct strand *strand, enum reason why)
{
	struct mesh *mesh = strand->mesh;
	struct id peer = strand->peer;
	struct strand *trial = trial_of(mesh, &peer);

	drop_strand(strand, true);
	if (trial != NULL)
		promote(trial, NULL);
	else
		mesh->events.down(mesh->events.self, &peer, why);
}

/* For the log: who, or at least where. */
static const char *
strand_name(const struct strand *strand, char name[static STRAND_NAME])
{
	char id[ID_SHORT_TEXT], address[ADDRESS_TEXT];

	snprintf(name, STRAND_NAME, "%s at %s %s",
	    id_is_none(&strand->peer) ? "somebody"
				      : id_format_short(&strand->peer, id),
	    address_format(&strand->address, address),
	    strand->state == STRAND_SHAKING ? "not linked" : "link ended");
	return name;
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
	log_line(mesh->options.log, LOG_INFO, "%s: %s",
	    strand_name(strand, name), text);
	if (may_be_dying(strand, end)) {
		strand->tries++;
		strand->link = NULL;
		start_timer(strand, dial_again, DIAL_AGAIN_MS);
	} else if (strand->state == STRAND_SHAKING) {
		dial_failed(strand, why, true);
	} else if (strand->state == STRAND_CURRENT) {
		current_down(strand, why);
	} else {
		drop_strand(strand, true);
	}
	if (mesh->leaving && mesh->count == 0)
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
	if (mesh->leaving || (peer != NULL && current(mesh, peer) != NULL))
		return;
	for (size_t i = 0; i < mesh->mine_count; i++)
		if (address_equal(&mesh->mine[i], address)) {
			mesh->events.failed(mesh->events.self, &expected,
			    address, REASON_NONE);
			return;
		}
	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->strands[i]->state == STRAND_SHAKING &&
		    mesh->strands[i]->dialled &&
		    id_equal(&mesh->strands[i]->peer, &expected) &&
		    address_equal(&mesh->strands[i]->address, address))
			return;
	strand = add_strand(mesh, NULL);
	strand->dialled = true;
	strand->peer = expected;
	strand->address = *address;
	dial_strand(strand);
}

void
mesh_hangup(struct mesh *mesh, const struct id *peer, enum reason why)
{
	struct id gone = *peer; /* may lie in what goes */
	bool was_up = current(mesh, &gone) != NULL;

	for (size_t i = mesh->count; i > 0; i--) {
		struct strand *strand = mesh->strands[i - 1];

		if (strand->state != STRAND_SHAKING &&
		    id_equal(&strand->peer, &gone))
			drop_strand(strand, false);
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
			drop_strand(strand, false);
		else
			link_flush_and_close(strand->link);
	}
	if (mesh->count == 0)
		mesh->events.gone(mesh->events.self);
}

double
mesh_rtt_ms(const struct mesh *mesh, const struct id *peer)
{
	const struct strand *strand = current(mesh, peer);
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
	const struct strand *strand = current(mesh, peer);

	return strand == NULL ? 0 : gauge_series(&strand->trips, series);
}

size_t
mesh_queued(const struct mesh *mesh, const struct id *peer)
{
	const struct strand *strand = current(mesh, peer);

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
		drop_strand(mesh->strands[mesh->count - 1], false);
	listener_close(mesh->listener);
	tls_destroy(mesh->tls);
	arena_free(&mesh->arena);
	bytes_free(&mesh->encoded);
	free(mesh->strands);
	free(mesh->peers);
	free(mesh->mine);
	free(mesh);
}
