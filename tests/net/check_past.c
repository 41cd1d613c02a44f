/*
 * check_past: `history` reaches further back than what a late joiner was
 * given, as far as anybody has it.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/net/contract.h"
#include "tests/support/lan.h"

enum { WORDS = 1400, TAIL = 500, ANSWER = 2000 };

static void
say_many(struct peer *peer, unsigned count)
{
	char text[32];

	for (unsigned i = 0; i < count; i++) {
		snprintf(text, sizeof text, "word %u", i);
		is_ok(say(peer, "#lobby", text));
	}
}

/* A late one, as soon as it has the tail. */
static struct peer *
start_late(const char *nick, const char *last)
{
	struct peer *peer = start(nick);

	ck_assert_ptr_nonnull(peer_await(&crowd, peer, "message", "text", last,
	    PATIENCE_MS));
	return peer;
}

static void
expect_same(const json_t *one, const json_t *other)
{
	json_t *a = as_others_have_it(one), *b = as_others_have_it(other);

	ck_assert(json_equal(a, b));
	json_decref(a);
	json_decref(b);
}

START_TEST(one_question_brings_all_that_somebody_has)
{
	struct peer *ana = start("ana"), *bob;
	const json_t *there, *here;
	json_t *kept;

	say_many(ana, WORDS);
	bob = start_late("bob", "word 1399");
	there = history(ana, "#lobby", ANSWER, NULL);
	ck_assert_uint_eq(json_array_size(there), WORDS);
	kept = json_deep_copy(there);
	here = history(bob, "#lobby", ANSWER, NULL);
	ck_assert_uint_eq(json_array_size(here), WORDS);
	expect_same(kept, here);
	json_decref(kept);
	/* None of the older ones was told as if it was new. */
	ck_assert_uint_eq(peer_count_text(bob, "word 3"), 0);
	ck_assert_uint_eq(peer_count_messages(bob), TAIL);
}
END_TEST

START_TEST(page_by_page_it_goes_up_to_the_first_word)
{
	struct peer *ana = start("ana"), *bob;
	char before[64] = "";
	size_t pages = 0, seen = 0;

	say_many(ana, WORDS);
	bob = start_late("bob", "word 1399");
	for (;; pages++) {
		const json_t *page = history(bob, "#lobby", 100,
		    before[0] == '\0' ? NULL : before);
		size_t count = json_array_size(page);
		char text[32];

		if (count == 0)
			break;
		for (size_t i = 0; i < count; i++) {
			snprintf(text, sizeof text, "word %zu",
			    WORDS - seen - count + i);
			ck_assert_str_eq(
			    event_text(json_array_get(page, i), "text"), text);
		}
		seen += count;
		snprintf(before, sizeof before, "%s",
		    event_text(json_array_get(page, 0), "msg"));
	}
	ck_assert_uint_eq(seen, WORDS);
	ck_assert_uint_eq(pages, WORDS / 100);
}
END_TEST

/* One whose settings say that it keeps all. */
static struct peer *
start_keeper(const char *nick, char *folder)
{
	char path[64];
	struct peer *peer;
	FILE *file;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/dchat", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/dchat/config", folder);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs("history-fetch = all\n", file);
	fclose(file);
	setenv("XDG_CONFIG_HOME", folder, 1);
	peer = start(nick);
	unsetenv("XDG_CONFIG_HOME");
	remove(path);
	snprintf(path, sizeof path, "%s/dchat", folder);
	rmdir(path);
	rmdir(folder);
	return peer;
}

START_TEST(who_wants_all_of_it_gets_it_without_asking)
{
	struct peer *ana = start("ana"), *bob;
	char folder[] = "/tmp/check_past.XXXXXX";
	const json_t *here;

	say_many(ana, WORDS);
	bob = start_keeper("bob", folder);
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "fetching", NULL, NULL,
	    PATIENCE_MS));
	while (number(peer_last(bob, "fetching")->event, "left") > 0)
		ck_assert_ptr_nonnull(peer_await(&crowd, bob, "fetching", NULL,
		    NULL, PATIENCE_MS));
	is_ok(ask(ana, "{s:s}", "cmd", "quit"));
	await_bye(ana);
	here = history(bob, "#lobby", ANSWER, NULL);
	ck_assert_uint_eq(json_array_size(here), WORDS);
	ck_assert_uint_eq(peer_count_messages(bob), TAIL);
}
END_TEST

START_TEST(what_nobody_has_any_more_is_told_as_a_number)
{
	struct peer *ana = start("ana"), *bob, *cem;
	const json_t *answer;

	say_many(ana, WORDS);
	bob = start_late("bob", "word 1399");
	is_ok(ask(ana, "{s:s}", "cmd", "quit"));
	ck_assert_ptr_nonnull(peer_await(&crowd, bob, "peer", "state", "left",
	    PATIENCE_MS));
	cem = start_late("cem", "word 1399");
	answer = ask(cem, "{s:s, s:s, s:i}", "cmd", "history", "room",
	    "#lobby", "limit", ANSWER);
	is_ok(answer);
	ck_assert_uint_eq(
	    json_array_size(json_object_get(answer, "messages")), TAIL);
	/* One by one they were said, a bundle each. */
	ck_assert_int_eq(number(answer, "lost"), WORDS - TAIL);
	/* Where nothing is missing nothing is told of it. */
	answer = ask(cem, "{s:s, s:s, s:i}", "cmd", "history", "room",
	    "#lobby", "limit", 10);
	is_ok(answer);
	ck_assert_ptr_null(json_object_get(answer, "lost"));
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("past");
	TCase *tests = tcase_create("past");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, contract_begin, contract_end);
	tcase_add_test(tests, one_question_brings_all_that_somebody_has);
	tcase_add_test(tests, page_by_page_it_goes_up_to_the_first_word);
	tcase_add_test(tests, who_wants_all_of_it_gets_it_without_asking);
	tcase_add_test(tests, what_nobody_has_any_more_is_told_as_a_number);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
