/*
 * advice: what the person could do next, for the hint line.
 *
 * It goes by the context: what the line is for at the moment, where one
 * reads, who is there.  Only the parts that are of use now, the best first;
 * the setting "hint-line" says whether there is a hint line at all.
 */
#ifndef DCHAT_TUI_ADVICE_H
#define DCHAT_TUI_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/view.h"

enum {
	ADVICE_PARTS = 5,
	ADVICE_WORDS = 128,
};

/* "Esc" "leaves"; the key may be "". */
struct advice_part {
	const char *key;
	char words[ADVICE_WORDS];
};

struct advice {
	struct advice_part parts[ADVICE_PARTS];
	size_t count;
};

/* Whether there is to be a hint line. */
bool advice_wanted(const struct scene *scene);

void advice_make(const struct scene *scene, struct advice *advice);

#endif
