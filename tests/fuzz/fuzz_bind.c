/*
 * Fuzzes keys of a person's own: lines of a key and what it shall do.  What
 * is kept of a line is kept of that, too; the key is found and does it, and
 * no row of the table loses its label.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/fuzz/fuzz.h"
#include "tui/keymap.h"

enum { MOST = 32 };

static void
must(bool true_thing)
{
	if (!true_thing)
		abort();
}

static char *
take_line(const char *text)
{
	char problem[256] = "";
	char *line = keymap_line(text, problem), *again;

	must((line == NULL) == (problem[0] != '\0'));
	if (line == NULL)
		return NULL;
	again = keymap_line(line, problem);
	must(again != NULL && strcmp(again, line) == 0);
	free(again);
	return line;
}

/* The first word is a key, and its name means the same. */
static void
press(const struct keymap *keymap, const char *line)
{
	struct key key = { .size = 0 };
	uint32_t code;
	unsigned modifiers;
	size_t which;
	char name[KEY_TEXT], label[KEYMAP_LABEL];
	enum action action;

	must(key_parse(line, strcspn(line, " "), &key.code, &key.modifiers));
	key_format(key.code, key.modifiers, name);
	must(key_parse(name, strlen(name), &code, &modifiers));
	must(code == key.code && modifiers == key.modifiers);
	action = keymap_find(keymap, &key, &which);
	must((action == ACTION_LINE) == (keymap_command(keymap, &key) != NULL));
	if (keymap_row(action) == NULL)
		return;
	keymap_label(keymap, keymap_row(action), label);
	must(label[0] != '\0' && strlen(label) < KEYMAP_LABEL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_span(size > 0 ? (const char *)data : "", size);
	struct keymap keymap = { .count = 0 };
	char *lines[MOST], *rest = NULL;
	size_t count = 0;

	for (char *line = strtok_r(text, "\n", &rest);
	     line != NULL && count < MOST; line = strtok_r(NULL, "\n", &rest)) {
		lines[count] = take_line(line);
		count += lines[count] != NULL;
	}
	keymap_take(&keymap, lines, count);
	for (size_t i = 0; i < count; i++)
		press(&keymap, lines[i]);
	while (count > 0)
		free(lines[--count]);
	keymap_free(&keymap);
	free(text);
	return 0;
}
