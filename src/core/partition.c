#include "core/partition.h"

#include <stdlib.h>
#include <string.h>

void
partition_init(struct partition *p)
{
	*p = (struct partition){
		.early_at = NEVER,
		.lost_at = NEVER,
		.lost_most = NEVER,
		.back_at = NEVER,
		.back_most = NEVER,
	};
}

static void
forget_merging(struct partition *p)
{
	for (size_t i = 0; i < p->merging_count; i++)
		free(p->merging[i].room);
	p->merging_count = 0;
}

void
partition_free(struct partition *p)
{
	forget_merging(p);
	free(p->merging);
	free(p->items);
	partition_init(p);
}

/* -- who ---------------------------------------------------------------- */

static bool
is_lost(const struct member *member, instant_ms now)
{
	return member->state == MEMBER_DEAD && member->announced &&
	    member->reason != REASON_REFUSED &&
	    now - member->since < PARTITION_FORGET_MS;
}

static bool
any_back(const struct partition *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].back)
			return true;
	return false;
}

static void
lose(struct partition *p, instant_ms now, const struct member *member)
{
	bool found;
	size_t at = ID_SEARCH(p->items, p->count, id, &member->id, &found);

	if (found && !p->items[at].back)
		return;
	if (!found)
		MEM_INSERT(p->items, p->count, p->cap, at);
	/* Lost again before its return was told: so it never returned. */
	p->items[at] = (struct stray){
		.id = member->id,
		.since = member->since,
		.told = found && p->items[at].told,
	};
	if (p->items[at].told)
		return;
	if (p->lost_most == NEVER)
		p->lost_most = now + PARTITION_LOST_MOST_MS;
	p->lost_at = instant_earlier(now + PARTITION_LOST_QUIET_MS,
	    p->lost_most);
}

/* One that was lost: where is it now?  True: it is to be forgotten. */
static bool
look_after(struct partition *p, instant_ms now, struct stray *stray,
    const struct member *member)
{
	if (stray->back || is_lost(member, now))
		return false;
	/* Nobody heard that it was gone, so nobody has to hear more. */
	if (!member_present(member) || !stray->told)
		return true;
	if (!any_back(p) &&
	    (p->early_at == NEVER ||
		now - p->early_at > PARTITION_BACK_MOST_MS))
		forget_merging(p);
	stray->back = true;
	if (p->back_most == NEVER)
		p->back_most = now + PARTITION_BACK_MOST_MS;
	p->back_at = instant_earlier(now + PARTITION_BACK_QUIET_MS,
	    p->back_most);
	return false;
}

void
partition_update(struct partition *p, instant_ms now,
    const struct membership *membership)
{
	for (size_t i = p->count; i-- > 0;) {
		struct stray *stray = &p->items[i];

		if (look_after(p, now, stray,
			membership_find(membership, &stray->id)))
			MEM_REMOVE(p->items, p->count, i);
	}
	for (size_t i = 0; i < membership->count; i++)
		if (is_lost(&membership->items[i], now))
			lose(p, now, &membership->items[i]);
	if (!any_back(p))
		p->back_at = p->back_most = NEVER;
	if (p->count == 0)
		forget_merging(p);
}

size_t
partition_lost(const struct partition *p, const struct id **out,
    struct effects *fx)
{
	struct id *ids = effects_alloc(fx, p->count * sizeof *ids);
	size_t count = 0;

	for (size_t i = 0; i < p->count; i++)
		if (!p->items[i].back)
			ids[count++] = p->items[i].id;
	*out = ids;
	return count;
}

bool
partition_is_news(const struct partition *p, instant_ms now)
{
	for (size_t i = 0; i < p->count; i++)
		if (!p->items[i].back &&
		    now - p->items[i].since < PARTITION_NEWS_MS)
			return true;
	return false;
}

/* -- what came with them ------------------------------------------------- */

static bool
is_stray(const struct partition *p, const struct id *id)
{
	bool found;

	(void)ID_SEARCH(p->items, p->count, id, id, &found);
	return found;
}

void
partition_merged(struct partition *p, instant_ms now, const char *room,
    const struct id *author)
{
	bool early = !any_back(p);
	size_t i = 0;

	if (early && !is_stray(p, author))
		return;
	while (i < p->merging_count && strcmp(p->merging[i].room, room) != 0)
		i++;
	if (i == p->merging_count) {
		MEM_GROW(p->merging, p->merging_count, p->merging_cap);
		p->merging[p->merging_count++] =
		    (struct merging){ .room = mem_text(room) };
	}
	p->merging[i].count++;
	if (early) {
		p->early_at = now;
		return;
	}
	p->back_at = instant_earlier(now + PARTITION_BACK_QUIET_MS,
	    p->back_most);
}

void
partition_same(struct partition *p, const struct id *id)
{
	bool found;
	size_t at = ID_SEARCH(p->items, p->count, id, id, &found);

	if (found && p->items[at].back)
		p->items[at].same = true;
}

/* Those on one side of a cut hold the same, so one is enough. */
static bool
any_same(const struct partition *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->items[i].same)
			return true;
	return false;
}

/* -- telling ------------------------------------------------------------- */

static void
tell_lost(struct partition *p, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_PARTITION };
	bool news = false;

	p->lost_at = p->lost_most = NEVER;
	for (size_t i = 0; i < p->count; i++) {
		news = news || !p->items[i].told;
		p->items[i].told = true;
	}
	/* Some may have come back in the same breath. */
	if (!news)
		return;
	event.partition.lost_count =
	    partition_lost(p, &event.partition.lost, fx);
	effects_notify(fx, &event);
}

static void
tell_healed(struct partition *p, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_PARTITION };
	struct id *healed = effects_alloc(fx, p->count * sizeof *healed);
	struct dchat_merged *rooms =
	    effects_alloc(fx, p->merging_count * sizeof *rooms);
	size_t kept = 0;

	p->back_at = p->back_most = NEVER;
	for (size_t i = 0; i < p->count; i++) {
		if (p->items[i].back)
			healed[event.partition.healed_count++] =
			    p->items[i].id;
		else
			p->items[kept++] = p->items[i];
	}
	p->count = kept;
	for (size_t i = 0; i < p->merging_count; i++) {
		rooms[i].room = effects_text(fx, p->merging[i].room);
		rooms[i].count = p->merging[i].count;
		event.partition.merged += rooms[i].count;
	}
	event.partition.room_count = p->merging_count;
	event.partition.rooms = rooms;
	event.partition.healed = healed;
	forget_merging(p);
	p->early_at = NEVER;
	effects_notify(fx, &event);
}

static instant_ms
forget_at(const struct partition *p)
{
	instant_ms at = NEVER;

	for (size_t i = 0; i < p->count; i++)
		if (!p->items[i].back)
			at = instant_earlier(at,
			    p->items[i].since + PARTITION_FORGET_MS);
	return at;
}

static void
forget_old(struct partition *p, instant_ms now)
{
	for (size_t i = p->count; i-- > 0;)
		if (!p->items[i].back &&
		    now - p->items[i].since >= PARTITION_FORGET_MS)
			MEM_REMOVE(p->items, p->count, i);
}

void
partition_expire(struct partition *p, instant_ms now, struct effects *fx)
{
	if (now >= p->lost_at)
		tell_lost(p, fx);
	if (now >= p->back_at && now < p->back_most && !any_same(p))
		p->back_at = instant_earlier(now + PARTITION_BACK_QUIET_MS,
		    p->back_most);
	if (now >= p->back_at)
		tell_healed(p, fx);
	forget_old(p, now);
}

instant_ms
partition_deadline(const struct partition *p)
{
	return instant_earlier(forget_at(p),
	    instant_earlier(p->lost_at, p->back_at));
}
