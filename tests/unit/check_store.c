/*
 * store/store: what is kept, in which order it comes back, what goes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

enum { AUTHORS = 4, SEEN_MAX = 256 };

static struct store *store;
static const struct id room = { { 7 } }, asker = { { 9 } };

/* What the last answers were. */
static unsigned wakes, kept, pages, answers;
static struct seen {
	struct id author;
	uint64_t seq;
} seen[SEEN_MAX];
static size_t seen_count;
static struct dependency bases[SEEN_MAX];
static size_t base_count;
static struct store_page page;
static char texts[SEEN_MAX][48];
static size_t line_count;
static enum error line_error;

static void
on_wake(void *self)
{
	(void)self;
	wakes++;
}

static void
on_kept(void *self, const struct bundle *bundle)
{
	(void)self, (void)bundle;
	kept++;
}

static void
on_page(void *self, const struct store_page *answer)
{
	(void)self;
	pages++;
	page = *answer;
	seen_count = answer->count < SEEN_MAX ? answer->count : SEEN_MAX;
	for (size_t i = 0; i < seen_count; i++)
		seen[i] = (struct seen){ answer->bundles[i]->stream.author,
			answer->bundles[i]->seq };
	base_count = answer->base_count;
	for (size_t i = 0; i < base_count; i++)
		bases[i] = answer->bases[i];
}

static void
on_lines(void *self, const struct store_lines *lines)
{
	(void)self;
	answers++;
	line_error = lines->error;
	line_count = lines->count;
	for (size_t i = 0; i < lines->count && i < SEEN_MAX; i++)
		snprintf(texts[i], sizeof texts[i], "%s",
		    lines->lines[i]
			.bundle->messages[lines->lines[i].index]
			.text);
}

static void
set_up(void)
{
	const struct store_front front = { on_wake, on_kept, on_page, on_lines,
		NULL };

	wakes = kept = pages = answers = 0;
	seen_count = base_count = line_count = 0;
	line_error = ERROR_NONE;
	store = store_new(&front);
}

static void
tear_down(void)
{
	store_destroy(store);
}

static struct stream
stream_of(unsigned author)
{
	return (struct stream){ { { (uint8_t)author } }, 1 };
}

/* A bundle whose hash and body follow from author and seq. */
static void
put(unsigned author, uint64_t seq, uint64_t hlc, size_t messages,
    size_t body_size)
{
	struct message said[LIMIT_BUNDLE_MESSAGES];
	char text[LIMIT_BUNDLE_MESSAGES][48];
	uint8_t *body = calloc(1, body_size);
	struct bundle bundle = {
		.room = room,
		.stream = stream_of(author),
		.seq = seq,
		.hlc = hlc,
		.messages = said,
		.message_count = messages,
		.hash = { { (uint8_t)author, (uint8_t)(seq >> 16),
		    (uint8_t)(seq >> 8), (uint8_t)seq } },
		.sealed = { .body = body, .size = body_size },
	};

	for (size_t i = 0; i < messages; i++) {
		snprintf(text[i], sizeof text[i], "%u/%u.%zu", author,
		    (unsigned)seq, i);
		said[i] = (struct message){ KIND_TEXT, text[i] };
	}
	store_put(store, &bundle);
	free(body);
}

static void
name_of(unsigned author, uint64_t seq, size_t index, char text[static MSG_TEXT])
{
	struct bundle bundle = { .hash = { { (uint8_t)author,
				     (uint8_t)(seq >> 16), (uint8_t)(seq >> 8),
				     (uint8_t)seq } } };

	message_name(&bundle, index, text);
}

static void
ask_history(const char *before, size_t limit)
{
	store_history(store, 1, &room, before, limit);
	store_run(store);
}

START_TEST(nothing_is_answered_before_the_store_is_run)
{
	put(1, 1, 10, 1, 10);
	put(1, 2, 20, 1, 10);
	ck_assert_uint_eq(kept, 0);
	ck_assert_uint_eq(wakes, 1);
	ck_assert(store_busy(store));
	store_run(store);
	ck_assert_uint_eq(kept, 2);
	ck_assert(!store_busy(store));
	put(1, 3, 30, 1, 10);
	ck_assert_uint_eq(wakes, 2);
}
END_TEST

START_TEST(requests_are_performed_in_their_order)
{
	put(1, 1, 10, 1, 10);
	store_history(store, 1, &room, NULL, 10);
	put(1, 2, 20, 1, 10);
	store_run(store);
	ck_assert_uint_eq(line_count, 1);
	ask_history(NULL, 10);
	ck_assert_uint_eq(line_count, 2);
}
END_TEST

START_TEST(history_is_in_display_order_whatever_came_first)
{
	put(2, 1, 20, 1, 10);
	put(1, 1, 10, 2, 10);
	put(3, 1, 15, 1, 10);
	put(1, 2, 20, 1, 10);
	ask_history(NULL, 10);
	ck_assert_uint_eq(line_count, 5);
	ck_assert_str_eq(texts[0], "1/1.0");
	ck_assert_str_eq(texts[1], "1/1.1");
	ck_assert_str_eq(texts[2], "3/1.0");
	ck_assert_str_eq(texts[3], "1/2.0");
	ck_assert_str_eq(texts[4], "2/1.0");
}
END_TEST

START_TEST(history_gives_the_last_ones_and_those_before_a_message)
{
	char before[MSG_TEXT];

	for (unsigned seq = 1; seq <= 10; seq++)
		put(1, seq, seq, 3, 10);
	ask_history(NULL, 4);
	ck_assert_uint_eq(line_count, 4);
	ck_assert_str_eq(texts[0], "1/9.2");
	ck_assert_str_eq(texts[3], "1/10.2");
	name_of(1, 9, 2, before);
	ask_history(before, 4);
	ck_assert_uint_eq(line_count, 4);
	ck_assert_str_eq(texts[0], "1/8.1");
	ck_assert_str_eq(texts[3], "1/9.1");
	name_of(1, 1, 1, before);
	ask_history(before, 4);
	ck_assert_uint_eq(line_count, 1);
	ck_assert_str_eq(texts[0], "1/1.0");
	name_of(1, 1, 0, before);
	ask_history(before, 4);
	ck_assert_uint_eq(line_count, 0);
	ck_assert_int_eq(line_error, ERROR_NONE);
}
END_TEST

START_TEST(history_before_an_unknown_message_is_an_error)
{
	char before[MSG_TEXT];

	put(1, 1, 1, 1, 10);
	name_of(1, 2, 0, before);
	ask_history(before, 4);
	ck_assert_int_eq(line_error, ERROR_BAD_ARGUMENT);
	name_of(1, 1, 1, before);
	ask_history(before, 4);
	ck_assert_int_eq(line_error, ERROR_BAD_ARGUMENT);
	ask_history("nonsense", 4);
	ck_assert_int_eq(line_error, ERROR_BAD_ARGUMENT);
	ask_history("", 4);
	ck_assert_int_eq(line_error, ERROR_BAD_ARGUMENT);
	ask_history("a text that is far too long to be the name of one", 4);
	ck_assert_int_eq(line_error, ERROR_BAD_ARGUMENT);
}
END_TEST

START_TEST(an_empty_bundle_shows_nothing)
{
	put(1, 1, 1, 1, 10);
	put(1, 2, 2, 0, 10);
	put(1, 3, 3, 1, 10);
	ask_history(NULL, 10);
	ck_assert_uint_eq(line_count, 2);
	ck_assert_str_eq(texts[1], "1/3.0");
}
END_TEST

START_TEST(a_bundle_put_twice_is_kept_once_and_answered_twice)
{
	put(1, 1, 1, 1, 10);
	put(1, 1, 1, 1, 10);
	ask_history(NULL, 10);
	ck_assert_uint_eq(kept, 2);
	ck_assert_uint_eq(line_count, 1);
}
END_TEST

static void
ask_ranges(const struct stream_range *ranges, size_t count)
{
	store_range(store, &asker, &room, ranges, count);
	store_run(store);
}

START_TEST(a_range_gives_its_numbers_and_no_others)
{
	struct stream_range range = { stream_of(1), { 3, 5 } };

	for (unsigned seq = 1; seq <= 9; seq++)
		if (seq != 4)
			put(1, seq, seq, 1, 10);
	put(2, 3, 3, 1, 10);
	ask_ranges(&range, 1);
	ck_assert(id_equal(&page.to, &asker) && id_equal(&page.room, &room));
	ck_assert_uint_eq(seen_count, 2);
	ck_assert_uint_eq(seen[0].seq, 3);
	ck_assert_uint_eq(seen[1].seq, 5);
	ck_assert_uint_eq(base_count, 0);
}
END_TEST

START_TEST(several_ranges_come_causes_first)
{
	struct stream_range ranges[] = { { stream_of(1), { 1, 9 } },
		{ stream_of(2), { 1, 9 } } };

	for (unsigned seq = 1; seq <= 3; seq++) {
		put(1, seq, 10 * seq, 1, 10);
		put(2, seq, 10 * seq - 5, 1, 10);
	}
	ask_ranges(ranges, 2);
	ck_assert_uint_eq(seen_count, 6);
	for (unsigned i = 0; i < 6; i++) {
		ck_assert_uint_eq(seen[i].seq, i / 2 + 1);
		ck_assert_uint_eq(seen[i].author.bytes[0], 2 - i % 2);
	}
}
END_TEST

START_TEST(a_page_ends_at_its_bounds_but_holds_one_bundle)
{
	struct stream_range range = { stream_of(1), { 1, 500 } };

	for (unsigned seq = 1; seq <= 200; seq++)
		put(1, seq, seq, 1, 10);
	ask_ranges(&range, 1);
	ck_assert_uint_eq(seen_count, STORE_PAGE_BUNDLES);
	for (unsigned seq = 201; seq <= 210; seq++)
		put(1, seq, seq, 1, 40 * 1024);
	range.range.first = 201;
	ask_ranges(&range, 1);
	ck_assert_uint_eq(seen_count, 2);
	ck_assert_uint_eq(seen[0].seq, 201);
}
END_TEST

START_TEST(unknown_rooms_and_streams_get_an_empty_page)
{
	struct stream_range range = { stream_of(3), { 1, 500 } };

	ask_ranges(&range, 1);
	ck_assert_uint_eq(pages, 1);
	ck_assert_uint_eq(seen_count, 0);
	put(1, 1, 1, 1, 10);
	ask_ranges(&range, 1);
	ck_assert_uint_eq(pages, 2);
	ck_assert_uint_eq(seen_count, 0);
	store_tail(store, &asker, &asker, 10);
	store_run(store);
	ck_assert_uint_eq(pages, 3);
	ck_assert_uint_eq(seen_count + base_count, 0);
}
END_TEST

static uint64_t
base_of(unsigned author)
{
	struct stream stream = stream_of(author);

	for (size_t i = 0; i < base_count; i++)
		if (stream_compare(&bases[i].stream, &stream) == 0)
			return bases[i].seq;
	return 0;
}

START_TEST(a_tail_stands_right_above_its_bases)
{
	for (unsigned seq = 1; seq <= 5; seq++)
		put(1, seq, seq, 1, 10);
	for (unsigned seq = 1; seq <= 5; seq++)
		put(2, seq, 5 + seq, 2, 10);
	put(3, 1, 100, 1, 10);
	store_tail(store, &asker, &room, 4);
	store_run(store);
	/* 3/1, then 2/5 and 2/4 of two messages each */
	ck_assert_uint_eq(seen_count, 3);
	ck_assert_uint_eq(seen[0].seq, 4);
	ck_assert_uint_eq(seen[2].author.bytes[0], 3);
	ck_assert_uint_eq(base_of(1), 5);
	ck_assert_uint_eq(base_of(2), 3);
	ck_assert_uint_eq(base_of(3), 0);
}
END_TEST

START_TEST(a_heavy_tail_is_cut_at_its_end_not_at_its_bases)
{
	for (unsigned seq = 1; seq <= 30; seq++)
		put(1, seq, seq, 1, 40 * 1024);
	store_tail(store, &asker, &room, 20);
	store_run(store);
	ck_assert_uint_eq(base_of(1), 10);
	ck_assert_uint_eq(seen[0].seq, 11);
	ck_assert_uint_lt(seen_count, 20);
	ck_assert_uint_ge(seen_count * 40 * 1024, STORE_TAIL_BYTES);
}
END_TEST

START_TEST(a_full_room_drops_its_oldest_and_says_so_as_a_base)
{
	struct stream_range range = { stream_of(1), { 1, 3 } };

	for (unsigned seq = 1; seq <= LIMIT_HISTORY_ROOM + 3; seq++) {
		put(1, seq, seq, 1, 1);
		if (seq % 4096 == 0)
			store_run(store);
	}
	store_run(store);
	ck_assert_uint_eq(store_messages(store, &room), LIMIT_HISTORY_ROOM);
	ask_ranges(&range, 1);
	ck_assert_uint_eq(seen_count, 0);
	ck_assert_uint_eq(base_count, 1);
	ck_assert_uint_eq(base_of(1), 3);
	range.range = (struct range){ 4, 5 };
	ask_ranges(&range, 1);
	ck_assert_uint_eq(seen_count, 2);
	ck_assert_uint_eq(base_count, 0);
	/* What is older than all that is kept does not stay. */
	put(2, 1, 1, 1, 1);
	store_run(store);
	ck_assert_uint_eq(store_messages(store, &room), LIMIT_HISTORY_ROOM);
	range = (struct stream_range){ stream_of(2), { 1, 1 } };
	ask_ranges(&range, 1);
	ck_assert_uint_eq(seen_count, 0);
}
END_TEST

START_TEST(a_store_may_end_with_requests_under_way)
{
	struct stream_range range = { stream_of(1), { 1, 3 } };

	put(1, 1, 1, 1, 10);
	store_range(store, &asker, &room, &range, 1);
	store_history(store, 1, &room, NULL, 5);
	ck_assert_uint_eq(kept + pages + answers, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store");
	TCase *tests = tcase_create("store");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, nothing_is_answered_before_the_store_is_run);
	tcase_add_test(tests, requests_are_performed_in_their_order);
	tcase_add_test(tests, history_is_in_display_order_whatever_came_first);
	tcase_add_test(tests,
	    history_gives_the_last_ones_and_those_before_a_message);
	tcase_add_test(tests, history_before_an_unknown_message_is_an_error);
	tcase_add_test(tests, an_empty_bundle_shows_nothing);
	tcase_add_test(tests,
	    a_bundle_put_twice_is_kept_once_and_answered_twice);
	tcase_add_test(tests, a_range_gives_its_numbers_and_no_others);
	tcase_add_test(tests, several_ranges_come_causes_first);
	tcase_add_test(tests, a_page_ends_at_its_bounds_but_holds_one_bundle);
	tcase_add_test(tests, unknown_rooms_and_streams_get_an_empty_page);
	tcase_add_test(tests, a_tail_stands_right_above_its_bases);
	tcase_add_test(tests, a_heavy_tail_is_cut_at_its_end_not_at_its_bases);
	tcase_add_test(tests,
	    a_full_room_drops_its_oldest_and_says_so_as_a_base);
	tcase_add_test(tests, a_store_may_end_with_requests_under_way);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
