/*
 * history: reading bundles back, for peers who lack them and for people.
 *
 * What was found is owned by whoever asked, until found_free().
 */
#ifndef DCHAT_STORE_HISTORY_H
#define DCHAT_STORE_HISTORY_H

#include "base/error.h"
#include "store/shelf.h"
#include "store/store.h"

struct found {
	struct bundle **bundles; /* clones, in display order */
	size_t count, cap;
	struct dependency *bases;
	size_t base_count;
	struct store_line *lines; /* of the bundles */
	size_t line_count;
	uint64_t behind;
	bool newer, full;
	enum error error;
};

void found_free(struct found *found);

/* As store_range(), store_newest(), store_tail() and store_history() promise. */
int history_range(struct shelves *shelves, const struct id *room,
    const struct stream_range *ranges, size_t count, struct found *found);
int history_newest(struct shelves *shelves, const struct id *room,
    const struct stream_range *ranges, size_t count, size_t messages,
    struct found *found);
int history_tail(struct shelves *shelves, const struct id *room,
    size_t messages, struct found *found);
int history_lines(struct shelves *shelves, const struct id *room,
    const char *msg, enum store_side side, size_t limit,
    struct found *found);

/*
 * The newest messages with these words, in display order; room NULL: of all
 * rooms of the network.  Whole words; when nothing has all of them so, words
 * that begin with them.
 */
int history_search(struct shelves *shelves, const struct id *room,
    const char *text, size_t limit, struct found *found);

/* The bundle of that hash, in any room of the network; or none. */
int history_find(struct shelves *shelves, const struct id *hash,
    struct found *found);

#endif
