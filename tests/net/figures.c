/*
 * figures: how fast hosts on a LAN find each other, talk, and do without a
 * leader that is killed, stopped, or cut off.  Prints medians and worst
 * cases; judges nothing.
 *
 *   figures [KILLS]       (default 20; of the other falls a quarter each)
 *
 * Three hosts find each other and talk; of five one falls after the other.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/lan.h"
#include "tests/support/peer.h"

enum { HOSTS = 3, MANY = 5, SPLIT_FROM = 4, FALLS_MAX = 50, EACH = 334 };
static const double PATIENCE_MS = 40000;

static struct crowd crowd;

static int
compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static void
print_spread(const char *what, double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, compare);
	printf("%-54s median %7.1f ms  worst %7.1f ms  (n = %d)\n", what,
	    values[count / 2], values[count - 1], count);
	fflush(stdout);
}

static void
expect(bool happened, const char *what)
{
	if (happened)
		return;
	fprintf(stderr, "figures: this did not happen: %s\n", what);
	crowd_end(&crowd);
	exit(EXIT_FAILURE);
}

static struct peer *
start(int host)
{
	char nick[8];
	const char *arguments[] = { "--ephemeral", "--nick", nick, NULL };

	snprintf(nick, sizeof nick, "h%d", host);
	return peer_start(&crowd, lan_host(host), arguments);
}

static const char *
nick_of(const struct peer *peer)
{
	return event_text(peer_last(peer, "ready")->event, "nick");
}

static bool
believes(const struct peer *peer, const char *id, const char *state)
{
	for (size_t i = peer->count; i-- > 0;) {
		const json_t *event = peer->events[i].event;

		if (event_is(event, "peer") &&
		    strcmp(event_text(event, "id"), id) == 0)
			return strcmp(event_text(event, "state"), state) == 0;
	}
	return false;
}

/* Every running peer believes every other running one to be alive. */
static bool
all_alive(struct crowd *all, void *unused)
{
	(void)unused;
	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < all->count; k++)
			if (i != k && all->peers[i].pid != 0 &&
			    all->peers[k].pid != 0 &&
			    (all->peers[k].id[0] == '\0' ||
				!believes(&all->peers[i], all->peers[k].id,
				    "alive")))
				return false;
	return crowd_agrees(all, NULL);
}

static bool
known_dead(struct crowd *all, void *argument)
{
	const struct peer *dead = argument;

	for (size_t i = 0; i < all->count; i++)
		if (all->peers[i].pid != 0 && &all->peers[i] != dead &&
		    !believes(&all->peers[i], dead->id, "dead"))
			return false;
	return true;
}

static bool
have_all(struct crowd *all, void *unused)
{
	(void)unused;
	for (size_t i = 0; i < all->count; i++)
		if (peer_count_messages(&all->peers[i]) <
		    (size_t)EACH * HOSTS)
			return false;
	return true;
}

static void
measure_messages(void)
{
	double from_ms = peer_now_ms();

	for (int n = 0; n < EACH; n++)
		for (size_t i = 0; i < crowd.count; i++)
			peer_send(&crowd.peers[i], "{s:s,s:s,s:s}", "cmd",
			    "say", "room", "#lobby", "text",
			    "a message of usual length, as people write");
	expect(crowd_await(&crowd, PATIENCE_MS, have_all, NULL),
	    "all messages everywhere");
	printf("%-54s %.0f ms\n", "1,002 messages from three, everywhere",
	    peer_now_ms() - from_ms);
}

static void
measure_latency(void)
{
	enum { TIMES = 100 };
	double ok_ms[TIMES], shown_ms[TIMES];

	for (int n = 0; n < TIMES; n++) {
		struct peer *other = &crowd.peers[1];
		double from_ms = peer_now_ms();
		const struct heard *heard;

		other->mark = other->count;
		expect(peer_ask(&crowd, &crowd.peers[0], PATIENCE_MS,
			   "{s:s,s:s,s:s}", "cmd", "say", "room", "#lobby",
			   "text", "ping") != NULL,
		    "an ok");
		ok_ms[n] = peer_now_ms() - from_ms;
		heard = peer_await(&crowd, other, "message", "text", "ping",
		    PATIENCE_MS);
		expect(heard != NULL, "a message");
		shown_ms[n] = heard->at_ms - from_ms;
	}
	print_spread("say -> ok", ok_ms, TIMES);
	print_spread("say -> shown on another host", shown_ms, TIMES);
}

static void
measure_kills(int kills)
{
	double dead_ms[FALLS_MAX], leader_ms[FALLS_MAX];

	for (int n = 0; n < kills; n++) {
		struct peer *leader;
		double from_ms;

		expect(crowd_await(&crowd, PATIENCE_MS, all_alive, NULL),
		    "all alive");
		leader = crowd_leader(&crowd);
		from_ms = peer_now_ms();
		peer_kill(leader, SIGKILL);
		expect(peer_await_end(&crowd, leader, PATIENCE_MS), "an end");
		expect(crowd_await(&crowd, PATIENCE_MS, known_dead, leader),
		    "a verdict");
		dead_ms[n] = peer_now_ms() - from_ms;
		expect(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL),
		    "a new leader");
		leader_ms[n] = peer_now_ms() - from_ms;
		start(nick_of(leader)[1] - '0');
	}
	print_spread("kill -9 of the leader -> known everywhere", dead_ms,
	    kills);
	print_spread("kill -9 of the leader -> new one everywhere",
	    leader_ms, kills);
}

/* -- a leader that falls silent ------------------------------------------ */

/* These peers, at most all; the rest does not count. */
struct side {
	const struct peer *peers[MANY];
	size_t count;
};

/* All of a side follow one leader, who is of that side. */
static bool
side_agrees(struct crowd *all, void *argument)
{
	const struct side *side = argument;
	const char *leader = peer_leader(side->peers[0]);
	bool own = false;

	(void)all;
	if (leader == NULL)
		return false;
	for (size_t i = 0; i < side->count; i++) {
		const char *named = peer_leader(side->peers[i]);

		if (named == NULL || strcmp(named, leader) != 0)
			return false;
		own = own || strcmp(side->peers[i]->id, leader) == 0;
	}
	return own;
}

static struct side
all_but(const struct peer *gone)
{
	struct side side = { .count = 0 };

	for (size_t i = 0; i < crowd.count; i++)
		if (crowd.peers[i].pid != 0 && &crowd.peers[i] != gone)
			side.peers[side.count++] = &crowd.peers[i];
	return side;
}

static void
await_all(void)
{
	expect(crowd_await(&crowd, PATIENCE_MS, all_alive, NULL),
	    "all alive, one leader");
	/* The watch over each other has begun. */
	crowd_pump(&crowd, 1100);
}

static void
stop(struct peer *leader)
{
	peer_kill(leader, SIGSTOP);
}

static void
go_on(struct peer *leader)
{
	peer_kill(leader, SIGCONT);
}

static void
pull(struct peer *leader)
{
	lan_cut(nick_of(leader)[1] - '0');
}

static void
plug(struct peer *leader)
{
	lan_mend(nick_of(leader)[1] - '0');
}

static void
measure_silence(const char *what, void (*fall)(struct peer *leader),
    void (*rise)(struct peer *leader), int times)
{
	double leader_ms[FALLS_MAX], back_ms[FALLS_MAX];
	char line[64];

	for (int n = 0; n < times; n++) {
		struct peer *leader;
		struct side rest;
		double from_ms;

		await_all();
		leader = crowd_leader(&crowd);
		rest = all_but(leader);
		from_ms = peer_now_ms();
		fall(leader);
		expect(crowd_await(&crowd, PATIENCE_MS, side_agrees, &rest),
		    "a new leader");
		leader_ms[n] = peer_now_ms() - from_ms;
		from_ms = peer_now_ms();
		rise(leader);
		expect(crowd_await(&crowd, PATIENCE_MS, all_alive, NULL),
		    "one view again");
		back_ms[n] = peer_now_ms() - from_ms;
	}
	snprintf(line, sizeof line, "%s -> new leader everywhere", what);
	print_spread(line, leader_ms, times);
	snprintf(line, sizeof line, "%s, and back -> one view, one leader",
	    what);
	print_spread(line, back_ms, times);
}

/* Three against two, for as long as each side needs to have a leader. */
static void
measure_partitions(int times)
{
	double led_ms[FALLS_MAX], healed_ms[FALLS_MAX];

	for (int n = 0; n < times; n++) {
		struct side sides[2] = { { .count = 0 }, { .count = 0 } };
		double from_ms;

		await_all();
		for (size_t i = 0; i < crowd.count; i++) {
			const struct peer *peer = &crowd.peers[i];
			struct side *side;

			if (peer->pid == 0)
				continue;
			side = &sides[nick_of(peer)[1] - '0' >= SPLIT_FROM];
			side->peers[side->count++] = peer;
		}
		from_ms = peer_now_ms();
		lan_split(MANY, SPLIT_FROM);
		for (int k = 0; k < 2; k++)
			expect(crowd_await(&crowd, PATIENCE_MS, side_agrees,
				   &sides[k]), "a leader on each side");
		led_ms[n] = peer_now_ms() - from_ms;
		from_ms = peer_now_ms();
		lan_join(MANY);
		expect(crowd_await(&crowd, PATIENCE_MS, all_alive, NULL),
		    "one view again");
		healed_ms[n] = peer_now_ms() - from_ms;
	}
	print_spread("three against two -> both sides are led", led_ms,
	    times);
	print_spread("healed -> one view, one leader", healed_ms, times);
}

static void
measure_falls(int kills)
{
	int times = (kills + 3) / 4;

	for (int i = 1; i <= MANY; i++)
		start(i);
	measure_kills(kills);
	await_all();
	measure_silence("cable of the leader", pull, plug, times);
	measure_silence("SIGSTOP of the leader", stop, go_on, times);
	measure_partitions(times);
}

int
main(int argc, char **argv)
{
	int kills = argc > 1 ? atoi(argv[1]) : 20;
	double last_ms;

	if (kills < 1 || kills > FALLS_MAX) {
		fprintf(stderr, "figures: KILLS is a number from 1 to %d.\n",
		    FALLS_MAX);
		return 2;
	}
	lan_enter(argv);
	lan_build(MANY);
	for (int i = 1; i <= HOSTS; i++)
		start(i);
	last_ms = crowd.peers[HOSTS - 1].started_ms;
	expect(crowd_await(&crowd, PATIENCE_MS, all_alive, NULL),
	    "one view and one leader");
	printf("%-54s %.0f ms\n",
	    "last start -> one view, one leader everywhere",
	    peer_now_ms() - last_ms);
	measure_latency();
	crowd_end(&crowd);
	for (int i = 1; i <= HOSTS; i++)
		start(i);
	expect(crowd_await(&crowd, PATIENCE_MS, all_alive, NULL),
	    "one view and one leader");
	measure_messages();
	crowd_end(&crowd);
	measure_falls(kills);
	crowd_end(&crowd);
	lan_remove(MANY);
	return EXIT_SUCCESS;
}
