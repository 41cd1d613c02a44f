#include "tests/sim/story.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/checkers.h"

struct sim *sim;

void
story_gather(const struct sim_options *options)
{
	sim = sim_new(options);
	sim_start_all(sim);
	ck_assert(sim_run_until(sim, sim_all_linked, 5 * SECOND));
	ck_assert(sim_run_until(sim, sim_one_leader, 5 * SECOND));
	sim_run(sim, 3 * SECOND);
}

void
story_end(void)
{
	checkers_finish(sim);
	ck_assert_msg(sim_failures(sim) == NULL, "%s", sim_failures(sim));
	sim_destroy(sim);
	sim = NULL;
}

void
story_expect(bool (*condition)(const struct sim *sim), instant_ms within_ms,
    const char *what, const char *words)
{
	char *timeline;

	if (sim_run_until(sim, condition, within_ms))
		return;
	/* a message of Check has no room for a long one */
	timeline = sim_timeline(sim, words);
	printf("%s", timeline);
	free(timeline);
	ck_abort_msg("%s, not within %lld ms", what, (long long)within_ms);
}
