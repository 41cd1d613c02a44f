/*
 * What a fuzz program is: one function that takes any bytes and survives.
 *
 * With libFuzzer, for instance:
 *
 *   clang -std=gnu11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined \
 *       -Isrc -I. tests/fuzz/fuzz_codec.c src/wire/[a-z]*.c src/base/[a-z]*.c \
 *       src/core/frame.c src/core/hlc.c -ljansson -o fuzz_codec
 *   ./fuzz_codec tests/fuzz/corpus/codec
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
