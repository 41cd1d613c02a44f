/* core/node_relay: who is asked to carry a link, where there is no way. */
#include <check.h>
#include <stdlib.h>

#include "core/node.h"

/*
 * I am 2 of the ring 1, 2, 3, 4, 5; 1 and 4 have links to me, 3 and 5 are
 * only told of.
 */
enum { ME = 2 };

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

static struct address
address_of(unsigned n)
{
	return (struct address){ .family = ADDRESS_IPV4, .port = (uint16_t)n };
}

/* via 0: directly. */
static void
link_up(unsigned n, unsigned via)
{
	struct input input = { .type = INPUT_LINK_UP, .now = 10 };

	input.link_up.peer = id_of(n);
	input.link_up.start = 1;
	if (via > 0)
		input.link_up.via = id_of(via);
	else
		input.link_up.address = address_of(n);
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
	frame.member.address = address_of(n);
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
	link_up(1, 0);
	link_up(4, 0);
	tell_of(3);
	tell_of(5);
}

static void
teardown(void)
{
	node_destroy(node);
	effects_free(&fx);
}

/* Time passes until somebody is asked to carry a link to n; 0: nobody. */
static unsigned
asked_for(unsigned n, instant_ms until)
{
	struct input input = { .type = INPUT_DEADLINE };
	struct id id = id_of(n);

	while ((input.now = node_deadline(node)) <= until) {
		step(&input);
		for (size_t i = 0; i < fx.count; i++)
			if (fx.items[i].type == EFFECT_DIAL &&
			    id_equal(&fx.items[i].dial.peer, &id) &&
			    !id_is_none(&fx.items[i].dial.via))
				return fx.items[i].dial.via.bytes[0];
	}
	return 0;
}

static void
dial_fails(instant_ms now, unsigned n, enum reason why)
{
	struct input input = { .type = INPUT_FAILED, .now = now };

	input.failed.what = EFFECT_DIAL;
	input.failed.peer = id_of(n);
	input.failed.address = address_of(n);
	input.failed.why = why;
	step(&input);
}

START_TEST(one_after_the_other_beyond_it_is_asked_to_carry_a_link)
{
	/* told of at 10 and dialled, which takes long */
	ck_assert_uint_eq(asked_for(3, 505), 0);
	ck_assert_uint_eq(asked_for(3, 600), 4);
	dial_fails(700, 3, REASON_UNREACHABLE);
	ck_assert_uint_eq(asked_for(3, 700), 1);
	dial_fails(2500, 3, REASON_UNREACHABLE);
	ck_assert_uint_eq(asked_for(3, 2500), 4);
}
END_TEST

START_TEST(what_is_carried_is_not_carried_again)
{
	link_up(3, 4);
	ck_assert_uint_eq(asked_for(5, 600), 1);
	dial_fails(700, 5, REASON_UNREACHABLE);
	ck_assert_uint_eq(asked_for(5, 700), 4);
	dial_fails(2500, 5, REASON_UNREACHABLE);
	ck_assert_uint_eq(asked_for(5, 2500), 1);
}
END_TEST

START_TEST(nobody_is_asked_for_one_that_has_a_link)
{
	link_up(3, 4);
	ck_assert_uint_eq(asked_for(3, 600), 0);
	dial_fails(700, 3, REASON_UNREACHABLE);
	ck_assert_uint_eq(asked_for(3, 2900), 0);
}
END_TEST

START_TEST(a_link_over_a_third_leaves_the_address_as_it_was)
{
	struct input input = { .type = INPUT_DEADLINE, .now = 2000 };
	struct id three = id_of(3);
	struct address expected = address_of(3);
	bool dialled = false;

	link_up(3, 4);
	dial_fails(700, 3, REASON_UNREACHABLE);
	for (size_t i = 0; i < fx.count; i++)
		ck_assert(fx.items[i].type != EFFECT_KEEP ||
		    fx.items[i].keep->kind != KEEP_ADDRESS);
	/* on and on, for one day there may be a way */
	step(&input);
	for (size_t i = 0; i < fx.count; i++)
		dialled = dialled ||
		    (fx.items[i].type == EFFECT_DIAL &&
			id_equal(&fx.items[i].dial.peer, &three) &&
			address_equal(&fx.items[i].dial.address, &expected));
	ck_assert(dialled);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("relay");
	TCase *thirds = tcase_create("thirds");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(thirds, setup, teardown);
	tcase_add_test(thirds,
	    one_after_the_other_beyond_it_is_asked_to_carry_a_link);
	tcase_add_test(thirds, what_is_carried_is_not_carried_again);
	tcase_add_test(thirds, nobody_is_asked_for_one_that_has_a_link);
	tcase_add_test(thirds,
	    a_link_over_a_third_leaves_the_address_as_it_was);
	suite_add_tcase(suite, thirds);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
