#include "wire/digest.h"

#include <string.h>

#include "base/bytes.h"
#include "core/item.h"

/* Word by word: base/hash goes byte by byte, and took a third of a run. */
static inline uint64_t
add_number(uint64_t hash, uint64_t number)
{
	hash = (hash ^ number) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t
add_bytes(uint64_t hash, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	hash = add_number(hash, size);
	for (; size >= 8; size -= 8, at += 8)
		hash = add_number(hash, bytes_get_u64(at));
	for (; size > 0; size--)
		hash = add_number(hash, *at++);
	return hash;
}

static uint64_t
add_id(uint64_t hash, const struct id *id)
{
	return add_bytes(hash, id->bytes, sizeof id->bytes);
}

static uint64_t
add_text(uint64_t hash, const char *text)
{
	return text == NULL ? add_number(hash, 0)
			    : add_bytes(hash, text, strlen(text) + 1);
}

static uint64_t
add_address(uint64_t hash, const struct address *address)
{
	hash = add_number(hash, address->family);
	hash = add_bytes(hash, address->ip, sizeof address->ip);
	return add_number(hash, address->port);
}

static uint64_t
add_sealed(uint64_t hash, const struct sealed *sealed)
{
	if (sealed->body == NULL)
		return add_number(hash, 0);
	hash = add_bytes(hash, sealed->body, sealed->size);
	return add_bytes(hash, sealed->signature, sizeof sealed->signature);
}

static uint64_t
add_stream(uint64_t hash, const struct stream *stream)
{
	return add_number(add_id(hash, &stream->author), stream->epoch);
}

static uint64_t
add_dependencies(uint64_t hash, const struct dependency *items, size_t count)
{
	hash = add_number(hash, count);
	for (size_t i = 0; i < count; i++)
		hash = add_number(add_stream(hash, &items[i].stream),
		    items[i].seq);
	return hash;
}

static uint64_t
add_bundle(uint64_t hash, const struct bundle *bundle)
{
	hash = add_id(hash, &bundle->room);
	hash = add_stream(hash, &bundle->stream);
	hash = add_number(hash, bundle->seq);
	hash = add_number(hash, bundle->nonce);
	hash = add_number(hash, bundle->hlc);
	hash = add_number(hash, bundle->wall);
	hash = add_dependencies(hash, bundle->dependencies,
	    bundle->dependency_count);
	hash = add_number(hash, bundle->message_count);
	for (size_t i = 0; i < bundle->message_count; i++) {
		hash = add_number(hash, bundle->messages[i].kind);
		hash = add_text(hash, bundle->messages[i].text);
		hash = add_text(hash, bundle->messages[i].ref);
	}
	hash = add_id(hash, &bundle->hash);
	return add_sealed(hash, &bundle->sealed);
}

static uint64_t
add_record(uint64_t hash, const struct record *record)
{
	if (record == NULL)
		return add_number(hash, 0);
	hash = add_id(hash, &record->id);
	hash = add_number(hash, record->start);
	hash = add_number(hash, record->version);
	hash = add_number(hash, record->priority);
	hash = add_text(hash, record->nick);
	hash = add_text(hash, record->away);
	hash = add_number(hash, record->room_count);
	for (size_t i = 0; i < record->room_count; i++) {
		hash = add_id(hash, &record->rooms[i].id);
		hash = add_text(hash, record->rooms[i].name);
	}
	return add_sealed(hash, &record->sealed);
}

static uint64_t
add_news(uint64_t hash, const struct member_news *news)
{
	hash = add_id(hash, &news->id);
	hash = add_number(hash, news->start);
	hash = add_number(hash, news->incarnation);
	hash = add_number(hash, news->state);
	hash = add_number(hash, news->reason);
	hash = add_id(hash, &news->accuser);
	hash = add_address(hash, &news->address);
	return add_record(hash, news->record);
}

static uint64_t
add_leadership(uint64_t hash, const struct leadership *leadership)
{
	hash = add_number(hash, leadership->term);
	hash = add_id(hash, &leadership->leader);
	hash = add_number(hash, leadership->priority);
	return add_number(hash, leadership->established);
}

static uint64_t
add_candidate(uint64_t hash, const struct candidate *candidate)
{
	return add_id(add_number(hash, candidate->priority), &candidate->id);
}

static uint64_t
add_digests(uint64_t hash, const struct room_digest *items, size_t count)
{
	hash = add_number(hash, count);
	for (size_t i = 0; i < count; i++)
		hash =
		    add_number(add_id(hash, &items[i].room), items[i].digest);
	return hash;
}

static uint64_t
add_vector(uint64_t hash, const struct frame *frame)
{
	hash = add_id(hash, &frame->vector.room);
	hash = add_number(hash, frame->vector.reply);
	hash = add_number(hash, frame->vector.count);
	for (size_t i = 0; i < frame->vector.count; i++) {
		const struct vector_entry *entry = &frame->vector.entries[i];

		hash = add_stream(hash, &entry->stream);
		hash = add_number(hash, entry->base);
		hash = add_number(hash, entry->top);
		for (size_t j = 0; j < entry->hole_count; j++) {
			hash = add_number(hash, entry->holes[j].first);
			hash = add_number(hash, entry->holes[j].last);
		}
	}
	return hash;
}

static uint64_t
add_ranges(uint64_t hash, const struct stream_range *items, size_t count)
{
	hash = add_number(hash, count);
	for (size_t i = 0; i < count; i++) {
		hash = add_stream(hash, &items[i].stream);
		hash = add_number(hash, items[i].range.first);
		hash = add_number(hash, items[i].range.last);
	}
	return hash;
}

static uint64_t
add_ping(uint64_t hash, const struct frame *frame)
{
	hash = add_number(hash, frame->ping.number);
	hash = add_leadership(hash, &frame->ping.leadership);
	hash = add_number(hash, frame->ping.view);
	hash = add_number(hash, frame->ping.beliefs);
	hash = add_number(hash, frame->ping.wall);
	return add_digests(hash, frame->ping.digests, frame->ping.digest_count);
}

static uint64_t
add_probe(uint64_t hash, const struct probe *probe)
{
	hash = add_number(hash, probe->term);
	hash = add_number(hash, probe->view);
	hash = add_number(hash, probe->phase);
	hash = add_number(hash, probe->hop);
	hash = add_number(hash, probe->direction);
	hash = add_number(hash, probe->cause);
	return add_candidate(hash, &probe->candidate);
}

static uint64_t
add_reply(uint64_t hash, const struct reply *reply)
{
	hash = add_number(hash, reply->term);
	hash = add_number(hash, reply->view);
	hash = add_number(hash, reply->phase);
	hash = add_number(hash, reply->direction);
	return add_candidate(hash, &reply->candidate);
}

static uint64_t
add_intent(uint64_t hash, const struct intent *intent)
{
	hash = add_id(hash, &intent->id);
	hash = add_number(hash, intent->kind);
	hash = add_text(hash, intent->name);
	hash = add_text(hash, intent->text);
	return add_bytes(hash, intent->sealed.body, intent->sealed.size);
}

static uint64_t
add_fence(uint64_t hash, const struct fence *fence)
{
	hash = add_number(hash, fence->term);
	hash = add_number(hash, fence->priority);
	return add_id(hash, &fence->leader);
}

static uint64_t
add_metadata(uint64_t hash, const struct frame *frame)
{
	switch (frame->type) {
	case FRAME_INTENT:
		return add_intent(hash, &frame->intent);
	case FRAME_DECIDED:
		return add_number(add_id(hash, &frame->decided.intent),
		    frame->decided.decision);
	case FRAME_COMMIT:
		hash = add_number(hash, frame->commit.term);
		hash = add_number(hash, frame->commit.index);
		return add_number(hash, item_hash(&frame->commit.item));
	case FRAME_ITEM:
		return add_number(hash, item_hash(&frame->commit.item));
	case FRAME_ROOT:
		hash = add_fence(hash, &frame->root.fence);
		hash = add_number(hash, frame->root.index);
		hash = add_number(hash, frame->root.root);
		return add_number(hash,
		    frame->root.ask | frame->root.done << 1);
	default:
		for (size_t i = 0; i < frame->sums.count; i++)
			hash = add_number(hash, frame->sums.sums[i].sum);
		return add_number(hash, frame->sums.reply);
	}
}

static uint64_t
add_frame(uint64_t hash, const struct frame *frame)
{
	hash = add_number(hash, frame->type);
	switch (frame->type) {
	case FRAME_PING:
	case FRAME_PONG: return add_ping(hash, frame);
	case FRAME_MEMBER: return add_news(hash, &frame->member);
	case FRAME_PROBE: return add_probe(hash, &frame->probe);
	case FRAME_REPLY: return add_reply(hash, &frame->reply);
	case FRAME_ELECTED:
		hash = add_number(hash, frame->elected.term);
		hash = add_number(hash, frame->elected.view);
		return add_candidate(hash, &frame->elected.leader);
	case FRAME_LEADER: return add_leadership(hash, &frame->leader);
	case FRAME_ASK:
		hash = add_number(hash, frame->ask.number);
		hash = add_number(hash, frame->ask.term);
		return add_id(hash, &frame->ask.leader);
	case FRAME_ANSWER:
		hash = add_number(hash, frame->answer.number);
		return add_number(hash, frame->answer.alive);
	case FRAME_BUNDLE:
		hash = add_number(hash,
		    frame->bundle.backlog | frame->bundle.end << 1);
		return add_bundle(hash, &frame->bundle.bundle);
	case FRAME_DIGEST:
		return add_digests(hash, frame->digest.digests,
		    frame->digest.count);
	case FRAME_VECTOR: return add_vector(hash, frame);
	case FRAME_WANT:
		hash = add_ranges(add_id(hash, &frame->want.room),
		    frame->want.ranges, frame->want.count);
		return add_number(hash, frame->want.newest);
	case FRAME_TAIL:
		return add_number(add_id(hash, &frame->tail.room),
		    frame->tail.messages);
	case FRAME_BASE:
		return add_dependencies(add_id(hash, &frame->base.room),
		    frame->base.bases, frame->base.count);
	case FRAME_ACK:
		hash = add_number(add_id(hash, &frame->ack.room),
		    frame->ack.epoch);
		hash = add_number(hash, frame->ack.first);
		return add_number(add_number(hash, frame->ack.last),
		    frame->ack.ask);
	case FRAME_TYPING: return add_id(hash, &frame->typing.room);
	case FRAME_INTENT:
	case FRAME_DECIDED:
	case FRAME_COMMIT:
	case FRAME_ITEM:
	case FRAME_ROOT:
	case FRAME_SUMS:
		return add_metadata(hash, frame);
	case FRAME_GOODBYE:
	case FRAME_HELLO:
	case FRAME_SUPERSEDED:
	case FRAME_TWICE:
	case FRAME_RELAY:
	case FRAME_TYPES: break;
	}
	return hash;
}

static uint64_t
add_message(uint64_t hash, const struct dchat_message *message)
{
	hash = add_text(hash, message->msg);
	hash = add_text(hash, message->room);
	hash = add_id(hash, &message->author);
	hash = add_text(hash, message->nick);
	hash = add_number(hash, message->kind);
	hash = add_text(hash, message->text);
	hash = add_number(hash, (uint64_t)message->time);
	hash = add_number(hash, message->hlc);
	hash = add_number(hash, message->seq);
	hash = add_number(hash, message->index);
	hash = add_number(hash,
	    message->live | message->late << 1 | message->gap << 2);
	hash = add_id(hash, &message->to);
	hash = add_number(hash, message->have);
	hash = add_number(hash, message->of);
	return add_number(hash, message->token);
}

static uint64_t
add_event(uint64_t hash, const struct dchat_event *event)
{
	hash = add_number(hash, event->type);
	switch (event->type) {
	case DCHAT_EVENT_OK:
		hash = add_number(hash, event->ok.verb);
		hash = add_number(hash, event->ok.token);
		return add_number(add_text(hash, event->ok.msg),
		    event->ok.count);
	case DCHAT_EVENT_ERROR:
		hash = add_number(hash, event->error.verb);
		hash = add_number(hash, event->error.token);
		return add_number(hash, event->error.code);
	case DCHAT_EVENT_PEER:
		hash = add_id(hash, &event->peer.id);
		hash = add_text(hash, event->peer.nick);
		hash = add_number(hash, event->peer.state);
		hash = add_number(hash,
		    (uint64_t)(int64_t)event->peer.rtt_ms);
		return add_text(hash, event->peer.reason);
	case DCHAT_EVENT_LEADER:
		hash = add_id(hash, &event->leader.id);
		hash = add_text(hash, event->leader.nick);
		hash = add_number(hash, event->leader.term);
		hash = add_number(hash,
		    event->leader.self | event->leader.provisional << 1);
		return add_number(hash, (uint64_t)event->leader.took_ms);
	case DCHAT_EVENT_ELECTION:
		hash = add_number(hash, event->election.term);
		hash = add_number(hash, event->election.phase);
		hash = add_number(hash, event->election.reach);
		return add_text(hash, event->election.role);
	case DCHAT_EVENT_JOINED:
	case DCHAT_EVENT_PARTED:
		hash = add_text(hash, event->membership.room);
		hash = add_id(hash, &event->membership.id);
		return add_text(hash, event->membership.nick);
	case DCHAT_EVENT_MESSAGE:
		return add_message(hash, &event->message);
	case DCHAT_EVENT_DELIVERED:
		hash = add_text(hash, event->delivered.msg);
		return add_number(add_number(hash, event->delivered.have),
		    event->delivered.of);
	case DCHAT_EVENT_HELD:
		hash = add_text(hash, event->held.room);
		hash = add_id(hash, &event->held.author);
		return add_number(hash, event->held.count);
	case DCHAT_EVENT_FETCHING:
		hash = add_text(hash, event->fetching.room);
		return add_number(hash, event->fetching.left);
	case DCHAT_EVENT_TYPING:
		return add_id(add_text(hash, event->typing.room),
		    &event->typing.id);
	case DCHAT_EVENT_AWAY:
		return add_text(add_id(hash, &event->away.id),
		    event->away.text);
	case DCHAT_EVENT_WARNING:
		hash = add_text(hash, event->warning.code);
		return add_text(hash, event->warning.text);
	case DCHAT_EVENT_ROOM:
		hash = add_text(hash, event->room.room);
		hash = add_text(hash, event->room.topic);
		return add_id(hash, &event->room.by);
	case DCHAT_EVENT_NICK:
		hash = add_text(hash, event->nick.old);
		return add_text(hash, event->nick.nick);
	case DCHAT_EVENT_PARTITION:
		for (size_t i = 0; i < event->partition.lost_count; i++)
			hash = add_id(hash, &event->partition.lost[i]);
		for (size_t i = 0; i < event->partition.healed_count; i++)
			hash = add_id(hash, &event->partition.healed[i]);
		return add_number(hash, event->partition.merged);
	case DCHAT_EVENT_READY:
	case DCHAT_EVENT_BYE: break;
	}
	return hash;
}

static uint64_t
add_command(uint64_t hash, const struct input *input)
{
	const struct dchat_command *command = input->command.command;

	hash = add_number(hash, command->verb);
	hash = add_number(hash, command->token);
	hash = add_text(hash, command->room);
	hash = add_text(hash, command->text);
	hash = add_number(hash, command->kind);
	hash = add_id(hash, &input->command.room);
	hash = add_id(hash, &input->command.to);
	return add_address(hash, &input->command.address);
}

static uint64_t
add_fetched(uint64_t hash, const struct input *input)
{
	hash = add_id(hash, &input->fetched.to);
	hash = add_id(hash, &input->fetched.room);
	hash = add_dependencies(hash, input->fetched.bases,
	    input->fetched.base_count);
	for (size_t i = 0; i < input->fetched.count; i++)
		hash = add_bundle(hash, input->fetched.bundles[i]);
	return hash;
}

uint64_t
digest_input(uint64_t hash, const struct input *input)
{
	hash = add_number(hash, input->type);
	hash = add_number(hash, (uint64_t)input->now);
	hash = add_number(hash, (uint64_t)input->wall);
	switch (input->type) {
	case INPUT_RECEIVE:
		return add_frame(add_id(hash, &input->receive.from),
		    input->receive.frame);
	case INPUT_LINK_UP:
		hash = add_id(hash, &input->link_up.peer);
		hash = add_number(hash, input->link_up.start);
		hash = add_id(hash, &input->link_up.via);
		return add_address(hash, &input->link_up.address);
	case INPUT_LINK_DOWN:
		return add_number(add_id(hash, &input->link_down.peer),
		    input->link_down.why);
	case INPUT_HEARD:
		hash = add_id(hash, &input->heard.peer);
		hash = add_number(hash, input->heard.nonce);
		hash = add_number(hash, input->heard.view);
		hash = add_number(hash,
		    input->heard.goodbye | input->heard.wants_reply << 1);
		return add_address(add_address(hash, &input->heard.from),
		    &input->heard.reply_to);
	case INPUT_COMMAND:
		return add_command(hash, input);
	case INPUT_SEALED:
		return add_record(hash, input->sealed);
	case INPUT_INTENT_SEALED:
		return add_intent(hash, input->intent);
	case INPUT_KEPT:
		return add_number(hash, input->kept);
	case INPUT_PUBLISHED:
	case INPUT_STORED: return add_bundle(hash, input->bundle);
	case INPUT_FETCHED: return add_fetched(hash, input);
	case INPUT_OLDER:
		return add_number(add_id(hash, &input->older.room),
		    input->older.messages);
	case INPUT_FAILED:
		hash = add_number(hash, input->failed.what);
		hash = add_id(hash, &input->failed.peer);
		hash = add_id(hash, &input->failed.via);
		hash = add_number(hash, input->failed.why);
		hash = add_id(hash, &input->failed.room);
		return add_address(hash, &input->failed.address);
	case INPUT_START:
	case INPUT_DEADLINE:
	case INPUT_RESUMED:
	case INPUT_INTERFACES:
	case INPUT_LEAVE: break;
	}
	return hash;
}

static uint64_t
add_keep(uint64_t hash, const struct keep *keep)
{
	const struct receipt *receipt = keep->receipt;

	hash = add_number(hash, keep->kind);
	hash = add_id(hash, &keep->room);
	hash = add_id(hash, &keep->peer);
	hash = add_number(hash, keep->joined);
	hash = add_number(hash, keep->epoch);
	hash = add_number(hash, keep->number);
	if (keep->item != NULL)
		hash = add_number(hash, item_hash(keep->item));
	if (keep->intent != NULL)
		hash = add_intent(hash, keep->intent);
	if (receipt == NULL)
		return hash;
	hash = add_id(hash, &receipt->room);
	hash = add_number(add_number(hash, receipt->epoch), receipt->seq);
	for (size_t i = 0; i < receipt->count; i++)
		hash = add_number(add_id(hash, &receipt->members[i]),
		    receipt->had[i]);
	return hash;
}

uint64_t
digest_effect(uint64_t hash, const struct effect *effect)
{
	if (effect->type == EFFECT_TRACE)
		return hash; /* only there when asked for */
	hash = add_number(hash, effect->type);
	switch (effect->type) {
	case EFFECT_SEND:
	case EFFECT_SEND_MANY:
		for (size_t i = 0; i < effect->send.count; i++)
			hash = add_id(hash, &effect->send.to[i]);
		return add_frame(hash, effect->send.frame);
	case EFFECT_DIAL:
		hash = add_id(hash, &effect->dial.peer);
		return add_address(add_id(hash, &effect->dial.via),
		    &effect->dial.address);
	case EFFECT_HANGUP:
		return add_number(add_id(hash, &effect->hangup.peer),
		    effect->hangup.why);
	case EFFECT_BEACON:
		hash = add_number(hash, effect->beacon.kind);
		hash = add_number(hash, effect->beacon.view);
		return add_address(hash, &effect->beacon.to);
	case EFFECT_SEAL: return add_record(hash, effect->seal);
	case EFFECT_PUBLISH:
	case EFFECT_STORE:
		return add_bundle(hash, effect->bundle);
	case EFFECT_SEAL_INTENT:
		return add_intent(hash, effect->intent);
	case EFFECT_KEEP:
		return add_keep(hash, effect->keep);
	case EFFECT_FETCH:
		hash = add_id(hash, &effect->fetch.to);
		hash = add_id(hash, &effect->fetch.room);
		hash = add_number(hash, effect->fetch.kind);
		hash = add_number(hash, effect->fetch.messages);
		return add_ranges(hash, effect->fetch.ranges,
		    effect->fetch.count);
	case EFFECT_OLDER:
		hash = add_id(hash, &effect->older.room);
		hash = add_number(hash, effect->older.more);
		hash = add_number(hash, effect->older.came);
		hash = add_number(hash, effect->older.left);
		return add_number(hash, effect->older.lost);
	case EFFECT_NOTIFY: return add_event(hash, effect->event);
	case EFFECT_TRACE: break;
	}
	return hash;
}
