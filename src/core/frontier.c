#include "core/frontier.h"

#include <stdlib.h>
#include <string.h>

void
frontier_init(struct frontier *frontier)
{
	*frontier = (struct frontier){ 0 };
}

void
frontier_free(struct frontier *frontier)
{
	free(frontier->heads);
	frontier_init(frontier);
}

static size_t
place(const struct frontier *frontier, const struct stream *stream,
    bool *found)
{
	size_t low = 0, high = frontier->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order =
		    stream_compare(&frontier->heads[middle].stream, stream);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

void
frontier_advance(struct frontier *frontier, const struct bundle *bundle,
    const struct vclock *delivered)
{
	bool found;
	size_t at;

	for (size_t i = 0; i < bundle->dependency_count; i++) {
		const struct dependency *cause = &bundle->dependencies[i];

		at = place(frontier, &cause->stream, &found);
		if (found && frontier->heads[at].seq <= cause->seq)
			MEM_REMOVE(frontier->heads, frontier->count, at);
	}
	/* One that fills a hole has others of its stream behind it. */
	if (bundle->seq != vclock_top(delivered, &bundle->stream))
		return;
	at = place(frontier, &bundle->stream, &found);
	if (!found)
		MEM_INSERT(frontier->heads, frontier->count, frontier->cap,
		    at);
	frontier->heads[at] =
	    (struct dependency){ bundle->stream, bundle->seq };
}

void
frontier_restore(struct frontier *frontier, const struct dependency *heads,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		MEM_GROW(frontier->heads, frontier->count, frontier->cap);
		frontier->heads[frontier->count++] = heads[i];
	}
}

size_t
frontier_causes(const struct frontier *frontier, const struct stream *own,
    struct dependency out[static LIMIT_DEPENDENCIES])
{
	size_t count = 0;

	for (size_t i = 0; i < frontier->count; i++) {
		if (stream_compare(&frontier->heads[i].stream, own) == 0)
			continue;
		if (count < LIMIT_DEPENDENCIES)
			out[count] = frontier->heads[i];
		count++;
	}
	return count;
}
