#include "host/notes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "host/host.h"

static size_t
place(const struct notes *notes, const char *name, bool *found)
{
	size_t low = 0, high = notes->count;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(notes->items[middle].name, name);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
free_note(struct dchat_note *note)
{
	free((char *)note->name);
	free((char *)note->text);
}

static enum error
judge(const char *name, const char *text)
{
	size_t name_size = name == NULL ? 0 : strlen(name);
	size_t text_size = strlen(text);

	if (name_size == 0 || name_size > LIMIT_NOTE_NAME)
		return ERROR_BAD_ARGUMENT;
	if (text_size > LIMIT_NOTE)
		return ERROR_TOO_LONG;
	if (!utf8_valid(name, name_size) || !utf8_valid(text, text_size))
		return ERROR_BAD_TEXT;
	return ERROR_NONE;
}

enum error
notes_set(struct notes *notes, const char *name, const char *text)
{
	enum error error = judge(name, text);
	bool found;
	size_t at;

	if (error != ERROR_NONE)
		return error;
	at = place(notes, name, &found);
	if (text[0] == '\0') {
		if (found) {
			free_note(&notes->items[at]);
			MEM_REMOVE(notes->items, notes->count, at);
		}
		return ERROR_NONE;
	}
	if (!found && notes->count >= LIMIT_NOTES)
		return ERROR_TOO_MANY;
	if (found)
		free_note(&notes->items[at]);
	else
		MEM_INSERT(notes->items, notes->count, notes->cap, at);
	notes->items[at] =
	    (struct dchat_note){ mem_text(name), mem_text(text) };
	return ERROR_NONE;
}

static char *
take_text(const void *bytes, size_t size)
{
	char *text = mem_alloc(size + 1);

	if (size > 0)
		memcpy(text, bytes, size);
	text[size] = '\0';
	return text;
}

void
notes_load(struct notes *notes, const struct store_past *past)
{
	for (size_t i = 0; i < past->fact_count; i++) {
		const struct store_fact *fact = &past->facts[i];
		char *name, *text;

		if (fact->kind != FACT_NOTE)
			continue;
		name = take_text(fact->key, fact->key_size);
		text = take_text(fact->value, fact->value_size);
		notes_set(notes, name, text);
		free(name);
		free(text);
	}
}

void
notes_free(struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free_note(&notes->items[i]);
	free(notes->items);
	*notes = (struct notes){ 0 };
}

/* -- commands ---------------------------------------------------------- */

void
notes_remember(struct dchat *dchat, const struct dchat_command *command)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };
	enum error error =
	    notes_set(&dchat->notes, command->name, command->text);
	struct store_fact fact = { .kind = FACT_NOTE };

	if (error != ERROR_NONE) {
		events_error(dchat, DCHAT_REMEMBER, command->token, error,
		    NULL);
		return;
	}
	fact.key = command->name;
	fact.key_size = strlen(command->name);
	fact.value = command->text;
	fact.value_size = strlen(command->text);
	store_keep(dchat->store, &fact, 1, 0);
	event.ok.verb = DCHAT_REMEMBER;
	event.ok.token = command->token;
	events_notify(dchat, &event);
}

void
notes_recall(struct dchat *dchat, const struct dchat_command *command)
{
	struct dchat_event event = { .type = DCHAT_EVENT_OK };

	event.ok.verb = DCHAT_RECALL;
	event.ok.token = command->token;
	event.ok.notes = dchat->notes.items;
	event.ok.count = dchat->notes.count;
	events_notify(dchat, &event);
}
