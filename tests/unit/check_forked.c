/*
 * check_forked: one number given twice is proved, kept, told once, shown to
 * all once; and the same one of the two is shown everywhere.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/unit/one_talker.h"

/* Another bundle of the same name; its hash is above or below. */
static struct bundle
other_version(const struct bundle *bundle, bool lower, uint64_t nonce)
{
	static const struct message lie = { KIND_TEXT, "lie", "" };
	struct bundle other = *bundle;

	for (size_t i = 0; i < ID_BYTES; i++)
		other.hash.bytes[i] = lower ? 0 : 0xff;
	other.hash.bytes[ID_BYTES - 1] = 1;
	other.messages = &lie;
	other.nonce = nonce;
	return other;
}

static const struct keep *
kept(enum keep_kind kind)
{
	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == EFFECT_KEEP &&
		    fx.items[i].keep->kind == kind)
			return fx.items[i].keep;
	return NULL;
}

START_TEST(two_of_one_number_are_proof_and_are_spread_once)
{
	struct bundle one = make(1, 1, NULL, 0);
	struct bundle two = other_version(&one, false, one.nonce);
	struct bundle three = other_version(&one, false, one.nonce);
	struct id author = talker_id(1);

	three.hash.bytes[3] = 7;
	recv_at(0, &one, false);
	store_all();
	effects_clear(&fx);
	ck_assert(multicast_differs(&mc, &two));
	ck_assert(!multicast_differs(&mc, &one));
	ck_assert_int_eq(recv_at(10, &two, false), VERDICT_DUPLICATE);
	ck_assert_ptr_nonnull(kept(KEEP_PROOF));
	ck_assert(id_equal(&kept(KEEP_PROOF)->bundle->hash, &two.hash));
	ck_assert(!kept(KEEP_PROOF)->copied);
	/* Two others get it from here, all three the first from the store. */
	ck_assert_uint_eq(count_effects(EFFECT_SEND), 2);
	ck_assert_uint_eq(count_effects(EFFECT_FETCH), 3);
	ck_assert(multicast_forked(&mc, &author));
	effects_clear(&fx);
	ck_assert_int_eq(recv_at(20, &two, false), VERDICT_DUPLICATE);
	ck_assert_int_eq(recv_at(20, &three, false), VERDICT_DUPLICATE);
	ck_assert_uint_eq(fx.count, 0);
}
END_TEST

START_TEST(the_lower_one_is_shown_whichever_came_first)
{
	struct bundle high = make(1, 1, NULL, 0);
	struct bundle low = other_version(&high, true, high.nonce);

	recv_at(0, &high, false);
	store_all();
	effects_clear(&fx);
	ck_assert_int_eq(recv_at(10, &low, false), VERDICT_ACCEPTED);
	ck_assert_str_eq(event_at(0)->message.text, "lie");
	ck_assert_ptr_nonnull(kept(KEEP_SWAP));
	ck_assert(id_equal(&kept(KEEP_SWAP)->bundle->hash, &low.hash));
	/* And now the high one is the other one. */
	effects_clear(&fx);
	ck_assert_int_eq(recv_at(20, &high, false), VERDICT_DUPLICATE);
	ck_assert_ptr_null(event_at(0));
	ck_assert_ptr_null(kept(KEEP_SWAP));
}
END_TEST

/* As the store answers a FETCH for myself. */
static void
answer_look_up(const struct bundle *bundle)
{
	size_t count = bundle != NULL ? 1 : 0;

	ck_assert_uint_eq(count_effects(EFFECT_FETCH), 1);
	ck_assert(id_equal(&effect_at(EFFECT_FETCH, 0)->fetch.to, &mc.self));
	effects_clear(&fx);
	multicast_looked_up(&mc, 0, &room->id, &bundle, count, &fx);
}

/* Long before, or in an earlier run. */
static void
came_long_ago(const struct bundle *one)
{
	recv_at(0, one, false);
	store_all();
	free(mc.names);
	mc.names = NULL;
	effects_clear(&fx);
}

START_TEST(of_an_old_number_the_store_is_asked_which_one_it_has)
{
	struct bundle one = make(1, 1, NULL, 0);
	struct bundle two = other_version(&one, false, one.nonce);
	struct id author = talker_id(1);

	came_long_ago(&one);
	/* So it is to be verified. */
	ck_assert(!multicast_recognizes(&mc, &two));
	ck_assert_int_eq(recv_at(10, &two, true), VERDICT_DUPLICATE);
	ck_assert_ptr_null(kept(KEEP_PROOF));
	answer_look_up(&one);
	ck_assert_ptr_nonnull(kept(KEEP_PROOF));
	ck_assert(id_equal(&kept(KEEP_PROOF)->bundle->hash, &two.hash));
	ck_assert(multicast_forked(&mc, &author));
	ck_assert(multicast_recognizes(&mc, &one));
}
END_TEST

START_TEST(the_same_old_one_again_is_looked_up_once_and_proves_nothing)
{
	struct bundle one = make(1, 1, NULL, 0);
	struct id author = talker_id(1);

	came_long_ago(&one);
	ck_assert_int_eq(recv_at(10, &one, true), VERDICT_DUPLICATE);
	ck_assert_int_eq(recv_at(10, &one, true), VERDICT_DUPLICATE);
	answer_look_up(&one);
	ck_assert_int_eq(recv_at(20, &one, true), VERDICT_DUPLICATE);
	ck_assert_uint_eq(fx.count, 0);
	ck_assert(!multicast_forked(&mc, &author));
}
END_TEST

START_TEST(what_the_store_has_let_go_proves_nothing)
{
	struct bundle one = make(1, 1, NULL, 0);
	struct bundle two = other_version(&one, false, one.nonce);
	struct id author = talker_id(1);

	came_long_ago(&one);
	recv_at(10, &two, true);
	answer_look_up(NULL);
	ck_assert_uint_eq(fx.count, 0);
	ck_assert(!multicast_forked(&mc, &author));
}
END_TEST

START_TEST(of_two_that_wait_the_lower_one_stays)
{
	struct dependency cause = { talker_stream(2), 1 };
	struct bundle high = make(1, 1, &cause, 1);
	struct bundle low = other_version(&high, true, high.nonce);

	recv_at(0, &high, false);
	ck_assert_int_eq(recv_at(10, &low, false), VERDICT_ACCEPTED);
	ck_assert_ptr_nonnull(kept(KEEP_PROOF));
	ck_assert_int_eq(recv_at(20, &high, false), VERDICT_DUPLICATE);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	recv_plain(30, 2, 1);
	store_all();
	ck_assert_str_eq(event_at(1)->message.text, "lie");
	ck_assert_ptr_null(event_at(2));
}
END_TEST

/* Or its author could keep waiting who depends on the other one. */
START_TEST(one_that_waits_takes_no_place_from_one_that_need_not)
{
	struct dependency nowhere = { talker_stream(3), 9 };
	struct bundle plain = make(1, 1, NULL, 0);
	struct bundle low = other_version(&plain, true, plain.nonce);

	low.dependencies = &nowhere;
	low.dependency_count = 1;
	recv_at(0, &low, false);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	ck_assert_int_eq(recv_at(10, &plain, false), VERDICT_ACCEPTED);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
	ck_assert(id_equal(&kept(KEEP_PROOF)->bundle->hash, &low.hash));
	store_all();
	ck_assert_str_eq(event_at(0)->message.text, plain.messages[0].text);
	/* Nor afterwards. */
	effects_clear(&fx);
	ck_assert_int_eq(recv_at(20, &low, false), VERDICT_DUPLICATE);
	ck_assert_ptr_null(kept(KEEP_SWAP));
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
}
END_TEST

START_TEST(two_of_two_runs_are_a_copy_and_nobody_is_accused)
{
	struct bundle one = make(1, 1, NULL, 0);
	struct bundle two = other_version(&one, false, one.nonce + 1);
	struct id author = talker_id(1);

	recv_at(0, &one, false);
	store_all();
	effects_clear(&fx);
	recv_at(10, &two, false);
	ck_assert_ptr_nonnull(kept(KEEP_PROOF));
	ck_assert(kept(KEEP_PROOF)->copied);
	ck_assert(!multicast_forked(&mc, &author));
	ck_assert_uint_eq(mc.fork_count, 1);
}
END_TEST

START_TEST(a_copy_of_my_own_profile_is_found_too)
{
	struct bundle *mine, other;

	mc.spare_epoch = 4711;
	say(1, "me");
	mine = take_publish();
	mine->hash.bytes[0] = 5;
	other = other_version(mine, false, mine->nonce + 1);
	multicast_published(&mc, 0, WALL, mine, &fx);
	effects_clear(&fx);
	recv_at(10, &other, true);
	ck_assert_ptr_nonnull(kept(KEEP_PROOF));
	ck_assert(kept(KEEP_PROOF)->copied);
	/* What is said from now on cannot collide again. */
	ck_assert_ptr_nonnull(kept(KEEP_EPOCH));
	ck_assert_uint_eq(kept(KEEP_EPOCH)->epoch, 4711);
	effects_clear(&fx);
	say(2, "me again");
	bundle_free(mine);
	mine = take_publish();
	ck_assert_uint_eq(mine->stream.epoch, 4711);
	ck_assert_uint_eq(mine->seq, 1);
	/* It comes after all that was said before. */
	ck_assert_uint_eq(mine->dependency_count, 1);
	bundle_free(mine);
}
END_TEST

START_TEST(a_proof_of_an_earlier_run_marks_and_is_not_told_again)
{
	struct past_fork fork = { room->id, talker_id(1), false };
	struct bundle one = make(1, 1, NULL, 0);
	struct bundle two = other_version(&one, false, one.nonce);

	multicast_restore_fork(&mc, &fork);
	ck_assert(multicast_forked(&mc, &fork.author));
	ck_assert(mc.forks[0].told);
	recv_at(0, &one, false);
	store_all();
	effects_clear(&fx);
	ck_assert_int_eq(recv_at(10, &two, false), VERDICT_DUPLICATE);
	ck_assert_uint_eq(fx.count, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("forked");
	TCase *tc = tcase_create("forked");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, talker_setup, talker_teardown);
	tcase_add_test(tc, two_of_one_number_are_proof_and_are_spread_once);
	tcase_add_test(tc, the_lower_one_is_shown_whichever_came_first);
	tcase_add_test(tc,
	    of_an_old_number_the_store_is_asked_which_one_it_has);
	tcase_add_test(tc,
	    the_same_old_one_again_is_looked_up_once_and_proves_nothing);
	tcase_add_test(tc, what_the_store_has_let_go_proves_nothing);
	tcase_add_test(tc, of_two_that_wait_the_lower_one_stays);
	tcase_add_test(tc,
	    one_that_waits_takes_no_place_from_one_that_need_not);
	tcase_add_test(tc, two_of_two_runs_are_a_copy_and_nobody_is_accused);
	tcase_add_test(tc, a_copy_of_my_own_profile_is_found_too);
	tcase_add_test(tc,
	    a_proof_of_an_earlier_run_marks_and_is_not_told_again);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
