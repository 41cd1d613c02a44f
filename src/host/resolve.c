#include "host/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { PROBLEM = 256, QUOTED = 80 };

struct resolver {
	resolve_callback *done;
	void *self;
	int ends[2]; /* answers come out of 0; 1 is for threads */
	struct event *readable;
};

struct question {
	uint64_t token;
	uint16_t port;
	int answer_to; /* the thread's own descriptor */
	char host[RESOLVE_HOST];
};

/* -- texts ------------------------------------------------------------- */

static bool
read_port(const char *text, uint16_t *port)
{
	unsigned value = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (unsigned)(*text - '0');
		if (value > UINT16_MAX)
			return false;
	}
	*port = (uint16_t)value;
	return value > 0;
}

/* Spaces and the like stand in no host's name. */
static bool
host_good(const char *host)
{
	for (const unsigned char *c = (const unsigned char *)host; *c; c++)
		if (*c <= ' ' || *c == 127 || *c == '[' || *c == ']' ||
		    *c == '/')
			return false;
	return *host != '\0';
}

bool
resolve_split(const char *text, char host[static RESOLVE_HOST], uint16_t *port,
    char problem[static PROBLEM])
{
	const char *colon = strrchr(text, ':');
	const char *start = text, *end = text + strlen(text);
	struct address number;
	bool good = true;

	*port = 0;
	if (*text == '[') {
		const char *bracket = strchr(text, ']');

		start = text + 1;
		if (bracket == NULL)
			good = false;
		else if (bracket[1] == ':')
			good = read_port(bracket + 2, port);
		else
			good = bracket[1] == '\0';
		if (bracket != NULL)
			end = bracket;
	} else if (colon != NULL && strchr(text, ':') == colon) {
		end = colon;
		good = read_port(colon + 1, port);
	}
	if (good && (size_t)(end - start) < RESOLVE_HOST) {
		memcpy(host, start, (size_t)(end - start));
		host[end - start] = '\0';
		/* Colons are in the numbers of IPv6 and in no name. */
		good = host_good(host) && (strchr(host, ':') == NULL ||
			resolve_number(host, *port, &number));
	} else {
		good = false;
	}
	if (!good)
		snprintf(problem, PROBLEM,
		    "\"%.*s\" is not an address; write "
		    "HOST:PORT, as in 192.0.2.7:40123.",
		    (int)utf8_cut(text, QUOTED), text);
	return good;
}

static bool
take(struct address *address, const struct sockaddr *name, uint16_t port)
{
	*address = (struct address){ .port = port };
	if (name->sa_family == AF_INET) {
		const struct sockaddr_in *ipv4 = (const void *)name;

		address->family = ADDRESS_IPV4;
		memcpy(address->ip, &ipv4->sin_addr, 4);
		return true;
	}
	if (name->sa_family == AF_INET6) {
		const struct sockaddr_in6 *ipv6 = (const void *)name;

		address->family = ADDRESS_IPV6;
		memcpy(address->ip, &ipv6->sin6_addr, 16);
		address->scope = ipv6->sin6_scope_id;
		return true;
	}
	return false;
}

bool
resolve_number(const char *host, uint16_t port, struct address *address)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found;
	bool good;

	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return false;
	good = take(address, found->ai_addr, port);
	freeaddrinfo(found);
	return good;
}

/* -- names ------------------------------------------------------------- */

static void *
ask_system(void *context)
{
	struct question *question = context;
	const struct addrinfo hints = {
		.ai_flags = AI_ADDRCONFIG,
		.ai_socktype = SOCK_STREAM,
	};
	struct resolved resolved = { .token = question->token };
	struct addrinfo *found = NULL;
	int error = getaddrinfo(question->host, NULL, &hints, &found);

	if (error != 0)
		snprintf(resolved.why, sizeof resolved.why, "%s",
		    gai_strerror(error));
	for (struct addrinfo *next = error == 0 ? found : NULL;
	     next != NULL && resolved.count < LIMIT_ADDRESSES;
	     next = next->ai_next)
		resolved.count += take(&resolved.addresses[resolved.count],
		    next->ai_addr, question->port);
	if (error == 0)
		freeaddrinfo(found);
	/* Nobody may be there to hear it any more. */
	(void)!send(question->answer_to, &resolved, sizeof resolved,
	    MSG_NOSIGNAL);
	close(question->answer_to);
	free(question);
	return NULL;
}

static void
on_answer(evutil_socket_t descriptor, short what, void *context)
{
	struct resolver *resolver = context;
	struct resolved resolved;

	(void)what;
	if (recv(descriptor, &resolved, sizeof resolved, MSG_DONTWAIT) ==
	    sizeof resolved)
		resolver->done(resolver->self, &resolved);
}

struct resolver *
resolver_open(struct event_base *loop, resolve_callback *done, void *self)
{
	struct resolver *resolver = mem_zero(1, sizeof *resolver);

	resolver->done = done;
	resolver->self = self;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
		resolver->ends) != 0)
		die("No socket can be made: %s.", strerror(errno));
	resolver->readable = event_new(loop, resolver->ends[0],
	    EV_READ | EV_PERSIST, on_answer, resolver);
	event_add(resolver->readable, NULL);
	return resolver;
}

void
resolver_close(struct resolver *resolver)
{
	if (resolver == NULL)
		return;
	event_free(resolver->readable);
	close(resolver->ends[0]);
	close(resolver->ends[1]);
	free(resolver);
}

/* A thread that takes no signals: those are for the loop. */
static int
start_thread(struct question *question)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, &attributes, ask_system, question);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error;
}

void
resolver_ask(struct resolver *resolver, uint64_t token, const char *host,
    uint16_t port)
{
	struct question *question = mem_zero(1, sizeof *question);

	question->token = token;
	question->port = port;
	question->answer_to = fcntl(resolver->ends[1], F_DUPFD_CLOEXEC, 0);
	snprintf(question->host, sizeof question->host, "%s", host);
	if (question->answer_to < 0 || start_thread(question) != 0)
		die("No thread can be started to look up a name.");
}
