/*
 * node_questions: what the host may ask of a node; nothing changes.
 */
#include <string.h>

#include "core/node_state.h"

bool
node_knows_bundle(const struct node *node, const struct bundle *bundle)
{
	return multicast_knows(&node->multicast, &bundle->room, &bundle->stream,
		   bundle->seq) &&
	    multicast_recognizes(&node->multicast, bundle);
}

static const struct record *
find_record(const struct node *node, const struct id *member)
{
	const struct member *found = membership_find(&node->membership, member);

	return found == NULL ? NULL : found->record;
}

bool
node_knows_record(const struct node *node, const struct record *record)
{
	const struct record *known = find_record(node, &record->id);

	return known != NULL &&
	    (known->start > record->start ||
		(known->start == record->start &&
		    known->version >= record->version));
}

const struct record *
node_record(const struct node *node, const struct id *member)
{
	const struct record *record = find_record(node, member);
	size_t low = 0, high = node->record_count;

	while (record == NULL && low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&node->records[middle]->id, member);

		if (order == 0)
			return node->records[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return record;
}

const uint8_t *
node_key(const struct node *node, const struct id *member)
{
	const struct record *record = node_record(node, member);

	return record == NULL ? NULL : record->sealed.key;
}

const char *
node_nick(struct node *node, const struct id *member)
{
	const struct record *record = node_record(node, member);

	const struct naming *naming = nicks_find(&node->nicks, member);

	if (naming != NULL)
		return naming->shown;
	if (record == NULL)
		return id_format_short(member, node->stranger);
	nicks_absent(&node->nicks, &node->metadata, member, record->nick,
	    node->stranger);
	return node->stranger;
}

size_t
node_find_nick(struct node *node, const char *nick, struct id out[static 2])
{
	const struct membership *m = &node->membership;
	size_t count = 0;

	for (int present = 1; present >= 0 && count == 0; present--)
		for (size_t i = 0; i < m->count; i++) {
			const struct member *member = &m->items[i];

			if (member_present(member) != present ||
			    strcmp(node_nick(node, &member->id), nick) != 0)
				continue;
			if (count < 2)
				out[count] = member->id;
			count++;
		}
	/* Those of earlier runs who were not heard of in this one. */
	for (size_t i = 0; count == 0 && i < node->record_count; i++)
		if (strcmp(node->records[i]->nick, nick) == 0)
			out[count++] = node->records[i]->id;
	return count;
}

struct reach
node_reach(const struct node *node, const struct bundle *bundle)
{
	return receipts_reach(&node->receipts, &bundle->room,
	    node->multicast.epoch, bundle->stream.epoch, bundle->seq);
}

const char *
node_room_name(const struct node *node, const struct id *room)
{
	const struct room *found = rooms_find(&node->rooms, room);

	return found == NULL ? NULL : found->name;
}

bool
node_joined(const struct node *node, const struct id *room)
{
	const struct room *found = rooms_find(&node->rooms, room);

	return found != NULL && found->joined;
}

bool
node_joined_room(const struct node *node, size_t index, struct id *room)
{
	for (size_t i = 0; i < node->rooms.count; i++)
		if (node->rooms.items[i]->joined && index-- == 0) {
			*room = node->rooms.items[i]->id;
			return true;
		}
	return false;
}

bool
node_quiet(const struct node *node)
{
	return !multicast_pending(&node->multicast) &&
	    !metadata_asked(&node->metadata);
}

const struct id *
node_view(const struct node *node, size_t *count)
{
	*count = node->ring.count;
	return node->ring.ids;
}

uint64_t
node_view_hash(const struct node *node)
{
	return node->ring.hash;
}

struct leadership
node_leadership(const struct node *node)
{
	return node->election.known;
}
