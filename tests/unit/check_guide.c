/* guide: what /help NAME tells. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tui/command.h"
#include "tui/guide.h"
#include "tui/keymap.h"

static struct setting_values values;
static char problem[512];
static char *text;

static void
setup(void)
{
	setting_values_init(&values);
}

static void
teardown(void)
{
	setting_values_free(&values);
	free(text);
	text = NULL;
}

static const char *
about(const char *name)
{
	free(text);
	problem[0] = '\0';
	text = guide_text(name, &values, problem);
	return text;
}

/* "See also: /join, /part": each is a whole name of the table. */
static void
related_are_there(const char *name)
{
	char *at = strstr(text, "See also: "), *end, *rest = NULL;

	ck_assert_msg(at != NULL, "tui/guide.c has no row for /%s", name);
	at += strlen("See also: ");
	end = strchr(at, '\n');
	if (end != NULL)
		*end = '\0';
	for (char *word = strtok_r(at, ", ", &rest); word != NULL;
	     word = strtok_r(NULL, ", ", &rest)) {
		const struct command_spec *spec = command_find(word, problem);

		ck_assert_msg(spec != NULL && strcmp(spec->name, word + 1) == 0,
		    "/%s: %s", name, word);
		ck_assert_str_ne(spec->name, name);
	}
}

START_TEST(every_command_has_its_use_and_what_is_related)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command_spec *spec = &command_table[i];

		ck_assert_msg(about(spec->name) != NULL, "%s", problem);
		ck_assert_int_eq(text[0], '/');
		ck_assert_int_eq(strncmp(text + 1, spec->name,
				     strlen(spec->name)), 0);
		ck_assert_ptr_nonnull(strstr(text, spec->help));
		related_are_there(spec->name);
	}
}
END_TEST

/* Each example is a line that the parser takes, and of that command. */
START_TEST(every_example_is_a_command_that_works)
{
	for (size_t i = 0; i < command_count; i++) {
		char *at, *end;

		about(command_table[i].name);
		at = strstr(text, "For example: ");
		if (at == NULL)
			continue;
		at += strlen("For example: ");
		end = strchr(at, '\n');
		if (end != NULL)
			*end = '\0';
		while (at != NULL) {
			struct command command;
			char *next = strstr(at, " · ");

			if (next != NULL) {
				*next = '\0';
				next += strlen(" · ");
			}
			command_parse(&command, at);
			ck_assert_msg(command.id == command_table[i].id,
			    "%s: %s", at, command.problem);
			command_free(&command);
			at = next;
		}
	}
}
END_TEST

START_TEST(settings_and_keys_are_told_of_too)
{
	for (int id = 0; id < SETTINGS_COUNT; id++)
		ck_assert_msg(about(setting_table[id].name) != NULL, "%s",
		    setting_table[id].name);
	ck_assert_ptr_nonnull(strstr(about("hint-line"), "auto, on or"));
	ck_assert_ptr_nonnull(strstr(about("theme"), "/set theme"));
	ck_assert_ptr_nonnull(strstr(about("nick"), "/set nick"));
	ck_assert_ptr_nonnull(strstr(about("nick-w"), "from 3 to 32"));
	ck_assert_ptr_nonnull(strstr(about("alt+a"), "Alt+A: "));
	ck_assert_ptr_nonnull(strstr(about("F1"), "F1: "));
	ck_assert_ptr_nonnull(strstr(about("/jo"), "/join #ROOM"));
}
END_TEST

START_TEST(what_is_unknown_is_said_with_what_is_near)
{
	ck_assert_ptr_null(about("jion"));
	ck_assert_str_eq(problem,
	    "There is no help on jion; try /help join.");
	ck_assert_ptr_null(about("tehme"));
	ck_assert_ptr_nonnull(strstr(problem, "/help theme"));
	ck_assert_ptr_null(about("quuxquux"));
	ck_assert_ptr_nonnull(strstr(problem, "/help lists"));
	ck_assert_ptr_null(about("/w"));
	ck_assert_ptr_nonnull(strstr(problem, "could be any of"));
}
END_TEST

START_TEST(topics_are_parts_of_the_help)
{
	ck_assert_int_eq(guide_topic("keys"), GUIDE_KEYS);
	ck_assert_int_eq(guide_topic("Commands"), GUIDE_COMMANDS);
	ck_assert_int_eq(guide_topic("settings"), GUIDE_SETTINGS);
	ck_assert_int_eq(guide_topic("set"), GUIDE_NONE);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("guide");
	TCase *tcase = tcase_create("guide");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, every_command_has_its_use_and_what_is_related);
	tcase_add_test(tcase, every_example_is_a_command_that_works);
	tcase_add_test(tcase, settings_and_keys_are_told_of_too);
	tcase_add_test(tcase, what_is_unknown_is_said_with_what_is_near);
	tcase_add_test(tcase, topics_are_parts_of_the_help);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
