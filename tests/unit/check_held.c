/*
 * check_held: people are told what waits, for whom, and when it does no
 * more; and what is held back is bounded and served fairly.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/unit/one_talker.h"

/* Seq 1 of an author that depends on something of another. */
static enum verdict
orphan(instant_ms now, size_t author, uint64_t seq, size_t of, uint64_t cause)
{
	struct dependency needs = { talker_stream(of), cause };
	struct bundle bundle = make(author, seq, &needs, 1);

	return recv_at(now, &bundle, false);
}

static bool
waits_for(const struct dchat_holding *holding, size_t author)
{
	struct id id = talker_id(author);

	for (size_t i = 0; i < holding->waiting_count; i++)
		if (id_equal(&holding->waiting_for[i], &id))
			return true;
	return false;
}

START_TEST(the_first_that_waits_is_told_at_once)
{
	struct id two = talker_id(2);

	orphan(1000, 2, 1, 3, 1);
	ck_assert_ptr_nonnull(held_at(0));
	ck_assert_str_eq(held_at(0)->room, "#lobby");
	ck_assert(id_equal(&held_at(0)->author, &two));
	ck_assert_uint_eq(held_at(0)->count, 1);
	ck_assert_uint_eq(held_at(0)->waiting_count, 1);
	ck_assert(waits_for(held_at(0), 3));
	ck_assert_int_eq(held_at(0)->waited_ms, 0);
}
END_TEST

START_TEST(more_of_one_author_is_told_at_most_once_a_second)
{
	orphan(1000, 2, 1, 3, 1);
	effects_clear(&fx);
	for (uint64_t seq = 2; seq <= 9; seq++)
		recv_plain(1000 + (instant_ms)seq, 2, seq);
	ck_assert_ptr_null(held_at(0));
	multicast_expire(&mc, 1999, &fx);
	ck_assert_ptr_null(held_at(0));
	effects_clear(&fx);
	ck_assert_int_le(multicast_deadline(&mc), 2000);
	multicast_expire(&mc, 2000, &fx);
	ck_assert_ptr_nonnull(held_at(0));
	ck_assert_uint_eq(held_at(0)->count, 9);
	ck_assert_int_eq(held_at(0)->waited_ms, 1000);
	ck_assert_ptr_null(held_at(1));
	effects_clear(&fx);
	multicast_expire(&mc, 3500, &fx);
	ck_assert_ptr_null(held_at(0));
}
END_TEST

START_TEST(who_is_waited_for_is_who_said_what_is_really_missing)
{
	/* 2 waits for 1, which waits for 3. */
	orphan(0, 1, 1, 3, 1);
	effects_clear(&fx);
	orphan(0, 2, 1, 1, 1);
	ck_assert(waits_for(held_at(0), 3));
	ck_assert(!waits_for(held_at(0), 1));
	effects_clear(&fx);
	/* And of a gap in its own stream an author waits for itself. */
	recv_plain(0, 3, 2);
	ck_assert(waits_for(held_at(0), 3));
}
END_TEST

START_TEST(when_nothing_waits_any_more_that_is_told_at_once)
{
	orphan(1000, 2, 1, 3, 1);
	effects_clear(&fx);
	recv_plain(1010, 3, 1);
	ck_assert_ptr_nonnull(held_at(0));
	ck_assert_uint_eq(held_at(0)->count, 0);
	store_all();
	ck_assert_uint_eq(event_at(1)->message.seq, 1);
	ck_assert(multicast_deadline(&mc) == NEVER);
	/* The next one is the first again. */
	effects_clear(&fx);
	orphan(1020, 2, 2, 3, 5);
	ck_assert_uint_eq(held_at(0)->count, 1);
}
END_TEST

START_TEST(an_empty_bundle_that_waits_is_nothing_to_be_told)
{
	struct dependency needs = { talker_stream(3), 1 };
	struct bundle fold = room_bundle(&room->id, 2, 1,
	    (uint64_t)WALL << 16, &needs, 1, NULL);

	recv_at(0, &fold, false);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	ck_assert_ptr_null(held_at(0));
}
END_TEST

START_TEST(who_asks_is_told_of_all_authors_and_whom_was_asked)
{
	const struct dchat_holding *holdings;
	struct id two = talker_id(2);

	orphan(1000, 1, 1, 3, 1);
	orphan(1100, 2, 1, 3, 1);
	multicast_expire(&mc, 1200, &fx);
	ck_assert_uint_eq(
	    multicast_holdings(&mc, 1300, &room->id, &holdings, &fx), 2);
	ck_assert_int_eq(holdings[0].waited_ms, 300);
	ck_assert_int_eq(holdings[1].waited_ms, 200);
	ck_assert(id_equal(&holdings[1].author, &two));
	ck_assert(!id_is_none(&holdings[0].asked));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("held");
	TCase *tc = tcase_create("held");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, talker_setup, talker_teardown);
	tcase_add_test(tc, the_first_that_waits_is_told_at_once);
	tcase_add_test(tc, more_of_one_author_is_told_at_most_once_a_second);
	tcase_add_test(tc,
	    who_is_waited_for_is_who_said_what_is_really_missing);
	tcase_add_test(tc, when_nothing_waits_any_more_that_is_told_at_once);
	tcase_add_test(tc, an_empty_bundle_that_waits_is_nothing_to_be_told);
	tcase_add_test(tc, who_asks_is_told_of_all_authors_and_whom_was_asked);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
