/*
 * seal: signatures over bytes, and the hash that names them.
 *
 * Ed25519 (RFC 8032) without pre-hash.  What keeps a signature for one
 * purpose from being used for another, a domain string, is inside the
 * bytes: the caller's matter.
 */
#ifndef DCHAT_CRYPTO_SEAL_H
#define DCHAT_CRYPTO_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "crypto/identity.h"

enum { SEAL_BYTES = 64 };

void seal_sign(const struct identity *identity, const void *bytes, size_t size,
    uint8_t signature[static SEAL_BYTES]);

/* False as well for 32 bytes that are no key. */
bool seal_verify(const uint8_t key[static IDENTITY_KEY_BYTES],
    const void *bytes, size_t size, const uint8_t signature[static SEAL_BYTES]);

/* The first 16 bytes of SHA-256. */
void seal_hash(const void *bytes, size_t size, struct id *hash);

#endif
