#include "tests/sim/disk.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "wire/body.h"
#include "wire/codec.h"

const uint8_t sim_tag[8] = { 's', 'i', 'm', 'u', 'l', 'a', 't', 'e' };

static struct id
fingerprint(const void *bytes, size_t size, uint64_t salt)
{
	uint64_t hash = hash_bytes(hash_number(HASH_START, salt), bytes, size);
	struct id id = { 0 };

	bytes_put_u64(id.bytes, hash_finish(hash));
	bytes_put_u64(id.bytes + 8, hash_finish(hash_number(hash, 1)));
	return id;
}

void
sim_key(const struct id *node, uint8_t key[static KEY_BYTES])
{
	for (size_t i = 0; i < KEY_BYTES; i += ID_BYTES)
		memcpy(key + i, node->bytes, ID_BYTES);
}

struct id
sim_room_id(const char *name)
{
	return fingerprint(name, strlen(name), 1);
}

char *
sim_direct_name(const struct id *one, const struct id *other,
    char name[static DIRECT_NAME])
{
	bool ascending = id_compare(one, other) < 0;

	name[0] = '@';
	id_format(ascending ? one : other, name + 1);
	id_format(ascending ? other : one, name + ID_TEXT);
	return name;
}

void
sim_nick_key(const char *nick, struct id *key)
{
	char lower[LIMIT_NICK + 1];
	size_t size = strlen(nick);

	for (size_t i = 0; i < size; i++)
		lower[i] = (char)tolower((unsigned char)nick[i]);
	*key = fingerprint(lower, size, 3);
}

/* -- signing ----------------------------------------------------------- */

static void
signature_of(const struct sealed *sealed,
    uint8_t signature[static SIGNATURE_BYTES])
{
	uint64_t hash = hash_bytes(HASH_START, sealed->body, sealed->size);

	hash = hash_bytes(hash, sealed->key, KEY_BYTES);
	for (unsigned i = 0; i < SIGNATURE_BYTES / 8; i++)
		bytes_put_u64(signature + 8 * i,
		    hash_finish(hash_number(hash, i)));
}

static void
seal(struct sealed *sealed, const struct bytes *body, const struct id *author)
{
	sealed->body = body->data;
	sealed->size = body->size;
	sim_key(author, sealed->key);
	signature_of(sealed, sealed->signature);
}

static bool
verify(const struct sealed *sealed, const struct id *author)
{
	uint8_t key[KEY_BYTES], signature[SIGNATURE_BYTES];

	if (sealed->body == NULL)
		return false;
	sim_key(author, key);
	signature_of(sealed, signature);
	return memcmp(key, sealed->key, sizeof key) == 0 &&
	    memcmp(signature, sealed->signature, sizeof signature) == 0;
}

struct bundle *
sign_bundle(const struct bundle *bundle)
{
	struct bundle sealed = *bundle, *clone = NULL;
	struct bytes body;

	bytes_init(&body);
	if (body_encode_bundle(bundle, sim_tag, &body)) {
		seal(&sealed.sealed, &body, &bundle->stream.author);
		sealed.hash = fingerprint(body.data, body.size, 2);
		clone = bundle_clone(&sealed);
	}
	bytes_free(&body);
	return clone;
}

struct record *
sign_record(const struct record *record)
{
	struct record sealed = *record, *clone = NULL;
	struct bytes body;

	bytes_init(&body);
	if (body_encode_record(record, sim_tag, &body)) {
		seal(&sealed.sealed, &body, &record->id);
		clone = record_clone(&sealed);
	}
	bytes_free(&body);
	return clone;
}

struct intent *
sign_intent(const struct intent *intent)
{
	struct intent sealed = *intent, *clone = NULL;
	struct bytes body;

	bytes_init(&body);
	if (body_encode_intent(intent, sim_tag, &body)) {
		seal(&sealed.sealed, &body, &intent->author);
		clone = intent_clone(&sealed);
	}
	bytes_free(&body);
	return clone;
}

bool
verify_bundle(const struct bundle *bundle)
{
	struct id hash =
	    fingerprint(bundle->sealed.body, bundle->sealed.size, 2);

	return verify(&bundle->sealed, &bundle->stream.author) &&
	    id_equal(&hash, &bundle->hash);
}

bool
verify_record(const struct record *record)
{
	return verify(&record->sealed, &record->id);
}

bool
verify_intent(const struct intent *intent)
{
	return verify(&intent->sealed, &intent->author);
}

/* -- the wire ---------------------------------------------------------- */

static bool
travel(struct parcel *parcel, const struct frame *frame, char why[static 128])
{
	struct frame *out = &parcel->frame;
	struct bytes bytes;
	bool came_back = false;

	bytes_init(&bytes);
	if (!codec_encode(frame, true, &bytes))
		snprintf(why, 128, "it breaks a bound of the codec");
	else
		came_back = codec_decode(sim_tag, bytes.data, bytes.size,
				&parcel->arena, out, why) == VERDICT_ACCEPTED;
	if (came_back && out->type == FRAME_BUNDLE)
		out->bundle.bundle.hash =
		    fingerprint(out->bundle.bundle.sealed.body,
			out->bundle.bundle.sealed.size, 2);
	parcel->size = bytes.size + 4;
	bytes_free(&bytes);
	return came_back;
}

struct parcel *
parcel_pack(const struct frame *frame, bool plain, char why[static 128])
{
	struct parcel *parcel = mem_zero(1, sizeof *parcel);

	parcel->references = 1;
	arena_init(&parcel->arena);
	why[0] = '\0';
	if (plain)
		parcel->frame = *frame_copy(&parcel->arena, frame);
	else if (!travel(parcel, frame, why)) {
		parcel_release(parcel);
		return NULL;
	}
	return parcel;
}

/* -- the disk ---------------------------------------------------------- */

void
disk_init(struct disk *disk)
{
	*disk = (struct disk){ 0 };
}

void
disk_free(struct disk *disk)
{
	for (size_t i = 0; i < disk->count; i++)
		bundle_free(disk->items[i]);
	free(disk->items);
	disk->items = NULL;
	disk->count = disk->cap = 0;
}

static void
forget_intent(struct disk *disk, const struct id *intent)
{
	for (size_t i = 0; i < disk->intent_count; i++)
		if (id_equal(&disk->intents[i]->id, intent)) {
			intent_free(disk->intents[i]);
			MEM_REMOVE(disk->intents, disk->intent_count, i);
			return;
		}
}

void
disk_keep(struct disk *disk, const struct keep *keep)
{
	switch (keep->kind) {
	case KEEP_ITEM:
		ledger_join(&disk->ledger, keep->item, keep->seen);
		break;
	case KEEP_FENCE:
		disk->fence = keep->fence;
		break;
	case KEEP_INTENT:
		forget_intent(disk, &keep->intent->id);
		if (!keep->joined)
			break;
		MEM_GROW(disk->intents, disk->intent_count, disk->intent_cap);
		disk->intents[disk->intent_count++] =
		    intent_clone(keep->intent);
		break;
	default:
		break;
	}
}

void
disk_past(const struct disk *disk, struct arena *arena,
    struct node_past *past)
{
	struct past_item *items =
	    arena_alloc(arena, disk->ledger.count * sizeof *items);

	for (size_t i = 0; i < disk->ledger.count; i++)
		items[i] = (struct past_item){ disk->ledger.items[i].item,
			disk->ledger.items[i].seen };
	past->items = items;
	past->item_count = disk->ledger.count;
	past->fence = disk->fence;
	past->intents = (const struct intent *const *)disk->intents;
	past->intent_count = disk->intent_count;
}

void
disk_forget(struct disk *disk)
{
	ledger_free(&disk->ledger);
	while (disk->intent_count > 0)
		intent_free(disk->intents[--disk->intent_count]);
	free(disk->intents);
	disk->intents = NULL;
	disk->intent_cap = 0;
	disk->fence = (struct fence){ 0 };
}

static int
compare(const struct bundle *bundle, const struct id *room,
    const struct stream *stream, uint64_t seq)
{
	int order = id_compare(&bundle->room, room);

	if (order == 0)
		order = stream_compare(&bundle->stream, stream);
	if (order == 0)
		order = bundle->seq < seq ? -1 : bundle->seq > seq;
	return order;
}

/* The first that is not below. */
static size_t
search(const struct disk *disk, const struct id *room,
    const struct stream *stream, uint64_t seq)
{
	size_t low = 0, high = disk->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(disk->items[middle], room, stream, seq) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
disk_put(struct disk *disk, const struct bundle *bundle)
{
	size_t at = search(disk, &bundle->room, &bundle->stream, bundle->seq);

	if (at < disk->count &&
	    compare(disk->items[at], &bundle->room, &bundle->stream,
		bundle->seq) == 0)
		return false;
	MEM_INSERT(disk->items, disk->count, disk->cap, at);
	disk->items[at] = bundle_clone(bundle);
	return true;
}

static int
compare_places(const void *a, const void *b)
{
	return bundle_compare_display(*(struct bundle *const *)a,
	    *(struct bundle *const *)b);
}

static struct page *
page_new(const struct id *room, size_t count)
{
	struct page *page = mem_zero(1, sizeof *page);

	page->room = *room;
	page->bundles = mem_zero(count, sizeof(struct bundle *));
	return page;
}

struct page *
disk_ranges(const struct disk *disk, const struct id *room,
    const struct stream_range *ranges, size_t count)
{
	struct page *page = page_new(room, DISK_PAGE_BUNDLES);

	for (size_t i = 0; i < count; i++) {
		const struct stream_range *r = &ranges[i];
		size_t at = search(disk, room, &r->stream, r->range.first);

		for (; at < disk->count && page->count < DISK_PAGE_BUNDLES &&
		     compare(disk->items[at], room, &r->stream,
			 r->range.last) <= 0;
		     at++)
			page->bundles[page->count++] =
			    bundle_clone(disk->items[at]);
	}
	qsort(page->bundles, page->count, sizeof *page->bundles,
	    compare_places);
	return page;
}

/* Below the first of each stream that the page holds, or at its top. */
static void
add_base(struct page *page, const struct bundle *top)
{
	uint64_t base = top->seq;

	for (size_t i = 0; i < page->count; i++)
		if (stream_compare(&page->bundles[i]->stream, &top->stream) ==
			0 &&
		    page->bundles[i]->seq <= base)
			base = page->bundles[i]->seq - 1;
	if (base > 0)
		page->bases[page->base_count++] =
		    (struct dependency){ top->stream, base };
}

struct page *
disk_tail(const struct disk *disk, const struct id *room, unsigned messages)
{
	struct page *page = page_new(room, disk->count);
	size_t first, found = 0;

	for (size_t i = 0; i < disk->count; i++)
		if (id_equal(&disk->items[i]->room, room))
			page->bundles[page->count++] = disk->items[i];
	qsort(page->bundles, page->count, sizeof *page->bundles,
	    compare_places);
	for (first = page->count; first > 0 && found < messages; first--)
		found += page->bundles[first - 1]->message_count;
	memmove(page->bundles, page->bundles + first,
	    (page->count - first) * sizeof *page->bundles);
	page->count -= first;
	for (size_t i = 0; i < page->count; i++)
		page->bundles[i] = bundle_clone(page->bundles[i]);
	page->bases = mem_zero(disk->count, sizeof *page->bases);
	for (size_t i = 0; i < disk->count; i++)
		if (id_equal(&disk->items[i]->room, room) &&
		    (i + 1 == disk->count ||
			!id_equal(&disk->items[i + 1]->room, room) ||
			stream_compare(&disk->items[i]->stream,
			    &disk->items[i + 1]->stream) != 0))
			add_base(page, disk->items[i]);
	return page;
}
