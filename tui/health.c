#include "tui/health.h"

#include <stdlib.h>
#include <string.h>

#include "tui/group.h"
#include "tui/text.h"

void
health_init(struct health *health)
{
	*health = (struct health){ .known = false };
	arena_init(&health->arena);
}

void
health_free(struct health *health)
{
	arena_free(&health->arena);
}

struct taking {
	struct health *health;
	const struct dchat_status *status;
	unsigned flags;
};

static void *
room_for(const struct taking *taking, size_t count, size_t size)
{
	return arena_alloc(&taking->health->arena, count * size + 1);
}

static void *
copy(const struct taking *taking, const void *from, size_t count, size_t size)
{
	void *to = room_for(taking, count, size);

	if (count > 0)
		memcpy(to, from, count * size);
	return to;
}

static const char *
keep(const struct taking *taking, char *text_take)
{
	const char *kept = arena_text(&taking->health->arena, text_take);

	free(text_take);
	return kept;
}

static const char *
name(const struct taking *taking, const char *nick, const struct id *id)
{
	return keep(taking, group_name(nick, id, taking->flags));
}

/* Of somebody who is known by id alone. */
static const char *
name_of(const struct taking *taking, const struct id *id)
{
	const struct dchat_status *status = taking->status;

	for (size_t i = 0; i < status->peer_count; i++)
		if (id_equal(&status->peers[i].id, id))
			return name(taking, status->peers[i].nick, id);
	return name(taking, NULL, id);
}

/* "ana, bob" */
static const char *
list_names(const struct taking *taking, const struct id *ids, size_t count)
{
	struct bytes list;
	const char *kept;

	bytes_init(&list);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			bytes_append_text(&list, ", ");
		bytes_append_text(&list, name_of(taking, &ids[i]));
	}
	bytes_append(&list, "", 1);
	kept = arena_text(&taking->health->arena, (char *)list.data);
	bytes_free(&list);
	return kept;
}

/* -- peers --------------------------------------------------------------- */

static void
take_peers(const struct taking *taking)
{
	const struct dchat_status *status = taking->status;
	struct health *health = taking->health;

	health->peer_count = status->peer_count;
	health->peers = copy(taking, status->peers, status->peer_count,
	    sizeof *health->peers);
	health->accusers = room_for(taking, status->peer_count,
	    sizeof *health->accusers);
	for (size_t i = 0; i < status->peer_count; i++) {
		struct dchat_peer *peer = &health->peers[i];

		health->accusers[i] = list_names(taking, peer->accusers,
		    peer->accuser_count);
		peer->nick = name(taking, peer->nick, &peer->id);
		peer->rtts_ms = copy(taking, peer->rtts_ms, peer->rtt_count,
		    sizeof *peer->rtts_ms);
		peer->accusers = NULL;
	}
}

/* -- elections ------------------------------------------------------------ */

static void
take_elections(const struct taking *taking)
{
	const struct dchat_status *status = taking->status;
	struct health *health = taking->health;

	health->election_count = status->election_count;
	health->elections = copy(taking, status->elections,
	    status->election_count, sizeof *health->elections);
	for (size_t i = 0; i < health->election_count; i++) {
		struct dchat_election *election = &health->elections[i];
		struct dchat_stand *stood = copy(taking, election->stood,
		    election->stood_count, sizeof *stood);

		for (size_t k = 0; k < election->stood_count; k++)
			stood[k].nick =
			    name(taking, stood[k].nick, &stood[k].id);
		election->stood = stood;
		if (!id_is_none(&election->winner))
			election->winner_nick = name(taking,
			    election->winner_nick, &election->winner);
	}
}

/* -- clocks --------------------------------------------------------------- */

/* A talk with one person, "@" and their id, is shown by their nick. */
static const char *
room_name(const struct taking *taking, const char *room)
{
	struct bytes text;
	struct id id;
	const char *kept;

	if (room[0] != '@' || !id_parse(room + 1, &id))
		return keep(taking, text_clean_copy(room, taking->flags));
	bytes_init(&text);
	bytes_append_text(&text, "@");
	bytes_append_text(&text, name_of(taking, &id));
	bytes_append(&text, "", 1);
	kept = arena_text(&taking->health->arena, (char *)text.data);
	bytes_free(&text);
	return kept;
}

static void
take_room(const struct taking *taking, const struct dchat_room_clock *clock,
    struct health_room *room)
{
	struct dchat_clock_entry *entries = copy(taking, clock->entries,
	    clock->count, sizeof *entries);

	*room = (struct health_room){
		.name = room_name(taking, clock->room),
		.authors = room_for(taking, clock->count,
		    sizeof *room->authors),
		.held = clock->held,
	};
	for (size_t i = 0; i < clock->count; i++) {
		struct health_author *author;

		if (i > 0 && id_equal(&entries[i].author,
				 &entries[i - 1].author)) {
			room->authors[room->author_count - 1].count++;
			continue;
		}
		author = &room->authors[room->author_count++];
		author->nick = name_of(taking, &entries[i].author);
		author->entries = &entries[i];
		author->count = 1;
	}
}

static void
take_holdings(const struct taking *taking, const char *name,
    struct health_room *room)
{
	const struct dchat_status *status = taking->status;

	room->holdings = room_for(taking, status->holding_count,
	    sizeof *room->holdings);
	for (size_t i = 0; i < status->holding_count; i++) {
		const struct dchat_holding *told = &status->holdings[i];

		if (strcmp(told->room, name) != 0)
			continue;
		room->holdings[room->holding_count++] =
		    (struct health_holding){
			.author = told->author,
			.nick = name_of(taking, &told->author),
			.waiting_for = list_names(taking, told->waiting_for,
			    told->waiting_count),
			.count = told->count,
			.waited_ms = told->waited_ms,
		    };
	}
}

static void
take_rooms(const struct taking *taking)
{
	const struct dchat_status *status = taking->status;
	struct health *health = taking->health;

	health->room_count = status->clock_count;
	health->rooms = room_for(taking, status->clock_count,
	    sizeof *health->rooms);
	for (size_t i = 0; i < status->clock_count; i++) {
		take_room(taking, &status->clocks[i], &health->rooms[i]);
		take_holdings(taking, status->clocks[i].room,
		    &health->rooms[i]);
	}
}

/* ------------------------------------------------------------------------ */

static void
take_traffic(const struct taking *taking)
{
	const struct dchat_status *status = taking->status;
	struct health *health = taking->health;

	health->traffic_seconds = status->traffic_seconds;
	for (int flow = 0; flow < FLOW_COUNT; flow++)
		health->traffic[flow] = copy(taking, status->traffic[flow],
		    status->traffic_seconds, sizeof(uint64_t));
}

void
health_take(struct health *health, const struct dchat_status *status,
    unsigned flags)
{
	struct taking taking = { health, status, flags };

	if (status->peer_count == 0)
		return;
	arena_clear(&health->arena);
	health->known = true;
	health->self = status->self;
	health->leader = status->leader;
	health->ring_count = status->ring_count;
	health->local_health = status->local_health;
	health->self_suspicion = status->self_suspicion;
	take_peers(&taking);
	take_elections(&taking);
	take_rooms(&taking);
	take_traffic(&taking);
}
