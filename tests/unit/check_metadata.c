/*
 * Metadata by itself: the laws of joining, and what a node does with what
 * it is sent.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/metadata.h"

enum { CASES = 100000, DAY_MS = 24 * 3600 * 1000 };

static struct arena arena;
static struct rng rng;
static struct rooms rooms;
static struct effects fx;
static struct metadata me;
static const struct id self = { { 5 } }, other = { { 9 } }, third = { { 7 } };

static void
set_up(void)
{
	arena_init(&arena);
	rng = rng_seeded(1);
	rooms_init(&rooms);
	effects_init(&fx);
	metadata_init(&me, &self, &rooms, &rng);
	metadata_tick(&me, 1000);
}

static void
tear_down(void)
{
	metadata_free(&me);
	effects_free(&fx);
	rooms_free(&rooms);
	arena_free(&arena);
}

/* -- items --------------------------------------------------------------- */

static struct id
few(uint64_t below)
{
	return (struct id){ { (uint8_t)(1 + rng_below(&rng, below)) } };
}

/* Of few values, so that many are equal in parts. */
static struct item
random_item(struct id key, bool nick)
{
	static const uint8_t bodies[][2] = { "a", "b", "c" };
	struct recent_intent *recent = arena_alloc(&arena, sizeof *recent);
	struct item item = {
		.key = key,
		.version = 1 + rng_below(&rng, 3),
		.term = rng_below(&rng, 3),
		.leader = few(2),
		.generation = nick ? 1 + rng_below(&rng, 2) : 0,
		.creator = few(2),
		.recent = recent,
		.recent_count = rng_below(&rng, 2),
		.intent = {
			.id = few(5),
			.author = few(3),
			.kind = nick ? INTENT_NICK : INTENT_TOPIC,
			.key = key,
			.name = "x",
			.text = "",
			.sealed = { .body = bodies[rng_below(&rng, 3)],
			    .size = 1 },
		},
	};

	recent->id = few(2);
	if (nick && rng_below(&rng, 3) == 0) {
		item.intent.released = key;
		item.intent.key = (struct id){ { 99 } };
	}
	return item;
}

static const struct item *
join(const struct item *a, const struct item *b)
{
	return item_compare(a, b) >= 0 ? a : b;
}

/* All that is held of them, joined in any order, is the same. */
START_TEST(joining_is_commutative_associative_and_idempotent)
{
	for (int i = 0; i < CASES; i++) {
		struct id key = { { 1 } };
		bool nick = rng_below(&rng, 2);
		struct item a = random_item(key, nick);
		struct item b = random_item(key, nick);
		struct item c = random_item(key, nick);

		ck_assert_int_eq(item_compare(&a, &a), 0);
		ck_assert_uint_eq(item_hash(join(&a, &b)),
		    item_hash(join(&b, &a)));
		ck_assert_uint_eq(item_hash(join(join(&a, &b), &c)),
		    item_hash(join(&a, join(&b, &c))));
		ck_assert_int_ge(item_compare(join(&a, &b), &a), 0);
		arena_clear(&arena);
	}
}
END_TEST

START_TEST(two_ledgers_given_the_same_in_any_order_are_the_same)
{
	for (int round = 0; round < 200; round++) {
		struct ledger one, two;
		struct item items[40];

		ledger_init(&one);
		ledger_init(&two);
		for (size_t i = 0; i < 40; i++) {
			struct id key = few(6);

			items[i] = random_item(key, key.bytes[0] % 2);
			ledger_join(&one, &items[i], 0);
		}
		for (size_t i = 0; i < 60; i++)
			ledger_join(&two, &items[rng_below(&rng, 40)], 0);
		for (size_t i = 40; i-- > 0;)
			ledger_join(&two, &items[i], 0);
		ck_assert_uint_eq(ledger_root(&one), ledger_root(&two));
		ck_assert_uint_eq(one.nick_count, two.nick_count);
		ledger_free(&one);
		ledger_free(&two);
		arena_clear(&arena);
	}
}
END_TEST

/* -- a node -------------------------------------------------------------- */

static void
led_by(struct id leader, uint64_t term)
{
	const struct leadership led = { term, leader, 100, true };

	effects_clear(&fx);
	metadata_led(&me, 0, &led, &fx);
}

static size_t
sent(enum frame_type type)
{
	size_t count = 0;

	for (size_t i = 0; i < fx.count; i++)
		count += (fx.items[i].type == EFFECT_SEND ||
			     fx.items[i].type == EFFECT_SEND_MANY) &&
		    fx.items[i].send.frame->type == type;
	return count;
}

static const struct dchat_event *
told(enum dchat_event_type type)
{
	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == EFFECT_NOTIFY &&
		    fx.items[i].event->type == type)
			return fx.items[i].event;
	return NULL;
}

static enum verdict
get(struct id from, const struct frame *frame)
{
	effects_clear(&fx);
	return metadata_recv(&me, 0, &from, frame, &fx);
}

static struct item
topic_item(const char *text, uint64_t version)
{
	struct item item = {
		.key = { { 1 } },
		.version = version,
		.term = 1,
		.leader = other,
		.creator = other,
		.intent = {
			.id = few(250),
			.author = other,
			.kind = INTENT_TOPIC,
			.key = { { 1 } },
			.name = "#x",
			.text = text,
			.sealed = { .body = (const uint8_t *)text,
			    .size = strlen(text) },
		},
	};

	return item;
}

static struct frame
commit_frame(const char *text, uint64_t version, uint64_t index)
{
	struct frame frame = { .type = FRAME_COMMIT };

	frame.commit.term = 1;
	frame.commit.priority = 100;
	frame.commit.index = index;
	frame.commit.item = topic_item(text, version);
	return frame;
}

static struct frame
root_of(uint64_t root, bool done, uint64_t index)
{
	struct frame frame = { .type = FRAME_ROOT };

	frame.root.fence = (struct fence){ 1, 100, other };
	frame.root.root = root;
	frame.root.done = done;
	frame.root.index = index;
	return frame;
}

/* Follows the other, in term 1, and has all it has. */
static void
follow(void)
{
	struct frame root;

	metadata_link_up(&me, 0, &other, &fx);
	led_by(other, 1);
	root = root_of(ledger_root(&me.ledger), false, 0);
	ck_assert_int_eq(get(other, &root), VERDICT_ACCEPTED);
	ck_assert(metadata_ready(&me));
}

START_TEST(a_commit_of_the_leader_is_shown_and_kept)
{
	struct frame frame = commit_frame("tea", 1, 1);

	follow();
	ck_assert_int_eq(get(other, &frame), VERDICT_ACCEPTED);
	ck_assert_str_eq(metadata_topic(&me, &frame.commit.item.key), "tea");
	ck_assert_str_eq(told(DCHAT_EVENT_ROOM)->room.topic, "tea");
	ck_assert_int_eq(fx.items[0].type, EFFECT_KEEP);
	ck_assert_int_eq(fx.items[0].keep->kind, KEEP_ITEM);
	ck_assert_int_eq(get(other, &frame), VERDICT_DUPLICATE);
	ck_assert_ptr_null(told(DCHAT_EVENT_ROOM));
}
END_TEST

START_TEST(who_does_not_lead_commits_nothing)
{
	struct frame frame = commit_frame("tea", 1, 1);

	follow();
	ck_assert_int_eq(get(third, &frame), VERDICT_STALE);
	frame.commit.term = 2;
	ck_assert_int_eq(get(other, &frame), VERDICT_STALE);
	ck_assert_ptr_null(metadata_find(&me, &frame.commit.item.key));
}
END_TEST

START_TEST(a_missed_place_is_asked_for_and_the_answer_fills_it)
{
	struct frame frame = commit_frame("two", 2, 2), root;

	follow();
	get(other, &frame);
	ck_assert_uint_eq(sent(FRAME_SUMS), 1);
	ck_assert(!metadata_ready(&me));
	/* It holds all the same: larger is larger. */
	ck_assert_str_eq(metadata_topic(&me, &frame.commit.item.key), "two");
	frame = commit_frame("one", 1, 1);
	get(other, &frame);
	ck_assert_str_eq(metadata_topic(&me, &frame.commit.item.key), "two");
	root = root_of(77, true, 2);
	get(other, &root);
	ck_assert(metadata_ready(&me));
	frame = commit_frame("three", 3, 3);
	ck_assert_int_eq(get(other, &frame), VERDICT_ACCEPTED);
	ck_assert_uint_eq(sent(FRAME_SUMS), 0);
}
END_TEST

START_TEST(nobody_below_the_fence_is_followed_and_it_is_told)
{
	struct frame frame = commit_frame("old", 1, 1);
	struct frame root = root_of(1, false, 0);

	follow();
	led_by(other, 4);
	led_by(third, 3);
	frame.commit.term = 3;
	ck_assert_int_eq(get(third, &frame), VERDICT_STALE);
	root.root.fence = (struct fence){ 3, 100, third };
	ck_assert_int_eq(get(third, &root), VERDICT_STALE);
	ck_assert_uint_eq(sent(FRAME_ROOT), 1);
	/* And if I am the one, I lead on above it. */
	led_by(self, 3);
	ck_assert_uint_eq(me.raise_above, 4);
}
END_TEST

START_TEST(a_leader_hears_all_members_before_it_decides)
{
	struct frame intent = { .type = FRAME_INTENT };
	struct frame item = { .type = FRAME_ITEM };
	struct frame root;

	metadata_link_up(&me, 0, &other, &fx);
	metadata_link_up(&me, 0, &third, &fx);
	led_by(self, 2);
	ck_assert_uint_eq(sent(FRAME_ROOT), 1);
	intent.intent = topic_item("new", 1).intent;
	get(other, &intent);
	item.commit.item = topic_item("of the dead leader", 6);
	get(third, &item);
	root = root_of(1, true, 0);
	get(third, &root);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 0);
	get(other, &root);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 1);
	ck_assert_uint_eq(
	    metadata_find(&me, &item.commit.item.key)->version, 7);
	/* The same again is no new commit, but its author is told. */
	get(other, &intent);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 0);
	ck_assert_uint_eq(sent(FRAME_ITEM), 1);
}
END_TEST

/* Another key each time. */
static struct frame
numbered_item(unsigned number)
{
	struct frame frame = { .type = FRAME_ITEM };

	frame.commit.item = topic_item("one of many", 1);
	frame.commit.item.key.bytes[14] = (uint8_t)(number >> 8);
	frame.commit.item.key.bytes[15] = (uint8_t)number;
	frame.commit.item.intent.key = frame.commit.item.key;
	return frame;
}

static void
is_over_the_limit(struct id from)
{
	struct frame frame;

	for (unsigned i = 0; i < LIMIT_ROOMS; i++) {
		frame = numbered_item(i);
		ck_assert_int_eq(get(from, &frame), VERDICT_ACCEPTED);
	}
	for (unsigned i = LIMIT_ROOMS; i < LIMIT_ROOMS + 100; i++) {
		frame = numbered_item(i);
		ck_assert_int_eq(get(from, &frame), VERDICT_OVER_LIMIT);
		ck_assert_uint_eq(sent(FRAME_COMMIT), 0);
	}
	ck_assert_uint_eq(me.ledger.count, LIMIT_ROOMS);
	/* What is there goes on to change. */
	frame = numbered_item(5);
	frame.commit.item.version = 2;
	ck_assert_int_eq(get(from, &frame), VERDICT_ACCEPTED);
}

START_TEST(a_leader_takes_no_more_than_its_bound_from_a_straggler)
{
	metadata_link_up(&me, 0, &other, &fx);
	led_by(self, 2);
	metadata_expire(&me, METADATA_OPEN_MS, &fx);
	ck_assert(metadata_ready(&me));
	is_over_the_limit(other);
}
END_TEST

START_TEST(a_snapshot_larger_than_its_bound_is_taken_up_to_it)
{
	struct frame frame;

	follow();
	is_over_the_limit(other);
	/* Nor does a commit go beyond it. */
	frame = numbered_item(LIMIT_ROOMS + 1);
	frame.type = FRAME_COMMIT;
	frame.commit.term = 1;
	frame.commit.priority = 100;
	frame.commit.index = 1;
	ck_assert_int_eq(get(other, &frame), VERDICT_OVER_LIMIT);
	ck_assert_uint_eq(me.ledger.count, LIMIT_ROOMS);
}
END_TEST

START_TEST(fences_near_the_end_of_all_terms_are_borne)
{
	struct frame root = root_of(1, false, 0);

	metadata_link_up(&me, 0, &other, &fx);
	led_by(self, 2);
	root.root.fence.term = UINT64_MAX;
	get(other, &root);
	root.root.fence.term = (UINT64_C(1) << 62) - 1;
	get(other, &root);
	root.root.fence = (struct fence){ 0 };
	get(other, &root);
	metadata_expire(&me, METADATA_OPEN_MS, &fx);
	ck_assert(metadata_ready(&me));
	ck_assert_uint_eq(me.fence.term, 2);
}
END_TEST

START_TEST(a_leader_waits_300_ms_for_those_who_are_silent)
{
	metadata_link_up(&me, 0, &other, &fx);
	led_by(self, 2);
	ck_assert(!metadata_ready(&me));
	ck_assert_int_eq(metadata_deadline(&me), METADATA_OPEN_MS);
	metadata_expire(&me, METADATA_OPEN_MS, &fx);
	ck_assert(metadata_ready(&me));
}
END_TEST

START_TEST(an_intent_is_taken_from_its_author_alone)
{
	struct frame intent = { .type = FRAME_INTENT };

	metadata_link_up(&me, 0, &third, &fx);
	led_by(self, 2);
	metadata_expire(&me, METADATA_OPEN_MS, &fx);
	intent.intent = topic_item("replayed", 1).intent;
	ck_assert_int_eq(get(third, &intent), VERDICT_STALE);
	ck_assert_ptr_null(metadata_find(&me, &intent.intent.key));
}
END_TEST

/* -- wishes --------------------------------------------------------------- */

static struct intent
wish_of(enum intent_kind kind, const char *name)
{
	return (struct intent){
		.kind = kind,
		.key = { { (uint8_t)name[0] } },
		.name = name,
		.text = kind == INTENT_TOPIC ? "text" : "",
	};
}

/* Wished and sealed; its intent stays in the effects. */
static enum error
wish(enum intent_kind kind, const char *name, enum dchat_verb verb,
    uint64_t token)
{
	const struct dchat_command command = { .verb = verb, .token = token };
	struct intent intent = wish_of(kind, name);
	enum error error;

	effects_clear(&fx);
	error = metadata_wish(&me, 0, &intent, &command, &fx);
	if (error != ERROR_NONE)
		return error;
	intent = *fx.items[0].intent;
	intent.sealed.body = (const uint8_t *)"body";
	intent.sealed.size = 4;
	metadata_sealed(&me, 0, &intent, &fx);
	return error;
}

static uint64_t
numbered(void)
{
	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == EFFECT_KEEP &&
		    fx.items[i].keep->number != 0)
			return fx.items[i].keep->number;
	return 0;
}

START_TEST(a_wish_is_answered_once_its_commit_is_stored)
{
	struct frame frame = commit_frame("text", 1, 1);
	uint64_t number;

	follow();
	ck_assert_int_eq(wish(INTENT_TOPIC, "#x", DCHAT_TOPIC, 7), ERROR_NONE);
	ck_assert_uint_eq(sent(FRAME_INTENT), 1);
	frame.commit.item.intent = *me.wishes[0].intent;
	frame.commit.item.key = frame.commit.item.intent.key;
	get(other, &frame);
	number = numbered();
	ck_assert_uint_ne(number, 0);
	ck_assert_ptr_null(told(DCHAT_EVENT_OK));
	effects_clear(&fx);
	metadata_kept(&me, 0, number, &fx);
	ck_assert_uint_eq(told(DCHAT_EVENT_OK)->ok.token, 7);
	ck_assert_uint_eq(me.wish_count, 0);
}
END_TEST

START_TEST(a_wish_goes_to_the_next_leader_with_the_same_id)
{
	struct id id;

	follow();
	wish(INTENT_TOPIC, "#x", DCHAT_TOPIC, 7);
	id = me.wishes[0].intent->id;
	metadata_link_up(&me, 0, &third, &fx);
	led_by(third, 2);
	ck_assert_uint_eq(sent(FRAME_INTENT), 1);
	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == EFFECT_SEND)
			ck_assert(id_equal(
			    &fx.items[i].send.frame->intent.id, &id));
}
END_TEST

START_TEST(a_wish_that_nobody_decides_is_given_up_after_a_minute)
{
	wish(INTENT_TOPIC, "#x", DCHAT_TOPIC, 7);
	metadata_expire(&me, METADATA_PATIENCE_MS - 1, &fx);
	ck_assert_ptr_null(told(DCHAT_EVENT_ERROR));
	metadata_expire(&me, METADATA_PATIENCE_MS, &fx);
	ck_assert_int_eq(told(DCHAT_EVENT_ERROR)->error.code,
	    ERROR_NO_LEADER);
	follow();
	wish(INTENT_TOPIC, "#x", DCHAT_TOPIC, 8);
	metadata_expire(&me, METADATA_PATIENCE_MS, &fx);
	ck_assert_int_eq(told(DCHAT_EVENT_ERROR)->error.code, ERROR_TIMEOUT);
}
END_TEST

START_TEST(the_sixty_fifth_wish_is_too_much)
{
	for (uint64_t i = 0; i < LIMIT_WISHES; i++)
		ck_assert_int_eq(wish(INTENT_TOPIC, "#x", DCHAT_TOPIC, i),
		    ERROR_NONE);
	ck_assert_int_eq(wish(INTENT_TOPIC, "#x", DCHAT_TOPIC, 99),
	    ERROR_BUSY);
}
END_TEST

START_TEST(a_nick_that_is_taken_is_an_error)
{
	struct frame frame = { .type = FRAME_DECIDED };

	follow();
	wish(INTENT_NICK, "bob", DCHAT_NICK, 7);
	frame.decided.intent = me.wishes[0].intent->id;
	frame.decided.decision = DECISION_TAKEN;
	ck_assert_int_eq(get(third, &frame), VERDICT_STALE);
	ck_assert_int_eq(get(other, &frame), VERDICT_ACCEPTED);
	ck_assert_int_eq(told(DCHAT_EVENT_ERROR)->error.code,
	    ERROR_NICK_TAKEN);
	ck_assert_ptr_null(me.granted);
}
END_TEST

static void
alone(void)
{
	const struct leadership led = { 0, self, 100, false };

	metadata_led(&me, 0, &led, &fx);
}

START_TEST(what_is_wished_alone_is_shown_and_sent_to_the_first_leader)
{
	alone();
	wish(INTENT_TOPIC, "#x", DCHAT_TOPIC, 7);
	ck_assert_str_eq(metadata_topic(&me, &me.wishes[0].intent->key),
	    "text");
	metadata_kept(&me, 0, numbered(), &fx);
	ck_assert_uint_eq(told(DCHAT_EVENT_OK)->ok.token, 7);
	ck_assert_uint_eq(me.wish_count, 1);
	metadata_link_up(&me, 0, &other, &fx);
	led_by(other, 1);
	ck_assert_uint_eq(sent(FRAME_INTENT), 1);
}
END_TEST

/* -- nicks ---------------------------------------------------------------- */

static struct frame
claim(struct id author, const char *nick)
{
	struct frame frame = { .type = FRAME_INTENT };

	frame.intent = wish_of(INTENT_NICK, nick);
	frame.intent.id = few(250);
	frame.intent.author = author;
	frame.intent.sealed.body = (const uint8_t *)nick;
	frame.intent.sealed.size = strlen(nick);
	return frame;
}

static void
lead(void)
{
	metadata_link_up(&me, 0, &other, &fx);
	metadata_link_up(&me, 0, &third, &fx);
	led_by(self, 2);
	metadata_expire(&me, METADATA_OPEN_MS, &fx);
}

START_TEST(a_nick_is_its_owners_until_it_is_not_seen_for_30_days)
{
	struct frame first = claim(other, "bob"), second = claim(third, "bob");

	lead();
	get(other, &first);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 1);
	get(third, &second);
	ck_assert_uint_eq(sent(FRAME_DECIDED), 1);
	metadata_tick(&me, 1000 + (wall_ms)29 * DAY_MS);
	get(third, &second);
	ck_assert_uint_eq(sent(FRAME_DECIDED), 1);
	metadata_tick(&me, 1000 + (wall_ms)31 * DAY_MS);
	get(third, &second);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 1);
	ck_assert_uint_eq(
	    metadata_find(&me, &second.intent.key)->generation, 2);
}
END_TEST

START_TEST(an_owner_who_is_here_keeps_its_nick)
{
	struct frame first = claim(other, "bob"), second = claim(third, "bob");

	lead();
	get(other, &first);
	metadata_tick(&me, 1000 + (wall_ms)29 * DAY_MS);
	metadata_seen(&me, &first.intent.key, &fx);
	metadata_tick(&me, 1000 + (wall_ms)31 * DAY_MS);
	get(third, &second);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 0);
}
END_TEST

START_TEST(another_nick_gives_the_first_one_back)
{
	struct frame first = claim(other, "bob"), next = claim(other, "max");
	struct frame second = claim(third, "bob");

	lead();
	get(other, &first);
	next.intent.released = first.intent.key;
	get(other, &next);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 2);
	ck_assert(item_released(metadata_find(&me, &first.intent.key)));
	get(third, &second);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 1);
	ck_assert(item_claims(metadata_find(&me, &first.intent.key)));
}
END_TEST

START_TEST(nobody_gives_back_what_is_anothers)
{
	struct frame first = claim(other, "bob"), next = claim(third, "max");

	lead();
	get(other, &first);
	next.intent.released = first.intent.key;
	get(third, &next);
	ck_assert_uint_eq(sent(FRAME_COMMIT), 1);
	ck_assert(item_claims(metadata_find(&me, &first.intent.key)));
}
END_TEST

START_TEST(what_was_kept_is_there_in_the_next_run)
{
	struct item item = topic_item("kept", 4);
	struct past_item items[] = { { &item, 0 } };
	struct intent pending = wish_of(INTENT_TOPIC, "#y");
	const struct intent *intents[] = { &pending };
	const struct node_past past = {
		.items = items,
		.item_count = 1,
		.fence = { 8, 100, other },
		.intents = intents,
		.intent_count = 1,
	};

	metadata_restore(&me, &past);
	ck_assert_str_eq(metadata_topic(&me, &item.key), "kept");
	ck_assert_str_eq(metadata_topic(&me, &pending.key), "text");
	led_by(third, 7);
	ck_assert(!metadata_ready(&me));
	ck_assert_uint_eq(me.fence.term, 8);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("metadata");
	TCase *laws = tcase_create("laws");
	TCase *node = tcase_create("a node");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(laws, set_up, tear_down);
	tcase_set_timeout(laws, 60);
	tcase_add_test(laws,
	    joining_is_commutative_associative_and_idempotent);
	tcase_add_test(laws,
	    two_ledgers_given_the_same_in_any_order_are_the_same);
	suite_add_tcase(suite, laws);
	tcase_add_checked_fixture(node, set_up, tear_down);
	tcase_add_test(node, a_commit_of_the_leader_is_shown_and_kept);
	tcase_add_test(node, who_does_not_lead_commits_nothing);
	tcase_add_test(node,
	    a_missed_place_is_asked_for_and_the_answer_fills_it);
	tcase_add_test(node, nobody_below_the_fence_is_followed_and_it_is_told);
	tcase_add_test(node, a_leader_hears_all_members_before_it_decides);
	tcase_add_test(node, a_leader_waits_300_ms_for_those_who_are_silent);
	tcase_add_test(node,
	    a_leader_takes_no_more_than_its_bound_from_a_straggler);
	tcase_add_test(node,
	    a_snapshot_larger_than_its_bound_is_taken_up_to_it);
	tcase_add_test(node,
	    fences_near_the_end_of_all_terms_are_borne);
	tcase_add_test(node, an_intent_is_taken_from_its_author_alone);
	tcase_add_test(node, a_wish_is_answered_once_its_commit_is_stored);
	tcase_add_test(node, a_wish_goes_to_the_next_leader_with_the_same_id);
	tcase_add_test(node,
	    a_wish_that_nobody_decides_is_given_up_after_a_minute);
	tcase_add_test(node, the_sixty_fifth_wish_is_too_much);
	tcase_add_test(node, a_nick_that_is_taken_is_an_error);
	tcase_add_test(node,
	    what_is_wished_alone_is_shown_and_sent_to_the_first_leader);
	tcase_add_test(node,
	    a_nick_is_its_owners_until_it_is_not_seen_for_30_days);
	tcase_add_test(node, an_owner_who_is_here_keeps_its_nick);
	tcase_add_test(node, another_nick_gives_the_first_one_back);
	tcase_add_test(node, nobody_gives_back_what_is_anothers);
	tcase_add_test(node, what_was_kept_is_there_in_the_next_run);
	suite_add_tcase(suite, node);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
