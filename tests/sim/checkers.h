/*
 * checkers: what must hold in every run, judged from outside.
 *
 * They see what people say and what nodes tell people, and keep their own
 * record of what happened before what; nothing of the core's clocks,
 * dependencies or terms is believed.  What they find is a sentence with
 * node and time; one is enough to fail a run.
 *
 *   leaders    never two elected in one term and view
 *   messages   each at most once a run, exactly as said, never before one
 *              of its causes, at one place of the display order everywhere
 *   amends     edits, reactions and deletions look the same to all who were
 *              shown the same messages, in whatever order
 *   receipts   grow, of as many as ever, and nobody is counted who was not
 *              shown the message; at last whoever has it is
 *   answers    one a command, those of a room in order
 *   events     no change told that is none; nobody joins twice
 *   metadata   no intent decided twice by one leader, no commit applied from
 *              below a leader that was followed, nothing stored goes back
 *   frames     well-formed and as signed
 *   at the end the same messages and metadata at all of the core
 */
#ifndef DCHAT_SIM_CHECKERS_H
#define DCHAT_SIM_CHECKERS_H

#include "tests/sim/sim.h"

struct checkers *checkers_new(const struct sim *sim);
void checkers_destroy(struct checkers *checkers);

/* Something that must hold does not. */
void checkers_fail(struct sim *sim, const struct sim_node *node,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The sentences so far, a line each; NULL: none. */
const char *checkers_failures(const struct sim *sim);

void checkers_started(struct sim *sim, const struct sim_node *node);
void checkers_ended(struct sim *sim, const struct sim_node *node);
void checkers_command(struct sim *sim, const struct sim_node *node,
    const struct dchat_command *command);
void checkers_event(struct sim *sim, const struct sim_node *node,
    const struct dchat_event *event);
/* An own bundle is on the disk, whether it is answered or not. */
void checkers_published(struct sim *sim, const struct sim_node *node,
    const struct bundle *bundle);
/* Another's is. */
void checkers_stored(struct sim *sim, const struct sim_node *node,
    const struct bundle *bundle);
/* Another's is about to be, of before what is known of the room. */
void checkers_older(struct sim *sim, const struct sim_node *node,
    const struct bundle *bundle);
/* Something is to be remembered; and is on the disk. */
void checkers_keeps(struct sim *sim, const struct sim_node *node,
    const struct keep *keep);
void checkers_kept(struct sim *sim, const struct sim_node *node,
    const struct keep *keep);
/* The disk is another one now. */
void checkers_disk_changed(struct sim *sim, const struct sim_node *node);
void checkers_arrives(struct sim *sim, const struct sim_node *node,
    const struct sim_node *from, const struct frame *frame);
void checkers_stepped(struct sim *sim, const struct sim_node *node);

/* One of the messages it was shown in a room (own: that it said in this run),
 * so many modulo how many there are; NULL: there is none. */
const char *checkers_some(const struct sim *sim, unsigned node,
    const char *room, uint64_t nth, bool own);
bool checkers_shows(const struct sim *sim, unsigned node, const char *text);
size_t checkers_messages(const struct sim *sim, unsigned node,
    const char *room);
bool checkers_reach(const struct sim *sim, const char *text, unsigned *have,
    unsigned *of);
bool checkers_answered(const struct sim *sim);
bool checkers_same_messages(const struct sim *sim);
/* All is quiet: fails for whatever is not answered or not everywhere. */
void checkers_finish(struct sim *sim);
/* And for authors who do not know that all have what they said. */
void checkers_counted(struct sim *sim);
/* And, where everybody went to see all of the past that there is, for
 * whatever one has and another has not. */
void checkers_whole(struct sim *sim);
/* There is nothing of that kind. */
bool checkers_are_whole(const struct sim *sim);
/* And for metadata that is not the same on all disks. */
void checkers_agree(struct sim *sim);

struct checkers_figures {
	uint64_t said;      /* and answered with ok */
	uint64_t delivered; /* events, all nodes */
	uint64_t elected;   /* leaders established */
	uint64_t leader_events;
	uint64_t highest_term;
	uint64_t gaps_filled;
	uint64_t older;     /* messages that came because one wanted them */
	uint64_t receipts;  /* complete, at the end */
	uint64_t amended;   /* compared at the end, at each node */
	instant_ms leaderless_ms; /* the worst of a node with peers */
};

struct checkers_figures checkers_figures(const struct sim *sim);

#endif
