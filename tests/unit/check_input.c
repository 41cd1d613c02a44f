/*
 * input: readline kept on a leash.  The random keys are the important part
 * (run them under the sanitizers): readline 8.2 corrupts its memory on
 * ordinary keys in callback mode unless its history, search and macro
 * commands are out of reach.
 */
#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "tui/input.h"

enum {
	GROUPS = 20000,		/* of random keys; more by INPUT_GROUPS */
};

static struct {
	char *entered;
	size_t entered_count;
	size_t wishes[WISH_REPAINT + 1];
} heard;

static struct input *input;

static void
on_entered(void *self, const char *text)
{
	(void)self;
	free(heard.entered);
	heard.entered = mem_text(text);
	heard.entered_count++;
}

static void
on_wish(void *self, enum input_wish wish)
{
	(void)self;
	heard.wishes[wish]++;
}

static const struct input_front front = { .entered = on_entered,
	.wish = on_wish };

static void
open_emacs(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_ALL, "");
	setenv("TERM", "xterm-256color", 1);
	input = input_open(&front, false);
}

/* With an inputrc as a person may have it. */
static void
open_with(const char *inputrc)
{
	char name[] = "/tmp/check_input.XXXXXX";
	int fd = mkstemp(name);
	FILE *file = fdopen(fd, "w");

	ck_assert_ptr_nonnull(file);
	fputs(inputrc, file);
	fclose(file);
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_ALL, "");
	setenv("TERM", "xterm-256color", 1);
	setenv("INPUTRC", name, 1);
	input = input_open(&front, true);
	unlink(name);
}

static void
open_vi(void)
{
	open_with("set editing-mode vi\n");
}

static void
close_input(void)
{
	input_close(input);
	free(heard.entered);
}

static void
key(const char *bytes)
{
	input_key(input, bytes, strlen(bytes));
}

/* Each character is a key. */
static void
type(const char *text)
{
	size_t size = strlen(text), at = 0;
	uint32_t point;

	while (at < size) {
		size_t length = utf8_decode(text + at, size - at, &point);

		input_key(input, text + at, length);
		at += length;
	}
}

#define LINE_IS(expected) ck_assert_str_eq(input_text(input), expected)

START_TEST(what_is_typed_is_the_line)
{
	type("héllo 世界");
	LINE_IS("héllo 世界");
	ck_assert_uint_eq(input_point(input), strlen("héllo 世界"));
}
END_TEST

START_TEST(enter_hands_the_line_over_once_and_empties_it)
{
	type("shall we?");
	key("\r");
	ck_assert_str_eq(heard.entered, "shall we?");
	ck_assert_uint_eq(heard.entered_count, 1);
	LINE_IS("");
	key("\r");
	ck_assert_str_eq(heard.entered, "");
	ck_assert_uint_eq(heard.entered_count, 2);
}
END_TEST

START_TEST(emacs_keys_move_kill_yank_and_undo)
{
	type("one two");
	key("\x01");
	key("\x1b" "f");
	ck_assert_uint_eq(input_point(input), 3);
	key("\x0b");
	LINE_IS("one");
	key("\x01");
	key("\x19");
	LINE_IS(" twoone");
	key("\x1f");
	LINE_IS("one");
}
END_TEST

START_TEST(backspace_takes_a_whole_cluster)
{
	/* e with an accent of its own, a family of three, a flag */
	type("xe\u0301");
	key("\x7f");
	LINE_IS("x");
	input_insert(input, "\U0001F468\u200D\U0001F469\u200D\U0001F467");
	key("\x7f");
	LINE_IS("x");
	input_insert(input, "\U0001F1E9\U0001F1EA");
	key("\x7f");
	LINE_IS("x");
}
END_TEST

START_TEST(arrows_and_delete_step_by_clusters)
{
	type("ae\u0301b");
	key("\x1b[D");
	key("\x1b[D");
	ck_assert_uint_eq(input_point(input), 1);
	key("\x1b[C");
	ck_assert_uint_eq(input_point(input), 4);
	key("\x1b[D");
	key("\x1b[3~");
	LINE_IS("ab");
}
END_TEST

START_TEST(sequences_that_mean_nothing_leave_no_rubbish)
{
	type("ab");
	key("\x1b[24~");
	key("\x1b[13;2u");
	key("\x1b\xc3\xa9");
	key("\x1b[200;5H");
	LINE_IS("ab");
	type("c");
	LINE_IS("abc");
}
END_TEST

START_TEST(ctrl_d_on_an_empty_line_ends_nothing)
{
	key("\x04");
	key("\x04");
	ck_assert_uint_eq(heard.entered_count, 0);
	type("ab");
	key("\x01");
	key("\x04");
	LINE_IS("b");
}
END_TEST

START_TEST(a_paste_is_one_step_for_undo)
{
	type("a");
	input_insert(input, "two\nlines");
	LINE_IS("atwo\nlines");
	key("\x1f");
	LINE_IS("a");
}
END_TEST

START_TEST(a_line_is_put_with_its_cursor)
{
	type("draft of one room");
	input_put(input, "another", 3);
	LINE_IS("another");
	ck_assert_uint_eq(input_point(input), 3);
	type("X");
	LINE_IS("anoXther");
	input_put(input, input_text(input), 99);
	LINE_IS("anoXther");
	ck_assert_uint_eq(input_point(input), 8);
}
END_TEST

START_TEST(putting_a_line_leaves_a_half_finished_command)
{
	key("\x18");		/* C-x and then nothing */
	input_put(input, "kept", 4);
	type("u");
	LINE_IS("keptu");
	key("\x1d");		/* C-]: search a character */
	input_put(input, "kept", 4);
	type("k");
	LINE_IS("keptk");
}
END_TEST

START_TEST(completion_and_recall_are_asked_of_the_front)
{
	key("\t");
	ck_assert_uint_eq(heard.wishes[WISH_COMPLETE], 1);
	key("\x0e");
	ck_assert_uint_eq(heard.wishes[WISH_NEWER], 1);
	key("\x10");
	ck_assert_uint_eq(heard.wishes[WISH_OLDER], 1);
	LINE_IS("");
}
END_TEST

START_TEST(history_search_and_macros_are_dead)
{
	type("abc");
	key("\r");
	type("x");
	key("\x12"); /* C-r: the front is asked */
	ck_assert_uint_eq(heard.wishes[WISH_SEARCH], 1);
	key("\x18");
	key("(");
	key("\x18");
	key(")");
	key("\x18");
	key("e");
	type("y");
	LINE_IS("xy");
}
END_TEST

START_TEST(vi_keys_work_when_the_person_wants_them)
{
	ck_assert(input_is_vi(input));
	type("one two");
	key("\x1b");
	key("0");
	key("d");
	key("w");
	LINE_IS("two");
	key("k");
	ck_assert_uint_eq(heard.wishes[WISH_OLDER], 1);
	key("/");
	ck_assert_uint_eq(heard.wishes[WISH_SEARCH], 1);
	key("A");
	type("!");
	LINE_IS("two!");
}
END_TEST

START_TEST(vi_words_end_where_the_line_ends_in_a_wide_character)
{
	type("ab, cd 世");
	key("\x1b");
	key("0");
	key("w");
	ck_assert_uint_eq(input_point(input), 2);
	key("W");
	ck_assert_uint_eq(input_point(input), 4);
	key("e");
	ck_assert_uint_eq(input_point(input), 5);
	key("5");
	key("W");
	ck_assert_uint_eq(input_point(input), 7);
	key("0");
	key("d");
	key("W");
	LINE_IS("cd 世");
	key("2");
	key("d");
	key("w");
	LINE_IS("");
}
END_TEST

START_TEST(vi_replaces_whole_characters)
{
	type("ab世d");
	key("\x1b");
	key("0");
	key("l");
	key("2");
	key("r");
	key("é");
	LINE_IS("aééd");
	key("r");
	key("\x1b[C");
	LINE_IS("aééd");
	key("u");
	LINE_IS("ab世d");
}
END_TEST

START_TEST(an_inputrc_may_speak_to_dchat_alone)
{
	type("a");
	key("\x14");
	LINE_IS("a<mine>");
}
END_TEST

START_TEST(the_line_stops_growing_at_its_bound)
{
	char *big = mem_alloc(100001);

	memset(big, 'x', 100000);
	big[100000] = '\0';
	input_insert(input, big);
	ck_assert_uint_le(strlen(input_text(input)), 16384);
	input_insert(input, big);
	type("yyyy");
	ck_assert_uint_le(strlen(input_text(input)), 16384);
	free(big);
}
END_TEST

/* Readline loses killed text now and then; a few bytes, and not ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *
__lsan_default_options(void)
{
	return "print_suppressions=0";
}

const char *
__lsan_default_suppressions(void)
{
	return "leak:libreadline";
}

/* -- random keys -------------------------------------------------------- */

static void
random_key(struct rng *rng)
{
	static const char *const sequences[] = { "\x1b[A", "\x1b[B", "\x1b[C",
		"\x1b[D", "\x1b[H", "\x1b[F", "\x1bOA", "\x1bOH", "\x1b[3~",
		"\x1b[5~", "\x1b[1;5C", "\x1b[1;5D", "\x1b[24~", "\x1b[Z",
		"\x1b[13;2u", "\x1b\x7f", "\x1b\r", "\x1b\x1b[D" };
	static const char *const characters[] = { "é", "世", "\u0301",
		"\U0001F468", "\u200D", "ß", "\u2028", "\U0001F1E9" };
	char bytes[3] = "";

	switch (rng_below(rng, 8)) {
	case 0:
		bytes[0] = (char)(1 + rng_below(rng, 31));
		break;
	case 1:
		bytes[0] = '\x1b';
		bytes[1] = (char)(1 + rng_below(rng, 127));
		break;
	case 2:
		key(sequences[rng_below(rng,
		    sizeof sequences / sizeof *sequences)]);
		return;
	case 3:
		key(characters[rng_below(rng,
		    sizeof characters / sizeof *characters)]);
		return;
	case 4:
		key("\x18");
		bytes[0] = (char)(1 + rng_below(rng, 127));
		break;
	case 5:
		bytes[0] = '\x1b';
		break;
	default:
		bytes[0] = (char)(1 + rng_below(rng, 127));
		break;
	}
	key(bytes);
}

static void
random_group(struct rng *rng)
{
	static const char *const lines[] = { "", "draft", "/join #ops",
		"e\u0301\u0301 世界 \U0001F468\u200D\U0001F469" };
	const char *line = lines[rng_below(rng, sizeof lines / sizeof *lines)];

	switch (rng_below(rng, 12)) {
	case 0:
		input_put(input, line, rng_below(rng, strlen(line) + 1));
		break;
	case 1: input_insert(input, line); break;
	default:
		for (uint64_t n = rng_below(rng, 6); n-- > 0;)
			random_key(rng);
		break;
	}
	ck_assert_uint_le(input_point(input), strlen(input_text(input)));
	ck_assert(utf8_valid(input_text(input), strlen(input_text(input))));
}

static void
random_keys(uint64_t seed)
{
	const char *wanted = getenv("INPUT_GROUPS");
	long groups = wanted != NULL ? atol(wanted) : GROUPS;
	struct rng rng = rng_seeded(seed);

	for (long i = 0; i < groups; i++)
		random_group(&rng);
	/* and it still works */
	input_put(input, "", 0);
	key("\r");
	input_put(input, "alive", 5);
	LINE_IS("alive");
}

START_TEST(random_keys_break_nothing)
{
	random_keys(0x5eed + (uint64_t)_i);
}
END_TEST

static TCase *
case_new(const char *name, void (*open)(void))
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, open, close_input);
	tcase_set_timeout(tcase, 20);
	return tcase;
}

static void
open_bound(void)
{
	open_with("$if dchat\nControl-t: \"<mine>\"\n$endif\n"
		  "$if bash\nControl-t: \"<bash>\"\n$endif\n");
}

int
main(void)
{
	Suite *suite = suite_create("input");
	TCase *emacs = case_new("emacs", open_emacs);
	TCase *vi = case_new("vi", open_vi);
	TCase *bound = case_new("inputrc", open_bound);
	SRunner *runner;
	int failed;

	tcase_add_test(emacs, what_is_typed_is_the_line);
	tcase_add_test(emacs, enter_hands_the_line_over_once_and_empties_it);
	tcase_add_test(emacs, emacs_keys_move_kill_yank_and_undo);
	tcase_add_test(emacs, backspace_takes_a_whole_cluster);
	tcase_add_test(emacs, arrows_and_delete_step_by_clusters);
	tcase_add_test(emacs, sequences_that_mean_nothing_leave_no_rubbish);
	tcase_add_test(emacs, ctrl_d_on_an_empty_line_ends_nothing);
	tcase_add_test(emacs, a_paste_is_one_step_for_undo);
	tcase_add_test(emacs, a_line_is_put_with_its_cursor);
	tcase_add_test(emacs, putting_a_line_leaves_a_half_finished_command);
	tcase_add_test(emacs, completion_and_recall_are_asked_of_the_front);
	tcase_add_test(emacs, history_search_and_macros_are_dead);
	tcase_add_test(emacs, the_line_stops_growing_at_its_bound);
	tcase_add_loop_test(emacs, random_keys_break_nothing, 0, 3);
	tcase_add_test(vi, vi_keys_work_when_the_person_wants_them);
	tcase_add_test(vi,
	    vi_words_end_where_the_line_ends_in_a_wide_character);
	tcase_add_test(vi, vi_replaces_whole_characters);
	tcase_add_loop_test(vi, random_keys_break_nothing, 0, 3);
	tcase_add_test(bound, an_inputrc_may_speak_to_dchat_alone);
	suite_add_tcase(suite, emacs);
	suite_add_tcase(suite, vi);
	suite_add_tcase(suite, bound);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
