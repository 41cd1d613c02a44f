/*
 * fake_health: what the fake node tells of the group to somebody who looks.
 */
#ifndef DCHAT_TESTS_FAKE_HEALTH_H
#define DCHAT_TESTS_FAKE_HEALTH_H

#include "tests/screen/fake_dchat.h"

/* So many members, the second of them zoe; numbers of others, or -1. */
struct fake_crowd {
	size_t count;
	int leader, suspect, dead;
	bool electing;		/* just now, because the dead one led */
	bool slow;		/* zoe is, herself */
};

/* Completes a status; everything else is as it was. */
void fake_health_fill(const struct fake_crowd *crowd,
    struct dchat_status *status);

#endif
