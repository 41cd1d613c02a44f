#include "net/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"

/* RFC 7301: each name with its length before it */
static const unsigned char alpn[] = "\x07" "dchat/1";
enum { ALPN_BYTES = sizeof alpn - 1 };

struct tls {
	SSL_CTX *context;
	tls_id_of_key *id_of_key;
};

static bool
key_of(X509 *certificate, uint8_t key[static TLS_KEY_BYTES])
{
	EVP_PKEY *found = certificate == NULL ? NULL :
	    X509_get0_pubkey(certificate);
	size_t size = TLS_KEY_BYTES;

	return found != NULL &&
	    EVP_PKEY_get_base_id(found) == EVP_PKEY_ED25519 &&
	    EVP_PKEY_get_raw_public_key(found, key, &size) == 1 &&
	    size == TLS_KEY_BYTES;
}

/* In place of OpenSSL's own verification, which asks who issued it. */
static int
verify(X509_STORE_CTX *store, void *unused)
{
	uint8_t key[TLS_KEY_BYTES];

	(void)unused;
	if (key_of(X509_STORE_CTX_get0_cert(store), key)) {
		X509_STORE_CTX_set_error(store, X509_V_OK);
		return 1;
	}
	X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
	return 0;
}

static int
choose_alpn(SSL *session, const unsigned char **chosen, unsigned char *size,
    const unsigned char *offered, unsigned offered_size, void *unused)
{
	unsigned char *match;

	(void)session, (void)unused;
	if (SSL_select_next_proto(&match, size, alpn, ALPN_BYTES, offered,
		offered_size) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*chosen = match;
	return SSL_TLSEXT_ERR_OK;
}

struct tls *
tls_new(struct x509_st *certificate, struct evp_pkey_st *key,
    tls_id_of_key *id_of_key)
{
	struct tls *tls = mem_zero(1, sizeof *tls);
	SSL_CTX *context = SSL_CTX_new(TLS_method());

	if (context == NULL ||
	    !SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) ||
	    !SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) ||
	    !SSL_CTX_use_certificate(context, certificate) ||
	    !SSL_CTX_use_PrivateKey(context, key) ||
	    !SSL_CTX_set_num_tickets(context, 0) ||
	    !SSL_CTX_set_max_early_data(context, 0) ||
	    !SSL_CTX_set1_sigalgs_list(context, "ed25519") ||
	    SSL_CTX_set_alpn_protos(context, alpn, ALPN_BYTES) != 0)
		die("OpenSSL on this host cannot do TLS 1.3 with Ed25519.");
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
	    SSL_OP_NO_RENEGOTIATION);
	/* a stranger's certificate needs some 300 bytes, OpenSSL would take
	 * a hundred thousand */
	SSL_CTX_set_max_cert_list(context, 8192);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_verify(context,
	    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_cert_verify_callback(context, verify, NULL);
	SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
	tls->context = context;
	tls->id_of_key = id_of_key;
	return tls;
}

void
tls_destroy(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}

struct ssl_st *
tls_session(const struct tls *tls, bool dialled)
{
	SSL *session = SSL_new(tls->context);

	if (session == NULL)
		die("There is no memory left.");
	if (dialled)
		SSL_set_connect_state(session);
	else
		SSL_set_accept_state(session);
	return session;
}

bool
tls_peer(const struct tls *tls, struct ssl_st *session,
    uint8_t key[static TLS_KEY_BYTES], struct id *id)
{
	const unsigned char *chosen;
	unsigned size;

	/* a server may ignore ALPN, and then OpenSSL does not mind */
	SSL_get0_alpn_selected(session, &chosen, &size);
	if (size != ALPN_BYTES - 1 || memcmp(chosen, alpn + 1, size) != 0)
		return false;
	if (!key_of(SSL_get0_peer_certificate(session), key))
		return false;
	tls->id_of_key(key, id);
	return true;
}
