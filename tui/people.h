/*
 * people: the others by their nicks, for commands and completion.
 */
#ifndef DCHAT_TUI_PEOPLE_H
#define DCHAT_TUI_PEOPLE_H

#include "tui/windows.h"

/*
 * Fills an array (owned by the caller, the texts are not) with the nicks of
 * the others in the current window, the last to speak first, then of
 * everybody else; the first *here of them are here, the others gone.
 * Returns the count.
 */
size_t people_nicks(const struct windows *windows, const char **nicks,
    size_t cap, size_t *here);

/*
 * Who is meant by a nick (of any case, if only one has it so) or an id?
 * False: see problem.
 */
bool people_find(const struct windows *windows, const char *name,
    struct id *id, char problem[static 256]);

#endif
