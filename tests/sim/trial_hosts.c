/*
 * What goes wrong with hosts in a random run: processes that die and stop,
 * clocks that jump, disks that are slow, full, old or new.
 */
#include "tests/sim/trial_inner.h"

enum { FLAP_MS = 3000 };

/* -- disks ------------------------------------------------------------- */

static void
draw_disk(struct trial *t, unsigned node)
{
	if (trial_has(t, FAULT_OLDDISK) && trial_draw(t, 3) == 0)
		sim_restore_disk(t->sim, node);
	else if (trial_has(t, FAULT_NODISK) && trial_draw(t, 3) == 0)
		sim_lose_disk(t->sim, node);
}

static void
disk_works(struct trial *t, unsigned node, unsigned b)
{
	(void)b;
	sim_fail_disk(t->sim, node, false);
}

static void
change_disks(struct trial *t)
{
	struct weather *weather = &t->sim->weather;

	/* All of them, or one that is much slower than the others. */
	if (trial_draw(t, 2) == 0)
		t->sim->nodes[trial_draw_node(t)].disk_slow_us =
		    trial_draw(t, 3) * 300000;
	else
		weather->disk_mean_us = trial_draw(t, 2)
		    ? 1000
		    : trial_draw(t, 20) * 10000;
}

/* -- processes and clocks ---------------------------------------------- */

void
trial_come_back(struct trial *t, unsigned node, unsigned b)
{
	(void)b;
	if (t->sim->nodes[node].process != PROCESS_OFF)
		return;
	draw_disk(t, node);
	/* A copy is an older run's: it does not know of this start. */
	if (trial_has(t, FAULT_OLDDISK) && trial_draw(t, 2) == 0)
		sim_copy_disk(t->sim, node);
	sim_start(t->sim, node);
}

static void
come_back(struct trial *t, unsigned node)
{
	if (trial_draw(t, 4) != 0)
		trial_later(t, trial_how_long(t), trial_come_back, node, 0);
}

static void
resume(struct trial *t, unsigned a, unsigned b)
{
	(void)b;
	sim_resume(t->sim, a);
}

void
trial_hosts_fault(struct trial *t, enum fault fault)
{
	unsigned node = trial_draw_node(t);

	switch (fault) {
	case FAULT_CRASH:
	case FAULT_OLDDISK:
	case FAULT_NODISK:
		sim_kill(t->sim, node);
		come_back(t, node);
		break;
	case FAULT_LEAVE:
		sim_leave(t->sim, node);
		come_back(t, node);
		break;
	case FAULT_PAUSE:
		sim_pause(t->sim, node);
		trial_later(t, trial_how_long(t), resume, node, 0);
		break;
	case FAULT_SKEW:
		sim_skew(t->sim, node,
		    (wall_ms)trial_draw(t, 7200000) - 3600000);
		break;
	case FAULT_DISK: change_disks(t); break;
	case FAULT_DISKFULL:
		sim_fail_disk(t->sim, node, true);
		trial_later(t, trial_how_long(t), disk_works, node, 0);
		break;
	default: break; /* not of the hosts */
	}
}

void
trial_flap(struct trial *t, unsigned node, unsigned b)
{
	(void)b;
	if (t->sim->nodes[node].process == PROCESS_OFF)
		sim_start(t->sim, node);
	else
		sim_kill(t->sim, node);
	trial_later_ever(t, 1 + trial_about(t, FLAP_MS), trial_flap, node, 0);
}
