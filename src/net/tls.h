/*
 * tls: how two nodes prove their keys to each other, once for all links.
 *
 * TLS 1.3 (RFC 8446) only, certificates both ways, ALPN "dchat/1", no
 * tickets, resumption or early data.  A certificate is accepted if it
 * carries an Ed25519 key: TLS proves that the peer has the key, and the key
 * is the identity, so names, dates and issuers are ignored.  Whether it is
 * the peer that was meant, net/link compares.
 *
 * Part of net: the id is computed by a function the caller brings
 * (identity_id_of_key), so that net depends on base alone.
 */
#ifndef DCHAT_NET_TLS_H
#define DCHAT_NET_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

enum { TLS_KEY_BYTES = 32 };

struct tls;
struct ssl_st;
struct x509_st;
struct evp_pkey_st;

typedef void tls_id_of_key(const uint8_t key[static TLS_KEY_BYTES],
    struct id *id);

/*
 * The arguments are identity_certificate(), identity_key() and
 * identity_id_of_key.  References to key and certificate are taken.
 * tls_destroy() may come before the last link is gone.
 */
struct tls *tls_new(struct x509_st *certificate, struct evp_pkey_st *key,
    tls_id_of_key *id_of_key);
void tls_destroy(struct tls *tls);	/* NULL is fine */

/* For net/link: one end of one connection, owned by the caller. */
struct ssl_st *tls_session(const struct tls *tls, bool dialled);

/* After the handshake: was all as it must be, and who is it? */
bool tls_peer(const struct tls *tls, struct ssl_st *session,
    uint8_t key[static TLS_KEY_BYTES], struct id *id);

#endif
