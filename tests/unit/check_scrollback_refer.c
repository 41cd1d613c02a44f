/*
 * tui/scrollback: lines that refer to others, and what becomes of those.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/scrollback.h"

enum { ANA = 1, BOB = 2 };

static const wall_ms NOON = INT64_C(1795435200000);

static struct scrollback *scrollback;

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

/* Message number `hlc`, named by it; ref 0: it refers to none. */
static struct dchat_message
message(uint64_t hlc, int author, enum message_kind kind, uint64_t ref,
    const char *text)
{
	struct dchat_message message = { .room = "#ops",
		.nick = author == ANA ? "ana" : "bob",
		.kind = kind,
		.text = text,
		.time = NOON,
		.hlc = hlc,
		.seq = hlc,
		.live = true };

	message.author.bytes[0] = (uint8_t)author;
	snprintf(message.msg, sizeof message.msg, "m%llu",
	    (unsigned long long)hlc);
	if (ref != 0)
		snprintf(message.ref, sizeof message.ref, "m%llu",
		    (unsigned long long)ref);
	return message;
}

static void
say(uint64_t hlc, int author, enum message_kind kind, uint64_t ref,
    const char *text)
{
	struct dchat_message said = message(hlc, author, kind, ref, text);

	if (message_kind_refers(kind) && kind != KIND_REPLY)
		scrollback_refer(scrollback, &said);
	else
		scrollback_message(scrollback, &said, 0, NOON);
}

static const char *
text_of(size_t index)
{
	return scrollback_line(scrollback, index)->text;
}

START_TEST(a_reply_shows_how_the_other_begins)
{
	say(1, ANA, KIND_TEXT, 0, "shall we?\nor not?");
	say(2, BOB, KIND_REPLY, 1, "yes");
	ck_assert_str_eq(text_of(1), "> ana: shall we?\nyes");
	ck_assert_str_eq(text_of(1) +
	    scrollback_line(scrollback, 1)->body, "yes");
}
END_TEST

START_TEST(a_long_nick_leaves_a_quote_room_for_what_was_said)
{
	struct dchat_message long_one = message(1, ANA, KIND_TEXT, 0,
	    "shall we?");

	long_one.nick = "ana-of-the-harbour-watch-at-night";
	scrollback_message(scrollback, &long_one, 0, NOON);
	say(2, BOB, KIND_REPLY, 1, "yes");
	ck_assert_str_eq(text_of(1),
	    "> ana-of-the-harb\u2026: shall we?\nyes");
}
END_TEST

START_TEST(a_reply_to_what_is_not_here_says_so_until_it_comes)
{
	struct dchat_message old = message(1, ANA, KIND_TEXT, 0, "shall we?");

	say(2, BOB, KIND_REPLY, 1, "yes");
	ck_assert_str_eq(text_of(0), "> an older message\nyes");
	old.live = false;
	scrollback_page_begin(scrollback, &old, false);
	scrollback_message(scrollback, &old, 0, NOON);
	scrollback_page_end(scrollback, NOON);
	ck_assert_str_eq(text_of(1), "> ana: shall we?\nyes");
}
END_TEST

START_TEST(an_edit_shows_and_so_it_does_where_it_is_answered)
{
	say(1, ANA, KIND_TEXT, 0, "teh plan");
	say(2, BOB, KIND_REPLY, 1, "what?");
	say(3, ANA, KIND_EDIT, 1, "the plan");
	ck_assert_str_eq(text_of(0), "the plan (edited)");
	ck_assert_str_eq(text_of(1), "> ana: the plan\nwhat?");
	say(4, BOB, KIND_EDIT, 1, "forged");
	ck_assert_str_eq(text_of(0), "the plan (edited)");
	say(5, ANA, KIND_EDIT, 1, "teh plan");
	ck_assert_str_eq(text_of(0), "teh plan");
}
END_TEST

START_TEST(an_edit_that_came_before_its_message_holds)
{
	say(3, ANA, KIND_EDIT, 1, "the plan");
	say(1, ANA, KIND_TEXT, 0, "teh plan");
	ck_assert_str_eq(text_of(0), "the plan (edited)");
}
END_TEST

START_TEST(what_is_deleted_leaves_a_trace_but_no_text)
{
	say(1, ANA, KIND_TEXT, 0, "secret");
	say(2, BOB, KIND_REPLY, 1, "hush");
	say(3, BOB, KIND_REACTION, 1, "+1");
	say(4, ANA, KIND_DELETE, 1, "");
	ck_assert_str_eq(text_of(0), "(deleted)");
	ck_assert_str_eq(text_of(1), "> ana: (deleted)\nhush");
}
END_TEST

START_TEST(reactions_stand_below_and_are_counted)
{
	say(1, ANA, KIND_TEXT, 0, "done");
	say(2, BOB, KIND_REACTION, 1, "+1");
	say(3, ANA, KIND_REACTION, 1, "+1");
	ck_assert_str_eq(text_of(0), "done\n+1 2");
	ck_assert_str_eq(text_of(0) +
	    scrollback_line(scrollback, 0)->tail, "+1 2");
	say(4, ANA, KIND_REACTION, 1, "wow");
	ck_assert_str_eq(text_of(0), "done\nwow 1  +1 1");
	say(5, ANA, KIND_REACTION, 1, "");
	say(6, BOB, KIND_REACTION, 1, "");
	ck_assert_str_eq(text_of(0), "done");
	ck_assert_uint_eq(scrollback_line(scrollback, 0)->tail, 0);
}
END_TEST

START_TEST(hostile_text_is_cleaned_in_all_of_them)
{
	say(1, ANA, KIND_TEXT, 0, "x");
	say(2, ANA, KIND_EDIT, 1, "a\033[31mb");
	say(3, BOB, KIND_REACTION, 1, "\033c");
	say(4, BOB, KIND_REPLY, 1, "\033]0;y\a");
	for (size_t i = 0; i < 2; i++)
		for (const char *c = text_of(i); *c != '\0'; c++)
			ck_assert((unsigned char)*c >= 0x20 || *c == '\n');
}
END_TEST

START_TEST(one_walks_from_message_to_message)
{
	const struct line *line;

	say(1, ANA, KIND_TEXT, 0, "one");
	scrollback_event(scrollback, LINE_EVENT, "in between", NOON);
	say(2, ANA, KIND_TEXT, 0, "two");
	line = scrollback_message_near(scrollback, true);
	ck_assert_str_eq(line->text, "two");
	scrollback_focus(scrollback, line);
	line = scrollback_message_near(scrollback, true);
	ck_assert_str_eq(line->text, "one");
	scrollback_focus(scrollback, line);
	ck_assert_ptr_null(scrollback_message_near(scrollback, true));
	ck_assert_str_eq(scrollback_message_near(scrollback, false)->text,
	    "two");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scrollback refer");
	TCase *tcase = tcase_create("lines");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_reply_shows_how_the_other_begins);
	tcase_add_test(tcase,
	    a_long_nick_leaves_a_quote_room_for_what_was_said);
	tcase_add_test(tcase,
	    a_reply_to_what_is_not_here_says_so_until_it_comes);
	tcase_add_test(tcase,
	    an_edit_shows_and_so_it_does_where_it_is_answered);
	tcase_add_test(tcase, an_edit_that_came_before_its_message_holds);
	tcase_add_test(tcase, what_is_deleted_leaves_a_trace_but_no_text);
	tcase_add_test(tcase, reactions_stand_below_and_are_counted);
	tcase_add_test(tcase, hostile_text_is_cleaned_in_all_of_them);
	tcase_add_test(tcase, one_walks_from_message_to_message);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
