/*
 * The bounds of frames and signed bodies: what is just within one is taken,
 * what is just beyond it is not, by reader and writer alike.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tests/unit/codec_fixture.h"
#include "wire/body.h"
#include "wire/codec.h"

START_TEST(a_frame_has_a_longest_length)
{
	static const char start[] = "{\"t\":\"goodbye\",\"x\":\"",
			  end[] = "\"}";
	size_t fill = LIMIT_FRAME - strlen(start) - strlen(end);

	ck_assert_int_eq(decode_text(text_of("%s%s%s", start,
			     repeated("x", fill, ""), end)),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_text(text_of("%s%s%s", start,
			     repeated("x", fill + 1, ""), end)),
	    VERDICT_OVER_LIMIT);
}
END_TEST

START_TEST(json_has_a_greatest_depth)
{
	/* the frame itself is one level */
	ck_assert_int_eq(decode_text(text_of("{\"t\":\"goodbye\",\"x\":%s%s}",
			     repeated("[", LIMIT_JSON_DEPTH - 1, ""),
			     repeated("]", LIMIT_JSON_DEPTH - 1, ""))),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_text(text_of("{\"t\":\"goodbye\",\"x\":%s%s}",
			     repeated("[", LIMIT_JSON_DEPTH, ""),
			     repeated("]", LIMIT_JSON_DEPTH, ""))),
	    VERDICT_OVER_LIMIT);
	ck_assert_int_eq(decode_text(
			     text_of("{\"t\":\"goodbye\",\"x\":\"\\\"%s\"}",
				 repeated("[", 100, ""))),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_text(repeated("[", LIMIT_FRAME, "")),
	    VERDICT_OVER_LIMIT);
}
END_TEST

/* The lists of frames and bodies, each with the format around its rows. */
static const struct {
	const char *format, *row;
	size_t most;
	enum verdict (*read)(const char *text);
} lists[] = {
	{ "{\"t\":\"digest\",\"digests\":[%s]}", "1", LIMIT_DIGESTS,
	    decode_text },
	{ "{\"t\":\"ping\",\"number\":\"0000000000000000\",\"term\":0,"
	  "\"priority\":0,\"view\":\"0000000000000000\","
	  "\"beliefs\":\"0000000000000000\",\"wall\":0,\"digests\":[%s]}",
	    "1", LIMIT_DIGESTS, decode_text },
	{ "{\"t\":\"vector\",\"room\":\"" A "\",\"streams\":[%s]}", "1",
	    LIMIT_VECTOR_PAGE, decode_text },
	{ "{\"t\":\"vector\",\"room\":\"" A "\",\"streams\":[[\"" A "\","
	  "\"0000000000000000\",0,0,[%s]]]}",
	    "1", LIMIT_HOLES, decode_text },
	{ "{\"t\":\"want\",\"room\":\"" A "\",\"ranges\":[%s]}", "1",
	    LIMIT_VECTOR_PAGE, decode_text },
	{ "{\"t\":\"base\",\"room\":\"" A "\",\"bases\":[%s]}", "1",
	    LIMIT_VECTOR_PAGE, decode_text },
	{ BUNDLE_START ",\"p\":[%s]}", "1", LIMIT_DEPENDENCIES, decode_bundle },
	{ BUNDLE_START ",\"m\":[%s]}", "1", LIMIT_BUNDLE_MESSAGES,
	    decode_bundle },
	{ RECORD_START ",\"rooms\":[%s]}", "1", LIMIT_ROOMS_JOINED,
	    decode_record },
};

START_TEST(a_list_is_counted_before_it_is_read)
{
	size_t i = (size_t)_i;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	ck_assert_int_eq(lists[i].read(text_of(lists[i].format,
			     repeated(lists[i].row, lists[i].most, ","))),
	    VERDICT_MALFORMED);
	ck_assert_int_eq(lists[i].read(text_of(lists[i].format,
			     repeated(lists[i].row, lists[i].most + 1, ","))),
	    VERDICT_OVER_LIMIT);
#pragma GCC diagnostic pop
}
END_TEST

START_TEST(lists_hold_as_much_as_they_may_and_no_more)
{
	struct rng rng = rng_seeded(3);
	struct room_digest many[LIMIT_DIGESTS + 1];
	struct frame frame = { .type = FRAME_DIGEST };

	for (size_t i = 0; i <= LIMIT_DIGESTS; i++)
		many[i] =
		    (struct room_digest){ random_stream(&rng, i).author, i };
	frame.digest.digests = many;
	frame.digest.count = LIMIT_DIGESTS;
	ck_assert(codec_encode(&frame, false, &out));
	ck_assert_int_eq(decode(out.data, out.size, &frame), VERDICT_ACCEPTED);
	ck_assert_uint_eq(frame.digest.count, LIMIT_DIGESTS);
	frame.digest.digests = many;
	frame.digest.count = LIMIT_DIGESTS + 1;
	bytes_clear(&out);
	ck_assert(!codec_encode(&frame, false, &out));
	ck_assert_uint_eq(out.size, 0);
}
END_TEST

START_TEST(lists_that_ascend_have_to)
{
	static const char *const wrong[] = {
		"{\"t\":\"digest\",\"digests\":[[\"" B "\","
		"\"0000000000000001\"],[\"" A "\",\"0000000000000001\"]]}",
		"{\"t\":\"digest\",\"digests\":[[\"" A "\","
		"\"0000000000000001\"],[\"" A "\",\"0000000000000002\"]]}",
		"{\"t\":\"vector\",\"room\":\"" A "\",\"streams\":[[\"" A
		"\",\"0000000000000002\",0,1,[]],[\"" A
		"\",\"0000000000000001\",0,1,[]]]}",
		"{\"t\":\"vector\",\"room\":\"" A "\",\"streams\":[[\"" A
		"\",\"0000000000000002\",0,9,[[3,4],[4,5]]]]}",
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_int_eq(decode_text(wrong[i]), VERDICT_MALFORMED);
	ck_assert_int_eq(decode_bundle(BUNDLE_START
			     ",\"p\":[[\"" B "\",\"00000000000000ff\",3],[\"" A
			     "\",\"00000000000000ff\",3]]}"),
	    VERDICT_MALFORMED);
	ck_assert_int_eq(decode_bundle(BUNDLE_START
			     ",\"p\":[[\"" B "\",\"00000000000000ff\",3],[\"" B
			     "\",\"00000000000000ff\",4]]}"),
	    VERDICT_MALFORMED);
	ck_assert_int_eq(decode_record(
			     RECORD_START ",\"rooms\":[[\"" C "\",\"#c\"],[\"" B
					  "\",\"#b\"]]}"),
	    VERDICT_MALFORMED);
}
END_TEST

START_TEST(rows_that_make_no_sense_are_refused)
{
	static const char *const wrong[] = {
		/* base above top, a hole outside, a range backwards */
		"[\"" A "\",\"0000000000000002\",2,1,[]]",
		"[\"" A "\",\"0000000000000002\",2,9,[[2,3]]]",
		"[\"" A "\",\"0000000000000002\",2,9,[[9,10]]]",
		"[\"" A "\",\"0000000000000002\",2,9,[[5,4]]]",
		/* too short, too long, no row */
		"[\"" A "\",\"0000000000000002\",2,9]",
		"[\"" A "\",\"0000000000000002\",2,9,[],1]",
		"{}",
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_int_eq(decode_text(text_of("{\"t\":\"vector\","
						     "\"room\":\"" A
						     "\",\"streams\":[%s]}",
				     wrong[i])),
		    VERDICT_MALFORMED);
	ck_assert_int_eq(decode_text("{\"t\":\"want\",\"room\":\"" A
				     "\",\"ranges\":[[\"" B
				     "\",\"0000000000000002\",8,3]]}"),
	    VERDICT_MALFORMED);
	ck_assert_int_eq(decode_text("{\"t\":\"want\",\"room\":\"" A
				     "\",\"ranges\":[[\"" B
				     "\",\"0000000000000002\",0,3]]}"),
	    VERDICT_MALFORMED);
}
END_TEST

/* Values at a bound of the number they stand for, and beyond it. */
static const struct {
	const char *format, *good, *bad;
} numbers[] = {
	{ "{\"t\":\"leader\",\"term\":%s,\"priority\":0}",
	    "4611686018427387904", "4611686018427387905" },
	{ "{\"t\":\"leader\",\"term\":%s,\"priority\":0}", "0", "-1" },
	{ "{\"t\":\"leader\",\"term\":%s,\"priority\":0}", "1", "1.0" },
	{ "{\"t\":\"leader\",\"term\":%s,\"priority\":0}", "1", "\"1\"" },
	{ "{\"t\":\"leader\",\"term\":%s,\"priority\":0}", "1", "null" },
	{ "{\"t\":\"leader\",\"term\":%s,\"priority\":0}", "1",
	    "9223372036854775808" },
	{ "{\"t\":\"leader\",\"term\":0,\"priority\":%s}", "255", "256" },
	{ "{\"t\":\"tail\",\"room\":\"" A "\",\"messages\":%s}", "500", "501" },
	{ "{\"t\":\"tail\",\"room\":\"" A "\",\"messages\":%s}", "1", "0" },
	{ "{\"t\":\"hello\",\"version\":1,\"tag\":\"0102030405060708\","
	  "\"nonce\":\"00000000000000ab\",\"start\":3,\"port\":%s}",
	    "65535", "65536" },
	{ "{\"t\":\"hello\",\"version\":1,\"tag\":\"0102030405060708\","
	  "\"nonce\":\"00000000000000ab\",\"start\":3,\"port\":%s}",
	    "1", "0" },
	{ "{\"t\":\"probe\",\"term\":5,\"view\":\"00000000000000f0\","
	  "\"phase\":2,\"hop\":%s,\"direction\":\"clockwise\","
	  "\"priority\":100,\"candidate\":\"" A "\",\"cause\":\"dead\"}",
	    "4", "5" },
	{ "{\"t\":\"probe\",\"term\":5,\"view\":\"00000000000000f0\","
	  "\"phase\":2,\"hop\":%s,\"direction\":\"clockwise\","
	  "\"priority\":100,\"candidate\":\"" A "\",\"cause\":\"dead\"}",
	    "1", "0" },
	{ "{\"t\":\"reply\",\"term\":5,\"view\":\"00000000000000f0\","
	  "\"phase\":%s,\"direction\":\"clockwise\",\"priority\":100,"
	  "\"candidate\":\"" A "\"}",
	    "16", "17" },
	{ "{\"t\":\"relay\",\"to\":\"%s\",\"channel\":\"00000000000000f0\","
	  "\"at\":0,\"taken\":0,\"size\":0}",
	    B, "" },
	{ "{\"t\":\"relay\",\"origin\":\"%s\","
	  "\"channel\":\"00000000000000f0\","
	  "\"at\":0,\"taken\":0,\"size\":0}",
	    B, "nobody" },
	/* neither to nor of anybody, or both */
	{ "{\"t\":\"relay\",\"%s\":\"" B "\","
	  "\"channel\":\"00000000000000f0\",\"at\":0,\"taken\":0,"
	  "\"size\":0}",
	    "to", "who" },
	{ "{\"t\":\"relay\",\"to\":\"" B "\",\"%s\":\"" A "\","
	  "\"channel\":\"00000000000000f0\",\"at\":0,\"taken\":0,"
	  "\"size\":0}",
	    "who", "origin" },
	{ "{\"t\":\"relay\",\"to\":\"" B "\","
	  "\"channel\":\"00000000000000f0\",\"at\":0,\"taken\":0,"
	  "\"size\":%s}",
	    "0", "1" },
	{ "{\"t\":\"answer\",\"number\":\"%s\"}", "00000000000000ff",
	    "00000000000000FF" },
	{ "{\"t\":\"answer\",\"number\":\"%s\"}", "00000000000000ff",
	    "0000000000000ff" },
	{ "{\"t\":\"answer\",\"number\":\"00000000000000ff\",\"alive\":%s}",
	    "false", "1" },
	{ "{\"t\":\"tail\",\"room\":\"%s\",\"messages\":1}", A,
	    "aaaaaaaaaaaaaaaaaaaaaaaaaa" },
	{ "{\"t\":\"tail\",\"room\":\"%s\",\"messages\":1}", A,
	    "ceirceirceirceirceirceircf" },
	{ "{\"t\":\"tail\",\"room\":\"%s\",\"messages\":1}", A,
	    "CEIRCEIRCEIRCEIRCEIRCEIRCE" },
};

START_TEST(a_number_beyond_its_bound_is_malformed)
{
	size_t i = (size_t)_i;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	ck_assert_int_eq(decode_text(
			     text_of(numbers[i].format, numbers[i].good)),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_text(
			     text_of(numbers[i].format, numbers[i].bad)),
	    VERDICT_MALFORMED);
#pragma GCC diagnostic pop
}
END_TEST

START_TEST(an_address_has_one_form_and_no_scope)
{
	static const char *const good[] = { "192.0.2.7:1", "[fe80::1]:40123",
		"[2001:db8::2]:65535" };
	static const char *const bad[] = { "192.0.2.7", "192.0.2.7:0",
		"192.0.2.7:00080", "192.0.2.7:65536", "[fe80::1%1]:4",
		"[fe80::1%lo]:4", "[FE80::1]:4", "[fe80:0::1]:4", "host:4",
		":4", "[]:4", "[:4", "" };
	const char *format =
	    "{\"t\":\"member\",\"id\":\"" A "\",\"start\":3,"
	    "\"incarnation\":1,\"state\":\"alive\",\"reason\":\"told\","
	    "\"address\":\"%s\"}";

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_round_trip(text_of(format, good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(decode_text(text_of(format, bad[i])) ==
			VERDICT_MALFORMED,
		    "\"%s\" was taken", bad[i]);
#pragma GCC diagnostic pop
}
END_TEST

START_TEST(a_scope_stays_at_home)
{
	struct frame frame = plain[5].frame, read;

	ck_assert_int_eq(frame.type, FRAME_MEMBER);
	ck_assert(address_parse("[fe80::1]:40123", &frame.member.address));
	frame.member.address.scope = 2;
	ck_assert(codec_encode(&frame, false, &out));
	ck_assert_int_eq(decode(out.data, out.size, &read), VERDICT_ACCEPTED);
	ck_assert_uint_eq(read.member.address.scope, 0);
	ck_assert_uint_eq(read.member.address.port, 40123);
}
END_TEST

START_TEST(texts_have_a_least_and_a_greatest_length)
{
	const char *m = BUNDLE_START ",\"m\":[[\"text\",\"%s\"]]}";
	const char *nick =
	    "{\"d\":\"dchat record\","
	    "\"n\":\"0102030405060708\",\"id\":\"" A "\",\"start\":3,"
	    "\"version\":9,\"priority\":1,\"nick\":\"%s\"}";
	const char *away = RECORD_START ",\"away\":\"%s\"}";
	const char *room = RECORD_START ",\"rooms\":[[\"" B "\",\"%s\"]]}";

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	ck_assert_int_eq(decode_bundle(
			     text_of(m, repeated("x", LIMIT_TEXT, ""))),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_bundle(
			     text_of(m, repeated("x", LIMIT_TEXT + 1, ""))),
	    VERDICT_OVER_LIMIT);
	ck_assert_int_eq(decode_bundle(text_of(m, "")), VERDICT_MALFORMED);
	ck_assert_int_eq(decode_record(
			     text_of(nick, repeated("x", LIMIT_NICK, ""))),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_record(
			     text_of(nick, repeated("x", LIMIT_NICK + 1, ""))),
	    VERDICT_OVER_LIMIT);
	ck_assert_int_eq(decode_record(text_of(nick, "")), VERDICT_MALFORMED);
	ck_assert_int_eq(decode_record(text_of(away, "")), VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_record(
			     text_of(away, repeated("x", LIMIT_AWAY, ""))),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_record(
			     text_of(away, repeated("x", LIMIT_AWAY + 1, ""))),
	    VERDICT_OVER_LIMIT);
	ck_assert_int_eq(decode_record(
			     text_of(room, repeated("x", LIMIT_ROOM_NAME, ""))),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_record(text_of(room,
			     repeated("x", LIMIT_ROOM_NAME + 1, ""))),
	    VERDICT_OVER_LIMIT);
#pragma GCC diagnostic pop
}
END_TEST

START_TEST(the_texts_of_a_bundle_have_a_greatest_sum)
{
	struct message messages[9];
	struct bundle bundle = example_bundle;
	const char *row =
	    text_of("[\"text\",\"%s\"]", repeated("x", LIMIT_TEXT, ""));

	for (size_t i = 0; i < 9; i++)
		messages[i] = (struct message){ KIND_TEXT,
			repeated("x", LIMIT_TEXT, ""), "" };
	messages[8].text = "x";
	bundle.messages = messages;
	bundle.message_count = 8;
	ck_assert(body_encode_bundle(&bundle, tag, &out));
	ck_assert_int_eq(decode_bundle(text_of(BUNDLE_START ",\"m\":[%s]}",
			     repeated(row, 8, ","))),
	    VERDICT_ACCEPTED);
	bundle.message_count = 9;
	bytes_clear(&out);
	ck_assert(!body_encode_bundle(&bundle, tag, &out));
	ck_assert_int_eq(decode_bundle(text_of(BUNDLE_START
			     ",\"m\":[%s,[\"text\",\"x\"]]}",
			     repeated(row, 8, ","))),
	    VERDICT_OVER_LIMIT);
}
END_TEST

START_TEST(a_body_has_a_greatest_length)
{
	size_t fill = LIMIT_BUNDLE_BODY - strlen(BUNDLE_START ",\"x\":\"\"}");
	struct message message = { KIND_TEXT, repeated("\1", LIMIT_TEXT, ""),
		"" };
	struct message many[3] = { message, message, message };
	struct rng rng = rng_seeded(9);
	struct dependency heads[LIMIT_DEPENDENCIES];
	struct bundle bundle = example_bundle;

	ck_assert_int_eq(decode_bundle(text_of(BUNDLE_START ",\"x\":\"%s\"}",
			     repeated("x", fill, ""))),
	    VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_bundle(text_of(BUNDLE_START ",\"x\":\"%s\"}",
			     repeated("x", fill + 1, ""))),
	    VERDICT_OVER_LIMIT);
	/* one message of the most expensive kind always fits */
	for (size_t i = 0; i < LIMIT_DEPENDENCIES; i++)
		heads[i] =
		    (struct dependency){ random_stream(&rng, i), COUNTER_MAX };
	bundle.dependencies = heads;
	bundle.dependency_count = LIMIT_DEPENDENCIES;
	bundle.messages = many;
	bundle.message_count = 1;
	ck_assert(body_encode_bundle(&bundle, tag, &out));
	bundle.message_count = 3;
	bytes_clear(&out);
	ck_assert(!body_encode_bundle(&bundle, tag, &out));
	ck_assert_uint_eq(out.size, 0);
}
END_TEST

START_TEST(what_could_not_be_read_is_not_written)
{
	struct frame frame = plain[0].frame;
	struct bundle bundle = example_bundle;

	frame.hello.port = 0;
	ck_assert(!codec_encode(&frame, true, &out));
	frame = (struct frame){ .type = FRAME_LEADER };
	frame.leader.term = COUNTER_MAX + 1;
	ck_assert(!codec_encode(&frame, true, &out));
	frame = (struct frame){ .type = FRAME_LEADER };
	frame.leader.established = true;
	ck_assert(!codec_encode(&frame, true, &out));
	frame = example_bundle_frame();
	frame.bundle.bundle.sealed.body = NULL;
	ck_assert(!codec_encode(&frame, true, &out));
	bundle.messages = &(struct message){ KIND_TEXT, "\xff", "" };
	bundle.message_count = 1;
	ck_assert(!body_encode_bundle(&bundle, tag, &out));
	bundle.messages = &(struct message){ KIND_TEXT, "", "" };
	ck_assert(!body_encode_bundle(&bundle, tag, &out));
	bundle = example_bundle;
	bundle.seq = 0;
	ck_assert(!body_encode_bundle(&bundle, tag, &out));
	ck_assert_uint_eq(out.size, 0);
}
END_TEST

static Suite *
bounds_suite(void)
{
	Suite *suite = suite_create("codec bounds");
	TCase *bounds = tcase_create("bounds");

	tcase_add_checked_fixture(bounds, set_up, tear_down);
	tcase_add_test(bounds, a_frame_has_a_longest_length);
	tcase_add_test(bounds, json_has_a_greatest_depth);
	tcase_add_loop_test(bounds, a_list_is_counted_before_it_is_read, 0,
	    sizeof lists / sizeof *lists);
	tcase_add_test(bounds, lists_hold_as_much_as_they_may_and_no_more);
	tcase_add_test(bounds, lists_that_ascend_have_to);
	tcase_add_test(bounds, rows_that_make_no_sense_are_refused);
	tcase_add_loop_test(bounds, a_number_beyond_its_bound_is_malformed, 0,
	    sizeof numbers / sizeof *numbers);
	tcase_add_test(bounds, an_address_has_one_form_and_no_scope);
	tcase_add_test(bounds, a_scope_stays_at_home);
	tcase_add_test(bounds, texts_have_a_least_and_a_greatest_length);
	tcase_add_test(bounds, the_texts_of_a_bundle_have_a_greatest_sum);
	tcase_add_test(bounds, a_body_has_a_greatest_length);
	tcase_add_test(bounds, what_could_not_be_read_is_not_written);
	suite_add_tcase(suite, bounds);

	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(bounds_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
