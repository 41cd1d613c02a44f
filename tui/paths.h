/*
 * paths: the files that a word could be the beginning of, for completion.
 */
#ifndef DCHAT_TUI_PATHS_H
#define DCHAT_TUI_PATHS_H

#include <stddef.h>

enum { PATHS_MOST = 512 };

/*
 * Calls found with each path that begins so, in order, written as the word
 * is (with its "~/"); folders end in a slash.  Hidden ones only where the
 * word asks for them; none with a blank, for a word has none, nor what is
 * not text.  A folder of very many entries is looked at in part.
 */
void paths_find(const char *word, void (*found)(void *self, const char *path),
    void *self);

#endif
