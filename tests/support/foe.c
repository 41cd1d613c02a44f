#include "tests/support/foe.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "crypto/identity.h"
#include "crypto/names.h"
#include "crypto/seal.h"
#include "net/beacon.h"
#include "tests/support/peer.h"
#include "wire/body.h"
#include "wire/codec.h"

enum { PATIENCE_S = 10, PROTOCOL = 1, BEACONS_GO_TO = 7711 };

void
foe_init(struct foe *foe, const char *network)
{
	*foe = (struct foe){
		.identity = identity_ephemeral(),
		.start = 1,
		.nonce = 4711,
		.port = 9,
	};
	names_network_tag(network, foe->tag);
}

void
foe_free(struct foe *foe)
{
	identity_close(foe->identity);
	foe->identity = NULL;
}

/* -- connections --------------------------------------------------------- */

static void
be_patient(int descriptor)
{
	struct timeval patience = { PATIENCE_S, 0 };

	setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
	    sizeof patience);
	setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience,
	    sizeof patience);
}

int
foe_connect(uint16_t port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert(descriptor >= 0);
	be_patient(descriptor);
	if (connect(descriptor, (void *)&to, sizeof to) == 0)
		return descriptor;
	close(descriptor);
	return -1;
}

int
foe_listen(uint16_t *port)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	socklen_t size = sizeof name;
	int descriptor =
	    socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (descriptor < 0 ||
	    bind(descriptor, (void *)&name, sizeof name) != 0 ||
	    listen(descriptor, 128) != 0 ||
	    getsockname(descriptor, (void *)&name, &size) != 0)
		assert(!"no socket to listen on");
	*port = ntohs(name.sin_port);
	return descriptor;
}

static void
use_rsa(SSL_CTX *context)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *certificate = X509_new();

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_sign(certificate, key, EVP_sha256());
	SSL_CTX_use_certificate(context, certificate);
	SSL_CTX_use_PrivateKey(context, key);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static int
trust(X509_STORE_CTX *store, void *unused)
{
	(void)unused;
	X509_STORE_CTX_set_error(store, X509_V_OK);
	return 1;
}

static int
take_any_alpn(SSL *session, const unsigned char **chosen, unsigned char *size,
    const unsigned char *offered, unsigned offered_size, void *unused)
{
	(void)session, (void)unused, (void)offered_size;
	*chosen = offered + 1;
	*size = offered[0];
	return SSL_TLSEXT_ERR_OK;
}

static SSL *
session_new(const struct foe *foe, const struct foe_tls *tls)
{
	SSL_CTX *context = SSL_CTX_new(TLS_method());
	const char *alpn = tls->alpn == NULL ? "dchat/1" : tls->alpn;
	unsigned char offer[32] = { (unsigned char)strlen(alpn) };
	SSL *session;

	if (tls->old)
		SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
	if (tls->rsa)
		use_rsa(context);
	else if (!tls->anonymous) {
		SSL_CTX_use_certificate(context,
		    identity_certificate(foe->identity));
		SSL_CTX_use_PrivateKey(context, identity_key(foe->identity));
	}
	memcpy(offer + 1, alpn, offer[0]);
	if (offer[0] > 0)
		SSL_CTX_set_alpn_protos(context, offer, offer[0] + 1u);
	SSL_CTX_set_alpn_select_cb(context, take_any_alpn, NULL);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(context, trust, NULL);
	session = SSL_new(context);
	SSL_CTX_free(context);
	assert(session != NULL);
	return session;
}

bool
foe_dial(struct foe *foe, struct foe_link *link, uint16_t port,
    const struct foe_tls *tls)
{
	static const struct foe_tls good;

	*link = (struct foe_link){
		.foe = foe,
		.descriptor = foe_connect(port),
		.session = session_new(foe, tls == NULL ? &good : tls),
	};
	SSL_set_fd(link->session, link->descriptor);
	link->closed = link->descriptor < 0 || SSL_connect(link->session) != 1;
	return !link->closed;
}

bool
foe_accept(struct foe *foe, struct foe_link *link, int descriptor)
{
	static const struct foe_tls good;

	be_patient(descriptor);
	*link = (struct foe_link){
		.foe = foe,
		.descriptor = descriptor,
		.session = session_new(foe, &good),
	};
	SSL_set_fd(link->session, link->descriptor);
	link->closed = SSL_accept(link->session) != 1;
	return !link->closed;
}

void
foe_reset(struct foe_link *link)
{
	struct linger none = { 1, 0 };

	if (link->session == NULL)
		return;
	ERR_clear_error();
	SSL_free(link->session);
	link->session = NULL;
	if (link->descriptor >= 0) {
		setsockopt(link->descriptor, SOL_SOCKET, SO_LINGER, &none,
		    sizeof none);
		close(link->descriptor);
	}
	link->closed = true;
}

void
foe_close(struct foe_link *link)
{
	char waste[16384];

	if (link->session == NULL)
		return;
	/* with bytes unread TCP would reset, and what was said be lost */
	if (!link->closed && SSL_shutdown(link->session) >= 0) {
		shutdown(link->descriptor, SHUT_WR);
		while (read(link->descriptor, waste, sizeof waste) > 0)
			;
	}
	ERR_clear_error();
	SSL_free(link->session);
	link->session = NULL;
	if (link->descriptor >= 0)
		close(link->descriptor);
	link->closed = true;
}

/* -- sending ------------------------------------------------------------- */

void
foe_send_bytes(struct foe_link *link, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (!link->closed && size > 0) {
		int piece = size < 16384 ? (int)size : 16384;

		foe_pump(link);
		if (link->closed)
			return;
		ERR_clear_error();
		if (SSL_write(link->session, at, piece) <= 0) {
			link->closed = true;
			return;
		}
		at += piece;
		size -= (size_t)piece;
	}
}

static void
send_framed(struct foe_link *link, const void *bytes, size_t size)
{
	struct bytes all;
	uint8_t length[4];

	bytes_init(&all);
	bytes_put_u32(length, (uint32_t)size);
	bytes_append(&all, length, sizeof length);
	bytes_append(&all, bytes, size);
	foe_send_bytes(link, all.data, all.size);
	bytes_free(&all);
}

void
foe_send_text(struct foe_link *link, const char *header)
{
	send_framed(link, header, strlen(header));
}

void
foe_send(struct foe_link *link, const struct frame *frame)
{
	struct bytes encoded;

	bytes_init(&encoded);
	if (!codec_encode(frame, true, &encoded))
		assert(!"the codec itself forbids this frame");
	send_framed(link, encoded.data, encoded.size);
	bytes_free(&encoded);
}

void
foe_say_hello(struct foe_link *link)
{
	struct frame frame = { .type = FRAME_HELLO };

	frame.hello.version = PROTOCOL;
	memcpy(frame.hello.tag, link->foe->tag, sizeof frame.hello.tag);
	frame.hello.nonce = link->foe->nonce;
	frame.hello.start = link->foe->start;
	frame.hello.port = link->foe->port;
	foe_send(link, &frame);
}

static void
seal(struct foe *foe, struct sealed *sealed, struct bytes *body,
    struct arena *arena)
{
	sealed->body = arena_copy(arena, body->data, body->size);
	sealed->size = body->size;
	memcpy(sealed->key, identity_public_key(foe->identity), KEY_BYTES);
	seal_sign(foe->identity, body->data, body->size, sealed->signature);
	bytes_free(body);
}

void
foe_seal_record(struct foe *foe, struct record *record, struct arena *arena)
{
	struct bytes body;

	bytes_init(&body);
	if (!body_encode_record(record, foe->tag, &body))
		assert(!"no record");
	seal(foe, &record->sealed, &body, arena);
}

void
foe_seal_intent(struct foe *foe, struct intent *intent, struct arena *arena)
{
	struct bytes body;

	bytes_init(&body);
	if (!body_encode_intent(intent, foe->tag, &body))
		assert(!"no intent");
	seal(foe, &intent->sealed, &body, arena);
}

void
foe_seal_bundle(struct foe *foe, struct bundle *bundle, struct arena *arena)
{
	struct bytes body;

	bytes_init(&body);
	if (!body_encode_bundle(bundle, foe->tag, &body))
		assert(!"no bundle");
	seal(foe, &bundle->sealed, &body, arena);
}

void
foe_seal_longer(struct foe *foe, struct bundle *bundle, struct arena *arena)
{
	struct bytes body, longer;
	size_t at;

	bytes_init(&body);
	bytes_init(&longer);
	if (!body_encode_bundle(bundle, foe->tag, &body))
		assert(!"no bundle");
	at = body.size;
	while (body.data[at - 1] != '"')
		at--;
	bytes_append(&longer, body.data, at - 1);
	bytes_append(&longer, "x", 1);
	bytes_append(&longer, body.data + at - 1, body.size - at + 1);
	seal(foe, &bundle->sealed, &longer, arena);
	bytes_free(&body);
}

bool
foe_join(struct foe *foe, struct foe_link *link, uint16_t port)
{
	struct room_name lobby = { .name = "#lobby" };
	struct record record = {
		.id = *identity_id(foe->identity),
		.start = foe->start,
		.version = 1,
		.priority = 100,
		.nick = "mallory",
		.rooms = &lobby,
		.room_count = 1,
	};
	struct frame frame = { .type = FRAME_MEMBER };
	struct arena arena;

	if (!foe_dial(foe, link, port, NULL))
		return false;
	foe_say_hello(link);
	arena_init(&arena);
	names_room_id(foe->tag, lobby.name, &lobby.id);
	foe_seal_record(foe, &record, &arena);
	frame.member = (struct member_news){
		.id = record.id,
		.start = record.start,
		.state = MEMBER_ALIVE,
		.record = &record,
	};
	foe_send(link, &frame);
	arena_free(&arena);
	return !link->closed;
}

/* -- hearing ------------------------------------------------------------- */

static bool
is_readable(const struct foe_link *link, int timeout_ms)
{
	struct pollfd ready = { .fd = link->descriptor, .events = POLLIN };

	return SSL_pending(link->session) > 0 ||
	    poll(&ready, 1, timeout_ms) > 0;
}

static void
pump(struct foe_link *link, int timeout_ms)
{
	char waste[16384];
	int got, flags;

	if (link->closed || !is_readable(link, timeout_ms))
		return;
	flags = fcntl(link->descriptor, F_GETFL);
	fcntl(link->descriptor, F_SETFL, flags | O_NONBLOCK);
	do {
		ERR_clear_error();
		got = SSL_read(link->session, waste, sizeof waste);
		if (got > 0)
			link->heard += (unsigned)got;
	} while (got > 0);
	if (SSL_get_error(link->session, got) != SSL_ERROR_WANT_READ)
		link->closed = true;
	fcntl(link->descriptor, F_SETFL, flags);
}

void
foe_pump(struct foe_link *link)
{
	pump(link, 0);
}

bool
foe_await_end(struct foe_link *link, double timeout_ms)
{
	double deadline = peer_now_ms() + timeout_ms;

	while (!link->closed && peer_now_ms() < deadline)
		pump(link, 20);
	return link->closed;
}

void
foe_beacon(int udp, const struct foe *foe, const struct id *id, uint64_t nonce,
    uint16_t port, bool wants_reply)
{
	struct beacon beacon = {
		.id = *id,
		.nonce = nonce,
		.port = port,
		.flags = wants_reply ? BEACON_WANTS_REPLY : 0,
	};
	uint8_t bytes[BEACON_BYTES];
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(BEACONS_GO_TO),
		.sin_addr = { htonl(0x7fffffff) },
	};
	int on = 1;

	memcpy(beacon.tag, foe->tag, sizeof beacon.tag);
	setsockopt(udp, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
	sendto(udp, bytes, beacon_encode(&beacon, bytes), 0, (void *)&to,
	    sizeof to);
}
