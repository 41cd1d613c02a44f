/*
 * story: what the programs that tell stories on the simulator share: the one
 * that runs, its end, and what is expected of it on the way.
 */
#ifndef DCHAT_TESTS_SIM_STORY_H
#define DCHAT_TESTS_SIM_STORY_H

#include "tests/sim/sim.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

extern struct sim *sim;

/* All start, are linked and led, and settle. */
void story_gather(const struct sim_options *options);

/* Nothing that must always hold was broken. */
void story_end(void);

/* Within that time; else what was told meanwhile, of such lines, is shown. */
void story_expect(bool (*condition)(const struct sim *sim),
    instant_ms within_ms, const char *what, const char *words);

#endif
