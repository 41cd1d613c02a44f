#include "tui/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "tui/app.h"
#include "tui/pace.h"
#include "tui/screen.h"
#include "tui/text.h"

/*
 * No load makes more than sixty paints a second: one each FRAME_MS and a
 * BURST on top.  News are painted when the last paint is CALM_MS ago, so
 * that even a flood of them leaves paints to the keys.
 */
enum {
	FRAME_MS = 17,
	BURST = 20,
	CALM_MS = 33,
	SIZE_MS = 50,		/* who drags a corner sees that it follows */
	ESC_MS = 30,		/* then an ESC was no sequence */
};

/* How long a terminal may take to answer, and how long that is waited for
 * by who leaves before it has. */
enum { ANSWER_MS = 1000, ANSWER_WAIT_MS = 100 };

/*
 * The person comes first: keys, signals and due paints are URGENT, all else
 * is the network's.  The network looks up after so many callbacks or so
 * long, whatever waits there still.
 */
enum {
	URGENT,
	NORMAL,
	PRIORITIES,
	CALLBACKS = 16,
	CALLBACKS_US = 1000,
};

enum {
	ON_TERM,
	ON_HUP,
	ON_INT,
	ON_WINCH,
	ON_TSTP,
	ON_CONT,
	SIGNALS,
};

static const int signals[SIGNALS] = { SIGTERM, SIGHUP, SIGINT, SIGWINCH,
	SIGTSTP, SIGCONT };

struct loop {
	struct event_base *base;
	struct app *app;
	struct screen *screen;
	struct dchat *dchat;
	struct event *keyboard, *escape, *frame, *clock, *outlet;
	struct event *signals[SIGNALS];
	instant_ms asked;	/* the terminal, when */
	instant_ms painted;	/* when last */
	instant_ms paid;	/* paints are paid for until then */
	bool owed;		/* a paint, once the terminal takes one */
	struct pace pace;
	bool resized;		/* the terminal, since the last paint */
	bool leaving, hung_up;
};

static instant_ms
instant_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (instant_ms)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

wall_ms
loop_wall(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (wall_ms)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
loop_timer_start(struct event *timer, int64_t delay_ms)
{
	struct timeval delay;

	if (delay_ms < 0)
		delay_ms = 0;
	delay.tv_sec = delay_ms / 1000;
	delay.tv_usec = delay_ms % 1000 * 1000;
	event_add(timer, &delay);
}

/* -- painting ------------------------------------------------------------ */

/* A terminal that takes nothing must hold nobody up. */
static void
await_outlet(struct loop *loop)
{
	if (screen_waits(loop->screen))
		event_add(loop->outlet, NULL);
}

static void
paint(struct loop *loop)
{
	wall_ms deadline;

	event_del(loop->frame);
	loop->owed = screen_waits(loop->screen);
	await_outlet(loop);
	if (loop->owed)
		return;
	/* once, however often it was */
	if (loop->resized)
		screen_resized(loop->screen);
	loop->resized = false;
	screen_hurry(loop->screen, pace_slow(&loop->pace));
	app_paint(loop->app);
	loop->painted = instant_now();
	/* not on the way out: the answer would be the shell's */
	if (pace_wrote(&loop->pace, screen_weight(loop->screen),
		loop->painted) &&
	    !loop->leaving)
		screen_ask_ready(loop->screen);
	await_outlet(loop);
	if (loop->paid < loop->painted)
		loop->paid = loop->painted;
	loop->paid += FRAME_MS;
	deadline = app_deadline(loop->app);
	if (deadline == NEVER)
		event_del(loop->clock);
	else
		loop_timer_start(loop->clock, deadline - loop_wall());
}

/* The terminal has yet to read what is under way; then it is painted when it
 * has, or when it has not for too long. */
static bool
pace_holds(struct loop *loop)
{
	instant_ms wait = pace_wait(&loop->pace, instant_now());

	if (wait > 0)
		loop_timer_start(loop->frame, wait);
	return wait > 0;
}

/* Now, or when the last paint is so long ago and there is one left. */
static void
paint_after(struct loop *loop, instant_ms calm_ms)
{
	instant_ms now = instant_now();
	instant_ms wait = loop->paid - BURST * FRAME_MS - now;

	await_outlet(loop);
	if (!app_dirty(loop->app) || pace_holds(loop))
		return;
	if (calm_ms > 0 && calm_ms < pace_calm(&loop->pace))
		calm_ms = pace_calm(&loop->pace);
	if (wait < loop->painted + calm_ms - now)
		wait = loop->painted + calm_ms - now;
	if (wait <= 0)
		paint(loop);
	else if (calm_ms == 0 || !event_pending(loop->frame, EV_TIMEOUT, NULL))
		loop_timer_start(loop->frame, wait);
}

static void
on_frame(evutil_socket_t fd, short what, void *self)
{
	struct loop *loop = self;

	(void)fd;
	(void)what;
	if (app_dirty(loop->app) && !pace_holds(loop))
		paint(loop);
}

static void
on_outlet(evutil_socket_t fd, short what, void *self)
{
	struct loop *loop = self;

	(void)fd;
	(void)what;
	screen_push(loop->screen);
	await_outlet(loop);
	if (loop->owed)
		paint(loop);
}

/* Something lasts: that is painted, though nothing has happened. */
static void
on_clock(evutil_socket_t fd, short what, void *self)
{
	struct loop *loop = self;

	(void)fd;
	(void)what;
	app_touch(loop->app);
	if (!pace_holds(loop))
		paint(loop);
}

/* For the app: the terminal has read all that was under way. */
static void
on_answered(void *self)
{
	struct loop *loop = self;

	pace_answered(&loop->pace, instant_now());
	paint_after(loop, 0);
}

/* -- the node -------------------------------------------------------------- */

static void
on_event(void *self, const struct dchat_event *event)
{
	struct loop *loop = self;

	app_event(loop->app, event);
}

static void
on_turn(void *self)
{
	struct loop *loop = self;

	app_turn(loop->app);
	paint_after(loop, CALM_MS);
}

void
loop_leave(struct event_base *base, struct app *app, bool *leaving,
    const char *reason)
{
	if (*leaving)
		event_base_loopbreak(base);
	*leaving = true;
	app_quit(app, reason);
}

static void
leave(struct loop *loop, const char *reason)
{
	loop_leave(loop->base, loop->app, &loop->leaving, reason);
}

/* SIGHUP and the end of the keyboard are one and the same news. */
static void
hang_up(struct loop *loop)
{
	if (loop->hung_up)
		return;
	loop->hung_up = true;
	event_del(loop->keyboard);
	if (!loop->leaving)
		leave(loop, "the terminal is gone");
}

/* -- the keyboard ------------------------------------------------------------ */

static void
after_keys(struct loop *loop)
{
	if (app_waiting(loop->app))
		loop_timer_start(loop->escape, ESC_MS);
	else
		event_del(loop->escape);
	paint_after(loop, 0);
}

static void
on_keyboard(evutil_socket_t fd, short what, void *self)
{
	struct loop *loop = self;
	char bytes[4096];
	ssize_t size = read(fd, bytes, sizeof bytes);

	(void)what;
	if (size < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (size <= 0) {
		hang_up(loop);
		return;
	}
	app_read(loop->app, bytes, (size_t)size);
	after_keys(loop);
}

static void
on_escape(evutil_socket_t fd, short what, void *self)
{
	struct loop *loop = self;

	(void)fd;
	(void)what;
	app_read_timeout(loop->app);
	after_keys(loop);
}

/* An answer that comes when we are gone would be typed into the shell. */
static void
take_answers(struct loop *loop)
{
	struct pollfd keyboard = { .fd = STDIN_FILENO, .events = POLLIN };
	instant_ms now = instant_now();
	bool coming = app_asking(loop->app) && now <= loop->asked + ANSWER_MS;
	bool ready = loop->pace.asked &&
	    (loop->pace.answers || now <= loop->pace.asked_at + ANSWER_MS);

	if ((!coming && !ready) || loop->hung_up)
		return;
	/* a slow line has to carry all the rest before */
	poll(&keyboard, 1,
	    ready && loop->pace.answers ? ANSWER_MS : ANSWER_WAIT_MS);
	tcflush(STDIN_FILENO, TCIFLUSH);
	pace_init(&loop->pace);
}

/* -- signals --------------------------------------------------------------- */

static void
on_suspend(void *self)
{
	struct loop *loop = self;

	take_answers(loop);
	screen_leave(loop->screen);
	/* The one that ends it is no news: it would be taken for one that
	 * came from outside, and what is typed by then be thrown away. */
	event_del(loop->signals[ON_CONT]);
	event_del(loop->signals[ON_TSTP]);
	signal(SIGTSTP, SIG_DFL);
	/* like the terminal would: to all of the job */
	kill(0, SIGTSTP);
	event_add(loop->signals[ON_TSTP], NULL);
	event_add(loop->signals[ON_CONT], NULL);
	screen_return(loop->screen);
	/* whoever had the terminal has taken the answers */
	pace_init(&loop->pace);
	app_touch(loop->app);
}

static void
on_signal(evutil_socket_t number, short what, void *self)
{
	struct loop *loop = self;

	(void)what;
	switch (number) {
	case SIGHUP: hang_up(loop); return;
	case SIGWINCH:
		loop->resized = true;
		app_touch(loop->app);
		paint_after(loop, SIZE_MS);
		return;
	case SIGTSTP: on_suspend(loop); break;
	case SIGCONT:
		/* stopped from outside; the shell has changed the terminal */
		screen_leave(loop->screen);
		screen_return(loop->screen);
		pace_init(&loop->pace);
		break;
	default: leave(loop, "terminated"); return;
	}
	app_touch(loop->app);
	paint_after(loop, 0);
}

/* -- from start to exit ------------------------------------------------------ */

static struct event_base *
base_open(void)
{
	const struct timeval most = { .tv_usec = CALLBACKS_US };
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config != NULL &&
	    event_config_set_max_dispatch_interval(config, &most, CALLBACKS,
		NORMAL) == 0)
		base = event_base_new_with_config(config);
	if (config != NULL)
		event_config_free(config);
	if (base == NULL || event_base_priority_init(base, PRIORITIES) != 0)
		die("libevent cannot make an event loop.");
	return base;
}

static void
events_open(struct loop *loop)
{
	loop->keyboard = event_new(loop->base, STDIN_FILENO,
	    EV_READ | EV_PERSIST, on_keyboard, loop);
	loop->escape = evtimer_new(loop->base, on_escape, loop);
	loop->frame = evtimer_new(loop->base, on_frame, loop);
	loop->clock = evtimer_new(loop->base, on_clock, loop);
	loop->outlet = event_new(loop->base, screen_descriptor(loop->screen),
	    EV_WRITE, on_outlet, loop);
	if (loop->keyboard == NULL || loop->escape == NULL ||
	    loop->frame == NULL || loop->clock == NULL ||
	    loop->outlet == NULL)
		die("libevent has no room for an event.");
	event_priority_set(loop->keyboard, URGENT);
	event_priority_set(loop->escape, URGENT);
	event_priority_set(loop->frame, URGENT);
	event_priority_set(loop->outlet, URGENT);
	event_add(loop->keyboard, NULL);
	for (size_t i = 0; i < SIGNALS; i++) {
		loop->signals[i] = evsignal_new(loop->base, signals[i],
		    on_signal, loop);
		if (loop->signals[i] == NULL)
			die("libevent has no room for an event.");
		event_priority_set(loop->signals[i], URGENT);
		event_add(loop->signals[i], NULL);
	}
}

static void
event_close(struct event *event)
{
	if (event != NULL)
		event_free(event);
}

static void
loop_close(struct loop *loop)
{
	take_answers(loop);
	if (loop->dchat != NULL)
		dchat_close(loop->dchat);
	app_destroy(loop->app);
	for (size_t i = 0; i < SIGNALS; i++)
		event_close(loop->signals[i]);
	event_close(loop->keyboard);
	event_close(loop->escape);
	event_close(loop->frame);
	event_close(loop->clock);
	event_close(loop->outlet);
	screen_close(loop->screen);
	event_base_free(loop->base);
}

unsigned
loop_locale(bool *ascii)
{
	setlocale(LC_ALL, "");
	*ascii = !text_locale_is_utf8();
	if (!*ascii)
		return 0;
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return TEXT_ASCII;
	/* readline sets it anew for each line, from the environment */
	setenv("LC_ALL", "C.UTF-8", 1);
	return 0;
}

int
loop_dispatch(struct event_base *base, const struct app *app,
    char problem[static 256])
{
	event_base_dispatch(base);
	if (!app_ended(app))
		return 0;
	if (app_status(app) != 0)
		snprintf(problem, 256, "%s", app_reason(app));
	else
		app_unsaved(app, problem);
	return app_status(app);
}

static int
loop_work(struct loop *loop, const struct dchat_options *options,
    char problem[static 256])
{
	struct dchat_front front = { .event = on_event, .turn = on_turn,
		.self = loop };
	int status = 1;

	/* the frame first: opening the node waits for the disk */
	events_open(loop);
	paint(loop);
	loop->dchat = dchat_open(loop->base, options, &front, problem,
	    &status);
	if (loop->dchat == NULL)
		return status;
	app_attach(loop->app, loop->dchat);
	app_ask_background(loop->app);
	await_outlet(loop);
	loop->asked = instant_now();
	return loop_dispatch(loop->base, loop->app, problem);
}

int
loop_run(const struct dchat_options *options, struct setting_values *settings,
    const char *config)
{
	struct loop loop = { .base = base_open() };
	struct app_setup setup = { .inputrc = true,
		.wall = loop_wall,
		.suspend = on_suspend,
		.answered = on_answered,
		.self = &loop,
		.settings = settings,
		.config = config,
		.profile = options->profile };
	char problem[256] = "";
	int status = 2;
	bool ascii;

	pace_init(&loop.pace);
	signal(SIGPIPE, SIG_IGN);
	setup.text_flags = loop_locale(&ascii);
	loop.app = app_new(&setup);
	loop.screen = screen_open(NULL, stdout, stdin, ascii,
	    setup.text_flags, problem);
	if (loop.screen != NULL) {
		app_show(loop.app, loop.screen);
		status = loop_work(&loop, options, problem);
	}
	loop_close(&loop);
	if (problem[0] != '\0')
		fprintf(stderr, "dchat: %s\n", problem);
	return status;
}
