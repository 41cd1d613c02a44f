#include "tests/sim/checkers.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
	FAILURES = 20, /* sentences kept */
	RAISES = 10,   /* of a leader's term in a second */
};

/* Where a message stands on the screen. */
struct place {
	uint64_t hlc;
	struct id author;
	uint64_t seq;
	unsigned index;
};

/* A message that was said and answered with ok. */
struct said {
	char msg[MSG_TEXT];
	char *text;
	size_t observer; /* who said it, in which run */
	size_t room;
	size_t causes;   /* so many its author had been shown there */
	size_t previous; /* by the same author there, plus 1; 0: none */
	bool placed;
	struct place place;
	bool own_shown;	   /* to its author */
	unsigned have, of; /* as its author was last told */
};

/* A command not yet answered. */
struct waiting {
	uint64_t token;
	enum dchat_verb verb;
	size_t room;
	size_t causes;
	char *text;
};

/* One room as one run of a node was shown it. */
struct shown {
	size_t *items; /* into said, in the order shown */
	size_t count, cap;
	uint8_t *marks; /* per said: SHOWN, MISSED */
	size_t mark_count;
	size_t *checked; /* per observer: causes looked at */
	size_t checked_count;
	struct place last; /* the highest place shown */
	bool gap;          /* one was told */
	size_t own;        /* last said here by itself, plus 1 */
	uint64_t seq;      /* last published */
	bool *joined;      /* per node: told */
	bool left;         /* it was left once */
};

enum { SHOWN = 1, MISSED = 2 };

/* One run of a node, as the person before it sees it. */
struct observer {
	unsigned node;
	bool over;
	instant_ms began;
	struct shown *rooms; /* by index of room */
	size_t room_count;
	struct waiting *waiting;
	size_t waiting_count, waiting_cap;
	int *peer_states; /* per node: last told, -1: nothing */
	const char **peer_reasons;
	bool led;
	struct id leader;
	uint64_t term;
	bool provisional;
	bool leads;
	uint64_t reign;  /* the term it leads in */
	unsigned raises; /* of it, in the second that began here: */
	instant_ms raises_since;
	instant_ms leaderless_since; /* NEVER: has one, or is alone */
};

struct reign {
	uint64_t term, view;
	struct id leader;
};

struct checkers {
	unsigned nodes;
	struct observer *observers;
	size_t observer_count, observer_cap;
	size_t *current; /* observer per node */
	struct said *said;
	size_t said_count, said_cap;
	size_t *table; /* said by msg, plus 1; open addressing */
	size_t table_size;
	char **rooms;
	size_t room_count, room_cap;
	struct reign *reigns;
	size_t reign_count, reign_cap;
	struct bytes failures;
	unsigned failed;
	struct checkers_figures figures;
};

struct checkers *
checkers_new(const struct sim *sim)
{
	struct checkers *c = mem_zero(1, sizeof *c);

	c->nodes = sim->count;
	c->current = mem_zero(sim->count, sizeof *c->current);
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
	for (size_t i = 0; i < c->said_count; i++)
		free(c->said[i].text);
	for (size_t i = 0; i < c->room_count; i++)
		free(c->rooms[i]);
	free(c->observers);
	free(c->current);
	free(c->said);
	free(c->table);
	free(c->rooms);
	free(c->reigns);
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

static struct observer *
observer_of(const struct sim *sim, const struct sim_node *node)
{
	struct checkers *c = sim->checkers;

	return &c->observers[c->current[node->index]];
}

static size_t
room_index(struct checkers *c, const char *name)
{
	for (size_t i = 0; i < c->room_count; i++)
		if (strcmp(c->rooms[i], name) == 0)
			return i;
	MEM_GROW(c->rooms, c->room_count, c->room_cap);
	c->rooms[c->room_count] = mem_text(name);
	return c->room_count++;
}

/* A direct room is named after the other one at each of its two. */
static const char *
common_name(const struct sim_node *node, const char *room,
    char name[static DIRECT_NAME])
{
	struct id other;

	return room[0] == '@' && id_parse(room + 1, &other)
	    ? sim_direct_name(&node->id, &other, name)
	    : room;
}

static bool
says(enum dchat_verb verb)
{
	return verb == DCHAT_SAY || verb == DCHAT_DM;
}

static struct shown *
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

static uint8_t *
mark_of(const struct checkers *c, struct shown *shown, size_t said)
{
	if (shown->mark_count <= said) {
		size_t count = c->said_cap;

		shown->marks = mem_resize(shown->marks, count, 1);
		memset(shown->marks + shown->mark_count, 0,
		    count - shown->mark_count);
		shown->mark_count = count;
	}
	return &shown->marks[said];
}

static size_t *
checked_of(const struct checkers *c, struct shown *shown, size_t observer)
{
	if (shown->checked_count <= observer) {
		size_t count = c->observer_cap;

		shown->checked =
		    mem_resize(shown->checked, count, sizeof *shown->checked);
		memset(shown->checked + shown->checked_count, 0,
		    (count - shown->checked_count) * sizeof *shown->checked);
		shown->checked_count = count;
	}
	return &shown->checked[observer];
}

/* The slot of the msg in the table, taken or free. */
static size_t *
slot_of(const struct checkers *c, const char *msg)
{
	size_t at =
	    (size_t)hash_finish(hash_bytes(HASH_START, msg, strlen(msg)));

	for (;; at++) {
		size_t *slot = &c->table[at & (c->table_size - 1)];

		if (*slot == 0 || strcmp(c->said[*slot - 1].msg, msg) == 0)
			return slot;
	}
}

static void
index_said(struct checkers *c)
{
	if (c->said_count * 2 > c->table_size) {
		free(c->table);
		c->table_size *= 2;
		c->table = mem_zero(c->table_size, sizeof *c->table);
		for (size_t i = 0; i < c->said_count; i++)
			*slot_of(c, c->said[i].msg) = i + 1;
	}
	*slot_of(c, c->said[c->said_count - 1].msg) = c->said_count;
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
		.leaderless_since = NEVER,
	};
	o->peer_states = mem_zero(c->nodes, sizeof *o->peer_states);
	o->peer_reasons = mem_zero(c->nodes, sizeof *o->peer_reasons);
	for (unsigned i = 0; i < c->nodes; i++)
		o->peer_states[i] = -1;
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
said_ok(struct sim *sim, const struct sim_node *node, struct waiting *waiting,
    const char *msg)
{
	struct checkers *c = sim->checkers;
	struct shown *shown =
	    shown_in(c, observer_of(sim, node), waiting->room);
	struct said *said;

	if (msg == NULL || msg[0] == '\0' || *slot_of(c, msg) != 0) {
		checkers_fail(sim, node, "says \"%s\" without an id of its own",
		    waiting->text);
		return;
	}
	MEM_GROW(c->said, c->said_count, c->said_cap);
	said = &c->said[c->said_count++];
	*said = (struct said){
		.text = waiting->text,
		.observer = c->current[node->index],
		.room = waiting->room,
		.causes = waiting->causes,
		.previous = shown->own,
	};
	waiting->text = NULL;
	snprintf(said->msg, sizeof said->msg, "%s", msg);
	shown->own = c->said_count;
	index_said(c);
	c->figures.said++;
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
		said_ok(sim, node, &waiting, event->ok.msg);
	free(waiting.text);
}

/* -- messages ---------------------------------------------------------- */

static int
compare_places(const struct place *a, const struct place *b)
{
	int order;

	if (a->hlc != b->hlc)
		return a->hlc < b->hlc ? -1 : 1;
	if ((order = id_compare(&a->author, &b->author)) != 0)
		return order;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static void
check_contents(struct sim *sim, const struct sim_node *node,
    const struct said *said, const struct dchat_message *message)
{
	struct checkers *c = sim->checkers;
	const struct observer *author = &c->observers[said->observer];
	bool own = said->observer == c->current[node->index];
	char name[DIRECT_NAME];

	if (strcmp(said->text, message->text) != 0 ||
	    !id_equal(&message->author, &sim->nodes[author->node].id) ||
	    strcmp(common_name(node, message->room, name),
		c->rooms[said->room]) != 0)
		checkers_fail(sim, node, "shows \"%s\", but \"%s\" was said",
		    message->text, said->text);
	if (own != (message->token != 0) || (own && !message->live))
		checkers_fail(sim, node, "shows \"%s\" as if %s had said it",
		    message->text, own ? "somebody else" : "it");
}

static void
check_place(struct sim *sim, const struct sim_node *node, struct said *said,
    struct shown *shown, const struct dchat_message *message)
{
	struct place place = {
		.hlc = message->hlc,
		.author = message->author,
		.seq = message->seq,
		.index = message->index,
	};
	bool late =
	    shown->count > 0 && compare_places(&place, &shown->last) < 0;

	if (said->placed && compare_places(&said->place, &place) != 0)
		checkers_fail(sim, node, "has \"%s\" at a place of its own",
		    message->text);
	said->place = place;
	said->placed = true;
	if (late != message->late)
		checkers_fail(sim, node, "shows \"%s\" %s", message->text,
		    late ? "above another and does not say so"
			 : "below all and calls it late");
	if (!late)
		shown->last = place;
}

static void
need_shown(struct checkers *c, struct shown *shown, size_t cause)
{
	uint8_t *mark = mark_of(c, shown, cause);

	if (*mark == 0)
		*mark = MISSED;
}

/*
 * Whatever its author had been shown when it was said must have been shown
 * here, or may never be shown any more, but as the filling of a gap that
 * was told.
 */
static void
check_causes(struct checkers *c, const struct said *said, struct shown *shown)
{
	const struct shown *author =
	    shown_in(c, &c->observers[said->observer], said->room);
	size_t *checked = checked_of(c, shown, said->observer);

	for (; *checked < said->causes; (*checked)++)
		need_shown(c, shown, author->items[*checked]);
	if (said->previous != 0)
		need_shown(c, shown, said->previous - 1);
}

static void
message_shown(struct sim *sim, const struct sim_node *node,
    const struct dchat_message *message)
{
	struct checkers *c = sim->checkers;
	size_t index = *slot_of(c, message->msg);
	struct shown *shown;
	uint8_t *mark;

	c->figures.delivered++;
	if (index-- == 0) {
		checkers_fail(sim, node, "shows \"%s\", which nobody said",
		    message->text);
		return;
	}
	shown = shown_in(c, observer_of(sim, node), c->said[index].room);
	shown->gap |= message->gap;
	check_contents(sim, node, &c->said[index], message);
	check_place(sim, node, &c->said[index], shown, message);
	check_causes(c, &c->said[index], shown);
	if (c->said[index].observer == c->current[node->index]) {
		c->said[index].own_shown = true;
		c->said[index].have = message->have;
		c->said[index].of = message->of;
	}
	mark = mark_of(c, shown, index);
	if (*mark == SHOWN)
		checkers_fail(sim, node, "shows \"%s\" twice", message->text);
	else if (*mark == MISSED && !shown->gap)
		checkers_fail(sim, node,
		    "shows \"%s\" after something it was a cause of",
		    message->text);
	else if (*mark == MISSED)
		c->figures.gaps_filled++;
	*mark = SHOWN;
	MEM_GROW(shown->items, shown->count, shown->cap);
	shown->items[shown->count++] = index;
}

static bool
on_disk(const struct disk *disk, const char *msg)
{
	struct id hash;
	size_t index;

	if (!message_parse(msg, &hash, &index))
		return false;
	for (size_t i = 0; i < disk->count; i++)
		if (id_equal(&disk->items[i]->hash, &hash))
			return true;
	return false;
}

/* At least so many nodes were ever shown it, in whatever run. */
static bool
shown_to(const struct sim *sim, size_t said, unsigned wanted)
{
	const struct checkers *c = sim->checkers;
	size_t room = c->said[said].room;
	unsigned count = 0;

	for (unsigned node = 0; node < c->nodes && count < wanted; node++) {
		bool here = false;

		for (size_t i = 0; i < c->observer_count && !here; i++) {
			const struct observer *o = &c->observers[i];

			here = o->node == node && room < o->room_count &&
			    said < o->rooms[room].mark_count &&
			    o->rooms[room].marks[said] == SHOWN;
		}
		/* Who has left the room since keeps it unseen. */
		count += here ||
		    on_disk(&sim->nodes[node].disk, c->said[said].msg);
	}
	return count >= wanted;
}

static void
delivery_told(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	struct checkers *c = sim->checkers;
	size_t index = *slot_of(c, event->delivered.msg);
	unsigned have = event->delivered.have, of = event->delivered.of;
	struct said *said;

	if (index-- == 0 ||
	    c->observers[c->said[index].observer].node != node->index) {
		checkers_fail(sim, node, "tells how far another's words came");
		return;
	}
	said = &c->said[index];
	/* Who left the room before it was safe never saw it there. */
	if (!said->own_shown && said->of == 0)
		said->of = of;
	if (have <= said->have || have > of || of != said->of ||
	    event->delivered.stable != (have == of))
		checkers_fail(sim, node, "\"%s\" is at %u of %u after %u of %u",
		    said->text, have, of, said->have, said->of);
	if (!shown_to(sim, index, have))
		checkers_fail(sim, node,
		    "says that %u have \"%s\", and not so many do", have,
		    said->text);
	said->have = have;
}

/* -- other events ------------------------------------------------------ */

static void
leader_told(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event)
{
	struct observer *o = observer_of(sim, node);

	sim->checkers->figures.leader_events++;
	if (o->led && id_equal(&o->leader, &event->leader.id) &&
	    o->term == event->leader.term &&
	    o->provisional == event->leader.provisional)
		checkers_fail(sim, node, "tells of the same leader twice");
	if (event->leader.self != id_equal(&event->leader.id, &node->id))
		checkers_fail(sim, node, "does not know itself as leader");
	o->led = true;
	o->leader = event->leader.id;
	o->term = event->leader.term;
	o->provisional = event->leader.provisional;
}

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
		message_shown(sim, node, &event->message);
		break;
	case DCHAT_EVENT_DELIVERED:
		delivery_told(sim, node, event);
		break;
	case DCHAT_EVENT_LEADER:
		leader_told(sim, node, event);
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
	case DCHAT_EVENT_READY:
	case DCHAT_EVENT_ELECTION:
	case DCHAT_EVENT_WARNING:
	case DCHAT_EVENT_BYE: break;
	}
}

/* -- frames ------------------------------------------------------------ */

void
checkers_publishes(struct sim *sim, const struct sim_node *node,
    const struct bundle *bundle)
{
	struct checkers *c = sim->checkers;

	for (size_t i = 0; i < c->room_count; i++) {
		struct id id = sim_room_id(c->rooms[i]);
		struct shown *shown;

		if (!id_equal(&id, &bundle->room))
			continue;
		shown = shown_in(c, observer_of(sim, node), i);
		if (bundle->seq != ++shown->seq)
			checkers_fail(sim, node,
			    "publishes number %llu after %llu",
			    (unsigned long long)bundle->seq,
			    (unsigned long long)shown->seq - 1);
	}
}

void
checkers_arrives(struct sim *sim, const struct sim_node *node,
    const struct frame *frame)
{
	if (frame->type == FRAME_BUNDLE &&
	    !verify_bundle(&frame->bundle.bundle))
		checkers_fail(sim, node, "gets a bundle that was changed");
	if (frame->type == FRAME_MEMBER && frame->member.record != NULL &&
	    !verify_record(frame->member.record))
		checkers_fail(sim, node, "gets a record that was changed");
	if (frame->type == FRAME_INTENT && !verify_intent(&frame->intent))
		checkers_fail(sim, node, "gets an intent that was changed");
	if ((frame->type == FRAME_COMMIT || frame->type == FRAME_ITEM) &&
	    !verify_intent(&frame->commit.item.intent))
		checkers_fail(sim, node, "gets an item that was changed");
}

/* -- leadership -------------------------------------------------------- */

/*
 * Elections alone are unique: of two leaders who meet both may for a moment
 * open the same next term, which their ids then decide.
 */
static void
begin_reign(struct sim *sim, const struct sim_node *node, uint64_t term,
    uint64_t view)
{
	struct checkers *c = sim->checkers;

	for (size_t i = 0; i < c->reign_count; i++)
		if (c->reigns[i].term == term && c->reigns[i].view == view &&
		    !id_equal(&c->reigns[i].leader, &node->id))
			checkers_fail(sim, node,
			    "leads in term %llu and view %016llx, as %s did",
			    (unsigned long long)term, (unsigned long long)view,
			    sim->nodes[sim_index_of(sim, &c->reigns[i].leader)]
				.name);
	MEM_GROW(c->reigns, c->reign_count, c->reign_cap);
	c->reigns[c->reign_count++] = (struct reign){ term, view, node->id };
	c->figures.elected++;
}

static void
count_leaderless(struct checkers *c, struct observer *o, instant_ms now,
    bool wanting)
{
	if (!wanting) {
		o->leaderless_since = NEVER;
		return;
	}
	if (o->leaderless_since == NEVER)
		o->leaderless_since = now;
	if (now - o->leaderless_since > c->figures.leaderless_ms)
		c->figures.leaderless_ms = now - o->leaderless_since;
}

/* Meeting another leader opens a new term, but not one after the other. */
static void
count_raises(struct sim *sim, const struct sim_node *node, uint64_t term)
{
	struct observer *o = observer_of(sim, node);

	if (sim_now(sim) - o->raises_since >= 1000) {
		o->raises_since = sim_now(sim);
		o->raises = 0;
	}
	if (term > o->reign && ++o->raises == RAISES)
		checkers_fail(sim, node, "raises its term for ever");
}

void
checkers_stepped(struct sim *sim, const struct sim_node *node)
{
	struct checkers *c = sim->checkers;
	struct observer *o = observer_of(sim, node);
	struct leadership known = node_leadership(node->node);
	size_t view;

	node_view(node->node, &view);
	count_leaderless(c, o, sim_now(sim), !known.established && view > 1);
	if (!known.established || !id_equal(&known.leader, &node->id)) {
		o->leads = false;
		return;
	}
	if (known.term > c->figures.highest_term)
		c->figures.highest_term = known.term;
	if (!o->leads)
		begin_reign(sim, node, known.term, node_view_hash(node->node));
	else
		count_raises(sim, node, known.term);
	o->leads = true;
	o->reign = known.term;
}

/* -- questions --------------------------------------------------------- */

bool
checkers_shows(const struct sim *sim, unsigned node, const char *text)
{
	const struct checkers *c = sim->checkers;
	const struct observer *o = &c->observers[c->current[node]];

	for (size_t i = 0; i < o->room_count; i++)
		for (size_t j = o->rooms[i].count; j-- > 0;)
			if (strcmp(c->said[o->rooms[i].items[j]].text, text) ==
			    0)
				return true;
	return false;
}

bool
checkers_reach(const struct sim *sim, const char *text, unsigned *have,
    unsigned *of)
{
	const struct checkers *c = sim->checkers;

	for (size_t i = c->said_count; i-- > 0;)
		if (strcmp(c->said[i].text, text) == 0) {
			*have = c->said[i].have;
			*of = c->said[i].of;
			return true;
		}
	return false;
}

size_t
checkers_messages(const struct sim *sim, unsigned node, const char *room)
{
	const struct checkers *c = sim->checkers;
	const struct observer *o = &c->observers[c->current[node]];

	for (size_t i = 0; i < o->room_count; i++)
		if (strcmp(c->rooms[i], room) == 0)
			return o->rooms[i].count;
	return 0;
}

/* -- the end ----------------------------------------------------------- */

static bool
takes_part(const struct sim *sim, const struct observer *o, const char *room)
{
	struct id id = sim_room_id(room);

	return !o->over && sim_running(sim, o->node) &&
	    node_joined(sim->nodes[o->node].node, &id);
}

/* How many are shown to anybody who is there; marks says which. */
static size_t
unite(const struct sim *sim, size_t room, uint8_t *marks)
{
	const struct checkers *c = sim->checkers;
	size_t count = 0;

	for (size_t i = 0; i < c->observer_count; i++) {
		const struct observer *o = &c->observers[i];

		if (room >= o->room_count ||
		    !takes_part(sim, o, c->rooms[room]))
			continue;
		for (size_t j = 0; j < o->rooms[room].count; j++) {
			uint8_t *mark = &marks[o->rooms[room].items[j]];

			count += *mark == 0;
			*mark = SHOWN;
		}
	}
	return count;
}

/*
 * What one of them lacks of all that is shown to anybody, and the first of
 * it.  Who left the room and came back is not shown what came to its disk
 * meanwhile; a late joiner is given LIMIT_TAIL messages and need not have
 * more.
 */
static size_t
missing(const struct sim *sim, const struct observer *o, size_t room,
    const uint8_t *all, size_t all_count, size_t *example)
{
	const struct checkers *c = sim->checkers;
	const struct shown none = { 0 };
	const struct shown *shown =
	    room < o->room_count ? &o->rooms[room] : &none;
	const struct disk *disk = &sim->nodes[o->node].disk;
	size_t count = 0;

	if (!takes_part(sim, o, c->rooms[room]) || shown->count == all_count ||
	    (o->began > 0 && all_count > LIMIT_TAIL &&
		shown->count >= LIMIT_TAIL))
		return 0;
	for (size_t i = c->said_count; i-- > 0;) {
		bool here = i < shown->mark_count && shown->marks[i] == SHOWN;

		if (all[i] == 0 || here ||
		    (shown->left && on_disk(disk, c->said[i].msg)))
			continue;
		count++;
		*example = i;
	}
	return count;
}

bool
checkers_same_messages(const struct sim *sim)
{
	const struct checkers *c = sim->checkers;
	uint8_t *marks = mem_alloc(c->said_count);
	size_t example, lacking = 0;

	for (size_t room = 0; room < c->room_count && lacking == 0; room++) {
		size_t all;

		memset(marks, 0, c->said_count);
		all = unite(sim, room, marks);
		for (size_t i = 0; i < c->observer_count; i++)
			lacking += missing(sim, &c->observers[i], room, marks,
			    all, &example);
	}
	free(marks);
	return lacking == 0;
}

static void
fail_for_missing(struct sim *sim, const struct observer *o, size_t room,
    const uint8_t *marks, size_t all)
{
	const struct checkers *c = sim->checkers;
	size_t example;
	size_t count = missing(sim, o, room, marks, all, &example);

	if (count > 0)
		checkers_fail(sim, &sim->nodes[o->node],
		    "lacks %zu messages of %s, \"%s\" the first", count,
		    c->rooms[room], c->said[example].text);
}

void
checkers_finish(struct sim *sim)
{
	struct checkers *c = sim->checkers;
	uint8_t *marks = mem_alloc(c->said_count);

	for (size_t room = 0; room < c->room_count; room++) {
		size_t all;

		memset(marks, 0, c->said_count);
		all = unite(sim, room, marks);
		for (size_t i = 0; i < c->observer_count; i++)
			fail_for_missing(sim, &c->observers[i], room, marks,
			    all);
	}
	for (size_t i = 0; i < c->observer_count; i++) {
		const struct observer *o = &c->observers[i];

		if (!o->over && sim_running(sim, o->node) &&
		    o->waiting_count > 0)
			checkers_fail(sim, &sim->nodes[o->node],
			    "never answered %zu commands", o->waiting_count);
	}
	free(marks);
}
