/*
 * utf8: is it valid, how many code points, where may it be cut.
 *
 * Strict as RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF.  What a text looks like on a screen is tui/text's business.
 */
#ifndef DCHAT_BASE_UTF8_H
#define DCHAT_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool utf8_valid(const char *text, size_t size);

/* Code points of a valid text. */
size_t utf8_points(const char *text);

/* The longest prefix of a valid text that is whole and fits size bytes. */
size_t utf8_cut(const char *text, size_t size);

/*
 * Decodes one code point; returns its bytes, or 0 when none starts here
 * (end of the text included).
 */
size_t utf8_decode(const char *text, size_t size, uint32_t *point);

#endif
