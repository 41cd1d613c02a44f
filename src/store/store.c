#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/limits.h"
#include "base/mem.h"
#include "store/recall.h"
#include "store/worker.h"

enum {
	PROBLEM = 256,
	TELL_AT_ONCE = 64,	/* messages, in one store_run(): about 1 ms */
};

struct store {
	struct store_front front;
	struct id self;
	uint64_t nonce;
	struct recall recall;
	int descriptor; /* an eventfd */
	struct jobs telling; /* answered, and left for the next turns */
	pthread_t thread;
	bool running;

	pthread_mutex_t lock; /* of the next five */
	pthread_cond_t work;
	struct jobs asked, pages, answered;
	bool closing;

	struct worker worker; /* of the thread alone, once it runs */
};

/* -- requests ---------------------------------------------------------- */

/* History for others: one at a time, when nothing else is asked for.  What
 * is swapped may have been asked for before, as it was. */
static bool
is_page(const struct job *job)
{
	return job->type == JOB_SWAP || job->type == JOB_RANGE || job->type == JOB_NEWEST ||
	    job->type == JOB_TAIL;
}

static bool
has_work(const struct store *store)
{
	return store->asked.first != NULL || store->pages.first != NULL;
}

static void
ask(struct store *store, struct job *job)
{
	pthread_mutex_lock(&store->lock);
	jobs_add(is_page(job) ? &store->pages : &store->asked, job);
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->lock);
}

void
store_put(struct store *store, const struct bundle *bundle)
{
	struct job *job = job_new(JOB_PUT);

	assert(bundle->sealed.body != NULL && bundle->seq > 0);
	job->bundle = bundle_clone(bundle);
	job->own = bundle->nonce == store->nonce &&
	    id_equal(&bundle->stream.author, &store->self);
	ask(store, job);
}

void
store_swap(struct store *store, const struct bundle *bundle)
{
	struct job *job = job_new(JOB_SWAP);

	job->bundle = bundle_clone(bundle);
	ask(store, job);
}

void
store_range(struct store *store, const struct id *to, const struct id *room,
    const struct stream_range *ranges, size_t count)
{
	struct job *job = job_new(JOB_RANGE);

	job->to = *to;
	job->room = *room;
	job->count = count;
	if (count > 0)
		job->ranges =
		    arena_copy(&job->arena, ranges, count * sizeof *ranges);
	ask(store, job);
}

void
store_newest(struct store *store, const struct id *to, const struct id *room,
    const struct stream_range *ranges, size_t count, unsigned messages)
{
	struct job *job = job_new(JOB_NEWEST);

	job->to = *to;
	job->room = *room;
	job->count = count;
	job->messages = messages;
	if (count > 0)
		job->ranges =
		    arena_copy(&job->arena, ranges, count * sizeof *ranges);
	ask(store, job);
}

void
store_tail(struct store *store, const struct id *to, const struct id *room,
    unsigned messages)
{
	struct job *job = job_new(JOB_TAIL);

	job->to = *to;
	job->room = *room;
	job->count = messages;
	ask(store, job);
}

void
store_history(struct store *store, uint64_t token, const struct id *room,
    const char *msg, enum store_side side, size_t limit)
{
	struct job *job = job_new(JOB_HISTORY);

	job->side = side;
	job->token = token;
	job->room = *room;
	/* An empty name is none: asked for as one that is found nowhere. */
	job->name = msg == NULL ? ""
				: arena_text(&job->arena,
				      *msg == '\0' ? "?" : msg);
	job->count = limit;
	ask(store, job);
}

void
store_write(struct store *store, uint64_t token, int descriptor,
    const void *bytes, size_t size, bool last)
{
	struct job *job = job_new(JOB_WRITE);

	job->token = token;
	job->descriptor = descriptor;
	if (size > 0)
		job->bytes = arena_copy(&job->arena, bytes, size);
	job->count = size;
	job->last = last;
	ask(store, job);
}

void
store_search(struct store *store, uint64_t token, const struct id *room,
    const char *text, size_t limit)
{
	struct job *job = job_new(JOB_SEARCH);

	job->token = token;
	job->everywhere = room == NULL;
	if (room != NULL)
		job->room = *room;
	job->text = arena_text(&job->arena, text);
	job->count = limit;
	ask(store, job);
}

void
store_find(struct store *store, uint64_t token, const struct id *hash)
{
	struct job *job = job_new(JOB_FIND);

	job->token = token;
	job->to = *hash;
	ask(store, job);
}

void
store_keep(struct store *store, const struct store_fact *facts, size_t count,
    uint64_t token)
{
	struct job *job = job_new(JOB_KEEP);
	struct store_fact *copy =
	    arena_alloc(&job->arena, (count + 1) * sizeof *copy);

	for (size_t i = 0; i < count; i++) {
		copy[i] = facts[i];
		if (facts[i].key_size > 0)
			copy[i].key = arena_copy(&job->arena, facts[i].key,
			    facts[i].key_size);
		if (facts[i].value_size > 0)
			copy[i].value = arena_copy(&job->arena, facts[i].value,
			    facts[i].value_size);
	}
	job->facts = copy;
	job->count = count;
	job->token = token;
	ask(store, job);
}

void
store_keep_room(struct store *store, const struct id *room, const char *name,
    bool joined)
{
	struct job *job = job_new(JOB_ROOM);

	job->room = *room;
	job->name = arena_text(&job->arena, name);
	job->joined = joined;
	ask(store, job);
}

void
store_keep_read(struct store *store, const struct id *room)
{
	struct job *job = job_new(JOB_READ);

	job->room = *room;
	ask(store, job);
}

void
store_keep_bases(struct store *store, const struct id *room,
    const struct dependency *bases, size_t count)
{
	struct job *job = job_new(JOB_BASES);

	job->room = *room;
	job->count = count;
	if (count > 0)
		job->bases =
		    arena_copy(&job->arena, bases, count * sizeof *bases);
	ask(store, job);
}

void
store_keep_epoch(struct store *store, uint64_t epoch)
{
	struct job *job = job_new(JOB_EPOCH);

	job->epoch = epoch;
	ask(store, job);
}

/* -- answers ----------------------------------------------------------- */

int
store_descriptor(const struct store *store)
{
	return store->descriptor;
}

static void
tell_page(struct store *store, const struct job *job)
{
	const struct store_page page = {
		.to = job->to,
		.room = job->room,
		.bases = job->found.bases,
		.base_count = job->found.base_count,
		.bundles = (const struct bundle *const *)job->found.bundles,
		.count = job->found.count,
	};

	store->front.page(store->front.self, &page);
}

static void
tell_lines(struct store *store, const struct job *job)
{
	const struct store_lines lines = {
		.token = job->token,
		.error = job->error != ERROR_NONE ? job->error
						  : job->found.error,
		.lines = job->found.lines,
		.count = job->found.line_count,
		.behind = job->found.behind,
		.newer = job->found.newer,
		.full = job->found.full,
	};

	store->front.lines(store->front.self, &lines);
}

static void
tell(struct store *store, const struct job *job)
{
	const struct store_front *front = &store->front;

	switch (job->type) {
	case JOB_PUT:
		if (job->error == ERROR_NONE)
			front->kept(front->self, job->bundle);
		else
			front->refused(front->self, job->bundle, job->error);
		break;
	case JOB_KEEP:
		if (job->token != 0)
			front->facts_kept(front->self, job->token);
		break;
	case JOB_RANGE:
	case JOB_NEWEST:
	case JOB_TAIL: tell_page(store, job); break;
	case JOB_HISTORY:
	case JOB_SEARCH: tell_lines(store, job); break;
	case JOB_WRITE:
		front->written(front->self, job->token, job->failed);
		break;
	case JOB_FIND:
		front->sought(front->self, job->token,
		    job->found.count > 0 ? job->found.bundles[0] : NULL);
		break;
	case JOB_TROUBLE:
		front->trouble(front->self, job->name, job->text);
		break;
	case JOB_SWAP:
	case JOB_ROOM:
	case JOB_READ:
	case JOB_BASES:
	case JOB_EPOCH: break;
	}
}

/* Makes the descriptor readable, in whichever thread. */
static void
wake_loop(const struct store *store)
{
	const uint64_t one = 1;

	if (write(store->descriptor, &one, sizeof one) < 0 && errno != EAGAIN)
		die("The store's thread cannot speak: %s.", strerror(errno));
}

/* What it takes to tell this, in messages. */
static size_t
effort(const struct job *job)
{
	return job->bundle != NULL ? 1 + job->bundle->message_count : 1;
}

void
store_run(struct store *store)
{
	struct job *job;
	uint64_t unused;
	size_t told = 0;

	if (read(store->descriptor, &unused, sizeof unused) < 0 &&
	    errno != EAGAIN)
		die("The store's thread cannot be heard: %s.", strerror(errno));
	pthread_mutex_lock(&store->lock);
	jobs_append(&store->telling, &store->answered);
	pthread_mutex_unlock(&store->lock);
	while (told < TELL_AT_ONCE &&
	    (job = jobs_take(&store->telling)) != NULL) {
		told += effort(job);
		tell(store, job);
		job_free(job);
	}
	if (store->telling.first != NULL)
		wake_loop(store);
}

/* Hands the answers over, all at once. */
static void
answer(struct store *store, struct jobs *jobs)
{
	if (jobs->first == NULL)
		return;
	pthread_mutex_lock(&store->lock);
	jobs_append(&store->answered, jobs);
	pthread_mutex_unlock(&store->lock);
	wake_loop(store);
}

/* -- the thread -------------------------------------------------------- */

static void
perform(struct store *store, struct jobs *asked)
{
	while (asked->first != NULL) {
		struct jobs answers = { 0 };

		worker_perform(&store->worker, asked, &answers);
		answer(store, &answers);
		worker_tidy(&store->worker);
	}
}

static void
rest(struct store *store)
{
	struct jobs answers = { 0 };

	worker_rest(&store->worker, &answers);
	answer(store, &answers);
}

static bool
is_awaited(void *self)
{
	struct store *store = self;
	bool awaited;

	pthread_mutex_lock(&store->lock);
	awaited = has_work(store);
	pthread_mutex_unlock(&store->lock);
	return awaited;
}

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Waits, with the lock held; false when nothing was asked meanwhile. */
static bool
await_work(struct store *store)
{
	int64_t until = monotonic_ms() + worker_patience_ms(&store->worker);
	struct timespec deadline = {
		.tv_sec = until / 1000,
		.tv_nsec = until % 1000 * 1000000,
	};
	int waited = 0;

	while (!has_work(store) && !store->closing && waited == 0)
		waited = pthread_cond_timedwait(&store->work, &store->lock,
		    &deadline);
	return has_work(store) || store->closing;
}

static void *
work(void *context)
{
	struct store *store = context;

	pthread_mutex_lock(&store->lock);
	for (;;) {
		bool asked = await_work(store);
		struct jobs jobs = store->asked;
		struct job *page = jobs_take(&store->pages);

		if (jobs.first == NULL && page == NULL && store->closing)
			break;
		store->asked = (struct jobs){ 0 };
		pthread_mutex_unlock(&store->lock);
		if (page != NULL)
			jobs_add(&jobs, page);
		if (asked)
			perform(store, &jobs);
		else
			rest(store);
		pthread_mutex_lock(&store->lock);
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}

/* -- life -------------------------------------------------------------- */

static void
release(struct store *store)
{
	worker_free(&store->worker);
	recall_free(&store->recall);
	jobs_free(&store->asked);
	jobs_free(&store->pages);
	jobs_free(&store->answered);
	jobs_free(&store->telling);
	if (store->descriptor >= 0)
		close(store->descriptor);
	pthread_cond_destroy(&store->work);
	pthread_mutex_destroy(&store->lock);
	free(store);
}

static bool
open_database(struct store *store, const struct store_options *options,
    char problem[static PROBLEM])
{
	char aside[PROBLEM], text[2 * PROBLEM];

	if (!database_open(&store->worker.db, options->path, aside, problem))
		return false;
	if (aside[0] == '\0')
		return true;
	snprintf(text, sizeof text,
	    "The history was damaged; it was set aside as %s and is fetched "
	    "anew from the others.",
	    aside);
	jobs_add_trouble(&store->answered, "disk_damaged", text);
	return true;
}

/* What could be opened may still be damaged inside. */
static bool
open_and_recall(struct store *store, const struct store_options *options,
    char problem[static PROBLEM])
{
	int code;

	if (!open_database(store, options, problem))
		return false;
	code = recall_begin(&store->recall, options);
	if ((code & 0xff) == SQLITE_CORRUPT) {
		database_mark_damaged(&store->worker.db);
		shelves_free(&store->worker.shelves);
		database_close(&store->worker.db);
		if (!open_database(store, options, problem))
			return false;
		code = recall_begin(&store->recall, options);
	}
	if (code == SQLITE_OK)
		return true;
	snprintf(problem, PROBLEM, "The history %.120s cannot be written: %s.",
	    options->path == NULL ? "in memory" : options->path,
	    sqlite3_errmsg(store->worker.db.sql));
	return false;
}

static void
start_thread(struct store *store)
{
	sigset_t all, before;
	int error;

	/* Signals are the loop's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&store->thread, NULL, work, store);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0)
		die("There can be no thread for the disk: %s.",
		    strerror(error));
	store->running = true;
}

struct store *
store_open(const struct store_options *options, char problem[static PROBLEM])
{
	struct store *store = mem_zero(1, sizeof *store);
	pthread_condattr_t monotonic;

	store->front = options->front;
	store->self = options->self;
	store->nonce = options->nonce;
	store->worker.shelves.db = &store->worker.db;
	memcpy(store->worker.shelves.network, options->network,
	    sizeof store->worker.shelves.network);
	store->worker.shelves.room_messages = options->room_messages > 0
	    ? options->room_messages
	    : LIMIT_HISTORY_ROOM;
	store->worker.days =
	    options->days > 0 ? options->days : LIMIT_HISTORY_DAYS;
	recall_init(&store->recall, &store->worker.shelves, &options->self);
	pthread_mutex_init(&store->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&store->work, &monotonic);
	pthread_condattr_destroy(&monotonic);
	store->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (store->descriptor < 0)
		die("There is no descriptor for the disk: %s.",
		    strerror(errno));
	if (!open_and_recall(store, options, problem)) {
		release(store);
		return NULL;
	}
	if (store->answered.first != NULL)
		wake_loop(store);
	store->worker.behind = store->worker.surplus = true;
	store->worker.awaited = is_awaited;
	store->worker.self = store;
	start_thread(store);
	return store;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	pthread_mutex_lock(&store->lock);
	store->closing = true;
	pthread_cond_signal(&store->work);
	pthread_mutex_unlock(&store->lock);
	if (store->running)
		pthread_join(store->thread, NULL);
	release(store);
}

const struct store_past *
store_past(const struct store *store)
{
	return &store->recall.past;
}
