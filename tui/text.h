/*
 * text: the gate that all foreign text passes before it meets the terminal,
 * and the measure of what has passed it.
 *
 * "Foreign" is whatever did not come out of this program's own literals:
 * messages, nicks, room names, topics, addresses, file names, error texts
 * with any of these in them, and what the person types.  text_clean() turns
 * it into display form, in which every code point is one we mean to paint:
 *
 *   - dropped: default ignorable code points (ZWJ, zero-width spaces, bidi
 *     controls, variation selectors, tags, soft hyphen: Unicode 15, 5.21),
 *     other format controls without a width, emoji skin tones;
 *   - at most four zero-width marks stay on one base (a cell of ncurses
 *     holds five code points); a mark without a base gets U+25CC;
 *   - C0 controls become their pictures U+2400.., DEL U+2421; C1 controls,
 *     bytes that are not UTF-8 and what wcwidth(3) does not know U+FFFD.
 *
 * Only display form is measured, cut, wrapped and painted.  Cells are the
 * sum of wcwidth(3) over the points of a grapheme cluster (UAX 29, as
 * libunistring's u8_grapheme_breaks() finds them), which is what ncurses
 * takes; so LC_CTYPE must be a UTF-8 locale.  Where none is to be had, pass
 * TEXT_ASCII and nothing but ASCII comes out.
 */
#ifndef DCHAT_TUI_TEXT_H
#define DCHAT_TUI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum {
	TEXT_LINES = 1,		/* newlines stay (CR LF becomes one) */
	TEXT_ASCII = 2,		/* whatever is not ASCII becomes '?' */
};

/* Zero-width marks that may stay on one base. */
enum { TEXT_MARKS = 4 };

/* True when the locale in force (LC_CTYPE) is a UTF-8 one. */
bool text_locale_is_utf8(void);

/* Display form of size bytes of anything; appended to out, without a NUL. */
void text_clean(struct bytes *out, const char *text, size_t size,
    unsigned flags);

/* The same as a new string that the caller frees. */
char *text_clean_copy(const char *text, unsigned flags);

/*
 * Grapheme clusters.  Any valid or invalid UTF-8 may be given, so that a
 * cursor can walk over a line that is being typed.
 * The end of the cluster that starts at `at` (size when at its end), and
 * the start of the one that ends at `at` (0 at the start).
 */
size_t text_next(const char *text, size_t size, size_t at);
size_t text_previous(const char *text, size_t size, size_t at);

struct text_cluster {
	size_t offset, size;	/* bytes */
	unsigned cells;		/* a newline has none */
};

/* All clusters of a text in display form; zero it first, free it at last. */
struct text_clusters {
	struct text_cluster *items;
	size_t count, cap;
};

void text_clusters_split(struct text_clusters *clusters, const char *text,
    size_t size);
void text_clusters_free(struct text_clusters *clusters);

/* Cells of a text in display form. */
size_t text_width(const char *text, size_t size);

/*
 * The longest prefix, in bytes, of whole clusters that fits into so many
 * cells; *taken (may be NULL) is what it fills, which is one cell less than
 * asked for when a wide character would stand on the edge.
 */
size_t text_fit(const char *text, size_t size, size_t cells, size_t *taken);

/*
 * Appends the text cut to at most so many cells at the end of a cluster;
 * when something was cut off, the last cell is an ellipsis ('~' with
 * TEXT_ASCII).  Returns the cells it takes.
 */
size_t text_cut(struct bytes *out, const char *text, size_t size,
    size_t cells, unsigned flags);

/* As text_cut(), then filled with spaces to exactly so many cells. */
void text_pad(struct bytes *out, const char *text, size_t size, size_t cells,
    unsigned flags);

/*
 * Whether the word stands in the text as a whole word, case ignored.  For
 * mentions; both in display form.
 */
bool text_has_word(const char *text, const char *word);

/* The same; a '*' at the start or end of the pattern is any more letters:
 * "deploy*" stands in "deployed". */
bool text_has_pattern(const char *text, const char *pattern);

#endif
