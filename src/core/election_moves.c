#include "core/election_moves.h"

#include <assert.h>
#include <inttypes.h>

static const char *const names[] = {
	[ELECTION_PROVISIONAL] = "provisional",
	[ELECTION_WAITING] = "waiting",
	[ELECTION_CANDIDATE] = "candidate",
	[ELECTION_DEFEATED] = "defeated",
	[ELECTION_ASKING] = "asking",
	[ELECTION_FOLLOWER] = "follower",
	[ELECTION_LEADER] = "leader",
};

enum {
	PROVISIONAL = 1 << ELECTION_PROVISIONAL,
	WAITING = 1 << ELECTION_WAITING,
	CANDIDATE = 1 << ELECTION_CANDIDATE,
	DEFEATED = 1 << ELECTION_DEFEATED,
	ASKING = 1 << ELECTION_ASKING,
	FOLLOWER = 1 << ELECTION_FOLLOWER,
	LEADER = 1 << ELECTION_LEADER,
};

/* The diagram in election.h: from each state, where to. */
static const unsigned arrows[] = {
	[ELECTION_PROVISIONAL] = WAITING,
	[ELECTION_WAITING] = PROVISIONAL | CANDIDATE | DEFEATED | FOLLOWER,
	[ELECTION_CANDIDATE] = PROVISIONAL | WAITING | CANDIDATE | DEFEATED |
	    ASKING | FOLLOWER | LEADER,
	[ELECTION_DEFEATED] = PROVISIONAL | WAITING | CANDIDATE | DEFEATED |
	    ASKING | FOLLOWER,
	[ELECTION_ASKING] = PROVISIONAL | WAITING | CANDIDATE | DEFEATED |
	    FOLLOWER,
	[ELECTION_FOLLOWER] = PROVISIONAL | WAITING | CANDIDATE | DEFEATED |
	    ASKING | FOLLOWER,
	[ELECTION_LEADER] = PROVISIONAL | WAITING | CANDIDATE | DEFEATED |
	    FOLLOWER,
};

const char *
election_state_name(enum election_state state)
{
	return names[state];
}

int
candidate_compare(const struct candidate *a, const struct candidate *b)
{
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return id_compare(&a->id, &b->id);
}

/* -- telling the person ------------------------------------------------ */

static void
tell_step(const struct election *e, const char *why, struct effects *fx)
{
	effects_trace(fx, "election: %s, term %" PRIu64 ", phase %u (%s)",
	    names[e->state], e->known.term, e->phase, why);
	switch (e->state) {
	case ELECTION_WAITING:
	case ELECTION_CANDIDATE:
	case ELECTION_DEFEATED:
	case ELECTION_ASKING:
		effects_notify(fx,
		    &(struct dchat_event){
			.type = DCHAT_EVENT_ELECTION,
			.election = {
				.term = e->known.term,
				.phase = e->phase,
				.reach = election_reach(e),
				.role = names[e->state],
			},
		    });
		break;
	case ELECTION_PROVISIONAL:
	case ELECTION_FOLLOWER:
	case ELECTION_LEADER:
		break;
	}
}

void
election_notify_leader(const struct election *e, instant_ms took_ms,
    struct effects *fx)
{
	bool self = id_equal(&e->known.leader, &e->self.id);

	effects_notify(fx,
	    &(struct dchat_event){
		.type = DCHAT_EVENT_LEADER,
		.leader = {
			.id = e->known.leader,
			.term = e->known.term,
			.self = self,
			.provisional = self && !e->known.established,
			.took_ms = took_ms,
		},
	    });
}

void
election_enter(struct election *e, enum election_state state,
    const char *why, struct effects *fx)
{
	assert(arrows[e->state] & 1u << state);
	e->state = state;
	tell_step(e, why, fx);
}

/* -- sending ----------------------------------------------------------- */

const struct id *
election_beside(struct election *e, uint64_t term, enum direction direction)
{
	if (!e->beside.valid || (e->hashed_ring && e->beside.term != term)) {
		for (enum direction d = CLOCKWISE; d <= ANTICLOCKWISE; d++)
			e->beside.ids[d] = *ring_next_in_term(&e->view,
			    &e->self.id, d, e->hashed_ring, term);
		e->beside.valid = true;
		e->beside.term = term;
	}
	return &e->beside.ids[direction];
}

void
election_tell_this(const struct election *e, const struct id *to,
    const struct leadership *leadership, struct effects *fx)
{
	struct frame frame = { .type = FRAME_LEADER, .leader = *leadership };

	if (!id_equal(to, &e->self.id))
		effects_send(fx, to, &frame);
}

void
election_tell(const struct election *e, const struct id *to,
    struct effects *fx)
{
	election_tell_this(e, to, &e->known, fx);
}

void
election_send_all(const struct election *e, const struct frame *frame,
    struct effects *fx)
{
	struct id *to = effects_alloc(fx, e->view.count * sizeof *to);
	size_t count = 0;

	for (size_t i = 0; i < e->view.count; i++)
		if (!id_equal(&e->view.ids[i], &e->self.id))
			to[count++] = e->view.ids[i];
	effects_send_many(fx, to, count, frame);
}

static void
announce(const struct election *e, struct effects *fx)
{
	struct frame frame = {
		.type = FRAME_ELECTED,
		.elected = {
			.term = e->known.term,
			.view = e->view.hash,
			.leader = e->self,
		},
	};

	election_send_all(e, &frame, fx);
}

void
election_send_probe(struct election *e, const struct probe *probe,
    struct effects *fx)
{
	struct frame frame = { .type = FRAME_PROBE, .probe = *probe };

	e->probes_sent++;
	effects_send(fx, election_beside(e, probe->term, probe->direction),
	    &frame);
}

void
election_be_patient(struct election *e, instant_ms now)
{
	/* A probe and its reply pass everybody once or twice. */
	instant_ms patience = 500 + 4 * (instant_ms)e->view.count;

	patience <<= e->attempts < 3 ? e->attempts : 3;
	e->timeout_at = now + patience + (instant_ms)rng_below(e->rng, 100);
}

/* -- for the chronicle --------------------------------------------------- */

static uint64_t
sent(const struct election *e)
{
	return e->probes_sent + e->replies_sent;
}

static void
begin(struct election *e, instant_ms now, enum cause cause)
{
	chronicle_begin(&e->chronicle, now, cause, e->known.term, sent(e));
}

static void
end(struct election *e, instant_ms now, enum election_end how)
{
	chronicle_end(&e->chronicle, now, how, &e->known.leader,
	    e->known.term, sent(e));
}

/* -- moves ------------------------------------------------------------- */

void
election_alone(struct election *e, instant_ms now, struct effects *fx)
{
	if (e->state != ELECTION_PROVISIONAL)
		election_enter(e, ELECTION_PROVISIONAL, "alone", fx);
	e->phase = 0;
	e->known.leader = e->self.id;
	e->known.priority = e->self.priority;
	e->known.established = false;
	end(e, now, ELECTION_ALONE);
	election_notify_leader(e, -1, fx);
}

static void
open_term_above(struct election *e, uint64_t term)
{
	if (e->known.term <= term)
		e->known.term = election_term_above(term);
}

static void
forget_leader(struct election *e, instant_ms now, struct effects *fx)
{
	e->known.leader = (struct id){ 0 };
	e->known.priority = 0;
	e->known.established = false;
	e->leader_suspected = false;
	e->leader_heard = NEVER;
	e->began = now;
	e->phase = 0;
	election_notify_leader(e, -1, fx);
}

void
election_lose_leader(struct election *e, instant_ms now, struct effects *fx)
{
	assert(e->known.established);
	open_term_above(e, e->known.term);
	forget_leader(e, now, fx);
}

void
election_wait(struct election *e, instant_ms now, enum cause cause,
    instant_ms quiet_ms, struct effects *fx)
{
	bool waiting = e->state == ELECTION_WAITING;

	if (e->state == ELECTION_PROVISIONAL)
		forget_leader(e, now, fx);
	if (!waiting)
		e->wait_ends = now + ELECTION_WAIT_MS;
	e->stand_at = instant_earlier(now + quiet_ms, e->wait_ends);
	e->cause = cause;
	e->phase = 0;
	begin(e, now, cause);
	if (!waiting)
		election_enter(e, ELECTION_WAITING, cause_name(cause), fx);
}

uint64_t
election_open_term(const struct election *e)
{
	return e->known.term > e->spent ? e->known.term
					: election_term_above(e->spent);
}

static void
take_part(struct election *e, instant_ms now, uint64_t term,
    enum cause cause, struct effects *fx)
{
	if (e->known.established)
		election_lose_leader(e, now, fx);
	e->known.term = term;
	e->cause = cause;
	e->phase = 0;
	begin(e, now, cause);
}

void
election_spend(struct election *e)
{
	e->spent = e->known.term;
}

static void
begin_phase(struct election *e, instant_ms now, struct effects *fx)
{
	struct probe probe = {
		.term = e->known.term,
		.view = e->view.hash,
		.phase = e->phase,
		.hop = 1,
		.candidate = e->self,
		.cause = e->cause,
	};

	chronicle_stood(&e->chronicle, now, &e->self.id, e->phase,
	    e->known.term);
	e->replied[CLOCKWISE] = e->replied[ANTICLOCKWISE] = false;
	election_be_patient(e, now);
	for (enum direction d = CLOCKWISE; d <= ANTICLOCKWISE; d++) {
		probe.direction = d;
		election_send_probe(e, &probe, fx);
	}
}

void
election_stand(struct election *e, instant_ms now, uint64_t term,
    enum cause cause, struct effects *fx)
{
	assert(e->view.count >= 2);
	take_part(e, now, term, cause, fx);
	election_enter(e, ELECTION_CANDIDATE, cause_name(cause), fx);
	begin_phase(e, now, fx);
}

void
election_next_phase(struct election *e, instant_ms now, struct effects *fx)
{
	e->phase++;
	tell_step(e, "both replied", fx);
	begin_phase(e, now, fx);
}

void
election_defeat(struct election *e, instant_ms now, uint64_t term,
    enum cause cause, struct effects *fx)
{
	bool again = e->state == ELECTION_DEFEATED && e->spent == term;

	if (!again) {
		take_part(e, now, term, cause, fx);
		election_spend(e);
		election_enter(e, ELECTION_DEFEATED, cause_name(cause), fx);
	}
	election_be_patient(e, now);
}

static void
settled(struct election *e)
{
	election_spend(e);
	e->attempts = 0;
	e->phase = 0;
	e->doubted = (struct id){ 0 };
}

void
election_win(struct election *e, instant_ms now, struct effects *fx)
{
	e->known.leader = e->self.id;
	e->known.priority = e->self.priority;
	e->known.established = true;
	election_enter(e, ELECTION_LEADER, "own probe home", fx);
	settled(e);
	end(e, now, ELECTION_ELECTED);
	announce(e, fx);
	election_notify_leader(e, now - e->began, fx);
}

void
election_follow(struct election *e, instant_ms now, const struct id *from,
    const struct leadership *told, instant_ms took_ms, struct effects *fx)
{
	bool same = e->known.established &&
	    id_equal(&e->known.leader, &told->leader);

	if (e->known.established)
		chronicle_note(&e->chronicle, now,
		    same ? ELECTION_RAISED : ELECTION_MERGED, &told->leader,
		    told->term);
	e->known = *told;
	settled(e);
	end(e, now, took_ms < 0 ? ELECTION_FOUND : ELECTION_ELECTED);
	if (id_equal(from, &told->leader))
		e->leader_heard = now;
	if (!same) {
		e->leader_suspected = false;
		e->beside_since = now;
		if (!id_equal(from, &told->leader))
			e->leader_heard = NEVER;
	}
	if (!same || e->state != ELECTION_FOLLOWER)
		election_enter(e, ELECTION_FOLLOWER, "a leader is known", fx);
	election_notify_leader(e, took_ms, fx);
}

void
election_not_vetoed(struct election *e, instant_ms now, struct effects *fx)
{
	bool heard = e->leader_heard != NEVER &&
	    now - e->leader_heard < ELECTION_LEASE_MS;

	assert(e->state == ELECTION_ASKING);
	if (e->known.established && heard)
		election_enter(e, ELECTION_FOLLOWER, "heard again", fx);
	else
		election_stand(e, now, election_open_term(e),
		    e->known.established ? CAUSE_LEASE : CAUSE_TIMEOUT, fx);
}

void
election_raise(struct election *e, instant_ms now, uint64_t above,
    struct effects *fx)
{
	assert(e->state == ELECTION_LEADER);
	if (above < e->known.term)
		above = e->known.term;
	if (election_term_above(above) == e->known.term)
		return;
	open_term_above(e, above);
	settled(e);
	effects_trace(fx, "election: leader, term %" PRIu64 " (above %" PRIu64
	    ")", e->known.term, above);
	chronicle_note(&e->chronicle, now, ELECTION_RAISED, &e->self.id,
	    e->known.term);
	announce(e, fx);
	election_notify_leader(e, -1, fx);
}
