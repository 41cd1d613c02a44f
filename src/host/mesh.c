#include "host/mesh.h"

#include <assert.h>
#include <event2/event.h>
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
enum line_state {
	LINE_SHAKING,		/* until HELLO came */
	LINE_CURRENT,		/* the link of its peer */
	LINE_TRIAL,		/* of another run; the old one is asked */
	LINE_ASIDE,		/* superseded; what is under way still comes */
};

/* An accepted link is owned by the mesh until it is up: first member. */
enum owner { OWNER_MESH, OWNER_LINE };

/* A link and what the mesh knows of it. */
struct line {
	enum owner owner;
	struct mesh *mesh;
	struct link *link;	/* NULL: waits to dial once more */
	enum line_state state;
	bool dialled;
	struct id peer;		/* expected, then proven; none: unknown */
	struct address address;	/* dialled; then where the peer listens */
	uint64_t nonce, start;	/* of its HELLO */
	instant_ms heard;
	bool told, was_told;	/* SUPERSEDED sent, received */
	bool goodbye;		/* it said GOODBYE */
	instant_ms twice;	/* when it said TWICE; NEVER: not */
	uint64_t question;	/* TRIAL: number of the ping on the old one */
	unsigned tries;		/* SHAKING: dialled so often again */
	struct event *timer;	/* SHAKING, TRIAL, ASIDE */
};

struct mesh {
	enum owner owner;
	struct mesh_options options;
	struct mesh_events events;
	struct id self;
	struct tls *tls;
	struct link_context context;
	struct listener *listener;
	struct line **lines;	/* all, in no order */
	size_t count, cap;
	struct line **peers;	/* CURRENT, ascending by peer */
	size_t peer_count, peer_cap;
	struct address *mine;	/* addresses found to be this node's own */
	size_t mine_count, mine_cap;
	struct mesh_counters counters;
	struct arena arena;	/* of the frame being handled */
	struct bytes encoded;
	struct log_budget strangers;
	bool leaving;
};

enum { MINE_MAX = 32, DIAL_TRIES = 3, DIAL_AGAIN_MS = 10 };

/* -- lines ------------------------------------------------------------- */

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

static struct line *
current(const struct mesh *mesh, const struct id *peer)
{
	bool found;
	size_t index = peer_index(mesh, peer, &found);

	return found ? mesh->peers[index] : NULL;
}

static struct line *
trial_of(const struct mesh *mesh, const struct id *peer)
{
	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->lines[i]->state == LINE_TRIAL &&
		    id_equal(&mesh->lines[i]->peer, peer))
			return mesh->lines[i];
	return NULL;
}

static struct line *
add_line(struct mesh *mesh, struct link *link)
{
	struct line *line = mem_zero(1, sizeof *line);

	line->owner = OWNER_LINE;
	line->mesh = mesh;
	line->link = link;
	line->twice = NEVER;
	line->heard = clock_now();
	MEM_GROW(mesh->lines, mesh->count, mesh->cap);
	mesh->lines[mesh->count++] = line;
	return line;
}

static void
set_current(struct line *line)
{
	struct mesh *mesh = line->mesh;
	bool found;
	size_t index = peer_index(mesh, &line->peer, &found);

	line->state = LINE_CURRENT;
	if (found) {
		mesh->peers[index] = line;
		return;
	}
	MEM_INSERT(mesh->peers, mesh->peer_count, mesh->peer_cap, index);
	mesh->peers[index] = line;
}

static void
unset_current(struct line *line)
{
	struct mesh *mesh = line->mesh;
	bool found;
	size_t index = peer_index(mesh, &line->peer, &found);

	if (found && mesh->peers[index] == line)
		MEM_REMOVE(mesh->peers, mesh->peer_count, index);
}

static void
count_link(struct mesh_counters *counters, const struct link *link)
{
	counters->bytes_sent += link_sent_bytes(link);
	counters->bytes_received += link_received_bytes(link);
	counters->dropped += link_dropped_bulk(link);
}

/* Forgets the line; its link is ended already or ends here. */
static void
drop_line(struct line *line, bool ended)
{
	struct mesh *mesh = line->mesh;
	size_t i = 0;

	if (line->state == LINE_CURRENT)
		unset_current(line);
	if (line->link != NULL)
		count_link(&mesh->counters, line->link);
	if (line->link != NULL && !ended)
		link_close(line->link);
	if (line->timer != NULL)
		event_free(line->timer);
	while (mesh->lines[i] != line)
		i++;
	mesh->lines[i] = mesh->lines[--mesh->count];
	free(line);
}

static void
start_timer(struct line *line, event_callback_fn fired, int ms)
{
	struct timeval after = { ms / 1000, ms % 1000 * 1000 };

	if (line->timer != NULL)
		event_free(line->timer);
	line->timer = evtimer_new(line->mesh->options.loop, fired, line);
	assert(line->timer != NULL);
	event_add(line->timer, &after);
}

static void
stop_timer(struct line *line)
{
	if (line->timer != NULL)
		event_free(line->timer);
	line->timer = NULL;
}

/* -- sending ----------------------------------------------------------- */

/* An author's own link proves its key; others have to be given it. */
static bool
needs_key(const struct mesh *mesh, const struct frame *frame)
{
	if (frame->type == FRAME_BUNDLE)
		return !id_equal(&frame->bundle.bundle.stream.author,
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
send_encoded(struct line *line, const struct frame *frame)
{
	struct mesh *mesh = line->mesh;

	if (!link_send(line->link, mesh->encoded.data, mesh->encoded.size,
		frame_type_bulk(frame->type) ? LINK_BULK : LINK_CONTROL))
		return;
	mesh->counters.frames_sent++;
	switch (frame->type) {
	case FRAME_BUNDLE:
		mesh->counters.bundles_sent++;
		break;
	case FRAME_PROBE:
	case FRAME_REPLY:
	case FRAME_ELECTED:
		mesh->counters.election_sent++;
		break;
	default:
		break;
	}
}

static void
send_on(struct line *line, const struct frame *frame)
{
	if (encode(line->mesh, frame))
		send_encoded(line, frame);
}

void
mesh_send(struct mesh *mesh, const struct id *to, size_t count,
    const struct frame *frame)
{
	bool encoded = false;

	for (size_t i = 0; i < count; i++) {
		struct line *line = current(mesh, &to[i]);

		if (line == NULL)
			continue;
		if (!encoded && !encode(mesh, frame))
			return;
		encoded = true;
		send_encoded(line, frame);
	}
}

static void
send_hello(struct line *line)
{
	struct mesh *mesh = line->mesh;
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.version = MESH_VERSION;
	memcpy(frame.hello.tag, mesh->options.tag, sizeof frame.hello.tag);
	frame.hello.nonce = mesh->options.nonce;
	frame.hello.start = mesh->options.start;
	frame.hello.port = listener_port(mesh->listener);
	send_on(line, &frame);
}

/* -- two links to one peer --------------------------------------------- */

static void
aside_over(evutil_socket_t unused, short what, void *context)
{
	(void)unused, (void)what;
	drop_line(context, false);
}

/* Said and told on both sides: nothing is under way any more. */
static void
close_if_settled(struct line *line)
{
	if (line->told && line->was_told && line->dialled)
		link_flush_and_close(line->link);
}

static void
set_aside(struct line *line)
{
	struct frame frame = { .type = FRAME_SUPERSEDED };

	line->state = LINE_ASIDE;
	send_on(line, &frame);
	line->told = true;
	start_timer(line, aside_over, MESH_ASIDE_MS);
	close_if_settled(line);
}

static bool
newer_is_better(const struct line *old, const struct line *new)
{
	bool mine_is_lower = id_compare(&old->mesh->self, &old->peer) < 0;

	if (old->was_told)
		return true;		/* the peer has chosen already */
	if (clock_now() - old->heard > MESH_SILENT_MS)
		return true;
	if (old->dialled == new->dialled)
		return true;
	return new->dialled == mine_is_lower;
}

static void
announce_up(struct line *line)
{
	struct mesh *mesh = line->mesh;
	struct id peer = line->peer;
	struct address address = line->address;

	mesh->events.up(mesh->events.self, &peer, line->start, &address);
}

/* The old run does not answer: its link goes, the new one takes its place. */
static void
promote(struct line *trial, struct line *old)
{
	struct mesh *mesh = trial->mesh;
	struct id peer = trial->peer;

	stop_timer(trial);
	if (old != NULL)
		drop_line(old, false);
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
	struct line *trial = context;

	(void)unused, (void)what;
	promote(trial, current(trial->mesh, &trial->peer));
}

static void
begin_trial(struct line *line, struct line *old)
{
	struct frame frame = { .type = FRAME_PING };

	if (trial_of(line->mesh, &line->peer) != NULL) {
		drop_line(line, false);
		return;
	}
	line->state = LINE_TRIAL;
	line->question = crypto_random_number() & INT64_MAX;
	link_pause_reading(line->link);
	frame.ping.number = line->question;
	send_on(old, &frame);
	start_timer(line, trial_over, MESH_TRIAL_MS);
}

/* The old run answered while a new one is at the door. */
static void
runs_twice(struct line *old, struct line *trial)
{
	struct mesh *mesh = old->mesh;
	struct frame frame = { .type = FRAME_TWICE };
	struct id peer = old->peer;

	send_on(old, &frame);
	send_on(trial, &frame);
	stop_timer(trial);
	trial->state = LINE_ASIDE;
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

/* The dial did not lead to a link; the line is gone afterwards. */
static void
dial_failed(struct line *line, enum reason why, bool ended)
{
	struct mesh *mesh = line->mesh;
	struct id peer = line->peer;
	struct address address = line->address;
	bool dialled = line->dialled;

	drop_line(line, ended);
	if (dialled && (id_is_none(&peer) || current(mesh, &peer) == NULL))
		mesh->events.failed(mesh->events.self, &peer, &address, why);
}

/* Another run with my own key. */
static void
met_my_twin(struct line *line)
{
	struct mesh *mesh = line->mesh;
	bool newcomer = mesh->options.start != line->start
	    ? mesh->options.start > line->start
	    : mesh->options.nonce > line->nonce;

	dial_failed(line, REASON_TWICE, false);
	mesh->events.twice(mesh->events.self, &mesh->self, newcomer);
}

static void
accept_line(struct line *line)
{
	struct line *old = current(line->mesh, &line->peer);

	stop_timer(line);
	link_trust(line->link);
	if (old == NULL) {
		set_current(line);
		announce_up(line);
	} else if (old->nonce != line->nonce) {
		begin_trial(line, old);
	} else if (newer_is_better(old, line)) {
		set_current(line);
		set_aside(old);
	} else {
		set_aside(line);
	}
}

static void
take_hello(struct line *line, const struct frame *frame)
{
	struct mesh *mesh = line->mesh;
	struct id dialled = line->peer;

	line->peer = *link_peer_id(line->link);
	line->nonce = frame->hello.nonce;
	line->start = frame->hello.start;
	if (frame->hello.version != MESH_VERSION ||
	    memcmp(frame->hello.tag, mesh->options.tag,
		sizeof frame->hello.tag) != 0) {
		char text[ADDRESS_TEXT];

		log_limited(mesh->options.log, &mesh->strangers, clock_now(),
		    "The node at %s is of another network or version.",
		    address_format(link_address(line->link), text));
		line->peer = dialled;
		dial_failed(line, REASON_PROTOCOL, false);
		return;
	}
	if (id_equal(&line->peer, &mesh->self)) {
		line->peer = dialled;
		if (line->nonce != mesh->options.nonce) {
			met_my_twin(line);
			return;
		}
		if (line->dialled)
			remember_mine(mesh, &line->address);
		dial_failed(line, REASON_NONE, false);
		return;
	}
	if (!line->dialled) {
		line->address = *link_address(line->link);
		line->address.port = frame->hello.port;
	}
	accept_line(line);
}

/* -- what links tell --------------------------------------------------- */

static void
on_up(struct link *link, void *owner)
{
	struct line *line = owner;

	if (*(const enum owner *)owner == OWNER_MESH) {
		line = add_line(owner, link);
		link_set_owner(link, line);
	}
	send_hello(line);
}

static void
on_broken(struct line *line, const char *why)
{
	struct mesh *mesh = line->mesh;
	struct id peer = line->peer;

	mesh->events.broken(mesh->events.self, link_peer_id(line->link), why);
	if (line->state == LINE_CURRENT)
		mesh_hangup(mesh, &peer, REASON_PROTOCOL);
	else
		dial_failed(line, REASON_PROTOCOL, false);
}

static void
take_frame(struct line *line, const struct frame *frame)
{
	struct mesh *mesh = line->mesh;
	struct line *trial;
	struct id peer = line->peer;

	switch (frame->type) {
	case FRAME_HELLO:
		on_broken(line, "says hello twice");
		return;
	case FRAME_SUPERSEDED:
		line->was_told = true;
		close_if_settled(line);
		return;
	case FRAME_TWICE:
		line->twice = clock_now();
		mesh->events.twice(mesh->events.self, &mesh->self, false);
		return;
	case FRAME_PONG:
		trial = trial_of(mesh, &peer);
		if (trial != NULL && line->state == LINE_CURRENT &&
		    frame->ping.number == trial->question) {
			runs_twice(line, trial);
			return;
		}
		break;
	case FRAME_GOODBYE:
		line->goodbye = true;
		break;
	default:
		break;
	}
	mesh->events.frame(mesh->events.self, &peer,
	    link_peer_key(line->link), frame);
}

static void
on_frame(struct link *link, void *owner, const uint8_t *bytes, size_t size)
{
	struct line *line = owner;
	struct mesh *mesh = line->mesh;
	struct frame frame;
	char why[128];

	(void)link;
	line->heard = clock_now();
	mesh->counters.frames_received++;
	arena_clear(&mesh->arena);
	if (codec_decode(mesh->options.tag, bytes, size, &mesh->arena, &frame,
		why) != VERDICT_ACCEPTED)
		on_broken(line, why);
	else if (line->state != LINE_SHAKING)
		take_frame(line, &frame);
	else if (frame.type == FRAME_HELLO)
		take_hello(line, &frame);
	else
		on_broken(line, "does not say hello first");
}

static enum reason
reason_of(const struct line *line, enum link_end end)
{
	switch (end) {
	case LINK_CLEAN:
		return line->goodbye ? REASON_GOODBYE : REASON_LOST;
	case LINK_REFUSED:
	case LINK_WRONG_ID:	/* its host answers, it does not */
		return REASON_REFUSED;
	case LINK_UNREACHABLE:
		return REASON_UNREACHABLE;
	case LINK_TIMEOUT:
	case LINK_OVERFLOW:
		return REASON_SILENT;
	case LINK_TLS:
	case LINK_PROTOCOL:
		return REASON_PROTOCOL;
	case LINK_LOST:
	case LINK_FLUSHED:
		break;
	}
	return line->goodbye ? REASON_GOODBYE : REASON_LOST;
}

static void
dial_line(struct line *line)
{
	struct mesh *mesh = line->mesh;

	mesh->counters.dials++;
	line->link = link_dial(&mesh->context, &line->address,
	    id_is_none(&line->peer) ? NULL : &line->peer, line);
}

static void
dial_again(evutil_socket_t unused, short what, void *context)
{
	(void)unused, (void)what;
	dial_line(context);
}

/*
 * A process that dies hangs up before it stops listening, so a redial at
 * once may still reach its socket and break off in the handshake.  A moment
 * later it is refused, and that is news.
 */
static bool
may_be_dying(const struct line *line, enum link_end end)
{
	return line->state == LINE_SHAKING && line->dialled &&
	    !id_is_none(&line->peer) && line->tries < DIAL_TRIES &&
	    (end == LINK_LOST || end == LINK_TLS) && !line->mesh->leaving;
}

/* The link of a peer is gone; a run at the door may come in. */
static void
current_down(struct line *line, enum reason why)
{
	struct mesh *mesh = line->mesh;
	struct id peer = line->peer;
	struct line *trial = trial_of(mesh, &peer);

	drop_line(line, true);
	if (trial != NULL)
		promote(trial, NULL);
	else
		mesh->events.down(mesh->events.self, &peer, why);
}

static void
on_down(struct link *link, void *owner, enum link_end end, const char *text)
{
	struct line *line = owner;
	struct mesh *mesh;
	enum reason why;
	bool newcomer;

	(void)link;
	if (*(const enum owner *)owner == OWNER_MESH) {
		mesh = owner;
		log_limited(mesh->options.log, &mesh->strangers, clock_now(),
		    "Somebody who dialled did not come in: %s", text);
		return;
	}
	mesh = line->mesh;
	why = reason_of(line, end);
	newcomer = end == LINK_CLEAN && line->twice != NEVER &&
	    clock_now() - line->twice < MESH_TWICE_MS;
	log_line(mesh->options.log, LOG_INFO, "link down: %s (%s)",
	    link_end_name(end), text);
	if (may_be_dying(line, end)) {
		line->tries++;
		line->link = NULL;
		start_timer(line, dial_again, DIAL_AGAIN_MS);
	} else if (line->state == LINE_SHAKING) {
		dial_failed(line, why, true);
	} else if (line->state == LINE_CURRENT) {
		current_down(line, why);
	} else {
		drop_line(line, true);
	}
	if (newcomer)
		mesh->events.twice(mesh->events.self, &mesh->self, true);
	if (mesh->leaving && mesh->count == 0)
		mesh->events.gone(mesh->events.self);
}

/* -- dialling, closing -------------------------------------------------- */

void
mesh_dial(struct mesh *mesh, const struct id *peer,
    const struct address *address)
{
	const struct id expected = peer == NULL ? (struct id){ { 0 } } : *peer;
	struct line *line;

	if (mesh->leaving ||
	    (peer != NULL && current(mesh, peer) != NULL))
		return;
	for (size_t i = 0; i < mesh->mine_count; i++)
		if (address_equal(&mesh->mine[i], address)) {
			mesh->events.failed(mesh->events.self, &expected,
			    address, REASON_NONE);
			return;
		}
	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->lines[i]->state == LINE_SHAKING &&
		    mesh->lines[i]->dialled &&
		    id_equal(&mesh->lines[i]->peer, &expected) &&
		    address_equal(&mesh->lines[i]->address, address))
			return;
	line = add_line(mesh, NULL);
	line->dialled = true;
	line->peer = expected;
	line->address = *address;
	dial_line(line);
}

void
mesh_hangup(struct mesh *mesh, const struct id *peer, enum reason why)
{
	struct id gone = *peer;		/* may lie in what goes */
	bool was_up = current(mesh, &gone) != NULL;

	for (size_t i = mesh->count; i > 0; i--) {
		struct line *line = mesh->lines[i - 1];

		if (line->state != LINE_SHAKING &&
		    id_equal(&line->peer, &gone))
			drop_line(line, false);
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
		struct line *line = mesh->lines[i - 1];

		if (line->state == LINE_SHAKING)
			drop_line(line, false);
		else
			link_flush_and_close(line->link);
	}
	if (mesh->count == 0)
		mesh->events.gone(mesh->events.self);
}

struct mesh_counters
mesh_counters(const struct mesh *mesh)
{
	struct mesh_counters counters = mesh->counters;

	for (size_t i = 0; i < mesh->count; i++)
		if (mesh->lines[i]->link != NULL)
			count_link(&counters, mesh->lines[i]->link);
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
mesh_open(const struct mesh_options *options,
    const struct mesh_events *events, char problem[static 256])
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
	mesh->listener = listener_open(&mesh->context, options->port, mesh,
	    problem);
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
		drop_line(mesh->lines[mesh->count - 1], false);
	listener_close(mesh->listener);
	tls_destroy(mesh->tls);
	arena_free(&mesh->arena);
	bytes_free(&mesh->encoded);
	free(mesh->lines);
	free(mesh->peers);
	free(mesh->mine);
	free(mesh);
}
