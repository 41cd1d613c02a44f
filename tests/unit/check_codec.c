/*
 * Frames and signed bodies: what is written is what is read, and nothing
 * else is.
 */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/limits.h"
#include "tests/unit/codec_fixture.h"
#include "wire/body.h"
#include "wire/codec.h"

START_TEST(each_frame_stands_on_the_wire_as_it_is_specified)
{
	struct frame frame;

	for (size_t i = 0; i < PLAIN; i++) {
		ck_assert(codec_encode(&plain[i].frame, true, &out));
		assert_out(plain[i].text);
	}
	frame = example_bundle_frame();
	ck_assert(codec_encode(&frame, true, &out));
	assert_out(bundle_text);
	frame = example_record_frame();
	ck_assert(codec_encode(&frame, true, &out));
	assert_out(record_text);
	frame = example_intent_frame(FRAME_INTENT);
	ck_assert(codec_encode(&frame, true, &out));
	assert_out(intent_text);
	frame = example_intent_frame(FRAME_COMMIT);
	ck_assert(codec_encode(&frame, true, &out));
	assert_out(commit_text);
	frame = example_intent_frame(FRAME_ITEM);
	ck_assert(codec_encode(&frame, true, &out));
	assert_out(item_text);
}
END_TEST

START_TEST(the_signed_bodies_stand_as_they_are_specified)
{
	ck_assert(body_encode_bundle(&example_bundle, tag, &out));
	assert_out(BUNDLE_BODY);
	ck_assert(body_encode_record(&example_record, tag, &out));
	assert_out(RECORD_BODY);
	ck_assert(body_encode_intent(&example_intent, tag, &out));
	assert_out(INTENT_BODY);
}
END_TEST

START_TEST(what_is_read_is_written_as_it_was)
{
	for (size_t i = 0; i < PLAIN; i++)
		assert_round_trip(plain[i].text);
	assert_round_trip(bundle_text);
	assert_round_trip(record_text);
	assert_round_trip(intent_text);
	assert_round_trip(commit_text);
	assert_round_trip(item_text);
}
END_TEST

START_TEST(the_examples_cover_the_catalogue)
{
	bool seen[FRAME_TYPES] = { [FRAME_BUNDLE] = true,
		[FRAME_INTENT] = true,
		[FRAME_COMMIT] = true,
		[FRAME_ITEM] = true };

	for (size_t i = 0; i < PLAIN; i++)
		seen[plain[i].frame.type] = true;
	for (int i = 0; i < FRAME_TYPES; i++)
		ck_assert_msg(seen[i], "no example of a %s",
		    frame_type_name((enum frame_type)i));
}
END_TEST

START_TEST(a_bundle_is_read_with_all_it_holds)
{
	struct frame frame;
	const struct bundle *b = &frame.bundle.bundle;

	ck_assert_int_eq(decode(bundle_text, strlen(bundle_text), &frame),
	    VERDICT_ACCEPTED);
	ck_assert(id_equal(&b->room, &example_bundle.room));
	ck_assert_int_eq(stream_compare(&b->stream, &example_bundle.stream), 0);
	ck_assert_uint_eq(b->seq, 7);
	ck_assert_uint_eq(b->nonce, 0xaa);
	ck_assert_uint_eq(b->hlc, 0x10002);
	ck_assert_uint_eq(b->dependency_count, 1);
	ck_assert_uint_eq(b->dependencies[0].seq, 3);
	ck_assert_uint_eq(b->message_count, 2);
	ck_assert_str_eq(b->messages[0].text, example_bundle.messages[0].text);
	ck_assert_int_eq(b->messages[1].kind, KIND_ACTION);
	ck_assert(id_is_none(&b->hash));
	ck_assert_uint_eq(b->sealed.size, strlen(BUNDLE_BODY));
	ck_assert_mem_eq(b->sealed.body, BUNDLE_BODY, b->sealed.size);
	ck_assert_uint_eq(b->sealed.signature[63], 0x11);
	ck_assert_uint_eq(b->sealed.key[31], 0x22);
}
END_TEST

START_TEST(a_body_is_kept_byte_for_byte_however_it_was_written)
{
	const char *body = " " BUNDLE_START ", \"later\" : [1.5] }\t\n ";
	char *text = text_of(BUNDLE_HEADER "," KEY "}\n%s", body);
	struct frame frame;

	ck_assert_int_eq(decode(text, strlen(text), &frame), VERDICT_ACCEPTED);
	ck_assert_uint_eq(frame.bundle.bundle.sealed.size, strlen(body));
	assert_round_trip(text);
}
END_TEST

START_TEST(the_key_travels_only_when_asked_for)
{
	struct frame frame = example_bundle_frame(), read;

	ck_assert(codec_encode(&frame, false, &out));
	ck_assert_int_eq(decode(out.data, out.size, &read), VERDICT_ACCEPTED);
	for (size_t i = 0; i < KEY_BYTES; i++)
		ck_assert_uint_eq(read.bundle.bundle.sealed.key[i], 0);
	assert_out(BUNDLE_HEADER "}\n" BUNDLE_BODY);
}
END_TEST

START_TEST(a_hello_is_short_enough_for_a_stranger)
{
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.version = UINT16_MAX;
	frame.hello.nonce = UINT64_MAX;
	frame.hello.start = COUNTER_MAX;
	frame.hello.port = UINT16_MAX;
	ck_assert(codec_encode(&frame, true, &out));
	ck_assert_uint_le(out.size, LIMIT_FRAME_STRANGER);
}
END_TEST

START_TEST(a_short_message_alone_costs_no_more_than_400_bytes)
{
	const struct message message = { KIND_TEXT, "see you at noon", "" };
	struct frame frame = example_bundle_frame();
	struct bundle *b = &frame.bundle.bundle;
	struct bytes body;

	bytes_init(&body);
	b->messages = &message;
	b->message_count = 1;
	b->seq = 1000000;
	ck_assert(body_encode_bundle(b, tag, &body));
	b->sealed.body = body.data;
	b->sealed.size = body.size;
	frame.bundle.backlog = false;
	ck_assert(codec_encode(&frame, false, &out));
	printf("a bundle of one message of %zu bytes with one dependency: "
	       "%zu bytes on the wire before TLS\n",
	    strlen(message.text), out.size + 4);
	ck_assert_uint_le(out.size + 4, 400);
	bytes_free(&body);
}
END_TEST

/* -- at random ----------------------------------------------------------- */

START_TEST(ten_thousand_random_frames_survive_the_way_there_and_back)
{
	const char *wish = getenv("SEED");
	uint64_t seed = wish != NULL ? strtoull(wish, NULL, 10) : 1;
	struct bytes again;

	bytes_init(&again);
	for (uint64_t i = 0; i < 10000; i++) {
		struct rng rng = rng_seeded(seed + i);
		struct frame read,
		    frame =
			random_frame(&rng, (enum frame_type)(i % FRAME_TYPES));

		bytes_clear(&out);
		bytes_clear(&again);
		ck_assert_msg(codec_encode(&frame, true, &out), "SEED=%llu",
		    (unsigned long long)(seed + i));
		ck_assert_msg(decode(out.data, out.size, &read) ==
			VERDICT_ACCEPTED,
		    "SEED=%llu: %s", (unsigned long long)(seed + i), why);
		ck_assert(codec_encode(&read, true, &again));
		ck_assert_uint_eq(again.size, out.size);
		ck_assert_mem_eq(again.data, out.data, out.size);
		arena_clear(&arena);
	}
	bytes_free(&again);
}
END_TEST

START_TEST(no_part_of_a_frame_passes_for_the_whole)
{
	struct frame read;

	for (uint64_t seed = 1; seed <= 3 * FRAME_TYPES; seed++) {
		struct rng rng = rng_seeded(seed);
		struct frame frame =
		    random_frame(&rng, (enum frame_type)(seed % FRAME_TYPES));
		size_t step;

		bytes_clear(&out);
		ck_assert(codec_encode(&frame, true, &out));
		step = 1 + out.size / 2000;
		for (size_t size = 0; size < out.size; size += step)
			ck_assert_int_ne(decode(out.data, size, &read),
			    VERDICT_ACCEPTED);
		ck_assert_int_ne(decode(out.data, out.size - 1, &read),
		    VERDICT_ACCEPTED);
		arena_clear(&arena);
	}
}
END_TEST

START_TEST(a_frame_with_damage_is_read_as_a_frame_or_not_at_all)
{
	struct rng rng = rng_seeded(7);
	struct frame read;
	size_t accepted = 0;

	for (int i = 0; i < 20000; i++) {
		const char *text = i % 4 == 0 ? bundle_text
		    : i % 4 == 1              ? record_text
		    : i % 4 == 2              ? commit_text
				 : plain[rng_below(&rng, PLAIN)].text;

		bytes_clear(&out);
		bytes_append_text(&out, text);
		for (uint64_t n = rng_below(&rng, 3); n < 3; n++)
			out.data[rng_below(&rng, out.size)] =
			    (uint8_t)rng_next(&rng);
		if (decode(out.data, out.size, &read) != VERDICT_ACCEPTED)
			continue;
		accepted++;
		bytes_clear(&out);
		ck_assert(codec_encode(&read, true, &out));
		arena_clear(&arena);
	}
	/* a damaged digit or letter is another digit or letter */
	ck_assert_uint_gt(accepted, 0);
}
END_TEST

/* -- hostile input ------------------------------------------------------ */

START_TEST(members_of_tomorrow_are_skipped)
{
	struct frame frame;
	const char *text = "{\"later\":{\"t\":[]},\"messages\":3,"
			   "\"t\":\"tail\",\"room\":\"" A "\"}";

	ck_assert_int_eq(decode(text, strlen(text), &frame), VERDICT_ACCEPTED);
	ck_assert_uint_eq(frame.tail.messages, 3);
	ck_assert_int_eq(decode_bundle(BUNDLE_START ",\"later\":{}}"),
	    VERDICT_ACCEPTED);
}
END_TEST

START_TEST(an_empty_bundle_is_a_bundle)
{
	ck_assert_int_eq(decode_bundle(BUNDLE_START "}"), VERDICT_ACCEPTED);
	ck_assert_int_eq(decode_bundle(BUNDLE_START ",\"p\":[],\"m\":[]}"),
	    VERDICT_ACCEPTED);
}
END_TEST

static const char *const malformed[] = {
	"",
	"\n",
	"{}",
	"[]",
	"null",
	"1",
	"\"ping\"",
	"{",
	"}",
	"{\"t\":1}",
	"{\"t\":null}",
	"{\"t\":[\"goodbye\"]}",
	"{\"t\":\"\"}",
	"{\"t\":\"Goodbye\"}",
	"{\"t\":\"nonsense\"}",
	"{\"t\":\"goodbye\"}{}",
	"{\"t\":\"goodbye\"}x",
	"{\"t\":\"goodbye\"}\n",
	"{\"t\":\"goodbye\"}\n{}",
	"{\"t\":\"goodbye\",}",
	"{'t':'goodbye'}",
	"{t:\"goodbye\"}",
	/* a name twice, at the top and further down */
	"{\"t\":\"goodbye\",\"t\":\"goodbye\"}",
	"{\"t\":\"goodbye\",\"x\":{\"a\":1,\"a\":1}}",
	/* not UTF-8: a stray byte, overlong, a surrogate, cut off */
	"{\"t\":\"goodbye\",\"x\":\"\xff\"}",
	"{\"t\":\"goodbye\",\"x\":\"\xc0\xaf\"}",
	"{\"t\":\"goodbye\",\"x\":\"\xed\xa0\x80\"}",
	"{\"t\":\"goodbye\",\"x\":\"\xe2\x82\"}",
	"{\"t\":\"goodbye\",\"x\":\"\\ud800\"}",
	"{\"t\":\"goodbye\",\"x\":\"\\u0000\"}",
	"{\"t\":\"goodbye\",\"x\":\"\t\"}",
	"\xef\xbb\xbf{\"t\":\"goodbye\"}",
	/* numbers no machine has */
	"{\"t\":\"goodbye\",\"x\":1e999}",
	"{\"t\":\"goodbye\",\"x\":99999999999999999999}",
	"{\"t\":\"goodbye\",\"x\":01}",
	"{\"t\":\"goodbye\",\"x\":NaN}",
	/* members missing, or of another kind */
	"{\"t\":\"tail\"}",
	"{\"t\":\"tail\",\"room\":\"" A "\"}",
	"{\"t\":\"tail\",\"room\":null,\"messages\":1}",
	"{\"t\":\"vector\",\"room\":\"" A "\",\"streams\":{}}",
	"{\"t\":\"vector\",\"room\":\"" A "\",\"reply\":\"true\"}",
	"{\"t\":\"leader\",\"term\":1,\"priority\":0,\"established\":true}",
	/* bodies missing, without signature, with a bad one, of another */
	BUNDLE_HEADER "}",
	BUNDLE_HEADER "}\n",
	BUNDLE_HEADER "}\n{}",
	"{\"t\":\"bundle\"}\n" BUNDLE_BODY,
	"{\"t\":\"bundle\",\"sig\":\"\"}\n" BUNDLE_BODY,
	"{\"t\":\"bundle\",\"sig\":\"" SIG7 SIG7 SIG7 "ER\"}\n" BUNDLE_BODY,
	"{\"t\":\"bundle\",\"sig\":\"" SIG7 SIG7 SIG7 "E=\"}\n" BUNDLE_BODY,
	"{\"t\":\"bundle\",\"sig\":\"" SIG7 SIG7 SIG7 "EQ==\"}\n" BUNDLE_BODY,
	BUNDLE_HEADER ",\"key\":\"IiIi\"}\n" BUNDLE_BODY,
	BUNDLE_HEADER ",\"key\":null}\n" BUNDLE_BODY,
	BUNDLE_HEADER "}\n" RECORD_BODY,
	MEMBER_HEADER "}",
	MEMBER_HEADER "}\n" BUNDLE_BODY,
	"{\"t\":\"member\",\"id\":\"" B "\",\"start\":3,\"incarnation\":0,"
	"\"state\":\"alive\",\"reason\":\"linked\"," SIG "}\n" RECORD_BODY,
	"{\"t\":\"member\",\"id\":\"" A "\",\"start\":3,\"incarnation\":0,"
	"\"state\":\"alive\",\"reason\":\"linked\"}\n" RECORD_BODY,
	"{\"t\":\"member\",\"id\":\"" A "\",\"start\":3,\"incarnation\":0,"
	"\"state\":\"undead\",\"reason\":\"linked\"}",
};

START_TEST(malformed_frames_are_told_from_frames)
{
	ck_assert_msg(decode_text(malformed[_i]) == VERDICT_MALFORMED,
	    "taken: %s", malformed[_i]);
}
END_TEST

START_TEST(a_nul_ends_no_frame)
{
	static const char text[] = "{\"t\":\"goodbye\"}\0";
	static const char inside[] = "{\"t\":\"goodbye\0\"}";
	struct frame frame;

	ck_assert_int_eq(decode(text, sizeof text, &frame), VERDICT_MALFORMED);
	ck_assert_int_eq(decode(inside, sizeof inside - 1, &frame),
	    VERDICT_MALFORMED);
}
END_TEST

START_TEST(a_body_belongs_to_one_network_and_one_purpose)
{
	static const uint8_t other[8] = { 1, 2, 3, 4, 5, 6, 7, 9 };
	struct bundle bundle;
	struct record record;

	ck_assert_int_eq(body_decode_bundle((const uint8_t *)BUNDLE_BODY,
			     strlen(BUNDLE_BODY), other, &arena, &bundle, why),
	    VERDICT_MALFORMED);
	ck_assert_int_eq(body_decode_record((const uint8_t *)RECORD_BODY,
			     strlen(RECORD_BODY), other, &arena, &record, why),
	    VERDICT_MALFORMED);
	ck_assert_int_eq(decode_bundle(RECORD_BODY), VERDICT_MALFORMED);
	ck_assert_int_eq(decode_record(BUNDLE_BODY), VERDICT_MALFORMED);
}
END_TEST

START_TEST(a_clock_beyond_2200_is_malformed)
{
	struct bundle bundle = example_bundle;
	struct bytes body;

	bytes_init(&body);
	ck_assert(body_encode_bundle(&bundle, tag, &body));
	bundle.hlc = UINT64_MAX;
	ck_assert(!body_encode_bundle(&bundle, tag, &body));
	bytes_free(&body);
	ck_assert_int_eq(
	    decode_bundle(
		"{\"d\":\"dchat bundle\","
		"\"n\":\"0102030405060708\",\"r\":\"" A "\",\"a\":\"" B "\","
		"\"e\":\"00000000000000ee\",\"s\":7,"
		"\"i\":\"00000000000000aa\",\"c\":\"ffffffffffffffff\"}"),
	    VERDICT_MALFORMED);
}
END_TEST

START_TEST(base64_has_one_text_for_each_value)
{
	static const char *const texts[] = { "", "Zg", "Zm8", "Zm9v", "Zm9vYg",
		"Zm9vYmE", "Zm9vYmFy" }; /* RFC 4648 */
	uint8_t value[6];

	for (size_t size = 0; size <= 6; size++) {
		base64_put(&out, (const uint8_t *)"foobar", size);
		assert_out(texts[size]);
		ck_assert(
		    base64_get(texts[size], strlen(texts[size]), value, size));
		ck_assert_mem_eq(value, "foobar", size);
	}
	ck_assert(!base64_get("Zh", 2, value, 1));
	ck_assert(!base64_get("Zm9", 3, value, 2));
	ck_assert(!base64_get("Zm-v", 4, value, 3));
	ck_assert(!base64_get("Zm9v", 4, value, 2));
}
END_TEST

/* -- the manual --------------------------------------------------------- */

static char *
read_manual(void)
{
	const char *top = getenv("top_srcdir");
	char *path =
	    text_of("%s/man/dchat-protocol.7", top != NULL ? top : ".");
	FILE *file = fopen(path, "r");
	size_t size;
	char *text;

	ck_assert_msg(file != NULL, "%s cannot be read", path);
	text = arena_alloc(&arena, 1 << 20);
	size = fread(text, 1, (1 << 20) - 1, file);
	text[size] = '\0';
	fclose(file);
	return text;
}

/* Each member of the object has an item in this part of the manual. */
static void
assert_described(const char *part, const char *object)
{
	json_t *header = json_loads(object, JSON_DISABLE_EOF_CHECK, NULL);

	ck_assert_ptr_nonnull(header);
	for (void *at = json_object_iter(header); at != NULL;
	     at = json_object_iter_next(header, at)) {
		const char *name = json_object_iter_key(at);

		ck_assert_msg(strcmp(name, "t") == 0 ||
			strstr(part, text_of("\n.It Cm %s\n", name)) != NULL,
		    "the manual lacks \"%s\" of %.60s", name, object);
	}
	json_decref(header);
}

/* What stands under a heading. */
static const char *
part_of(const char *manual, const char *heading)
{
	const char *start = strstr(manual, text_of("\n.Ss %s\n", heading));
	const char *end, *section;
	char *part;

	ck_assert_msg(start != NULL, "the manual has no part on %s", heading);
	end = strstr(start + 1, "\n.Ss ");
	section = strstr(start + 1, "\n.Sh ");
	ck_assert_ptr_nonnull(section);
	if (end == NULL || end > section)
		end = section;
	part = arena_copy(&arena, start, (size_t)(end - start) + 1);
	part[end - start] = '\0';
	return part;
}

START_TEST(the_manual_describes_each_member_of_each_frame)
{
	const char *manual = read_manual();

	for (size_t i = 0; i < PLAIN; i++)
		assert_described(part_of(manual,
				     frame_type_name(plain[i].frame.type)),
		    plain[i].text);
	assert_described(part_of(manual, "bundle"), bundle_text);
	assert_described(part_of(manual, "member"), record_text);
	assert_described(part_of(manual, "The body of a bundle"), BUNDLE_BODY);
	assert_described(part_of(manual, "The body of a record"), RECORD_BODY);
	assert_described(part_of(manual, "intent"), intent_text);
	assert_described(part_of(manual, "commit"), commit_text);
	assert_described(part_of(manual, "item"), item_text);
	assert_described(part_of(manual, "The body of an intent"),
	    INTENT_BODY);
}
END_TEST

static Suite *
codec_suite(void)
{
	Suite *suite = suite_create("codec");
	TCase *forms = tcase_create("forms");
	TCase *hostile = tcase_create("hostile");

	tcase_add_checked_fixture(forms, set_up, tear_down);
	tcase_set_timeout(forms, 60);
	tcase_add_test(forms, each_frame_stands_on_the_wire_as_it_is_specified);
	tcase_add_test(forms, the_signed_bodies_stand_as_they_are_specified);
	tcase_add_test(forms, what_is_read_is_written_as_it_was);
	tcase_add_test(forms, the_examples_cover_the_catalogue);
	tcase_add_test(forms, a_bundle_is_read_with_all_it_holds);
	tcase_add_test(forms,
	    a_body_is_kept_byte_for_byte_however_it_was_written);
	tcase_add_test(forms, the_key_travels_only_when_asked_for);
	tcase_add_test(forms, a_hello_is_short_enough_for_a_stranger);
	tcase_add_test(forms,
	    a_short_message_alone_costs_no_more_than_400_bytes);
	tcase_add_test(forms,
	    ten_thousand_random_frames_survive_the_way_there_and_back);
	tcase_add_test(forms, base64_has_one_text_for_each_value);
	tcase_add_test(forms, the_manual_describes_each_member_of_each_frame);
	suite_add_tcase(suite, forms);

	tcase_add_checked_fixture(hostile, set_up, tear_down);
	tcase_set_timeout(hostile, 60);
	tcase_add_test(hostile, no_part_of_a_frame_passes_for_the_whole);
	tcase_add_test(hostile,
	    a_frame_with_damage_is_read_as_a_frame_or_not_at_all);
	tcase_add_test(hostile, members_of_tomorrow_are_skipped);
	tcase_add_test(hostile, an_empty_bundle_is_a_bundle);
	tcase_add_loop_test(hostile, malformed_frames_are_told_from_frames, 0,
	    sizeof malformed / sizeof *malformed);
	tcase_add_test(hostile, a_nul_ends_no_frame);
	tcase_add_test(hostile, a_body_belongs_to_one_network_and_one_purpose);
	tcase_add_test(hostile, a_clock_beyond_2200_is_malformed);
	suite_add_tcase(suite, hostile);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(codec_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
