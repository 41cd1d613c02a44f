#include "core/metadata.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/metadata_wish.h"

enum { SUITS_MAX = 1024 };

static void dispatch_all(struct metadata *m, instant_ms now,
    struct effects *fx);

void
metadata_init(struct metadata *m, const struct id *self,
    const struct rooms *rooms, struct rng *rng)
{
	*m = (struct metadata){
		.self = *self,
		.rooms = rooms,
		.rng = rng,
		.ask_at = 0,
		.open_at = NEVER,
		.root_at = NEVER,
		.next_number = 1,
	};
	ledger_init(&m->ledger);
}

static void
forget_suits(struct metadata *m)
{
	for (size_t i = 0; i < m->suit_count; i++)
		intent_free(m->suits[i].intent);
	m->suit_count = 0;
}

void
metadata_forget_outdone(struct metadata *m)
{
	for (size_t i = 0; i < m->outdone_count; i++) {
		free(m->outdone[i].topic);
		free(m->outdone[i].other);
	}
	m->outdone_count = 0;
}

void
metadata_free(struct metadata *m)
{
	metadata_forget_outdone(m);
	free(m->outdone);
	for (size_t i = 0; i < m->wish_count; i++)
		intent_free(m->wishes[i].intent);
	forget_suits(m);
	for (size_t i = 0; i < m->told_count; i++)
		free(m->rooms_told[i].topic);
	free(m->rooms_told);
	free(m->wishes);
	free(m->suits);
	free(m->gathering);
	free(m->links);
	free(m->granted);
	ledger_free(&m->ledger);
}

/* -- questions --------------------------------------------------------- */

const struct item *
metadata_find(const struct metadata *m, const struct id *key)
{
	const struct held_item *held = ledger_find(&m->ledger, key);

	return held == NULL ? NULL : held->item;
}

/* The newest that is pending; NULL: none. */
const struct intent *
metadata_find_pending(const struct metadata *m, enum intent_kind kind,
    const struct id *key)
{
	for (size_t i = m->wish_count; i-- > 0;) {
		const struct wish *wish = &m->wishes[i];

		if (wish->pending && wish->settling_number == 0 &&
		    wish->intent->kind == kind &&
		    (key == NULL || id_equal(&wish->intent->key, key)))
			return wish->intent;
	}
	return NULL;
}

const char *
metadata_topic(const struct metadata *m, const struct id *room)
{
	const struct intent *pending =
	    metadata_find_pending(m, INTENT_TOPIC, room);
	const struct item *item = metadata_find(m, room);

	if (pending != NULL)
		return pending->text;
	return item == NULL ? "" : item->intent.text;
}

const char *
metadata_pending_nick(const struct metadata *m)
{
	const struct intent *pending =
	    metadata_find_pending(m, INTENT_NICK, NULL);

	return pending == NULL ? NULL : pending->name;
}

bool
metadata_provisional(const struct metadata *m)
{
	return !m->led.established && id_equal(&m->led.leader, &m->self);
}

static bool
follows(const struct metadata *m, const struct id *peer)
{
	return m->led.established && !m->leading &&
	    id_equal(&m->led.leader, peer);
}

bool
metadata_ready(const struct metadata *m)
{
	if (m->led.established)
		return m->leading ? m->open : m->synced;
	return metadata_provisional(m);
}

bool
metadata_wishes(const struct metadata *m, enum intent_kind kind,
    const struct id *key)
{
	for (size_t i = 0; i < m->wish_count; i++)
		if (m->wishes[i].intent->kind == kind &&
		    (key == NULL ||
			id_equal(&m->wishes[i].intent->key, key)))
			return true;
	return false;
}

static bool
linked(const struct metadata *m, const struct id *peer)
{
	bool found;

	id_search(m->links, m->link_count, peer, &found);
	return found;
}

/* -- items -------------------------------------------------------------- */

/*
 * I set this topic last, as far as I knew, and so did somebody else: theirs
 * does not tell of mine, though it would if it had come after it.
 */
static bool
outdoes(const struct metadata *m, const struct item *mine,
    const struct item *theirs)
{
	return mine->intent.kind == INTENT_TOPIC &&
	    id_equal(&mine->intent.author, &m->self) &&
	    theirs->intent.kind == INTENT_TOPIC &&
	    !id_equal(&theirs->intent.author, &m->self) &&
	    strcmp(mine->intent.text, theirs->intent.text) != 0 &&
	    theirs->version <= mine->version + ITEM_RECENT &&
	    !item_applied(theirs, &mine->intent.id) &&
	    item_compare(theirs, mine) > 0;
}

static void
note_outdone(struct metadata *m, const struct item *theirs)
{
	const struct item *mine = metadata_find(m, &theirs->key);

	if (mine == NULL || !outdoes(m, mine, theirs))
		return;
	MEM_GROW(m->outdone, m->outdone_count, m->outdone_cap);
	m->outdone[m->outdone_count++] = (struct outdone){
		.room = theirs->key,
		.by = theirs->intent.author,
		.topic = mem_text(mine->intent.text),
		.other = mem_text(theirs->intent.text),
	};
}

/* Joins it to mine and does what follows from that. */
static enum joined
absorb(struct metadata *m, const struct item *item, struct effects *fx)
{
	const struct held_item *held;
	enum joined joined;

	note_outdone(m, item);
	joined = ledger_join(&m->ledger, item, m->wall);
	held = ledger_find(&m->ledger, &item->key);
	if (joined == JOINED_CHANGED)
		metadata_keep_item(m, held, false, fx);
	if (held != NULL)
		metadata_settle_by(m, held, fx);
	metadata_tell_room(m, &item->key, fx);
	return joined;
}

static void
send_item(const struct id *to, const struct item *item, struct effects *fx)
{
	struct frame frame = { .type = FRAME_ITEM };

	frame.commit.item = *item;
	effects_send(fx, to, &frame);
}

/* Gives what is held of a key its place in the order; to all. */
static void
send_commit(struct metadata *m, const struct item *item, struct effects *fx)
{
	struct frame frame = { .type = FRAME_COMMIT };

	frame.commit.term = m->fence.term;
	frame.commit.priority = m->fence.priority;
	frame.commit.index = ++m->index;
	frame.commit.item = *item;
	m->commits++;
	effects_send_many(fx, m->links, m->link_count, &frame);
}

static struct frame
root_frame(const struct metadata *m)
{
	struct frame frame = { .type = FRAME_ROOT };

	frame.root.fence = m->fence;
	frame.root.index = m->index;
	frame.root.root = ledger_root(&m->ledger);
	return frame;
}

static void
send_sums(const struct metadata *m, const struct id *to, bool reply,
    struct effects *fx)
{
	struct frame frame = { .type = FRAME_SUMS };
	struct metadata_sum sums[METADATA_SUMS];

	for (size_t i = 0; i < METADATA_SUMS; i++)
		sums[i].sum = m->ledger.sums[i];
	frame.sums.sums = sums;
	frame.sums.count = METADATA_SUMS;
	frame.sums.reply = reply;
	effects_send(fx, to, &frame);
}

/* -- the leader --------------------------------------------------------- */

/* Its owner has been away for so long that it is nobody's any more. */
static bool
is_stale(const struct metadata *m, const struct held_item *held)
{
	return m->wall - held->seen > METADATA_UNSEEN_MS;
}

static void
commit(struct metadata *m, const struct id *key, const struct intent *intent,
    struct effects *fx)
{
	const struct held_item *held = ledger_find(&m->ledger, key);
	const struct item *old = held == NULL ? NULL : held->item;
	struct recent_intent recent[ITEM_RECENT];
	struct item item = {
		.key = *key,
		.version = 1,
		.term = m->fence.term,
		.leader = m->self,
		.generation = intent->kind == INTENT_NICK,
		.creator = intent->author,
		.recent = recent,
		.intent = *intent,
	};

	if (old != NULL) {
		item.version = old->version + 1;
		item.generation = old->generation;
		recent[item.recent_count++].id = old->intent.id;
		for (size_t i = 0; i < old->recent_count &&
		     item.recent_count < ITEM_RECENT; i++)
			recent[item.recent_count++] = old->recent[i];
	}
	if (old != NULL && intent->kind != INTENT_NICK)
		item.creator = old->creator;
	/* What is free, or as good as free, begins a new generation. */
	if (old != NULL && intent->kind == INTENT_NICK &&
	    (item_released(old) ||
		!id_equal(&old->intent.author, &intent->author)))
		item.generation++;
	if (absorb(m, &item, fx) == JOINED_CHANGED)
		send_commit(m, metadata_find(m, &item.key), fx);
}

/* DECISION_COUNT: nothing is against it. */
static enum decision
judge(const struct metadata *m, const struct intent *intent)
{
	const struct held_item *held = ledger_find(&m->ledger, &intent->key);
	const struct item *item = held == NULL ? NULL : held->item;
	size_t nicks = m->ledger.nick_count;
	bool nick = intent->kind == INTENT_NICK;

	if (item == NULL)
		return (nick ? nicks >= LIMIT_NICKS
			     : m->ledger.count - nicks >= LIMIT_ROOMS)
		    ? DECISION_FULL
		    : DECISION_COUNT;
	if (item->version >= INT64_MAX / 4 || item->generation >= INT64_MAX / 4)
		return DECISION_FULL;
	if (intent->kind == INTENT_ROOM)
		return DECISION_NEEDLESS;
	if (!nick || item_released(item))
		return DECISION_COUNT;
	if (!id_equal(&item->intent.author, &intent->author))
		return is_stale(m, held) ? DECISION_COUNT : DECISION_TAKEN;
	return strcmp(item->intent.name, intent->name) == 0
	    ? DECISION_NEEDLESS
	    : DECISION_COUNT;
}

/* My own wish, or somebody else's, came to this. */
static void
tell_decision(struct metadata *m, const struct id *to,
    const struct id *intent, enum decision decision, struct effects *fx)
{
	static const enum error errors[] = {
		[DECISION_NEEDLESS] = ERROR_NONE,
		[DECISION_TAKEN] = ERROR_NICK_TAKEN,
		[DECISION_FULL] = ERROR_TOO_MANY,
	};
	struct frame frame = { .type = FRAME_DECIDED };
	struct wish *wish;

	m->refused += decision != DECISION_NEEDLESS;
	if (!id_equal(to, &m->self)) {
		frame.decided.intent = *intent;
		frame.decided.decision = decision;
		effects_send(fx, to, &frame);
		return;
	}
	wish = metadata_find_wish(m, intent);
	if (wish != NULL && wish->settling_number == 0)
		metadata_settle(m, wish, errors[decision], fx);
}

static void
decide(struct metadata *m, const struct id *from,
    const struct intent *intent, struct effects *fx)
{
	const struct item *item = metadata_find(m, &intent->key);
	const struct item *freed = metadata_find(m, &intent->released);
	enum decision decision;

	assert(m->leading && m->open);
	if (item != NULL && item_applied(item, &intent->id)) {
		/* Its author has missed the commit. */
		if (!id_equal(from, &m->self))
			send_item(from, item, fx);
		return;
	}
	decision = judge(m, intent);
	if (decision != DECISION_COUNT) {
		tell_decision(m, from, &intent->id, decision, fx);
		return;
	}
	if (freed != NULL && item_claims(freed) &&
	    id_equal(&freed->intent.author, &intent->author) &&
	    !id_equal(&freed->key, &intent->key))
		commit(m, &freed->key, intent, fx);
	commit(m, &intent->key, intent, fx);
}

/* What members know is gathered: now it is decided. */
static void
open_term(struct metadata *m, instant_ms now, struct effects *fx)
{
	struct frame frame;

	m->open = m->synced = true;
	m->open_at = NEVER;
	m->root_at = now + METADATA_ROOT_MS;
	m->gathering_count = 0;
	frame = root_frame(m);
	effects_trace(fx, "metadata: term %llu is open, %zu items",
	    (unsigned long long)m->fence.term, m->ledger.count);
	effects_send_many(fx, m->links, m->link_count, &frame);
	for (size_t i = 0; i < m->suit_count; i++)
		decide(m, &m->suits[i].from, m->suits[i].intent, fx);
	forget_suits(m);
	dispatch_all(m, now, fx);
}

static void
answered(struct metadata *m, instant_ms now, const struct id *peer,
    struct effects *fx)
{
	for (size_t i = 0; i < m->gathering_count; i++)
		if (id_equal(&m->gathering[i], peer)) {
			MEM_REMOVE(m->gathering, m->gathering_count, i);
			break;
		}
	if (m->leading && !m->open && m->gathering_count == 0)
		open_term(m, now, fx);
}

static void
begin_term(struct metadata *m, instant_ms now, struct effects *fx)
{
	struct frame frame = root_frame(m);

	m->leading = true;
	m->open_at = now + METADATA_OPEN_MS;
	for (size_t i = 0; i < m->link_count; i++) {
		MEM_GROW(m->gathering, m->gathering_count, m->gathering_cap);
		m->gathering[m->gathering_count++] = m->links[i];
	}
	frame.root.ask = true;
	effects_send_many(fx, m->links, m->link_count, &frame);
	if (m->gathering_count == 0)
		open_term(m, now, fx);
}

/* -- leadership and links ------------------------------------------------ */

/*
 * Where somebody has driven the terms to their end nobody can lead above
 * anybody: then whoever is elected is followed.
 */
static int
fence_compare(const struct fence *a, const struct fence *b)
{
	if (a->term != b->term)
		return a->term < b->term ? -1 : 1;
	if (a->term + 1 >= ELECTION_TERM_LIMIT)
		return 0;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return id_compare(&a->leader, &b->leader);
}

/* Sends it to whoever can do something about it. */
static void
dispatch(struct metadata *m, instant_ms now, struct wish *wish,
    struct effects *fx)
{
	struct frame frame = { .type = FRAME_INTENT };

	if (!wish->sealed || wish->settling_number != 0)
		return;
	if (m->leading && m->open) {
		decide(m, &m->self, wish->intent, fx);
	} else if (m->led.established && !m->leading &&
	    linked(m, &m->led.leader)) {
		frame.intent = *wish->intent;
		effects_send(fx, &m->led.leader, &frame);
		wish->again_at = now + METADATA_AGAIN_MS;
	} else if (metadata_provisional(m) && !wish->pending) {
		metadata_make_pending(m, wish, fx);
	}
}

/* Deciding may settle one, which takes it out of the list. */
static void
dispatch_all(struct metadata *m, instant_ms now, struct effects *fx)
{
	size_t i = 0;

	while (i < m->wish_count) {
		struct id intent = m->wishes[i].intent->id;

		dispatch(m, now, &m->wishes[i], fx);
		i += i < m->wish_count &&
		    id_equal(&m->wishes[i].intent->id, &intent);
	}
}

void
metadata_led(struct metadata *m, instant_ms now,
    const struct leadership *led, struct effects *fx)
{
	struct fence fence = { led->term, led->priority, led->leader };
	bool same = led->established == m->told.established &&
	    id_equal(&led->leader, &m->told.leader) &&
	    (!led->established || led->term == m->told.term);

	if (same)
		return;
	m->led = m->told = *led;
	m->leading = m->open = m->synced = false;
	m->open_at = m->root_at = NEVER;
	m->gathering_count = 0;
	m->ask_at = now;
	forget_suits(m);
	if (led->established && fence_compare(&fence, &m->fence) < 0) {
		if (id_equal(&led->leader, &m->self))
			m->raise_above = m->fence.term;
		m->led = (struct leadership){ .term = led->term };
		return;
	}
	if (led->established) {
		m->index = 0;
		m->fence = fence;
		metadata_keep_fence(m, fx);
	}
	if (led->established && id_equal(&led->leader, &m->self))
		begin_term(m, now, fx);
	dispatch_all(m, now, fx);
}

void
metadata_link_up(struct metadata *m, instant_ms now, const struct id *peer,
    struct effects *fx)
{
	struct frame frame = root_frame(m);
	bool found;
	size_t at = id_search(m->links, m->link_count, peer, &found);

	if (!found) {
		MEM_INSERT(m->links, m->link_count, m->link_cap, at);
		m->links[at] = *peer;
	}
	if (m->leading)
		effects_send(fx, peer, &frame);
	else if (follows(m, peer))
		dispatch_all(m, now, fx);
}

void
metadata_link_down(struct metadata *m, instant_ms now, const struct id *peer,
    struct effects *fx)
{
	bool found;
	size_t at = id_search(m->links, m->link_count, peer, &found);

	if (found)
		MEM_REMOVE(m->links, m->link_count, at);
	answered(m, now, peer, fx);
}

/* -- frames ------------------------------------------------------------- */

static enum verdict
recv_intent(struct metadata *m, const struct id *from,
    const struct intent *intent, struct effects *fx)
{
	struct suit suit = { .from = *from };

	/* From its author alone: nobody can send an old one again. */
	if (!m->leading || !id_equal(&intent->author, from))
		return VERDICT_STALE;
	if (m->open) {
		decide(m, from, intent, fx);
		return VERDICT_ACCEPTED;
	}
	if (m->suit_count >= SUITS_MAX)
		return VERDICT_OVER_LIMIT;
	suit.intent = intent_clone(intent);
	MEM_GROW(m->suits, m->suit_count, m->suit_cap);
	m->suits[m->suit_count++] = suit;
	return VERDICT_ACCEPTED;
}

static void
ask_leader(struct metadata *m, instant_ms now, struct effects *fx)
{
	if (now < m->ask_at)
		return;
	m->ask_at = now + METADATA_ASK_MS;
	send_sums(m, &m->led.leader, true, fx);
}

static enum verdict
recv_commit(struct metadata *m, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	uint64_t index = frame->commit.index;

	if (!follows(m, from) || frame->commit.term != m->fence.term)
		return VERDICT_STALE;
	if (absorb(m, &frame->commit.item, fx) == JOINED_FULL)
		return VERDICT_OVER_LIMIT;
	if (index <= m->index)
		return VERDICT_DUPLICATE;
	if (m->synced && index == m->index + 1) {
		m->index = index;
		return VERDICT_ACCEPTED;
	}
	m->synced = false;
	ask_leader(m, now, fx);
	return VERDICT_ACCEPTED;
}

static enum verdict
recv_item(struct metadata *m, const struct id *from,
    const struct item *item, struct effects *fx)
{
	enum joined joined;

	if (!m->leading && !follows(m, from))
		return VERDICT_STALE;
	joined = absorb(m, item, fx);
	if (joined != JOINED_CHANGED)
		return joined == JOINED_FULL ? VERDICT_OVER_LIMIT
					     : VERDICT_DUPLICATE;
	/* A straggler knew more than those who opened the term. */
	if (m->open)
		send_commit(m, metadata_find(m, &item->key), fx);
	return VERDICT_ACCEPTED;
}

static enum verdict
recv_root_leading(struct metadata *m, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	bool same = frame->root.root == ledger_root(&m->ledger);

	/* Two leaders that do not know each other yet would raise their terms
	 * over one another as fast as frames travel. */
	if (fence_compare(&frame->root.fence, &m->fence) > 0 &&
	    now >= m->raise_at) {
		m->raise_above = frame->root.fence.term;
		m->raise_at = now + METADATA_RAISE_MS;
	}
	if (same || frame->root.done)
		answered(m, now, from, fx);
	else
		send_sums(m, from, true, fx);
	return VERDICT_ACCEPTED;
}

/* My leader says where it stands; others may have lied about that. */
static void
believe_leader(struct metadata *m, const struct fence *fence,
    struct effects *fx)
{
	if (fence->term != m->fence.term ||
	    fence->priority == m->fence.priority ||
	    !id_equal(&fence->leader, &m->fence.leader))
		return;
	m->fence = *fence;
	metadata_keep_fence(m, fx);
}

static enum verdict
recv_root(struct metadata *m, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	struct frame mine;

	if (follows(m, from))
		believe_leader(m, &frame->root.fence, fx);
	mine = root_frame(m);
	if (m->leading)
		return recv_root_leading(m, now, from, frame, fx);
	if (!follows(m, from) ||
	    fence_compare(&frame->root.fence, &m->fence) != 0) {
		/* It leads, and I cannot follow: let it lead on above. */
		if (m->told.established && !m->led.established &&
		    id_equal(&m->told.leader, from))
			effects_send(fx, from, &mine);
		return VERDICT_STALE;
	}
	if (frame->root.done)
		m->ask_at = now;
	if (frame->root.done || frame->root.root == mine.root.root) {
		m->index = frame->root.index;
		m->synced = true;
	} else {
		m->synced = false;
		ask_leader(m, now, fx);
	}
	if (frame->root.ask && frame->root.root == mine.root.root)
		effects_send(fx, from, &mine);
	return VERDICT_ACCEPTED;
}

static enum verdict
recv_sums(struct metadata *m, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	struct frame root = root_frame(m);

	if (!m->leading && !follows(m, from))
		return VERDICT_STALE;
	if (frame->sums.reply)
		send_sums(m, from, false, fx);
	for (size_t i = 0; i < m->ledger.count; i++) {
		const struct item *item = m->ledger.items[i].item;
		size_t part = ledger_part(&item->key);

		if (frame->sums.sums[part].sum != m->ledger.sums[part])
			send_item(from, item, fx);
	}
	root.root.done = true;
	effects_send(fx, from, &root);
	return VERDICT_ACCEPTED;
}

enum verdict
metadata_recv(struct metadata *m, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	switch (frame->type) {
	case FRAME_INTENT:
		return recv_intent(m, from, &frame->intent, fx);
	case FRAME_DECIDED:
		if (!follows(m, from))
			return VERDICT_STALE;
		tell_decision(m, &m->self, &frame->decided.intent,
		    frame->decided.decision, fx);
		return VERDICT_ACCEPTED;
	case FRAME_COMMIT:
		return recv_commit(m, now, from, frame, fx);
	case FRAME_ITEM:
		return recv_item(m, from, &frame->commit.item, fx);
	case FRAME_ROOT:
		return recv_root(m, now, from, frame, fx);
	case FRAME_SUMS:
		return recv_sums(m, from, frame, fx);
	default:
		return VERDICT_MALFORMED;
	}
}

/* -- answers of the host, and time --------------------------------------- */

void
metadata_sealed(struct metadata *m, instant_ms now,
    const struct intent *intent, struct effects *fx)
{
	struct wish *wish = metadata_find_wish(m, &intent->id);

	if (wish == NULL || wish->sealed)
		return;
	if (metadata_provisional(m)) {
		metadata_drop_superseded(m, intent, fx);
		wish = metadata_find_wish(m, &intent->id);
	}
	intent_free(wish->intent);
	wish->intent = intent_clone(intent);
	wish->sealed = true;
	dispatch(m, now, wish, fx);
}

void
metadata_kept(struct metadata *m, instant_ms now, uint64_t number,
    struct effects *fx)
{
	size_t i = 0;

	(void)now;
	while (i < m->wish_count) {
		struct wish *wish = &m->wishes[i];

		if (wish->settling_number == number) {
			metadata_settle(m, wish, ERROR_NONE, fx);
			continue;
		}
		if (wish->pending_number == number)
			metadata_answer(wish, ERROR_NONE, fx);
		i++;
	}
}

static void
give_up(struct metadata *m, instant_ms now, struct effects *fx)
{
	enum error error = metadata_ready(m) ? ERROR_TIMEOUT : ERROR_NO_LEADER;

	for (size_t i = m->wish_count; i-- > 0;) {
		struct wish *wish = &m->wishes[i];

		if (!wish->pending && wish->settling_number == 0 &&
		    now >= wish->give_up_at)
			metadata_settle(m, wish, error, fx);
	}
}

void
metadata_expire(struct metadata *m, instant_ms now, struct effects *fx)
{
	struct frame frame;

	if (now >= m->open_at)
		open_term(m, now, fx);
	if (now >= m->root_at) {
		m->root_at = now + METADATA_ROOT_MS;
		frame = root_frame(m);
		effects_send_many(fx, m->links, m->link_count, &frame);
	}
	give_up(m, now, fx);
	for (size_t i = 0; i < m->wish_count; i++)
		if (now >= m->wishes[i].again_at) {
			m->wishes[i].again_at = NEVER;
			dispatch(m, now, &m->wishes[i], fx);
		}
}

instant_ms
metadata_deadline(const struct metadata *m)
{
	instant_ms deadline = instant_earlier(m->open_at, m->root_at);

	for (size_t i = 0; i < m->wish_count; i++) {
		const struct wish *wish = &m->wishes[i];

		deadline = instant_earlier(deadline, wish->again_at);
		if (!wish->pending && wish->settling_number == 0)
			deadline =
			    instant_earlier(deadline, wish->give_up_at);
	}
	return deadline;
}

/* -- the past ----------------------------------------------------------- */

static void
restore_wish(struct metadata *m, const struct intent *intent)
{
	const struct item *item = metadata_find(m, &intent->key);
	struct wish wish = {
		.sealed = true,
		.pending = true,
		.give_up_at = NEVER,
		.again_at = NEVER,
	};

	if (m->wish_count >= LIMIT_WISHES ||
	    (item != NULL && item_applied(item, &intent->id)))
		return;
	wish.intent = intent_clone(intent);
	MEM_GROW(m->wishes, m->wish_count, m->wish_cap);
	m->wishes[m->wish_count++] = wish;
}

void
metadata_restore(struct metadata *m, const struct node_past *past)
{
	m->fence = past->fence;
	for (size_t i = 0; i < past->item_count; i++)
		ledger_join(&m->ledger, past->items[i].item,
		    past->items[i].seen);
	for (size_t i = 0; i < past->intent_count; i++)
		restore_wish(m, past->intents[i]);
	/* All of this was told in an earlier run. */
	for (size_t i = 0; i < m->ledger.count; i++)
		metadata_note_room(m, &m->ledger.items[i].item->key);
	for (size_t i = 0; i < m->wish_count; i++)
		metadata_note_room(m, &m->wishes[i].intent->key);
}
