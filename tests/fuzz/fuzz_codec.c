/*
 * Fuzzes the codec: any bytes as a frame.  What is accepted is written
 * again, and what is written is accepted and the same.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/codec.h"

static const uint8_t tag[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
write_and_read(const struct frame *frame, struct bytes *out)
{
	struct arena arena;
	struct frame again;
	struct bytes twice;
	char why[128];

	must(codec_encode(frame, true, out));
	arena_init(&arena);
	bytes_init(&twice);
	must(codec_decode(tag, out->data, out->size, &arena, &again, why) ==
	    VERDICT_ACCEPTED);
	must(codec_encode(&again, true, &twice));
	must(twice.size == out->size &&
	    memcmp(twice.data, out->data, out->size) == 0);
	bytes_free(&twice);
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct frame frame;
	struct bytes out;
	char why[128];

	arena_init(&arena);
	bytes_init(&out);
	/* a frame at the bound without a key may be beyond it with one */
	if (codec_decode(tag, data, size, &arena, &frame, why) ==
		VERDICT_ACCEPTED &&
	    size < LIMIT_FRAME - 64)
		write_and_read(&frame, &out);
	bytes_free(&out);
	arena_free(&arena);
	return 0;
}
