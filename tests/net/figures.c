/*
 * figures: how fast three hosts on a LAN find each other, talk, and replace
 * a leader that is killed.  Prints medians and worst cases; judges nothing.
 *
 *   figures [KILLS]       (default 10)
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/lan.h"
#include "tests/support/peer.h"

enum { HOSTS = 3, KILLS_MAX = 50, EACH = 334 };
static const double PATIENCE_MS = 20000;

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
	printf("%-44s median %7.1f ms  worst %7.1f ms  (n = %d)\n", what,
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
	printf("%-44s %.0f ms\n", "1,002 messages from three, everywhere",
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
	double dead_ms[KILLS_MAX], leader_ms[KILLS_MAX];

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

int
main(int argc, char **argv)
{
	int kills = argc > 1 ? atoi(argv[1]) : 10;
	double last_ms;

	if (kills < 1 || kills > KILLS_MAX) {
		fprintf(stderr, "figures: KILLS is a number from 1 to %d.\n",
		    KILLS_MAX);
		return 2;
	}
	lan_enter(argv);
	lan_build(HOSTS);
	for (int i = 1; i <= HOSTS; i++)
		start(i);
	last_ms = crowd.peers[HOSTS - 1].started_ms;
	expect(crowd_await(&crowd, PATIENCE_MS, all_alive, NULL),
	    "one view and one leader");
	printf("%-44s %.0f ms\n",
	    "last start -> one view, one leader everywhere",
	    peer_now_ms() - last_ms);
	measure_latency();
	crowd_end(&crowd);
	for (int i = 1; i <= HOSTS; i++)
		start(i);
	expect(crowd_await(&crowd, PATIENCE_MS, all_alive, NULL),
	    "one view and one leader");
	measure_messages();
	measure_kills(kills);
	crowd_end(&crowd);
	lan_remove(HOSTS);
	return EXIT_SUCCESS;
}
