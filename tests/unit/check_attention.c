/*
 * tui/attention, tui/notify: whom and what a person hears, and how the
 * terminal tells them.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/attention.h"
#include "tui/notify.h"

static struct attention attention;

static void
setup(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	attention = (struct attention){ 0 };
}

static void
teardown(void)
{
	attention_free(&attention);
}

static struct id
id_of(int number)
{
	return (struct id){ .bytes = { [15] = (uint8_t)number } };
}

START_TEST(a_person_is_ignored_by_id_until_that_is_undone)
{
	struct id bob = id_of(2), eve = id_of(3);

	ck_assert(attention_ignore(&attention, &bob, "bob"));
	ck_assert(!attention_ignore(&attention, &bob, "robert"));
	ck_assert(attention_ignores(&attention, &bob));
	ck_assert(!attention_ignores(&attention, &eve));
	ck_assert(!attention_hear(&attention, &eve));
	ck_assert(attention_hear(&attention, &bob));
	ck_assert(!attention_ignores(&attention, &bob));
}
END_TEST

START_TEST(the_nick_in_any_case_and_the_words_are_mentions)
{
	ck_assert(attention_mentions(&attention, "zoe", "Zoe: hi"));
	ck_assert(!attention_mentions(&attention, "zoe", "zoetrope"));
	ck_assert(!attention_mentions(&attention, "", "anything"));
	ck_assert(attention_highlight(&attention, "deploy*", true));
	ck_assert(attention_highlight(&attention, "pump house", true));
	ck_assert(!attention_highlight(&attention, "deploy*", true));
	ck_assert(attention_mentions(&attention, "zoe", "it is DEPLOYED"));
	ck_assert(attention_mentions(&attention, "zoe", "the pump house!"));
	ck_assert(!attention_mentions(&attention, "zoe", "redeploy"));
	ck_assert(!attention_mentions(&attention, "zoe", "pump houses"));
	ck_assert(attention_highlight(&attention, "deploy*", false));
	ck_assert(!attention_mentions(&attention, "zoe", "deployed"));
}
END_TEST

START_TEST(there_is_a_bound_on_each)
{
	char word[ATTENTION_WORD + 2] = "";
	int i;

	for (i = 0; i < ATTENTION_MOST; i++) {
		struct id id = id_of(i);

		snprintf(word, sizeof word, "word%d", i);
		ck_assert(attention_highlight(&attention, word, true));
		ck_assert(attention_mute(&attention, word, true));
		ck_assert(attention_ignore(&attention, &id, word));
	}
	ck_assert(!attention_highlight(&attention, "more", true));
	ck_assert(!attention_mute(&attention, "#more", true));
	attention_highlight(&attention, "word0", false);
	memset(word, 'x', ATTENTION_WORD + 1);
	ck_assert(!attention_highlight(&attention, word, true));
	ck_assert(!attention_highlight(&attention, "", true));
	word[ATTENTION_WORD] = '\0';
	ck_assert(attention_highlight(&attention, word, true));
}
END_TEST

START_TEST(another_run_knows_it_all_again)
{
	struct attention again = { 0 };
	struct id bob = id_of(2), eve = id_of(3);
	int kind;

	attention_ignore(&attention, &bob, "bob");
	attention_ignore(&attention, &eve, "");
	attention_mute(&attention, "#ops", true);
	attention_loud(&attention, "#lab", true);
	attention_highlight(&attention, "pump house", true);
	for (kind = 0; kind < ATTENTION_KINDS; kind++) {
		struct bytes text;

		bytes_init(&text);
		attention_write(&attention, (enum attention_kind)kind, &text);
		bytes_append(&text, "", 1);
		attention_read(&again, (enum attention_kind)kind,
		    (const char *)text.data);
		bytes_free(&text);
	}
	ck_assert(attention_ignores(&again, &bob));
	ck_assert(attention_ignores(&again, &eve));
	ck_assert_str_eq(again.ignored[0].nick, "bob");
	ck_assert(attention_mutes(&again, "#ops"));
	ck_assert(attention_is_loud(&again, "#lab"));
	ck_assert(!attention_is_loud(&again, "#ops"));
	ck_assert(attention_mentions(&again, "zoe", "pump house"));
	attention_free(&again);
}
END_TEST

START_TEST(what_cannot_be_read_is_left_out)
{
	attention_read(&attention, ATTENTION_IGNORED, "\n\nnobody\n x\n");
	ck_assert_uint_eq(attention.ignored_count, 0);
}
END_TEST

/* -- notifications ----------------------------------------------------- */

static const char *environment;

/* "TERM=x VTE_VERSION=y" */
static char *
get(const char *name)
{
	static char value[64];
	const char *at = environment;
	size_t length = strlen(name);

	while (*at != '\0') {
		size_t size = strcspn(at, " ");

		if (size > length && at[length] == '=' &&
		    strncmp(at, name, length) == 0) {
			snprintf(value, sizeof value, "%.*s",
			    (int)(size - length - 1), at + length + 1);
			return value;
		}
		at += size + (at[size] == ' ');
	}
	return NULL;
}

static enum notify_kind
kind_in(const char *variables)
{
	environment = variables;
	return notify_kind(get);
}

START_TEST(only_terminals_that_are_known_get_notifications)
{
	ck_assert_int_eq(kind_in(""), NOTIFY_NONE);
	ck_assert_int_eq(kind_in("TERM=xterm-256color"), NOTIFY_NONE);
	ck_assert_int_eq(kind_in("TERM=linux"), NOTIFY_NONE);
	ck_assert_int_eq(kind_in("TERM=xterm-kitty"), NOTIFY_OSC_9);
	ck_assert_int_eq(kind_in("TERM=xterm-256color TERM_PROGRAM=iTerm.app"),
	    NOTIFY_OSC_9);
	ck_assert_int_eq(kind_in("TERM=foot"), NOTIFY_OSC_777);
	ck_assert_int_eq(kind_in("TERM=rxvt-unicode-256color"),
	    NOTIFY_OSC_777);
	ck_assert_int_eq(kind_in("TERM=xterm-256color VTE_VERSION=7200"),
	    NOTIFY_OSC_777);
	ck_assert_int_eq(kind_in("TERM=xterm-kitty TMUX=/tmp/x"),
	    NOTIFY_NONE);
}
END_TEST

static const char *
notification(enum notify_kind kind, const char *title, const char *text)
{
	static char out[2048];
	struct bytes bytes;

	bytes_init(&bytes);
	notify_append(&bytes, kind, title, text, 0);
	snprintf(out, sizeof out, "%.*s", (int)bytes.size, bytes.data);
	bytes_free(&bytes);
	return out;
}

START_TEST(a_notification_says_who_and_what)
{
	ck_assert_str_eq(notification(NOTIFY_NONE, "ana", "hi"), "");
	ck_assert_str_eq(notification(NOTIFY_OSC_9, "ana in #ops", "hi zoe"),
	    "\033]9;dchat: ana in #ops: hi zoe\033\\");
	ck_assert_str_eq(notification(NOTIFY_OSC_777, "ana", "hi; zoe"),
	    "\033]777;notify;ana;hi, zoe\033\\");
}
END_TEST

START_TEST(nothing_foreign_ends_a_notification)
{
	const char *all = notification(NOTIFY_OSC_777, "a\033\\b\ac",
	    "x\x9cy\033]0;owned\007z\n\x7f");
	size_t size = strlen(all), i;

	ck_assert_ptr_eq(strchr(all + 1, '\033'), all + size - 2);
	for (i = 1; i + 2 < size; i++)
		ck_assert((unsigned char)all[i] >= ' ' && all[i] != '\x7f');
	ck_assert_ptr_null(strstr(all, "\xc2\x9c"));
}
END_TEST

START_TEST(hours_may_go_over_midnight)
{
	static const char *const wrong[] = { "", "22", "22:00", "22:00-",
		"24:00-07:00", "22:60-07:00", "22:0-07:00", "22:00-07:00x",
		"-7:00", "222:00-7:00" };
	/* Monday 23 November 2026, 12:05 UTC */
	wall_ms now = INT64_C(1795435500000);
	int from = 0, to = 0;
	size_t i;

	setenv("TZ", "UTC", 1);
	tzset();
	ck_assert(notify_hours("22:00 - 7:05", &from, &to));
	ck_assert_int_eq(from, 22 * 60);
	ck_assert_int_eq(to, 7 * 60 + 5);
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		ck_assert_msg(!notify_hours(wrong[i], NULL, NULL), "%s",
		    wrong[i]);
		ck_assert(!notify_is_quiet(wrong[i], now));
	}
	ck_assert(notify_is_quiet("12:05-12:06", now));
	ck_assert(!notify_is_quiet("12:00-12:05", now));
	ck_assert(notify_is_quiet("22:00-12:06", now));
	ck_assert(notify_is_quiet("12:05-07:00", now));
	ck_assert(!notify_is_quiet("22:00-07:00", now));
	ck_assert(notify_is_quiet("00:00-00:00", now));
}
END_TEST

START_TEST(a_notification_is_short)
{
	char text[2000];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ck_assert_uint_lt(strlen(notification(NOTIFY_OSC_9, text, text)), 300);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("attention");
	TCase *tcase = tcase_create("attention");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase,
	    a_person_is_ignored_by_id_until_that_is_undone);
	tcase_add_test(tcase,
	    the_nick_in_any_case_and_the_words_are_mentions);
	tcase_add_test(tcase, there_is_a_bound_on_each);
	tcase_add_test(tcase, another_run_knows_it_all_again);
	tcase_add_test(tcase, what_cannot_be_read_is_left_out);
	tcase_add_test(tcase,
	    only_terminals_that_are_known_get_notifications);
	tcase_add_test(tcase, a_notification_says_who_and_what);
	tcase_add_test(tcase, nothing_foreign_ends_a_notification);
	tcase_add_test(tcase, a_notification_is_short);
	tcase_add_test(tcase, hours_may_go_over_midnight);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
