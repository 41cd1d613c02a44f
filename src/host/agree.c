/*
 * agree: metadata, as far as it is the host's: what a person wishes is
 * checked, signed, and remembered; the answer comes from the core.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "crypto/seal.h"
#include "host/host.h"
#include "wire/body.h"

enum { PROBLEM = 256 };

void
agree_topic(struct dchat *dchat, struct input *input)
{
	const struct dchat_command *command = input->command.command;
	size_t size = strlen(command->text);
	char problem[PROBLEM];

	if (!utf8_valid(command->text, size)) {
		events_error(dchat, DCHAT_TOPIC, command->token,
		    ERROR_BAD_TEXT, NULL);
		return;
	}
	if (size > LIMIT_TOPIC) {
		snprintf(problem, sizeof problem,
		    "A topic holds at most %d bytes; this one has %zu.",
		    LIMIT_TOPIC, size);
		events_error(dchat, DCHAT_TOPIC, command->token,
		    ERROR_TOO_LONG, problem);
		return;
	}
	host_input(dchat, input);
}

void
agree_nick(struct dchat *dchat, struct pending_command *pending,
    struct input *input)
{
	struct dchat_command *command = &pending->command;
	char problem[PROBLEM] = "A nick must be valid UTF-8.";
	char *nick = names_normalize(pending->nick);

	if (nick != NULL && names_check_nick(nick, problem)) {
		free(pending->nick);
		pending->nick = nick;
		command->nick = nick;
		host_input(dchat, input);
		return;
	}
	events_error(dchat, DCHAT_NICK, command->token,
	    nick != NULL && (strlen(nick) > LIMIT_NICK ||
		utf8_points(nick) > LIMIT_NICK_POINTS)
		? ERROR_TOO_LONG
		: ERROR_BAD_ARGUMENT,
	    problem);
	free(nick);
}

void
agree_seal(struct dchat *dchat, const struct intent *intent)
{
	struct intent sealed = *intent;
	struct input input = { .type = INPUT_INTENT_SEALED,
		.intent = &sealed };

	bytes_clear(&dchat->body);
	if (!body_encode_intent(intent, dchat->settings.tag, &dchat->body)) {
		log_line(&dchat->log, LOG_WARNING,
		    "A wish of mine breaks a bound and is not told.");
		return;
	}
	sealed.sealed.body = dchat->body.data;
	sealed.sealed.size = dchat->body.size;
	memcpy(sealed.sealed.key, identity_public_key(dchat->profile.identity),
	    KEY_BYTES);
	seal_sign(dchat->profile.identity, dchat->body.data, dchat->body.size,
	    sealed.sealed.signature);
	host_input(dchat, &input);
}

void
agree_kept(void *self, uint64_t token)
{
	struct input input = { .type = INPUT_KEPT, .kept = token };

	host_input(self, &input);
}
