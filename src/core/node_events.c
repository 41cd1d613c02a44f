/*
 * node_events: what the cores tell is completed with what only the node
 * knows.
 */
#include <stdio.h>

#include "core/node_state.h"

static void
count_unread(struct node *node, const struct dchat_message *message)
{
	struct room *room = rooms_find_name(&node->rooms, message->room);

	if (room != NULL && !id_equal(&message->author, &node->self))
		room->unread++;
}

/* How far it has come, when it is mine; to whom it goes, when to one. */
static void
complete_message(struct node *node, struct dchat_message *message)
{
	const struct room *room = rooms_find_name(&node->rooms, message->room);
	bool own = id_equal(&message->author, &node->self);
	struct reach reach;

	if (room == NULL)
		return;
	if (room->direct)
		message->to = own ? room->other : node->self;
	if (!own || !message->live)
		return;
	reach = receipts_reach(&node->receipts, &room->id,
	    node->multicast.epoch, node->multicast.epoch, message->seq);
	message->have = (unsigned)reach.have;
	message->of = (unsigned)reach.of;
	message->stable = reach.stable;
	/* Said when nobody else was in the room. */
	if (reach.stable)
		message->have = message->of = 1;
}

static void
tell_fork(struct node *node, const struct multicast_fork *fork,
    struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_WARNING };
	const struct room *room = rooms_find(&node->rooms, &fork->room);
	const char *where = room == NULL ? "a room" : room->name;
	const char *nick = node_nick(node, &fork->author);
	char text[512];

	if (!fork->copied)
		snprintf(text, sizeof text,
		    "%s has said two different things as one in %s: what "
		    "others read may differ. Both are kept as proof.",
		    nick, where);
	else if (id_equal(&fork->author, &node->self))
		snprintf(text, sizeof text,
		    "A copy of this profile has spoken in %s; use a profile "
		    "of its own for each place.",
		    where);
	else
		snprintf(text, sizeof text,
		    "The profile of %s was copied, and both copies have "
		    "spoken in %s: two things have one number there.",
		    nick, where);
	event.warning.code = fork->copied ? "profile_copied" : "two_faced";
	event.warning.text = effects_text(fx, text);
	effects_notify(fx, &event);
}

void
node_tell_forks(struct node *node, struct effects *fx)
{
	struct multicast *mc = &node->multicast;

	for (size_t i = mc->fork_count; i > 0 && !mc->forks[i - 1].told; i--) {
		mc->forks[i - 1].told = true;
		tell_fork(node, &mc->forks[i - 1], fx);
	}
}

void
node_complete_holding(struct node *node, struct dchat_holding *holding,
    struct effects *fx)
{
	const char **nicks = effects_alloc(fx,
	    (holding->waiting_count + 1) * sizeof *nicks);

	holding->room = effects_text(fx, holding->room);
	holding->nick = effects_text(fx, node_nick(node, &holding->author));
	for (size_t i = 0; i < holding->waiting_count; i++)
		nicks[i] = effects_text(fx,
		    node_nick(node, &holding->waiting_for[i]));
	holding->waiting_nicks = nicks;
}

/* The cores below know members by id; people know them by nick. */
static void
complete_event(struct node *node, instant_ms now, struct dchat_event *event,
    struct effects *fx)
{
	const struct watch *watch;

	switch (event->type) {
	case DCHAT_EVENT_PEER:
		event->peer.nick =
		    effects_text(fx, node_nick(node, &event->peer.id));
		watch = detector_find(&node->detector, &event->peer.id);
		if (watch != NULL)
			event->peer.rtt_ms = watch->rtt_ms;
		break;
	case DCHAT_EVENT_LEADER:
		if (!id_is_none(&event->leader.id))
			event->leader.nick = effects_text(fx,
			    node_nick(node, &event->leader.id));
		break;
	case DCHAT_EVENT_JOINED:
	case DCHAT_EVENT_PARTED:
		event->membership.nick =
		    effects_text(fx, node_nick(node, &event->membership.id));
		break;
	case DCHAT_EVENT_MESSAGE:
		event->message.nick =
		    effects_text(fx, node_nick(node, &event->message.author));
		count_unread(node, &event->message);
		complete_message(node, &event->message);
		if (!event->message.live &&
		    !id_equal(&event->message.author, &node->self))
			partition_merged(&node->partition, now,
			    event->message.room, &event->message.author);
		break;
	case DCHAT_EVENT_HELD:
		node_complete_holding(node, &event->held, fx);
		break;
	case DCHAT_EVENT_TYPING:
		event->typing.nick = effects_text(fx,
		    node_nick(node, &event->typing.id));
		break;
	case DCHAT_EVENT_AWAY:
		event->away.nick =
		    effects_text(fx, node_nick(node, &event->away.id));
		break;
	case DCHAT_EVENT_ROOM:
		event->room.by_nick =
		    effects_text(fx, node_nick(node, &event->room.by));
		break;
	case DCHAT_EVENT_NICK:
	case DCHAT_EVENT_READY:
	case DCHAT_EVENT_OK:
	case DCHAT_EVENT_ERROR:
	case DCHAT_EVENT_ELECTION:
	case DCHAT_EVENT_DELIVERED:
	case DCHAT_EVENT_PARTITION:
	case DCHAT_EVENT_FETCHING:
	case DCHAT_EVENT_WARNING:
	case DCHAT_EVENT_BYE: break;
	}
}

void
node_complete_events(struct node *node, instant_ms now, struct effects *fx,
    size_t from)
{
	for (size_t i = from; i < fx->count; i++)
		if (fx->items[i].type == EFFECT_NOTIFY)
			complete_event(node, now, fx->items[i].event, fx);
}
