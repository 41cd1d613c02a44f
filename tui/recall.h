/*
 * recall: what a person has written in one room, newest first, and the
 * draft they were at when they began to look.  Texts are as typed.
 *
 * Bounded: RECALL_LINES, the oldest go first.
 */
#ifndef DCHAT_TUI_RECALL_H
#define DCHAT_TUI_RECALL_H

#include <stddef.h>

enum { RECALL_LINES = 200 };

struct recall;

struct recall *recall_new(void);
void recall_destroy(struct recall *recall);

/* A line was entered: it is the newest (not twice in a row), the draft is
 * empty and nothing is being looked at. */
void recall_add(struct recall *recall, const char *text);

/*
 * One line further back, or forth; at its end stands the draft again.  The
 * caller gives what is in the input and where the cursor is (bytes), and
 * gets what belongs there, and *point; NULL: there is nothing that way, so
 * leave it alone.  Valid until the next call.
 */
const char *recall_older(struct recall *recall, const char *text,
    size_t *point);
const char *recall_newer(struct recall *recall, const char *text,
    size_t *point);

/* The room is left with this in its input / entered again: what was. */
void recall_leave(struct recall *recall, const char *text, size_t point);
const char *recall_enter(struct recall *recall, size_t *point);

#endif
