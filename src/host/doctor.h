/*
 * doctor: figures of how others are heard and reached, kept for the person
 * who asks why two machines do not see each other.
 *
 * Bounded: the sightings and dials that are the longest ago make room.
 */
#ifndef DCHAT_HOST_DOCTOR_H
#define DCHAT_HOST_DOCTOR_H

#include "base/mem.h"
#include "core/frame.h"
#include "dchat.h"
#include "host/announce.h"

enum {
	DOCTOR_SIGHTINGS = 512,
	DOCTOR_DIALS = 32,
};

struct doctor_sighting {
	struct id peer;
	unsigned interface;
	enum channel channel;
	uint64_t count;
	instant_ms at;
};

struct doctor_dial {
	struct id peer;
	struct address address;
	enum reason why;
	instant_ms at;
};

struct doctor {
	instant_ms began;
	struct doctor_sighting *sightings;
	size_t sighting_count, sighting_cap;
	struct doctor_dial dials[DOCTOR_DIALS];
	size_t dial_count;
	bool twice;
};

void doctor_init(struct doctor *doctor, instant_ms now);
void doctor_free(struct doctor *doctor);

void doctor_heard(struct doctor *doctor, instant_ms now,
    const struct announce_heard *heard);
void doctor_dial_failed(struct doctor *doctor, instant_ms now,
    const struct id *peer, const struct address *address, enum reason why);
/* A link to it is up: what failed before is no news any more. */
void doctor_linked(struct doctor *doctor, const struct id *peer,
    const struct address *address);

/* All of it, and what it means; in the arena. */
const struct dchat_network *doctor_describe(const struct doctor *doctor,
    instant_ms now, const struct announce *announce, uint16_t port,
    const struct dchat_peer *peers, size_t peer_count, struct arena *arena);

#endif
