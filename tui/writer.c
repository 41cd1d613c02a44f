#include "tui/writer.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

/* For who may be waited for: so much it takes, once it takes anything. */
enum { PIECE = 256 };

void
writer_init(struct writer *writer, int descriptor, bool own)
{
	*writer = (struct writer){ .descriptor = descriptor, .own = own };
	bytes_init(&writer->bytes);
}

void
writer_free(struct writer *writer)
{
	if (writer->own)
		close(writer->descriptor);
	bytes_free(&writer->bytes);
}

size_t
writer_left(const struct writer *writer)
{
	return writer->bytes.size - writer->gone;
}

static bool
takes(const struct writer *writer, int patience_ms)
{
	struct pollfd ready = { .fd = writer->descriptor, .events = POLLOUT };

	return poll(&ready, 1, patience_ms) != 0;
}

static void
forget(struct writer *writer)
{
	bytes_clear(&writer->bytes);
	writer->gone = 0;
}

bool
writer_push(struct writer *writer)
{
	while (writer_left(writer) > 0 && (writer->own || takes(writer, 0))) {
		size_t size = writer_left(writer);
		ssize_t done;

		if (!writer->own && size > PIECE)
			size = PIECE;
		done = write(writer->descriptor,
		    writer->bytes.data + writer->gone, size);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 && errno == EAGAIN)
			return true;
		if (done < 0) {
			forget(writer);
			return false;
		}
		writer->gone += (size_t)done;
	}
	if (writer_left(writer) == 0)
		forget(writer);
	return true;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void
writer_drain(struct writer *writer, int patience_ms)
{
	int64_t until = now_ms() + patience_ms, left_ms = patience_ms;

	while (writer_push(writer) && writer_left(writer) > 0 && left_ms > 0) {
		takes(writer, (int)left_ms);
		left_ms = until - now_ms();
	}
}
