#include "tests/screen/fake_dchat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/screen/fake_health.h"

enum {
	QUEUE = 256,
	LIVE = 1000000,		/* hlc of the first message of today */
	GROUP = 4,		/* members when zoe says something */
};

struct answer {
	enum dchat_verb verb;
	uint64_t token;
	char room[80], text[4200], before[MSG_TEXT], ref[MSG_TEXT], to[80];
	enum message_kind kind;
	size_t limit;
	bool look, around;
};

/* What REMEMBER was told; it outlives the node. */
static struct fake_note {
	char name[160], text[4200];
} notes[64];
static size_t note_count;

/* What was said, in the order of hlc. */
struct said {
	struct dchat_message message;
	char *room, *text;
};

struct dchat {
	struct dchat_front front;
	struct fake_heard heard;
	struct answer queue[QUEUE];
	size_t queued;
	bool answering, holding, slow;
	enum error refusing;
	const struct fake_crowd *crowd;

	bool known[FAKE_PEOPLE];
	enum member_state states[FAKE_PEOPLE];
	struct id lost[FAKE_PEOPLE];
	size_t lost_count;
	enum fake_person leader;
	uint64_t term, said;
	wall_ms born;
	struct dchat_room rooms[8];
	size_t room_count;
	char names[FAKE_PEOPLE][80];
	bool away[FAKE_PEOPLE];
	char whys[FAKE_PEOPLE][LIMIT_AWAY + 1];
	struct said *log;
	size_t log_count, log_cap;
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
copy(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text != NULL ? text : "");
}

static struct dchat_message
message_of(struct dchat *fake, const char *room, enum fake_person who,
    const char *text, wall_ms time)
{
	struct dchat_message message = { .room = room,
		.author = fake_id(who), .nick = fake->names[who],
		.text = text, .time = time, .live = true };

	message.seq = ++fake->said;
	message.hlc = LIVE + message.seq;
	snprintf(message.msg, sizeof message.msg, "m%llu",
	    (unsigned long long)message.seq);
	if (who == ZOE) {
		message.have = 1;
		message.of = GROUP;
	}
	return message;
}

static void
remember(struct dchat *fake, const struct dchat_message *message)
{
	struct said *said;

	MEM_GROW(fake->log, fake->log_count, fake->log_cap);
	said = &fake->log[fake->log_count++];
	*said = (struct said){ .message = *message,
		.room = mem_text(message->room),
		.text = mem_text(message->text) };
	said->message.live = false;
	said->message.token = 0;
}

static void
tell_message(struct dchat *fake, const struct dchat_message *message)
{
	struct dchat_event event = { .type = DCHAT_EVENT_MESSAGE,
		.message = *message };

	remember(fake, message);
	tell(fake, &event);
}

static void
tell_membership(struct dchat *fake, enum dchat_event_type type,
    const char *room, enum fake_person who)
{
	struct dchat_event event = { .type = type };

	event.membership.room = room;
	event.membership.id = fake_id(who);
	event.membership.nick = fake->names[who];
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
				.nick = fake->names[who],
				.away = fake->away[who] ? fake->whys[who]
							: NULL,
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

/* Ana and eve are heard on eth0, nobody on wlan0, and bob refuses. */
static void
describe_network(struct dchat_network *network)
{
	static struct dchat_interface interfaces[] = {
		{ .name = "eth0", .address = "10.0.0.4" },
		{ .name = "wlan0", .address = "192.168.7.4" },
	};
	static struct dchat_sighting sightings[4];
	static struct dchat_dial dials[2];
	static struct dchat_peer peers[4];
	static const struct dchat_finding findings[] = {
		{ "isolated", GRADE_BAD,
		    "wlan0: nothing was heard; the access point may isolate "
		    "its clients.",
		    "Turn off client isolation at the access point, or type "
		    "/connect HOST." },
		{ "heard", GRADE_GOOD,
		    "eth0: others are heard by broadcast, multicast.", "" },
	};

	interfaces[0].paths[CHANNEL_BROADCAST] = (struct dchat_path){ 24, 0, 31 };
	interfaces[0].paths[CHANNEL_MULTICAST] = (struct dchat_path){ 24, 0, 29 };
	interfaces[0].paths[CHANNEL_UNICAST] = (struct dchat_path){ 3, 0, 2 };
	interfaces[1].paths[CHANNEL_BROADCAST] = (struct dchat_path){ 24, 0, 0 };
	interfaces[1].paths[CHANNEL_MULTICAST] = (struct dchat_path){ 0, 24, 0 };
	for (size_t i = 0; i < 4; i++)
		sightings[i] = (struct dchat_sighting){
			.peer = fake_id(i < 2 ? ANA : EVE),
			.interface = "eth0",
			.channel = i % 2 ? CHANNEL_MULTICAST : CHANNEL_BROADCAST,
			.count = 15,
			.ago_ms = i < 2 ? 3000 : 190 * 1000,
		};
	for (enum fake_person who = ANA; who <= ZOE; who++)
		peers[who] = (struct dchat_peer){ .id = fake_id(who),
			.nick = fake_nick(who), .rtt_ms = 0.4,
			.self = who == ZOE, .linked = who != BOB,
			.state = MEMBER_ALIVE };
	strcpy(peers[ANA].address, "10.0.0.1:40123");
	strcpy(peers[BOB].address, "10.0.0.2:40123");
	strcpy(peers[EVE].address, "[fe80::7%eth0]:40123");
	dials[0] = (struct dchat_dial){ .peer = fake_id(BOB),
		.reason = "refused", .ago_ms = 2000 };
	dials[1] = (struct dchat_dial){ .address = "172.16.9.9:7000",
		.reason = "unreachable", .ago_ms = 30 * 1000 };
	*network = (struct dchat_network){
		.up_ms = 60 * 1000,
		.port = 40123,
		.discovery_port = 7711,
		.interfaces = interfaces,
		.interface_count = 2,
		.sightings = sightings,
		.sighting_count = 4,
		.dials = dials,
		.dial_count = 2,
		.peers = peers,
		.peer_count = 4,
		.findings = findings,
		.finding_count = 2,
	};
}

static void
answer_status(struct dchat *fake, const struct answer *to,
    struct dchat_event *event)
{
	static const char *const interfaces[] = { "eth0", "wlan0" };
	struct dchat_status status = {
		.self = fake_id(ZOE),
		.nick = fake->names[ZOE],
		.network = "lan",
		.term = fake->term,
		.rtt_ms = -1,
		.interfaces = interfaces,
		.interface_count = 2,
	};
	struct dchat_network network = { .up_ms = 0 };
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
		status.leader_nick = fake->names[fake->leader];
	}
	status.provisional = others == 0;
	if (fake->lost_count > 0)
		status.state = GROUP_PARTITIONED;
	status.lost = fake->lost;
	status.lost_count = fake->lost_count;
	if (to->look)
		describe_network(&network);
	status.net = to->look ? &network : NULL;
	if (to->look && fake->crowd != NULL)
		fake_health_fill(fake->crowd, &status);
	event->ok.status = &status;
	tell(fake, event);
}

/* For one word. */
static void
answer_search(struct dchat *fake, const struct answer *to,
    struct dchat_event *event)
{
	struct dchat_message *found =
	    mem_zero(to->limit, sizeof *found);
	size_t i = fake->log_count, first = to->limit;

	while (i-- > 0 && first > 0) {
		const struct said *said = &fake->log[i];

		if ((to->room[0] != '\0' &&
			strcmp(said->room, to->room) != 0) ||
		    strcasestr(said->text, to->text) == NULL)
			continue;
		found[--first] = said->message;
		found[first].room = said->room;
		found[first].text = said->text;
	}
	event->ok.messages = found + first;
	event->ok.count = to->limit - first;
	tell(fake, event);
	free(found);
}

static void
answer_history(struct dchat *fake, const struct answer *to,
    struct dchat_event *event)
{
	struct dchat_message *page =
	    mem_zero(to->limit, sizeof *page);
	size_t i = 0, first = to->limit;

	while (i < fake->log_count &&
	    strcmp(fake->log[i].message.msg, to->before) != 0)
		i++;
	if (to->around) {
		i = i + to->limit / 2 + 1;
		event->ok.newer = i < fake->log_count;
		i = event->ok.newer ? i : fake->log_count;
	}
	while (i-- > 0 && first > 0) {
		const struct said *said = &fake->log[i];

		if (strcmp(said->room, to->room) != 0)
			continue;
		page[--first] = said->message;
		page[first].room = said->room;
		page[first].text = said->text;
	}
	event->ok.messages = page + first;
	event->ok.count = to->limit - first;
	tell(fake, event);
	free(page);
}

/* Whose id it is, as text. */
static enum fake_person
person_of(const char *text)
{
	enum fake_person who = 0;
	struct id id, other;

	if (!id_parse(text, &id))
		return NOBODY;
	for (; who < FAKE_PEOPLE; who++) {
		other = fake_id(who);
		if (id_equal(&id, &other))
			break;
	}
	return who;
}

/* Said by zoe. */
static void
answer_say(struct dchat *fake, const struct answer *to,
    struct dchat_event *event)
{
	struct dchat_message message;
	char room[80];

	if (fake->holding)
		return;
	snprintf(room, sizeof room, "%s%.70s", to->to[0] != '\0' ? "@" : "",
	    to->to[0] != '\0' ? to->to : to->room);
	message = message_of(fake, room, ZOE, to->text,
	    INT64_C(1795435500000));
	message.token = to->token;
	message.kind = to->kind;
	copy(message.ref, sizeof message.ref, to->ref);
	if (to->to[0] != '\0') {
		message.to = fake_id(person_of(to->to));
		message.of = 2;
	}
	event->ok.msg = message.msg;
	tell(fake, event);
	tell_message(fake, &message);
}

static void
answer_who_has(struct dchat *fake, struct dchat_event *event)
{
	struct id have[] = { fake_id(ANA), fake_id(ZOE) };
	struct id missing[] = { fake_id(BOB), fake_id(EVE) };

	event->ok.have = have;
	event->ok.have_count = 2;
	event->ok.missing = missing;
	event->ok.missing_count = 2;
	tell(fake, event);
}

static void
take_note(const char *name, const char *text)
{
	size_t i = 0;

	while (i < note_count && strcmp(notes[i].name, name) != 0)
		i++;
	if (i == note_count)
		note_count++;
	snprintf(notes[i].name, sizeof notes[i].name, "%s", name);
	snprintf(notes[i].text, sizeof notes[i].text, "%s", text);
}

static void
answer_recall(struct dchat *fake, struct dchat_event *event)
{
	struct dchat_note told[64];

	for (size_t i = 0; i < note_count; i++)
		told[i] = (struct dchat_note){ notes[i].name, notes[i].text };
	event->ok.notes = told;
	event->ok.count = note_count;
	tell(fake, event);
}

void
fake_was_in(const char *rooms)
{
	take_note("rooms", rooms);
}

void
fake_forget(void)
{
	note_count = 0;
}

static void
tell_away(struct dchat *fake, enum fake_person who, const char *why)
{
	struct dchat_event event = { .type = DCHAT_EVENT_AWAY };

	fake->away[who] = why != NULL;
	snprintf(fake->whys[who], sizeof fake->whys[who], "%s",
	    why != NULL ? why : "");
	event.away.id = fake_id(who);
	event.away.nick = fake->names[who];
	event.away.text = why != NULL ? fake->whys[who] : NULL;
	event.away.self = who == ZOE;
	tell(fake, &event);
}

static bool
refuses(struct dchat *fake, const struct answer *to)
{
	struct dchat_event event = { .type = DCHAT_EVENT_ERROR };

	if (fake->refusing == ERROR_NONE ||
	    (to->verb != DCHAT_SAY && to->verb != DCHAT_DM &&
		to->verb != DCHAT_TOPIC && to->verb != DCHAT_NICK))
		return false;
	event.error.verb = to->verb;
	event.error.token = to->token;
	event.error.code = fake->refusing;
	tell(fake, &event);
	return true;
}

static void
answer(struct dchat *fake, const struct answer *to)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };
	struct dchat_peer peers[FAKE_PEOPLE];
	struct dchat_member members[FAKE_PEOPLE];

	event.ok.verb = to->verb;
	event.ok.token = to->token;
	if (refuses(fake, to))
		return;
	switch (to->verb) {
	case DCHAT_STATUS: answer_status(fake, to, &event); return;
	case DCHAT_HISTORY: answer_history(fake, to, &event); return;
	case DCHAT_SEARCH: answer_search(fake, to, &event); return;
	case DCHAT_WHO_HAS: answer_who_has(fake, &event); return;
	case DCHAT_SAY:
	case DCHAT_DM: answer_say(fake, to, &event); return;
	case DCHAT_PEERS:
	case DCHAT_MEMBERS:
		event.ok.count = peers_fill(fake, peers);
		for (size_t i = 0; i < event.ok.count; i++)
			members[i] = (struct dchat_member){
				.id = peers[i].id, .nick = peers[i].nick,
				.away = peers[i].away,
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
		event.ok.rooms = fake->rooms;
		event.ok.count = fake->room_count;
		break;
	case DCHAT_AWAY: tell_away(fake, ZOE, to->text); break;
	case DCHAT_BACK: tell_away(fake, ZOE, NULL); break;
	case DCHAT_REMEMBER: take_note(to->room, to->text); break;
	case DCHAT_RECALL: answer_recall(fake, &event); return;
	case DCHAT_JOIN:
		tell_membership(fake, DCHAT_EVENT_JOINED, to->room, ZOE);
		break;
	case DCHAT_PART:
		tell_membership(fake, DCHAT_EVENT_PARTED, to->room, ZOE);
		break;
	default: break;
	}
	tell(fake, &event);
}

/* The next question that is answered by now. */
static bool
take(struct dchat *fake, struct answer *next)
{
	for (size_t i = 0; i < fake->queued; i++) {
		if (fake->slow && fake->queue[i].verb == DCHAT_HISTORY)
			continue;
		*next = fake->queue[i];
		MEM_REMOVE(fake->queue, fake->queued, i);
		return true;
	}
	return false;
}

void
fake_turn(struct dchat *fake)
{
	struct answer now;

	fake->answering = true;
	do {
		while (take(fake, &now))
			answer(fake, &now);
		fake->front.turn(fake->front.self);
	} while (fake->queued > 0 && !fake->slow);
	fake->answering = false;
}

/* -- what a test says -------------------------------------------------------- */

void
fake_born(struct dchat *fake, wall_ms since)
{
	fake->born = since;
}

void
fake_ready(struct dchat *fake)
{
	struct dchat_event event = { .type = DCHAT_EVENT_READY };

	event.ready.id = fake_id(ZOE);
	event.ready.nick = fake->names[ZOE];
	event.ready.network = "lan";
	event.ready.version = "0.1.0";
	event.ready.profile = "default";
	event.ready.port = 40123;
	event.ready.since = fake->born;
	fake->known[ZOE] = true;
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_join(struct dchat *fake, const char *room, enum fake_person who)
{
	tell_membership(fake, DCHAT_EVENT_JOINED, room, who);
	fake_turn(fake);
}

void
fake_part(struct dchat *fake, const char *room, enum fake_person who)
{
	tell_membership(fake, DCHAT_EVENT_PARTED, room, who);
	fake_turn(fake);
}

static void
say(struct dchat *fake, const char *room, enum fake_person who,
    const char *text, wall_ms time, enum message_kind kind, bool gap)
{
	struct dchat_message message =
	    message_of(fake, room, who, text, time);

	message.kind = kind;
	message.gap = gap;
	tell_message(fake, &message);
	fake_turn(fake);
}

void
fake_say(struct dchat *fake, const char *room, enum fake_person who,
    const char *text, wall_ms time)
{
	say(fake, room, who, text, time, KIND_TEXT, false);
}

void
fake_act(struct dchat *fake, const char *room, enum fake_person who,
    const char *text, wall_ms time)
{
	say(fake, room, who, text, time, KIND_ACTION, false);
}

void
fake_refer(struct dchat *fake, const char *room, enum fake_person who,
    enum message_kind kind, unsigned back, const char *text, wall_ms time)
{
	uint64_t number = fake->said + 1 - back;
	struct dchat_message message =
	    message_of(fake, room, who, text, time);

	message.kind = kind;
	snprintf(message.ref, sizeof message.ref, "m%llu",
	    (unsigned long long)number);
	tell_message(fake, &message);
	fake_turn(fake);
}

void
fake_say_after_gap(struct dchat *fake, const char *room,
    enum fake_person who, const char *text, wall_ms time)
{
	say(fake, room, who, text, time, KIND_TEXT, true);
}

void
fake_whisper(struct dchat *fake, enum fake_person who, const char *text,
    wall_ms time)
{
	struct dchat_message message;
	char room[1 + ID_TEXT] = "@";
	struct id id = fake_id(who);

	id_format(&id, room + 1);
	message = message_of(fake, room, who, text, time);
	message.to = fake_id(ZOE);
	tell_message(fake, &message);
	fake_turn(fake);
}

void
fake_delivered(struct dchat *fake, unsigned have, unsigned of)
{
	struct dchat_event event = { .type = DCHAT_EVENT_DELIVERED };
	struct id zoe = fake_id(ZOE);
	size_t i = fake->log_count;

	while (!id_equal(&fake->log[i - 1].message.author, &zoe))
		i--;
	memcpy(event.delivered.msg, fake->log[i - 1].message.msg, MSG_TEXT);
	event.delivered.have = have;
	event.delivered.of = of;
	event.delivered.stable = have == of;
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_rename(struct dchat *fake, enum fake_person who, const char *nick,
    const char *reason)
{
	struct dchat_event event = { .type = DCHAT_EVENT_NICK };
	char old[80];

	snprintf(old, sizeof old, "%s", fake->names[who]);
	snprintf(fake->names[who], sizeof fake->names[who], "%s", nick);
	event.nick.id = fake_id(who);
	event.nick.old = old;
	event.nick.nick = fake->names[who];
	event.nick.reason = reason;
	event.nick.self = who == ZOE;
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_away(struct dchat *fake, enum fake_person who, const char *why)
{
	tell_away(fake, who, why);
	fake_turn(fake);
}

void
fake_set_topic(struct dchat *fake, const char *room, enum fake_person who,
    const char *topic)
{
	struct dchat_event event = { .type = DCHAT_EVENT_ROOM };

	event.room.room = room;
	event.room.topic = topic;
	event.room.exists = true;
	event.room.by = fake_id(who);
	event.room.by_nick = fake->names[who];
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_peer(struct dchat *fake, enum fake_person who, enum member_state state,
    const char *reason)
{
	struct dchat_event event = { .type = DCHAT_EVENT_PEER };

	fake->known[who] = true;
	fake->states[who] = state;
	event.peer.id = fake_id(who);
	event.peer.nick = fake->names[who];
	event.peer.state = state;
	event.peer.rtt_ms = 0.4;
	event.peer.reason = reason;
	tell(fake, &event);
	fake_turn(fake);
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
		event.leader.nick = fake->names[who];
	}
	for (enum fake_person other = 0; other < FAKE_PEOPLE; other++)
		event.leader.provisional |= other != ZOE && fake->known[other];
	event.leader.provisional = !event.leader.provisional;
	tell(fake, &event);
	fake_turn(fake);
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
	fake_turn(fake);
}

void
fake_warning(struct dchat *fake, const char *text)
{
	struct dchat_event event = { .type = DCHAT_EVENT_WARNING };

	event.warning.code = "warning";
	event.warning.text = text;
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_lost(struct dchat *fake, enum fake_person who)
{
	struct dchat_event event = { .type = DCHAT_EVENT_PARTITION };

	fake->lost[fake->lost_count++] = fake_id(who);
	event.partition.lost = fake->lost;
	event.partition.lost_count = fake->lost_count;
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_typing(struct dchat *fake, const char *room, enum fake_person who)
{
	struct dchat_event event = { .type = DCHAT_EVENT_TYPING };

	event.typing.room = room;
	event.typing.id = fake_id(who);
	event.typing.nick = fake_nick(who);
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_held(struct dchat *fake, const char *room, enum fake_person who,
    size_t count, enum fake_person cause)
{
	struct dchat_event event = { .type = DCHAT_EVENT_HELD };
	struct id id = fake_id(cause);
	const char *nick = fake_nick(cause);

	event.held.room = room;
	event.held.author = fake_id(who);
	event.held.nick = fake_nick(who);
	event.held.waiting_for = &id;
	event.held.waiting_nicks = &nick;
	event.held.waiting_count = count > 0;
	event.held.count = count;
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_healed(struct dchat *fake, enum fake_person who, const char *room,
    size_t merged)
{
	struct dchat_event event = { .type = DCHAT_EVENT_PARTITION };
	const struct dchat_merged rooms[] = { { room, merged } };
	struct id id = fake_id(who);

	fake->lost_count = 0;
	event.partition.healed = &id;
	event.partition.healed_count = 1;
	event.partition.merged = merged;
	event.partition.rooms = rooms;
	event.partition.room_count = 1;
	tell(fake, &event);
	fake_turn(fake);
}

void
fake_crowd(struct dchat *fake, const struct fake_crowd *crowd)
{
	fake->crowd = crowd;
}

void
fake_hold(struct dchat *fake)
{
	fake->holding = true;
}

void
fake_refuse(struct dchat *fake, enum error code)
{
	fake->refusing = code;
}

void
fake_room(struct dchat *fake, const char *room, const char *topic,
    size_t unread)
{
	fake->rooms[fake->room_count++] = (struct dchat_room){ .name = room,
		.topic = topic, .members = 3, .joined = true,
		.unread = unread };
}

void
fake_past(struct dchat *fake, const char *room, size_t count, wall_ms time)
{
	for (size_t i = 1; i <= count; i++) {
		enum fake_person who = i % 2 ? ANA : BOB;
		struct dchat_message message = { .room = room,
			.author = fake_id(who), .nick = fake->names[who],
			.time = time, .hlc = i, .seq = i };
		char text[64];

		snprintf(text, sizeof text, "%zu of yesterday", i);
		snprintf(message.msg, sizeof message.msg, "p%zu", i);
		message.text = text;
		remember(fake, &message);
	}
}

void
fake_slow_disk(struct dchat *fake, bool slow)
{
	fake->slow = slow;
	fake_turn(fake);
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
	for (enum fake_person who = 0; who < FAKE_PEOPLE; who++)
		snprintf(fake->names[who], sizeof fake->names[who], "%s",
		    nicks[who]);
	return fake;
}

void
dchat_submit(struct dchat *fake, const struct dchat_command *command)
{
	struct fake_heard *heard = &fake->heard;
	struct answer *to = &fake->queue[fake->queued++ % QUEUE];

	*to = (struct answer){ .verb = command->verb,
		.token = command->token, .kind = command->kind,
		.limit = command->limit, .look = command->look,
		.around = command->around };
	copy(to->room, sizeof to->room, command->room);
	copy(to->text, sizeof to->text, command->text);
	copy(to->to, sizeof to->to, command->to);
	copy(to->before, sizeof to->before, command->before);
	heard->looks += command->verb == DCHAT_STATUS && command->look;
	copy(to->ref, sizeof to->ref, command->ref);
	if (command->verb == DCHAT_REMEMBER)
		copy(to->room, sizeof to->room, command->name);
	if (command->verb == DCHAT_STATUS || command->verb == DCHAT_ROOMS ||
	    command->verb == DCHAT_REMEMBER || command->verb == DCHAT_RECALL)
		return;
	if (command->verb == DCHAT_HISTORY && command->limit == 1) {
		copy(heard->read, sizeof heard->read, command->room);
		heard->reads++;
		return;
	}
	if (command->verb == DCHAT_HISTORY) {
		heard->histories++;
		heard->limit = command->limit;
		copy(heard->before, sizeof heard->before, command->before);
		return;
	}
	if (command->verb == DCHAT_TYPING) {
		heard->typings++;
		copy(heard->typed, sizeof heard->typed, command->room);
		return;
	}
	heard->verb = command->verb;
	heard->count++;
	copy(heard->room, sizeof heard->room, command->room);
	copy(heard->text, sizeof heard->text, command->text);
	copy(heard->address, sizeof heard->address, command->address);
	copy(heard->to, sizeof heard->to, command->to);
	copy(heard->nick, sizeof heard->nick, command->nick);
	copy(heard->msg, sizeof heard->msg, command->msg);
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
	for (size_t i = 0; i < fake->log_count; i++) {
		free(fake->log[i].room);
		free(fake->log[i].text);
	}
	free(fake->log);
	free(fake);
}

#define NAME(constant, name) name,

const char *
dchat_verb_name(enum dchat_verb verb)
{
	static const char *const names[] = { DCHAT_VERBS(NAME)
		DCHAT_INNER_VERBS(NAME) };

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
	static const char *const names[] = {
#define X(kind, name) name,
		MESSAGE_KINDS(X)
#undef X
	};

	return names[kind];
}

const char *
channel_label(enum channel channel)
{
	static const char *const labels[] = {
#define X(channel, name, label) label,
		CHANNELS(X)
#undef X
	};

	return labels[channel];
}
