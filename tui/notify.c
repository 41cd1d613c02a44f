#include "tui/notify.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/text.h"

enum {
	TITLE_CELLS = 60,
	TEXT_CELLS = 160,
};

/* A variable that begins so (with "": that is set) tells of the terminal;
 * the first row that fits counts. */
static const struct {
	const char *variable, *start;
	enum notify_kind kind;
} signs[] = {
	{ "TMUX", "", NOTIFY_NONE },
	{ "STY", "", NOTIFY_NONE },
	{ "TERM", "screen", NOTIFY_NONE },
	{ "TERM", "tmux", NOTIFY_NONE },
	{ "TERM_PROGRAM", "iTerm.app", NOTIFY_OSC_9 },
	{ "TERM_PROGRAM", "WezTerm", NOTIFY_OSC_9 },
	{ "TERM_PROGRAM", "ghostty", NOTIFY_OSC_9 },
	{ "TERM", "xterm-kitty", NOTIFY_OSC_9 },
	{ "TERM", "xterm-ghostty", NOTIFY_OSC_9 },
	{ "TERM", "foot", NOTIFY_OSC_777 },
	{ "TERM", "rxvt-unicode", NOTIFY_OSC_777 },
	{ "VTE_VERSION", "", NOTIFY_OSC_777 },
};

/* "7:05", "07:05": minutes; < 0: it is no time. */
static int
minute_of(const char **text)
{
	int hour = 0, minute = 0, digits = 0;

	for (; **text >= '0' && **text <= '9' && digits < 2; digits++)
		hour = hour * 10 + *(*text)++ - '0';
	if (digits == 0 || **text != ':')
		return -1;
	++*text;
	for (digits = 0; **text >= '0' && **text <= '9' && digits < 2; digits++)
		minute = minute * 10 + *(*text)++ - '0';
	return digits == 2 && hour < 24 && minute < 60 ? hour * 60 + minute
						       : -1;
}

bool
notify_hours(const char *text, int *from, int *to)
{
	int start = minute_of(&text), end;

	text += strspn(text, " ");
	if (start < 0 || *text++ != '-')
		return false;
	text += strspn(text, " ");
	end = minute_of(&text);
	if (end < 0 || *text != '\0')
		return false;
	if (from)
		*from = start;
	if (to)
		*to = end;
	return true;
}

bool
notify_is_quiet(const char *hours, wall_ms now)
{
	time_t seconds = (time_t)(now / 1000);
	int from, to, minute;
	struct tm local;

	if (!notify_hours(hours, &from, &to) ||
	    !localtime_r(&seconds, &local))
		return false;
	minute = local.tm_hour * 60 + local.tm_min;
	if (from < to)
		return minute >= from && minute < to;
	return minute >= from || minute < to;
}

enum notify_kind
notify_kind(char *(*get)(const char *name))
{
	size_t i;

	for (i = 0; i < sizeof signs / sizeof *signs; i++) {
		const char *value = get(signs[i].variable);
		size_t size = strlen(signs[i].start);

		if (value && value[0] != '\0' &&
		    strncmp(value, signs[i].start, size) == 0)
			return signs[i].kind;
	}
	return NOTIFY_NONE;
}

/* A semicolon would begin another field. */
static void
append_field(struct bytes *out, const char *text, size_t cells,
    unsigned flags)
{
	char *clean = text_clean_copy(text, flags);
	size_t from = out->size, i;

	text_cut(out, clean, strlen(clean), cells, flags);
	for (i = from; i < out->size; i++)
		if (out->data[i] == ';')
			out->data[i] = ',';
	free(clean);
}

void
notify_append(struct bytes *out, enum notify_kind kind, const char *title,
    const char *text, unsigned text_flags)
{
	if (kind == NOTIFY_NONE)
		return;
	/* what begins with a digit has another meaning for some */
	bytes_append_text(out,
	    kind == NOTIFY_OSC_9 ? "\033]9;dchat: " : "\033]777;notify;");
	append_field(out, title, TITLE_CELLS, text_flags);
	bytes_append_text(out, kind == NOTIFY_OSC_9 ? ": " : ";");
	append_field(out, text, TEXT_CELLS, text_flags);
	bytes_append_text(out, "\033\\");
}
