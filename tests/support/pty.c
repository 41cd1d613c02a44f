#include "tests/support/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PTYS = 16, PIECE = 65536, ROWS = 24, COLUMNS = 80 };

static struct pty *all;

double
pty_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

const char *
pty_dchat(void)
{
	static char path[4096];
	const char *program = getenv("DCHAT_PROGRAM");
	const char *builddir = getenv("top_builddir");

	if (program != NULL)
		return program;
	snprintf(path, sizeof path, "%s/dchat",
	    builddir == NULL ? "." : builddir);
	return path;
}

/* -- starting and ending -------------------------------------------------- */

static _Noreturn void
become(const struct pty_program *program, int slave)
{
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	signal(SIGPIPE, SIG_DFL);
	setenv("TERM",
	    program->terminal != NULL ? program->terminal : "xterm-256color",
	    1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("COLORFGBG");
	unsetenv("NO_COLOR");
	unsetenv("TMUX");
	execvp(program->argv[0], (char *const *)(uintptr_t)program->argv);
	perror(program->argv[0]);
	_exit(127);
}

void
pty_start(struct pty *pty, const struct pty_program *program)
{
	struct winsize size = {
		.ws_row = (unsigned short)(program->rows != 0 ? program->rows
							      : ROWS),
		.ws_col = (unsigned short)(program->columns != 0
			? program->columns
			: COLUMNS),
	};
	const char *name;

	*pty = (struct pty){ .master =
		posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC) };
	if (pty->master < 0 || grantpt(pty->master) != 0 ||
	    unlockpt(pty->master) != 0 ||
	    (name = ptsname(pty->master)) == NULL ||
	    (pty->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0) {
		perror("pty");
		abort();
	}
	ioctl(pty->slave, TIOCSWINSZ, &size);
	tcgetattr(pty->slave, &pty->before);
	fcntl(pty->master, F_SETFL, O_NONBLOCK);
	pty->rate = program->rate;
	pty->answered = program->answers ? 0 : (size_t)-1;
	terminal_init(&pty->screen, size.ws_row, size.ws_col);
	fflush(NULL);
	pty->started_ms = pty_now_ms();
	pty->pid = fork();
	if (pty->pid == 0)
		become(program, pty->slave);
	pty->next = all;
	all = pty;
}

static void
reap(struct pty *pty, int flags)
{
	int status;

	if (pty->pid <= 0 ||
	    waitpid(pty->pid, &status, flags | WUNTRACED | WCONTINUED) !=
		pty->pid)
		return;
	if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
		pty->stopped = WIFSTOPPED(status);
		return;
	}
	pty->status = status;
	pty->pid = 0;
}

void
pty_end(struct pty *pty)
{
	struct pty **at = &all;

	if (pty->pid > 0)
		kill(pty->pid, SIGKILL);
	while (pty->pid > 0)
		reap(pty, 0);
	while (*at != NULL && *at != pty)
		at = &(*at)->next;
	if (*at != NULL)
		*at = pty->next;
	if (pty->master >= 0)
		close(pty->master);
	if (pty->slave >= 0)
		close(pty->slave);
	terminal_free(&pty->screen);
}

/* -- acting ------------------------------------------------------------- */

void
pty_type(struct pty *pty, const char *keys)
{
	size_t left = strlen(keys);

	while (left > 0) {
		ssize_t size = write(pty->master, keys, left);

		if (size < 0 && errno != EAGAIN && errno != EINTR)
			return;
		if (size < 0) {
			pty_pump(10);
			continue;
		}
		keys += size;
		left -= (size_t)size;
	}
}

void
pty_resize(struct pty *pty, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)columns };

	terminal_resize(&pty->screen, rows, columns);
	ioctl(pty->master, TIOCSWINSZ, &size);
}

void
pty_signal(struct pty *pty, int number)
{
	if (pty->pid > 0)
		kill(pty->pid, number);
}

void
pty_attributes(const struct pty *pty, struct termios *attributes)
{
	memset(attributes, 0, sizeof *attributes);
	tcgetattr(pty->slave, attributes);
}

/* -- waiting ------------------------------------------------------------- */

/* What a line of that rate has carried since last. */
static size_t
allowed(struct pty *pty)
{
	double now_ms = pty_now_ms();

	if (pty->rate <= 0)
		return PIECE;
	if (pty->rated_ms > 0)
		pty->allowance += (now_ms - pty->rated_ms) * pty->rate / 1000;
	pty->rated_ms = now_ms;
	/* it does not save up while it has nothing to do */
	if (pty->allowance > 2 + pty->rate / 50)
		pty->allowance = 2 + pty->rate / 50;
	return pty->allowance < PIECE ? (size_t)pty->allowance : PIECE;
}

/* False: there is nothing more at present. */
static bool
read_some(struct pty *pty)
{
	static char bytes[PIECE];
	size_t most = allowed(pty);
	ssize_t size = most > 0 ? read(pty->master, bytes, most) : 0;

	if (size <= 0)
		return false;
	pty->allowance -= pty->rate > 0 ? (double)size : 0;
	pty->read_ms = pty_now_ms();
	terminal_feed(&pty->screen, bytes, (size_t)size);
	for (; pty->answered < pty->screen.questions; pty->answered++)
		pty_type(pty, "\033[0n");
	return true;
}

void
pty_pump(double timeout_ms)
{
	struct pollfd ready[PTYS];
	struct timespec wait;
	nfds_t count = 0;

	for (struct pty *pty = all; pty != NULL; pty = pty->next)
		if (pty->rate > 0)
			timeout_ms = timeout_ms < 4 ? timeout_ms : 4;
		else if (count < PTYS && pty->master >= 0)
			ready[count++] = (struct pollfd){ .fd = pty->master,
				.events = POLLIN };
	if (timeout_ms < 0)
		timeout_ms = 0;
	wait.tv_sec = (time_t)(timeout_ms / 1000);
	wait.tv_nsec = (long)((timeout_ms - (double)wait.tv_sec * 1000) * 1e6);
	ppoll(ready, count, &wait, NULL);
	for (struct pty *pty = all; pty != NULL; pty = pty->next) {
		reap(pty, WNOHANG);
		if (pty->master >= 0)
			read_some(pty);
	}
}

bool
pty_await(struct pty *pty, double timeout_ms,
    bool (*condition)(const struct pty *pty, const void *argument),
    const void *argument)
{
	double deadline_ms = pty_now_ms() + timeout_ms;

	while (!condition(pty, argument)) {
		double left_ms = deadline_ms - pty_now_ms();

		if (left_ms <= 0)
			return false;
		/* the end of a program wakes nobody here */
		pty_pump(left_ms < 20 ? left_ms : 20);
	}
	return true;
}

static bool
shows(const struct pty *pty, const void *text)
{
	return terminal_shows(&pty->screen, text);
}

static bool
shows_not(const struct pty *pty, const void *text)
{
	return !terminal_shows(&pty->screen, text);
}

static bool
ended(const struct pty *pty, const void *unused)
{
	(void)unused;
	return pty->pid == 0;
}

static bool
stopped(const struct pty *pty, const void *unused)
{
	(void)unused;
	return pty->stopped;
}

bool
pty_await_text(struct pty *pty, const char *text, double timeout_ms)
{
	return pty_await(pty, timeout_ms, shows, text);
}

bool
pty_await_no_text(struct pty *pty, const char *text, double timeout_ms)
{
	return pty_await(pty, timeout_ms, shows_not, text);
}

bool
pty_await_end(struct pty *pty, double timeout_ms)
{
	bool good = pty_await(pty, timeout_ms, ended, NULL);

	pty->rate = 0;
	while (read_some(pty))
		;
	return good;
}

bool
pty_await_stop(struct pty *pty, double timeout_ms)
{
	return pty_await(pty, timeout_ms, stopped, NULL);
}
