/*
 * Fuzzes the signed bodies: any bytes as a bundle, as a record and as an
 * intent.  What is accepted is written again, and what is written is
 * accepted and the same.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/body.h"

static const uint8_t tag[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
must_equal(struct bytes *a, struct bytes *b)
{
	must(a->size == b->size && memcmp(a->data, b->data, a->size) == 0);
	bytes_free(a);
	bytes_free(b);
}

static void
try_bundle(const uint8_t *data, size_t size, struct arena *arena)
{
	struct bundle bundle, again;
	struct bytes once, twice;
	char why[128];

	if (body_decode_bundle(data, size, tag, arena, &bundle, why) !=
	    VERDICT_ACCEPTED)
		return;
	bytes_init(&once);
	bytes_init(&twice);
	must(body_encode_bundle(&bundle, tag, &once));
	must(body_decode_bundle(once.data, once.size, tag, arena, &again,
		 why) == VERDICT_ACCEPTED);
	must(body_encode_bundle(&again, tag, &twice));
	must_equal(&once, &twice);
}

static void
try_record(const uint8_t *data, size_t size, struct arena *arena)
{
	struct record record, again;
	struct bytes once, twice;
	char why[128];

	if (body_decode_record(data, size, tag, arena, &record, why) !=
	    VERDICT_ACCEPTED)
		return;
	bytes_init(&once);
	bytes_init(&twice);
	must(body_encode_record(&record, tag, &once));
	must(body_decode_record(once.data, once.size, tag, arena, &again,
		 why) == VERDICT_ACCEPTED);
	must(body_encode_record(&again, tag, &twice));
	must_equal(&once, &twice);
}

static void
try_intent(const uint8_t *data, size_t size, struct arena *arena)
{
	struct intent intent, again;
	struct bytes once, twice;
	char why[128];

	if (body_decode_intent(data, size, tag, arena, &intent, why) !=
	    VERDICT_ACCEPTED)
		return;
	bytes_init(&once);
	bytes_init(&twice);
	must(body_encode_intent(&intent, tag, &once));
	must(body_decode_intent(once.data, once.size, tag, arena, &again,
		 why) == VERDICT_ACCEPTED);
	must(body_encode_intent(&again, tag, &twice));
	must_equal(&once, &twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;

	arena_init(&arena);
	try_bundle(data, size, &arena);
	try_record(data, size, &arena);
	try_intent(data, size, &arena);
	arena_free(&arena);
	return 0;
}
