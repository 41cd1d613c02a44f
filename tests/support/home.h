/*
 * home: where the programs live that a test starts.
 *
 * A folder of their own for state, settings, sockets and all that tmux and
 * shells keep, a network of their own and a port for its beacons: nothing of
 * the person's is read, nothing is left behind, and several tests may run at
 * once.  It is in the environment, so whatever is started later has it.
 */
#ifndef TESTS_SUPPORT_HOME_H
#define TESTS_SUPPORT_HOME_H

enum { HOME_FOLDER = 128 };

/* For --network and --discovery-port; constant once it is entered. */
extern struct home {
	char folder[HOME_FOLDER], network[32], port[8];
} home;

/* Once, first in main(); aborts with a sentence where there is no room. */
void home_enter(const char *subject);
/* Removes the folder. */
void home_leave(void);

/* The same for a folder that is there and somebody else removes. */
void home_in(const char *folder);

#endif
