/*
 * tui/keymap: which keys are the application's own.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tui/keymap.h"

static void
assert_action(const char *bytes, enum action action, size_t which)
{
	struct keys keys;
	struct key key;
	size_t got = 99;

	keys_init(&keys);
	keys_feed(&keys, bytes, strlen(bytes));
	keys_next(&keys, &key);
	keys_flush(&keys);
	if (key.code == 0 || key.size == 0)
		ck_assert(keys_next(&keys, &key));
	ck_assert_int_eq(keymap_find(&key, &got), action);
	if (action != ACTION_NONE)
		ck_assert_uint_eq(got, which);
	keys_free(&keys);
}

START_TEST(what_a_terminal_sends_finds_its_action)
{
	assert_action("\0331", ACTION_ROOM, 0);
	assert_action("\0339", ACTION_ROOM, 8);
	assert_action("\0330", ACTION_ROOM, 9);
	assert_action("\x0e", ACTION_NEXT, 0);
	assert_action("\033[1;3B", ACTION_NEXT, 1);
	assert_action("\x10", ACTION_PREVIOUS, 0);
	assert_action("\033a", ACTION_ACTIVE, 0);
	assert_action("\033/", ACTION_BACK, 0);
	assert_action("\033[5~", ACTION_PAGE_UP, 0);
	assert_action("\033[6~", ACTION_PAGE_DOWN, 0);
	assert_action("\033[5;3~", ACTION_LINE_UP, 0);
	assert_action("\033[6;3~", ACTION_LINE_DOWN, 0);
	assert_action("\033[1;5F", ACTION_LIVE, 0);
	assert_action("\033[A", ACTION_OLDER, 0);
	assert_action("\033OB", ACTION_NEWER, 0);
	assert_action("\t", ACTION_COMPLETE, 0);
	assert_action("\033[Z", ACTION_COMPLETE_BACK, 0);
	assert_action("\033\r", ACTION_NEWLINE, 0);
	assert_action("\033OP", ACTION_HELP, 0);
	assert_action("\033OQ", ACTION_HEALTH, 0);
	assert_action("\033", ACTION_CLOSE, 0);
	assert_action("\x0c", ACTION_REPAINT, 0);
	assert_action("\x1a", ACTION_SUSPEND, 0);
	assert_action("\x03", ACTION_INTERRUPT, 0);
}
END_TEST

START_TEST(all_other_keys_are_readlines)
{
	assert_action("a", ACTION_NONE, 0);
	assert_action("1", ACTION_NONE, 0);
	assert_action("\r", ACTION_NONE, 0);
	assert_action("\x08", ACTION_NONE, 0);
	assert_action("\x0a", ACTION_NONE, 0);
	assert_action("\x11", ACTION_NONE, 0);
	assert_action("\x13", ACTION_NONE, 0);
	assert_action("\033[", ACTION_NONE, 0);
	assert_action("\033b", ACTION_NONE, 0);
	assert_action("\033[D", ACTION_NONE, 0);
}
END_TEST

/* Every key name of a row, through a function. */
static void
each_name(const struct keymap_row *row,
    void (*check)(const struct keymap_row *, size_t, uint32_t, unsigned))
{
	const char *name = row->keys;
	size_t place = 0;

	while (*name != '\0') {
		size_t size = strcspn(name, " ");
		unsigned modifiers;
		uint32_t code;

		ck_assert(key_parse(name, size, &code, &modifiers));
		check(row, place++, code, modifiers);
		name += size;
		name += strspn(name, " ");
	}
}

static void
check_reachable(const struct keymap_row *row, size_t place, uint32_t code,
    unsigned modifiers)
{
	struct key key = { .code = code, .modifiers = modifiers };
	size_t which;

	ck_assert_int_eq(keymap_find(&key, &which), row->action);
	ck_assert_uint_eq(which, place);
}

static void
check_not_reserved(const struct keymap_row *row, size_t place, uint32_t code,
    unsigned modifiers)
{
	static const char reserved[] = "hijm[sq";
	size_t i;

	(void)row;
	(void)place;
	for (i = 0; reserved[i] != '\0'; i++)
		ck_assert(
		    modifiers != KEYS_CTRL || code != (uint32_t)reserved[i]);
}

START_TEST(no_key_stands_in_two_rows)
{
	size_t i;

	for (i = 0; i < keymap_count; i++)
		each_name(&keymap_table[i], check_reachable);
}
END_TEST

START_TEST(keys_that_terminals_need_are_never_bound)
{
	size_t i;

	for (i = 0; i < keymap_count; i++)
		each_name(&keymap_table[i], check_not_reserved);
}
END_TEST

START_TEST(every_row_has_a_label_and_help)
{
	char label[64];
	size_t i;

	for (i = 0; i < keymap_count; i++) {
		keymap_label(&keymap_table[i], label);
		ck_assert_uint_gt(strlen(label), 1);
		ck_assert_uint_gt(strlen(keymap_table[i].help), 5);
	}
	keymap_label(&keymap_table[0], label);
	ck_assert_str_eq(label, "Alt+1..9, Alt+0");
	keymap_label(&keymap_table[1], label);
	ck_assert_str_eq(label, "Ctrl+N, Alt+Down");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("keymap");
	TCase *tcase = tcase_create("keymap");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, what_a_terminal_sends_finds_its_action);
	tcase_add_test(tcase, all_other_keys_are_readlines);
	tcase_add_test(tcase, no_key_stands_in_two_rows);
	tcase_add_test(tcase, keys_that_terminals_need_are_never_bound);
	tcase_add_test(tcase, every_row_has_a_label_and_help);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
