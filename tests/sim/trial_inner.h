/*
 * trial_inner: a run under way, shared by the models that disturb it.
 *
 *   trial.c           safety, then liveness
 *   trial_people.c    who comes, talks, wishes and goes
 *   trial_past.c      who wants to see what was said before
 *   trial_network.c   what goes wrong between hosts
 *   trial_hosts.c     what goes wrong with processes, clocks and disks
 */
#ifndef DCHAT_SIM_TRIAL_INNER_H
#define DCHAT_SIM_TRIAL_INNER_H

#include "tests/sim/trial.h"
#include "tests/sim/world.h"

struct trial {
	struct sim *sim;
	const struct trial_options *options;
	struct rng rng; /* the script's, apart from the world's */
	struct rng past; /* of trial_past.c alone */
	bool over;      /* no faults and no talk any more */
	bool soft;      /* somebody outside still disturbs the core */
	unsigned said;
};

typedef void turn(struct trial *trial, unsigned a, unsigned b);

bool trial_has(const struct trial *t, enum fault fault);
unsigned trial_draw(struct trial *t, unsigned below);
unsigned trial_draw_node(struct trial *t);
/* Between none and twice the mean. */
instant_ms trial_about(struct trial *t, instant_ms mean_ms);
/* Mostly seconds, sometimes a blink, sometimes minutes. */
instant_ms trial_how_long(struct trial *t);
/* Unless the trial is over by then. */
void trial_later(struct trial *t, instant_ms ms, turn *call, unsigned a,
    unsigned b);
/* Over or not. */
void trial_later_ever(struct trial *t, instant_ms ms, turn *call, unsigned a,
    unsigned b);

/* -- trial_people.c ---------------------------------------------------- */

void people_begin(struct trial *t);
void people_say(struct trial *t, unsigned node, unsigned room);
void people_arrive(struct trial *t, unsigned node, unsigned b);

/* -- trial_past.c ------------------------------------------------------ */

void past_begin(struct trial *t);
/* All is quiet: everybody scrolls up as far as there is anything. */
void past_finish(struct trial *t);

/* -- trial_network.c --------------------------------------------------- */

/* The weather of the whole run. */
void trial_network_begin(struct trial *t);
/* An episode of this fault. */
void trial_network_fault(struct trial *t, enum fault fault);
/* Of those outside the core: they hear nothing of it, or badly. */
void trial_cut_off(struct trial *t, unsigned node);
void trial_half_deaf(struct trial *t, unsigned node);

/* -- trial_hosts.c ----------------------------------------------------- */

void trial_hosts_fault(struct trial *t, enum fault fault);
/* It comes and goes, for ever. */
void trial_flap(struct trial *t, unsigned node, unsigned b);
/* Off no longer; the disk it finds is drawn. */
void trial_come_back(struct trial *t, unsigned node, unsigned b);

#endif
