#include "tui/keep.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
keep_free(struct keep *keep)
{
	size_t i;

	for (i = 0; i < keep->count; i++) {
		free(keep->items[i].name);
		free(keep->items[i].text);
	}
	free(keep->items);
	*keep = (struct keep){ 0 };
}

static struct keep_note *
find(const struct keep *keep, const char *name)
{
	size_t i;

	for (i = 0; i < keep->count; i++)
		if (strcmp(keep->items[i].name, name) == 0)
			return &keep->items[i];
	return NULL;
}

static struct keep_note *
find_or_add(struct keep *keep, const char *name)
{
	struct keep_note *note = find(keep, name);

	if (note)
		return note;
	MEM_GROW(keep->items, keep->count, keep->cap);
	note = &keep->items[keep->count++];
	*note = (struct keep_note){ .name = mem_text(name),
		.text = mem_text("") };
	return note;
}

static void
replace(struct keep_note *note, const char *text)
{
	char *copy = mem_text(text);

	free(note->text);
	note->text = copy;
}

void
keep_load(struct keep *keep, const char *name, const char *text)
{
	replace(find_or_add(keep, name), text);
}

void
keep_put(struct keep *keep, const char *name, const char *text)
{
	struct keep_note *note = find(keep, name);

	if (strcmp(note ? note->text : "", text) == 0)
		return;
	note = find_or_add(keep, name);
	replace(note, text);
	note->changed = true;
}

const char *
keep_get(const struct keep *keep, const char *name)
{
	const struct keep_note *note = find(keep, name);

	return note ? note->text : "";
}

bool
keep_next(struct keep *keep, const char **name, const char **text)
{
	size_t i;

	for (i = 0; i < keep->count; i++) {
		struct keep_note *note = &keep->items[i];

		if (!note->changed)
			continue;
		note->changed = false;
		*name = note->name;
		*text = note->text;
		return true;
	}
	return false;
}
