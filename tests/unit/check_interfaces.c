/*
 * net/interfaces: what there is, and the news of a change.  The changes
 * happen in a network namespace of the test's own; where the kernel does
 * not grant one, those tests have nothing to look at and pass.
 */
#include <check.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/interfaces.h"
#include "tests/support/loop.h"

static const char *const only_lo[] = { "lo" };
static const char *const nowhere[] = { "nowhere0" };

static struct interface_list list;
static char problem[256];

static void
set_up(void)
{
	interface_list_init(&list);
	problem[0] = '\0';
}

static void
tear_down(void)
{
	interface_list_free(&list);
}

START_TEST(the_loopback_interface_is_found_by_name)
{
	static const uint8_t ip[4] = { 127, 0, 0, 1 };
	static const uint8_t broadcast[4] = { 127, 255, 255, 255 };

	ck_assert_msg(interface_list_read(&list, only_lo, 1, problem), "%s",
	    problem);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_str_eq(list.items[0].name, "lo");
	ck_assert_uint_eq(list.items[0].index, if_nametoindex("lo"));
	ck_assert(list.items[0].loopback && list.items[0].multicast);
	ck_assert(!list.items[0].point_to_point);
	ck_assert_uint_ge(list.items[0].ipv4_count, 1);
	ck_assert_mem_eq(list.items[0].ipv4[0].ip, ip, 4);
	ck_assert_mem_eq(list.items[0].ipv4[0].broadcast, broadcast, 4);
}
END_TEST

START_TEST(unasked_all_are_found_each_once)
{
	ck_assert_msg(interface_list_read(&list, NULL, 0, problem), "%s",
	    problem);
	for (size_t i = 1; i < list.count; i++)
		ck_assert_uint_lt(list.items[i - 1].index,
		    list.items[i].index);
	for (size_t i = 0; i < list.count; i++)
		ck_assert(!list.items[i].point_to_point);
}
END_TEST

START_TEST(reading_again_gives_the_same)
{
	struct interface_list again;

	interface_list_init(&again);
	interface_list_read(&list, only_lo, 1, problem);
	interface_list_read(&again, only_lo, 1, problem);
	interface_list_read(&again, only_lo, 1, problem);
	ck_assert(interface_list_equal(&list, &again));
	again.items[0].ipv4_count = 0;
	ck_assert(!interface_list_equal(&list, &again));
	interface_list_free(&again);
}
END_TEST

START_TEST(a_name_that_is_not_there_gets_a_sentence)
{
	ck_assert(!interface_list_read(&list, nowhere, 1, problem));
	ck_assert_uint_eq(list.count, 0);
	ck_assert_ptr_nonnull(strstr(problem, " lo"));
}
END_TEST

static bool
enter_namespace(void)
{
	return unshare(CLONE_NEWNET) == 0 ||
	    unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

static void
lift_lo(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int any = socket(AF_INET, SOCK_DGRAM, 0);

	ck_assert_int_eq(ioctl(any, SIOCSIFFLAGS, &request), 0);
	close(any);
}

static void
on_changed(void *self)
{
	++*(unsigned *)self;
}

START_TEST(a_host_with_nothing_up_gets_a_sentence)
{
	if (!enter_namespace())
		return;
	ck_assert(!interface_list_read(&list, NULL, 0, problem));
	ck_assert_ptr_nonnull(strstr(problem, "no network interface"));
}
END_TEST

START_TEST(an_interface_that_comes_up_is_news_once)
{
	struct interface_watch *watch;
	unsigned changes = 0;
	struct loop loop;

	if (!enter_namespace())
		return;
	loop_init(&loop);
	watch = interface_watch_open(loop.base, on_changed, &changes);
	ck_assert_ptr_nonnull(watch);
	/* several messages: the link, its address, IPv6's */
	lift_lo();
	ck_assert_uint_eq(changes, 0);
	LOOP_UNTIL(&loop, changes > 0);
	ck_assert_uint_eq(changes, 1);
	ck_assert_msg(interface_list_read(&list, NULL, 0, problem), "%s",
	    problem);
	interface_watch_close(watch);
	loop_free(&loop);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("interfaces");
	TCase *tests = tcase_create("interfaces");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, the_loopback_interface_is_found_by_name);
	tcase_add_test(tests, unasked_all_are_found_each_once);
	tcase_add_test(tests, reading_again_gives_the_same);
	tcase_add_test(tests, a_name_that_is_not_there_gets_a_sentence);
	tcase_add_test(tests, a_host_with_nothing_up_gets_a_sentence);
	tcase_add_test(tests, an_interface_that_comes_up_is_news_once);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
