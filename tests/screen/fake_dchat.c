#include "tests/screen/fake_dchat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { QUEUE = 256 };

struct answer {
	enum dchat_verb verb;
	uint64_t token;
	char room[80], text[4200];
	enum message_kind kind;
};

struct dchat {
	struct dchat_front front;
	struct fake_heard heard;
	struct answer queue[QUEUE];
	size_t queued;
	bool answering, holding;

	bool known[FAKE_PEOPLE];
	enum member_state states[FAKE_PEOPLE];
	enum fake_person leader;
	uint64_t term, said;
	struct dchat_room topics[4];
	size_t topic_count;
};

static const char *const nicks[FAKE_PEOPLE] = { "ana", "bob", "eve", "zoe",
	"美玲", "m\033[31mal\u202elory" };

struct id
fake_id(enum fake_person person)
{
	struct id id = { .bytes = { (uint8_t)(1 + person), 7, 42 } };

	return id;
}

const char *
fake_nick(enum fake_person person)
{
	return nicks[person];
}

/* -- events ---------------------------------------------------------------- */

static void
tell(struct dchat *fake, const struct dchat_event *event)
{
	fake->front.event(fake->front.self, event);
}

static void
tell_message(struct dchat *fake, const char *room, enum fake_person who,
    enum message_kind kind, const char *text, wall_ms time, uint64_t token)
{
	struct dchat_event event = { .type = DCHAT_EVENT_MESSAGE };

	fake->said++;
	event.message = (struct dchat_message){ .room = room,
		.author = fake_id(who), .nick = nicks[who], .kind = kind,
		.text = text, .time = time, .hlc = fake->said,
		.seq = fake->said, .live = true, .token = token };
	snprintf(event.message.msg, sizeof event.message.msg, "m%llu",
	    (unsigned long long)fake->said);
	tell(fake, &event);
}

static void
tell_membership(struct dchat *fake, enum dchat_event_type type,
    const char *room, enum fake_person who)
{
	struct dchat_event event = { .type = type };

	event.membership.room = room;
	event.membership.id = fake_id(who);
	event.membership.nick = nicks[who];
	event.membership.self = who == ZOE;
	tell(fake, &event);
}

static size_t
peers_fill(struct dchat *fake, struct dchat_peer peers[FAKE_PEOPLE])
{
	size_t count = 0;

	for (enum fake_person who = 0; who < FAKE_PEOPLE; who++)
		if (fake->known[who])
			peers[count++] = (struct dchat_peer){
				.id = fake_id(who),
				.nick = nicks[who],
				.state = fake->states[who],
				.rtt_ms = who == ZOE ? -1 : 0.4,
				.address = "192.0.2.7:40123",
				.linked = who != ZOE,
				.leader = who == fake->leader,
				.self = who == ZOE,
				.silent_ms = who == ZOE ? -1
				    : fake->states[who] == MEMBER_SUSPECT
				    ? 1200
				    : 20,
			};
	return count;
}

static void
answer_status(struct dchat *fake, struct dchat_event *event)
{
	static const char *const interfaces[] = { "eth0", "wlan0" };
	struct dchat_status status = {
		.self = fake_id(ZOE),
		.nick = nicks[ZOE],
		.network = "lan",
		.term = fake->term,
		.rtt_ms = -1,
		.interfaces = interfaces,
		.interface_count = 2,
	};
	size_t others = 0;

	for (enum fake_person who = 0; who < FAKE_PEOPLE; who++)
		others += fake->known[who] && who != ZOE;
	status.state = others == 0 ? GROUP_ALONE
	    : fake->leader == NOBODY  ? GROUP_ELECTING
				      : GROUP_STEADY;
	if (others > 0)
		status.rtt_ms = 0.4;
	if (fake->leader != NOBODY) {
		status.leader = fake_id(fake->leader);
		status.leader_nick = nicks[fake->leader];
	}
	status.provisional = others == 0;
	event->ok.status = &status;
	tell(fake, event);
}

static void
answer(struct dchat *fake, const struct answer *to)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };
	struct dchat_peer peers[FAKE_PEOPLE];
	struct dchat_member members[FAKE_PEOPLE];

	event.ok.verb = to->verb;
	event.ok.token = to->token;
	switch (to->verb) {
	case DCHAT_STATUS: answer_status(fake, &event); return;
	case DCHAT_PEERS:
	case DCHAT_MEMBERS:
		event.ok.count = peers_fill(fake, peers);
		for (size_t i = 0; i < event.ok.count; i++)
			members[i] = (struct dchat_member){
				.id = peers[i].id, .nick = peers[i].nick,
				.state = peers[i].state,
				.leader = peers[i].leader,
				.self = peers[i].self,
			};
		if (to->verb == DCHAT_PEERS)
			event.ok.peers = peers;
		else
			event.ok.members = members;
		break;
	case DCHAT_ROOMS:
		event.ok.rooms = fake->topics;
		event.ok.count = fake->topic_count;
		break;
	case DCHAT_JOIN:
		tell_membership(fake, DCHAT_EVENT_JOINED, to->room, ZOE);
		break;
	case DCHAT_PART:
		tell_membership(fake, DCHAT_EVENT_PARTED, to->room, ZOE);
		break;
	case DCHAT_SAY:
		if (fake->holding)
			return;
		event.ok.msg = "m";
		tell(fake, &event);
		tell_message(fake, to->room, ZOE, to->kind, to->text,
		    INT64_C(1795435500000), to->token);
		return;
	default: break;
	}
	tell(fake, &event);
}

static void
turn(struct dchat *fake)
{
	struct answer now;

	fake->answering = true;
	do {
		while (fake->queued > 0) {
			now = fake->queue[0];
			memmove(fake->queue, fake->queue + 1,
			    --fake->queued * sizeof *fake->queue);
			answer(fake, &now);
		}
		fake->front.turn(fake->front.self);
	} while (fake->queued > 0);
	fake->answering = false;
}

/* -- what a test says -------------------------------------------------------- */

void
fake_ready(struct dchat *fake)
{
	struct dchat_event event = { .type = DCHAT_EVENT_READY };

	event.ready.id = fake_id(ZOE);
	event.ready.nick = nicks[ZOE];
	event.ready.network = "lan";
	event.ready.version = "0.1.0";
	event.ready.profile = "default";
	event.ready.port = 40123;
	fake->known[ZOE] = true;
	tell(fake, &event);
	turn(fake);
}

void
fake_join(struct dchat *fake, const char *room, enum fake_person who)
{
	tell_membership(fake, DCHAT_EVENT_JOINED, room, who);
	turn(fake);
}

void
fake_part(struct dchat *fake, const char *room, enum fake_person who)
{
	tell_membership(fake, DCHAT_EVENT_PARTED, room, who);
	turn(fake);
}

void
fake_say(struct dchat *fake, const char *room, enum fake_person who,
    const char *text, wall_ms time)
{
	tell_message(fake, room, who, KIND_TEXT, text, time, 0);
	turn(fake);
}

void
fake_act(struct dchat *fake, const char *room, enum fake_person who,
    const char *text, wall_ms time)
{
	tell_message(fake, room, who, KIND_ACTION, text, time, 0);
	turn(fake);
}

void
fake_peer(struct dchat *fake, enum fake_person who, enum member_state state,
    const char *reason)
{
	struct dchat_event event = { .type = DCHAT_EVENT_PEER };

	fake->known[who] = true;
	fake->states[who] = state;
	event.peer.id = fake_id(who);
	event.peer.nick = nicks[who];
	event.peer.state = state;
	event.peer.rtt_ms = 0.4;
	event.peer.reason = reason;
	tell(fake, &event);
	turn(fake);
}

void
fake_leader(struct dchat *fake, enum fake_person who, uint64_t term,
    instant_ms took_ms)
{
	struct dchat_event event = { .type = DCHAT_EVENT_LEADER };

	fake->leader = who;
	fake->term = term;
	event.leader.term = term;
	event.leader.took_ms = took_ms;
	event.leader.self = who == ZOE;
	if (who != NOBODY) {
		event.leader.id = fake_id(who);
		event.leader.nick = nicks[who];
	}
	for (enum fake_person other = 0; other < FAKE_PEOPLE; other++)
		event.leader.provisional |= other != ZOE && fake->known[other];
	event.leader.provisional = !event.leader.provisional;
	tell(fake, &event);
	turn(fake);
}

void
fake_electing(struct dchat *fake, uint64_t term, unsigned phase,
    unsigned reach, const char *role)
{
	struct dchat_event event = { .type = DCHAT_EVENT_ELECTION };

	event.election.term = term;
	event.election.phase = phase;
	event.election.reach = reach;
	event.election.role = role;
	tell(fake, &event);
	turn(fake);
}

void
fake_warning(struct dchat *fake, const char *text)
{
	struct dchat_event event = { .type = DCHAT_EVENT_WARNING };

	event.warning.code = "warning";
	event.warning.text = text;
	tell(fake, &event);
	turn(fake);
}

void
fake_hold(struct dchat *fake)
{
	fake->holding = true;
}

void
fake_topic(struct dchat *fake, const char *room, const char *topic)
{
	fake->topics[fake->topic_count++] = (struct dchat_room){
		.name = room, .topic = topic, .joined = true };
}

const struct fake_heard *
fake_heard(const struct dchat *fake)
{
	return &fake->heard;
}

/* -- the door ------------------------------------------------------------------ */

struct dchat *
dchat_open(struct event_base *loop, const struct dchat_options *options,
    const struct dchat_front *front, char problem[static 256], int *status)
{
	struct dchat *fake = mem_zero(1, sizeof *fake);

	(void)loop;
	(void)options;
	(void)problem;
	(void)status;
	fake->front = *front;
	fake->leader = NOBODY;
	return fake;
}

void
dchat_submit(struct dchat *fake, const struct dchat_command *command)
{
	struct fake_heard *heard = &fake->heard;
	struct answer *to = &fake->queue[fake->queued++ % QUEUE];

	*to = (struct answer){ .verb = command->verb,
		.token = command->token, .kind = command->kind };
	if (command->room != NULL)
		snprintf(to->room, sizeof to->room, "%s", command->room);
	if (command->text != NULL)
		snprintf(to->text, sizeof to->text, "%s", command->text);
	if (command->verb == DCHAT_STATUS || command->verb == DCHAT_HISTORY)
		return;
	heard->verb = command->verb;
	heard->count++;
	snprintf(heard->room, sizeof heard->room, "%s", to->room);
	snprintf(heard->text, sizeof heard->text, "%.255s", to->text);
	snprintf(heard->address, sizeof heard->address, "%s",
	    command->address != NULL ? command->address : "");
}

void
dchat_quit(struct dchat *fake, const char *reason)
{
	snprintf(fake->heard.text, sizeof fake->heard.text, "%s", reason);
	fake->heard.quit = true;
}

void
dchat_close(struct dchat *fake)
{
	free(fake);
}

#define NAME(constant, name) name,

const char *
dchat_verb_name(enum dchat_verb verb)
{
	static const char *const names[] = { DCHAT_VERBS(NAME) };

	return names[verb];
}

const char *
dchat_event_name(enum dchat_event_type type)
{
	static const char *const names[] = { DCHAT_EVENTS(NAME) };

	return names[type];
}

const char *
member_state_name(enum member_state state)
{
	static const char *const names[] = { "alive", "suspect", "dead",
		"left" };

	return names[state];
}

const char *
group_state_name(enum group_state state)
{
	static const char *const names[] = { "alone", "electing", "steady",
		"partitioned" };

	return names[state];
}

const char *
message_kind_name(enum message_kind kind)
{
	static const char *const names[] = { "text", "action" };

	return names[kind];
}
