#include "tui/input.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "base/die.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/text.h"

enum {
	ESCAPE = 0x1b,
	ABORT = 0x07,		/* Ctrl+G */
	END_OF_FILE = 0x04,	/* Ctrl+D */
	DELETE = 0x7f,
	QUEUE = 64,		/* the longest key and a little */
	WISHES = 16,
	LINE_MOST = 4 * LIMIT_TEXT,	/* then typing stops */
};

struct input {
	struct input_front front;
	FILE *null;
	char queue[QUEUE];	/* the key readline is being fed */
	size_t queue_at, queue_size;
	char *entered;		/* a line accepted within this key */
	bool busy;
	int replacing;		/* vi's r: so many clusters by the next key */
	enum input_wish wishes[WISHES];
	size_t wish_count;
};

/* Readline's functions take no context. */
static struct input *the_input;

/* -- what readline calls ----------------------------------------------- */

static int
on_getc(FILE *stream)
{
	(void)stream;
	if (the_input->queue_at == the_input->queue_size)
		return ABORT;	/* it wants more than the key has */
	return (unsigned char)the_input->queue[the_input->queue_at++];
}

static int
on_available(void)
{
	return the_input->queue_at < the_input->queue_size;
}

static void
on_redisplay(void)
{
	/* the app paints after each key anyway */
}

static void
on_prepare(int meta)
{
	(void)meta;
}

static void
on_deprepare(void)
{
}

static void
on_line(char *line)
{
	free(the_input->entered);
	the_input->entered = line;
}

/* No completion of readline's own, in whatever way it is asked for. */
static char *
on_complete(const char *text, int state)
{
	(void)text;
	(void)state;
	return NULL;
}

/* -- commands that replace readline's ---------------------------------- */

static int
wish(enum input_wish what)
{
	if (the_input->wish_count < WISHES)
		the_input->wishes[the_input->wish_count++] = what;
	return 0;
}

static int
do_older(int count, int key)
{
	(void)count;
	(void)key;
	return wish(WISH_OLDER);
}

static int
do_newer(int count, int key)
{
	(void)count;
	(void)key;
	return wish(WISH_NEWER);
}

static int
do_search(int count, int key)
{
	(void)count;
	(void)key;
	return wish(WISH_SEARCH);
}

static int
do_complete(int count, int key)
{
	(void)count;
	(void)key;
	return wish(WISH_COMPLETE);
}

static int
do_complete_back(int count, int key)
{
	(void)count;
	(void)key;
	return wish(WISH_COMPLETE_BACK);
}

static int
do_repaint(int count, int key)
{
	(void)count;
	(void)key;
	return wish(WISH_REPAINT);
}

static int
do_nothing(int count, int key)
{
	(void)count;
	(void)key;
	return 0;
}

/* Steps over so many clusters, back when negative. */
static size_t
step(long count)
{
	size_t at = (size_t)rl_point, size = (size_t)rl_end;

	for (; count > 0 && at < size; count--)
		at = text_next(rl_line_buffer, size, at);
	for (; count < 0 && at > 0; count++)
		at = text_previous(rl_line_buffer, size, at);
	return at;
}

static int
do_forward(int count, int key)
{
	(void)key;
	rl_point = (int)step(count);
	return 0;
}

static int
do_backward(int count, int key)
{
	(void)key;
	rl_point = (int)step(-(long)count);
	return 0;
}

static int
erase(long count)
{
	size_t from = (size_t)rl_point, to = step(count);

	if (to < from) {
		size_t end = from;

		from = to;
		to = end;
	}
	rl_delete_text((int)from, (int)to);
	rl_point = (int)from;
	return 0;
}

static int
do_delete(int count, int key)
{
	(void)key;
	return erase(count);
}

static int
do_rubout(int count, int key)
{
	(void)key;
	return erase(-(long)count);
}

/*
 * vi's words.  Readline's own forward motions spin for ever when the line
 * ends in a character of more than one byte.
 */
enum word_class {
	CLASS_BLANK,
	CLASS_WORD,
	CLASS_OTHER,
};

static enum word_class
class_at(size_t at, bool big)
{
	unsigned char c = (unsigned char)rl_line_buffer[at];

	if (c == ' ' || c == '\t' || c == '\n')
		return CLASS_BLANK;
	if (big || isalnum(c) || c == '_' || c >= 0x80)
		return CLASS_WORD;
	return CLASS_OTHER;
}

static size_t
skip_class(size_t at, enum word_class class, bool big)
{
	size_t size = (size_t)rl_end;

	while (at < size && class_at(at, big) == class)
		at = text_next(rl_line_buffer, size, at);
	return at;
}

/* The cursor of vi stands on a character, not behind the last. */
static void
stand_at(size_t at)
{
	size_t size = (size_t)rl_end;

	if (at >= size)
		at = text_previous(rl_line_buffer, size, size);
	rl_point = (int)at;
}

static int
vi_next_word(int count, bool big)
{
	size_t at = (size_t)rl_point, size = (size_t)rl_end;

	for (; count > 0 && at < size; count--) {
		at = skip_class(at, class_at(at, big), big);
		at = skip_class(at, CLASS_BLANK, big);
	}
	stand_at(at);
	return 0;
}

static int
vi_end_word(int count, bool big)
{
	size_t at = (size_t)rl_point, size = (size_t)rl_end;

	for (; count > 0 && at < size; count--) {
		at = text_next(rl_line_buffer, size, at);
		at = skip_class(at, CLASS_BLANK, big);
		if (at >= size)
			break;
		at = skip_class(at, class_at(at, big), big);
		at = text_previous(rl_line_buffer, size, at);
	}
	stand_at(at);
	return 0;
}

static int
do_vi_next(int count, int key)
{
	return vi_next_word(count, key == 'W');
}

static int
do_vi_end(int count, int key)
{
	return vi_end_word(count, key == 'E');
}

static int
do_vi_next_big(int count, int key)
{
	(void)key;
	return vi_next_word(count, true);
}

static int
do_vi_end_big(int count, int key)
{
	(void)key;
	return vi_end_word(count, true);
}

/*
 * vi's r takes a whole character, and nothing else may happen before it
 * comes: readline would take the start of a cursor key for it.
 */
static int
do_vi_change(int count, int key)
{
	(void)key;
	the_input->replacing = count > 0 ? count : 0;
	return 0;
}

static void
change_clusters(int count, const char *bytes, size_t size)
{
	char text[QUEUE];
	size_t from = (size_t)rl_point;

	memcpy(text, bytes, size);
	text[size] = '\0';
	rl_begin_undo_group();
	while (count-- > 0 && rl_point < rl_end) {
		rl_delete_text(rl_point, (int)step(1));
		rl_insert_text(text);
		from = (size_t)rl_point - size;
	}
	rl_end_undo_group();
	rl_point = (int)from;
}

/* -- the keymaps ------------------------------------------------------- */

static const struct {
	const char *name;
	rl_command_func_t *function;
} replacements[] = {
	{ "backward-char", do_backward },
	{ "forward-char", do_forward },
	{ "backward-byte", do_backward },
	{ "forward-byte", do_forward },
	{ "backward-delete-char", do_rubout },
	{ "delete-char", do_delete },
	{ "delete-char-or-list", do_delete },
	{ "forward-backward-delete-char", do_delete },

	{ "vi-next-word", do_vi_next },
	{ "vi-forward-word", do_vi_next },
	{ "vi-fword", do_vi_next },
	{ "vi-forward-bigword", do_vi_next_big },
	{ "vi-fWord", do_vi_next_big },
	{ "vi-end-word", do_vi_end },
	{ "vi-eword", do_vi_end },
	{ "vi-end-bigword", do_vi_end_big },
	{ "vi-eWord", do_vi_end_big },
	{ "vi-match", do_nothing }, /* spins like the words */
	{ "vi-change-char", do_vi_change },
	{ "vi-eof-maybe", do_nothing }, /* would send the line */
	{ "vi-redo", do_nothing },      /* may insert a NUL */
	{ "vi-set-mark", do_nothing },  /* these two wait for a byte */
	{ "vi-goto-mark", do_nothing },

	{ "clear-display", do_repaint },
	{ "clear-screen", do_repaint },
	{ "redraw-current-line", do_repaint },

	{ "next-history", do_newer },
	{ "next-screen-line", do_newer },
	{ "previous-history", do_older },
	{ "previous-screen-line", do_older },
	{ "beginning-of-history", do_nothing },
	{ "end-of-history", do_nothing },
	{ "fetch-history", do_nothing },
	{ "forward-search-history", do_nothing },
	{ "reverse-search-history", do_search },
	{ "history-search-backward", do_nothing },
	{ "history-search-forward", do_nothing },
	{ "history-substring-search-backward", do_nothing },
	{ "history-substring-search-forward", do_nothing },
	{ "non-incremental-forward-search-history", do_nothing },
	{ "non-incremental-forward-search-history-again", do_nothing },
	{ "non-incremental-reverse-search-history", do_search },
	{ "non-incremental-reverse-search-history-again", do_nothing },
	{ "operate-and-get-next", do_nothing },
	{ "revert-line", do_nothing },
	{ "yank-last-arg", do_nothing },
	{ "yank-nth-arg", do_nothing },
	{ "vi-fetch-history", do_nothing },
	{ "vi-search", do_search },
	{ "vi-search-again", do_nothing },
	{ "vi-yank-arg", do_nothing },

	{ "complete", do_complete },
	{ "menu-complete", do_complete },
	{ "menu-complete-backward", do_complete_back },
	{ "old-menu-complete", do_complete },
	{ "insert-completions", do_nothing },
	{ "possible-completions", do_nothing },
	{ "vi-complete", do_nothing },

	{ "call-last-kbd-macro", do_nothing },
	{ "start-kbd-macro", do_nothing },
	{ "end-kbd-macro", do_nothing },
	{ "print-last-kbd-macro", do_nothing },

	{ "bracketed-paste-begin", do_nothing },
	{ "dump-functions", do_nothing },
	{ "dump-macros", do_nothing },
	{ "dump-variables", do_nothing },
	{ "insert-comment", do_nothing },
	{ "quoted-insert", do_nothing }, /* half of a key may follow */
	{ "re-read-init-file", do_nothing },
	{ "tilde-expand", do_nothing },
	{ "tty-status", do_nothing },
	{ "vi-tilde-expand", do_nothing },
};

static const char *const keymap_names[] = {
	"emacs-standard",
	"emacs-meta",
	"emacs-ctlx",
	"vi-move",
	"vi-insert",
};

enum { KEYMAPS = sizeof keymap_names / sizeof *keymap_names };

static void
replace_in_keymap(Keymap map)
{
	for (size_t i = 0; i < sizeof replacements / sizeof *replacements;
	     i++) {
		rl_command_func_t *old = rl_named_function(
		    replacements[i].name);
		char **keys = old == NULL
		    ? NULL
		    : rl_invoking_keyseqs_in_map(old, map);

		for (size_t k = 0; keys != NULL && keys[k] != NULL; k++) {
			rl_bind_keyseq_in_map(keys[k],
			    replacements[i].function, map);
			free(keys[k]);
		}
		free(keys);
	}
}

/* Keys of common terminals that no terminfo names to readline. */
static void
bind_cursor_keys(Keymap map)
{
	static const struct {
		const char *keys;
		rl_command_func_t *function;
	} rows[] = {
		{ "\\e[C", do_forward },
		{ "\\eOC", do_forward },
		{ "\\e[D", do_backward },
		{ "\\eOD", do_backward },
		{ "\\e[H", rl_beg_of_line },
		{ "\\eOH", rl_beg_of_line },
		{ "\\e[1~", rl_beg_of_line },
		{ "\\e[7~", rl_beg_of_line },
		{ "\\e[F", rl_end_of_line },
		{ "\\eOF", rl_end_of_line },
		{ "\\e[4~", rl_end_of_line },
		{ "\\e[8~", rl_end_of_line },
		{ "\\e[3~", do_delete },
		{ "\\e[1;5C", rl_forward_word },
		{ "\\e[1;3C", rl_forward_word },
		{ "\\e[1;5D", rl_backward_word },
		{ "\\e[1;3D", rl_backward_word },
		{ "\\e[3;5~", rl_kill_word },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		rl_bind_keyseq_if_unbound_in_map(rows[i].keys,
		    rows[i].function, map);
}

static void
keymaps_prepare(void)
{
	for (size_t i = 0; i < KEYMAPS; i++)
		replace_in_keymap(rl_get_keymap_by_name(keymap_names[i]));
	bind_cursor_keys(rl_get_keymap_by_name("emacs-standard"));
	bind_cursor_keys(rl_get_keymap_by_name("vi-insert"));
	bind_cursor_keys(rl_get_keymap_by_name("vi-move"));
}

/* -- open and close ---------------------------------------------------- */

struct input *
input_open(const struct input_front *front, bool inputrc)
{
	struct input *input = mem_zero(1, sizeof *input);

	assert(the_input == NULL);
	input->front = *front;
	input->null = fopen("/dev/null", "r+");
	if (input->null == NULL)
		die("/dev/null cannot be opened.");
	the_input = input;

	rl_instream = rl_outstream = input->null;
	rl_getc_function = on_getc;
	rl_input_available_hook = on_available;
	rl_redisplay_function = on_redisplay;
	rl_prep_term_function = on_prepare;
	rl_deprep_term_function = on_deprepare;
	rl_completion_entry_function = on_complete;
	rl_readline_name = "dchat";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	if (!inputrc)
		setenv("INPUTRC", "/dev/null", 1);
	rl_initialize();
	rl_variable_bind("enable-bracketed-paste", "off");
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("show-mode-in-prompt", "off");
	rl_variable_bind("blink-matching-paren", "off");
	keymaps_prepare();
	rl_callback_handler_install("", on_line);
	return input;
}

void
input_close(struct input *input)
{
	if (input == NULL)
		return;
	rl_callback_handler_remove();
	free(input->entered);
	fclose(input->null);
	free(input);
	the_input = NULL;
}

/* -- keys -------------------------------------------------------------- */

/* The start of the character that a place is in. */
static int
whole_character(int at)
{
	return at <= 0 ? 0 : (int)utf8_cut(rl_line_buffer, (size_t)at);
}

/*
 * Some of readline's rarer commands cut a character in two.  What is left
 * of it goes, so that the line is valid UTF-8 whatever happened.
 */
static void
repair_line(void)
{
	size_t size = (size_t)rl_end, kept = 0, point = 0;
	char *line;

	if (utf8_valid(rl_line_buffer, size) &&
	    memchr(rl_line_buffer, '\0', size) == NULL)
		return;
	line = mem_alloc(size + 1);
	for (size_t at = 0; at < size;) {
		uint32_t code;
		size_t length = utf8_decode(rl_line_buffer + at, size - at,
		    &code);

		if (at <= (size_t)rl_point)
			point = kept;
		if (length > 0 && code != 0) {
			memcpy(line + kept, rl_line_buffer + at, length);
			kept += length;
		}
		at += length > 0 ? length : 1;
	}
	if ((size_t)rl_point >= size)
		point = kept;
	line[kept] = '\0';
	rl_replace_line(line, 1);
	rl_point = (int)point;
	free(line);
}

static void
feed(struct input *input, const char *bytes, size_t size)
{
	assert(size <= QUEUE && !input->busy);
	memcpy(input->queue, bytes, size);
	input->queue_at = 0;
	input->queue_size = size;
	input->busy = true;
	while (input->queue_at < input->queue_size)
		rl_callback_read_char();
	repair_line();
	/* readline does not move the mark when the text before it changes */
	rl_point = whole_character(rl_point);
	rl_mark = whole_character(rl_mark);
	input->busy = false;
}

/* Only now: the front may replace the line, which readline is done with. */
static void
deliver(struct input *input)
{
	char *line = input->entered;
	size_t wishes = input->wish_count;

	input->entered = NULL;
	input->wish_count = 0;
	for (size_t i = 0; i < wishes; i++)
		input->front.wish(input->front.self, input->wishes[i]);
	if (line != NULL) {
		input->front.entered(input->front.self, line);
		free(line);
	}
}

/*
 * A sequence that is bound to nothing would leave rubbish.  One that only
 * begins something would have readline wait in the middle of it, and its
 * callback mode crashes on the way back.
 */
static bool
sequence_is_useful(const char *bytes, size_t size)
{
	int type = ISFUNC;

	if (rl_function_of_keyseq_len(bytes, size, rl_get_keymap(), &type) ==
	    NULL)
		return size == 2;
	return type != ISKMAP;
}

/*
 * Whether the key cannot be the rest of a command begun before.  Readline
 * would take the first byte of several for it and insert the others; and a
 * numeric argument swallows the end of the line.
 */
static bool
is_no_continuation(const char *bytes, size_t size)
{
	unsigned long begun = RL_STATE_MULTIKEY | RL_STATE_METANEXT |
	    RL_STATE_VIMOTION;
	int type;
	bool enter = rl_function_of_keyseq_len(bytes, size,
			 rl_get_keymap(), &type) == rl_newline;

	if (enter || (size > 1 && bytes[0] != ESCAPE))
		begun |= RL_STATE_NUMERICARG;
	return (size > 1 || enter) && RL_ISSTATE(begun);
}

/*
 * An ESC that is not the way out of vi's insertion.  Readline would wait
 * for more, with the same crash in sight.
 */
static bool
is_lone_escape(const char *bytes, size_t size)
{
	return size == 1 && bytes[0] == ESCAPE &&
	    rl_get_keymap() != rl_get_keymap_by_name("vi-insert");
}

void
input_key(struct input *input, const char *bytes, size_t size)
{
	static const char abandon[] = { ABORT };
	int replacing = input->replacing;

	if (size == 0 || size >= QUEUE)
		return;
	input->replacing = 0;
	if (replacing > 0) {
		if ((unsigned char)bytes[0] >= ' ' && bytes[0] != DELETE)
			change_clusters(replacing, bytes, size);
		return;
	}
	if (is_lone_escape(bytes, size)) {
		feed(input, abandon, sizeof abandon);
		return;
	}
	if (is_no_continuation(bytes, size))
		feed(input, abandon, sizeof abandon);
	if (bytes[0] == ESCAPE && size > 1 &&
	    !sequence_is_useful(bytes, size))
		return;
	/* readline would take these for the end of all input */
	if (size == 1 && bytes[0] == END_OF_FILE && rl_end == 0)
		return;
	if ((unsigned char)bytes[0] >= ' ' && rl_end >= LINE_MOST)
		return;
	feed(input, bytes, size);
	deliver(input);
}

void
input_insert(struct input *input, const char *text)
{
	size_t room = rl_end >= LINE_MOST ? 0 : (size_t)(LINE_MOST - rl_end);
	size_t size = utf8_cut(text, room);
	char *piece = mem_alloc(size + 1);

	(void)input;
	memcpy(piece, text, size);
	piece[size] = '\0';
	if (size > 0) {
		rl_begin_undo_group();
		rl_insert_text(piece);
		rl_end_undo_group();
	}
	free(piece);
}

/* -- the line ---------------------------------------------------------- */

const char *
input_text(const struct input *input)
{
	(void)input;
	return rl_line_buffer != NULL ? rl_line_buffer : "";
}

size_t
input_point(const struct input *input)
{
	(void)input;
	return rl_point < 0 ? 0 : (size_t)rl_point;
}

void
input_put(struct input *input, const char *text, size_t point)
{
	static const char abandon[] = { ABORT };
	char *copy = mem_text(text);	/* it may be readline's own */

	input->replacing = 0;
	feed(input, abandon, sizeof abandon);
	rl_replace_line(copy, 1);
	rl_point = (int)utf8_cut(copy, point);
	rl_mark = 0;
	free(copy);
}

const char *
input_question(const struct input *input)
{
	(void)input;
	return rl_display_prompt != NULL ? rl_display_prompt : "";
}

bool
input_is_vi(const struct input *input)
{
	(void)input;
	return rl_editing_mode == 0;
}
