#include "tui/keymap.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const struct keymap_row keymap_table[] = {
#define X(constant, keys, label, help) { ACTION_##constant, keys, label, help },
	KEYMAP(X)
#undef X
};

const size_t keymap_count = sizeof keymap_table / sizeof keymap_table[0];

static bool
row_has(const struct keymap_row *row, const struct key *key, size_t *which)
{
	const char *name = row->keys;
	size_t place = 0;

	while (*name != '\0') {
		size_t size = strcspn(name, " ");
		unsigned modifiers;
		uint32_t code;
		bool known = key_parse(name, size, &code, &modifiers);

		assert(known);
		if (code == key->code && modifiers == key->modifiers) {
			*which = place;
			return true;
		}
		place++;
		name += size;
		name += strspn(name, " ");
	}
	return false;
}

enum action
keymap_find(const struct key *key, size_t *which)
{
	size_t place, i;

	for (i = 0; i < keymap_count; i++) {
		if (!row_has(&keymap_table[i], key, &place))
			continue;
		if (which)
			*which = place;
		return keymap_table[i].action;
	}
	return ACTION_NONE;
}

void
keymap_label(const struct keymap_row *row, char label[static 64])
{
	const char *from = row->label ? row->label : row->keys;
	size_t at = 0;

	for (; *from != '\0' && at < 62; from++) {
		if (!row->label && *from == ' ')
			label[at++] = ',';
		label[at++] = *from;
	}
	label[at] = '\0';
}
