#include "host/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "host/diagnosis.h"

void
doctor_init(struct doctor *doctor, instant_ms now)
{
	*doctor = (struct doctor){ .began = now };
}

void
doctor_free(struct doctor *doctor)
{
	free(doctor->sightings);
	*doctor = (struct doctor){ 0 };
}

/* -- figures come ------------------------------------------------------- */

static struct doctor_sighting *
oldest_sighting(struct doctor *doctor)
{
	struct doctor_sighting *oldest = &doctor->sightings[0];

	for (size_t i = 1; i < doctor->sighting_count; i++)
		if (doctor->sightings[i].at < oldest->at)
			oldest = &doctor->sightings[i];
	return oldest;
}

void
doctor_heard(struct doctor *doctor, instant_ms now,
    const struct announce_heard *heard)
{
	struct doctor_sighting *sighting = NULL;

	for (size_t i = 0; i < doctor->sighting_count; i++) {
		struct doctor_sighting *other = &doctor->sightings[i];

		if (id_equal(&other->peer, &heard->peer) &&
		    other->interface == heard->interface &&
		    other->channel == heard->channel)
			sighting = other;
	}
	if (sighting == NULL) {
		if (doctor->sighting_count < DOCTOR_SIGHTINGS) {
			MEM_GROW(doctor->sightings, doctor->sighting_count,
			    doctor->sighting_cap);
			doctor->sighting_count++;
			sighting =
			    &doctor->sightings[doctor->sighting_count - 1];
		} else {
			sighting = oldest_sighting(doctor);
		}
		*sighting = (struct doctor_sighting){
			.peer = heard->peer,
			.interface = heard->interface,
			.channel = heard->channel,
		};
	}
	sighting->count++;
	sighting->at = now;
}

void
doctor_dial_failed(struct doctor *doctor, instant_ms now,
    const struct id *peer, const struct address *address, enum reason why)
{
	struct doctor_dial dial = { *peer, *address, why, now };
	size_t at = 0;

	while (at < doctor->dial_count &&
	    !(id_equal(&doctor->dials[at].peer, peer) &&
		address_equal(&doctor->dials[at].address, address)))
		at++;
	if (at == doctor->dial_count && at < DOCTOR_DIALS) {
		doctor->dial_count++;
	} else if (at == DOCTOR_DIALS) {
		at = 0;
		for (size_t i = 1; i < DOCTOR_DIALS; i++)
			if (doctor->dials[i].at < doctor->dials[at].at)
				at = i;
	}
	doctor->dials[at] = dial;
}

void
doctor_linked(struct doctor *doctor, const struct id *peer,
    const struct address *address)
{
	for (size_t i = doctor->dial_count; i-- > 0;)
		if (id_equal(&doctor->dials[i].peer, peer) ||
		    address_equal(&doctor->dials[i].address, address))
			MEM_REMOVE(doctor->dials, doctor->dial_count, i);
}

/* -- and are told ------------------------------------------------------- */

static void
describe_interfaces(const struct announce *announce,
    struct dchat_network *network, struct arena *arena)
{
	size_t count;
	struct dchat_interface *list;

	announce_interfaces(announce, &count);
	list = arena_alloc(arena, (count + 1) * sizeof *list);
	for (size_t i = 0; i < count; i++) {
		struct announce_interface from =
		    announce_interface(announce, i);

		list[i] = (struct dchat_interface){
			.name = arena_text(arena, from.name),
			.loopback = from.loopback,
			.point_to_point = from.point_to_point,
		};
		address_format(&from.address, list[i].address);
		/* an interface has no port */
		list[i].address[strcspn(list[i].address, ":")] = '\0';
		for (enum channel k = 0; k < CHANNEL_COUNT; k++)
			list[i].paths[k] = (struct dchat_path){
				from.paths[k].sent,
				from.paths[k].failed,
				from.paths[k].heard,
			};
	}
	network->interfaces = list;
	network->interface_count = count;
}

static const char *
interface_name(const struct announce *announce, unsigned index,
    struct arena *arena)
{
	size_t count;

	announce_interfaces(announce, &count);
	for (size_t i = 0; i < count; i++) {
		struct announce_interface from =
		    announce_interface(announce, i);

		if (from.index == index)
			return arena_text(arena, from.name);
	}
	return "";
}

static int
compare_sightings(const void *a, const void *b)
{
	const struct dchat_sighting *one = a, *other = b;
	int order = id_compare(&one->peer, &other->peer);

	if (order == 0)
		order = strcmp(one->interface, other->interface);
	return order != 0 ? order : (int)one->channel - (int)other->channel;
}

static void
describe_sightings(const struct doctor *doctor, instant_ms now,
    const struct announce *announce, struct dchat_network *network,
    struct arena *arena)
{
	struct dchat_sighting *list = arena_alloc(arena,
	    (doctor->sighting_count + 1) * sizeof *list);

	for (size_t i = 0; i < doctor->sighting_count; i++) {
		const struct doctor_sighting *from = &doctor->sightings[i];

		list[i] = (struct dchat_sighting){
			.peer = from->peer,
			.interface =
			    interface_name(announce, from->interface, arena),
			.channel = from->channel,
			.count = from->count,
			.ago_ms = now - from->at,
		};
	}
	qsort(list, doctor->sighting_count, sizeof *list, compare_sightings);
	network->sightings = list;
	network->sighting_count = doctor->sighting_count;
}

static void
describe_dials(const struct doctor *doctor, instant_ms now,
    const struct announce *announce, struct dchat_network *network,
    struct arena *arena)
{
	struct dchat_dial *list =
	    arena_alloc(arena, (doctor->dial_count + 1) * sizeof *list);

	for (size_t i = 0; i < doctor->dial_count; i++) {
		const struct doctor_dial *from = &doctor->dials[i];

		list[i] = (struct dchat_dial){
			.peer = from->peer,
			.reason = reason_name(from->why),
			.reachable =
			    announce_reaches(announce, &from->address),
			.ago_ms = now - from->at,
		};
		address_format(&from->address, list[i].address);
	}
	network->dials = list;
	network->dial_count = doctor->dial_count;
}

const struct dchat_network *
doctor_describe(const struct doctor *doctor, instant_ms now,
    const struct announce *announce, uint16_t port,
    const struct dchat_peer *peers, size_t peer_count, struct arena *arena)
{
	struct dchat_network *network = arena_alloc(arena, sizeof *network);
	struct dchat_finding *findings =
	    arena_alloc(arena, DIAGNOSIS_MAX * sizeof *findings);

	*network = (struct dchat_network){
		.up_ms = now - doctor->began,
		.port = port,
		.discovery_port = announce_port(announce),
		.peers = peers,
		.peer_count = peer_count,
		.foreign = announce_counters(announce).foreign,
		.twice = doctor->twice,
	};
	describe_interfaces(announce, network, arena);
	describe_sightings(doctor, now, announce, network, arena);
	describe_dials(doctor, now, announce, network, arena);
	network->finding_count = diagnose(network, findings);
	network->findings = findings;
	return network;
}
