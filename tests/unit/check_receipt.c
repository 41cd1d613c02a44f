/* check_receipt: who has what I said, and telling others what I have. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/receipt.h"
#include "core/witness.h"

enum { EPOCH = 7, MEMBERS = 3 };

static struct rooms rooms;
static struct room *room;
static struct receipts receipts;
static struct effects fx;
static struct id ids[MEMBERS + 1];	/* 0 is me; the last is a stranger */

static void
setup(void)
{
	struct id id = { { 9 } };

	for (size_t i = 0; i <= MEMBERS; i++)
		ids[i] = (struct id){ { (uint8_t)(2 * i + 1) } };
	rooms_init(&rooms);
	room = rooms_add(&rooms, &id, "#lobby");
	room->joined = true;
	for (size_t i = 1; i < MEMBERS; i++) {
		MEM_GROW(room->audience, room->audience_count,
		    room->audience_cap);
		room->audience[room->audience_count++] = ids[i];
	}
	receipts_init(&receipts, &ids[0], &rooms);
	effects_init(&fx);
}

static void
teardown(void)
{
	receipts_free(&receipts);
	rooms_free(&rooms);
	effects_free(&fx);
}

static struct bundle
bundle_of(size_t author, uint64_t seq)
{
	static const struct message messages[] = {
		{ KIND_TEXT, "one", "" },
		{ KIND_TEXT, "two", "" },
	};
	struct bundle bundle = {
		.room = room->id,
		.stream = { ids[author], EPOCH },
		.seq = seq,
		.messages = messages,
		.message_count = 2,
	};

	bundle.hash.bytes[0] = (uint8_t)seq;
	bundle.hash.bytes[1] = (uint8_t)author;
	return bundle;
}

static void
publish(uint64_t seq)
{
	struct bundle bundle = bundle_of(0, seq);

	receipts_publishing(&receipts, &bundle);
	receipts_published(&receipts, 0, &bundle, &fx);
}

static void
acknowledge(size_t who, uint64_t first, uint64_t last)
{
	struct frame frame = { .type = FRAME_ACK };

	frame.ack.room = room->id;
	frame.ack.epoch = EPOCH;
	frame.ack.first = first;
	frame.ack.last = last;
	effects_clear(&fx);
	ck_assert_int_eq(receipts_recv(&receipts, 0, &ids[who], &frame, &fx),
	    VERDICT_ACCEPTED);
}

static void
expect_reach(uint64_t seq, size_t have, size_t of, bool stable)
{
	struct reach reach =
	    receipts_reach(&receipts, &room->id, EPOCH, EPOCH, seq);

	ck_assert_uint_eq(reach.have, have);
	ck_assert_uint_eq(reach.of, of);
	ck_assert_int_eq(reach.stable, stable);
}

static size_t
told(unsigned have, unsigned of)
{
	size_t count = 0;

	for (size_t i = 0; i < fx.count; i++) {
		const struct dchat_event *event = fx.items[i].event;

		if (fx.items[i].type == EFFECT_NOTIFY &&
		    event->type == DCHAT_EVENT_DELIVERED &&
		    event->delivered.have == have && event->delivered.of == of)
			count++;
	}
	return count;
}

/* -- mine ----------------------------------------------------------------- */

START_TEST(each_message_of_a_bundle_is_told_as_members_get_it)
{
	publish(1);
	expect_reach(1, 1, 3, false);
	acknowledge(1, 1, 1);
	ck_assert_uint_eq(told(2, 3), 2);
	expect_reach(1, 2, 3, false);
	acknowledge(1, 1, 1);
	ck_assert_uint_eq(fx.count, 0);
	acknowledge(2, 1, 1);
	ck_assert_uint_eq(told(3, 3), 2);
	expect_reach(1, 0, 0, true);
}
END_TEST

START_TEST(who_is_no_member_of_it_is_not_counted)
{
	publish(1);
	acknowledge(MEMBERS, 1, 1);
	ck_assert_uint_eq(fx.count, 0);
	expect_reach(1, 1, 3, false);
}
END_TEST

START_TEST(members_are_those_of_the_moment_it_was_published)
{
	publish(1);
	room->audience_count = 1;
	publish(2);
	acknowledge(1, 1, 2);
	expect_reach(1, 2, 3, false);
	expect_reach(2, 0, 0, true);
}
END_TEST

START_TEST(a_direct_room_has_two_members_though_one_be_away)
{
	struct id id = { { 77 } };
	char name[1 + ID_TEXT] = "@";
	struct bundle bundle = bundle_of(0, 1);
	const struct receipt *receipt;
	struct room *direct;

	id_format(&ids[2], name + 1);
	direct = rooms_add(&rooms, &id, name);
	ck_assert(direct->direct && direct->joined);
	ck_assert_uint_eq(direct->audience_count, 0);
	bundle.room = direct->id;
	receipt = receipts_publishing(&receipts, &bundle);
	ck_assert_ptr_nonnull(receipt);
	ck_assert_uint_eq(receipt->count, 2);
	ck_assert(id_equal(&receipt->members[0], &ids[0]));
	ck_assert(id_equal(&receipt->members[1], &ids[2]));
	ck_assert(receipt->had[0] && !receipt->had[1]);
}
END_TEST

START_TEST(said_alone_it_is_stable_at_once)
{
	struct bundle bundle = bundle_of(0, 1);

	room->audience_count = 0;
	ck_assert_ptr_null(receipts_publishing(&receipts, &bundle));
	expect_reach(1, 0, 0, true);
}
END_TEST

START_TEST(nobody_has_what_is_not_published)
{
	struct bundle bundle = bundle_of(0, 1);

	receipts_publishing(&receipts, &bundle);
	acknowledge(1, 1, 5);
	ck_assert_uint_eq(fx.count, 0);
	expect_reach(1, 1, 3, false);
	receipts_failed(&receipts, &room->id, &fx);
	ck_assert_ptr_null(receipts_find(&receipts, &room->id, EPOCH, 1));
	ck_assert_uint_eq(fx.count, 1);
	ck_assert_uint_eq(fx.items[0].keep->receipt->count, 0);
}
END_TEST

START_TEST(a_vector_shows_what_is_had_but_bases_and_holes)
{
	struct range holes[] = { { 4, 5 } };
	struct vector_entry entry = {
		.stream = { ids[0], EPOCH },
		.base = 2,
		.top = 6,
		.holes = holes,
		.hole_count = 1,
	};
	struct frame frame = { .type = FRAME_VECTOR };

	for (uint64_t seq = 1; seq <= 7; seq++)
		publish(seq);
	frame.vector.room = room->id;
	frame.vector.entries = &entry;
	frame.vector.count = 1;
	receipts_vector(&receipts, 0, &ids[1], &frame, &fx);
	for (uint64_t seq = 1; seq <= 7; seq++)
		expect_reach(seq, seq == 3 || seq == 6 ? 2 : 1, 3, false);
}
END_TEST

START_TEST(a_later_run_goes_on_where_the_last_one_was)
{
	struct id members[] = { ids[0], ids[1], ids[2] };
	bool had[] = { true, false, true };
	struct receipt kept = {
		.room = room->id,
		.epoch = EPOCH,
		.seq = 4,
		.hash = { { 4 } },
		.messages = 2,
		.members = members,
		.had = had,
		.count = 3,
	};

	receipts_restore(&receipts, &kept);
	expect_reach(4, 2, 3, false);
	expect_reach(3, 0, 0, true);
	acknowledge(1, 1, 4);
	ck_assert_uint_eq(told(3, 3), 2);
	expect_reach(4, 0, 0, true);
}
END_TEST

START_TEST(what_an_earlier_run_did_not_publish_is_forgotten_at_the_start)
{
	struct id members[] = { ids[0], ids[1] };
	bool had[] = { true, false };
	struct receipt kept = {
		.room = room->id,
		.epoch = EPOCH,
		.seq = 4,
		.hash = { { 4 } },
		.messages = 2,
		.members = members,
		.had = had,
		.count = 2,
	};
	struct bundle bundle = bundle_of(0, 5);

	receipts_restore(&receipts, &kept);
	kept.seq = 5;
	kept.hash = (struct id){ 0 };
	receipts_restore(&receipts, &kept);
	receipts_start(&receipts, &fx);
	ck_assert_uint_eq(fx.count, 1);
	ck_assert_int_eq(fx.items[0].keep->kind, KEEP_RECEIPT);
	ck_assert_uint_eq(fx.items[0].keep->receipt->epoch, EPOCH);
	ck_assert_uint_eq(fx.items[0].keep->receipt->seq, 5);
	ck_assert_uint_eq(fx.items[0].keep->receipt->count, 0);
	expect_reach(4, 1, 2, false);
	/* The number is given to what is said alone. */
	room->audience_count = 0;
	ck_assert_ptr_null(receipts_publishing(&receipts, &bundle));
	expect_reach(5, 0, 0, true);
}
END_TEST

START_TEST(of_an_earlier_epoch_nothing_is_claimed)
{
	struct reach reach =
	    receipts_reach(&receipts, &room->id, EPOCH, EPOCH - 1, 1);

	ck_assert(!reach.stable);
	ck_assert_uint_eq(reach.of, 0);
}
END_TEST

START_TEST(beyond_the_bound_the_oldest_is_unknown_and_none_is_called_stable)
{
	for (uint64_t seq = 1; seq <= LIMIT_RECEIPTS + 1; seq++)
		publish(seq);
	expect_reach(1, 0, 0, false);
	expect_reach(2, 1, 3, false);
	ck_assert_uint_eq(receipts.count, LIMIT_RECEIPTS);
}
END_TEST

static size_t
asked(size_t who)
{
	size_t count = 0;

	for (size_t i = 0; i < fx.count; i++)
		count += fx.items[i].type == EFFECT_SEND &&
		    fx.items[i].send.frame->type == FRAME_ACK &&
		    fx.items[i].send.frame->ack.ask &&
		    id_equal(fx.items[i].send.to, &ids[who]);
	return count;
}

START_TEST(who_is_here_and_says_nothing_is_asked_less_and_less_often)
{
	struct stream own = { ids[0], EPOCH };

	publish(1);
	vclock_add(&room->delivered, &own, 1);
	acknowledge(1, 1, 1);
	effects_clear(&fx);
	receipts_expire(&receipts, RECEIPT_ASK_MS - 1, &fx);
	ck_assert_uint_eq(asked(2), 0);
	receipts_expire(&receipts, RECEIPT_ASK_MS, &fx);
	ck_assert_uint_eq(asked(1), 0);
	ck_assert_uint_eq(asked(2), 1);
	ck_assert_int_eq(receipts_deadline(&receipts), 2 * RECEIPT_ASK_MS);
	receipts_expire(&receipts, 2 * RECEIPT_ASK_MS, &fx);
	ck_assert_uint_eq(asked(2), 2);
	ck_assert_int_eq(receipts_deadline(&receipts), 4 * RECEIPT_ASK_MS);
	acknowledge(2, 1, 1);
	receipts_expire(&receipts, 4 * RECEIPT_ASK_MS, &fx);
	ck_assert_uint_eq(asked(2), 0);
	ck_assert_int_eq(receipts_deadline(&receipts), NEVER);
}
END_TEST

START_TEST(an_author_who_asks_is_told_what_is_here_of_its_stream)
{
	struct frame frame = { .type = FRAME_ACK };
	struct stream theirs = { ids[1], 7 };

	vclock_raise_base(&room->delivered, &theirs, 4);
	vclock_add(&room->delivered, &theirs, 5);
	frame.ack.room = room->id;
	frame.ack.epoch = 7;
	frame.ack.first = 2;
	frame.ack.last = 5;
	frame.ack.ask = true;
	effects_clear(&fx);
	ck_assert_int_eq(receipts_recv(&receipts, 0, &ids[1], &frame, &fx),
	    VERDICT_ACCEPTED);
	ck_assert_uint_eq(fx.count, 1);
	ck_assert_uint_eq(fx.items[0].send.frame->ack.first, 5);
	ck_assert_uint_eq(fx.items[0].send.frame->ack.last, 5);
	ck_assert(!fx.items[0].send.frame->ack.ask);
	/* Of what it never said there is nothing to tell. */
	frame.ack.epoch = 8;
	effects_clear(&fx);
	receipts_recv(&receipts, 0, &ids[1], &frame, &fx);
	ck_assert_uint_eq(fx.count, 0);
}
END_TEST

START_TEST(what_was_learnt_goes_to_disk_within_half_a_second)
{
	publish(1);
	acknowledge(1, 1, 1);
	ck_assert_int_eq(receipts_deadline(&receipts), RECEIPT_KEEP_MS);
	effects_clear(&fx);
	receipts_expire(&receipts, RECEIPT_KEEP_MS, &fx);
	ck_assert_uint_eq(fx.count, 1);
	ck_assert_int_eq(fx.items[0].type, EFFECT_KEEP);
	ck_assert_int_eq(fx.items[0].keep->kind, KEEP_RECEIPT);
	ck_assert(fx.items[0].keep->receipt->had[1]);
	ck_assert(!fx.items[0].keep->receipt->had[2]);
	ck_assert_int_eq(receipts_deadline(&receipts), RECEIPT_ASK_MS);
}
END_TEST

/* -- others' -------------------------------------------------------------- */

static void
deliver(instant_ms now, uint64_t seq)
{
	struct bundle bundle = bundle_of(1, seq);

	vclock_add(&room->delivered, &bundle.stream, seq);
	receipts_delivered(&receipts, now, &bundle);
}

static void
expect_ack(size_t index, uint64_t first, uint64_t last)
{
	const struct effect *effect = &fx.items[index];

	ck_assert_int_eq(effect->type, EFFECT_SEND);
	ck_assert(id_equal(effect->send.to, &ids[1]));
	ck_assert_int_eq(effect->send.frame->type, FRAME_ACK);
	ck_assert_uint_eq(effect->send.frame->ack.first, first);
	ck_assert_uint_eq(effect->send.frame->ack.last, last);
}

START_TEST(the_first_is_acknowledged_at_once_and_then_many_together)
{
	deliver(1000, 1);
	ck_assert_int_eq(receipts_deadline(&receipts), 1000);
	receipts_expire(&receipts, 1000, &fx);
	ck_assert_uint_eq(fx.count, 1);
	expect_ack(0, 1, 1);
	effects_clear(&fx);
	deliver(1001, 2);
	deliver(1002, 3);
	receipts_expire(&receipts, 1002, &fx);
	ck_assert_uint_eq(fx.count, 0);
	ck_assert_int_eq(receipts_deadline(&receipts), 1000 + ACK_MS);
	receipts_expire(&receipts, 1000 + ACK_MS, &fx);
	ck_assert_uint_eq(fx.count, 1);
	expect_ack(0, 1, 3);
}
END_TEST

START_TEST(neither_bases_nor_holes_are_acknowledged)
{
	struct stream stream = { ids[1], EPOCH };

	vclock_raise_base(&room->delivered, &stream, 2);
	deliver(1000, 3);
	vclock_add_hole(&room->delivered, &stream, 5);
	deliver(1000, 6);
	receipts_met(&receipts, 0, room, &ids[1], &fx);
	ck_assert_uint_eq(fx.count, 2);
	expect_ack(0, 3, 3);
	expect_ack(1, 6, 6);
}
END_TEST

START_TEST(an_ack_of_nothing_is_refused)
{
	struct frame frame = { .type = FRAME_ACK };

	frame.ack.first = 3;
	frame.ack.last = 2;
	ck_assert_int_eq(receipts_recv(&receipts, 0, &ids[1], &frame, &fx),
	    VERDICT_MALFORMED);
	frame.ack.first = 0;
	ck_assert_int_eq(receipts_recv(&receipts, 0, &ids[1], &frame, &fx),
	    VERDICT_MALFORMED);
}
END_TEST

static void
show(struct witness *witness, uint64_t first, uint64_t last)
{
	struct frame frame = { .type = FRAME_ACK };

	frame.ack.room = room->id;
	frame.ack.epoch = EPOCH;
	frame.ack.first = first;
	frame.ack.last = last;
	witness_ack(witness, &ids[0], &ids[2], &frame);
}

START_TEST(of_my_words_what_was_acknowledged_is_known_ever_after)
{
	struct witness witness;

	witness_init(&witness);
	show(&witness, 7, 9);
	show(&witness, 1, 2);
	show(&witness, 3, 3);
	show(&witness, 8, 10);
	for (uint64_t seq = 1; seq <= 12; seq++) {
		struct bundle bundle = bundle_of(0, seq);

		ck_assert_int_eq(
		    witness_holds(&witness, &ids[2], &bundle, false),
		    seq <= 3 || (seq >= 7 && seq <= 10));
	}
	witness_free(&witness);
}
END_TEST

START_TEST(of_others_words_only_what_was_shown_is_known)
{
	struct witness witness;
	struct range holes[] = { { 4, 5 } };
	struct vector_entry entry = {
		.stream = { ids[1], EPOCH },
		.base = 2,
		.top = 6,
		.holes = holes,
		.hole_count = 1,
	};
	struct frame frame = { .type = FRAME_VECTOR };

	witness_init(&witness);
	frame.vector.room = room->id;
	frame.vector.entries = &entry;
	frame.vector.count = 1;
	witness_vector(&witness, &ids[2], &frame);
	for (uint64_t seq = 1; seq <= 7; seq++) {
		struct bundle bundle = bundle_of(1, seq);

		ck_assert_int_eq(
		    witness_holds(&witness, &ids[2], &bundle, false),
		    seq == 3 || seq == 6);
		ck_assert(witness_holds(&witness, &ids[1], &bundle, false));
		ck_assert(!witness_holds(&witness, &ids[3], &bundle, true));
	}
	witness_free(&witness);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("receipt");
	TCase *mine = tcase_create("mine");
	TCase *others = tcase_create("others'");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(mine, 30);
	tcase_add_checked_fixture(mine, setup, teardown);
	tcase_add_checked_fixture(others, setup, teardown);
	tcase_add_test(mine, each_message_of_a_bundle_is_told_as_members_get_it);
	tcase_add_test(mine, who_is_no_member_of_it_is_not_counted);
	tcase_add_test(mine, members_are_those_of_the_moment_it_was_published);
	tcase_add_test(mine, a_direct_room_has_two_members_though_one_be_away);
	tcase_add_test(mine, said_alone_it_is_stable_at_once);
	tcase_add_test(mine, nobody_has_what_is_not_published);
	tcase_add_test(mine, a_vector_shows_what_is_had_but_bases_and_holes);
	tcase_add_test(mine, a_later_run_goes_on_where_the_last_one_was);
	tcase_add_test(mine,
	    what_an_earlier_run_did_not_publish_is_forgotten_at_the_start);
	tcase_add_test(mine, of_an_earlier_epoch_nothing_is_claimed);
	tcase_add_test(mine,
	    beyond_the_bound_the_oldest_is_unknown_and_none_is_called_stable);
	tcase_add_test(mine,
	    who_is_here_and_says_nothing_is_asked_less_and_less_often);
	tcase_add_test(mine,
	    an_author_who_asks_is_told_what_is_here_of_its_stream);
	tcase_add_test(mine, what_was_learnt_goes_to_disk_within_half_a_second);
	tcase_add_test(others,
	    the_first_is_acknowledged_at_once_and_then_many_together);
	tcase_add_test(others, neither_bases_nor_holes_are_acknowledged);
	tcase_add_test(others, an_ack_of_nothing_is_refused);
	tcase_add_test(others,
	    of_my_words_what_was_acknowledged_is_known_ever_after);
	tcase_add_test(others, of_others_words_only_what_was_shown_is_known);
	suite_add_tcase(suite, mine);
	suite_add_tcase(suite, others);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
