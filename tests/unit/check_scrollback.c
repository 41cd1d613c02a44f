/*
 * tui/scrollback: the order of lines, and what is in view.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "tui/scrollback.h"
#include "tui/text.h"

/* Monday 23 November 2026, 12:00 UTC */
static const wall_ms NOON = INT64_C(1795435200000);

static struct scrollback *scrollback;
static struct scrollback_row rows[256];

static void
setup(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	setenv("TZ", "UTC", 1);
	tzset();
	scrollback = scrollback_new(0);
}

static void
teardown(void)
{
	scrollback_destroy(scrollback);
}

static struct dchat_message
message_of(uint64_t hlc, int author, const char *text)
{
	struct dchat_message message = {
		.room = "#ops",
		.nick = "ana",
		.text = text,
		.time = NOON,
		.hlc = hlc,
		.seq = hlc,
		.live = true,
	};

	message.author.bytes[15] = (uint8_t)author;
	snprintf(message.msg, sizeof message.msg, "%llu.%d",
	    (unsigned long long)hlc, author);
	return message;
}

static const struct line *
say(uint64_t hlc, const char *text)
{
	struct dchat_message message = message_of(hlc, 1, text);

	return scrollback_message(scrollback, &message, 0, NOON);
}

static const char *
all_texts(void)
{
	static char texts[4096];
	size_t i;

	texts[0] = '\0';
	for (i = 0; i < scrollback_count(scrollback); i++) {
		if (i > 0)
			strcat(texts, "|");
		strcat(texts, scrollback_line(scrollback, i)->text);
	}
	return texts;
}

/* What is in view: rows with '|' between; -D- and -U- for the dividers. */
static const char *
view(size_t width, size_t height)
{
	static char texts[8192];
	size_t count = scrollback_rows(scrollback, width, height, rows), i;

	texts[0] = '\0';
	for (i = 0; i < count; i++) {
		if (i > 0)
			strcat(texts, "|");
		if (rows[i].kind == ROW_DAY)
			strcat(texts, "-D-");
		else if (rows[i].kind == ROW_UNREAD)
			strcat(texts, "-U-");
		else if (rows[i].kind == ROW_GAP)
			strcat(texts, "-G-");
		else if (rows[i].kind == ROW_FETCHING)
			strcat(texts, "-F-");
		else if (rows[i].kind == ROW_BEGIN)
			strcat(texts, "-B-");
		else
			strncat(texts, rows[i].line->text + rows[i].offset,
			    rows[i].size);
	}
	return texts;
}

/* -- order ------------------------------------------------------------- */

START_TEST(messages_stand_in_the_order_of_the_protocol)
{
	struct dchat_message same = message_of(2, 9, "two of nine");

	say(3, "three");
	say(1, "one");
	scrollback_message(scrollback, &same, 0, NOON);
	say(2, "two");
	ck_assert_str_eq(all_texts(), "one|two|two of nine|three");
}
END_TEST

START_TEST(seq_and_index_decide_among_equals)
{
	struct dchat_message a = message_of(1, 1, "first");
	struct dchat_message b = message_of(1, 1, "second");
	struct dchat_message c = message_of(1, 1, "third");

	b.index = 1;
	c.seq = 2;
	scrollback_message(scrollback, &c, 0, NOON);
	scrollback_message(scrollback, &b, 0, NOON);
	scrollback_message(scrollback, &a, 0, NOON);
	ck_assert_str_eq(all_texts(), "first|second|third");
}
END_TEST

static void
shuffle(struct rng *rng, int *order, int count)
{
	int i;

	for (i = 0; i < count; i++)
		order[i] = i;
	for (i = count - 1; i > 0; i--) {
		int at = (int)rng_below(rng, (uint64_t)i + 1);
		int swap = order[i];

		order[i] = order[at];
		order[at] = swap;
	}
}

static bool
is_sorted(int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (scrollback_line(scrollback, (size_t)i)->hlc != (uint64_t)i)
			return false;
	return scrollback_count(scrollback) == (size_t)count;
}

START_TEST(any_order_of_arrival_gives_the_same_transcript)
{
	struct rng rng = rng_seeded(1);
	int round, i, order[200];

	for (round = 0; round < 50; round++) {
		scrollback_destroy(scrollback);
		scrollback = scrollback_new(0);
		shuffle(&rng, order, 200);
		for (i = 0; i < 200; i++) {
			char text[16];

			snprintf(text, sizeof text, "%d", order[i]);
			say((uint64_t)order[i], text);
		}
		ck_assert(is_sorted(200));
	}
}
END_TEST

START_TEST(a_message_is_there_once)
{
	ck_assert_ptr_nonnull(say(1, "one"));
	ck_assert_ptr_nonnull(say(2, "two"));
	ck_assert_ptr_null(say(1, "one"));
	ck_assert_str_eq(all_texts(), "one|two");
}
END_TEST

START_TEST(what_slides_in_is_marked_late_and_history_is_not)
{
	struct dchat_message old = message_of(1, 1, "history");

	ck_assert(!say(5, "five")->late);
	ck_assert(say(3, "three")->late);
	old.live = false;
	ck_assert(
	    !scrollback_message(scrollback, &old, 0, NOON)->late);
	ck_assert(!say(6, "six")->late);
}
END_TEST

START_TEST(events_stay_where_they_were_when_they_came)
{
	say(1, "one");
	scrollback_event(scrollback, LINE_COMING, "bob joined", NOON);
	say(4, "four");
	scrollback_event(scrollback, LINE_COMING, "bob left", NOON);
	say(3, "three");
	say(5, "five");
	ck_assert_str_eq(all_texts(),
	    "one|bob joined|three|four|bob left|five");
}
END_TEST

START_TEST(texts_are_cleaned_and_lose_newlines_at_their_end)
{
	struct dchat_message message = message_of(1, 1, "\033[2Jx\ny\n\n");

	message.nick = "a\u202eb\n";
	scrollback_message(scrollback, &message, 0, NOON);
	ck_assert_str_eq(scrollback_line(scrollback, 0)->text, "␛[2Jx\ny");
	ck_assert_str_eq(scrollback_line(scrollback, 0)->nick, "ab␊");
	scrollback_event(scrollback, LINE_NOTICE, "\a", NOON);
	ck_assert_str_eq(scrollback_line(scrollback, 1)->text, "␇");
}
END_TEST

START_TEST(an_event_line_can_be_rewritten_while_it_is_the_last)
{
	const struct line *line =
	    scrollback_event(scrollback, LINE_COMING, "bob joined", NOON);

	ck_assert(scrollback_amend(scrollback, line, "bob joined",
	    "bob, eve joined"));
	ck_assert(!scrollback_amend(scrollback, line, "bob joined", "x"));
	ck_assert_str_eq(view(20, 9), "-D-|bob, eve joined");
	ck_assert(scrollback_amend(scrollback, line, "bob, eve joined",
	    "bob, eve, ana, dan joined"));
	ck_assert_str_eq(view(20, 9), "-D-|bob, eve, ana, dan|joined");
	ck_assert(scrollback_amend(scrollback, line,
	    "bob, eve, ana, dan joined", "bob, eve joined"));
	ck_assert_str_eq(view(20, 9), "-D-|bob, eve joined");
	say(1, "one");
	ck_assert(!scrollback_amend(scrollback, line, "bob, eve joined", "x"));
	ck_assert_str_eq(all_texts(), "bob, eve joined|one");
}
END_TEST

/* -- pending ----------------------------------------------------------- */

static const struct line *
pend(uint64_t token, const char *text)
{
	struct id me = { .bytes = { 7 } };

	return scrollback_pending(scrollback, token, KIND_TEXT, &me, "zoe",
	    text, NOON);
}

START_TEST(what_is_pending_stands_below_all_until_it_is_delivered)
{
	struct dchat_message mine = message_of(3, 7, "mine");

	say(1, "one");
	ck_assert(pend(70, "mine")->pending);
	pend(71, "mine too");
	say(2, "two");
	scrollback_event(scrollback, LINE_COMING, "bob joined", NOON);
	ck_assert_str_eq(all_texts(), "one|two|bob joined|mine|mine too");
	mine.token = 70;
	ck_assert(
	    !scrollback_message(scrollback, &mine, LINE_OWN, NOON)->late);
	say(4, "four");
	ck_assert_str_eq(all_texts(), "one|two|bob joined|mine|four|mine too");
	ck_assert(!scrollback_line(scrollback, 3)->pending);
	ck_assert(scrollback_line(scrollback, 5)->pending);
}
END_TEST

START_TEST(what_is_refused_is_said_to_be_and_keeps_its_text)
{
	pend(70, "mine");
	pend(71, "mine too");
	ck_assert(scrollback_refuse(scrollback, 71, "too long", NOON));
	ck_assert(!scrollback_refuse(scrollback, 71, "too long", NOON));
	ck_assert_str_eq(all_texts(), "not sent: mine too (too long)|mine");
	ck_assert_int_eq(scrollback_line(scrollback, 0)->kind, LINE_ERROR);
	ck_assert(scrollback_refuse(scrollback, 70, "no", NOON));
	ck_assert_uint_eq(scrollback_count(scrollback), 2);
}
END_TEST

/* -- bounds ------------------------------------------------------------ */

START_TEST(the_number_of_lines_is_bounded_and_the_oldest_go)
{
	uint64_t i;

	for (i = 1; i <= SCROLLBACK_LINES * 3; i++)
		say(i, "x");
	ck_assert_uint_le(scrollback_count(scrollback), SCROLLBACK_LINES);
	ck_assert_uint_gt(scrollback_count(scrollback), SCROLLBACK_LINES / 2);
	ck_assert_uint_eq(scrollback_line(scrollback,
			      scrollback_count(scrollback) - 1)
			      ->hlc,
	    SCROLLBACK_LINES * 3);
	/* What is older than all that is kept does not come back. */
	ck_assert_ptr_null(say(1, "x"));
}
END_TEST

START_TEST(the_bytes_are_bounded)
{
	char text[LIMIT_TEXT + 1];
	size_t bytes = 0, i;

	memset(text, 'x', LIMIT_TEXT);
	text[LIMIT_TEXT] = '\0';
	for (i = 1; i <= 2000; i++)
		say(i, text);
	for (i = 0; i < scrollback_count(scrollback); i++)
		bytes += strlen(scrollback_line(scrollback, i)->text);
	ck_assert_uint_le(bytes, SCROLLBACK_BYTES + LIMIT_TEXT);
	ck_assert_uint_gt(scrollback_count(scrollback), 100);
}
END_TEST

START_TEST(the_view_survives_that_its_line_goes)
{
	uint64_t i;

	for (i = 1; i <= SCROLLBACK_LINES; i++)
		say(i, "x");
	scrollback_scroll(scrollback, 10, 5, -SCROLLBACK_LINES);
	for (; i <= SCROLLBACK_LINES * 3; i++)
		say(i, "x");
	ck_assert(!scrollback_is_live(scrollback));
	ck_assert_uint_eq(scrollback_rows(scrollback, 10, 5, rows), 5);
	ck_assert_ptr_eq(rows[1].line, scrollback_line(scrollback, 0));
}
END_TEST

/* -- the view ---------------------------------------------------------- */

static void
say_numbers(uint64_t from, uint64_t to)
{
	char text[32];

	for (; from <= to; from++) {
		snprintf(text, sizeof text, "%llu", (unsigned long long)from);
		say(from, text);
	}
}

START_TEST(live_the_last_rows_are_in_view)
{
	ck_assert_str_eq(view(10, 3), "");
	say_numbers(1, 2);
	ck_assert_str_eq(view(10, 5), "-D-|1|2");
	say_numbers(3, 9);
	ck_assert_str_eq(view(10, 3), "7|8|9");
	ck_assert(scrollback_is_live(scrollback));
}
END_TEST

START_TEST(long_lines_take_several_rows_and_are_cut_by_the_top)
{
	say(1, "one two three four");
	say(2, "five");
	ck_assert_str_eq(view(5, 10), "-D-|one|two|three|four|five");
	ck_assert_str_eq(view(5, 3), "three|four|five");
	ck_assert_uint_eq(rows[0].part, 2);
	ck_assert_str_eq(view(20, 3), "-D-|one two three four|five");
}
END_TEST

START_TEST(a_day_line_stands_where_the_day_changes)
{
	struct dchat_message next = message_of(3, 1, "tuesday");
	char day[64];

	say_numbers(1, 2);
	next.time = NOON + 24 * 3600 * 1000;
	scrollback_message(scrollback, &next, 0, NOON);
	ck_assert_str_eq(view(10, 10), "-D-|1|2|-D-|tuesday");
	scrollback_day_text(rows[0].line, day);
	ck_assert_str_eq(day, "Monday 23 November 2026");
	scrollback_day_text(rows[3].line, day);
	ck_assert_str_eq(day, "Tuesday 24 November 2026");
}
END_TEST

START_TEST(scrolled_up_the_view_stays_while_lines_come)
{
	say_numbers(1, 20);
	scrollback_scroll(scrollback, 10, 4, -5);
	ck_assert_str_eq(view(10, 4), "12|13|14|15");
	say_numbers(21, 32);
	ck_assert_str_eq(view(10, 4), "12|13|14|15");
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 12);
	scrollback_scroll(scrollback, 10, 4, 1);
	ck_assert_str_eq(view(10, 4), "13|14|15|16");
	scrollback_live(scrollback);
	ck_assert_str_eq(view(10, 4), "29|30|31|32");
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 0);
}
END_TEST

START_TEST(an_own_message_that_is_delivered_below_is_new_once)
{
	struct dchat_message mine = message_of(50, 7, "mine");

	say_numbers(1, 20);
	scrollback_scroll(scrollback, 10, 4, -5);
	pend(70, "mine");
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 1);
	mine.token = 70;
	scrollback_message(scrollback, &mine, LINE_OWN, NOON);
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 1);
}
END_TEST

START_TEST(late_lines_above_the_view_do_not_move_its_last_row)
{
	say_numbers(1, 4);
	say_numbers(10, 20);
	scrollback_scroll(scrollback, 10, 3, -4);
	ck_assert_str_eq(view(10, 3), "14|15|16");
	say_numbers(5, 9);
	ck_assert_str_eq(view(10, 3), "14|15|16");
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 0);
}
END_TEST

START_TEST(scrolling_down_to_the_end_is_live_again)
{
	say_numbers(1, 20);
	scrollback_scroll(scrollback, 10, 4, -3);
	ck_assert(!scrollback_is_live(scrollback));
	say_numbers(21, 25);
	scrollback_scroll(scrollback, 10, 4, 6);
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 2);
	scrollback_scroll(scrollback, 10, 4, 100);
	ck_assert(scrollback_is_live(scrollback));
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 0);
	say(26, "26");
	ck_assert_str_eq(view(10, 2), "25|26");
}
END_TEST

START_TEST(scrolling_up_ends_at_the_oldest_line)
{
	say_numbers(1, 20);
	scrollback_scroll(scrollback, 10, 4, -1000);
	ck_assert_str_eq(view(10, 4), "-D-|1|2|3");
	scrollback_scroll(scrollback, 10, 4, -1);
	ck_assert_str_eq(view(10, 4), "-D-|1|2|3");
	scrollback_scroll(scrollback, 10, 4, 1);
	ck_assert_str_eq(view(10, 4), "1|2|3|4");
}
END_TEST

START_TEST(what_fits_does_not_scroll)
{
	say_numbers(1, 3);
	scrollback_scroll(scrollback, 10, 4, -2);
	ck_assert(scrollback_is_live(scrollback));
	scrollback_scroll(scrollback, 10, 40, -2);
	ck_assert(scrollback_is_live(scrollback));
	scrollback_scroll(scrollback, 10, 3, -2);
	ck_assert(!scrollback_is_live(scrollback));
	ck_assert_str_eq(view(10, 3), "-D-|1|2");
	/* and when it grows it shows all */
	ck_assert_str_eq(view(10, 4), "-D-|1|2|3");
	ck_assert(scrollback_is_live(scrollback));
}
END_TEST

START_TEST(an_empty_scrollback_does_not_scroll)
{
	scrollback_scroll(scrollback, 10, 4, -2);
	scrollback_scroll(scrollback, 10, 4, 2);
	ck_assert(scrollback_is_live(scrollback));
	ck_assert_uint_eq(scrollback_rows(scrollback, 10, 4, rows), 0);
}
END_TEST

START_TEST(the_view_goes_through_long_lines_row_by_row)
{
	say(1, "a b c d e f");
	say(2, "g h");
	scrollback_scroll(scrollback, 1, 3, -1);
	ck_assert_str_eq(view(1, 3), "e|f|g");
	scrollback_scroll(scrollback, 1, 3, -1);
	ck_assert_str_eq(view(1, 3), "d|e|f");
	scrollback_scroll(scrollback, 1, 3, -2);
	ck_assert_str_eq(view(1, 3), "b|c|d");
	/* wider: its last row is still of that line */
	ck_assert_str_eq(view(3, 2), "-D-|a b");
	scrollback_scroll(scrollback, 3, 2, 100);
	ck_assert_str_eq(view(3, 2), "e f|g h");
}
END_TEST

START_TEST(walking_up_and_down_again_shows_the_same_rows)
{
	struct rng rng = rng_seeded(4);
	char seen[64][8192];
	int i, steps;

	for (i = 1; i <= 60; i++) {
		char text[200] = "";
		uint64_t words = rng_below(&rng, 12);

		while (words-- > 0)
			strcat(text, rng_below(&rng, 3) ? "word " : "日本\n");
		say((uint64_t)i, text);
	}
	for (steps = 0; steps < 64; steps++) {
		strcpy(seen[steps], view(9, 7));
		scrollback_scroll(scrollback, 9, 7, -1);
	}
	scrollback_scroll(scrollback, 9, 7, 1);
	for (steps = 63; steps > 0; steps--) {
		ck_assert_str_eq(view(9, 7), seen[steps]);
		scrollback_scroll(scrollback, 9, 7, 1);
	}
	ck_assert(scrollback_is_live(scrollback));
}
END_TEST

START_TEST(a_pending_line_in_view_is_replaced_without_a_jump)
{
	struct dchat_message mine = message_of(50, 7, "mine");

	say_numbers(1, 9);
	pend(70, "mine");
	pend(71, "more");
	scrollback_scroll(scrollback, 10, 3, -1);
	ck_assert_str_eq(view(10, 3), "8|9|mine");
	mine.token = 70;
	scrollback_message(scrollback, &mine, LINE_OWN, NOON);
	ck_assert_str_eq(view(10, 3), "7|8|9");
	ck_assert_str_eq(all_texts(), "1|2|3|4|5|6|7|8|9|mine|more");
}
END_TEST

/* -- unread ------------------------------------------------------------ */

START_TEST(the_unread_line_stands_above_the_first_message_after_leaving)
{
	say_numbers(1, 2);
	scrollback_mark(scrollback);
	ck_assert_str_eq(view(10, 9), "-D-|1|2");
	scrollback_event(scrollback, LINE_COMING, "bob joined", NOON);
	say_numbers(3, 4);
	ck_assert_str_eq(view(10, 9), "-D-|1|2|bob joined|-U-|3|4");
	scrollback_unmark(scrollback);
	say(5, "5");
	ck_assert_str_eq(view(10, 9), "-D-|1|2|bob joined|-U-|3|4|5");
	scrollback_mark(scrollback);
	ck_assert_str_eq(view(10, 9), "-D-|1|2|bob joined|3|4|5");
	scrollback_unmark(scrollback);
	say(6, "6");
	ck_assert_str_eq(view(10, 9), "-D-|1|2|bob joined|3|4|5|6");
}
END_TEST

START_TEST(own_and_late_messages_are_not_the_first_unread)
{
	struct dchat_message mine = message_of(4, 7, "mine");

	say_numbers(1, 1);
	say_numbers(3, 3);
	scrollback_mark(scrollback);
	scrollback_message(scrollback, &mine, LINE_OWN, NOON);
	say(2, "2");
	ck_assert_str_eq(view(10, 9), "-D-|1|2|3|mine");
	say(5, "5");
	ck_assert_str_eq(view(10, 9), "-D-|1|2|3|mine|-U-|5");
}
END_TEST

START_TEST(the_widest_nick_is_found)
{
	struct dchat_message wide = message_of(1, 1, "x");

	wide.nick = "日本語";
	scrollback_message(scrollback, &wide, 0, NOON);
	say_numbers(2, 4);
	ck_assert_uint_eq(scrollback_nick_width(scrollback, 100), 6);
	ck_assert_uint_eq(scrollback_nick_width(scrollback, 3), 3);
	ck_assert_uint_eq(scrollback_nick_width(scrollback, 0), 0);
}
END_TEST

/* -- what is hidden ---------------------------------------------------- */

static struct id
author(int number)
{
	return (struct id){ .bytes = { [15] = (uint8_t)number } };
}

static void
say_as(int who, uint64_t at, const char *text, unsigned flags)
{
	struct dchat_message message = message_of(at, who, text);

	scrollback_message(scrollback, &message, flags, NOON);
}

START_TEST(quiet_lines_take_no_rows_while_the_filter_is_on)
{
	scrollback_filter(scrollback, true);
	say(1, "one");
	scrollback_coming(scrollback, true, "bob joined", NOON);
	say(2, "two");
	scrollback_coming(scrollback, true, "bob left", NOON);
	ck_assert_str_eq(view(10, 5), "-D-|one|two");
	scrollback_scroll(scrollback, 10, 2, -1);
	ck_assert_str_eq(view(10, 2), "-D-|one");
	scrollback_scroll(scrollback, 10, 2, 1);
	ck_assert(scrollback_is_live(scrollback));
	scrollback_filter(scrollback, false);
	ck_assert_str_eq(view(10, 5), "-D-|one|bob joined|two|bob left");
}
END_TEST

START_TEST(where_all_is_hidden_nothing_is_in_view)
{
	scrollback_filter(scrollback, true);
	scrollback_coming(scrollback, true, "bob joined", NOON);
	ck_assert_str_eq(view(10, 5), "");
	scrollback_scroll(scrollback, 10, 5, -1);
	ck_assert(scrollback_is_live(scrollback));
}
END_TEST

START_TEST(a_day_line_stands_above_the_first_shown_line_of_the_day)
{
	const wall_ms tomorrow = NOON + 24 * 3600 * 1000;

	scrollback_filter(scrollback, true);
	say(1, "one");
	scrollback_coming(scrollback, true, "bob joined", tomorrow);
	scrollback_event(scrollback, LINE_NOTICE, "two", tomorrow);
	ck_assert_str_eq(view(10, 5), "-D-|one|-D-|two");
}
END_TEST

START_TEST(who_is_ignored_is_not_heard_until_that_ends)
{
	struct id bob = author(2);

	say(1, "one");
	say_as(2, 2, "spam", 0);
	scrollback_mark(scrollback);
	scrollback_ignore(scrollback, &bob, true);
	say_as(2, 3, "more spam", LINE_IGNORED);
	ck_assert_str_eq(view(10, 5), "-D-|one");
	say(4, "two");
	ck_assert_str_eq(view(10, 5), "-D-|one|-U-|two");
	scrollback_ignore(scrollback, &bob, false);
	ck_assert_str_eq(view(10, 9),
	    "-D-|one|spam|more spam|-U-|two");
}
END_TEST

START_TEST(what_is_hidden_is_not_new)
{
	int i;

	for (i = 1; i <= 9; i++)
		say((uint64_t)i, "x");
	scrollback_filter(scrollback, true);
	scrollback_scroll(scrollback, 10, 3, -2);
	say_as(2, 20, "spam", LINE_IGNORED);
	scrollback_coming(scrollback, true, "bob joined", NOON);
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 0);
	say(21, "y");
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 1);
}
END_TEST

START_TEST(the_view_stays_near_a_line_that_is_hidden)
{
	struct id bob = author(2);
	uint64_t i;

	for (i = 1; i <= 9; i++)
		say_as(1 + (i == 5), i, i == 5 ? "spam" : "x", 0);
	scrollback_scroll(scrollback, 10, 3, -4);
	ck_assert_str_eq(view(10, 3), "x|x|spam");
	scrollback_ignore(scrollback, &bob, true);
	ck_assert_str_eq(view(10, 3), "x|x|x");
	ck_assert_uint_eq(rows[2].line->hlc, 4);
}
END_TEST

START_TEST(who_spoke_lately_is_known)
{
	struct id ana = author(1), bob = author(2);

	say(1, "one");
	ck_assert(scrollback_spoke(scrollback, &ana, NOON, 1));
	ck_assert(!scrollback_spoke(scrollback, &ana, NOON + 1, 1));
	ck_assert(!scrollback_spoke(scrollback, &bob, NOON, 1));
	say_as(2, 2, "two", 0);
	ck_assert(!scrollback_spoke(scrollback, &ana, NOON, 1));
	ck_assert(scrollback_spoke(scrollback, &ana, NOON, 2));
}
END_TEST

/* -- being led somewhere ----------------------------------------------- */

START_TEST(one_is_led_from_mention_to_mention)
{
	const struct line *line;
	uint64_t i;

	for (i = 1; i <= 100; i++)
		say_as(1, i, "x", i % 30 == 0 ? LINE_MENTION : 0);
	for (i = 90; i >= 30; i -= 30) {
		line = scrollback_mention(scrollback, true);
		ck_assert_uint_eq(line->hlc, i);
		scrollback_focus(scrollback, line);
		scrollback_show(scrollback, 10, 9, line, 3);
		scrollback_rows(scrollback, 10, 9, rows);
		ck_assert_uint_eq(rows[3].line->hlc, i);
		ck_assert(rows[3].focused);
		ck_assert(!rows[4].focused);
	}
	ck_assert_ptr_null(scrollback_mention(scrollback, true));
	ck_assert_uint_eq(scrollback_mention(scrollback, false)->hlc, 60);
	scrollback_live(scrollback);
	ck_assert_ptr_null(scrollback_mention(scrollback, false));
	ck_assert_uint_eq(scrollback_mention(scrollback, true)->hlc, 90);
}
END_TEST

START_TEST(from_where_one_has_scrolled_the_nearest_mention_is_next)
{
	uint64_t i;

	for (i = 1; i <= 100; i++)
		say_as(1, i, "x", i % 30 == 0 ? LINE_MENTION : 0);
	scrollback_scroll(scrollback, 10, 9, -30);
	ck_assert_uint_eq(scrollback_mention(scrollback, true)->hlc, 60);
	ck_assert_uint_eq(scrollback_mention(scrollback, false)->hlc, 90);
}
END_TEST

START_TEST(the_first_unread_line_is_shown_below_its_divider)
{
	uint64_t i;

	for (i = 1; i <= 40; i++) {
		if (i == 20)
			scrollback_mark(scrollback);
		say(i, i < 20 ? "read" : "new");
	}
	scrollback_show(scrollback, 10, 5, scrollback_unread(scrollback), 1);
	ck_assert_str_eq(view(10, 5), "read|-U-|new|new|new");
	ck_assert(!scrollback_is_live(scrollback));
}
END_TEST

START_TEST(a_look_away_keeps_the_unread_line_until_there_is_more)
{
	scrollback_mark(scrollback);
	say(1, "one");
	scrollback_unmark(scrollback);
	say(2, "two");
	scrollback_watch(scrollback);
	ck_assert_str_eq(view(10, 5), "-D-|-U-|one|two");
	say(3, "three");
	ck_assert_str_eq(view(10, 5), "-D-|one|two|-U-|three");
	scrollback_unmark(scrollback);
	say(4, "four");
	ck_assert_str_eq(view(10, 6), "-D-|one|two|-U-|three|four");
}
END_TEST

/* -- the history ------------------------------------------------------- */

/* Messages first..last of a history come as one page. */
static void
page(uint64_t first, uint64_t last, bool more)
{
	struct dchat_message oldest = message_of(first, 1, "x");

	scrollback_page_begin(scrollback, first <= last ? &oldest : NULL,
	    more);
	for (; first <= last; first++) {
		struct dchat_message message;
		char text[24];

		snprintf(text, sizeof text, "%llu", (unsigned long long)first);
		message = message_of(first, 1, text);
		message.live = false;
		scrollback_message(scrollback, &message, 0, NOON);
	}
	scrollback_page_end(scrollback, NOON);
}

START_TEST(older_lines_are_wanted_near_the_oldest_and_not_twice)
{
	page(101, 150, true);
	ck_assert(scrollback_has_older(scrollback));
	ck_assert(!scrollback_wants_older(scrollback, 10, 5));
	scrollback_scroll(scrollback, 10, 5, -38);
	ck_assert(!scrollback_wants_older(scrollback, 10, 5));
	scrollback_scroll(scrollback, 10, 5, -5);
	ck_assert(scrollback_wants_older(scrollback, 10, 5));
	ck_assert_str_eq(scrollback_oldest(scrollback), "101.1");
	scrollback_fetching(scrollback, true);
	ck_assert(!scrollback_wants_older(scrollback, 10, 5));
	page(1, 100, false);
	ck_assert_uint_eq(scrollback_count(scrollback), 150);
	scrollback_scroll(scrollback, 10, 5, -1000);
	ck_assert(!scrollback_wants_older(scrollback, 10, 5));
	ck_assert_str_eq(view(10, 5), "-B-|-D-|1|2|3");
}
END_TEST

START_TEST(a_page_comes_above_the_view_without_moving_it)
{
	page(11, 20, true);
	scrollback_scroll(scrollback, 10, 3, -100);
	ck_assert_str_eq(view(10, 3), "-D-|11|12");
	scrollback_fetching(scrollback, true);
	scrollback_scroll(scrollback, 10, 3, -100);
	ck_assert_str_eq(view(10, 3), "-F-|-D-|11");
	page(1, 10, false);
	ck_assert_str_eq(view(10, 3), "9|10|11");
}
END_TEST

START_TEST(what_is_older_than_the_oldest_page_is_left_to_the_history)
{
	page(11, 20, true);
	ck_assert_ptr_null(say(5, "five"));
	ck_assert_ptr_nonnull(say(21, "21"));
	page(1, 10, false);
	ck_assert_uint_eq(scrollback_count(scrollback), 21);
}
END_TEST

START_TEST(an_empty_page_says_that_there_is_nothing_older)
{
	page(1, 10, true);
	ck_assert(scrollback_has_older(scrollback));
	page(1, 0, true);
	ck_assert(!scrollback_has_older(scrollback));
	ck_assert(scrollback_is_whole(scrollback));
	ck_assert_ptr_nonnull(say(0, "zero"));
	scrollback_scroll(scrollback, 10, 3, -100);
	ck_assert_str_eq(view(10, 3), "-B-|-D-|zero");
}
END_TEST

START_TEST(history_stands_above_what_was_told_later)
{
	struct dchat_message old = message_of(1, 1, "old");

	scrollback_event(scrollback, LINE_NOTICE, "welcome", NOON + 1000);
	old.live = false;
	scrollback_message(scrollback, &old, 0, NOON + 2000);
	say(2, "new");
	ck_assert_str_eq(all_texts(), "old|welcome|new");
}
END_TEST

START_TEST(walking_through_a_long_history_keeps_few_lines_and_every_one_once)
{
	const uint64_t all = 30000;
	uint64_t oldest = all - 199, seen = all, pages = 0;

	page(oldest, all, true);
	while (pages < 1000) {
		scrollback_scroll(scrollback, 10, 20, -19);
		if (scrollback_wants_older(scrollback, 10, 20)) {
			uint64_t first = oldest > 200 ? oldest - 200 : 1;

			page(first, oldest - 1, first > 1);
			oldest = first;
			pages++;
		}
		ck_assert_uint_le(scrollback_count(scrollback),
		    SCROLLBACK_LINES + 200);
		scrollback_rows(scrollback, 10, 20, rows);
		if (rows[0].kind != ROW_LINE)
			break;
		ck_assert_uint_le(seen - rows[0].line->hlc, 39);
		seen = rows[0].line->hlc;
	}
	ck_assert_str_eq(view(10, 3), "16|17|18");
	ck_assert(scrollback_is_cut(scrollback));
	ck_assert(!scrollback_has_older(scrollback));
}
END_TEST

/* Far up in a long history, the newest lines let go. */
static void
cut(void)
{
	uint64_t first;

	for (first = 20001; first > 1; first -= 200) {
		page(first - 200, first - 1, first > 201);
		scrollback_scroll(scrollback, 10, 5, -1000);
	}
	ck_assert(scrollback_is_cut(scrollback));
}

START_TEST(what_comes_while_the_newest_lines_are_away_is_counted)
{
	size_t before;

	cut();
	before = scrollback_count(scrollback);
	ck_assert_ptr_null(say(20001, "new"));
	ck_assert_uint_eq(scrollback_count(scrollback), before);
	ck_assert_uint_eq(scrollback_new_lines(scrollback), 1);
	scrollback_scroll(scrollback, 10, 5, 100000);
	ck_assert(!scrollback_is_live(scrollback));
}
END_TEST

START_TEST(a_reload_keeps_what_was_told_meanwhile_and_what_is_pending)
{
	cut();
	pend(70, "mine");
	scrollback_event(scrollback, LINE_ERROR, "told", NOON + 1);
	scrollback_reload(scrollback);
	ck_assert(scrollback_is_live(scrollback));
	ck_assert(!scrollback_is_cut(scrollback));
	ck_assert_str_eq(all_texts(), "told|mine");
	page(19999, 20000, true);
	ck_assert_str_eq(all_texts(), "19999|20000|told|mine");
}
END_TEST

START_TEST(cleared_lines_come_back_from_the_history_only)
{
	scrollback_clear(scrollback);
	page(1, 3, false);
	pend(70, "mine");
	scrollback_clear(scrollback);
	ck_assert_str_eq(all_texts(), "mine");
	ck_assert_ptr_null(say(3, "3"));
	ck_assert_ptr_nonnull(say(4, "4"));
	ck_assert_str_eq(all_texts(), "4|mine");
	ck_assert(scrollback_wants_older(scrollback, 10, 5));
	page(1, 3, false);
	ck_assert_str_eq(all_texts(), "1|2|3|4|mine");
}
END_TEST

START_TEST(an_own_message_tells_how_far_it_has_come)
{
	struct dchat_message mine = message_of(3, 7, "mine");
	const struct line *line;

	say(1, "one");
	mine.have = 1;
	mine.of = 3;
	line = scrollback_message(scrollback, &mine, LINE_OWN, NOON);
	ck_assert_ptr_eq(scrollback_own(scrollback), line);
	ck_assert(scrollback_delivered(scrollback, "3.7", 2, 3, false));
	ck_assert_uint_eq(line->have, 2);
	ck_assert_uint_eq(line->of, 3);
	ck_assert(!line->stable);
	ck_assert(scrollback_delivered(scrollback, "3.7", 3, 3, true));
	ck_assert(line->stable);
	ck_assert(!scrollback_delivered(scrollback, "1.1", 3, 3, true));
	ck_assert(!scrollback_delivered(scrollback, "nowhere", 3, 3, true));
}
END_TEST

START_TEST(something_missing_is_told_above_the_line)
{
	struct dchat_message message = message_of(2, 1, "two");

	say(1, "one");
	message.gap = true;
	scrollback_message(scrollback, &message, 0, NOON);
	ck_assert_str_eq(view(10, 9), "-D-|one|-G-|two");
	scrollback_mark_last(scrollback, 1);
	ck_assert_str_eq(view(10, 9), "-D-|one|-G-|-U-|two");
}
END_TEST

START_TEST(the_unread_line_of_an_earlier_run_stands_above_so_many_of_others)
{
	struct dchat_message mine = message_of(3, 7, "mine");

	say_numbers(1, 2);
	scrollback_message(scrollback, &mine, LINE_OWN, NOON);
	say(4, "4");
	scrollback_event(scrollback, LINE_NOTICE, "welcome", NOON);
	scrollback_mark_last(scrollback, 0);
	ck_assert_str_eq(view(10, 9), "-D-|1|2|mine|4|welcome");
	scrollback_mark_last(scrollback, 2);
	ck_assert_str_eq(view(10, 9), "-D-|1|-U-|2|mine|4|welcome");
	scrollback_mark_last(scrollback, 99);
	ck_assert_str_eq(view(10, 9), "-D-|-U-|1|2|mine|4|welcome");
}
END_TEST

/* Whatever happens, the view is sound. */
START_TEST(random_days_of_a_room_keep_the_view_sound)
{
	struct rng rng = rng_seeded(77);
	uint64_t token = 1;
	int step;

	for (step = 0; step < 20000; step++) {
		size_t width = 1 + rng_below(&rng, 30);
		size_t height = 1 + rng_below(&rng, 20), count, i;
		struct dchat_message message =
		    message_of(rng_below(&rng, 100000),
			1 + (int)rng_below(&rng, 2), "some words here");

		switch (rng_below(&rng, 16)) {
		case 8: {
			uint64_t first = rng_below(&rng, 100000);

			page(first, first + rng_below(&rng, 60),
			    rng_below(&rng, 2));
			break;
		}
		case 9:
			scrollback_fetching(scrollback, rng_below(&rng, 2));
			break;
		case 10:
			scrollback_mark_last(scrollback, rng_below(&rng, 9));
			break;
		case 11:
			if (rng_below(&rng, 50) == 0)
				scrollback_clear(scrollback);
			else if (rng_below(&rng, 20) == 0)
				scrollback_reload(scrollback);
			break;
		case 0:
			scrollback_event(scrollback, LINE_EVENT, "e", NOON);
			break;
		case 1: pend(token++, "pending words"); break;
		case 2:
			message.token = 1 + rng_below(&rng, token);
			scrollback_message(scrollback, &message, LINE_OWN,
			    NOON);
			break;
		case 3:
			scrollback_refuse(scrollback,
			    1 + rng_below(&rng, token), "no", NOON);
			break;
		case 4: scrollback_mark(scrollback); break;
		case 6:
			scrollback_filter(scrollback, rng_below(&rng, 2));
			scrollback_coming(scrollback, rng_below(&rng, 2), "c",
			    NOON);
			break;
		case 7:
			scrollback_ignore(scrollback, &message.author,
			    rng_below(&rng, 2));
			break;
		case 12: {
			const struct line *line = scrollback_mention(
			    scrollback, rng_below(&rng, 2));

			scrollback_focus(scrollback, line);
			if (line)
				scrollback_show(scrollback, width, height,
				    line, rng_below(&rng, 9));
			break;
		}
		case 5:
			scrollback_scroll(scrollback, width, height,
			    (long)rng_below(&rng, 60) - 35);
			break;
		default:
			message.time += (wall_ms)(message.hlc * 3600000);
			scrollback_message(scrollback, &message,
			    (unsigned)rng_below(&rng, 4) * LINE_MENTION, NOON);
		}
		count = scrollback_rows(scrollback, width, height, rows);
		for (i = 0; i < count; i++)
			if (rows[i].kind == ROW_LINE &&
			    rows[i].offset + rows[i].size >
				strlen(rows[i].line->text))
				ck_abort_msg("step %d", step);
		if (count > height ||
		    (count < height && !scrollback_is_live(scrollback)))
			ck_abort_msg("step %d: %zu of %zu", step, count,
			    height);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scrollback");
	TCase *tcase = tcase_create("scrollback");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, messages_stand_in_the_order_of_the_protocol);
	tcase_add_test(tcase, seq_and_index_decide_among_equals);
	tcase_add_test(tcase, any_order_of_arrival_gives_the_same_transcript);
	tcase_add_test(tcase, a_message_is_there_once);
	tcase_add_test(tcase, what_slides_in_is_marked_late_and_history_is_not);
	tcase_add_test(tcase, events_stay_where_they_were_when_they_came);
	tcase_add_test(tcase, texts_are_cleaned_and_lose_newlines_at_their_end);
	tcase_add_test(tcase,
	    an_event_line_can_be_rewritten_while_it_is_the_last);
	tcase_add_test(tcase,
	    what_is_pending_stands_below_all_until_it_is_delivered);
	tcase_add_test(tcase, what_is_refused_is_said_to_be_and_keeps_its_text);
	tcase_add_test(tcase, the_number_of_lines_is_bounded_and_the_oldest_go);
	tcase_add_test(tcase, the_bytes_are_bounded);
	tcase_add_test(tcase, the_view_survives_that_its_line_goes);
	tcase_add_test(tcase, live_the_last_rows_are_in_view);
	tcase_add_test(tcase,
	    long_lines_take_several_rows_and_are_cut_by_the_top);
	tcase_add_test(tcase, a_day_line_stands_where_the_day_changes);
	tcase_add_test(tcase, scrolled_up_the_view_stays_while_lines_come);
	tcase_add_test(tcase,
	    an_own_message_that_is_delivered_below_is_new_once);
	tcase_add_test(tcase,
	    late_lines_above_the_view_do_not_move_its_last_row);
	tcase_add_test(tcase, scrolling_down_to_the_end_is_live_again);
	tcase_add_test(tcase, scrolling_up_ends_at_the_oldest_line);
	tcase_add_test(tcase, what_fits_does_not_scroll);
	tcase_add_test(tcase, an_empty_scrollback_does_not_scroll);
	tcase_add_test(tcase, the_view_goes_through_long_lines_row_by_row);
	tcase_add_test(tcase, walking_up_and_down_again_shows_the_same_rows);
	tcase_add_test(tcase,
	    a_pending_line_in_view_is_replaced_without_a_jump);
	tcase_add_test(tcase,
	    the_unread_line_stands_above_the_first_message_after_leaving);
	tcase_add_test(tcase, own_and_late_messages_are_not_the_first_unread);
	tcase_add_test(tcase, the_widest_nick_is_found);
	tcase_add_test(tcase,
	    older_lines_are_wanted_near_the_oldest_and_not_twice);
	tcase_add_test(tcase,
	    a_page_comes_above_the_view_without_moving_it);
	tcase_add_test(tcase,
	    what_is_older_than_the_oldest_page_is_left_to_the_history);
	tcase_add_test(tcase,
	    an_empty_page_says_that_there_is_nothing_older);
	tcase_add_test(tcase, history_stands_above_what_was_told_later);
	tcase_add_test(tcase,
	    walking_through_a_long_history_keeps_few_lines_and_every_one_once);
	tcase_add_test(tcase,
	    what_comes_while_the_newest_lines_are_away_is_counted);
	tcase_add_test(tcase,
	    a_reload_keeps_what_was_told_meanwhile_and_what_is_pending);
	tcase_add_test(tcase,
	    cleared_lines_come_back_from_the_history_only);
	tcase_add_test(tcase, an_own_message_tells_how_far_it_has_come);
	tcase_add_test(tcase, something_missing_is_told_above_the_line);
	tcase_add_test(tcase,
	    quiet_lines_take_no_rows_while_the_filter_is_on);
	tcase_add_test(tcase, where_all_is_hidden_nothing_is_in_view);
	tcase_add_test(tcase,
	    a_day_line_stands_above_the_first_shown_line_of_the_day);
	tcase_add_test(tcase, who_is_ignored_is_not_heard_until_that_ends);
	tcase_add_test(tcase, what_is_hidden_is_not_new);
	tcase_add_test(tcase, the_view_stays_near_a_line_that_is_hidden);
	tcase_add_test(tcase, who_spoke_lately_is_known);
	tcase_add_test(tcase, one_is_led_from_mention_to_mention);
	tcase_add_test(tcase,
	    from_where_one_has_scrolled_the_nearest_mention_is_next);
	tcase_add_test(tcase,
	    the_first_unread_line_is_shown_below_its_divider);
	tcase_add_test(tcase,
	    a_look_away_keeps_the_unread_line_until_there_is_more);
	tcase_add_test(tcase,
	    the_unread_line_of_an_earlier_run_stands_above_so_many_of_others);
	tcase_add_test(tcase, random_days_of_a_room_keep_the_view_sound);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
