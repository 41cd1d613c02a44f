#include "crypto/entropy.h"

#include <openssl/rand.h>

#include "base/die.h"

void
crypto_random(void *bytes, size_t size)
{
	unsigned char *at = bytes;

	while (size > 0) {
		int part = size > 4096 ? 4096 : (int)size;

		if (RAND_bytes(at, part) != 1)
			die("The system gives no random numbers.");
		at += part;
		size -= (size_t)part;
	}
}

uint64_t
crypto_random_number(void)
{
	uint64_t number;

	do
		crypto_random(&number, sizeof number);
	while (number == 0);
	return number;
}
