/*
 * recall: what a person has written in one room, newest first, and the
 * draft they were at when they began to look.  Texts are as typed.
 *
 * Bounded: RECALL_LINES, the oldest go first.
 */
#ifndef DCHAT_TUI_RECALL_H
#define DCHAT_TUI_RECALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

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

/*
 * Searching: lines have places 0 (the oldest) to recall_count() - 1.  The
 * nearest line from *at on, itself included, that holds the text (of any
 * case in ASCII); *offset is where, in bytes.  False: none, and both are as
 * they were.
 */
size_t recall_count(const struct recall *recall);
const char *recall_line(const struct recall *recall, size_t at);
bool recall_find(const struct recall *recall, const char *text, bool older,
    size_t *at, size_t *offset);

/* That line is being looked at now; the draft is what was in the input. */
void recall_go(struct recall *recall, size_t at, const char *text,
    size_t point);

/*
 * For the next run: appends the newest lines, oldest first, as far as they
 * go into so many bytes; a newline ends each, those within it and
 * backslashes have a backslash before them.  Read back, once,
 * they are the oldest.
 */
void recall_write(const struct recall *recall, size_t most,
    struct bytes *out);
void recall_read(struct recall *recall, const char *text);

/* The room is left with this in its input / entered again: what was. */
void recall_leave(struct recall *recall, const char *text, size_t point);
const char *recall_enter(struct recall *recall, size_t *point);

#endif
