#include "host/headless_json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wire/json.h"

/* -- commands ---------------------------------------------------------- */

enum {
	NEEDS_ROOM = 1 << 0,
	NEEDS_TEXT = 1 << 1,
	NEEDS_ADDRESS = 1 << 2,
	TAKES_KIND = 1 << 3, /* and ref, where the kind wants one */
	TAKES_PAGE = 1 << 4, /* limit, before */
	NEEDS_TO = 1 << 5,
	NEEDS_MSG = 1 << 6,
	NEEDS_NICK = 1 << 7,
	TAKES_ROOM = 1 << 8,
	TAKES_LIMIT = 1 << 9,
	TAKES_TEXT = 1 << 10,
};

static const unsigned members_of[] = {
	[DCHAT_SAY] = NEEDS_ROOM | NEEDS_TEXT | TAKES_KIND,
	[DCHAT_DM] = NEEDS_TO | NEEDS_TEXT | TAKES_KIND,
	[DCHAT_JOIN] = NEEDS_ROOM,
	[DCHAT_PART] = NEEDS_ROOM,
	[DCHAT_TOPIC] = NEEDS_ROOM | NEEDS_TEXT,
	[DCHAT_NICK] = NEEDS_NICK,
	[DCHAT_AWAY] = TAKES_TEXT,
	[DCHAT_BACK] = 0,
	[DCHAT_ROOMS] = 0,
	[DCHAT_MEMBERS] = NEEDS_ROOM,
	[DCHAT_PEERS] = 0,
	[DCHAT_HISTORY] = NEEDS_ROOM | TAKES_PAGE,
	[DCHAT_SEARCH] = TAKES_ROOM | NEEDS_TEXT | TAKES_LIMIT,
	[DCHAT_WHO_HAS] = NEEDS_MSG,
	[DCHAT_TYPING] = NEEDS_ROOM,
	[DCHAT_STATUS] = 0,
	[DCHAT_CONNECT] = NEEDS_ADDRESS,
	[DCHAT_NET] = 0,
	[DCHAT_ELECT] = 0,
	[DCHAT_QUIT] = 0,
};

enum { VERBS = sizeof members_of / sizeof members_of[0] };

static bool
wrong(struct headless_line *line, enum error error, const char *problem)
{
	line->error = error;
	snprintf(line->problem, sizeof line->problem, "%s", problem);
	return false;
}

/* A member that must be a text; NULL when it is not there. */
static bool
take_text(struct headless_line *line, const char *name, bool needed,
    const char **out)
{
	const json_t *member = json_object_get(line->root, name);
	const char *text = json_string_value(member);

	*out = NULL;
	if (text != NULL && strlen(text) == json_string_length(member)) {
		*out = text;
		return true;
	}
	if (member == NULL && !needed)
		return true;
	line->error = ERROR_BAD_ARGUMENT;
	snprintf(line->problem, sizeof line->problem,
	    member == NULL ? "The member `%s` is missing."
		: text != NULL
		? "The member `%s` must not hold the character U+0000."
		: "The member `%s` must be a string.",
	    name);
	return false;
}

static bool
take_ref(struct headless_line *line)
{
	return !message_kind_refers(line->command.kind) ||
	    take_text(line, "ref", true, &line->command.ref);
}

static bool
take_kind(struct headless_line *line)
{
	const char *kind;

	if (!take_text(line, "kind", false, &kind))
		return false;
	if (kind == NULL)
		return true;
	for (int i = 0; i < MESSAGE_KIND_COUNT; i++)
		if (strcmp(kind, message_kind_name((enum message_kind)i)) ==
		    0) {
			line->command.kind = (enum message_kind)i;
			return take_ref(line);
		}
	return wrong(line, ERROR_BAD_ARGUMENT,
	    "The member `kind` must be \"text\", \"action\", \"reply\", "
	    "\"reaction\", \"edit\" or \"delete\".");
}

static bool
take_limit(struct headless_line *line)
{
	const json_t *limit = json_object_get(line->root, "limit");
	double number = json_number_value(limit);

	if (limit == NULL)
		return true;
	if (!(number >= 1 && number <= LIMIT_HISTORY_ANSWER) ||
	    number != (double)(size_t)number)
		return wrong(line, ERROR_BAD_ARGUMENT,
		    "The member `limit` "
		    "must be an integer from 1 to 10000.");
	line->command.limit = (size_t)number;
	return true;
}

static bool
take_members(struct headless_line *line)
{
	struct dchat_command *command = &line->command;
	unsigned members = members_of[command->verb];

	return (!(members & (NEEDS_ROOM | TAKES_ROOM)) ||
		   take_text(line, "room", members & NEEDS_ROOM,
		       &command->room)) &&
	    (!(members & TAKES_KIND) || take_kind(line)) &&
	    (!(members & NEEDS_TEXT) ||
		take_text(line, "text", command->kind != KIND_DELETE,
		    &command->text)) &&
	    (!(members & TAKES_TEXT) ||
		take_text(line, "text", false, &command->text)) &&
	    (!(members & NEEDS_TO) ||
		take_text(line, "to", true, &command->to)) &&
	    (!(members & NEEDS_NICK) ||
		take_text(line, "nick", true, &command->nick)) &&
	    (!(members & NEEDS_MSG) ||
		take_text(line, "msg", true, &command->msg)) &&
	    (!(members & NEEDS_ADDRESS) ||
		take_text(line, "address", true, &command->address)) &&
	    (!(members & TAKES_PAGE) ||
		take_text(line, "before", false, &command->before)) &&
	    (!(members & (TAKES_PAGE | TAKES_LIMIT)) || take_limit(line));
}

static bool
take_verb(struct headless_line *line)
{
	if (!take_text(line, "cmd", true, &line->cmd))
		return false;
	for (int i = 0; i < VERBS; i++)
		if (strcmp(line->cmd, dchat_verb_name((enum dchat_verb)i)) ==
		    0) {
			line->command.verb = (enum dchat_verb)i;
			/* A program has no other way to look. */
			line->command.look = true;
			return true;
		}
	return wrong(line, ERROR_UNKNOWN_COMMAND,
	    error_sentence(ERROR_UNKNOWN_COMMAND));
}

/* An integer of more than 64 bits is JSON, too. */
static json_t *
load(const char *text, size_t size)
{
	size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
	json_error_t error;
	json_t *root = json_loadb(text, size, flags, &error);

	if (root == NULL && json_error_code(&error) ==
		json_error_numeric_overflow)
		root = json_loadb(text, size,
		    flags | JSON_DECODE_INT_AS_REAL, &error);
	return root;
}

void
headless_parse(struct headless_line *line, const char *text, size_t size)
{
	*line = (struct headless_line){ .error = ERROR_NONE };
	line->root = load(text, size);
	if (!json_is_object(line->root)) {
		wrong(line, ERROR_BAD_JSON, error_sentence(ERROR_BAD_JSON));
		return;
	}
	/* The tag first: it goes with whatever else is wrong. */
	if (!take_text(line, "tag", false, &line->tag)) {
		const json_t *cmd = json_object_get(line->root, "cmd");

		line->cmd = json_string_value(cmd);
		return;
	}
	if (take_verb(line))
		take_members(line);
}

void
headless_line_free(struct headless_line *line)
{
	json_decref(line->root);
	line->root = NULL;
}

/* -- events ------------------------------------------------------------ */

static void
put(struct bytes *out, const char *text)
{
	bytes_append_text(out, text);
}

/* Of a member; a room's name may hold what JSON escapes. */
static void
put_name(struct bytes *out, const char *name)
{
	if (out->data[out->size - 1] != '{')
		put(out, ",");
	json_put_text(out, name);
	put(out, ":");
}

static void
put_text(struct bytes *out, const char *name, const char *text)
{
	put_name(out, name);
	if (text == NULL)
		put(out, "null");
	else
		json_put_text(out, text);
}

static void
put_number(struct bytes *out, const char *name, uint64_t number)
{
	put_name(out, name);
	json_put_number(out, number);
}

static void
put_signed(struct bytes *out, int64_t number)
{
	if (number < 0)
		put(out, "-");
	json_put_number(out,
	    number < 0 ? -(uint64_t)number : (uint64_t)number);
}

static void
put_bool(struct bytes *out, const char *name, bool value)
{
	put_name(out, name);
	put(out, value ? "true" : "false");
}

static void
put_bare_ms(struct bytes *out, double ms)
{
	char text[40];

	if (ms < 0) {
		put(out, "null");
		return;
	}
	/* Times of a link are microseconds, and a locale has its comma. */
	snprintf(text, sizeof text, "%" PRIu64 ".%03u", (uint64_t)ms,
	    (unsigned)((ms - (double)(uint64_t)ms) * 1000));
	put(out, text);
}

static void
put_ms(struct bytes *out, const char *name, double ms)
{
	put_name(out, name);
	put_bare_ms(out, ms);
}

static void
put_series(struct bytes *out, const char *name, const double *items,
    size_t count)
{
	put_name(out, name);
	put(out, "[");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			put(out, ",");
		put_bare_ms(out, items[i]);
	}
	put(out, "]");
}

static void
put_bare_id(struct bytes *out, const struct id *id)
{
	char text[ID_TEXT];

	if (id_is_none(id)) {
		put(out, "null");
		return;
	}
	put(out, "\"");
	put(out, id_format(id, text));
	put(out, "\"");
}

static void
put_id(struct bytes *out, const char *name, const struct id *id)
{
	put_name(out, name);
	put_bare_id(out, id);
}

static void
put_ids(struct bytes *out, const char *name, const struct id *ids, size_t count)
{
	put_name(out, name);
	put(out, "[");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			put(out, ",");
		put_bare_id(out, &ids[i]);
	}
	put(out, "]");
}

static void
put_time(struct bytes *out, const char *name, wall_ms wall)
{
	time_t seconds = (time_t)(wall / 1000);
	struct tm utc;
	char text[64];

	gmtime_r(&seconds, &utc);
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
	    utc.tm_min, utc.tm_sec, (int)(wall % 1000));
	put_text(out, name, text);
}

/* How many of how many have it; after all do only that is kept. */
static void
put_reach(struct bytes *out, unsigned have, unsigned of, bool stable)
{
	if (of > 0) {
		put_number(out, "have", have);
		put_number(out, "of", of);
	}
	put_bool(out, "stable", stable);
}

/* One array of objects; each kind of element has its function. */
#define PUT_LIST(out, name, items, count, put_item)                            \
	do {                                                                   \
		put_name(out, name);                                           \
		put(out, "[");                                                 \
		for (size_t i_ = 0; i_ < (count); i_++) {                      \
			put(out, i_ > 0 ? ",{" : "{");                         \
			put_item(out, &(items)[i_]);                           \
			put(out, "}");                                         \
		}                                                              \
		put(out, "]");                                                 \
	} while (0)

static void
put_message(struct bytes *out, const struct dchat_message *message)
{
	put_text(out, "msg", message->msg);
	put_text(out, "room", message->room);
	put_id(out, "author", &message->author);
	put_text(out, "nick", message->nick);
	put_text(out, "kind", message_kind_name(message->kind));
	if (message->ref[0] != '\0')
		put_text(out, "ref", message->ref);
	put_text(out, "text", message->text);
	put_time(out, "time", message->time);
	put_bool(out, "live", message->live);
	if (!id_is_none(&message->to))
		put_id(out, "to", &message->to);
	if (message->of > 0 || message->stable)
		put_reach(out, message->have, message->of, message->stable);
	if (message->late)
		put_bool(out, "late", true);
	if (message->gap)
		put_bool(out, "gap", true);
}

static void
put_room(struct bytes *out, const struct dchat_room *room)
{
	put_text(out, "room", room->name);
	put_text(out, "topic", room->topic);
	put_number(out, "members", room->members);
	put_bool(out, "joined", room->joined);
	put_number(out, "unread", room->unread);
}

static void
put_member(struct bytes *out, const struct dchat_member *member)
{
	put_id(out, "id", &member->id);
	put_text(out, "nick", member->nick);
	if (member->away != NULL)
		put_text(out, "away", member->away);
	put_text(out, "state", member_state_name(member->state));
	put_bool(out, "leader", member->leader);
	put_bool(out, "self", member->self);
	if (member->forked)
		put_bool(out, "two_faced", true);
}

static void
put_peer(struct bytes *out, const struct dchat_peer *peer)
{
	put_id(out, "id", &peer->id);
	put_text(out, "nick", peer->nick);
	if (peer->away != NULL)
		put_text(out, "away", peer->away);
	put_text(out, "state", member_state_name(peer->state));
	put_ms(out, "rtt_ms", peer->rtt_ms);
	put_text(out, "address",
	    peer->address[0] == '\0' ? NULL : peer->address);
	put_bool(out, "linked", peer->linked);
	if (!id_is_none(&peer->over))
		put_id(out, "over", &peer->over);
	put_bool(out, "leader", peer->leader);
	put_bool(out, "self", peer->self);
	put_ms(out, "silence_ms", (double)peer->silent_ms);
	put_series(out, "rtts_ms", peer->rtts_ms, peer->rtt_count);
	put_number(out, "queue_bytes", peer->queue_bytes);
	put_ids(out, "accusers", peer->accusers, peer->accuser_count);
	put_ms(out, "dead_in_ms", (double)peer->dead_in_ms);
	put_name(out, "skew_ms");
	if (peer->skew_known)
		put_signed(out, peer->skew_ms);
	else
		put(out, "null");
}

static void
put_stand(struct bytes *out, const struct dchat_stand *stand)
{
	put_id(out, "id", &stand->id);
	put_text(out, "nick", stand->nick);
	put_number(out, "phase", stand->phase);
	put_number(out, "reach", stand->reach);
	put_ms(out, "at_ms", (double)stand->at_ms);
}

static void
put_election(struct bytes *out, const struct dchat_election *election)
{
	put_number(out, "term", election->term);
	put_text(out, "cause", election->cause);
	put_text(out, "end", election_end_name(election->end));
	put_ms(out, "ago_ms", (double)election->ago_ms);
	put_ms(out, "took_ms", (double)election->took_ms);
	put_id(out, "winner", &election->winner);
	put_text(out, "winner_nick", election->winner_nick);
	PUT_LIST(out, "stood", election->stood, election->stood_count,
	    put_stand);
	put_number(out, "messages", election->messages);
}

static void
put_traffic(struct bytes *out, const struct dchat_status *status)
{
	put_name(out, "traffic");
	put(out, "{");
	for (int flow = 0; flow < FLOW_COUNT; flow++) {
		put_name(out, dchat_flow_name((enum dchat_flow)flow));
		put(out, "[");
		for (size_t i = 0; i < status->traffic_seconds; i++) {
			if (i > 0)
				put(out, ",");
			json_put_number(out, status->traffic[flow][i]);
		}
		put(out, "]");
	}
	put(out, "}");
}

static void
put_holding(struct bytes *out, const struct dchat_holding *holding)
{
	put_text(out, "room", holding->room);
	put_id(out, "author", &holding->author);
	put_text(out, "nick", holding->nick);
	put_ids(out, "waiting_for", holding->waiting_for,
	    holding->waiting_count);
	put_number(out, "count", holding->count);
	put_number(out, "waited_ms", (uint64_t)holding->waited_ms);
}

static void
put_clock(struct bytes *out, const struct dchat_room_clock *clock)
{
	char stream[ID_TEXT + 24];

	put_name(out, clock->room);
	put(out, "{");
	for (size_t i = 0; i < clock->count; i++) {
		const struct dchat_clock_entry *entry = &clock->entries[i];

		id_format(&entry->author, stream);
		snprintf(stream + ID_TEXT - 1, sizeof stream - ID_TEXT + 1,
		    ".%" PRIu64, entry->epoch);
		put_number(out, stream, entry->top);
	}
	put(out, "}");
}

static void
put_clocks(struct bytes *out, const struct dchat_status *status)
{
	put_name(out, "clock");
	put(out, "{");
	for (size_t i = 0; i < status->clock_count; i++)
		put_clock(out, &status->clocks[i]);
	put(out, "}");
}

static void
put_counters(struct bytes *out, const struct dchat_status *status)
{
	put_name(out, "counters");
	put(out, "{");
	for (size_t i = 0; i < status->counter_count; i++)
		put_number(out, status->counters[i].name,
		    status->counters[i].value);
	put(out, "}");
}

static void
put_partition(struct bytes *out, const struct dchat_status *status)
{
	put_name(out, "partition");
	if (status->lost_count == 0) {
		put(out, "null");
		return;
	}
	put(out, "{");
	put_ids(out, "lost", status->lost, status->lost_count);
	put(out, "}");
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*
 * Ascending as the reader has them: in base32 the digits stand for more
 * than the letters, but sort before them.
 */
static void
put_ring(struct bytes *out, const struct id *ids, size_t count)
{
	char (*texts)[ID_TEXT] = mem_alloc((count + 1) * sizeof *texts);

	for (size_t i = 0; i < count; i++)
		id_format(&ids[i], texts[i]);
	qsort(texts, count, sizeof *texts, compare_texts);
	put_name(out, "ring");
	put(out, "[");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			put(out, ",");
		json_put_text(out, texts[i]);
	}
	put(out, "]");
	free(texts);
}

static void
put_interface(struct bytes *out, const struct dchat_interface *interface)
{
	put_text(out, "interface", interface->name);
	put_text(out, "address",
	    interface->address[0] == '\0' ? NULL : interface->address);
	put_bool(out, "loopback", interface->loopback);
	put_bool(out, "point_to_point", interface->point_to_point);
	for (enum channel i = 0; i < CHANNEL_COUNT; i++) {
		put_name(out, channel_name(i));
		put(out, "{");
		put_number(out, "sent", interface->paths[i].sent);
		put_number(out, "failed", interface->paths[i].failed);
		put_number(out, "heard", interface->paths[i].heard);
		put(out, "}");
	}
}

static void
put_sighting(struct bytes *out, const struct dchat_sighting *sighting)
{
	put_id(out, "id", &sighting->peer);
	put_text(out, "interface", sighting->interface);
	put_text(out, "channel", channel_name(sighting->channel));
	put_number(out, "heard", sighting->count);
	put_number(out, "ago_ms", (uint64_t)sighting->ago_ms);
}

static void
put_dial(struct bytes *out, const struct dchat_dial *dial)
{
	put_id(out, "id", &dial->peer);
	put_text(out, "address", dial->address);
	put_text(out, "reason", dial->reason);
	put_number(out, "ago_ms", (uint64_t)dial->ago_ms);
}

static void
put_finding(struct bytes *out, const struct dchat_finding *finding)
{
	put_text(out, "code", finding->code);
	put_text(out, "grade", finding_grade_name(finding->grade));
	put_text(out, "text", finding->text);
	put_text(out, "next", finding->next[0] == '\0' ? NULL : finding->next);
}

/* What the network doctor knows, and its verdicts. */
static void
put_network(struct bytes *out, const struct dchat_network *network)
{
	put_number(out, "port", network->port);
	put_number(out, "discovery_port", network->discovery_port);
	put_number(out, "up_ms", (uint64_t)network->up_ms);
	put_number(out, "foreign", network->foreign);
	PUT_LIST(out, "interfaces", network->interfaces,
	    network->interface_count, put_interface);
	PUT_LIST(out, "sightings", network->sightings,
	    network->sighting_count, put_sighting);
	PUT_LIST(out, "dials", network->dials, network->dial_count, put_dial);
	PUT_LIST(out, "findings", network->findings, network->finding_count,
	    put_finding);
}

static void
put_status(struct bytes *out, const struct dchat_status *status)
{
	put_id(out, "self", &status->self);
	put_text(out, "nick", status->nick);
	put_text(out, "network", status->network);
	put_id(out, "leader", &status->leader);
	put_text(out, "leader_nick", status->leader_nick);
	put_bool(out, "provisional", status->provisional);
	put_number(out, "term", status->term);
	put_text(out, "state", group_state_name(status->state));
	put_number(out, "phase", status->phase);
	put_number(out, "reach", status->reach);
	put_ring(out, status->ring, status->ring_count);
	put_counters(out, status);
	put_number(out, "held", status->held);
	PUT_LIST(out, "holding", status->holdings, status->holding_count,
	    put_holding);
	put_clocks(out, status);
	put_partition(out, status);
	put_ms(out, "rtt_ms", status->rtt_ms);
	put_number(out, "local_health", status->local_health);
	put_bool(out, "self_suspicion", status->self_suspicion);
	PUT_LIST(out, "peers", status->peers, status->peer_count, put_peer);
	PUT_LIST(out, "elections", status->elections, status->election_count,
	    put_election);
	put_traffic(out, status);
	put_name(out, "interfaces");
	put(out, "[");
	for (size_t i = 0; i < status->interface_count; i++) {
		if (i > 0)
			put(out, ",");
		json_put_text(out, status->interfaces[i]);
	}
	put(out, "]");
	if (status->net == NULL)
		return;
	put_name(out, "net");
	put(out, "{");
	put_network(out, status->net);
	put(out, "}");
}

static void
put_ok(struct bytes *out, const struct dchat_event *event)
{
	size_t count = event->ok.count;

	switch (event->ok.verb) {
	case DCHAT_SAY:
	case DCHAT_DM: put_text(out, "msg", event->ok.msg); break;
	case DCHAT_WHO_HAS:
		put_ids(out, "have", event->ok.have, event->ok.have_count);
		put_ids(out, "missing", event->ok.missing,
		    event->ok.missing_count);
		put_bool(out, "stable", event->ok.stable);
		break;
	case DCHAT_ROOMS:
		PUT_LIST(out, "rooms", event->ok.rooms, count, put_room);
		break;
	case DCHAT_MEMBERS:
		PUT_LIST(out, "members", event->ok.members, count, put_member);
		break;
	case DCHAT_PEERS:
		PUT_LIST(out, "peers", event->ok.peers, count, put_peer);
		break;
	case DCHAT_HISTORY:
		PUT_LIST(out, "messages", event->ok.messages, count,
		    put_message);
		if (event->ok.lost > 0)
			put_number(out, "lost", event->ok.lost);
		break;
	case DCHAT_SEARCH:
		PUT_LIST(out, "messages", event->ok.messages, count,
		    put_message);
		if (event->ok.behind > 0)
			put_number(out, "behind", event->ok.behind);
		break;
	case DCHAT_STATUS: put_status(out, event->ok.status); break;
	case DCHAT_NET:
		if (event->ok.network != NULL)
			put_network(out, event->ok.network);
		break;
	case DCHAT_TYPING:
	case DCHAT_JOIN:
	case DCHAT_PART:
	case DCHAT_TOPIC:
	case DCHAT_NICK:
	case DCHAT_AWAY:
	case DCHAT_BACK:
	case DCHAT_CONNECT:
	case DCHAT_ELECT:
	case DCHAT_QUIT:
	case DCHAT_EXPORT:
	case DCHAT_REMEMBER:
	case DCHAT_RECALL: break;
	}
}

static void
put_answered(struct bytes *out, const char *cmd, const char *tag)
{
	put_text(out, "cmd", cmd);
	if (tag != NULL)
		put_text(out, "tag", tag);
}

static void
put_leader(struct bytes *out, const struct dchat_event *event)
{
	put_id(out, "id", &event->leader.id);
	put_text(out, "nick", event->leader.nick);
	put_number(out, "term", event->leader.term);
	put_bool(out, "self", event->leader.self);
	put_bool(out, "provisional", event->leader.provisional);
	put_name(out, "took_ms");
	if (event->leader.took_ms < 0)
		put(out, "null");
	else
		json_put_number(out, (uint64_t)event->leader.took_ms);
}

static void
put_cut(struct bytes *out, const struct dchat_event *event)
{
	if (event->partition.healed_count == 0) {
		put_ids(out, "lost", event->partition.lost,
		    event->partition.lost_count);
		return;
	}
	put_ids(out, "healed", event->partition.healed,
	    event->partition.healed_count);
	put_number(out, "merged", event->partition.merged);
}

static void
put_ready(struct bytes *out, const struct dchat_event *event)
{
	put_id(out, "id", &event->ready.id);
	put_text(out, "nick", event->ready.nick);
	put_text(out, "network", event->ready.network);
	put_number(out, "port", event->ready.port);
	put_text(out, "version", event->ready.version);
	put_text(out, "profile", event->ready.profile);
}

void
headless_format(struct bytes *out, const struct dchat_event *event,
    const char *cmd, const char *tag)
{
	put(out, "{");
	put_text(out, "event", dchat_event_name(event->type));
	switch (event->type) {
	case DCHAT_EVENT_READY: put_ready(out, event); break;
	case DCHAT_EVENT_OK:
		put_answered(out, cmd, tag);
		put_ok(out, event);
		break;
	case DCHAT_EVENT_ERROR:
		put_answered(out, cmd, tag);
		put_text(out, "code", error_name(event->error.code));
		put_text(out, "text", event->error.text);
		break;
	case DCHAT_EVENT_PEER:
		put_id(out, "id", &event->peer.id);
		put_text(out, "nick", event->peer.nick);
		put_text(out, "state", member_state_name(event->peer.state));
		put_ms(out, "rtt_ms", event->peer.rtt_ms);
		put_text(out, "reason", event->peer.reason);
		break;
	case DCHAT_EVENT_LEADER: put_leader(out, event); break;
	case DCHAT_EVENT_ELECTION:
		put_number(out, "term", event->election.term);
		put_number(out, "phase", event->election.phase);
		put_number(out, "reach", event->election.reach);
		put_text(out, "role", event->election.role);
		break;
	case DCHAT_EVENT_JOINED:
	case DCHAT_EVENT_PARTED:
		put_text(out, "room", event->membership.room);
		put_id(out, "id", &event->membership.id);
		put_text(out, "nick", event->membership.nick);
		break;
	case DCHAT_EVENT_MESSAGE: put_message(out, &event->message); break;
	case DCHAT_EVENT_ROOM:
		put_text(out, "room", event->room.room);
		put_text(out, "topic", event->room.topic);
		put_id(out, "by", &event->room.by);
		put_text(out, "by_nick", event->room.by_nick);
		put_bool(out, "exists", event->room.exists);
		break;
	case DCHAT_EVENT_NICK:
		put_id(out, "id", &event->nick.id);
		put_text(out, "old", event->nick.old);
		put_text(out, "nick", event->nick.nick);
		put_text(out, "reason", event->nick.reason);
		put_bool(out, "self", event->nick.self);
		break;
	case DCHAT_EVENT_DELIVERED:
		put_text(out, "msg", event->delivered.msg);
		put_reach(out, event->delivered.have, event->delivered.of,
		    event->delivered.stable);
		break;
	case DCHAT_EVENT_PARTITION: put_cut(out, event); break;
	case DCHAT_EVENT_HELD: put_holding(out, &event->held); break;
	case DCHAT_EVENT_FETCHING:
		put_text(out, "room", event->fetching.room);
		put_number(out, "done", event->fetching.done);
		put_number(out, "left", event->fetching.left);
		break;
	case DCHAT_EVENT_TYPING:
		put_text(out, "room", event->typing.room);
		put_id(out, "id", &event->typing.id);
		put_text(out, "nick", event->typing.nick);
		break;
	case DCHAT_EVENT_AWAY:
		put_id(out, "id", &event->away.id);
		put_text(out, "nick", event->away.nick);
		put_bool(out, "away", event->away.text != NULL);
		put_text(out, "text",
		    event->away.text == NULL ? "" : event->away.text);
		break;
	case DCHAT_EVENT_WARNING:
		put_text(out, "code", event->warning.code);
		put_text(out, "text", event->warning.text);
		break;
	case DCHAT_EVENT_BYE: put_text(out, "reason", event->bye.reason); break;
	}
	put(out, "}\n");
}
