/*
 * entropy: numbers nobody can guess, from the kernel.
 */
#ifndef DCHAT_CRYPTO_ENTROPY_H
#define DCHAT_CRYPTO_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

/* Fills the bytes; a machine without randomness is the end (die). */
void crypto_random(void *bytes, size_t size);

/* One number, never 0: for nonces, where 0 means "none". */
uint64_t crypto_random_number(void);

#endif
