/*
 * check_refer: messages that refer to others, between real processes.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/net/contract.h"
#include "tests/support/lan.h"

static struct peer *ana, *bob;

static const json_t *
refer(struct peer *peer, const char *room, const char *kind, const char *ref,
    const char *text)
{
	return ask(peer, "{s:s, s:s, s:s, s:s, s:s}", "cmd", "say", "room",
	    room, "kind", kind, "ref", ref, "text", text);
}

static void
begin(void)
{
	contract_begin();
	ana = start("ana");
	bob = start("bob");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "joined", "id", bob->id,
	    SOON_MS));
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "joined", "id", ana->id,
	    SOON_MS));
}

/* The name of what ana has said and bob has seen. */
static const char *
said(const char *text)
{
	const json_t *ok = say(ana, "#lobby", text);

	is_ok(ok);
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "message", "msg",
	    event_text(ok, "msg"), SOON_MS));
	return event_text(ok, "msg");
}

START_TEST(each_kind_comes_with_what_it_refers_to)
{
	static const struct {
		const char *kind, *text;
	} rows[] = {
		{ "reply", "I think so too" },
		{ "reaction", "\xf0\x9f\x91\x8d" },
		{ "reaction", "" },
		{ "edit", "shall we start at noon?" },
		{ "delete", "" },
	};
	const char *first = said("shall we start?");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const json_t *ok =
		    refer(ana, "#lobby", rows[i].kind, first, rows[i].text);
		const struct heard *heard;

		is_ok(ok);
		heard = peer_await(&crowd, bob, "message", "msg",
		    event_text(ok, "msg"), SOON_MS);
		ck_assert_ptr_nonnull(heard);
		ck_assert_str_eq(event_text(heard->event, "kind"),
		    rows[i].kind);
		ck_assert_str_eq(event_text(heard->event, "ref"), first);
		ck_assert_str_eq(event_text(heard->event, "text"),
		    rows[i].text);
	}
}
END_TEST

START_TEST(the_history_has_them_too)
{
	const char *first = said("teh");
	const json_t *ok = refer(ana, "#lobby", "edit", first, "the");
	const json_t *message;

	is_ok(ok);
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "message", "msg",
	    event_text(ok, "msg"), SOON_MS));
	message = among(history(bob, "#lobby", 10, NULL), "msg",
	    event_text(ok, "msg"));
	ck_assert_ptr_nonnull(message);
	ck_assert_str_eq(event_text(message, "kind"), "edit");
	ck_assert_str_eq(event_text(message, "ref"), first);
	ck_assert_str_eq(event_text(message, "text"), "the");
}
END_TEST

START_TEST(a_delete_needs_no_text)
{
	const char *first = said("oops");

	is_ok(ask(ana, "{s:s, s:s, s:s, s:s}", "cmd", "say", "room",
	    "#lobby", "kind", "delete", "ref", first));
}
END_TEST

START_TEST(only_its_author_changes_or_deletes_a_message)
{
	const char *first = said("mine");

	is_error(refer(bob, "#lobby", "edit", first, "yours"), "not_author");
	is_error(refer(bob, "#lobby", "delete", first, ""), "not_author");
	is_ok(refer(bob, "#lobby", "reaction", first, "+1"));
	is_ok(refer(bob, "#lobby", "reply", first, "is it?"));
}
END_TEST

START_TEST(what_is_not_there_cannot_be_referred_to)
{
	char other[64];
	const char *first = said("here"), *reaction;
	const json_t *ok;

	is_error(refer(ana, "#lobby", "reply", "nonsense", "x"),
	    "bad_argument");
	is_error(ask(ana, "{s:s, s:s, s:s, s:s}", "cmd", "say", "room",
	    "#lobby", "kind", "reply", "text", "x"), "bad_argument");
	snprintf(other, sizeof other, "%s", first);
	other[0] = other[0] == 'a' ? 'b' : 'a';
	is_error(refer(ana, "#lobby", "reply", other, "x"),
	    "no_such_message");
	is_ok(room_command(ana, "join", "#other"));
	is_error(refer(ana, "#other", "reply", first, "x"),
	    "no_such_message");
	ok = refer(ana, "#lobby", "reaction", first, "+1");
	is_ok(ok);
	reaction = event_text(ok, "msg");
	is_error(refer(ana, "#lobby", "reply", reaction, "x"),
	    "no_such_message");
}
END_TEST

START_TEST(each_kind_has_its_bounds)
{
	char word[66];
	const char *first = said("x");

	memset(word, 'a', 65);
	word[65] = '\0';
	is_error(refer(ana, "#lobby", "reaction", first, word), "too_long");
	is_error(refer(ana, "#lobby", "edit", first, ""), "empty_text");
	is_error(refer(ana, "#lobby", "reply", first, ""), "empty_text");
	is_error(refer(ana, "#lobby", "delete", first, "x"), "bad_argument");
	is_error(refer(ana, "#lobby", "wink", first, "x"), "bad_argument");
}
END_TEST

/* They wait to be looked up; what is said after them waits too. */
START_TEST(they_keep_their_place_among_what_is_said)
{
	const char *first = said("0");
	char line[256];
	const struct heard *last;
	size_t next = 0;

	for (int i = 1; i <= 30; i++) {
		snprintf(line, sizeof line,
		    "{\"cmd\":\"say\",\"room\":\"#lobby\",\"text\":\"%d\","
		    "\"kind\":\"%s\",\"ref\":\"%s\"}\n",
		    i, i % 3 == 1 ? "reply" : "text", first);
		write_all(ana, line, strlen(line));
	}
	last = peer_await(&crowd, bob, "message", "text", "30", PATIENCE_MS);
	ck_assert_ptr_nonnull(last);
	for (size_t i = 0; i < bob->count; i++) {
		const json_t *event = bob->events[i].event;

		if (strcmp(event_text(event, "event"), "message") != 0)
			continue;
		snprintf(line, sizeof line, "%zu", next++);
		ck_assert_str_eq(event_text(event, "text"), line);
	}
	ck_assert_uint_eq(next, 31);
	while (has_answer(ana))
		is_ok(next_answer(ana));
}
END_TEST

START_TEST(one_can_refer_in_a_talk_of_two)
{
	const json_t *ok = dm(ana, bob->id, "psst");
	char room[64];

	is_ok(ok);
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "message", "msg",
	    event_text(ok, "msg"), SOON_MS));
	snprintf(room, sizeof room, "@%s", ana->id);
	is_ok(refer(bob, room, "reply", event_text(ok, "msg"), "what?"));
	is_error(refer(bob, "#lobby", "reply", event_text(ok, "msg"), "x"),
	    "no_such_message");
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("refer");
	TCase *two = tcase_create("two");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(two, 100);
	tcase_add_checked_fixture(two, begin, contract_end);
	tcase_add_test(two, each_kind_comes_with_what_it_refers_to);
	tcase_add_test(two, the_history_has_them_too);
	tcase_add_test(two, a_delete_needs_no_text);
	tcase_add_test(two, only_its_author_changes_or_deletes_a_message);
	tcase_add_test(two, what_is_not_there_cannot_be_referred_to);
	tcase_add_test(two, each_kind_has_its_bounds);
	tcase_add_test(two, they_keep_their_place_among_what_is_said);
	tcase_add_test(two, one_can_refer_in_a_talk_of_two);
	suite_add_tcase(suite, two);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
