/*
 * scrollback: the lines of one room in the order in which a person reads
 * them, and which of them are on the screen.
 *
 * Messages stand in the display order of the protocol: by hlc, then author,
 * then seq, then index.  It is the same at every peer, whatever order they
 * came in; one that comes late slides into its place.  Events and notices
 * stay where they were when they came.  Own messages that are not safe yet
 * (pending) stand below everything, until the delivered message takes their
 * place.  Day lines and the unread line are made while rows are made.
 *
 * Bounded: SCROLLBACK_LINES and SCROLLBACK_BYTES.  What is far from the view
 * goes first: the oldest lines, or the newest ones when the person has
 * scrolled far up; the history on disk has them all.  Older lines come back
 * in pages while one scrolls up; where the newest have gone (it is "cut"),
 * what comes is counted only, until the newest page is fetched again.
 * Texts and nicks are cleaned (tui/text) on their way in.
 *
 * Not all lines are shown: quiet ones (comings and goings of people who said
 * nothing lately) are not while the filter is on, nor all comings if that is
 * wished, and what ignored people say is not.  They are kept, so that they can come back.
 *
 * Rows are found from the bottom of the view upwards, so that painting costs
 * what is visible and not what is kept.
 */
#ifndef DCHAT_TUI_SCROLLBACK_H
#define DCHAT_TUI_SCROLLBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "amend.h"
#include "base/id.h"
#include "base/instant.h"
#include "dchat.h"

enum {
	SCROLLBACK_LINES = 3000,	/* more is in the database; and */
	SCROLLBACK_BYTES = 2 << 20,	/* of text: the idle memory goal */
};

/* In the order of the setting "filter". */
enum scrollback_filter {
	FILTER_NONE,
	FILTER_QUIET,		/* quiet lines are hidden */
	FILTER_COMINGS,		/* all comings are */
};

enum line_kind {
	LINE_TEXT,		/* somebody says */
	LINE_ACTION,		/* somebody does: "/me waves" */
	LINE_COMING,		/* comings and goings */
	LINE_EVENT,		/* leader, election, partition */
	LINE_NOTICE,		/* answers of commands, help, warnings */
	LINE_ERROR,		/* what did not work */
	LINE_MERGED,		/* a rule: what was cut off came in here */
};

/* What is known of a message besides what it says. */
enum {
	LINE_OWN = 1,		/* written by this person */
	LINE_MENTION = 2,	/* names this person */
	LINE_IGNORED = 4,	/* by somebody the person does not listen to */
	LINE_PAST = 8,		/* handed over to who is new: not unread */
};

struct line {
	enum line_kind kind;
	/* Pending: said here, not acknowledged yet; its token. */
	bool pending;
	uint64_t token;
	bool self;		/* written by this person */
	bool mention;		/* names this person */
	bool deleted;		/* by its author */
	bool ignored;		/* its author is: not shown */
	bool quiet;		/* not shown while the filter is on */
	bool answer;		/* to a command: gone when the room is left */
	bool late;		/* slid in above lines that were there */
	bool gap;		/* something before it is missing for good */
	/* Own messages: so many of the room have it, oneself included; of
	 * == 0: not known. */
	unsigned have, of;
	bool stable;
	char msg[MSG_TEXT];	/* messages; else "" */
	struct id author;	/* messages */
	char *nick;		/* messages: display form; else NULL */
	char *text;		/* display form, newlines kept */
	wall_ms time;		/* messages: the author's clock */
	wall_ms arrived;	/* here */
	uint64_t hlc, seq;	/* messages: the place in the order */
	unsigned index;
	char ref[MSG_TEXT];	/* replies: of what; else "" */
	/* Of the text: what is above `body` is how the message begins that
	 * this one answers; what is from `tail` on (0: nothing) are the
	 * reactions to it, and what it said before. */
	size_t body, tail;

	/* scrollback's own */
	char *said;		/* as its author first wrote it, if the text
				 * is more or something else; or NULL */
	int day;		/* local: year * 366 + day of the year */
	unsigned wrap_width, wrap_rows;
};

struct scrollback;

/* flags: TEXT_ASCII or 0. */
struct scrollback *scrollback_new(unsigned flags);
void scrollback_destroy(struct scrollback *scrollback);

/* -- lines come -------------------------------------------------------- */

/*
 * Puts a message in its place; with a token, the pending line of that token
 * goes.  flags: LINE_OWN and so on.  What was not said just now (live is
 * false) also stands above the events that are younger.  Returns the line (valid until the next change)
 * or NULL if the message is there already, or belongs where only the
 * history has lines: above the oldest or, when it is cut, below the newest.
 */
const struct line *scrollback_message(struct scrollback *scrollback,
    const struct dchat_message *message, unsigned flags, wall_ms now);

/*
 * A reaction, edit or delete came: it changes another line.  False: nothing
 * that is here looks any different.
 */
bool scrollback_refer(struct scrollback *scrollback,
    const struct dchat_message *message);

/* What became of the messages. */
const struct amends *scrollback_amends(const struct scrollback *scrollback);

/* The line of a message, or NULL. */
const struct line *scrollback_find(const struct scrollback *scrollback,
    const char *msg);

/* A line of our own (not LINE_TEXT or LINE_ACTION) at the end. */
const struct line *scrollback_event(struct scrollback *scrollback,
    enum line_kind kind, const char *text, wall_ms now);

/* The same, an answer to a command; they do not stay for ever. */
const struct line *scrollback_answer(struct scrollback *scrollback,
    enum line_kind kind, const char *text, wall_ms now);
void scrollback_drop_answers(struct scrollback *scrollback);

/* The same, a LINE_COMING. */
const struct line *scrollback_coming(struct scrollback *scrollback,
    bool quiet, const char *text, wall_ms now);

/*
 * Rewrites a LINE_COMING that still says `was`, if nothing but others of
 * its kind has come after it (pending ones aside); else it is false.
 */
bool scrollback_amend(struct scrollback *scrollback, const struct line *line,
    const char *was, const char *text);

/* What the person has just said and the node has not stored yet. */
const struct line *scrollback_pending(struct scrollback *scrollback,
    uint64_t token, enum message_kind kind, const struct id *author,
    const char *nick, const char *text, wall_ms now);

/*
 * The node refused it: its text stays to be read (and copied), as a
 * LINE_ERROR "not sent: TEXT (problem)".  NULL: no such pending line.
 */
const struct line *scrollback_refuse(struct scrollback *scrollback, uint64_t token,
    const char *problem, wall_ms now);

/* An own message has come to so many; false: it is not here. */
bool scrollback_delivered(struct scrollback *scrollback, const char *msg,
    unsigned have, unsigned of, bool stable);

/* Something said here is not safe yet. */
bool scrollback_is_pending(const struct scrollback *scrollback);

/* Nobody has said anything here. */
bool scrollback_is_silent(const struct scrollback *scrollback);

/* The newest own message that has an id, or NULL; as scrollback_line() / the
 * newest of somebody else. */
const struct line *scrollback_own(const struct scrollback *scrollback);
const struct line *scrollback_other(const struct scrollback *scrollback);

size_t scrollback_count(const struct scrollback *scrollback);
/* 0 is the oldest; the pointer is valid until the next change. */
const struct line *scrollback_line(const struct scrollback *scrollback,
    size_t index);
/* Which comings are hidden / whatever this person says is, or not any more. */
void scrollback_filter(struct scrollback *scrollback,
    enum scrollback_filter filter);
void scrollback_ignore(struct scrollback *scrollback, const struct id *author,
    bool ignored);

/* It is hidden neither way. */
bool scrollback_shows(const struct scrollback *scrollback,
    const struct line *line);

/* Whether one of the last so many messages is by this author and not older
 * than that. */
bool scrollback_spoke(const struct scrollback *scrollback,
    const struct id *author, wall_ms since, size_t messages);

/* The widest nick of the last so many lines, in cells. */
size_t scrollback_nick_width(const struct scrollback *scrollback,
    size_t lines);

/* -- the history ------------------------------------------------------- */

/* The history has older lines than these, as far as is known here. */
bool scrollback_has_older(const struct scrollback *scrollback);

/* The same, nobody fetches them yet, and the view is near the oldest line. */
bool scrollback_wants_older(struct scrollback *scrollback, size_t width,
    size_t height);

/* There is nothing older than these, and that is known. */
bool scrollback_is_whole(const struct scrollback *scrollback);

/* So many bundles of messages are older, and nobody here has them. */
void scrollback_note_lost(struct scrollback *scrollback, uint64_t lost);
uint64_t scrollback_lost(const struct scrollback *scrollback);

/* The msg before which to ask for more; NULL: there is no message here. */
const char *scrollback_oldest(const struct scrollback *scrollback);

/* Somebody fetches older lines; a row above the oldest says so. */
void scrollback_fetching(struct scrollback *scrollback, bool fetching);

/*
 * A page of the history has come: to be called before and after its
 * messages are put in, the oldest of which is first (NULL: it is empty);
 * more: there may be older ones still.
 */
void scrollback_page_begin(struct scrollback *scrollback,
    const struct dchat_message *first, bool more);
void scrollback_page_end(struct scrollback *scrollback, wall_ms now);

/* All lines go but the pending ones; the history can bring them back. */
void scrollback_clear(struct scrollback *scrollback);

/* Another part of the history comes in place of all lines but the pending
 * ones / and there is more below it: it is cut. */
void scrollback_visit(struct scrollback *scrollback);
void scrollback_cut_below(struct scrollback *scrollback, wall_ms now);

/* The newest lines are not here: fetch the newest page after a reload, which
 * keeps only what was told since. */
bool scrollback_is_cut(const struct scrollback *scrollback);
void scrollback_reload(struct scrollback *scrollback);

/* -- the unread line --------------------------------------------------- */

/*
 * The person goes to another room: the unread line goes, and comes back
 * above the next message of somebody else / looks away for a while: it
 * stays until there is such a message / looks again: it stays where it is,
 * and what comes now is read as it comes.
 */
void scrollback_mark(struct scrollback *scrollback);
void scrollback_watch(struct scrollback *scrollback);
void scrollback_unmark(struct scrollback *scrollback);

/* So many messages of others at the end are unread: it is above them.
 * Returns how many more there would have to be. */
size_t scrollback_mark_last(struct scrollback *scrollback, size_t unread);

/* The first unread message, or NULL / messages from there on, own ones and
 * all. */
const struct line *scrollback_unread(const struct scrollback *scrollback);
size_t scrollback_unread_messages(const struct scrollback *scrollback);

/* -- the view ---------------------------------------------------------- */

enum scrollback_row_kind {
	ROW_LINE,
	ROW_FETCHING,		/* older lines are on their way */
	ROW_BEGIN,		/* there are none: the room begins here */
	ROW_DAY,		/* text of its own: scrollback_day_text() */
	ROW_GAP,		/* something is missing here for good */
	ROW_UNREAD,
};

struct scrollback_row {
	enum scrollback_row_kind kind;
	const struct line *line;	/* but for ROW_LINE: the one below */
	bool focused;			/* it is the line in focus */
	size_t part;			/* 0: the line's first row */
	size_t offset, size, cells;	/* of line->text */
};

/*
 * What is to be seen, for a text column of `width` cells (>= 1) and
 * `height` rows: fills rows[0..] from the top and returns how many there
 * are, less than height only when nothing more is above.  Painted at the
 * bottom of the pane or at its top, as the view likes.  The rows are valid
 * until the next change.
 */
size_t scrollback_rows(struct scrollback *scrollback, size_t width,
    size_t height, struct scrollback_row rows[]);

/* "Monday 23 November 2026" of a line, in the locale's words. */
void scrollback_day_text(const struct line *line, char text[static 64]);

/*
 * Scrolls by so many rows, up when negative, within what there is.  Once
 * scrolled up the view stays where it is while lines come, until it is
 * scrolled down to the end again, or brought there.
 */
void scrollback_scroll(struct scrollback *scrollback, size_t width,
    size_t height, long rows);
void scrollback_live(struct scrollback *scrollback);
bool scrollback_is_live(const struct scrollback *scrollback);

/* The line comes into view with so many rows above it, if there are. */
void scrollback_show(struct scrollback *scrollback, size_t width,
    size_t height, const struct line *line, size_t above);

/*
 * The line that a person is led to is in focus until the view is live
 * again or the room is left; NULL: none.  Of it is told who reacts, by name,
 * and what it said before it was changed.
 */
void scrollback_focus(struct scrollback *scrollback, const struct line *line);

const struct line *scrollback_focused(const struct scrollback *scrollback);

/* The line comes into view, if it is not, by as little as need be. */
void scrollback_reveal(struct scrollback *scrollback, size_t width,
    size_t height, const struct line *line);

/* The nearest message above (or below) the line in focus, or else the last
 * row in view; NULL: there is none. */
const struct line *scrollback_message_near(
    const struct scrollback *scrollback, bool above);

/* The nearest mention above (or below) the line in focus, or else the last
 * row in view; NULL: there is none. */
const struct line *scrollback_mention(const struct scrollback *scrollback,
    bool above);

/* The last line in view; NULL: the very last. */
const struct line *scrollback_bottom(const struct scrollback *scrollback);

/* Lines that came below since the view was scrolled up: "12 new". */
size_t scrollback_new_lines(const struct scrollback *scrollback);

#endif
