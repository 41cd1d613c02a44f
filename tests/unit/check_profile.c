/*
 * host/profile and host/settings: who this node is, what a person asked for.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/profile.h"
#include "host/settings.h"

static char home[64], problem[256];
static int status;

static void
set_up(void)
{
	snprintf(home, sizeof home, "/tmp/check_profile.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(home));
	setenv("XDG_STATE_HOME", home, 1);
	status = 0;
	problem[0] = '\0';
}

static void
tear_down(void)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf '%s'", home);
	ck_assert_int_eq(system(command), 0);
}

static struct profile
open_profile(const char *name)
{
	struct profile profile;

	ck_assert_msg(profile_open(&profile, name, false, problem, &status),
	    "%s", problem);
	return profile;
}

static mode_t
mode_of(const char *name)
{
	struct stat found;
	char path[128];

	snprintf(path, sizeof path, "%s/%s", home, name);
	ck_assert_msg(stat(path, &found) == 0, "%s is not there", path);
	return found.st_mode & 0777;
}

static void
write_starts(const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/dchat/default/starts", home);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

START_TEST(a_profile_is_for_its_owner_alone)
{
	struct profile profile = open_profile(NULL);

	ck_assert_str_eq(profile.name, "default");
	ck_assert_int_eq(mode_of("dchat"), 0700);
	ck_assert_int_eq(mode_of("dchat/default"), 0700);
	ck_assert_int_eq(mode_of("dchat/default/key.pem"), 0600);
	ck_assert_int_eq(mode_of("dchat/default/starts"), 0600);
	ck_assert_int_eq(mode_of("dchat/default/lock"), 0600);
	profile_close(&profile);
}
END_TEST

START_TEST(a_profile_keeps_its_id_and_counts_its_starts)
{
	struct profile first = open_profile(NULL), second;
	struct id id = *identity_id(first.identity);
	uint64_t nonce = first.nonce, epoch = first.epoch;

	ck_assert_uint_eq(first.start, 1);
	profile_close(&first);
	second = open_profile(NULL);
	ck_assert(id_equal(identity_id(second.identity), &id));
	ck_assert_uint_eq(second.start, 2);
	ck_assert_uint_ne(second.nonce, nonce);
	ck_assert_uint_ne(second.epoch, epoch);
	profile_close(&second);
}
END_TEST

START_TEST(numbers_of_a_run_fit_a_signed_integer)
{
	for (int i = 0; i < 50; i++) {
		struct profile profile;

		ck_assert(profile_open(&profile, NULL, true, problem, &status));
		ck_assert(profile.nonce > 0 && profile.nonce <= INT64_MAX);
		ck_assert(profile.epoch > 0 && profile.epoch <= INT64_MAX);
		profile_close(&profile);
	}
}
END_TEST

START_TEST(a_profile_in_use_is_refused_with_the_way_out)
{
	struct profile first = open_profile(NULL), second;

	ck_assert(!profile_open(&second, NULL, false, problem, &status));
	ck_assert_int_eq(status, 1);
	ck_assert_ptr_nonnull(strstr(problem, "--profile"));
	second = open_profile("other");
	ck_assert(!id_equal(identity_id(first.identity),
	    identity_id(second.identity)));
	profile_close(&second);
	profile_close(&first);
	second = open_profile(NULL);
	profile_close(&second);
}
END_TEST

START_TEST(a_damaged_start_counter_never_falls_back)
{
	static const char *const damaged[] = { "", "x\n", "-7\n", "0\n",
		"99999999999999999999999999\n" };
	struct profile profile = open_profile(NULL);

	profile_close(&profile);
	write_starts("41\n");
	profile = open_profile(NULL);
	ck_assert_uint_eq(profile.start, 42);
	profile_close(&profile);
	write_starts(damaged[_i]);
	profile = open_profile(NULL);
	ck_assert_uint_gt(profile.start, 1000000);
	ck_assert_uint_lt(profile.start, INT64_MAX);
	profile_close(&profile);
}
END_TEST

START_TEST(an_ephemeral_profile_leaves_nothing_behind)
{
	struct profile one, other;
	struct dirent *entry;
	DIR *folder;

	ck_assert(profile_open(&one, NULL, true, problem, &status));
	ck_assert(profile_open(&other, NULL, true, problem, &status));
	ck_assert_uint_eq(one.start, 1);
	ck_assert(
	    !id_equal(identity_id(one.identity), identity_id(other.identity)));
	profile_close(&one);
	profile_close(&other);
	folder = opendir(home);
	while ((entry = readdir(folder)) != NULL)
		ck_assert_int_eq(entry->d_name[0], '.');
	closedir(folder);
}
END_TEST

START_TEST(a_name_that_leads_elsewhere_is_no_profile)
{
	static const char *const names[] = { "", ".", "..", "a/b", "/etc",
		".hidden", "new\nline" };
	struct profile profile;

	ck_assert(!profile_open(&profile, names[_i], false, problem, &status));
	ck_assert_int_eq(status, 2);
	ck_assert_str_ne(problem, "");
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_a_sentence)
{
	struct profile profile;

	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	ck_assert(!profile_open(&profile, NULL, false, problem, &status));
	ck_assert_int_eq(status, 1);
	ck_assert_ptr_nonnull(strstr(problem, "/proc/nowhere"));
}
END_TEST

/* -- settings ----------------------------------------------------------- */

START_TEST(without_options_there_are_defaults)
{
	struct dchat_options options = { 0 };
	struct settings settings;

	ck_assert(settings_init(&settings, &options, problem));
	ck_assert_str_eq(settings.network, "lan");
	ck_assert_uint_eq(settings.room_count, 1);
	ck_assert_str_eq(settings.rooms[0].name, "#lobby");
	ck_assert(names_check_nick(settings.nick, problem));
	settings_free(&settings);
}
END_TEST

START_TEST(a_room_given_twice_is_one_room)
{
	static const char *const rooms[] = { "#Ops", "#ops", "#b", "#ａ" };
	struct dchat_options options = { .rooms = rooms, .room_count = 4 };
	struct settings settings;

	ck_assert(settings_init(&settings, &options, problem));
	ck_assert_uint_eq(settings.room_count, 3);
	for (size_t i = 1; i < settings.room_count; i++)
		ck_assert_int_lt(id_compare(&settings.rooms[i - 1].id,
				     &settings.rooms[i].id),
		    0);
	settings_free(&settings);
}
END_TEST

START_TEST(a_wrong_name_is_a_sentence)
{
	static const char *const rooms[] = { "lobby" };
	struct dchat_options wrong[] = {
		{ .nick = "" },
		{ .nick = "a b" },
		{ .nick = "#a" },
		{ .nick = "\xff" },
		{ .network = "" },
		{ .rooms = rooms, .room_count = 1 },
	};
	struct settings settings;

	ck_assert(!settings_init(&settings, &wrong[_i], problem));
	ck_assert_str_ne(problem, "");
}
END_TEST

START_TEST(networks_with_other_names_have_other_rooms)
{
	struct dchat_options here = { .network = "one" };
	struct dchat_options there = { .network = "two" };
	struct settings one, two;

	ck_assert(settings_init(&one, &here, problem));
	ck_assert(settings_init(&two, &there, problem));
	ck_assert(!id_equal(&one.rooms[0].id, &two.rooms[0].id));
	settings_free(&one);
	settings_free(&two);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("profile");
	TCase *tests = tcase_create("profile");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_profile_is_for_its_owner_alone);
	tcase_add_test(tests, a_profile_keeps_its_id_and_counts_its_starts);
	tcase_add_test(tests, numbers_of_a_run_fit_a_signed_integer);
	tcase_add_test(tests, a_profile_in_use_is_refused_with_the_way_out);
	tcase_add_loop_test(tests, a_damaged_start_counter_never_falls_back, 0,
	    5);
	tcase_add_test(tests, an_ephemeral_profile_leaves_nothing_behind);
	tcase_add_loop_test(tests, a_name_that_leads_elsewhere_is_no_profile, 0,
	    7);
	tcase_add_test(tests, a_folder_that_cannot_be_made_is_a_sentence);
	tcase_add_test(tests, without_options_there_are_defaults);
	tcase_add_test(tests, a_room_given_twice_is_one_room);
	tcase_add_loop_test(tests, a_wrong_name_is_a_sentence, 0, 6);
	tcase_add_test(tests, networks_with_other_names_have_other_rooms);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
