/*
 * node_health: what is told of the group while somebody looks at it.
 */
#include "core/node_state.h"

/* "merge" of what was no election; otherwise why it began. */
static const char *
cause_of(const struct chronicle_entry *entry)
{
	return entry->end == ELECTION_MERGED || entry->end == ELECTION_RAISED
	    ? "merge"
	    : cause_name(entry->cause);
}

static const struct dchat_stand *
describe_stood(struct node *node, const struct chronicle_entry *entry,
    struct effects *fx)
{
	struct dchat_stand *stood =
	    effects_alloc(fx, entry->stood_count * sizeof *stood);

	for (size_t i = 0; i < entry->stood_count; i++)
		stood[i] = (struct dchat_stand){
			.id = entry->stood[i].id,
			.nick = effects_text(fx,
			    node_nick(node, &entry->stood[i].id)),
			.phase = entry->stood[i].phase,
			.reach = 1u << entry->stood[i].phase,
			.at_ms = entry->stood[i].at - entry->began,
		};
	return stood;
}

static void
describe_election(struct node *node, instant_ms now,
    const struct chronicle_entry *entry, struct dchat_election *election,
    struct effects *fx)
{
	const struct election *e = &node->election;
	bool running = entry->end == ELECTION_RUNNING;

	*election = (struct dchat_election){
		.term = entry->term,
		.cause = cause_of(entry),
		.end = entry->end,
		.ago_ms = now - entry->began,
		.took_ms = (running ? now : entry->ended) - entry->began,
		.winner = entry->winner,
		.stood = describe_stood(node, entry, fx),
		.stood_count = entry->stood_count,
		.messages = running
		    ? e->probes_sent + e->replies_sent - e->chronicle.sent
		    : entry->messages,
	};
	if (!id_is_none(&entry->winner))
		election->winner_nick =
		    effects_text(fx, node_nick(node, &entry->winner));
}

void
node_describe_health(struct node *node, instant_ms now,
    struct dchat_status *status, struct effects *fx)
{
	const struct chronicle *c = &node->election.chronicle;
	struct dchat_election *elections =
	    effects_alloc(fx, c->count * sizeof *elections);

	for (size_t i = 0; i < c->count; i++)
		describe_election(node, now, &c->entries[i], &elections[i],
		    fx);
	status->elections = elections;
	status->election_count = c->count;
	status->peer_count =
	    node_list_peers(node, now, &status->peers, fx);
	detector_look(&node->detector);
}
