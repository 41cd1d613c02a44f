/*
 * check_headless_wishes: topics, nicks, who has a message and whom one can
 * speak to: what the contract says of them that one process alone can show.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "tests/net/contract.h"
#include "tests/support/lan.h"

/* -- topics and nicks --------------------------------------------------- */

static char *
repeated(const char *unit, size_t count)
{
	char *text = mem_alloc(count * strlen(unit) + 1);

	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		strcat(text, unit);
	return text;
}

START_TEST(a_topic_is_set_told_listed_and_cleared)
{
	struct peer *peer = start("ana");
	const struct heard *heard;

	is_ok(set_topic(peer, "#Lobby", "tea at five"));
	heard = peer_await(&crowd, peer, "room", "topic", "tea at five",
	    SOON_MS);
	ck_assert_ptr_nonnull(heard);
	ck_assert_str_eq(event_text(heard->event, "room"), "#lobby");
	ck_assert_str_eq(event_text(heard->event, "by"), peer->id);
	ck_assert(truth(heard->event, "exists"));
	ck_assert_str_eq(event_text(among(list(peer, "rooms"), "room",
	    "#lobby"), "topic"), "tea at five");
	is_ok(set_topic(peer, "#lobby", "tea at five"));
	is_ok(set_topic(peer, "#lobby", ""));
	ck_assert_ptr_nonnull(peer_await(&crowd, peer, "room", "topic", "",
	    SOON_MS));
	ck_assert_str_eq(event_text(among(list(peer, "rooms"), "room",
	    "#lobby"), "topic"), "");
	is_error(set_topic(peer, "#elsewhere", "x"), "not_joined");
	is_ok(room_command(peer, "join", "#new"));
	heard = peer_await(&crowd, peer, "room", "room", "#new", SOON_MS);
	ck_assert_ptr_nonnull(heard);
	ck_assert_str_eq(event_text(heard->event, "topic"), "");
}
END_TEST

START_TEST(a_topic_holds_512_bytes)
{
	struct peer *peer = start("ana");
	char *text = repeated("\xc3\xa9", LIMIT_TOPIC / 2 + 1);

	is_error(set_topic(peer, "#lobby", text), "too_long");
	text[LIMIT_TOPIC + 1] = '\0';
	text[LIMIT_TOPIC] = 'a';
	is_error(set_topic(peer, "#lobby", text), "too_long");
	text[LIMIT_TOPIC] = '\0';
	is_ok(set_topic(peer, "#lobby", text));
	ck_assert_str_eq(event_text(among(list(peer, "rooms"), "room",
	    "#lobby"), "topic"), text);
	free(text);
}
END_TEST

START_TEST(a_nick_is_changed_told_and_goes_with_what_is_said)
{
	struct peer *peer = start("ana");
	const struct heard *heard;

	told(peer, say(peer, "#lobby", "before"));
	is_ok(set_nick(peer, "Eve"));
	heard = peer_await(&crowd, peer, "nick", "nick", "Eve", SOON_MS);
	ck_assert_ptr_nonnull(heard);
	ck_assert_str_eq(event_text(heard->event, "id"), peer->id);
	ck_assert_str_eq(event_text(heard->event, "old"), "ana");
	ck_assert_str_eq(event_text(told(peer, say(peer, "#lobby", "x"))
	    ->event, "nick"), "Eve");
	ck_assert_str_eq(event_text(among(list(peer, "peers"), "id",
	    peer->id), "nick"), "Eve");
	ck_assert_str_eq(event_text(ask(peer, "{s:s}", "cmd", "status"),
	    "nick"), "Eve");
	is_ok(set_nick(peer, "Eve"));
	is_ok(set_nick(peer, "eve"));
	is_ok(set_nick(peer, "ana"));
	ck_assert_ptr_nonnull(peer_await(&crowd, peer, "nick", "nick", "ana",
	    SOON_MS));
}
END_TEST

START_TEST(a_nick_holds_32_characters_and_64_bytes)
{
	static const struct {
		const char *unit;
		size_t most;
	} rows[] = {
		{ "a", 32 },
		{ "\xc3\xa9", 32 },
		{ "\xe6\x97\xa5", 21 },
		{ "\xf0\x9f\x90\x88", 16 },
	};
	static const char *const bad[] = { "", " ", "two words", "a\tb",
		"a\nb", "a\x1b[2J", "#ana", "@ana", "a\x7f",
		"\xe2\x80\x8b", "a~b", "-", "..." };
	struct peer *peer = start("ana");
	char *nick;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		nick = repeated(rows[i].unit, rows[i].most + 1);
		is_error(set_nick(peer, nick), "too_long");
		nick[strlen(rows[i].unit) * rows[i].most] = '\0';
		is_ok(set_nick(peer, nick));
		ck_assert_ptr_nonnull(peer_await(&crowd, peer, "nick",
		    "nick", nick, SOON_MS));
		free(nick);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		is_error(set_nick(peer, bad[i]), "bad_argument");
}
END_TEST

START_TEST(topics_and_nicks_at_once_are_each_answered_once)
{
	enum { EACH = 100 };
	struct peer *peer = start("ana");
	bool seen[2 * EACH] = { false };
	char line[128];
	int ok = 0;

	for (int n = 0; n < 2 * EACH; n++) {
		snprintf(line, sizeof line, n % 2 == 0
		    ? "{\"cmd\":\"topic\",\"room\":\"#lobby\","
		      "\"text\":\"%d\",\"tag\":\"%d\"}\n"
		    : "{\"cmd\":\"nick\",\"nick\":\"ana%d\","
		      "\"tag\":\"%d\"}\n", n, n);
		write_all(peer, line, strlen(line));
	}
	for (int n = 0; n < 2 * EACH; n++) {
		const json_t *answer = next_answer(peer);
		int which = atoi(event_text(answer, "tag"));

		ck_assert(!seen[which]);
		seen[which] = true;
		if (event_is(answer, "ok"))
			ok++;
		else
			is_error(answer, "busy");
	}
	ck_assert_int_gt(ok, 0);
	is_ok(set_topic(peer, "#lobby", "again"));
	ck_assert(!has_answer(peer));
}
END_TEST

/* Also one that has only begun. */
START_TEST(what_was_wished_before_quit_is_answered_before_bye)
{
	const char *arguments[] = { "--ephemeral", "--nick", "ana", NULL };
	struct peer *peer = peer_start(&crowd, NULL, arguments);

	peer_send_line(peer, "{\"cmd\":\"topic\",\"room\":\"#lobby\","
	    "\"text\":\"x\"}\n{\"cmd\":\"nick\",\"nick\":\"eve\"}\n");
	if (_i == 0)
		end_input(peer);
	else
		peer_send_line(peer, "{\"cmd\":\"quit\"}\n");
	await_bye(peer);
	for (int i = 0; i < 2 + _i; i++)
		is_ok(next_answer(peer));
	ck_assert(!has_answer(peer));
}
END_TEST

/* -- who has it, and to one alone -------------------------------------- */

START_TEST(alone_one_has_it_and_that_is_all)
{
	struct peer *peer = start("ana");
	const json_t *message = told(peer, say(peer, "#lobby", "x"))->event;
	const json_t *answer;

	ck_assert_int_eq(number(message, "have"), 1);
	ck_assert_int_eq(number(message, "of"), 1);
	ck_assert(truth(message, "stable"));
	answer = who_has(peer, event_text(message, "msg"));
	is_ok(answer);
	has_shape(answer, "have:a missing:a stable:b");
	ck_assert(truth(answer, "stable"));
	ck_assert_uint_eq(json_array_size(json_object_get(answer, "have")),
	    1);
	ck_assert_str_eq(json_string_value(json_array_get(
	    json_object_get(answer, "have"), 0)), peer->id);
	ck_assert_uint_eq(json_array_size(json_object_get(answer,
	    "missing")), 0);
	is_error(who_has(peer, "ceirceirceirceirceirceirce.0"),
	    "no_such_message");
}
END_TEST

START_TEST(nobody_is_there_to_be_spoken_to)
{
	struct peer *peer = start("ana");
	char *text = repeated("a", LIMIT_TEXT + 1);

	is_error(dm(peer, "bob", "x"), "no_such_nick");
	is_error(dm(peer, "", "x"), "no_such_nick");
	is_error(dm(peer, "ceirceirceirceirceirceirce", "x"),
	    "no_such_nick");
	is_error(dm(peer, "bob\x1b[2J", "x"), "no_such_nick");
	is_error(dm(peer, text, "x"), "no_such_nick");
	is_error(dm(peer, "ana", "x"), "bad_argument");
	is_error(dm(peer, peer->id, "x"), "bad_argument");
	is_error(say(peer, "@bob", "x"), "no_such_nick");
	is_error(say(peer, "@ceirceirceirceirceirceirce", "x"),
	    "no_such_nick");
	is_error(room_command(peer, "history", "@bob"), "no_such_nick");
	ck_assert_uint_eq(json_array_size(list(peer, "rooms")), 1);
	free(text);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("headless wishes");
	TCase *alone = tcase_create("alone");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(alone, 100);
	tcase_add_checked_fixture(alone, contract_begin, contract_end);
	tcase_add_test(alone, a_topic_is_set_told_listed_and_cleared);
	tcase_add_test(alone, a_topic_holds_512_bytes);
	tcase_add_test(alone, a_nick_is_changed_told_and_goes_with_what_is_said);
	tcase_add_test(alone, a_nick_holds_32_characters_and_64_bytes);
	tcase_add_test(alone, topics_and_nicks_at_once_are_each_answered_once);
	tcase_add_loop_test(alone,
	    what_was_wished_before_quit_is_answered_before_bye, 0, 2);
	tcase_add_test(alone, alone_one_has_it_and_that_is_all);
	tcase_add_test(alone, nobody_is_there_to_be_spoken_to);
	suite_add_tcase(suite, alone);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
