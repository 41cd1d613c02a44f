/*
 * net/link, net/tls and net/listener: two nodes on the loopback interface,
 * and all kinds of strangers.
 */
#include <arpa/inet.h>
#include <check.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/rng.h"
#include "crypto/identity.h"
#include "net/link.h"
#include "net/listener.h"
#include "net/tls.h"
#include "tests/support/loop.h"

/* What one end of a link has seen. */
struct seen {
	struct link *link;	/* while it lives */
	bool trusts;		/* at once, when up */
	unsigned ups, downs, drains;
	enum link_end end;
	char text[200];
	size_t frames, bytes;
	uint64_t hash;		/* over all frames */
	size_t order[256];	/* sizes of the first frames, in order */
	unsigned pause_after;	/* frames; 0: never */
	unsigned close_after;
	bool close_when_up;
};

struct node {
	struct identity *identity;
	struct tls *tls;
	struct link_context context;
};

static struct loop loop;
static struct node here, there;		/* the dialler, the listener */
static struct seen near, far;
static struct listener *listener;
static char problem[256];

static void
on_up(struct link *link, void *owner)
{
	struct seen *seen = owner;

	seen->link = link;
	seen->ups++;
	if (seen->trusts)
		link_trust(link);
	if (seen->close_when_up) {
		seen->link = NULL;
		link_close(link);
	}
}

static void
on_frame(struct link *link, void *owner, const uint8_t *bytes, size_t size)
{
	struct seen *seen = owner;

	if (seen->frames < sizeof seen->order / sizeof *seen->order)
		seen->order[seen->frames] = size;
	seen->frames++;
	seen->bytes += size;
	seen->hash = hash_bytes(hash_number(seen->hash, size), bytes, size);
	if (seen->frames == seen->pause_after)
		link_pause_reading(link);
	if (seen->frames == seen->close_after) {
		seen->link = NULL;
		link_close(link);
	}
}

static void
on_drained(struct link *link, void *owner)
{
	struct seen *seen = owner;

	(void)link;
	seen->drains++;
}

static void
on_down(struct link *link, void *owner, enum link_end end, const char *text)
{
	struct seen *seen = owner;

	(void)link;
	seen->link = NULL;
	seen->downs++;
	seen->end = end;
	snprintf(seen->text, sizeof seen->text, "%s", text);
}

static void
node_init(struct node *node)
{
	node->identity = identity_ephemeral();
	node->tls = tls_new(identity_certificate(node->identity),
	    identity_key(node->identity), identity_id_of_key);
	node->context = (struct link_context){
		.loop = loop.base,
		.tls = node->tls,
		.events = { on_up, on_frame, on_drained, on_down },
	};
}

static void
node_free(struct node *node)
{
	tls_destroy(node->tls);
	identity_close(node->identity);
}

static void
set_up(void)
{
	signal(SIGPIPE, SIG_IGN);
	loop_init(&loop);
	node_init(&here);
	node_init(&there);
	near = far = (struct seen){ .trusts = true };
	listener = listener_open(&there.context, 0, &far, problem);
	ck_assert_msg(listener != NULL, "%s", problem);
}

static void
tear_down(void)
{
	if (near.link != NULL)
		link_close(near.link);
	if (far.link != NULL)
		link_close(far.link);
	listener_close(listener);
	node_free(&here);
	node_free(&there);
	loop_free(&loop);
}

static struct address
loopback(uint16_t port)
{
	return (struct address){ .family = ADDRESS_IPV4,
		.ip = { 127, 0, 0, 1 }, .port = port };
}

static void
dial(const struct id *expected)
{
	struct address to = loopback(listener_port(listener));

	near.link = link_dial(&here.context, &to, expected, &near);
}

static void
connect_both(void)
{
	dial(identity_id(there.identity));
	LOOP_UNTIL(&loop, near.ups == 1 && far.ups == 1);
}

static bool
send_zeros(struct link *link, size_t size, enum link_class class)
{
	static const uint8_t zeros[LIMIT_FRAME];

	return link_send(link, zeros, size, class);
}

/* ------------------------------------------------------------- two nodes */

START_TEST(both_ends_learn_who_the_other_is)
{
	uint8_t mine[LINK_EXPORTER_BYTES], theirs[LINK_EXPORTER_BYTES];
	uint8_t other[LINK_EXPORTER_BYTES];

	connect_both();
	ck_assert(id_equal(link_peer_id(near.link),
	    identity_id(there.identity)));
	ck_assert(id_equal(link_peer_id(far.link),
	    identity_id(here.identity)));
	ck_assert_mem_eq(link_peer_key(far.link),
	    identity_public_key(here.identity), LINK_KEY_BYTES);
	ck_assert(link_dialled(near.link) && !link_dialled(far.link));
	ck_assert(address_is_loopback(link_address(far.link)));
	ck_assert_int_eq(link_address(far.link)->family, ADDRESS_IPV4);
	ck_assert_uint_eq(link_address(near.link)->port,
	    listener_port(listener));
	link_exporter(near.link, "a", mine);
	link_exporter(far.link, "a", theirs);
	link_exporter(far.link, "b", other);
	ck_assert_mem_eq(mine, theirs, sizeof mine);
	ck_assert_mem_ne(mine, other, sizeof mine);
	ck_assert_uint_eq(listener_half_open(listener), 0);
}
END_TEST

START_TEST(ipv6_is_dialled_too)
{
	struct address to = { .family = ADDRESS_IPV6, .ip = { [15] = 1 },
		.port = listener_port(listener) };
	int probe = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_in6 name = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	bool have = probe >= 0 &&
	    bind(probe, (void *)&name, sizeof name) == 0;

	if (probe >= 0)
		close(probe);
	if (!have)
		return;		/* a host without IPv6 */
	near.link = link_dial(&here.context, &to, NULL, &near);
	LOOP_UNTIL(&loop, near.ups == 1 && far.ups == 1);
	ck_assert(address_is_loopback(link_address(far.link)));
	ck_assert_int_eq(link_address(far.link)->family, ADDRESS_IPV6);
}
END_TEST

/* Sends frames of random sizes and bytes as long as the link takes them. */
static void
pump(struct link *link, struct rng *rng, size_t *left, uint64_t *hash)
{
	static uint8_t frame[LIMIT_FRAME];
	size_t size;

	while (*left > 0 && link_queued_bytes(link) < LIMIT_LINK_QUEUE / 2) {
		size = 1 + rng_below(rng, *left % 100 == 0 ? LIMIT_FRAME :
		    300);
		for (size_t i = 0; i < size; i += 8) {
			uint64_t number = rng_next(rng);

			memcpy(frame + i, &number,
			    size - i < 8 ? size - i : 8);
		}
		*hash = hash_bytes(hash_number(*hash, size), frame, size);
		ck_assert(link_send(link, frame, size, LINK_BULK));
		--*left;
	}
}

START_TEST(ten_thousand_frames_arrive_both_ways_as_they_were)
{
	struct rng rng = rng_seeded(7);
	size_t to_send = 10000, to_answer = 10000;
	uint64_t sent = 0, answered = 0;

	connect_both();
	LOOP_UNTIL(&loop, (pump(near.link, &rng, &to_send, &sent),
	    pump(far.link, &rng, &to_answer, &answered),
	    near.frames + far.frames == 20000));
	ck_assert_uint_eq(far.hash, sent);
	ck_assert_uint_eq(near.hash, answered);
	ck_assert_uint_eq(link_sent_bytes(near.link),
	    far.bytes + 4 * far.frames);
	ck_assert_uint_eq(link_received_bytes(far.link),
	    link_sent_bytes(near.link));
	ck_assert_uint_eq(link_dropped_bulk(near.link), 0);
	ck_assert_uint_eq(near.downs + far.downs, 0);
}
END_TEST

START_TEST(control_overtakes_bulk_and_each_keeps_its_order)
{
	size_t overtaken = 0, last_bulk = 0, last_control = 0;

	connect_both();
	/* bulk 10001, 10002, ...; control 1, 2, 3 */
	for (size_t i = 1; i <= 60; i++)
		ck_assert(send_zeros(near.link, 10000 + i, LINK_BULK));
	LOOP_UNTIL(&loop, far.frames >= 5);
	for (size_t i = 1; i <= 3; i++)
		ck_assert(send_zeros(near.link, i, LINK_CONTROL));
	LOOP_UNTIL(&loop, far.frames == 63);
	for (size_t i = 0; i < 63; i++) {
		size_t size = far.order[i];

		if (size < 10000)
			ck_assert_uint_eq(size, ++last_control);
		else
			ck_assert_uint_eq(size - 10000, ++last_bulk);
		overtaken += size >= 10000 && last_control == 3;
	}
	/* 3 of 60 are with TLS, some are in the kernel, the rest waits */
	ck_assert_uint_gt(overtaken, 0);
}
END_TEST

START_TEST(control_said_in_the_same_turn_goes_first)
{
	connect_both();
	ck_assert(send_zeros(near.link, 1000, LINK_BULK));
	ck_assert(send_zeros(near.link, 1, LINK_CONTROL));
	LOOP_UNTIL(&loop, far.frames == 2);
	ck_assert_uint_eq(far.order[0], 1);
	ck_assert_uint_eq(far.order[1], 1000);
}
END_TEST

START_TEST(drained_is_told_once_all_is_gone)
{
	connect_both();
	send_zeros(near.link, 60000, LINK_BULK);
	send_zeros(near.link, 1, LINK_CONTROL);
	LOOP_UNTIL(&loop, near.drains == 1);
	ck_assert_uint_eq(link_queued_bytes(near.link), 0);
	LOOP_UNTIL(&loop, far.frames == 2);
	ck_assert_uint_eq(near.drains, 1);
}
END_TEST

START_TEST(a_slow_reader_costs_bulk_but_not_memory_nor_the_link)
{
	size_t taken = 0;

	connect_both();
	link_pause_reading(far.link);
	/* the kernel's buffers swallow some first */
	LOOP_UNTIL(&loop, (send_zeros(near.link, 60000, LINK_BULK) &&
	    ++taken != 0) || link_dropped_bulk(near.link) > 100);
	while (link_dropped_bulk(near.link) <= 100) {
		loop_turn(&loop);
		taken += send_zeros(near.link, 60000, LINK_BULK);
		ck_assert_uint_le(link_queued_bytes(near.link),
		    LIMIT_LINK_QUEUE);
	}
	for (int i = 0; i < 50; i++) {
		loop_turn(&loop);
		ck_assert(!send_zeros(near.link, 60000, LINK_BULK));
	}
	ck_assert_uint_eq(far.frames, 0);
	/* control is taken still */
	ck_assert(send_zeros(near.link, 1, LINK_CONTROL));
	link_resume_reading(far.link);
	LOOP_UNTIL(&loop, far.frames == taken + 1);
	ck_assert_uint_eq(far.bytes, taken * 60000 + 1);
	LOOP_UNTIL(&loop, near.drains > 0);
	ck_assert(link_is_up(near.link));
}
END_TEST

START_TEST(a_full_queue_is_crowded_as_long_as_it_moves)
{
	const instant_ms start = 1000;
	uint64_t sent;

	connect_both();
	ck_assert(!link_crowded(near.link, start));
	link_pause_reading(far.link);
	while (link_dropped_bulk(near.link) == 0) {
		send_zeros(near.link, 60000, LINK_BULK);
		loop_turn(&loop);
	}
	/* until the kernel takes no more */
	do {
		sent = link_sent_bytes(near.link);
		for (int i = 0; i < 50; i++)
			loop_turn(&loop);
	} while (link_sent_bytes(near.link) != sent);
	ck_assert(link_crowded(near.link, start));
	ck_assert(link_crowded(near.link, start + LINK_STUCK_MS - 1));
	ck_assert(!link_crowded(near.link, start + LINK_STUCK_MS));
	link_resume_reading(far.link);
	LOOP_UNTIL(&loop, link_sent_bytes(near.link) != sent);
	ck_assert(link_crowded(near.link, start + 2 * LINK_STUCK_MS) ||
	    link_queued_bytes(near.link) < LIMIT_LINK_QUEUE / 4);
	LOOP_UNTIL(&loop, near.drains > 0);
	ck_assert(!link_crowded(near.link, start + 2 * LINK_STUCK_MS));
}
END_TEST

START_TEST(control_that_does_not_leave_ends_the_link)
{
	connect_both();
	link_pause_reading(far.link);
	LOOP_UNTIL(&loop, !send_zeros(near.link, 60000, LINK_CONTROL));
	/* not from inside link_send() */
	ck_assert_uint_eq(near.downs, 0);
	LOOP_UNTIL(&loop, near.downs == 1);
	ck_assert_int_eq(near.end, LINK_OVERFLOW);
	link_resume_reading(far.link);
	LOOP_UNTIL(&loop, far.downs == 1);
	ck_assert_int_eq(far.end, LINK_LOST);
}
END_TEST

START_TEST(paused_in_the_midst_of_many_frames_none_is_lost)
{
	far.pause_after = 10;
	connect_both();
	for (int i = 0; i < 100; i++)
		send_zeros(near.link, 50, LINK_BULK);
	LOOP_UNTIL(&loop, near.drains == 1);
	for (int i = 0; i < 20; i++)
		loop_turn(&loop);
	ck_assert_uint_eq(far.frames, 10);
	link_resume_reading(far.link);
	LOOP_UNTIL(&loop, far.frames == 100);
}
END_TEST

START_TEST(closed_in_a_frame_no_other_is_delivered)
{
	far.close_after = 3;
	connect_both();
	for (int i = 0; i < 100; i++)
		send_zeros(near.link, 50, LINK_BULK);
	LOOP_UNTIL(&loop, near.downs == 1);
	ck_assert_uint_eq(far.frames, 3);
	ck_assert_uint_eq(far.downs, 0);
	ck_assert_int_eq(near.end, LINK_LOST);
}
END_TEST

START_TEST(closed_when_up_nothing_more_is_called)
{
	near.close_when_up = true;
	dial(NULL);
	LOOP_UNTIL(&loop, far.downs == 1);
	ck_assert_uint_eq(near.ups, 1);
	ck_assert_uint_eq(near.downs, 0);
}
END_TEST

/* ------------------------------------------------------------- the ends */

START_TEST(a_peer_that_dies_is_lost)
{
	connect_both();
	link_close(near.link);
	near.link = NULL;
	LOOP_UNTIL(&loop, far.downs == 1);
	ck_assert_int_eq(far.end, LINK_LOST);
	ck_assert_uint_eq(near.downs, 0);
}
END_TEST

START_TEST(frames_sent_before_death_still_arrive)
{
	connect_both();
	send_zeros(near.link, 1000, LINK_BULK);
	LOOP_UNTIL(&loop, near.drains == 1);
	link_close(near.link);
	near.link = NULL;
	LOOP_UNTIL(&loop, far.downs == 1);
	ck_assert_uint_eq(far.frames, 1);
}
END_TEST

START_TEST(frames_that_come_with_the_end_arrive)
{
	connect_both();
	link_pause_reading(far.link);
	for (int i = 0; i <= _i; i++) {
		send_zeros(near.link, 1 + 100 * (size_t)_i, LINK_BULK);
		LOOP_UNTIL(&loop, near.drains == (unsigned)i + 1);
	}
	link_close(near.link);
	near.link = NULL;
	for (int i = 0; i < 5; i++)
		loop_turn(&loop);
	link_resume_reading(far.link);
	LOOP_UNTIL(&loop, far.downs == 1);
	ck_assert_uint_eq(far.frames, (size_t)_i + 1);
	ck_assert_int_eq(far.end, LINK_LOST);
}
END_TEST

START_TEST(flush_and_close_loses_nothing)
{
	size_t frames = 0;

	connect_both();
	while (send_zeros(near.link, 1 + frames * 37 % 20000, LINK_BULK))
		frames++;
	ck_assert_uint_gt(frames, 50);
	send_zeros(near.link, 7, LINK_CONTROL);
	link_flush_and_close(near.link);
	ck_assert(!send_zeros(near.link, 1, LINK_CONTROL));
	LOOP_UNTIL(&loop, near.downs == 1 && far.downs == 1);
	ck_assert_int_eq(near.end, LINK_FLUSHED);
	ck_assert_int_eq(far.end, LINK_CLEAN);
	ck_assert_uint_eq(far.frames, frames + 1);
}
END_TEST

START_TEST(flush_and_close_hears_the_peer_out)
{
	connect_both();
	/* what the peer has sent when the end reaches it */
	for (int i = 0; i < 10; i++)
		send_zeros(far.link, 1000, LINK_BULK);
	LOOP_UNTIL(&loop, far.drains == 1);
	link_flush_and_close(near.link);
	LOOP_UNTIL(&loop, near.downs == 1 && far.downs == 1);
	ck_assert_uint_eq(near.frames, 10);
	ck_assert_int_eq(near.end, LINK_FLUSHED);
	ck_assert_int_eq(far.end, LINK_CLEAN);
}
END_TEST

START_TEST(both_may_flush_and_close_at_once)
{
	connect_both();
	for (int i = 0; i < 5; i++) {
		send_zeros(near.link, 1000, LINK_BULK);
		send_zeros(far.link, 1000, LINK_BULK);
	}
	link_flush_and_close(near.link);
	link_flush_and_close(far.link);
	LOOP_UNTIL(&loop, near.downs == 1 && far.downs == 1);
	ck_assert_uint_eq(near.frames, 5);
	ck_assert_uint_eq(far.frames, 5);
}
END_TEST

START_TEST(a_reader_that_pauses_gets_all_of_a_flush_later)
{
	connect_both();
	link_pause_reading(far.link);
	for (int i = 0; i < 10; i++)
		send_zeros(near.link, 60000, LINK_BULK);
	link_flush_and_close(near.link);
	for (int i = 0; i < 20; i++)
		loop_turn(&loop);
	link_resume_reading(far.link);
	LOOP_UNTIL(&loop, near.downs == 1 && far.downs == 1);
	ck_assert_uint_eq(far.frames, 10);
	ck_assert_int_eq(far.end, LINK_CLEAN);
}
END_TEST

START_TEST(a_link_given_up_before_it_is_up_says_so)
{
	dial(NULL);
	link_flush_and_close(near.link);
	ck_assert_uint_eq(near.downs, 0);
	LOOP_UNTIL(&loop, near.downs == 1);
	ck_assert_int_eq(near.end, LINK_FLUSHED);
	ck_assert_uint_eq(near.ups, 0);
}
END_TEST

START_TEST(a_port_without_listener_refuses)
{
	struct address to = loopback(listener_port(listener));

	listener_close(listener);
	listener = NULL;
	near.link = link_dial(&here.context, &to, NULL, &near);
	ck_assert_uint_eq(near.downs, 0);
	LOOP_UNTIL(&loop, near.downs == 1);
	ck_assert_int_eq(near.end, LINK_REFUSED);
}
END_TEST

START_TEST(an_address_without_way_is_unreachable)
{
	struct address to = { .family = ADDRESS_IPV6,
		.ip = { 0xfe, 0x80, [15] = 1 }, .port = 7, .scope = 999999 };

	near.link = link_dial(&here.context, &to, NULL, &near);
	ck_assert_uint_eq(near.downs, 0);
	LOOP_UNTIL(&loop, near.downs == 1);
	ck_assert_int_eq(near.end, LINK_UNREACHABLE);
}
END_TEST

START_TEST(another_node_than_expected_is_hung_up_on)
{
	dial(identity_id(here.identity));
	LOOP_UNTIL(&loop, near.downs == 1);
	ck_assert_int_eq(near.end, LINK_WRONG_ID);
	ck_assert_uint_eq(near.ups, 0);
	LOOP_UNTIL(&loop, far.downs == 1);
}
END_TEST

START_TEST(a_trusted_link_has_no_deadline)
{
	int64_t began;

	here.context.handshake_ms = there.context.handshake_ms = 50;
	connect_both();
	began = loop_now_ms();
	LOOP_UNTIL(&loop, loop_now_ms() - began > 150);
	ck_assert(link_is_up(near.link) && link_is_up(far.link));
	ck_assert(link_is_trusted(near.link));
}
END_TEST

START_TEST(who_is_never_trusted_is_hung_up_on_in_time)
{
	int64_t began = loop_now_ms(), took;

	far.trusts = false;
	there.context.handshake_ms = 150;
	connect_both();
	/* talking does not put it off */
	LOOP_UNTIL(&loop, near.link == NULL ||
	    (send_zeros(near.link, 1, LINK_CONTROL), far.downs == 1));
	LOOP_UNTIL(&loop, far.downs == 1);
	took = loop_now_ms() - began;
	ck_assert_int_eq(far.end, LINK_TIMEOUT);
	ck_assert_int_ge(took, 145);
	ck_assert_int_lt(took, 2000);
}
END_TEST

/* ------------------------------------------------------------- strangers */

/* A stranger speaks TCP, or TLS as it likes, but not through net/link. */
struct stranger {
	struct bufferevent *stream;
	bool connected, ended;
};

static void
on_stranger_event(struct bufferevent *stream, short what, void *self)
{
	struct stranger *stranger = self;

	(void)stream;
	if ((what & BEV_EVENT_CONNECTED) != 0)
		stranger->connected = true;
	else
		stranger->ended = true;
}

/* Connects from 127.0.0.LAST; with a session TLS is spoken. */
static void
stranger_open(struct stranger *stranger, uint8_t last, SSL *session)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(listener_port(listener)) };
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	from.sin_addr.s_addr = htonl(UINT32_C(0x7f000000) | last);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(descriptor, (void *)&from, sizeof from), 0);
	ck_assert_int_eq(connect(descriptor, (void *)&to, sizeof to), 0);
	fcntl(descriptor, F_SETFL, O_NONBLOCK);
	*stranger = (struct stranger){ 0 };
	stranger->stream = session == NULL ?
	    bufferevent_socket_new(loop.base, descriptor,
		BEV_OPT_CLOSE_ON_FREE) :
	    bufferevent_openssl_socket_new(loop.base, descriptor, session,
		BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(stranger->stream, NULL, NULL, on_stranger_event,
	    stranger);
	bufferevent_enable(stranger->stream, EV_READ | EV_WRITE);
}

static void
stranger_close(struct stranger *stranger)
{
	bufferevent_free(stranger->stream);
}

START_TEST(garbage_instead_of_tls_is_hung_up_on)
{
	static const char *const garbage[] = { "GET / HTTP/1.0\r\n\r\n",
		"\x16\x03\x01\xff\xff garbage that only begins like a hello",
		"{\"hello\":1}\n", "SSH-2.0-OpenSSH_9.2\r\n" };
	struct stranger stranger;

	there.context.handshake_ms = 300;
	stranger_open(&stranger, 1, NULL);
	bufferevent_write(stranger.stream, garbage[_i], strlen(garbage[_i]));
	LOOP_UNTIL(&loop, far.downs == 1 && stranger.ended);
	ck_assert(far.end == LINK_TLS || (_i == 1 && far.end == LINK_TIMEOUT));
	ck_assert_uint_eq(far.ups, 0);
	stranger_close(&stranger);
	/* and the next one is welcome */
	there.context.handshake_ms = 0;
	far = (struct seen){ .trusts = true };
	connect_both();
}
END_TEST

START_TEST(a_silent_stranger_is_hung_up_on_in_time)
{
	int64_t began = loop_now_ms(), took;
	struct stranger stranger;

	there.context.handshake_ms = 150;
	stranger_open(&stranger, 1, NULL);
	LOOP_UNTIL(&loop, far.downs == 1 && stranger.ended);
	took = loop_now_ms() - began;
	ck_assert_int_eq(far.end, LINK_TIMEOUT);
	ck_assert_int_ge(took, 145);
	ck_assert_int_lt(took, 2000);
	stranger_close(&stranger);
}
END_TEST

START_TEST(a_trickle_of_bytes_does_not_put_the_deadline_off)
{
	/* a record header that announces more than ever comes */
	static const uint8_t trickle[] = { 0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3,
		3 };
	struct stranger stranger;
	size_t sent = 0;

	there.context.handshake_ms = 150;
	stranger_open(&stranger, 1, NULL);
	LOOP_UNTIL(&loop, (sent < 400 && !stranger.ended ?
	    bufferevent_write(stranger.stream, sent < sizeof trickle ?
	    &trickle[sent] : trickle, 1), sent++ : 0, far.downs == 1));
	ck_assert_int_eq(far.end, LINK_TIMEOUT);
	stranger_close(&stranger);
}
END_TEST

START_TEST(a_listener_that_never_answers_is_given_up)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t size = sizeof name;
	int mute = socket(AF_INET, SOCK_STREAM, 0);
	struct address to;

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(mute, (void *)&name, sizeof name), 0);
	ck_assert_int_eq(listen(mute, 5), 0);
	getsockname(mute, (void *)&name, &size);
	to = loopback(ntohs(name.sin_port));
	here.context.handshake_ms = 150;
	near.link = link_dial(&here.context, &to, NULL, &near);
	LOOP_UNTIL(&loop, near.downs == 1);
	ck_assert_int_eq(near.end, LINK_TIMEOUT);
	close(mute);
}
END_TEST

enum refused_client {
	CLIENT_TLS_1_2,
	CLIENT_WITHOUT_CERTIFICATE,
	CLIENT_WITHOUT_ALPN,
	CLIENT_WITH_OTHER_ALPN,
	CLIENT_WITH_RSA,
	REFUSED_CLIENTS,
};

static void
use_rsa(SSL_CTX *context)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	X509 *certificate = X509_new();

	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_sign(certificate, key, EVP_sha256());
	SSL_CTX_use_certificate(context, certificate);
	SSL_CTX_use_PrivateKey(context, key);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

START_TEST(a_client_that_is_not_quite_right_is_refused)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	struct stranger stranger;
	SSL *session;

	if (_i == CLIENT_WITH_RSA) {
		use_rsa(context);
	} else if (_i != CLIENT_WITHOUT_CERTIFICATE) {
		SSL_CTX_use_certificate(context,
		    identity_certificate(here.identity));
		SSL_CTX_use_PrivateKey(context, identity_key(here.identity));
	}
	if (_i == CLIENT_TLS_1_2)
		SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
	if (_i != CLIENT_WITHOUT_ALPN)
		SSL_CTX_set_alpn_protos(context, (const unsigned char *)
		    (_i == CLIENT_WITH_OTHER_ALPN ? "\x07" "dchat/2" :
			"\x07" "dchat/1"), 8);
	session = SSL_new(context);
	stranger_open(&stranger, 1, session);
	LOOP_UNTIL(&loop, far.downs == 1 && stranger.ended);
	ck_assert_msg(far.end == LINK_TLS, "%s: %s", link_end_name(far.end),
	    far.text);
	ck_assert_uint_eq(far.ups, 0);
	stranger_close(&stranger);
	SSL_CTX_free(context);
}
END_TEST

START_TEST(no_ticket_is_given_for_a_resumption)
{
	SSL *session = tls_session(here.tls, true);
	struct stranger stranger;

	stranger_open(&stranger, 1, session);
	LOOP_UNTIL(&loop, far.ups == 1);
	send_zeros(far.link, 1, LINK_CONTROL);
	LOOP_UNTIL(&loop, evbuffer_get_length(
	    bufferevent_get_input(stranger.stream)) == 5);
	ck_assert_int_eq(SSL_SESSION_is_resumable(SSL_get_session(session)),
	    0);
	stranger_close(&stranger);
	LOOP_UNTIL(&loop, far.downs == 1);
}
END_TEST

/* A stranger with a key, which then sends what it likes. */
static void
send_raw(struct stranger *stranger, const void *bytes, size_t size)
{
	stranger_open(stranger, 1, tls_session(here.tls, true));
	bufferevent_write(stranger->stream, bytes, size);
}

START_TEST(a_frame_of_forbidden_length_ends_the_link)
{
	static const struct {
		uint32_t size;
		bool trusted;
	} cases[] = { { 0, false }, { 0, true },
		{ LIMIT_FRAME_STRANGER + 1, false }, { LIMIT_FRAME, false },
		{ LIMIT_FRAME + 1, true }, { UINT32_MAX, true },
		{ UINT32_MAX, false } };
	struct stranger stranger;
	uint8_t header[4];

	far.trusts = cases[_i].trusted;
	bytes_put_u32(header, cases[_i].size);
	send_raw(&stranger, header, sizeof header);
	LOOP_UNTIL(&loop, far.downs == 1 && stranger.ended);
	ck_assert_int_eq(far.end, LINK_PROTOCOL);
	ck_assert_uint_eq(far.frames, 0);
	stranger_close(&stranger);
}
END_TEST

START_TEST(frames_at_the_limits_are_taken)
{
	near.trusts = far.trusts = false;
	connect_both();
	send_zeros(near.link, LIMIT_FRAME_STRANGER, LINK_BULK);
	LOOP_UNTIL(&loop, far.frames == 1);
	link_trust(far.link);
	send_zeros(near.link, LIMIT_FRAME, LINK_BULK);
	LOOP_UNTIL(&loop, far.frames == 2);
	ck_assert_uint_eq(far.bytes, LIMIT_FRAME_STRANGER + LIMIT_FRAME);
}
END_TEST

START_TEST(a_truncated_frame_is_not_delivered)
{
	static const uint8_t bytes[] = { 0, 0, 0, 2, 'o', 'k', 0, 0, 0, 9, 'n',
		'o' };
	struct stranger stranger;

	send_raw(&stranger, bytes, sizeof bytes);
	LOOP_UNTIL(&loop, far.frames == 1);
	stranger_close(&stranger);
	LOOP_UNTIL(&loop, far.downs == 1);
	ck_assert_int_eq(far.end, LINK_LOST);
	ck_assert_uint_eq(far.frames, 1);
}
END_TEST

START_TEST(a_frame_whose_rest_comes_with_the_end_arrives)
{
	/* so long that libevent reads the rest into two pieces of memory */
	static const uint8_t bytes[6000] = { 0, 0, 0x17, 0x6c };
	struct stranger stranger;

	send_raw(&stranger, bytes, 5000);
	LOOP_UNTIL(&loop, far.ups == 1);
	for (int i = 0; i < 10; i++)
		loop_turn(&loop);
	link_pause_reading(far.link);
	bufferevent_write(stranger.stream, bytes + 5000, 1000);
	LOOP_UNTIL(&loop, evbuffer_get_length(
	    bufferevent_get_output(stranger.stream)) == 0);
	if (_i == 1)
		SSL_shutdown(bufferevent_openssl_get_ssl(stranger.stream));
	stranger_close(&stranger);
	for (int i = 0; i < 10; i++)
		loop_turn(&loop);
	link_resume_reading(far.link);
	LOOP_UNTIL(&loop, far.downs == 1);
	ck_assert_uint_eq(far.frames, 1);
	ck_assert_int_eq(far.end, _i == 1 ? LINK_CLEAN : LINK_LOST);
}
END_TEST

START_TEST(frames_cut_anywhere_are_put_together)
{
	static const uint8_t bytes[] = { 0, 0, 0, 1, 'a', 0, 0, 0, 2, 'b',
		'c' };
	struct stranger stranger;

	stranger_open(&stranger, 1, tls_session(here.tls, true));
	for (size_t i = 0; i < sizeof bytes; i++) {
		bufferevent_write(stranger.stream, &bytes[i], 1);
		LOOP_UNTIL(&loop, evbuffer_get_length(
		    bufferevent_get_output(stranger.stream)) == 0);
	}
	LOOP_UNTIL(&loop, far.frames == 2);
	ck_assert_uint_eq(far.order[0], 1);
	ck_assert_uint_eq(far.order[1], 2);
	stranger_close(&stranger);
}
END_TEST

START_TEST(random_bytes_in_tls_only_end_their_link)
{
	struct rng rng = rng_seeded((uint64_t)_i);
	struct stranger stranger;
	uint8_t bytes[2000];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)rng_next(&rng);
	/* a plausible length first, so that some is taken for frames */
	bytes_put_u32(bytes, 1 + (uint32_t)rng_below(&rng, 500));
	send_raw(&stranger, bytes, sizeof bytes);
	LOOP_UNTIL(&loop, far.downs == 1);
	ck_assert_int_eq(far.end, LINK_PROTOCOL);
	stranger_close(&stranger);
}
END_TEST

/* A relay counts what really goes over the wire. */
struct relay {
	struct bufferevent *ends[2];
	size_t bytes;
};

static void
on_relay(struct bufferevent *from, void *self)
{
	struct relay *relay = self;
	struct evbuffer *input = bufferevent_get_input(from);

	relay->bytes += evbuffer_get_length(input);
	bufferevent_write_buffer(
	    relay->ends[from == relay->ends[0]], input);
}

START_TEST(many_frames_of_one_turn_leave_as_one_record)
{
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t size = sizeof name;
	int front = socket(AF_INET, SOCK_STREAM, 0), back;
	struct relay relay = { 0 };
	struct address to;
	size_t before;

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(front, (void *)&name, sizeof name), 0);
	listen(front, 1);
	getsockname(front, (void *)&name, &size);
	to = loopback(ntohs(name.sin_port));
	near.link = link_dial(&here.context, &to, NULL, &near);
	back = accept(front, NULL, NULL);
	fcntl(back, F_SETFL, O_NONBLOCK);
	close(front);
	relay.ends[0] = bufferevent_socket_new(loop.base, back,
	    BEV_OPT_CLOSE_ON_FREE);
	relay.ends[1] = bufferevent_socket_new(loop.base, -1,
	    BEV_OPT_CLOSE_ON_FREE);
	name.sin_port = htons(listener_port(listener));
	bufferevent_socket_connect(relay.ends[1], (void *)&name, sizeof name);
	for (int i = 0; i < 2; i++) {
		bufferevent_setcb(relay.ends[i], on_relay, NULL, NULL,
		    &relay);
		bufferevent_enable(relay.ends[i], EV_READ | EV_WRITE);
	}
	LOOP_UNTIL(&loop, near.ups == 1 && far.ups == 1);
	before = relay.bytes;
	for (int i = 0; i < 200; i++)
		send_zeros(near.link, 16, i % 2 ? LINK_BULK : LINK_CONTROL);
	LOOP_UNTIL(&loop, far.frames == 200);
	/* 4000 bytes and one record's header, type and tag */
	ck_assert_uint_eq(relay.bytes - before, 200 * (4 + 16) + 5 + 1 + 16);
	bufferevent_free(relay.ends[0]);
	bufferevent_free(relay.ends[1]);
	LOOP_UNTIL(&loop, near.downs == 1 && far.downs == 1);
}
END_TEST

/* ------------------------------------------------------------- listening */

START_TEST(a_taken_port_gets_a_sentence)
{
	ck_assert_ptr_null(listener_open(&here.context,
	    listener_port(listener), &near, problem));
	ck_assert_ptr_nonnull(strstr(problem, "taken"));
}
END_TEST

START_TEST(one_address_holds_only_so_many_half_open_links)
{
	struct stranger strangers[LIMIT_HALF_OPEN_ADDRESS + 1], other;
	unsigned ended = 0;

	for (int i = 0; i <= LIMIT_HALF_OPEN_ADDRESS; i++)
		stranger_open(&strangers[i], 2, NULL);
	LOOP_UNTIL(&loop, listener_refused(listener) == 1);
	ck_assert_uint_eq(listener_half_open(listener),
	    LIMIT_HALF_OPEN_ADDRESS);
	LOOP_UNTIL(&loop, strangers[LIMIT_HALF_OPEN_ADDRESS].ended);
	for (int i = 0; i < LIMIT_HALF_OPEN_ADDRESS; i++)
		ended += strangers[i].ended;
	ck_assert_uint_eq(ended, 0);
	/* nobody else suffers */
	stranger_open(&other, 3, NULL);
	LOOP_UNTIL(&loop, listener_half_open(listener) ==
	    LIMIT_HALF_OPEN_ADDRESS + 1);
	connect_both();
	for (int i = 0; i <= LIMIT_HALF_OPEN_ADDRESS; i++)
		stranger_close(&strangers[i]);
	LOOP_UNTIL(&loop, listener_half_open(listener) == 1);
	stranger_close(&other);
}
END_TEST

START_TEST(more_than_the_limit_wait_their_turn)
{
	struct stranger strangers[LIMIT_HALF_OPEN];

	for (int i = 0; i < LIMIT_HALF_OPEN; i++)
		stranger_open(&strangers[i], 1, NULL);
	LOOP_UNTIL(&loop, listener_half_open(listener) == LIMIT_HALF_OPEN);
	dial(NULL);
	for (int i = 0; i < 20; i++)
		loop_turn(&loop);
	ck_assert_uint_eq(near.ups, 0);
	stranger_close(&strangers[0]);
	LOOP_UNTIL(&loop, near.ups == 1 && far.ups == 1);
	for (int i = 1; i < LIMIT_HALF_OPEN; i++)
		stranger_close(&strangers[i]);
	LOOP_UNTIL(&loop, listener_half_open(listener) == 0);
	ck_assert_uint_eq(listener_refused(listener), 0);
}
END_TEST

START_TEST(closing_the_listener_leaves_what_is_up)
{
	struct stranger stranger;

	far.trusts = false;
	connect_both();
	stranger_open(&stranger, 1, NULL);
	LOOP_UNTIL(&loop, listener_half_open(listener) == 2);
	listener_close(listener);
	listener = NULL;
	LOOP_UNTIL(&loop, stranger.ended);
	link_trust(far.link);
	send_zeros(near.link, 1, LINK_CONTROL);
	LOOP_UNTIL(&loop, far.frames == 1);
	stranger_close(&stranger);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("link");
	TCase *nodes = tcase_create("two nodes");
	TCase *ends = tcase_create("the ends");
	TCase *strangers = tcase_create("strangers");
	TCase *listening = tcase_create("listening");
	TCase *cases[] = { nodes, ends, strangers, listening };
	SRunner *runner;
	int failed;

	tcase_add_test(nodes, both_ends_learn_who_the_other_is);
	tcase_add_test(nodes, ipv6_is_dialled_too);
	tcase_add_test(nodes,
	    ten_thousand_frames_arrive_both_ways_as_they_were);
	tcase_add_test(nodes, control_overtakes_bulk_and_each_keeps_its_order);
	tcase_add_test(nodes, control_said_in_the_same_turn_goes_first);
	tcase_add_test(nodes, drained_is_told_once_all_is_gone);
	tcase_add_test(nodes,
	    a_slow_reader_costs_bulk_but_not_memory_nor_the_link);
	tcase_add_test(nodes, a_full_queue_is_crowded_as_long_as_it_moves);
	tcase_add_test(nodes, control_that_does_not_leave_ends_the_link);
	tcase_add_test(nodes, paused_in_the_midst_of_many_frames_none_is_lost);
	tcase_add_test(nodes, closed_in_a_frame_no_other_is_delivered);
	tcase_add_test(nodes, closed_when_up_nothing_more_is_called);
	tcase_add_test(nodes, many_frames_of_one_turn_leave_as_one_record);

	tcase_add_test(ends, a_peer_that_dies_is_lost);
	tcase_add_test(ends, frames_sent_before_death_still_arrive);
	tcase_add_loop_test(ends, frames_that_come_with_the_end_arrive, 0, 8);
	tcase_add_test(ends, flush_and_close_loses_nothing);
	tcase_add_test(ends, flush_and_close_hears_the_peer_out);
	tcase_add_test(ends, both_may_flush_and_close_at_once);
	tcase_add_test(ends, a_reader_that_pauses_gets_all_of_a_flush_later);
	tcase_add_test(ends, a_link_given_up_before_it_is_up_says_so);
	tcase_add_test(ends, a_port_without_listener_refuses);
	tcase_add_test(ends, an_address_without_way_is_unreachable);
	tcase_add_test(ends, another_node_than_expected_is_hung_up_on);
	tcase_add_test(ends, a_trusted_link_has_no_deadline);
	tcase_add_test(ends, who_is_never_trusted_is_hung_up_on_in_time);

	tcase_add_loop_test(strangers, garbage_instead_of_tls_is_hung_up_on, 0,
	    4);
	tcase_add_test(strangers, a_silent_stranger_is_hung_up_on_in_time);
	tcase_add_test(strangers,
	    a_trickle_of_bytes_does_not_put_the_deadline_off);
	tcase_add_test(strangers, a_listener_that_never_answers_is_given_up);
	tcase_add_loop_test(strangers,
	    a_client_that_is_not_quite_right_is_refused, 0, REFUSED_CLIENTS);
	tcase_add_test(strangers, no_ticket_is_given_for_a_resumption);
	tcase_add_loop_test(strangers,
	    a_frame_of_forbidden_length_ends_the_link, 0, 7);
	tcase_add_test(strangers, frames_at_the_limits_are_taken);
	tcase_add_test(strangers, a_truncated_frame_is_not_delivered);
	tcase_add_loop_test(strangers,
	    a_frame_whose_rest_comes_with_the_end_arrives, 0, 2);
	tcase_add_test(strangers, frames_cut_anywhere_are_put_together);
	tcase_add_loop_test(strangers, random_bytes_in_tls_only_end_their_link,
	    0, 20);

	tcase_add_test(listening, a_taken_port_gets_a_sentence);
	tcase_add_test(listening,
	    one_address_holds_only_so_many_half_open_links);
	tcase_add_test(listening, more_than_the_limit_wait_their_turn);
	tcase_add_test(listening, closing_the_listener_leaves_what_is_up);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		tcase_add_checked_fixture(cases[i], set_up, tear_down);
		tcase_set_timeout(cases[i], 60);
		suite_add_tcase(suite, cases[i]);
	}
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
