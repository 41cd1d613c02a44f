/*
 * command: the one table of what can be typed after a slash, and the parser
 * of an input line.  /help, completion and the man page read this table.
 *
 * A line that starts with '/' is a command and never sent as text; "//x"
 * sends "/x"; anything else is said.  A name may be abbreviated as long as
 * only one command starts so, and case does not matter.
 */
#ifndef DCHAT_TUI_COMMAND_H
#define DCHAT_TUI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

/* What may follow the name. */
enum command_takes {
	TAKES_NOTHING,
	TAKES_ROOM,		/* a room's name; the '#' may be left out;
				 * or that of a direct one, "@NICK" */
	TAKES_ROOM_OR_NOTHING,
	TAKES_TEXT,		/* the rest of the line, not empty */
	TAKES_TEXT_OR_NOTHING,
	TAKES_WORD,		/* one word, not empty */
	TAKES_WORD_OR_NOTHING,
	TAKES_NUMBER_OR_NOTHING,
	TAKES_PERSON,		/* a nick or an id, and a text or nothing; */
	TAKES_PERSON_AND_TEXT,	/* a text in any case */
};

/* constant, name, takes, arguments as people read them, help */
#define COMMANDS(X)                                                           \
	X(JOIN, "join", TAKES_ROOM, "#ROOM",                                  \
	    "Enter a room, or bring it before you.")                          \
	X(PART, "part", TAKES_ROOM_OR_NOTHING, "[#ROOM]",                     \
	    "Leave this room, or the one named.")                             \
	X(MSG, "msg", TAKES_PERSON_AND_TEXT, "NICK TEXT",                     \
	    "Say something to one alone; it waits while they are away.")       \
	X(QUERY, "query", TAKES_PERSON, "NICK [TEXT]",                        \
	    "Bring the talk with one person alone before you.")               \
	X(ME, "me", TAKES_TEXT, "TEXT",                                       \
	    "Say what you do: /me waves.")                                    \
	X(FOCUS, "focus", TAKES_NUMBER_OR_NOTHING, "[NUMBER]",                \
	    "Take the last message, or so many back, for what is next.")      \
	X(REPLY, "reply", TAKES_TEXT, "TEXT",                                 \
	    "Answer the message in focus (Alt+S, /focus), or the last one.")          \
	X(REACT, "react", TAKES_WORD_OR_NOTHING, "[EMOJI]",                   \
	    "React to the message in focus, or the last; none: undo it.")\
	X(EDIT, "edit", TAKES_TEXT_OR_NOTHING, "[TEXT]",                      \
	    "Change your message in focus, or your last one.")                \
	X(DELETE, "delete", TAKES_NOTHING, "",                                \
	    "Delete your message in focus, or your last one, for everybody.") \
	X(URL, "url", TAKES_NOTHING, "",                                      \
	    "List the addresses named in this room, the newest first.")       \
	X(OPEN, "open", TAKES_NUMBER_OR_NOTHING, "[NUMBER]",                  \
	    "Open that address of /url, the one in focus, or the newest.")    \
	X(COPY, "copy", TAKES_NUMBER_OR_NOTHING, "[NUMBER]",                  \
	    "Copy the message in focus, the last, or an address of /url.")\
	X(TOPIC, "topic", TAKES_TEXT_OR_NOTHING, "[TEXT]",                    \
	    "Tell this room's topic, or set it; /topic - removes it.")        \
	X(NICK, "nick", TAKES_WORD, "NICK",                                   \
	    "Ask for another nick; nobody else may have it.")                 \
	X(AWAY, "away", TAKES_TEXT_OR_NOTHING, "[TEXT]",                      \
	    "Tell that you are away, and why; messages come all the same.")   \
	X(BACK, "back", TAKES_NOTHING, "",                                    \
	    "Tell that you are here again.")                                  \
	X(NAMES, "names", TAKES_ROOM_OR_NOTHING, "[#ROOM]",                   \
	    "List who is in this room, or in the one named.")                 \
	X(WHO, "who", TAKES_NOTHING, "",                                      \
	    "List everybody on the network: state, round trip, address.")     \
	X(WHOIS, "whois", TAKES_WORD, "NICK",                                 \
	    "Tell what is known of one person: id, state, address, rooms.")   \
	X(WHO_HAS, "who-has", TAKES_NOTHING, "",                              \
	    "Tell who has received what you said last in this room.")         \
	X(WHY, "why", TAKES_NOTHING, "",                                      \
	    "Tell which messages wait here for one that is missing.")         \
	X(LIST, "list", TAKES_NOTHING, "",                                    \
	    "List all rooms of the network with their topics.")               \
	X(HISTORY, "history", TAKES_NUMBER_OR_NOTHING, "[NUMBER]",            \
	    "Fetch that many older lines of this room; so does PgUp.")      \
	X(SEARCH, "search", TAKES_TEXT, "TEXT",                               \
	    "Search the history of this room for words; Ctrl+F does so too.") \
	X(EXPORT, "export", TAKES_TEXT_OR_NOTHING, "[FILE] [text|jsonl]",     \
	    "Write the history of this room into a new file.")           \
	X(CLEAR, "clear", TAKES_NOTHING, "",                                  \
	    "Empty this room's screen; the history keeps it all.")            \
	X(IGNORE, "ignore", TAKES_WORD_OR_NOTHING, "[NICK]",                  \
	    "Hear nothing more of somebody; /ignore -NICK undoes it.")        \
	X(MUTE, "mute", TAKES_WORD_OR_NOTHING, "[#ROOM]",                     \
	    "Make a room quiet; /mute -#ROOM undoes it.")                     \
	X(NOTIFY, "notify", TAKES_TEXT_OR_NOTHING,                            \
	    "[#ROOM] [all|mentions|none]",                                    \
	    "Say what of a room you are called for.")                         \
	X(HIGHLIGHT, "highlight", TAKES_TEXT_OR_NOTHING, "[WORD]",            \
	    "Let a word be a mention, like your nick; -WORD undoes it.")      \
	X(FILTER, "filter", TAKES_NOTHING, "",                                \
	    "Show or hide who comes and goes without saying a word.")         \
	X(LEADER, "leader", TAKES_NOTHING, "",                                \
	    "Tell who leads the group, since which term, and who is here.")   \
	X(ELECT, "elect", TAKES_NOTHING, "",                                  \
	    "Start an election of the leader now.")                           \
	X(HEALTH, "health", TAKES_NOTHING, "",                                \
	    "Show how the group is, live; F2 does so too.")                   \
	X(NET, "net", TAKES_NOTHING, "",                                      \
	    "Show who is heard on which interface, and what keeps others away.")\
	X(DOCTOR, "doctor", TAKES_NOTHING, "",                                \
	    "The same as /net; F3 does so too.")                              \
	X(RING, "ring", TAKES_NOTHING, "",                                    \
	    "Draw the ring: you, the leader, who is silent or gone.")         \
	X(PEERS, "peers", TAKES_NOTHING, "",                                  \
	    "Show the peers: round trips, when heard, queues, addresses.")       \
	X(CLOCK, "clock", TAKES_NOTHING, "",                                  \
	    "Show the vector clock of each room.")                            \
	X(PARTITION, "partition", TAKES_NOTHING, "",                          \
	    "Tell who is out of reach, and since when.")                      \
	X(CONNECT, "connect", TAKES_WORD, "HOST[:PORT]",                      \
	    "Try a peer at an address, in another subnet perhaps.")           \
	X(SET, "set", TAKES_TEXT_OR_NOTHING, "[NAME [VALUE]]",                \
	    "List the settings, show one, set it, or reset it with -.")       \
	X(THEME, "theme", TAKES_WORD_OR_NOTHING, "[THEME]",                   \
	    "List the themes, or let the screen look like one.")              \
	X(BIND, "bind", TAKES_TEXT_OR_NOTHING, "[KEY [ACTION]]",              \
	    "List what keys do, or change it; /bind KEY - undoes it.")        \
	X(UNBIND, "unbind", TAKES_WORD, "KEY",                                \
	    "Leave a key to the input line.")                                 \
	X(ALIAS, "alias", TAKES_TEXT_OR_NOTHING, "[ALIAS [TEXT]]",            \
	    "Your own commands, or one more: $1 is a word, $* all.")          \
	X(UNALIAS, "unalias", TAKES_WORD, "ALIAS",                            \
	    "Forget a command of your own.")                                  \
	X(SAVE, "save", TAKES_NOTHING, "",                                    \
	    "Write what was set into the file of settings, to stay.")         \
	X(HELP, "help", TAKES_WORD_OR_NOTHING, "[WHAT]",                      \
	    "All keys and commands; or tell about a command, setting or key.")\
	X(QUIT, "quit", TAKES_NOTHING, "",                                    \
	    "Tell the others and leave dchat.")

enum command_id {
	COMMAND_NONE,		/* an empty line: nothing to do */
	COMMAND_WRONG,		/* see problem */
	COMMAND_SAY,		/* plain text, in text */
#define X(constant, name, takes, arguments, help) COMMAND_##constant,
	COMMANDS(X)
#undef X
};

struct command_spec {
	enum command_id id;
	const char *name;
	enum command_takes takes;
	const char *arguments, *help;
};

/* The table, in the order of COMMANDS. */
extern const struct command_spec command_table[];
extern const size_t command_count;

struct command {
	enum command_id id;
	/* With '#', or "@NICK" as typed; "" when none given. */
	char room[LIMIT_ROOM_NAME + 1];
	char *to;			/* a nick without '@', or an id */
	char *text;			/* text or word; NULL when none given */
	size_t number;			/* 0 when none given */
	bool too_long;			/* WRONG, because it says too much */
	char problem[512];		/* COMMAND_WRONG: a sentence; foreign
					 * text in it is not cleaned yet */
};

/* Parses a line (several lines of text included); command_free() it. */
void command_parse(struct command *command, const char *line);
void command_free(struct command *command);

/*
 * The command of that name or unique abbreviation, with or without '/', or
 * NULL; then problem says so and, if one is near, which was meant.
 */
const struct command_spec *command_find(const char *name,
    char problem[static 512]);

#endif
