#include "core/membership_moves.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static size_t
find_index(const struct membership *m, const struct id *id, bool *found)
{
	return ID_SEARCH(m->items, m->count, id, id, found);
}

struct member *
membership_find(const struct membership *m, const struct id *id)
{
	bool found;
	size_t index = find_index(m, id, &found);

	return found ? &m->items[index] : NULL;
}

struct member *
membership_self(const struct membership *m)
{
	return membership_find(m, &m->self);
}

static struct member *
insert(struct membership *m, const struct id *id)
{
	bool found;
	size_t index = find_index(m, id, &found);

	assert(!found);
	MEM_INSERT(m->items, m->count, m->cap, index);
	m->items[index] = (struct member){
		.id = *id,
		.state = MEMBER_LEFT,
		.told = NEVER,
		.heard = NEVER,
		.doubted = NEVER,
	};
	return &m->items[index];
}

void
membership_init(struct membership *m, instant_ms now,
    const struct record *record)
{
	struct member *self;

	*m = (struct membership){ .self = record->id, .version = 1 };
	self = insert(m, &record->id);
	self->start = record->start;
	self->state = MEMBER_ALIVE;
	self->since = now;
	self->record = record_clone(record);
}

void
membership_free(struct membership *m)
{
	for (size_t i = 0; i < m->count; i++)
		record_free(m->items[i].record);
	free(m->items);
	free(m->restarted);
	*m = (struct membership){ 0 };
}

/* -- what is told ------------------------------------------------------ */

struct frame
membership_news(const struct member *member)
{
	struct frame frame = { .type = FRAME_MEMBER };

	frame.member = (struct member_news){
		.id = member->id,
		.start = member->start,
		.incarnation = member->incarnation,
		.state = member->state,
		.reason = member->reason,
		.address = member->address,
	};
	if (member->accuser_count > 0)
		frame.member.accuser = member->accusers[0].id;
	if (member->record != NULL && member->record->sealed.body != NULL)
		frame.member.record = member->record;
	return frame;
}

/* An address of this host alone means another host elsewhere. */
static void
hide_local_address(struct frame *frame, const struct member *to)
{
	struct address *address = &frame->member.address;

	if (address_is_link_local(address) ||
	    (address_is_loopback(address) &&
		(to == NULL || !address_is_loopback(&to->address))))
		*address = (struct address){ 0 };
}

void
membership_broadcast(struct membership *m, const struct frame *frame,
    struct effects *fx)
{
	struct id *to = effects_alloc(fx, m->count * sizeof *to);
	struct frame safe = *frame;
	size_t count = 0;

	hide_local_address(&safe, NULL);
	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].linked)
			to[count++] = m->items[i].id;
	effects_send_many(fx, to, count, &safe);
}

void
membership_tell_all(struct membership *m, instant_ms now,
    const struct id *peer, struct effects *fx)
{
	struct member *to = membership_find(m, peer);

	if (to != NULL)
		to->told = now;
	for (size_t i = 0; i < m->count; i++) {
		struct frame frame = membership_news(&m->items[i]);

		hide_local_address(&frame, to);
		effects_send(fx, peer, &frame);
	}
}

static void
notify_peer(struct membership *m, struct member *member, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_PEER };

	if (membership_is_self(m, member))
		return;
	/* Whoever comes is announced with its nick, which its record brings;
	 * on a new link that is the next frame. */
	if (!member->announced && member->record == NULL &&
	    member->state == MEMBER_ALIVE)
		return;
	member->announced = true;
	event.peer.id = member->id;
	event.peer.state = member->state;
	event.peer.rtt_ms = -1;
	event.peer.reason = reason_name(member->reason);
	effects_notify(fx, &event);
}

/* -- rooms ------------------------------------------------------------- */

static const struct room_name *
find_room(const struct room_name *rooms, size_t count, const struct id *room)
{
	for (size_t i = 0; i < count; i++)
		if (id_equal(&rooms[i].id, room))
			return &rooms[i];
	return NULL;
}

static bool
record_has_room(const struct record *record, const struct id *room)
{
	return record != NULL &&
	    find_room(record->rooms, record->room_count, room) != NULL;
}

bool
member_in_room(const struct member *member, const struct id *room)
{
	return record_has_room(member->record, room);
}

static void
notify_room(struct membership *m, enum dchat_event_type type,
    const char *room, const struct id *member, struct effects *fx)
{
	struct dchat_event event = { .type = type };

	event.membership.room = effects_text(fx, room);
	event.membership.id = *member;
	event.membership.self = id_equal(member, &m->self);
	effects_notify(fx, &event);
}

/* Tells where a member went, as far as it is my rooms. */
static void
notify_moves(struct membership *m, const struct id *member,
    const struct record *before, const struct record *after,
    struct effects *fx)
{
	const struct record *mine = membership_self(m)->record;

	for (size_t i = 0; i < mine->room_count; i++) {
		const struct room_name *room = &mine->rooms[i];
		bool was = record_has_room(before, &room->id);
		bool is = record_has_room(after, &room->id);

		if (was != is)
			notify_room(m,
			    is ? DCHAT_EVENT_JOINED : DCHAT_EVENT_PARTED,
			    room->name, member, fx);
	}
}

/*
 * Where the front end sees it: whoever left is nowhere, and so is one that
 * was gone before I came.
 */
static const struct record *
shown_record(const struct member *member)
{
	return member->announced && member->state != MEMBER_LEFT
	    ? member->record
	    : NULL;
}

static void
notify_joined_room(struct membership *m, const struct room_name *room,
    struct effects *fx)
{
	notify_room(m, DCHAT_EVENT_JOINED, room->name, &m->self, fx);
	for (size_t i = 0; i < m->count; i++) {
		const struct member *member = &m->items[i];

		if (record_has_room(shown_record(member), &room->id))
			notify_room(m, DCHAT_EVENT_JOINED, room->name,
			    &member->id, fx);
	}
}

void
membership_seal(struct membership *m, struct effects *fx)
{
	effects_seal(fx, membership_self(m)->record);
}

void
membership_set_rooms(struct membership *m, const struct room_name *rooms,
    size_t count, struct effects *fx)
{
	struct member *self = membership_self(m);
	struct record *old = self->record;
	struct record next = *old;

	next.version = old->version + 1;
	next.rooms = rooms;
	next.room_count = count;
	next.sealed = (struct sealed){ .body = NULL };
	memcpy(next.sealed.key, old->sealed.key, KEY_BYTES);
	self->record = record_clone(&next);
	for (size_t i = 0; i < old->room_count; i++)
		if (find_room(rooms, count, &old->rooms[i].id) == NULL)
			notify_room(m, DCHAT_EVENT_PARTED, old->rooms[i].name,
			    &m->self, fx);
	for (size_t i = 0; i < count; i++)
		if (!record_has_room(old, &rooms[i].id))
			notify_joined_room(m, &rooms[i], fx);
	record_free(old);
	m->changes++;
	membership_seal(m, fx);
}

void
membership_set_nick(struct membership *m, const char *nick,
    struct effects *fx)
{
	struct member *self = membership_self(m);
	struct record *old = self->record;
	struct record next = *old;

	next.version = old->version + 1;
	next.nick = nick;
	next.sealed = (struct sealed){ .body = NULL };
	memcpy(next.sealed.key, old->sealed.key, KEY_BYTES);
	self->record = record_clone(&next);
	record_free(old);
	m->changes++;
	membership_seal(m, fx);
}

static bool
same_or_none(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other
					    : strcmp(one, other) == 0;
}

/* Told of whoever is announced, and of me. */
static void
notify_away(struct membership *m, const struct member *member,
    const char *before, struct effects *fx)
{
	const struct record *record = member->record;
	const char *now = record == NULL ? NULL : record->away;
	struct dchat_event event = { .type = DCHAT_EVENT_AWAY };

	event.away.self = membership_is_self(m, member);
	if ((!member->announced && !event.away.self) ||
	    same_or_none(before, now))
		return;
	event.away.id = member->id;
	if (now != NULL)
		event.away.text = effects_text(fx, now);
	effects_notify(fx, &event);
}

void
membership_set_away(struct membership *m, const char *why, struct effects *fx)
{
	struct member *self = membership_self(m);
	struct record *old = self->record;
	struct record next = *old;

	if (same_or_none(old->away, why))
		return;
	next.version = old->version + 1;
	next.away = why;
	next.sealed = (struct sealed){ .body = NULL };
	memcpy(next.sealed.key, old->sealed.key, KEY_BYTES);
	self->record = record_clone(&next);
	m->changes++;
	notify_away(m, self, old->away, fx);
	record_free(old);
	membership_seal(m, fx);
}

void
membership_sealed(struct membership *m, const struct record *record,
    struct effects *fx)
{
	struct member *self = membership_self(m);
	struct record *old = self->record;
	struct frame frame;

	/* Rooms may have changed meanwhile: that version comes sealed too. */
	if (record->version != old->version || record->start != old->start)
		return;
	self->record = record_clone(record);
	record_free(old);
	m->changes++;
	frame = membership_news(self);
	membership_broadcast(m, &frame, fx);
}

/* -- states ------------------------------------------------------------ */

void
membership_enter(struct membership *m, instant_ms now, struct member *member,
    enum member_state state, enum reason reason, struct effects *fx)
{
	enum member_state before = member->state;
	const struct record *was_shown = shown_record(member);
	bool was_present = member_present(member);
	char name[ID_SHORT_TEXT];

	member->state = state;
	member->reason = reason;
	member->since = now;
	if (state == MEMBER_ALIVE || state == MEMBER_LEFT)
		member->accuser_count = 0;
	if (state == MEMBER_ALIVE && member->doubted != NEVER) {
		member->vindicated = true;
		member->doubted = NEVER;
	}
	m->changes++;
	if (was_present != member_present(member))
		m->version++;
	if (state == before)
		return;
	effects_trace(fx, "membership: %s is %s (%s)",
	    id_format_short(&member->id, name), member_state_name(state),
	    reason_name(reason));
	notify_peer(m, member, fx);
	notify_moves(m, &member->id, was_shown, shown_record(member), fx);
}

static void
begin_run(struct membership *m, struct member *member, uint64_t start)
{
	if (member_present(member) && member->start != 0) {
		MEM_GROW(m->restarted, m->restarted_count, m->restarted_cap);
		m->restarted[m->restarted_count++] = member->id;
	}
	member->start = start;
	member->incarnation = 0;
	member->accuser_count = 0;
	member->doubted = NEVER;
	member->vindicated = false;
}

void
membership_link_up(struct membership *m, instant_ms now,
    const struct id *peer, uint64_t start, const struct address *address,
    const struct id *via, struct effects *fx)
{
	struct member *member = membership_find(m, peer);
	bool new = member == NULL;

	if (new) {
		if (m->count >= LIMIT_MEMBERS)
			return;
		member = insert(m, peer);
	}
	member->linked = true;
	member->heard = now;
	member->via = *via;
	if (address->family != ADDRESS_NONE)
		member->address = *address;
	if (new || start > member->start) {
		enum reason why = new ? REASON_LINKED : REASON_RESTARTED;

		begin_run(m, member, start);
		membership_enter(m, now, member, MEMBER_ALIVE, why, fx);
	}
	/* One that I hold for dead hears of it here, and refutes. */
	membership_tell_all(m, now, peer, fx);
}

void
membership_link_down(struct membership *m, const struct id *peer)
{
	struct member *member = membership_find(m, peer);

	if (member == NULL)
		return;
	member->linked = false;
	member->via = (struct id){ 0 };
}

void
membership_heard(struct membership *m, instant_ms now, const struct id *peer)
{
	struct member *member = membership_find(m, peer);

	if (member != NULL)
		member->heard = now;
}

void
membership_left(struct membership *m, instant_ms now, const struct id *peer,
    struct effects *fx)
{
	struct member *member = membership_find(m, peer);

	if (member != NULL && member->state != MEMBER_LEFT)
		membership_enter(m, now, member, MEMBER_LEFT, REASON_GOODBYE, fx);
}

void
membership_part_if_dead(const struct member *member, struct effects *fx)
{
	if (member->state == MEMBER_DEAD && member->linked)
		effects_hangup(fx, &member->id, member->reason);
}

/* -- news -------------------------------------------------------------- */

/* Their order is the order of enum member_state. */
static int
compare_news(const struct member_news *news, const struct member *member)
{
	if (news->start != member->start)
		return news->start < member->start ? -1 : 1;
	if (news->incarnation != member->incarnation)
		return news->incarnation < member->incarnation ? -1 : 1;
	return (int)news->state - (int)member->state;
}

static enum verdict
refute(struct membership *m, const struct id *from,
    const struct member_news *news, struct effects *fx)
{
	struct member *self = membership_self(m);
	struct frame frame;

	if (news->start == self->start && news->state == MEMBER_ALIVE)
		return VERDICT_DUPLICATE;
	/* Of an earlier run, or refuted before: that word got lost. */
	if (news->start < self->start ||
	    (news->start == self->start &&
		news->incarnation < self->incarnation)) {
		frame = membership_news(self);
		effects_send(fx, from, &frame);
		return VERDICT_STALE;
	}
	/* A later start than mine is of a profile that was set back: go on
	 * from there, or nobody would believe this run. */
	if (news->start > self->start) {
		struct record *old = self->record;
		struct record next = *old;

		next.start = news->start;
		next.sealed.body = NULL;
		next.sealed.size = 0;
		self->record = record_clone(&next);
		record_free(old);
		self->start = news->start;
		self->incarnation = 0;
		membership_seal(m, fx);
	}
	self->incarnation = news->incarnation + 1;
	m->changes++;
	m->refuted = true;
	effects_trace(fx, "membership: I refute being %s",
	    member_state_name(news->state));
	frame = membership_news(self);
	membership_broadcast(m, &frame, fx);
	return VERDICT_ACCEPTED;
}

static bool
take_record(struct membership *m, struct member *member,
    const struct record *record, struct effects *fx)
{
	struct record *old = member->record;
	const struct record *was_shown = shown_record(member);
	const char *was_away;

	if (record == NULL || !id_equal(&record->id, &member->id))
		return false;
	if (old != NULL &&
	    (record->start < old->start || (record->start == old->start &&
		record->version <= old->version)))
		return false;
	was_away = old != NULL && member->announced ? old->away : NULL;
	member->record = record_clone(record);
	m->changes++;
	if (!member->announced && member_present(member))
		notify_peer(m, member, fx);
	notify_moves(m, &member->id, was_shown, shown_record(member), fx);
	notify_away(m, member, was_away, fx);
	record_free(old);
	return true;
}

/* A peer that I hear is not dead because somebody says so. */
static bool
hand_to_accused(const struct member *member, instant_ms now,
    const struct member_news *news, struct effects *fx)
{
	struct frame frame = { .type = FRAME_MEMBER, .member = *news };

	if (!member->linked || member->heard == NEVER ||
	    now - member->heard >= RECENTLY_MS ||
	    news->start != member->start)
		return false;
	frame.member.record = NULL;
	effects_send(fx, &member->id, &frame);
	return true;
}

static enum verdict
take_accusation(struct membership *m, instant_ms now, struct member *member,
    const struct member_news *news, struct effects *fx)
{
	if (!member_add_accuser(member, &news->accuser,
		news->reason == REASON_REFUSED))
		return VERDICT_DUPLICATE;
	m->changes++;
	membership_bury_refused(m, now, fx);
	return VERDICT_ACCEPTED;
}

static void
take_state(struct membership *m, instant_ms now, struct member *member,
    const struct member_news *news, bool new, struct effects *fx)
{
	enum reason reason = news->reason;

	if (news->start > member->start)
		begin_run(m, member, news->start);
	member->incarnation = news->incarnation;
	if (news->state == MEMBER_ALIVE)
		reason = new ? REASON_TOLD : REASON_REFUTED;
	if (news->state == MEMBER_SUSPECT) {
		member->accuser_count = 0;
		member_add_accuser(member, &news->accuser,
		    news->reason == REASON_REFUSED);
	}
	if (new && news->state != MEMBER_ALIVE &&
	    news->state != MEMBER_SUSPECT) {
		/* Gone before I came: nothing changed for anybody. */
		member->state = news->state;
		member->reason = reason;
		member->since = now;
		m->changes++;
		return;
	}
	membership_enter(m, now, member, news->state, reason, fx);
	membership_part_if_dead(member, fx);
	membership_bury_refused(m, now, fx);
}

/* A run of a member is real when the member itself has signed for it. */
static bool
is_vouched(const struct member *member, const struct member_news *news)
{
	const struct record *told = news->record;
	const struct record *known = member == NULL ? NULL : member->record;

	if (told != NULL && id_equal(&told->id, &news->id) &&
	    told->start >= news->start)
		return true;
	return known != NULL && known->start >= news->start;
}

/*
 * What may be said: a run that nobody signed for begins with a link alone,
 * or I would believe what nobody else can; and only the member itself moves
 * its incarnation where others could not follow.
 */
static enum verdict
judge_news(const struct member *member, const struct id *from,
    const struct member_news *news)
{
	bool begins = member == NULL || news->start > member->start;
	uint64_t known = begins ? 0 : member->incarnation;

	if (!id_equal(from, &news->id) && news->incarnation > known &&
	    news->incarnation - known > INCARNATION_JUMP)
		return VERDICT_MALFORMED;
	return begins && !is_vouched(member, news) ? VERDICT_STALE
						   : VERDICT_ACCEPTED;
}

/* Held for dead elsewhere: not by what is newest, but I know no better. */
static void
consider_hearsay(struct membership *m, instant_ms now,
    const struct member *member, const struct member_news *news,
    struct effects *fx)
{
	if (news->state != MEMBER_DEAD || member->linked ||
	    now - member->since < HEARSAY_MS ||
	    (member->heard != NEVER && now - member->heard < HEARSAY_MS))
		return;
	membership_doubt(m, now, &member->id, news->reason, fx);
}

enum verdict
membership_recv(struct membership *m, instant_ms now, const struct id *from,
    const struct member_news *news, struct effects *fx)
{
	struct member *member = membership_find(m, &news->id);
	bool new = member == NULL;
	bool record;
	enum verdict verdict = judge_news(member, from, news);
	int order;

	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	if (id_equal(&news->id, &m->self))
		return refute(m, from, news, fx);
	if (new) {
		if (m->count >= LIMIT_MEMBERS)
			return VERDICT_OVER_LIMIT;
		/* As if it had left before time began: all news is newer. */
		member = insert(m, &news->id);
	}
	order = new ? 1 : compare_news(news, member);
	if (order > 0 && news->state != MEMBER_ALIVE &&
	    hand_to_accused(member, now, news, fx) &&
	    news->state == MEMBER_DEAD)
		return VERDICT_ACCEPTED;
	if (member->address.family == ADDRESS_NONE)
		member->address = news->address;
	if (order > 0)
		take_state(m, now, member, news, new, fx);
	/* The record goes by an order of its own; after the state, so that
	 * whoever comes has arrived before it is told where it is. */
	record = take_record(m, member, news->record, fx);
	if (order > 0 || record)
		return VERDICT_ACCEPTED;
	if (order == 0 && news->state == MEMBER_SUSPECT)
		return take_accusation(m, now, member, news, fx);
	if (order == 0)
		return VERDICT_DUPLICATE;
	consider_hearsay(m, now, member, news, fx);
	return VERDICT_STALE;
}

/* -- questions ----------------------------------------------------------- */

uint64_t
membership_beliefs(const struct membership *m)
{
	uint64_t hash = HASH_START;

	for (size_t i = 0; i < m->count; i++) {
		const struct member *member = &m->items[i];
		const struct record *record = member->record;

		hash = hash_bytes(hash, member->id.bytes, ID_BYTES);
		hash = hash_number(hash, member->start);
		hash = hash_number(hash, member->incarnation);
		hash = hash_number(hash, member->state);
		hash = hash_number(hash, record == NULL ? 0 : record->start);
		hash = hash_number(hash,
		    record == NULL ? 0 : record->version);
	}
	return hash_finish(hash);
}

void
membership_compare(struct membership *m, instant_ms now,
    const struct id *peer, uint64_t beliefs, struct effects *fx)
{
	const struct member *member = membership_find(m, peer);

	if (member == NULL || beliefs == membership_beliefs(m))
		return;
	if (member->told == NEVER || now - member->told >= TELL_AGAIN_MS)
		membership_tell_all(m, now, peer, fx);
}

size_t
membership_view(const struct membership *m, const struct id **out,
    struct effects *fx)
{
	struct id *ids = effects_alloc(fx, m->count * sizeof *ids);
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		if (member_present(&m->items[i]))
			ids[count++] = m->items[i].id;
	*out = ids;
	return count;
}
