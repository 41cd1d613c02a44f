#include "core/multicast.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/judge.h"
#include "core/multicast_room.h"

enum { VOUCHED_CHAIN = 64 }; /* one waits for one that waits ... */

void
multicast_init(struct multicast *mc, const struct id *self, uint64_t epoch,
    uint64_t nonce, struct rooms *rooms)
{
	*mc = (struct multicast){
		.self = *self,
		.epoch = epoch,
		.nonce = nonce,
		.rooms = rooms,
	};
}

void
multicast_free(struct multicast *mc)
{
	for (size_t i = 0; i < mc->count; i++) {
		struct multicast_room *mr = mc->items[i];

		multicast_drop_said(mr, mr->outbox_count);
		free(mr->outbox);
		frontier_free(&mr->frontier);
		holdback_free(&mr->held);
		free(mr->ready);
		free(mr->handed);
		free(mr->waiting);
		free(mr->askings);
		free(mr);
	}
	free(mc->items);
	free(mc->names);
	free(mc->forks);
	multicast_free_doubts(mc);
	mc->items = NULL;
	mc->names = NULL;
	mc->forks = NULL;
	mc->fork_count = mc->fork_cap = 0;
	mc->count = mc->cap = 0;
}

static size_t
place(const struct multicast *mc, const struct id *id, bool *found)
{
	size_t low = 0, high = mc->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = id_compare(&mc->items[middle]->room->id, id);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

struct multicast_room *
multicast_find_room(const struct multicast *mc, const struct id *id)
{
	bool found;
	size_t at = place(mc, id, &found);

	return found ? mc->items[at] : NULL;
}

struct multicast_room *
multicast_obtain_room(struct multicast *mc, struct room *room)
{
	bool found;
	size_t at = place(mc, &room->id, &found);
	struct multicast_room *mr;

	if (found)
		return mc->items[at];
	mr = mem_zero(1, sizeof *mr);
	mr->room = room;
	mr->give_up_at = mr->doubt_until = mr->tell_at = NEVER;
	frontier_init(&mr->frontier);
	holdback_init(&mr->held);
	MEM_INSERT(mc->items, mc->count, mc->cap, at);
	mc->items[at] = mr;
	return mr;
}

/* -- delivering ---------------------------------------------------------- */

static void
show(struct multicast_room *mr, const struct bundle *bundle, size_t index,
    struct dchat_message message, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_MESSAGE };
	struct dchat_place place;

	message_name(bundle, index, message.msg);
	message.room = mr->room->name;
	message.author = bundle->stream.author;
	message.kind = bundle->messages[index].kind;
	message.text = effects_text(fx, bundle->messages[index].text);
	memcpy(message.ref, bundle->messages[index].ref, sizeof message.ref);
	message.time = hlc_time(bundle->hlc, bundle->wall);
	message.hlc = bundle->hlc;
	message.seq = bundle->seq;
	message.index = (unsigned)index;
	place = dchat_message_place(&message);
	message.late =
	    mr->shown && dchat_place_compare(&place, &mr->lowest) < 0;
	if (!message.late) {
		mr->shown = true;
		mr->lowest = place;
	}
	event.message = message;
	effects_notify(fx, &event);
}

void
multicast_deliver(struct multicast *mc, struct multicast_room *mr,
    const struct bundle *bundle, bool live, bool gap, const struct said *said,
    struct effects *fx)
{
	struct room *room = mr->room;

	/* Numbers the store was never given lie in holes of `accepted`. */
	if (bundle->seq > vclock_top(&room->delivered, &bundle->stream) + 1)
		vclock_add_hole(&room->delivered, &bundle->stream,
		    bundle->seq - 1);
	vclock_add(&room->delivered, &bundle->stream, bundle->seq);
	frontier_advance(&mr->frontier, bundle, &room->delivered);
	for (size_t i = 0; i < bundle->message_count; i++) {
		mc->delivered++;
		if (said != NULL)
			multicast_answer_ok(&said[i], bundle, i, fx);
		/* Nobody looks at a room that was left meanwhile. */
		if (room->joined)
			show(mr, bundle, i,
			    (struct dchat_message){
				.live = live,
				.gap = gap && i == 0,
				.token = said != NULL ? said[i].token : 0,
			    },
			    fx);
	}
}

void
multicast_swap(struct multicast *mc, struct multicast_room *mr,
    const struct bundle *bundle, struct effects *fx)
{
	const struct keep keep = { .kind = KEEP_SWAP, .bundle = bundle };

	multicast_remember_name(mc, bundle);
	effects_keep(fx, &keep);
	for (size_t i = 0; i < bundle->message_count; i++)
		if (mr->room->joined)
			show(mr, bundle, i, (struct dchat_message){ 0 }, fx);
}

/* -- receiving ----------------------------------------------------------- */

static size_t
handed_at(const struct multicast_room *mr, const struct stream *stream,
    uint64_t seq, bool *found)
{
	size_t low = 0, high = mr->handed_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct handed *handed = &mr->handed[middle];
		int order = stream_compare(&handed->stream, stream);

		if (order == 0)
			order = (handed->seq > seq) - (handed->seq < seq);
		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

/* Where the streams of an author begin in a clock, or those behind them. */
static size_t
streams_at(const struct vclock *clock, const struct id *author, bool behind)
{
	size_t low = 0, high = clock->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order =
		    id_compare(&clock->entries[middle].stream.author, author);

		if (order < 0 || (order == 0 && behind))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
streams_of(const struct room *room, const struct id *author)
{
	return streams_at(&room->accepted, author, true) -
	    streams_at(&room->accepted, author, false);
}

bool
multicast_admits(const struct multicast *mc, const struct room *room,
    const struct stream *stream)
{
	struct stream own = multicast_own_stream(mc);
	size_t kept = vclock_find(&room->accepted, &own) == NULL ? 1 : 0;

	if (vclock_find(&room->accepted, stream) != NULL ||
	    stream_compare(stream, &own) == 0)
		return true;
	return room->accepted.count + kept < LIMIT_STREAMS &&
	    streams_of(room, &stream->author) < LIMIT_STREAMS_AUTHOR;
}

/* Changes nothing. */
static enum verdict
judge(const struct multicast *mc, const struct room *room,
    const struct id *from, const struct bundle *bundle)
{
	struct stream own = multicast_own_stream(mc);
	uint64_t own_top;
	enum verdict verdict;

	if (room == NULL || !room->joined || !room_open_to(room, from))
		return VERDICT_STALE;
	if (!id_equal(&bundle->stream.author, &mc->self) &&
	    !room_open_to(room, &bundle->stream.author))
		return VERDICT_MALFORMED;
	verdict = judge_bundle(bundle);
	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	/* Nobody knows more of my stream than I do. */
	own_top =
	    mc->epoch_restored ? SEQ_MAX : vclock_top(&room->accepted, &own);
	if (stream_compare(&bundle->stream, &own) == 0 && bundle->seq > own_top)
		return VERDICT_MALFORMED;
	for (size_t i = 0; i < bundle->dependency_count; i++)
		if (bundle->dependencies[i].seq > own_top &&
		    stream_compare(&bundle->dependencies[i].stream, &own) == 0)
			return VERDICT_MALFORMED;
	if (!multicast_admits(mc, room, &bundle->stream))
		return VERDICT_OVER_LIMIT;
	return VERDICT_ACCEPTED;
}

bool
multicast_knows(const struct multicast *mc, const struct id *room_id,
    const struct stream *stream, uint64_t seq)
{
	const struct room *room = rooms_find(mc->rooms, room_id);
	const struct multicast_room *mr = multicast_find_room(mc, room_id);

	return room != NULL &&
	    (vclock_here(&room->accepted, stream, seq) ||
		(mr != NULL && holdback_find(&mr->held, stream, seq) != NULL));
}

/* It will be in the store's hands. */
static void
hand_over(struct multicast_room *mr, const struct bundle *bundle,
    struct handed handed)
{
	bool found;
	size_t at = handed_at(mr, &bundle->stream, bundle->seq, &found);

	if (!found)
		MEM_INSERT(mr->handed, mr->handed_count, mr->handed_cap, at);
	handed.stream = bundle->stream;
	handed.seq = bundle->seq;
	mr->handed[at] = handed;
	mr->room->in_hand = mr->handed_count;
}

/*
 * One of below the base, which was asked for: what depends on it is here
 * long since, and nobody is shown it but as a part of the history.
 */
static enum verdict
take_older(struct multicast_room *mr, const struct id *from,
    const struct bundle *bundle, struct effects *fx)
{
	struct room *room = mr->room;

	if (room->older_left == 0 || !id_equal(&room->older_from, from))
		return VERDICT_STALE;
	room->older_left--;
	if (!vclock_lower(&room->accepted, &bundle->stream, bundle->seq))
		return VERDICT_OVER_LIMIT;
	room->older_taken++;
	hand_over(mr, bundle, (struct handed){ .older = true });
	effects_store(fx, bundle);
	return VERDICT_ACCEPTED;
}

/* All its causes are there: to the store with it. */
static void
accept(struct multicast *mc, struct multicast_room *mr,
    const struct bundle *bundle, bool backlog, bool gap, struct effects *fx)
{
	struct room *room = mr->room;

	/* At a bound it is dropped; sync offers it again. */
	if (!multicast_admits(mc, room, &bundle->stream) ||
	    !vclock_add(&room->accepted, &bundle->stream, bundle->seq))
		return;
	hlc_merge(&mc->hlc, bundle->hlc);
	multicast_remember_name(mc, bundle);
	hand_over(mr, bundle,
	    (struct handed){ .live = !backlog, .gap = gap || mr->gap });
	if (bundle->message_count > 0)
		mr->gap = false;
	if (room->past == PAST_EMPTY)
		room->past = PAST_BEGUN;
	effects_store(fx, bundle);
}

/* What it waits for may be held back itself, and its author had it all. */
static void
vouch(struct multicast_room *mr, const struct held *held)
{
	const struct dependency *lacks = &held->lacks;
	instant_ms at = held->vouched_at;

	if (at == NEVER &&
	    !id_equal(&lacks->stream.author, &held->bundle->stream.author))
		at = held->since;
	for (int i = 0; at != NEVER && i < VOUCHED_CHAIN; i++) {
		held = holdback_vouch(&mr->held, lacks, at);
		if (held == NULL)
			return;
		lacks = &held->lacks;
	}
}

/* One that waited may be ready now; the ready are served in the order in
 * which people will read them. */
void
multicast_look_again(struct multicast_room *mr, struct held *held)
{
	struct dependency lacks;
	size_t low = 0, high = mr->ready_count;

	if (holdback_lacks(held->bundle, held->waived, &mr->room->accepted,
		&lacks)) {
		holdback_wait(&mr->held, held, &lacks);
		vouch(mr, held);
		return;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bundle_compare_display(mr->ready[middle]->bundle,
			held->bundle) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	MEM_INSERT(mr->ready, mr->ready_count, mr->ready_cap, low);
	mr->ready[low] = held;
}

void
multicast_look_after(struct multicast_room *mr, const struct stream *stream)
{
	uint64_t top = vclock_top(&mr->room->accepted, stream);
	struct held *held;

	while ((held = holdback_release(&mr->held, stream, top)) != NULL)
		multicast_look_again(mr, held);
}

void
multicast_flow(struct multicast *mc, struct multicast_room *mr, instant_ms now,
    struct effects *fx)
{
	while (mr->ready_count > 0) {
		struct held *held = mr->ready[--mr->ready_count];
		struct stream stream = held->bundle->stream;

		accept(mc, mr, held->bundle, held->backlog, held->gap, fx);
		holdback_drop(&mr->held, held);
		multicast_look_after(mr, &stream);
	}
	if (mr->held.count == 0) {
		mr->asking_count = 0;
		mr->give_up_at = NEVER;
	}
	multicast_tell_flowed(mr, now, fx);
}

/*
 * What lies in a stream for which there is no place here is not waited for:
 * whoever has more streams than it may could keep others waiting.  False
 * when there is nothing of the kind.
 */
static bool
forgo(const struct multicast *mc, const struct multicast_room *mr,
    struct held *held)
{
	const struct bundle *bundle = held->bundle;
	bool forgone = false;

	for (size_t i = 0; i < bundle->dependency_count; i++) {
		const struct stream *stream = &bundle->dependencies[i].stream;

		if (multicast_admits(mc, mr->room, stream))
			continue;
		holdback_waive(held, i);
		forgone = true;
	}
	return forgone;
}

/* There is no place for this stream any more: nothing of it will come, nor
 * of others for which there is none. */
static void
forgo_stream(struct multicast *mc, struct multicast_room *mr, instant_ms now,
    const struct stream *stream, struct effects *fx)
{
	struct held *held;

	while ((held = holdback_release(&mr->held, stream, SEQ_MAX)) != NULL) {
		if (stream_compare(&held->bundle->stream, stream) == 0) {
			holdback_drop(&mr->held, held);
			continue;
		}
		forgo(mc, mr, held);
		multicast_look_again(mr, held);
	}
	multicast_flow(mc, mr, now, fx);
}

static enum verdict
hold(struct multicast *mc, struct multicast_room *mr, instant_ms now,
    const struct id *from, const struct bundle *bundle, bool backlog,
    const struct dependency *lacks, struct effects *fx)
{
	char author[ID_SHORT_TEXT], cause[ID_SHORT_TEXT];
	const struct held *waiter;
	struct held *held;

	if (!holdback_add(&mr->held, now, from, bundle, backlog, lacks))
		return VERDICT_OVER_LIMIT;
	held = holdback_find(&mr->held, &bundle->stream, bundle->seq);
	vouch(mr, held);
	for (size_t i = 0; (waiter = holdback_waiter(&mr->held, held, i)); i++)
		vouch(mr, waiter);
	multicast_ask_soon(mr, now, from);
	mr->give_up_at =
	    instant_earlier(mr->give_up_at, now + GIVE_UP_AFTER_OTHERS_MS);
	effects_trace(fx, "holds %s:%llu back for %s:%llu",
	    id_format_short(&bundle->stream.author, author),
	    (unsigned long long)bundle->seq,
	    id_format_short(&lacks->stream.author, cause),
	    (unsigned long long)lacks->seq);
	if (forgo(mc, mr, held)) {
		holdback_rouse(&mr->held, held);
		multicast_look_again(mr, held);
		multicast_flow(mc, mr, now, fx);
	}
	multicast_tell_held(mr, now, &bundle->stream.author, fx);
	return VERDICT_ACCEPTED;
}

enum verdict
multicast_take(struct multicast *mc, struct multicast_room *mr,
    instant_ms now, const struct id *from, const struct bundle *bundle,
    bool backlog, struct effects *fx)
{
	struct dependency lacks;

	if (holdback_lacks(bundle, NULL, &mr->room->accepted, &lacks))
		return hold(mc, mr, now, from, bundle, backlog, &lacks,
		    fx);
	accept(mc, mr, bundle, backlog, false, fx);
	/* Something asked for came: more may.  (What was waiting for something
	 * that is given up tells nothing of the kind.) */
	if (backlog)
		multicast_ask_on(mr, now, from);
	if (backlog && mr->room->lacking > LIMIT_PAGE_BUNDLES)
		mr->progress_at = now;
	multicast_look_after(mr, &bundle->stream);
	multicast_flow(mc, mr, now, fx);
	return VERDICT_ACCEPTED;
}

enum verdict
multicast_recv(struct multicast *mc, instant_ms now, const struct id *from,
    const struct bundle *bundle, bool backlog, struct effects *fx)
{
	struct room *room = rooms_find(mc->rooms, &bundle->room);
	enum verdict verdict = judge(mc, room, from, bundle);
	const struct vclock_entry *entry;

	if (verdict == VERDICT_OVER_LIMIT &&
	    !multicast_admits(mc, room, &bundle->stream))
		forgo_stream(mc, multicast_obtain_room(mc, room), now,
		    &bundle->stream, fx);
	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	/* It comes again. */
	if (multicast_forgot(mc, room, bundle) &&
	    !multicast_leave_epoch(mc, fx))
		return VERDICT_STALE;
	mc->bundles_received++;
	if (multicast_knows(mc, &bundle->room, &bundle->stream, bundle->seq)) {
		if (multicast_differs(mc, bundle))
			return multicast_recv_other(mc, now, from, bundle,
			    backlog, fx);
		if (!multicast_recognizes(mc, bundle))
			multicast_look_up(mc, from, bundle, fx);
		mc->duplicates++;
		return VERDICT_DUPLICATE;
	}
	entry = vclock_find(&room->accepted, &bundle->stream);
	if (entry != NULL && bundle->seq <= entry->base)
		return take_older(multicast_obtain_room(mc, room), from, bundle,
		    fx);
	return multicast_take(mc, multicast_obtain_room(mc, room), now, from,
	    bundle, backlog, fx);
}

void
multicast_stored(struct multicast *mc, instant_ms now,
    const struct bundle *bundle, struct effects *fx)
{
	struct multicast_room *mr = multicast_find_room(mc, &bundle->room);
	struct handed handed;
	bool found = false;
	size_t at;

	(void)now;
	assert(mr != NULL);
	at = handed_at(mr, &bundle->stream, bundle->seq, &found);
	assert(found);
	handed = mr->handed[at];
	MEM_REMOVE(mr->handed, mr->handed_count, at);
	mr->room->in_hand = mr->handed_count;
	if (handed.older) {
		vclock_lower(&mr->room->delivered, &bundle->stream,
		    bundle->seq);
		mc->delivered += bundle->message_count;
		return;
	}
	multicast_deliver(mc, mr, bundle, handed.live, handed.gap, NULL, fx);
}

/*
 * What was said before a holder answered is kept, or held back; and what that
 * one leaves out between it and its tail comes by and by, behind what depends
 * on it.
 */
static bool
leaves_gap(const struct room *room, const struct held *lowest,
    const struct dependency *base)
{
	if (room->past == PAST_BEGUN)
		return false;
	if (lowest != NULL && lowest->bundle->seq <= base->seq)
		return true;
	return vclock_find(&room->accepted, &base->stream) != NULL &&
	    vclock_top(&room->accepted, &base->stream) < base->seq;
}

void
multicast_bases(struct multicast *mc, instant_ms now, struct room *room,
    const struct dependency *bases, size_t count, struct effects *fx)
{
	struct keep keep = { .kind = KEEP_BASES, .room = room->id };
	struct dependency *raised;
	struct multicast_room *mr;
	size_t raised_count = 0;
	bool gap = false;

	/* Anybody could make me forget the past, were this not asked for. */
	if (!room->joined || now > room->bases_until)
		return;
	mr = multicast_obtain_room(mc, room);
	raised = effects_alloc(fx, count * sizeof *raised);
	for (size_t i = 0; i < count; i++) {
		const struct stream *stream = &bases[i].stream;
		uint64_t base = bases[i].seq;
		const struct held *lowest =
		    holdback_above(&mr->held, stream, 0);

		gap = gap || leaves_gap(room, lowest, &bases[i]);
		if (lowest != NULL && base >= lowest->bundle->seq)
			base = lowest->bundle->seq - 1;
		/* What has begun leaves nothing out, or what depends on it would
		 * be shown before what it depends on itself. */
		if (base == 0 || base > SEQ_MAX || room->past == PAST_BEGUN ||
		    vclock_find(&room->accepted, stream) != NULL ||
		    !multicast_admits(mc, room, stream))
			continue;
		vclock_raise_base(&room->accepted, stream, base);
		vclock_raise_base(&room->delivered, stream, base);
		raised[raised_count++] = (struct dependency){ *stream, base };
		multicast_look_after(mr, stream);
	}
	keep.bases = raised;
	keep.base_count = raised_count;
	if (raised_count > 0)
		effects_keep(fx, &keep);
	if (room->past == PAST_UNKNOWN)
		room->past = PAST_EMPTY;
	multicast_flow(mc, mr, now, fx);
	/* Behind what was held back. */
	mr->gap = mr->gap || gap;
}

void
multicast_parted(struct multicast *mc, instant_ms now, struct room *room,
    struct effects *fx)
{
	struct multicast_room *mr = multicast_find_room(mc, &room->id);

	if (mr == NULL)
		return;
	for (size_t i = mr->publishing; i < mr->outbox_count; i++) {
		multicast_answer_error(&mr->outbox[i], ERROR_NOT_JOINED, fx);
		free((char *)mr->outbox[i].message.text);
	}
	mr->outbox_count = mr->publishing;
	holdback_clear(&mr->held);
	mr->asking_count = 0;
	mr->give_up_at = NEVER;
	multicast_tell_flowed(mr, now, fx);
}

size_t
multicast_held(const struct multicast *mc, const struct id *room)
{
	const struct multicast_room *mr = multicast_find_room(mc, room);

	return mr == NULL ? 0 : mr->held.count;
}

void
multicast_expire(struct multicast *mc, instant_ms now, struct effects *fx)
{
	for (size_t i = 0; i < mc->count; i++) {
		struct multicast_room *mr = mc->items[i];

		if (now >= mr->give_up_at)
			multicast_give_up(mc, mr, now, fx);
		multicast_ask(mr, now, fx);
		if (now >= mr->tell_at)
			multicast_tell_flowed(mr, now, fx);
		if (now >= mr->doubt_until) {
			mr->doubt_until = NEVER;
			multicast_publish_next(mc, mr, mc->wall, fx);
		}
	}
}

instant_ms
multicast_deadline(const struct multicast *mc)
{
	instant_ms deadline = NEVER;

	for (size_t i = 0; i < mc->count; i++) {
		deadline =
		    instant_earlier(deadline, multicast_ask_at(mc->items[i]));
		deadline = instant_earlier(deadline, mc->items[i]->tell_at);
		deadline = instant_earlier(deadline, mc->items[i]->doubt_until);
		deadline = instant_earlier(deadline, mc->items[i]->give_up_at);
	}
	return deadline;
}
