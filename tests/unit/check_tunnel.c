/* host/tunnel: pieces of a link over a third, and who sends wrong ones. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/tunnel.h"
#include "tests/support/loop.h"

enum { PEER = 1, THIRD = 2, CHANNEL = 7 };

static struct loop loop;
static struct tunnels *tunnels;
static int accepted;		/* the descriptor of the last that dialled */
static unsigned dialled, sent, ends;
static struct relay last;	/* sent; its bytes in */
static uint8_t bytes[RELAY_PIECE];
static uint64_t total;		/* of bytes sent */
static bool crowded;

static struct id
id_of(unsigned n)
{
	struct id id = { { 0 } };

	id.bytes[0] = (uint8_t)n;
	return id;
}

static bool
on_send(void *self, const struct id *via, const struct frame *frame)
{
	struct id third = id_of(THIRD), peer = id_of(PEER);

	(void)self;
	ck_assert(id_equal(via, &third));
	ck_assert_int_eq(frame->type, FRAME_RELAY);
	ck_assert(id_equal(&frame->relay.to, &peer));
	if (crowded)
		return false;
	last = frame->relay;
	if (last.size > 0)
		memcpy(bytes, last.bytes, last.size);
	total += last.size;
	sent++;
	ends += last.end;
	return true;
}

static void
on_dialled(void *self, const struct id *peer, const struct id *via,
    int descriptor)
{
	(void)self, (void)peer, (void)via;
	dialled++;
	accepted = descriptor;
}

static void
set_up(void)
{
	loop_init(&loop);
	tunnels = tunnels_new(loop.base,
	    &(struct tunnel_events){ .send = on_send,
		.dialled = on_dialled,
		.stuck_ms = 200,
		.tick_ms = 20 });
	accepted = -1;
	dialled = sent = ends = 0;
	total = 0;
	crowded = false;
}

static void
tear_down(void)
{
	tunnels_destroy(tunnels);
	if (accepted >= 0)
		close(accepted);
	loop_free(&loop);
}

static struct relay
piece(uint64_t channel, uint64_t at, size_t size)
{
	static const uint8_t zeros[RELAY_PIECE];

	return (struct relay){ .origin = id_of(PEER), .channel = channel,
		.at = at, .bytes = zeros, .size = size };
}

static void
take(struct relay relay)
{
	struct id third = id_of(THIRD);

	tunnels_take(tunnels, &third, &relay);
}

/* The link's end finds the connection lost. */
static bool
is_closed(int descriptor)
{
	uint8_t byte;

	return read(descriptor, &byte, 1) == 0;
}

START_TEST(the_first_piece_opens_and_what_the_link_writes_goes_back)
{
	uint8_t got[5];

	take(piece(CHANNEL, 0, 5));
	ck_assert_uint_eq(dialled, 1);
	LOOP_UNTIL(&loop, read(accepted, got, sizeof got) == sizeof got);
	ck_assert_int_eq(write(accepted, "back", 4), 4);
	LOOP_UNTIL(&loop, total == 4);
	ck_assert_uint_eq(last.channel, CHANNEL);
	ck_assert_uint_eq(last.at, 0);
	ck_assert_uint_eq(last.taken, 5);
	ck_assert_mem_eq(bytes, "back", 4);
	/* The link is closed: the other end is told where it ends. */
	close(accepted);
	accepted = -1;
	LOOP_UNTIL(&loop, ends == 1);
	ck_assert_uint_eq(last.at, 4);
	take(piece(CHANNEL, 5, 1));
	ck_assert_uint_eq(ends, 2);
}
END_TEST

START_TEST(a_piece_of_a_channel_that_is_not_open_is_answered_with_its_end)
{
	struct relay over = { .origin = id_of(PEER), .end = true };

	take(piece(CHANNEL, 5, 5));
	ck_assert_uint_eq(ends, 1);
	take(piece(CHANNEL, 0, 0));
	ck_assert_uint_eq(ends, 2);
	/* but an end is not, or two could go on for ever */
	take(over);
	ck_assert_uint_eq(sent, 2);
	ck_assert_uint_eq(dialled, 0);
}
END_TEST

static const struct wrong {
	uint64_t at, taken;
	size_t size;
} wrongs[] = {
	{ 4, 0, 5 },				/* again */
	{ 6, 0, 5 },				/* a gap */
	{ 5, 1, 5 },				/* uses up what never was */
	{ UINT64_MAX, 0, 5 },
};

START_TEST(a_wrong_piece_ends_the_tunnel)
{
	struct relay wrong = piece(CHANNEL, wrongs[_i].at, wrongs[_i].size);

	take(piece(CHANNEL, 0, 5));
	wrong.taken = wrongs[_i].taken;
	take(wrong);
	ck_assert_uint_eq(ends, 1);
	LOOP_UNTIL(&loop, is_closed(accepted));
}
END_TEST

/* Whoever sends on though nothing is used up fills no memory. */
START_TEST(more_than_the_window_ends_the_tunnel)
{
	uint64_t at = 0;

	while (ends == 0) {
		ck_assert_uint_le(at, TUNNEL_WINDOW);
		take(piece(CHANNEL, at, RELAY_PIECE));
		at += RELAY_PIECE;
	}
}
END_TEST

START_TEST(no_more_than_the_window_is_under_way)
{
	struct id peer = id_of(PEER), third = id_of(THIRD);
	static uint8_t many[4 * TUNNEL_WINDOW];
	size_t written = 0;
	struct relay used = piece(0, 0, 0);

	accepted = tunnels_dial(tunnels, &peer, &third);
	ck_assert_int_ge(accepted, 0);
	while (total < TUNNEL_WINDOW) {
		ssize_t some = write(accepted, many, sizeof many);

		written += some > 0 ? (size_t)some : 0;
		loop_turn(&loop);
	}
	for (int i = 0; i < 5; i++)
		loop_turn(&loop);
	ck_assert_uint_eq(total, TUNNEL_WINDOW);
	ck_assert_uint_gt(written, TUNNEL_WINDOW);
	used.channel = last.channel;
	used.taken = 1000;
	take(used);
	LOOP_UNTIL(&loop, total == TUNNEL_WINDOW + 1000);
}
END_TEST

START_TEST(a_third_that_takes_nothing_more_ends_it)
{
	take(piece(CHANNEL, 0, 5));
	crowded = true;
	ck_assert_int_eq(write(accepted, "lost", 4), 4);
	loop_turn(&loop);
	crowded = false;
	take(piece(CHANNEL, 5, 5));
	ck_assert_uint_eq(ends, 1);
}
END_TEST

START_TEST(little_is_told_used_up_in_time)
{
	take(piece(CHANNEL, 0, 5));
	LOOP_UNTIL(&loop, sent == 1);
	ck_assert_uint_eq(last.taken, 5);
	ck_assert_uint_eq(last.size, 0);
	/* and once: an answer to it would be answered for ever */
	take(piece(CHANNEL, 5, 0));
	for (int i = 0; i < 5; i++)
		loop_turn(&loop);
	ck_assert_uint_eq(sent, 1);
}
END_TEST

START_TEST(what_a_third_keeps_to_itself_ends_the_tunnel)
{
	struct relay word = piece(CHANNEL, 5, 0);

	take(piece(CHANNEL, 0, 5));
	ck_assert_int_eq(write(accepted, "heard", 5), 5);
	LOOP_UNTIL(&loop, total == 5);
	word.taken = 5;
	take(word);
	ck_assert_int_eq(write(accepted, "kept", 4), 4);
	LOOP_UNTIL(&loop, ends == 1);
	ck_assert_uint_eq(total, 9);
}
END_TEST

START_TEST(with_the_link_to_the_third_all_over_it_go)
{
	struct id third = id_of(THIRD), other = id_of(3);

	take(piece(CHANNEL, 0, 5));
	tunnels_lost(tunnels, &other);
	loop_turn(&loop);
	ck_assert_int_eq(write(accepted, "here", 4), 4);
	LOOP_UNTIL(&loop, total == 4);
	tunnels_lost(tunnels, &third);
	ck_assert_int_eq(read(accepted, bytes, 5), 5);
	LOOP_UNTIL(&loop, is_closed(accepted));
}
END_TEST

START_TEST(there_are_bounds_to_how_many)
{
	for (unsigned i = 0; i < LIMIT_TUNNELS; i++) {
		take(piece(100 + i, 0, 1));
		ck_assert_uint_eq(dialled, i + 1);
		close(accepted);
		accepted = -1;
	}
	take(piece(1, 0, 1));
	ck_assert_uint_eq(dialled, LIMIT_TUNNELS);
	ck_assert_uint_eq(last.channel, 1);
	ck_assert(last.end);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tunnel");
	TCase *tests = tcase_create("tunnel");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests,
	    the_first_piece_opens_and_what_the_link_writes_goes_back);
	tcase_add_test(tests,
	    a_piece_of_a_channel_that_is_not_open_is_answered_with_its_end);
	tcase_add_loop_test(tests, a_wrong_piece_ends_the_tunnel, 0,
	    (int)(sizeof wrongs / sizeof wrongs[0]));
	tcase_add_test(tests, more_than_the_window_ends_the_tunnel);
	tcase_add_test(tests, no_more_than_the_window_is_under_way);
	tcase_add_test(tests, a_third_that_takes_nothing_more_ends_it);
	tcase_add_test(tests, little_is_told_used_up_in_time);
	tcase_add_test(tests, what_a_third_keeps_to_itself_ends_the_tunnel);
	tcase_add_test(tests, with_the_link_to_the_third_all_over_it_go);
	tcase_add_test(tests, there_are_bounds_to_how_many);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
