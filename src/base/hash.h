/*
 * hash: 64-bit fingerprints that are the same on every machine.
 *
 * For comparing what two nodes know (view hash, room digest) and for the
 * simulator's event hash.  Not cryptographic: two honest nodes compare, and
 * a forged equal hash only delays the forger's own repair.  FNV-1a over
 * bytes, finished with a SplitMix64 mix; numbers are hashed big-endian.
 */
#ifndef DCHAT_BASE_HASH_H
#define DCHAT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size);
uint64_t hash_number(uint64_t hash, uint64_t number);
uint64_t hash_finish(uint64_t hash);

#endif
