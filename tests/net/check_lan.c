/*
 * check_lan: real processes on three hosts of one LAN, and on one host that
 * has nothing but its loopback.
 */
#include <arpa/inet.h>
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/lan.h"
#include "tests/support/peer.h"

enum { HOSTS = 3 };
static const double SOON_MS = 10000;
static const double PATIENCE_MS = 60000;

static struct crowd crowd;

static void
setup_lan(void)
{
	lan_build(HOSTS);
}

static void
teardown(void)
{
	crowd_end(&crowd);
}

static void
teardown_lan(void)
{
	crowd_end(&crowd);
	lan_remove(HOSTS);
}

static struct peer *
start(int host, const char *nick)
{
	const char *arguments[] = { "--ephemeral", "--nick", nick, NULL };

	return peer_start(&crowd, host == 0 ? NULL : lan_host(host),
	    arguments);
}

static void
start_three(int first_host)
{
	static const char *const nicks[] = { "ana", "bob", "eve" };

	for (int i = 0; i < HOSTS; i++)
		start(first_host == 0 ? 0 : first_host + i, nicks[i]);
}

/* One view: the same ring of so many at every running peer. */
static bool
one_view(struct crowd *all, void *argument)
{
	size_t count = *(size_t *)argument;
	json_t *first = NULL;
	bool same = true;

	for (size_t i = 0; i < all->count && same; i++) {
		struct peer *peer = &all->peers[i];
		json_t *answer, *ring;

		if (peer->pid == 0)
			continue;
		answer = peer_ask(all, peer, 1000, "{s:s}", "cmd", "status");
		ring = json_object_get(answer, "ring");
		same = json_array_size(ring) == count &&
		    (first == NULL || json_equal(first, ring));
		first = ring;
	}
	return same;
}

static void
await_view(size_t count)
{
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, one_view, &count),
	    "no view of %zu everywhere", count);
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL),
	    "no leader that all name");
}

static void
say(struct peer *peer, const char *text)
{
	peer_send(peer, "{s:s, s:s, s:s}", "cmd", "say", "room", "#lobby",
	    "text", text);
}

struct shown {
	const char *text;
	size_t peers;
};

static bool
is_shown(struct crowd *all, void *argument)
{
	const struct shown *shown = argument;
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		size_t times = peer_count_text(&all->peers[i], shown->text);

		ck_assert_uint_le(times, 1);
		count += times == 1;
	}
	return count >= shown->peers;
}

static void
await_shown(const char *text, size_t peers)
{
	struct shown shown = { text, peers };

	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, is_shown, &shown),
	    "\"%s\" is not shown by %zu", text, peers);
}

START_TEST(three_hosts_agree_on_one_view_and_one_leader)
{
	start_three(1);
	await_view(HOSTS);
}
END_TEST

START_TEST(three_on_one_host_find_each_other_by_loopback_alone)
{
	start_three(0);
	await_view(HOSTS);
	say(&crowd.peers[0], "over lo");
	await_shown("over lo", HOSTS);
}
END_TEST

/* -- many at once ------------------------------------------------------ */

enum { EACH = 334, QUESTION_EVERY = 20 };

/* Answers each question "q..." of another with "a..." when it is shown. */
static void
answer_questions(size_t *seen)
{
	for (size_t i = 0; i < crowd.count; i++) {
		struct peer *peer = &crowd.peers[i];

		for (; seen[i] < peer->count; seen[i]++) {
			json_t *event = peer->events[seen[i]].event;
			const char *text = event_text(event, "text");
			char answer[64];

			if (!event_is(event, "message") || text[0] != 'q' ||
			    strcmp(event_text(event, "author"), peer->id) ==
				0)
				continue;
			snprintf(answer, sizeof answer, "a%s by %zu",
			    text + 1, i);
			say(peer, answer);
		}
	}
}

static bool
have_all(struct crowd *all, void *argument)
{
	size_t wanted = *(size_t *)argument;

	for (size_t i = 0; i < all->count; i++)
		if (peer_count_messages(&all->peers[i]) < wanted)
			return false;
	return true;
}

/* An answer "aX by N" must stand after its question "qX". */
static void
check_causes(const struct peer *peer)
{
	for (size_t i = 0; i < peer->count; i++) {
		const json_t *event = peer->events[i].event;
		const char *text = event_text(event, "text");
		char question[64];
		bool asked = false;

		if (!event_is(event, "message") || text[0] != 'a')
			continue;
		snprintf(question, sizeof question, "q%.*s",
		    (int)strcspn(text + 1, " "), text + 1);
		for (size_t k = 0; k < i && !asked; k++) {
			const char *before = event_text(
			    peer->events[k].event, "text");

			asked = before != NULL &&
			    strcmp(before, question) == 0;
		}
		ck_assert_msg(asked, "%s came before its question", text);
	}
}

START_TEST(a_thousand_messages_arrive_everywhere_after_their_causes)
{
	size_t seen[HOSTS] = { 0 };
	size_t questions = 0, wanted;
	char text[64];

	start_three(1);
	await_view(HOSTS);
	for (int n = 0; n < EACH; n++) {
		for (size_t i = 0; i < crowd.count; i++) {
			bool ask = n % QUESTION_EVERY == 0;

			questions += ask;
			snprintf(text, sizeof text, "%c%zu-%d",
			    ask ? 'q' : 'm', i, n);
			say(&crowd.peers[i], text);
		}
		crowd_pump(&crowd, 1);
		answer_questions(seen);
	}
	wanted = (size_t)EACH * HOSTS + questions * (HOSTS - 1);
	for (double end = peer_now_ms() + PATIENCE_MS;
	     peer_now_ms() < end && !have_all(&crowd, &wanted);) {
		crowd_pump(&crowd, 20);
		answer_questions(seen);
	}
	for (size_t i = 0; i < crowd.count; i++) {
		ck_assert_uint_eq(peer_count_messages(&crowd.peers[i]),
		    wanted);
		check_causes(&crowd.peers[i]);
	}
}
END_TEST

/* -- faults ------------------------------------------------------------ */

START_TEST(a_leader_that_is_killed_is_replaced)
{
	struct peer *leader;

	start_three(1);
	await_view(HOSTS);
	leader = crowd_leader(&crowd);
	peer_kill(leader, SIGKILL);
	ck_assert(peer_await_end(&crowd, leader, SOON_MS));
	await_view(HOSTS - 1);
}
END_TEST

START_TEST(a_goodbye_is_told_as_such)
{
	struct peer *left, *other;
	const struct heard *heard;

	start_three(1);
	await_view(HOSTS);
	left = &crowd.peers[0];
	other = &crowd.peers[1];
	peer_send_line(left, "{\"cmd\":\"quit\",\"tag\":\"q\"}\n");
	ck_assert(peer_await_end(&crowd, left, SOON_MS));
	ck_assert_int_eq(left->status, 0);
	ck_assert(event_is(left->events[left->count - 1].event, "bye"));
	heard = peer_await(&crowd, other, "peer", "state", "left", SOON_MS);
	ck_assert_ptr_nonnull(heard);
	ck_assert_str_eq(event_text(heard->event, "id"), left->id);
	await_view(HOSTS - 1);
}
END_TEST

START_TEST(who_comes_late_gets_what_was_said_also_by_one_who_left)
{
	struct peer *author;

	author = start(1, "ana");
	start(2, "bob");
	await_view(2);
	say(author, "before you came");
	await_shown("before you came", 2);
	peer_send_line(author, "{\"cmd\":\"quit\"}\n");
	ck_assert(peer_await_end(&crowd, author, SOON_MS));
	start(3, "eve");
	await_shown("before you came", 3);
	ck_assert(json_is_false(json_object_get(
	    peer_last(&crowd.peers[2], "message")->event, "live")));
}
END_TEST

/* The next `partition` event of a peer names these in a member. */
static void
await_partition(struct peer *peer, const char *member,
    const struct peer *one, const struct peer *other, int merged)
{
	const struct heard *heard = peer_await(&crowd, peer, "partition",
	    NULL, NULL, PATIENCE_MS);
	json_t *named;

	ck_assert_ptr_nonnull(heard);
	named = json_object_get(heard->event, member);
	ck_assert_msg(named != NULL, "no `%s`: %s", member,
	    json_dumps(heard->event, 0));
	ck_assert_uint_eq(json_array_size(named), other == NULL ? 1 : 2);
	for (size_t i = 0; i < json_array_size(named); i++) {
		const char *id = json_string_value(json_array_get(named, i));

		ck_assert(strcmp(id, one->id) == 0 ||
		    (other != NULL && strcmp(id, other->id) == 0));
	}
	if (merged >= 0)
		ck_assert_int_eq(json_integer_value(json_object_get(
				     heard->event, "merged")), merged);
}

static void
is_partitioned(struct peer *peer, size_t lost)
{
	const json_t *status =
	    peer_ask(&crowd, peer, SOON_MS, "{s:s}", "cmd", "status");
	const json_t *partition = json_object_get(status, "partition");

	ck_assert_uint_eq(json_array_size(json_object_get(partition, "lost")),
	    lost);
	ck_assert_str_eq(json_string_value(json_object_get(status, "state")),
	    lost > 0 ? "partitioned" : "steady");
}

START_TEST(both_sides_of_a_cut_cable_go_on_and_meet_again)
{
	struct peer *ana = &crowd.peers[0], *bob = &crowd.peers[1],
	    *eve = &crowd.peers[2];

	start_three(1);
	await_view(HOSTS);
	lan_cut(3);
	say(&crowd.peers[0], "here without eve");
	say(&crowd.peers[2], "here without you");
	await_shown("here without eve", 2);
	await_shown("here without you", 1);
	ck_assert_ptr_nonnull(peer_await(&crowd, &crowd.peers[0], "peer",
	    "state", "dead", PATIENCE_MS));
	ck_assert_ptr_nonnull(peer_await(&crowd, &crowd.peers[2], "peer",
	    "state", "dead", PATIENCE_MS));
	await_partition(ana, "lost", eve, NULL, -1);
	await_partition(eve, "lost", ana, bob, -1);
	is_partitioned(ana, 1);
	is_partitioned(eve, 2);
	lan_mend(3);
	await_view(HOSTS);
	await_shown("here without eve", HOSTS);
	await_shown("here without you", HOSTS);
	await_partition(ana, "healed", eve, NULL, 1);
	await_partition(eve, "healed", ana, bob, 1);
	is_partitioned(ana, 0);
	is_partitioned(eve, 0);
}
END_TEST

/* The ids of the last messages, in the order of the screen; borrowed. */
static const json_t *
history_of(struct peer *peer)
{
	return json_object_get(peer_ask(&crowd, peer, SOON_MS,
				   "{s:s,s:s,s:i}", "cmd", "history", "room",
				   "#lobby", "limit", 200),
	    "messages");
}

static bool
same_history(struct crowd *all, void *unused)
{
	const json_t *first = history_of(&all->peers[0]);

	(void)unused;
	for (size_t i = 1; i < all->count; i++) {
		const json_t *other = history_of(&all->peers[i]);

		if (json_array_size(other) != json_array_size(first))
			return false;
		for (size_t k = 0; k < json_array_size(first); k++)
			if (strcmp(event_text(json_array_get(first, k),
				       "msg"),
				event_text(json_array_get(other, k),
				    "msg")) != 0)
				return false;
	}
	return true;
}

START_TEST(after_a_cut_all_have_one_history_in_one_order)
{
	enum { SAID = 20 };
	char text[32];

	start_three(1);
	await_view(HOSTS);
	lan_cut(3);
	for (int i = 0; i < SAID; i++) {
		for (size_t k = 0; k < HOSTS; k++) {
			snprintf(text, sizeof text, "%d of %zu", i, k);
			say(&crowd.peers[k], text);
		}
		crowd_pump(&crowd, 20);
	}
	ck_assert_ptr_nonnull(peer_await(&crowd, &crowd.peers[0], "peer",
	    "state", "dead", PATIENCE_MS));
	lan_mend(3);
	await_view(HOSTS);
	for (size_t k = 0; k < HOSTS; k++) {
		snprintf(text, sizeof text, "%d of %zu", SAID - 1, k);
		await_shown(text, HOSTS);
	}
	ck_assert(crowd_await(&crowd, PATIENCE_MS, same_history, NULL));
	ck_assert_uint_eq(json_array_size(history_of(&crowd.peers[2])),
	    HOSTS * SAID);
}
END_TEST

START_TEST(one_named_address_is_enough_where_no_beacon_comes_through)
{
	char address[64];
	const char *arguments[] = { "--ephemeral", "--nick", "eve", "--peer",
		address, NULL };
	const struct heard *ready;

	for (int i = 1; i <= HOSTS; i++)
		lan_deafen(i);
	ready = peer_await(&crowd, start(1, "ana"), "ready", NULL, NULL,
	    SOON_MS);
	ck_assert_ptr_nonnull(ready);
	snprintf(address, sizeof address, "10.77.0.1:%d",
	    (int)json_integer_value(json_object_get(ready->event, "port")));
	peer_start(&crowd, lan_host(2), arguments);
	peer_start(&crowd, lan_host(3), arguments);
	await_view(HOSTS);
}
END_TEST

/* It is linked to all others, and held for alive. */
static bool
sees_both(struct crowd *all, void *argument)
{
	const json_t *answer, *peers, *peer;
	size_t i, here = 0;

	answer = peer_ask(all, argument, 1000, "{s:s}", "cmd", "peers");
	peers = json_object_get(answer, "peers");
	json_array_foreach(peers, i, peer)
		here += strcmp(event_text(peer, "state"), "alive") == 0 &&
		    json_is_true(json_object_get(peer, "linked"));
	return here == HOSTS - 1;
}

static bool
topic_is(struct crowd *all, void *argument)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct heard *room = peer_last(&all->peers[i], "room");

		count += room != NULL &&
		    strcmp(event_text(room->event, "topic"), argument) == 0;
	}
	return count == HOSTS;
}

/*
 * Ana and bob are guests of an access point that isolates them; eve is on
 * the wire.  All of it works over her, and over the direct way when there is
 * one.
 */
START_TEST(two_that_have_no_way_are_linked_over_a_third)
{
	char topic[] = "isolated";
	struct peer *ana, *bob, *eve;

	lan_isolate(1);
	lan_isolate(2);
	start_three(1);
	ana = &crowd.peers[0];
	bob = &crowd.peers[1];
	eve = &crowd.peers[2];
	await_view(HOSTS);
	ck_assert(crowd_await(&crowd, PATIENCE_MS, sees_both, ana));
	ck_assert(crowd_await(&crowd, PATIENCE_MS, sees_both, bob));
	say(ana, "over eve");
	await_shown("over eve", HOSTS);
	say(bob, "and back");
	await_shown("and back", HOSTS);
	peer_send(ana, "{s:s, s:s, s:s}", "cmd", "topic", "room", "#lobby",
	    "text", topic);
	ck_assert(crowd_await(&crowd, PATIENCE_MS, topic_is, topic));
	/* Nobody is suspected on and on. */
	ck_assert_ptr_null(peer_await(&crowd, ana, "peer", "state", "suspect",
	    20000));
	lan_admit(1);
	lan_admit(2);
	peer_kill(eve, SIGKILL);
	ck_assert(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL));
	say(ana, "directly");
	await_shown("directly", 2);
}
END_TEST

static const json_t *
finding_of(const json_t *net, const char *code)
{
	const json_t *findings = json_object_get(net, "findings"), *finding;
	size_t i;

	json_array_foreach(findings, i, finding)
		if (strcmp(event_text(finding, "code"), code) == 0)
			return finding;
	return NULL;
}

/* The doctor of the last peer finds this. */
static char heard_well[] = "heard", by_address[] = "only_by_address";

static bool
finds(struct crowd *all, void *argument)
{
	return finding_of(peer_ask(all, &all->peers[all->count - 1], SOON_MS,
			      "{s:s}", "cmd", "net"), argument) != NULL;
}

/* Eve has heard both others by broadcast, on eth0. */
static bool
both_are_heard(struct crowd *all, void *unused)
{
	const json_t *net, *sighting;
	size_t i, broadcast = 0;

	(void)unused;
	net = peer_ask(all, &all->peers[2], SOON_MS, "{s:s}", "cmd", "net");
	json_array_foreach(json_object_get(net, "sightings"), i, sighting)
		broadcast +=
		    strcmp(event_text(sighting, "channel"), "broadcast") ==
			0 &&
		    strcmp(event_text(sighting, "interface"), "eth0") == 0;
	return broadcast == HOSTS - 1;
}

START_TEST(the_doctor_tells_by_which_ways_others_are_heard)
{
	struct peer *ana = &crowd.peers[0];
	const struct heard *warning;
	const json_t *net;

	start_three(1);
	await_view(HOSTS);
	ck_assert(crowd_await(&crowd, PATIENCE_MS, both_are_heard, NULL));
	ck_assert(crowd_await(&crowd, PATIENCE_MS, finds, heard_well));
	net = peer_ask(&crowd, &crowd.peers[2], SOON_MS, "{s:s}", "cmd",
	    "net");
	ck_assert_ptr_null(finding_of(net, "isolated"));
	/* Nobody listens there, and whoever asked is told so. */
	peer_send(ana, "{s:s, s:s}", "cmd", "connect", "address",
	    "10.77.0.2:9");
	warning = peer_await(&crowd, ana, "warning", "code",
	    "connect_failed", PATIENCE_MS);
	ck_assert_ptr_nonnull(warning);
	ck_assert_ptr_nonnull(strstr(event_text(warning->event, "text"),
	    "10.77.0.2:9 refuses"));
	/* Nor is anybody there to be asked for a beacon. */
	peer_send(ana, "{s:s, s:s}", "cmd", "connect", "address",
	    "10.77.0.9");
	warning = peer_await(&crowd, ana, "warning", "code",
	    "connect_failed", PATIENCE_MS);
	ck_assert_ptr_nonnull(warning);
	ck_assert_ptr_nonnull(strstr(event_text(warning->event, "text"),
	    "No dchat answers at 10.77.0.9"));
}
END_TEST

START_TEST(the_doctor_misses_beacons_where_only_links_work)
{
	char address[64];
	const char *arguments[] = { "--ephemeral", "--nick", "eve", "--peer",
		address, NULL };
	const struct heard *ready;

	for (int i = 1; i <= 2; i++)
		lan_deafen(i);
	ready = peer_await(&crowd, start(1, "ana"), "ready", NULL, NULL,
	    SOON_MS);
	ck_assert_ptr_nonnull(ready);
	snprintf(address, sizeof address, "10.77.0.1:%d",
	    (int)json_integer_value(json_object_get(ready->event, "port")));
	peer_start(&crowd, lan_host(2), arguments);
	await_view(2);
	ck_assert(crowd_await(&crowd, PATIENCE_MS, finds, by_address));
}
END_TEST

/* -- strangers --------------------------------------------------------- */

static int
dial(int port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

START_TEST(garbage_on_the_port_disturbs_nobody)
{
	char garbage[4096];
	const struct heard *ready;
	int port, fds[64];

	start_three(0);
	await_view(HOSTS);
	ready = peer_last(&crowd.peers[0], "ready");
	port = (int)json_integer_value(json_object_get(ready->event, "port"));
	for (size_t i = 0; i < sizeof garbage; i++)
		garbage[i] = (char)(i * 37 + i / 256);
	for (int i = 0; i < 64; i++) {
		fds[i] = dial(port);
		if (i % 2 == 0)
			(void)!write(fds[i], garbage + i, 4000);
	}
	say(&crowd.peers[0], "still here");
	await_shown("still here", HOSTS);
	for (int i = 0; i < 64; i++)
		close(fds[i]);
	await_view(HOSTS);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("lan");
	TCase *lan = tcase_create("three hosts");
	TCase *host = tcase_create("one host");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(lan, 200);
	tcase_add_checked_fixture(lan, setup_lan, teardown_lan);
	tcase_add_test(lan, three_hosts_agree_on_one_view_and_one_leader);
	tcase_add_test(lan,
	    a_thousand_messages_arrive_everywhere_after_their_causes);
	tcase_add_test(lan, a_leader_that_is_killed_is_replaced);
	tcase_add_test(lan, a_goodbye_is_told_as_such);
	tcase_add_test(lan,
	    who_comes_late_gets_what_was_said_also_by_one_who_left);
	tcase_add_test(lan, both_sides_of_a_cut_cable_go_on_and_meet_again);
	tcase_add_test(lan, after_a_cut_all_have_one_history_in_one_order);
	tcase_add_test(lan,
	    one_named_address_is_enough_where_no_beacon_comes_through);
	tcase_add_test(lan, two_that_have_no_way_are_linked_over_a_third);
	tcase_add_test(lan, the_doctor_tells_by_which_ways_others_are_heard);
	tcase_add_test(lan,
	    the_doctor_misses_beacons_where_only_links_work);
	tcase_set_timeout(host, 100);
	tcase_add_checked_fixture(host, NULL, teardown);
	tcase_add_test(host,
	    three_on_one_host_find_each_other_by_loopback_alone);
	tcase_add_test(host, garbage_on_the_port_disturbs_nobody);
	suite_add_tcase(suite, host);
	suite_add_tcase(suite, lan);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
