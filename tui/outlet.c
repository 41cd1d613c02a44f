#include "tui/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/die.h"
#include "base/mem.h"

enum { PATH = 128 };

struct outlet {
	FILE *file;		/* in memory, emptied by each push */
	int descriptor;		/* the terminal's */
	bool own;		/* it was opened here, and never waits */
	struct bytes left;	/* not taken yet, */
	size_t gone;		/* but for so many of it */
};

static int
reopen(const char *path, int out)
{
	unsigned wanted, found;
	int descriptor = open(path,
	    O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (descriptor < 0)
		return -1;
	if (ioctl(out, TIOCGDEV, &wanted) == 0 &&
	    ioctl(descriptor, TIOCGDEV, &found) == 0 && wanted == found)
		return descriptor;
	close(descriptor);
	return -1;
}

static int
open_terminal(int out)
{
	char path[PATH];
	int descriptor = -1;

	if (ttyname_r(out, path, sizeof path) != 0)
		return -1;
	descriptor = reopen(path, out);
	/* one's own terminal may be another person's file, after su(1) */
	return descriptor >= 0 ? descriptor : reopen("/dev/tty", out);
}

struct outlet *
outlet_open(FILE *out)
{
	int memory = memfd_create("dchat-frame", MFD_CLOEXEC);
	FILE *file = memory >= 0 ? fdopen(memory, "w") : NULL;
	struct outlet *outlet;

	if (file == NULL) {
		if (memory >= 0)
			close(memory);
		return NULL;
	}
	outlet = mem_zero(1, sizeof *outlet);
	outlet->file = file;
	bytes_init(&outlet->left);
	outlet->descriptor = open_terminal(fileno(out));
	outlet->own = outlet->descriptor >= 0;
	if (!outlet->own)
		outlet->descriptor = fileno(out);
	return outlet;
}

void
outlet_close(struct outlet *outlet)
{
	if (outlet == NULL)
		return;
	if (outlet->own)
		close(outlet->descriptor);
	fclose(outlet->file);
	bytes_free(&outlet->left);
	free(outlet);
}

FILE *
outlet_file(const struct outlet *outlet)
{
	return outlet->file;
}

static void
check(bool good)
{
	if (!good)
		die("A frame cannot be kept in memory: %s.", strerror(errno));
}

/* What was written since the last time. */
static void
collect(struct outlet *outlet)
{
	int memory = fileno(outlet->file);
	off_t size = lseek(memory, 0, SEEK_CUR);

	check(size >= 0);
	if (size == 0)
		return;
	check(pread(memory, bytes_reserve(&outlet->left, (size_t)size),
		  (size_t)size, 0) == (ssize_t)size);
	outlet->left.size += (size_t)size;
	check(ftruncate(memory, 0) == 0 && lseek(memory, 0, SEEK_SET) == 0);
}

static bool
takes(const struct outlet *outlet)
{
	struct pollfd ready = { .fd = outlet->descriptor, .events = POLLOUT };

	return outlet->own || poll(&ready, 1, 0) != 0;
}

void
outlet_push(struct outlet *outlet)
{
	collect(outlet);
	while (!outlet_is_empty(outlet) && takes(outlet)) {
		ssize_t done = write(outlet->descriptor,
		    outlet->left.data + outlet->gone,
		    outlet->left.size - outlet->gone);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 && errno == EAGAIN)
			return;
		/* a terminal that is gone takes it all */
		outlet->gone = done < 0 ? outlet->left.size :
		    outlet->gone + (size_t)done;
	}
	if (outlet_is_empty(outlet)) {
		bytes_clear(&outlet->left);
		outlet->gone = 0;
	}
}

bool
outlet_is_empty(const struct outlet *outlet)
{
	return outlet->gone == outlet->left.size;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void
outlet_drain(struct outlet *outlet, int patience_ms)
{
	int64_t until = now_ms() + patience_ms, left_ms = patience_ms;
	struct pollfd ready = { .fd = outlet->descriptor, .events = POLLOUT };

	outlet_push(outlet);
	while (!outlet_is_empty(outlet) && left_ms > 0) {
		poll(&ready, 1, (int)left_ms);
		outlet_push(outlet);
		left_ms = until - now_ms();
	}
}

int
outlet_descriptor(const struct outlet *outlet)
{
	return outlet->descriptor;
}
