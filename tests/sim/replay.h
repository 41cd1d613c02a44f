/*
 * replay: a run of a real process once more, from its log.
 *
 * With -vv a dchat writes down what its node was made of, each input in
 * full, and a digest of the effects of each step (host/trace).  The same
 * inputs are given to a node here, and its effects have to be the same.
 */
#ifndef DCHAT_SIM_REPLAY_H
#define DCHAT_SIM_REPLAY_H

#include <stdbool.h>

/*
 * Says on standard output what came out, and where the effects differ; with
 * `trace` what the node tells of itself, too.  False when they differ, or
 * when there is nothing to play.
 */
bool replay_log(const char *path, bool trace);

#endif
