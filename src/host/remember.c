#include "host/remember.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "host/remember_items.h"
#include "wire/body.h"

enum { SEAL_BYTES = SIGNATURE_BYTES + KEY_BYTES };

/* -- recalling --------------------------------------------------------- */

static bool
key_is_id(const struct store_fact *fact, struct id *id)
{
	if (fact->key_size != ID_BYTES)
		return false;
	memcpy(id->bytes, fact->key, ID_BYTES);
	return true;
}

/* Signature, key, body: just as its owner signed it. */
static const struct record *
recall_record(struct remembered *remembered, const struct store_fact *fact,
    const uint8_t tag[8])
{
	const uint8_t *bytes = fact->value;
	struct record *record;
	struct id id;
	char why[128];

	if (fact->value_size <= SEAL_BYTES || !key_is_id(fact, &id))
		return NULL;
	record = arena_alloc(&remembered->arena, sizeof *record);
	if (body_decode_record(bytes + SEAL_BYTES,
		fact->value_size - SEAL_BYTES, tag, &remembered->arena, record,
		why) != VERDICT_ACCEPTED ||
	    !id_equal(&record->id, &id))
		return NULL;
	memcpy(record->sealed.signature, bytes, SIGNATURE_BYTES);
	memcpy(record->sealed.key, bytes + SIGNATURE_BYTES, KEY_BYTES);
	return record;
}

static bool
recall_contact(const struct store_fact *fact, struct past_contact *contact)
{
	char text[ADDRESS_TEXT];

	if (fact->value_size == 0 || fact->value_size >= sizeof text ||
	    !key_is_id(fact, &contact->peer))
		return false;
	memcpy(text, fact->value, fact->value_size);
	text[fact->value_size] = '\0';
	return address_parse(text, &contact->address);
}

static const char *
recall_text(struct remembered *remembered, const struct store_fact *fact)
{
	char *text = arena_alloc(&remembered->arena, fact->value_size + 1);

	if (fact->value_size > 0)
		memcpy(text, fact->value, fact->value_size);
	text[fact->value_size] = '\0';
	return text;
}

/*
 * Key: room, epoch, number.  Value: hash, count of messages, then each
 * member's id and whether it has the bundle.
 */
enum {
	RECEIPT_KEY = ID_BYTES + 8 + 8,
	RECEIPT_FIXED = ID_BYTES + 4,
	RECEIPT_MEMBER = ID_BYTES + 1,
};

static bool
recall_receipt(struct remembered *remembered, const struct store_fact *fact,
    struct receipt *receipt)
{
	const uint8_t *key = fact->key, *value = fact->value;
	struct id *members;
	bool *had;

	if (fact->key_size != RECEIPT_KEY ||
	    fact->value_size < RECEIPT_FIXED + RECEIPT_MEMBER ||
	    (fact->value_size - RECEIPT_FIXED) % RECEIPT_MEMBER != 0)
		return false;
	*receipt = (struct receipt){
		.epoch = bytes_get_u64(key + ID_BYTES),
		.seq = bytes_get_u64(key + ID_BYTES + 8),
		.messages = bytes_get_u32(value + ID_BYTES),
		.count = (fact->value_size - RECEIPT_FIXED) / RECEIPT_MEMBER,
	};
	memcpy(receipt->room.bytes, key, ID_BYTES);
	memcpy(receipt->hash.bytes, value, ID_BYTES);
	if (id_is_none(&receipt->hash))
		receipt->hash = fact->hash;
	members = arena_alloc(&remembered->arena,
	    receipt->count * sizeof *members);
	had = arena_alloc(&remembered->arena, receipt->count * sizeof *had);
	value += RECEIPT_FIXED;
	for (size_t i = 0; i < receipt->count; i++, value += RECEIPT_MEMBER) {
		memcpy(members[i].bytes, value, ID_BYTES);
		had[i] = value[ID_BYTES] != 0;
	}
	receipt->members = members;
	receipt->had = had;
	return receipt->messages <= LIMIT_BUNDLE_MESSAGES;
}

/*
 * Key: room, author, epoch, number, all of the bundle that came second.
 * Value: whether it is of another run, then signature, key and body; the
 * first one is in the history.
 */
enum { PROOF_KEY = 2 * ID_BYTES + 8 + 8 };

static bool
recall_fork(const struct store_fact *fact, struct past_fork *fork)
{
	const uint8_t *key = fact->key, *value = fact->value;

	if (fact->key_size != PROOF_KEY || fact->value_size <= 1 + SEAL_BYTES)
		return false;
	memcpy(fork->room.bytes, key, ID_BYTES);
	memcpy(fork->author.bytes, key + ID_BYTES, ID_BYTES);
	fork->copied = value[0] != 0;
	return true;
}

void
remember_recall(struct remembered *remembered, const struct store_past *past,
    const uint8_t tag[8])
{
	struct node_past *node = &remembered->past;
	const struct record **records;
	struct past_contact *contacts;
	struct receipt *receipts;
	struct past_item *items;
	const struct intent **intents;
	struct past_fork *forks;

	*remembered = (struct remembered){ .past = past->node };
	arena_init(&remembered->arena);
	records = arena_alloc(&remembered->arena,
	    (past->fact_count + 1) * sizeof(const struct record *));
	contacts = arena_alloc(&remembered->arena,
	    (past->fact_count + 1) * sizeof *contacts);
	receipts = arena_alloc(&remembered->arena,
	    (past->fact_count + 1) * sizeof *receipts);
	items = arena_alloc(&remembered->arena,
	    (past->fact_count + 1) * sizeof *items);
	intents = arena_alloc(&remembered->arena,
	    (past->fact_count + 1) * sizeof(const struct intent *));
	forks = arena_alloc(&remembered->arena,
	    (past->fact_count + 1) * sizeof *forks);
	for (size_t i = 0; i < past->fact_count; i++) {
		const struct store_fact *fact = &past->facts[i];
		const struct record *record;
		const struct intent *intent;

		switch (fact->kind) {
		case FACT_RECORD:
			record = recall_record(remembered, fact, tag);
			if (record != NULL)
				records[node->record_count++] = record;
			break;
		case FACT_ADDRESS:
			if (recall_contact(fact,
				&contacts[node->contact_count]))
				node->contact_count++;
			break;
		case FACT_NICK:
			remembered->nick = recall_text(remembered, fact);
			break;
		case FACT_ITEM:
			if (recall_item(remembered, fact, tag,
				&items[node->item_count]))
				node->item_count++;
			break;
		case FACT_FENCE: recall_fence(remembered, fact, tag); break;
		case FACT_INTENT:
			intent = recall_intent(remembered, fact, tag);
			if (intent != NULL)
				intents[node->intent_count++] = intent;
			break;
		case FACT_PROOF:
			if (recall_fork(fact, &forks[node->fork_count]))
				node->fork_count++;
			break;
		case FACT_NOTE: break; /* host/notes */
		case FACT_RECEIPT:
			if (recall_receipt(remembered, fact,
				&receipts[node->receipt_count]))
				node->receipt_count++;
			break;
		}
	}
	node->forks = forks;
	node->items = items;
	node->intents = intents;
	node->records = records;
	node->contacts = contacts;
	node->receipts = receipts;
}

void
remember_free(struct remembered *remembered)
{
	arena_free(&remembered->arena);
	*remembered = (struct remembered){ .nick = NULL };
}

/* -- keeping ----------------------------------------------------------- */

static void
keep_fact(struct store *store, enum fact_kind kind, const struct id *key,
    const void *value, size_t size)
{
	const struct store_fact fact = {
		.kind = kind,
		.key = key == NULL ? NULL : key->bytes,
		.key_size = key == NULL ? 0 : ID_BYTES,
		.value = value,
		.value_size = size,
	};

	store_keep(store, &fact, 1, 0);
}

static void
keep_record(struct store *store, const struct record *record)
{
	struct bytes value;

	bytes_init(&value);
	bytes_append(&value, record->sealed.signature, SIGNATURE_BYTES);
	bytes_append(&value, record->sealed.key, KEY_BYTES);
	bytes_append(&value, record->sealed.body, record->sealed.size);
	keep_fact(store, FACT_RECORD, &record->id, value.data, value.size);
	bytes_free(&value);
}

static void
keep_address(struct store *store, const struct id *peer,
    const struct address *address)
{
	char text[ADDRESS_TEXT];

	address_format(address, text);
	keep_fact(store, FACT_ADDRESS, peer, text, strlen(text));
}

static void
keep_receipt(struct store *store, const struct receipt *receipt)
{
	uint8_t key[RECEIPT_KEY];
	struct bytes value;
	struct store_fact fact = {
		.kind = FACT_RECEIPT,
		.key = key,
		.key_size = sizeof key,
	};

	memcpy(key, receipt->room.bytes, ID_BYTES);
	bytes_put_u64(key + ID_BYTES, receipt->epoch);
	bytes_put_u64(key + ID_BYTES + 8, receipt->seq);
	bytes_init(&value);
	if (receipt->count > 0) {
		uint8_t messages[4];

		bytes_put_u32(messages, (uint32_t)receipt->messages);
		bytes_append(&value, receipt->hash.bytes, ID_BYTES);
		bytes_append(&value, messages, sizeof messages);
	}
	for (size_t i = 0; i < receipt->count; i++) {
		bytes_append(&value, receipt->members[i].bytes, ID_BYTES);
		bytes_append(&value, receipt->had[i] ? "\1" : "\0", 1);
	}
	fact.value = value.data;
	fact.value_size = value.size;
	store_keep(store, &fact, 1, 0);
	bytes_free(&value);
}

static void
keep_proof(struct store *store, const struct bundle *bundle, bool copied)
{
	uint8_t key[PROOF_KEY];
	struct bytes value;
	struct store_fact fact = {
		.kind = FACT_PROOF,
		.key = key,
		.key_size = sizeof key,
	};

	memcpy(key, bundle->room.bytes, ID_BYTES);
	memcpy(key + ID_BYTES, bundle->stream.author.bytes, ID_BYTES);
	bytes_put_u64(key + 2 * ID_BYTES, bundle->stream.epoch);
	bytes_put_u64(key + 2 * ID_BYTES + 8, bundle->seq);
	bytes_init(&value);
	bytes_append(&value, copied ? "\1" : "\0", 1);
	bytes_append(&value, bundle->sealed.signature, SIGNATURE_BYTES);
	bytes_append(&value, bundle->sealed.key, KEY_BYTES);
	bytes_append(&value, bundle->sealed.body, bundle->sealed.size);
	fact.value = value.data;
	fact.value_size = value.size;
	store_keep(store, &fact, 1, 0);
	bytes_free(&value);
}

void
remember_nick(struct store *store, const char *nick)
{
	keep_fact(store, FACT_NICK, NULL, nick, strlen(nick));
}

void
remember_keep(struct store *store, const struct keep *keep)
{
	switch (keep->kind) {
	case KEEP_ROOM:
		store_keep_room(store, &keep->room, keep->name, keep->joined);
		break;
	case KEEP_READ: store_keep_read(store, &keep->room); break;
	case KEEP_BASES:
		store_keep_bases(store, &keep->room, keep->bases,
		    keep->base_count);
		break;
	case KEEP_EPOCH: store_keep_epoch(store, keep->epoch); break;
	case KEEP_RECORD: keep_record(store, keep->record); break;
	case KEEP_ADDRESS:
		keep_address(store, &keep->peer, &keep->address);
		break;
	case KEEP_RECEIPT: keep_receipt(store, keep->receipt); break;
	case KEEP_ITEM: remember_item(store, keep); break;
	case KEEP_FENCE: remember_fence(store, keep); break;
	case KEEP_PROOF:
		keep_proof(store, keep->bundle, keep->copied);
		break;
	case KEEP_SWAP: store_swap(store, keep->bundle); break;
	case KEEP_INTENT: remember_intent(store, keep); break;
	}
}
