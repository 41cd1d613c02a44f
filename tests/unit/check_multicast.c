/*
 * check_multicast: what one says goes out in bundles, and what others say
 * is shown after its causes, whatever arrives when.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/one_talker.h"

/* -- saying -------------------------------------------------------------- */

START_TEST(what_cannot_be_said_is_refused_with_a_reason)
{
	char text[LIMIT_TEXT + 2];

	memset(text, 'x', sizeof text);
	text[LIMIT_TEXT + 1] = '\0';
	ck_assert_int_eq(say(1, ""), ERROR_EMPTY_TEXT);
	ck_assert_int_eq(say(1, text), ERROR_TOO_LONG);
	ck_assert_int_eq(say(1, "\xff"), ERROR_BAD_TEXT);
	room->joined = false;
	ck_assert_int_eq(say(1, "x"), ERROR_NOT_JOINED);
	ck_assert_uint_eq(fx.count, 0);
	ck_assert(!multicast_pending(&mc));
	room->joined = true;
	text[LIMIT_TEXT] = '\0';
	ck_assert_int_eq(say(1, text), ERROR_NONE);
	ck_assert(multicast_pending(&mc));
}
END_TEST

START_TEST(a_message_is_answered_shown_and_sent_when_it_is_safe)
{
	struct bundle *bundle;

	ck_assert_int_eq(say(11, "hi"), ERROR_NONE);
	bundle = take_publish();
	ck_assert_uint_eq(bundle->seq, 1);
	ck_assert_uint_eq(bundle->dependency_count, 0);
	ck_assert_int_eq(hlc_wall(bundle->hlc), WALL);
	publish(bundle);
	ck_assert_uint_eq(fx.count, 3);
	ck_assert_int_eq(event_at(0)->type, DCHAT_EVENT_OK);
	ck_assert_uint_eq(event_at(0)->ok.token, 11);
	ck_assert_int_eq(event_at(1)->type, DCHAT_EVENT_MESSAGE);
	ck_assert_str_eq(event_at(1)->message.msg, event_at(0)->ok.msg);
	ck_assert_str_eq(event_at(1)->message.text, "hi");
	ck_assert_str_eq(event_at(1)->message.room, "#lobby");
	ck_assert_uint_eq(event_at(1)->message.token, 11);
	ck_assert(event_at(1)->message.live);
	ck_assert(!event_at(1)->message.late);
	ck_assert_int_eq(fx.items[2].type, EFFECT_SEND_MANY);
	ck_assert_uint_eq(fx.items[2].send.count, 3);
	ck_assert(!fx.items[2].send.frame->bundle.backlog);
	ck_assert(!multicast_pending(&mc));
}
END_TEST

START_TEST(a_clock_that_runs_ahead_drags_the_order_and_not_the_time)
{
	struct bundle ahead = make(1, 1, NULL, 0), *mine;

	ahead.hlc = ((uint64_t)WALL + 3600000) << 16;
	recv_at(0, &ahead, false);
	store_all();
	effects_clear(&fx);
	say(1, "my clock is right");
	mine = take_publish();
	ck_assert_uint_gt(mine->hlc, ahead.hlc);
	ck_assert_uint_eq(mine->wall, WALL);
	publish(mine);
	ck_assert_int_eq(event_at(1)->message.time, WALL);
	ck_assert(!event_at(1)->message.late);
}
END_TEST

START_TEST(a_thousand_said_meanwhile_leave_in_sixteen_bundles)
{
	size_t bundles = 0;
	uint64_t next = 0, seq = 0;
	bool ordered = true;

	ck_assert_int_eq(say(0, "first"), ERROR_NONE);
	for (uint64_t i = 1; i <= 1000; i++)
		ordered = say(i, "x") == ERROR_NONE && ordered;
	ck_assert_uint_eq(count_effects(EFFECT_PUBLISH), 1);
	while (multicast_pending(&mc)) {
		struct bundle *bundle = take_publish();

		bundles++;
		ordered = ordered && bundle->seq == ++seq;
		publish(bundle);
		for (size_t i = 0; event_at(i) != NULL; i++)
			if (event_at(i)->type == DCHAT_EVENT_OK)
				ordered = ordered &&
				    event_at(i)->ok.token == next++;
	}
	ck_assert(ordered);
	ck_assert_uint_eq(next, 1001);
	ck_assert_uint_eq(bundles, 1 + (1000 + 63) / 64);
}
END_TEST

START_TEST(the_outbox_has_an_end)
{
	for (uint64_t i = 0; i < LIMIT_OUTBOX; i++)
		if (say(i, "x") != ERROR_NONE)
			ck_abort_msg("refused number %d", (int)i);
	ck_assert_int_eq(say(0, "x"), ERROR_BUSY);
	publish(take_publish());
	ck_assert_int_eq(say(0, "x"), ERROR_NONE);
}
END_TEST

START_TEST(long_texts_are_spread_over_bundles_that_fit)
{
	char text[LIMIT_TEXT + 1];
	size_t said = 1;

	/* Each of these is six bytes in JSON. */
	memset(text, '\x01', LIMIT_TEXT);
	text[LIMIT_TEXT] = '\0';
	ck_assert_int_eq(say(0, "first"), ERROR_NONE);
	for (uint64_t i = 0; i < 4; i++)
		ck_assert_int_eq(say(i, text), ERROR_NONE);
	memset(text, 'x', LIMIT_TEXT);
	for (uint64_t i = 0; i < 20; i++)
		ck_assert_int_eq(say(i, text), ERROR_NONE);
	while (multicast_pending(&mc)) {
		struct bundle *bundle = take_publish();
		size_t size = 0;

		for (size_t i = 0; i < bundle->message_count; i++)
			size += strlen(bundle->messages[i].text) *
			    (bundle->messages[i].text[0] == '\x01' ? 6 : 1);
		ck_assert_uint_le(size, LIMIT_BUNDLE_TEXT);
		ck_assert_uint_ge(bundle->message_count, 1);
		said += bundle->message_count;
		publish(bundle);
	}
	ck_assert_uint_eq(said, 1 + 25);
}
END_TEST

START_TEST(what_could_not_be_stored_is_answered_with_its_error)
{
	struct stream own = talker_stream(0);
	struct bundle *bundle;

	say(1, "a");
	say(2, "b");
	bundle_free(take_publish());
	multicast_publish_failed(&mc, 0, WALL, &room->id, ERROR_INTERNAL,
	    &fx);
	ck_assert_int_eq(event_at(0)->type, DCHAT_EVENT_ERROR);
	ck_assert_uint_eq(event_at(0)->error.token, 1);
	ck_assert_int_eq(event_at(0)->error.code, ERROR_INTERNAL);
	ck_assert_ptr_null(event_at(1));
	bundle = take_publish();
	ck_assert_uint_eq(bundle->seq, 1);
	ck_assert_str_eq(bundle->messages[0].text, "b");
	publish(bundle);
	ck_assert_uint_eq(vclock_top(&room->delivered, &own), 1);
}
END_TEST

START_TEST(leaving_a_room_answers_what_was_not_yet_published)
{
	struct dependency cause = { talker_stream(2), 5 };
	struct bundle orphan = make(1, 1, &cause, 1), *bundle;

	say(1, "a");
	say(2, "b");
	bundle = take_publish();
	recv_at(0, &orphan, false);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	effects_clear(&fx);
	room->joined = false;
	multicast_parted(&mc, 0, room, &fx);
	ck_assert_uint_eq(event_at(0)->error.token, 2);
	ck_assert_int_eq(event_at(0)->error.code, ERROR_NOT_JOINED);
	ck_assert_ptr_null(event_at(1));
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
	ck_assert(multicast_deadline(&mc) == NEVER);
	effects_clear(&fx);
	publish(bundle);
	ck_assert_uint_eq(event_at(0)->ok.token, 1);
	ck_assert(!multicast_pending(&mc));
}
END_TEST

START_TEST(a_bundle_depends_on_the_heads_of_what_was_delivered)
{
	struct dependency causes[2] = { { talker_stream(1), 1 },
		{ talker_stream(2), 1 } };
	struct bundle third = make(3, 1, causes, 2), *bundle;

	recv_plain(0, 1, 1);
	recv_plain(0, 2, 1);
	store_all();
	effects_clear(&fx);
	say(1, "a");
	bundle = take_publish();
	ck_assert_uint_eq(bundle->dependency_count, 2);
	ck_assert_int_eq(stream_compare(&bundle->dependencies[1].stream,
			     &causes[1].stream),
	    0);
	publish(bundle);
	/* 3:1 is concurrent to mine and stands for 1:1 and 2:1. */
	recv_at(0, &third, false);
	say(2, "not yet");
	ck_assert_uint_eq(
	    effect_at(EFFECT_PUBLISH, 0)->bundle->dependency_count, 0);
	publish(bundle_clone(effect_at(EFFECT_PUBLISH, 0)->bundle));
	store_all();
	effects_clear(&fx);
	say(3, "c");
	bundle = take_publish();
	ck_assert_uint_eq(bundle->dependency_count, 1);
	ck_assert_int_eq(stream_compare(&bundle->dependencies[0].stream,
			     &third.stream),
	    0);
	bundle_free(bundle);
}
END_TEST

START_TEST(more_heads_than_a_bundle_may_name_are_folded_first)
{
	size_t folds = 0;

	for (uint64_t epoch = 1; epoch <= 1000; epoch++) {
		struct bundle bundle = make(1, 1, NULL, 0);

		bundle.stream.epoch = epoch;
		bundle.stream.author.bytes[15] = (uint8_t)(epoch % 8);
		recv_at(0, &bundle, false);
	}
	ck_assert_uint_eq(store_all(), 1000);
	effects_clear(&fx);
	say(1, "at last");
	for (;;) {
		struct bundle *bundle = take_publish();
		bool fold = bundle->message_count == 0;

		ck_assert_uint_le(bundle->dependency_count,
		    LIMIT_DEPENDENCIES);
		publish(bundle);
		if (!fold)
			break;
		folds++;
		ck_assert_ptr_null(event_at(0));
	}
	ck_assert_uint_eq(folds, 3);
	ck_assert_uint_eq(event_at(0)->ok.token, 1);
	effects_clear(&fx);
	say(2, "again");
	ck_assert_uint_eq(
	    effect_at(EFFECT_PUBLISH, 0)->bundle->dependency_count, 0);
}
END_TEST

/* -- receiving ----------------------------------------------------------- */

START_TEST(an_author_with_too_many_streams_leaves_room_for_others)
{
	struct bundle bundle = make(1, 1, NULL, 0);

	for (uint64_t epoch = 1; epoch <= LIMIT_STREAMS_AUTHOR; epoch++) {
		bundle.stream.epoch = epoch;
		ck_assert_int_eq(recv_at(0, &bundle, false),
		    VERDICT_ACCEPTED);
	}
	bundle.stream.epoch = LIMIT_STREAMS_AUTHOR + 1;
	ck_assert_int_eq(recv_at(0, &bundle, false), VERDICT_OVER_LIMIT);
	ck_assert_int_eq(recv_plain(0, 2, 1), VERDICT_ACCEPTED);
}
END_TEST

/* Its author can show others streams for which there is no place here. */
START_TEST(what_lies_in_a_stream_without_a_place_is_not_waited_for)
{
	struct dependency causes[2] = { { talker_stream(1), 1 },
		{ talker_stream(3), 1 } };
	struct bundle many = make(1, 1, NULL, 0);
	struct bundle effect = make(2, 1, causes, 2);

	for (uint64_t epoch = 1; epoch <= LIMIT_STREAMS_AUTHOR; epoch++) {
		many.stream.epoch = epoch;
		recv_at(0, &many, false);
	}
	causes[0].stream.epoch = LIMIT_STREAMS_AUTHOR + 1;
	store_all();
	effects_clear(&fx);
	recv_at(10, &effect, false);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	recv_plain(20, 3, 1);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
	store_all();
	ck_assert_uint_eq(event_at(1)->message.seq, 1);
	ck_assert(event_at(1)->message.gap);
	ck_assert(id_equal(&event_at(1)->message.author,
	    &effect.stream.author));
}
END_TEST

START_TEST(nor_is_it_when_the_last_place_is_taken_meanwhile)
{
	struct dependency causes[3];
	struct bundle many = make(1, 1, NULL, 0);
	struct bundle effect = make(2, 1, causes, 3);

	for (size_t i = 0; i < 3; i++)
		causes[i] =
		    (struct dependency){ { talker_id(1), 1000 + i }, 1 };
	recv_at(0, &effect, false);
	for (uint64_t epoch = 1; epoch <= LIMIT_STREAMS_AUTHOR; epoch++) {
		many.stream.epoch = epoch;
		recv_at(0, &many, false);
	}
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	/* Its sender was asked and gives them, the last one first. */
	for (size_t i = 3; i-- > 0;) {
		many.stream = causes[i].stream;
		ck_assert_int_eq(recv_at(0, &many, true), VERDICT_OVER_LIMIT);
	}
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
}
END_TEST

START_TEST(a_bundle_waits_for_its_cause_and_is_stored_before_it_is_shown)
{
	struct dependency cause = { talker_stream(1), 2 };
	struct bundle effect = make(2, 1, &cause, 1);

	ck_assert_int_eq(recv_at(0, &effect, false), VERDICT_ACCEPTED);
	ck_assert_int_eq(recv_plain(0, 1, 2), VERDICT_ACCEPTED);
	ck_assert_uint_eq(count_effects(EFFECT_STORE), 0);
	ck_assert_ptr_null(event_at(0));
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 2);
	ck_assert_int_eq(recv_plain(0, 1, 1), VERDICT_ACCEPTED);
	ck_assert_uint_eq(count_effects(EFFECT_STORE), 3);
	ck_assert_ptr_null(event_at(0));
	ck_assert_uint_eq(effect_at(EFFECT_STORE, 0)->bundle->seq, 1);
	ck_assert_uint_eq(effect_at(EFFECT_STORE, 1)->bundle->seq, 2);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
	store_all();
	ck_assert_uint_eq(count_effects(EFFECT_NOTIFY), 3);
	ck_assert(id_equal(&event_at(2)->message.author,
	    &effect.stream.author));
	ck_assert(event_at(2)->message.live);
	ck_assert_uint_eq(mc.delivered, 3);
	ck_assert(multicast_deadline(&mc) == NEVER);
}
END_TEST

START_TEST(what_is_known_is_a_duplicate)
{
	struct stream one = talker_stream(1);

	recv_plain(0, 1, 1);
	recv_plain(0, 1, 3);
	ck_assert(multicast_knows(&mc, &room->id, &one, 1));
	ck_assert(!multicast_knows(&mc, &room->id, &one, 2));
	ck_assert(multicast_knows(&mc, &room->id, &one, 3));
	ck_assert_int_eq(recv_plain(0, 1, 1), VERDICT_DUPLICATE);
	ck_assert_int_eq(recv_plain(0, 1, 3), VERDICT_DUPLICATE);
	ck_assert_uint_eq(count_effects(EFFECT_STORE), 1);
	ck_assert_uint_eq(mc.duplicates, 2);
	store_all();
	ck_assert_int_eq(recv_plain(0, 1, 1), VERDICT_DUPLICATE);
}
END_TEST

START_TEST(what_was_asked_for_is_not_live_and_shows_whether_it_is_late)
{
	struct bundle early = make(1, 1, NULL, 0), other = make(2, 1, NULL, 0);

	early.hlc = 500;
	other.hlc = 900;
	recv_at(0, &other, false);
	store_all();
	ck_assert(event_at(0)->message.live);
	ck_assert(!event_at(0)->message.late);
	effects_clear(&fx);
	recv_at(0, &early, true);
	store_all();
	ck_assert(!event_at(0)->message.live);
	ck_assert(event_at(0)->message.late);
	effects_clear(&fx);
	recv_plain(0, 1, 2);
	store_all();
	ck_assert(!event_at(0)->message.late);
}
END_TEST

/* -- what may not be ----------------------------------------------------- */

static uint64_t
fingerprint(void)
{
	return vclock_digest(&room->delivered) ^
	    vclock_digest(&room->accepted) * 3 ^
	    multicast_held(&mc, &room->id) * 5 ^ mc.hlc.last * 7 ^
	    mc.bundles_received * 11;
}

static void
refused(const struct bundle *bundle, enum verdict verdict)
{
	uint64_t was = fingerprint();

	ck_assert_int_eq(recv_at(0, bundle, false), verdict);
	ck_assert_uint_eq(fingerprint(), was);
	ck_assert_uint_eq(fx.count, 0);
}

START_TEST(every_bundle_that_may_not_be_leaves_no_trace)
{
	struct dependency causes[LIMIT_DEPENDENCIES + 1];
	struct message messages[LIMIT_BUNDLE_MESSAGES + 1];
	char text[LIMIT_TEXT + 2];
	struct bundle good, bad;

	recv_plain(0, 1, 1);
	recv_plain(0, 1, 4);
	store_all();
	effects_clear(&fx);
	good = make(1, 2, causes, 1);
	for (size_t i = 0; i <= LIMIT_DEPENDENCIES; i++) {
		causes[i] = (struct dependency){ talker_stream(2), 1 };
		causes[i].stream.epoch = i + 1;
	}
	for (size_t i = 0; i <= LIMIT_BUNDLE_MESSAGES; i++)
		messages[i] = hello;

	bad = good;
	bad.room.bytes[3] = 1;
	refused(&bad, VERDICT_STALE);
	bad = good;
	bad.seq = 0;
	refused(&bad, VERDICT_MALFORMED);
	bad.seq = UINT64_MAX;
	refused(&bad, VERDICT_MALFORMED);
	bad = good;
	bad.hlc = UINT64_MAX;
	refused(&bad, VERDICT_MALFORMED);
	bad = good;
	bad.dependency_count = LIMIT_DEPENDENCIES + 1;
	refused(&bad, VERDICT_OVER_LIMIT);
	bad = good;
	causes[0].seq = 0;
	refused(&bad, VERDICT_MALFORMED);
	causes[0] = (struct dependency){ bad.stream, bad.seq };
	refused(&bad, VERDICT_MALFORMED);
	causes[0] = (struct dependency){ bad.stream, bad.seq + 7 };
	refused(&bad, VERDICT_MALFORMED);
	causes[0] = (struct dependency){ talker_stream(0), 1 };
	refused(&bad, VERDICT_MALFORMED);
	causes[0] = causes[1];
	bad.dependency_count = 2;
	refused(&bad, VERDICT_MALFORMED);
	bad.dependency_count = 0;
	bad.messages = messages;
	bad.message_count = LIMIT_BUNDLE_MESSAGES + 1;
	refused(&bad, VERDICT_OVER_LIMIT);
	bad.message_count = 1;
	messages[0].text = "";
	refused(&bad, VERDICT_MALFORMED);
	messages[0].text = "\xc0\x80";
	refused(&bad, VERDICT_MALFORMED);
	messages[0] = (struct message){ (enum message_kind)77, "x", "" };
	refused(&bad, VERDICT_MALFORMED);
	memset(text, 'x', LIMIT_TEXT + 1);
	text[LIMIT_TEXT + 1] = '\0';
	messages[0] = (struct message){ KIND_TEXT, text, "" };
	refused(&bad, VERDICT_OVER_LIMIT);
	text[LIMIT_TEXT] = '\0';
	for (size_t i = 0; i < 9; i++)
		messages[i].text = text;
	bad.message_count = 9;
	refused(&bad, VERDICT_OVER_LIMIT);
	bad = good;
	bad.dependency_count = 0;
	bad.stream = talker_stream(0);
	refused(&bad, VERDICT_MALFORMED);
	room->joined = false;
	refused(&good, VERDICT_STALE);
}
END_TEST

START_TEST(what_is_held_back_of_one_stream_has_a_bound)
{
	for (uint64_t seq = 2; seq < 2 + LIMIT_HELD_STREAM; seq++)
		if (recv_plain(0, 1, seq) != VERDICT_ACCEPTED)
			ck_abort_msg("refused number %d", (int)seq);
	ck_assert_int_eq(recv_plain(0, 1, 5000), VERDICT_OVER_LIMIT);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), LIMIT_HELD_STREAM);
	/* Another stream has its own place. */
	ck_assert_int_eq(recv_plain(0, 2, 2), VERDICT_ACCEPTED);
	ck_assert_int_eq(recv_plain(0, 1, 1), VERDICT_ACCEPTED);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	ck_assert_uint_eq(store_all(), LIMIT_HELD_STREAM + 1);
}
END_TEST

START_TEST(what_is_held_back_of_a_room_has_a_bound_that_the_heaviest_pays)
{
	struct bundle bundle = make(1, 2, NULL, 0);
	struct stream heaviest = { talker_id(1), 1 };

	/* 20 streams of 204, one of 16, a room is 4096. */
	for (uint64_t epoch = 1; epoch <= 20; epoch++)
		for (uint64_t seq = 2; seq < 2 + 204; seq++) {
			bundle.stream.epoch = epoch;
			bundle.seq = seq;
			recv_at(0, &bundle, false);
		}
	for (uint64_t seq = 2; seq < 2 + 16; seq++) {
		bundle.stream.epoch = 21;
		bundle.seq = seq;
		ck_assert_int_eq(recv_at(0, &bundle, false),
		    VERDICT_ACCEPTED);
	}
	ck_assert_uint_eq(multicast_held(&mc, &room->id), LIMIT_HELD_ROOM);
	bundle.seq++;
	ck_assert_int_eq(recv_at(0, &bundle, false), VERDICT_ACCEPTED);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), LIMIT_HELD_ROOM);
	ck_assert(!multicast_knows(&mc, &room->id, &heaviest, 205));
	ck_assert(multicast_knows(&mc, &room->id, &heaviest, 204));
}
END_TEST

START_TEST(who_speaks_in_many_epochs_pays_for_all_of_them)
{
	struct bundle many = make(1, 2, NULL, 0), one = make(2, 2, NULL, 0);
	struct stream theirs = { talker_id(2), 1 };

	one.stream = theirs;
	/* 20 streams of 204; then one of 210 of somebody else. */
	for (uint64_t epoch = 1; epoch <= 20; epoch++)
		for (uint64_t seq = 2; seq < 2 + 204; seq++) {
			many.stream.epoch = epoch;
			many.seq = seq;
			recv_at(0, &many, false);
		}
	for (one.seq = 2; one.seq < 2 + 210; one.seq++)
		ck_assert_int_eq(recv_at(0, &one, false), VERDICT_ACCEPTED);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), LIMIT_HELD_ROOM);
	for (uint64_t seq = 2; seq < 2 + 210; seq++)
		ck_assert(multicast_knows(&mc, &room->id, &theirs, seq));
}
END_TEST

START_TEST(heavy_bundles_are_bounded_by_their_bytes)
{
	char text[LIMIT_TEXT + 1];
	struct message messages[8];
	struct bundle bundle = make(1, 2, NULL, 0);

	memset(text, 'x', LIMIT_TEXT);
	text[LIMIT_TEXT] = '\0';
	for (size_t i = 0; i < 8; i++)
		messages[i] = (struct message){ KIND_TEXT, text, "" };
	bundle.messages = messages;
	bundle.message_count = 8;
	while (recv_at(0, &bundle, false) == VERDICT_ACCEPTED)
		bundle.seq++;
	ck_assert_uint_lt(bundle.seq, LIMIT_HELD_STREAM);
	ck_assert_uint_ge(bundle.seq, 28);
	for (uint64_t epoch = 2; epoch < 20; epoch++)
		for (bundle.seq = 2; bundle.seq < 25; bundle.seq++) {
			bundle.stream.epoch = epoch;
			recv_at(0, &bundle, false);
		}
	ck_assert_uint_lt(multicast_held(&mc, &room->id),
	    LIMIT_HELD_ROOM_BYTES / (8 * LIMIT_TEXT) + 1);
}
END_TEST

START_TEST(thousands_held_back_flow_when_the_first_comes)
{
	struct dependency cause = { talker_stream(1), 1 };

	/* 16 streams in a chain of 250 rounds, sent backwards. */
	for (uint64_t seq = 250; seq >= 1; seq--)
		for (uint64_t epoch = 16; epoch >= 1; epoch--) {
			struct bundle bundle = make(2, seq, &cause, 1);

			bundle.stream.epoch = epoch;
			cause = (struct dependency){ bundle.stream, seq };
			cause.stream.epoch = epoch == 1 ? 16 : epoch - 1;
			cause.seq = epoch == 1 ? seq - 1 : seq;
			if (cause.seq == 0)
				cause = (struct dependency){
					talker_stream(1), 1 };
			recv_at(0, &bundle, false);
		}
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 4000);
	recv_plain(0, 1, 1);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
	ck_assert_uint_eq(count_effects(EFFECT_STORE), 4001);
}
END_TEST

/* -- what is missing ----------------------------------------------------- */

START_TEST(a_missing_cause_is_asked_of_the_sender_and_then_of_others)
{
	struct dependency cause = { talker_stream(3), 2 };
	struct bundle orphan = make(2, 1, &cause, 1);
	instant_ms now = 1000, last = now;
	bool asked[4] = { false };
	size_t asks = 0;

	recv_at(now, &orphan, false);
	ck_assert_int_eq(multicast_deadline(&mc), now + 200);
	while (now < 25000) {
		const struct effect *send;

		effects_clear(&fx);
		now = multicast_deadline(&mc);
		multicast_expire(&mc, now, &fx);
		send = effect_at(EFFECT_SEND, 0);
		if (send == NULL)
			continue;
		ck_assert_int_eq(send->send.frame->type, FRAME_WANT);
		ck_assert_uint_eq(send->send.frame->want.count, 1);
		ck_assert_uint_eq(send->send.frame->want.ranges[0].range.first,
		    1);
		ck_assert_uint_eq(send->send.frame->want.ranges[0].range.last,
		    2);
		ck_assert_int_le(now - last, 5000);
		ck_assert_int_ge(now - last, 200);
		if (asks++ == 0)
			ck_assert(
			    id_equal(send->send.to, &orphan.stream.author));
		asked[send->send.to->bytes[0] - 1] = true;
		last = now;
	}
	ck_assert(asked[1] && asked[2] && asked[3]);
	ck_assert_uint_ge(asks, 7);
	ck_assert_uint_le(asks, 12);
}
END_TEST

START_TEST(what_nobody_gives_is_a_gap_after_30_s_and_may_come_later)
{
	struct bundle lost = make(1, 2, NULL, 0);

	recv_plain(1000, 1, 1);
	store_all();
	recv_plain(2000, 1, 3);
	recv_plain(3000, 1, 4);
	pass(31999);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 2);
	pass(32000);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
	ck_assert_uint_eq(event_at(0)->message.seq, 3);
	ck_assert(event_at(0)->message.gap);
	ck_assert_uint_eq(event_at(1)->message.seq, 4);
	ck_assert(!event_at(1)->message.gap);
	ck_assert(!vclock_here(&room->delivered, &lost.stream, 2));
	ck_assert(multicast_deadline(&mc) == NEVER);

	effects_clear(&fx);
	ck_assert_int_eq(recv_at(40000, &lost, true), VERDICT_ACCEPTED);
	store_all();
	ck_assert_uint_eq(event_at(0)->message.seq, 2);
	ck_assert(event_at(0)->message.late);
	ck_assert(!event_at(0)->message.gap);
	ck_assert(vclock_here(&room->delivered, &lost.stream, 2));
	ck_assert_uint_eq(
	    vclock_find(&room->delivered, &lost.stream)->hole_count, 0);
}
END_TEST

/* Of old ones that came together, each lacks something else. */
START_TEST(lost_causes_are_waited_for_side_by_side)
{
	struct bundle first = make(1, 3, NULL, 0);
	struct bundle second = make(1, 5, NULL, 0);

	recv_plain(1000, 1, 1);
	store_all();
	recv_at(2000, &first, true);
	recv_at(2000, &second, true);
	pass(31999);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 2);
	pass(32000);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
}
END_TEST

START_TEST(what_others_gave_up_is_given_up_sooner)
{
	struct bundle orphan = make(1, 5, NULL, 0);

	recv_plain(1000, 1, 1);
	store_all();
	recv_at(2000, &orphan, true);
	room_note_given_up(room, &orphan.stream, (struct range){ 2, 3 });
	pass(3999);
	ck_assert_uint_eq(vclock_top(&room->accepted, &orphan.stream), 1);
	pass(4000);
	ck_assert_uint_eq(vclock_top(&room->accepted, &orphan.stream), 3);
	pass(31999);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	pass(32000);
	ck_assert(event_at(0)->message.gap);
}
END_TEST

START_TEST(a_liar_makes_no_hole_in_the_stream_of_another)
{
	struct dependency cause = { talker_stream(3), 1000000 };
	struct bundle lie = make(2, 1, &cause, 1);

	recv_plain(1000, 3, 1);
	store_all();
	recv_at(1000, &lie, false);
	pass(31000);
	ck_assert(event_at(0)->message.gap);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 0);
	ck_assert_uint_eq(vclock_top(&room->delivered, &cause.stream), 1);
	effects_clear(&fx);
	ck_assert_int_eq(recv_plain(32000, 3, 2), VERDICT_ACCEPTED);
	store_all();
	ck_assert_uint_eq(event_at(0)->message.seq, 2);
}
END_TEST

START_TEST(bases_count_only_when_asked_for_and_where_nothing_is_here)
{
	struct dependency bases[2] = { { talker_stream(1), 5 },
		{ talker_stream(2), 5 } };

	recv_plain(1000, 1, 1);
	recv_plain(1000, 2, 4);
	store_all();
	multicast_bases(&mc, 1000, room, bases, 2, &fx);
	ck_assert_uint_eq(vclock_top(&room->accepted, &bases[1].stream), 0);
	/* What depends on them would be shown before what they depend on, for
	 * of that nothing is left out any more. */
	room->bases_until = 2000;
	ck_assert_int_eq(room->past, PAST_BEGUN);
	multicast_bases(&mc, 1000, room, bases, 2, &fx);
	ck_assert_uint_eq(vclock_top(&room->accepted, &bases[1].stream), 0);
	room->past = PAST_EMPTY;
	effects_clear(&fx);
	multicast_bases(&mc, 1000, room, bases, 2, &fx);
	ck_assert_uint_eq(vclock_top(&room->accepted, &bases[0].stream), 1);
	/* 2:4 is held: the base stays below it, and it flows. */
	ck_assert_uint_eq(
	    vclock_find(&room->accepted, &bases[1].stream)->base, 3);
	ck_assert_uint_eq(store_all(), 1);
	ck_assert_int_eq(recv_plain(1000, 2, 2), VERDICT_STALE);
}
END_TEST

/* One of 3 was said before anybody answered where the past begins; then it
 * begins behind four others of 3, on which what follows depends. */
START_TEST(what_the_past_leaves_out_of_what_had_begun_is_told_as_a_gap)
{
	struct dependency cause = { talker_stream(2), 5 };
	struct dependency bases[2] = { cause, { talker_stream(3), 1 } };
	struct bundle effect = make(2, 6, &cause, 1);

	room->past = PAST_UNKNOWN;
	room->bases_until = 2000;
	recv_plain(0, 3, 1);
	store_all();
	multicast_bases(&mc, 1000, room, bases, 2, &fx);
	effects_clear(&fx);
	/* Of 3 nothing is left out: so far nothing is missing. */
	recv_at(1000, &effect, true);
	store_all();
	ck_assert(!event_at(0)->message.gap);
	room->past = PAST_EMPTY;
	bases[1].seq = 5;
	multicast_bases(&mc, 1000, room, bases, 2, &fx);
	effects_clear(&fx);
	effect.seq = 7;
	recv_at(1000, &effect, true);
	store_all();
	ck_assert(event_at(0)->message.gap);
	ck_assert_uint_eq(vclock_top(&room->accepted, &bases[1].stream), 1);
	effects_clear(&fx);
	ck_assert_int_eq(recv_plain(1000, 3, 2), VERDICT_ACCEPTED);
	store_all();
	ck_assert_uint_eq(event_at(0)->message.seq, 2);
	ck_assert(!event_at(0)->message.gap);
}
END_TEST

START_TEST(nor_does_it_leave_out_what_follows_one_held_back_without_a_word)
{
	struct dependency cause = { talker_stream(2), 5 };
	struct dependency bases[2] = { cause, { talker_stream(3), 6 } };
	struct bundle effect = make(2, 6, &cause, 1);

	room->past = PAST_UNKNOWN;
	room->bases_until = 2000;
	recv_plain(0, 3, 4);
	ck_assert_uint_eq(multicast_held(&mc, &room->id), 1);
	effects_clear(&fx);
	multicast_bases(&mc, 1000, room, bases, 2, &fx);
	ck_assert_uint_eq(store_all(), 1);
	ck_assert(!event_at(0)->message.gap);
	effects_clear(&fx);
	recv_at(1000, &effect, true);
	store_all();
	ck_assert(event_at(0)->message.gap);
}
END_TEST

/* -- the vector rule of Birman, Schiper and Stephenson ------------------- */

enum { AUTHORS = 5, SAID = 30 };

struct stamped {
	struct bundle *bundle;
	uint64_t vector[AUTHORS];
	size_t author;
};

struct writer {
	struct rooms rooms;
	struct room *room;
	struct multicast mc;
	struct stamped pending;		/* being published; bundle NULL: none */
	struct stamped *inbox[SAID];	/* not yet received */
	size_t inbox_count;
	struct stamped *queue[SAID];	/* received; the oracle holds back */
	size_t queue_count;
	uint64_t vector[AUTHORS];	/* what the oracle delivered */
	uint64_t order[AUTHORS];	/* what multicast did, one by one */
};

static bool
may_deliver(const struct stamped *m, const uint64_t vector[AUTHORS])
{
	for (size_t k = 0; k < AUTHORS; k++)
		if (k == m->author ? m->vector[k] != vector[k] + 1
				   : m->vector[k] > vector[k])
			return false;
	return true;
}

static void
oracle_flow(struct writer *w)
{
	for (size_t i = 0; i < w->queue_count;) {
		if (!may_deliver(w->queue[i], w->vector)) {
			i++;
			continue;
		}
		w->vector[w->queue[i]->author]++;
		MEM_REMOVE(w->queue, w->queue_count, i);
		i = 0;
	}
}

/* Stores what multicast handed on; false when the vector rule would not
 * have allowed one of them then. */
static bool
flow_like(struct writer *w, struct stamped *said, size_t said_count)
{
	size_t count = count_effects(EFFECT_STORE);
	struct bundle *stored[SAID];
	bool allowed = true;

	for (size_t i = 0; i < count; i++)
		stored[i] =
		    bundle_clone(effect_at(EFFECT_STORE, i)->bundle);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < said_count; k++)
			if (id_equal(&said[k].bundle->hash,
				&stored[i]->hash)) {
				allowed = allowed &&
				    may_deliver(&said[k], w->order);
				w->order[said[k].author]++;
			}
		multicast_stored(&w->mc, 0, stored[i], &fx);
		bundle_free(stored[i]);
	}
	effects_clear(&fx);
	return allowed;
}

static bool
same_vector(const struct writer *w)
{
	for (size_t k = 0; k < AUTHORS; k++) {
		struct stream stream = talker_stream(k);

		if (vclock_top(&w->room->delivered, &stream) !=
		    w->vector[k])
			return false;
	}
	return true;
}

static void
begin_say(struct writer *w, size_t author)
{
	multicast_say(&w->mc, 0, WALL, w->room, DCHAT_SAY, 1,
	    &(struct message){ KIND_TEXT, "x", "" }, &fx);
	w->pending.bundle =
	    bundle_clone(effect_at(EFFECT_PUBLISH, 0)->bundle);
	w->pending.author = author;
	memcpy(w->pending.vector, w->vector, sizeof w->vector);
	w->pending.vector[author]++;
	effects_clear(&fx);
}

static void
end_say(struct writer *writers, struct writer *w, struct stamped *said,
    size_t *count)
{
	struct stamped *m = &said[(*count)++];
	struct bundle sealed = room_bundle(&w->room->id, w->pending.author,
	    w->pending.bundle->seq, 0, NULL, 0, NULL);

	*m = w->pending;
	w->pending.bundle = NULL;
	m->bundle->hash = sealed.hash;
	multicast_published(&w->mc, 0, WALL, m->bundle, &fx);
	effects_clear(&fx);
	w->vector[m->author]++;
	w->order[m->author]++;
	for (size_t i = 0; i < AUTHORS; i++)
		if (&writers[i] != w)
			writers[i].inbox[writers[i].inbox_count++] = m;
}

static bool
receive_one(struct writer *w, struct rng *rng, struct stamped *said,
    size_t count)
{
	size_t at = (size_t)rng_below(rng, w->inbox_count);
	struct stamped *m = w->inbox[at];

	MEM_REMOVE(w->inbox, w->inbox_count, at);
	w->queue[w->queue_count++] = m;
	oracle_flow(w);
	multicast_recv(&w->mc, 0, &m->bundle->stream.author, m->bundle,
	    false, &fx);
	return flow_like(w, said, count);
}

static bool
agree(uint64_t seed)
{
	struct writer writers[AUTHORS] = { 0 };
	struct stamped said[SAID];
	struct rng rng = rng_seeded(seed);
	size_t count = 0, begun = 0;
	bool good = true, busy = true;

	for (size_t i = 0; i < AUTHORS; i++) {
		struct id self = talker_id(i);

		rooms_init(&writers[i].rooms);
		writers[i].room =
		    rooms_add(&writers[i].rooms, &room->id, "#lobby");
		writers[i].room->joined = true;
		multicast_init(&writers[i].mc, &self, 1, 7,
		    &writers[i].rooms);
	}
	while (good && busy) {
		size_t i = (size_t)rng_below(&rng, AUTHORS);
		struct writer *w = &writers[i];

		if (w->pending.bundle != NULL && rng_below(&rng, 2) == 0)
			end_say(writers, w, said, &count);
		else if (w->inbox_count > 0 && rng_below(&rng, 5) > 0)
			good = receive_one(w, &rng, said, count);
		else if (begun < SAID && w->pending.bundle == NULL)
			begin_say(w, i), begun++;
		good = good && same_vector(w);
		busy = begun < SAID;
		for (size_t k = 0; k < AUTHORS; k++)
			busy = busy || writers[k].inbox_count > 0 ||
			    writers[k].pending.bundle != NULL;
	}
	for (size_t i = 0; i < AUTHORS; i++) {
		good = good && writers[i].queue_count == 0;
		multicast_free(&writers[i].mc);
		rooms_free(&writers[i].rooms);
		bundle_free(writers[i].pending.bundle);
	}
	for (size_t i = 0; i < count; i++)
		bundle_free(said[i].bundle);
	return good;
}

START_TEST(direct_dependencies_allow_what_the_vector_rule_allows)
{
	for (uint64_t seed = 1; seed <= 2000; seed++)
		if (!agree(seed))
			ck_abort_msg("they differ with seed %llu",
			    (unsigned long long)seed);
}
END_TEST

/* -- main ---------------------------------------------------------------- */

int
main(void)
{
	Suite *suite = suite_create("multicast");
	TCase *tc = tcase_create("multicast");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, talker_setup, talker_teardown);
	tcase_add_test(tc, what_cannot_be_said_is_refused_with_a_reason);
	tcase_add_test(tc, a_message_is_answered_shown_and_sent_when_it_is_safe);
	tcase_add_test(tc,
	    a_clock_that_runs_ahead_drags_the_order_and_not_the_time);
	tcase_add_test(tc, a_thousand_said_meanwhile_leave_in_sixteen_bundles);
	tcase_add_test(tc, the_outbox_has_an_end);
	tcase_add_test(tc, long_texts_are_spread_over_bundles_that_fit);
	tcase_add_test(tc, what_could_not_be_stored_is_answered_with_its_error);
	tcase_add_test(tc, leaving_a_room_answers_what_was_not_yet_published);
	tcase_add_test(tc, a_bundle_depends_on_the_heads_of_what_was_delivered);
	tcase_add_test(tc,
	    more_heads_than_a_bundle_may_name_are_folded_first);
	tcase_add_test(tc,
	    an_author_with_too_many_streams_leaves_room_for_others);
	tcase_add_test(tc,
	    what_lies_in_a_stream_without_a_place_is_not_waited_for);
	tcase_add_test(tc, nor_is_it_when_the_last_place_is_taken_meanwhile);
	tcase_add_test(tc,
	    a_bundle_waits_for_its_cause_and_is_stored_before_it_is_shown);
	tcase_add_test(tc, what_is_known_is_a_duplicate);
	tcase_add_test(tc,
	    what_was_asked_for_is_not_live_and_shows_whether_it_is_late);
	tcase_add_test(tc, every_bundle_that_may_not_be_leaves_no_trace);
	tcase_add_test(tc, what_is_held_back_of_one_stream_has_a_bound);
	tcase_add_test(tc,
	    what_is_held_back_of_a_room_has_a_bound_that_the_heaviest_pays);
	tcase_add_test(tc,
	    who_speaks_in_many_epochs_pays_for_all_of_them);
	tcase_add_test(tc, heavy_bundles_are_bounded_by_their_bytes);
	tcase_add_test(tc, thousands_held_back_flow_when_the_first_comes);
	tcase_add_test(tc,
	    a_missing_cause_is_asked_of_the_sender_and_then_of_others);
	tcase_add_test(tc,
	    what_nobody_gives_is_a_gap_after_30_s_and_may_come_later);
	tcase_add_test(tc, lost_causes_are_waited_for_side_by_side);
	tcase_add_test(tc, what_others_gave_up_is_given_up_sooner);
	tcase_add_test(tc, a_liar_makes_no_hole_in_the_stream_of_another);
	tcase_add_test(tc,
	    bases_count_only_when_asked_for_and_where_nothing_is_here);
	tcase_add_test(tc,
	    what_the_past_leaves_out_of_what_had_begun_is_told_as_a_gap);
	tcase_add_test(tc,
	    nor_does_it_leave_out_what_follows_one_held_back_without_a_word);
	tcase_add_test(tc,
	    direct_dependencies_allow_what_the_vector_rule_allows);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
