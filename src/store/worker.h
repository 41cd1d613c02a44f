/*
 * worker: what the store's thread does with requests.
 *
 * Consecutive writes become one transaction.  What of others cannot be
 * written waits here, in its order, and goes first once it can.
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
	int64_t next_age_ms;
};

/* Takes the next group of writes, or the next question, and performs it. */
void worker_perform(struct worker *worker, struct jobs *asked,
    struct jobs *answers);

/* For how long nothing need be asked until it may rest. */
int64_t worker_patience_ms(const struct worker *worker);
/* What nobody waits for. */
void worker_rest(struct worker *worker, struct jobs *answers);

void worker_free(struct worker *worker);

#endif
