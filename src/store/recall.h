/*
 * recall: what a start finds in the database, as a copy of its own: the
 * store's thread goes on with the original.
 */
#ifndef DCHAT_STORE_RECALL_H
#define DCHAT_STORE_RECALL_H

#include "store/shelf.h"
#include "store/store.h"

struct recall {
	struct shelves *shelves;
	struct id self;
	struct store_past past;
	struct arena arena; /* in which it lies */
};

void recall_init(struct recall *recall, struct shelves *shelves,
    const struct id *self);
void recall_free(struct recall *recall);

/* Takes down that this run begins, loads the shelves and the past. */
int recall_begin(struct recall *recall, const struct store_options *options);

#endif
