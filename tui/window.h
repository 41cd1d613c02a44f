/*
 * window: one room as a person has it open: its lines, its members, what is
 * unread, what they wrote there.  A part of tui/windows, which says what
 * happens when.
 */
#ifndef DCHAT_TUI_WINDOW_H
#define DCHAT_TUI_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dchat.h"
#include "tui/comings.h"
#include "tui/group.h"
#include "tui/recall.h"
#include "tui/scrollback.h"
#include "tui/typists.h"
#include "tui/waiting.h"

/* How much a room wants to be looked at. */
enum activity {
	ACTIVITY_NONE,
	ACTIVITY_JOIN,		/* comings, goings, events */
	ACTIVITY_MESSAGE,
	ACTIVITY_MENTION,
};

struct window_member {
	struct id id;
	char *nick;		/* display form */
	bool self;
	uint64_t spoke;		/* higher: more recently; 0: never */
	bool missed;		/* that they are gone was told */
};

struct window {
	char *room;		/* as the node knows it; NULL: home */
	char *name;		/* display form; "dchat" at home */
	bool direct;		/* a talk with one person alone: */
	struct id peer;		/* them; room is "@" and their id */
	char *topic;		/* display form; "" without one */
	struct scrollback *scrollback;
	struct recall *recall;
	enum activity activity;	/* NONE while current */
	bool muted;		/* it makes no sound and raises little of it */
	size_t unread, mentions;	/* messages since last looked at */
	bool counted;		/* what an earlier run left unread is known: */
	size_t unread_before;	/* so much, its line not placed yet */
	bool read_more;		/* since the node was told what is read */
	struct window_member *members;	/* by nick, then id */
	size_t member_count, member_cap;

	/* The history: the newest page is to be asked for when the window
	 * is looked at; or a page of so many messages is on its way; the
	 * person waits to hear of it. */
	bool unfetched;
	uint64_t fetch_token;	/* 0: none */
	size_t fetch_limit;
	bool fetch_told;

	/* The message to be led to, or ""; the page around it was fetched, in
	 * place of all that was here. */
	char visit[MSG_TEXT];
	bool visiting, visited;

	/* Comings in a row are one line; two, if some of them are quiet. */
	struct comings comings[2];
	struct comings untold;	/* of those, what is yet to be told */
	struct waiting waiting;	/* what cannot be shown yet */
	struct typists typists;	/* what is not even said */
	wall_ms joined_at;	/* oneself */
	bool here_told;		/* who was there then */
};

/* A home window.  flags: TEXT_ASCII or 0. */
struct window *window_new(unsigned flags);
void window_destroy(struct window *window);

/* It becomes that of a room; NULL: home. */
void window_set_room(struct window *window, const char *room, unsigned flags);

/* The name of the other of a direct one; true: it had another. */
bool window_set_peer(struct window *window, const char *nick);

/* By nick, then id. */
int window_compare_members(const struct window_member *a,
    const struct window_member *b);

/* NULL: no member. */
struct window_member *window_member(const struct window *window,
    const struct id *id);

/* False: there already, or too many.  nick as the node says it. */
bool window_add(struct window *window, const struct id *id, const char *nick,
    bool self, unsigned flags);
void window_remove(struct window *window, struct window_member *member);
void window_remove_all(struct window *window);

/* nick in display form. */
void window_rename(struct window *window, struct window_member *member,
    const char *nick);

#endif
