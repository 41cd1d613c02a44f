/*
 * fake_dchat: a node that does as it is told, behind the real door.
 *
 * Implements dchat.h for the screen tests: a test says what happens in the
 * group, the interface hears of it as from a real node.  Its commands are
 * answered at once after the turn, from what has been told so far.
 */
#ifndef DCHAT_TESTS_FAKE_DCHAT_H
#define DCHAT_TESTS_FAKE_DCHAT_H

#include "dchat.h"

/* The people; zoe is the one at the keyboard. */
enum fake_person {
	ANA,
	BOB,
	EVE,
	ZOE,
	MEI,			/* a nick of wide characters */
	MALLORY,		/* a nick of bad intentions */
	FAKE_PEOPLE,
	NOBODY = FAKE_PEOPLE,
};

struct id fake_id(enum fake_person person);
const char *fake_nick(enum fake_person person);

/* What happens; each is a turn of its own. */
void fake_ready(struct dchat *fake);
/* Before it is ready: since when there is its profile (1970). */
void fake_born(struct dchat *fake, wall_ms since);
void fake_join(struct dchat *fake, const char *room, enum fake_person who);
void fake_part(struct dchat *fake, const char *room, enum fake_person who);
void fake_say(struct dchat *fake, const char *room, enum fake_person who,
    const char *text, wall_ms time);
void fake_act(struct dchat *fake, const char *room, enum fake_person who,
    const char *text, wall_ms time);
void fake_peer(struct dchat *fake, enum fake_person who,
    enum member_state state, const char *reason);
void fake_leader(struct dchat *fake, enum fake_person who, uint64_t term,
    instant_ms took_ms);
void fake_electing(struct dchat *fake, uint64_t term, unsigned phase,
    unsigned reach, const char *role);
void fake_warning(struct dchat *fake, const char *text);
/* Out of reach from now on; and back, with so many messages of a room. */
void fake_lost(struct dchat *fake, enum fake_person who);
/* Somebody is, just now. */
void fake_typing(struct dchat *fake, const char *room, enum fake_person who);
/* So many of somebody's messages wait for one of another's. */
void fake_held(struct dchat *fake, const char *room, enum fake_person who,
    size_t count, enum fake_person cause);
void fake_healed(struct dchat *fake, enum fake_person who, const char *room,
    size_t merged);

/* Refers to what was said so many messages before, counted from 1. */
void fake_refer(struct dchat *fake, const char *room, enum fake_person who,
    enum message_kind kind, unsigned back, const char *text, wall_ms time);
/* To zoe alone. */
void fake_whisper(struct dchat *fake, enum fake_person who, const char *text,
    wall_ms time);
/* Something before it is missing for good. */
void fake_say_after_gap(struct dchat *fake, const char *room,
    enum fake_person who, const char *text, wall_ms time);
/* What zoe said last has come to so many of those who were there. */
void fake_delivered(struct dchat *fake, unsigned have, unsigned of);
/* From now on the person is shown so. */
void fake_rename(struct dchat *fake, enum fake_person who, const char *nick,
    const char *reason);
/* For this reason; NULL: is back. */
void fake_away(struct dchat *fake, enum fake_person who, const char *why);
void fake_set_topic(struct dchat *fake, const char *room,
    enum fake_person who, const char *topic);

/* From now on whoever looks is told of this group (tests/screen/fake_health);
 * borrowed. */
struct fake_crowd;
void fake_crowd(struct dchat *fake, const struct fake_crowd *crowd);

/* An earlier run was in these rooms: "#lobby\n#ops\n". */
void fake_was_in(const char *rooms);
/* What the interface wanted to be remembered is forgotten; else the next
 * node knows it. */
void fake_forget(void);

/* Nothing happens, but what was asked is answered. */
void fake_turn(struct dchat *fake);

/* From now on what is said is not stored: no answer comes. */
void fake_hold(struct dchat *fake);
/* What is said, asked or wanted is refused from now on; ERROR_NONE: not. */
void fake_refuse(struct dchat *fake, enum error code);

/* A room as ROOMS tells it. */
void fake_room(struct dchat *fake, const char *room, const char *topic,
    size_t unread);

/* So many messages of a room of earlier days: "1 of yesterday" and so on. */
void fake_past(struct dchat *fake, const char *room, size_t count,
    wall_ms time);
/* Whether the disk is slow: HISTORY is answered when it is not any more. */
void fake_slow_disk(struct dchat *fake, bool slow);

/* The last command that was submitted, with copies of its texts. */
struct fake_heard {
	enum dchat_verb verb;
	size_t count;		/* commands so far */
	char room[80], text[256], address[80], to[80], nick[80], msg[32];
	size_t reads;		/* HISTORY of one so far; the last one's */
	char read[80];		/* room */
	size_t histories;	/* the others so far; the last one's: */
	size_t limit;
	char before[32];
	size_t typings;		/* TYPING so far; the last one's: */
	char typed[80];		/* room */
	size_t looks;		/* STATUS by somebody who looks */
	bool quit;
};
const struct fake_heard *fake_heard(const struct dchat *fake);

#endif
