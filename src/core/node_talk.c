/*
 * node_talk: saying, in rooms and to one person alone, and who has it.
 */
#include <string.h>

#include "core/node_state.h"

/* -- direct rooms -------------------------------------------------------- */

struct room *
node_open_direct(struct node *node, instant_ms now, const struct id *id,
    const struct id *other, struct effects *fx)
{
	struct room *room = rooms_find(&node->rooms, id);
	char name[1 + ID_TEXT] = "@";

	if (room != NULL)
		return room;
	id_format(other, name + 1);
	room = rooms_add(&node->rooms, id, name);
	if (room == NULL)
		return NULL;
	node_keep_room(room, fx);
	node_update_audience(node, now, room, fx);
	return room;
}

/* Something of the room is there to be had. */
static bool
opens(const struct frame *frame)
{
	return frame->type == FRAME_BUNDLE ||
	    (frame->type == FRAME_VECTOR && frame->vector.count > 0);
}

static void
open_digested(struct node *node, instant_ms now, const struct id *from,
    const struct room_digest *digests, size_t count, struct effects *fx)
{
	for (size_t i = 0; i < count; i++) {
		const struct id *room = &digests[i].room;
		const struct id *peer = directs_peer(&node->directs, room);

		if (peer != NULL && id_equal(peer, from))
			node_open_direct(node, now, room, from, fx);
	}
}

bool
node_admits(struct node *node, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	const struct room *room;
	const struct id *peer, *id;

	switch (frame->type) {
	case FRAME_PING:
		open_digested(node, now, from, frame->ping.digests,
		    frame->ping.digest_count, fx);
		return true;
	case FRAME_DIGEST:
		open_digested(node, now, from, frame->digest.digests,
		    frame->digest.count, fx);
		return true;
	case FRAME_BUNDLE: id = &frame->bundle.bundle.room; break;
	case FRAME_VECTOR: id = &frame->vector.room; break;
	case FRAME_WANT: id = &frame->want.room; break;
	case FRAME_TAIL: id = &frame->tail.room; break;
	case FRAME_BASE: id = &frame->base.room; break;
	case FRAME_ACK: id = &frame->ack.room; break;
	case FRAME_TYPING: id = &frame->typing.room; break;
	default: return true;
	}
	room = rooms_find(&node->rooms, id);
	if (room != NULL)
		return room_open_to(room, from);
	peer = directs_peer(&node->directs, id);
	if (peer == NULL)
		return true;
	if (!id_equal(peer, from))
		return false;
	if (opens(frame))
		node_open_direct(node, now, id, from, fx);
	return true;
}

/* -- saying --------------------------------------------------------------- */

/* SAY and DM. */
enum error
node_say(struct node *node, const struct input *input, struct effects *fx)
{
	const struct dchat_command *command = input->command.command;
	const struct id *to = &input->command.to;
	struct message message = { command->kind, command->text, "" };
	struct room *room = rooms_find(&node->rooms, &input->command.room);

	if (room == NULL && !id_is_none(to)) {
		if (membership_find(&node->membership, to) == NULL &&
		    node_record(node, to) == NULL)
			return ERROR_NO_SUCH_NICK;
		room = node_open_direct(node, input->now,
		    &input->command.room, to, fx);
		if (room == NULL)
			return ERROR_TOO_MANY;
	}
	if (room == NULL || !room->joined)
		return ERROR_NOT_JOINED;
	if (command->ref != NULL &&
	    !message_set_ref(&message, command->ref))
		return ERROR_BAD_ARGUMENT;
	return multicast_say(&node->multicast, input->now, input->wall, room,
	    command->verb, command->token, &message, fx);
}

/* In a direct room that nothing was said in yet it tells nobody. */
enum error
node_typing(struct node *node, const struct input *input, struct effects *fx)
{
	const struct dchat_command *command = input->command.command;
	struct room *room = rooms_find(&node->rooms, &input->command.room);
	struct dchat_event event = { .type = DCHAT_EVENT_OK };

	if (room == NULL ? id_is_none(&input->command.to) : !room->joined)
		return ERROR_NOT_JOINED;
	if (room != NULL)
		typing_say(&node->typing, input->now, room, fx);
	event.ok.verb = command->verb;
	event.ok.token = command->token;
	effects_notify(fx, &event);
	return ERROR_NONE;
}

/* -- who has it ----------------------------------------------------------- */

struct holders {
	struct id *have, *missing;
	size_t have_count, missing_count;
};

static void
put(struct holders *holders, const struct id *id, bool has)
{
	if (has)
		holders->have[holders->have_count++] = *id;
	else
		holders->missing[holders->missing_count++] = *id;
}

static void
by_receipt(const struct receipt *receipt, struct holders *holders)
{
	for (size_t i = 0; i < receipt->count; i++)
		put(holders, &receipt->members[i], receipt->had[i]);
}

/* What vectors and digests tell of those who are in the room now. */
static void
by_witness(const struct node *node, const struct room *room,
    const struct bundle *subject, bool stable, struct holders *holders)
{
	const struct id *author = &subject->stream.author;
	bool found;

	put(holders, &node->self, true);
	if (room == NULL)
		return;
	for (size_t i = 0; i < room->audience_count; i++) {
		const struct id *peer = &room->audience[i];
		bool has = witness_holds(&node->witness, peer, subject,
		    sync_same(&node->sync, room, peer));

		/* Whoever came since need not have it, and it is stable. */
		if (has || !stable)
			put(holders, peer, has);
	}
	id_search(room->audience, room->audience_count, author, &found);
	if (!found && !id_equal(author, &node->self))
		put(holders, author, true);
}

enum error
node_who_has(struct node *node, const struct input *input,
    struct effects *fx)
{
	const struct dchat_command *command = input->command.command;
	const struct bundle *subject = input->command.subject;
	const struct room *room = rooms_find(&node->rooms, &subject->room);
	const struct receipt *receipt = NULL;
	struct dchat_event event = { .type = DCHAT_EVENT_OK };
	struct holders holders = { 0 };
	bool stable = false;
	size_t most = 2 + (room == NULL ? 0 : room->audience_count);

	if (id_equal(&subject->stream.author, &node->self)) {
		receipt = receipts_find(&node->receipts, &subject->room,
		    subject->stream.epoch, subject->seq);
		stable = node_reach(node, subject).stable;
	}
	if (receipt != NULL)
		most = receipt->count;
	holders.have = effects_alloc(fx, most * sizeof *holders.have);
	holders.missing = effects_alloc(fx, most * sizeof *holders.missing);
	if (receipt != NULL)
		by_receipt(receipt, &holders);
	else
		by_witness(node, room, subject, stable, &holders);
	event.ok.verb = command->verb;
	event.ok.token = command->token;
	event.ok.have = holders.have;
	event.ok.have_count = holders.have_count;
	event.ok.missing = holders.missing;
	event.ok.missing_count = holders.missing_count;
	event.ok.stable = stable ||
	    (receipt == NULL && holders.missing_count == 0);
	effects_notify(fx, &event);
	return ERROR_NONE;
}
