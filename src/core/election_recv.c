#include "core/election_moves.h"

#include <assert.h>

/* Phases of a ring of LIMIT_MEMBERS, and two. */
enum { PHASE_LIMIT = 16 };
static_assert(1 << (PHASE_LIMIT - 2) >= LIMIT_MEMBERS, "phases");

static bool
has_leader(const struct election *e)
{
	return e->known.established;
}

static bool
leads(const struct election *e)
{
	return e->state == ELECTION_LEADER;
}

static bool
term_sane(uint64_t term)
{
	return term >= 1 && term < ELECTION_TERM_LIMIT;
}

/* -- frames kept for another view --------------------------------------- */

static bool
same_place(const struct kept_frame *kept, const struct id *from,
    const struct frame *frame)
{
	return id_equal(&kept->from, from) &&
	    kept->frame.type == frame->type &&
	    (frame->type != FRAME_PROBE ||
		kept->frame.probe.direction == frame->probe.direction);
}

/* Of two probes of one election only the larger candidate's matters. */
static bool
outdone(const struct frame *kept, const struct frame *frame)
{
	const struct probe *a = &kept->probe, *b = &frame->probe;

	return frame->type == FRAME_PROBE && a->view == b->view &&
	    a->term == b->term &&
	    candidate_compare(&a->candidate, &b->candidate) > 0;
}

enum verdict
election_keep(struct election *e, instant_ms now, const struct id *from,
    const struct frame *frame)
{
	struct kept_frame fresh = {
		.from = *from,
		.until = now + ELECTION_KEEP_MS,
		.frame = *frame,
	};
	struct kept_frame *free_place = NULL;

	for (size_t i = 0; i < e->kept_count; i++) {
		struct kept_frame *kept = &e->kept[i];

		if (kept->until < now) {
			free_place = kept;
		} else if (same_place(kept, from, frame)) {
			if (outdone(&kept->frame, frame))
				return VERDICT_STALE;
			*kept = fresh;
			return VERDICT_ACCEPTED;
		}
	}
	if (free_place == NULL && e->kept_count < ELECTION_KEPT)
		free_place = &e->kept[e->kept_count++];
	if (free_place == NULL)
		return VERDICT_OVER_LIMIT;
	*free_place = fresh;
	return VERDICT_ACCEPTED;
}

/* -- PROBE ------------------------------------------------------------- */

static bool
probe_sane(const struct election *e, const struct probe *p)
{
	return term_sane(p->term) && p->phase <= PHASE_LIMIT &&
	    p->hop >= 1 && p->hop <= 1u << p->phase &&
	    (p->direction == CLOCKWISE || p->direction == ANTICLOCKWISE) &&
	    (unsigned)p->cause < CAUSE_COUNT &&
	    !id_is_none(&p->candidate.id) &&
	    (!id_equal(&p->candidate.id, &e->self.id) ||
		p->candidate.priority == e->self.priority);
}

/* The smallest phase whose probes come home: the last one. */
static unsigned
last_phase(const struct election *e)
{
	unsigned phase = 0;

	while ((size_t)1 << phase < e->view.count)
		phase++;
	return phase;
}

/* Could it have come to me this way?  The view is mine. */
static bool
probe_fits(struct election *e, const struct id *from, const struct probe *p)
{
	size_t distance;

	if (e->view.count < 2 || p->phase > last_phase(e) + 2 ||
	    p->hop > e->view.count ||
	    !id_equal(from, election_beside(e, p->term,
				direction_back(p->direction))))
		return false;
	if (id_equal(&p->candidate.id, &e->self.id))
		return p->hop == e->view.count;
	if (e->hashed_ring)
		return p->hop < e->view.count;
	distance = ring_distance(&e->view, &p->candidate.id, &e->self.id,
	    p->direction);
	return p->hop == distance;
}

/*
 * Others do without the leader I follow, in a higher term (at the end of the
 * terms there is none: in the same), and may have no link to tell it.  Does it still lead?  If not, it denies; if so, it leads
 * on above that term, and they will believe me.
 */
static void
question_leader(const struct election *e, uint64_t term, struct effects *fx)
{
	const struct leadership theirs = { .term = term };

	if (!has_leader(e) || leads(e) ||
	    term < election_term_above(e->known.term))
		return;
	election_tell(e, &e->known.leader, fx);
	election_tell_this(e, &e->known.leader, &theirs, fx);
}

/* Who stands and who passed it on: neither knows what I know. */
static void
tell_both(const struct election *e, const struct id *from,
    const struct probe *p, struct effects *fx)
{
	election_tell(e, from, fx);
	if (!id_equal(from, &p->candidate.id) &&
	    ring_has(&e->view, &p->candidate.id))
		election_tell(e, &p->candidate.id, fx);
}

static enum verdict
probe_of_other_view(struct election *e, instant_ms now,
    const struct id *from, const struct frame *frame, struct effects *fx)
{
	const struct probe *p = &frame->probe;

	if (p->term < e->known.term || has_leader(e))
		tell_both(e, from, p, fx);
	if (p->term < e->known.term)
		return VERDICT_STALE;
	return election_keep(e, now, from, frame);
}

static enum verdict
own_probe(struct election *e, instant_ms now, const struct probe *p,
    struct effects *fx)
{
	if (p->term != e->known.term)
		return VERDICT_STALE;
	if (leads(e))
		return VERDICT_DUPLICATE;
	if (e->state != ELECTION_CANDIDATE || p->phase != e->phase)
		return VERDICT_STALE;
	election_win(e, now, fx);
	return VERDICT_ACCEPTED;
}

/* The leader is in the view, so whoever stands for want of one errs. */
static bool
refused(const struct election *e, const struct probe *p)
{
	if (!has_leader(e))
		return p->term < e->known.term;
	if (p->term <= e->known.term)
		return true;
	return p->cause != CAUSE_COMMAND &&
	    !id_equal(&p->candidate.id, &e->known.leader);
}

static void
pass_on(struct election *e, const struct id *from, const struct probe *p,
    struct effects *fx)
{
	if (p->hop < 1u << p->phase) {
		struct probe next = *p;

		next.hop++;
		election_send_probe(e, &next, fx);
	} else {
		struct frame frame = {
			.type = FRAME_REPLY,
			.reply = {
				.term = p->term,
				.view = p->view,
				.phase = p->phase,
				.direction = p->direction,
				.candidate = p->candidate,
			},
		};

		e->replies_sent++;
		effects_send(fx, from, &frame);
	}
}

static void
note_probe(struct election *e, instant_ms now, const struct probe *p)
{
	chronicle_stood(&e->chronicle, now, &p->candidate.id, p->phase,
	    p->term);
}

static enum verdict
recv_probe(struct election *e, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	const struct probe *p = &frame->probe;
	bool taking_part;

	if (!probe_sane(e, p))
		return VERDICT_MALFORMED;
	if (p->view != e->view.hash)
		return probe_of_other_view(e, now, from, frame, fx);
	if (!ring_has(&e->view, from) ||
	    !ring_has(&e->view, &p->candidate.id))
		return VERDICT_UNKNOWN_SENDER;
	if (!probe_fits(e, from, p))
		return VERDICT_MALFORMED;
	if (id_equal(&p->candidate.id, &e->self.id))
		return own_probe(e, now, p, fx);
	if (refused(e, p)) {
		tell_both(e, from, p, fx);
		question_leader(e, p->term, fx);
		return VERDICT_STALE;
	}
	if (candidate_compare(&p->candidate, &e->self) > 0) {
		election_defeat(e, now, p->term, p->cause, fx);
		note_probe(e, now, p);
		pass_on(e, from, p, fx);
		return VERDICT_ACCEPTED;
	}
	taking_part = p->term == e->known.term &&
	    (e->state == ELECTION_CANDIDATE || e->state == ELECTION_DEFEATED);
	if (!taking_part)
		election_stand(e, now, p->term, p->cause, fx);
	note_probe(e, now, p);
	election_spend(e);
	return VERDICT_ACCEPTED;
}

/* -- REPLY ------------------------------------------------------------- */

static bool
reply_sane(const struct election *e, const struct reply *r)
{
	return term_sane(r->term) && r->phase <= PHASE_LIMIT &&
	    (r->direction == CLOCKWISE || r->direction == ANTICLOCKWISE) &&
	    !id_is_none(&r->candidate.id) &&
	    (!id_equal(&r->candidate.id, &e->self.id) ||
		r->candidate.priority == e->self.priority);
}

static enum verdict
own_reply(struct election *e, instant_ms now, const struct reply *r,
    struct effects *fx)
{
	if (e->state != ELECTION_CANDIDATE || r->phase != e->phase)
		return VERDICT_STALE;
	if (e->replied[r->direction])
		return VERDICT_DUPLICATE;
	e->replied[r->direction] = true;
	election_spend(e);
	if (e->replied[direction_back(r->direction)])
		election_next_phase(e, now, fx);
	return VERDICT_ACCEPTED;
}

static enum verdict
recv_reply(struct election *e, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	const struct reply *r = &frame->reply;

	if (!reply_sane(e, r))
		return VERDICT_MALFORMED;
	if (r->view != e->view.hash || r->term != e->known.term ||
	    (e->state != ELECTION_CANDIDATE && e->state != ELECTION_DEFEATED))
		return VERDICT_STALE;
	if (!ring_has(&e->view, from) ||
	    !ring_has(&e->view, &r->candidate.id))
		return VERDICT_UNKNOWN_SENDER;
	/* A probe of the last phase comes home and is not replied to. */
	if (r->phase >= last_phase(e) ||
	    !id_equal(from, election_beside(e, r->term, r->direction)))
		return VERDICT_MALFORMED;
	if (id_equal(&r->candidate.id, &e->self.id))
		return own_reply(e, now, r, fx);
	if (candidate_compare(&r->candidate, &e->self) < 0)
		return VERDICT_STALE;	/* I swallowed its probe */
	e->replies_sent++;
	election_be_patient(e, now);
	effects_send(fx, election_beside(e, r->term,
			     direction_back(r->direction)), frame);
	return VERDICT_ACCEPTED;
}

/* -- what others say of leadership --------------------------------------- */

static int
leadership_compare(const struct leadership *a, const struct leadership *b)
{
	struct candidate one = { a->priority, a->leader };
	struct candidate other = { b->priority, b->leader };

	if (a->term != b->term)
		return a->term < b->term ? -1 : 1;
	return candidate_compare(&one, &other);
}

/* "Nobody leads, as far as I know, and I have seen this term." */
static enum verdict
learn_term(struct election *e, instant_ms now, const struct id *from,
    const struct leadership *told, struct effects *fx)
{
	if (leads(e) && told->term > e->known.term) {
		election_raise(e, now, told->term, fx);
		return VERDICT_ACCEPTED;
	}
	if (has_leader(e) && id_equal(from, &e->known.leader) &&
	    told->term >= election_term_above(e->known.term)) {
		election_lose_leader(e, now, fx);
		e->known.term = told->term;
		election_wait(e, now, CAUSE_LEFT, ELECTION_QUIET_MS, fx);
		return VERDICT_ACCEPTED;
	}
	if (has_leader(e)) {
		election_tell(e, from, fx);
		question_leader(e, told->term, fx);
		return VERDICT_ACCEPTED;
	}
	if (told->term <= e->known.term)
		return VERDICT_ACCEPTED;
	e->known.term = told->term;
	/* My probes are stale now; stand with the others in theirs. */
	if (e->state == ELECTION_CANDIDATE || e->state == ELECTION_DEFEATED)
		election_wait(e, now, e->cause, ELECTION_QUIET_MS, fx);
	return VERDICT_ACCEPTED;
}

/* "You lead." */
static enum verdict
learn_of_myself(struct election *e, instant_ms now, const struct id *from,
    const struct leadership *told, struct effects *fx)
{
	struct leadership denial = {
		.term = election_term_above(told->term),
	};

	if (leads(e) && told->term > e->known.term) {
		election_raise(e, now, told->term, fx);
		return VERDICT_ACCEPTED;
	}
	if (leads(e)) {
		if (told->term < e->known.term)
			election_tell(e, from, fx);
		return VERDICT_DUPLICATE;
	}
	/* Only a term above theirs makes them believe me. */
	if (e->known.term < denial.term && !has_leader(e))
		e->known.term = denial.term;
	if (e->known.term >= denial.term)
		election_tell(e, from, fx);
	else
		election_tell_this(e, from, &denial, fx);
	return VERDICT_ACCEPTED;
}

/* The place of this leader, or of the one met longest ago. */
static struct rival *
rival_of(struct election *e, const struct id *leader)
{
	struct rival *oldest = &e->rivals[0];

	for (size_t i = 0; i < e->rival_count; i++) {
		if (id_equal(&e->rivals[i].was.leader, leader))
			return &e->rivals[i];
		if (e->rivals[i].met_at < oldest->met_at)
			oldest = &e->rivals[i];
	}
	return e->rival_count < ELECTION_RIVALS
	    ? &e->rivals[e->rival_count++]
	    : oldest;
}

/* False: I lead above it already, and this is what it said before. */
static bool
meet_rival(struct election *e, instant_ms now, const struct leadership *told)
{
	struct rival *rival = rival_of(e, &told->leader);

	if (id_equal(&told->leader, &rival->was.leader) &&
	    (told->term <= rival->was.term ||
		now - rival->met_at < ELECTION_MERGE_MS))
		return false;
	*rival = (struct rival){ *told, now };
	return true;
}

/*
 * I have a leader, and told is a lower one.  Of leaders that raise their
 * terms over each other the words cross, and each finds the others below for
 * ever: so one raise a meeting, and then only words.
 */
static enum verdict
meet_lower(struct election *e, instant_ms now, const struct id *from,
    const struct leadership *told, struct effects *fx)
{
	bool itself = id_equal(from, &told->leader);

	if (id_equal(from, &e->known.leader))
		return VERDICT_STALE;	/* said before it was elected */
	if (leads(e) && itself && meet_rival(e, now, told)) {
		election_raise(e, now, told->term, fx);
		return VERDICT_ACCEPTED;
	}
	election_tell(e, from, fx);
	if (!itself && ring_has(&e->view, &told->leader) &&
	    !id_equal(&told->leader, &e->known.leader))
		election_tell(e, &told->leader, fx);
	return VERDICT_STALE;
}

/* Told is as good as what I know, or better. */
static void
meet_higher(struct election *e, instant_ms now, const struct id *from,
    const struct leadership *told, instant_ms took_ms, struct effects *fx)
{
	struct leadership former = e->known;
	bool led = leads(e);

	/* It has not met me yet: it shall lead on in a term above both. */
	if (led && !id_equal(from, &told->leader))
		election_tell(e, &told->leader, fx);
	election_follow(e, now, from, told, took_ms, fx);
	if (former.established && !led &&
	    !id_equal(&former.leader, &told->leader) &&
	    !id_equal(&former.leader, from))
		election_tell(e, &former.leader, fx);
}

/*
 * Its leader is not in my view yet.  At the start it is worth waiting for:
 * who is told of a leader starts nothing.
 */
static enum verdict
await_leader(struct election *e, instant_ms now, const struct id *from,
    const struct frame *frame)
{
	if (e->state == ELECTION_WAITING && e->cause == CAUSE_START)
		e->stand_at = e->wait_ends;
	return frame == NULL ? VERDICT_ACCEPTED
			     : election_keep(e, now, from, frame);
}

/* Who stands in a term above a leader's asks it to lead on above that. */
static enum verdict
ask_to_raise(struct election *e, const struct leadership *told,
    struct effects *fx)
{
	if (e->cause != CAUSE_COMMAND)
		election_tell(e, &told->leader, fx);
	return VERDICT_STALE;
}

/*
 * At the end of the terms no word stands above another: what the leader
 * denies others would tell each other for ever.  So it is asked itself.
 */
static enum verdict
hearsay(const struct election *e, const struct leadership *told,
    struct effects *fx)
{
	if (!has_leader(e) && ring_has(&e->view, &told->leader))
		election_tell(e, &told->leader, fx);
	return VERDICT_STALE;
}

/* frame: what it came in, NULL: a heartbeat. */
static enum verdict
learn(struct election *e, instant_ms now, const struct id *from,
    const struct leadership *told, const struct frame *frame,
    struct effects *fx)
{
	instant_ms took_ms = -1;
	int order;

	if (!ring_has(&e->view, from)) {
		if (told->established && frame != NULL)
			election_keep(e, now, from, frame);
		return VERDICT_UNKNOWN_SENDER;
	}
	if (!told->established)
		return learn_term(e, now, from, told, fx);
	if (id_equal(&told->leader, &e->self.id))
		return learn_of_myself(e, now, from, told, fx);
	if (told->term + 1 >= ELECTION_TERM_LIMIT &&
	    !id_equal(from, &told->leader))
		return hearsay(e, told, fx);
	if (has_leader(e) && told->term == e->known.term &&
	    id_equal(&told->leader, &e->known.leader)) {
		/* Its priority is what it says itself. */
		if (id_equal(from, &told->leader))
			e->known.priority = told->priority;
		return VERDICT_DUPLICATE;
	}
	if (has_leader(e))
		order = leadership_compare(told, &e->known);
	else
		order = told->term < e->known.term ? -1 : 1;
	if (order < 0 && has_leader(e))
		return meet_lower(e, now, from, told, fx);
	if (!ring_has(&e->view, &told->leader))
		return await_leader(e, now, from, frame);
	if (order < 0)
		return ask_to_raise(e, told, fx);
	if (frame != NULL && frame->type == FRAME_ELECTED && !has_leader(e))
		took_ms = now - e->began;
	meet_higher(e, now, from, told, took_ms, fx);
	return VERDICT_ACCEPTED;
}

static bool
leadership_sane(const struct leadership *told)
{
	if (told->term >= ELECTION_TERM_LIMIT)
		return false;
	return !told->established ||
	    (told->term >= 1 && !id_is_none(&told->leader));
}

void
election_learn(struct election *e, instant_ms now, const struct id *from,
    const struct leadership *told, struct effects *fx)
{
	if (leadership_sane(told))
		learn(e, now, from, told, NULL, fx);
}

static enum verdict
recv_leader(struct election *e, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	if (!leadership_sane(&frame->leader))
		return VERDICT_MALFORMED;
	return learn(e, now, from, &frame->leader, frame, fx);
}

static enum verdict
recv_elected(struct election *e, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	struct leadership told = {
		.term = frame->elected.term,
		.leader = frame->elected.leader.id,
		.priority = frame->elected.leader.priority,
		.established = true,
	};

	if (!leadership_sane(&told) || !id_equal(from, &told.leader))
		return VERDICT_MALFORMED;
	return learn(e, now, from, &told, frame, fx);
}

/* -- the pre-check ------------------------------------------------------ */

static enum verdict
recv_ask(struct election *e, instant_ms now, const struct id *from,
    const struct ask *ask, struct effects *fx)
{
	struct frame frame = { .type = FRAME_ANSWER };
	bool heard = e->leader_heard != NEVER &&
	    now - e->leader_heard < ELECTION_RECENT_MS;
	bool mine = has_leader(e) &&
	    id_equal(&ask->leader, &e->known.leader);

	if (ask->term >= ELECTION_TERM_LIMIT || id_is_none(&ask->leader))
		return VERDICT_MALFORMED;
	if (!ring_has(&e->view, from))
		return VERDICT_UNKNOWN_SENDER;
	frame.answer.number = ask->number;
	frame.answer.alive = mine &&
	    (leads(e) || (!e->leader_suspected && heard));
	effects_send(fx, from, &frame);
	if (has_leader(e) && (!mine || ask->term != e->known.term))
		election_tell(e, from, fx);
	return VERDICT_ACCEPTED;
}

static void
veto(struct election *e, instant_ms now, struct effects *fx)
{
	e->veto_until = now + ELECTION_VETO_MS;
	if (has_leader(e))
		election_enter(e, ELECTION_FOLLOWER, "vetoed", fx);
	else
		election_wait(e, now, CAUSE_TIMEOUT, ELECTION_VETO_MS, fx);
}

static enum verdict
recv_answer(struct election *e, instant_ms now, const struct id *from,
    const struct answer *answer, struct effects *fx)
{
	size_t missing = 0, place = e->asked_count;

	if (e->state != ELECTION_ASKING || answer->number != e->question)
		return VERDICT_STALE;
	for (size_t i = 0; i < e->asked_count; i++)
		if (id_equal(&e->asked[i], from))
			place = i;
	if (place == e->asked_count)
		return VERDICT_UNKNOWN_SENDER;
	if (e->answered[place])
		return VERDICT_DUPLICATE;
	e->answered[place] = true;
	if (answer->alive) {
		veto(e, now, fx);
		return VERDICT_ACCEPTED;
	}
	for (size_t i = 0; i < e->asked_count; i++)
		missing += !e->answered[i];
	if (missing == 0)
		election_not_vetoed(e, now, fx);
	return VERDICT_ACCEPTED;
}

/* ---------------------------------------------------------------------- */

enum verdict
election_recv(struct election *e, instant_ms now, const struct id *from,
    const struct frame *frame, struct effects *fx)
{
	switch (frame->type) {
	case FRAME_PROBE:
		return recv_probe(e, now, from, frame, fx);
	case FRAME_REPLY:
		return recv_reply(e, now, from, frame, fx);
	case FRAME_ELECTED:
		return recv_elected(e, now, from, frame, fx);
	case FRAME_LEADER:
		return recv_leader(e, now, from, frame, fx);
	case FRAME_ASK:
		return recv_ask(e, now, from, &frame->ask, fx);
	case FRAME_ANSWER:
		return recv_answer(e, now, from, &frame->answer, fx);
	default:
		return VERDICT_MALFORMED;
	}
}
