/* check_membership: who is here, as news comes in and time passes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "core/membership.h"

static const struct id none;
static struct membership m;
static struct effects fx;

static struct id
id_of(unsigned n)
{
	struct id id = { { 0 } };

	id.bytes[0] = (uint8_t)n;
	return id;
}

static void
setup(void)
{
	struct record mine = { .id = id_of(1), .start = 1, .nick = "me" };

	membership_init(&m, 0, &mine);
	effects_init(&fx);
}

static void
teardown(void)
{
	membership_free(&m);
	effects_free(&fx);
}

static void
link_up(instant_ms now, unsigned n, uint64_t start)
{
	struct id id = id_of(n);
	struct address address = { .family = ADDRESS_IPV4, .port = 1 };

	membership_link_up(&m, now, &id, start, &address, &none, &fx);
}

static void
link_down(unsigned n)
{
	struct id id = id_of(n);

	membership_link_down(&m, &id);
}

static enum verdict
news(instant_ms now, unsigned from, unsigned about, uint64_t start,
    uint64_t incarnation, enum member_state state, unsigned accuser)
{
	struct id sender = id_of(from);
	struct member_news tidings = {
		.id = id_of(about),
		.start = start,
		.incarnation = incarnation,
		.state = state,
		.reason = REASON_SILENT,
		.accuser = id_of(accuser),
	};

	return membership_recv(&m, now, &sender, &tidings, &fx);
}

static struct record
record_of(unsigned n, uint64_t version, const struct room_name *rooms,
    size_t count)
{
	static const uint8_t body[] = "signed";

	return (struct record){
		.id = id_of(n),
		.start = 1,
		.version = version,
		.nick = "eve",
		.rooms = rooms,
		.room_count = count,
		.sealed = { .body = body, .size = sizeof body },
	};
}

/* The same with a record that the member signed in that run. */
static enum verdict
vouched_news(unsigned about, uint64_t start, uint64_t incarnation,
    enum member_state state)
{
	struct id sender = id_of(9);
	struct record record = record_of(about, 1, NULL, 0);
	struct member_news tidings = {
		.id = id_of(about),
		.start = start,
		.incarnation = incarnation,
		.state = state,
		.reason = REASON_SILENT,
		.accuser = sender,
		.record = &record,
	};

	record.start = start;
	return membership_recv(&m, 1, &sender, &tidings, &fx);
}

static enum member_state
state_of(unsigned n)
{
	struct id id = id_of(n);

	return membership_find(&m, &id)->state;
}

static void
accuse(instant_ms now, unsigned n, enum reason reason)
{
	struct id id = id_of(n);

	membership_accuse(&m, now, &id, reason, &fx);
}

/* How often the front end was told that n is in this state. */
static int
told(unsigned n, enum member_state state)
{
	struct id id = id_of(n);
	int count = 0;

	for (size_t i = 0; i < fx.count; i++) {
		const struct dchat_event *event = fx.items[i].event;

		count += fx.items[i].type == EFFECT_NOTIFY &&
		    event->type == DCHAT_EVENT_PEER &&
		    id_equal(&event->peer.id, &id) &&
		    event->peer.state == state;
	}
	return count;
}

/* How many MEMBER frames about n in this state went to somebody. */
static int
sent(unsigned about, enum member_state state)
{
	struct id id = id_of(about);
	int count = 0;

	for (size_t i = 0; i < fx.count; i++) {
		const struct effect *effect = &fx.items[i];

		count += (effect->type == EFFECT_SEND ||
			     effect->type == EFFECT_SEND_MANY) &&
		    effect->send.frame->type == FRAME_MEMBER &&
		    id_equal(&effect->send.frame->member.id, &id) &&
		    effect->send.frame->member.state == state;
	}
	return count;
}

START_TEST(who_links_is_alive_and_is_told_everything)
{
	link_up(10, 2, 1);
	link_up(20, 3, 1);
	ck_assert_int_eq(state_of(3), MEMBER_ALIVE);
	/* 2 heard of 1 and 2; 3 heard of 1, 2 and 3. */
	ck_assert_int_eq(sent(1, MEMBER_ALIVE), 2);
	ck_assert_int_eq(sent(2, MEMBER_ALIVE), 2);
	ck_assert_int_eq(sent(3, MEMBER_ALIVE), 1);
}
END_TEST

START_TEST(a_lone_accuser_must_wait_and_more_accusers_shorten_it)
{
	link_up(0, 2, 1);
	link_up(0, 3, 1);
	link_up(0, 4, 1);
	accuse(1000, 2, REASON_SILENT);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
	ck_assert_int_eq(membership_deadline(&m), 9000);
	ck_assert_int_eq(news(1100, 3, 2, 1, 0, MEMBER_SUSPECT, 3),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(membership_deadline(&m), 1000 + 4214);
	news(1200, 3, 2, 1, 0, MEMBER_SUSPECT, 3);
	ck_assert_int_eq(membership_deadline(&m), 1000 + 4214);
	news(1300, 4, 2, 1, 0, MEMBER_SUSPECT, 4);
	ck_assert_int_eq(membership_deadline(&m), 3000);
	membership_expire(&m, 2999, &fx);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
	membership_expire(&m, 3000, &fx);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
	ck_assert_int_eq(told(2, MEMBER_DEAD), 1);
}
END_TEST

START_TEST(between_two_silence_kills_after_two_seconds)
{
	link_up(0, 2, 1);
	accuse(3000, 2, REASON_SILENT);
	ck_assert_int_eq(membership_deadline(&m), 5000);
}
END_TEST

START_TEST(two_refusals_kill_at_once_one_does_not)
{
	struct member_news refused = {
		.id = id_of(2),
		.start = 1,
		.state = MEMBER_SUSPECT,
		.reason = REASON_REFUSED,
		.accuser = id_of(3),
	};
	struct id from = id_of(3);

	link_up(0, 2, 1);
	link_up(0, 3, 1);
	link_down(2);
	accuse(100, 2, REASON_REFUSED);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
	membership_recv(&m, 101, &from, &refused, &fx);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
}
END_TEST

/* As told by another, who may be gone by now. */
static void
told_of(unsigned who)
{
	vouched_news(who, 1, 0, MEMBER_ALIVE);
	ck_assert_int_eq(state_of(who), MEMBER_ALIVE);
}

static void
doubt(instant_ms now, unsigned who)
{
	struct id id = id_of(who);

	membership_doubt(&m, now, &id, REASON_REFUSED, &fx);
}

START_TEST(one_never_met_that_nobody_hears_is_dead_soon)
{
	struct id two = id_of(2);

	link_up(0, 3, 1);
	link_up(0, 4, 1);
	link_up(0, 5, 1);
	told_of(2);
	doubt(100, 2);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
	ck_assert_int_eq(membership_deadline(&m), 100 + DOUBT_MS);
	membership_expire(&m, 99 + DOUBT_MS, &fx);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
	membership_expire(&m, 100 + DOUBT_MS, &fx);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
	/* its host was there: no cut */
	ck_assert_int_eq(membership_find(&m, &two)->reason, REASON_REFUSED);
}
END_TEST

START_TEST(one_never_met_that_refutes_is_doubted_once_a_run)
{
	struct member_news news = {
		.id = id_of(2),
		.start = 1,
		.incarnation = 1,
		.state = MEMBER_ALIVE,
	};

	link_up(0, 3, 1);
	told_of(2);
	doubt(100, 2);
	membership_recv(&m, 101, &news.id, &news, &fx);
	doubt(1200, 2);
	ck_assert_int_eq(state_of(2), MEMBER_ALIVE);
	ck_assert_int_eq(membership_deadline(&m), NEVER);
	/* another run, which may be somewhere else */
	vouched_news(2, 2, 0, MEMBER_ALIVE);
	doubt(2100, 2);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
}
END_TEST

START_TEST(a_lie_told_to_me_alone_does_not_outlive_the_liar)
{
	const uint64_t far = UINT64_C(1) << 40;
	struct id two = id_of(2);

	link_up(0, 2, 1);
	link_up(0, 3, 1);
	news(10, 2, 2, 1, far, MEMBER_ALIVE, 2);
	link_down(2);
	/* Just heard: what others say is old, and may have been refuted. */
	news(20, 3, 2, 1, 0, MEMBER_DEAD, 3);
	news(HEARSAY_MS - 1, 3, 2, 1, 0, MEMBER_DEAD, 3);
	ck_assert_int_eq(state_of(2), MEMBER_ALIVE);
	news(HEARSAY_MS + 10, 3, 2, 1, 0, MEMBER_DEAD, 3);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
	membership_expire(&m, HEARSAY_MS + 10 + DOUBT_MS, &fx);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
	/* out of reach, as they said, and not refused */
	ck_assert_int_eq(membership_find(&m, &two)->reason, REASON_SILENT);
}
END_TEST

START_TEST(a_run_that_nobody_signed_begins_with_a_link_alone)
{
	struct id two = id_of(2);

	link_up(0, 2, 1);
	ck_assert_int_eq(news(1, 2, 2, 2, 0, MEMBER_ALIVE, 2), VERDICT_STALE);
	ck_assert_uint_eq(membership_find(&m, &two)->start, 1);
	link_up(2, 2, 2);
	ck_assert_uint_eq(membership_find(&m, &two)->start, 2);
	vouched_news(2, 3, 0, MEMBER_ALIVE);
	ck_assert_uint_eq(membership_find(&m, &two)->start, 3);
}
END_TEST

START_TEST(without_a_witness_one_refusal_kills)
{
	link_up(0, 2, 1);
	link_down(2);
	accuse(100, 2, REASON_REFUSED);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
}
END_TEST

START_TEST(two_that_die_together_are_both_found_by_a_third)
{
	link_up(0, 2, 1);
	link_up(0, 3, 1);
	link_down(2);
	link_down(3);
	accuse(100, 2, REASON_REFUSED);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
	accuse(101, 3, REASON_REFUSED);
	ck_assert_int_eq(state_of(3), MEMBER_DEAD);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
}
END_TEST

START_TEST(the_accused_refutes_with_a_higher_incarnation)
{
	link_up(0, 2, 1);
	effects_clear(&fx);
	ck_assert_int_eq(news(5, 2, 1, 1, 4, MEMBER_SUSPECT, 2),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(state_of(1), MEMBER_ALIVE);
	ck_assert_uint_eq(membership_self(&m)->incarnation, 5);
	ck_assert_int_eq(sent(1, MEMBER_ALIVE), 1);
	ck_assert(m.refuted);
	/* The same accusation again is old news. */
	ck_assert_int_eq(news(6, 2, 1, 1, 4, MEMBER_SUSPECT, 2),
	    VERDICT_STALE);
	ck_assert_uint_eq(membership_self(&m)->incarnation, 5);
}
END_TEST

START_TEST(a_refutation_clears_the_suspicion)
{
	link_up(0, 2, 1);
	link_up(0, 3, 1);
	accuse(10, 2, REASON_SILENT);
	news(20, 2, 2, 1, 0, MEMBER_ALIVE, 0);
	ck_assert_int_eq(state_of(2), MEMBER_SUSPECT);
	news(20, 2, 2, 1, 1, MEMBER_ALIVE, 0);
	ck_assert_int_eq(state_of(2), MEMBER_ALIVE);
	ck_assert_int_eq(membership_deadline(&m), NEVER);
	/* The old accusation does not come back. */
	ck_assert_int_eq(news(30, 3, 2, 1, 0, MEMBER_SUSPECT, 3),
	    VERDICT_STALE);
	ck_assert_int_eq(state_of(2), MEMBER_ALIVE);
}
END_TEST

START_TEST(who_is_heard_is_not_dead_by_hearsay)
{
	link_up(0, 2, 1);
	link_up(0, 3, 1);
	effects_clear(&fx);
	news(100, 3, 2, 1, 0, MEMBER_DEAD, 3);
	ck_assert_int_eq(state_of(2), MEMBER_ALIVE);
	/* It is told what is said of it. */
	ck_assert_int_eq(sent(2, MEMBER_DEAD), 1);
	/* Not heard any more, the hearsay counts. */
	news(RECENTLY_MS, 3, 2, 1, 0, MEMBER_DEAD, 3);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
}
END_TEST

START_TEST(a_restart_is_not_taken_for_the_dead_one)
{
	link_up(0, 2, 1);
	link_up(0, 3, 1);
	link_down(2);
	link_up(50, 2, 2);
	ck_assert_uint_eq(m.restarted_count, 1);
	ck_assert_int_eq(news(60, 3, 2, 1, 9, MEMBER_DEAD, 3),
	    VERDICT_STALE);
	ck_assert_int_eq(state_of(2), MEMBER_ALIVE);
}
END_TEST

START_TEST(the_dead_come_back_when_they_link_and_refute)
{
	link_up(0, 2, 1);
	link_down(2);
	accuse(1, 2, REASON_REFUSED);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
	effects_clear(&fx);
	link_up(100, 2, 1);
	ck_assert_int_eq(sent(2, MEMBER_DEAD), 1);
	news(101, 2, 2, 1, 1, MEMBER_ALIVE, 0);
	ck_assert_int_eq(state_of(2), MEMBER_ALIVE);
}
END_TEST

START_TEST(a_linked_one_held_for_dead_is_told_again_until_it_refutes)
{
	link_up(0, 2, 1);
	link_down(2);
	accuse(1, 2, REASON_REFUSED);
	link_up(100, 2, 1);
	effects_clear(&fx);
	ck_assert_int_eq(membership_deadline(&m), 100 + ACCUSE_AGAIN_MS);
	membership_expire(&m, 99 + ACCUSE_AGAIN_MS, &fx);
	ck_assert_int_eq(sent(2, MEMBER_DEAD), 0);
	membership_expire(&m, 100 + ACCUSE_AGAIN_MS, &fx);
	ck_assert_int_eq(sent(2, MEMBER_DEAD), 1);
	news(101 + ACCUSE_AGAIN_MS, 2, 2, 1, 1, MEMBER_ALIVE, 0);
	ck_assert_int_eq(membership_deadline(&m), NEVER);
}
END_TEST

START_TEST(a_profile_that_was_set_back_goes_on_from_its_later_start)
{
	link_up(0, 2, 1);
	effects_clear(&fx);
	ck_assert_int_eq(news(1, 2, 1, 7, 3, MEMBER_LEFT, 0), VERDICT_STALE);
	ck_assert_uint_eq(membership_self(&m)->start, 1);
	vouched_news(1, 7, 3, MEMBER_LEFT);
	ck_assert_uint_eq(membership_self(&m)->start, 7);
	ck_assert_uint_eq(membership_self(&m)->incarnation, 4);
}
END_TEST

START_TEST(nobody_can_tell_of_members_that_never_signed_anything)
{
	struct id ghost = id_of(3);

	link_up(0, 2, 1);
	ck_assert_int_eq(news(1, 2, 3, 1, 0, MEMBER_ALIVE, 0), VERDICT_STALE);
	ck_assert_ptr_null(membership_find(&m, &ghost));
	ck_assert_int_eq(vouched_news(3, 1, 0, MEMBER_ALIVE),
	    VERDICT_ACCEPTED);
	/* nor begin a run of it, nor put it where it cannot follow */
	ck_assert_int_eq(news(1, 2, 3, 2, 0, MEMBER_DEAD, 2), VERDICT_STALE);
	ck_assert_int_eq(news(1, 2, 3, 1, UINT64_C(1) << 40, MEMBER_DEAD, 2),
	    VERDICT_MALFORMED);
	ck_assert_int_eq(state_of(3), MEMBER_ALIVE);
	ck_assert_int_eq(news(1, 2, 1, 1, UINT64_C(1) << 61, MEMBER_DEAD, 2),
	    VERDICT_MALFORMED);
	ck_assert_uint_eq(membership_self(&m)->incarnation, 0);
}
END_TEST

START_TEST(news_in_any_order_leads_to_the_same_belief)
{
	static const struct {
		uint64_t start, incarnation;
		enum member_state state;
	} all[] = {
		{ 1, 0, MEMBER_ALIVE }, { 1, 0, MEMBER_SUSPECT },
		{ 1, 1, MEMBER_ALIVE }, { 1, 1, MEMBER_DEAD },
		{ 2, 0, MEMBER_SUSPECT }, { 2, 3, MEMBER_ALIVE },
	};
	struct rng *rng = &(struct rng){ (uint64_t)_i };
	size_t order[] = { 0, 1, 2, 3, 4, 5 };

	for (size_t i = 6; i > 1; i--) {
		size_t k = rng_below(rng, i), swap = order[k];

		order[k] = order[i - 1];
		order[i - 1] = swap;
	}
	link_up(0, 9, 1);
	for (size_t i = 0; i < 6; i++)
		vouched_news(2, all[order[i]].start,
		    all[order[i]].incarnation, all[order[i]].state);
	ck_assert_int_eq(state_of(2), MEMBER_ALIVE);
	ck_assert_uint_eq(membership_find(&m, &(struct id){ { 2 } })->start,
	    2);
}
END_TEST

static void
take_record(unsigned n, const struct record *record)
{
	struct id from = id_of(n);
	struct member_news tidings = {
		.id = from,
		.start = 1,
		.state = MEMBER_ALIVE,
		.record = record,
	};

	membership_recv(&m, 1, &from, &tidings, &fx);
}

static int
moved(enum dchat_event_type type, unsigned n)
{
	struct id id = id_of(n);
	int count = 0;

	for (size_t i = 0; i < fx.count; i++)
		count += fx.items[i].type == EFFECT_NOTIFY &&
		    fx.items[i].event->type == type &&
		    id_equal(&fx.items[i].event->membership.id, &id);
	return count;
}

START_TEST(who_comes_is_announced_once_and_with_its_nick)
{
	struct record record = record_of(2, 1, NULL, 0);

	link_up(0, 2, 1);
	ck_assert_int_eq(told(2, MEMBER_ALIVE), 0);
	take_record(2, &record);
	ck_assert_int_eq(told(2, MEMBER_ALIVE), 1);
	record.version = 2;
	take_record(2, &record);
	ck_assert_int_eq(told(2, MEMBER_ALIVE), 1);
	/* One whose record never came is told of when it goes. */
	link_up(0, 3, 1);
	accuse(1, 3, REASON_SILENT);
	ck_assert_int_eq(told(3, MEMBER_SUSPECT), 1);
}
END_TEST

START_TEST(joining_and_parting_is_told_once_for_each_member)
{
	struct room_name rooms[] = { { id_of(100), "#a" },
		{ id_of(101), "#b" } };
	struct record record = record_of(2, 1, rooms, 2);

	link_up(0, 2, 1);
	take_record(2, &record);
	ck_assert_int_eq(moved(DCHAT_EVENT_JOINED, 2), 0);
	membership_set_rooms(&m, rooms, 1, &fx);
	ck_assert_int_eq(moved(DCHAT_EVENT_JOINED, 1), 1);
	ck_assert_int_eq(moved(DCHAT_EVENT_JOINED, 2), 1);
	effects_clear(&fx);
	record = record_of(2, 2, rooms + 1, 1);
	take_record(2, &record);
	take_record(2, &record);
	ck_assert_int_eq(moved(DCHAT_EVENT_PARTED, 2), 1);
	/* An older record changes nothing. */
	record = record_of(2, 1, rooms, 2);
	take_record(2, &record);
	ck_assert_int_eq(moved(DCHAT_EVENT_JOINED, 2), 0);
}
END_TEST

/* "" too: away without a reason; NULL: back, or nothing is told. */
static const char *
told_away(unsigned n, int times)
{
	struct id id = id_of(n);
	const char *text = NULL;
	int count = 0;

	for (size_t i = 0; i < fx.count; i++) {
		const struct dchat_event *event = fx.items[i].event;

		if (fx.items[i].type != EFFECT_NOTIFY ||
		    event->type != DCHAT_EVENT_AWAY ||
		    !id_equal(&event->away.id, &id))
			continue;
		ck_assert_int_eq(event->away.self, n == 1);
		text = event->away.text;
		count++;
	}
	ck_assert_int_eq(count, times);
	return text;
}

START_TEST(who_goes_away_and_who_is_back_is_told_once)
{
	struct record record = record_of(2, 1, NULL, 0);

	link_up(0, 2, 1);
	take_record(2, &record);
	ck_assert_ptr_null(told_away(2, 0));
	record.version = 2;
	record.away = "lunch";
	take_record(2, &record);
	take_record(2, &record);
	ck_assert_str_eq(told_away(2, 1), "lunch");
	effects_clear(&fx);
	record.version = 3;
	record.nick = "other";
	take_record(2, &record);
	ck_assert_ptr_null(told_away(2, 0));
	record.version = 4;
	record.away = "";
	take_record(2, &record);
	ck_assert_str_eq(told_away(2, 1), "");
	effects_clear(&fx);
	/* a new run begins without it */
	record.start = 2;
	record.version = 1;
	record.away = NULL;
	take_record(2, &record);
	ck_assert_ptr_null(told_away(2, 1));
	/* one that comes is announced first */
	record = record_of(3, 1, NULL, 0);
	record.away = "asleep";
	effects_clear(&fx);
	link_up(0, 3, 1);
	take_record(3, &record);
	ck_assert_int_eq(told(3, MEMBER_ALIVE), 1);
	ck_assert_str_eq(told_away(3, 1), "asleep");
}
END_TEST

START_TEST(i_tell_that_i_am_away_in_my_next_record)
{
	uint64_t version = membership_self(&m)->record->version;

	effects_clear(&fx);
	membership_set_away(&m, NULL, &fx);
	ck_assert_uint_eq(fx.count, 0);
	membership_set_away(&m, "lunch", &fx);
	ck_assert_str_eq(told_away(1, 1), "lunch");
	ck_assert_uint_eq(membership_self(&m)->record->version, version + 1);
	ck_assert_int_eq(fx.items[fx.count - 1].type, EFFECT_SEAL);
	ck_assert_str_eq(fx.items[fx.count - 1].seal->away, "lunch");
	effects_clear(&fx);
	membership_set_away(&m, "lunch", &fx);
	ck_assert_uint_eq(fx.count, 0);
	membership_set_away(&m, NULL, &fx);
	ck_assert_ptr_null(told_away(1, 1));
	ck_assert_ptr_null(fx.items[fx.count - 1].seal->away);
}
END_TEST

START_TEST(a_goodbye_parts_the_rooms_shared)
{
	struct room_name room = { id_of(100), "#a" };
	struct record record = record_of(2, 1, &room, 1);
	struct id id = id_of(2);

	membership_set_rooms(&m, &room, 1, &fx);
	link_up(0, 2, 1);
	take_record(2, &record);
	ck_assert_int_eq(moved(DCHAT_EVENT_JOINED, 2), 1);
	membership_left(&m, 5, &id, &fx);
	membership_left(&m, 5, &id, &fx);
	ck_assert_int_eq(moved(DCHAT_EVENT_PARTED, 2), 1);
	ck_assert_int_eq(told(2, MEMBER_LEFT), 1);
}
END_TEST

START_TEST(who_was_gone_before_i_came_joins_when_it_comes_back)
{
	struct room_name room = { id_of(100), "#a" };
	struct record record = record_of(2, 1, &room, 1);
	struct id from = id_of(3);
	struct member_news gone = {
		.id = id_of(2),
		.start = 1,
		.state = MEMBER_DEAD,
		.reason = REASON_SILENT,
		.accuser = from,
		.record = &record,
	};

	membership_set_rooms(&m, &room, 1, &fx);
	link_up(0, 3, 1);
	membership_recv(&m, 1, &from, &gone, &fx);
	ck_assert_int_eq(state_of(2), MEMBER_DEAD);
	ck_assert_int_eq(moved(DCHAT_EVENT_JOINED, 2), 0);
	ck_assert_int_eq(told(2, MEMBER_DEAD), 0);
	link_up(5, 2, 1);
	news(6, 2, 2, 1, 1, MEMBER_ALIVE, 0);
	ck_assert_int_eq(told(2, MEMBER_ALIVE), 1);
	ck_assert_int_eq(moved(DCHAT_EVENT_JOINED, 2), 1);
}
END_TEST

START_TEST(a_loopback_address_is_told_only_on_the_same_host)
{
	struct address address = { .family = ADDRESS_IPV4,
		.ip = { 127, 0, 0, 1 }, .port = 9 };
	struct id two = id_of(2);

	membership_link_up(&m, 0, &two, 1, &address, &none, &fx);
	effects_clear(&fx);
	link_up(1, 3, 1);
	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == EFFECT_SEND &&
		    id_equal(&fx.items[i].send.frame->member.id, &two))
			ck_assert_int_eq(
			    fx.items[i].send.frame->member.address.family,
			    ADDRESS_NONE);
}
END_TEST

START_TEST(beliefs_that_differ_are_told_once_a_second)
{
	struct id two = id_of(2);

	link_up(0, 2, 1);
	effects_clear(&fx);
	membership_compare(&m, 500, &two, 1, &fx);
	ck_assert_uint_eq(fx.count, 0);
	membership_compare(&m, 1000, &two, membership_beliefs(&m), &fx);
	ck_assert_uint_eq(fx.count, 0);
	membership_compare(&m, 1000, &two, 1, &fx);
	ck_assert_uint_eq(fx.count, 2);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("membership");
	TCase *all = tcase_create("membership");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(all, who_links_is_alive_and_is_told_everything);
	tcase_add_test(all,
	    a_lone_accuser_must_wait_and_more_accusers_shorten_it);
	tcase_add_test(all, between_two_silence_kills_after_two_seconds);
	tcase_add_test(all, two_refusals_kill_at_once_one_does_not);
	tcase_add_test(all, a_lie_told_to_me_alone_does_not_outlive_the_liar);
	tcase_add_test(all, a_run_that_nobody_signed_begins_with_a_link_alone);
	tcase_add_test(all, without_a_witness_one_refusal_kills);
	tcase_add_test(all, one_never_met_that_nobody_hears_is_dead_soon);
	tcase_add_test(all, one_never_met_that_refutes_is_doubted_once_a_run);
	tcase_add_test(all, two_that_die_together_are_both_found_by_a_third);
	tcase_add_test(all, the_accused_refutes_with_a_higher_incarnation);
	tcase_add_test(all, a_refutation_clears_the_suspicion);
	tcase_add_test(all, who_is_heard_is_not_dead_by_hearsay);
	tcase_add_test(all, a_restart_is_not_taken_for_the_dead_one);
	tcase_add_test(all, the_dead_come_back_when_they_link_and_refute);
	tcase_add_test(all,
	    a_linked_one_held_for_dead_is_told_again_until_it_refutes);
	tcase_add_test(all,
	    a_profile_that_was_set_back_goes_on_from_its_later_start);
	tcase_add_test(all,
	    nobody_can_tell_of_members_that_never_signed_anything);
	tcase_add_loop_test(all, news_in_any_order_leads_to_the_same_belief,
	    0, 200);
	tcase_add_test(all,
	    who_comes_is_announced_once_and_with_its_nick);
	tcase_add_test(all,
	    joining_and_parting_is_told_once_for_each_member);
	tcase_add_test(all, who_goes_away_and_who_is_back_is_told_once);
	tcase_add_test(all, i_tell_that_i_am_away_in_my_next_record);
	tcase_add_test(all, a_goodbye_parts_the_rooms_shared);
	tcase_add_test(all,
	    who_was_gone_before_i_came_joins_when_it_comes_back);
	tcase_add_test(all,
	    a_loopback_address_is_told_only_on_the_same_host);
	tcase_add_test(all, beliefs_that_differ_are_told_once_a_second);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
