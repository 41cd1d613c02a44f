/* check_room: rooms are found by id and by name, and there are not too many. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/room.h"

static struct rooms rooms;

static void
setup(void)
{
	rooms_init(&rooms);
}

static void
teardown(void)
{
	rooms_free(&rooms);
}

static struct id
id_of(unsigned n)
{
	struct id id = { { 0 } };

	id.bytes[0] = (uint8_t)(n * 37);
	id.bytes[1] = (uint8_t)(n >> 8);
	id.bytes[2] = (uint8_t)n;
	return id;
}

START_TEST(a_room_is_found_by_id_and_by_name_and_made_once)
{
	struct id a = id_of(5), b = id_of(2);
	struct room *room = rooms_add(&rooms, &a, "#five");

	ck_assert_ptr_nonnull(room);
	ck_assert_ptr_ne(rooms_add(&rooms, &b, "#two"), room);
	ck_assert_ptr_eq(rooms_add(&rooms, &a, "#other"), room);
	ck_assert_str_eq(room->name, "#five");
	ck_assert_ptr_eq(rooms_find(&rooms, &a), room);
	ck_assert_ptr_eq(rooms_find_name(&rooms, "#five"), room);
	ck_assert_ptr_null(rooms_find_name(&rooms, "#fiv"));
	ck_assert(!room->joined);
	ck_assert_int_eq(room->past, PAST_UNKNOWN);
}
END_TEST

START_TEST(rooms_stand_in_order_and_never_move)
{
	struct room *first[100];

	for (unsigned i = 0; i < 100; i++) {
		struct id id = id_of(i);

		first[i] = rooms_add(&rooms, &id, "#x");
	}
	for (unsigned i = 0; i < 100; i++) {
		struct id id = id_of(i);

		ck_assert_ptr_eq(rooms_find(&rooms, &id), first[i]);
	}
	for (size_t i = 1; i < rooms.count; i++)
		ck_assert_int_lt(id_compare(&rooms.items[i - 1]->id,
				     &rooms.items[i]->id),
		    0);
}
END_TEST

START_TEST(there_are_so_many_rooms_and_no_more)
{
	struct id id;

	for (unsigned i = 0; i < LIMIT_ROOMS; i++) {
		id = id_of(i);
		ck_assert_ptr_nonnull(rooms_add(&rooms, &id, "#x"));
	}
	id = id_of(LIMIT_ROOMS);
	ck_assert_ptr_null(rooms_add(&rooms, &id, "#x"));
	id = id_of(3);
	ck_assert_ptr_nonnull(rooms_add(&rooms, &id, "#x"));
}
END_TEST

START_TEST(the_audience_is_who_is_in_it)
{
	struct id a = id_of(1), b = id_of(2);
	struct room *room = rooms_add(&rooms, &a, "#x");

	ck_assert(!room_has_audience(room, &a));
	MEM_GROW(room->audience, room->audience_count, room->audience_cap);
	room->audience[room->audience_count++] = b;
	ck_assert(room_has_audience(room, &b));
	ck_assert(!room_has_audience(room, &a));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("room");
	TCase *tc = tcase_create("room");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_room_is_found_by_id_and_by_name_and_made_once);
	tcase_add_test(tc, rooms_stand_in_order_and_never_move);
	tcase_add_test(tc, there_are_so_many_rooms_and_no_more);
	tcase_add_test(tc, the_audience_is_who_is_in_it);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
