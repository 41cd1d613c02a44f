#include "base/utf8.h"

#include <string.h>

size_t
utf8_decode(const char *text, size_t size, uint32_t *point)
{
	/* the smallest code point that needs so many bytes */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *b = (const unsigned char *)text;
	size_t length;

	if (size == 0)
		return 0;
	if (b[0] < 0x80) {
		*point = b[0];
		return 1;
	}
	length = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
	if (b[0] < 0xc2 || b[0] > 0xf4 || size < length)
		return 0;
	*point = b[0] & (0xff >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (b[i] & 0x3f);
	}
	if (*point < least[length] || *point > 0x10ffff ||
	    (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return length;
}

bool
utf8_valid(const char *text, size_t size)
{
	uint32_t point;

	while (size > 0) {
		size_t length = utf8_decode(text, size, &point);

		if (length == 0)
			return false;
		text += length;
		size -= length;
	}
	return true;
}

size_t
utf8_points(const char *text)
{
	size_t points = 0;

	for (; *text != '\0'; text++)
		points += (*text & 0xc0) != 0x80;
	return points;
}

size_t
utf8_cut(const char *text, size_t size)
{
	size_t length = strlen(text);

	if (length <= size)
		return length;
	while (size > 0 && (text[size] & 0xc0) == 0x80)
		size--;
	return size;
}
