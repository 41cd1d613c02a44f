#include "tui/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/text.h"

/* So long a failure explains an election, and a cut has a banner. */
enum {
	FAULT_FRESH_MS = 15000,
	CUT_SHOWN_MS = 10 * 60 * 1000,	/* the banner; then the status bar alone */
};

void
group_init(struct group *group, unsigned flags)
{
	*group = (struct group){
		.flags = flags,
		.rtt_ms = -1,
	};
	group->nick = mem_text("");
	group->network = mem_text("");
	group->version = mem_text("");
	group->profile = mem_text("");
	group->leader_nick = mem_text("");
	group->interfaces = mem_text("");
	group->lost = mem_text("");
}

void
group_free(struct group *group)
{
	size_t i;

	for (i = 0; i < group->peer_count; i++) {
		free(group->peers[i].nick);
		free(group->peers[i].away);
	}
	free(group->peers);
	free(group->nick);
	free(group->away);
	free(group->network);
	free(group->version);
	free(group->profile);
	free(group->leader_nick);
	free(group->interfaces);
	free(group->lost);
}

char *
group_name(const char *nick, const struct id *id, unsigned flags)
{
	char *name = text_clean_copy(nick ? nick : "", flags);
	char text[ID_SHORT_TEXT];

	if (name[0] != '\0')
		return name;
	free(name);
	return mem_text(id_format_short(id, text));
}

static void
replace(char **text, char *with)
{
	free(*text);
	*text = with;
}

static char *
clean(const struct group *group, const char *text)
{
	return text_clean_copy(text ? text : "", group->flags);
}

/* -- peers ------------------------------------------------------------- */

static size_t
search(const struct group *group, const struct id *id, bool *found)
{
	size_t low = 0, high = group->peer_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (id_compare(&group->peers[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = low < group->peer_count && id_equal(&group->peers[low].id, id);
	return low;
}

const struct group_peer *
group_peer(const struct group *group, const struct id *id)
{
	bool found;
	size_t index = search(group, id, &found);

	return found ? &group->peers[index] : NULL;
}

static struct group_peer *
touch_peer(struct group *group, const struct id *id, const char *nick)
{
	struct group_peer *peer;
	bool found;
	size_t index = search(group, id, &found);

	if (!found) {
		MEM_INSERT(group->peers, group->peer_count, group->peer_cap,
		    index);
		group->peers[index] = (struct group_peer){
			.id = *id,
			.state = MEMBER_LEFT,
			.rtt_ms = -1,
		};
	}
	peer = &group->peers[index];
	if (nick || !peer->nick)
		replace(&peer->nick, group_name(nick, id, group->flags));
	return peer;
}

const char *
group_state_word(enum member_state state)
{
	static const char *const words[] = {
		[MEMBER_ALIVE] = "alive",
		[MEMBER_SUSPECT] = "silent",
		[MEMBER_DEAD] = "gone",
		[MEMBER_LEFT] = "left",
	};

	return words[state];
}

void
group_gone(const char *nick, const char *reason, char text[static 256])
{
	static const struct {
		const char *reason, *phrase;
	} phrases[] = {
		{ "silent", "no sign of life" },
		{ "refused", "its host refuses connections" },
		{ "lost", "its connection broke" },
		{ "unreachable", "its host cannot be reached" },
		{ "told", "another member says so" },
		{ "restarted", "it was started anew" },
		{ "protocol", "it broke the protocol" },
		{ "twice", "its identity runs twice" },
	};
	const char *phrase = "";

	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
		if (reason && strcmp(phrases[i].reason, reason) == 0)
			phrase = phrases[i].phrase;
	snprintf(text, 256, "%.128s is gone%s%s", nick,
	    phrase[0] != '\0' ? ": " : "", phrase);
}

instant_ms
group_silence(const struct group_peer *peer, wall_ms now)
{
	wall_ms since = peer->silent_since != 0 ? peer->silent_since
						: peer->since;

	return now > since ? now - since : 0;
}

const struct group_peer *
group_suspect(const struct group *group, size_t *count)
{
	const struct group_peer *longest = NULL;

	*count = 0;
	for (size_t i = 0; i < group->peer_count; i++) {
		const struct group_peer *peer = &group->peers[i];

		if (peer->state != MEMBER_SUSPECT)
			continue;
		(*count)++;
		if (longest == NULL ||
		    group_silence(peer, INT64_MAX) >
			group_silence(longest, INT64_MAX))
			longest = peer;
	}
	return longest;
}

/* One that is suspected is told as long as it is, and is no news. */
static void
peer_changed(struct group *group, const struct group_peer *peer,
    enum member_state was, instant_ms silence, const char *reason,
    wall_ms now)
{
	bool silent = reason && strcmp(reason, "silent") == 0;
	char *news = group->news;

	if (peer->state == MEMBER_SUSPECT) {
		/* that somebody is back is old now */
		if (!group->news_failure)
			news[0] = '\0';
		return;
	}
	group->news_failure = true;
	switch (peer->state) {
	case MEMBER_ALIVE:
		snprintf(news, sizeof group->news, "%.128s is %s", peer->nick,
		    was == MEMBER_LEFT ? "here" : "back");
		group->news_failure = false;
		break;
	case MEMBER_SUSPECT: break;
	case MEMBER_DEAD:
		if (silent && silence >= 0)
			snprintf(news, sizeof group->news,
			    "%.128s silent %d.%d s", peer->nick,
			    (int)(silence / 1000 % 1000000),
			    (int)(silence % 1000 / 100));
		else
			snprintf(news, sizeof group->news, "%.128s is gone",
			    peer->nick);
		break;
	case MEMBER_LEFT:
		snprintf(news, sizeof group->news, "%.128s left",
		    peer->nick);
		break;
	}
	group->news_at = now;
}

static void
peer_event(struct group *group, const struct dchat_event *event, wall_ms now)
{
	struct group_peer *peer;
	enum member_state was;
	instant_ms silence;

	if (group->ready && id_equal(&event->peer.id, &group->self))
		return;
	peer = touch_peer(group, &event->peer.id, event->peer.nick);
	was = peer->state;
	silence = was == MEMBER_SUSPECT ? group_silence(peer, now) : -1;
	peer->state = event->peer.state;
	peer->rtt_ms = event->peer.rtt_ms;
	if (peer->state == was)
		return;
	peer->since = now;
	peer->silent_since = 0;
	peer_changed(group, peer, was, silence, event->peer.reason, now);
}

static void
take_away(const struct group *group, char **away, const char *text)
{
	replace(away, text != NULL ? clean(group, text) : NULL);
}

static void
away_event(struct group *group, const struct dchat_event *event)
{
	take_away(group,
	    event->away.self
		? &group->away
		: &touch_peer(group, &event->away.id, event->away.nick)->away,
	    event->away.text);
}

const char *
group_away(const struct group *group, const struct id *id)
{
	const struct group_peer *peer = group_peer(group, id);

	if (group->ready && id_equal(id, &group->self))
		return group->away;
	return peer != NULL && peer->state == MEMBER_ALIVE ? peer->away : NULL;
}

static void
take_peers(struct group *group, const struct dchat_peer *peers, size_t count,
    wall_ms now)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct dchat_peer *told = &peers[i];
		struct group_peer *peer;

		if (told->self)
			continue;
		peer = touch_peer(group, &told->id, told->nick);
		if (peer->state != told->state)
			peer->since = now;
		peer->state = told->state;
		peer->rtt_ms = told->rtt_ms;
		take_away(group, &peer->away, told->away);
		peer->silent_since =
		    told->silent_ms >= 0 ? now - told->silent_ms : 0;
	}
}

size_t
group_alive(const struct group *group)
{
	size_t alive = 0, i;

	for (i = 0; i < group->peer_count; i++)
		alive += group->peers[i].state == MEMBER_ALIVE ||
		    group->peers[i].state == MEMBER_SUSPECT;
	return alive;
}

enum member_state
group_state_of(const struct group *group, const struct id *id)
{
	const struct group_peer *peer = group_peer(group, id);

	return peer ? peer->state : MEMBER_ALIVE;
}

/* -- leader and election ----------------------------------------------- */

static void
leader_event(struct group *group, const struct dchat_event *event, wall_ms now)
{
	bool none = id_is_none(&event->leader.id);

	group->leader = event->leader.id;
	group->leader_self = event->leader.self;
	group->provisional = event->leader.provisional;
	group->term = event->leader.term;
	replace(&group->leader_nick,
	    none ? mem_text("")
		 : group_name(event->leader.nick, &event->leader.id,
		       group->flags));
	if (none)
		return;
	group->electing = false;
	group->led_at = 0;
	if (group->provisional)
		return;
	group->led_last = group->leader;
	group->led_at = now;
	group->led_took_ms = event->leader.took_ms;
	group->led_failure = group->news_failure &&
	    now - group->news_at <= FAULT_FRESH_MS;
}

/* The states of an election that are the end of it. */
static bool
role_is_settled(const char *role)
{
	return strcmp(role, "leader") == 0 || strcmp(role, "follower") == 0 ||
	    strcmp(role, "provisional") == 0;
}

static void
election_event(struct group *group, const struct dchat_event *event)
{
	const char *role = event->election.role ? event->election.role : "";

	group->electing = !role_is_settled(role);
	group->election_term = event->election.term;
	group->phase = event->election.phase;
	group->reach = event->election.reach;
	snprintf(group->role, sizeof group->role, "%s", role);
}

enum group_state
group_condition(const struct group *group)
{
	if (group->electing)
		return GROUP_ELECTING;
	if (group->status_known && group->state == GROUP_PARTITIONED)
		return GROUP_PARTITIONED;
	if (group_alive(group) == 0)
		return GROUP_ALONE;
	return id_is_none(&group->leader) ? GROUP_ELECTING : GROUP_STEADY;
}

/* -- status ------------------------------------------------------------ */

static void
append_item(struct bytes *list, const char *item)
{
	if (list->size > 0)
		bytes_append_text(list, ", ");
	bytes_append_text(list, item);
}

static char *
list_interfaces(const struct group *group, const struct dchat_status *status)
{
	struct bytes list;
	size_t i;

	bytes_init(&list);
	for (i = 0; i < status->interface_count; i++) {
		char *name = clean(group, status->interfaces[i]);

		append_item(&list, name);
		free(name);
	}
	bytes_append(&list, "", 1);
	return (char *)list.data;
}

char *
group_names(const struct group *group, const struct id *ids, size_t count)
{
	struct bytes list;
	size_t i;

	bytes_init(&list);
	for (i = 0; i < count; i++) {
		const struct group_peer *peer = group_peer(group, &ids[i]);
		char text[ID_SHORT_TEXT];

		append_item(&list,
		    peer ? peer->nick : id_format_short(&ids[i], text));
	}
	bytes_append(&list, "", 1);
	return (char *)list.data;
}

static void
set_lost(struct group *group, const struct id *ids, size_t count)
{
	replace(&group->lost, group_names(group, ids, count));
	if (count == 0)
		group->cut_at = 0;
}

/* Who is back is known by the next status, which is asked for at once. */
static void
partition_event(struct group *group, const struct dchat_event *event,
    wall_ms now)
{
	if (event->partition.lost_count == 0)
		return;
	set_lost(group, event->partition.lost, event->partition.lost_count);
	if (group->cut_at == 0)
		group->cut_at = now;
}

bool
group_cut(const struct group *group, wall_ms now)
{
	return group->cut_at != 0 && now - group->cut_at < CUT_SHOWN_MS;
}

static void
status_answer(struct group *group, const struct dchat_status *status,
    wall_ms now)
{
	take_peers(group, status->peers, status->peer_count, now);
	group->status_known = true;
	group->state = status->state;
	group->held = status->held;
	group->rtt_ms = status->rtt_ms;
	group->leader = status->leader;
	group->leader_self = id_equal(&status->leader, &status->self);
	group->provisional = status->provisional;
	group->term = status->term;
	replace(&group->leader_nick,
	    id_is_none(&status->leader) ? mem_text("")
					: group_name(status->leader_nick,
					      &status->leader, group->flags));
	group->electing = status->state == GROUP_ELECTING;
	if (group->electing) {
		group->election_term = status->term;
		group->phase = status->phase;
		group->reach = status->reach;
	}
	replace(&group->interfaces, list_interfaces(group, status));
	set_lost(group, status->lost, status->lost_count);
}

static void
ready_event(struct group *group, const struct dchat_event *event)
{
	group->ready = true;
	group->self = event->ready.id;
	group->port = event->ready.port;
	group->since = event->ready.since;
	replace(&group->nick,
	    group_name(event->ready.nick, &event->ready.id, group->flags));
	replace(&group->network, clean(group, event->ready.network));
	replace(&group->version, clean(group, event->ready.version));
	replace(&group->profile, clean(group, event->ready.profile));
}

static void
nick_event(struct group *group, const struct dchat_event *event)
{
	const struct id *id = &event->nick.id;
	const char *nick = event->nick.nick;

	if (group->ready && id_equal(id, &group->self))
		replace(&group->nick, group_name(nick, id, group->flags));
	else
		touch_peer(group, id, nick);
	if (id_equal(id, &group->leader))
		replace(&group->leader_nick,
		    group_name(nick, id, group->flags));
}

/* -- what is wrong ----------------------------------------------------- */

static void
raise_alarm(struct group *group, const char *text, bool disk, wall_ms now)
{
	char *shown = clean(group, text);

	snprintf(group->alarm, sizeof group->alarm, "%.*s",
	    (int)utf8_cut(shown, sizeof group->alarm - 1), shown);
	group->alarm_at = now;
	group->alarm_disk = disk;
	free(shown);
}

static void
error_event(struct group *group, const struct dchat_event *event, wall_ms now)
{
	enum error code = event->error.code;

	if (code == ERROR_DISK || code == ERROR_DISK_FULL)
		raise_alarm(group,
		    event->error.text ? event->error.text
				      : error_sentence(code),
		    true, now);
}

void
group_stored(struct group *group)
{
	if (group->alarm_disk)
		group->alarm[0] = '\0';
}

void
group_event(struct group *group, const struct dchat_event *event, wall_ms now)
{
	switch (event->type) {
	case DCHAT_EVENT_READY: ready_event(group, event); break;
	case DCHAT_EVENT_PEER: peer_event(group, event, now); break;
	case DCHAT_EVENT_LEADER: leader_event(group, event, now); break;
	case DCHAT_EVENT_ELECTION: election_event(group, event); break;
	case DCHAT_EVENT_OK:
		if (event->ok.verb == DCHAT_PEERS)
			take_peers(group, event->ok.peers, event->ok.count,
			    now);
		else if (event->ok.verb == DCHAT_STATUS && event->ok.status)
			status_answer(group, event->ok.status, now);
		break;
	case DCHAT_EVENT_NICK: nick_event(group, event); break;
	case DCHAT_EVENT_AWAY: away_event(group, event); break;
	case DCHAT_EVENT_PARTITION: partition_event(group, event, now); break;
	case DCHAT_EVENT_WARNING:
		raise_alarm(group, event->warning.text,
		    strstr(event->warning.code, "disk") != NULL, now);
		break;
	case DCHAT_EVENT_ERROR: error_event(group, event, now); break;
	case DCHAT_EVENT_JOINED:
	case DCHAT_EVENT_PARTED:
	case DCHAT_EVENT_ROOM:
	case DCHAT_EVENT_MESSAGE:
	case DCHAT_EVENT_DELIVERED:
	case DCHAT_EVENT_HELD:
	case DCHAT_EVENT_TYPING:
	case DCHAT_EVENT_FETCHING:
	case DCHAT_EVENT_BYE: break;
	}
}
