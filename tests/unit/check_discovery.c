/* net/discovery: nodes of one host find each other over lo alone. */
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/discovery.h"
#include "tests/support/loop.h"

enum { NODES = 3 };

struct node {
	struct discovery *discovery;
	struct beacon beacon;		/* what it sends */
	unsigned heard[NODES];		/* by who sent it */
	struct discovery_heard last;
	struct beacon last_beacon;
};

static struct loop loop;
static struct interface_list lo;
static struct node nodes[NODES];
static uint16_t port;
static char problem[256];

static void
on_heard(void *self, const struct discovery_heard *heard)
{
	struct node *node = self;

	ck_assert_uint_lt(heard->beacon->nonce, 1 + NODES);
	node->heard[heard->beacon->nonce - 1]++;
	node->last = *heard;
	node->last_beacon = *heard->beacon;
}

static struct discovery *
open_node(struct node *node, const struct interface_list *list)
{
	struct discovery_options options = {
		.loop = loop.base,
		.port = port,
		.nonce = node->beacon.nonce,
		.heard = on_heard,
		.self = node,
	};

	memcpy(options.tag, node->beacon.tag, BEACON_TAG_BYTES);
	return discovery_open(&options, list, problem);
}

/* A port nobody has; a test that raced for it would fail to open. */
static uint16_t
free_port(void)
{
	int probe = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t size = sizeof name;

	ck_assert_int_eq(bind(probe, (void *)&name, sizeof name), 0);
	getsockname(probe, (void *)&name, &size);
	close(probe);
	return ntohs(name.sin_port);
}

static void
set_up(void)
{
	static const char *const only_lo[] = { "lo" };

	loop_init(&loop);
	interface_list_init(&lo);
	ck_assert_msg(interface_list_read(&lo, only_lo, 1, problem), "%s",
	    problem);
	port = free_port();
	for (uint8_t i = 0; i < NODES; i++) {
		nodes[i] = (struct node){ .beacon = {
			.tag = { 1, 2, 3, 4, 5, 6, 7, 8 },
			.id.bytes = { i + 1 },
			.nonce = i + 1u,
			.port = 40000 + i,
			.view_hash = 7,
		} };
		nodes[i].discovery = open_node(&nodes[i], &lo);
		ck_assert_msg(nodes[i].discovery != NULL, "%s", problem);
	}
}

static void
tear_down(void)
{
	for (int i = 0; i < NODES; i++)
		discovery_close(nodes[i].discovery);
	interface_list_free(&lo);
	loop_free(&loop);
}

START_TEST(every_node_of_the_host_hears_broadcast_and_multicast)
{
	ck_assert_uint_eq(discovery_send_all(nodes[0].discovery,
	    &nodes[0].beacon), 2);
	LOOP_UNTIL(&loop, nodes[1].heard[0] == 2 && nodes[2].heard[0] == 2);
	ck_assert_uint_eq(nodes[1].last_beacon.view_hash, 7);
	ck_assert_uint_eq(nodes[1].last.from.port, 40000);
	ck_assert(address_is_loopback(&nodes[1].last.from));
	ck_assert_uint_ne(nodes[1].last.reply_to.port, 40000);
	ck_assert_uint_ne(nodes[1].last.reply_to.port, port);
	ck_assert_uint_eq(nodes[1].last.interface, lo.items[0].index);
	/* the sender hears itself and knows it */
	LOOP_UNTIL(&loop, discovery_counters(nodes[0].discovery)->own == 2);
	ck_assert_uint_eq(nodes[0].heard[0], 0);
}
END_TEST

static struct discovery_path
path(unsigned node, enum channel channel)
{
	return discovery_path(nodes[node].discovery, lo.items[0].index,
	    channel);
}

START_TEST(what_is_sent_and_heard_is_counted_by_its_channel)
{
	discovery_send_all(nodes[0].discovery, &nodes[0].beacon);
	LOOP_UNTIL(&loop, nodes[1].heard[0] == 2);
	ck_assert_uint_eq(path(0, CHANNEL_BROADCAST).sent, 1);
	ck_assert_uint_eq(path(0, CHANNEL_MULTICAST).sent, 1);
	ck_assert_uint_eq(path(0, CHANNEL_MULTICAST6).sent, 0);
	ck_assert_uint_eq(path(1, CHANNEL_BROADCAST).heard, 1);
	ck_assert_uint_eq(path(1, CHANNEL_MULTICAST).heard, 1);
	ck_assert_uint_eq(path(0, CHANNEL_BROADCAST).heard, 0);
	ck_assert(discovery_send_to(nodes[1].discovery, &nodes[1].beacon,
	    &nodes[1].last.reply_to));
	LOOP_UNTIL(&loop, nodes[0].heard[1] == 1);
	ck_assert_int_eq(nodes[0].last.channel, CHANNEL_UNICAST);
	ck_assert_uint_eq(path(1, CHANNEL_UNICAST).sent, 1);
	ck_assert_uint_eq(path(0, CHANNEL_UNICAST).heard, 1);
}
END_TEST

START_TEST(a_reply_reaches_the_one_it_is_for_and_nobody_else)
{
	discovery_send_all(nodes[0].discovery, &nodes[0].beacon);
	LOOP_UNTIL(&loop, nodes[1].heard[0] == 2 && nodes[2].heard[0] == 2);
	ck_assert(discovery_send_to(nodes[1].discovery, &nodes[1].beacon,
	    &nodes[1].last.reply_to));
	LOOP_UNTIL(&loop, nodes[0].heard[1] == 1);
	ck_assert_uint_eq(nodes[0].last.from.port, 40001);
	ck_assert_uint_eq(nodes[2].heard[1], 0);
}
END_TEST

START_TEST(another_network_is_counted_and_not_heard)
{
	nodes[0].beacon.tag[0] ^= 1;
	discovery_send_all(nodes[0].discovery, &nodes[0].beacon);
	LOOP_UNTIL(&loop,
	    discovery_counters(nodes[1].discovery)->other_network == 2);
	ck_assert_uint_eq(nodes[1].heard[0], 0);
}
END_TEST

/* Sends any bytes to the discovery port as a stranger would. */
static void
send_bytes(const void *bytes, size_t size)
{
	int descriptor = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port) };

	to.sin_addr.s_addr = htonl(UINT32_C(0x7fffffff));
	setsockopt(descriptor, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
	ck_assert_int_eq(sendto(descriptor, bytes, size, 0, (void *)&to,
	    sizeof to), (ssize_t)size);
	close(descriptor);
}

START_TEST(rubbish_and_other_versions_are_counted)
{
	static const char rubbish[9000];
	uint8_t bytes[BEACON_BYTES];
	const struct discovery_counters *counters =
	    discovery_counters(nodes[1].discovery);

	send_bytes("", 0);
	send_bytes("hello", 5);
	send_bytes(rubbish, sizeof rubbish);
	LOOP_UNTIL(&loop, counters->malformed == 3);
	beacon_encode(&nodes[0].beacon, bytes);
	bytes[4] = 9;
	send_bytes(bytes, sizeof bytes);
	LOOP_UNTIL(&loop, counters->other_version == 1);
	ck_assert_uint_eq(counters->heard, 0);
	/* and the next good one is heard */
	bytes[4] = BEACON_VERSION;
	send_bytes(bytes, sizeof bytes);
	LOOP_UNTIL(&loop, nodes[1].heard[0] == 1);
}
END_TEST

START_TEST(an_interface_left_is_deaf_and_comes_back)
{
	struct interface_list none;

	interface_list_init(&none);
	discovery_set_interfaces(nodes[1].discovery, &none);
	ck_assert_uint_eq(discovery_send_all(nodes[1].discovery,
	    &nodes[1].beacon), 0);
	discovery_send_all(nodes[0].discovery, &nodes[0].beacon);
	LOOP_UNTIL(&loop, nodes[2].heard[0] == 2 &&
	    discovery_counters(nodes[1].discovery)->elsewhere > 0);
	ck_assert_uint_eq(nodes[1].heard[0], 0);

	discovery_set_interfaces(nodes[1].discovery, &lo);
	discovery_set_interfaces(nodes[1].discovery, &lo);
	discovery_send_all(nodes[0].discovery, &nodes[0].beacon);
	LOOP_UNTIL(&loop, nodes[1].heard[0] >= 2);
}
END_TEST

START_TEST(a_send_that_fails_is_counted_and_the_others_go_out)
{
	struct interface_list odd = lo;
	struct interface items[2];

	items[0] = lo.items[0];
	items[0].index = 99999;		/* unplugged since */
	items[1] = lo.items[0];
	odd.items = items;
	odd.count = 2;
	discovery_set_interfaces(nodes[0].discovery, &odd);
	ck_assert_uint_eq(discovery_send_all(nodes[0].discovery,
	    &nodes[0].beacon), 2);
	ck_assert_uint_eq(
	    discovery_counters(nodes[0].discovery)->send_errors, 2);
	LOOP_UNTIL(&loop, nodes[1].heard[0] == 2);
}
END_TEST

START_TEST(a_port_taken_by_a_stranger_gets_a_sentence)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t size = sizeof name;
	int selfish = socket(AF_INET, SOCK_DGRAM, 0);
	struct node another = nodes[0];

	ck_assert_int_eq(bind(selfish, (void *)&name, sizeof name), 0);
	getsockname(selfish, (void *)&name, &size);
	port = ntohs(name.sin_port);
	ck_assert_ptr_null(open_node(&another, &lo));
	ck_assert_ptr_nonnull(strstr(problem, "taken"));
	close(selfish);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("discovery");
	TCase *tests = tcase_create("discovery");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests,
	    every_node_of_the_host_hears_broadcast_and_multicast);
	tcase_add_test(tests,
	    what_is_sent_and_heard_is_counted_by_its_channel);
	tcase_add_test(tests,
	    a_reply_reaches_the_one_it_is_for_and_nobody_else);
	tcase_add_test(tests, another_network_is_counted_and_not_heard);
	tcase_add_test(tests, rubbish_and_other_versions_are_counted);
	tcase_add_test(tests, an_interface_left_is_deaf_and_comes_back);
	tcase_add_test(tests,
	    a_send_that_fails_is_counted_and_the_others_go_out);
	tcase_add_test(tests, a_port_taken_by_a_stranger_gets_a_sentence);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
