#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers_inner.h"

static int
compare_fences(const struct fence *a, const struct fence *b)
{
	if (a->term != b->term)
		return a->term < b->term ? -1 : 1;
	if (a->term + 1 >= ELECTION_TERM_LIMIT)
		return 0;
	/* What others said of its priority may have been a lie. */
	if (id_equal(&a->leader, &b->leader))
		return 0;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return id_compare(&a->leader, &b->leader);
}

/* -- intents ----------------------------------------------------------- */

static bool
same_decision(const struct decided *a, const struct decided *b)
{
	return a->version == b->version && a->term == b->term &&
	    id_equal(&a->key, &b->key) && id_equal(&a->leader, &b->leader) &&
	    id_equal(&a->intent, &b->intent);
}

/* Where a decision stands among all that anybody held, plus 1. */
static size_t
index_of(struct checkers *c, const struct item *item, size_t after)
{
	struct decided decided = {
		.key = item->key,
		.intent = item->intent.id,
		.leader = item->leader,
		.term = item->term,
		.version = item->version,
		.after = after,
	};

	for (size_t i = c->decided_count; i-- > 0;)
		if (same_decision(&c->decided[i], &decided))
			return i + 1;
	MEM_GROW(c->decided, c->decided_count, c->decided_cap);
	c->decided[c->decided_count] = decided;
	return ++c->decided_count;
}

/*
 * An intent has its place once in the history of a key.  (Two halves may
 * have a history each; one of them is the key's after they met, and what
 * it lacks may be decided again.)
 */
static void
check_once(struct sim *sim, const struct sim_node *node, size_t decided)
{
	const struct checkers *c = sim->checkers;
	const struct decided *now = &c->decided[decided - 1];

	for (size_t at = now->after; at != 0; at = c->decided[at - 1].after)
		if (id_equal(&c->decided[at - 1].intent, &now->intent))
			checkers_fail(sim, node,
			    "decides one intent as version %llu and %llu",
			    (unsigned long long)c->decided[at - 1].version,
			    (unsigned long long)now->version);
}

/* -- fences ------------------------------------------------------------ */

void
checkers_commit(struct sim *sim, const struct sim_node *node,
    const struct sim_node *from, const struct frame *frame)
{
	struct agreed *agreed = &sim->checkers->agreed[node->index];
	struct fence fence = {
		.term = frame->commit.term,
		.priority = frame->commit.priority,
		.leader = from->id,
	};

	agreed->fenced = frame->type == FRAME_COMMIT &&
	    compare_fences(&fence, &agreed->fence) < 0;
	if (!agreed->fenced)
		return;
	agreed->key = frame->commit.item.key;
	agreed->version = frame->commit.item.version;
}

void
checkers_led(struct sim *sim, const struct sim_node *node,
    const struct leadership *known)
{
	struct agreed *agreed = &sim->checkers->agreed[node->index];
	struct fence fence = {
		.term = known->term,
		.priority = known->priority,
		.leader = known->leader,
	};

	bool same = fence.term == agreed->fence.term &&
	    id_equal(&fence.leader, &agreed->fence.leader);

	agreed->fenced = false;
	/* Of its own priority in a term a leader may tell better than others,
	 * or than it did itself. */
	if (known->established &&
	    (same || compare_fences(&fence, &agreed->fence) > 0))
		agreed->fence = fence;
}

/* What a node holds of a key now, and held before. */
static struct holding *
holding_of(struct agreed *agreed, const struct id *key)
{
	size_t at = 0;

	while (at < agreed->holding_count &&
	    !id_equal(&agreed->holdings[at].key, key))
		at++;
	if (at == agreed->holding_count) {
		MEM_GROW(agreed->holdings, agreed->holding_count,
		    agreed->holding_cap);
		agreed->holdings[agreed->holding_count++] =
		    (struct holding){ .key = *key };
	}
	return &agreed->holdings[at];
}

void
checkers_keeps(struct sim *sim, const struct sim_node *node,
    const struct keep *keep)
{
	struct checkers *c = sim->checkers;
	struct agreed *agreed = &c->agreed[node->index];
	size_t known = c->decided_count;
	struct holding *holding;

	if (keep->kind != KEEP_ITEM)
		return;
	if (agreed->fenced && id_equal(&keep->item->key, &agreed->key) &&
	    keep->item->version == agreed->version)
		checkers_fail(sim, node,
		    "applies a commit from below its leader");
	holding = holding_of(agreed, &keep->item->key);
	holding->decided = index_of(c, keep->item, holding->decided);
	/* What was decided before is not signed: a hostile one can hide it. */
	if (c->decided_count > known && sim_hostile(sim) == 0 &&
	    id_equal(&keep->item->leader, &node->id))
		check_once(sim, node, holding->decided);
}

/* What a killed process had not on its disk yet is not held any more. */
void
checkers_recall(struct sim *sim, const struct sim_node *node)
{
	struct checkers *c = sim->checkers;
	struct agreed *agreed = &c->agreed[node->index];
	const struct ledger *ledger = &node->disk.ledger;

	agreed->fence = node->disk.fence;
	agreed->holding_count = 0;
	for (size_t i = 0; i < ledger->count; i++) {
		const struct item *item = ledger->items[i].item;

		holding_of(agreed, &item->key)->decided =
		    index_of(c, item, 0);
	}
}

/* -- what was stored --------------------------------------------------- */

static struct kept_version
version_of(const struct item *item)
{
	struct kept_version version = { item->key, item->version, 0, { { 0 } } };

	if (item->intent.kind == INTENT_NICK) {
		version.generation = item->generation;
		version.author = item->intent.author;
	}
	return version;
}

static bool
is_older(const struct kept_version *a, const struct kept_version *b)
{
	int order;

	if (a->generation != b->generation)
		return a->generation < b->generation;
	order = id_compare(&b->author, &a->author);
	return order != 0 ? order < 0 : a->version < b->version;
}

void
checkers_kept(struct sim *sim, const struct sim_node *node,
    const struct keep *keep)
{
	struct agreed *agreed = &sim->checkers->agreed[node->index];
	struct kept_version now;
	size_t at = 0;

	if (keep->kind != KEEP_ITEM)
		return;
	now = version_of(keep->item);
	while (at < agreed->count &&
	    !id_equal(&agreed->versions[at].key, &now.key))
		at++;
	if (at == agreed->count) {
		MEM_GROW(agreed->versions, agreed->count, agreed->cap);
		agreed->count++;
	} else if (is_older(&now, &agreed->versions[at])) {
		checkers_fail(sim, node,
		    "goes back from version %llu of an item to %llu",
		    (unsigned long long)agreed->versions[at].version,
		    (unsigned long long)now.version);
	}
	agreed->versions[at] = now;
}

void
checkers_disk_changed(struct sim *sim, const struct sim_node *node)
{
	struct agreed *agreed = &sim->checkers->agreed[node->index];

	agreed->holding_count = 0;
	agreed->count = 0;
	agreed->fence = (struct fence){ 0 };
	agreed->disk_changed = true;
}

/* -- the end ----------------------------------------------------------- */

static void
compare_disks(struct sim *sim, const struct sim_node *node,
    const struct sim_node *other)
{
	const struct ledger *mine = &node->disk.ledger;
	const struct ledger *theirs = &other->disk.ledger;

	if (mine->count != theirs->count)
		checkers_fail(sim, node, "has %zu items on disk and %s %zu",
		    mine->count, other->name, theirs->count);
	else if (ledger_root(mine) != ledger_root(theirs))
		checkers_fail(sim, node, "has other items on disk than %s",
		    other->name);
}

/* What any of them ever held is still there, or something newer. */
static void
compare_versions(struct sim *sim, const struct sim_node *node,
    const struct sim_node *other)
{
	const struct agreed *agreed = &sim->checkers->agreed[node->index];

	for (size_t i = 0; i < agreed->count; i++) {
		const struct held_item *held = ledger_find(
		    &other->disk.ledger, &agreed->versions[i].key);
		struct kept_version theirs;

		if (held != NULL)
			theirs = version_of(held->item);
		if (held == NULL || is_older(&theirs, &agreed->versions[i]))
			checkers_fail(sim, other,
			    "lacks what %s saw committed", node->name);
	}
}

void
checkers_agree(struct sim *sim)
{
	const struct sim_node *first = NULL;

	for (unsigned i = 0; i < sim->count; i++) {
		if (!sim_in_core(sim, i))
			continue;
		if (first == NULL)
			first = &sim->nodes[i];
		else
			compare_disks(sim, &sim->nodes[i], first);
		compare_versions(sim, &sim->nodes[i], first);
	}
}
