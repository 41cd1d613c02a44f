/*
 * check_door: what a front end in the same process may ask of a node and no
 * program from outside: by the door, src/dchat.h, itself.
 */
#include <check.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "dchat.h"
#include "tests/support/lan.h"

enum { PATH_SIZE = 128, TEXT_SIZE = 160, PATIENCE_S = 20 };

static char state[PATH_SIZE];
static struct event_base *loop;
static struct dchat *dchat;

/* The last answer, as one text. */
static char answer[64 * 1024];
static bool answered;
static uint64_t token;

static void
put_notes(const struct dchat_event *event)
{
	char line[2 * TEXT_SIZE];

	for (size_t i = 0; i < event->ok.count; i++) {
		snprintf(line, sizeof line, "%.60s=%.60s;",
		    event->ok.notes[i].name, event->ok.notes[i].text);
		strncat(answer, line, sizeof answer - strlen(answer) - 1);
	}
}

static void
on_event(void *self, const struct dchat_event *event)
{
	(void)self;
	if (event->type == DCHAT_EVENT_ERROR && event->error.token == token) {
		answered = true;
		snprintf(answer, sizeof answer, "%s",
		    error_name(event->error.code));
	} else if (event->type == DCHAT_EVENT_OK &&
	    event->ok.token == token) {
		answered = true;
		answer[0] = '\0';
		if (event->ok.verb == DCHAT_RECALL)
			put_notes(event);
		if (event->ok.verb == DCHAT_EXPORT)
			snprintf(answer, sizeof answer, "%zu",
			    event->ok.count);
	}
	if (answered)
		event_base_loopbreak(loop);
}

static void
open_node(void)
{
	const struct dchat_options options = {
		.nick = "zoe",
		.priority = 100,
	};
	const struct dchat_front front = { .event = on_event };
	char problem[256];
	int status;

	loop = event_base_new();
	dchat = dchat_open(loop, &options, &front, problem, &status);
	ck_assert_msg(dchat != NULL, "%s", problem);
}

/* Without a goodbye, as if it had died. */
static void
close_node(void)
{
	dchat_close(dchat);
	event_base_free(loop);
	dchat = NULL;
}

static void
setup(void)
{
	snprintf(state, sizeof state, "/tmp/dchat-door-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(state));
	setenv("XDG_STATE_HOME", state, 1);
	open_node();
}

static void
teardown(void)
{
	char command[PATH_SIZE + 16];

	if (dchat != NULL)
		close_node();
	snprintf(command, sizeof command, "rm -rf %s", state);
	ck_assert_int_eq(system(command), 0);
}

static void
on_patience(evutil_socket_t unused, short what, void *context)
{
	(void)unused, (void)what, (void)context;
	ck_abort_msg("no answer");
}

static const char *
ask(struct dchat_command command)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct event *timer = evtimer_new(loop, on_patience, NULL);

	command.token = ++token;
	answered = false;
	dchat_submit(dchat, &command);
	evtimer_add(timer, &patience);
	while (!answered)
		event_base_loop(loop, EVLOOP_ONCE);
	event_free(timer);
	return answer;
}

static const char *
remember(const char *name, const char *text)
{
	return ask((struct dchat_command){ .verb = DCHAT_REMEMBER,
	    .name = name, .text = text });
}

static const char *
recall(void)
{
	return ask((struct dchat_command){ .verb = DCHAT_RECALL });
}

/* -- notes ------------------------------------------------------------- */

START_TEST(what_was_remembered_is_there_the_next_time)
{
	ck_assert_str_eq(recall(), "");
	ck_assert_str_eq(remember("rooms", "#ops #lobby"), "");
	ck_assert_str_eq(remember("draft #ops", "half a sen"), "");
	ck_assert_str_eq(remember("draft #ops", "half a sentence"), "");
	ck_assert_str_eq(remember("draft #tea", "never mind"), "");
	ck_assert_str_eq(remember("draft #tea", ""), "");
	ck_assert_str_eq(recall(),
	    "draft #ops=half a sentence;rooms=#ops #lobby;");
	close_node();
	open_node();
	ck_assert_str_eq(recall(),
	    "draft #ops=half a sentence;rooms=#ops #lobby;");
}
END_TEST

START_TEST(what_is_too_much_to_remember_is_refused_and_changes_nothing)
{
	char *text = mem_zero(LIMIT_NOTE + 2, 1);
	char name[LIMIT_NOTE_NAME + 2];

	memset(text, 'x', LIMIT_NOTE);
	memset(name, 'n', LIMIT_NOTE_NAME);
	name[LIMIT_NOTE_NAME] = name[LIMIT_NOTE_NAME + 1] = '\0';
	ck_assert_str_eq(remember(name, text), "");
	ck_assert_str_eq(remember(name, ""), "");
	text[LIMIT_NOTE] = 'x';
	ck_assert_str_eq(remember("n", text), "too_long");
	name[LIMIT_NOTE_NAME] = 'n';
	ck_assert_str_eq(remember(name, "x"), "bad_argument");
	ck_assert_str_eq(remember("", "x"), "bad_argument");
	ck_assert_str_eq(remember(NULL, "x"), "bad_argument");
	ck_assert_str_eq(remember("n", "\xff"), "bad_text");
	ck_assert_str_eq(recall(), "");
	free(text);
	for (int i = 0; i < LIMIT_NOTES; i++) {
		snprintf(name, sizeof name, "%d", i);
		ck_assert_str_eq(remember(name, "x"), "");
	}
	ck_assert_str_eq(remember("one more", "x"), "too_many");
	ck_assert_str_eq(remember("1", "another"), "");
}
END_TEST

/* -- export ------------------------------------------------------------ */

static const char *
export_to(const char *file, bool json)
{
	return ask((struct dchat_command){ .verb = DCHAT_EXPORT,
	    .room = "#lobby",
	    .name = file,
	    .json = json });
}

static void
say(const char *text, enum message_kind kind)
{
	ck_assert_str_eq(ask((struct dchat_command){ .verb = DCHAT_SAY,
			     .room = "#lobby",
			     .text = text,
			     .kind = kind }),
	    "");
}

/* All of the file; how many lines it has. */
static size_t
read_file(const char *file, char *text, size_t size)
{
	FILE *stream = fopen(file, "r");
	size_t lines = 0;

	ck_assert_ptr_nonnull(stream);
	text[fread(text, 1, size - 1, stream)] = '\0';
	fclose(stream);
	for (const char *at = text; *at != '\0'; at++)
		lines += *at == '\n';
	return lines;
}

START_TEST(no_text_of_an_export_turns_round_or_hides)
{
	char file[PATH_SIZE + 16], text[4096];

	snprintf(file, sizeof file, "%s/lobby.txt", state);
	say("a\u202egpj.exe\u202c b\u2066\u200b\ufeffc\u00ad\U000e0041d",
	    KIND_TEXT);
	say("one\u20282026-11-25 12:00:00 <ana> two", KIND_TEXT);
	say("\U0001f469\u200d\U0001f680 \u05e9 cafe\u0301", KIND_TEXT);
	ck_assert_str_eq(export_to(file, false), "3");
	read_file(file, text, sizeof text);
	ck_assert_ptr_nonnull(strstr(text, " <zoe> agpj.exe bcd\n"));
	ck_assert_ptr_nonnull(strstr(text, " <zoe> one\n\t2026-"));
	ck_assert_ptr_nonnull(
	    strstr(text, " <zoe> \U0001f469\u200d\U0001f680 \u05e9 "
			 "cafe\u0301\n"));
}
END_TEST

START_TEST(a_room_is_written_to_a_file_of_ones_own)
{
	char file[PATH_SIZE + 16], text[4096];
	struct stat found;

	snprintf(file, sizeof file, "%s/lobby.txt", state);
	say("first", KIND_TEXT);
	say("waves", KIND_ACTION);
	say("two\nlines and \033[2J\302\233m", KIND_TEXT);
	ck_assert_str_eq(export_to(file, false), "3");
	ck_assert_uint_eq(read_file(file, text, sizeof text), 4);
	ck_assert_ptr_nonnull(strstr(text, " <zoe> first\n"));
	ck_assert_ptr_nonnull(strstr(text, " * zoe waves\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, " <zoe> two\n\tlines and \357\277\275[2J"
			 "\357\277\275m\n"));
	ck_assert_int_eq(stat(file, &found), 0);
	ck_assert_int_eq(found.st_mode & 0777, 0600);
	/* It is not written over, nor is what a link points to. */
	say("fourth", KIND_TEXT);
	ck_assert_str_eq(export_to(file, false), "bad_argument");
	ck_assert_uint_eq(read_file(file, text, sizeof text), 4);
	snprintf(text, sizeof text, "%s/link", state);
	ck_assert_int_eq(symlink("nowhere", text), 0);
	ck_assert_str_eq(export_to(text, false), "bad_argument");
	snprintf(text, sizeof text, "%s/no/such/folder", state);
	ck_assert_str_eq(export_to(text, false), "bad_argument");
	ck_assert_str_eq(export_to("", false), "bad_argument");
	ck_assert_str_eq(export_to(NULL, false), "bad_argument");
}
END_TEST

/* Of the last message said before; its name comes from the JSON lines. */
static void
name_last(const char *file, char msg[static MSG_TEXT])
{
	static char text[64 * 1024];
	const char *at, *last = NULL;

	unlink(file);
	export_to(file, true);
	read_file(file, text, sizeof text);
	for (at = text; (at = strstr(at, "\"msg\":\"")) != NULL; at++)
		last = at + 7;
	ck_assert_ptr_nonnull(last);
	snprintf(msg, MSG_TEXT, "%.*s", (int)strcspn(last, "\""), last);
}

static void
refer(enum message_kind kind, const char *msg, const char *text)
{
	ck_assert_str_eq(ask((struct dchat_command){ .verb = DCHAT_SAY,
			     .room = "#lobby",
			     .text = text,
			     .kind = kind,
			     .ref = msg }),
	    "");
}

START_TEST(as_text_messages_are_as_they_are_in_the_end)
{
	char lines[PATH_SIZE + 16], file[PATH_SIZE + 16], text[4096];
	char tea[MSG_TEXT], secret[MSG_TEXT];

	snprintf(lines, sizeof lines, "%s/lobby.jsonl", state);
	snprintf(file, sizeof file, "%s/lobby.txt", state);
	say("tee", KIND_TEXT);
	name_last(lines, tea);
	say("a secret", KIND_TEXT);
	name_last(lines, secret);
	refer(KIND_REACTION, tea, "+1");
	refer(KIND_EDIT, tea, "te");
	refer(KIND_EDIT, tea, "tea");
	refer(KIND_DELETE, secret, "");
	refer(KIND_REPLY, tea, "please");
	ck_assert_str_eq(export_to(file, false), "3");
	ck_assert_uint_eq(read_file(file, text, sizeof text), 4);
	ck_assert_ptr_nonnull(
	    strstr(text, " <zoe> tea (edited)\n\t[+1 zoe]\n"));
	ck_assert_ptr_nonnull(strstr(text, " <zoe> (deleted)\n"));
	ck_assert_ptr_nonnull(strstr(text, " <zoe> (reply) please\n"));
	/* The lines of JSON tell all that was said. */
	unlink(lines);
	ck_assert_str_eq(export_to(lines, true), "7");
	read_file(lines, text, sizeof text);
	ck_assert_ptr_nonnull(strstr(text, "\"a secret\""));
	ck_assert_ptr_nonnull(strstr(text, "\"kind\":\"edit\""));
	ck_assert_ptr_nonnull(strstr(text, "\"ref\":\""));
}
END_TEST

START_TEST(json_lines_are_events_and_come_in_order_over_all_pages)
{
	enum { SAID = 1234 };
	char file[PATH_SIZE + 16], number[32];
	char *text = mem_zero(1 << 20, 1), *at = text;

	snprintf(file, sizeof file, "%s/lobby.jsonl", state);
	for (int i = 0; i < SAID; i++) {
		snprintf(number, sizeof number, "number %d.", i);
		say(number, KIND_TEXT);
	}
	ck_assert_str_eq(export_to(file, true), "1234");
	ck_assert_uint_eq(read_file(file, text, 1 << 20), SAID);
	for (int i = 0; i < SAID; i++) {
		snprintf(number, sizeof number, "\"number %d.\"", i);
		at = strstr(at, number);
		ck_assert_msg(at != NULL, "%s is not in its place", number);
	}
	ck_assert_int_eq(strncmp(text, "{\"event\":\"message\",", 19), 0);
	free(text);
}
END_TEST

START_TEST(a_full_disk_is_said_and_leaves_no_half_of_a_file)
{
	char command[3 * PATH_SIZE], file[PATH_SIZE + 16];

	snprintf(command, sizeof command,
	    "mkdir %s/small && mount -t tmpfs -o size=4k tmpfs %s/small",
	    state, state);
	ck_assert_int_eq(system(command), 0);
	for (int i = 0; i < 200; i++)
		say("this is to be more than what there is room for",
		    KIND_TEXT);
	snprintf(file, sizeof file, "%s/small/lobby.txt", state);
	ck_assert_str_eq(export_to(file, false), "disk_full");
	ck_assert_int_ne(access(file, F_OK), 0);
	snprintf(command, sizeof command, "umount %s/small", state);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	Suite *suite = suite_create("door");
	TCase *tests = tcase_create("door");
	SRunner *runner;
	int failed;

	(void)argc;
	lan_enter(argv);
	tcase_set_timeout(tests, 120);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, what_was_remembered_is_there_the_next_time);
	tcase_add_test(tests,
	    what_is_too_much_to_remember_is_refused_and_changes_nothing);
	tcase_add_test(tests, a_room_is_written_to_a_file_of_ones_own);
	tcase_add_test(tests, no_text_of_an_export_turns_round_or_hides);
	tcase_add_test(tests,
	    as_text_messages_are_as_they_are_in_the_end);
	tcase_add_test(tests,
	    json_lines_are_events_and_come_in_order_over_all_pages);
	tcase_add_test(tests,
	    a_full_disk_is_said_and_leaves_no_half_of_a_file);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
