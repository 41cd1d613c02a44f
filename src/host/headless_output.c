#include "host/headless_output.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/clock.h"

/* The same pipe or terminal with flags of our own; -1 when not allowed. */
static int
open_again(int descriptor)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static ssize_t
write_some(struct output *output, const uint8_t *bytes, size_t size)
{
	struct pollfd room = { .fd = output->descriptor, .events = POLLOUT };

	switch (output->kind) {
	case OUTPUT_SOCKET:
		return send(output->descriptor, bytes, size,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
	case OUTPUT_SHARED:
		/* Writable means that so much goes in without waiting. */
		if (poll(&room, 1, 0) != 1) {
			errno = EAGAIN;
			return -1;
		}
		if (size > PIPE_BUF)
			size = PIPE_BUF;
		break;
	case OUTPUT_FILE:
	case OUTPUT_STREAM: break;
	}
	return write(output->descriptor, bytes, size);
}

static void
compact(struct output *output)
{
	if (output->written == output->bytes.size) {
		bytes_clear(&output->bytes);
		output->written = 0;
	} else if (output->written > output->bytes.size / 2) {
		output->bytes.size -= output->written;
		memmove(output->bytes.data,
		    output->bytes.data + output->written, output->bytes.size);
		output->written = 0;
	}
}

/* False when the reader has to be waited for. */
static bool
write_out(struct output *output)
{
	while (!output->closed && output_waiting(output) > 0) {
		ssize_t count =
		    write_some(output, output->bytes.data + output->written,
			output_waiting(output));

		if (count >= 0)
			output->written += (size_t)count;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			output->closed = true;
	}
	if (output->closed)
		output->written = output->bytes.size;
	compact(output);
	return output->bytes.size == 0;
}

void
output_flush(struct output *output)
{
	bool was_closed = output->closed;

	if (!write_out(output))
		event_add(output->writable, NULL);
	if (output->closed && !was_closed)
		output->on_closed(output->self);
}

void
output_drain(struct output *output, int wait_ms)
{
	instant_ms end = clock_now() + wait_ms;
	struct pollfd room = { .fd = output->descriptor, .events = POLLOUT };

	while (!write_out(output) && clock_now() < end)
		poll(&room, 1, (int)(end - clock_now()));
}

size_t
output_waiting(const struct output *output)
{
	return output->bytes.size - output->written;
}

static void
on_writable(evutil_socket_t unused, short what, void *context)
{
	(void)unused, (void)what;
	output_flush(context);
}

/* The end of a pipe becomes "readable" when its reader has gone. */
static void
on_hung_up(evutil_socket_t unused, short what, void *context)
{
	struct output *output = context;

	(void)unused, (void)what;
	event_del(output->hung_up);
	if (output->closed)
		return;
	output->closed = true;
	output->on_closed(output->self);
}

void
output_open(struct output *output, struct event_base *loop, int descriptor,
    void (*on_closed)(void *self), void *self)
{
	struct stat status;
	int again = -1;

	*output = (struct output){
		.descriptor = descriptor,
		.kind = OUTPUT_FILE,
		.on_closed = on_closed,
		.self = self,
	};
	bytes_init(&output->bytes);
	if (fstat(descriptor, &status) != 0)
		return;
	if (S_ISSOCK(status.st_mode)) {
		output->kind = OUTPUT_SOCKET;
	} else if (S_ISFIFO(status.st_mode) || isatty(descriptor)) {
		again = open_again(descriptor);
		output->kind = again >= 0 ? OUTPUT_STREAM : OUTPUT_SHARED;
	}
	if (again >= 0) {
		output->own = true;
		output->descriptor = again;
	}
	output->writable =
	    event_new(loop, output->descriptor, EV_WRITE, on_writable, output);
	if (S_ISFIFO(status.st_mode)) {
		output->hung_up = event_new(loop, output->descriptor,
		    EV_READ | EV_PERSIST, on_hung_up, output);
		event_add(output->hung_up, NULL);
	}
}

void
output_close(struct output *output)
{
	if (output->writable != NULL)
		event_free(output->writable);
	if (output->hung_up != NULL)
		event_free(output->hung_up);
	if (output->own)
		close(output->descriptor);
	bytes_free(&output->bytes);
}
