/*
 * Fuzzes the beacon: any datagram.  What is accepted is written again, and
 * that is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "net/beacon.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct beacon beacon;
	uint8_t again[BEACON_BYTES];

	if (beacon_decode(data, size, &beacon) != BEACON_OK)
		return 0;
	if (beacon_encode(&beacon, again) != size ||
	    memcmp(again, data, size) != 0)
		abort();
	return 0;
}
