/*
 * events: what a person is told.
 *
 * Most of it is the node's; the host completes what only it knows (counters,
 * interfaces) and keeps back the answers to commands of its own.
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "host/host.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

enum { COUNTERS_MAX = 64 };

/* The front hears of the end of a turn after its last event. */
static void
tell(struct dchat *dchat, const struct dchat_event *event)
{
	if (dchat->leaving == LEAVE_DONE && event->type != DCHAT_EVENT_BYE)
		return;
	dchat->front.event(dchat->front.self, event);
	if (dchat->front.turn != NULL)
		event_active(dchat->front_turn, 0, 0);
}

/* -- round trips -------------------------------------------------------- */

/* The node's pings are measured in whole milliseconds, the mesh's in small
 * parts of one. */
static double
refine_rtt(const struct dchat *dchat, const struct id *peer, double rtt_ms)
{
	double fine_ms = mesh_rtt_ms(dchat->mesh, peer);

	return fine_ms >= 0 ? fine_ms : rtt_ms;
}

static void
tell_peer(struct dchat *dchat, const struct dchat_event *event)
{
	struct dchat_event refined = *event;

	refined.peer.rtt_ms =
	    refine_rtt(dchat, &event->peer.id, event->peer.rtt_ms);
	tell(dchat, &refined);
}

/* Peers as the node tells them, with what the mesh knows of their links. */
struct refined {
	struct dchat_peer *peers;
	double *series; /* of all of them */
};

static struct refined
refine_peers(const struct dchat *dchat, const struct dchat_peer *peers,
    size_t count)
{
	struct refined refined = {
		.peers = mem_copy(peers, count * sizeof *peers),
		.series = mem_zero(count + 1, GAUGE_TRIPS * sizeof(double)),
	};

	for (size_t i = 0; i < count; i++) {
		struct dchat_peer *peer = &refined.peers[i];
		double *series = refined.series + i * GAUGE_TRIPS;

		peer->rtt_ms = refine_rtt(dchat, &peer->id, peer->rtt_ms);
		peer->rtt_count = mesh_trips(dchat->mesh, &peer->id, series);
		peer->rtts_ms = series;
		peer->queue_bytes = mesh_queued(dchat->mesh, &peer->id);
	}
	return refined;
}

static void
refined_free(struct refined *refined)
{
	free(refined->peers);
	free(refined->series);
}

static void
tell_peers(struct dchat *dchat, const struct dchat_event *event)
{
	struct dchat_event complete = *event;
	struct refined refined =
	    refine_peers(dchat, event->ok.peers, event->ok.count);

	complete.ok.peers = refined.peers;
	tell(dchat, &complete);
	refined_free(&refined);
}

static const struct dchat_network *
examine(const struct dchat *dchat, const struct dchat_peer *peers,
    size_t count, struct arena *arena)
{
	return doctor_describe(&dchat->doctor, dchat->now, dchat->announce,
	    mesh_port(dchat->mesh), peers, count, arena);
}

static void
tell_network(struct dchat *dchat, const struct dchat_event *event)
{
	struct dchat_event complete = *event;
	struct refined refined =
	    refine_peers(dchat, event->ok.peers, event->ok.count);
	struct arena arena;

	arena_init(&arena);
	complete.ok.peers = refined.peers;
	complete.ok.network =
	    examine(dchat, refined.peers, event->ok.count, &arena);
	tell(dchat, &complete);
	arena_free(&arena);
	refined_free(&refined);
}

/* The median over all links, as the node's. */
static int
compare_rtts(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static double
median_rtt(const struct dchat *dchat, double otherwise)
{
	size_t view_count, count = 0;
	const struct id *view = node_view(dchat->node, &view_count);
	double *rtts = mem_zero(view_count + 1, sizeof *rtts);
	double median;

	for (size_t i = 0; i < view_count; i++) {
		rtts[count] = mesh_rtt_ms(dchat->mesh, &view[i]);
		count += rtts[count] >= 0;
	}
	qsort(rtts, count, sizeof *rtts, compare_rtts);
	median = count > 0 ? rtts[count / 2] : otherwise;
	free(rtts);
	return median;
}

/* -- status ------------------------------------------------------------ */

struct counters {
	struct dchat_counter items[COUNTERS_MAX];
	size_t count;
};

static void
count(struct counters *counters, const char *name, uint64_t value)
{
	for (size_t i = 0; i < counters->count; i++)
		if (strcmp(counters->items[i].name, name) == 0) {
			counters->items[i].value += value;
			return;
		}
	if (counters->count < COUNTERS_MAX)
		counters->items[counters->count++] =
		    (struct dchat_counter){ name, value };
}

static void
count_all(struct dchat *dchat, struct counters *counters)
{
	static const char *const verdicts[] = {
#define X(verdict, name) [VERDICT_##verdict] = name,
		VERDICTS(X)
#undef X
	};
	const struct host_counters *own = &dchat->counters;
	struct mesh_counters mesh = mesh_counters(dchat->mesh);
	struct announce_counters beacons = announce_counters(dchat->announce);

	/* What was accepted is no news, and duplicates the node counts. */
	for (int i = 0; i < VERDICT_COUNT; i++)
		if (i != VERDICT_ACCEPTED && i != VERDICT_DUPLICATE)
			count(counters, verdicts[i], own->verdicts[i]);
	count(counters, "rejected", own->rejected);
	count(counters, "verified", own->verified);
	count(counters, "bundles_published", own->published);
	count(counters, "bundles_sent", mesh.bundles_sent);
	count(counters, "election_frames_sent", mesh.election_sent);
	count(counters, "frames_sent", mesh.frames_sent);
	count(counters, "frames_received", mesh.frames_received);
	count(counters, "frames_dropped", mesh.dropped);
	count(counters, "bytes_sent", mesh.bytes_sent);
	count(counters, "bytes_received", mesh.bytes_received);
	count(counters, "dials", mesh.dials);
	count(counters, "links_refused", mesh.refused);
	count(counters, "datagrams_sent", beacons.sent);
	count(counters, "datagrams_failed", beacons.send_errors);
	count(counters, "datagrams_heard", beacons.heard);
	count(counters, "datagrams_foreign", beacons.foreign);
	count(counters, "steps", own->steps);
}

/* -- traffic ------------------------------------------------------------ */

void
events_gauge(struct dchat *dchat)
{
	struct mesh_counters mesh;

	if (!gauge_due(&dchat->traffic, dchat->now))
		return;
	mesh = mesh_counters(dchat->mesh);
	gauge_sample(&dchat->traffic, dchat->now,
	    (uint64_t[FLOW_COUNT]){
		[FLOW_BYTES_IN] = mesh.bytes_received,
		[FLOW_BYTES_OUT] = mesh.bytes_sent,
		[FLOW_FRAMES_IN] = mesh.frames_received,
		[FLOW_FRAMES_OUT] = mesh.frames_sent,
		[FLOW_MESSAGES_IN] = dchat->messages_in,
		[FLOW_MESSAGES_OUT] = dchat->messages_out,
	    });
}

static void
tell_message(struct dchat *dchat, const struct dchat_event *event)
{
	if (id_equal(&event->message.author,
		identity_id(dchat->profile.identity)))
		dchat->messages_out++;
	else
		dchat->messages_in++;
	tell(dchat, event);
}

/* What only the host knows of it, for somebody who looks. */
static void
look(struct dchat *dchat, struct dchat_status *status,
    struct refined *refined, uint64_t flows[FLOW_COUNT][GAUGE_SECONDS])
{
	*refined = refine_peers(dchat, status->peers, status->peer_count);
	status->peers = refined->peers;
	for (int flow = 0; flow < FLOW_COUNT; flow++) {
		gauge_flow(&dchat->traffic, dchat->now,
		    (enum dchat_flow)flow, flows[flow]);
		status->traffic[flow] = flows[flow];
	}
	status->traffic_seconds = GAUGE_SECONDS;
}

static void
tell_status(struct dchat *dchat, const struct dchat_event *event)
{
	struct dchat_status status = *event->ok.status;
	struct dchat_event complete = *event;
	struct counters counters = { .count = 0 };
	struct refined refined = { 0 };
	uint64_t flows[FLOW_COUNT][GAUGE_SECONDS];
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < status.counter_count; i++)
		count(&counters, status.counters[i].name,
		    status.counters[i].value);
	count_all(dchat, &counters);
	status.counters = counters.items;
	status.counter_count = counters.count;
	status.rtt_ms = median_rtt(dchat, status.rtt_ms);
	status.interfaces =
	    announce_interfaces(dchat->announce, &status.interface_count);
	if (status.peer_count > 0) {
		look(dchat, &status, &refined, flows);
		status.net = examine(dchat, status.peers, status.peer_count,
		    &arena);
	}
	complete.ok.status = &status;
	tell(dchat, &complete);
	arena_free(&arena);
	refined_free(&refined);
}

/* -- all events --------------------------------------------------------- */

static void
tell_answer(struct dchat *dchat, const struct dchat_event *event,
    enum dchat_verb verb, uint64_t token)
{
	if (token == TOKEN_OWN)
		return;
	if (event->type == DCHAT_EVENT_OK && verb == DCHAT_STATUS &&
	    event->ok.status != NULL)
		tell_status(dchat, event);
	else if (event->type == DCHAT_EVENT_OK && verb == DCHAT_PEERS)
		tell_peers(dchat, event);
	else if (event->type == DCHAT_EVENT_OK && verb == DCHAT_NET)
		tell_network(dchat, event);
	else
		tell(dchat, event);
	if (verb == DCHAT_SAY || verb == DCHAT_DM)
		commands_said(dchat, token);
}

/* The next run begins under the nick I have. */
static void
tell_nick(struct dchat *dchat, const struct dchat_event *event)
{
	if (event->nick.self && (strcmp(event->nick.reason, "claimed") == 0 ||
		strcmp(event->nick.reason, "pending") == 0))
		remember_nick(dchat->store, event->nick.nick);
	tell(dchat, event);
}

void
events_notify(struct dchat *dchat, const struct dchat_event *event)
{
	if (event->type == DCHAT_EVENT_OK)
		tell_answer(dchat, event, event->ok.verb, event->ok.token);
	else if (event->type == DCHAT_EVENT_ERROR)
		tell_answer(dchat, event, event->error.verb,
		    event->error.token);
	else if (event->type == DCHAT_EVENT_NICK)
		tell_nick(dchat, event);
	else if (event->type == DCHAT_EVENT_PEER)
		tell_peer(dchat, event);
	else if (event->type == DCHAT_EVENT_MESSAGE)
		tell_message(dchat, event);
	else
		tell(dchat, event);
}

void
events_ready(struct dchat *dchat)
{
	struct dchat_event event = { .type = DCHAT_EVENT_READY };

	event.ready.id = *identity_id(dchat->profile.identity);
	event.ready.nick = dchat->settings.nick;
	event.ready.network = dchat->settings.network;
	event.ready.version = PACKAGE_VERSION;
	event.ready.profile = dchat->profile.name;
	event.ready.port = mesh_port(dchat->mesh);
	event.ready.since = dchat->profile.since;
	tell(dchat, &event);
}

void
events_error(struct dchat *dchat, enum dchat_verb verb, uint64_t token,
    enum error code, const char *text)
{
	struct dchat_event event = { .type = DCHAT_EVENT_ERROR };

	event.error.verb = verb;
	event.error.token = token;
	event.error.code = code;
	event.error.text = text == NULL ? error_sentence(code) : text;
	if (token != TOKEN_OWN)
		tell(dchat, &event);
}

void
events_warning(struct dchat *dchat, const char *code, const char *text)
{
	struct dchat_event event = { .type = DCHAT_EVENT_WARNING };

	event.warning.code = code;
	event.warning.text = text;
	log_line(&dchat->log, LOG_WARNING, "%s", text);
	tell(dchat, &event);
}

void
events_interfaces(struct dchat *dchat)
{
	size_t interfaces;

	announce_interfaces(dchat->announce, &interfaces);
	if (interfaces == 0)
		events_warning(dchat, "no_interface",
		    "There is no usable network interface; looking on as soon "
		    "as one comes up.");
}
