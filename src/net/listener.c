#include "net/listener.h"

#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mem.h"

enum {
	PROBLEM = 256,
	BACKLOG = 128,
	REST_MS = 100,		/* after accept(2) lacked something */
};

struct listener {
	const struct link_context *context;
	void *owner;
	int descriptor;
	uint16_t port;
	struct event *readable, *rested;
	struct link *half_open[LIMIT_HALF_OPEN];
	unsigned half_open_count;
	uint64_t refused;
};

static struct address
address_of(const struct sockaddr_storage *name)
{
	struct address address = { 0 };

	if (name->ss_family == AF_INET) {
		const struct sockaddr_in *ipv4 = (const void *)name;

		address.family = ADDRESS_IPV4;
		memcpy(address.ip, &ipv4->sin_addr, 4);
		address.port = ntohs(ipv4->sin_port);
	} else {
		const struct sockaddr_in6 *ipv6 = (const void *)name;
		bool mapped = IN6_IS_ADDR_V4MAPPED(&ipv6->sin6_addr);

		address.family = mapped ? ADDRESS_IPV4 : ADDRESS_IPV6;
		if (mapped)
			memcpy(address.ip, ipv6->sin6_addr.s6_addr + 12, 4);
		else
			memcpy(address.ip, &ipv6->sin6_addr, 16);
		address.scope = mapped ? 0 : ipv6->sin6_scope_id;
		address.port = ntohs(ipv6->sin6_port);
	}
	return address;
}

static bool
same_host(const struct address *a, const struct address *b)
{
	struct address other = *b;

	other.port = a->port;
	return address_equal(a, &other);
}

/* Has this address as many half-open links as it may? */
static bool
is_greedy(const struct listener *listener, int descriptor,
    const struct address *from)
{
	struct sockaddr_storage name = { 0 };
	socklen_t size = sizeof name;
	struct address here;
	unsigned count = 0;

	if (getsockname(descriptor, (void *)&name, &size) == 0) {
		here = address_of(&name);
		if (same_host(&here, from))
			return false;
	}
	for (unsigned i = 0; i < listener->half_open_count; i++)
		count += same_host(link_address(listener->half_open[i]), from);
	return count >= LIMIT_HALF_OPEN_ADDRESS;
}

static void
on_settled(void *self, struct link *link)
{
	struct listener *listener = self;
	unsigned i = 0;

	while (listener->half_open[i] != link)
		i++;
	listener->half_open[i] =
	    listener->half_open[--listener->half_open_count];
	if (!event_pending(listener->rested, EV_TIMEOUT, NULL))
		event_add(listener->readable, NULL);
}

static void
rest(struct listener *listener)
{
	static const struct timeval delay = { 0, REST_MS * 1000 };

	event_del(listener->readable);
	event_add(listener->rested, &delay);
}

static void
on_rested(evutil_socket_t descriptor, short what, void *self)
{
	struct listener *listener = self;

	(void)descriptor, (void)what;
	if (listener->half_open_count < LIMIT_HALF_OPEN)
		event_add(listener->readable, NULL);
}

/* False when there is nobody to accept. */
static bool
accept_one(struct listener *listener)
{
	struct sockaddr_storage name = { 0 };
	socklen_t size = sizeof name;
	int descriptor = accept4(listener->descriptor, (void *)&name, &size,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct address from;

	if (descriptor < 0) {
		/* the event is level-triggered: without a rest it would spin */
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			rest(listener);
		return errno == ECONNABORTED || errno == EINTR;
	}
	from = address_of(&name);
	if (is_greedy(listener, descriptor, &from)) {
		listener->refused++;
		close(descriptor);
		return true;
	}
	listener->half_open[listener->half_open_count++] = link_accept(
	    listener->context, descriptor, &from, listener->owner, on_settled,
	    listener);
	return true;
}

static void
on_readable(evutil_socket_t descriptor, short what, void *self)
{
	struct listener *listener = self;

	(void)descriptor, (void)what;
	while (listener->half_open_count < LIMIT_HALF_OPEN)
		if (!accept_one(listener))
			return;
	event_del(listener->readable);
}

/*
 * One socket for both families where there is IPv6.  Returns a descriptor,
 * or -1 with errno.
 */
static int
open_socket(int family, uint16_t port)
{
	struct sockaddr_in ipv4 = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};
	struct sockaddr_in6 ipv6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	bool both = family == AF_INET6;
	int descriptor = socket(family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, off = 0, reason;

	if (descriptor < 0)
		return -1;
	setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (both)
		setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off,
		    sizeof off);
	if (bind(descriptor, both ? (void *)&ipv6 : (void *)&ipv4,
		both ? sizeof ipv6 : sizeof ipv4) == 0 &&
	    listen(descriptor, BACKLOG) == 0)
		return descriptor;
	reason = errno;
	close(descriptor);
	errno = reason;
	return -1;
}

static void
describe(uint16_t port, int reason, char problem[static PROBLEM])
{
	if (reason == EADDRINUSE)
		snprintf(problem, PROBLEM, "TCP port %u is taken by another "
		    "program; choose another with --port, or leave it out "
		    "for any free one.", port);
	else if (reason == EACCES)
		snprintf(problem, PROBLEM, "TCP port %u may not be used by "
		    "this user; choose one above 1023 with --port, or leave "
		    "it out for any free one.", port);
	else
		snprintf(problem, PROBLEM, "dchat cannot listen on TCP port "
		    "%u: %s.", port, strerror(reason));
}

struct listener *
listener_open(const struct link_context *context, uint16_t port, void *owner,
    char problem[static 256])
{
	int descriptor = open_socket(AF_INET6, port);
	struct sockaddr_storage name = { 0 };
	socklen_t size = sizeof name;
	struct listener *listener;

	if (descriptor < 0 && errno != EADDRINUSE && errno != EACCES)
		descriptor = open_socket(AF_INET, port);
	if (descriptor < 0) {
		describe(port, errno, problem);
		return NULL;
	}
	if (getsockname(descriptor, (void *)&name, &size) != 0)
		die("The system forgot the name of a socket.");
	listener = mem_zero(1, sizeof *listener);
	listener->context = context;
	listener->owner = owner;
	listener->descriptor = descriptor;
	listener->port = address_of(&name).port;
	listener->readable = event_new(context->loop, descriptor,
	    EV_READ | EV_PERSIST, on_readable, listener);
	listener->rested = event_new(context->loop, -1, 0, on_rested,
	    listener);
	if (listener->readable == NULL || listener->rested == NULL)
		die("There is no memory left.");
	event_add(listener->readable, NULL);
	return listener;
}

void
listener_close(struct listener *listener)
{
	if (listener == NULL)
		return;
	for (unsigned i = 0; i < listener->half_open_count; i++)
		link_forget_listener(listener->half_open[i]);
	event_free(listener->readable);
	event_free(listener->rested);
	close(listener->descriptor);
	free(listener);
}

uint16_t
listener_port(const struct listener *listener)
{
	return listener->port;
}

unsigned
listener_half_open(const struct listener *listener)
{
	return listener->half_open_count;
}

uint64_t
listener_refused(const struct listener *listener)
{
	return listener->refused;
}
