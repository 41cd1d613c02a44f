/* check_contacts: when to shout and whom to dial. */
#include <check.h>
#include <stdlib.h>

#include "core/contacts.h"

static struct contacts contacts;
static struct effects fx;
static struct rng rng;

static struct id
id_of(unsigned n)
{
	struct id id = { { 0 } };

	id.bytes[0] = (uint8_t)n;
	return id;
}

static struct address
address_of(unsigned port)
{
	return (struct address){
		.family = ADDRESS_IPV4,
		.ip = { 192, 0, 2, 1 },
		.port = (uint16_t)port,
	};
}

/* Oneself is 5. */
static void
setup(void)
{
	struct id self = id_of(5);

	rng = rng_seeded(1);
	contacts_init(&contacts, &self, &rng);
	effects_init(&fx);
}

static void
teardown(void)
{
	contacts_free(&contacts);
	effects_free(&fx);
}

static size_t
count_effects(enum effect_type type)
{
	size_t count = 0;

	for (size_t i = 0; i < fx.count; i++)
		count += fx.items[i].type == type;
	return count;
}

static void
hear(instant_ms now, unsigned n, uint64_t nonce, bool wants_reply)
{
	struct id peer = id_of(n);
	struct address from = address_of(n);

	contacts_heard(&contacts, now, &peer, nonce, wants_reply, &from,
	    &from, 0, &fx);
}

/* As the node does; another way is looked for elsewhere. */
static void
expire(instant_ms now)
{
	struct id peer;

	contacts_expire(&contacts, now, 0, &fx);
	while (contacts_in_vain(&contacts, now, &peer))
		;
}

static void
dial_fails(instant_ms now, unsigned n)
{
	struct id peer = id_of(n);
	struct address address = address_of(n);

	contacts_failed(&contacts, now, &peer, &address, true);
	while (contacts_in_vain(&contacts, now, &peer))
		;
}

/* Runs to a time; when was the last dial, how many of a kind. */
static size_t
run(instant_ms until, enum effect_type type)
{
	effects_clear(&fx);
	while (contacts_deadline(&contacts) <= until)
		expire(contacts_deadline(&contacts));
	return count_effects(type);
}

START_TEST(a_start_shouts_four_times_in_a_second_then_rarely)
{
	contacts_burst(&contacts, 0);
	ck_assert_uint_eq(run(1000, EFFECT_BEACON), 4);
	ck_assert_uint_eq(run(5999, EFFECT_BEACON), 0);
	ck_assert_uint_eq(run(60000, EFFECT_BEACON), 11);
	/* 15 s apart, give or take a fifth. */
	ck_assert_uint_ge(run(66000 + 180000, EFFECT_BEACON), 10);
	ck_assert_uint_le(run(66000 + 360000, EFFECT_BEACON), 16);
}
END_TEST

START_TEST(the_lower_id_dials_at_once_the_higher_waits)
{
	hear(100, 6, 1, false);
	ck_assert_int_eq(contacts_deadline(&contacts), 100);
	ck_assert_uint_eq(run(100, EFFECT_DIAL), 1);
	hear(200, 4, 1, false);
	ck_assert_int_eq(contacts_deadline(&contacts), 350);
}
END_TEST

START_TEST(a_link_ends_the_dialling)
{
	struct id four = id_of(4);
	struct address address = address_of(4);

	hear(0, 4, 1, false);
	contacts_link_up(&contacts, 0, &four, &address);
	ck_assert_int_eq(contacts_deadline(&contacts), NEVER);
	hear(10, 4, 1, false);
	ck_assert_int_eq(contacts_deadline(&contacts), NEVER);
}
END_TEST

START_TEST(a_broken_link_is_dialled_at_once_and_a_goodbye_is_not)
{
	struct id four = id_of(4);
	struct address address = address_of(4);

	contacts_link_up(&contacts, 0, &four, &address);
	contacts_link_down(&contacts, 500, &four, false);
	ck_assert_int_eq(contacts_deadline(&contacts), 500);
	contacts_link_up(&contacts, 500, &four, &address);
	contacts_link_down(&contacts, 600, &four, true);
	ck_assert_int_eq(contacts_deadline(&contacts), NEVER);
}
END_TEST

START_TEST(failed_dials_back_off_to_thirty_seconds_and_never_end)
{
	instant_ms now = 0, wait = 0;

	hear(0, 6, 1, false);
	for (int i = 0; i < 20; i++) {
		ck_assert_uint_eq(run(now, EFFECT_DIAL), 1);
		dial_fails(now, 6);
		wait = contacts_deadline(&contacts) - now;
		ck_assert_int_ge(wait, i == 0 ? 1000 : 2000);
		now += wait;
	}
	ck_assert_int_ge(wait, 30000);
	ck_assert_int_le(wait, 37500);
	/* A new run of it is dialled at once. */
	hear(now - 100, 6, 2, false);
	ck_assert_int_eq(contacts_deadline(&contacts), now - 100);
}
END_TEST

START_TEST(replies_are_few_to_one_and_bounded_for_all)
{
	hear(0, 6, 1, true);
	hear(10, 6, 1, true);
	ck_assert_uint_eq(count_effects(EFFECT_BEACON), 1);
	hear(1000, 6, 1, true);
	ck_assert_uint_eq(count_effects(EFFECT_BEACON), 2);
	/* A new run is answered at once. */
	hear(1010, 6, 2, true);
	ck_assert_uint_eq(count_effects(EFFECT_BEACON), 3);
	effects_clear(&fx);
	for (unsigned n = 10; n < 100; n++)
		hear(5000, n, 1, true);
	ck_assert_uint_eq(count_effects(EFFECT_BEACON), 20);
}
END_TEST

START_TEST(a_named_address_is_not_dialled_while_somebody_is_linked_there)
{
	struct address address = address_of(9);
	struct id nine = id_of(9);

	contacts_add(&contacts, 0, NULL, &address);
	ck_assert_uint_eq(run(0, EFFECT_DIAL), 1);
	contacts_link_up(&contacts, 0, &nine, &address);
	ck_assert_uint_eq(run(100000, EFFECT_DIAL), 0);
	/* It broke: both its id and the name are tried again. */
	contacts_link_down(&contacts, 100000, &nine, true);
	ck_assert_uint_eq(run(101000, EFFECT_DIAL), 1);
}
END_TEST

START_TEST(my_own_beacon_is_nobody)
{
	hear(0, 5, 1, true);
	ck_assert_uint_eq(fx.count, 0);
	ck_assert_int_eq(contacts_deadline(&contacts), NEVER);
}
END_TEST

START_TEST(all_addresses_of_a_peer_are_tried_before_backing_off)
{
	struct id six = id_of(6);
	struct address one = address_of(61), two = address_of(62);

	contacts_add(&contacts, 0, &six, &one);
	contacts_add(&contacts, 0, &six, &two);
	ck_assert_uint_eq(run(0, EFFECT_DIAL), 1);
	contacts_failed(&contacts, 5, &six, &two, true);
	ck_assert_int_eq(contacts_deadline(&contacts), 5);
	ck_assert_uint_eq(run(5, EFFECT_DIAL), 1);
	contacts_failed(&contacts, 9, &six, &one, true);
	ck_assert_int_ge(contacts_deadline(&contacts), 1009);
}
END_TEST

START_TEST(beacons_of_nobody_are_kept_and_dialled_within_bounds)
{
	struct id six = id_of(6);
	struct address address = address_of(6);
	instant_ms now = 1000;

	contacts_link_up(&contacts, 0, &six, &address);
	for (unsigned n = 0; n < 5000; n++) {
		struct id id = id_of(7);

		id.bytes[5] = (uint8_t)(n >> 8);
		id.bytes[6] = (uint8_t)n;
		contacts_heard(&contacts, now, &id, 1, false, &address,
		    &address, 0, &fx);
	}
	ck_assert_uint_le(contacts.count, LIMIT_STRANGERS + 1);
	/* Nobody answers: not more than so many wait for an answer. */
	ck_assert_uint_eq(run(now, EFFECT_DIAL), LIMIT_DIALS);
	expire(now + 500);
	ck_assert_int_eq(contacts_deadline(&contacts), NEVER);
	/* Who was met before is not in their way. */
	contacts_link_down(&contacts, now, &six, false);
	ck_assert_uint_eq(run(now, EFFECT_DIAL), 1);
	/* All are refused at once: 20 a second are tried. */
	for (now = 1000; now < 11000; now++) {
		expire(now);
		for (size_t i = 0; i < contacts.count; i++)
			if (contacts.items[i].dialling)
				contacts_failed(&contacts, now,
				    &contacts.items[i].peer, &address, false);
	}
	ck_assert_uint_ge(count_effects(EFFECT_DIAL), 200);
	ck_assert_uint_le(count_effects(EFFECT_DIAL), 300);
	ck_assert_int_eq(contacts_address(&contacts, &six).port, 6);
}
END_TEST

START_TEST(whose_links_break_again_and_again_is_dialled_rarely)
{
	struct id six = id_of(6);
	struct address address = address_of(6);
	instant_ms now = 0;
	unsigned dials = 0;

	for (; now < 60000; now++) {
		/* shouting does not help */
		hear(now, 6, (uint64_t)now, false);
		effects_clear(&fx);
		expire(now);
		if (count_effects(EFFECT_DIAL) == 0)
			continue;
		dials++;
		contacts_link_up(&contacts, now, &six, &address);
		contacts_link_down(&contacts, now, &six, false);
	}
	ck_assert_uint_ge(dials, 5);
	ck_assert_uint_le(dials, 12);
	/* But a link that held is dialled at once when it breaks. */
	contacts_link_up(&contacts, now, &six, &address);
	contacts_link_down(&contacts, now + 6000, &six, false);
	ck_assert_int_eq(contacts_deadline(&contacts), now + 6000);
}
END_TEST

START_TEST(who_is_sighted_by_others_is_dialled_before_its_turn)
{
	struct id six = id_of(6), nine = id_of(9);
	struct address address = address_of(6);
	instant_ms now = 0;

	contacts_link_up(&contacts, 0, &six, &address);
	contacts_link_down(&contacts, now, &six, false);
	/* Out of reach for an hour: half a minute apart. */
	for (; now < 3600 * 1000; now++) {
		effects_clear(&fx);
		expire(now);
		if (count_effects(EFFECT_DIAL) > 0)
			dial_fails(now, 6);
	}
	now += 2000;
	contacts_sighted(&contacts, now, &six);
	ck_assert_int_eq(contacts.items[0].dial_at, now);
	ck_assert_uint_eq(run(now, EFFECT_DIAL), 1);
	/* Once: whoever says it again and again causes no storm. */
	dial_fails(now, 6);
	contacts_sighted(&contacts, now + 1, &six);
	ck_assert_uint_eq(run(now + 249, EFFECT_DIAL), 0);
	/* One I have no address of stays where it is. */
	contacts_sighted(&contacts, now + 5000, &nine);
	ck_assert_uint_eq(contacts.count, 1);
}
END_TEST

/* Who is told that there may be another way to six, by a time? */
static bool
in_vain(instant_ms now)
{
	struct id six = id_of(6), peer;

	return contacts_in_vain(&contacts, now, &peer) && id_equal(&peer, &six);
}

START_TEST(another_way_is_looked_for_when_dials_are_slow_or_fail)
{
	struct id six = id_of(6);
	struct address address = address_of(6);

	contacts_add(&contacts, 0, &six, &address);
	contacts_expire(&contacts, 0, 0, &fx);
	ck_assert(!in_vain(499));
	ck_assert_int_eq(contacts_deadline(&contacts), 500);
	ck_assert(in_vain(500));
	ck_assert(!in_vain(500));
	contacts_failed(&contacts, 3000, &six, &address, false);
	ck_assert(in_vain(3000));
	/* What refuses twice may be a firewall; once, it has died. */
	contacts_link_up(&contacts, 4000, &six, &address);
	contacts_link_down(&contacts, 10000, &six, false);
	contacts_expire(&contacts, 10000, 0, &fx);
	contacts_failed(&contacts, 10001, &six, &address, true);
	ck_assert(!in_vain(10600));
	contacts_expire(&contacts, 12000, 0, &fx);
	contacts_failed(&contacts, 12001, &six, &address, true);
	ck_assert(in_vain(12001));
	/* Linked directly, nothing is. */
	contacts_expire(&contacts, 20000, 0, &fx);
	contacts_link_up(&contacts, 20001, &six, &address);
	ck_assert(!in_vain(30000));
}
END_TEST

START_TEST(over_a_third_the_direct_way_is_dialled_on)
{
	struct id six = id_of(6);
	struct address address = address_of(6);

	contacts_add(&contacts, 0, &six, &address);
	ck_assert_uint_eq(run(0, EFFECT_DIAL), 1);
	contacts_detoured(&contacts, 600, &six);
	dial_fails(3000, 6);
	ck_assert_uint_eq(run(4250, EFFECT_DIAL), 1);
	/* Its direct link broke, and a third took it over. */
	contacts_link_up(&contacts, 5000, &six, &address);
	contacts_detoured(&contacts, 60000, &six);
	ck_assert_uint_eq(run(60000, EFFECT_DIAL), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("contacts");
	TCase *all = tcase_create("contacts");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(all, a_start_shouts_four_times_in_a_second_then_rarely);
	tcase_add_test(all, the_lower_id_dials_at_once_the_higher_waits);
	tcase_add_test(all, a_link_ends_the_dialling);
	tcase_add_test(all,
	    a_broken_link_is_dialled_at_once_and_a_goodbye_is_not);
	tcase_add_test(all,
	    failed_dials_back_off_to_thirty_seconds_and_never_end);
	tcase_add_test(all, replies_are_few_to_one_and_bounded_for_all);
	tcase_add_test(all,
	    a_named_address_is_not_dialled_while_somebody_is_linked_there);
	tcase_add_test(all, my_own_beacon_is_nobody);
	tcase_add_test(all,
	    all_addresses_of_a_peer_are_tried_before_backing_off);
	tcase_add_test(all,
	    beacons_of_nobody_are_kept_and_dialled_within_bounds);
	tcase_add_test(all,
	    whose_links_break_again_and_again_is_dialled_rarely);
	tcase_add_test(all,
	    who_is_sighted_by_others_is_dialled_before_its_turn);
	tcase_add_test(all,
	    another_way_is_looked_for_when_dials_are_slow_or_fail);
	tcase_add_test(all, over_a_third_the_direct_way_is_dialled_on);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
