#include "tui/linear.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/die.h"
#include "tui/app.h"
#include "tui/loop.h"
#include "tui/writer.h"

enum {
	LINE_MOST = 64 * 1024, /* bytes of a line that is still taken, and */
	OUTPUT_MOST = 1 << 20, /* that wait to be written */
	LAST_WORDS_MS = 1000,  /* so long the end waits for the output */
};

enum {
	ON_TERM,
	ON_HUP,
	ON_INT,
	SIGNALS,
};

static const int signals[SIGNALS] = { SIGTERM, SIGHUP, SIGINT };

struct linear {
	struct event_base *base;
	struct app *app;
	struct dchat *dchat;
	struct event *input, *output, *clock, *signals[SIGNALS];
	bool interactive; /* the input is a terminal */
	bool ended;       /* it has ended */
	bool leaving;
	struct bytes read; /* lines not taken yet */
	bool skipping;     /* the rest of a line too long */
	struct writer out;
	size_t dropped; /* texts for which there was no room */
};

static void
leave(struct linear *linear, const char *reason)
{
	loop_leave(linear->base, linear->app, &linear->leaving, reason);
}

/* -- output ---------------------------------------------------------------- */

/*
 * The same terminal or pipe with flags of our own, so that it can be asked
 * not to be waited for without others noticing; a file has but one place to
 * write at, and is never waited for.
 */
static void
output_open(struct linear *linear)
{
	struct stat kind;
	char path[32];
	int own = -1;

	if (fstat(STDOUT_FILENO, &kind) == 0 &&
	    (S_ISFIFO(kind.st_mode) || S_ISCHR(kind.st_mode))) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", STDOUT_FILENO);
		own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	}
	writer_init(&linear->out, own >= 0 ? own : STDOUT_FILENO, own >= 0);
}

static void
output_flush(struct linear *linear)
{
	if (!writer_push(&linear->out)) {
		if (!linear->leaving)
			leave(linear, "the output is closed");
		return;
	}
	if (writer_left(&linear->out) > 0)
		event_add(linear->output, NULL);
}

static void
put(struct linear *linear, const char *text)
{
	bytes_append_text(&linear->out.bytes, text);
	bytes_append_text(&linear->out.bytes, "\n");
}

static void
on_tell(void *self, const char *text)
{
	struct linear *linear = self;
	char left_out[96];

	if (writer_left(&linear->out) + strlen(text) > OUTPUT_MOST) {
		linear->dropped++;
		return;
	}
	if (linear->dropped > 0) {
		snprintf(left_out, sizeof left_out,
		    "%zu line%s left out here, because nobody read on.",
		    linear->dropped, linear->dropped == 1 ? " was" : "s were");
		linear->dropped = 0;
		put(linear, left_out);
	}
	put(linear, text);
}

static void
on_writable(evutil_socket_t fd, short what, void *self)
{
	(void)fd;
	(void)what;
	output_flush(self);
}

/* -- what follows whatever happened ---------------------------------------- */

static void
settle(struct linear *linear)
{
	wall_ms deadline;

	if (app_rings(linear->app) &&
	    writer_left(&linear->out) < OUTPUT_MOST)
		bytes_append_text(&linear->out.bytes, "\a");
	output_flush(linear);
	deadline = app_deadline(linear->app);
	if (deadline == NEVER)
		event_del(linear->clock);
	else
		loop_timer_start(linear->clock, deadline - loop_wall());
}

static void
on_clock(evutil_socket_t fd, short what, void *self)
{
	struct linear *linear = self;

	(void)fd;
	(void)what;
	app_tick(linear->app);
	settle(linear);
}

/* -- lines ----------------------------------------------------------------- */

/* A line that is too long is not said in part. */
static void
take_line(struct linear *linear, size_t size)
{
	if (linear->skipping)
		on_tell(linear, "That line was too long; nothing was said.");
	else
		app_take_line(linear->app, (const char *)linear->read.data,
		    size);
	linear->skipping = false;
}

static void
forget_read(struct linear *linear, size_t size)
{
	struct bytes *read = &linear->read;

	memmove(read->data, read->data + size, read->size - size);
	read->size -= size;
}

/*
 * A person's line at once, unless nothing can be said yet; of a pipe's each
 * when the one before it is answered.
 */
static bool
may_take(const struct linear *linear)
{
	return !linear->leaving && app_started(linear->app) &&
	    (linear->interactive || !app_busy(linear->app));
}

static void
take_lines(struct linear *linear)
{
	struct bytes *read = &linear->read;

	while (may_take(linear) && read->size > 0) {
		const uint8_t *end = memchr(read->data, '\n', read->size);
		size_t size =
		    end != NULL ? (size_t)(end - read->data) : read->size;

		if (end == NULL && !linear->ended) {
			if (size > LINE_MOST) {
				linear->skipping = true;
				bytes_clear(read);
			}
			break;
		}
		take_line(linear, size);
		forget_read(linear, size + (end != NULL));
	}
	if (linear->ended && read->size == 0 && may_take(linear))
		leave(linear, "quit");
	/* what waits is not read yet */
	if (!linear->ended && (may_take(linear) || linear->interactive))
		event_add(linear->input, NULL);
}

static void
on_input(evutil_socket_t fd, short what, void *self)
{
	struct linear *linear = self;
	ssize_t size = read(fd, bytes_reserve(&linear->read, 4096), 4096);

	(void)what;
	if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
		event_add(linear->input, NULL);
		return;
	}
	if (size > 0)
		linear->read.size += (size_t)size;
	linear->ended = size <= 0;
	take_lines(linear);
	settle(linear);
}

/* -- the node and signals ---------------------------------------------------- */

static void
on_event(void *self, const struct dchat_event *event)
{
	struct linear *linear = self;

	app_event(linear->app, event);
}

static void
on_turn(void *self)
{
	struct linear *linear = self;

	app_turn(linear->app);
	take_lines(linear);
	settle(linear);
}

static void
on_signal(evutil_socket_t number, short what, void *self)
{
	struct linear *linear = self;

	(void)what;
	if (number == SIGHUP)
		leave(linear, "the terminal is gone");
	else if (number == SIGINT && linear->interactive && !linear->leaving)
		app_interrupt(linear->app);
	else
		leave(linear, number == SIGINT ? "interrupted" : "terminated");
	settle(linear);
}

/* -- from start to exit ------------------------------------------------------ */

static struct event *
must(struct event *event)
{
	if (event == NULL)
		die("libevent has no room for an event.");
	return event;
}

/* A file cannot be waited for, but only be read. */
static struct event_base *
base_open(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config != NULL &&
	    event_config_require_features(config, EV_FEATURE_FDS) == 0)
		base = event_base_new_with_config(config);
	if (config != NULL)
		event_config_free(config);
	if (base == NULL)
		die("libevent cannot make an event loop.");
	return base;
}

static void
events_open(struct linear *linear)
{
	linear->input = must(
	    event_new(linear->base, STDIN_FILENO, EV_READ, on_input, linear));
	linear->output = must(event_new(linear->base,
	    linear->out.descriptor, EV_WRITE, on_writable, linear));
	linear->clock = must(evtimer_new(linear->base, on_clock, linear));
	for (size_t i = 0; i < SIGNALS; i++) {
		linear->signals[i] = must(
		    evsignal_new(linear->base, signals[i], on_signal, linear));
		event_add(linear->signals[i], NULL);
	}
}

static void
linear_close(struct linear *linear)
{
	if (linear->dchat != NULL)
		dchat_close(linear->dchat);
	writer_drain(&linear->out, LAST_WORDS_MS);
	app_destroy(linear->app);
	event_free(linear->input);
	event_free(linear->output);
	event_free(linear->clock);
	for (size_t i = 0; i < SIGNALS; i++)
		event_free(linear->signals[i]);
	event_base_free(linear->base);
	bytes_free(&linear->read);
	writer_free(&linear->out);
}

static int
linear_work(struct linear *linear, const struct dchat_options *options,
    char problem[static 256])
{
	struct dchat_front front = { .event = on_event,
		.turn = on_turn,
		.self = linear };
	int status = 1;

	linear->dchat =
	    dchat_open(linear->base, options, &front, problem, &status);
	if (linear->dchat == NULL)
		return status;
	app_attach(linear->app, linear->dchat);
	return loop_dispatch(linear->base, linear->app, problem);
}

/* The time before each message is much to listen to: only if asked for. */
static void
settings_fit(struct setting_values *settings)
{
	enum setting_id id = SETTING_ID_TIMESTAMPS;
	char problem[256];

	if (settings->items[id].origin == SETTING_BY_TABLE)
		setting_set(settings, id, "off", SETTING_BY_TABLE, "timestamps",
		    problem);
}

int
linear_run(const struct dchat_options *options, struct setting_values *settings,
    const char *config)
{
	struct linear linear = { .base = base_open(),
		.interactive = isatty(STDIN_FILENO) };
	struct app_setup setup = { .wall = loop_wall,
		.tell = on_tell,
		.echoed = linear.interactive && isatty(STDOUT_FILENO),
		.self = &linear,
		.settings = settings,
		.config = config,
		.profile = options->profile };
	char problem[256] = "";
	int status;
	bool ascii;

	signal(SIGPIPE, SIG_IGN);
	bytes_init(&linear.read);
	setup.text_flags = loop_locale(&ascii);
	settings_fit(settings);
	output_open(&linear);
	linear.app = app_new(&setup);
	events_open(&linear);
	status = linear_work(&linear, options, problem);
	linear_close(&linear);
	if (problem[0] != '\0')
		fprintf(stderr, "dchat: %s\n", problem);
	return status;
}
