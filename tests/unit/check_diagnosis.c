/* check_diagnosis: the table of verdicts, figures in and words out. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "host/diagnosis.h"

enum { MINUTE = 60 * 1000 };

static struct dchat_network n;
static struct dchat_interface interfaces[3];
static struct dchat_sighting sightings[4];
static struct dchat_dial dials[2];
static struct dchat_peer peers[3];
static struct dchat_finding findings[DIAGNOSIS_MAX];
static size_t count;

static struct id
id_of(unsigned n_)
{
	struct id id = { { (uint8_t)n_ } };

	return id;
}

/* Up for a minute on lo, eth0 and wlan0; oneself is 1, eve 2, bob 3. */
static void
setup(void)
{
	static const char *const names[] = { "lo", "eth0", "wlan0" };
	static const char *const nicks[] = { "me", "eve", "bob" };

	memset(sightings, 0, sizeof sightings);
	memset(dials, 0, sizeof dials);
	for (size_t i = 0; i < 3; i++) {
		interfaces[i] = (struct dchat_interface){
			.name = names[i],
			.loopback = i == 0,
		};
		for (enum channel k = 0; k < CHANNEL_UNICAST; k++)
			interfaces[i].paths[k].sent = 12;
		peers[i] = (struct dchat_peer){
			.id = id_of((unsigned)i + 1),
			.nick = nicks[i],
			.self = i == 0,
		};
	}
	n = (struct dchat_network){
		.up_ms = MINUTE,
		.port = 4711,
		.interfaces = interfaces,
		.interface_count = 2,
		.sightings = sightings,
		.dials = dials,
		.peers = peers,
		.peer_count = 1,
	};
}

static void
eve_is_heard_on(size_t interface, enum channel channel)
{
	interfaces[interface].paths[channel].heard = 7;
	sightings[n.sighting_count++] = (struct dchat_sighting){
		.peer = id_of(2),
		.interface = interfaces[interface].name,
		.channel = channel,
		.count = 7,
		.ago_ms = 3000,
	};
	n.peer_count = 2;
}

static void
dial(unsigned peer, const char *address, const char *reason, bool reachable)
{
	struct dchat_dial *made = &dials[n.dial_count++];

	*made = (struct dchat_dial){
		.peer = id_of(peer),
		.reason = reason,
		.reachable = reachable,
		.ago_ms = 2000,
	};
	strcpy(made->address, address);
}

static const struct dchat_finding *
find(const char *code)
{
	count = diagnose(&n, findings);
	for (size_t i = 0; i < count; i++)
		if (strcmp(findings[i].code, code) == 0)
			return &findings[i];
	return NULL;
}

static void
says(const char *code, enum finding_grade grade, const char *text)
{
	const struct dchat_finding *finding = find(code);

	ck_assert_msg(finding != NULL, "no %s", code);
	ck_assert_msg(strstr(finding->text, text) != NULL, "%s",
	    finding->text);
	ck_assert_int_eq(finding->grade, grade);
	ck_assert_int_eq(finding->next[0] != '\0', grade != GRADE_GOOD);
}

static void
is_silent_about(const char *code)
{
	const struct dchat_finding *finding = find(code);

	ck_assert_msg(finding == NULL, "%s", finding->text);
}

static size_t
said_of(const char *code)
{
	size_t of = 0;

	find(code);
	for (size_t i = 0; i < count; i++)
		of += strcmp(findings[i].code, code) == 0;
	return of;
}

START_TEST(who_is_heard_is_told_by_which_channel_and_where)
{
	eve_is_heard_on(1, CHANNEL_BROADCAST);
	eve_is_heard_on(1, CHANNEL_MULTICAST);
	peers[1].linked = true;
	says("heard", GRADE_GOOD,
	    "eth0: others are heard by broadcast, multicast.");
	ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(a_wireless_interface_that_hears_nothing_may_be_isolated)
{
	n.interface_count = 3;
	eve_is_heard_on(1, CHANNEL_BROADCAST);
	says("isolated", GRADE_BAD, "wlan0: nothing was heard; the access "
	    "point may isolate its clients.");
	/* The worst first. */
	ck_assert_str_eq(findings[0].code, "isolated");
	ck_assert_str_eq(findings[count - 1].code, "heard");
}
END_TEST

START_TEST(a_wired_interface_that_hears_nothing_may_be_empty)
{
	interfaces[2].name = "eth1";
	n.interface_count = 3;
	eve_is_heard_on(1, CHANNEL_BROADCAST);
	says("nobody_there", GRADE_NOTE, "eth1: nothing was heard");
	is_silent_about("isolated");
}
END_TEST

START_TEST(a_tunnel_carries_no_broadcast)
{
	static const char *const names[] = { "tun0", "wg0", "tailscale0" };

	n.interface_count = 3;
	for (size_t i = 0; i < 3; i++) {
		interfaces[2].name = names[i];
		says("vpn", GRADE_NOTE, names[i]);
	}
	interfaces[2].name = "fritz";
	interfaces[2].point_to_point = true;
	says("vpn", GRADE_NOTE, "fritz is a tunnel");
}
END_TEST

START_TEST(nobody_is_blamed_in_the_first_seconds)
{
	n.up_ms = 5000;
	n.interface_count = 3;
	says("looking", GRADE_NOTE, "since 5 s");
	is_silent_about("isolated");
	is_silent_about("nothing_heard");
	n.up_ms = MINUTE;
	says("nothing_heard", GRADE_NOTE, "eth0: nothing was heard in 60 s");
	is_silent_about("looking");
}
END_TEST

START_TEST(no_interface_is_the_first_thing_to_mend)
{
	n.interface_count = 0;
	says("no_interface", GRADE_BAD, "no usable network interface");
	ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(what_the_kernel_refuses_to_send_is_a_firewall_here)
{
	for (enum channel k = 0; k < CHANNEL_COUNT; k++)
		interfaces[1].paths[k] = (struct dchat_path){ .failed = 9 };
	says("cannot_send", GRADE_BAD, "eth0: the kernel lets nothing out");
	is_silent_about("nothing_heard");
}
END_TEST

START_TEST(heard_and_not_answering_is_a_firewall_in_between)
{
	eve_is_heard_on(1, CHANNEL_MULTICAST);
	dial(2, "10.0.0.2:4711", "unreachable", true);
	says("firewall", GRADE_BAD, "eve is heard by multicast on eth0, but "
	    "10.0.0.2:4711 does not answer.");
	dials[0].reason = "refused";
	says("refused", GRADE_BAD, "10.0.0.2:4711 refuses");
	is_silent_about("firewall");
	/* All its addresses are one case. */
	dial(2, "10.1.0.2:4711", "refused", true);
	says("refused", GRADE_BAD, "10.0.0.2:4711 refuses");
	ck_assert_uint_eq(said_of("refused"), 1);
	/* It was here before, and its process ended. */
	peers[1].state = MEMBER_DEAD;
	says("ended", GRADE_NOTE, "eve is gone");
	is_silent_about("refused");
	peers[1].state = MEMBER_ALIVE;
	n.dial_count = 1;
	/* It came up after all, or it is long ago. */
	peers[1].linked = true;
	is_silent_about("refused");
	peers[1].linked = false;
	dials[0].ago_ms = 10 * MINUTE;
	is_silent_about("refused");
}
END_TEST

START_TEST(an_address_of_no_network_here_is_another_subnet)
{
	dial(0, "172.16.9.9:7000", "unreachable", false);
	says("other_subnet", GRADE_NOTE,
	    "172.16.9.9:7000 is in none of this host's networks");
	dials[0].reachable = true;
	says("no_answer", GRADE_NOTE, "172.16.9.9:7000 does not answer");
	is_silent_about("other_subnet");
}
END_TEST

START_TEST(links_without_broadcast_are_found_by_address_alone)
{
	n.peer_count = 2;
	peers[1].linked = true;
	interfaces[1].paths[CHANNEL_UNICAST].heard = 3;
	says("only_by_address", GRADE_NOTE, "no broadcast or multicast");
	ck_assert_ptr_nonnull(strstr(find("only_by_address")->next, ":4711"));
	eve_is_heard_on(1, CHANNEL_BROADCAST);
	is_silent_about("only_by_address");
}
END_TEST

START_TEST(an_identity_that_runs_twice_is_said)
{
	n.twice = true;
	says("identity_twice", GRADE_BAD, "the same identity");
}
END_TEST

START_TEST(others_of_another_network_are_a_hint)
{
	n.foreign = 4;
	says("other_network", GRADE_NOTE, "another network");
	n.peer_count = 2;
	peers[1].linked = true;
	is_silent_about("other_network");
}
END_TEST

START_TEST(a_link_over_a_third_is_said_with_what_stands_in_the_way)
{
	n.peer_count = 3;
	peers[1].linked = peers[2].linked = true;
	is_silent_about("over_a_third");
	peers[2].over = peers[1].id;
	peers[2].over_nick = "eve";
	says("over_a_third", GRADE_NOTE, "bob is linked over eve");
}
END_TEST

START_TEST(a_clock_that_is_a_minute_off_is_worth_a_word)
{
	n.peer_count = 3;
	peers[1].skew_known = peers[2].skew_known = true;
	peers[1].skew_ms = 3 * MINUTE + 1000;
	peers[2].skew_ms = -59 * 1000;
	says("clock_skew", GRADE_NOTE, "clock of eve is 3 min ahead");
	peers[2].skew_ms = -90 * 1000;
	peers[1].skew_ms = 0;
	says("clock_skew", GRADE_NOTE, "clock of bob is 1 min behind");
}
END_TEST

START_TEST(there_are_only_so_many_findings)
{
	static struct dchat_peer many[200];

	for (size_t i = 0; i < 200; i++)
		many[i] = (struct dchat_peer){ .id = id_of(7), .nick = "eve",
			.skew_known = true, .skew_ms = 10 * MINUTE };
	n.peers = many;
	n.peer_count = 200;
	ck_assert_uint_eq(diagnose(&n, findings), DIAGNOSIS_MAX);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("diagnosis");
	TCase *tcase = tcase_create("verdicts");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase,
	    who_is_heard_is_told_by_which_channel_and_where);
	tcase_add_test(tcase,
	    a_wireless_interface_that_hears_nothing_may_be_isolated);
	tcase_add_test(tcase,
	    a_wired_interface_that_hears_nothing_may_be_empty);
	tcase_add_test(tcase, a_tunnel_carries_no_broadcast);
	tcase_add_test(tcase, nobody_is_blamed_in_the_first_seconds);
	tcase_add_test(tcase, no_interface_is_the_first_thing_to_mend);
	tcase_add_test(tcase,
	    what_the_kernel_refuses_to_send_is_a_firewall_here);
	tcase_add_test(tcase,
	    heard_and_not_answering_is_a_firewall_in_between);
	tcase_add_test(tcase, an_address_of_no_network_here_is_another_subnet);
	tcase_add_test(tcase,
	    links_without_broadcast_are_found_by_address_alone);
	tcase_add_test(tcase, an_identity_that_runs_twice_is_said);
	tcase_add_test(tcase, others_of_another_network_are_a_hint);
	tcase_add_test(tcase,
	    a_link_over_a_third_is_said_with_what_stands_in_the_way);
	tcase_add_test(tcase, a_clock_that_is_a_minute_off_is_worth_a_word);
	tcase_add_test(tcase, there_are_only_so_many_findings);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
