/* core/chronicle: what is told afterwards of an election. */
#include <check.h>
#include <stdlib.h>

#include "election_net.h"

/* The newest entry of a station, `back` before it. */
static const struct chronicle_entry *
entry(struct net *net, size_t station, size_t back)
{
	const struct chronicle *c = &net_at(net, station)->chronicle;

	ck_assert_uint_gt(c->count, back);
	return &c->entries[c->count - 1 - back];
}

static bool
won_by(struct net *net, const struct chronicle_entry *entry, size_t station)
{
	return id_equal(&entry->winner, &net->stations[station].id);
}

/* How far somebody's probes came, or -1. */
static int
phase_of(struct net *net, const struct chronicle_entry *entry,
    size_t station)
{
	for (size_t i = 0; i < entry->stood_count; i++)
		if (id_equal(&entry->stood[i].id, &net->stations[station].id))
			return (int)entry->stood[i].phase;
	return -1;
}

static void
gather_and_settle(struct net *net, size_t count)
{
	net_gather(net, count, 1);
	ck_assert(net_settle(net, 2000));
	net_run(net, 20);
}

START_TEST(the_winner_has_seen_its_own_probes_come_home)
{
	const struct chronicle_entry *last;
	struct net net;

	gather_and_settle(&net, 5);
	last = entry(&net, 4, 0);
	ck_assert_int_eq(last->end, ELECTION_ELECTED);
	ck_assert_int_eq(last->cause, CAUSE_START);
	ck_assert_uint_eq(last->term, 1);
	ck_assert(won_by(&net, last, 4));
	/* 2^3 is the first reach that leads round five. */
	ck_assert_int_eq(phase_of(&net, last, 4), 3);
	ck_assert_uint_gt(last->messages, 0);
	ck_assert_int_ge(last->ended - last->began, ELECTION_START_QUIET_MS);
	net_free(&net);
}
END_TEST

START_TEST(the_others_have_seen_whoever_came_by)
{
	struct net net;

	gather_and_settle(&net, 5);
	for (size_t i = 0; i < 4; i++) {
		const struct chronicle_entry *last = entry(&net, i, 0);

		ck_assert_int_eq(last->end, ELECTION_ELECTED);
		ck_assert(won_by(&net, last, 4));
		ck_assert_int_ge(phase_of(&net, last, 4), 0);
	}
	/* The neighbour above saw station 0 stand, and swallowed it. */
	ck_assert_int_eq(phase_of(&net, entry(&net, 1, 0), 0), 0);
	net_free(&net);
}
END_TEST

START_TEST(a_dead_leader_is_the_cause_and_the_time_counts_from_its_loss)
{
	const struct chronicle_entry *last;
	struct net net;
	instant_ms died;

	gather_and_settle(&net, 5);
	died = net.now;
	net_stop(&net, 4);
	net_view_all(&net);
	ck_assert_int_eq(entry(&net, 0, 0)->end, ELECTION_RUNNING);
	ck_assert(id_is_none(&entry(&net, 0, 0)->winner));
	ck_assert(net_settle(&net, 1000));
	last = entry(&net, 3, 0);
	ck_assert_int_eq(last->cause, CAUSE_DEAD);
	ck_assert_int_eq(last->end, ELECTION_ELECTED);
	ck_assert_uint_eq(last->term, 2);
	ck_assert_int_eq(last->began, died);
	ck_assert_int_eq(net.stations[3].leader.leader.took_ms,
	    last->ended - last->began);
	ck_assert_int_eq(entry(&net, 3, 1)->cause, CAUSE_START);
	net_free(&net);
}
END_TEST

START_TEST(who_comes_later_has_found_a_leader)
{
	const struct chronicle_entry *last;
	struct net net;

	net_init(&net, 4, 1);
	for (size_t i = 0; i < 3; i++)
		net_start(&net, i);
	net_view_all(&net);
	ck_assert(net_settle(&net, 2000));
	net_start(&net, 3);
	net_view_all(&net);
	ck_assert(net_settle(&net, 2000));
	last = entry(&net, 3, 0);
	ck_assert_int_eq(last->end, ELECTION_FOUND);
	ck_assert(won_by(&net, last, 2));
	ck_assert_uint_eq(last->stood_count, 0);
	ck_assert_uint_eq(net_at(&net, 0)->chronicle.count, 1);
	net_free(&net);
}
END_TEST

START_TEST(two_groups_that_meet_are_no_election)
{
	struct net net;

	net_init(&net, 5, 1);
	for (size_t i = 0; i < 5; i++)
		net_start(&net, i);
	net_split(&net, 3, true);
	net_view_of(&net, 0, 3);
	net_view_of(&net, 3, 2);
	net_run(&net, 500);
	net_split(&net, 3, false);
	net_view_all(&net);
	ck_assert(net_settle(&net, 20));
	net_run(&net, 1000);
	ck_assert_int_eq(entry(&net, 4, 0)->end, ELECTION_RAISED);
	ck_assert_uint_eq(entry(&net, 4, 0)->term, 2);
	ck_assert(won_by(&net, entry(&net, 2, 0), 4));
	ck_assert_uint_eq(net_at(&net, 4)->chronicle.count, 2);
	net_free(&net);
}
END_TEST

START_TEST(the_last_sixteen_are_kept)
{
	const struct chronicle *c;
	struct net net;

	gather_and_settle(&net, 3);
	for (int i = 0; i < 20; i++) {
		net_elect_later(&net, 0, 2);
		net_run(&net, 500);
	}
	c = &net_at(&net, 2)->chronicle;
	ck_assert_uint_eq(c->count, CHRONICLE_ELECTIONS);
	ck_assert_uint_eq(c->entries[CHRONICLE_ELECTIONS - 1].term, 21);
	ck_assert_uint_eq(c->entries[0].term, 6);
	ck_assert_int_eq(c->entries[0].cause, CAUSE_COMMAND);
	net_free(&net);
}
END_TEST

START_TEST(who_is_left_alone_ends_its_election_alone)
{
	struct net net;

	gather_and_settle(&net, 3);
	net_stop(&net, 2);
	net_view_of(&net, 0, 2);
	net_stop(&net, 1);
	net_view_of(&net, 0, 1);
	net_run(&net, 500);
	ck_assert_int_eq(entry(&net, 0, 0)->end, ELECTION_ALONE);
	ck_assert(won_by(&net, entry(&net, 0, 0), 0));
	net_free(&net);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("chronicle");
	TCase *all = tcase_create("chronicle");
	SRunner *runner;
	int failed;

	tcase_add_test(all, the_winner_has_seen_its_own_probes_come_home);
	tcase_add_test(all, the_others_have_seen_whoever_came_by);
	tcase_add_test(all,
	    a_dead_leader_is_the_cause_and_the_time_counts_from_its_loss);
	tcase_add_test(all, who_comes_later_has_found_a_leader);
	tcase_add_test(all, two_groups_that_meet_are_no_election);
	tcase_add_test(all, the_last_sixteen_are_kept);
	tcase_add_test(all, who_is_left_alone_ends_its_election_alone);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
