/*
 * complete: what Tab makes of the word before the cursor: commands and what
 * they take (tui/command says what that is), rooms, nicks.  Case is
 * ignored.  Pressed again it goes round all that fit.
 *
 * "/jo" -> "/join ", "#o" -> "#ops ", "an" -> "ana: " at the start of the
 * line and "ana " within it (who is gone only if nobody here fits), "/ignore -a" -> "/ignore -ana ", "@an" -> "@ana ", "/join o" -> "/join #ops ",
 * "/set th" -> "/set theme ", "/set theme d" -> "/set theme dark ".
 */
#ifndef DCHAT_TUI_COMPLETE_H
#define DCHAT_TUI_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/attention.h"
#include "tui/setting.h"

/* Borrowed for the call; nicks in the order they shall be offered in. */
struct complete_words {
	const char *const *rooms;
	size_t room_count;
	const char *const *nicks;
	size_t nick_count;
	size_t nick_here;	/* the others are offered if none of these fits */
	/* what /ignore, /mute and /highlight undo, if it begins with '-' */
	char *const *heard[ATTENTION_KINDS];
	size_t heard_counts[ATTENTION_KINDS];
	/* lines, of whose first words they are: tui/alias, tui/keymap */
	const struct setting_value *aliases, *binds;
};

struct complete {
	/* what is to be in the input after complete_next() */
	char *line;
	size_t point;

	/* its own: the word as it was typed, and what it was cut out of */
	char *head, *word, *tail;
	char **found;
	size_t count, cap, chosen;
};

void complete_init(struct complete *complete);
void complete_free(struct complete *complete);

/*
 * Completes in a line with the cursor at byte point; direction 1 or -1.  If
 * the input is still what the last call made of it, the next one that fits
 * takes its place.  False: nothing fits, leave the input alone.
 */
bool complete_next(struct complete *complete, const char *line, size_t point,
    int direction, const struct complete_words *words);

/*
 * Whether that is what the last call made of it, with others to choose
 * from: then found[chosen] of count stands there.
 */
bool complete_is_choice(const struct complete *complete, const char *line,
    size_t point);

/* It is no choice any more. */
void complete_forget(struct complete *complete);

#endif
