#include "host/tunnel.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mem.h"
#include "crypto/entropy.h"
#include "host/clock.h"

enum {
	/* What the kernel holds of it, no control frame can overtake. */
	SOCKET_BUFFER = 32 * 1024,
	TELL_AFTER = TUNNEL_WINDOW / 4,	/* used up and not told yet */
};

struct tunnel {
	struct tunnels *tunnels;
	struct id peer, via;
	uint64_t channel;
	struct bufferevent *inner;	/* to the link */
	uint64_t sent, taken;		/* by this end; of it by the other */
	uint64_t received, told;	/* from the other end; told used up */
	instant_ms moved;		/* then `taken` grew, or had no need */
	bool ended;			/* by the other; what came goes in */
};

struct tunnels {
	struct event_base *loop;
	struct tunnel_events events;
	struct event *tick;
	struct tunnel **items;		/* in no order */
	size_t count, cap;
};

static void on_tick(evutil_socket_t unused, short what, void *self);

static void
set_tick(struct tunnels *tunnels)
{
	int ms = tunnels->events.tick_ms != 0 ? tunnels->events.tick_ms
					      : TUNNEL_TICK_MS;
	struct timeval after = { ms / 1000, ms % 1000 * 1000 };

	if (!event_pending(tunnels->tick, EV_TIMEOUT, NULL))
		event_add(tunnels->tick, &after);
}

struct tunnels *
tunnels_new(struct event_base *loop, const struct tunnel_events *events)
{
	struct tunnels *tunnels = mem_zero(1, sizeof *tunnels);

	tunnels->loop = loop;
	tunnels->events = *events;
	tunnels->tick = evtimer_new(loop, on_tick, tunnels);
	if (tunnels->tick == NULL)
		die("There is no memory left.");
	return tunnels;
}

static void
drop(struct tunnel *tunnel)
{
	struct tunnels *tunnels = tunnel->tunnels;
	size_t i = 0;

	while (tunnels->items[i] != tunnel)
		i++;
	tunnels->items[i] = tunnels->items[--tunnels->count];
	bufferevent_free(tunnel->inner);
	free(tunnel);
}

void
tunnels_destroy(struct tunnels *tunnels)
{
	if (tunnels == NULL)
		return;
	while (tunnels->count > 0)
		drop(tunnels->items[tunnels->count - 1]);
	event_free(tunnels->tick);
	free(tunnels->items);
	free(tunnels);
}

void
tunnels_lost(struct tunnels *tunnels, const struct id *via)
{
	for (size_t i = tunnels->count; i-- > 0;)
		if (id_equal(&tunnels->items[i]->via, via))
			drop(tunnels->items[i]);
}

/* -- sending ------------------------------------------------------------- */

static bool
send_piece(struct tunnel *tunnel, struct relay relay)
{
	struct tunnels *tunnels = tunnel->tunnels;
	struct frame frame = { .type = FRAME_RELAY, .relay = relay };

	frame.relay.to = tunnel->peer;
	frame.relay.channel = tunnel->channel;
	frame.relay.at = tunnel->sent;
	frame.relay.taken = tunnel->received -
	    evbuffer_get_length(bufferevent_get_output(tunnel->inner));
	if (!tunnels->events.send(tunnels->events.self, &tunnel->via, &frame))
		return false;
	tunnel->told = frame.relay.taken;
	if (tunnel->sent == tunnel->taken)
		tunnel->moved = clock_now();
	tunnel->sent += relay.size;
	return true;
}

/* Both ends hear of it. */
static void
end(struct tunnel *tunnel)
{
	send_piece(tunnel, (struct relay){ .end = true });
	drop(tunnel);
}

/* Sends on what the link wrote.  False: the tunnel is gone. */
static bool
pump(struct tunnel *tunnel)
{
	struct evbuffer *input = bufferevent_get_input(tunnel->inner);
	uint8_t bytes[RELAY_PIECE];

	for (;;) {
		uint64_t room = TUNNEL_WINDOW - (tunnel->sent - tunnel->taken);
		size_t most = room < sizeof bytes ? (size_t)room : sizeof bytes;
		int size = evbuffer_remove(input, bytes, most);

		if (size <= 0)
			break;
		if (!send_piece(tunnel,
			(struct relay){ .bytes = bytes, .size = (size_t)size })) {
			end(tunnel);
			return false;
		}
	}
	if (tunnel->sent - tunnel->taken < TUNNEL_WINDOW)
		bufferevent_enable(tunnel->inner, EV_READ);
	else
		bufferevent_disable(tunnel->inner, EV_READ);
	return true;
}

/* -- the link's end ------------------------------------------------------ */

static void
on_read(struct bufferevent *inner, void *self)
{
	struct tunnel *tunnel = self;

	(void)inner;
	if (!tunnel->ended)
		pump(tunnel);
}

/* The link has taken all that came. */
static void
on_written(struct bufferevent *inner, void *self)
{
	struct tunnel *tunnel = self;

	(void)inner;
	if (tunnel->ended)
		drop(tunnel);
	else if (tunnel->received - tunnel->told >= TELL_AFTER &&
	    !send_piece(tunnel, (struct relay){ .size = 0 }))
		end(tunnel);
}

static void
on_closed(struct bufferevent *inner, short what, void *self)
{
	struct tunnel *tunnel = self;

	(void)inner, (void)what;
	if (tunnel->ended)
		drop(tunnel);
	else if (pump(tunnel))
		end(tunnel);
}

/* -- time ---------------------------------------------------------------- */

/* What the link has used up of what came, though it may be more to come. */
static bool
owes_word(const struct tunnel *tunnel)
{
	return tunnel->received - tunnel->told >
	    evbuffer_get_length(bufferevent_get_output(tunnel->inner));
}

static bool
is_stuck(const struct tunnel *tunnel)
{
	int stuck_ms = tunnel->tunnels->events.stuck_ms;

	return tunnel->sent > tunnel->taken &&
	    clock_now() - tunnel->moved >=
		(stuck_ms != 0 ? stuck_ms : TUNNEL_STUCK_MS);
}

static void
on_tick(evutil_socket_t unused, short what, void *self)
{
	struct tunnels *tunnels = self;

	(void)unused, (void)what;
	for (size_t i = tunnels->count; i-- > 0;) {
		struct tunnel *tunnel = tunnels->items[i];

		if (tunnel->ended)
			continue;
		if (is_stuck(tunnel) ||
		    (owes_word(tunnel) &&
			!send_piece(tunnel, (struct relay){ .size = 0 })))
			end(tunnel);
	}
	if (tunnels->count > 0)
		set_tick(tunnels);
}

/* -- beginning ----------------------------------------------------------- */

/* One end of a new pair is the tunnel's; returns the other, or < 0. */
static int
open_tunnel(struct tunnels *tunnels, const struct id *peer,
    const struct id *via, uint64_t channel)
{
	const int size = SOCKET_BUFFER;
	struct tunnel *tunnel;
	int pair[2];

	if (tunnels->count >= LIMIT_TUNNELS ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		pair) != 0)
		return -1;
	for (int i = 0; i < 2; i++)
		(void)setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size,
		    sizeof size);
	tunnel = mem_zero(1, sizeof *tunnel);
	tunnel->tunnels = tunnels;
	tunnel->peer = *peer;
	tunnel->via = *via;
	tunnel->channel = channel;
	tunnel->inner = bufferevent_socket_new(tunnels->loop, pair[0],
	    BEV_OPT_CLOSE_ON_FREE);
	if (tunnel->inner == NULL)
		die("There is no memory left.");
	bufferevent_setcb(tunnel->inner, on_read, on_written, on_closed,
	    tunnel);
	bufferevent_enable(tunnel->inner, EV_READ | EV_WRITE);
	MEM_GROW(tunnels->items, tunnels->count, tunnels->cap);
	tunnels->items[tunnels->count++] = tunnel;
	set_tick(tunnels);
	return pair[1];
}

int
tunnels_dial(struct tunnels *tunnels, const struct id *peer,
    const struct id *via)
{
	return open_tunnel(tunnels, peer, via, crypto_random_number());
}

/* -- what comes ---------------------------------------------------------- */

static struct tunnel *
find(const struct tunnels *tunnels, const struct id *via,
    const struct relay *relay)
{
	for (size_t i = 0; i < tunnels->count; i++) {
		struct tunnel *tunnel = tunnels->items[i];

		if (tunnel->channel == relay->channel &&
		    id_equal(&tunnel->peer, &relay->origin) &&
		    id_equal(&tunnel->via, via))
			return tunnel;
	}
	return NULL;
}

/* The first piece of a channel opens it; any other is of one that is gone. */
static struct tunnel *
find_or_open(struct tunnels *tunnels, const struct id *via,
    const struct relay *relay)
{
	struct tunnel *tunnel = find(tunnels, via, relay);
	int descriptor;

	if (tunnel != NULL || relay->end)
		return tunnel;
	if (relay->at == 0 && relay->size > 0 &&
	    (descriptor = open_tunnel(tunnels, &relay->origin, via,
		 relay->channel)) >= 0) {
		tunnels->events.dialled(tunnels->events.self, &relay->origin,
		    via, descriptor);
		return find(tunnels, via, relay);
	}
	tunnels->events.send(tunnels->events.self, via,
	    &(struct frame){ .type = FRAME_RELAY,
		.relay = { .to = relay->origin,
		    .channel = relay->channel,
		    .end = true } });
	return NULL;
}

/* Neither a gap, nor more than was allowed, nor used up what never was. */
static bool
is_in_order(const struct tunnel *tunnel, const struct relay *relay)
{
	return relay->at == tunnel->received &&
	    relay->size <= TUNNEL_WINDOW &&
	    tunnel->received - tunnel->told <= TUNNEL_WINDOW - relay->size &&
	    relay->taken >= tunnel->taken && relay->taken <= tunnel->sent;
}

void
tunnels_take(struct tunnels *tunnels, const struct id *via,
    const struct relay *relay)
{
	struct tunnel *tunnel = find_or_open(tunnels, via, relay);

	if (tunnel == NULL || tunnel->ended)
		return;
	if (relay->end) {
		/* What came before still goes in. */
		tunnel->ended = true;
		if (evbuffer_get_length(bufferevent_get_output(
			tunnel->inner)) == 0)
			drop(tunnel);
		return;
	}
	if (!is_in_order(tunnel, relay)) {
		end(tunnel);
		return;
	}
	if (relay->taken > tunnel->taken)
		tunnel->moved = clock_now();
	tunnel->taken = relay->taken;
	tunnel->received += relay->size;
	if (relay->size > 0)
		bufferevent_write(tunnel->inner, relay->bytes, relay->size);
	pump(tunnel);
}
