/*
 * headless_json: lines to commands, events to lines.
 */
#ifndef DCHAT_HOST_HEADLESS_JSON_H
#define DCHAT_HOST_HEADLESS_JSON_H

#include <stdbool.h>

#include "base/bytes.h"
#include "dchat.h"

struct json_t;

/* A line that was read; what it points to lives until it is freed. */
struct headless_line {
	struct json_t *root;
	const char *cmd, *tag; /* NULL: none, or no text */
	struct dchat_command command;
	enum error error;  /* NONE: the command is good */
	char problem[160]; /* else a sentence */
};

/* Any bytes at all, without the newline. */
void headless_parse(struct headless_line *line, const char *text, size_t size);
void headless_line_free(struct headless_line *line);

/*
 * Appends the event as a line.  cmd and tag are those of the line that an
 * OK or ERROR answers; NULL for none.
 */
void headless_format(struct bytes *out, const struct dchat_event *event,
    const char *cmd, const char *tag);

#endif
