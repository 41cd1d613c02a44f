/* check_base: ids, addresses, text, numbers, memory, the log. */
#include <check.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/utf8.h"

static struct id
id_of(uint8_t first, uint8_t last)
{
	struct id id = { { 0 } };

	id.bytes[0] = first;
	id.bytes[ID_BYTES - 1] = last;
	return id;
}

START_TEST(an_id_reads_back_from_its_text)
{
	struct rng rng = rng_seeded((uint64_t)_i);
	struct id id, back;
	char text[ID_TEXT];

	bytes_put_u64(id.bytes, rng_next(&rng));
	bytes_put_u64(id.bytes + 8, rng_next(&rng));
	ck_assert_uint_eq(strlen(id_format(&id, text)), ID_TEXT - 1);
	ck_assert(id_parse(text, &back));
	ck_assert(id_equal(&id, &back));
}
END_TEST

START_TEST(the_text_of_an_id_is_base32_as_in_rfc_4648)
{
	struct id id = { "foobarfoobarfoob" };
	char text[ID_TEXT], brief[ID_SHORT_TEXT];

	ck_assert_str_eq(id_format(&id, text), "mzxw6ytbojtg633cmfzgm33pmi");
	ck_assert_str_eq(id_format_short(&id, brief), "mzxw6y");
}
END_TEST

START_TEST(what_is_no_id_is_refused)
{
	static const char *const wrong[] = {
		"", "mzxw6ytbojtg633cmfzgm33pm", "mzxw6ytbojtg633cmfzgm33pmia",
		"MZXW6YTBOJTG633CMFZGM33PMI", "mzxw6ytbojtg633cmfzgm33pm1",
		"mzxw6ytbojtg633cmfzgm33pmb",
	};
	struct id id;

	ck_assert(!id_parse(wrong[_i], &id));
}
END_TEST

START_TEST(ids_are_ordered_as_unsigned_numbers)
{
	struct id low = id_of(0x7f, 0xff), high = id_of(0x80, 0);
	struct id sorted[] = { id_of(1, 0), low, high };
	bool found;

	ck_assert_int_lt(id_compare(&low, &high), 0);
	ck_assert_uint_eq(id_search(sorted, 3, &high, &found), 2);
	ck_assert(found);
	low = id_of(2, 0);
	ck_assert_uint_eq(id_search(sorted, 3, &low, &found), 1);
	ck_assert(!found);
}
END_TEST

START_TEST(an_address_reads_back_from_its_text)
{
	static const char *const good[] = { "192.0.2.7:40123",
		"[2001:db8::7]:1", "[fe80::1%1]:65535", "127.0.0.1:7711" };
	struct address address;
	char text[ADDRESS_TEXT];

	ck_assert(address_parse(good[_i], &address));
	ck_assert_str_eq(address_format(&address, text), good[_i]);
}
END_TEST

START_TEST(what_is_no_address_is_refused)
{
	static const char *const wrong[] = { "", ":", "192.0.2.7",
		"192.0.2.7:", "192.0.2.7:0", "192.0.2.7:65536",
		"192.0.2.7:-1", "192.0.2.7: 1", "192.0.2.256:1", "[::1:1",
		"::1:1", "[fe80::1%nowhere]:1", "name:1", "[]:1" };
	struct address address;

	ck_assert_msg(!address_parse(wrong[_i], &address), "%s", wrong[_i]);
}
END_TEST

START_TEST(invalid_utf8_is_found)
{
	static const char *const wrong[] = { "\x80", "\xc0\x80", "\xc1\xbf",
		"\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
		"\xf4\x90\x80\x80", "\xff", "a\xe2\x82", "\xf8\x88\x80\x80" };

	ck_assert(!utf8_valid(wrong[_i], strlen(wrong[_i])));
}
END_TEST

START_TEST(text_is_cut_between_code_points)
{
	const char *text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";

	ck_assert(utf8_valid(text, strlen(text)));
	ck_assert_uint_eq(utf8_points(text), 4);
	ck_assert_uint_eq(utf8_cut(text, 2), 1);
	ck_assert_uint_eq(utf8_cut(text, 3), 3);
	ck_assert_uint_eq(utf8_cut(text, 9), 6);
	ck_assert_uint_eq(utf8_cut(text, 100), 10);
}
END_TEST

START_TEST(the_same_seed_draws_the_same_numbers)
{
	struct rng a = rng_seeded(7), b = rng_seeded(7), c = rng_seeded(8);

	/* The first value of the published reference for seed 0. */
	struct rng zero = rng_seeded(0);

	ck_assert_uint_eq(rng_next(&zero), UINT64_C(0xe220a8397b1dcdaf));
	ck_assert_uint_eq(rng_next(&a), rng_next(&b));
	ck_assert_uint_ne(rng_next(&a), rng_next(&c));
	for (int i = 0; i < 1000; i++) {
		ck_assert_uint_lt(rng_below(&a, 3), 3);
		ck_assert(rng_fraction(&a) < 1.0);
	}
}
END_TEST

START_TEST(a_hash_depends_on_every_byte_and_their_order)
{
	uint64_t ab = hash_finish(hash_bytes(HASH_START, "ab", 2));
	uint64_t ba = hash_finish(hash_bytes(HASH_START, "ba", 2));
	/* FNV-1a's published value for "a", before the mixing. */
	uint64_t a = hash_bytes(HASH_START, "a", 1);

	ck_assert_uint_eq(a, UINT64_C(0xaf63dc4c8601ec8c));
	ck_assert_uint_ne(ab, ba);
}
END_TEST

START_TEST(an_arena_keeps_what_was_put_there)
{
	struct arena arena;
	char *first;

	arena_init(&arena);
	first = arena_text(&arena, "first");
	for (int i = 0; i < 1000; i++)
		memset(arena_alloc(&arena, 100), i, 100);
	memset(arena_alloc(&arena, 100000), 1, 100000);
	ck_assert_str_eq(first, "first");
	ck_assert_ptr_null(arena_text(&arena, NULL));
	arena_clear(&arena);
	ck_assert_ptr_eq(arena_alloc(&arena, 8), first);
	arena_free(&arena);
}
END_TEST

START_TEST(numbers_travel_big_endian)
{
	uint8_t b[8];
	struct bytes bytes;

	bytes_put_u64(b, UINT64_C(0x0102030405060708));
	ck_assert_mem_eq(b, "\1\2\3\4\5\6\7\10", 8);
	ck_assert_uint_eq(bytes_get_u64(b), UINT64_C(0x0102030405060708));
	bytes_init(&bytes);
	bytes_append_text(&bytes, "ab");
	bytes_append(&bytes, "c", 2);
	ck_assert_str_eq((char *)bytes.data, "abc");
	bytes_free(&bytes);
}
END_TEST

/* -- log ------------------------------------------------------------------- */

static wall_ms
midnight(void)
{
	return 0;
}

/* Or the program would stand still with them. */
START_TEST(a_log_that_nobody_reads_is_not_waited_for)
{
	struct log log = { .wall = midnight };
	char text[3001] = "", read_back[PIPE_BUF];
	size_t size = 0;
	ssize_t count;
	int ends[2];
	FILE *file;

	memset(text, 'x', sizeof text - 1);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	file = fdopen(ends[1], "w");
	log_to(&log, file);
	for (int i = 0; i < 100; i++)
		log_data(&log, LOG_WARNING, "long", text);
	ck_assert_uint_gt(log.lost, 50);
	ck_assert_uint_lt(log.lost, 100);
	/* Somebody reads all of it: the rest was lost, and is told of. */
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	while ((count = read(ends[0], read_back, sizeof read_back)) > 0)
		size += (size_t)count;
	ck_assert_uint_gt(size, 10 * sizeof text);
	log_line(&log, LOG_WARNING, "again %d\n", 7);
	ck_assert_uint_eq(log.lost, 0);
	count = read(ends[0], read_back, sizeof read_back - 1);
	ck_assert_int_gt(count, 0);
	read_back[count] = '\0';
	ck_assert_ptr_nonnull(strstr(read_back,
	    " lines were lost, for nobody read them\n"
	    "1970-01-01T00:00:00.000Z again 7\\x0a\n"));
	/* Nor is one who has gone. */
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	log_line(&log, LOG_WARNING, "anybody?");
	ck_assert_uint_eq(log.lost, 1);
	fclose(file);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("base");
	TCase *all = tcase_create("base");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(all, an_id_reads_back_from_its_text, 0, 100);
	tcase_add_test(all, the_text_of_an_id_is_base32_as_in_rfc_4648);
	tcase_add_loop_test(all, what_is_no_id_is_refused, 0, 6);
	tcase_add_test(all, ids_are_ordered_as_unsigned_numbers);
	tcase_add_loop_test(all, an_address_reads_back_from_its_text, 0, 4);
	tcase_add_loop_test(all, what_is_no_address_is_refused, 0, 14);
	tcase_add_loop_test(all, invalid_utf8_is_found, 0, 10);
	tcase_add_test(all, text_is_cut_between_code_points);
	tcase_add_test(all, the_same_seed_draws_the_same_numbers);
	tcase_add_test(all, a_hash_depends_on_every_byte_and_their_order);
	tcase_add_test(all, an_arena_keeps_what_was_put_there);
	tcase_add_test(all, numbers_travel_big_endian);
	tcase_add_test(all, a_log_that_nobody_reads_is_not_waited_for);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
