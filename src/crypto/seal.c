#include "crypto/seal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/die.h"

void
seal_sign(const struct identity *identity, const void *bytes, size_t size,
    uint8_t signature[static SEAL_BYTES])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t length = SEAL_BYTES;

	if (context == NULL ||
	    !EVP_DigestSignInit(context, NULL, NULL, NULL,
		identity_key(identity)) ||
	    !EVP_DigestSign(context, signature, &length, bytes, size) ||
	    length != SEAL_BYTES)
		die("OpenSSL cannot sign with the key of this node.");
	EVP_MD_CTX_free(context);
}

bool
seal_verify(const uint8_t key[static IDENTITY_KEY_BYTES], const void *bytes,
    size_t size, const uint8_t signature[static SEAL_BYTES])
{
	EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519,
	    NULL, key, IDENTITY_KEY_BYTES);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = public_key != NULL && context != NULL &&
	    EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1 &&
	    EVP_DigestVerify(context, signature, SEAL_BYTES, bytes, size) == 1;

	/* what a forgery leaves there would be blamed on the next TLS call */
	if (!good)
		ERR_clear_error();
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(public_key);
	return good;
}

void
seal_hash(const void *bytes, size_t size, struct id *hash)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];

	SHA256(bytes, size, digest);
	memcpy(hash->bytes, digest, ID_BYTES);
}
