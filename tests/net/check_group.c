/*
 * check_group: what the headless contract says of topics, nicks, who has a
 * message and what is said to one alone, by three real processes.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/net/contract.h"
#include "tests/support/lan.h"

enum { NICK_ROOM = 80, NAME_ROOM = 40 };

static char folder[32];

static void
begin(void)
{
	snprintf(folder, sizeof folder, "/tmp/dchat-group-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("XDG_STATE_HOME", folder, 1);
	contract_begin();
}

static void
end(void)
{
	char command[sizeof folder + 8];

	contract_end();
	snprintf(command, sizeof command, "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}

/* -- waiting for what lists say ------------------------------------------ */

/* An element of a list of this peer, and what its member must be. */
struct awaited {
	struct peer *peer;
	const char *cmd, *room;		/* the room: of `members` */
	const char *key, *value;	/* which element */
	const char *member, *text;	/* NULL: it is there at all */
};

static bool
lists(struct crowd *all, void *argument)
{
	const struct awaited *awaited = argument;
	const json_t *answer = awaited->room == NULL
	    ? ask(awaited->peer, "{s:s}", "cmd", awaited->cmd)
	    : room_command(awaited->peer, awaited->cmd, awaited->room);
	const json_t *item;

	(void)all;
	if (!event_is(answer, "ok"))
		return false;
	item = among(json_object_get(answer, awaited->cmd), awaited->key,
	    awaited->value);
	return item != NULL && (awaited->member == NULL ||
	    strcmp(event_text(item, awaited->member), awaited->text) == 0);
}

static void
await_listed(struct awaited awaited)
{
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, lists, &awaited),
	    "%s of %s: no %s with %s %s", awaited.cmd, awaited.peer->id,
	    awaited.value, awaited.member, awaited.text);
}

static void
await_nick(struct peer *peer, const struct peer *whom, const char *nick)
{
	await_listed((struct awaited){ .peer = peer, .cmd = "peers",
	    .key = "id", .value = whom->id, .member = "nick",
	    .text = nick });
}

static void
await_topic(struct peer *peer, const char *room, const char *topic)
{
	await_listed((struct awaited){ .peer = peer, .cmd = "rooms",
	    .key = "room", .value = room, .member = "topic",
	    .text = topic });
}

/* Alive and in the room, so it is counted for what is said from now on. */
static void
await_member(struct peer *peer, const struct peer *whom, const char *room)
{
	await_listed((struct awaited){ .peer = peer, .cmd = "members",
	    .room = room, .key = "id", .value = whom->id,
	    .member = "state", .text = "alive" });
}

/* The first count have a leader and know each other in #lobby. */
static struct peer *
first(size_t count)
{
	static const char *const nicks[] = { "ana", "bob", "eve" };

	for (size_t i = 0; i < count; i++)
		start(nicks[i]);
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL),
	    "no leader that all name");
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			await_member(&crowd.peers[i], &crowd.peers[k],
			    "#lobby");
	return crowd.peers;
}

/* The same profile again, with the nick it had. */
static struct peer *
start_profile(const char *profile)
{
	const char *arguments[] = { "--profile", profile, NULL };
	struct peer *peer = peer_start(&crowd, NULL, arguments);

	ck_assert_ptr_nonnull(peer_await(&crowd, peer, "ready", NULL, NULL,
	    SOON_MS));
	return peer;
}

static const char *
direct(const struct peer *other)
{
	static char names[4][NAME_ROOM];
	char *name = names[other - crowd.peers];

	snprintf(name, NAME_ROOM, "@%s", other->id);
	return name;
}

static const json_t *
heard(struct peer *peer, const char *text)
{
	const struct heard *found;

	peer->mark = 0;
	found = peer_await(&crowd, peer, "message", "text", text, SOON_MS);
	ck_assert_msg(found != NULL, "\"%s\" is not heard", text);
	return found->event;
}

/* -- topics --------------------------------------------------------------- */

START_TEST(a_topic_is_told_to_all_with_who_set_it_and_to_who_comes_late)
{
	struct peer *ana = first(2), *bob = ana + 1, *eve;
	const struct heard *event;

	is_ok(set_topic(bob, "#lobby", "tea \xe2\x98\x95 at five"));
	for (struct peer *peer = ana; peer <= bob; peer++) {
		peer->mark = 0;
		event = peer_await(&crowd, peer, "room", "topic",
		    "tea \xe2\x98\x95 at five", SOON_MS);
		ck_assert_ptr_nonnull(event);
		ck_assert_str_eq(event_text(event->event, "room"),
		    "#lobby");
		ck_assert_str_eq(event_text(event->event, "by"), bob->id);
	}
	eve = start("eve");
	await_topic(eve, "#lobby", "tea \xe2\x98\x95 at five");
	is_ok(set_topic(eve, "#LOBBY", ""));
	for (struct peer *peer = ana; peer <= eve; peer++)
		await_topic(peer, "#lobby", "");
}
END_TEST

START_TEST(the_topic_of_a_room_is_listed_for_who_is_not_in_it)
{
	struct peer *ana = first(2), *bob = ana + 1;
	const struct heard *event;

	is_ok(room_command(ana, "join", "#Ops"));
	is_ok(set_topic(ana, "#ops", "calm"));
	event = peer_await(&crowd, bob, "room", "topic", "calm", SOON_MS);
	ck_assert_ptr_nonnull(event);
	await_topic(bob, event_text(event->event, "room"), "calm");
	is_error(set_topic(bob, "#ops", "storm"), "not_joined");
	is_ok(room_command(bob, "join", "#ops"));
	is_ok(set_topic(bob, "#ops", "storm"));
	await_topic(ana, "#Ops", "storm");
}
END_TEST

START_TEST(of_many_topics_at_once_all_end_with_the_same)
{
	enum { EACH = 15 };
	struct peer *ana = first(3);
	char line[96];
	const char *last;

	for (int n = 0; n < EACH; n++)
		for (size_t i = 0; i < 3; i++) {
			snprintf(line, sizeof line, "{\"cmd\":\"topic\","
			    "\"room\":\"#lobby\",\"text\":\"%zu-%d\"}\n", i,
			    n);
			peer_send_line(ana + i, line);
		}
	for (int n = 0; n < EACH; n++)
		for (size_t i = 0; i < 3; i++)
			is_ok(next_answer(ana + i));
	last = event_text(among(list(crowd_leader(&crowd), "rooms"), "room",
	    "#lobby"), "topic");
	for (size_t i = 0; i < 3; i++)
		await_topic(ana + i, "#lobby", last);
}
END_TEST

/* -- nicks ---------------------------------------------------------------- */

START_TEST(a_new_nick_is_told_to_all_and_goes_with_what_is_said)
{
	struct peer *ana = first(2), *bob = ana + 1;
	const struct heard *event;

	told(ana, say(ana, "#lobby", "before"));
	heard(bob, "before");
	is_ok(set_nick(ana, "Anna"));
	for (struct peer *peer = ana; peer <= bob; peer++) {
		peer->mark = 0;
		event = peer_await(&crowd, peer, "nick", "nick", "Anna",
		    SOON_MS);
		ck_assert_ptr_nonnull(event);
		ck_assert_str_eq(event_text(event->event, "id"), ana->id);
		ck_assert_str_eq(event_text(event->event, "old"), "ana");
	}
	told(ana, say(ana, "#lobby", "after"));
	ck_assert_str_eq(event_text(heard(bob, "after"), "nick"), "Anna");
	await_listed((struct awaited){ .peer = bob, .cmd = "members",
	    .room = "#lobby", .key = "nick", .value = "Anna" });
	is_ok(dm(bob, "Anna", "hello"));
	heard(ana, "hello");
	is_error(dm(bob, "ana", "hello"), "no_such_nick");
	/* The old one is free again. */
	is_ok(set_nick(bob, "ana"));
	await_nick(ana, bob, "ana");
}
END_TEST

START_TEST(a_nick_that_looks_like_anothers_is_taken)
{
	/* As written, in other letters, of full width, with the invisible. */
	static const char *const alike[] = { "bob", "BOB", "b\xd0\xbe" "b",
		"\xef\xbd\x82\xef\xbd\x8f\xef\xbd\x82",
		"b\xe2\x80\x8bob", "b0b" };
	struct peer *ana = first(2), *bob = ana + 1;

	await_nick(ana, bob, "bob");
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
		is_error(set_nick(ana, alike[i]), "nick_taken");
	ck_assert_str_eq(event_text(among(list(ana, "peers"), "id", ana->id),
	    "nick"), "ana");
	ck_assert_str_eq(event_text(among(list(bob, "peers"), "id", ana->id),
	    "nick"), "ana");
	is_ok(set_nick(ana, "bobby"));
}
END_TEST

START_TEST(of_two_who_start_with_one_nick_the_loser_is_told_and_marked)
{
	struct peer *one = start("max"), *two = start("max");
	struct peer *winner, *loser;
	char nick[NICK_ROOM];
	const struct heard *event = NULL;

	ck_assert(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL));
	for (double until = peer_now_ms() + PATIENCE_MS;
	     event == NULL && peer_now_ms() < until;) {
		one->mark = two->mark = 0;
		event = peer_await(&crowd, one, "nick", "reason", "taken",
		    100);
		if (event == NULL)
			event = peer_await(&crowd, two, "nick", "reason",
			    "taken", 100);
	}
	ck_assert_ptr_nonnull(event);
	loser = strcmp(event_text(event->event, "id"), one->id) == 0 ? one
								     : two;
	winner = loser == one ? two : one;
	snprintf(nick, sizeof nick, "max~%.4s", loser->id);
	ck_assert_str_eq(event_text(event->event, "nick"), nick);
	for (struct peer *peer = one; peer <= two; peer++) {
		await_nick(peer, loser, nick);
		await_nick(peer, winner, "max");
		await_member(peer, one, "#lobby");
		await_member(peer, two, "#lobby");
	}
	/* It is told itself. */
	loser->mark = 0;
	ck_assert_ptr_nonnull(peer_await(&crowd, loser, "nick", "id",
	    loser->id, SOON_MS));
	told(loser, say(loser, "#lobby", "me too"));
	ck_assert_str_eq(event_text(heard(winner, "me too"), "nick"), nick);
	/* By what is shown one is found. */
	is_ok(dm(winner, nick, "to the loser"));
	heard(loser, "to the loser");
	is_ok(dm(loser, "max", "to the winner"));
	heard(winner, "to the winner");
	is_error(set_nick(loser, nick), "bad_argument");
	is_ok(set_nick(loser, "moritz"));
	await_nick(winner, loser, "moritz");
}
END_TEST

/* -- how far a message has come ------------------------------------------- */

static bool
is_stable_everywhere(struct crowd *all, void *argument)
{
	const char *msg = argument;

	for (size_t i = 0; i < all->count; i++)
		if (!truth(who_has(&all->peers[i], msg), "stable"))
			return false;
	return true;
}

START_TEST(each_message_grows_until_all_have_it)
{
	enum { SAID = 40 };
	struct peer *ana = first(3);
	const char *msgs[SAID];
	char text[16], msg[64];
	const json_t *answer;

	for (int n = 0; n < SAID; n++) {
		const json_t *message;

		snprintf(text, sizeof text, "%d", n);
		message = told(ana, say(ana, "#lobby", text))->event;
		msgs[n] = event_text(message, "msg");
		ck_assert_int_eq(number(message, "of"), 3);
		ck_assert_int_eq(number(message, "have"), 1);
	}
	for (int n = 0; n < SAID; n++) {
		const struct heard *event;

		ana->mark = 0;
		do {
			event = peer_await(&crowd, ana, "delivered", "msg",
			    msgs[n], SOON_MS);
			ck_assert_ptr_nonnull(event);
		} while (!truth(event->event, "stable"));
		ck_assert_int_eq(number(event->event, "have"), 3);
	}
	snprintf(msg, sizeof msg, "%s", msgs[SAID - 1]);
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, is_stable_everywhere,
	    msg), "not all know that all have it");
	for (size_t i = 0; i < 3; i++) {
		/* Once it is stable, only who is still known to. */
		answer = who_has(ana + i, msg);
		ck_assert_uint_ge(json_array_size(json_object_get(answer,
		    "have")), 1);
		ck_assert_uint_eq(json_array_size(json_object_get(answer,
		    "missing")), 0);
		/* Others are told nothing of ana's. */
		ck_assert(i == 0 ||
		    peer_last(ana + i, "delivered") == NULL);
	}
	answer = json_array_get(history(ana, "#lobby", 1, NULL), 0);
	ck_assert(truth(answer, "stable"));
}
END_TEST

START_TEST(who_does_not_answer_is_missing_until_it_does)
{
	struct peer *ana = first(3), *eve = ana + 2;
	const json_t *answer;
	const char *msg;

	peer_kill(eve, SIGSTOP);
	msg = event_text(told(ana, say(ana, "#lobby", "x"))->event, "msg");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "delivered", "msg", msg,
	    SOON_MS));
	answer = who_has(ana, msg);
	ck_assert(!truth(answer, "stable"));
	ck_assert_uint_eq(json_array_size(json_object_get(answer, "have")),
	    2);
	ck_assert_uint_eq(json_array_size(json_object_get(answer,
	    "missing")), 1);
	ck_assert_str_eq(json_string_value(json_array_get(
	    json_object_get(answer, "missing"), 0)), eve->id);
	peer_kill(eve, SIGCONT);
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "delivered", "msg", msg,
	    SOON_MS));
	ck_assert(truth(peer_last(ana, "delivered")->event, "stable"));
}
END_TEST

/* -- history ---------------------------------------------------------------- */

/* Nothing about its messages changes any more. */
static bool
all_is_stable(struct crowd *all, void *peer)
{
	const json_t *messages = history(peer, "#lobby", 1000, NULL), *message;
	size_t i;

	(void)all;
	json_array_foreach(messages, i, message)
		if (json_is_false(json_object_get(message, "stable")))
			return false;
	return true;
}

START_TEST(the_pages_of_three_talkers_are_one_history_everywhere)
{
	enum { SAID = 90, PAGE = 7 };
	struct peer *ana = first(3);
	json_t *whole = NULL;
	char text[16];

	for (int n = 0; n < SAID; n++) {
		snprintf(text, sizeof text, "%d", n);
		is_ok(say(ana + n % 3, "#lobby", text));
	}
	for (size_t i = 0; i < 3; i++) {
		json_t *all = json_array();
		const json_t *page;
		const char *before = NULL;

		for (double until = peer_now_ms() + SOON_MS;
		     peer_count_messages(ana + i) < SAID &&
		     peer_now_ms() < until;)
			crowd_pump(&crowd, 20);
		ck_assert(crowd_await(&crowd, SOON_MS, all_is_stable,
		    ana + i));
		do {
			page = history(ana + i, "#lobby", PAGE, before);
			before = event_text(json_array_get(page, 0), "msg");
			for (size_t k = json_array_size(page); k-- > 0;)
				json_array_insert(all, 0,
				    json_array_get(page, k));
		} while (json_array_size(page) == PAGE);
		ck_assert_uint_eq(json_array_size(all), SAID);
		ck_assert(json_equal(all, history(ana + i, "#lobby", 1000,
		    NULL)));
		if (whole == NULL)
			whole = as_others_have_it(all);
		else {
			json_t *same = as_others_have_it(all);

			ck_assert(json_equal(whole, same));
			json_decref(same);
		}
		json_decref(all);
	}
	json_decref(whole);
}
END_TEST

/* -- to one alone ------------------------------------------------------------ */

START_TEST(a_direct_room_is_named_after_the_other_and_the_third_sees_none)
{
	struct peer *ana = first(3), *bob = ana + 1, *eve = ana + 2;
	const json_t *message, *item;
	char msg[64];

	message = told(ana, ask(ana, "{s:s, s:s, s:s, s:s}", "cmd", "dm",
	    "to", "bob", "text", "psst", "kind", "action"))->event;
	ck_assert_str_eq(event_text(message, "room"), direct(bob));
	ck_assert_str_eq(event_text(message, "to"), bob->id);
	ck_assert_str_eq(event_text(message, "kind"), "action");
	ck_assert_int_eq(number(message, "of"), 2);
	ck_assert(truth(message, "live"));
	snprintf(msg, sizeof msg, "%s", event_text(message, "msg"));
	message = heard(bob, "psst");
	ck_assert_str_eq(event_text(message, "msg"), msg);
	ck_assert_str_eq(event_text(message, "room"), direct(ana));
	ck_assert_str_eq(event_text(message, "to"), bob->id);
	ck_assert_str_eq(event_text(message, "author"), ana->id);
	item = among(list(bob, "rooms"), "room", direct(ana));
	ck_assert_ptr_nonnull(item);
	ck_assert_int_eq(number(item, "unread"), 1);
	ck_assert_int_eq(number(item, "members"), 2);
	ck_assert(truth(item, "joined"));
	message = json_array_get(history(bob, direct(ana), 10, NULL), 0);
	ck_assert_str_eq(event_text(message, "text"), "psst");
	ck_assert_str_eq(event_text(message, "to"), bob->id);
	ck_assert_int_eq(number(among(list(bob, "rooms"), "room",
	    direct(ana)), "unread"), 0);
	/* All three ways to answer; @bob is as good as its id. */
	is_ok(say(bob, direct(ana), "by room"));
	is_ok(dm(bob, ana->id, "by id"));
	is_ok(say(bob, "@ana", "by nick"));
	heard(ana, "by nick");
	ck_assert_uint_eq(json_array_size(history(ana, "@bob", 10, NULL)),
	    4);
	is_error(dm(ana, "bob", ""), "empty_text");
	/* The third: no event, no list, and nothing to ask about. */
	is_ok(say(ana, "#lobby", "for all"));
	heard(eve, "for all");
	ck_assert_uint_eq(peer_count_messages(eve), 1);
	ck_assert_uint_eq(json_array_size(list(eve, "rooms")), 1);
	is_error(who_has(eve, msg), "no_such_message");
	is_error(room_command(eve, "history", direct(ana)), "no_such_room");
	ck_assert_uint_eq(json_object_size(json_object_get(ask(eve, "{s:s}",
	    "cmd", "status"), "clock")), 1);
}
END_TEST

START_TEST(what_is_said_to_one_who_is_gone_waits_for_its_return)
{
	struct peer *ana, *bob;
	const json_t *message;
	const struct heard *event;

	ana = start_with("ana", "--profile", "a");
	bob = start_with("bob", "--profile", "b");
	await_member(ana, bob, "#lobby");
	peer_kill(bob, SIGKILL);
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "peer", "state",
	    "dead", PATIENCE_MS));
	message = told(ana, dm(ana, "bob", "later"))->event;
	ck_assert_int_eq(number(message, "have"), 1);
	ck_assert_int_eq(number(message, "of"), 2);
	bob = start_profile("b");
	event = peer_await(&crowd, ana, "delivered", "msg", event_text(
	    message, "msg"), PATIENCE_MS);
	ck_assert_ptr_nonnull(event);
	ck_assert(truth(event->event, "stable"));
	message = heard(bob, "later");
	ck_assert(!truth(message, "live"));
	ck_assert_str_eq(event_text(message, "to"), bob->id);
}
END_TEST

/* -- the next run ------------------------------------------------------------- */

START_TEST(a_restart_keeps_rooms_nick_topic_history_and_replays_nothing)
{
	struct peer *ana = start_with("ana", "--profile", "a"), *bob;
	json_t *before, *private;

	bob = start_with("bob", "--profile", "b");
	await_member(ana, bob, "#lobby");
	ck_assert(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL));
	is_ok(room_command(ana, "join", "#Ops"));
	is_ok(room_command(ana, "join", "#gone"));
	is_ok(room_command(ana, "part", "#gone"));
	is_ok(set_topic(ana, "#ops", "calm"));
	is_ok(set_nick(ana, "Anna"));
	is_ok(dm(ana, "bob", "psst"));
	heard(bob, "psst");
	is_ok(say(bob, direct(ana), "yes?"));
	is_ok(say(ana, "#ops", "said"));
	heard(ana, "yes?");
	before = json_deep_copy(history(ana, "#ops", 10, NULL));
	private = json_deep_copy(history(ana, direct(bob), 10, NULL));
	is_ok(say(bob, "#lobby", "unread"));
	heard(ana, "unread");
	end_input(bob);
	await_bye(bob);
	end_input(ana);
	await_bye(ana);
	ana = start_profile("a");
	ck_assert_str_eq(event_text(ana->events[0].event, "nick"), "Anna");
	await_topic(ana, "#Ops", "calm");
	ck_assert(truth(among(list(ana, "rooms"), "room", "#Ops"),
	    "joined"));
	ck_assert(truth(among(list(ana, "rooms"), "room", direct(bob)),
	    "joined"));
	ck_assert_int_eq(number(among(list(ana, "rooms"), "room", "#lobby"),
	    "unread"), 1);
	ck_assert_int_eq(number(among(list(ana, "rooms"), "room",
	    direct(bob)), "unread"), 0);
	ck_assert_ptr_null(among(list(ana, "rooms"), "room", "#gone"));
	ck_assert(json_equal(before, history(ana, "#ops", 10, NULL)));
	ck_assert(json_equal(private, history(ana, direct(bob), 10, NULL)));
	ck_assert_uint_eq(peer_count_messages(ana), 0);
	/* Who is absent is still known by the nick. */
	told(ana, dm(ana, "bob", "are you there?"));
	json_decref(before);
	json_decref(private);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("group");
	TCase *three = tcase_create("three");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(three, 150);
	tcase_add_checked_fixture(three, begin, end);
	tcase_add_test(three,
	    a_topic_is_told_to_all_with_who_set_it_and_to_who_comes_late);
	tcase_add_test(three,
	    the_topic_of_a_room_is_listed_for_who_is_not_in_it);
	tcase_add_test(three, of_many_topics_at_once_all_end_with_the_same);
	tcase_add_test(three,
	    a_new_nick_is_told_to_all_and_goes_with_what_is_said);
	tcase_add_test(three, a_nick_that_looks_like_anothers_is_taken);
	tcase_add_test(three,
	    of_two_who_start_with_one_nick_the_loser_is_told_and_marked);
	tcase_add_test(three, each_message_grows_until_all_have_it);
	tcase_add_test(three, who_does_not_answer_is_missing_until_it_does);
	tcase_add_test(three,
	    the_pages_of_three_talkers_are_one_history_everywhere);
	tcase_add_test(three,
	    a_direct_room_is_named_after_the_other_and_the_third_sees_none);
	tcase_add_test(three,
	    what_is_said_to_one_who_is_gone_waits_for_its_return);
	tcase_add_test(three,
	    a_restart_keeps_rooms_nick_topic_history_and_replays_nothing);
	suite_add_tcase(suite, three);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
