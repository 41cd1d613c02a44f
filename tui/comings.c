#include "tui/comings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "tui/group.h"

/* What all of somebody's comings and goings come to. */
enum sum {
	SUM_JOINED,
	SUM_BACK,
	SUM_VISITED,
	SUM_LEFT,
	SUM_GONE,
	SUM_LEFT_AND_CAME,
	SUM_GONE_AND_CAME,
	SUMS,
};

/* Said of one, and of several. */
static const char *const phrases[SUMS][2] = {
	[SUM_JOINED] = { "joined", "joined" },
	[SUM_BACK] = { "is back", "are back" },
	[SUM_VISITED] = { "came and went", "came and went" },
	[SUM_LEFT] = { "left", "left" },
	[SUM_GONE] = { "is gone", "are gone" },
	[SUM_LEFT_AND_CAME] = { "left and came back", "left and came back" },
	[SUM_GONE_AND_CAME] = { "was gone and is back",
	    "were gone and are back" },
};

static void
forget(struct comings *comings)
{
	size_t i;

	for (i = 0; i < comings->count; i++) {
		free(comings->people[i].nick);
		free(comings->people[i].reason);
	}
	comings->count = 0;
	free(comings->text);
	comings->text = NULL;
}

void
comings_free(struct comings *comings)
{
	forget(comings);
	free(comings->people);
	*comings = (struct comings){ 0 };
}

static bool
is_going(enum coming_kind kind)
{
	return kind == COMING_LEFT || kind == COMING_GONE;
}

static enum sum
sum_of(const struct comings_person *person)
{
	if (!is_going(person->first) && !is_going(person->last))
		return person->first == COMING_BACK ? SUM_BACK : SUM_JOINED;
	if (!is_going(person->first))
		return SUM_VISITED;
	if (is_going(person->last))
		return person->last == COMING_LEFT ? SUM_LEFT : SUM_GONE;
	return person->first == COMING_LEFT ? SUM_LEFT_AND_CAME
					    : SUM_GONE_AND_CAME;
}

/* -- the text ---------------------------------------------------------- */

static void
put_here(const struct comings *comings, struct bytes *text)
{
	size_t i;

	bytes_append_text(text,
	    comings->also ? "also here: " : "you joined; here: ");
	for (i = 0; i < comings->count; i++) {
		bytes_append_text(text, i > 0 ? ", " : "");
		bytes_append_text(text, comings->people[i].nick);
	}
}

/* "; ana, bob left" */
static void
put_sum(const struct comings *comings, enum sum sum, struct bytes *text)
{
	const struct comings_person *last = NULL;
	size_t count = 0, i;
	char gone[256];

	for (i = 0; i < comings->count; i++) {
		if (sum_of(&comings->people[i]) != sum)
			continue;
		if (last)
			bytes_append_text(text, ", ");
		else if (text->size > 0)
			bytes_append_text(text, "; ");
		last = &comings->people[i];
		bytes_append_text(text, last->nick);
		count++;
	}
	if (!last)
		return;
	if (sum == SUM_GONE && count == 1) {
		/* with what is known of why */
		group_gone("", last->reason, gone);
		bytes_append_text(text, gone);
		return;
	}
	bytes_append_text(text, " ");
	bytes_append_text(text, phrases[sum][count > 1]);
}

static void
write_text(struct comings *comings)
{
	struct bytes text;
	int sum;

	bytes_init(&text);
	if (comings->people[0].first == COMING_HERE)
		put_here(comings, &text);
	else
		for (sum = 0; sum < SUMS; sum++)
			put_sum(comings, (enum sum)sum, &text);
	bytes_append(&text, "", 1);
	free(comings->text);
	comings->text = (char *)text.data;
}

/* -- who came and who went --------------------------------------------- */

static void
add_person(struct comings *comings, const struct coming *coming)
{
	MEM_GROW(comings->people, comings->count, comings->cap);
	comings->people[comings->count++] = (struct comings_person){
		.id = coming->id,
		.nick = mem_text(coming->nick),
		.reason = mem_text(coming->reason),
		.first = coming->kind,
		.last = coming->kind,
	};
}

static bool
has_room(const struct comings *comings, const struct coming *coming)
{
	return comings->count > 0 && comings->count < COMINGS_PEOPLE &&
	    strlen(comings->text) + strlen(coming->nick) + 128 <
	    COMINGS_BYTES &&
	    (comings->people[0].first == COMING_HERE) ==
	    (coming->kind == COMING_HERE);
}

void
comings_begin(struct comings *comings, const struct coming *coming, bool also)
{
	forget(comings);
	comings->also = also;
	add_person(comings, coming);
	write_text(comings);
}

bool
comings_add(struct comings *comings, const struct coming *coming)
{
	size_t i;

	if (!has_room(comings, coming))
		return false;
	for (i = 0; i < comings->count; i++) {
		struct comings_person *person = &comings->people[i];

		if (!id_equal(&person->id, &coming->id))
			continue;
		person->last = coming->kind;
		free(person->reason);
		person->reason = mem_text(coming->reason);
		write_text(comings);
		return true;
	}
	add_person(comings, coming);
	write_text(comings);
	return true;
}
