/*
 * moment: times before messages, in a format of strftime(3) that a person
 * chose.
 */
#ifndef DCHAT_TUI_MOMENT_H
#define DCHAT_TUI_MOMENT_H

#include <stdbool.h>

#include "base/instant.h"

enum {
	MOMENT_CELLS = 24,	/* columns that a format may take */
	MOMENT_FORMAT = 40,	/* bytes of one; and */
	MOMENT_TEXT = 128,	/* of what comes of it */
};

/* Conversions that are one line and of one width, or nearly so. */
#define MOMENT_CONVERSIONS "aAbBdeHIjklmMpPSuyYDFRT%"

/* It has these only, says something, and fits. */
bool moment_format_good(const char *format);

/* Columns that it takes at most. */
int moment_cells(const char *format);

void moment_write(const char *format, wall_ms at,
    char text[static MOMENT_TEXT]);

#endif
