/*
 * rng: numbers that look random and depend only on the seed.
 *
 * For jitter, sampling and the simulator, never for secrets (crypto/ has
 * those).  SplitMix64 (Steele, Lea, Flood 2014).
 */
#ifndef DCHAT_BASE_RNG_H
#define DCHAT_BASE_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline struct rng
rng_seeded(uint64_t seed)
{
	return (struct rng){ seed };
}

uint64_t rng_next(struct rng *rng);

/* Uniform in [0, below); below > 0. */
uint64_t rng_below(struct rng *rng, uint64_t below);

/* Uniform in [0, 1). */
double rng_fraction(struct rng *rng);

#endif
