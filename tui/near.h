/*
 * near: which word of a table was meant by one that is not in it.
 *
 * Counts the edits that make one word of the other: insert, delete,
 * replace, swap two neighbours (optimal string alignment; Damerau 1964).
 */
#ifndef DCHAT_TUI_NEAR_H
#define DCHAT_TUI_NEAR_H

#include <stddef.h>

/* The nearest of so many words, two edits away at most; NULL: none is. */
const char *near_word(const char *typed, const char *(*word)(size_t index),
    size_t count);

/* The same among these. */
const char *near_of(const char *typed, char *const *words, size_t count);

#endif
