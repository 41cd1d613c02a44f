/*
 * storage: the thread of a simulated node that has the disk.
 *
 * Modelled on src/store.  Requests are done one after the other, each takes
 * its time, and what was asked is on the disk when its answer comes.  A
 * disk that fails refuses one's own bundles; what others said and facts
 * wait for it, and all that comes later waits behind them.  A process that
 * is killed leaves its disk as some moment found it: with the requests done
 * up to there, whether they were answered or not.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/checkers.h"
#include "tests/sim/world.h"

struct request {
	enum effect_type type; /* PUBLISH, STORE, KEEP, FETCH */
	struct bundle *bundle; /* sealed; owned */
	struct effects copy;   /* one effect: KEEP, FETCH */
	struct request *next;
};

static void
request_free(struct request *request)
{
	bundle_free(request->bundle);
	effects_free(&request->copy);
	free(request);
}

static const struct effect *
effect_of(const struct request *request)
{
	return &request->copy.items[0];
}

static void
append(struct requests *list, struct request *request)
{
	if (list->last == NULL)
		list->first = request;
	else
		list->last->next = request;
	list->last = request;
	list->count++;
}

static struct request *
take(struct requests *list)
{
	struct request *request = list->first;

	list->first = request->next;
	if (list->first == NULL)
		list->last = NULL;
	list->count--;
	request->next = NULL;
	return request;
}

/* -- asking ------------------------------------------------------------ */

/* Facts that nobody waits for go with what is written anyway. */
static void
begin_first(struct sim *sim, const struct sim_node *node)
{
	struct happening happening = { .type = HAPPENS_DISK };
	const struct request *first = node->requests.first;
	moment_us takes = 0;

	if (first == NULL)
		return;
	if (first->type != EFFECT_KEEP || effect_of(first)->keep->number != 0)
		takes = world_delay(sim, sim->weather.disk_min_us,
		    sim->weather.disk_mean_us + node->disk_slow_us);
	world_put(sim, node, sim->now + takes, &happening);
}

static void
ask_fetch(struct effects *copy, const struct effect *effect)
{
	const struct id *to = &effect->fetch.to, *room = &effect->fetch.room;

	switch (effect->fetch.kind) {
	case FETCH_TAIL:
		effects_fetch_tail(copy, to, room, effect->fetch.messages);
		break;
	case FETCH_RANGES:
		effects_fetch_ranges(copy, to, room, effect->fetch.ranges,
		    effect->fetch.count);
		break;
	case FETCH_NEWEST:
		effects_fetch_newest(copy, to, room, effect->fetch.ranges,
		    effect->fetch.count, effect->fetch.messages);
		break;
	}
}

void
storage_ask(struct sim *sim, struct sim_node *node,
    const struct effect *effect)
{
	struct request *request = mem_zero(1, sizeof *request);

	request->type = effect->type;
	effects_init(&request->copy);
	switch (effect->type) {
	case EFFECT_PUBLISH:
		request->bundle = sign_bundle(effect->bundle);
		if (request->bundle == NULL)
			checkers_fail(sim, node,
			    "publishes what nobody can encode");
		break;
	case EFFECT_STORE:
		request->bundle = bundle_clone(effect->bundle);
		break;
	case EFFECT_KEEP:
		checkers_keeps(sim, node, effect->keep);
		effects_keep(&request->copy, effect->keep);
		break;
	case EFFECT_FETCH:
		ask_fetch(&request->copy, effect);
		break;
	default: assert(!"this is not for the disk");
	}
	append(&node->requests, request);
	if (node->requests.count == 1)
		begin_first(sim, node);
}

/* -- doing ------------------------------------------------------------- */

/* False: nothing of it is kept. */
static bool
write_down(struct sim *sim, struct sim_node *node, struct request *request)
{
	switch (request->type) {
	case EFFECT_PUBLISH:
		if (request->bundle == NULL ||
		    !disk_put(&node->disk, request->bundle))
			return false;
		checkers_published(sim, node, request->bundle);
		return true;
	case EFFECT_STORE:
		if (request->bundle->seq <=
		    disk_base(&node->disk, request->bundle))
			checkers_older(sim, node, request->bundle);
		disk_put(&node->disk, request->bundle);
		checkers_stored(sim, node, request->bundle);
		return true;
	case EFFECT_KEEP:
		checkers_kept(sim, node, effect_of(request)->keep);
		disk_keep(&node->disk, effect_of(request)->keep);
		return true;
	default: return true;
	}
}

static void
refuse(struct sim *sim, struct sim_node *node, const struct request *request)
{
	struct input input = { .type = INPUT_FAILED };

	input.failed.what = EFFECT_PUBLISH;
	input.failed.room = request->bundle->room;
	input.failed.error = ERROR_DISK;
	world_step(sim, node, &input);
}

static struct page *
read_page(const struct disk *disk, const struct effect *effect)
{
	const struct id *room = &effect->fetch.room;

	switch (effect->fetch.kind) {
	case FETCH_TAIL:
		return disk_tail(disk, room, effect->fetch.messages);
	case FETCH_NEWEST:
		return disk_newest(disk, room, effect->fetch.ranges,
		    effect->fetch.count, effect->fetch.messages);
	case FETCH_RANGES: break;
	}
	return disk_ranges(disk, room, effect->fetch.ranges,
	    effect->fetch.count);
}

static void
fetched(struct sim *sim, struct sim_node *node, const struct effect *effect)
{
	struct input input = { .type = INPUT_FETCHED };
	struct page *page = read_page(&node->disk, effect);

	input.fetched.to = effect->fetch.to;
	input.fetched.room = page->room;
	input.fetched.bases = page->bases;
	input.fetched.base_count = page->base_count;
	input.fetched.bundles = (const struct bundle *const *)page->bundles;
	input.fetched.count = page->count;
	world_step(sim, node, &input);
	page_free(page);
}

/* One's own of an earlier run comes back from others like anybody's. */
static bool
is_of_this_run(const struct sim_node *node, const struct bundle *bundle)
{
	return bundle->nonce == node->nonce &&
	    id_equal(&bundle->stream.author, &node->id);
}

static void
answer(struct sim *sim, struct sim_node *node, const struct request *request)
{
	struct input input = { .type = INPUT_STORED };

	switch (request->type) {
	case EFFECT_PUBLISH:
	case EFFECT_STORE:
		input.bundle = request->bundle;
		if (is_of_this_run(node, request->bundle))
			input.type = INPUT_PUBLISHED;
		world_step(sim, node, &input);
		break;
	case EFFECT_FETCH: fetched(sim, node, effect_of(request)); break;
	default:
		input.type = INPUT_KEPT;
		input.kept = effect_of(request)->keep->number;
		if (input.kept != 0)
			world_step(sim, node, &input);
	}
}

/* What waited for the disk comes first. */
static void
catch_up(struct sim *sim, struct sim_node *node)
{
	while (node->stalled.count > 0 && node->process != PROCESS_OFF) {
		struct request *request = take(&node->stalled);

		write_down(sim, node, request);
		answer(sim, node, request);
		request_free(request);
	}
}

void
storage_happens(struct sim *sim, struct sim_node *node)
{
	struct request *request = take(&node->requests);

	/* Before it is answered, which may ask for more. */
	begin_first(sim, node);
	if (!node->disk_fails)
		catch_up(sim, node);
	if (node->disk_fails && request->type == EFFECT_PUBLISH &&
	    request->bundle != NULL) {
		refuse(sim, node, request);
	} else if (node->disk_fails && request->type != EFFECT_FETCH) {
		append(&node->stalled, request);
		return;
	} else if (write_down(sim, node, request)) {
		answer(sim, node, request);
	} else if (request->bundle != NULL) {
		checkers_fail(sim, node, "gives one number to two bundles");
		refuse(sim, node, request);
	}
	request_free(request);
}

void
sim_fail_disk(struct sim *sim, unsigned index, bool fails)
{
	struct sim_node *node = &sim->nodes[index];

	if (node->disk_fails == fails)
		return;
	timeline_note(sim, node, fails ? "disk fails" : "disk works again");
	node->disk_fails = fails;
	if (!fails && node->process == PROCESS_RUNNING)
		catch_up(sim, node);
}

void
storage_process_gone(struct sim *sim, struct sim_node *node)
{
	size_t done = node->disk_fails || node->stalled.count > 0
	    ? 0
	    : (size_t)rng_below(&sim->rng, node->requests.count + 1);

	while (node->requests.count > 0) {
		struct request *request = take(&node->requests);

		if (done > 0) {
			done--;
			write_down(sim, node, request);
		}
		request_free(request);
	}
	storage_forget(node);
}

void
storage_forget(struct sim_node *node)
{
	while (node->requests.count > 0)
		request_free(take(&node->requests));
	while (node->stalled.count > 0)
		request_free(take(&node->stalled));
}

/* -- what becomes of the disk of one who is not there --------------------- */

void
sim_copy_disk(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];

	disk_free(&node->copy);
	disk_copy(&node->disk, &node->copy);
}

void
sim_restore_disk(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];

	if (node->process != PROCESS_OFF)
		return;
	timeline_note(sim, node, "disk put back as it was");
	disk_free(&node->disk);
	disk_copy(&node->copy, &node->disk);
	checkers_disk_changed(sim, node);
}

void
sim_lose_disk(struct sim *sim, unsigned index)
{
	struct sim_node *node = &sim->nodes[index];

	if (node->process != PROCESS_OFF)
		return;
	timeline_note(sim, node, "disk lost");
	disk_free(&node->disk);
	checkers_disk_changed(sim, node);
}
