#include "crypto/identity.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/mem.h"

enum { PROBLEM = 256 };

struct identity {
	EVP_PKEY *key;
	X509 *certificate;
	uint8_t public_key[IDENTITY_KEY_BYTES];
	struct id id;
};

void
identity_id_of_key(const uint8_t key[static IDENTITY_KEY_BYTES], struct id *id)
{
	/* RFC 8410, section 4: what DER puts before the 32 bytes */
	static const uint8_t prefix[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
		0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
	uint8_t info[sizeof prefix + IDENTITY_KEY_BYTES];
	uint8_t digest[SHA256_DIGEST_LENGTH];

	memcpy(info, prefix, sizeof prefix);
	memcpy(info + sizeof prefix, key, IDENTITY_KEY_BYTES);
	SHA256(info, sizeof info, digest);
	memcpy(id->bytes, digest, ID_BYTES);
}

static X509 *
certificate_of(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	X509_NAME *name;

	if (certificate == NULL)
		die("There is no memory left.");
	name = X509_get_subject_name(certificate);
	/* the last second that GeneralizedTime has: RFC 5280's "never" */
	if (!X509_set_version(certificate, X509_VERSION_3) ||
	    !ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) ||
	    !X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		(const unsigned char *)"dchat", -1, -1, 0) ||
	    !X509_set_issuer_name(certificate, name) ||
	    !ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate),
		"19700101000000Z") ||
	    !ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate),
		"99991231235959Z") ||
	    !X509_set_pubkey(certificate, key) ||
	    !X509_sign(certificate, key, NULL))
		die("OpenSSL cannot make a certificate for an Ed25519 key.");
	return certificate;
}

static struct identity *
identity_of(EVP_PKEY *key)
{
	struct identity *identity = mem_zero(1, sizeof *identity);
	size_t size = sizeof identity->public_key;

	identity->key = key;
	if (!EVP_PKEY_get_raw_public_key(key, identity->public_key, &size))
		die("OpenSSL does not give the public half of a key.");
	assert(size == sizeof identity->public_key);
	identity_id_of_key(identity->public_key, &identity->id);
	identity->certificate = certificate_of(key);
	return identity;
}

static EVP_PKEY *
draw_key(void)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	if (key == NULL)
		die("OpenSSL cannot make an Ed25519 key.");
	return key;
}

struct identity *
identity_ephemeral(void)
{
	return identity_of(draw_key());
}

static int
no_passphrase(char *buffer, int size, int writing, void *data)
{
	(void)buffer, (void)size, (void)writing, (void)data;
	return -1;		/* OpenSSL would ask on the terminal */
}

static EVP_PKEY *
read_key(FILE *file, const char *path, char problem[static PROBLEM])
{
	EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, no_passphrase, NULL);

	if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) {
		snprintf(problem, PROBLEM, "%s is not a readable Ed25519 key; "
		    "restore it, or move it away to become somebody new.",
		    path);
		EVP_PKEY_free(key);
		return NULL;
	}
	/* A copied profile may have lost it; failing changes nothing. */
	(void)!fchmod(fileno(file), 0600);
	return key;
}

/* Writes and syncs the key into a new file; false with errno. */
static bool
write_key(EVP_PKEY *key, const char *path)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	FILE *file;
	bool good;

	if (descriptor < 0)
		return false;
	file = fdopen(descriptor, "w");
	if (file == NULL)
		die("There is no memory left.");
	errno = 0;
	good = PEM_write_PKCS8PrivateKey(file, key, NULL, NULL, 0, NULL,
		   NULL) &&
	    fflush(file) == 0 && fsync(descriptor) == 0;
	if (fclose(file) != 0)
		good = false;
	if (!good && errno == 0)
		errno = EIO;
	return good;
}

static EVP_PKEY *
create_key(const char *path, char problem[static PROBLEM])
{
	EVP_PKEY *key = draw_key();
	size_t length = strlen(path);
	char *fresh = mem_alloc(length + sizeof ".new");

	memcpy(fresh, path, length);
	memcpy(fresh + length, ".new", sizeof ".new");
	/* one that a power cut left half-written */
	unlink(fresh);
	if (!write_key(key, fresh) || rename(fresh, path) != 0) {
		snprintf(problem, PROBLEM, "The key cannot be written to %s: "
		    "%s.", path, strerror(errno));
		unlink(fresh);
		EVP_PKEY_free(key);
		key = NULL;
	}
	free(fresh);
	return key;
}

struct identity *
identity_load_or_create(const char *path, char problem[static 256])
{
	FILE *file = fopen(path, "re");
	EVP_PKEY *key;

	if (file != NULL) {
		key = read_key(file, path, problem);
		fclose(file);
	} else if (errno == ENOENT) {
		key = create_key(path, problem);
	} else {
		snprintf(problem, PROBLEM, "The key cannot be read from %s: "
		    "%s.", path, strerror(errno));
		return NULL;
	}
	return key == NULL ? NULL : identity_of(key);
}

void
identity_close(struct identity *identity)
{
	if (identity == NULL)
		return;
	X509_free(identity->certificate);
	EVP_PKEY_free(identity->key);
	free(identity);
}

const struct id *
identity_id(const struct identity *identity)
{
	return &identity->id;
}

const uint8_t *
identity_public_key(const struct identity *identity)
{
	return identity->public_key;
}

struct x509_st *
identity_certificate(const struct identity *identity)
{
	return identity->certificate;
}

struct evp_pkey_st *
identity_key(const struct identity *identity)
{
	return identity->key;
}
