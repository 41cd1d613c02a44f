#include "amend.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Where an amend stands: of what, what it is, and by whom. */
static int
compare_names(const struct amend *a, const struct amend *b)
{
	int order = strcmp(a->ref, b->ref);

	if (order != 0)
		return order;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return id_compare(&a->author, &b->author);
}

static struct dchat_place
place_of(const struct amend *amend)
{
	return (struct dchat_place){ amend->hlc, amend->author, amend->seq,
		amend->index };
}

static int
compare_places(const struct amend *a, const struct amend *b)
{
	struct dchat_place one = place_of(a), other = place_of(b);

	return dchat_place_compare(&one, &other);
}

static int
compare(const struct amend *a, const struct amend *b)
{
	int order = compare_names(a, b);

	return order != 0 ? order : compare_places(a, b);
}

/* The first that is not below it. */
static size_t
lower_bound(const struct amends *amends, const struct amend *amend)
{
	size_t low = 0, high = amends->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&amends->items[middle], amend) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
amend_free(struct amend *amend)
{
	free(amend->text);
	free(amend->nick);
}

/* What was borrowed is its own. */
static struct amend
amend_copy(const struct amend *amend)
{
	struct amend copy = *amend;

	copy.text = mem_text(amend->text);
	copy.nick = mem_text(amend->nick != NULL ? amend->nick : "");
	return copy;
}

void
amends_free(struct amends *amends)
{
	for (size_t i = 0; i < amends->count; i++)
		amend_free(&amends->items[i]);
	free(amends->items);
	*amends = (struct amends){ 0 };
}

static void
drop(struct amends *amends, size_t index)
{
	amend_free(&amends->items[index]);
	MEM_REMOVE(amends->items, amends->count, index);
}

static void
insert(struct amends *amends, size_t at, const struct amend *amend)
{
	MEM_INSERT(amends->items, amends->count, amends->cap, at);
	amends->items[at] = amend_copy(amend);
}

/* Of a person's reactions the last one is kept, of deletes the first. */
static bool
take_one(struct amends *amends, const struct amend *amend)
{
	size_t at = lower_bound(amends, amend);
	struct amend *other = NULL;

	if (at < amends->count &&
	    compare_names(&amends->items[at], amend) == 0)
		other = &amends->items[at];
	else if (at > 0 &&
	    compare_names(&amends->items[at - 1], amend) == 0)
		other = &amends->items[at - 1];
	if (other == NULL) {
		insert(amends, at, amend);
		return true;
	}
	if ((compare_places(amend, other) > 0) !=
	    (amend->kind == KIND_REACTION))
		return false;
	amend_free(other);
	*other = amend_copy(amend);
	return true;
}

static bool
take_edit(struct amends *amends, const struct amend *amend)
{
	size_t at = lower_bound(amends, amend), first = at, end = at;

	if (at < amends->count && compare(&amends->items[at], amend) == 0)
		return false;
	while (first > 0 &&
	    compare_names(&amends->items[first - 1], amend) == 0)
		first--;
	while (end < amends->count &&
	    compare_names(&amends->items[end], amend) == 0)
		end++;
	if (end - first < LIMIT_AMENDS_EDITS) {
		insert(amends, at, amend);
		return true;
	}
	if (at == first)
		return false;
	drop(amends, first);
	insert(amends, at - 1, amend);
	return true;
}

static void
drop_oldest(struct amends *amends)
{
	size_t oldest = 0;

	for (size_t i = 1; i < amends->count; i++)
		if (compare_places(&amends->items[i],
			&amends->items[oldest]) < 0)
			oldest = i;
	drop(amends, oldest);
}

bool
amends_take(struct amends *amends, const struct dchat_message *message)
{
	/* the texts are copied when it is kept */
	struct amend amend = {
		.text = (char *)(uintptr_t)message->text,
		.nick = (char *)(uintptr_t)message->nick,
		.kind = message->kind,
		.author = message->author,
		.hlc = message->hlc,
		.seq = message->seq,
		.index = message->index,
		.time = message->time,
	};
	bool changed;

	if (!message_kind_refers(message->kind) || message->kind == KIND_REPLY)
		return false;
	snprintf(amend.ref, sizeof amend.ref, "%s", message->ref);
	changed = amend.kind == KIND_EDIT
	    ? take_edit(amends, &amend)
	    : take_one(amends, &amend);
	if (amends->count > LIMIT_AMENDS)
		drop_oldest(amends);
	return changed;
}

/* The run of one name; author NULL: of all authors. */
static size_t
find(const struct amends *amends, const char *msg, enum message_kind kind,
    const struct id *author, const struct amend **first)
{
	struct amend from = { .kind = kind };
	size_t at, end;

	snprintf(from.ref, sizeof from.ref, "%s", msg);
	if (author != NULL)
		from.author = *author;
	at = end = lower_bound(amends, &from);
	while (end < amends->count &&
	    strcmp(amends->items[end].ref, msg) == 0 &&
	    amends->items[end].kind == kind &&
	    (author == NULL || id_equal(&amends->items[end].author, author)))
		end++;
	*first = end > at ? &amends->items[at] : NULL;
	return end - at;
}

bool
amends_deleted(const struct amends *amends, const char *msg,
    const struct id *author)
{
	const struct amend *first;

	return find(amends, msg, KIND_DELETE, author, &first) > 0;
}

size_t
amends_edits(const struct amends *amends, const char *msg,
    const struct id *author, const struct amend **first)
{
	return find(amends, msg, KIND_EDIT, author, first);
}

size_t
amends_reactions(const struct amends *amends, const char *msg,
    const struct amend **first)
{
	return find(amends, msg, KIND_REACTION, NULL, first);
}
