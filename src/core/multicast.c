#include "core/multicast.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/frontier.h"
#include "core/holdback.h"
#include "core/judge.h"

enum {
	ASK_FIRST_MS = 200,
	ASK_LAST_MS = 5000,
	ASK_AGAIN_MS = 1000,	/* a new orphan hurries the next question */
	GIVE_UP_MS = 30000,
	GIVE_UP_AFTER_OTHERS_MS = 2000,
	DOUBT_MS = 3000,	/* whether my numbers are still free */

	/* What a bundle's encoding takes beside its texts, generously. */
	BODY_FIXED = 512,
	BODY_DEPENDENCY = 72,
	BODY_MESSAGE = 32,
};

struct said {
	enum dchat_verb verb;
	uint64_t token;
	enum message_kind kind;
	char *text;
};

/* In the store's hands. */
struct handed {
	struct stream stream;
	uint64_t seq;
	bool live, gap;
};

struct multicast_room {
	struct room *room;

	struct said *outbox;	/* the first `publishing` are in a bundle */
	size_t outbox_count, outbox_cap;
	bool outstanding;	/* a PUBLISH is, of 0 or more messages */
	size_t publishing;

	struct frontier frontier;
	struct holdback held;
	struct held **ready;	/* last one first on the screen */
	size_t ready_count, ready_cap;
	struct handed *handed;	/* ascending by name */
	size_t handed_count, handed_cap;

	instant_ms doubt_until;	/* nothing is published; NEVER: no doubt */

	instant_ms asked_at, ask_at, ask_pause_ms;
	size_t ask_turn;
	instant_ms progress_at;	/* something asked for came */
	instant_ms give_up_at;	/* not later than the first who may */
	bool gap;		/* the next one comes after a hole */

	bool shown;		/* something was; the last one on the screen: */
	struct dchat_message lowest;	/* its place only */
};

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

static void
outbox_drop(struct multicast_room *mr, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(mr->outbox[i].text);
	mr->outbox_count -= count;
	if (mr->outbox_count > 0)
		memmove(mr->outbox, mr->outbox + count,
		    mr->outbox_count * sizeof *mr->outbox);
}

void
multicast_free(struct multicast *mc)
{
	for (size_t i = 0; i < mc->count; i++) {
		struct multicast_room *mr = mc->items[i];

		outbox_drop(mr, mr->outbox_count);
		free(mr->outbox);
		frontier_free(&mr->frontier);
		holdback_free(&mr->held);
		free(mr->ready);
		free(mr->handed);
		free(mr);
	}
	free(mc->items);
	mc->items = NULL;
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

static struct multicast_room *
find(const struct multicast *mc, const struct id *id)
{
	bool found;
	size_t at = place(mc, id, &found);

	return found ? mc->items[at] : NULL;
}

static struct multicast_room *
obtain(struct multicast *mc, struct room *room)
{
	bool found;
	size_t at = place(mc, &room->id, &found);
	struct multicast_room *mr;

	if (found)
		return mc->items[at];
	mr = mem_zero(1, sizeof *mr);
	mr->room = room;
	mr->ask_at = mr->give_up_at = mr->doubt_until = NEVER;
	mr->ask_pause_ms = ASK_FIRST_MS;
	frontier_init(&mr->frontier);
	holdback_init(&mr->held);
	MEM_INSERT(mc->items, mc->count, mc->cap, at);
	mc->items[at] = mr;
	return mr;
}

/* -- saying -------------------------------------------------------------- */

static struct stream
own_stream(const struct multicast *mc)
{
	return (struct stream){ mc->self, mc->epoch };
}

/* Bytes of a text as a JSON string, at most. */
static size_t
encoded_size(const char *text)
{
	size_t size = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		size += c < 0x20 ? 6 : c == '"' || c == '\\' ? 2 : 1;
	}
	return size;
}

/* How many messages of the outbox go into one bundle; at least one. */
static size_t
pack(const struct multicast_room *mr, size_t dependencies)
{
	size_t room = LIMIT_BUNDLE_BODY - BODY_FIXED -
	    dependencies * BODY_DEPENDENCY;
	size_t used = 0, count = 0;

	if (room > LIMIT_BUNDLE_TEXT)
		room = LIMIT_BUNDLE_TEXT;
	while (count < mr->outbox_count && count < LIMIT_BUNDLE_MESSAGES) {
		used += BODY_MESSAGE + encoded_size(mr->outbox[count].text);
		if (used > room && count > 0)
			break;
		count++;
	}
	return count;
}

/*
 * Publishes the next bundle when there is something to say and nothing
 * outstanding.  More heads than a bundle may name are folded first: an
 * empty bundle depends on as many as it can and stands for them from then
 * on.
 */
static void
publish_next(struct multicast *mc, struct multicast_room *mr, wall_ms wall,
    struct effects *fx)
{
	struct stream own = own_stream(mc);
	struct dependency causes[LIMIT_DEPENDENCIES];
	struct message messages[LIMIT_BUNDLE_MESSAGES];
	struct bundle bundle = { .room = mr->room->id, .stream = own };
	size_t count;

	if (wall > mc->wall)
		mc->wall = wall;
	if (mr->outstanding || mr->outbox_count == 0 ||
	    mr->doubt_until != NEVER)
		return;
	count = frontier_causes(&mr->frontier, &own, causes);
	if (count > LIMIT_DEPENDENCIES) {
		count = LIMIT_DEPENDENCIES;
		mr->publishing = 0;
	} else {
		mr->publishing = pack(mr, count);
	}
	for (size_t i = 0; i < mr->publishing; i++)
		messages[i] = (struct message){ mr->outbox[i].kind,
			mr->outbox[i].text };
	bundle.seq = vclock_top(&mr->room->accepted, &own) + 1;
	bundle.nonce = mc->nonce;
	bundle.hlc = hlc_tick(&mc->hlc, wall);
	bundle.dependencies = causes;
	bundle.dependency_count = count;
	bundle.messages = messages;
	bundle.message_count = mr->publishing;
	mr->outstanding = true;
	effects_publish(fx, &bundle);
}

enum error
multicast_say(struct multicast *mc, instant_ms now, wall_ms wall,
    struct room *room, enum dchat_verb verb, uint64_t token,
    enum message_kind kind, const char *text, struct effects *fx)
{
	struct multicast_room *mr;
	size_t size = strlen(text);

	(void)now;
	if (!room->joined)
		return ERROR_NOT_JOINED;
	if (size == 0)
		return ERROR_EMPTY_TEXT;
	if (size > LIMIT_TEXT)
		return ERROR_TOO_LONG;
	if (!utf8_valid(text, size))
		return ERROR_BAD_TEXT;
	mr = obtain(mc, room);
	if (mr->outbox_count >= LIMIT_OUTBOX)
		return ERROR_BUSY;
	MEM_GROW(mr->outbox, mr->outbox_count, mr->outbox_cap);
	mr->outbox[mr->outbox_count++] =
	    (struct said){ verb, token, kind, mem_text(text) };
	publish_next(mc, mr, wall, fx);
	return ERROR_NONE;
}

bool
multicast_pending(const struct multicast *mc)
{
	for (size_t i = 0; i < mc->count; i++)
		if (mc->items[i]->outbox_count > 0 ||
		    mc->items[i]->outstanding)
			return true;
	return false;
}

static void
answer_error(const struct said *said, enum error error, struct effects *fx)
{
	struct dchat_event event = {
		.type = DCHAT_EVENT_ERROR,
		.error = {
			.verb = said->verb,
			.token = said->token,
			.code = error,
			.text = error_sentence(error),
		},
	};

	effects_notify(fx, &event);
}

static void
answer_ok(const struct said *said, const struct bundle *bundle, size_t index,
    struct effects *fx)
{
	char msg[MSG_TEXT];
	struct dchat_event event = {
		.type = DCHAT_EVENT_OK,
		.ok = {
			.verb = said->verb,
			.token = said->token,
			.msg = effects_text(fx,
			    message_name(bundle, index, msg)),
		},
	};

	effects_notify(fx, &event);
}

/* -- delivering ---------------------------------------------------------- */

/* The order of the screen, as dchat.h gives it to front ends. */
static int
compare_places(const struct dchat_message *a, const struct dchat_message *b)
{
	int order = id_compare(&a->author, &b->author);

	if (a->hlc != b->hlc)
		return a->hlc < b->hlc ? -1 : 1;
	if (order != 0)
		return order;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

static void
show(struct multicast_room *mr, const struct bundle *bundle, size_t index,
    struct dchat_message message, struct effects *fx)
{
	struct dchat_event event = { .type = DCHAT_EVENT_MESSAGE };

	message_name(bundle, index, message.msg);
	message.room = mr->room->name;
	message.author = bundle->stream.author;
	message.kind = bundle->messages[index].kind;
	message.text = effects_text(fx, bundle->messages[index].text);
	message.time = hlc_wall(bundle->hlc);
	message.hlc = bundle->hlc;
	message.seq = bundle->seq;
	message.index = (unsigned)index;
	message.late = mr->shown && compare_places(&message, &mr->lowest) < 0;
	if (!message.late) {
		mr->shown = true;
		mr->lowest = message;
		mr->lowest.text = NULL;
	}
	event.message = message;
	effects_notify(fx, &event);
}

/*
 * Stored: it becomes part of what is here.  `said` is the outbox when it is
 * my own of this run, NULL otherwise.
 */
static void
deliver(struct multicast *mc, struct multicast_room *mr,
    const struct bundle *bundle, bool live, bool gap,
    const struct said *said, struct effects *fx)
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
			answer_ok(&said[i], bundle, i, fx);
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
multicast_published(struct multicast *mc, instant_ms now, wall_ms wall,
    const struct bundle *bundle, struct effects *fx)
{
	struct multicast_room *mr = find(mc, &bundle->room);
	struct frame frame = { .type = FRAME_BUNDLE };

	(void)now;
	assert(mr != NULL && mr->outstanding);
	assert(bundle->message_count == mr->publishing);
	/* admits() keeps a place for my own stream. */
	if (!vclock_add(&mr->room->accepted, &bundle->stream, bundle->seq))
		assert(!"my own bundle has its place");
	deliver(mc, mr, bundle, true, false, mr->outbox, fx);
	if (mr->room->past == PAST_EMPTY)
		mr->room->past = PAST_BEGUN;
	frame.bundle.bundle = *bundle;
	effects_send_many(fx, mr->room->audience, mr->room->audience_count,
	    &frame);
	outbox_drop(mr, mr->publishing);
	mr->outstanding = false;
	mr->publishing = 0;
	publish_next(mc, mr, wall, fx);
}

void
multicast_publish_failed(struct multicast *mc, instant_ms now, wall_ms wall,
    const struct id *room, enum error error, struct effects *fx)
{
	struct multicast_room *mr = find(mc, room);
	size_t count;

	(void)now;
	assert(mr != NULL && mr->outstanding);
	/* A fold has no messages of its own: without it none can go. */
	count = mr->publishing > 0 ? mr->publishing : mr->outbox_count;
	for (size_t i = 0; i < count; i++)
		answer_error(&mr->outbox[i], error, fx);
	outbox_drop(mr, count);
	mr->outstanding = false;
	mr->publishing = 0;
	publish_next(mc, mr, wall, fx);
}

void
multicast_parted(struct multicast *mc, instant_ms now, struct room *room,
    struct effects *fx)
{
	struct multicast_room *mr = find(mc, &room->id);

	(void)now;
	if (mr == NULL)
		return;
	for (size_t i = mr->publishing; i < mr->outbox_count; i++) {
		answer_error(&mr->outbox[i], ERROR_NOT_JOINED, fx);
		free(mr->outbox[i].text);
	}
	mr->outbox_count = mr->publishing;
	holdback_clear(&mr->held);
	mr->ask_at = mr->give_up_at = NEVER;
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

static size_t
streams_of(const struct room *room, const struct id *author)
{
	size_t count = 0;

	for (size_t i = 0; i < room->accepted.count; i++)
		count += id_equal(&room->accepted.entries[i].stream.author,
		    author);
	return count;
}

/* False when the room, or the author in it, has as many streams as it may;
 * one place is always kept for my own. */
static bool
admits(const struct multicast *mc, const struct room *room,
    const struct stream *stream)
{
	struct stream own = own_stream(mc);
	size_t kept = vclock_find(&room->accepted, &own) == NULL ? 1 : 0;

	if (vclock_find(&room->accepted, stream) != NULL ||
	    stream_compare(stream, &own) == 0)
		return true;
	return room->accepted.count + kept < LIMIT_STREAMS &&
	    streams_of(room, &stream->author) < LIMIT_STREAMS_AUTHOR;
}

/* -- earlier runs -------------------------------------------------------- */

void
multicast_restore(struct multicast *mc, const struct node_past *past,
    uint64_t spare_epoch)
{
	hlc_merge(&mc->hlc, past->hlc);
	mc->epoch_restored = past->epoch_restored;
	mc->spare_epoch = spare_epoch;
}

void
multicast_restore_room(struct multicast *mc, struct room *room,
    const struct past_room *past)
{
	struct multicast_room *mr = obtain(mc, room);

	for (size_t i = 0; i < past->entry_count; i++) {
		const struct vector_entry *entry = &past->entries[i];

		vclock_restore(&room->delivered, entry);
		vclock_restore(&room->accepted, entry);
		/* What only I have said leaves open what was before. */
		if (!id_equal(&entry->stream.author, &mc->self))
			room->past = PAST_BEGUN;
	}
	room->unread = past->unread;
	frontier_restore(&mr->frontier, past->heads, past->head_count);
	mr->shown = past->shown;
	mr->lowest = (struct dchat_message){
		.hlc = past->shown_last.hlc,
		.author = past->shown_last.stream.author,
		.seq = past->shown_last.seq,
		.index = LIMIT_BUNDLE_MESSAGES,
	};
}

void
multicast_compare(struct multicast *mc, instant_ms now,
    const struct id *room_id, const struct vector_entry *entries,
    size_t count, struct effects *fx)
{
	struct room *room = rooms_find(mc->rooms, room_id);
	struct stream own = own_stream(mc);
	struct multicast_room *mr;

	if (!mc->epoch_restored || room == NULL || !room->joined)
		return;
	for (size_t i = 0; i < count; i++) {
		if (stream_compare(&entries[i].stream, &own) != 0 ||
		    entries[i].top <= vclock_top(&room->accepted, &own))
			continue;
		mr = obtain(mc, room);
		if (mr->doubt_until == NEVER && !mr->outstanding)
			mr->doubt_until = now + DOUBT_MS;
		effects_trace(fx, "hears of %llu of its own that it forgot",
		    (unsigned long long)(entries[i].top -
			vclock_top(&room->accepted, &own)));
	}
}

/* I signed it, it is of my stream, and I do not know it. */
static bool
is_forgotten(const struct multicast *mc, const struct room *room,
    const struct bundle *bundle)
{
	struct stream own = own_stream(mc);

	return mc->epoch_restored && room != NULL && room->joined &&
	    stream_compare(&bundle->stream, &own) == 0 &&
	    bundle->nonce != mc->nonce &&
	    bundle->seq > vclock_top(&room->accepted, &own);
}

/*
 * What I remember of the epoch is not all of it: what I say goes on in
 * another one, and the old one is filled up like anybody's.
 */
static void
leave_epoch(struct multicast *mc, struct effects *fx)
{
	const struct keep keep = {
		.kind = KEEP_EPOCH,
		.epoch = mc->spare_epoch,
	};

	mc->epoch = mc->spare_epoch;
	mc->epoch_restored = false;
	effects_keep(fx, &keep);
	effects_trace(fx, "begins a new epoch: others know more of the old");
	for (size_t i = 0; i < mc->count; i++) {
		mc->items[i]->doubt_until = NEVER;
		publish_next(mc, mc->items[i], mc->wall, fx);
	}
}

static bool
publishing(const struct multicast *mc)
{
	for (size_t i = 0; i < mc->count; i++)
		if (mc->items[i]->outstanding)
			return true;
	return false;
}

/* Changes nothing. */
static enum verdict
judge(const struct multicast *mc, const struct room *room,
    const struct id *from, const struct bundle *bundle)
{
	struct stream own = own_stream(mc);
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
	own_top = mc->epoch_restored ? SEQ_MAX
				     : vclock_top(&room->accepted, &own);
	if (stream_compare(&bundle->stream, &own) == 0 &&
	    bundle->seq > own_top)
		return VERDICT_MALFORMED;
	for (size_t i = 0; i < bundle->dependency_count; i++)
		if (bundle->dependencies[i].seq > own_top &&
		    stream_compare(&bundle->dependencies[i].stream, &own) ==
			0)
			return VERDICT_MALFORMED;
	if (!admits(mc, room, &bundle->stream))
		return VERDICT_OVER_LIMIT;
	return VERDICT_ACCEPTED;
}

bool
multicast_knows(const struct multicast *mc, const struct id *room_id,
    const struct stream *stream, uint64_t seq)
{
	const struct room *room = rooms_find(mc->rooms, room_id);
	const struct multicast_room *mr = find(mc, room_id);

	return room != NULL &&
	    (vclock_here(&room->accepted, stream, seq) ||
		(mr != NULL &&
		    holdback_find(&mr->held, stream, seq) != NULL));
}

/* All its causes are there: to the store with it. */
static void
accept(struct multicast *mc, struct multicast_room *mr, instant_ms now,
    const struct bundle *bundle, bool backlog, bool gap, struct effects *fx)
{
	struct room *room = mr->room;
	bool found;
	size_t at;

	/* At a bound it is dropped; sync offers it again. */
	if (!admits(mc, room, &bundle->stream) ||
	    !vclock_add(&room->accepted, &bundle->stream, bundle->seq))
		return;
	hlc_merge(&mc->hlc, bundle->hlc);
	at = handed_at(mr, &bundle->stream, bundle->seq, &found);
	if (!found)
		MEM_INSERT(mr->handed, mr->handed_count, mr->handed_cap, at);
	mr->handed[at] = (struct handed){ bundle->stream, bundle->seq,
		!backlog, gap || mr->gap };
	if (bundle->message_count > 0)
		mr->gap = false;
	if (room->past == PAST_EMPTY)
		room->past = PAST_BEGUN;
	if (backlog) {
		mr->progress_at = now;
		mr->ask_pause_ms = ASK_FIRST_MS;
		mr->ask_turn = 0;
		if (mr->ask_at != NEVER)
			mr->ask_at = now + ASK_FIRST_MS;
	}
	effects_store(fx, bundle);
}

/* One that waited may be ready now; the ready are served in the order in
 * which people will read them. */
static void
look_again(struct multicast_room *mr, struct held *held)
{
	struct dependency lacks;
	size_t low = 0, high = mr->ready_count;

	if (holdback_lacks(held->bundle, held->waived, &mr->room->accepted,
		&lacks)) {
		holdback_wait(&mr->held, held, &lacks);
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

static void
look_again_after(struct multicast_room *mr, const struct stream *stream)
{
	uint64_t top = vclock_top(&mr->room->accepted, stream);
	struct held *held;

	while ((held = holdback_release(&mr->held, stream, top)) != NULL)
		look_again(mr, held);
}

/* Hands on all that is ready, and what that makes ready. */
static void
flow(struct multicast *mc, struct multicast_room *mr, instant_ms now,
    struct effects *fx)
{
	while (mr->ready_count > 0) {
		struct held *held = mr->ready[--mr->ready_count];
		struct stream stream = held->bundle->stream;

		accept(mc, mr, now, held->bundle, held->backlog, held->gap,
		    fx);
		holdback_drop(&mr->held, held);
		look_again_after(mr, &stream);
	}
	if (mr->held.count == 0)
		mr->ask_at = mr->give_up_at = NEVER;
}

static enum verdict
hold(struct multicast_room *mr, instant_ms now, const struct id *from,
    const struct bundle *bundle, bool backlog,
    const struct dependency *lacks, struct effects *fx)
{
	char author[ID_SHORT_TEXT], cause[ID_SHORT_TEXT];
	instant_ms ask_at = now + ASK_FIRST_MS;

	if (!holdback_add(&mr->held, now, from, bundle, backlog, lacks))
		return VERDICT_OVER_LIMIT;
	if (mr->ask_at == NEVER) {
		mr->ask_pause_ms = ASK_FIRST_MS;
		mr->ask_turn = 0;
	}
	if (mr->asked_at != 0 && ask_at < mr->asked_at + ASK_AGAIN_MS)
		ask_at = mr->asked_at + ASK_AGAIN_MS;
	mr->ask_at = instant_earlier(mr->ask_at, ask_at);
	mr->give_up_at =
	    instant_earlier(mr->give_up_at, now + GIVE_UP_AFTER_OTHERS_MS);
	effects_trace(fx, "holds %s:%llu back for %s:%llu",
	    id_format_short(&bundle->stream.author, author),
	    (unsigned long long)bundle->seq,
	    id_format_short(&lacks->stream.author, cause),
	    (unsigned long long)lacks->seq);
	return VERDICT_ACCEPTED;
}

enum verdict
multicast_recv(struct multicast *mc, instant_ms now, const struct id *from,
    const struct bundle *bundle, bool backlog, struct effects *fx)
{
	struct room *room = rooms_find(mc->rooms, &bundle->room);
	enum verdict verdict = judge(mc, room, from, bundle);
	struct multicast_room *mr;
	const struct vclock_entry *entry;
	struct dependency lacks;

	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	if (is_forgotten(mc, room, bundle)) {
		/* It comes again; what is in the store's hands goes first. */
		if (publishing(mc))
			return VERDICT_STALE;
		leave_epoch(mc, fx);
	}
	mc->bundles_received++;
	if (multicast_knows(mc, &bundle->room, &bundle->stream,
		bundle->seq)) {
		mc->duplicates++;
		return VERDICT_DUPLICATE;
	}
	entry = vclock_find(&room->accepted, &bundle->stream);
	if (entry != NULL && bundle->seq <= entry->base)
		return VERDICT_STALE;
	mr = obtain(mc, room);
	if (holdback_lacks(bundle, NULL, &room->accepted, &lacks))
		return hold(mr, now, from, bundle, backlog, &lacks, fx);
	accept(mc, mr, now, bundle, backlog, false, fx);
	look_again_after(mr, &bundle->stream);
	flow(mc, mr, now, fx);
	return VERDICT_ACCEPTED;
}

void
multicast_stored(struct multicast *mc, instant_ms now,
    const struct bundle *bundle, struct effects *fx)
{
	struct multicast_room *mr = find(mc, &bundle->room);
	struct handed handed;
	bool found = false;
	size_t at;

	(void)now;
	assert(mr != NULL);
	at = handed_at(mr, &bundle->stream, bundle->seq, &found);
	assert(found);
	handed = mr->handed[at];
	MEM_REMOVE(mr->handed, mr->handed_count, at);
	deliver(mc, mr, bundle, handed.live, handed.gap, NULL, fx);
}

void
multicast_bases(struct multicast *mc, instant_ms now, struct room *room,
    const struct dependency *bases, size_t count, struct effects *fx)
{
	struct keep keep = { .kind = KEEP_BASES, .room = room->id };
	struct dependency *raised;
	struct multicast_room *mr;
	size_t raised_count = 0;

	/* Anybody could make me forget the past, were this not asked for. */
	if (!room->joined || now > room->bases_until)
		return;
	mr = obtain(mc, room);
	raised = effects_alloc(fx, count * sizeof *raised);
	for (size_t i = 0; i < count; i++) {
		const struct stream *stream = &bases[i].stream;
		uint64_t base = bases[i].seq;
		const struct held *lowest =
		    holdback_above(&mr->held, stream, 0);

		if (lowest != NULL && base >= lowest->bundle->seq)
			base = lowest->bundle->seq - 1;
		if (base == 0 || base > SEQ_MAX ||
		    vclock_find(&room->accepted, stream) != NULL ||
		    !admits(mc, room, stream))
			continue;
		vclock_raise_base(&room->accepted, stream, base);
		vclock_raise_base(&room->delivered, stream, base);
		raised[raised_count++] = (struct dependency){ *stream, base };
		look_again_after(mr, stream);
	}
	keep.bases = raised;
	keep.base_count = raised_count;
	if (raised_count > 0)
		effects_keep(fx, &keep);
	if (room->past == PAST_UNKNOWN)
		room->past = PAST_EMPTY;
	flow(mc, mr, now, fx);
}

/* -- what is missing ----------------------------------------------------- */

/* Whom to ask: who sent the oldest orphan, then around the audience. */
static struct id
whom_to_ask(const struct multicast_room *mr)
{
	const struct room *room = mr->room;
	const struct held *oldest = mr->held.items[0];
	bool found;
	size_t at;

	for (size_t i = 1; i < mr->held.count; i++)
		if (mr->held.items[i]->since < oldest->since)
			oldest = mr->held.items[i];
	at = id_search(room->audience, room->audience_count, &oldest->from,
	    &found);
	if (room->audience_count == 0 || (found && mr->ask_turn == 0))
		return oldest->from;
	return room->audience[(at + mr->ask_turn) % room->audience_count];
}

static void
ask(struct multicast_room *mr, instant_ms now, struct effects *fx)
{
	struct stream_range ranges[LIMIT_VECTOR_PAGE];
	struct frame frame = { .type = FRAME_WANT };
	char text[ID_SHORT_TEXT];
	struct id peer;
	size_t count;

	mr->ask_at = now + mr->ask_pause_ms;
	/* The donor of a room's past says first where it begins. */
	if (mr->room->past == PAST_UNKNOWN)
		return;
	count = holdback_missing(&mr->held, &mr->room->accepted, ranges,
	    LIMIT_VECTOR_PAGE);
	if (count == 0)
		return;
	peer = whom_to_ask(mr);
	mr->ask_turn++;
	mr->asked_at = now;
	mr->ask_pause_ms = 2 * mr->ask_pause_ms < ASK_LAST_MS
	    ? 2 * mr->ask_pause_ms
	    : ASK_LAST_MS;
	frame.want.room = mr->room->id;
	frame.want.ranges = ranges;
	frame.want.count = count;
	effects_send(fx, &peer, &frame);
	effects_trace(fx, "asks %s for %zu missing ranges",
	    id_format_short(&peer, text), count);
}

/*
 * Gives up the cause that one lacks.  A hole is recorded only where the
 * author of the stream itself has shown, by a later bundle, that the
 * numbers exist; what only somebody else claims to depend on is waived for
 * that one, or a liar could make holes in anybody's stream.  False when the
 * cause is here and itself waiting.
 */
static bool
give_up(struct multicast *mc, struct multicast_room *mr, struct held *held,
    struct effects *fx)
{
	struct dependency lacks = held->lacks;
	uint64_t top = vclock_top(&mr->room->accepted, &lacks.stream);
	struct held *above = holdback_above(&mr->held, &lacks.stream, top);
	uint64_t others = room_given_up(mr->room, &lacks.stream, top + 1);
	char author[ID_SHORT_TEXT];

	if (above != NULL && above->bundle->seq == top + 1)
		return false;
	effects_trace(fx, "gives up %s:%llu",
	    id_format_short(&lacks.stream.author, author),
	    (unsigned long long)lacks.seq);
	if (above != NULL) {
		uint64_t last = above->bundle->seq - 1;

		if (last > lacks.seq)
			last = lacks.seq;
		/* Before its time: no more than others have given up. */
		if (others > 0 && last > others)
			last = others;
		mr->gap = true;
		/* With no place for the stream the author has to wait. */
		if (!admits(mc, mr->room, &lacks.stream) ||
		    !vclock_add_hole(&mr->room->accepted, &lacks.stream,
			last)) {
			holdback_drop(&mr->held, held);
			return true;
		}
		look_again_after(mr, &lacks.stream);
		return true;
	}
	held->gap = true;
	if (held->waived == NULL)
		held->waived = mem_zero(held->bundle->dependency_count,
		    sizeof *held->waived);
	for (size_t i = 0; i < held->bundle->dependency_count; i++)
		if (stream_compare(&held->bundle->dependencies[i].stream,
			&lacks.stream) == 0)
			held->waived[i] = true;
	holdback_rouse(&mr->held, held);
	look_again(mr, held);
	return true;
}

/*
 * When the cause of one may be given up: as long as the past comes in,
 * nothing is; and sooner when a member has waited for it before me.
 */
static instant_ms
patience(const struct multicast_room *mr, const struct held *held)
{
	const struct stream *stream = &held->lacks.stream;
	uint64_t next = vclock_top(&mr->room->accepted, stream) + 1;
	instant_ms since = held->since > mr->progress_at ? held->since
							 : mr->progress_at;

	return room_given_up(mr->room, stream, next) > 0
	    ? since + GIVE_UP_AFTER_OTHERS_MS
	    : since + GIVE_UP_MS;
}

static void
give_up_overdue(struct multicast *mc, struct multicast_room *mr,
    instant_ms now, struct effects *fx)
{
	for (size_t i = 0; i < mr->held.count;) {
		struct held *held = mr->held.items[i];

		if (now >= patience(mr, held) && give_up(mc, mr, held, fx)) {
			flow(mc, mr, now, fx);
			i = 0;
		} else {
			i++;
		}
	}
	mr->give_up_at = NEVER;
	for (size_t i = 0; i < mr->held.count; i++) {
		instant_ms at = patience(mr, mr->held.items[i]);

		/* One that waits for another is looked at with it. */
		if (at > now)
			mr->give_up_at = instant_earlier(mr->give_up_at, at);
	}
	if (mr->held.count > 0 && mr->give_up_at == NEVER)
		mr->give_up_at = now + GIVE_UP_MS;
}

size_t
multicast_held(const struct multicast *mc, const struct id *room)
{
	const struct multicast_room *mr = find(mc, room);

	return mr == NULL ? 0 : mr->held.count;
}

void
multicast_expire(struct multicast *mc, instant_ms now, struct effects *fx)
{
	for (size_t i = 0; i < mc->count; i++) {
		struct multicast_room *mr = mc->items[i];

		if (now >= mr->give_up_at)
			give_up_overdue(mc, mr, now, fx);
		if (now >= mr->ask_at)
			ask(mr, now, fx);
		if (now >= mr->doubt_until) {
			mr->doubt_until = NEVER;
			publish_next(mc, mr, mc->wall, fx);
		}
	}
}

instant_ms
multicast_deadline(const struct multicast *mc)
{
	instant_ms deadline = NEVER;

	for (size_t i = 0; i < mc->count; i++) {
		deadline = instant_earlier(deadline, mc->items[i]->ask_at);
		deadline = instant_earlier(deadline,
		    mc->items[i]->doubt_until);
		deadline = instant_earlier(deadline, mc->items[i]->give_up_at);
	}
	return deadline;
}
