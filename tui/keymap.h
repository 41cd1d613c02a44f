/*
 * keymap: the one table of the keys that are the application's own; all
 * others are readline's.  Help and man page read this table.
 */
#ifndef DCHAT_TUI_KEYMAP_H
#define DCHAT_TUI_KEYMAP_H

#include <stddef.h>

#include "tui/keys.h"

/* constant, keys separated by spaces, as people read them (NULL: the same
 * with commas), help */
#define KEYMAP(X)                                                             \
	X(ROOM,                                                               \
	    "Alt+1 Alt+2 Alt+3 Alt+4 Alt+5 Alt+6 Alt+7 Alt+8 Alt+9 Alt+0",    \
	    "Alt+1..9, Alt+0", "room 1 to 10")                                \
	X(NEXT, "Ctrl+N Alt+Down", NULL, "next room")                         \
	X(PREVIOUS, "Ctrl+P Alt+Up", NULL, "previous room")                   \
	X(ACTIVE, "Alt+A", NULL, "next room with activity, mentions first")   \
	X(BACK, "Alt+/", NULL, "back to the last room")                       \
	X(UNREAD, "Alt+U", NULL, "the first unread line")                     \
	X(MENTION_UP, "Alt+P", NULL, "the mention of you before")             \
	X(MENTION_DOWN, "Alt+N", NULL, "the next mention of you")             \
	X(SEARCH, "Ctrl+F", NULL,                                             \
	    "search the history of this room; again: of all rooms")           \
	X(PAGE_UP, "PgUp", NULL, "scroll up a page")                          \
	X(PAGE_DOWN, "PgDn", NULL, "scroll down a page")                      \
	X(LINE_UP, "Alt+PgUp", NULL, "scroll up a line")                      \
	X(LINE_DOWN, "Alt+PgDn", NULL, "scroll down a line")                  \
	X(LIVE, "Ctrl+End", NULL, "back to the newest line")                  \
	X(OLDER, "Up", NULL, "what you wrote before, in this room")           \
	X(NEWER, "Down", NULL, "and back to what you are writing")            \
	X(SEARCH_LINES, "Ctrl+R", NULL,                                       \
	    "search what you wrote before; again: older")                     \
	X(COMPLETE, "Tab", NULL, "complete a nick, room, command or setting") \
	X(COMPLETE_BACK, "Shift+Tab", NULL, "the completion before")          \
	X(NEWLINE, "Alt+Enter", NULL, "newline inside a message")             \
	X(MEMBERS, "Alt+M", NULL, "the members' pane: away, and back")        \
	X(TIMES, "Alt+T", NULL, "times: minutes, seconds, none")              \
	X(FILTER, "Alt+J Alt+=", NULL,                                        \
	    "who comes and goes without a word: shown, or hidden")            \
	X(SELECT, "Alt+S", NULL,                                              \
	    "walk from message to message: reply, react, edit, delete")       \
	X(BARE, "Alt+L", NULL, "nothing but text, to copy; and back")         \
	X(HELP, "F1", NULL, "this help")                                      \
	X(HEALTH, "F2", NULL, "how the group is: ring, peers, elections")     \
	X(NET, "F3", NULL, "the network: who is heard where, and why not")           \
	X(CLOSE, "Esc", NULL, "close help and panels")                        \
	X(REPAINT, "Ctrl+L", NULL, "repaint the screen")                      \
	X(SUSPEND, "Ctrl+Z", NULL, "suspend dchat")                           \
	X(INTERRUPT, "Ctrl+C", NULL, "clear the line; twice: quit")

enum action {
	ACTION_NONE,		/* readline's */
#define X(constant, keys, label, help) ACTION_##constant,
	KEYMAP(X)
#undef X
};

struct keymap_row {
	enum action action;
	const char *keys, *label, *help;
};

/* The table, in the order of KEYMAP. */
extern const struct keymap_row keymap_table[];
extern const size_t keymap_count;

/*
 * What the key does.  *which (may be NULL) is its place among the keys of
 * its row, from 0: for ACTION_ROOM the room's number less one.
 */
enum action keymap_find(const struct key *key, size_t *which);

/* The keys of a row as people read them. */
void keymap_label(const struct keymap_row *row, char label[static 64]);

#endif
