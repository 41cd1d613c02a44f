#include "wire/tape.h"

#include <string.h>

#include "wire/codec.h"

enum { COUNT_MAX = 1 << 20 }; /* of anything: more is no tape */

void
tape_record(struct tape *tape, struct bytes *out)
{
	tape->out = out;
	tape->bad = false;
}

void
tape_play(struct tape *tape, const uint8_t *bytes, size_t size,
    struct arena *arena)
{
	tape->out = NULL;
	tape->at = bytes;
	tape->end = bytes + size;
	tape->arena = arena;
	tape->bad = false;
}

/* -- plain things ------------------------------------------------------ */

static void
put_raw(struct tape *tape, void *bytes, size_t size)
{
	if (size == 0)
		return;
	if (tape->out != NULL) {
		bytes_append(tape->out, bytes, size);
	} else if ((size_t)(tape->end - tape->at) < size) {
		tape->bad = true;
		memset(bytes, 0, size);
	} else {
		memcpy(bytes, tape->at, size);
		tape->at += size;
	}
}

static void
put_u64(struct tape *tape, uint64_t *number)
{
	uint8_t bytes[8];

	bytes_put_u64(bytes, *number);
	put_raw(tape, bytes, sizeof bytes);
	*number = bytes_get_u64(bytes);
}

/* Any integer or enum, there and back. */
#define PUT(tape, lvalue)                                                     \
	do {                                                                  \
		uint64_t number_ = (uint64_t)(lvalue);                        \
                                                                              \
		put_u64(tape, &number_);                                      \
		(lvalue) = (__typeof__(lvalue))number_;                       \
	} while (0)

static void
put_id(struct tape *tape, struct id *id)
{
	put_raw(tape, id->bytes, sizeof id->bytes);
}

static void
put_address(struct tape *tape, struct address *address)
{
	PUT(tape, address->family);
	put_raw(tape, address->ip, sizeof address->ip);
	PUT(tape, address->port);
	PUT(tape, address->scope);
}

/* How many follow; 0 when the tape is bad. */
static size_t
put_count(struct tape *tape, size_t count)
{
	PUT(tape, count);
	/* Each takes a byte or more. */
	if (tape->out == NULL &&
	    (count > COUNT_MAX || count > (size_t)(tape->end - tape->at)))
		tape->bad = true;
	return tape->bad ? 0 : count;
}

static void
put_blob(struct tape *tape, const uint8_t **bytes, size_t *size)
{
	uint8_t *copy;

	*size = put_count(tape, *bytes == NULL ? 0 : *size);
	if (tape->out == NULL)
		*bytes = NULL;
	if (*size == 0)
		return;
	if (tape->out != NULL) {
		bytes_append(tape->out, *bytes, *size);
		return;
	}
	copy = arena_alloc(tape->arena, *size);
	put_raw(tape, copy, *size);
	*bytes = copy;
}

/* NULL is one, too. */
static void
put_text(struct tape *tape, const char **text)
{
	size_t size =
	    put_count(tape, *text == NULL ? 0 : strlen(*text) + 1);
	char *copy;

	if (tape->out == NULL)
		*text = NULL;
	if (size == 0)
		return;
	if (tape->out != NULL) {
		bytes_append(tape->out, *text, size);
		return;
	}
	copy = arena_alloc(tape->arena, size);
	put_raw(tape, copy, size);
	copy[size - 1] = '\0';
	*text = copy;
}

/*
 * An array: the elements to be visited, which are those recorded (nobody
 * writes to them) or new ones.
 */
#define PUT_ARRAY(tape, items, count)                                         \
	((count) = put_count(tape, count),                                    \
	    (items) = (tape)->out != NULL                                     \
		? (items)                                                     \
		: memset(arena_alloc((tape)->arena,                           \
			     ((count) + 1) * sizeof *(items)),                \
		      0, ((count) + 1) * sizeof *(items)),                    \
	    (void *)(items))

/* -- what is signed ---------------------------------------------------- */

static void
put_sealed(struct tape *tape, struct sealed *sealed)
{
	put_blob(tape, &sealed->body, &sealed->size);
	put_raw(tape, sealed->signature, sizeof sealed->signature);
	put_raw(tape, sealed->key, sizeof sealed->key);
}

static void
put_rooms(struct tape *tape, const struct room_name **rooms, size_t *count)
{
	struct room_name *items = PUT_ARRAY(tape, *rooms, *count);

	for (size_t i = 0; i < *count; i++) {
		struct room_name room = items[i];

		put_id(tape, &room.id);
		put_text(tape, &room.name);
		if (tape->out == NULL)
			items[i] = room;
	}
}

static void
put_record(struct tape *tape, struct record *record)
{
	put_id(tape, &record->id);
	PUT(tape, record->start);
	PUT(tape, record->version);
	PUT(tape, record->priority);
	put_text(tape, &record->nick);
	put_text(tape, &record->away);
	put_rooms(tape, &record->rooms, &record->room_count);
	put_sealed(tape, &record->sealed);
}

static void
put_intent(struct tape *tape, struct intent *intent)
{
	put_id(tape, &intent->id);
	put_id(tape, &intent->author);
	PUT(tape, intent->kind);
	put_id(tape, &intent->key);
	put_text(tape, &intent->name);
	put_text(tape, &intent->text);
	put_id(tape, &intent->released);
	put_sealed(tape, &intent->sealed);
}

static void
put_item(struct tape *tape, struct item *item)
{
	struct recent_intent *recent;

	put_id(tape, &item->key);
	PUT(tape, item->version);
	PUT(tape, item->term);
	put_id(tape, &item->leader);
	PUT(tape, item->generation);
	put_id(tape, &item->creator);
	recent = PUT_ARRAY(tape, item->recent, item->recent_count);
	for (size_t i = 0; i < item->recent_count; i++)
		put_id(tape, &recent[i].id);
	put_intent(tape, &item->intent);
}

static void
put_stream(struct tape *tape, struct stream *stream)
{
	put_id(tape, &stream->author);
	PUT(tape, stream->epoch);
}

static void
put_dependencies(struct tape *tape, const struct dependency **dependencies,
    size_t *count)
{
	struct dependency *items = PUT_ARRAY(tape, *dependencies, *count);

	for (size_t i = 0; i < *count; i++) {
		put_stream(tape, &items[i].stream);
		PUT(tape, items[i].seq);
	}
}

static void
put_bundle(struct tape *tape, struct bundle *bundle)
{
	struct message *messages;

	put_id(tape, &bundle->room);
	put_stream(tape, &bundle->stream);
	PUT(tape, bundle->seq);
	PUT(tape, bundle->nonce);
	PUT(tape, bundle->hlc);
	PUT(tape, bundle->wall);
	put_dependencies(tape, &bundle->dependencies,
	    &bundle->dependency_count);
	messages = PUT_ARRAY(tape, bundle->messages, bundle->message_count);
	for (size_t i = 0; i < bundle->message_count; i++) {
		struct message message = messages[i];

		PUT(tape, message.kind);
		put_text(tape, &message.text);
		put_raw(tape, message.ref, sizeof message.ref);
		if (tape->out == NULL)
			messages[i] = message;
	}
	put_id(tape, &bundle->hash);
	put_sealed(tape, &bundle->sealed);
}

/* One that is pointed to, or is not there. */
static void
put_some_bundle(struct tape *tape, const struct bundle **bundle)
{
	bool there = *bundle != NULL;
	struct bundle copy = { .seq = 0 };

	PUT(tape, there);
	if (!there || tape->bad) {
		*bundle = NULL;
		return;
	}
	if (tape->out != NULL)
		copy = **bundle;
	put_bundle(tape, &copy);
	if (tape->out == NULL)
		*bundle = arena_copy(tape->arena, &copy, sizeof copy);
}

/* -- inputs ------------------------------------------------------------ */

/* As on the wire; a bundle's hash is not in it. */
static void
put_frame(struct tape *tape, const struct frame **frame)
{
	struct bytes bytes;
	const uint8_t *data;
	struct frame *out;
	struct id hash = { { 0 } };
	char why[128];

	bytes_init(&bytes);
	if (tape->out != NULL) {
		tape->bad |= !codec_encode(*frame, true, &bytes);
		if ((*frame)->type == FRAME_BUNDLE)
			hash = (*frame)->bundle.bundle.hash;
	}
	data = bytes.data;
	put_blob(tape, &data, &bytes.size);
	put_id(tape, &hash);
	if (tape->out == NULL) {
		*frame = out = arena_alloc(tape->arena, sizeof *out);
		memset(out, 0, sizeof *out);
		if (codec_decode(tape->tag, data, bytes.size, tape->arena,
			out, why) != VERDICT_ACCEPTED)
			tape->bad = true;
		else if (out->type == FRAME_BUNDLE)
			out->bundle.bundle.hash = hash;
		bytes.size = 0;
	}
	bytes_free(&bytes);
}

static void
put_command(struct tape *tape, struct input *input)
{
	struct dchat_command command = { .token = 0 };

	if (tape->out != NULL)
		command = *input->command.command;
	PUT(tape, command.verb);
	PUT(tape, command.token);
	PUT(tape, command.kind);
	PUT(tape, command.limit);
	PUT(tape, command.look);
	put_text(tape, &command.room);
	put_text(tape, &command.text);
	put_text(tape, &command.ref);
	put_text(tape, &command.to);
	put_text(tape, &command.nick);
	put_text(tape, &command.msg);
	put_text(tape, &command.address);
	put_text(tape, &command.name);
	put_text(tape, &command.before);
	put_id(tape, &input->command.room);
	put_id(tape, &input->command.to);
	put_some_bundle(tape, &input->command.subject);
	put_address(tape, &input->command.address);
	if (tape->out == NULL)
		input->command.command =
		    arena_copy(tape->arena, &command, sizeof command);
}

static void
put_fetched(struct tape *tape, struct input *input)
{
	const struct bundle **bundles;

	put_id(tape, &input->fetched.to);
	put_id(tape, &input->fetched.room);
	put_dependencies(tape, &input->fetched.bases,
	    &input->fetched.base_count);
	bundles = PUT_ARRAY(tape, input->fetched.bundles,
	    input->fetched.count);
	for (size_t i = 0; i < input->fetched.count; i++) {
		const struct bundle *bundle = bundles[i];

		put_some_bundle(tape, &bundle);
		if (tape->out == NULL)
			bundles[i] = bundle;
	}
}

static void
put_heard(struct tape *tape, struct input *input)
{
	put_id(tape, &input->heard.peer);
	PUT(tape, input->heard.nonce);
	PUT(tape, input->heard.view);
	PUT(tape, input->heard.goodbye);
	PUT(tape, input->heard.wants_reply);
	put_address(tape, &input->heard.from);
	put_address(tape, &input->heard.reply_to);
}

static void
put_failed(struct tape *tape, struct input *input)
{
	PUT(tape, input->failed.what);
	put_id(tape, &input->failed.peer);
	put_address(tape, &input->failed.address);
	put_id(tape, &input->failed.via);
	PUT(tape, input->failed.why);
	put_id(tape, &input->failed.room);
	PUT(tape, input->failed.error);
}

static void
put_sealed_record(struct tape *tape, const struct record **record)
{
	struct record copy = { .start = 0 };

	if (tape->out != NULL)
		copy = **record;
	put_record(tape, &copy);
	if (tape->out == NULL)
		*record = arena_copy(tape->arena, &copy, sizeof copy);
}

static void
put_sealed_intent(struct tape *tape, const struct intent **intent)
{
	struct intent copy = { .name = NULL };

	if (tape->out != NULL)
		copy = **intent;
	put_intent(tape, &copy);
	if (tape->out == NULL)
		*intent = arena_copy(tape->arena, &copy, sizeof copy);
}

void
tape_input(struct tape *tape, struct input *input)
{
	if (tape->out == NULL)
		memset(input, 0, sizeof *input);
	PUT(tape, input->type);
	PUT(tape, input->now);
	PUT(tape, input->wall);
	switch (input->type) {
	case INPUT_RECEIVE:
		put_id(tape, &input->receive.from);
		put_frame(tape, &input->receive.frame);
		break;
	case INPUT_LINK_UP:
		put_id(tape, &input->link_up.peer);
		PUT(tape, input->link_up.start);
		put_address(tape, &input->link_up.address);
		put_id(tape, &input->link_up.via);
		put_id(tape, &input->link_up.direct);
		break;
	case INPUT_LINK_DOWN:
		put_id(tape, &input->link_down.peer);
		PUT(tape, input->link_down.why);
		break;
	case INPUT_HEARD: put_heard(tape, input); break;
	case INPUT_COMMAND: put_command(tape, input); break;
	case INPUT_SEALED: put_sealed_record(tape, &input->sealed); break;
	case INPUT_INTENT_SEALED:
		put_sealed_intent(tape, &input->intent);
		break;
	case INPUT_KEPT: PUT(tape, input->kept); break;
	case INPUT_PUBLISHED:
	case INPUT_STORED: put_some_bundle(tape, &input->bundle); break;
	case INPUT_FETCHED: put_fetched(tape, input); break;
	case INPUT_FAILED: put_failed(tape, input); break;
	case INPUT_OLDER:
		put_id(tape, &input->older.room);
		PUT(tape, input->older.messages);
		break;
	case INPUT_START:
	case INPUT_DEADLINE:
	case INPUT_RESUMED:
	case INPUT_INTERFACES:
	case INPUT_LEAVE: break;
	default: tape->bad = true;
	}
}

/* -- the beginning ----------------------------------------------------- */

static void
put_entries(struct tape *tape, struct past_room *room)
{
	struct vector_entry *entries =
	    PUT_ARRAY(tape, room->entries, room->entry_count);

	for (size_t i = 0; i < room->entry_count; i++) {
		struct vector_entry *entry = &entries[i];
		struct range *holes;

		put_stream(tape, &entry->stream);
		PUT(tape, entry->base);
		PUT(tape, entry->top);
		holes = PUT_ARRAY(tape, entry->holes, entry->hole_count);
		for (size_t k = 0; k < entry->hole_count; k++) {
			PUT(tape, holes[k].first);
			PUT(tape, holes[k].last);
		}
	}
}

static void
put_past_room(struct tape *tape, struct past_room *room)
{
	put_id(tape, &room->id);
	put_text(tape, &room->name);
	PUT(tape, room->joined);
	PUT(tape, room->unread);
	put_entries(tape, room);
	put_dependencies(tape, &room->heads, &room->head_count);
	PUT(tape, room->shown);
	put_id(tape, &room->shown_last.room);
	put_stream(tape, &room->shown_last.stream);
	PUT(tape, room->shown_last.seq);
	PUT(tape, room->shown_last.hlc);
	put_id(tape, &room->shown_last.hash);
}

static void
put_receipt(struct tape *tape, struct receipt *receipt)
{
	size_t count = receipt->count;
	struct id *members;
	bool *had;

	put_id(tape, &receipt->room);
	PUT(tape, receipt->epoch);
	PUT(tape, receipt->seq);
	put_id(tape, &receipt->hash);
	PUT(tape, receipt->messages);
	members = PUT_ARRAY(tape, receipt->members, receipt->count);
	for (size_t i = 0; i < receipt->count; i++)
		put_id(tape, &members[i]);
	had = PUT_ARRAY(tape, receipt->had, count);
	for (size_t i = 0; i < count; i++)
		PUT(tape, had[i]);
}

static void
put_facts(struct tape *tape, struct node_past *past)
{
	struct past_item *items =
	    PUT_ARRAY(tape, past->items, past->item_count);
	struct past_contact *contacts;
	struct receipt *receipts;
	struct past_fork *forks;

	for (size_t i = 0; i < past->item_count; i++) {
		struct item item = { .version = 0 };

		if (tape->out != NULL)
			item = *items[i].item;
		put_item(tape, &item);
		PUT(tape, items[i].seen);
		if (tape->out == NULL)
			items[i].item =
			    arena_copy(tape->arena, &item, sizeof item);
	}
	contacts = PUT_ARRAY(tape, past->contacts, past->contact_count);
	for (size_t i = 0; i < past->contact_count; i++) {
		put_id(tape, &contacts[i].peer);
		put_address(tape, &contacts[i].address);
	}
	receipts = PUT_ARRAY(tape, past->receipts, past->receipt_count);
	for (size_t i = 0; i < past->receipt_count; i++)
		put_receipt(tape, &receipts[i]);
	forks = PUT_ARRAY(tape, past->forks, past->fork_count);
	for (size_t i = 0; i < past->fork_count; i++) {
		put_id(tape, &forks[i].room);
		put_id(tape, &forks[i].author);
		PUT(tape, forks[i].copied);
	}
}

static void
put_past(struct tape *tape, struct node_past *past)
{
	struct past_room *rooms =
	    PUT_ARRAY(tape, past->rooms, past->room_count);
	const struct record **records;
	const struct intent **intents;

	for (size_t i = 0; i < past->room_count; i++)
		put_past_room(tape, &rooms[i]);
	records = PUT_ARRAY(tape, past->records, past->record_count);
	for (size_t i = 0; i < past->record_count; i++)
		put_sealed_record(tape, &records[i]);
	intents = PUT_ARRAY(tape, past->intents, past->intent_count);
	for (size_t i = 0; i < past->intent_count; i++)
		put_sealed_intent(tape, &intents[i]);
	put_facts(tape, past);
	PUT(tape, past->fence.term);
	PUT(tape, past->fence.priority);
	put_id(tape, &past->fence.leader);
	PUT(tape, past->hlc);
	PUT(tape, past->epoch_restored);
}

void
tape_options(struct tape *tape, struct node_options *options)
{
	struct node_past past = { .hlc = 0 };
	struct address *peers;

	if (tape->out == NULL)
		memset(options, 0, sizeof *options);
	else if (options->past != NULL)
		past = *options->past;
	put_raw(tape, tape->tag, sizeof tape->tag);
	put_id(tape, &options->self);
	put_raw(tape, options->key, sizeof options->key);
	PUT(tape, options->priority);
	put_text(tape, &options->nick);
	put_text(tape, &options->network);
	PUT(tape, options->start);
	PUT(tape, options->nonce);
	PUT(tape, options->epoch);
	PUT(tape, options->spare_epoch);
	PUT(tape, options->seed);
	PUT(tape, options->mesh_limit);
	PUT(tape, options->hashed_ring);
	put_rooms(tape, &options->rooms, &options->room_count);
	peers = PUT_ARRAY(tape, options->peers, options->peer_count);
	for (size_t i = 0; i < options->peer_count; i++)
		put_address(tape, &peers[i]);
	put_past(tape, &past);
	if (tape->out == NULL)
		options->past = arena_copy(tape->arena, &past, sizeof past);
}
