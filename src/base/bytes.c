#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
bytes_init(struct bytes *bytes)
{
	*bytes = (struct bytes){ 0 };
}

void
bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	bytes_init(bytes);
}

void
bytes_clear(struct bytes *bytes)
{
	bytes->size = 0;
}

uint8_t *
bytes_reserve(struct bytes *bytes, size_t size)
{
	/* Room for nothing is somewhere, too. */
	if (bytes->data == NULL || bytes->cap - bytes->size < size) {
		size_t cap = bytes->cap * 2;

		if (cap < bytes->size + size)
			cap = bytes->size + size;
		if (cap == 0)
			cap = 1;
		bytes->data = mem_resize(bytes->data, cap, 1);
		bytes->cap = cap;
	}
	return bytes->data + bytes->size;
}

void
bytes_append(struct bytes *bytes, const void *data, size_t size)
{
	if (size == 0)
		return;
	memcpy(bytes_reserve(bytes, size), data, size);
	bytes->size += size;
}

void
bytes_append_text(struct bytes *bytes, const char *text)
{
	bytes_append(bytes, text, strlen(text));
}

void
bytes_put_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

uint32_t
bytes_get_u32(const uint8_t *at)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | at[i];
	return value;
}

void
bytes_put_u64(uint8_t *at, uint64_t value)
{
	bytes_put_u32(at, (uint32_t)(value >> 32));
	bytes_put_u32(at + 4, (uint32_t)value);
}

uint64_t
bytes_get_u64(const uint8_t *at)
{
	return (uint64_t)bytes_get_u32(at) << 32 | bytes_get_u32(at + 4);
}
