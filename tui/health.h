/*
 * health: what the last STATUS told of the group to somebody who looks.
 *
 * A copy that outlives the event, fed by it and read by the health panel;
 * names are in display form.
 */
#ifndef DCHAT_TUI_HEALTH_H
#define DCHAT_TUI_HEALTH_H

#include "base/mem.h"
#include "dchat.h"

/* Authors of a room's clock; several epochs of one are one after the other. */
struct health_author {
	const char *nick;
	const struct dchat_clock_entry *entries;
	size_t count;
};

/* What waits in a room, of one author. */
struct health_holding {
	struct id author;
	const char *nick, *waiting_for;	/* "ana, bob" */
	size_t count;
	instant_ms waited_ms;
};

struct health_room {
	const char *name;
	struct health_author *authors;
	size_t author_count;
	size_t held;
	struct health_holding *holdings;
	size_t holding_count;
};

/* `nick` and the like of these are in display form. */
struct health {
	bool known;
	struct id self, leader;
	size_t ring_count;
	unsigned local_health;
	bool self_suspicion;
	struct dchat_peer *peers;		/* ascending by id */
	const char **accusers;			/* of each peer: "ana, bob" */
	size_t peer_count;
	struct dchat_election *elections;	/* oldest first */
	size_t election_count;
	struct health_room *rooms;
	size_t room_count;
	uint64_t *traffic[FLOW_COUNT];
	size_t traffic_seconds;
	struct arena arena;	/* of all this */
};

void health_init(struct health *health);
void health_free(struct health *health);

/* Nothing when the status was not for somebody who looks. */
void health_take(struct health *health, const struct dchat_status *status,
    unsigned flags);

#endif
