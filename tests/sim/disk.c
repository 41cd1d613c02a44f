#include "tests/sim/disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

void
disk_init(struct disk *disk)
{
	*disk = (struct disk){ 0 };
	ledger_init(&disk->ledger);
}

static void
shelf_free(struct shelf *shelf)
{
	vclock_free(&shelf->clock);
	frontier_free(&shelf->heads);
	free(shelf->name);
	free(shelf);
}

static void
receipt_free(struct receipt *receipt)
{
	free((void *)receipt->members);
	free((void *)receipt->had);
}

void
disk_free(struct disk *disk)
{
	for (size_t i = 0; i < disk->count; i++)
		bundle_free(disk->items[i]);
	for (size_t i = 0; i < disk->shelf_count; i++)
		shelf_free(disk->shelves[i]);
	for (size_t i = 0; i < disk->record_count; i++)
		record_free(disk->records[i]);
	for (size_t i = 0; i < disk->receipt_count; i++)
		receipt_free(&disk->receipts[i]);
	for (size_t i = 0; i < disk->intent_count; i++)
		intent_free(disk->intents[i]);
	free(disk->items);
	free(disk->shelves);
	free(disk->records);
	free(disk->contacts);
	free(disk->receipts);
	free(disk->intents);
	ledger_free(&disk->ledger);
	disk_init(disk);
}

/* -- shelves ----------------------------------------------------------- */

static struct shelf *
shelf_obtain(struct disk *disk, const struct id *room)
{
	size_t at = 0;
	struct shelf *shelf;

	while (at < disk->shelf_count &&
	    id_compare(&disk->shelves[at]->room, room) < 0)
		at++;
	if (at < disk->shelf_count &&
	    id_equal(&disk->shelves[at]->room, room))
		return disk->shelves[at];
	shelf = mem_zero(1, sizeof *shelf);
	shelf->room = *room;
	shelf->name = mem_text("");
	vclock_init(&shelf->clock);
	frontier_init(&shelf->heads);
	MEM_INSERT(disk->shelves, disk->shelf_count, disk->shelf_cap, at);
	return disk->shelves[at] = shelf;
}

static void
keep_room(struct disk *disk, const struct keep *keep)
{
	struct shelf *shelf = shelf_obtain(disk, &keep->room);

	free(shelf->name);
	shelf->name = mem_text(keep->name);
	shelf->joined = keep->joined;
}

static void
keep_bases(struct disk *disk, const struct keep *keep)
{
	struct shelf *shelf = shelf_obtain(disk, &keep->room);

	for (size_t i = 0; i < keep->base_count; i++)
		vclock_raise_base(&shelf->clock, &keep->bases[i].stream,
		    keep->bases[i].seq);
}

/* -- facts ------------------------------------------------------------- */

static void
keep_record(struct disk *disk, const struct record *record)
{
	size_t at = 0;

	while (at < disk->record_count &&
	    id_compare(&disk->records[at]->id, &record->id) < 0)
		at++;
	if (at < disk->record_count &&
	    id_equal(&disk->records[at]->id, &record->id))
		record_free(disk->records[at]);
	else
		MEM_INSERT(disk->records, disk->record_count,
		    disk->record_cap, at);
	disk->records[at] = record_clone(record);
}

static void
keep_contact(struct disk *disk, const struct id *peer,
    const struct address *address)
{
	size_t at = 0;

	while (at < disk->contact_count &&
	    id_compare(&disk->contacts[at].peer, peer) < 0)
		at++;
	if (at == disk->contact_count ||
	    !id_equal(&disk->contacts[at].peer, peer))
		MEM_INSERT(disk->contacts, disk->contact_count,
		    disk->contact_cap, at);
	disk->contacts[at] = (struct past_contact){ *peer, *address };
}

static struct receipt
receipt_clone(const struct receipt *receipt)
{
	struct receipt clone = *receipt;

	clone.members = mem_copy(receipt->members,
	    receipt->count * sizeof *receipt->members);
	clone.had =
	    mem_copy(receipt->had, receipt->count * sizeof *receipt->had);
	return clone;
}

static void
keep_receipt(struct disk *disk, const struct receipt *receipt)
{
	size_t at = 0;

	while (at < disk->receipt_count &&
	    (disk->receipts[at].epoch != receipt->epoch ||
		disk->receipts[at].seq != receipt->seq ||
		!id_equal(&disk->receipts[at].room, &receipt->room)))
		at++;
	if (at < disk->receipt_count) {
		receipt_free(&disk->receipts[at]);
		MEM_REMOVE(disk->receipts, disk->receipt_count, at);
	}
	if (receipt->count == 0)
		return;
	MEM_INSERT(disk->receipts, disk->receipt_count, disk->receipt_cap, at);
	disk->receipts[at] = receipt_clone(receipt);
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

static void
keep_intent(struct disk *disk, const struct keep *keep)
{
	forget_intent(disk, &keep->intent->id);
	if (!keep->joined)
		return;
	MEM_GROW(disk->intents, disk->intent_count, disk->intent_cap);
	disk->intents[disk->intent_count++] = intent_clone(keep->intent);
}

/* As the leader and the item have it, whatever was there before. */
static void
keep_item(struct disk *disk, const struct keep *keep)
{
	struct held_item *held;

	ledger_join(&disk->ledger, keep->item, keep->seen);
	held = ledger_find(&disk->ledger, &keep->item->key);
	if (held != NULL)
		held->seen = keep->seen;
}

static void swap(struct disk *disk, const struct bundle *bundle);

void
disk_keep(struct disk *disk, const struct keep *keep)
{
	switch (keep->kind) {
	case KEEP_ROOM: keep_room(disk, keep); break;
	case KEEP_BASES: keep_bases(disk, keep); break;
	case KEEP_EPOCH: disk->epoch = keep->epoch; break;
	case KEEP_RECORD: keep_record(disk, keep->record); break;
	case KEEP_ADDRESS:
		keep_contact(disk, &keep->peer, &keep->address);
		break;
	case KEEP_RECEIPT: keep_receipt(disk, keep->receipt); break;
	case KEEP_ITEM: keep_item(disk, keep); break;
	case KEEP_FENCE: disk->fence = keep->fence; break;
	case KEEP_INTENT: keep_intent(disk, keep); break;
	case KEEP_PROOF: break; /* nobody asks for it */
	case KEEP_SWAP: swap(disk, keep->bundle); break;
	case KEEP_READ: break; /* only people ask how much is unread */
	}
}

bool
disk_begin(struct disk *disk, uint64_t start, uint64_t fresh_epoch)
{
	bool follows = disk->start > 0 && disk->start + 1 == start;

	if (!follows)
		disk->epoch = fresh_epoch;
	disk->start = start;
	return follows;
}

/* -- copying ----------------------------------------------------------- */

static struct shelf *
shelf_clone(const struct shelf *shelf)
{
	struct shelf *clone = mem_zero(1, sizeof *clone);

	clone->room = shelf->room;
	clone->name = mem_text(shelf->name);
	clone->joined = shelf->joined;
	clone->sum = shelf->sum;
	vclock_init(&clone->clock);
	frontier_init(&clone->heads);
	for (size_t i = 0; i < shelf->clock.count; i++) {
		struct vector_entry entry =
		    vclock_entry_view(&shelf->clock.entries[i]);

		vclock_restore(&clone->clock, &entry);
	}
	frontier_restore(&clone->heads, shelf->heads.heads,
	    shelf->heads.count);
	return clone;
}

/* NULL for nothing: mem_copy() of no bytes may be anything. */
static void *
array_of(size_t count, size_t size)
{
	return count == 0 ? NULL : mem_zero(count, size);
}

void
disk_copy(const struct disk *disk, struct disk *to)
{
	disk_init(to);
	memcpy(to->nick, disk->nick, sizeof to->nick);
	to->fence = disk->fence;
	to->start = disk->start;
	to->epoch = disk->epoch;
	to->items = array_of(disk->count, sizeof(struct bundle *));
	while (to->count < disk->count) {
		to->items[to->count] = bundle_clone(disk->items[to->count]);
		to->count++;
	}
	to->cap = to->count;
	to->shelves = array_of(disk->shelf_count, sizeof(struct shelf *));
	for (size_t i = 0; i < disk->shelf_count; i++)
		to->shelves[i] = shelf_clone(disk->shelves[i]);
	to->shelf_count = to->shelf_cap = disk->shelf_count;
	for (size_t i = 0; i < disk->record_count; i++)
		keep_record(to, disk->records[i]);
	for (size_t i = 0; i < disk->contact_count; i++)
		keep_contact(to, &disk->contacts[i].peer,
		    &disk->contacts[i].address);
	for (size_t i = 0; i < disk->receipt_count; i++)
		keep_receipt(to, &disk->receipts[i]);
	for (size_t i = 0; i < disk->ledger.count; i++)
		ledger_join(&to->ledger, disk->ledger.items[i].item,
		    disk->ledger.items[i].seen);
	for (size_t i = 0; i < disk->intent_count; i++)
		keep_intent(to,
		    &(struct keep){
			.intent = disk->intents[i],
			.joined = true,
		    });
}

/* -- bundles ----------------------------------------------------------- */

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

/* As the core does on delivery, so that both know the same. */
static void
advance(struct disk *disk, const struct bundle *bundle)
{
	struct shelf *shelf = shelf_obtain(disk, &bundle->room);
	const struct stream *stream = &bundle->stream;

	shelf->sum ^= bytes_get_u64(bundle->hash.bytes);
	if (vclock_lower(&shelf->clock, stream, bundle->seq))
		return;
	if (bundle->seq > vclock_top(&shelf->clock, stream) + 1)
		vclock_add_hole(&shelf->clock, stream, bundle->seq - 1);
	vclock_add(&shelf->clock, stream, bundle->seq);
	frontier_advance(&shelf->heads, bundle, &shelf->clock);
}

uint64_t
disk_base(const struct disk *disk, const struct bundle *bundle)
{
	for (size_t i = 0; i < disk->shelf_count; i++) {
		const struct vclock_entry *entry = id_equal(
		    &disk->shelves[i]->room, &bundle->room)
		    ? vclock_find(&disk->shelves[i]->clock, &bundle->stream)
		    : NULL;

		if (entry != NULL)
			return entry->base;
	}
	return 0;
}

bool
disk_put(struct disk *disk, const struct bundle *bundle)
{
	size_t at = search(disk, &bundle->room, &bundle->stream, bundle->seq);

	if (at < disk->count &&
	    compare(disk->items[at], &bundle->room, &bundle->stream,
		bundle->seq) == 0)
		return id_equal(&disk->items[at]->hash, &bundle->hash);
	MEM_INSERT(disk->items, disk->count, disk->cap, at);
	disk->items[at] = bundle_clone(bundle);
	advance(disk, bundle);
	return true;
}

static void
swap(struct disk *disk, const struct bundle *bundle)
{
	size_t at = search(disk, &bundle->room, &bundle->stream, bundle->seq);
	struct shelf *shelf = shelf_obtain(disk, &bundle->room);

	if (at == disk->count ||
	    compare(disk->items[at], &bundle->room, &bundle->stream,
		bundle->seq) != 0)
		return;
	shelf->sum ^= bytes_get_u64(disk->items[at]->hash.bytes) ^
	    bytes_get_u64(bundle->hash.bytes);
	bundle_free(disk->items[at]);
	disk->items[at] = bundle_clone(bundle);
}

uint64_t
disk_sum(const struct disk *disk, const struct id *room)
{
	for (size_t i = 0; i < disk->shelf_count; i++)
		if (id_equal(&disk->shelves[i]->room, room))
			return disk->shelves[i]->sum;
	return 0;
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
	struct bundle *rows[DISK_ROWS + DISK_PAGE_BUNDLES] = { NULL };
	struct page *page = page_new(room, DISK_PAGE_BUNDLES);
	size_t found = 0;

	/* Who asks for more than a page does not get more read. */
	for (size_t i = 0; i < count && found < DISK_ROWS; i++) {
		const struct stream_range *r = &ranges[i];
		size_t at = search(disk, room, &r->stream, r->range.first);
		size_t end = at + DISK_PAGE_BUNDLES;

		for (; at < disk->count && at < end &&
		     compare(disk->items[at], room, &r->stream,
			 r->range.last) <= 0;
		     at++)
			rows[found++] = disk->items[at];
	}
	qsort(rows, found, sizeof *rows, compare_places);
	while (page->count < found && page->count < DISK_PAGE_BUNDLES) {
		page->bundles[page->count] = bundle_clone(rows[page->count]);
		page->count++;
	}
	return page;
}

struct page *
disk_newest(const struct disk *disk, const struct id *room,
    const struct stream_range *ranges, size_t count, unsigned messages)
{
	struct page *page = page_new(room, disk->count);
	size_t all = 0, kept = 0, found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct stream_range *r = &ranges[i];
		size_t at = search(disk, room, &r->stream, r->range.first);

		for (; at < disk->count &&
		     compare(disk->items[at], room, &r->stream,
			 r->range.last) <= 0;
		     at++)
			page->bundles[all++] = disk->items[at];
	}
	qsort(page->bundles, all, sizeof *page->bundles, compare_places);
	for (size_t i = 0; i < all / 2; i++) {
		struct bundle *other = page->bundles[all - 1 - i];

		page->bundles[all - 1 - i] = page->bundles[i];
		page->bundles[i] = other;
	}
	for (; kept < all && kept < DISK_PAGE_BUNDLES && found < messages;
	     kept++)
		found += page->bundles[kept]->message_count;
	page->count = kept;
	for (size_t i = 0; i < kept; i++)
		page->bundles[i] = bundle_clone(page->bundles[i]);
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

/* -- what a start finds ------------------------------------------------ */

static void
recall_shown(const struct disk *disk, struct past_room *room)
{
	for (size_t i = 0; i < disk->count; i++) {
		const struct bundle *bundle = disk->items[i];

		if (!id_equal(&bundle->room, &room->id) ||
		    (room->shown &&
			bundle_compare_display(bundle, &room->shown_last) <
			    0))
			continue;
		room->shown = true;
		room->shown_last = (struct bundle){
			.room = bundle->room,
			.stream = bundle->stream,
			.seq = bundle->seq,
			.hlc = bundle->hlc,
			.hash = bundle->hash,
		};
	}
}

static void
recall_room(const struct disk *disk, const struct shelf *shelf,
    struct arena *arena, struct past_room *room)
{
	struct vector_entry *entries = arena_alloc(arena,
	    (shelf->clock.count + 1) * sizeof *entries);

	for (size_t i = 0; i < shelf->clock.count; i++)
		entries[i] = vclock_entry_view(&shelf->clock.entries[i]);
	*room = (struct past_room){
		.id = shelf->room,
		.name = shelf->name,
		.joined = shelf->joined,
		.entries = entries,
		.entry_count = shelf->clock.count,
		.heads = shelf->heads.heads,
		.head_count = shelf->heads.count,
	};
	recall_shown(disk, room);
}

/* The store knows the hash of what was published before it was noted. */
static void
recall_receipts(const struct disk *disk, struct arena *arena,
    struct node_past *past)
{
	struct receipt *receipts =
	    arena_alloc(arena, (disk->receipt_count + 1) * sizeof *receipts);

	for (size_t i = 0; i < disk->receipt_count; i++) {
		struct receipt receipt = disk->receipts[i];

		for (size_t k = 0;
		     k < disk->count && id_is_none(&receipt.hash); k++) {
			const struct bundle *bundle = disk->items[k];

			if (bundle->stream.epoch == receipt.epoch &&
			    bundle->seq == receipt.seq &&
			    id_equal(&bundle->room, &receipt.room))
				receipt.hash = bundle->hash;
		}
		receipts[past->receipt_count++] = receipt;
	}
	past->receipts = receipts;
}

void
disk_past(const struct disk *disk, struct arena *arena,
    struct node_past *past)
{
	struct past_item *items =
	    arena_alloc(arena, (disk->ledger.count + 1) * sizeof *items);
	struct past_room *rooms =
	    arena_alloc(arena, (disk->shelf_count + 1) * sizeof *rooms);

	for (size_t i = 0; i < disk->ledger.count; i++)
		items[i] = (struct past_item){ disk->ledger.items[i].item,
			disk->ledger.items[i].seen };
	past->hlc = 0;
	for (size_t i = 0; i < disk->shelf_count; i++) {
		recall_room(disk, disk->shelves[i], arena, &rooms[i]);
		if (rooms[i].shown && rooms[i].shown_last.hlc > past->hlc)
			past->hlc = rooms[i].shown_last.hlc;
	}
	past->rooms = rooms;
	past->room_count = disk->shelf_count;
	past->records = (const struct record *const *)disk->records;
	past->record_count = disk->record_count;
	past->contacts = disk->contacts;
	past->contact_count = disk->contact_count;
	recall_receipts(disk, arena, past);
	past->items = items;
	past->item_count = disk->ledger.count;
	past->fence = disk->fence;
	past->intents = (const struct intent *const *)disk->intents;
	past->intent_count = disk->intent_count;
}
