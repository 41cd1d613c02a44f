/*
 * check_hostile: what others on the LAN may say to a node without harming
 * it.
 */
#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/entropy.h"
#include "crypto/identity.h"
#include "crypto/names.h"
#include "tests/net/siege.h"

/* -- at the door --------------------------------------------------------- */

static void
check_turned_away(const struct foe_tls *tls)
{
	struct foe_link link;

	if (foe_dial(&siege.foe, &link, siege.port, tls))
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
	ck_assert_uint_eq(json_array_size(
			      json_object_get(siege_status(siege.ana), "ring")),
	    HONEST);
	siege_check_health();
}
END_TEST

/* These bytes, the first under TLS, end the link. */
static void
check_hung_up(const void *bytes, size_t size)
{
	struct foe_link link;

	ck_assert(foe_dial(&siege.foe, &link, siege.port, NULL));
	foe_send_bytes(&link, bytes, size);
	ck_assert(foe_await_end(&link, SOON_MS));
	foe_reset(&link);
}

#define CHECK_HUNG_UP(literal) check_hung_up(literal, sizeof literal - 1)

static void
check_hello_refused(const char *hello)
{
	struct foe_link link;

	ck_assert(foe_dial(&siege.foe, &link, siege.port, NULL));
	foe_send_text(&link, hello);
	ck_assert(foe_await_end(&link, SOON_MS));
	foe_reset(&link);
}

START_TEST(a_stranger_must_say_hello_first_and_briefly)
{
	json_int_t before = siege_counter(siege.ana, "rejected");
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
	check_hello_refused(
	    "{\"t\":\"hello\",\"version\":1,\"tag\":"
	    "\"0102030405060708\",\"nonce\":\"00000000000000ab\","
	    "\"start\":3,\"port\":40123}");
	check_hello_refused(
	    "{\"t\":\"hello\",\"version\":77,\"tag\":"
	    "\"0102030405060708\",\"nonce\":\"00000000000000ab\","
	    "\"start\":3,\"port\":40123}");
	/* cut off in the middle, with and without a word */
	ck_assert(foe_dial(&siege.foe, &link, siege.port, NULL));
	foe_send_bytes(&link, "\0\0\1\0{\"t\":\"he", 12);
	foe_close(&link);
	ck_assert(foe_dial(&siege.foe, &link, siege.port, NULL));
	foe_send_bytes(&link, "\0\0", 2);
	foe_reset(&link);
	siege_await_rejected(before + 4);
	siege_check_health();
}
END_TEST

/* -- inside -------------------------------------------------------------- */

/* After this nobody speaks with it any more; it was counted. */
static void
check_expelled(struct foe_link *link, json_int_t *rejected)
{
	ck_assert(foe_await_end(link, SOON_MS));
	foe_reset(link);
	siege_await_rejected(++*rejected);
}

static void
check_text_expels(const char *header, json_int_t *rejected)
{
	struct foe_link link;

	siege_join(&link);
	foe_send_text(&link, header);
	check_expelled(&link, rejected);
}

START_TEST(a_peer_that_breaks_the_protocol_is_hung_up_on_and_counted)
{
	json_int_t rejected = siege_counter(siege.ana, "rejected");
	struct foe_link link;

	check_text_expels("{\"t\":\"hello\",\"version\":1,\"tag\":"
			  "\"0102030405060708\",\"nonce\":\"00000000000000ab\","
			  "\"start\":3,\"port\":40123}",
	    &rejected);
	check_text_expels("garbage", &rejected);
	check_text_expels("{\"t\":\"ping\"}", &rejected);
	check_text_expels(
	    "{\"t\":\"probe\",\"term\":99,\"view\":"
	    "\"00000000000000f0\",\"phase\":17,\"hop\":3,\"direction\":"
	    "\"clockwise\",\"priority\":100,\"candidate\":"
	    "\"ceirceirceirceirceirceirce\",\"cause\":\"dead\"}",
	    &rejected);
	check_text_expels(
	    "{\"t\":\"leader\",\"term\":9223372036854775807,"
	    "\"leader\":\"ceirceirceirceirceirceirce\",\"priority\":100,"
	    "\"established\":true}",
	    &rejected);
	check_text_expels("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	    &rejected);
	/* longer than any frame; TLS carries the length alone */
	siege_join(&link);
	foe_send_bytes(&link, "\0\1\0\1", 4);
	ck_assert(foe_await_end(&link, SOON_MS));
	foe_reset(&link);
	siege_check_health();
}
END_TEST

START_TEST(what_is_not_signed_by_its_author_is_refused)
{
	json_int_t rejected = siege_counter(siege.ana, "rejected");
	struct id other = { { 1, 2, 3 } },
		  self = *identity_id(siege.foe.identity);
	struct bundle bundle;
	struct frame frame = { .type = FRAME_BUNDLE };
	struct record record = {
		.start = 1,
		.version = 7,
		.nick = "bob",
		.priority = 255,
	};
	struct foe_link link;

	/* a signature that is none */
	siege_join(&link);
	bundle = siege_bundle(self, 1, 1, "forged");
	foe_seal_bundle(&siege.foe, &bundle, &siege.arena);
	bundle.sealed.signature[5] ^= 1;
	frame.bundle.bundle = bundle;
	foe_send(&link, &frame);
	check_expelled(&link, &rejected);
	/* of another author, known and unknown, by my key */
	ck_assert(id_parse(siege.bob->id, &other));
	for (int known = 0; known < 2; known++) {
		siege_join(&link);
		bundle = siege_bundle(other, 1, 1, "forged");
		siege_send_bundle(&link, &bundle);
		check_expelled(&link, &rejected);
		other.bytes[0] ^= 1;
	}
	/* of another network */
	siege_join(&link);
	bundle = siege_bundle(self, 1, 1, "forged");
	siege.foe.tag[0] ^= 1;
	siege_send_bundle(&link, &bundle);
	siege.foe.tag[0] ^= 1;
	check_expelled(&link, &rejected);
	/* the record of another */
	siege_join(&link);
	ck_assert(id_parse(siege.bob->id, &record.id));
	foe_seal_record(&siege.foe, &record, &siege.arena);
	frame = (struct frame){ .type = FRAME_MEMBER };
	frame.member = (struct member_news){
		.id = record.id,
		.start = 1,
		.record = &record,
	};
	foe_send(&link, &frame);
	check_expelled(&link, &rejected);
	siege_check_health();
	ck_assert_uint_eq(peer_count_text(siege.ana, "forged"), 0);
}
END_TEST

START_TEST(a_room_nobody_is_in_and_a_past_nobody_asked_for_change_nothing)
{
	struct bundle bundle =
	    siege_bundle(*identity_id(siege.foe.identity), 1, 1, "elsewhere");
	struct dependency base = { .seq = UINT64_C(1) << 40 };
	struct frame frame = { .type = FRAME_BASE };
	struct foe_link link;

	siege_join(&link);
	bundle.room.bytes[3] ^= 1;
	siege_send_bundle(&link, &bundle);
	ck_assert(id_parse(siege.bob->id, &base.stream.author));
	names_room_id(siege.foe.tag, "#lobby", &frame.base.room);
	frame.base.bases = &base;
	frame.base.count = 1;
	foe_send(&link, &frame);
	siege_check_health();
	ck_assert_uint_eq(peer_count_text(siege.ana, "elsewhere"), 0);
	foe_close(&link);
}
END_TEST

START_TEST(no_peer_can_make_a_node_believe_that_it_runs_twice)
{
	struct foe_link link;

	siege_join(&link);
	for (int i = 0; i < 100; i++)
		foe_send_text(&link, "{\"t\":\"twice\"}");
	foe_close(&link);
	siege_check_health();
	ck_assert_msg(siege.ana->pid != 0, "it ended");
}
END_TEST

/* -- elections ----------------------------------------------------------- */

static void
send_leadership(struct foe_link *link, const struct id *leader, uint64_t term)
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

/* No place on a ring where it could have come by. */
static void
check_probe_counted(uint64_t term, unsigned phase, unsigned hop,
    json_int_t *rejected)
{
	struct foe_link link;
	char header[256];

	snprintf(header, sizeof header,
	    "{\"t\":\"probe\",\"term\":%" PRIu64
	    ",\"view\":\"00000000000000f0\",\"phase\":%u,\"hop\":%u,"
	    "\"direction\":\"clockwise\",\"priority\":255,\"candidate\":"
	    "\"ceirceirceirceirceirceirce\",\"cause\":\"dead\"}",
	    term, phase, hop);
	siege_join(&link);
	foe_send_text(&link, header);
	siege_await_rejected(++*rejected);
	foe_close(&link);
}

START_TEST(forged_frames_of_an_election_elect_nobody)
{
	static const uint64_t terms[] = { 1, UINT64_C(1) << 40,
		(UINT64_C(1) << 62) - 1 };
	json_int_t rejected = siege_counter(siege.ana, "rejected");
	struct id ghost = { { 0xff, 0xff, 0xff } };
	struct foe_link link;
	char text[ID_TEXT];

	check_probe_counted(5, 3, 9, &rejected); /* beyond 2^3 */
	check_probe_counted(5, 16, 65537, &rejected);
	check_probe_counted(5, 20, 1, &rejected);
	check_probe_counted(0, 1, 1, &rejected);
	check_probe_counted(UINT64_C(1) << 62, 1, 1, &rejected);
	siege_join(&link);
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		send_leadership(&link, &ghost, terms[i]);
	foe_close(&link);
	siege_check_health();
	siege_await_ring(HONEST);
	ck_assert_str_ne(peer_leader(siege.ana), id_format(&ghost, text));
	siege_check_health();
}
END_TEST

START_TEST(a_foe_that_led_in_a_huge_term_is_replaced_when_it_goes)
{
	struct id self = *identity_id(siege.foe.identity);
	struct foe_link links[HONEST];
	struct peer *leader;

	for (size_t i = 0; i < HONEST; i++)
		ck_assert(foe_join(&siege.foe, &links[i],
		    siege_port(&siege.crowd.peers[i])));
	siege_await_ring(HONEST + 1);
	for (size_t i = 0; i < HONEST; i++)
		send_leadership(&links[i], &self, (UINT64_C(1) << 62) - 1);
	siege_talk();
	for (size_t i = 0; i < HONEST; i++) {
		foe_send_text(&links[i], "{\"t\":\"goodbye\"}");
		foe_close(&links[i]);
	}
	siege_await_ring(HONEST);
	siege_check_health();
	/* and so is the next one, though no term is left above */
	leader = crowd_leader(&siege.crowd);
	peer_kill(leader, SIGKILL);
	ck_assert(peer_await_end(&siege.crowd, leader, SOON_MS));
	ck_assert(crowd_await(&siege.crowd, PATIENCE_MS, crowd_agrees, NULL));
}
END_TEST

/* A room as if a leader had decided on it, in the foe's own hand. */
static void
send_room(struct foe_link *link, unsigned number)
{
	struct foe *foe = link->foe;
	struct frame frame = { .type = FRAME_ITEM };
	struct item *item = &frame.commit.item;
	char name[32];

	snprintf(name, sizeof name, "#room%u", number);
	item->version = item->term = 1;
	item->leader = item->creator = *identity_id(foe->identity);
	item->intent = (struct intent){
		.id = { { 1, (uint8_t)(number >> 8), (uint8_t)number } },
		.author = item->creator,
		.kind = INTENT_ROOM,
		.name = name,
		.text = "",
	};
	names_room_id(foe->tag, name, &item->key);
	item->intent.key = item->key;
	foe_seal_intent(foe, &item->intent, &siege.arena);
	foe_send(link, &frame);
	arena_clear(&siege.arena);
}

START_TEST(more_rooms_than_anybody_may_know_leave_the_leader_standing)
{
	struct foe_link links[HONEST];

	for (size_t i = 0; i < HONEST; i++)
		ck_assert(foe_join(&siege.foe, &links[i],
		    siege_port(&siege.crowd.peers[i])));
	siege_await_ring(HONEST + 1);
	for (unsigned n = 0; n < LIMIT_ROOMS + 50; n++)
		for (size_t i = 0; i < HONEST; i++)
			send_room(&links[i], n);
	siege_talk();
	for (size_t i = 0; i < HONEST; i++) {
		foe_send_text(&links[i], "{\"t\":\"goodbye\"}");
		foe_close(&links[i]);
	}
	siege_await_ring(HONEST);
	siege_check_health();
}
END_TEST

/* -- members ------------------------------------------------------------- */

START_TEST(who_accuses_everybody_over_and_over_is_refuted)
{
	struct peer *all[] = { siege.ana, siege.bob, siege.eve };
	struct frame frame = { .type = FRAME_MEMBER };
	struct foe_link link;

	siege_join(&link);
	for (uint64_t i = 0; i < 300; i++)
		for (size_t k = 0; k < HONEST; k++) {
			frame.member = (struct member_news){
				.start = 1,
				.incarnation = i,
				.state =
				    i % 2 == 0 ? MEMBER_SUSPECT : MEMBER_DEAD,
				.reason = REASON_REFUSED,
				.accuser = *identity_id(siege.foe.identity),
			};
			ck_assert(id_parse(all[k]->id, &frame.member.id));
			foe_send(&link, &frame);
		}
	foe_close(&link);
	siege_await_ring(HONEST);
	siege_check_health();
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

	siege_join(&link);
	tell_of_ghosts(&link, 2000);
	siege_talk();
	foe_send_text(&link, "{\"t\":\"goodbye\"}");
	foe_close(&link);
	siege_await_ring(HONEST);
	siege_check_health();
}
END_TEST

/* -- text ---------------------------------------------------------------- */

/* C0, C1, bidi, zero-width, format, tags, lone selectors, odd spaces. */
static const struct {
	uint32_t first, last;
} odd[] = {
	{ 0x01, 0x1f },
	{ 0x7f, 0x9f },
	{ 0xad, 0xad },
	{ 0x61c, 0x61c },
	{ 0x180e, 0x180e },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb },
	{ 0x110bd, 0x110bd },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0001, 0xe0001 },
	{ 0xe0020, 0xe007f },
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
			answer = peer_ask(&siege.crowd, siege.ana, SOON_MS,
			    "{s:s, s:s}", "cmd", "join", "room", room);
			ck_assert_ptr_nonnull(answer);
			if (event_is(answer, "ok")) {
				name = event_text(peer_last(siege.ana, "joined")
						      ->event,
				    "room");
				ck_assert_str_eq(name, "#ab");
				continue;
			}
			problem = json_object_get(answer, "text");
			ck_assert_str_eq(event_text(answer, "code"),
			    "bad_argument");
			ck_assert_uint_gt(json_string_length(problem), 20);
		}
	peer_send(siege.bob, "{s:s, s:s, s:s}", "cmd", "say", "room", "#lobby",
	    "text", text);
	ck_assert_msg(crowd_await(&siege.crowd, SOON_MS, siege_is_shown, text),
	    "the text does not come through as it was");
	siege_check_health();
}
END_TEST

START_TEST(a_nick_with_odd_characters_does_not_come_in)
{
	json_int_t rejected = siege_counter(siege.ana, "rejected");
	static const char *const nicks[] = { "a\033[31mb",
		"a\xe2\x80\xae"
		"b",
		"a\xe2\x80\x8b",
		"a\xc2\x9b"
		"b",
		"#ana", "@ana", "a b", "\xf3\xa0\x81\x81" };
	struct record record = {
		.id = *identity_id(siege.foe.identity),
		.start = 2,
		.version = 1,
	};
	struct frame frame = { .type = FRAME_MEMBER };
	struct foe_link link;

	for (size_t i = 0; i < sizeof nicks / sizeof *nicks; i++) {
		siege_join(&link);
		record.nick = nicks[i];
		foe_seal_record(&siege.foe, &record, &siege.arena);
		frame.member = (struct member_news){
			.id = record.id,
			.start = 2,
			.record = &record,
		};
		foe_send(&link, &frame);
		check_expelled(&link, &rejected);
	}
	siege_check_health();
}
END_TEST

static void
add(TCase *tests)
{
	tcase_add_test(tests,
	    only_tls_1_3_with_an_ed25519_key_and_our_alpn_comes_in);
	tcase_add_test(tests, a_stranger_must_say_hello_first_and_briefly);
	tcase_add_test(tests,
	    a_peer_that_breaks_the_protocol_is_hung_up_on_and_counted);
	tcase_add_test(tests, what_is_not_signed_by_its_author_is_refused);
	tcase_add_test(tests,
	    a_room_nobody_is_in_and_a_past_nobody_asked_for_change_nothing);
	tcase_add_test(tests,
	    no_peer_can_make_a_node_believe_that_it_runs_twice);
	tcase_add_test(tests, forged_frames_of_an_election_elect_nobody);
	tcase_add_test(tests,
	    more_rooms_than_anybody_may_know_leave_the_leader_standing);
	tcase_add_test(tests,
	    a_foe_that_led_in_a_huge_term_is_replaced_when_it_goes);
	tcase_add_test(tests, who_accuses_everybody_over_and_over_is_refuted);
	tcase_add_test(tests, members_that_nobody_saw_are_not_in_the_ring);
	tcase_add_test(tests, odd_characters_pass_as_text_and_never_as_a_name);
	tcase_add_test(tests, a_nick_with_odd_characters_does_not_come_in);
}

int
main(int argc, char **argv)
{
	(void)argc;
	return siege_run(argv, "hostile", add);
}
