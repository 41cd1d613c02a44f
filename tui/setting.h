/*
 * setting: the one table of what a person may set, and its values.
 *
 * A value is the table's own, unless the file has another (tui/config),
 * which the command line overrides (tui/options), and that is overridden by
 * what the person sets while it runs (/set).  /help, completion and
 * dchat.conf(5) go by this table.
 *
 * Values are kept as people write them, and checked before they are taken:
 * whoever reads one need not doubt it.
 */
#ifndef DCHAT_TUI_SETTING_H
#define DCHAT_TUI_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dchat.h"

enum setting_type {
	SETTING_SWITCH,		/* on or off */
	SETTING_NUMBER,		/* from least to most */
	SETTING_CHOICE,		/* one of the words */
	SETTING_TEXT,		/* anything that is not empty; "": not set */
	SETTING_HOURS,		/* "22:00-07:00"; "": not set */
	SETTING_NICK,
	SETTING_NETWORK,
	SETTING_CLOCK,		/* tui/moment */
	SETTING_THEME,		/* one of the words, or a theme's name */
	/* Lists; "": none. */
	SETTING_ROOMS,
	SETTING_ADDRESSES,
	SETTING_WORDS,
	/* Lists of whole lines, each a key or name and what it stands for. */
	SETTING_BINDS,		/* "KEY ACTION", tui/keymap */
	SETTING_ALIASES,	/* "NAME TEXT", tui/alias */
};

enum { SETTING_LINES_MOST = 100 };	/* lines of such a list */

/* constant, name, what it is without being set, type, least, most, words to
 * choose from, holds at once (false: from the next start on), help */
#define SETTINGS(X)                                                           \
	X(NICK, "nick", "", NICK, 0, 0, "", true,                             \
	    "your nick; without one your login name")                         \
	X(NETWORK, "network", "lan", NETWORK, 0, 0, "", false,                \
	    "only those who say the same are met")                            \
	X(ROOMS, "rooms", "", ROOMS, 0, 0, "", false,                         \
	    "joined at start, besides those of last time; else #lobby")       \
	X(PEERS, "peers", "", ADDRESSES, 0, 0, "", false,                     \
	    "addresses to try too, for those whom no broadcast reaches")      \
	X(INTERFACES, "interfaces", "", WORDS, 0, 0, "", false,               \
	    "network interfaces to use; without any all usable ones")         \
	X(PORT, "port", "0", NUMBER, 0, 65535, "", false,                     \
	    "TCP port to listen on; 0: a free one")                           \
	X(DISCOVERY_PORT, "discovery-port", "7711", NUMBER, 0, 65535, "",     \
	    false, "UDP port to find others by")                              \
	X(PRIORITY, "priority", "100", NUMBER, 0, 255, "", false,             \
	    "who should lead when there is a choice: the highest")            \
	X(LOG, "log", "", TEXT, 0, 0, "", false, "file to write a log to")    \
	X(VERBOSE, "verbose", "0", NUMBER, 0, 2, "", false,                   \
	    "how much is logged; 2: everything")                              \
	X(THEME, "theme", "auto", THEME, 0, 0, "auto dark light none", true,  \
	    "colours for a dark or light background, or a theme's name")      \
	X(TIMESTAMPS, "timestamps", "on", CHOICE, 0, 0, "on seconds off",     \
	    true, "the time before each message: 12:01, 12:01:59, none")      \
	X(CLOCK_FORMAT, "clock-format", "%H:%M", CLOCK, 0, 0, "", true,       \
	    "what timestamps = on looks like, as strftime(3) writes it")      \
	X(TITLE, "title", "on", SWITCH, 0, 1, "", true,                       \
	    "the terminal's window is named after the room before you")       \
	X(NICK_WIDTH, "nick-width", "16", NUMBER, 3, 32, "", true,            \
	    "most columns for nicks before messages")                         \
	X(MEMBER_PANE, "member-pane", "on", SWITCH, 0, 1, "", true,           \
	    "the members at the right, where there is room")                  \
	X(FILTER, "filter", "on", CHOICE, 0, 0, "off on all", true,           \
	    "hide who comes and goes without a word; all: everybody")         \
	X(FILTER_MINUTES, "filter-minutes", "15", NUMBER, 1, 1440, "", true,  \
	    "so long who said something is no stranger to the filter")        \
	X(BELL, "bell", "on", SWITCH, 0, 1, "", true,                         \
	    "the terminal's bell when somebody wants you while you are away") \
	X(NOTIFY, "notify", "on", SWITCH, 0, 1, "", true,                     \
	    "a notification of the desktop for it, where the terminal can")   \
	X(HYPERLINKS, "hyperlinks", "auto", CHOICE, 0, 0, "auto on off", true, \
	    "addresses in messages lead there; auto: if the terminal can")    \
	X(NOTIFY_COMMAND, "notify-command", "", TEXT, 0, 0, "", true,         \
	    "a program to start for it too; $DCHAT_TEXT is what was said")    \
	X(QUIET_HOURS, "quiet-hours", "", HOURS, 0, 0, "", true,              \
	    "no bell, notification or program then, like 22:00-07:00")        \
	X(TYPING, "typing", "on", SWITCH, 0, 1, "", true,                     \
	    "let others see that you are writing")                            \
	X(MOUSE, "mouse", "off", SWITCH, 0, 1, "", true,                      \
	    "the wheel scrolls, a click goes to a room or takes a nick")      \
	X(PASTE_QUESTION, "paste-question", "on", SWITCH, 0, 1, "", true,     \
	    "ask before more than 5 lines or 2 KiB are pasted")               \
	X(HINT_LINE, "hint-line", "auto", CHOICE, 0, 0, "auto on off", true,  \
	    "a line that says what could be done; auto: the first days")      \
	X(HISTORY_LINES, "history-lines", "200", NUMBER, 20, 2000, "", true,  \
	    "so many lines of a room are there at once; PgUp fetches more")   \
	X(HISTORY_MESSAGES, "history-messages", "100000", NUMBER, 500,        \
	    100000000, "", false, "so many messages of a room are kept")      \
	X(HISTORY_DAYS, "history-days", "365", NUMBER, 1, 36500, "", false,   \
	    "and none for longer than so many days")                          \
	X(HISTORY_FETCH, "history-fetch", "wanted", CHOICE, 0, 0,             \
	    "wanted all", false,                                              \
	    "older messages from others: when you scroll up, or all of them")   \
	X(BIND, "bind", "", BINDS, 0, 0, "", true,                            \
	    "keys that do something else than usual; /bind sets them")        \
	X(ALIAS, "alias", "", ALIASES, 0, 0, "", true,                        \
	    "commands of your own; /alias sets them")

/* What the setting timestamps chooses, in the order of its words. */
enum setting_times {
	TIMES_MINUTES,
	TIMES_SECONDS,
	TIMES_NONE,
	SETTING_TIMES,
};

enum setting_id {
#define X(constant, name, initial, type, least, most, words, live, help)       \
	SETTING_ID_##constant,
	SETTINGS(X)
#undef X
	SETTINGS_COUNT,
};

struct setting_spec {
	const char *name, *initial;
	enum setting_type type;
	long least, most;
	const char *words;	/* separated by blanks */
	bool live;
	const char *help;
};

/* The table, in the order of SETTINGS. */
extern const struct setting_spec setting_table[SETTINGS_COUNT];

/* Where a value comes from; a later one overrides an earlier one. */
enum setting_origin {
	SETTING_BY_TABLE,
	SETTING_BY_FILE,
	SETTING_BY_OPTION,
	SETTING_BY_PERSON,
};

struct setting_value {
	enum setting_origin origin;
	bool unsaved;		/* set or reset by the person since */
	char *text;		/* as written; lists: not used */
	long number;		/* of a switch 0 or 1, of a choice its place */
	char **words;		/* lists */
	size_t word_count, word_cap;
};

struct setting_values {
	struct setting_value items[SETTINGS_COUNT];
};

void setting_values_init(struct setting_values *values);
void setting_values_free(struct setting_values *values);

/*
 * Takes a value, blanks at its ends aside; words of a list are separated by
 * blanks or commas.  False with a sentence that begins with `name`, what
 * the person calls the setting ("--port"); then nothing has changed.
 */
bool setting_set(struct setting_values *values, enum setting_id id,
    const char *text, enum setting_origin origin, const char *name,
    char problem[static 256]);

/* The next word of a choice, or the other state of a switch, by the person. */
void setting_turn(struct setting_values *values, enum setting_id id);

/* Adds one word to a list; its first one from this origin replaces all that
 * came from lesser ones. */
bool setting_add(struct setting_values *values, enum setting_id id,
    const char *word, enum setting_origin origin, const char *name,
    char problem[static 256]);

/*
 * Adds one line to a list of lines, by the person, in place of that with the
 * same first word / takes the one with that first word away: false, there
 * is none.
 */
bool setting_put_line(struct setting_values *values, enum setting_id id,
    const char *line, char problem[static 256]);
bool setting_drop_line(struct setting_values *values, enum setting_id id,
    const char *word);

/* The line with that first word of so many bytes, or NULL. */
const char *setting_line(const struct setting_values *values,
    enum setting_id id, const char *word, size_t size);

/* Back to what the table says, by the person. */
void setting_reset(struct setting_values *values, enum setting_id id);

bool setting_is_list(enum setting_id id);
bool setting_is_lines(enum setting_id id);	/* of whole lines; a list too */
bool setting_on(const struct setting_values *values, enum setting_id id);
long setting_number(const struct setting_values *values, enum setting_id id);

/* The value as it would be written; the caller frees it. */
char *setting_written(const struct setting_values *values,
    enum setting_id id);

/* What may be set, for people: "on or off", "a whole number from 3 to 32". */
void setting_allowed(enum setting_id id, char text[static 128]);

/* The setting of just that name. */
bool setting_named(const char *name, enum setting_id *id);

/*
 * The setting of that name or unique beginning.  False: problem says so and,
 * if one is near, which was meant.
 */
bool setting_find(const char *name, enum setting_id *id,
    char problem[static 256]);

#endif
