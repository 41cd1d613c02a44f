/*
 * tui/keys: the bytes a terminal sends, as keys.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/utf8.h"
#include "tui/keys.h"

static struct keys keys;

static void
setup(void)
{
	keys_init(&keys);
}

static void
teardown(void)
{
	keys_free(&keys);
}

static void
feed(const char *bytes)
{
	keys_feed(&keys, bytes, strlen(bytes));
}

static void
assert_next(uint32_t code, unsigned modifiers)
{
	struct key key;

	ck_assert(keys_next(&keys, &key));
	ck_assert_uint_eq(key.code, code);
	ck_assert_uint_eq(key.modifiers, modifiers);
}

static void
assert_no_more(void)
{
	struct key key;

	ck_assert(!keys_next(&keys, &key));
	ck_assert(!keys_waiting(&keys));
}

static void
assert_one(const char *bytes, uint32_t code, unsigned modifiers)
{
	struct key key;

	feed(bytes);
	ck_assert_msg(keys_next(&keys, &key), "no key from %s", bytes + 1);
	ck_assert_uint_eq(key.code, code);
	ck_assert_uint_eq(key.modifiers, modifiers);
	ck_assert_uint_eq(key.size, strlen(bytes));
	ck_assert_mem_eq(key.bytes, bytes, key.size);
	assert_no_more();
}

static void
assert_swallowed(const char *bytes)
{
	feed(bytes);
	feed("x");
	assert_next('x', 0);
	assert_no_more();
}

START_TEST(characters_are_their_code_points)
{
	assert_one("a", 'a', 0);
	assert_one(" ", ' ', 0);
	assert_one("é", 0xe9, 0);
	assert_one("日", 0x65e5, 0);
	assert_one("👍", 0x1f44d, 0);
}
END_TEST

START_TEST(controls_are_keys_with_ctrl)
{
	assert_one("\x0e", 'n', KEYS_CTRL);
	assert_one("\x01", 'a', KEYS_CTRL);
	assert_one("\x0a", 'j', KEYS_CTRL);
	assert_one("\x08", 'h', KEYS_CTRL);
	assert_one("\x1f", '_', KEYS_CTRL);
	assert_one("\r", KEYS_ENTER, 0);
	assert_one("\t", KEYS_TAB, 0);
	assert_one("\x7f", KEYS_BACKSPACE, 0);
	keys_feed(&keys, "", 1);
	assert_next('@', KEYS_CTRL);
}
END_TEST

START_TEST(escape_before_a_key_is_alt)
{
	assert_one("\033a", 'a', KEYS_ALT);
	assert_one("\0331", '1', KEYS_ALT);
	assert_one("\033/", '/', KEYS_ALT);
	assert_one("\033é", 0xe9, KEYS_ALT);
	assert_one("\033\r", KEYS_ENTER, KEYS_ALT);
	assert_one("\033\x0e", 'n', KEYS_ALT | KEYS_CTRL);
	assert_one("\033\033[A", KEYS_UP, KEYS_ALT);
}
END_TEST

START_TEST(sequences_of_all_terminals_are_known)
{
	assert_one("\033[A", KEYS_UP, 0);
	assert_one("\033OA", KEYS_UP, 0);
	assert_one("\033[1;3B", KEYS_DOWN, KEYS_ALT);
	assert_one("\033[1;5F", KEYS_END, KEYS_CTRL);
	assert_one("\033[5~", KEYS_PAGE_UP, 0);
	assert_one("\033[6;3~", KEYS_PAGE_DOWN, KEYS_ALT);
	assert_one("\033[8^", KEYS_END, KEYS_CTRL);
	assert_one("\033Od", KEYS_LEFT, KEYS_CTRL);
	assert_one("\033[a", KEYS_UP, KEYS_SHIFT);
	assert_one("\033[Z", KEYS_TAB, KEYS_SHIFT);
	assert_one("\033OP", KEYS_F1, 0);
	assert_one("\033[11~", KEYS_F1, 0);
	assert_one("\033[[A", KEYS_F1, 0);
	assert_one("\033[1;2P", KEYS_F1, KEYS_SHIFT);
	assert_one("\033[24~", KEYS_F12, 0);
	assert_one("\033[H", KEYS_HOME, 0);
	assert_one("\033[1~", KEYS_HOME, 0);
	assert_one("\033[3~", KEYS_DELETE, 0);
	assert_one("\033[13;3u", KEYS_ENTER, KEYS_ALT);
	assert_one("\033[27;5;110~", 'n', KEYS_CTRL);
	assert_one("\033[I", KEYS_FOCUS_IN, 0);
	assert_one("\033[O", KEYS_FOCUS_OUT, 0);
}
END_TEST

START_TEST(the_mouse_says_what_and_where)
{
	assert_one("\033[<0;10;20M", KEYS_MOUSE, 0);
	assert_one("\033[<64;1;1M", KEYS_MOUSE, 0);
	assert_one("\033[<69;300;200M", KEYS_MOUSE, KEYS_SHIFT);
	assert_one("\033[<16;10;20M", KEYS_MOUSE, KEYS_CTRL);
}
END_TEST

START_TEST(what_is_no_key_is_swallowed_whole)
{
	assert_swallowed("\033[M !!");      /* X10 mouse */
	assert_swallowed("\033[<0;10;20m"); /* SGR mouse, going up */
	assert_swallowed("\033[<2;10;20M"); /* other buttons, and moving */
	assert_swallowed("\033[<35;10;20M");
	assert_swallowed("\033[<0;0;20M");
	assert_swallowed("\033[<0;10M");
	assert_swallowed("\033[?1;2c"); /* an answer */
	assert_swallowed("\033[?2026;2$y");
	assert_swallowed("\033[99~");
	assert_swallowed("\033[1;2;3;4;5;6;7;8;9q");
	assert_swallowed("\033[57441;2u"); /* Kitty's Shift */
	assert_swallowed("\033[201~");     /* no paste began */
	assert_swallowed("\033[999999999999999999999~");
	assert_swallowed("\xff");
	assert_swallowed("\x80");
	assert_swallowed("\xc3");
	assert_swallowed("\xe2\x82");
	assert_swallowed("\xed\xa0\x80");
}
END_TEST

START_TEST(an_endless_sequence_is_swallowed_to_its_end)
{
	int i;

	feed("\033[");
	for (i = 0; i < 1000; i++) {
		struct key key;

		feed("1;2");
		ck_assert(!keys_next(&keys, &key));
	}
	ck_assert_uint_lt(keys.input.size, 256);
	feed("~x");
	assert_next('x', 0);
	assert_no_more();
}
END_TEST

START_TEST(a_lone_escape_is_decided_by_the_timer)
{
	struct key key;

	feed("\033");
	ck_assert(!keys_next(&keys, &key));
	ck_assert(keys_waiting(&keys));
	keys_flush(&keys);
	assert_next(KEYS_ESCAPE, 0);
	assert_no_more();
	feed("\033");
	ck_assert(!keys_next(&keys, &key));
	feed("[A");
	assert_next(KEYS_UP, 0);
	assert_no_more();
}
END_TEST

START_TEST(what_is_unfinished_when_the_timer_fires_is_done_with)
{
	struct key key;

	feed("\033[");
	ck_assert(!keys_next(&keys, &key));
	keys_flush(&keys);
	assert_next('[', KEYS_ALT);
	assert_no_more();
	feed("\033O");
	keys_flush(&keys);
	assert_next('O', KEYS_ALT);
	feed("\033\033");
	keys_flush(&keys);
	assert_next(KEYS_ESCAPE, 0);
	assert_next(KEYS_ESCAPE, 0);
	feed("\033[1;");
	keys_flush(&keys);
	assert_no_more();
	feed("\xe2\x82");
	keys_flush(&keys);
	assert_no_more();
	feed("a");
	assert_next('a', 0);
	assert_no_more();
}
END_TEST

static void
assert_paste(const char *text, bool cut)
{
	struct key key;

	ck_assert(keys_next(&keys, &key));
	ck_assert_uint_eq(key.code, KEYS_PASTE);
	ck_assert_str_eq(key.paste, text);
	ck_assert_uint_eq(key.paste_size, strlen(text));
	ck_assert(key.paste_cut == cut);
}

START_TEST(a_paste_is_one_key_whatever_is_in_it)
{
	feed("\033[200~one\rtwo\r\nthree\033[A\t\xff!\033[201~z");
	assert_paste("one\ntwo\nthree\033[A\t\xef\xbf\xbd!", false);
	assert_next('z', 0);
	assert_no_more();
	feed("\033[200~\033[201~");
	assert_paste("", false);
}
END_TEST

START_TEST(a_paste_ends_only_with_its_marker)
{
	struct key key;

	feed("\033[200~a\033[20");
	ck_assert(!keys_next(&keys, &key));
	ck_assert(!keys_waiting(&keys));
	keys_flush(&keys);
	ck_assert(!keys_next(&keys, &key));
	feed("1~");
	assert_paste("a", false);
	assert_no_more();
}
END_TEST

START_TEST(a_huge_paste_is_cut_at_a_character)
{
	struct key key;
	int i;

	feed("\033[200~a");
	for (i = 0; i < 30000; i++) {
		feed("日本");
		ck_assert(!keys_next(&keys, &key));
	}
	ck_assert_uint_lt(keys.paste.size + keys.input.size,
	    KEYS_PASTE_MAX + 64);
	feed("\033[201~b");
	ck_assert(keys_next(&keys, &key));
	ck_assert(key.paste_cut);
	ck_assert_uint_le(key.paste_size, KEYS_PASTE_MAX);
	ck_assert_uint_gt(key.paste_size, KEYS_PASTE_MAX - 8);
	ck_assert(utf8_valid(key.paste, key.paste_size));
	ck_assert_ptr_null(strstr(key.paste, "\xef\xbf\xbd"));
	assert_next('b', 0);
}
END_TEST

static void
collect(struct keys *from, char *text, size_t cap)
{
	struct key key;

	while (keys_next(from, &key)) {
		size_t used = strlen(text);

		snprintf(text + used, cap - used, "%x/%u/%s ", key.code,
		    key.modifiers, key.paste ? key.paste : "");
	}
}

START_TEST(any_split_of_the_bytes_gives_the_same_keys)
{
	static const char *const pieces[] = { "a", "é", "日", "\033[A",
		"\033OP", "\033[1;5F", "\033x", "\033[200~p\rq\033[201~",
		"\033[<0;1;2M", "\033[M !!", "\xff", "\033[[B", "\r", "\x01",
		"\033[?1c", "\033[0n", "\xc3", "\033\033[B", "\033\033" };
	struct rng rng = rng_seeded(3);
	int round;

	for (round = 0; round < 3000; round++) {
		char bytes[256] = "", whole[4096] = "", split[4096] = "";
		size_t n = 1 + rng_below(&rng, 10), size, at;
		struct keys other;

		while (n-- > 0)
			strcat(bytes,
			    pieces[rng_below(&rng,
				sizeof pieces / sizeof pieces[0])]);
		strcat(bytes, "x");
		size = strlen(bytes);
		keys_init(&other);
		keys_feed(&other, bytes, size);
		collect(&other, whole, sizeof whole);
		keys_free(&other);
		keys_init(&other);
		for (at = 0; at < size; at += n) {
			n = 1 + rng_below(&rng, 4);
			if (n > size - at)
				n = size - at;
			keys_feed(&other, bytes + at, n);
			collect(&other, split, sizeof split);
		}
		keys_free(&other);
		if (strcmp(whole, split) != 0)
			ck_abort_msg("round %d: %s != %s", round, whole, split);
	}
}
END_TEST

START_TEST(random_bytes_harm_nothing)
{
	struct rng rng = rng_seeded(5);
	struct key key;
	int round;

	for (round = 0; round < 20000; round++) {
		static const char liked[] = "\033[O;0123~M<\x80\xe2";
		char bytes[16];
		size_t n = rng_below(&rng, sizeof bytes), i;

		for (i = 0; i < n; i++)
			bytes[i] = rng_below(&rng, 2)
			    ? liked[rng_below(&rng, sizeof liked - 1)]
			    : (char)rng_below(&rng, 256);
		keys_feed(&keys, bytes, n);
		if (rng_below(&rng, 4) == 0)
			keys_flush(&keys);
		while (keys_next(&keys, &key))
			if (key.code > KEYS_FOCUS_OUT || key.size > KEYS_BYTES)
				ck_abort_msg("round %d", round);
		if (keys.input.size - keys.at > 256)
			ck_abort_msg("round %d: it piles up", round);
	}
}
END_TEST

START_TEST(names_of_keys_are_parsed)
{
	static const struct {
		const char *name;
		uint32_t code;
		unsigned modifiers;
	} names[] = {
		{ "Ctrl+N", 'n', KEYS_CTRL },
		{ "Alt+/", '/', KEYS_ALT },
		{ "Alt+0", '0', KEYS_ALT },
		{ "Shift+Tab", KEYS_TAB, KEYS_SHIFT },
		{ "Ctrl+Alt+PgUp", KEYS_PAGE_UP, KEYS_CTRL | KEYS_ALT },
		{ "F1", KEYS_F1, 0 },
		{ "F12", KEYS_F12, 0 },
		{ "Esc", KEYS_ESCAPE, 0 },
		{ "Alt++", '+', KEYS_ALT },
		{ "é", 0xe9, 0 },
	};
	unsigned modifiers;
	uint32_t code;
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		ck_assert(key_parse(names[i].name, strlen(names[i].name), &code,
		    &modifiers));
		ck_assert_uint_eq(code, names[i].code);
		ck_assert_uint_eq(modifiers, names[i].modifiers);
	}
	ck_assert(!key_parse("", 0, &code, &modifiers));
	ck_assert(!key_parse("F13", 3, &code, &modifiers));
	ck_assert(!key_parse("F0", 2, &code, &modifiers));
	ck_assert(!key_parse("Alt+", 4, &code, &modifiers));
	ck_assert(!key_parse("Nothing", 7, &code, &modifiers));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("keys");
	TCase *tcase = tcase_create("keys");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, characters_are_their_code_points);
	tcase_add_test(tcase, controls_are_keys_with_ctrl);
	tcase_add_test(tcase, escape_before_a_key_is_alt);
	tcase_add_test(tcase, sequences_of_all_terminals_are_known);
	tcase_add_test(tcase, the_mouse_says_what_and_where);
	tcase_add_test(tcase, what_is_no_key_is_swallowed_whole);
	tcase_add_test(tcase, an_endless_sequence_is_swallowed_to_its_end);
	tcase_add_test(tcase, a_lone_escape_is_decided_by_the_timer);
	tcase_add_test(tcase,
	    what_is_unfinished_when_the_timer_fires_is_done_with);
	tcase_add_test(tcase, a_paste_is_one_key_whatever_is_in_it);
	tcase_add_test(tcase, a_paste_ends_only_with_its_marker);
	tcase_add_test(tcase, a_huge_paste_is_cut_at_a_character);
	tcase_add_test(tcase, any_split_of_the_bytes_gives_the_same_keys);
	tcase_add_test(tcase, random_bytes_harm_nothing);
	tcase_add_test(tcase, names_of_keys_are_parsed);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
