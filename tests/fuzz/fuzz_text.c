/*
 * Fuzzes the gate for foreign text.  No control character passes it, what
 * has passed it passes unchanged, and its measures agree with each other.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tui/text.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
check_points(const struct bytes *text, unsigned flags)
{
	const char *at = (const char *)text->data;
	size_t left = text->size;
	uint32_t point;

	must(left == 0 || utf8_valid(at, left));
	while (left > 0) {
		size_t size = utf8_decode(at, left, &point);

		must(point >= 0x20 ||
		    (point == '\n' && (flags & TEXT_LINES) != 0));
		must(point < 0x7f || point > 0x9f);
		must(point < 0x7f || (flags & TEXT_ASCII) == 0);
		must(point != 0x200b && point != 0xfeff &&
		    (point < 0x202a || point > 0x202e) &&
		    (point < 0x2066 || point > 0x2069));
		at += size;
		left -= size;
	}
}

static void
check_measures(const struct bytes *text)
{
	const char *shown = (const char *)text->data;
	struct text_clusters clusters = { 0 };
	size_t cells = 0, taken, at = 0;

	text_clusters_split(&clusters, shown, text->size);
	for (size_t i = 0; i < clusters.count; i++) {
		must(clusters.items[i].offset == at);
		at += clusters.items[i].size;
		cells += clusters.items[i].cells;
	}
	must(at == text->size);
	must(text_width(shown, text->size) == cells);
	must(text_fit(shown, text->size, cells, &taken) == text->size);
	must(taken == cells);
	text_fit(shown, text->size, cells / 2, &taken);
	must(taken <= cells / 2);
	text_clusters_free(&clusters);
}

static void
try_flags(const char *text, size_t size, unsigned flags)
{
	struct bytes once, twice, cut;

	bytes_init(&once);
	bytes_init(&twice);
	bytes_init(&cut);
	text_clean(&once, text, size, flags);
	text_clean(&twice, (const char *)once.data, once.size, flags);
	must(once.size == twice.size);
	must(once.size == 0 || memcmp(once.data, twice.data, once.size) == 0);
	check_points(&once, flags);
	if (once.size > 0)
		check_measures(&once);
	if (once.size > 0 && (flags & TEXT_LINES) == 0)
		must(text_cut(&cut, (const char *)once.data, once.size, 5,
			 flags) <= 5);
	bytes_free(&once);
	bytes_free(&twice);
	bytes_free(&cut);
}

/* A cursor over what was not cleaned stays inside and comes to the end. */
static void
walk(const char *text, size_t size)
{
	for (size_t at = 0; at < size;) {
		size_t next = text_next(text, size, at);

		must(next > at && next <= size);
		at = next;
	}
	for (size_t at = size; at > 0;) {
		size_t before = text_previous(text, size, at);

		must(before < at);
		at = before;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned flags[] = { 0, TEXT_LINES, TEXT_ASCII,
		TEXT_LINES | TEXT_ASCII };
	const char *text = (const char *)data;

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL || size > 4096)
		return 0;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		try_flags(text, size, flags[i]);
	walk(text, size);
	return 0;
}
