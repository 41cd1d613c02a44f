/*
 * Fuzzes the notes of an earlier run: whom and what the person hears, and
 * what they wrote.  What is read is written again, and that is read as the
 * same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "tests/fuzz/fuzz.h"
#include "tui/attention.h"
#include "tui/recall.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
must_equal(const struct bytes *one, const struct bytes *other)
{
	must(one->size == other->size &&
	    (one->size == 0 || memcmp(one->data, other->data, one->size) == 0));
}

static void
write_attention(const char *text, enum attention_kind kind, struct bytes *out)
{
	struct attention attention = { .ignored_count = 0 };

	attention_read(&attention, kind, text);
	attention_write(&attention, kind, out);
	attention_free(&attention);
}

static void
write_recall(const char *text, struct bytes *out)
{
	struct recall *recall = recall_new();

	recall_read(recall, text);
	must(recall_count(recall) <= RECALL_LINES);
	recall_write(recall, LIMIT_NOTE - 1, out);
	must(out->size < LIMIT_NOTE);
	recall_destroy(recall);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size > LIMIT_NOTE)
		return 0;
	text = mem_span(size > 0 ? (const char *)data : "", size);
	for (int kind = 0; kind <= ATTENTION_KINDS; kind++) {
		struct bytes once, twice;

		bytes_init(&once);
		bytes_init(&twice);
		if (kind < ATTENTION_KINDS)
			write_attention(text, (enum attention_kind)kind, &once);
		else
			write_recall(text, &once);
		bytes_append(&once, "", 1);
		if (kind < ATTENTION_KINDS)
			write_attention((const char *)once.data,
			    (enum attention_kind)kind, &twice);
		else
			write_recall((const char *)once.data, &twice);
		bytes_append(&twice, "", 1);
		must_equal(&once, &twice);
		bytes_free(&once);
		bytes_free(&twice);
	}
	free(text);
	return 0;
}
