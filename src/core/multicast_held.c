/*
 * multicast_held: telling people what waits, for whom, and how long.
 *
 * Of each author of a room whose messages wait one is told at once, then at
 * most once a second while that changes, and at last that nothing of it
 * waits any more.
 */
#include <stdlib.h>
#include <string.h>

#include "core/multicast_room.h"

enum {
	TELL_AGAIN_MS = 1000,
	TOLD_MAX = 64,     /* authors of a room; others wait in silence */
	CAUSES_MAX = 16,   /* authors named as waited for */
	HOLDINGS_MAX = 64, /* authors of a room in one answer */
};

static void
add_cause(struct dchat_holding *holding, struct id *causes,
    const struct id *author)
{
	for (size_t i = 0; i < holding->waiting_count; i++)
		if (id_equal(&causes[i], author))
			return;
	if (holding->waiting_count < CAUSES_MAX)
		causes[holding->waiting_count++] = *author;
}

static size_t
count_waiting(const struct multicast_room *mr, const struct id *author)
{
	size_t count = 0;

	for (size_t i = holdback_of_author(&mr->held, author);
	     i < mr->held.count; i++) {
		const struct bundle *bundle = mr->held.items[i]->bundle;

		if (!id_equal(&bundle->stream.author, author))
			break;
		count += bundle->message_count;
	}
	return count;
}

/* What waits of one author; count 0: nothing that anybody would see. */
static struct dchat_holding
describe(const struct multicast_room *mr, instant_ms now,
    const struct id *author, struct effects *fx)
{
	struct id *causes = effects_alloc(fx, CAUSES_MAX * sizeof *causes);
	struct dchat_holding holding = {
		.room = mr->room->name,
		.author = *author,
		.waiting_for = causes,
	};
	instant_ms since = now;

	for (size_t i = holdback_of_author(&mr->held, author);
	     i < mr->held.count; i++) {
		const struct held *held = mr->held.items[i];
		const struct dependency *cause;

		if (!id_equal(&held->bundle->stream.author, author))
			break;
		if (held->bundle->message_count == 0)
			continue;
		holding.count += held->bundle->message_count;
		if (holding.count == held->bundle->message_count ||
		    held->since < since) {
			since = held->since;
			holding.asked = multicast_asked_for(mr, held);
		}
		cause = holdback_root(&mr->held, held);
		if (cause != NULL)
			add_cause(&holding, causes, &cause->stream.author);
	}
	holding.waited_ms = now - since;
	return holding;
}

static void
tell(struct waiting *waiting, instant_ms now,
    const struct dchat_holding *holding, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_HELD };

	event.held = *holding;
	effects_notify(fx, &event);
	waiting->told_at = now;
	waiting->count = holding->count;
}

void
multicast_tell_held(struct multicast_room *mr, instant_ms now,
    const struct id *author, struct effects *fx)
{
	struct dchat_holding holding;
	bool found;
	size_t at = ID_SEARCH(mr->waiting, mr->waiting_count, author, author,
	    &found);

	if (found) {
		mr->tell_at = instant_earlier(mr->tell_at,
		    mr->waiting[at].told_at + TELL_AGAIN_MS);
		return;
	}
	if (mr->waiting_count >= TOLD_MAX)
		return;
	holding = describe(mr, now, author, fx);
	if (holding.count == 0)
		return;
	MEM_INSERT(mr->waiting, mr->waiting_count, mr->waiting_cap, at);
	mr->waiting[at] = (struct waiting){ .author = *author };
	tell(&mr->waiting[at], now, &holding, fx);
}

/* That nothing waits any more is told at once, what changed in its time. */
void
multicast_tell_flowed(struct multicast_room *mr, instant_ms now,
    struct effects *fx)
{
	if (now >= mr->tell_at)
		mr->tell_at = NEVER;
	for (size_t i = mr->waiting_count; i-- > 0;) {
		struct waiting *waiting = &mr->waiting[i];
		size_t count = count_waiting(mr, &waiting->author);
		instant_ms next = waiting->told_at + TELL_AGAIN_MS;
		struct dchat_holding holding;

		if (count == waiting->count)
			continue;
		if (count > 0 && now < next) {
			mr->tell_at = instant_earlier(mr->tell_at, next);
			continue;
		}
		holding = describe(mr, now, &waiting->author, fx);
		tell(waiting, now, &holding, fx);
		if (count == 0)
			MEM_REMOVE(mr->waiting, mr->waiting_count, i);
	}
}

size_t
multicast_holdings(const struct multicast *mc, instant_ms now,
    const struct id *room, const struct dchat_holding **out,
    struct effects *fx)
{
	const struct multicast_room *mr = multicast_find_room(mc, room);
	struct dchat_holding *holdings;
	size_t count = 0;

	*out = NULL;
	if (mr == NULL || mr->held.count == 0)
		return 0;
	holdings = effects_alloc(fx, HOLDINGS_MAX * sizeof *holdings);
	for (size_t i = 0; i < mr->held.count && count < HOLDINGS_MAX; i++) {
		const struct id *author =
		    &mr->held.items[i]->bundle->stream.author;

		if (i > 0 &&
		    id_equal(author,
			&mr->held.items[i - 1]->bundle->stream.author))
			continue;
		holdings[count] = describe(mr, now, author, fx);
		count += holdings[count].count > 0;
	}
	*out = holdings;
	return count;
}
