/*
 * host/mesh: which links count, which one of two stays, who runs twice.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/clock.h"
#include "host/mesh.h"
#include "host/tunnel.h"
#include "net/link.h"
#include "net/tls.h"
#include "tests/support/loop.h"
#include "wire/codec.h"

enum { NUMBERS = 512 };

/* A mesh and what it told. */
struct end {
	struct mesh *mesh;
	struct identity *identity;
	unsigned ups, downs, fails, frames, breaks, twices, newcomers, gones;
	enum reason why; /* of the last down or failed */
	uint64_t start;  /* of the last up */
	struct id peer;  /* of the last up */
	struct address address;
	struct id via;
	uint64_t numbers[NUMBERS]; /* of the frames, in order */
	bool answers;              /* pings, as a node would */
};

static const struct id direct;
static struct loop loop;
static struct log quiet;
static struct end ana, bob, cid;

static const struct id *
id_of(const struct end *end)
{
	return identity_id(end->identity);
}

static void
on_up(void *self, const struct id *peer, uint64_t start,
    const struct address *address, const struct id *via)
{
	struct end *end = self;

	end->ups++;
	end->peer = *peer;
	end->start = start;
	end->address = *address;
	end->via = via == NULL ? direct : *via;
}

static void
on_down(void *self, const struct id *peer, enum reason why)
{
	struct end *end = self;

	(void)peer;
	end->downs++;
	end->why = why;
}

static void
on_failed(void *self, const struct id *peer, const struct address *address,
    const struct id *via, enum reason why)
{
	struct end *end = self;

	(void)peer, (void)address;
	end->via = via == NULL ? direct : *via;
	end->fails++;
	end->why = why;
}

static void
on_frame(void *self, const struct id *peer, const uint8_t key[static KEY_BYTES],
    const struct frame *frame)
{
	struct end *end = self;
	struct id id;

	identity_id_of_key(key, &id);
	ck_assert(id_equal(&id, peer));
	if (frame->type == FRAME_PING && end->answers) {
		struct frame pong = *frame;

		pong.type = FRAME_PONG;
		mesh_send(end->mesh, peer, 1, &pong);
	}
	if (end->frames < NUMBERS)
		end->numbers[end->frames] = frame->ping.number;
	end->frames++;
}

static void
on_broken(void *self, const struct id *peer, const char *why)
{
	struct end *end = self;

	(void)peer;
	ck_assert_str_ne(why, "");
	end->breaks++;
}

static void
on_twice(void *self, const struct id *who, bool i_am_newcomer)
{
	struct end *end = self;

	(void)who;
	end->twices++;
	end->newcomers += i_am_newcomer;
}

static void
on_gone(void *self)
{
	((struct end *)self)->gones++;
}

static void
open_end(struct end *end, struct identity *identity, uint64_t nonce,
    uint64_t start, char network)
{
	const struct mesh_events events = { on_up, on_down, on_failed, on_frame,
		on_broken, on_twice, on_gone, end };
	struct mesh_options options = {
		.loop = loop.base,
		.identity = identity,
		.log = &quiet,
		.tag = { (uint8_t)network },
		.nonce = nonce,
		.start = start,
	};
	char problem[256];

	*end = (struct end){ .identity = identity };
	end->mesh = mesh_open(&options, &events, problem);
	ck_assert_msg(end->mesh != NULL, "%s", problem);
}

static void
set_up(void)
{
	signal(SIGPIPE, SIG_IGN);
	loop_init(&loop);
	open_end(&ana, identity_ephemeral(), 1, 1, 'a');
	open_end(&bob, identity_ephemeral(), 2, 1, 'a');
	cid = (struct end){ 0 };
}

static void
tear_down(void)
{
	mesh_close(ana.mesh);
	mesh_close(bob.mesh);
	mesh_close(cid.mesh);
	identity_close(ana.identity);
	if (cid.identity != bob.identity)
		identity_close(cid.identity);
	identity_close(bob.identity);
	loop_free(&loop);
}

static struct address
address_of(const struct end *end)
{
	return (struct address){ ADDRESS_IPV4, { 127, 0, 0, 1 },
		mesh_port(end->mesh), 0 };
}

static void
dial(struct end *from, const struct end *to)
{
	struct address address = address_of(to);

	mesh_dial(from->mesh, id_of(to), &address);
}

static void
send_number(struct end *from, const struct end *to, uint64_t number)
{
	struct frame frame = { .type = FRAME_PONG };

	frame.ping.number = number;
	mesh_send(from->mesh, id_of(to), 1, &frame);
}

static void
link_both(void)
{
	dial(&ana, &bob);
	LOOP_UNTIL(&loop, ana.ups == 1 && bob.ups == 1);
}

START_TEST(a_link_is_up_at_both_ends_with_the_peers_address)
{
	struct address at;

	link_both();
	ck_assert(id_equal(&ana.peer, id_of(&bob)));
	ck_assert(id_equal(&bob.peer, id_of(&ana)));
	at = address_of(&bob);
	ck_assert(address_equal(&ana.address, &at));
	at = address_of(&ana);
	ck_assert(address_equal(&bob.address, &at));
	send_number(&ana, &bob, 5);
	send_number(&bob, &ana, 6);
	LOOP_UNTIL(&loop, ana.frames == 1 && bob.frames == 1);
	ck_assert_uint_eq(bob.numbers[0], 5);
	ck_assert_uint_eq(ana.numbers[0], 6);
}
END_TEST

START_TEST(a_dial_to_an_address_finds_whoever_is_there)
{
	struct address at = address_of(&bob);

	mesh_dial(ana.mesh, NULL, &at);
	LOOP_UNTIL(&loop, ana.ups == 1 && bob.ups == 1);
	ck_assert(id_equal(&ana.peer, id_of(&bob)));
}
END_TEST

/* Frames sent all the while: on either link, before and after. */
START_TEST(of_two_links_one_stays_and_nothing_is_lost)
{
	bool seen[2][NUMBERS] = { { false } };
	unsigned sent = 0;

	dial(&ana, &bob);
	dial(&bob, &ana);
	LOOP_UNTIL(&loop, ana.ups == 1 && bob.ups == 1);
	while (sent < 200) {
		send_number(&ana, &bob, sent);
		send_number(&bob, &ana, sent);
		sent++;
		if (sent % 5 == 0)
			ck_assert(loop_turn(&loop));
	}
	LOOP_UNTIL(&loop, ana.frames >= sent && bob.frames >= sent);
	for (unsigned i = 0; i < sent; i++) {
		seen[0][ana.numbers[i]] = true;
		seen[1][bob.numbers[i]] = true;
	}
	for (unsigned i = 0; i < sent; i++)
		ck_assert(seen[0][i] && seen[1][i]);
	ck_assert_uint_eq(ana.ups + bob.ups, 2);
	ck_assert_uint_eq(ana.downs + bob.downs, 0);
	ck_assert_uint_eq(ana.fails + bob.fails, 0);
}
END_TEST

START_TEST(a_dial_to_oneself_is_remembered)
{
	struct address at = address_of(&ana);

	mesh_dial(ana.mesh, NULL, &at);
	LOOP_UNTIL(&loop, ana.fails == 1);
	ck_assert_int_eq(ana.why, REASON_NONE);
	ck_assert_uint_eq(mesh_counters(ana.mesh).dials, 1);
	mesh_dial(ana.mesh, NULL, &at);
	ck_assert_uint_eq(ana.fails, 2);
	ck_assert_uint_eq(mesh_counters(ana.mesh).dials, 1);
	ck_assert_uint_eq(ana.ups + ana.twices, 0);
}
END_TEST

START_TEST(another_network_does_not_come_in)
{
	open_end(&cid, identity_ephemeral(), 3, 1, 'b');
	dial(&cid, &ana);
	LOOP_UNTIL(&loop, cid.fails == 1);
	ck_assert_uint_eq(ana.ups + cid.ups, 0);
	ck_assert_uint_eq(ana.breaks, 0);
}
END_TEST

START_TEST(another_peer_than_expected_is_refused)
{
	struct address at = address_of(&bob);
	struct id nobody = { { 1 } };

	mesh_dial(ana.mesh, &nobody, &at);
	LOOP_UNTIL(&loop, ana.fails == 1);
	ck_assert_int_eq(ana.why, REASON_REFUSED);
	ck_assert_uint_eq(ana.ups + bob.ups, 0);
}
END_TEST

START_TEST(a_dial_where_nobody_listens_is_refused)
{
	struct address at = address_of(&bob);

	mesh_close(bob.mesh);
	bob.mesh = NULL;
	mesh_dial(ana.mesh, id_of(&bob), &at);
	LOOP_UNTIL(&loop, ana.fails == 1);
	ck_assert_int_eq(ana.why, REASON_REFUSED);
}
END_TEST

START_TEST(a_peer_that_dies_is_lost)
{
	link_both();
	mesh_close(bob.mesh);
	bob.mesh = NULL;
	LOOP_UNTIL(&loop, ana.downs == 1);
	ck_assert_int_eq(ana.why, REASON_LOST);
}
END_TEST

/* Bob says a lot to ana, and goodbye. */
static void
leave_talking(void)
{
	struct frame goodbye = { .type = FRAME_GOODBYE };

	for (unsigned i = 0; i < 300; i++)
		send_number(&bob, &ana, i);
	mesh_send(bob.mesh, id_of(&ana), 1, &goodbye);
	mesh_leave(bob.mesh);
	LOOP_UNTIL(&loop, bob.gones == 1 && ana.downs == 1);
	ck_assert_uint_eq(ana.frames, 301);
	ck_assert_int_eq(ana.why, REASON_GOODBYE);
}

START_TEST(leaving_says_all_that_was_to_be_said)
{
	link_both();
	leave_talking();
}
END_TEST

START_TEST(leaving_alone_is_done_at_once)
{
	mesh_leave(bob.mesh);
	ck_assert_uint_eq(bob.gones, 1);
}
END_TEST

START_TEST(hanging_up_is_told_to_the_one_and_felt_by_the_other)
{
	link_both();
	mesh_hangup(ana.mesh, id_of(&bob), REASON_SILENT);
	ck_assert_uint_eq(ana.downs, 1);
	ck_assert_int_eq(ana.why, REASON_SILENT);
	LOOP_UNTIL(&loop, bob.downs == 1);
	ck_assert_int_eq(bob.why, REASON_LOST);
	mesh_hangup(ana.mesh, id_of(&bob), REASON_SILENT);
	ck_assert_uint_eq(ana.downs, 1);
}
END_TEST

/* cid is bob once more, started later. */
static void
open_twin(void)
{
	open_end(&cid, bob.identity, 3, 2, 'a');
}

START_TEST(a_restarted_peer_takes_the_place_of_its_silent_self)
{
	link_both();
	open_twin();
	dial(&cid, &ana);
	LOOP_UNTIL(&loop, ana.ups == 2 && cid.ups == 1);
	ck_assert_uint_eq(ana.start, 2);
	ck_assert_uint_eq(ana.downs, 1);
	ck_assert_int_eq(ana.why, REASON_RESTARTED);
	send_number(&ana, &bob, 7);
	LOOP_UNTIL(&loop, cid.frames == 1);
	ck_assert_uint_eq(ana.twices + cid.twices, 0);
}
END_TEST

START_TEST(of_an_identity_that_runs_twice_the_newcomer_goes)
{
	link_both();
	bob.answers = true;
	open_twin();
	dial(&cid, &ana);
	LOOP_UNTIL(&loop, cid.newcomers == 1);
	LOOP_UNTIL(&loop, bob.twices == 1);
	ck_assert_uint_eq(ana.twices, 1);
	ck_assert_uint_eq(bob.newcomers, 0);
	ck_assert_uint_eq(ana.downs, 0);
	ck_assert_uint_eq(ana.ups, 1);
	/* The first one is still there. */
	send_number(&ana, &bob, 7);
	LOOP_UNTIL(&loop, bob.numbers[bob.frames - 1] == 7);
}
END_TEST

START_TEST(twins_that_meet_know_who_came_later)
{
	open_twin();
	dial(&bob, &cid);
	LOOP_UNTIL(&loop, bob.twices == 1 && cid.twices == 1);
	ck_assert_uint_eq(bob.newcomers, 0);
	ck_assert_uint_eq(cid.newcomers, 1);
}
END_TEST

/* -- somebody with a key who does not keep to the protocol --------------- */

struct stranger {
	struct link *link;
	struct tls *tls;
	struct link_context context;
	const struct frame *first; /* sent when up; NULL: garbage */
	unsigned downs;
};

static void
stranger_up(struct link *link, void *owner)
{
	struct stranger *stranger = owner;
	struct bytes bytes;

	bytes_init(&bytes);
	if (stranger->first != NULL)
		codec_encode(stranger->first, false, &bytes);
	else
		bytes_append_text(&bytes, "{]");
	link_send(link, bytes.data, bytes.size, LINK_CONTROL);
	bytes_free(&bytes);
}

static void
stranger_frame(struct link *link, void *owner, const uint8_t *bytes,
    size_t size)
{
	(void)owner, (void)bytes, (void)size;
	link_trust(link);
}

static void
stranger_down(struct link *link, void *owner, enum link_end how,
    const char *text)
{
	struct stranger *stranger = owner;

	(void)link, (void)how, (void)text;
	stranger->link = NULL;
	stranger->downs++;
}

static void
send_in(struct stranger *stranger, const struct frame *first)
{
	struct address at = address_of(&ana);

	cid.identity = identity_ephemeral();
	stranger->downs = 0;
	stranger->first = first;
	stranger->tls = tls_new(identity_certificate(cid.identity),
	    identity_key(cid.identity), identity_id_of_key);
	stranger->context = (struct link_context){
		.loop = loop.base,
		.tls = stranger->tls,
		.events = { stranger_up, stranger_frame, NULL, stranger_down },
	};
	stranger->link = link_dial(&stranger->context, &at, NULL, stranger);
}

static struct frame
hello(void)
{
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.version = MESH_VERSION;
	frame.hello.tag[0] = 'a';
	frame.hello.nonce = 9;
	frame.hello.start = 1;
	frame.hello.port = 1;
	return frame;
}

START_TEST(who_does_not_say_hello_first_is_hung_up_on)
{
	struct frame ping = { .type = FRAME_PING };
	struct frame other = hello();
	struct stranger stranger;

	other.hello.version = MESH_VERSION + 1;
	send_in(&stranger, _i == 0 ? NULL : _i == 1 ? &ping : &other);
	LOOP_UNTIL(&loop, stranger.downs == 1);
	ck_assert_uint_eq(ana.ups, 0);
	ck_assert_uint_eq(ana.breaks, _i < 2);
	tls_destroy(stranger.tls);
}
END_TEST

START_TEST(a_peer_that_breaks_the_protocol_is_hung_up_on)
{
	struct frame first = hello();
	struct stranger stranger;

	send_in(&stranger, &first);
	LOOP_UNTIL(&loop, ana.ups == 1);
	if (_i == 0)
		link_send(stranger.link, "\xff", 1, LINK_CONTROL);
	else
		stranger_up(stranger.link, &stranger);
	LOOP_UNTIL(&loop, ana.downs == 1 && stranger.downs == 1);
	ck_assert_int_eq(ana.why, REASON_PROTOCOL);
	ck_assert_uint_eq(ana.breaks, 1);
	tls_destroy(stranger.tls);
}
END_TEST

/* -- over a third --------------------------------------------------------- */

/* Ana and bob are linked to cid, and not to each other. */
static void
link_to_cid(void)
{
	open_end(&cid, identity_ephemeral(), 3, 1, 'a');
	dial(&ana, &cid);
	dial(&bob, &cid);
	LOOP_UNTIL(&loop, ana.ups == 1 && bob.ups == 1 && cid.ups == 2);
}

static void
link_over_cid(void)
{
	link_to_cid();
	mesh_dial_over(ana.mesh, id_of(&bob), id_of(&cid));
	LOOP_UNTIL(&loop, ana.ups == 2 && bob.ups == 2);
}

START_TEST(a_third_carries_the_link_of_two_that_have_no_way)
{
	link_over_cid();
	ck_assert(id_equal(&ana.peer, id_of(&bob)));
	ck_assert(id_equal(&bob.peer, id_of(&ana)));
	ck_assert(id_equal(&ana.via, id_of(&cid)));
	ck_assert(id_equal(&bob.via, id_of(&cid)));
	ck_assert_int_eq(ana.address.family, ADDRESS_NONE);
	ck_assert_int_eq(bob.address.family, ADDRESS_NONE);
	send_number(&ana, &bob, 5);
	send_number(&bob, &ana, 6);
	LOOP_UNTIL(&loop, ana.frames == 1 && bob.frames == 1);
	ck_assert_uint_eq(bob.numbers[0], 5);
	ck_assert_uint_eq(ana.numbers[0], 6);
	/* The third saw none of it. */
	ck_assert_uint_eq(cid.frames + cid.breaks, 0);
}
END_TEST

/* Many times what may be under way, in both directions at once. */
START_TEST(much_over_a_third_arrives_whole_and_in_order)
{
	struct room_digest digests[LIMIT_DIGESTS];
	struct frame frame = { .type = FRAME_PING };

	for (size_t i = 0; i < LIMIT_DIGESTS; i++)
		digests[i] = (struct room_digest){ { { 1 } }, i };
	for (size_t i = 0; i < LIMIT_DIGESTS; i++)
		digests[i].room.bytes[1] = (uint8_t)i;
	frame.ping.digests = digests;
	frame.ping.digest_count = LIMIT_DIGESTS;
	link_over_cid();
	for (unsigned i = 0; i < NUMBERS; i++) {
		frame.ping.number = i;
		mesh_send(ana.mesh, id_of(&bob), 1, &frame);
		mesh_send(bob.mesh, id_of(&ana), 1, &frame);
		LOOP_UNTIL(&loop, mesh_queued(ana.mesh, id_of(&bob)) < 1 << 19 &&
		    mesh_queued(bob.mesh, id_of(&ana)) < 1 << 19);
	}
	LOOP_UNTIL(&loop, ana.frames == NUMBERS && bob.frames == NUMBERS);
	for (unsigned i = 0; i < NUMBERS; i++) {
		ck_assert_uint_eq(ana.numbers[i], i);
		ck_assert_uint_eq(bob.numbers[i], i);
	}
	ck_assert_uint_gt(mesh_counters(cid.mesh).bytes_sent,
	    (uint64_t)8 * TUNNEL_WINDOW);
	ck_assert_uint_eq(ana.downs + bob.downs + cid.downs, 0);
}
END_TEST

START_TEST(a_third_that_has_no_link_to_it_says_so)
{
	open_end(&cid, identity_ephemeral(), 3, 1, 'a');
	dial(&ana, &cid);
	LOOP_UNTIL(&loop, ana.ups == 1 && cid.ups == 1);
	mesh_dial_over(ana.mesh, id_of(&bob), id_of(&cid));
	LOOP_UNTIL(&loop, ana.fails == 1);
	ck_assert(id_equal(&ana.via, id_of(&cid)));
	ck_assert_uint_eq(ana.ups, 1);
}
END_TEST

START_TEST(with_the_third_goes_what_it_carried)
{
	link_over_cid();
	mesh_close(cid.mesh);
	cid.mesh = NULL;
	LOOP_UNTIL(&loop, ana.downs == 2 && bob.downs == 2);
	ck_assert_int_eq(ana.why, REASON_LOST);
	ck_assert_int_eq(bob.why, REASON_LOST);
}
END_TEST

START_TEST(a_direct_link_takes_the_place_of_a_carried_one)
{
	struct address at = address_of(&bob);

	link_over_cid();
	send_number(&bob, &ana, 1);
	dial(&ana, &bob);
	LOOP_UNTIL(&loop, ana.ups == 3 && bob.ups == 3);
	ck_assert(id_is_none(&ana.via) && id_is_none(&bob.via));
	ck_assert(address_equal(&ana.address, &at));
	send_number(&bob, &ana, 2);
	LOOP_UNTIL(&loop, ana.frames == 2);
	/* and is not dialled over a third any more */
	mesh_dial_over(ana.mesh, id_of(&bob), id_of(&cid));
	mesh_close(cid.mesh);
	cid.mesh = NULL;
	LOOP_UNTIL(&loop, ana.downs == 1 && bob.downs == 1);
	send_number(&bob, &ana, 3);
	LOOP_UNTIL(&loop, ana.frames == 3);
	ck_assert_uint_eq(ana.fails + bob.fails, 0);
}
END_TEST

START_TEST(over_a_third_one_says_goodbye_too)
{
	link_over_cid();
	leave_talking();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("mesh");
	TCase *tests = tcase_create("mesh");
	SRunner *runner;
	int failed;

	quiet.wall = clock_wall;
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_link_is_up_at_both_ends_with_the_peers_address);
	tcase_add_test(tests, a_dial_to_an_address_finds_whoever_is_there);
	tcase_add_loop_test(tests, of_two_links_one_stays_and_nothing_is_lost,
	    0, 5);
	tcase_add_test(tests, a_dial_to_oneself_is_remembered);
	tcase_add_test(tests, another_network_does_not_come_in);
	tcase_add_test(tests, another_peer_than_expected_is_refused);
	tcase_add_test(tests, a_dial_where_nobody_listens_is_refused);
	tcase_add_test(tests, a_peer_that_dies_is_lost);
	tcase_add_test(tests, leaving_says_all_that_was_to_be_said);
	tcase_add_test(tests, leaving_alone_is_done_at_once);
	tcase_add_test(tests,
	    hanging_up_is_told_to_the_one_and_felt_by_the_other);
	tcase_add_test(tests,
	    a_restarted_peer_takes_the_place_of_its_silent_self);
	tcase_add_test(tests, of_an_identity_that_runs_twice_the_newcomer_goes);
	tcase_add_test(tests, twins_that_meet_know_who_came_later);
	tcase_add_loop_test(tests, who_does_not_say_hello_first_is_hung_up_on,
	    0, 3);
	tcase_add_loop_test(tests,
	    a_peer_that_breaks_the_protocol_is_hung_up_on, 0, 2);
	tcase_add_test(tests, a_third_carries_the_link_of_two_that_have_no_way);
	tcase_add_test(tests, much_over_a_third_arrives_whole_and_in_order);
	tcase_add_test(tests, a_third_that_has_no_link_to_it_says_so);
	tcase_add_test(tests, with_the_third_goes_what_it_carried);
	tcase_add_test(tests, a_direct_link_takes_the_place_of_a_carried_one);
	tcase_add_test(tests, over_a_third_one_says_goodbye_too);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
