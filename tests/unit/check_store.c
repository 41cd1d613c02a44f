/*
 * store/store: what is kept, in which order it comes back, what goes; and
 * what happens when the disk says no.
 */
#include <check.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/store_fixture.h"

static void
set_up(void)
{
	ck_assert(fixture_open(NULL, 1, 1));
}

static void
tear_down(void)
{
	fixture_close();
}

START_TEST(nothing_is_answered_before_the_store_is_run)
{
	struct pollfd ready = { .fd = store_descriptor(store),
		.events = POLLIN };

	fixture_put(1, 1, 10, 1, 10);
	ck_assert_int_eq(poll(&ready, 1, 30000), 1);
	ck_assert_uint_eq(answers.kept, 0);
	store_run(store);
	ck_assert_uint_eq(answers.kept, 1);
	ck_assert_int_eq(poll(&ready, 1, 0), 0);
}
END_TEST

START_TEST(requests_are_performed_in_their_order)
{
	fixture_put(1, 1, 10, 1, 10);
	store_history(store, 1, &fixture_room, NULL, STORE_ABOVE, 10);
	fixture_put(1, 2, 20, 1, 10);
	fixture_settle();
	ck_assert_uint_eq(answers.line_count, 1);
	fixture_history(NULL, 10);
	ck_assert_uint_eq(answers.line_count, 2);
}
END_TEST

START_TEST(what_is_said_does_not_wait_for_pages_that_others_asked_for)
{
	struct stream_range all = { fixture_stream(1), { 1, 200 } };
	unsigned kept;

	for (unsigned seq = 1; seq <= 200; seq++)
		fixture_put(1, seq, seq, 1, 1000);
	fixture_settle();
	kept = answers.kept;
	for (unsigned i = 0; i < 100; i++)
		store_range(store, &fixture_asker, &fixture_room, &all, 1);
	fixture_put(1, 201, 201, 1, 10);
	fixture_await_answers(kept + 1);
	ck_assert_uint_lt(answers.pages, 100);
	fixture_settle();
	ck_assert_uint_eq(answers.pages, 100);
}
END_TEST

START_TEST(history_is_in_display_order_whatever_came_first)
{
	fixture_put(2, 1, 20, 1, 10);
	fixture_put(1, 1, 10, 2, 10);
	fixture_put(3, 1, 15, 1, 10);
	fixture_put(1, 2, 20, 1, 10);
	fixture_history(NULL, 10);
	ck_assert_uint_eq(answers.line_count, 5);
	ck_assert_str_eq(answers.texts[0], "1/1.0");
	ck_assert_str_eq(answers.texts[1], "1/1.1");
	ck_assert_str_eq(answers.texts[2], "3/1.0");
	ck_assert_str_eq(answers.texts[3], "1/2.0");
	ck_assert_str_eq(answers.texts[4], "2/1.0");
}
END_TEST

START_TEST(history_gives_the_last_ones_and_those_before_a_message)
{
	char before[MSG_TEXT];

	for (unsigned seq = 1; seq <= 10; seq++)
		fixture_put(1, seq, seq, 3, 10);
	fixture_history(NULL, 4);
	ck_assert_uint_eq(answers.line_count, 4);
	ck_assert_str_eq(answers.texts[0], "1/9.2");
	ck_assert_str_eq(answers.texts[3], "1/10.2");
	fixture_name(1, 9, 2, before);
	fixture_history(before, 4);
	ck_assert_uint_eq(answers.line_count, 4);
	ck_assert_str_eq(answers.texts[0], "1/8.1");
	ck_assert_str_eq(answers.texts[3], "1/9.1");
	fixture_name(1, 1, 1, before);
	fixture_history(before, 4);
	ck_assert_uint_eq(answers.line_count, 1);
	ck_assert_str_eq(answers.texts[0], "1/1.0");
	fixture_name(1, 1, 0, before);
	fixture_history(before, 4);
	ck_assert_uint_eq(answers.line_count, 0);
	ck_assert_int_eq(answers.line_error, ERROR_NONE);
}
END_TEST

static void
history_around(unsigned author, uint64_t seq, size_t index, size_t limit)
{
	char name[MSG_TEXT];

	fixture_name(author, seq, index, name);
	store_history(store, 1, &fixture_room, name, STORE_AROUND, limit);
	fixture_settle();
	ck_assert_int_eq(answers.line_error, ERROR_NONE);
}

START_TEST(history_around_a_message_has_it_in_the_middle)
{
	for (unsigned seq = 1; seq <= 10; seq++)
		fixture_put(1, seq, seq, 3, 10);
	history_around(1, 5, 1, 5);
	ck_assert_uint_eq(answers.line_count, 5);
	ck_assert_str_eq(answers.texts[0], "1/4.2");
	ck_assert_str_eq(answers.texts[2], "1/5.1");
	ck_assert_str_eq(answers.texts[4], "1/6.0");
	ck_assert(answers.newer);
	/* At an end the page is as long, and that is told. */
	history_around(1, 10, 1, 5);
	ck_assert_uint_eq(answers.line_count, 5);
	ck_assert_str_eq(answers.texts[4], "1/10.2");
	ck_assert(!answers.newer);
	history_around(1, 1, 0, 5);
	ck_assert_uint_eq(answers.line_count, 3);
	ck_assert_str_eq(answers.texts[0], "1/1.0");
	ck_assert_str_eq(answers.texts[2], "1/1.2");
	ck_assert(answers.newer);
	history_around(1, 1, 0, 100);
	ck_assert_uint_eq(answers.line_count, 30);
	ck_assert(!answers.newer);
}
END_TEST

START_TEST(history_is_read_downwards_as_well)
{
	char name[MSG_TEXT];

	for (unsigned seq = 1; seq <= 4; seq++)
		fixture_put(1, seq, seq, seq % 2 == 0 ? 0 : 3, 10);
	store_history(store, 1, &fixture_room, NULL, STORE_BELOW, 2);
	fixture_settle();
	ck_assert_uint_eq(answers.line_count, 2);
	ck_assert_str_eq(answers.texts[0], "1/1.0");
	ck_assert_str_eq(answers.texts[1], "1/1.1");
	fixture_name(1, 1, 1, name);
	store_history(store, 1, &fixture_room, name, STORE_BELOW, 3);
	fixture_settle();
	ck_assert_uint_eq(answers.line_count, 3);
	ck_assert_str_eq(answers.texts[0], "1/1.2");
	ck_assert_str_eq(answers.texts[2], "1/3.1");
	fixture_name(1, 3, 2, name);
	store_history(store, 1, &fixture_room, name, STORE_BELOW, 3);
	fixture_settle();
	ck_assert_uint_eq(answers.line_count, 0);
	ck_assert_int_eq(answers.line_error, ERROR_NONE);
}
END_TEST

START_TEST(history_before_an_unknown_message_is_an_error)
{
	char before[MSG_TEXT];

	fixture_put(1, 1, 1, 1, 10);
	fixture_name(1, 2, 0, before);
	fixture_history(before, 4);
	ck_assert_int_eq(answers.line_error, ERROR_BAD_ARGUMENT);
	fixture_name(1, 1, 1, before);
	fixture_history(before, 4);
	ck_assert_int_eq(answers.line_error, ERROR_BAD_ARGUMENT);
	fixture_history("nonsense", 4);
	ck_assert_int_eq(answers.line_error, ERROR_BAD_ARGUMENT);
	fixture_history("", 4);
	ck_assert_int_eq(answers.line_error, ERROR_BAD_ARGUMENT);
	fixture_history("a text that is far too long to be the name of one", 4);
	ck_assert_int_eq(answers.line_error, ERROR_BAD_ARGUMENT);
}
END_TEST

START_TEST(an_empty_bundle_shows_nothing)
{
	fixture_put(1, 1, 1, 1, 10);
	fixture_put(1, 2, 2, 0, 10);
	fixture_put(1, 3, 3, 1, 10);
	fixture_history(NULL, 10);
	ck_assert_uint_eq(answers.line_count, 2);
	ck_assert_str_eq(answers.texts[1], "1/3.0");
}
END_TEST

START_TEST(a_bundle_put_twice_is_kept_once_and_answered_twice)
{
	fixture_put(1, 1, 1, 1, 10);
	fixture_put(1, 1, 1, 1, 10);
	fixture_history(NULL, 10);
	ck_assert_uint_eq(answers.kept, 2);
	ck_assert_uint_eq(answers.line_count, 1);
}
END_TEST

static void
ask_ranges(const struct stream_range *ranges, size_t count)
{
	store_range(store, &fixture_asker, &fixture_room, ranges, count);
	fixture_settle();
}

START_TEST(a_range_gives_its_numbers_and_no_others)
{
	struct stream_range range = { fixture_stream(1), { 3, 5 } };

	for (unsigned seq = 1; seq <= 9; seq++)
		if (seq != 4)
			fixture_put(1, seq, seq, 1, 10);
	fixture_put(2, 3, 3, 1, 10);
	ask_ranges(&range, 1);
	ck_assert(id_equal(&answers.to, &fixture_asker) && id_equal(&answers.room, &fixture_room));
	ck_assert_uint_eq(answers.seen_count, 2);
	ck_assert_uint_eq(answers.seen[0].seq, 3);
	ck_assert_uint_eq(answers.seen[1].seq, 5);
	ck_assert_uint_eq(answers.base_count, 0);
}
END_TEST

START_TEST(several_ranges_come_causes_first)
{
	struct stream_range ranges[] = { { fixture_stream(1), { 1, 9 } },
		{ fixture_stream(2), { 1, 9 } } };

	for (unsigned seq = 1; seq <= 3; seq++) {
		fixture_put(1, seq, 10 * seq, 1, 10);
		fixture_put(2, seq, 10 * seq - 5, 1, 10);
	}
	ask_ranges(ranges, 2);
	ck_assert_uint_eq(answers.seen_count, 6);
	for (unsigned i = 0; i < 6; i++) {
		ck_assert_uint_eq(answers.seen[i].seq, i / 2 + 1);
		ck_assert_uint_eq(answers.seen[i].author.bytes[0], 2 - i % 2);
	}
}
END_TEST

START_TEST(a_page_ends_at_its_bounds_but_holds_one_bundle)
{
	enum { SMALL = STORE_PAGE_BUNDLES + 50, BIG = 40 * 1024 };
	struct stream_range range = { fixture_stream(1), { 1, 1000 } };

	for (unsigned seq = 1; seq <= SMALL; seq++)
		fixture_put(1, seq, seq, 1, 10);
	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.seen_count, STORE_PAGE_BUNDLES);
	for (unsigned seq = SMALL + 1; seq <= SMALL + 20; seq++)
		fixture_put(1, seq, seq, 1, BIG);
	range.range.first = SMALL + 1;
	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.seen_count, STORE_PAGE_BYTES / BIG + 1);
	ck_assert_uint_eq(answers.seen[0].seq, SMALL + 1);
}
END_TEST

START_TEST(one_takes_the_place_of_another_of_its_name)
{
	const struct message said = { KIND_TEXT, "", "" };
	const uint8_t body[] = { 'y' };
	struct stream_range range = { fixture_stream(1), { 1, 9 } };
	struct bundle other = {
		.room = fixture_room,
		.stream = range.stream,
		.seq = 2,
		/* Its place is another one, too. */
		.hlc = fixture_hlc(99),
		.messages = &said,
		.message_count = 1,
		.hash = { { 0xab } },
		.sealed = { .body = body, .size = sizeof body },
	};

	for (unsigned seq = 1; seq <= 3; seq++)
		fixture_put(1, seq, seq, 1, 10);
	/* Who asked before gets what was there: it is the other half of a
	 * proof. */
	store_range(store, &fixture_asker, &fixture_room, &range, 1);
	store_swap(store, &other);
	fixture_settle();
	ck_assert_uint_eq(answers.seen[1].seq, 2);
	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.seen_count, 3);
	ck_assert_uint_eq(answers.seen[0].seq, 1);
	ck_assert_uint_eq(answers.seen[1].seq, 3);
	ck_assert_uint_eq(answers.seen[2].seq, 2);
	/* Where there is none nothing comes in. */
	other.seq = 9;
	store_swap(store, &other);
	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.seen_count, 3);
}
END_TEST

START_TEST(the_newest_of_several_ranges_come_downwards)
{
	struct stream_range below[2] = {
		{ fixture_stream(1), { 1, 4 } },
		{ fixture_stream(2), { 1, 9 } },
	};

	/* by turns: 1/1 2/1 1/2 2/2 ... */
	for (unsigned seq = 1; seq <= 9; seq++) {
		fixture_put(1, seq, 2 * seq, 1, 10);
		fixture_put(2, seq, 2 * seq + 1, 1, 10);
	}
	store_newest(store, &fixture_asker, &fixture_room, below, 2, 14);
	fixture_settle();
	/* 2/9 to 2/5, then 2/4 1/4 2/3 1/3 and all the rest */
	ck_assert_uint_eq(answers.seen_count, 13);
	for (unsigned i = 0; i < 6; i++) {
		ck_assert_uint_eq(answers.seen[i].author.bytes[0], 2);
		ck_assert_uint_eq(answers.seen[i].seq, 9 - i);
	}
	ck_assert_uint_eq(answers.seen[6].author.bytes[0], 1);
	ck_assert_uint_eq(answers.seen[6].seq, 4);
	ck_assert_uint_eq(answers.seen[7].author.bytes[0], 2);
	ck_assert_uint_eq(answers.seen[7].seq, 3);
	ck_assert_uint_eq(answers.seen[12].seq, 1);
	store_newest(store, &fixture_asker, &fixture_room, below, 2, 3);
	fixture_settle();
	ck_assert_uint_eq(answers.seen_count, 3);
}
END_TEST

START_TEST(unknown_rooms_and_streams_get_an_empty_page)
{
	struct stream_range range = { fixture_stream(3), { 1, 500 } };

	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.pages, 1);
	ck_assert_uint_eq(answers.seen_count, 0);
	fixture_put(1, 1, 1, 1, 10);
	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.pages, 2);
	ck_assert_uint_eq(answers.seen_count, 0);
	store_tail(store, &fixture_asker, &fixture_asker, 10);
	fixture_settle();
	ck_assert_uint_eq(answers.pages, 3);
	ck_assert_uint_eq(answers.seen_count + answers.base_count, 0);
}
END_TEST

static uint64_t
base_of(unsigned author)
{
	struct stream stream = fixture_stream(author);

	for (size_t i = 0; i < answers.base_count; i++)
		if (stream_compare(&answers.bases[i].stream, &stream) == 0)
			return answers.bases[i].seq;
	return 0;
}

START_TEST(a_tail_stands_right_above_its_bases)
{
	for (unsigned seq = 1; seq <= 5; seq++)
		fixture_put(1, seq, seq, 1, 10);
	for (unsigned seq = 1; seq <= 5; seq++)
		fixture_put(2, seq, 5 + seq, 2, 10);
	fixture_put(3, 1, 100, 1, 10);
	store_tail(store, &fixture_asker, &fixture_room, 4);
	fixture_settle();
	/* 3/1, then 2/5 and 2/4 of two messages each */
	ck_assert_uint_eq(answers.seen_count, 3);
	ck_assert_uint_eq(answers.seen[0].seq, 4);
	ck_assert_uint_eq(answers.seen[2].author.bytes[0], 3);
	ck_assert_uint_eq(base_of(1), 5);
	ck_assert_uint_eq(base_of(2), 3);
	ck_assert_uint_eq(base_of(3), 0);
}
END_TEST

START_TEST(a_heavy_tail_is_cut_at_its_end_not_at_its_bases)
{
	for (unsigned seq = 1; seq <= 30; seq++)
		fixture_put(1, seq, seq, 1, 40 * 1024);
	store_tail(store, &fixture_asker, &fixture_room, 20);
	fixture_settle();
	ck_assert_uint_eq(base_of(1), 10);
	ck_assert_uint_eq(answers.seen[0].seq, 11);
	ck_assert_uint_lt(answers.seen_count, 20);
	ck_assert_uint_ge(answers.seen_count * 40 * 1024, STORE_TAIL_BYTES);
}
END_TEST

static void
await_room_of(uint64_t messages)
{
	do
		fixture_history(NULL, 1000);
	while (answers.line_count > messages);
	ck_assert_uint_eq(answers.line_count, messages);
}

START_TEST(a_full_room_drops_its_oldest_and_says_so_as_a_base)
{
	struct stream_range range = { fixture_stream(1), { 1, 3 } };

	tear_down();
	fixture_room_messages = 500;
	set_up();
	for (unsigned seq = 1; seq <= 503; seq++)
		fixture_put(1, seq, seq, 1, 1);
	await_room_of(500);
	ck_assert_uint_eq(answers.kept, 503);
	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.seen_count, 0);
	ck_assert_uint_eq(answers.base_count, 1);
	ck_assert_uint_eq(base_of(1), 3);
	range.range = (struct range){ 4, 5 };
	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.seen_count, 2);
	ck_assert_uint_eq(answers.base_count, 0);
	/* What is older than all that is kept does not stay. */
	fixture_put(2, 1, 1, 1, 1);
	await_room_of(500);
	range = (struct stream_range){ fixture_stream(2), { 1, 1 } };
	ask_ranges(&range, 1);
	ck_assert_uint_eq(answers.seen_count, 0);
}
END_TEST

START_TEST(a_room_does_not_grow_where_nobody_is_ever_idle)
{
	tear_down();
	fixture_room_messages = 320;
	set_up();
	for (unsigned seq = 1; seq <= 5000; seq++)
		fixture_put(1, seq, seq, 1, 1);
	/* Asked in the same breath as the last one. */
	store_history(store, 1, &fixture_room, NULL, STORE_ABOVE, 1000);
	fixture_await_answers(5000);
	fixture_settle();
	ck_assert_uint_ge(answers.line_count, 320);
	ck_assert_uint_le(answers.line_count, 340);
}
END_TEST

START_TEST(what_is_older_than_a_year_goes_by_itself)
{
	fixture_put_aged(1, 1, LIMIT_HISTORY_DAYS + 1);
	fixture_put_aged(1, 2, LIMIT_HISTORY_DAYS - 1);
	fixture_settle();
	do
		fixture_history(NULL, 10);
	while (answers.line_count == 2);
	ck_assert_uint_eq(answers.line_count, 1);
	ck_assert_str_eq(answers.texts[0], "1/2.0");
}
END_TEST

/* A flood of answers leaves the loop time for the keys. */
START_TEST(many_answers_are_told_a_few_at_a_time)
{
	unsigned before = 0, most = 0;

	for (unsigned seq = 1; seq <= 400; seq++)
		fixture_put(1, seq, seq, 8, 1);
	while (answers.kept < 400) {
		fixture_await_answers(before + 1);
		if (answers.kept - before > most)
			most = answers.kept - before;
		before = answers.kept;
	}
	ck_assert_uint_le(most * 8, 64 + 8);
}
END_TEST

START_TEST(a_store_may_end_with_requests_under_way)
{
	struct stream_range range = { fixture_stream(1), { 1, 3 } };

	fixture_put(1, 1, 1, 1, 10);
	store_range(store, &fixture_asker, &fixture_room, &range, 1);
	store_history(store, 1, &fixture_room, NULL, STORE_ABOVE, 5);
	ck_assert_uint_eq(answers.kept + answers.pages + answers.lines, 0);
}
END_TEST

/* -- the disk says no -------------------------------------------------- */

static void
set_up_file(void)
{
	fixture_make_folder();
	ck_assert(fixture_open(fixture_path(), 1, 1));
}

static void
tear_down_file(void)
{
	fixture_close();
	fixture_remove_folder();
}

static sqlite3 *
open_beside(void)
{
	sqlite3 *other;

	ck_assert_int_eq(sqlite3_open(fixture_path(), &other), SQLITE_OK);
	return other;
}

static void
run(sqlite3 *other, const char *text)
{
	ck_assert_int_eq(sqlite3_exec(other, text, NULL, NULL, NULL),
	    SQLITE_OK);
}

START_TEST(what_comes_from_below_a_base_lowers_it)
{
	struct dependency base = { fixture_stream(1), 3 };
	const struct past_room *room;

	store_keep_bases(store, &fixture_room, &base, 1);
	fixture_put(1, 4, 4, 1, 10);
	fixture_put(1, 3, 3, 1, 10);
	fixture_put(1, 2, 2, 1, 10);
	fixture_settle();
	fixture_close();
	ck_assert(fixture_open(fixture_path(), 2, 2));
	room = &store_past(store)->node.rooms[0];
	ck_assert_uint_eq(room->entry_count, 1);
	ck_assert_uint_eq(room->entries[0].base, 1);
	ck_assert_uint_eq(room->entries[0].top, 4);
	ck_assert_uint_eq(room->entries[0].hole_count, 0);
	/* Older ones are nobody's direct causes. */
	ck_assert_uint_eq(room->head_count, 1);
	ck_assert_uint_eq(room->heads[0].seq, 4);
}
END_TEST

START_TEST(what_is_kept_is_there_for_whoever_reads_the_file)
{
	sqlite3 *other = open_beside();
	sqlite3_stmt *s;

	fixture_put_own(1, 1, 10, 1);
	fixture_put(2, 1, 20, 3, 10);
	fixture_await_answers(2);
	ck_assert_int_eq(sqlite3_prepare_v2(other,
			     "SELECT count(*), sum(messages) FROM bundle", -1,
			     &s, NULL),
	    SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(s), SQLITE_ROW);
	ck_assert_int_eq(sqlite3_column_int(s, 0), 2);
	ck_assert_int_eq(sqlite3_column_int(s, 1), 4);
	sqlite3_finalize(s);
	sqlite3_close(other);
}
END_TEST

START_TEST(one_number_of_mine_is_never_kept_with_two_contents)
{
	fixture_put_own(1, 1, 10, 1);
	fixture_put_own(1, 1, 10, 2);
	fixture_await_answers(2);
	ck_assert_uint_eq(answers.kept, 1);
	ck_assert_uint_eq(answers.refused, 1);
	ck_assert_int_eq(answers.refusal, ERROR_DISK);
}
END_TEST

START_TEST(while_it_is_locked_my_own_is_refused_and_others_wait)
{
	sqlite3 *other = open_beside();

	fixture_put(2, 1, 5, 1, 10);
	fixture_settle();
	run(other, "BEGIN IMMEDIATE");
	fixture_put_own(1, 1, 10, 1);
	fixture_put(2, 2, 20, 1, 10);
	fixture_await_answers(2);
	ck_assert_uint_eq(answers.kept, 1);
	ck_assert_uint_eq(answers.refused, 1);
	ck_assert_int_eq(answers.refusal, ERROR_DISK);
	ck_assert_str_eq(answers.code, "disk_locked");
	ck_assert_ptr_nonnull(strstr(answers.sentence, "locked"));
	/* What is there can still be read. */
	store_history(store, 1, &fixture_room, NULL, STORE_ABOVE, 10);
	while (answers.lines == 0)
		store_run(store);
	ck_assert_uint_eq(answers.line_count, 1);
	run(other, "ROLLBACK");
	fixture_await_answers(3);
	ck_assert_uint_eq(answers.kept, 2);
	fixture_put_own(1, 1, 30, 3);
	fixture_history(NULL, 10);
	ck_assert_uint_eq(answers.refused, 1);
	ck_assert_uint_eq(answers.line_count, 3);
	ck_assert_str_eq(answers.code, "disk_works");
	sqlite3_close(other);
}
END_TEST

START_TEST(many_at_once_are_all_kept_in_their_order)
{
	for (unsigned seq = 1; seq <= 2000; seq++) {
		fixture_put(1, seq, 2 * seq, 1, 100);
		fixture_put_own(1, seq, 2 * seq + 1, 1);
	}
	fixture_await_answers(4000);
	ck_assert_uint_eq(answers.refused, 0);
	fixture_history(NULL, 4);
	ck_assert_str_eq(answers.texts[2], "1/2000.0");
	ck_assert_str_eq(answers.texts[3], "200/2000.0");
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
	tcase_add_test(tests,
	    what_is_said_does_not_wait_for_pages_that_others_asked_for);
	tcase_add_test(tests, history_is_in_display_order_whatever_came_first);
	tcase_add_test(tests,
	    history_gives_the_last_ones_and_those_before_a_message);
	tcase_add_test(tests, history_around_a_message_has_it_in_the_middle);
	tcase_add_test(tests, history_is_read_downwards_as_well);
	tcase_add_test(tests, history_before_an_unknown_message_is_an_error);
	tcase_add_test(tests, an_empty_bundle_shows_nothing);
	tcase_add_test(tests,
	    a_bundle_put_twice_is_kept_once_and_answered_twice);
	tcase_add_test(tests, a_range_gives_its_numbers_and_no_others);
	tcase_add_test(tests, several_ranges_come_causes_first);
	tcase_add_test(tests, the_newest_of_several_ranges_come_downwards);
	tcase_add_test(tests, a_page_ends_at_its_bounds_but_holds_one_bundle);
	tcase_add_test(tests, one_takes_the_place_of_another_of_its_name);
	tcase_add_test(tests, unknown_rooms_and_streams_get_an_empty_page);
	tcase_add_test(tests, a_tail_stands_right_above_its_bases);
	tcase_add_test(tests, a_heavy_tail_is_cut_at_its_end_not_at_its_bases);
	tcase_add_test(tests,
	    a_full_room_drops_its_oldest_and_says_so_as_a_base);
	tcase_add_test(tests, a_room_does_not_grow_where_nobody_is_ever_idle);
	tcase_add_test(tests, what_is_older_than_a_year_goes_by_itself);
	tcase_add_test(tests, many_answers_are_told_a_few_at_a_time);
	tcase_add_test(tests, a_store_may_end_with_requests_under_way);
	suite_add_tcase(suite, tests);
	tests = tcase_create("disk");
	tcase_add_checked_fixture(tests, set_up_file, tear_down_file);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, what_comes_from_below_a_base_lowers_it);
	tcase_add_test(tests,
	    what_is_kept_is_there_for_whoever_reads_the_file);
	tcase_add_test(tests,
	    one_number_of_mine_is_never_kept_with_two_contents);
	tcase_add_test(tests,
	    while_it_is_locked_my_own_is_refused_and_others_wait);
	tcase_add_test(tests, many_at_once_are_all_kept_in_their_order);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
