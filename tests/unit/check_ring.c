/* core/ring: the view as a circle. */
#include <check.h>
#include <stdlib.h>

#include "core/ring.h"

static struct id
id_of(unsigned number)
{
	return (struct id){ { [0] = (uint8_t)(number >> 8),
	    [1] = (uint8_t)number } };
}

static void
make(struct ring *ring, unsigned count)
{
	struct id ids[300];

	ck_assert_uint_le(count, 300);
	for (unsigned i = 0; i < count; i++)
		ids[i] = id_of(2 * i + 1);
	ring_init(ring);
	ring_set(ring, ids, count);
}

static unsigned
number_of(const struct id *id)
{
	return (unsigned)id->bytes[0] << 8 | id->bytes[1];
}

START_TEST(neighbours_are_the_next_ids_and_the_ends_meet)
{
	struct ring ring;
	struct id id;

	make(&ring, 3);		/* 1 3 5 */
	id = id_of(3);
	ck_assert_uint_eq(number_of(ring_next(&ring, &id, CLOCKWISE)), 5);
	ck_assert_uint_eq(number_of(ring_next(&ring, &id, ANTICLOCKWISE)), 1);
	id = id_of(5);
	ck_assert_uint_eq(number_of(ring_next(&ring, &id, CLOCKWISE)), 1);
	id = id_of(1);
	ck_assert_uint_eq(number_of(ring_next(&ring, &id, ANTICLOCKWISE)), 5);
	ring_free(&ring);
}
END_TEST

START_TEST(alone_one_is_ones_own_neighbour)
{
	struct ring ring;
	struct id id = id_of(1), out[4];

	make(&ring, 1);
	for (enum direction d = CLOCKWISE; d <= ANTICLOCKWISE; d++) {
		ck_assert_uint_eq(number_of(ring_next(&ring, &id, d)), 1);
		ck_assert_uint_eq(number_of(ring_next_in_term(&ring, &id, d,
				      true, 7)), 1);
	}
	ck_assert_uint_eq(ring_neighbours(&ring, &id, 2, out), 0);
	ring_free(&ring);
}
END_TEST

START_TEST(of_two_the_other_is_the_neighbour_on_both_sides)
{
	struct ring ring;
	struct id id = id_of(3), out[4];

	make(&ring, 2);
	for (enum direction d = CLOCKWISE; d <= ANTICLOCKWISE; d++)
		ck_assert_uint_eq(number_of(ring_next(&ring, &id, d)), 1);
	ck_assert_uint_eq(ring_neighbours(&ring, &id, 2, out), 1);
	ck_assert_uint_eq(number_of(&out[0]), 1);
	ring_free(&ring);
}
END_TEST

START_TEST(a_neighbour_on_both_sides_is_named_once)
{
	struct ring ring;
	struct id id = id_of(1), out[6];

	make(&ring, 4);		/* 1 3 5 7 */
	ck_assert_uint_eq(ring_neighbours(&ring, &id, 2, out), 3);
	ck_assert_uint_eq(number_of(&out[0]), 3);
	ck_assert_uint_eq(number_of(&out[1]), 5);
	ck_assert_uint_eq(number_of(&out[2]), 7);
	ring_free(&ring);

	make(&ring, 9);		/* 1 .. 17 */
	ck_assert_uint_eq(ring_neighbours(&ring, &id, 2, out), 4);
	ck_assert_uint_eq(number_of(&out[0]), 3);
	ck_assert_uint_eq(number_of(&out[1]), 5);
	ck_assert_uint_eq(number_of(&out[2]), 15);
	ck_assert_uint_eq(number_of(&out[3]), 17);
	ring_free(&ring);
}
END_TEST

START_TEST(distances_count_steps_in_their_direction)
{
	struct ring ring;
	struct id a = id_of(1), b = id_of(7);

	make(&ring, 5);		/* 1 3 5 7 9 */
	ck_assert_uint_eq(ring_distance(&ring, &a, &b, CLOCKWISE), 3);
	ck_assert_uint_eq(ring_distance(&ring, &a, &b, ANTICLOCKWISE), 2);
	ck_assert_uint_eq(ring_distance(&ring, &b, &a, CLOCKWISE), 2);
	ck_assert_uint_eq(ring_distance(&ring, &a, &a, CLOCKWISE), 0);
	ring_free(&ring);
}
END_TEST

START_TEST(equal_views_have_equal_hashes_and_others_do_not)
{
	struct ring one, same, other;
	struct id changed[3] = { id_of(1), id_of(3), id_of(6) };

	make(&one, 3);
	ring_init(&same);
	ring_copy(&same, &one);
	ck_assert_uint_eq(one.hash, same.hash);
	ck_assert_uint_eq(same.count, 3);
	make(&other, 4);
	ck_assert_uint_ne(one.hash, other.hash);
	ring_set(&other, changed, 3);
	ck_assert_uint_ne(one.hash, other.hash);
	ring_set(&other, one.ids, one.count);
	ck_assert_uint_eq(one.hash, other.hash);
	ring_free(&one);
	ring_free(&same);
	ring_free(&other);
}
END_TEST

START_TEST(only_members_are_in_the_ring)
{
	struct ring ring;
	struct id id;

	make(&ring, 3);
	id = id_of(3);
	ck_assert(ring_has(&ring, &id));
	id = id_of(4);
	ck_assert(!ring_has(&ring, &id));
	ring_free(&ring);
	ck_assert(!ring_has(&ring, &id));
}
END_TEST

/* A circle: n steps come home, pass everybody once, and back is back. */
static void
check_circle(const struct ring *ring, bool hashed, uint64_t term)
{
	bool seen[300] = { false };
	struct id at = ring->ids[0];

	for (size_t i = 0; i < ring->count; i++) {
		struct id next = *ring_next_in_term(ring, &at, CLOCKWISE,
		    hashed, term);

		ck_assert(!seen[number_of(&next) / 2]);
		seen[number_of(&next) / 2] = true;
		ck_assert(id_equal(ring_next_in_term(ring, &next,
				       ANTICLOCKWISE, hashed, term), &at));
		at = next;
	}
	ck_assert(id_equal(&at, &ring->ids[0]));
}

START_TEST(the_hashed_ring_is_a_circle_of_all_in_each_term)
{
	for (unsigned count = 1; count <= 257; count += 16) {
		struct ring ring;

		make(&ring, count);
		check_circle(&ring, false, 0);
		for (uint64_t term = 1; term < 4; term++)
			check_circle(&ring, true, term);
		ring_free(&ring);
	}
}
END_TEST

START_TEST(the_hashed_ring_changes_with_the_term)
{
	struct ring ring;
	unsigned moved = 0;

	make(&ring, 100);
	for (size_t i = 0; i < ring.count; i++)
		moved += !id_equal(
		    ring_next_in_term(&ring, &ring.ids[i], CLOCKWISE, true, 1),
		    ring_next_in_term(&ring, &ring.ids[i], CLOCKWISE, true, 2));
	ck_assert_uint_gt(moved, 80);
	ring_free(&ring);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ring");
	TCase *tests = tcase_create("ring");
	SRunner *runner;
	int failed;

	tcase_add_test(tests, neighbours_are_the_next_ids_and_the_ends_meet);
	tcase_add_test(tests, alone_one_is_ones_own_neighbour);
	tcase_add_test(tests, of_two_the_other_is_the_neighbour_on_both_sides);
	tcase_add_test(tests, a_neighbour_on_both_sides_is_named_once);
	tcase_add_test(tests, distances_count_steps_in_their_direction);
	tcase_add_test(tests, equal_views_have_equal_hashes_and_others_do_not);
	tcase_add_test(tests, only_members_are_in_the_ring);
	tcase_add_test(tests, the_hashed_ring_is_a_circle_of_all_in_each_term);
	tcase_add_test(tests, the_hashed_ring_changes_with_the_term);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
