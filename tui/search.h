/*
 * search: what a person looks for in the history, and what was found.
 *
 * A pure model behind the search panel: the words, where they are looked
 * for, the hits (newest first) and which of them is chosen.  Texts are kept
 * in display form (tui/text), as one line each.
 */
#ifndef DCHAT_TUI_SEARCH_H
#define DCHAT_TUI_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dchat.h"

enum { SEARCH_HITS = 500 };	/* asked for at most */

struct search_hit {
	char msg[MSG_TEXT];
	char *room;		/* as the node knows it */
	char *nick, *text;
	struct id author;
	wall_ms time;
};

struct search {
	char *words;		/* as typed; "": nothing was asked yet */
	char *room, *name;	/* where one began, and as it is shown; NULL:
				 * in no room, so everywhere */
	bool everywhere;
	uint64_t token;		/* of the SEARCH on its way; or 0 */
	struct search_hit *hits;
	size_t count, chosen;
	size_t behind;		/* bundles that were not looked at yet */
	char *problem;		/* a sentence; NULL: none */

	/* What was in the input before. */
	char *draft;
	size_t draft_point;
};

void search_free(struct search *search);

/* Begins anew, with nothing asked; room and name may be NULL (home). */
void search_begin(struct search *search, const char *room, const char *name,
    const char *draft, size_t draft_point);

/* These words are asked for now, by a SEARCH with this token. */
void search_asked(struct search *search, const char *words, uint64_t token);

/* An OK or ERROR; false: it is not of this search.  flags: as text_clean. */
bool search_answered(struct search *search, const struct dchat_event *event,
    unsigned flags);

/* By so many hits, down when positive, within what there is. */
void search_move(struct search *search, long hits);
/* NULL: there is none. */
const struct search_hit *search_chosen(const struct search *search);

/*
 * The next place at or after `at` where one of the words stands in a text,
 * at the beginning of a word of it: until the end of that word.  False: none.
 */
bool search_mark(const char *words, const char *text, size_t at,
    size_t *start, size_t *end);

#endif
