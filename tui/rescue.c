#include "tui/rescue.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/die.h"

enum {
	BYTES = 256,
	STACK = 64 * 1024, /* for the handler, when the other is full */
};

static const int crash_signals[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL,
	SIGSEGV };

enum { CRASH_SIGNALS = sizeof crash_signals / sizeof *crash_signals };

static struct {
	volatile sig_atomic_t armed;
	int out_fd, in_fd;
	bool have_modes;
	struct termios modes;
	char bytes[BYTES];
	size_t size;
	struct sigaction before[CRASH_SIGNALS];
	stack_t stack_before;
} rescue;

static char stack[STACK];

static void
rescue_terminal(void)
{
	const char *at = rescue.bytes;
	size_t left = rescue.size;

	if (!rescue.armed)
		return;
	rescue.armed = false;
	while (left > 0) {
		ssize_t written = write(rescue.out_fd, at, left);

		if (written <= 0)
			break;
		at += written;
		left -= (size_t)written;
	}
	if (rescue.have_modes)
		tcsetattr(rescue.in_fd, TCSANOW, &rescue.modes);
}

static void
on_crash(int number)
{
	rescue_terminal();
	for (size_t i = 0; i < CRASH_SIGNALS; i++)
		if (crash_signals[i] == number)
			sigaction(number, &rescue.before[i], NULL);
	raise(number);
}

void
rescue_forget(void)
{
	rescue.size = 0;
}

void
rescue_add(const char *sequence)
{
	const char *at = sequence;

	/* without the padding: "$<5>" */
	while (at != NULL && at != (const char *)-1 && *at != '\0' &&
	    rescue.size < BYTES) {
		const char *close =
		    strncmp(at, "$<", 2) == 0 ? strchr(at, '>') : NULL;

		if (close != NULL)
			at = close + 1;
		else
			rescue.bytes[rescue.size++] = *at++;
	}
}

void
rescue_open(int out, int in)
{
	struct sigaction action = { .sa_handler = on_crash,
		.sa_flags = SA_ONSTACK };
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };

	rescue.out_fd = out;
	rescue.in_fd = in;
	rescue.have_modes = tcgetattr(rescue.in_fd, &rescue.modes) == 0;
	rescue.size = 0;
	sigaltstack(&own, &rescue.stack_before);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < CRASH_SIGNALS; i++)
		sigaction(crash_signals[i], &action, &rescue.before[i]);
	die_restore(rescue_terminal);
}

void
rescue_close(void)
{
	die_restore(NULL);
	rescue.armed = false;
	for (size_t i = 0; i < CRASH_SIGNALS; i++)
		sigaction(crash_signals[i], &rescue.before[i], NULL);
	sigaltstack(&rescue.stack_before, NULL);
}

void
rescue_arm(bool armed)
{
	rescue.armed = armed;
}
