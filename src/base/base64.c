#include "base/base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static size_t
text_length(size_t size)
{
	return (size * 8 + 5) / 6;
}

void
base64_put(struct bytes *out, const uint8_t *bytes, size_t size)
{
	char *at = (char *)bytes_reserve(out, text_length(size));
	unsigned bits = 0, have = 0;

	for (size_t i = 0; i < size; i++) {
		bits = bits << 8 | bytes[i];
		for (have += 8; have >= 6; have -= 6)
			*at++ = alphabet[bits >> (have - 6) & 63];
	}
	if (have > 0)
		*at = alphabet[bits << (6 - have) & 63];
	out->size += text_length(size);
}

/* -1: not a character of the alphabet */
static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool
base64_get(const char *text, size_t length, uint8_t *bytes, size_t size)
{
	unsigned bits = 0, have = 0;

	if (length != text_length(size))
		return false;
	for (size_t i = 0; i < length; i++) {
		int value = value_of(text[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (unsigned)value;
		have += 6;
		if (have >= 8) {
			have -= 8;
			*bytes++ = (uint8_t)(bits >> have);
		}
	}
	return (bits & ((1U << have) - 1)) == 0;
}
