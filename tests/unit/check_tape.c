/*
 * check_tape: what a node is made of comes back as it was recorded.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "wire/tape.h"

START_TEST(the_past_is_played_as_it_was_recorded)
{
	const struct past_fork fork = { { { 1 } }, { { 2 } }, true };
	const struct id member = { { 3 } };
	const bool had = true;
	const struct receipt receipt = {
		.room = { { 4 } },
		.epoch = 5,
		.seq = 6,
		.members = &member,
		.had = &had,
		.count = 1,
	};
	const struct node_past past = {
		.forks = &fork,
		.fork_count = 1,
		.receipts = &receipt,
		.receipt_count = 1,
		.hlc = 7,
	};
	struct node_options options = { .nick = "ana", .past = &past }, again;
	struct tape tape = { .tag = { 9 } };
	struct arena arena;
	struct bytes bytes;

	bytes_init(&bytes);
	arena_init(&arena);
	tape_record(&tape, &bytes);
	tape_options(&tape, &options);
	tape_play(&tape, bytes.data, bytes.size, &arena);
	tape_options(&tape, &again);
	ck_assert(!tape.bad);
	ck_assert_str_eq(again.nick, "ana");
	ck_assert_uint_eq(again.past->hlc, 7);
	ck_assert_uint_eq(again.past->fork_count, 1);
	ck_assert(id_equal(&again.past->forks[0].room, &fork.room));
	ck_assert(id_equal(&again.past->forks[0].author, &fork.author));
	ck_assert(again.past->forks[0].copied);
	ck_assert_uint_eq(again.past->receipt_count, 1);
	ck_assert(again.past->receipts[0].had[0]);
	arena_free(&arena);
	bytes_free(&bytes);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tape");
	TCase *tcase = tcase_create("tape");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, the_past_is_played_as_it_was_recorded);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
