/*
 * What becomes of messages: whoever was shown the same set of them, in
 * whatever order, must see the same edits, reactions and deletions (the rule
 * is src/amend, which each front end holds against what it is shown).
 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers_inner.h"

static struct dchat_message
message_of(const struct checkers *c, const struct sim *sim, size_t index)
{
	const struct said *said = &c->said[index];
	struct dchat_message message = {
		.author = sim->nodes[c->observers[said->observer].node].id,
		.kind = said->kind,
		.text = said->text,
		.hlc = said->made.hlc,
		.seq = said->made.seq,
		.index = said->made.index,
	};

	memcpy(message.msg, said->msg, sizeof message.msg);
	memcpy(message.ref, said->ref, sizeof message.ref);
	return message;
}

void
amends_known(const struct sim *sim, struct shown *shown, size_t index)
{
	struct dchat_message message =
	    message_of(sim->checkers, sim, index);

	amends_take(&shown->amends, &message);
}

static bool
same_reactions(const struct amends *a, const struct amends *b,
    const char *msg)
{
	const struct amend *one, *other;
	size_t count = amends_reactions(a, msg, &one);

	if (amends_reactions(b, msg, &other) != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!id_equal(&one[i].author, &other[i].author) ||
		    strcmp(one[i].text, other[i].text) != 0)
			return false;
	return true;
}

static bool
same_edits(const struct amends *a, const struct amends *b, const char *msg,
    const struct id *author)
{
	const struct amend *one, *other;
	size_t count = amends_edits(a, msg, author, &one);

	if (amends_edits(b, msg, author, &other) != count)
		return false;
	return count == 0 ||
	    strcmp(one[count - 1].text, other[count - 1].text) == 0;
}

static bool
is_amended(const struct amends *amends, const struct dchat_message *message)
{
	const struct amend *first;

	return amends_deleted(amends, message->msg, &message->author) ||
	    amends_reactions(amends, message->msg, &first) > 0 ||
	    amends_edits(amends, message->msg, &message->author, &first) > 0;
}

/* The same set was shown to it, and it is this. */
static bool
saw_just(const struct shown *shown, const uint8_t *marks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((i < shown->mark_count &&
			(shown->marks[i] == SHOWN || shown->marks[i] == READ)) !=
		    (marks[i] != 0))
			return false;
	return true;
}

void
amends_finish(struct sim *sim, const struct sim_node *node,
    const struct shown *shown, const uint8_t *marks)
{
	struct checkers *c = sim->checkers;
	struct amends whole = { 0 };

	if (!saw_just(shown, marks, c->said_count))
		return;
	for (size_t i = c->said_count; i-- > 0;)
		if (marks[i] != 0) {
			struct dchat_message message = message_of(c, sim, i);

			amends_take(&whole, &message);
		}
	for (size_t i = 0; i < c->said_count; i++) {
		struct dchat_message message = message_of(c, sim, i);

		if (marks[i] == 0)
			continue;
		c->figures.amended += is_amended(&whole, &message);
		if (amends_deleted(&whole, message.msg, &message.author) !=
			amends_deleted(&shown->amends, message.msg,
			    &message.author) ||
		    !same_edits(&whole, &shown->amends, message.msg,
			&message.author) ||
		    !same_reactions(&whole, &shown->amends, message.msg))
			checkers_fail(sim, node,
			    "sees something else become of \"%s\" than others",
			    message.text);
	}
	amends_free(&whole);
}
