/*
 * windows: the rooms a person has open, which of them is before them, and
 * what goes on in the others.  A pure model fed by the node's events; no
 * terminal, no loop, no clock but the arguments.
 *
 * One window a room, in the order in which they were joined; their numbers
 * are 1, 2, ... and close up when one is left.  There is always one: before
 * the first room is joined, and after the last is left, it is the home
 * window, "dchat", which becomes the next room joined and keeps its lines.
 * A talk with one person alone ("@" and their id, shown by their nick) is
 * opened by the person, or by its first message.
 * What concerns no room (notices, the leader, answers of commands) is
 * written where the person looks.
 *
 * Names, nicks and topics are kept in display form beside what they are.
 */
#ifndef DCHAT_TUI_WINDOWS_H
#define DCHAT_TUI_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dchat.h"
#include "tui/attention.h"
#include "tui/group.h"
#include "tui/doctor.h"
#include "tui/health.h"
#include "tui/window.h"

enum {
	WINDOWS_ASKED = 64,	/* commands a person may have waiting */
};

/* An answer that the person waits for. */
struct window_asked {
	uint64_t token;
	enum dchat_verb verb;
	char room[LIMIT_ROOM_NAME + 1];	/* what it is about; or "" */
	char from[LIMIT_ROOM_NAME + 1];	/* where it was asked; "": home */
};

/*
 * For who tells each line as it comes and shows none again (tui/app_plain):
 * a message, or what dchat says; a message that changes a line that was told
 * before (that line has changed); or a text about a room.  old: it comes from
 * the history.  line NULL: nobody wants to be told.
 */
struct windows_teller {
	void (*line)(void *self, const struct window *window,
	    const struct line *line, bool old);
	void (*amended)(void *self, const struct window *window,
	    const struct dchat_message *message);
	void (*text)(void *self, const struct window *window,
	    const char *text);
	void *self;
};

struct windows {
	struct windows_teller teller;
	struct group group;
	struct health health;
	struct doctor_lines doctor;
	struct window **items;	/* number - 1 is the index */
	size_t count, cap;
	size_t current;
	struct window *last;	/* before the current one, or NULL */
	uint64_t spoken;
	unsigned flags;
	enum scrollback_filter filter;	/* of comings */
	wall_ms spoke_ms;	/* so long nobody is silent to it */
	struct window_asked asked[WINDOWS_ASKED];
	size_t asked_count;
	char wanted[LIMIT_ROOM_NAME + 1];	/* to be shown once joined */
	bool changed;		/* set by whatever changes what is seen;
				 * cleared by who paints */
	/* Somebody wants this person: their name, where it is (in one, and
	 * apart), what they say.  pending: cleared by who rings. */
	struct windows_call {
		bool pending;
		char title[256];
		char nick[128], room[128], msg[MSG_TEXT];
		const char *kind;	/* "mention", "direct", "message" */
		wall_ms time;
		char text[LIMIT_TEXT];
	} call;
	struct attention attention;
	bool away;		/* the person looks at something else */
	bool arrived;		/* and has begun to do something here */
	char **order;		/* rooms of an earlier run, as they stood */
	size_t order_count;
};

/* flags: TEXT_ASCII or 0. */
void windows_init(struct windows *windows, unsigned flags);
void windows_free(struct windows *windows);

/* Takes in whatever the node tells, BYE included (which changes nothing). */
void windows_event(struct windows *windows, const struct dchat_event *event,
    wall_ms now);

/* -- what the person does ---------------------------------------------- */

/* A SAY is submitted with this token: its text is shown as pending. */
void windows_said(struct windows *windows, const struct window *window,
    uint64_t token, enum message_kind kind, const char *text, wall_ms now);

/*
 * Another command of the person's is submitted; its answer (names, peers,
 * leader, or what went wrong) will be written as lines where it was asked,
 * which is the current window.  room may be NULL.  A JOIN's answer brings
 * the room before the person.  Answers to tokens not told here only feed
 * the model.
 */
void windows_asked(struct windows *windows, uint64_t token,
    enum dchat_verb verb, const char *room);

/* A page of the window's history, so many messages, is asked for; told: its
 * answer is to be told. */
void windows_fetching(struct windows *windows, struct window *window,
    uint64_t token, size_t limit, bool told);

/* A page around window->visit, in place of all there is. */
void windows_visiting(struct windows *windows, struct window *window,
    uint64_t token, size_t limit);

/*
 * Which comings are hidden: at first those of people who said nothing in the
 * last spoke_ms (15 minutes).
 */
void windows_filter(struct windows *windows, enum scrollback_filter filter);

/* The person looks at this terminal, or away: then what comes is unread
 * even in the current window. */
void windows_attend(struct windows *windows, bool attend);

/*
 * Whom the person ignores, which rooms are quiet, which words are a mention;
 * each is false when nothing has changed.  `attention` is for reading.
 */
bool windows_ignore(struct windows *windows, const struct id *id, bool ignore);
bool windows_mute(struct windows *windows, const char *room, bool mute);
bool windows_loud(struct windows *windows, const char *room, bool loud);
bool windows_highlight(struct windows *windows, const char *word,
    bool highlight);

/* After attention_read(): all windows go by it. */
void windows_heed(struct windows *windows);

/*
 * The teller is told who came and who went since it was asked last, as one
 * text a room; and of a window its last so many messages, oldest first.
 */
void windows_tell_comings(struct windows *windows);
void windows_tell_last(struct windows *windows, const struct window *window,
    size_t messages);

/* A line in the current window. */
void windows_notice(struct windows *windows, enum line_kind kind,
    const char *text, wall_ms now);

/* -- which window ------------------------------------------------------ */

struct window *windows_current(const struct windows *windows);
/* NULL: not open.  By the name the node knows, case and all. */
struct window *windows_find(const struct windows *windows, const char *room);
/* 1, 2, ... */
size_t windows_number(const struct windows *windows,
    const struct window *window);

/*
 * What an earlier run had open: these rooms stand in this order from now on,
 * before all others, as they open / this room comes before the person, at
 * once or when it opens / a talk, by its room's name, was with a person of
 * this nick (NULL: not known).
 */
void windows_order(struct windows *windows, const char *const *rooms,
    size_t count);
void windows_want(struct windows *windows, const char *room);
void windows_talk(struct windows *windows, const char *room,
    const char *nick);

/* The talk with this person alone, opened if it is not. */
struct window *windows_direct(struct windows *windows, const struct id *id);
/* A direct one; it opens again when something is said there. */
void windows_close(struct windows *windows, struct window *window);

/* The newest lines of the current one are in view; they may have to be
 * fetched first: window->unfetched. */
void windows_live(struct windows *windows);

/* Each returns false when there is no such window, or it is the current. */
bool windows_select(struct windows *windows, size_t number);
bool windows_next(struct windows *windows);		/* round and round */
bool windows_previous(struct windows *windows);
bool windows_back(struct windows *windows);		/* the last one */
bool windows_next_active(struct windows *windows);	/* mentions first */

/* The room that windows_next_active() goes to, or NULL. */
struct window *windows_most_active(const struct windows *windows);

/* -- for completion and the panes -------------------------------------- */

/* Fills an array (owned by the caller, the texts are not) with their names;
 * returns the count. */
size_t windows_rooms(const struct windows *windows, const char **rooms,
    size_t cap);

/* Members of the window that are not dead or gone: "4/5". */
size_t windows_present(const struct windows *windows,
    const struct window *window);

#endif
