/*
 * tui/bare: a room as nothing but text; tui/keep: what the next run knows.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/bare.h"
#include "tui/keep.h"

static const wall_ms NOON = INT64_C(1795435200000);

static struct scrollback *scrollback;
static struct bare bare;

static void
setup(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	scrollback = scrollback_new(0);
	bare = (struct bare){ 0 };
}

static void
teardown(void)
{
	bare_close(&bare);
	scrollback_destroy(scrollback);
}

static void
say(uint64_t hlc, enum message_kind kind, const char *text, unsigned flags)
{
	struct dchat_message message = {
		.room = "#ops",
		.nick = "ana",
		.kind = kind,
		.text = text,
		.time = NOON,
		.hlc = hlc,
		.live = true,
	};

	scrollback_message(scrollback, &message, flags, NOON);
}

static const char *
view(size_t rows, size_t columns)
{
	static char text[8192];
	struct bytes bytes;

	bytes_init(&bytes);
	bare_text(&bare, rows, columns, &bytes);
	snprintf(text, sizeof text, "%.*s", (int)bytes.size, bytes.data);
	bytes_free(&bytes);
	return text;
}

START_TEST(a_line_is_who_and_what)
{
	say(1, KIND_TEXT, "hello\nand more", 0);
	say(2, KIND_ACTION, "waves", 0);
	scrollback_event(scrollback, LINE_NOTICE, "a notice", NOON);
	bare_open(&bare, scrollback);
	ck_assert_str_eq(view(9, 40),
	    "<ana> hello\nand more\n* ana waves\na notice");
}
END_TEST

START_TEST(what_is_hidden_is_not_there)
{
	scrollback_filter(scrollback, true);
	say(1, KIND_TEXT, "one", 0);
	say(2, KIND_TEXT, "spam", LINE_IGNORED);
	scrollback_coming(scrollback, true, "bob joined", NOON);
	bare_open(&bare, scrollback);
	ck_assert_str_eq(view(9, 40), "<ana> one");
}
END_TEST

START_TEST(the_last_lines_that_fit_are_in_view)
{
	/* two rows of ten, and one */
	say(1, KIND_TEXT, "first", 0);
	say(2, KIND_TEXT, "second one", 0);
	say(3, KIND_TEXT, "3rd", 0);
	bare_open(&bare, scrollback);
	ck_assert_str_eq(view(3, 10), "<ana> second one\n<ana> 3rd");
	ck_assert_str_eq(view(2, 10), "<ana> 3rd");
	ck_assert_str_eq(view(2, 16), "<ana> second one\n<ana> 3rd");
	/* one in any case, though only its end is seen */
	bare_scroll(&bare, 1, 10, 0, -1);
	ck_assert_str_eq(view(1, 10), "<ana> second one");
}
END_TEST

START_TEST(wide_characters_wrap_as_the_terminal_wraps_them)
{
	say(1, KIND_TEXT, "x", 0);
	say(2, KIND_TEXT, "世界世界", 0); /* 6 + 8 cells; 7 hold 6 + 0 */
	bare_open(&bare, scrollback);
	ck_assert_str_eq(view(3, 7), "<ana> 世界世界");
	ck_assert_str_eq(view(4, 7), "<ana> x\n<ana> 世界世界");
}
END_TEST

START_TEST(pages_are_turned_and_no_line_is_left_out)
{
	char text[16], expected[64];
	int i;

	for (i = 1; i <= 10; i++) {
		snprintf(text, sizeof text, "%d", i);
		say((uint64_t)i, KIND_TEXT, text, 0);
	}
	bare_open(&bare, scrollback);
	ck_assert_str_eq(view(3, 40), "<ana> 8\n<ana> 9\n<ana> 10");
	bare_scroll(&bare, 3, 40, -1, 0);
	ck_assert_str_eq(view(3, 40), "<ana> 5\n<ana> 6\n<ana> 7");
	bare_scroll(&bare, 3, 40, -9, 0);
	ck_assert_str_eq(view(3, 40), "<ana> 1\n<ana> 2\n<ana> 3");
	for (i = 4; i <= 10; i++) {
		bare_scroll(&bare, 3, 40, 0, 1);
		snprintf(expected, sizeof expected,
		    "<ana> %d\n<ana> %d\n<ana> %d", i - 2, i - 1, i);
		ck_assert_str_eq(view(3, 40), expected);
	}
	bare_scroll(&bare, 3, 40, 5, 5);
	ck_assert_str_eq(view(3, 40), "<ana> 8\n<ana> 9\n<ana> 10");
}
END_TEST

START_TEST(it_begins_where_one_had_scrolled_to)
{
	char text[16];
	int i;

	for (i = 1; i <= 10; i++) {
		snprintf(text, sizeof text, "%d", i);
		say((uint64_t)i, KIND_TEXT, text, 0);
	}
	scrollback_scroll(scrollback, 10, 3, -4);
	bare_open(&bare, scrollback);
	say(11, KIND_TEXT, "later", 0);
	ck_assert_str_eq(view(2, 40), "<ana> 5\n<ana> 6");
	bare_scroll(&bare, 2, 40, 99, 0);
	ck_assert_str_eq(view(2, 40), "<ana> 9\n<ana> 10");
}
END_TEST

START_TEST(an_empty_room_is_no_text)
{
	bare_open(&bare, scrollback);
	ck_assert_str_eq(view(3, 40), "");
	bare_scroll(&bare, 3, 40, -1, -1);
	ck_assert_str_eq(view(3, 40), "");
}
END_TEST

/* -- what is kept ------------------------------------------------------ */

START_TEST(only_what_has_changed_is_told_and_once)
{
	const char *name, *text;
	struct keep keep = { 0 };

	keep_load(&keep, "rooms", "#a");
	keep_put(&keep, "rooms", "#a");
	keep_put(&keep, "draft #a", "");
	ck_assert(!keep_next(&keep, &name, &text));
	keep_put(&keep, "rooms", "#a\n#b");
	keep_put(&keep, "draft #a", "half");
	ck_assert(keep_next(&keep, &name, &text));
	ck_assert_str_eq(name, "rooms");
	ck_assert_str_eq(text, "#a\n#b");
	ck_assert(keep_next(&keep, &name, &text));
	ck_assert_str_eq(text, "half");
	ck_assert(!keep_next(&keep, &name, &text));
	keep_put(&keep, "draft #a", "");
	ck_assert(keep_next(&keep, &name, &text));
	ck_assert_str_eq(text, "");
	ck_assert_str_eq(keep_get(&keep, "rooms"), "#a\n#b");
	ck_assert_str_eq(keep_get(&keep, "nothing"), "");
	keep_free(&keep);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("bare");
	TCase *tcase = tcase_create("bare");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_line_is_who_and_what);
	tcase_add_test(tcase, what_is_hidden_is_not_there);
	tcase_add_test(tcase, the_last_lines_that_fit_are_in_view);
	tcase_add_test(tcase, wide_characters_wrap_as_the_terminal_wraps_them);
	tcase_add_test(tcase, pages_are_turned_and_no_line_is_left_out);
	tcase_add_test(tcase, it_begins_where_one_had_scrolled_to);
	tcase_add_test(tcase, an_empty_room_is_no_text);
	tcase_add_test(tcase, only_what_has_changed_is_told_and_once);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
