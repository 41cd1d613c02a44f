#include "tui/text.h"

#include <assert.h>
#include <ctype.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uniwidth.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"

static const char ELLIPSIS[] = "\xe2\x80\xa6";

bool
text_locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* -- the gate ---------------------------------------------------------- */

enum {
	POINT_DELETE = 0x7f,
	POINT_PICTURES = 0x2400,
	POINT_PICTURE_DELETE = 0x2421,
	POINT_DOTTED_CIRCLE = 0x25cc,
	POINT_REPLACEMENT = 0xfffd,
};

struct gate {
	struct bytes *out;
	bool ascii;
	bool base;      /* there is something a mark can stand on */
	unsigned marks; /* that stand on it */
};

static void
gate_put(struct gate *gate, uint32_t point)
{
	uint8_t *at = bytes_reserve(gate->out, 4);

	if (point < 0x80) {
		at[0] = (uint8_t)point;
		gate->out->size += 1;
	} else if (point < 0x800) {
		at[0] = (uint8_t)(0xc0 | point >> 6);
		at[1] = (uint8_t)(0x80 | (point & 0x3f));
		gate->out->size += 2;
	} else if (point < 0x10000) {
		at[0] = (uint8_t)(0xe0 | point >> 12);
		at[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
		at[2] = (uint8_t)(0x80 | (point & 0x3f));
		gate->out->size += 3;
	} else {
		at[0] = (uint8_t)(0xf0 | point >> 18);
		at[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
		at[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
		at[3] = (uint8_t)(0x80 | (point & 0x3f));
		gate->out->size += 4;
	}
}

static void
gate_spacing(struct gate *gate, uint32_t point)
{
	gate_put(gate, gate->ascii && point >= 0x80 ? '?' : point);
	gate->base = true;
	gate->marks = 0;
}

static void
gate_mark(struct gate *gate, uint32_t point)
{
	if (gate->ascii)
		return;
	if (!gate->base)
		gate_spacing(gate, POINT_DOTTED_CIRCLE);
	if (gate->marks < TEXT_MARKS) {
		gate_put(gate, point);
		gate->marks++;
	}
}

/* wcwidth(3), or what it would say if the locale knew the point. */
static int
point_width(uint32_t point, bool ascii)
{
	return ascii ? uc_width(point, "UTF-8") : wcwidth((wchar_t)point);
}

static bool
is_dropped(uint32_t point, int width)
{
	if (point >= 0x1f3fb && point <= 0x1f3ff) /* skin tones */
		return true;
	return uc_is_property_default_ignorable_code_point(point) ||
	    (width <= 0 && uc_is_general_category(point, UC_CATEGORY_Cf));
}

static void
gate_point(struct gate *gate, uint32_t point)
{
	int width;

	if (point < 0x20) {
		gate_spacing(gate, POINT_PICTURES + point);
		return;
	}
	if (point == POINT_DELETE) {
		gate_spacing(gate, POINT_PICTURE_DELETE);
		return;
	}
	width = point_width(point, gate->ascii);
	if (is_dropped(point, width))
		return;
	if (width < 0)
		gate_spacing(gate, POINT_REPLACEMENT);
	else if (width == 0)
		gate_mark(gate, point);
	else
		gate_spacing(gate, point);
}

static size_t
plain_run(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && text[n] >= 0x20 && text[n] < POINT_DELETE)
		n++;
	return n;
}

void
text_clean(struct bytes *out, const char *text, size_t size, unsigned flags)
{
	struct gate gate = { .out = out, .ascii = flags & TEXT_ASCII };
	size_t at = 0;

	while (at < size) {
		size_t n = plain_run(text + at, size - at);
		uint32_t point;

		if (n > 0) {
			bytes_append(out, text + at, n);
			gate.base = true;
			gate.marks = 0;
			at += n;
			continue;
		}
		if (flags & TEXT_LINES) {
			if (text[at] == '\r' && at + 1 < size &&
			    text[at + 1] == '\n')
				at++;
			if (text[at] == '\n') {
				gate_put(&gate, '\n');
				gate.base = false;
				at++;
				continue;
			}
		}
		n = utf8_decode(text + at, size - at, &point);
		if (n == 0) {
			point = POINT_REPLACEMENT;
			n = 1;
		}
		gate_point(&gate, point);
		at += n;
	}
}

char *
text_clean_copy(const char *text, unsigned flags)
{
	struct bytes out;

	bytes_init(&out);
	text_clean(&out, text, strlen(text), flags);
	bytes_append(&out, "", 1);
	return (char *)out.data;
}

/* -- clusters ---------------------------------------------------------- */

static const uint8_t *
as_u8(const char *text)
{
	return (const uint8_t *)text;
}

/* A cluster is short as a rule, so it is looked for in a short piece. */
size_t
text_next(const char *text, size_t size, size_t at)
{
	size_t piece = 64, n;

	assert(at <= size);
	if (at == size)
		return size;
	for (;; piece *= 4) {
		char *breaks;

		if (piece > size - at)
			piece = size - at;
		breaks = mem_alloc(piece);
		u8_grapheme_breaks(as_u8(text) + at, piece, breaks);
		for (n = 1; n < piece && !breaks[n]; n++)
			;
		free(breaks);
		/* The piece may have cut its last character. */
		if (n + 4 <= piece || piece == size - at)
			return at + n;
	}
}

size_t
text_previous(const char *text, size_t size, size_t at)
{
	char *breaks;

	assert(at <= size);
	if (at == 0)
		return 0;
	breaks = mem_alloc(size);
	u8_grapheme_breaks(as_u8(text), size, breaks);
	for (at--; at > 0 && !breaks[at]; at--)
		;
	free(breaks);
	return at;
}

static unsigned
cluster_cells(const char *text, size_t size)
{
	unsigned cells = 0;
	uint32_t point;
	size_t at, n;

	for (at = 0; at < size; at += n) {
		int width;

		n = utf8_decode(text + at, size - at, &point);
		if (n == 0) {
			point = POINT_REPLACEMENT;
			n = 1;
		}
		if (point < 0x80)
			width = point != '\n';
		else
			width = wcwidth((wchar_t)point);
		cells += width < 0 ? 1 : (unsigned)width;
	}
	return cells;
}

static void
add_cluster(struct text_clusters *clusters, size_t offset, size_t size,
    unsigned cells)
{
	MEM_GROW(clusters->items, clusters->count, clusters->cap);
	clusters->items[clusters->count++] = (struct text_cluster){
		.offset = offset,
		.size = size,
		.cells = cells,
	};
}

static bool
is_ascii(const char *text, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (text[i] & 0x80)
			return false;
	return true;
}

void
text_clusters_split(struct text_clusters *clusters, const char *text,
    size_t size)
{
	size_t start = 0, i;
	char *breaks;

	clusters->count = 0;
	if (is_ascii(text, size)) {
		for (i = 0; i < size; i++)
			add_cluster(clusters, i, 1, text[i] != '\n');
		return;
	}
	breaks = mem_alloc(size);
	u8_grapheme_breaks(as_u8(text), size, breaks);
	for (i = 1; i <= size; i++) {
		if (i < size && !breaks[i])
			continue;
		add_cluster(clusters, start, i - start,
		    cluster_cells(text + start, i - start));
		start = i;
	}
	free(breaks);
}

void
text_clusters_free(struct text_clusters *clusters)
{
	free(clusters->items);
	*clusters = (struct text_clusters){ 0 };
}

/* -- measure ----------------------------------------------------------- */

size_t
text_width(const char *text, size_t size)
{
	/* Marks and newlines have no cells, so clusters do not matter. */
	return cluster_cells(text, size);
}

size_t
text_fit(const char *text, size_t size, size_t cells, size_t *taken)
{
	struct text_clusters clusters = { 0 };
	size_t fit = 0, used = 0, i;

	text_clusters_split(&clusters, text, size);
	for (i = 0; i < clusters.count; i++) {
		const struct text_cluster *cluster = &clusters.items[i];

		if (used + cluster->cells > cells)
			break;
		used += cluster->cells;
		fit = cluster->offset + cluster->size;
	}
	text_clusters_free(&clusters);
	if (taken)
		*taken = used;
	return fit;
}

size_t
text_cut(struct bytes *out, const char *text, size_t size, size_t cells,
    unsigned flags)
{
	size_t used, fit;

	fit = text_fit(text, size, cells, &used);
	if (fit == size || cells == 0) {
		bytes_append(out, text, fit);
		return used;
	}
	fit = text_fit(text, size, cells - 1, &used);
	bytes_append(out, text, fit);
	bytes_append_text(out, flags & TEXT_ASCII ? "~" : ELLIPSIS);
	return used + 1;
}

void
text_pad(struct bytes *out, const char *text, size_t size, size_t cells,
    unsigned flags)
{
	size_t used = text_cut(out, text, size, cells, flags);
	size_t rest = cells - used;

	if (rest > 0) {
		memset(bytes_reserve(out, rest), ' ', rest);
		out->size += rest;
	}
}

/* -- words ------------------------------------------------------------- */

static bool
is_word_point(uint32_t point)
{
	return point == '_' || uc_is_alnum(point) ||
	    uc_is_general_category(point, UC_CATEGORY_M);
}

static bool
word_ends_at(const char *text, size_t size, size_t at)
{
	uint32_t point;

	return utf8_decode(text + at, size - at, &point) == 0 ||
	    !is_word_point(point);
}

static bool
word_starts_at(const char *text, size_t size, size_t at)
{
	uint32_t point;

	if (at == 0)
		return true;
	do
		at--;
	while (at > 0 && (text[at] & 0xc0) == 0x80);
	return utf8_decode(text + at, size - at, &point) == 0 ||
	    !is_word_point(point);
}

/* Whether more letters may stand at its ends. */
struct word_ends {
	bool open_start, open_end;
};

static bool
has_folded_word(const char *text, size_t size, const char *word, size_t length,
    struct word_ends ends)
{
	const char *from = text, *found;

	while ((
	    found = memmem(from, size - (size_t)(from - text), word, length))) {
		size_t at = (size_t)(found - text);

		if ((ends.open_start || word_starts_at(text, size, at)) &&
		    (ends.open_end || word_ends_at(text, size, at + length)))
			return true;
		from = found + 1;
	}
	return false;
}

static char *
fold_case(const char *text, size_t *size)
{
	size_t length = strlen(text);
	uint8_t *folded;
	char *copy;
	size_t i;

	if (is_ascii(text, length)) {
		copy = mem_text(text);
		for (i = 0; i < length; i++)
			copy[i] = (char)tolower((unsigned char)copy[i]);
		*size = length;
		return copy;
	}
	folded = u8_casefold(as_u8(text), length, NULL, NULL, NULL, size);
	if (!folded) { /* not UTF-8: compared as it is */
		*size = length;
		return mem_text(text);
	}
	return (char *)folded;
}

static bool
has_word(const char *text, const char *word, struct word_ends ends)
{
	size_t size, length;
	char *folded_text, *folded_word;
	bool found;

	if (word[0] == '\0')
		return false;
	folded_text = fold_case(text, &size);
	folded_word = fold_case(word, &length);
	found = has_folded_word(folded_text, size, folded_word, length, ends);
	free(folded_text);
	free(folded_word);
	return found;
}

bool
text_has_word(const char *text, const char *word)
{
	return has_word(text, word, (struct word_ends){ false, false });
}

bool
text_has_pattern(const char *text, const char *pattern)
{
	struct word_ends ends = { .open_start = pattern[0] == '*' };
	char *word = mem_text(pattern + ends.open_start);
	size_t length = strlen(word);
	bool found;

	ends.open_end = length > 0 && word[length - 1] == '*';
	if (ends.open_end)
		word[length - 1] = '\0';
	found = has_word(text, word, ends);
	free(word);
	return found;
}
