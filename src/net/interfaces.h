/*
 * interfaces: the network interfaces of this host on which a LAN may be,
 * and the news that something about them changed.
 *
 * getifaddrs(3) for what there is, rtnetlink(7) for changes.  Part of net:
 * moves bytes, never sees a message, includes only base and libevent.
 */
#ifndef DCHAT_NET_INTERFACES_H
#define DCHAT_NET_INTERFACES_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INTERFACE_IPV4_MAX = 8 };	/* addresses of one looked at */

struct event_base;

struct interface_ipv4 {
	uint8_t ip[4], netmask[4];
	uint8_t broadcast[4];		/* directed; all zero: there is none */
};

struct interface {
	char name[IF_NAMESIZE];
	unsigned index;
	bool loopback, multicast, point_to_point;
	bool ipv6;			/* has a link-local address */
	struct interface_ipv4 ipv4[INTERFACE_IPV4_MAX];
	size_t ipv4_count;
};

struct interface_list {
	struct interface *items;	/* by index */
	size_t count, cap;
};

void interface_list_init(struct interface_list *list);
void interface_list_free(struct interface_list *list);

/*
 * Fills the list with the interfaces that are up and have an address: all
 * but point-to-point ones, or exactly those named.  False, with a sentence,
 * when there is none (the list is empty then).  After a change the caller
 * may go on with an empty list: the cable can come back.
 */
bool interface_list_read(struct interface_list *list,
    const char *const *names, size_t name_count, char problem[static 256]);

/* The IPv4 address lies in a network of the interface. */
bool interface_reaches(const struct interface *interface,
    const uint8_t ip[4]);

bool interface_list_equal(const struct interface_list *a,
    const struct interface_list *b);

/*
 * Calls changed() 100 ms after links or addresses began to change, again if
 * they go on.  NULL where the kernel tells nothing: the caller looks from
 * time to time then.
 */
struct interface_watch *interface_watch_open(struct event_base *loop,
    void (*changed)(void *self), void *self);
void interface_watch_close(struct interface_watch *watch); /* or NULL */

#endif
