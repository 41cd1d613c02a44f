#include "store/worker.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "core/hlc.h"
#include "store/words.h"

enum {
	PROBLEM = 256,
	GROUP_MAX = 256,     /* requests in one transaction */
	STALLED_MAX = 4096,  /* that wait for the disk */
	RETRY_MS = 1000,     /* between attempts at those */
	IDLE_MS = 500,       /* then the log is moved */
	AGE_MS = 1000,       /* then what is too old goes, a little */
	/* Then it is moved under load too: what is said waits for that, here
	 * and (the disk being one) in whatever else syncs to it. */
	LOG_PAGES_MAX = 256,
	QUIET_MS = 50,       /* nothing asked for: then some chores, and */
	CHORE_MS = 20,       /* of quiet between them; */
	CHORE_LOAD_MS = 100, /* without quiet */
	INDEX_AT_ONCE = 512, /* messages, in one chore: some 10 ms; */
	INDEX_LOAD = 64,     /* without quiet, for the loop wants the time; */
	INDEX_SLICE = 64,    /* then it is looked whether anybody waits */
	/* Then they are indexed under load too: a large import goes first. */
	BEHIND_MAX = 1 << 20,
	SEARCH_INDEX_MS = 40 /* before a search, if there is so much */
};

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

static enum error
error_of(int code)
{
	return (code & 0xff) == SQLITE_FULL ? ERROR_DISK_FULL : ERROR_DISK;
}

/* Once, until it goes well again. */
static void
complain(struct worker *worker, int code, struct jobs *answers)
{
	char text[PROBLEM];

	if (worker->troubled)
		return;
	worker->troubled = true;
	switch (code & 0xff) {
	case SQLITE_FULL:
		jobs_add_trouble(answers, "disk_full",
		    "The disk is full: what you say is not sent, and what "
		    "others say is not kept, until there is room.");
		return;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		jobs_add_trouble(answers, "disk_locked",
		    "Another program has locked the history: nothing can be "
		    "said until it lets go.");
		return;
	case SQLITE_READONLY:
		jobs_add_trouble(answers, "disk_read_only",
		    "The history became read-only: nothing can be said until "
		    "it can be written again.");
		return;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		database_mark_damaged(&worker->db);
		worker->damaged = true;
		jobs_add_trouble(answers, "disk_damaged",
		    "The history is damaged: start dchat again, which sets it "
		    "aside and fetches what others have.");
		return;
	default:
		snprintf(text, sizeof text,
		    "The history cannot be written: %.150s.",
		    sqlite3_errmsg(worker->db.sql));
		jobs_add_trouble(answers, "disk", text);
	}
}

static void
recovered(struct worker *worker, struct jobs *answers)
{
	if (worker->troubled)
		jobs_add_trouble(answers, "disk_works",
		    "The history can be written again.");
	worker->troubled = false;
}

/* -- writing ----------------------------------------------------------- */

static int
write_facts(struct worker *worker, const struct job *job)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < job->count && code == SQLITE_OK; i++) {
		const struct store_fact *fact = &job->facts[i];
		bool drop = fact->value_size == 0;
		sqlite3_stmt *s = database_use(&worker->db,
		    drop ? STATEMENT_DROP_FACT : STATEMENT_SET_FACT);

		statement_put_bytes(s, 1, worker->shelves.network,
		    sizeof worker->shelves.network);
		statement_put_number(s, 2, fact->kind);
		statement_put_bytes(s, 3, fact->key, fact->key_size);
		if (!drop)
			statement_put_bytes(s, 4, fact->value,
			    fact->value_size);
		code = statement_run(s);
	}
	return code;
}

static int
write_bundle(struct worker *worker, struct job *job)
{
	bool conflict;
	int code = shelves_put(&worker->shelves, job->bundle, &conflict);

	/* Of my own numbers none is given to two contents. */
	if (code == SQLITE_OK && conflict && job->own)
		job->error = ERROR_DISK;
	return code;
}

static int
write_job(struct worker *worker, struct job *job)
{
	struct shelves *shelves = &worker->shelves;

	switch (job->type) {
	case JOB_PUT: return write_bundle(worker, job);
	case JOB_SWAP: return shelves_swap(shelves, job->bundle);
	case JOB_KEEP: return write_facts(worker, job);
	case JOB_ROOM:
		return shelves_keep_room(shelves, &job->room, job->name,
		    job->joined);
	case JOB_READ: return shelves_keep_read(shelves, &job->room);
	case JOB_BASES:
		return shelves_keep_bases(shelves, &job->room, job->bases,
		    job->count);
	case JOB_EPOCH: return database_put_meta(&worker->db, "epoch", job->epoch);
	default: return SQLITE_MISUSE;
	}
}

static bool
must_be_synced(const struct job *job)
{
	return job->own || job->token != 0 || job->type == JOB_EPOCH;
}

/* All or nothing, in one transaction. */
static int
attempt(struct worker *worker, const struct jobs *group)
{
	bool synced = false;
	int code;

	if (worker->damaged)
		return SQLITE_CORRUPT;
	for (const struct job *job = group->first; job != NULL; job = job->next)
		synced = synced || must_be_synced(job);
	code = database_begin(&worker->db, synced);
	for (struct job *job = group->first; job != NULL && code == SQLITE_OK;
	     job = job->next)
		code = write_job(worker, job);
	if (code == SQLITE_OK)
		code = shelves_save(&worker->shelves);
	if (code == SQLITE_OK)
		code = database_commit(&worker->db);
	if (code != SQLITE_OK) {
		database_rollback(&worker->db);
		shelves_load(&worker->shelves);
	}
	return code;
}

/* Those that wait for the disk; not OK: they go on waiting. */
static int
attempt_stalled(struct worker *worker, struct jobs *answers)
{
	int code;

	while (worker->stalled.first != NULL) {
		struct jobs group = { 0 };

		while (group.count < GROUP_MAX && worker->stalled.first != NULL)
			jobs_add(&group, jobs_take(&worker->stalled));
		code = attempt(worker, &group);
		if (code != SQLITE_OK) {
			/* Back to the head of the line. */
			jobs_prepend(&worker->stalled, &group);
			return code;
		}
		jobs_append(answers, &group);
	}
	return SQLITE_OK;
}

/*
 * One's own is refused; others' wait.  Of too many that wait the first are
 * let go: shown, but not kept, so that a later start fetches them again.
 */
static void
stall(struct worker *worker, struct jobs *group, int code, struct jobs *answers)
{
	struct job *job;

	complain(worker, code, answers);
	while ((job = jobs_take(group)) != NULL) {
		if (job->own) {
			job->error = error_of(code);
			jobs_add(answers, job);
		} else {
			jobs_add(&worker->stalled, job);
		}
	}
	while (worker->stalled.count > STALLED_MAX) {
		job = jobs_take(&worker->stalled);
		if (job->type == JOB_PUT)
			jobs_add(answers, job);
		else
			job_free(job);
	}
}

static void
write_group(struct worker *worker, struct jobs *group, struct jobs *answers)
{
	int code = attempt_stalled(worker, answers);

	if (code == SQLITE_OK)
		code = attempt(worker, group);
	if (code != SQLITE_OK) {
		stall(worker, group, code, answers);
		return;
	}
	jobs_append(answers, group);
	recovered(worker, answers);
}

/* -- chores ------------------------------------------------------------ */

static int64_t
now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* One small transaction; more: there is more of the kind to do. */
static int
do_chore(struct worker *worker,
    int (*chore)(struct worker *worker, bool *more), bool *more)
{
	int code;

	*more = false;
	if (worker->damaged)
		return SQLITE_CORRUPT;
	code = database_begin(&worker->db, false);
	if (code == SQLITE_OK)
		code = chore(worker, more);
	if (code == SQLITE_OK)
		code = shelves_save(&worker->shelves);
	if (code == SQLITE_OK)
		code = database_commit(&worker->db);
	if (code != SQLITE_OK) {
		*more = false;
		database_rollback(&worker->db);
		shelves_load(&worker->shelves);
	}
	return code;
}

static int
drop_old(struct worker *worker, bool *more)
{
	int64_t oldest =
	    now_ms(CLOCK_REALTIME) - worker->days * DAY_MS;
	struct hlc limit = { 0 };

	if (oldest < 0)
		return SQLITE_OK;
	return shelves_drop_older(&worker->shelves, hlc_tick(&limit, oldest),
	    more);
}

static int
drop_surplus(struct worker *worker, bool *more)
{
	return shelves_drop_surplus(&worker->shelves, more);
}

/* So many, or fewer when something is asked for meanwhile. */
static int
index_messages(struct worker *worker, unsigned messages, bool *more)
{
	unsigned done = 0;
	int code;

	do {
		code = words_index(&worker->db, INDEX_SLICE);
		*more = words_behind(&worker->db) > 0;
		done += INDEX_SLICE;
	} while (code == SQLITE_OK && *more && done < messages &&
	    !worker->awaited(worker->self));
	return code;
}

static int
index_words(struct worker *worker, bool *more)
{
	return index_messages(worker, INDEX_AT_ONCE, more);
}

static int
index_few_words(struct worker *worker, bool *more)
{
	return index_messages(worker, INDEX_LOAD, more);
}

static int
reset_words(struct worker *worker, bool *more)
{
	*more = true;
	return words_reset(&worker->db);
}

/* An index can be made again: it is no reason to set a history aside. */
static bool
index_is_damaged(int code)
{
	return code == SQLITE_CORRUPT_VTAB;
}

/* What fails is tried again with the next thing that is kept. */
static void
index_some(struct worker *worker, bool quiet)
{
	int code = do_chore(worker, quiet ? index_words : index_few_words,
	    &worker->behind);

	if (index_is_damaged(code))
		do_chore(worker, reset_words, &worker->behind);
}

static void
index_for(struct worker *worker, int64_t ms)
{
	int64_t until = now_ms(CLOCK_MONOTONIC) + ms;

	do
		index_some(worker, true);
	while (worker->behind && now_ms(CLOCK_MONOTONIC) < until);
}

static void
drop_when_due(struct worker *worker)
{
	bool more;

	if (now_ms(CLOCK_MONOTONIC) < worker->next_age_ms)
		return;
	do_chore(worker, drop_old, &more);
	worker->next_age_ms =
	    now_ms(CLOCK_MONOTONIC) + (more ? AGE_MS : DAY_MS);
}

/* -- reading ----------------------------------------------------------- */

static int
search(struct worker *worker, struct job *job)
{
	const struct id *room = job->everywhere ? NULL : &job->room;
	int code;

	index_for(worker, SEARCH_INDEX_MS);
	code = history_search(&worker->shelves, room, job->text, job->count,
	    &job->found);
	if (!index_is_damaged(code))
		return code;
	do_chore(worker, reset_words, &worker->behind);
	job->found.behind = words_behind(&worker->db);
	return SQLITE_OK;
}

static void
write_file(struct job *job)
{
	const char *bytes = job->bytes;
	size_t left = job->count;

	while (left > 0 && job->failed == 0) {
		ssize_t done = write(job->descriptor, bytes, left);

		if (done >= 0) {
			bytes += done;
			left -= (size_t)done;
		} else if (errno != EINTR) {
			job->failed = errno;
		}
	}
	if (job->last && job->failed == 0 && fsync(job->descriptor) != 0 &&
	    errno != EINVAL)
		job->failed = errno;
}

static void
read_job(struct worker *worker, struct job *job, struct jobs *answers)
{
	struct shelves *shelves = &worker->shelves;
	int code = SQLITE_OK;

	switch (job->type) {
	case JOB_RANGE:
		code = history_range(shelves, &job->room, job->ranges,
		    job->count, &job->found);
		break;
	case JOB_NEWEST:
		code = history_newest(shelves, &job->room, job->ranges,
		    job->count, job->messages, &job->found);
		break;
	case JOB_TAIL:
		code = history_tail(shelves, &job->room, job->count,
		    &job->found);
		break;
	case JOB_HISTORY:
		code = history_lines(shelves, &job->room, job->name,
		    job->side, job->count, &job->found);
		break;
	case JOB_FIND:
		code = history_find(shelves, &job->to, &job->found);
		break;
	case JOB_SEARCH: code = search(worker, job); break;
	case JOB_WRITE: write_file(job); break;
	default: break;
	}
	if (code != SQLITE_OK) {
		job->error = ERROR_DISK;
		complain(worker, code, answers);
	}
	jobs_add(answers, job);
}

static bool
has_chores(const struct worker *worker)
{
	return worker->behind || worker->surplus;
}

static void
do_chores(struct worker *worker, bool quiet)
{
	drop_when_due(worker);
	if (worker->surplus)
		do_chore(worker, drop_surplus, &worker->surplus);
	if (worker->behind)
		index_some(worker, quiet);
	worker->next_chore_ms = now_ms(CLOCK_MONOTONIC) + CHORE_LOAD_MS;
}

/* Where nobody is ever idle, a little now and then; more when it must be. */
static void
do_chores_under_load(struct worker *worker)
{
	if (worker->troubled)
		return;
	if (now_ms(CLOCK_MONOTONIC) >= worker->next_chore_ms)
		do_chores(worker, false);
	else if (worker->behind && words_behind(&worker->db) > BEHIND_MAX)
		index_some(worker, true);
}

/* -- all of it --------------------------------------------------------- */

void
worker_perform(struct worker *worker, struct jobs *asked,
    struct jobs *answers)
{
	struct jobs group = { 0 };

	worker->quiet = false;
	while (asked->first != NULL && group.count < GROUP_MAX &&
	    asked->first->type < JOB_RANGE)
		jobs_add(&group, jobs_take(asked));
	if (group.first != NULL) {
		write_group(worker, &group, answers);
		worker->behind = worker->surplus = true;
	} else {
		read_job(worker, jobs_take(asked), answers);
	}
}

void
worker_tidy(struct worker *worker)
{
	if (worker->db.wal_pages > LOG_PAGES_MAX)
		database_checkpoint(&worker->db);
	do_chores_under_load(worker);
}

void
worker_rest(struct worker *worker, struct jobs *answers)
{
	worker->quiet = true;
	if (worker->stalled.first != NULL &&
	    attempt_stalled(worker, answers) == SQLITE_OK)
		recovered(worker, answers);
	if (worker->troubled)
		return;
	do_chores(worker, true);
	if (worker->awaited(worker->self))
		return;
	if (worker->db.wal_pages > LOG_PAGES_MAX ||
	    (worker->db.wal_pages > 0 && !has_chores(worker)))
		database_checkpoint(&worker->db);
}

int64_t
worker_patience_ms(const struct worker *worker)
{
	int64_t age_ms = worker->next_age_ms - now_ms(CLOCK_MONOTONIC);

	if (worker->stalled.first != NULL)
		return RETRY_MS;
	if (!worker->troubled && has_chores(worker))
		return worker->quiet ? CHORE_MS : QUIET_MS;
	if (worker->db.wal_pages > 0 && !worker->troubled)
		return IDLE_MS;
	return age_ms < IDLE_MS ? IDLE_MS : age_ms;
}

void
worker_free(struct worker *worker)
{
	shelves_free(&worker->shelves);
	database_close(&worker->db);
	jobs_free(&worker->stalled);
}
