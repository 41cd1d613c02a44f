/*
 * refer: messages that refer to another one: replies, reactions, edits.
 *
 * What they refer to is looked up in the store before they are said, so that
 * nobody refers to what is not there, in this room, or changes what others
 * wrote.  What is said in the same room meanwhile waits behind them: the
 * order in which a person says things is the order in which they go out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "host/host.h"
#include "wire/body.h"

static bool
waits_in(const struct dchat *dchat, const struct id *room)
{
	for (size_t i = 0; i < dchat->refer_count; i++)
		if (id_equal(&dchat->refers[i].room, room))
			return true;
	return false;
}

bool
refer_take(struct dchat *dchat, struct pending_command *pending,
    const struct input *input)
{
	struct pending_refer refer = {
		.pending = *pending,
		.room = input->command.room,
		.to = input->command.to,
	};
	const char *ref = pending->ref;
	struct id hash;
	size_t index;

	refer.number = dchat->next_number++;
	/* What is no name at all the node refuses in its turn. */
	refer.sought = ref != NULL && message_parse(ref, &hash, &index);
	if (!refer.sought && !waits_in(dchat, &refer.room))
		return false;
	*pending = (struct pending_command){ .late = false };
	MEM_GROW(dchat->refers, dchat->refer_count, dchat->refer_cap);
	dchat->refers[dchat->refer_count++] = refer;
	if (refer.sought)
		store_find(dchat->store, refer.number, &hash);
	return true;
}

/* What the message is that the ref names, or ERROR_NO_SUCH_MESSAGE. */
static enum error
judge(struct dchat *dchat, const struct pending_refer *refer,
    const struct bundle *sealed)
{
	const struct dchat_command *command = &refer->pending.command;
	struct bundle bundle;
	struct id hash;
	size_t index;
	char why[128];

	effects_clear(&dchat->fx);
	if (sealed == NULL || !id_equal(&sealed->room, &refer->room) ||
	    !message_parse(refer->pending.ref, &hash, &index) ||
	    body_decode_bundle(sealed->sealed.body, sealed->sealed.size,
		dchat->settings.tag, &dchat->fx.arena, &bundle,
		why) != VERDICT_ACCEPTED ||
	    index >= bundle.message_count)
		return ERROR_NO_SUCH_MESSAGE;
	if (message_kind_refers(bundle.messages[index].kind) &&
	    bundle.messages[index].kind != KIND_REPLY)
		return ERROR_NO_SUCH_MESSAGE;
	if ((command->kind == KIND_EDIT || command->kind == KIND_DELETE) &&
	    !id_equal(&bundle.stream.author,
		identity_id(dchat->profile.identity)))
		return ERROR_NOT_AUTHOR;
	return ERROR_NONE;
}

static void
take_out(struct dchat *dchat, size_t index)
{
	pending_command_free(&dchat->refers[index].pending);
	MEM_REMOVE(dchat->refers, dchat->refer_count, index);
}

/* Says what waits for nothing in the room any more. */
static void
proceed(struct dchat *dchat, const struct id *room)
{
	size_t i = 0;

	while (i < dchat->refer_count) {
		struct pending_refer *refer = &dchat->refers[i];
		struct input input = { .type = INPUT_COMMAND };

		if (!id_equal(&refer->room, room)) {
			i++;
			continue;
		}
		if (refer->sought)
			return;
		input.command.command = &refer->pending.command;
		input.command.room = refer->room;
		input.command.to = refer->to;
		commands_say(dchat, &input);
		take_out(dchat, i);
	}
}

bool
refer_sought(struct dchat *dchat, uint64_t number, const struct bundle *bundle)
{
	const struct dchat_command *command;
	struct id room;
	enum error error;
	size_t i = 0;

	while (i < dchat->refer_count && !(dchat->refers[i].sought &&
		dchat->refers[i].number == number))
		i++;
	if (i == dchat->refer_count)
		return false;
	dchat->refers[i].sought = false;
	room = dchat->refers[i].room;
	error = judge(dchat, &dchat->refers[i], bundle);
	if (error != ERROR_NONE) {
		command = &dchat->refers[i].pending.command;
		events_error(dchat, command->verb, command->token, error, NULL);
		take_out(dchat, i);
	}
	proceed(dchat, &room);
	leave_proceed(dchat);
	return true;
}

void
refer_free(struct dchat *dchat)
{
	while (dchat->refer_count > 0)
		take_out(dchat, dchat->refer_count - 1);
	free(dchat->refers);
}
