/*
 * pty: a program on a pseudo-terminal, with a strict terminal behind it.
 *
 * Several may run at once: whoever waits for one reads what all of them
 * write, so that none is held up.  Nothing here sleeps; each wait has a
 * deadline.
 */
#ifndef TESTS_SUPPORT_PTY_H
#define TESTS_SUPPORT_PTY_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

#include "tests/support/terminal.h"

struct pty {
	int master, slave;	/* slave stays open, to ask for its modes */
	pid_t pid;		/* 0: it has ended */
	int status;		/* of waitpid(2) */
	bool stopped;
	struct termios before;	/* as the program found it */
	struct terminal screen;
	double started_ms;
	double read_ms;		/* when something came last */
	double rate, allowance;	/* bytes a second that are read; 0: all */
	double rated_ms;
	size_t answered;	/* questions; -1: none is */
	struct pty *next;
};

struct pty_program {
	const char *const *argv;	/* NULL-terminated */
	const char *terminal;		/* TERM; NULL: xterm-256color */
	int rows, columns;		/* 0: 24, 80 */
	double rate;			/* bytes a second; 0: all at once */
	bool answers;			/* when asked whether all is read */
};

double pty_now_ms(void);

/* The program under test: $DCHAT_PROGRAM, or $top_builddir/dchat. */
const char *pty_dchat(void);

/* Aborts where there is no pseudo-terminal to be had. */
void pty_start(struct pty *pty, const struct pty_program *program);

/* Kills what still runs, and frees all. */
void pty_end(struct pty *pty);

void pty_type(struct pty *pty, const char *keys);
void pty_resize(struct pty *pty, int rows, int columns);
void pty_signal(struct pty *pty, int number);

/* What the terminal driver is set to. */
void pty_attributes(const struct pty *pty, struct termios *attributes);

/* Reads what came from any of them; waits at most so long for the first. */
void pty_pump(double timeout_ms);

/* Pumps until the condition holds; false at the deadline. */
bool pty_await(struct pty *pty, double timeout_ms,
    bool (*condition)(const struct pty *pty, const void *argument),
    const void *argument);

/* Until the text stands on the screen, or no longer does. */
bool pty_await_text(struct pty *pty, const char *text, double timeout_ms);
bool pty_await_no_text(struct pty *pty, const char *text, double timeout_ms);

/* Until it has ended, and all it wrote is read. */
bool pty_await_end(struct pty *pty, double timeout_ms);
bool pty_await_stop(struct pty *pty, double timeout_ms);

#endif
