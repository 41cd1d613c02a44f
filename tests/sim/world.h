/*
 * world: what the parts of the simulator know of each other; stories and
 * programs include sim.h alone.
 */
#ifndef DCHAT_SIM_WORLD_H
#define DCHAT_SIM_WORLD_H

#include "tests/sim/sim.h"

/* The minimum and an exponential rest. */
moment_us world_delay(struct sim *sim, unsigned min_us, unsigned mean_us);
/* True so often in one. */
bool world_chance(struct sim *sim, double probability);

/* Gives the input to the node and performs what it wants. */
void world_step(struct sim *sim, struct sim_node *node, struct input *input);
/* Queues a happening for this run of the node. */
void world_put(struct sim *sim, const struct sim_node *node, moment_us at,
    struct happening *happening);

/* Its next deadline is asked for. */
void world_ask_deadline(struct sim *sim, struct sim_node *node);

/* -- clock.c ----------------------------------------------------------- */

instant_ms clock_instant(const struct sim *sim, const struct sim_node *node);
wall_ms clock_wall_of(const struct sim *sim, const struct sim_node *node);
/* When it is this instant for the node. */
moment_us clock_moment(const struct sim_node *node, instant_ms instant);

/* -- network.c --------------------------------------------------------- */

/* A datagram or frame from one host would arrive at the other. */
bool network_open(const struct sim *sim, unsigned from, unsigned to);
void network_send(struct sim *sim, struct sim_node *from,
    const struct effect *effect);
void network_dial(struct sim *sim, struct sim_node *from,
    const struct effect *effect);
void network_hangup(struct sim *sim, struct sim_node *from,
    const struct id *peer, enum reason why);
void network_beacon(struct sim *sim, struct sim_node *from,
    const struct effect *effect);
/* The process is gone; what it had written still arrives. */
void network_process_gone(struct sim *sim, struct sim_node *node,
    enum reason why);
/* Ways have opened: what TCP kept is sent again. */
void network_healed(struct sim *sim);
/* FRAME, LINK_UP, LINK_DOWN, DIAL, HANDSHAKE, SILENCE. */
void network_happens(struct sim *sim, struct happening *happening);

/* -- storage.c --------------------------------------------------------- */

/* PUBLISH, STORE, KEEP, FETCH. */
void storage_ask(struct sim *sim, struct sim_node *node,
    const struct effect *effect);
/* The first request is done. */
void storage_happens(struct sim *sim, struct sim_node *node);
/* Killed: some of the requests under way are done. */
void storage_process_gone(struct sim *sim, struct sim_node *node);
/* And none. */
void storage_forget(struct sim_node *node);

/* -- hostile.c --------------------------------------------------------- */

/* The frame as a hostile member sends it; NULL: it does not parse. */
struct parcel *hostile_pack(struct sim *sim, const struct frame *frame);

/* -- shiviz.c ---------------------------------------------------------- */

/* Each does nothing unless the options ask for it. */
void shiviz_init(struct sim *sim);
void shiviz_free(struct sim *sim);
void shiviz_event(struct sim *sim, const struct sim_node *node,
    const char *text);
void shiviz_sends(struct sim *sim, const struct sim_node *node,
    struct parcel *parcel);
void shiviz_receives(struct sim *sim, const struct sim_node *node,
    const struct sim_node *from, const struct parcel *parcel);

/* -- timeline.c -------------------------------------------------------- */

void timeline_note(struct sim *sim, const struct sim_node *node,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void timeline_trace(struct sim *sim, const struct sim_node *node,
    const char *trace);
void timeline_frame(struct sim *sim, const struct sim_node *node,
    const struct sim_node *from, const struct frame *frame);
void timeline_event(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event);

#endif
