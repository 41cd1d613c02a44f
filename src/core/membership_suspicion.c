#include "core/membership_moves.h"

/*
 * From suspicion to the verdict: how long it takes, and what makes it short.
 */

static size_t
others_present(const struct membership *m, const struct member *besides)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		count += &m->items[i] != besides &&
		    member_present(&m->items[i]);
	return count;
}

/* Somebody but me and the suspect who could confirm what I found. */
static bool
has_witness(const struct membership *m, const struct member *suspect)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct member *other = &m->items[i];

		if (other != suspect && !membership_is_self(m, other) &&
		    other->state == MEMBER_ALIVE)
			return true;
	}
	return false;
}

/*
 * MAX - (MAX - MIN) * ln k / ln K after k of K accusers (Lifeguard, section
 * IV-C), as a table so that no two machines round differently.
 */
static instant_ms
suspicion_ms(const struct membership *m, const struct member *member)
{
	static const instant_ms after[SUSPICION_ACCUSERS + 1]
				     [SUSPICION_ACCUSERS + 1] = {
		[1] = { 0, SUSPICION_MIN_MS },
		[2] = { 0, SUSPICION_MAX_MS, SUSPICION_MIN_MS },
		[3] = { 0, SUSPICION_MAX_MS, 4214, SUSPICION_MIN_MS },
	};
	size_t most = others_present(m, member);
	size_t have = member->accuser_count;

	if (most > SUSPICION_ACCUSERS)
		most = SUSPICION_ACCUSERS;
	if (most == 0)
		most = 1;
	if (have > most)
		have = most;
	return after[most][have > 0 ? have : 1];
}

instant_ms
member_dead_at(const struct membership *m, const struct member *member)
{
	instant_ms doubt_ends =
	    member->doubted != NEVER ? member->doubted + DOUBT_MS : NEVER;

	if (member->state != MEMBER_SUSPECT)
		return NEVER;
	return instant_earlier(member->since + suspicion_ms(m, member),
	    doubt_ends);
}

static void
bury(struct membership *m, instant_ms now, struct member *member,
    bool tell, struct effects *fx)
{
	enum reason reason =
	    member->doubted != NEVER ? member->doubt : member->reason;

	for (size_t i = 0; i < member->accuser_count; i++)
		if (member->accusers[i].refused)
			reason = REASON_REFUSED;
	membership_enter(m, now, member, MEMBER_DEAD, reason, fx);
	if (tell) {
		struct frame frame = membership_news(member);

		membership_broadcast(m, &frame, fx);
	}
	membership_part_if_dead(member, fx);
}

static size_t
refusals(const struct member *member)
{
	size_t count = 0;

	for (size_t i = 0; i < member->accuser_count; i++)
		count += member->accusers[i].refused;
	return count;
}

bool
member_was_refused(const struct member *member)
{
	return member->state == MEMBER_SUSPECT && refusals(member) > 0;
}

bool
member_add_accuser(struct member *member, const struct id *id, bool refused)
{
	size_t i;

	for (i = 0; i < member->accuser_count; i++)
		if (id_equal(&member->accusers[i].id, id))
			break;
	if (i == SUSPICION_ACCUSERS) {
		/* A refusal says more than silence: it may take its place. */
		for (i = 0; i < SUSPICION_ACCUSERS; i++)
			if (!member->accusers[i].refused)
				break;
		if (!refused || i == SUSPICION_ACCUSERS)
			return false;
	} else if (i < member->accuser_count) {
		if (!refused || member->accusers[i].refused)
			return false;
	} else {
		member->accuser_count++;
	}
	member->accusers[i] = (struct accuser){ *id, refused };
	return true;
}

static bool
accused_by(const struct member *member, const struct id *id, bool *refused)
{
	for (size_t i = 0; i < member->accuser_count; i++)
		if (id_equal(&member->accusers[i].id, id)) {
			*refused = member->accusers[i].refused;
			return true;
		}
	return false;
}

void
membership_bury_refused(struct membership *m, instant_ms now,
    struct effects *fx)
{
	bool again;

	do {
		again = false;
		for (size_t i = 0; i < m->count; i++) {
			struct member *member = &m->items[i];
			bool by_me = false;
			bool mine = accused_by(member, &m->self, &by_me);

			if (member->state != MEMBER_SUSPECT ||
			    member->linked)
				continue;
			if (refusals(member) >= 2 ||
			    (mine && by_me && !has_witness(m, member))) {
				bury(m, now, member, mine, fx);
				again = true;
			}
		}
	} while (again);
}

void
membership_accuse(struct membership *m, instant_ms now,
    const struct id *peer, enum reason reason, struct effects *fx)
{
	struct member *member = membership_find(m, peer);
	struct frame frame;

	if (member == NULL || membership_is_self(m, member))
		return;
	/* Not out of reach, as it seemed: its host is there, it is not. */
	if (member->state == MEMBER_DEAD && reason == REASON_REFUSED &&
	    member->reason != REASON_REFUSED) {
		member->reason = REASON_REFUSED;
		m->changes++;
	}
	if (!member_present(member))
		return;
	if (!member_add_accuser(member, &m->self, reason == REASON_REFUSED))
		return;
	if (member->state == MEMBER_ALIVE)
		membership_enter(m, now, member, MEMBER_SUSPECT, reason, fx);
	else
		m->changes++;
	frame = membership_news(member);
	frame.member.reason = reason;
	frame.member.accuser = m->self;
	membership_broadcast(m, &frame, fx);
	membership_bury_refused(m, now, fx);
}

void
membership_doubt(struct membership *m, instant_ms now, const struct id *peer,
    enum reason reason, struct effects *fx)
{
	struct member *member = membership_find(m, peer);

	if (member == NULL || !member_present(member) ||
	    member->doubted != NEVER || member->vindicated)
		return;
	member->doubted = now;
	member->doubt = reason;
	membership_accuse(m, now, peer, REASON_SILENT, fx);
}

/* -- time ---------------------------------------------------------------- */

/*
 * A link to one that I hold for dead: it was told so when the link came up
 * and should have refuted.  One of the two words was lost, and nobody pings
 * the dead, so it is told again.
 */
static instant_ms
accuse_again_at(const struct membership *m, const struct member *member)
{
	if (!member->linked || member_present(member) ||
	    membership_is_self(m, member) || member->told == NEVER)
		return NEVER;
	return member->told + ACCUSE_AGAIN_MS;
}

static void
accuse_again(struct membership *m, instant_ms now, struct member *member,
    struct effects *fx)
{
	struct frame frame = membership_news(member);

	if (now < accuse_again_at(m, member))
		return;
	member->told = now;
	effects_send(fx, &member->id, &frame);
}

void
membership_expire(struct membership *m, instant_ms now, struct effects *fx)
{
	for (size_t i = 0; i < m->count; i++) {
		struct member *member = &m->items[i];
		bool refused;

		if (now >= member_dead_at(m, member))
			bury(m, now, member,
			    accused_by(member, &m->self, &refused), fx);
		accuse_again(m, now, member, fx);
	}
	membership_bury_refused(m, now, fx);
}

instant_ms
membership_deadline(const struct membership *m)
{
	instant_ms deadline = NEVER;

	for (size_t i = 0; i < m->count; i++) {
		const struct member *member = &m->items[i];

		deadline =
		    instant_earlier(deadline, member_dead_at(m, member));
		deadline =
		    instant_earlier(deadline, accuse_again_at(m, member));
	}
	return deadline;
}
