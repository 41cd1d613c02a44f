/*
 * check_talk: who has what was said, and what is said to one person alone,
 * by real processes on three hosts.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/lan.h"
#include "tests/support/peer.h"

enum { HOSTS = 3, PATH_SIZE = 64 };
static const double SOON_MS = 10000;
static const double PATIENCE_MS = 60000;

static struct crowd crowd;
static char state[PATH_SIZE];

static void
setup(void)
{
	snprintf(state, sizeof state, "/tmp/dchat-talk-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(state));
	setenv("XDG_STATE_HOME", state, 1);
	lan_build(HOSTS);
}

static void
teardown(void)
{
	char command[PATH_SIZE + 16];

	crowd_end(&crowd);
	lan_remove(HOSTS);
	snprintf(command, sizeof command, "rm -rf %s", state);
	ck_assert_int_eq(system(command), 0);
}

/* Each has its profile on disk, named like the nick. */
static struct peer *
start(int host, const char *nick)
{
	const char *arguments[] = { "--profile", nick, "--nick", nick, NULL };
	struct peer *peer = peer_start(&crowd, lan_host(host), arguments);

	ck_assert_ptr_nonnull(
	    peer_await(&crowd, peer, "ready", NULL, NULL, SOON_MS));
	return peer;
}

static void
quit(struct peer *peer)
{
	peer_send_line(peer, "{\"cmd\":\"quit\"}\n");
	ck_assert(peer_await_end(&crowd, peer, SOON_MS));
	ck_assert_int_eq(peer->status, 0);
}

static void
await_group(void)
{
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL),
	    "no leader that all name");
}

struct wanted {
	struct peer *peer;
	const char *text;
};

static bool
is_shown(struct crowd *all, void *argument)
{
	const struct wanted *wanted = argument;

	(void)all;
	return peer_count_text(wanted->peer, wanted->text) == 1;
}

static void
await_shown(struct peer *peer, const char *text)
{
	struct wanted wanted = { peer, text };

	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, is_shown, &wanted),
	    "\"%s\" was not shown", text);
}

/* The nick of somebody is known to a peer. */
static bool
is_known(struct crowd *all, void *argument)
{
	const struct wanted *wanted = argument;
	json_t *answer = peer_ask(all, wanted->peer, 1000, "{s:s, s:s}", "cmd",
	    "members", "room", "#lobby");
	json_t *members = json_object_get(answer, "members");

	for (size_t i = 0; i < json_array_size(members); i++)
		if (strcmp(event_text(json_array_get(members, i), "nick"),
			wanted->text) == 0)
			return true;
	return false;
}

static void
await_known(struct peer *peer, const char *nick)
{
	struct wanted wanted = { peer, nick };

	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, is_known, &wanted),
	    "%s was not known", nick);
}

static json_t *
dm(struct peer *peer, const char *to, const char *text)
{
	json_t *answer = peer_ask(&crowd, peer, SOON_MS, "{s:s, s:s, s:s}",
	    "cmd", "dm", "to", to, "text", text);

	ck_assert_ptr_nonnull(answer);
	return answer;
}

static void
expect_error(const json_t *answer, const char *code)
{
	ck_assert_ptr_nonnull(answer);
	ck_assert_msg(event_is(answer, "error") &&
		strcmp(event_text(answer, "code"), code) == 0,
	    "not %s: %s", code, json_dumps(answer, 0));
}

static const json_t *
message_of(const struct peer *peer, const char *text)
{
	for (size_t i = 0; i < peer->count; i++) {
		const json_t *event = peer->events[i].event;

		if (event_is(event, "message") &&
		    strcmp(event_text(event, "text"), text) == 0)
			return event;
	}
	ck_abort_msg("\"%s\" is not here", text);
	return NULL;
}

static json_int_t
number(const json_t *event, const char *member)
{
	return json_integer_value(json_object_get(event, member));
}

/* -- who has it -------------------------------------------------------- */

START_TEST(an_author_is_told_who_has_it_and_may_ask)
{
	struct peer *ana = start(1, "ana"), *bob = start(2, "bob");
	struct peer *eve = start(3, "eve");
	json_t *answer;
	const json_t *message;
	const char *msg;

	await_group();
	await_known(ana, "bob");
	await_known(ana, "eve");
	answer = peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s, s:s}", "cmd", "say",
	    "room", "#lobby", "text", "hello");
	msg = event_text(answer, "msg");
	ck_assert_ptr_nonnull(msg);
	message = message_of(ana, "hello");
	ck_assert_int_eq(number(message, "have"), 1);
	ck_assert_int_eq(number(message, "of"), 3);
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "delivered", "msg", msg,
	    SOON_MS));
	for (double end = peer_now_ms() + SOON_MS;
	     number(peer_last(ana, "delivered")->event, "have") < 3 &&
	     peer_now_ms() < end;)
		crowd_pump(&crowd, 20);
	ck_assert_int_eq(number(peer_last(ana, "delivered")->event, "have"),
	    3);
	ck_assert(json_is_true(json_object_get(
	    peer_last(ana, "delivered")->event, "stable")));
	answer = peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s}", "cmd", "who_has",
	    "msg", msg);
	ck_assert(json_is_true(json_object_get(answer, "stable")));
	ck_assert_uint_eq(
	    json_array_size(json_object_get(answer, "missing")), 0);
	ck_assert_uint_eq(
	    json_array_size(json_object_get(answer, "have")), 3);
	/* Another knows at least of itself and the author. */
	answer = peer_ask(&crowd, bob, SOON_MS, "{s:s, s:s}", "cmd", "who_has",
	    "msg", msg);
	ck_assert_msg(
	    json_array_size(json_object_get(answer, "have")) >= 2, "%s",
	    json_dumps(answer, 0));
	/* One who is stopped has nothing, and is named. */
	peer_kill(eve, SIGSTOP);
	answer = peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s, s:s}", "cmd", "say",
	    "room", "#lobby", "text", "again");
	msg = event_text(answer, "msg");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "delivered", "msg", msg,
	    SOON_MS));
	answer = peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s}", "cmd", "who_has",
	    "msg", msg);
	ck_assert_uint_eq(json_array_size(json_object_get(answer, "have")), 2);
	ck_assert_str_eq(json_string_value(json_array_get(
			     json_object_get(answer, "missing"), 0)),
	    eve->id);
	peer_kill(eve, SIGCONT);
	await_shown(eve, "again");
}
END_TEST

START_TEST(what_is_no_message_is_had_by_nobody)
{
	struct peer *ana = start(1, "ana");

	expect_error(peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s}", "cmd",
			 "who_has", "msg", "nonsense"),
	    "bad_argument");
	expect_error(peer_ask(&crowd, ana, SOON_MS, "{s:s}", "cmd", "who_has"),
	    "bad_argument");
	expect_error(peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s}", "cmd",
			 "who_has", "msg", "ceirceirceirceirceirceirce.0"),
	    "no_such_message");
}
END_TEST

START_TEST(a_link_is_timed_in_less_than_milliseconds)
{
	struct peer *ana = start(1, "ana"), *bob = start(2, "bob");
	json_t *peers;
	double rtt_ms = -1;

	await_group();
	await_known(ana, "bob");
	peers = json_object_get(
	    peer_ask(&crowd, ana, SOON_MS, "{s:s}", "cmd", "peers"), "peers");
	for (size_t i = 0; i < json_array_size(peers); i++) {
		const json_t *peer = json_array_get(peers, i);

		if (strcmp(event_text(peer, "id"), bob->id) == 0)
			rtt_ms = json_number_value(
			    json_object_get(peer, "rtt_ms"));
	}
	ck_assert_msg(rtt_ms > 0 && rtt_ms < 100, "%.3f ms", rtt_ms);
}
END_TEST

/* Of a peer's traffic since it started. */
static json_int_t
counter(struct peer *peer, const char *name)
{
	json_t *status =
	    peer_ask(&crowd, peer, PATIENCE_MS, "{s:s}", "cmd", "status");

	return json_integer_value(
	    json_object_get(json_object_get(status, "counters"), name));
}

/* Who talks faster than the links take it is held up; nothing has to be
 * dropped and fetched again. */
START_TEST(what_is_said_at_full_rate_goes_out_once)
{
	enum { LINES = 20000, TURN = 500, LENGTH = 400 };
	struct peer *ana = start(1, "ana"), *bob = start(2, "bob");
	char line[LENGTH + 128], text[LENGTH + 16];

	await_group();
	await_known(ana, "bob");
	for (int i = 1; i <= LINES; i++) {
		snprintf(text, sizeof text, "line %0*d", LENGTH, i);
		snprintf(line, sizeof line, "{\"cmd\":\"say\",\"room\":"
		    "\"#lobby\",\"text\":\"%s\"}\n", text);
		peer_send_line(ana, line);
		if (i % TURN == 0)
			crowd_pump(&crowd, 0);
	}
	await_shown(bob, text);
	ck_assert_uint_eq(peer_count_messages(bob), LINES);
	ck_assert_int_eq(counter(ana, "frames_dropped"), 0);
}
END_TEST

/* -- to one alone ------------------------------------------------------ */

/* Nothing of it: no event, no room, no clock. */
static void
expect_no_trace(struct peer *peer)
{
	json_t *answer;
	size_t i;

	for (i = 0; i < peer->count; i++) {
		const json_t *event = peer->events[i].event;

		ck_assert(!event_is(event, "message") ||
		    event_text(event, "room")[0] != '@');
	}
	answer = peer_ask(&crowd, peer, SOON_MS, "{s:s}", "cmd", "rooms");
	answer = json_object_get(answer, "rooms");
	for (i = 0; i < json_array_size(answer); i++)
		ck_assert_int_ne(event_text(json_array_get(answer, i),
				     "room")[0], '@');
	answer = peer_ask(&crowd, peer, SOON_MS, "{s:s}", "cmd", "status");
	ck_assert_uint_eq(json_object_size(json_object_get(answer, "clock")),
	    1);
}

START_TEST(two_talk_and_the_third_hears_nothing)
{
	struct peer *ana = start(1, "ana"), *bob = start(2, "bob");
	struct peer *eve = start(3, "eve");
	char room[64];
	const json_t *message;
	json_t *answer;

	await_group();
	await_known(ana, "bob");
	ck_assert(event_is(dm(ana, "bob", "between us"), "ok"));
	await_shown(bob, "between us");
	message = message_of(bob, "between us");
	snprintf(room, sizeof room, "@%s", ana->id);
	ck_assert_str_eq(event_text(message, "room"), room);
	ck_assert_str_eq(event_text(message, "to"), bob->id);
	ck_assert(json_is_true(json_object_get(message, "live")));
	/* Back by "say" into the room, and by id. */
	answer = peer_ask(&crowd, bob, SOON_MS, "{s:s, s:s, s:s}", "cmd", "say",
	    "room", room, "text", "of course");
	ck_assert(event_is(answer, "ok"));
	ck_assert(event_is(dm(bob, ana->id, "always"), "ok"));
	await_shown(ana, "always");
	message = message_of(ana, "of course");
	snprintf(room, sizeof room, "@%s", bob->id);
	ck_assert_str_eq(event_text(message, "room"), room);
	ck_assert_str_eq(event_text(message, "to"), ana->id);
	answer = peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s}", "cmd", "history",
	    "room", room);
	ck_assert_uint_eq(json_array_size(json_object_get(answer, "messages")),
	    3);
	expect_no_trace(eve);
	expect_error(peer_ask(&crowd, eve, SOON_MS, "{s:s, s:s}", "cmd",
			 "history", "room", room),
	    "no_such_room");
}
END_TEST

START_TEST(who_is_away_gets_it_though_both_were_started_again_in_between)
{
	struct peer *ana = start(1, "ana"), *bob = start(2, "bob");
	struct peer *eve = start(3, "eve");
	const json_t *message;

	await_group();
	await_known(ana, "bob");
	ck_assert(event_is(dm(ana, "bob", "first"), "ok"));
	await_shown(bob, "first");
	quit(bob);
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "peer", "state", "left",
	    SOON_MS));
	ck_assert(event_is(dm(ana, "bob", "for later"), "ok"));
	quit(ana);
	ana = start(1, "ana");
	await_known(ana, "eve");
	/* Not seen in this run at all. */
	ck_assert(event_is(dm(ana, "bob", "and one more"), "ok"));
	message = message_of(ana, "and one more");
	ck_assert_int_eq(number(message, "of"), 2);
	bob = start(2, "bob");
	await_shown(bob, "for later");
	await_shown(bob, "and one more");
	ck_assert_uint_eq(peer_count_text(bob, "first"), 0);
	ck_assert(json_is_false(
	    json_object_get(message_of(bob, "for later"), "live")));
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "delivered", "msg",
	    event_text(message, "msg"), SOON_MS));
	expect_no_trace(eve);
}
END_TEST

START_TEST(a_wrong_address_is_a_sentence)
{
	struct peer *ana = start(1, "ana"), *bob = start(2, "bob");

	await_group();
	await_known(ana, "bob");
	expect_error(dm(ana, "nobody", "hello"), "no_such_nick");
	expect_error(dm(ana, "", "hello"), "no_such_nick");
	expect_error(dm(ana, "ana", "hello"), "bad_argument");
	expect_error(dm(ana, ana->id, "hello"), "bad_argument");
	expect_error(dm(ana, "ceirceirceirceirceirceirce", "hello"),
	    "no_such_nick");
	expect_error(dm(ana, "bob", ""), "empty_text");
	expect_error(peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s}", "cmd", "dm",
			 "text", "hello"),
	    "bad_argument");
	expect_error(peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s}", "cmd",
			 "join", "room", "@bob"),
	    "bad_argument");
	ck_assert(event_is(dm(ana, "bob", "hello"), "ok"));
	await_shown(bob, "hello");
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("talk");
	TCase *tests = tcase_create("three hosts");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(tests, 200);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, an_author_is_told_who_has_it_and_may_ask);
	tcase_add_test(tests, what_is_no_message_is_had_by_nobody);
	tcase_add_test(tests, a_link_is_timed_in_less_than_milliseconds);
	tcase_add_test(tests, what_is_said_at_full_rate_goes_out_once);
	tcase_add_test(tests, two_talk_and_the_third_hears_nothing);
	tcase_add_test(tests,
	    who_is_away_gets_it_though_both_were_started_again_in_between);
	tcase_add_test(tests, a_wrong_address_is_a_sentence);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
