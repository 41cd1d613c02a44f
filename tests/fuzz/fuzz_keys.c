/*
 * Fuzzes what a terminal sends.  However the bytes are cut into pieces, the
 * same keys come, all of them end, and a paste is valid UTF-8.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tui/keys.h"

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static void
take_keys(struct keys *keys, struct bytes *out)
{
	struct key key;

	while (keys_next(keys, &key)) {
		must(key.size <= KEYS_BYTES);
		must(key.code <= KEYS_READY && key.code != KEYS_BACKGROUND);
		bytes_append(out, &key.code, sizeof key.code);
		bytes_append(out, &key.modifiers, sizeof key.modifiers);
		bytes_append(out, key.bytes, key.size);
		if (key.code == KEYS_MOUSE) {
			must(key.mouse.row >= 0 && key.mouse.column >= 0);
			bytes_append(out, &key.mouse.row,
			    sizeof key.mouse.row);
			bytes_append(out, &key.mouse.column,
			    sizeof key.mouse.column);
		}
		if (key.code != KEYS_PASTE)
			continue;
		must(key.paste_size <= KEYS_PASTE_MAX);
		must(key.paste[key.paste_size] == '\0');
		must(utf8_valid(key.paste, key.paste_size));
		bytes_append(out, key.paste, key.paste_size);
	}
}

static void
read_pieces(const uint8_t *data, size_t size, size_t piece, struct bytes *out)
{
	struct keys keys;

	keys_init(&keys);
	for (size_t at = 0; at < size; at += piece) {
		keys_feed(&keys, data + at,
		    size - at < piece ? size - at : piece);
		take_keys(&keys, out);
	}
	keys_flush(&keys);
	take_keys(&keys, out);
	must(!keys_waiting(&keys));
	keys_free(&keys);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes whole, pieces;

	bytes_init(&whole);
	bytes_init(&pieces);
	if (size > 0) {
		read_pieces(data, size, size, &whole);
		read_pieces(data, size, 1 + data[0] % 7, &pieces);
		must(whole.size == pieces.size);
		must(whole.size == 0 ||
		    memcmp(whole.data, pieces.data, whole.size) == 0);
	}
	bytes_free(&whole);
	bytes_free(&pieces);
	return 0;
}
