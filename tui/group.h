/*
 * group: what the interface knows of the group as a whole: who I am, who
 * the others are, who leads, what the election does.  Fed by events, read
 * by the status bar and the member pane.  A pure model; names are in
 * display form.
 */
#ifndef DCHAT_TUI_GROUP_H
#define DCHAT_TUI_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/instant.h"
#include "dchat.h"

struct group_peer {
	struct id id;
	char *nick;
	char *away;		/* why they are, or ""; NULL: they are here */
	enum member_state state;
	double rtt_ms;		/* < 0: not measured */
	wall_ms since;		/* when this state was heard of */
	wall_ms silent_since;	/* as the last PEERS told; 0: not told */
};

struct group {
	unsigned flags;		/* TEXT_ASCII or 0 */

	/* me; once READY has come */
	bool ready;
	struct id self;
	char *nick, *network, *version, *profile;
	char *away;		/* as a peer's */
	uint16_t port;
	wall_ms since;		/* the profile's first start */

	/* the others, in id order; never oneself */
	struct group_peer *peers;
	size_t peer_count, peer_cap;

	/* who leads; none: nobody */
	struct id leader;
	struct id led_last;	/* who led, not just provisionally, before */
	char *leader_nick;
	bool leader_self, provisional;
	uint64_t term;

	/* the election of this moment */
	bool electing;
	uint64_t election_term;
	unsigned phase, reach;
	char role[16];

	/* what the last STATUS said */
	bool status_known;
	enum group_state state;
	size_t held;
	double rtt_ms;		/* < 0: unknown */
	char *interfaces;	/* "eth0, wlan0" */
	char *lost;		/* nicks out of reach: "eve, bob"; or "" */
	wall_ms cut_at;		/* when that was told first; 0: nobody is */

	/* What happened last to one of the others, "eve silent 5.2 s" or
	 * "bob is back"; "" at first.  A failure explains an election. */
	char news[256];
	wall_ms news_at;
	bool news_failure;
	/* How the leader came to lead. */
	wall_ms led_at;		/* when; 0: not, or only provisionally */
	instant_ms led_took_ms;	/* < 0: not by an election seen here */
	bool led_failure;	/* the news before explain it */
	char alarm[256];	/* what is wrong here: a WARNING, the disk */
	wall_ms alarm_at;
	bool alarm_disk;
};

void group_init(struct group *group, unsigned flags);
void group_free(struct group *group);

/* READY, PEER, LEADER, ELECTION, NICK, AWAY, WARNING, the OK of PEERS and STATUS,
 * and errors of the disk; the rest changes nothing. */
void group_event(struct group *group, const struct dchat_event *event,
    wall_ms now);

/* The disk takes what is said: that alarm is over. */
void group_stored(struct group *group);

/* A nick in display form, or the short id when nothing of it is left; the
 * caller frees it. */
char *group_name(const char *nick, const struct id *id, unsigned flags);

/* NULL: never heard of, or oneself. */
const struct group_peer *group_peer(const struct group *group,
    const struct id *id);

/* Others believed alive (suspects included). */
size_t group_alive(const struct group *group);

/* MEMBER_ALIVE for oneself and for those never heard of. */
enum member_state group_state_of(const struct group *group,
    const struct id *id);

/* "alive", "silent", "gone", "left" */
const char *group_state_word(enum member_state state);

/* "bob is gone: no sign of life"; reason as PEER gives it. */
void group_gone(const char *nick, const char *reason,
    char text[static 256]);

/* Why somebody is away, or ""; NULL: they are not, or gone altogether. */
const char *group_away(const struct group *group, const struct id *id);

/* For so long a peer gives no sign of life. */
instant_ms group_silence(const struct group_peer *peer, wall_ms now);
/* The suspect that is silent longest, and how many there are; NULL: none. */
const struct group_peer *group_suspect(const struct group *group,
    size_t *count);

/* A state as of status, without asking: alone, electing, steady. */
enum group_state group_condition(const struct group *group);

/* Some fell out of reach lately enough for the banner. */
bool group_cut(const struct group *group, wall_ms now);

/* "eve, bob", or short ids of those never heard of; the caller frees it. */
char *group_names(const struct group *group, const struct id *ids,
    size_t count);

#endif
