#include "tui/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "tui/text.h"

static void put(struct bytes *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put(struct bytes *text, const char *format, ...)
{
	char *piece;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&piece, format, arguments) >= 0) {
		bytes_append_text(text, piece);
		free(piece);
	}
	va_end(arguments);
}

/* -- /names ------------------------------------------------------------ */

static void
put_member(struct bytes *text, const struct group *group,
    const struct dchat_member *member)
{
	char *name = group_name(member->nick, &member->id, group->flags);

	put(text, "%s", name);
	if (member->self)
		put(text, " (you)");
	if (member->leader)
		put(text, " (leader)");
	if (member->state != MEMBER_ALIVE)
		put(text, " (%s)", group_state_word(member->state));
	else if (member->away != NULL)
		put(text, " (away)");
	free(name);
}

static void
put_members(struct bytes *text, const struct group *group,
    const struct dchat_event *ok, const char *room)
{
	size_t i;

	put(text, "In %s: ", room[0] != '\0' ? room : "this room");
	for (i = 0; i < ok->ok.count; i++) {
		if (i > 0)
			put(text, ", ");
		put_member(text, group, &ok->ok.members[i]);
	}
	if (ok->ok.count == 0)
		put(text, "nobody");
}

/* -- /who -------------------------------------------------------------- */

/* ", away (lunch)" */
static void
put_away(struct bytes *text, const struct group *group, const char *why)
{
	char *clean = text_clean_copy(why, group->flags);

	put(text, clean[0] != '\0' ? ", away (%s)" : ", away", clean);
	free(clean);
}

static void
put_over(struct bytes *text, const struct group *group,
    const struct dchat_peer *peer)
{
	char *name;

	if (id_is_none(&peer->over))
		return;
	name = group_name(peer->over_nick, &peer->over, group->flags);
	put(text, ", linked over %s", name);
	free(name);
}

static void
put_peer(struct bytes *text, const struct group *group,
    const struct dchat_peer *peer)
{
	char *name = group_name(peer->nick, &peer->id, group->flags);
	char id[ID_SHORT_TEXT];

	put(text, "%s  %s  %s", name, id_format_short(&peer->id, id),
	    group_state_word(peer->state));
	if (peer->state == MEMBER_SUSPECT && peer->silent_ms >= 1000)
		put(text, " for %lld s", (long long)peer->silent_ms / 1000);
	if (peer->self)
		put(text, ", you");
	if (peer->away != NULL && peer->state == MEMBER_ALIVE)
		put_away(text, group, peer->away);
	if (peer->leader)
		put(text, ", leader");
	if (!peer->self && peer->rtt_ms >= 0)
		put(text, ", %.1f ms", peer->rtt_ms);
	if (!peer->self && peer->state != MEMBER_SUSPECT &&
	    peer->silent_ms >= 1000)
		put(text, ", heard %lld s ago",
		    (long long)peer->silent_ms / 1000);
	if (peer->address[0] != '\0')
		put(text, ", %s", peer->address);
	if (!peer->self && peer->state == MEMBER_ALIVE && !peer->linked)
		put(text, ", not linked");
	put_over(text, group, peer);
	free(name);
}

static void
put_peers(struct bytes *text, const struct group *group,
    const struct dchat_event *ok)
{
	size_t i;

	for (i = 0; i < ok->ok.count; i++) {
		if (i > 0)
			put(text, "\n");
		put_peer(text, group, &ok->ok.peers[i]);
	}
	if (ok->ok.count == 0)
		put(text, "Nobody else has been seen yet.");
}

char *
answer_whois(const struct group *group, const struct dchat_event *ok,
    const struct id *id, const char *rooms, bool ignored)
{
	const struct dchat_peer *peer = NULL;
	struct bytes text;
	char full[ID_TEXT];

	bytes_init(&text);
	for (size_t i = 0; i < ok->ok.count; i++)
		if (id_equal(&ok->ok.peers[i].id, id))
			peer = &ok->ok.peers[i];
	if (peer)
		put_peer(&text, group, peer);
	else
		put(&text, "Nobody with that id has been here since the start.");
	put(&text, "\nid: %s", id_format(id, full));
	if (rooms[0] != '\0')
		put(&text, "\nin rooms of yours: %s", rooms);
	if (ignored)
		put(&text, "\nYou ignore them.");
	bytes_append(&text, "", 1);
	return (char *)text.data;
}

/* -- /leader ----------------------------------------------------------- */

static void
put_leadership(struct bytes *text, const struct group *group,
    const struct dchat_status *status)
{
	bool self = id_equal(&status->leader, &status->self);
	char id[ID_SHORT_TEXT];
	char *name;

	if (id_is_none(&status->leader)) {
		put(text, "Nobody leads at the moment");
		return;
	}
	if (self && status->provisional) {
		put(text,
		    "You lead provisionally: nobody has been elected "
		    "yet");
		return;
	}
	name = group_name(status->leader_nick, &status->leader, group->flags);
	put(text, "%s (%s%s) leads since term %llu", name,
	    id_format_short(&status->leader, id), self ? ", you" : "",
	    (unsigned long long)status->term);
	free(name);
}

static void
put_status(struct bytes *text, const struct group *group,
    const struct dchat_status *status)
{
	put_leadership(text, group, status);
	switch (status->state) {
	case GROUP_ALONE: put(text, "; nobody else is here."); break;
	case GROUP_ELECTING:
		put(text, "; an election runs (phase %u, reach %u).",
		    status->phase, status->reach);
		break;
	case GROUP_STEADY:
		put(text, "; the group is steady, %zu in view.",
		    status->ring_count);
		break;
	case GROUP_PARTITIONED:
		put(text,
		    "; the group is cut apart: %zu in view, %zu out "
		    "of reach.",
		    status->ring_count, status->lost_count);
		break;
	}
}

/* -- /list ------------------------------------------------------------- */

static void
put_room(struct bytes *text, const struct dchat_room *room)
{
	put(text, "%s  %zu member%s", room->name, room->members,
	    room->members == 1 ? "" : "s");
	if (room->joined)
		put(text, ", you too");
	if (room->topic && room->topic[0] != '\0')
		put(text, "  %s", room->topic);
}

static void
put_rooms(struct bytes *text, const struct dchat_event *ok)
{
	size_t shown = 0, i;

	for (i = 0; i < ok->ok.count; i++) {
		if (ok->ok.rooms[i].name[0] == '@')
			continue;
		if (shown++ > 0)
			put(text, "\n");
		put_room(text, &ok->ok.rooms[i]);
	}
	if (shown == 0)
		put(text, "There are no rooms yet; /join #NAME makes one.");
}

/* -- /who-has ---------------------------------------------------------- */

static void
put_people(struct bytes *text, const struct group *group,
    const struct id *ids, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct group_peer *peer = group_peer(group, &ids[i]);
		bool self = id_equal(&ids[i], &group->self);
		char *name = group_name(self ? group->nick
			: peer		     ? peer->nick
					     : "",
		    &ids[i], group->flags);

		put(text, "%s%s%s", i > 0 ? ", " : "", name,
		    self ? " (you)" : "");
		if (peer && peer->state != MEMBER_ALIVE)
			put(text, " (%s)", group_state_word(peer->state));
		free(name);
	}
}

static void
put_who_has(struct bytes *text, const struct group *group,
    const struct dchat_event *ok)
{
	put(text, "What you said last here is with ");
	if (ok->ok.have_count == 0)
		put(text, "nobody yet");
	put_people(text, group, ok->ok.have, ok->ok.have_count);
	if (ok->ok.missing_count == 0) {
		put(text, ok->ok.stable ? ": everybody who was here." : ".");
		return;
	}
	put(text, "; missing: ");
	put_people(text, group, ok->ok.missing, ok->ok.missing_count);
	put(text, ".");
}

static void
put_export(struct bytes *text, const struct dchat_event *ok)
{
	put(text, "%zu message%s of this room %s now in %s.", ok->ok.count,
	    ok->ok.count == 1 ? "" : "s", ok->ok.count == 1 ? "is" : "are",
	    ok->ok.file);
}

char *
answer_text(const struct group *group, const struct dchat_event *ok,
    const char *room)
{
	struct bytes text;

	bytes_init(&text);
	switch (ok->ok.verb) {
	case DCHAT_MEMBERS: put_members(&text, group, ok, room); break;
	case DCHAT_PEERS: put_peers(&text, group, ok); break;
	case DCHAT_STATUS:
		if (ok->ok.status)
			put_status(&text, group, ok->ok.status);
		break;
	case DCHAT_ROOMS: put_rooms(&text, ok); break;
	case DCHAT_WHO_HAS: put_who_has(&text, group, ok); break;
	case DCHAT_EXPORT: put_export(&text, ok); break;
	case DCHAT_ELECT: put(&text, "An election has begun."); break;
	case DCHAT_AWAY:
		put(&text, "You are away now; /back ends it.");
		break;
	case DCHAT_BACK: put(&text, "You are back."); break;
	case DCHAT_CONNECT:
		put(&text,
		    "Trying it; whoever answers there will be among "
		    "the members.");
		break;
	case DCHAT_SAY:
	case DCHAT_DM:
	case DCHAT_JOIN:
	case DCHAT_PART:
	case DCHAT_TOPIC:
	case DCHAT_NICK:
	case DCHAT_HISTORY:
	case DCHAT_TYPING:
	case DCHAT_SEARCH:
	case DCHAT_QUIT:
	case DCHAT_NET:
	case DCHAT_REMEMBER:
	case DCHAT_RECALL: break;
	}
	if (text.size == 0)
		return NULL;
	bytes_append(&text, "", 1);
	return (char *)text.data;
}
