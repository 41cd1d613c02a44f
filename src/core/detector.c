#include "core/detector.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
detector_init(struct detector *d, const struct id *self)
{
	*d = (struct detector){
		.self = *self,
		.hold_until = -1,
		.round_since = NEVER,
	};
}

void
detector_free(struct detector *d)
{
	free(d->items);
	*d = (struct detector){ 0 };
}

static struct watch *
find(const struct detector *d, const struct id *peer, size_t *index)
{
	bool found;
	size_t at = ID_SEARCH(d->items, d->count, peer, peer, &found);

	if (index != NULL)
		*index = at;
	return found ? &d->items[at] : NULL;
}

const struct watch *
detector_find(const struct detector *d, const struct id *peer)
{
	return find(d, peer, NULL);
}

static struct watch *
find_or_add(struct detector *d, instant_ms now, const struct id *peer)
{
	size_t index = 0;
	struct watch *watch = find(d, peer, &index);

	if (watch != NULL)
		return watch;
	MEM_INSERT(d->items, d->count, d->cap, index);
	d->items[index] = (struct watch){
		.peer = *peer,
		.heard = now,
		.pinged = now,
		.rtt_ms = -1,
	};
	return &d->items[index];
}

void
detector_watch(struct detector *d, instant_ms now,
    const struct id *neighbours, size_t count)
{
	for (size_t i = 0; i < count; i++)
		find_or_add(d, now, &neighbours[i]);
	for (size_t i = d->count; i-- > 0;) {
		struct watch *watch = &d->items[i];
		bool found;

		id_search(neighbours, count, &watch->peer, &found);
		if (found && !watch->neighbour) {
			/* Silence counts from when the watch began. */
			watch->heard = now;
			watch->pinged = now - HEARTBEAT_MS;
			watch->reported = false;
		}
		watch->neighbour = found;
		if (!watch->neighbour && !watch->linked)
			MEM_REMOVE(d->items, d->count, i);
	}
}

void
detector_link_up(struct detector *d, instant_ms now, const struct id *peer)
{
	struct watch *watch = find_or_add(d, now, peer);

	watch->linked = true;
	watch->reported = false;
	watch->vouched = 0;
	watch->heard = now;
	/* The first ping at once: it measures the way. */
	watch->pinged = now - HEARTBEAT_MS;
}

void
detector_link_down(struct detector *d, const struct id *peer)
{
	struct watch *watch = find(d, peer, NULL);

	if (watch == NULL)
		return;
	watch->linked = watch->looked = false;
	watch->number = 0;
	if (!watch->neighbour)
		MEM_REMOVE(d->items, d->count, (size_t)(watch - d->items));
}

void
detector_heard(struct detector *d, instant_ms now, const struct id *peer)
{
	struct watch *watch = find(d, peer, NULL);

	if (watch == NULL)
		return;
	watch->heard = now;
	watch->reported = false;
	watch->vouched = 0;
}

void
detector_vouched(struct detector *d, instant_ms now, const struct id *peer)
{
	struct watch *watch = find(d, peer, NULL);

	if (watch == NULL || !watch->reported)
		return;
	watch->reported = false;
	watch->heard = now;
	if (watch->vouched < VOUCHED_MAX)
		watch->vouched++;
}

bool
detector_pong(struct detector *d, instant_ms now, const struct id *peer,
    uint64_t number)
{
	struct watch *watch = find(d, peer, NULL);
	double rtt_ms;

	if (watch == NULL || number == 0 || watch->number != number)
		return false;
	rtt_ms = (double)(now - watch->pinged);
	/* RFC 6298, section 2: smoothed by an eighth. */
	watch->rtt_ms = watch->rtt_ms < 0
	    ? rtt_ms
	    : watch->rtt_ms + (rtt_ms - watch->rtt_ms) / 8;
	watch->number = 0;
	if (d->health > 0)
		d->health--;
	return true;
}

struct watch *
detector_clock(struct detector *d, const struct id *peer, int64_t ahead_ms)
{
	struct watch *watch = find(d, peer, NULL);

	if (watch == NULL)
		return NULL;
	watch->skew_ms =
	    ahead_ms + (watch->rtt_ms < 0 ? 0 : (int64_t)watch->rtt_ms / 2);
	watch->skew_known = true;
	return watch;
}

void
detector_refuted(struct detector *d)
{
	if (d->health < HEALTH_MAX)
		d->health++;
}

void
detector_resumed(struct detector *d, instant_ms now)
{
	for (size_t i = 0; i < d->count; i++) {
		d->items[i].heard = now;
		d->items[i].pinged = now - HEARTBEAT_MS;
		d->items[i].number = 0;
		d->items[i].reported = false;
	}
	d->hold_until = -1;
	d->held = false;
	d->round_since = NEVER;
}

void
detector_look(struct detector *d)
{
	for (size_t i = 0; i < d->count; i++)
		d->items[i].looked = d->items[i].linked;
}

static instant_ms
patience_ms(const struct detector *d, const struct watch *watch)
{
	return ((instant_ms)SILENCE_MS << watch->vouched) +
	    (instant_ms)d->health * HEALTH_MS;
}

/* No neighbour, but I am looking round. */
static bool
is_looked_round(const struct detector *d, const struct watch *watch)
{
	return d->round_since != NEVER && watch->linked && !watch->neighbour;
}

static instant_ms
ping_at(const struct detector *d, const struct watch *watch)
{
	instant_ms due = watch->pinged + HEARTBEAT_MS;

	if (watch->looked || is_looked_round(d, watch))
		return due;
	if (!watch->linked || !watch->neighbour)
		/* A link alone is measured once, when it comes up. */
		return watch->linked && watch->rtt_ms < 0 &&
			watch->number == 0 ? due : NEVER;
	if (id_compare(&d->self, &watch->peer) > 0 &&
	    due < watch->heard + HEARTBEAT_OVERDUE_MS && watch->rtt_ms >= 0)
		due = watch->heard + HEARTBEAT_OVERDUE_MS;
	return due;
}

static instant_ms
silent_at(const struct detector *d, const struct watch *watch)
{
	instant_ms since = watch->heard;

	if (watch->reported)
		return NEVER;
	if (is_looked_round(d, watch))
		/* Nobody asked it before. */
		since = since > d->round_since ? since : d->round_since;
	else if (!watch->neighbour)
		return NEVER;
	return since + patience_ms(d, watch);
}

/*
 * More than half of what I watch fell silent: look at myself first.  Two of
 * them: look round.
 */
static void
look_at_silence(struct detector *d, instant_ms now)
{
	size_t watched = 0, silent = 0, linked = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct watch *watch = &d->items[i];

		watched += watch->neighbour;
		if (!watch->neighbour || now - watch->heard < SELF_SUSPICION_MS)
			continue;
		silent++;
		linked += watch->linked;
	}
	if (linked < EDGE_OF_CUT)
		d->round_since = NEVER;
	else if (d->round_since == NEVER)
		d->round_since = now;
	if (watched < 2 || silent * 2 <= watched) {
		d->held = false;
	} else if (!d->held) {
		d->held = true;
		d->hold_until = now + SELF_SUSPICION_HOLD_MS;
	}
}

struct detector_due
detector_expire(struct detector *d, instant_ms now, struct effects *fx)
{
	struct id *ping = effects_alloc(fx, d->count * sizeof *ping);
	struct id *silent = effects_alloc(fx, d->count * sizeof *silent);
	uint64_t *numbers = effects_alloc(fx, d->count * sizeof *numbers);
	struct detector_due due = {
		.ping = ping,
		.silent = silent,
		.numbers = numbers,
	};

	look_at_silence(d, now);
	for (size_t i = 0; i < d->count; i++) {
		struct watch *watch = &d->items[i];

		if (now >= silent_at(d, watch) && now >= d->hold_until) {
			watch->reported = true;
			silent[due.silent_count++] = watch->peer;
		}
		if (now >= ping_at(d, watch)) {
			watch->pinged = now;
			watch->looked = false;
			watch->number = ++d->next_number;
			numbers[due.ping_count] = watch->number;
			ping[due.ping_count++] = watch->peer;
		}
	}
	return due;
}

instant_ms
detector_deadline(const struct detector *d)
{
	instant_ms deadline = NEVER;

	for (size_t i = 0; i < d->count; i++) {
		const struct watch *watch = &d->items[i];
		instant_ms silent = silent_at(d, watch);

		if (silent != NEVER && silent < d->hold_until)
			silent = d->hold_until;
		deadline = instant_earlier(deadline, silent);
		deadline = instant_earlier(deadline, ping_at(d, watch));
	}
	return deadline;
}
