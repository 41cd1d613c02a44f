#include "wire/json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

enum { HEX_DIGITS = 16 };

bool
reader_fail(struct reader *reader, enum verdict verdict, const char *format,
    ...)
{
	va_list arguments;

	reader->verdict = verdict;
	va_start(arguments, format);
	vsnprintf(reader->why, WIRE_WHY, format, arguments);
	va_end(arguments);
	return false;
}

/* Jansson recurses as deep as it is told to, so look first. */
static bool
too_deep(const uint8_t *bytes, size_t size)
{
	unsigned depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < size; i++) {
		uint8_t c = bytes[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '[' || c == '{') {
			if (++depth > LIMIT_JSON_DEPTH)
				return true;
		} else if ((c == ']' || c == '}') && depth > 0) {
			depth--;
		}
	}
	return false;
}

json_t *
json_read_object(struct reader *reader, const uint8_t *bytes, size_t size)
{
	json_error_t error;
	json_t *value;

	if (too_deep(bytes, size)) {
		reader_fail(reader, VERDICT_OVER_LIMIT, "JSON too deep");
		return NULL;
	}
	value = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES,
	    &error);
	if (value == NULL) {
		/* jansson's text quotes the stranger's bytes: leave it out */
		reader_fail(reader, VERDICT_MALFORMED, "bad JSON near byte %d",
		    error.position);
		return NULL;
	}
	if (!json_is_object(value)) {
		reader_fail(reader, VERDICT_MALFORMED, "not a JSON object");
		json_decref(value);
		return NULL;
	}
	return value;
}

static void
put_escaped(struct bytes *out, unsigned char c)
{
	static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	char escape[8];

	for (const char *n = named; *n != '\0'; n += 2)
		if ((unsigned char)n[0] == c) {
			bytes_append(out, (char[]){ '\\', n[1] }, 2);
			return;
		}
	snprintf(escape, sizeof escape, "\\u%04x", c);
	bytes_append_text(out, escape);
}

void
json_put_text(struct bytes *out, const char *text)
{
	const char *plain = text;

	bytes_append(out, "\"", 1);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		bytes_append(out, plain, (size_t)(text - plain));
		put_escaped(out, c);
		plain = text + 1;
	}
	bytes_append(out, plain, (size_t)(text - plain));
	bytes_append(out, "\"", 1);
}

void
json_put_number(struct bytes *out, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, number);
	bytes_append_text(out, text);
}

void
json_put_hex(struct bytes *out, uint64_t number)
{
	char text[HEX_DIGITS + 3];

	snprintf(text, sizeof text, "\"%016" PRIx64 "\"", number);
	bytes_append_text(out, text);
}

bool
json_get_hex(const char *text, size_t length, uint64_t *number)
{
	*number = 0;
	if (length != HEX_DIGITS)
		return false;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c >= '0' && c <= '9')
			*number = *number << 4 | (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*number = *number << 4 | (unsigned)(c - 'a' + 10);
		else
			return false;
	}
	return true;
}
