/* tui/writer: nobody waits for the one who reads. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/writer.h"

enum { MUCH = 1 << 18 };	/* more than a pipe holds */

static int ends[2];	/* of a pipe */
static struct writer writer;

static void
begin(bool own)
{
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | (own ? O_NONBLOCK : 0)), 0);
	writer_init(&writer, ends[1], own);
}

static void
end(bool own)
{
	writer_free(&writer);
	if (!own)
		close(ends[1]);
}

/* So many bytes, each the low one of its place. */
static void
put(size_t size)
{
	uint8_t *bytes = bytes_reserve(&writer.bytes, size);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)i;
	writer.bytes.size += size;
}

/* What is there for the reader, in its order from `at` on; how much. */
static size_t
read_on(size_t at)
{
	uint8_t bytes[4096];
	ssize_t size = read(ends[0], bytes, sizeof bytes);
	bool same = true;

	for (ssize_t i = 0; i < size; i++)
		same &= bytes[i] == (uint8_t)(at + (size_t)i);
	ck_assert(same);
	return size > 0 ? (size_t)size : 0;
}

/* Own and shared. */
START_TEST(what_is_not_taken_is_kept_and_goes_later)
{
	size_t at = 0;

	begin(_i == 0);
	put(MUCH);
	ck_assert(writer_push(&writer));
	ck_assert_uint_gt(writer_left(&writer), 0);
	ck_assert_uint_lt(writer_left(&writer), MUCH);
	while (at < MUCH) {
		at += read_on(at);
		ck_assert(writer_push(&writer));
	}
	ck_assert_uint_eq(writer_left(&writer), 0);
	ck_assert_uint_eq(writer.bytes.size, 0);
	close(ends[0]);
	end(_i == 0);
}
END_TEST

START_TEST(where_nobody_reads_any_more_nothing_is_kept)
{
	begin(_i == 0);
	close(ends[0]);
	put(100);
	ck_assert(!writer_push(&writer));
	ck_assert_uint_eq(writer_left(&writer), 0);
	ck_assert(writer_push(&writer));
	writer_drain(&writer, 60 * 1000);
	end(_i == 0);
}
END_TEST

/* It ends though nobody reads; and at once when all is taken. */
START_TEST(an_end_waits_no_longer_than_its_patience)
{
	begin(_i == 0);
	put(100);
	writer_drain(&writer, 60 * 1000);
	ck_assert_uint_eq(writer_left(&writer), 0);
	put(MUCH);
	writer_drain(&writer, 20);
	ck_assert_uint_gt(writer_left(&writer), 0);
	close(ends[0]);
	end(_i == 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("writer");
	TCase *tests = tcase_create("writer");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tests, what_is_not_taken_is_kept_and_goes_later, 0,
	    2);
	tcase_add_loop_test(tests, where_nobody_reads_any_more_nothing_is_kept,
	    0, 2);
	tcase_add_loop_test(tests, an_end_waits_no_longer_than_its_patience, 0,
	    2);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
