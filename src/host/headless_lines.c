#include "host/headless_lines.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/limits.h"

enum { PIECE = 64 * 1024 };

/* epoll refuses what is always ready: files, the null device. */
static bool
can_wait(int descriptor)
{
	struct epoll_event event = { .events = EPOLLIN };
	int trial = epoll_create1(EPOLL_CLOEXEC);
	bool good;

	if (trial < 0)
		return true;
	good = epoll_ctl(trial, EPOLL_CTL_ADD, descriptor, &event) == 0;
	close(trial);
	return good;
}

/* Room for a piece without growing for ever. */
static void
compact(struct lines *lines)
{
	struct bytes *bytes = &lines->bytes;

	if (lines->taken == 0)
		return;
	bytes->size -= lines->taken;
	memmove(bytes->data, bytes->data + lines->taken, bytes->size);
	lines->looked -= lines->taken;
	lines->taken = 0;
}

static void
on_readable(evutil_socket_t unused, short what, void *context)
{
	struct lines *lines = context;
	uint8_t *room;
	ssize_t count;

	(void)unused, (void)what;
	compact(lines);
	room = bytes_reserve(&lines->bytes, PIECE);
	count = read(lines->descriptor, room, PIECE);
	if (count > 0) {
		lines->bytes.size += (size_t)count;
	} else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
		lines->ended = true;
		lines_pause(lines);
	}
	if (!lines->waits && !lines->ended)
		lines_resume(lines);
	lines->arrived(lines->self);
}

void
lines_resume(struct lines *lines)
{
	static const struct timeval at_once = { 0, 0 };

	if (!lines->ended)
		event_add(lines->readable, lines->waits ? NULL : &at_once);
}

void
lines_pause(struct lines *lines)
{
	event_del(lines->readable);
}

void
lines_open(struct lines *lines, struct event_base *loop, int descriptor,
    void (*arrived)(void *self), void *self)
{
	*lines = (struct lines){
		.descriptor = descriptor,
		.waits = can_wait(descriptor),
		.arrived = arrived,
		.self = self,
	};
	bytes_init(&lines->bytes);
	lines->readable = event_new(loop, lines->waits ? descriptor : -1,
	    lines->waits ? EV_READ | EV_PERSIST : 0, on_readable, lines);
}

void
lines_close(struct lines *lines)
{
	event_free(lines->readable);
	bytes_free(&lines->bytes);
}

/* Everything up to here is done with. */
static void
take(struct lines *lines, size_t end)
{
	lines->taken = lines->looked = end;
}

static enum lines_outcome
take_line(struct lines *lines, size_t end, size_t next, const char **text,
    size_t *size)
{
	size_t start = lines->taken;
	bool skipped = lines->skipping;

	take(lines, next);
	lines->skipping = false;
	if (skipped)
		return lines_next(lines, text, size);
	if (end - start > LIMIT_INPUT_LINE)
		return LINES_TOO_LONG;
	*text = (const char *)lines->bytes.data + start;
	*size = end - start;
	return LINES_LINE;
}

enum lines_outcome
lines_next(struct lines *lines, const char **text, size_t *size)
{
	struct bytes *bytes = &lines->bytes;
	const uint8_t *newline = NULL;
	bool first;

	if (lines->looked < bytes->size)
		newline = memchr(bytes->data + lines->looked, '\n',
		    bytes->size - lines->looked);
	if (newline != NULL) {
		size_t end = (size_t)(newline - bytes->data);

		return take_line(lines, end, end + 1, text, size);
	}
	lines->looked = bytes->size;
	if (lines->ended && lines->taken < bytes->size)
		return take_line(lines, bytes->size, bytes->size, text, size);
	if (bytes->size - lines->taken > LIMIT_INPUT_LINE || lines->skipping) {
		first = !lines->skipping;
		lines->skipping = true;
		take(lines, bytes->size);
		return first ? LINES_TOO_LONG : LINES_NOTHING;
	}
	return LINES_NOTHING;
}
