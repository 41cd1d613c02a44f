/*
 * check_search: what the headless contract says of `search`.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/net/contract.h"
#include "tests/support/lan.h"

/* Its messages; room NULL: of all rooms. */
static const json_t *
search(struct peer *peer, const char *room, const char *text)
{
	const json_t *answer = room == NULL
	    ? ask(peer, "{s:s, s:s}", "cmd", "search", "text", text)
	    : ask(peer, "{s:s, s:s, s:s}", "cmd", "search", "text", text,
		  "room", room);

	is_ok(answer);
	ck_assert(json_is_array(json_object_get(answer, "messages")));
	return json_object_get(answer, "messages");
}

static const char *
text_at(const json_t *messages, size_t at)
{
	return event_text(json_array_get(messages, at), "text");
}

START_TEST(what_was_said_is_found_at_once_and_as_history_gives_it)
{
	struct peer *peer = start("ana");
	const json_t *found, *known;

	is_ok(say(peer, "#lobby", "shall we deploy at noon?"));
	is_ok(say(peer, "#lobby", "something else"));
	is_ok(say(peer, "#lobby", "Noon; DEPLOY it"));
	found = search(peer, "#lobby", "deploy noon");
	ck_assert_uint_eq(json_array_size(found), 2);
	known = history(peer, "#lobby", 10, NULL);
	ck_assert(json_equal(json_array_get(found, 0),
	    json_array_get(known, 0)));
	ck_assert(json_equal(json_array_get(found, 1),
	    json_array_get(known, 2)));
	ck_assert_uint_eq(json_array_size(search(peer, "#lobby", "x")), 0);
}
END_TEST

START_TEST(a_search_waits_for_what_was_said_before_it)
{
	struct peer *peer = start("ana");
	const char *both =
	    "{\"cmd\":\"say\",\"room\":\"#lobby\",\"text\":\"in one breath\"}\n"
	    "{\"cmd\":\"search\",\"text\":\"breath\"}\n";
	const json_t *answer;

	write_all(peer, both, strlen(both));
	is_ok(next_answer(peer));
	answer = next_answer(peer);
	is_ok(answer);
	ck_assert_uint_eq(
	    json_array_size(json_object_get(answer, "messages")), 1);
}
END_TEST

START_TEST(rooms_are_searched_one_by_one_or_all_at_once)
{
	struct peer *peer = start("ana");
	const json_t *found;

	is_ok(room_command(peer, "join", "#ops"));
	is_ok(say(peer, "#lobby", "tea one"));
	is_ok(say(peer, "#ops", "tea two"));
	is_ok(say(peer, "#lobby", "tea three"));
	found = search(peer, "#ops", "tea");
	ck_assert_uint_eq(json_array_size(found), 1);
	ck_assert_str_eq(text_at(found, 0), "tea two");
	found = search(peer, NULL, "tea");
	ck_assert_uint_eq(json_array_size(found), 3);
	ck_assert_str_eq(text_at(found, 0), "tea one");
	ck_assert_str_eq(text_at(found, 1), "tea two");
	ck_assert_str_eq(event_text(json_array_get(found, 1), "room"),
	    "#ops");
	ck_assert_str_eq(text_at(found, 2), "tea three");
	found = json_object_get(ask(peer, "{s:s, s:s, s:i}", "cmd", "search",
				    "text", "tea", "limit", 2),
	    "messages");
	ck_assert_uint_eq(json_array_size(found), 2);
	ck_assert_str_eq(text_at(found, 0), "tea two");
	/* A room that was left is still in the history. */
	is_ok(room_command(peer, "part", "#ops"));
	ck_assert_uint_eq(json_array_size(search(peer, "#ops", "tea")), 1);
}
END_TEST

START_TEST(whatever_is_typed_is_words)
{
	static const char *const typed[] = { "\"", "AND", "a OR", "NEAR(",
		"(", "*", "room:x", "'", "-", "\"tea", "{x}:y", "^a" };
	struct peer *peer = start("ana");

	is_ok(say(peer, "#lobby", "tea AND (milk)"));
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
		search(peer, NULL, typed[i]);
	ck_assert_uint_eq(json_array_size(search(peer, NULL, "AND tea")), 1);
	ck_assert_uint_eq(json_array_size(search(peer, NULL, "(MILK)")), 1);
	ck_assert_uint_eq(json_array_size(search(peer, NULL, "mil*")), 1);
}
END_TEST

START_TEST(what_cannot_be_searched_is_an_error_of_the_right_kind)
{
	struct peer *peer = start("ana");
	char *text = calloc(1, 4098);

	is_error(ask(peer, "{s:s}", "cmd", "search"), "bad_argument");
	is_error(ask(peer, "{s:s, s:i}", "cmd", "search", "text", 5),
	    "bad_argument");
	is_error(ask(peer, "{s:s, s:s}", "cmd", "search", "text", ""),
	    "bad_argument");
	is_error(ask(peer, "{s:s, s:s}", "cmd", "search", "text", " \n"),
	    "bad_argument");
	is_error(ask(peer, "{s:s, s:s, s:i}", "cmd", "search", "text", "x",
		     "room", 5),
	    "bad_argument");
	is_error(ask(peer, "{s:s, s:s, s:s}", "cmd", "search", "text", "x",
		     "room", "#nowhere"),
	    "no_such_room");
	is_error(ask(peer, "{s:s, s:s, s:s}", "cmd", "search", "text", "x",
		     "room", "@nobody"),
	    "no_such_nick");
	is_error(ask(peer, "{s:s, s:s, s:i}", "cmd", "search", "text", "x",
		     "limit", 0),
	    "bad_argument");
	is_error(ask(peer, "{s:s, s:s, s:i}", "cmd", "search", "text", "x",
		     "limit", 10001),
	    "bad_argument");
	memset(text, 'x', 4097);
	is_error(ask(peer, "{s:s, s:s}", "cmd", "search", "text", text),
	    "too_long");
	free(text);
}
END_TEST

START_TEST(searching_a_room_leaves_it_unread)
{
	struct peer *ana = start("ana"), *bob = start("bob");

	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "joined", "nick", "bob",
	    PATIENCE_MS));
	is_ok(say(ana, "#lobby", "read me"));
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "message", "text",
	    "read me", PATIENCE_MS));
	ck_assert_uint_eq(json_array_size(search(bob, NULL, "read")), 1);
	ck_assert_int_eq(number(among(list(bob, "rooms"), "room", "#lobby"),
			     "unread"),
	    1);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("search");
	TCase *tests = tcase_create("search");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, contract_begin, contract_end);
	tcase_add_test(tests,
	    what_was_said_is_found_at_once_and_as_history_gives_it);
	tcase_add_test(tests, a_search_waits_for_what_was_said_before_it);
	tcase_add_test(tests, rooms_are_searched_one_by_one_or_all_at_once);
	tcase_add_test(tests, whatever_is_typed_is_words);
	tcase_add_test(tests,
	    what_cannot_be_searched_is_an_error_of_the_right_kind);
	tcase_add_test(tests, searching_a_room_leaves_it_unread);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
