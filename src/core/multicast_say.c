/*
 * multicast_say: from what a person says to bundles, and back to the
 * person.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/multicast_room.h"

enum {
	/* What a bundle's encoding takes beside its texts, generously. */
	BODY_FIXED = 512,
	BODY_DEPENDENCY = 72,
	BODY_MESSAGE = 32,
};

void
multicast_drop_said(struct multicast_room *mr, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free((char *)mr->outbox[i].message.text);
	mr->outbox_count -= count;
	if (mr->outbox_count > 0)
		memmove(mr->outbox, mr->outbox + count,
		    mr->outbox_count * sizeof *mr->outbox);
}

struct stream
multicast_own_stream(const struct multicast *mc)
{
	return (struct stream){ mc->self, mc->epoch };
}

/* Bytes of a text as a JSON string, at most. */
static size_t
encoded_size(const char *text)
{
	size_t size = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		size += c < 0x20 ? 6 : c == '"' || c == '\\' ? 2 : 1;
	}
	return size;
}

/* How many messages of the outbox go into one bundle; at least one. */
static size_t
pack(const struct multicast_room *mr, size_t dependencies)
{
	size_t room =
	    LIMIT_BUNDLE_BODY - BODY_FIXED - dependencies * BODY_DEPENDENCY;
	size_t used = 0, count = 0;

	if (room > LIMIT_BUNDLE_TEXT)
		room = LIMIT_BUNDLE_TEXT;
	while (count < mr->outbox_count && count < LIMIT_BUNDLE_MESSAGES) {
		const struct message *message = &mr->outbox[count].message;

		used += BODY_MESSAGE + encoded_size(message->text) +
		    strlen(message->ref);
		if (used > room && count > 0)
			break;
		count++;
	}
	return count;
}

/*
 * Publishes the next bundle when there is something to say and nothing
 * outstanding.  More heads than a bundle may name are folded first: an
 * empty bundle depends on as many as it can and stands for them from then
 * on.
 */
void
multicast_publish_next(struct multicast *mc, struct multicast_room *mr,
    wall_ms wall, struct effects *fx)
{
	struct stream own = multicast_own_stream(mc);
	struct dependency causes[LIMIT_DEPENDENCIES];
	struct message messages[LIMIT_BUNDLE_MESSAGES];
	struct bundle bundle = { .room = mr->room->id, .stream = own };
	size_t count;

	if (wall > mc->wall)
		mc->wall = wall;
	if (mr->outstanding || mr->outbox_count == 0 ||
	    mr->doubt_until != NEVER)
		return;
	count = frontier_causes(&mr->frontier, &own, causes);
	if (count > LIMIT_DEPENDENCIES) {
		count = LIMIT_DEPENDENCIES;
		mr->publishing = 0;
	} else {
		mr->publishing = pack(mr, count);
	}
	for (size_t i = 0; i < mr->publishing; i++)
		messages[i] = mr->outbox[i].message;
	bundle.seq = vclock_top(&mr->room->accepted, &own) + 1;
	bundle.nonce = mc->nonce;
	bundle.hlc = hlc_tick(&mc->hlc, wall);
	if (wall > 0 && wall != hlc_wall(bundle.hlc) &&
	    hlc_wall_valid((uint64_t)wall))
		bundle.wall = (uint64_t)wall;
	bundle.dependencies = causes;
	bundle.dependency_count = count;
	bundle.messages = messages;
	bundle.message_count = mr->publishing;
	mr->outstanding = true;
	effects_publish(fx, &bundle);
}

enum error
multicast_say(struct multicast *mc, instant_ms now, wall_ms wall,
    struct room *room, enum dchat_verb verb, uint64_t token,
    const struct message *message, struct effects *fx)
{
	struct multicast_room *mr;
	struct said *said;
	enum error error = message_check(message);

	(void)now;
	if (!room->joined)
		return ERROR_NOT_JOINED;
	if (error != ERROR_NONE)
		return error;
	mr = multicast_obtain_room(mc, room);
	if (mr->outbox_count >= LIMIT_OUTBOX)
		return ERROR_BUSY;
	MEM_GROW(mr->outbox, mr->outbox_count, mr->outbox_cap);
	said = &mr->outbox[mr->outbox_count++];
	*said = (struct said){ verb, token, *message };
	said->message.text = mem_text(message->text);
	multicast_publish_next(mc, mr, wall, fx);
	return ERROR_NONE;
}

bool
multicast_pending(const struct multicast *mc)
{
	for (size_t i = 0; i < mc->count; i++)
		if (mc->items[i]->outbox_count > 0 || mc->items[i]->outstanding)
			return true;
	return false;
}

void
multicast_answer_error(const struct said *said, enum error error,
    struct effects *fx)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_ERROR,
		.error = {
			.verb = said->verb,
			.token = said->token,
			.code = error,
			.text = error_sentence(error),
		},
	};

	effects_notify(fx, &event);
}

void
multicast_answer_ok(const struct said *said, const struct bundle *bundle,
    size_t index, struct effects *fx)
{
	char msg[MSG_TEXT];
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = {
			.verb = said->verb,
			.token = said->token,
			.msg = effects_text(fx,
			    message_name(bundle, index, msg)),
		},
	};

	effects_notify(fx, &event);
}

void
multicast_published(struct multicast *mc, instant_ms now, wall_ms wall,
    const struct bundle *bundle, struct effects *fx)
{
	struct multicast_room *mr = multicast_find_room(mc, &bundle->room);
	struct frame frame = { .type = FRAME_BUNDLE };

	(void)now;
	assert(mr != NULL && mr->outstanding);
	assert(bundle->message_count == mr->publishing);
	/* multicast_admits() keeps a place for my own stream. */
	if (!vclock_add(&mr->room->accepted, &bundle->stream, bundle->seq))
		assert(!"my own bundle has its place");
	multicast_remember_name(mc, bundle);
	multicast_deliver(mc, mr, bundle, true, false, mr->outbox, fx);
	if (mr->room->past == PAST_EMPTY)
		mr->room->past = PAST_BEGUN;
	frame.bundle.bundle = *bundle;
	effects_send_many(fx, mr->room->audience, mr->room->audience_count,
	    &frame);
	multicast_drop_said(mr, mr->publishing);
	mr->outstanding = false;
	mr->publishing = 0;
	multicast_publish_next(mc, mr, wall, fx);
}

void
multicast_publish_failed(struct multicast *mc, instant_ms now, wall_ms wall,
    const struct id *room, enum error error, struct effects *fx)
{
	struct multicast_room *mr = multicast_find_room(mc, room);
	size_t count;

	(void)now;
	assert(mr != NULL && mr->outstanding);
	/* A fold has no messages of its own: without it none can go. */
	count = mr->publishing > 0 ? mr->publishing : mr->outbox_count;
	for (size_t i = 0; i < count; i++)
		multicast_answer_error(&mr->outbox[i], error, fx);
	multicast_drop_said(mr, count);
	mr->outstanding = false;
	mr->publishing = 0;
	multicast_publish_next(mc, mr, wall, fx);
}
