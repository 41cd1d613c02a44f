/* net/beacon: one datagram, read exactly or not at all. */
#include <check.h>
#include <string.h>

#include "base/rng.h"
#include "net/beacon.h"

static struct beacon
example(void)
{
	struct beacon beacon = {
		.tag = { 1, 2, 3, 4, 5, 6, 7, 8 },
		.nonce = UINT64_C(0x1122334455667788),
		.view_hash = UINT64_C(0x99aabbccddeeff00),
		.port = 40123,
		.flags = BEACON_WANTS_REPLY,
	};

	memset(beacon.id.bytes, 0xab, ID_BYTES);
	return beacon;
}

START_TEST(what_is_written_is_read_back)
{
	struct beacon beacon = example(), read = { 0 };
	uint8_t bytes[BEACON_BYTES];

	ck_assert_uint_eq(beacon_encode(&beacon, bytes), BEACON_BYTES);
	ck_assert_int_eq(beacon_decode(bytes, sizeof bytes, &read), BEACON_OK);
	ck_assert_mem_eq(read.tag, beacon.tag, BEACON_TAG_BYTES);
	ck_assert(id_equal(&read.id, &beacon.id));
	ck_assert_uint_eq(read.nonce, beacon.nonce);
	ck_assert_uint_eq(read.view_hash, beacon.view_hash);
	ck_assert_uint_eq(read.port, beacon.port);
	ck_assert_uint_eq(read.flags, beacon.flags);
}
END_TEST

START_TEST(the_bytes_are_those_of_the_specification)
{
	static const uint8_t expected[BEACON_BYTES] = { 'd', 'C', 'H', 't', 1,
		2, 0x9c, 0xbb, 1, 2, 3, 4, 5, 6, 7, 8, 0xab, 0xab, 0xab, 0xab,
		0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab,
		0xab, 0xab, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,
		0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00 };
	struct beacon beacon = example();
	uint8_t bytes[BEACON_BYTES];

	beacon_encode(&beacon, bytes);
	ck_assert_mem_eq(bytes, expected, sizeof expected);
}
END_TEST

START_TEST(no_other_length_is_a_beacon)
{
	struct beacon beacon = example(), read;
	uint8_t bytes[LIMIT_BEACON + 1] = { 0 };

	beacon_encode(&beacon, bytes);
	for (size_t size = 0; size <= sizeof bytes; size++)
		ck_assert_int_eq(beacon_decode(bytes, size, &read) ==
		    BEACON_OK, size == BEACON_BYTES);
}
END_TEST

START_TEST(other_versions_are_told_from_rubbish)
{
	struct beacon beacon = example(), read;
	uint8_t bytes[BEACON_BYTES];

	beacon_encode(&beacon, bytes);
	bytes[4] = 2;
	ck_assert_int_eq(beacon_decode(bytes, sizeof bytes, &read),
	    BEACON_OTHER_VERSION);
	ck_assert_int_eq(beacon_decode(bytes, 5, &read), BEACON_OTHER_VERSION);
	bytes[0] = 'D';
	ck_assert_int_eq(beacon_decode(bytes, sizeof bytes, &read),
	    BEACON_FOREIGN);
}
END_TEST

START_TEST(senseless_members_are_refused)
{
	static const struct {
		size_t from, size;
		uint8_t value;
	} spoiled[] = { { 5, 1, 4 }, { 5, 1, 0x80 }, { 6, 2, 0 },
		{ 16, 16, 0 }, { 32, 8, 0 } };
	struct beacon beacon = example(), read;
	uint8_t bytes[BEACON_BYTES];

	beacon_encode(&beacon, bytes);
	memset(bytes + spoiled[_i].from, spoiled[_i].value, spoiled[_i].size);
	ck_assert_int_eq(beacon_decode(bytes, sizeof bytes, &read),
	    BEACON_MALFORMED);
}
END_TEST

START_TEST(rubbish_is_never_more_than_refused)
{
	struct rng rng = rng_seeded(1);
	struct beacon beacon = example(), read;

	for (int round = 0; round < 200000; round++) {
		uint8_t bytes[LIMIT_BEACON], again[BEACON_BYTES];
		size_t size = BEACON_BYTES;

		beacon_encode(&beacon, bytes);
		if (round % 2 == 0)
			bytes[rng_below(&rng, BEACON_BYTES)] =
			    (uint8_t)rng_next(&rng);
		else
			size = rng_below(&rng, sizeof bytes + 1);
		for (size_t i = round % 2 == 0 ? size : 0; i < size; i++)
			bytes[i] = (uint8_t)rng_next(&rng);
		if (beacon_decode(bytes, size, &read) != BEACON_OK)
			continue;
		/* what is accepted has one form */
		beacon_encode(&read, again);
		ck_assert_mem_eq(again, bytes, BEACON_BYTES);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("beacon");
	TCase *tests = tcase_create("beacon");
	SRunner *runner;
	int failed;

	tcase_add_test(tests, what_is_written_is_read_back);
	tcase_add_test(tests, the_bytes_are_those_of_the_specification);
	tcase_add_test(tests, no_other_length_is_a_beacon);
	tcase_add_test(tests, other_versions_are_told_from_rubbish);
	tcase_add_loop_test(tests, senseless_members_are_refused, 0, 5);
	tcase_add_test(tests, rubbish_is_never_more_than_refused);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
