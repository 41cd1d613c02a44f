/*
 * judge: may a bundle exist at all, whoever holds what?
 *
 * What every node must decide alike, from the bundle alone: bounds, texts,
 * clock, and that it names no cause that could not be one.
 */
#ifndef DCHAT_CORE_JUDGE_H
#define DCHAT_CORE_JUDGE_H

#include "core/frame.h"
#include "core/verdict.h"

/* Largest sequence number; every number of the wire fits a signed one. */
#define SEQ_MAX INT64_MAX

/* ACCEPTED, MALFORMED or OVER_LIMIT. */
enum verdict judge_bundle(const struct bundle *bundle);

/* The same for one entry of a VECTOR. */
enum verdict judge_vector_entry(const struct vector_entry *entry);

#endif
