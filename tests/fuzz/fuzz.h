/*
 * What a fuzz program is: one function that takes any bytes and survives.
 *
 * `make fuzz FUZZ_SECONDS=60` gives each to clang's libFuzzer for so long,
 * beginning with its corpus.
 *
 * In `make check` the function is given its corpus (replay.c).
 */
#ifndef DCHAT_TESTS_FUZZ_H
#define DCHAT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The name is libFuzzer's.  Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
