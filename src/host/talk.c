/*
 * talk: what people say to one person alone, and who has a message.
 *
 * People are named by nick or id; a direct room is "@" and the other's id,
 * and its own id is a hash of both (crypto/names).  A message is named by
 * its hash, which the store alone can look up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/names.h"
#include "host/host.h"

enum { PROBLEM = 256 };

/* Finds whom a text means; ERROR_NONE, or a sentence is in problem. */
static enum error
find_person(struct dchat *dchat, const char *text, struct id *person,
    char problem[static PROBLEM])
{
	struct id found[2];
	size_t count;

	if (text[0] == '@')
		text++;
	if (!id_parse(text, person)) {
		count = node_find_nick(dchat->node, text, found);
		if (count == 0) {
			snprintf(problem, PROBLEM,
			    "Nobody here has the nick %.128s.", text);
			return ERROR_NO_SUCH_NICK;
		}
		if (count > 1) {
			snprintf(problem, PROBLEM,
			    "%zu people have the nick %.128s; name the one "
			    "you mean by id.",
			    count, text);
			return ERROR_NO_SUCH_NICK;
		}
		*person = found[0];
	}
	if (!id_equal(person, identity_id(dchat->profile.identity)) &&
	    !id_is_none(person))
		return ERROR_NONE;
	snprintf(problem, PROBLEM, "One cannot write to oneself.");
	return ERROR_BAD_ARGUMENT;
}

bool
talk_take_direct(struct dchat *dchat, struct pending_command *pending,
    const char *whom, struct input *input)
{
	const struct id *self = identity_id(dchat->profile.identity);
	char problem[PROBLEM], name[1 + ID_TEXT] = "@";
	enum error error =
	    find_person(dchat, whom, &input->command.to, problem);

	if (error != ERROR_NONE) {
		events_error(dchat, pending->command.verb,
		    pending->command.token, error, problem);
		return false;
	}
	names_direct_id(dchat->settings.tag, self, &input->command.to,
	    &input->command.room);
	id_format(&input->command.to, name + 1);
	free(pending->room);
	pending->room = mem_text(name);
	pending->command.room = pending->room;
	return true;
}

/* -- who has it -------------------------------------------------------- */

void
talk_who_has(struct dchat *dchat, const struct dchat_command *command)
{
	struct pending_find find = {
		.number = dchat->next_number++,
		.token = command->token,
	};
	struct id hash;
	size_t index;

	if (command->msg == NULL ||
	    !message_parse(command->msg, &hash, &index)) {
		events_error(dchat, DCHAT_WHO_HAS, command->token,
		    ERROR_BAD_ARGUMENT,
		    "`msg` must be the id of a message.");
		return;
	}
	MEM_GROW(dchat->finds, dchat->find_count, dchat->find_cap);
	dchat->finds[dchat->find_count++] = find;
	store_find(dchat->store, find.number, &hash);
}

void
talk_sought(void *self, uint64_t number, const struct bundle *bundle)
{
	struct dchat *dchat = self;
	struct dchat_command command = { .verb = DCHAT_WHO_HAS };
	struct input input = { .type = INPUT_COMMAND };
	size_t i = 0;

	if (refer_sought(dchat, number, bundle))
		return;
	while (dchat->finds[i].number != number)
		i++;
	command.token = dchat->finds[i].token;
	MEM_REMOVE(dchat->finds, dchat->find_count, i);
	input.command.command = &command;
	input.command.subject = bundle;
	if (bundle == NULL)
		events_error(dchat, DCHAT_WHO_HAS, command.token,
		    ERROR_NO_SUCH_MESSAGE, NULL);
	else
		host_input(dchat, &input);
	leave_proceed(dchat);
}
