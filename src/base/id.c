#include "base/id.h"

#include <string.h>

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

int
id_compare(const struct id *a, const struct id *b)
{
	return memcmp(a->bytes, b->bytes, ID_BYTES);
}

int
id_compare_void(const void *a, const void *b)
{
	return id_compare(a, b);
}

bool
id_is_none(const struct id *id)
{
	static const struct id none;

	return id_equal(id, &none);
}

char *
id_format(const struct id *id, char text[static ID_TEXT])
{
	unsigned bits = 0, have = 0;
	size_t out = 0;

	for (size_t i = 0; i < ID_BYTES; i++) {
		bits = bits << 8 | id->bytes[i];
		for (have += 8; have >= 5; have -= 5)
			text[out++] = alphabet[bits >> (have - 5) & 31];
	}
	text[out++] = alphabet[bits << (5 - have) & 31];
	text[out] = '\0';
	return text;
}

char *
id_format_short(const struct id *id, char text[static ID_SHORT_TEXT])
{
	char whole[ID_TEXT];

	memcpy(text, id_format(id, whole), ID_SHORT_TEXT - 1);
	text[ID_SHORT_TEXT - 1] = '\0';
	return text;
}

bool
id_parse(const char *text, struct id *id)
{
	unsigned bits = 0, have = 0;
	size_t out = 0;

	if (strlen(text) != ID_TEXT - 1)
		return false;
	for (const char *c = text; *c != '\0'; c++) {
		const char *at = strchr(alphabet, *c);

		if (at == NULL)
			return false;
		bits = bits << 5 | (unsigned)(at - alphabet);
		have += 5;
		if (have >= 8 && out < ID_BYTES) {
			have -= 8;
			id->bytes[out++] = (uint8_t)(bits >> have);
		}
	}
	/* 26 characters carry two bits more than an id: they must be 0. */
	return (bits & 3) == 0;
}

size_t
id_search_at(const struct id *first, size_t count, size_t size,
    const struct id *id, bool *found)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp((const char *)first + middle * size, id,
		    sizeof *id);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

size_t
id_search(const struct id *sorted, size_t count, const struct id *id,
    bool *found)
{
	return id_search_at(sorted, count, sizeof *sorted, id, found);
}
