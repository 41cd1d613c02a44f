#include "base/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum { ARENA_BLOCK = 16 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

static void *
present(void *memory)
{
	if (memory == NULL)
		die("There is no memory left.");
	return memory;
}

void *
mem_alloc(size_t size)
{
	return present(malloc(size > 0 ? size : 1));
}

void *
mem_zero(size_t count, size_t size)
{
	return present(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *
mem_resize(void *memory, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		die("There is no memory left.");
	return present(realloc(memory, count * size > 0 ? count * size : 1));
}

void *
mem_copy(const void *from, size_t size)
{
	void *memory = mem_alloc(size);

	if (size > 0)
		memcpy(memory, from, size);
	return memory;
}

char *
mem_text(const char *text)
{
	return text == NULL ? NULL : mem_copy(text, strlen(text) + 1);
}

char *
mem_span(const char *text, size_t size)
{
	char *copy = mem_alloc(size + 1);

	memcpy(copy, text, size);
	copy[size] = '\0';
	return copy;
}

void
arena_init(struct arena *arena)
{
	arena->first = arena->current = NULL;
}

size_t
arena_room(size_t size)
{
	size_t align = alignof(max_align_t);

	return (size + align - 1) / align * align;
}

static void
add_block(struct arena *arena, size_t size)
{
	struct arena_block *block = mem_alloc(sizeof *block + size);

	block->next = NULL;
	block->used = 0;
	block->size = size;
	if (arena->current == NULL)
		arena->first = block;
	else
		arena->current->next = block;
	arena->current = block;
}

void
arena_init_sized(struct arena *arena, size_t size)
{
	arena_init(arena);
	add_block(arena, size);
}

void
arena_free(struct arena *arena)
{
	struct arena_block *next;

	for (struct arena_block *b = arena->first; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	arena_init(arena);
}

void
arena_clear(struct arena *arena)
{
	struct arena_block *next;

	if (arena->first == NULL)
		return;
	for (struct arena_block *b = arena->first->next; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	arena->first->next = NULL;
	arena->first->used = 0;
	arena->current = arena->first;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->current;
	void *at;

	size = arena_room(size);
	if (block == NULL || block->size - block->used < size) {
		add_block(arena, size > ARENA_BLOCK ? size : ARENA_BLOCK);
		block = arena->current;
	}
	at = block->bytes + block->used;
	block->used += size;
	return at;
}

void *
arena_copy(struct arena *arena, const void *from, size_t size)
{
	void *memory = arena_alloc(arena, size);

	if (size > 0)
		memcpy(memory, from, size);
	return memory;
}

char *
arena_text(struct arena *arena, const char *text)
{
	return text == NULL ? NULL
			    : arena_copy(arena, text, strlen(text) + 1);
}
