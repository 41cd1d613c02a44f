/* check_partition: who is out of reach, and what came back with them. */
#include <check.h>
#include <stdlib.h>

#include "core/partition.h"

static struct membership m;
static struct partition p;
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
	partition_init(&p);
	effects_init(&fx);
}

static void
teardown(void)
{
	partition_free(&p);
	membership_free(&m);
	effects_free(&fx);
}

/* The node asks after each step. */
static void
pass(instant_ms now)
{
	partition_update(&p, now, &m);
	while (partition_deadline(&p) <= now)
		partition_expire(&p, now, &fx);
}

/* It is back, and what it holds is not known yet. */
static void
appear(instant_ms now, unsigned n, uint64_t incarnation)
{
	static const uint8_t body[] = "signed";
	struct id id = id_of(n);
	struct address address = { .family = ADDRESS_IPV4, .port = 1 };
	struct record record = {
		.id = id,
		.start = 1,
		.version = 1,
		.nick = "somebody",
		.sealed = { .body = body, .size = sizeof body },
	};
	struct member_news news = {
		.id = id,
		.start = 1,
		.incarnation = incarnation,
		.state = MEMBER_ALIVE,
		.record = &record,
	};

	membership_link_up(&m, now, &id, 1, &address, &(struct id){ { 0 } },
	    &fx);
	membership_recv(&m, now, &id, &news, &fx);
	pass(now);
}

static void
come(instant_ms now, unsigned n, uint64_t incarnation)
{
	struct id id = id_of(n);

	appear(now, n, incarnation);
	partition_same(&p, &id);
}

static void
die(instant_ms now, unsigned n, uint64_t incarnation, enum reason reason)
{
	struct id teller = id_of(9), id = id_of(n);
	struct member_news news = {
		.id = id,
		.start = 1,
		.incarnation = incarnation,
		.state = MEMBER_DEAD,
		.reason = reason,
		.accuser = teller,
	};

	membership_link_down(&m, &id);
	membership_recv(&m, now, &teller, &news, &fx);
	pass(now);
}

/* The PARTITION events since the last call, one at most. */
static const struct dchat_event *
told(void)
{
	const struct dchat_event *found = NULL;

	for (size_t i = 0; i < fx.count; i++)
		if (fx.items[i].type == EFFECT_NOTIFY &&
		    fx.items[i].event->type == DCHAT_EVENT_PARTITION) {
			ck_assert_ptr_null(found);
			found = fx.items[i].event;
		}
	fx.count = 0;
	return found;
}

static const struct dchat_event *
expect_lost(size_t count)
{
	const struct dchat_event *event = told();

	ck_assert_ptr_nonnull(event);
	ck_assert_uint_eq(event->partition.lost_count, count);
	ck_assert_uint_eq(event->partition.healed_count, 0);
	return event;
}

static const struct dchat_event *
expect_healed(size_t count, size_t merged)
{
	const struct dchat_event *event = told();

	ck_assert_ptr_nonnull(event);
	ck_assert_uint_eq(event->partition.lost_count, 0);
	ck_assert_uint_eq(event->partition.healed_count, count);
	ck_assert_uint_eq(event->partition.merged, merged);
	return event;
}

static void
merged(instant_ms now, const char *room, unsigned author)
{
	struct id id = id_of(author);

	partition_merged(&p, now, room, &id);
}

START_TEST(those_that_fall_silent_together_are_told_in_one_event)
{
	struct id two = id_of(2), three = id_of(3);
	const struct dchat_event *event;
	const struct id *lost;

	for (unsigned n = 2; n <= 4; n++)
		come(0, n, 0);
	die(5000, 3, 0, REASON_SILENT);
	die(5300, 2, 0, REASON_SILENT);
	/* What a question is answered with is never late. */
	ck_assert_uint_eq(partition_lost(&p, &lost, &fx), 2);
	ck_assert_ptr_null(told());
	pass(5799);
	ck_assert_ptr_null(told());
	pass(5800);
	event = expect_lost(2);
	ck_assert(id_equal(&event->partition.lost[0], &two));
	ck_assert(id_equal(&event->partition.lost[1], &three));
	/* One more: all who are out of reach are named again. */
	die(9000, 4, 0, REASON_SILENT);
	pass(9500);
	expect_lost(3);
}
END_TEST

START_TEST(verdicts_that_trickle_in_are_told_within_two_seconds)
{
	for (unsigned n = 2; n <= 8; n++)
		come(0, n, 0);
	for (unsigned n = 2; n <= 6; n++)
		die(5000 + (n - 2) * 400, n, 0, REASON_SILENT);
	pass(6999);
	ck_assert_ptr_null(told());
	pass(7000);
	expect_lost(5);
}
END_TEST

START_TEST(who_left_or_was_refused_is_not_out_of_reach)
{
	struct id three = id_of(3);

	come(0, 2, 0);
	come(0, 3, 0);
	die(5000, 2, 0, REASON_REFUSED);
	membership_left(&m, 5000, &three, &fx);
	pass(5000);
	pass(60000);
	ck_assert_ptr_null(told());
	ck_assert_int_eq(partition_deadline(&p), NEVER);
}
END_TEST

START_TEST(one_whose_host_refuses_later_on_is_no_longer_out_of_reach)
{
	struct id two = id_of(2);
	const struct id *lost;

	come(0, 2, 0);
	die(5000, 2, 0, REASON_SILENT);
	pass(5500);
	expect_lost(1);
	membership_accuse(&m, 90000, &two, REASON_REFUSED, &fx);
	pass(90000);
	ck_assert_uint_eq(partition_lost(&p, &lost, &fx), 0);
	/* It starts again: nothing heals that was not cut. */
	come(95000, 2, 1);
	pass(120000);
	ck_assert_ptr_null(told());
}
END_TEST

START_TEST(one_that_was_gone_before_i_came_is_not_out_of_reach)
{
	die(1000, 2, 0, REASON_SILENT);
	pass(60000);
	ck_assert_ptr_null(told());
}
END_TEST

START_TEST(a_return_is_told_with_what_came_when_no_more_comes)
{
	const struct dchat_event *event;

	come(0, 2, 0);
	come(0, 3, 0);
	die(5000, 2, 0, REASON_SILENT);
	die(5000, 3, 0, REASON_SILENT);
	pass(5500);
	expect_lost(2);
	merged(6000, "#lobby", 9); /* an older gap is filled */
	come(20000, 2, 1);
	for (unsigned i = 0; i < 12; i++)
		merged(20500 + i * 100, "#lobby", 9);
	come(21000, 3, 1);
	merged(21700, "#ops", 9);
	pass(23199);
	ck_assert_ptr_null(told());
	pass(23200);
	event = expect_healed(2, 13);
	ck_assert_uint_eq(event->partition.room_count, 2);
	ck_assert_str_eq(event->partition.rooms[0].room, "#lobby");
	ck_assert_uint_eq(event->partition.rooms[0].count, 12);
	ck_assert_str_eq(event->partition.rooms[1].room, "#ops");
	pass(60000);
	ck_assert_ptr_null(told());
}
END_TEST

START_TEST(the_word_waits_until_one_holds_the_same_ten_seconds_at_most)
{
	struct id two = id_of(2);

	come(0, 2, 0);
	die(5000, 2, 0, REASON_SILENT);
	pass(5500);
	expect_lost(1);
	appear(20000, 2, 1);
	pass(22999);
	merged(23000, "#lobby", 9);
	partition_same(&p, &two);
	pass(24499);
	ck_assert_ptr_null(told());
	pass(24500);
	expect_healed(1, 1);
	/* and when that never comes */
	die(30000, 2, 1, REASON_SILENT);
	pass(30500);
	expect_lost(1);
	appear(40000, 2, 2);
	pass(49999);
	ck_assert_ptr_null(told());
	pass(50000);
	expect_healed(1, 0);
}
END_TEST

START_TEST(a_long_backlog_delays_the_word_by_ten_seconds_at_most)
{
	come(0, 2, 0);
	die(5000, 2, 0, REASON_SILENT);
	pass(5500);
	expect_lost(1);
	come(20000, 2, 1);
	for (instant_ms at = 20000; at < 30000; at += 100) {
		merged(at, "#lobby", 9);
		pass(at);
		ck_assert_ptr_null(told());
	}
	pass(30000);
	expect_healed(1, 100);
}
END_TEST

START_TEST(one_of_two_comes_back_and_the_other_stays_lost)
{
	struct id three = id_of(3);
	const struct id *lost;

	come(0, 2, 0);
	come(0, 3, 0);
	die(5000, 2, 0, REASON_SILENT);
	die(5000, 3, 0, REASON_SILENT);
	pass(5500);
	expect_lost(2);
	come(20000, 2, 1);
	pass(21500);
	expect_healed(1, 0);
	ck_assert_uint_eq(partition_lost(&p, &lost, &fx), 1);
	ck_assert(id_equal(&lost[0], &three));
}
END_TEST

START_TEST(what_comes_a_moment_before_its_author_is_counted)
{
	come(0, 2, 0);
	die(5000, 2, 0, REASON_SILENT);
	pass(5500);
	expect_lost(1);
	/* Out of an older time, by way of a third; and with the return. */
	merged(7000, "#lobby", 2);
	pass(19000);
	merged(19900, "#lobby", 9);
	come(20000, 2, 1);
	pass(21500);
	expect_healed(1, 0);
	die(30000, 2, 1, REASON_SILENT);
	pass(30500);
	expect_lost(1);
	merged(49900, "#lobby", 2);
	come(50000, 2, 2);
	merged(50100, "#lobby", 9);
	pass(51600);
	expect_healed(1, 2);
}
END_TEST

START_TEST(after_an_hour_it_is_no_news_and_still_known)
{
	const struct id *lost;

	come(0, 2, 0);
	ck_assert(!partition_is_news(&p, 0));
	die(5000, 2, 0, REASON_SILENT);
	ck_assert(partition_is_news(&p, 5000 + PARTITION_NEWS_MS - 1));
	ck_assert(!partition_is_news(&p, 5000 + PARTITION_NEWS_MS));
	ck_assert_uint_eq(partition_lost(&p, &lost, &fx), 1);
	come(6000, 2, 1);
	ck_assert(!partition_is_news(&p, 6000));
}
END_TEST

START_TEST(who_is_lost_again_before_its_return_was_told_never_returned)
{
	come(0, 2, 0);
	die(5000, 2, 0, REASON_SILENT);
	pass(5500);
	expect_lost(1);
	come(20000, 2, 1);
	die(21000, 2, 1, REASON_SILENT);
	pass(40000);
	ck_assert_ptr_null(told());
	come(50000, 2, 2);
	pass(51500);
	expect_healed(1, 0);
}
END_TEST

START_TEST(a_false_alarm_that_was_not_told_is_not_taken_back_either)
{
	come(0, 2, 0);
	die(5000, 2, 0, REASON_SILENT);
	come(5100, 2, 1);
	pass(20000);
	ck_assert_ptr_null(told());
}
END_TEST

START_TEST(who_is_away_for_three_days_is_out_of_reach_no_more)
{
	const struct id *lost;
	instant_ms end = 5000 + PARTITION_FORGET_MS;

	come(0, 2, 0);
	die(5000, 2, 0, REASON_SILENT);
	pass(5500);
	expect_lost(1);
	/* Two days of a cut, and it is still known. */
	pass((instant_ms)48 * 3600 * 1000);
	ck_assert_uint_eq(partition_lost(&p, &lost, &fx), 1);
	ck_assert_int_eq(partition_deadline(&p), end);
	pass(end);
	ck_assert_uint_eq(partition_lost(&p, &lost, &fx), 0);
	ck_assert_int_eq(partition_deadline(&p), NEVER);
	pass(end + 1);
	ck_assert_uint_eq(partition_lost(&p, &lost, &fx), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("partition");
	TCase *tcase = tcase_create("lost and healed");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase,
	    those_that_fall_silent_together_are_told_in_one_event);
	tcase_add_test(tcase,
	    verdicts_that_trickle_in_are_told_within_two_seconds);
	tcase_add_test(tcase, who_left_or_was_refused_is_not_out_of_reach);
	tcase_add_test(tcase,
	    one_whose_host_refuses_later_on_is_no_longer_out_of_reach);
	tcase_add_test(tcase,
	    one_that_was_gone_before_i_came_is_not_out_of_reach);
	tcase_add_test(tcase,
	    a_return_is_told_with_what_came_when_no_more_comes);
	tcase_add_test(tcase,
	    the_word_waits_until_one_holds_the_same_ten_seconds_at_most);
	tcase_add_test(tcase,
	    a_long_backlog_delays_the_word_by_ten_seconds_at_most);
	tcase_add_test(tcase, one_of_two_comes_back_and_the_other_stays_lost);
	tcase_add_test(tcase,
	    what_comes_a_moment_before_its_author_is_counted);
	tcase_add_test(tcase, after_an_hour_it_is_no_news_and_still_known);
	tcase_add_test(tcase,
	    who_is_lost_again_before_its_return_was_told_never_returned);
	tcase_add_test(tcase,
	    a_false_alarm_that_was_not_told_is_not_taken_back_either);
	tcase_add_test(tcase,
	    who_is_away_for_three_days_is_out_of_reach_no_more);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
