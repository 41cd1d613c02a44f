/*
 * theme: what each thing on the screen looks like.
 *
 * Views name things by what they are (enum style); only this module knows
 * colours and attributes.  It serves terminals of 0, 8, 16, 256 and direct
 * colours, dark and light backgrounds, and NO_COLOR (https://no-color.org).
 * Every style differs from plain text by more than its colour, or stands
 * for something that a mark or a word says too: nothing is said by colour
 * alone.
 *
 * A nick's colour comes from the hash of its owner's id, so it is the same
 * on every screen with as many colours.  In 256 colours only those are used
 * whose contrast with the background is readable (WCAG 2, relative
 * luminance).
 */
#ifndef DCHAT_TUI_THEME_H
#define DCHAT_TUI_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

/* constant, its name in a file (dchat-theme(5)), what looks so */
#define STYLES(X)                                                             \
	X(PLAIN, "plain", "what people say")                                  \
	X(DIM, "dim", "times, day lines, what is pending")                    \
	X(BORDER, "border", "the lines between the panes")                    \
	X(TITLE, "title", "the name in a border")                             \
	X(TOPIC, "topic", "the topic of a room")                              \
	X(CURRENT, "current", "the room before you; what is chosen")          \
	X(ACTIVE, "active", "rooms with unread lines")                        \
	X(MENTION, "mention", "your nick, and rooms in which it was said")    \
	X(LEADER, "leader", "the star of the leader")                         \
	X(SUSPECT, "suspect", "who is silent for too long")                   \
	X(GOOD, "good", "what is as it should be")                            \
	X(BUSY, "busy", "an election")                                        \
	X(BAD, "bad", "who is out of reach, what is broken")                  \
	X(ACTION, "action", "/me waves")                                      \
	X(NOTICE, "notice", "what dchat itself says")                         \
	X(ERROR, "error", "what went wrong")                                  \
	X(UNREAD, "unread", "the line between read and unread")               \
	X(PROMPT, "prompt", "the room before the input line")                 \
	X(KEY, "key", "names of keys and commands in the help")

enum style {
#define X(constant, name, help) STYLE_##constant,
	STYLES(X)
#undef X
	STYLE_NICK,		/* and up: theme_nick_style() */
};

enum { THEME_NICKS = 64 };	/* most colours for nicks */

/* How a style is drawn. */
struct look {
	bool bold, dim, reverse, italic, underline;
	int pair;		/* of curses; 0: the terminal's own colours */
};

enum { MARKS_LEVELS = 5 };

/* Marks; other characters where the locale is not UTF-8. */
struct marks {
	const char *horizontal, *vertical;
	const char *top_left, *top_right, *bottom_left, *bottom_right;
	const char *tee_down, *tee_up;
	const char *leader;	/* one cell */
	const char *suspect;	/* one cell */
	const char *activity;	/* before the number of mentions */
	const char *steady;
	const char *dot;	/* between two parts of a sentence */
	const char *dash;	/* between a room and its topic */
	const char *more;	/* there is more below */
	const char *action;	/* before "ana waves" */
	const char *notice;	/* before what dchat says */
	const char *pending;	/* a message on its way to the disk */
	const char *sent;	/* one that is safe there, and sent */
	const char *everybody;	/* one that all of the room have */
	const char *late;	/* one that slid in above others */
	const char *gap;	/* something before it is missing for good */
	const char *self;	/* in the ring: oneself, */
	const char *linked;	/* somebody with a link, */
	const char *unlinked;	/* without one, */
	const char *gone;	/* and who was declared dead */
	const char *curve, *chord;	/* of the ring and across it */
	const char *levels[MARKS_LEVELS];	/* bars, the lowest first */
};

struct theme {
	bool ascii;
	struct marks marks;
	unsigned nicks;		/* nick styles in use; >= 1 */
	struct look looks[STYLE_NICK + THEME_NICKS];
};

/* In the order of the setting "theme". */
enum theme_choice {
	THEME_AUTO,		/* as terminal and environment say */
	THEME_DARK,
	THEME_LIGHT,
	THEME_NONE,		/* no colours */
	THEME_FILE,		/* any other word: a file of that name */
};

/*
 * A colour: the terminal's own, a number of the xterm palette, or
 * INK_EXACT | 0xRRGGBB.  Where a terminal has not that many, the nearest
 * one is taken.
 */
enum {
	INK_NEAREST = -2,	/* for struct design: of the other one */
	INK_OWN = -1,
	INK_EXACT = 1 << 24,
};

/* How a style is meant. */
struct design {
	struct look look;	/* its pair is not looked at; dim only holds
				 * where the ink is the terminal's own */
	int ink, paper;
	int of8, of16;		/* the ink where there are no more colours */
};

/* What a theme says for one background. */
struct theme_design {
	struct design styles[STYLE_NICK];
	int nicks[THEME_NICKS];
	unsigned nick_count;	/* 0: chosen by their contrast */
};

/* What dchat says itself; for files that say less than all. */
void theme_design_init(struct theme_design *design, bool light);

/* What the terminal itself has answered about its background. */
enum theme_ground {
	GROUND_UNKNOWN,		/* nothing: COLORFGBG decides, or it is dark */
	GROUND_DARK,
	GROUND_LIGHT,
};

/*
 * Makes the theme for the terminal that curses was started on; after
 * start_color(), if there are colours.  ascii: the person's locale cannot
 * show more.  Left to itself (THEME_AUTO) it obeys NO_COLOR and the ground.
 * designs: of a file (THEME_FILE), for a dark and for a light ground.
 */
void theme_init(struct theme *theme, bool ascii, enum theme_choice choice,
    const struct theme_design designs[2], enum theme_ground ground);

/* The ground that a colour 0xRRGGBB is. */
enum theme_ground theme_ground_of(uint32_t colour);

/* The style of a person's nick. */
int theme_nick_style(const struct theme *theme, const struct id *id);

#endif
