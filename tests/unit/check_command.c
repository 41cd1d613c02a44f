/*
 * tui/command: what a line of input means.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "tui/command.h"

static struct command command;

static void
teardown(void)
{
	command_free(&command);
}

static void
parse(const char *line, enum command_id id)
{
	command_free(&command);
	command_parse(&command, line);
	ck_assert_msg(command.id == id, "%s: %d, %s", line, command.id,
	    command.problem);
}

static void
assert_room(const char *line, enum command_id id, const char *room)
{
	parse(line, id);
	ck_assert_str_eq(command.room, room);
}

static void
assert_text(const char *line, enum command_id id, const char *text)
{
	parse(line, id);
	if (text)
		ck_assert_pstr_eq(command.text, text);
	else
		ck_assert_ptr_null(command.text);
}

static void
assert_wrong(const char *line, const char *part)
{
	parse(line, COMMAND_WRONG);
	ck_assert_msg(strstr(command.problem, part) != NULL, "%s: %s", line,
	    command.problem);
}

static void
setup(void)
{
	command = (struct command){ 0 };
}

START_TEST(plain_text_is_said_as_it_is)
{
	assert_text("hello", COMMAND_SAY, "hello");
	assert_text("  two  spaces ", COMMAND_SAY, "  two  spaces ");
	assert_text("and/or", COMMAND_SAY, "and/or");
	assert_text(" /join #x", COMMAND_SAY, " /join #x");
	assert_text("one\n/two", COMMAND_SAY, "one\n/two");
}
END_TEST

START_TEST(two_slashes_say_one)
{
	assert_text("//usr/bin", COMMAND_SAY, "/usr/bin");
	assert_text("//", COMMAND_SAY, "/");
}
END_TEST

START_TEST(blank_lines_do_nothing)
{
	parse("", COMMAND_NONE);
	parse("  \n ", COMMAND_NONE);
}
END_TEST

START_TEST(rooms_are_named_with_and_without_their_sign)
{
	assert_room("/join #ops", COMMAND_JOIN, "#ops");
	assert_room("/join ops", COMMAND_JOIN, "#ops");
	assert_room("/join   ops  ", COMMAND_JOIN, "#ops");
	assert_room("/part", COMMAND_PART, "");
	assert_room("/part #ops", COMMAND_PART, "#ops");
	assert_room("/names", COMMAND_NAMES, "");
	assert_room("/join #café", COMMAND_JOIN, "#café");
}
END_TEST

START_TEST(text_and_words_are_taken)
{
	assert_text("/me waves  twice ", COMMAND_ME, "waves  twice");
	assert_text("/me one\ntwo", COMMAND_ME, "one\ntwo");
	assert_text("/connect host:7000", COMMAND_CONNECT, "host:7000");
	assert_text("/help", COMMAND_HELP, NULL);
	assert_text("/help join", COMMAND_HELP, "join");
	assert_text("/quit", COMMAND_QUIT, NULL);
	assert_wrong("/quit see you", "/quit stands alone");
	parse("/who", COMMAND_WHO);
	parse("/leader", COMMAND_LEADER);
	parse("/elect", COMMAND_ELECT);
}
END_TEST

static void
assert_person(const char *line, enum command_id id, const char *to,
    const char *text)
{
	assert_text(line, id, text);
	ck_assert_pstr_eq(command.to, to);
}

START_TEST(people_are_named_with_and_without_their_sign)
{
	assert_person("/msg bob  hello  there ", COMMAND_MSG, "bob",
	    "hello  there");
	assert_person("/msg @bob hello", COMMAND_MSG, "bob", "hello");
	assert_person("/msg bob one\ntwo", COMMAND_MSG, "bob", "one\ntwo");
	assert_person("/query bob", COMMAND_QUERY, "bob", NULL);
	assert_person("/query @bob hi", COMMAND_QUERY, "bob", "hi");
	assert_room("/part @bob", COMMAND_PART, "@bob");
	assert_wrong("/msg", "/msg NICK TEXT");
	assert_wrong("/msg bob", "something to say");
	assert_wrong("/msg @ hi", "wants a nick");
	assert_wrong("/query", "/query NICK [TEXT]");
	assert_wrong("/query @", "wants a nick");
}
END_TEST

START_TEST(topics_nicks_and_numbers_are_taken)
{
	assert_text("/topic", COMMAND_TOPIC, NULL);
	assert_text("/topic deploy at  noon", COMMAND_TOPIC,
	    "deploy at  noon");
	assert_text("/nick zoe2", COMMAND_NICK, "zoe2");
	assert_wrong("/nick", "/nick NICK");
	assert_wrong("/nick a b", "one word");
	parse("/list", COMMAND_LIST);
	parse("/clear", COMMAND_CLEAR);
	parse("/history", COMMAND_HISTORY);
	ck_assert_uint_eq(command.number, 0);
	parse("/history 250", COMMAND_HISTORY);
	ck_assert_uint_eq(command.number, 250);
	parse("/history 10000", COMMAND_HISTORY);
	assert_wrong("/history 10001", "from 1 to 10000");
	assert_wrong("/history 99999999999999999999999", "from 1 to 10000");
	assert_wrong("/history 0", "from 1");
	assert_wrong("/history -3", "from 1");
	assert_wrong("/history 3x", "from 1");
}
END_TEST

START_TEST(unique_abbreviations_in_any_case_are_enough)
{
	parse("/qui", COMMAND_QUIT);
	parse("/que bob", COMMAND_QUERY);
	parse("/J x", COMMAND_JOIN);
	parse("/LEAD", COMMAND_LEADER);
	parse("/ms bob hi", COMMAND_MSG);
	parse("/who", COMMAND_WHO);
	parse("/who-", COMMAND_WHO_HAS);
	assert_wrong("/q", "/query, /quit");
}
END_TEST

START_TEST(a_near_miss_is_told)
{
	assert_wrong("/jion #x", "did you mean /join?");
	assert_wrong("/quitt", "did you mean /quit?");
	assert_wrong("/hepl", "did you mean /help?");
	assert_wrong("/eader", "did you mean /leader?");
}
END_TEST

START_TEST(what_is_unknown_is_never_said_but_explained)
{
	assert_wrong("/usr/local/bin/thing", "no command /usr/local/bin");
	assert_wrong("/usr/local/bin/thing", "//usr/local/bin/thing says it");
	assert_wrong("/", "/help lists them");
	assert_wrong("/ join #x", "/help lists them");
}
END_TEST

START_TEST(wrong_arguments_are_told_with_the_usage)
{
	assert_wrong("/join", "/join #ROOM");
	assert_wrong("/join #a #b", "one word");
	assert_wrong("/join #", "name");
	assert_wrong("/who now", "stands alone");
	assert_wrong("/me", "/me TEXT");
	assert_wrong("/connect", "/connect HOST[:PORT]");
	assert_wrong("/connect a b", "one word");
	assert_wrong("/join #12345678901234567890123456789012345678901234567"
		     "890123456789012345",
	    "64 bytes");
}
END_TEST

START_TEST(a_room_of_exactly_64_bytes_is_taken)
{
	assert_room("/join 123456789012345678901234567890123456789012345678901"
		    "234567890123",
	    COMMAND_JOIN,
	    "#123456789012345678901234567890123456789012345678901234567890123");
}
END_TEST

START_TEST(every_command_is_found_by_its_name_and_has_help)
{
	char problem[512];
	size_t i;

	ck_assert_uint_ge(command_count, 10);
	for (i = 0; i < command_count; i++) {
		const struct command_spec *spec = &command_table[i];

		ck_assert_ptr_eq(command_find(spec->name, problem), spec);
		ck_assert_uint_gt(strlen(spec->help), 10);
		ck_assert_int_eq(spec->help[strlen(spec->help) - 1], '.');
		/* both in the line of hints, of eighty columns */
		ck_assert_msg(strlen(spec->name) + strlen(spec->arguments) +
			strlen(spec->help) + strlen("/ : ") <= 78, "%s",
		    spec->name);
	}
	ck_assert_ptr_eq(command_find("/join", problem),
	    command_find("join", problem));
	ck_assert_ptr_null(command_find("nothing", problem));
}
END_TEST

START_TEST(random_lines_harm_nothing)
{
	static const char liked[] = "/ #@join\n\tme\xc3\xa9\xff";
	struct rng rng = rng_seeded(9);
	int round;

	for (round = 0; round < 20000; round++) {
		char line[1200];
		size_t n = rng_below(&rng, round % 100 == 0 ? 1200 : 24), i;

		for (i = 0; i < n; i++)
			line[i] = liked[rng_below(&rng, sizeof liked - 1)];
		line[n] = '\0';
		command_free(&command);
		command_parse(&command, line);
		if (command.id == COMMAND_SAY && line[0] == '/' &&
		    line[1] != '/')
			ck_abort_msg("said: %s", line);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("command");
	TCase *tcase = tcase_create("command");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, plain_text_is_said_as_it_is);
	tcase_add_test(tcase, two_slashes_say_one);
	tcase_add_test(tcase, blank_lines_do_nothing);
	tcase_add_test(tcase, rooms_are_named_with_and_without_their_sign);
	tcase_add_test(tcase, text_and_words_are_taken);
	tcase_add_test(tcase, people_are_named_with_and_without_their_sign);
	tcase_add_test(tcase, topics_nicks_and_numbers_are_taken);
	tcase_add_test(tcase, unique_abbreviations_in_any_case_are_enough);
	tcase_add_test(tcase, a_near_miss_is_told);
	tcase_add_test(tcase, what_is_unknown_is_never_said_but_explained);
	tcase_add_test(tcase, wrong_arguments_are_told_with_the_usage);
	tcase_add_test(tcase, a_room_of_exactly_64_bytes_is_taken);
	tcase_add_test(tcase, every_command_is_found_by_its_name_and_has_help);
	tcase_add_test(tcase, random_lines_harm_nothing);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
