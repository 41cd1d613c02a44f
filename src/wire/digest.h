/*
 * digest: all that goes into and comes out of a node, as one number.
 *
 * Two runs with the same digests had the same inputs and effects, in all
 * their contents: for the simulator, and for a log that is played again.
 */
#ifndef DCHAT_WIRE_DIGEST_H
#define DCHAT_WIRE_DIGEST_H

#include "core/node.h"

uint64_t digest_input(uint64_t hash, const struct input *input);
uint64_t digest_effect(uint64_t hash, const struct effect *effect);

#endif
