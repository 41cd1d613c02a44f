/*
 * demo: three headless peers live through a small story, told as it
 * happens with the times that were measured.
 *
 * They find each other, elect a leader, talk, lose the leader to kill -9,
 * elect again and go on; the lost one comes back and gets what it missed.
 * Exit status 0 when the story went as told.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/home.h"
#include "tests/support/peer.h"

enum { PEERS = 3 };
static const double PATIENCE_MS = 5000;

static struct crowd crowd;
static double began_ms;

static void
tell(const char *format, ...)
{
	va_list arguments;

	printf("%7.2f s  ", (peer_now_ms() - began_ms) / 1000);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

static _Noreturn void
give_up(const char *sentence)
{
	printf("\nThe story ended here: %s\n", sentence);
	crowd_end(&crowd);
	home_leave();
	exit(EXIT_FAILURE);
}

static void
expect(bool happened, const char *otherwise)
{
	if (!happened)
		give_up(otherwise);
}

static struct peer *
start(const char *nick)
{
	const char *arguments[] = { "--ephemeral", "--network", home.network,
		"--nick", nick, NULL };

	return peer_start(&crowd, NULL, arguments);
}

static bool
sees_others(const struct peer *peer, size_t others)
{
	size_t alive = 0;

	for (size_t i = 0; i < peer->count; i++) {
		const json_t *event = peer->events[i].event;
		const char *state = event_text(event, "state");

		if (event_is(event, "peer") && state != NULL)
			alive += strcmp(state, "alive") == 0;
	}
	return alive >= others;
}

static bool
all_see_all(struct crowd *all, void *unused)
{
	(void)unused;
	for (size_t i = 0; i < all->count; i++)
		if (!sees_others(&all->peers[i], PEERS - 1))
			return false;
	return true;
}

static const char *
nick_of(const struct peer *peer)
{
	return event_text(peer_last(peer, "ready")->event, "nick");
}

struct said {
	const char *text;
	size_t peers;
};

static bool
shown_everywhere(struct crowd *all, void *argument)
{
	const struct said *said = argument;
	size_t shown = 0;

	for (size_t i = 0; i < all->count; i++)
		shown += peer_count_text(&all->peers[i], said->text) == 1;
	return shown >= said->peers;
}

static void
say(struct peer *peer, const char *text, size_t peers)
{
	struct said said = { text, peers };
	double from_ms = peer_now_ms();

	peer_send(peer, "{s:s, s:s, s:s}", "cmd", "say", "room", "#lobby",
	    "text", text);
	expect(crowd_await(&crowd, PATIENCE_MS, shown_everywhere, &said),
	    "a message did not arrive everywhere.");
	tell("%s: %-34s everywhere after %.1f ms", nick_of(peer), text,
	    peer_now_ms() - from_ms);
}

static struct peer *
await_leader(void)
{
	expect(crowd_await(&crowd, PATIENCE_MS, crowd_agrees, NULL),
	    "they did not agree on a leader.");
	return crowd_leader(&crowd);
}

static void
tell_election(struct peer *leader, double from_ms)
{
	const json_t *event = peer_last(leader, "leader")->event;

	tell("%s leads, term %" JSON_INTEGER_FORMAT
	     ": all agree after %.0f ms",
	    nick_of(leader),
	    json_integer_value(json_object_get(event, "term")),
	    peer_now_ms() - from_ms);
}

/* Each peer's term of a death: when the others said that it is dead. */
static bool
known_dead(struct crowd *all, void *argument)
{
	const struct peer *dead = argument;

	for (size_t i = 0; i < all->count; i++) {
		struct peer *peer = &all->peers[i];
		bool knows = false;

		if (peer == dead)
			continue;
		for (size_t k = 0; k < peer->count && !knows; k++) {
			const json_t *event = peer->events[k].event;

			knows = event_is(event, "peer") &&
			    strcmp(event_text(event, "id"), dead->id) == 0 &&
			    strcmp(event_text(event, "state"), "dead") == 0;
		}
		if (!knows)
			return false;
	}
	return true;
}

static struct peer *
somebody_but(const struct peer *not_this)
{
	for (size_t i = 0; i < crowd.count; i++)
		if (&crowd.peers[i] != not_this && crowd.peers[i].pid != 0)
			return &crowd.peers[i];
	return NULL;
}

static void
lose_the_leader(struct peer *leader)
{
	double from_ms = peer_now_ms();

	tell("%s, who leads, is killed with -9", nick_of(leader));
	peer_kill(leader, SIGKILL);
	peer_await_end(&crowd, leader, PATIENCE_MS);
	expect(crowd_await(&crowd, PATIENCE_MS, known_dead, leader),
	    "the others did not notice.");
	tell("the others know it after %.0f ms", peer_now_ms() - from_ms);
	tell_election(await_leader(), from_ms);
}

int
main(int argc, char **argv)
{
	struct peer *leader, *back;
	struct said missed = { "and without you too", PEERS + 1 };
	char nick[32];

	if (argc > 1)
		setenv("DCHAT_PROGRAM", argv[1], 1);
	if (access(peer_program(), X_OK) != 0) {
		fprintf(stderr, "demo: There is no program %s; build it "
				"first (./bootstrap).\n", peer_program());
		return 2;
	}
	home_enter("demo-");
	printf("Three peers on this machine, one network, no server.\n\n");
	began_ms = peer_now_ms();
	start("ana");
	start("bob");
	start("eve");
	tell("ana, bob and eve start");
	expect(crowd_await(&crowd, PATIENCE_MS, all_see_all, NULL),
	    "they did not find each other.");
	tell("all see all");
	leader = await_leader();
	tell_election(leader, began_ms);
	say(&crowd.peers[0], "shall we start?", PEERS);
	say(&crowd.peers[1], "yes, all are here", PEERS);
	lose_the_leader(leader);
	say(somebody_but(leader), "we go on", PEERS - 1);
	say(somebody_but(leader), missed.text, PEERS - 1);
	snprintf(nick, sizeof nick, "%s", nick_of(leader));
	back = start(nick);
	tell("%s is started again", nick);
	missed.peers = PEERS;
	expect(crowd_await(&crowd, PATIENCE_MS, shown_everywhere, &missed),
	    "what was missed did not come.");
	tell("%s has what was said meanwhile", nick);
	say(back, "here I am again", PEERS);
	for (size_t i = 0; i < crowd.count; i++)
		if (crowd.peers[i].pid != 0)
			peer_send_line(&crowd.peers[i], "{\"cmd\":\"quit\"}\n");
	for (size_t i = 0; i < crowd.count; i++)
		expect(peer_await_end(&crowd, &crowd.peers[i], PATIENCE_MS),
		    "somebody did not leave.");
	tell("all leave");
	printf("\nThe same with eyes: ./bootstrap demo in a terminal with "
	       "tmux.\n");
	crowd_end(&crowd);
	home_leave();
	return EXIT_SUCCESS;
}
