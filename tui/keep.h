/*
 * keep: the small texts that the next run is to know, as the node has them
 * and as they are by now.
 *
 * Whoever knows something worth keeping puts it here as often as they like;
 * only what has changed is told to the node.
 */
#ifndef DCHAT_TUI_KEEP_H
#define DCHAT_TUI_KEEP_H

#include <stdbool.h>
#include <stddef.h>

struct keep {
	struct keep_note {
		char *name, *text;
		bool changed;
	} *items;
	size_t count, cap;
};

/* Zero it first. */
void keep_free(struct keep *keep);

/* The node has it so. */
void keep_load(struct keep *keep, const char *name, const char *text);

/* It is so now; "": there is nothing to know. */
void keep_put(struct keep *keep, const char *name, const char *text);

/* "" for what is not known. */
const char *keep_get(const struct keep *keep, const char *name);

/* One that the node does not know, and knows from now on; false: there is
 * none.  Valid until the next call. */
bool keep_next(struct keep *keep, const char **name, const char **text);

#endif
