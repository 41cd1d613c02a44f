/* core/node_relay: the ring where two neighbours have no link. */
#include <check.h>
#include <stdlib.h>

#include "core/node.h"

/*
 * I am 2 of the ring 1, 2, 3, 4, 5; 1 and 4 have links to me, 3 and 5 are
 * only told of.  6 is nobody.
 */
enum { ME = 2, NOBODY = 6 };

static struct node *node;
static struct effects fx;

static struct id
id_of(unsigned n)
{
	struct id id = { { 0 } };

	id.bytes[0] = (uint8_t)n;
	return id;
}

static void
nick_key(const char *nick, struct id *key)
{
	*key = id_of((unsigned char)nick[0]);
}

static enum verdict
step(struct input *input)
{
	effects_clear(&fx);
	return node_step(node, input, &fx);
}

static enum verdict
receive(unsigned from, const struct frame *frame)
{
	struct input input = { .type = INPUT_RECEIVE, .now = 10 };

	input.receive.from = id_of(from);
	input.receive.frame = frame;
	return step(&input);
}

static void
link_up(unsigned n)
{
	struct input input = { .type = INPUT_LINK_UP, .now = 10 };

	input.link_up.peer = id_of(n);
	input.link_up.start = 1;
	input.link_up.address =
	    (struct address){ .family = ADDRESS_IPV4, .port = 1 };
	step(&input);
}

static void
tell_of(unsigned n)
{
	struct record record = { .id = id_of(n), .start = 1, .nick = "one" };
	struct frame frame = { .type = FRAME_MEMBER };

	frame.member.id = record.id;
	frame.member.start = 1;
	frame.member.state = MEMBER_ALIVE;
	frame.member.record = &record;
	ck_assert_int_eq(receive(1, &frame), VERDICT_ACCEPTED);
}

static void
setup(void)
{
	struct input input = { .type = INPUT_START };

	effects_init(&fx);
	node = node_new(&(struct node_options){
	    .self = id_of(ME),
	    .nick = "me",
	    .network = "test",
	    .nick_key = nick_key,
	    .start = 1,
	    .epoch = 1,
	    .seed = 1,
	});
	step(&input);
	link_up(1);
	link_up(4);
	tell_of(3);
	tell_of(5);
}

static void
teardown(void)
{
	node_destroy(node);
	effects_free(&fx);
}

static uint64_t
view(void)
{
	return node_view_hash(node);
}

/* 3, who stands, seen by its neighbour: going down, one hop to me. */
static struct frame
probe_of_3(void)
{
	struct frame frame = { .type = FRAME_PROBE };

	frame.probe = (struct probe){
		.term = 1,
		.view = view(),
		.hop = 1,
		.direction = ANTICLOCKWISE,
		.candidate = { 0, id_of(3) },
		.cause = CAUSE_START,
	};
	return frame;
}

/* The frame of this type that was sent to this one; NULL: none. */
static const struct frame *
sent_to(unsigned n, enum frame_type type)
{
	struct id id = id_of(n);

	for (size_t i = 0; i < fx.count; i++) {
		const struct effect *effect = &fx.items[i];

		if ((effect->type == EFFECT_SEND ||
			effect->type == EFFECT_SEND_MANY) &&
		    effect->send.frame->type == type)
			for (size_t j = 0; j < effect->send.count; j++)
				if (id_equal(&effect->send.to[j], &id))
					return effect->send.frame;
	}
	return NULL;
}

static void
assert_nothing_sent(void)
{
	for (size_t i = 0; i < fx.count; i++)
		ck_assert(fx.items[i].type != EFFECT_SEND &&
		    fx.items[i].type != EFFECT_SEND_MANY);
}

static void
assert_id(const struct id *id, unsigned n)
{
	struct id expected = id_of(n);

	ck_assert(id_equal(id, &expected));
}

START_TEST(a_probe_to_one_without_link_goes_over_the_next_beyond_it)
{
	struct input input = { .type = INPUT_DEADLINE, .now = 2000 };
	const struct frame *over, *direct;

	step(&input);
	direct = sent_to(1, FRAME_PROBE);
	ck_assert_ptr_nonnull(direct);
	ck_assert(id_is_none(&direct->probe.detour.to));
	over = sent_to(4, FRAME_PROBE);
	ck_assert_ptr_nonnull(over);
	assert_id(&over->probe.detour.to, 3);
	ck_assert(id_is_none(&over->probe.detour.origin));
	ck_assert_int_eq(over->probe.direction, CLOCKWISE);
}
END_TEST

START_TEST(a_relayed_probe_counts_as_its_origins_and_is_answered_that_way)
{
	struct frame frame = probe_of_3();
	const struct frame *reply;

	frame.probe.detour.origin = id_of(3);
	ck_assert_int_eq(receive(1, &frame), VERDICT_ACCEPTED);
	/* A reply to a probe that came down goes up, over 4. */
	reply = sent_to(4, FRAME_REPLY);
	ck_assert_ptr_nonnull(reply);
	assert_id(&reply->reply.detour.to, 3);
	ck_assert(id_is_none(&reply->reply.detour.origin));
	ck_assert_ptr_null(sent_to(1, FRAME_REPLY));
}
END_TEST

START_TEST(who_has_a_link_passes_on_once)
{
	struct frame frame = probe_of_3();
	const struct frame *next;

	frame.probe.candidate.id = id_of(1);
	frame.probe.detour.to = id_of(4);
	ck_assert_int_eq(receive(1, &frame), VERDICT_ACCEPTED);
	next = sent_to(4, FRAME_PROBE);
	ck_assert_ptr_nonnull(next);
	ck_assert(id_is_none(&next->probe.detour.to));
	assert_id(&next->probe.detour.origin, 1);
	assert_id(&next->probe.candidate.id, 1);
	ck_assert_uint_eq(next->probe.hop, 1);
	/* It was not for me: I take no part. */
	ck_assert_uint_eq(node_leadership(node).term, 0);
}
END_TEST

static const struct {
	unsigned to, origin;
	enum verdict verdict;
} bad[] = {
	{ 3, 0, VERDICT_STALE },		/* no link to it here */
	{ NOBODY, 0, VERDICT_STALE },
	{ ME, 0, VERDICT_MALFORMED },
	{ 1, 0, VERDICT_MALFORMED },		/* back to its sender */
	{ 4, 3, VERDICT_MALFORMED },		/* passed on before */
	{ ME, 3, VERDICT_MALFORMED },
	{ 0, 1, VERDICT_MALFORMED },		/* its sender's own */
	{ 0, ME, VERDICT_UNKNOWN_SENDER },
	{ 0, NOBODY, VERDICT_UNKNOWN_SENDER },
	{ 0, 5, VERDICT_MALFORMED },		/* not my neighbour */
};

START_TEST(forged_detours_change_nothing_and_go_nowhere)
{
	struct frame probe = probe_of_3();
	struct detour *detour = &probe.probe.detour;

	if (bad[_i].to != 0)
		detour->to = id_of(bad[_i].to);
	if (bad[_i].origin != 0)
		detour->origin = id_of(bad[_i].origin);
	ck_assert_int_eq(receive(1, &probe), bad[_i].verdict);
	assert_nothing_sent();
	ck_assert_uint_eq(node_leadership(node).term, 0);
}
END_TEST

START_TEST(who_won_is_told_over_a_third)
{
	struct frame frame = { .type = FRAME_ELECTED };

	frame.elected = (struct elected){
		.term = 1,
		.view = view(),
		.leader = { 0, id_of(3) },
	};
	/* 1 may not say it for itself, nor for anybody but the winner. */
	ck_assert_int_eq(receive(1, &frame), VERDICT_MALFORMED);
	frame.elected.detour.origin = id_of(5);
	ck_assert_int_eq(receive(1, &frame), VERDICT_MALFORMED);
	frame.elected.detour.origin = id_of(3);
	ck_assert_int_eq(receive(1, &frame), VERDICT_ACCEPTED);
	ck_assert(node_leadership(node).established);
	ck_assert_uint_eq(node_leadership(node).term, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("relay");
	TCase *detours = tcase_create("detours");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(detours, setup, teardown);
	tcase_add_test(detours,
	    a_probe_to_one_without_link_goes_over_the_next_beyond_it);
	tcase_add_test(detours,
	    a_relayed_probe_counts_as_its_origins_and_is_answered_that_way);
	tcase_add_test(detours, who_has_a_link_passes_on_once);
	tcase_add_loop_test(detours,
	    forged_detours_change_nothing_and_go_nowhere, 0,
	    (int)(sizeof bad / sizeof *bad));
	tcase_add_test(detours, who_won_is_told_over_a_third);
	suite_add_tcase(suite, detours);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
