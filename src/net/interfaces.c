#include "net/interfaces.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum {
	PROBLEM = 256,
	DEBOUNCE_MS = 100,	/* one change comes as several messages */
};

void
interface_list_init(struct interface_list *list)
{
	*list = (struct interface_list){ 0 };
}

void
interface_list_free(struct interface_list *list)
{
	free(list->items);
	interface_list_init(list);
}

static bool
is_named(const char *name, const char *const *names, size_t name_count)
{
	for (size_t i = 0; i < name_count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool
is_wanted(const struct ifaddrs *entry, const char *const *names,
    size_t name_count)
{
	if ((entry->ifa_flags & IFF_UP) == 0 || entry->ifa_addr == NULL)
		return false;
	if (name_count > 0)
		return is_named(entry->ifa_name, names, name_count);
	return (entry->ifa_flags & IFF_POINTOPOINT) == 0;
}

/* The interface of that index, a fresh one at its place if need be. */
static struct interface *
entry_of(struct interface_list *list, const struct ifaddrs *entry,
    unsigned index)
{
	struct interface fresh = { .index = index };
	size_t at = 0;

	while (at < list->count && list->items[at].index < index)
		at++;
	if (at < list->count && list->items[at].index == index)
		return &list->items[at];
	snprintf(fresh.name, sizeof fresh.name, "%s", entry->ifa_name);
	fresh.loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0;
	/* lo has no flag for it, but multicasts when told by index */
	fresh.multicast = (entry->ifa_flags & IFF_MULTICAST) != 0 ||
	    fresh.loopback;
	fresh.point_to_point = (entry->ifa_flags & IFF_POINTOPOINT) != 0;
	MEM_INSERT(list->items, list->count, list->cap, at);
	list->items[at] = fresh;
	return &list->items[at];
}

static void
add_ipv4(struct interface *interface, const struct ifaddrs *entry)
{
	const struct sockaddr_in *ip = (const void *)entry->ifa_addr;
	const struct sockaddr_in *mask = (const void *)entry->ifa_netmask;
	struct interface_ipv4 *added;

	if (interface->ipv4_count == INTERFACE_IPV4_MAX)
		return;
	added = &interface->ipv4[interface->ipv4_count++];
	*added = (struct interface_ipv4){ 0 };
	memcpy(added->ip, &ip->sin_addr, 4);
	if (mask != NULL)
		memcpy(added->netmask, &mask->sin_addr, 4);
	else
		memset(added->netmask, 0xff, 4);
	/* computed: the kernel leaves it out on lo and when it was not set */
	if (interface->loopback || (entry->ifa_flags & IFF_BROADCAST) != 0)
		for (int i = 0; i < 4; i++)
			added->broadcast[i] = (uint8_t)(added->ip[i] |
			    ~added->netmask[i]);
	/* /31 and /32 have none (RFC 3021) */
	if (memcmp(added->broadcast, added->ip, 4) == 0 ||
	    (added->netmask[3] & 0xfe) == 0xfe)
		memset(added->broadcast, 0, 4);
}

static void
add_address(struct interface_list *list, const struct ifaddrs *entry)
{
	const struct sockaddr_in6 *ipv6 = (const void *)entry->ifa_addr;
	unsigned index = if_nametoindex(entry->ifa_name);
	sa_family_t family = entry->ifa_addr->sa_family;

	if (index == 0)
		return;		/* it went away since */
	if (family == AF_INET)
		add_ipv4(entry_of(list, entry, index), entry);
	else if (family == AF_INET6 &&
	    IN6_IS_ADDR_LINKLOCAL(&ipv6->sin6_addr))
		entry_of(list, entry, index)->ipv6 = true;
}

static void
describe_none(const struct ifaddrs *all, size_t name_count, char *problem)
{
	size_t used;

	if (name_count == 0) {
		snprintf(problem, PROBLEM, "There is no network interface "
		    "that is up and has an address.");
		return;
	}
	used = (size_t)snprintf(problem, PROBLEM, "None of the named network "
	    "interfaces is up with an address; up are:");
	for (const struct ifaddrs *entry = all; entry != NULL;
	    entry = entry->ifa_next)
		/* AF_PACKET: exactly one entry an interface */
		if ((entry->ifa_flags & IFF_UP) != 0 &&
		    entry->ifa_addr != NULL &&
		    entry->ifa_addr->sa_family == AF_PACKET &&
		    used + strlen(entry->ifa_name) + 3 < PROBLEM)
			used += (size_t)snprintf(problem + used,
			    PROBLEM - used, " %s", entry->ifa_name);
	snprintf(problem + used, PROBLEM - used, ".");
}

bool
interface_list_read(struct interface_list *list, const char *const *names,
    size_t name_count, char problem[static 256])
{
	struct ifaddrs *all;

	list->count = 0;
	if (getifaddrs(&all) != 0) {
		snprintf(problem, PROBLEM, "The system does not tell its "
		    "network interfaces: %s.", strerror(errno));
		return false;
	}
	for (const struct ifaddrs *entry = all; entry != NULL;
	    entry = entry->ifa_next)
		if (is_wanted(entry, names, name_count))
			add_address(list, entry);
	if (list->count == 0)
		describe_none(all, name_count, problem);
	freeifaddrs(all);
	return list->count > 0;
}

static bool
interface_equal(const struct interface *a, const struct interface *b)
{
	return strcmp(a->name, b->name) == 0 && a->index == b->index &&
	    a->loopback == b->loopback && a->multicast == b->multicast &&
	    a->point_to_point == b->point_to_point && a->ipv6 == b->ipv6 &&
	    a->ipv4_count == b->ipv4_count &&
	    memcmp(a->ipv4, b->ipv4, a->ipv4_count * sizeof *a->ipv4) == 0;
}

bool
interface_reaches(const struct interface *interface, const uint8_t ip[4])
{
	for (size_t i = 0; i < interface->ipv4_count; i++) {
		const struct interface_ipv4 *own = &interface->ipv4[i];
		bool same = true;

		for (size_t k = 0; k < 4; k++)
			same = same &&
			    ((own->ip[k] ^ ip[k]) & own->netmask[k]) == 0;
		if (same)
			return true;
	}
	return false;
}

bool
interface_list_equal(const struct interface_list *a,
    const struct interface_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!interface_equal(&a->items[i], &b->items[i]))
			return false;
	return true;
}

struct interface_watch {
	int descriptor;
	struct event *readable, *later;
	void (*changed)(void *self);
	void *self;
};

static void
on_netlink(evutil_socket_t descriptor, short what, void *self)
{
	static const struct timeval delay = { 0, DEBOUNCE_MS * 1000 };
	struct interface_watch *watch = self;
	char discarded[8192];

	(void)what;
	/*
	 * What exactly changed does not matter, the list is read anew.  An
	 * overrun (ENOBUFS) is a change too.
	 */
	while (recv(descriptor, discarded, sizeof discarded, MSG_DONTWAIT) > 0)
		;
	/* not put off by further changes, else a flapping link hides all */
	if (!event_pending(watch->later, EV_TIMEOUT, NULL))
		event_add(watch->later, &delay);
}

static void
on_later(evutil_socket_t descriptor, short what, void *self)
{
	struct interface_watch *watch = self;

	(void)descriptor, (void)what;
	watch->changed(watch->self);
}

struct interface_watch *
interface_watch_open(struct event_base *loop, void (*changed)(void *self),
    void *self)
{
	struct sockaddr_nl groups = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
		    RTMGRP_IPV6_IFADDR,
	};
	struct interface_watch *watch;
	int descriptor = socket(AF_NETLINK,
	    SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (descriptor < 0)
		return NULL;
	if (bind(descriptor, (void *)&groups, sizeof groups) != 0) {
		close(descriptor);
		return NULL;
	}
	watch = mem_zero(1, sizeof *watch);
	watch->descriptor = descriptor;
	watch->changed = changed;
	watch->self = self;
	watch->readable = event_new(loop, descriptor, EV_READ | EV_PERSIST,
	    on_netlink, watch);
	watch->later = event_new(loop, -1, 0, on_later, watch);
	event_add(watch->readable, NULL);
	return watch;
}

void
interface_watch_close(struct interface_watch *watch)
{
	if (watch == NULL)
		return;
	event_free(watch->readable);
	event_free(watch->later);
	close(watch->descriptor);
	free(watch);
}
