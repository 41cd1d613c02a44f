#include "host/mesh_strands.h"

#include "crypto/entropy.h"
#include "host/clock.h"

static void
aside_over(evutil_socket_t unused, short what, void *context)
{
	(void)unused, (void)what;
	strand_drop(context, false);
}

void
strand_close_if_settled(struct strand *strand)
{
	if (strand->told && strand->was_told && strand->dialled)
		link_flush_and_close(strand->link);
}

static void
set_aside(struct strand *strand)
{
	struct frame frame = { .type = FRAME_SUPERSEDED };

	strand->state = STRAND_ASIDE;
	strand_send(strand, &frame);
	strand->told = true;
	strand_start_timer(strand, aside_over, MESH_ASIDE_MS);
	strand_close_if_settled(strand);
}

static bool
newer_is_better(const struct strand *old, const struct strand *new)
{
	bool mine_is_lower = id_compare(&old->mesh->self, &old->peer) < 0;

	if (old->was_told)
		return true; /* the peer has chosen already */
	if (clock_now() - old->heard > MESH_SILENT_MS)
		return true;
	if (strand_is_carried(old) != strand_is_carried(new))
		return strand_is_carried(old);
	if (old->dialled == new->dialled)
		return true;
	return new->dialled == mine_is_lower;
}

void
strand_promote(struct strand *trial, struct strand *old)
{
	struct mesh *mesh = trial->mesh;
	struct id peer = trial->peer;

	strand_stop_timer(trial);
	if (old != NULL)
		strand_drop(old, false);
	strand_set_current(trial);
	mesh->events.down(mesh->events.self, &peer, REASON_RESTARTED);
	/* Whoever was called may have hung up. */
	if (strand_current(mesh, &peer) == trial) {
		link_resume_reading(trial->link);
		strand_announce_up(trial);
	}
}

static void
trial_over(evutil_socket_t unused, short what, void *context)
{
	struct strand *trial = context;

	(void)unused, (void)what;
	strand_promote(trial, strand_current(trial->mesh, &trial->peer));
}

static void
begin_trial(struct strand *strand, struct strand *old)
{
	struct frame frame = { .type = FRAME_PING };

	if (strand_trial_of(strand->mesh, &strand->peer) != NULL) {
		strand_drop(strand, false);
		return;
	}
	strand->state = STRAND_TRIAL;
	strand->question = crypto_random_number() & INT64_MAX;
	link_pause_reading(strand->link);
	frame.ping.number = strand->question;
	strand_send(old, &frame);
	strand_start_timer(strand, trial_over, MESH_TRIAL_MS);
}

void
strand_runs_twice(struct strand *old, struct strand *trial)
{
	struct mesh *mesh = old->mesh;
	struct frame frame = { .type = FRAME_TWICE };
	struct id peer = old->peer;

	frame.twice.address = old->address;
	strand_send(trial, &frame);
	strand_stop_timer(trial);
	trial->state = STRAND_ASIDE;
	strand_start_timer(trial, aside_over, MESH_ASIDE_MS);
	link_resume_reading(trial->link);
	link_flush_and_close(trial->link);
	mesh->events.twice(mesh->events.self, &peer, false);
}

void
strand_accept(struct strand *strand)
{
	struct strand *old = strand_current(strand->mesh, &strand->peer);

	strand_stop_timer(strand);
	link_trust(strand->link);
	if (old == NULL) {
		strand_set_current(strand);
		strand_announce_up(strand);
	} else if (old->nonce != strand->nonce) {
		begin_trial(strand, old);
	} else if (newer_is_better(old, strand)) {
		strand_set_current(strand);
		set_aside(old);
		if (strand_is_carried(old) != strand_is_carried(strand))
			strand_announce_up(strand);
	} else {
		set_aside(strand);
	}
}
