#include "tui/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mem.h"
#include "tui/writer.h"

enum { PATH = 128 };

struct outlet {
	FILE *file;		/* in memory, emptied by each push */
	struct writer writer;	/* to the terminal */
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
	int terminal;

	if (file == NULL) {
		if (memory >= 0)
			close(memory);
		return NULL;
	}
	outlet = mem_zero(1, sizeof *outlet);
	outlet->file = file;
	terminal = open_terminal(fileno(out));
	writer_init(&outlet->writer, terminal >= 0 ? terminal : fileno(out),
	    terminal >= 0);
	return outlet;
}

void
outlet_close(struct outlet *outlet)
{
	if (outlet == NULL)
		return;
	fclose(outlet->file);
	writer_free(&outlet->writer);
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
	struct bytes *bytes = &outlet->writer.bytes;
	int memory = fileno(outlet->file);
	off_t size = lseek(memory, 0, SEEK_CUR);

	check(size >= 0);
	if (size == 0)
		return;
	check(pread(memory, bytes_reserve(bytes, (size_t)size), (size_t)size,
		  0) == (ssize_t)size);
	bytes->size += (size_t)size;
	check(ftruncate(memory, 0) == 0 && lseek(memory, 0, SEEK_SET) == 0);
}

/* A terminal that is gone takes it all. */
void
outlet_push(struct outlet *outlet)
{
	collect(outlet);
	writer_push(&outlet->writer);
}

bool
outlet_is_empty(const struct outlet *outlet)
{
	return writer_left(&outlet->writer) == 0;
}

void
outlet_drain(struct outlet *outlet, int patience_ms)
{
	collect(outlet);
	writer_drain(&outlet->writer, patience_ms);
}

int
outlet_descriptor(const struct outlet *outlet)
{
	return outlet->writer.descriptor;
}
