/*
 * url: addresses of the web in what people write, and what a terminal, a
 * browser or the clipboard gets of them.
 *
 * An address begins with a scheme of the table in url.c where a word begins,
 * and ends before white space, what stands in < > or quotes, and the stops
 * and brackets that belong to the sentence around it (RFC 3986 appendix C).
 * What is shown is what is opened: texts are in display form.
 *
 * Hyperlinks: "Hyperlinks in terminal emulators" (Koblinger 2017), OSC 8;
 * the clipboard: OSC 52 of "XTerm Control Sequences".
 */
#ifndef DCHAT_TUI_URL_H
#define DCHAT_TUI_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

enum {
	URL_MOST = 2000,	/* bytes of one that becomes a hyperlink */
};

/* The next one at or after `at` in so many bytes; false: there is none. */
bool url_next(const char *text, size_t size, size_t at, size_t *start,
    size_t *end);

/*
 * As printable ASCII without blanks: all else becomes %XX (RFC 3987 3.1), so
 * that it can end no sequence and be no option.  Appended without a NUL.
 */
void url_encode(struct bytes *out, const char *url, size_t size);

/* The beginning of a hyperlink; id: the same for all parts of one.  An
 * empty url ends it. */
void url_hyperlink(struct bytes *out, const char *url, unsigned id);

/* Puts a text into the clipboard. */
void url_copy(struct bytes *out, const char *text, size_t size);

/* The terminal is known to understand hyperlinks.  get: as getenv(3). */
bool url_hyperlinks_known(char *(*get)(const char *name));

#endif
