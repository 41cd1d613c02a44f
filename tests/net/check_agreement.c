/*
 * check_agreement: topics and nicks, by real processes on three hosts, one
 * of whose cables is pulled.
 */
#include <check.h>
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
	snprintf(state, sizeof state, "/tmp/dchat-agree-XXXXXX");
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

/* Each has its profile on disk; nick NULL: the one it had. */
static struct peer *
start(int host, const char *profile, const char *nick)
{
	const char *arguments[] = { "--profile", profile,
		nick == NULL ? NULL : "--nick", nick, NULL };
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
}

static void
await_group(void)
{
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL),
	    "no leader that all name");
}

static json_t *
set_topic(struct peer *peer, const char *text)
{
	return peer_ask(&crowd, peer, PATIENCE_MS, "{s:s, s:s, s:s}", "cmd",
	    "topic", "room", "#lobby", "text", text);
}

static json_t *
set_nick(struct peer *peer, const char *nick)
{
	return peer_ask(&crowd, peer, PATIENCE_MS, "{s:s, s:s}", "cmd",
	    "nick", "nick", nick);
}

static void
expect_error(const json_t *answer, const char *code)
{
	ck_assert_ptr_nonnull(answer);
	ck_assert(event_is(answer, "error"));
	ck_assert_str_eq(event_text(answer, "code"), code);
	ck_assert_uint_gt(strlen(event_text(answer, "text")), 10);
}

/* -- what all show ------------------------------------------------------ */

static const json_t *
find(json_t *items, const char *member, const char *text)
{
	for (size_t i = 0; i < json_array_size(items); i++)
		if (strcmp(event_text(json_array_get(items, i), member),
			text) == 0)
			return json_array_get(items, i);
	return NULL;
}

static bool
shows_topic(struct peer *peer, const char *topic)
{
	json_t *answer = peer_ask(&crowd, peer, SOON_MS, "{s:s}", "cmd",
	    "rooms");
	const json_t *room =
	    find(json_object_get(answer, "rooms"), "room", "#lobby");

	return room != NULL && strcmp(event_text(room, "topic"), topic) == 0;
}

static bool
shows_nick(struct peer *peer, const struct peer *whom, const char *nick)
{
	json_t *answer = peer_ask(&crowd, peer, SOON_MS, "{s:s}", "cmd",
	    "peers");
	const json_t *found =
	    find(json_object_get(answer, "peers"), "id", whom->id);

	return found != NULL && strcmp(event_text(found, "nick"), nick) == 0;
}

static bool
all_show_topic(struct crowd *all, void *argument)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->peers[i].pid != 0 &&
		    !shows_topic(&all->peers[i], argument))
			return false;
	return true;
}

struct called {
	const struct peer *whom;
	const char *nick;
};

static bool
all_show_nick(struct crowd *all, void *argument)
{
	const struct called *called = argument;

	for (size_t i = 0; i < all->count; i++)
		if (all->peers[i].pid != 0 &&
		    !shows_nick(&all->peers[i], called->whom, called->nick))
			return false;
	return true;
}

static void
await_topic(const char *topic)
{
	char *copy = strdup(topic);

	ck_assert_msg(
	    crowd_await(&crowd, PATIENCE_MS, all_show_topic, copy),
	    "not all show the topic \"%s\"", topic);
	free(copy);
}

static void
await_nick(const struct peer *whom, const char *nick)
{
	struct called called = { whom, nick };

	ck_assert_msg(
	    crowd_await(&crowd, PATIENCE_MS, all_show_nick, &called),
	    "not all show the nick \"%s\"", nick);
}

/* Of two who want one nick: the one that was told that it is taken. */
struct rivals {
	struct peer *one, *other, *loser;
};

static bool
told_taken(const struct peer *peer)
{
	for (size_t i = 0; i < peer->count; i++) {
		const json_t *event = peer->events[i].event;

		if (event_is(event, "nick") &&
		    strcmp(event_text(event, "id"), peer->id) == 0 &&
		    strcmp(event_text(event, "reason"), "taken") == 0)
			return true;
	}
	return false;
}

static bool
is_decided(struct crowd *all, void *argument)
{
	struct rivals *rivals = argument;

	(void)all;
	rivals->loser = told_taken(rivals->one) ? rivals->one
	    : told_taken(rivals->other)		? rivals->other
						: NULL;
	return rivals->loser != NULL;
}

static struct peer *
await_loser(struct peer *one, struct peer *other)
{
	struct rivals rivals = { one, other, NULL };

	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, is_decided, &rivals),
	    "nobody was told that the nick is taken");
	return rivals.loser;
}

/* -- tests --------------------------------------------------------------- */

START_TEST(a_topic_is_everywhere_once_it_is_answered_and_after_a_restart)
{
	struct peer *ana = start(1, "a", "ana"), *bob = start(2, "b", "bob");
	struct peer *cem = start(3, "c", "cem");
	double before;

	await_group();
	before = peer_now_ms();
	ck_assert(event_is(set_topic(ana, "tea at five"), "ok"));
	printf("a topic is answered after %.1f ms\n",
	    peer_now_ms() - before);
	await_topic("tea at five");
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "room", "topic",
	    "tea at five", SOON_MS));
	quit(ana);
	quit(bob);
	quit(cem);
	ana = start(1, "a", NULL);
	ck_assert(shows_topic(ana, "tea at five"));
	bob = start(2, "b", NULL);
	await_group();
	await_topic("tea at five");
	ck_assert(event_is(set_topic(bob, ""), "ok"));
	await_topic("");
}
END_TEST

START_TEST(a_granted_nick_is_shown_by_all_and_kept)
{
	struct peer *ana = start(1, "a", "ana"), *bob = start(2, "b", "bob");

	await_group();
	await_nick(bob, "bob");
	ck_assert(event_is(set_nick(ana, "Anastasia"), "ok"));
	await_nick(ana, "Anastasia");
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "nick", "nick",
	    "Anastasia", SOON_MS));
	expect_error(set_nick(bob, "an\u0430stasia"), "nick_taken");
	ck_assert(event_is(set_nick(bob, "ana"), "ok"));
	quit(ana);
	ana = start(1, "a", NULL);
	await_nick(ana, "Anastasia");
}
END_TEST

START_TEST(two_who_start_with_one_nick_are_told_apart)
{
	struct peer *one = start(1, "a", "max"), *two = start(2, "b", "Max");
	struct peer *winner, *loser;
	char nick[16];

	await_group();
	/* The leader decides which of them. */
	loser = await_loser(one, two);
	winner = loser == one ? two : one;
	snprintf(nick, sizeof nick, "%s~%.4s", loser == one ? "max" : "Max",
	    loser->id);
	await_nick(loser, nick);
	await_nick(winner, winner == one ? "max" : "Max");
	ck_assert(event_is(set_nick(loser, "moritz"), "ok"));
	await_nick(loser, "moritz");
}
END_TEST

START_TEST(after_a_cut_all_show_the_same_topic_and_nicks)
{
	struct peer *ana = start(1, "a", "ana"), *bob = start(2, "b", "bob");
	struct peer *cem = start(3, "c", "cem");
	char nick[16];

	await_group();
	await_nick(cem, "cem");
	lan_cut(3);
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "peer", "state", "dead",
	    PATIENCE_MS));
	ck_assert_ptr_nonnull(peer_await(&crowd, cem, "peer", "state", "dead",
	    PATIENCE_MS));
	ck_assert(event_is(set_topic(ana, "ours"), "ok"));
	ck_assert(event_is(set_topic(bob, "ours again"), "ok"));
	ck_assert(event_is(set_nick(bob, "max"), "ok"));
	ck_assert(event_is(set_nick(cem, "max"), "ok"));
	lan_mend(3);
	await_group();
	await_topic("ours again");
	/* cem was alone: if it did not lead, its wish is decided last and it
	 * keeps the nick it had; if it did, the lower id has it. */
	if (await_loser(bob, cem) == cem) {
		snprintf(nick, sizeof nick, "max~%.4s", cem->id);
		await_nick(bob, "max");
		await_nick(cem, shows_nick(cem, cem, "cem") ? "cem" : nick);
	} else {
		ck_assert_str_lt(cem->id, bob->id);
		snprintf(nick, sizeof nick, "max~%.4s", bob->id);
		await_nick(cem, "max");
		await_nick(bob, nick);
	}
}
END_TEST

START_TEST(what_cannot_be_is_a_sentence)
{
	struct peer *ana = start(1, "a", "ana");
	char text[600];

	memset(text, 'x', sizeof text);
	text[513] = '\0';
	expect_error(set_topic(ana, text), "too_long");
	text[512] = '\0';
	ck_assert(event_is(set_topic(ana, text), "ok"));
	text[33] = '\0';
	expect_error(set_nick(ana, text), "too_long");
	expect_error(set_nick(ana, ""), "bad_argument");
	expect_error(set_nick(ana, "#ana"), "bad_argument");
	expect_error(set_nick(ana, "a b"), "bad_argument");
	expect_error(peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s, s:s}", "cmd",
			 "topic", "room", "#nowhere", "text", "x"),
	    "not_joined");
	expect_error(peer_ask(&crowd, ana, SOON_MS, "{s:s, s:s, s:s}", "cmd",
			 "topic", "room", "@ana", "text", "x"),
	    "bad_argument");
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("agreement");
	TCase *tests = tcase_create("three hosts");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(tests, 180);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests,
	    a_topic_is_everywhere_once_it_is_answered_and_after_a_restart);
	tcase_add_test(tests, a_granted_nick_is_shown_by_all_and_kept);
	tcase_add_test(tests, two_who_start_with_one_nick_are_told_apart);
	tcase_add_test(tests, after_a_cut_all_show_the_same_topic_and_nicks);
	tcase_add_test(tests, what_cannot_be_is_a_sentence);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
