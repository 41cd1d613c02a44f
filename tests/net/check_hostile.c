/*
 * check_hostile: what others on the LAN may do to a node without harming
 * it.  Three honest peers share lo with a foe.  After each attack the node
 * attacked still answers, all three still talk, its memory is bounded, and
 * in the end they leave in peace: a report of a sanitizer would have killed
 * them, a leak shows in their exit status.
 */
#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "crypto/entropy.h"
#include "crypto/identity.h"
#include "crypto/names.h"
#include "tests/support/foe.h"
#include "tests/support/lan.h"
#include "tests/support/peer.h"

#if defined(__SANITIZE_ADDRESS__)
enum { RSS_MIB = 400 };		/* shadow and quarantine included */
#else
enum { RSS_MIB = 64 };
#endif

enum { HONEST = 3 };

static const double SOON_MS = 10000;
static const double PATIENCE_MS = 45000;

static struct crowd crowd;
static struct peer *ana, *bob, *eve;	/* ana is the one attacked */
static uint16_t port;			/* ana's */
static struct foe foe;
static struct arena arena;

/* -- the honest ---------------------------------------------------------- */

static struct peer *
start(const char *nick)
{
	const char *arguments[] = { "--ephemeral", "--nick", nick, NULL };

	return peer_start(&crowd, NULL, arguments);
}

static uint16_t
port_of(struct peer *peer)
{
	const struct heard *ready = peer_last(peer, "ready");

	if (ready == NULL)
		ready = peer_await(&crowd, peer, "ready", NULL, NULL, SOON_MS);
	ck_assert_ptr_nonnull(ready);
	return (uint16_t)json_integer_value(
	    json_object_get(ready->event, "port"));
}

static json_t *
status_of(struct peer *peer)
{
	json_t *status = peer_ask(&crowd, peer, SOON_MS, "{s:s}", "cmd",
	    "status");

	ck_assert_msg(status != NULL && event_is(status, "ok"),
	    "no answer to status; %s", peer->pid == 0 ? "it died" : "it hangs");
	return status;
}

static bool
has_ring(struct crowd *all, void *argument)
{
	size_t count = *(size_t *)argument;

	for (size_t i = 0; i < all->count; i++)
		if (json_array_size(json_object_get(
			status_of(&all->peers[i]), "ring")) != count)
			return false;
	return true;
}

static void
await_ring(size_t count)
{
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, has_ring, &count),
	    "no ring of %zu everywhere", count);
	ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL),
	    "no leader that all name");
}

static json_int_t
counter(struct peer *peer, const char *name)
{
	return json_integer_value(json_object_get(
	    json_object_get(status_of(peer), "counters"), name));
}

struct counted {
	const char *name;
	json_int_t least;
};

static bool
has_counted(struct crowd *all, void *argument)
{
	const struct counted *counted = argument;

	(void)all;
	return counter(ana, counted->name) >= counted->least;
}

static void
await_rejected(json_int_t least)
{
	struct counted counted = { "rejected", least };

	ck_assert_msg(crowd_await(&crowd, SOON_MS, has_counted, &counted),
	    "only %d were rejected", (int)counter(ana, "rejected"));
}

static bool
is_shown(struct crowd *all, void *argument)
{
	for (size_t i = 0; i < HONEST; i++)
		if (peer_count_text(&all->peers[i], argument) == 0)
			return false;
	return true;
}

static void
talk(void)
{
	static unsigned number;
	char text[64];

	for (size_t i = 0; i < HONEST; i++) {
		snprintf(text, sizeof text, "still here %u", ++number);
		peer_send(&crowd.peers[i], "{s:s, s:s, s:s}", "cmd", "say",
		    "room", "#lobby", "text", text);
		ck_assert_msg(crowd_await(&crowd, PATIENCE_MS, is_shown, text),
		    "\"%s\" is not shown everywhere", text);
	}
}

static size_t
rss_mib(const struct peer *peer)
{
	char path[64], line[256];
	size_t kib = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)peer->pid);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "VmRSS: %zu kB", &kib) == 1)
			break;
	fclose(file);
	return kib / 1024;
}

static void
check_health(void)
{
	status_of(ana);
	talk();
	ck_assert_msg(rss_mib(ana) < RSS_MIB, "it takes %zu MiB",
	    rss_mib(ana));
}

static void
setup(void)
{
	arena_init(&arena);
	foe_init(&foe, "lan");
	ana = start("ana");
	bob = start("bob");
	eve = start("eve");
	port = port_of(ana);
	await_ring(HONEST);
}

static void
teardown(void)
{
	for (size_t i = 0; i < crowd.count; i++)
		peer_send_line(&crowd.peers[i], "{\"cmd\":\"quit\"}\n");
	for (size_t i = 0; i < crowd.count; i++) {
		ck_assert(peer_await_end(&crowd, &crowd.peers[i],
		    PATIENCE_MS));
		ck_assert_int_eq(crowd.peers[i].status, 0);
	}
	crowd_end(&crowd);
	foe_free(&foe);
	arena_free(&arena);
}

/* -- at the door ---------------------------------------------------------- */

static void
check_turned_away(const struct foe_tls *tls)
{
	struct foe_link link;

	if (foe_dial(&foe, &link, port, tls))
		foe_say_hello(&link);
	ck_assert(foe_await_end(&link, SOON_MS));
	foe_reset(&link);
}

START_TEST(only_tls_1_3_with_an_ed25519_key_and_our_alpn_comes_in)
{
	check_turned_away(&(struct foe_tls){ .old = true });
	check_turned_away(&(struct foe_tls){ .anonymous = true });
	check_turned_away(&(struct foe_tls){ .rsa = true });
	check_turned_away(&(struct foe_tls){ .alpn = "h2" });
	check_turned_away(&(struct foe_tls){ .alpn = "" });
	ck_assert_uint_eq(json_array_size(json_object_get(status_of(ana),
	    "ring")), HONEST);
	check_health();
}
END_TEST

/* These bytes, the first under TLS, end the link. */
static void
check_hung_up(const void *bytes, size_t size)
{
	struct foe_link link;

	ck_assert(foe_dial(&foe, &link, port, NULL));
	foe_send_bytes(&link, bytes, size);
	ck_assert(foe_await_end(&link, SOON_MS));
	foe_reset(&link);
}

#define CHECK_HUNG_UP(literal) check_hung_up(literal, sizeof literal - 1)

static void
check_hello_refused(const char *hello)
{
	struct foe_link link;

	ck_assert(foe_dial(&foe, &link, port, NULL));
	foe_send_text(&link, hello);
	ck_assert(foe_await_end(&link, SOON_MS));
	foe_reset(&link);
}

START_TEST(a_stranger_must_say_hello_first_and_briefly)
{
	json_int_t before = counter(ana, "rejected");
	struct foe_link link;

	CHECK_HUNG_UP("\0\0\0\0");
	CHECK_HUNG_UP("\0\1\0\0{");
	CHECK_HUNG_UP("\x40\0\0\0{");
	CHECK_HUNG_UP("\xff\xff\xff\xff");
	CHECK_HUNG_UP("\0\0\0\7garbage");
	CHECK_HUNG_UP("\0\0\0\2{}");
	CHECK_HUNG_UP("GET / HTTP/1.1\r\n\r\n");
	check_hello_refused("{\"t\":\"pong\"}");
	check_hello_refused("{\"t\":\"tail\",\"room\":"
	    "\"ceirceirceirceirceirceirce\",\"messages\":500}");
	check_hello_refused("{\"t\":\"hello\",\"version\":1,\"tag\":"
	    "\"0102030405060708\",\"nonce\":\"00000000000000ab\","
	    "\"start\":3,\"port\":40123}");
	check_hello_refused("{\"t\":\"hello\",\"version\":77,\"tag\":"
	    "\"0102030405060708\",\"nonce\":\"00000000000000ab\","
	    "\"start\":3,\"port\":40123}");
	/* cut off in the middle, with and without a word */
	ck_assert(foe_dial(&foe, &link, port, NULL));
	foe_send_bytes(&link, "\0\0\1\0{\"t\":\"he", 12);
	foe_close(&link);
	ck_assert(foe_dial(&foe, &link, port, NULL));
	foe_send_bytes(&link, "\0\0", 2);
	foe_reset(&link);
	await_rejected(before + 4);
	check_health();
}
END_TEST

/* -- inside ---------------------------------------------------------------- */

static void
join(struct foe_link *link)
{
	ck_assert(foe_join(&foe, link, port));
}

/* After this nobody speaks with it any more; it was counted. */
static void
check_expelled(struct foe_link *link, json_int_t *rejected)
{
	ck_assert(foe_await_end(link, SOON_MS));
	foe_reset(link);
	await_rejected(++*rejected);
}

static void
check_text_expels(const char *header, json_int_t *rejected)
{
	struct foe_link link;

	join(&link);
	foe_send_text(&link, header);
	check_expelled(&link, rejected);
}

static struct bundle
bundle_of(struct id author, uint64_t epoch, uint64_t seq, const char *text)
{
	struct message *message = arena_alloc(&arena, sizeof *message);
	struct bundle bundle = {
		.stream = { author, epoch },
		.seq = seq,
		.nonce = 1,
		.hlc = (UINT64_C(1700000000000) + seq) << 16,
		.messages = message,
		.message_count = 1,
	};

	*message = (struct message){ KIND_TEXT, text };
	names_room_id(foe.tag, "#lobby", &bundle.room);
	return bundle;
}

static void
send_bundle(struct foe_link *link, struct bundle *bundle)
{
	struct frame frame = { .type = FRAME_BUNDLE };

	foe_seal_bundle(&foe, bundle, &arena);
	frame.bundle.bundle = *bundle;
	foe_send(link, &frame);
}

START_TEST(a_peer_that_breaks_the_protocol_is_hung_up_on_and_counted)
{
	json_int_t rejected = counter(ana, "rejected");
	struct foe_link link;

	check_text_expels("{\"t\":\"hello\",\"version\":1,\"tag\":"
	    "\"0102030405060708\",\"nonce\":\"00000000000000ab\","
	    "\"start\":3,\"port\":40123}", &rejected);
	check_text_expels("garbage", &rejected);
	check_text_expels("{\"t\":\"ping\"}", &rejected);
	check_text_expels("{\"t\":\"probe\",\"term\":99,\"view\":"
	    "\"00000000000000f0\",\"phase\":17,\"hop\":3,\"direction\":"
	    "\"clockwise\",\"priority\":100,\"candidate\":"
	    "\"ceirceirceirceirceirceirce\",\"cause\":\"dead\"}", &rejected);
	check_text_expels("{\"t\":\"leader\",\"term\":9223372036854775807,"
	    "\"leader\":\"ceirceirceirceirceirceirce\",\"priority\":100,"
	    "\"established\":true}", &rejected);
	check_text_expels("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	    &rejected);
	/* longer than any frame; TLS carries the length alone */
	join(&link);
	foe_send_bytes(&link, "\0\1\0\1", 4);
	ck_assert(foe_await_end(&link, SOON_MS));
	foe_reset(&link);
	check_health();
}
END_TEST

START_TEST(what_is_not_signed_by_its_author_is_refused)
{
	json_int_t rejected = counter(ana, "rejected");
	struct id other = { { 1, 2, 3 } }, self = *identity_id(foe.identity);
	struct bundle bundle;
	struct frame frame = { .type = FRAME_BUNDLE };
	struct record record = {
		.start = 1, .version = 7, .nick = "bob", .priority = 255,
	};
	struct foe_link link;

	/* a signature that is none */
	join(&link);
	bundle = bundle_of(self, 1, 1, "forged");
	foe_seal_bundle(&foe, &bundle, &arena);
	bundle.sealed.signature[5] ^= 1;
	frame.bundle.bundle = bundle;
	foe_send(&link, &frame);
	check_expelled(&link, &rejected);
	/* of another author, known and unknown, by my key */
	ck_assert(id_parse(bob->id, &other));
	for (int known = 0; known < 2; known++) {
		join(&link);
		bundle = bundle_of(other, 1, 1, "forged");
		send_bundle(&link, &bundle);
		check_expelled(&link, &rejected);
		other.bytes[0] ^= 1;
	}
	/* of another network */
	join(&link);
	bundle = bundle_of(self, 1, 1, "forged");
	foe.tag[0] ^= 1;
	send_bundle(&link, &bundle);
	foe.tag[0] ^= 1;
	check_expelled(&link, &rejected);
	/* the record of another */
	join(&link);
	ck_assert(id_parse(bob->id, &record.id));
	foe_seal_record(&foe, &record, &arena);
	frame = (struct frame){ .type = FRAME_MEMBER };
	frame.member = (struct member_news){
		.id = record.id, .start = 1, .record = &record,
	};
	foe_send(&link, &frame);
	check_expelled(&link, &rejected);
	check_health();
	ck_assert_uint_eq(peer_count_text(ana, "forged"), 0);
}
END_TEST

START_TEST(a_room_nobody_is_in_and_a_past_nobody_asked_for_change_nothing)
{
	struct bundle bundle = bundle_of(*identity_id(foe.identity), 1, 1,
	    "elsewhere");
	struct dependency base = { .seq = UINT64_C(1) << 40 };
	struct frame frame = { .type = FRAME_BASE };
	struct foe_link link;

	join(&link);
	bundle.room.bytes[3] ^= 1;
	send_bundle(&link, &bundle);
	ck_assert(id_parse(bob->id, &base.stream.author));
	names_room_id(foe.tag, "#lobby", &frame.base.room);
	frame.base.bases = &base;
	frame.base.count = 1;
	foe_send(&link, &frame);
	check_health();
	ck_assert_uint_eq(peer_count_text(ana, "elsewhere"), 0);
	foe_close(&link);
}
END_TEST

START_TEST(no_peer_can_make_a_node_believe_that_it_runs_twice)
{
	struct foe_link link;

	join(&link);
	for (int i = 0; i < 100; i++)
		foe_send_text(&link, "{\"t\":\"twice\"}");
	foe_close(&link);
	check_health();
	ck_assert_msg(ana->pid != 0, "it ended");
}
END_TEST

/* -- elections -------------------------------------------------------------- */

static void
send_leadership(struct foe_link *link, const struct id *leader,
    uint64_t term)
{
	struct frame frame = { .type = FRAME_LEADER };

	frame.leader = (struct leadership){
		.term = term,
		.leader = *leader,
		.priority = 255,
		.established = true,
	};
	foe_send(link, &frame);
}

START_TEST(forged_frames_of_an_election_elect_nobody)
{
	static const uint64_t terms[] = { 0, 1, UINT64_C(1) << 40,
		(UINT64_C(1) << 62) - 1, UINT64_C(1) << 62 };
	struct id ghost = { { 0xff, 0xff, 0xff } };
	struct frame probe = { .type = FRAME_PROBE };
	struct foe_link link;
	const char *leader;

	join(&link);
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		send_leadership(&link, &ghost, terms[i]);
		probe.probe = (struct probe){
			.term = terms[i],
			.view = i,
			.phase = 3,
			.hop = 9,	/* beyond 2^3 */
			.candidate = { 255, ghost },
		};
		foe_send(&link, &probe);
		probe.probe.phase = 16;
		probe.probe.hop = 60000;
		foe_send(&link, &probe);
	}
	await_rejected(5);
	foe_close(&link);
	await_ring(HONEST);
	leader = peer_leader(ana);
	ck_assert(strcmp(leader, ana->id) == 0 ||
	    strcmp(leader, bob->id) == 0 || strcmp(leader, eve->id) == 0);
	check_health();
}
END_TEST

START_TEST(a_foe_that_led_in_a_huge_term_is_replaced_when_it_goes)
{
	struct id self = *identity_id(foe.identity);
	struct foe_link links[HONEST];

	for (size_t i = 0; i < HONEST; i++)
		ck_assert(foe_join(&foe, &links[i],
		    port_of(&crowd.peers[i])));
	await_ring(HONEST + 1);
	for (size_t i = 0; i < HONEST; i++)
		send_leadership(&links[i], &self, (UINT64_C(1) << 62) - 1);
	talk();
	for (size_t i = 0; i < HONEST; i++) {
		foe_send_text(&links[i], "{\"t\":\"goodbye\"}");
		foe_close(&links[i]);
	}
	await_ring(HONEST);
	check_health();
}
END_TEST

/* -- members ---------------------------------------------------------------- */

START_TEST(who_accuses_everybody_over_and_over_is_refuted)
{
	struct peer *all[] = { ana, bob, eve };
	struct frame frame = { .type = FRAME_MEMBER };
	struct foe_link link;

	join(&link);
	for (uint64_t i = 0; i < 300; i++)
		for (size_t k = 0; k < HONEST; k++) {
			frame.member = (struct member_news){
				.start = 1,
				.incarnation = i,
				.state = i % 2 == 0 ? MEMBER_SUSPECT
						    : MEMBER_DEAD,
				.reason = REASON_REFUSED,
				.accuser = *identity_id(foe.identity),
			};
			ck_assert(id_parse(all[k]->id, &frame.member.id));
			foe_send(&link, &frame);
		}
	foe_close(&link);
	await_ring(HONEST);
	check_health();
}
END_TEST

/* Told by the foe: members that nobody ever saw. */
static void
tell_of_ghosts(struct foe_link *link, unsigned count)
{
	struct frame frame = { .type = FRAME_MEMBER };

	for (unsigned i = 0; i < count; i++) {
		frame.member = (struct member_news){
			.start = 1,
			.state = MEMBER_ALIVE,
			.address = { .family = ADDRESS_IPV4,
				.ip = { 127, 0, 0, 1 },
				.port = (uint16_t)(20000 + i) },
		};
		crypto_random(frame.member.id.bytes, ID_BYTES);
		foe_send(link, &frame);
	}
}

START_TEST(members_that_nobody_saw_are_not_in_the_ring)
{
	struct foe_link link;

	join(&link);
	tell_of_ghosts(&link, 2000);
	talk();
	foe_send_text(&link, "{\"t\":\"goodbye\"}");
	foe_close(&link);
	await_ring(HONEST);
	check_health();
}
END_TEST

/* -- floods ------------------------------------------------------------------ */

enum { HALF_OPEN = 1000 };

START_TEST(a_thousand_half_open_connections_keep_nobody_out)
{
	int *fds = mem_zero(HALF_OPEN, sizeof *fds);
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	struct peer *newcomer;

	for (int i = 0; i < HALF_OPEN; i++) {
		fds[i] = socket(AF_INET,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		ck_assert_int_ge(fds[i], 0);
		(void)connect(fds[i], (void *)&to, sizeof to);
	}
	talk();
	newcomer = start("cid");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "peer", "nick", "cid",
	    PATIENCE_MS));
	/* and one byte now and then does not count as life */
	for (int i = 0; i < HALF_OPEN; i++)
		(void)send(fds[i], "\x16", 1, MSG_NOSIGNAL);
	check_health();
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

	ck_assert(foe_dial(&foe, &link, port, NULL));
	while (!link.closed && peer_now_ms() < began + SOON_MS) {
		foe_send_bytes(&link, hello + i, 1);
		i = (i + 1) % (sizeof hello - 1) == 0 ? 4 : i + 1;
		crowd_pump(&crowd, 200);
		foe_pump(&link);
	}
	ck_assert_msg(link.closed, "it may take as long as it likes");
	foe_reset(&link);
	check_health();
}
END_TEST

START_TEST(a_flood_of_good_bundles_drowns_nobody)
{
	enum { STREAMS = 8, BUNDLES = 300 };
	struct id self = *identity_id(foe.identity);
	char *text = mem_zero(4001, 1);
	struct foe_link link;

	memset(text, 'x', 4000);
	join(&link);
	for (uint64_t seq = 1; seq <= BUNDLES; seq++)
		for (uint64_t epoch = 1; epoch <= STREAMS; epoch++) {
			struct bundle bundle = bundle_of(self, epoch, seq,
			    text);

			send_bundle(&link, &bundle);
			arena_clear(&arena);
			if (epoch == 1)
				crowd_pump(&crowd, 1);
		}
	check_health();
	foe_close(&link);
	free(text);
}
END_TEST

START_TEST(orphans_whose_causes_never_come_are_held_within_bounds)
{
	enum { BUNDLES = 6000 };
	struct id self = *identity_id(foe.identity);
	char *text = mem_zero(4001, 1);
	struct foe_link link;

	memset(text, 'y', 4000);
	join(&link);
	for (uint64_t i = 1; i <= BUNDLES; i++) {
		struct bundle bundle = bundle_of(self, 1 + i % 64, 2 + i,
		    text);

		send_bundle(&link, &bundle);
		arena_clear(&arena);
		if (i % 16 == 0)
			crowd_pump(&crowd, 1);
	}
	check_health();
	foe_close(&link);
	free(text);
}
END_TEST

START_TEST(a_flood_of_streams_leaves_room_for_the_honest)
{
	enum { STREAMS = 5000 };
	struct id self = *identity_id(foe.identity);
	struct peer *newcomer;
	struct foe_link link;

	join(&link);
	for (uint64_t epoch = 1; epoch <= STREAMS; epoch++) {
		struct bundle bundle = bundle_of(self, epoch, 1, "z");

		send_bundle(&link, &bundle);
		arena_clear(&arena);
		if (epoch % 64 == 0)
			crowd_pump(&crowd, 1);
	}
	foe_close(&link);
	newcomer = start("cid");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "peer", "nick", "cid",
	    PATIENCE_MS));
	peer_send(newcomer, "{s:s, s:s, s:s}", "cmd", "say", "room", "#lobby",
	    "text", "may I?");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "message", "text",
	    "may I?", PATIENCE_MS));
	check_health();
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
	dials = counter(ana, "dials");
	for (int i = 0; i < BEACONS; i++) {
		struct id id;

		crypto_random(id.bytes, ID_BYTES);
		foe_beacon(udp, &foe, &id, crypto_random_number(),
		    i % 2 == 0 ? silent_port : 9, true);
		if (i % 256 == 0)
			crowd_pump(&crowd, 1);
	}
	dials = counter(ana, "dials") - dials;
	ck_assert_msg(dials < BEACONS / 4, "%d dials", (int)dials);
	newcomer = start("cid");
	ck_assert_ptr_nonnull(peer_await(&crowd, ana, "peer", "nick", "cid",
	    PATIENCE_MS));
	check_health();
	ck_assert_int_ne(newcomer->pid, 0);
	close(udp);
	close(silent);
}
END_TEST

START_TEST(who_breaks_every_link_is_not_dialled_again_and_again)
{
	enum { MEASURED_MS = 4000 };
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int door = foe_listen(&foe.port);
	double end = peer_now_ms() + MEASURED_MS;
	unsigned calls = 0;

	while (peer_now_ms() < end) {
		struct pollfd ready = { .fd = door, .events = POLLIN };
		struct foe_link link;
		int caller;

		if (calls == 0)
			foe_beacon(udp, &foe, identity_id(foe.identity), 5,
			    foe.port, false);
		crowd_pump(&crowd, 1);
		if (poll(&ready, 1, 20) <= 0)
			continue;
		caller = accept4(door, NULL, NULL, SOCK_CLOEXEC);
		ck_assert_int_ge(caller, 0);
		calls++;
		if (foe_accept(&foe, &link, caller)) {
			foe_say_hello(&link);
			foe_send_text(&link, "garbage");
			foe_await_end(&link, 1000);
		}
		foe_reset(&link);
	}
	/* three honest nodes call */
	ck_assert_msg(calls > 0 && calls < 60, "%u calls", calls);
	check_health();
	close(udp);
	close(door);
}
END_TEST

/* -- text --------------------------------------------------------------------- */

/* C0, C1, bidi, zero-width, format, tags, lone selectors, odd spaces. */
static const struct { uint32_t first, last; } odd[] = {
	{ 0x01, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c },
	{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
	{ 0x110bd, 0x110bd }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0001, 0xe0001 }, { 0xe0020, 0xe007f },
};

static size_t
put_point(char *at, uint32_t point)
{
	json_t *probe;
	size_t size = 0;

	if (point < 0x80)
		at[size++] = (char)point;
	else if (point < 0x800) {
		at[size++] = (char)(0xc0 | point >> 6);
		at[size++] = (char)(0x80 | (point & 0x3f));
	} else if (point < 0x10000) {
		at[size++] = (char)(0xe0 | point >> 12);
		at[size++] = (char)(0x80 | (point >> 6 & 0x3f));
		at[size++] = (char)(0x80 | (point & 0x3f));
	} else {
		at[size++] = (char)(0xf0 | point >> 18);
		at[size++] = (char)(0x80 | (point >> 12 & 0x3f));
		at[size++] = (char)(0x80 | (point >> 6 & 0x3f));
		at[size++] = (char)(0x80 | (point & 0x3f));
	}
	at[size] = '\0';
	probe = json_string(at);
	ck_assert_ptr_nonnull(probe);
	json_decref(probe);
	return size;
}

START_TEST(odd_characters_pass_as_text_and_never_as_a_name)
{
	char text[4096] = "odd:", room[64];
	size_t size = strlen(text);

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		for (uint32_t p = odd[i].first; p <= odd[i].last; p++) {
			json_t *answer, *problem;
			const char *name;

			size += put_point(text + size, p);
			strcpy(room, "#a");
			put_point(room + 2, p);
			strcat(room, "b");
			answer = peer_ask(&crowd, ana, SOON_MS,
			    "{s:s, s:s}", "cmd", "join", "room", room);
			ck_assert_ptr_nonnull(answer);
			if (event_is(answer, "ok")) {
				name = event_text(peer_last(ana, "joined")
				    ->event, "room");
				ck_assert_str_eq(name, "#ab");
				continue;
			}
			problem = json_object_get(answer, "text");
			ck_assert_str_eq(event_text(answer, "code"),
			    "bad_argument");
			ck_assert_uint_gt(json_string_length(problem), 20);
		}
	peer_send(bob, "{s:s, s:s, s:s}", "cmd", "say", "room", "#lobby",
	    "text", text);
	ck_assert_msg(crowd_await(&crowd, SOON_MS, is_shown, text),
	    "the text does not come through as it was");
	check_health();
}
END_TEST

START_TEST(a_nick_with_odd_characters_does_not_come_in)
{
	json_int_t rejected = counter(ana, "rejected");
	static const char *const nicks[] = { "a\033[31mb", "a\xe2\x80\xae" "b",
		"a\xe2\x80\x8b", "a\xc2\x9b" "b", "#ana", "@ana", "a b",
		"\xf3\xa0\x81\x81" };
	struct record record = {
		.id = *identity_id(foe.identity), .start = 2, .version = 1,
	};
	struct frame frame = { .type = FRAME_MEMBER };
	struct foe_link link;

	for (size_t i = 0; i < sizeof nicks / sizeof *nicks; i++) {
		join(&link);
		record.nick = nicks[i];
		foe_seal_record(&foe, &record, &arena);
		frame.member = (struct member_news){
			.id = record.id, .start = 2, .record = &record,
		};
		foe_send(&link, &frame);
		check_expelled(&link, &rejected);
	}
	check_health();
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("hostile");
	TCase *tests = tcase_create("attacks");
	struct rlimit files;
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	setenv("ASAN_OPTIONS", "halt_on_error=1:quarantine_size_mb=16", 1);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, setup, teardown);
#define ADD(name) tcase_add_test(tests, name)
	ADD(only_tls_1_3_with_an_ed25519_key_and_our_alpn_comes_in);
	ADD(a_stranger_must_say_hello_first_and_briefly);
	ADD(a_peer_that_breaks_the_protocol_is_hung_up_on_and_counted);
	ADD(what_is_not_signed_by_its_author_is_refused);
	ADD(a_room_nobody_is_in_and_a_past_nobody_asked_for_change_nothing);
	ADD(no_peer_can_make_a_node_believe_that_it_runs_twice);
	ADD(forged_frames_of_an_election_elect_nobody);
	ADD(a_foe_that_led_in_a_huge_term_is_replaced_when_it_goes);
	ADD(who_accuses_everybody_over_and_over_is_refuted);
	ADD(members_that_nobody_saw_are_not_in_the_ring);
	ADD(a_thousand_half_open_connections_keep_nobody_out);
	ADD(who_comes_byte_by_byte_is_not_waited_for);
	ADD(a_flood_of_good_bundles_drowns_nobody);
	ADD(orphans_whose_causes_never_come_are_held_within_bounds);
	ADD(a_flood_of_streams_leaves_room_for_the_honest);
	ADD(a_flood_of_beacons_is_dialled_slowly_and_forgotten);
	ADD(who_breaks_every_link_is_not_dialled_again_and_again);
	ADD(odd_characters_pass_as_text_and_never_as_a_name);
	ADD(a_nick_with_odd_characters_does_not_come_in);
#undef ADD
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
