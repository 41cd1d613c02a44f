/*
 * hostile: a member whose frames are not what its core made.
 *
 * What it sends is changed on its way: a digit of a number, a character of
 * an id or a hash, a word that is another word, the whole frame once more
 * or to somebody it was not meant for.  Most of it still parses, so that it
 * is the cores that have to bear it; what does not is what fuzzing is for.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/world.h"
#include "wire/codec.h"

enum { CHANGES = 3 }; /* of one frame, at most */

/* Of the header alone: a body that is changed is refused by its seal. */
static size_t
header_size(const struct bytes *bytes)
{
	const uint8_t *end = memchr(bytes->data, '\n', bytes->size);

	return end == NULL ? bytes->size : (size_t)(end - bytes->data);
}

/* Numbers grow to the end of 64 bits now and then. */
static void
change_number(struct sim *sim, struct bytes *bytes, size_t at)
{
	static const char *const extremes[] = { "0", "1",
		"4611686018427387903", "9223372036854775807" };
	const char *number =
	    extremes[rng_below(&sim->rng,
		sizeof extremes / sizeof extremes[0])];
	size_t end = at, size = bytes->size;
	struct bytes changed;

	while (at > 0 && isdigit(bytes->data[at - 1]))
		at--;
	while (end < size && isdigit(bytes->data[end]))
		end++;
	bytes_init(&changed);
	bytes_append(&changed, bytes->data, at);
	bytes_append_text(&changed, number);
	bytes_append(&changed, bytes->data + end, size - end);
	bytes_free(bytes);
	*bytes = changed;
}

static void
change(struct sim *sim, struct bytes *bytes)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	size_t at = (size_t)rng_below(&sim->rng, header_size(bytes));
	uint8_t *byte = &bytes->data[at];

	if (isdigit(*byte) && rng_below(&sim->rng, 2) == 0)
		change_number(sim, bytes, at);
	else if (isdigit(*byte))
		*byte = (uint8_t)('0' + rng_below(&sim->rng, 10));
	else if (islower(*byte) && rng_below(&sim->rng, 4) == 0)
		*byte = (uint8_t)letters[rng_below(&sim->rng, 32)];
}

struct parcel *
hostile_pack(struct sim *sim, const struct frame *frame)
{
	char why[128];
	struct parcel *parcel;
	struct bytes bytes;

	bytes_init(&bytes);
	if (!codec_encode(frame, true, &bytes)) {
		bytes_free(&bytes);
		return NULL;
	}
	for (uint64_t left = 1 + rng_below(&sim->rng, CHANGES); left > 0;
	     left--)
		change(sim, &bytes);
	parcel = parcel_of_bytes(bytes.data, bytes.size, why);
	bytes_free(&bytes);
	return parcel;
}
