/* crypto/identity: a key is kept, named by its hash, and never replaced. */
#include <check.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/entropy.h"
#include "crypto/identity.h"

static char folder[64], path[80];
static char problem[256];

static void
set_up(void)
{
	strcpy(folder, "/tmp/dchat-check-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/identity.pem", folder);
	problem[0] = '\0';
}

static void
tear_down(void)
{
	unlink(path);
	rmdir(folder);		/* fails, and tells nobody, if files are left */
}

static void
write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

START_TEST(a_new_key_is_kept_and_found_again)
{
	struct identity *first, *second;
	struct stat status;

	first = identity_load_or_create(path, problem);
	ck_assert_msg(first != NULL, "%s", problem);
	second = identity_load_or_create(path, problem);
	ck_assert_msg(second != NULL, "%s", problem);
	ck_assert(id_equal(identity_id(first), identity_id(second)));
	ck_assert_mem_eq(identity_public_key(first),
	    identity_public_key(second), IDENTITY_KEY_BYTES);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0600);
	identity_close(first);
	identity_close(second);
	ck_assert_int_eq(unlink(path), 0);
	/* nothing else was left behind */
	ck_assert_int_eq(rmdir(folder), 0);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
}
END_TEST

START_TEST(a_key_others_could_read_is_closed_to_them)
{
	struct identity *identity = identity_load_or_create(path, problem);
	struct stat status;

	identity_close(identity);
	ck_assert_int_eq(chmod(path, 0644), 0);
	identity = identity_load_or_create(path, problem);
	ck_assert_ptr_nonnull(identity);
	identity_close(identity);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0600);
}
END_TEST

START_TEST(a_file_that_is_no_key_is_refused_and_left_alone)
{
	static const char *const rubbish[] = { "", "hello\n",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		/* an X25519 key: well-formed, but signs nothing */
		"-----BEGIN PRIVATE KEY-----\n"
		"MC4CAQAwBQYDK2VuBCIEIGBhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/"
		"\n-----END PRIVATE KEY-----\n" };
	char kept[256];
	FILE *file;
	size_t size;

	write_file(rubbish[_i]);
	ck_assert_ptr_null(identity_load_or_create(path, problem));
	ck_assert_ptr_nonnull(strstr(problem, path));
	file = fopen(path, "r");
	size = fread(kept, 1, sizeof kept - 1, file);
	kept[size] = '\0';
	fclose(file);
	ck_assert_str_eq(kept, rubbish[_i]);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_named_in_the_sentence)
{
	ck_assert_ptr_null(identity_load_or_create("/nonexistent/dchat/key",
	    problem));
	ck_assert_ptr_nonnull(strstr(problem, "/nonexistent/dchat/key"));
}
END_TEST

START_TEST(the_id_is_the_hash_of_the_subject_public_key_info)
{
	struct identity *identity = identity_ephemeral();
	unsigned char digest[SHA256_DIGEST_LENGTH], *der = NULL;
	struct id id;
	int size;

	size = i2d_PUBKEY(identity_key(identity), &der);
	ck_assert_int_gt(size, 0);
	SHA256(der, (size_t)size, digest);
	ck_assert_mem_eq(identity_id(identity)->bytes, digest, ID_BYTES);
	identity_id_of_key(identity_public_key(identity), &id);
	ck_assert(id_equal(&id, identity_id(identity)));
	OPENSSL_free(der);
	identity_close(identity);
}
END_TEST

START_TEST(two_ephemeral_nodes_are_two)
{
	struct identity *a = identity_ephemeral(), *b = identity_ephemeral();

	ck_assert(!id_equal(identity_id(a), identity_id(b)));
	identity_close(a);
	identity_close(b);
}
END_TEST

START_TEST(the_certificate_carries_the_key_and_is_signed_with_it)
{
	struct identity *identity = identity_ephemeral();
	X509 *certificate = identity_certificate(identity);

	ck_assert_int_eq(X509_verify(certificate, identity_key(identity)), 1);
	ck_assert_int_eq(EVP_PKEY_eq(X509_get0_pubkey(certificate),
	    identity_key(identity)), 1);
	ck_assert_int_lt(X509_cmp_current_time(
	    X509_get0_notBefore(certificate)), 0);
	ck_assert_int_gt(X509_cmp_current_time(
	    X509_get0_notAfter(certificate)), 0);
	identity_close(identity);
}
END_TEST

START_TEST(random_numbers_differ_and_are_never_zero)
{
	uint64_t last = 0;

	for (int i = 0; i < 100; i++) {
		uint64_t number = crypto_random_number();

		ck_assert_uint_ne(number, 0);
		ck_assert_uint_ne(number, last);
		last = number;
	}
}
END_TEST

START_TEST(every_byte_of_a_long_stretch_is_random)
{
	static uint8_t bytes[10000];
	size_t changed = 0;

	crypto_random(bytes, sizeof bytes);
	for (size_t i = sizeof bytes - 100; i < sizeof bytes; i++)
		changed += bytes[i] != 0;
	ck_assert_uint_gt(changed, 80);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("identity");
	TCase *tests = tcase_create("identity");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_new_key_is_kept_and_found_again);
	tcase_add_test(tests, a_key_others_could_read_is_closed_to_them);
	tcase_add_loop_test(tests,
	    a_file_that_is_no_key_is_refused_and_left_alone, 0, 4);
	tcase_add_test(tests,
	    a_folder_that_is_not_there_is_named_in_the_sentence);
	tcase_add_test(tests,
	    the_id_is_the_hash_of_the_subject_public_key_info);
	tcase_add_test(tests, two_ephemeral_nodes_are_two);
	tcase_add_test(tests,
	    the_certificate_carries_the_key_and_is_signed_with_it);
	tcase_add_test(tests, random_numbers_differ_and_are_never_zero);
	tcase_add_test(tests, every_byte_of_a_long_stretch_is_random);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
