#include "net/discovery.h"

#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	PROBLEM = 256,
	TURN_DATAGRAMS = 64,	/* read in one turn: others want theirs too */
	TRAFFIC_MAX = 64,	/* interfaces counted apart */
};

static const uint8_t group_ipv4[4] = { 239, 255, 77, 11 };
static const uint8_t group_ipv6[16] = { 0xff, 0x02, [14] = 0x77, 0x11 };

struct opening {
	struct discovery *discovery;
	struct event *readable;
	int descriptor;			/* -1: this host has no such thing */
	bool shared;
};

/* Which sockets there are; see the header. */
enum { SHARED_IPV4, SHARED_IPV6, OWN_IPV4, OWN_IPV6, OPENINGS };

/* What went through an interface. */
struct traffic {
	unsigned interface;
	struct discovery_path paths[CHANNEL_COUNT];
};

struct discovery {
	struct discovery_options options;
	struct interface_list interfaces;
	struct opening openings[OPENINGS];
	struct discovery_counters counters;
	struct traffic traffic[TRAFFIC_MAX];
	size_t traffic_count;
};

/* ------------------------------------------------------------ counting */

/* The last place is shared by whatever comes after it. */
static struct discovery_path *
path_of(struct discovery *discovery, unsigned interface,
    enum channel channel)
{
	size_t i = 0;

	while (i < discovery->traffic_count &&
	    discovery->traffic[i].interface != interface)
		i++;
	if (i == discovery->traffic_count && i < TRAFFIC_MAX)
		discovery->traffic[discovery->traffic_count++].interface =
		    interface;
	return &discovery->traffic[i < TRAFFIC_MAX ? i : TRAFFIC_MAX - 1]
		    .paths[channel];
}

struct discovery_path
discovery_path(const struct discovery *discovery, unsigned interface,
    enum channel channel)
{
	for (size_t i = 0; i < discovery->traffic_count; i++)
		if (discovery->traffic[i].interface == interface)
			return discovery->traffic[i].paths[channel];
	return (struct discovery_path){ 0 };
}

/* ------------------------------------------------------------ hearing */

static bool
is_listed(const struct interface_list *list, unsigned index)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].index == index)
			return true;
	return false;
}

/* By its destination: broadcast when it is neither a group nor mine. */
static void
take_arrival(struct msghdr *message, struct discovery_heard *heard)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
	    part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level == IPPROTO_IP &&
		    part->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(part), sizeof info);
			heard->interface = (unsigned)info.ipi_ifindex;
			if (IN_MULTICAST(ntohl(info.ipi_addr.s_addr)))
				heard->channel = CHANNEL_MULTICAST;
			else if (info.ipi_addr.s_addr !=
			    info.ipi_spec_dst.s_addr)
				heard->channel = CHANNEL_BROADCAST;
		}
		if (part->cmsg_level == IPPROTO_IPV6 &&
		    part->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(part), sizeof info);
			heard->interface = info.ipi6_ifindex;
			if (IN6_IS_ADDR_MULTICAST(&info.ipi6_addr))
				heard->channel = CHANNEL_MULTICAST6;
		}
	}
}

static struct address
address_of(const struct sockaddr_storage *source)
{
	struct address address = { 0 };

	if (source->ss_family == AF_INET) {
		const struct sockaddr_in *ipv4 = (const void *)source;

		address.family = ADDRESS_IPV4;
		memcpy(address.ip, &ipv4->sin_addr, 4);
		address.port = ntohs(ipv4->sin_port);
	} else {
		const struct sockaddr_in6 *ipv6 = (const void *)source;

		address.family = ADDRESS_IPV6;
		memcpy(address.ip, &ipv6->sin6_addr, 16);
		address.port = ntohs(ipv6->sin6_port);
		address.scope = ipv6->sin6_scope_id;
	}
	return address;
}

/* Is it one for us?  Counts it either way. */
static bool
is_welcome(struct discovery *discovery, const uint8_t *bytes, size_t size,
    struct beacon *beacon)
{
	struct discovery_counters *counters = &discovery->counters;

	switch (beacon_decode(bytes, size, beacon)) {
	case BEACON_OK:
		break;
	case BEACON_OTHER_VERSION:
		counters->other_version++;
		return false;
	case BEACON_FOREIGN:
	case BEACON_MALFORMED:
		counters->malformed++;
		return false;
	}
	if (memcmp(beacon->tag, discovery->options.tag, BEACON_TAG_BYTES) != 0)
		counters->other_network++;
	else if (beacon->nonce == discovery->options.nonce)
		counters->own++;
	else {
		counters->heard++;
		return true;
	}
	return false;
}

/* False when there was nothing to read. */
static bool
read_one(struct opening *opening)
{
	struct discovery *discovery = opening->discovery;
	uint8_t bytes[LIMIT_BEACON + 1];
	union {
		char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 64];
		struct cmsghdr align;
	} control;
	struct sockaddr_storage source = { 0 };
	struct iovec part = { bytes, sizeof bytes };
	struct msghdr message = {
		.msg_name = &source,
		.msg_namelen = sizeof source,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	struct beacon beacon;
	struct discovery_heard heard = {
		.beacon = &beacon,
		.channel = CHANNEL_UNICAST,
	};
	ssize_t size = recvmsg(opening->descriptor, &message, MSG_DONTWAIT);

	if (size < 0)
		return errno != EAGAIN && errno != EWOULDBLOCK;
	take_arrival(&message, &heard);
	/* a reply from this very host comes over lo, named or not */
	if (opening->shared &&
	    !is_listed(&discovery->interfaces, heard.interface)) {
		discovery->counters.elsewhere++;
		return true;
	}
	if (!is_welcome(discovery, bytes, (size_t)size, &beacon))
		return true;
	path_of(discovery, heard.interface, heard.channel)->heard++;
	heard.reply_to = address_of(&source);
	heard.from = heard.reply_to;
	heard.from.port = beacon.port;
	discovery->options.heard(discovery->options.self, &heard);
	return true;
}

static void
on_readable(evutil_socket_t descriptor, short what, void *self)
{
	(void)descriptor, (void)what;
	for (int i = 0; i < TURN_DATAGRAMS && read_one(self); i++)
		;
}

/* ------------------------------------------------------------ sending */

/* Sends from an own socket; control names interface and source, or NULL. */
static bool
send_one(struct discovery *discovery, int which, const struct beacon *beacon,
    void *to, socklen_t to_size, void *control, size_t control_size)
{
	uint8_t bytes[BEACON_BYTES];
	struct iovec part = { bytes, beacon_encode(beacon, bytes) };
	struct msghdr message = {
		.msg_name = to,
		.msg_namelen = to_size,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = control_size,
	};

	if (sendmsg(discovery->openings[which].descriptor, &message,
		MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		discovery->counters.send_errors++;
		return false;
	}
	discovery->counters.sent++;
	return true;
}

static bool
send_ipv4(struct discovery *discovery, const struct beacon *beacon,
    const struct interface *interface, const struct interface_ipv4 *source,
    const uint8_t to[4])
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr header;
	} control = { { 0 } };
	struct in_pktinfo info = { .ipi_ifindex = (int)interface->index };
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(discovery->options.port),
	};

	memcpy(&address.sin_addr, to, 4);
	memcpy(&info.ipi_spec_dst, source->ip, 4);
	control.header.cmsg_level = IPPROTO_IP;
	control.header.cmsg_type = IP_PKTINFO;
	control.header.cmsg_len = CMSG_LEN(sizeof info);
	memcpy(CMSG_DATA(&control.header), &info, sizeof info);
	return send_one(discovery, OWN_IPV4, beacon, &address, sizeof address,
	    &control, sizeof control);
}

static bool
send_ipv6(struct discovery *discovery, const struct beacon *beacon,
    const struct interface *interface)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(discovery->options.port),
		.sin6_scope_id = interface->index,
	};

	memcpy(&address.sin6_addr, group_ipv6, 16);
	return send_one(discovery, OWN_IPV6, beacon, &address, sizeof address,
	    NULL, 0);
}

static bool
count_sent(struct discovery *discovery, unsigned interface,
    enum channel channel, bool sent)
{
	struct discovery_path *path = path_of(discovery, interface, channel);

	path->sent += sent;
	path->failed += !sent;
	return sent;
}

static size_t
send_on(struct discovery *discovery, const struct beacon *beacon,
    const struct interface *interface)
{
	static const uint8_t none[4];
	unsigned index = interface->index;
	size_t sent = 0;

	for (size_t i = 0; i < interface->ipv4_count; i++) {
		const struct interface_ipv4 *ipv4 = &interface->ipv4[i];

		if (memcmp(ipv4->broadcast, none, 4) != 0)
			sent += count_sent(discovery, index,
			    CHANNEL_BROADCAST,
			    send_ipv4(discovery, beacon, interface, ipv4,
				ipv4->broadcast));
		if (interface->multicast)
			sent += count_sent(discovery, index,
			    CHANNEL_MULTICAST,
			    send_ipv4(discovery, beacon, interface, ipv4,
				group_ipv4));
	}
	/* lo has no IPv6 multicast */
	if (interface->ipv6 && interface->multicast && !interface->loopback &&
	    discovery->openings[OWN_IPV6].descriptor >= 0)
		sent += count_sent(discovery, index, CHANNEL_MULTICAST6,
		    send_ipv6(discovery, beacon, interface));
	return sent;
}

size_t
discovery_send_all(struct discovery *discovery, const struct beacon *beacon)
{
	size_t sent = 0;

	for (size_t i = 0; i < discovery->interfaces.count; i++)
		sent += send_on(discovery, beacon,
		    &discovery->interfaces.items[i]);
	return sent;
}

/* The interface whose network the address lies in; 0: some other way. */
static unsigned
interface_to(const struct discovery *discovery, const struct address *to)
{
	if (to->family != ADDRESS_IPV4)
		return to->scope;
	for (size_t i = 0; i < discovery->interfaces.count; i++)
		if (interface_reaches(&discovery->interfaces.items[i], to->ip))
			return discovery->interfaces.items[i].index;
	return 0;
}

static bool
send_unicast(struct discovery *discovery, const struct beacon *beacon,
    const struct address *to)
{
	if (to->family == ADDRESS_IPV4) {
		struct sockaddr_in ipv4 = {
			.sin_family = AF_INET,
			.sin_port = htons(to->port),
		};

		memcpy(&ipv4.sin_addr, to->ip, 4);
		return send_one(discovery, OWN_IPV4, beacon, &ipv4,
		    sizeof ipv4, NULL, 0);
	}
	if (to->family == ADDRESS_IPV6 &&
	    discovery->openings[OWN_IPV6].descriptor >= 0) {
		struct sockaddr_in6 ipv6 = {
			.sin6_family = AF_INET6,
			.sin6_port = htons(to->port),
			.sin6_scope_id = to->scope,
		};

		memcpy(&ipv6.sin6_addr, to->ip, 16);
		return send_one(discovery, OWN_IPV6, beacon, &ipv6,
		    sizeof ipv6, NULL, 0);
	}
	return false;
}

bool
discovery_send_to(struct discovery *discovery, const struct beacon *beacon,
    const struct address *to)
{
	return count_sent(discovery, interface_to(discovery, to),
	    CHANNEL_UNICAST, send_unicast(discovery, beacon, to));
}

/* ------------------------------------------------------------ sockets */

static bool
set(int descriptor, int level, int option, int value)
{
	return setsockopt(descriptor, level, option, &value, sizeof value) ==
	    0;
}

/* Both return a descriptor, or -1 with errno; port 0 makes an own one. */
static int
open_ipv4(uint16_t port)
{
	struct sockaddr_in any = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};
	int descriptor = socket(AF_INET,
	    SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (descriptor < 0)
		return -1;
	if ((port == 0 || set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)) &&
	    set(descriptor, SOL_SOCKET, SO_BROADCAST, 1) &&
	    set(descriptor, IPPROTO_IP, IP_MULTICAST_TTL, 1) &&
	    set(descriptor, IPPROTO_IP, IP_MULTICAST_LOOP, 1) &&
	    set(descriptor, IPPROTO_IP, IP_PKTINFO, 1) &&
	    bind(descriptor, (void *)&any, sizeof any) == 0)
		return descriptor;
	close(descriptor);
	return -1;
}

static int
open_ipv6(uint16_t port)
{
	struct sockaddr_in6 any = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	int descriptor = socket(AF_INET6,
	    SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (descriptor < 0)
		return -1;
	if ((port == 0 || set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)) &&
	    set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
	    set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1) &&
	    set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1) &&
	    set(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
	    bind(descriptor, (void *)&any, sizeof any) == 0)
		return descriptor;
	close(descriptor);
	return -1;
}

static void
start_reading(struct discovery *discovery, int which, int descriptor)
{
	struct opening *opening = &discovery->openings[which];

	opening->discovery = discovery;
	opening->descriptor = descriptor;
	opening->shared = which == SHARED_IPV4 || which == SHARED_IPV6;
	if (descriptor < 0)
		return;
	opening->readable = event_new(discovery->options.loop, descriptor,
	    EV_READ | EV_PERSIST, on_readable, opening);
	event_add(opening->readable, NULL);
}

/*
 * Joining can fail (an interface just gone, too many groups); broadcast or
 * the other family may still do, so nothing is made of it.
 */
static void
change_groups(struct discovery *discovery, bool join)
{
	int ipv4 = discovery->openings[SHARED_IPV4].descriptor;
	int ipv6 = discovery->openings[SHARED_IPV6].descriptor;

	for (size_t i = 0; i < discovery->interfaces.count; i++) {
		unsigned index = discovery->interfaces.items[i].index;
		struct ip_mreqn group4 = { .imr_ifindex = (int)index };
		struct ipv6_mreq group6 = { .ipv6mr_interface = index };

		memcpy(&group4.imr_multiaddr, group_ipv4, 4);
		memcpy(&group6.ipv6mr_multiaddr, group_ipv6, 16);
		(void)setsockopt(ipv4, IPPROTO_IP,
		    join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, &group4,
		    sizeof group4);
		if (ipv6 >= 0)
			(void)setsockopt(ipv6, IPPROTO_IPV6,
			    join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP,
			    &group6, sizeof group6);
	}
}

static void
copy_interfaces(struct discovery *discovery, const struct interface_list *from)
{
	struct interface_list *list = &discovery->interfaces;

	interface_list_free(list);
	if (from->count == 0)
		return;
	list->items = mem_copy(from->items, from->count * sizeof *from->items);
	list->count = list->cap = from->count;
}

void
discovery_set_interfaces(struct discovery *discovery,
    const struct interface_list *interfaces)
{
	/*
	 * All are left and joined again: an interface that lost its last
	 * address forgets its groups, while the socket believes in them.
	 */
	change_groups(discovery, false);
	copy_interfaces(discovery, interfaces);
	change_groups(discovery, true);
}

struct discovery *
discovery_open(const struct discovery_options *options,
    const struct interface_list *interfaces, char problem[static 256])
{
	uint16_t port = options->port != 0 ? options->port : DISCOVERY_PORT;
	int shared = open_ipv4(port), own = shared < 0 ? -1 : open_ipv4(0);
	struct discovery *discovery;

	if (own < 0) {
		int reason = errno;

		if (reason == EADDRINUSE)
			snprintf(problem, PROBLEM, "UDP port %u is taken by "
			    "a program that does not share it; end it, or "
			    "give every node another --discovery-port.",
			    port);
		else
			snprintf(problem, PROBLEM, "Discovery cannot listen "
			    "on UDP port %u: %s.", port, strerror(reason));
		if (shared >= 0)
			close(shared);
		return NULL;
	}
	discovery = mem_zero(1, sizeof *discovery);
	discovery->options = *options;
	discovery->options.port = port;
	start_reading(discovery, SHARED_IPV4, shared);
	start_reading(discovery, OWN_IPV4, own);
	start_reading(discovery, SHARED_IPV6, open_ipv6(port));
	start_reading(discovery, OWN_IPV6, open_ipv6(0));
	copy_interfaces(discovery, interfaces);
	change_groups(discovery, true);
	return discovery;
}

void
discovery_close(struct discovery *discovery)
{
	if (discovery == NULL)
		return;
	for (int i = 0; i < OPENINGS; i++) {
		if (discovery->openings[i].descriptor < 0)
			continue;
		event_free(discovery->openings[i].readable);
		close(discovery->openings[i].descriptor);
	}
	interface_list_free(&discovery->interfaces);
	free(discovery);
}

const struct discovery_counters *
discovery_counters(const struct discovery *discovery)
{
	return &discovery->counters;
}
