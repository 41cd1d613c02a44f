#include "host/announce.h"

#include <event2/event.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/discovery.h"
#include "net/interfaces.h"

enum { PROBLEM = 256, LOOK_MS = 5000 };

struct announce {
	struct announce_options options;
	char **wanted; /* interfaces named by the person */
	struct interface_list list;
	const char **names; /* of the list */
	struct discovery *discovery;
	struct interface_watch *watch;
	struct event *look; /* where the kernel tells nothing */
};

static void
on_heard(void *self, const struct discovery_heard *heard)
{
	struct announce *announce = self;
	const struct beacon *beacon = heard->beacon;

	announce->options.heard(announce->options.self,
	    &(struct announce_heard){
		.peer = beacon->id,
		.nonce = beacon->nonce,
		.view = beacon->view_hash,
		.goodbye = (beacon->flags & BEACON_GOODBYE) != 0,
		.wants_reply = (beacon->flags & BEACON_WANTS_REPLY) != 0,
		.from = heard->from,
		.reply_to = heard->reply_to,
		.interface = heard->interface,
		.channel = heard->channel,
	    });
}

static void
take_names(struct announce *announce)
{
	free(announce->names);
	announce->names =
	    mem_zero(announce->list.count + 1, sizeof *announce->names);
	for (size_t i = 0; i < announce->list.count; i++)
		announce->names[i] = announce->list.items[i].name;
}

static void
on_changed(void *self)
{
	struct announce *announce = self;
	struct interface_list list;
	char problem[PROBLEM];

	interface_list_init(&list);
	interface_list_read(&list, (const char *const *)announce->wanted,
	    announce->options.interface_count, problem);
	if (interface_list_equal(&list, &announce->list)) {
		interface_list_free(&list);
		return;
	}
	interface_list_free(&announce->list);
	announce->list = list;
	take_names(announce);
	discovery_set_interfaces(announce->discovery, &announce->list);
	announce->options.changed(announce->options.self);
}

static void
on_look(evutil_socket_t unused, short what, void *self)
{
	(void)unused, (void)what;
	on_changed(self);
}

/* Says which interfaces there are instead. */
static void
describe_unknown(const char *name, char problem[static PROBLEM])
{
	struct if_nameindex *all = if_nameindex();
	size_t used = (size_t)snprintf(problem, PROBLEM,
	    "There is no network interface \"%.32s\"; there is", name);
	const char *comma = " ";

	for (size_t i = 0; all != NULL && all[i].if_index != 0; i++) {
		if (used + IF_NAMESIZE + 4 >= PROBLEM)
			break;
		used += (size_t)snprintf(problem + used, PROBLEM - used, "%s%s",
		    comma, all[i].if_name);
		comma = ", ";
	}
	snprintf(problem + used, PROBLEM - used, ".");
	if_freenameindex(all);
}

static bool
take_wanted(struct announce *announce, char problem[static PROBLEM])
{
	size_t count = announce->options.interface_count;

	announce->wanted = mem_zero(count + 1, sizeof *announce->wanted);
	for (size_t i = 0; i < count; i++) {
		const char *name = announce->options.interfaces[i];

		if (if_nametoindex(name) == 0) {
			describe_unknown(name, problem);
			return false;
		}
		announce->wanted[i] = mem_text(name);
	}
	return true;
}

static bool
open_sockets(struct announce *announce, char problem[static PROBLEM])
{
	struct discovery_options options = {
		.loop = announce->options.loop,
		.port = announce->options.discovery_port,
		.nonce = announce->options.nonce,
		.heard = on_heard,
		.self = announce,
	};
	static const struct timeval often = { LOOK_MS / 1000, 0 };
	char unread[PROBLEM];

	memcpy(options.tag, announce->options.tag, sizeof options.tag);
	interface_list_read(&announce->list,
	    (const char *const *)announce->wanted,
	    announce->options.interface_count, unread);
	take_names(announce);
	announce->discovery =
	    discovery_open(&options, &announce->list, problem);
	if (announce->discovery == NULL)
		return false;
	announce->watch =
	    interface_watch_open(announce->options.loop, on_changed, announce);
	if (announce->watch == NULL) {
		announce->look = event_new(announce->options.loop, -1,
		    EV_PERSIST, on_look, announce);
		event_add(announce->look, &often);
	}
	return true;
}

struct announce *
announce_open(const struct announce_options *options,
    char problem[static PROBLEM], int *status)
{
	struct announce *announce = mem_zero(1, sizeof *announce);

	announce->options = *options;
	if (announce->options.discovery_port == 0)
		announce->options.discovery_port = DISCOVERY_PORT;
	interface_list_init(&announce->list);
	*status = 2;
	if (take_wanted(announce, problem)) {
		*status = 1;
		if (open_sockets(announce, problem))
			return announce;
	}
	announce_close(announce);
	return NULL;
}

void
announce_close(struct announce *announce)
{
	if (announce == NULL)
		return;
	if (announce->look != NULL)
		event_free(announce->look);
	interface_watch_close(announce->watch);
	discovery_close(announce->discovery);
	interface_list_free(&announce->list);
	for (size_t i = 0; i < announce->options.interface_count; i++)
		free(announce->wanted[i]);
	free(announce->wanted);
	free(announce->names);
	free(announce);
}

static struct beacon
beacon_of(const struct announce *announce, uint64_t view, uint8_t flags)
{
	struct beacon beacon = {
		.id = announce->options.id,
		.nonce = announce->options.nonce,
		.view_hash = view,
		.port = announce->options.port,
		.flags = flags,
	};

	memcpy(beacon.tag, announce->options.tag, sizeof beacon.tag);
	return beacon;
}

void
announce_all(struct announce *announce, uint64_t view, bool goodbye)
{
	struct beacon beacon = beacon_of(announce, view,
	    goodbye ? BEACON_GOODBYE : BEACON_WANTS_REPLY);

	discovery_send_all(announce->discovery, &beacon);
}

void
announce_to(struct announce *announce, uint64_t view, bool wants_reply,
    const struct address *to)
{
	struct beacon beacon =
	    beacon_of(announce, view, wants_reply ? BEACON_WANTS_REPLY : 0);

	discovery_send_to(announce->discovery, &beacon, to);
}

const char *const *
announce_interfaces(const struct announce *announce, size_t *count)
{
	*count = announce->list.count;
	return announce->names;
}

struct announce_interface
announce_interface(const struct announce *announce, size_t at)
{
	const struct interface *from = &announce->list.items[at];
	struct announce_interface interface = {
		.name = from->name,
		.index = from->index,
		.loopback = from->loopback,
		.point_to_point = from->point_to_point,
	};

	if (from->ipv4_count > 0) {
		interface.address.family = ADDRESS_IPV4;
		memcpy(interface.address.ip, from->ipv4[0].ip, 4);
	}
	for (enum channel i = 0; i < CHANNEL_COUNT; i++) {
		struct discovery_path path =
		    discovery_path(announce->discovery, from->index, i);

		interface.paths[i] = (struct announce_path){ path.sent,
			path.failed, path.heard };
	}
	return interface;
}

bool
announce_reaches(const struct announce *announce,
    const struct address *address)
{
	if (address->family != ADDRESS_IPV4)
		return true;
	for (size_t i = 0; i < announce->list.count; i++)
		if (interface_reaches(&announce->list.items[i], address->ip))
			return true;
	return false;
}

uint16_t
announce_port(const struct announce *announce)
{
	return announce->options.discovery_port;
}

struct announce_counters
announce_counters(const struct announce *announce)
{
	const struct discovery_counters *counters =
	    discovery_counters(announce->discovery);

	return (struct announce_counters){
		.sent = counters->sent,
		.send_errors = counters->send_errors,
		.heard = counters->heard,
		.foreign = counters->other_network + counters->other_version +
		    counters->malformed,
	};
}
