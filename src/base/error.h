/*
 * error: what can go wrong for a person or a script, in one table.
 *
 * Each row: constant, name in the headless contract (public: never changed),
 * sentence.  Where more is known than the sentence says, the text of an
 * error event says it instead.  Our own mistakes are asserts; a hostile
 * peer's frames get a verdict (core/node.h), not an error.
 */
#ifndef DCHAT_BASE_ERROR_H
#define DCHAT_BASE_ERROR_H

#define ERRORS(X)                                                             \
	X(ERROR_NONE, "none", "All is well.")                                 \
	X(ERROR_BAD_JSON, "bad_json",                                         \
	    "This line is not a JSON object.")                                \
	X(ERROR_UNKNOWN_COMMAND, "unknown_command",                           \
	    "There is no such command.")                                      \
	X(ERROR_BAD_ARGUMENT, "bad_argument",                                 \
	    "An argument is missing or has the wrong form.")                  \
	X(ERROR_NOT_JOINED, "not_joined",                                     \
	    "You are not in this room; join it first.")                       \
	X(ERROR_NO_SUCH_ROOM, "no_such_room",                                 \
	    "There is no such room; list the rooms there are.")               \
	X(ERROR_NO_SUCH_NICK, "no_such_nick",                                 \
	    "Nobody here has this nick.")                                     \
	X(ERROR_EMPTY_TEXT, "empty_text", "There is nothing to say.")         \
	X(ERROR_TOO_LONG, "too_long",                                         \
	    "This is too long; a message holds at most 4096 bytes.")          \
	X(ERROR_BAD_TEXT, "bad_text", "This text is not valid UTF-8.")        \
	X(ERROR_NO_SUCH_MESSAGE, "no_such_message",                           \
	    "This message is not known here.")                                \
	X(ERROR_NOT_AUTHOR, "not_author",                                     \
	    "Only its author can change or delete a message.")                \
	X(ERROR_NICK_TAKEN, "nick_taken",                                     \
	    "Somebody else has this nick; choose another one.")               \
	X(ERROR_DISK_FULL, "disk_full",                                       \
	    "The disk is full: nothing can be said until there is room.")     \
	X(ERROR_DISK, "disk",                                                 \
	    "The history on disk cannot be written: look at its folder.")     \
	X(ERROR_TOO_MANY, "too_many",                                         \
	    "There are too many of these already; give one up first.")        \
	X(ERROR_BUSY, "busy",                                                 \
	    "Too much is waiting to be sent; try again in a moment.")         \
	X(ERROR_NO_LEADER, "no_leader",                                       \
	    "There is no leader at the moment; try again in a while.")        \
	X(ERROR_TIMEOUT, "timeout",                                           \
	    "This took too long and was given up; try again.")                \
	X(ERROR_LEAVING, "leaving", "dchat is about to quit.")                \
	X(ERROR_INTERNAL, "internal",                                         \
	    "Something went wrong inside dchat; its log may tell what.")

enum error {
#define X(constant, name, sentence) constant,
	ERRORS(X)
#undef X
};

const char *error_name(enum error error);
const char *error_sentence(enum error error);

#endif
