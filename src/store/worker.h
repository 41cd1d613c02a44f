/*
 * worker: what the store's thread does with requests.
 *
 * Consecutive writes become one transaction.  What of others cannot be
 * written waits here, in its order, and goes first once it can.  Chores
 * (words to index, what is too old or too much) are small transactions of
 * their own, between two requests when there are none for a moment.
 */
#ifndef DCHAT_STORE_WORKER_H
#define DCHAT_STORE_WORKER_H

#include "store/job.h"

struct worker {
	struct database db;
	struct shelves shelves;
	struct jobs stalled; /* cannot be written now */
	bool troubled;       /* and that was told */
	bool damaged;        /* nothing is written any more */
	unsigned days; /* what is older goes */
	int64_t next_age_ms, next_chore_ms;
	bool behind;  /* there are words to index */
	bool surplus; /* a room may hold more than it should */
	bool quiet;   /* nothing was asked for since it rested */
	/* Something was asked for meanwhile: a chore ends early. */
	bool (*awaited)(void *self);
	void *self;
};

/* Takes the next group of writes, or the next question, and performs it. */
void worker_perform(struct worker *worker, struct jobs *asked,
    struct jobs *answers);

/* After it, when the answers are on their way: what must be done under load
 * too. */
void worker_tidy(struct worker *worker);

/* For how long nothing need be asked until it may rest. */
int64_t worker_patience_ms(const struct worker *worker);
/* What nobody waits for. */
void worker_rest(struct worker *worker, struct jobs *answers);

void worker_free(struct worker *worker);

#endif
