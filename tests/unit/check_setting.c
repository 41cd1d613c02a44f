/* setting: what a person may set, and what is no value for it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tui/setting.h"

static struct setting_values values;
static char problem[256];

static void
setup(void)
{
	setting_values_init(&values);
}

static void
teardown(void)
{
	setting_values_free(&values);
}

static bool
set(const char *name, const char *text)
{
	enum setting_id id;

	problem[0] = '\0';
	ck_assert_msg(setting_named(name, &id), "%s", name);
	return setting_set(&values, id, text, SETTING_BY_PERSON, name, problem);
}

static void
is_written(const char *name, const char *expected)
{
	enum setting_id id;
	char *text;

	ck_assert(setting_named(name, &id));
	text = setting_written(&values, id);
	ck_assert_str_eq(text, expected);
	free(text);
}

START_TEST(every_value_of_the_table_is_a_good_one)
{
	for (int id = 0; id < SETTINGS_COUNT; id++) {
		const struct setting_spec *spec = &setting_table[id];

		is_written(spec->name, spec->initial);
		ck_assert_int_eq(values.items[id].origin, SETTING_BY_TABLE);
		ck_assert(!values.items[id].unsaved);
		if (spec->initial[0] != '\0')
			ck_assert_msg(set(spec->name, spec->initial), "%s",
			    problem);
		ck_assert(spec->help[0] != '\0');
		ck_assert(strlen(spec->name) <= 20);
	}
}
END_TEST

static const struct {
	const char *name, *text, *written;
} good[] = {
	{ "bell", "off", "off" },
	{ "bell", "yes", "on" },
	{ "bell", " no\t", "off" },
	{ "theme", "light", "light" },
	{ "clock-format", "%H:%M", "%H:%M" },
	{ "clock-format", "%a %e %b, %k.%M h", "%a %e %b, %k.%M h" },
	{ "clock-format", "100%% at %T", "100%% at %T" },
	{ "filter", "all", "all" },
	{ "theme", "high-contrast", "high-contrast" },
	{ "port", "0", "0" },
	{ "port", "65535", "65535" },
	{ "nick-width", "3", "3" },
	{ "nick", "Zoë", "Zoë" },
	{ "network", "lab2", "lab2" },
	{ "rooms", "#a,b , #c", "#a #b #c" },
	{ "rooms", "#a #a", "#a" },
	{ "peers", "192.0.2.1 h:9 [fe80::1]:7", "192.0.2.1 h:9 [fe80::1]:7" },
	{ "interfaces", "eth0", "eth0" },
	{ "log", "/tmp/a b", "/tmp/a b" },
};

START_TEST(good_values_are_taken)
{
	ck_assert_msg(set(good[_i].name, good[_i].text), "%s", problem);
	is_written(good[_i].name, good[_i].written);
}
END_TEST

static const struct {
	const char *name, *text, *says;
} bad[] = {
	{ "bell", "maybe", "bell wants on or off, not \"maybe\"." },
	{ "bell", "", "on or off" },
	{ "bell", "ON", "on or off" },
	{ "clock-format", "%c", "a time like %H:%M" },
	{ "clock-format", "%H:%", "a time like %H:%M" },
	{ "clock-format", "%-d", "a time like %H:%M" },
	{ "clock-format", "%H%n%M", "a time like %H:%M" },
	{ "clock-format", "%A, %d %B %Y, %H:%M:%S", "of at most 24 columns" },
	{ "clock-format", "%A%A%A%A%A%A%A%A%A%A%A%A%A%A", "24 columns" },
	{ "theme", "Dark", "auto, dark, light or none, or a theme" },
	{ "theme", "../dark", "auto, dark, light or none" },
	{ "theme", "dark light", "auto, dark, light or none" },
	{ "port", "65536", "a whole number from 0 to 65535" },
	{ "port", "-1", "whole number" },
	{ "port", "+1", "whole number" },
	{ "port", "0x1", "whole number" },
	{ "port", "1 2", "whole number" },
	{ "port", "99999999999999999999", "whole number" },
	{ "nick-width", "2", "from 3 to 32" },
	{ "nick", "two words", "white space" },
	{ "nick", "a~b", "'~'" },
	{ "rooms", "@lobby", "#lobby" },
	{ "rooms", "a #", "#lobby" },
	{ "rooms", " , ", "rooms like #lobby" },
	{ "peers", "a:b:c", "HOST:PORT" },
	{ "log", "", "a text" },
	{ "log", "a\033b", "no control characters" },
	{ "log", "a ;b", "semicolon" },
	{ "log", "a\xff", "valid UTF-8" },
};

START_TEST(bad_values_are_refused_in_a_sentence_and_change_nothing)
{
	enum setting_id id;
	char *before, *after;

	ck_assert(setting_named(bad[_i].name, &id));
	before = setting_written(&values, id);
	ck_assert(!set(bad[_i].name, bad[_i].text));
	ck_assert_msg(strstr(problem, bad[_i].says) != NULL, "%s", problem);
	ck_assert_int_eq(problem[strlen(problem) - 1], '.');
	ck_assert_int_eq(strncmp(problem, bad[_i].name, strlen(bad[_i].name)),
	    0);
	after = setting_written(&values, id);
	ck_assert_str_eq(before, after);
	ck_assert(!values.items[id].unsaved);
	free(before);
	free(after);
}
END_TEST

START_TEST(a_list_grows_by_words_of_one_origin)
{
	enum setting_id id = SETTING_ID_ROOMS;

	ck_assert(setting_set(&values, id, "#a #b", SETTING_BY_FILE, "rooms",
	    problem));
	ck_assert(setting_add(&values, id, "#c", SETTING_BY_OPTION, "--room",
	    problem));
	ck_assert(setting_add(&values, id, "#d", SETTING_BY_OPTION, "--room",
	    problem));
	ck_assert(setting_add(&values, id, "c", SETTING_BY_OPTION, "--room",
	    problem));
	is_written("rooms", "#c #d");
	ck_assert(!setting_add(&values, id, "#a,b", SETTING_BY_OPTION, "--room",
	    problem));
	ck_assert_ptr_nonnull(strstr(problem, "--room: "));
	is_written("rooms", "#c #d");
}
END_TEST

START_TEST(a_reset_brings_back_what_the_table_says)
{
	ck_assert(set("nick-width", "20"));
	ck_assert(set("rooms", "#a"));
	setting_reset(&values, SETTING_ID_NICK_WIDTH);
	setting_reset(&values, SETTING_ID_ROOMS);
	is_written("nick-width", "16");
	is_written("rooms", "");
	ck_assert(values.items[SETTING_ID_ROOMS].unsaved);
}
END_TEST

START_TEST(names_are_found_by_their_beginning_and_near_misses_named)
{
	enum setting_id id;

	ck_assert(setting_find("nick", &id, problem));
	ck_assert_int_eq(id, SETTING_ID_NICK);
	ck_assert(setting_find("nick-w", &id, problem));
	ck_assert_int_eq(id, SETTING_ID_NICK_WIDTH);
	ck_assert(!setting_find("n", &id, problem));
	ck_assert_ptr_nonnull(strstr(problem, "Several"));
	ck_assert(!setting_find("bel1", &id, problem));
	ck_assert_ptr_nonnull(strstr(problem, "did you mean bell?"));
	ck_assert(!setting_find("quux", &id, problem));
	ck_assert_ptr_nonnull(strstr(problem, "/set lists"));
	ck_assert(!setting_named("nick-w", &id));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("setting");
	TCase *tcase = tcase_create("setting");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, every_value_of_the_table_is_a_good_one);
	tcase_add_loop_test(tcase, good_values_are_taken, 0,
	    (int)(sizeof good / sizeof *good));
	tcase_add_loop_test(tcase,
	    bad_values_are_refused_in_a_sentence_and_change_nothing, 0,
	    (int)(sizeof bad / sizeof *bad));
	tcase_add_test(tcase, a_list_grows_by_words_of_one_origin);
	tcase_add_test(tcase, a_reset_brings_back_what_the_table_says);
	tcase_add_test(tcase,
	    names_are_found_by_their_beginning_and_near_misses_named);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
