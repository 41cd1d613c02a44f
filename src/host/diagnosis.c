#include "host/diagnosis.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct findings {
	struct dchat_finding *items;
	size_t count;
};

static void found(struct findings *findings, const char *code,
    enum finding_grade grade, const char *next, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static void
found(struct findings *findings, const char *code, enum finding_grade grade,
    const char *next, const char *format, ...)
{
	struct dchat_finding *finding;
	va_list arguments;

	if (findings->count == DIAGNOSIS_MAX)
		return;
	finding = &findings->items[findings->count++];
	finding->code = code;
	finding->grade = grade;
	snprintf(finding->next, sizeof finding->next, "%s", next);
	va_start(arguments, format);
	vsnprintf(finding->text, sizeof finding->text, format, arguments);
	va_end(arguments);
}

/* -- figures ------------------------------------------------------------ */

static uint64_t
heard_on(const struct dchat_interface *interface)
{
	uint64_t heard = 0;

	for (enum channel i = 0; i < CHANNEL_COUNT; i++)
		heard += interface->paths[i].heard;
	return heard;
}

/* Without being asked: by broadcast or multicast. */
static uint64_t
overheard_on(const struct dchat_interface *interface)
{
	return heard_on(interface) - interface->paths[CHANNEL_UNICAST].heard;
}

static uint64_t
sent_on(const struct dchat_interface *interface)
{
	uint64_t sent = 0;

	for (enum channel i = 0; i < CHANNEL_COUNT; i++)
		sent += interface->paths[i].sent;
	return sent;
}

static uint64_t
failed_on(const struct dchat_interface *interface)
{
	uint64_t failed = 0;

	for (enum channel i = 0; i < CHANNEL_COUNT; i++)
		failed += interface->paths[i].failed;
	return failed;
}

static const struct dchat_peer *
find_peer(const struct dchat_network *n, const struct id *id)
{
	for (size_t i = 0; i < n->peer_count; i++)
		if (id_equal(&n->peers[i].id, id))
			return &n->peers[i];
	return NULL;
}

static size_t
linked_peers(const struct dchat_network *n)
{
	size_t count = 0;

	for (size_t i = 0; i < n->peer_count; i++)
		count += n->peers[i].linked && !n->peers[i].self;
	return count;
}

static bool
heard_elsewhere(const struct dchat_network *n,
    const struct dchat_interface *here)
{
	for (size_t i = 0; i < n->interface_count; i++)
		if (&n->interfaces[i] != here && !n->interfaces[i].loopback &&
		    heard_on(&n->interfaces[i]) > 0)
			return true;
	return false;
}

static bool
is_tunnel(const struct dchat_interface *interface)
{
	static const char *const names[] = { "tun", "tap", "wg", "ppp",
		"tailscale", "zt", "vpn", "ipsec", "utun" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(interface->name, names[i], strlen(names[i])) == 0)
			return true;
	return interface->point_to_point;
}

static bool
is_wireless(const struct dchat_interface *interface)
{
	return strncmp(interface->name, "wl", 2) == 0 ||
	    strncmp(interface->name, "ath", 3) == 0;
}

static const char *
name_of(const struct dchat_network *n, const struct id *id,
    char text[static ID_SHORT_TEXT])
{
	const struct dchat_peer *peer = find_peer(n, id);

	return peer != NULL && peer->nick != NULL && peer->nick[0] != '\0'
	    ? peer->nick
	    : id_format_short(id, text);
}

static const struct dchat_sighting *
fresh_sighting(const struct dchat_network *n, const struct id *id)
{
	const struct dchat_sighting *best = NULL;

	for (size_t i = 0; i < n->sighting_count; i++) {
		const struct dchat_sighting *sighting = &n->sightings[i];

		if (id_equal(&sighting->peer, id) &&
		    sighting->ago_ms < DIAGNOSIS_FRESH_MS &&
		    (best == NULL || sighting->ago_ms < best->ago_ms))
			best = sighting;
	}
	return best;
}

/* -- verdicts ------------------------------------------------------------ */

static void
no_interface(const struct dchat_network *n, struct findings *f)
{
	if (n->interface_count == 0)
		found(f, "no_interface", GRADE_BAD,
		    "Plug in the cable or join the wireless network; dchat "
		    "goes on by itself then.",
		    "There is no usable network interface.");
}

static void
identity_twice(const struct dchat_network *n, struct findings *f)
{
	if (n->twice)
		found(f, "identity_twice", GRADE_BAD,
		    "Give the other dchat an identity of its own, with "
		    "--profile.",
		    "Another dchat uses the same identity as this one.");
}

static void
cannot_send(const struct dchat_network *n, struct findings *f)
{
	for (size_t i = 0; i < n->interface_count; i++) {
		const struct dchat_interface *interface = &n->interfaces[i];

		if (failed_on(interface) > 0 && sent_on(interface) == 0)
			found(f, "cannot_send", GRADE_BAD,
			    "A firewall of this host may forbid it: allow "
			    "UDP to the discovery port.",
			    "%s: the kernel lets nothing out.",
			    interface->name);
	}
}

static void
say_nothing_heard(const struct dchat_network *n,
    const struct dchat_interface *interface, struct findings *f)
{
	const char *name = interface->name;

	if (is_tunnel(interface))
		found(f, "vpn", GRADE_NOTE,
		    "Type /connect HOST for somebody at its other end.",
		    "%s is a tunnel, which seldom carries broadcast or "
		    "multicast; nothing was heard there.", name);
	else if (is_wireless(interface))
		found(f, "isolated", GRADE_BAD,
		    "Turn off client isolation at the access point, or type "
		    "/connect HOST.",
		    "%s: nothing was heard; the access point may isolate its "
		    "clients.", name);
	else if (heard_elsewhere(n, interface))
		found(f, "nobody_there", GRADE_NOTE,
		    "Nothing to do, unless somebody should be there: then "
		    "type /connect HOST.",
		    "%s: nothing was heard; perhaps nobody is there.", name);
	else
		found(f, "nothing_heard", GRADE_NOTE,
		    "Start dchat on another host of this network, with the "
		    "same --network; a firewall must let UDP through.",
		    "%s: nothing was heard in %lld s.", name,
		    (long long)(n->up_ms / 1000));
}

static void
nothing_heard(const struct dchat_network *n, struct findings *f)
{
	if (n->up_ms < DIAGNOSIS_PATIENCE_MS)
		return;
	for (size_t i = 0; i < n->interface_count; i++) {
		const struct dchat_interface *interface = &n->interfaces[i];

		if (!interface->loopback && sent_on(interface) > 0 &&
		    heard_on(interface) == 0)
			say_nothing_heard(n, interface, f);
	}
}

/* They answer when asked, and nothing else comes through. */
static void
only_by_address(const struct dchat_network *n, struct findings *f)
{
	char next[256];

	for (size_t i = 0; i < n->interface_count; i++)
		if (overheard_on(&n->interfaces[i]) > 0)
			return;
	if (linked_peers(n) == 0 || n->up_ms < DIAGNOSIS_PATIENCE_MS)
		return;
	snprintf(next, sizeof next,
	    "Whoever is new here types /connect HOST:%u once; known "
	    "addresses are remembered.", n->port);
	found(f, "only_by_address", GRADE_NOTE, next,
	    "Links work, but no broadcast or multicast comes through: this "
	    "network filters it, or the others are in another subnet.");
}

/* Heard, but its TCP port does not answer. */
static void
say_firewall(const struct dchat_network *n, const struct dchat_dial *dial,
    const struct dchat_sighting *sighting, struct findings *f)
{
	char text[ID_SHORT_TEXT];
	const char *name = name_of(n, &dial->peer, text);

	if (strcmp(dial->reason, "refused") == 0)
		found(f, "refused", GRADE_BAD,
		    "A firewall on its host refuses: allow dchat there, or "
		    "give it a --port that is open.",
		    "%s is heard by %s on %s, but %s refuses the connection.",
		    name, channel_label(sighting->channel),
		    sighting->interface, dial->address);
	else
		found(f, "firewall", GRADE_BAD,
		    "A firewall between the two blocks TCP: allow dchat, or "
		    "give it a --port that is open.",
		    "%s is heard by %s on %s, but %s does not answer.", name,
		    channel_label(sighting->channel), sighting->interface,
		    dial->address);
}

/* Of several addresses of one the first that was tried speaks for all. */
static bool
was_said(const struct dchat_network *n, size_t dial)
{
	for (size_t i = 0; i < dial; i++)
		if (!id_is_none(&n->dials[i].peer) &&
		    n->dials[i].ago_ms < DIAGNOSIS_FRESH_MS &&
		    id_equal(&n->dials[i].peer, &n->dials[dial].peer))
			return true;
	return false;
}

/* It was here, and its host says that nobody listens any more. */
static bool
has_ended(const struct dchat_peer *peer, const struct dchat_dial *dial)
{
	return peer != NULL && strcmp(dial->reason, "refused") == 0 &&
	    (peer->state == MEMBER_DEAD || peer->state == MEMBER_LEFT);
}

static void
cannot_link(const struct dchat_network *n, struct findings *f)
{
	for (size_t i = 0; i < n->dial_count; i++) {
		const struct dchat_dial *dial = &n->dials[i];
		const struct dchat_peer *peer = find_peer(n, &dial->peer);
		const struct dchat_sighting *sighting =
		    fresh_sighting(n, &dial->peer);
		char text[ID_SHORT_TEXT];

		if (dial->ago_ms >= DIAGNOSIS_FRESH_MS || was_said(n, i) ||
		    (peer != NULL && peer->linked))
			continue;
		if (has_ended(peer, dial))
			found(f, "ended", GRADE_NOTE,
			    "Nothing to do: it is met again when it starts.",
			    "%s is gone: its process has ended.",
			    name_of(n, &dial->peer, text));
		else if (sighting != NULL)
			say_firewall(n, dial, sighting, f);
		else if (!dial->reachable)
			found(f, "other_subnet", GRADE_NOTE,
			    "See that a router joins the two networks and "
			    "lets TCP through; try to ping it.",
			    "%s is in none of this host's networks, and does "
			    "not answer (%s).", dial->address, dial->reason);
		else if (id_is_none(&dial->peer))
			found(f, "no_answer", GRADE_NOTE,
			    "See that dchat runs there and which port it "
			    "tells in its /net; a firewall must allow it.",
			    "%s does not answer (%s).", dial->address,
			    dial->reason);
	}
}

/* All works over a third, but every byte goes twice over the air. */
static void
over_a_third(const struct dchat_network *n, struct findings *f)
{
	const struct dchat_peer *first = NULL;
	size_t count = 0;
	char text[ID_SHORT_TEXT], more[48] = "";

	for (size_t i = 0; i < n->peer_count; i++) {
		if (id_is_none(&n->peers[i].over))
			continue;
		if (first == NULL)
			first = &n->peers[i];
		count++;
	}
	if (count == 0)
		return;
	if (count > 1)
		snprintf(more, sizeof more, ", and %zu more in this way",
		    count - 1);
	found(f, "over_a_third", GRADE_NOTE,
	    "Nothing has to be done. Without client isolation at the access "
	    "point, or with TCP allowed in the firewalls of both hosts, there "
	    "would be a direct way.",
	    "%s is linked over %s, for there is no direct way%s.",
	    name_of(n, &first->id, text), first->over_nick, more);
}

static void
clock_skew(const struct dchat_network *n, struct findings *f)
{
	for (size_t i = 0; i < n->peer_count; i++) {
		const struct dchat_peer *peer = &n->peers[i];
		int64_t skew = peer->skew_ms;
		int64_t size = skew < 0 ? -skew : skew;
		char text[ID_SHORT_TEXT];

		if (peer->skew_known && size >= DIAGNOSIS_SKEW_MS)
			found(f, "clock_skew", GRADE_NOTE,
			    "Set the clocks of both hosts by the network "
			    "(timedatectl set-ntp true); the order of "
			    "messages is right all the same.",
			    "The clock of %s is %lld min %s of this one.",
			    name_of(n, &peer->id, text),
			    (long long)(size / 60000),
			    skew > 0 ? "ahead" : "behind");
	}
}

static void
other_network(const struct dchat_network *n, struct findings *f)
{
	if (n->foreign > 0 && linked_peers(n) == 0)
		found(f, "other_network", GRADE_NOTE,
		    "Compare --network (and the passphrase, if there is one) "
		    "with theirs.",
		    "Others run dchat here, but in another network or another "
		    "version.");
}

static void
just_started(const struct dchat_network *n, struct findings *f)
{
	if (n->up_ms < DIAGNOSIS_PATIENCE_MS && linked_peers(n) == 0 &&
	    n->interface_count > 0)
		found(f, "looking", GRADE_NOTE,
		    "Wait for a quarter of a minute.",
		    "Looking for others since %lld s.",
		    (long long)(n->up_ms / 1000));
}

/* "heard by broadcast and multicast on eth0" */
static void
well(const struct dchat_network *n, struct findings *f)
{
	for (size_t i = 0; i < n->interface_count; i++) {
		const struct dchat_interface *interface = &n->interfaces[i];
		char by[128] = "";
		size_t used = 0;

		for (enum channel k = 0; k < CHANNEL_COUNT; k++) {
			if (interface->paths[k].heard == 0 ||
			    k == CHANNEL_UNICAST)
				continue;
			used += (size_t)snprintf(by + used, sizeof by - used,
			    "%s%s", used > 0 ? ", " : "", channel_label(k));
		}
		if (used > 0)
			found(f, "heard", GRADE_GOOD, "",
			    "%s: others are heard by %s.", interface->name,
			    by);
		else if (interface->paths[CHANNEL_UNICAST].heard > 0)
			found(f, "heard", GRADE_GOOD, "",
			    "%s: others answer there.", interface->name);
	}
}

static const struct {
	void (*look)(const struct dchat_network *n, struct findings *f);
} verdicts[] = {
	{ no_interface },
	{ identity_twice },
	{ cannot_send },
	{ cannot_link },
	{ nothing_heard },
	{ only_by_address },
	{ other_network },
	{ over_a_third },
	{ clock_skew },
	{ just_started },
	{ well },
};

size_t
diagnose(const struct dchat_network *network,
    struct dchat_finding out[static DIAGNOSIS_MAX])
{
	struct dchat_finding all[DIAGNOSIS_MAX] = { { .code = NULL } };
	struct findings findings = { .items = all };
	size_t count = 0;

	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
		verdicts[i].look(network, &findings);
	for (int grade = GRADE_BAD; grade >= GRADE_GOOD; grade--)
		for (size_t i = 0; i < findings.count; i++)
			if ((int)all[i].grade == grade)
				out[count++] = all[i];
	return count;
}
