/*
 * identity: the key that makes a node this node and no other.
 *
 * An Ed25519 key (RFC 8032), kept in a file of the profile or thrown away
 * at the end.  The node's id is the first 128 bits of SHA-256 over its
 * SubjectPublicKeyInfo (RFC 8410), so nobody can claim the id of another
 * without having its key.  The certificate only carries the key into TLS:
 * it is made at start, signed by itself, and its names and dates say
 * nothing.
 *
 * OpenSSL's types are named by their tags here, so that whoever passes them
 * on (the host, to net/tls) needs no header of OpenSSL.
 */
#ifndef DCHAT_CRYPTO_IDENTITY_H
#define DCHAT_CRYPTO_IDENTITY_H

#include <stdint.h>

#include "base/id.h"

enum { IDENTITY_KEY_BYTES = 32 };	/* a raw public key */

struct identity;
struct x509_st;				/* X509 */
struct evp_pkey_st;			/* EVP_PKEY */

/*
 * Reads the key from a PEM file (PKCS #8), or draws one and creates the
 * file (mode 0600, whole or not at all; its directory must exist, and the
 * caller holds the profile's lock).  Returns NULL with a sentence in problem:
 * an unreadable or foreign file is never replaced, because with it the node
 * would lose its id.
 */
struct identity *identity_load_or_create(const char *path,
    char problem[static 256]);

/* A new key that no file knows. */
struct identity *identity_ephemeral(void);

void identity_close(struct identity *identity);	/* NULL is fine */

/* All borrowed, valid until identity_close(). */
const struct id *identity_id(const struct identity *identity);
const uint8_t *identity_public_key(const struct identity *identity);
struct x509_st *identity_certificate(const struct identity *identity);
struct evp_pkey_st *identity_key(const struct identity *identity);

/* The id that belongs to any raw public key. */
void identity_id_of_key(const uint8_t key[static IDENTITY_KEY_BYTES],
    struct id *id);

#endif
