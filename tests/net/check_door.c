/*
 * check_door: what a front end in the same process may ask of a node and no
 * program from outside: by the door, src/dchat.h, itself.
 */
#include <check.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
