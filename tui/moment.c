#include "tui/moment.h"

#include <string.h>
#include <time.h>

#include "tui/text.h"

bool
moment_format_good(const char *format)
{
	int cells;

	if (strlen(format) > MOMENT_FORMAT)
		return false;
	for (const char *at = format; *at != '\0'; at++) {
		if (*at != '%')
			continue;
		at++;
		if (*at == '\0' || strchr(MOMENT_CONVERSIONS, *at) == NULL)
			return false;
	}
	cells = moment_cells(format);
	return cells > 0 && cells <= MOMENT_CELLS;
}

static int
cells_of(const char *format, const struct tm *when)
{
	char text[MOMENT_TEXT];

	if (strftime(text, sizeof text, format, when) == 0)
		return 0;
	return (int)text_width(text, strlen(text));
}

int
moment_cells(const char *format)
{
	int most = 0;

	/* every name of a month and of a day, morning and evening */
	for (int i = 0; i < 14; i++) {
		const struct tm when = { .tm_year = 126,
			.tm_mon = i % 12,
			.tm_mday = 28,
			.tm_hour = i < 7 ? 10 : 22,
			.tm_min = 58,
			.tm_sec = 58,
			.tm_wday = i % 7,
			.tm_yday = 300 };
		int cells = cells_of(format, &when);

		most = cells > most ? cells : most;
	}
	return most;
}

void
moment_write(const char *format, wall_ms at, char text[static MOMENT_TEXT])
{
	time_t seconds = (time_t)(at / 1000);
	struct tm local;

	if (localtime_r(&seconds, &local) == NULL ||
	    strftime(text, MOMENT_TEXT, format, &local) == 0)
		text[0] = '\0';
}
