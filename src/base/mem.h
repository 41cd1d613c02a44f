/*
 * mem: memory that is there or the program ends (die), and arrays that grow.
 */
#ifndef DCHAT_BASE_MEM_H
#define DCHAT_BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);			/* uninitialised */
void *mem_zero(size_t count, size_t size);	/* zeroed; overflow-checked */
void *mem_resize(void *memory, size_t count, size_t size);
void *mem_copy(const void *from, size_t size);
char *mem_text(const char *text);		/* strdup(3); NULL stays NULL */
char *mem_span(const char *text, size_t size);	/* so many bytes of one */

/*
 * Makes room for one more element in an array (items, count, cap), of any
 * element type: MEM_GROW(a->items, a->count, a->cap); a->items[a->count++].
 */
#define MEM_GROW(items, count, cap)                                           \
	((count) < (cap) ? (void)0                                            \
			 : (void)((items) = mem_resize((items),               \
					  (cap) = (cap) ? (cap) * 2 : 8,      \
					  sizeof *(items))))

/* Opens a gap at index / removes the element at index; the count is adapted. */
#define MEM_INSERT(items, count, cap, index)                                  \
	(MEM_GROW(items, count, cap),                                         \
	    memmove(&(items)[(index) + 1], &(items)[index],                   \
		((count) - (index)) * sizeof *(items)),                       \
	    (void)(count)++)
#define MEM_REMOVE(items, count, index)                                       \
	((count)--,                                                           \
	    (void)memmove(&(items)[index], &(items)[(index) + 1],             \
		((count) - (index)) * sizeof *(items)))

/*
 * arena: many small allocations with one end.  Nothing in it is freed or
 * moved before arena_clear(), which keeps the first block for the next use.
 */
struct arena {
	struct arena_block *first, *current;
};

void arena_init(struct arena *arena);
/* The first block holds just so many bytes: a sum of arena_room(). */
void arena_init_sized(struct arena *arena, size_t size);
/* What an allocation of this size takes away. */
size_t arena_room(size_t size);
void arena_free(struct arena *arena);
void arena_clear(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t size);	/* uninitialised */
void *arena_copy(struct arena *arena, const void *from, size_t size);
char *arena_text(struct arena *arena, const char *text); /* NULL stays NULL */

#endif
