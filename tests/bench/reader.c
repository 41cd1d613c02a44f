#include "tests/bench/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READERS_MAX = 64, CHUNK = 1 << 16, BATCH = 64 };

void
reader_init(struct reader *reader, struct peer *peer)
{
	*reader = (struct reader){ .peer = peer };
	fcntl(peer->in, F_SETFL, O_NONBLOCK);
}

void
reader_free(struct reader *reader)
{
	free(reader->buffer);
	free(reader->waiting);
	*reader = (struct reader){ 0 };
}

void
reader_say(struct reader *reader, const char *room, const char *text,
    size_t count)
{
	reader->room = room;
	reader->text = text;
	reader->to_say += count;
}

bool
line_is(const char *line, const char *event)
{
	static const char start[] = "{\"event\":\"";
	size_t size = strlen(event);

	return strncmp(line, start, sizeof start - 1) == 0 &&
	    strncmp(line + sizeof start - 1, event, size) == 0 &&
	    line[sizeof start - 1 + size] == '"';
}

static void
take_end(struct reader *reader, const char *line, double now_ms)
{
	static const char key[] = "\"done\":";
	const char *done = strstr(line, key);

	reader->fetched_ms = now_ms;
	reader->fetched++;
	if (done != NULL)
		reader->fetched_bundles +=
		    (size_t)atoi(done + sizeof key - 1);
}

static void
take_line(struct reader *reader, const char *line, double now_ms)
{
	if (line_is(line, "ok")) {
		reader->oks++;
	} else if (line_is(line, "fetching")) {
		if (strstr(line, "\"left\":0") != NULL)
			take_end(reader, line, now_ms);
	} else if (line_is(line, "message")) {
		reader->messages++;
		reader->message_ms = now_ms;
		if (reader->wanted != NULL &&
		    strstr(line, reader->wanted) != NULL)
			reader->found(reader, line, now_ms);
	}
}

static void
take_output(struct reader *reader)
{
	double now_ms;
	char *line, *end;
	ssize_t got;

	if (reader->cap - reader->used < CHUNK) {
		reader->cap = 2 * reader->cap + CHUNK;
		reader->buffer = realloc(reader->buffer, reader->cap + 1);
		if (reader->buffer == NULL)
			abort();
	}
	got = read(reader->peer->out, reader->buffer + reader->used,
	    reader->cap - reader->used);
	if (got <= 0) {
		reader->peer->closed = got == 0 || errno != EAGAIN;
		return;
	}
	now_ms = peer_now_ms();
	reader->used += (size_t)got;
	reader->buffer[reader->used] = '\0';
	line = reader->buffer;
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		take_line(reader, line, now_ms);
		line = end + 1;
	}
	reader->used -= (size_t)(line - reader->buffer);
	memmove(reader->buffer, line, reader->used);
}

/* The next lines to be said, as many as fit a pipe. */
static void
prepare(struct reader *reader)
{
	size_t count = reader->to_say - reader->said;
	size_t each = strlen(reader->text) + 128;

	if (count > BATCH)
		count = BATCH;
	reader->waiting = malloc(count * each);
	reader->waiting_size = 0;
	if (reader->waiting == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		reader->waiting_size += (size_t)snprintf(
		    reader->waiting + reader->waiting_size, each,
		    "{\"cmd\":\"say\",\"room\":\"%s\",\"text\":\"%s\"}\n",
		    reader->room, reader->text);
	reader->said += count;
}

static void
put_input(struct reader *reader)
{
	ssize_t done;

	if (reader->waiting_size == 0) {
		free(reader->waiting);
		reader->waiting = NULL;
		if (reader->said == reader->to_say)
			return;
		prepare(reader);
	}
	done = write(reader->peer->in, reader->waiting, reader->waiting_size);
	if (done <= 0)
		return;
	reader->waiting_size -= (size_t)done;
	memmove(reader->waiting, reader->waiting + done,
	    reader->waiting_size);
}

void
readers_pump(struct reader *readers, size_t count, double timeout_ms)
{
	struct pollfd polled[2 * READERS_MAX];

	for (size_t i = 0; i < count; i++) {
		bool talks = readers[i].waiting_size > 0 ||
		    readers[i].said < readers[i].to_say;

		polled[2 * i] = (struct pollfd){
			.fd = readers[i].peer->closed ? -1
						      : readers[i].peer->out,
			.events = POLLIN,
		};
		polled[2 * i + 1] = (struct pollfd){
			.fd = talks ? readers[i].peer->in : -1,
			.events = POLLOUT,
		};
	}
	if (poll(polled, (nfds_t)(2 * count), (int)timeout_ms) <= 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (polled[2 * i].revents != 0)
			take_output(&readers[i]);
		if (polled[2 * i + 1].revents != 0)
			put_input(&readers[i]);
	}
}
