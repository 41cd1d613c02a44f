/* crypto/seal: what one node signs, everybody can check. */
#include <check.h>
#include <string.h>

#include "crypto/seal.h"

/* RFC 8032, section 7.1, test 2: a public key, one byte, its signature */
static const uint8_t rfc_key[IDENTITY_KEY_BYTES] = { 0x3d, 0x40, 0x17, 0xc3,
	0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
	0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1,
	0x2a, 0xf4, 0x66, 0x0c };
static const uint8_t rfc_signature[SEAL_BYTES] = { 0x92, 0xa0, 0x09, 0xa9,
	0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f, 0x64, 0x25, 0x40,
	0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76, 0x22, 0x23,
	0xeb, 0xdb, 0x69, 0xda, 0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99, 0x6e,
	0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c, 0x38, 0x7b, 0x2e, 0xae,
	0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00 };

START_TEST(the_example_of_the_rfc_is_accepted)
{
	ck_assert(seal_verify(rfc_key, "\x72", 1, rfc_signature));
	ck_assert(!seal_verify(rfc_key, "\x73", 1, rfc_signature));
	ck_assert(!seal_verify(rfc_key, "", 0, rfc_signature));
}
END_TEST

START_TEST(a_signature_holds_for_its_bytes_and_its_key_only)
{
	struct identity *author = identity_ephemeral();
	struct identity *other = identity_ephemeral();
	const uint8_t *key = identity_public_key(author);
	uint8_t bytes[1000], signature[SEAL_BYTES];

	memset(bytes, 7, sizeof bytes);
	seal_sign(author, bytes, sizeof bytes, signature);
	ck_assert(seal_verify(key, bytes, sizeof bytes, signature));
	ck_assert(!seal_verify(key, bytes, sizeof bytes - 1, signature));
	ck_assert(!seal_verify(identity_public_key(other), bytes,
	    sizeof bytes, signature));
	bytes[500] ^= 1;
	ck_assert(!seal_verify(key, bytes, sizeof bytes, signature));
	identity_close(author);
	identity_close(other);
}
END_TEST

START_TEST(no_bit_of_a_signature_may_change)
{
	struct identity *author = identity_ephemeral();
	uint8_t signature[SEAL_BYTES];

	seal_sign(author, "hello", 5, signature);
	for (int bit = 0; bit < SEAL_BYTES * 8; bit++) {
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert(!seal_verify(identity_public_key(author), "hello", 5,
		    signature));
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	identity_close(author);
}
END_TEST

START_TEST(thirty_two_bytes_that_are_no_key_verify_nothing)
{
	uint8_t key[IDENTITY_KEY_BYTES];

	memset(key, 0xff, sizeof key);
	ck_assert(!seal_verify(key, "\x72", 1, rfc_signature));
}
END_TEST

START_TEST(the_hash_is_the_start_of_sha_256)
{
	static const uint8_t abc[ID_BYTES] = { 0xba, 0x78, 0x16, 0xbf, 0x8f,
		0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
		0x23 };
	struct id hash;

	seal_hash("abc", 3, &hash);
	ck_assert_mem_eq(hash.bytes, abc, ID_BYTES);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("seal");
	TCase *tests = tcase_create("seal");
	SRunner *runner;
	int failed;

	tcase_add_test(tests, the_example_of_the_rfc_is_accepted);
	tcase_add_test(tests, a_signature_holds_for_its_bytes_and_its_key_only);
	tcase_add_test(tests, no_bit_of_a_signature_may_change);
	tcase_add_test(tests, thirty_two_bytes_that_are_no_key_verify_nothing);
	tcase_add_test(tests, the_hash_is_the_start_of_sha_256);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
