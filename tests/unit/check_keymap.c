/*
 * tui/keymap: which keys are the application's own.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tui/keymap.h"

/* What nobody changed. */
static const struct keymap plain;

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
	ck_assert_int_eq(keymap_find(&plain, &key, &got), action);
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

	ck_assert_int_eq(keymap_find(&plain, &key, &which), row->action);
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
		keymap_label(&plain, &keymap_table[i], label);
		ck_assert_uint_gt(strlen(label), 1);
		ck_assert_uint_gt(strlen(keymap_table[i].help), 5);
	}
	keymap_label(&plain, &keymap_table[0], label);
	ck_assert_str_eq(label, "Alt+1..9, Alt+0");
	keymap_label(&plain, &keymap_table[1], label);
	ck_assert_str_eq(label, "Ctrl+N, Alt+Down");
}
END_TEST

/* -- what a person made of it --------------------------------------------- */

static const struct {
	const char *text, *kept, *says;
} own_lines[] = {
	{ "f5 next-room", "F5 next-room", NULL },
	{ "alt+x  room-10", "Alt+X room-10", NULL },
	{ "Shift+Up page-up", "Shift+Up page-up", NULL },
	{ "Ctrl+Alt+End none", "Ctrl+Alt+End none", NULL },
	{ "F6 /me waves", "F6 /me waves", NULL },
	{ "Alt+\xc3\xa9 help", "Alt+\xc3\xa9 help", NULL },
	{ "F13 help", NULL, "There is no key F13; keys are called like F5" },
	{ "Meta+X help", NULL, "There is no key Meta+X" },
	{ "F5 nxt-room", NULL, "no action nxt-room; did you mean next-room?" },
	{ "F5 room-11", NULL, "There is no action room-11" },
	{ "F5 room-0", NULL, "There is no action room-0" },
	{ "F5 frobnicate", NULL, "/bind lists them" },
	{ "F5", NULL, "A key and an action are wanted" },
	{ "x help", NULL, "That key is for writing; add Ctrl or Alt" },
	{ "Shift+X help", NULL, "That key is for writing" },
	{ "Space help", NULL, "That key is for writing" },
	{ "Ctrl+M help", NULL, "To a terminal that is Backspace, Tab, Enter" },
	{ "Ctrl+[ help", NULL, "To a terminal that is" },
	{ "Ctrl+S help", NULL, "belong to the terminal" },
	{ "Ctrl+C help", NULL, "always a way out" },
	{ "Esc help", NULL, "always a way out" },
	{ "Enter help", NULL, "Enter sends what is written" },
};

START_TEST(a_line_of_the_person_is_checked)
{
	char problem[256] = "";
	char *kept = keymap_line(own_lines[_i].text, problem);

	if (own_lines[_i].kept != NULL) {
		ck_assert_msg(kept != NULL, "%s", problem);
		ck_assert_str_eq(kept, own_lines[_i].kept);
	} else {
		ck_assert_ptr_null(kept);
		ck_assert_msg(strstr(problem, own_lines[_i].says) != NULL, "%s",
		    problem);
	}
	free(kept);
}
END_TEST

static enum action
found(const struct keymap *keymap, const char *name, size_t *which)
{
	struct key key = { 0 };

	ck_assert(key_parse(name, strlen(name), &key.code, &key.modifiers));
	return keymap_find(keymap, &key, which);
}

START_TEST(what_was_bound_goes_before_the_table)
{
	char lines[4][16] = { "F5 room-3", "Ctrl+N none", "Alt+A page-up",
		"F6 /topic new" };
	char *own[] = { lines[0], lines[1], lines[2], lines[3] };
	const struct key f6 = { .code = KEYS_F1 + 5 };
	struct keymap keymap = { 0 };
	char label[KEYMAP_LABEL];
	size_t which = 0;

	keymap_take(&keymap, own, 4);
	ck_assert_int_eq(found(&keymap, "F5", &which), ACTION_ROOM);
	ck_assert_uint_eq(which, 2);
	ck_assert_int_eq(found(&keymap, "Ctrl+N", NULL), ACTION_NONE);
	ck_assert_int_eq(found(&keymap, "Alt+Down", NULL), ACTION_NEXT);
	ck_assert_int_eq(found(&keymap, "Alt+A", NULL), ACTION_PAGE_UP);
	ck_assert_int_eq(found(&keymap, "F6", NULL), ACTION_LINE);
	ck_assert_str_eq(keymap_command(&keymap, &f6), "/topic new");
	keymap_label(&keymap, keymap_row(ACTION_ROOM), label);
	ck_assert_str_eq(label, "Alt+1..9, Alt+0, F5");
	keymap_label(&keymap, keymap_row(ACTION_NEXT), label);
	ck_assert_str_eq(label, "Alt+Down");
	keymap_label(&keymap, keymap_row(ACTION_ACTIVE), label);
	ck_assert_str_eq(label, "");
	keymap_label(&keymap, keymap_row(ACTION_PAGE_UP), label);
	ck_assert_str_eq(label, "PgUp, Alt+A");
	keymap_free(&keymap);
}
END_TEST

START_TEST(every_key_of_the_table_has_its_name_back)
{
	for (size_t i = 0; i < keymap_count; i++) {
		const char *name = keymap_table[i].keys;

		while (*name != '\0') {
			size_t size = strcspn(name, " ");
			char text[KEY_TEXT];
			unsigned modifiers;
			uint32_t code;

			ck_assert(key_parse(name, size, &code, &modifiers));
			key_format(code, modifiers, text);
			ck_assert_uint_eq(strlen(text), size);
			ck_assert_int_eq(strncmp(text, name, size), 0);
			name += size;
			name += strspn(name, " ");
		}
	}
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
	tcase_add_loop_test(tcase, a_line_of_the_person_is_checked, 0,
	    (int)(sizeof own_lines / sizeof *own_lines));
	tcase_add_test(tcase, what_was_bound_goes_before_the_table);
	tcase_add_test(tcase, every_key_of_the_table_has_its_name_back);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
