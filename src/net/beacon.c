#include "net/beacon.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"

/* where each member stands; see the header */
enum {
	AT_VERSION = 4,
	AT_FLAGS = 5,
	AT_PORT = 6,
	AT_TAG = 8,
	AT_ID = 16,
	AT_NONCE = 32,
	AT_VIEW_HASH = 40,
};

static const uint8_t magic[4] = { 'd', 'C', 'H', 't' };

size_t
beacon_encode(const struct beacon *beacon, uint8_t bytes[static BEACON_BYTES])
{
	assert(beacon->port != 0 && beacon->nonce != 0);
	assert((beacon->flags & ~BEACON_FLAGS) == 0);
	memcpy(bytes, magic, sizeof magic);
	bytes[AT_VERSION] = BEACON_VERSION;
	bytes[AT_FLAGS] = beacon->flags;
	bytes[AT_PORT] = (uint8_t)(beacon->port >> 8);
	bytes[AT_PORT + 1] = (uint8_t)beacon->port;
	memcpy(bytes + AT_TAG, beacon->tag, sizeof beacon->tag);
	memcpy(bytes + AT_ID, beacon->id.bytes, ID_BYTES);
	bytes_put_u64(bytes + AT_NONCE, beacon->nonce);
	bytes_put_u64(bytes + AT_VIEW_HASH, beacon->view_hash);
	return BEACON_BYTES;
}

enum beacon_verdict
beacon_decode(const uint8_t *bytes, size_t size, struct beacon *beacon)
{
	struct beacon decoded;

	if (size <= AT_VERSION || memcmp(bytes, magic, sizeof magic) != 0)
		return BEACON_FOREIGN;
	if (bytes[AT_VERSION] != BEACON_VERSION)
		return BEACON_OTHER_VERSION;
	if (size != BEACON_BYTES)
		return BEACON_MALFORMED;
	decoded.flags = bytes[AT_FLAGS];
	decoded.port = (uint16_t)(bytes[AT_PORT] << 8 | bytes[AT_PORT + 1]);
	memcpy(decoded.tag, bytes + AT_TAG, sizeof decoded.tag);
	memcpy(decoded.id.bytes, bytes + AT_ID, ID_BYTES);
	decoded.nonce = bytes_get_u64(bytes + AT_NONCE);
	decoded.view_hash = bytes_get_u64(bytes + AT_VIEW_HASH);
	if ((decoded.flags & ~BEACON_FLAGS) != 0 || decoded.port == 0 ||
	    decoded.nonce == 0 || id_is_none(&decoded.id))
		return BEACON_MALFORMED;
	*beacon = decoded;
	return BEACON_OK;
}
