/*
 * bytes: a buffer that grows, for building frames and texts.
 */
#ifndef DCHAT_BASE_BYTES_H
#define DCHAT_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *data;
	size_t size, cap;
};

void bytes_init(struct bytes *bytes);
void bytes_free(struct bytes *bytes);
void bytes_clear(struct bytes *bytes);		/* keeps the memory */
void bytes_append(struct bytes *bytes, const void *data, size_t size);
void bytes_append_text(struct bytes *bytes, const char *text);
/* Makes room for size more and returns where they go; add to size yourself. */
uint8_t *bytes_reserve(struct bytes *bytes, size_t size);

void bytes_put_u32(uint8_t *at, uint32_t value);	/* big-endian */
uint32_t bytes_get_u32(const uint8_t *at);
void bytes_put_u64(uint8_t *at, uint64_t value);
uint64_t bytes_get_u64(const uint8_t *at);

#endif
