#include "base/rng.h"

uint64_t
rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint64_t
rng_below(struct rng *rng, uint64_t below)
{
	/* The top of the range that would favour small results is redrawn. */
	uint64_t limit = UINT64_MAX - UINT64_MAX % below;
	uint64_t drawn;

	do
		drawn = rng_next(rng);
	while (drawn >= limit);
	return drawn % below;
}

double
rng_fraction(struct rng *rng)
{
	return (double)(rng_next(rng) >> 11) * 0x1p-53;
}
