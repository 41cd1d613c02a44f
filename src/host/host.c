#include "host/host.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/item.h"
#include "crypto/entropy.h"
#include "crypto/seal.h"
#include "wire/body.h"

enum { PROBLEM = 256 };

/* -- effects ----------------------------------------------------------- */

static void
perform_seal(struct dchat *dchat, const struct record *record)
{
	struct record sealed = *record;
	struct input input = { .type = INPUT_SEALED, .sealed = &sealed };

	bytes_clear(&dchat->body);
	if (!body_encode_record(record, dchat->settings.tag, &dchat->body)) {
		log_line(&dchat->log, LOG_WARNING,
		    "My own record breaks a bound and is not told.");
		return;
	}
	sealed.sealed.body = dchat->body.data;
	sealed.sealed.size = dchat->body.size;
	memcpy(sealed.sealed.key, identity_public_key(dchat->profile.identity),
	    KEY_BYTES);
	seal_sign(dchat->profile.identity, dchat->body.data, dchat->body.size,
	    sealed.sealed.signature);
	host_input(dchat, &input);
}

static void
perform_fetch(struct dchat *dchat, const struct effect *effect)
{
	switch (effect->fetch.kind) {
	case FETCH_RANGES:
		store_range(dchat->store, &effect->fetch.to,
		    &effect->fetch.room, effect->fetch.ranges,
		    effect->fetch.count);
		break;
	case FETCH_TAIL:
		store_tail(dchat->store, &effect->fetch.to, &effect->fetch.room,
		    effect->fetch.messages);
		break;
	case FETCH_NEWEST:
		store_newest(dchat->store, &effect->fetch.to,
		    &effect->fetch.room, effect->fetch.ranges,
		    effect->fetch.count, effect->fetch.messages);
		break;
	}
}

static void
perform_beacon(struct dchat *dchat, const struct effect *effect)
{
	uint64_t view = effect->beacon.view;

	switch (effect->beacon.kind) {
	case BEACON_ANNOUNCE:
		announce_all(dchat->announce, view, false);
		commands_ask_hosts(dchat, view);
		break;
	case BEACON_REPLY:
		announce_to(dchat->announce, view, false, &effect->beacon.to);
		break;
	case BEACON_GOODBYE: announce_all(dchat->announce, view, true); break;
	}
}

static void
perform(struct dchat *dchat, const struct effect *effect)
{
	trace_effect(dchat, effect);
	switch (effect->type) {
	case EFFECT_SEND:
	case EFFECT_SEND_MANY:
		mesh_send(dchat->mesh, effect->send.to, effect->send.count,
		    effect->send.frame);
		break;
	case EFFECT_DIAL:
		if (!id_is_none(&effect->dial.via)) {
			mesh_dial_over(dchat->mesh, &effect->dial.peer,
			    &effect->dial.via);
			break;
		}
		mesh_dial(dchat->mesh,
		    id_is_none(&effect->dial.peer) ? NULL : &effect->dial.peer,
		    &effect->dial.address);
		break;
	case EFFECT_HANGUP:
		mesh_hangup(dchat->mesh, &effect->hangup.peer,
		    effect->hangup.why);
		break;
	case EFFECT_BEACON: perform_beacon(dchat, effect); break;
	case EFFECT_SEAL: perform_seal(dchat, effect->seal); break;
	case EFFECT_PUBLISH: publish_bundle(dchat, effect->bundle); break;
	case EFFECT_STORE: store_put(dchat->store, effect->bundle); break;
	case EFFECT_SEAL_INTENT: agree_seal(dchat, effect->intent); break;
	case EFFECT_KEEP: remember_keep(dchat->store, effect->keep); break;
	case EFFECT_FETCH: perform_fetch(dchat, effect); break;
	case EFFECT_OLDER:
		commands_older(dchat, &effect->older.room, effect->older.more,
		    effect->older.lost ? effect->older.left : 0);
		fill_older(dchat, &effect->older.room, effect->older.more,
		    effect->older.came, effect->older.left);
		break;
	case EFFECT_NOTIFY: events_notify(dchat, effect->event); break;
	case EFFECT_TRACE: break;
	}
}

/* -- the step ---------------------------------------------------------- */

static enum verdict
step(struct dchat *dchat, struct input *input)
{
	instant_ms now = clock_now();
	enum verdict verdict;

	if (now > dchat->now)
		dchat->now = now;
	input->now = dchat->now;
	input->wall = clock_wall();
	events_gauge(dchat);
	trace_input(dchat, input);
	effects_clear(&dchat->fx);
	dchat->stepping = true;
	verdict = node_step(dchat->node, input, &dchat->fx);
	trace_effects(dchat);
	dchat->counters.steps++;
	dchat->counters.verdicts[verdict]++;
	for (size_t i = 0; i < dchat->fx.count; i++)
		perform(dchat, &dchat->fx.items[i]);
	dchat->stepping = false;
	return verdict;
}

/* The parts of an input that would be gone by the time it is stepped. */
static void
queue_input(struct dchat *dchat, const struct input *input)
{
	struct pending_input pending = { .input = *input };

	assert(input->type == INPUT_SEALED || input->type == INPUT_FAILED ||
	    input->type == INPUT_INTENT_SEALED ||
	    input->type == INPUT_LINK_DOWN);
	if (input->type == INPUT_SEALED)
		pending.record = record_clone(input->sealed);
	if (input->type == INPUT_INTENT_SEALED)
		pending.intent = intent_clone(input->intent);
	MEM_GROW(dchat->inputs, dchat->input_count, dchat->input_cap);
	dchat->inputs[dchat->input_count++] = pending;
}

static void
step_pending(struct dchat *dchat)
{
	for (size_t i = 0; i < dchat->input_count; i++) {
		struct pending_input pending = dchat->inputs[i];

		if (pending.record != NULL)
			pending.input.sealed = pending.record;
		if (pending.intent != NULL)
			pending.input.intent = pending.intent;
		step(dchat, &pending.input);
		record_free(pending.record);
		intent_free(pending.intent);
	}
	dchat->input_count = 0;
}

enum verdict
host_input(struct dchat *dchat, struct input *input)
{
	enum verdict verdict;

	if (dchat->stepping) {
		queue_input(dchat, input);
		return VERDICT_ACCEPTED;
	}
	if (!dchat->started || dchat->leaving == LEAVE_DONE)
		return VERDICT_STALE;
	if (clock_watch_resumed(&dchat->watch, dchat->alarm.at)) {
		struct input resumed = { .type = INPUT_RESUMED };

		log_line(&dchat->log, LOG_INFO,
		    "back from being suspended or stopped");
		step(dchat, &resumed);
	}
	verdict = step(dchat, input);
	step_pending(dchat);
	alarm_set(&dchat->alarm, dchat->now, node_deadline(dchat->node));
	leave_proceed(dchat);
	return verdict;
}

static void
on_deadline(void *context)
{
	struct dchat *dchat = context;
	struct input input = { .type = INPUT_DEADLINE };

	host_input(dchat, &input);
}

/* -- what the mesh tells ----------------------------------------------- */

static void
on_link_up(void *self, const struct id *peer, uint64_t start,
    const struct address *address, const struct id *via)
{
	struct dchat *dchat = self;
	struct input input = { .type = INPUT_LINK_UP };

	if (via != NULL) {
		input.link_up.via = *via;
	} else {
		doctor_linked(&dchat->doctor, peer, address);
		commands_linked(dchat, address);
	}
	input.link_up.peer = *peer;
	input.link_up.start = start;
	input.link_up.address = *address;
	names_direct_id(dchat->settings.tag,
	    identity_id(dchat->profile.identity), peer,
	    &input.link_up.direct);
	host_input(dchat, &input);
}

static void
on_link_down(void *self, const struct id *peer, enum reason why)
{
	struct input input = { .type = INPUT_LINK_DOWN };

	input.link_down.peer = *peer;
	input.link_down.why = why;
	host_input(self, &input);
}

static void
on_dial_failed(void *self, const struct id *peer, const struct address *address,
    const struct id *via, enum reason why)
{
	struct dchat *dchat = self;
	struct input input = { .type = INPUT_FAILED };

	if (via != NULL)
		input.failed.via = *via;
	else
		doctor_dial_failed(&dchat->doctor, clock_now(), peer, address,
		    why);
	if (id_is_none(peer))
		commands_dial_failed(dchat, address, why);
	input.failed.what = EFFECT_DIAL;
	input.failed.peer = *peer;
	input.failed.address = *address;
	input.failed.why = why;
	host_input(dchat, &input);
}

static void
reject(struct dchat *dchat, const struct id *peer, const char *why)
{
	char text[ID_SHORT_TEXT];

	dchat->counters.rejected++;
	log_limited(&dchat->log, &dchat->strangers, dchat->now,
	    "The peer %s broke the protocol: %s.", id_format_short(peer, text),
	    why);
}

static void
on_broken(void *self, const struct id *peer, const char *why)
{
	reject(self, peer, why);
}

static void
on_frame(void *self, const struct id *peer, const uint8_t key[static KEY_BYTES],
    const struct frame *frame)
{
	struct dchat *dchat = self;
	struct frame checked = *frame;
	struct input input = { .type = INPUT_RECEIVE };
	char why[128];

	if (host_verify(dchat, peer, key, &checked, why) != VERDICT_ACCEPTED) {
		reject(dchat, peer, why);
		mesh_hangup(dchat->mesh, peer, REASON_PROTOCOL);
		return;
	}
	input.receive.from = *peer;
	input.receive.frame = &checked;
	if (host_input(dchat, &input) == VERDICT_MALFORMED)
		reject(dchat, peer, frame_type_name(frame->type));
}

static void
on_twice(void *self, const struct id *who, bool i_am_newcomer)
{
	struct dchat *dchat = self;
	char text[160], name[ID_TEXT];

	dchat->doctor.twice |=
	    id_equal(who, identity_id(dchat->profile.identity));
	if (i_am_newcomer) {
		events_warning(dchat, "identity_twice",
		    "This identity runs twice; the one that was here first "
		    "stays, this one ends. Give the other its own profile.");
		leave_begin(dchat, "this identity runs twice", 1);
		return;
	}
	if (id_equal(who, identity_id(dchat->profile.identity)))
		snprintf(text, sizeof text,
		    "This identity runs twice: "
		    "another dchat uses a copy of this profile.");
	else
		snprintf(text, sizeof text,
		    "The identity %s runs twice; the "
		    "newcomer was turned away.",
		    id_format(who, name));
	events_warning(dchat, "identity_twice", text);
}

static void
on_gone(void *self)
{
	leave_gone(self);
}

/* -- what the others tell ---------------------------------------------- */

static void
on_heard(void *self, const struct announce_heard *heard)
{
	struct dchat *dchat = self;
	struct input input = { .type = INPUT_HEARD };

	doctor_heard(&dchat->doctor, clock_now(), heard);
	commands_heard(dchat, &heard->reply_to);
	input.heard.peer = heard->peer;
	input.heard.nonce = heard->nonce;
	input.heard.view = heard->view;
	input.heard.goodbye = heard->goodbye;
	input.heard.wants_reply = heard->wants_reply;
	input.heard.from = heard->from;
	input.heard.reply_to = heard->reply_to;
	host_input(dchat, &input);
}

static void
on_interfaces(void *self)
{
	struct dchat *dchat = self;
	struct input input = { .type = INPUT_INTERFACES };

	if (!dchat->started)
		return;
	events_interfaces(dchat);
	host_input(dchat, &input);
}

static void
on_stored(evutil_socket_t unused, short what, void *context)
{
	struct dchat *dchat = context;

	(void)unused, (void)what;
	store_run(dchat->store);
}

/* Others are of earlier runs, and came back from peers. */
static bool
is_of_this_run(const struct dchat *dchat, const struct bundle *bundle)
{
	return bundle->nonce == dchat->profile.nonce &&
	    id_equal(&bundle->stream.author,
		identity_id(dchat->profile.identity));
}

static void
on_kept(void *self, const struct bundle *bundle)
{
	struct dchat *dchat = self;
	struct input input = { .type = INPUT_STORED, .bundle = bundle };

	if (is_of_this_run(dchat, bundle))
		input.type = INPUT_PUBLISHED;
	host_input(dchat, &input);
}

static void
on_refused(void *self, const struct bundle *bundle, enum error error)
{
	struct dchat *dchat = self;
	struct input input = { .type = INPUT_FAILED };

	dchat->counters.publish_failed++;
	input.failed.what = EFFECT_PUBLISH;
	input.failed.room = bundle->room;
	input.failed.error = error;
	host_input(dchat, &input);
}

static void
on_trouble(void *self, const char *code, const char *text)
{
	events_warning(self, code, text);
}

static void
on_page(void *self, const struct store_page *page)
{
	struct input input = { .type = INPUT_FETCHED };

	input.fetched.to = page->to;
	input.fetched.room = page->room;
	input.fetched.bases = page->bases;
	input.fetched.base_count = page->base_count;
	input.fetched.bundles = page->bundles;
	input.fetched.count = page->count;
	host_input(self, &input);
}

static void
on_start(evutil_socket_t unused, short what, void *context)
{
	struct dchat *dchat = context;
	struct input input = { .type = INPUT_START };

	(void)unused, (void)what;
	dchat->started = true;
	events_ready(dchat);
	host_input(dchat, &input);
	events_interfaces(dchat);
	for (size_t i = 0; i < dchat->peer_count; i++)
		commands_connect(dchat, dchat->peers[i]);
}

/* -- opening and closing ------------------------------------------------ */

static bool
open_log(struct dchat *dchat, const struct dchat_options *options,
    char problem[static PROBLEM])
{
	FILE *file;
	int descriptor;

	dchat->log.wall = clock_wall;
	dchat->log.level = options->verbosity >= LOG_TRACE
	    ? LOG_TRACE
	    : (enum log_level)options->verbosity;
	if (options->log_file == NULL)
		return true;
	if (strcmp(options->log_file, "-") == 0) {
		log_to(&dchat->log, stderr);
		return true;
	}
	descriptor = open(options->log_file,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	file = descriptor < 0 ? NULL : fdopen(descriptor, "a");
	if (file == NULL)
		snprintf(problem, PROBLEM,
		    "The log %.128s cannot be written: "
		    "%s.",
		    options->log_file, strerror(errno));
	else
		log_to(&dchat->log, file);
	return file != NULL;
}

static bool
check_peers(struct dchat *dchat, const struct dchat_options *options,
    char problem[static PROBLEM])
{
	char host[RESOLVE_HOST];
	uint16_t port;

	dchat->peers = mem_zero(options->peer_count + 1, sizeof *dchat->peers);
	for (size_t i = 0; i < options->peer_count; i++) {
		if (!resolve_split(options->peers[i], host, &port, problem))
			return false;
		dchat->peers[dchat->peer_count++] = mem_text(options->peers[i]);
	}
	return true;
}

static bool
open_mesh(struct dchat *dchat, const struct dchat_options *options,
    char problem[static PROBLEM])
{
	const struct mesh_events events = {
		.up = on_link_up,
		.down = on_link_down,
		.failed = on_dial_failed,
		.frame = on_frame,
		.broken = on_broken,
		.twice = on_twice,
		.gone = on_gone,
		.self = dchat,
	};
	struct mesh_options mesh = {
		.loop = dchat->loop,
		.identity = dchat->profile.identity,
		.log = &dchat->log,
		.nonce = dchat->profile.nonce,
		.start = dchat->profile.start,
		.port = options->port,
	};

	memcpy(mesh.tag, dchat->settings.tag, sizeof mesh.tag);
	dchat->mesh = mesh_open(&mesh, &events, problem);
	return dchat->mesh != NULL;
}

static bool
open_announce(struct dchat *dchat, const struct dchat_options *options,
    char problem[static PROBLEM], int *status)
{
	struct announce_options announce = {
		.loop = dchat->loop,
		.id = *identity_id(dchat->profile.identity),
		.nonce = dchat->profile.nonce,
		.port = mesh_port(dchat->mesh),
		.discovery_port = options->discovery_port,
		.interfaces = options->interfaces,
		.interface_count = options->interface_count,
		.heard = on_heard,
		.changed = on_interfaces,
		.self = dchat,
	};

	memcpy(announce.tag, dchat->settings.tag, sizeof announce.tag);
	doctor_init(&dchat->doctor, clock_now());
	dchat->announce = announce_open(&announce, problem, status);
	return dchat->announce != NULL;
}

static bool
open_store(struct dchat *dchat, const struct dchat_options *options,
    char problem[static PROBLEM])
{
	struct store_options store = {
		.self = *identity_id(dchat->profile.identity),
		.nonce = dchat->profile.nonce,
		.start = dchat->profile.start,
		.epoch = dchat->profile.epoch,
		.front = {
			.kept = on_kept,
			.refused = on_refused,
			.facts_kept = agree_kept,
			.page = on_page,
			.lines = commands_lines,
			.written = export_written,
			.sought = talk_sought,
			.trouble = on_trouble,
			.self = dchat,
		},
		.room_messages = options->history_messages,
		.days = options->history_days,
	};
	char *path = profile_path(&dchat->profile, "history.db");

	store.path = path;
	memcpy(store.network, dchat->settings.tag, sizeof store.network);
	dchat->store = store_open(&store, problem);
	free(path);
	if (dchat->store == NULL)
		return false;
	notes_load(&dchat->notes, store_past(dchat->store));
	remember_recall(&dchat->remembered, store_past(dchat->store),
	    dchat->settings.tag);
	settings_restore(&dchat->settings, &dchat->remembered.past,
	    options->room_count > 0,
	    options->nick == NULL ? dchat->remembered.nick : NULL);
	if (options->nick != NULL)
		remember_nick(dchat->store, dchat->settings.nick);
	return true;
}

static void
make_node(struct dchat *dchat, const struct dchat_options *options)
{
	struct node_options node = {
		.self = *identity_id(dchat->profile.identity),
		.priority = options->priority,
		.nick = dchat->settings.nick,
		.network = dchat->settings.network,
		.start = dchat->profile.start,
		.nonce = dchat->profile.nonce,
		.epoch = store_past(dchat->store)->epoch,
		.spare_epoch = dchat->profile.epoch,
		.nick_key = names_nick_key,
		.past = &dchat->remembered.past,
		.seed = crypto_random_number(),
		.mesh_limit = LIMIT_MESH,
		.rooms = dchat->settings.rooms,
		.room_count = dchat->settings.room_count,
	};

	memcpy(node.key, identity_public_key(dchat->profile.identity),
	    KEY_BYTES);
	trace_options(dchat, &node);
	dchat->node = node_new(&node);
	dchat->fx.tracing = log_wants(&dchat->log, LOG_TRACE);
}

static void
make_events(struct dchat *dchat, bool fill)
{
	struct event_base *loop = dchat->loop;

	dchat->start = event_new(loop, -1, 0, on_start, dchat);
	alarm_open(&dchat->alarm, loop, on_deadline, dchat);
	dchat->stored = event_new(loop, store_descriptor(dchat->store),
	    EV_READ | EV_PERSIST, on_stored, dchat);
	event_add(dchat->stored, NULL);
	commands_init(dchat);
	publish_init(dchat);
	if (fill)
		fill_init(dchat);
	event_active(dchat->start, 0, 0);
}

struct dchat *
dchat_open(struct event_base *loop, const struct dchat_options *options,
    const struct dchat_front *front, char problem[static PROBLEM], int *status)
{
	struct dchat *dchat = mem_zero(1, sizeof *dchat);

	dchat->loop = loop;
	dchat->front = *front;
	dchat->profile.lock = -1;
	clock_watch_init(&dchat->watch);
	effects_init(&dchat->fx);
	bytes_init(&dchat->body);
	*status = 2;
	if (!settings_init(&dchat->settings, options, problem) ||
	    !check_peers(dchat, options, problem) ||
	    !open_log(dchat, options, problem) ||
	    !profile_open(&dchat->profile, options->profile, options->ephemeral,
		problem, status))
		goto failed;
	*status = 1;
	if (!open_store(dchat, options, problem) ||
	    !open_mesh(dchat, options, problem) ||
	    !open_announce(dchat, options, problem, status))
		goto failed;
	dchat->resolver = resolver_open(loop, commands_resolved, dchat);
	make_node(dchat, options);
	remember_free(&dchat->remembered);
	make_events(dchat, options->history_all);
	return dchat;
failed:
	dchat_close(dchat);
	return NULL;
}

static void
free_event(struct event *event)
{
	if (event != NULL)
		event_free(event);
}

void
dchat_close(struct dchat *dchat)
{
	if (dchat == NULL)
		return;
	mesh_close(dchat->mesh);
	announce_close(dchat->announce);
	doctor_free(&dchat->doctor);
	resolver_close(dchat->resolver);
	free_event(dchat->stored);
	store_close(dchat->store);
	export_free(dchat);
	remember_free(&dchat->remembered);
	notes_free(&dchat->notes);
	if (dchat->node != NULL)
		node_destroy(dchat->node);
	effects_free(&dchat->fx);
	for (size_t i = 0; i < dchat->input_count; i++)
		record_free(dchat->inputs[i].record);
	free(dchat->inputs);
	commands_free(dchat);
	publish_free(dchat);
	fill_free(dchat);
	leave_free(dchat);
	for (size_t i = 0; i < dchat->peer_count; i++)
		free(dchat->peers[i]);
	free(dchat->peers);
	bytes_free(&dchat->body);
	free_event(dchat->start);
	alarm_close(&dchat->alarm);
	settings_free(&dchat->settings);
	profile_close(&dchat->profile);
	if (dchat->log.file != NULL && dchat->log.file != stderr)
		fclose(dchat->log.file);
	free(dchat);
}
