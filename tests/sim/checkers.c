#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers_inner.h"

enum { FAILURES = 20 }; /* sentences kept */

struct checkers *
checkers_new(const struct sim *sim)
{
	struct checkers *c = mem_zero(1, sizeof *c);

	c->nodes = sim->count;
	c->current = mem_zero(sim->count, sizeof *c->current);
	c->agreed = mem_zero(sim->count, sizeof *c->agreed);
	c->table_size = 1024;
	c->table = mem_zero(c->table_size, sizeof *c->table);
	bytes_init(&c->failures);
	return c;
}

static void
free_observer(struct observer *o)
{
	for (size_t i = 0; i < o->room_count; i++) {
		free(o->rooms[i].items);
		free(o->rooms[i].marks);
		free(o->rooms[i].checked);
		amends_free(&o->rooms[i].amends);
		free(o->rooms[i].joined);
	}
	for (size_t i = 0; i < o->waiting_count; i++)
		free(o->waiting[i].text);
	free(o->waiting);
	free(o->rooms);
	free(o->peer_states);
	free(o->peer_reasons);
}

void
checkers_destroy(struct checkers *c)
{
	for (size_t i = 0; i < c->observer_count; i++)
		free_observer(&c->observers[i]);
	for (size_t i = 0; i < c->said_count; i++) {
		free(c->said[i].text);
		free(c->said[i].had);
	}
	for (unsigned i = 0; i < c->nodes; i++) {
		free(c->agreed[i].versions);
		free(c->agreed[i].holdings);
	}
	for (size_t i = 0; i < c->room_count; i++)
		free(c->rooms[i]);
	free(c->observers);
	free(c->current);
	free(c->said);
	free(c->table);
	free(c->rooms);
	free(c->room_ids);
	free(c->reigns);
	free(c->decided);
	free(c->agreed);
	bytes_free(&c->failures);
	free(c);
}

void
checkers_fail(struct sim *sim, const struct sim_node *node, const char *format,
    ...)
{
	struct checkers *c = sim->checkers;
	char line[512];
	va_list arguments;
	int size;

	if (c->failed++ >= FAILURES)
		return;
	size =
	    snprintf(line, sizeof line, "[%5lld] %s: ", (long long)sim_now(sim),
		node == NULL ? "all" : node->name);
	bytes_append(&c->failures, line, (size_t)size);
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	bytes_append_text(&c->failures, line);
	bytes_append(&c->failures, "\n", 2); /* a NUL, kept behind */
	c->failures.size--;
}

const char *
checkers_failures(const struct sim *sim)
{
	const struct checkers *c = sim->checkers;

	return c->failed == 0 ? NULL : (const char *)c->failures.data;
}

struct checkers_figures
checkers_figures(const struct sim *sim)
{
	return sim->checkers->figures;
}

/* -- finding things ---------------------------------------------------- */

struct observer *
observer_of(const struct sim *sim, const struct sim_node *node)
{
	struct checkers *c = sim->checkers;

	return &c->observers[c->current[node->index]];
}

size_t
room_index(struct checkers *c, const char *name)
{
	for (size_t i = 0; i < c->room_count; i++)
		if (strcmp(c->rooms[i], name) == 0)
			return i;
	MEM_GROW(c->rooms, c->room_count, c->room_cap);
	MEM_GROW(c->room_ids, c->room_count, c->room_id_cap);
	c->room_ids[c->room_count] = sim_room_id(name);
	c->rooms[c->room_count] = mem_text(name);
	return c->room_count++;
}

const char *
common_name(const struct sim_node *node, const char *room,
    char name[static DIRECT_NAME])
{
	struct id other;

	return room[0] == '@' && id_parse(room + 1, &other)
	    ? sim_direct_name(&node->id, &other, name)
	    : room;
}

bool
says(enum dchat_verb verb)
{
	return verb == DCHAT_SAY || verb == DCHAT_DM;
}

struct shown *
shown_in(struct checkers *c, struct observer *o, size_t room)
{
	while (o->room_count <= room) {
		o->rooms =
		    mem_resize(o->rooms, o->room_count + 1, sizeof *o->rooms);
		o->rooms[o->room_count] = (struct shown){ 0 };
		o->rooms[o->room_count++].joined =
		    mem_zero(c->nodes, sizeof(bool));
	}
	return &o->rooms[room];
}

/* -- runs -------------------------------------------------------------- */

void
checkers_started(struct sim *sim, const struct sim_node *node)
{
	struct checkers *c = sim->checkers;
	struct observer *o;

	MEM_GROW(c->observers, c->observer_count, c->observer_cap);
	c->current[node->index] = c->observer_count;
	o = &c->observers[c->observer_count++];
	*o = (struct observer){
		.node = node->index,
		.began = sim_now(sim),
		.said_before = c->said_count,
		.leaderless_since = NEVER,
	};
	o->peer_states = mem_zero(c->nodes, sizeof *o->peer_states);
	o->peer_reasons = mem_zero(c->nodes, sizeof *o->peer_reasons);
	for (unsigned i = 0; i < c->nodes; i++)
		o->peer_states[i] = -1;
	heard_started(sim, node);
	checkers_recall(sim, node);
}

void
checkers_ended(struct sim *sim, const struct sim_node *node)
{
	observer_of(sim, node)->over = true;
}

/* -- commands and their answers ---------------------------------------- */

void
checkers_command(struct sim *sim, const struct sim_node *node,
    const struct dchat_command *command)
{
	struct checkers *c = sim->checkers;
	struct observer *o = observer_of(sim, node);
	struct waiting waiting = {
		.token = command->token,
		.verb = command->verb,
		.text = mem_text(command->text),
	};

	if (command->room != NULL) {
		char name[DIRECT_NAME];

		waiting.room =
		    room_index(c, common_name(node, command->room, name));
		waiting.causes = shown_in(c, o, waiting.room)->count;
	}
	MEM_GROW(o->waiting, o->waiting_count, o->waiting_cap);
	o->waiting[o->waiting_count++] = waiting;
}

/* The command is not waiting any more; what is said in a room goes in order
 * (an error may come at once). */
static bool
take_waiting(struct sim *sim, const struct sim_node *node, uint64_t token,
    bool ok, struct waiting *out)
{
	struct observer *o = observer_of(sim, node);
	size_t at = 0;

	while (at < o->waiting_count && o->waiting[at].token != token)
		at++;
	if (at == o->waiting_count) {
		checkers_fail(sim, node, "answers command %llu twice",
		    (unsigned long long)token);
		return false;
	}
	*out = o->waiting[at];
	for (size_t i = 0; i < at; i++)
		if (ok && says(out->verb) && says(o->waiting[i].verb) &&
		    o->waiting[i].room == out->room)
			checkers_fail(sim, node, "answers \"%s\" after \"%s\"",
			    o->waiting[i].text, out->text);
	MEM_REMOVE(o->waiting, o->waiting_count, at);
	return true;
}

static void
answered(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	bool ok = event->type == DCHAT_EVENT_OK;
	struct waiting waiting;

	if (!take_waiting(sim, node, ok ? event->ok.token : event->error.token,
		ok, &waiting))
		return;
	if (waiting.verb != (ok ? event->ok.verb : event->error.verb))
		checkers_fail(sim, node, "answers another verb than asked");
	else if (ok && says(waiting.verb))
		heard_said(sim, node, &waiting, event->ok.msg);
	free(waiting.text);
}

/* -- other events ------------------------------------------------------ */

static void
peer_told(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	struct observer *o = observer_of(sim, node);
	int peer = sim_index_of(sim, &event->peer.id);

	if (peer < 0 || (unsigned)peer == node->index) {
		checkers_fail(sim, node, "tells of a peer that is none");
		return;
	}
	if (o->peer_states[peer] == (int)event->peer.state &&
	    strcmp(o->peer_reasons[peer], event->peer.reason) == 0)
		checkers_fail(sim, node, "tells twice that %s is %s (%s)",
		    sim->nodes[peer].name, member_state_name(event->peer.state),
		    event->peer.reason);
	o->peer_states[peer] = (int)event->peer.state;
	o->peer_reasons[peer] = event->peer.reason;
}

static void
room_told(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	struct checkers *c = sim->checkers;
	size_t room = room_index(c, event->membership.room);
	struct shown *shown = shown_in(c, observer_of(sim, node), room);
	int who = sim_index_of(sim, &event->membership.id);
	bool joined = event->type == DCHAT_EVENT_JOINED;

	if (who < 0) {
		checkers_fail(sim, node, "tells of somebody unknown");
		return;
	}
	if (shown->joined[who] == joined)
		checkers_fail(sim, node, "tells that %s %s %s, and it had",
		    sim->nodes[who].name, joined ? "joined" : "parted",
		    c->rooms[room]);
	shown->joined[who] = joined;
	/* Who parts is told no more of those who stay. */
	if (!joined && (unsigned)who == node->index) {
		memset(shown->joined, 0, c->nodes * sizeof(bool));
		shown->left = true;
	}
}

void
checkers_event(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	switch (event->type) {
	case DCHAT_EVENT_OK:
	case DCHAT_EVENT_ERROR: answered(sim, node, event); break;
	case DCHAT_EVENT_MESSAGE:
		heard_shown(sim, node, &event->message);
		break;
	case DCHAT_EVENT_DELIVERED:
		heard_delivered(sim, node, event);
		break;
	case DCHAT_EVENT_LEADER:
		checkers_leader_told(sim, node, event);
		break;
	case DCHAT_EVENT_PEER:
		peer_told(sim, node, event);
		break;
	case DCHAT_EVENT_JOINED:
	case DCHAT_EVENT_PARTED:
		room_told(sim, node, event);
		break;
	case DCHAT_EVENT_ROOM:
	case DCHAT_EVENT_NICK:
	case DCHAT_EVENT_HELD:
	case DCHAT_EVENT_TYPING:
	case DCHAT_EVENT_AWAY:
	case DCHAT_EVENT_FETCHING:
	case DCHAT_EVENT_READY:
	case DCHAT_EVENT_ELECTION:
	case DCHAT_EVENT_PARTITION:
	case DCHAT_EVENT_WARNING:
	case DCHAT_EVENT_BYE: break;
	}
}

/* -- frames ------------------------------------------------------------ */

void
checkers_arrives(struct sim *sim, const struct sim_node *node,
    const struct sim_node *from, const struct frame *frame)
{
	if (from->hostile)
		return;
	if (!verify_frame(frame))
		checkers_fail(sim, node, "gets a %s that was changed",
		    frame_type_name(frame->type));
	checkers_commit(sim, node, from, frame);
}

/* Commands of those of the core that wait for their answer. */
static size_t
unanswered(const struct sim *sim, const struct observer *o)
{
	return o->over || !sim_in_core(sim, o->node) ? 0 : o->waiting_count;
}

bool
checkers_answered(const struct sim *sim)
{
	const struct checkers *c = sim->checkers;

	for (size_t i = 0; i < c->observer_count; i++)
		if (unanswered(sim, &c->observers[i]) > 0)
			return false;
	return true;
}

void
checkers_finish(struct sim *sim)
{
	struct checkers *c = sim->checkers;

	heard_finish(sim);
	for (size_t i = 0; i < c->observer_count; i++) {
		const struct observer *o = &c->observers[i];
		size_t count = unanswered(sim, o);

		if (count > 0)
			checkers_fail(sim, &sim->nodes[o->node],
			    "never answered %zu commands", count);
	}
}
