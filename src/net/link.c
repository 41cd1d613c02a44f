#include "net/link.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <linux/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/die.h"
#include "base/mem.h"
#include "net/tls.h"

enum {
	HEADER = 4,		/* the length before each frame */
	TEXT = 160,
	USER_TIMEOUT_MS = 10000, /* unacknowledged: the cable is gone */
	LINGER_MS = 1000,	/* for the peer to see our end and hang up */
	RETRY_MS = 5,		/* when even the end does not fit the kernel */
};

enum state {
	DIALLING,		/* TCP's handshake */
	SHAKING,		/* TLS's */
	UP,
	FLUSHING,		/* UP, but nothing new is taken */
	LINGERING,		/* our end is sent; theirs is awaited */
	ENDED,			/* down() is due in this turn of the loop */
};

struct link {
	const struct link_context *context;
	void *owner;
	enum state state;
	bool dialled, trusted, paused;
	bool announced;		/* up() was called */
	bool busy;		/* a callback of the owner is running */
	bool closed;		/* link_close() was called meanwhile */
	bool unsent;		/* drained() is owed */
	bool leftovers;		/* ENDED by the peer, its last frames are due */
	bool expects;
	struct id expected;
	struct address address;

	int descriptor;		/* while DIALLING; then the bufferevent's */
	struct event *connected, *deadline, *turn;
	struct bufferevent *stream;
	struct evbuffer *queues[2];	/* by enum link_class, with headers */
	enum link_class moving;	/* whose frame the stream is in; of it */
	size_t rest;		/* so much is still in the queue */

	struct id peer_id;
	uint8_t peer_key[LINK_KEY_BYTES];
	uint64_t sent, received, dropped_bulk;
	uint64_t sent_before;	/* as link_crowded() saw it change */
	instant_ms moved;	/* when */

	enum link_end end;
	char text[TEXT];
	void (*settled)(void *self, struct link *link);
	void *settled_self;
};

const char *
link_end_name(enum link_end end)
{
	static const char *const names[] = {
#define X(constant, name) [constant] = name,
		LINK_ENDS(X)
#undef X
	};

	return names[end];
}

/* ---------------------------------------------------------- birth and end */

static void
settle(struct link *link)
{
	void (*settled)(void *, struct link *) = link->settled;

	link->settled = NULL;
	if (settled != NULL)
		settled(link->settled_self, link);
}

static void
destroy(struct link *link)
{
	settle(link);
	if (link->connected != NULL)
		event_free(link->connected);
	event_free(link->deadline);
	event_free(link->turn);
	if (link->stream != NULL) {
		bufferevent_setcb(link->stream, NULL, NULL, NULL, NULL);
		bufferevent_free(link->stream);
	} else if (link->descriptor >= 0) {
		close(link->descriptor);
	}
	evbuffer_free(link->queues[LINK_CONTROL]);
	evbuffer_free(link->queues[LINK_BULK]);
	free(link);
}

/* The first end counts; down() follows from the loop. */
static void end(struct link *link, enum link_end why, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
end(struct link *link, enum link_end why, const char *format, ...)
{
	va_list arguments;

	if (link->state == ENDED)
		return;
	link->state = ENDED;
	link->end = why;
	va_start(arguments, format);
	vsnprintf(link->text, sizeof link->text, format, arguments);
	va_end(arguments);
	event_del(link->deadline);
	if (link->connected != NULL)
		event_del(link->connected);
	if (link->stream != NULL) {
		bufferevent_setcb(link->stream, NULL, NULL, NULL, NULL);
		bufferevent_disable(link->stream, EV_READ | EV_WRITE);
	}
	event_active(link->turn, 0, 0);
}

static void
set_deadline(struct link *link, int delay_ms)
{
	struct timeval delay = { delay_ms / 1000, delay_ms % 1000 * 1000 };

	event_add(link->deadline, &delay);
}

/*
 * Around every callback of the owner.  False: the owner closed the link
 * meanwhile, and it is gone.
 */
static void
enter(struct link *link)
{
	assert(!link->busy);
	link->busy = true;
}

static bool
leave(struct link *link)
{
	link->busy = false;
	if (!link->closed)
		return true;
	destroy(link);
	return false;
}

/* ------------------------------------------------------------- receiving */

/* The first bytes of the input, as one stretch of memory. */
static const uint8_t *
pull(struct evbuffer *input, size_t size)
{
	const uint8_t *bytes = evbuffer_pullup(input, (ev_ssize_t)size);

	if (bytes == NULL)
		die("There is no memory left.");
	return bytes;
}

static bool
may_deliver(const struct link *link)
{
	if (link->state == ENDED)
		return link->leftovers;
	return link->state >= UP && !link->paused;
}

/* Hands over what is complete.  False: the link is gone. */
static bool
deliver(struct link *link)
{
	struct evbuffer *input = bufferevent_get_input(link->stream);
	size_t limit, size;
	uint8_t header[HEADER];
	const uint8_t *frame;

	while (may_deliver(link) &&
	    evbuffer_copyout(input, header, HEADER) == HEADER) {
		size = bytes_get_u32(header);
		limit = link->trusted ? LIMIT_FRAME : LIMIT_FRAME_STRANGER;
		if (size == 0 || size > limit) {
			end(link, LINK_PROTOCOL, "The peer sent a frame of "
			    "%zu bytes; it may have 1 to %zu.", size, limit);
			link->leftovers = false;
			return true;
		}
		if (evbuffer_get_length(input) < HEADER + size)
			return true;
		frame = pull(input, HEADER + size);
		link->received += HEADER + size;
		enter(link);
		link->context->events.frame(link, link->owner, frame + HEADER,
		    size);
		if (!leave(link))
			return false;
		evbuffer_drain(input, HEADER + size);
	}
	return true;
}

static void
on_read(struct bufferevent *stream, void *self)
{
	(void)stream;
	deliver(self);
}

/* --------------------------------------------------------------- sending */

static size_t
waiting(const struct link *link)
{
	return evbuffer_get_length(link->queues[LINK_CONTROL]) +
	    evbuffer_get_length(link->queues[LINK_BULK]);
}

/* Chooses the next frame to move; false when there is none. */
static bool
choose(struct link *link)
{
	uint8_t header[HEADER];

	if (link->rest > 0)
		return true;
	link->moving =
	    evbuffer_get_length(link->queues[LINK_CONTROL]) > 0 ?
	    LINK_CONTROL : LINK_BULK;
	if (evbuffer_copyout(link->queues[link->moving], header, HEADER) !=
	    HEADER)
		return false;
	link->rest = HEADER + bytes_get_u32(header);
	return true;
}

/*
 * Moves one piece to the stream, as one stretch of memory: TLS makes a
 * record, and a write(2), of every stretch.
 */
static void
move_piece(struct link *link, struct evbuffer *output)
{
	struct evbuffer_iovec stretch;
	size_t size = waiting(link), used = 0;

	if (size > LINK_PIECE)
		size = LINK_PIECE;
	if (evbuffer_reserve_space(output, (ev_ssize_t)size, &stretch, 1) != 1)
		die("There is no memory left.");
	while (used < size && choose(link)) {
		size_t part = link->rest < size - used ? link->rest :
		    size - used;

		evbuffer_remove(link->queues[link->moving],
		    (uint8_t *)stretch.iov_base + used, part);
		link->rest -= part;
		used += part;
	}
	stretch.iov_len = used;
	evbuffer_commit_space(output, &stretch, 1);
	link->sent += used;
}

/*
 * Says the end in TLS and waits for the peer to hang up: closing at once
 * could make the kernel reset the connection, over bytes of the peer that
 * nobody has read, and throw away what it has not sent.
 */
static void
say_end(struct link *link)
{
	SSL *session = bufferevent_openssl_get_ssl(link->stream);
	int result = SSL_shutdown(session);

	if (result < 0 &&
	    SSL_get_error(session, result) == SSL_ERROR_WANT_WRITE) {
		set_deadline(link, RETRY_MS);
		return;
	}
	ERR_clear_error();
	link->state = LINGERING;
	set_deadline(link, LINGER_MS);
}

/* Keeps the stream busy.  False: the link is gone. */
static bool
fill(struct link *link)
{
	struct evbuffer *output = bufferevent_get_output(link->stream);

	while (evbuffer_get_length(output) < LINK_PIECE && waiting(link) > 0)
		move_piece(link, output);
	if (evbuffer_get_length(output) > 0)
		return true;
	if (link->state == FLUSHING) {
		say_end(link);
	} else if (link->unsent) {
		link->unsent = false;
		if (link->context->events.drained == NULL)
			return true;
		enter(link);
		link->context->events.drained(link, link->owner);
		return leave(link);
	}
	return true;
}

static void
on_write(struct bufferevent *stream, void *self)
{
	struct link *link = self;

	(void)stream;
	if (link->state == UP || link->state == FLUSHING)
		fill(link);
}

bool
link_send(struct link *link, const void *bytes, size_t size,
    enum link_class class)
{
	uint8_t header[HEADER];

	assert(size > 0 && size <= LIMIT_FRAME);
	if (link->state != UP || link->closed)
		return false;
	if (class == LINK_BULK &&
	    link_queued_bytes(link) + HEADER + size > LIMIT_LINK_QUEUE) {
		link->dropped_bulk++;
		return false;
	}
	if (class == LINK_CONTROL &&
	    evbuffer_get_length(link->queues[class]) + HEADER + size >
	    LIMIT_LINK_QUEUE) {
		end(link, LINK_OVERFLOW, "The peer takes nothing, and more "
		    "than %d bytes wait for it.", LIMIT_LINK_QUEUE);
		return false;
	}
	bytes_put_u32(header, (uint32_t)size);
	if (evbuffer_add(link->queues[class], header, HEADER) != 0 ||
	    evbuffer_add(link->queues[class], bytes, size) != 0)
		die("There is no memory left.");
	link->unsent = true;
	event_active(link->turn, 0, 0);
	return true;
}

/* ---------------------------------------------------------------- events */

static void
come_up(struct link *link)
{
	SSL *session = bufferevent_openssl_get_ssl(link->stream);
	char expected[ID_SHORT_TEXT], found[ID_SHORT_TEXT];

	if (!tls_peer(link->context->tls, session, link->peer_key,
		&link->peer_id)) {
		end(link, LINK_TLS, "The peer speaks TLS, but not dchat/1.");
		return;
	}
	if (link->expects && !id_equal(&link->expected, &link->peer_id)) {
		end(link, LINK_WRONG_ID, "There is %s where %s was expected.",
		    id_format_short(&link->peer_id, found),
		    id_format_short(&link->expected, expected));
		return;
	}
	link->state = UP;
	link->announced = true;
	enter(link);
	link->context->events.up(link, link->owner);
	leave(link);
}

/* What TLS says is wrong; 0 when it is the connection that failed. */
static unsigned long
tls_problem(struct link *link)
{
	unsigned long problem = bufferevent_get_openssl_error(link->stream);

	if (ERR_GET_LIB(problem) == ERR_LIB_SYS ||
	    ERR_GET_REASON(problem) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return 0;
	return problem;
}

static void
end_by_errno(struct link *link, int reason)
{
	enum link_end why = LINK_LOST;

	switch (reason) {
	case ECONNREFUSED:
		why = LINK_REFUSED;
		break;
	case ETIMEDOUT:
		why = LINK_TIMEOUT;
		break;
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
		why = LINK_UNREACHABLE;
		break;
	}
	/* of what fails before there is a connection, only these are left */
	if (link->state == DIALLING && why == LINK_LOST &&
	    reason != ECONNRESET)
		why = LINK_UNREACHABLE;
	end(link, why, "The connection failed: %s.", strerror(reason));
}

static void
end_by_event(struct link *link, short what, int reason)
{
	SSL *session = bufferevent_openssl_get_ssl(link->stream);
	unsigned long problem = tls_problem(link);

	if (link->state == LINGERING)
		end(link, LINK_FLUSHED, "All was sent and the link closed.");
	else if ((SSL_get_shutdown(session) & SSL_RECEIVED_SHUTDOWN) != 0 &&
	    problem == 0)
		end(link, LINK_CLEAN, "The peer closed the link.");
	else if (problem != 0)
		end(link, LINK_TLS, "TLS failed: %s.",
		    ERR_reason_error_string(problem) != NULL ?
		    ERR_reason_error_string(problem) : "unknown reason");
	else if ((what & BEV_EVENT_ERROR) != 0 && reason != 0)
		end_by_errno(link, reason);
	else
		end(link, LINK_LOST, "The peer was gone without goodbye.");
	ERR_clear_error();
}

static void
on_event(struct bufferevent *stream, short what, void *self)
{
	int reason = EVUTIL_SOCKET_ERROR();
	struct link *link = self;

	(void)stream;
	if ((what & BEV_EVENT_CONNECTED) != 0) {
		come_up(link);
		return;
	}
	/*
	 * libevent tells the end before it hands over the bytes read together
	 * with it; they are there when the turn comes.
	 */
	link->leftovers = link->announced;
	end_by_event(link, what, reason);
}

static void
on_deadline(evutil_socket_t descriptor, short what, void *self)
{
	struct link *link = self;

	(void)descriptor, (void)what;
	if (link->state == LINGERING)
		end(link, LINK_FLUSHED, "All was sent; the peer did not "
		    "confirm it.");
	else if (link->state == FLUSHING && link_queued_bytes(link) == 0)
		fill(link);
	else
		end(link, LINK_TIMEOUT, "The peer did not say in time who it "
		    "is.");
}

/* Once in a turn of the loop, whatever was asked for in it. */
static void
on_turn(evutil_socket_t descriptor, short what, void *self)
{
	struct link *link = self;

	(void)descriptor, (void)what;
	if (link->stream != NULL && !deliver(link))
		return;
	if (link->state == UP || link->state == FLUSHING) {
		fill(link);
	} else if (link->state == ENDED) {
		enter(link);
		link->context->events.down(link, link->owner, link->end,
		    link->text);
		link->closed = true;
		leave(link);
	}
}

/* ------------------------------------------------------------- beginning */

static void
set(int descriptor, int option, int value)
{
	(void)setsockopt(descriptor, IPPROTO_TCP, option, &value,
	    sizeof value);
}

static void
start_tls(struct link *link)
{
	SSL *session = tls_session(link->context->tls, link->dialled);

	set(link->descriptor, TCP_NODELAY, 1);
	set(link->descriptor, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
	/* what the kernel has not, a control frame can still overtake */
	set(link->descriptor, TCP_NOTSENT_LOWAT, LINK_PIECE);
	link->state = SHAKING;
	link->stream = bufferevent_openssl_socket_new(link->context->loop,
	    link->descriptor, session,
	    link->dialled ? BUFFEREVENT_SSL_CONNECTING :
	    BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (link->stream == NULL)
		die("There is no memory left.");
	bufferevent_setwatermark(link->stream, EV_WRITE, LINK_PIECE, 0);
	bufferevent_setcb(link->stream, on_read, on_write, on_event, link);
	bufferevent_enable(link->stream, EV_READ | EV_WRITE);
}

static void
on_connected(evutil_socket_t descriptor, short what, void *self)
{
	struct link *link = self;
	int reason = 0;
	socklen_t size = sizeof reason;

	(void)what;
	getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &size);
	if (reason != 0)
		end_by_errno(link, reason);
	else
		start_tls(link);
}

static struct link *
link_new(const struct link_context *context, const struct address *address,
    int descriptor, bool dialled, void *owner)
{
	struct link *link = mem_zero(1, sizeof *link);

	link->context = context;
	link->owner = owner;
	link->dialled = dialled;
	link->address = *address;
	link->descriptor = descriptor;
	link->deadline = event_new(context->loop, -1, 0, on_deadline, link);
	link->turn = event_new(context->loop, -1, 0, on_turn, link);
	link->queues[LINK_CONTROL] = evbuffer_new();
	link->queues[LINK_BULK] = evbuffer_new();
	if (link->deadline == NULL || link->turn == NULL ||
	    link->queues[LINK_CONTROL] == NULL ||
	    link->queues[LINK_BULK] == NULL)
		die("There is no memory left.");
	set_deadline(link, context->handshake_ms != 0 ?
	    context->handshake_ms : LINK_HANDSHAKE_MS);
	return link;
}

/* Begins to connect; 0 or the errno. */
static int
begin(int descriptor, const struct address *to)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
	int result;

	if (to->family == ADDRESS_IPV4) {
		ipv4.sin_port = htons(to->port);
		memcpy(&ipv4.sin_addr, to->ip, 4);
		result = connect(descriptor, (void *)&ipv4, sizeof ipv4);
	} else {
		ipv6.sin6_port = htons(to->port);
		ipv6.sin6_scope_id = to->scope;
		memcpy(&ipv6.sin6_addr, to->ip, 16);
		result = connect(descriptor, (void *)&ipv6, sizeof ipv6);
	}
	return result == 0 || errno == EINPROGRESS ? 0 : errno;
}

struct link *
link_dial(const struct link_context *context, const struct address *to,
    const struct id *expected, void *owner)
{
	int descriptor = socket(
	    to->family == ADDRESS_IPV4 ? AF_INET : AF_INET6,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int reason = descriptor < 0 ? errno : begin(descriptor, to);
	struct link *link = link_new(context, to, descriptor, true, owner);

	if (expected != NULL) {
		link->expects = true;
		link->expected = *expected;
	}
	if (reason != 0) {
		end_by_errno(link, reason);
		return link;
	}
	link->connected = event_new(context->loop, descriptor, EV_WRITE,
	    on_connected, link);
	event_add(link->connected, NULL);
	return link;
}

struct link *
link_dial_on(const struct link_context *context, int descriptor,
    const struct id *expected, void *owner)
{
	struct link *link = link_new(context, &(struct address){ 0 },
	    descriptor, true, owner);

	link->expects = true;
	link->expected = *expected;
	start_tls(link);
	return link;
}

struct link *
link_accept(const struct link_context *context, int descriptor,
    const struct address *from, void *owner,
    void (*settled)(void *self, struct link *link), void *self)
{
	struct link *link = link_new(context, from, descriptor, false, owner);

	link->settled = settled;
	link->settled_self = self;
	start_tls(link);
	return link;
}

void
link_forget_listener(struct link *link)
{
	link->settled = NULL;
	if (!link->announced)
		link_close(link);
}

/* -------------------------------------------------- what the owner may do */

void
link_set_owner(struct link *link, void *owner)
{
	link->owner = owner;
}

void
link_trust(struct link *link)
{
	assert(link->state >= UP);
	if (link->trusted)
		return;
	link->trusted = true;
	if (link->state == UP || link->state == FLUSHING) {
		event_del(link->deadline);
		event_active(link->turn, 0, 0);
	}
	settle(link);
}

void
link_pause_reading(struct link *link)
{
	if (link->paused || link->state != UP)
		return;
	link->paused = true;
	/* not by a high watermark: libevent can forget to read on then */
	bufferevent_disable(link->stream, EV_READ);
}

void
link_resume_reading(struct link *link)
{
	if (!link->paused || link->state == ENDED)
		return;
	link->paused = false;
	bufferevent_enable(link->stream, EV_READ);
	event_active(link->turn, 0, 0);
}

void
link_flush_and_close(struct link *link)
{
	if (link->state < UP) {
		end(link, LINK_FLUSHED, "The link was given up before it was "
		    "up.");
		return;
	}
	if (link->state != UP)
		return;
	link_resume_reading(link);
	link->state = FLUSHING;
	event_active(link->turn, 0, 0);
}

void
link_close(struct link *link)
{
	assert(!link->closed);
	if (link->busy) {
		link->closed = true;
		settle(link);
	} else {
		destroy(link);
	}
}

bool
link_is_up(const struct link *link)
{
	return link->state == UP && !link->closed;
}

bool
link_is_trusted(const struct link *link)
{
	return link->trusted;
}

bool
link_dialled(const struct link *link)
{
	return link->dialled;
}

const struct address *
link_address(const struct link *link)
{
	return &link->address;
}

const struct id *
link_peer_id(const struct link *link)
{
	return &link->peer_id;
}

const uint8_t *
link_peer_key(const struct link *link)
{
	return link->peer_key;
}

void
link_exporter(const struct link *link, const char *label,
    uint8_t value[static LINK_EXPORTER_BYTES])
{
	SSL *session;

	assert(link->state >= UP);
	session = bufferevent_openssl_get_ssl(link->stream);
	if (SSL_export_keying_material(session, value, LINK_EXPORTER_BYTES,
		label, strlen(label), NULL, 0, 0) != 1)
		die("OpenSSL does not give the exporter value of a link.");
}

size_t
link_queued_bytes(const struct link *link)
{
	size_t queued = waiting(link);

	if (link->stream != NULL)
		queued += evbuffer_get_length(
		    bufferevent_get_output(link->stream));
	return queued;
}

/* The mean would count how long the other end delays its ACKs. */
double
link_rtt_ms(const struct link *link)
{
	struct tcp_info info = { 0 };
	socklen_t size = sizeof info;

	if (link->descriptor < 0 ||
	    getsockopt(link->descriptor, IPPROTO_TCP, TCP_INFO, &info,
		&size) != 0 ||
	    info.tcpi_rtt == 0)
		return -1;
	if (size >= offsetof(struct tcp_info, tcpi_min_rtt) +
		    sizeof info.tcpi_min_rtt &&
	    info.tcpi_min_rtt > 0 && info.tcpi_min_rtt != UINT32_MAX)
		return info.tcpi_min_rtt / 1000.0;
	return info.tcpi_rtt / 1000.0;
}

bool
link_crowded(struct link *link, instant_ms now)
{
	if (link_queued_bytes(link) < LIMIT_LINK_QUEUE / 4)
		return false;
	if (link->sent != link->sent_before) {
		link->sent_before = link->sent;
		link->moved = now;
	}
	return now < link->moved + LINK_STUCK_MS;
}

uint64_t
link_sent_bytes(const struct link *link)
{
	return link->sent;
}

uint64_t
link_received_bytes(const struct link *link)
{
	return link->received;
}

uint64_t
link_dropped_bulk(const struct link *link)
{
	return link->dropped_bulk;
}
