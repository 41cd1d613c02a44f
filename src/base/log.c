#include "base/log.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"

enum { LINES_A_MINUTE = 10 };

void
log_to(struct log *log, FILE *file)
{
	struct stat status;

	log->file = file;
	log->waits = fstat(fileno(file), &status) == 0 &&
	    !S_ISREG(status.st_mode);
}

/* -- writing --------------------------------------------------------------- */

/* As much as its reader has room for. */
static size_t
write_some(const struct log *log, const char *text, size_t size)
{
	struct pollfd room = { .fd = fileno(log->file), .events = POLLOUT };
	size_t at = 0;

	/* Writable means that so much goes in without waiting. */
	while (at < size && poll(&room, 1, 0) == 1 &&
	    (room.revents & POLLOUT) != 0) {
		size_t piece = size - at < PIPE_BUF ? size - at : PIPE_BUF;
		ssize_t count = write(room.fd, text + at, piece);

		if (count <= 0)
			break;
		at += (size_t)count;
	}
	return at;
}

/* Of a line that found no room the rest is left out, and of others all. */
static void
write_line(struct log *log, const struct bytes *line)
{
	char note[64];
	size_t size, written;

	if (!log->waits) {
		fwrite(line->data, 1, line->size, log->file);
		fflush(log->file);
		return;
	}
	if (log->lost > 0) {
		size = (size_t)snprintf(note, sizeof note,
		    "%s%u lines were lost, for nobody read them\n",
		    log->cut ? "...\n" : "", log->lost);
		if (write_some(log, note, size) < size) {
			log->lost++;
			return;
		}
		log->lost = 0;
		log->cut = false;
	}
	written = write_some(log, (const char *)line->data, line->size);
	log->lost = written < line->size;
	log->cut = log->lost > 0 && written > 0;
}

static void
stamp(struct log *log, struct bytes *line)
{
	wall_ms wall = log->wall();
	time_t seconds = (time_t)(wall / 1000);
	struct tm utc;
	char text[32], milliseconds[16];

	gmtime_r(&seconds, &utc);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	bytes_append_text(line, text);
	snprintf(milliseconds, sizeof milliseconds, ".%03dZ ",
	    (int)(wall % 1000));
	bytes_append_text(line, milliseconds);
}

static void
escaped_line(struct log *log, const char *format, va_list arguments)
{
	char text[2048], escape[8];
	struct bytes line;

	vsnprintf(text, sizeof text, format, arguments);
	bytes_init(&line);
	stamp(log, &line);
	for (const unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
		if (*c < ' ' || *c == 0x7f) {
			snprintf(escape, sizeof escape, "\\x%02x", *c);
			bytes_append_text(&line, escape);
		} else {
			bytes_append(&line, c, 1);
		}
	}
	bytes_append(&line, "\n", 1);
	write_line(log, &line);
	bytes_free(&line);
}

/* -- what is told ---------------------------------------------------------- */

void
log_line(struct log *log, enum log_level level, const char *format, ...)
{
	va_list arguments;

	if (!log_wants(log, level))
		return;
	va_start(arguments, format);
	escaped_line(log, format, arguments);
	va_end(arguments);
}

void
log_data(struct log *log, enum log_level level, const char *head,
    const char *text)
{
	struct bytes line;

	if (!log_wants(log, level))
		return;
	bytes_init(&line);
	stamp(log, &line);
	bytes_append_text(&line, head);
	bytes_append(&line, " ", 1);
	bytes_append_text(&line, text);
	bytes_append(&line, "\n", 1);
	write_line(log, &line);
	bytes_free(&line);
}

void
log_limited(struct log *log, struct log_budget *budget, instant_ms now,
    const char *format, ...)
{
	va_list arguments;

	if (!log_wants(log, LOG_WARNING))
		return;
	if (now - budget->minute >= 60 * 1000) {
		if (budget->suppressed > 0)
			log_line(log, LOG_WARNING,
			    "%u lines of this kind were left out",
			    budget->suppressed);
		*budget = (struct log_budget){ .minute = now };
	}
	if (budget->used >= LINES_A_MINUTE) {
		budget->suppressed++;
		return;
	}
	budget->used++;
	va_start(arguments, format);
	escaped_line(log, format, arguments);
	va_end(arguments);
}
