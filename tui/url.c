#include "tui/url.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"

/* What is opened with them changes nothing here. */
static const char *const schemes[] = { "https://", "http://", "ftp://",
	"gemini://", "mailto:" };

/* -- where they are -------------------------------------------------------- */

static bool
is_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
}

static size_t
scheme_at(const char *text, size_t size)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t length = strlen(schemes[i]);

		if (size > length && strncasecmp(text, schemes[i], length) == 0)
			return length;
	}
	return 0;
}

static bool
may_contain(unsigned char c)
{
	return c > ' ' && c != 0x7f && strchr("<>\"`{}|\\^", c) == NULL;
}

static size_t
count_of(const char *text, size_t size, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += text[i] == c;
	return count;
}

/* Without what belongs to the sentence: a stop, a bracket that was opened
 * before it. */
static size_t
trimmed(const char *text, size_t size)
{
	for (; size > 0; size--) {
		char last = text[size - 1];

		if (last == ')' || last == ']') {
			char open = last == ')' ? '(' : '[';

			if (count_of(text, size, open) >=
			    count_of(text, size, last))
				break;
		} else if (strchr(".,;:!?'*_", last) == NULL) {
			break;
		}
	}
	return size;
}

bool
url_next(const char *text, size_t size, size_t at, size_t *start, size_t *end)
{
	/* most of what people say has none */
	if (at >= size || memchr(text + at, ':', size - at) == NULL)
		return false;
	for (; at < size; at++) {
		size_t scheme, length;

		if (strchr("hHfFgGmM", text[at]) == NULL ||
		    (at > 0 && is_word((unsigned char)text[at - 1])))
			continue;
		scheme = scheme_at(text + at, size - at);
		if (scheme == 0)
			continue;
		length = scheme;
		while (at + length < size &&
		    may_contain((unsigned char)text[at + length]))
			length++;
		length = trimmed(text + at, length);
		if (length <= scheme)
			continue;
		*start = at;
		*end = at + length;
		return true;
	}
	return false;
}

/* -- what others get of them ------------------------------------------------- */

void
url_encode(struct bytes *out, const char *url, size_t size)
{
	char code[4];

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)url[i];

		if (c < 0x80 && may_contain(c)) {
			bytes_append(out, &url[i], 1);
			continue;
		}
		snprintf(code, sizeof code, "%%%02X", c);
		bytes_append_text(out, code);
	}
}

void
url_hyperlink(struct bytes *out, const char *url, unsigned id)
{
	char parameter[32] = "";

	if (url[0] != '\0')
		snprintf(parameter, sizeof parameter, "id=dchat%08x", id);
	bytes_append_text(out, "\033]8;");
	bytes_append_text(out, parameter);
	bytes_append_text(out, ";");
	bytes_append_text(out, url);
	bytes_append_text(out, "\033\\");
}

void
url_copy(struct bytes *out, const char *text, size_t size)
{
	size_t from;

	bytes_append_text(out, "\033]52;c;");
	from = out->size;
	base64_put(out, (const uint8_t *)text, size);
	while ((out->size - from) % 4 != 0)
		bytes_append_text(out, "=");
	bytes_append_text(out, "\033\\");
}

/* A variable that begins so, the value being a number not less than that;
 * the first row that fits counts. */
static const struct {
	const char *variable, *start;
	long least;
	bool known;
} signs[] = {
	{ "STY", "", 0, false },
	{ "TERM", "screen", 0, false },
	{ "TERM", "linux", 0, false },
	{ "TERM_PROGRAM", "iTerm.app", 0, true },
	{ "TERM_PROGRAM", "WezTerm", 0, true },
	{ "TERM_PROGRAM", "ghostty", 0, true },
	{ "TERM_PROGRAM", "vscode", 0, true },
	{ "TERM", "xterm-kitty", 0, true },
	{ "TERM", "xterm-ghostty", 0, true },
	{ "TERM", "foot", 0, true },
	{ "TERM", "alacritty", 0, true },
	{ "TERM", "contour", 0, true },
	{ "WT_SESSION", "", 0, true },
	{ "KONSOLE_VERSION", "", 201200, true },
	/* before that a hyperlink could end the terminal */
	{ "VTE_VERSION", "", 5002, true },
};

/* It passes them on from 3.4 on. */
static bool
tmux_knows(char *(*get)(const char *name))
{
	const char *program = get("TERM_PROGRAM");
	const char *version = get("TERM_PROGRAM_VERSION");
	unsigned major = 0, minor = 0;

	return program != NULL && strcmp(program, "tmux") == 0 &&
	    version != NULL && sscanf(version, "%u.%u", &major, &minor) == 2 &&
	    (major > 3 || (major == 3 && minor >= 4));
}

bool
url_hyperlinks_known(char *(*get)(const char *name))
{
	if (get("TMUX") != NULL)
		return tmux_knows(get);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		const char *value = get(signs[i].variable);
		size_t size = strlen(signs[i].start);

		if (value != NULL && value[0] != '\0' &&
		    strncmp(value, signs[i].start, size) == 0 &&
		    (signs[i].least == 0 ||
			strtol(value, NULL, 10) >= signs[i].least))
			return signs[i].known;
	}
	return false;
}
