#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "tests/sim/checkers_inner.h"

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

/* -- saying ------------------------------------------------------------ */

/* The room of this id, if anybody ever spoke of it. */
static bool
find_room(const struct checkers *c, const struct id *id, size_t *room)
{
	for (*room = 0; *room < c->room_count; ++*room)
		if (id_equal(&c->room_ids[*room], id))
			return true;
	return false;
}

/* The command that this message was. */
static struct waiting *
find_waiting(struct observer *o, size_t room, const char *text)
{
	for (size_t i = 0; i < o->waiting_count; i++) {
		struct waiting *waiting = &o->waiting[i];

		if (says(waiting->verb) && waiting->room == room &&
		    waiting->said == 0 && strcmp(waiting->text, text) == 0)
			return waiting;
	}
	return NULL;
}

static void
note_said(struct checkers *c, size_t observer, size_t room,
    const struct bundle *bundle, size_t index, struct waiting *waiting)
{
	struct shown *shown = shown_in(c, &c->observers[observer], room);
	struct said *said;
	char msg[MSG_TEXT];

	if (*slot_of(c, message_name(bundle, index, msg)) != 0)
		return;
	MEM_GROW(c->said, c->said_count, c->said_cap);
	said = &c->said[c->said_count++];
	*said = (struct said){
		.kind = bundle->messages[index].kind,
		.text = mem_text(bundle->messages[index].text),
		.made = { bundle->hlc, bundle->stream.author, bundle->seq,
		    (unsigned)index },
		.epoch = bundle->stream.epoch,
		.observer = observer,
		.room = room,
		.causes = waiting == NULL ? 0 : waiting->causes,
		.previous = shown->own,
		.had = mem_zero(c->nodes, sizeof(bool)),
		.told_in = observer,
	};
	memcpy(said->msg, msg, sizeof msg);
	memcpy(said->ref, bundle->messages[index].ref, sizeof said->ref);
	shown->own = c->said_count;
	if (waiting != NULL)
		waiting->said = c->said_count;
	index_said(c);
}

void
checkers_stored(struct sim *sim, const struct sim_node *node,
    const struct bundle *bundle)
{
	struct checkers *c = sim->checkers;
	char msg[MSG_TEXT];

	for (size_t i = 0; i < bundle->message_count; i++) {
		size_t index = *slot_of(c, message_name(bundle, i, msg));
		struct said *said;

		if (index-- == 0)
			continue; /* told when it is shown */
		said = &c->said[index];
		said->had_count += !said->had[node->index];
		said->had[node->index] = true;
	}
}

static void
read_older(const struct sim *sim, struct shown *shown, size_t index)
{
	*mark_of(sim->checkers, shown, index) = READ;
	amends_known(sim, shown, index);
}

/* Those between this one and what is held of its stream. */
static void
skip_some(const struct sim *sim, const struct sim_node *node,
    struct shown *shown, size_t room, const struct bundle *bundle)
{
	const struct checkers *c = sim->checkers;
	uint64_t base = disk_base(&node->disk, bundle);

	for (size_t i = 0; i < c->said_count; i++) {
		const struct said *said = &c->said[i];
		uint8_t *mark = mark_of(c, shown, i);

		if (said->room == room && said->epoch == bundle->stream.epoch &&
		    id_equal(&said->made.author, &bundle->stream.author) &&
		    said->made.seq > bundle->seq && said->made.seq <= base &&
		    (*mark == 0 || *mark == MISSED))
			*mark = SKIPPED;
	}
}

void
checkers_older(struct sim *sim, const struct sim_node *node,
    const struct bundle *bundle)
{
	struct checkers *c = sim->checkers;
	struct observer *o = observer_of(sim, node);
	char msg[MSG_TEXT];
	size_t room;

	if (!find_room(c, &bundle->room, &room))
		return;
	skip_some(sim, node, shown_in(c, o, room), room, bundle);
	for (size_t i = 0; i < bundle->message_count; i++) {
		size_t index = *slot_of(c, message_name(bundle, i, msg));

		if (index == 0)
			checkers_fail(sim, node,
			    "keeps an older one that nobody said");
		else
			read_older(sim, shown_in(c, o, room), index - 1);
		c->figures.older++;
	}
}

void
checkers_published(struct sim *sim, const struct sim_node *node,
    const struct bundle *bundle)
{
	struct checkers *c = sim->checkers;
	struct observer *o = observer_of(sim, node);
	struct shown *shown;
	size_t room;

	if (!find_room(c, &bundle->room, &room)) {
		checkers_fail(sim, node, "publishes in a room of its own");
		return;
	}
	shown = shown_in(c, o, room);
	if (shown->epoch == bundle->stream.epoch && shown->seq != 0 &&
	    bundle->seq != shown->seq + 1)
		checkers_fail(sim, node, "publishes number %llu after %llu",
		    (unsigned long long)bundle->seq,
		    (unsigned long long)shown->seq);
	shown->epoch = bundle->stream.epoch;
	shown->seq = bundle->seq;
	for (size_t i = 0; i < bundle->message_count; i++) {
		const char *text = bundle->messages[i].text;
		struct waiting *waiting = find_waiting(o, room, text);

		if (waiting == NULL)
			checkers_fail(sim, node,
			    "publishes \"%s\", which nobody said", text);
		note_said(c, c->current[node->index], room, bundle, i,
		    waiting);
	}
	checkers_stored(sim, node, bundle);
}

void
heard_said(struct sim *sim, const struct sim_node *node,
    const struct waiting *waiting, const char *msg)
{
	struct checkers *c = sim->checkers;
	size_t index = msg == NULL ? 0 : *slot_of(c, msg);

	if (index == 0 || index != waiting->said) {
		checkers_fail(sim, node, "says \"%s\" without an id of its own",
		    waiting->text);
		return;
	}
	c->said[index - 1].answered = true;
	c->figures.said++;
}

/* -- a run begins ------------------------------------------------------ */

static int
compare_bundles(const void *a, const void *b)
{
	return bundle_compare_display(*(struct bundle *const *)a,
	    *(struct bundle *const *)b);
}

static void
know(const struct sim *sim, struct shown *shown, const struct bundle *bundle)
{
	const struct checkers *c = sim->checkers;
	char msg[MSG_TEXT];

	for (size_t i = 0; i < bundle->message_count; i++) {
		size_t index = *slot_of(c, message_name(bundle, i, msg));

		if (index == 0)
			continue;
		*mark_of(c, shown, index - 1) = SHOWN;
		amends_known(sim, shown, index - 1);
		MEM_GROW(shown->items, shown->count, shown->cap);
		shown->items[shown->count++] = index - 1;
	}
	shown->last = (struct place){
		.hlc = bundle->hlc,
		.author = bundle->stream.author,
		.seq = bundle->seq,
		.index = LIMIT_BUNDLE_MESSAGES,
	};
}

/* Gaps of earlier runs may be filled in this one. */
static void
inherit_gaps(const struct checkers *c, const struct shown *before,
    struct shown *shown)
{
	shown->gap |= before->gap;
	for (size_t i = 0; i < before->mark_count && i < c->said_count; i++)
		if (before->marks[i] == SKIPPED && *mark_of(c, shown, i) == 0)
			*mark_of(c, shown, i) = SKIPPED;
}

/* What the person can read in a history is known as if it was shown now. */
void
heard_started(struct sim *sim, const struct sim_node *node)
{
	struct checkers *c = sim->checkers;
	const struct disk *disk = &node->disk;
	struct observer *o = observer_of(sim, node);
	struct bundle **order = mem_zero(disk->count + 1, sizeof *order);

	if (disk->count > 0)
		memcpy(order, disk->items, disk->count * sizeof *order);
	qsort(order, disk->count, sizeof *order, compare_bundles);
	for (size_t i = 0; i < disk->count; i++) {
		size_t room;

		if (find_room(c, &order[i]->room, &room))
			know(sim, shown_in(c, o, room), order[i]);
	}
	free(order);
	for (size_t i = 0; i + 1 < c->observer_count; i++)
		for (size_t room = 0; c->observers[i].node == node->index &&
		     room < c->observers[i].room_count; room++)
			inherit_gaps(c, &c->observers[i].rooms[room],
			    shown_in(c, o, room));
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

/*
 * Who comes late is told where the past begins; a hostile member may have
 * told it a false beginning.  So much of what was said is not judged then.
 */
static size_t
unjudged(const struct sim *sim, const struct observer *o)
{
	return sim_hostile(sim) > 0 ? o->said_before : 0;
}

void
heard_shown(struct sim *sim, const struct sim_node *node,
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
		c->said[index].have = message->have;
		c->said[index].of = message->of;
	}
	mark = mark_of(c, shown, index);
	if (*mark == SHOWN)
		checkers_fail(sim, node, "shows \"%s\" twice", message->text);
	else if (*mark == MISSED && !shown->gap &&
	    index >= unjudged(sim, observer_of(sim, node)))
		checkers_fail(sim, node,
		    "shows \"%s\" after something it was a cause of",
		    message->text);
	else if (*mark == SKIPPED && !message->late)
		checkers_fail(sim, node,
		    "shows \"%s\", of before it came, as if it were new",
		    message->text);
	else if (*mark == MISSED || *mark == SKIPPED)
		c->figures.gaps_filled++;
	*mark = SHOWN;
	amends_take(&shown->amends, message);
	MEM_GROW(shown->items, shown->count, shown->cap);
	shown->items[shown->count++] = index;
}

void
heard_delivered(struct sim *sim, const struct sim_node *node,
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
	/* A later run remembers what the disk knew. */
	if (said->told_in != c->current[node->index])
		said->have = 0;
	said->told_in = c->current[node->index];
	/* Who left the room before it was safe never saw it there. */
	if (said->of == 0)
		said->of = of;
	if (have <= said->have || have > of || of != said->of ||
	    event->delivered.stable != (have == of))
		checkers_fail(sim, node, "\"%s\" is at %u of %u after %u of %u",
		    said->text, have, of, said->have, said->of);
	/* Who is hostile may say that it has what it has not. */
	if (have > said->had_count + sim_hostile(sim))
		checkers_fail(sim, node,
		    "says that %u have \"%s\", and not so many do", have,
		    said->text);
	said->have = have;
}

/* -- questions --------------------------------------------------------- */

const char *
checkers_some(const struct sim *sim, unsigned node, const char *room,
    uint64_t nth, bool own)
{
	const struct checkers *c = sim->checkers;
	size_t current = c->current[node];
	const struct observer *o = &c->observers[current];
	size_t at = 0, start;

	while (at < c->room_count && strcmp(c->rooms[at], room) != 0)
		at++;
	if (at >= o->room_count || o->rooms[at].count == 0)
		return NULL;
	start = (size_t)(nth % o->rooms[at].count);
	for (size_t i = start + 1; i-- > 0;) {
		const struct said *said = &c->said[o->rooms[at].items[i]];

		if (!own || said->observer == current)
			return said->msg;
	}
	return NULL;
}

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
takes_part(const struct sim *sim, const struct observer *o, size_t room)
{
	return !o->over && sim_in_core(sim, o->node) &&
	    node_joined(sim->nodes[o->node].node,
		&sim->checkers->room_ids[room]);
}

/* Marks what of a room is on a disk; returns how many are new. */
static size_t
mark_held(const struct checkers *c, const struct disk *disk, size_t room,
    uint8_t *marks)
{
	size_t count = 0;
	char msg[MSG_TEXT];

	for (size_t i = 0; i < disk->count; i++) {
		const struct bundle *bundle = disk->items[i];

		if (!id_equal(&bundle->room, &c->room_ids[room]))
			continue;
		for (size_t k = 0; k < bundle->message_count; k++) {
			size_t index =
			    *slot_of(c, message_name(bundle, k, msg));

			if (index == 0 || marks[index - 1] == SHOWN)
				continue;
			marks[index - 1] = SHOWN;
			count++;
		}
	}
	return count;
}

/*
 * What one of them lacks of all that anybody has, and the first of it.  A
 * late joiner is given LIMIT_TAIL messages and need not have more.
 */
static size_t
missing(const struct sim *sim, const struct observer *o, size_t room,
    const uint8_t *all, size_t all_count, size_t *example)
{
	const struct checkers *c = sim->checkers;
	uint8_t *mine = mem_zero(c->said_count + 1, 1);
	size_t held =
	    mark_held(c, &sim->nodes[o->node].disk, room, mine);
	size_t first = unjudged(sim, o);
	size_t count = 0;

	if (held < all_count &&
	    (o->began == 0 || all_count <= LIMIT_TAIL || held < LIMIT_TAIL))
		for (size_t i = c->said_count; i-- > first;)
			if (all[i] != 0 && mine[i] == 0) {
				count++;
				*example = i;
			}
	free(mine);
	return count;
}

/* What is on the disk of one who never left the room was shown to it. */
static size_t
unshown(const struct sim *sim, const struct observer *o, size_t room,
    size_t *example)
{
	const struct checkers *c = sim->checkers;
	uint8_t *mine;
	const struct shown *shown;
	size_t count = 0;

	if (room >= o->room_count || o->rooms[room].left)
		return 0;
	shown = &o->rooms[room];
	mine = mem_zero(c->said_count + 1, 1);
	mark_held(c, &sim->nodes[o->node].disk, room, mine);
	for (size_t i = c->said_count; i-- > 0;)
		if (mine[i] != 0 &&
		    (i >= shown->mark_count || (shown->marks[i] != SHOWN &&
			shown->marks[i] != READ))) {
			count++;
			*example = i;
		}
	free(mine);
	return count;
}

/* How many are on the disks of those who take part; marks says which. */
static size_t
unite(const struct sim *sim, size_t room, uint8_t *marks)
{
	const struct checkers *c = sim->checkers;
	size_t count = 0;

	for (size_t i = 0; i < c->observer_count; i++)
		if (takes_part(sim, &c->observers[i], room))
			count += mark_held(c,
			    &sim->nodes[c->observers[i].node].disk, room,
			    marks);
	return count;
}

/* The same sum everywhere: all is everywhere, and nobody need look. */
static bool
sums_agree(const struct sim *sim, size_t room)
{
	const struct checkers *c = sim->checkers;
	uint64_t first = 0;
	bool any = false;

	for (size_t i = 0; i < c->observer_count; i++) {
		const struct observer *o = &c->observers[i];
		uint64_t sum;

		if (!takes_part(sim, o, room))
			continue;
		sum = disk_sum(&sim->nodes[o->node].disk, &c->room_ids[room]);
		if (any && sum != first)
			return false;
		first = sum;
		any = true;
	}
	return true;
}

static size_t
lacking(const struct sim *sim, size_t room)
{
	const struct checkers *c = sim->checkers;
	uint8_t *marks = mem_zero(c->said_count + 1, 1);
	size_t all = unite(sim, room, marks), count = 0, example;

	for (size_t i = 0; i < c->observer_count; i++)
		if (takes_part(sim, &c->observers[i], room))
			count += missing(sim, &c->observers[i], room, marks,
			    all, &example);
	free(marks);
	return count;
}

bool
checkers_same_messages(const struct sim *sim)
{
	for (size_t room = 0; room < sim->checkers->room_count; room++)
		if (!sums_agree(sim, room) && lacking(sim, room) > 0)
			return false;
	return true;
}

/* Everybody there is is here, in the room, and has all of these. */
static bool
all_have_all(const struct sim *sim, size_t room, const uint8_t *marks,
    size_t all)
{
	const struct checkers *c = sim->checkers;
	bool so = sim_hostile(sim) == 0;
	size_t example;

	for (unsigned i = 0; i < sim->count && so; i++) {
		const struct observer *o = &c->observers[c->current[i]];
		uint8_t *mine;

		if (!takes_part(sim, o, room) ||
		    missing(sim, o, room, marks, all, &example) > 0)
			return false;
		mine = mem_zero(c->said_count + 1, 1);
		so = mark_held(c, &sim->nodes[i].disk, room, mine) == all;
		free(mine);
	}
	return so;
}

/* Then whoever said something knows that all have it, but for who came back
 * without the disk it had. */
static void
finish_receipts(struct sim *sim, size_t room, const uint8_t *marks)
{
	struct checkers *c = sim->checkers;

	for (size_t i = 0; i < c->said_count; i++) {
		const struct said *said = &c->said[i];
		unsigned author = c->observers[said->observer].node;

		if (said->room != room || marks[i] == 0 || said->of == 0 ||
		    (said->observer != c->current[author] &&
			c->agreed[author].disk_changed))
			continue;
		c->figures.receipts++;
		if (said->have != said->of)
			checkers_fail(sim, &sim->nodes[author],
			    "counts %u of %u for \"%s\", which all have",
			    said->have, said->of, said->text);
	}
}

static void
finish_room(struct sim *sim, size_t room)
{
	struct checkers *c = sim->checkers;
	uint8_t *marks = mem_zero(c->said_count + 1, 1);
	size_t all = unite(sim, room, marks);

	for (size_t i = 0; i < c->observer_count; i++) {
		const struct observer *o = &c->observers[i];
		size_t example, count;

		if (!takes_part(sim, o, room))
			continue;
		count = missing(sim, o, room, marks, all, &example);
		if (count > 0)
			checkers_fail(sim, &sim->nodes[o->node],
			    "lacks %zu messages of %s, \"%s\" the first",
			    count, c->rooms[room], c->said[example].text);
		count = unshown(sim, o, room, &example);
		if (count > 0)
			checkers_fail(sim, &sim->nodes[o->node],
			    "has %zu messages of %s that it never showed, "
			    "\"%s\" the first",
			    count, c->rooms[room], c->said[example].text);
		if (room < o->room_count && !o->rooms[room].left)
			amends_finish(sim, &sim->nodes[o->node],
			    &o->rooms[room], marks);
	}
	free(marks);
}

void
heard_finish(struct sim *sim)
{
	for (size_t room = 0; room < sim->checkers->room_count; room++)
		finish_room(sim, room);
}

void
checkers_counted(struct sim *sim)
{
	struct checkers *c = sim->checkers;

	for (size_t room = 0; room < c->room_count; room++) {
		uint8_t *marks = mem_zero(c->said_count + 1, 1);
		size_t all = unite(sim, room, marks);

		if (all_have_all(sim, room, marks, all))
			finish_receipts(sim, room, marks);
		free(marks);
	}
}

/* One who is in the room and has not all that anybody there has. */
static const struct observer *
one_who_lacks(const struct sim *sim, size_t room, size_t *held, size_t *all)
{
	const struct checkers *c = sim->checkers;
	uint8_t *marks = mem_zero(c->said_count + 1, 1);
	const struct observer *found = NULL;

	*all = unite(sim, room, marks);
	for (size_t i = 0; i < c->observer_count && found == NULL; i++) {
		const struct observer *o = &c->observers[i];
		uint8_t *mine;

		if (!takes_part(sim, o, room))
			continue;
		mine = mem_zero(c->said_count + 1, 1);
		*held =
		    mark_held(c, &sim->nodes[o->node].disk, room, mine);
		if (*held < *all)
			found = o;
		free(mine);
	}
	free(marks);
	return found;
}

bool
checkers_are_whole(const struct sim *sim)
{
	size_t held, all;

	for (size_t room = 0; room < sim->checkers->room_count; room++)
		if (!sums_agree(sim, room) &&
		    one_who_lacks(sim, room, &held, &all) != NULL)
			return false;
	return true;
}

void
checkers_whole(struct sim *sim)
{
	struct checkers *c = sim->checkers;

	for (size_t room = 0; room < c->room_count; room++) {
		size_t held, all;
		const struct observer *o =
		    one_who_lacks(sim, room, &held, &all);

		if (o != NULL)
			checkers_fail(sim, &sim->nodes[o->node],
			    "has %zu of the %zu messages of %s, and had gone "
			    "to look for all",
			    held, all, c->rooms[room]);
	}
}
