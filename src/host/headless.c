#include "host/headless.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mem.h"
#include "host/headless_json.h"
#include "host/headless_lines.h"
#include "host/headless_output.h"

enum { DRAIN_MS = 5000 };

static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
enum { SIGNALS = sizeof signals / sizeof signals[0] };

/* A command that waits for its answer. */
struct asked {
	uint64_t token;
	char *cmd, *tag;
};

struct headless {
	struct event_base *loop;
	struct dchat *dchat;
	struct lines input;
	struct output output;
	struct event *signals[SIGNALS];
	struct asked *asked; /* ascending by token */
	size_t asked_count, asked_cap;
	uint64_t next_token;
	int status;
	bool paused; /* LIMIT_COMMANDS_WAITING wait */
	bool over;   /* BYE was told */
};

/* -- output ------------------------------------------------------------ */

static void
abandon_reader(struct headless *headless)
{
	fprintf(stderr,
	    "dchat: more than %d MiB of output were not read; "
	    "ending.\n",
	    LIMIT_OUTPUT_QUEUE >> 20);
	headless->output.closed = true;
	headless->status = 1;
	dchat_quit(headless->dchat, "output not read");
}

static void
print(struct headless *headless, const struct dchat_event *event,
    const char *cmd, const char *tag)
{
	if (headless->output.closed)
		return;
	headless_format(&headless->output.bytes, event, cmd, tag);
	if (output_waiting(&headless->output) <= LIMIT_OUTPUT_QUEUE)
		return;
	/* Perhaps it only waits for the end of a busy turn. */
	output_flush(&headless->output);
	if (output_waiting(&headless->output) > LIMIT_OUTPUT_QUEUE)
		abandon_reader(headless);
}

static void
print_error(struct headless *headless, enum error code, const char *text,
    const char *cmd, const char *tag)
{
	struct dchat_event event = { .type = DCHAT_EVENT_ERROR };

	event.error.code = code;
	event.error.text = text;
	print(headless, &event, cmd, tag);
}

static void
on_output_closed(void *self)
{
	struct headless *headless = self;

	dchat_quit(headless->dchat, "output closed");
}

/* -- commands ---------------------------------------------------------- */

static void
submit(struct headless *headless, struct headless_line *line)
{
	MEM_GROW(headless->asked, headless->asked_count, headless->asked_cap);
	line->command.token = headless->next_token++;
	headless->asked[headless->asked_count++] =
	    (struct asked){ line->command.token, mem_text(line->cmd),
		    mem_text(line->tag) };
	dchat_submit(headless->dchat, &line->command);
}

static void
perform_line(struct headless *headless, const char *text, size_t size)
{
	struct headless_line line;

	headless_parse(&line, text, size);
	if (line.error == ERROR_NONE)
		submit(headless, &line);
	else
		print_error(headless, line.error, line.problem, line.cmd,
		    line.tag);
	headless_line_free(&line);
}

/* Reads on while few enough wait for an answer. */
static void
take_lines(struct headless *headless)
{
	enum lines_outcome outcome = LINES_LINE;
	const char *text;
	size_t size;

	while (headless->asked_count < LIMIT_COMMANDS_WAITING &&
	    outcome != LINES_NOTHING) {
		outcome = lines_next(&headless->input, &text, &size);
		if (outcome == LINES_LINE)
			perform_line(headless, text, size);
		else if (outcome == LINES_TOO_LONG)
			print_error(headless, ERROR_TOO_LONG,
			    "A line of input holds at most 262144 bytes.", NULL,
			    NULL);
	}
	headless->paused = outcome != LINES_NOTHING;
	if (headless->paused)
		lines_pause(&headless->input);
	else if (headless->input.ended)
		dchat_quit(headless->dchat, "end of input");
	else
		lines_resume(&headless->input);
}

static void
on_input(void *self)
{
	struct headless *headless = self;

	take_lines(headless);
	output_flush(&headless->output);
}

/* -- events ------------------------------------------------------------ */

static void
print_answer(struct headless *headless, const struct dchat_event *event,
    uint64_t token)
{
	struct asked asked;
	size_t i = 0;

	while (i < headless->asked_count && headless->asked[i].token != token)
		i++;
	if (i == headless->asked_count)
		return;
	asked = headless->asked[i];
	MEM_REMOVE(headless->asked, headless->asked_count, i);
	print(headless, event, asked.cmd, asked.tag);
	free(asked.cmd);
	free(asked.tag);
}

/* Whatever could not be waited for has its answer all the same. */
static void
answer_rest(struct headless *headless)
{
	for (size_t i = 0; i < headless->asked_count; i++) {
		print_error(headless, ERROR_LEAVING,
		    error_sentence(ERROR_LEAVING), headless->asked[i].cmd,
		    headless->asked[i].tag);
		free(headless->asked[i].cmd);
		free(headless->asked[i].tag);
	}
	headless->asked_count = 0;
}

static void
on_event(void *self, const struct dchat_event *event)
{
	struct headless *headless = self;

	switch (event->type) {
	case DCHAT_EVENT_OK:
		print_answer(headless, event, event->ok.token);
		break;
	case DCHAT_EVENT_ERROR:
		print_answer(headless, event, event->error.token);
		break;
	case DCHAT_EVENT_BYE:
		headless->over = true;
		if (headless->status == 0)
			headless->status = event->bye.status;
		answer_rest(headless);
		print(headless, event, NULL, NULL);
		break;
	case DCHAT_EVENT_HELD:
		/* That nothing waits any more shows in the messages. */
		if (event->held.count > 0)
			print(headless, event, NULL, NULL);
		break;
	default: print(headless, event, NULL, NULL); break;
	}
}

static void
on_turn(void *self)
{
	struct headless *headless = self;

	if (headless->paused && !headless->over)
		take_lines(headless);
	output_flush(&headless->output);
}

static void
on_signal(evutil_socket_t number, short what, void *context)
{
	struct headless *headless = context;
	char reason[32];

	(void)what;
	snprintf(reason, sizeof reason, "SIG%s", sigabbrev_np((int)number));
	dchat_quit(headless->dchat, reason);
}

/* -- running ----------------------------------------------------------- */

/*
 * A closed standard descriptor would become the number of some socket.
 * Returns whether this one was closed.
 */
static bool
fill_in(int descriptor)
{
	if (fcntl(descriptor, F_GETFD) >= 0)
		return false;
	/* The lowest free number: those below are open by now. */
	if (open("/dev/null", O_RDWR) != descriptor)
		die("The null device cannot be opened.");
	return true;
}

static struct event_base *
make_loop(void)
{
	struct event_config *config = event_config_new();
	struct event_base *loop = NULL;

	if (config != NULL) {
		event_config_set_flag(config,
		    EVENT_BASE_FLAG_PRECISE_TIMER | EVENT_BASE_FLAG_NOLOCK);
		loop = event_base_new_with_config(config);
		event_config_free(config);
	}
	if (loop == NULL)
		die("No event loop can be made.");
	return loop;
}

static void
begin(struct headless *headless, bool no_output)
{
	for (int i = 0; i < SIGNALS; i++) {
		headless->signals[i] = evsignal_new(headless->loop, signals[i],
		    on_signal, headless);
		event_add(headless->signals[i], NULL);
	}
	lines_open(&headless->input, headless->loop, STDIN_FILENO, on_input,
	    headless);
	output_open(&headless->output, headless->loop, STDOUT_FILENO,
	    on_output_closed, headless);
	if (no_output) {
		headless->output.closed = true;
		dchat_quit(headless->dchat, "output closed");
	}
	lines_resume(&headless->input);
}

static void
end(struct headless *headless)
{
	output_drain(&headless->output, DRAIN_MS);
	if (output_waiting(&headless->output) > 0) {
		fprintf(stderr,
		    "dchat: the last %zu bytes of output were "
		    "not read; ending.\n",
		    output_waiting(&headless->output));
		headless->status = 1;
	}
	lines_close(&headless->input);
	output_close(&headless->output);
	for (int i = 0; i < SIGNALS; i++)
		event_free(headless->signals[i]);
	for (size_t i = 0; i < headless->asked_count; i++) {
		free(headless->asked[i].cmd);
		free(headless->asked[i].tag);
	}
	free(headless->asked);
}

int
headless_run(const struct dchat_options *options)
{
	struct headless headless = { .next_token = 1 };
	const struct dchat_front front = { on_event, on_turn, &headless };
	struct dchat_options node = *options;
	bool no_input = fill_in(STDIN_FILENO);
	bool no_output = fill_in(STDOUT_FILENO);
	char problem[256];
	int status = 1;

	fill_in(STDERR_FILENO);
	signal(SIGPIPE, SIG_IGN);
	if (node.log_file == NULL)
		node.log_file = "-";
	headless.loop = make_loop();
	headless.dchat =
	    dchat_open(headless.loop, &node, &front, problem, &status);
	if (headless.dchat == NULL) {
		fprintf(stderr, "dchat: %s\n", problem);
	} else {
		if (no_input || no_output)
			fprintf(stderr,
			    "dchat: standard %s is closed; there "
			    "is nothing to do.\n",
			    no_input ? "input" : "output");
		begin(&headless, no_output);
		event_base_dispatch(headless.loop);
		dchat_close(headless.dchat);
		end(&headless);
		status = headless.status;
	}
	event_base_free(headless.loop);
	return status;
}
