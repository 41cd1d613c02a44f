#include "base/log.h"

#include <stdarg.h>
#include <time.h>

enum { LINES_A_MINUTE = 10 };

static void
stamp(struct log *log)
{
	wall_ms wall = log->wall();
	time_t seconds = (time_t)(wall / 1000);
	struct tm utc;
	char text[32];

	gmtime_r(&seconds, &utc);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	fprintf(log->file, "%s.%03dZ ", text, (int)(wall % 1000));
}

static void
escaped_line(struct log *log, const char *format, va_list arguments)
{
	char text[2048];

	vsnprintf(text, sizeof text, format, arguments);
	stamp(log);
	for (const unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
		if (*c < ' ' || *c == 0x7f)
			fprintf(log->file, "\\x%02x", *c);
		else
			fputc(*c, log->file);
	}
	fputc('\n', log->file);
	fflush(log->file);
}

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
	if (!log_wants(log, level))
		return;
	stamp(log);
	fprintf(log->file, "%s %s\n", head, text);
	fflush(log->file);
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
