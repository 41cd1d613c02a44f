#include "tests/screen/fake_health.h"

#include <stdio.h>
#include <string.h>

enum { CROWD = 128, SELF = 1, TRIPS = 16, SECONDS = 32 };

static const char *const nicks[] = { "ana", "zoe", "bob", "eve", "kim",
	"lea", "max", "noor", "olga", "pietro", "quinn", "rosa-maria", "sam",
	"tariq", "uma", "vera", "wilhelmina", "xu", "yann", "zeno", "adil",
	"bea", "cleo", "dara", "emil", "fatou", "gus", "hana", "ivo", "jun",
	"kofi", "lin" };

static struct dchat_peer peers[CROWD];
static struct dchat_election elections[4];
static struct dchat_room_clock clocks[3];
static struct id ring[CROWD];

static struct id
id_of(size_t i)
{
	struct id id = { .bytes = { (uint8_t)(2 + 2 * i), 7, 42 } };

	return i == SELF ? fake_id(ZOE) : id;
}

static const char *
nick_of(size_t i)
{
	static char names[CROWD][32];
	size_t round = i / (sizeof nicks / sizeof *nicks);

	snprintf(names[i], sizeof names[i], "%s%.0zu",
	    nicks[i % (sizeof nicks / sizeof *nicks)], round);
	return names[i];
}

static void
fill_peer(const struct fake_crowd *crowd, size_t at, size_t i)
{
	static double rtts_ms[CROWD][TRIPS];
	static struct id accusers[2];
	struct dchat_peer *peer = &peers[at];
	bool self = i == SELF, suspect = (int)i == crowd->suspect;
	bool dead = (int)i == crowd->dead;

	for (size_t k = 0; k < TRIPS; k++)
		rtts_ms[i][k] = 0.3 + 0.1 * (double)((i * 7 + k * k) % 9);
	*peer = (struct dchat_peer){
		.id = id_of(i),
		.nick = nick_of(i),
		.state = suspect ? MEMBER_SUSPECT
		    : dead	 ? MEMBER_DEAD
				 : MEMBER_ALIVE,
		.rtt_ms = self ? -1 : rtts_ms[i][TRIPS - 1],
		.linked = !self && !dead && i != 11,
		.leader = (int)i == crowd->leader,
		.self = self,
		.silent_ms = self  ? -1
		    : suspect	   ? 4200
		    : dead	   ? 75 * 1000
				   : (instant_ms)(i * 97 % 1000),
		.rtts_ms = rtts_ms[i],
		.rtt_count = self || dead ? 0 : i % 3 == 0 ? TRIPS : 3,
		.queue_bytes = i == 2 ? 48200 : 0,
		.dead_in_ms = suspect ? 1200 : -1,
		.skew_known = !self && !dead,
		.skew_ms = i == 2 ? -3270 : (int64_t)(i * i % 19) - 4,
	};
	snprintf(peer->address, sizeof peer->address, "192.0.2.%zu:4012%zu",
	    i + 1, i % 10);
	if (!suspect)
		return;
	accusers[0] = id_of(0);
	accusers[1] = id_of(SELF);
	peer->accusers = accusers;
	peer->accuser_count = 2;
}

static struct dchat_stand
stand(size_t i, unsigned phase, instant_ms at_ms)
{
	return (struct dchat_stand){
		.id = id_of(i),
		.nick = nick_of(i),
		.phase = phase,
		.reach = 1u << phase,
		.at_ms = at_ms,
	};
}

/* How the crowd came to its leader. */
static size_t
fill_elections(const struct fake_crowd *crowd)
{
	static struct dchat_stand first[3], last[2];
	size_t leader = (size_t)(crowd->leader < 0 ? SELF : crowd->leader);

	first[0] = stand(SELF, 0, 100);
	first[1] = stand(0, 1, 101);
	first[2] = stand(crowd->count > 2 ? 2 : 0, 3, 101);
	last[0] = stand(SELF, 1, 50);
	last[1] = stand(leader, 2, 51);
	elections[0] = (struct dchat_election){
		.term = 1,
		.cause = "start",
		.end = ELECTION_ELECTED,
		.ago_ms = 3 * 3600 * 1000,
		.took_ms = 108,
		.winner = first[2].id,
		.winner_nick = first[2].nick,
		.stood = first,
		.stood_count = 3,
		.messages = 14,
	};
	elections[1] = (struct dchat_election){
		.term = 3,
		.cause = "merge",
		.end = ELECTION_MERGED,
		.ago_ms = 42 * 60 * 1000,
		.winner = id_of(3),
		.winner_nick = nick_of(3),
	};
	elections[2] = (struct dchat_election){
		.term = 4,
		.cause = "dead",
		.end = crowd->electing ? ELECTION_RUNNING : ELECTION_ELECTED,
		.ago_ms = crowd->electing ? 53 : 75 * 1000,
		.took_ms = crowd->electing ? 53 : 56,
		.winner_nick = nick_of(leader),
		.stood = last,
		.stood_count = 2,
		.messages = 6,
	};
	if (!crowd->electing)
		elections[2].winner = id_of(leader);
	return 3;
}

static size_t
fill_clocks(const struct fake_crowd *crowd)
{
	static struct dchat_clock_entry lobby[CROWD + 1], ops[2];
	size_t count = 0;

	for (size_t i = 0; i < crowd->count && i < 12; i++) {
		lobby[count++] = (struct dchat_clock_entry){ id_of(i), 1,
			i * i * 13 + 2 };
		if (i == 2)
			lobby[count++] = (struct dchat_clock_entry){
				id_of(i), 2, 5 };
	}
	ops[0] = (struct dchat_clock_entry){ id_of(0), 1, 12 };
	ops[1] = (struct dchat_clock_entry){ id_of(SELF), 1, 3 };
	clocks[0] = (struct dchat_room_clock){ "#lobby", lobby, count, 0 };
	clocks[1] = (struct dchat_room_clock){ "#ops", ops, 2, 2 };
	clocks[2] = (struct dchat_room_clock){ "#new", NULL, 0, 0 };
	return 3;
}

/* Two of bob wait in #ops for what ana and one who is not known said. */
static void
fill_holdings(struct dchat_status *status)
{
	static struct id waiting_for[2];
	static struct dchat_holding holding;

	waiting_for[0] = id_of(0);
	waiting_for[1] = (struct id){ { 99 } };
	holding = (struct dchat_holding){
		.room = "#ops",
		.author = id_of(2),
		.nick = nick_of(2),
		.waiting_for = waiting_for,
		.waiting_count = 2,
		.count = 2,
		.waited_ms = 1200,
	};
	status->holdings = &holding;
	status->holding_count = 1;
	status->held = 2;
}

static void
fill_traffic(struct dchat_status *status)
{
	static uint64_t flows[FLOW_COUNT][SECONDS];

	for (size_t flow = 0; flow < FLOW_COUNT; flow++) {
		for (size_t i = 0; i < SECONDS; i++)
			flows[flow][i] =
			    flow < FLOW_FRAMES_IN ? i * i * 37 % 2900
			    : flow < FLOW_MESSAGES_IN
			    ? 5 + i * flow % 7
			    : i % 11 == flow ? 1 : 0;
		status->traffic[flow] = flows[flow];
	}
	status->traffic_seconds = SECONDS;
}

void
fake_health_fill(const struct fake_crowd *crowd, struct dchat_status *status)
{
	for (size_t i = 0; i < crowd->count; i++) {
		fill_peer(crowd, i, crowd->count == 1 ? SELF : i);
		if (peers[i].state != MEMBER_DEAD)
			ring[status->ring_count++] = peers[i].id;
	}
	status->ring = ring;
	status->peers = peers;
	status->peer_count = crowd->count;
	status->elections = elections;
	status->election_count = crowd->count > 1 ? fill_elections(crowd) : 0;
	status->clocks = clocks;
	status->clock_count = fill_clocks(crowd);
	fill_holdings(status);
	status->local_health = crowd->slow ? 2 : 0;
	status->self_suspicion = crowd->slow;
	fill_traffic(status);
	status->provisional = crowd->count < 2;
	status->state = crowd->electing ? GROUP_ELECTING
	    : crowd->count < 2		? GROUP_ALONE
					: GROUP_STEADY;
	status->term = crowd->count < 2 ? 0 : 4;
	status->leader = (struct id){ { 0 } };
	if (crowd->electing) {
		status->phase = 1;
		status->reach = 2;
	} else {
		status->leader = id_of((size_t)crowd->leader);
		status->leader_nick = nick_of((size_t)crowd->leader);
	}
}
