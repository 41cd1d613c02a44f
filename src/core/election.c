#include "core/election.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/election_moves.h"

void
election_init(struct election *e, const struct id *self, uint8_t priority,
    struct rng *rng)
{
	*e = (struct election){
		.self = { .priority = priority, .id = *self },
		.rng = rng,
		.state = ELECTION_PROVISIONAL,
		.leader_heard = NEVER,
	};
	ring_init(&e->view);
	e->kept = mem_zero(ELECTION_KEPT, sizeof *e->kept);
}

void
election_free(struct election *e)
{
	ring_free(&e->view);
	chronicle_free(&e->chronicle);
	free(e->kept);
	e->kept = NULL;
}

void
election_remember(struct election *e, uint64_t term)
{
	e->known.term = e->spent = term;
}

/* -- the view ----------------------------------------------------------- */

static bool
beside_leader(const struct election *e)
{
	const struct id *leader = &e->known.leader;

	if (!e->known.established || !ring_has(&e->view, leader) ||
	    id_equal(leader, &e->self.id))
		return false;
	return id_equal(ring_next(&e->view, &e->self.id, CLOCKWISE), leader) ||
	    id_equal(ring_next(&e->view, &e->self.id, ANTICLOCKWISE), leader);
}

/* A member I told of no leader when we met may be new in the view only. */
static void
greet(const struct election *e, const struct ring *view, struct effects *fx)
{
	struct frame frame = { .type = FRAME_LEADER, .leader = e->known };
	struct id *to = effects_alloc(fx, view->count * sizeof *to);
	size_t count = 0;

	for (size_t i = 0; i < view->count; i++)
		if (!ring_has(&e->view, &view->ids[i]))
			to[count++] = view->ids[i];
	effects_send_many(fx, to, count, &frame);
}

/* What a kept frame waited for is there. */
static bool
ripe(const struct election *e, const struct kept_frame *kept)
{
	const struct frame *frame = &kept->frame;

	switch (frame->type) {
	case FRAME_PROBE:
		return frame->probe.view == e->view.hash;
	case FRAME_ELECTED:
		return ring_has(&e->view, &frame->elected.leader.id);
	case FRAME_LEADER:
		return ring_has(&e->view, &kept->from) &&
		    ring_has(&e->view, &frame->leader.leader);
	default:
		return true;
	}
}

static void
look_again(struct election *e, instant_ms now, struct effects *fx)
{
	size_t count = e->kept_count;
	struct kept_frame *kept = effects_alloc(fx, count * sizeof *kept);

	if (count == 0)
		return;
	memcpy(kept, e->kept, count * sizeof *kept);
	e->kept_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (kept[i].until < now)
			continue;
		if (ripe(e, &kept[i]))
			election_recv(e, now, &kept[i].from, &kept[i].frame,
			    fx);
		else
			e->kept[e->kept_count++] = kept[i];
	}
}

/* With others, and the view is another one. */
static void
adapt(struct election *e, instant_ms now, bool left, bool was_beside,
    struct effects *fx)
{
	switch (e->state) {
	case ELECTION_PROVISIONAL:
		election_wait(e, now, CAUSE_START, ELECTION_START_QUIET_MS,
		    fx);
		break;
	case ELECTION_WAITING:
		election_wait(e, now, e->cause,
		    e->cause == CAUSE_START ? ELECTION_START_QUIET_MS
					    : ELECTION_QUIET_MS, fx);
		break;
	case ELECTION_CANDIDATE:
	case ELECTION_DEFEATED:
		election_wait(e, now, CAUSE_VIEW, ELECTION_QUIET_MS, fx);
		break;
	case ELECTION_FOLLOWER:
	case ELECTION_ASKING:
		if (!e->known.established) {
			election_wait(e, now, CAUSE_VIEW, ELECTION_QUIET_MS,
			    fx);
		} else if (!ring_has(&e->view, &e->known.leader)) {
			election_lose_leader(e, now, fx);
			election_wait(e, now, left ? CAUSE_LEFT : CAUSE_DEAD,
			    ELECTION_QUIET_MS, fx);
		} else if (!was_beside) {
			e->beside_since = now;
		}
		break;
	case ELECTION_LEADER:
		break;
	}
}

void
election_view_changed(struct election *e, instant_ms now,
    const struct ring *view, bool left, struct effects *fx)
{
	bool was_beside = beside_leader(e);

	assert(ring_has(view, &e->self.id));
	if (view->count == e->view.count && view->hash == e->view.hash)
		return;
	if (e->state == ELECTION_LEADER)
		greet(e, view, fx);
	ring_copy(&e->view, view);
	e->beside.valid = false;
	e->attempts = 0;
	if (!ring_has(&e->view, &e->doubted))
		e->doubted = (struct id){ 0 };
	if (e->view.count > 1)
		adapt(e, now, left, was_beside, fx);
	else if (e->state != ELECTION_LEADER)
		election_alone(e, now, fx);
	look_again(e, now, fx);
}

/* -- verbs -------------------------------------------------------------- */

void
election_restarted(struct election *e, instant_ms now,
    const struct id *member, struct effects *fx)
{
	if (!e->known.established || id_equal(member, &e->self.id) ||
	    !id_equal(member, &e->known.leader))
		return;
	election_lose_leader(e, now, fx);
	election_wait(e, now, CAUSE_DEAD, ELECTION_QUIET_MS, fx);
}

void
election_met(struct election *e, const struct id *peer, struct effects *fx)
{
	election_tell(e, peer, fx);
}

void
election_heard(struct election *e, instant_ms now, const struct id *peer)
{
	if (e->known.established && id_equal(peer, &e->known.leader))
		e->leader_heard = now;
}

void
election_linked(struct election *e, instant_ms now, bool linked)
{
	if (linked && e->leader_unlinked)
		e->beside_since = now;
	e->leader_unlinked = !linked;
}

void
election_suspected(struct election *e, const struct id *member,
    bool suspected)
{
	if (e->known.established && id_equal(member, &e->known.leader))
		e->leader_suspected = suspected;
}

void
election_elect(struct election *e, instant_ms now, struct effects *fx)
{
	switch (e->state) {
	case ELECTION_PROVISIONAL:
	case ELECTION_CANDIDATE:
	case ELECTION_DEFEATED:
		break;
	case ELECTION_WAITING:
	case ELECTION_ASKING:
	case ELECTION_FOLLOWER:
	case ELECTION_LEADER:
		if (e->view.count > 1)
			election_stand(e, now, election_open_term(e),
			    CAUSE_COMMAND, fx);
		break;
	}
}

static void
resign(struct election *e, instant_ms now, struct effects *fx)
{
	struct frame frame = { .type = FRAME_LEADER };

	if (e->view.count == 1) {
		election_alone(e, now, fx);
		return;
	}
	election_lose_leader(e, now, fx);
	frame.leader = e->known;
	election_send_all(e, &frame, fx);
	election_wait(e, now, CAUSE_START, ELECTION_START_QUIET_MS, fx);
}

void
election_lead_above(struct election *e, instant_ms now, uint64_t term,
    struct effects *fx)
{
	if (e->state == ELECTION_LEADER)
		election_raise(e, now, term, fx);
}

void
election_step_down(struct election *e, instant_ms now, struct effects *fx)
{
	e->leader_heard = NEVER;
	e->beside_since = now;
	switch (e->state) {
	case ELECTION_PROVISIONAL:
		break;
	case ELECTION_LEADER:
		resign(e, now, fx);
		break;
	case ELECTION_FOLLOWER:
		break;
	case ELECTION_ASKING:
		if (e->known.established) {
			election_enter(e, ELECTION_FOLLOWER, "resumed", fx);
			break;
		}
		/* fall through */
	case ELECTION_WAITING:
	case ELECTION_CANDIDATE:
	case ELECTION_DEFEATED:
		e->wait_ends = now + ELECTION_WAIT_MS;
		election_wait(e, now, e->cause, ELECTION_START_QUIET_MS, fx);
		break;
	}
}

/* -- timers ------------------------------------------------------------- */

static void
add_asked(struct election *e, const struct id *id)
{
	if (e->asked_count == ELECTION_ASKED || id_equal(id, &e->self.id))
		return;
	for (size_t i = 0; i < e->asked_count; i++)
		if (id_equal(&e->asked[i], id))
			return;
	e->asked[e->asked_count++] = *id;
}

/* My neighbours, the leader's, who hear it as I do, then anybody. */
static void
choose_asked(struct election *e)
{
	size_t first = (size_t)rng_below(e->rng, e->view.count);

	e->asked_count = 0;
	for (enum direction d = CLOCKWISE; d <= ANTICLOCKWISE; d++)
		add_asked(e, ring_next(&e->view, &e->self.id, d));
	for (enum direction d = CLOCKWISE; d <= ANTICLOCKWISE; d++)
		add_asked(e, ring_next(&e->view, &e->doubted, d));
	for (size_t i = 0; i < e->view.count; i++)
		add_asked(e,
		    &e->view.ids[(first + i) % e->view.count]);
}

static void
ask(struct election *e, instant_ms now, struct effects *fx)
{
	struct frame frame = { .type = FRAME_ASK };

	choose_asked(e);
	memset(e->answered, 0, sizeof e->answered);
	frame.ask.number = ++e->question;
	frame.ask.term = e->known.term;
	frame.ask.leader = e->doubted;
	e->timeout_at = now + ELECTION_ASK_MS;
	election_enter(e, ELECTION_ASKING,
	    e->known.established ? "lease lost" : "timeout", fx);
	effects_send_many(fx, e->asked, e->asked_count, &frame);
}

static instant_ms
lease_ends(const struct election *e)
{
	instant_ms from = e->beside_since, end;

	if (!beside_leader(e) || e->leader_unlinked)
		return NEVER;
	if (e->leader_heard != NEVER && e->leader_heard > from)
		from = e->leader_heard;
	end = from + ELECTION_LEASE_MS;
	return end > e->veto_until ? end : e->veto_until;
}

static void
give_up(struct election *e, instant_ms now, struct effects *fx)
{
	e->attempts++;
	if (!id_is_none(&e->doubted))
		ask(e, now, fx);
	else
		election_stand(e, now, election_open_term(e), CAUSE_TIMEOUT,
		    fx);
}

instant_ms
election_deadline(const struct election *e)
{
	switch (e->state) {
	case ELECTION_WAITING:
		return e->stand_at;
	case ELECTION_CANDIDATE:
	case ELECTION_DEFEATED:
	case ELECTION_ASKING:
		return e->timeout_at;
	case ELECTION_FOLLOWER:
		return lease_ends(e);
	case ELECTION_PROVISIONAL:
	case ELECTION_LEADER:
		break;
	}
	return NEVER;
}

void
election_expire(struct election *e, instant_ms now, struct effects *fx)
{
	if (now < election_deadline(e))
		return;
	switch (e->state) {
	case ELECTION_WAITING:
		election_stand(e, now, election_open_term(e), e->cause, fx);
		break;
	case ELECTION_CANDIDATE:
	case ELECTION_DEFEATED:
		give_up(e, now, fx);
		break;
	case ELECTION_ASKING:
		election_not_vetoed(e, now, fx);
		break;
	case ELECTION_FOLLOWER:
		e->doubted = e->known.leader;
		ask(e, now, fx);
		break;
	case ELECTION_PROVISIONAL:
	case ELECTION_LEADER:
		break;
	}
}

/* -- questions ---------------------------------------------------------- */

bool
election_running(const struct election *e)
{
	switch (e->state) {
	case ELECTION_WAITING:
	case ELECTION_CANDIDATE:
	case ELECTION_DEFEATED:
	case ELECTION_ASKING:
		return !e->known.established;
	case ELECTION_PROVISIONAL:
	case ELECTION_FOLLOWER:
	case ELECTION_LEADER:
		break;
	}
	return false;
}

unsigned
election_reach(const struct election *e)
{
	return e->state == ELECTION_CANDIDATE ? 1u << e->phase : 0;
}
