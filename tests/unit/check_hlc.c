/* check_hlc: keys grow, stay near the wall clock, and end with 2199. */
#include <check.h>
#include <stdlib.h>

#include "core/hlc.h"

#define YEAR_2200 INT64_C(7258118400000)

START_TEST(a_key_is_the_wall_clock_when_nothing_was_seen)
{
	struct hlc hlc = { 0 };

	ck_assert_int_eq(hlc_wall(hlc_tick(&hlc, 1700000000123)),
	    1700000000123);
}
END_TEST

START_TEST(keys_grow_when_the_wall_clock_stands_or_goes_back)
{
	struct hlc hlc = { 0 };
	uint64_t last = hlc_tick(&hlc, 5000);
	bool grows = true;

	for (int i = 0; i < 200000; i++) {
		uint64_t key = hlc_tick(&hlc, i % 2 == 0 ? 5000 : 100);

		grows = grows && key > last;
		last = key;
	}
	ck_assert(grows);
	ck_assert_int_le(hlc_wall(last), 5010);
}
END_TEST

START_TEST(a_key_is_larger_than_all_that_was_seen)
{
	struct hlc hlc = { 0 };
	struct hlc ahead = { 0 };
	uint64_t seen = hlc_tick(&ahead, 9000);

	hlc_merge(&hlc, seen);
	ck_assert(hlc_tick(&hlc, 5000) > seen);
	hlc_merge(&hlc, 3);
	ck_assert(hlc_tick(&hlc, 5000) > seen + 1);
}
END_TEST

START_TEST(keys_past_2199_are_not_valid_and_never_made)
{
	struct hlc hlc = { 0 };
	uint64_t end = (uint64_t)YEAR_2200 << 16;

	ck_assert(hlc_valid(0));
	ck_assert(hlc_valid(end - 1));
	ck_assert(!hlc_valid(end));
	ck_assert(!hlc_valid(UINT64_MAX));
	ck_assert(hlc_valid(hlc_tick(&hlc, INT64_MAX)));
	ck_assert(hlc_valid(hlc_tick(&hlc, -5)));
	hlc_merge(&hlc, end - 1);
	ck_assert(hlc_valid(hlc_tick(&hlc, 5000)));
	ck_assert(hlc_valid(hlc_tick(&hlc, 5000)));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hlc");
	TCase *tc = tcase_create("hlc");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, a_key_is_the_wall_clock_when_nothing_was_seen);
	tcase_add_test(tc, keys_grow_when_the_wall_clock_stands_or_goes_back);
	tcase_add_test(tc, a_key_is_larger_than_all_that_was_seen);
	tcase_add_test(tc, keys_past_2199_are_not_valid_and_never_made);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
