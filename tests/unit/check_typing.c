/*
 * check_typing: that somebody is typing is told, seldom and to nobody else.
 */
#include <check.h>
#include <stdlib.h>

#include "core/typing.h"

static struct rooms rooms;
static struct room *room;
static struct typing typing;
static struct effects fx;
static const struct id bob = { { 2 } }, eve = { { 3 } };

static void
setup(void)
{
	struct id id = { { 0x77 } };

	rooms_init(&rooms);
	room = rooms_add(&rooms, &id, "#lobby");
	room->joined = true;
	MEM_GROW(room->audience, room->audience_count, room->audience_cap);
	room->audience[room->audience_count++] = bob;
	typing_init(&typing);
	effects_init(&fx);
}

static void
teardown(void)
{
	typing_free(&typing);
	rooms_free(&rooms);
	effects_free(&fx);
}

START_TEST(it_leaves_at_most_once_in_three_seconds)
{
	typing_say(&typing, 1000, room, &fx);
	typing_say(&typing, 1100, room, &fx);
	typing_say(&typing, 3999, room, &fx);
	ck_assert_uint_eq(fx.count, 1);
	ck_assert_int_eq(fx.items[0].type, EFFECT_SEND_MANY);
	ck_assert_int_eq(fx.items[0].send.frame->type, FRAME_TYPING);
	typing_say(&typing, 4000, room, &fx);
	ck_assert_uint_eq(fx.count, 2);
}
END_TEST

START_TEST(of_one_peer_it_is_told_at_most_once_a_second)
{
	ck_assert_int_eq(typing_recv(&typing, 1000, &bob, room, &fx),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(typing_recv(&typing, 1999, &bob, room, &fx),
	    VERDICT_OVER_LIMIT);
	ck_assert_uint_eq(fx.count, 1);
	ck_assert_int_eq(fx.items[0].event->type, DCHAT_EVENT_TYPING);
	ck_assert_str_eq(fx.items[0].event->typing.room, "#lobby");
	ck_assert(id_equal(&fx.items[0].event->typing.id, &bob));
	ck_assert_int_eq(typing_recv(&typing, 2000, &bob, room, &fx),
	    VERDICT_ACCEPTED);
}
END_TEST

START_TEST(who_is_not_in_the_room_types_there_in_vain)
{
	ck_assert_int_eq(typing_recv(&typing, 1000, &eve, room, &fx),
	    VERDICT_STALE);
	ck_assert_int_eq(typing_recv(&typing, 1000, &bob, NULL, &fx),
	    VERDICT_STALE);
	room->joined = false;
	ck_assert_int_eq(typing_recv(&typing, 1000, &bob, room, &fx),
	    VERDICT_STALE);
	ck_assert_uint_eq(fx.count, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("typing");
	TCase *tc = tcase_create("typing");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, it_leaves_at_most_once_in_three_seconds);
	tcase_add_test(tc, of_one_peer_it_is_told_at_most_once_a_second);
	tcase_add_test(tc, who_is_not_in_the_room_types_there_in_vain);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
