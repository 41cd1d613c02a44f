#include "tests/unit/one_talker.h"

#include <check.h>
#include <stdlib.h>

const struct message hello = { KIND_TEXT, "hello", "" };

struct rooms rooms;
struct room *room;
struct multicast mc;
struct effects fx;

void
talker_setup(void)
{
	struct id self = talker_id(0), id = { { 0x77 } };

	rooms_init(&rooms);
	room = rooms_add(&rooms, &id, "#lobby");
	room->joined = true;
	room->past = PAST_EMPTY;
	for (size_t i = 1; i < 4; i++) {
		MEM_GROW(room->audience, room->audience_count,
		    room->audience_cap);
		room->audience[room->audience_count++] = talker_id(i);
	}
	multicast_init(&mc, &self, 1, 7, &rooms);
	effects_init(&fx);
}

void
talker_teardown(void)
{
	multicast_free(&mc);
	rooms_free(&rooms);
	effects_free(&fx);
}

size_t
count_effects(enum effect_type type)
{
	size_t count = 0;

	for (size_t i = 0; i < fx.count; i++)
		count += fx.items[i].type == type;
	return count;
}

/* The number-th effect of a type; NULL when there are fewer. */
const struct effect *
effect_at(enum effect_type type, size_t number)
{
	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == type && number-- == 0)
			return &fx.items[i];
	return NULL;
}

const struct dchat_event *
event_at(size_t number)
{
	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == EFFECT_NOTIFY &&
		    fx.items[i].event->type != DCHAT_EVENT_HELD &&
		    number-- == 0)
			return fx.items[i].event;
	return NULL;
}

const struct dchat_holding *
held_at(size_t number)
{
	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == EFFECT_NOTIFY &&
		    fx.items[i].event->type == DCHAT_EVENT_HELD &&
		    number-- == 0)
			return &fx.items[i].event->held;
	return NULL;
}

enum error
say(uint64_t token, const char *text)
{
	return multicast_say(&mc, 0, WALL, room, DCHAT_SAY, token,
	    &(struct message){ KIND_TEXT, text, "" }, &fx);
}

/* The PUBLISH that the effects contain, cloned; the effects are cleared. */
struct bundle *
take_publish(void)
{
	const struct effect *effect = effect_at(EFFECT_PUBLISH, 0);
	struct bundle *bundle;

	ck_assert_ptr_nonnull(effect);
	ck_assert_uint_eq(count_effects(EFFECT_PUBLISH), 1);
	bundle = bundle_clone(effect->bundle);
	effects_clear(&fx);
	return bundle;
}

void
publish(struct bundle *bundle)
{
	multicast_published(&mc, 0, WALL, bundle, &fx);
	bundle_free(bundle);
}

enum verdict
recv_at(instant_ms now, const struct bundle *bundle, bool backlog)
{
	struct id from = bundle->stream.author;

	return multicast_recv(&mc, now, &from, bundle, backlog, &fx);
}

struct bundle
make(size_t author, uint64_t seq, const struct dependency *dependencies,
    size_t count)
{
	return room_bundle(&room->id, author, seq, ((uint64_t)WALL << 16) + seq,
	    dependencies, count, &hello);
}

/* Receives a plain bundle without dependencies. */
enum verdict
recv_plain(instant_ms now, size_t author, uint64_t seq)
{
	struct bundle bundle = make(author, seq, NULL, 0);

	return recv_at(now, &bundle, false);
}

/* The store answers every STORE of the effects, in order; what is shown is
 * then in the effects. */
size_t
store_all(void)
{
	size_t count = count_effects(EFFECT_STORE);
	struct bundle **stored = mem_zero(count, sizeof *stored);

	for (size_t i = 0; i < count; i++)
		stored[i] = bundle_clone(effect_at(EFFECT_STORE, i)->bundle);
	effects_clear(&fx);
	for (size_t i = 0; i < count; i++) {
		multicast_stored(&mc, 0, stored[i], &fx);
		bundle_free(stored[i]);
	}
	free(stored);
	return count;
}

/* Lets time pass; what is shown meanwhile stays in the effects. */
void
pass(instant_ms until)
{
	instant_ms now;

	while ((now = multicast_deadline(&mc)) <= until) {
		effects_clear(&fx);
		multicast_expire(&mc, now, &fx);
		if (count_effects(EFFECT_STORE) > 0) {
			store_all();
			break;
		}
	}
}
