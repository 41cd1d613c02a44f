/*
 * input: the line a person types, edited by GNU readline.
 *
 * Readline edits and nothing else: it never reads the terminal, never
 * paints, keeps no history and completes nothing.  It is fed whole keys
 * through its callback interface; what it would do with history, search,
 * completion or keyboard macros is asked of the front instead (a wish) or
 * dead, because readline 8.2 corrupts its memory there in callback mode.
 * Emacs and vi keys, ~/.inputrc ($if dchat), kill ring and undo are the
 * person's own.
 *
 * Readline is one for the process, so at most one input is open; what it
 * forces to be global is in input.c and nowhere else.  All calls from the
 * loop's thread, none from inside a front's function but input_text(),
 * input_put() and input_insert().
 */
#ifndef DCHAT_TUI_INPUT_H
#define DCHAT_TUI_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* What a readline command asks for that the app does itself. */
enum input_wish {
	WISH_OLDER,		/* recall */
	WISH_NEWER,
	WISH_SEARCH,		/* what was written before */
	WISH_COMPLETE,
	WISH_COMPLETE_BACK,
	WISH_REPAINT,
};

struct input_front {
	/* Enter: the line, which is then empty.  Text valid for the call. */
	void (*entered)(void *self, const char *text);
	void (*wish)(void *self, enum input_wish wish);
	void *self;
};

struct input;

/*
 * Before the terminal is opened (readline and curses share terminfo), with
 * the locale set, in the environment too: readline goes by that.  inputrc: false leaves the person's settings unread.
 */
struct input *input_open(const struct input_front *front, bool inputrc);
void input_close(struct input *input);

/*
 * One whole key: a UTF-8 character, a control, ESC and a character, or an
 * escape sequence.  Sequences that mean nothing are dropped whole.
 */
void input_key(struct input *input, const char *bytes, size_t size);

/* Pasted or foreign text, at the cursor, as one step for undo. */
void input_insert(struct input *input, const char *text);

/* The line, always valid UTF-8, and where the cursor is in it, in bytes. */
const char *input_text(const struct input *input);
size_t input_point(const struct input *input);

/*
 * Replaces the line and leaves any half-finished command of readline.  The
 * point is brought to the start of a character.
 */
void input_put(struct input *input, const char *text, size_t point);

/* What readline asks meanwhile ("(arg: 3) "), or "". */
const char *input_question(const struct input *input);

/* vi keys: a lone ESC is then readline's. */
bool input_is_vi(const struct input *input);

#endif
