/*
 * check_sync: members of a room converge, whatever was lost and whoever
 * came late, in virtual time.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/catchup.h"
#include "tests/unit/room_net.h"

static struct room_net net;

static void
begin(size_t count, uint64_t seed)
{
	room_net_init(&net, count, seed);
	net.fx.tracing = getenv("TRACE") != NULL;
}

static void
teardown(void)
{
	room_net_free(&net);
}

/* One talker after the other says a message, `every` ms apart. */
static void
talk(size_t first, size_t last, size_t count, instant_ms every)
{
	for (size_t i = 0; i < count; i++) {
		size_t who = first + i % (last - first + 1);

		if (room_net_say(&net, who, i) != ERROR_NONE)
			ck_abort_msg("refused");
		room_net_run(&net, net.now + every);
	}
}

static size_t
live_count(const struct talker *talker)
{
	size_t count = 0;

	for (size_t i = 0; i < talker->shown_count; i++)
		count += talker->shown[i].live;
	return count;
}

START_TEST(without_losses_all_is_live_and_nothing_is_asked_for)
{
	begin(4, 1);
	room_net_join_all(&net);
	room_net_run(&net, 2000);
	talk(0, 3, 200, 20);
	room_net_run(&net, net.now + 20000);
	ck_assert(room_net_converged(&net));
	for (size_t i = 0; i < 4; i++) {
		ck_assert_uint_eq(net.talkers[i].shown_count, 200);
		ck_assert_uint_eq(live_count(&net.talkers[i]), 200);
		ck_assert_uint_eq(net.talkers[i].wants, 0);
		ck_assert_uint_eq(net.talkers[i].mc.duplicates, 0);
	}
}
END_TEST

START_TEST(silence_costs_no_vectors)
{
	size_t before = 0, after = 0;

	begin(4, 2);
	room_net_join_all(&net);
	talk(0, 3, 50, 20);
	room_net_run(&net, net.now + 30000);
	for (size_t i = 0; i < 4; i++)
		before += net.talkers[i].vectors;
	room_net_run(&net, net.now + 600000);
	for (size_t i = 0; i < 4; i++)
		after += net.talkers[i].vectors;
	ck_assert_uint_eq(after, before);
}
END_TEST

START_TEST(losses_doubles_and_overtaking_leave_all_with_the_same_in_order)
{
	for (uint64_t seed = 1; seed <= 30; seed++) {
		begin(4, seed);
		net.jitter_ms = 200;
		net.loss = 0.2;
		net.doubling = 0.2;
		room_net_join_all(&net);
		talk(0, 3, 200, 17);
		ck_assert_msg(room_net_until(&net, net.now + 60000,
				  room_net_converged),
		    "seed %llu does not converge",
		    (unsigned long long)seed);
		for (size_t i = 0; i < 4; i++)
			ck_assert_msg(net.talkers[i].shown_count == 200,
			    "seed %llu: %zu was shown %zu",
			    (unsigned long long)seed, i,
			    net.talkers[i].shown_count);
		room_net_free(&net);
	}
	begin(1, 1);
}
END_TEST

START_TEST(a_late_joiner_gets_the_last_500_and_then_what_is_live)
{
	struct talker *late = &net.talkers[3];
	size_t old = 0;
	uint64_t lowest = UINT64_MAX;

	begin(4, 3);
	for (size_t i = 0; i < 3; i++)
		room_net_join(&net, i);
	talk(0, 2, 2000, 5);
	room_net_run(&net, net.now + 10000);
	room_net_join(&net, 3);
	talk(0, 2, 30, 5);
	room_net_run(&net, net.now + 10000);
	ck_assert(room_net_converged(&net));
	for (size_t i = 0; i < late->shown_count; i++) {
		old += !late->shown[i].live;
		ck_assert(!late->shown[i].gap && !late->shown[i].late);
		if (late->shown[i].seq < lowest)
			lowest = late->shown[i].seq;
	}
	ck_assert_uint_ge(late->shown_count, 500 + 25);
	ck_assert_uint_le(late->shown_count, 500 + 30);
	ck_assert_uint_ge(old, 499);
	ck_assert_uint_ge(lowest, 1500 / 3);
	room_net_say(&net, 3, 1);
	room_net_run(&net, net.now + 100);
	ck_assert_uint_eq(talker_shown(&net.talkers[0], 3, 1), 1);
}
END_TEST

/* What the tail brings is slow, and a vector shows that it is lacking. */
static bool
is_tail_bundle(const struct room_net *unused, size_t from, size_t to,
    const struct frame *frame)
{
	(void)unused, (void)from;
	return to == 2 && frame->type == FRAME_BUNDLE &&
	    frame->bundle.bundle.seq > 20;
}

START_TEST(what_comes_with_the_tail_is_not_asked_for_besides)
{
	struct talker *late = &net.talkers[2];
	struct vector_entry entry = { talker_stream(0), .top = 150 };
	struct frame vector = { .type = FRAME_VECTOR };
	struct id holder = talker_id(0);
	instant_ms joined;

	begin(3, 21);
	room_net_join(&net, 0);
	room_net_join(&net, 1);
	talk(0, 1, 300, 5);
	room_net_run(&net, net.now + 10000);
	net.lose = is_tail_bundle;
	joined = net.now;
	room_net_join(&net, 2);
	room_net_run(&net, joined + 20);
	ck_assert_uint_eq(late->shown_count, 40);
	vector.vector.room = late->room->id;
	vector.vector.entries = &entry;
	vector.vector.count = 1;
	effects_clear(&net.fx);
	ck_assert_int_eq(sync_recv(&late->sync, net.now, &holder, &vector,
			     &net.fx), VERDICT_ACCEPTED);
	ck_assert_uint_eq(net.fx.count, 0);
	net.lose = NULL;
	room_net_run(&net, joined + 990);
	ck_assert_uint_eq(late->wants, 0);
	room_net_run(&net, joined + 1100);
	ck_assert_uint_ge(late->wants, 1);
	ck_assert(room_net_until(&net, joined + 10000, room_net_converged));
}
END_TEST

START_TEST(exactly_500_when_nobody_talks_meanwhile)
{
	begin(4, 4);
	for (size_t i = 0; i < 3; i++)
		room_net_join(&net, i);
	talk(0, 2, 2000, 5);
	room_net_run(&net, net.now + 10000);
	room_net_join(&net, 3);
	room_net_run(&net, net.now + 60000);
	ck_assert_uint_eq(net.talkers[3].shown_count, 500);
	ck_assert(room_net_converged(&net));
	ck_assert_uint_le(net.talkers[3].tails, 2);
	ck_assert_uint_eq(net.talkers[3].wants, 0);
}
END_TEST

static bool
is_tail(const struct room_net *n, size_t from, size_t to,
    const struct frame *frame)
{
	(void)n;
	(void)from;
	return frame->type == FRAME_TAIL && to != 2;
}

START_TEST(a_donor_that_does_not_answer_is_replaced)
{
	begin(4, 5);
	for (size_t i = 0; i < 3; i++)
		room_net_join(&net, i);
	talk(0, 2, 600, 5);
	net.lose = is_tail;
	room_net_join(&net, 3);
	room_net_run(&net, net.now + 5000);
	ck_assert_uint_eq(net.talkers[3].shown_count, 500);
}
END_TEST

START_TEST(a_tail_handed_on_keeps_its_base)
{
	struct stream early = talker_stream(3);

	begin(4, 6);
	room_net_join(&net, 3);
	talk(3, 3, 10, 5);
	room_net_join(&net, 0);
	room_net_run(&net, net.now + 5000);
	room_net_part(&net, 3);
	talk(0, 0, 700, 5);
	room_net_join(&net, 1);
	room_net_run(&net, net.now + 10000);
	room_net_cut(&net, 0, 1);
	room_net_cut(&net, 0, 2);
	talk(1, 1, 100, 5);
	/* 2 knows only 1, who never had the first 200 of 0 nor any of 3. */
	room_net_join(&net, 2);
	room_net_run(&net, net.now + 40000);
	ck_assert_uint_eq(net.talkers[2].shown_count, 500);
	ck_assert_uint_eq(talker_digest(&net.talkers[2]),
	    talker_digest(&net.talkers[1]));
	ck_assert_uint_eq(vclock_find(&net.talkers[2].room->delivered,
			      &early)->base,
	    10);
	ck_assert_uint_eq(multicast_held(&net.talkers[2].mc,
			      &net.talkers[2].room->id),
	    0);
}
END_TEST

static void
split(bool cut)
{
	for (size_t a = 0; a < 2; a++)
		for (size_t b = 2; b < 4; b++)
			if (cut)
				room_net_cut(&net, a, b);
			else
				room_net_heal(&net, a, b);
}

START_TEST(both_sides_of_a_healed_partition_get_what_they_missed_at_once)
{
	instant_ms healed;

	begin(4, 7);
	room_net_join_all(&net);
	talk(0, 3, 40, 20);
	room_net_run(&net, net.now + 5000);
	split(true);
	for (size_t i = 0; i < 100; i++) {
		room_net_say(&net, 0, i);
		room_net_say(&net, 1, i);
		room_net_say(&net, 2, i);
		room_net_say(&net, 3, i);
		room_net_run(&net, net.now + 50);
	}
	ck_assert(!room_net_converged(&net));
	split(false);
	healed = net.now;
	ck_assert(room_net_until(&net, healed + 2000, room_net_converged));
	ck_assert_int_le(net.now - healed, 500);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_uint_eq(net.talkers[i].shown_count, 440);
		ck_assert_uint_eq(live_count(&net.talkers[i]), 240);
	}
}
END_TEST

START_TEST(people_who_talk_while_a_partition_heals_see_causes_first)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		begin(4, seed);
		net.jitter_ms = 30;
		room_net_join_all(&net);
		talk(0, 3, 20, 10);
		split(true);
		talk(0, 3, 400, 3);
		split(false);
		talk(0, 3, 200, 3);
		ck_assert_msg(room_net_until(&net, net.now + 20000,
				  room_net_converged),
		    "seed %llu", (unsigned long long)seed);
		for (size_t i = 0; i < 4; i++)
			ck_assert_uint_eq(net.talkers[i].shown_count, 620);
		room_net_free(&net);
	}
	begin(1, 1);
}
END_TEST

START_TEST(a_third_hands_over_what_an_absent_author_said)
{
	begin(3, 8);
	room_net_join_all(&net);
	talk(0, 2, 6, 20);
	room_net_cut(&net, 0, 2);
	room_net_cut(&net, 1, 2);
	talk(0, 0, 10, 20);
	room_net_run(&net, net.now + 1000);
	room_net_cut(&net, 0, 1);
	room_net_heal(&net, 1, 2);
	room_net_run(&net, net.now + 1000);
	ck_assert_uint_eq(net.talkers[2].shown_count, 16);
	ck_assert_uint_eq(talker_digest(&net.talkers[1]),
	    talker_digest(&net.talkers[2]));
}
END_TEST

START_TEST(who_comes_back_to_a_room_gets_only_what_was_missed)
{
	begin(3, 9);
	room_net_join_all(&net);
	room_net_run(&net, 2000);
	talk(0, 2, 30, 20);
	room_net_part(&net, 2);
	talk(0, 1, 1000, 5);
	room_net_join(&net, 2);
	room_net_run(&net, net.now + 5000);
	ck_assert(room_net_converged(&net));
	ck_assert_uint_eq(net.talkers[2].shown_count, 1030);
	ck_assert_uint_eq(net.talkers[2].mc.duplicates, 0);
}
END_TEST

static bool
is_second_of_0(const struct room_net *n, size_t from, size_t to,
    const struct frame *frame)
{
	struct stream author = talker_stream(0);

	(void)n;
	(void)from;
	(void)to;
	return frame->type == FRAME_BUNDLE &&
	    frame->bundle.bundle.seq == 20 &&
	    stream_compare(&frame->bundle.bundle.stream, &author) == 0;
}

START_TEST(what_its_author_took_along_is_a_gap_until_it_comes_back)
{
	struct talker *left = &net.talkers[1];
	size_t gaps = 0;

	begin(3, 10);
	room_net_join_all(&net);
	talk(0, 2, 3 * 18, 20);
	room_net_run(&net, net.now + 1000);
	net.lose = is_second_of_0;
	net.gaps_expected = true;
	talk(0, 0, 4, 20);
	room_net_cut(&net, 0, 1);
	room_net_cut(&net, 0, 2);
	room_net_run(&net, net.now + 29000);
	ck_assert_uint_eq(talker_shown(left, 0, 22), 0);
	room_net_run(&net, net.now + 5000);
	ck_assert_uint_eq(talker_shown(left, 0, 20), 0);
	ck_assert_uint_eq(talker_shown(left, 0, 21), 1);
	ck_assert_uint_eq(talker_shown(left, 0, 22), 1);
	for (size_t i = 0; i < left->shown_count; i++)
		gaps += left->shown[i].gap;
	ck_assert_uint_eq(gaps, 1);
	net.lose = NULL;
	room_net_heal(&net, 0, 1);
	room_net_run(&net, net.now + 1000);
	ck_assert_uint_eq(talker_shown(left, 0, 20), 1);
	ck_assert(left->shown[left->shown_count - 1].late);
	room_net_run(&net, net.now + 20000);
	ck_assert_uint_eq(talker_shown(&net.talkers[2], 0, 20), 1);
}
END_TEST

START_TEST(a_pair_that_differs_for_good_compares_vectors_once)
{
	size_t before = 0, after = 0;

	begin(4, 17);
	room_net_join(&net, 0);
	room_net_join(&net, 1);
	talk(0, 1, 2 * 19, 20);
	net.lose = is_second_of_0;
	net.gaps_expected = true;
	talk(0, 0, 2, 20);
	room_net_cut(&net, 0, 1);
	room_net_run(&net, net.now + 40000);
	talk(1, 1, 600, 5);
	/* 3 begins behind the hole that 1 has for ever. */
	room_net_cut(&net, 0, 3);
	room_net_join(&net, 3);
	room_net_run(&net, net.now + 20000);
	ck_assert_uint_eq(net.talkers[3].shown_count, 500);
	ck_assert_uint_ne(talker_digest(&net.talkers[3]),
	    talker_digest(&net.talkers[1]));
	for (size_t i = 1; i < 4; i++)
		before += net.talkers[i].vectors;
	room_net_run(&net, net.now + 600000);
	for (size_t i = 1; i < 4; i++)
		after += net.talkers[i].vectors;
	ck_assert_uint_eq(after, before);
}
END_TEST

START_TEST(a_long_past_comes_in_pages)
{
	size_t wants;

	begin(2, 11);
	room_net_join_all(&net);
	talk(0, 1, 4, 20);
	room_net_run(&net, net.now + 5000);
	room_net_cut(&net, 0, 1);
	talk(0, 0, 3000, 1);
	wants = net.talkers[1].wants;
	room_net_heal(&net, 0, 1);
	ck_assert(room_net_until(&net, net.now + 5000, room_net_converged));
	ck_assert_uint_le(net.talkers[1].wants - wants, 3000 / LIMIT_PAGE_BUNDLES + 2);
	ck_assert_uint_le(net.talkers[1].mc.duplicates, 64);
}
END_TEST

/* Such as of big bundles, of which few fill a page. */
START_TEST(pages_that_end_early_are_not_waited_for)
{
	begin(2, 11);
	room_net_join_all(&net);
	talk(0, 1, 4, 20);
	room_net_run(&net, net.now + 5000);
	room_net_cut(&net, 0, 1);
	talk(0, 0, 400, 1);
	net.page_most = 2;
	room_net_heal(&net, 0, 1);
	ck_assert(room_net_until(&net, net.now + 4000, room_net_converged));
}
END_TEST

/* Its holders let it go: that is soon known. */
START_TEST(what_is_below_the_base_of_all_is_no_secret)
{
	struct stream stream = talker_stream(0);
	struct talker *t = &net.talkers[0];
	size_t kept = 0;

	begin(2, 11);
	room_net_join_all(&net);
	talk(0, 1, 4, 20);
	room_net_run(&net, net.now + 5000);
	room_net_cut(&net, 0, 1);
	talk(0, 0, 300, 1);
	vclock_raise_base(&t->room->delivered, &stream, 100);
	vclock_raise_base(&t->room->accepted, &stream, 100);
	for (size_t i = 0; i < t->disk_count; i++)
		if (id_equal(&t->disk[i]->stream.author, &t->id) &&
		    t->disk[i]->seq <= 100)
			bundle_free(t->disk[i]);
		else
			t->disk[kept++] = t->disk[i];
	t->disk_count = kept;
	net.gaps_expected = true;
	room_net_heal(&net, 0, 1);
	room_net_run(&net, net.now + 4000);
	ck_assert_uint_eq(talker_shown(&net.talkers[1], 0, 101), 1);
	ck_assert_uint_eq(vclock_top(&net.talkers[1].room->delivered,
			      &stream),
	    vclock_top(&t->room->delivered, &stream));
}
END_TEST

START_TEST(a_holder_that_vanishes_in_the_middle_is_replaced)
{
	instant_ms healed;

	begin(4, 12);
	room_net_join_all(&net);
	talk(0, 3, 8, 20);
	room_net_run(&net, net.now + 5000);
	for (size_t i = 0; i < 3; i++)
		room_net_cut(&net, i, 3);
	talk(0, 2, 2000, 3);
	room_net_heal(&net, 0, 3);
	room_net_heal(&net, 1, 3);
	healed = net.now;
	room_net_run(&net, healed + 30);
	ck_assert_uint_lt(net.talkers[3].shown_count, 2008);
	room_net_cut(&net, 0, 3);
	room_net_run(&net, healed + 3000);
	ck_assert_uint_eq(net.talkers[3].shown_count, 2008);
}
END_TEST

/* -- frames that may not be ---------------------------------------------- */

static enum verdict
recv_frame(const struct frame *frame)
{
	struct id from = talker_id(1);
	enum verdict verdict = sync_recv(&net.talkers[0].sync, net.now, &from,
	    frame, &net.fx);

	effects_clear(&net.fx);
	return verdict;
}

START_TEST(bad_frames_are_refused_and_change_nothing)
{
	struct range holes[2] = { { 3, 4 }, { 4, 5 } };
	struct vector_entry entries[LIMIT_VECTOR_PAGE + 1];
	struct stream_range ranges[LIMIT_VECTOR_PAGE + 1];
	struct frame frame = { .type = FRAME_VECTOR };
	uint64_t was;

	begin(2, 13);
	room_net_join_all(&net);
	talk(0, 1, 10, 20);
	was = talker_digest(&net.talkers[0]);
	for (size_t i = 0; i <= LIMIT_VECTOR_PAGE; i++) {
		entries[i] = (struct vector_entry){ .top = 9 };
		entries[i].stream = talker_stream(2);
		entries[i].stream.epoch = i + 1;
		ranges[i] = (struct stream_range){ talker_stream(2), { 1, 2 } };
	}
	frame.vector.room = net.talkers[0].room->id;
	frame.vector.entries = entries;
	frame.vector.count = LIMIT_VECTOR_PAGE + 1;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_OVER_LIMIT);
	frame.vector.count = 2;
	entries[1].stream.epoch = 1;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_MALFORMED);
	frame.vector.count = 1;
	entries[0].base = 10;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_MALFORMED);
	entries[0].base = 0;
	entries[0].top = UINT64_MAX;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_MALFORMED);
	entries[0].top = 9;
	entries[0].holes = holes;
	entries[0].hole_count = 2;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_MALFORMED);
	entries[0].hole_count = LIMIT_HOLES + 1;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_OVER_LIMIT);
	frame.vector.room.bytes[5] = 9;
	entries[0].hole_count = 0;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_STALE);

	frame.type = FRAME_WANT;
	frame.want.room = net.talkers[0].room->id;
	frame.want.ranges = ranges;
	frame.want.count = LIMIT_VECTOR_PAGE + 1;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_OVER_LIMIT);
	frame.want.count = 1;
	ranges[0].range = (struct range){ 0, 4 };
	ck_assert_int_eq(recv_frame(&frame), VERDICT_MALFORMED);
	ranges[0].range = (struct range){ 5, 4 };
	ck_assert_int_eq(recv_frame(&frame), VERDICT_MALFORMED);

	frame.type = FRAME_TAIL;
	frame.tail.room = net.talkers[0].room->id;
	frame.tail.messages = 0;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_MALFORMED);
	frame.type = FRAME_PING;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_MALFORMED);
	ck_assert_uint_eq(talker_digest(&net.talkers[0]), was);
}
END_TEST

START_TEST(a_vector_that_promises_what_never_comes_does_no_harm)
{
	struct vector_entry entry = { .top = 1000000 };
	struct frame frame = { .type = FRAME_VECTOR };

	begin(3, 14);
	room_net_join_all(&net);
	talk(0, 2, 30, 20);
	entry.stream = talker_stream(1);
	frame.vector.room = net.talkers[0].room->id;
	frame.vector.entries = &entry;
	frame.vector.count = 1;
	ck_assert_int_eq(recv_frame(&frame), VERDICT_ACCEPTED);
	talk(0, 2, 30, 20);
	room_net_run(&net, net.now + 40000);
	ck_assert(room_net_converged(&net));
	ck_assert_uint_eq(net.talkers[0].shown_count, 60);
	ck_assert_uint_le(net.talkers[0].wants, 3);
}
END_TEST

/* Whatever a peer promises, and however often it comes and goes. */
START_TEST(how_far_the_past_is_is_told_twice_a_second_at_most)
{
	enum { TIMES = 100 };
	struct vector_entry entry = { .top = 1000000 };
	struct frame frame = { .type = FRAME_VECTOR };
	struct sync *sync;
	size_t begun = 0, ended = 0;
	struct id from;

	begin(3, 15);
	room_net_join_all(&net);
	talk(0, 2, 30, 20);
	room_net_run(&net, net.now + 5000);
	sync = &net.talkers[0].sync;
	from = talker_id(1);
	entry.stream = talker_stream(1);
	frame.vector.room = net.talkers[0].room->id;
	frame.vector.entries = &entry;
	frame.vector.count = 1;
	for (instant_ms i = 0; i < TIMES; i++) {
		sync_recv(sync, net.now + 10 * i, &from, &frame, &net.fx);
		sync_lost(sync, net.now + 10 * i, &from, &net.fx);
		for (size_t k = 0; k < net.fx.count; k++) {
			const struct effect *effect = &net.fx.items[k];

			if (effect->type != EFFECT_NOTIFY ||
			    effect->event->type != DCHAT_EVENT_FETCHING)
				continue;
			begun += effect->event->fetching.left > 0;
			ended += effect->event->fetching.left == 0;
		}
		effects_clear(&net.fx);
	}
	ck_assert_uint_eq(begun, 2);
	ck_assert_uint_eq(ended, 2);
}
END_TEST

START_TEST(a_vector_of_a_thousand_streams_goes_in_pages)
{
	struct talker *t = &net.talkers[0];
	struct id from = talker_id(1);
	struct frame frame = { .type = FRAME_VECTOR };
	size_t streams = 0, pages = 0, replies = 0;

	begin(2, 15);
	t->joined = t->room->joined = true;
	t->room->past = PAST_BEGUN;
	for (uint64_t epoch = 1; epoch <= 1000; epoch++) {
		struct stream stream = talker_stream(1);

		stream.epoch = epoch;
		vclock_add_hole(&t->room->delivered, &stream, 1);
		for (uint64_t seq = 2; epoch % 10 == 0 && seq < 120; seq += 2) {
			vclock_add(&t->room->delivered, &stream, seq);
			vclock_add_hole(&t->room->delivered, &stream,
			    seq + 1);
		}
	}
	frame.vector.room = t->room->id;
	frame.vector.reply = true;
	sync_recv(&t->sync, net.now, &from, &frame, &net.fx);
	for (size_t i = 0; i < net.fx.count; i++) {
		const struct frame *page = net.fx.items[i].send.frame;

		ck_assert_int_eq(page->type, FRAME_VECTOR);
		ck_assert_uint_le(page->vector.count, LIMIT_VECTOR_PAGE);
		streams += page->vector.count;
		pages++;
		replies += page->vector.reply;
	}
	ck_assert_uint_eq(streams, 1000);
	ck_assert_uint_ge(pages, 4);
	ck_assert_uint_eq(replies, 0);
}
END_TEST

START_TEST(digests_are_of_the_rooms_shared_with_the_peer)
{
	struct id peer = talker_id(1), other = { { 0x99 } };
	const struct room_digest *digests;
	struct talker *t = &net.talkers[0];

	begin(2, 16);
	room_net_join_all(&net);
	rooms_add(&t->rooms, &other, "#other")->joined = true;
	ck_assert_uint_eq(sync_digests(&t->sync, &peer, &digests, &net.fx),
	    1);
	ck_assert(id_equal(&digests[0].room, &t->room->id));
	ck_assert_uint_eq(digests[0].digest, talker_digest(t));
}
END_TEST

START_TEST(what_one_has_given_is_not_lacking_for_another_has_it_too)
{
	struct stream stream = talker_stream(2);
	struct id one = talker_id(0), other = talker_id(1);
	struct catchup catchup;
	struct vclock accepted;

	begin(1, 22);
	vclock_init(&accepted);
	catchup_init(&catchup);
	catchup_offer(&catchup, &one, &stream, (struct range){ 1, 900 });
	catchup_offer(&catchup, &other, &stream, (struct range){ 1, 1000 });
	ck_assert_uint_eq(catchup_lacking(&catchup, &accepted), 1000);
	for (uint64_t seq = 1; seq <= 600; seq++)
		vclock_add(&accepted, &stream, seq);
	ck_assert_uint_eq(catchup_lacking(&catchup, &accepted), 400);
	catchup_free(&catchup);
	vclock_free(&accepted);
}
END_TEST

/* -- many rooms at once -------------------------------------------------- */

enum { MANY = 5 };

/* The ids go the other way, so that theirs is not the order of joining. */
static struct id
many_id(size_t index)
{
	return (struct id){ { (uint8_t)(0x90 - index) } };
}

/* Two are in them already, and the first talker joins one after the other. */
static void
join_many(void)
{
	struct talker *t = &net.talkers[0];
	char name[8];

	effects_clear(&net.fx);
	for (size_t i = 0; i < MANY; i++) {
		struct id id = many_id(i);
		struct room *room;

		snprintf(name, sizeof name, "#r%zu", i);
		room = rooms_add(&t->rooms, &id, name);
		room->joined = true;
		for (size_t k = 1; k <= 2; k++) {
			MEM_GROW(room->audience, room->audience_count,
			    room->audience_cap);
			room->audience[room->audience_count++] = talker_id(k);
		}
		sync_joined(&t->sync, net.now, room, &net.fx);
	}
}

/* Asks for one tail since the last call: its room's index, and of whom. */
static size_t
one_tail(struct id *donor)
{
	size_t index = MANY, tails = 0;

	for (size_t i = 0; i < net.fx.count; i++) {
		const struct effect *effect = &net.fx.items[i];

		if (effect->type != EFFECT_SEND ||
		    effect->send.frame->type != FRAME_TAIL)
			continue;
		tails++;
		*donor = effect->send.to[0];
		for (size_t k = 0; k < MANY; k++)
			if (effect->send.frame->tail.room.bytes[0] ==
			    many_id(k).bytes[0])
				index = k;
	}
	ck_assert_uint_le(tails, 1);
	effects_clear(&net.fx);
	return index;
}

/* The donor's bases of a room come; its bundles are behind them. */
static void
bases_come(size_t index, const struct id *donor)
{
	struct talker *t = &net.talkers[0];
	struct id id = many_id(index);
	struct room *room = rooms_find(&t->rooms, &id);

	multicast_bases(&t->mc, net.now, room, NULL, 0, &net.fx);
	sync_based(&t->sync, net.now, room, donor, 0, &net.fx);
}

START_TEST(of_many_rooms_one_is_asked_for_when_anothers_past_begins_to_come)
{
	struct id donor;

	begin(3, 17);
	join_many();
	for (size_t i = 0; i < MANY; i++) {
		ck_assert_uint_eq(one_tail(&donor), i);
		bases_come(i, &donor);
	}
	ck_assert_uint_eq(one_tail(&donor), MANY);
}
END_TEST

START_TEST(a_donor_of_one_room_that_says_nothing_does_not_hold_up_the_others)
{
	struct talker *t = &net.talkers[0];
	struct id donor, other;
	instant_ms began;

	begin(3, 18);
	began = net.now;
	join_many();
	ck_assert_uint_eq(one_tail(&donor), 0);
	net.now = sync_deadline(&t->sync);
	ck_assert_int_le(net.now, began + 250);
	sync_expire(&t->sync, net.now, &net.fx);
	for (size_t i = 1; i < MANY; i++) {
		ck_assert_uint_eq(one_tail(&other), i);
		bases_come(i, &other);
	}
	ck_assert_uint_eq(one_tail(&other), MANY);
	net.now = began + 1000;
	sync_expire(&t->sync, net.now, &net.fx);
	ck_assert_uint_eq(one_tail(&other), 0);
	ck_assert(!id_equal(&other, &donor));
}
END_TEST

START_TEST(a_room_that_is_left_lets_the_next_one_be_asked_for)
{
	struct talker *t = &net.talkers[0];
	struct id donor, id = many_id(0);
	struct room *room;

	begin(3, 19);
	join_many();
	ck_assert_uint_eq(one_tail(&donor), 0);
	room = rooms_find(&t->rooms, &id);
	room->joined = false;
	sync_parted(&t->sync, room, &net.fx);
	ck_assert_int_le(sync_deadline(&t->sync), net.now);
	sync_expire(&t->sync, net.now, &net.fx);
	ck_assert_uint_eq(one_tail(&donor), 1);
}
END_TEST

START_TEST(a_room_whose_turn_has_not_come_is_asked_of_who_is_still_there)
{
	struct talker *t = &net.talkers[0];
	struct id gone = talker_id(1), donor;

	begin(3, 20);
	join_many();
	ck_assert_uint_eq(one_tail(&donor), 0);
	for (size_t i = 0; i < t->rooms.count; i++)
		if (t->rooms.items[i]->audience_count > 0)
			MEM_REMOVE(t->rooms.items[i]->audience,
			    t->rooms.items[i]->audience_count, 0);
	sync_lost(&t->sync, net.now, &gone, &net.fx);
	if (id_equal(&donor, &gone))
		ck_assert_uint_eq(one_tail(&donor), 0);
	for (size_t i = 0; i < MANY; i++) {
		ck_assert(!id_equal(&donor, &gone));
		bases_come(i, &donor);
		ck_assert_uint_eq(one_tail(&donor), i + 1);
	}
	for (size_t i = 0; i < MANY; i++) {
		struct id id = many_id(i);

		ck_assert_int_eq(rooms_find(&t->rooms, &id)->past, PAST_EMPTY);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sync");
	TCase *tc = tcase_create("sync");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, without_losses_all_is_live_and_nothing_is_asked_for);
	tcase_add_test(tc, silence_costs_no_vectors);
	tcase_add_test(tc,
	    losses_doubles_and_overtaking_leave_all_with_the_same_in_order);
	tcase_add_test(tc,
	    a_late_joiner_gets_the_last_500_and_then_what_is_live);
	tcase_add_test(tc, what_comes_with_the_tail_is_not_asked_for_besides);
	tcase_add_test(tc, exactly_500_when_nobody_talks_meanwhile);
	tcase_add_test(tc, a_donor_that_does_not_answer_is_replaced);
	tcase_add_test(tc, a_tail_handed_on_keeps_its_base);
	tcase_add_test(tc,
	    both_sides_of_a_healed_partition_get_what_they_missed_at_once);
	tcase_add_test(tc,
	    people_who_talk_while_a_partition_heals_see_causes_first);
	tcase_add_test(tc, a_third_hands_over_what_an_absent_author_said);
	tcase_add_test(tc,
	    who_comes_back_to_a_room_gets_only_what_was_missed);
	tcase_add_test(tc,
	    what_its_author_took_along_is_a_gap_until_it_comes_back);
	tcase_add_test(tc, a_pair_that_differs_for_good_compares_vectors_once);
	tcase_add_test(tc, a_long_past_comes_in_pages);
	tcase_add_test(tc, pages_that_end_early_are_not_waited_for);
	tcase_add_test(tc, what_is_below_the_base_of_all_is_no_secret);
	tcase_add_test(tc, a_holder_that_vanishes_in_the_middle_is_replaced);
	tcase_add_test(tc, bad_frames_are_refused_and_change_nothing);
	tcase_add_test(tc,
	    a_vector_that_promises_what_never_comes_does_no_harm);
	tcase_add_test(tc,
	    how_far_the_past_is_is_told_twice_a_second_at_most);
	tcase_add_test(tc, a_vector_of_a_thousand_streams_goes_in_pages);
	tcase_add_test(tc, digests_are_of_the_rooms_shared_with_the_peer);
	tcase_add_test(tc,
	    what_one_has_given_is_not_lacking_for_another_has_it_too);
	tcase_add_test(tc,
	    of_many_rooms_one_is_asked_for_when_anothers_past_begins_to_come);
	tcase_add_test(tc,
	    a_donor_of_one_room_that_says_nothing_does_not_hold_up_the_others);
	tcase_add_test(tc, a_room_that_is_left_lets_the_next_one_be_asked_for);
	tcase_add_test(tc,
	    a_room_whose_turn_has_not_come_is_asked_of_who_is_still_there);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
