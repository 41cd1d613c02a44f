/*
 * one_talker: one multicast, number 0, in a room with three others, 1 to 3,
 * who exist only by what they send.
 */
#ifndef DCHAT_TESTS_ONE_TALKER_H
#define DCHAT_TESTS_ONE_TALKER_H

#include "tests/unit/room_net.h"

enum { WALL = 1000000 };

extern const struct message hello;

extern struct rooms rooms;
extern struct room *room;
extern struct multicast mc;
extern struct effects fx;

void talker_setup(void);
void talker_teardown(void);

size_t count_effects(enum effect_type type);
/* The number-th effect of a type; NULL when there are fewer. */
const struct effect *effect_at(enum effect_type type, size_t number);
/* The number-th event, those of what is held back (held_at) not counted. */
const struct dchat_event *event_at(size_t number);
const struct dchat_holding *held_at(size_t number);

enum error say(uint64_t token, const char *text);
/* The PUBLISH that the effects contain, cloned; the effects are cleared. */
struct bundle *take_publish(void);
/* Takes it. */
void publish(struct bundle *bundle);

struct bundle make(size_t author, uint64_t seq,
    const struct dependency *dependencies, size_t count);
/* From its author. */
enum verdict recv_at(instant_ms now, const struct bundle *bundle,
    bool backlog);
/* A plain bundle without dependencies. */
enum verdict recv_plain(instant_ms now, size_t author, uint64_t seq);
/* The store answers every STORE of the effects, in order; what is shown is
 * then in the effects. */
size_t store_all(void);
/* Lets time pass; what is shown meanwhile stays in the effects. */
void pass(instant_ms until);

#endif
