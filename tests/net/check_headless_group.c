/*
 * check_headless_group: what the headless contract says of several peers,
 * and of one that comes back.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "tests/net/contract.h"
#include "tests/support/lan.h"

static struct peer *
first_two(void)
{
	start("ana");
	start("bob");
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL),
	    "no leader that both name");
	return crowd.peers;
}

START_TEST(unread_counts_what_others_say_until_it_is_read)
{
	struct peer *ana = first_two(), *bob = ana + 1;
	const json_t *rooms;

	is_ok(say(bob, "#lobby", "one"));
	is_ok(say(bob, "#lobby", "two"));
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "message", "text",
	    "two", SOON_MS));
	rooms = list(ana, "rooms");
	ck_assert_int_eq(number(among(rooms, "room", "#lobby"), "unread"),
	    2);
	history(ana, "#lobby", 1, NULL);
	rooms = list(ana, "rooms");
	ck_assert_int_eq(number(among(rooms, "room", "#lobby"), "unread"),
	    0);
	rooms = list(bob, "rooms");
	ck_assert_int_eq(number(among(rooms, "room", "#lobby"), "unread"),
	    0);
}
END_TEST

static long
sum(const json_t *status, const char *flow)
{
	const json_t *amount;
	long total = 0;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(status, "traffic"),
	    flow), i, amount)
		total += (long)json_integer_value(amount);
	return total;
}

static size_t
measured(const json_t *status, const char *id)
{
	const json_t *peer =
	    among(json_object_get(status, "peers"), "id", id);

	return json_array_size(json_object_get(peer, "rtts_ms"));
}

START_TEST(the_status_tells_the_health_of_the_group)
{
	struct peer *ana = first_two(), *bob = ana + 1;
	const json_t *status, *peer, *election;
	int looks = 0;

	is_ok(say(bob, "#lobby", "one"));
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "message", "text",
	    "one", SOON_MS));
	/* Each look has the link measured, and a second be over. */
	do {
		ck_assert_int_lt(looks++, 100);
		crowd_pump(&crowd, 100);
		status = ask(ana, "{s:s}", "cmd", "status");
	} while (measured(status, bob->id) < 2 ||
	    sum(status, "messages_in") < 1);
	check_status(status);
	ck_assert_int_eq(sum(status, "messages_in"), 1);
	ck_assert_int_eq(sum(status, "messages_out"), 0);
	ck_assert_int_gt(sum(status, "bytes_in"), 0);
	peer = among(json_object_get(status, "peers"), "id", bob->id);
	has_shape(peer, "id:k nick:s state:s rtt_ms:n address:s linked:b "
	    "silence_ms:n rtts_ms:a queue_bytes:i accusers:a");
	ck_assert(json_is_null(json_object_get(peer, "dead_in_ms")));
	election = json_array_get(json_object_get(status, "elections"), 0);
	has_shape(election, "term:i cause:s end:s ago_ms:n took_ms:n "
	    "winner:k winner_nick:s stood:a messages:i");
	ck_assert_str_eq(event_text(election, "cause"), "start");
	ck_assert_str_eq(event_text(election, "winner"),
	    event_text(status, "leader"));
}
END_TEST

/* It has links measured that nobody measured for long; that is no late step. */
START_TEST(asking_how_it_is_changes_nothing)
{
	struct peer *ana = first_two();
	const json_t *before, *after;
	long term;

	before = ask(ana, "{s:s}", "cmd", "status");
	term = number(before, "term");
	crowd_pump(&crowd, 3000);
	for (size_t i = 0; i < crowd.count; i++)
		ask(&crowd.peers[i], "{s:s}", "cmd", "status");
	crowd_pump(&crowd, 500);
	after = ask(ana, "{s:s}", "cmd", "status");
	ck_assert_int_eq(number(after, "term"), term);
	ck_assert_str_eq(event_text(after, "state"), "steady");
}
END_TEST

START_TEST(a_suspect_is_told_with_its_accusers_and_its_time)
{
	struct peer *ana = first_two(), *bob = ana + 1;
	const json_t *peer, *silence;

	peer_kill(bob, SIGSTOP);
	do
		ck_assert_ptr_nonnull(peer_await(&crowd, ana, "peer", "id",
		    bob->id, PATIENCE_MS));
	while (strcmp(event_text(peer_last(ana, "peer")->event, "state"),
	    "suspect") != 0);
	peer = among(json_object_get(ask(ana, "{s:s}", "cmd", "status"),
	    "peers"), "id", bob->id);
	ck_assert_str_eq(event_text(peer, "state"), "suspect");
	has_shape(peer, "accusers:a dead_in_ms:n silence_ms:n");
	silence = json_object_get(peer, "silence_ms");
	ck_assert_double_ge(json_number_value(silence), 2900);
	ck_assert_str_eq(json_string_value(json_array_get(
	    json_object_get(peer, "accusers"), 0)), ana->id);
	peer_kill(bob, SIGCONT);
}
END_TEST

START_TEST(two_meet_name_one_leader_and_tell_who_is_here)
{
	struct peer *ana = first_two(), *bob = ana + 1;
	const struct heard *heard;
	const json_t *status, *item;

	heard = peer_await(&crowd, ana, "peer", "id", bob->id, SOON_MS);
	ck_assert_str_eq(event_text(heard->event, "nick"), "bob");
	ck_assert_str_eq(event_text(heard->event, "state"), "alive");
	for (size_t i = 0; i < 2; i++) {
		struct peer *peer = &ana[i], *other = &ana[1 - i];
		const json_t *leader = peer_last(peer, "leader")->event;

		ck_assert_int_gt(number(leader, "term"), 0);
		ck_assert_int_eq(truth(leader, "self"),
		    strcmp(peer_leader(ana), peer->id) == 0);
		status = ask(peer, "{s:s}", "cmd", "status");
		check_status(status);
		ck_assert_str_eq(event_text(status, "leader"),
		    peer_leader(ana));
		ck_assert(!truth(status, "provisional"));
		ck_assert_str_eq(event_text(status, "state"), "steady");
		ck_assert_uint_eq(json_array_size(json_object_get(status,
		    "ring")), 2);
		item = among(list(peer, "peers"), "id", other->id);
		ck_assert(truth(item, "linked"));
		ck_assert(!truth(item, "self"));
		ck_assert(json_is_string(json_object_get(item, "address")));
		item = among(json_object_get(room_command(peer, "members",
		    "#lobby"), "members"), "id", other->id);
		ck_assert_ptr_nonnull(item);
		ck_assert_int_eq(truth(item, "leader"),
		    strcmp(peer_leader(ana), other->id) == 0);
		item = among(list(peer, "rooms"), "room", "#lobby");
		ck_assert_int_eq(number(item, "members"), 2);
	}
}
END_TEST

START_TEST(an_election_asked_for_is_told_with_its_term)
{
	struct peer *ana = first_two();
	long term = number(peer_last(ana, "leader")->event, "term");
	const struct heard *heard;

	is_ok(ask(ana, "{s:s}", "cmd", "elect"));
	do {
		heard = peer_await(&crowd, ana + 1, "leader", NULL, NULL,
		    SOON_MS);
		ck_assert_ptr_nonnull(heard);
	} while (event_text(heard->event, "id") == NULL ||
	    number(heard->event, "term") <= term);
	ck_assert(crowd_await(&crowd, SOON_MS, crowd_agrees, NULL));
}
END_TEST

static bool
three_agree(struct crowd *all, void *unused)
{
	const struct peer *leader = crowd_leader(all);
	size_t alive = 0, follow = 0;

	(void)unused;
	for (size_t i = 0; i < all->count && leader != NULL; i++) {
		const struct peer *peer = &all->peers[i];
		const json_t *status;

		if (peer->pid == 0)
			continue;
		status = ask(&all->peers[i], "{s:s}", "cmd", "status");
		alive++;
		follow += json_array_size(json_object_get(status,
		    "ring")) == 3;
	}
	return alive == 3 && follow == 3;
}

START_TEST(while_there_is_no_leader_its_id_is_null)
{
	struct peer *ana = first_two(), *leader;
	const struct heard *heard;

	start("eve");
	ck_assert(crowd_await(&crowd, PATIENCE_MS, three_agree, NULL));
	leader = crowd_leader(&crowd);
	for (struct peer *peer = ana; peer < ana + 3; peer++)
		peer->mark = peer->count;
	peer_kill(leader, SIGKILL);
	for (struct peer *peer = ana; peer < ana + 3; peer++) {
		if (peer == leader)
			continue;
		do {
			heard = peer_await(&crowd, peer, "leader", NULL,
			    NULL, SOON_MS);
			ck_assert_ptr_nonnull(heard);
		} while (event_text(heard->event, "id") != NULL);
		heard = peer_await(&crowd, peer, "leader", NULL, NULL,
		    SOON_MS);
		ck_assert_ptr_nonnull(heard);
		ck_assert_ptr_nonnull(event_text(heard->event, "id"));
		ck_assert(!truth(heard->event, "provisional"));
		has_shape(heard->event, "took_ms:n");
	}
}
END_TEST

START_TEST(a_message_is_the_same_at_both)
{
	struct peer *ana = first_two(), *bob = ana + 1;
	const json_t *here = told(ana, say(ana, "#lobby", "x\ny"))->event;
	const struct heard *there = peer_await(&crowd, bob, "message", "msg",
	    event_text(here, "msg"), SOON_MS);
	json_t *copy;

	ck_assert_ptr_nonnull(there);
	copy = as_others_have_it(here);
	ck_assert(json_equal(copy, there->event));
	json_decref(copy);
}
END_TEST

START_TEST(rooms_of_others_are_listed_and_who_is_in_them_told_on_joining)
{
	struct peer *ana = first_two(), *bob = ana + 1;
	bool saw_ana = false, saw_bob = false;
	const json_t *item;

	is_ok(room_command(ana, "join", "#Ops"));
	is_ok(say(ana, "#Ops", "before"));
	for (double end = peer_now_ms() + SOON_MS;
	     (item = among(list(bob, "rooms"), "room", "#Ops")) == NULL &&
	     peer_now_ms() < end;)
		crowd_pump(&crowd, 10);
	ck_assert_ptr_nonnull(item);
	ck_assert(!truth(item, "joined"));
	ck_assert_int_eq(number(item, "members"), 1);
	is_ok(room_command(bob, "join", "#ops"));
	bob->mark = 0;
	for (size_t i = 0; i < 2; i++) {
		const struct heard *heard = peer_await(&crowd, bob, "joined",
		    "room", "#ops", SOON_MS);

		ck_assert_ptr_nonnull(heard);
		if (strcmp(event_text(heard->event, "id"), ana->id) == 0)
			saw_ana = true;
		else
			saw_bob = true;
	}
	ck_assert(saw_ana && saw_bob);
	bob->mark = 0;		/* it may have come before them */
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "message", "text",
	    "before", SOON_MS));
	ck_assert(!truth(peer_last(bob, "message")->event, "live"));
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "joined", "room",
	    "#Ops", SOON_MS));
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "joined", "id",
	    bob->id, SOON_MS));
	/* One room, listed as each of them writes it. */
	for (size_t i = 0; i < 2; i++) {
		item = list(ana + i, "rooms");
		ck_assert_uint_eq(json_array_size(item), 2);
		item = among(item, "room", i == 0 ? "#Ops" : "#ops");
		ck_assert_int_eq(number(item, "members"), 2);
	}
	is_ok(room_command(bob, "part", "#ops"));
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "parted", "id",
	    bob->id, SOON_MS));
	is_ok(say(ana, "#ops", "not for bob"));
	is_ok(say(ana, "#lobby", "for bob"));
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "message", "text",
	    "for bob", SOON_MS));
	ck_assert_uint_eq(peer_count_text(bob, "not for bob"), 0);
}
END_TEST

START_TEST(who_comes_late_hears_what_was_said_as_not_live_and_once)
{
	enum { SAID = 120 };
	struct peer *ana = first_two(), *eve;
	char text[16];
	json_t *ours;

	for (int n = 0; n < SAID; n++) {
		snprintf(text, sizeof text, "%d", n);
		is_ok(say(ana + n % 2, "#lobby", text));
	}
	eve = start("eve");
	for (double end = peer_now_ms() + PATIENCE_MS;
	     peer_count_messages(eve) < SAID && peer_now_ms() < end;)
		crowd_pump(&crowd, 20);
	ck_assert_uint_eq(peer_count_messages(eve), SAID);
	for (size_t i = 0; i < eve->count; i++)
		if (event_is(eve->events[i].event, "message"))
			ck_assert(!truth(eve->events[i].event, "live"));
	ours = as_others_have_it(history(ana, "#lobby", 1000, NULL));
	ck_assert(json_equal(ours, history(eve, "#lobby", 1000, NULL)));
	json_decref(ours);
	is_ok(say(ana, "#lobby", "now"));
	ck_assert_ptr_nonnull(peer_await(&crowd, eve, "message", "text",
	    "now", SOON_MS));
	ck_assert(truth(peer_last(eve, "message")->event, "live"));
}
END_TEST

/* In `peers` and `members` of that peer. */
static void
is_listed_away(struct peer *at, const struct peer *who, const char *why)
{
	const json_t *lists[] = { list(at, "peers"),
		json_object_get(room_command(at, "members", "#lobby"),
		    "members") };

	for (size_t i = 0; i < 2; i++) {
		const char *away =
		    event_text(among(lists[i], "id", who->id), "away");

		if (why == NULL)
			ck_assert_ptr_null(away);
		else
			ck_assert_str_eq(away, why);
	}
}

START_TEST(who_is_away_is_told_listed_and_known_to_who_comes_later)
{
	struct peer *ana = first_two(), *bob = ana + 1, *eve;
	const struct heard *heard;
	char long_one[LIMIT_AWAY + 2] = "";

	is_ok(ask(ana, "{s:s, s:s}", "cmd", "away", "text", "lunch"));
	heard = peer_await(&crowd, bob, "away", "id", ana->id, SOON_MS);
	ck_assert_ptr_nonnull(heard);
	ck_assert(truth(heard->event, "away"));
	ck_assert_str_eq(event_text(heard->event, "nick"), "ana");
	ck_assert_str_eq(event_text(heard->event, "text"), "lunch");
	ck_assert_ptr_nonnull(peer_last(ana, "away"));
	is_listed_away(bob, ana, "lunch");
	is_listed_away(ana, ana, "lunch");
	eve = start("eve");
	ck_assert_ptr_nonnull(peer_await(&crowd, eve, "away", "id", ana->id,
	    SOON_MS));
	is_listed_away(eve, ana, "lunch");
	/* messages come all the same */
	is_ok(say(bob, "#lobby", "are you there?"));
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "message", "text",
	    "are you there?", SOON_MS));
	is_ok(ask(ana, "{s:s}", "cmd", "back"));
	heard = peer_await(&crowd, bob, "away", "id", ana->id, SOON_MS);
	ck_assert_ptr_nonnull(heard);
	ck_assert(!truth(heard->event, "away"));
	is_listed_away(bob, ana, NULL);
	memset(long_one, 'x', sizeof long_one - 1);
	is_error(ask(ana, "{s:s, s:s}", "cmd", "away", "text", long_one),
	    "too_long");
	is_listed_away(ana, ana, NULL);
	is_ok(ask(ana, "{s:s}", "cmd", "away"));
	is_listed_away(ana, ana, "");
}
END_TEST

START_TEST(who_is_killed_is_dead_and_who_quits_has_left)
{
	struct peer *ana = first_two(), *gone = ana + 1, *last = ana;
	const json_t *item;

	/* It is the leader that goes. */
	if (crowd_leader(&crowd) == ana) {
		gone = ana;
		last = ana + 1;
	}
	last->mark = 0;
	if (_i == 0)
		peer_kill(gone, SIGKILL);
	else
		peer_send_line(gone, "{\"cmd\":\"quit\"}\n");
	ck_assert_ptr_nonnull(peer_await(&crowd, last, "peer", "state",
	    _i == 0 ? "dead" : "left", SOON_MS));
	item = among(list(last, "peers"), "id", gone->id);
	ck_assert_ptr_nonnull(item);
	ck_assert_str_eq(event_text(item, "state"),
	    _i == 0 ? "dead" : "left");
	ck_assert(peer_await_end(&crowd, gone, SOON_MS));
	/* Never elected, it leads provisionally from now on. */
	ck_assert_ptr_nonnull(peer_await(&crowd, last, "leader", "id",
	    last->id, SOON_MS));
	ck_assert(truth(peer_last(last, "leader")->event, "self"));
	/* Its link may outlast its goodbye for a moment. */
	for (double end = peer_now_ms() + SOON_MS;
	     truth(item, "linked") && peer_now_ms() < end;
	     item = among(list(last, "peers"), "id", gone->id))
		crowd_pump(&crowd, 10);
	ck_assert(!truth(item, "linked"));
	item = among(list(last, "peers"), "id", gone->id);
	ck_assert(!truth(item, "leader"));
	item = among(list(last, "rooms"), "room", "#lobby");
	ck_assert_int_eq(number(item, "members"), 1);
	check_status(ask(last, "{s:s}", "cmd", "status"));
}
END_TEST

START_TEST(a_profile_keeps_its_id_and_a_restart_replays_nothing)
{
	char folder[] = "/tmp/dchat-headless-XXXXXX", command[64];
	struct peer *peer;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("XDG_STATE_HOME", folder, 1);
	peer = start_with("ana", "--profile", "test");
	ck_assert_str_eq(event_text(peer->events[0].event, "profile"),
	    "test");
	is_ok(say(peer, "#lobby", "once"));
	end_input(peer);
	await_bye(peer);
	peer = start_with("ana", "--profile", "test");
	ck_assert_str_eq(peer->id, crowd.peers[0].id);
	is_ok(say(peer, "#lobby", "again"));
	end_input(peer);
	await_bye(peer);
	ck_assert_uint_eq(peer_count_messages(peer), 1);
	snprintf(command, sizeof command, "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("headless group");
	TCase *several = tcase_create("several");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(several, 100);
	tcase_add_checked_fixture(several, contract_begin, contract_end);
	tcase_add_test(several, the_status_tells_the_health_of_the_group);
	tcase_add_test(several, asking_how_it_is_changes_nothing);
	tcase_add_test(several,
	    a_suspect_is_told_with_its_accusers_and_its_time);
	tcase_add_test(several,
	    a_profile_keeps_its_id_and_a_restart_replays_nothing);
	tcase_add_test(several, unread_counts_what_others_say_until_it_is_read);
	tcase_add_test(several, two_meet_name_one_leader_and_tell_who_is_here);
	tcase_add_test(several, an_election_asked_for_is_told_with_its_term);
	tcase_add_test(several, while_there_is_no_leader_its_id_is_null);
	tcase_add_test(several, a_message_is_the_same_at_both);
	tcase_add_test(several,
	    rooms_of_others_are_listed_and_who_is_in_them_told_on_joining);
	tcase_add_test(several,
	    who_comes_late_hears_what_was_said_as_not_live_and_once);
	tcase_add_test(several,
	    who_is_away_is_told_listed_and_known_to_who_comes_later);
	tcase_add_loop_test(several,
	    who_is_killed_is_dead_and_who_quits_has_left, 0, 2);
	suite_add_tcase(suite, several);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
