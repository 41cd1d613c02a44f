#include "tui/lookup.h"

#include <stdio.h>
#include <string.h>

#include "tui/text.h"

void
lookup_start(struct lookup *lookup)
{
	lookup->on = true;
	lookup->failed = lookup->found = false;
	lookup->text[0] = '\0';
}

void
lookup_stop(struct lookup *lookup)
{
	if (lookup->text[0] != '\0')
		memcpy(lookup->last, lookup->text, sizeof lookup->last);
	lookup->on = false;
}

static void
find(struct lookup *lookup, const struct recall *recall, size_t from,
    bool older)
{
	size_t at = from, offset = 0;

	lookup->failed =
	    !recall_find(recall, lookup->text, older, &at, &offset);
	if (lookup->failed)
		return;
	lookup->found = true;
	lookup->at = at;
	lookup->offset = offset;
}

static void
find_newest(struct lookup *lookup, const struct recall *recall)
{
	lookup->found = lookup->failed = false;
	if (lookup->text[0] != '\0')
		find(lookup, recall, recall_count(recall) - 1, true);
}

void
lookup_add(struct lookup *lookup, const struct recall *recall,
    const char *bytes, size_t size)
{
	size_t length = strlen(lookup->text);

	if (length + size >= sizeof lookup->text)
		return;
	memcpy(lookup->text + length, bytes, size);
	lookup->text[length + size] = '\0';
	find(lookup, recall,
	    lookup->found ? lookup->at : recall_count(recall) - 1, true);
}

bool
lookup_rub(struct lookup *lookup, const struct recall *recall)
{
	size_t length = strlen(lookup->text);

	if (length == 0)
		return false;
	lookup->text[text_previous(lookup->text, length, length)] = '\0';
	find_newest(lookup, recall);
	return true;
}

void
lookup_step(struct lookup *lookup, const struct recall *recall, bool older)
{
	if (lookup->text[0] == '\0') {
		memcpy(lookup->text, lookup->last, sizeof lookup->text);
		find_newest(lookup, recall);
	} else if (lookup->found) {
		find(lookup, recall, older ? lookup->at - 1 : lookup->at + 1,
		    older);
	}
}

void
lookup_prompt(const struct lookup *lookup, char prompt[static 192])
{
	snprintf(prompt, 192,
	    "(%s) '%s': ", lookup->failed ? "no such line" : "search",
	    lookup->text);
}
