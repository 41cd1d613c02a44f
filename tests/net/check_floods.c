/*
 * check_floods: how much of it others on the LAN may say to a node without
 * harming it, and how slowly.
 */
#include <arpa/inet.h>
#include <check.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypto/entropy.h"
#include "crypto/identity.h"
#include "tests/net/siege.h"

/* -- floods -------------------------------------------------------------- */

enum { HALF_OPEN = 1000 };

START_TEST(a_thousand_half_open_connections_keep_nobody_out)
{
	int *fds = mem_zero(HALF_OPEN, sizeof *fds);
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(siege.port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	struct peer *newcomer;

	for (int i = 0; i < HALF_OPEN; i++) {
		fds[i] = socket(AF_INET,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		ck_assert_int_ge(fds[i], 0);
		(void)connect(fds[i], (void *)&to, sizeof to);
	}
	siege_talk();
	newcomer = siege_start("cid");
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "peer",
	    "nick", "cid", PATIENCE_MS));
	/* and one byte now and then does not count as life */
	for (int i = 0; i < HALF_OPEN; i++)
		(void)send(fds[i], "\x16", 1, MSG_NOSIGNAL);
	siege_check_health();
	for (int i = 0; i < HALF_OPEN; i++)
		close(fds[i]);
	free(fds);
	ck_assert_int_ne(newcomer->pid, 0);
}
END_TEST

START_TEST(who_comes_byte_by_byte_is_not_waited_for)
{
	static const char hello[] = "\0\0\0\x60{\"t\":\"hello\"";
	double began = peer_now_ms();
	struct foe_link link;
	size_t i = 0;

	ck_assert(foe_dial(&siege.foe, &link, siege.port, NULL));
	while (!link.closed && peer_now_ms() < began + SOON_MS) {
		foe_send_bytes(&link, hello + i, 1);
		i = (i + 1) % (sizeof hello - 1) == 0 ? 4 : i + 1;
		crowd_pump(&siege.crowd, 200);
		foe_pump(&link);
	}
	ck_assert_msg(link.closed, "it may take as long as it likes");
	foe_reset(&link);
	siege_check_health();
}
END_TEST

START_TEST(a_flood_of_good_bundles_drowns_nobody)
{
	enum { STREAMS = 8, BUNDLES = 300 };
	struct id self = *identity_id(siege.foe.identity);
	char *text = mem_zero(4001, 1);
	struct foe_link links[HONEST];

	memset(text, 'x', 4000);
	for (size_t i = 0; i < HONEST; i++)
		ck_assert(foe_join(&siege.foe, &links[i],
		    siege_port(&siege.crowd.peers[i])));
	for (uint64_t seq = 1; seq <= BUNDLES; seq++) {
		for (uint64_t epoch = 1; epoch <= STREAMS; epoch++) {
			struct bundle bundle =
			    siege_bundle(self, epoch, seq, text);

			for (size_t i = 0; i < HONEST; i++)
				siege_send_bundle(&links[i], &bundle);
		}
		arena_clear(&siege.arena);
		crowd_pump(&siege.crowd, 1);
		/* in the midst of it */
		if (seq % 30 == 0)
			siege_talk();
	}
	siege_check_health();
	for (size_t i = 0; i < HONEST; i++)
		foe_close(&links[i]);
	free(text);
}
END_TEST

START_TEST(orphans_whose_causes_never_come_are_held_within_bounds)
{
	enum { BUNDLES = 6000 };
	struct id self = *identity_id(siege.foe.identity);
	char *text = mem_zero(4001, 1);
	struct foe_link link;

	memset(text, 'y', 4000);
	siege_join(&link);
	for (uint64_t i = 1; i <= BUNDLES; i++) {
		struct bundle bundle =
		    siege_bundle(self, 1 + i % 64, 2 + i, text);

		siege_send_bundle(&link, &bundle);
		arena_clear(&siege.arena);
		if (i % 16 == 0)
			crowd_pump(&siege.crowd, 1);
	}
	siege_check_health();
	foe_close(&link);
	free(text);
}
END_TEST

START_TEST(a_flood_of_streams_leaves_room_for_the_honest)
{
	enum { STREAMS = 5000 };
	struct id self = *identity_id(siege.foe.identity);
	struct peer *newcomer;
	struct foe_link link;

	siege_join(&link);
	for (uint64_t epoch = 1; epoch <= STREAMS; epoch++) {
		struct bundle bundle = siege_bundle(self, epoch, 1, "z");

		siege_send_bundle(&link, &bundle);
		arena_clear(&siege.arena);
		if (epoch % 64 == 0)
			crowd_pump(&siege.crowd, 1);
	}
	foe_close(&link);
	newcomer = siege_start("cid");
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "peer",
	    "nick", "cid", PATIENCE_MS));
	peer_send(newcomer, "{s:s, s:s, s:s}", "cmd", "say", "room", "#lobby",
	    "text", "may I?");
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "message",
	    "text", "may I?", PATIENCE_MS));
	siege_check_health();
}
END_TEST

START_TEST(a_flood_of_beacons_is_dialled_slowly_and_forgotten)
{
	enum { BEACONS = 20000 };
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	json_int_t dials;
	struct peer *newcomer;
	uint16_t silent_port;
	int silent = foe_listen(&silent_port);

	ck_assert_int_ge(udp, 0);
	dials = siege_counter(siege.ana, "dials");
	for (int i = 0; i < BEACONS; i++) {
		struct id id;

		crypto_random(id.bytes, ID_BYTES);
		foe_beacon(udp, &siege.foe, &id, crypto_random_number(),
		    i % 2 == 0 ? silent_port : 9, true);
		if (i % 256 == 0)
			crowd_pump(&siege.crowd, 1);
	}
	dials = siege_counter(siege.ana, "dials") - dials;
	/* 64, and 20 a second */
	ck_assert_msg(dials > 0 && dials < 500, "%d dials", (int)dials);
	newcomer = siege_start("cid");
	ck_assert_ptr_nonnull(peer_await(&siege.crowd, siege.ana, "peer",
	    "nick", "cid", PATIENCE_MS));
	siege_check_health();
	ck_assert_int_ne(newcomer->pid, 0);
	close(udp);
	close(silent);
}
END_TEST

START_TEST(who_breaks_every_link_is_not_dialled_again_and_again)
{
	enum { MEASURED_MS = 4000 };
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int door = foe_listen(&siege.foe.port);
	double end = peer_now_ms() + MEASURED_MS;
	unsigned calls = 0;

	while (peer_now_ms() < end) {
		struct pollfd ready = { .fd = door, .events = POLLIN };
		struct foe_link link;
		int caller;

		if (calls == 0)
			foe_beacon(udp, &siege.foe,
			    identity_id(siege.foe.identity), 5, siege.foe.port,
			    false);
		crowd_pump(&siege.crowd, 1);
		if (poll(&ready, 1, 20) <= 0)
			continue;
		caller = accept4(door, NULL, NULL, SOCK_CLOEXEC);
		ck_assert_int_ge(caller, 0);
		calls++;
		if (foe_accept(&siege.foe, &link, caller)) {
			foe_say_hello(&link);
			foe_send_text(&link, "garbage");
			foe_await_end(&link, 1000);
		}
		foe_reset(&link);
	}
	/* three honest nodes call */
	ck_assert_msg(calls > 0 && calls < 60, "%u calls", calls);
	siege_check_health();
	close(udp);
	close(door);
}
END_TEST

START_TEST(who_comes_and_goes_without_end_tires_nobody)
{
	struct foe_link link;

	for (int i = 0; i < 200; i++) {
		siege_join(&link);
		if (i % 2 == 0)
			foe_close(&link);
		else
			foe_reset(&link);
		crowd_pump(&siege.crowd, 1);
	}
	siege_check_health();
	siege_await_ring(HONEST);
}
END_TEST

START_TEST(who_never_reads_is_not_waited_for_and_costs_no_memory)
{
	enum { MESSAGES = 2000 };
	char *text = mem_zero(4001, 1);
	struct foe_link link;

	memset(text, 'w', 4000);
	siege_join(&link);
	for (int i = 0; i < MESSAGES; i++) {
		peer_send(siege.ana, "{s:s, s:s, s:s}", "cmd", "say", "room",
		    "#lobby", "text", text);
		crowd_pump(&siege.crowd, 1);
	}
	siege_check_health();
	foe_reset(&link);
	free(text);
}
END_TEST

static void
add(TCase *tests)
{
	tcase_add_test(tests, who_comes_and_goes_without_end_tires_nobody);
	tcase_add_test(tests,
	    who_never_reads_is_not_waited_for_and_costs_no_memory);
	tcase_add_test(tests, a_thousand_half_open_connections_keep_nobody_out);
	tcase_add_test(tests, who_comes_byte_by_byte_is_not_waited_for);
	tcase_add_test(tests, a_flood_of_good_bundles_drowns_nobody);
	tcase_add_test(tests,
	    orphans_whose_causes_never_come_are_held_within_bounds);
	tcase_add_test(tests, a_flood_of_streams_leaves_room_for_the_honest);
	tcase_add_test(tests,
	    a_flood_of_beacons_is_dialled_slowly_and_forgotten);
	tcase_add_test(tests,
	    who_breaks_every_link_is_not_dialled_again_and_again);
}

int
main(int argc, char **argv)
{
	(void)argc;
	return siege_run(argv, "floods", add);
}
