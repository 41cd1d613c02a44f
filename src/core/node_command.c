/*
 * node_command: what a person asks of the node, one function a verb.
 *
 * Each answers with exactly one OK or ERROR, at once or (SAY) when the
 * bundle is safe.  Answers that are lists are built in the arena of fx.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/node_state.h"

static struct dchat_event
ok_event(const struct dchat_command *command)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };

	event.ok.verb = command->verb;
	event.ok.token = command->token;
	return event;
}

static void
answer_ok(const struct dchat_command *command, struct effects *fx)
{
	struct dchat_event event = ok_event(command);

	effects_notify(fx, &event);
}

static void
answer_error(const struct dchat_command *command, enum error error,
    struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_ERROR };

	event.error.verb = command->verb;
	event.error.token = command->token;
	event.error.code = error;
	event.error.text = error_sentence(error);
	effects_notify(fx, &event);
}

/* -- rooms ------------------------------------------------------------- */

void
node_keep_room(const struct room *room, struct effects *fx)
{
	const struct keep keep = {
		.kind = KEEP_ROOM,
		.room = room->id,
		.name = room->name,
		.joined = room->joined,
	};

	effects_keep(fx, &keep);
}

static void
mark_read(struct room *room, struct effects *fx)
{
	const struct keep keep = { .kind = KEEP_READ, .room = room->id };

	if (room->unread > 0)
		effects_keep(fx, &keep);
	room->unread = 0;
}

void
node_announce_rooms(struct node *node, struct effects *fx)
{
	struct room_name *names = effects_alloc(fx,
	    node->rooms.count * sizeof *names);
	size_t count = 0;

	for (size_t i = 0; i < node->rooms.count; i++) {
		const struct room *room = node->rooms.items[i];

		if (room->joined && !room->direct)
			names[count++] =
			    (struct room_name){ room->id, room->name };
	}
	membership_set_rooms(&node->membership, names, count, fx);
}

static size_t
joined_count(const struct node *node)
{
	size_t count = 0;

	for (size_t i = 0; i < node->rooms.count; i++)
		count += node->rooms.items[i]->joined &&
		    !node->rooms.items[i]->direct;
	return count;
}

static enum error
join(struct node *node, const struct input *input, struct effects *fx)
{
	struct room *room;

	room = rooms_find(&node->rooms, &input->command.room);
	if (room != NULL && room->joined) {
		answer_ok(input->command.command, fx);
		return ERROR_NONE;
	}
	if (joined_count(node) >= LIMIT_ROOMS_JOINED)
		return ERROR_TOO_MANY;
	room = rooms_add(&node->rooms, &input->command.room,
	    input->command.command->room);
	if (room == NULL)
		return ERROR_TOO_MANY;
	room->joined = true;
	mark_read(room, fx);
	node_keep_room(room, fx);
	node_announce_rooms(node, fx);
	node_update_audience(node, input->now, room, fx);
	sync_joined(&node->sync, input->now, room, fx);
	answer_ok(input->command.command, fx);
	return ERROR_NONE;
}

static enum error
part(struct node *node, const struct input *input, struct effects *fx)
{
	struct room *room = rooms_find(&node->rooms, &input->command.room);

	if (room == NULL || !room->joined)
		return ERROR_NOT_JOINED;
	room->joined = false;
	mark_read(room, fx);
	node_keep_room(room, fx);
	sync_parted(&node->sync, room, fx);
	multicast_parted(&node->multicast, input->now, room, fx);
	node_announce_rooms(node, fx);
	answer_ok(input->command.command, fx);
	return ERROR_NONE;
}

static enum error
history(struct node *node, const struct input *input, struct effects *fx)
{
	struct room *room = rooms_find(&node->rooms, &input->command.room);

	if (room != NULL)
		mark_read(room, fx);
	return ERROR_NONE;
}

static size_t
count_in_room(const struct node *node, const struct id *room)
{
	const struct membership *m = &node->membership;
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		count += member_present(&m->items[i]) &&
		    member_in_room(&m->items[i], room);
	return count;
}

static bool
listed(const struct id *ids, size_t count, const struct id *id)
{
	for (size_t i = 0; i < count; i++)
		if (id_equal(&ids[i], id))
			return true;
	return false;
}

static int
compare_room_names(const void *a, const void *b)
{
	const struct dchat_room *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* The direct ones that anything was said in. */
static size_t
list_direct(const struct node *node, struct dchat_room *list, size_t count,
    struct effects *fx)
{
	for (size_t i = 0; i < node->rooms.count; i++) {
		const struct room *room = node->rooms.items[i];

		if (!room->direct || room->delivered.count == 0 ||
		    count == LIMIT_ROOMS)
			continue;
		list[count++] = (struct dchat_room){
			.name = effects_text(fx, room->name),
			.topic = "",
			.members = 2,
			.joined = true,
			.unread = room->unread,
		};
	}
	return count;
}

/* Mine, and those that others are in. */
static enum error
rooms(struct node *node, const struct input *input, struct effects *fx)
{
	const struct membership *m = &node->membership;
	struct dchat_event event = ok_event(input->command.command);
	struct dchat_room *list =
	    effects_alloc(fx, LIMIT_ROOMS * sizeof *list);
	struct id *ids = effects_alloc(fx, LIMIT_ROOMS * sizeof *ids);
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct record *record = m->items[i].record;

		if (record == NULL || !member_present(&m->items[i]))
			continue;
		for (size_t k = 0; k < record->room_count; k++) {
			const struct room_name *name = &record->rooms[k];
			const struct room *room;

			if (count == LIMIT_ROOMS ||
			    listed(ids, count, &name->id))
				continue;
			room = rooms_find(&node->rooms, &name->id);
			ids[count] = name->id;
			/* Others may write it with other capitals. */
			list[count++] = (struct dchat_room){
				.name = effects_text(fx,
				    room == NULL ? name->name : room->name),
				.topic = effects_text(fx,
				    metadata_topic(&node->metadata,
					&name->id)),
				.members = count_in_room(node, &name->id),
				.joined = room != NULL && room->joined,
				.unread = room == NULL ? 0 : room->unread,
			};
		}
	}
	count = list_direct(node, list, count, fx);
	qsort(list, count, sizeof *list, compare_room_names);
	event.ok.rooms = list;
	event.ok.count = count;
	effects_notify(fx, &event);
	return ERROR_NONE;
}

/* -- members and peers -------------------------------------------------- */

static bool
leads(const struct node *node, const struct id *id)
{
	return id_equal(&node->election.known.leader, id);
}

static const char *
away_text(const struct member *member, struct effects *fx)
{
	return member->record == NULL || member->record->away == NULL
	    ? NULL
	    : effects_text(fx, member->record->away);
}

static enum error
members(struct node *node, const struct input *input, struct effects *fx)
{
	const struct membership *m = &node->membership;
	struct dchat_event event = ok_event(input->command.command);
	struct dchat_member *list =
	    effects_alloc(fx, m->count * sizeof *list);
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct member *member = &m->items[i];

		if (member->state == MEMBER_LEFT ||
		    !member_in_room(member, &input->command.room))
			continue;
		list[count++] = (struct dchat_member){
			.id = member->id,
			.nick = effects_text(fx,
			    node_nick(node, &member->id)),
			.away = away_text(member, fx),
			.state = member->state,
			.leader = leads(node, &member->id),
			.self = id_equal(&member->id, &node->self),
			.forked = multicast_forked(&node->multicast,
			    &member->id),
		};
	}
	/* One that all have left is there all the same: so is its history. */
	if (count == 0 &&
	    node_room_name(node, &input->command.room) == NULL)
		return ERROR_NO_SUCH_ROOM;
	event.ok.members = list;
	event.ok.count = count;
	effects_notify(fx, &event);
	return ERROR_NONE;
}

static void
describe_peer(struct node *node, instant_ms now,
    const struct member *member, struct dchat_peer *peer, struct effects *fx)
{
	const struct watch *watch =
	    detector_find(&node->detector, &member->id);
	struct address address = member->address;
	instant_ms dead_at = member_dead_at(&node->membership, member);
	struct id *accusers = effects_alloc(fx,
	    SUSPICION_ACCUSERS * sizeof *accusers);
	size_t accuser_count = member->state == MEMBER_SUSPECT
	    ? member->accuser_count : 0;

	for (size_t i = 0; i < accuser_count; i++)
		accusers[i] = member->accusers[i].id;
	if (address.family == ADDRESS_NONE)
		address = contacts_address(&node->contacts, &member->id);
	*peer = (struct dchat_peer){
		.id = member->id,
		.nick = effects_text(fx, node_nick(node, &member->id)),
		.away = away_text(member, fx),
		.state = member->state,
		.rtt_ms = watch == NULL ? -1 : watch->rtt_ms,
		.linked = member->linked,
		.over = member->via,
		.over_nick = id_is_none(&member->via) ? NULL
		    : effects_text(fx, node_nick(node, &member->via)),
		.leader = leads(node, &member->id),
		.self = id_equal(&member->id, &node->self),
		.silent_ms = member->heard == NEVER ? -1
						    : now - member->heard,
		.accusers = accusers,
		.accuser_count = accuser_count,
		.dead_in_ms = dead_at == NEVER ? -1
		    : dead_at > now	       ? dead_at - now
					       : 0,
		.skew_known = watch != NULL && watch->skew_known,
		.skew_ms = watch == NULL ? 0 : watch->skew_ms,
	};
	address_format(&address, peer->address);
}

size_t
node_list_peers(struct node *node, instant_ms now,
    const struct dchat_peer **peers, struct effects *fx)
{
	const struct membership *m = &node->membership;
	struct dchat_peer *list = effects_alloc(fx, m->count * sizeof *list);

	for (size_t i = 0; i < m->count; i++)
		describe_peer(node, now, &m->items[i], &list[i], fx);
	*peers = list;
	return m->count;
}

static enum error
peers(struct node *node, const struct input *input, struct effects *fx)
{
	struct dchat_event event = ok_event(input->command.command);

	event.ok.count =
	    node_list_peers(node, input->now, &event.ok.peers, fx);
	effects_notify(fx, &event);
	return ERROR_NONE;
}

/* -- status ------------------------------------------------------------ */

static enum group_state
group_state(const struct node *node, instant_ms now)
{
	if (election_running(&node->election))
		return GROUP_ELECTING;
	if (partition_is_news(&node->partition, now))
		return GROUP_PARTITIONED;
	return node->ring.count > 1 ? GROUP_STEADY : GROUP_ALONE;
}

static int
compare_doubles(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static double
median_rtt_ms(const struct node *node, struct effects *fx)
{
	const struct detector *d = &node->detector;
	double *rtts = effects_alloc(fx, d->count * sizeof *rtts);
	size_t count = 0;

	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].linked && d->items[i].rtt_ms >= 0)
			rtts[count++] = d->items[i].rtt_ms;
	if (count == 0)
		return -1;
	qsort(rtts, count, sizeof *rtts, compare_doubles);
	return rtts[count / 2];
}

static void
describe_clock(struct node *node, const struct room *room,
    struct dchat_room_clock *clock, struct effects *fx)
{
	const struct vclock *delivered = &room->delivered;
	struct dchat_clock_entry *entries = effects_alloc(fx,
	    delivered->count * sizeof *entries);

	for (size_t i = 0; i < delivered->count; i++)
		entries[i] = (struct dchat_clock_entry){
			.author = delivered->entries[i].stream.author,
			.epoch = delivered->entries[i].stream.epoch,
			.top = delivered->entries[i].top,
		};
	*clock = (struct dchat_room_clock){
		.room = effects_text(fx, room->name),
		.entries = entries,
		.count = delivered->count,
		.held = multicast_held(&node->multicast, &room->id),
	};
}

static void
describe_clocks(struct node *node, struct dchat_status *status,
    struct effects *fx)
{
	struct dchat_room_clock *clocks = effects_alloc(fx,
	    node->rooms.count * sizeof *clocks);

	for (size_t i = 0; i < node->rooms.count; i++) {
		const struct room *room = node->rooms.items[i];

		if (!room->joined)
			continue;
		describe_clock(node, room, &clocks[status->clock_count], fx);
		status->held += clocks[status->clock_count++].held;
	}
	status->clocks = clocks;
}

/* Whose messages wait, in all rooms. */
static void
describe_holdings(struct node *node, instant_ms now,
    struct dchat_status *status, struct effects *fx)
{
	struct dchat_holding *all = NULL;
	const struct dchat_holding *some;
	size_t cap = 0, count = 0;

	for (size_t i = 0; i < node->rooms.count; i++) {
		size_t more = multicast_holdings(&node->multicast, now,
		    &node->rooms.items[i]->id, &some, fx);

		for (size_t k = 0; k < more; k++) {
			MEM_GROW(all, count, cap);
			all[count] = some[k];
			node_complete_holding(node, &all[count++], fx);
		}
	}
	status->holdings = count == 0
	    ? NULL
	    : arena_copy(&fx->arena, all, count * sizeof *all);
	status->holding_count = count;
	free(all);
}

static void
describe_counters(struct node *node, struct dchat_status *status,
    struct effects *fx)
{
	const struct dchat_counter counters[] = {
		{ "messages_delivered", node->multicast.delivered },
		{ "bundles_received", node->multicast.bundles_received },
		{ "duplicates", node->multicast.duplicates },
		{ "commits", node->metadata.commits },
		{ "probes_sent", node->election.probes_sent },
		{ "replies_sent", node->election.replies_sent },
	};
	struct dchat_counter *copy = effects_alloc(fx, sizeof counters);

	memcpy(copy, counters, sizeof counters);
	status->counters = copy;
	status->counter_count = sizeof counters / sizeof counters[0];
}

static enum error
status(struct node *node, const struct input *input, struct effects *fx)
{
	struct dchat_event event = ok_event(input->command.command);
	struct dchat_status *answer = effects_alloc(fx, sizeof *answer);
	const struct leadership *known = &node->election.known;
	struct id *ring = effects_alloc(fx, node->ring.count * sizeof *ring);

	memcpy(ring, node->ring.ids, node->ring.count * sizeof *ring);
	*answer = (struct dchat_status){
		.self = node->self,
		.nick = effects_text(fx, node_nick(node, &node->self)),
		.network = effects_text(fx, node->network),
		.leader = known->leader,
		.provisional =
		    !id_is_none(&known->leader) && !known->established,
		.term = known->term,
		.phase = node->election.phase,
		.reach = election_reach(&node->election),
		.ring = ring,
		.ring_count = node->ring.count,
		.rtt_ms = median_rtt_ms(node, fx),
		.local_health = node->detector.health,
		.self_suspicion = input->now < node->detector.hold_until,
	};
	if (!id_is_none(&known->leader))
		answer->leader_nick = effects_text(fx,
		    node_nick(node, &known->leader));
	answer->lost_count =
	    partition_lost(&node->partition, &answer->lost, fx);
	answer->state = group_state(node, input->now);
	describe_clocks(node, answer, fx);
	describe_holdings(node, input->now, answer, fx);
	describe_counters(node, answer, fx);
	if (input->command.command->look)
		node_describe_health(node, input->now, answer, fx);
	event.ok.status = answer;
	effects_notify(fx, &event);
	return ERROR_NONE;
}

/* -- the group --------------------------------------------------------- */

/* AWAY and BACK: the person's; the node is here as ever. */
static enum error
away(struct node *node, const struct input *input, struct effects *fx)
{
	const struct dchat_command *command = input->command.command;
	const char *why = command->text == NULL ? "" : command->text;

	membership_set_away(&node->membership,
	    command->verb == DCHAT_AWAY ? why : NULL, fx);
	answer_ok(command, fx);
	return ERROR_NONE;
}

static enum error
connect_to(struct node *node, const struct input *input, struct effects *fx)
{
	contacts_add(&node->contacts, input->now, NULL,
	    &input->command.address);
	answer_ok(input->command.command, fx);
	return ERROR_NONE;
}

static enum error
elect(struct node *node, const struct input *input, struct effects *fx)
{
	answer_ok(input->command.command, fx);
	election_elect(&node->election, input->now, fx);
	return ERROR_NONE;
}

static enum error
quit(struct node *node, const struct input *input, struct effects *fx)
{
	(void)node;
	(void)input;
	(void)fx;
	assert(!"the host quits by INPUT_LEAVE");
	return ERROR_INTERNAL;
}

enum verdict
node_command(struct node *node, const struct input *input,
    struct effects *fx)
{
	static enum error (*const verbs[])(struct node *,
	    const struct input *, struct effects *) = {
		[DCHAT_SAY] = node_say,
		[DCHAT_DM] = node_say,
		[DCHAT_JOIN] = join,
		[DCHAT_PART] = part,
		[DCHAT_TOPIC] = node_set_topic,
		[DCHAT_NICK] = node_change_nick,
		[DCHAT_AWAY] = away,
		[DCHAT_BACK] = away,
		[DCHAT_ROOMS] = rooms,
		[DCHAT_MEMBERS] = members,
		[DCHAT_PEERS] = peers,
		[DCHAT_NET] = peers,	/* the host adds the rest */
		[DCHAT_HISTORY] = history,
		[DCHAT_WHO_HAS] = node_who_has,
		[DCHAT_TYPING] = node_typing,
		[DCHAT_STATUS] = status,
		[DCHAT_CONNECT] = connect_to,
		[DCHAT_ELECT] = elect,
		[DCHAT_QUIT] = quit,
	};
	const struct dchat_command *command = input->command.command;
	enum error error = verbs[command->verb](node, input, fx);

	if (error != ERROR_NONE)
		answer_error(command, error, fx);
	return VERDICT_ACCEPTED;
}
