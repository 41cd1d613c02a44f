/*
 * check_liars: bundles that are signed and lie all the same: of causes that
 * are not, of numbers and clocks far ahead, of two things under one number;
 * and questions without end.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/hlc.h"
#include "crypto/identity.h"
#include "crypto/names.h"
#include "tests/net/siege.h"

static struct id
foe_id(void)
{
	return *identity_id(siege.foe.identity);
}

START_TEST(what_waits_for_a_cause_that_is_not_is_told_and_shown_later)
{
	struct dependency cause = { { foe_id(), 77 }, 3 };
	struct bundle bundle = siege_bundle(foe_id(), 1, 1, "orphan");
	const struct heard *held;
	const json_t *waiting;
	struct foe_link link;
	json_t *status;

	siege_join(&link);
	bundle.dependencies = &cause;
	bundle.dependency_count = 1;
	siege_send_bundle(&link, &bundle);
	held = peer_await(&siege.crowd, siege.ana, "held", "room", "#lobby",
	    PATIENCE_MS);
	ck_assert_ptr_nonnull(held);
	ck_assert_int_eq(
	    json_integer_value(json_object_get(held->event, "count")), 1);
	waiting = json_object_get(held->event, "waiting_for");
	ck_assert_uint_eq(json_array_size(waiting), 1);
	ck_assert_str_eq(json_string_value(json_array_get(waiting, 0)),
	    event_text(held->event, "author"));
	status = siege_status(siege.ana);
	ck_assert_int_eq(json_integer_value(json_object_get(status, "held")),
	    1);
	ck_assert_uint_eq(
	    json_array_size(json_object_get(status, "holding")), 1);
	/* Nobody has it: after half a minute it is given up, visibly. */
	held = peer_await(&siege.crowd, siege.ana, "message", "text",
	    "orphan", PATIENCE_MS);
	ck_assert_ptr_nonnull(held);
	ck_assert(json_is_true(json_object_get(held->event, "gap")));
	siege_check_health();
	foe_close(&link);
}
END_TEST

START_TEST(two_things_under_one_number_are_told_by_all)
{
	struct bundle yes = siege_bundle(foe_id(), 1, 1, "yes");
	struct bundle no = siege_bundle(foe_id(), 1, 1, "no");
	struct foe_link link;
	json_t *members;
	size_t marked = 0, i;
	const json_t *member;

	siege_join(&link);
	siege_send_bundle(&link, &yes);
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "message",
	    "text", "yes", PATIENCE_MS));
	siege_send_bundle(&link, &no);
	for (i = 0; i < HONEST; i++)
		ck_assert_ptr_nonnull(peer_await(&siege.crowd,
		    &siege.crowd.peers[i], "warning", "code", "two_faced",
		    PATIENCE_MS));
	members = peer_ask(&siege.crowd, siege.ana, PATIENCE_MS, "{s:s,s:s}",
	    "cmd", "members", "room", "#lobby");
	json_array_foreach(json_object_get(members, "members"), i, member)
		marked += json_is_true(json_object_get(member, "two_faced"));
	ck_assert_uint_eq(marked, 1);
	siege_check_health();
	foe_close(&link);
}
END_TEST

START_TEST(two_runs_of_a_copied_profile_are_not_called_liars)
{
	struct bundle one = siege_bundle(foe_id(), 1, 1, "here");
	struct bundle two = siege_bundle(foe_id(), 1, 1, "there");
	struct foe_link link;

	siege_join(&link);
	siege_send_bundle(&link, &one);
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "message",
	    "text", "here", PATIENCE_MS));
	two.nonce = one.nonce + 1;
	siege_send_bundle(&link, &two);
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "warning",
	    "code", "profile_copied", PATIENCE_MS));
	siege_check_health();
	foe_close(&link);
}
END_TEST

/* The longest texts pass, and one byte more is the end of the link. */
START_TEST(a_text_may_have_4096_bytes)
{
	json_int_t rejected = siege_counter(siege.ana, "rejected");
	char *text = mem_zero(LIMIT_TEXT + 2, 1);
	struct frame frame = { .type = FRAME_BUNDLE };
	struct bundle bundle;
	struct foe_link link;

	memset(text, 'x', LIMIT_TEXT);
	siege_join(&link);
	bundle = siege_bundle(foe_id(), 1, 1, text);
	siege_send_bundle(&link, &bundle);
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "message",
	    "text", text, PATIENCE_MS));
	/* The encoder would not write a longer one: a byte is added, signed. */
	bundle = siege_bundle(foe_id(), 1, 2, text);
	foe_seal_longer(&siege.foe, &bundle, &siege.arena);
	frame.bundle.bundle = bundle;
	foe_send(&link, &frame);
	ck_assert(foe_await_end(&link, SOON_MS));
	siege_await_rejected(rejected + 1);
	siege_check_health();
	foe_reset(&link);
	free(text);
}
END_TEST

START_TEST(numbers_and_clocks_far_ahead_drag_nobody_along)
{
	struct bundle bundle;
	const struct heard *heard;
	struct foe_link link;

	siege_join(&link);
	/* A number far ahead waits for all below it, and for nothing else. */
	bundle = siege_bundle(foe_id(), 1, UINT64_C(1) << 50, "far");
	siege_send_bundle(&link, &bundle);
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "held",
	    "room", "#lobby", PATIENCE_MS));
	/* A clock of 2199 is the order's from now on, and not the time's. */
	bundle = siege_bundle(foe_id(), 2, 1, "future");
	bundle.hlc = UINT64_C(7258000000000) << 16;
	siege_send_bundle(&link, &bundle);
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "message",
	    "text", "future", PATIENCE_MS));
	peer_send(siege.ana, "{s:s,s:s,s:s}", "cmd", "say", "room", "#lobby",
	    "text", "present");
	heard = peer_await(&siege.crowd, siege.bob, "message", "text",
	    "present", PATIENCE_MS);
	ck_assert_ptr_nonnull(heard);
	ck_assert_str_lt(event_text(heard->event, "time"), "2190");
	ck_assert_ptr_null(json_object_get(heard->event, "late"));
	siege_check_health();
	foe_close(&link);
}
END_TEST

START_TEST(who_asks_for_everything_without_end_gets_in_nobodys_way)
{
	enum { TIMES = 2000 };
	struct stream_range ranges[LIMIT_VECTOR_PAGE];
	struct frame frame = { .type = FRAME_WANT };
	struct frame vector = { .type = FRAME_VECTOR };
	struct vector_entry entry = { .top = UINT64_C(1) << 60 };
	struct foe_link link;

	siege_talk();
	siege_join(&link);
	names_room_id(siege.foe.tag, "#lobby", &frame.want.room);
	vector.vector.room = frame.want.room;
	ck_assert(id_parse(siege.bob->id, &entry.stream.author));
	for (size_t i = 0; i < LIMIT_VECTOR_PAGE; i++)
		ranges[i] = (struct stream_range){ entry.stream,
			{ 1, UINT64_C(1) << 60 } };
	frame.want.ranges = ranges;
	frame.want.count = LIMIT_VECTOR_PAGE;
	vector.vector.entries = &entry;
	vector.vector.count = 1;
	for (int i = 0; i < TIMES; i++) {
		foe_send(&link, &frame);
		/* And it promises what it never gives. */
		entry.stream.epoch = (uint64_t)i;
		foe_send(&link, &vector);
		if (i % 16 == 0) {
			foe_pump(&link);
			crowd_pump(&siege.crowd, 1);
		}
	}
	siege_check_health();
	foe_close(&link);
}
END_TEST

static void
add(TCase *tests)
{
	tcase_add_test(tests,
	    what_waits_for_a_cause_that_is_not_is_told_and_shown_later);
	tcase_add_test(tests, two_things_under_one_number_are_told_by_all);
	tcase_add_test(tests,
	    two_runs_of_a_copied_profile_are_not_called_liars);
	tcase_add_test(tests, a_text_may_have_4096_bytes);
	tcase_add_test(tests,
	    numbers_and_clocks_far_ahead_drag_nobody_along);
	tcase_add_test(tests,
	    who_asks_for_everything_without_end_gets_in_nobodys_way);
}

int
main(int argc, char **argv)
{
	(void)argc;
	return siege_run(argv, "liars", add);
}
