/*
 * launch: another program is started for the person, and not waited for.
 *
 * Never through a shell: a program and its arguments are words, and what
 * others have written reaches it as one argument or in its environment.  It
 * gets no terminal and none of our descriptors.  Who has started some asks
 * from time to time whether they have ended, so that none stays a zombie.
 */
#ifndef DCHAT_TUI_LAUNCH_H
#define DCHAT_TUI_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/instant.h"

enum {
	LAUNCH_MOST = 4,	/* that run at once of a kind */
	LAUNCH_WORDS = 16,	/* of a command */
};

/* Zero it first. */
struct launch {
	struct {
		pid_t pid;
		wall_ms at;
	} running[LAUNCH_MOST];
	size_t count;
};

/*
 * Starts argv[0] (searched in PATH) with these "NAME=VALUE" besides our own
 * environment (NULL: none).  False with a sentence when it cannot be, or too
 * many run still.
 */
bool launch_start(struct launch *launch, const char *const argv[],
    const char *const *environment, wall_ms now, char problem[static 256]);

/* Those that have ended are forgotten; those that run for longer than
 * patience_ms (0: for ever) are killed first. */
void launch_reap(struct launch *launch, wall_ms now, wall_ms patience_ms);

/*
 * The words of a command, separated by blanks; a quoted part is in one ("a
 * b"), and no other sign means anything.  Returns how many; 0: none, or too
 * many.  The words are parts of `copy`, as large as the text.
 */
size_t launch_split(const char *command, char *copy,
    const char *words[static LAUNCH_WORDS + 1]);

#endif
