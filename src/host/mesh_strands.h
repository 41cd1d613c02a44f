/*
 * mesh_strands: the inside of a mesh, for its three files.
 *
 * A strand is a link and what the mesh knows of it.  mesh.c makes and ends
 * them and says hello; mesh_pair.c decides which of two to one peer stays;
 * mesh_carried.c has those that go over a third.
 */
#ifndef DCHAT_HOST_MESH_STRANDS_H
#define DCHAT_HOST_MESH_STRANDS_H

#include <event2/event.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "host/mesh.h"
#include "host/tunnel.h"
#include "net/link.h"

/*
 *   SHAKING ──HELLO──> CURRENT ──────────┐
 *      │  └──────────> TRIAL ──> CURRENT │ another link is better
 *      └─────────────> ASIDE <───────────┘
 */
enum strand_state {
	STRAND_SHAKING, /* until HELLO came */
	STRAND_CURRENT, /* the link of its peer */
	STRAND_TRIAL,   /* of another run; the old one is asked */
	STRAND_ASIDE,   /* superseded; what is under way still comes */
};

/* An accepted link is owned by the mesh until it is up: first member. */
enum owner { OWNER_MESH, OWNER_STRAND };

/* A link and what the mesh knows of it. */
struct strand {
	enum owner owner;
	struct mesh *mesh;
	struct link *link; /* NULL: waits to dial once more */
	enum strand_state state;
	bool dialled;
	struct id peer;         /* expected, then proven; none: unknown */
	struct address address; /* dialled; then where the peer listens */
	struct id via;          /* who carries it, and no address; or none */
	uint64_t nonce, start;  /* of its HELLO */
	instant_ms heard;
	bool told, was_told; /* SUPERSEDED sent, received */
	bool goodbye;        /* it said GOODBYE */
	uint64_t question;   /* TRIAL: number of the ping on the old one */
	unsigned tries;      /* SHAKING: dialled so often again */
	struct gauge_trips trips;
	struct event *timer; /* SHAKING, TRIAL, ASIDE */
};

struct mesh {
	enum owner owner;
	struct mesh_options options;
	struct mesh_events events;
	struct id self;
	struct tls *tls;
	struct link_context context;
	struct listener *listener;
	struct tunnels *tunnels;
	struct strand **strands; /* all, in no order */
	size_t count, cap;
	struct strand **peers; /* CURRENT, ascending by peer */
	size_t peer_count, peer_cap;
	struct address *mine; /* addresses found to be this node's own */
	size_t mine_count, mine_cap;
	struct mesh_counters counters;
	struct arena arena; /* of the frame being handled */
	struct bytes encoded;
	struct log_budget strangers;
	instant_ms seek_at;	/* not before: for a twin of mine */
	bool leaving;
};

/* NULL: none. */
struct strand *strand_current(const struct mesh *mesh, const struct id *peer);
struct strand *strand_trial_of(const struct mesh *mesh,
    const struct id *peer);

static inline bool
strand_is_carried(const struct strand *strand)
{
	return !id_is_none(&strand->via);
}

struct strand *strand_add(struct mesh *mesh, struct link *link);
/* In the place of the one before, if any. */
void strand_set_current(struct strand *strand);
/* Forgets it; its link is ended already or ends here. */
void strand_drop(struct strand *strand, bool ended);
void strand_start_timer(struct strand *strand, event_callback_fn fired,
    int ms);
void strand_stop_timer(struct strand *strand);
/* To the node. */
void strand_announce_up(struct strand *strand);

/* Into mesh->encoded; false: it breaks a bound. */
bool mesh_encode(struct mesh *mesh, const struct frame *frame);
/* What was encoded; false: the link did not take it. */
bool strand_send_encoded(struct strand *strand, const struct frame *frame);
void strand_send(struct strand *strand, const struct frame *frame);

/* -- two links to one peer (mesh_pair.c) -------------------------------- */

/* Its HELLO is well: it is the link of its peer, or too many. */
void strand_accept(struct strand *strand);
/* SUPERSEDED was said and told on both sides: nothing is under way. */
void strand_close_if_settled(struct strand *strand);
/* The old run does not answer: its link goes, the new one takes its place. */
void strand_promote(struct strand *trial, struct strand *old);
/* The old run answered while a new one is at the door. */
void strand_runs_twice(struct strand *old, struct strand *trial);

/* -- links over a third (mesh_carried.c) -------------------------------- */

struct tunnels *mesh_open_tunnels(struct mesh *mesh);
/* A piece from this strand: for me, or to be passed on. */
void strand_take_relay(struct strand *strand, const struct relay *relay);

#endif
