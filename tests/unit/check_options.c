/* options: the command line. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/options.h"

enum { ARGUMENTS = 32 };

static struct options options;
static struct dchat_options node;
static char problem[256];

/* Reads a command line whose words are separated by single blanks. */
static enum options_outcome
parse(const char *line)
{
	static char words[512];
	static char *argv[ARGUMENTS];
	enum options_outcome outcome;
	int argc = 0;

	snprintf(words, sizeof words, "dchat %s", line);
	for (char *word = strtok(words, " "); word != NULL;
	     word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	problem[0] = '\0';
	options_free(&options);
	outcome = options_read(&options, argc, argv, problem);
	options_node(&options, &node);
	return outcome;
}

static void
tidy(void)
{
	options_free(&options);
	memset(&options, 0, sizeof options);
}

START_TEST(without_options_all_is_as_the_table_says)
{
	ck_assert_int_eq(parse(""), OPTIONS_RUN);
	ck_assert_ptr_null(node.nick);
	ck_assert_str_eq(node.network, "lan");
	ck_assert_uint_eq(node.room_count, 0);
	ck_assert_uint_eq(node.port, 0);
	ck_assert_uint_eq(node.discovery_port, 7711);
	ck_assert_uint_eq(node.priority, 100);
	ck_assert(!node.ephemeral);
	ck_assert(!options.headless);
}
END_TEST

START_TEST(every_option_arrives)
{
	ck_assert_int_eq(parse("-n zoe -N lab --port 4000 "
			       "--discovery-port=4001 --profile p "
			       "--ephemeral --priority 255 --headless "
			       "--log l -vv"),
	    OPTIONS_RUN);
	ck_assert_str_eq(node.nick, "zoe");
	ck_assert_str_eq(node.network, "lab");
	ck_assert_uint_eq(node.port, 4000);
	ck_assert_uint_eq(node.discovery_port, 4001);
	ck_assert_str_eq(node.profile, "p");
	ck_assert(node.ephemeral);
	ck_assert_uint_eq(node.priority, 255);
	ck_assert(options.headless);
	ck_assert_str_eq(node.log_file, "l");
	ck_assert_int_eq(node.verbosity, 2);
}
END_TEST

START_TEST(rooms_peers_and_interfaces_may_be_repeated)
{
	ck_assert_int_eq(parse("-r #a --room b -r #c -P h1 --peer h2:9 "
			       "-i eth0 --interface lo"),
	    OPTIONS_RUN);
	ck_assert_uint_eq(node.room_count, 3);
	ck_assert_str_eq(node.rooms[0], "#a");
	ck_assert_str_eq(node.rooms[1], "#b");
	ck_assert_str_eq(node.rooms[2], "#c");
	ck_assert_uint_eq(node.peer_count, 2);
	ck_assert_str_eq(node.peers[1], "h2:9");
	ck_assert_uint_eq(node.interface_count, 2);
	ck_assert_str_eq(node.interfaces[1], "lo");
}
END_TEST

static const struct {
	const char *line, *names;
} wrong[] = {
	{ "--frobnicate", "--frobnicate" },
	{ "-x", "-x" },
	{ "-vx", "-x" },
	{ "--port", "--port" },
	{ "-p", "--port" },
	{ "-p 80a", "80a" },
	{ "-p 65536", "65536" },
	{ "-p -1", "-1" },
	{ "-p +1", "+1" },
	{ "-p 0x10", "0x10" },
	{ "--port=", "--port" },
	{ "--discovery-port 99999999999999999999", "--discovery-port" },
	{ "--priority 256", "256" },
	{ "--priority 1.5", "1.5" },
	{ "--headless=yes", "--headless" },
	{ "--linear --headless", "--linear" },
	{ "#lobby", "#lobby" },
	{ "--nick ~ana", "--nick" },
	{ "--nick a~b", "'~'" },
	{ "--nick ...", "punctuation" },
	{ "--room @lobby", "#lobby" },
	{ "--peer http://x/", "HOST:PORT" },
	{ "--interface=", "--interface" },
	{ "--config", "--config" },
	{ "-- -n", "-n" },
};

START_TEST(what_is_wrong_is_said_in_a_sentence_that_names_it)
{
	ck_assert_int_eq(parse(wrong[_i].line), OPTIONS_WRONG);
	ck_assert_msg(strstr(problem, wrong[_i].names) != NULL, "%s: %s",
	    wrong[_i].line, problem);
	ck_assert_int_eq(problem[strlen(problem) - 1], '.');
	ck_assert_ptr_null(strchr(problem, '\n'));
}
END_TEST

START_TEST(once_more_replaces_what_is_no_list)
{
	ck_assert_int_eq(parse("-n ana -n bob -v -v -v"), OPTIONS_RUN);
	ck_assert_str_eq(node.nick, "bob");
	ck_assert_int_eq(node.verbosity, 2);
	ck_assert_int_eq(parse("-v"), OPTIONS_RUN);
	ck_assert_int_eq(node.verbosity, 1);
}
END_TEST

START_TEST(help_and_version_win_over_what_follows)
{
	ck_assert_int_eq(parse("--help --frobnicate"), OPTIONS_HELP);
	ck_assert_int_eq(parse("-h"), OPTIONS_HELP);
	ck_assert_int_eq(parse("--version"), OPTIONS_VERSION);
	ck_assert_int_eq(parse("-V"), OPTIONS_VERSION);
}
END_TEST

START_TEST(help_names_every_option_in_eighty_columns)
{
	static const char *const names[] = { "-n, --nick", "-N, --network",
		"-r, --room", "-P, --peer", "-i, --interface", "-p, --port",
		"--discovery-port", "--profile", "--ephemeral", "--priority",
		"--headless", "--linear", "--config", "--log", "-v, ", "-V, --version",
		"-h, --help" };
	char *text = NULL;
	size_t size = 0, width = 0;
	FILE *out = open_memstream(&text, &size);

	options_help(out);
	fclose(out);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_assert_msg(strstr(text, names[i]) != NULL, "%s", names[i]);
	for (size_t i = 0; i < size; i++) {
		width = text[i] == '\n' ? 0 : width + 1;
		ck_assert_uint_le(width, 80);
	}
	free(text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("options");
	TCase *tcase = tcase_create("options");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, tidy, tidy);
	tcase_add_test(tcase, without_options_all_is_as_the_table_says);
	tcase_add_test(tcase, every_option_arrives);
	tcase_add_test(tcase, rooms_peers_and_interfaces_may_be_repeated);
	tcase_add_loop_test(tcase,
	    what_is_wrong_is_said_in_a_sentence_that_names_it, 0,
	    (int)(sizeof wrong / sizeof *wrong));
	tcase_add_test(tcase, once_more_replaces_what_is_no_list);
	tcase_add_test(tcase, help_and_version_win_over_what_follows);
	tcase_add_test(tcase, help_names_every_option_in_eighty_columns);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
