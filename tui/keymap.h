/*
 * keymap: the one table of the keys that are the application's own, and what
 * a person has made of it; all others are readline's.  Help, /bind and man
 * page read this table.
 */
#ifndef DCHAT_TUI_KEYMAP_H
#define DCHAT_TUI_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

#include "tui/keys.h"

/* constant, name (for /bind), keys separated by spaces, as people read them
 * (NULL: the same with commas), help */
#define KEYMAP(X)                                                             \
	X(ROOM, "room-N",                                                     \
	    "Alt+1 Alt+2 Alt+3 Alt+4 Alt+5 Alt+6 Alt+7 Alt+8 Alt+9 Alt+0",    \
	    "Alt+1..9, Alt+0", "room 1 to 10")                                \
	X(NEXT, "next-room", "Ctrl+N Alt+Down", NULL, "next room")            \
	X(PREVIOUS, "previous-room", "Ctrl+P Alt+Up", NULL, "previous room")  \
	X(ACTIVE, "active-room", "Alt+A", NULL,                               \
	    "next room with activity, mentions first")                        \
	X(BACK, "last-room", "Alt+/", NULL, "back to the last room")          \
	X(UNREAD, "first-unread", "Alt+U", NULL, "the first unread line")     \
	X(MENTION_UP, "previous-mention", "Alt+P", NULL,                      \
	    "the mention of you before")                                      \
	X(MENTION_DOWN, "next-mention", "Alt+N", NULL,                        \
	    "the next mention of you")                                        \
	X(SEARCH, "search", "Ctrl+F", NULL,                                   \
	    "search the history of this room; again: of all rooms")           \
	X(PAGE_UP, "page-up", "PgUp", NULL, "scroll up a page")               \
	X(PAGE_DOWN, "page-down", "PgDn", NULL, "scroll down a page")         \
	X(LINE_UP, "line-up", "Alt+PgUp", NULL, "scroll up a line")           \
	X(LINE_DOWN, "line-down", "Alt+PgDn", NULL, "scroll down a line")     \
	X(LIVE, "newest-line", "Ctrl+End", NULL, "back to the newest line")   \
	X(OLDER, "older-input", "Up", NULL,                                   \
	    "what you wrote before, in this room")                            \
	X(NEWER, "newer-input", "Down", NULL,                                 \
	    "and back to what you are writing")                               \
	X(SEARCH_LINES, "search-input", "Ctrl+R", NULL,                       \
	    "search what you wrote before; again: older")                     \
	X(COMPLETE, "complete", "Tab", NULL,                                  \
	    "complete a nick, room, command or setting")                      \
	X(COMPLETE_BACK, "complete-back", "Shift+Tab", NULL,                  \
	    "the completion before")                                          \
	X(NEWLINE, "newline", "Alt+Enter", NULL, "newline inside a message")  \
	X(MEMBERS, "members", "Alt+M", NULL,                                  \
	    "the members' pane: away, and back")                              \
	X(TIMES, "times", "Alt+T", NULL, "times: minutes, seconds, none")     \
	X(FILTER, "filter", "Alt+J Alt+=", NULL,                              \
	    "who comes and goes without a word: shown, or hidden")            \
	X(SELECT, "select", "Alt+S", NULL,                                    \
	    "walk from message to message: reply, react, edit, delete")       \
	X(BARE, "bare", "Alt+L", NULL, "nothing but text, to copy; and back") \
	X(HELP, "help", "F1", NULL, "this help")                              \
	X(HEALTH, "health", "F2", NULL,                                       \
	    "how the group is: ring, peers, elections")                       \
	X(NET, "net", "F3", NULL,                                             \
	    "the network: who is heard where, and why not")                   \
	X(CLOSE, "close", "Esc", NULL, "close help and panels")               \
	X(REPAINT, "repaint", "Ctrl+L", NULL, "repaint the screen")           \
	X(SUSPEND, "suspend", "Ctrl+Z", NULL, "suspend dchat")                \
	X(INTERRUPT, "clear-or-quit", "Ctrl+C", NULL,                         \
	    "clear the line; twice: quit")

enum action {
	ACTION_NONE,		/* readline's */
#define X(constant, name, keys, label, help) ACTION_##constant,
	KEYMAP(X)
#undef X
	ACTION_LINE,		/* a command, as if it was entered */
};

struct keymap_row {
	enum action action;
	const char *name, *keys, *label, *help;
};

/* The table, in the order of KEYMAP. */
extern const struct keymap_row keymap_table[];
extern const size_t keymap_count;

/*
 * What a person has changed of it (/bind), as lines "KEY ACTION": ACTION is
 * a name of the table, "room-1" to "room-10", "none" (the key is readline's
 * then), or a command with its slash.
 */
struct keymap {
	struct keymap_change {
		uint32_t code;
		unsigned modifiers;
		enum action action;
		size_t which;
		char *line;	/* ACTION_LINE */
	} *items;
	size_t count, cap;
};

enum { KEYMAP_LABEL = 64 };

/*
 * Checks such a line and writes it as it shall be kept, for the caller to
 * free.  NULL with a sentence.
 */
char *keymap_line(const char *text, char problem[static 256]);

/* Zero it first.  Takes these lines, all of them checked, and none else. */
void keymap_take(struct keymap *keymap, char *const *lines, size_t count);
void keymap_free(struct keymap *keymap);

/*
 * What the key does.  *which (may be NULL) is its place among the keys of
 * its row, from 0: for ACTION_ROOM the room's number less one.
 */
enum action keymap_find(const struct keymap *keymap, const struct key *key,
    size_t *which);

/* The command that it stands for, if that is what the key does. */
const char *keymap_command(const struct keymap *keymap,
    const struct key *key);

/* The keys of a row as people read them; "" when it has none. */
void keymap_label(const struct keymap *keymap, const struct keymap_row *row,
    char label[static KEYMAP_LABEL]);

/* The name of what a key does, as /bind takes it: "room-3". */
void keymap_name(enum action action, size_t which, char name[static 32]);

/* The row of an action; NULL for ACTION_NONE and ACTION_LINE. */
const struct keymap_row *keymap_row(enum action action);

#endif
