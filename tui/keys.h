/*
 * keys: the bytes a terminal sends, as keys.
 *
 * Knows UTF-8, control characters, ESC as Alt, CSI and SS3 sequences with
 * xterm's modifiers (and rxvt's, the Linux console's, CSI u), bracketed
 * paste, focus reports and, of the mouse, the left button and the wheel (mode
 * 1006); other mouse reports and unknown sequences are swallowed whole,
 * invalid bytes too.  Incremental: any split of the bytes
 * gives the same keys.  Only a lone ESC cannot be told from the start of a
 * sequence: who reads starts a timer (25-40 ms) while keys_waiting(), and
 * calls keys_flush() when it fires before more bytes came.
 *
 * Sources: ECMA-48 5.4 (CSI), "XTerm Control Sequences" (Moy, Dickey).
 */
#ifndef DCHAT_TUI_KEYS_H
#define DCHAT_TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum key_modifier {
	KEYS_SHIFT = 1,
	KEYS_ALT = 2,
	KEYS_CTRL = 4,
};

/* Codes below are Unicode points: 'n' with KEYS_CTRL is byte 0x0e. */
enum key_code {
	KEYS_FIRST = 0x110000,
	KEYS_ENTER = KEYS_FIRST,	/* CR; LF is Ctrl+J */
	KEYS_TAB,		/* Shift+Tab: with KEYS_SHIFT */
	KEYS_BACKSPACE,		/* DEL; BS is Ctrl+H */
	KEYS_ESCAPE,
	KEYS_UP,
	KEYS_DOWN,
	KEYS_RIGHT,
	KEYS_LEFT,
	KEYS_HOME,
	KEYS_END,
	KEYS_INSERT,
	KEYS_DELETE,
	KEYS_PAGE_UP,
	KEYS_PAGE_DOWN,
	KEYS_F1,			/* ... F12 = KEYS_F1 + 11 */
	KEYS_F12 = KEYS_F1 + 11,
	KEYS_PASTE,		/* see paste */
	KEYS_FOCUS_IN,
	KEYS_FOCUS_OUT,
	KEYS_BACKGROUND,	/* see colour; no key, but an answer */
	KEYS_MOUSE,		/* a button goes down; see mouse */
	KEYS_READY,		/* another: all before the question is read */
};

enum {
	KEYS_BYTES = 32,		/* longest sequence that is a key */
	KEYS_PASTE_MAX = 64 * 1024,	/* longest paste kept */
};

struct key {
	uint32_t code;
	unsigned modifiers;
	char bytes[KEYS_BYTES];	/* as it came, for readline; not of a paste */
	size_t size;
	/* KEYS_PASTE: valid UTF-8 with a NUL behind it, CR LF and CR are LF,
	 * NUL bytes gone; valid until the next call.  paste_cut: there was
	 * more than KEYS_PASTE_MAX. */
	const char *paste;
	size_t paste_size;
	bool paste_cut;
	uint32_t colour;	/* KEYS_BACKGROUND: 0xRRGGBB */
	struct {		/* KEYS_MOUSE; from 0 */
		enum { MOUSE_LEFT, MOUSE_UP, MOUSE_DOWN } button;
		int row, column;
	} mouse;
};

struct keys {
	struct bytes input;	/* not yet understood */
	size_t at;		/* consumed of it */
	struct bytes paste;
	bool pasting, paste_cut;
	bool flushed;		/* what is there is all there is */
	bool skipping;		/* the rest of an endless sequence */
	bool expecting;		/* an answer of the terminal */
};

void keys_init(struct keys *keys);
void keys_free(struct keys *keys);

/*
 * The terminal was asked for its background (OSC 11, "XTerm Control
 * Sequences"): until it has answered, ESC ] 1 1 ; starts the answer, which
 * may come in any pieces and at any time.
 */
void keys_expect(struct keys *keys);

/* Bytes were read. */
void keys_feed(struct keys *keys, const void *bytes, size_t size);

/* The next key, if a whole one is there. */
bool keys_next(struct keys *keys, struct key *key);

/* An unfinished sequence is there (not in a paste: that ends when it ends):
 * start the timer. */
bool keys_waiting(const struct keys *keys);

/* The timer fired: take what is there for whole; then call keys_next(). */
void keys_flush(struct keys *keys);

/*
 * "Ctrl+N", "Alt+PgUp", "Shift+Tab", "F1", "Esc", "Alt+/": parses such a
 * name of length size.
 */
bool key_parse(const char *name, size_t size, uint32_t *code,
    unsigned *modifiers);

enum { KEY_TEXT = 32 };

/* The name, as key_parse() takes it. */
void key_format(uint32_t code, unsigned modifiers, char text[static KEY_TEXT]);

#endif
